//! How lists of tasks are laid out, as a formatter would.

use asyncmend_edits::{TextRange, TextSize};
use asyncmend_rewrite::Draft;
use asyncmend_source::{Ranged, Shift, Source, TokenKind, ast};

use super::awaitables::spawned;

/// What a task is made of where it stands: text around a stretch that stays.
struct Wrapped {
    start: String,
    kept: TextRange,
    end: &'static str,
    /// Whether the stretch brings brackets in which it may go on to other lines.
    is_bracketed: bool,
}

/// Lays out tasks of one group.
pub(super) struct Layout<'s, 'a> {
    pub(super) source: &'s Source<'a>,
    /// One level of indentation.
    pub(super) unit: String,
    /// The name of the group.
    pub(super) tg: String,
    /// The name of what is unpacked into tasks.
    pub(super) coro: String,
}

impl Layout<'_, '_> {
    pub(super) fn create_task(&self) -> String {
        format!("{}.create_task(", self.tg)
    }

    /// `tg.create_task(element)`; of `asyncio.create_task(..)` another receiver.
    fn wrapped(&self, element: &ast::Expr) -> Wrapped {
        match element {
            ast::Expr::Call(call) if spawned(self.source, call) => Wrapped {
                start: format!("{}.create_task", self.tg),
                kept: call.arguments.range(),
                end: "",
                is_bracketed: true,
            },
            _ => Wrapped {
                start: self.create_task(),
                kept: element.range(),
                end: ")",
                is_bracketed: false,
            },
        }
    }

    /// The columns of the task of `element`, written on one line.
    pub(super) fn width_of(&self, element: &ast::Expr) -> usize {
        let wrapped = self.wrapped(element);
        width(&wrapped.start) + width(self.source.slice(wrapped.kept)) + width(wrapped.end)
    }

    /// The task of `element` as it stands, its lines indented anew.
    pub(super) fn task(
        &self,
        draft: &mut Draft<'_, '_>,
        element: &ast::Expr,
        shift: Option<&Shift>,
    ) {
        let wrapped = self.wrapped(element);
        draft.write(&wrapped.start);
        match shift {
            Some(shift) => draft.keep_shifted(wrapped.kept, shift),
            None => draft.keep(wrapped.kept),
        };
        draft.write(wrapped.end);
    }

    /// `before` and the task of `element`: on one line where that fits with `after` more columns, else
    /// with the element on lines of its own.
    pub(super) fn task_around(
        &self,
        draft: &mut Draft<'_, '_>,
        element: &ast::Expr,
        indent: &str,
        before: &str,
        after: usize,
    ) {
        let source = self.source;
        let wrapped = self.wrapped(element);
        let line = width(indent) + width(before) + self.width_of(element) + after;
        draft.write(before);
        if source.is_on_one_line(wrapped.kept) && line <= source.line_width() {
            self.task(draft, element, None);
            return;
        }
        let from = source.indentation(element.start()).to_string();
        if wrapped.is_bracketed {
            let column = width(indent) + width(before) + width(&wrapped.start);
            let to = indent.to_owned();
            draft.write(&wrapped.start);
            draft.keep_aligned(wrapped.kept, column, &Shift { from, to });
            draft.write(wrapped.end);
            return;
        }
        let to = format!("{indent}{}", self.unit);
        draft.write(&format!("{}\n{to}", wrapped.start));
        draft.keep_aligned(wrapped.kept, width(&to), &Shift { from, to });
        draft.write(&format!("\n{indent})"));
    }

    /// Whether the task of `element` is made by what makes one already, and takes another receiver alone.
    pub(super) fn is_made_already(&self, element: &ast::Expr) -> bool {
        self.wrapped(element).is_bracketed
    }

    /// The task of such an element where it stands, in lines that are indented anew.
    pub(super) fn task_in_place(
        &self,
        draft: &mut Draft<'_, '_>,
        element: &ast::Expr,
        shift: &Shift,
    ) {
        let wrapped = self.wrapped(element);
        let column = self.source.column(element.start()) + width(&wrapped.start);
        let column = (column + width(&shift.to)).saturating_sub(width(&shift.from));
        draft.write(&wrapped.start);
        draft.keep_aligned(wrapped.kept, column, shift);
        draft.write(wrapped.end);
    }

    /// `head[element for ..]` on lines from `indent` on; none where comments stand between the
    /// `brackets`.
    pub(super) fn comprehension(
        &self,
        draft: &mut Draft<'_, '_>,
        (element, generators): (&ast::Expr, &[ast::Comprehension]),
        brackets: TextRange,
        indent: &str,
        head: &str,
    ) -> Option<()> {
        let source = self.source;
        let first = generators.first()?;
        let end = generators.last()?.end();
        let content = TextRange::new(element.start(), end);
        let outside = [
            TextRange::new(brackets.start(), element.start()),
            TextRange::new(element.end(), first.start()),
            TextRange::new(end, brackets.end()),
        ];
        let open: String = source.slice(outside[0]).split_whitespace().collect();
        let is_bare =
            source.slice(outside[1]).trim().is_empty() && matches!(open.as_str(), "" | "*[" | "*(");
        if !is_bare || outside.iter().any(|gap| source.has_comment_in(*gap)) {
            return None;
        }
        let one_line = source.is_on_one_line(content);
        let length =
            width(source.slice(TextRange::new(element.end(), end))) + self.width_of(element);
        if one_line && width(indent) + width(head) + 2 + length <= source.line_width() {
            draft.write(&format!("{head}["));
            self.task(draft, element, None);
            draft.keep(TextRange::new(element.end(), end)).write("]");
            return Some(());
        }
        let deeper = format!("{indent}{}", self.unit);
        draft.write(&format!("{head}[\n{deeper}"));
        if one_line && width(&deeper) + length <= source.line_width() {
            self.task(draft, element, None);
            draft.keep(TextRange::new(element.end(), end));
        } else {
            self.task_around(draft, element, &deeper, "", 0);
            self.clauses(draft, generators, &deeper);
        }
        draft.write(&format!("\n{indent}]"));
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

    /// `head[...]` with the task of each of `elements` at its place, on one line or one line each.
    pub(super) fn display(
        &self,
        draft: &mut Draft<'_, '_>,
        elements: &[&ast::Expr],
        brackets: TextRange,
        indent: &str,
        head: &str,
    ) {
        let source = self.source;
        let on_one_line = elements
            .iter()
            .all(|element| source.is_on_one_line(element.range()));
        let content: usize = elements
            .iter()
            .map(|element| self.width_in_list(element))
            .sum::<usize>()
            + 2 * elements.len().saturating_sub(1);
        let last = elements.last().map_or(brackets.start(), Ranged::end);
        let has_trailing_comma = source
            .slice(TextRange::new(last, brackets.end()))
            .contains(',');
        let fits = on_one_line
            && !has_trailing_comma
            && width(indent) + width(head) + 2 + content <= source.line_width();
        draft.write(&format!("{head}["));
        let deeper = format!("{indent}{}", self.unit);
        for (index, element) in elements.iter().enumerate() {
            if fits {
                draft.write(if index > 0 { ", " } else { "" });
                self.in_list(draft, element, None);
            } else {
                draft.write(&format!("\n{deeper}"));
                self.in_list(draft, element, Some(&deeper));
                draft.write(",");
            }
        }
        draft.write(&if fits {
            "]".to_string()
        } else {
            format!("\n{indent}]")
        });
    }

    fn comprehension_in<'e>(
        &self,
        starred: &'e ast::ExprStarred,
    ) -> Option<(&'e ast::Expr, &'e [ast::Comprehension])> {
        comprehension(collection(self.source, &starred.value))
    }

    /// The element and the clauses of a comprehension that `starred` makes a list or tuple of, which is no more than a
    /// list of the tasks is. A set drops what is there twice.
    fn unwrapped<'e>(&self, starred: &'e ast::ExprStarred) -> Option<(&'e ast::Expr, TextRange)> {
        let value = collection(self.source, &starred.value);
        let (element, clauses) = comprehension(value)?;
        let clauses = TextRange::new(clauses.first()?.start(), clauses.last()?.end());
        let is_it = value.range() != starred.value.range()
            && !value.is_set_comp_expr()
            && self.source.is_on_one_line(starred.range());
        is_it.then_some((element, clauses))
    }

    /// The columns of one element of a list of tasks.
    fn width_in_list(&self, element: &ast::Expr) -> usize {
        let ast::Expr::Starred(starred) = element else {
            return self.width_of(element);
        };
        let whole = width(self.source.slice(element.range()));
        if let Some((inner, clauses)) = self.unwrapped(starred) {
            self.width_of(inner) + width(&format!("*[ {}]", self.source.slice(clauses)))
        } else if let Some((inner, _)) = self.comprehension_in(starred) {
            whole - width(self.source.slice(inner.range())) + self.width_of(inner)
        } else {
            let coro = &self.coro;
            whole + width(&format!("[{}{coro}) for {coro} in ]", self.create_task()))
        }
    }

    /// One element of a list of tasks; on lines from `indent` on, if given.
    fn in_list(&self, draft: &mut Draft<'_, '_>, element: &ast::Expr, indent: Option<&str>) {
        let shift = indent.map(|indent| Shift {
            from: self.source.indentation(element.start()).to_string(),
            to: indent.to_string(),
        });
        let ast::Expr::Starred(starred) = element else {
            match indent {
                Some(indent) => self.task_around(draft, element, indent, "", 1),
                None => self.task(draft, element, None),
            }
            return;
        };
        let keep = |draft: &mut Draft<'_, '_>, range: TextRange| match &shift {
            Some(shift) => {
                draft.keep_shifted(range, shift);
            }
            None => {
                draft.keep(range);
            }
        };
        if let Some((inner, clauses)) = self.unwrapped(starred) {
            draft.write("*[");
            self.task(draft, inner, shift.as_ref());
            draft.write(" ");
            keep(draft, clauses);
            draft.write("]");
        } else if let Some((inner, _)) = self.comprehension_in(starred) {
            keep(draft, TextRange::new(element.start(), inner.start()));
            self.task(draft, inner, shift.as_ref());
            keep(draft, TextRange::new(inner.end(), element.end()));
        } else {
            let coro = &self.coro;
            let (open, close) = parentheses(&starred.value);
            draft.write(&format!(
                "*[{}{coro}) for {coro} in {open}",
                self.create_task()
            ));
            keep(draft, starred.value.range());
            draft.write(&format!("{close}]"));
        }
    }

    /// `head[...]` with everything between the brackets where it is, comments included.
    pub(super) fn verbatim(
        &self,
        draft: &mut Draft<'_, '_>,
        elements: &[&ast::Expr],
        brackets: TextRange,
        indent: &str,
        head: &str,
    ) -> Option<()> {
        // A bracket that closes behind the last element says nothing of where the lines are.
        let closing = self.source.indentation(brackets.end());
        let has_own_line = self.source.column(brackets.end()) == closing.chars().count();
        let from = if has_own_line {
            closing
        } else {
            self.source.indentation(brackets.start())
        };
        let shift = Shift {
            from: from.to_string(),
            to: indent.to_owned(),
        };
        let column = width(indent) + width(head) + 1;
        let along = draft.shift_along(brackets, column, &shift);
        let shift = along.unwrap_or(shift);
        draft.write(&format!("{head}["));
        let mut done = brackets.start();
        for element in elements {
            let range = element.range();
            draft.keep_shifted(TextRange::new(done, range.start()), &shift);
            self.verbatim_element(draft, element, &shift)?;
            done = range.end();
        }
        draft.keep_shifted(TextRange::new(done, brackets.end()), &shift);
        draft.write("]");
        Some(())
    }

    fn verbatim_element(
        &self,
        draft: &mut Draft<'_, '_>,
        element: &ast::Expr,
        shift: &Shift,
    ) -> Option<()> {
        let inner = match element {
            ast::Expr::Starred(starred) => self.comprehension_in(starred)?.0,
            other => other,
        };
        draft.keep_shifted(TextRange::new(element.start(), inner.start()), shift);
        let indent = self.source.indentation(inner.start());
        let starts_line = self.source.column(inner.start()) == indent.chars().count();
        if self.source.is_on_one_line(inner.range()) || !starts_line {
            self.task(draft, inner, Some(shift));
        } else {
            let rest = indent.strip_prefix(shift.from.as_str()).unwrap_or("");
            let indent = format!("{}{rest}", shift.to);
            self.task_around(draft, inner, &indent, "", 1);
        }
        draft.keep_shifted(TextRange::new(inner.end(), element.end()), shift);
        Some(())
    }
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

/// What `iterable` makes a list or tuple of, if it does; else itself.
pub(super) fn collection<'e>(source: &Source<'_>, iterable: &'e ast::Expr) -> &'e ast::Expr {
    match iterable {
        ast::Expr::Call(call) if source.is_builtin(&call.func, &["list", "tuple"]) => {
            match &call.arguments.args[..] {
                [only] if call.arguments.keywords.is_empty() && !only.is_starred_expr() => {
                    collection(source, only)
                }
                _ => iterable,
            }
        }
        _ => iterable,
    }
}

/// The element of a comprehension or generator expression, and its clauses.
pub(super) fn comprehension(iterable: &ast::Expr) -> Option<(&ast::Expr, &[ast::Comprehension])> {
    match iterable {
        ast::Expr::ListComp(ast::ExprListComp {
            elt, generators, ..
        })
        | ast::Expr::SetComp(ast::ExprSetComp {
            elt, generators, ..
        })
        | ast::Expr::Generator(ast::ExprGenerator {
            elt, generators, ..
        }) => Some((elt, generators)),
        _ => None,
    }
}

/// The parentheses that an expression needs after `in`.
pub(super) fn parentheses(iterable: &ast::Expr) -> (&'static str, &'static str) {
    match iterable {
        ast::Expr::If(_) | ast::Expr::Lambda(_) | ast::Expr::Named(_) => ("(", ")"),
        _ => ("", ""),
    }
}

/// The columns of a text without line ends.
pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}
