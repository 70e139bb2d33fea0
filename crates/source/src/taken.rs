//! Functions of asyncio that a file takes from other modules, which imported them for themselves.

use memchr::memmem;

use crate::words::word_starts;

/// The functions that fixes may leave without a use in a module.
const FUNCTIONS: [&str; 2] = ["gather", "wait_for"];

/// How far above a name the `import` of its statement is looked for, in bytes.
const LONGEST_IMPORT: usize = 1 << 12;

/// The names by which a file with these `bytes` takes asyncio's functions from modules that are not asyncio, each with
/// the last part of the module's: `compat.gather` for `from .compat import gather`, for `app.compat.gather` and for
/// a string with that; `.gather` for `from . import gather`. Cheap: what merely looks like one may be among them.
pub fn functions_taken(bytes: &[u8]) -> Vec<String> {
    let mut taken = Vec::new();
    for function in FUNCTIONS {
        for start in word_starts(bytes, function) {
            let before = &bytes[..start];
            let module = match before {
                [owner @ .., b'.'] => Some(last_word(owner)),
                _ => imported_from(before),
            };
            if let Some(module) = module.filter(|it| *it != b"asyncio") {
                let name = format!("{}.{function}", String::from_utf8_lossy(module));
                if !taken.contains(&name) {
                    taken.push(name);
                }
            }
        }
    }
    taken
}

/// The last part of the module whose names are imported by the statement in which `before` ends, if it is one; empty
/// for a package that is only given by dots.
fn imported_from(before: &[u8]) -> Option<&[u8]> {
    let window = &before[before.len().saturating_sub(LONGEST_IMPORT)..];
    let import = memmem::rfind(window, b"import")?;
    let names = &window[import + b"import".len()..];
    let goes_on = if let [b'(', names @ ..] = names.trim_ascii_start() {
        !names.contains(&b')')
    } else {
        let mut lines = names.split(|byte| *byte == b'\n').rev().skip(1);
        lines.all(|line| line.trim_ascii_end().ends_with(b"\\"))
    };
    let module = window[..import].trim_ascii_end();
    let is_part = |byte: &&u8| is_word(**byte) || **byte == b'.';
    let from = without_last(module, is_part);
    // Blanks may stand between dots and a name.
    let from = without_last(from, |byte| byte.is_ascii_whitespace() || **byte == b'.');
    (goes_on && from.ends_with(b"from")).then(|| last_word(module))
}

fn last_word(bytes: &[u8]) -> &[u8] {
    &bytes[without_last(bytes, |byte| is_word(**byte)).len()..]
}

/// `bytes` up to the last that is not one of those.
fn without_last(bytes: &[u8], is_one: impl Fn(&&u8) -> bool) -> &[u8] {
    &bytes[..bytes.len() - bytes.iter().rev().take_while(is_one).count()]
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::functions_taken;

    #[test]
    fn imports_attributes_and_strings_are_found() {
        for (text, taken) in [
            ("from app.compat import wait_for\n", "compat.wait_for"),
            (
                "from .compat import (\n    a,  # and b\n    gather,\n)\n",
                "compat.gather",
            ),
            ("from .compat import a, \\\n    gather\n", "compat.gather"),
            ("from . import gather\n", ".gather"),
            ("from .. compat import gather\n", "compat.gather"),
            ("mock.patch('app.compat.gather')\n", "compat.gather"),
            ("compat.wait_for(it, 1)\n", "compat.wait_for"),
        ] {
            assert_eq!(functions_taken(text.as_bytes()), [taken], "{text}");
        }
    }

    #[test]
    fn asyncios_own_and_other_names_are_left() {
        for text in [
            "from asyncio import gather, wait_for\n",
            "from asyncio.tasks import x\n\nawait asyncio.wait_for(it, 1)\n",
            "from compat import x\n\nawait gather(it)\n",
            "from compat import (x)\ngather = 1\n",
            "from compat import gather_all, await_gather\n",
            "import gather\n",
        ] {
            assert!(functions_taken(text.as_bytes()).is_empty(), "{text}");
        }
    }
}
