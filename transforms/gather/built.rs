//! Lists that a function builds for a gather alone: the group can make the tasks where the list gets them.

use asyncmend_edits::TextRange;
use asyncmend_source::ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use asyncmend_source::{AnyNodeRef, Ranged, Role, Source, ast, runs_through};

use super::Parts;
use super::awaitables::{Addition, List, Way, is_looked_at, spawned};
use super::group::{Place, takes};
use super::layout::comprehension;

/// A list that is built in the statements before the gather.
pub(super) struct Built<'s> {
    pub(super) name: &'s str,
    /// The statements that the block takes in, from the first that puts something into the list on.
    pub(super) statements: &'s [ast::Stmt],
    /// What comes after the block: the gather's statement, or a condition around it that the list is
    /// not empty.
    pub(super) target: &'s ast::Stmt,
    /// Where the list gets its coroutines, in the order of the file.
    pub(super) fillings: Vec<Addition<'s>>,
}

impl<'s> Built<'s> {
    /// The list that the gather unpacks, if it is built for it alone and a block can take in the
    /// building: nothing there suspends the function or leaves it.
    pub(super) fn of(source: &'s Source<'_>, parts: &Parts<'s>) -> Option<Self> {
        let [argument] = &parts.arguments[..] else {
            return None;
        };
        if parts.bound.is_some() {
            return None;
        }
        let ast::Expr::Starred(starred) = argument.expr else {
            return None;
        };
        let ast::Expr::Name(name) = &*starred.value else {
            return None;
        };
        let list = List::of(source, name)?;
        // Of those, tasks cannot be asked for their results, by a type checker.
        let others = ["Coroutine", "Awaitable"];
        let is_declared = |at| others.iter().any(|it| source.slice(at).contains(it));
        if list.annotation.is_some_and(is_declared) {
            return None;
        }
        let bound = source.path_to(list.target);
        let is_alone = !matches!(
            bound.parent(),
            Some(AnyNodeRef::ExprTuple(_) | AnyNodeRef::ExprList(_))
        );
        let bound = bound.statement().range();
        let mut fillings = Vec::new();
        if !list.begins_empty(source) {
            if !is_alone {
                return None;
            }
            fillings.push(Addition {
                statement: bound,
                value: list.value,
                way: Way::Bound,
            });
        }
        if !list.extended.iter().all(|extension| extension.is_in_place) {
            return None;
        }
        fillings.extend(list.extended.iter().map(|extension| Addition {
            statement: extension.statement,
            value: extension.value,
            way: Way::Extend,
        }));
        for offset in list.uses {
            let path = source.path_to_name(offset);
            if !is_looked_at(source, &path) {
                let added = Addition::of(&path).filter(|it| it.way != Way::Insert);
                fillings.push(added?);
            }
        }
        fillings.sort_by_key(|filling| filling.statement.start());
        let (begin, end) = (fillings.first()?.statement, fillings.last()?.statement);
        let (body, target) = surroundings(source, parts, &name.id)?;
        let holds = |range: TextRange| {
            let position = |statement: &ast::Stmt| statement.range().contains_range(range);
            body.iter().position(position)
        };
        let (begin, end, own) = (holds(begin)?, holds(end)?, holds(target.range())?);
        let statements = body.get(begin..own)?;
        // A loop around the building alone would put its coroutines into one list again and again.
        let in_same_loops = source.path_to(target.range()).around().all(|around| {
            let is_loop = matches!(around, AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_));
            !is_loop || around.range().contains_range(bound)
        });
        // Tasks that are there before the gather start before its coroutines.
        let mut spawned = fillings.iter().map(|filling| filling.is_spawned(source));
        let are_spawned = spawned.next()?;
        if spawned.any(|it| it != are_spawned) {
            return None;
        }
        let is_ours = end < own
            && in_same_loops
            && statements.iter().all(runs_through)
            && (are_spawned || !statements.iter().any(tells_children_apart))
            && fillings.iter().all(|filling| filling.is_taken(source));
        is_ours.then_some(Self {
            name: &name.id,
            statements,
            target,
            fillings,
        })
    }
}

impl Built<'_> {
    /// The lines that the block takes in, and what comes after it, which is for the results.
    pub(super) fn range(&self, place: &Place<'_>) -> TextRange {
        let end = if self.is_guarded(place) {
            self.target.end()
        } else {
            place.statement.end()
        };
        TextRange::new(self.statements[0].start(), end)
    }

    /// How many lines the block takes in.
    pub(super) fn lines(&self, source: &Source<'_>) -> usize {
        let line = |offset| source.line_column(offset).0;
        let end = self
            .statements
            .last()
            .map_or(self.target.start(), Ranged::end);
        line(end) - line(self.statements[0].start()) + 1
    }

    fn is_guarded(&self, place: &Place<'_>) -> bool {
        self.target.start() < place.statement.start()
    }
}

impl<'s> Addition<'s> {
    /// What the tasks are made of.
    pub(super) fn elements(&self) -> Option<Vec<&'s ast::Expr>> {
        match self.value {
            value if self.way == Way::Append => Some(vec![value]),
            ast::Expr::List(list) => Some(list.elts.iter().collect()),
            ast::Expr::Tuple(tuple) if tuple.parenthesized => Some(tuple.elts.iter().collect()),
            ast::Expr::SetComp(_) => None,
            // Makes its elements when the list is read, behind the block.
            ast::Expr::Generator(_) if self.way == Way::Bound => None,
            value => Some(vec![collected(value).0?.0]),
        }
    }

    /// Whether the tasks of what it adds are made there already.
    fn is_spawned(&self, source: &Source<'_>) -> bool {
        self.elements().is_some_and(|elements| {
            let mut elements = elements.into_iter();
            elements.any(|it| matches!(it, ast::Expr::Call(call) if spawned(source, call)))
        })
    }

    fn is_taken(&self, source: &Source<'_>) -> bool {
        if let ast::Expr::Call(call) = self.value
            && self.way != Way::Append
            && !source.is_builtin(&call.func, &["list", "tuple"])
        {
            return false;
        }
        self.elements().is_some_and(|elements| {
            elements.iter().all(|element| {
                let is_spawned = matches!(element, ast::Expr::Call(call) if spawned(source, call));
                !element.is_starred_expr()
                    && takes(source, element)
                    && is_spawned == self.is_spawned(source)
                    // The name of a coroutine that was made before says nothing of where.
                    && element.is_call_expr()
            })
        })
    }
}

/// Whether a comment of the block of `guard` stands below its last statement.
fn continues_with_comment(source: &Source<'_>, guard: &ast::StmtIf) -> bool {
    let mut at = source.next_line_start(guard.end());
    while at < source.end() {
        let line = TextRange::new(at, source.line_end(at));
        if !source.slice(line).trim().is_empty() {
            let is_inside = source.indentation(at).len() > source.indentation(guard.start()).len();
            return is_inside && source.slice(line).trim_start().starts_with('#');
        }
        at = source.next_line_start(at);
    }
    false
}

/// Methods and functions that change what a task gets when it is made, or that make something run which is then
/// begun before the coroutines of a gather further down.
const TELL_CHILDREN_APART: &[&str] = &[
    "call_soon",
    "call_soon_threadsafe",
    "create_task",
    "ensure_future",
    "reset",
    "run_coroutine_threadsafe",
    "set",
    "set_task_factory",
    "start_soon",
];

/// Whether it matters to coroutines that are made in `statement` whether each gets its task there and then, or
/// all get theirs by the gather: for context variables, and for what begins before them.
fn tells_children_apart(statement: &ast::Stmt) -> bool {
    struct Tells(bool);
    impl<'s> SourceOrderVisitor<'s> for Tells {
        fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
            if let AnyNodeRef::ExprCall(call) = node {
                let name = match &*call.func {
                    ast::Expr::Attribute(method) => method.attr.as_str(),
                    ast::Expr::Name(function) => function.id.as_str(),
                    _ => "",
                };
                // `set()` by itself makes a set.
                let is_builtin = name == "set" && call.func.is_name_expr();
                self.0 |= TELL_CHILDREN_APART.contains(&name) && !is_builtin;
            }
            TraversalSignal::Traverse
        }
    }
    let mut tells = Tells(false);
    tells.visit_stmt(statement);
    tells.0
}

/// The comprehension that an expression is, or that it makes a list or tuple of, and its brackets.
pub(super) fn collected(
    value: &ast::Expr,
) -> (Option<(&ast::Expr, &[ast::Comprehension])>, TextRange) {
    match value {
        ast::Expr::Call(call) => match &call.arguments.args[..] {
            [only] if call.arguments.keywords.is_empty() => {
                (comprehension(only), call.arguments.range())
            }
            _ => (None, call.range()),
        },
        value => (comprehension(value), value.range()),
    }
}

/// The statements among which the gather stands, and the one that it is or that holds it alone:
/// `if tasks: await gather(*tasks)`.
fn surroundings<'s>(
    source: &'s Source<'_>,
    parts: &Parts<'s>,
    name: &str,
) -> Option<(&'s [ast::Stmt], &'s ast::Stmt)> {
    let statement = parts.site.path.statement();
    let (body, own) = source.siblings(statement.range())?;
    if body.len() > 1 {
        return Some((body, own));
    }
    let path = source.path_to(own.range());
    match path.around().find(|node| node.range() != own.range()) {
        Some(AnyNodeRef::StmtIf(guard))
            if guard.elif_else_clauses.is_empty()
                && matches!(&*guard.test, ast::Expr::Name(test) if test.id == name)
                && matches!(parts.awaited.role(), Role::Statement(_))
                && !continues_with_comment(source, guard)
                && !source.has_comment_in(TextRange::new(guard.start(), own.start())) =>
        {
            source.siblings(guard.range())
        }
        _ => None,
    }
}
