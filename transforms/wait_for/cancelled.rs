//! Whether it matters to a timeout block that its task may have been cancelled before.

use asyncmend_source::{AnyNodeRef, Path, Source, holds};

use super::taken::{are_taken_alike, takes_cancellation};
use crate::cleaning::cleans_up;

/// Whether a `CancelledError` in place of a `TimeoutError` would make a difference at `path`, and may come.
pub(super) fn may_mistake_timeout(source: &Source<'_>, path: &Path<'_>) -> bool {
    may_be_cancelled(source, path) && !are_taken_alike(source, path)
}

/// Whether the call at `path` stands where a function goes on after a cancellation of its task: in a `finally`, in a
/// handler that takes one, or in a function that cleans up.
fn may_be_cancelled(source: &Source<'_>, path: &Path<'_>) -> bool {
    let mut inner = path.node();
    for around in path.around() {
        match around {
            AnyNodeRef::StmtFunctionDef(function) => return cleans_up(&function.name),
            AnyNodeRef::StmtTry(attempt) if holds(&attempt.finalbody, inner) => return true,
            AnyNodeRef::ExceptHandlerExceptHandler(handler)
                if takes_cancellation(source, handler) =>
            {
                return true;
            }
            _ => {}
        }
        inner = around;
    }
    false
}
