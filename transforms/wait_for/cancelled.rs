//! Whether it matters to a timeout block that its task may have been cancelled before.

use asyncmend_edits::TextRange;
use asyncmend_source::ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use asyncmend_source::{AnyNodeRef, Path, Ranged, Source, ast, holds, jumps_in};

use super::taken::{are_taken_alike, suppresses, takes_cancellation};
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
    /// How many loops are around, and how many of them have the call in them.
    depth: usize,
    loops: usize,
    found: bool,
}

impl<'s> Swallowed<'s> {
    /// Whether `function` has some from which the call at `path` may be reached.
    fn before(source: &'s Source<'s>, function: &'s ast::StmtFunctionDef, path: &Path<'_>) -> bool {
        let mut swallowed = Self {
            source,
            call: path.node().range(),
            depth: 0,
            loops: 0,
            found: false,
        };
        swallowed.visit_body(&function.body);
        swallowed.found
    }

    /// Notes that a loop begins, if `node` is one, or ends.
    fn note_loop(&mut self, node: AnyNodeRef<'_>, count: impl Fn(usize) -> usize) {
        if matches!(node, AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_)) {
            self.depth = count(self.depth);
            if node.range().contains_range(self.call) {
                self.loops = count(self.loops);
            }
        }
    }

    /// Whether the call may be reached from behind `code`, which so many `loops` around both let run again.
    fn is_reached_behind(&self, code: TextRange, loops: usize) -> bool {
        code.end() <= self.call.start() || loops > 0
    }

    /// Whether the call may be reached from `clause`, which has this `body`.
    fn is_reached_from(&self, clause: TextRange, body: &[ast::Stmt]) -> bool {
        let is_left = |loops: usize| self.is_reached_behind(clause, loops);
        let Some((last, before)) = body.split_last() else {
            return is_left(self.loops);
        };
        if before.iter().any(jumps_in) {
            return is_left(self.loops);
        }
        match last {
            ast::Stmt::Return(_) | ast::Stmt::Raise(_) => false,
            // It ends the innermost loop, which may have the call in it.
            ast::Stmt::Break(_) => is_left(self.loops - usize::from(self.depth == self.loops)),
            _ => is_left(self.loops),
        }
    }
}

impl<'s> SourceOrderVisitor<'s> for Swallowed<'s> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        match node {
            AnyNodeRef::ExceptHandlerExceptHandler(handler) => {
                self.found |= self.is_reached_from(handler.range(), &handler.body)
                    && takes_cancellation(self.source, handler);
            }
            AnyNodeRef::StmtWith(block) => {
                let first = block.body.first().map(Ranged::range);
                self.found |= first.is_some_and(|first| suppresses(self.source, block, first))
                    && self.is_reached_behind(block.range(), self.loops);
            }
            // A jump out of a `finally` takes whatever came.
            AnyNodeRef::StmtTry(attempt) if attempt.finalbody.iter().any(jumps_in) => {
                self.found |= self.is_reached_behind(attempt.range(), self.loops);
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
        self.note_loop(node, |count| count - 1);
    }
}
