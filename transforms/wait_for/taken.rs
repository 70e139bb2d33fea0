//! Whether the code around a call takes a cancellation and goes on.

use asyncmend_edits::TextRange;
use asyncmend_source::{AnyNodeRef, Path, Ranged, Site, Source, ast, holds};

use super::managers::{self, Manager};
use super::{handler, pending};

/// Whether a cancellation that is delivered at the call is taken by a handler of the function around it, and one that
/// is pending when the call has given its result may pass that by.
pub(super) fn is_taken_here_alone(source: &Source<'_>, site: &Site<'_>) -> bool {
    let Some(awaited) = site.awaited() else {
        return false;
    };
    let Some(covered) = covered(source, &site.path, managers::MAX_LINKS) else {
        return false;
    };
    let body = site.path.function().map_or(source.body(), |it| &it.body);
    pending::may_stray(source, body, awaited.expr.range(), covered)
}

/// The code around the call at `path` for which the innermost handler of the function takes a cancellation.
fn covered(source: &Source<'_>, path: &Path<'_>, links: usize) -> Option<TextRange> {
    let mut inner = path.node().range();
    for around in path.around() {
        let covered = match around {
            AnyNodeRef::StmtTry(attempt) => covered_by_handlers(source, attempt, inner),
            AnyNodeRef::StmtWith(block) if takes_from_block(source, block, inner, links) => {
                whole(&block.body)
            }
            AnyNodeRef::StmtFunctionDef(_) => return None,
            _ => None,
        };
        if covered.is_some() {
            return covered;
        }
        inner = around.range();
    }
    None
}

fn whole(body: &[ast::Stmt]) -> Option<TextRange> {
    Some(TextRange::new(body.first()?.start(), body.last()?.end()))
}

/// The code for which a clause of `attempt` takes a cancellation that comes at `inner`, if one does.
fn covered_by_handlers(
    source: &Source<'_>,
    attempt: &ast::StmtTry,
    inner: TextRange,
) -> Option<TextRange> {
    if !holds(&attempt.finalbody, inner)
        && handler::finally_swallowing(source, &attempt.finalbody).are_any()
    {
        let end = attempt.finalbody.first()?.start();
        return Some(TextRange::new(attempt.start(), end));
    }
    if !holds(&attempt.body, inner) {
        return None;
    }
    let mut handlers = (attempt.handlers.iter()).map(clause);
    let handler = handlers.find(|it| takes_cancellation(source, it))?;
    let takes = handler::swallowing(source, handler);
    takes.are_any().then(|| whole(&attempt.body)).flatten()
}

/// Whether `handler` is entered for a cancellation.
pub(super) fn takes_cancellation(
    source: &Source<'_>,
    handler: &ast::ExceptHandlerExceptHandler,
) -> bool {
    let class = handler.type_.as_deref();
    class.is_none_or(|class| is_cancellation(source, class))
}

/// Whether one clause, the first of the function that a `TimeoutError` raised at `path` meets, takes a cancellation as well
/// and does the same with either: it neither raises nor looks at what it has caught.
pub(super) fn are_taken_alike(source: &Source<'_>, path: &Path<'_>) -> bool {
    let takes_both = |class: &ast::Expr| are_among(source, one_or_each(class));
    let mut inner = path.node().range();
    for around in path.around() {
        match around {
            AnyNodeRef::StmtTry(attempt) if holds(&attempt.body, inner) => {
                if let Some(first) = attempt.handlers.first().map(clause) {
                    let looks = ["raise", "exc_info", "format_exc", "print_exc"];
                    return !attempt.is_star
                        && first.type_.as_deref().is_none_or(takes_both)
                        && first.name.is_none()
                        && !looks.iter().any(|it| source.has_word(it, first.range()));
                }
            }
            AnyNodeRef::StmtWith(block) if holds(&block.body, inner) => {
                let [item] = &block.items[..] else {
                    return false;
                };
                let call = item.context_expr.as_call_expr();
                return call.is_some_and(|call| {
                    is_suppress(source, call) && are_among(source, &call.arguments.args)
                });
            }
            AnyNodeRef::StmtFunctionDef(_) => return false,
            _ => {}
        }
        inner = around.range();
    }
    false
}

/// Whether both exceptions are, for sure, instances of one of these `classes` each.
fn are_among(source: &Source<'_>, classes: &[ast::Expr]) -> bool {
    CANCELLATION.is_among(source, classes) && TIMEOUT.is_among(source, classes)
}

/// The classes that a handler takes which is for `class`, as far as that shows them.
fn one_or_each(class: &ast::Expr) -> &[ast::Expr] {
    match class {
        ast::Expr::Tuple(tuple) => &tuple.elts,
        one => std::slice::from_ref(one),
    }
}

/// An exception that a call may raise.
struct Raised {
    /// Its class, by its name in asyncio.
    name: &'static str,
    /// The builtins that are that class or one above it.
    builtins: &'static [&'static str],
}

impl Raised {
    /// Whether it is, for sure, an instance of one of these `classes`.
    fn is_among(&self, source: &Source<'_>, classes: &[ast::Expr]) -> bool {
        classes.iter().any(|class| {
            source.qualified(class).as_deref() == Some(self.name)
                || source.is_builtin(class, self.builtins)
        })
    }
}

const CANCELLATION: Raised = Raised {
    name: "asyncio.CancelledError",
    builtins: &["BaseException"],
};

const TIMEOUT: Raised = Raised {
    name: "asyncio.TimeoutError",
    builtins: &["BaseException", "Exception", "OSError", "TimeoutError"],
};

/// Whether a context manager of `block` takes a cancellation that comes at `inner`, and suppresses it or raises something
/// else.
pub(super) fn suppresses(source: &Source<'_>, block: &ast::StmtWith, inner: TextRange) -> bool {
    takes_from_block(source, block, inner, managers::MAX_LINKS)
}

fn takes_from_block(
    source: &Source<'_>,
    block: &ast::StmtWith,
    inner: TextRange,
    links: usize,
) -> bool {
    let takes = |item: &ast::WithItem| {
        manager_takes(source, &item.context_expr, block.is_async, links)
            || (item.optional_vars.as_deref())
                .is_some_and(|stack| one_on_a_stack_takes(source, block, stack, links))
    };
    holds(&block.body, inner) && block.items.iter().any(takes)
}

/// Whether one takes it that `block` enters on its `stack`: `stack.enter_context(..)`.
fn one_on_a_stack_takes(
    source: &Source<'_>,
    block: &ast::StmtWith,
    stack: &ast::Expr,
    links: usize,
) -> bool {
    let Some(stack) = stack.as_name_expr() else {
        return false;
    };
    let enters = [("enter_context", false), ("enter_async_context", true)];
    enters.into_iter().any(|(enter, is_async)| {
        let sites = source.calls_named(&[enter]);
        sites.iter().any(|site| {
            let method = site.call.func.as_attribute_expr();
            let entered = method.and_then(|it| it.value.as_name_expr());
            let context = site.call.arguments.args.first();
            holds(&block.body, site.call)
                && entered.is_some_and(|it| it.id == stack.id)
                && context.is_some_and(|it| manager_takes(source, it, is_async, links))
        })
    })
}

/// Whether the manager that `context` gives takes a cancellation in its block.
fn manager_takes(source: &Source<'_>, context: &ast::Expr, is_async: bool, links: usize) -> bool {
    let exit = if is_async { "__aexit__" } else { "__exit__" };
    let takes = |manager: Manager<'_>, links| match manager {
        Manager::Call(call) => {
            let mut classes = call.arguments.args.iter();
            is_suppress(source, call) && classes.any(|class| is_cancellation(source, class))
        }
        Manager::Generator(function) => {
            let mut blocks = managers::blocks(function).into_iter();
            blocks.any(|block| covered(source, &source.path_to(block), links).is_some())
        }
        Manager::Class(class) => {
            let methods = source.methods_of(class, exit).unwrap_or_default();
            (methods.into_iter()).any(|method| handler::exit_swallows(source, method))
        }
    };
    managers::may_be(source, context, links, &takes)
}

fn is_suppress(source: &Source<'_>, call: &ast::ExprCall) -> bool {
    source.qualified(&*call.func).as_deref() == Some("contextlib.suppress")
}

/// Whether a cancellation is for sure an instance of `class`, an exception class or a tuple of such.
pub(super) fn is_surely_cancellation(source: &Source<'_>, class: &ast::Expr) -> bool {
    CANCELLATION.is_among(source, one_or_each(class))
}

/// Whether a cancellation may be an instance of `class`, an exception class, a tuple of such, or a name for either.
pub(super) fn is_cancellation(source: &Source<'_>, class: &ast::Expr) -> bool {
    if let ast::Expr::Tuple(classes) = class {
        return classes.iter().any(|it| is_cancellation(source, it));
    }
    if let ast::Expr::Starred(classes) = class {
        return is_cancellation(source, &classes.value);
    }
    let names = source.meanings(class).unwrap_or_default();
    names.iter().any(|it| it == CANCELLATION.name)
        || source.is_builtin(class, CANCELLATION.builtins)
        || (source.values_of(class).unwrap_or_default().into_iter())
            .any(|it| it.is_tuple_expr() && is_cancellation(source, it))
}

fn clause(handler: &ast::ExceptHandler) -> &ast::ExceptHandlerExceptHandler {
    let ast::ExceptHandler::ExceptHandler(handler) = handler;
    handler
}
