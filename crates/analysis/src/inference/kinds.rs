//! What one of ty's types is to asyncio.

use asyncmend_source::{Kind, Kinds, OwnBody};
use ruff_db::files::FilePath;
use ruff_db::parsed::parsed_module;
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange};
use ty_python_core::definition::{Definition, DefinitionKind};
use ty_python_semantic::types::ide_support::type_hierarchy_supertypes;
use ty_python_semantic::types::{Type, TypeDefinition};
use ty_python_semantic::{HasType, SemanticModel};

use super::engine::Engine;
use super::{held, proof};

/// How many functions without a return annotation are looked through, one inside the other.
const MAX_CALLS: usize = 3;

/// What the value of `expr`, which belongs to the file of `model`, may be.
///
/// That a call gives a coroutine is said of a function that can be no other, see [`proof`]; of
/// anything else, a declared parameter for one, it is what the type says.
pub(super) fn of_expression<'db>(
    engine: &'db Engine,
    model: &SemanticModel<'db>,
    expr: &Expr,
) -> Kinds {
    of_value(engine, model, expr, MAX_CALLS)
}

fn of_value<'db>(
    engine: &'db Engine,
    model: &SemanticModel<'db>,
    expr: &Expr,
    calls: usize,
) -> Kinds {
    let kinds = expr
        .inferred_type(model)
        .map_or(Kinds::UNKNOWN, |ty| of_type(model, ty));
    let Expr::Call(call) = expr else {
        return of_held(model, expr, kinds);
    };
    let Some(calls) = calls.checked_sub(1) else {
        return kinds.or(Kinds::UNKNOWN);
    };
    let class = call.func.inferred_type(model);
    if matches!(class, Some(Type::ClassLiteral(_) | Type::GenericAlias(_))) {
        return kinds;
    }
    let sole = proof::sole_function(engine, model, &call.func);
    let coroutine = Kinds::of(Kind::Coroutine);
    if kinds.are_known() && kinds.without(coroutine) == kinds {
        return kinds;
    }
    match sole {
        Some(sole) if sole.is_coroutine_function => coroutine,
        Some(sole) => {
            returned(engine, sole.definition, calls).unwrap_or_else(|| kinds.or(Kinds::UNKNOWN))
        }
        None if proof::decorated_coroutine_function(engine, model, &call.func).is_some() => {
            coroutine
        }
        None => kinds.or(Kinds::UNKNOWN),
    }
}

/// What `expr`, which is no call and of one of `kinds` by its type, is by what the class gives its attribute, where the
/// type leaves that open.
fn of_held(model: &SemanticModel<'_>, expr: &Expr, kinds: Kinds) -> Kinds {
    let is_open = !kinds.are_known() && expr.is_attribute_expr();
    let held = is_open.then(|| held::attribute(model, expr)).flatten();
    match held.map(|ty| of_type(model, ty)) {
        // Of a coroutine it matters who else has it.
        Some(held) if held.without(Kinds::of(Kind::Coroutine)) == held => held,
        _ => kinds,
    }
}

/// What a call of a plain function without a return annotation gives, which ty leaves open.
fn returned<'db>(engine: &'db Engine, definition: Definition<'db>, calls: usize) -> Option<Kinds> {
    let db = engine.db();
    let DefinitionKind::Function(node) = definition.kind(db) else {
        return None;
    };
    let module = parsed_module(db, definition.python_file(db)).load(db);
    let function = node.node(&module);
    let body = OwnBody::of(function);
    let is_plain = !function.is_async && function.returns.is_none();
    if !is_plain || !body.yields.is_empty() || body.returns.is_empty() {
        return None;
    }
    let model = SemanticModel::new(db, definition.program_file(db));
    let kinds: Kinds = body
        .returns
        .into_iter()
        .filter_map(|statement| statement.value.as_deref())
        .filter(|value| !value.is_none_literal_expr())
        .map(|value| {
            let kinds = of_value(engine, &model, value, calls);
            // What the function had before, it may give twice.
            let is_new = value.is_call_expr();
            let has_coroutine = kinds.without(Kinds::of(Kind::Coroutine)) != kinds;
            if has_coroutine && !is_new {
                kinds.or(Kinds::UNKNOWN)
            } else {
                kinds
            }
        })
        .collect();
    Some(if kinds == Kinds::NONE {
        Kinds::of(Kind::NotAwaitable)
    } else {
        kinds
    })
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
    let path = name.file().path(db);
    let module = parsed_module(db, class.python_file(db)).load(db);
    let node = node.node(&module);
    if let Some(known) = of_class(path, node.name.as_str()) {
        return known;
    }
    // A class may be found among its own bases in code that is wrong.
    let place = (path.to_string(), name.range());
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
fn of_class(path: &FilePath, name: &str) -> Option<Kinds> {
    // A group's tasks are kept, whatever library it is of.
    if matches!(name, "TaskGroup" | "Nursery") {
        return Some(Kinds::of(Kind::TaskGroup));
    }
    let stub = path.as_vendored_path()?.as_std_path();
    let stub = stub.strip_prefix("stdlib").ok()?.to_str()?;
    // On Windows, backslashes part the folders.
    Some(match (stub.replace('\\', "/").as_str(), name) {
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
pub(super) fn definition_named(
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
