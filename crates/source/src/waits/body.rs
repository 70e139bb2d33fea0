//! What a function does with its names.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange};

use super::SharedWaits;
use super::spelled::{
    COPY, GIVE_ONE, PASS_ON, is_call_of, is_new_container, makes_future, method, taken_from, wraps,
};
use crate::decorators::{last_name, note_bound};

/// What a function does with its names, the functions inside left out.
#[derive(Default)]
pub(super) struct Body<'s> {
    /// What is awaited.
    pub(super) awaited: Vec<&'s Expr>,
    /// The calls of which that holds.
    pub(super) awaited_calls: HashSet<TextRange>,
    /// Calls of coroutine functions that end with the function: those, and what `gather()` and the like wait for.
    pub(super) ended_calls: HashSet<TextRange>,
    /// How many of them each name calls.
    ended: HashMap<&'s str, usize>,
    /// How often each name is read.
    read: HashMap<&'s str, usize>,
    /// The names that classes inside read.
    pub(super) read_by_classes: HashSet<&'s str>,
    /// What is given back.
    pub(super) returned: Vec<&'s Expr>,
    /// Whether it yields, too.
    pub(super) is_generator: bool,
    /// The functions inside.
    pub(super) functions: Vec<&'s ast::StmtFunctionDef>,
    /// The lambdas inside.
    pub(super) lambdas: Vec<&'s ast::ExprLambda>,
    /// What its own names are bound to.
    pub(super) values: HashMap<&'s str, Vec<Value<'s>>>,
    /// What is added to the containers that its names stand for: one thing, or all that is in another container.
    pub(super) added: HashMap<&'s str, Vec<(&'s Expr, bool)>>,
    /// Names whose values are put somewhere, also as part of a list, with that place: an attribute, or the object that
    /// gets it as an item; none where somebody who goes through a generator gets it.
    placed: Vec<(Option<&'s Expr>, &'s str)>,
    /// Names that `+=` binds.
    pub(super) grown: HashSet<&'s str>,
    /// Calls that are given the values of names, also as part of a list, and those names.
    pub(super) handed: Vec<(&'s ast::ExprCall, HashSet<&'s str>)>,
    /// Names of tasks that call something when they are done.
    pub(super) called_back: HashSet<&'s str>,
    /// Names of the code around that it binds.
    pub(super) outer: HashSet<&'s str>,
    /// By each name, those whose values whoever gets what it stands for gets too, once somebody has asked.
    next: OnceCell<HashMap<&'s str, Vec<&'s str>>>,
}

/// What a name is bound to.
#[derive(Clone, Copy)]
pub(super) enum Value<'s> {
    Is(&'s Expr),
    /// One of what is in it.
    IsIn(&'s Expr),
    /// What a context manager has, which may give it to others too.
    OfContext,
    Other,
}

impl<'s> Body<'s> {
    fn bind(&mut self, target: &'s Expr, value: Value<'s>) {
        match target {
            Expr::Name(name) => self.values.entry(&name.id).or_default().push(value),
            Expr::Starred(starred) => self.bind(&starred.value, value),
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
                self.unpack(elts, value);
            }
            Expr::Attribute(_) => self.put(target, value),
            Expr::Subscript(item) => {
                let added = match value {
                    Value::Is(value) => Some((value, false)),
                    Value::IsIn(container) => Some((container, true)),
                    Value::OfContext | Value::Other => None,
                };
                if let Expr::Name(name) = &*item.value {
                    self.added.entry(&name.id).or_default().extend(added);
                }
                self.put(&item.value, value);
            }
            _ => {}
        }
    }

    /// Notes the names whose values are put into `place` with `value`.
    fn put(&mut self, place: &'s Expr, value: Value<'s>) {
        if let Value::Is(value) | Value::IsIn(value) = value {
            each_name(value, &mut |name| self.placed.push((Some(place), name)));
        }
    }

    fn unpack(&mut self, targets: &'s [Expr], value: Value<'s>) {
        if let Value::Is(
            Expr::Tuple(ast::ExprTuple { elts: values, .. })
            | Expr::List(ast::ExprList { elts: values, .. }),
        ) = value
            && values.len() == targets.len()
            && !targets.iter().chain(values).any(Expr::is_starred_expr)
        {
            for (target, value) in targets.iter().zip(values) {
                self.bind(target, Value::Is(value));
            }
            return;
        }
        for target in targets {
            let each = match value {
                // A list of the others.
                Value::Is(_) if target.is_starred_expr() => value,
                Value::Is(container) => Value::IsIn(container),
                Value::IsIn(_) | Value::OfContext | Value::Other => value,
            };
            self.bind(target, each);
        }
    }

    /// Notes the calls that are cancelled with `awaited`.
    fn end(&mut self, awaited: &'s Expr) {
        match awaited {
            Expr::Call(call) => {
                self.ended_calls.insert(call.range());
                if let Expr::Name(name) = &*call.func {
                    *self.ended.entry(&name.id).or_default() += 1;
                }
                if SharedWaits::is_wrapper(&call.func) {
                    for argument in &call.arguments.args {
                        self.end(argument);
                    }
                }
            }
            Expr::Starred(starred) => self.end(&starred.value),
            Expr::ListComp(ast::ExprListComp { elt, .. })
            | Expr::Generator(ast::ExprGenerator { elt, .. }) => self.end(elt),
            Expr::List(ast::ExprList { elts, .. }) | Expr::Tuple(ast::ExprTuple { elts, .. }) => {
                for element in elts {
                    self.end(element);
                }
            }
            _ => {}
        }
    }

    /// The names whose values it waits for, also by what it gives them to and awaits.
    pub(super) fn waited_for(&self) -> HashSet<&'s str> {
        let mut names = Vec::new();
        for awaited in &self.awaited {
            each_name(awaited, &mut |name| names.push(name));
            if let Expr::Call(call) = awaited {
                each_given(call, &mut |name| names.push(name));
            }
        }
        self.all_of(names)
    }

    /// Whether all that is done with the `function` inside is that it waits for calls of that, and nothing else has it.
    pub(super) fn ends_with(&self, function: &ast::StmtFunctionDef) -> bool {
        let name = function.name.as_str();
        let (functions, lambdas) = (self.functions.iter(), self.lambdas.iter());
        let mut inside = functions
            .map(|it| AnyNodeRef::from(*it))
            .chain(lambdas.map(|it| AnyNodeRef::from(*it)));
        function.decorator_list.is_empty()
            && self.read.get(name) == self.ended.get(name)
            && !self.outer.contains(name)
            && !self.read_by_classes.contains(name)
            && !inside.any(|it| names_read(it).contains(name))
    }

    /// Whether `value` is a task or future, as far as the function itself shows.
    pub(super) fn is_future(&self, value: &Expr) -> bool {
        match value {
            Expr::Call(call) => {
                makes_future(value)
                    || SharedWaits::is_wrapper(&call.func)
                    || matches!(last_name(&call.func), Some("run_in_executor" | "shield"))
            }
            Expr::Name(name) => {
                let mut values = self.values.get(name.id.as_str()).into_iter().flatten();
                values.any(|it| matches!(it, Value::Is(value) if !value.is_name_expr() && self.is_future(value)))
            }
            _ => false,
        }
    }

    /// Whether all that the name `id` is bound to are lists, sets and the like that are made there.
    pub(super) fn holds_new_containers(&self, id: &str) -> bool {
        let all = self.values.get(id).map_or(&[][..], Vec::as_slice);
        let new = all.iter().filter(|it| match it {
            Value::Is(value) => is_new_container(value),
            _ => false,
        });
        // Each name that is bound has a value of which nothing is known, too.
        let unknown = all.iter().filter(|it| matches!(it, Value::Other));
        let (new, unknown) = (new.count(), unknown.count());
        new > 0 && new == unknown && new + unknown == all.len()
    }

    /// What its names are bound to, and what is added to the containers that they stand for, one by one.
    pub(super) fn held(&self) -> impl Iterator<Item = (&'s str, &'s Expr)> {
        let values = self.values.iter().flat_map(|(name, values)| {
            let known = values.iter().filter_map(|it| match it {
                Value::Is(value) | Value::IsIn(value) => Some(*value),
                Value::OfContext | Value::Other => None,
            });
            known.map(|it| (*name, it))
        });
        let added = self.added.iter();
        values.chain(added.flat_map(|(name, all)| all.iter().map(|(it, _)| (*name, *it))))
    }

    fn assign(&mut self, targets: &[&'s Expr], value: &'s Expr) {
        for target in targets {
            self.bind(target, Value::Is(value));
            // `task = self.task = ..`
            for other in targets
                .iter()
                .filter(|it| it.is_name_expr() && it.range() != target.range())
            {
                match target {
                    Expr::Name(name) => self.added.entry(&name.id).or_default().push((other, true)),
                    target => self.bind(target, Value::Is(other)),
                }
            }
        }
    }

    /// The names whose values are put where others can find them: not in a list or the like of the function's own.
    pub(super) fn stored(&self) -> impl Iterator<Item = &'s str> {
        let placed = self.placed.iter().filter(|(place, _)| {
            let holder = place.and_then(Expr::as_name_expr);
            !holder.is_some_and(|it| self.holds_new_containers(&it.id))
        });
        placed
            .map(|(_, name)| *name)
            .chain(self.outer.iter().copied())
    }

    /// The names of the code around whose values the function, which has those `parameters`, gives to others: back, or as
    /// those that it gives `away`; and what others are given by default.
    pub(super) fn escaping(
        &self,
        parameters: Option<&'s ast::Parameters>,
        away: &HashSet<&'s str>,
    ) -> Vec<&'s str> {
        let mut returned = Vec::new();
        for value in &self.returned {
            each_name(value, &mut |name| returned.push(name));
        }
        let mut all = self.all_of(returned);
        all.extend(away);
        let mut names: Vec<&str> = Vec::new();
        for parameter in parameters.into_iter().flat_map(ast::Parameters::iter) {
            if all.remove(parameter.name().as_str())
                && let Some(default) = parameter.default()
            {
                each_name(default, &mut |name| names.push(name));
            }
        }
        let is_around = |it: &&str| !self.values.contains_key(it) || self.outer.contains(it);
        names.extend(all.into_iter().filter(is_around));
        names
    }

    /// The names `from`, and those whose values whoever gets what these stand for gets too.
    pub(super) fn all_of(&self, from: impl IntoIterator<Item = &'s str>) -> HashSet<&'s str> {
        let next = self.next.get_or_init(|| {
            let mut next: HashMap<&str, Vec<&str>> = HashMap::new();
            for (name, value) in self.held() {
                let all = next.entry(name).or_default();
                each_name(value, &mut |it| all.push(it));
            }
            next
        });
        closure(from.into_iter().collect(), next)
    }
}

impl<'s> SourceOrderVisitor<'s> for Body<'s> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        let mut bound = Vec::new();
        note_bound(node, &mut bound);
        for name in bound {
            self.values.entry(name).or_default().push(Value::Other);
        }
        match node {
            AnyNodeRef::ExprAwait(awaited) => {
                self.awaited.push(&awaited.value);
                self.awaited_calls.insert(awaited.value.range());
                self.end(&awaited.value);
            }
            AnyNodeRef::ExprName(name) if name.ctx.is_load() => {
                *self.read.entry(&name.id).or_default() += 1;
            }
            AnyNodeRef::StmtReturn(statement) => self.returned.extend(statement.value.as_deref()),
            AnyNodeRef::ExprYield(given) => {
                self.is_generator = true;
                if let Some(value) = &given.value {
                    each_name(value, &mut |name| self.placed.push((None, name)));
                }
            }
            AnyNodeRef::ExprYieldFrom(_) => self.is_generator = true,
            AnyNodeRef::StmtAssign(assign) => {
                let targets: Vec<&Expr> = assign.targets.iter().collect();
                self.assign(&targets, &assign.value);
            }
            AnyNodeRef::StmtAnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    self.assign(&[&assign.target], value);
                }
            }
            AnyNodeRef::StmtAugAssign(assign) => {
                self.bind(&assign.target, Value::Is(&assign.value));
                if let Expr::Name(name) = &*assign.target {
                    self.grown.insert(&name.id);
                }
            }
            AnyNodeRef::WithItem(item) => {
                if let Some(target) = &item.optional_vars {
                    self.bind(target, Value::OfContext);
                }
            }
            AnyNodeRef::ExprNamed(named) => self.bind(&named.target, Value::Is(&named.value)),
            AnyNodeRef::StmtFor(each) => self.bind(&each.target, Value::IsIn(&each.iter)),
            AnyNodeRef::Comprehension(each) => self.bind(&each.target, Value::IsIn(&each.iter)),
            AnyNodeRef::StmtGlobal(ast::StmtGlobal { names, .. })
            | AnyNodeRef::StmtNonlocal(ast::StmtNonlocal { names, .. }) => {
                self.outer.extend(names.iter().map(ast::Identifier::as_str));
            }
            AnyNodeRef::ExprCall(call) => {
                let mut names = HashSet::new();
                each_given(call, &mut |name| {
                    names.insert(name);
                });
                if !names.is_empty() {
                    self.handed.push((call, names));
                }
                if let Some((Expr::Name(task), "add_done_callback")) = method(call) {
                    self.called_back.insert(&task.id);
                }
                if let [_, value] = &call.arguments.args[..]
                    && let Some((holder, "setdefault")) = method(call)
                {
                    self.put(holder, Value::Is(value));
                }
                if let Some((Expr::Name(name), method)) = method(call)
                    && let "add" | "append" | "appendleft" | "extend" | "insert" | "setdefault"
                    | "update" = method
                {
                    let added = self.added.entry(&name.id).or_default();
                    let is_container = matches!(method, "extend" | "update");
                    let arguments = &call.arguments;
                    added.extend(arguments.args.last().map(|last| (last, is_container)));
                    added.extend(arguments.keywords.iter().map(|it| (&it.value, false)));
                }
            }
            AnyNodeRef::StmtFunctionDef(function) => {
                self.values
                    .entry(&function.name)
                    .or_default()
                    .push(Value::Other);
                self.functions.push(function);
                return TraversalSignal::Skip;
            }
            AnyNodeRef::ExprLambda(lambda) => {
                self.lambdas.push(lambda);
                return TraversalSignal::Skip;
            }
            AnyNodeRef::StmtClassDef(_) => {
                self.read_by_classes.extend(names_read(node));
                return TraversalSignal::Skip;
            }
            _ => {}
        }
        TraversalSignal::Traverse
    }
}

/// Looks at each name whose value whoever gets `expr` gets too: itself, or as part of a list.
pub(super) fn each_name<'s>(expr: &'s Expr, look: &mut impl FnMut(&'s str)) {
    match expr {
        Expr::Name(name) => look(&name.id),
        Expr::Named(named) => {
            each_name(&named.target, look);
            each_name(&named.value, look);
        }
        Expr::Starred(starred) => each_name(&starred.value, look),
        Expr::List(ast::ExprList { elts, .. })
        | Expr::Tuple(ast::ExprTuple { elts, .. })
        | Expr::Set(ast::ExprSet { elts, .. }) => {
            for element in elts {
                each_name(element, look);
            }
        }
        Expr::Dict(dict) => {
            for item in &dict.items {
                item.key.iter().for_each(|key| each_name(key, look));
                each_name(&item.value, look);
            }
        }
        Expr::Call(call)
            if is_call_of(call, PASS_ON) || is_call_of(call, GIVE_ONE) || wraps(call) =>
        {
            each_given(call, look);
        }
        Expr::Call(call) => {
            let copied = method(call).filter(|(_, name)| COPY.contains(name));
            let container = copied.map(|(container, _)| container).or(taken_from(call));
            if let Some(container) = container {
                each_name(container, look);
            }
        }
        Expr::Subscript(item) => each_name(&item.value, look),
        Expr::If(branches) => {
            each_name(&branches.body, look);
            each_name(&branches.orelse, look);
        }
        Expr::BoolOp(operands) => {
            for value in &operands.values {
                each_name(value, look);
            }
        }
        Expr::BinOp(sum) if sum.op != ast::Operator::Mod => {
            each_name(&sum.left, look);
            each_name(&sum.right, look);
        }
        Expr::ListComp(ast::ExprListComp { elt, .. })
        | Expr::SetComp(ast::ExprSetComp { elt, .. })
        | Expr::Generator(ast::ExprGenerator { elt, .. }) => each_name(elt, look),
        Expr::DictComp(dict) => {
            dict.key.iter().for_each(|key| each_name(key, look));
            each_name(&dict.value, look);
        }
        _ => {}
    }
}

/// The same of each argument of `call`.
pub(super) fn each_given<'s>(call: &'s ast::ExprCall, look: &mut impl FnMut(&'s str)) {
    for given in call.arguments.iter_source_order() {
        each_name(given.value(), look);
    }
}

/// The names that `node` reads, also in the functions inside.
pub(super) fn names_read(node: AnyNodeRef<'_>) -> HashSet<&str> {
    let mut reads = Reads::default();
    node.visit_source_order(&mut reads);
    reads.names
}

/// A look for the names that are read.
#[derive(Default)]
pub(super) struct Reads<'s> {
    names: HashSet<&'s str>,
}

impl<'s> SourceOrderVisitor<'s> for Reads<'s> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        if let AnyNodeRef::ExprName(name) = node
            && name.ctx.is_load()
        {
            self.names.insert(&name.id);
        }
        TraversalSignal::Traverse
    }
}

/// The names `from`, and those that `next` leads to from them.
pub(super) fn closure<'s>(
    from: Vec<&'s str>,
    next: &HashMap<&'s str, Vec<&'s str>>,
) -> HashSet<&'s str> {
    let mut all: HashSet<&str> = from.iter().copied().collect();
    let mut ahead = from;
    while let Some(name) = ahead.pop() {
        let more = next.get(name).into_iter().flatten();
        ahead.extend(more.filter(|it| all.insert(it)));
    }
    all
}
