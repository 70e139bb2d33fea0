//! Text of the user's files and their names, made harmless for a terminal.

use std::borrow::Cow;

/// `text` with a picture in the place of each character that a terminal would obey: of control characters, the
/// end of a line among them, and of those that turn the direction of what follows.
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_obeyed) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|it| if is_obeyed(it) { picture(it) } else { it })
            .collect(),
    )
}

/// As [`shown`], line by line; a tab and a carriage return before the end of a line stay.
pub fn shown_lines(text: &str) -> String {
    let line = |line: &str| {
        let code = line.trim_end_matches(['\r', '\n']);
        let parts: Vec<Cow<str>> = code.split('\t').map(shown).collect();
        parts.join("\t") + &line[code.len()..]
    };
    text.split_inclusive('\n').map(line).collect()
}

/// Whether a terminal, or a page, would obey the character in place of showing it.
pub fn is_obeyed(it: char) -> bool {
    it.is_control()
        || matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// That of Unicode's control pictures, where there is one.
fn picture(it: char) -> char {
    match it {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + it as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        _ => '\u{fffd}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_that_a_terminal_obeys() {
        assert_eq!(
            shown("a\x1b[31m\nb\u{202e}c\u{9b}"),
            "a\u{241b}[31m\u{240a}b\u{fffd}c\u{fffd}"
        );
        assert_eq!(
            shown_lines("a\tb\r\nc\rd\x07\n"),
            "a\tb\r\nc\u{240d}d\u{2407}\n"
        );
        assert_eq!(shown("caf\u{e9}"), "caf\u{e9}");
    }
}
