//! Whether the code around a gather sees to the siblings of a failed awaitable itself.

use asyncmend_source::ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use asyncmend_source::{AnyNodeRef, Path, Ranged, Source, TextRange, TextSize, ast};

/// Whether each of the tasks that a gather was given has been cancelled or waited for by a statement before
/// it, or is by a `finally` around it or by every handler that can meet its failure first.
pub(super) fn by_the_code_around(
    source: &Source<'_>,
    awaited: &Path<'_>,
    arguments: &[ast::Expr],
) -> bool {
    let Some(tasks) = Tasks::of(arguments) else {
        return false;
    };
    let inner = awaited.node().range();
    let made = tasks.made(source);
    let settles = |body: &[ast::Stmt]| tasks.are_settled_by(source, body);
    let mut around = awaited
        .around()
        .take_while(|around| !matches!(around, AnyNodeRef::StmtFunctionDef(_)));
    let is_before = |statement: TextRange| {
        (source.siblings(statement)).is_some_and(|(siblings, _)| {
            let start = siblings.partition_point(|it| it.start() < made);
            let before = siblings.partition_point(|it| it.end() <= inner.start());
            (siblings.get(start..before)).is_some_and(|it| tasks.are_settled_before(source, it))
        })
    };
    around.any(|around| {
        let by_clauses = match around {
            AnyNodeRef::StmtTry(attempt) => {
                let holds = |statement: &ast::Stmt| statement.range().contains_range(inner);
                attempt.body.iter().any(holds)
                    && (settles(&attempt.finalbody) || any_failure_meets(source, attempt, settles))
            }
            _ => false,
        };
        by_clauses || around.is_statement() && is_before(around.range())
    })
}

/// Whether `does` holds for the bodies of the handlers up to one that takes every failure.
fn any_failure_meets(
    source: &Source<'_>,
    attempt: &ast::StmtTry,
    does: impl Fn(&[ast::Stmt]) -> bool,
) -> bool {
    for handler in &attempt.handlers {
        let ast::ExceptHandler::ExceptHandler(handler) = handler;
        if !does(&handler.body) {
            return false;
        }
        let takes_all = (handler.type_.as_deref())
            .is_none_or(|class| source.is_builtin(class, &["BaseException", "Exception"]));
        if takes_all {
            return true;
        }
    }
    false
}

/// The arguments of a gather, by name.
enum Tasks<'s> {
    /// The name of a list, unpacked.
    List(&'s ast::ExprName),
    /// One name each.
    Each(Vec<&'s ast::ExprName>),
}

impl<'s> Tasks<'s> {
    fn of(arguments: &'s [ast::Expr]) -> Option<Self> {
        if let [ast::Expr::Starred(starred)] = arguments {
            return Some(Self::List(starred.value.as_name_expr()?));
        }
        let names = arguments.iter().map(ast::Expr::as_name_expr);
        Some(Self::Each(names.collect::<Option<_>>()?))
    }

    /// Where the last of the names that is bound is.
    fn made(&self, source: &Source<'_>) -> TextSize {
        let names = match self {
            Self::List(list) => std::slice::from_ref(list),
            Self::Each(names) => names,
        };
        let bindings = source.bindings();
        let ids = names
            .iter()
            .filter_map(|name| Some(bindings.use_at(name.start())?.bindings.iter()))
            .flatten();
        let starts = ids.map(|id| bindings.binding(*id).target.start());
        starts.max().unwrap_or_default()
    }

    /// Whether running `body` cancels each of them, or waits until each is done, however it ends.
    fn are_settled_by(&self, source: &Source<'_>, body: &[ast::Stmt]) -> bool {
        match self {
            Self::List(list) => surely(body, &|it| {
                cancels_each(it, &list.id) || waits_for_each(source, it, &list.id)
            }),
            Self::Each(names) => {
                let is_settled = |name: &&ast::ExprName| surely(body, &|it| cancels(it, &name.id));
                !names.is_empty() && names.iter().all(is_settled)
            }
        }
    }

    /// The same when `body` has been run: it puts no other into the list later.
    fn are_settled_before(&self, source: &Source<'_>, body: &[ast::Stmt]) -> bool {
        match self {
            Self::Each(_) => self.are_settled_by(source, body),
            Self::List(list) => (0..body.len()).any(|index| {
                self.are_settled_by(source, &body[index..=index])
                    && additions(&body[index + 1..], &list.id) == 0
            }),
        }
    }
}

/// Whether a statement of which `does` holds is run whenever `body` is, and nothing before it can lead past it
/// to what comes after.
fn surely(body: &[ast::Stmt], does: &dyn Fn(&ast::Stmt) -> bool) -> bool {
    body.iter().any(|statement| match statement {
        ast::Stmt::Try(attempt) if attempt.handlers.is_empty() => {
            surely(&attempt.body, does) || surely(&attempt.finalbody, does)
        }
        ast::Stmt::Try(attempt) => {
            attempt.body.first().is_some_and(does) || surely(&attempt.finalbody, does)
        }
        ast::Stmt::With(with) => with.body.first().is_some_and(does),
        statement => does(statement),
    })
}

/// Whether a statement is `task.cancel()`.
fn cancels(statement: &ast::Stmt, task: &str) -> bool {
    let ast::Stmt::Expr(statement) = statement else {
        return false;
    };
    matches!(&*statement.value, ast::Expr::Call(call) if is_method(&call.func, task, "cancel"))
}

fn is_method(callee: &ast::Expr, object: &str, method: &str) -> bool {
    matches!(callee, ast::Expr::Attribute(attribute)
        if attribute.attr.as_str() == method
            && attribute.value.as_name_expr().is_some_and(|it| it.id == object))
}

/// Whether a statement is a loop that cancels each of `tasks`: it goes through them, or puts those into the list
/// that it cancels, and no others.
fn cancels_each(statement: &ast::Stmt, tasks: &str) -> bool {
    let ast::Stmt::For(cancelling) = statement else {
        return false;
    };
    let ast::Expr::Name(task) = &*cancelling.target else {
        return false;
    };
    let cancels_it = |body: &[ast::Stmt]| body.iter().any(|it| cancels(it, &task.id));
    let is_over_tasks = (cancelling.iter.as_name_expr()).is_some_and(|it| it.id == tasks);
    let additions = additions(&cancelling.body, tasks);
    if is_over_tasks {
        let cancels_those_left = |it: &ast::Stmt| match it {
            ast::Stmt::If(left) => {
                left.elif_else_clauses.is_empty()
                    && is_of_those_left(&left.test, &task.id)
                    && cancels_it(&left.body)
            }
            _ => false,
        };
        additions == 0
            && (cancels_it(&cancelling.body) || cancelling.body.iter().any(cancels_those_left))
    } else {
        let adds = |it: &ast::Stmt| {
            let call = it.as_expr_stmt().and_then(|it| it.value.as_call_expr());
            call.is_some_and(|call| {
                is_method(&call.func, tasks, "append")
                    && matches!(&*call.arguments.args, [ast::Expr::Name(it)] if it.id == task.id)
            })
        };
        let does_both = |body: &[ast::Stmt]| cancels_it(body) && body.iter().any(adds);
        let in_condition = |it: &ast::Stmt| it.as_if_stmt().is_some_and(|it| does_both(&it.body));
        additions == 1 && (does_both(&cancelling.body) || cancelling.body.iter().any(in_condition))
    }
}

/// Whether a test is `not task.done()`.
fn is_of_those_left(test: &ast::Expr, task: &str) -> bool {
    let ast::Expr::UnaryOp(not) = test else {
        return false;
    };
    not.op == ast::UnaryOp::Not
        && matches!(&*not.operand, ast::Expr::Call(call) if is_method(&call.func, task, "done"))
}

/// How often `body` puts something into the list `tasks`.
fn additions(body: &[ast::Stmt], tasks: &str) -> usize {
    struct Added<'t> {
        tasks: &'t str,
        count: usize,
    }
    impl<'s> SourceOrderVisitor<'s> for Added<'_> {
        fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
            let is_added = match node {
                AnyNodeRef::ExprCall(call) => ["add", "append", "extend", "insert", "update"]
                    .iter()
                    .any(|method| is_method(&call.func, self.tasks, method)),
                AnyNodeRef::StmtAugAssign(statement) => {
                    (statement.target.as_name_expr()).is_some_and(|it| it.id == self.tasks)
                }
                _ => false,
            };
            self.count += usize::from(is_added);
            TraversalSignal::Traverse
        }
    }
    let mut added = Added { tasks, count: 0 };
    added.visit_body(body);
    added.count
}

/// Whether a statement awaits a wait, or a gather that collects failures, of all `tasks`.
fn waits_for_each(source: &Source<'_>, statement: &ast::Stmt, tasks: &str) -> bool {
    let value = match statement {
        ast::Stmt::Expr(statement) => &statement.value,
        ast::Stmt::Assign(statement) => &statement.value,
        _ => return false,
    };
    let ast::Expr::Await(awaited) = &**value else {
        return false;
    };
    let ast::Expr::Call(call) = &*awaited.value else {
        return false;
    };
    let are_tasks = |expr: &ast::Expr| expr.as_name_expr().is_some_and(|it| it.id == tasks);
    let (args, keywords) = (&*call.arguments.args, &*call.arguments.keywords);
    match source.qualified(&call.func).as_deref() {
        Some("asyncio.wait") => matches!(args, [only] if are_tasks(only)) && keywords.is_empty(),
        Some("asyncio.gather") => {
            let unpacks =
                |it: &ast::Expr| it.as_starred_expr().is_some_and(|it| are_tasks(&it.value));
            let collects = |it: &ast::Keyword| {
                it.arg.as_deref() == Some("return_exceptions")
                    && matches!(&it.value, ast::Expr::BooleanLiteral(it) if it.value)
            };
            args.iter().any(unpacks) && keywords.iter().any(collects)
        }
        _ => false,
    }
}
