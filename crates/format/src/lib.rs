//! Keeps formatted files formatted: where a file is laid out as Ruff's formatter would, so is what
//! becomes of it.

use std::collections::HashSet;
use std::path::Path;

use asyncmend_source::{
    Ranged, Source, TextLen, TextRange, TextSize, nests_deeper, without_command_arguments,
};
use memchr::{memchr_iter, memmem};
use ruff_formatter::printer::LineEnding;
use ruff_formatter::{FormatOptions as _, IndentStyle, IndentWidth, LineWidth};
use ruff_python_formatter::{
    MagicTrailingComma, PyFormatOptions, QuoteStyle, format_module_source,
};

/// As much of a file as is formatted first, to see whether the rest is worth it.
const ENOUGH_BYTES: usize = 4 << 10;

/// How deep code may nest: the formatter recurses.
const MAX_NESTING: usize = 200;

/// What begins a comment that tells the formatter to leave statements as they are, in its several spellings.
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
    let begins_so = |style: &PyFormatOptions| {
        parts.are_all(beginning, |it| {
            format(it, style).is_some_and(|formatted| lines_of(it).eq(lines_of(&formatted)))
        })
    };
    let fits = |style: &PyFormatOptions| is_wide_enough(style) && begins_so(style);
    let mut fitting = styles(before)?.filter(fits);
    let formatted = if may_be_suppressed(before, changed) {
        // Only all of the file shows it.
        let style = fitting.find(|style| leaves(before.text(), style))?;
        parts.change(after, |it| format(it, &style))?
    } else {
        let style = fitting.find(|style| changed.iter().all(|it| is_left(it.before, style)));
        debug_assert!(
            style.is_some() || !styles(before)?.any(|style| leaves(before.text(), &style)),
            "it is formatted, but not where it changes: {}",
            before.text()
        );
        let style = &style?;
        let formatted = by_statement(before, &parts, after, changed, style)?;
        debug_assert!(
            !leaves(before.text(), style)
                || (parts.change(after, |it| format(it, style)))
                    .is_some_and(|whole| parts.are_same(&whole, &formatted)),
            "the whole file is laid out in another way: {formatted}"
        );
        formatted
    };
    (formatted != after).then_some(formatted)
}

/// Whether a comment above one of the `changed` statements may tell the formatter to leave it as it is. What tells that
/// of the statement in whose last line it stands is formatted with that; and of pairs of comments, each on a line of
/// its own and all in one column, the second ends what the first one began.
fn may_be_suppressed(before: &Source<'_>, changed: &[Changed]) -> bool {
    let directives = directives(before);
    let is_pair = |pair: &[Directive]| match pair {
        [off, on] => !off.resumes && on.resumes && off.column.is_some() && off.column == on.column,
        _ => false,
    };
    changed.iter().any(|it| {
        let above = directives.partition_point(|directive| directive.at <= it.before.end());
        let above = &directives[..above];
        let is_in_line = |it: &Directive| it.column == above[0].column;
        !(above.iter().all(is_in_line) && above.chunks(2).all(is_pair))
    })
}

/// A comment that tells the formatter what to do with more than one statement.
struct Directive {
    at: TextSize,
    /// Where it starts in its line, in bytes; none where something stands before it.
    column: Option<usize>,
    /// Whether what follows is to be formatted again.
    resumes: bool,
}

/// All of them, by position.
fn directives(source: &Source<'_>) -> Vec<Directive> {
    let text = source.text();
    let directive = |start: usize, word: &str| {
        let range = TextRange::at(start.try_into().ok()?, word.text_len());
        let what = text[range.end().to_usize()..].trim_start();
        if what.starts_with("skip") || !source.has_comment_in(range) {
            return None;
        }
        let before = source.slice(TextRange::new(
            source.line_start(range.start()),
            range.start(),
        ));
        let comment = before.trim_start();
        Some(Directive {
            at: range.start(),
            column: (comment.starts_with('#')).then_some(before.len() - comment.len()),
            resumes: what.starts_with("on") || what.starts_with("enable"),
        })
    };
    let mut all: Vec<Directive> = (SUPPRESSIONS.iter())
        .flat_map(|word| {
            let starts = memmem::find_iter(text.as_bytes(), word);
            starts.filter_map(|start| directive(start, word))
        })
        .collect();
    all.sort_by_key(|it| it.at);
    all
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
        if self.between.is_empty() {
            return vec![(lines, "")];
        }
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
        self.are_all(lines, |code| change(code).is_some_and(|it| it == code))
    }

    /// Whether each part of `lines` that is not blank is what `is_so` says.
    fn are_all(&self, lines: &str, is_so: impl Fn(&str) -> bool) -> bool {
        let mut parts = self.split(lines).into_iter();
        parts.all(|(code, _)| match code {
            _ if code.trim().is_empty() => true,
            _ if self.in_cells => is_so(&without_command_arguments(code)),
            _ => is_so(code),
        })
    }
}

/// The lines of `text` but for the blank ones, which Black of before 2024, and Ruff of that time, put elsewhere: none
/// below the docstring of a module.
fn lines_of(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty())
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
fn styles<'s>(source: &'s Source<'_>) -> Option<impl Iterator<Item = PyFormatOptions> + 's> {
    let text = source.text().as_bytes();
    let count = |byte: u8| memchr_iter(byte, text).count();
    let line_ending = match count(b'\r') {
        0 => LineEnding::LineFeed,
        all if all == count(b'\n') && all == memmem::find_iter(text, "\r\n").count() => {
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
    Some(widths.flat_map(move |width| {
        let plain = plain.clone().with_line_width(width);
        styles.map(|(quotes, comma)| {
            let style = plain.clone().with_quote_style(quotes);
            style.with_magic_trailing_comma(comma)
        })
    }))
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
            (
                "# fmt: off\nx = [1,2]\n# fmt: on\ny = 1\n",
                "# fmt: off\nx = [1,2]\n# fmt: on\ny =1\n",
                "# fmt: off\nx = [1,2]\n# fmt: on\ny = 1\n",
            ),
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
    fn lines_with_strings_tell_of_a_wide_file() {
        let call = |name: &str| {
            format!(
                "    {name}(\n        \"{}\", {}\n    )\n",
                "b".repeat(70),
                "c".repeat(30)
            )
        };
        let before = format!("if a:\n    f(\"{}\", {})\n", "b".repeat(70), "c".repeat(30));
        let after = before.replace("f(", "function_with_a_name(");
        let expected = format!("if a:\n{}", call("function_with_a_name"));
        let options = Options {
            line_width: None,
            ..Options::new(PythonVersion::PY311, 88)
        };
        let before = Source::parse(before, options).unwrap();
        let changed = [Changed::all(before.text(), &after)];
        assert_eq!(
            formatted_as(&before, &after, &changed).as_deref(),
            Some(expected.as_str())
        );
    }

    #[test]
    fn of_a_file_that_is_formatted_where_it_changes_the_changed_statements_are_laid_out() {
        // Far from the beginning, something is not formatted. An older formatter left no line below the docstring.
        let beginning = format!("\"\"\"A.\"\"\"\n{}", "x = 1\n".repeat(ENOUGH_BYTES / 4));
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
        laid_out("[1,2]\n# fmt: off", "g(1, 2)");
        laid_out("[1,2]\nc = 'fmt:'", "g(1, 2)");
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
    fn a_file_may_be_as_wide_as_it_is() {
        let options = Options {
            line_width: None,
            ..Options::new(PythonVersion::PY311, 88)
        };
        // A line of this width, and a statement that fits into no line of as many columns but into one of the next
        // usual width.
        for (width, broken) in [(105, 113), (114, 117), (130, 140)] {
            let line = |width: usize| format!("x = f({})\n", "b".repeat(width - 7));
            let two_lines = |width: usize| line(width).replace('(', "(\n    ").replace(')', "\n)");
            let before = format!("{}{}", line(width), two_lines(broken));
            let source = Source::parse(before.clone(), options.clone()).unwrap();
            let after = format!("{before}{}", line(broken));
            let laid_out = formatted_as(&source, &after, &[Changed::all(&before, &after)]);
            let expected = format!("{before}{}", two_lines(broken));
            assert_eq!(laid_out, Some(expected), "{width}");
        }
    }

    #[test]
    fn other_files_are_left_as_they_are() {
        let deep = format!("x = {}1{}\n", "[".repeat(5_000), "]".repeat(5_000));
        let cases = [
            ("x =1\n", "x =1\ny=2\n"),
            ("x = 1\ny = 2\r\n", "x =1\ny = 2\r\n"),
            ("x = 1\r", "x =1\r"),
            ("# fmt: off\nx = 1\n", "# fmt: off\nx =1\n"),
            ("# yapf: disable\nx = 1\n", "# yapf: disable\nx =1\n"),
            (
                "class A:\n    # fmt: off\n    x = 1\n# fmt: on\ny = 1\n",
                "class A:\n    # fmt: off\n    x =1\n# fmt: on\ny = 1\n",
            ),
            ("x = 1\n", "x = 1\ny = 2\n"),
            (deep.as_str(), "x =1\n"),
        ];
        for (before, after) in cases {
            assert_eq!(laid_out(88, before, after), None, "{before:?}");
        }
    }
}
