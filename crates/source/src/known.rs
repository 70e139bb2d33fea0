//! What is known of a call, for people to read.

use std::fmt;

use ruff_python_ast::{Expr, ExprRef};
use ruff_text_size::{Ranged, TextRange};

use crate::{Kind, Kinds, Source};

/// What is known of a call.
#[derive(Debug, Clone)]
pub struct Known {
    /// What is called, by its names outside of the file; none where that is unknown.
    pub callee: Vec<String>,
    /// The object whose method is called, where it is none of a module.
    pub receiver: Option<(TextRange, Kinds)>,
    /// The arguments without keywords; of a starred one what each of its items is.
    pub arguments: Vec<(TextRange, Kinds)>,
}

impl Source<'_> {
    /// What is known of the call at `range`.
    pub fn known_of(&self, range: TextRange) -> Option<Known> {
        let ExprRef::Call(call) = self.expression_at(range)? else {
            return None;
        };
        let callee = self.meanings(&*call.func).unwrap_or_default();
        let receiver = match &*call.func {
            Expr::Attribute(method) if callee.is_empty() => {
                Some((method.value.range(), self.kinds_of(&method.value)))
            }
            _ => None,
        };
        let arguments = call.arguments.args.iter().map(|argument| match argument {
            Expr::Starred(starred) => (starred.range(), self.kinds_of_each(&starred.value)),
            argument => (argument.range(), self.kinds_of(argument)),
        });
        Some(Known {
            callee,
            receiver,
            arguments: arguments.collect(),
        })
    }
}

impl fmt::Display for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Kinds::NONE {
            return f.write_str("nothing");
        }
        for (index, kind) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(" or ")?;
            }
            f.write_str(match kind {
                Kind::Coroutine => "a coroutine",
                Kind::Task => "a task",
                Kind::Future => "a future",
                Kind::OtherAwaitable => "some other awaitable",
                Kind::EventLoop => "an event loop",
                Kind::TaskGroup => "a task group",
                Kind::NotAwaitable => "nothing that can be awaited",
                Kind::Unknown => "not known",
            })?;
        }
        Ok(())
    }
}
