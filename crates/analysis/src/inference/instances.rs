//! Of which classes the value of an expression is, where neither an annotation nor ty says it.

use asyncmend_source::{OwnBody, last_name};
use ruff_db::files::{File, system_path_to_file};
use ruff_db::parsed::parsed_module;
use ruff_db::system::{SystemPath, SystemPathBuf};
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, ExprRef};
use ty_module_resolver::file_to_module;
use ty_python_core::definition::{Definition, DefinitionKind};
use ty_python_core::scope::NodeWithScopeKind;
use ty_python_core::{ProgramFile, semantic_index};
use ty_python_semantic::types::{Type, TypeDefinition};
use ty_python_semantic::{HasType, SemanticModel};

use super::engine::Engine;
use super::proof;

/// How many values and functions are looked through, one behind the other.
const MAX_STEPS: usize = 6;

/// Generics whose first argument is what a function yields.
const YIELDING: [&str; 6] = [
    "AsyncGenerator",
    "AsyncIterable",
    "AsyncIterator",
    "Generator",
    "Iterable",
    "Iterator",
];

/// A class at the top of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Class {
    /// The user's file that defines it; none of the standard library's.
    pub(super) path: Option<SystemPathBuf>,
    /// The module that it is imported from; none of a file that nothing can import.
    pub(super) module: Option<String>,
    pub(super) name: String,
}

impl Engine {
    /// The classes of what `fixture`, a function of `file`, gives to tests: what it returns or yields.
    pub(super) fn given_by_fixture(
        &self,
        file: ProgramFile<'_>,
        fixture: &ast::StmtFunctionDef,
    ) -> Option<Vec<Class>> {
        let model = SemanticModel::new(self.db(), file);
        let body = OwnBody::of(fixture);
        if let Some(annotation) = fixture.returns.as_deref() {
            let given = if body.yields.is_empty() {
                annotation
            } else {
                first_argument(annotation)?
            };
            return self.classes_of(&model, given.inferred_type(&model)?);
        }
        let values: Vec<&Expr> = if body.yields.is_empty() {
            let values = body.returns.iter();
            values.filter_map(|it| it.value.as_deref()).collect()
        } else {
            let given = body.yields.iter().map(|it| match it {
                ExprRef::Yield(it) => it.value.as_deref(),
                _ => None,
            });
            given.collect::<Option<_>>()?
        };
        self.classes_of_all(&model, fixture, &values, MAX_STEPS)
    }

    fn classes_of_all(
        &self,
        model: &SemanticModel<'_>,
        function: &ast::StmtFunctionDef,
        values: &[&Expr],
        steps: usize,
    ) -> Option<Vec<Class>> {
        let mut found = Vec::new();
        for value in values.iter().filter(|it| !it.is_none_literal_expr()) {
            for class in self.classes_of_value(model, function, value, steps)? {
                if !found.contains(&class) {
                    found.push(class);
                }
            }
        }
        (!found.is_empty()).then_some(found)
    }

    /// The classes of `value`, an expression in `function`, of which `model` knows the file.
    fn classes_of_value(
        &self,
        model: &SemanticModel<'_>,
        function: &ast::StmtFunctionDef,
        value: &Expr,
        steps: usize,
    ) -> Option<Vec<Class>> {
        let ty = value.inferred_type(model);
        if let Some(classes) = ty.and_then(|ty| self.classes_of(model, ty)) {
            return Some(classes);
        }
        let steps = steps.checked_sub(1)?;
        match value {
            Expr::Call(call) => self.returned(model, call, false, steps),
            Expr::Await(awaited) => {
                self.returned(model, awaited.value.as_call_expr()?, true, steps)
            }
            Expr::Name(name) => {
                if proof::binding_count(model, &function.body, &name.id) != 1 {
                    return None;
                }
                match Bound::of(function, &name.id)? {
                    Bound::To(value) => self.classes_of_value(model, function, value, steps),
                    Bound::Entered { value, is_async } => {
                        let mut found = Vec::new();
                        for class in self.classes_of_value(model, function, value, steps)? {
                            found.extend(self.entered(model, &class, is_async)?);
                        }
                        Some(found)
                    }
                }
            }
            _ => None,
        }
    }

    /// The classes of what a call of a function without a return annotation gives, awaited or not.
    fn returned(
        &self,
        model: &SemanticModel<'_>,
        call: &ast::ExprCall,
        is_awaited: bool,
        steps: usize,
    ) -> Option<Vec<Class>> {
        let db = self.db();
        let sole = proof::sole_function(self, model, &call.func)?;
        let DefinitionKind::Function(node) = sole.definition.kind(db) else {
            return None;
        };
        let module = parsed_module(db, sole.definition.python_file(db)).load(db);
        let function = node.node(&module);
        let body = OwnBody::of(function);
        let is_open = function.returns.is_none() && function.decorator_list.is_empty();
        if !is_open || function.is_async != is_awaited || !body.yields.is_empty() {
            return None;
        }
        let values: Vec<&Expr> = (body.returns.iter())
            .filter_map(|it| it.value.as_deref())
            .collect();
        let home = SemanticModel::new(db, sole.definition.program_file(db));
        self.classes_of_all(&home, function, &values, steps)
    }

    /// The classes of what `with` gives for an instance of `class`.
    fn entered(
        &self,
        model: &SemanticModel<'_>,
        class: &Class,
        is_async: bool,
    ) -> Option<Vec<Class>> {
        let db = self.db();
        let module = class.module.as_deref()?;
        let keyword = if is_async { "async " } else { "" };
        let name = &class.name;
        let text = format!(
            "from {module} import {name}\n\
             {keyword}def enter(manager: {name}):\n    {keyword}with manager as value:\n        value\n"
        );
        let file = model.file().path(db).as_system_path()?;
        let path = file.parent()?.join(format!(
            "asyncmend_{}enters_{}_{name}.py",
            keyword.trim(),
            module.replace('.', "_"),
        ));
        if !self.system().add(path.clone(), &text) {
            return None;
        }
        let file = db.program_file(system_path_to_file(db, &path).ok()?);
        let parsed = parsed_module(db, file.python_file(db)).load(db);
        let enter = parsed.syntax().body.last()?.as_function_def_stmt()?;
        let block = enter.body.first()?.as_with_stmt()?;
        let value = &block.body.first()?.as_expr_stmt()?.value;
        let model = SemanticModel::new(db, file);
        let found = self.classes_of(&model, value.inferred_type(&model)?);
        let manager = &block.items.first()?.context_expr;
        found.or_else(|| {
            let definition = class_of(&model, manager.inferred_type(&model)?)?;
            let module = parsed_module(db, definition.python_file(db)).load(db);
            let node = definition.kind(db).as_class()?.node(&module);
            enters_itself(node, is_async).then(|| vec![class.clone()])
        })
    }

    /// The classes that `ty` is an instance of one of; none where it may be something else.
    fn classes_of(&self, model: &SemanticModel<'_>, ty: Type<'_>) -> Option<Vec<Class>> {
        let db = self.db();
        match ty {
            Type::Union(union) => {
                let members = union.elements(db).iter().filter(|it| !it.is_none(db));
                let found: Option<Vec<_>> = members.map(|it| self.classes_of(model, *it)).collect();
                Some(found?.concat())
            }
            Type::TypeAlias(alias) => self.classes_of(model, alias.value_type(db)),
            _ => {
                let class = class_of(model, ty)?;
                let index = semantic_index(db, class.program_file(db));
                let scope = index.scope(class.file_scope(db));
                let is_at_top = matches!(scope.node(), NodeWithScopeKind::Module);
                let module = parsed_module(db, class.python_file(db)).load(db);
                let node = class.kind(db).as_class()?.node(&module);
                is_at_top.then(|| vec![self.class_in(class.file(db), node.name.to_string())])
            }
        }
    }

    fn class_in(&self, file: File, name: String) -> Class {
        let db = self.db();
        let path = file
            .path(db)
            .as_system_path()
            .map(|path| self.original(path));
        let file = match &path {
            Some(path) => system_path_to_file(db, path).unwrap_or(file),
            None => file,
        };
        let module = file_to_module(db, db.program_file(file).resolver_file(db));
        Class {
            path,
            module: module.map(|module| module.name(db).to_string()),
            name,
        }
    }

    /// The user's file that the one at `path` is a copy of, or itself.
    fn original(&self, path: &SystemPath) -> SystemPathBuf {
        let copies = self.copies();
        copies
            .get(path)
            .cloned()
            .unwrap_or_else(|| path.to_path_buf())
    }
}

/// The class that `ty` is an instance of.
fn class_of<'db>(model: &SemanticModel<'db>, ty: Type<'db>) -> Option<Definition<'db>> {
    let db = model.db();
    if !matches!(ty, Type::NominalInstance(_)) || ty.is_none(db) {
        return None;
    }
    match ty.definition(db, &model.program_environment())? {
        TypeDefinition::StaticClass(class) => Some(class),
        _ => None,
    }
}

/// Whether `with` gives for an instance of `class` the instance itself, by a method of the class that
/// has no annotation.
fn enters_itself(class: &ast::StmtClassDef, is_async: bool) -> bool {
    let method = if is_async { "__aenter__" } else { "__enter__" };
    let methods = class.body.iter().filter_map(|it| it.as_function_def_stmt());
    let methods: Vec<_> = methods.filter(|it| it.name.as_str() == method).collect();
    let [method] = methods[..] else { return false };
    let Some(own) = method.parameters.iter_non_variadic_params().next() else {
        return false;
    };
    let body = OwnBody::of(method);
    let is_plain = method.decorator_list.is_empty() && method.returns.is_none();
    let is_own = |value: &Expr| matches!(value, Expr::Name(name) if name.id == own.name().id);
    is_plain
        && method.is_async == is_async
        && body.yields.is_empty()
        && !body.returns.is_empty()
        && body
            .returns
            .iter()
            .all(|it| it.value.as_deref().is_some_and(is_own))
}

/// The first argument of an annotation like `Iterator[X]`.
fn first_argument(annotation: &Expr) -> Option<&Expr> {
    let subscript = annotation.as_subscript_expr()?;
    if !YIELDING.contains(&last_name(&subscript.value)?) {
        return None;
    }
    match &*subscript.slice {
        Expr::Tuple(tuple) => tuple.elts.first(),
        other => Some(other),
    }
}

/// What binds a local name.
enum Bound<'s> {
    To(&'s Expr),
    Entered { value: &'s Expr, is_async: bool },
}

impl<'s> Bound<'s> {
    /// What binds `name` in the body of `function`, the only thing that does.
    fn of(function: &'s ast::StmtFunctionDef, name: &str) -> Option<Self> {
        struct Finder<'n, 's> {
            name: &'n str,
            found: Option<Bound<'s>>,
        }
        impl<'s> SourceOrderVisitor<'s> for Finder<'_, 's> {
            fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
                let is_it = |it: &Expr| matches!(it, Expr::Name(it) if it.id == self.name);
                match node {
                    AnyNodeRef::StmtAssign(assign) if assign.targets.iter().any(is_it) => {
                        self.found = Some(Bound::To(&assign.value));
                    }
                    AnyNodeRef::StmtAnnAssign(assign) if is_it(&assign.target) => {
                        self.found = assign.value.as_deref().map(Bound::To);
                    }
                    AnyNodeRef::StmtWith(with) => {
                        for item in &with.items {
                            if item.optional_vars.as_deref().is_some_and(is_it) {
                                self.found = Some(Bound::Entered {
                                    value: &item.context_expr,
                                    is_async: with.is_async,
                                });
                            }
                        }
                    }
                    AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::StmtClassDef(_) => {
                        return TraversalSignal::Skip;
                    }
                    _ => {}
                }
                TraversalSignal::Traverse
            }
        }
        let mut finder = Finder { name, found: None };
        for statement in &function.body {
            finder.visit_stmt(statement);
        }
        finder.found
    }
}
