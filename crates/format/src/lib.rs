//! Keeps formatted files formatted: where a file is laid out as Ruff's formatter would, so is what
//! becomes of it.

use std::collections::HashSet;
use std::path::Path;

use asyncmend_source::{
    Ranged, Source, TextLen, TextRange, TextSize, nests_deeper, without_command_arguments,
};
use ruff_formatter::printer::LineEnding;
use ruff_formatter::{FormatOptions as _, IndentStyle, IndentWidth, LineWidth};
use ruff_python_formatter::{
    MagicTrailingComma, PyFormatOptions, QuoteStyle, format_module_source,
};

/// As much of a file as is formatted first, to see whether the rest is worth it.
const ENOUGH_BYTES: usize = 4 << 10;

/// How deep code may nest: the formatter recurses.
const MAX_NESTING: usize = 200;

/// What makes the formatter leave statements as they are that come after it, in its several spellings.
const SUPPRESSIONS: [&str; 2] = ["fmt:", "yapf:"];

/// Lines that were changed, whole statements of one block before and after.
#[derive(Debug, Clone, Copy)]
pub struct Changed {
    /// In bytes of the text before.
    pub before: TextRange,
    /// In bytes of the text after.
    pub after: TextRange,
}

impl Changed {
    /// All of the text before, and all of the text after.
    pub fn all(before: &str, after: &str) -> Self {
        Self {
            before: TextRange::up_to(before.text_len()),
            after: TextRange::up_to(after.text_len()),
        }
    }
}

/// `after`, which differs from `before` in what is `changed`, by position, as the formatter leaves it that
/// `before` was formatted with; `None` where that was none that is known here, or where there is nothing to do.
///
/// Which formatter that was is told by the file itself, its beginning and what was changed: the style is one that
/// changes nothing there. `before` gives the line length, which is the project's.
pub fn formatted_as(before: &Source<'_>, after: &str, changed: &[Changed]) -> Option<String> {
    if nests_deeper(before.body(), MAX_NESTING) {
        return None;
    }
    let beginning = beginning(before);
    let styles = styles(before)?;
    let indent = before.first_indent();
    let parts = Parts::of(before);
    let leaves = |text: &str, style: &PyFormatOptions| parts.leave(text, |it| format(it, style));
    let is_left = |lines: TextRange, style: &PyFormatOptions| {
        parts.leave(before.slice(lines), |it| format_block(it, &indent, style))
    };
    // Long lines tell of a wide file, unless they cannot be broken.
    let is_wide_enough = |style: &PyFormatOptions| {
        let mut wider = before.statements_wider_than(style.line_width().value().into());
        wider.all(|lines| is_left(lines, style))
    };
    let mut fitting = styles
        .iter()
        .filter(|style| is_wide_enough(style) && leaves(beginning, style));
    // Only all of a file shows what such comments are about.
    let formatted = if SUPPRESSIONS.iter().any(|it| before.text().contains(it)) {
        let style = fitting.find(|style| leaves(before.text(), style))?;
        parts.change(after, |it| format(it, style))?
    } else {
        let style = fitting.find(|style| changed.iter().all(|it| is_left(it.before, style)));
        debug_assert!(
            style.is_some() || !styles.iter().any(|style| leaves(before.text(), style)),
            "it is formatted, but not where it changes: {}",
            before.text()
        );
        let formatted = by_statement(before, &parts, after, changed, style?)?;
        debug_assert!(
            !leaves(before.text(), style?)
                || (parts.change(after, |it| format(it, style?)))
                    .is_some_and(|whole| parts.are_same(&whole, &formatted)),
            "the whole file is laid out in another way: {formatted}"
        );
        formatted
    };
    (formatted != after).then_some(formatted)
}

/// `after` with the statements formatted that were changed.
fn by_statement(
    before: &Source<'_>,
    parts: &Parts<'_>,
    after: &str,
    changed: &[Changed],
    style: &PyFormatOptions,
) -> Option<String> {
    let indent = before.first_indent();
    let mut text = String::with_capacity(after.len());
    let mut done = TextSize::default();
    for changed in changed {
        let lines = &after[changed.after];
        let formatted = parts.change(lines, |it| format_block(it, &indent, style))?;
        if !Source::are_statements(lines, &formatted, before.options()) {
            return None;
        }
        text.push_str(&after[TextRange::new(done, changed.after.start())]);
        text.push_str(&formatted);
        done = changed.after.end();
    }
    text.push_str(&after[done.to_usize()..]);
    Some(text)
}

/// `lines`, whole statements of a block, as the formatter leaves them there. Blank lines above them part them
/// from what stands before, and stay.
fn format_block(lines: &str, indent: &str, style: &PyFormatOptions) -> Option<String> {
    let above = lines.len() - lines.trim_start_matches(['\r', '\n']).len();
    let (above, lines) = lines.split_at(above);
    let statements = lines.trim_end();
    let blanks = statements.len() - statements.trim_start_matches([' ', '\t']).len();
    if !blanks.is_multiple_of(indent.len()) {
        return None;
    }
    let line_end = style.line_ending().as_str();
    let header: String = (0..blanks / indent.len())
        .map(|level| [&indent.repeat(level), "if 1:", line_end].concat())
        .collect();
    let formatted = format(&[&header, statements].concat(), style)?;
    // A condition keeps a blank line above a definition, where a function does not.
    let formatted = formatted.strip_prefix(&header)?;
    let formatted = formatted.trim_start_matches(['\r', '\n']);
    Some([above, formatted.trim_end(), &lines[statements.len()..]].concat())
}

/// What of a file is formatted apart from the rest: all of a module at once, and each cell of a notebook.
struct Parts<'s> {
    in_cells: bool,
    /// The lines between the cells.
    between: HashSet<&'s str>,
}

impl<'s> Parts<'s> {
    fn of(source: &'s Source<'_>) -> Self {
        Self {
            in_cells: source.options().in_cells,
            between: (source.lines_between_cells())
                .map(|line| source.slice(line))
                .collect(),
        }
    }

    /// What of `lines` stands in each cell, with the line that ends it.
    fn split<'l>(&self, lines: &'l str) -> Vec<(&'l str, &'l str)> {
        let mut parts = Vec::new();
        let mut rest = lines;
        let mut length = 0;
        for line in lines.split_inclusive('\n') {
            if self.between.contains(line) {
                let (code, below) = rest.split_at(length);
                let (line, below) = below.split_at(line.len());
                parts.push((code, line));
                rest = below;
                length = 0;
            } else {
                length += line.len();
            }
        }
        parts.push((rest, ""));
        parts
    }

    /// `lines` with what `change` makes of each part of them that is not blank.
    fn change(&self, lines: &str, change: impl Fn(&str) -> Option<String>) -> Option<String> {
        let mut out = String::with_capacity(lines.len());
        for (code, line) in self.split(lines) {
            if code.trim().is_empty() {
                out.push_str(code);
            } else {
                out.push_str(&change(code)?);
            }
            out.push_str(line);
        }
        Some(out)
    }

    /// Whether two texts are the same but for what nobody writes: blank lines at the ends of cells, and what stands
    /// for commands.
    fn are_same(&self, one: &str, other: &str) -> bool {
        if !self.in_cells {
            return one == other;
        }
        let code = |(code, _): (&str, &str)| without_command_arguments(code.trim());
        let [one, other] = [one, other].map(|text| self.split(text).into_iter().map(code));
        one.eq(other)
    }

    /// Whether `change` leaves each part of `lines` as it is.
    fn leave(&self, lines: &str, change: impl Fn(&str) -> Option<String>) -> bool {
        let leaves = |code: &str| change(code).is_some_and(|it| it == code);
        let mut parts = self.split(lines).into_iter();
        parts.all(|(code, _)| match code {
            _ if code.trim().is_empty() => true,
            _ if self.in_cells => leaves(&without_command_arguments(code)),
            _ => leaves(code),
        })
    }
}

/// The first statements of a file: most that are not formatted show it there.
fn beginning<'s>(source: &'s Source<'_>) -> &'s str {
    let ends = source.body().iter().map(Ranged::end);
    let last = ends.take_while(|end| end.to_usize() <= ENOUGH_BYTES).last();
    let end = last.map_or(TextSize::default(), |end| source.next_line_start(end));
    source.slice(TextRange::up_to(end))
}

/// The styles that a file may be formatted in, the likeliest first; none where its lines end in several
/// ways.
fn styles(source: &Source<'_>) -> Option<Vec<PyFormatOptions>> {
    let text = source.text();
    let ends = text.matches('\n').count();
    let line_ending = match (text.matches("\r\n").count(), text.contains('\r')) {
        (0, false) => LineEnding::LineFeed,
        (both, _) if both == ends && text.matches('\r').count() == both => {
            LineEnding::CarriageReturnLineFeed
        }
        _ => return None,
    };
    let indent = source.first_indent();
    let (indent_style, indent_width) = match indent.len() {
        _ if indent.starts_with('\t') => (IndentStyle::Tab, 4),
        width => (IndentStyle::Space, u8::try_from(width).ok()?),
    };
    // What ends a cell may end with a semicolon, and its first string is no docstring.
    let usual = if source.options().in_cells {
        PyFormatOptions::from_extension(Path::new("cells.ipynb"))
    } else {
        PyFormatOptions::default()
    };
    let plain = usual
        .with_target_version(source.target())
        .with_indent_style(indent_style)
        .with_indent_width(IndentWidth::try_from(indent_width).ok()?)
        .with_line_ending(line_ending);
    let quotes = match source.quote() {
        '\'' => QuoteStyle::Single,
        _ => QuoteStyle::Double,
    };
    let styles = [
        (quotes, MagicTrailingComma::Respect),
        (QuoteStyle::Preserve, MagicTrailingComma::Respect),
        (quotes, MagicTrailingComma::Ignore),
    ];
    let widths = (source.possible_line_widths())
        .filter_map(|it| LineWidth::try_from(u16::try_from(it).ok()?).ok());
    let styles = widths.flat_map(|width| {
        styles.map(|(quotes, comma)| {
            let style = plain.clone().with_line_width(width);
            let style = style.with_quote_style(quotes);
            style.with_magic_trailing_comma(comma)
        })
    });
    Some(styles.collect())
}

fn format(text: &str, style: &PyFormatOptions) -> Option<String> {
    let printed = format_module_source(text, style.clone()).ok()?;
    Some(printed.into_code())
}

#[cfg(test)]
mod tests {
    use asyncmend_source::{Options, PythonVersion};

    use super::*;

    fn laid_out(line_width: usize, before: &str, after: &str) -> Option<String> {
        let options = Options::new(PythonVersion::PY311, line_width);
        let parse = |text: &str| Source::parse(text.to_owned(), options.clone()).unwrap();
        formatted_as(&parse(before), after, &[Changed::all(before, after)])
    }

    #[test]
    fn formatted_files_stay_formatted() {
        // Before, after, and the latter formatted in the style of the former.
        let cases = [
            ("x = 1\n", "x = [1,2]\n", "x = [1, 2]\n"),
            ("x = \"a\"\n", "x = 'b'\n", "x = \"b\"\n"),
            ("x = 'a'\n", "x = \"b\"\n", "x = 'b'\n"),
            (
                "x = 'a'\ny = \"b\"\n",
                "x = 'a'\ny =\"b\"\n",
                "x = 'a'\ny = \"b\"\n",
            ),
            ("if x:\n\ty = 1\n", "if x:\n\ty =1\n", "if x:\n\ty = 1\n"),
            ("if x:\n  y = 1\n", "if x:\n  y =1\n", "if x:\n  y = 1\n"),
            ("x = 1\r\n", "x =1\r\ny = 2\r\n", "x = 1\r\ny = 2\r\n"),
            ("x = [\n    1,\n]\n", "x = [1,\n]\n", "x = [\n    1,\n]\n"),
        ];
        for (before, after, expected) in cases {
            assert_eq!(
                laid_out(88, before, after).as_deref(),
                Some(expected),
                "{before:?}"
            );
        }
    }

    #[test]
    fn of_a_file_that_is_formatted_where_it_changes_the_changed_statements_are_laid_out() {
        // Far from the beginning, something is not formatted.
        let beginning = "x = 1\n".repeat(ENOUGH_BYTES / 4);
        let file = |statement: &str, rest: &str| {
            format!(
                "{beginning}\n\nclass A:\n    def f(self):\n        a = 1\n        {statement}\n\n    b = {rest}\n"
            )
        };
        let laid_out = |rest: &str, with: &str| {
            let (before, after) = (file("g()", rest), file("g(1,2)", rest));
            let options = Options::new(PythonVersion::PY311, 88);
            let source = Source::parse(before.clone(), options).unwrap();
            let at = source.text().find("g()").unwrap();
            let at = TextRange::at(at.try_into().unwrap(), "g()".text_len());
            let statement = source.statements_around(at);
            let changed = Changed {
                before: statement,
                after: TextRange::at(statement.start(), statement.len() + "1,2".text_len()),
            };
            let laid_out = formatted_as(&source, &after, &[changed]).unwrap_or(after);
            assert!(laid_out == file(with, rest), "{rest}");
        };
        laid_out("[1, 2]", "g(1, 2)");
        laid_out("[1,2]", "g(1, 2)");
        // What the formatter is told in a comment needs all of a file.
        laid_out("[1,2]  # fmt: skip", "g(1, 2)");
        laid_out("[1,2]\nc = 'fmt:'", "g(1,2)");
    }

    #[test]
    fn lines_are_as_long_as_the_project_has_them() {
        let before = "x = 1\n";
        let after = "x = [aaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbb]\n";
        assert_eq!(laid_out(60, before, after), None);
        let expected = "x = [\n    aaaaaaaaaaaaaaaaaaaa,\n    bbbbbbbbbbbbbbbbbbbb,\n]\n";
        assert_eq!(laid_out(40, before, after).as_deref(), Some(expected));
    }

    #[test]
    fn a_line_that_cannot_be_broken_does_not_make_a_file_wide() {
        let options = Options {
            line_width: None,
            ..Options::new(PythonVersion::PY311, 88)
        };
        let laid_out = |before: &str| {
            let line = "y = f(aaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccc, dddddddddddddddddd)\n";
            let source = Source::parse(before.to_owned(), options.clone()).unwrap();
            let after = format!("{before}{line}");
            let laid_out = formatted_as(&source, &after, &[Changed::all(before, &after)]);
            laid_out.is_some_and(|it| it.ends_with("\n)\n"))
        };
        let long = format!("x{}()\n", "_".repeat(90));
        assert!(laid_out(&long));
        // Here a narrower file would have two lines.
        assert!(!laid_out(&format!("{long}z = f({}, 1)\n", "b".repeat(84))));
    }

    #[test]
    fn other_files_are_left_as_they_are() {
        let deep = format!("x = {}1{}\n", "[".repeat(5_000), "]".repeat(5_000));
        let cases = [
            ("x =1\n", "x =1\ny=2\n"),
            ("x = 1\ny = 2\r\n", "x =1\ny = 2\r\n"),
            ("x = 1\r", "x =1\r"),
            ("x = 1\n", "x = 1\ny = 2\n"),
            (deep.as_str(), "x =1\n"),
        ];
        for (before, after) in cases {
            assert_eq!(laid_out(88, before, after), None, "{before:?}");
        }
    }
}
