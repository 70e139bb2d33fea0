//! What pytest hands to tests and fixtures by the names of their parameters.
//!
//! Hardly anybody annotates such a parameter; what it is stands at the fixture of its name. Fixtures are
//! found as pytest finds them: in the class, in the module, in each `conftest.py` from the folder of the
//! file upwards, and in the plugins that these name.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::rc::Rc;

use asyncmend_source::{last_name, nests_deeper};
use ruff_db::files::{File, system_path_to_file};
use ruff_db::parsed::parsed_module;
use ruff_db::system::{System as _, SystemPath, SystemPathBuf};
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, Stmt};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextLen, TextSize};
use ty_python_semantic::SemanticModel;

use super::engine::{Engine, MAX_NESTING};
use super::instances::Class;
use super::probes::{Insertion, Probed};

/// How many fixtures that need one another are looked through.
const MAX_LEVELS: u8 = 3;

/// How many folders above a file may hold a `conftest.py`.
const MAX_FOLDERS: usize = 16;

/// Files by which one knows the top folder of a project, above which pytest looks for nothing.
const TOP: [&str; 6] = [
    ".git",
    "pyproject.toml",
    "pytest.ini",
    "setup.cfg",
    "setup.py",
    "tox.ini",
];

/// A file's code.
pub(super) struct Code {
    path: SystemPathBuf,
    text: String,
    module: ast::ModModule,
}

impl Code {
    /// That of the file at `path` with the contents `text`; none where it nests too deep.
    pub(super) fn new(path: SystemPathBuf, text: String) -> Option<Rc<Self>> {
        let parsed = parse_unchecked(&text, ParseOptions::from(Mode::Module));
        let module = parsed.try_into_module()?.into_syntax();
        (!nests_deeper(&module.body, MAX_NESTING)).then(|| Rc::new(Self { path, text, module }))
    }

    pub(super) fn path(&self) -> &SystemPath {
        &self.path
    }

    pub(super) fn body(&self) -> &[Stmt] {
        &self.module.body
    }
}

/// A fixture, where it is written.
struct Fixture {
    code: Rc<Code>,
    /// The class around it.
    class: Option<String>,
    name: String,
}

/// What is known of fixtures and of the files that they are in.
#[derive(Default)]
pub(super) struct Known {
    /// Files as they are on the disk.
    files: HashMap<SystemPathBuf, Option<Rc<Code>>>,
    /// Copies of files: by their text, and by how many fixtures were looked through before.
    copies: HashMap<(SystemPathBuf, u64, u8), Option<File>>,
    /// What a fixture gives: by the copy of its file, its class and its name.
    given: HashMap<(File, Option<String>, String), Option<Vec<Class>>>,
}

/// A parameter that pytest gives a value to.
struct Parameter<'s> {
    name: &'s str,
    /// Where an annotation would stand.
    at: TextSize,
    class: Option<&'s ast::StmtClassDef>,
    /// The fixture whose parameter it is, which then means another one by its own name.
    of_fixture: Option<&'s str>,
}

/// What a place says about the fixture of a name.
enum Found<'s> {
    Here(&'s ast::StmtFunctionDef),
    /// Something of the name that is not understood.
    Unclear,
    Nothing,
}

impl Engine {
    /// `code` with probes, and with the annotations that the parameters of its tests and fixtures lack,
    /// as far as their fixtures say what they are; `level` others were looked through before.
    pub(super) fn probed(&self, code: &Rc<Code>, level: u8) -> Probed {
        let added = if level < MAX_LEVELS {
            self.fixture_annotations(code, level)
        } else {
            Vec::new()
        };
        Probed::new(&code.text, code.body(), added)
    }

    fn fixture_annotations(&self, code: &Rc<Code>, level: u8) -> Vec<Insertion> {
        let mut found: Vec<Insertion> = Vec::new();
        let mut imports: Vec<(String, String)> = Vec::new();
        let parameters = parameters(code);
        let conftests = if parameters.is_empty() {
            Vec::new()
        } else {
            self.conftests(code)
        };
        let given: Vec<String> = (conftests.iter())
            .flat_map(|conftest| ByHand::of(conftest.body()).given)
            .collect();
        for parameter in parameters {
            let class = parameter.class;
            if given.iter().any(|name| name == parameter.name) {
                continue;
            }
            if class.is_some_and(|class| self.names().has_subclasses(&class.name)) {
                continue;
            }
            let classes = self
                .fixture(code, &parameter)
                .and_then(|fixture| self.given_by(&fixture, level + 1));
            let names: Option<Vec<String>> = classes
                .iter()
                .flatten()
                .map(|class| spelled(class, &code.path, &mut imports))
                .collect();
            if let Some(names) = names.filter(|names| !names.is_empty()) {
                let annotation = format!(": '{}'", names.join(" | "));
                found.push((parameter.at, annotation.into()));
            }
        }
        let lines = imports.iter().enumerate().map(|(index, import)| {
            let (module, name) = import;
            let line = format!("\nfrom {module} import {name} as {}\n", alias(index));
            (code.text.text_len(), line.into())
        });
        found.extend(lines);
        found
    }

    /// The fixture that pytest takes for `parameter`, which is in `code`.
    fn fixture(&self, code: &Rc<Code>, parameter: &Parameter<'_>) -> Option<Fixture> {
        let name = parameter.name;
        let fixture = |code: &Rc<Code>, class: Option<&str>, function: &ast::StmtFunctionDef| {
            Some(Fixture {
                code: Rc::clone(code),
                class: class.map(str::to_owned),
                name: function.name.to_string(),
            })
        };
        // A fixture that asks for its own name means the next one outwards.
        let mut own = parameter.of_fixture;
        if let Some(class) = parameter.class {
            match fixture_in(&class.body, name) {
                Found::Here(it) if own == Some(&it.name) => own = None,
                Found::Here(it) => return fixture(code, Some(&class.name), it),
                Found::Unclear => return None,
                Found::Nothing => own = None,
            }
        }
        match fixture_in(code.body(), name) {
            Found::Here(it) if own != Some(&it.name) => return fixture(code, None, it),
            Found::Unclear => return None,
            Found::Here(_) | Found::Nothing => {}
        }
        let mut plugins = named_plugins(code.body())?;
        for code in self.conftests(code) {
            match fixture_in(code.body(), name) {
                Found::Here(it) => return fixture(&code, None, it),
                Found::Unclear => return None,
                Found::Nothing => plugins.extend(named_plugins(code.body())?),
            }
        }
        plugins.iter().find_map(|plugin| {
            let code = self.code(self.path_of_module(plugin)?)?;
            match fixture_in(code.body(), name) {
                Found::Here(it) => fixture(&code, None, it),
                Found::Unclear | Found::Nothing => None,
            }
        })
    }

    /// The `conftest.py`s that count for `code`, itself left out, the nearest first.
    fn conftests(&self, code: &Rc<Code>) -> Vec<Rc<Code>> {
        let mut found = Vec::new();
        for folder in code.path.ancestors().skip(1).take(MAX_FOLDERS) {
            let conftest = folder.join("conftest.py");
            if conftest != code.path {
                found.extend(self.code(conftest));
            }
            let is_top = |it: &str| self.system().path_exists(&folder.join(it));
            if TOP.iter().any(|it| is_top(it)) {
                break;
            }
        }
        found
    }

    /// The code of the file at `path` as it is on the disk.
    fn code(&self, path: SystemPathBuf) -> Option<Rc<Code>> {
        if let Some(known) = self.known.borrow().files.get(&path) {
            return known.clone();
        }
        let text = self.system().text(&path);
        let code = text.ok().and_then(|text| Code::new(path.clone(), text));
        self.known.borrow_mut().files.insert(path, code.clone());
        code
    }

    /// Where the module called `name` is.
    fn path_of_module(&self, name: &str) -> Option<SystemPathBuf> {
        let db = self.db();
        let anywhere = self.system().current_directory().join("asyncmend_asks.py");
        self.system().add(anywhere.clone(), "");
        let file = system_path_to_file(db, &anywhere).ok()?;
        let model = SemanticModel::new(db, db.program_file(file));
        let module = model.resolve_module(Some(name), 0)?;
        let path = module.file(db)?.path(db).as_system_path()?;
        Some(path.to_path_buf())
    }

    /// The classes of what `fixture` gives, in a copy of its file whose own fixtures are known.
    fn given_by(&self, fixture: &Fixture, level: u8) -> Option<Vec<Class>> {
        let db = self.db();
        let copy = self.fixture_copy(&fixture.code, level)?;
        let key = (copy, fixture.class.clone(), fixture.name.clone());
        if let Some(known) = self.known.borrow().given.get(&key) {
            return known.clone();
        }
        let file = db.program_file(copy);
        let module = parsed_module(db, file.python_file(db)).load(db);
        let mut body: &[Stmt] = &module.syntax().body;
        if let Some(name) = &fixture.class {
            body = &classes(body).find(|class| class.name == **name)?.body;
        }
        let function = functions(body).find(|function| function.name == *fixture.name)?;
        let given = self.given_by_fixture(file, function);
        self.known.borrow_mut().given.insert(key, given.clone());
        given
    }

    /// A copy of a file in which fixtures are looked for.
    fn fixture_copy(&self, code: &Rc<Code>, level: u8) -> Option<File> {
        let key = (code.path.clone(), hash(&code.text), level);
        if let Some(known) = self.known.borrow().copies.get(&key) {
            return *known;
        }
        let text = self.probed(code, level).text;
        let name = code.path.file_name()?;
        let name = format!("asyncmend_fixtures_{:x}_of_{name}", hash(&text));
        let copy = code.path.parent()?.join(name);
        let copy = self.copy(&code.path, copy, &text).ok();
        self.known.borrow_mut().copies.insert(key, copy);
        copy
    }
}

/// The same for the same text in every run.
fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The name of an import that is added to a copy.
fn alias(index: usize) -> String {
    format!("asyncmend_class_{index}")
}

/// How a copy of the file at `path` names `class`, by one of its added `imports`.
fn spelled(
    class: &Class,
    path: &SystemPath,
    imports: &mut Vec<(String, String)>,
) -> Option<String> {
    if class.path.as_deref() == Some(path) {
        return Some(class.name.clone());
    }
    let import = (class.module.clone()?, class.name.clone());
    let index = imports.iter().position(|it| *it == import);
    let index = index.unwrap_or_else(|| {
        imports.push(import);
        imports.len() - 1
    });
    Some(alias(index))
}

fn classes(body: &[Stmt]) -> impl Iterator<Item = &ast::StmtClassDef> {
    body.iter().filter_map(Stmt::as_class_def_stmt)
}

fn functions(body: &[Stmt]) -> impl Iterator<Item = &ast::StmtFunctionDef> {
    body.iter().filter_map(Stmt::as_function_def_stmt)
}

/// The decorator that makes a function a fixture.
fn fixture_decorator(function: &ast::StmtFunctionDef) -> Option<&Expr> {
    let mut decorators = function.decorator_list.iter().map(|it| &it.expression);
    decorators.find(|it| last_name(it) == Some("fixture"))
}

/// The fixture called `name` among the statements of a module or a class.
fn fixture_in<'s>(body: &'s [Stmt], name: &str) -> Found<'s> {
    let mut found = Found::Nothing;
    for statement in body {
        let is_named = match statement {
            Stmt::FunctionDef(function) => match fixture_decorator(function) {
                Some(decorator) => {
                    let given = given_name(decorator, &function.name);
                    if given == Some(name) && function.decorator_list.len() == 1 {
                        found = match found {
                            Found::Nothing => Found::Here(function),
                            _ => Found::Unclear,
                        };
                        continue;
                    }
                    given.is_none_or(|given| given == name)
                }
                None => false,
            },
            Stmt::ImportFrom(import) => import.names.iter().any(|alias| {
                let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                alias.name.as_str() == "*" || bound.as_str() == name
            }),
            Stmt::Assign(assign) => assign
                .targets
                .iter()
                .any(|it| matches!(it, Expr::Name(it) if it.id == name)),
            // A branch may hold any fixture.
            Stmt::If(_) | Stmt::Try(_) | Stmt::With(_) | Stmt::For(_) | Stmt::While(_) => {
                let mut named = Named { name, found: false };
                named.visit_stmt(statement);
                named.found
            }
            _ => false,
        };
        if is_named {
            return Found::Unclear;
        }
    }
    found
}

/// Whether a fixture of a name is defined somewhere inside.
struct Named<'n> {
    name: &'n str,
    found: bool,
}

impl<'s> SourceOrderVisitor<'s> for Named<'_> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        match node {
            AnyNodeRef::StmtFunctionDef(function) => {
                self.found |= fixture_decorator(function).is_some_and(|decorator| {
                    given_name(decorator, &function.name).is_none_or(|it| it == self.name)
                });
                TraversalSignal::Skip
            }
            AnyNodeRef::StmtClassDef(_) => TraversalSignal::Skip,
            AnyNodeRef::Alias(alias) => {
                let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                self.found |= alias.name.as_str() == "*" || bound.as_str() == self.name;
                TraversalSignal::Skip
            }
            _ => TraversalSignal::Traverse,
        }
    }
}

/// The name that a fixture goes by; none where it is computed.
fn given_name<'s>(decorator: &'s Expr, function: &'s str) -> Option<&'s str> {
    let Expr::Call(call) = decorator else {
        return Some(function);
    };
    match call.arguments.find_keyword("name") {
        None => Some(function),
        Some(given) => Some(given.value.as_string_literal_expr()?.value.to_str()),
    }
}

/// The modules that `pytest_plugins` names in a file; none where that is computed.
fn named_plugins(body: &[Stmt]) -> Option<Vec<String>> {
    let mut named = Vec::new();
    for statement in body {
        let (target, value) = match statement {
            Stmt::Assign(assign) => match &assign.targets[..] {
                [only] => (only, &*assign.value),
                _ => continue,
            },
            Stmt::AnnAssign(assign) => match &assign.value {
                Some(value) => (&*assign.target, &**value),
                None => continue,
            },
            _ => continue,
        };
        if !matches!(target, Expr::Name(name) if name.id == "pytest_plugins") {
            continue;
        }
        named.extend(strings(value)?);
    }
    Some(named)
}

/// The strings of a literal, or of a display of literals.
fn strings(value: &Expr) -> Option<Vec<String>> {
    let literal = |expr: &Expr| Some(expr.as_string_literal_expr()?.value.to_string());
    match value {
        Expr::Tuple(ast::ExprTuple { elts, .. })
        | Expr::List(ast::ExprList { elts, .. })
        | Expr::Set(ast::ExprSet { elts, .. }) => elts.iter().map(literal).collect(),
        value => Some(vec![literal(value)?]),
    }
}

/// The parameters of a file's tests and fixtures that have no annotation and that fixtures stand for.
fn parameters<'c>(code: &'c Code) -> Vec<Parameter<'c>> {
    let body = code.body();
    let file = code.path.file_stem().unwrap_or_default();
    let holds_tests = file.starts_with("test_") || file.ends_with("_test");
    if !holds_tests && !code.text.contains("fixture") {
        return Vec::new();
    }
    let by_hand = ByHand::of(body);
    let mut found = Vec::new();
    let mut add = |class: Option<&'c ast::StmtClassDef>, function: &'c ast::StmtFunctionDef| {
        let is_fixture = fixture_decorator(function).is_some();
        let is_test = holds_tests && function.name.starts_with("test");
        if !is_fixture && (!is_test || by_hand.called.contains(&function.name.as_str())) {
            return;
        }
        let decorators = (function.decorator_list.iter()).chain(
            class
                .into_iter()
                .flat_map(|class: &'c ast::StmtClassDef| &class.decorator_list),
        );
        let mut given = by_hand.given.clone();
        for decorator in decorators {
            if !is_mark(&decorator.expression)
                && last_name(&decorator.expression) != Some("fixture")
            {
                return;
            }
            let Some(names) = parametrized(&decorator.expression) else {
                return;
            };
            given.extend(names);
        }
        // A method's first parameter is its object.
        let parameters = function.parameters.iter_non_variadic_params();
        for parameter in parameters.skip(usize::from(class.is_some())) {
            let name = parameter.name().as_str();
            let is_plain = parameter.annotation().is_none() && parameter.default().is_none();
            if is_plain && name != "request" && !given.iter().any(|it| it == name) {
                found.push(Parameter {
                    name,
                    at: parameter.parameter.range().end(),
                    class,
                    of_fixture: is_fixture.then_some(function.name.as_str()),
                });
            }
        }
    };
    for statement in body {
        match statement {
            Stmt::FunctionDef(function) => add(None, function),
            Stmt::ClassDef(class) if class.bases().is_empty() => {
                functions(&class.body).for_each(|function| add(Some(class), function));
            }
            _ => {}
        }
    }
    found
}

/// Whether a decorator is one of pytest's marks, which leave a test what it is.
fn is_mark(decorator: &Expr) -> bool {
    match decorator {
        Expr::Call(call) => is_mark(&call.func),
        Expr::Attribute(attribute) => match &*attribute.value {
            Expr::Name(name) => name.id == "mark",
            Expr::Attribute(outer) => outer.attr.as_str() == "mark",
            _ => false,
        },
        _ => false,
    }
}

/// The names that a mark gives values to itself, not by way of their fixtures; none where they are computed.
fn parametrized(decorator: &Expr) -> Option<Vec<String>> {
    let Expr::Call(call) = decorator else {
        return Some(Vec::new());
    };
    if last_name(decorator) != Some("parametrize") {
        return Some(Vec::new());
    }
    let names = call.arguments.find_argument_value("argnames", 0)?;
    let mut names = split(&strings(names)?);
    match call.arguments.find_argument_value("indirect", 2) {
        None => {}
        Some(Expr::BooleanLiteral(all)) => names.retain(|_| !all.value),
        Some(some) => {
            let fixtures = strings(some)?;
            names.retain(|name| !fixtures.contains(name));
        }
    }
    Some(names)
}

fn split(names: &[String]) -> Vec<String> {
    let names = names.iter().flat_map(|it| it.split(','));
    names.map(|it| it.trim().to_owned()).collect()
}

/// What a file does with its tests itself.
#[derive(Default)]
struct ByHand<'s> {
    /// The names that are read somewhere.
    called: Vec<&'s str>,
    /// The parameters that `pytest_generate_tests` or `pytestmark` may give values to.
    given: Vec<String>,
}

impl<'s> ByHand<'s> {
    fn of(body: &'s [Stmt]) -> Self {
        let mut found = Self::default();
        found.visit_body(body);
        found
    }
}

impl<'s> SourceOrderVisitor<'s> for ByHand<'s> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        match node {
            AnyNodeRef::ExprName(name) if name.ctx.is_load() && name.id.starts_with("test") => {
                self.called.push(&name.id);
            }
            AnyNodeRef::ExprAttribute(attribute) if attribute.attr.starts_with("test") => {
                self.called.push(&attribute.attr);
            }
            AnyNodeRef::StmtAssign(assign) => {
                let mut targets = assign.targets.iter();
                if targets.any(|it| matches!(it, Expr::Name(name) if name.id == "pytestmark")) {
                    self.given.extend(quoted(node));
                }
            }
            AnyNodeRef::StmtFunctionDef(function)
                if function.name.as_str() == "pytest_generate_tests" =>
            {
                self.given.extend(quoted(node));
            }
            _ => {}
        }
        TraversalSignal::Traverse
    }
}

/// The names in the string literals inside.
fn quoted(node: AnyNodeRef<'_>) -> Vec<String> {
    struct Quoted(Vec<String>);
    impl<'s> SourceOrderVisitor<'s> for Quoted {
        fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
            if let AnyNodeRef::ExprStringLiteral(literal) = node {
                self.0.push(literal.value.to_string());
            }
            TraversalSignal::Traverse
        }
    }
    let mut found = Quoted(Vec::new());
    node.visit_source_order(&mut found);
    split(&found.0)
}
