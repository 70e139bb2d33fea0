//! Whether two pieces of code are the same but for layout, comments, docstrings and annotations.

use ruff_python_ast as ast;
use ruff_python_ast::comparable::ComparableStmt;
use ruff_python_parser::parse_module;

/// Whether `statement` is the one definition that `text` holds, docstrings and annotations aside.
pub fn is_same_definition(statement: &ast::Stmt, text: &str) -> bool {
    let Ok(parsed) = parse_module(text) else {
        return false;
    };
    let [other] = &parsed.suite()[..] else {
        return false;
    };
    ComparableStmt::from(&bare(statement)) == ComparableStmt::from(&bare(other))
}

/// The statement without the docstring and annotations of what it defines, which people may have
/// changed.
fn bare(statement: &ast::Stmt) -> ast::Stmt {
    fn strip(body: &mut ast::Suite) {
        let is_docstring = matches!(body.first(), Some(ast::Stmt::Expr(statement))
            if statement.value.is_string_literal_expr());
        if is_docstring && body.len() > 1 {
            body.remove(0);
        }
    }
    fn strip_function(function: &mut ast::StmtFunctionDef) {
        strip(&mut function.body);
        function.returns = None;
        let parameters = &mut *function.parameters;
        for parameter in parameters.args.iter_mut().chain(&mut parameters.kwonlyargs) {
            parameter.parameter.annotation = None;
        }
        for parameter in [&mut parameters.vararg, &mut parameters.kwarg]
            .into_iter()
            .flatten()
        {
            parameter.annotation = None;
        }
    }
    let mut statement = statement.clone();
    match &mut statement {
        ast::Stmt::FunctionDef(function) => strip_function(function),
        ast::Stmt::ClassDef(class) => {
            strip(&mut class.body);
            for inner in &mut class.body {
                if let ast::Stmt::FunctionDef(function) = inner {
                    strip_function(function);
                }
            }
        }
        ast::Stmt::If(branches) => {
            for clause in &mut branches.elif_else_clauses {
                for inner in &mut clause.body {
                    if let ast::Stmt::FunctionDef(function) = inner {
                        strip_function(function);
                    }
                }
            }
        }
        _ => {}
    }
    statement
}
