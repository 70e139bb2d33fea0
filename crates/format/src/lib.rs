//! Keeps formatted files formatted: where a file is laid out as Ruff's formatter would, so is what
//! becomes of it.

use asyncmend_source::{Ranged, Source, TextLen, TextRange, nests_deeper};
use ruff_formatter::printer::LineEnding;
use ruff_formatter::{IndentStyle, IndentWidth, LineWidth};
use ruff_python_formatter::{
    MagicTrailingComma, PyFormatOptions, QuoteStyle, format_module_source,
};

/// As much of a file as is formatted first, to see whether the rest is worth it.
const ENOUGH_BYTES: usize = 4 << 10;

/// How deep code may nest: the formatter recurses.
const MAX_NESTING: usize = 200;

/// `after` as the formatter leaves it that `before` was formatted with; `None` where that was none that is
/// known here, or where there is nothing to do.
///
/// Which formatter that was is told by the file itself: the style is one that changes nothing in it.
/// `before` gives the line length, which is the project's.
pub fn formatted_as(before: &Source<'_>, after: &Source<'_>) -> Option<String> {
    if nests_deeper(before.body(), MAX_NESTING) || nests_deeper(after.body(), MAX_NESTING) {
        return None;
    }
    let leaves =
        |text: &str, style: &PyFormatOptions| format(text, style).is_some_and(|it| it == text);
    let beginning = beginning(before);
    let style = styles(before)?
        .into_iter()
        .find(|style| leaves(beginning, style) && leaves(before.text(), style))?;
    format(after.text(), &style).filter(|text| text != after.text())
}

/// The first statements of a file: most that are not formatted show it there.
fn beginning<'s>(source: &'s Source<'_>) -> &'s str {
    let mut ends = source.body().iter().map(Ranged::end);
    let end = ends.find(|end| end.to_usize() >= ENOUGH_BYTES);
    let end = end.map_or(source.text().text_len(), |end| source.next_line_start(end));
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
    let plain = PyFormatOptions::default()
        .with_target_version(source.target())
        .with_line_width(LineWidth::try_from(u16::try_from(source.line_width()).ok()?).ok()?)
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
    let styles = styles.into_iter().map(|(quotes, comma)| {
        let style = plain.clone().with_quote_style(quotes);
        style.with_magic_trailing_comma(comma)
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
        formatted_as(&parse(before), &parse(after))
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
    fn lines_are_as_long_as_the_project_has_them() {
        let before = "x = 1\n";
        let after = "x = [aaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbb]\n";
        assert_eq!(laid_out(60, before, after), None);
        let expected = "x = [\n    aaaaaaaaaaaaaaaaaaaa,\n    bbbbbbbbbbbbbbbbbbbb,\n]\n";
        assert_eq!(laid_out(40, before, after).as_deref(), Some(expected));
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
