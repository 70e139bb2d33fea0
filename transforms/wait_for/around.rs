//! Whether a block around a call ends by a cancellation of the task that runs it.

use asyncmend_edits::TextRange;
use asyncmend_source::{AnyNodeRef, Kind, Path, Ranged, Source, ast, holds};

use super::managers::{self, Manager};

/// Context managers that cancel the task of their block, and take that back when it ends; in asyncio and its
/// backports, and in libraries on top of it. Task groups are known as such.
const CANCELLERS: &[&str] = &[
    "aiotools.Supervisor",
    "aiotools.TaskScope",
    "aiotools.move_on_after",
    "aiotools.timeout",
    "aiotools.timeout_at",
    "anyio.CancelScope",
    "anyio.fail_after",
    "anyio.move_on_after",
    "anyio.open_cancel_scope",
    "async_timeout.timeout",
    "async_timeout.timeout_at",
    "asyncio.Timeout",
    "asyncio.timeout",
    "asyncio.timeout_at",
    "quattro.CancelScope",
    "quattro.fail_after",
    "quattro.fail_at",
    "quattro.move_on_after",
    "quattro.move_on_at",
    "taskgroup.Timeout",
    "taskgroup.timeout",
    "taskgroup.timeout_at",
];

/// Functions that run the coroutines that they are given in tasks of their own.
const SPAWNERS: &[&str] = &[
    "asyncio.Task",
    "asyncio.create_task",
    "asyncio.ensure_future",
    "asyncio.gather",
    "asyncio.run_coroutine_threadsafe",
    "asyncio.shield",
    "asyncio.wait_for",
];

/// Whether the call at `path` runs in the body of a block that may cancel it to end.
pub(super) fn ends_by_cancellation(source: &Source<'_>, path: &Path<'_>) -> bool {
    !runs_in_its_own_task(source, path) && stands_in_one(source, path, managers::MAX_LINKS)
}

fn stands_in_one(source: &Source<'_>, path: &Path<'_>, links: usize) -> bool {
    let mut inner: TextRange = path.node().range();
    for around in path.around() {
        match around {
            AnyNodeRef::StmtWith(block) => {
                let in_body = holds(&block.body, inner);
                // A manager that is opened after another of the same header is in its block as well.
                let mut opened = block
                    .items
                    .iter()
                    .filter(|item| in_body || item.range().end() < inner.start());
                if opened.any(|item| cancels_its_block(source, &item.context_expr, links)) {
                    return true;
                }
            }
            AnyNodeRef::StmtFunctionDef(_) => return has_one_on_a_stack(source, path, links),
            AnyNodeRef::ExprLambda(_) => return false,
            _ => {}
        }
        inner = around.range();
    }
    false
}

/// Whether the coroutine that the call at `path` gives, by itself or in a list, goes right to a function that makes a
/// task of it: cancelled in the turn of its result, that is cancelled as it ends.
fn runs_in_its_own_task(source: &Source<'_>, path: &Path<'_>) -> bool {
    let coroutine = path.node().range();
    let mut around = path.around();
    let taker = around.find(|it| {
        !matches!(
            it,
            AnyNodeRef::Arguments(_)
                | AnyNodeRef::Keyword(_)
                | AnyNodeRef::ExprStarred(_)
                | AnyNodeRef::ExprList(_)
                | AnyNodeRef::ExprTuple(_)
                | AnyNodeRef::ExprListComp(_)
                | AnyNodeRef::ExprGenerator(_)
        )
    });
    let Some(AnyNodeRef::ExprCall(call)) = taker else {
        return false;
    };
    let is_given = call.arguments.range().contains_range(coroutine);
    let names = source.meanings(&*call.func).unwrap_or_default();
    let is_spawner =
        !names.is_empty() && names.iter().all(|name| SPAWNERS.contains(&name.as_str()));
    is_given && (is_spawner || source.makes_tasks_of_loop(&call.func))
}

/// Whether the function around `path` opens such a block on an exit stack: `stack.enter_context(..)`.
fn has_one_on_a_stack(source: &Source<'_>, path: &Path<'_>, links: usize) -> bool {
    let function = path.function().map(Ranged::range);
    let sites = source.calls_named(&["enter_async_context", "enter_context"]);
    sites.iter().any(|site| {
        let context = site.call.arguments.args.first();
        context.is_some_and(|it| cancels_its_block(source, it, links))
            && site.path.function().map(Ranged::range) == function
    })
}

/// Whether `context` is a context manager that may cancel its block to end it, or a name for one.
fn cancels_its_block(source: &Source<'_>, context: &ast::Expr, links: usize) -> bool {
    let is_canceller = |manager: Manager<'_>, links| match manager {
        Manager::Call(call) => {
            let names = source.meanings(&*call.func).unwrap_or_default();
            names.iter().any(|name| CANCELLERS.contains(&name.as_str()))
        }
        Manager::Generator(function) => {
            let mut blocks = managers::blocks(function).into_iter();
            blocks.any(|block| stands_in_one(source, &source.path_to(block), links))
        }
        Manager::Class(_) => false,
    };
    source.kind_of(context) == Kind::TaskGroup
        || managers::may_be(source, context, links, &is_canceller)
}
