//! A function that makes a task, handed to an event loop as a callback: `call_soon(loop.create_task, c)`.

use asyncmend_pipeline::Finding;
use asyncmend_rewrite::{Helper, Helpers, argument_between};
use asyncmend_source::{Path, Ranged, Source, Style, ast};

use super::{
    PATCHED, UNCLEAR_CALLBACK, UNKNOWN_RECEIVER, claims, fixable, refused, spawns_by_method,
};
use crate::reach::{HELPER_OUT_OF_REACH, OTHER_STYLE};

/// Methods that call their callback and drop what it returns, and the place of the callback.
const CALLERS: &[(&str, usize)] = &[
    ("add_signal_handler", 1),
    ("call_at", 1),
    ("call_later", 1),
    ("call_soon", 0),
    ("call_soon_threadsafe", 0),
];

/// A function that makes a task, handed to something that calls it and drops the result.
pub(super) struct Callback<'s> {
    callee: &'s ast::Expr,
    path: Path<'s>,
    /// How many arguments it is called with; unknown where some are unpacked.
    arguments: Option<usize>,
    unknown_receiver: bool,
}

/// Every such function of the file.
pub(super) fn callbacks<'s>(source: &'s Source<'_>) -> Vec<Callback<'s>> {
    let callers = source.calls(|call| caller(call).is_some());
    callers
        .into_iter()
        .filter_map(|site| {
            let index = caller(site.call)?;
            let arguments = &site.call.arguments.args;
            let callee = arguments.get(index)?;
            let unknown_receiver = spawns_when_called(source, callee)?;
            let unpacked = arguments.iter().any(ast::Expr::is_starred_expr);
            Some(Callback {
                callee,
                arguments: (!unpacked).then(|| arguments.len() - index - 1),
                path: source.path_to(callee.range()),
                unknown_receiver,
            })
        })
        .collect()
}

fn caller(call: &ast::ExprCall) -> Option<usize> {
    let ast::Expr::Attribute(method) = &*call.func else {
        return None;
    };
    CALLERS
        .iter()
        .find(|(name, _)| method.attr.as_str() == *name)
        .map(|(_, index)| *index)
}

/// Whether calling `callee` makes a task, and if so whether that is uncertain.
fn spawns_when_called(source: &Source<'_>, callee: &ast::Expr) -> Option<bool> {
    if source.is_said_to_keep_task(callee) {
        return None;
    }
    if let Some(name) = source.qualified(callee) {
        let spawns = matches!(
            name.as_str(),
            "asyncio.create_task" | "asyncio.ensure_future" | "asyncio.Task"
        );
        return spawns.then_some(false);
    }
    match callee {
        ast::Expr::Attribute(method) if method.attr.as_str() == "create_task" => {
            spawns_by_method(source, callee)
        }
        _ => None,
    }
}

/// What can be done about one.
pub(super) fn judged(
    source: &Source<'_>,
    helpers: &Helpers<'_, '_>,
    callback: &Callback<'_>,
) -> Finding {
    let at = callback.callee.range();
    let Some(arguments) = callback.arguments else {
        return refused(at, &UNCLEAR_CALLBACK);
    };
    if source.patches_asyncio("create_task") {
        return refused(at, &PATCHED);
    }
    if source.preferences().retain_task == Style::Idiom {
        return refused(at, &OTHER_STYLE);
    }
    if !helpers.are_in_reach(Helper::KeepTask, &callback.path) {
        return refused(at, &HELPER_OUT_OF_REACH);
    }
    let helper = helpers.get(Helper::KeepTask);
    let names: Vec<String> = match arguments {
        1 => vec!["coro".to_string()],
        _ => (1..=arguments)
            .map(|number| format!("arg{number}"))
            .collect(),
    };
    let passed = names.join(", ");
    let mut edits = helper.edits;
    let is_shadowed = names
        .iter()
        .any(|name| source.slice(at).split('.').any(|part| part == name));
    let (before, after) = if source.is_bound_for_good(callback.callee) && !is_shadowed {
        let blank = if passed.is_empty() { "" } else { " " };
        (
            format!("lambda{blank}{passed}: {}(", helper.name),
            format!("({passed}))"),
        )
    } else {
        // What the callback is has to be found out now, not when it is called.
        let separator = if passed.is_empty() { "" } else { ", " };
        (
            format!("lambda {passed}{separator}create_task="),
            format!(": {}(create_task({passed}))", helper.name),
        )
    };
    edits.extend(argument_between(source, &callback.path, &before, &after));
    let cautions = if callback.unknown_receiver {
        vec![&UNKNOWN_RECEIVER]
    } else {
        Vec::new()
    };
    fixable(at, claims(&callback.path), &helper.name, cautions, edits)
}
