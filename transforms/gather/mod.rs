//! A failure or cancellation of a gather stops the siblings: `asyncio.TaskGroup` where it fits,
//! tasks that are cancelled elsewhere.

mod awaitables;
mod built;
mod cleanup;
mod group;
mod layout;
mod private;
mod stopped;
mod tasks;

use asyncmend_edits::{Patch, TextRange};
use asyncmend_pipeline::{
    Caution, Finding, Fix, Lasts, Needle, Refusal, Replaces, Tidy, Transform, Verdict,
};
use asyncmend_rewrite::{Helper, Helpers, may_lose_import, renamed, without_unused_import};
use asyncmend_source::{
    AnyNodeRef, CallTo, Path, Ranged, Role, ScopeKind, Site, Source, Style, TextSize, ast,
};

use crate::locals::Locals;
use crate::reach::{HELPER_OUT_OF_REACH, NOT_REACHED, OTHER_STYLE, UNCLEAR_NAME};
pub(crate) use awaitables::origin;
pub use awaitables::{Form, Origin, Share};
use awaitables::{List, is_looked_at};

pub(crate) const TRANSFORM: Transform = Transform {
    id: "gather",
    summary: "stop the other awaitables of a gather when one fails",
    subject: "Cancel the siblings of failed gathers",
    flaw: "when one awaitable of asyncio.gather() fails, the others run on, unwatched and weakly held",
    reference: "https://docs.python.org/3/library/asyncio-task.html#asyncio.gather",
    doc: include_str!("doc.md"),
    needles: &[&[Needle::Word("asyncio"), Needle::Callee("gather")]],
    replaces: Some(Replaces {
        members: &["gather"],
        so: NOT_REACHED,
    }),
    fixed_in: None,
    refusals: &[
        COLLECTS_ERRORS,
        MAY_COLLECT_ERRORS,
        LOOP_ARGUMENT,
        NOT_AWAITED,
        CANCELLED_TOO_LATE,
        NO_SIBLINGS,
        SIBLINGS_ARE_STOPPED,
        PATCHED,
        HELPER_OUT_OF_REACH,
        OTHER_STYLE,
        UNCLEAR_NAME,
    ],
    cautions: &[
        STRUCTURED,
        STOPS_CLEANUP,
        EXCEPTION_GROUP,
        HANDLER_SEES_GROUP,
        UNPROVEN_COROUTINE,
        UNKNOWN_AWAITABLE,
        CANCELS_SHARED_TASK,
    ],
    find,
    learn: None,
    tidy: Some(Tidy {
        may_find: |before| may_lose_import(before, &["gather"]),
        find: |before, after| without_unused_import(before, after, &["gather"]),
    }),
};

const STRUCTURED: Caution = Caution {
    code: "structured",
    what_differs: "the group waits until all of its tasks have stopped before the failure or the \
                   cancellation goes on, and a cancellation that comes meanwhile wins over the \
                   failure, without its message; a child that cancels itself does not stop the others; a task that has \
                   not begun begins before it is cancelled; a coroutine object that a list holds twice \
                   raises RuntimeError; what the code that builds a list schedules by other \
                   functions comes between or behind the children, which see its context variables as they are there; with an eager task factory a child takes \
                   its first step before the next argument is evaluated, and if it fails there the \
                   later ones never begin",
    when: "a child fails or is cancelled, the caller is cancelled, a coroutine object is listed twice, \
           what builds a list calls something that schedules, or the loop has an eager task factory",
    accepted: true,
};

const STOPS_CLEANUP: Caution = Caution {
    code: "stops-cleanup",
    what_differs: "what the others would still have closed or stopped stays open: they are cancelled on the \
                   way, where they went on before",
    when: "one of several that close or stop something fails",
    accepted: true,
};

const EXCEPTION_GROUP: Caution = Caution {
    code: "exception-group",
    what_differs: "an ExceptionGroup with the failures of all children is raised, in place of the first \
                   failure; a cancellation that comes meanwhile can be lost; before Python 3.13 a \
                   failed group leaves its own cancellation counted (gh-116720), so that a timeout \
                   block around it may not end",
    when: "a child fails",
    accepted: false,
};

const HANDLER_SEES_GROUP: Caution = Caution {
    code: "handler-sees-group",
    what_differs: "a handler or context manager around the gather meets an ExceptionGroup, which \
                   `except ValueError` does not take",
    when: "a child fails",
    accepted: false,
};

const UNPROVEN_COROUTINE: Caution = Caution {
    code: "unproven-coroutine",
    what_differs: "TaskGroup.create_task() raises TypeError, as it takes coroutines alone",
    when: "an argument is a task, a future or another awaitable",
    accepted: false,
};

const UNKNOWN_AWAITABLE: Caution = Caution {
    code: "unknown-awaitable",
    what_differs: "what it is, or waits for, is cancelled when another argument fails",
    when: "an argument of which not all is known gives back, or waits for, a task or future that somebody else \
           holds too",
    accepted: true,
};

const CANCELS_SHARED_TASK: Caution = Caution {
    code: "cancels-shared-task",
    what_differs: "the task or future is cancelled when another argument fails",
    when: "an argument is a task or future, or a coroutine that awaits one, that others may wait for too",
    accepted: false,
};

const COLLECTS_ERRORS: Refusal = Refusal {
    code: "collects-errors",
    because: "gather(return_exceptions=True) waits for every child and returns its failure, so no \
              sibling is left to run on",
    remedy: "nothing to do",
    lasts: Lasts::Always,
};

const MAY_COLLECT_ERRORS: Refusal = Refusal {
    code: "may-collect-errors",
    because: "whether gather waits for every child and returns its failure depends on a value that is \
              known when the program runs; where that is false, the flaw stays",
    remedy: "write the two calls apart, then run again",
    lasts: Lasts::Always,
};

const LOOP_ARGUMENT: Refusal = Refusal {
    code: "loop-argument",
    because: "the call has arguments that are not awaitables: loop= is gone from Python 3.10 on, and \
              what ** unpacks is unknown",
    remedy: "remove the argument, then run again",
    lasts: Lasts::Always,
};

const NOT_AWAITED: Refusal = Refusal {
    code: "not-awaited",
    because: "the gather itself is awaited neither where it stands nor first thing by the next statement or \
              the first of a try: its children start at the call, if not before, and its future is handed on, kept or given \
              back",
    remedy: "await it where it is made, with asyncio.timeout() around it in place of wait_for(), or use a TaskGroup \
             around all that happens meanwhile",
    lasts: Lasts::InOtherStatements,
};

const CANCELLED_TOO_LATE: Refusal = Refusal {
    code: "cancelled-too-late",
    because: "the gather has a name by which it is cancelled after it was awaited, which does nothing: when one \
              awaitable has failed the gather is done, and the others run on",
    remedy: "remove the cancel(), then run again: the others are cancelled then",
    lasts: Lasts::InOtherFunctions,
};

const NO_SIBLINGS: Refusal = Refusal {
    code: "no-siblings",
    because: "with at most one awaitable there is no sibling that could run on",
    remedy: "await it without gather",
    lasts: Lasts::InOtherFunctions,
};

const SIBLINGS_ARE_STOPPED: Refusal = Refusal {
    code: "siblings-are-stopped",
    because: "the code around it cancels the awaitables itself, or waits until all are done when one fails",
    remedy: "nothing to do",
    lasts: Lasts::InOtherFunctions,
};

const PATCHED: Refusal = Refusal {
    code: "patched",
    because: "this file, or its project before it runs, replaces asyncio.gather by its name, which a \
              rewritten call would no longer go through",
    remedy: "mend this file, or what takes its place, by hand",
    lasts: Lasts::InOtherFunctions,
};

fn find(source: &Source<'_>) -> Vec<Finding> {
    let calls = source.calls_that_may_be(&["asyncio.gather"], |_| true);
    if calls.is_empty() {
        return Vec::new();
    }
    let helpers = Helpers::of(source);
    let locals = Locals::of(source);
    calls
        .iter()
        .filter(|call| !helpers.have(call.site.call))
        .map(|call| Finding {
            at: call.site.call.range(),
            verdict: match parts(source, call) {
                Ok(parts) => match candidates(source, &helpers, &locals, &parts) {
                    candidates if candidates.is_empty() => {
                        Verdict::Refused(match source.preferences().gather {
                            Style::Idiom => &OTHER_STYLE,
                            Style::Auto | Style::Helper => &HELPER_OUT_OF_REACH,
                        })
                    }
                    candidates => Verdict::Fixable(candidates),
                },
                Err(refusal) => Verdict::Refused(refusal),
            },
        })
        .collect()
}

/// What a rewritable call is made of.
struct Parts<'s> {
    site: &'s Site<'s>,
    /// The way to the `await`.
    awaited: Path<'s>,
    /// The statement that gives the gather the name by which the next one awaits it.
    bound: Option<TextRange>,
    arguments: Vec<Argument<'s>>,
    /// A spelled-out `return_exceptions=False`, which says nothing.
    keyword: Option<&'s ast::Keyword>,
    /// It closes or stops something.
    is_cleanup: bool,
}

impl Parts<'_> {
    fn cleanup_caution(&self) -> Vec<&'static Caution> {
        self.is_cleanup
            .then_some(&STOPS_CLEANUP)
            .into_iter()
            .collect()
    }
}

struct Argument<'s> {
    expr: &'s ast::Expr,
    origin: Origin,
}

/// Every reason to leave the call alone is in this function.
fn parts<'s>(source: &'s Source<'_>, call: &'s CallTo<'s>) -> Result<Parts<'s>, &'static Refusal> {
    let site = &call.site;
    if call.is_unclear {
        return Err(&UNCLEAR_NAME);
    }
    let arguments = &site.call.arguments;
    let keyword = match &arguments.keywords[..] {
        [] => None,
        [only] if only.arg.as_deref() == Some("return_exceptions") => match &only.value {
            ast::Expr::BooleanLiteral(literal) if !literal.value => Some(only),
            ast::Expr::BooleanLiteral(_) => return Err(&COLLECTS_ERRORS),
            _ => return Err(&MAY_COLLECT_ERRORS),
        },
        keywords
            if keywords
                .iter()
                .any(|keyword| keyword.arg.as_deref() == Some("return_exceptions")) =>
        {
            return Err(&COLLECTS_ERRORS);
        }
        _ => return Err(&LOOP_ARGUMENT),
    };
    if source.patches_asyncio("gather") {
        return Err(&PATCHED);
    }
    if has_no_siblings(source, &arguments.args) {
        return Err(&NO_SIBLINGS);
    }
    let AwaitOf {
        path: awaited,
        bound,
    } = awaited(source, site)?;
    if stopped::by_the_code_around(source, &awaited, &arguments.args) {
        return Err(&SIBLINGS_ARE_STOPPED);
    }
    let is_cleanup = cleanup::is_cleanup(source, &site.path, &arguments.args);
    // What fixes made of other statements says less of where the arguments come from than what the user wrote.
    let (text, written) = source.call_as_written(site.call);
    let written = &written.arguments.args;
    let arguments = (arguments.args.iter().zip(written))
        .map(|(expr, written)| Argument {
            expr,
            origin: origin(text, written),
        })
        .collect();
    Ok(Parts {
        site,
        awaited,
        bound,
        arguments,
        keyword,
        is_cleanup,
    })
}

/// The `await` of a gather.
struct AwaitOf<'s> {
    path: Path<'s>,
    /// The statement that gives the gather the name by which the next one awaits it.
    bound: Option<TextRange>,
}

/// The `await` of the gather: right around it, or the first thing that the next statement does, also one that is the
/// first of a `try`, where nothing else sees the name that the gather is given for it. Between the two nothing runs, so
/// that its children may as well start at the `await`.
fn awaited<'s>(source: &'s Source<'_>, site: &Site<'s>) -> Result<AwaitOf<'s>, &'static Refusal> {
    if site.awaited().is_some() {
        let path = site.path.up().ok_or(&NOT_AWAITED)?;
        return Ok(AwaitOf { path, bound: None });
    }
    let (path, is_cancelled) = awaited_next(source, site).ok_or(&NOT_AWAITED)?;
    if is_cancelled {
        return Err(&CANCELLED_TOO_LATE);
    }
    let bound = Some(site.path.statement().range());
    Ok(AwaitOf { path, bound })
}

/// The `await` of the name that the gather is given, first thing by the next statement, and whether it is cancelled by
/// that name later on, which is all that else is done with it.
fn awaited_next<'s>(source: &'s Source<'_>, site: &Site<'s>) -> Option<(Path<'s>, bool)> {
    let Role::Assigned(statement) = site.path.role() else {
        return None;
    };
    let [ast::Expr::Name(target)] = &statement.targets[..] else {
        return None;
    };
    let bindings = source.bindings();
    let id = bindings.binding_at(target.range())?;
    let scope = bindings.binding(id).scope;
    let uses = bindings.uses_of(id);
    let first = uses.iter().copied().min()?;
    let is_own = |offset: &TextSize| {
        let seen = bindings.use_at(*offset);
        seen.is_some_and(|it| *it.bindings == [id] && it.scope == scope)
    };
    let cancels =
        |offset: &TextSize| private::is_asked_by(&source.path_to_name(*offset), &["cancel"]);
    let is_private = bindings.is_local(scope, &target.id)
        && bindings.scope(scope).kind == ScopeKind::Function
        && uses.iter().all(is_own)
        && uses.iter().all(|it| *it == first || cancels(it))
        && !(site.path.function()).is_some_and(|function| source.reads_every_local(function));
    let path = source.path_to_name(first).up()?;
    (is_private
        && is_next(source, statement.range(), &path)
        && path.node().is_expr_await()
        && source.can_be_evaluated_first(&path))
    .then_some((path, uses.len() > 1))
}

/// Whether what is at `path` belongs to the statement after the one at `before`, or to the first one of a `try` there.
fn is_next(source: &Source<'_>, before: TextRange, path: &Path<'_>) -> bool {
    let own = path.statement().range();
    let Some(next) = source.next_statement(before) else {
        return false;
    };
    let is_first_of = |around: AnyNodeRef<'_>| match around {
        AnyNodeRef::StmtTry(attempt) => {
            let first = attempt.body.first().map(Ranged::range);
            attempt.range() == next && first == Some(own)
        }
        _ => false,
    };
    next == own || path.around().any(is_first_of)
}

/// Whether `arguments` are one awaitable at most, also one name again and again, or the only one of a list or tuple that
/// this function makes and that nobody adds to.
fn has_no_siblings(source: &Source<'_>, arguments: &[ast::Expr]) -> bool {
    let starred = match arguments {
        [ast::Expr::Starred(starred)] => &*starred.value,
        [] | [_] => return true,
        [ast::Expr::Name(first), others @ ..] => {
            let is_same =
                |other: &ast::Expr| matches!(other, ast::Expr::Name(it) if it.id == first.id);
            return others.iter().all(is_same);
        }
        _ => return false,
    };
    let is_one = |iterable: &ast::Expr| {
        let elements = match iterable {
            ast::Expr::List(list) => &list.elts,
            ast::Expr::Tuple(tuple) => &tuple.elts,
            _ => return false,
        };
        matches!(&elements[..], [only] if !only.is_starred_expr())
    };
    let ast::Expr::Name(name) = starred else {
        return is_one(starred);
    };
    List::of(source, name).is_some_and(|list| {
        let leaves_it = |offset: &TextSize| is_looked_at(source, &source.path_to_name(*offset));
        is_one(list.value) && list.extended.is_empty() && list.uses.iter().all(leaves_it)
    })
}

/// Whether two arguments are written as the same name, attribute or item: a gather waits once for one awaitable, and so
/// does the helper, where a group would run it twice.
fn lists_one_twice(source: &Source<'_>, parts: &Parts<'_>) -> bool {
    let was_there = |argument: &&ast::Expr| {
        matches!(
            argument,
            ast::Expr::Name(_) | ast::Expr::Attribute(_) | ast::Expr::Subscript(_)
        )
    };
    let arguments = parts.arguments.iter().map(|argument| argument.expr);
    let named: Vec<&str> = (arguments.filter(was_there))
        .map(|argument| source.slice(argument.range()))
        .collect();
    (1..named.len()).any(|index| named[..index].contains(&named[index]))
}

/// Cannot refuse and does not look again: whatever it needs is in `parts`.
fn candidates(
    source: &Source<'_>,
    helpers: &Helpers<'_, '_>,
    locals: &Locals,
    parts: &Parts<'_>,
) -> Vec<Fix> {
    let style = source.preferences().gather;
    let mut candidates = Vec::new();
    if style != Style::Helper && !lists_one_twice(source, parts) {
        candidates.extend(group::fixes(source, helpers, locals, parts));
    }
    if style != Style::Idiom && helpers.are_in_reach(Helper::GatherOrCancel, &parts.site.path) {
        candidates.push(helper_fix(source, helpers, parts));
    }
    candidates
}

/// `await _gather_or_cancel(..)`: any expression, any awaitable, any version.
fn helper_fix(source: &Source<'_>, helpers: &Helpers<'_, '_>, parts: &Parts<'_>) -> Fix {
    let helper = helpers.get(Helper::GatherOrCancel, &parts.site.path);
    let mut edits = helper.edits;
    edits.extend(renamed(
        source,
        &parts.site.path,
        parts.site.call,
        &helper.name,
        parts.keyword,
    ));
    let share = (parts.arguments.iter().map(|argument| argument.origin.share)).max();
    // No caution where every argument is made here: outcome, time and order are gather's; only the
    // siblings that nobody watches any more are cancelled, which is the mend.
    let cautions = match share {
        None | Some(Share::Nobody) => Vec::new(),
        Some(Share::Passed | Share::Unknown) => vec![&UNKNOWN_AWAITABLE],
        Some(Share::Others) => vec![&CANCELS_SHARED_TASK],
    };
    let cautions = [cautions, parts.cleanup_caution()].concat();
    Fix {
        what: format!("cancel the other awaitables with `{}`", helper.name),
        cautions,
        claims: parts.site.path.statement_range(),
        patch: Patch::new(edits).expect("a helper and a call, apart"),
    }
}
