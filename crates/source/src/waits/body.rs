//! What a function does with its names.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange};

use super::SharedWaits;
use super::spelled::{
    COPY, GIVE_ONE, PASS_ON, is_call_of, is_new_container, makes_future, method, taken_from,
    waited_in, wraps,
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
    /// What whoever goes through it gets, if it is a generator.
    yielded: Vec<&'s Expr>,
    pub(super) is_generator: bool,
    /// The functions inside.
    pub(super) functions: Vec<&'s ast::StmtFunctionDef>,
    /// The lambdas inside.
    pub(super) lambdas: Vec<&'s ast::ExprLambda>,
    /// What its own names are bound to.
    pub(super) values: HashMap<&'s str, Vec<Value<'s>>>,
    /// What is added to the containers that its names stand for: one thing, or all that is in another container.
    pub(super) added: HashMap<&'s str, Vec<(&'s Expr, bool)>>,
    /// Parts of what is put somewhere, with that place: an attribute, or the object that gets it as an item.
    placed: Vec<(&'s Expr, Part<'s>)>,
    /// Names that `+=` binds.
    pub(super) grown: HashSet<&'s str>,
    /// Calls that are given something, and the parts of that.
    pub(super) handed: Vec<(&'s ast::ExprCall, Vec<Part<'s>>)>,
    /// Names of tasks that call something when they are done.
    pub(super) called_back: HashSet<&'s str>,
    /// Names of the code around that it binds.
    pub(super) outer: HashSet<&'s str>,
    /// By each name, what whoever gets what it stands for gets too, once somebody has asked.
    next: OnceCell<HashMap<&'s str, Vec<Part<'s>>>>,
}

/// What whoever gets the value of an expression gets too.
#[derive(Clone, Copy)]
pub(super) enum Part<'s> {
    /// What that name stands for.
    Name(&'s str),
    /// What that call gives back.
    Call(&'s ast::ExprCall),
    /// What awaiting that call gives.
    Awaited(&'s ast::ExprCall),
}

/// What a name is bound to.
#[derive(Clone, Copy)]
pub(super) enum Value<'s> {
    Is(&'s Expr),
    /// One of what is in it.
    IsIn(&'s Expr),
    /// What that object has, as a context manager or by an attribute, which may give it to others too.
    OfObject(&'s Expr),
    Other,
}

impl<'s> Value<'s> {
    /// One of what is in it.
    fn item(self) -> Self {
        match self {
            Self::Is(container) => Self::IsIn(container),
            Self::IsIn(_) | Self::OfObject(_) | Self::Other => self,
        }
    }

    /// What an attribute of it is.
    fn attribute(self) -> Self {
        self.from().map_or(Self::Other, Self::OfObject)
    }

    /// The expression that it comes from, if that is known.
    fn from(self) -> Option<&'s Expr> {
        match self {
            Self::Is(from) | Self::IsIn(from) | Self::OfObject(from) => Some(from),
            Self::Other => None,
        }
    }

    /// What each of the targets that unpack it gets, of which these `are_starred`.
    fn unpacked(self, are_starred: impl ExactSizeIterator<Item = bool> + Clone) -> Vec<Self> {
        let count = are_starred.len();
        let is_any_starred = are_starred.clone().any(|it| it);
        match self {
            Self::Is(
                Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }),
            ) if elts.len() == count
                && !is_any_starred
                && !elts.iter().any(Expr::is_starred_expr) =>
            {
                elts.iter().map(Self::Is).collect()
            }
            // Those that are done can no longer be cancelled.
            Self::Is(value) if count == 2 && !is_any_starred && waited_in(value).is_some() => {
                vec![Self::Other, self]
            }
            // A star takes a list of the others.
            _ => (are_starred.map(|is_starred| if is_starred { self } else { self.item() }))
                .collect(),
        }
    }
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
                    Value::OfObject(_) | Value::Other => None,
                };
                if let Expr::Name(name) = &*item.value {
                    self.added.entry(&name.id).or_default().extend(added);
                }
                self.put(&item.value, value);
            }
            _ => {}
        }
    }

    /// Notes the parts of `value` as put into `place`.
    fn put(&mut self, place: &'s Expr, value: Value<'s>) {
        if let Some(value) = value.from() {
            each_part(value, &mut |part| self.placed.push((place, part)));
        }
    }

    fn unpack(&mut self, targets: &'s [Expr], value: Value<'s>) {
        let values = value.unpacked(targets.iter().map(Expr::is_starred_expr));
        for (target, value) in targets.iter().zip(values) {
            self.bind(target, value);
        }
    }

    /// Notes what the names in `pattern` are bound to where `value` matches it.
    fn capture(&mut self, pattern: &'s ast::Pattern, value: Value<'s>) {
        let mut name = |name: &'s Option<ast::Identifier>, value| {
            if let Some(name) = name {
                self.values.entry(name.as_str()).or_default().push(value);
            }
        };
        match pattern {
            ast::Pattern::MatchAs(whole) => {
                name(&whole.name, value);
                if let Some(pattern) = &whole.pattern {
                    self.capture(pattern, value);
                }
            }
            ast::Pattern::MatchStar(others) => name(&others.name, value),
            ast::Pattern::MatchOr(either) => {
                for pattern in &either.patterns {
                    self.capture(pattern, value);
                }
            }
            ast::Pattern::MatchSequence(sequence) => {
                let patterns = &sequence.patterns;
                let values = value.unpacked(patterns.iter().map(ast::Pattern::is_match_star));
                for (pattern, value) in patterns.iter().zip(values) {
                    self.capture(pattern, value);
                }
            }
            ast::Pattern::MatchMapping(mapping) => {
                name(&mapping.rest, value);
                for pattern in &mapping.patterns {
                    self.capture(pattern, value.item());
                }
            }
            ast::Pattern::MatchClass(class) => {
                let by_name = class.arguments.keywords.iter().map(|it| &it.pattern);
                for pattern in class.arguments.patterns.iter().chain(by_name) {
                    self.capture(pattern, value.attribute());
                }
            }
            ast::Pattern::MatchValue(_) | ast::Pattern::MatchSingleton(_) => {}
        }
    }

    /// Notes a loop, which gives `target` what is in `iterable`: a generator that is made there ends with it.
    fn go_through(&mut self, target: &'s Expr, iterable: &'s Expr) {
        self.bind(target, Value::IsIn(iterable));
        if let Expr::Call(call) = iterable {
            self.note_end(call);
        }
    }

    fn note_end(&mut self, call: &'s ast::ExprCall) {
        self.ended_calls.insert(call.range());
        if let Expr::Name(name) = &*call.func {
            *self.ended.entry(&name.id).or_default() += 1;
        }
    }

    /// Notes the calls that are cancelled with `awaited`.
    fn end(&mut self, awaited: &'s Expr) {
        match awaited {
            Expr::Call(call) => {
                self.note_end(call);
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

    /// The parts of what it waits for, also by what it gives them to and awaits.
    pub(super) fn waited_for(&self) -> Vec<Part<'s>> {
        let mut parts = Vec::new();
        for awaited in &self.awaited {
            each_part(awaited, &mut |part| parts.push(part));
            if let Expr::Call(call) = awaited {
                each_given(call, &mut |part| parts.push(part));
            }
        }
        parts
    }

    /// What it gives whoever calls it, or goes through it if it is a generator.
    pub(super) fn given(&self) -> &[&'s Expr] {
        if self.is_generator {
            &self.yielded
        } else {
            &self.returned
        }
    }

    /// The parts of that.
    pub(super) fn given_back(&self) -> Vec<Part<'s>> {
        let mut parts = Vec::new();
        for value in self.given() {
            each_part(value, &mut |part| parts.push(part));
        }
        parts
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
            let known = values.iter().filter_map(|it| it.from());
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

    /// What is put where others can find it: not in a list or the like of the function's own.
    pub(super) fn stored(&self) -> impl Iterator<Item = Part<'s>> {
        let placed = self.placed.iter().filter(|(place, _)| {
            let holder = place.as_name_expr();
            !holder.is_some_and(|it| self.holds_new_containers(&it.id))
        });
        let outer = self.outer.iter().map(|it| Part::Name(it));
        placed.map(|(_, part)| *part).chain(outer)
    }

    /// Whether `name` is one of the code around.
    pub(super) fn is_of_outside(&self, name: &str) -> bool {
        !self.values.contains_key(name) || self.outer.contains(name)
    }

    /// By each name, what whoever gets what it stands for gets too.
    pub(super) fn next(&self) -> &HashMap<&'s str, Vec<Part<'s>>> {
        self.next.get_or_init(|| {
            let mut next: HashMap<&str, Vec<Part<'_>>> = HashMap::new();
            for (name, value) in self.held() {
                let all = next.entry(name).or_default();
                each_part(value, &mut |part| all.push(part));
            }
            next
        })
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
                self.yielded.extend(given.value.as_deref());
            }
            AnyNodeRef::ExprYieldFrom(given) => {
                self.is_generator = true;
                self.yielded.push(&given.value);
            }
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
                    self.bind(target, Value::OfObject(&item.context_expr));
                }
            }
            AnyNodeRef::ExprNamed(named) => self.bind(&named.target, Value::Is(&named.value)),
            AnyNodeRef::StmtFor(each) => self.go_through(&each.target, &each.iter),
            AnyNodeRef::Comprehension(each) => self.go_through(&each.target, &each.iter),
            AnyNodeRef::StmtMatch(statement) => {
                for case in &statement.cases {
                    self.capture(&case.pattern, Value::Is(&statement.subject));
                }
            }
            AnyNodeRef::StmtGlobal(ast::StmtGlobal { names, .. })
            | AnyNodeRef::StmtNonlocal(ast::StmtNonlocal { names, .. }) => {
                self.outer.extend(names.iter().map(ast::Identifier::as_str));
            }
            AnyNodeRef::ExprCall(call) => {
                let mut parts = Vec::new();
                each_given(call, &mut |part| parts.push(part));
                if !parts.is_empty() {
                    self.handed.push((call, parts));
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

/// Looks at what whoever gets the value of `expr` gets too: itself, or as part of a list.
pub(super) fn each_part<'s>(expr: &'s Expr, look: &mut impl FnMut(Part<'s>)) {
    match expr {
        Expr::Name(name) => look(Part::Name(&name.id)),
        Expr::Named(named) => {
            each_part(&named.target, look);
            each_part(&named.value, look);
        }
        Expr::Starred(starred) => each_part(&starred.value, look),
        Expr::List(ast::ExprList { elts, .. })
        | Expr::Tuple(ast::ExprTuple { elts, .. })
        | Expr::Set(ast::ExprSet { elts, .. }) => {
            for element in elts {
                each_part(element, look);
            }
        }
        Expr::Dict(dict) => {
            for item in &dict.items {
                item.key.iter().for_each(|key| each_part(key, look));
                each_part(&item.value, look);
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
                each_part(container, look);
            }
            // A method of an object that is given nothing has none of it.
            if call.func.is_name_expr() || !call.arguments.is_empty() {
                look(Part::Call(call));
            }
        }
        Expr::Await(awaited) => match (waited_in(expr), &*awaited.value) {
            (Some(tasks), _) => each_part(tasks, look),
            (None, Expr::Call(call)) => look(Part::Awaited(call)),
            (None, _) => {}
        },
        Expr::Subscript(item) => each_part(&item.value, look),
        Expr::If(branches) => {
            each_part(&branches.body, look);
            each_part(&branches.orelse, look);
        }
        Expr::BoolOp(operands) => {
            for value in &operands.values {
                each_part(value, look);
            }
        }
        Expr::BinOp(sum) if sum.op != ast::Operator::Mod => {
            each_part(&sum.left, look);
            each_part(&sum.right, look);
        }
        Expr::ListComp(ast::ExprListComp { elt, .. })
        | Expr::SetComp(ast::ExprSetComp { elt, .. })
        | Expr::Generator(ast::ExprGenerator { elt, .. }) => each_part(elt, look),
        Expr::DictComp(dict) => {
            dict.key.iter().for_each(|key| each_part(key, look));
            each_part(&dict.value, look);
        }
        _ => {}
    }
}

/// The same of each argument of `call`.
pub(super) fn each_given<'s>(call: &'s ast::ExprCall, look: &mut impl FnMut(Part<'s>)) {
    for given in call.arguments.iter_source_order() {
        each_part(given.value(), look);
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
