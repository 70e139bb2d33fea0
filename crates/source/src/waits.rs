//! What a coroutine waits for that others may wait for too: it is cancelled with the coroutine.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use crate::classes::is_static;
use crate::containers;
use crate::decorators::{is_spelled_as_transparent, last_name, note_bound};
use crate::once::once;

/// How far into an expression is looked, and so often calls are followed.
const MAX_DEPTH: usize = 6;

/// Calls that a task is given to are followed into so many functions, one behind the other.
const MOST_HANDED_ON: usize = 2;

/// Builtins that give one of what is in their first argument.
const GIVE_ONE: &[&str] = &["max", "min", "next"];

/// Builtins and the like that give what is in their arguments.
const PASS_ON: &[&str] = &[
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
const COPY: &[&str] = &["copy", "items", "keys", "values"];

/// Functions of asyncio, helpers and `typing.cast()` that give back a task or future that they are given, or what waits
/// for it, and give it to nobody else.
const WRAP: &[&str] = &[
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
const LOOK_AT: &[&str] = &[
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
const GIVE_NOBODY: &[&str] = &[
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
const LOGGERS: &[&str] = &["log", "logger", "logging"];

/// Methods of a task that tell how it is or end it, and keep nothing.
pub const ASKING: [&str; 6] = [
    "cancel",
    "cancelled",
    "done",
    "exception",
    "get_name",
    "result",
];

/// What a coroutine function awaits, or another function gives back, that was there before it was called. If that is a
/// task or future, cancelling what the call gives cancels it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SharedWaits {
    /// Whether it awaits something that others can find: an attribute, an item of one, a name of the code around it,
    /// or a local that was taken from there or is stored there.
    pub others: bool,
    /// Whether it awaits something of which nothing tells whether others can find it.
    pub unknown: bool,
    /// Whether a function that it gives back awaits something that others can find: so does what it decorates.
    pub by_functions: bool,
    /// The parameters that it awaits, or of which it awaits items.
    pub parameters: Vec<AwaitedParameter>,
}

/// A parameter of a function, as a call of it sees that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwaitedParameter {
    /// Its name.
    pub name: String,
    /// How many positional arguments come before it; none where it takes no positional one.
    pub position: Option<usize>,
    /// Whether it takes all that follow, too.
    pub is_variadic: bool,
}

/// A coroutine function, and how it is called.
#[derive(Debug, Clone, Copy)]
pub struct Called<'s> {
    /// The function.
    pub function: &'s ast::StmtFunctionDef,
    /// Whether its first parameter is the object whose method it is.
    pub is_bound: bool,
    /// What its decorators do.
    pub decorated: Decorated,
}

/// What the decorators of a function do with what it gives, the least trouble first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decorated {
    /// They leave it as it is, if there are any.
    AsItIs,
    /// Nothing tells: they may give the same to several callers.
    Unknown,
    /// They give what others can find.
    Shared,
}

impl Decorated {
    /// What the decorators of `function` do, as far as their names tell.
    fn as_spelled(function: &ast::StmtFunctionDef) -> Self {
        let mut decorators = function.decorator_list.iter();
        if decorators.all(|it| is_spelled_as_transparent(&it.expression)) {
            Self::AsItIs
        } else {
            Self::Unknown
        }
    }
}

/// What is known of the function that another one calls.
#[derive(Debug, Clone)]
pub enum Callee<'s> {
    /// It is this one of the same file.
    Here(Called<'s>),
    /// It is no coroutine function, of another file or of an object of it, and this is what it gives back that was there
    /// before.
    Elsewhere(SharedWaits),
    /// It is a method of a dict, a list or a set, and gives back something that is in there.
    OfContainer,
}

/// What is known of the function that a call in the file of another function is one of.
pub type Callees<'f, 's> = &'f dyn Fn(&ast::ExprCall) -> Option<Callee<'s>>;

impl<'s> Callee<'s> {
    /// What is known of the function that `call`, which stands in a module with this `body`, is one of, as far as that
    /// alone shows.
    pub fn in_module(body: &'s [Stmt], call: &ast::ExprCall) -> Option<Self> {
        let own = Called::in_module(body, call).map(Self::Here);
        own.or_else(|| Self::of_container(body, call))
    }

    /// The method by which `call`, which stands in a module with this `body`, takes something out of a container of that.
    pub(crate) fn of_container(body: &[Stmt], call: &ast::ExprCall) -> Option<Self> {
        let container = taken_from(call)?;
        containers::is_one(body, container).then_some(Self::OfContainer)
    }
}

impl<'s> Called<'s> {
    /// `function`, one of a class if `is_method`, as `callee` calls it.
    pub fn by(callee: &Expr, function: &'s ast::StmtFunctionDef, is_method: bool) -> Self {
        let is_bound = is_method && callee.is_attribute_expr() && !is_static(function);
        Self::new(function, is_bound)
    }

    /// `function`, with an object as its first parameter if it `is_bound`.
    pub fn new(function: &'s ast::StmtFunctionDef, is_bound: bool) -> Self {
        Self {
            function,
            is_bound,
            decorated: Decorated::as_spelled(function),
        }
    }

    /// The same, of a coroutine function of which nothing tells what its decorators do, where what is called
    /// `is_coroutine` for sure.
    pub(crate) fn unless(mut self, is_coroutine: impl FnOnce() -> bool) -> Self {
        let is_unknown = self.decorated == Decorated::Unknown && self.function.is_async;
        if is_unknown && is_coroutine() {
            self.decorated = Decorated::AsItIs;
        }
        self
    }

    /// The parameters that take its positional arguments one by one.
    pub(crate) fn positional(self) -> impl Iterator<Item = &'s ast::ParameterWithDefault> {
        let all = &self.function.parameters;
        let positional = all.posonlyargs.iter().chain(&all.args);
        positional.skip(usize::from(self.is_bound))
    }

    /// The function of a module with this `body` that `call`, which stands in it, is one of, as far as that alone shows.
    fn in_module(body: &'s [Stmt], call: &ast::ExprCall) -> Option<Self> {
        let callee = &*call.func;
        let (body, name, is_method) = match callee {
            Expr::Name(name) => (body, &name.id, false),
            Expr::Attribute(attribute) => {
                let object = attribute.value.as_name_expr()?;
                let mut classes = body.iter().filter_map(Stmt::as_class_def_stmt);
                let class = classes.find(|it| it.range().contains_range(callee.range()))?;
                let is_own = matches!(object.id.as_str(), "cls" | "self");
                (is_own.then_some(&*class.body)?, &attribute.attr.id, true)
            }
            _ => return None,
        };
        let mut functions = body.iter().filter_map(Stmt::as_function_def_stmt);
        let function = functions.find(|it| it.name.id == *name)?;
        functions
            .all(|it| it.name.id != *name)
            .then(|| Self::by(callee, function, is_method))
    }
}

impl SharedWaits {
    /// These and those.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.others |= other.others;
        self.unknown |= other.unknown;
        self.by_functions |= other.by_functions;
        self.parameters.extend(other.parameters);
        self
    }

    /// Those of the function `name` of asyncio that gives an awaitable which others are cancelled with; not those of
    /// `shield()`.
    pub(crate) fn of_asyncio(name: &str) -> Option<Self> {
        let (name, is_variadic) = match name {
            "create_task" | "Task" => ("coro", false),
            "ensure_future" => ("coro_or_future", false),
            "wait_for" => ("fut", false),
            "wrap_future" => ("future", false),
            "gather" => ("coros_or_futures", true),
            _ => return None,
        };
        let only = AwaitedParameter {
            name: name.to_owned(),
            position: Some(0),
            is_variadic,
        };
        Some(Self {
            parameters: vec![only],
            ..Self::default()
        })
    }

    /// Those of what `callee` stands for by the name that it has in asyncio, of a loop or of a helper in the place of that.
    pub(crate) fn of_wrapper(callee: &Expr) -> Option<Self> {
        let name = last_name(callee)?.trim_start_matches('_');
        // A condition's `wait_for()` takes a function.
        let is_known = match callee {
            Expr::Attribute(attribute) => {
                name == "create_task" || last_name(&attribute.value) == Some("asyncio")
            }
            callee => callee.is_name_expr(),
        };
        let name = match name {
            "gather_or_cancel" => "gather",
            name => name,
        };
        Self::of_asyncio(name).filter(|_| is_known)
    }

    /// Whether `callee` is the name of something of asyncio's that wraps what it is given.
    pub fn is_wrapper(callee: &Expr) -> bool {
        Self::of_wrapper(callee).is_some()
    }

    /// Whether a function that awaits `awaited` may have something to wait for that others can find; cheap.
    pub fn may_come_from(awaited: &Expr) -> bool {
        match awaited {
            Expr::Call(call) => {
                Self::is_wrapper(&call.func)
                    || taken_from(call).is_some()
                    || is_call_of(call, &["getattr"])
                    || is_call_of(call, GIVE_ONE)
            }
            _ => true,
        }
    }

    /// Those of the function that is `called`, and where it does no more than to call another one, which `callees` finds,
    /// those of that.
    pub fn of<'s>(called: Called<'s>, callees: Callees<'_, 's>) -> Self {
        let search = Search {
            callees,
            bodies: RefCell::default(),
            found: RefCell::default(),
            given_away: RefCell::default(),
        };
        search.waits(What::of_call(called.function), called, MAX_DEPTH)
    }

    /// What `call`, a call of the function, gives it to await; none where what it unpacks may be that.
    pub fn arguments<'c>(&self, call: &'c ast::ExprCall) -> Option<Vec<&'c Expr>> {
        self.among(&call.arguments.args, &call.arguments.keywords)
    }

    /// The same of a call with those arguments.
    pub fn among<'c>(
        &self,
        positional: &'c [Expr],
        keywords: &'c [ast::Keyword],
    ) -> Option<Vec<&'c Expr>> {
        let unpacked = positional.iter().position(Expr::is_starred_expr);
        let unpacks_names = keywords.iter().any(|it| it.arg.is_none());
        let may_be_unpacked = |parameter: &AwaitedParameter| {
            let is_behind = parameter
                .position
                .zip(unpacked)
                .is_some_and(|(own, unpacked)| {
                    unpacked < own || unpacked == own && !parameter.is_variadic
                });
            is_behind || unpacks_names && !parameter.is_variadic
        };
        if self.parameters.iter().any(may_be_unpacked) {
            return None;
        }
        let given = self.parameters.iter().flat_map(|parameter| {
            let by_name = keywords.iter().filter(|keyword| {
                keyword
                    .arg
                    .as_ref()
                    .is_some_and(|it| it.as_str() == parameter.name)
            });
            let in_place = parameter.position.and_then(|position| {
                let rest = positional.get(position..)?;
                let count = if parameter.is_variadic { rest.len() } else { 1 };
                rest.get(..count)
            });
            let in_place = in_place.unwrap_or_default().iter();
            in_place.chain(by_name.map(|keyword| &keyword.value))
        });
        Some(given.collect())
    }
}

/// What of a function is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum What {
    /// What it awaits.
    Awaited,
    /// What it gives back.
    GivenBack,
}

impl What {
    /// What whoever awaits a call of `function` waits for.
    fn of_call(function: &ast::StmtFunctionDef) -> Self {
        if function.is_async {
            Self::Awaited
        } else {
            Self::GivenBack
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

/// A name of the code around a function, something that it stands for or that is in that is awaited.
#[derive(Clone, Copy)]
struct Outer<'s> {
    name: &'s str,
    /// Whether it is the name of a container.
    is_container: bool,
}

/// A search for what functions wait for, in which each of them is looked at once for each that is asked of it.
struct Search<'f, 's> {
    callees: Callees<'f, 's>,
    bodies: RefCell<HashMap<FunctionKey, Rc<Body<'s>>>>,
    /// What was found with so many calls to follow.
    found: RefCell<HashMap<(What, CalledKey, usize), Found<'s>>>,
    /// The names whose values functions give to others, with so many calls to follow.
    given_away: RefCell<HashMap<(FunctionKey, usize), Names<'s>>>,
}

type FunctionKey = *const ast::StmtFunctionDef;

/// What [`Called`] has.
type CalledKey = (FunctionKey, bool, Decorated);

/// What a function waits for, with the names of the code around it apart.
type Found<'s> = (SharedWaits, Vec<Outer<'s>>);

type Names<'s> = Rc<HashSet<&'s str>>;

impl<'s> Search<'_, 's> {
    /// `what` there is of the function that is `called`, where so many calls may still be followed.
    fn waits(&self, what: What, called: Called<'s>, links: usize) -> SharedWaits {
        let (mut found, outer) = self.waits_and_outer(what, called, links);
        found.others |= !outer.is_empty();
        found
    }

    /// The same, with the names of the code around that it awaits apart.
    fn waits_and_outer(&self, what: What, called: Called<'s>, links: usize) -> Found<'s> {
        let function = std::ptr::from_ref(called.function);
        let key = (what, (function, called.is_bound, called.decorated), links);
        once(&self.found, key, || {
            Look::new(self, called, &self.body(called.function), links).found(what, called)
        })
    }

    /// What `function` does with its names.
    fn body(&self, function: &'s ast::StmtFunctionDef) -> Rc<Body<'s>> {
        let mut bodies = self.bodies.borrow_mut();
        let new = || {
            let mut body = Body::default();
            body.visit_body(&function.body);
            Rc::new(body)
        };
        Rc::clone(bodies.entry(function).or_insert_with(new))
    }

    /// The names whose values the function that is `called` gives to others; calls that it gives them to are followed
    /// into so many others.
    fn given_away(&self, called: Called<'s>, links: usize) -> Names<'s> {
        let key = (std::ptr::from_ref(called.function), links);
        once(&self.given_away, key, || {
            let body = self.body(called.function);
            let look = Look::new(self, called, &body, links);
            let away = look.handed_on(links).into_iter().chain(look.stored());
            Rc::new(body.all_of(away))
        })
    }
}

/// The parameters of the function that is `called`, as a call of it sees them.
fn parameters(called: Called<'_>) -> Vec<AwaitedParameter> {
    let all = &called.function.parameters;
    let mut parameters: Vec<AwaitedParameter> = called
        .positional()
        .enumerate()
        .map(|(position, it)| AwaitedParameter {
            name: it.name().to_string(),
            position: Some(position),
            is_variadic: false,
        })
        .collect();
    let position = Some(parameters.len());
    parameters.extend(all.vararg.iter().map(|it| AwaitedParameter {
        name: it.name.to_string(),
        position,
        is_variadic: true,
    }));
    parameters.extend(all.kwonlyargs.iter().map(|it| AwaitedParameter {
        name: it.name().to_string(),
        position: None,
        is_variadic: false,
    }));
    parameters
}

/// What a function does with its names, the functions inside left out.
#[derive(Default)]
struct Body<'s> {
    /// What is awaited.
    awaited: Vec<&'s Expr>,
    /// The calls of which that holds.
    awaited_calls: HashSet<TextRange>,
    /// Calls of coroutine functions that end with the function: those, and what `gather()` and the like wait for.
    ended_calls: HashSet<TextRange>,
    /// How many of them each name calls.
    ended: HashMap<&'s str, usize>,
    /// How often each name is read.
    read: HashMap<&'s str, usize>,
    /// The names that classes inside read.
    read_by_classes: HashSet<&'s str>,
    /// What is given back.
    returned: Vec<&'s Expr>,
    /// Whether it yields, too.
    is_generator: bool,
    /// The functions inside.
    functions: Vec<&'s ast::StmtFunctionDef>,
    /// The lambdas inside.
    lambdas: Vec<&'s ast::ExprLambda>,
    /// What its own names are bound to.
    values: HashMap<&'s str, Vec<Value<'s>>>,
    /// What is added to the containers that its names stand for: one thing, or all that is in another container.
    added: HashMap<&'s str, Vec<(&'s Expr, bool)>>,
    /// Names whose values are put somewhere, also as part of a list, with that place: an attribute, or the object that
    /// gets it as an item; none where somebody who goes through a generator gets it.
    placed: Vec<(Option<&'s Expr>, &'s str)>,
    /// Names that `+=` binds.
    grown: HashSet<&'s str>,
    /// Calls that are given the values of names, also as part of a list, and those names.
    handed: Vec<(&'s ast::ExprCall, HashSet<&'s str>)>,
    /// Names of tasks that call something when they are done.
    called_back: HashSet<&'s str>,
    /// Names of the code around that it binds.
    outer: HashSet<&'s str>,
    /// By each name, those whose values whoever gets what it stands for gets too, once somebody has asked.
    next: OnceCell<HashMap<&'s str, Vec<&'s str>>>,
}

/// What a name is bound to.
#[derive(Clone, Copy)]
enum Value<'s> {
    Is(&'s Expr),
    /// One of what is in it.
    IsIn(&'s Expr),
    /// What a context manager has, which may give it to others too.
    OfContext,
    Other,
}

/// Whether `value` is a list, set or the like that is made there.
fn is_new_container(value: &Expr) -> bool {
    match value {
        Expr::Call(call) => is_call_of(call, PASS_ON) || is_call_of(call, &["set"]),
        Expr::List(_)
        | Expr::Set(_)
        | Expr::Dict(_)
        | Expr::Tuple(_)
        | Expr::ListComp(_)
        | Expr::SetComp(_)
        | Expr::DictComp(_) => true,
        _ => false,
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
    fn waited_for(&self) -> HashSet<&'s str> {
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
    fn ends_with(&self, function: &ast::StmtFunctionDef) -> bool {
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
    fn is_future(&self, value: &Expr) -> bool {
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
    fn holds_new_containers(&self, id: &str) -> bool {
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
    fn held(&self) -> impl Iterator<Item = (&'s str, &'s Expr)> {
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
    fn stored(&self) -> impl Iterator<Item = &'s str> {
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
    fn escaping(
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
    fn all_of(&self, from: impl IntoIterator<Item = &'s str>) -> HashSet<&'s str> {
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
fn each_name<'s>(expr: &'s Expr, look: &mut impl FnMut(&'s str)) {
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
fn each_given<'s>(call: &'s ast::ExprCall, look: &mut impl FnMut(&'s str)) {
    for given in call.arguments.iter_source_order() {
        each_name(given.value(), look);
    }
}

/// The names that `node` reads, also in the functions inside.
fn names_read(node: AnyNodeRef<'_>) -> HashSet<&str> {
    let mut reads = Reads::default();
    node.visit_source_order(&mut reads);
    reads.names
}

/// A look for the names that are read.
#[derive(Default)]
struct Reads<'s> {
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

/// The element `a` of `(a, b)[0]`.
fn one_of(item: &ast::ExprSubscript) -> Option<&Expr> {
    let elements = match &*item.value {
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::List(list) => &list.elts,
        _ => return None,
    };
    let index = item.slice.as_number_literal_expr()?.value.as_int()?;
    elements.get(index.as_usize()?)
}

/// The object and the name of the method that `call` calls.
fn method(call: &ast::ExprCall) -> Option<(&Expr, &str)> {
    match &*call.func {
        Expr::Attribute(attribute) => Some((&attribute.value, &attribute.attr)),
        _ => None,
    }
}

/// Whether `value` is a future that is made there, which somebody else has to give its result: it finds the future.
fn makes_future(value: &Expr) -> bool {
    value
        .as_call_expr()
        .and_then(|call| last_name(&call.func))
        .is_some_and(|name| matches!(name, "Future" | "create_future"))
}

/// The object out of which `call` takes something, if that is a dict, a list or the like.
fn taken_from(call: &ast::ExprCall) -> Option<&Expr> {
    let (container, name) = method(call)?;
    let takes = match name {
        "get" | "setdefault" => !call.arguments.args.is_empty(),
        "pop" | "popitem" | "popleft" => true,
        _ => false,
    };
    takes.then_some(container)
}

/// Whether `call` is one of something called as one of the builtins `names`.
fn is_call_of(call: &ast::ExprCall, names: &[&str]) -> bool {
    let name = call.func.as_name_expr();
    name.is_some_and(|name| names.contains(&name.id.as_str()))
}

/// Whether `call` is one of something called as one of asyncio's functions that wrap what they are given.
fn wraps(call: &ast::ExprCall) -> bool {
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
fn gives_nobody(call: &ast::ExprCall, name: &str) -> bool {
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
fn asks_each(call: &ast::ExprCall) -> bool {
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

/// A look at what a function awaits that it has from elsewhere.
struct Look<'b, 's> {
    search: &'b Search<'b, 's>,
    body: &'b Body<'s>,
    /// How often calls may still be followed.
    links: usize,
    /// The name of the object whose method it is.
    object: Option<&'s str>,
    parameters: Vec<AwaitedParameter>,
    /// Whether it is no coroutine function, so that what it calls at its end is what it gives back.
    is_plain: bool,
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
    fn new(
        search: &'b Search<'b, 's>,
        called: Called<'s>,
        body: &'b Body<'s>,
        links: usize,
    ) -> Self {
        let function = called.function;
        let mut names = function.parameters.iter_non_variadic_params();
        Self {
            object: (names.next().filter(|_| called.is_bound)).map(|it| it.name().as_str()),
            parameters: parameters(called),
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
    fn found(mut self, what: What, called: Called<'s>) -> Found<'s> {
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
            Decorated::AsItIs if body.is_generator => {}
            Decorated::AsItIs => {
                for returned in &body.returned {
                    self.value_or_item(returned, MAX_DEPTH);
                    // Whoever gets it may await what is in it.
                    self.container(returned, MAX_DEPTH);
                    self.functions(returned, MAX_DEPTH);
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
                self.called_inside(function, call, depth);
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

    /// The same of a `function` inside, which has names of this one.
    fn called_inside(
        &mut self,
        function: &'s ast::StmtFunctionDef,
        call: &'s ast::ExprCall,
        depth: usize,
    ) {
        let Some(links) = self.links.checked_sub(1) else {
            return;
        };
        let called = Called::new(function, false);
        let what = What::of_call(function);
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
                _ => self.value_or_item(expr, depth),
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
        let names = || self.body.all_of(self.handed_on(MOST_HANDED_ON));
        self.handed_on.get_or_init(names).contains(id)
    }

    /// Whether what the name `id` stands for is put where others can find it.
    fn is_stored(&self, id: &str) -> bool {
        let names = || self.body.all_of(self.stored());
        self.stored.get_or_init(names).contains(id)
    }

    /// The names that show it.
    fn stored(&self) -> Vec<&'s str> {
        let grown = self.body.grown.iter().copied();
        let is_given = |it: &&str| {
            self.parameters
                .iter()
                .any(|parameter| parameter.name == *it)
        };
        self.body.stored().chain(grown.filter(is_given)).collect()
    }

    /// The names of which that holds; calls are followed into so many functions.
    fn handed_on(&self, links: usize) -> HashSet<&'s str> {
        let calls = self.body.handed.iter();
        let handed = calls.flat_map(|(call, names)| self.given_away_by(call, names, links));
        let functions = self.body.functions.iter();
        let inside = functions.flat_map(|function| {
            let body = self.search.body(function);
            let called = Called::new(function, false);
            let mut away = (*self.search.given_away(called, links)).clone();
            if !self.body.ends_with(function) {
                away.extend(body.waited_for());
            }
            body.escaping(Some(&function.parameters), &away)
        });
        let lambdas = self.body.lambdas.iter();
        let lambdas = lambdas.flat_map(|lambda| self.given_away_by_lambda(lambda, links));
        let by_classes = self.body.read_by_classes.iter().copied();
        handed
            .chain(inside)
            .chain(lambdas)
            .chain(by_classes)
            .collect()
    }

    /// The names of the function whose values `lambda` gives to others.
    fn given_away_by_lambda(&self, lambda: &'s ast::ExprLambda, links: usize) -> Vec<&'s str> {
        let mut body = Body::default();
        body.visit_expr(&lambda.body);
        body.returned.push(&lambda.body);
        let look = Look::of_body(self.search, &body, links);
        let away = look.handed_on(links).into_iter().chain(look.stored());
        let away = body.all_of(away);
        body.escaping(lambda.parameters.as_deref(), &away)
    }

    /// Those of `names`, whose values `call` is given, whose values it may give to others.
    fn given_away_by(
        &self,
        call: &'s ast::ExprCall,
        names: &HashSet<&'s str>,
        links: usize,
    ) -> HashSet<&'s str> {
        let name = last_name(&call.func).map_or("", |it| it.trim_start_matches('_'));
        let here = match (self.inside(&call.func), (self.search.callees)(call)) {
            (Some(function), _) => Some(Called::new(function, false)),
            (None, Some(Callee::Here(called))) => Some(called),
            _ => None,
        };
        if here.is_none() && (gives_nobody(call, name) || asks_each(call)) {
            return HashSet::new();
        }
        let holder = method(call).map(|(holder, _)| holder);
        let is_own = |it: &ast::ExprName| self.body.holds_new_containers(&it.id);
        if holder.and_then(Expr::as_name_expr).is_some_and(is_own) {
            return HashSet::new();
        }
        let mut away = match (here, links.checked_sub(1)) {
            (Some(called), Some(links)) => self.given_away_inside(called, call, links),
            (Some(_), None) => return HashSet::new(),
            // What is awaited stops it or waits for it, if it does not put it somewhere.
            (None, _) if self.is_awaited(call) && name != "put" => return HashSet::new(),
            (None, _) => names.clone(),
        };
        // A set holds it until it is done.
        if holder.is_some() && name == "add" {
            away.retain(|it| !self.body.called_back.contains(it));
        }
        away
    }

    fn is_awaited(&self, call: &ast::ExprCall) -> bool {
        self.body.awaited_calls.contains(&call.range())
    }

    /// The names whose values `call` gives to the function that is `called` and gives them to others.
    fn given_away_inside(
        &self,
        called: Called<'s>,
        call: &'s ast::ExprCall,
        links: usize,
    ) -> HashSet<&'s str> {
        let mut away = (*self.search.given_away(called, links)).clone();
        if called.function.is_async && !self.body.ended_calls.contains(&call.range()) {
            away.extend(self.search.body(called.function).waited_for());
        }
        let mut names = HashSet::new();
        let mut parameters = parameters(called);
        parameters.retain(|it| away.contains(it.name.as_str()));
        for parameter in parameters {
            let takes = SharedWaits {
                parameters: vec![parameter],
                ..SharedWaits::default()
            };
            for given in takes.arguments(call).into_iter().flatten() {
                each_name(given, &mut |name| {
                    names.insert(name);
                });
            }
        }
        names
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
                Value::OfContext => self.found.others = true,
                Value::Other => {}
            }
        }
    }
}

/// The names `from`, and those that `next` leads to from them.
fn closure<'s>(from: Vec<&'s str>, next: &HashMap<&'s str, Vec<&'s str>>) -> HashSet<&'s str> {
    let mut all: HashSet<&str> = from.iter().copied().collect();
    let mut ahead = from;
    while let Some(name) = ahead.pop() {
        let more = next.get(name).into_iter().flatten();
        ahead.extend(more.filter(|it| all.insert(it)));
    }
    all
}
