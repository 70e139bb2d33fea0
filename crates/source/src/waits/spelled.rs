//! What calls do with what they are given, by how the function that is called is spelled.

use ruff_python_ast::{self as ast, Expr};

use crate::decorators::last_name;

/// Builtins that give one of what is in their first argument.
pub(super) const GIVE_ONE: &[&str] = &["max", "min", "next"];

/// Builtins and the like that give what is in their arguments.
pub(super) const PASS_ON: &[&str] = &[
    "deque",
    "dict",
    "enumerate",
    "filter",
    "frozenset",
    "iter",
    "list",
    "reversed",
    "set",
    "sorted",
    "tuple",
    "zip",
];

/// Methods of containers that give what is in there.
pub(super) const COPY: &[&str] = &["copy", "items", "keys", "values"];

/// Functions of asyncio, helpers and `typing.cast()` that give back a task or future that they are given, or what waits
/// for it, and give it to nobody else.
pub(super) const WRAP: &[&str] = &[
    "cast",
    "ensure_future",
    "gather",
    "gather_or_cancel",
    "keep_task",
    "shield",
    "wait",
    "wait_for",
    "wrap_future",
];

/// Builtins that give nobody what they are given, beside [`GIVE_ONE`] and [`PASS_ON`]: they look at it.
pub(super) const LOOK_AT: &[&str] = &[
    "all",
    "any",
    "bool",
    "callable",
    "format",
    "getattr",
    "hasattr",
    "hash",
    "id",
    "isinstance",
    "len",
    "print",
    "repr",
    "str",
    "type",
];

/// Functions and methods that give nobody what they are given, whatever they are of: they look at it, log it, or hold it
/// until it is done.
pub(super) const GIVE_NOBODY: &[&str] = &[
    "as_completed",
    "assertFalse",
    "assertIsInstance",
    "assertIsNotNone",
    "assertTrue",
    "critical",
    "debug",
    "discard",
    "error",
    "exception",
    "format",
    "info",
    "isawaitable",
    "iscoroutine",
    "isfuture",
    "keep_task",
    "ref",
    "shuffle",
    "warning",
];

/// What objects with a method `log()` are called that does no more than that.
pub(super) const LOGGERS: &[&str] = &["log", "logger", "logging"];

/// Methods of a task that tell how it is or end it, and keep nothing.
pub const ASKING: [&str; 6] = [
    "cancel",
    "cancelled",
    "done",
    "exception",
    "get_name",
    "result",
];

/// Whether `value` is a list, set or the like that is made there.
pub(super) fn is_new_container(value: &Expr) -> bool {
    match value {
        Expr::Call(call) => is_call_of(call, PASS_ON) || is_call_of(call, &["set"]),
        Expr::List(_)
        | Expr::Set(_)
        | Expr::Dict(_)
        | Expr::Tuple(_)
        | Expr::ListComp(_)
        | Expr::SetComp(_)
        | Expr::DictComp(_) => true,
        value => waited_in(value).is_some(),
    }
}

/// The element `a` of `(a, b)[0]`.
pub(super) fn one_of(item: &ast::ExprSubscript) -> Option<&Expr> {
    let elements = match &*item.value {
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::List(list) => &list.elts,
        _ => return None,
    };
    let index = item.slice.as_number_literal_expr()?.value.as_int()?;
    elements.get(index.as_usize()?)
}

/// The tasks that `value` waits for with `asyncio.wait()` or the like, which gives back those that are done and the
/// others.
pub(super) fn waited_in(value: &Expr) -> Option<&Expr> {
    let call = value.as_await_expr()?.value.as_call_expr()?;
    let tasks = call.arguments.find_argument_value("fs", 0)?;
    (last_name(&call.func) == Some("wait") && wraps(call)).then_some(tasks)
}

/// The object and the name of the method that `call` calls.
pub(super) fn method(call: &ast::ExprCall) -> Option<(&Expr, &str)> {
    match &*call.func {
        Expr::Attribute(attribute) => Some((&attribute.value, &attribute.attr)),
        _ => None,
    }
}

/// Whether `value` is a future that is made there, which somebody else has to give its result: it finds the future.
pub(super) fn makes_future(value: &Expr) -> bool {
    value
        .as_call_expr()
        .and_then(|call| last_name(&call.func))
        .is_some_and(|name| matches!(name, "Future" | "create_future"))
}

/// The object out of which `call` takes something, if that is a dict, a list or the like.
pub(super) fn taken_from(call: &ast::ExprCall) -> Option<&Expr> {
    let (container, name) = method(call)?;
    let takes = match name {
        "get" | "setdefault" => !call.arguments.args.is_empty(),
        "pop" | "popitem" | "popleft" => true,
        _ => false,
    };
    takes.then_some(container)
}

/// Whether `call` is one of something called as one of the builtins `names`.
pub(super) fn is_call_of(call: &ast::ExprCall, names: &[&str]) -> bool {
    let name = call.func.as_name_expr();
    name.is_some_and(|name| names.contains(&name.id.as_str()))
}

/// Whether `call` is one of something called as one of asyncio's functions that wrap what they are given.
pub(super) fn wraps(call: &ast::ExprCall) -> bool {
    let is_known = match &*call.func {
        Expr::Attribute(attribute) => {
            matches!(last_name(&attribute.value), Some("asyncio" | "typing"))
        }
        callee => callee.is_name_expr(),
    };
    let name = last_name(&call.func).map(|it| it.trim_start_matches('_'));
    is_known && name.is_some_and(|it| WRAP.contains(&it))
}

/// Whether `call`, one of something called `name` that is not of this file, gives nobody what it is given, but back.
pub(super) fn gives_nobody(call: &ast::ExprCall, name: &str) -> bool {
    let builtins = [GIVE_ONE, LOOK_AT, PASS_ON];
    let is_logger = |holder: &Expr| {
        let name = last_name(holder).unwrap_or_default().trim_matches('_');
        LOGGERS.iter().any(|it| name.eq_ignore_ascii_case(it))
    };
    GIVE_NOBODY.contains(&name)
        || name == "log" && method(call).is_some_and(|(holder, _)| is_logger(holder))
        || wraps(call)
        || builtins.iter().any(|it| is_call_of(call, it))
}

/// Whether `call` is `map(asyncio.Task.done, tasks)` or the like, which asks each how it is.
pub(super) fn asks_each(call: &ast::ExprCall) -> bool {
    let is_of_asyncio = |class: &Expr| {
        class.as_attribute_expr().is_some_and(|class| {
            let module = class.value.as_name_expr();
            matches!(class.attr.as_str(), "Future" | "Task")
                && module.is_some_and(|it| it.id == "asyncio")
        })
    };
    let method = (call.arguments.args.first()).and_then(Expr::as_attribute_expr);
    is_call_of(call, &["map"])
        && method.is_some_and(|it| ASKING.contains(&it.attr.as_str()) && is_of_asyncio(&it.value))
}
