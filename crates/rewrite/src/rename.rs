use asyncmend_edits::{Edit, TextLen, TextRange, TextSize};
use asyncmend_source::{AnyNodeRef, Path, Ranged, Source, TokenKind, ast};

use crate::draft::Draft;

/// Calls `name` in place of what `call`, which stands at `path`, calls, without the keyword `dropped`, where there is
/// one. The other arguments stay as they are; only where a formatter would now lay them out differently, and the call
/// ends its statement, they go to lines of their own or back onto one, unless a comment speaks to a tool of the line.
pub fn renamed(
    source: &Source<'_>,
    path: &Path<'_>,
    call: &ast::ExprCall,
    name: &str,
    dropped: Option<&ast::Keyword>,
) -> Vec<Edit> {
    let renaming = Renaming {
        source,
        call,
        name,
        dropped: dropped.map(|it| dropped_range(source, call, it)),
        arguments: (arguments(call).into_iter())
            .filter(|range| dropped.is_none_or(|it| it.range() != *range))
            .collect(),
    };
    let statement = path.statement().range();
    if call.end() != statement.end()
        || !source.is_alone_on_its_lines(statement)
        || source.pragma_behind(statement.end()).is_some()
        || source.line_start(statement.start()) != source.line_start(call.func.end())
    {
        return renaming.plain();
    }
    match renaming.layout() {
        Some(layout) => renaming.laid_out(&layout, path),
        None => renaming.plain(),
    }
}

/// What goes with `keyword` of `call`: the comma that parts it from its neighbours and, where a comment stands between
/// them, the line that is left empty. The comment stays.
fn dropped_range(source: &Source<'_>, call: &ast::ExprCall, keyword: &ast::Keyword) -> TextRange {
    let comma_in = |range: TextRange| {
        let tokens = source.tokens().in_range(range);
        let comma = tokens.iter().find(|it| it.kind() == TokenKind::Comma);
        comma.map(Ranged::range)
    };
    let inside = brackets(call);
    let others = arguments(call);
    let before = others.iter().rfind(|it| it.end() <= keyword.start());
    let after = others.iter().find(|it| it.start() >= keyword.end());
    let gap = match (before, after) {
        (Some(before), _) => comma_in(TextRange::new(before.end(), keyword.start()))
            .map(|comma| TextRange::new(comma.start(), keyword.end())),
        (None, Some(after)) => Some(TextRange::new(keyword.start(), after.start())),
        (None, None) => Some(inside),
    };
    if let Some(gap) = gap.filter(|it| !source.has_comment_in(*it)) {
        return gap;
    }
    let rest = TextRange::new(keyword.end(), after.map_or(inside.end(), Ranged::start));
    let end = comma_in(rest).map_or(keyword.end(), TextRange::end);
    if !source.begins_its_line(keyword.start()) {
        return TextRange::new(keyword.start(), end);
    }
    let behind = source.slice(TextRange::new(end, source.line_end(end)));
    match behind.trim_start() {
        "" => TextRange::new(
            source.line_start(keyword.start()),
            source.next_line_start(end),
        ),
        rest => TextRange::new(keyword.start(), end + behind.text_len() - rest.text_len()),
    }
}

/// A call that gets another name.
struct Renaming<'a, 's> {
    source: &'a Source<'s>,
    call: &'a ast::ExprCall,
    /// The name that it gets.
    name: &'a str,
    /// What goes of its arguments.
    dropped: Option<TextRange>,
    /// Those that stay, in the order of the file.
    arguments: Vec<TextRange>,
}

impl Renaming<'_, '_> {
    /// The edits that leave the arguments where they are.
    fn plain(&self) -> Vec<Edit> {
        let mut edits = vec![Edit::replace(self.call.func.range(), self.name)];
        let stays = |edit: &Edit| {
            let start = edit.range.start();
            self.dropped
                .is_none_or(|it| start < it.start() || start >= it.end())
        };
        edits.extend(
            realigned(self.source, self.call, self.name)
                .into_iter()
                .filter(stays),
        );
        edits.extend(self.dropped.map(Edit::delete));
        edits
    }

    /// The layout that the call would get from a formatter, where it is not the one that it has.
    fn layout(&self) -> Option<Layout> {
        let (source, call, arguments) = (self.source, self.call, &self.arguments);
        let (first, last) = (*arguments.first()?, *arguments.last()?);
        let inside = brackets(call);
        if source.has_comment_in(inside) {
            return None;
        }
        let after_last = TextRange::new(last.end(), inside.end());
        let trailing_comma = match self.dropped {
            Some(dropped) if after_last.contains_range(dropped) => [
                TextRange::new(last.end(), dropped.start()),
                TextRange::new(dropped.end(), inside.end()),
            ]
            .into_iter()
            .any(|it| source.slice(it).contains(',')),
            _ => source.slice(after_last).contains(','),
        };
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
        let head = source.column(call.func.start()) + columns(self.name) + 1;
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

    /// The edits that lay the arguments out so.
    fn laid_out(&self, layout: &Layout, path: &Path<'_>) -> Vec<Edit> {
        let (source, call, name) = (self.source, self.call, self.name);
        let outer = source.indentation(call.start()).to_string();
        let inner = format!("{outer}{}", source.indent_unit(path));
        let (before, between, after) = match layout {
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
        for (index, range) in self.arguments.iter().enumerate() {
            if index > 0 {
                draft.write(&between);
            }
            draft.keep(*range);
        }
        draft.write(&format!("{after})"));
        draft.into_edits()
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

enum Layout {
    /// All on one line.
    Joined,
    /// The arguments on a line of their own.
    Body,
    /// An argument a line.
    Exploded,
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
