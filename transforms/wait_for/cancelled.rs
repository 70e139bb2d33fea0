//! Whether the task that runs a call may have been cancelled before.

use asyncmend_source::{AnyNodeRef, Path, Source, holds};

use super::taken::takes_cancellation;
use crate::cleaning::cleans_up;

/// Whether the call at `path` stands where a function goes on after a cancellation of its task: in a `finally`, in a
/// handler that takes one, or in a function that cleans up.
pub(super) fn may_be_cancelled(source: &Source<'_>, path: &Path<'_>) -> bool {
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
