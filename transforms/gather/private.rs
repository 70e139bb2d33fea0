//! Tasks that a function makes for itself: whether anybody can tell that they are cancelled when the
//! gather of them fails.

use asyncmend_source::{AnyNodeRef, Path, Ranged, Role, Source, TextRange, TextSize, ast};

/// Whether the use at `offset` of a name for a task, or a list of tasks, that this function makes hands
/// it to nobody who could tell; `gathered` is its use in the gather.
pub(super) fn is_private(source: &Source<'_>, offset: TextSize, gathered: &ast::ExprName) -> bool {
    let uses = &source.bindings().uses;
    let (Some(this), Some(last)) = (uses.get(&offset), uses.get(&gathered.start())) else {
        return false;
    };
    let gather = source.path_to(gathered.range());
    // With a loop around, "before" would also be after.
    let repeats = |it: &AnyNodeRef| match it {
        AnyNodeRef::StmtFor(around) => !around.iter.range().contains_range(gathered.range()),
        AnyNodeRef::StmtWhile(_) => true,
        _ => false,
    };
    let mut loops = gather.around().filter(repeats);
    let is_made_anew = loops.all(|around| {
        let made = last.bindings.iter();
        let mut made = made.map(|id| source.bindings().binding(*id).target);
        made.all(|target| around.range().contains_range(target))
    });
    if this.scope != last.scope || !is_made_anew {
        return false;
    }
    let path = source.path_to_name(offset);
    if offset > gathered.start() || is_argument_beside(&path, gathered.range()) {
        // What comes after a failure meets tasks that are cancelled; they may be cancelled again.
        !may_go_on_after_failure(&gather) || asks_only(source, &path, &["cancel", "done"])
    } else {
        is_waited_for(source, &path) || asks_only(source, &path, &ASKING)
    }
}

/// Methods of a task that tell how it is or end it, and keep nothing.
const ASKING: [&str; 6] = [
    "cancel",
    "cancelled",
    "done",
    "exception",
    "get_name",
    "result",
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
            let is_wait = |it: &AnyNodeRef| it.range() == call.range();
            let mut around = path.around().skip_while(|it| !is_wait(it)).skip(1);
            let Some(AnyNodeRef::ExprAwait(awaited)) = around.next() else {
                return false;
            };
            let awaited = source.path_to(awaited.range());
            // What wait() gives back holds the tasks too.
            matches!(awaited.role(), Role::Statement(_))
                || awaited
                    .around()
                    .any(|it| matches!(it, AnyNodeRef::StmtAssert(_)))
        }
        _ => false,
    }
}

/// Whether the name at `path`, or each task of the list that it stands for, is asked by `methods` alone
/// or awaited.
fn asks_only(source: &Source<'_>, path: &Path<'_>, methods: &[&str]) -> bool {
    let here = path.node().range();
    let each = match path.parent() {
        Some(AnyNodeRef::StmtFor(each)) if each.iter.range() == here => &*each.target,
        Some(AnyNodeRef::Comprehension(each)) if each.iter.range() == here => &each.target,
        _ => return is_asked(path, methods),
    };
    let ast::Expr::Name(each) = each else {
        return false;
    };
    let is_asked = |offset| {
        let path = source.path_to_name(offset);
        is_asked(&path, methods) || methods == ASKING && is_waited_for(source, &path)
    };
    source
        .bindings()
        .binding_at(each.range())
        .is_some_and(|id| source.bindings().uses_of(id).into_iter().all(is_asked))
}

/// Whether one of `methods` of the name at `path` is called there.
fn is_asked(path: &Path<'_>, methods: &[&str]) -> bool {
    let mut around = path.around();
    matches!((around.next(), around.next()),
        (Some(AnyNodeRef::ExprAttribute(method)), Some(AnyNodeRef::ExprCall(call)))
            if call.func.range() == method.range() && methods.contains(&method.attr.as_str()))
}
