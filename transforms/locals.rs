//! New locals of functions to which several fixes give some.

use std::cell::RefCell;

use asyncmend_edits::TextRange;
use asyncmend_rewrite::first_fresh_in_function_where;
use asyncmend_source::{Ranged, Source, ast};

/// A new local of a function.
pub(crate) struct Local {
    function: TextRange,
    pub(crate) name: String,
    /// What decides about the type of what it holds, in words that are compared.
    holds: String,
}

impl Local {
    pub(crate) fn new(function: &ast::StmtFunctionDef, name: &str, holds: &str) -> Self {
        Self {
            function: function.range(),
            name: name.to_owned(),
            holds: holds.to_owned(),
        }
    }
}

/// The new locals of one look at a file. Fixes share names, as people would; but to a type checker a local is of one
/// type.
pub(crate) struct Locals {
    known: RefCell<Vec<Local>>,
    /// Whether anything looks at the types.
    pub(crate) types_matter: bool,
}

impl Locals {
    pub(crate) fn of(source: &Source<'_>) -> Self {
        Self {
            known: RefCell::default(),
            types_matter: source.options().types_are_checked || source.is_annotated(),
        }
    }

    /// The first of `wanted` that `function` can bind as a local for something like `holds`; where it can bind none,
    /// the first with a number.
    pub(crate) fn fresh(
        &self,
        source: &Source<'_>,
        function: &ast::StmtFunctionDef,
        wanted: &[&str],
        holds: &str,
    ) -> String {
        let known = self.known.borrow();
        first_fresh_in_function_where(source, function, wanted, |name| {
            let is_other = |it: &Local| {
                it.function == function.range() && it.name == name && it.holds != holds
            };
            !self.types_matter || !known.iter().any(is_other)
        })
    }

    /// Notes those that a fix binds.
    pub(crate) fn note(&self, locals: impl IntoIterator<Item = Local>) {
        self.known.borrow_mut().extend(locals);
    }

    /// What decides about the type of the result of awaiting `awaitable`: what its function is declared to give, else
    /// which function that is.
    pub(crate) fn result_of(&self, source: &Source<'_>, awaitable: &ast::Expr) -> String {
        if !self.types_matter {
            return String::new();
        }
        let ast::Expr::Call(call) = awaitable else {
            return source.slice(awaitable.range()).to_owned();
        };
        let declared = source.functions(&call.func).and_then(|functions| {
            let [only] = &functions[..] else { return None };
            only.returns.as_deref()
        });
        match declared {
            Some(annotation) => format!("-> {}", source.slice(annotation.range())),
            None => (source.function_name(&call.func))
                .unwrap_or_else(|| source.slice(call.func.range()).to_owned()),
        }
    }
}
