//! Tasks that only an `asyncio.wait()` refers to: where it ends before they are done, it gives them back, and nobody
//! takes them.

use asyncmend_source::{AnyNodeRef, Path, Ranged, Role, Source, TextRange, ast, last_name};

use super::fate::{binding_of_local, has_elements, uses};
use super::shield::is_used_again;
use super::uses::is_looked_at;

/// What functions and methods are called that do nothing but wait: for something that may never come, where nobody
/// waits with them any more.
const ONLY_WAIT: &[&str] = &[
    "acquire",
    "get",
    "join",
    "sleep",
    "wait",
    "wait_closed",
    "wait_for",
];

/// Whether the task at `path`, made at `made`, stands in the display that an `asyncio.wait()` gets which may end before
/// the task does what it is for, and of which nobody asks what is pending.
pub(super) fn lets_go_of(source: &Source<'_>, path: &Path<'_>, made: TextRange) -> bool {
    let Some((call, display)) = around(path) else {
        return false;
    };
    !is_used_again(path, made) && does_something(source, made) && may_leave(source, call, display)
}

/// Whether `path` is a use of a list or the like, which was made at `list` and has the task that was made at `made`, and
/// what it is used for is such an `asyncio.wait()`.
pub(super) fn lets_go_of_list(
    source: &Source<'_>,
    path: &Path<'_>,
    list: TextRange,
    made: TextRange,
) -> bool {
    let Some(AnyNodeRef::ExprCall(call)) = path.parent() else {
        return false;
    };
    !is_used_again(path, list)
        && does_something(source, made)
        && may_leave(source, call, path.node().range())
}

/// Whether `call` is an `asyncio.wait()` of what stands at `tasks` which may end before they do, and nobody asks what is
/// pending.
fn may_leave(source: &Source<'_>, call: &ast::ExprCall, tasks: TextRange) -> bool {
    let is_waited_for = (call.arguments.args.first()).is_some_and(|it| it.range() == tasks);
    is_waited_for
        && may_end_early(call)
        && source.qualified(&*call.func).as_deref() == Some("asyncio.wait")
        && drops_pending(source, &source.path_to(call.range()))
}

/// The same, as far as its surroundings tell.
pub(super) fn may_let_go_of(path: &Path<'_>) -> bool {
    around(path).is_some_and(|(call, _)| last_name(&call.func) == Some("wait"))
}

/// The call that gets the display in which the object at `path` stands, and where that is.
fn around<'s>(path: &Path<'s>) -> Option<(&'s ast::ExprCall, TextRange)> {
    let display = path.up()?;
    match display.parent()? {
        AnyNodeRef::ExprCall(call) if has_elements(display.node()) => {
            Some((call, display.node().range()))
        }
        _ => None,
    }
}

/// Whether the call at `made` makes a task of a call that does more than to wait.
fn does_something(source: &Source<'_>, made: TextRange) -> bool {
    let made = source.path_to(made);
    let AnyNodeRef::ExprCall(spawn) = made.node() else {
        return false;
    };
    match &*spawn.arguments.args {
        [ast::Expr::Call(coroutine)] => {
            last_name(&coroutine.func).is_some_and(|name| !ONLY_WAIT.contains(&name))
        }
        _ => false,
    }
}

/// Whether `call`, one of `asyncio.wait()`, waits for all, but no longer than some time. Where the first alone is waited
/// for, the others are those that lost.
fn may_end_early(call: &ast::ExprCall) -> bool {
    let keyword = |name: &str| call.arguments.find_keyword(name);
    keyword("timeout").is_some_and(|it| !it.value.is_none_literal_expr())
        && keyword("return_when").is_none()
}

/// Whether the call of `asyncio.wait()` at `path` is awaited, and nobody gets anything out of the set of what is pending.
fn drops_pending(source: &Source<'_>, path: &Path<'_>) -> bool {
    let awaited = path.up().filter(|it| it.node().is_expr_await());
    match awaited.map(|it| it.role()) {
        Some(Role::Statement(_)) => true,
        Some(Role::Assigned(assign)) => match &*assign.targets {
            [ast::Expr::Tuple(sets)] => match &*sets.elts {
                [ast::Expr::Name(_), ast::Expr::Name(pending)] => {
                    let uses = binding_of_local(source, pending).and_then(|it| uses(source, it));
                    uses.is_some_and(|uses| uses.iter().all(|it| is_looked_at(source, it)))
                }
                _ => false,
            },
            _ => false,
        },
        _ => false,
    }
}
