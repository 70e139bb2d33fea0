//! Whether the code around a gather sees to the siblings of a failed awaitable itself.

use asyncmend_source::{
    AnyNodeRef, Cancels, Kind, Path, Ranged, Source, TextRange, TextSize, additions, ast, cancels,
    cancels_each, surely,
};

/// Whether each of the tasks that a gather was given has been cancelled or waited for by a statement before
/// it, or is by a `finally` around it or by every handler that can meet its failure first.
pub(super) fn by_the_code_around(
    source: &Source<'_>,
    awaited: &Path<'_>,
    arguments: &[ast::Expr],
) -> bool {
    let Some(tasks) = Tasks::of(arguments) else {
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
                let is_in =
                    |body: &[ast::Stmt]| body.iter().any(|it| it.range().contains_range(inner));
                !is_in(&attempt.finalbody) && settles(&attempt.finalbody)
                    || is_in(&attempt.body) && any_failure_meets(source, attempt, settles)
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

/// The arguments of a gather, by name.
enum Tasks<'s> {
    /// The name of a list, unpacked.
    List(&'s ast::ExprName),
    /// One name each.
    Each(Vec<&'s ast::ExprName>),
}

impl<'s> Tasks<'s> {
    fn of(arguments: &'s [ast::Expr]) -> Option<Self> {
        if let [ast::Expr::Starred(starred)] = arguments {
            return Some(Self::List(starred.value.as_name_expr()?));
        }
        let names = arguments.iter().map(ast::Expr::as_name_expr);
        Some(Self::Each(names.collect::<Option<_>>()?))
    }

    /// Where the last of the names that is bound is.
    fn made(&self, source: &Source<'_>) -> TextSize {
        let names = match self {
            Self::List(list) => std::slice::from_ref(list),
            Self::Each(names) => names,
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
            Self::List(list) => surely(body, &|it| {
                cancels_each(it, &list.id)
                    || waits_for_each(source, it, &list.id)
                    || is_given_to_who_cancels(source, it, &list.id, true)
            }),
            Self::Each(names) => {
                let is_settled = |name: &&ast::ExprName| {
                    surely(body, &|it| {
                        cancels(it, &name.id)
                            || is_given_to_who_cancels(source, it, &name.id, false)
                    })
                };
                !names.is_empty() && names.iter().all(is_settled)
            }
        }
    }

    /// The same when `body` has been run: it puts no other into the list later.
    fn are_settled_before(&self, source: &Source<'_>, body: &[ast::Stmt]) -> bool {
        match self {
            Self::Each(_) => self.are_settled_by(source, body),
            Self::List(list) => (0..body.len()).any(|index| {
                self.are_settled_by(source, &body[index..=index])
                    && additions(&body[index + 1..], &list.id) == 0
            }),
        }
    }
}

/// Whether a statement calls a function that cancels the task `name`, or each in the list of that name: one that is
/// known, awaited if it is a coroutine function.
fn is_given_to_who_cancels(
    source: &Source<'_>,
    statement: &ast::Stmt,
    name: &str,
    is_list: bool,
) -> bool {
    let Some(statement) = statement.as_expr_stmt() else {
        return false;
    };
    let (value, is_awaited) = match &*statement.value {
        ast::Expr::Await(awaited) => (&*awaited.value, true),
        value => (value, false),
    };
    let ast::Expr::Call(call) = value else {
        return false;
    };
    let is_it = |it: &ast::Expr| it.as_name_expr().is_some_and(|it| it.id == name);
    let is_all = |it: &ast::Expr| it.as_starred_expr().is_some_and(|it| is_it(&it.value));
    let arguments = &call.arguments.args;
    let is_given = arguments.iter().any(|it| is_it(it) || is_all(it));
    if !is_given || (source.kind_of(value) == Kind::Coroutine) != is_awaited {
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
    let are_tasks = |expr: &ast::Expr| expr.as_name_expr().is_some_and(|it| it.id == tasks);
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
