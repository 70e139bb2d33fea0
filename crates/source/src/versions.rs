//! Code that runs on some versions of Python alone, or for type checkers alone.

use std::iter;

use ruff_python_ast::{self as ast, AnyNodeRef, CmpOp, Expr};
use ruff_text_size::{Ranged, TextRange};

use crate::asyncio_star::since;
use crate::bindings::BindingKind;
use crate::decorators::is_type_checking;
use crate::places::{Path, holds};
use crate::{PythonVersion, Source};

impl Source<'_> {
    /// Whether what stands at `path` runs only where Python is `version` or newer, as the test of an `if` around it
    /// tells: `sys.version_info >= (3, 12)`, or one for older ones of which it is the other arm.
    pub fn runs_only_from(&self, path: &Path<'_>, version: PythonVersion) -> bool {
        runs_only_where(path, &|test, outcome| {
            let comparison = if outcome { CmpOp::GtE } else { CmpOp::Lt };
            (self.compared_version(test, comparison)).is_some_and(|than| than >= parts(version))
        })
    }

    /// Whether what stands at `path` runs on no Python from the target on: it is there for older ones, as such a test
    /// tells, for type checkers, or for where asyncio lacks what it has.
    pub fn never_runs(&self, path: &Path<'_>) -> bool {
        runs_only_where(path, &|test, outcome| self.never_comes_out(test, outcome))
            || self.handles_what_is_not_raised(path)
    }

    /// Whether `expr` is the interpreter's version, by imports alone: what names mean otherwise takes to know which of their
    /// bindings run.
    fn is_version_info(&self, expr: &Expr) -> bool {
        const NAME: &str = "version_info";
        let is_imported = |name: &Expr, is_it: fn(&BindingKind) -> bool| {
            let seen = (name.as_name_expr()).and_then(|it| self.bindings().use_at(it.start()));
            seen.is_some_and(|seen| {
                let mut bindings = seen.bindings.iter();
                !seen.bindings.is_empty()
                    && bindings.all(|id| is_it(&self.bindings().binding(*id).kind))
            })
        };
        match expr {
            Expr::Attribute(member) if member.attr.as_str() == NAME => is_imported(
                &member.value,
                |kind| matches!(kind, BindingKind::Import { module } if module == "sys"),
            ),
            _ => is_imported(expr, |kind| {
                matches!(kind, BindingKind::ImportFrom { module, member }
                    if module == "sys" && member == NAME)
            }),
        }
    }

    /// Whether `test` comes out as `outcome` on no Python from the target on.
    pub(crate) fn never_comes_out(&self, test: &Expr, outcome: bool) -> bool {
        let comparison = if outcome { CmpOp::Lt } else { CmpOp::GtE };
        is_type_checking_as(test, outcome)
            || (self.compared_version(test, comparison))
                .is_some_and(|than| than <= parts(self.target()))
    }

    /// Whether what stands at `path` is in a handler of a `try` that does nothing but import what asyncio has.
    fn handles_what_is_not_raised(&self, path: &Path<'_>) -> bool {
        let inner = path.node().range();
        path.around().any(|around| match around {
            AnyNodeRef::StmtTry(it) => {
                (it.handlers.iter()).any(|handler| handler.range().contains_range(inner))
                    && (it.body.iter())
                        .all(|statement| imports_of_asyncio(statement, self.target()))
            }
            _ => false,
        })
    }

    /// The version with which `test` compares that of the interpreter.
    fn compared_version(&self, test: &Expr, comparison: CmpOp) -> Option<(u8, u8, u8)> {
        let compare = test.as_compare_expr()?;
        let ([op], [than]) = (&*compare.ops, &*compare.comparators) else {
            return None;
        };
        if *op != comparison || !self.is_version_info(whole(&compare.left)) {
            return None;
        }
        let parts = than.as_tuple_expr()?.iter();
        let mut parts = parts.map(|part| number(part)?.as_u8());
        Some((
            parts.next()??,
            parts.next()??,
            parts.next().unwrap_or(Some(0))?,
        ))
    }
}

/// Whether what stands at `path` runs only where the test of a branch around it comes out so that `is_so`, of a test and
/// its outcome, holds.
fn runs_only_where(path: &Path<'_>, is_so: &dyn Fn(&Expr, bool) -> bool) -> bool {
    let inner = path.node().range();
    path.around().any(|around| match around {
        AnyNodeRef::StmtIf(branches) => arm_runs_only_where(branches, inner, is_so),
        AnyNodeRef::ExprIf(branches) => {
            let test = &branches.test;
            branches.body.range().contains_range(inner) && is_so(test, true)
                || branches.orelse.range().contains_range(inner) && is_so(test, false)
        }
        _ => false,
    })
}

/// The same of the arm of `branches` that holds `inner`.
fn arm_runs_only_where(
    branches: &ast::StmtIf,
    inner: TextRange,
    is_so: &dyn Fn(&Expr, bool) -> bool,
) -> bool {
    let first = (Some(&*branches.test), &*branches.body);
    let others = branches.elif_else_clauses.iter();
    let arms = iter::once(first).chain(others.map(|it| (it.test.as_ref(), &*it.body)));
    let mut is_told_above = false;
    for (test, body) in arms {
        let is_told = |outcome| test.is_some_and(|it| is_so(it, outcome));
        if holds(body, inner) {
            return is_told_above || is_told(true);
        }
        // The arms below run where this test fails.
        is_told_above |= is_told(false);
    }
    false
}

/// Whether `test` comes out as `outcome` for type checkers alone.
fn is_type_checking_as(test: &Expr, outcome: bool) -> bool {
    match test {
        Expr::UnaryOp(not) if not.op == ast::UnaryOp::Not => {
            is_type_checking_as(&not.operand, !outcome)
        }
        _ => outcome && is_type_checking(test),
    }
}

/// Whether `statement` is an import of asyncio, or of what it has where Python is `target` or newer.
fn imports_of_asyncio(statement: &ast::Stmt, target: PythonVersion) -> bool {
    let has = |name: &ast::Alias| since(&name.name).is_some_and(|version| target >= version);
    match statement {
        ast::Stmt::Import(it) => it.names.iter().all(|name| &name.name == "asyncio"),
        ast::Stmt::ImportFrom(it) => {
            let is_asyncios = it.level == 0 && it.module.as_deref() == Some("asyncio");
            is_asyncios && it.names.iter().all(has)
        }
        _ => false,
    }
}

fn parts(version: PythonVersion) -> (u8, u8, u8) {
    (version.major, version.minor, 0)
}

fn number(expr: &Expr) -> Option<&ast::Int> {
    expr.as_number_literal_expr()?.value.as_int()
}

/// What `expr` takes the first two parts of, or more, or `expr` itself: they compare with a version as all of it does.
fn whole(expr: &Expr) -> &Expr {
    if let Expr::Subscript(first) = expr
        && let Expr::Slice(slice) = &*first.slice
        && let (None, Some(upper), None) = (&slice.lower, &slice.upper, &slice.step)
        && number(upper).and_then(ast::Int::as_u8) >= Some(2)
    {
        return &first.value;
    }
    expr
}
