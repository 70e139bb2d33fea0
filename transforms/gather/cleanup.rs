//! Whether a gather cleans up, so that to stop it half-way leaves something behind.

use asyncmend_source::{AnyNodeRef, Path, ast};

use super::group::holds;

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

/// Whether the gather of `arguments` at `path` is of calls that clean up, or in code that does.
pub(super) fn is_cleanup(path: &Path<'_>, arguments: &[ast::Expr]) -> bool {
    arguments.iter().any(calls_one) || stands_in_one(path)
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
    let mut inner = path.node();
    for around in path.around() {
        match around {
            AnyNodeRef::StmtFunctionDef(function) => return cleans_up(&function.name),
            AnyNodeRef::StmtTry(attempt) if holds(&attempt.finalbody, inner) => return true,
            _ => {}
        }
        inner = around;
    }
    false
}

fn cleans_up(name: &str) -> bool {
    name.split('_').any(|word| WORDS.contains(&word))
}
