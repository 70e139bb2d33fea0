//! Whether a gather cleans up, so that to stop it half-way leaves something behind.

use asyncmend_source::{
    AnyNodeRef, BindingKind, Kind, Kinds, Path, Ranged, Source, TextSize, ast, holds,
};

use super::awaitables::{is_declared, origin};
use crate::cleaning::cleans_up;

/// Whether the gather of `arguments` at `path` is of calls that clean up, or in code that does.
pub(super) fn is_cleanup(source: &Source<'_>, path: &Path<'_>, arguments: &[ast::Expr]) -> bool {
    arguments.iter().any(calls_one) || stands_in_one(source, path, arguments)
}

/// Whether an expression calls a function that cleans up.
fn calls_one(expr: &ast::Expr) -> bool {
    ast::helpers::any_over_expr(expr, &|expr: &ast::Expr| match expr {
        ast::Expr::Call(call) => match &*call.func {
            ast::Expr::Name(name) => cleans_up(&name.id),
            ast::Expr::Attribute(method) => cleans_up(&method.attr),
            _ => false,
        },
        _ => false,
    })
}

/// Whether the call at `path` stands in a function that cleans up, or in a `finally` that does more than to wait
/// for tasks that run already.
fn stands_in_one(source: &Source<'_>, path: &Path<'_>, arguments: &[ast::Expr]) -> bool {
    let mut inner = path.node();
    for around in path.around() {
        match around {
            AnyNodeRef::StmtFunctionDef(function) => return cleans_up(&function.name),
            AnyNodeRef::StmtTry(attempt) if holds(&attempt.finalbody, inner) => {
                let start = attempt.finalbody[0].start();
                if !arguments.iter().all(|it| runs_already(source, it, start)) {
                    return true;
                }
            }
            _ => {}
        }
        inner = around;
    }
    false
}

/// Whether `argument` is a name for a task, or unpacks one for tasks, that ran already when the code at `start`
/// was reached; not where what it does is to clean up, as far as this function shows.
fn runs_already(source: &Source<'_>, argument: &ast::Expr, start: TextSize) -> bool {
    let name = match argument {
        ast::Expr::Starred(starred) => &starred.value,
        other => other,
    };
    let ast::Expr::Name(name) = name else {
        return false;
    };
    let bindings = source.bindings();
    let Some(seen) = bindings.use_at(name.start()) else {
        return false;
    };
    let ids = seen.bindings.iter();
    let uses = ids.clone().flat_map(|id| bindings.uses_of(*id));
    let added: Vec<Added<'_>> = uses.filter_map(|it| Added::at(source, it)).collect();
    let is_there = ids
        .clone()
        .all(|id| bindings.binding(*id).target.end() <= start)
        && added.iter().all(|it| it.call.end() <= start);
    let made = ids.filter_map(|id| match bindings.binding(*id).kind {
        BindingKind::Assignment { value, .. } => source.expr_at(value),
        _ => None,
    });
    let mut made = made.chain(added.iter().flat_map(|it| &it.call.arguments.args));
    is_there && !made.any(calls_one) && are_tasks(source, argument, name, &added)
}

/// Whether `argument`, which is `name` or unpacks it, gives nothing but tasks and futures, those `added` included.
fn are_tasks(
    source: &Source<'_>,
    argument: &ast::Expr,
    name: &ast::ExprName,
    added: &[Added<'_>],
) -> bool {
    let are_tasks = |kinds: Kinds| {
        let others = kinds.without(Kinds::of(Kind::Task).or(Kinds::of(Kind::Future)));
        kinds.are_known() && others == Kinds::NONE
    };
    let ast::Expr::Starred(starred) = argument else {
        return are_tasks(source.kinds_of(argument));
    };
    if is_declared(source, name) && are_tasks(source.kinds_of_each(&starred.value)) {
        return true;
    }
    // Nobody else has put anything into it.
    let is_shown = origin(source, argument).is_made_here();
    let displays = source.values_of(&starred.value).unwrap_or_default();
    let elements = displays.into_iter().map(elements_of);
    let elements: Option<Vec<Vec<&ast::Expr>>> =
        elements.chain(added.iter().map(Added::elements)).collect();
    let elements = elements.unwrap_or_default().into_iter().flatten();
    is_shown && are_tasks(elements.map(|it| source.kinds_of(it)).collect())
}

/// A call that puts something into a list, a set or a queue.
struct Added<'s> {
    method: &'s str,
    call: &'s ast::ExprCall,
}

impl<'s> Added<'s> {
    /// The one of a method of the name at `offset`.
    fn at(source: &'s Source<'_>, offset: TextSize) -> Option<Self> {
        const METHODS: [&str; 6] = ["add", "append", "appendleft", "extend", "insert", "update"];
        let attribute = source.path_to_name(offset).up()?;
        let AnyNodeRef::ExprAttribute(method) = attribute.node() else {
            return None;
        };
        match attribute.parent()? {
            AnyNodeRef::ExprCall(call) if call.func.range() == method.range() => {
                let method = method.attr.as_str();
                METHODS.contains(&method).then_some(Self { method, call })
            }
            _ => None,
        }
    }

    /// What it puts there, where that is shown.
    fn elements(&self) -> Option<Vec<&'s ast::Expr>> {
        let last = self.call.arguments.args.last()?;
        match self.method {
            "extend" | "update" => elements_of(last),
            _ => Some(vec![last]),
        }
    }
}

/// The elements of a display, or the one that stands for all of a comprehension's.
fn elements_of(display: &ast::Expr) -> Option<Vec<&ast::Expr>> {
    match display {
        ast::Expr::List(list) => Some(list.elts.iter().collect()),
        ast::Expr::Tuple(tuple) => Some(tuple.elts.iter().collect()),
        ast::Expr::Set(set) => Some(set.elts.iter().collect()),
        ast::Expr::ListComp(comprehension) => Some(vec![&*comprehension.elt]),
        ast::Expr::SetComp(comprehension) => Some(vec![&*comprehension.elt]),
        ast::Expr::Generator(generator) => Some(vec![&*generator.elt]),
        _ => None,
    }
}
