//! What a coroutine waits for that others may wait for too: it is cancelled with the coroutine.

mod body;
mod look;
mod search;
mod spelled;

use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::Ranged;

use self::search::Search;
pub use self::spelled::ASKING;
use self::spelled::{GIVE_ONE, is_call_of, taken_from};
use crate::classes::is_static;
use crate::containers;
use crate::decorators::{is_spelled_as_transparent, last_name};

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

    /// Its parameters, as a call of it sees them.
    fn parameters(self) -> Vec<AwaitedParameter> {
        let all = &self.function.parameters;
        let mut parameters: Vec<AwaitedParameter> = self
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
        Search::new(callees).of_call(called)
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
