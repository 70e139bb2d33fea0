//! Whether the code around a gather sees to the siblings of a failed awaitable itself.

use asyncmend_source::{
    AnyNodeRef, Cancels, Kind, Path, Ranged, Source, TextRange, TextSize, additions, ast, cancels,
    cancels_each, holder, holds, is_holder, surely,
};

/// Whether each of the tasks that a gather was given has been cancelled or waited for by a statement before
/// it, or is by a `finally` around it or by every handler that can meet its failure first.
pub(super) fn by_the_code_around(
    source: &Source<'_>,
    awaited: &Path<'_>,
    arguments: &[ast::Expr],
) -> bool {
    let Some(tasks) = Tasks::of(source, arguments) else {
        return false;
    };
    let inner = awaited.node().range();
    let made = tasks.made(source);
    let settles = |body: &[ast::Stmt]| tasks.are_settled_by(source, body);
    let mut around = awaited
        .around()
        .take_while(|around| !matches!(around, AnyNodeRef::StmtFunctionDef(_)));
    let is_before = |statement: TextRange| {
        (source.siblings(statement)).is_some_and(|(siblings, _)| {
            let start = siblings.partition_point(|it| it.start() < made);
            let before = siblings.partition_point(|it| it.end() <= inner.start());
            (siblings.get(start..before)).is_some_and(|it| tasks.are_settled_before(source, it))
        })
    };
    around.any(|around| {
        let by_clauses = match around {
            AnyNodeRef::StmtTry(attempt) => {
                !holds(&attempt.finalbody, inner) && settles(&attempt.finalbody)
                    || holds(&attempt.body, inner) && any_failure_meets(source, attempt, settles)
            }
            _ => false,
        };
        by_clauses || around.is_statement() && is_before(around.range())
    })
}

/// Whether `does` holds for the bodies of the handlers up to one that takes every failure.
fn any_failure_meets(
    source: &Source<'_>,
    attempt: &ast::StmtTry,
    does: impl Fn(&[ast::Stmt]) -> bool,
) -> bool {
    for handler in &attempt.handlers {
        let ast::ExceptHandler::ExceptHandler(handler) = handler;
        if !does(&handler.body) {
            return false;
        }
        let takes_all = (handler.type_.as_deref())
            .is_none_or(|class| source.is_builtin(class, &["BaseException", "Exception"]));
        if takes_all {
            return true;
        }
    }
    false
}

/// The arguments of a gather, as they are written.
enum Tasks<'s> {
    /// One holder of them, unpacked, and those from which all in it were taken.
    In {
        name: Option<&'s ast::ExprName>,
        holders: Vec<String>,
    },
    /// Each by itself.
    Each(Vec<&'s ast::Expr>),
}

impl<'s> Tasks<'s> {
    fn of(source: &'s Source<'_>, arguments: &'s [ast::Expr]) -> Option<Self> {
        if let [ast::Expr::Starred(starred)] = arguments {
            let name = starred.value.as_name_expr();
            let mut holders = vec![holder(&starred.value)?];
            holders.extend(name.and_then(|name| taken_from(source, name)));
            return Some(Self::In { name, holders });
        }
        let is_named = |it: &ast::Expr| it.is_name_expr() || it.is_attribute_expr();
        let are_named = !arguments.is_empty() && arguments.iter().all(is_named);
        are_named.then(|| Self::Each(arguments.iter().collect()))
    }

    /// Where the last of the names that is bound is.
    fn made(&self, source: &Source<'_>) -> TextSize {
        let names: Vec<&ast::ExprName> = match self {
            Self::In { name, .. } => name.iter().copied().collect(),
            Self::Each(tasks) => tasks.iter().filter_map(|it| it.as_name_expr()).collect(),
        };
        let bindings = source.bindings();
        let ids = names
            .iter()
            .filter_map(|name| Some(bindings.use_at(name.start())?.bindings.iter()))
            .flatten();
        let starts = ids.map(|id| bindings.binding(*id).target.start());
        starts.max().unwrap_or_default()
    }

    /// Whether running `body` cancels each of them, or waits until each is done, however it ends.
    fn are_settled_by(&self, source: &Source<'_>, body: &[ast::Stmt]) -> bool {
        match self {
            Self::In { holders, .. } => {
                (holders.iter()).any(|it| surely(body, &|does| settles_each(source, does, it)))
            }
            Self::Each(tasks) => {
                let is_settled = |task: String| surely(body, &|it| settles_one(source, it, &task));
                (tasks.iter()).all(|task| holder(task).is_some_and(is_settled))
            }
        }
    }

    /// The same when `body` has been run: what is settled is not replaced later, and no other is put into the list.
    fn are_settled_before(&self, source: &Source<'_>, body: &[ast::Stmt]) -> bool {
        let is_done = |written: &String, settles: &dyn Fn(&ast::Stmt) -> bool| {
            (0..body.len()).any(|index| {
                surely(&body[index..=index], settles) && additions(&body[index + 1..], written) == 0
            })
        };
        match self {
            Self::In { holders, .. } => holders.iter().any(|tasks| {
                let are_more = |it: &String| it != tasks && additions(body, it) > 0;
                is_done(tasks, &|it| settles_each(source, it, tasks))
                    && !holders.iter().any(are_more)
            }),
            Self::Each(tasks) => {
                let is_settled =
                    |task: String| is_done(&task, &|it| settles_one(source, it, &task));
                (tasks.iter()).all(|task| holder(task).is_some_and(is_settled))
            }
        }
    }
}

/// Whether a statement cancels each in the holder that is written `tasks`, or waits for all in it.
fn settles_each(source: &Source<'_>, statement: &ast::Stmt, tasks: &str) -> bool {
    cancels_each(statement, tasks)
        || waits_for_each(source, statement, tasks)
        || is_given_to_who_cancels(source, statement, tasks, true)
}

/// Whether a statement cancels the task that is written `task`.
fn settles_one(source: &Source<'_>, statement: &ast::Stmt, task: &str) -> bool {
    cancels(statement, task) || is_given_to_who_cancels(source, statement, task, false)
}

/// The holder of the tasks of which `name` has some: `_, name = await asyncio.wait(tasks)`, or `name = [task for task
/// in tasks if not task.done()]`.
fn taken_from(source: &Source<'_>, name: &ast::ExprName) -> Option<String> {
    let binding = source.bindings().binding(source.only_binding(name)?);
    let target = source.path_to(binding.target);
    let statement = target.around().find_map(|it| match it {
        AnyNodeRef::StmtAssign(statement) => Some(statement),
        _ => None,
    })?;
    match (&statement.targets[..], &*statement.value) {
        ([ast::Expr::Tuple(both)], ast::Expr::Await(awaited)) => {
            let call = awaited.value.as_call_expr()?;
            let is_wait = source.qualified(&call.func).as_deref() == Some("asyncio.wait");
            let is_one = both.iter().any(|it| it.range() == binding.target);
            holder(call.arguments.args.first().filter(|_| is_wait && is_one)?)
        }
        ([ast::Expr::Name(_)], ast::Expr::ListComp(each)) => {
            let [from] = &each.generators[..] else {
                return None;
            };
            let (element, target) = (each.elt.as_name_expr()?, from.target.as_name_expr()?);
            (element.id == target.id).then(|| holder(&from.iter))?
        }
        _ => None,
    }
}

/// Whether a statement calls a function that cancels the task `name`, or each in the holder that is written so: one that
/// is known, awaited if it is a coroutine function.
fn is_given_to_who_cancels(
    source: &Source<'_>,
    statement: &ast::Stmt,
    name: &str,
    is_list: bool,
) -> bool {
    let Some(statement) = statement.as_expr_stmt() else {
        return false;
    };
    match &*statement.value {
        ast::Expr::Await(awaited) => calls_who_cancels(source, &awaited.value, name, is_list, true),
        value => calls_who_cancels(source, value, name, is_list, false),
    }
}

/// Whether `value` is a call of such a function, or one that is awaited and given such a call to wait for:
/// `await shielded(cancel_all(tasks))`.
fn calls_who_cancels(
    source: &Source<'_>,
    value: &ast::Expr,
    name: &str,
    is_list: bool,
    is_awaited: bool,
) -> bool {
    let ast::Expr::Call(call) = value else {
        return false;
    };
    let arguments = &call.arguments.args;
    if is_awaited && (arguments.iter()).any(|it| calls_who_cancels(source, it, name, is_list, true))
    {
        return true;
    }
    let is_it = |it: &ast::Expr| is_holder(it, name);
    let is_all = |it: &ast::Expr| it.as_starred_expr().is_some_and(|it| is_it(&it.value));
    let is_given = arguments.iter().any(|it| is_it(it) || is_all(it));
    if !is_given || !is_awaited && source.kind_of(value) == Kind::Coroutine {
        return false;
    }
    match source.cancels(&call.func) {
        Some(Cancels::Arguments) if is_list => arguments.iter().any(is_all),
        Some(Cancels::Arguments) => arguments.iter().any(is_it),
        Some(Cancels::InFirst) => is_list && arguments.first().is_some_and(is_it),
        None => false,
    }
}

/// Whether a statement awaits a wait, or a gather that collects failures, of all `tasks`.
fn waits_for_each(source: &Source<'_>, statement: &ast::Stmt, tasks: &str) -> bool {
    let value = match statement {
        ast::Stmt::Expr(statement) => &statement.value,
        ast::Stmt::Assign(statement) => &statement.value,
        _ => return false,
    };
    let ast::Expr::Await(awaited) = &**value else {
        return false;
    };
    let ast::Expr::Call(call) = &*awaited.value else {
        return false;
    };
    let are_tasks = |expr: &ast::Expr| is_holder(expr, tasks);
    let (args, keywords) = (&*call.arguments.args, &*call.arguments.keywords);
    match source.qualified(&call.func).as_deref() {
        Some("asyncio.wait") => matches!(args, [only] if are_tasks(only)) && keywords.is_empty(),
        Some("asyncio.gather") => {
            let unpacks =
                |it: &ast::Expr| it.as_starred_expr().is_some_and(|it| are_tasks(&it.value));
            let collects = |it: &ast::Keyword| {
                it.arg.as_deref() == Some("return_exceptions")
                    && matches!(&it.value, ast::Expr::BooleanLiteral(it) if it.value)
            };
            args.iter().any(unpacks) && keywords.iter().any(collects)
        }
        _ => false,
    }
}
