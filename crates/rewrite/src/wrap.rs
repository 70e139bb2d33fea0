use asyncmend_edits::Edit;
use asyncmend_source::{Path, Ranged, Shift, Source};

use crate::draft::Draft;

/// Puts `function(..)` around the expression at `path`. Where the line would get too long, or the
/// expression has lines of its own, the expression goes on lines further in, as a formatter would
/// have it; if nothing else of the statement stands in the way of that.
pub fn wrapped(source: &Source<'_>, path: &Path<'_>, function: &str) -> Vec<Edit> {
    let range = path.node().range();
    let statement = path.statement().range();
    let inline = vec![
        Edit::insert(range.start(), format!("{function}(")),
        Edit::insert(range.end(), ")"),
    ];
    let added = function.chars().count() + 2;
    let one_line = source.is_on_one_line(range);
    let ends_statement = range.end() == statement.end();
    let fits = source.column(range.end()) + added <= source.line_width()
        || source.line_length(range.start()) > source.line_width();
    if !ends_statement
        || !source.is_alone_on_its_lines(statement)
        || source.line_start(range.start()) != source.line_start(statement.start())
        || (one_line && fits)
    {
        return inline;
    }
    let outer = source.indentation(statement.start()).to_string();
    let inner = format!("{outer}{}", source.indent_unit(path));
    let shift = Shift {
        from: outer.clone(),
        to: inner.clone(),
    };
    let mut draft = Draft::new(source, range);
    draft.write(&format!("{function}(\n{inner}"));
    draft.keep_shifted(range, &shift);
    draft.write(&format!("\n{outer})"));
    draft.into_edits()
}
