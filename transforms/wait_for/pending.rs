//! Where a cancellation may be delivered that is pending when a call has given its result: followed from there on
//! through the function, by every path that control may take.
//!
//! A task gets it at the next `await` that suspends it. Of few that is known: others may find their result ready.

use std::mem;

use asyncmend_edits::TextRange;
use asyncmend_source::ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use asyncmend_source::{AnyNodeRef, Ranged, Source, ast};

use super::handler::is_bound_at;
use super::ways::Ways;

/// Functions of asyncio whose calls suspend the task that awaits them, whatever they are given: `sleep(0)` does, and
/// `wait()` of what is done.
const SUSPENDING: &[&str] = &["sleep", "wait"];

/// Calls of functions of the file are followed this often.
const MAX_LINKS: usize = 2;

/// Whether the cancellation that is pending after the `await` at `call` may be delivered elsewhere than in `covered`, the
/// part around it of a function with this `body`: at an `await` or a `yield` outside, or in the function's caller.
pub(super) fn may_stray(
    source: &Source<'_>,
    body: &[ast::Stmt],
    call: TextRange,
    covered: TextRange,
) -> bool {
    let mut walk = Walk {
        source,
        call: Some(call),
        covered,
        links: MAX_LINKS,
        strays: false,
        may_raise: false,
    };
    let ways = walk.body(body, false);
    walk.strays || ways.are_any()
}

/// A walk along the paths of a function. What is handed on is whether the cancellation may be pending; the ways are those
/// in which it still is, [`Ways::RAISE`] for what a handler of `Exception` has caught.
struct Walk<'s> {
    source: &'s Source<'s>,
    /// The `await` after which the cancellation is pending; none where it is from the start.
    call: Option<TextRange>,
    /// Where it may be delivered.
    covered: TextRange,
    /// How often calls may still be followed.
    links: usize,
    /// Whether it may be delivered elsewhere.
    strays: bool,
    /// Whether something may have raised an exception while it was pending.
    may_raise: bool,
}

impl Walk<'_> {
    fn holds_call(&self, node: impl Ranged) -> bool {
        self.call
            .is_some_and(|call| node.range().contains_range(call))
    }

    fn covers(&self, node: impl Ranged) -> bool {
        self.covered.contains_range(node.range())
    }

    fn body(&mut self, body: &[ast::Stmt], pending: bool) -> Ways {
        let mut ways = Ways::ON.when(pending);
        for statement in body {
            let pending = ways.has(Ways::ON);
            if pending || self.holds_call(statement) {
                ways = ways.then(self.statement(statement, pending));
            }
        }
        ways
    }

    fn statement(&mut self, statement: &ast::Stmt, pending: bool) -> Ways {
        match statement {
            ast::Stmt::Break(_) => Ways::BREAK.when(pending),
            ast::Stmt::Continue(_) => Ways::CONTINUE.when(pending),
            ast::Stmt::Return(it) => Ways::LEAVE.when(self.values(it.value.as_deref(), pending)),
            ast::Stmt::Raise(it) => {
                let raised = it.exc.iter().chain(&it.cause).map(AsRef::as_ref);
                let pending = self.values(raised, pending);
                self.may_raise |= pending;
                if pending && raises_exception_again(self.source, it) {
                    return Ways::RAISE;
                }
                Ways::LEAVE.when(pending)
            }
            // The targets are evaluated after the value.
            ast::Stmt::Assign(it) => {
                let value = [&*it.value].into_iter();
                Ways::ON.when(self.values(value.chain(&it.targets), pending))
            }
            ast::Stmt::If(it) => self.branches(it, pending),
            ast::Stmt::Match(it) => self.cases(it, pending),
            ast::Stmt::While(it) => {
                let is_endless = it.test.is_literal_expr();
                let test = |walk: &mut Self, pending| walk.values([&*it.test], pending);
                self.repeated(&it.body, &it.orelse, is_endless, &test, pending)
            }
            ast::Stmt::For(it) => {
                let pending = self.values([&*it.iter], pending);
                let next = |walk: &mut Self, pending| {
                    walk.strays |= it.is_async && pending && !walk.covers(it);
                    walk.may_raise |= pending;
                    pending
                };
                self.repeated(&it.body, &it.orelse, false, &next, pending)
            }
            ast::Stmt::With(it) => {
                let contexts = it.items.iter().map(|item| &item.context_expr);
                let pending = self.values(contexts, pending);
                self.may_raise |= pending;
                let ways = self.body(&it.body, pending);
                self.strays |= it.is_async && (pending || ways.are_any()) && !self.covers(it);
                // Who opens the block may take what is raised in it.
                if ways.has(Ways::RAISE) {
                    ways.or(Ways::LEAVE)
                } else {
                    ways
                }
            }
            ast::Stmt::Try(it) => self.attempt(it, pending),
            ast::Stmt::FunctionDef(_) | ast::Stmt::ClassDef(_) => {
                Ways::ON.when(pending || self.holds_call(statement))
            }
            other => {
                let mut evaluation = Evaluation::new(self, pending);
                evaluation.visit_stmt(other);
                Ways::ON.when(evaluation.pending)
            }
        }
    }

    /// Whether it may be pending after `exprs`, in their order.
    fn values<'e>(
        &mut self,
        exprs: impl IntoIterator<Item = &'e ast::Expr>,
        pending: bool,
    ) -> bool {
        let mut evaluation = Evaluation::new(self, pending);
        for expr in exprs {
            evaluation.visit_expr(expr);
        }
        evaluation.pending
    }

    fn branches(&mut self, branch: &ast::StmtIf, pending: bool) -> Ways {
        let mut pending = self.values([&*branch.test], pending);
        let mut ways = self.body(&branch.body, pending);
        for clause in &branch.elif_else_clauses {
            pending = self.values(&clause.test, pending);
            ways = ways.or(self.body(&clause.body, pending));
        }
        let last = branch.elif_else_clauses.last();
        let has_else = last.is_some_and(|last| last.test.is_none());
        ways.or(Ways::ON.when(pending && !has_else))
    }

    fn cases(&mut self, choice: &ast::StmtMatch, pending: bool) -> Ways {
        let mut pending = self.values([&*choice.subject], pending);
        let mut ways = Ways::NONE;
        for case in &choice.cases {
            pending = self.values(case.guard.as_deref(), pending);
            ways = ways.or(self.body(&case.body, pending));
        }
        ways.or(Ways::ON.when(pending))
    }

    /// A loop, of which `head` is run before each turn. One without an end that nothing leaves is as good as an `await`
    /// that suspends: some time, one in it does.
    fn repeated(
        &mut self,
        body: &[ast::Stmt],
        orelse: &[ast::Stmt],
        is_endless: bool,
        head: &dyn Fn(&mut Self, bool) -> bool,
        pending: bool,
    ) -> Ways {
        let mut before = head(self, pending);
        let mut turn = self.body(body, before);
        // That it comes back with it pending can be news once.
        if !pending && turn.has(Ways::ON.or(Ways::CONTINUE)) {
            before = head(self, true);
            turn = self.body(body, before);
        }
        let end = self.body(orelse, before && !is_endless);
        turn.repeated(end)
    }

    fn attempt(&mut self, attempt: &ast::StmtTry, pending: bool) -> Ways {
        let raised_before = mem::take(&mut self.may_raise);
        let mut tried = self.body(&attempt.body, pending);
        let may_raise = self.may_raise;
        self.may_raise |= raised_before;
        let raises = tried.has(Ways::RAISE);
        let mut is_taken = false;
        let mut ways = Ways::NONE;
        for handler in &attempt.handlers {
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            let takes = Taken::by(self.source, handler);
            // Of what is raised out of the code in which the cancellation may be delivered, only a `raise` counts.
            let pending = may_raise && self.covers(handler) || raises && takes != Taken::Nothing;
            ways = ways.or(self.body(&handler.body, pending));
            is_taken |= takes == Taken::All;
        }
        if is_taken {
            tried = tried.without(Ways::RAISE);
        }
        let tried = tried.then(self.body(&attempt.orelse, tried.has(Ways::ON)));
        let ways = ways.or(tried);
        self.finished(ways, &attempt.finalbody)
    }

    /// A `finally` with this `body`, to which those `ways` lead: it goes on in the way in which it was entered, and
    /// with the call in it that may be any.
    fn finished(&mut self, ways: Ways, body: &[ast::Stmt]) -> Ways {
        let end = self.body(body, ways.are_any());
        if !end.has(Ways::ON) {
            return end;
        }
        let has_call = body.iter().any(|it| self.holds_call(it));
        end.then(ways.or(Ways::ON.or(Ways::LEAVE).when(has_call)))
    }

    /// The arguments of the call that `awaited` is, if awaiting that always suspends the task.
    fn suspended_by<'e>(&self, awaited: &'e ast::ExprAwait) -> Option<&'e ast::Arguments> {
        let call = awaited.value.as_call_expr()?;
        let suspends = match self.source.qualified(&*call.func) {
            Some(name) => (name.strip_prefix("asyncio.")).is_some_and(|name| {
                SUSPENDING.contains(&name) && !self.source.patches_asyncio(name)
            }),
            None => self.calls_what_suspends(call),
        };
        suspends.then_some(&call.arguments)
    }

    /// Whether `call` is one of a coroutine function of the file that always suspends its task.
    fn calls_what_suspends(&self, call: &ast::ExprCall) -> bool {
        let Some(links) = self.links.checked_sub(1) else {
            return false;
        };
        let suspends = |function: &&ast::StmtFunctionDef| {
            let mut walk = Walk {
                source: self.source,
                call: None,
                covered: function.range(),
                links,
                strays: false,
                may_raise: false,
            };
            function.decorator_list.is_empty()
                && self.source.is_coroutine_function(function)
                && !walk.body(&function.body, true).are_any()
        };
        let functions = self.source.sole_functions(&call.func).unwrap_or_default();
        !functions.is_empty() && functions.iter().all(suspends)
    }
}

/// Which of the instances of `Exception` a handler takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    All,
    Some,
    Nothing,
}

impl Taken {
    fn by(source: &Source<'_>, handler: &ast::ExceptHandlerExceptHandler) -> Self {
        match handler.type_.as_deref() {
            None => Self::All,
            Some(class) if source.is_builtin(class, &["BaseException", "Exception"]) => Self::All,
            Some(class) if source.qualified(class).as_deref() == Some("asyncio.CancelledError") => {
                Self::Nothing
            }
            Some(_) => Self::Some,
        }
    }
}

/// Whether `raise` raises what the handler around it has caught, which is one of `Exception`.
fn raises_exception_again(source: &Source<'_>, raise: &ast::StmtRaise) -> bool {
    let path = source.path_to(raise.range());
    let handler = path.around().find_map(|node| match node {
        AnyNodeRef::ExceptHandlerExceptHandler(handler) => Some(handler),
        _ => None,
    });
    let Some(handler) = handler else { return false };
    let caught = handler.name.as_ref().map(Ranged::range);
    let is_caught =
        (raise.exc.as_deref()).is_none_or(|raised| is_bound_at(source, raised, caught.as_slice()));
    let is_exception = |class| source.is_builtin(class, &["Exception"]);
    is_caught && handler.type_.as_deref().is_some_and(is_exception)
}

/// A walk through expressions, by the order in which they are evaluated.
struct Evaluation<'w, 's> {
    walk: &'w mut Walk<'s>,
    pending: bool,
    /// How many nodes are around that [`is_conditional`] tells of.
    conditions: usize,
}

impl<'w, 's> Evaluation<'w, 's> {
    fn new(walk: &'w mut Walk<'s>, pending: bool) -> Self {
        Self {
            walk,
            pending,
            conditions: 0,
        }
    }

    fn is_call(&self, node: impl Ranged) -> bool {
        self.walk.call == Some(node.range())
    }

    /// What happens where the task may be suspended at `node`.
    fn may_suspend(&mut self, node: impl Ranged) {
        self.walk.strays |= self.pending && !self.walk.covers(node);
    }
}

impl<'e> SourceOrderVisitor<'e> for Evaluation<'_, '_> {
    fn enter_node(&mut self, node: AnyNodeRef<'e>) -> TraversalSignal {
        self.conditions += usize::from(is_conditional(node));
        match node {
            // It suspends as well, in a loop that comes back to it: what it raises then, it raises after that.
            AnyNodeRef::ExprAwait(it) if self.is_call(it) => self.pending = false,
            AnyNodeRef::ExprAwait(it)
                if self.conditions == 0
                    && let Some(arguments) = self.walk.suspended_by(it) =>
            {
                self.visit_arguments(arguments);
                self.may_suspend(it);
                self.pending = false;
                return TraversalSignal::Skip;
            }
            AnyNodeRef::ExprLambda(_) => return TraversalSignal::Skip,
            _ => {}
        }
        TraversalSignal::Traverse
    }

    fn leave_node(&mut self, node: AnyNodeRef<'e>) {
        self.conditions -= usize::from(is_conditional(node));
        match node {
            AnyNodeRef::ExprAwait(it) if self.is_call(it) => {
                self.pending = true;
                return;
            }
            AnyNodeRef::ExprAwait(_) => self.may_suspend(node),
            AnyNodeRef::Comprehension(it) if it.is_async => self.may_suspend(it),
            // Whoever gets the value awaits next, wherever that is.
            AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_) => {
                self.walk.strays |= self.pending;
            }
            _ => {}
        }
        self.walk.may_raise |= self.pending && may_raise(node);
    }
}

/// Whether parts of `node` may not be evaluated, or in another order than that of the text.
fn is_conditional(node: AnyNodeRef<'_>) -> bool {
    matches!(
        node,
        AnyNodeRef::ExprBoolOp(_)
            | AnyNodeRef::ExprIf(_)
            | AnyNodeRef::ExprCompare(_)
            | AnyNodeRef::ExprListComp(_)
            | AnyNodeRef::ExprSetComp(_)
            | AnyNodeRef::ExprDictComp(_)
            | AnyNodeRef::ExprGenerator(_)
            | AnyNodeRef::StmtAssert(_)
    )
}

/// Whether `node` may raise by itself, as names, constants, displays and comparisons do not; a place that is bound does
/// not count.
fn may_raise(node: AnyNodeRef<'_>) -> bool {
    match node {
        AnyNodeRef::ExprAttribute(it) => it.ctx.is_load(),
        AnyNodeRef::ExprSubscript(it) => it.ctx.is_load(),
        AnyNodeRef::ExprCall(_)
        | AnyNodeRef::ExprBinOp(_)
        | AnyNodeRef::ExprFString(_)
        | AnyNodeRef::ExprAwait(_)
        | AnyNodeRef::ExprYield(_)
        | AnyNodeRef::ExprYieldFrom(_)
        | AnyNodeRef::StmtAssert(_) => true,
        _ => false,
    }
}
