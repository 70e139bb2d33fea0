//! Whether the code around a gather stops the siblings of a failed awaitable itself.

use asyncmend_source::ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use asyncmend_source::{AnyNodeRef, Path, Ranged, Source, ast};

/// Whether a `finally` around the gather, or every handler that can meet its failure first, cancels each
/// of the tasks that it was given: `for task in tasks: task.cancel()`.
pub(super) fn by_the_code_around(
    source: &Source<'_>,
    awaited: &Path<'_>,
    arguments: &[ast::Expr],
) -> bool {
    let [ast::Expr::Starred(ast::ExprStarred { value, .. })] = arguments else {
        return false;
    };
    let ast::Expr::Name(tasks) = &**value else {
        return false;
    };
    let inner = awaited.node().range();
    let cancels = |body: &[ast::Stmt]| surely_cancels(body, &tasks.id);
    awaited
        .around()
        .take_while(|around| !matches!(around, AnyNodeRef::StmtFunctionDef(_)))
        .any(|around| match around {
            AnyNodeRef::StmtTry(attempt) => {
                let holds = |statement: &ast::Stmt| statement.range().contains_range(inner);
                attempt.body.iter().any(holds)
                    && (cancels(&attempt.finalbody) || any_failure_meets(source, attempt, cancels))
            }
            _ => false,
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

/// Whether running `body` cancels each of `tasks`.
fn surely_cancels(body: &[ast::Stmt], tasks: &str) -> bool {
    body.iter().any(|statement| match statement {
        ast::Stmt::Try(attempt) => {
            surely_cancels(&attempt.body, tasks) || surely_cancels(&attempt.finalbody, tasks)
        }
        ast::Stmt::With(with) => surely_cancels(&with.body, tasks),
        statement => cancels_each(statement, tasks),
    })
}

/// Whether a statement is a loop over `tasks` that cancels each.
fn cancels_each(statement: &ast::Stmt, tasks: &str) -> bool {
    struct Cancels<'s> {
        task: &'s str,
        found: bool,
    }
    impl<'s> SourceOrderVisitor<'s> for Cancels<'_> {
        fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
            if let AnyNodeRef::ExprAttribute(method) = node {
                let is_task = matches!(&*method.value, ast::Expr::Name(it) if it.id == self.task);
                self.found |= is_task && method.attr.as_str() == "cancel";
            }
            TraversalSignal::Traverse
        }
    }
    let ast::Stmt::For(cancelling) = statement else {
        return false;
    };
    let (ast::Expr::Name(task), ast::Expr::Name(iterable)) =
        (&*cancelling.target, &*cancelling.iter)
    else {
        return false;
    };
    let mut cancels = Cancels {
        task: &task.id,
        found: false,
    };
    cancels.visit_body(&cancelling.body);
    iterable.id == tasks && cancels.found
}
