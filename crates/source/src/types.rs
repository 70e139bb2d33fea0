//! What may be asked about the types of a file's expressions, in the words of asyncio.
//!
//! This crate asks; who answers, and how, is none of its business.

use std::path::PathBuf;

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::Source;
use crate::decorators::function_of_decorator;
use crate::resolve::MAX_LINKS;
use crate::stops::Cancels;
use crate::waits::{Called, Callee, Decorated, SharedWaits};

/// Decorators are looked into, but not those of decorators.
const MAX_DECORATORS: usize = 1;

/// What an object is to asyncio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A coroutine object, as calling an `async def` gives.
    Coroutine,
    /// An `asyncio.Task`.
    Task,
    /// An `asyncio.Future` that may be no Task.
    Future,
    /// Something else that can be awaited.
    OtherAwaitable,
    /// An event loop.
    EventLoop,
    /// A task group or nursery: it holds the tasks that it makes.
    TaskGroup,
    /// Something that cannot be awaited, and is none of the above.
    NotAwaitable,
    /// Nothing is known.
    Unknown,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 8] = [
        Kind::Coroutine,
        Kind::Task,
        Kind::Future,
        Kind::OtherAwaitable,
        Kind::EventLoop,
        Kind::TaskGroup,
        Kind::NotAwaitable,
        Kind::Unknown,
    ];
}

/// The kinds of which an expression's value may be, one for each member of a union.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// Nothing is known.
    pub const UNKNOWN: Kinds = Kinds::of(Kind::Unknown);
    /// No kind: where there is no value.
    pub const NONE: Kinds = Kinds(0);

    /// One kind.
    pub const fn of(kind: Kind) -> Self {
        Self(1 << kind as u8)
    }

    /// These kinds and those.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These kinds without those.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The kind, where there is one alone; [`Kind::Unknown`] where there are none or several.
    pub fn only(self) -> Kind {
        let mut kinds = self.iter();
        match (kinds.next(), kinds.next()) {
            (Some(kind), None) => kind,
            _ => Kind::Unknown,
        }
    }

    /// Whether there is at least one kind and nothing is unknown.
    pub fn are_known(self) -> bool {
        self != Self::NONE && self.without(Self::UNKNOWN) == self
    }

    /// Each of the kinds.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL
            .into_iter()
            .filter(move |kind| self.0 & Self::of(*kind).0 != 0)
    }

    /// The kinds as one number, to be sent elsewhere.
    pub const fn to_bits(self) -> u8 {
        self.0
    }

    /// What [`Kinds::to_bits`] gave.
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }
}

impl FromIterator<Kinds> for Kinds {
    fn from_iter<I: IntoIterator<Item = Kinds>>(all: I) -> Self {
        all.into_iter().fold(Self::NONE, Self::or)
    }
}

impl std::fmt::Debug for Kinds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// A function of some file, by the place of its name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FunctionId {
    /// The file, absolute and without symbolic links.
    pub path: PathBuf,
    /// Where the name of the function starts after `def`, in bytes of the file.
    pub name: TextSize,
}

/// A parameter of a function, as its calls name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// How many arguments a call gives before it; those that come by name alone have no place.
    pub position: Option<usize>,
}

impl Parameter {
    /// What `call` gives for it, if it is not unpacked from something.
    pub fn argument_of<'a>(&self, call: &'a ast::ExprCall) -> Option<&'a Expr> {
        match self.position {
            Some(position) => call.arguments.find_argument_value(&self.name, position),
            None => (call.arguments.find_keyword(&self.name)).map(|keyword| &keyword.value),
        }
    }
}

/// What a [`TaskMaker`] gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gives {
    /// A task.
    Task,
    /// A task, or something else instead, such as `None`.
    MaybeTask,
    /// A list or a set of tasks.
    Tasks,
}

/// A function that gives back a task to which nothing else refers: its callers have to keep it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskMaker {
    /// It has to be awaited to give it.
    pub is_async: bool,
    /// What it gives back.
    pub gives: Gives,
    /// A subclass may have another idea of what it gives back.
    pub may_be_overridden: bool,
    /// What it gives may be a gather or a shield, which is often awaited by whoever gets it.
    pub is_future: bool,
    /// What it hands to `asyncio.ensure_future()`, which gives back what is a future already.
    pub ensures: Vec<Parameter>,
}

impl TaskMaker {
    /// What holds where either may be called; none where that is a task of one and a list of the other.
    #[must_use]
    pub fn or(mut self, other: Self) -> Option<Self> {
        let are_alike = self.is_async == other.is_async && self.gives == other.gives;
        let gives = match (self.gives, other.gives) {
            (alike, _) if are_alike => alike,
            (Gives::Tasks, _) | (_, Gives::Tasks) => return None,
            _ => Gives::MaybeTask,
        };
        self.ensures.extend(other.ensures);
        Some(Self {
            is_async: self.is_async || other.is_async,
            gives,
            may_be_overridden: self.may_be_overridden || other.may_be_overridden,
            is_future: self.is_future || other.is_future,
            ensures: self.ensures,
        })
    }
}

/// Knows the types in one file, as it stands in its project.
///
/// Ranges are those of expressions of that file, parentheses around them left out. What is not sure
/// is unknown, and a union's members are all given. That a call gives a coroutine is said of a function
/// that nothing in the project can replace; of what is no call, it is what its annotation says.
pub trait Types {
    /// What the expression at `expr` may give. `None` among the members of a union is left out.
    fn kinds(&self, expr: TextRange) -> Kinds;

    /// What iterating over the expression at `iterable` may yield, where it is unpacked into the
    /// arguments of a call (`f(*iterable)`) or added to a list (`names.extend(iterable)`).
    fn kinds_of_each(&self, iterable: TextRange) -> Kinds;

    /// The one function, of any file that was written in Python, that the expression at `callee`
    /// stands for where it is called.
    fn function(&self, callee: TextRange) -> Option<FunctionId>;

    /// The functions, each as [`Types::function`] gives it, one of which the expression at `callee` stands for, where
    /// nothing in the project can put another in their place: several where it is a method of one of several classes. For
    /// one that its module defines anew for other versions of Python, any of the definitions stands.
    fn sole_functions(&self, callee: TextRange) -> Vec<FunctionId>;

    /// The dotted name of what [`Types::function`] finds, its module and class included, or of a function of the
    /// standard library.
    fn function_name(&self, _callee: TextRange) -> Option<String> {
        None
    }

    /// What the function that [`Types::function`] finds awaits that was there before it was called.
    fn shared_waits(&self, _callee: TextRange) -> SharedWaits {
        SharedWaits::default()
    }

    /// Which tasks the function that [`Types::function`] finds cancels, of those that it is given.
    fn cancels(&self, _callee: TextRange) -> Option<Cancels> {
        None
    }

    /// Whether calling what the expression at `callee` stands for gives a new coroutine, and nothing in
    /// the project can change that.
    fn is_coroutine_function(&self, callee: TextRange) -> bool;

    /// Whether the attribute whose method the expression at `callee` is may hold something else than its class says, as
    /// another class of which its object may be gives it something too.
    fn may_hold_another(&self, _callee: TextRange) -> bool {
        false
    }

    /// Whether a `from other import *` of the file may give the name at `name` what it stands for: whether such a module
    /// has one of that name, or is not found.
    fn may_come_by_star(&self, _name: TextRange) -> bool {
        true
    }

    /// The names of the functions that are known to be a [`TaskMaker`], in no particular order.
    fn task_maker_names(&self) -> Vec<&str> {
        Vec::new()
    }

    /// What is known of the function that the expression at `callee` stands for where it is called, if
    /// it is a [`TaskMaker`].
    fn task_maker(&self, _callee: TextRange) -> Option<TaskMaker> {
        None
    }
}

impl<T: Types> Types for &T {
    fn kinds(&self, expr: TextRange) -> Kinds {
        (**self).kinds(expr)
    }

    fn kinds_of_each(&self, iterable: TextRange) -> Kinds {
        (**self).kinds_of_each(iterable)
    }

    fn function(&self, callee: TextRange) -> Option<FunctionId> {
        (**self).function(callee)
    }

    fn sole_functions(&self, callee: TextRange) -> Vec<FunctionId> {
        (**self).sole_functions(callee)
    }

    fn function_name(&self, callee: TextRange) -> Option<String> {
        (**self).function_name(callee)
    }

    fn shared_waits(&self, callee: TextRange) -> SharedWaits {
        (**self).shared_waits(callee)
    }

    fn cancels(&self, callee: TextRange) -> Option<Cancels> {
        (**self).cancels(callee)
    }

    fn is_coroutine_function(&self, callee: TextRange) -> bool {
        (**self).is_coroutine_function(callee)
    }

    fn may_hold_another(&self, callee: TextRange) -> bool {
        (**self).may_hold_another(callee)
    }

    fn may_come_by_star(&self, name: TextRange) -> bool {
        (**self).may_come_by_star(name)
    }
}

impl Source<'_> {
    /// Whether `callee` is known to stand for a function that was written in Python, in this project
    /// or in a package.
    pub fn is_python_function(&self, callee: &Expr) -> bool {
        self.types()
            .is_some_and(|types| types.function(callee.range()).is_some())
    }

    /// The dotted name of the function that `callee` is known by its type to stand for.
    pub fn function_name(&self, callee: &Expr) -> Option<String> {
        self.types()?.function_name(callee.range())
    }

    /// Whether calling `callee` gives a new coroutine, as the user says, this file shows or its type tells.
    pub fn makes_coroutines(&self, callee: &Expr) -> bool {
        let by_type = || (self.types()).map(|types| types.is_coroutine_function(callee.range()));
        match self.functions_as_written(callee) {
            _ if self.is_said_to_make_coroutines(callee) => true,
            // A class of another file may override the method that this one shows.
            Some(functions) => {
                (functions.iter()).all(|it| self.is_coroutine_function(it))
                    && (callee.is_name_expr() || by_type() != Some(false))
            }
            None => by_type() == Some(true),
        }
    }

    /// What the function that `callee` stands for awaits that was there before it was called: if that is a task or
    /// future, cancelling the coroutine cancels it, for whoever else waits for it too.
    pub fn shared_waits(&self, callee: &Expr) -> SharedWaits {
        let waits = self.shared_waits_by(callee, MAX_DECORATORS);
        SharedWaits {
            unknown: waits.unknown && !self.is_said_to_make_coroutines(callee),
            ..waits
        }
    }

    /// The same; so many decorators are looked into, each of which decorates the one before.
    fn shared_waits_by(&self, callee: &Expr, links: usize) -> SharedWaits {
        let function = |call: &ast::ExprCall| match self.functions(&call.func).as_deref() {
            Some([only]) => {
                let own = self.called(&call.func, only, links);
                let is_coroutine = || self.kind_of(&Expr::Call(call.clone())) == Kind::Coroutine;
                Some(Callee::Here(own.unless(is_coroutine)))
            }
            Some(_) => None,
            None => (self.called_by_name(&call.func, links).map(Callee::Here))
                .or_else(|| Callee::of_container(self.body(), call))
                .or_else(|| self.given_back_elsewhere(call).map(Callee::Elsewhere)),
        };
        let wraps = match self.qualified(callee) {
            Some(name) => name
                .strip_prefix("asyncio.")
                .and_then(SharedWaits::of_asyncio),
            None if callee.is_name_expr() || self.makes_tasks_of_loop(callee) => {
                SharedWaits::of_wrapper(callee)
            }
            None => None,
        };
        let known = || {
            self.types().map_or_else(SharedWaits::default, |types| {
                types.shared_waits(callee.range())
            })
        };
        match self
            .functions(callee)
            .or_else(|| self.likely_methods(callee))
        {
            None if let Some(wraps) = wraps => wraps,
            Some(functions) => {
                let may_be_another = self.may_be_of_subclass(callee);
                let others = (functions.iter())
                    .filter(|_| may_be_another)
                    .flat_map(|it| self.overrides(it));
                let shown = (functions.iter().copied().chain(others))
                    // Whether the call gives a coroutine is asked by whoever looks at it.
                    .map(|it| self.called(callee, it, links).unless(|| true))
                    .map(|it| SharedWaits::of(it, &function))
                    .fold(SharedWaits::default(), SharedWaits::and);
                // Classes of other files may override it as well.
                if may_be_another && !shown.others {
                    shown.and(known())
                } else {
                    shown
                }
            }
            None => match self.called_by_name(callee, links) {
                Some(own) => SharedWaits::of(own, &function),
                None => known(),
            },
        }
    }

    /// `function`, one of this file, as `callee` calls it, with what is known of its decorators.
    fn called<'s>(
        &self,
        callee: &Expr,
        function: &'s ast::StmtFunctionDef,
        links: usize,
    ) -> Called<'s> {
        let mut own = Called::by(callee, function, true);
        if own.decorated == Decorated::Unknown {
            let each = (function.decorator_list.iter())
                .filter(|it| !self.leaves_function_as_it_is(it))
                .map(|it| self.decorated(&it.expression, function, links));
            own.decorated = each.max().unwrap_or(Decorated::AsItIs);
        }
        own
    }

    /// The function of this file that `name` is given with something around it: `load = lru_cache(load_anew)`.
    fn called_by_name(&self, name: &Expr, links: usize) -> Option<Called<'_>> {
        let values = self.values_of(name).filter(|_| name.is_name_expr())?;
        let [Expr::Call(call)] = values[..] else {
            return None;
        };
        let ([only], []) = (&call.arguments.args[..], &call.arguments.keywords[..]) else {
            return None;
        };
        let [function] = self.functions(only)?[..] else {
            return None;
        };
        let mut own = self.called(name, function, links);
        let around = self.decorated(&call.func, function, links);
        own.decorated = own.decorated.max(around);
        Some(own)
    }

    /// What `decorator` does with what `function` gives.
    fn decorated(
        &self,
        decorator: &Expr,
        function: &ast::StmtFunctionDef,
        links: usize,
    ) -> Decorated {
        let by = function_of_decorator(decorator);
        let by_functions = |links| self.shared_waits_by(by, links).by_functions;
        if links.checked_sub(1).is_some_and(by_functions) {
            Decorated::Shared
        } else if function.is_async && self.keeps_coroutine_function(decorator)
            || self.qualified(by).as_deref() == Some("functools.partial")
        {
            Decorated::AsItIs
        } else {
            Decorated::Unknown
        }
    }

    /// What the function that `call` is one of gives back that was there before, where that is no coroutine function of this
    /// file.
    fn given_back_elsewhere(&self, call: &ast::ExprCall) -> Option<SharedWaits> {
        let types = self.types()?;
        if SharedWaits::is_wrapper(&call.func) || self.is_of_asyncio(&*call.func) {
            return None;
        }
        let kinds = types.kinds(call.range());
        let is_no_coroutine =
            |kind: Kind| matches!(kind, Kind::Task | Kind::Future | Kind::OtherAwaitable);
        let mut kinds = kinds.iter().peekable();
        (kinds.peek().is_some() && kinds.all(is_no_coroutine))
            .then(|| types.shared_waits(call.func.range()))
    }

    /// Which tasks the function that `callee` stands for cancels, of those that it is given; another name for it counts.
    pub fn cancels(&self, callee: &Expr) -> Option<Cancels> {
        self.cancels_by(callee, MAX_LINKS)
    }

    fn cancels_by(&self, callee: &Expr, links: usize) -> Option<Cancels> {
        if let Some(functions) = self.functions(callee) {
            let mut all =
                (functions.into_iter()).map(|it| Cancels::of(Called::by(callee, it, true)));
            let first = all.next()?;
            return first.filter(|_| all.all(|it| it == first));
        }
        if let Expr::Name(_) = callee
            && let Some([alias @ (Expr::Name(_) | Expr::Attribute(_))]) =
                self.values_of(callee).as_deref()
        {
            return self.cancels_by(alias, links.checked_sub(1)?);
        }
        self.types()?.cancels(callee.range())
    }

    /// The names of the functions that are known, in any file of the project, to be a [`TaskMaker`], in no
    /// particular order.
    pub fn task_maker_names(&self) -> Vec<&str> {
        self.types().map_or_else(Vec::new, Types::task_maker_names)
    }

    /// What is known of the function that `callee` stands for, if it is a [`TaskMaker`].
    pub fn task_maker(&self, callee: &Expr) -> Option<TaskMaker> {
        self.types()?.task_maker(callee.range())
    }
}
