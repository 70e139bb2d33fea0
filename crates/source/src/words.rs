//! Words in a text that nobody has parsed.

use memchr::memmem;

/// Where `word` starts in the text with these bytes, as a word of its own: in code, strings and comments
/// alike, and nowhere within a longer identifier.
pub fn word_starts<'t>(bytes: &'t [u8], word: &'t str) -> impl Iterator<Item = usize> + 't {
    // A byte beyond ASCII may belong to a letter.
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
    memmem::find_iter(bytes, word.as_bytes()).filter(move |start| {
        let (before, rest) = bytes.split_at(*start);
        let begins = match before {
            // The line ends of a notebook's cells are written as escapes.
            [] | [.., b'\\', _] => true,
            [.., byte] => !is_part(byte),
        };
        begins && !rest[word.len()..].first().is_some_and(is_part)
    })
}

/// How far back the start of a line is looked for, from each word that is in it.
const LONGEST_COMMENT: usize = 1 << 10;

/// Whether `word`, in the text with these bytes, may be called somewhere, handed on, or get another name: what
/// follows it tells of most places that it is not, and so does a line that is a comment. No more than that is
/// asked, so that none is missed: blanks and brackets that close may stand between, and a line may go on.
pub fn may_be_called(bytes: &[u8], word: &str) -> bool {
    word_starts(bytes, word).any(|start| {
        if is_in_comment(&bytes[..start]) {
            return false;
        }
        let rest = &bytes[start + word.len()..];
        let is_between = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\x0c' | b')');
        let between = rest.iter().take_while(|byte| is_between(byte)).count();
        match &rest[between..] {
            // `from asyncio import gather as run_all`.
            [b'a', b's', after, ..] => !after.is_ascii_alphanumeric(),
            // Prose: a string may end here, but what comes after it is no letter that begins no string.
            [b'\'', b's', after, ..] => after.is_ascii_alphanumeric(),
            // Prose, or an operator that is a word; an annotation, a subscript, a key, an attribute of it.
            [byte, ..] => {
                let is_other = matches!(
                    byte,
                    b'[' | b']' | b'}' | b':' | b'.' | b'|' | b'-' | b'/' | b'`'
                );
                !is_other && !byte.is_ascii_alphanumeric()
            }
            [] => true,
        }
    })
}

/// Whether the line that `before` ends with, up to there, is a comment. So may a line look that is part of a string;
/// only where an expression stands in that, in braces, does it matter. Of a line that is longer than any comment
/// is, it does not tell.
fn is_in_comment(before: &[u8]) -> bool {
    let near = &before[before.len().saturating_sub(LONGEST_COMMENT)..];
    let start = match memchr::memrchr2(b'\n', b'\r', near) {
        Some(end) => end + 1,
        None if near.len() < before.len() => return false,
        None => 0,
    };
    let line = near[start..].trim_ascii_start();
    line.starts_with(b"#") && memchr::memchr(b'{', line).is_none()
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_COMMENT, may_be_called, word_starts};

    #[test]
    fn calls_and_what_may_lead_to_one_are_not_missed() {
        for text in [
            "call()",
            "call (x)",
            "(aio.call)(x)",
            "( aio.call ) (x)",
            "call \\\n(x)",
            "(call # why\n(x))",
            "(call\n(x))",
            "f = aio.call",
            "f = aio.call; f()",
            "f = g = aio.call  # other",
            "from aio import call as f",
            "from aio import (call as f)",
            "from aio import (other, call \\\n as f)",
            "partial(aio.call, 1)",
            "patch('aio.call')",
            "patch(\"aio.call\")",
            "aio.call = fake",
            "f = aio.call,",
            "{\"source\": \"f = aio.call\\nf()\"}",
            "words of call here; call()",
            "f: T = aio.call\r\nf()",
            "# a comment\rcall()",
            "#{call()}",
            "'call'f''",
            "x = 'call's",
            "f() # call; call()",
        ] {
            assert!(may_be_called(text.as_bytes(), "call"), "{text}");
        }
        for text in [
            "recall()",
            "# a call for help",
            "#: call(x)",
            "x()\r\n\t# f = call\n",
            "a call's end",
            "x: call[int]",
            "x: list[call]",
            "x: call | None",
            "`call`",
            "call.name",
            "isinstance(x, call) and y",
            "def f(x: call): pass",
        ] {
            assert!(!may_be_called(text.as_bytes(), "call"), "{text}");
        }
    }

    #[test]
    fn a_line_without_end_is_no_comment() {
        let line = format!("# {}call\n", "x ".repeat(LONGEST_COMMENT));
        assert!(may_be_called(line.as_bytes(), "call"));
        assert!(!may_be_called(&line.as_bytes()[..LONGEST_COMMENT], "call"));
    }

    #[test]
    fn words_are_found_as_they_stand() {
        let cases = [
            ("call()", true),
            ("x = call", true),
            ("aio.call()", true),
            ("{\"source\": \"a = 1\\ncall()\"}", true),
            ("recall()", false),
            ("call_dep()", false),
            ("écall()", false),
            ("call2 = my_call()", false),
        ];
        for (text, expected) in cases {
            let found = word_starts(text.as_bytes(), "call").next().is_some();
            assert_eq!(found, expected, "{text}");
        }
    }
}
