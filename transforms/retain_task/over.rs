//! Where a task is known to be over: nobody has to refer to it there.

use asyncmend_source::{AnyNodeRef, Path, Ranged, Source, ast, holds};

use super::makers::always_leaves;

/// Whether the use at `path` of a name is in what is done only where `name.done()` was true.
pub(super) fn is_known_to_be_over(source: &Source<'_>, path: &Path<'_>) -> bool {
    let AnyNodeRef::ExprName(name) = path.node() else {
        return false;
    };
    let asked = Asked { source, name };
    let mut inner = path.node();
    for around in path.around() {
        if around.is_stmt_function_def() {
            break;
        }
        if asked.was_over(around, inner) {
            return true;
        }
        inner = around;
    }
    // Where it stands behind a statement that leaves otherwise.
    let mut statements = ([path.node()].into_iter())
        .chain(path.around())
        .take_while(|it| !it.is_stmt_function_def())
        .filter(|it| it.is_statement());
    statements.any(|it| asked.was_over_before(it))
}

/// A name of a task that is asked whether it is over.
struct Asked<'s> {
    source: &'s Source<'s>,
    name: &'s ast::ExprName,
}

impl Asked<'_> {
    /// Whether `node` runs its part `inner` only where the task is over.
    fn was_over(&self, node: AnyNodeRef<'_>, inner: AnyNodeRef<'_>) -> bool {
        match node {
            AnyNodeRef::StmtIf(it) if holds(&it.body, inner) => self.tells(&it.test, true),
            AnyNodeRef::StmtIf(it) => {
                !it.test.range().contains_range(inner.range()) && self.tells(&it.test, false)
            }
            AnyNodeRef::ElifElseClause(it) => {
                let test = it.test.as_ref();
                holds(&it.body, inner) && test.is_some_and(|test| self.tells(test, true))
            }
            AnyNodeRef::ExprIf(it) if it.body.range() == inner.range() => {
                self.tells(&it.test, true)
            }
            AnyNodeRef::ExprIf(it) if it.orelse.range() == inner.range() => {
                self.tells(&it.test, false)
            }
            AnyNodeRef::ExprBoolOp(it) => {
                let mut before = it.values.iter().take_while(|it| it.end() <= inner.start());
                before.any(|value| self.tells(value, it.op == ast::BoolOp::And))
            }
            _ => false,
        }
    }

    /// Whether a statement of the same block in front of `statement` leaves that where the task is not over.
    fn was_over_before(&self, statement: AnyNodeRef<'_>) -> bool {
        let Some((block, _)) = self.source.siblings(statement.range()) else {
            return false;
        };
        let before = block.iter().take_while(|it| it.end() <= statement.start());
        before.filter_map(ast::Stmt::as_if_stmt).any(|it| {
            it.elif_else_clauses.is_empty()
                && self.tells(&it.test, false)
                && always_leaves(self.source, &it.body)
        })
    }

    /// Whether the task is over where `test` is as true as `outcome`.
    fn tells(&self, test: &ast::Expr, outcome: bool) -> bool {
        match test {
            ast::Expr::UnaryOp(it) if it.op == ast::UnaryOp::Not => {
                self.tells(&it.operand, !outcome)
            }
            ast::Expr::BoolOp(it) => {
                // The others may have decided it otherwise.
                let decides_alone = (it.op == ast::BoolOp::And) == outcome;
                decides_alone && it.values.iter().any(|value| self.tells(value, outcome))
            }
            ast::Expr::Call(it) => outcome && self.asks(it),
            _ => false,
        }
    }

    /// Whether `call` asks the task that the name stands for.
    fn asks(&self, call: &ast::ExprCall) -> bool {
        let seen = |name: &ast::ExprName| self.source.bindings().use_at(name.start());
        let method = call.func.as_attribute_expr();
        call.arguments.is_empty()
            && method.is_some_and(|method| {
                let asked = method.value.as_name_expr();
                let asked = asked.filter(|it| it.id == self.name.id);
                method.attr.as_str() == "done"
                    && asked.and_then(seen).map(|it| &it.bindings)
                        == seen(self.name).map(|it| &it.bindings)
            })
    }
}
