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

#[cfg(test)]
mod tests {
    use super::word_starts;

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
