//! What one function awaits or gives back that it has from elsewhere.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use ruff_python_ast::visitor::source_order::SourceOrderVisitor;
use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::Ranged;

use super::body::{Body, Part, Value, closure, each_given, each_part};
use super::search::{Found, Outer, Passed, Search, What};
use super::spelled::{
    COPY, GIVE_ONE, PASS_ON, asks_each, gives_nobody, is_call_of, makes_future, method, one_of,
    taken_from, waited_in,
};
use super::{AwaitedParameter, Called, Callee, Decorated, SharedWaits};
use crate::decorators::last_name;

/// How far into an expression is looked, and so often calls are followed.
pub(super) const MAX_DEPTH: usize = 6;

/// Calls that a task is given to are followed into so many functions, one behind the other.
const MOST_HANDED_ON: usize = 2;

/// A look at what a function awaits that it has from elsewhere.
pub(super) struct Look<'b, 's> {
    search: &'b Search<'b, 's>,
    body: &'b Body<'s>,
    /// How often calls may still be followed.
    links: usize,
    /// The name of the object whose method it is.
    object: Option<&'s str>,
    parameters: Vec<AwaitedParameter>,
    /// Whether it is no coroutine function, so that what it calls at its end is what it gives back.
    is_plain: bool,
    /// Whether somebody else gets what it yields than who awaits what it awaits.
    yields_to_others: bool,
    found: SharedWaits,
    outer: Vec<Outer<'s>>,
    /// The names that were met, with whether for what is in them.
    met: HashSet<(&'s str, bool)>,
    /// Those of them that are still to be followed.
    ahead: Vec<(&'s str, bool)>,
    /// The names of tasks and futures that are made here, where they were asked for.
    tasks: OnceCell<HashSet<&'s str>>,
    /// The names whose values are handed to something that may give them to others, where they were asked for.
    handed_on: OnceCell<HashSet<&'s str>>,
    /// The names whose values are put where others can find them, where they were asked for.
    stored: OnceCell<HashSet<&'s str>>,
}

impl<'b, 's> Look<'b, 's> {
    pub(super) fn new(
        search: &'b Search<'b, 's>,
        called: Called<'s>,
        body: &'b Body<'s>,
        links: usize,
    ) -> Self {
        let function = called.function;
        let mut names = function.parameters.iter_non_variadic_params();
        Self {
            object: (names.next().filter(|_| called.is_bound)).map(|it| it.name().as_str()),
            parameters: called.parameters(),
            is_plain: !function.is_async,
            ..Self::of_body(search, body, links)
        }
    }

    /// That of a function without parameters.
    fn of_body(search: &'b Search<'b, 's>, body: &'b Body<'s>, links: usize) -> Self {
        Self {
            search,
            body,
            links,
            object: None,
            parameters: Vec::new(),
            is_plain: true,
            yields_to_others: false,
            found: SharedWaits::default(),
            outer: Vec::new(),
            met: HashSet::new(),
            ahead: Vec::new(),
            tasks: OnceCell::new(),
            handed_on: OnceCell::new(),
            stored: OnceCell::new(),
        }
    }

    /// `what` there is of the function, which is `called`.
    pub(super) fn found(mut self, what: What, called: Called<'s>) -> Found<'s> {
        match what {
            What::Awaited => self.awaited(called),
            What::GivenBack => self.given_back(called.decorated),
        }
        while let Some((name, is_container)) = self.ahead.pop() {
            self.follow(name, is_container);
        }
        (self.found, self.outer)
    }

    /// Notes where what the function awaits comes from, which is `called`.
    fn awaited(&mut self, called: Called<'s>) {
        self.yields_to_others = self.body.is_generator;
        self.found.others = called.decorated == Decorated::Shared;
        self.found.unknown = called.decorated == Decorated::Unknown;
        // A future that has no name anywhere is there to be waited for until the end.
        for awaited in self.body.awaited.iter().filter(|it| !makes_future(it)) {
            self.value(awaited, MAX_DEPTH);
        }
        if let Some(call) = only_call(&called.function.body)
            && let Some(Callee::Here(callee)) = (self.search.callees)(call)
        {
            self.called(What::of_call(callee.function), callee, call, MAX_DEPTH);
        }
    }

    /// Notes where what the function gives back comes from, of which its decorators make what they do.
    fn given_back(&mut self, decorated: Decorated) {
        let body = self.body;
        match decorated {
            Decorated::AsItIs => {
                for given in body.given() {
                    self.value_or_item(given, MAX_DEPTH);
                    // Whoever gets it may await what is in it.
                    self.container(given, MAX_DEPTH);
                    self.functions(given, MAX_DEPTH);
                }
            }
            Decorated::Unknown => {
                self.found.others = body.returned.iter().any(|it| body.is_future(it));
                self.found.unknown = true;
            }
            Decorated::Shared => self.found.others = true,
        }
    }

    /// The function inside that `callee` stands for.
    fn inside(&self, callee: &Expr) -> Option<&'s ast::StmtFunctionDef> {
        let name = callee.as_name_expr()?.id.as_str();
        let is_only = self.body.values.get(name)?.len() == 1;
        let mut functions = self.body.functions.iter();
        let function = functions.find(|it| it.name.as_str() == name)?;
        is_only.then_some(*function)
    }

    /// Notes where `expr`, which is awaited, comes from.
    fn value(&mut self, expr: &'s Expr, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        match expr {
            Expr::Attribute(_) => self.found.others = true,
            Expr::Subscript(item) => self.container(&item.value, depth),
            Expr::Starred(starred) => self.container(&starred.value, depth),
            Expr::Name(name) => self.named(&name.id, false),
            Expr::Named(named) => {
                self.value(&named.target, depth);
                self.value_or_item(&named.value, depth);
            }
            Expr::If(branches) => {
                self.value_or_item(&branches.body, depth);
                self.value_or_item(&branches.orelse, depth);
            }
            Expr::BoolOp(operands) => {
                for value in &operands.values {
                    self.value_or_item(value, depth);
                }
            }
            _ if makes_future(expr) => self.found.others = true,
            Expr::Await(_) if let Some(tasks) = waited_in(expr) => self.container(tasks, depth),
            Expr::Await(awaited) => {
                if let Expr::Call(call) = &*awaited.value {
                    match (self.search.callees)(call) {
                        Some(Callee::Here(callee)) if callee.function.is_async => {
                            self.called(What::GivenBack, callee, call, depth);
                        }
                        // A queue has it from somebody.
                        _ => {
                            let is_get = method(call).is_some_and(|(_, name)| name == "get");
                            self.found.others |= is_get && call.arguments.is_empty();
                        }
                    }
                }
            }
            Expr::Call(call) if let Some(function) = self.inside(&call.func) => {
                self.called_inside(What::of_call(function), function, call, depth);
            }
            Expr::Call(call) => match (self.search.callees)(call) {
                // It is awaited what that gives back.
                Some(Callee::Here(callee))
                    if self.is_plain
                        || !callee.function.is_async
                        || callee.decorated == Decorated::Shared =>
                {
                    let what = What::of_call(callee.function);
                    self.called(what, callee, call, depth);
                }
                Some(Callee::Elsewhere(waits)) => {
                    self.note(&waits);
                    self.given(&waits, call, depth);
                }
                Some(Callee::OfContainer) => self.value_or_item(expr, depth),
                None if is_call_of(call, &["getattr"]) => self.found.others = true,
                None if is_call_of(call, GIVE_ONE) => {
                    if let Some(iterator) = call.arguments.args.first() {
                        self.container(iterator, depth);
                    }
                }
                _ => {
                    let waits = SharedWaits::of_wrapper(&call.func).unwrap_or_default();
                    self.given(&waits, call, depth);
                }
            },
            _ => {}
        }
    }

    /// Notes where `what` there is of `callee` comes from, as far as `call`, a call of it, gives it that.
    fn called(&mut self, what: What, callee: Called<'s>, call: &'s ast::ExprCall, depth: usize) {
        if let Some(links) = self.links.checked_sub(1) {
            let waits = self.search.waits(what, callee, links);
            self.note(&waits);
            self.given(&waits, call, depth);
        }
    }

    /// Notes where what the `generator` gives comes from, which `call` makes.
    fn gone_through(
        &mut self,
        generator: Called<'s>,
        is_inside: bool,
        call: &'s ast::ExprCall,
        depth: usize,
    ) {
        if is_inside {
            self.called_inside(What::GivenBack, generator.function, call, depth);
        } else {
            self.called(What::GivenBack, generator, call, depth);
        }
    }

    /// Notes where `what` there is of a `function` inside comes from, which has names of this one.
    fn called_inside(
        &mut self,
        what: What,
        function: &'s ast::StmtFunctionDef,
        call: &'s ast::ExprCall,
        depth: usize,
    ) {
        let Some(links) = self.links.checked_sub(1) else {
            return;
        };
        let called = Called::new(function, false);
        let (waits, outer) = self.search.waits_and_outer(what, called, links);
        self.note(&waits);
        self.given(&waits, call, depth);
        for Outer { name, is_container } in outer {
            self.named(name, is_container);
        }
    }

    /// Notes what what is called awaits, whatever it is given.
    fn note(&mut self, waits: &SharedWaits) {
        self.found.others |= waits.others;
        self.found.unknown |= waits.unknown;
    }

    /// Notes what the functions inside await that `returned` gives back: one by its name, or what a call makes of it,
    /// as `update_wrapper()` does.
    fn functions(&mut self, returned: &'s Expr, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        if let Expr::Call(call) = returned {
            for argument in &call.arguments.args {
                self.functions(argument, depth);
            }
        }
        if let (Some(function), Some(links)) = (self.inside(returned), self.links.checked_sub(1)) {
            let (what, called) = (What::of_call(function), Called::new(function, false));
            let waits = self.search.waits(what, called, links);
            self.found.by_functions |= waits.others || waits.by_functions;
        }
    }

    /// Notes where what `call` gives to what awaits `waits` comes from.
    fn given(&mut self, waits: &SharedWaits, call: &'s ast::ExprCall, depth: usize) {
        let arguments = waits.arguments(call);
        self.found.others |= arguments.is_none();
        for argument in arguments.into_iter().flatten() {
            self.value(argument, depth);
        }
    }

    /// As [`Look::value`], of something that has a name or stands beside other values, so that a call of
    /// `get()` or `pop()` is one of a dict or list: what a queue or client gives is awaited at once.
    fn value_or_item(&mut self, expr: &'s Expr, depth: usize) {
        match expr.as_call_expr().and_then(taken_from) {
            Some(container) => self.container(container, depth),
            None => self.value(expr, depth),
        }
    }

    /// Notes where `expr`, of which something is awaited, comes from.
    fn container(&mut self, expr: &'s Expr, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        match expr {
            Expr::Attribute(_) => self.found.others = true,
            Expr::Subscript(item) => match one_of(item) {
                Some(element) => self.container(element, depth),
                None => self.container(&item.value, depth),
            },
            Expr::Name(name) => self.named(&name.id, true),
            Expr::Await(_) => self.value(expr, depth),
            Expr::Named(named) => self.container(&named.value, depth),
            Expr::List(ast::ExprList { elts, .. })
            | Expr::Tuple(ast::ExprTuple { elts, .. })
            | Expr::Set(ast::ExprSet { elts, .. }) => {
                for element in elts {
                    self.value(element, depth);
                }
            }
            Expr::ListComp(ast::ExprListComp { elt, .. })
            | Expr::SetComp(ast::ExprSetComp { elt, .. })
            | Expr::Generator(ast::ExprGenerator { elt, .. }) => self.value(elt, depth),
            Expr::DictComp(dict) => self.value(&dict.value, depth),
            Expr::BinOp(sum) => {
                self.container(&sum.left, depth);
                self.container(&sum.right, depth);
            }
            Expr::Dict(dict) => {
                for item in &dict.items {
                    self.value(&item.value, depth);
                }
            }
            Expr::Call(call) => match (&*call.func, &call.arguments.args[..]) {
                (Expr::Attribute(method), []) if COPY.contains(&method.attr.as_str()) => {
                    self.container(&method.value, depth);
                }
                (Expr::Name(name), iterables) if PASS_ON.contains(&name.id.as_str()) => {
                    for iterable in iterables {
                        self.container(iterable, depth);
                    }
                    if name.id == "dict" {
                        for item in &call.arguments.keywords {
                            self.value(&item.value, depth);
                        }
                    }
                }
                // What is in what a plain function gives back, as with that itself.
                _ => match self.here(call) {
                    Some((generator, is_inside)) if generator.function.is_async => {
                        self.gone_through(generator, is_inside, call, depth);
                    }
                    _ => self.value_or_item(expr, depth),
                },
            },
            _ => {}
        }
    }

    /// Whether what the name `id` stands for is a task or future that is made here, or has one in it.
    fn is_task(&self, id: &str) -> bool {
        self.tasks.get_or_init(|| self.tasks()).contains(id)
    }

    /// The names of which that holds.
    fn tasks(&self) -> HashSet<&'s str> {
        let mut tasks = Vec::new();
        // By the names that they have their value from, the names.
        let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
        for (name, value) in self.body.held() {
            let mut from = |it: &'s str| users.entry(it).or_default().push(name);
            if self.makes_task(value, MAX_DEPTH, &mut from) {
                tasks.push(name);
            }
        }
        closure(tasks, &users)
    }

    /// Whether `expr` makes a task or future, or something with one in it; where it does not, looks at each name that it
    /// has its value from.
    fn makes_task(&self, expr: &'s Expr, depth: usize, from: &mut dyn FnMut(&'s str)) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return false;
        };
        let parts: Vec<&Expr> = match expr {
            Expr::Call(call) if is_call_of(call, PASS_ON) => {
                let given = call.arguments.iter_source_order();
                given.map(ast::ArgOrKeyword::value).collect()
            }
            Expr::Call(call) => {
                return self.body.is_future(expr)
                    || matches!((self.search.callees)(call), Some(Callee::Here(it)) if !it.function.is_async);
            }
            Expr::Name(name) => {
                from(&name.id);
                return false;
            }
            Expr::Named(named) => vec![&named.value],
            Expr::Await(_) => waited_in(expr).into_iter().collect(),
            Expr::If(branches) => vec![&branches.body, &branches.orelse],
            Expr::List(ast::ExprList { elts, .. })
            | Expr::Tuple(ast::ExprTuple { elts, .. })
            | Expr::Set(ast::ExprSet { elts, .. }) => elts.iter().collect(),
            Expr::ListComp(ast::ExprListComp { elt, .. })
            | Expr::SetComp(ast::ExprSetComp { elt, .. })
            | Expr::Generator(ast::ExprGenerator { elt, .. }) => vec![elt],
            Expr::Dict(dict) => dict.items.iter().map(|it| &it.value).collect(),
            Expr::DictComp(dict) => vec![&dict.value],
            _ => return false,
        };
        (parts.into_iter()).any(|it| self.makes_task(it, depth, from))
    }

    /// Whether the body hands what the name `id` stands for to something that may give it to others.
    fn is_handed_on(&self, id: &str) -> bool {
        let names = || self.all_of(self.handed_on(MOST_HANDED_ON), MOST_HANDED_ON);
        self.handed_on.get_or_init(names).contains(id)
    }

    /// Whether what the name `id` stands for is put where others can find it.
    fn is_stored(&self, id: &str) -> bool {
        let names = || {
            let mut parts = self.stored();
            if self.yields_to_others {
                parts.extend(self.body.given_back());
            }
            self.all_of(parts, MOST_HANDED_ON)
        };
        self.stored.get_or_init(names).contains(id)
    }

    /// What shows it.
    fn stored(&self) -> Vec<Part<'s>> {
        let grown = self.body.grown.iter().copied();
        let is_given = |it: &&str| {
            self.parameters
                .iter()
                .any(|parameter| parameter.name == *it)
        };
        let grown = grown.filter(is_given).map(Part::Name);
        self.body.stored().chain(grown).collect()
    }

    /// The names whose values whoever gets those `parts` gets too; calls are followed into so many functions.
    fn all_of(&self, parts: Vec<Part<'s>>, links: usize) -> HashSet<&'s str> {
        let next = self.body.next();
        let mut all = HashSet::new();
        let mut calls = HashSet::new();
        let mut ahead = parts;
        while let Some(part) = ahead.pop() {
            match part {
                Part::Name(name) => {
                    if all.insert(name) {
                        ahead.extend(next.get(name).into_iter().flatten());
                    }
                }
                Part::Call(call) | Part::Awaited(call) => {
                    if calls.insert(call.range()) {
                        let is_awaited = matches!(part, Part::Awaited(_));
                        ahead.extend(self.given_by(call, is_awaited, links));
                    }
                }
            }
        }
        all
    }

    /// What the function does with what its names stand for; calls are followed into so many others.
    pub(super) fn passed(&self, links: usize) -> Passed<'s> {
        let mut away = self.handed_on(links);
        away.extend(self.stored());
        Passed {
            away: self.all_of(away, links),
            back: self.all_of(self.body.given_back(), links),
            waited_for: self.all_of(self.body.waited_for(), links),
        }
    }

    /// The function of this file that `call` is one of, and whether it is one inside.
    fn here(&self, call: &ast::ExprCall) -> Option<(Called<'s>, bool)> {
        if let Some(function) = self.inside(&call.func) {
            return Some((Called::new(function, false), true));
        }
        match (self.search.callees)(call) {
            Some(Callee::Here(called)) => Some((called, false)),
            _ => None,
        }
    }

    /// What `call` gives back, or awaiting it if that `is_awaited`, of what it is given or a function inside has.
    fn given_by(&self, call: &'s ast::ExprCall, is_awaited: bool, links: usize) -> Vec<Part<'s>> {
        let (Some((called, is_inside)), Some(links)) = (self.here(call), links.checked_sub(1))
        else {
            return Vec::new();
        };
        let body = self.search.body(called.function);
        if !body.is_generator && called.function.is_async != is_awaited {
            return Vec::new();
        }
        let passed = self.search.passed(called, links);
        let mut parts = given_as(called, &passed.back, call);
        if is_inside {
            let back = passed.back.iter().copied();
            parts.extend(back.filter(|it| body.is_of_outside(it)).map(Part::Name));
        }
        parts
    }

    /// What the body hands to something that may give it to others; calls are followed into so many functions.
    fn handed_on(&self, links: usize) -> Vec<Part<'s>> {
        let calls = self.body.handed.iter();
        let handed = calls.flat_map(|(call, parts)| self.given_away_by(call, parts, links));
        let functions = self.body.functions.iter();
        let inside = functions.flat_map(|function| {
            let body = self.search.body(function);
            let passed = self.search.passed(Called::new(function, false), links);
            let mut away = passed.away.clone();
            let ends = self.body.ends_with(function);
            if !ends {
                away.extend(&passed.waited_for);
            }
            if !(ends && body.is_generator) {
                away.extend(&passed.back);
            }
            escaping(&body, Some(&function.parameters), away)
        });
        let lambdas = self.body.lambdas.iter();
        let lambdas = lambdas.flat_map(|lambda| self.given_away_by_lambda(lambda, links));
        let by_classes = self.body.read_by_classes.iter();
        handed
            .chain(inside)
            .chain(lambdas)
            .chain(by_classes.map(|it| Part::Name(it)))
            .collect()
    }

    /// What `lambda` gives to others, of what the function has.
    fn given_away_by_lambda(&self, lambda: &'s ast::ExprLambda, links: usize) -> Vec<Part<'s>> {
        let mut body = Body::default();
        body.visit_expr(&lambda.body);
        body.returned.push(&lambda.body);
        let passed = Look::of_body(self.search, &body, links).passed(links);
        let away = passed.away.union(&passed.back).copied().collect();
        escaping(&body, lambda.parameters.as_deref(), away)
    }

    /// Those of the `parts` that `call` is given that it may give to others.
    fn given_away_by(
        &self,
        call: &'s ast::ExprCall,
        parts: &[Part<'s>],
        links: usize,
    ) -> Vec<Part<'s>> {
        let name = last_name(&call.func).map_or("", |it| it.trim_start_matches('_'));
        let here = self.here(call);
        if here.is_none() && (gives_nobody(call, name) || asks_each(call)) {
            return Vec::new();
        }
        let holder = method(call).map(|(holder, _)| holder);
        let is_own = |it: &ast::ExprName| self.body.holds_new_containers(&it.id);
        if holder.and_then(Expr::as_name_expr).is_some_and(is_own) {
            return Vec::new();
        }
        let mut away = match (here, links.checked_sub(1)) {
            (Some((called, _)), Some(links)) => self.given_away_inside(called, call, links),
            (Some(_), None) => return Vec::new(),
            // What is awaited stops it or waits for it, if it does not put it somewhere.
            (None, _) if self.is_awaited(call) && name != "put" => return Vec::new(),
            (None, _) => parts.to_vec(),
        };
        // A set holds it until it is done.
        if holder.is_some() && name == "add" {
            let is_let_go =
                |it: &Part<'_>| matches!(it, Part::Name(it) if self.body.called_back.contains(it));
            away.retain(|it| !is_let_go(it));
        }
        away
    }

    fn is_awaited(&self, call: &ast::ExprCall) -> bool {
        self.body.awaited_calls.contains(&call.range())
    }

    /// What `call` gives to the function that is `called` and gives it to others.
    fn given_away_inside(
        &self,
        called: Called<'s>,
        call: &'s ast::ExprCall,
        links: usize,
    ) -> Vec<Part<'s>> {
        let passed = self.search.passed(called, links);
        let mut parts = given_as(called, &passed.away, call);
        if called.function.is_async && !self.body.ended_calls.contains(&call.range()) {
            parts.extend(given_as(called, &passed.waited_for, call));
        }
        parts
    }

    /// Notes where what the name `id` stands for comes from, or what is in it if it `is_container`.
    fn named(&mut self, id: &'s str, is_container: bool) {
        if self.object != Some(id) && self.met.insert((id, is_container)) {
            self.ahead.push((id, is_container));
        }
    }

    /// Does that.
    fn follow(&mut self, id: &'s str, is_container: bool) {
        let body = self.body;
        let note = if is_container {
            Self::container
        } else {
            Self::value_or_item
        };
        let values = body.values.get(id);
        let parameter = self.parameters.iter().find(|it| it.name == id);
        let is_outer = values.is_none() && parameter.is_none() || body.outer.contains(id);
        if let Some(parameter) = parameter
            && !self.found.parameters.contains(parameter)
        {
            self.found.parameters.push(parameter.clone());
        }
        self.found.others |= self.is_stored(id) || self.is_task(id) && self.is_handed_on(id);
        if is_outer {
            self.outer.push(Outer {
                name: id,
                is_container,
            });
        }
        let added = body.added.get(id).filter(|_| is_container);
        for (value, is_container) in added.into_iter().flatten() {
            match is_container {
                true => self.container(value, MAX_DEPTH),
                false => self.value_or_item(value, MAX_DEPTH),
            }
        }
        for value in values.into_iter().flatten() {
            match value {
                Value::Is(value) => note(self, value, MAX_DEPTH),
                Value::IsIn(container) => self.container(container, MAX_DEPTH),
                Value::OfObject(_) => self.found.others = true,
                Value::Other => {}
            }
        }
    }
}

/// The call that is all that a function with this `body` does: it awaits that and may give back what it gives.
fn only_call(body: &[Stmt]) -> Option<&ast::ExprCall> {
    let is_docstring = |it: &Stmt| {
        it.as_expr_stmt()
            .is_some_and(|it| it.value.is_string_literal_expr())
    };
    let body = match body {
        [first, rest @ ..] if is_docstring(first) => rest,
        body => body,
    };
    let value = match body {
        [Stmt::Return(statement)] => statement.value.as_deref()?,
        [Stmt::Expr(statement)] => &statement.value,
        _ => return None,
    };
    value.as_await_expr()?.value.as_call_expr()
}

/// What `call`, one of the function that is `called`, gives it as those of its parameters that are among `names`.
fn given_as<'s>(
    called: Called<'s>,
    names: &HashSet<&str>,
    call: &'s ast::ExprCall,
) -> Vec<Part<'s>> {
    let mut parameters = called.parameters();
    parameters.retain(|it| names.contains(it.name.as_str()));
    let mut parts = Vec::new();
    for parameter in parameters {
        let takes = SharedWaits {
            parameters: vec![parameter],
            ..SharedWaits::default()
        };
        let mut look = |part| parts.push(part);
        match takes.arguments(call) {
            Some(given) => given.into_iter().for_each(|it| each_part(it, &mut look)),
            None => each_given(call, &mut look),
        }
    }
    parts
}

/// Those of the names `away`, whose values a function with this `body` and those `parameters` gives to others, that are of
/// the code around; and what others are given by default.
fn escaping<'s>(
    body: &Body<'s>,
    parameters: Option<&'s ast::Parameters>,
    mut away: HashSet<&'s str>,
) -> Vec<Part<'s>> {
    let mut parts = Vec::new();
    for parameter in parameters.into_iter().flat_map(ast::Parameters::iter) {
        if away.remove(parameter.name().as_str())
            && let Some(default) = parameter.default()
        {
            each_part(default, &mut |part| parts.push(part));
        }
    }
    let around = away.into_iter().filter(|it| body.is_of_outside(it));
    parts.extend(around.map(Part::Name));
    parts
}
