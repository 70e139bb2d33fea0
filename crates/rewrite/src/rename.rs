use asyncmend_edits::{Edit, TextRange, TextSize};
use asyncmend_source::{AnyNodeRef, Path, Ranged, Source, ast};

use crate::draft::Draft;

/// Calls `name` in place of what `call`, which stands at `path`, calls. The arguments stay as they
/// are; only where a formatter would now lay them out differently, and the call ends its statement,
/// they go to lines of their own or back onto one, unless a comment speaks to a tool of the line.
pub fn renamed(
    source: &Source<'_>,
    path: &Path<'_>,
    call: &ast::ExprCall,
    name: &str,
) -> Vec<Edit> {
    let callee = call.func.range();
    let mut plain = vec![Edit::replace(callee, name)];
    plain.extend(realigned(source, call, name));
    let statement = path.statement().range();
    if call.end() != statement.end()
        || !source.is_alone_on_its_lines(statement)
        || source.pragma_behind(statement.end()).is_some()
        || !call.arguments.keywords.is_empty() && has_false_keyword(call)
        || source.line_start(statement.start()) != source.line_start(callee.end())
    {
        return plain;
    }
    match layout(source, call, name) {
        Some(layout) => layout.edits(source, path, call, name),
        None => plain,
    }
}

/// Moves lines that are aligned with the opening parenthesis along with it: all, or where the first argument goes on
/// below its start, those of the arguments that stand below it.
fn realigned(source: &Source<'_>, call: &ast::ExprCall, name: &str) -> Vec<Edit> {
    let Some(first) = arguments(call).first().copied() else {
        return Vec::new();
    };
    if !source.is_on_one_line(TextRange::new(call.start(), first.start())) {
        return Vec::new();
    }
    let aligned = source.column(first.start());
    let blanks = |line: TextSize| {
        let indent = source.indentation(line);
        indent.chars().all(|c| c == ' ').then_some(indent.len())
    };
    let is_behind = |line: &TextSize| blanks(*line).is_some_and(|columns| columns >= aligned);
    let mut lines = source.layout_lines(call.range());
    if !lines.iter().all(is_behind) {
        let below = arguments(call).into_iter().find(|argument| {
            let line = source.line_start(argument.start());
            lines.contains(&line)
                && blanks(line) == Some(aligned)
                && source.column(argument.start()) == aligned
        });
        let Some(below) = below else {
            return Vec::new();
        };
        lines.retain(|line| *line >= source.line_start(below.start()));
    }
    if !lines.iter().all(is_behind) {
        return Vec::new();
    }
    let old = source.slice(call.func.range()).chars().count();
    let new = name.chars().count();
    lines
        .into_iter()
        .map(|line| {
            if new >= old {
                return Edit::insert(line, " ".repeat(new - old));
            }
            let surplus = TextSize::try_from(old - new).expect("the length of a name");
            Edit::delete(TextRange::at(line, surplus))
        })
        .collect()
}

/// `return_exceptions=False` is removed by another edit of the same patch.
fn has_false_keyword(call: &ast::ExprCall) -> bool {
    call.arguments
        .keywords
        .iter()
        .any(|keyword| keyword.arg.as_deref() == Some("return_exceptions"))
}

enum Layout {
    /// All on one line.
    Joined,
    /// The arguments on a line of their own.
    Body,
    /// An argument a line.
    Exploded,
}

/// The layout that the call would get from a formatter, where it is not the one that it has.
fn layout(source: &Source<'_>, call: &ast::ExprCall, name: &str) -> Option<Layout> {
    let arguments = arguments(call);
    let (first, last) = (*arguments.first()?, *arguments.last()?);
    let inside = brackets(call);
    if source.has_comment_in(inside) {
        return None;
    }
    let after_last = TextRange::new(last.end(), inside.end());
    let trailing_comma = source.slice(after_last).contains(',');
    let each_on_one_line = arguments.iter().all(|range| source.is_on_one_line(*range));
    if trailing_comma || !each_on_one_line {
        return None;
    }
    let columns = |text: &str| text.chars().count();
    let joined: usize = arguments
        .iter()
        .map(|range| columns(source.slice(*range)))
        .sum::<usize>()
        + 2 * (arguments.len() - 1);
    let head = source.column(call.func.start()) + columns(name) + 1;
    let was_one_line = source.is_on_one_line(call.range());
    let fits = head + joined < source.line_width();
    let body_on_one_line = source.is_on_one_line(TextRange::new(first.start(), last.end()));
    match (was_one_line, fits) {
        (true, false) if source.line_length(call.start()) <= source.line_width() => {
            let indent = columns(source.indentation(call.start())) + 4;
            if indent + joined <= source.line_width() {
                Some(Layout::Body)
            } else {
                Some(Layout::Exploded)
            }
        }
        (false, true) if body_on_one_line && source.slice(inside).starts_with(['\n', '\r']) => {
            Some(Layout::Joined)
        }
        _ => None,
    }
}

impl Layout {
    fn edits(
        self,
        source: &Source<'_>,
        path: &Path<'_>,
        call: &ast::ExprCall,
        name: &str,
    ) -> Vec<Edit> {
        let outer = source.indentation(call.start()).to_string();
        let inner = format!("{outer}{}", source.indent_unit(path));
        let (before, between, after) = match self {
            Layout::Joined => (String::new(), ", ".to_string(), String::new()),
            Layout::Body => (format!("\n{inner}"), ", ".to_string(), format!("\n{outer}")),
            Layout::Exploded => (
                format!("\n{inner}"),
                format!(",\n{inner}"),
                format!(",\n{outer}"),
            ),
        };
        let mut draft = Draft::new(source, call.range());
        draft.write(&format!("{name}({before}"));
        for (index, range) in arguments(call).into_iter().enumerate() {
            if index > 0 {
                draft.write(&between);
            }
            draft.keep(range);
        }
        draft.write(&format!("{after})"));
        draft.into_edits()
    }
}

/// Writes `before` and `after` around the argument at `path`. Where the line gets too long, and the
/// call is a statement on a line of its own, the arguments go to a line of their own, or each does.
pub fn argument_between(
    source: &Source<'_>,
    path: &Path<'_>,
    before: &str,
    after: &str,
) -> Vec<Edit> {
    let argument = path.node().range();
    let statement = path.statement().range();
    let columns = before.chars().count() + after.chars().count();
    let length = source.line_length(statement.start());
    match path.parent() {
        Some(AnyNodeRef::ExprCall(call))
            if call.range() == statement
                && source.is_alone_on_its_lines(statement)
                && source.is_on_one_line(statement)
                && source.pragma_behind(statement.end()).is_none()
                && length <= source.line_width()
                && length + columns > source.line_width() =>
        {
            let outer = source.indentation(statement.start()).to_string();
            let inner = format!("{outer}{}", source.indent_unit(path));
            let mut draft = Draft::new(source, statement);
            draft.keep(TextRange::new(call.start(), brackets(call).start()));
            let arguments = arguments(call);
            let all = arguments.iter().copied().reduce(TextRange::cover);
            let all = source.slice(all.unwrap_or(argument)).chars().count();
            let one_line = inner.chars().count() + all + columns <= source.line_width();
            let (between, last) = if one_line {
                (", ".to_string(), "")
            } else {
                (format!(",\n{inner}"), ",")
            };
            draft.write(&format!("\n{inner}"));
            for (index, range) in arguments.into_iter().enumerate() {
                if index > 0 {
                    draft.write(&between);
                }
                if range == argument {
                    draft.write(before).keep(range).write(after);
                } else {
                    draft.keep(range);
                }
            }
            draft.write(last);
            draft.write(&format!("\n{outer})"));
            draft.into_edits()
        }
        _ => vec![
            Edit::insert(argument.start(), before),
            Edit::insert(argument.end(), after),
        ],
    }
}

/// Keeps a call that lies on one line, and begins at `column` of a line with the indentation
/// `indent`; its arguments go to lines of their own where it would not fit.
pub fn keep_call(
    draft: &mut Draft<'_, '_>,
    source: &Source<'_>,
    call: &ast::ExprCall,
    column: usize,
    indent: &str,
    unit: &str,
) {
    let columns = |range: TextRange| source.slice(range).chars().count();
    let arguments = arguments(call);
    let (Some(first), Some(last)) = (arguments.first(), arguments.last()) else {
        draft.keep(call.range());
        return;
    };
    if column + columns(call.range()) <= source.line_width() {
        draft.keep(call.range());
        return;
    }
    let inner = format!("{indent}{unit}");
    let body = TextRange::new(first.start(), last.end());
    draft.keep(TextRange::new(call.start(), brackets(call).start()));
    let start = inner.chars().count();
    if start + columns(body) <= source.line_width() {
        draft.write(&format!("\n{inner}")).keep(body);
    } else if let ([ast::Expr::Call(only)], []) =
        (&call.arguments.args[..], &call.arguments.keywords[..])
    {
        draft.write(&format!("\n{inner}"));
        keep_call(draft, source, only, start, &inner, unit);
    } else {
        for range in &arguments {
            draft.write(&format!("\n{inner}")).keep(*range).write(",");
        }
    }
    draft.write(&format!("\n{indent})"));
}

/// The arguments and keywords, in the order of the file.
fn arguments(call: &ast::ExprCall) -> Vec<TextRange> {
    call.arguments
        .iter_source_order()
        .map(|argument| argument.range())
        .collect()
}

/// The text between the parentheses of the call.
fn brackets(call: &ast::ExprCall) -> TextRange {
    let range = call.arguments.range();
    TextRange::new(
        range.start() + TextSize::of('('),
        range.end() - TextSize::of(')'),
    )
}
