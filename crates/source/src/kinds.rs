//! What kind of object an expression gives: as far as the file itself shows, else as [`crate::Types`] say.

use ruff_python_ast::{self as ast, Expr, ExprRef};
use ruff_python_parser::parse_expression;
use ruff_text_size::{Ranged, TextRange};

use crate::Source;
use crate::bindings::{Binding, BindingId, BindingKind};
use crate::classes::AttributeValue;
use crate::decorators::{
    function_of_decorator, gives_back_its_function, keeps_coroutine_function, last_name,
    standard_function,
};
use crate::once::{once, once_of_several};
use crate::patched::Replaced;
use crate::resolve::MOST_MEANINGS;
use crate::types::{Kind, Kinds};

/// How far names, attributes and branches are followed.
const MAX_DEPTH: usize = 8;

/// asyncio's own `async def`s, on every version from 3.8 on.
const COROUTINE_FUNCTIONS: &[&str] = &[
    "asyncio.create_subprocess_exec",
    "asyncio.create_subprocess_shell",
    "asyncio.open_connection",
    "asyncio.open_unix_connection",
    "asyncio.sleep",
    "asyncio.start_server",
    "asyncio.start_unix_server",
    "asyncio.to_thread",
    "asyncio.wait",
    "asyncio.wait_for",
];

const LOOP_FUNCTIONS: &[&str] = &[
    "asyncio.get_event_loop",
    "asyncio.get_running_loop",
    "asyncio.new_event_loop",
    "uvloop.new_event_loop",
];

const LOOP_CLASSES: &[&str] = &[
    "asyncio.AbstractEventLoop",
    "asyncio.BaseEventLoop",
    "asyncio.ProactorEventLoop",
    "asyncio.SelectorEventLoop",
    "uvloop.Loop",
];

/// Methods of an event loop that are `async def`s on every version from 3.8 on.
const LOOP_COROUTINE_METHODS: &[&str] = &[
    "connect_accepted_socket",
    "connect_read_pipe",
    "connect_write_pipe",
    "create_connection",
    "create_datagram_endpoint",
    "create_server",
    "create_unix_connection",
    "create_unix_server",
    "getaddrinfo",
    "getnameinfo",
    "sendfile",
    "shutdown_asyncgens",
    "shutdown_default_executor",
    "sock_accept",
    "sock_connect",
    "sock_recv",
    "sock_recv_into",
    "sock_sendall",
    "sock_sendfile",
    "start_tls",
    "subprocess_exec",
    "subprocess_shell",
];

/// What opens a group or nursery, whatever library it is of.
const GROUP_OPENERS: &[&str] = &["TaskGroup", "create_task_group", "open_nursery"];

/// Decorators that give back an `async def` as it is, or one that is called as it is.
const TRANSPARENT_DECORATORS: &[&str] = &[
    "abc.abstractmethod",
    "classmethod",
    "functools.wraps",
    "staticmethod",
    "typing.final",
    "typing.no_type_check",
    "typing.override",
    "typing_extensions.final",
    "typing_extensions.override",
];

impl Source<'_> {
    /// What kind of object `expr` gives; [`Kind::Unknown`] where it may be of several.
    pub fn kind_of(&self, expr: &Expr) -> Kind {
        self.kinds_of(expr).only()
    }

    /// What kinds of object `expr` may give.
    pub fn kinds_of(&self, expr: &Expr) -> Kinds {
        if let Expr::Call(call) = expr
            && self.is_said_to_make_coroutines(&call.func)
        {
            return Kinds::of(Kind::Coroutine);
        }
        let shown = self.kind(ExprRef::from(expr), MAX_DEPTH);
        // A class of another file may override the method that this one shows.
        let is_method = || match expr {
            Expr::Call(call) => matches!(&*call.func, Expr::Attribute(method)
                if !self.names_a_module(&method.value)),
            _ => false,
        };
        let known = match self.types() {
            Some(types) if shown == Kind::Unknown || is_method() => {
                let known = types.kinds(expr.range());
                (!known.are_known())
                    .then(|| self.kinds_of_attributes_of(expr))
                    .flatten()
                    .unwrap_or(known)
            }
            _ => Kinds::UNKNOWN,
        };
        let is_more = known.without(Kinds::of(shown)) != known;
        if shown == Kind::Unknown || is_more {
            known
        } else {
            Kinds::of(shown)
        }
    }

    /// What kinds of object the name `expr` may hold by the attributes that it was taken from: what is known of those is
    /// more than their types.
    fn kinds_of_attributes_of(&self, expr: &Expr) -> Option<Kinds> {
        let types = self.types().filter(|_| expr.is_name_expr())?;
        let values = self.values_of(expr)?;
        let kinds: Kinds = (values.iter())
            .map(|it| match it {
                Expr::Attribute(_) => types.kinds(it.range()),
                _ => Kinds::UNKNOWN,
            })
            .collect();
        kinds.are_known().then_some(kinds)
    }

    /// What kinds of object iterating over `iterable` may yield, where it is unpacked into the
    /// arguments of a call or added to a list.
    pub fn kinds_of_each(&self, iterable: &Expr) -> Kinds {
        self.types().map_or(Kinds::UNKNOWN, |types| {
            types.kinds_of_each(iterable.range())
        })
    }

    /// The expressions whose values a name, or an attribute of an object of this file, may have; `None`
    /// among those left out. `None` where it may have others.
    pub fn values_of(&self, expr: &Expr) -> Option<Vec<&Expr>> {
        let values: Vec<Option<&Expr>> = match expr {
            Expr::Name(name) => {
                let seen = self.bindings().use_at(name.start())?;
                let binding = |id: &BindingId| match self.bindings().binding(*id).kind {
                    BindingKind::Assignment { value, .. } => self.expr_at(value),
                    _ => None,
                };
                seen.bindings.iter().map(binding).collect()
            }
            Expr::Attribute(attribute) => {
                let class = self.class_of(&attribute.value)?;
                let values = self.attribute_values(class, &attribute.attr)?;
                // Those of other objects may be this one's: `instance._future = ..` in a classmethod.
                if values.len() != self.assignments_to_attributes(&attribute.attr) {
                    return None;
                }
                values.iter().map(|value| value.value).collect()
            }
            _ => return None,
        };
        let values: Vec<&Expr> = values.into_iter().collect::<Option<_>>()?;
        Some(
            values
                .into_iter()
                .filter(|value| !value.is_none_literal_expr())
                .collect(),
        )
    }

    /// How often the file gives an attribute `name`, of whatever object, a value.
    fn assignments_to_attributes(&self, name: &str) -> usize {
        let words = self.words(name);
        let replaced = words.filter_map(|word| self.replaced_at(word));
        replaced
            .filter(|it| matches!(it, Replaced::ByAssignment(..)))
            .count()
    }

    /// Whether `expr` is known to make a new object each time: nobody else can hold it yet.
    pub fn makes_new_awaitable(&self, expr: &Expr) -> bool {
        let Expr::Call(call) = expr else { return false };
        match self.kind_of(expr) {
            Kind::Coroutine => true,
            // `ensure_future(x)` gives back what it is given where that is a future already.
            Kind::Task | Kind::Future => match self.qualified(&call.func).as_deref() {
                Some("asyncio.ensure_future" | "asyncio.wrap_future") => call
                    .arguments
                    .args
                    .first()
                    .is_some_and(|argument| self.kind_of(argument) == Kind::Coroutine),
                Some(
                    "asyncio.create_task"
                    | "asyncio.eager_task_factory"
                    | "asyncio.Task"
                    | "asyncio.gather"
                    | "asyncio.shield",
                ) => true,
                _ => self.is_loop_method(call),
            },
            _ => false,
        }
    }

    /// Whether `callee` is `create_task()` of an event loop or a task group.
    pub fn makes_tasks_of_loop(&self, callee: &Expr) -> bool {
        matches!(callee, Expr::Attribute(method) if method.attr.as_str() == "create_task"
            && matches!(self.kind_of(&method.value), Kind::EventLoop | Kind::TaskGroup))
    }

    fn is_loop_method(&self, call: &ast::ExprCall) -> bool {
        matches!(&*call.func, Expr::Attribute(attribute)
            if matches!(self.kind_of(&attribute.value), Kind::EventLoop | Kind::TaskGroup))
    }

    fn kind(&self, expr: ExprRef<'_>, depth: usize) -> Kind {
        let Some(depth) = depth.checked_sub(1) else {
            return Kind::Unknown;
        };
        match expr {
            ExprRef::Call(call) => self.kind_of_call(call, depth),
            ExprRef::Name(name) => match self.bindings().use_at(name.start()) {
                Some(seen) => {
                    let find = || self.kind_of_bindings(&seen.bindings, depth);
                    let key = (name.range(), depth);
                    once_of_several(&self.kinds_of_names, &seen.bindings, key, find)
                }
                None => Kind::Unknown,
            },
            ExprRef::Attribute(attribute) => self.kind_of_attribute(attribute, depth),
            ExprRef::If(branches) => self.kind_of_any([&*branches.body, &*branches.orelse], depth),
            ExprRef::BoolOp(operands) => self.kind_of_any(&operands.values, depth),
            ExprRef::Named(named) => self.kind((&named.value).into(), depth),
            // `await stack.enter_async_context(TaskGroup())` gives the group back.
            ExprRef::Await(awaited) => match &*awaited.value {
                Expr::Call(call)
                    if last_name(&call.func) == Some("enter_async_context")
                        && call
                            .arguments
                            .args
                            .first()
                            .is_some_and(|context| self.opens_group(context, depth)) =>
                {
                    Kind::TaskGroup
                }
                _ => Kind::Unknown,
            },
            ExprRef::Lambda(_)
            | ExprRef::Dict(_)
            | ExprRef::Set(_)
            | ExprRef::List(_)
            | ExprRef::Tuple(_)
            | ExprRef::ListComp(_)
            | ExprRef::SetComp(_)
            | ExprRef::DictComp(_)
            | ExprRef::FString(_)
            | ExprRef::StringLiteral(_)
            | ExprRef::BytesLiteral(_)
            | ExprRef::NumberLiteral(_)
            | ExprRef::BooleanLiteral(_)
            | ExprRef::NoneLiteral(_)
            | ExprRef::EllipsisLiteral(_)
            | ExprRef::Compare(_) => Kind::NotAwaitable,
            _ => Kind::Unknown,
        }
    }

    /// The kind of whichever of `values` it is. A parameter of which nothing is known, and that falls
    /// back to an event loop, is one: the code says so itself.
    fn kind_of_any<'e>(&self, values: impl IntoIterator<Item = &'e Expr>, depth: usize) -> Kind {
        let kinds: Vec<(Kind, bool)> = values
            .into_iter()
            .filter(|value| !value.is_none_literal_expr())
            .map(|value| (self.kind(value.into(), depth), self.is_parameter(value)))
            .collect();
        let falls_back_to_loop = kinds.iter().any(|(kind, _)| *kind == Kind::EventLoop);
        agreed(
            kinds
                .into_iter()
                .filter(|(kind, is_parameter)| {
                    !(falls_back_to_loop && *is_parameter && *kind == Kind::Unknown)
                })
                .map(|(kind, _)| kind),
        )
    }

    /// Whether `expr` is a parameter without an annotation.
    fn is_parameter(&self, expr: &Expr) -> bool {
        let Expr::Name(name) = expr else { return false };
        let Some(id) = self.only_binding(name) else {
            return false;
        };
        matches!(
            self.bindings().binding(id).kind,
            BindingKind::Parameter {
                annotation: None,
                variadic: false,
                ..
            }
        )
    }

    fn kind_of_call(&self, call: &ast::ExprCall, depth: usize) -> Kind {
        if self.is_said_to_make_coroutines(&call.func) {
            return Kind::Coroutine;
        }
        // asyncio's own or, on an older Python, a library's.
        let meanings = self.meanings(&*call.func).unwrap_or_default();
        if !meanings.is_empty() && meanings.iter().all(|name| opens_group(name)) {
            return Kind::TaskGroup;
        }
        if let Some(name) = self.qualified(&call.func) {
            return match name.as_str() {
                "asyncio.create_task" | "asyncio.eager_task_factory" | "asyncio.Task" => Kind::Task,
                "asyncio.ensure_future" => match call.arguments.args.first() {
                    Some(argument)
                        if matches!(
                            self.kind(argument.into(), depth),
                            Kind::Coroutine | Kind::Task
                        ) =>
                    {
                        Kind::Task
                    }
                    _ => Kind::Future,
                },
                "asyncio.gather" | "asyncio.shield" | "asyncio.wrap_future" | "asyncio.Future" => {
                    Kind::Future
                }
                name if COROUTINE_FUNCTIONS.contains(&name) => Kind::Coroutine,
                name if LOOP_FUNCTIONS.contains(&name) || LOOP_CLASSES.contains(&name) => {
                    Kind::EventLoop
                }
                name if opens_group(name) => Kind::TaskGroup,
                _ => Kind::Unknown,
            };
        }
        if let Expr::Attribute(method) = &*call.func {
            match self.kind((&method.value).into(), depth) {
                Kind::EventLoop => {
                    return match method.attr.as_str() {
                        "create_task" => Kind::Task,
                        "create_future" | "run_in_executor" => Kind::Future,
                        name if LOOP_COROUTINE_METHODS.contains(&name) => Kind::Coroutine,
                        _ => Kind::Unknown,
                    };
                }
                Kind::TaskGroup if method.attr.as_str() == "create_task" => return Kind::Task,
                _ => {}
            }
            if self
                .instance_of((&method.value).into(), depth)
                .is_some_and(|class| is_coroutine_method(&class, &method.attr))
            {
                return Kind::Coroutine;
            }
        }
        if self
            .class_of(&Expr::Call(call.clone()))
            .is_some_and(|class| self.is_group_class(class, depth))
        {
            return Kind::TaskGroup;
        }
        let functions = self.functions_as_written(&call.func).unwrap_or_default();
        agreed((functions.into_iter()).map(|it| self.kind_given_by(it, depth)))
    }

    /// Whether `callee` is a coroutine function of asyncio, or a coroutine method of one of its objects: of an event, a
    /// queue or, where types tell, whatever else has its methods under asyncio's names.
    pub fn is_coroutine_function_of_asyncio(&self, callee: &Expr) -> bool {
        let is_of_primitive = || {
            let Expr::Attribute(method) = callee else {
                return false;
            };
            let class = self.instance_of((&*method.value).into(), MAX_DEPTH);
            class.is_some_and(|class| is_coroutine_method(&class, &method.attr))
        };
        self.is_of_asyncio(callee)
            || is_of_primitive()
            || (self.function_name(callee)).is_some_and(|name| {
                let parts: Vec<&str> = name.split('.').collect();
                matches!(parts[..], ["asyncio", _, _, method] if !method.starts_with("__"))
            })
    }

    /// What kind of object calling `function` gives.
    fn kind_given_by(&self, function: &ast::StmtFunctionDef, depth: usize) -> Kind {
        if self.is_coroutine_function(function) {
            return Kind::Coroutine;
        }
        if function.is_async || !function.decorator_list.is_empty() {
            return Kind::Unknown;
        }
        match function
            .returns
            .as_deref()
            .map(|it| self.kind_annotated(it))
        {
            Some(kind @ (Kind::Task | Kind::Future | Kind::EventLoop)) => kind,
            None if self.gives_event_loop(function, depth) => Kind::EventLoop,
            Some(_) | None => Kind::Unknown,
        }
    }

    /// Whether all that `function` gives back, in one place, is an event loop, whoever calls it: neither its arguments nor
    /// an override make that something else.
    fn gives_event_loop(&self, function: &ast::StmtFunctionDef, depth: usize) -> bool {
        if !function.parameters.is_empty() || self.is_generator(function) {
            return false;
        }
        match &*self.returns(function) {
            [only] => (only.value.as_deref())
                .is_some_and(|it| self.kind(it.into(), depth) == Kind::EventLoop),
            _ => false,
        }
    }

    /// The class of another module that `expr` is a new instance of, or a name or attribute that
    /// only ever gets new instances of it: `asyncio.Event`.
    fn instance_of(&self, expr: ExprRef<'_>, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        match expr {
            ExprRef::Call(call) => self.qualified(&*call.func),
            ExprRef::Name(name) => {
                let seen = self.bindings().use_at(name.start())?;
                let values = |id: &BindingId| match self.bindings().binding(*id).kind {
                    BindingKind::Assignment { value, .. } => self.expression_at(value),
                    _ => None,
                };
                let find = || self.instances_of(seen.bindings.iter().map(values), depth);
                let key = (name.range(), depth);
                once_of_several(&self.instances_of_names, &seen.bindings, key, find)
            }
            ExprRef::Attribute(attribute) => {
                let class = self.class_of(&attribute.value)?;
                let values = self.attribute_values(class, &attribute.attr)?;
                self.instances_of(
                    values.iter().map(|value| value.value.map(ExprRef::from)),
                    depth,
                )
            }
            _ => None,
        }
    }

    /// The one class that all of `values` are instances of, `None` among them left out.
    fn instances_of<'e>(
        &self,
        values: impl Iterator<Item = Option<ExprRef<'e>>>,
        depth: usize,
    ) -> Option<String> {
        let mut agreed = None;
        for value in values {
            let value = value?;
            if matches!(value, ExprRef::NoneLiteral(_)) {
                continue;
            }
            let class = self.instance_of(value, depth)?;
            if agreed.as_ref().is_some_and(|agreed| *agreed != class) {
                return None;
            }
            agreed = Some(class);
        }
        agreed
    }

    /// Whether a class of this file has a task group or nursery among its bases.
    fn is_group_class(&self, class: &ast::StmtClassDef, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return false;
        };
        class.bases().iter().any(|base| {
            last_name(base).is_some_and(opens_group)
                || self
                    .class_named(base)
                    .is_some_and(|base| self.is_group_class(base, depth))
        })
    }

    /// Whether calling `function` gives a coroutine: an `async def` without `yield` whose
    /// decorators are known to leave it one.
    pub fn is_coroutine_function(&self, function: &ast::StmtFunctionDef) -> bool {
        function.is_async
            && !self.is_generator(function)
            && (function.decorator_list.iter()).all(|decorator| {
                self.leaves_function_as_it_is(decorator)
                    || self.keeps_coroutine_function(&decorator.expression)
            })
    }

    /// Whether `decorator` is a function of this file that makes a coroutine function of one.
    pub(crate) fn keeps_coroutine_function(&self, decorator: &Expr) -> bool {
        self.is_own_decorator(decorator, |function| {
            keeps_coroutine_function(decorator, function, &|expr| self.standard_function(expr))
        })
    }

    /// The function of the standard library that `expr` is, of those that decorators call, by its name there.
    fn standard_function(&self, expr: &Expr) -> Option<&'static str> {
        let name = match self.meanings(expr) {
            Some(meanings) => {
                let mut names = meanings.iter().map(|it| standard_function(it));
                let first = names.next()??;
                names.all(|it| it == Some(first)).then_some(first)
            }
            None => self.is_builtin(expr, &["callable"]).then_some("callable"),
        }?;
        (!self.replaces(name)).then_some(name)
    }

    /// Whether `decorator` is or calls a function of this file, and `is_it` holds of whichever that may be.
    fn is_own_decorator(
        &self,
        decorator: &Expr,
        is_it: impl Fn(&ast::StmtFunctionDef) -> bool,
    ) -> bool {
        let callee = function_of_decorator(decorator);
        callee.is_name_expr()
            && self
                .functions(callee)
                .is_some_and(|all| all.into_iter().all(is_it))
    }

    /// Whether what `decorator` makes of a function is called as that function is, and gives what it
    /// gives.
    pub fn leaves_function_as_it_is(&self, decorator: &ast::Decorator) -> bool {
        let decorator = &decorator.expression;
        let callee = function_of_decorator(decorator);
        self.is_builtin(callee, &["classmethod", "staticmethod"])
            || self
                .qualified(callee)
                .is_some_and(|name| TRANSPARENT_DECORATORS.contains(&name.as_str()))
            || self.is_own_decorator(decorator, |it| {
                gives_back_its_function(decorator, it, &|expr| self.standard_function(expr))
            })
    }

    /// Whether `expr` is one of the builtins `names`, not shadowed in this file.
    pub fn is_builtin(&self, expr: &Expr, names: &[&str]) -> bool {
        let Expr::Name(name) = expr else { return false };
        names.contains(&name.id.as_str())
            && self
                .bindings()
                .use_at(name.start())
                .is_some_and(|seen| seen.bindings.is_empty())
    }

    fn kind_of_bindings(&self, bindings: &[BindingId], depth: usize) -> Kind {
        if bindings.len() > MOST_MEANINGS {
            return Kind::Unknown;
        }
        agreed(
            bindings
                .iter()
                .map(|id| self.bindings().binding(*id))
                .filter(|binding| !self.binds_none(binding))
                .map(|binding| self.kind_of_binding(binding, depth)),
        )
    }

    fn kind_of_binding(&self, binding: &Binding, depth: usize) -> Kind {
        match &binding.kind {
            BindingKind::Assignment { value, annotation } => {
                let kind = match self.expression_at(*value) {
                    Some(value) => self.kind(value, depth),
                    None => Kind::Unknown,
                };
                match annotation {
                    Some(annotation) if kind == Kind::Unknown => {
                        self.kind_of_annotation_at(*annotation)
                    }
                    _ => kind,
                }
            }
            BindingKind::Parameter {
                annotation: Some(annotation),
                variadic: false,
                ..
            } => self.kind_of_annotation_at(*annotation),
            BindingKind::Parameter {
                variadic: false, ..
            } if self.class_of_self(binding).is_some_and(is_awaitable_itself) => {
                Kind::OtherAwaitable
            }
            BindingKind::With { context, .. } if self.opens_group_at(*context, depth) => {
                Kind::TaskGroup
            }
            _ => Kind::Unknown,
        }
    }

    /// As [`Source::opens_group`]. One name may be bound by very many.
    fn opens_group_at(&self, context: TextRange, depth: usize) -> bool {
        once(&self.groups, (context, depth), || {
            self.expr_at(context)
                .is_some_and(|it| self.opens_group(it, depth))
        })
    }

    /// Whether entering `context` gives a task group or nursery, whatever library it is of.
    fn opens_group(&self, context: &Expr, depth: usize) -> bool {
        let Expr::Call(call) = context else {
            return false;
        };
        last_name(&call.func).is_some_and(opens_group)
            || self.kind_of_call(call, depth) == Kind::TaskGroup
    }

    fn kind_of_annotation_at(&self, range: TextRange) -> Kind {
        match self.expression_at(range) {
            Some(annotation) => self.kind_of_annotation(annotation, false),
            None => Kind::Unknown,
        }
    }

    /// The kind of object that `annotation` promises, and not `None` instead.
    pub fn kind_annotated(&self, annotation: &Expr) -> Kind {
        let text = self.slice(annotation.range());
        let is_union = ["|", "Optional", "Union"]
            .iter()
            .any(|it| text.contains(it));
        if is_union {
            return Kind::Unknown;
        }
        self.kind_annotated_or_none(annotation)
    }

    /// The kind of object that `annotation` promises, if not `None`.
    pub fn kind_annotated_or_none(&self, annotation: &Expr) -> Kind {
        self.kind_of_annotation(annotation.into(), false)
    }

    /// The dotted name of the class that `annotation` names, by itself or with arguments, in quotes too.
    pub fn class_annotated(&self, annotation: &Expr) -> Option<String> {
        if let Expr::StringLiteral(literal) = annotation {
            let parsed = parse_expression(literal.value.to_str()).ok()?;
            return self.qualified_in_module(without_arguments(parsed.expr()));
        }
        self.qualified(without_arguments(annotation))
    }

    /// The kind of what a name with this annotation holds. `quoted`: it comes from a string, so
    /// its names are looked up in the module.
    fn kind_of_annotation(&self, annotation: ExprRef<'_>, quoted: bool) -> Kind {
        let name_of = |expr: &Expr| {
            if quoted {
                self.qualified_in_module(expr)
            } else {
                self.qualified(expr)
            }
        };
        match annotation {
            ExprRef::StringLiteral(literal) if !quoted => {
                match parse_expression(literal.value.to_str()) {
                    Ok(parsed) => self.kind_of_annotation(parsed.expr().into(), true),
                    Err(_) => Kind::Unknown,
                }
            }
            ExprRef::BinOp(union) if union.op == ast::Operator::BitOr => agreed(
                [&union.left, &union.right]
                    .into_iter()
                    .filter(|side| !side.is_none_literal_expr())
                    .map(|side| self.kind_of_annotation(side.into(), quoted)),
            ),
            ExprRef::Subscript(subscript) => match name_of(&subscript.value).as_deref() {
                Some(
                    "typing.Optional" | "typing.Annotated" | "typing.Final" | "typing.ClassVar",
                ) => {
                    let inner = match &*subscript.slice {
                        Expr::Tuple(tuple) => tuple.elts.first(),
                        other => Some(other),
                    };
                    inner.map_or(Kind::Unknown, |inner| {
                        self.kind_of_annotation(inner.into(), quoted)
                    })
                }
                Some(name) => kind_of_class(name),
                None => Kind::Unknown,
            },
            ExprRef::Name(_) | ExprRef::Attribute(_) => {
                let name = match annotation {
                    ExprRef::Name(name) => name_of(&Expr::Name(name.clone())),
                    ExprRef::Attribute(attribute) => name_of(&Expr::Attribute(attribute.clone())),
                    _ => None,
                };
                let spelled = match annotation {
                    ExprRef::Name(name) => name.id.as_str(),
                    ExprRef::Attribute(attribute) => attribute.attr.as_str(),
                    _ => "",
                };
                match name.as_deref() {
                    Some(name) => kind_of_class(name),
                    // A group's tasks are kept, whatever library it is of.
                    None if opens_group(spelled) => Kind::TaskGroup,
                    None => Kind::Unknown,
                }
            }
            _ => Kind::Unknown,
        }
    }

    /// The kind of `self.name` or `self.other.name`, where every assignment of the class shows the same.
    fn kind_of_attribute(&self, attribute: &ast::ExprAttribute, depth: usize) -> Kind {
        let class = match &*attribute.value {
            object @ Expr::Name(_) => self.class_of(object),
            Expr::Attribute(held) => self.class_held(held, depth),
            _ => None,
        };
        let Some(class) = class else {
            return Kind::Unknown;
        };
        let name = attribute.attr.as_str();
        let declared = class.body.iter().find_map(|statement| match statement {
            ast::Stmt::AnnAssign(assign)
                if matches!(&*assign.target, Expr::Name(target) if target.id == name) =>
            {
                Some(self.kind_of_annotation((&assign.annotation).into(), false))
            }
            _ => None,
        });
        if let Some(kind) = declared
            && kind != Kind::Unknown
        {
            return kind;
        }
        let find = || match self.attribute_values(class, name) {
            Some(values) => agreed(
                values
                    .iter()
                    .filter(|value| !value.value.is_some_and(Expr::is_none_literal_expr))
                    .map(|value| self.kind_of_value(value, depth)),
            ),
            None => Kind::Unknown,
        };
        let key = (class.range(), name.to_owned(), depth);
        once(&self.kinds_of_attributes, key, find)
    }

    fn kind_of_value(&self, value: &AttributeValue<'_>, depth: usize) -> Kind {
        let declared = value.annotation.map_or(Kind::Unknown, |annotation| {
            self.kind_of_annotation(annotation.into(), false)
        });
        match value.value {
            Some(value) if declared == Kind::Unknown => self.kind(value.into(), depth),
            _ => declared,
        }
    }
}

/// The one kind that all are of.
fn agreed(kinds: impl IntoIterator<Item = Kind>) -> Kind {
    let mut kinds = kinds.into_iter();
    let Some(first) = kinds.next() else {
        return Kind::Unknown;
    };
    if kinds.all(|kind| kind == first) {
        first
    } else {
        Kind::Unknown
    }
}

/// Whether the objects of a class are awaitable by a method of its own, and are no tasks by a base.
fn is_awaitable_itself(class: &ast::StmtClassDef) -> bool {
    let mut methods = class
        .body
        .iter()
        .filter_map(ast::Stmt::as_function_def_stmt);
    class.bases().is_empty() && methods.any(|it| it.name.as_str() == "__await__")
}

/// What a generic takes its arguments for: `list` of `list[int]`.
pub(crate) fn without_arguments(annotation: &Expr) -> &Expr {
    match annotation {
        Expr::Subscript(generic) => &generic.value,
        annotation => annotation,
    }
}

fn kind_of_class(name: &str) -> Kind {
    match name {
        "asyncio.Task" => Kind::Task,
        "asyncio.Future" => Kind::Future,
        "typing.Coroutine" | "collections.abc.Coroutine" | "types.CoroutineType" => Kind::Coroutine,
        name if LOOP_CLASSES.contains(&name) => Kind::EventLoop,
        name if opens_group(name) => Kind::TaskGroup,
        _ => Kind::Unknown,
    }
}

/// Whether a method of one of asyncio's primitives is an `async def`, on every version from 3.8 on.
fn is_coroutine_method(class: &str, method: &str) -> bool {
    match class {
        "asyncio.Event" | "asyncio.Barrier" => method == "wait",
        "asyncio.Queue" | "asyncio.PriorityQueue" | "asyncio.LifoQueue" => {
            matches!(method, "get" | "join" | "put")
        }
        "asyncio.Lock" | "asyncio.Semaphore" | "asyncio.BoundedSemaphore" => method == "acquire",
        "asyncio.Condition" => matches!(method, "acquire" | "wait" | "wait_for"),
        _ => false,
    }
}

fn opens_group(name: &str) -> bool {
    name.rsplit('.')
        .next()
        .is_some_and(|last| GROUP_OPENERS.contains(&last))
}
