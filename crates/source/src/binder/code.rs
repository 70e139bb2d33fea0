//! The code of one function, as a graph that grows while it is walked through.

use crate::flow::{BlockId, Event, Graph};

/// The code of a function, a lambda or the module, while it is walked through.
pub(super) struct Code {
    pub(super) graph: Graph,
    /// The block to which events are added.
    pub(super) at: BlockId,
    /// The code before leaves: what follows is never reached.
    pub(super) has_left: bool,
    /// What jumps have to look at, innermost last.
    pub(super) frames: Vec<Frame>,
    /// Where what raises goes.
    pub(super) raises_to: Option<BlockId>,
    /// How many events there were before the outermost loop around.
    pub(super) in_loop: Option<usize>,
}

pub(super) enum Frame {
    Loop {
        head: BlockId,
        exit: BlockId,
        is_left: bool,
    },
    /// The `finally` that runs on the way, and where it goes on after that.
    Finally { entry: BlockId, then: Vec<Jump> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Jump {
    Break,
    Continue,
    Return,
}

impl Code {
    pub(super) fn new() -> Self {
        Self {
            graph: Graph::default(),
            at: Graph::ENTRY,
            has_left: false,
            frames: Vec::new(),
            raises_to: None,
            in_loop: None,
        }
    }

    /// A block to which other code leads; nothing can be added to it.
    pub(super) fn junction(&mut self) -> BlockId {
        self.graph.block(self.raises_to)
    }

    /// Goes on in a new block that is reached from `from`.
    pub(super) fn begin(&mut self, from: impl IntoIterator<Item = BlockId>) {
        let new = self.graph.block(self.raises_to);
        for from in from {
            self.graph.edge(from, new);
        }
        self.at = new;
        self.has_left = false;
    }

    /// Where the code has come to; none where it has left.
    pub(super) fn end(&self) -> Option<BlockId> {
        (!self.has_left).then_some(self.at)
    }

    /// Goes on where all of `ends` come together; nowhere if there are none.
    pub(super) fn join(&mut self, ends: Vec<BlockId>) {
        if ends.is_empty() {
            // What follows is read as if it were reached: nobody knows better.
            self.begin([self.at]);
            self.has_left = true;
        } else {
            self.begin(ends);
        }
    }

    /// Leaves by `jump` from the end of `from`.
    pub(super) fn jump(&mut self, from: BlockId, jump: Jump) {
        for frame in self.frames.iter_mut().rev() {
            match frame {
                Frame::Finally { entry, then } => {
                    self.graph.edge(from, *entry);
                    if !then.contains(&jump) {
                        then.push(jump);
                    }
                    return;
                }
                Frame::Loop { exit, is_left, .. } if jump == Jump::Break => {
                    *is_left = true;
                    self.graph.edge(from, *exit);
                    return;
                }
                Frame::Loop { head, .. } if jump == Jump::Continue => {
                    self.graph.edge(from, *head);
                    return;
                }
                Frame::Loop { .. } => {}
            }
        }
    }

    pub(super) fn event(&mut self, event: Event) {
        self.graph.event(event);
    }
}
