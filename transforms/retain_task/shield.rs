//! Tasks that only an `asyncio.shield()` refers to which is awaited, or given back for that: where whoever awaits it is
//! cancelled, it lets go of them (gh-94972), and they are to go on.

use asyncmend_edits::Edit;
use asyncmend_pipeline::Finding;
use asyncmend_rewrite::{Helper, Helpers, asyncio_member};
use asyncmend_source::{
    AnyNodeRef, Kind, Path, Ranged, Role, SharedWaits, Site, Source, TextRange, ast,
};

use super::fate::{binding_of_local, uses};
use super::{
    MAY_BE_FUTURE, PATCHED, claims, each_of, fixable, helper, is_new, is_of_new, is_spawned_here,
    refused, spawns_on_the_spot,
};
use crate::reach::UNCLEAR_NAME;

const SHIELD: &str = "asyncio.shield";

/// Methods of event loops and containers that give futures, not coroutines.
const GIVE_FUTURES: &[&str] = &[
    "create_task",
    "get",
    "pop",
    "popleft",
    "run_in_executor",
    "setdefault",
];

/// Whether the expression at `path` may be the argument of a shield, as far as its surroundings tell.
pub(super) fn may_be_around(path: &Path<'_>) -> bool {
    match path.parent() {
        Some(AnyNodeRef::ExprCall(call)) => match &*call.func {
            ast::Expr::Attribute(function) => function.attr.as_str() == "shield",
            // An import may give it any name.
            function => function.is_name_expr(),
        },
        _ => false,
    }
}

/// Whether the task that the expression at `path` gives is handed to a shield that is awaited on the spot or given back
/// for that, and to nobody else.
pub(super) fn is_around(source: &Source<'_>, path: &Path<'_>) -> bool {
    may_be_around(path) && gets(source, path) && may_lose(source, path)
}

/// Whether something may be lost with the future that the expression at `path` gives: one that a gather makes of what
/// others have is nothing without it, and neither is a task that only sleeps or waits for a thread.
fn may_lose(source: &Source<'_>, path: &Path<'_>) -> bool {
    match path.node() {
        AnyNodeRef::ExprCall(call)
            if source.qualified(&*call.func).as_deref() == Some("asyncio.gather") =>
        {
            is_of_new(source, call) || may_be_of_new(source, call)
        }
        AnyNodeRef::ExprCall(call) => {
            let coroutine = call.arguments.find_argument_value("coro", 0);
            !coroutine.is_some_and(|it| goes_on_alone(source, it))
        }
        _ => true,
    }
}

/// Whether nothing is lost with a task of `coroutine`: one that sleeps does nothing, and what a thread does goes on.
fn goes_on_alone(source: &Source<'_>, coroutine: &ast::Expr) -> bool {
    is_call_where(source, coroutine, |call| {
        let name = source.qualified(&*call.func);
        matches!(name.as_deref(), Some("asyncio.sleep" | "asyncio.to_thread"))
    })
}

/// Whether `coroutine` is one of asyncio's: nothing is lost with one that only waits, and what a thread does goes on.
/// An event, lock or queue holds the task that waits for it. That of a `wait_for` awaits what it is given.
fn is_of_asyncio(source: &Source<'_>, coroutine: &ast::Expr) -> bool {
    let waits_for_what_is_there = |call: &ast::ExprCall| {
        let awaited = call.arguments.find_argument_value("fut", 0);
        awaited.is_none_or(|it| {
            matches!(source.kind_of(it), Kind::Task | Kind::Future)
                && !spawns_on_the_spot(source, it)
                || is_of_asyncio(source, it)
        })
    };
    is_call_where(source, coroutine, |call| {
        if is_wait_for(source, &call.func) {
            waits_for_what_is_there(call)
        } else {
            source.is_coroutine_function_of_asyncio(&call.func)
        }
    })
}

/// Whether `expr` is a call of which `is_it` holds, or a name for nothing but such.
fn is_call_where(
    source: &Source<'_>,
    expr: &ast::Expr,
    is_it: impl Fn(&ast::ExprCall) -> bool,
) -> bool {
    let is_one = |value: &ast::Expr| value.as_call_expr().is_some_and(&is_it);
    let values = source.values_of(expr).unwrap_or_default();
    is_one(expr) || !values.is_empty() && values.into_iter().all(is_one)
}

/// Whether all that `call`, a gather, gets may be new: calls of which nothing is known, which mostly give coroutines.
fn may_be_of_new(source: &Source<'_>, call: &ast::ExprCall) -> bool {
    let arguments = &call.arguments.args;
    let may_be_new = |argument: &ast::Expr| {
        let each = each_of(argument);
        each.is_call_expr() && may_make_a_task(source, each)
    };
    !arguments.is_empty() && arguments.iter().all(may_be_new)
}

/// Whether the gather at `site` is one for a shield of its function that may get a future which was there before, and which
/// nobody may ever complete.
pub(super) fn may_get_futures(source: &Source<'_>, site: &Site<'_>) -> bool {
    let mut arguments = site.call.arguments.args.iter();
    !arguments.all(|it| is_new(source, it) || is_spawned_here(source, it))
        && may_be_for_a_shield(source, site)
}

/// Whether `callee` is `asyncio.wait_for`, or is called like what is written in the place of that.
fn is_wait_for(source: &Source<'_>, callee: &ast::Expr) -> bool {
    let name = callee.as_name_expr().map(|it| it.id.as_str());
    name == Some(Helper::WaitFor.usual_name())
        || source.qualified(callee).as_deref() == Some("asyncio.wait_for")
}

/// Whether the expression at `path` is what a shield gets that is awaited on the spot or given back.
fn gets(source: &Source<'_>, path: &Path<'_>) -> bool {
    let Some(shield) = path.up() else {
        return false;
    };
    let AnyNodeRef::ExprCall(call) = shield.node() else {
        return false;
    };
    argument_of(call).is_some_and(|it| it.range() == path.node().range())
        && source.qualified(&*call.func).as_deref() == Some(SHIELD)
        && is_waited_for(source, &shield)
}

/// Whether the `ensure_future` at `site`, for a shield of its function, may get a future, which nobody may ever complete:
/// something that is there already, and of which nothing is known. Most calls make coroutines.
pub(super) fn may_get_future(source: &Source<'_>, site: &Site<'_>) -> bool {
    let may_be_one = |it: &ast::Expr| {
        source.kind_of(it) != Kind::Coroutine
            && !spawns_on_the_spot(source, it)
            && it.as_call_expr().is_none_or(gives_future)
    };
    (site.call.arguments.args.first()).is_some_and(may_be_one) && may_be_for_a_shield(source, site)
}

/// Whether a shield of the function in which `site` stands may get what its call gives.
fn may_be_for_a_shield(source: &Source<'_>, site: &Site<'_>) -> bool {
    let has_shield = |name: &str| match site.path.function() {
        Some(function) => source.has_word(name, function.range()),
        None => true,
    };
    let has_alias = || (source.aliases_of(&["shield"]).into_iter()).any(has_shield);
    !matches!(site.path.role(), Role::Statement(_)) && (has_shield("shield") || has_alias())
}

/// Whether `call` is of a method of [`GIVE_FUTURES`].
fn gives_future(call: &ast::ExprCall) -> bool {
    let method = call.func.as_attribute_expr();
    method.is_some_and(|it| GIVE_FUTURES.contains(&it.attr.as_str()))
}

/// The same of a use at `path` of a local that takes what the expression at `made` gives: a loop that uses it again and
/// again waits for it.
pub(super) fn is_around_use(source: &Source<'_>, path: &Path<'_>, made: &Path<'_>) -> bool {
    may_be_around(path)
        && gets(source, path)
        && may_lose(source, made)
        && !is_used_again(path, made.node().range())
}

/// Whether a loop uses again and again, at `path`, what was made at `made`.
pub(super) fn is_used_again(path: &Path<'_>, made: TextRange) -> bool {
    path.around().any(|node| {
        let is_loop = matches!(node, AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_));
        is_loop && !node.range().contains_range(made)
    })
}

/// The only argument of `call`, a shield.
fn argument_of(call: &ast::ExprCall) -> Option<&ast::Expr> {
    let only = (call.arguments.len() == 1).then(|| call.arguments.find_argument_value("arg", 0));
    only.flatten().filter(|it| !it.is_starred_expr())
}

/// Whether the future of the shield at `path` is there to be awaited, on the spot or by whoever gets it from its function.
fn is_waited_for(source: &Source<'_>, path: &Path<'_>) -> bool {
    is_given_back(path) || is_awaited(source, path)
}

fn is_given_back(path: &Path<'_>) -> bool {
    matches!(path.role(), Role::Returned(_))
}

/// Whether `call`, at `path`, is a shield that its function gives back, so that what it gets is kept there and whoever
/// gets the shield need not keep that.
pub(super) fn is_mended_where_it_is_made(path: &Path<'_>, call: &ast::ExprCall) -> bool {
    is_given_back(path) && argument_of(call).is_some()
}

/// Whether the future of the shield at `path` is awaited, by a name of its own too, and nothing else becomes of it.
fn is_awaited(source: &Source<'_>, path: &Path<'_>) -> bool {
    let Role::Assigned(assign) = path.role() else {
        return is_awaited_here(path);
    };
    let [ast::Expr::Name(name)] = &*assign.targets else {
        return false;
    };
    let uses = binding_of_local(source, name).and_then(|binding| uses(source, binding));
    uses.is_some_and(|uses| !uses.is_empty() && uses.iter().all(is_awaited_here))
}

/// Whether the future that the expression at `path` gives is awaited where it stands: alone or with others, for some time
/// or as long as it takes, and whatever else may be awaited in its place.
fn is_awaited_here(path: &Path<'_>) -> bool {
    let Some(up) = path.up() else {
        return false;
    };
    match up.node() {
        AnyNodeRef::ExprAwait(_) => true,
        AnyNodeRef::ExprIf(branches) => {
            branches.test.range() != path.node().range() && is_awaited_here(&up)
        }
        // What stands for `wait_for()` and `gather()` in their places, too.
        AnyNodeRef::ExprCall(call) => {
            let is_argument = call.func.range() != path.node().range();
            is_argument
                && SharedWaits::is_wrapper(&call.func)
                && matches!(up.parent(), Some(AnyNodeRef::ExprAwait(_)))
        }
        _ => false,
    }
}

/// A shield that makes a task of what it gets, as far as that is known.
pub(super) struct Shield<'s> {
    site: Site<'s>,
    coroutine: &'s ast::Expr,
    /// It is known to be one.
    is_known: bool,
    /// What is called may be something else than a shield.
    is_unclear: bool,
}

/// Those that are awaited on the spot or given back.
pub(super) fn shields<'s>(source: &'s Source<'_>) -> Vec<Shield<'s>> {
    let calls = source.calls_that_may_be(&[SHIELD], |site| is_waited_for(source, &site.path));
    calls
        .into_iter()
        .filter_map(|call| {
            let coroutine = argument_of(call.site.call)?;
            may_make_a_task(source, coroutine).then(|| Shield {
                is_known: source.kind_of(coroutine) == Kind::Coroutine,
                is_unclear: call.is_unclear,
                site: call.site,
                coroutine,
            })
        })
        .collect()
}

/// Whether a shield makes a task of `argument` with which something may be lost. Most calls of which nothing is known
/// give coroutines, unless they are handed a task, which they may keep, or take something out of a container.
fn may_make_a_task(source: &Source<'_>, argument: &ast::Expr) -> bool {
    let ast::Expr::Call(call) = argument else {
        return match source.kind_of(argument) {
            Kind::Coroutine => !is_of_asyncio(source, argument),
            Kind::Unknown => {
                let values = source.values_of(argument).unwrap_or_default();
                matches!(&*values, [only] if only.is_call_expr() && may_make_a_task(source, only))
                    && is_awaited_once(source, argument)
            }
            _ => false,
        };
    };
    let gets_task = || {
        let mut arguments = call.arguments.args.iter();
        arguments.any(|it| source.kind_of(it) == Kind::Task || spawns_on_the_spot(source, it))
    };
    // A plain function of the file gives what it likes; a coroutine function may be decorated, or overridden elsewhere.
    let may_give_coroutine = |callee: &ast::Expr| {
        let functions = source.functions(callee);
        functions.is_none_or(|all| all.iter().any(|it| it.is_async))
    };
    match source.kind_of(argument) {
        Kind::Coroutine => !is_of_asyncio(source, argument),
        Kind::Unknown => {
            !gives_future(call)
                && may_give_coroutine(&call.func)
                && !is_of_asyncio(source, argument)
                && !gets_task()
        }
        _ => false,
    }
}

/// Whether the name at `argument` of a shield is used for nothing but the `await` around that, once, as a coroutine is.
fn is_awaited_once(source: &Source<'_>, argument: &ast::Expr) -> bool {
    let path = source.path_to(argument.range());
    let awaited = path
        .around()
        .find(|it| matches!(it, AnyNodeRef::ExprAwait(_)));
    let binding = argument
        .as_name_expr()
        .and_then(|it| source.only_binding(it));
    let (Some(awaited), Some(binding)) = (awaited, binding) else {
        return false;
    };
    let is_inside = |it: &Path<'_>| awaited.range().contains_range(it.node().range());
    uses(source, binding).is_some_and(|uses| uses.iter().all(is_inside))
        && !is_used_again(&path, source.bindings().binding(binding).target)
}

impl Ranged for Shield<'_> {
    fn range(&self) -> TextRange {
        self.site.call.range()
    }
}

impl Shield<'_> {
    /// Where the expression stands that it gets.
    pub(super) fn argument(&self) -> TextRange {
        self.coroutine.range()
    }

    /// What can be done about it: the shield is handed a task that is kept, which it would make in the same way.
    pub(super) fn judged(&self, source: &Source<'_>, helpers: &Helpers<'_, '_>) -> Finding {
        let at = self.range();
        if self.is_unclear {
            return refused(at, &UNCLEAR_NAME);
        }
        if ["shield", "ensure_future"]
            .iter()
            .any(|member| source.patches_asyncio(member))
        {
            return refused(at, &PATCHED);
        }
        let path = source.path_to(self.coroutine.range());
        let keep = match helper(source, helpers, &path) {
            Ok(helper) => helper,
            Err(refusal) => return refused(at, refusal),
        };
        let ensure = asyncio_member(source, &path, &self.site.call.func, "ensure_future");
        let mut edits = [keep.edits, ensure.edits].concat();
        edits.extend([
            Edit::insert(
                self.coroutine.start(),
                format!("{}({}(", keep.name, ensure.text),
            ),
            Edit::insert(self.coroutine.end(), "))"),
        ]);
        let cautions = if self.is_known {
            Vec::new()
        } else {
            vec![&MAY_BE_FUTURE]
        };
        let what = format!(
            "keep the task until it is done with `{}`: when its awaiter is cancelled, the shield lets go of it",
            keep.name
        );
        fixable(at, claims(&path), what, cautions, edits)
    }
}
