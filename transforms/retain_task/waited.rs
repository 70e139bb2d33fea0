//! Tasks that only an `asyncio.wait()` refers to: where it ends before they are done, it gives them back, and nobody
//! takes them.

use asyncmend_source::{AnyNodeRef, Path, Ranged, Role, Source, TextRange, ast, last_name};

use super::fate::{binding_of_local, uses};

/// Whether the task at `path` stands in the display that an `asyncio.wait()` gets which may end before the task does,
/// and of which nobody asks what is pending.
pub(super) fn lets_go_of(source: &Source<'_>, path: &Path<'_>) -> bool {
    let Some((call, display)) = around(path) else {
        return false;
    };
    let is_waited_for = (call.arguments.args.first()).is_some_and(|it| it.range() == display);
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
    let is_display = matches!(
        display.node(),
        AnyNodeRef::ExprGenerator(_)
            | AnyNodeRef::ExprList(_)
            | AnyNodeRef::ExprListComp(_)
            | AnyNodeRef::ExprSet(_)
            | AnyNodeRef::ExprSetComp(_)
            | AnyNodeRef::ExprTuple(_)
    );
    match display.parent()? {
        AnyNodeRef::ExprCall(call) if is_display => Some((call, display.node().range())),
        _ => None,
    }
}

/// Whether `call`, one of `asyncio.wait()`, need not wait for all.
fn may_end_early(call: &ast::ExprCall) -> bool {
    (call.arguments.keywords.iter()).any(|keyword| match keyword.arg.as_deref() {
        Some("timeout") => !keyword.value.is_none_literal_expr(),
        Some("return_when") => last_name(&keyword.value) != Some("ALL_COMPLETED"),
        _ => false,
    })
}

/// Whether the call of `asyncio.wait()` at `path` is awaited, and nobody uses the set of what is pending.
fn drops_pending(source: &Source<'_>, path: &Path<'_>) -> bool {
    let awaited = path.up().filter(|it| it.node().is_expr_await());
    match awaited.map(|it| it.role()) {
        Some(Role::Statement(_)) => true,
        Some(Role::Assigned(assign)) => match &*assign.targets {
            [ast::Expr::Tuple(sets)] => match &*sets.elts {
                [ast::Expr::Name(_), ast::Expr::Name(pending)] => {
                    let uses = binding_of_local(source, pending).and_then(|it| uses(source, it));
                    uses.is_some_and(|uses| uses.is_empty())
                }
                _ => false,
            },
            _ => false,
        },
        _ => false,
    }
}
