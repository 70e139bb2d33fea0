//! Whether the code around a call takes a cancellation and goes on.

use std::slice;

use asyncmend_edits::TextRange;
use asyncmend_source::{
    AnyNodeRef, Path, Ranged, Site, Source, ast, bodies, holds, jumps_in, leaves_loop,
    surely_awaits, suspends_beside,
};

/// Whether a cancellation that is delivered at the call is taken by a handler of the function around it, and one
/// that comes at the next `await` may pass that by, as nothing need be awaited in its block after the call.
pub(super) fn is_taken_here_alone(source: &Source<'_>, site: &Site<'_>) -> bool {
    let Some(awaited) = site.awaited() else {
        return false;
    };
    let call: TextRange = awaited.expr.range();
    let mut inner = call;
    for around in site.path.around() {
        if awaits_afterwards(around, inner, call) {
            return false;
        }
        match around {
            AnyNodeRef::StmtTry(attempt) if takes(source, attempt, inner) => {
                return !comes_back(&site.path, attempt, call);
            }
            AnyNodeRef::StmtWith(block) if suppresses(source, block, inner) => return true,
            AnyNodeRef::StmtFunctionDef(_) => return false,
            _ => {}
        }
        inner = around.range();
    }
    false
}

/// Whether a loop has no condition, and once the `await` at `call` has given something nothing in it jumps out.
fn is_for_ever(repeated: &ast::StmtWhile, call: TextRange) -> bool {
    repeated.test.is_literal_expr() && !leaves_loop(&repeated.body, call)
}

/// Whether what is awaited next after the body of `attempt`, around the call at `path` that is awaited at `call`, is the
/// call again: a loop without an end runs it and nothing else that awaits, and only its handlers leave that.
fn comes_back(path: &Path<'_>, attempt: &ast::StmtTry, call: TextRange) -> bool {
    let mut around = path.around().skip_while(|it| it.range() != attempt.range());
    let Some(AnyNodeRef::StmtWhile(repeated)) = around.nth(1) else {
        return false;
    };
    let mut others = (repeated.body.iter()).filter(|it| it.range() != attempt.range());
    let runs_through = |statement: &ast::Stmt| {
        !suspends_beside(statement.into(), attempt.range())
            && !leaves_loop(slice::from_ref(statement), call)
    };
    let parts = [&attempt.body, &attempt.orelse, &attempt.finalbody];
    repeated.test.is_literal_expr()
        && others.all(runs_through)
        && !parts.into_iter().any(|body| leaves_loop(body, call))
}

/// Whether, within `around`, something is surely awaited after what is at `inner`, which holds the `await` at `call`.
fn awaits_afterwards(around: AnyNodeRef<'_>, inner: TextRange, call: TextRange) -> bool {
    match around {
        AnyNodeRef::ExprAwait(outer) if outer.range() != inner => return true,
        AnyNodeRef::StmtFor(repeated)
            if repeated.is_async && !leaves_loop(&repeated.body, call) =>
        {
            return true;
        }
        AnyNodeRef::StmtWhile(repeated) if is_for_ever(repeated, call) => {
            return true;
        }
        _ => {}
    }
    bodies(around).into_iter().any(|body| {
        let at = (body.iter()).position(|statement| statement.range().contains_range(inner));
        at.is_some_and(|at| surely_awaits(&body[at + 1..]))
    })
}

/// Whether a clause of `attempt` takes a cancellation that comes at `inner`.
fn takes(source: &Source<'_>, attempt: &ast::StmtTry, inner: TextRange) -> bool {
    let swallows = |body: &[ast::Stmt]| body.iter().any(jumps_in);
    if !holds(&attempt.finalbody, inner) && swallows(&attempt.finalbody) {
        return true;
    }
    if !holds(&attempt.body, inner) {
        return false;
    }
    let mut handlers = (attempt.handlers.iter()).map(|it| {
        let ast::ExceptHandler::ExceptHandler(handler) = it;
        handler
    });
    handlers
        .find(|it| (it.type_.as_deref()).is_none_or(|class| is_cancellation(source, class)))
        .is_some_and(|it| swallows(&it.body) || !raises_it_again(source, it))
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

/// Whether `block` suppresses a cancellation that comes at `inner`.
fn suppresses(source: &Source<'_>, block: &ast::StmtWith, inner: TextRange) -> bool {
    holds(&block.body, inner)
        && block.items.iter().any(|item| {
            let ast::Expr::Call(call) = &item.context_expr else {
                return false;
            };
            source.qualified(&*call.func).as_deref() == Some("contextlib.suppress")
                && (call.arguments.args.iter()).any(|class| is_cancellation(source, class))
        })
}

/// Whether `CancelledError` is an instance of `class`, an exception class, a tuple of such, or a name for either.
fn is_cancellation(source: &Source<'_>, class: &ast::Expr) -> bool {
    if let ast::Expr::Tuple(classes) = class {
        return classes.iter().any(|it| is_cancellation(source, it));
    }
    let names = source.meanings(class).unwrap_or_default();
    names.iter().any(|it| it == "asyncio.CancelledError")
        || source.is_builtin(class, &["BaseException"])
        || (source.values_of(class).unwrap_or_default().into_iter())
            .any(|it| it.is_tuple_expr() && is_cancellation(source, it))
}
