//! The `TaskGroup` candidate: statements, for Python 3.11 and newer.

use asyncmend_edits::{Patch, TextRange};
use asyncmend_pipeline::{Caution, Fix};
use asyncmend_rewrite::{Helper, Helpers, Spelled, asyncio_member};
use asyncmend_source::{
    AnyNodeRef, Errors, Kind, Path, PythonVersion, Ranged, Role, Source, TokenKind, ast,
    binds_names, holds, suspends,
};

use super::awaitables::{Form, List, Share, origin, spawned};
use super::built::Built;
use super::layout::{collection, comprehension};
use super::tasks::{Text, arguments};
use super::{
    Argument, EXCEPTION_GROUP, HANDLER_SEES_GROUP, Parts, STRUCTURED, UNKNOWN_AWAITABLE,
    UNPROVEN_COROUTINE,
};
use crate::locals::{Local, Locals};

/// How many lines of code that builds a list a block takes in where it need not.
const MAX_LINES_TAKEN_IN: usize = 20;

/// A group of one class or another in place of the statement, where it fits, best first; with new ones of `locals`.
pub(super) fn fixes(
    source: &Source<'_>,
    helpers: &Helpers<'_, '_>,
    locals: &Locals,
    parts: &Parts<'_>,
) -> Vec<Fix> {
    let is_shared = |argument: &Argument<'_>| argument.origin.share == Share::Others;
    if parts.arguments.iter().any(is_shared) {
        return Vec::new();
    }
    let Some(place) = Place::of(source, parts) else {
        return Vec::new();
    };
    if source.options().types_are_checked && needs_tuple(source, parts, &place) {
        return Vec::new();
    }
    let fixes: Vec<(Fix, Vec<Local>)> = groups(source, helpers, parts)
        .into_iter()
        .filter_map(|group| fix(source, locals, parts, &place, group))
        .collect();
    let is_likely = |fix: &Fix| fix.cautions.iter().all(|it| it.accepted);
    let fixes = fixes.into_iter().map(|(fix, new)| {
        if is_likely(&fix) {
            locals.note(new);
        }
        fix
    });
    fixes.collect()
}

/// To a type checker what gather gives for up to this many awaitables is a tuple, and a list for more.
const MOST_IN_TUPLE: usize = 6;

/// Whether a type checker may find fault with a list of the results in place of a tuple with a type for each: unless
/// each has its target, nobody asks for them, or calls of one function fill a name that says nothing of its type.
fn needs_tuple(source: &Source<'_>, parts: &Parts<'_>, place: &Place<'_>) -> bool {
    let listed: Vec<&ast::Expr> = parts.arguments.iter().map(|it| it.expr).collect();
    let is_tuple = (2..=MOST_IN_TUPLE).contains(&listed.len())
        && !listed.iter().any(|it| it.is_starred_expr());
    if !is_tuple || !place.is_used || place.targets.is_some() {
        return false;
    }
    let is_name = matches!(parts.awaited.role(), Role::Assigned(assign)
        if assign.targets.iter().all(ast::Expr::is_name_expr));
    let callee = |it: &ast::Expr| Some(source.slice(it.as_call_expr()?.func.range()));
    let is_of_one_type =
        callee(listed[0]).is_some() && listed.iter().all(|it| callee(it) == callee(listed[0]));
    !(is_name && is_of_one_type)
}

/// A class of task groups, and how it may differ from others.
struct Group {
    name: Spelled,
    cautions: Vec<&'static Caution>,
}

/// The classes that may take the place of the gather, best first.
fn groups(source: &Source<'_>, helpers: &Helpers<'_, '_>, parts: &Parts<'_>) -> Vec<Group> {
    let path = &parts.site.path;
    let errors = source.preferences().errors;
    let plain = |cautions| Group {
        name: asyncio_member(source, path, &parts.site.call.func, "TaskGroup"),
        cautions,
    };
    // Before 3.13 a failed group leaves its own cancellation counted (gh-116720), which an enclosing
    // timeout would meet later.
    let any_exception_will_do =
        source.target() >= PythonVersion::PY313 && takes_everything(source, path);
    if any_exception_will_do && errors != Errors::First {
        return vec![plain(Vec::new())];
    }
    let mut groups = Vec::new();
    if errors == Errors::Group {
        let mut cautions = vec![&EXCEPTION_GROUP];
        if may_be_handled(path) {
            cautions.push(&HANDLER_SEES_GROUP);
        }
        groups.push(plain(cautions));
    }
    if helpers.are_in_reach(Helper::TaskGroup, path) {
        let helper = helpers.get(Helper::TaskGroup, path);
        groups.push(Group {
            name: Spelled {
                text: helper.name,
                edits: helper.edits,
            },
            cautions: Vec::new(),
        });
    }
    groups
}

/// `async with asyncio.TaskGroup() as tg:` in place of the statement, with the class `group`, and what it binds.
fn fix(
    source: &Source<'_>,
    locals: &Locals,
    parts: &Parts<'_>,
    place: &Place<'_>,
    group: Group,
) -> Option<(Fix, Vec<Local>)> {
    let Group {
        name: group,
        cautions,
    } = group;
    let (elements, _) = arguments(source, parts);
    let spawned = elements.iter().filter(|it| is_spawned(source, it)).count();
    // Tasks that are there before the gather start before its coroutines.
    let are_coroutines = (parts.arguments.iter()).all(|it| it.origin.form != Form::Other);
    let takes_all = are_coroutines
        && [0, elements.len()].contains(&spawned)
        && elements.iter().all(|element| takes(source, element));
    let built = Built::of(source, parts).filter(|built| {
        // A diff of many lines, for a block that could come after them.
        !takes_all || built.lines(source) <= MAX_LINES_TAKEN_IN
    });
    let built = built.and_then(|built| {
        let text = Text::new(source, locals, parts, place, &group.text, Some(&built));
        Some((
            text.edits_of_built(&built)?,
            built.range(place),
            text.locals(),
        ))
    });
    let (new, claims, new_locals) = match built {
        Some(built) => built,
        None if takes_all => {
            let text = Text::new(source, locals, parts, place, &group.text, None);
            (text.edits()?, place.statement, text.locals())
        }
        None => return None,
    };
    let mut edits = group.edits;
    edits.extend(new);
    let mut cautions = [vec![&STRUCTURED], parts.cleanup_caution(), cautions].concat();
    let mut origins = parts.arguments.iter().map(|argument| argument.origin);
    if origins.clone().any(|it| it.form == Form::Unknown) {
        cautions.push(&UNPROVEN_COROUTINE);
    } else if origins.any(|it| it.share != Share::Nobody) {
        cautions.push(&UNKNOWN_AWAITABLE);
    }
    let fix = Fix {
        what: format!("run the coroutines in a task group, `{}`", group.text),
        cautions,
        claims,
        patch: Patch::new(edits).ok()?,
    };
    Some((fix, new_locals))
}

/// A statement that a block can take the place of, or come before.
pub(super) struct Place<'s> {
    pub(super) function: &'s ast::StmtFunctionDef,
    /// The statement; of a compound one its header.
    pub(super) statement: TextRange,
    /// What stands before the value, `a, b = ` or `return `, and after it.
    pub(super) head: String,
    pub(super) tail: String,
    /// Where these two stand.
    pub(super) around: [TextRange; 2],
    /// Whether the value is part of something larger.
    pub(super) is_part: bool,
    /// What takes one result each.
    pub(super) targets: Option<Vec<&'s ast::Expr>>,
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
        let role = parts.awaited.role();
        let targets = match role {
            Role::Assigned(statement) => match &statement.targets[..] {
                [only] => different_targets(only),
                _ => None,
            },
            _ => None,
        };
        let fits = source.is_alone_on_its_lines(parts.awaited.statement().range())
            && !source.reads_every_local(function)
            && !parts
                .arguments
                .iter()
                .any(|argument| suspends(argument.expr));
        if !fits {
            return None;
        }
        let statement = header(source, &parts.awaited);
        if has_pragma_of_its_own(source, parts, statement) {
            return None;
        }
        let is_part = matches!(role, Role::Inside);
        let (head, tail) = if is_part {
            Self::around(source, parts, statement)?
        } else {
            Self::before(source, parts, statement)
                .or_else(|| Self::around(source, parts, statement))?
        };
        let awaited = parts.awaited.node().range();
        let around = [
            TextRange::new(statement.start(), awaited.start()),
            TextRange::new(awaited.end(), statement.end()),
        ];
        let statement = match parts.bound {
            Some(bound) => {
                let gap = TextRange::new(bound.end(), statement.start());
                // In a `try` the block would move the calls that make the coroutines into it.
                let is_next =
                    source.next_statement(bound) == Some(parts.awaited.statement().range());
                let stands_apart =
                    source.has_comment_in(gap) || !source.is_alone_on_its_lines(bound);
                if !is_next || stands_apart {
                    return None;
                }
                bound.cover(statement)
            }
            None => statement,
        };
        Some(Self {
            function,
            statement,
            head,
            tail,
            around,
            is_part,
            targets,
            is_used: !matches!(role, Role::Statement(_)),
        })
    }

    /// What stands before the value of a statement that begins on one line and ends with the call.
    fn before(
        source: &Source<'_>,
        parts: &Parts<'_>,
        statement: TextRange,
    ) -> Option<(String, String)> {
        let awaited = parts.awaited.node().range();
        let head = TextRange::new(statement.start(), awaited.start());
        let rest = TextRange::new(awaited.end(), statement.end());
        let is_on_one_line = source.is_on_one_line(head);
        let head = source.slice(head);
        let fits = is_on_one_line
            && !head.contains(['(', '\\']) | is_target_only(head)
            && source.slice(rest).is_empty();
        fits.then(|| (head.trim_end_matches('(').to_owned(), String::new()))
    }

    /// What stands around the value in a statement that evaluates it first: laid out on one line where
    /// nothing but the length of the call had it on several.
    fn around(
        source: &Source<'_>,
        parts: &Parts<'_>,
        statement: TextRange,
    ) -> Option<(String, String)> {
        let path = &parts.awaited;
        let binds = parts.arguments.iter().any(|it| binds_names(it.expr));
        if binds || !source.can_be_evaluated_first(path) {
            return None;
        }
        let value = source.with_parentheses(path);
        let (before, after) = (
            TextRange::new(statement.start(), value.start()),
            TextRange::new(value.end(), statement.end()),
        );
        let own = parts.awaited.node().range();
        let parentheses = [
            TextRange::new(value.start(), own.start()),
            TextRange::new(own.end(), value.end()),
        ];
        if parentheses.iter().any(|gap| source.has_comment_in(*gap)) {
            return None;
        }
        let is_plain = |part: TextRange| {
            !source.has_comment_in(part)
                && !source.slice(part).contains('\\')
                && (source.literals(part).iter()).all(|literal| source.is_on_one_line(*literal))
        };
        if !is_plain(before) || !is_plain(after) {
            return None;
        }
        let whole = source.slice(before).to_owned() + MARK + source.slice(after);
        let whole = whole.replace("\r\n", "\n").replace('\r', "\n");
        let whole = if ends_line_with_comma(&whole) {
            whole
        } else {
            joined(&whole)
        };
        let (head, tail) = whole.split_once(MARK)?;
        Some((head.to_owned(), tail.to_owned()))
    }
}

/// The statement around `path`; of a compound one what comes before its body, the colon included.
fn header(source: &Source<'_>, path: &Path<'_>) -> TextRange {
    let whole = path.statement_range();
    let end = if whole == path.statement().range() {
        whole.end()
    } else {
        let after = TextRange::new(path.node().end(), whole.end());
        let mut colons = source.tokens().in_range(after).iter().rev();
        colons
            .find(|token| token.kind() == TokenKind::Colon)
            .map_or(whole.end(), Ranged::end)
    };
    TextRange::new(whole.start(), end)
}

/// Whether a comment speaks to a tool of a line of `statement` on which no argument of the gather stands, or that
/// goes on behind the gather: what it is about would be on another line, that of an argument or of the results.
fn has_pragma_of_its_own(source: &Source<'_>, parts: &Parts<'_>, statement: TextRange) -> bool {
    let whole = TextRange::new(statement.start(), source.line_end(statement.end()));
    let call = parts.site.call.range();
    let is_of_an_argument = |pragma: TextRange| {
        let line = TextRange::new(source.line_start(pragma.start()), pragma.start());
        let mut arguments = parts.arguments.iter();
        call.contains_range(pragma)
            && arguments.any(|it| {
                line.intersect(it.expr.range())
                    .is_some_and(|it| !it.is_empty())
            })
    };
    (source.pragmas_in(whole)).any(|pragma| !is_of_an_argument(pragma))
}

/// Whether a group can make a task in the place of `argument`. What was there before is as likely a task
/// already, which a group does not take.
pub(super) fn takes(source: &Source<'_>, argument: &ast::Expr) -> bool {
    let is_taken = || {
        let (text, written) = source.as_written(argument);
        let origin = origin(text, written);
        origin.share != Share::Others && matches!(origin.form, Form::Coroutine | Form::Unknown)
    };
    is_spawned(source, argument) || is_taken() && !is_declared_awaitable(source, argument)
}

/// Whether `argument` unpacks a list that is declared to hold awaitables or tasks: to a type checker, a group takes none.
fn is_declared_awaitable(source: &Source<'_>, argument: &ast::Expr) -> bool {
    let ast::Expr::Starred(starred) = argument else {
        return false;
    };
    let list = (starred.value.as_name_expr()).and_then(|name| List::of(source, name));
    let Some(annotation) = list.and_then(|list| list.annotation) else {
        return false;
    };
    let holds_tasks = || match source.expr_at(annotation) {
        Some(ast::Expr::Subscript(list)) => matches!(
            source.kind_annotated(&list.slice),
            Kind::Task | Kind::Future
        ),
        _ => false,
    };
    source.slice(annotation).contains("Awaitable") || holds_tasks()
}

/// Whether `argument`, or each element of the comprehension that it unpacks, is a task that is made
/// there.
fn is_spawned(source: &Source<'_>, argument: &ast::Expr) -> bool {
    let made = match argument {
        ast::Expr::Starred(starred) => {
            let value = collection(source, &starred.value);
            let made = comprehension(value).filter(|_| !value.is_set_comp_expr());
            made.map(|(element, _)| element)
        }
        _ => Some(argument),
    };
    matches!(made, Some(ast::Expr::Call(call)) if spawned(source, call))
}

/// What stands for the value while the text around it is laid out.
const MARK: &str = "\0";

/// Whether a formatter keeps the lines of `text` apart, for a comma before a closing bracket.
fn ends_line_with_comma(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).peekable();
    while let Some(line) = lines.next() {
        let closes = lines
            .peek()
            .is_some_and(|next| next.starts_with([')', ']', '}']));
        if line.ends_with(',') && closes {
            return true;
        }
    }
    false
}

/// The lines of `text` on one line.
fn joined(text: &str) -> String {
    let mut whole = String::new();
    for line in text.lines().map(str::trim) {
        let is_tight = whole.is_empty()
            || whole.ends_with(['(', '[', '{'])
            || line.starts_with([')', ']', '}', '.']);
        if !is_tight {
            whole.push(' ');
        }
        whole.push_str(line);
    }
    whole
}

/// Whether a bracket in `head` belongs to a target, not to a parenthesis around the value.
fn is_target_only(head: &str) -> bool {
    head.trim_end().ends_with('=') && !head.contains('\\')
}

/// The elements of a tuple or list of targets, none of which takes several values or a name that another one
/// takes; but for underscores, which nobody reads.
fn different_targets(target: &ast::Expr) -> Option<Vec<&ast::Expr>> {
    let elements = match target {
        ast::Expr::Tuple(tuple) => &tuple.elts,
        ast::Expr::List(list) => &list.elts,
        _ => return None,
    };
    let mut names: Vec<&str> = elements
        .iter()
        .filter_map(|element| Some(element.as_name_expr()?.id.as_str()))
        .filter(|name| !name.trim_matches('_').is_empty())
        .collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    let takes_several = elements.iter().any(ast::Expr::is_starred_expr);
    (names.len() == count && !takes_several).then(|| elements.iter().collect())
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

/// Whether a handler or context manager of the function around the site may meet what it raises.
fn may_be_handled(path: &Path<'_>) -> bool {
    let mut inner = path.node();
    for around in path.around() {
        match around {
            AnyNodeRef::StmtTry(attempt)
                if holds(&attempt.body, inner) && !attempt.handlers.is_empty() =>
            {
                return true;
            }
            AnyNodeRef::StmtWith(block) if holds(&block.body, inner) => return true,
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_) => return false,
            _ => {}
        }
        inner = around;
    }
    false
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
