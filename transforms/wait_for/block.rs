//! The candidate `async with asyncio.timeout(..)`: statements, for Python 3.11 and newer.

use asyncmend_edits::{Edit, Patch, TextRange};
use asyncmend_pipeline::{Caution, Fix};
use asyncmend_rewrite::{Draft, asyncio_member, keep_call};
use asyncmend_source::{
    Kind, PythonVersion, Ranged, Role, Shift, Source, StmtRef, ast, binds_names, is_inert,
    suspends, suspends_beside,
};

use super::cancelled::may_mistake_timeout;
use super::deadline::{self, Sign, sign};
use super::{AFTER_CANCELLATION, AS_3_12, Parts, UNDER_TIMER, ZERO_TIMEOUT};
use crate::locals::{Local, Locals};

/// Timeout blocks in place of the statement, where they fit: the awaitable made inside where that
/// can be done, then the awaitable made before.
pub(super) fn fixes(source: &Source<'_>, locals: &Locals, parts: &Parts<'_>) -> Vec<Fix> {
    let (inside, before) = match making(source, parts.awaitable) {
        Making::TakesNoTime => (Some(None), false),
        Making::Unknown => (Some(Some(&UNDER_TIMER)), true),
        Making::RunsCode => (None, true),
    };
    let inside = inside.and_then(|caution| fix(source, locals, parts, caution, false));
    let before = before
        .then(|| fix(source, locals, parts, None, true))
        .flatten();
    inside.into_iter().chain(before).collect()
}

/// Whether no block fits but one that awaits what was made before, and given to a new local.
pub(super) fn needs_local(source: &Source<'_>, parts: &Parts<'_>) -> bool {
    matches!(making(source, parts.awaitable), Making::RunsCode)
}

fn fix(
    source: &Source<'_>,
    locals: &Locals,
    parts: &Parts<'_>,
    under_timer: Option<&'static Caution>,
    hoisted: bool,
) -> Option<Fix> {
    let place = Place::of(source, locals, parts, hoisted)?;
    let mut cautions: Vec<&'static Caution> = under_timer.into_iter().collect();
    if source.target() < PythonVersion::PY312 {
        cautions.push(&AS_3_12);
        if may_mistake_timeout(source, &parts.site.path) {
            cautions.push(&AFTER_CANCELLATION);
        }
    }
    match sign(source, parts.timeout) {
        Sign::PositiveOrNone => {}
        Sign::Unknown => cautions.push(&ZERO_TIMEOUT),
        Sign::NotPositive => return None,
    }
    let timeout = asyncio_member(source, &parts.site.path, &parts.site.call.func, "timeout");
    let mut edits = timeout.edits;
    edits.extend(place.edits(source, parts, &timeout.text));
    Some(Fix {
        what: format!("await inside `async with {}(..)`", timeout.text),
        cautions,
        claims: place.statement,
        patch: Patch::new(edits).ok()?,
    })
}

/// A statement that a block can take the place of.
struct Place<'s> {
    statement: TextRange,
    /// The `await` expression.
    awaited: TextRange,
    /// The local that takes the awaitable before the timer starts, if one does.
    hoisted: Option<String>,
    timeout: &'s str,
}

impl<'s> Place<'s> {
    fn of(
        source: &'s Source<'_>,
        locals: &Locals,
        parts: &Parts<'s>,
        hoisted: bool,
    ) -> Option<Self> {
        if source.target() < PythonVersion::PY311 {
            return None;
        }
        let path = &parts.site.path;
        let function = path.function().filter(|function| function.is_async)?;
        let awaited = parts.site.awaited()?;
        let (statement, targets) = match awaited.role {
            Role::Statement(statement) => (statement.range(), &[][..]),
            Role::Assigned(statement) => (statement.range(), &statement.targets[..]),
            Role::Annotated(statement) => {
                (statement.range(), std::slice::from_ref(&*statement.target))
            }
            Role::Returned(statement) => (statement.range(), &[][..]),
            // What comes before would see names that the awaitable binds.
            Role::Inside if hoisted && binds_names(parts.awaitable) => return None,
            Role::Inside => (whole_statement(source, awaited.expr, hoisted)?, &[][..]),
        };
        let call = parts.site.call;
        let awaitable = parts.awaitable.range();
        let kept = TextRange::new(statement.start(), call.start());
        let gone = [
            TextRange::new(call.start(), awaitable.start()),
            TextRange::new(awaitable.end(), call.end()),
        ];
        let fits = source.is_alone_on_its_lines(statement)
            && !source.has_comment_in(kept)
            && !gone.iter().any(|gap| source.has_comment_in(*gap))
            && source.is_on_one_line(parts.timeout.range())
            && deadline::takes_no_time(source, parts.timeout)
            // A second await of the statement would be under the timer as well.
            && !targets.iter().any(suspends)
            // A group in a timeout block would wait for the last cleanup of its children, and what waits
            // there itself would lose the expiry of a block (see the caution `inside-timeout`).
            && !parts.is_compound;
        if !fits {
            return None;
        }
        // A comment to a tool stays on the line of the awaitable, and may be about the timeout.
        if source.pragma_behind(statement.end()).is_some()
            && (hoisted || !parts.timeout.is_number_literal_expr())
        {
            return None;
        }
        let head = TextRange::new(statement.start(), awaited.expr.start());
        if hoisted && (source.reads_every_local(function) || !source.is_on_one_line(head)) {
            return None;
        }
        let hoisted = hoisted.then(|| {
            let holds = locals.result_of(source, parts.awaitable);
            let name = locals.fresh(source, function, &["aw"], &holds);
            locals.note([Local::new(function, &name, &holds)]);
            name
        });
        Some(Self {
            statement,
            awaited: awaited.expr.range(),
            hoisted,
            timeout: source.slice(parts.timeout.range()),
        })
    }

    fn edits(&self, source: &Source<'_>, parts: &Parts<'_>, timeout: &str) -> Vec<Edit> {
        let path = &parts.site.path;
        let outer = source.indentation(self.statement.start()).to_string();
        let inner = format!("{outer}{}", source.indent_unit(path));
        let awaitable = parts.awaitable.range();
        let call = parts.site.call.range();
        let shift_from = |range: TextRange, to: &str| Shift {
            from: source.indentation(range.start()).to_string(),
            to: to.to_string(),
        };
        let header = format!("async with {timeout}({}):\n{inner}", self.timeout);
        // What closes a parenthesis around the call goes where that is written.
        let inside = match self.hoisted {
            Some(_) => self.awaited,
            None => call,
        };
        let tail = TextRange::new(inside.end(), self.statement.end());
        // Between the parentheses of the call it needed none of its own.
        let binds_less = match self.hoisted {
            None => !is_primary(parts.awaitable),
            Some(_) => parts.awaitable.is_named_expr(),
        };
        let (open, close) = if binds_less || source.breaks_outside_brackets(awaitable) {
            ("(", ")")
        } else {
            ("", "")
        };
        let mut draft = Draft::new(source, self.statement);
        match &self.hoisted {
            None => {
                draft.write(&header);
                let head = TextRange::new(self.statement.start(), call.start());
                let line_start = source.line_start(call.start()).max(head.start());
                let before = source.slice(TextRange::new(line_start, call.start()));
                let own = source.indentation(call.start());
                let indent = format!("{inner}{}", own.strip_prefix(&outer).unwrap_or_default());
                draft.keep_shifted(head, &shift_from(self.statement, &inner));
                draft.write(open);
                match parts.awaitable {
                    ast::Expr::Call(made)
                        if source.is_on_one_line(awaitable)
                            && source.pragma_behind(self.statement.end()).is_none() =>
                    {
                        let column = indent.chars().count() + before.trim_start().chars().count();
                        let unit = source.indent_unit(path);
                        keep_call(&mut draft, source, made, column, &indent, &unit);
                    }
                    _ => {
                        let before = before.trim_start();
                        let column = [&indent, before, open].map(|it| it.chars().count());
                        let shift = shift_from(awaitable, &indent);
                        draft.keep_aligned(awaitable, column.iter().sum(), &shift);
                    }
                }
                draft.write(close);
            }
            Some(name) => {
                let head = TextRange::new(self.statement.start(), self.awaited.start());
                let start = format!("{name} = {open}");
                draft.write(&start);
                let column = outer.chars().count() + start.chars().count();
                draft.keep_aligned(awaitable, column, &shift_from(awaitable, &outer));
                draft.write(close);
                draft.write(&format!(
                    "\n{outer}{header}{}await {name}",
                    source.slice(head)
                ));
            }
        }
        draft.keep_shifted(tail, &shift_from(self.statement, &inner));
        draft.into_edits()
    }
}

/// The statement around an `await` that is part of it, if all of it can be under the timer: nothing but
/// the `await` suspends it, what comes before that takes no time, and what comes after is not stopped by
/// a timer. `hoisted`: the awaitable is made ahead of it all.
fn whole_statement(
    source: &Source<'_>,
    awaited: &ast::ExprAwait,
    hoisted: bool,
) -> Option<TextRange> {
    let path = source.path_to(awaited.range());
    let statement = path.statement();
    let is_simple = matches!(
        statement,
        StmtRef::Expr(_)
            | StmtRef::Assign(_)
            | StmtRef::AnnAssign(_)
            | StmtRef::AugAssign(_)
            | StmtRef::Return(_)
            | StmtRef::Assert(_)
    );
    // What is unpacked may be a generator.
    let takes_no_time = |it: &ast::Expr| is_inert(it) && !it.is_starred_expr();
    let is_first = if hoisted {
        source.can_be_evaluated_first(&path)
    } else {
        source.comes_after_only(&path, takes_no_time)
    };
    let fits = is_simple && is_first && !suspends_beside(statement.into(), awaited.range());
    fits.then(|| statement.range())
}

/// Whether `await` takes all of the expression without parentheses.
fn is_primary(expr: &ast::Expr) -> bool {
    matches!(
        expr,
        ast::Expr::Name(_) | ast::Expr::Attribute(_) | ast::Expr::Subscript(_) | ast::Expr::Call(_)
    )
}

/// What making the awaitable may do, before it is awaited.
enum Making {
    /// A name, or a call of an `async def` with such arguments: it cannot matter that the timer has
    /// started.
    TakesNoTime,
    /// A call of a function that may be none, with such arguments.
    Unknown,
    /// Something among the arguments runs code.
    RunsCode,
}

/// asyncio's functions that make a future and do no more.
const MAKES_A_FUTURE: &[&str] = &[
    "asyncio.create_task",
    "asyncio.ensure_future",
    "asyncio.shield",
    "asyncio.wrap_future",
];

fn making(source: &Source<'_>, awaitable: &ast::Expr) -> Making {
    if is_inert(awaitable) {
        return Making::TakesNoTime;
    }
    let ast::Expr::Call(call) = awaitable else {
        return Making::RunsCode;
    };
    let arguments = &call.arguments;
    let is_plain = is_inert(&call.func)
        && arguments.args.iter().all(is_inert)
        && arguments
            .keywords
            .iter()
            .all(|keyword| is_inert(&keyword.value));
    let makes_a_future = source
        .qualified(&*call.func)
        .is_some_and(|name| MAKES_A_FUTURE.contains(&name.as_str()));
    let takes_no_time =
        |argument: &ast::Expr| matches!(making(source, argument), Making::TakesNoTime);
    if makes_a_future && arguments.args.iter().all(takes_no_time) && arguments.keywords.is_empty() {
        return Making::TakesNoTime;
    }
    if !is_plain {
        return Making::RunsCode;
    }
    if source.kind_of(awaitable) == Kind::Coroutine {
        Making::TakesNoTime
    } else {
        Making::Unknown
    }
}
