//! What evaluating an expression can do, as far as its syntax shows.

use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal, walk_node};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::Source;

/// Whether evaluating `expr` can suspend the coroutine it is in: an `await`, a `yield`, or an
/// asynchronous comprehension. What a lambda would do does not count.
pub fn suspends(expr: &Expr) -> bool {
    let mut suspends = Suspends::default();
    suspends.visit_expr(expr);
    suspends.found
}

/// Whether `statement` can suspend the coroutine it is in by something else than the `await` at `own`.
pub fn suspends_beside(statement: AnyNodeRef<'_>, own: TextRange) -> bool {
    let mut suspends = Suspends {
        own: Some(own),
        ..Suspends::default()
    };
    walk_node(&mut suspends, statement);
    suspends.found
}

/// Whether what `function` runs from `start` on, by the order of the file, can suspend it.
pub fn suspends_from(function: &ast::StmtFunctionDef, start: TextSize) -> bool {
    let mut suspends = Suspends {
        start,
        ..Suspends::default()
    };
    suspends.visit_body(&function.body);
    suspends.found
}

/// Looks for what suspends a coroutine.
#[derive(Default)]
struct Suspends {
    /// The `await` that does not count.
    own: Option<TextRange>,
    /// What ends before does not count either.
    start: TextSize,
    found: bool,
}

impl<'s> SourceOrderVisitor<'s> for Suspends {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        if node.end() <= self.start {
            return TraversalSignal::Skip;
        }
        self.found |= match node {
            AnyNodeRef::ExprAwait(it) => self.own != Some(it.range()),
            AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_) => true,
            AnyNodeRef::Comprehension(it) => it.is_async,
            AnyNodeRef::StmtFor(it) => it.is_async,
            AnyNodeRef::StmtWith(it) => it.is_async,
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_) => {
                return TraversalSignal::Skip;
            }
            _ => false,
        };
        TraversalSignal::Traverse
    }
}

/// Whether an expression holds a walrus.
pub fn binds_names(expr: &Expr) -> bool {
    ast::helpers::any_over_expr(expr, &|expr: &Expr| expr.is_named_expr())
}

/// Whether evaluating `expr` takes no time to speak of and changes nothing: names, constants,
/// attributes, items, operators and displays of these.
pub fn is_inert(expr: &Expr) -> bool {
    struct Active(bool);
    impl<'s> SourceOrderVisitor<'s> for Active {
        fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
            match node {
                AnyNodeRef::ExprCall(_)
                | AnyNodeRef::ExprAwait(_)
                | AnyNodeRef::ExprYield(_)
                | AnyNodeRef::ExprYieldFrom(_)
                | AnyNodeRef::ExprNamed(_)
                | AnyNodeRef::ExprListComp(_)
                | AnyNodeRef::ExprSetComp(_)
                | AnyNodeRef::ExprDictComp(_) => self.0 = true,
                // A lambda runs later, a generator when it is asked.
                AnyNodeRef::ExprLambda(_) | AnyNodeRef::ExprGenerator(_) => {
                    return TraversalSignal::Skip;
                }
                _ => {}
            }
            TraversalSignal::Traverse
        }
    }
    let mut found = Active(false);
    found.visit_expr(expr);
    !found.0
}

/// Whether a statement runs through without suspending the function around it, and goes on with the
/// next one unless it raises: no exception ends in it.
pub fn runs_through(statement: &Stmt) -> bool {
    struct Stops(bool);
    impl<'s> SourceOrderVisitor<'s> for Stops {
        fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
            self.0 |= match node {
                // What is raised in the last two may end there, and what is done there be undone.
                AnyNodeRef::ExprAwait(_)
                | AnyNodeRef::ExprYield(_)
                | AnyNodeRef::ExprYieldFrom(_)
                | AnyNodeRef::StmtTry(_)
                | AnyNodeRef::StmtWith(_) => true,
                AnyNodeRef::Comprehension(comprehension) => comprehension.is_async,
                AnyNodeRef::StmtFor(statement) => statement.is_async,
                AnyNodeRef::StmtFunctionDef(_)
                | AnyNodeRef::StmtClassDef(_)
                | AnyNodeRef::ExprLambda(_) => return TraversalSignal::Skip,
                _ => false,
            };
            TraversalSignal::Traverse
        }
    }
    let mut stops = Stops(false);
    stops.visit_stmt(statement);
    !stops.0 && !jumps_in(statement)
}

/// Whether what comes after `statement` may be passed over: by a `return`, or by a `break` or `continue` of a loop around
/// it. Inner functions do not count.
fn jumps_in(statement: &Stmt) -> bool {
    #[derive(Default)]
    struct Jumps {
        /// How many loops around, of those that were entered.
        loops: usize,
        found: bool,
    }
    impl<'s> SourceOrderVisitor<'s> for Jumps {
        fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
            match node {
                AnyNodeRef::StmtReturn(_) => self.found = true,
                AnyNodeRef::StmtBreak(_) | AnyNodeRef::StmtContinue(_) => {
                    self.found |= self.loops == 0;
                }
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
    let mut jumps = Jumps::default();
    jumps.visit_stmt(statement);
    jumps.found
}

/// Whether `body` nests deeper than `limit` nodes.
pub fn nests_deeper(body: &[Stmt], limit: usize) -> bool {
    struct Depth {
        now: usize,
        limit: usize,
        exceeded: bool,
    }
    impl<'s> SourceOrderVisitor<'s> for Depth {
        fn enter_node(&mut self, _: AnyNodeRef<'s>) -> TraversalSignal {
            self.now += 1;
            self.exceeded |= self.now > self.limit;
            if self.exceeded {
                TraversalSignal::Skip
            } else {
                TraversalSignal::Traverse
            }
        }

        fn leave_node(&mut self, _: AnyNodeRef<'s>) {
            self.now -= 1;
        }
    }
    let mut depth = Depth {
        now: 0,
        limit,
        exceeded: false,
    };
    for statement in body {
        depth.visit_stmt(statement);
    }
    depth.exceeded
}

impl Source<'_> {
    /// Whether the functions of this file are annotated, a good part of them: then somebody checks it.
    pub fn is_annotated(&self) -> bool {
        *self.is_annotated.get_or_init(|| self.has_annotations())
    }

    fn has_annotations(&self) -> bool {
        #[derive(Default)]
        struct Functions {
            all: usize,
            annotated: usize,
        }
        impl<'s> StatementVisitor<'s> for Functions {
            fn visit_stmt(&mut self, statement: &'s Stmt) {
                if let Stmt::FunctionDef(function) = statement {
                    self.all += 1;
                    let mut parameters = function.parameters.iter();
                    let is_annotated = function.returns.is_some()
                        || parameters.any(|it| it.annotation().is_some());
                    self.annotated += usize::from(is_annotated);
                }
                walk_stmt(self, statement);
            }
        }
        let mut functions = Functions::default();
        functions.visit_body(self.body());
        functions.annotated > 0 && functions.annotated * 4 >= functions.all
    }

    /// Whether annotations are not evaluated: `from __future__ import annotations` (PEP 563).
    pub fn postpones_annotations(&self) -> bool {
        self.body().iter().any(|statement| {
            matches!(statement, Stmt::ImportFrom(import)
                if import.module.as_deref() == Some("__future__")
                    && import.names.iter().any(|alias| alias.name.as_str() == "annotations"))
        })
    }
}
