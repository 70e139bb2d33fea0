//! Code that cancels tasks.

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef};

use crate::waits::Called;

/// Which tasks a function cancels, of those that it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancels {
    /// Each of its positional arguments.
    Arguments,
    /// Each of those in its first argument.
    InFirst,
}

impl Cancels {
    /// What the function that is `called` cancels, whatever else it does.
    pub fn of(called: Called<'_>) -> Option<Self> {
        let function = called.function;
        let cancels = |name: &str| surely(&function.body, &|it| cancels_each(it, name));
        match (called.positional().next(), &function.parameters.vararg) {
            (None, Some(all)) => cancels(&all.name).then_some(Self::Arguments),
            (Some(first), _) => cancels(first.name()).then_some(Self::InFirst),
            (None, None) => None,
        }
    }
}

/// Whether a statement of which `does` holds is run whenever `body` is, and nothing before it can lead past it
/// to what comes after.
pub fn surely(body: &[ast::Stmt], does: &dyn Fn(&ast::Stmt) -> bool) -> bool {
    body.iter().any(|statement| match statement {
        ast::Stmt::Try(attempt) if attempt.handlers.is_empty() => {
            surely(&attempt.body, does) || surely(&attempt.finalbody, does)
        }
        ast::Stmt::Try(attempt) => {
            attempt.body.first().is_some_and(does) || surely(&attempt.finalbody, does)
        }
        ast::Stmt::With(with) => with.body.first().is_some_and(does),
        statement => does(statement),
    })
}

/// How the holder of tasks that `expr` goes through is written: a name, attributes of one, the values of a dict that
/// is written so, or a copy of such.
pub fn holder(expr: &ast::Expr) -> Option<String> {
    match expr {
        ast::Expr::Name(name) => Some(name.id.to_string()),
        ast::Expr::Attribute(attribute) => {
            let object = dotted(&attribute.value)?;
            Some(format!("{object}.{}", attribute.attr))
        }
        ast::Expr::Call(call) if call.arguments.keywords.is_empty() => {
            match (&*call.func, &*call.arguments.args) {
                (ast::Expr::Name(copy), [only])
                    if matches!(&*copy.id, "list" | "set" | "sorted" | "tuple") =>
                {
                    holder(only)
                }
                (ast::Expr::Attribute(method), []) => match method.attr.as_str() {
                    "copy" => holder(&method.value),
                    "values" => Some(dotted(&method.value)? + VALUES),
                    _ => None,
                },
                _ => None,
            }
        }
        _ => None,
    }
}

/// What [`holder`] ends with for the values of a dict.
const VALUES: &str = ".values()";

/// A name, or attributes of one.
fn dotted(expr: &ast::Expr) -> Option<String> {
    matches!(expr, ast::Expr::Name(_) | ast::Expr::Attribute(_))
        .then(|| holder(expr))
        .flatten()
}

/// Whether `expr` is the holder that is written so.
pub fn is_holder(expr: &ast::Expr, written: &str) -> bool {
    match expr {
        ast::Expr::Name(name) => name.id == written,
        expr => holder(expr).is_some_and(|it| it == written),
    }
}

/// Whether a statement is `task.cancel()`.
pub fn cancels(statement: &ast::Stmt, task: &str) -> bool {
    let ast::Stmt::Expr(statement) = statement else {
        return false;
    };
    matches!(&*statement.value, ast::Expr::Call(call) if is_method(&call.func, task, "cancel"))
}

fn is_method(callee: &ast::Expr, object: &str, method: &str) -> bool {
    matches!(callee, ast::Expr::Attribute(attribute)
        if attribute.attr.as_str() == method
            && is_holder(&attribute.value, object))
}

/// Whether a statement is a loop that cancels each of those in the [`holder`] `tasks`: it goes through them, or puts
/// those into the list that it cancels, and no others.
pub fn cancels_each(statement: &ast::Stmt, tasks: &str) -> bool {
    let ast::Stmt::For(cancelling) = statement else {
        return false;
    };
    let ast::Expr::Name(task) = &*cancelling.target else {
        return false;
    };
    let cancels_it = |body: &[ast::Stmt]| body.iter().any(|it| cancels(it, &task.id));
    let is_over_tasks = is_holder(&cancelling.iter, tasks);
    let additions = additions(&cancelling.body, tasks);
    if is_over_tasks {
        let cancels_those_left = |it: &ast::Stmt| match it {
            ast::Stmt::If(left) => {
                left.elif_else_clauses.is_empty()
                    && is_of_those_left(&left.test, &task.id)
                    && cancels_it(&left.body)
            }
            _ => false,
        };
        additions == 0
            && (cancels_it(&cancelling.body) || cancelling.body.iter().any(cancels_those_left))
    } else {
        let adds = |it: &ast::Stmt| {
            let call = it.as_expr_stmt().and_then(|it| it.value.as_call_expr());
            call.is_some_and(|call| {
                is_method(&call.func, tasks, "append")
                    && matches!(&*call.arguments.args, [ast::Expr::Name(it)] if it.id == task.id)
            })
        };
        let does_both = |body: &[ast::Stmt]| cancels_it(body) && body.iter().any(adds);
        let in_condition = |it: &ast::Stmt| it.as_if_stmt().is_some_and(|it| does_both(&it.body));
        additions == 1 && (does_both(&cancelling.body) || cancelling.body.iter().any(in_condition))
    }
}

/// Whether a test is `not task.done()`.
fn is_of_those_left(test: &ast::Expr, task: &str) -> bool {
    let ast::Expr::UnaryOp(not) = test else {
        return false;
    };
    not.op == ast::UnaryOp::Not
        && matches!(&*not.operand, ast::Expr::Call(call) if is_method(&call.func, task, "done"))
}

/// How often `body` puts something into the [`holder`] `tasks`, or another one in its place.
pub fn additions(body: &[ast::Stmt], tasks: &str) -> usize {
    const METHODS: [&str; 6] = ["add", "append", "extend", "insert", "setdefault", "update"];
    struct Added<'t> {
        /// The list, the set or the dict.
        tasks: &'t str,
        count: usize,
    }
    impl Added<'_> {
        fn is_bound(&self, target: &ast::Expr) -> bool {
            match target {
                ast::Expr::Subscript(item) => is_holder(&item.value, self.tasks),
                ast::Expr::Tuple(tuple) => tuple.iter().any(|it| self.is_bound(it)),
                target => is_holder(target, self.tasks),
            }
        }
    }
    impl<'s> SourceOrderVisitor<'s> for Added<'_> {
        fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
            let is_added = match node {
                AnyNodeRef::ExprCall(call) => METHODS
                    .iter()
                    .any(|method| is_method(&call.func, self.tasks, method)),
                AnyNodeRef::StmtAugAssign(statement) => self.is_bound(&statement.target),
                AnyNodeRef::StmtAssign(assign) => assign.targets.iter().any(|it| self.is_bound(it)),
                AnyNodeRef::StmtAnnAssign(assign) => self.is_bound(&assign.target),
                _ => false,
            };
            self.count += usize::from(is_added);
            TraversalSignal::Traverse
        }
    }
    let tasks = tasks.strip_suffix(VALUES).unwrap_or(tasks);
    let mut added = Added { tasks, count: 0 };
    added.visit_body(body);
    added.count
}
