//! Lines of a screen: pieces of harmless text, each in a style, broken to the width there is.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthChar;

use crate::terminal::shown;

pub(super) const PLAIN: Style = Style::new();
pub(super) const STRONG: Style = Style::new().bold();
pub(super) const FAINT: Style = AnsiColor::BrightBlack.on_default();
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
pub(super) const BAD: Style = AnsiColor::Red.on_default();
pub(super) const CARE: Style = AnsiColor::Yellow.on_default();

/// Where tabs stop.
const TAB: usize = 8;

/// One line, or several once it is broken.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pieces: Vec<(String, Style)>,
    /// Where its other lines start, if it is broken.
    indent: usize,
    /// Whether it is broken between words.
    by_words: bool,
}

impl Line {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Text that is read, broken between words; its other lines start below `indent` columns.
    pub(super) fn prose(indent: usize) -> Self {
        Self {
            indent,
            by_words: true,
            ..Self::default()
        }
    }

    /// Code, broken anywhere.
    pub(super) fn code(indent: usize) -> Self {
        Self {
            indent,
            ..Self::default()
        }
    }

    /// The same with `text` at its end, in which nothing is left that a terminal obeys.
    #[must_use]
    pub(super) fn with(mut self, text: &str, style: Style) -> Self {
        let start = self.width().saturating_sub(self.indent);
        let mut parts = text.split('\t');
        let mut clean = parts.next().map(shown).unwrap_or_default().into_owned();
        for part in parts {
            let to_stop = TAB - (start + width(&clean)) % TAB;
            clean.extend(std::iter::repeat_n(' ', to_stop));
            clean.push_str(&shown(part));
        }
        if !clean.is_empty() {
            self.pieces.push((clean, style));
        }
        self
    }

    /// The same filled up with blanks to `columns`.
    #[must_use]
    pub(super) fn padded(self, columns: usize) -> Self {
        let blanks = " ".repeat(columns.saturating_sub(self.width()));
        self.with(&blanks, PLAIN)
    }

    /// The same with `other` at its end.
    #[must_use]
    pub(super) fn then(mut self, other: Line) -> Self {
        self.pieces.extend(other.pieces);
        self
    }

    pub(super) fn width(&self) -> usize {
        self.pieces.iter().map(|(text, _)| width(text)).sum()
    }

    /// The lines that it takes where there are `columns`.
    pub(super) fn broken(self, columns: usize) -> Vec<Line> {
        if self.width() <= columns {
            return vec![self];
        }
        let indent = self.indent.min(columns / 2);
        let mut lines = vec![Line::new()];
        let mut used = 0;
        for (text, style) in self.pieces {
            let words: Vec<&str> = if self.by_words {
                text.split_inclusive(' ').collect()
            } else {
                vec![&text]
            };
            for word in words {
                let fits = used + width(word.trim_end()) <= columns;
                if self.by_words && !fits && used > indent {
                    used = begin(&mut lines, indent);
                }
                for character in word.chars() {
                    let wide = character.width().unwrap_or(0);
                    if used + wide > columns {
                        // A blank is no loss there.
                        if self.by_words && character == ' ' {
                            continue;
                        }
                        used = begin(&mut lines, indent);
                    }
                    used += wide;
                    lines
                        .last_mut()
                        .expect("the first is there")
                        .push(character, style);
                }
            }
        }
        lines
    }

    /// As much of it as `columns` hold.
    pub(super) fn cut(self, columns: usize) -> Line {
        if self.width() <= columns {
            return self;
        }
        let mut cut = Line::new();
        let mut used = 0;
        for (text, style) in self.pieces {
            for character in text.chars() {
                used += character.width().unwrap_or(0);
                if used >= columns {
                    cut.push('…', style);
                    return cut;
                }
                cut.push(character, style);
            }
        }
        cut
    }

    /// What a terminal is sent.
    pub(super) fn painted(&self, colour: bool) -> String {
        let mut out = String::new();
        for (text, style) in &self.pieces {
            let style = if colour { *style } else { PLAIN };
            write!(out, "{style}{text}{style:#}").expect("a string takes everything");
        }
        out
    }

    fn push(&mut self, character: char, style: Style) {
        match self.pieces.last_mut() {
            Some((text, last)) if *last == style => text.push(character),
            _ => self.pieces.push((character.to_string(), style)),
        }
    }
}

/// Begins another line, and says how much of it is used.
fn begin(lines: &mut Vec<Line>, indent: usize) -> usize {
    lines.push(Line::new().with(&" ".repeat(indent), PLAIN));
    indent
}

fn width(text: &str) -> usize {
    text.chars().map(|it| it.width().unwrap_or(0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: Line, columns: usize) -> Vec<String> {
        let lines = line.broken(columns);
        lines.iter().map(|line| line.painted(false)).collect()
    }

    #[test]
    fn prose_is_broken_between_words_and_code_anywhere() {
        let prose = Line::prose(2)
            .with("why: ", FAINT)
            .with("the others run on", PLAIN);
        assert_eq!(texts(prose, 10), ["why: the ", "  others ", "  run on"]);
        let code = Line::code(3).with("1 + ", GOOD).with("abcdefgh", PLAIN);
        assert_eq!(texts(code, 8), ["1 + abcd", "   efgh"]);
    }

    #[test]
    fn what_is_wide_counts_twice_and_what_is_obeyed_is_shown() {
        let line = Line::code(0).with("\u{4f60}\u{597d}a\u{1b}[2J", PLAIN);
        assert_eq!(line.width(), 9);
        assert_eq!(texts(line, 4), ["\u{4f60}\u{597d}", "a\u{241b}[2", "J"]);
    }

    #[test]
    fn tabs_stop_where_they_do_in_the_file() {
        let line = Line::code(3).with("1: ", PLAIN).with("ab\tc", PLAIN);
        assert_eq!(line.painted(false), "1: ab      c");
    }

    #[test]
    fn what_is_cut_says_so() {
        let line = Line::new().with("abc", PLAIN).with("def", STRONG);
        assert_eq!(line.clone().cut(6).painted(false), "abcdef");
        assert_eq!(line.cut(5).painted(false), "abcd…");
    }
}
