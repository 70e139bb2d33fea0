//! Tasks that a function makes for itself: whether anybody can tell that they are cancelled when the
//! gather of them fails.

use asyncmend_source::{
    ASKING, AnyNodeRef, Path, Ranged, Role, ScopeKind, Source, TextRange, TextSize, ast,
};

use super::awaitables::is_repeated;

/// Whether the use at `offset` of a name for a task, or a list of tasks, that this function makes hands
/// it to nobody who could tell; `gathered` is its use in the gather itself.
pub(super) fn is_private(source: &Source<'_>, offset: TextSize, gathered: &ast::ExprName) -> bool {
    let bindings = source.bindings();
    let Some(last) = bindings.use_at(gathered.start()) else {
        return false;
    };
    // With a loop around, "before" would also be after.
    let is_made_anew = last.bindings.iter().all(|id| {
        let target = bindings.binding(*id).target;
        target.end() <= offset && !is_repeated(source, gathered.range(), target)
    });
    if bindings.scope_of_use(offset) != Some(last.scope) || !is_made_anew {
        return false;
    }
    let gather = source.path_to(gathered.range());
    let path = source.path_to_name(offset);
    let path = tasks_of_dict(&path).unwrap_or(path);
    if offset > gathered.start() || is_argument_beside(&path, gathered.range()) {
        // Only what comes after a failure meets tasks that are cancelled.
        !may_go_on_after_failure(&gather)
    } else {
        is_waited_for(source, &path) || is_asked(&path) || are_asked(source, &path)
    }
}

/// Whether the use at `offset` of a name for a task, which is not the one that puts the task into what the gather
/// with `argument` unpacks, only waits for it or asks how it is, in the same function and before that gather.
pub(super) fn is_asked_before(
    source: &Source<'_>,
    offset: TextSize,
    name: &ast::ExprName,
    argument: TextRange,
) -> bool {
    let gather = source.path_to(argument);
    let path = source.path_to_name(offset);
    let is_repeated = gather.around().any(|around| {
        let is_loop = matches!(around, AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_));
        is_loop && around.range().contains(offset)
    });
    let bindings = source.bindings();
    offset < argument.start()
        && !is_repeated
        && bindings.scope_of_use(offset) == bindings.scope_of_use(name.start())
        && (is_waited_for(source, &path) || is_asked(&path) || is_compared_to_none(&path))
}

/// Whether the use of a name at `offset` only tells whether it is something, or something awaitable.
pub(super) fn is_told_apart(source: &Source<'_>, offset: TextSize) -> bool {
    is_told_apart_at(source, &source.path_to_name(offset))
}

/// The same of the expression at `path`.
pub(super) fn is_told_apart_at(source: &Source<'_>, path: &Path<'_>) -> bool {
    is_compared_to_none(path) || is_asked_for_kind(source, path)
}

/// Whether the expression at `path` is only asked whether it can be awaited, whether it is true by `not`, or by the
/// condition of a comprehension.
fn is_asked_for_kind(source: &Source<'_>, path: &Path<'_>) -> bool {
    let here = path.node().range();
    match path.parent() {
        Some(AnyNodeRef::ExprUnaryOp(not)) => not.op == ast::UnaryOp::Not,
        Some(AnyNodeRef::Comprehension(each)) => each.ifs.iter().any(|it| it.range() == here),
        Some(AnyNodeRef::ExprCall(call)) => match &call.arguments.args[..] {
            [asked] => asked.range() == here && asks_for_kind(source, &call.func),
            [asked, class] => {
                asked.range() == here
                    && source.is_builtin(&call.func, &["isinstance"])
                    && !may_be_of_futures(source, class)
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether `class`, or one of those in it, may be one of tasks or futures.
fn may_be_of_futures(source: &Source<'_>, class: &ast::Expr) -> bool {
    match class {
        ast::Expr::Tuple(classes) => classes.iter().any(|it| may_be_of_futures(source, it)),
        class => {
            let name = source.qualified(class);
            let name = name.as_deref().unwrap_or(source.slice(class.range()));
            let last = name.rsplit('.').next().unwrap_or(name);
            last.contains("Task") || last.contains("Future")
        }
    }
}

/// Whether `function` tells of what it is given whether it can be awaited, and no more.
pub(super) fn asks_for_kind(source: &Source<'_>, function: &ast::Expr) -> bool {
    let name = source.qualified(function);
    matches!(
        name.as_deref(),
        Some("asyncio.iscoroutine" | "inspect.isawaitable" | "inspect.iscoroutine")
    )
}

/// Whether the coroutines in the list whose name is used at `offset` are given to a gather there, or closed.
pub(super) fn are_given_or_closed(source: &Source<'_>, offset: TextSize) -> bool {
    let path = source.path_to_name(offset);
    let is_closed = |path: &Path<'_>| is_asked_by(path, &["close"]);
    let whole = match path.up() {
        Some(part) if part.node().is_expr_subscript() => part,
        _ => path.clone(),
    };
    let given = || {
        let starred = whole.up().filter(|it| it.node().is_expr_starred())?;
        match starred.parent()? {
            AnyNodeRef::ExprCall(call) => source.qualified(&*call.func),
            _ => None,
        }
    };
    given().as_deref() == Some("asyncio.gather") || each_is(source, &path, &is_closed)
}

/// Whether the tasks in the list or dict whose name is used at `offset` are asked how they are.
pub(super) fn are_asked_at(source: &Source<'_>, offset: TextSize) -> bool {
    let path = source.path_to_name(offset);
    let path = tasks_of_dict(&path).unwrap_or(path);
    are_asked(source, &path)
}

/// Whether a loop around the gather with `argument` may come back to it after a failure there, without what
/// binds a name at `target`: what that held has been cancelled then.
pub(super) fn may_come_back(source: &Source<'_>, argument: TextRange, target: TextRange) -> bool {
    is_repeated(source, argument, target) && may_go_on_after_failure(&source.path_to(argument))
}

/// Whether the expression at `path` is only compared to `None`, or asked whether it is true by a condition.
fn is_compared_to_none(path: &Path<'_>) -> bool {
    let here = path.node().range();
    match path.parent() {
        Some(AnyNodeRef::ExprCompare(compare)) => {
            matches!(*compare.ops, [ast::CmpOp::Is | ast::CmpOp::IsNot])
                && compare.left.range() == here
                && compare.comparators[0].is_none_literal_expr()
        }
        Some(AnyNodeRef::StmtIf(statement)) => statement.test.range() == here,
        _ => false,
    }
}

/// The path to `tasks.values()` or `tasks.items()` around the name of a dict at `path`.
fn tasks_of_dict<'s>(path: &Path<'s>) -> Option<Path<'s>> {
    let attribute = path.up()?;
    let AnyNodeRef::ExprAttribute(method) = attribute.node() else {
        return None;
    };
    let call = attribute.up()?;
    let AnyNodeRef::ExprCall(made) = call.node() else {
        return None;
    };
    let is_view = matches!(method.attr.as_str(), "items" | "values");
    (is_view && made.func.range() == method.range()).then_some(call)
}

/// Builtins that go through what they are given at once.
const EAGER: [&str; 9] = [
    "all", "any", "list", "max", "min", "set", "sorted", "sum", "tuple",
];

/// Whether the expression at `path` is passed to the call that a later argument of holds `other`: what
/// is called comes after that.
fn is_argument_beside(path: &Path<'_>, other: TextRange) -> bool {
    matches!(path.parent(), Some(AnyNodeRef::ExprCall(call))
        if call.arguments.range().contains_range(other)
            && !call.func.range().contains_range(path.node().range()))
}

/// Whether a handler, a `finally` or a context manager of the function around `path` may run, or go on,
/// after an exception there.
fn may_go_on_after_failure(path: &Path<'_>) -> bool {
    path.around()
        .take_while(|it| {
            !matches!(
                it,
                AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_)
            )
        })
        .any(|it| matches!(it, AnyNodeRef::StmtTry(_) | AnyNodeRef::StmtWith(_)))
}

/// Whether the name at `path` is awaited, or given to `asyncio.wait()` of which nothing is kept.
fn is_waited_for(source: &Source<'_>, path: &Path<'_>) -> bool {
    match path.parent() {
        Some(AnyNodeRef::ExprAwait(_)) => true,
        Some(AnyNodeRef::ExprCall(call))
            if source.qualified(&*call.func).as_deref() == Some("asyncio.wait")
                && call.arguments.args.first().map(Ranged::range) == Some(path.node().range()) =>
        {
            let mut around = path
                .around()
                .skip_while(|it| it.range() != call.range())
                .skip(1);
            let Some(AnyNodeRef::ExprAwait(awaited)) = around.next() else {
                return false;
            };
            let awaited = source.path_to(awaited.range());
            matches!(awaited.role(), Role::Statement(_)) || is_asserted(&awaited)
        }
        _ => false,
    }
}

/// Whether the value of the expression at `path` is compared or looked into by an assertion, which keeps
/// nothing of it.
fn is_asserted(path: &Path<'_>) -> bool {
    path.around()
        .find(|it| {
            !matches!(
                it,
                AnyNodeRef::ExprSubscript(_)
                    | AnyNodeRef::ExprUnaryOp(_)
                    | AnyNodeRef::ExprCompare(_)
                    | AnyNodeRef::ExprBoolOp(_)
            )
        })
        .is_some_and(|it| matches!(it, AnyNodeRef::StmtAssert(_)))
}

/// Whether the expression at `path` has tasks in it, each of which is asked there and then, or awaited.
fn are_asked(source: &Source<'_>, path: &Path<'_>) -> bool {
    let each_is = each_is(source, path, &|path| {
        is_asked(path) || is_waited_for(source, path)
    });
    each_is || are_asked_by_map(source, path)
}

/// Whether the expression at `path` has tasks in it, of which a builtin asks each there and then: `all(map(Task.done, tasks))`.
fn are_asked_by_map(source: &Source<'_>, path: &Path<'_>) -> bool {
    let asks = path.up().is_some_and(|call| {
        matches!(call.node(), AnyNodeRef::ExprCall(map)
            if matches!(&*map.arguments.args, [method, tasks]
                if asks_task(source, method) && tasks.range() == path.node().range()))
            && source.is_argument_of(&call, &EAGER)
    });
    asks && source.is_argument_of(path, &["map"])
}

/// Whether `function` is a method of asyncio's tasks or futures that tells how one is or ends it, taken from the class.
fn asks_task(source: &Source<'_>, function: &ast::Expr) -> bool {
    function.as_attribute_expr().is_some_and(|method| {
        let class = source.qualified(&*method.value);
        matches!(class.as_deref(), Some("asyncio.Future" | "asyncio.Task"))
            && ASKING.contains(&method.attr.as_str())
    })
}

/// Whether the expression at `path` is gone through, and `what` holds of all uses of each that is in it.
fn each_is(source: &Source<'_>, path: &Path<'_>, what: &dyn Fn(&Path<'_>) -> bool) -> bool {
    let here = path.node().range();
    let mut around = path.around();
    let (each, whole) = match around.next() {
        Some(AnyNodeRef::StmtFor(each)) if each.iter.range() == here => {
            (&*each.target, each.range())
        }
        Some(AnyNodeRef::Comprehension(each)) if each.iter.range() == here => {
            let whole = match around.next() {
                Some(AnyNodeRef::ExprGenerator(generator)) => {
                    let generator = source.path_to(generator.range());
                    if !source.is_argument_of(&generator, &EAGER) {
                        return false;
                    }
                    generator.node().range()
                }
                Some(comprehension) => comprehension.range(),
                None => return false,
            };
            (&each.target, whole)
        }
        _ => return false,
    };
    let each = match (each, path.node()) {
        (ast::Expr::Name(each), _) => each,
        // Of `tasks.items()`.
        (ast::Expr::Tuple(pair), AnyNodeRef::ExprCall(_)) => match &pair.elts[..] {
            [_, ast::Expr::Name(each)] => each,
            _ => return false,
        },
        _ => return false,
    };
    let bindings = source.bindings();
    let Some(id) = bindings.binding_at(each.range()) else {
        return false;
    };
    let scope = bindings.binding(id).scope;
    let is_local = bindings.is_local(scope, &each.id)
        && matches!(
            bindings.scope(scope).kind,
            ScopeKind::Function | ScopeKind::Comprehension
        );
    let leaves_alone = |offset: TextSize| {
        let path = source.path_to_name(offset);
        whole.contains(offset) && bindings.scope_of_use(offset) == Some(scope) && what(&path)
    };
    is_local && bindings.uses_of(id).into_iter().all(leaves_alone)
}

/// Whether the task at `path` is asked by a method that keeps nothing.
fn is_asked(path: &Path<'_>) -> bool {
    is_asked_by(path, &ASKING)
}

/// Whether one of `methods` of the object at `path` is called.
pub(super) fn is_asked_by(path: &Path<'_>, methods: &[&str]) -> bool {
    let mut around = path.around();
    matches!((around.next(), around.next()),
        (Some(AnyNodeRef::ExprAttribute(method)), Some(AnyNodeRef::ExprCall(call)))
            if call.func.range() == method.range() && methods.contains(&method.attr.as_str()))
}
