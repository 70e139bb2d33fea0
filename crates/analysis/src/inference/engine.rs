//! ty's inference over one project: files are opened by text and asked about by range.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard};

use asyncmend_source::{
    Called, Callee, Cancels, Decorated, Kinds, ModuleName, SharedWaits, StandardDecorators,
    function_of_decorator, last_name,
};
use ruff_db::files::{File, FileRange, system_path_to_file};
use ruff_db::parsed::{ParsedModuleRef, parsed_module};
use ruff_db::source::source_text;
use ruff_db::system::{System as _, SystemPath, SystemPathBuf};
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange, TextSize};
use ty_module_resolver::{SearchPathSettings, file_to_module};
use ty_python_core::definition::{Definition, DefinitionKind};
use ty_python_core::scope::{FileScopeId, NodeWithScopeKind};
use ty_python_core::semantic_index;
use ty_python_core::symbol::Symbol;
use ty_python_semantic::SemanticModel;

use super::fixtures::{Code, Known};
use super::lock;
use super::names::{Names, SharedNames};
use super::project::Project;
use super::system::{KeptFiles, Overlay, copy_of};
use super::{held, kinds, probes::Probed, proof};
use crate::database::Database;

/// How often calls are followed into other modules.
const MOST_FOLLOWED: usize = 3;

/// How deep code may nest: ty's inference and its visitors recurse.
pub(super) const MAX_NESTING: usize = 1_000;

/// One project, as far as it was looked at, as one thread sees it.
pub(super) struct Engine {
    common: Common,
    pub(super) known: RefCell<Known>,
}

/// What all threads that look at a project have in common: what is inferred is inferred once.
#[derive(Clone)]
pub(super) struct Common {
    db: Database,
    system: Arc<Overlay>,
    /// Where the project's own modules are.
    folders: Arc<[String]>,
    site_packages: Arc<[String]>,
    /// What all code does with names that may do something with them: shared with other projects of the same code.
    names: Arc<SharedNames>,
    /// The files of the user that others are copies of.
    copies: Arc<Mutex<HashMap<SystemPathBuf, SystemPathBuf>>>,
}

/// A file that can be asked about.
pub(super) struct Opened {
    /// The copy that is asked about.
    file: File,
    /// The user's file, which another module imports.
    path: SystemPathBuf,
    probed: Probed,
    /// The modules that the file imports and that were not found, by their first name.
    pub(super) missing: Vec<String>,
}

impl Common {
    /// That of `project`, in which modules are looked for in `home` first, if it is given.
    pub(super) fn new(
        project: &Project,
        home: Option<&str>,
        names: Arc<SharedNames>,
        kept: KeptFiles,
    ) -> Self {
        let folder = home.or(project.roots.first().map(String::as_str));
        let site_packages: Arc<[String]> = project.site_packages.clone().into();
        let folder = SystemPath::new(folder.unwrap_or("/"));
        let system = Arc::new(Overlay::new(folder, Arc::clone(&site_packages), kept));
        let path = |path: &str| SystemPath::new(path).to_path_buf();
        let roots = home
            .into_iter()
            .chain(project.roots.iter().map(String::as_str));
        let paths = SearchPathSettings {
            src_roots: roots.map(path).collect(),
            site_packages_paths: project.site_packages.iter().map(|it| path(it)).collect(),
            ..SearchPathSettings::empty()
        };
        let db = Database::new(system.clone(), &paths, project.version());
        Self {
            db,
            system,
            folders: (home.into_iter().map(str::to_owned))
                .chain(project.roots.iter().cloned())
                .collect(),
            site_packages,
            names,
            copies: Arc::default(),
        }
    }

    /// Whether it is the same, and no other that was made for the same project.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.system, &other.system)
    }

    /// How much source text was read so far, in bytes: what memory grows with.
    pub(super) fn bytes_read(&self) -> u64 {
        self.system.bytes_read()
    }
}

impl Engine {
    /// An engine for what is known in `common`.
    pub(super) fn new(common: Common) -> Self {
        Self {
            common,
            known: RefCell::default(),
        }
    }

    /// Whether it goes on with what is known in `common`.
    pub(super) fn is_of(&self, common: &Common) -> bool {
        self.common.is(common)
    }

    /// The files of the user that others are copies of.
    pub(super) fn copies(&self) -> MutexGuard<'_, HashMap<SystemPathBuf, SystemPathBuf>> {
        lock(&self.common.copies)
    }

    /// Opens the file whose contents are `code`.
    ///
    /// # Errors
    /// A reason, where it cannot be looked at.
    pub(super) fn open(&self, code: &Rc<Code>) -> Result<Opened, String> {
        let path = code.path().to_path_buf();
        let probed = self.probed(code, 0);
        let file = match self.on_disk(&path, &probed.text) {
            Some(file) => file,
            // A neighbour of the user's file, which other modules go on to import as it is: relative
            // imports mean the same.
            None => self.copy(&path, copy_of(&path), &probed.text)?,
        };
        let missing = self.missing(file, code.body());
        Ok(Opened {
            file,
            path,
            probed,
            missing,
        })
    }

    /// The file at `path`, if it was read with the contents `text`. What nothing can import imports nothing from beside
    /// it either: its copy has a name that is one.
    fn on_disk(&self, path: &SystemPath, text: &str) -> Option<File> {
        let db = self.db();
        let file = system_path_to_file(db, path).ok()?;
        file_to_module(db, db.program_file(file).resolver_file(db))?;
        (source_text(db, file).as_str() == text).then_some(file)
    }

    /// Lets `copy` stand for the file at `path` with the contents `text`.
    ///
    /// # Errors
    /// A reason, where it cannot be looked at.
    pub(super) fn copy(
        &self,
        path: &SystemPath,
        copy: SystemPathBuf,
        text: &str,
    ) -> Result<File, String> {
        if !self.common.system.add(copy.clone(), text) {
            return Err("it was asked about before with other contents".to_owned());
        }
        let file =
            system_path_to_file(&self.common.db, &copy).map_err(|error| error.to_string())?;
        self.copies().insert(copy, path.to_path_buf());
        Ok(file)
    }

    pub(super) fn system(&self) -> &Overlay {
        &self.common.system
    }

    /// The packages that a file imports and that are nowhere to be found.
    fn missing(&self, file: File, body: &[ast::Stmt]) -> Vec<String> {
        let model = SemanticModel::new(&self.common.db, self.common.db.program_file(file));
        let mut missing: Vec<String> = imported(body)
            .into_iter()
            .filter(|name| model.resolve_module(Some(name), 0).is_none())
            .map(str::to_owned)
            .collect();
        missing.sort_unstable();
        missing
    }

    /// What the expression at `range` may give.
    pub(super) fn kinds(&self, opened: &Opened, range: TextRange) -> Kinds {
        self.kinds_at(opened, opened.probed.place(range))
    }

    /// What iterating over the expression at `range` may yield.
    pub(super) fn kinds_of_each(&self, opened: &Opened, range: TextRange) -> Kinds {
        match opened.probed.each(range) {
            Some(each) => self.kinds_at(opened, each),
            None => Kinds::UNKNOWN,
        }
    }

    fn kinds_at(&self, opened: &Opened, range: TextRange) -> Kinds {
        let program_file = self.common.db.program_file(opened.file);
        let module = self.module(opened);
        let model = SemanticModel::new(&self.common.db, program_file);
        match expression(&module.syntax().body, range) {
            Some(expr) => kinds::of_expression(self, &model, expr),
            None => Kinds::UNKNOWN,
        }
    }

    pub(super) fn db(&self) -> &Database {
        &self.common.db
    }

    /// What the project's files do with names.
    pub(super) fn names(&self) -> &Names {
        self.common.names.get()
    }

    /// Whether calling what the expression at `range` stands for gives a new coroutine, for sure.
    pub(super) fn is_coroutine_function(&self, opened: &Opened, range: TextRange) -> bool {
        let module = self.module(opened);
        let model = SemanticModel::new(&self.common.db, self.common.db.program_file(opened.file));
        expression(&module.syntax().body, opened.probed.place(range))
            .and_then(|callee| proof::sole_function(self, &model, callee))
            .is_some_and(|sole| sole.is_coroutine_function)
    }

    fn module(&self, opened: &Opened) -> ParsedModuleRef {
        let file = self.common.db.program_file(opened.file);
        parsed_module(&self.common.db, file.python_file(&self.common.db)).load(&self.common.db)
    }

    /// The functions of Python files on the disk one of which the expression at `range` stands for by its type, or, where
    /// `for_sure`, can only stand for: their files, and where their names start. None where it may stand for others.
    pub(super) fn functions(
        &self,
        opened: &Opened,
        range: TextRange,
        for_sure: bool,
    ) -> Vec<(String, TextSize)> {
        let db = &self.common.db;
        let module = self.module(opened);
        let model = SemanticModel::new(db, db.program_file(opened.file));
        let Some(callee) = expression(&module.syntax().body, opened.probed.place(range)) else {
            return Vec::new();
        };
        let names = if for_sure {
            proof::sole_functions(self, &model, callee)
        } else {
            let function = proof::function(&model, callee);
            (function.into_iter())
                .map(|it| proof::name_of(db, it))
                .collect()
        };
        let places = names.into_iter().map(|it| self.place(opened, it));
        places.collect::<Option<_>>().unwrap_or_default()
    }

    /// Where what has its name at `name` stands on the disk.
    fn place(&self, opened: &Opened, name: FileRange) -> Option<(String, TextSize)> {
        if name.file() == opened.file {
            let start = opened.probed.origin(name.range().start());
            return Some((opened.path.to_string(), start));
        }
        let path = name.file().path(&self.common.db).as_system_path()?;
        let start = self.common.system.origin(path, name.range().start());
        let path = self.common.system.canonicalize_path(path).ok()?;
        (path.extension() == Some("py")).then(|| (path.to_string(), start))
    }

    /// What the functions that the expression at `range` stands for by its type await that was there before.
    pub(super) fn shared_waits(&self, opened: &Opened, range: TextRange) -> SharedWaits {
        let waits = self.with_functions(opened, range, |called, module, home| {
            let called = self.decorated(module, home, called, MOST_FOLLOWED);
            SharedWaits::of(called, &|call| {
                self.callee(module, home, call, MOST_FOLLOWED)
            })
        });
        let mut waits = waits
            .into_iter()
            .fold(SharedWaits::default(), SharedWaits::and);
        waits.others = waits.others
            || self.is_overridden_to_wait(opened, range).unwrap_or(false)
            || self.may_be_rewired_to_wait(opened, range).unwrap_or(false);
        waits
    }

    /// What is known of the function that `call` is one of, which stands in the `module` of the model `home`; calls are
    /// followed into so many others.
    fn callee<'m>(
        &self,
        module: &'m [ast::Stmt],
        home: &SemanticModel<'_>,
        call: &ast::ExprCall,
        links: usize,
    ) -> Option<Callee<'m>> {
        match Callee::in_module(module, call) {
            Some(Callee::Here(called)) => {
                return Some(Callee::Here(self.decorated(module, home, called, links)));
            }
            Some(other) => return Some(other),
            None => {}
        }
        let links = links.checked_sub(1)?;
        let name = last_name(&call.func)?;
        if SharedWaits::is_wrapper(&call.func) || !self.names().may_give_future(name) {
            return None;
        }
        let is_wanted = |called: &Called<'_>| !called.function.is_async;
        self.waits_of(home, &call.func, links, is_wanted)
            .map(Callee::Elsewhere)
    }

    /// What those of the functions that `callee`, an expression of the file of the model `home`, stands for await that
    /// are wanted; calls are followed into so many others.
    fn waits_of(
        &self,
        home: &SemanticModel<'_>,
        callee: &Expr,
        links: usize,
        is_wanted: impl Fn(&Called<'_>) -> bool,
    ) -> Option<SharedWaits> {
        let db = &self.common.db;
        let waits = |definition: Definition<'_>| {
            let module = parsed_module(db, definition.python_file(db)).load(db);
            let found = function_of(db, definition, &module, callee).filter(&is_wanted)?;
            let home = SemanticModel::new(db, definition.program_file(db));
            let body = &module.syntax().body;
            let found = self.decorated(body, &home, found, links);
            Some(SharedWaits::of(found, &|call| {
                self.callee(body, &home, call, links)
            }))
        };
        let definitions = proof::likely_functions(home, callee);
        let waits = definitions.into_iter().filter_map(waits);
        waits.reduce(SharedWaits::and)
    }

    /// The function that is `called`, one of the file of the model `home` with those statements, with what is known of
    /// its decorators.
    fn decorated<'m>(
        &self,
        module: &[ast::Stmt],
        home: &SemanticModel<'_>,
        called: Called<'m>,
        links: usize,
    ) -> Called<'m> {
        if called.decorated != Decorated::Unknown {
            return called;
        }
        let standard = StandardDecorators::of(module);
        let decorators = called.function.decorator_list.iter();
        let each = decorators
            .map(|it| &it.expression)
            .filter(|it| standard.name_of(it).is_none())
            .map(|decorator| {
                let by = function_of_decorator(decorator);
                // Those of the decorator itself are not looked into.
                let waits = (links > 0).then(|| self.waits_of(home, by, 0, |_| true));
                let waits = waits.flatten();
                if waits.is_some_and(|it| it.by_functions) {
                    Decorated::Shared
                } else if proof::keeps_function(self, home, decorator, called.function.is_async) {
                    Decorated::AsItIs
                } else {
                    Decorated::Unknown
                }
            });
        let decorated = each.max().unwrap_or(Decorated::AsItIs);
        Called {
            decorated,
            ..called
        }
    }

    /// Whether the object whose method the expression at `range` is may have another one, which awaits what others may.
    fn is_overridden_to_wait(&self, opened: &Opened, range: TextRange) -> Option<bool> {
        let module = self.module(opened);
        let model = SemanticModel::new(&self.common.db, self.common.db.program_file(opened.file));
        let callee = expression(&module.syntax().body, opened.probed.place(range))?;
        let method = callee.as_attribute_expr()?;
        let classes = proof::classes_of_object(&model, &method.value);
        let mut classes = classes.iter();
        Some(classes.any(|it| self.names().is_overridden_to_wait(it, &method.attr)))
    }

    /// Whether the object whose method the expression at `range` is may be of a class that the file names and of
    /// whose objects nothing is known, as its decorator is not found, and whose method awaits what others may.
    fn may_be_rewired_to_wait(&self, opened: &Opened, range: TextRange) -> Option<bool> {
        let db = &self.common.db;
        let module = self.module(opened);
        let program_file = db.program_file(opened.file);
        let callee = expression(&module.syntax().body, opened.probed.place(range))?;
        let method = callee.as_attribute_expr()?;
        if !proof::is_unknown(&SemanticModel::new(db, program_file), &method.value) {
            return None;
        }
        let global = semantic_index(db, program_file).place_table(FileScopeId::global());
        let is_named = |class: &str| global.symbol_by_name(class).is_some_and(Symbol::is_bound);
        Some(self.names().rewired_that_wait(&method.attr).any(is_named))
    }

    /// Which tasks the function that the expression at `range` stands for by its type cancels.
    pub(super) fn cancels(&self, opened: &Opened, range: TextRange) -> Option<Cancels> {
        let cancels = self.with_functions(opened, range, |called, _, _| Cancels::of(called));
        match cancels[..] {
            [only] => only,
            _ => None,
        }
    }

    /// What `look` finds about each of the functions that the expression at `range` stands for by its type, in the
    /// module with those statements, of which that is known.
    fn with_functions<T>(
        &self,
        opened: &Opened,
        range: TextRange,
        look: impl Fn(Called<'_>, &[ast::Stmt], &SemanticModel<'_>) -> T,
    ) -> Vec<T> {
        let db = &self.common.db;
        let module = self.module(opened);
        let model = SemanticModel::new(db, db.program_file(opened.file));
        let Some(callee) = expression(&module.syntax().body, opened.probed.place(range)) else {
            return Vec::new();
        };
        let mut definitions = proof::likely_functions(&model, callee);
        if definitions.is_empty() {
            definitions.extend(proof::decorated_coroutine_function(self, &model, callee));
        }
        let look_at = |definition: Definition<'_>| {
            let module = parsed_module(db, definition.python_file(db)).load(db);
            let function = function_of(db, definition, &module, callee)?;
            let home = SemanticModel::new(db, definition.program_file(db));
            Some(look(function, &module.syntax().body, &home))
        };
        definitions.into_iter().filter_map(look_at).collect()
    }

    /// Whether the attribute whose method the expression at `range` is may hold something else than its class says.
    pub(super) fn may_hold_another(&self, opened: &Opened, range: TextRange) -> bool {
        let module = self.module(opened);
        let model = SemanticModel::new(&self.common.db, self.common.db.program_file(opened.file));
        expression(&module.syntax().body, opened.probed.place(range))
            .and_then(Expr::as_attribute_expr)
            .and_then(|method| method.value.as_attribute_expr())
            .is_some_and(|it| held::may_hold_another(self, &model, it))
    }

    /// Whether a `from other import *` of the file may give the name at `range` what it stands for.
    pub(super) fn may_come_by_star(&self, opened: &Opened, range: TextRange) -> bool {
        let module = self.module(opened);
        let model = SemanticModel::new(&self.common.db, self.common.db.program_file(opened.file));
        let body = &module.syntax().body;
        match expression(body, opened.probed.place(range)) {
            Some(Expr::Name(name)) => proof::may_come_by_star(&model, body, &name.id),
            _ => true,
        }
    }

    /// The dotted name of the function of a Python file, or of a stub of the standard library, that the expression at
    /// `range` stands for by its type, with those of its module and of the classes around it.
    pub(super) fn function_name(&self, opened: &Opened, range: TextRange) -> Option<String> {
        let module = self.module(opened);
        let model = SemanticModel::new(&self.common.db, self.common.db.program_file(opened.file));
        let callee = expression(&module.syntax().body, opened.probed.place(range))?;
        let definition = proof::function(&model, callee)?;
        let home = self.module_name(opened, definition.file(&self.common.db))?;
        let module = parsed_module(&self.common.db, definition.python_file(&self.common.db))
            .load(&self.common.db);
        let DefinitionKind::Function(function) = definition.kind(&self.common.db) else {
            return None;
        };
        let name = &function.node(&module).name;
        let path = definition.file(&self.common.db).path(&self.common.db);
        let is_stdlib = path.as_vendored_path().is_some();
        let mut parts = vec![name.to_string()];
        let index = semantic_index(&self.common.db, definition.program_file(&self.common.db));
        for (_, scope) in index.ancestor_scopes(definition.file_scope(&self.common.db)) {
            match scope.node() {
                NodeWithScopeKind::Class(class) => {
                    let class = &class.node(&module).name;
                    // A class of the project may define it otherwise.
                    if is_stdlib && self.names().is_overridden(class, name, false) {
                        return None;
                    }
                    parts.push(class.to_string());
                }
                NodeWithScopeKind::Function(outer) => {
                    parts.push(outer.node(&module).name.to_string());
                }
                _ => {}
            }
        }
        parts.push(home.dotted);
        parts.reverse();
        Some(parts.join("."))
    }

    /// The name of the module in `file`, of the project, of a package or of the standard library.
    fn module_name(&self, opened: &Opened, file: File) -> Option<ModuleName> {
        let path = file.path(&self.common.db);
        if let Some(stub) = path.as_vendored_path() {
            return ModuleName::of(stub.as_std_path(), [Path::new("stdlib")]);
        }
        let path = if file == opened.file {
            opened.path.as_path()
        } else {
            path.as_system_path()?
        };
        let roots = (self.common.folders.iter()).chain(self.common.site_packages.iter());
        ModuleName::of(path.as_std_path(), roots.map(Path::new))
    }
}

/// The function `definition`, which stands in `module`, as `callee` calls it.
fn function_of<'m>(
    db: &Database,
    definition: Definition<'_>,
    module: &'m ParsedModuleRef,
    callee: &Expr,
) -> Option<Called<'m>> {
    let DefinitionKind::Function(node) = definition.kind(db) else {
        return None;
    };
    let index = semantic_index(db, definition.program_file(db));
    let scope = index.scope(definition.file_scope(db));
    let is_method = matches!(scope.node(), NodeWithScopeKind::Class(_));
    Some(Called::by(callee, node.node(module), is_method))
}

/// The first names of the modules that are imported absolutely, wherever in the file.
fn imported(body: &[ast::Stmt]) -> HashSet<&str> {
    struct Imports<'s>(HashSet<&'s str>);
    impl<'s> SourceOrderVisitor<'s> for Imports<'s> {
        fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
            let first = |name: &'s str| name.split('.').next().unwrap_or(name);
            match node {
                AnyNodeRef::StmtImport(import) => {
                    self.0
                        .extend(import.names.iter().map(|alias| first(&alias.name)));
                }
                AnyNodeRef::StmtImportFrom(import) if import.level == 0 => {
                    self.0.extend(import.module.as_deref().map(first));
                }
                node if node.is_expression() => return TraversalSignal::Skip,
                _ => {}
            }
            TraversalSignal::Traverse
        }
    }
    let mut imports = Imports(HashSet::new());
    for statement in body {
        imports.visit_stmt(statement);
    }
    imports.0
}

/// Whether one of the statements `body` imports a module that lies directly in `home`.
pub(super) fn imports_from(body: &[ast::Stmt], home: &SystemPath) -> bool {
    imported(body).into_iter().any(|name| {
        let path = home.join(name).into_std_path_buf();
        path.is_dir() || path.with_extension("py").is_file()
    })
}

/// The outermost expression that takes up `range` exactly.
fn expression(body: &[ast::Stmt], range: TextRange) -> Option<&Expr> {
    struct Finder<'s> {
        range: TextRange,
        found: Option<&'s Expr>,
    }
    impl<'s> SourceOrderVisitor<'s> for Finder<'s> {
        fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
            if self.found.is_none() && node.range().contains_range(self.range) {
                TraversalSignal::Traverse
            } else {
                TraversalSignal::Skip
            }
        }

        fn visit_expr(&mut self, expr: &'s Expr) {
            if self.found.is_none() && expr.range() == self.range {
                self.found = Some(expr);
            } else {
                ast::visitor::source_order::walk_expr(self, expr);
            }
        }
    }
    let mut finder = Finder { range, found: None };
    for statement in body {
        finder.visit_stmt(statement);
    }
    finder.found
}
