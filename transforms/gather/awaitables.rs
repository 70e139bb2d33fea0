//! Where the awaitables of a gather come from: made for it, or held by others too.

use std::cell::RefCell;
use std::collections::HashMap;

use asyncmend_source::{
    AnyNodeRef, Binding, BindingId, BindingKind, Kind, Kinds, Path, Ranged, ScopeId, Source,
    TextRange, TextSize, ast, once,
};

use super::layout::comprehension;
use super::private;

/// Where an argument comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// What it is for itself.
    pub form: Form,
    /// Who else may hold it or what it awaits, which is cancelled with it.
    pub share: Share,
}

/// What an argument is for itself, the least trouble first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// A coroutine, proven: a `TaskGroup` takes it.
    Coroutine,
    /// A task that `asyncio.create_task()` makes of a coroutine here: a `TaskGroup` can make it instead.
    Spawned,
    /// Surely something else.
    Other,
    /// Nothing is known of it.
    Unknown,
}

/// Who else may hold an argument or what it awaits, the least trouble first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Share {
    /// Nobody.
    Nobody,
    /// It is made here, and awaits something of which [`Share::Unknown`] holds; or it is a coroutine that is not made here,
    /// and what it awaits, nothing tells.
    Passed,
    /// What a call gives back: whether others hold it, nothing tells.
    Unknown,
    /// Others.
    Others,
}

impl Origin {
    const COROUTINE: Self = Self::new(Form::Coroutine, Share::Nobody);
    /// A coroutine that was there before.
    const GIVEN_COROUTINE: Self = Self::new(Form::Coroutine, Share::Passed);
    const SPAWNED: Self = Self::new(Form::Spawned, Share::Nobody);
    /// A task or future that the argument itself makes.
    const NEW: Self = Self::new(Form::Other, Share::Nobody);
    /// What a call gives back that is surely no coroutine.
    const AWAITABLE: Self = Self::new(Form::Other, Share::Unknown);
    /// What a call gives back about which nothing is known.
    const UNKNOWN_CALL: Self = Self::new(Form::Unknown, Share::Unknown);
    /// A task or future that others may hold.
    const TASK: Self = Self::new(Form::Other, Share::Others);
    /// Something that was there before, about which nothing is known.
    const ELSEWHERE: Self = Self::new(Form::Unknown, Share::Others);

    const fn new(form: Form, share: Share) -> Self {
        Self { form, share }
    }

    /// The worse of both, in either respect.
    fn or(self, other: Self) -> Self {
        Self::new(self.form.max(other.form), self.share.max(other.share))
    }

    /// That of what was made by an earlier statement: a task is there already.
    fn made_before(self) -> Self {
        match self.form {
            Form::Spawned => self.or(Self::NEW),
            _ => self,
        }
    }

    /// That of something of this origin which awaits something of the origin `awaited`.
    fn awaiting(self, awaited: Self) -> Self {
        let share = match awaited.share {
            Share::Unknown => Share::Passed,
            share => share,
        };
        Self::new(self.form, self.share.max(share))
    }

    /// Whether it is made where this function shows it, or awaits at most what is not shown.
    pub fn is_made_here(self) -> bool {
        self.share <= Share::Passed
    }
}

/// How often names and displays are looked through.
const MAX_DEPTH: usize = 8;

/// A look at one argument of a gather.
#[derive(Debug, Clone, Copy)]
struct Look<'k> {
    /// The argument as it stands in the call.
    argument: TextRange,
    /// How often names and displays may still be looked through.
    depth: usize,
    /// What was found out on the way: a name may be met over and over.
    known: &'k Known,
}

/// What was found out of names, by where they stand and how often others might still be looked through.
type Known = RefCell<HashMap<(Part, TextSize, usize), Option<Origin>>>;

/// What of the value of a name is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    /// The value itself.
    Whole,
    /// What is in it, which is a list.
    Elements,
    /// The values in it, which is a dict.
    Values,
}

impl Look<'_> {
    /// What `find` finds out of that part of what `name` stands for, once.
    fn once(
        self,
        part: Part,
        name: &ast::ExprName,
        find: impl FnOnce() -> Option<Origin>,
    ) -> Option<Origin> {
        let key = (part, name.start(), self.depth);
        once(self.known, key, find)
    }

    fn deeper(self) -> Option<Self> {
        let depth = self.depth.checked_sub(1)?;
        Some(Self { depth, ..self })
    }

    /// Whether the use at `offset` of what `name` stands for, in the gather itself or where it is put into what
    /// that unpacks, hands it to nobody.
    fn is_private(self, source: &Source<'_>, offset: TextSize, name: &ast::ExprName) -> bool {
        if self.argument.contains_range(name.range()) {
            private::is_private(source, offset, name)
        } else {
            private::is_asked_before(source, offset, name, self.argument)
        }
    }

    /// Whether the gather may be reached again, after a failure, with what was bound at `target` before.
    fn may_come_back(self, source: &Source<'_>, target: TextRange) -> bool {
        private::may_come_back(source, self.argument, target)
    }
}

/// The origin of one argument; of a starred one, of the worst thing that it unpacks.
pub(crate) fn origin(source: &Source<'_>, argument: &ast::Expr) -> Origin {
    let look = Look {
        argument: argument.range(),
        depth: MAX_DEPTH,
        known: &Known::default(),
    };
    match argument {
        ast::Expr::Starred(starred) => of_each_shown_or_known(source, &starred.value, look),
        other => of_one(source, other, look),
    }
}

fn of_one(source: &Source<'_>, expr: &ast::Expr, look: Look<'_>) -> Origin {
    let Some(look) = look.deeper() else {
        return Origin::ELSEWHERE;
    };
    match expr {
        ast::Expr::Starred(starred) => of_each_shown_or_known(source, &starred.value, look),
        ast::Expr::Call(call) => of_call(source, expr, call, look),
        ast::Expr::If(branches) => {
            of_one(source, &branches.body, look).or(of_one(source, &branches.orelse, look))
        }
        ast::Expr::BoolOp(operands) => of_all(source, awaitable_operands(operands), look),
        // The name may be read anywhere.
        ast::Expr::Named(named) => of_one(source, &named.value, look).or(Origin::TASK),
        ast::Expr::Name(name) => of_name(source, name, look),
        // Any code may give an attribute or an item another value than this file shows.
        ast::Expr::Attribute(_) | ast::Expr::Subscript(_) => {
            of_held(source.kinds_of(expr)).or(Origin::TASK)
        }
        _ => of_held(source.kinds_of(expr)),
    }
}

/// Those of `operands` that their value can be, as it is true and nothing else can be awaited.
fn awaitable_operands(operands: &ast::ExprBoolOp) -> &[ast::Expr] {
    match (operands.op, operands.values.split_last()) {
        (ast::BoolOp::And, Some((last, _))) => std::slice::from_ref(last),
        _ => &operands.values,
    }
}

/// The origin of what `expr`, which is `call`, gives back: that of what it is for itself, and of what it awaits, as which counts what the
/// call is given to wrap.
fn of_call(source: &Source<'_>, expr: &ast::Expr, call: &ast::ExprCall, look: Look<'_>) -> Origin {
    if is_result_of_task(source, call) {
        // As what an `await` gives, it was there before.
        return of_held(source.kinds_of(expr));
    }
    let itself = if spawned(source, call) {
        Origin::SPAWNED
    } else {
        worst(source.kinds_of(expr), |kind| match kind {
            Kind::Coroutine => Origin::COROUTINE,
            Kind::OtherAwaitable => Origin::AWAITABLE,
            Kind::Task | Kind::Future if source.makes_new_awaitable(expr) => Origin::NEW,
            Kind::Task | Kind::Future => Origin::TASK,
            Kind::Unknown if makes_futures(source, &call.func) => Origin::AWAITABLE,
            // gather() raises TypeError of anything else: what says so is wrong.
            _ => Origin::UNKNOWN_CALL,
        })
    };
    let Some(awaited) = of_what_awaits(source, call, look) else {
        return itself;
    };
    if takes_coroutines_alone(source, call) && awaited == Origin::UNKNOWN_CALL {
        // What is called makes a coroutine after all.
        return itself;
    }
    match source.qualified(&call.func).as_deref() {
        // Gives back what it is given where that is a future already.
        Some("asyncio.ensure_future") if itself != Origin::SPAWNED => {
            Origin::new(Form::Other, awaited.share)
        }
        _ => itself.awaiting(awaited),
    }
}

/// Whether `call` asks a task for its result that this function makes, as a task group's are asked.
fn is_result_of_task(source: &Source<'_>, call: &ast::ExprCall) -> bool {
    let ast::Expr::Attribute(method) = &*call.func else {
        return false;
    };
    let ast::Expr::Name(task) = &*method.value else {
        return false;
    };
    if method.attr.as_str() != "result" || !call.arguments.is_empty() {
        return false;
    }
    let makes_task = |expr: &ast::Expr| {
        let callee = expr.as_call_expr().map(|it| &*it.func);
        let method = callee.and_then(ast::Expr::as_attribute_expr);
        method.is_some_and(|it| it.attr.as_str() == "create_task")
    };
    let makes_tasks = |expr: &ast::Expr| match expr {
        ast::Expr::List(list) => list.elts.iter().any(makes_task),
        other => comprehension(other).is_some_and(|(element, _)| makes_task(element)),
    };
    let holds_tasks = |name: &ast::ExprName| {
        let Some(list) = List::of(source, name) else {
            return false;
        };
        let adds_task = |offset: &TextSize| {
            let path = source.path_to_name(*offset);
            Addition::of(&path).is_some_and(|it| makes_task(it.value) || makes_tasks(it.value))
        };
        makes_tasks(list.value) || list.uses.iter().any(adds_task)
    };
    let Some(id) = source.only_binding(task) else {
        return false;
    };
    let binding = source.bindings().binding(id);
    match binding.kind {
        BindingKind::Assignment { value, .. } => source.expr_at(value).is_some_and(makes_task),
        BindingKind::For { iterable } => {
            let iterable = source.expr_at(iterable).and_then(ast::Expr::as_name_expr);
            iterable.is_some_and(holds_tasks)
        }
        _ => false,
    }
}

/// The worst origin of what is cancelled with what `call` gives back; none where there is nothing.
fn of_what_awaits(source: &Source<'_>, call: &ast::ExprCall, look: Look<'_>) -> Option<Origin> {
    let waits = source.shared_waits(&call.func);
    let Some(given) = waits.arguments(call).filter(|_| !waits.others) else {
        return Some(Origin::TASK);
    };
    let unknown = waits.unknown.then_some(Origin::UNKNOWN_CALL);
    let origins = given.into_iter().map(|it| of_one(source, it, look));
    origins.chain(unknown).reduce(Origin::or)
}

/// Whether `call` makes a task of what it is given, and raises `TypeError` where that is no coroutine.
fn takes_coroutines_alone(source: &Source<'_>, call: &ast::ExprCall) -> bool {
    match source.qualified(&call.func).as_deref() {
        Some(name) => matches!(name, "asyncio.create_task" | "asyncio.Task"),
        None => source.makes_tasks_of_loop(&call.func),
    }
}

/// Whether calling `function` gives no coroutine, as its name alone says, but a task or future, whatever it is of.
fn makes_futures(source: &Source<'_>, function: &ast::Expr) -> bool {
    let name = source.qualified(function);
    match (name.as_deref(), function) {
        (Some(name), _) => {
            let known = ["create_task", "ensure_future", "shield", "wrap_future"];
            (name.strip_prefix("asyncio.")).is_some_and(|it| known.contains(&it))
        }
        (None, ast::Expr::Attribute(method)) => {
            matches!(method.attr.as_str(), "create_task" | "run_in_executor")
        }
        _ => false,
    }
}

/// Whether a call makes a task of a coroutine, as `TaskGroup.create_task()` would of the same arguments.
pub(super) fn spawned(source: &Source<'_>, call: &ast::ExprCall) -> bool {
    let arguments = &call.arguments;
    let [only] = &arguments.args[..] else {
        return false;
    };
    let takes_the_same = !only.is_starred_expr()
        && (arguments.keywords.iter())
            .all(|keyword| matches!(keyword.arg.as_deref(), Some("context" | "name")));
    takes_the_same
        && match source.qualified(&call.func).as_deref() {
            // Takes nothing but coroutines.
            Some("asyncio.create_task") => true,
            Some("asyncio.ensure_future") => {
                arguments.keywords.is_empty() && source.kind_of(only) == Kind::Coroutine
            }
            _ => false,
        }
}

/// The origin of something that was there before and is of one of `kinds`.
fn of_held(kinds: Kinds) -> Origin {
    worst(kinds, |kind| match kind {
        Kind::Coroutine => Origin::GIVEN_COROUTINE,
        Kind::OtherAwaitable => Origin::AWAITABLE,
        Kind::Task | Kind::Future => Origin::TASK,
        _ => Origin::ELSEWHERE,
    })
}

/// The worst origin that one of `kinds` has.
fn worst(kinds: Kinds, of: impl Fn(Kind) -> Origin) -> Origin {
    (kinds.iter().map(of).reduce(Origin::or)).unwrap_or(Origin::ELSEWHERE)
}

fn of_name(source: &Source<'_>, name: &ast::ExprName, look: Look<'_>) -> Origin {
    let find = || {
        let origin = of_named(source, name, look);
        // A gather waits once for what it is given twice, and so does the helper; a task cannot be made of it
        // twice.
        let is_given_again = origin.form == Form::Coroutine && may_be_given_again(source, name);
        Some(if is_given_again {
            origin.or(Origin::NEW)
        } else {
            origin
        })
    };
    look.once(Part::Whole, name, find)
        .unwrap_or(Origin::ELSEWHERE)
}

/// Whether what `name` stands for may be given to the gather somewhere else too, or again by a loop or
/// comprehension around that does not bind it anew.
fn may_be_given_again(source: &Source<'_>, name: &ast::ExprName) -> bool {
    let bindings = source.bindings();
    let Some(seen) = bindings.use_at(name.start()) else {
        return true;
    };
    let is_again = |id: &BindingId| {
        let target = bindings.binding(*id).target;
        let uses = bindings.uses_of(*id);
        is_repeated(source, name.range(), target) || !other_uses(source, name, uses).is_empty()
    };
    seen.bindings.is_empty() || seen.bindings.iter().any(is_again)
}

/// Of the uses of a local in so many branches it is asked whether code gets from them to a gather: each answer
/// takes a look at the whole function.
const MAX_BRANCHES: usize = 8;

/// Those of `uses`, of the same local, that are not `name` and that code which gets to `name` may get to.
fn other_uses(source: &Source<'_>, name: &ast::ExprName, mut uses: Vec<TextSize>) -> Vec<TextSize> {
    uses.retain(|offset| *offset != name.start());
    if uses.len() <= MAX_BRANCHES {
        uses.retain(|offset| !are_apart(source, *offset, name.start()));
    }
    uses
}

/// Whether code that gets to one of two uses of a local gets to the other one with another value at most: they
/// stand in different branches.
fn are_apart(source: &Source<'_>, one: TextSize, other: TextSize) -> bool {
    let bindings = source.bindings();
    let around = |offset| {
        let path = source.path_to_name(offset);
        let mut around = path.around().skip_while(|it| !it.is_statement());
        around.nth(1).map(|it| (it.range(), has_one_suite(it)))
    };
    let (one_around, other_around) = (around(one), around(other));
    let in_one_suite =
        one_around == other_around && one_around.is_none_or(|(_, has_one_suite)| has_one_suite);
    !in_one_suite && !bindings.may_get(one, other) && !bindings.may_get(other, one)
}

/// Whether all statements right in `node` stand in a row.
fn has_one_suite(node: AnyNodeRef<'_>) -> bool {
    let has_more = matches!(
        node,
        AnyNodeRef::StmtFor(_) | AnyNodeRef::StmtWhile(_) | AnyNodeRef::StmtTry(_)
    );
    !has_more
}

/// Whether a loop or comprehension around the expression at `range` runs it again without what binds a name of
/// the same function at `target`.
pub(super) fn is_repeated(source: &Source<'_>, range: TextRange, target: TextRange) -> bool {
    let repeats = |around: AnyNodeRef<'_>| {
        let first = match around {
            AnyNodeRef::StmtWhile(_) => None,
            AnyNodeRef::StmtFor(it) => Some(it.iter.range()),
            AnyNodeRef::ExprListComp(it) => it.generators.first().map(|it| it.iter.range()),
            AnyNodeRef::ExprSetComp(it) => it.generators.first().map(|it| it.iter.range()),
            AnyNodeRef::ExprGenerator(it) => it.generators.first().map(|it| it.iter.range()),
            AnyNodeRef::ExprDictComp(it) => it.generators.first().map(|it| it.iter.range()),
            _ => return false,
        };
        let is_once = first.is_some_and(|it| it.contains_range(range));
        !is_once && !around.range().contains_range(target)
    };
    let in_function = |node: &AnyNodeRef<'_>| !matches!(node, AnyNodeRef::StmtFunctionDef(_));
    let path = source.path_to(range);
    path.around().take_while(in_function).any(repeats)
}

fn of_named(source: &Source<'_>, name: &ast::ExprName, look: Look<'_>) -> Origin {
    let all = bound_in_branches(source, name);
    let shown = (all.iter())
        .map(|id| of_bound(source, name, *id, look))
        .collect::<Option<Vec<_>>>();
    if let Some(worst) = shown.and_then(|origins| origins.into_iter().reduce(Origin::or))
        && (all.len() == 1 || worst.share < Share::Others)
    {
        return worst;
    }
    let origin = of_held(source.kinds_of(&ast::Expr::Name(name.clone())));
    if origin == Origin::GIVEN_COROUTINE {
        of_coroutine(source, name, look)
    } else {
        of_chosen(source, name, look).unwrap_or(origin)
    }
}

/// The origin of what `name` stands for that goes through what this function makes, and is only asked whether it is
/// awaitable: `(it for it in made if isawaitable(it))`.
fn of_chosen(source: &Source<'_>, name: &ast::ExprName, look: Look<'_>) -> Option<Origin> {
    let id = source.only_binding(name)?;
    let binding = source.bindings().binding(id);
    if look.may_come_back(source, binding.target) {
        return None;
    }
    let mut others = source.bindings().uses_of(id);
    others.retain(|offset| *offset != name.start());
    let are_asked = (others.iter()).all(|offset| private::is_told_apart(source, *offset));
    let origin = of_each_round(source, binding, look)?.made_before();
    (are_asked && origin.share < Share::Others).then_some(origin)
}

/// The worst origin of what the rounds of a loop or comprehension give a name by `binding`; none where something else
/// binds it.
fn of_each_round(source: &Source<'_>, binding: &Binding, look: Look<'_>) -> Option<Origin> {
    if let BindingKind::For { iterable } = binding.kind {
        return Some(of_iterable(source, source.expr_at(iterable)?, look));
    }
    let path = source.path_to(binding.target);
    let mut around = path.around();
    let AnyNodeRef::ExprTuple(targets) = around.next()? else {
        return None;
    };
    let (target, iterable) = match around.next()? {
        AnyNodeRef::StmtFor(each) => (&*each.target, &*each.iter),
        AnyNodeRef::Comprehension(each) => (&each.target, &each.iter),
        _ => return None,
    };
    let call = iterable.as_call_expr()?;
    let are_plain = target.range() == targets.range()
        && !(targets.elts.iter().chain(&call.arguments.args)).any(ast::Expr::is_starred_expr);
    let index = targets
        .elts
        .iter()
        .position(|it| it.range() == binding.target);
    match (
        &*call.func,
        &call.arguments.args[..],
        index.filter(|_| are_plain)?,
    ) {
        (zip, all, index) if source.is_builtin(zip, &["zip"]) => {
            Some(of_iterable(source, all.get(index)?, look))
        }
        (enumerate, [all, ..], 1) if source.is_builtin(enumerate, &["enumerate"]) => {
            Some(of_iterable(source, all, look))
        }
        (ast::Expr::Attribute(method), [], 1) if method.attr.as_str() == "items" => {
            Some(of_values(source, &method.value, look))
        }
        _ => None,
    }
}

/// The origin of what the binding `id` of a function's local gives to `name`, where this function shows it and nobody
/// else has it.
fn of_bound(
    source: &Source<'_>,
    name: &ast::ExprName,
    id: BindingId,
    look: Look<'_>,
) -> Option<Origin> {
    let (id, value) = bound_to(source, id)?;
    let others = other_uses(source, name, source.bindings().uses_of(id));
    let shown = of_one(source, value, look);
    let origin = match shown.share {
        Share::Unknown if is_declared_task(source, id) => Origin::TASK,
        _ => shown.made_before(),
    };
    let is_private = |offset: &TextSize| match origin.share {
        // Whoever asks it like a task knows more of it than is shown here.
        Share::Unknown => private::is_told_apart(source, *offset),
        _ => look.is_private(source, *offset, name),
    };
    let is_kept = origin.form != Form::Coroutine
        && look.may_come_back(source, source.bindings().binding(id).target);
    let is_own = others.is_empty() || origin.share < Share::Others && others.iter().all(is_private);
    (is_own && !is_kept).then_some(origin)
}

/// Whether the name that the binding `id` gives a value is declared, there or elsewhere in its scope, to hold a task or
/// future, or `None`, which nobody gathers.
fn is_declared_task(source: &Source<'_>, id: BindingId) -> bool {
    let binding = source.bindings().binding(id);
    let all = source.bindings_in(binding.scope, &binding.name);
    all.into_iter().any(|id| {
        let annotation = match source.bindings().binding(id).kind {
            BindingKind::Assignment { annotation, .. } => annotation,
            BindingKind::Declaration { annotation } => Some(annotation),
            _ => None,
        };
        let declared = annotation.and_then(|it| source.expr_at(it));
        declared.is_some_and(|it| {
            let kind = source.kind_annotated_or_none(it);
            matches!(kind, Kind::Task | Kind::Future)
        })
    })
}

/// The origin of what is a coroutine by its type. It has to be declared to be one, or come from a call
/// that makes one, and have no second name here.
fn of_coroutine(source: &Source<'_>, name: &ast::ExprName, look: Look<'_>) -> Origin {
    let Some(id) = source.only_binding(name) else {
        return Origin::ELSEWHERE;
    };
    let binding = source.bindings().binding(id);
    match binding.kind {
        BindingKind::Parameter {
            annotation: Some(_),
            ..
        } => Origin::GIVEN_COROUTINE,
        BindingKind::For { iterable } => match source.expr_at(iterable) {
            Some(iterable) if holds_as_declared(source, iterable, look) => Origin::GIVEN_COROUTINE,
            _ => of_each_round(source, binding, look).unwrap_or(Origin::ELSEWHERE),
        },
        BindingKind::Assignment { value, .. } if is_only_target(source, binding) => {
            match source.expr_at(value) {
                Some(value @ ast::Expr::Call(_)) => of_one(source, value, look),
                _ => Origin::ELSEWHERE,
            }
        }
        _ => of_each_round(source, binding, look).unwrap_or(Origin::ELSEWHERE),
    }
}

/// Whether an assignment gives its value to this name alone.
fn is_only_target(source: &Source<'_>, binding: &Binding) -> bool {
    match source.path_to(binding.target).parent() {
        Some(AnyNodeRef::StmtAssign(assign)) => assign.targets.len() == 1,
        Some(AnyNodeRef::StmtAnnAssign(_)) => true,
        _ => false,
    }
}

/// The origin of the elements of a comprehension. A name there is bound elsewhere, or by a loop over
/// what was there before.
fn of_each(source: &Source<'_>, element: &ast::Expr, look: Look<'_>) -> Origin {
    match element {
        ast::Expr::Name(name) => of_name(source, name, look),
        _ => of_one(source, element, look),
    }
}

/// The worst origin of what `iterable` yields, as this function shows, else by its type.
fn of_each_shown_or_known(source: &Source<'_>, iterable: &ast::Expr, look: Look<'_>) -> Origin {
    let shown = of_iterable(source, iterable, look);
    if shown.is_made_here() {
        return shown;
    }
    let kinds = source.kinds_of_each(iterable);
    let has_coroutines = kinds.without(Kinds::of(Kind::Coroutine)) != kinds;
    let is_trusted = !has_coroutines || holds_as_declared(source, iterable, look);
    let may_be = kinds.without(Kinds::of(Kind::NotAwaitable)) == kinds;
    if kinds.are_known() && may_be && is_trusted {
        of_held(kinds)
    } else {
        shown
    }
}

/// Whether an iterable holds what its type says: whether that is what somebody declared. The type of a
/// list that was made empty, or of a few things, tells nothing of what others put into it.
fn holds_as_declared(source: &Source<'_>, iterable: &ast::Expr, look: Look<'_>) -> bool {
    let Some(look) = look.deeper() else {
        return false;
    };
    let all = |parts: &[&ast::Expr]| {
        parts
            .iter()
            .all(|part| holds_as_declared(source, part, look))
    };
    match iterable {
        ast::Expr::Name(name) => is_declared(source, name),
        ast::Expr::Subscript(subscript) if subscript.slice.is_slice_expr() => {
            all(&[&subscript.value])
        }
        ast::Expr::BinOp(sum) => all(&[&sum.left, &sum.right]),
        ast::Expr::If(branches) => all(&[&branches.body, &branches.orelse]),
        ast::Expr::Call(call) => match (&*call.func, call.arguments.args.last()) {
            (ast::Expr::Attribute(method), None) => {
                matches!(method.attr.as_str(), "copy" | "keys" | "values") && all(&[&method.value])
            }
            (callee, Some(last)) => {
                let passes_on = ["filter", "list", "reversed", "set", "sorted", "tuple"];
                source.is_builtin(callee, &passes_on) && all(&[last])
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether every value that a name may have there comes with an annotation.
pub(super) fn is_declared(source: &Source<'_>, name: &ast::ExprName) -> bool {
    let Some(seen) = source.bindings().use_at(name.start()) else {
        return false;
    };
    !seen.bindings.is_empty()
        && seen.bindings.iter().all(|id| {
            matches!(
                source.bindings().binding(*id).kind,
                BindingKind::Parameter {
                    annotation: Some(_),
                    ..
                } | BindingKind::Assignment {
                    annotation: Some(_),
                    ..
                }
            )
        })
}

/// The bindings by which `name` may have its value, one for each branch that gives it one, and `None` is none; none
/// where there are more than anybody needs.
fn bound_in_branches(source: &Source<'_>, name: &ast::ExprName) -> Vec<BindingId> {
    let bindings = source.bindings();
    let seen = bindings.use_at(name.start());
    let seen = seen.filter(|seen| seen.bindings.len() <= MAX_BRANCHES);
    let mut all = seen.map_or_else(Vec::new, |seen| seen.bindings.to_vec());
    all.retain(|id| !source.binds_none(bindings.binding(*id)));
    all
}

/// The one binding of a function's local, and the value it is given.
fn bound_once<'s>(
    source: &'s Source<'_>,
    name: &ast::ExprName,
) -> Option<(BindingId, &'s ast::Expr)> {
    bound_to(source, source.only_binding(name)?)
}

/// A binding of a function's local that gives it a value, and nothing else the same; and that value.
fn bound_to<'s>(source: &'s Source<'_>, id: BindingId) -> Option<(BindingId, &'s ast::Expr)> {
    let binding = source.bindings().binding(id);
    let is_local = source.bindings().is_local(binding.scope, &binding.name);
    let in_function = source.path_to(binding.target).function();
    if !is_local || in_function.is_none_or(|function| source.reads_every_local(function)) {
        return None;
    }
    let value = match binding.kind {
        // `tasks = self.tasks = []` gives the value to something else as well.
        BindingKind::Assignment { value, .. }
            if is_only_target(source, binding) || is_told_apart_at_once(source, binding) =>
        {
            source.expr_at(value)?
        }
        BindingKind::Other => unpacked(source, binding)?,
        _ => return None,
    };
    Some((id, value))
}

/// Whether the value of `isawaitable(result := call())` goes to that name alone.
fn is_told_apart_at_once(source: &Source<'_>, binding: &Binding) -> bool {
    let named = source.path_to(binding.target).up();
    let named = named.filter(|it| it.node().is_expr_named());
    named.is_some_and(|named| private::is_told_apart_at(source, &named))
}

/// The value of `tasks` in `tasks, names = [], []`.
fn unpacked<'s>(source: &'s Source<'_>, binding: &Binding) -> Option<&'s ast::Expr> {
    let elements = |expr: &'s ast::Expr| match expr {
        ast::Expr::Tuple(tuple) => Some(&tuple.elts[..]),
        ast::Expr::List(list) => Some(&list.elts[..]),
        _ => None,
    };
    let path = source.path_to(binding.target);
    let Some(AnyNodeRef::StmtAssign(assign)) = path.around().nth(1) else {
        return None;
    };
    let [target] = &assign.targets[..] else {
        return None;
    };
    let (targets, values) = (elements(target)?, elements(&assign.value)?);
    let are_plain = targets.len() == values.len()
        && !(targets.iter().chain(values)).any(ast::Expr::is_starred_expr);
    let mut pairs = targets.iter().zip(values);
    let (_, value) = pairs.find(|(target, _)| target.range() == binding.target)?;
    are_plain.then_some(value)
}

/// The worst origin of what `iterable` yields.
fn of_iterable(source: &Source<'_>, iterable: &ast::Expr, look: Look<'_>) -> Origin {
    let Some(look) = look.deeper() else {
        return Origin::ELSEWHERE;
    };
    match iterable {
        ast::Expr::ListComp(comprehension) => of_each(source, &comprehension.elt, look),
        ast::Expr::SetComp(comprehension) => of_each(source, &comprehension.elt, look),
        ast::Expr::Generator(generator) => of_each(source, &generator.elt, look),
        ast::Expr::List(list) => of_all(source, &list.elts, look),
        ast::Expr::Tuple(tuple) => of_all(source, &tuple.elts, look),
        ast::Expr::Set(set) => of_all(source, &set.elts, look),
        ast::Expr::If(branches) => of_iterable(source, &branches.body, look).or(of_iterable(
            source,
            &branches.orelse,
            look,
        )),
        ast::Expr::BinOp(sum) if sum.op == ast::Operator::Add => {
            of_iterable(source, &sum.left, look).or(of_iterable(source, &sum.right, look))
        }
        ast::Expr::Call(call) if source.is_builtin(&call.func, &["map"]) => {
            match call.arguments.args.split_first() {
                Some((function, given)) => of_calls(source, function, Some(given), look),
                None => Origin::ELSEWHERE,
            }
        }
        ast::Expr::Call(call)
            if source.qualified(&call.func).as_deref() == Some("itertools.starmap") =>
        {
            match call.arguments.args.first() {
                Some(function) => of_calls(source, function, None, look),
                None => Origin::ELSEWHERE,
            }
        }
        ast::Expr::Call(call)
            if source.is_builtin(
                class_made(&call.func).0,
                &["list", "reversed", "set", "tuple"],
            ) =>
        {
            match &call.arguments.args[..] {
                [only] => of_iterable(source, only, look),
                _ => Origin::ELSEWHERE,
            }
        }
        ast::Expr::Call(call) if source.is_builtin(&call.func, &["filter"]) => {
            match &call.arguments.args[..] {
                [by, only] if by.is_none_literal_expr() || private::asks_for_kind(source, by) => {
                    of_iterable(source, only, look)
                }
                _ => Origin::ELSEWHERE,
            }
        }
        ast::Expr::Call(call) if call.arguments.is_empty() => match &*call.func {
            ast::Expr::Attribute(method) if method.attr.as_str() == "values" => {
                of_values(source, &method.value, look)
            }
            _ => of_given_back(source, call, look),
        },
        ast::Expr::Call(call) => of_given_back(source, call, look),
        ast::Expr::Name(name) => {
            of_list(source, name, look).map_or(Origin::ELSEWHERE, Origin::made_before)
        }
        // Others of the list may be the same.
        ast::Expr::Subscript(part) if part.slice.is_slice_expr() => {
            of_iterable(source, &part.value, look).or(Origin::NEW)
        }
        _ => Origin::ELSEWHERE,
    }
}

/// The worst origin of what the list holds that `call` gives back, of a function of this file that makes all of it
/// where it says `return`.
fn of_given_back(source: &Source<'_>, call: &ast::ExprCall, look: Look<'_>) -> Origin {
    let functions = (call.func.is_name_expr())
        .then(|| source.functions(&call.func))
        .flatten()
        .unwrap_or_default();
    let makes_list = |function: &&ast::StmtFunctionDef| {
        let mut decorators = function.decorator_list.iter();
        !function.is_async
            && !source.is_generator(function)
            && decorators.all(|it| source.leaves_function_as_it_is(it))
    };
    if !functions.iter().all(makes_list) {
        return Origin::ELSEWHERE;
    }
    let of_value = |returned: &ast::StmtReturn| match returned.value.as_deref() {
        Some(value @ (ast::Expr::List(_) | ast::Expr::ListComp(_))) => {
            of_iterable(source, value, look)
        }
        _ => Origin::ELSEWHERE,
    };
    let returned = functions.into_iter().flat_map(|it| source.returns(it));
    let origin = returned.map(of_value).reduce(Origin::or);
    origin.map_or(Origin::ELSEWHERE, Origin::made_before)
}

/// The worst origin of what calls of `function` give back that are each given one of what each of `given` yields;
/// none of these where they are not shown.
fn of_calls(
    source: &Source<'_>,
    function: &ast::Expr,
    given: Option<&[ast::Expr]>,
    look: Look<'_>,
) -> Origin {
    if let ast::Expr::Lambda(lambda) = function
        && lambda.body.is_call_expr()
    {
        return of_one(source, &lambda.body, look);
    }
    let itself = if source.makes_coroutines(function) {
        Origin::COROUTINE
    } else if makes_futures(source, function) {
        Origin::AWAITABLE
    } else {
        Origin::UNKNOWN_CALL
    };
    let waits = source.shared_waits(function);
    if waits.others {
        return itself.awaiting(Origin::TASK);
    }
    let awaited = match given {
        Some(given) => waits.among(given, &[]),
        None => waits.parameters.is_empty().then(Vec::new),
    };
    let Some(awaited) = awaited else {
        return itself.awaiting(Origin::TASK);
    };
    let awaited = awaited.into_iter().map(|it| of_iterable(source, it, look));
    let unknown = waits.unknown.then_some(Origin::UNKNOWN_CALL);
    awaited.chain(unknown).fold(itself, Origin::awaiting)
}

/// The class in `list[int]`, which is called to make one, and where what it is said to hold stands with it.
fn class_made(callee: &ast::Expr) -> (&ast::Expr, Option<TextRange>) {
    match callee {
        ast::Expr::Subscript(generic) => (&generic.value, Some(generic.range())),
        callee => (callee, None),
    }
}

/// The worst origin of the values of a dict.
fn of_values(source: &Source<'_>, dict: &ast::Expr, look: Look<'_>) -> Origin {
    match dict {
        ast::Expr::DictComp(comprehension) => of_each(source, &comprehension.value, look),
        ast::Expr::Dict(dict) => {
            let of_item = |item: &ast::DictItem| match item.key {
                Some(_) => of_one(source, &item.value, look),
                None => of_values(source, &item.value, look),
            };
            let origins = dict.items.iter().map(of_item);
            origins.reduce(Origin::or).unwrap_or(Origin::COROUTINE)
        }
        ast::Expr::Call(call)
            if call.arguments.is_empty()
                && source.is_builtin(class_made(&call.func).0, &["dict"]) =>
        {
            Origin::COROUTINE
        }
        ast::Expr::Name(name) => {
            of_dict(source, name, look).map_or(Origin::ELSEWHERE, Origin::made_before)
        }
        _ => Origin::ELSEWHERE,
    }
}

/// The worst origin of what a dict holds that this function makes and fills item by item, and the values of
/// which nobody reads but the gather.
fn of_dict(source: &Source<'_>, name: &ast::ExprName, look: Look<'_>) -> Option<Origin> {
    let look = look.deeper()?;
    look.once(Part::Values, name, || of_items(source, name, look))
}

/// The same, looked for.
fn of_items(source: &Source<'_>, name: &ast::ExprName, look: Look<'_>) -> Option<Origin> {
    let dict = List::of(source, name)?;
    if !dict.extended.is_empty() {
        return None;
    }
    let begins = of_values(source, dict.value, look);
    of_uses(source, &dict, name, look, begins, |path| {
        match item_set(path) {
            Some(value) => Some(of_one(source, value, look)),
            None => is_asked_for_keys(source, path).then_some(Origin::COROUTINE),
        }
    })
}

/// The value of `tasks[key] = value` around the name of a dict at `path`.
fn item_set<'s>(path: &Path<'s>) -> Option<&'s ast::Expr> {
    let item = path.up()?;
    let AnyNodeRef::ExprSubscript(subscript) = item.node() else {
        return None;
    };
    let is_dict = subscript.value.range() == path.node().range();
    match item.parent()? {
        AnyNodeRef::StmtAssign(assign) if is_dict && subscript.ctx.is_store() => {
            (assign.targets.len() == 1).then_some(&*assign.value)
        }
        _ => None,
    }
}

/// Whether the name of a dict at `path` stands where its keys alone are read.
fn is_asked_for_keys(source: &Source<'_>, path: &Path<'_>) -> bool {
    let here = path.node().range();
    match path.parent() {
        Some(AnyNodeRef::ExprAttribute(method)) => method.attr.as_str() == "keys",
        Some(AnyNodeRef::StmtFor(each)) => each.iter.range() == here,
        Some(AnyNodeRef::Comprehension(each)) => each.iter.range() == here,
        Some(AnyNodeRef::ExprCompare(compare)) => (compare.ops.iter().zip(&compare.comparators))
            .any(|(op, dict)| {
                matches!(op, ast::CmpOp::In | ast::CmpOp::NotIn) && dict.range() == here
            }),
        _ => source.is_argument_of(
            path,
            &["enumerate", "list", "set", "sorted", "tuple", "zip"],
        ),
    }
}

fn of_all(source: &Source<'_>, elements: &[ast::Expr], look: Look<'_>) -> Origin {
    elements
        .iter()
        .map(|element| of_one(source, element, look))
        .reduce(Origin::or)
        .unwrap_or(Origin::COROUTINE)
}

/// A list, a set or a dict that a function makes.
pub(super) struct List<'s> {
    /// What it is made with.
    pub(super) value: &'s ast::Expr,
    /// The name that it is given there.
    pub(super) target: TextRange,
    /// Its annotation there.
    pub(super) annotation: Option<TextRange>,
    /// What is added to it by `+=`, or by a sum that takes its name.
    pub(super) extended: Vec<Extension<'s>>,
    /// Where else its name is read, in the order of the file.
    pub(super) uses: Vec<TextSize>,
}

/// A list whose elements a statement adds to another one: `tasks += more`, `tasks = tasks + more`.
pub(super) struct Extension<'s> {
    pub(super) statement: TextRange,
    pub(super) value: &'s ast::Expr,
    /// The list stays the same object.
    pub(super) is_in_place: bool,
    /// Where the name of the list is bound.
    target: TextRange,
    /// Where it is read for that.
    read: TextSize,
}

impl<'s> Extension<'s> {
    /// That by which `binding` is bound.
    fn of(source: &'s Source<'_>, binding: &Binding) -> Option<Self> {
        let target = binding.target;
        match source.path_to(target).parent()? {
            AnyNodeRef::StmtAugAssign(statement) => {
                (statement.op == ast::Operator::Add).then(|| Self {
                    statement: statement.range(),
                    value: &statement.value,
                    is_in_place: true,
                    target,
                    read: target.start(),
                })
            }
            AnyNodeRef::StmtAssign(statement) if statement.targets.len() == 1 => {
                let ast::Expr::BinOp(sum) = &*statement.value else {
                    return None;
                };
                let is_list = |it: &ast::Expr| {
                    it.as_name_expr()
                        .is_some_and(|name| *name.id == *binding.name)
                };
                let (list, value) = match (is_list(&sum.left), is_list(&sum.right)) {
                    (true, false) => (&sum.left, &sum.right),
                    (false, true) => (&sum.right, &sum.left),
                    _ => return None,
                };
                // A function inside may give the name another list.
                let is_own = source.words("nonlocal").next().is_none();
                (sum.op == ast::Operator::Add && is_own).then(|| Self {
                    statement: statement.range(),
                    value,
                    is_in_place: false,
                    target,
                    read: list.start(),
                })
            }
            _ => None,
        }
    }
}

/// A value that is put into a list by a statement of its own.
pub(super) struct Addition<'s> {
    pub(super) statement: TextRange,
    /// What is added, or what the elements of are.
    pub(super) value: &'s ast::Expr,
    pub(super) way: Way,
}

/// How a list gets a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The value is the list.
    Bound,
    /// The value is added at the end.
    Append,
    /// The value is added somewhere.
    Insert,
    /// The elements of the value are added.
    Extend,
}

impl<'s> Addition<'s> {
    /// `tasks.append(..)` or its like around the name of a list at `path`; `None` where that is used in
    /// another way.
    pub(super) fn of(path: &Path<'s>) -> Option<Self> {
        let mut around = path.around();
        let (
            AnyNodeRef::ExprAttribute(method),
            AnyNodeRef::ExprCall(call),
            AnyNodeRef::StmtExpr(statement),
        ) = (around.next()?, around.next()?, around.next()?)
        else {
            return None;
        };
        let (way, value) = match (method.attr.as_str(), &call.arguments.args[..]) {
            ("append", [only]) => (Way::Append, only),
            ("insert", [_, only]) | ("add", [only]) => (Way::Insert, only),
            ("extend", [only]) => (Way::Extend, only),
            _ => return None,
        };
        let is_plain = call.func.range() == method.range() && call.arguments.keywords.is_empty();
        is_plain.then_some(Self {
            statement: statement.range(),
            value,
            way,
        })
    }
}

impl<'s> List<'s> {
    /// Whether it is made without anything in it.
    pub(super) fn begins_empty(&self, source: &Source<'_>) -> bool {
        match self.value {
            ast::Expr::List(list) => list.elts.is_empty(),
            ast::Expr::Call(call) => {
                let made = class_made(&call.func).0;
                call.arguments.is_empty() && source.is_builtin(made, &["list", "set"])
            }
            _ => false,
        }
    }

    /// The list that `name` stands for, where this function makes it and no other scope reads it.
    pub(super) fn of(source: &'s Source<'_>, name: &ast::ExprName) -> Option<Self> {
        let scope = source.bindings().scope_of_use(name.start())?;
        let (id, extended) = match bound_once(source, name) {
            Some((id, _)) => (id, Vec::new()),
            None => extended(source, scope, &name.id)?,
        };
        Self::bound(source, name, id, extended)
    }

    /// The lists that `name` may stand for, one for each branch that makes one.
    fn in_branches(source: &'s Source<'_>, name: &ast::ExprName) -> Option<Vec<Self>> {
        if let Some(only) = Self::of(source, name) {
            return Some(vec![only]);
        }
        bound_in_branches(source, name)
            .into_iter()
            .map(|id| Self::bound(source, name, id, Vec::new()))
            .collect()
    }

    /// The list that the binding `id` gives to `name`, to which the statements `extended` add.
    fn bound(
        source: &'s Source<'_>,
        name: &ast::ExprName,
        id: BindingId,
        extended: Vec<Extension<'s>>,
    ) -> Option<Self> {
        let bindings = source.bindings();
        let scope = bindings.scope_of_use(name.start())?;
        let (id, value) = bound_to(source, id)?;
        let binding = bindings.binding(id);
        let annotation = match binding.kind {
            BindingKind::Assignment { annotation, .. } => annotation,
            _ => None,
        };
        let made = value.as_call_expr().map(|call| class_made(&call.func));
        let annotation = annotation.or_else(|| made?.1);
        let mut uses = bindings.uses_of(id);
        for extension in &extended {
            let added = bindings.binding_at(extension.target)?;
            uses.extend(bindings.uses_of(added));
        }
        uses.sort_unstable();
        uses.dedup();
        uses.retain(|offset| {
            let mut read = extended.iter().map(|extension| extension.read);
            *offset != name.start() && read.all(|read| read != *offset)
        });
        let is_own = uses
            .iter()
            .all(|offset| bindings.scope_of_use(*offset) == Some(scope));
        is_own.then_some(Self {
            value,
            target: binding.target,
            annotation,
            extended,
            uses,
        })
    }
}

/// The one assignment that gives the local `name` of `scope` a value, and the statements that add to that and are all
/// else that binds it.
fn extended<'s>(
    source: &'s Source<'_>,
    scope: ScopeId,
    name: &str,
) -> Option<(BindingId, Vec<Extension<'s>>)> {
    let mut made = None;
    let mut extended = Vec::new();
    for id in source.bindings_in(scope, name) {
        let binding = source.bindings().binding(id);
        match (&binding.kind, source.path_to(binding.target).parent()) {
            (BindingKind::Assignment { .. }, _) if made.is_none() => made = Some(id),
            (BindingKind::Other, Some(AnyNodeRef::ExprTuple(_) | AnyNodeRef::ExprList(_)))
                if made.is_none() =>
            {
                made = Some(id);
            }
            _ => extended.push(Extension::of(source, binding)?),
        }
    }
    Some((made?, extended))
}

/// The worst origin of what a list holds that this function makes and only adds to, and that nobody
/// reads but the gather.
fn of_list(source: &Source<'_>, name: &ast::ExprName, look: Look<'_>) -> Option<Origin> {
    look.once(Part::Elements, name, || {
        let lists = List::in_branches(source, name)?;
        let origins = lists
            .iter()
            .map(|list| of_filled(source, list, name, look))
            .collect::<Option<Vec<_>>>();
        origins?.into_iter().reduce(Origin::or)
    })
}

/// As above, of one list that `name` may stand for.
fn of_filled(
    source: &Source<'_>,
    list: &List<'_>,
    name: &ast::ExprName,
    look: Look<'_>,
) -> Option<Origin> {
    let mut begins = if list.begins_empty(source) {
        Origin::COROUTINE
    } else {
        of_iterable(source, list.value, look)
    };
    for extension in &list.extended {
        begins = begins.or(of_each_shown_or_known(source, extension.value, look));
    }
    of_uses(source, list, name, look, begins, |path| {
        let addition = Addition::of(path)?;
        Some(match addition.way {
            Way::Extend => of_each_shown_or_known(source, addition.value, look),
            _ => of_one(source, addition.value, look),
        })
    })
}

/// The worst of what a list or dict `begins` with and of what is `added` to it, the best where a use adds nothing;
/// none where it is used in another way by somebody who could tell that what it holds is cancelled.
fn of_uses(
    source: &Source<'_>,
    list: &List<'_>,
    name: &ast::ExprName,
    look: Look<'_>,
    begins: Origin,
    added: impl Fn(&Path<'_>) -> Option<Origin>,
) -> Option<Origin> {
    if look.may_come_back(source, list.target) {
        return None;
    }
    let mut worst = begins;
    let mut others = Vec::new();
    for offset in &list.uses {
        let path = source.path_to_name(*offset);
        match added(&path) {
            Some(origin) => worst = worst.or(origin),
            None if is_looked_at(source, &path) || is_cleared(&path) => {}
            None => others.push(*offset),
        }
    }
    let mut is_asked = false;
    // Whoever else is given a coroutine of them cannot await it.
    let are_coroutines = worst.form == Form::Coroutine && worst.is_made_here();
    let ends_them = |offset| are_coroutines && private::are_given_or_closed(source, offset);
    for offset in other_uses(source, name, others) {
        if !ends_them(offset) && !look.is_private(source, offset, name) {
            return None;
        }
        is_asked |= private::are_asked_at(source, offset);
        worst = worst.or(Origin::NEW);
    }
    // Whoever asks them like tasks knows more of them than is shown here.
    (!is_asked || worst.is_made_here()).then_some(worst)
}

/// Whether the list, set or dict at `path` is only asked how long it is or whether it is empty.
pub(super) fn is_looked_at(source: &Source<'_>, path: &Path<'_>) -> bool {
    let here = path.node().range();
    match path.parent() {
        Some(AnyNodeRef::StmtIf(statement)) => statement.test.range() == here,
        Some(AnyNodeRef::ElifElseClause(clause)) => clause
            .test
            .as_ref()
            .is_some_and(|test| test.range() == here),
        Some(AnyNodeRef::StmtWhile(statement)) => statement.test.range() == here,
        Some(AnyNodeRef::ExprIf(branches)) => branches.test.range() == here,
        Some(AnyNodeRef::ExprUnaryOp(not)) => not.op == ast::UnaryOp::Not,
        Some(AnyNodeRef::ExprBoolOp(_)) => path.up().is_some_and(|whole| {
            let is_dropped = matches!(whole.parent(), Some(AnyNodeRef::StmtExpr(_)));
            is_dropped || is_looked_at(source, &whole)
        }),
        _ => source.is_argument_of(path, &["bool", "len"]),
    }
}

/// Whether the list or set at `path` is emptied by a statement, which shows nobody what it held.
fn is_cleared(path: &Path<'_>) -> bool {
    private::is_asked_by(path, &["clear"])
        && matches!(path.around().nth(2), Some(AnyNodeRef::StmtExpr(_)))
}
