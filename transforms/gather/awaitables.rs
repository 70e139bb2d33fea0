//! Where the awaitables of a gather come from: made for it, or held by others too.

use asyncmend_source::{
    AnyNodeRef, BindingId, BindingKind, Kind, Ranged, Source, TextLen, TextRange, ast,
};

/// Where an argument comes from, the least trouble first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// A coroutine, proven: a `TaskGroup` takes it, and nobody else can wait for it.
    Coroutine,
    /// A task or future that the argument itself makes: nobody else holds it.
    New,
    /// What a call gives back about which nothing is known.
    UnknownCall,
    /// A task or future that others may hold.
    Task,
    /// Something that was there before, about which nothing is known.
    Elsewhere,
}

/// How often names and displays are looked through.
const MAX_DEPTH: usize = 4;

/// The origin of one argument; of a starred one, of the worst thing that it unpacks.
pub(super) fn origin(source: &Source<'_>, argument: &ast::Expr) -> Origin {
    match argument {
        ast::Expr::Starred(starred) => of_iterable(source, &starred.value, MAX_DEPTH),
        other => of_one(source, other, MAX_DEPTH),
    }
}

fn of_one(source: &Source<'_>, expr: &ast::Expr, depth: usize) -> Origin {
    let Some(depth) = depth.checked_sub(1) else {
        return Origin::Elsewhere;
    };
    match expr {
        ast::Expr::Starred(starred) => of_iterable(source, &starred.value, depth),
        ast::Expr::Call(call) => match source.kind_of(expr) {
            Kind::Coroutine => Origin::Coroutine,
            Kind::Task | Kind::Future | Kind::NotAwaitable => {
                if source.makes_new_awaitable(expr) {
                    Origin::New
                } else if wraps_a_call(call) {
                    Origin::UnknownCall
                } else {
                    Origin::Task
                }
            }
            _ => Origin::UnknownCall,
        },
        ast::Expr::If(branches) => {
            of_one(source, &branches.body, depth).max(of_one(source, &branches.orelse, depth))
        }
        // The name may be read anywhere.
        ast::Expr::Named(named) => of_one(source, &named.value, depth).max(Origin::Task),
        ast::Expr::Name(name) => of_name(source, name, depth),
        _ => match source.kind_of(expr) {
            Kind::Coroutine => Origin::Coroutine,
            Kind::Task | Kind::Future => Origin::Task,
            _ => Origin::Elsewhere,
        },
    }
}

/// Whether `ensure_future(..)` is given what another call makes.
fn wraps_a_call(call: &ast::ExprCall) -> bool {
    call.arguments
        .args
        .first()
        .is_some_and(ast::Expr::is_call_expr)
}

fn of_name(source: &Source<'_>, name: &ast::ExprName, depth: usize) -> Origin {
    if let Some(value) = value_read_only_here(source, name) {
        return of_one(source, value, depth);
    }
    let expr = ast::Expr::Name(name.clone());
    match source.kind_of(&expr) {
        Kind::Task | Kind::Future => Origin::Task,
        _ => Origin::Elsewhere,
    }
}

/// The origin of the elements of a comprehension. A name there is bound elsewhere, or by a loop over
/// what was there before.
fn of_each(source: &Source<'_>, element: &ast::Expr, depth: usize) -> Origin {
    match element {
        ast::Expr::Name(_) => Origin::Elsewhere,
        _ => of_one(source, element, depth),
    }
}

/// The value of a local that is bound once and read nowhere else.
fn value_read_only_here<'s>(source: &'s Source<'_>, name: &ast::ExprName) -> Option<&'s ast::Expr> {
    let (id, value) = bound_once(source, name)?;
    let uses = source.bindings().uses_of(id);
    (uses == [name.start()]).then_some(value)
}

/// The one binding of a function's local, and the value it is given.
fn bound_once<'s>(
    source: &'s Source<'_>,
    name: &ast::ExprName,
) -> Option<(BindingId, &'s ast::Expr)> {
    let id = source.only_binding(name)?;
    let binding = source.bindings().binding(id);
    let is_local = source
        .bindings()
        .scope(binding.scope)
        .names
        .get(&binding.name)
        .is_some_and(|name| name.local);
    let in_function = source.path_to(binding.target).function();
    if !is_local || in_function.is_none_or(|function| source.reads_every_local(function)) {
        return None;
    }
    let BindingKind::Assignment { value, .. } = binding.kind else {
        return None;
    };
    // `tasks = self.tasks = []` gives the value to something else as well.
    let is_only_target = match source.path_to(binding.target).parent()? {
        AnyNodeRef::StmtAssign(assign) => assign.targets.len() == 1,
        AnyNodeRef::StmtAnnAssign(_) => true,
        _ => false,
    };
    is_only_target.then_some((id, source.expr_at(value)?))
}

/// The worst origin of what `iterable` yields.
fn of_iterable(source: &Source<'_>, iterable: &ast::Expr, depth: usize) -> Origin {
    let Some(depth) = depth.checked_sub(1) else {
        return Origin::Elsewhere;
    };
    match iterable {
        ast::Expr::ListComp(comprehension) => of_each(source, &comprehension.elt, depth),
        ast::Expr::SetComp(comprehension) => of_each(source, &comprehension.elt, depth),
        ast::Expr::Generator(generator) => of_each(source, &generator.elt, depth),
        ast::Expr::List(list) => of_all(source, &list.elts, depth),
        ast::Expr::Tuple(tuple) => of_all(source, &tuple.elts, depth),
        ast::Expr::Set(set) => of_all(source, &set.elts, depth),
        ast::Expr::If(branches) => of_iterable(source, &branches.body, depth).max(of_iterable(
            source,
            &branches.orelse,
            depth,
        )),
        ast::Expr::BinOp(sum) if sum.op == ast::Operator::Add => {
            of_iterable(source, &sum.left, depth).max(of_iterable(source, &sum.right, depth))
        }
        ast::Expr::Call(call) if source.is_builtin(&call.func, &["map"]) => {
            match call
                .arguments
                .args
                .first()
                .and_then(|f| source.functions(f))
            {
                Some(functions)
                    if functions
                        .iter()
                        .all(|function| source.is_coroutine_function(function)) =>
                {
                    Origin::Coroutine
                }
                _ => Origin::UnknownCall,
            }
        }
        ast::Expr::Call(call)
            if source.is_builtin(&call.func, &["list", "reversed", "set", "tuple"]) =>
        {
            match &call.arguments.args[..] {
                [only] => of_iterable(source, only, depth),
                _ => Origin::Elsewhere,
            }
        }
        ast::Expr::Name(name) => of_list(source, name, depth).unwrap_or(Origin::Elsewhere),
        _ => Origin::Elsewhere,
    }
}

fn of_all(source: &Source<'_>, elements: &[ast::Expr], depth: usize) -> Origin {
    elements
        .iter()
        .map(|element| of_one(source, element, depth))
        .max()
        .unwrap_or(Origin::Coroutine)
}

/// The worst origin of what a list holds that this function makes and only adds to, and that nobody
/// reads but the gather.
fn of_list(source: &Source<'_>, name: &ast::ExprName, depth: usize) -> Option<Origin> {
    let (id, value) = bound_once(source, name)?;
    let mut worst = match value {
        ast::Expr::Call(call)
            if call.arguments.is_empty() && source.is_builtin(&call.func, &["list"]) =>
        {
            Origin::Coroutine
        }
        _ => of_iterable(source, value, depth),
    };
    let scope = source.bindings().uses.get(&name.start())?.scope;
    for offset in source.bindings().uses_of(id) {
        if offset == name.start() {
            continue;
        }
        if source.bindings().uses[&offset].scope != scope {
            return None;
        }
        worst = worst.max(added(source, offset, depth)?);
    }
    Some(worst)
}

/// The origin of what `tasks.append(..)` or `tasks.extend(..)` adds; `None` where the list is used
/// in another way.
fn added(source: &Source<'_>, offset: asyncmend_edits::TextSize, depth: usize) -> Option<Origin> {
    let name = TextRange::at(offset, source.word_at(offset).text_len());
    let path = source.path_to(name);
    let mut around = path.around();
    let AnyNodeRef::ExprAttribute(method) = around.next()? else {
        return None;
    };
    let AnyNodeRef::ExprCall(call) = around.next()? else {
        return None;
    };
    let statement = around.next()?;
    let is_dropped = matches!(statement, AnyNodeRef::StmtExpr(_));
    if call.func.range() != method.range() || !is_dropped {
        return None;
    }
    match (method.attr.as_str(), &call.arguments.args[..]) {
        ("append", [only]) | ("insert", [_, only]) => Some(of_one(source, only, depth)),
        ("extend", [only]) => Some(of_iterable(source, only, depth)),
        _ => None,
    }
}
