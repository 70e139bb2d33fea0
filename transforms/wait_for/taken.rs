//! Whether the code around a call takes a cancellation and goes on.

use asyncmend_edits::TextRange;
use asyncmend_source::{AnyNodeRef, Path, Ranged, Site, Source, ast, holds, jumps_in};

use super::pending;

/// Whether a cancellation that is delivered at the call is taken by a handler of the function around it, and one that
/// is pending when the call has given its result may pass that by.
pub(super) fn is_taken_here_alone(source: &Source<'_>, site: &Site<'_>) -> bool {
    let Some(awaited) = site.awaited() else {
        return false;
    };
    let Some(covered) = covered(source, &site.path) else {
        return false;
    };
    let body = site.path.function().map_or(source.body(), |it| &it.body);
    pending::may_stray(source, body, awaited.expr.range(), covered)
}

/// The code around the call at `path` for which the innermost handler of the function takes a cancellation.
fn covered(source: &Source<'_>, path: &Path<'_>) -> Option<TextRange> {
    let mut inner = path.node().range();
    for around in path.around() {
        let covered = match around {
            AnyNodeRef::StmtTry(attempt) => covered_by_handlers(source, attempt, inner),
            AnyNodeRef::StmtWith(block) if suppresses(source, block, inner) => whole(&block.body),
            AnyNodeRef::StmtFunctionDef(_) => return None,
            _ => None,
        };
        if covered.is_some() {
            return covered;
        }
        inner = around.range();
    }
    None
}

fn whole(body: &[ast::Stmt]) -> Option<TextRange> {
    Some(TextRange::new(body.first()?.start(), body.last()?.end()))
}

/// The code for which a clause of `attempt` takes a cancellation that comes at `inner`, if one does.
fn covered_by_handlers(
    source: &Source<'_>,
    attempt: &ast::StmtTry,
    inner: TextRange,
) -> Option<TextRange> {
    let swallows = |body: &[ast::Stmt]| body.iter().any(jumps_in);
    if !holds(&attempt.finalbody, inner) && swallows(&attempt.finalbody) {
        let end = attempt.finalbody.first()?.start();
        return Some(TextRange::new(attempt.start(), end));
    }
    if !holds(&attempt.body, inner) {
        return None;
    }
    let mut handlers = (attempt.handlers.iter()).map(handler);
    let handler = handlers.find(|it| takes_cancellation(source, it))?;
    let takes = swallows(&handler.body) || !raises_it_again(source, handler);
    takes.then(|| whole(&attempt.body)).flatten()
}

/// Whether `handler` ends by raising what it has caught, or another cancellation, in each way through its last
/// statement.
fn raises_it_again(source: &Source<'_>, handler: &ast::ExceptHandlerExceptHandler) -> bool {
    let caught = handler.name.as_ref().map(|name| &name.id);
    let is_one = |raised: &ast::Expr| {
        let name = raised.as_name_expr().map(|name| &name.id);
        let class = raised.as_call_expr().map_or(raised, |call| &call.func);
        name.is_some() && name == caught
            || source.qualified(class).as_deref() == Some("asyncio.CancelledError")
    };
    ends_by_raising(&handler.body, &is_one)
}

fn ends_by_raising(body: &[ast::Stmt], is_caught: &dyn Fn(&ast::Expr) -> bool) -> bool {
    match body.last() {
        Some(ast::Stmt::Raise(raise)) => raise.exc.as_deref().is_none_or(is_caught),
        Some(ast::Stmt::If(branch)) => {
            let clauses = &branch.elif_else_clauses;
            clauses.last().is_some_and(|last| last.test.is_none())
                && ends_by_raising(&branch.body, is_caught)
                && (clauses.iter()).all(|clause| ends_by_raising(&clause.body, is_caught))
        }
        Some(ast::Stmt::With(block)) => ends_by_raising(&block.body, is_caught),
        Some(ast::Stmt::Try(attempt)) if attempt.handlers.is_empty() => {
            ends_by_raising(&attempt.body, is_caught)
        }
        _ => false,
    }
}

/// Whether `handler` is entered for a cancellation.
pub(super) fn takes_cancellation(
    source: &Source<'_>,
    handler: &ast::ExceptHandlerExceptHandler,
) -> bool {
    let class = handler.type_.as_deref();
    class.is_none_or(|class| is_cancellation(source, class))
}

/// Whether one clause, the first of the function that a `TimeoutError` raised at `path` meets, takes a cancellation as well
/// and does the same with either: it neither raises nor looks at what it has caught.
pub(super) fn are_taken_alike(source: &Source<'_>, path: &Path<'_>) -> bool {
    let takes_both = |class: &ast::Expr| {
        let classes = match class {
            ast::Expr::Tuple(tuple) => &tuple.elts[..],
            one => std::slice::from_ref(one),
        };
        are_among(source, classes)
    };
    let mut inner = path.node().range();
    for around in path.around() {
        match around {
            AnyNodeRef::StmtTry(attempt) if holds(&attempt.body, inner) => {
                if let Some(first) = attempt.handlers.first().map(handler) {
                    let looks = ["raise", "exc_info", "format_exc", "print_exc"];
                    return !attempt.is_star
                        && first.type_.as_deref().is_none_or(takes_both)
                        && first.name.is_none()
                        && !looks.iter().any(|it| source.has_word(it, first.range()));
                }
            }
            AnyNodeRef::StmtWith(block) if holds(&block.body, inner) => {
                let [item] = &block.items[..] else {
                    return false;
                };
                let call = item.context_expr.as_call_expr();
                return call.is_some_and(|call| {
                    is_suppress(source, call) && are_among(source, &call.arguments.args)
                });
            }
            AnyNodeRef::StmtFunctionDef(_) => return false,
            _ => {}
        }
        inner = around.range();
    }
    false
}

/// Whether both exceptions are, for sure, instances of one of these `classes` each.
fn are_among(source: &Source<'_>, classes: &[ast::Expr]) -> bool {
    let is_taken = |raised: &Raised| {
        classes.iter().any(|class| {
            source.qualified(class).as_deref() == Some(raised.name)
                || source.is_builtin(class, raised.builtins)
        })
    };
    is_taken(&CANCELLATION) && is_taken(&TIMEOUT)
}

/// An exception that a call may raise.
struct Raised {
    /// Its class, by its name in asyncio.
    name: &'static str,
    /// The builtins that are that class or one above it.
    builtins: &'static [&'static str],
}

const CANCELLATION: Raised = Raised {
    name: "asyncio.CancelledError",
    builtins: &["BaseException"],
};

const TIMEOUT: Raised = Raised {
    name: "asyncio.TimeoutError",
    builtins: &["BaseException", "Exception", "OSError", "TimeoutError"],
};

/// Whether `block` suppresses a cancellation that comes at `inner`.
pub(super) fn suppresses(source: &Source<'_>, block: &ast::StmtWith, inner: TextRange) -> bool {
    holds(&block.body, inner)
        && block.items.iter().any(|item| {
            let call = item.context_expr.as_call_expr();
            call.is_some_and(|call| {
                is_suppress(source, call)
                    && (call.arguments.args.iter()).any(|class| is_cancellation(source, class))
            })
        })
}

fn is_suppress(source: &Source<'_>, call: &ast::ExprCall) -> bool {
    source.qualified(&*call.func).as_deref() == Some("contextlib.suppress")
}

/// Whether a cancellation may be an instance of `class`, an exception class, a tuple of such, or a name for either.
fn is_cancellation(source: &Source<'_>, class: &ast::Expr) -> bool {
    if let ast::Expr::Tuple(classes) = class {
        return classes.iter().any(|it| is_cancellation(source, it));
    }
    let names = source.meanings(class).unwrap_or_default();
    names.iter().any(|it| it == CANCELLATION.name)
        || source.is_builtin(class, CANCELLATION.builtins)
        || (source.values_of(class).unwrap_or_default().into_iter())
            .any(|it| it.is_tuple_expr() && is_cancellation(source, it))
}

fn handler(handler: &ast::ExceptHandler) -> &ast::ExceptHandlerExceptHandler {
    let ast::ExceptHandler::ExceptHandler(handler) = handler;
    handler
}
