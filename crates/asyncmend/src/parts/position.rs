//! Lines and columns as people count them.

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

/// A text that knows where its lines start. They end as Python's do: `\n`, `\r\n` or `\r`.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    /// That of `text`.
    pub fn new(text: &'t str) -> Self {
        // A byte order mark is no part of the first line.
        let first = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes)
            .filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
        let starts = std::iter::once(first)
            .chain(ends.map(|at| at + 1))
            .collect();
        Self { text, starts }
    }

    /// Where `offset`, in bytes, is to people.
    pub fn position(&self, offset: TextSize) -> Position {
        let offset = offset.to_usize();
        let line = self.line(offset);
        let before = self.starts[line].min(offset)..offset;
        Position {
            cell: None,
            line: line + 1,
            column: 1 + self.text[before].chars().count(),
        }
    }

    /// The whole lines that `range` touches, and where they start.
    pub fn around(&self, range: TextRange) -> (usize, &'t str) {
        let start = self.starts[self.line(range.start().to_usize())];
        let last = self.line(range.end().to_usize());
        let end = self.starts.get(last + 1).copied();
        (start, &self.text[start..end.unwrap_or(self.text.len())])
    }

    /// The text of a line, counted from 1.
    pub fn nth(&self, line: usize) -> Option<&'t str> {
        let start = *self.starts.get(line.checked_sub(1)?)?;
        let end = self.starts.get(line).copied();
        Some(&self.text[start..end.unwrap_or(self.text.len())])
    }

    /// The line of an offset, counted from 0.
    fn line(&self, offset: usize) -> usize {
        self.starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
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
    fn columns_count_code_points_after_a_byte_order_mark() {
        assert_eq!(positions("\u{feff}é🎉x")[1..], [(1, 1), (1, 2), (1, 3)]);
    }
}
