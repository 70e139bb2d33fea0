//! What evaluating an expression can do, as far as its syntax shows.

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{AnyNodeRef, Expr};

/// Whether evaluating `expr` can suspend the coroutine it is in: an `await`, a `yield`, or an
/// asynchronous comprehension. What a lambda would do does not count.
pub fn suspends(expr: &Expr) -> bool {
    struct Suspends(bool);
    impl<'s> SourceOrderVisitor<'s> for Suspends {
        fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
            match node {
                AnyNodeRef::ExprAwait(_)
                | AnyNodeRef::ExprYield(_)
                | AnyNodeRef::ExprYieldFrom(_) => self.0 = true,
                AnyNodeRef::Comprehension(comprehension) => self.0 |= comprehension.is_async,
                AnyNodeRef::ExprLambda(_) => return TraversalSignal::Skip,
                _ => {}
            }
            TraversalSignal::Traverse
        }
    }
    let mut found = Suspends(false);
    found.visit_expr(expr);
    found.0
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
