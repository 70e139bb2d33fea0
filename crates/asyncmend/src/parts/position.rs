//! Lines and columns as people count them.

use std::ops::Range;

use asyncmend_edits::{TextRange, TextSize};
use serde::{Deserialize, Serialize};

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Of a notebook, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<usize>,
    /// Counted from 1.
    pub line: usize,
    /// In code points, counted from 1.
    pub column: usize,
}

/// How many bytes of a text are counted together.
const CHUNK: usize = 1 << 10;

/// A text that knows where its lines are. They end as Python's do: `\n`, `\r\n` or `\r`.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    /// How many lines end before each chunk: few places of a text are asked about.
    before: Vec<usize>,
    has_returns: bool,
}

impl<'t> Lines<'t> {
    /// That of `text`.
    pub fn new(text: &'t str) -> Self {
        let has_returns = memchr::memchr(b'\r', text.as_bytes()).is_some();
        let mut lines = Self {
            text,
            before: Vec::with_capacity(text.len() / CHUNK + 1),
            has_returns,
        };
        let mut count = 0;
        for start in (0..=text.len()).step_by(CHUNK) {
            lines.before.push(count);
            count += lines.ends_in(start..text.len().min(start + CHUNK));
        }
        lines
    }

    /// Where `offset`, in bytes, is to people.
    pub fn position(&self, offset: TextSize) -> Position {
        let offset = offset.to_usize();
        let before = self.start_of_line(offset).min(offset)..offset;
        Position {
            cell: None,
            line: self.line(offset) + 1,
            column: 1 + self.text[before].chars().count(),
        }
    }

    /// The whole lines that `range` touches, and where they start.
    pub fn around(&self, range: TextRange) -> (usize, &'t str) {
        let start = self.start_of_line(range.start().to_usize());
        (
            start,
            &self.text[start..self.end_of_line(range.end().to_usize())],
        )
    }

    /// The text of a line, counted from 1.
    pub fn nth(&self, line: usize) -> Option<&'t str> {
        let before = line.checked_sub(1)?;
        let chunk = self.before.partition_point(|count| *count < before);
        let from = chunk.saturating_sub(1) * CHUNK;
        let start = match before.checked_sub(self.before[from / CHUNK]) {
            Some(0) | None => 0,
            Some(missing) => self.ends(from..self.text.len()).nth(missing - 1)? + 1,
        };
        let start = start.max(self.start_of_text());
        Some(&self.text[start..self.end_of_line(start)])
    }

    /// The line of an offset, counted from 0.
    fn line(&self, offset: usize) -> usize {
        let chunk = offset / CHUNK;
        self.before[chunk] + self.ends_in(chunk * CHUNK..offset)
    }

    fn start_of_line(&self, offset: usize) -> usize {
        let bytes = &self.text.as_bytes()[..offset];
        let mut ends = memchr::memrchr2_iter(b'\n', b'\r', bytes);
        let end = ends.find(|at| self.is_end(*at));
        end.map_or(0, |at| at + 1).max(self.start_of_text())
    }

    /// Where the line at `offset` ends, its line end included.
    fn end_of_line(&self, offset: usize) -> usize {
        let next = self.ends(offset..self.text.len()).next();
        next.map_or(self.text.len(), |at| at + 1)
    }

    /// A byte order mark is no part of the first line.
    fn start_of_text(&self) -> usize {
        if self.text.starts_with('\u{feff}') {
            3
        } else {
            0
        }
    }

    /// The last bytes of the line ends in `range`.
    fn ends(&self, range: Range<usize>) -> impl Iterator<Item = usize> {
        let from = range.start;
        memchr::memchr2_iter(b'\n', b'\r', &self.text.as_bytes()[range])
            .map(move |at| from + at)
            .filter(|at| self.is_end(*at))
    }

    fn ends_in(&self, range: Range<usize>) -> usize {
        if self.has_returns {
            return self.ends(range).count();
        }
        memchr::memchr_iter(b'\n', &self.text.as_bytes()[range]).count()
    }

    /// Whether the byte at `at`, which may belong to a line end, is the last of one.
    fn is_end(&self, at: usize) -> bool {
        let bytes = self.text.as_bytes();
        bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn positions(text: &str) -> Vec<(usize, usize)> {
        let lines = Lines::new(text);
        text.char_indices()
            .map(|(at, _)| lines.position(TextSize::try_from(at).unwrap()))
            .map(|position| (position.line, position.column))
            .collect()
    }

    #[test]
    fn every_line_end_of_python_counts_once() {
        assert_eq!(
            positions("a\r\nb\rc\nd"),
            [
                (1, 1),
                (1, 2),
                (1, 3),
                (2, 1),
                (2, 2),
                (3, 1),
                (3, 2),
                (4, 1)
            ]
        );
    }

    #[test]
    fn lines_are_found_by_their_number_and_by_what_is_in_them() {
        for end in ["\n", "\r\n", "\r"] {
            for length in [0, 1, 40, CHUNK - 1, CHUNK, 3 * CHUNK] {
                let all: Vec<String> = (0..100)
                    .map(|number| format!("{number}{}{end}", "x".repeat(length)))
                    .chain(["last".to_owned()])
                    .collect();
                let text = all.concat();
                let lines = Lines::new(&text);
                let mut at = 0;
                for (number, line) in all.iter().enumerate() {
                    assert_eq!(lines.nth(number + 1), Some(&**line));
                    for offset in [at, at + line.len() - end.len()] {
                        let offset = TextSize::try_from(offset).unwrap();
                        assert_eq!(lines.position(offset).line, number + 1);
                        let range = TextRange::empty(offset);
                        assert_eq!(lines.around(range), (at, &**line));
                    }
                    at += line.len();
                }
                assert_eq!((lines.nth(0), lines.nth(102)), (None, None));
            }
        }
    }

    #[test]
    fn columns_count_code_points_after_a_byte_order_mark() {
        assert_eq!(positions("\u{feff}é🎉x")[1..], [(1, 1), (1, 2), (1, 3)]);
    }
}
