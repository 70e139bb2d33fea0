//! A function that makes a task, handed to an event loop as a callback, `call_soon(loop.create_task, c)`, or to a context.

use asyncmend_pipeline::{Caution, Finding, TaskMaker};
use asyncmend_rewrite::{Helpers, argument_between};
use asyncmend_source::{Gives, Path, Ranged, Source, ast};

use super::fate::is_statement;
use super::makers::{Maker, is_replaced, maker_called};
use super::{
    MAY_BE_FUTURE, MAY_BE_OVERRIDDEN, MAYBE_TASK, NOTHING_SPAWNED, PATCHED, SPAWNERS,
    UNCLEAR_CALLBACK, UNKNOWN_RECEIVER, claims, fixable, helper, is_a_future, is_of_unknown, kept,
    kept_with, may_be_a_future, refused,
};

/// Methods that call their callback and drop what it returns, and the place of the callback.
const CALLERS: &[(&str, usize)] = &[
    ("add_reader", 1),
    ("add_signal_handler", 1),
    ("add_writer", 1),
    ("call_at", 1),
    ("call_later", 1),
    ("call_soon", 0),
    ("call_soon_threadsafe", 0),
];

/// What the names of most of them begin with.
const STEM: &str = "call_";

/// The method of a context that calls its first argument, and gives back what that returns.
const RUN: &str = "run";

/// What gives a context.
const CONTEXTS: &[&str] = &["contextvars.Context", "contextvars.copy_context"];

/// A function that makes a task, handed to something that calls it and drops the result.
pub(super) struct Callback<'s> {
    callee: &'s ast::Expr,
    path: Path<'s>,
    /// What is called in the end, which a `functools.partial` may hold.
    function: &'s ast::Expr,
    /// The first argument that this is called with, if it shows.
    first: Option<&'s ast::Expr>,
    /// Unknown where some arguments are unpacked or named.
    calls: Option<Calls<'s>>,
    made: Made,
    /// What it is handed to may be no event loop.
    unknown_receiver: bool,
}

/// How what it is handed to calls it.
enum Calls<'s> {
    /// At once, and gives back what that gives: the expression there, a statement.
    Now(Path<'s>),
    /// Later on, with so many arguments.
    Later(usize),
}

/// What a function gives back that is handed to somebody who drops it.
#[derive(Debug, Clone, Copy)]
enum Made {
    /// A task.
    Task,
    /// A task, or something else.
    MaybeTask,
    /// A task, if this does not happen.
    Likely(&'static Caution),
}

/// Whether methods called `name` call their callback and drop what it gives back.
pub(super) fn drops_result(name: &str) -> bool {
    name == "add_done_callback" || CALLERS.iter().any(|(caller, _)| *caller == name)
}

/// Every such function of the file.
pub(super) fn callbacks<'s>(source: &'s Source<'_>, makers: &[Maker<'_>]) -> Vec<Callback<'s>> {
    // One look tells of most files that they call none of several.
    let has_calls = source.has_text(STEM);
    let mut callers: Vec<&str> = (CALLERS.iter().map(|(name, _)| *name))
        .filter(|name| has_calls || !name.starts_with(STEM))
        .collect();
    if source.has_text("contextvars") {
        callers.push(RUN);
    }
    source
        .calls_named(&callers)
        .into_iter()
        .filter_map(|site| {
            let runs_now = runs_in_context(source, site.call);
            let index = if runs_now {
                is_statement(&site.path).then_some(0)?
            } else {
                caller(site.call)?
            };
            let arguments = &*site.call.arguments.args;
            let (callee, bound, is_plain) = without_partial(source, arguments.get(index)?);
            let (function, held) = in_partial(source, callee).unwrap_or((callee, bound));
            let made = made_by(source, makers, function)?;
            // A method of that name of something else does what it likes with a function, and with what that gives.
            let unknown_receiver = !runs_now && is_of_unknown(source, &site.call.func)?;
            let unpacked = (arguments.iter().chain(bound)).any(ast::Expr::is_starred_expr);
            let mut keywords = site.call.arguments.keywords.iter();
            let are_plain = keywords.all(|it| it.arg.as_deref() == Some("context"));
            let is_clear = is_plain && !unpacked && are_plain;
            let calls = if runs_now {
                Some(Calls::Now(site.path))
            } else {
                is_clear.then(|| Calls::Later(bound.len() + arguments.len() - index - 1))
            };
            Some(Callback {
                callee,
                function,
                first: (held.first().or(bound.first()).or(arguments.get(index + 1)))
                    .filter(|it| !it.is_starred_expr()),
                calls,
                path: source.path_to(callee.range()),
                made,
                unknown_receiver,
            })
        })
        .collect()
}

/// What is called in the end where `callee` is called, with what in front, and whether with that alone:
/// `functools.partial(f, x)` calls `f`.
fn without_partial<'e>(
    source: &Source<'_>,
    callee: &'e ast::Expr,
) -> (&'e ast::Expr, &'e [ast::Expr], bool) {
    if let ast::Expr::Call(call) = callee
        && source.qualified(&*call.func).as_deref() == Some("functools.partial")
        && let [function, bound @ ..] = &*call.arguments.args
    {
        return (function, bound, call.arguments.keywords.is_empty());
    }
    (callee, &[], true)
}

/// The function in the `functools.partial` that is all that the name `callee` stands for, and the arguments there.
fn in_partial<'s>(
    source: &'s Source<'_>,
    callee: &ast::Expr,
) -> Option<(&'s ast::Expr, &'s [ast::Expr])> {
    let values = source.values_of(callee).filter(|_| callee.is_name_expr())?;
    let [value] = values[..] else {
        return None;
    };
    let (function, bound, _) = without_partial(source, value);
    (function.range() != value.range()).then_some((function, bound))
}

/// Whether `call` is one of a context's `run`, the context being made there, or one that a name or attribute surely has.
fn runs_in_context(source: &Source<'_>, call: &ast::ExprCall) -> bool {
    let ast::Expr::Attribute(method) = &*call.func else {
        return false;
    };
    let makes_context = |expr: &ast::Expr| {
        let ast::Expr::Call(made) = expr else {
            return false;
        };
        let name = source.qualified(&*made.func);
        name.is_some_and(|name| CONTEXTS.contains(&name.as_str()))
    };
    method.attr.as_str() == RUN
        && (makes_context(&method.value)
            || source
                .values_of(&method.value)
                .is_some_and(|values| !values.is_empty() && values.into_iter().all(makes_context)))
}

fn caller(call: &ast::ExprCall) -> Option<usize> {
    let ast::Expr::Attribute(method) = &*call.func else {
        return None;
    };
    CALLERS
        .iter()
        .find(|(name, _)| method.attr.as_str() == *name)
        .map(|(_, index)| *index)
}

/// What calling `callee` gives back, if that is a task.
fn made_by(source: &Source<'_>, makers: &[Maker<'_>], callee: &ast::Expr) -> Option<Made> {
    if source.is_said_to_keep_task(callee) {
        return None;
    }
    if let Some(name) = source.qualified(callee)
        && SPAWNERS.contains(&name.as_str())
    {
        return Some(Made::Task);
    }
    if let ast::Expr::Attribute(method) = callee
        && method.attr.as_str() == "create_task"
        && let Some(is_uncertain) = is_of_unknown(source, callee)
    {
        return Some(if is_uncertain {
            Made::Likely(&UNKNOWN_RECEIVER)
        } else {
            Made::Task
        });
    }
    let maker = maker_called(source, makers, callee)
        .filter(|maker| !maker.is_async && maker.gives != Gives::Tasks)?;
    Some(match maker {
        TaskMaker {
            gives: Gives::MaybeTask,
            ..
        } => Made::MaybeTask,
        TaskMaker {
            may_be_overridden: true,
            ..
        } => Made::Likely(&MAY_BE_OVERRIDDEN),
        _ => Made::Task,
    })
}

/// What can be done about one.
pub(super) fn judged(
    source: &Source<'_>,
    helpers: &Helpers<'_, '_>,
    callback: &Callback<'_>,
) -> Finding {
    let at = callback.callee.range();
    let Some(calls) = &callback.calls else {
        return refused(at, &UNCLEAR_CALLBACK);
    };
    if matches!(callback.made, Made::MaybeTask) {
        return refused(at, &MAYBE_TASK);
    }
    if is_replaced(source, callback.callee) {
        return refused(at, &PATCHED);
    }
    let name = source.qualified(callback.function);
    let ensures = name.as_deref() == Some("asyncio.ensure_future");
    let gathers_nothing = name.as_deref() == Some("asyncio.gather")
        && matches!(calls, Calls::Later(0))
        && callback.first.is_none();
    let gets_a_future = ensures && callback.first.is_some_and(|it| is_a_future(source, it));
    if gathers_nothing || gets_a_future {
        return refused(at, &NOTHING_SPAWNED);
    }
    let mut cautions = match callback.made {
        Made::Likely(caution) => vec![caution],
        Made::Task | Made::MaybeTask => Vec::new(),
    };
    if ensures && callback.first.is_none_or(|it| may_be_a_future(source, it)) {
        cautions.push(&MAY_BE_FUTURE);
    }
    if callback.unknown_receiver && !cautions.contains(&&UNKNOWN_RECEIVER) {
        cautions.push(&UNKNOWN_RECEIVER);
    }
    match calls {
        Calls::Now(path) => kept(source, helpers, at, path, false, cautions),
        Calls::Later(arguments) => kept_later(source, helpers, callback, *arguments, cautions),
    }
}

/// The fix of a `callback` that is called later on, with so many `arguments`.
fn kept_later(
    source: &Source<'_>,
    helpers: &Helpers<'_, '_>,
    callback: &Callback<'_>,
    arguments: usize,
    cautions: Vec<&'static Caution>,
) -> Finding {
    let at = callback.callee.range();
    let helper = match helper(source, helpers, &callback.path) {
        Ok(helper) => helper,
        Err(refusal) => return refused(at, refusal),
    };
    let written = source.slice(at);
    let last = written.rsplit('.').next().unwrap_or_default();
    let is_spawner = matches!(last, "create_task" | "ensure_future" | "Task");
    let (own, only) = if is_spawner {
        ("create_task", "coro")
    } else {
        ("function", "arg")
    };
    let names: Vec<String> = match arguments {
        1 => vec![only.to_string()],
        _ => (1..=arguments)
            .map(|number| format!("arg{number}"))
            .collect(),
    };
    let is_shadowed = (names.iter()).any(|name| written.split('.').any(|part| part == name));
    let (before, after) = if source.is_bound_for_good(callback.callee) && !is_shadowed {
        let passed = names.join(", ");
        let blank = if passed.is_empty() { "" } else { " " };
        (
            format!("lambda{blank}{passed}: {}(", helper.name),
            format!("({passed}))"),
        )
    } else {
        // What the callback is has to be found out now, not when it is called. Type checkers accept a default only behind
        // a star.
        (
            format!("lambda *args, {own}="),
            format!(": {}({own}(*args))", helper.name),
        )
    };
    let mut edits = helper.edits;
    edits.extend(argument_between(source, &callback.path, &before, &after));
    fixable(
        at,
        claims(&callback.path),
        kept_with(&helper.name),
        cautions,
        edits,
    )
}
