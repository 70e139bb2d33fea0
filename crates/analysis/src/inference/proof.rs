//! Whether a callee is one function for sure, whatever the rest of the project does.
//!
//! Types are promises: of stubs, of declarations that later assignments break, of base classes whose
//! subclasses do as they like. A `TaskGroup` raises `TypeError` where one is not kept, so that here only
//! the code itself counts.

use std::iter;

use asyncmend_source::{
    OwnBody, StandardDecorators, function_of_decorator, gives_back_its_function, has_rewiring_hook,
    is_type_checking, keeps_coroutine_function, last_name, may_be_rewired, note_bound, word_starts,
};
use ruff_db::files::{File, FileRange};
use ruff_db::parsed::{ParsedModuleRef, parsed_module};
use ruff_db::source::source_text;
use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange};
use ty_python_core::definition::{Definition, DefinitionKind};
use ty_python_core::scope::NodeWithScopeKind;
use ty_python_core::{ProgramFile, semantic_index};
use ty_python_semantic::types::ide_support::{
    ImportAliasResolution, ResolvedDefinition, definitions_for_attribute, definitions_for_name,
    type_hierarchy_prepare,
};
use ty_python_semantic::types::{Type, TypeDefinition};
use ty_python_semantic::{HasType, SemanticModel};

use super::engine::Engine;
use super::held;
use super::kinds::definition_named;
use crate::database::Database;

/// What is known of the one function that a callee stands for.
pub(super) struct Sole<'db> {
    pub(super) definition: Definition<'db>,
    /// Calling it gives a new coroutine.
    pub(super) is_coroutine_function: bool,
}

/// The function or method that `callee` stands for by its type.
pub(super) fn function<'db>(model: &SemanticModel<'db>, callee: &Expr) -> Option<Definition<'db>> {
    function_of_type(model, callee.inferred_type(model)?)
}

/// The functions that `callee` stands for by its type, one for each class of which its object may be; or the only one
/// that is known of a name without an annotation, which other code may give something else: `stop = cancel_all` of
/// another module; or the only one that is written by that name, whatever it is decorated with.
pub(super) fn likely_functions<'db>(
    model: &SemanticModel<'db>,
    callee: &Expr,
) -> Vec<Definition<'db>> {
    let Some(ty) = callee.inferred_type(model) else {
        return Vec::new();
    };
    let mut found: Vec<_> = (members(model, ty).into_iter())
        .filter_map(|it| function_of_type(model, it))
        .collect();
    found.dedup();
    if found.is_empty() {
        found.extend(held::method(model, callee).or_else(|| written(model, callee)));
    }
    found
}

/// The types of which `ty` may be: itself, if it is no union.
fn members<'db>(model: &SemanticModel<'db>, ty: Type<'db>) -> Vec<Type<'db>> {
    let db = model.db();
    match ty {
        Type::Union(union) => (union.elements(db).iter())
            .flat_map(|it| members(model, *it))
            .collect(),
        Type::TypeAlias(alias) => members(model, alias.value_type(db)),
        ty => vec![ty],
    }
}

pub(super) fn function_of_type<'db>(
    model: &SemanticModel<'db>,
    ty: Type<'db>,
) -> Option<Definition<'db>> {
    if !matches!(ty, Type::FunctionLiteral(_) | Type::BoundMethod(_)) {
        return None;
    }
    match ty.definition(model.db(), &model.program_environment())? {
        TypeDefinition::Function(definition) => Some(definition),
        _ => None,
    }
}

/// The one function that `callee`, an expression of the file of `model`, stands for; none where there
/// may be another.
pub(super) fn sole_function<'db>(
    engine: &'db Engine,
    model: &SemanticModel<'db>,
    callee: &Expr,
) -> Option<Sole<'db>> {
    sole(engine, model, callee, function(model, callee)?, |_, _| {
        false
    })
}

/// Where the names of the functions stand one of which `callee`, an expression of the file of `model`, stands for; none
/// where there may be others: the one function, the method of each of the classes of which the object may be, any of
/// those that a module defines for several versions of Python, or the method of the class that an attribute is declared
/// to be of, where a base that is not found keeps ty from saying so.
pub(super) fn sole_functions<'db>(
    engine: &'db Engine,
    model: &SemanticModel<'db>,
    callee: &Expr,
) -> Vec<FileRange> {
    let db = engine.db();
    let is_sole = |definition: Definition<'db>| {
        let sole = sole(engine, model, callee, definition, |_, _| false)?;
        Some(name_of(db, sole.definition))
    };
    let is_sole_of_type = |ty: Type<'db>| is_sole(function_of_type(model, ty)?);
    let of_types: Option<Vec<FileRange>> = (callee.inferred_type(model)).and_then(|ty| {
        members(model, ty)
            .into_iter()
            .map(is_sole_of_type)
            .collect()
    });
    let of_versions = || defined_by_version(engine, model, callee);
    let of_attribute = || is_sole(held::declared_method(model, callee)?);
    of_types
        .or_else(|| Some(vec![of_versions().or_else(of_attribute)?]))
        .unwrap_or_default()
}

/// Where the name of a function stands in its definition.
pub(super) fn name_of(db: &Database, definition: Definition<'_>) -> FileRange {
    let module = parsed_module(db, definition.python_file(db)).load(db);
    definition.focus_range(db, &module)
}

/// Where the name stands of the first function of a module that `callee` stands for by its name, where the module gives
/// that name something by the version of Python alone.
fn defined_by_version<'db>(
    engine: &'db Engine,
    model: &SemanticModel<'db>,
    callee: &Expr,
) -> Option<FileRange> {
    let db = engine.db();
    let (file, name) = imported(engine, model, callee, Count::OfOneVersion)?;
    let is_stdlib = file.file(db).path(db).as_vendored_path().is_some();
    if is_stdlib || file.file(db).is_stub(db) || engine.names().is_replaced(&name) {
        return None;
    }
    let module = parsed_module(db, file.python_file(db)).load(db);
    let function = first_function(&module.syntax().body, &name)?;
    Some(FileRange::new(file.file(db), function.name.range()))
}

/// The first function called `name` that `body` defines, in a branch too.
fn first_function<'m>(body: &'m [ast::Stmt], name: &str) -> Option<&'m ast::StmtFunctionDef> {
    body.iter().find_map(|statement| match statement {
        ast::Stmt::FunctionDef(function) => (function.name.as_str() == name).then_some(function),
        ast::Stmt::If(branches) => arms(branches).find_map(|it| first_function(it, name)),
        _ => None,
    })
}

/// The bodies of the arms of an `if`.
fn arms(branches: &ast::StmtIf) -> impl Iterator<Item = &[ast::Stmt]> {
    let others = branches.elif_else_clauses.iter();
    iter::once(&*branches.body).chain(others.map(|it| &*it.body))
}

/// The one coroutine function that `callee` stands for, however it is decorated: with functions that make
/// a coroutine function of one.
pub(super) fn decorated_coroutine_function<'db>(
    engine: &'db Engine,
    model: &SemanticModel<'db>,
    callee: &Expr,
) -> Option<Definition<'db>> {
    let keeps =
        |home: &SemanticModel<'db>, decorator: &Expr| keeps_function(engine, home, decorator, true);
    let sole = sole(engine, model, callee, decorated(model, callee)?, keeps)?;
    sole.is_coroutine_function.then_some(sole.definition)
}

/// Whether `decorator`, an expression of the file of the model `home`, makes a coroutine function of one, or gives back
/// the very function if that is none.
pub(super) fn keeps_function<'db>(
    engine: &'db Engine,
    home: &SemanticModel<'db>,
    decorator: &Expr,
    is_async: bool,
) -> bool {
    let callee = function_of_decorator(decorator);
    // A method belongs to an object, which may do as it likes.
    let is_function = match callee {
        Expr::Attribute(attribute) => is_module(home, &attribute.value),
        other => other.is_name_expr(),
    };
    let sole = is_function.then(|| sole_function(engine, home, callee));
    sole.flatten().is_some_and(|sole| {
        let db = engine.db();
        let module = parsed_module(db, sole.definition.python_file(db)).load(db);
        let DefinitionKind::Function(node) = sole.definition.kind(db) else {
            return false;
        };
        let function = node.node(&module);
        let standard = StandardDecorators::of(&module.syntax().body);
        let standard = |expr: &Expr| {
            let name = standard.function(expr)?;
            (!engine.names().is_replaced(name)).then_some(name)
        };
        if is_async {
            keeps_coroutine_function(decorator, function, &standard)
        } else {
            gives_back_its_function(decorator, function, &standard)
        }
    })
}

/// The one function of a module that `callee` stands for by its name.
fn decorated<'db>(model: &SemanticModel<'db>, callee: &Expr) -> Option<Definition<'db>> {
    match callee {
        Expr::Attribute(attribute) if !is_module(model, &attribute.value) => None,
        callee => written(model, callee),
    }
}

/// The one definition that `callee` stands for by its name, or by that of a method of its object's class.
fn written<'db>(model: &SemanticModel<'db>, callee: &Expr) -> Option<Definition<'db>> {
    let found = match callee {
        Expr::Name(name) => definitions_for_name(
            model,
            &name.id,
            name.into(),
            ImportAliasResolution::ResolveAliases,
        ),
        Expr::Attribute(attribute) => definitions_for_attribute(model, attribute),
        _ => return None,
    };
    match &found[..] {
        [ResolvedDefinition::Definition(only)] => Some(*only),
        _ => None,
    }
}

fn is_module(model: &SemanticModel<'_>, expr: &Expr) -> bool {
    matches!(expr.inferred_type(model), Some(Type::ModuleLiteral(_)))
}

/// What is known of the function `definition`, if `callee` can be no other. `keeps`: whether an `async def`
/// with a decorator, an expression of the file of its model, is a coroutine function still.
fn sole<'db>(
    engine: &'db Engine,
    model: &SemanticModel<'db>,
    callee: &Expr,
    definition: Definition<'db>,
    keeps: impl Fn(&SemanticModel<'db>, &Expr) -> bool,
) -> Option<Sole<'db>> {
    let db = engine.db();
    let DefinitionKind::Function(node) = definition.kind(db) else {
        return None;
    };
    let is_stdlib = definition.file(db).path(db).as_vendored_path().is_some();
    // A stub says what its author believes.
    if definition.file(db).is_stub(db) && !is_stdlib {
        return None;
    }
    let module = parsed_module(db, definition.python_file(db)).load(db);
    let function = node.node(&module);
    let name = function.name.as_str();
    if !is_imported_as_it_is(engine, model, callee, definition, name) {
        return None;
    }
    let home = SemanticModel::new(db, definition.program_file(db));
    let names = engine.names();
    let standard = (!function.decorator_list.is_empty())
        .then(|| StandardDecorators::of(&module.syntax().body));
    let is_plain = function.decorator_list.iter().all(|decorator| {
        let decorator = &decorator.expression;
        let transparent = standard.as_ref().and_then(|it| it.name_of(decorator));
        transparent.is_some_and(|name| !names.is_replaced(name))
            || is_stdlib && last_name(decorator) == Some("overload")
            || function.is_async && keeps(&home, decorator)
    });
    if !is_plain {
        return None;
    }
    let index = semantic_index(db, definition.program_file(db));
    let scope = index.scope(definition.file_scope(db));
    let class = match scope.node() {
        NodeWithScopeKind::Class(class) => Some(class.node(&module)),
        _ => None,
    };
    if let Some(class) = class
        && (names.is_overridden(&class.name, name, function.is_async)
            || is_rewired(engine, model, callee, (definition.file(db), class)))
    {
        return None;
    }
    // The standard library is as its stubs say, in all the branches that they have for its versions.
    if !is_stdlib {
        let bound = binding_count(&home, scope_body(scope.node(), &module), name);
        if bound != 1 || names.is_replaced(name) {
            return None;
        }
        if let Some(class) = class {
            let around = index.scope(scope.parent()?);
            let bound = binding_count(&home, scope_body(around.node(), &module), &class.name);
            if bound != 1 || may_be_rewired(class) {
                return None;
            }
        }
    }
    Some(Sole {
        definition,
        is_coroutine_function: function.is_async && OwnBody::of(function).yields.is_empty(),
    })
}

/// Whether the object whose method is called by `callee` may have something else than the one that `class`, whose
/// name stands in `home`, defines: because its own class, or one on the way between, is rewired as a whole.
fn is_rewired<'db>(
    engine: &'db Engine,
    model: &SemanticModel<'db>,
    callee: &Expr,
    (home, class): (File, &ast::StmtClassDef),
) -> bool {
    let receiver = match callee {
        Expr::Attribute(method) => receiver(model, &method.value),
        _ => None,
    };
    let names = engine.names();
    let Some(receiver) = receiver else {
        // Of whatever class it is, it derives from the one that defines the method.
        return names.is_rewired(&class.name, &class.name);
    };
    // The names are those of the project's classes alone; its types know of packages.
    let definition = (home, class.name.range());
    let name = type_hierarchy_prepare(model.db(), &model.program_environment(), receiver)
        .map_or_else(|| class.name.to_string(), |it| it.name.to_string());
    names.is_rewired(&class.name, &name) || is_rewired_above(model, receiver, &mut vec![definition])
}

/// Whether the class `ty`, or a base of it that is not `seen`, is rewired.
fn is_rewired_above<'db>(
    model: &SemanticModel<'db>,
    ty: Type<'db>,
    seen: &mut Vec<(File, TextRange)>,
) -> bool {
    let db = model.db();
    let environment = model.program_environment();
    let Some(class) = type_hierarchy_prepare(db, &environment, ty) else {
        return false;
    };
    let file = class.file.file(db);
    let place = (file, class.selection_range);
    // The standard library is as its stubs say.
    if file.path(db).as_vendored_path().is_some() || seen.contains(&place) {
        return false;
    }
    seen.push(place);
    let home = db.program_file(file);
    let module = parsed_module(db, home.python_file(db)).load(db);
    let node = definition_named(&module.syntax().body, |name| name == class.selection_range);
    let Some(AnyNodeRef::StmtClassDef(node)) = node else {
        return false;
    };
    let home = SemanticModel::new(db, home);
    may_be_rewired(node)
        || has_rewiring_hook(node)
        || (node.bases().iter())
            .filter_map(|base| base.inferred_type(&home))
            .any(|base| is_rewired_above(&home, base, seen))
}

/// The names of the classes of the project's or of a package's of which the object may be that `expr` gives.
pub(super) fn classes_of_object(model: &SemanticModel<'_>, expr: &Expr) -> Vec<String> {
    let inferred = expr.inferred_type(model);
    let is_class = |ty: Type<'_>| matches!(ty, Type::ClassLiteral(_) | Type::GenericAlias(_));
    let types = match receiver(model, expr) {
        // The one of `self` is told by the class around it.
        Some(ty) if is_class(ty) && inferred.is_some_and(is_class) => Vec::new(),
        Some(ty) => vec![ty],
        None => inferred.map_or_else(Vec::new, |ty| members(model, ty)),
    };
    (types.into_iter())
        .filter_map(|ty| name_of_class(model, ty))
        .collect()
}

/// The name of the class of the project's or of a package's, a protocol too, of which `ty` is an instance, or that it is.
fn name_of_class(model: &SemanticModel<'_>, ty: Type<'_>) -> Option<String> {
    let db = model.db();
    let TypeDefinition::StaticClass(class) = ty.definition(db, &model.program_environment())?
    else {
        return None;
    };
    let DefinitionKind::Class(node) = class.kind(db) else {
        return None;
    };
    let module = parsed_module(db, class.python_file(db)).load(db);
    let is_stdlib = class.file(db).path(db).as_vendored_path().is_some();
    (!is_stdlib).then(|| node.node(&module).name.to_string())
}

/// Whether nothing is known of what `expr` gives, as of objects of a class whose decorator is not found.
pub(super) fn is_unknown(model: &SemanticModel<'_>, expr: &Expr) -> bool {
    expr.inferred_type(model)
        .is_none_or(|ty| matches!(ty, Type::Dynamic(_)))
}

/// The class of the object that `expr` gives, or that class itself.
pub(super) fn receiver<'db>(model: &SemanticModel<'db>, expr: &Expr) -> Option<Type<'db>> {
    let db = model.db();
    let ty = expr.inferred_type(model)?;
    if type_hierarchy_prepare(db, &model.program_environment(), ty).is_some()
        && !matches!(ty, Type::Union(_))
    {
        return Some(ty);
    }
    // `self` is of the class around its method, or of one that derives from that.
    let name = expr.as_name_expr()?;
    let file = model.program_file();
    let module = parsed_module(db, file.python_file(db)).load(db);
    let index = semantic_index(db, file);
    let scopes = index.ancestor_scopes(model.scope(name.into())?);
    for (_, scope) in scopes {
        let NodeWithScopeKind::Function(function) = scope.node() else {
            continue;
        };
        let function = function.node(&module);
        let mut parameters = function.parameters.iter_non_variadic_params();
        if parameters.next().is_none_or(|it| it.name().id != name.id) {
            continue;
        }
        let NodeWithScopeKind::Class(class) = index.scope(scope.parent()?).node() else {
            return None;
        };
        let is_static = (function.decorator_list.iter())
            .any(|it| last_name(&it.expression) == Some("staticmethod"));
        let is_bound_anew = binding_count(model, &function.body, &name.id) > 0;
        return (!is_static && !is_bound_anew)
            .then(|| class.node(&module).inferred_type(model))
            .flatten();
    }
    None
}

/// Whether `callee` is spelled as the function `name` is, and every import on the way to its
/// `definition` hands it on as the only thing of its name.
fn is_imported_as_it_is<'db>(
    engine: &'db Engine,
    model: &SemanticModel<'db>,
    callee: &Expr,
    definition: Definition<'db>,
    name: &str,
) -> bool {
    let db = engine.db();
    let is_of_object = |object: &Expr| !is_module(model, object);
    match callee {
        // A method, or something else that an object holds.
        Expr::Attribute(attribute) if is_of_object(&attribute.value) => {
            attribute.attr.as_str() == name
        }
        callee => imported(engine, model, callee, Count::All).is_some_and(|(file, seen)| {
            let is_stdlib = file.file(db).path(db).as_vendored_path().is_some();
            // The stubs of the standard library import as they like.
            seen == name && (is_stdlib || file.file(db) == definition.file(db))
        }),
    }
}

/// The file that defines what `callee` names, by itself or as a member of a module, and the name that it has there; none
/// where it is bound several times on the way, or not followed.
fn imported<'db>(
    engine: &'db Engine,
    model: &SemanticModel<'db>,
    callee: &Expr,
    count: Count,
) -> Option<(ProgramFile<'db>, String)> {
    let db = engine.db();
    match callee {
        Expr::Name(used) => {
            let file = model.program_file();
            let module = parsed_module(db, file.python_file(db)).load(db);
            let index = semantic_index(db, file);
            let scope = model.scope(used.into())?;
            let mut owners = index.visible_ancestor_scopes(scope);
            let (_, owner) = owners.find(|(id, _)| {
                let symbol = index.place_table(*id).symbol_by_name(&used.id);
                symbol.is_some_and(|symbol| symbol.is_local() && symbol.is_bound())
            })?;
            let body = scope_body(owner.node(), &module);
            follow(engine, file, body, &used.id, count)
        }
        Expr::Attribute(attribute) => match attribute.value.inferred_type(model) {
            Some(Type::ModuleLiteral(module)) => {
                let file = db.program_file(module.module(db).file(db)?);
                let module = parsed_module(db, file.python_file(db)).load(db);
                follow(engine, file, &module.syntax().body, &attribute.attr, count)
            }
            _ => None,
        },
        _ => None,
    }
}

/// The file that defines `name`, bound in `body` of `file`, and the name that it has there; none where it is
/// bound several times on the way, or not followed.
fn follow<'db>(
    engine: &'db Engine,
    file: ProgramFile<'db>,
    body: &[ast::Stmt],
    name: &str,
    count: Count,
) -> Option<(ProgramFile<'db>, String)> {
    let db = engine.db();
    if file.file(db).path(db).as_vendored_path().is_some() {
        return Some((file, name.to_owned()));
    }
    let model = SemanticModel::new(db, file);
    let (bound, import) = count_bindings(&model, body, name, Count::All);
    let Some(import) = import else {
        let is_once = bound == 1
            || count == Count::OfOneVersion && count_bindings(&model, body, name, count).0 == 1;
        return is_once.then(|| (file, name.to_owned()));
    };
    if bound != 1 {
        return None;
    }
    let module = model.resolve_module(import.module.as_deref(), import.level)?;
    let next = module.file(db)?;
    if next == file.file(db) {
        return None;
    }
    let next = db.program_file(next);
    let parsed = parsed_module(db, next.python_file(db)).load(db);
    follow(engine, next, &parsed.syntax().body, &import.member, count)
}

/// `from module import member`.
struct Import {
    module: Option<String>,
    level: u32,
    member: String,
}

/// The statements of a scope; none of one that has none.
fn scope_body<'m>(node: &NodeWithScopeKind, module: &'m ParsedModuleRef) -> &'m [ast::Stmt] {
    match node {
        NodeWithScopeKind::Module => &module.syntax().body,
        NodeWithScopeKind::Class(class) => &class.node(module).body,
        NodeWithScopeKind::Function(function) => &function.node(module).body,
        _ => &[],
    }
}

/// How often the statements of a scope of the file of `model` bind `name`, in whatever branch.
pub(super) fn binding_count(model: &SemanticModel<'_>, body: &[ast::Stmt], name: &str) -> usize {
    count_bindings(model, body, name, Count::All).0
}

/// Which bindings count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Count {
    /// Each, in whatever branch.
    All,
    /// Of those in the arms of an `if` that asks for the version of Python, those of the arm with the most.
    OfOneVersion,
}

/// How often the statements of a scope of the file of `model` bind `name`, as far as those `count`, and the
/// import that does.
fn count_bindings(
    model: &SemanticModel<'_>,
    body: &[ast::Stmt],
    name: &str,
    which: Count,
) -> (usize, Option<Import>) {
    struct Counter<'n> {
        model: &'n SemanticModel<'n>,
        name: &'n str,
        which: Count,
        count: usize,
        import: Option<Import>,
        /// How many functions around: in there only `global` and `nonlocal` matter.
        inside: usize,
    }
    impl<'s> SourceOrderVisitor<'s> for Counter<'_> {
        fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
            let is_here = self.inside == 0;
            let mut found = |it: &str| self.count += usize::from(is_here && it == self.name);
            match node {
                AnyNodeRef::StmtFunctionDef(function) => {
                    found(&function.name);
                    self.inside += 1;
                }
                AnyNodeRef::StmtClassDef(class) => {
                    found(&class.name);
                    self.inside += 1;
                }
                AnyNodeRef::ExprLambda(_) => return TraversalSignal::Skip,
                AnyNodeRef::StmtImportFrom(import) => {
                    for alias in &import.names {
                        let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                        let is_star = is_here && alias.name.as_str() == "*";
                        self.count +=
                            usize::from(is_star && may_bring(self.model, import, self.name));
                        if is_here && bound.as_str() == self.name {
                            self.import = Some(Import {
                                module: import.module.as_ref().map(ToString::to_string),
                                level: import.level,
                                member: alias.name.to_string(),
                            });
                        }
                    }
                }
                // What only a type checker sees is something else when the program runs.
                AnyNodeRef::StmtIf(statement) if is_type_checking(&statement.test) => {
                    let before = self.count;
                    self.visit_body(&statement.body);
                    self.count += usize::from(self.count > before);
                    for clause in &statement.elif_else_clauses {
                        self.visit_elif_else_clause(clause);
                    }
                    return TraversalSignal::Skip;
                }
                // One of the arms alone runs.
                AnyNodeRef::StmtIf(statement)
                    if self.which == Count::OfOneVersion && asks_for_version(&statement.test) =>
                {
                    let before = self.count;
                    let most = arms(statement).map(|arm| {
                        self.count = before;
                        self.visit_body(arm);
                        self.count
                    });
                    self.count = most.max().unwrap_or(before);
                    return TraversalSignal::Skip;
                }
                AnyNodeRef::StmtGlobal(ast::StmtGlobal { names, .. })
                | AnyNodeRef::StmtNonlocal(ast::StmtNonlocal { names, .. }) => {
                    let named = names.iter().any(|it| it.as_str() == self.name);
                    self.count += usize::from(named);
                }
                other => {
                    let mut bound = Vec::new();
                    note_bound(other, &mut bound);
                    bound.into_iter().for_each(found);
                }
            }
            TraversalSignal::Traverse
        }

        fn leave_node(&mut self, node: AnyNodeRef<'s>) {
            if matches!(
                node,
                AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::StmtClassDef(_)
            ) {
                self.inside -= 1;
            }
        }
    }
    let mut counter = Counter {
        model,
        name,
        which,
        count: 0,
        import: None,
        inside: 0,
    };
    for statement in body {
        counter.visit_stmt(statement);
    }
    (counter.count, counter.import)
}

/// Whether a condition compares the version of Python.
fn asks_for_version(test: &Expr) -> bool {
    let Expr::Compare(compare) = test else {
        return false;
    };
    let info = match &*compare.left {
        Expr::Subscript(part) => &*part.value,
        info => info,
    };
    last_name(info) == Some("version_info")
}

/// Whether one of the statements `body` of the file of `model` that import all of a module, other than asyncio, may bind
/// `name`.
pub(super) fn may_come_by_star(model: &SemanticModel<'_>, body: &[ast::Stmt], name: &str) -> bool {
    let is_asyncio =
        |it: &ast::StmtImportFrom| it.level == 0 && it.module.as_deref() == Some("asyncio");
    stars(body)
        .into_iter()
        .any(|it| !is_asyncio(it) && may_bring(model, it, name))
}

/// The `from module import *` among the statements of a module, in whatever branch.
fn stars(body: &[ast::Stmt]) -> Vec<&ast::StmtImportFrom> {
    struct Stars<'s>(Vec<&'s ast::StmtImportFrom>);
    impl<'s> StatementVisitor<'s> for Stars<'s> {
        fn visit_stmt(&mut self, statement: &'s ast::Stmt) {
            match statement {
                ast::Stmt::ImportFrom(import) => {
                    let is_star = import.names.iter().any(|it| it.name.as_str() == "*");
                    self.0.extend(is_star.then_some(import));
                }
                ast::Stmt::FunctionDef(_) | ast::Stmt::ClassDef(_) => {}
                _ => walk_stmt(self, statement),
            }
        }
    }
    let mut stars = Stars(Vec::new());
    stars.visit_body(body);
    stars.0
}

/// Whether `from module import *` may bind `name`: whether that module may have it, and has it in its `__all__`, if it has
/// one that shows, or it is not to be found, or all of such a one is imported there.
fn may_bring(model: &SemanticModel<'_>, import: &ast::StmtImportFrom, name: &str) -> bool {
    may_bring_by(model, import, name, &mut Vec::new())
}

/// The same; of the modules `seen` it is known that they do not.
fn may_bring_by(
    model: &SemanticModel<'_>,
    import: &ast::StmtImportFrom,
    name: &str,
    seen: &mut Vec<File>,
) -> bool {
    let db = model.db();
    let module = model.resolve_module(import.module.as_deref(), import.level);
    let Some(file) = module.and_then(|module| module.file(db)) else {
        return true;
    };
    if seen.contains(&file) {
        return false;
    }
    seen.push(file);
    // A package has those of its modules that were imported.
    let is_submodule = || {
        let package = import.module.as_ref();
        let path = package.map_or_else(|| name.to_owned(), |it| format!("{it}.{name}"));
        model.resolve_module(Some(&path), import.level).is_some()
    };
    // What a stub leaves out, the module may have.
    let path = file.path(db);
    let is_stub = path.as_vendored_path().is_none() && path.extension() == Some("pyi");
    let program_file = db.program_file(file);
    let parsed = parsed_module(db, program_file.python_file(db)).load(db);
    let body = &parsed.syntax().body;
    let text = source_text(db, file);
    let home = SemanticModel::new(db, program_file);
    if lists_without(&home, body, name, MAX_LINKS) {
        return false;
    }
    may_have(&text, name)
        || is_stub
        || is_submodule()
        || (stars(body).into_iter()).any(|it| may_bring_by(&home, it, name, seen))
}

/// What gives a module names that its text need not have.
const COMPUTED: [&str; 6] = [
    "__getattr__",
    "globals()",
    "locals()",
    "setattr(",
    "sys.modules",
    "vars()",
];

/// Whether a module with this `text` may have something by `name`, at once or once a function of it has run: whether the
/// word stands there other than as an attribute.
fn may_have(text: &str, name: &str) -> bool {
    word_starts(text.as_bytes(), name).any(|at| !text[..at].ends_with('.'))
        || COMPUTED.iter().any(|it| text.contains(it))
}

/// The name by which a module lists the names that a star takes.
pub(super) const ALL: &str = "__all__";

/// Other modules whose `__all__` is part of another are followed this far.
const MAX_LINKS: usize = 8;

/// Whether the module of `model`, with the statements `body`, has an `__all__` that shows, of names other than `name`: each
/// time that it mentions one, it is given such names or more of them.
fn lists_without(model: &SemanticModel<'_>, body: &[ast::Stmt], name: &str, links: usize) -> bool {
    let Some(links) = links.checked_sub(1) else {
        return false;
    };
    let mut mentions = 0;
    for listed in body.iter().filter_map(listed_by) {
        match mentions_without(model, listed, name, links) {
            Some(more) => mentions += 1 + more,
            None => return false,
        }
    }
    let text = source_text(model.db(), model.file());
    mentions > 0 && text.matches(ALL).count() == mentions
}

/// What `statement` makes `__all__`, or adds to it.
fn listed_by(statement: &ast::Stmt) -> Option<&Expr> {
    let is_all = |target: &Expr| target.as_name_expr().is_some_and(|it| it.id == ALL);
    match statement {
        ast::Stmt::Assign(it) if it.targets.iter().all(is_all) => Some(&it.value),
        ast::Stmt::AnnAssign(it) if is_all(&it.target) => it.value.as_deref(),
        ast::Stmt::AugAssign(it) if is_all(&it.target) => Some(&it.value),
        ast::Stmt::Expr(it) => {
            let call = it.value.as_call_expr()?;
            let method = call.func.as_attribute_expr()?;
            match (&*call.arguments.args, &*call.arguments.keywords) {
                ([more], []) if is_all(&method.value) && method.attr.as_str() == "extend" => {
                    Some(more)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// How often `listed` mentions an `__all__`, where it shows what it lists and `name` is not among that.
fn mentions_without(
    model: &SemanticModel<'_>,
    listed: &Expr,
    name: &str,
    links: usize,
) -> Option<usize> {
    let all = |parts: &[Expr]| {
        let mut parts = parts.iter();
        parts.try_fold(0, |sum, it| match it {
            Expr::StringLiteral(it) => (it.value.to_str() != name).then_some(sum),
            Expr::Starred(it) => Some(sum + mentions_without(model, &it.value, name, links)?),
            _ => None,
        })
    };
    match listed {
        Expr::List(list) => all(&list.elts),
        Expr::Tuple(tuple) => all(&tuple.elts),
        Expr::BinOp(it) if it.op == ast::Operator::Add => {
            let left = mentions_without(model, &it.left, name, links)?;
            Some(left + mentions_without(model, &it.right, name, links)?)
        }
        Expr::Attribute(it) if it.attr.as_str() == ALL => {
            let Some(Type::ModuleLiteral(module)) = it.value.inferred_type(model) else {
                return None;
            };
            let db = model.db();
            let file = db.program_file(module.module(db).file(db)?);
            let parsed = parsed_module(db, file.python_file(db)).load(db);
            let home = SemanticModel::new(db, file);
            lists_without(&home, &parsed.syntax().body, name, links).then_some(1)
        }
        _ => None,
    }
}
