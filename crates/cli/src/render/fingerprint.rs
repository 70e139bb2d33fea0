//! What tells one site from all others of its file, also after it has moved.

use std::collections::HashMap;
use std::fmt::Write as _;

use asyncmend_pipeline::Decided;
use sha2::{Digest, Sha256};

use super::Page;

/// How many bytes of a hash are enough: nobody is out to make two sites look the same.
const BYTES: usize = 16;

/// A fingerprint for each of `findings`, made of the transform, of the site's text without its layout and of how
/// many such sites come before; of `path` too, where all files of a report share one list.
pub(super) fn all(page: &Page, findings: &[Decided], path: Option<&str>) -> Vec<String> {
    let mut seen: HashMap<(&str, String), usize> = HashMap::new();
    let mut fingerprint = |finding: &Decided| {
        let text = essence(&page.code.text()[finding.at]);
        let id = finding.transform.id;
        let before = seen.entry((id, text.clone())).or_default();
        let hash = Sha256::digest(format!("{}\0{id}\0{text}\0{before}", path.unwrap_or("")));
        *before += 1;
        hexadecimal(&hash[..BYTES])
    };
    findings.iter().map(&mut fingerprint).collect()
}

/// `text` without what a formatter puts in or out: blanks, ends of lines, comments, a comma before a closing bracket,
/// and which quotes there are. Two texts of one essence are told apart by their number alone.
fn essence(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let mut length = first.len_utf8();
        match first {
            '#' => length = rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => {
                length = literal(rest, first);
                let words = rest[..length].trim_matches(first).split_whitespace();
                out.push('"');
                out.extend(words);
                out.push('"');
            }
            // It goes on in the next line.
            '\\' => {}
            ')' | ']' | '}' => {
                if out.ends_with(',') {
                    out.pop();
                }
                out.push(first);
            }
            _ if first.is_whitespace() => {}
            _ => out.push(first),
        }
        rest = &rest[length..];
    }
    out
}

/// How long the string is that `text` begins with.
fn literal(text: &str, quote: char) -> usize {
    let three = quote.to_string().repeat(3);
    let end = if text.starts_with(&three) {
        three.as_str()
    } else {
        &three[..1]
    };
    let mut at = end.len();
    while let Some(next) = text[at..].chars().next() {
        if text[at..].starts_with(end) {
            return at + end.len();
        }
        at += next.len_utf8();
        if next == '\\' {
            at += text[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    text.len()
}

/// A fingerprint of what is wrong with the file at `path`.
pub(super) fn of_trouble(path: &str, text: &str) -> String {
    let hash = Sha256::digest(format!("{path}\0\0{text}"));
    hexadecimal(&hash[..BYTES])
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formatters_leave_the_essence() {
        let before = r"asyncio.gather(f('a # \'b', x [1]), g())";
        for after in [
            "asyncio.gather(\n    f('a # \\'b', x[1]),  # first, )\n    g(),\n)",
            "asyncio.gather(f('a # \\'b', \\\n x[1,],), g())",
            r"asyncio.gather(f('''a # \'b''', x[1]), g())",
        ] {
            assert_eq!(essence(after), essence(before), "{after}");
        }
        assert_eq!(essence("f('a')"), essence("f(\"a\")"));
        for other in [
            r"asyncio.gather(f('a , \'b', x[1]), g())",
            r"asyncio.gather(f('a # \'b', x[1]), h())",
        ] {
            assert_ne!(essence(other), essence(before));
        }
        // What has no end is no trouble.
        assert_eq!(essence("f('\u{e9}\\"), "f(\"\u{e9}\\\"");
    }
}
