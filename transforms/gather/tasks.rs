//! The text of a statement that makes tasks in a group and takes their results.

use asyncmend_edits::{Edit, TextRange, TextSize};
use asyncmend_rewrite::{Draft, fresh_in_function};
use asyncmend_source::{AnyNodeRef, Ranged, Shift, Source, TokenKind, ast};

use super::Parts;
use super::group::Place;

/// The arguments of the call with what is between its parentheses; of the one argument `*[f(), g()]`
/// the elements.
fn arguments<'t>(source: &Source<'_>, parts: &'t Parts<'t>) -> (Vec<&'t ast::Expr>, TextRange) {
    let inside = |range: TextRange| {
        TextRange::new(
            range.start() + TextSize::of('('),
            range.end() - TextSize::of(')'),
        )
    };
    let whole = inside(parts.site.call.arguments.range());
    if let [only] = &parts.arguments[..]
        && let ast::Expr::Starred(starred) = only.expr
    {
        let elements = match &*starred.value {
            ast::Expr::List(list) => &list.elts[..],
            ast::Expr::Tuple(tuple) if tuple.parenthesized => &tuple.elts[..],
            _ => &[],
        };
        let display = starred.value.range();
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

/// Writes the statement anew.
pub(super) struct Text<'t, 's, 'a> {
    source: &'s Source<'a>,
    parts: &'t Parts<'t>,
    place: &'t Place<'t>,
    /// What the tasks are made of, and the text between the brackets around it.
    arguments: Vec<&'t ast::Expr>,
    brackets: TextRange,
    group: &'t str,
    outer: String,
    unit: String,
    tg: String,
    tasks: String,
    task: String,
}

impl<'t, 's, 'a> Text<'t, 's, 'a> {
    pub(super) fn new(
        source: &'s Source<'a>,
        parts: &'t Parts<'t>,
        place: &'t Place<'t>,
        group: &'t str,
    ) -> Self {
        let fresh = |wanted: &str| fresh_in_function(source, place.function, wanted);
        let (arguments, brackets) = arguments(source, parts);
        Self {
            source,
            parts,
            place,
            arguments,
            brackets,
            group,
            outer: source.indentation(place.statement.start()).to_string(),
            unit: source.indent_unit(&parts.site.path),
            tg: fresh("tg"),
            tasks: fresh("tasks"),
            task: fresh("task"),
        }
    }

    fn inner(&self) -> String {
        format!("{}{}", self.outer, self.unit)
    }

    /// The edits that make the block of the statement; none where a comment stands in the way.
    pub(super) fn edits(&self) -> Option<Vec<Edit>> {
        let mut draft = Draft::new(self.source, self.place.statement);
        draft.write(&format!(
            "async with {}() as {}:\n{}",
            self.group,
            self.tg,
            self.inner()
        ));
        match &self.place.targets {
            Some(targets) if self.takes_one_each(targets) => self.handles(&mut draft, targets),
            _ => self.list(&mut draft)?,
        }
        Some(draft.into_edits())
    }

    /// Whether each of `targets` takes the result of one argument.
    fn takes_one_each(&self, targets: &[&str]) -> bool {
        targets.len() == self.arguments.len()
            && !self
                .arguments
                .iter()
                .any(|argument| argument.is_starred_expr())
            && !self.has_comments()
    }

    fn has_comments(&self) -> bool {
        self.source.has_comment_in(self.brackets)
    }

    /// A task of its own name for each target.
    fn handles(&self, draft: &mut Draft<'_, '_>, targets: &[&str]) {
        let inner = self.inner();
        let mut handles: Vec<String> = Vec::new();
        for target in targets {
            let target = target.trim_start_matches('_');
            let handle = (1..=u32::MAX)
                .map(|number| match number {
                    1 => format!("{target}_task"),
                    _ => format!("{target}_task{number}"),
                })
                .map(|wanted| fresh_in_function(self.source, self.place.function, &wanted))
                .find(|handle| !handles.contains(handle))
                .expect("there are more numbers than targets");
            handles.push(handle);
        }
        for (index, (argument, handle)) in self.arguments.iter().zip(&handles).enumerate() {
            if index > 0 {
                draft.write(&format!("\n{inner}"));
            }
            let start = format!("{handle} = {}.create_task(", self.tg);
            self.call_around(draft, argument, &inner, &start, 0);
        }
        let results: Vec<String> = handles
            .iter()
            .map(|handle| format!("{handle}.result()"))
            .collect();
        let outer = &self.outer;
        let line = format!("{}{}", self.place.head, results.join(", "));
        if width(outer) + width(&line) <= self.source.line_width() {
            draft.write(&format!("\n{outer}{line}"));
        } else {
            let lines = results.join(&format!(",\n{inner}"));
            draft.write(&format!(
                "\n{outer}{}(\n{inner}{lines},\n{outer})",
                self.place.head
            ));
        }
    }

    /// `start` + the expression + `)`: on one line where it fits with `after` more columns, else
    /// with the expression on lines of its own.
    fn call_around(
        &self,
        draft: &mut Draft<'_, '_>,
        expr: &ast::Expr,
        indent: &str,
        start: &str,
        after: usize,
    ) {
        let source = self.source;
        let range = expr.range();
        let line = width(indent) + width(start) + width(source.slice(range)) + 1 + after;
        if source.is_on_one_line(range) && line <= source.line_width() {
            draft.write(start).keep(range).write(")");
            return;
        }
        let inner = format!("{indent}{}", self.unit);
        let shift = Shift {
            from: source.indentation(range.start()).to_string(),
            to: inner.clone(),
        };
        draft.write(&format!("{start}\n{inner}"));
        draft.keep_shifted(range, &shift);
        draft.write(&format!("\n{indent})"));
    }

    /// One list of tasks, and what becomes of their results.
    fn list(&self, draft: &mut Draft<'_, '_>) -> Option<()> {
        match &self.arguments[..] {
            [only] if only.is_starred_expr() => self.unpacked(draft, only)?,
            _ if self.has_comments() => self.verbatim(draft)?,
            _ => self.display(draft),
        }
        let (outer, task, tasks) = (&self.outer, &self.task, &self.tasks);
        if self.place.is_used {
            let (head, tail) = (&self.place.head, &self.place.tail);
            let results = format!("{task}.result() for {task} in {tasks}");
            let listed = format!("[{results}]");
            let fits = |text: &str| {
                let mut lines = text.lines();
                lines.all(|line| width(line) <= self.source.line_width())
            };
            let value = if is_given_to_builtin(self.source, self.parts) {
                &results
            } else {
                &listed
            };
            let whole = format!("{outer}{head}{value}{tail}");
            let inner = self.inner();
            if fits(&whole) {
                draft.write(&format!("\n{whole}"));
            } else if self.place.is_part {
                let name = fresh_in_function(self.source, self.place.function, "results");
                let (first, second) = (
                    format!("{outer}{name} = {listed}"),
                    format!("{outer}{head}{name}{tail}"),
                );
                if !fits(&first) || !fits(&second) {
                    return None;
                }
                draft.write(&format!("\n{first}\n{second}"));
            } else {
                draft.write(&format!("\n{outer}{head}[\n{inner}{results}\n{outer}]"));
            }
        } else {
            // Asked for, as otherwise nobody would learn that a child was cancelled.
            let inner = self.inner();
            draft.write(&format!(
                "\n{outer}for {task} in {tasks}:\n{inner}{task}.result()"
            ));
        }
        Some(())
    }

    fn create_task(&self) -> String {
        format!("{}.create_task(", self.tg)
    }

    /// `tasks = [...]` for the one argument `*iterable`.
    fn unpacked(&self, draft: &mut Draft<'_, '_>, argument: &ast::Expr) -> Option<()> {
        let ast::Expr::Starred(starred) = argument else {
            return None;
        };
        let tasks = format!("{} = [", self.tasks);
        let (element, generators) = match &*starred.value {
            ast::Expr::ListComp(comprehension) => (&comprehension.elt, &comprehension.generators),
            ast::Expr::Generator(generator) => (&generator.elt, &generator.generators),
            other => {
                if self.has_comments() || names_something(other) {
                    return None;
                }
                let coro = fresh_in_function(self.source, self.place.function, "coro");
                let (open, close) = parentheses(other);
                draft.write(&format!(
                    "{tasks}{}{coro}) for {coro} in {open}",
                    self.create_task()
                ));
                let shift = Shift {
                    from: self.source.indentation(other.start()).to_string(),
                    to: self.inner(),
                };
                draft.keep_shifted(other.range(), &shift);
                draft.write(&format!("{close}]"));
                return Some(());
            }
        };
        let first = generators.first()?;
        let end = generators.last()?.end();
        let content = TextRange::new(element.start(), end);
        let outside = [
            TextRange::new(self.brackets.start(), element.start()),
            TextRange::new(element.end(), first.start()),
            TextRange::new(end, self.brackets.end()),
        ];
        let source = self.source;
        let is_bare = source.slice(outside[1]).trim().is_empty()
            && matches!(
                source
                    .slice(outside[0])
                    .replace(char::is_whitespace, "")
                    .as_str(),
                "*[" | "*("
            );
        if !is_bare || outside.iter().any(|gap| source.has_comment_in(*gap)) {
            return None;
        }
        let inner = self.inner();
        let one_line = source.is_on_one_line(content);
        let added = width(&self.create_task()) + 1;
        let length = width(source.slice(content)) + added;
        if one_line && width(&inner) + width(&tasks) + length < source.line_width() {
            draft.write(&format!("{tasks}{}", self.create_task()));
            draft.keep(element.range()).write(")");
            draft.keep(TextRange::new(element.end(), end)).write("]");
            return Some(());
        }
        let deeper = format!("{inner}{}", self.unit);
        draft.write(&format!("{tasks}\n{deeper}"));
        let whole = one_line && width(&deeper) + length <= source.line_width();
        if whole {
            draft.write(&self.create_task());
            draft.keep(element.range()).write(")");
            draft.keep(TextRange::new(element.end(), end));
        } else {
            self.call_around(draft, element, &deeper, &self.create_task(), 0);
            self.clauses(draft, generators, &deeper);
        }
        draft.write(&format!("\n{inner}]"));
        Some(())
    }

    /// Each `for` and `if` of a comprehension on a line of its own.
    fn clauses(&self, draft: &mut Draft<'_, '_>, generators: &[ast::Comprehension], indent: &str) {
        let source = self.source;
        for generator in generators {
            let loop_end = generator.ifs.first().map_or(generator.end(), |first| {
                keyword_before(source, first.start())
            });
            let mut starts = vec![(generator.start(), loop_end)];
            for (index, condition) in generator.ifs.iter().enumerate() {
                let end = generator
                    .ifs
                    .get(index + 1)
                    .map_or(generator.end(), |next| keyword_before(source, next.start()));
                starts.push((keyword_before(source, condition.start()), end));
            }
            for (start, end) in starts {
                let text = source.slice(TextRange::new(start, end));
                let trimmed = TextSize::of(text.trim_end());
                let range = TextRange::at(start, trimmed);
                let shift = Shift {
                    from: source.indentation(start).to_string(),
                    to: indent.to_string(),
                };
                draft.write(&format!("\n{indent}"));
                draft.keep_shifted(range, &shift);
            }
        }
    }

    /// `tasks = [...]` with each argument at its place, on one line or one line each.
    fn display(&self, draft: &mut Draft<'_, '_>) {
        let source = self.source;
        let inner = self.inner();
        let head = format!("{} = [", self.tasks);
        let on_one_line = self
            .arguments
            .iter()
            .all(|argument| source.is_on_one_line(argument.range()));
        let content: usize = self
            .arguments
            .iter()
            .map(|argument| width(source.slice(argument.range())) + self.added(argument))
            .sum::<usize>()
            + 2 * (self.arguments.len() - 1);
        let fits = on_one_line
            && !self.has_trailing_comma()
            && width(&inner) + width(&head) + content < source.line_width();
        draft.write(&head);
        let deeper = format!("{inner}{}", self.unit);
        for (index, argument) in self.arguments.iter().enumerate() {
            if fits {
                draft.write(if index > 0 { ", " } else { "" });
                self.element(draft, argument, None);
            } else {
                draft.write(&format!("\n{deeper}"));
                self.element(draft, argument, Some(&deeper));
                draft.write(",");
            }
        }
        draft.write(&if fits {
            "]".to_string()
        } else {
            format!("\n{inner}]")
        });
    }

    fn has_trailing_comma(&self) -> bool {
        let last = self.arguments.last().map(Ranged::end);
        last.is_some_and(|end| {
            let rest = TextRange::new(end, self.brackets.end());
            self.source.slice(rest).contains(',')
        })
    }

    /// How much longer an argument gets as an element of the list of tasks.
    fn added(&self, argument: &ast::Expr) -> usize {
        let call = width(&self.create_task()) + 1;
        match argument {
            ast::Expr::Starred(starred) if comprehension(&starred.value).is_none() => {
                call + width("[coro for coro in ]")
            }
            _ => call,
        }
    }

    /// One argument as an element of the list of tasks; on lines from `indent` on, if given.
    fn element(&self, draft: &mut Draft<'_, '_>, argument: &ast::Expr, indent: Option<&str>) {
        let start = self.create_task();
        let ast::Expr::Starred(starred) = argument else {
            match indent {
                Some(indent) => self.call_around(draft, argument, indent, &start, 1),
                None => {
                    draft.write(&start).keep(argument.range()).write(")");
                }
            }
            return;
        };
        let shift = indent.map(|indent| Shift {
            from: self.source.indentation(argument.start()).to_string(),
            to: indent.to_string(),
        });
        let keep = |draft: &mut Draft<'_, '_>, range: TextRange| match &shift {
            Some(shift) => {
                draft.keep_shifted(range, shift);
            }
            None => {
                draft.keep(range);
            }
        };
        if let Some(element) = comprehension(&starred.value) {
            keep(draft, TextRange::new(argument.start(), element.start()));
            draft.write(&start);
            keep(draft, element.range());
            draft.write(")");
            keep(draft, TextRange::new(element.end(), argument.end()));
        } else {
            let coro = fresh_in_function(self.source, self.place.function, "coro");
            let (open, close) = parentheses(&starred.value);
            draft.write(&format!("*[{start}{coro}) for {coro} in {open}"));
            keep(draft, starred.value.range());
            draft.write(&format!("{close}]"));
        }
    }

    /// `tasks = [...]` with everything between the brackets where it is, comments included.
    fn verbatim(&self, draft: &mut Draft<'_, '_>) -> Option<()> {
        let source = self.source;
        if self.parts.keyword.is_some() {
            return None;
        }
        let brackets = self.brackets;
        let shift = Shift {
            from: source.indentation(brackets.end()).to_string(),
            to: self.inner(),
        };
        draft.write(&format!("{} = [", self.tasks));
        let mut done = brackets.start();
        for argument in &self.arguments {
            let range = argument.range();
            draft.keep_shifted(TextRange::new(done, range.start()), &shift);
            self.verbatim_element(draft, argument, &shift)?;
            done = range.end();
        }
        draft.keep_shifted(TextRange::new(done, brackets.end()), &shift);
        draft.write("]");
        Some(())
    }

    fn verbatim_element(
        &self,
        draft: &mut Draft<'_, '_>,
        argument: &ast::Expr,
        shift: &Shift,
    ) -> Option<()> {
        let element = match argument {
            ast::Expr::Starred(starred) => comprehension(&starred.value)?,
            other => other,
        };
        draft.keep_shifted(TextRange::new(argument.start(), element.start()), shift);
        let indent = self.source.indentation(element.start());
        let starts_line = self.source.column(element.start()) == indent.chars().count();
        if self.source.is_on_one_line(element.range()) || !starts_line {
            draft.write(&self.create_task());
            draft.keep_shifted(element.range(), shift).write(")");
        } else {
            let rest = indent.strip_prefix(shift.from.as_str()).unwrap_or("");
            let indent = format!("{}{rest}", shift.to);
            self.call_around(draft, element, &indent, &self.create_task(), 1);
        }
        draft.keep_shifted(TextRange::new(element.end(), argument.end()), shift);
        Some(())
    }
}

/// Whether the value is all that a builtin is given which makes a collection of it, so that a generator
/// will do.
fn is_given_to_builtin(source: &Source<'_>, parts: &Parts<'_>) -> bool {
    let Some(AnyNodeRef::ExprCall(call)) = parts.site.path.up().and_then(|path| path.parent())
    else {
        return false;
    };
    call.arguments.len() == 1
        && call.arguments.keywords.is_empty()
        && source.is_builtin(&call.func, &["frozenset", "list", "set", "tuple"])
}

/// Where the `if` before a condition starts, parentheses looked through.
fn keyword_before(source: &Source<'_>, condition: TextSize) -> TextSize {
    source
        .tokens()
        .before(condition)
        .iter()
        .rev()
        .find(|token| token.kind() == TokenKind::If)
        .map_or(condition, |token| token.range().start())
}

/// The element of a comprehension or generator expression.
fn comprehension(iterable: &ast::Expr) -> Option<&ast::Expr> {
    match iterable {
        ast::Expr::ListComp(comprehension) => Some(&comprehension.elt),
        ast::Expr::SetComp(comprehension) => Some(&comprehension.elt),
        ast::Expr::Generator(generator) => Some(&generator.elt),
        _ => None,
    }
}

/// Whether an expression holds a walrus, which the iterable of a comprehension must not.
pub(super) fn names_something(iterable: &ast::Expr) -> bool {
    ast::helpers::any_over_expr(iterable, &|expr: &ast::Expr| expr.is_named_expr())
}

/// The parentheses that an expression needs after `in`.
fn parentheses(iterable: &ast::Expr) -> (&'static str, &'static str) {
    match iterable {
        ast::Expr::If(_) | ast::Expr::Lambda(_) | ast::Expr::Named(_) => ("(", ")"),
        _ => ("", ""),
    }
}

/// The columns of a text without line ends.
fn width(text: &str) -> usize {
    text.chars().count()
}
