//! What the context manager of a block is, as far as the file shows.

use asyncmend_edits::TextRange;
use asyncmend_source::{OwnBody, Ranged, Source, ast};

/// From a context expression to what makes its manager, and from there to the managers in that, so many steps are gone.
pub(super) const MAX_LINKS: usize = 4;

/// What a manager is made by.
#[derive(Debug, Clone, Copy)]
pub(super) enum Manager<'s> {
    /// A call of what the file does not define.
    Call(&'s ast::ExprCall),
    /// A generator function of the file, by `contextlib.contextmanager` or `asynccontextmanager`.
    Generator(&'s ast::StmtFunctionDef),
    /// A class of the file.
    Class(&'s ast::StmtClassDef),
}

/// Whether `is_it` holds of a manager that `context` may give, of what may make it or of what a name for it was given:
/// asked with the steps that are left of `links`.
pub(super) fn may_be(
    source: &Source<'_>,
    context: &ast::Expr,
    links: usize,
    is_it: &dyn Fn(Manager<'_>, usize) -> bool,
) -> bool {
    let Some(links) = links.checked_sub(1) else {
        return false;
    };
    if let Some(class) = source.class_of(context) {
        return is_it(Manager::Class(class), links);
    }
    match context {
        ast::Expr::If(it) => {
            may_be(source, &it.body, links, is_it) || may_be(source, &it.orelse, links, is_it)
        }
        ast::Expr::Call(call) => match source.functions(&call.func) {
            None => is_it(Manager::Call(call), links),
            Some(functions) => functions
                .into_iter()
                .any(|it| is_given_by(source, it, links, is_it)),
        },
        named => {
            let mut values = source.values_of(named).unwrap_or_default().into_iter();
            values.any(|value| may_be(source, value, links, is_it))
        }
    }
}

/// Likewise, of a manager that a call of `function` gives.
fn is_given_by(
    source: &Source<'_>,
    function: &ast::StmtFunctionDef,
    links: usize,
    is_it: &dyn Fn(Manager<'_>, usize) -> bool,
) -> bool {
    let makes_manager = |decorator: &ast::Decorator| {
        matches!(
            source.qualified(&decorator.expression).as_deref(),
            Some("contextlib.contextmanager" | "contextlib.asynccontextmanager")
        )
    };
    if function.decorator_list.iter().any(makes_manager) {
        return is_it(Manager::Generator(function), links);
    }
    let mut values = (source.returns(function).into_iter()).filter_map(|it| it.value.as_deref());
    !function.is_async && values.any(|value| may_be(source, value, links, is_it))
}

/// Where `generator` lets the block run.
pub(super) fn blocks(generator: &ast::StmtFunctionDef) -> Vec<TextRange> {
    let yields = OwnBody::of(generator).yields;
    yields.iter().map(Ranged::range).collect()
}
