//! What the transforms take arguments and receivers for, to be compared with what they turn out to
//! be when a program runs.

use asyncmend_edits::TextRange;
use asyncmend_source::{Kinds, Ranged, Source, ast};

pub use crate::gather::{Form, Origin, Share};

/// A call of `asyncio.gather`.
#[derive(Debug)]
pub struct Gathered {
    /// The call, in bytes of the file.
    pub call: TextRange,
    /// Whether it is awaited where it stands.
    pub is_awaited: bool,
    /// Its positional arguments.
    pub arguments: Vec<Argument>,
}

/// An argument of a `gather`.
#[derive(Debug)]
pub struct Argument {
    /// The argument, with its star, in bytes of the file.
    pub at: TextRange,
    /// Whether it is unpacked.
    pub is_starred: bool,
    /// What it is taken for; of an unpacked one, the worst of what it yields.
    pub origin: Origin,
    /// What it may be, or what it yields.
    pub kinds: Kinds,
}

/// A call of a method `create_task`.
#[derive(Debug)]
pub struct Receiver {
    /// The call, in bytes of the file.
    pub call: TextRange,
    /// The object whose method it is, in bytes of the file.
    pub at: TextRange,
    /// What that is taken for.
    pub kinds: Kinds,
}

/// Every call of `asyncio.gather` in a file.
pub fn gathered(source: &Source<'_>) -> Vec<Gathered> {
    source
        .calls_to(&["asyncio.gather"])
        .iter()
        .map(|site| Gathered {
            call: site.call.range(),
            is_awaited: site.awaited().is_some(),
            arguments: (site.call.arguments.args.iter())
                .map(|argument| Argument {
                    at: argument.range(),
                    is_starred: argument.is_starred_expr(),
                    origin: crate::gather::origin(source, argument),
                    kinds: kinds_given(source, argument),
                })
                .collect(),
        })
        .collect()
}

fn kinds_given(source: &Source<'_>, argument: &ast::Expr) -> Kinds {
    let ast::Expr::Starred(starred) = argument else {
        return source.kinds_of(argument);
    };
    match &*starred.value {
        ast::Expr::Generator(ast::ExprGenerator { elt, .. })
        | ast::Expr::ListComp(ast::ExprListComp { elt, .. }) => source.kinds_of(elt),
        other => source.kinds_of_each(other),
    }
}

/// Every call of a method `create_task` in a file; asyncio's function is none.
pub fn receivers(source: &Source<'_>) -> Vec<Receiver> {
    source
        .calls_named(&["create_task"])
        .iter()
        .filter(|site| source.meanings(&*site.call.func).is_none())
        .filter_map(|site| {
            let ast::Expr::Attribute(method) = &*site.call.func else {
                return None;
            };
            let receiver = &*method.value;
            Some(Receiver {
                call: site.call.range(),
                at: receiver.range(),
                kinds: source.kinds_of(receiver),
            })
        })
        .collect()
}
