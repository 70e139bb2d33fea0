//! The text of a statement that makes tasks in a group and takes their results.

use asyncmend_edits::{Edit, TextRange, TextSize};
use asyncmend_rewrite::{Draft, first_fresh_in_function};
use asyncmend_source::{AnyNodeRef, Ranged, Shift, Source, ast, binds_names};

use super::Parts;
use super::awaitables::{Addition, Way, spawned};
use super::built::{Built, collected};
use super::group::Place;
use super::layout::{Layout, collection, comprehension, parentheses, width};
use crate::locals::{Local, Locals};

/// The arguments of the call with what is between its parentheses; of the one argument `*[f(), g()]`
/// the elements.
pub(super) fn arguments<'t>(
    source: &Source<'_>,
    parts: &'t Parts<'_>,
) -> (Vec<&'t ast::Expr>, TextRange) {
    let whole = inside(parts.site.call.arguments.range());
    if let [only] = &parts.arguments[..]
        && let ast::Expr::Starred(starred) = only.expr
    {
        let value = collection(source, &starred.value);
        let elements = match value {
            ast::Expr::List(list) => &list.elts[..],
            ast::Expr::Tuple(tuple) if tuple.parenthesized => &tuple.elts[..],
            _ => &[],
        };
        let display = value.range();
        let outside = [
            TextRange::new(whole.start(), display.start()),
            TextRange::new(display.end(), whole.end()),
        ];
        if !elements.is_empty() && !outside.iter().any(|gap| source.has_comment_in(*gap)) {
            return (elements.iter().collect(), inside(display));
        }
    }
    let arguments = parts.arguments.iter().map(|argument| argument.expr);
    (arguments.collect(), whole)
}

/// What lies between the brackets at both ends of `range`.
fn inside(range: TextRange) -> TextRange {
    TextRange::new(
        range.start() + TextSize::of('('),
        range.end() - TextSize::of(')'),
    )
}

/// What a comprehension that makes tasks of coroutines calls each of them. It has a scope of its own, so that a
/// local of that name is no obstacle.
const COROUTINE: &str = "coro";

/// Whether one of `arguments`, each of which may be what is gone through, names `name`.
fn is_named(source: &Source<'_>, arguments: &[&ast::Expr], name: &str) -> bool {
    let mut words = source.words(name);
    words.any(|word| (arguments.iter()).any(|it| it.range().contains_range(word)))
}

/// Writes the statement anew.
pub(super) struct Text<'t, 's, 'a> {
    source: &'s Source<'a>,
    parts: &'t Parts<'t>,
    place: &'t Place<'t>,
    layout: Layout<'s, 'a>,
    /// What the tasks are made of, and the text between the brackets around it.
    arguments: Vec<&'t ast::Expr>,
    brackets: TextRange,
    group: &'t str,
    outer: String,
    tasks: String,
    task: String,
    /// The results, where they have to have a name.
    results: String,
    /// The tasks, where each target takes the result of one.
    handles: Option<Vec<Local>>,
    /// What decides about the type of the results.
    holds: String,
    is_built: bool,
}

impl<'t, 's, 'a> Text<'t, 's, 'a> {
    /// The text for `place`, and for the building of the list before it, if that is given.
    pub(super) fn new(
        source: &'s Source<'a>,
        locals: &Locals,
        parts: &'t Parts<'t>,
        place: &'t Place<'t>,
        group: &'t str,
        built: Option<&Built<'_>>,
    ) -> Self {
        let (arguments, brackets) = arguments(source, parts);
        let holds = results(source, locals, &arguments);
        let fresh =
            |wanted: &[&str], holds: &str| locals.fresh(source, place.function, wanted, holds);
        let start = built
            .map_or(place.statement, |built| built.range(place))
            .start();
        let takes_one_each = |targets: &&Vec<&ast::Expr>| {
            targets.len() == arguments.len()
                && !arguments.iter().any(|it| it.is_starred_expr())
                && !source.has_comment_in(brackets)
        };
        let targets = place.targets.as_ref().filter(|_| built.is_none());
        let handles = targets
            .filter(takes_one_each)
            .map(|targets| handles(source, locals, place, targets, &arguments));
        Self {
            source,
            parts,
            place,
            layout: Layout {
                source,
                unit: source.indent_unit(&parts.site.path),
                tg: fresh(&["tg"], group),
                coro: if is_named(source, &arguments, COROUTINE) {
                    fresh(&[COROUTINE], COROUTINE)
                } else {
                    COROUTINE.to_owned()
                },
            },
            group,
            outer: source.indentation(start).to_string(),
            // Many call a list of coroutines `tasks`.
            tasks: built.map_or_else(
                || fresh(&["tasks", "started"], &format!("[{holds}]")),
                |it| it.name.to_owned(),
            ),
            // A comprehension has a scope of its own.
            task: if place.is_used {
                first_fresh_in_function(source, place.function, &["task", "child"])
            } else {
                fresh(&["task", "child"], &holds)
            },
            results: fresh(&["results", "outcomes"], &format!("[{holds}]")),
            handles,
            holds,
            is_built: built.is_some(),
            arguments,
            brackets,
        }
    }

    /// The locals that it binds.
    pub(super) fn locals(self) -> Vec<Local> {
        let local = |name: &str, holds: &str| Local::new(self.place.function, name, holds);
        let mut locals = vec![local(&self.layout.tg, self.group)];
        if let Some(handles) = self.handles {
            locals.extend(handles);
            return locals;
        }
        if !self.is_built {
            locals.push(local(&self.tasks, &format!("[{}]", self.holds)));
        }
        if !self.place.is_used {
            locals.push(local(&self.task, &self.holds));
        }
        if self.place.is_part {
            locals.push(local(&self.results, &format!("[{}]", self.holds)));
        }
        locals
    }

    fn inner(&self) -> String {
        format!("{}{}", self.outer, self.layout.unit)
    }

    /// `async with ..:` and the start of its first line.
    fn open(&self) -> String {
        let (group, tg) = (self.group, &self.layout.tg);
        format!("async with {group}() as {tg}:\n{}", self.inner())
    }

    /// The edits that make the block of the statement; none where a comment stands in the way.
    pub(super) fn edits(&self) -> Option<Vec<Edit>> {
        let mut draft = Draft::new(self.source, self.place.statement);
        draft.write(&self.open());
        if let Some(handles) = &self.handles {
            self.each(&mut draft, handles);
        } else {
            self.list(&mut draft)?;
            draft.write(&format!("\n{}", self.outer));
            self.results(&mut draft)?;
        }
        Some(draft.into_edits())
    }

    /// The edits that take the building of a list into the block, where the group makes the tasks; none
    /// where a line would grow too long or a comment stands in the way.
    pub(super) fn edits_of_built(&self, built: &Built<'_>) -> Option<Vec<Edit>> {
        let source = self.source;
        let range = built.range(self.place);
        let last = built.statements.last()?.end();
        let taken_in = TextRange::new(range.start(), last);
        let shift = Shift {
            from: self.outer.clone(),
            to: self.inner(),
        };
        let fits = !source.has_comment_in(self.place.statement)
            && source.is_alone_on_its_lines(taken_in)
            && source.is_alone_on_its_lines(TextRange::new(built.target.start(), range.end()))
            && self.has_room(taken_in, built);
        if !fits {
            return None;
        }
        let mut draft = Draft::new(source, range);
        let comment = self.comment_above(built.target.start(), last);
        // What is left of a statement that does nothing else takes results alone: the comment is about the block.
        let comment =
            comment.filter(|_| !self.place.is_part && !source.has_comment_above(range.start()));
        for line in comment
            .map(|it| source.slice(it).lines())
            .into_iter()
            .flatten()
        {
            draft.write(&format!("{}\n{}", line.trim(), self.outer));
        }
        draft.write(&self.open());
        let mut done = range.start();
        for filling in &built.fillings {
            draft.keep_shifted(TextRange::new(done, filling.statement.start()), &shift);
            self.fill(&mut draft, filling, &shift)?;
            done = filling.statement.end();
        }
        draft.keep_shifted(TextRange::new(done, last), &shift);
        match comment {
            Some(comment) => {
                draft.keep(TextRange::new(last, comment.start()));
                draft.write(&self.outer);
            }
            None => {
                draft.keep(TextRange::new(last, built.target.start()));
            }
        }
        self.results(&mut draft)?;
        Some(draft.into_edits())
    }

    /// The lines of comments right above `statement`, below the line where another statement ends at `end`.
    fn comment_above(&self, statement: TextSize, end: TextSize) -> Option<TextRange> {
        let source = self.source;
        let (bottom, top) = (source.line_start(statement), source.next_line_start(end));
        let mut start = bottom;
        while start > top && source.has_comment_above(start) {
            start = source.line_start(start - TextSize::of('\n'));
        }
        (start < bottom).then(|| TextRange::new(start, bottom))
    }

    /// Whether every line of `range` may move in by one level. Those on which an element of the list stands are laid
    /// out anew, as the group makes its task: that looks at their width.
    fn has_room(&self, range: TextRange, built: &Built<'_>) -> bool {
        let source = self.source;
        let elements = built.fillings.iter().filter_map(Addition::elements);
        let elements = elements.flatten().map(Ranged::range);
        let anew: Vec<TextSize> = elements
            .filter(|it| source.is_on_one_line(*it))
            .map(|it| source.line_start(it.start()))
            .collect();
        let mut lines = source.layout_lines(range);
        lines.push(range.start());
        lines.retain(|line| !anew.contains(&source.line_start(*line)));
        lines.into_iter().all(|line| {
            let length = source.line_length(line);
            length > source.line_width() || length + width(&self.layout.unit) <= source.line_width()
        })
    }

    /// One statement that puts something into the list.
    fn fill(&self, draft: &mut Draft<'_, '_>, filling: &Addition<'_>, shift: &Shift) -> Option<()> {
        let (source, layout) = (self.source, &self.layout);
        let (statement, value) = (filling.statement, filling.value);
        let head = TextRange::new(statement.start(), value.start());
        let tail = TextRange::new(value.end(), statement.end());
        if source.has_comment_in(head) || source.has_comment_in(tail) {
            return None;
        }
        let rest = source
            .indentation(statement.start())
            .strip_prefix(&shift.from)?;
        let indent = format!("{}{rest}", shift.to);
        let head = source.slice(head).trim_end();
        let tail: String = source.slice(tail).split_whitespace().collect();
        let elements = filling.elements()?;
        let is_alone = source.is_alone_on_its_lines(statement);
        let added: usize = elements
            .iter()
            .map(|it| {
                let length = width(source.slice(it.range()));
                layout.width_of(it).saturating_sub(length)
            })
            .sum();
        let length = source.code_length(statement.end()) + width(&layout.unit) + added;
        let fits = length <= source.line_width() && source.is_on_one_line(statement);
        // A comment to a tool speaks of one line.
        if !fits && source.pragma_behind(statement.end()).is_some() {
            return None;
        }
        let is_assigned = is_alone && head.ends_with('=') && tail.is_empty();
        let is_argument = is_alone && !head.ends_with("((") && matches!(tail.as_str(), ")" | ",)");
        match (filling.way, value, &elements[..]) {
            (Way::Append, _, [only])
                if is_argument
                    && layout.is_made_already(only)
                    && !source.is_on_one_line(statement) =>
            {
                draft.keep_shifted(TextRange::new(statement.start(), only.start()), shift);
                layout.task_in_place(draft, only, shift);
                draft.keep_shifted(TextRange::new(only.end(), statement.end()), shift);
                Some(())
            }
            (Way::Append, _, [only]) if is_argument => {
                let whole = width(&indent) + width(head) + layout.width_of(only) + width(")");
                let one_line = source.is_on_one_line(only.range());
                if one_line && whole <= source.line_width() {
                    layout.task_around(draft, only, &indent, head, 1);
                    draft.write(")");
                } else {
                    let deeper = format!("{indent}{}", layout.unit);
                    draft.write(&format!("{head}\n{deeper}"));
                    layout.task_around(draft, only, &deeper, "", 0);
                    draft.write(&format!("\n{indent})"));
                }
                Some(())
            }
            (_, ast::Expr::ListComp(_), _) if is_assigned => {
                let (parts, brackets) = collected(value);
                let head = format!("{head} ");
                layout.comprehension(draft, parts?, inside(brackets), &indent, &head)
            }
            (_, ast::Expr::List(_), _) if is_assigned => {
                let brackets = inside(value.range());
                let head = format!("{head} ");
                if source.has_comment_in(brackets) {
                    return layout.verbatim(draft, &elements, brackets, &indent, &head);
                }
                layout.display(draft, &elements, brackets, &indent, &head);
                Some(())
            }
            _ => {
                if !fits {
                    return None;
                }
                let mut done = statement.start();
                for element in elements {
                    draft.keep(TextRange::new(done, element.start()));
                    layout.task(draft, element, None);
                    done = element.end();
                }
                draft.keep(TextRange::new(done, statement.end()));
                Some(())
            }
        }
    }

    fn has_comments(&self) -> bool {
        self.source.has_comment_in(self.brackets)
    }

    /// A task of its own name, one of `handles`, for each target.
    fn each(&self, draft: &mut Draft<'_, '_>, handles: &[Local]) {
        let inner = self.inner();
        for (index, (argument, handle)) in self.arguments.iter().zip(handles).enumerate() {
            if index > 0 {
                draft.write(&format!("\n{inner}"));
            }
            let before = format!("{} = ", handle.name);
            self.layout.task_around(draft, argument, &inner, &before, 0);
        }
        let results: Vec<String> = handles
            .iter()
            .map(|handle| format!("{}.result()", handle.name))
            .collect();
        let outer = &self.outer;
        let line = format!("{}{}", self.place.head, results.join(", "));
        if self.fits(&line) {
            draft.write(&format!("\n{outer}{line}"));
        } else {
            let lines = results.join(&format!(",\n{inner}"));
            draft.write(&format!(
                "\n{outer}{}(\n{inner}{lines},\n{outer})",
                self.place.head
            ));
        }
    }

    /// Whether `text`, which begins where the statement does, is within the line width.
    fn fits(&self, text: &str) -> bool {
        let mut lines = text.lines();
        let first = lines.next().map_or(0, width) + width(&self.outer);
        first <= self.source.line_width()
            && lines.all(|line| width(line) <= self.source.line_width())
    }

    /// One list of tasks.
    fn list(&self, draft: &mut Draft<'_, '_>) -> Option<()> {
        let (layout, brackets) = (&self.layout, self.brackets);
        let (inner, head) = (self.inner(), format!("{} = ", self.tasks));
        match &self.arguments[..] {
            [ast::Expr::Starred(starred)] => {
                let value = collection(self.source, &starred.value);
                let is_wrapped = value.range() != starred.value.range();
                match comprehension(value) {
                    Some(parts) if is_wrapped && !value.is_set_comp_expr() => {
                        let end = parts.1.last()?.end();
                        let content = TextRange::new(parts.0.start(), end);
                        let is_bare = !self.has_comments();
                        is_bare
                            .then(|| layout.comprehension(draft, parts, content, &inner, &head))?
                    }
                    Some(parts) if !value.is_set_comp_expr() => layout
                        .comprehension(draft, parts, brackets, &inner, &head)
                        .or_else(|| self.commented(draft, starred, parts.0)),
                    _ => self.unpacked(draft, value),
                }
            }
            _ if self.has_comments() => {
                if self.parts.keyword.is_some() {
                    return None;
                }
                layout.verbatim(draft, &self.arguments, brackets, &inner, &head)
            }
            _ => {
                layout.display(draft, &self.arguments, brackets, &inner, &head);
                Some(())
            }
        }
    }

    /// The list for the one argument `*(element for ..)`, with the comments that stand in it.
    fn commented(
        &self,
        draft: &mut Draft<'_, '_>,
        argument: &ast::ExprStarred,
        element: &ast::Expr,
    ) -> Option<()> {
        let own = argument.value.range();
        let outside = [
            TextRange::new(self.brackets.start(), own.start()),
            TextRange::new(own.end(), self.brackets.end()),
        ];
        if outside.iter().any(|gap| self.source.has_comment_in(*gap)) {
            return None;
        }
        let (inner, head) = (self.inner(), format!("{} = ", self.tasks));
        self.layout
            .verbatim(draft, &[element], inside(own), &inner, &head)
    }

    /// `tasks = [...]` for the one argument `*iterable`.
    fn unpacked(&self, draft: &mut Draft<'_, '_>, iterable: &ast::Expr) -> Option<()> {
        // The iterable of a comprehension must bind none.
        if self.has_comments() || binds_names(iterable) {
            return None;
        }
        let coro = &self.layout.coro;
        let (open, close) = parentheses(iterable);
        let (tasks, create_task) = (&self.tasks, self.layout.create_task());
        draft.write(&format!(
            "{tasks} = [{create_task}{coro}) for {coro} in {open}"
        ));
        let shift = Shift {
            from: self.source.indentation(iterable.start()).to_string(),
            to: self.inner(),
        };
        draft.keep_shifted(iterable.range(), &shift);
        draft.write(&format!("{close}]"));
        Some(())
    }

    /// Writes what becomes of the results; from the second line on with its indentation.
    fn results(&self, draft: &mut Draft<'_, '_>) -> Option<()> {
        let (outer, task, tasks) = (&self.outer, &self.task, &self.tasks);
        let inner = self.inner();
        if !self.place.is_used {
            // Asked for, as otherwise nobody would learn that a child was cancelled.
            draft.write(&format!("for {task} in {tasks}:\n{inner}{task}.result()"));
            return Some(());
        }
        let results = format!("{task}.result() for {task} in {tasks}");
        let Value {
            head,
            open,
            close,
            tail,
        } = Value::of(self.source, self.parts, self.place);
        let first = format!("{} = [{results}]", self.results);
        let has_name = self.place.is_part && self.fits(&first) && {
            let (head, tail) = (&self.place.head, &self.place.tail);
            self.fits(&format!("{head}{}{tail}", self.results))
        };
        let is_named = has_name && is_read_on_the_spot(self.source, self.parts);
        if !is_named && self.fits(&format!("{head}{open}{results}{close}{tail}")) {
            self.value(draft, head, &format!("{open}{results}{close}"), tail);
            return Some(());
        }
        if !is_named && (!self.place.is_part || !open.is_empty() && tail.is_empty()) {
            let (open, close) = if open.is_empty() {
                ("[", "]")
            } else {
                (open, close)
            };
            let value = format!("{open}\n{inner}{results}\n{outer}{close}");
            self.value(draft, head, &value, "");
            return Some(());
        }
        if !has_name {
            return None;
        }
        draft.write(&format!("{first}\n{outer}"));
        let (head, tail) = (&self.place.head, &self.place.tail);
        self.value(draft, head, &self.results, tail);
        Some(())
    }

    /// Writes `value` between what stood before and after that of the statement.
    fn value(&self, draft: &mut Draft<'_, '_>, head: &str, value: &str, tail: &str) {
        let [before, after] = self.place.around;
        draft.write_moved(head, before);
        draft.write(value).write_moved(tail, after);
    }
}

/// The tasks of `arguments`, of which each of `targets` takes one's result.
fn handles(
    source: &Source<'_>,
    locals: &Locals,
    place: &Place<'_>,
    targets: &[&ast::Expr],
    arguments: &[&ast::Expr],
) -> Vec<Local> {
    let mut handles: Vec<Local> = Vec::new();
    for (target, argument) in targets.iter().zip(arguments) {
        let word = word_for(target)
            .or_else(|| word_for_result(source, argument))
            .unwrap_or("other");
        // Some call a coroutine one.
        let wanted = match word.strip_suffix("_task") {
            Some(word) => format!("{word}_child"),
            None => format!("{}_task", word.strip_suffix("_coro").unwrap_or(word)),
        };
        let holds = result(source, locals, argument);
        let handle = (1..=u32::MAX)
            .map(|number| match number {
                1 => wanted.clone(),
                _ => format!("{wanted}{number}"),
            })
            .map(|wanted| locals.fresh(source, place.function, &[&wanted], &holds))
            .find(|handle| handles.iter().all(|it| it.name != *handle))
            .expect("there are more numbers than targets");
        handles.push(Local::new(place.function, &handle, &holds));
    }
    handles
}

/// What decides about the type of the result of the task that is made of `argument`, or of each that it unpacks.
fn result(source: &Source<'_>, locals: &Locals, argument: &ast::Expr) -> String {
    match argument {
        ast::Expr::Starred(starred) => match comprehension(collection(source, &starred.value)) {
            Some((element, _)) => result(source, locals, element),
            None => locals.result_of(source, argument),
        },
        ast::Expr::Call(call) => match &call.arguments.args[..] {
            [coroutine] if spawned(source, call) => result(source, locals, coroutine),
            _ => locals.result_of(source, argument),
        },
        argument => locals.result_of(source, argument),
    }
}

/// The same of all of `arguments`.
fn results(source: &Source<'_>, locals: &Locals, arguments: &[&ast::Expr]) -> String {
    let mut results: Vec<String> = arguments
        .iter()
        .map(|it| result(source, locals, it))
        .collect();
    results.sort_unstable();
    results.dedup();
    results.join(", ")
}

/// What the results become, and what stands around them.
struct Value<'t> {
    head: &'t str,
    /// The brackets of the comprehension; none of a generator.
    open: &'static str,
    close: &'static str,
    tail: &'t str,
}

impl<'t> Value<'t> {
    /// A list; where it would be all that a builtin is given which makes a collection of it, that collection.
    fn of(source: &Source<'_>, parts: &Parts<'_>, place: &'t Place<'_>) -> Self {
        let (head, tail) = (place.head.as_str(), place.tail.as_str());
        let plain = |open, close| Self {
            head,
            open,
            close,
            tail,
        };
        let Some(builtin) = builtin_around(source, parts) else {
            return plain("[", "]");
        };
        let (open, close) = match builtin {
            "list" => ("[", "]"),
            "set" => ("{", "}"),
            _ => return plain("", ""),
        };
        let before = (head.trim_end().strip_suffix('('))
            .and_then(|head| head.trim_end().strip_suffix(builtin));
        let after = tail.trim_start();
        let after = after.strip_prefix(',').unwrap_or(after);
        let after = after.trim_start().strip_prefix(')');
        match (before, after) {
            // Two braces are none, in an f-string.
            (Some(before), Some(after)) if !before.ends_with('{') => Self {
                head: before,
                open,
                close,
                tail: after,
            },
            _ => plain("", ""),
        }
    }
}

/// A word for what is given to `target`, if its name has one.
fn word_for(target: &ast::Expr) -> Option<&str> {
    let word = match target {
        ast::Expr::Name(name) => name.id.as_str(),
        ast::Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return None,
    };
    // Two of them in a class are a private name.
    let word = word.trim_start_matches('_');
    let is_name = !word.is_empty() && !word.starts_with(char::is_numeric);
    is_name.then_some(word)
}

/// A word for what `argument` makes: the name of what is called.
fn word_for_result<'s>(source: &Source<'_>, argument: &'s ast::Expr) -> Option<&'s str> {
    match argument {
        ast::Expr::Call(call) if spawned(source, call) => {
            word_for_result(source, call.arguments.args.first()?)
        }
        ast::Expr::Call(call) => word_for(&call.func),
        argument => word_for(argument),
    }
}

/// Whether something is taken of the list of results at once, by which a list in brackets would only be in the way, or
/// `all` or `any` is given it: those do not ask every task, as has to be done, of a generator, and linters want one.
fn is_read_on_the_spot(source: &Source<'_>, parts: &Parts<'_>) -> bool {
    let awaited = parts.awaited.node().range();
    match parts.awaited.parent() {
        Some(AnyNodeRef::ExprSubscript(subscript)) => subscript.value.range() == awaited,
        Some(AnyNodeRef::ExprAttribute(_)) => true,
        Some(AnyNodeRef::ExprCall(call)) => {
            call.arguments.len() == 1 && source.is_builtin(&call.func, &["all", "any"])
        }
        _ => false,
    }
}

/// The builtin that makes a collection of the value and is given nothing else, so that a generator will do.
fn builtin_around<'s>(source: &Source<'_>, parts: &Parts<'s>) -> Option<&'s str> {
    let Some(AnyNodeRef::ExprCall(call)) = parts.awaited.parent() else {
        return None;
    };
    let builtins = ["frozenset", "list", "set", "tuple"];
    let is_alone = call.arguments.len() == 1 && call.arguments.keywords.is_empty();
    let name = call.func.as_name_expr()?.id.as_str();
    (is_alone && source.is_builtin(&call.func, &builtins)).then_some(name)
}
