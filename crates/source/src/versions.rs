//! Code that runs on some versions of Python alone.

use std::iter;

use ruff_python_ast::{self as ast, AnyNodeRef, CmpOp, Expr};
use ruff_text_size::{Ranged, TextRange};

use crate::places::Path;
use crate::{PythonVersion, Source};

impl Source<'_> {
    /// Whether what stands at `path` runs only where Python is `version` or newer, as the test of an `if` around it
    /// tells: `sys.version_info >= (3, 12)`, or one for older ones of which it is the other arm.
    pub fn runs_only_from(&self, path: &Path<'_>, version: PythonVersion) -> bool {
        let inner = path.node().range();
        path.around().any(|around| match around {
            AnyNodeRef::StmtIf(branches) => self.arm_runs_only_from(branches, inner, version),
            _ => false,
        })
    }

    /// The same of the arm of `branches` that holds `inner`.
    fn arm_runs_only_from(
        &self,
        branches: &ast::StmtIf,
        inner: TextRange,
        version: PythonVersion,
    ) -> bool {
        let first = (Some(&*branches.test), &*branches.body);
        let others = branches.elif_else_clauses.iter();
        let arms = iter::once(first).chain(others.map(|it| (it.test.as_ref(), &*it.body)));
        let mut runs_on_newer = false;
        for (test, body) in arms {
            let is_told = |comparison| {
                test.and_then(|it| self.compared_version(it, comparison))
                    .is_some_and(|than| than >= version)
            };
            if body.iter().any(|it| it.range().contains_range(inner)) {
                return runs_on_newer || is_told(CmpOp::GtE);
            }
            // The arms below run where this test fails.
            runs_on_newer |= is_told(CmpOp::Lt);
        }
        false
    }

    /// The version with which `test` compares that of the interpreter.
    fn compared_version(&self, test: &Expr, comparison: CmpOp) -> Option<PythonVersion> {
        let compare = test.as_compare_expr()?;
        let ([op], [than]) = (&*compare.ops, &*compare.comparators) else {
            return None;
        };
        let is_interpreters = self.qualified(&*compare.left).as_deref() == Some("sys.version_info");
        if *op != comparison || !is_interpreters {
            return None;
        }
        let mut parts = than.as_tuple_expr()?.iter().map(|part| {
            let number = part.as_number_literal_expr()?.value.as_int()?;
            number.as_u8()
        });
        Some(PythonVersion {
            major: parts.next()??,
            minor: parts.next()??,
        })
    }
}
