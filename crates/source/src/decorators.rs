//! Decorators that are written in Python, and what they make of a coroutine function.

use std::collections::HashSet;

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_text_size::Ranged;

use crate::OwnBody;

/// Decorators of the standard library that leave a function what it is.
const TRANSPARENT: [&str; 7] = [
    "abstractmethod",
    "classmethod",
    "final",
    "no_type_check",
    "override",
    "staticmethod",
    "wraps",
];

/// Other functions of the standard library that decorators written in Python call.
const CALLED: [&str; 4] = ["callable", "cast", "iscoroutinefunction", "update_wrapper"];

/// The modules that have them; `typing_extensions` hands on what `typing` has later.
const HOMES: [&str; 8] = [
    "abc",
    "asyncio",
    "asyncio.coroutines",
    "builtins",
    "functools",
    "inspect",
    "typing",
    "typing_extensions",
];

/// Those of them that nobody has to import.
const BUILTINS: [&str; 3] = ["callable", "classmethod", "staticmethod"];

/// What a file calls the decorators of the standard library that leave a function what it is, and the functions of it
/// that decorators call.
#[derive(Debug)]
pub struct StandardDecorators<'s> {
    /// By the names that they have in the file, those that they have at home.
    names: Vec<(&'s str, &'static str)>,
    modules: HashSet<&'s str>,
    /// Names that are bound to something else, wherever in the file.
    others: HashSet<&'s str>,
}

impl<'s> StandardDecorators<'s> {
    /// Those of the file with the statements `body`.
    pub fn of(body: &'s [Stmt]) -> Self {
        let mut found = Self {
            names: BUILTINS.map(|name| (name, name)).to_vec(),
            modules: HashSet::new(),
            others: HashSet::new(),
        };
        found.visit_body(body);
        found
    }

    /// The name at home of what `decorator` is or calls, if that leaves a function what it is.
    pub fn name_of(&self, decorator: &Expr) -> Option<&'static str> {
        let name = self.function(function_of_decorator(decorator))?;
        TRANSPARENT.contains(&name).then_some(name)
    }

    /// The name at home of the function of the standard library that `expr` is.
    pub fn function(&self, expr: &Expr) -> Option<&'static str> {
        let is_other = |name: &str| self.others.contains(name);
        match expr {
            Expr::Name(name) => {
                let (_, home) = self.names.iter().find(|(here, _)| *here == name.id)?;
                (!is_other(&name.id)).then_some(*home)
            }
            Expr::Attribute(attribute) => {
                let Expr::Name(module) = &*attribute.value else {
                    return None;
                };
                let is_home = self.modules.contains(module.id.as_str()) && !is_other(&module.id);
                is_home.then(|| standard(&attribute.attr)).flatten()
            }
            _ => None,
        }
    }
}

/// The function of the standard library that is called `name`, if it is one that is told apart.
fn standard(name: &str) -> Option<&'static str> {
    let mut all = TRANSPARENT.into_iter().chain(CALLED);
    all.find(|it| *it == name)
}

/// The last part of the dotted name of a function of the standard library, if it is one that is told apart.
pub(crate) fn standard_function(dotted: &str) -> Option<&'static str> {
    let (module, name) = dotted.rsplit_once('.')?;
    HOMES.contains(&module).then(|| standard(name)).flatten()
}

impl<'s> SourceOrderVisitor<'s> for StandardDecorators<'s> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        match node {
            AnyNodeRef::StmtImport(import) => {
                for alias in &import.names {
                    let whole = alias.name.as_str();
                    let first = whole.split('.').next().unwrap_or(whole);
                    let renamed = alias.asname.as_ref();
                    let (module, bound) = renamed.map_or((first, first), |it| (whole, it.as_str()));
                    if HOMES.contains(&module) {
                        self.modules.insert(bound);
                    } else {
                        self.others.insert(bound);
                    }
                }
                return TraversalSignal::Skip;
            }
            AnyNodeRef::StmtImportFrom(import) => {
                let is_home = import.level == 0
                    && (import.module.as_deref()).is_some_and(|module| HOMES.contains(&module));
                for alias in &import.names {
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                    match standard(&alias.name) {
                        Some(name) if is_home => self.names.push((bound, name)),
                        _ => {
                            self.others.insert(bound);
                        }
                    }
                }
                return TraversalSignal::Skip;
            }
            AnyNodeRef::StmtFunctionDef(function) => {
                self.others.insert(&function.name);
            }
            AnyNodeRef::Parameter(parameter) => {
                self.others.insert(&parameter.name);
            }
            other => note_bound(other, &mut self.others),
        }
        TraversalSignal::Traverse
    }
}

/// Whether `decorator` is called like one of the standard library's that leave a function what it is, or that its stubs
/// have.
pub(crate) fn is_spelled_as_transparent(decorator: &Expr) -> bool {
    let name = last_name(decorator);
    name.is_some_and(|it| matches!(it, "deprecated" | "overload") || TRANSPARENT.contains(&it))
}

/// The function that `decorator` is or calls.
pub fn function_of_decorator(decorator: &Expr) -> &Expr {
    match decorator {
        Expr::Call(call) => &call.func,
        plain => plain,
    }
}

/// Tells which functions of the standard library the expressions of a file are, by their names at home.
pub(crate) type StandardFunctions<'w> = &'w dyn Fn(&Expr) -> Option<&'static str>;

/// Whether what `decorator` makes of a coroutine function, a method among them, is called as one: it gives
/// back that one, or an `async def` of its own. `function` is [that of the decorator](function_of_decorator),
/// and `standard` tells what the expressions of its file are.
pub fn keeps_coroutine_function(
    decorator: &Expr,
    function: &ast::StmtFunctionDef,
    standard: StandardFunctions<'_>,
) -> bool {
    let given = given_to(decorator, function);
    keeps(function, given, Kept::CoroutineFunction, standard)
}

/// Whether `decorator` gives back the very function that it decorates. `function` and `standard` are as for
/// [`keeps_coroutine_function`].
pub fn gives_back_its_function(
    decorator: &Expr,
    function: &ast::StmtFunctionDef,
    standard: StandardFunctions<'_>,
) -> bool {
    let given = given_to(decorator, function);
    keeps(function, given, Kept::Function, standard)
}

/// What `function`, [that of `decorator`](function_of_decorator), is given first.
fn given_to(decorator: &Expr, function: &ast::StmtFunctionDef) -> Given {
    match decorator {
        Expr::Call(call) if leaves_first_at_none(call, function) => Given::Nothing,
        Expr::Call(_) => Given::Something,
        _ => Given::Function,
    }
}

/// Whether the first parameter of `function` is `None` where `call` calls it.
fn leaves_first_at_none(call: &ast::ExprCall, function: &ast::StmtFunctionDef) -> bool {
    let Some(first) = function.parameters.iter_non_variadic_params().next() else {
        return false;
    };
    let gives_first = |keyword: &ast::Keyword| {
        let name = keyword.arg.as_deref();
        name.is_none_or(|name| name == first.name().as_str())
    };
    call.arguments.args.is_empty()
        && !call.arguments.keywords.iter().any(gives_first)
        && first.default().is_some_and(Expr::is_none_literal_expr)
}

/// What a function of a decorator is given first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Given {
    /// What is decorated: it gives back what comes of that.
    Function,
    /// `None`: it gives back a decorator.
    Nothing,
    /// Anything: it gives back a decorator.
    Something,
}

/// What a decorator has to give back of what it decorates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// The very same.
    Function,
    /// That, or an `async def` of its own.
    CoroutineFunction,
}

fn keeps(
    function: &ast::StmtFunctionDef,
    given: Given,
    kept: Kept,
    standard: StandardFunctions<'_>,
) -> bool {
    if function.is_async || !function.decorator_list.is_empty() {
        return false;
    }
    let Some(body) = Body::of(function, given, kept, standard) else {
        return false;
    };
    body.returns.iter().all(|value| match given {
        Given::Function => body.is_kept(value),
        Given::Nothing | Given::Something => body.is_decorator(value),
    })
}

/// What a function does where its first parameter is what it is.
struct Body<'s, 'w> {
    kept: Kept,
    standard: StandardFunctions<'w>,
    /// The first parameter, if nothing else is bound to its name.
    first: Option<&'s str>,
    given: Given,
    /// What its `return`s give.
    returns: Vec<&'s Expr>,
    /// The functions in it.
    functions: Vec<&'s ast::StmtFunctionDef>,
    /// What else is bound in it, by the functions in it too.
    bound: Vec<&'s str>,
}

impl<'s, 'w> Body<'s, 'w> {
    /// That of `function`; none where it may give back nothing.
    fn of(
        function: &'s ast::StmtFunctionDef,
        given: Given,
        kept: Kept,
        standard: StandardFunctions<'w>,
    ) -> Option<Self> {
        if !OwnBody::of(function).yields.is_empty() {
            return None;
        }
        let begun = |first| Self {
            kept,
            standard,
            first,
            given,
            returns: Vec::new(),
            functions: Vec::new(),
            bound: Vec::new(),
        };
        let mut whole = begun(None);
        whole.visit_body(&function.body);
        let mut parameters = function.parameters.iter_non_variadic_params();
        let first = (parameters.next())
            // What is decorated is given by its place.
            .filter(|it| given != Given::Function || !is_by_name_alone(function, it))
            .map(|it| it.name().as_str())
            .filter(|it| !whole.binds(it));
        let mut body = begun(first);
        let leaves = body.run(&function.body);
        (leaves && !body.returns.is_empty()).then_some(body)
    }

    fn binds(&self, name: &str) -> bool {
        self.bound.contains(&name) || self.functions.iter().any(|it| it.name.as_str() == name)
    }

    /// Notes what `statements` do; whether they surely leave the function.
    fn run(&mut self, statements: &'s [Stmt]) -> bool {
        for statement in statements {
            let leaves = match statement {
                Stmt::Return(returned) => match returned.value.as_deref() {
                    Some(value) => {
                        self.returns.push(value);
                        true
                    }
                    // `None` is what nobody can call.
                    None => true,
                },
                Stmt::Raise(_) => true,
                Stmt::If(branches) => self.run_branches(branches),
                other => {
                    self.visit_stmt(other);
                    false
                }
            };
            if leaves {
                return true;
            }
        }
        false
    }

    fn run_branches(&mut self, branches: &'s ast::StmtIf) -> bool {
        let clauses = &branches.elif_else_clauses;
        match self.truth(&branches.test) {
            Some(true) => self.run(&branches.body),
            Some(false) if clauses.is_empty() => false,
            Some(false) if clauses.len() == 1 && clauses[0].test.is_none() => {
                self.run(&clauses[0].body)
            }
            _ => {
                self.visit_expr(&branches.test);
                let mut leave = self.run(&branches.body);
                for clause in clauses {
                    leave &= self.run(&clause.body);
                }
                leave && clauses.last().is_some_and(|last| last.test.is_none())
            }
        }
    }

    /// What is known of a test.
    fn truth(&self, test: &Expr) -> Option<bool> {
        let is_first =
            |expr: &Expr| matches!(expr, Expr::Name(name) if Some(name.id.as_str()) == self.first);
        match test {
            Expr::UnaryOp(ast::ExprUnaryOp {
                op: ast::UnaryOp::Not,
                operand,
                ..
            }) => Some(!self.truth(operand)?),
            Expr::Call(call) => match &*call.arguments.args {
                [only] if is_first(only) => match ((self.standard)(&call.func)?, self.given) {
                    ("iscoroutinefunction", Given::Function) => {
                        (self.kept == Kept::CoroutineFunction).then_some(true)
                    }
                    ("callable", Given::Function) => Some(true),
                    ("callable", Given::Nothing) => Some(false),
                    _ => None,
                },
                _ => None,
            },
            Expr::Compare(compare) => {
                let [ast::CmpOp::Is | ast::CmpOp::IsNot] = &*compare.ops else {
                    return None;
                };
                let is_of_none =
                    is_first(&compare.left) && compare.comparators[0].is_none_literal_expr();
                let is_none = match self.given {
                    _ if !is_of_none => return None,
                    Given::Function => false,
                    Given::Nothing => true,
                    Given::Something => return None,
                };
                Some(is_none == (compare.ops[0] == ast::CmpOp::Is))
            }
            name if is_first(name) => match self.given {
                Given::Function => Some(true),
                Given::Nothing => Some(false),
                Given::Something => None,
            },
            _ => None,
        }
    }

    /// The function in it that `value` names, which nothing else can be.
    fn function(&self, value: &Expr) -> Option<&'s ast::StmtFunctionDef> {
        let Expr::Name(name) = value else { return None };
        let mut named = self
            .functions
            .iter()
            .filter(|function| function.name.id == name.id);
        let function = named.next()?;
        let is_only = named.next().is_none() && !self.bound.contains(&name.id.as_str());
        is_only.then_some(function)
    }

    /// Whether whichever value a conditional expression has is what `is_it` says.
    fn either(&self, choice: &ast::ExprIf, is_it: impl Fn(&Self, &Expr) -> bool) -> bool {
        let truth = self.truth(&choice.test);
        (truth == Some(false) || is_it(self, &choice.body))
            && (truth == Some(true) || is_it(self, &choice.orelse))
    }

    /// Whether `value` is what has to be kept of the first parameter.
    fn is_kept(&self, value: &Expr) -> bool {
        match value {
            Expr::If(choice) => self.either(choice, Self::is_kept),
            Expr::Name(name) if Some(name.id.as_str()) == self.first => true,
            Expr::Name(_) => self.function(value).is_some_and(|function| {
                let mut decorators = function.decorator_list.iter();
                self.kept == Kept::CoroutineFunction
                    && function.is_async
                    && decorators.all(|it| self.is_call_of_wraps(&it.expression))
                    && OwnBody::of(function).yields.is_empty()
            }),
            Expr::Call(call) => match ((self.standard)(&call.func), &*call.arguments.args) {
                (Some("cast"), [_, value]) | (Some("update_wrapper"), [value, _]) => {
                    self.is_kept(value)
                }
                (_, [value]) if self.is_call_of_wraps(&call.func) => self.is_kept(value),
                // A decorator in it that it applies itself.
                (_, [only]) => self.is_decorator(&call.func) && self.is_kept(only),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether `decorator` is `wraps(function)`, which gives back what it is called with.
    fn is_call_of_wraps(&self, decorator: &Expr) -> bool {
        decorator
            .as_call_expr()
            .is_some_and(|call| (self.standard)(&call.func) == Some("wraps"))
    }

    /// Whether `value` is a function in it that keeps as much of what it is given.
    fn is_decorator(&self, value: &Expr) -> bool {
        match value {
            Expr::If(choice) => self.either(choice, Self::is_decorator),
            Expr::Call(call) => match ((self.standard)(&call.func), &*call.arguments.args) {
                (Some("cast"), [_, value]) => self.is_decorator(value),
                _ => false,
            },
            value => (self.function(value))
                .is_some_and(|function| keeps(function, Given::Function, self.kept, self.standard)),
        }
    }
}

impl<'s> SourceOrderVisitor<'s> for Body<'s, '_> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        match node {
            AnyNodeRef::StmtReturn(returned) => self.returns.extend(returned.value.as_deref()),
            AnyNodeRef::StmtFunctionDef(function) => {
                self.functions.push(function);
                let mut inside = Inside(&mut self.bound);
                inside.visit_body(&function.body);
                return TraversalSignal::Skip;
            }
            other => note_bound(other, &mut self.bound),
        }
        TraversalSignal::Traverse
    }
}

fn is_by_name_alone(
    function: &ast::StmtFunctionDef,
    parameter: &ast::ParameterWithDefault,
) -> bool {
    let mut alone = function.parameters.kwonlyargs.iter();
    alone.any(|it| it.range() == parameter.range())
}

/// Looks for what a function in a function may bind of the one around it.
struct Inside<'b, 's>(&'b mut Vec<&'s str>);

impl<'s> SourceOrderVisitor<'s> for Inside<'_, 's> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        if let AnyNodeRef::StmtNonlocal(ast::StmtNonlocal { names, .. }) = node {
            self.0.extend(names.iter().map(ast::Identifier::as_str));
        }
        TraversalSignal::Traverse
    }
}

/// Notes in `bound` the names that `node` itself binds, otherwise than by `def` and parameters; those that a
/// `global` statement lists may be bound by others.
pub fn note_bound<'s>(node: AnyNodeRef<'s>, bound: &mut impl Extend<&'s str>) {
    match node {
        AnyNodeRef::StmtClassDef(class) => bound.extend([class.name.as_str()]),
        AnyNodeRef::StmtGlobal(ast::StmtGlobal { names, .. }) => {
            bound.extend(names.iter().map(ast::Identifier::as_str));
        }
        AnyNodeRef::ExprName(name) if !name.ctx.is_load() => bound.extend([name.id.as_str()]),
        AnyNodeRef::Alias(alias) => {
            let name = alias.asname.as_ref().unwrap_or(&alias.name);
            bound.extend(name.split('.').next());
        }
        AnyNodeRef::ExceptHandlerExceptHandler(handler) => bound.extend(handler.name.as_deref()),
        AnyNodeRef::PatternMatchAs(pattern) => bound.extend(pattern.name.as_deref()),
        AnyNodeRef::PatternMatchStar(pattern) => bound.extend(pattern.name.as_deref()),
        AnyNodeRef::PatternMatchMapping(pattern) => bound.extend(pattern.rest.as_deref()),
        _ => {}
    }
}

/// Whether a condition is `TYPE_CHECKING`, however it is imported: what depends on it is there for type checkers alone.
pub fn is_type_checking(test: &Expr) -> bool {
    last_name(test) == Some("TYPE_CHECKING")
}

/// The last part of a dotted name, or of the one that is called.
pub fn last_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Name(name) => Some(&name.id),
        Expr::Attribute(attribute) => Some(&attribute.attr),
        Expr::Call(call) => last_name(&call.func),
        _ => None,
    }
}
