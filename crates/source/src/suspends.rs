//! Code that surely awaits.

use ruff_python_ast::helpers::any_over_expr;
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{AnyNodeRef, Expr, Stmt};

/// Whether something is awaited whenever `body` is run to its end, and nothing before it leads out of `body`
/// without an exception.
pub fn surely_awaits(body: &[Stmt]) -> bool {
    for statement in body {
        if awaits(statement) {
            return true;
        }
        if jumps_in(AnyNodeRef::from(statement)) {
            return false;
        }
    }
    false
}

/// Whether a `return`, `break` or `continue` stands in `node`, those of inner functions left out.
pub fn jumps_in(node: AnyNodeRef<'_>) -> bool {
    let mut jumps = Jumps { is_found: false };
    node.visit_source_order(&mut jumps);
    jumps.is_found || is_jump(node)
}

fn awaits(statement: &Stmt) -> bool {
    match statement {
        Stmt::Expr(it) => awaited_in(&it.value),
        Stmt::Assign(it) => awaited_in(&it.value),
        Stmt::AugAssign(it) => awaited_in(&it.value),
        Stmt::AnnAssign(it) => it.value.as_deref().is_some_and(awaited_in),
        Stmt::Return(it) => it.value.as_deref().is_some_and(awaited_in),
        Stmt::For(it) => it.is_async || awaited_in(&it.iter),
        Stmt::While(it) => awaited_in(&it.test),
        Stmt::If(it) => {
            let clauses = &it.elif_else_clauses;
            let has_else = clauses.last().is_some_and(|last| last.test.is_none());
            awaited_in(&it.test)
                || has_else
                    && surely_awaits(&it.body)
                    && clauses.iter().all(|clause| surely_awaits(&clause.body))
        }
        Stmt::With(it) => {
            let mut contexts = it.items.iter().map(|item| &item.context_expr);
            it.is_async || contexts.any(awaited_in) || surely_awaits(&it.body)
        }
        Stmt::Try(it) => it.body.first().is_some_and(awaits) || surely_awaits(&it.finalbody),
        Stmt::Match(it) => awaited_in(&it.subject),
        _ => false,
    }
}

/// Whether something is awaited whenever `expr` is evaluated; of one that evaluates a part now and then, that is
/// not asked.
fn awaited_in(expr: &Expr) -> bool {
    let is_conditional = |it: &Expr| {
        it.is_bool_op_expr()
            || it.is_if_expr()
            || it.is_list_comp_expr()
            || it.is_set_comp_expr()
            || it.is_dict_comp_expr()
            || it.is_generator_expr()
    };
    any_over_expr(expr, &|it: &Expr| it.is_await_expr()) && !any_over_expr(expr, &is_conditional)
}

struct Jumps {
    is_found: bool,
}

impl<'s> SourceOrderVisitor<'s> for Jumps {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        self.is_found |= is_jump(node);
        let is_outside = matches!(
            node,
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::StmtClassDef(_)
        );
        if self.is_found || is_outside || node.is_expression() {
            TraversalSignal::Skip
        } else {
            TraversalSignal::Traverse
        }
    }
}

fn is_jump(node: AnyNodeRef<'_>) -> bool {
    matches!(
        node,
        AnyNodeRef::StmtReturn(_) | AnyNodeRef::StmtBreak(_) | AnyNodeRef::StmtContinue(_)
    )
}
