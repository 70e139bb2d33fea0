//! No cancellation is swallowed by a `wait_for` before Python 3.12.

mod around;
mod block;
mod cancelled;
mod deadline;
mod handler;
mod managers;
mod pending;
mod taken;
mod ways;

use asyncmend_edits::Patch;
use asyncmend_pipeline::{
    Caution, Finding, Fix, Lasts, Needle, Refusal, Replaces, Tidy, Transform, Verdict,
};
use asyncmend_rewrite::{Helper, Helpers, may_lose_import, renamed, without_unused_import};
use asyncmend_source::{CallTo, PythonVersion, Ranged, Site, Source, Style, ast};

use crate::locals::Locals;
use crate::reach::{HELPER_OUT_OF_REACH, NOT_REACHED, OTHER_STYLE, UNCLEAR_NAME};

pub(crate) const TRANSFORM: Transform = Transform {
    id: "wait-for",
    summary: "let no wait_for swallow a cancellation",
    subject: "Keep cancellations that wait_for loses",
    flaw: "before Python 3.12, asyncio.wait_for() swallows a cancellation that comes in the turn in \
           which the awaitable finishes (gh-86296), and the program carries on",
    reference: "https://github.com/python/cpython/issues/86296",
    doc: include_str!("doc.md"),
    needles: &[&[Needle::Word("asyncio"), Needle::Callee("wait_for")]],
    replaces: Some(Replaces {
        members: &["wait_for"],
        so: NOT_REACHED,
    }),
    fixed_in: Some(PythonVersion::PY312),
    refusals: &[
        UNCLEAR_ARGUMENTS,
        LOOP_ARGUMENT,
        NO_TIMEOUT,
        PATCHED,
        HELPER_OUT_OF_REACH,
        OTHER_STYLE,
        MENDED_IN_PYTHON,
        UNCLEAR_NAME,
    ],
    cautions: &[
        AS_3_9,
        AS_3_12,
        UNDER_TIMER,
        ZERO_TIMEOUT,
        AFTER_CANCELLATION,
        INSIDE_TIMEOUT,
        HANDLED_CANCELLATION,
    ],
    find,
    learn: None,
    tidy: Some(Tidy {
        may_find: |before| may_lose_import(before, &["wait_for"]),
        find: |before, after| without_unused_import(before, after, &["wait_for"]),
    }),
};

const AS_3_12: Caution = Caution {
    code: "as-3.12",
    what_differs: "the awaitable runs in the caller's task and context; an expired deadline wins over \
                   a result of the same turn; of deadlines around each other that expire in one turn \
                   another may win; an awaitable that never suspends gives no turn to others; one that \
                   catches its cancellation and returns or raises something else has the last word, and \
                   a second cancellation interrupts its cleanup; without a current task it raises \
                   RuntimeError: what wait_for itself does from Python 3.12 on; before 3.11.3, a task that \
                   has been cancelled before gets CancelledError in place of TimeoutError (gh-102780)",
    when: "the program runs on Python 3.11",
    accepted: true,
};

const AS_3_9: Caution = Caution {
    code: "as-3.9",
    what_differs: "an awaitable that returns or raises after it was stopped at the deadline has that \
                   passed on in place of TimeoutError: what wait_for itself does from Python 3.9 on",
    when: "the program runs on Python 3.8",
    accepted: true,
};

const UNDER_TIMER: Caution = Caution {
    code: "under-timer",
    what_differs: "the time that the call itself takes counts towards the timeout",
    when: "the function that is called is no `async def` and does long work before it gives back \
           something to await",
    accepted: true,
};

const ZERO_TIMEOUT: Caution = Caution {
    code: "zero-timeout",
    what_differs: "the coroutine is started before it is stopped, and gives its result if it never \
                   suspends; wait_for does not start it",
    when: "the timeout is zero or negative",
    accepted: false,
};

const AFTER_CANCELLATION: Caution = Caution {
    code: "after-cancellation",
    what_differs: "CancelledError comes in place of TimeoutError when the time is over (gh-102780)",
    when: "the task has been cancelled before, and the program runs on Python 3.11.0 to 3.11.2",
    accepted: false,
};

const INSIDE_TIMEOUT: Caution = Caution {
    code: "inside-timeout",
    what_differs: "the result is handed over and CancelledError comes at the next await; if none is left \
                   in the block it comes after that, in place of TimeoutError, or where the program would \
                   have gone on",
    when: "the timeout, cancel scope or task group around cancels its block in the very turn in which the \
           awaitable finishes",
    accepted: false,
};

const HANDLED_CANCELLATION: Caution = Caution {
    code: "handled-cancellation",
    what_differs: "the result is handed over and CancelledError comes at the next await that suspends the \
                   task; if none is left in the block it comes past the handler that takes it there, and \
                   the task that would have gone on may end",
    when: "the task is cancelled in the very turn in which the awaitable finishes",
    accepted: false,
};

const UNCLEAR_ARGUMENTS: Refusal = Refusal {
    code: "unclear-arguments",
    because: "the awaitable or the timeout cannot be told from the call: it unpacks arguments, lacks \
              one or has one too many",
    remedy: "spell out both arguments, then run again",
    lasts: Lasts::Always,
};

const NO_TIMEOUT: Refusal = Refusal {
    code: "no-timeout",
    because: "with a timeout of None wait_for() awaits the awaitable itself, in every version, and \
              swallows nothing",
    remedy: "await it without wait_for",
    lasts: Lasts::Always,
};

const LOOP_ARGUMENT: Refusal = Refusal {
    code: "loop-argument",
    because: "the call passes loop=, which is gone from Python 3.10 on",
    remedy: "remove the argument, then run again",
    lasts: Lasts::Always,
};

const PATCHED: Refusal = Refusal {
    code: "patched",
    because: "this file, or its project before it runs, replaces asyncio.wait_for by its name, which a \
              rewritten call would no longer go through",
    remedy: "mend this file, or what takes its place, by hand",
    lasts: Lasts::InOtherFunctions,
};

const MENDED_IN_PYTHON: Refusal = Refusal {
    code: "mended-in-python",
    because: "from Python 3.12 on wait_for itself loses no cancellation, and no older one runs this call",
    remedy: "nothing to do",
    lasts: Lasts::InOtherFunctions,
};

fn find(source: &Source<'_>) -> Vec<Finding> {
    let calls = source.calls_that_may_be(&["asyncio.wait_for"], |_| true);
    if calls.is_empty() {
        return Vec::new();
    }
    let helpers = Helpers::of(source);
    let locals = Locals::of(source);
    let others =
        (calls.iter()).filter(|it| !helpers.have(it.site.call) && !is_of_other_pythons(source, it));
    let all = others.map(|it| (it.site.call.range(), parts(source, &helpers, it)));
    // Where another block is likelier, the one with a new local gets what is left of names.
    let is_first = |(_, parts): &(_, Result<Parts<'_>, _>)| {
        locals.types_matter
            && parts
                .as_ref()
                .is_ok_and(|it| block::needs_local(source, it))
    };
    let (first, rest): (Vec<_>, Vec<_>) = all.partition(is_first);
    let mut findings: Vec<Finding> = (first.into_iter().chain(rest))
        .map(|(at, parts)| Finding {
            at,
            verdict: match parts {
                Ok(parts) => judged(source, &helpers, &locals, &parts),
                Err(refusal) => Verdict::Refused(refusal),
            },
        })
        .collect();
    findings.sort_by_key(|finding| finding.at.start());
    findings
}

/// Whether what `call` calls is asyncio's function, without the flaw, on new Pythons alone, and another one elsewhere.
fn is_of_other_pythons(source: &Source<'_>, call: &CallTo<'_>) -> bool {
    call.is_unclear
        && source.is_meant_only_where(&call.site.call.func, &call.name, |path| {
            source.runs_only_from(path, PythonVersion::PY312)
        })
}

/// What a rewritable call is made of.
struct Parts<'s> {
    site: &'s Site<'s>,
    awaitable: &'s ast::Expr,
    timeout: &'s ast::Expr,
    /// The awaitable gathers, or waits with a deadline of its own.
    is_compound: bool,
}

/// Every reason to leave the call alone that does not depend on the target is in this function.
fn parts<'s>(
    source: &Source<'_>,
    helpers: &Helpers<'_, '_>,
    call: &'s CallTo<'s>,
) -> Result<Parts<'s>, &'static Refusal> {
    let site = &call.site;
    if call.is_unclear {
        return Err(&UNCLEAR_NAME);
    }
    let arguments = &site.call.arguments;
    if arguments.find_keyword("loop").is_some() {
        return Err(&LOOP_ARGUMENT);
    }
    let known = arguments
        .keywords
        .iter()
        .all(|keyword| matches!(keyword.arg.as_deref(), Some("fut" | "timeout")));
    let unpacks = arguments.args.iter().any(ast::Expr::is_starred_expr);
    if !known || unpacks || arguments.len() != 2 {
        return Err(&UNCLEAR_ARGUMENTS);
    }
    if source.patches_asyncio("wait_for") {
        return Err(&PATCHED);
    }
    let awaitable = arguments
        .find_argument_value("fut", 0)
        .ok_or(&UNCLEAR_ARGUMENTS)?;
    let timeout = arguments
        .find_argument_value("timeout", 1)
        .ok_or(&UNCLEAR_ARGUMENTS)?;
    if timeout.is_none_literal_expr() {
        return Err(&NO_TIMEOUT);
    }
    if source.runs_only_from(&site.path, PythonVersion::PY312) {
        return Err(&MENDED_IN_PYTHON);
    }
    Ok(Parts {
        site,
        awaitable,
        timeout,
        is_compound: is_compound(source, helpers, awaitable),
    })
}

/// Whether an awaitable is made by a call that gathers, or waits with a deadline, here or, if it is a name,
/// where that is bound.
fn is_compound(source: &Source<'_>, helpers: &Helpers<'_, '_>, awaitable: &ast::Expr) -> bool {
    let own: Vec<&str> = [Helper::WaitFor, Helper::GatherOrCancel]
        .into_iter()
        .flat_map(|helper| helpers.names_of(helper))
        .collect();
    let waits = |expr: &ast::Expr| {
        let ast::Expr::Call(call) = expr else {
            return false;
        };
        let name = source.qualified(&*call.func);
        matches!(name.as_deref(), Some("asyncio.gather" | "asyncio.wait_for"))
            || matches!(&*call.func, ast::Expr::Name(name) if own.contains(&name.id.as_str()))
    };
    if let ast::Expr::Name(_) = awaitable {
        let values = source.values_of(awaitable).unwrap_or_default();
        return values.into_iter().any(waits);
    }
    ast::helpers::any_over_expr(awaitable, &waits)
}

fn judged(
    source: &Source<'_>,
    helpers: &Helpers<'_, '_>,
    locals: &Locals,
    parts: &Parts<'_>,
) -> Verdict {
    let style = source.preferences().wait_for;
    let mut candidates = match style {
        Style::Helper => Vec::new(),
        Style::Auto | Style::Idiom => block::fixes(source, locals, parts),
    };
    let is_mended = source.target() >= PythonVersion::PY312;
    let in_reach = helpers.are_in_reach(Helper::WaitFor, &parts.site.path);
    if !is_mended && in_reach && style != Style::Idiom {
        candidates.push(helper_fix(source, helpers, parts));
    }
    if !candidates.is_empty() {
        Verdict::Fixable(candidates)
    } else if is_mended {
        Verdict::Refused(&MENDED_IN_PYTHON)
    } else if style == Style::Idiom {
        Verdict::Refused(&OTHER_STYLE)
    } else {
        Verdict::Refused(&HELPER_OUT_OF_REACH)
    }
}

/// `_wait_for(..)`: awaited or not, at any place of an expression.
fn helper_fix(source: &Source<'_>, helpers: &Helpers<'_, '_>, parts: &Parts<'_>) -> Fix {
    let helper = helpers.get(Helper::WaitFor, &parts.site.path);
    let mut edits = helper.edits;
    edits.extend(renamed(
        source,
        &parts.site.path,
        parts.site.call,
        &helper.name,
        None,
    ));
    // No caution elsewhere: results, exceptions, contexts and turns of the loop are those of
    // wait_for on 3.9 to 3.11; only a cancellation that it swallowed is now delivered.
    let mut cautions = Vec::new();
    if source.target() < PythonVersion::PY39 {
        cautions.push(&AS_3_9);
    }
    if around::ends_by_cancellation(source, &parts.site.path) {
        cautions.push(&INSIDE_TIMEOUT);
    }
    if taken::is_taken_here_alone(source, parts.site) {
        cautions.push(&HANDLED_CANCELLATION);
    }
    Fix {
        what: format!("wait with `{}`, which loses no cancellation", helper.name),
        cautions,
        claims: parts.site.path.statement_range(),
        patch: Patch::new(edits).expect("a helper and a name, apart"),
    }
}
