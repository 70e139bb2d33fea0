//! Whether it matters to a timeout block that its task may have been cancelled before.

use asyncmend_edits::TextRange;
use asyncmend_source::ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use asyncmend_source::{AnyNodeRef, Path, Ranged, Source, ast, holds};

use super::handler::{finally_swallowing, swallowing};
use super::taken::{are_taken_alike, suppresses, takes_cancellation};
use super::ways::Ways;
use crate::cleaning::cleans_up;

/// Whether a `CancelledError` in place of a `TimeoutError` would make a difference at `path`, and may come.
pub(super) fn may_mistake_timeout(source: &Source<'_>, path: &Path<'_>) -> bool {
    let goes_on = || {
        path.function()
            .is_some_and(|it| Swallowed::before(source, it, path))
    };
    (stands_in_cleanup(source, path) || goes_on()) && !are_taken_alike(source, path)
}

/// Whether the call at `path` stands where a function goes on after a cancellation of its task: in a `finally`, in a
/// handler that takes one, or in a function that cleans up.
fn stands_in_cleanup(source: &Source<'_>, path: &Path<'_>) -> bool {
    let mut inner = path.node();
    for around in path.around() {
        match around {
            AnyNodeRef::StmtFunctionDef(function) => return cleans_up(&function.name),
            AnyNodeRef::StmtTry(attempt) if holds(&attempt.finalbody, inner) => return true,
            AnyNodeRef::ExceptHandlerExceptHandler(handler)
                if takes_cancellation(source, handler) =>
            {
                return true;
            }
            _ => {}
        }
        inner = around;
    }
    false
}

/// A search for code of a function that takes a cancellation and goes on to a call.
struct Swallowed<'s> {
    source: &'s Source<'s>,
    call: TextRange,
    around: Loops,
    /// The `try` statements around, with the loops around each.
    attempts: Vec<(&'s ast::StmtTry, Loops)>,
    found: bool,
}

/// The loops around some code.
#[derive(Clone, Copy, Default)]
struct Loops {
    all: usize,
    /// How many of them have the call in them.
    shared: usize,
}

impl<'s> Swallowed<'s> {
    /// Whether `function` has some from which the call at `path` may be reached.
    fn before(source: &'s Source<'s>, function: &'s ast::StmtFunctionDef, path: &Path<'_>) -> bool {
        let mut swallowed = Self {
            source,
            call: path.node().range(),
            around: Loops::default(),
            attempts: Vec::new(),
            found: false,
        };
        swallowed.visit_body(&function.body);
        swallowed.found
    }

    /// Notes that a loop begins, if `node` is one, or ends.
    fn note_loop(&mut self, node: AnyNodeRef<'_>, count: impl Fn(usize) -> usize) {
        if matches!(node, AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_)) {
            self.around.all = count(self.around.all);
            if node.range().contains_range(self.call) {
                self.around.shared = count(self.around.shared);
            }
        }
    }

    /// Whether the call may be reached from behind `code`, which so many `loops` around both let run again.
    fn is_reached_behind(&self, code: TextRange, loops: usize) -> bool {
        code.end() <= self.call.start() || loops > 0
    }

    /// Whether the call may be reached by those `ways` out of `clause`, with those loops `around` it.
    fn is_reached_by(&self, ways: Ways, clause: TextRange, around: Loops) -> bool {
        // A `break` ends the innermost loop, which may have the call in it.
        let ended = usize::from(around.all == around.shared);
        (ways.has(Ways::ON) || ways.has(Ways::CONTINUE))
            && self.is_reached_behind(clause, around.shared)
            || ways.has(Ways::BREAK)
                && self.is_reached_behind(clause, around.shared.saturating_sub(ended))
            || ways.has(Ways::FAIL) && self.is_reached_from_around(clause)
    }

    /// Whether the call may be reached from a handler around `clause`, which takes what is raised there.
    fn is_reached_from_around(&self, clause: TextRange) -> bool {
        let mut around = (self.attempts.iter()).filter(|(attempt, _)| holds(&attempt.body, clause));
        around.any(|(attempt, around)| {
            attempt.handlers.iter().any(|handler| {
                let ast::ExceptHandler::ExceptHandler(handler) = handler;
                let ways = swallowing(self.source, handler).without(Ways::FAIL);
                holds(&handler.body, self.call)
                    || self.is_reached_by(ways, handler.range(), *around)
            })
        })
    }
}

impl<'s> SourceOrderVisitor<'s> for Swallowed<'s> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        match node {
            AnyNodeRef::ExceptHandlerExceptHandler(handler) => {
                let is_taken = takes_cancellation(self.source, handler);
                self.found |= is_taken && {
                    let ways = swallowing(self.source, handler);
                    self.is_reached_by(ways, handler.range(), self.around)
                };
            }
            AnyNodeRef::StmtWith(block) => {
                let first = block.body.first().map(Ranged::range);
                self.found |= first.is_some_and(|first| suppresses(self.source, block, first))
                    && self.is_reached_behind(block.range(), self.around.shared);
            }
            AnyNodeRef::StmtTry(attempt) => {
                let ways = finally_swallowing(self.source, &attempt.finalbody);
                self.found |= self.is_reached_by(ways, attempt.range(), self.around);
                self.attempts.push((attempt, self.around));
            }
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::StmtClassDef(_) => {
                return TraversalSignal::Skip;
            }
            _ if node.is_expression() => return TraversalSignal::Skip,
            _ => self.note_loop(node, |count| count + 1),
        }
        TraversalSignal::Traverse
    }

    fn leave_node(&mut self, node: AnyNodeRef<'s>) {
        if node.is_stmt_try() {
            self.attempts.pop();
        }
        self.note_loop(node, |count| count - 1);
    }
}
