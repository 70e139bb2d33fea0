//! What a use of a task leaves behind: whether anything refers to the task afterwards that did not before.

use asyncmend_source::ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use asyncmend_source::{
    AnyNodeRef, BindingId, BindingKind, Path, Ranged, Role, Source, TextRange, ast, last_name,
    suspends_from,
};

use super::fate::{binding_of_local, may_run_a_loop, uses};
use super::makers::always_leaves;
use super::over::{is_asked_for, is_known_to_be_over};
use super::waited;

/// Methods of tasks and futures that give back nothing which refers to them. `cancel` is not among them:
/// whoever cancels a task later is done with it then.
const METHODS: &[&str] = &[
    "add_done_callback",
    "cancelling",
    "get_context",
    "get_loop",
    "get_name",
    "print_stack",
    "remove_done_callback",
    "set_name",
    "uncancel",
];

/// Methods that ask whether it is over; what asks that again and again waits for it.
const ASK_WHETHER_OVER: &[&str] = &["cancelled", "done", "running"];

/// Builtins that look at their arguments and keep none.
const LOOK_AT_ALL: &[&str] = &["print"];

/// Builtins that look at their first argument and keep it nowhere.
const LOOK_AT_FIRST: &[&str] = &[
    "ascii",
    "bool",
    "callable",
    "delattr",
    "format",
    "hasattr",
    "hash",
    "id",
    "isinstance",
    "repr",
    "setattr",
    "str",
    "type",
];

/// Functions of the standard library that do.
const LIBRARY_LOOKS_AT_FIRST: &[&str] = &[
    "asyncio.iscoroutine",
    "asyncio.isfuture",
    "inspect.isawaitable",
    "inspect.iscoroutine",
    "weakref.finalize",
    "weakref.proxy",
    "weakref.ref",
];

/// A container that refers weakly to what is put into it.
const WEAK_SET: &str = "weakref.WeakSet";

/// Its methods that get one of its items.
const OF_WEAK_SET: &[&str] = &["add", "discard", "remove"];

/// One that refers weakly to its keys.
const WEAK_KEYS: &str = "weakref.WeakKeyDictionary";

/// One that refers weakly to its values.
const WEAK_VALUES: &str = "weakref.WeakValueDictionary";

/// Methods of a logger, and functions of `logging`. A record goes to handlers, which write its text; it lives
/// no longer than that.
const LOG: &[&str] = &[
    "critical",
    "debug",
    "error",
    "exception",
    "fatal",
    "info",
    "log",
    "warn",
    "warning",
];

/// Generated code may put thousands of tasks into a list, and each is judged by all that is done with that.
const MOST_USES: usize = 50;

/// What is handed to a function that hands it on is followed this far.
const MOST_CALLS: usize = 3;

/// Methods that put something into a list or a set.
pub(super) const PUT_AWAY: &[&str] = &["add", "append"];

/// How much is known of the object that is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Object {
    /// A task or a future.
    Task,
    /// Something that may be no task: only what one does with tasks alone counts.
    MayBeNoTask,
}

/// Whether the use at `path` of what was made at `made` leaves nothing that refers to it.
pub(super) fn leaves_no_reference(
    source: &Source<'_>,
    path: &Path<'_>,
    object: Object,
    made: TextRange,
) -> bool {
    leaves_none(source, path, object, made, MOST_CALLS)
}

/// The same, where what it is handed to may hand it on through this many `calls`.
fn leaves_none(
    source: &Source<'_>,
    path: &Path<'_>,
    object: Object,
    made: TextRange,
    calls: usize,
) -> bool {
    match path.parent() {
        Some(AnyNodeRef::StmtDelete(_)) => true,
        Some(AnyNodeRef::ExprAttribute(attribute)) => match method_called(path) {
            Some(method) if METHODS.contains(&method) => true,
            Some(method) if ASK_WHETHER_OVER.contains(&method) => asks_once(source, path, made),
            Some(_) => object == Object::Task && is_known_to_be_over(source, path),
            // A bound method that is only read refers to its object.
            None => object == Object::Task && !attribute.ctx.is_load(),
        },
        _ => {
            object == Object::Task
                && (is_tested(path)
                    || is_shown(source, path)
                    || is_put_away(source, path, made)
                    || is_held_weakly(source, path)
                    || waited::lets_go_of(source, path, made)
                    || is_asked_for(source, path)
                    || is_known_to_be_over(source, path))
                || is_let_go_of(source, path, object, made, calls)
        }
    }
}

/// Whether the value of the expression at `path`, a call, may be used so. It goes by how things are spelled.
pub(super) fn may_leave_no_reference(source: &Source<'_>, path: &Path<'_>) -> bool {
    match path.parent() {
        Some(AnyNodeRef::ExprAttribute(attribute)) => match method_called(path) {
            Some(method) => METHODS.contains(&method) || ASK_WHETHER_OVER.contains(&method),
            None => !attribute.ctx.is_load(),
        },
        Some(AnyNodeRef::ExprCall(call)) => last_name(&call.func).is_some_and(|name| {
            let mut library = LIBRARY_LOOKS_AT_FIRST.iter();
            // `tasks.append(..)`, where nobody looks into the list.
            PUT_AWAY.contains(&name)
                || [LOOK_AT_ALL, LOOK_AT_FIRST, LOG].concat().contains(&name)
                || library.any(|it| it.rsplit('.').next() == Some(name))
                || source.may_define(name)
        }),
        Some(AnyNodeRef::InterpolatedElement(_)) => true,
        // `started[task] = now`, where nothing else may hold the task.
        Some(AnyNodeRef::ExprSubscript(item)) => is_key(item, path),
        _ => is_tested(path) || waited::may_let_go_of(path),
    }
}

/// Whether the object at `path` is only handed to a container that refers to it weakly, as far as the file shows.
fn is_held_weakly(source: &Source<'_>, path: &Path<'_>) -> bool {
    match path.parent() {
        Some(AnyNodeRef::ExprCall(call)) => call.func.as_attribute_expr().is_some_and(|method| {
            OF_WEAK_SET.contains(&method.attr.as_str())
                && source.holds_object_of(&method.value, WEAK_SET)
        }),
        Some(AnyNodeRef::ExprSubscript(item)) => {
            is_key(item, path) && source.holds_object_of(&item.value, WEAK_KEYS)
        }
        Some(AnyNodeRef::StmtAssign(assign)) => {
            assign.value.range() == path.node().range()
                && (assign.targets.iter()).all(|it| is_item_of_weak_values(source, it))
        }
        _ => false,
    }
}

/// Whether the object at `path` is the key of `item`.
fn is_key(item: &ast::ExprSubscript, path: &Path<'_>) -> bool {
    item.slice.range() == path.node().range()
}

/// Whether `target` is an item of a container that refers to it weakly, as far as the file shows.
pub(super) fn is_item_of_weak_values(source: &Source<'_>, target: &ast::Expr) -> bool {
    let item = target.as_subscript_expr();
    item.is_some_and(|it| source.holds_object_of(&it.value, WEAK_VALUES))
}

/// Whether `target` may be one, by how things are spelled.
pub(super) fn may_be_item_of_weak_values(source: &Source<'_>, target: &ast::Expr) -> bool {
    target.is_subscript_expr() && source.words("WeakValueDictionary").next().is_some()
}

/// Whether the object at `path`, which was made at `made`, is handed in passing to functions of this file that only look
/// at it, or give it back to nobody, and may hand it on through one less of these `calls`. One that does nothing with it
/// is there to be overridden; one that runs an event loop has it for as long.
fn is_let_go_of(
    source: &Source<'_>,
    path: &Path<'_>,
    object: Object,
    made: TextRange,
    calls: usize,
) -> bool {
    let (Some(AnyNodeRef::ExprCall(call)), Some(calls)) = (path.parent(), calls.checked_sub(1))
    else {
        return false;
    };
    // Nobody takes what the function gives back, which may be the object.
    let is_dropped = (path.up()).is_some_and(|call| matches!(call.role(), Role::Statement(_)));
    let only_looks = |function: &ast::StmtFunctionDef| {
        let parameter = source.parameter_for(call, function, path.node().range());
        parameter.is_some_and(|parameter| {
            lets_go_of_parameter(source, function, parameter, |it, given| {
                is_dropped && matches!(it.role(), Role::Returned(_))
                    || leaves_none(source, it, object, given, calls)
            })
        })
    };
    last_name(&call.func).is_some_and(|name| source.may_define(name))
        && asks_once(source, path, made)
        && (source.sole_functions(&call.func))
            .is_some_and(|functions| functions.into_iter().all(only_looks))
}

/// Whether a call of `function` does nothing with its `parameter` but what `is_harmless`, of each use and where the
/// parameter stands.
fn lets_go_of_parameter(
    source: &Source<'_>,
    function: &ast::StmtFunctionDef,
    parameter: &ast::Parameter,
    is_harmless: impl Fn(&Path<'_>, TextRange) -> bool,
) -> bool {
    let given = parameter.name.range();
    let uses = (source.bindings().binding_at(given)).and_then(|it| uses(source, it));
    let decorators = &function.decorator_list;
    !function.is_async
        && !source.is_generator(function)
        && (decorators.iter()).all(|it| source.leaves_function_as_it_is(it))
        && !source.reads_every_local(function)
        && !may_run_a_loop(source, function.range())
        && uses.is_some_and(|uses| !uses.is_empty() && uses.iter().all(|it| is_harmless(it, given)))
}

/// The way to the call that gives back the task at `path`, which it gets: one of functions of this file that give back
/// that and nothing else, and leave nothing else that refers to it.
pub(super) fn handed_back<'s>(source: &Source<'_>, path: &Path<'s>) -> Option<Path<'s>> {
    let up = path.up()?;
    let AnyNodeRef::ExprCall(call) = up.node() else {
        return None;
    };
    if !last_name(&call.func).is_some_and(|name| source.may_define(name)) {
        return None;
    }
    let hands_back = |function: &ast::StmtFunctionDef| {
        let Some(parameter) = source.parameter_for(call, function, path.node().range()) else {
            return false;
        };
        let returns = source.returns(function);
        let own = source.bindings().binding_at(parameter.name.range());
        let is_own = |it: &&ast::StmtReturn| {
            let name = it.value.as_deref().and_then(ast::Expr::as_name_expr);
            name.and_then(|name| source.only_binding(name)) == own
        };
        own.is_some()
            && !returns.is_empty()
            && returns.iter().all(is_own)
            && always_leaves(source, &function.body)
            && lets_go_of_parameter(source, function, parameter, |it, given| {
                matches!(it.role(), Role::Returned(_))
                    || leaves_no_reference(source, it, Object::Task, given)
            })
    };
    let functions = source.sole_functions(&call.func)?;
    (!functions.is_empty() && functions.into_iter().all(hands_back)).then_some(up)
}

/// The method of the object at `path` that is called there.
pub(super) fn method_called<'s>(path: &Path<'s>) -> Option<&'s str> {
    let mut around = path.around();
    match (around.next(), around.next()) {
        (Some(AnyNodeRef::ExprAttribute(method)), Some(AnyNodeRef::ExprCall(call)))
            if call.func.range() == method.range() =>
        {
            Some(method.attr.as_str())
        }
        _ => None,
    }
}

/// Whether the object at `path`, which was made at `made`, is only put into a list or the like that goes away with its
/// function, and all that is in it.
fn is_put_away(source: &Source<'_>, path: &Path<'_>, made: TextRange) -> bool {
    let Some(AnyNodeRef::ExprCall(call)) = path.parent() else {
        return false;
    };
    let ast::Expr::Attribute(method) = &*call.func else {
        return false;
    };
    let ast::Expr::Name(name) = &*method.value else {
        return false;
    };
    if !PUT_AWAY.contains(&method.attr.as_str()) || call.arguments.len() != 1 {
        return false;
    }
    let seen = source.bindings().use_at(name.start());
    seen.is_some_and(|seen| {
        !seen.bindings.is_empty()
            && (seen.bindings.iter()).all(|it| goes_with_its_function(source, *it, path, made))
    })
}

/// Whether `binding` is a local that is given a new list or the like, which nobody gets, looks into or changes
/// but to put something in, and that is all that refers to the task at `path`, made at `made`. Nothing suspends its
/// function from there on, or runs an event loop in it, so that the end of that comes before anything else; or an
/// `asyncio.wait()` gets the list and lets go of it.
pub(super) fn goes_with_its_function(
    source: &Source<'_>,
    binding: BindingId,
    path: &Path<'_>,
    made: TextRange,
) -> bool {
    let Some(function) = path.function() else {
        return false;
    };
    if source.bindings().uses_of(binding).len() > MOST_USES {
        return false;
    }
    let target = source.bindings().binding(binding).target;
    let name = source.path_to(target);
    let value = match name.parent() {
        Some(AnyNodeRef::StmtAssign(assign)) if assign.targets.len() == 1 => Some(&*assign.value),
        Some(AnyNodeRef::StmtAnnAssign(assign)) => assign.value.as_deref(),
        _ => None,
    };
    let AnyNodeRef::ExprName(name) = name.node() else {
        return false;
    };
    let is_new = value.is_some_and(|value| is_new_collection(source, value))
        && binding_of_local(source, name) == Some(binding)
        && !source.reads_every_local(function);
    let Some(uses) = uses(source, binding).filter(|_| is_new) else {
        return false;
    };
    let mut others = uses
        .iter()
        .filter(|it| !is_looked_at(source, it))
        .peekable();
    if others.peek().is_none() {
        ends_at_once(source, function, path)
    } else {
        others.all(|it| waited::lets_go_of_list(source, it, target, made))
    }
}

/// Whether nothing suspends `function` from the expression at `path` on, nor runs an event loop in it.
fn ends_at_once(source: &Source<'_>, function: &ast::StmtFunctionDef, path: &Path<'_>) -> bool {
    // All of a loop may come after its end.
    let making = (path.around())
        .take_while(|it| !it.is_stmt_function_def())
        .filter(|it| {
            matches!(
                it,
                AnyNodeRef::StmtFor(_)
                    | AnyNodeRef::StmtWhile(_)
                    | AnyNodeRef::ExprListComp(_)
                    | AnyNodeRef::ExprSetComp(_)
                    | AnyNodeRef::ExprDictComp(_)
                    | AnyNodeRef::ExprGenerator(_)
            )
        })
        .last()
        .map_or(path.node().range(), |it| it.range());
    (function.is_async || !may_run_the_loop(source, function, path, making))
        && !suspends_from(function, making.start())
}

/// Functions and methods that put something away, or look at it: none of them runs an event loop.
fn only_looks(name: &str) -> bool {
    let all = [PUT_AWAY, METHODS, LOOK_AT_ALL, LOOK_AT_FIRST, LOG];
    name == "len" || all.iter().any(|names| names.contains(&name))
}

/// Whether `function`, which is no coroutine function, may run an event loop while it has what the expression at
/// `path` makes, in the turns of a loop that `making` is or at once.
fn may_run_the_loop(
    source: &Source<'_>,
    function: &ast::StmtFunctionDef,
    path: &Path<'_>,
    making: TextRange,
) -> bool {
    // It works in a running loop alone, and that nobody can run anew.
    if let AnyNodeRef::ExprCall(call) = path.node()
        && source.qualified(&*call.func).as_deref() == Some("asyncio.create_task")
    {
        return false;
    }
    let mut runs = MayRun {
        making,
        made: path.node().range(),
        found: false,
    };
    runs.visit_body(&function.body);
    runs.found
}

/// Looks for calls that may run an event loop.
struct MayRun {
    making: TextRange,
    made: TextRange,
    found: bool,
}

impl<'s> SourceOrderVisitor<'s> for MayRun {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        let is_inside = matches!(
            node,
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::ExprLambda(_)
        );
        if is_inside || node.end() <= self.making.start() || node.range() == self.made {
            return TraversalSignal::Skip;
        }
        if let AnyNodeRef::ExprCall(call) = node {
            let name = last_name(&call.func).unwrap_or_default();
            self.found |= if self.making.contains_range(call.range()) {
                name.starts_with("run") || name.starts_with("wait")
            } else {
                !only_looks(name) && !call.range().contains_range(self.making)
            };
        }
        TraversalSignal::Traverse
    }
}

pub(super) fn is_new_collection(source: &Source<'_>, value: &ast::Expr) -> bool {
    match value {
        ast::Expr::List(list) => list.len() <= MOST_USES,
        ast::Expr::Set(set) => set.len() <= MOST_USES,
        ast::Expr::Tuple(tuple) => tuple.len() <= MOST_USES,
        ast::Expr::ListComp(_) | ast::Expr::SetComp(_) | ast::Expr::DictComp(_) => true,
        ast::Expr::Call(call) => {
            call.arguments.is_empty() && source.is_builtin(&call.func, &["list", "set"])
        }
        _ => false,
    }
}

/// Whether the use at `path` of a list or the like gives nobody what is in it.
pub(super) fn is_looked_at(source: &Source<'_>, path: &Path<'_>) -> bool {
    match path.parent() {
        Some(AnyNodeRef::StmtDelete(_)) => true,
        Some(AnyNodeRef::ExprAttribute(_)) => {
            method_called(path).is_some_and(|method| PUT_AWAY.contains(&method))
        }
        // `task in tasks`.
        Some(AnyNodeRef::ExprCompare(it)) if it.left.range() != path.node().range() => {
            matches!(&*it.ops, [ast::CmpOp::In | ast::CmpOp::NotIn])
        }
        _ => is_tested(path) || is_shown(source, path) || source.is_argument_of(path, &["len"]),
    }
}

/// Whether the object at `path` is only asked for its truth or its identity, or for nothing at all.
fn is_tested(path: &Path<'_>) -> bool {
    let mut value = path.node().range();
    for around in path.around() {
        let is_value = |expr: &ast::Expr| expr.range() == value;
        return match around {
            AnyNodeRef::ExprBoolOp(_) => {
                value = around.range();
                continue;
            }
            AnyNodeRef::ExprUnaryOp(negation) => negation.op == ast::UnaryOp::Not,
            AnyNodeRef::ExprCompare(comparison) => {
                value == path.node().range()
                    && (comparison.ops.iter())
                        .all(|it| matches!(it, ast::CmpOp::Is | ast::CmpOp::IsNot))
            }
            AnyNodeRef::ExprIf(branches) => is_value(&branches.test),
            AnyNodeRef::StmtIf(branches) => is_value(&branches.test),
            AnyNodeRef::ElifElseClause(clause) => clause.test.as_ref().is_some_and(is_value),
            AnyNodeRef::StmtWhile(statement) => is_value(&statement.test),
            AnyNodeRef::StmtAssert(assertion) => is_value(&assertion.test),
            AnyNodeRef::StmtExpr(_) => true,
            _ => false,
        };
    }
    false
}

/// Whether the object at `path` is only written as text, or asked what it is.
fn is_shown(source: &Source<'_>, path: &Path<'_>) -> bool {
    let value = path.node().range();
    match path.parent() {
        // A template string keeps the values, a formatted one only their text.
        Some(AnyNodeRef::InterpolatedElement(element)) => {
            element.expression.range() == value
                && matches!(
                    path.around().find(|it| it.is_expression()),
                    Some(AnyNodeRef::ExprFString(_))
                )
        }
        Some(AnyNodeRef::ExprCall(call)) => {
            let position = call
                .arguments
                .args
                .iter()
                .position(|it| it.range() == value);
            position.is_some_and(|position| shows(source, &call.func, position))
        }
        Some(AnyNodeRef::ExprBinOp(operation)) => formats(operation),
        Some(AnyNodeRef::ExprTuple(_)) => matches!(
            path.up().as_ref().and_then(Path::parent),
            Some(AnyNodeRef::ExprBinOp(operation)) if formats(operation)
        ),
        _ => false,
    }
}

/// Whether calling `callee` only looks at the argument at `position`.
fn shows(source: &Source<'_>, callee: &ast::Expr, position: usize) -> bool {
    if source.is_builtin(callee, LOOK_AT_ALL)
        || position == 0 && source.is_builtin(callee, LOOK_AT_FIRST)
    {
        return true;
    }
    if let Some(name) = source.qualified(callee) {
        return position == 0 && LIBRARY_LOOKS_AT_FIRST.contains(&name.as_str())
            || (name.strip_prefix("logging.")).is_some_and(|name| LOG.contains(&name));
    }
    let ast::Expr::Attribute(method) = callee else {
        return false;
    };
    match &*method.value {
        ast::Expr::StringLiteral(_) | ast::Expr::FString(_) => method.attr.as_str() == "format",
        receiver => {
            LOG.contains(&method.attr.as_str())
                && is_logger(source, receiver)
                && !source.replaces(&method.attr)
        }
    }
}

/// Whether `expr` is a logger of the standard library, as this file shows.
fn is_logger(source: &Source<'_>, expr: &ast::Expr) -> bool {
    if let ast::Expr::Name(name) = expr
        && let Some(id) = source.only_binding(name)
        && let BindingKind::Parameter {
            annotation: Some(annotation),
            ..
        } = source.bindings().binding(id).kind
    {
        let annotation = source.expr_at(annotation);
        return annotation
            .is_some_and(|it| source.qualified(it).as_deref() == Some("logging.Logger"));
    }
    let makes_logger = |value: &ast::Expr| {
        matches!(value, ast::Expr::Call(call)
            if source.qualified(&*call.func).as_deref() == Some("logging.getLogger"))
    };
    makes_logger(expr)
        || source
            .values_of(expr)
            .is_some_and(|values| !values.is_empty() && values.into_iter().all(makes_logger))
}

/// Whether `operation` puts its right side into a text: `"started %s" % task`.
fn formats(operation: &ast::ExprBinOp) -> bool {
    operation.op == ast::Operator::Mod
        && matches!(
            &*operation.left,
            ast::Expr::StringLiteral(_) | ast::Expr::FString(_)
        )
}

/// Whether the object at `path`, which was made at `made`, is asked in passing whether it is over. A loop that
/// does not make it anew asks until it is, and an assertion says that it is.
fn asks_once(source: &Source<'_>, path: &Path<'_>, made: TextRange) -> bool {
    let mut inner = path.node().range();
    let is_of_this_turn = made.contains_range(inner) || sees_it_alone(source, inner, made);
    // The call, of its method or with it, is the question itself.
    let around = path.around().skip_while(|it| !it.is_expr_call()).skip(1);
    for around in around.filter(|it| !it.is_arguments()) {
        let goes_on = match around {
            AnyNodeRef::StmtFunctionDef(_) => return true,
            AnyNodeRef::StmtWhile(statement) => {
                is_of_this_turn
                    && statement.range().contains_range(made)
                    && !statement.test.range().contains_range(inner)
            }
            AnyNodeRef::StmtFor(statement) => {
                is_of_this_turn && statement.range().contains_range(made)
            }
            AnyNodeRef::ExprCall(call) => {
                let mut arguments = call.arguments.args.iter();
                let position = arguments.position(|it| it.range().contains_range(inner));
                position.is_some_and(|position| shows(source, &call.func, position))
            }
            AnyNodeRef::StmtAssert(_)
            | AnyNodeRef::ExprAwait(_)
            | AnyNodeRef::ExprLambda(_)
            | AnyNodeRef::ExprListComp(_)
            | AnyNodeRef::ExprSetComp(_)
            | AnyNodeRef::ExprDictComp(_)
            | AnyNodeRef::ExprGenerator(_) => false,
            _ => true,
        };
        if !goes_on {
            return false;
        }
        inner = around.range();
    }
    true
}

/// Whether the name at `name` stands for what was made at `made`, above it, and for nothing of an earlier turn of a
/// loop.
fn sees_it_alone(source: &Source<'_>, name: TextRange, made: TextRange) -> bool {
    let seen = source.bindings().use_at(name.start());
    made.end() <= name.start()
        && seen.is_some_and(|seen| seen.bindings.len() == 1 && !seen.maybe_unbound)
}
