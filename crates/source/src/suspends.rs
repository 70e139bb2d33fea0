//! Code that surely awaits.

use ruff_python_ast::helpers::any_over_expr;
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

/// Whether something is awaited whenever `body` is run to its end, and nothing before it leads out of `body`
/// without an exception.
pub fn surely_awaits(body: &[Stmt]) -> bool {
    for statement in body {
        if awaits(statement) {
            return true;
        }
        if jumps_in(statement) {
            return false;
        }
    }
    false
}

/// Whether what comes after `statement` may be passed over: by a `return`, or by a `break` or `continue` of a loop around
/// it. Inner functions do not count.
pub fn jumps_in(statement: &Stmt) -> bool {
    let mut jumps = Jumps::default();
    jumps.visit_stmt(statement);
    jumps.returns || jumps.breaks || jumps.continues
}

/// Whether a loop with this `body` may end after the `await` at `call` has given something, but for its condition and
/// exceptions: by a `return`, or a `break` of its own.
pub fn leaves_loop(body: &[Stmt], call: TextRange) -> bool {
    let mut jumps = Jumps {
        call: Some(call),
        ..Jumps::default()
    };
    jumps.visit_body(body);
    jumps.returns || jumps.breaks
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

/// Looks for what leads out of a statement.
#[derive(Default)]
struct Jumps {
    /// An `await` that has given something: no handler runs of what ends with it.
    call: Option<TextRange>,
    /// How many loops around, of those that were entered.
    loops: usize,
    returns: bool,
    breaks: bool,
    continues: bool,
}

impl Jumps {
    /// Whether the value of the call is the last thing that `body` comes to, which nothing can then leave by an exception.
    fn ends_with_call(&self, body: &[Stmt]) -> bool {
        let value = match body.last() {
            Some(Stmt::Assign(it)) => &*it.value,
            Some(Stmt::Expr(it)) => &*it.value,
            Some(Stmt::AnnAssign(ast::StmtAnnAssign {
                value: Some(value), ..
            })) => value,
            _ => return false,
        };
        self.call == Some(value.range())
    }
}

impl<'s> SourceOrderVisitor<'s> for Jumps {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        match node {
            AnyNodeRef::StmtTry(attempt) if self.ends_with_call(&attempt.body) => {
                for body in [&attempt.body, &attempt.orelse, &attempt.finalbody] {
                    self.visit_body(body);
                }
                return TraversalSignal::Skip;
            }
            AnyNodeRef::StmtReturn(_) => self.returns = true,
            AnyNodeRef::StmtBreak(_) => self.breaks |= self.loops == 0,
            AnyNodeRef::StmtContinue(_) => self.continues |= self.loops == 0,
            AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_) => self.loops += 1,
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::StmtClassDef(_) => {
                return TraversalSignal::Skip;
            }
            _ if node.is_expression() => return TraversalSignal::Skip,
            _ => {}
        }
        TraversalSignal::Traverse
    }

    fn leave_node(&mut self, node: AnyNodeRef<'s>) {
        if matches!(node, AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_)) {
            self.loops -= 1;
        }
    }
}
