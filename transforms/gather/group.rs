//! The `TaskGroup` candidate: statements, for Python 3.11 and newer.

use asyncmend_edits::{Patch, TextRange};
use asyncmend_pipeline::{Caution, Fix};
use asyncmend_rewrite::{Helper, Helpers, Spelled, asyncio_member};
use asyncmend_source::{AnyNodeRef, Path, PythonVersion, Ranged, Role, Source, ast, suspends};

use super::awaitables::Origin;
use super::tasks::Text;
use super::{Parts, STRUCTURED, UNPROVEN_COROUTINE};

/// `async with asyncio.TaskGroup() as tg:` in place of the statement, where it fits.
pub(super) fn fix(
    source: &Source<'_>,
    helpers: &Helpers<'_, '_>,
    parts: &Parts<'_>,
) -> Option<Fix> {
    let place = Place::of(source, parts)?;
    // Before 3.13 a failed group leaves its own cancellation counted (gh-116720), which an enclosing
    // timeout would meet later.
    let any_exception_will_do =
        source.target() >= PythonVersion::PY313 && takes_everything(source, &parts.site.path);
    let group = if any_exception_will_do {
        asyncio_member(source, &parts.site.path, &parts.site.call.func, "TaskGroup")
    } else {
        if !helpers.are_in_reach(Helper::TaskGroup, &parts.site.path) {
            return None;
        }
        let helper = helpers.get(Helper::TaskGroup);
        Spelled {
            text: helper.name,
            edits: helper.edits,
        }
    };
    let text = Text::new(source, parts, &place, &group.text);
    let mut edits = group.edits;
    edits.extend(text.edits()?);
    let mut cautions: Vec<&'static Caution> = vec![&STRUCTURED];
    if parts
        .arguments
        .iter()
        .any(|argument| argument.origin != Origin::Coroutine)
    {
        cautions.push(&UNPROVEN_COROUTINE);
    }
    Some(Fix {
        what: format!("run the coroutines in a task group, `{}`", group.text),
        cautions,
        claims: place.statement,
        patch: Patch::new(edits).ok()?,
    })
}

/// A statement that a block can take the place of.
pub(super) struct Place<'s> {
    pub(super) function: &'s ast::StmtFunctionDef,
    pub(super) statement: TextRange,
    /// What stands before the value, `a, b = ` or `return `, on one line.
    pub(super) head: &'s str,
    /// The names that take one result each.
    pub(super) targets: Option<Vec<&'s str>>,
    /// Whether anybody asks for the results.
    pub(super) is_used: bool,
}

impl<'s> Place<'s> {
    fn of(source: &'s Source<'_>, parts: &Parts<'s>) -> Option<Self> {
        if source.target() < PythonVersion::PY311 {
            return None;
        }
        let path = &parts.site.path;
        let function = path.function().filter(|function| function.is_async)?;
        let (statement, targets, is_used) = match parts.awaited.role {
            Role::Statement(statement) => (statement.range(), None, false),
            Role::Assigned(statement) => {
                let targets = match &statement.targets[..] {
                    [only] => plain_names(only),
                    _ => None,
                };
                (statement.range(), targets, true)
            }
            Role::Annotated(statement) => (statement.range(), None, true),
            Role::Returned(statement) => (statement.range(), None, true),
            Role::Inside => return None,
        };
        let head = source.slice(TextRange::new(
            statement.start(),
            parts.awaited.expr.start(),
        ));
        let fits = source.is_alone_on_its_lines(statement)
            && source.is_on_one_line(TextRange::new(
                statement.start(),
                parts.awaited.expr.start(),
            ))
            && !head.contains(['(', '\\']) | is_target_only(head)
            && ends_with_call(source, parts, statement)
            && !source.reads_every_local(function)
            && !parts
                .arguments
                .iter()
                .any(|argument| suspends(argument.expr))
            // What was there before is as likely a task, which a group does not take.
            && parts
                .arguments
                .iter()
                .all(|argument| matches!(argument.origin, Origin::Coroutine | Origin::UnknownCall));
        fits.then_some(Self {
            function,
            statement,
            head: head.trim_end_matches('('),
            targets,
            is_used,
        })
    }
}

/// Whether a bracket in `head` belongs to a target, not to a parenthesis around the value.
fn is_target_only(head: &str) -> bool {
    head.trim_end().ends_with('=') && !head.contains('\\')
}

/// Whether the statement ends with the call.
fn ends_with_call(source: &Source<'_>, parts: &Parts<'_>, statement: TextRange) -> bool {
    let rest = TextRange::new(parts.site.call.end(), statement.end());
    source.slice(rest).is_empty()
}

/// The names of a tuple or list of plain, different names.
fn plain_names(target: &ast::Expr) -> Option<Vec<&str>> {
    let elements = match target {
        ast::Expr::Tuple(tuple) => &tuple.elts,
        ast::Expr::List(list) => &list.elts,
        _ => return None,
    };
    let names: Vec<&str> = elements
        .iter()
        .map(|element| match element {
            ast::Expr::Name(name) if !name.id.trim_matches('_').is_empty() => {
                Some(name.id.as_str())
            }
            _ => None,
        })
        .collect::<Option<_>>()?;
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    (sorted.len() == names.len()).then_some(names)
}

/// Whether the nearest handler around the site takes every exception and looks at none: a group or
/// its first exception are all the same to it.
fn takes_everything(source: &Source<'_>, path: &Path<'_>) -> bool {
    let mut inner = path.node();
    for around in path.around() {
        match around {
            AnyNodeRef::StmtTry(attempt)
                if holds(&attempt.body, inner) && !attempt.handlers.is_empty() =>
            {
                let [ast::ExceptHandler::ExceptHandler(handler)] = &attempt.handlers[..] else {
                    return false;
                };
                let takes_all = handler
                    .type_
                    .as_deref()
                    .is_none_or(|class| source.is_builtin(class, &["BaseException"]));
                return takes_all
                    && !attempt.is_star
                    && handler.name.is_none()
                    && handler.body.iter().all(does_nothing);
            }
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_) => return false,
            // What runs on the way may look at the exception.
            AnyNodeRef::StmtTry(attempt) if !attempt.finalbody.is_empty() => return false,
            // What a context manager does with an exception is its own business.
            AnyNodeRef::StmtWith(block) if holds(&block.body, inner) => return false,
            _ => {}
        }
        inner = around;
    }
    false
}

fn holds(body: &[ast::Stmt], inner: AnyNodeRef<'_>) -> bool {
    body.iter()
        .any(|statement| statement.range().contains_range(inner.range()))
}

/// Whether a statement of a handler calls nothing and raises nothing.
fn does_nothing(statement: &ast::Stmt) -> bool {
    match statement {
        ast::Stmt::Pass(_) | ast::Stmt::Break(_) | ast::Stmt::Continue(_) => true,
        ast::Stmt::Return(statement) => statement
            .value
            .as_deref()
            .is_none_or(|value| value.is_literal_expr() || value.is_name_expr()),
        ast::Stmt::Assign(statement) => statement.value.is_literal_expr(),
        _ => false,
    }
}
