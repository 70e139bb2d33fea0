//! What becomes of the task that a call makes: whether anything refers to it afterwards.

use asyncmend_source::{
    AnyNodeRef, BindingId, BindingKind, Path, Ranged, ScopeKind, Source, TextRange, ast,
};

use super::callback::drops_result;
use super::shield;
use super::uses::{
    Object, goes_with_its_function, is_item_of_weak_values, leaves_no_reference,
    may_be_item_of_weak_values, may_leave_no_reference,
};

/// Methods of an event loop that run it.
const RUN_THE_LOOP: &[&str] = &["run_forever", "run_until_complete"];

/// Builtins that hold all that a generator yields.
const COLLECTIONS: &[&str] = &["frozenset", "list", "set", "tuple"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing refers to the task once its function goes on or has returned.
    Dropped,
    /// Something does or may.
    Kept,
}

/// The fate of `object`, the value of the expression at `path`. `is_future`: it is a gather or shield, which
/// a lambda hands to somebody who awaits it.
pub(super) fn of(source: &Source<'_>, path: &Path<'_>, object: Object, is_future: bool) -> Fate {
    if leaves_no_reference(source, path, object, path.node().range())
        || shield::is_around(source, path)
    {
        return Fate::Dropped;
    }
    match decider(source, path) {
        Some((AnyNodeRef::StmtExpr(_), _)) => Fate::Dropped,
        Some((AnyNodeRef::ExprLambda(lambda), value)) if lambda.body.range() == value.range() => {
            of_lambda(source, lambda, is_future)
        }
        Some((AnyNodeRef::StmtAssign(assign), value)) => {
            of_locals(source, path, object, &assign.targets, value)
        }
        Some((AnyNodeRef::ExprNamed(named), value)) if is_whole_value(value, path) => {
            let targets = std::slice::from_ref(&*named.target);
            match of_locals(source, path, object, targets, value) {
                Fate::Dropped => of(source, &source.path_to(named.range()), object, is_future),
                Fate::Kept => Fate::Kept,
            }
        }
        Some((AnyNodeRef::StmtAnnAssign(assign), value)) => {
            let targets = std::slice::from_ref(&*assign.target);
            of_locals(source, path, object, targets, value)
        }
        _ => Fate::Kept,
    }
}

/// Whether the value of the expression at `path` may be dropped or given back by its function, as far as its
/// statement tells. Most are awaited, handed on or stored, so that nobody has to know what names mean.
pub(super) fn may_matter(source: &Source<'_>, path: &Path<'_>) -> bool {
    let matters = |decider| match decider {
        AnyNodeRef::ExprLambda(_)
        | AnyNodeRef::ExprNamed(_)
        | AnyNodeRef::StmtExpr(_)
        | AnyNodeRef::StmtReturn(_) => true,
        AnyNodeRef::StmtAssign(assign) => {
            let mut targets = assign.targets.iter();
            targets.any(|it| {
                it.is_name_expr() || it.is_tuple_expr() || may_be_item_of_weak_values(source, it)
            })
        }
        AnyNodeRef::StmtAnnAssign(assign) => assign.target.is_name_expr(),
        _ => false,
    };
    may_leave_no_reference(source, path)
        || shield::may_be_around(path)
        || decider(source, path).is_some_and(|(decider, _)| matters(decider))
}

/// Whether the value of `node` has the elements that are written there: it is a display of a list, set or tuple, or a
/// comprehension.
pub(super) fn has_elements(node: AnyNodeRef<'_>) -> bool {
    matches!(
        node,
        AnyNodeRef::ExprGenerator(_)
            | AnyNodeRef::ExprList(_)
            | AnyNodeRef::ExprListComp(_)
            | AnyNodeRef::ExprSet(_)
            | AnyNodeRef::ExprSetComp(_)
            | AnyNodeRef::ExprTuple(_)
    )
}

/// The node around the expression at `path` that decides what becomes of its value, and the part of that node
/// which has the value: branches, displays and comprehensions hand it on, unpacked ones too, and so does
/// `list(.. for ..)`.
fn decider<'s>(source: &Source<'_>, path: &Path<'s>) -> Option<(AnyNodeRef<'s>, AnyNodeRef<'s>)> {
    let mut value = path.node();
    for around in path.around() {
        let hands_on = match around {
            AnyNodeRef::ExprBoolOp(_)
            | AnyNodeRef::ExprListComp(_)
            | AnyNodeRef::ExprSetComp(_)
            | AnyNodeRef::ExprDictComp(_)
            | AnyNodeRef::ExprDict(_)
            | AnyNodeRef::ExprList(_)
            | AnyNodeRef::ExprSet(_)
            | AnyNodeRef::ExprTuple(_) => true,
            AnyNodeRef::ExprStarred(_) => has_elements(value),
            AnyNodeRef::ExprIf(branches) => branches.test.range() != value.range(),
            AnyNodeRef::ExprGenerator(each) => each.elt.range() == value.range(),
            AnyNodeRef::Arguments(_) => value.is_expr_generator(),
            AnyNodeRef::ExprCall(call) => {
                value.is_arguments() && source.is_builtin(&call.func, COLLECTIONS)
            }
            _ => false,
        };
        if !hands_on {
            // Nobody asks it for what it yields.
            return (!value.is_expr_generator()).then_some((around, value));
        }
        value = around;
    }
    None
}

/// The fate of what a lambda returns: dropped where it is handed on as a callback, by a call that nobody asks for a
/// result, which might be the lambda's own (`task = context.run(lambda: ..)`). A gather or shield is awaited by whoever
/// calls the lambda, unless that is an event loop.
fn of_lambda(source: &Source<'_>, lambda: &ast::ExprLambda, is_future: bool) -> Fate {
    let path = source.path_to(lambda.range());
    let Some(AnyNodeRef::ExprCall(call)) = path.parent() else {
        return Fate::Kept;
    };
    let method = match &*call.func {
        ast::Expr::Attribute(method) => Some(method.attr.as_str()),
        _ => None,
    };
    if method.is_some_and(drops_result) {
        return Fate::Dropped;
    }
    let is_argument = call
        .arguments
        .args
        .iter()
        .any(|argument| argument.range() == lambda.range());
    let mut call = source.path_to(call.range());
    // What takes something is called for that, and not for what the call gives, which is awaited.
    if let Some(awaited) = call.up().filter(|up| up.node().is_expr_await())
        && lambda.parameters.is_some()
    {
        call = awaited;
    }
    if is_argument && method.is_some() && !is_future && is_statement(&call) {
        Fate::Dropped
    } else {
        Fate::Kept
    }
}

/// Whether the call at `path` is a statement by itself, or other methods are called on what it gives until one is.
pub(super) fn is_statement(path: &Path<'_>) -> bool {
    let mut call = path.node().range();
    let mut around = path.around();
    loop {
        match (around.next(), around.next()) {
            (Some(AnyNodeRef::StmtExpr(_)), _) => return true,
            (Some(AnyNodeRef::ExprAttribute(method)), Some(AnyNodeRef::ExprCall(next)))
                if method.value.range() == call && next.func.range() == method.range() =>
            {
                call = next.range();
            }
            _ => return false,
        }
    }
}

/// The fate of an object that is given to `targets` and to nothing else.
fn of_locals(
    source: &Source<'_>,
    path: &Path<'_>,
    object: Object,
    targets: &[ast::Expr],
    value: AnyNodeRef<'_>,
) -> Fate {
    let Some(function) = path.function() else {
        return Fate::Kept;
    };
    if source.reads_every_local(function) {
        return Fate::Kept;
    }
    if !is_whole_value(value, path) {
        return of_part(source, path, object, targets, value);
    }
    let made = path.node().range();
    let all_forgotten = targets.iter().all(|target| {
        let ast::Expr::Name(name) = target else {
            return object == Object::Task && is_item_of_weak_values(source, target);
        };
        binding_of_local(source, name).is_some_and(|binding| {
            uses(source, binding).is_some_and(|uses| {
                (uses.iter()).all(|use_of_it| {
                    leaves_no_reference(source, use_of_it, object, made)
                        || shield::is_around_use(source, use_of_it, path)
                })
            })
        })
    });
    if all_forgotten && !stays_while_the_loop_runs(source, function, path, targets) {
        Fate::Dropped
    } else {
        Fate::Kept
    }
}

/// Whether the code at `range` may run an event loop, by how that is spelled.
pub(super) fn may_run_a_loop(source: &Source<'_>, range: TextRange) -> bool {
    RUN_THE_LOOP.iter().any(|name| source.has_word(name, range))
}

/// Whether one of `targets`, locals of `function`, which is no coroutine function, has what the expression at `path` gives
/// for as long as an event loop runs that it starts then, whatever else it does.
fn stays_while_the_loop_runs(
    source: &Source<'_>,
    function: &ast::StmtFunctionDef,
    path: &Path<'_>,
    targets: &[ast::Expr],
) -> bool {
    let rest = TextRange::new(path.node().end(), function.end());
    if function.is_async || !may_run_a_loop(source, rest) {
        return false;
    }
    let is_on_every_way = |path: &Path<'_>| {
        let mut around = path.around().take_while(|it| !it.is_stmt_function_def());
        path.function().map(Ranged::range) == Some(function.range())
            && around.all(|it| {
                !it.is_statement() && !it.is_except_handler()
                    || matches!(
                        it,
                        AnyNodeRef::StmtExpr(_)
                            | AnyNodeRef::StmtAssign(_)
                            | AnyNodeRef::StmtAnnAssign(_)
                            | AnyNodeRef::StmtReturn(_)
                            | AnyNodeRef::StmtTry(_)
                            | AnyNodeRef::StmtWith(_)
                    )
            })
    };
    let has_it_alone = |target: &ast::Expr| {
        let name = target.as_name_expr();
        name.is_some_and(|name| {
            let binding = |id| source.bindings().binding(id);
            // A parameter was there before.
            binding_of_local(source, name).is_some_and(|own| {
                (source.bindings_in(binding(own).scope, &name.id).into_iter()).all(|id| {
                    id == own || matches!(binding(id).kind, BindingKind::Parameter { .. })
                })
            })
        })
    };
    let calls = source.calls_named(RUN_THE_LOOP);
    is_on_every_way(path)
        && targets.iter().any(has_it_alone)
        && (calls.iter())
            .any(|it| rest.contains_range(it.call.range()) && is_on_every_way(&it.path))
}

/// The fate of an object in a list, or another display or comprehension, that is given to `targets`: of one of
/// `a, b = f(), g()` that of its own target.
fn of_part(
    source: &Source<'_>,
    path: &Path<'_>,
    object: Object,
    targets: &[ast::Expr],
    value: AnyNodeRef<'_>,
) -> Fate {
    match (targets, value) {
        ([ast::Expr::Tuple(targets)], AnyNodeRef::ExprTuple(values))
            if targets.len() == values.len() && !targets.iter().any(ast::Expr::is_starred_expr) =>
        {
            let made = path.node().range();
            let index = values.iter().position(|it| it.range() == made);
            match index {
                Some(index) if !values.iter().any(ast::Expr::is_starred_expr) => {
                    let target = std::slice::from_ref(&targets.elts[index]);
                    of_locals(source, path, object, target, path.node())
                }
                _ => Fate::Kept,
            }
        }
        ([ast::Expr::Name(name)], _) if object == Object::Task => {
            let binding = binding_of_local(source, name);
            let made = path.node().range();
            if binding.is_some_and(|it| goes_with_its_function(source, it, path, made)) {
                Fate::Dropped
            } else {
                Fate::Kept
            }
        }
        _ => Fate::Kept,
    }
}

/// Whether the value that ends up in the name can be the call's own result.
fn is_whole_value(value: AnyNodeRef<'_>, path: &Path<'_>) -> bool {
    let inner = path.node().range();
    value.range() == inner
        || matches!(value, AnyNodeRef::ExprIf(_) | AnyNodeRef::ExprBoolOp(_))
            && !path
                .around()
                .take_while(|node| node.range() != value.range())
                .any(|node| {
                    matches!(
                        node,
                        AnyNodeRef::ExprList(_)
                            | AnyNodeRef::ExprSet(_)
                            | AnyNodeRef::ExprTuple(_)
                            | AnyNodeRef::ExprListComp(_)
                            | AnyNodeRef::ExprSetComp(_)
                            | AnyNodeRef::ExprDict(_)
                            | AnyNodeRef::ExprDictComp(_)
                    )
                })
}

/// The binding that the assignment to `name`, a local of a function, makes.
pub(super) fn binding_of_local(source: &Source<'_>, name: &ast::ExprName) -> Option<BindingId> {
    let bindings = source.bindings();
    let id = bindings.binding_at(name.range())?;
    let scope = bindings.binding(id).scope;
    let in_function = bindings.scope(scope).kind == ScopeKind::Function;
    (in_function && bindings.is_local(scope, &name.id)).then_some(id)
}

/// Every use of `binding`; none where a function that is defined inside uses it, which may run at any
/// time and holds what it reads.
pub(super) fn uses<'s>(source: &'s Source<'_>, binding: BindingId) -> Option<Vec<Path<'s>>> {
    let scope = source.bindings().binding(binding).scope;
    source
        .bindings()
        .uses_of(binding)
        .into_iter()
        .map(|offset| {
            let is_here = source.bindings().scope_of_use(offset) == Some(scope);
            is_here.then(|| source.path_to_name(offset))
        })
        .collect()
}
