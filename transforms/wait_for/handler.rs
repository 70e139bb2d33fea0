//! What becomes of a cancellation in the code to which it leads: whether each way out of that raises it again.
//!
//! What calls raise there is not followed.

use asyncmend_edits::TextRange;
use asyncmend_source::{Ranged, Source, ast};

use super::taken::{is_cancellation, is_surely_cancellation};
use super::ways::Ways;

/// The ways out of `handler`, which takes a cancellation, other than by raising that again, or another.
pub(super) fn swallowing(source: &Source<'_>, handler: &ast::ExceptHandlerExceptHandler) -> Ways {
    let caught = handler.name.as_ref().map(Ranged::range);
    let led = Led {
        source,
        caught: caught.as_slice(),
        is_exit: false,
    };
    led.body(&handler.body).without(Ways::RAISE)
}

/// The ways out of a `finally` with this `body` by which a cancellation that leads to it does not go on.
pub(super) fn finally_swallowing(source: &Source<'_>, body: &[ast::Stmt]) -> Ways {
    let led = Led {
        source,
        caught: &[],
        is_exit: false,
    };
    led.body(body).without(PASSED_ON)
}

/// Whether a cancellation in the block of a context manager may not go on by its `method`, `__exit__` or `__aexit__`:
/// whether that may give something true, or raise something else.
pub(super) fn exit_swallows(source: &Source<'_>, method: &ast::StmtFunctionDef) -> bool {
    let parameters = method.parameters.iter().skip(1);
    let caught: Vec<_> = parameters.map(|it| it.name().range()).collect();
    let led = Led {
        source,
        caught: &caught,
        is_exit: true,
    };
    led.body(&method.body).without(PASSED_ON).are_any()
}

/// The ways out of what is run after a cancellation in which that goes on by itself.
const PASSED_ON: Ways = Ways::RAISE.or(Ways::ON);

/// Whether `expr` is a name that holds what is bound at one of `targets`, and nothing else.
pub(super) fn is_bound_at(source: &Source<'_>, expr: &ast::Expr, targets: &[TextRange]) -> bool {
    let bindings = source.bindings();
    let seen = (expr.as_name_expr()).and_then(|name| bindings.use_at(name.start()));
    seen.is_some_and(|seen| {
        let mut values = seen.bindings.iter().map(|id| bindings.binding(*id).target);
        !seen.bindings.is_empty() && values.all(|target| targets.contains(&target))
    })
}

/// Code to which a cancellation leads. [`Ways::RAISE`] are those in which it goes on as one.
struct Led<'s> {
    source: &'s Source<'s>,
    /// The names that hold it, where they are bound.
    caught: &'s [TextRange],
    /// It goes on where this code gives nothing or something untrue.
    is_exit: bool,
}

impl Led<'_> {
    fn body(&self, body: &[ast::Stmt]) -> Ways {
        let mut ways = Ways::ON;
        for statement in body {
            if !ways.has(Ways::ON) {
                break;
            }
            ways = ways.then(self.statement(statement));
        }
        ways
    }

    fn statement(&self, statement: &ast::Stmt) -> Ways {
        match statement {
            ast::Stmt::Break(_) => Ways::BREAK,
            ast::Stmt::Continue(_) => Ways::CONTINUE,
            ast::Stmt::Return(it) if self.is_exit && self.is_untrue(it.value.as_deref()) => {
                Ways::RAISE
            }
            // Without an operand in a handler of its own it is what a call has raised.
            ast::Stmt::Raise(it) if it.exc.as_deref().is_none_or(|it| self.is_one(it)) => {
                Ways::RAISE
            }
            ast::Stmt::Return(_) => Ways::LEAVE,
            ast::Stmt::Raise(_) => Ways::FAIL,
            ast::Stmt::If(it) => self.branches(it),
            ast::Stmt::Match(it) => {
                let cases = it.cases.iter().map(|case| self.body(&case.body));
                cases.fold(Ways::ON, Ways::or)
            }
            ast::Stmt::While(it) => {
                let is_endless = it.test.is_literal_expr();
                let end = self.body(&it.orelse);
                let turn = self.body(&it.body);
                turn.repeated(if is_endless { Ways::NONE } else { end })
            }
            ast::Stmt::For(it) => self.body(&it.body).repeated(self.body(&it.orelse)),
            // Its manager may take what is raised in it.
            ast::Stmt::With(it) => {
                let ways = self.body(&it.body);
                ways.or(Ways::ON.when(ways.has(Ways::FAIL)))
            }
            ast::Stmt::Try(it) => self.attempt(it),
            _ => Ways::ON,
        }
    }

    fn branches(&self, branch: &ast::StmtIf) -> Ways {
        let others = branch.elif_else_clauses.iter();
        let clauses = [(Some(&*branch.test), &branch.body)].into_iter();
        let mut ways = Ways::NONE;
        for (test, body) in clauses.chain(others.map(|it| (it.test.as_ref(), &it.body))) {
            let is_met = test.map_or(Some(true), |test| self.is_met(test));
            if is_met != Some(false) {
                ways = ways.or(self.body(body));
            }
            if is_met == Some(true) {
                return ways;
            }
        }
        ways.or(Ways::ON)
    }

    /// Each handler may be entered, whatever is raised in front of it.
    fn attempt(&self, attempt: &ast::StmtTry) -> Ways {
        let mut ways = self.body(&attempt.body);
        if ways.has(Ways::ON) {
            ways = ways.then(self.body(&attempt.orelse));
        }
        for handler in &attempt.handlers {
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            ways = ways.or(self.body(&handler.body));
        }
        let end = self.body(&attempt.finalbody);
        if end.has(Ways::ON) {
            end.then(ways)
        } else {
            end
        }
    }

    /// Whether a `return` of `value` gives something untrue, after a cancellation.
    fn is_untrue(&self, value: Option<&ast::Expr>) -> bool {
        value.is_none_or(|value| match value {
            ast::Expr::NoneLiteral(_) => true,
            ast::Expr::BooleanLiteral(it) => !it.value,
            test => self.is_met(test) == Some(false),
        })
    }

    /// What a `test` of what was caught gives, where it is a cancellation; none where that does not show.
    fn is_met(&self, test: &ast::Expr) -> Option<bool> {
        match test {
            ast::Expr::UnaryOp(it) if it.op == ast::UnaryOp::Not => {
                self.is_met(&it.operand).map(|is_met| !is_met)
            }
            ast::Expr::BoolOp(it) => {
                let decides = it.op == ast::BoolOp::Or;
                let met: Vec<_> = it.values.iter().map(|value| self.is_met(value)).collect();
                if met.contains(&Some(decides)) {
                    Some(decides)
                } else {
                    (!met.contains(&None)).then_some(!decides)
                }
            }
            ast::Expr::Name(_) => self.is_caught(test).then_some(true),
            ast::Expr::Compare(it) => {
                let is_none = it.comparators.iter().all(ast::Expr::is_none_literal_expr);
                match *it.ops {
                    [ast::CmpOp::Is] if is_none && self.is_caught(&it.left) => Some(false),
                    [ast::CmpOp::IsNot] if is_none && self.is_caught(&it.left) => Some(true),
                    _ => None,
                }
            }
            ast::Expr::Call(it)
                if (self.source).is_builtin(&it.func, &["isinstance", "issubclass"]) =>
            {
                let [object, class] = &*it.arguments.args else {
                    return None;
                };
                (self.is_caught(object)).then(|| self.is_instance_of(class))?
            }
            _ => None,
        }
    }

    fn is_instance_of(&self, class: &ast::Expr) -> Option<bool> {
        if is_surely_cancellation(self.source, class) {
            Some(true)
        } else {
            self.is_of_others(class).then_some(false)
        }
    }

    /// Whether `class`, a class or a tuple of such, is known, and no cancellation is an instance of it.
    fn is_of_others(&self, class: &ast::Expr) -> bool {
        let source = self.source;
        if let ast::Expr::Tuple(classes) = class {
            return classes.iter().all(|it| self.is_of_others(it));
        }
        let is_known = source.meanings(class).is_some()
            || source.class_of(class).is_some()
            || (class.as_name_expr()).is_some_and(|it| source.is_builtin(class, &[&it.id]));
        let has_known_values = || {
            let values = source.values_of(class).unwrap_or_default();
            !values.is_empty() && values.into_iter().all(|it| self.is_of_others(it))
        };
        !is_cancellation(source, class) && (is_known || has_known_values())
    }

    /// Whether what is raised is what was caught, or another cancellation.
    fn is_one(&self, raised: &ast::Expr) -> bool {
        let class = raised.as_call_expr().map_or(raised, |call| &call.func);
        self.is_caught(raised)
            || self.source.qualified(class).as_deref() == Some("asyncio.CancelledError")
    }

    fn is_caught(&self, expr: &ast::Expr) -> bool {
        is_bound_at(self.source, expr, self.caught)
    }
}
