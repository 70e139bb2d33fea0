//! How deep a text may nest, told from its bytes: the parser takes some two kilobytes for each level, so that
//! sixteen megabytes of brackets would take all memory there is.

use memchr::{memchr_iter, memmem};
use ruff_text_size::{TextLen, TextRange, TextSize};

/// More than this is not parsed: ten times what is looked at.
const MOST_LEVELS: usize = 10 * crate::MAX_NESTING;

/// `not`, with the blank that has to follow it.
const SHORTEST_WORD: usize = 4;

/// Where `text` has so many brackets open, or so many operators before their operands, that the parser is not
/// given it. Brackets in strings and comments count too, so that a hundred thousand that nothing closes are too
/// many wherever they stand; people write none such.
pub(crate) fn too_many_levels(text: &str) -> Option<TextRange> {
    let bytes = text.as_bytes();
    if are_few(bytes) {
        return None;
    }
    let mut levels = Levels::default();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let length = match byte {
            byte if byte.is_ascii_alphabetic() => {
                let is_of_word = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
                let length = bytes[at..].iter().take_while(is_of_word).count();
                let (word, rest) = bytes[at..].split_at(length);
                levels.take_word(word, rest.trim_ascii_start().starts_with(b":"));
                length
            }
            byte => {
                levels.take(byte);
                1
            }
        };
        at += length;
        if levels.are_too_many() {
            let end = TextSize::try_from(at).unwrap_or(text.text_len());
            return Some(TextRange::empty(end));
        }
    }
    None
}

/// Whether a text has not enough of what makes levels for too many: nearly all have not, and counting bytes is
/// much faster than reading words.
fn are_few(bytes: &[u8]) -> bool {
    let count = |signs: &[u8]| -> usize {
        let counts = signs.iter().map(|it| memchr_iter(*it, bytes).count());
        counts.sum()
    };
    let words = |words: [&str; 2]| -> usize {
        let counts = words.map(|word| memmem::find_iter(bytes, word).count());
        counts.iter().sum()
    };
    // Each level takes a byte, or a word and what ends it.
    if bytes.len() <= MOST_LEVELS {
        return true;
    }
    let (open, runs, trailing) = (count(b"([{"), count(b"+-~"), count(b"*"));
    bytes.len() / SHORTEST_WORD + open + runs + trailing <= MOST_LEVELS
        || open <= MOST_LEVELS
            && runs + words(["await", "not"]) <= MOST_LEVELS
            && trailing + words(["else", "lambda"]) <= MOST_LEVELS
}

/// What the parser calls itself for.
#[derive(Debug, Default)]
struct Levels {
    /// Brackets that are open.
    open: usize,
    /// Operators with nothing but blanks between them.
    run: usize,
    /// What takes all that follows for its operand: `**`, `lambda`, and the `else` of an expression.
    trailing: usize,
    was_star: bool,
}

impl Levels {
    fn take(&mut self, byte: u8) {
        let is_star = byte == b'*';
        match byte {
            b'(' | b'[' | b'{' => self.open += 1,
            b')' | b']' | b'}' => self.open = self.open.saturating_sub(1),
            b'+' | b'-' | b'~' => self.run += 1,
            b'*' if self.was_star => self.trailing += 1,
            b'\n' | b'\r' if self.open == 0 => self.trailing = 0,
            _ => {}
        }
        let keeps_run = byte.is_ascii_whitespace() || matches!(byte, b'+' | b'-' | b'~' | b'\\');
        if !keeps_run {
            self.run = 0;
        }
        self.was_star = is_star && !self.was_star;
    }

    fn take_word(&mut self, word: &[u8], before_colon: bool) {
        self.was_star = false;
        match word {
            b"await" | b"not" => self.run += 1,
            b"else" if before_colon => {}
            b"else" | b"lambda" => self.trailing += 1,
            _ => self.run = 0,
        }
    }

    fn are_too_many(&self) -> bool {
        self.open.max(self.run).max(self.trailing) > MOST_LEVELS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_would_take_all_memory_are_known() {
        let many = MOST_LEVELS + 1;
        for text in [
            "[".repeat(many),
            format!("x = {}1", "-".repeat(many)),
            format!("x = {}1", "not ".repeat(many)),
            format!("x = {}1", "await - ~".repeat(many)),
            format!("x = {}1", "a ** ".repeat(many)),
            format!("x = {}1", "lambda: ".repeat(many)),
            format!("x = {}1", "a if b else ".repeat(many)),
            format!("x = {}", "f'{".repeat(many)),
        ] {
            assert!(too_many_levels(&text).is_some(), "{:?}", &text[..20]);
        }
        for text in [
            "[1, -2, {3: not x}]\n".repeat(many),
            "a = b - c * d\n".repeat(many),
            "if a:\n    b\nelse:\n    c\n".repeat(many),
            "# ****************\nf(**a, b=lambda: c if d else e)\n".repeat(many),
            "[".repeat(MOST_LEVELS),
        ] {
            assert_eq!(too_many_levels(&text), None, "{:?}", &text[..20]);
        }
    }
}
