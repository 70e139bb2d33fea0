//! Whether two pieces of code are the same but for layout, comments and docstrings.

use ruff_python_ast as ast;
use ruff_python_ast::comparable::ComparableStmt;
use ruff_python_parser::parse_module;

/// Whether `statement` is the one definition that `text` holds, docstrings aside.
pub fn is_same_definition(statement: &ast::Stmt, text: &str) -> bool {
    let Ok(parsed) = parse_module(text) else {
        return false;
    };
    let [other] = &parsed.suite()[..] else {
        return false;
    };
    ComparableStmt::from(&without_docstrings(statement))
        == ComparableStmt::from(&without_docstrings(other))
}

/// The statement without the docstring of what it defines, which people may have changed.
fn without_docstrings(statement: &ast::Stmt) -> ast::Stmt {
    fn strip(body: &mut ast::Suite) {
        let is_docstring = matches!(body.first(), Some(ast::Stmt::Expr(statement))
            if statement.value.is_string_literal_expr());
        if is_docstring && body.len() > 1 {
            body.remove(0);
        }
    }
    let mut statement = statement.clone();
    match &mut statement {
        ast::Stmt::FunctionDef(function) => strip(&mut function.body),
        ast::Stmt::ClassDef(class) => strip(&mut class.body),
        ast::Stmt::If(branches) => {
            for clause in &mut branches.elif_else_clauses {
                for inner in &mut clause.body {
                    if let ast::Stmt::FunctionDef(function) = inner {
                        strip(&mut function.body);
                    }
                }
            }
        }
        _ => {}
    }
    statement
}
