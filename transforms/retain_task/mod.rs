//! A task whose last reference is dropped is kept until it is done.

mod after;
mod callback;
mod fate;
mod lists;
mod makers;
mod over;
mod shield;
mod uses;
mod waited;

use asyncmend_edits::{Edit, Patch, TextRange};
use asyncmend_pipeline::{
    Caution, Finding, Fix, Lasts, Needle, Refusal, Replaces, Transform, Verdict,
};
use asyncmend_rewrite::{Helper, Helpers, Written, first_fresh_in_function, wrapped};
use asyncmend_source::{Kind, Kinds, Path, Ranged, Role, Site, Source, Style, ast};

use crate::reach::{HELPER_OUT_OF_REACH, OTHER_STYLE, UNCLEAR_NAME};
use fate::Fate;
use uses::Object;

pub(crate) const TRANSFORM: Transform = Transform {
    id: "retain-task",
    summary: "keep a task whose result is dropped until it is done",
    subject: "Keep references to asyncio tasks",
    flaw: "the event loop holds tasks weakly: a task that nobody refers to can be garbage collected \
           before it is done, silently",
    reference: "https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task",
    doc: include_str!("doc.md"),
    needles: &[
        &[Needle::Callee("create_task")],
        &[Needle::Word("asyncio"), Needle::Callee("ensure_future")],
        &[
            Needle::Word("asyncio"),
            Needle::Callee("run_coroutine_threadsafe"),
        ],
        &[Needle::Word("asyncio"), Needle::Callee("shield")],
        &[Needle::Word("asyncio"), Needle::Callee("gather")],
        &[Needle::Word("asyncio"), Needle::Callee("Task")],
    ],
    replaces: Some(Replaces {
        members: &["create_task", "ensure_future"],
        so: "what stands in for it has to give back a task, or a mock of one, as rewritten calls keep that",
    }),
    fixed_in: None,
    refusals: &[
        NOTHING_SPAWNED,
        PATCHED,
        UNCLEAR_CALLBACK,
        MAYBE_TASK,
        GIVES_TASKS,
        HELPER_OUT_OF_REACH,
        OTHER_STYLE,
        UNCLEAR_NAME,
    ],
    cautions: &[
        UNKNOWN_RECEIVER,
        MAY_BE_OVERRIDDEN,
        MAY_BE_FUTURE,
        LATE_REPORT,
    ],
    find,
    learn: Some(makers::learn),
    // What spawned a task still does.
    tidy: None,
};

const UNKNOWN_RECEIVER: Caution = Caution {
    code: "unknown-receiver",
    what_differs: "the object may be no event loop: what its create_task() gives back is asked to call back, which \
                   raises AttributeError or TypeError if that is no task, and a task group's task is held twice; \
                   what its call_soon() gets is another function than before",
    when: "the object whose create_task() is called, or to which a function is handed that makes a task, is no event loop",
    accepted: false,
};

const MAY_BE_OVERRIDDEN: Caution = Caution {
    code: "may-be-overridden",
    what_differs: "the result is put into a set and asked to call back; if it is no task this raises \
                   AttributeError or TypeError",
    when: "a subclass overrides the method and gives back something else than a task, which an annotation \
           of the return type would rule out, or gives the attribute whose method it is something else",
    accepted: false,
};

const MAY_BE_FUTURE: Caution = Caution {
    code: "may-be-future",
    what_differs: "if what ensure_future, the shield or the gather in it gets is a future, and no coroutine, that \
                   is kept until it is done: for ever where nobody completes it",
    when: "it is a future that was there before",
    accepted: false,
};

const LATE_REPORT: Caution = Caution {
    code: "late-report",
    what_differs: "the new local keeps a task that is done until the function ends or binds it anew, so \
                   that the report of an exception that nobody retrieves comes later",
    when: "the task fails while the function that made it still runs",
    accepted: true,
};

const MAYBE_TASK: Refusal = Refusal {
    code: "maybe-task",
    because: "the function that is called gives back a task that nobody keeps, or something else instead: None, \
              which cannot be kept, a future, which may never be done, or what a decorator, or an object that may be \
              no event loop, gives",
    remedy: "keep a reference where the function makes the task, then run again",
    lasts: Lasts::InOtherFunctions,
};

const GIVES_TASKS: Refusal = Refusal {
    code: "gives-tasks",
    because: "the function that is called gives back a list of tasks that nobody keeps, and there is no \
              place here for a loop that keeps each",
    remedy: "write the call as a statement of its own in a function, then run again",
    lasts: Lasts::InOtherFunctions,
};

const NOTHING_SPAWNED: Refusal = Refusal {
    code: "nothing-spawned",
    because: "ensure_future() gives back the future that it is given, so no task is made here; kept, \
              a future that nobody completes would stay for ever",
    remedy: "remove the call, or keep a reference where the future is made",
    lasts: Lasts::InOtherFunctions,
};

const PATCHED: Refusal = Refusal {
    code: "patched",
    because: "this file, or its project before it runs, replaces the function by its name in asyncio, and \
              the replacement may give back anything",
    remedy: "mend this file, or what takes its place, by hand",
    lasts: Lasts::InOtherFunctions,
};

const UNCLEAR_CALLBACK: Refusal = Refusal {
    code: "unclear-callback",
    because: "the callback is handed on with unpacked arguments or with keywords, so it is unclear how it is called",
    remedy: "hand over a function that keeps the task it makes",
    lasts: Lasts::InOtherFunctions,
};

/// Functions that make a task, or a future that alone holds tasks.
const SPAWNERS: &[&str] = &[
    "asyncio.create_task",
    "asyncio.eager_task_factory",
    "asyncio.ensure_future",
    "asyncio.gather",
    "asyncio.run_coroutine_threadsafe",
    "asyncio.shield",
    "asyncio.Task",
];

fn find(source: &Source<'_>) -> Vec<Finding> {
    let helpers = Helpers::of(source);
    let spawns = spawns(source);
    let makers = makers::makers(source, &spawns);
    let made_elsewhere = makers::judged(source, &helpers, &makers);
    let is_of_maker = |range| made_elsewhere.iter().any(|it| it.at == range);
    let dropped: Vec<&Spawn> = spawns
        .iter()
        .filter(|spawn| {
            let at = spawn.site.call.range();
            // Of a maker all is known that the name may stand for.
            let is_known = !spawn.is_unclear || !is_of_maker(at);
            is_known
                && !helpers.contain(at)
                && fate::of(
                    source,
                    &spawn.site.path,
                    spawn.object(source),
                    spawn.is_future,
                ) == Fate::Dropped
        })
        .collect();
    let callbacks = callback::callbacks(source, &makers);
    let mut shields = shield::shields(source);
    // What a function gives is known better than what a shield may get.
    shields.retain(|it| !helpers.contain(it.range()) && !is_of_maker(it.argument()));
    // What mends a gather may need the helper too, which then serves both.
    let is_only = dropped.len() + callbacks.len() + shields.len() + made_elsewhere.len() == 1
        && !helpers.has(Helper::KeepTask)
        && source.calls_to(&["asyncio.gather"]).is_empty();
    let mut findings: Vec<Finding> = dropped
        .iter()
        .map(|spawn| judged(source, &helpers, spawn, is_only))
        .chain(
            callbacks
                .iter()
                .map(|callback| callback::judged(source, &helpers, callback)),
        )
        .chain(shields.iter().map(|shield| shield.judged(source, &helpers)))
        .chain(made_elsewhere)
        .collect();
    findings.sort_by_key(|finding| finding.at.start());
    findings
}

/// A call that makes a task.
struct Spawn<'s> {
    site: Site<'s>,
    /// The function's name without its module.
    member: String,
    /// It is `gather` or `shield`: what it gives back is often awaited by whoever gets it.
    is_future: bool,
    /// It is a method of an object that may be no event loop.
    unknown_receiver: bool,
    /// What is called may be something else.
    is_unclear: bool,
}

impl Spawn<'_> {
    /// What is known of the object that it gives.
    fn object(&self, source: &Source<'_>) -> Object {
        let argument = self.site.call.arguments.args.first();
        // Many a service has things of its own that are called tasks, but none makes them of coroutines.
        if self.unknown_receiver && argument.is_none_or(|it| source.kind_of(it) != Kind::Coroutine)
        {
            Object::MayBeNoTask
        } else {
            Object::Task
        }
    }
}

/// The calls that make tasks whose fate is open.
fn spawns<'s>(source: &'s Source<'_>) -> Vec<Spawn<'s>> {
    let mut spawns: Vec<Spawn> = source
        .calls_that_may_be(SPAWNERS, |site| fate::may_matter(source, &site.path))
        .into_iter()
        .filter_map(|call| {
            let member = call.name.rsplit('.').next()?.to_string();
            Some(Spawn {
                site: call.site,
                is_future: matches!(member.as_str(), "gather" | "shield"),
                member,
                unknown_receiver: false,
                is_unclear: call.is_unclear,
            })
        })
        .collect();
    for site in source.calls_named(&["create_task"]) {
        if !fate::may_matter(source, &site.path) || source.is_said_to_keep_task(&site.call.func) {
            continue;
        }
        if let Some(unknown_receiver) = is_of_unknown(source, &site.call.func) {
            spawns.push(Spawn {
                site,
                member: "create_task".to_string(),
                is_future: false,
                unknown_receiver,
                is_unclear: false,
            });
        }
    }
    for (site, receiver) in source.calls_of_bound_method("create_task") {
        if source.kind_of(receiver) == Kind::EventLoop {
            spawns.push(Spawn {
                site,
                member: "create_task".to_string(),
                is_future: false,
                unknown_receiver: false,
                is_unclear: false,
            });
        }
    }
    spawns
}

/// Whether what has the method `callee` is unknown, and so may be no event loop; none where it is none.
fn is_of_unknown(source: &Source<'_>, callee: &ast::Expr) -> Option<bool> {
    let ast::Expr::Attribute(method) = callee else {
        return None;
    };
    // A module's function of that name is its own business; asyncio's has been found already.
    if source.names_a_module(&method.value) {
        return None;
    }
    match source.kind_of(&method.value) {
        // An event loop of this file may have a method of its own, which gives back what it likes.
        Kind::EventLoop => source.functions(callee).is_none().then_some(false),
        // Or it has no such method by its type, as `None` of a class whose objects get a loop elsewhere.
        kind if kind == Kind::Unknown
            || kind == Kind::NotAwaitable && source.kind_of(callee) == Kind::Unknown =>
        {
            // A method of a class of this file is its own business too.
            let is_own_method =
                source.functions(callee).is_some() || source.is_python_function(callee);
            (!is_own_method).then_some(true)
        }
        _ => None,
    }
}

fn judged(
    source: &Source<'_>,
    helpers: &Helpers<'_, '_>,
    spawn: &Spawn<'_>,
    is_only: bool,
) -> Finding {
    let at = spawn.site.call.range();
    if spawn.is_unclear {
        return refused(at, &UNCLEAR_NAME);
    }
    if source.patches_asyncio(&spawn.member) {
        return refused(at, &PATCHED);
    }
    if spawns_nothing(source, &spawn.member, spawn.site.call) {
        return refused(at, &NOTHING_SPAWNED);
    }
    // No caution where the receiver is known: the task was dropped. A private set holds it until it
    // is done and then lets go; no result, no exception and no order of steps is different.
    let mut cautions = Vec::new();
    if spawn.unknown_receiver {
        cautions.push(&UNKNOWN_RECEIVER);
    }
    let may_get_future = match spawn.member.as_str() {
        "ensure_future" => {
            let arguments = &spawn.site.call.arguments;
            (arguments.find_argument_value("coro_or_future", 0))
                .is_some_and(|it| may_be_a_future(source, it))
                || shield::may_get_future(source, &spawn.site)
        }
        "gather" => shield::may_get_futures(source, &spawn.site),
        _ => false,
    };
    if may_get_future {
        cautions.push(&MAY_BE_FUTURE);
    }
    // The set of the three lines is one of tasks, to a type checker too; the helper takes any future.
    let is_task = matches!(
        spawn.member.as_str(),
        "create_task" | "eager_task_factory" | "ensure_future" | "Task"
    );
    let may_be_inline = is_only && is_task && !spawn.unknown_receiver;
    kept(
        source,
        helpers,
        at,
        &spawn.site.path,
        may_be_inline,
        cautions,
    )
}

/// Whether what an `ensure_future` gets as its `argument` is there already: it gives that back.
fn is_a_future(source: &Source<'_>, argument: &ast::Expr) -> bool {
    matches!(
        kinds_ensured(source, argument).only(),
        Kind::Task | Kind::Future
    ) && !spawns_on_the_spot(source, argument)
}

/// Whether a future is one of the things that the `argument` of an `ensure_future` may be.
fn may_be_a_future(source: &Source<'_>, argument: &ast::Expr) -> bool {
    let kinds = kinds_ensured(source, argument);
    kinds.only() == Kind::Unknown && kinds.iter().any(|kind| kind == Kind::Future)
}

/// The kinds of what an `ensure_future` gets as its `argument`. Where its type leaves that open, as `Awaitable` does, but it is
/// a call of functions of this file, those of what they, and the methods that override them, give back.
fn kinds_ensured(source: &Source<'_>, argument: &ast::Expr) -> Kinds {
    let kinds = source.kinds_of(argument);
    let ast::Expr::Call(call) = argument else {
        return kinds;
    };
    if kinds.are_known() {
        return kinds;
    }
    let functions = source.functions(&call.func).unwrap_or_default();
    let shown: Kinds = (functions.iter().copied())
        .chain(functions.iter().flat_map(|it| source.overrides(it)))
        .flat_map(|it| kinds_given_by(source, it))
        .collect();
    if shown == Kinds::NONE { kinds } else { shown }
}

/// The kinds of what calling `function` gives at each of its `return` statements; a task that it makes there is as new as
/// a coroutine.
fn kinds_given_by<'s>(source: &'s Source<'_>, function: &'s ast::StmtFunctionDef) -> Vec<Kinds> {
    if !function.decorator_list.is_empty() {
        return vec![Kinds::UNKNOWN];
    }
    if function.is_async {
        return vec![Kinds::of(Kind::Coroutine)];
    }
    let values = (source.returns(function).into_iter()).filter_map(|it| it.value.as_deref());
    values
        .map(|value| {
            if is_spawned_here(source, value) {
                Kinds::of(Kind::Coroutine)
            } else {
                source.kinds_of(value)
            }
        })
        .collect()
}

/// Whether `call`, of asyncio's `member`, gives back what it is given, or nothing that goes on.
fn spawns_nothing(source: &Source<'_>, member: &str, call: &ast::ExprCall) -> bool {
    let argument = call.arguments.args.first();
    match (member, argument) {
        ("ensure_future", Some(argument)) => is_a_future(source, argument),
        ("gather", argument) => argument.is_none(),
        _ => false,
    }
}

/// Whether `expr` is, or is a name for nothing but, calls that [make a task on the spot](spawns_on_the_spot).
fn is_spawned_here(source: &Source<'_>, expr: &ast::Expr) -> bool {
    let values = source.values_of(expr).unwrap_or_default();
    spawns_on_the_spot(source, expr)
        || !values.is_empty() && values.iter().all(|it| spawns_on_the_spot(source, it))
}

/// Whether `expr` is a call that makes the task, or the future of tasks, which nobody else has.
fn spawns_on_the_spot(source: &Source<'_>, expr: &ast::Expr) -> bool {
    let ast::Expr::Call(call) = expr else {
        return false;
    };
    let names = source.meanings(&call.func).unwrap_or_default();
    !names.is_empty()
        && names.iter().all(|name| {
            let member = name.rsplit('.').next().unwrap_or(name);
            // The future of another thread is no asyncio future.
            SPAWNERS.contains(&name.as_str())
                && member != "run_coroutine_threadsafe"
                && !spawns_nothing(source, member, call)
        })
}

/// Whether `call`, of `gather` or `shield`, gets something new that nobody else has: a coroutine, or a task made on the spot.
fn is_of_new(source: &Source<'_>, call: &ast::ExprCall) -> bool {
    call.arguments.args.iter().any(|it| is_new(source, it))
}

fn is_new(source: &Source<'_>, argument: &ast::Expr) -> bool {
    match each_of(argument) {
        ast::Expr::Starred(unpacked) => {
            source.kinds_of_each(&unpacked.value).only() == Kind::Coroutine
        }
        one => source.kind_of(one) == Kind::Coroutine || spawns_on_the_spot(source, one),
    }
}

/// What `argument` is, or each that it unpacks out of a comprehension.
fn each_of(argument: &ast::Expr) -> &ast::Expr {
    let unpacked = argument.as_starred_expr().map(|it| &*it.value);
    match unpacked {
        Some(ast::Expr::ListComp(each)) => &each.elt,
        Some(ast::Expr::SetComp(each)) => &each.elt,
        Some(ast::Expr::Generator(each)) => &each.elt,
        _ => argument,
    }
}

/// The fix for the site `at`, whose task is what the expression at `path` gives, in the style that is
/// wanted; in three lines, where nobody says, only if it `may_be_inline`.
fn kept(
    source: &Source<'_>,
    helpers: &Helpers<'_, '_>,
    at: TextRange,
    path: &Path<'_>,
    may_be_inline: bool,
    mut cautions: Vec<&'static Caution>,
) -> Finding {
    let inline = match source.preferences().retain_task {
        Style::Helper => None,
        // Whoever has a place for helpers wants them used.
        Style::Auto if !may_be_inline || helpers.come_from_elsewhere(Helper::KeepTask) => None,
        Style::Auto => kept_inline(source, helpers, path).filter(|inline| inline.ends_function),
        Style::Idiom => kept_inline(source, helpers, path),
    };
    if let Some(inline) = inline {
        if inline.outlives_task {
            cautions.push(&LATE_REPORT);
        }
        return fixable(
            at,
            claims(path),
            kept_with(&inline.tasks),
            cautions,
            inline.edits,
        );
    }
    let helper = match helper(source, helpers, path) {
        Ok(helper) => helper,
        Err(refusal) => return refused(at, refusal),
    };
    let mut edits = helper.edits;
    edits.extend(wrapped(source, path, &helper.name));
    fixable(at, claims(path), kept_with(&helper.name), cautions, edits)
}

/// The helper that keeps the task which the expression at `path` gives.
fn helper(
    source: &Source<'_>,
    helpers: &Helpers<'_, '_>,
    path: &Path<'_>,
) -> Result<Written, &'static Refusal> {
    if source.preferences().retain_task == Style::Idiom {
        return Err(&OTHER_STYLE);
    }
    if !helpers.are_in_reach(Helper::KeepTask, path) {
        return Err(&HELPER_OUT_OF_REACH);
    }
    Ok(helpers.get(Helper::KeepTask, path))
}

/// A task that is kept by statements of its own.
struct Inline {
    /// The name of the set.
    tasks: String,
    edits: Vec<Edit>,
    /// The statement is the last one in the body of its function.
    ends_function: bool,
    /// The function goes on after it, and so the new local may outlive the task.
    outlives_task: bool,
}

/// The three lines of asyncio's documentation, for an expression at `path` that is a statement of its
/// own in a function.
fn kept_inline(source: &Source<'_>, helpers: &Helpers<'_, '_>, path: &Path<'_>) -> Option<Inline> {
    let Role::Statement(statement) = path.role() else {
        return None;
    };
    let range = statement.range();
    let function = path.function()?;
    let ends_function = function
        .body
        .last()
        .is_some_and(|last| last.range() == range);
    if !source.is_alone_on_its_lines(range)
        || range != path.node().range()
        || source.reads_every_local(function)
        || !helpers.has_set_of_tasks_in_reach(path)
    {
        return None;
    }
    let task = first_fresh_in_function(source, function, &["task", "background_task"]);
    let tasks = helpers.set_of_tasks();
    if source.is_shadowed(path, &tasks.name) {
        return None;
    }
    let line = |text: String| {
        let indent = source.indentation(range.start());
        format!("{}{indent}{text}", source.line_ending(range.start()))
    };
    let mut edits = tasks.edits;
    edits.push(Edit::insert(range.start(), format!("{task} = ")));
    edits.push(Edit::insert(
        source.line_end(range.end()),
        line(format!("{}.add({task})", tasks.name))
            + &line(format!("{task}.add_done_callback({}.discard)", tasks.name)),
    ));
    Some(Inline {
        tasks: tasks.name,
        edits,
        ends_function,
        outlives_task: after::goes_on(source, path),
    })
}

/// What a fix does that has the helper or set called `name` keep a task.
fn kept_with(name: &str) -> String {
    format!("keep the task until it is done with `{name}`")
}

fn claims(path: &Path<'_>) -> TextRange {
    path.statement_range()
}

fn refused(at: TextRange, refusal: &'static Refusal) -> Finding {
    Finding {
        at,
        verdict: Verdict::Refused(refusal),
    }
}

fn fixable(
    at: TextRange,
    claims: TextRange,
    what: String,
    cautions: Vec<&'static Caution>,
    edits: Vec<Edit>,
) -> Finding {
    let patch = Patch::new(edits).expect("a helper, then what goes around one expression");
    Finding {
        at,
        verdict: Verdict::Fixable(vec![Fix {
            what,
            cautions,
            claims,
            patch,
        }]),
    }
}
