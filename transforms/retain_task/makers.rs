//! Functions that give back a task which they leave to their callers, and the calls that drop it.

use asyncmend_pipeline::{Finding, TaskMaker};
use asyncmend_rewrite::Helpers;
use asyncmend_source::{
    AnyNodeRef, BindingId, BindingKind, Gives, Kind, Parameter, Path, Ranged, Role, Site, Source,
    TextRange, ast, function_of_decorator,
};

use super::fate::{self, Fate};
use super::uses::{Object, handed_back, leaves_no_reference};
use super::{
    MAY_BE_OVERRIDDEN, MAYBE_TASK, NOTHING_SPAWNED, PATCHED, Spawn, is_of_new, kept, refused,
    spawns,
};
use super::{lists, shield};

/// Functions of asyncio that make a task of whatever they get.
const MAKE_TASKS: &[&str] = &["asyncio.Task", "asyncio.create_task"];

/// A function of this file that gives back a task to which nobody else refers.
pub(super) struct Maker<'s> {
    function: &'s ast::StmtFunctionDef,
    facts: TaskMaker,
}

/// An expression that gives a task which it makes.
struct Made<'s> {
    path: Path<'s>,
    /// It is a gather or a shield.
    is_future: bool,
    /// It may be something else instead.
    is_maybe: bool,
    /// The parameters of the function around that it hands to `ensure_future`.
    ensures: Vec<Parameter>,
}

/// The functions of a file that give back a task to which nobody else refers, by where their name
/// stands.
pub(super) fn learn(source: &Source<'_>) -> Vec<(TextRange, TaskMaker)> {
    let makers = makers(source, &spawns(source));
    makers
        .iter()
        .filter_map(|maker| {
            Some((
                maker.function.name.range(),
                facts_by_name(source, &makers, maker)?,
            ))
        })
        .collect()
}

/// What is known of the function that callers in other files get by the name of `maker`: a module may bind it several
/// times.
fn facts_by_name(
    source: &Source<'_>,
    makers: &[Maker<'_>],
    maker: &Maker<'_>,
) -> Option<TaskMaker> {
    let own = source.bindings().binding_at(maker.function.name.range())?;
    let scope = source.bindings().binding(own).scope;
    let name = &maker.function.name.id;
    match &*source.bindings_in(scope, name) {
        [_] => Some(maker.facts.clone()),
        _ if source.bindings().declare_global(name) => None,
        all => facts_of_any(source, makers, all),
    }
}

/// What can be done about each call that drops the task which a function gives back.
pub(super) fn judged(
    source: &Source<'_>,
    helpers: &Helpers<'_, '_>,
    makers: &[Maker<'_>],
) -> Vec<Finding> {
    // Most calls of such names use what they get: of those, nobody asks which functions they mean.
    calls_of(source, makers, |path| fate::may_matter(source, path))
        .into_iter()
        .filter(|(site, _)| !helpers.contain(site.call.range()))
        .filter_map(|(site, maker)| judge(source, helpers, &site, &maker))
        .collect()
}

/// The calls of `makers` and of those that are known in other files, with what is known of them, where the way to what
/// they give, awaited or not, is of interest.
fn calls_of<'s>(
    source: &'s Source<'_>,
    makers: &[Maker<'_>],
    is_of_interest: impl Fn(&Path<'s>) -> bool,
) -> Vec<(Site<'s>, TaskMaker)> {
    let own = makers.iter().map(|maker| maker.function.name.as_str());
    let names: Vec<&str> = own.chain(source.task_maker_names()).collect();
    let mut sites = source.calls_named(&[source.aliases_of(&names), names.clone()].concat());
    sites.retain(|site| match &*site.call.func {
        ast::Expr::Name(name) => names.contains(&own_name(source, name)),
        ast::Expr::Attribute(method) => names.contains(&method.attr.as_str()),
        _ => false,
    });
    sites.retain(|site| {
        is_of_interest(&site.path)
            || awaited(source, &site.path).is_some_and(|it| is_of_interest(&it))
    });
    sites
        .into_iter()
        .filter_map(|site| {
            let maker = maker_called(source, makers, &site.call.func)?;
            (!source.is_said_to_keep_task(&site.call.func)).then_some((site, maker))
        })
        .collect()
}

/// The name that a function has where it is defined: an import may give it another.
fn own_name<'s>(source: &'s Source<'_>, name: &'s ast::ExprName) -> &'s str {
    let binding = (source.only_binding(name)).map(|id| &source.bindings().binding(id).kind);
    match binding {
        Some(BindingKind::ImportFrom { member, .. }) => member,
        _ => &name.id,
    }
}

/// What is known of the function that `callee` stands for.
pub(super) fn maker_called(
    source: &Source<'_>,
    makers: &[Maker<'_>],
    callee: &ast::Expr,
) -> Option<TaskMaker> {
    if let ast::Expr::Name(name) = callee
        && let Some(seen) = source.bindings().use_at(name.start())
        && (seen.bindings.iter()).any(|it| is_function(source, *it))
    {
        return facts_of_any(source, makers, &seen.bindings);
    }
    if let Some(functions) = source.functions(callee) {
        let facts = functions.into_iter().map(|it| facts_of(makers, it));
        return facts.reduce(|one, other| one?.or(other?))?;
    }
    // Of a name that this file binds in several ways, one of which may come from elsewhere, types do
    // not tell which.
    let comes_from_elsewhere = match callee {
        ast::Expr::Name(name) => source.only_binding(name).is_some_and(|id| {
            matches!(
                source.bindings().binding(id).kind,
                BindingKind::ImportFrom { .. }
            )
        }),
        _ => true,
    };
    let known = comes_from_elsewhere.then(|| source.task_maker(callee));
    known
        .flatten()
        .or_else(|| facts_of_subclasses(source, makers, callee))
}

/// What is known of the method that `callee` names, where the class of its object has none of that name, as far as this
/// file shows, but classes that derive from it have: it may be one of others.
fn facts_of_subclasses(
    source: &Source<'_>,
    makers: &[Maker<'_>],
    callee: &ast::Expr,
) -> Option<TaskMaker> {
    let methods = source.methods_of_subclasses(callee);
    let facts = methods.map(|it| facts_of(makers, it));
    let facts = facts.reduce(|one, other| one?.or(other?))??;
    Some(TaskMaker {
        may_be_overridden: true,
        ..facts
    })
}

/// What is known of `function`, one of this file.
fn facts_of(makers: &[Maker<'_>], function: &ast::StmtFunctionDef) -> Option<TaskMaker> {
    let mut makers = makers.iter();
    let own = makers.find(|maker| maker.function.range() == function.range())?;
    Some(own.facts.clone())
}

/// What holds of whichever of `bindings`, which a name has in turn, comes to be where the target runs.
fn facts_of_any(
    source: &Source<'_>,
    makers: &[Maker<'_>],
    bindings: &[BindingId],
) -> Option<TaskMaker> {
    let binding = |id: &BindingId| source.bindings().binding(*id);
    let path = |id: &BindingId| source.path_to(binding(id).target);
    let facts = (bindings.iter())
        .filter(|id| !source.never_runs(&path(id)))
        .map(|id| match binding(id).kind {
            BindingKind::Function(range) => facts_of(makers, source.function_at(range)?),
            _ => source
                .qualified_binding(*id)
                .and_then(|name| facts_of_asyncio(&name)),
        });
    facts.reduce(|one, other| one?.or(other?))?
}

/// What is known of the function of asyncio with the dotted name `name`, if it makes a task of whatever it gets.
fn facts_of_asyncio(name: &str) -> Option<TaskMaker> {
    MAKE_TASKS.contains(&name).then_some(TaskMaker {
        is_async: false,
        gives: Gives::Task,
        may_be_overridden: false,
        is_future: false,
        ensures: Vec::new(),
    })
}

fn is_function(source: &Source<'_>, binding: BindingId) -> bool {
    let binding = source.bindings().binding(binding);
    matches!(binding.kind, BindingKind::Function(_))
}

fn judge(
    source: &Source<'_>,
    helpers: &Helpers<'_, '_>,
    site: &Site<'_>,
    maker: &TaskMaker,
) -> Option<Finding> {
    let path = value_of(source, site, maker)?;
    // Most calls of such a name use what it gives.
    if fate::of(source, &path, Object::Task, maker.is_future) == Fate::Kept {
        return None;
    }
    let at = site.call.range();
    if maker.gives == Gives::MaybeTask {
        return Some(refused(at, &MAYBE_TASK));
    }
    if maker.gives == Gives::Tasks && !matches!(path.role(), Role::Statement(_)) {
        return None;
    }
    if is_replaced(source, &site.call.func) {
        return Some(refused(at, &PATCHED));
    }
    let mut ensured = (maker.ensures.iter()).filter_map(|it| it.argument_of(site.call));
    if ensured.any(|it| matches!(source.kind_of(it), Kind::Task | Kind::Future)) {
        return Some(refused(at, &NOTHING_SPAWNED));
    }
    // No caution for a function that is what it is: as for a task that is made on the spot.
    let cautions = if maker.may_be_overridden {
        vec![&MAY_BE_OVERRIDDEN]
    } else {
        Vec::new()
    };
    if maker.gives == Gives::Tasks {
        return lists::judged(source, helpers, at, &path, cautions);
    }
    Some(kept(source, helpers, at, &path, false, cautions))
}

/// The way to the expression that gives the task which a call of `maker` makes.
fn value_of<'s>(source: &Source<'_>, site: &Site<'s>, maker: &TaskMaker) -> Option<Path<'s>> {
    if maker.is_async {
        awaited(source, &site.path)
    } else {
        Some(site.path.clone())
    }
}

/// The way to the `await` that gives what the coroutine at `path` returns, by way of `wait_for` too.
fn awaited<'s>(source: &Source<'_>, path: &Path<'s>) -> Option<Path<'s>> {
    let up = path.up()?;
    match up.node() {
        AnyNodeRef::ExprAwait(_) => Some(up),
        AnyNodeRef::ExprCall(call)
            if call
                .arguments
                .find_argument_value("fut", 0)
                .map(Ranged::range)
                == Some(path.node().range())
                && source.qualified(&*call.func).as_deref() == Some("asyncio.wait_for") =>
        {
            awaited(source, &up)
        }
        _ => None,
    }
}

/// Whether this file replaces the function that `callee` stands for, or what makes its task.
pub(super) fn is_replaced(source: &Source<'_>, callee: &ast::Expr) -> bool {
    let name = match callee {
        ast::Expr::Name(name) => &name.id,
        ast::Expr::Attribute(method) => &method.attr.id,
        _ => return false,
    };
    let spawners = [
        "create_task",
        "eager_task_factory",
        "ensure_future",
        "gather",
        "shield",
        "Task",
    ];
    source.replaces(name) || spawners.iter().any(|name| source.patches_asyncio(name))
}

/// The functions of this file whose every value is a task that they made and nobody else refers to.
pub(super) fn makers<'s>(source: &'s Source<'_>, spawns: &[Spawn<'s>]) -> Vec<Maker<'s>> {
    let mut made: Vec<Made<'s>> = spawns
        .iter()
        .filter_map(|spawn| made_by_spawn(source, spawn))
        .collect();
    let mut lists: Vec<Path<'s>> = Vec::new();
    let may_be_given_back = |path: &Path<'_>| {
        // What is awaited is another way to give something.
        !matches!(path.role(), Role::Statement(_))
            && !matches!(path.parent(), Some(AnyNodeRef::ExprAwait(_)))
            && fate::may_matter(source, path)
            && (path.function()).is_some_and(|it| !source.returns(it).is_empty())
    };
    // A function may give back what another one gives it.
    loop {
        let makers = makers_by(source, &made, &lists);
        let known = made.len() + lists.len();
        let mut maybe: Vec<Made<'s>> = Vec::new();
        for (site, maker) in calls_of(source, &makers, may_be_given_back) {
            if maker.may_be_overridden {
                continue;
            }
            let Some(new) = made_by_call(source, &site, &maker) else {
                continue;
            };
            let is_new = |old: &Path<'_>| old.node() != new.path.node();
            match maker.gives {
                Gives::Tasks if lists.iter().all(is_new) => lists.push(new.path),
                Gives::Tasks => {}
                _ if !made.iter().all(|old| is_new(&old.path)) => {}
                Gives::Task => made.push(new),
                Gives::MaybeTask => maybe.push(new),
            }
        }
        if known == made.len() + lists.len() {
            // By now all are known that give one for sure.
            if maybe.is_empty() {
                return makers;
            }
            made.append(&mut maybe);
        }
    }
}

/// The functions that give back what the expressions of `made` make, or a list of that such as those of `lists`, and
/// nothing else.
fn makers_by<'s>(source: &'s Source<'_>, made: &[Made<'s>], lists: &[Path<'s>]) -> Vec<Maker<'s>> {
    let locals: Vec<(BindingId, &Made<'_>)> = (made.iter())
        .flat_map(|made| {
            let locals = locals_given_back(source, &made.path, MAX_LOCALS).unwrap_or_default();
            locals.into_iter().map(move |local| (local, made))
        })
        .collect();
    let mut functions: Vec<&ast::StmtFunctionDef> = Vec::new();
    for path in made.iter().map(|it| &it.path).chain(lists) {
        if let Some(function) = path.function()
            && !functions.iter().any(|it| it.range() == function.range())
        {
            functions.push(function);
        }
    }
    functions
        .into_iter()
        .filter_map(|function| {
            let facts = facts(source, function, made, lists, &locals)?;
            Some(Maker { function, facts })
        })
        .collect()
}

/// The task that a call of asyncio makes, for sure or of what its function was given.
fn made_by_spawn<'s>(source: &'s Source<'_>, spawn: &Spawn<'s>) -> Option<Made<'s>> {
    let path = spawn.site.path.clone();
    let call = spawn.site.call;
    let ensures = match spawn.member.as_str() {
        "create_task" | "eager_task_factory" | "Task" | "run_coroutine_threadsafe" => Vec::new(),
        "ensure_future" => ensured(source, &path, call.arguments.args.first()?)?,
        "shield" if shield::is_mended_where_it_is_made(&path, call) => return None,
        // Most are awaited by a name: of those, nobody asks what they are of.
        "gather" | "shield" if is_given_back(source, &path) && is_of_new(source, call) => {
            Vec::new()
        }
        _ => return None,
    };
    Some(Made {
        path,
        is_future: spawn.is_future,
        is_maybe: spawn.unknown_receiver || spawn.is_unclear,
        ensures,
    })
}

/// The task that a call of `maker` gives on.
fn made_by_call<'s>(
    source: &'s Source<'_>,
    site: &Site<'s>,
    maker: &TaskMaker,
) -> Option<Made<'s>> {
    let path = value_of(source, site, maker)?;
    let mut ensures = Vec::new();
    for parameter in &maker.ensures {
        ensures.extend(ensured(source, &path, parameter.argument_of(site.call)?)?);
    }
    Some(Made {
        path,
        is_future: maker.is_future,
        is_maybe: maker.gives == Gives::MaybeTask,
        ensures,
    })
}

/// The parameters of the function around `path` on which it depends whether `ensure_future` makes a task
/// of `argument`; none where it may be given a future by somebody else.
fn ensured(source: &Source<'_>, path: &Path<'_>, argument: &ast::Expr) -> Option<Vec<Parameter>> {
    if source.kind_of(argument) == Kind::Coroutine {
        return Some(Vec::new());
    }
    let ast::Expr::Name(name) = argument else {
        return None;
    };
    let function = path.function()?;
    let binding = source.bindings().binding(source.only_binding(name)?);
    let parameters = &function.parameters;
    let is_own = matches!(
        binding.kind,
        BindingKind::Parameter {
            variadic: false,
            ..
        }
    ) && parameters.range().contains_range(binding.target);
    if !is_own {
        return None;
    }
    let has_receiver = matches!(
        source.path_to(function.range()).parent(),
        Some(AnyNodeRef::StmtClassDef(_))
    ) && !(function.decorator_list.iter())
        .any(|decorator| source.is_builtin(&decorator.expression, &["staticmethod"]));
    let position = (parameters.posonlyargs.iter().chain(&parameters.args))
        .position(|parameter| **parameter.name() == *name.id);
    Some(vec![Parameter {
        name: name.id.to_string(),
        position: position.and_then(|it| it.checked_sub(usize::from(has_receiver))),
    }])
}

/// Whether the value of the expression at `path` is given back by its function, by a local too.
fn is_given_back(source: &Source<'_>, path: &Path<'_>) -> bool {
    path.statement().is_return_stmt() || locals_given_back(source, path, MAX_LOCALS).is_some()
}

/// A task is followed through so many locals.
const MAX_LOCALS: usize = 3;

/// The local that takes the task which the expression at `path` makes, if it is used for nothing but to give the task
/// back, and those that take it from there by way of a function which hands it back.
fn locals_given_back(source: &Source<'_>, path: &Path<'_>, links: usize) -> Option<Vec<BindingId>> {
    let links = links.checked_sub(1)?;
    path.function()?;
    let path = given(source, path);
    let target = match path.role() {
        Role::Assigned(statement) => match &statement.targets[..] {
            [only] => only,
            _ => return None,
        },
        Role::Annotated(statement) => &*statement.target,
        _ => return None,
    };
    let ast::Expr::Name(name) = target else {
        return None;
    };
    let binding = fate::binding_of_local(source, name)?;
    let uses = fate::uses(source, binding)?;
    let made = path.node().range();
    let mut locals = vec![binding];
    for path in &uses {
        if leaves_no_reference(source, path, Object::Task, made)
            || matches!(given(source, path).role(), Role::Returned(_))
        {
            continue;
        }
        handed_back(source, path)?;
        locals.extend(locals_given_back(source, path, links)?);
    }
    Some(locals)
}

/// The way to the expression that gives the task at `path`, where functions hand it back.
fn given<'s>(source: &Source<'_>, path: &Path<'s>) -> Path<'s> {
    let mut path = path.clone();
    while let Some(up) = handed_back(source, &path) {
        path = up;
    }
    path
}

/// What is known of `function`, which gives back one of `made`, of the `locals` that hold them or of `lists`; none
/// where it gives back none of them.
fn facts(
    source: &Source<'_>,
    function: &ast::StmtFunctionDef,
    made: &[Made<'_>],
    lists: &[Path<'_>],
    locals: &[(BindingId, &Made<'_>)],
) -> Option<TaskMaker> {
    if source.is_generator(function) || is_cached(source, function) {
        return None;
    }
    let is_plain = (function.decorator_list.iter())
        .all(|decorator| source.leaves_function_as_it_is(decorator));
    let path = source.path_to(function.range());
    let is_method = matches!(path.parent(), Some(AnyNodeRef::StmtClassDef(_)));
    let own: Vec<&Made<'_>> = (made.iter())
        .filter(|made| made.ensures.is_empty() && !made.is_maybe)
        .collect();
    let paths: Vec<&Path<'_>> = own.iter().map(|made| &made.path).collect();
    if lists::are_given_back(source, function, &paths, lists) {
        return (is_plain && always_leaves(source, &function.body)).then(|| TaskMaker {
            is_async: function.is_async,
            gives: Gives::Tasks,
            may_be_overridden: is_method
                && !(lists::are_promised(source, function)
                    && (source.overrides(function)).all(|it| lists::are_promised(source, it))),
            is_future: own.iter().any(|it| it.is_future),
            ensures: Vec::new(),
        });
    }
    let returned = source.returns(function);
    let mut given: Vec<&Made<'_>> = Vec::new();
    // What a decorator of which nothing is known makes of a function may give back anything.
    let mut may_give_else = !is_plain || !always_leaves(source, &function.body);
    for statement in returned {
        let Some(value) = statement.value.as_deref() else {
            may_give_else = true;
            continue;
        };
        for value in branches(source, value) {
            if let Some(made) = (made.iter()).find(|it| it.path.node().range() == value.range()) {
                given.push(made);
            } else if let ast::Expr::Name(name) = value {
                let seen = source.bindings().use_at(name.start())?;
                if seen.maybe_unbound {
                    return None;
                }
                for id in &*seen.bindings {
                    match locals.iter().find(|(local, _)| local == id) {
                        Some((_, made)) => given.push(made),
                        None => may_give_else = true,
                    }
                }
            } else {
                may_give_else = true;
            }
        }
    }
    if given.is_empty() {
        return None;
    }
    let promises_task = promises_task(source, function);
    Some(TaskMaker {
        is_async: function.is_async,
        gives: if may_give_else || given.iter().any(|it| it.is_maybe) {
            Gives::MaybeTask
        } else {
            Gives::Task
        },
        // What a method promises, its overrides keep; what it only does, they need not.
        may_be_overridden: is_method
            && !(promises_task
                && (source.overrides(function)).all(|other| self::promises_task(source, other))),
        is_future: given.iter().any(|made| made.is_future),
        ensures: given.iter().flat_map(|made| made.ensures.clone()).collect(),
    })
}

/// Decorators whose functions keep what they give back.
const CACHES: &[&str] = &["functools.cache", "functools.lru_cache"];

fn is_cached(source: &Source<'_>, function: &ast::StmtFunctionDef) -> bool {
    let mut decorators = function.decorator_list.iter().map(|it| &it.expression);
    decorators.any(|it| {
        let name = source.qualified(function_of_decorator(it));
        name.is_some_and(|name| CACHES.contains(&name.as_str()))
    })
}

/// The expressions one of which has the value of `value`.
fn branches<'s>(source: &Source<'_>, value: &'s ast::Expr) -> Vec<&'s ast::Expr> {
    let of = |value: &'s ast::Expr| branches(source, value);
    match value {
        ast::Expr::If(branch) => [of(&branch.body), of(&branch.orelse)].concat(),
        ast::Expr::BoolOp(operation) => operation.values.iter().flat_map(of).collect(),
        ast::Expr::Named(named) => of(&named.value),
        ast::Expr::Call(call) => {
            let mut arguments = call
                .arguments
                .iter_source_order()
                .map(ast::ArgOrKeyword::value);
            let is_given = |it: &&ast::Expr| {
                handed_back(source, &source.path_to(it.range()))
                    .is_some_and(|up| up.node().range() == call.range())
            };
            arguments.find(is_given).map_or(vec![value], of)
        }
        value => vec![value],
    }
}

/// Whether the annotation of `function` says that it gives back a task or future.
fn promises_task(source: &Source<'_>, function: &ast::StmtFunctionDef) -> bool {
    function
        .returns
        .as_deref()
        .is_some_and(|it| is_task_annotated(source, it))
}

/// Whether what has this `annotation` is a task or a future, of a thread too.
pub(super) fn is_task_annotated(source: &Source<'_>, annotation: &ast::Expr) -> bool {
    matches!(source.kind_annotated(annotation), Kind::Task | Kind::Future)
        || source.class_annotated(annotation).as_deref() == Some("concurrent.futures.Future")
}

/// Functions that do not return.
const EXITS: &[&str] = &["os._exit", "sys.exit"];

/// Whether the end of `body` is never reached.
pub(super) fn always_leaves(source: &Source<'_>, body: &[ast::Stmt]) -> bool {
    match body.last() {
        Some(ast::Stmt::Return(_) | ast::Stmt::Raise(_)) => true,
        Some(ast::Stmt::Expr(statement)) => match &*statement.value {
            ast::Expr::Call(call) => source
                .qualified(&*call.func)
                .is_some_and(|name| EXITS.contains(&&*name)),
            _ => false,
        },
        Some(ast::Stmt::Match(statement)) => {
            let is_rest = (statement.cases.last())
                .is_some_and(|last| last.guard.is_none() && last.pattern.is_irrefutable());
            is_rest && (statement.cases.iter()).all(|case| always_leaves(source, &case.body))
        }
        Some(ast::Stmt::If(statement)) => {
            let has_else =
                (statement.elif_else_clauses.last()).is_some_and(|last| last.test.is_none());
            has_else
                && always_leaves(source, &statement.body)
                && (statement.elif_else_clauses.iter())
                    .all(|clause| always_leaves(source, &clause.body))
        }
        Some(ast::Stmt::Try(statement)) => {
            always_leaves(source, &statement.finalbody)
                || (always_leaves(source, &statement.body)
                    || always_leaves(source, &statement.orelse))
                    && statement.handlers.iter().all(|handler| {
                        let ast::ExceptHandler::ExceptHandler(handler) = handler;
                        always_leaves(source, &handler.body)
                    })
        }
        // A context manager may swallow what the body raises.
        _ => false,
    }
}
