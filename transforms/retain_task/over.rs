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
            ast::Expr::Compare(it) => self.is_over_by_membership(it, outcome),
            ast::Expr::Name(it) => match set_of_wait(self.source, it) {
                Some((call, Set::Done)) => outcome && self.is_only_one_of(call),
                Some((call, Set::Pending)) => !outcome && self.is_one_of(call),
                None => false,
            },
            _ => false,
        }
    }

    /// Whether `comparison`, where it is as true as `outcome`, says in which set of an `asyncio.wait()` the task is, and
    /// that it is over.
    fn is_over_by_membership(&self, comparison: &ast::ExprCompare, outcome: bool) -> bool {
        let ast::Expr::Name(task) = &*comparison.left else {
            return false;
        };
        self.is_same(task)
            && asked_membership(self.source, comparison).is_some_and(|(call, set, is_in)| {
                let is_in = is_in == outcome;
                match set {
                    Set::Done => is_in,
                    Set::Pending => !is_in && self.is_one_of(call),
                }
            })
    }

    /// Whether `call`, of `asyncio.wait()`, waits for the task, among others perhaps.
    fn is_one_of(&self, call: &ast::ExprCall) -> bool {
        let mut names = elements_of(call).iter().filter_map(ast::Expr::as_name_expr);
        names.any(|it| self.is_same(it))
    }

    /// Whether it waits for the task alone.
    fn is_only_one_of(&self, call: &ast::ExprCall) -> bool {
        self.is_one_of(call) && elements_of(call).len() == 1
    }

    /// Whether `name` stands for the task, too.
    fn is_same(&self, name: &ast::ExprName) -> bool {
        let seen = |name: &ast::ExprName| self.source.bindings().use_at(name.start());
        name.id == self.name.id
            && seen(name).map(|it| &it.bindings) == seen(self.name).map(|it| &it.bindings)
    }

    /// Whether `call` asks the task that the name stands for.
    fn asks(&self, call: &ast::ExprCall) -> bool {
        let method = call.func.as_attribute_expr();
        call.arguments.is_empty()
            && method.is_some_and(|method| {
                let asked = method.value.as_name_expr();
                method.attr.as_str() == "done" && asked.is_some_and(|it| self.is_same(it))
            })
    }
}

/// One of the sets that an `asyncio.wait()` gives back.
#[derive(Debug, Clone, Copy)]
enum Set {
    /// Those that are over.
    Done,
    /// The others.
    Pending,
}

/// Whether the name at `path` is asked whether it is in a set that an `asyncio.wait()` gave back.
pub(super) fn is_asked_for(source: &Source<'_>, path: &Path<'_>) -> bool {
    match path.parent() {
        Some(AnyNodeRef::ExprCompare(it)) => {
            it.left.range() == path.node().range() && asked_membership(source, it).is_some()
        }
        _ => false,
    }
}

/// The call of `asyncio.wait()` that gave back what `comparison` asks for a member, which of its sets that is, and whether
/// the member is to be in it.
fn asked_membership<'s>(
    source: &'s Source<'_>,
    comparison: &ast::ExprCompare,
) -> Option<(&'s ast::ExprCall, Set, bool)> {
    let ([op], [ast::Expr::Name(set)]) = (&*comparison.ops, &*comparison.comparators) else {
        return None;
    };
    let is_in = match op {
        ast::CmpOp::In => true,
        ast::CmpOp::NotIn => false,
        _ => return None,
    };
    let (call, set) = set_of_wait(source, set)?;
    Some((call, set, is_in))
}

/// The call of `asyncio.wait()` that gave `name` its only value, and which of its sets that is.
fn set_of_wait<'s>(
    source: &'s Source<'_>,
    name: &ast::ExprName,
) -> Option<(&'s ast::ExprCall, Set)> {
    let target = source.bindings().binding(source.only_binding(name)?).target;
    let path = source.path_to(target).up()?;
    let (AnyNodeRef::ExprTuple(sets), Some(AnyNodeRef::StmtAssign(assign))) =
        (path.node(), path.parent())
    else {
        return None;
    };
    let call = assign.value.as_await_expr()?.value.as_call_expr()?;
    let set = match &*sets.elts {
        [done, _] if done.range() == target => Set::Done,
        [_, pending] if pending.range() == target => Set::Pending,
        _ => return None,
    };
    (source.qualified(&*call.func).as_deref() == Some("asyncio.wait")).then_some((call, set))
}

/// The elements of the display that `call`, of `asyncio.wait()`, gets; none of anything else.
fn elements_of(call: &ast::ExprCall) -> &[ast::Expr] {
    match call.arguments.args.first() {
        Some(ast::Expr::List(tasks)) => &tasks.elts,
        Some(ast::Expr::Set(tasks)) => &tasks.elts,
        Some(ast::Expr::Tuple(tasks)) => &tasks.elts,
        _ => &[],
    }
}
