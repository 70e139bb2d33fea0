//! Whether a function goes on after one of its statements.

use asyncmend_source::{AnyNodeRef, Path, Ranged, Source, TextRange, ast, is_inert};

/// Whether anything runs in the function after the statement that holds the node at `path`, as far as the syntax shows.
pub(super) fn goes_on(source: &Source<'_>, path: &Path<'_>) -> bool {
    let mut inner = path.node().range();
    for around in path.around() {
        let comes_after = match around {
            AnyNodeRef::StmtFunctionDef(_) => return false,
            AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_) => true,
            // Leaving one may take until others have run.
            AnyNodeRef::StmtWith(block) => block.is_async,
            AnyNodeRef::StmtTry(attempt) => {
                let is_in = |body: &[ast::Stmt]| body.iter().any(|it| it.range() == inner);
                let goes_to_else = is_in(&attempt.body) && does_something(&attempt.orelse);
                let goes_to_end = !is_in(&attempt.finalbody) && does_something(&attempt.finalbody);
                goes_to_else || goes_to_end
            }
            _ => false,
        };
        if comes_after || around.is_statement() && has_more_after(source, around.range()) {
            return true;
        }
        inner = around.range();
    }
    false
}

/// Whether other statements of its block run after the one at `statement`.
fn has_more_after(source: &Source<'_>, statement: TextRange) -> bool {
    source.siblings(statement).is_some_and(|(block, own)| {
        let after = block.iter().position(|it| it.range() == own.range());
        after.is_some_and(|index| does_something(&block[index + 1..]))
    })
}

/// Whether `body` does more than to leave its function.
fn does_something(body: &[ast::Stmt]) -> bool {
    body.iter().any(|statement| match statement {
        ast::Stmt::Pass(_) => false,
        ast::Stmt::Return(given) => !given.value.as_deref().is_none_or(is_inert),
        _ => true,
    })
}
