//! What a fix changes, line by line: the function of its site first, then what it needs elsewhere.

use std::ops::Range;

use anstyle::{AnsiColor, Style};
use asyncmend_pipeline::{Shade, TextRange};

use super::ink::{BAD, CARE, FAINT, GOOD, Line, PLAIN, STRONG};

/// Unchanged lines around a change.
const CONTEXT: usize = 3;

/// A function with no more lines is shown whole.
const SHORT: usize = 30;

/// Of longer insertions elsewhere, which are helpers, the first lines are shown.
const ELSEWHERE: usize = 4;

/// Screens with as many columns show the text before beside the one after.
pub(super) const WIDE: usize = 140;

/// A text with the colours of its pieces.
pub(super) struct Shaded {
    lines: Vec<Vec<(String, Option<Shade>)>>,
}

impl Shaded {
    /// `text` with its `shades`; only `\n` ends a line. What `as_in_file` says stands in the place of a line.
    pub(super) fn new(
        text: &str,
        shades: &[(TextRange, Shade)],
        as_in_file: impl Fn(&str) -> String,
    ) -> Self {
        let mut lines = Vec::new();
        let mut start = 0;
        let mut next = 0;
        for line in text.split_inclusive('\n') {
            let end = start + line.len();
            while next < shades.len() && shades[next].0.end().to_usize() <= start {
                next += 1;
            }
            let code = line.trim_end_matches(['\r', '\n']);
            let in_file = as_in_file(code);
            lines.push(if in_file == code {
                pieces(code, start, &shades[next..])
            } else {
                vec![(in_file, None)]
            });
            start = end;
        }
        Self { lines }
    }
}

/// The pieces of a line that starts at `start`, by the first of `shades`.
fn pieces(code: &str, start: usize, shades: &[(TextRange, Shade)]) -> Vec<(String, Option<Shade>)> {
    let mut pieces = Vec::new();
    let mut done = 0;
    for (range, shade) in shades {
        let from = range.start().to_usize().max(start) - start;
        let to = (range.end().to_usize().max(start) - start).min(code.len());
        if from >= code.len() {
            break;
        }
        if from > done {
            pieces.push((code[done..from].to_owned(), None));
        }
        pieces.push((code[from..to].to_owned(), Some(*shade)));
        done = to;
    }
    if done < code.len() {
        pieces.push((code[done..].to_owned(), None));
    }
    pieces
}

/// A line of both texts or of one, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    Same(usize, usize),
    Gone(usize),
    New(usize),
    /// Lines that are not shown.
    Gap,
    /// As many new lines that are not shown.
    Folded(usize),
}

/// What changes, in two parts.
pub(super) struct Change {
    before: Shaded,
    after: Shaded,
    /// In the function of the site.
    here: Vec<Row>,
    elsewhere: Vec<Row>,
    /// The numbers of the lines before in the user's file, of those that are there.
    numbers: Vec<Option<usize>>,
}

/// Where the site is, in lines of the text before.
pub(super) struct Focus {
    /// The function around, or else the lines of the site.
    pub(super) whole: Range<usize>,
    /// Where the function has its name.
    pub(super) head: usize,
}

impl Change {
    /// From the text `old`, whose lines have these `numbers`, to `new`, with their colours. `unfolded` shows
    /// helpers whole.
    pub(super) fn new(
        (old, before): (&str, Shaded),
        (new, after): (&str, Shaded),
        focus: &Focus,
        numbers: Vec<Option<usize>>,
        unfolded: bool,
    ) -> Self {
        let rows = rows(old, new);
        // New lines belong to what they come after.
        let mut is_here = false;
        let in_focus: Vec<bool> = (rows.iter())
            .map(|row| {
                if let Row::Same(line, _) | Row::Gone(line) = row {
                    is_here = focus.whole.contains(line);
                }
                is_here
            })
            .collect();
        let is_long = focus.whole.len() > SHORT;
        let here = shown(&rows, &in_focus, |row| match row {
            Row::Same(line, _) => !is_long || *line == focus.head,
            _ => true,
        });
        let others: Vec<bool> = in_focus.iter().map(|here| !here).collect();
        let mut elsewhere = shown(&rows, &others, |_| false);
        if !unfolded {
            elsewhere = folded(&elsewhere);
        }
        if elsewhere
            .iter()
            .all(|row| matches!(row, Row::Same(..) | Row::Gap))
        {
            elsewhere.clear();
        }
        Self {
            before,
            after,
            here,
            elsewhere,
            numbers,
        }
    }

    /// The lines to show where there are `columns`.
    pub(super) fn lines(&self, columns: usize) -> Vec<Line> {
        let mut lines = self.part(&self.here, columns);
        if !self.elsewhere.is_empty() {
            lines.push(Line::new());
            lines.push(Line::new().with("  elsewhere in the file", FAINT));
            lines.extend(self.part(&self.elsewhere, columns));
        }
        lines
    }

    fn part(&self, rows: &[Row], columns: usize) -> Vec<Line> {
        if columns < WIDE {
            let lines = rows.iter().map(|row| self.unified(*row));
            return lines.flat_map(|line| line.broken(columns)).collect();
        }
        self.side_by_side(rows, columns)
    }

    fn unified(&self, row: Row) -> Line {
        match row {
            Row::Same(old, _) => line(&self.before, old, self.numbers[old], ' ', PLAIN),
            Row::Gone(old) => line(&self.before, old, self.numbers[old], '-', BAD),
            Row::New(new) => line(&self.after, new, None, '+', GOOD),
            Row::Gap => Line::new().with("    ⋮", FAINT),
            Row::Folded(count) => folded_line(count),
        }
    }

    /// The lines before on the left, those after on the right.
    fn side_by_side(&self, rows: &[Row], columns: usize) -> Vec<Line> {
        let half = (columns - 3) / 2;
        let mut lines = Vec::new();
        let mut rest = rows;
        while let Some(row) = rest.first() {
            let gone = rest
                .iter()
                .take_while(|it| matches!(it, Row::Gone(_)))
                .count();
            let new = rest[gone..].iter();
            let new = new
                .take_while(|it| matches!(it, Row::New(_) | Row::Folded(_)))
                .count();
            if gone + new == 0 {
                let left = self.unified(*row);
                let right = match row {
                    Row::Same(_, new) => line(&self.after, *new, None, ' ', PLAIN),
                    _ => left.clone(),
                };
                beside(&mut lines, Some(left), Some(right), half);
                rest = &rest[1..];
                continue;
            }
            let (left, right) = rest[..gone + new].split_at(gone);
            for index in 0..gone.max(new) {
                let side = |rows: &[Row]| rows.get(index).map(|row| self.unified(*row));
                beside(&mut lines, side(left), side(right), half);
            }
            rest = &rest[gone + new..];
        }
        lines
    }
}

/// A line of `text` with its number and sign.
fn line(text: &Shaded, line: usize, number: Option<usize>, sign: char, style: Style) -> Line {
    let number = number.map_or_else(String::new, |it| it.to_string());
    let margin = format!("{number:>5} {sign} ");
    let gutter = if sign == ' ' { FAINT } else { style };
    let mut out = Line::code(margin.len()).with(&margin, gutter);
    for (piece, shade) in &text.lines[line] {
        out = out.with(piece, shade.map_or(style, |shade| shaded(shade, style)));
    }
    out
}

fn folded_line(count: usize) -> Line {
    let text = format!("      + … {count} more lines, shown by h");
    Line::new().with(&text, FAINT)
}

/// Puts one broken line beside another.
fn beside(lines: &mut Vec<Line>, left: Option<Line>, right: Option<Line>, half: usize) {
    let broken = |line: Option<Line>| line.map_or_else(Vec::new, |it| it.broken(half)).into_iter();
    let (mut left, mut right) = (broken(left), broken(right));
    loop {
        let (one, other) = (left.next(), right.next());
        if one.is_none() && other.is_none() {
            return;
        }
        let line = one.unwrap_or_default().padded(half).with(" │ ", FAINT);
        lines.push(line.then(other.unwrap_or_default()));
    }
}

fn shaded(shade: Shade, style: Style) -> Style {
    match shade {
        Shade::Keyword => AnsiColor::Magenta.on_default(),
        Shade::String => CARE,
        Shade::Number | Shade::Decorator => AnsiColor::Cyan.on_default(),
        Shade::Comment => FAINT,
        Shade::Definition if style == PLAIN => STRONG,
        Shade::Definition => style.bold(),
    }
}

/// Where the lines of `text` are in the user's: the `numbers` of those that were there.
pub(super) fn numbered(user: &str, text: &str, numbers: &[usize]) -> Vec<Option<usize>> {
    let kept = rows(user, text).into_iter();
    kept.filter_map(|row| match row {
        Row::Same(line, _) => Some(numbers.get(line).copied()),
        Row::New(_) => Some(None),
        _ => None,
    })
    .collect()
}

/// Every line of both texts.
fn rows(old: &str, new: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let (mut before, mut after) = (0, 0);
    for hunk in asyncmend_edits::hunks(old, new) {
        while before < hunk.old.start {
            rows.push(Row::Same(before, after));
            (before, after) = (before + 1, after + 1);
        }
        for line in hunk.body.split_inclusive('\n') {
            match line.as_bytes()[0] {
                b' ' => {
                    rows.push(Row::Same(before, after));
                    (before, after) = (before + 1, after + 1);
                }
                b'-' => {
                    rows.push(Row::Gone(before));
                    before += 1;
                }
                b'+' => {
                    rows.push(Row::New(after));
                    after += 1;
                }
                // "\ No newline at end of file".
                _ => {}
            }
        }
    }
    for line in before..old.split_inclusive('\n').count() {
        rows.push(Row::Same(line, after));
        after += 1;
    }
    rows
}

/// Those of `rows` that are in the part, as far as they are `wanted` or near a change; with what lies between
/// them as gaps.
fn shown(rows: &[Row], in_part: &[bool], wanted: impl Fn(&Row) -> bool) -> Vec<Row> {
    let changes: Vec<usize> = (0..rows.len())
        .filter(|index| in_part[*index] && !matches!(rows[*index], Row::Same(..)))
        .collect();
    let is_near = |index: usize| {
        let next = changes.partition_point(|change| *change + CONTEXT < index);
        changes
            .get(next)
            .is_some_and(|change| *change <= index + CONTEXT)
    };
    let mut out: Vec<Row> = Vec::new();
    let mut last = None;
    for (index, row) in rows.iter().enumerate() {
        if !in_part[index] || !(wanted(row) || is_near(index)) {
            continue;
        }
        if last.is_some_and(|last| last + 1 < index) {
            out.push(Row::Gap);
        }
        last = Some(index);
        out.push(*row);
    }
    out
}

/// The same with long insertions cut short.
fn folded(rows: &[Row]) -> Vec<Row> {
    let mut out = Vec::new();
    for run in rows.chunk_by(|one, other| matches!((one, other), (Row::New(_), Row::New(_)))) {
        if run.len() > 2 * ELSEWHERE {
            out.extend(&run[..ELSEWHERE]);
            out.push(Row::Folded(run.len() - ELSEWHERE));
        } else {
            out.extend(run);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(old: &str, new: &str, whole: Range<usize>) -> Change {
        let shaded = |text: &str| Shaded::new(text, &[], str::to_owned);
        let focus = Focus {
            head: whole.start,
            whole,
        };
        let numbers = (1..=old.lines().count()).map(Some).collect();
        Change::new(
            (old, shaded(old)),
            (new, shaded(new)),
            &focus,
            numbers,
            false,
        )
    }

    fn lines(change: &Change, columns: usize) -> Vec<String> {
        let lines = change.lines(columns);
        lines
            .iter()
            .map(|line| line.painted(false).trim_end().to_owned())
            .collect()
    }

    const OLD: &str = "import a\n\n\ndef f():\n    one\n    two\n\n\nlast\n";
    const NEW: &str = "import a\nimport b\n\n\ndef f():\n    with one:\n        two\n\n\nlast\n";

    #[test]
    fn the_function_comes_first_and_the_rest_after_it() {
        assert_eq!(
            lines(&change(OLD, NEW, 3..6), 80),
            [
                "    4   def f():",
                "    5 -     one",
                "    6 -     two",
                "      +     with one:",
                "      +         two",
                "",
                "  elsewhere in the file",
                "    1   import a",
                "      + import b",
                "    2",
                "    3",
            ]
        );
    }

    #[test]
    fn wide_screens_show_both_texts_beside_each_other() {
        let shown = lines(&change(OLD, NEW, 3..6), 140);
        assert!(shown[1].starts_with("    5 -     one"), "{shown:#?}");
        assert!(shown[1].ends_with("│       +     with one:"), "{shown:#?}");
    }

    #[test]
    fn helpers_are_cut_short_and_long_functions_show_their_head() {
        let numbers: Vec<String> = (0..40).map(|number| format!("    {number}\n")).collect();
        let body = numbers.concat();
        let old = format!("def f():\n{body}");
        let helper = "helper\n".repeat(20);
        let new = format!("{helper}{}", old.replace("    35\n", "    x\n"));
        let shown = lines(&change(&old, &new, 0..41), 80);
        assert_eq!(shown[..2], ["    1   def f():", "    ⋮"]);
        assert!(shown.contains(&"   37 -     35".to_owned()), "{shown:#?}");
        let (_, elsewhere) = shown.split_at(
            shown
                .iter()
                .position(|it| it.starts_with("  else"))
                .unwrap(),
        );
        assert_eq!(elsewhere.len(), 6, "{shown:#?}");
        assert_eq!(elsewhere[5], "      + … 16 more lines, shown by h");
    }
}
