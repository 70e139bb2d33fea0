//! Which lines of a file parse without the rest of it.

use ruff_python_ast as ast;
use ruff_text_size::{Ranged, TextLen, TextRange, TextSize};

use crate::places::bodies;
use crate::{Options, Source, parsed_without_trouble};

/// What stands before the lines of a block so that they parse.
const HEADER: &str = "if 1:\n";

impl Source<'_> {
    /// The fewest lines with all of `range` that are whole statements of one block, what stands between and
    /// around them included: where those that take their place are such statements too, the file still parses
    /// ([`Source::are_statements`]). They end behind `range` wherever the file does.
    pub fn statements_around(&self, range: TextRange) -> TextRange {
        let mut body = self.body();
        let mut lines = TextRange::up_to(self.text().text_len());
        loop {
            let next = body.partition_point(|it| it.start() <= range.end());
            let first = (0..next).rev().find_map(|index| {
                let start = self.line_begun_by(&body[index])?;
                (start <= range.start()).then_some((index, start))
            });
            // A statement may begin in the middle of the last line of `range`.
            let behind = (next..body.len()).find_map(|index| {
                let end = self.line_begun_by(&body[index])?;
                (end > range.end()).then_some((index, end))
            });
            let (first, start) = first.unwrap_or((0, lines.start()));
            let (behind, end) = behind.unwrap_or((body.len(), lines.end()));
            lines = TextRange::new(start, end);
            let [only] = &body[first..behind] else {
                return lines;
            };
            let inner = bodies(only.into()).into_iter().find_map(|body| {
                let start = self.line_begun_by(body.first()?)?;
                let end = self.next_line_start(body.last()?.end());
                let block = TextRange::new(start, end);
                (start <= range.start() && range.end() < end).then_some((body, block))
            });
            match inner {
                Some((inner, block)) => (body, lines) = (inner, block),
                None => return lines,
            }
        }
    }

    /// The start of the line with which `statement` begins, where nothing before it has a part of that.
    fn line_begun_by(&self, statement: &ast::Stmt) -> Option<TextSize> {
        let begins = self.begins_its_line(statement.start());
        begins.then(|| self.line_start(statement.start()))
    }

    /// Whether a file that parses still does with `after` in the place of `before`, lines that
    /// [`Source::statements_around`] gave. No also where only all of the file can tell.
    pub fn are_statements(before: &str, after: &str, options: &Options) -> bool {
        let indentation = indentation(before);
        if indentation.is_empty() {
            return parsed_without_trouble(after, options).is_ok();
        }
        let block = [HEADER, after].concat();
        let Ok(parsed) = parsed_without_trouble(&block, options) else {
            return false;
        };
        let [ast::Stmt::If(only)] = &parsed.syntax().body[..] else {
            return false;
        };
        // The other statements of the block have the same indentation.
        let first = only.body.first().map_or(TextSize::default(), Ranged::start);
        let line = block[..first.to_usize()]
            .rfind(['\n', '\r'])
            .map_or(0, |end| end + 1);
        only.elif_else_clauses.is_empty() && block[line..first.to_usize()] == *indentation
    }
}

/// The blanks at the start of `lines`.
fn indentation(lines: &str) -> &str {
    let rest = lines.trim_start_matches([' ', '\t']);
    &lines[..lines.len() - rest.len()]
}
