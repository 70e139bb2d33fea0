//! Whether two pieces of code are the same but for layout, comments, docstrings and annotations.

use ruff_python_ast as ast;
use ruff_python_ast::comparable::ComparableStmt;
use ruff_python_ast::visitor::transformer::{self, Transformer};
use ruff_python_parser::parse_module;

use crate::Source;

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

/// Whether two modules are the same but for layout and comments.
pub fn is_same_code(one: &Source<'_>, other: &Source<'_>) -> bool {
    let statements = |source: &Source<'_>| source.body().len();
    let mut pairs = one.body().iter().zip(other.body());
    statements(one) == statements(other)
        && pairs.all(|(one, other)| ComparableStmt::from(one) == ComparableStmt::from(other))
}

/// The statement without the docstrings and annotations of what it defines, which people may have
/// changed.
fn bare(statement: &ast::Stmt) -> ast::Stmt {
    let mut statement = statement.clone();
    Bare.visit_stmt(&mut statement);
    statement
}

struct Bare;

impl Transformer for Bare {
    fn visit_stmt(&self, statement: &mut ast::Stmt) {
        match statement {
            ast::Stmt::FunctionDef(function) => {
                function.returns = None;
                function.type_params = None;
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
                strip(&mut function.body);
            }
            ast::Stmt::ClassDef(class) => strip(&mut class.body),
            ast::Stmt::AnnAssign(assign) => {
                if let Some(value) = assign.value.take() {
                    *statement = ast::Stmt::Assign(ast::StmtAssign {
                        node_index: assign.node_index.clone(),
                        range: assign.range,
                        targets: vec![(*assign.target).clone()],
                        value,
                    });
                }
            }
            _ => {}
        }
        transformer::walk_stmt(self, statement);
    }
}

/// Removes the docstring and the declarations without a value.
fn strip(body: &mut ast::Suite) {
    let is_docstring = matches!(body.first(), Some(ast::Stmt::Expr(statement))
        if statement.value.is_string_literal_expr());
    if is_docstring && body.len() > 1 {
        body.remove(0);
    }
    body.retain(
        |statement| !matches!(statement, ast::Stmt::AnnAssign(assign) if assign.value.is_none()),
    );
}
