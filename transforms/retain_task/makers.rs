//! Functions that give back a task which they leave to their callers, and the calls that drop it.

use asyncmend_pipeline::{Finding, TaskMaker};
use asyncmend_rewrite::{Helper, Helpers, wrapped};
use asyncmend_source::{
    AnyNodeRef, BindingId, Kind, Path, Ranged, Role, Site, Source, TextRange, ast,
};

use super::fate::{self, Fate};
use super::{GIVES_TASK_OR_NONE, MAY_BE_OVERRIDDEN, Spawn, claims, fixable, refused, spawns};
use crate::reach::HELPER_OUT_OF_REACH;

/// A function of this file that gives back a task to which nobody else refers.
struct Maker<'s> {
    function: &'s ast::StmtFunctionDef,
    facts: TaskMaker,
}

/// The functions of a file that give back a task to which nobody else refers, by where their name
/// stands.
pub(super) fn learn(source: &Source<'_>) -> Vec<(TextRange, TaskMaker)> {
    makers(source, &spawns(source))
        .iter()
        .map(|maker| (maker.function.name.range(), maker.facts))
        .collect()
}

/// What can be done about each call that drops the task which a function gives back.
pub(super) fn judged(
    source: &Source<'_>,
    helpers: &Helpers<'_, '_>,
    spawns: &[Spawn<'_>],
) -> Vec<Finding> {
    let makers = makers(source, spawns);
    let may_make_task = |name: &str| {
        let is_own = makers
            .iter()
            .any(|maker| maker.function.name.as_str() == name);
        is_own || source.may_make_task(name)
    };
    source
        .calls(|call| callee_name(call).is_some_and(may_make_task))
        .into_iter()
        .filter(|site| !helpers.contain(site.call.range()))
        .filter_map(|site| judge(source, helpers, &makers, &site))
        .collect()
}

fn callee_name(call: &ast::ExprCall) -> Option<&str> {
    match &*call.func {
        ast::Expr::Name(name) => Some(name.id.as_str()),
        ast::Expr::Attribute(method) => Some(method.attr.as_str()),
        _ => None,
    }
}

fn judge(
    source: &Source<'_>,
    helpers: &Helpers<'_, '_>,
    makers: &[Maker<'_>],
    site: &Site<'_>,
) -> Option<Finding> {
    // Most calls of such a name use what it gives.
    let awaited = site.awaited();
    let path = match awaited {
        Some(awaited) => match awaited.role {
            Role::Statement(_) => site.path.up()?,
            _ => return None,
        },
        None if fate::of(source, site, false) == Fate::Dropped => site.path.clone(),
        None => return None,
    };
    let maker = match source.functions(&site.call.func) {
        Some(functions) => functions
            .into_iter()
            .map(|function| {
                let own = makers
                    .iter()
                    .find(|maker| maker.function.range() == function.range());
                own.map(|maker| maker.facts)
            })
            .reduce(|one, other| Some(one?.or(other?)))?,
        None => source.task_maker(&site.call.func),
    }?;
    if maker.is_async != awaited.is_some() {
        return None;
    }
    let at = site.call.range();
    if maker.may_give_none {
        return Some(refused(at, &GIVES_TASK_OR_NONE));
    }
    if !helpers.are_in_reach(Helper::KeepTask, &path) {
        return Some(refused(at, &HELPER_OUT_OF_REACH));
    }
    let helper = helpers.get(Helper::KeepTask);
    let mut edits = helper.edits;
    edits.extend(wrapped(source, &path, &helper.name));
    // No caution for a function that is what it is: as for a task that is made on the spot.
    let cautions = if maker.may_be_overridden {
        vec![&MAY_BE_OVERRIDDEN]
    } else {
        Vec::new()
    };
    Some(fixable(at, claims(&path), &helper.name, cautions, edits))
}

/// The functions of this file whose every value is a task that they made and nobody else refers to.
fn makers<'s>(source: &'s Source<'_>, spawns: &[Spawn<'s>]) -> Vec<Maker<'s>> {
    let mut returns: Vec<(&ast::StmtFunctionDef, Vec<TextRange>)> = Vec::new();
    for spawn in spawns.iter().filter(|spawn| makes_task(source, spawn)) {
        let Some((function, statements)) = returned(source, &spawn.site.path) else {
            continue;
        };
        let known = returns.iter_mut();
        match known
            .into_iter()
            .find(|(other, _)| other.range() == function.range())
        {
            Some((_, all)) => all.extend(statements),
            None => returns.push((function, statements)),
        }
    }
    returns
        .into_iter()
        .filter_map(|(function, statements)| {
            let facts = facts(source, function, &statements)?;
            Some(Maker { function, facts })
        })
        .collect()
}

/// Whether a call makes a task of its own, for sure.
fn makes_task(source: &Source<'_>, spawn: &Spawn<'_>) -> bool {
    let argument = spawn.site.call.arguments.args.first();
    let is_coroutine = || argument.is_some_and(|it| source.kind_of(it) == Kind::Coroutine);
    !spawn.unknown_receiver
        && match spawn.member.as_str() {
            "create_task" | "Task" => true,
            "ensure_future" => is_coroutine(),
            _ => false,
        }
}

/// The function that gives back the task which the call at `path` makes, and the `return` statements
/// that do; none where anything else refers to the task.
fn returned<'s>(
    source: &'s Source<'_>,
    path: &Path<'s>,
) -> Option<(&'s ast::StmtFunctionDef, Vec<TextRange>)> {
    let function = path.function()?;
    let target = match path.role() {
        Role::Returned(statement) => return Some((function, vec![statement.range()])),
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
    let statements = returns_of(source, binding)?;
    (!statements.is_empty()).then_some((function, statements))
}

/// The `return` statements whose value is that of `binding`; none where it is used in any way that
/// may leave a reference.
fn returns_of(source: &Source<'_>, binding: BindingId) -> Option<Vec<TextRange>> {
    let mut statements = Vec::new();
    for path in fate::uses(source, binding)? {
        match path.role() {
            Role::Returned(statement) => statements.push(statement.range()),
            _ if fate::leaves_no_reference(&path) => {}
            _ => return None,
        }
    }
    Some(statements)
}

/// What is known of a function that gives back a task at `statements`; none where it may give back
/// something else than a task or `None`.
fn facts(
    source: &Source<'_>,
    function: &ast::StmtFunctionDef,
    statements: &[TextRange],
) -> Option<TaskMaker> {
    let is_plain = function.decorator_list.iter().all(|decorator| {
        source.is_builtin(&decorator.expression, &["classmethod", "staticmethod"])
    });
    if !is_plain || source.is_generator(function) {
        return None;
    }
    let mut may_give_none = !always_leaves(&function.body);
    for statement in source.returns(function) {
        match statement.value.as_deref() {
            None => may_give_none = true,
            Some(value) if value.is_none_literal_expr() => may_give_none = true,
            Some(_) if statements.contains(&statement.range()) => {}
            Some(_) => return None,
        }
    }
    let path = source.path_to(function.range());
    let is_method = matches!(path.parent(), Some(AnyNodeRef::StmtClassDef(_)));
    Some(TaskMaker {
        is_async: function.is_async,
        may_give_none,
        // What a method promises, its overrides keep; what it only does, they need not.
        may_be_overridden: is_method && function.returns.is_none(),
    })
}

/// Whether the end of `body` is never reached.
fn always_leaves(body: &[ast::Stmt]) -> bool {
    match body.last() {
        Some(ast::Stmt::Return(_) | ast::Stmt::Raise(_)) => true,
        Some(ast::Stmt::If(statement)) => {
            let has_else =
                (statement.elif_else_clauses.last()).is_some_and(|last| last.test.is_none());
            has_else
                && always_leaves(&statement.body)
                && (statement.elif_else_clauses.iter()).all(|clause| always_leaves(&clause.body))
        }
        Some(ast::Stmt::Try(statement)) => {
            always_leaves(&statement.finalbody)
                || (always_leaves(&statement.body) || always_leaves(&statement.orelse))
                    && statement.handlers.iter().all(|handler| {
                        let ast::ExceptHandler::ExceptHandler(handler) = handler;
                        always_leaves(&handler.body)
                    })
        }
        // A context manager may swallow what is raised, but not a `return`.
        Some(ast::Stmt::With(statement)) => {
            matches!(statement.body.last(), Some(ast::Stmt::Return(_)))
        }
        _ => false,
    }
}
