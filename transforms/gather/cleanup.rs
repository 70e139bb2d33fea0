//! Whether a gather cleans up, so that to stop it half-way leaves something behind.

use asyncmend_pipeline::Caution;
use asyncmend_source::{AnyNodeRef, Path, Ranged, ast};

use super::{Parts, STOPS_CLEANUP};

/// Words in the name of a function that cleans up.
const WORDS: [&str; 12] = [
    "aclose",
    "aexit",
    "cleanup",
    "close",
    "closed",
    "disconnect",
    "shutdown",
    "stop",
    "teardown",
    "terminate",
    "uninstall",
    "unregister",
];

/// The caution for a gather of calls that clean up, or in code that does.
pub(super) fn caution(parts: &Parts<'_>) -> Vec<&'static Caution> {
    let is_cleanup = parts
        .arguments
        .iter()
        .any(|argument| calls_one(argument.expr))
        || stands_in_one(&parts.site.path);
    if is_cleanup {
        vec![&STOPS_CLEANUP]
    } else {
        Vec::new()
    }
}

/// Whether an argument calls a function that cleans up.
fn calls_one(argument: &ast::Expr) -> bool {
    ast::helpers::any_over_expr(argument, &|expr: &ast::Expr| match expr {
        ast::Expr::Call(call) => match &*call.func {
            ast::Expr::Name(name) => cleans_up(&name.id),
            ast::Expr::Attribute(method) => cleans_up(&method.attr),
            _ => false,
        },
        _ => false,
    })
}

/// Whether the call at `path` stands in a function that cleans up, or in a `finally`.
fn stands_in_one(path: &Path<'_>) -> bool {
    let mut inner = path.node().range();
    for around in path.around() {
        match around {
            AnyNodeRef::StmtFunctionDef(function) => return cleans_up(&function.name),
            AnyNodeRef::StmtTry(attempt) => {
                let mut last = attempt.finalbody.iter();
                if last.any(|it| it.range().contains_range(inner)) {
                    return true;
                }
            }
            _ => {}
        }
        inner = around.range();
    }
    false
}

fn cleans_up(name: &str) -> bool {
    name.split('_').any(|word| WORDS.contains(&word))
}
