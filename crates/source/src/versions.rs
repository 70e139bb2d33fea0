//! Code that runs on some versions of Python alone.

use std::iter;

use ruff_python_ast::{self as ast, AnyNodeRef, CmpOp, Expr};
use ruff_text_size::{Ranged, TextRange};

use crate::places::{Path, holds};
use crate::{PythonVersion, Source};

impl Source<'_> {
    /// Whether what stands at `path` runs only where Python is `version` or newer, as the test of an `if` around it
    /// tells: `sys.version_info >= (3, 12)`, or one for older ones of which it is the other arm.
    pub fn runs_only_from(&self, path: &Path<'_>, version: PythonVersion) -> bool {
        self.runs_only_where(path, (CmpOp::GtE, CmpOp::Lt), |than| than >= parts(version))
    }

    /// Whether what stands at `path` runs only where Python is older than `version`, as such a test tells.
    pub fn runs_only_before(&self, path: &Path<'_>, version: PythonVersion) -> bool {
        self.runs_only_where(path, (CmpOp::Lt, CmpOp::GtE), |than| than <= parts(version))
    }

    /// Whether what stands at `path` runs only where the first of the comparisons with a version that is `enough` holds,
    /// or the other one fails.
    fn runs_only_where(
        &self,
        path: &Path<'_>,
        comparisons: (CmpOp, CmpOp),
        enough: impl Fn((u8, u8, u8)) -> bool,
    ) -> bool {
        let inner = path.node().range();
        path.around().any(|around| match around {
            AnyNodeRef::StmtIf(branches) => {
                self.arm_runs_only_where(branches, inner, comparisons, &enough)
            }
            _ => false,
        })
    }

    /// The same of the arm of `branches` that holds `inner`.
    fn arm_runs_only_where(
        &self,
        branches: &ast::StmtIf,
        inner: TextRange,
        (told, untold): (CmpOp, CmpOp),
        enough: impl Fn((u8, u8, u8)) -> bool,
    ) -> bool {
        let first = (Some(&*branches.test), &*branches.body);
        let others = branches.elif_else_clauses.iter();
        let arms = iter::once(first).chain(others.map(|it| (it.test.as_ref(), &*it.body)));
        let mut is_told_above = false;
        for (test, body) in arms {
            let is_told = |comparison| {
                test.and_then(|it| self.compared_version(it, comparison))
                    .is_some_and(&enough)
            };
            if holds(body, inner) {
                return is_told_above || is_told(told);
            }
            // The arms below run where this test fails.
            is_told_above |= is_told(untold);
        }
        false
    }

    /// The version with which `test` compares that of the interpreter.
    fn compared_version(&self, test: &Expr, comparison: CmpOp) -> Option<(u8, u8, u8)> {
        let compare = test.as_compare_expr()?;
        let ([op], [than]) = (&*compare.ops, &*compare.comparators) else {
            return None;
        };
        let info = whole(&compare.left);
        let is_interpreters = self.qualified(info).as_deref() == Some("sys.version_info");
        if *op != comparison || !is_interpreters {
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
