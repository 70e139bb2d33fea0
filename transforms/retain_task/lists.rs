//! Functions that give back the tasks that they make in a list or a set, and the calls that drop it.

use asyncmend_edits::Edit;
use asyncmend_pipeline::{Caution, Finding};
use asyncmend_rewrite::{Helper, Helpers, first_fresh_in_function};
use asyncmend_source::{
    AnyNodeRef, BindingId, BindingKind, Path, Ranged, Role, Source, Style, TextRange, ast,
};

use super::fate::{binding_of_local, uses};
use super::makers::is_task_annotated;
use super::uses::{PUT_AWAY, is_looked_at, is_new_collection, method_called};
use super::{GIVES_TASKS, LATE_REPORT, OTHER_STYLE, after, claims, fixable, kept_with, refused};

/// Annotations of what can be gone through for its items.
const COLLECTIONS: &[&str] = &[
    "AbstractSet",
    "Collection",
    "Iterable",
    "List",
    "Sequence",
    "Set",
    "list",
    "set",
];

/// Whether each value that `function` gives back is a list or a set of tasks, all of which are among those that the
/// expressions of `made` make, and that nobody else gets; or what one of `lists` gives, which is such a list.
pub(super) fn are_given_back(
    source: &Source<'_>,
    function: &ast::StmtFunctionDef,
    made: &[&Path<'_>],
    lists: &[Path<'_>],
) -> bool {
    let is_given = |value: &ast::Expr| lists.iter().any(|it| it.node().range() == value.range());
    let values = source.returns(function).into_iter();
    let values: Option<Vec<&ast::Expr>> = values.map(|it| it.value.as_deref()).collect();
    let is_of_tasks = |value: &ast::Expr| match value {
        ast::Expr::Name(name) => {
            let seen = source.bindings().use_at(name.start());
            seen.is_some_and(|seen| {
                !seen.maybe_unbound
                    && !seen.bindings.is_empty()
                    && (seen.bindings.iter()).all(|it| holds_tasks(source, *it, made))
            })
        }
        value => makes_each(value, made) || is_given(value),
    };
    values.is_some_and(|values| {
        let is_empty = |it: &ast::Expr| matches!(it, ast::Expr::List(list) if list.is_empty());
        !values.iter().all(|it| is_empty(it)) && values.into_iter().all(is_of_tasks)
    })
}

/// Whether `value` is a list or a comprehension each item of which is made by one of `made`.
fn makes_each(value: &ast::Expr, made: &[&Path<'_>]) -> bool {
    let item = match value {
        ast::Expr::List(list) => return list.iter().all(|it| is_made(it, made)),
        ast::Expr::ListComp(each) => &each.elt,
        ast::Expr::SetComp(each) => &each.elt,
        _ => return false,
    };
    is_made(item, made)
}

fn is_made(value: &ast::Expr, made: &[&Path<'_>]) -> bool {
    made.iter().any(|it| it.node().range() == value.range())
}

/// Whether `binding` is a local for a new list or set into which nothing but tasks of `made` are put, and of which
/// nothing else becomes but that it is given back.
fn holds_tasks(source: &Source<'_>, binding: BindingId, made: &[&Path<'_>]) -> bool {
    let BindingKind::Assignment { value, .. } = source.bindings().binding(binding).kind else {
        return false;
    };
    let Some(value) = source.expr_at(value) else {
        return false;
    };
    let AnyNodeRef::ExprName(name) = source
        .path_to(source.bindings().binding(binding).target)
        .node()
    else {
        return false;
    };
    let is_empty = value.is_call_expr() && is_new_collection(source, value);
    (is_empty || makes_each(value, made))
        && binding_of_local(source, name) == Some(binding)
        && uses(source, binding).is_some_and(|uses| {
            uses.iter().all(|path| match method_called(path) {
                Some(method) if PUT_AWAY.contains(&method) => puts_task(path, made),
                Some(_) => false,
                None => matches!(path.role(), Role::Returned(_)) || is_looked_at(source, path),
            })
        })
}

/// Whether what the method of the object at `path` is called with is a task of `made`.
fn puts_task(path: &Path<'_>, made: &[&Path<'_>]) -> bool {
    let call = path.around().nth(1);
    matches!(call, Some(AnyNodeRef::ExprCall(call))
        if matches!(&*call.arguments.args, [only] if is_made(only, made)))
}

/// Whether the annotation of `function` says that it gives back a list or the like of tasks or futures.
pub(super) fn are_promised(source: &Source<'_>, function: &ast::StmtFunctionDef) -> bool {
    let Some(ast::Expr::Subscript(annotation)) = function.returns.as_deref() else {
        return false;
    };
    let name = asyncmend_source::last_name(&annotation.value);
    name.is_some_and(|name| COLLECTIONS.contains(&name))
        && is_task_annotated(source, &annotation.slice)
}

/// What can be done about the expression at `path`, which drops a list of tasks that a call at `at` gives.
pub(super) fn judged(
    source: &Source<'_>,
    helpers: &Helpers<'_, '_>,
    at: TextRange,
    path: &Path<'_>,
    mut cautions: Vec<&'static Caution>,
) -> Option<Finding> {
    let Role::Statement(statement) = path.role() else {
        return None;
    };
    if source.preferences().retain_task == Style::Idiom {
        return Some(refused(at, &OTHER_STYLE));
    }
    let range = statement.range();
    let fits = source.is_alone_on_its_lines(range)
        && range == path.node().range()
        && helpers.are_in_reach(Helper::KeepTask, path);
    let Some(function) = path.function().filter(|_| fits) else {
        return Some(refused(at, &GIVES_TASKS));
    };
    if source.reads_every_local(function) {
        return Some(refused(at, &GIVES_TASKS));
    }
    if after::goes_on(source, path) {
        cautions.push(&LATE_REPORT);
    }
    let task = first_fresh_in_function(source, function, &["task", "background_task"]);
    let helper = helpers.get(Helper::KeepTask, path);
    let mut edits = helper.edits;
    let body = format!(
        "{}{}{}{}({task})",
        source.line_ending(range.start()),
        source.indentation(range.start()),
        source.indent_unit(path),
        helper.name,
    );
    edits.push(Edit::insert(range.start(), format!("for {task} in ")));
    let line_end = source.line_end(range.end());
    if line_end == range.end() {
        edits.push(Edit::insert(line_end, format!(":{body}")));
    } else {
        edits.push(Edit::insert(range.end(), ":".to_owned()));
        edits.push(Edit::insert(line_end, body));
    }
    Some(fixable(
        at,
        claims(path),
        kept_with(&helper.name),
        cautions,
        edits,
    ))
}
