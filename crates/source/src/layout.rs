//! How the file is laid out: lines, indentation, line endings, quotes.

use std::iter;
use std::ops::Range;

use ruff_python_ast::AnyNodeRef;
use ruff_python_ast::token::TokenKind;
use ruff_source_file::LineRanges;
use ruff_text_size::{Ranged, TextLen, TextRange, TextSize};

use crate::{Path, Source};

/// A change of indentation: lines that begin with `from` begin with `to` instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// The indentation before.
    pub from: String,
    /// The indentation after.
    pub to: String,
}

/// What formatters make of lines unless they are told otherwise, and what people tell them most.
const USUAL_WIDTHS: [usize; 3] = [88, 100, 120];

/// What some tell them that is between those, and close to the widest.
const LESS_USUAL_WIDTH: usize = 110;

impl Source<'_> {
    /// The usual width that the lines of the file keep to, but for strings and comments, which no formatter
    /// breaks.
    pub(crate) fn shown_line_width(&self) -> usize {
        let [narrow, .., wide] = USUAL_WIDTHS;
        let mut shown = narrow;
        for (_, length) in self.lines_longer_than(narrow) {
            let fits = USUAL_WIDTHS.into_iter().find(|width| length <= *width);
            shown = shown.max(fits.unwrap_or(wide));
            if shown == wide {
                break;
            }
        }
        shown
    }

    /// Where each line ends that is longer than `width` and has neither strings nor comments, and its length.
    fn lines_longer_than(&self, width: usize) -> impl Iterator<Item = (TextSize, usize)> + '_ {
        // No line has more columns than bytes.
        let code = longer_lines(self.text().as_bytes(), width).filter_map(|line| {
            let line = TextRange::new(line.start.try_into().ok()?, line.end.try_into().ok()?);
            self.is_code_alone(line).then_some(line.end())
        });
        let with_length = code.map(|end| (end, self.line_length(end)));
        with_length.filter(move |(_, length)| *length > width)
    }

    /// Whether `line` ends outside of tokens, and has neither strings nor comments.
    fn is_code_alone(&self, line: TextRange) -> bool {
        let tokens = self.tokens();
        let behind = tokens.partition_point(|token| token.start() < line.end());
        let ends = tokens.get(behind).is_some_and(|token| {
            let is_end = matches!(
                token.kind(),
                TokenKind::Newline | TokenKind::NonLogicalNewline
            );
            is_end && token.start() == line.end()
        });
        let is_text = |kind: TokenKind| {
            matches!(
                kind,
                TokenKind::Comment
                    | TokenKind::String
                    | TokenKind::FStringStart
                    | TokenKind::FStringMiddle
                    | TokenKind::FStringEnd
            )
        };
        let inside = tokens[..behind].iter().rev();
        let mut inside = inside.take_while(|token| token.end() > line.start());
        ends && !inside.any(|token| is_text(token.kind()))
    }

    /// The lines of the statements that have a line of code longer than `width`, as
    /// [`Source::statements_around`] gives them.
    pub fn statements_wider_than(&self, width: usize) -> impl Iterator<Item = TextRange> + '_ {
        self.lines_longer_than(width)
            .map(|(end, _)| self.statements_around(TextRange::empty(end)))
    }

    /// The widths that the lines of the file may keep to, the likeliest first: more than one where nobody says, as a line
    /// that no formatter can break may be longer than [`Source::line_width`], and as that is only what is usual.
    pub fn possible_line_widths(&self) -> impl Iterator<Item = usize> + '_ {
        let widest = self.line_width();
        let is_open = self.options().line_width.is_none();
        let narrower = USUAL_WIDTHS
            .into_iter()
            .filter(move |it| is_open && *it < widest);
        // Only lines with strings or comments may be longer than `widest`.
        let has_longer = move || {
            longer_lines(self.text().as_bytes(), widest)
                .next()
                .is_some()
        };
        let wider = iter::once_with(move || {
            let wider = USUAL_WIDTHS.into_iter().filter(move |it| *it > widest);
            (is_open && has_longer()).then_some(wider)
        });
        let unusual = iter::once_with(move || is_open.then(|| self.unusual_line_widths()));
        (narrower.chain([widest]))
            .chain(wider.flatten().flatten())
            .chain(unusual.flatten().flatten())
    }

    /// The widths that a file with lines wider than usual may keep to where it keeps to none of the usual ones.
    fn unusual_line_widths(&self) -> impl Iterator<Item = usize> + use<> {
        let [narrow, middle, _] = USUAL_WIDTHS;
        let longest = (self.lines_longer_than(narrow).map(|(_, length)| length)).max();
        let less_usual = longest.filter(|it| *it > middle).map(|_| LESS_USUAL_WIDTH);
        let own = longest.filter(|it| !USUAL_WIDTHS.contains(it) && *it != LESS_USUAL_WIDTH);
        less_usual.into_iter().chain(own)
    }

    /// Where the line of `offset` starts; after a byte order mark on the first one.
    pub fn line_start(&self, offset: TextSize) -> TextSize {
        self.text()
            .line_start(offset)
            .max(self.text().bom_start_offset())
    }

    /// Where the line above the one that starts at `start` does, if there is one.
    pub fn line_before(&self, start: TextSize) -> Option<TextSize> {
        let before = &self.text()[TextRange::up_to(start)];
        let rest = (before.strip_suffix("\r\n")).or_else(|| before.strip_suffix(['\n', '\r']))?;
        Some(self.line_start(rest.text_len()))
    }

    /// Where the line of `offset` ends, its line ending not included.
    pub fn line_end(&self, offset: TextSize) -> TextSize {
        self.text().line_end(offset)
    }

    /// Where the line after that of `offset` starts.
    pub fn next_line_start(&self, offset: TextSize) -> TextSize {
        self.text().full_line_end(offset)
    }

    /// Where the line after the statement that ends at `end` starts: after all lines of another one that begins
    /// on its last line, and after those that a backslash takes in.
    pub fn line_after(&self, end: TextSize) -> TextSize {
        let tokens = self.tokens();
        let behind = &tokens[tokens.partition_point(|token| token.start() < end)..];
        let newline = (behind.iter()).find(|token| token.kind() == TokenKind::Newline);
        self.next_line_start(newline.map_or(end, Ranged::start))
    }

    /// The blanks at the start of the line of `offset`; what stands before a form feed does not
    /// count, as for CPython's tokenizer.
    pub fn indentation(&self, offset: TextSize) -> &str {
        let line = &self.text()[TextRange::new(self.line_start(offset), self.line_end(offset))];
        let blanks = &line[..line.len() - line.trim_start_matches([' ', '\t', '\x0c']).len()];
        blanks.rsplit('\x0c').next().unwrap_or(blanks)
    }

    /// The line ending of the line of `offset`, or of the file's first line where it has none.
    pub fn line_ending(&self, offset: TextSize) -> &str {
        let ending = |offset: TextSize| {
            &self.text()[TextRange::new(self.line_end(offset), self.next_line_start(offset))]
        };
        [ending(offset), ending(TextSize::new(0))]
            .into_iter()
            .find(|ending| !ending.is_empty())
            .unwrap_or("\n")
    }

    /// One level of indentation, as the function or class around `path` shows it; the file's first
    /// where there is none around.
    pub fn indent_unit(&self, path: &Path<'_>) -> String {
        let inner = self.indentation(path.statement().start());
        let around = path
            .around()
            .filter(|node| {
                node.is_statement()
                    || matches!(
                        node,
                        AnyNodeRef::MatchCase(_)
                            | AnyNodeRef::ExceptHandlerExceptHandler(_)
                            | AnyNodeRef::ElifElseClause(_)
                    )
            })
            .map(|header| self.indentation(header.start()))
            .find_map(|outer| inner.strip_prefix(outer).filter(|unit| !unit.is_empty()));
        around.map_or_else(|| self.first_indent(), str::to_string)
    }

    /// The file's first indentation; four blanks where it has none.
    pub fn first_indent(&self) -> String {
        self.tokens()
            .iter()
            .find(|token| token.kind() == TokenKind::Indent)
            .map(|token| self.slice(token.range()).trim_start_matches('\x0c'))
            .filter(|indent| !indent.is_empty())
            .unwrap_or("    ")
            .to_string()
    }

    /// The quote that the file's first string has, docstrings aside, and those that hold the other quote, which says
    /// nothing of a habit; a double one where it has none.
    pub fn quote(&self) -> char {
        self.all_literals()
            .iter()
            .map(|literal| {
                self.slice(*literal)
                    .trim_start_matches(|c: char| c.is_ascii_alphabetic())
            })
            // Docstrings have double quotes whatever the habit is.
            .filter(|literal| !literal.starts_with("\"\"\""))
            .filter(|literal| !(literal.contains('"') && literal.contains('\'')))
            .find_map(|literal| literal.chars().next())
            .unwrap_or('"')
    }

    /// Whether `statement` has its lines for itself: nothing but blanks before it and nothing but a
    /// comment after it, and it is no one-line suite.
    pub fn is_alone_on_its_lines(&self, statement: TextRange) -> bool {
        let after = &self.text()[TextRange::new(statement.end(), self.line_end(statement.end()))];
        let after = after.trim_start_matches([' ', '\t', '\x0c']);
        self.begins_its_line(statement.start()) && (after.is_empty() || after.starts_with('#'))
    }

    /// Whether nothing but blanks stands before `offset` in its line, which goes on from no other.
    pub fn begins_its_line(&self, offset: TextSize) -> bool {
        let before = self.slice(TextRange::new(self.line_start(offset), offset));
        before.chars().all(|c| matches!(c, ' ' | '\t' | '\x0c')) && !self.continues_a_line(offset)
    }

    /// Whether the line of `offset` goes on from a line that ends in a backslash.
    fn continues_a_line(&self, offset: TextSize) -> bool {
        let start = self.line_start(offset);
        let before = &self.text()[..start.to_usize()];
        let line = before
            .strip_suffix("\r\n")
            .or_else(|| before.strip_suffix(['\n', '\r']));
        line.is_some_and(|line| line.ends_with('\\')) && !self.in_literal(start)
    }

    /// Whether `offset` lies inside a string or f-string, its quotes not included.
    pub fn in_literal(&self, offset: TextSize) -> bool {
        self.literals(TextRange::empty(offset))
            .iter()
            .any(|literal| literal.start() < offset && offset < literal.end())
    }

    /// The quotes of the string in which `offset` lies.
    pub fn quotes_around(&self, offset: TextSize) -> Option<&str> {
        let literals = self.literals(TextRange::empty(offset)).iter();
        let literal = literals
            .filter(|literal| literal.start() < offset && offset < literal.end())
            .map(|literal| self.slice(*literal))
            .next()?;
        let quotes = literal.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let is_triple = quotes.starts_with("\"\"\"") || quotes.starts_with("'''");
        quotes.get(..if is_triple { 3 } else { 1 })
    }

    /// The strings, f-strings and t-strings that touch `range`, outermost ones alone, quotes included.
    pub fn literals(&self, range: TextRange) -> &[TextRange] {
        let all = self.all_literals();
        let first = all.partition_point(|literal| literal.end() < range.start());
        let count = all[first..].partition_point(|literal| literal.start() <= range.end());
        &all[first..first + count]
    }

    /// Those of the whole file, in its order.
    fn all_literals(&self) -> &[TextRange] {
        self.literals.get_or_init(|| {
            let mut literals = Vec::new();
            let mut open: Vec<TextSize> = Vec::new();
            for token in self.tokens() {
                match token.kind() {
                    TokenKind::FStringStart | TokenKind::TStringStart => open.push(token.start()),
                    TokenKind::FStringEnd | TokenKind::TStringEnd => {
                        if let Some(start) = open.pop()
                            && open.is_empty()
                        {
                            literals.push(TextRange::new(start, token.end()));
                        }
                    }
                    TokenKind::String if open.is_empty() => literals.push(token.range()),
                    _ => {}
                }
            }
            literals
        })
    }

    /// The starts of the lines that begin inside `range` and whose blanks are layout: not inside a
    /// string, not blank lines, not the line on which `range` starts.
    pub fn layout_lines(&self, range: TextRange) -> Vec<TextSize> {
        let literals = self.literals(range);
        let mut starts = Vec::new();
        let mut at = self.next_line_start(range.start());
        while at < range.end() {
            let inside = literals
                .iter()
                .any(|literal| literal.start() < at && at < literal.end());
            let line = &self.text()[TextRange::new(at, self.line_end(at))];
            if !inside && !line.trim().is_empty() {
                starts.push(at);
            }
            let next = self.next_line_start(at);
            if next == at {
                break;
            }
            at = next;
        }
        starts
    }

    /// The column of `offset` on its line in code points, from 0.
    pub fn column(&self, offset: TextSize) -> usize {
        let before = TextRange::new(self.line_start(offset).min(offset), offset);
        self.slice(before).chars().count()
    }

    /// The columns of the line of `offset` in code points.
    pub fn line_length(&self, offset: TextSize) -> usize {
        let line = TextRange::new(self.line_start(offset), self.line_end(offset));
        self.slice(line).chars().count()
    }

    /// The same without a comment to a tool at the end of the line, for which formatters break none.
    pub fn code_length(&self, offset: TextSize) -> usize {
        match self.pragma_behind(offset) {
            Some(pragma) => {
                let line = TextRange::new(self.line_start(offset), pragma.start());
                self.slice(line).trim_end().chars().count()
            }
            None => self.line_length(offset),
        }
    }

    /// Whether `range` lies on one line.
    pub fn is_on_one_line(&self, range: TextRange) -> bool {
        !self.slice(range).contains(['\n', '\r'])
    }

    /// Whether `range` has a line end that no bracket of its own contains: outside of other brackets
    /// it would end the statement.
    pub fn breaks_outside_brackets(&self, range: TextRange) -> bool {
        let mut depth = 0usize;
        self.tokens().in_range(range).iter().any(|token| {
            match token.kind() {
                TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
                TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                    depth = depth.saturating_sub(1);
                }
                TokenKind::NonLogicalNewline => return depth == 0,
                _ => {}
            }
            false
        })
    }

    /// The end of the whole text.
    pub fn end(&self) -> TextSize {
        self.text().text_len()
    }
}

/// The lines of a text with these `bytes` that are longer than `width`, in bytes too, without their ends.
fn longer_lines(bytes: &[u8], width: usize) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        loop {
            // Most lines are short: several of them end within what one may take.
            let window = bytes.get(start..=start + width)?;
            if let Some(last) = memchr::memrchr2(b'\n', b'\r', window) {
                start += last + 1;
                continue;
            }
            let rest = &bytes[start..];
            let length = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            let line = start..start + length;
            start = line.end + 1;
            return Some(line);
        }
    })
}
