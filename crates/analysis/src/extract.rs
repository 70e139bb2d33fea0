//! Reads a semantic index out into plain data.

use std::collections::{HashMap, HashSet};

use asyncmend_source::{
    Binding, BindingId, BindingKind, Bindings, NameInScope, Scope, ScopeId, ScopeKind, Use,
};
use ruff_db::parsed::{ParsedModuleRef, parsed_module};
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, ExprRef};
use ruff_text_size::{Ranged, TextRange};
use ty_python_core::ast_ids::HasScopedUseId;
use ty_python_core::definition::{
    Definition, DefinitionKind, DefinitionState, ParameterDefinitionNodeKind, TargetKind,
};
use ty_python_core::place::ScopedPlaceId;
use ty_python_core::scope::{self, NodeWithScopeKind};
use ty_python_core::symbol::Symbol;
use ty_python_core::{
    BindingWithConstraintsIterator, EnclosingSnapshotResult, FileScopeId, PlaceExprRef,
    ProgramFile, SemanticIndex, UseDefMap, semantic_index,
};

use crate::database::Database;

/// Every scope, binding and use of `file`.
pub(crate) fn bindings(db: &Database, file: ProgramFile<'_>) -> Bindings {
    let module = parsed_module(db, file.python_file(db)).load(db);
    let index = semantic_index(db, file);
    let mut extractor = Extractor {
        db,
        file,
        module: &module,
        index,
        ids: HashMap::new(),
        out: Bindings::default(),
    };
    extractor.scopes();
    let mut names = Names::default();
    for statement in &module.syntax().body {
        names.visit_stmt(statement);
    }
    for name in names.loads {
        extractor.name_use(name);
    }
    extractor.out
}

/// The names of a module that are read, changed in place or deleted, in the order of the file.
#[derive(Default)]
struct Names<'ast> {
    loads: Vec<&'ast ast::ExprName>,
}

impl<'ast> SourceOrderVisitor<'ast> for Names<'ast> {
    fn enter_node(&mut self, node: AnyNodeRef<'ast>) -> TraversalSignal {
        if let AnyNodeRef::ExprName(name) = node
            && !matches!(name.ctx, ast::ExprContext::Store)
        {
            self.loads.push(name);
        }
        if let AnyNodeRef::StmtAugAssign(assign) = node
            && let ast::Expr::Name(name) = &*assign.target
        {
            self.loads.push(name);
        }
        TraversalSignal::Traverse
    }
}

struct Extractor<'db> {
    db: &'db Database,
    file: ProgramFile<'db>,
    module: &'db ParsedModuleRef,
    index: &'db SemanticIndex<'db>,
    ids: HashMap<Definition<'db>, BindingId>,
    out: Bindings,
}

/// The bindings that one use may see, while they are collected.
#[derive(Default)]
struct Reaching<'db> {
    definitions: Vec<Definition<'db>>,
    unbound: bool,
    /// Synthetic definitions already looked through: a loop's header reaches itself.
    seen: HashSet<Definition<'db>>,
}

impl<'db> Extractor<'db> {
    fn scopes(&mut self) {
        let ids: Vec<FileScopeId> = self
            .index
            .scope_ids()
            .map(|scope| scope.file_scope_id(self.db))
            .collect();
        for id in ids {
            let scope = self.index.scope(id);
            let names = self
                .index
                .place_table(id)
                .symbols()
                .map(|symbol| (symbol.name().to_string(), name_in_scope(symbol)))
                .collect();
            self.out.scopes.push(Scope {
                parent: scope.parent().map(scope_id),
                kind: scope_kind(scope.kind()),
                range: self.scope_range(scope.node()),
                names,
            });
            for (_, definition, _) in self.index.use_def_map(id).definitions_with_usage() {
                self.binding(definition);
            }
        }
    }

    fn scope_range(&self, node: &NodeWithScopeKind) -> TextRange {
        match node {
            NodeWithScopeKind::Module => self.module.syntax().range(),
            NodeWithScopeKind::Class(node) | NodeWithScopeKind::ClassTypeParameters(node) => {
                node.node(self.module).range()
            }
            NodeWithScopeKind::Function(node) | NodeWithScopeKind::FunctionTypeParameters(node) => {
                node.node(self.module).range()
            }
            NodeWithScopeKind::TypeAlias(node)
            | NodeWithScopeKind::TypeAliasTypeParameters(node) => node.node(self.module).range(),
            NodeWithScopeKind::Lambda(node) => node.node(self.module).range(),
            NodeWithScopeKind::ListComprehension(node) => node.node(self.module).range(),
            NodeWithScopeKind::SetComprehension(node) => node.node(self.module).range(),
            NodeWithScopeKind::DictComprehension(node) => node.node(self.module).range(),
            NodeWithScopeKind::GeneratorExpression(node) => node.node(self.module).range(),
        }
    }

    /// The id of `definition`; none for what ty makes up itself and for attributes and items.
    fn binding(&mut self, definition: Definition<'db>) -> Option<BindingId> {
        if let Some(id) = self.ids.get(&definition) {
            return Some(*id);
        }
        let ScopedPlaceId::Symbol(symbol) = definition.place(self.db) else {
            return None;
        };
        let kind = definition.kind(self.db);
        if !kind.is_user_visible() {
            return None;
        }
        let scope = definition.file_scope(self.db);
        let name = self.index.place_table(scope).symbol(symbol).name();
        let binding = Binding {
            name: name.to_string(),
            scope: scope_id(scope),
            kind: binding_kind(kind, name, self.module),
            target: kind.target_range(self.module),
        };
        let id = BindingId(u32::try_from(self.out.bindings.len()).expect("fewer than bytes"));
        self.out.bindings.push(binding);
        self.ids.insert(definition, id);
        Some(id)
    }

    fn name_use(&mut self, name: &ast::ExprName) {
        let Some(scope) = self.index.try_expression_scope_id(&ExprRef::from(name)) else {
            return;
        };
        let use_def = self.index.use_def_map(scope);
        let mut reaching = Reaching::default();
        let here = use_def.bindings_at_use(name.scoped_use_id(self.db, self.file));
        self.collect(here, scope, use_def, &mut reaching);
        if reaching.unbound
            && let Some(symbol) = self.index.place_table(scope).symbol_by_name(&name.id)
        {
            // A class body that has not bound a name yet looks for it in the module.
            let class_body = self.index.scope(scope).kind().is_class();
            if !symbol.is_local() || class_body {
                reaching.unbound = false;
                self.collect_from_around(symbol, scope, &mut reaching);
            }
        }
        let mut bindings: Vec<BindingId> = reaching
            .definitions
            .into_iter()
            .filter_map(|definition| self.binding(definition))
            .collect();
        bindings.sort_by_key(|id| (self.out.binding(*id).target.start(), *id));
        bindings.dedup();
        self.out.uses.insert(
            name.start(),
            Use {
                scope: scope_id(scope),
                bindings,
                maybe_unbound: reaching.unbound,
            },
        );
    }

    /// Adds the bindings of the nearest scope around `scope` that has the name, as Python looks it up.
    fn collect_from_around(&self, symbol: &Symbol, scope: FileScopeId, out: &mut Reaching<'db>) {
        let name = symbol.name();
        if !symbol.is_global() {
            for (around, _) in self.index.visible_ancestor_scopes(scope).skip(1) {
                if around.is_global() {
                    break;
                }
                let Some(outer) = self.index.place_table(around).symbol_by_name(name) else {
                    continue;
                };
                if outer.is_global() {
                    break;
                }
                if outer.is_local() {
                    self.bindings_of(name, around, scope, symbol, out);
                    return;
                }
            }
        }
        if scope.is_global() {
            out.unbound = true;
        } else {
            self.bindings_of(name, FileScopeId::global(), scope, symbol, out);
        }
    }

    /// Adds the bindings of `name` in the scope `owner` as code of the scope `user` may see them.
    fn bindings_of(
        &self,
        name: &ast::name::Name,
        owner: FileScopeId,
        user: FileScopeId,
        symbol: &Symbol,
        out: &mut Reaching<'db>,
    ) {
        let use_def = self.index.use_def_map(owner);
        let Some(id) = self.index.place_table(owner).symbol_id(name) else {
            out.unbound = true;
            return;
        };
        let snapshot = self
            .index
            .enclosing_snapshot(owner, PlaceExprRef::Symbol(symbol), user);
        let bindings = match snapshot {
            EnclosingSnapshotResult::FoundBindings(bindings) => bindings,
            _ => use_def.reachable_symbol_bindings(id),
        };
        self.collect(bindings, owner, use_def, out);
        if !self.index.place_table(owner).symbol(id).is_bound() {
            out.unbound = true;
        }
    }

    /// Adds `bindings` of `scope`, with loop headers and writes of nested scopes looked through.
    fn collect(
        &self,
        bindings: BindingWithConstraintsIterator<'_, 'db>,
        scope: FileScopeId,
        use_def: &UseDefMap<'db>,
        out: &mut Reaching<'db>,
    ) {
        for binding in bindings {
            self.collect_state(binding.binding, scope, use_def, out);
        }
    }

    fn collect_state(
        &self,
        state: DefinitionState<'db>,
        scope: FileScopeId,
        use_def: &UseDefMap<'db>,
        out: &mut Reaching<'db>,
    ) {
        let DefinitionState::Defined(definition) = state else {
            out.unbound = true;
            return;
        };
        match definition.kind(self.db) {
            DefinitionKind::LoopHeader(header) => {
                if out.seen.insert(definition) {
                    let live = use_def.loop_header(header.loop_header_id());
                    for binding in live.bindings_for_place(header.place()) {
                        let state = use_def.definition(binding.binding());
                        self.collect_state(state, scope, use_def, out);
                    }
                }
            }
            DefinitionKind::NestedBindings(nested) => {
                if out.seen.insert(definition) {
                    for bindings in nested.visible_binding_sources(self.index, scope) {
                        self.collect_nested(bindings, out);
                    }
                }
            }
            _ => out.definitions.push(definition),
        }
    }

    /// Adds what a nested scope binds through `global` or `nonlocal`.
    fn collect_nested(
        &self,
        bindings: BindingWithConstraintsIterator<'_, 'db>,
        out: &mut Reaching<'db>,
    ) {
        for binding in bindings {
            if let DefinitionState::Defined(definition) = binding.binding {
                let scope = definition.file_scope(self.db);
                let use_def = self.index.use_def_map(scope);
                self.collect_state(binding.binding, scope, use_def, out);
            }
        }
    }
}

fn scope_id(id: FileScopeId) -> ScopeId {
    ScopeId(id.as_u32())
}

fn scope_kind(kind: scope::ScopeKind) -> ScopeKind {
    match kind {
        scope::ScopeKind::Module => ScopeKind::Module,
        scope::ScopeKind::Class => ScopeKind::Class,
        scope::ScopeKind::Function => ScopeKind::Function,
        scope::ScopeKind::Lambda => ScopeKind::Lambda,
        scope::ScopeKind::Comprehension => ScopeKind::Comprehension,
        scope::ScopeKind::TypeParams | scope::ScopeKind::TypeAlias => ScopeKind::TypeParameters,
    }
}

fn name_in_scope(symbol: &Symbol) -> NameInScope {
    NameInScope {
        local: symbol.is_local(),
        global: symbol.is_global(),
        nonlocal: symbol.is_nonlocal(),
    }
}

fn binding_kind(
    kind: &DefinitionKind<'_>,
    name: &ast::name::Name,
    module: &ParsedModuleRef,
) -> BindingKind {
    match kind {
        DefinitionKind::Import(import) => {
            let alias = import.alias(module);
            let path = alias.name.as_str();
            let bound = match &alias.asname {
                Some(_) => path,
                None => path.split('.').next().unwrap_or(path),
            };
            BindingKind::Import {
                module: bound.to_string(),
            }
        }
        DefinitionKind::ImportFrom(import) => BindingKind::ImportFrom {
            module: dotted(import.import(module)),
            member: import.alias(module).name.to_string(),
        },
        DefinitionKind::StarImport(import) => BindingKind::ImportFrom {
            module: dotted(import.import(module)),
            member: name.to_string(),
        },
        DefinitionKind::Function(node) => BindingKind::Function(node.node(module).range()),
        DefinitionKind::Class(node) => BindingKind::Class(node.node(module).range()),
        DefinitionKind::NamedExpression(node) => BindingKind::Assignment {
            value: node.node(module).value.range(),
            annotation: None,
        },
        DefinitionKind::Assignment(assignment) if assignment.unpack().is_none() => {
            BindingKind::Assignment {
                value: assignment.value(module).range(),
                annotation: None,
            }
        }
        DefinitionKind::AnnotatedAssignment(assignment) => {
            let annotation = assignment.annotation(module).range();
            match assignment.value(module) {
                Some(value) => BindingKind::Assignment {
                    value: value.range(),
                    annotation: Some(annotation),
                },
                None => BindingKind::Declaration { annotation },
            }
        }
        DefinitionKind::Parameter(parameter) => parameter_kind(parameter, module),
        DefinitionKind::LambdaParameter(parameter) => parameter_kind(&parameter.parameter, module),
        DefinitionKind::WithItem(item) if matches!(item.target_kind(), TargetKind::Single) => {
            BindingKind::With {
                context: item.context_expr(module).range(),
                is_async: item.is_async(),
            }
        }
        DefinitionKind::For(node) if matches!(node.target_kind(), TargetKind::Single) => {
            BindingKind::For {
                iterable: node.iterable(module).range(),
            }
        }
        DefinitionKind::Comprehension(node) if matches!(node.target_kind(), TargetKind::Single) => {
            BindingKind::For {
                iterable: node.iterable(module).range(),
            }
        }
        _ => BindingKind::Other,
    }
}

fn parameter_kind(
    parameter: &ParameterDefinitionNodeKind,
    module: &ParsedModuleRef,
) -> BindingKind {
    let (parameter, variadic) = match parameter {
        ParameterDefinitionNodeKind::VariadicPositionalParameter(node)
        | ParameterDefinitionNodeKind::VariadicKeywordParameter(node) => (node.node(module), true),
        ParameterDefinitionNodeKind::Parameter(node) => (&node.node(module).parameter, false),
    };
    BindingKind::Parameter {
        annotation: parameter.annotation.as_deref().map(Ranged::range),
        variadic,
    }
}

/// The module of a `from` clause as it is written, leading dots included.
fn dotted(import: &ast::StmtImportFrom) -> String {
    let dots = ".".repeat(import.level as usize);
    match &import.module {
        Some(module) => format!("{dots}{module}"),
        None => dots,
    }
}
