//! What one of ty's types is to asyncio.

use asyncmend_source::{Kind, Kinds};
use ruff_db::files::{File, system_path_to_file};
use ruff_db::parsed::{ParsedModuleRef, parsed_module};
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange, TextSize};
use ty_python_core::definition::{Definition, DefinitionKind};
use ty_python_semantic::types::ide_support::type_hierarchy_supertypes;
use ty_python_semantic::types::{Type, TypeDefinition};
use ty_python_semantic::{Db, HasType, ImplementationsFinder, ResolvedDefinition, SemanticModel};

use super::engine::{Engine, Opened};
use crate::database::Database;

/// How many functions without a return annotation are looked through, one inside the other.
const MAX_CALLS: usize = 3;

/// Judges the expressions of one file.
pub(super) struct Judge<'e> {
    engine: &'e Engine,
    opened: &'e Opened,
}

impl<'e> Judge<'e> {
    pub(super) fn new(engine: &'e Engine, opened: &'e Opened) -> Self {
        Self { engine, opened }
    }

    /// What the value of `expr`, which belongs to the file of `model`, may be.
    pub(super) fn of_expression(&self, model: &SemanticModel<'_>, expr: &Expr) -> Kinds {
        self.of_value(model, expr, MAX_CALLS)
    }

    fn of_value(&self, model: &SemanticModel<'_>, expr: &Expr, calls: usize) -> Kinds {
        let kinds = expr
            .inferred_type(model)
            .map_or(Kinds::UNKNOWN, |ty| of_type(model, ty));
        let Expr::Call(call) = expr else { return kinds };
        let kinds = if kinds.are_known() {
            kinds
        } else {
            self.returned(model, call, calls).unwrap_or(kinds)
        };
        if self.may_be_overridden(model, call) {
            kinds.or(Kinds::UNKNOWN)
        } else {
            kinds
        }
    }

    /// Whether a method is called that a subclass overrides by one that is no `async def`: what that
    /// gives back, nobody promised.
    fn may_be_overridden(&self, model: &SemanticModel<'_>, call: &ast::ExprCall) -> bool {
        let Expr::Attribute(method) = &*call.func else {
            return false;
        };
        let files = self.engine.plain_methods(&method.attr);
        if files.is_empty() {
            return false;
        }
        let db = self.engine.db();
        let Some(definition) = function(model, &call.func) else {
            return false;
        };
        let (file, name) = (
            definition.file(db),
            definition.focus_range(db, &parsed(definition, db)),
        );
        let files = files
            .iter()
            .filter_map(|path| system_path_to_file(db, path).ok());
        if file == self.opened.file() {
            // Other files know the user's file, not the copy.
            let own = plainly_overridden(db, file, name.range().start(), [file]);
            own || self
                .opened
                .original(db, name.range().start())
                .is_some_and(|(file, name)| plainly_overridden(db, file, name, files))
        } else {
            plainly_overridden(db, file, name.range().start(), files)
        }
    }

    /// What a call of a plain function without a return annotation gives, which ty leaves open.
    fn returned(
        &self,
        model: &SemanticModel<'_>,
        call: &ast::ExprCall,
        calls: usize,
    ) -> Option<Kinds> {
        let calls = calls.checked_sub(1)?;
        let db = model.db();
        let definition = function(model, &call.func)?;
        let DefinitionKind::Function(node) = definition.kind(db) else {
            return None;
        };
        let module = parsed(definition, db);
        let function = node.node(&module);
        let is_plain =
            !function.is_async && function.decorator_list.is_empty() && function.returns.is_none();
        let mut body = Body::default();
        for statement in &function.body {
            body.visit_stmt(statement);
        }
        if !is_plain || body.yields || body.returned.is_empty() {
            return None;
        }
        let model = SemanticModel::new(db, definition.program_file(db));
        let kinds: Kinds = body
            .returned
            .into_iter()
            .filter(|value| !value.is_none_literal_expr())
            .map(|value| self.of_value(&model, value, calls))
            .collect();
        Some(if kinds == Kinds::NONE {
            Kinds::of(Kind::NotAwaitable)
        } else {
            kinds
        })
    }
}

/// The function or method that `callee` stands for.
fn function<'db>(model: &SemanticModel<'db>, callee: &Expr) -> Option<Definition<'db>> {
    let callee = callee.inferred_type(model)?;
    if !matches!(callee, Type::FunctionLiteral(_) | Type::BoundMethod(_)) {
        return None;
    }
    match callee.definition(model.db(), &model.program_environment())? {
        TypeDefinition::Function(definition) => Some(definition),
        _ => None,
    }
}

fn parsed<'db>(definition: Definition<'db>, db: &'db dyn Db) -> ParsedModuleRef {
    parsed_module(db, definition.python_file(db)).load(db)
}

/// Whether one of `files` has a class that overrides the method of `file` whose name starts at `name`
/// by something else than an `async def`.
fn plainly_overridden(
    db: &Database,
    file: File,
    name: TextSize,
    files: impl IntoIterator<Item = File>,
) -> bool {
    let program_file = db.program_file(file);
    let module = parsed_module(db, program_file.python_file(db)).load(db);
    let Some(AnyNodeRef::StmtFunctionDef(method)) =
        definition_named(&module.syntax().body, |named| named.start() == name)
    else {
        return false;
    };
    let model = SemanticModel::new(db, program_file);
    let Some(finder) = ImplementationsFinder::for_method(&model, method) else {
        return false;
    };
    files.into_iter().any(|file| {
        let overriding = finder.implementations_for_file(db, db.program_file(file));
        overriding.iter().any(|definition| match definition {
            ResolvedDefinition::Definition(definition) => match definition.kind(db) {
                DefinitionKind::Function(node) => {
                    let module = parsed(*definition, db);
                    !node.node(&module).is_async
                }
                _ => true,
            },
            _ => true,
        })
    })
}

/// What a function's own body returns and whether it yields.
#[derive(Default)]
struct Body<'s> {
    returned: Vec<&'s Expr>,
    yields: bool,
}

impl<'s> SourceOrderVisitor<'s> for Body<'s> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        match node {
            AnyNodeRef::StmtReturn(statement) => self.returned.extend(statement.value.as_deref()),
            AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_) => self.yields = true,
            AnyNodeRef::StmtFunctionDef(_)
            | AnyNodeRef::StmtClassDef(_)
            | AnyNodeRef::ExprLambda(_) => return TraversalSignal::Skip,
            _ => {}
        }
        TraversalSignal::Traverse
    }
}

/// What an object of the type `ty` is.
pub(super) fn of_type<'db>(model: &SemanticModel<'db>, ty: Type<'db>) -> Kinds {
    let db = model.db();
    match ty {
        Type::Union(union) => {
            let members = union.elements(db).iter();
            members
                .filter(|member| !member.is_none(db))
                .map(|member| of_type(model, *member))
                .collect()
        }
        // Of all that it is at once, the most telling.
        Type::Intersection(intersection) => intersection
            .iter_positive(db)
            .map(|member| of_type(model, member))
            .filter(|kinds| kinds.are_known() && *kinds != Kinds::of(Kind::NotAwaitable))
            .min_by_key(|kinds| kinds.iter().count())
            .unwrap_or(Kinds::UNKNOWN),
        Type::TypeAlias(alias) => of_type(model, alias.value_type(db)),
        Type::NominalInstance(_) => of_instance(model, ty, &mut Vec::new()),
        Type::FunctionLiteral(_)
        | Type::BoundMethod(_)
        | Type::KnownBoundMethod(_)
        | Type::WrapperDescriptor(_)
        | Type::ModuleLiteral(_)
        | Type::ClassLiteral(_)
        | Type::GenericAlias(_)
        | Type::LiteralValue(_)
        | Type::TypedDict(_) => Kinds::of(Kind::NotAwaitable),
        // Whatever keeps to a protocol, above all to `Awaitable`, may be anything.
        _ => Kinds::UNKNOWN,
    }
}

/// What an instance of a class is: what the class or one of its bases makes of it.
fn of_instance<'db>(
    model: &SemanticModel<'db>,
    ty: Type<'db>,
    seen: &mut Vec<(String, TextRange)>,
) -> Kinds {
    let db = model.db();
    let Some(definition) = ty.definition(db, &model.program_environment()) else {
        return Kinds::UNKNOWN;
    };
    let (Some(name), TypeDefinition::StaticClass(class)) =
        (definition.focus_range(db), &definition)
    else {
        return Kinds::UNKNOWN;
    };
    let DefinitionKind::Class(node) = class.kind(db) else {
        return Kinds::UNKNOWN;
    };
    let path = name.file().path(db).to_string();
    let module = parsed_module(db, class.python_file(db)).load(db);
    let node = node.node(&module);
    if let Some(known) = of_class(&path, node.name.as_str()) {
        return known;
    }
    // A class may be found among its own bases in code that is wrong.
    let place = (path, name.range());
    if seen.contains(&place) {
        return Kinds::UNKNOWN;
    }
    seen.push(place);
    let mut inherited = Kinds::NONE;
    let bases = type_hierarchy_supertypes(db, &model.program_environment(), ty);
    let found = bases.iter().filter(|base| base.name != "object").count();
    let written = node.bases().iter().filter(|base| !is_special(base)).count();
    for base in &bases {
        let file = model.db().program_file(base.file.file(db));
        let module = parsed_module(db, file.python_file(db)).load(db);
        let model = SemanticModel::new(db, file);
        let class = definition_named(&module.syntax().body, |name| name == base.selection_range);
        let class = match class {
            Some(AnyNodeRef::StmtClassDef(class)) => class.inferred_type(&model),
            _ => None,
        };
        inherited =
            inherited.or(class.map_or(Kinds::UNKNOWN, |class| of_instance(&model, class, seen)));
    }
    if written > found {
        inherited = inherited.or(Kinds::UNKNOWN);
    }
    let telling = inherited
        .without(Kinds::of(Kind::NotAwaitable))
        .without(Kinds::UNKNOWN);
    if telling != Kinds::NONE {
        telling
    } else if inherited.without(Kinds::UNKNOWN) != inherited {
        Kinds::UNKNOWN
    } else if defines_await(node) {
        Kinds::of(Kind::OtherAwaitable)
    } else {
        Kinds::of(Kind::NotAwaitable)
    }
}

/// The classes that asyncio's own behaviour hangs on, by the stub that defines them. From Python 3.12
/// on the stubs of asyncio re-export what `_asyncio` defines.
fn of_class(path: &str, name: &str) -> Option<Kinds> {
    // A group's tasks are kept, whatever library it is of.
    if matches!(name, "TaskGroup" | "Nursery") {
        return Some(Kinds::of(Kind::TaskGroup));
    }
    let stub = path.strip_prefix("vendored://stdlib/")?;
    Some(match (stub, name) {
        ("types.pyi", "CoroutineType") | ("typing.pyi", "Coroutine") => Kinds::of(Kind::Coroutine),
        ("_asyncio.pyi" | "asyncio/tasks.pyi", "Task") => Kinds::of(Kind::Task),
        ("_asyncio.pyi" | "asyncio/futures.pyi", "Future") => Kinds::of(Kind::Future),
        ("asyncio/events.pyi", "AbstractEventLoop") => Kinds::of(Kind::EventLoop),
        ("builtins.pyi", "object") => Kinds::of(Kind::NotAwaitable),
        // An object that is only known to have `__await__`, a generator-based coroutine among them.
        ("typing.pyi", "Awaitable" | "AwaitableGenerator") => Kinds::UNKNOWN,
        _ => return None,
    })
}

/// Whether a base is none that an instance gets a method from.
fn is_special(base: &Expr) -> bool {
    let named = match base {
        Expr::Subscript(subscript) => &subscript.value,
        other => other,
    };
    let name = match named {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return false,
    };
    matches!(
        name,
        "Generic" | "NamedTuple" | "Protocol" | "TypedDict" | "object"
    )
}

fn defines_await(class: &ast::StmtClassDef) -> bool {
    class.body.iter().any(|statement| {
        matches!(statement, ast::Stmt::FunctionDef(function) if function.name.as_str() == "__await__")
    })
}

/// The function or class whose name stands where `is_it` says.
fn definition_named(
    body: &[ast::Stmt],
    is_it: impl Fn(TextRange) -> bool,
) -> Option<AnyNodeRef<'_>> {
    struct Finder<'s, F> {
        is_it: F,
        found: Option<AnyNodeRef<'s>>,
    }
    impl<'s, F: Fn(TextRange) -> bool> SourceOrderVisitor<'s> for Finder<'s, F> {
        fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
            let name = match node {
                AnyNodeRef::StmtClassDef(class) => Some(class.name.range()),
                AnyNodeRef::StmtFunctionDef(function) => Some(function.name.range()),
                _ => None,
            };
            if name.is_some_and(&self.is_it) {
                self.found = Some(node);
            }
            if self.found.is_some() || node.is_expression() {
                TraversalSignal::Skip
            } else {
                TraversalSignal::Traverse
            }
        }
    }
    let mut finder = Finder { is_it, found: None };
    for statement in body {
        finder.visit_stmt(statement);
    }
    finder.found
}
