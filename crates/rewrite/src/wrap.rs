use asyncmend_edits::{Edit, TextRange};
use asyncmend_source::{AnyNodeRef, Path, Ranged, Shift, Source};

use crate::draft::Draft;
use crate::rename::keep_call;

/// Puts `function(..)` around the expression at `path`. Where the line would get too long, or the
/// expression has lines of its own, the expression goes on lines further in, as a formatter would
/// have it; if the statement has its lines for itself and nothing but one line follows. A comment to a tool
/// stays behind the expression, of which it speaks.
pub fn wrapped(source: &Source<'_>, path: &Path<'_>, function: &str) -> Vec<Edit> {
    let range = path.node().range();
    let statement = path.statement().range();
    let one_line = source.is_on_one_line(range);
    let length = source.code_length(range.start());
    let fits = length + function.chars().count() + 2 <= source.line_width()
        || length > source.line_width();
    let begins_statement = source.is_alone_on_its_lines(statement)
        && source.line_start(range.start()) == source.line_start(statement.start())
        && source.is_on_one_line(TextRange::new(
            range.end(),
            statement.end().max(range.end()),
        ));
    if !begins_statement || !path.is_outermost() || (one_line && fits) {
        return vec![
            Edit::insert(range.start(), format!("{function}(")),
            Edit::insert(range.end(), ")"),
        ];
    }
    let outer = source.indentation(statement.start()).to_string();
    let unit = source.indent_unit(path);
    let inner = format!("{outer}{unit}");
    let pragma = source.pragma_behind(range.end()).filter(|pragma| {
        let between = TextRange::new(range.end(), pragma.start());
        source.slice(between).trim().is_empty()
    });
    let mut draft = Draft::new(source, range.cover(pragma.unwrap_or(range)));
    draft.write(&format!("{function}(\n{inner}"));
    match path.node() {
        AnyNodeRef::ExprCall(call) if one_line && pragma.is_none() => {
            keep_call(
                &mut draft,
                source,
                call,
                inner.chars().count(),
                &inner,
                &unit,
            );
        }
        _ => {
            let shift = Shift {
                from: outer.clone(),
                to: inner,
            };
            draft.keep_shifted(range, &shift);
        }
    }
    if let Some(pragma) = pragma {
        draft.keep(TextRange::new(range.end(), pragma.end()));
    }
    draft.write(&format!("\n{outer})"));
    draft.into_edits()
}
