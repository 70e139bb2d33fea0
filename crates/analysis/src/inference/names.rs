//! What the code of a project does with a name, whatever it belongs to.
//!
//! Types follow declarations. That nothing else ever takes the place of a function can only be told
//! from all code that could do it, and is decided by the name alone.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError, RwLock};
use std::{iter, mem};

use asyncmend_source::{
    Called, Callee, OwnBody, SharedWaits, StandardDecorators, is_rewiring_hook, last_name,
    may_be_rewired, nests_deeper, note_bound,
};
use ruff_db::system::SystemPath;
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

use super::engine::MAX_NESTING;
use super::system::KeptFiles;
use super::{lock, own_code};

/// A base that is computed: it may be any class.
const ANY: &str = "?";

/// What the files define.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By the name of a method: the classes that define it, and whether it makes coroutines.
    methods: HashMap<String, Vec<(String, bool)>>,
    /// By the name of a method: the classes in which it is a coroutine function that awaits what others may.
    waiting: HashMap<String, HashSet<String>>,
    /// The names of functions that are no coroutine functions and may give back a future.
    givers: HashSet<String>,
    /// By the name of a class: the names of its bases. Classes of one name are taken for one.
    bases: HashMap<String, HashSet<String>>,
    /// The classes that have a base of this name.
    derived: HashMap<String, HashSet<String>>,
    /// Names of attributes that are assigned to from outside, or replaced by their name in a string.
    replaced: HashSet<String>,
    /// The classes of which a decorator or a keyword may make something else.
    rewired: HashSet<String>,
    /// The classes that change what the methods of their instances or subclasses are.
    hooking: HashSet<String>,
    /// The words of code that nests too deep to be looked at: anything may happen to them.
    unread: HashSet<String>,
}

impl Names {
    /// The folders in which to look so that all of `folders` are seen, in order and each once.
    pub(super) fn folders<'f>(folders: impl Iterator<Item = &'f String>) -> Vec<String> {
        let mut folders: Vec<String> = folders.cloned().collect();
        // What lies in another of the folders is seen there.
        folders.sort_by(|one, other| Path::new(one).cmp(Path::new(other)));
        folders.dedup_by(|inner, outer| Path::new(inner).starts_with(outer));
        folders
    }

    /// Whether an attribute called `name` is assigned to from outside of its class, anything but a
    /// function that makes coroutines too.
    pub(super) fn is_replaced(&self, name: &str) -> bool {
        self.unread.contains(name) || self.replaced.contains(name)
    }

    /// Whether an object that is an instance of `class` may have another `method` than the one that
    /// `class` defines: by a class between, whatever way it comes to its bases. Another plain `async
    /// def` is none where that is what `class` has.
    pub(super) fn is_overridden(&self, class: &str, method: &str, is_async: bool) -> bool {
        if self.unread.contains(method) {
            return true;
        }
        let Some(defined) = self.methods.get(method) else {
            return false;
        };
        let mut others: Vec<&str> = defined
            .iter()
            .filter(|(_, other_is_async)| !(is_async && *other_is_async))
            .map(|(other, _)| other.as_str())
            .collect();
        if !is_async && let Some(own) = others.iter().position(|other| *other == class) {
            others.swap_remove(own);
        }
        if others.is_empty() {
            return false;
        }
        // Whatever has the methods of a protocol keeps to it.
        if reach(&self.bases, class).contains("Protocol") {
            return true;
        }
        let below = reach(&self.derived, class);
        others.into_iter().any(|other| {
            let is_below = below.contains(other) || reach(&self.bases, other).contains(ANY);
            is_below
                || reach(&self.derived, other)
                    .iter()
                    .any(|it| below.contains(it))
        })
    }

    /// Whether an object that is an instance of `receiver` may have another attribute `name` than the one that `class`, that
    /// or a base of it, gives it: by a class below, or one that comes before that base in another way.
    pub(super) fn may_have_another(&self, class: &str, receiver: &str, name: &str) -> bool {
        if self.unread.contains(name) {
            return true;
        }
        let above = reach(&self.bases, class);
        let below = reach(&self.derived, receiver);
        let is_met = |it: &str| {
            let derived = reach(&self.derived, it);
            derived.iter().any(|it| below.contains(it))
        };
        let givers = self.methods.get(name).into_iter().flatten();
        let mut others = (givers.map(|(giver, _)| giver.as_str())).filter(|it| !above.contains(it));
        others.any(is_met)
    }

    /// Whether a class that derives from `class` overrides its `method` with one that awaits what others may; if `class`
    /// is a protocol, also one that has all of its methods.
    pub(super) fn is_overridden_to_wait(&self, class: &str, method: &str) -> bool {
        let Some(waiting) = self.waiting.get(method) else {
            return false;
        };
        let below = reach(&self.derived, class);
        let mut others = waiting.iter().filter(|other| *other != class);
        let is_protocol = self.is_protocol(class);
        let keeps_to_it = |other: &str| {
            let below = reach(&self.derived, other);
            below.into_iter().any(|it| self.has_methods_of(it, class))
        };
        others.any(|other| below.contains(other.as_str()) || is_protocol && keeps_to_it(other))
    }

    fn is_protocol(&self, class: &str) -> bool {
        let bases = self.bases.get(class);
        bases.is_some_and(|bases| bases.contains("Protocol"))
    }

    /// Whether `class`, of its own or by its bases, has all that is a method of `protocol`, by their names alone.
    fn has_methods_of(&self, class: &str, protocol: &str) -> bool {
        let own = reach(&self.bases, class);
        let asked = reach(&self.bases, protocol);
        let define = |classes: &HashSet<&str>, defined: &[(String, bool)]| {
            defined.iter().any(|(it, _)| classes.contains(it.as_str()))
        };
        let mut methods = self.methods.values();
        own.contains(ANY) || methods.all(|it| !define(&asked, it) || define(&own, it))
    }

    /// The classes that are rewired as a whole and whose own `method` awaits what others may.
    pub(super) fn rewired_that_wait(&self, method: &str) -> impl Iterator<Item = &str> {
        let waiting = self.waiting.get(method).into_iter().flatten();
        waiting
            .filter(|class| self.rewired.contains(*class))
            .map(String::as_str)
    }

    /// Whether a function called `name` that is no coroutine function may give back a future.
    pub(super) fn may_give_future(&self, name: &str) -> bool {
        self.givers.contains(name)
    }

    /// Whether any class has `class` for a base.
    pub(super) fn has_subclasses(&self, class: &str) -> bool {
        self.derived.contains_key(class)
    }

    /// Whether an object that is an instance of `receiver` may have something else than the method that `class`,
    /// a base of it, defines: because a class between, or one that a class below mixes in, is rewired as a whole.
    pub(super) fn is_rewired(&self, class: &str, receiver: &str) -> bool {
        let below = reach(&self.derived, receiver);
        let above = reach(&self.bases, class);
        // Where a class has a base that is computed, nobody knows which that is: it is taken for one of its own.
        let is_met = |it: &str| {
            let derived = reach(&self.derived, it);
            derived.iter().any(|it| below.contains(it))
        };
        let rewired = self.rewired.iter().map(String::as_str);
        // What comes of a class that `class` derives from is behind it in the order of bases.
        let is_before = |it: &&str| *it == class || !above.contains(it);
        let mut hooking = self.hooking.iter().map(String::as_str);
        rewired.filter(is_before).any(is_met) || hooking.any(is_met)
    }

    /// Adds what one file defines.
    pub(super) fn add(&mut self, text: &str) {
        let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
        let module = parsed.try_into_module().expect("the module mode gives one");
        let body = &module.syntax().body;
        if nests_deeper(body, MAX_NESTING) {
            let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            self.unread.extend(words.map(str::to_owned));
            return;
        }
        let standard = StandardDecorators::of(body);
        let mut bound = Bound {
            standard: &standard,
            coroutine_functions: HashSet::new(),
            others: HashSet::new(),
            bases: HashSet::new(),
        };
        bound.visit_body(body);
        let mut reader = Reader {
            names: self,
            standard: &standard,
            coroutine_functions: &bound.coroutine_functions - &bound.others,
            bases: bound.bases,
            body,
            around: Vec::new(),
            awaits: false,
        };
        reader.visit_body(body);
    }

    /// Adds what other files define.
    fn merge(&mut self, other: Self) {
        for (name, classes) in other.methods {
            self.methods.entry(name).or_default().extend(classes);
        }
        for (name, classes) in other.waiting {
            self.waiting.entry(name).or_default().extend(classes);
        }
        self.givers.extend(other.givers);
        for (class, bases) in other.bases {
            self.bases.entry(class).or_default().extend(bases);
        }
        for (base, classes) in other.derived {
            self.derived.entry(base).or_default().extend(classes);
        }
        self.replaced.extend(other.replaced);
        self.rewired.extend(other.rewired);
        self.hooking.extend(other.hooking);
        self.unread.extend(other.unread);
    }

    fn add_method(&mut self, class: &str, name: &str, makes_coroutines: bool) {
        let defined = self.methods.entry(name.to_owned()).or_default();
        defined.push((class.to_owned(), makes_coroutines));
    }

    fn add_base(&mut self, class: &str, base: &str) {
        let bases = self.bases.entry(class.to_owned()).or_default();
        bases.insert(base.to_owned());
        let derived = self.derived.entry(base.to_owned()).or_default();
        derived.insert(class.to_owned());
    }
}

/// The names in every Python file below some folders, for several threads; what cannot be read has none.
pub(super) struct SharedNames {
    files: Mutex<Files>,
    /// Held together by all who read files, and by one alone who wants to know what all have found.
    readers: RwLock<()>,
    /// What was found so far, and in how many files.
    found: Mutex<(Names, usize)>,
    all: OnceLock<Names>,
}

/// Files to be read.
struct Files {
    left: Box<dyn Iterator<Item = String> + Send>,
    /// How many were given out.
    given: usize,
}

impl SharedNames {
    /// Those below `folders`, of files as they were. Nothing is read before somebody wants to know them.
    pub(super) fn below(folders: &[String], kept: KeptFiles) -> Self {
        let folders = folders.to_vec();
        let kept = move |path: &Path| kept.of(SystemPath::from_std_path(path)?);
        let files = move || own_code(folders, &["py"], kept).map(|(_, text)| text);
        Self {
            files: Mutex::new(Files {
                left: Box::new(iter::once_with(files).flatten()),
                given: 0,
            }),
            readers: RwLock::default(),
            found: Mutex::default(),
            all: OnceLock::new(),
        }
    }

    /// The names. Whoever comes while others read helps them.
    pub(super) fn get(&self) -> &Names {
        if let Some(known) = self.all.get() {
            return known;
        }
        let reading = self.readers.read().unwrap_or_else(PoisonError::into_inner);
        let mut own = Names::default();
        let mut count = 0;
        while let Some(text) = self.next_file() {
            own.add(&text);
            count += 1;
        }
        {
            let mut found = lock(&self.found);
            found.0.merge(own);
            found.1 += count;
        }
        drop(reading);
        let _others_are_done = self.readers.write();
        self.all.get_or_init(|| {
            let (names, count) = mem::take(&mut *lock(&self.found));
            // Without those of a thread that panicked, everything might seem to be as it is written.
            assert_eq!(count, lock(&self.files).given, "files were lost");
            names
        })
    }

    fn next_file(&self) -> Option<String> {
        let mut files = lock(&self.files);
        let next = files.left.next();
        files.given += usize::from(next.is_some());
        next
    }
}

/// What the names of a file are bound to, wherever in it.
struct Bound<'s> {
    standard: &'s StandardDecorators<'s>,
    /// Plain `async def`s.
    coroutine_functions: HashSet<&'s str>,
    /// Whatever else binds a name.
    others: HashSet<&'s str>,
    /// The names that stand for bases of classes.
    bases: HashSet<&'s str>,
}

impl<'s> SourceOrderVisitor<'s> for Bound<'s> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        match node {
            AnyNodeRef::StmtFunctionDef(function) if makes_coroutines(function, self.standard) => {
                self.coroutine_functions.insert(&function.name);
            }
            AnyNodeRef::StmtFunctionDef(function) => {
                self.others.insert(&function.name);
            }
            AnyNodeRef::Parameter(parameter) => {
                self.others.insert(&parameter.name);
            }
            other => {
                note_bound(other, &mut self.others);
                if let AnyNodeRef::StmtClassDef(class) = other {
                    let names = class.bases().iter().filter_map(Expr::as_name_expr);
                    self.bases.extend(names.map(|name| name.id.as_str()));
                }
            }
        }
        TraversalSignal::Traverse
    }
}

/// Collects the names of one file.
struct Reader<'n, 's> {
    names: &'n mut Names,
    standard: &'n StandardDecorators<'s>,
    /// The names of this file that stand for nothing but plain `async def`s.
    coroutine_functions: HashSet<&'s str>,
    /// The names that stand for bases of this file's classes.
    bases: HashSet<&'s str>,
    /// The statements of the file.
    body: &'s [ast::Stmt],
    /// The classes and functions around, the innermost last.
    around: Vec<Block<'s>>,
    /// Whether the method that is read awaits something that others may wait for, as far as one look tells.
    awaits: bool,
}

enum Block<'s> {
    Class(&'s str),
    Function(&'s ast::StmtFunctionDef),
}

impl<'s> Reader<'_, 's> {
    /// The name of a base as the file spells it; of what is computed, [`ANY`].
    fn base(&self, base: &'s Expr) -> &'s str {
        match base {
            Expr::Subscript(subscript) => self.base(&subscript.value),
            Expr::Attribute(attribute) => &attribute.attr,
            Expr::Name(name) => {
                let is_parameter = self.around.iter().any(|block| match block {
                    Block::Function(function) => function.parameters.includes(&name.id),
                    Block::Class(_) => false,
                });
                if is_parameter { ANY } else { &name.id }
            }
            _ => ANY,
        }
    }

    /// Takes note of a target that is given `value`; of none that is known, in a loop for one.
    fn assigned(&mut self, target: &'s Expr, value: Option<&'s Expr>) {
        let is_coroutine_function = value.is_some_and(|value| self.is_coroutine_function(value));
        match target {
            Expr::Name(name) => {
                if let Some(Block::Class(class)) = self.around.last() {
                    self.names
                        .add_method(class, &name.id, is_coroutine_function);
                }
                let is_local = (self.around.iter()).any(|it| matches!(it, Block::Function(_)));
                if is_local && !self.bases.contains(name.id.as_str()) {
                    return;
                }
                let base = match value {
                    Some(value) if value.is_literal_expr() => return,
                    Some(value @ (Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_))) => {
                        self.base(value)
                    }
                    _ => ANY,
                };
                self.names.add_base(&name.id, base);
            }
            Expr::Attribute(attribute) => {
                let is_self = matches!(&*attribute.value, Expr::Name(name) if name.id == "self");
                let class = self.around.iter().rev().find_map(|block| match block {
                    Block::Class(class) => Some(*class),
                    Block::Function(_) => None,
                });
                match class {
                    Some(class) if is_self => {
                        (self.names).add_method(class, &attribute.attr, is_coroutine_function);
                    }
                    _ if is_coroutine_function => {}
                    _ => {
                        self.names.replaced.insert(attribute.attr.to_string());
                    }
                }
            }
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
                for element in elts {
                    self.assigned(element, None);
                }
            }
            Expr::Starred(starred) => self.assigned(&starred.value, None),
            Expr::Subscript(item) if is_namespace(&item.value) => {
                if let Expr::StringLiteral(name) = &*item.slice {
                    self.names.replaced.insert(name.value.to_string());
                }
            }
            _ => {}
        }
    }

    /// Takes note of the names that a call gives to a namespace, or to a class that it makes.
    fn put_into_namespace(&mut self, call: &'s ast::ExprCall) {
        let is_update = match &*call.func {
            Expr::Attribute(method) => {
                method.attr.as_str() == "update" && is_namespace(&method.value)
            }
            _ => false,
        };
        let is_class = last_name(&call.func) == Some("type") && call.arguments.args.len() == 3;
        let is_patch = dotted(&call.func).ends_with(&["patch", "dict"]);
        if !is_update && !is_class && !is_patch {
            return;
        }
        let keywords = call.arguments.keywords.iter();
        let named = keywords.filter_map(|it| it.arg.as_ref());
        self.names.replaced.extend(named.map(ToString::to_string));
        for argument in &call.arguments.args {
            let Expr::Dict(items) = argument else {
                continue;
            };
            let keys = items.iter_keys().flatten();
            let literals = keys.filter_map(Expr::as_string_literal_expr);
            let replaced = literals.map(|literal| literal.value.to_string());
            self.names.replaced.extend(replaced);
        }
    }

    /// Whether a value is a function of this file that makes coroutines, or a mock of one.
    fn is_coroutine_function(&self, value: &Expr) -> bool {
        match value {
            Expr::Name(name) => self.coroutine_functions.contains(name.id.as_str()),
            Expr::Call(call) => last_name(&call.func) == Some("AsyncMock"),
            _ => false,
        }
    }

    /// Takes note of the names in quotes that `setattr` or `patch` give something else.
    fn replaced(&mut self, call: &'s ast::ExprCall) {
        let parts = dotted(&call.func);
        let is_about = |what: &str| parts.iter().any(|part| part.contains(what));
        if !is_about("setattr") && !is_about("patch") {
            return;
        }
        let is_patch = match &parts[..] {
            [.., "patch"] => true,
            [.., patch, "object"] => patch.ends_with("patch"),
            _ => false,
        };
        let arguments = &call.arguments;
        for (index, argument) in arguments.args.iter().enumerate() {
            let Expr::StringLiteral(literal) = argument else {
                continue;
            };
            let is_harmless =
                self.gives_coroutines(arguments, arguments.args.get(index + 1), is_patch);
            if !is_harmless {
                let name = literal
                    .value
                    .to_str()
                    .rsplit('.')
                    .next()
                    .unwrap_or_default();
                self.names.replaced.insert(name.to_owned());
            }
        }
        if parts.last() == Some(&"multiple") {
            let named = arguments.keywords.iter().filter_map(|it| it.arg.as_ref());
            self.names.replaced.extend(named.map(ToString::to_string));
        }
    }

    /// Whether what `setattr` or `patch` puts in the place of a name makes coroutines, given the
    /// argument behind that name. For a coroutine function `patch` makes an `AsyncMock` by itself
    /// (Python 3.8).
    fn gives_coroutines(
        &self,
        arguments: &ast::Arguments,
        next: Option<&Expr>,
        is_patch: bool,
    ) -> bool {
        let mut is_given = is_patch;
        if let Some(value) = next {
            if !self.is_coroutine_function(value) {
                return false;
            }
            is_given = true;
        }
        for keyword in &arguments.keywords {
            match keyword.arg.as_deref() {
                Some("new") if self.is_coroutine_function(&keyword.value) => is_given = true,
                Some("new_callable") if last_name(&keyword.value) == Some("AsyncMock") => {}
                Some("autospec" | "return_value" | "side_effect" | "wraps") if is_patch => {}
                Some("raising") => {}
                _ => return false,
            }
        }
        is_given
    }
}

impl<'s> SourceOrderVisitor<'s> for Reader<'_, 's> {
    fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
        match node {
            AnyNodeRef::StmtFunctionDef(function) => {
                if may_give_future(function) && !self.names.givers.contains(function.name.as_str())
                {
                    self.names.givers.insert(function.name.to_string());
                }
                if let Some(Block::Class(class)) = self.around.last() {
                    if is_rewiring_hook(function) {
                        self.names.hooking.insert((*class).to_owned());
                    }
                    let makes_coroutines = makes_coroutines(function, self.standard);
                    (self.names).add_method(class, &function.name, makes_coroutines);
                    self.awaits = false;
                }
                self.around.push(Block::Function(function));
            }
            AnyNodeRef::StmtClassDef(class) => {
                for base in class.bases() {
                    let base = self.base(base);
                    self.names.add_base(&class.name, base);
                }
                if may_be_rewired(class) {
                    self.names.rewired.insert(class.name.to_string());
                }
                self.around.push(Block::Class(&class.name));
            }
            AnyNodeRef::StmtAssign(assign) => {
                for target in &assign.targets {
                    self.assigned(target, Some(&assign.value));
                }
            }
            AnyNodeRef::StmtAnnAssign(assign) if assign.value.is_some() => {
                self.assigned(&assign.target, assign.value.as_deref());
            }
            AnyNodeRef::StmtAugAssign(assign) => self.assigned(&assign.target, None),
            AnyNodeRef::StmtFor(statement) => self.assigned(&statement.target, None),
            AnyNodeRef::WithItem(item) => {
                if let Some(target) = item.optional_vars.as_deref() {
                    self.assigned(target, None);
                }
            }
            AnyNodeRef::Alias(alias) => {
                if let Some(name) = &alias.asname {
                    let original = alias.name.rsplit('.').next().unwrap_or(&alias.name);
                    if name.as_str() != original {
                        self.names.add_base(name, original);
                    }
                }
            }
            AnyNodeRef::ExprAwait(awaited) => {
                self.awaits |= SharedWaits::may_come_from(&awaited.value);
            }
            AnyNodeRef::ExprCall(call) => {
                self.replaced(call);
                self.put_into_namespace(call);
            }
            _ => {}
        }
        TraversalSignal::Traverse
    }

    fn leave_node(&mut self, node: AnyNodeRef<'s>) {
        if matches!(
            node,
            AnyNodeRef::StmtFunctionDef(_) | AnyNodeRef::StmtClassDef(_)
        ) {
            self.around.pop();
        }
        if let AnyNodeRef::StmtFunctionDef(function) = node
            && let Some(Block::Class(class)) = self.around.last()
            && self.awaits
        {
            self.awaits = false;
            let called = Called::new(function, true);
            let body = self.body;
            let own = |call: &ast::ExprCall| Callee::in_module(body, call);
            let waits = SharedWaits::of(called, &own);
            if function.is_async && waits.others {
                let waiting = self.names.waiting.entry(function.name.to_string());
                waiting.or_default().insert((*class).to_owned());
            }
        }
    }
}

/// Whether `expr` holds the names of a module, a class or an object.
fn is_namespace(expr: &Expr) -> bool {
    matches!(
        last_name(expr),
        Some("__dict__" | "vars" | "globals" | "locals")
    )
}

/// Whether nothing but a coroutine comes of calling a function, in a file with these decorators.
fn makes_coroutines(function: &ast::StmtFunctionDef, standard: &StandardDecorators<'_>) -> bool {
    let mut decorators = function.decorator_list.iter();
    function.is_async
        && decorators.all(|decorator| standard.name_of(&decorator.expression).is_some())
        && OwnBody::of(function).yields.is_empty()
}

/// Whether `function` is no coroutine function and may give back a future, as far as its declaration tells.
fn may_give_future(function: &ast::StmtFunctionDef) -> bool {
    struct Names(bool);
    impl<'s> SourceOrderVisitor<'s> for Names {
        fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
            let names_one = |text: &str| {
                let kinds = ["Any", "Awaitable", "Future", "Task"];
                kinds.iter().any(|kind| text.contains(kind))
            };
            self.0 |= match node {
                AnyNodeRef::ExprName(name) => names_one(&name.id),
                AnyNodeRef::ExprAttribute(attribute) => names_one(&attribute.attr),
                AnyNodeRef::ExprStringLiteral(text) => names_one(text.value.to_str()),
                _ => false,
            };
            TraversalSignal::Traverse
        }
    }
    let Some(declared) = &function.returns else {
        return !function.is_async;
    };
    let mut names = Names(false);
    names.visit_expr(declared);
    !function.is_async && names.0
}

/// The parts of a dotted name, as far as it is one.
fn dotted(expr: &Expr) -> Vec<&str> {
    match expr {
        Expr::Name(name) => vec![&name.id],
        Expr::Attribute(attribute) => {
            let mut parts = dotted(&attribute.value);
            parts.push(&attribute.attr);
            parts
        }
        _ => Vec::new(),
    }
}

/// All that is reached from `start` by `edges`, itself included.
fn reach<'n>(edges: &'n HashMap<String, HashSet<String>>, start: &'n str) -> HashSet<&'n str> {
    let mut seen = HashSet::from([start]);
    let mut left = vec![start];
    while let Some(name) = left.pop() {
        for next in edges.get(name).into_iter().flatten() {
            if seen.insert(next) {
                left.push(next);
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Names {
        let mut names = Names::default();
        names.add(text);
        names
    }

    #[test]
    fn several_threads_read_each_file_once() {
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        for number in 0..100 {
            let text = format!("class B{number}(A):\n    def f{number}(self): ...\n");
            std::fs::write(folder.path().join(format!("m{number}.py")), text).expect("written");
        }
        let folder = folder.path().to_str().expect("UTF-8").to_owned();
        let shared = SharedNames::below(&[folder], KeptFiles::default());
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let names = shared.get();
                    for number in 0..100 {
                        assert_eq!(names.methods[&format!("f{number}")].len(), 1);
                    }
                    assert_eq!(names.derived["A"].len(), 100);
                });
            }
        });
    }

    #[test]
    fn methods_are_overridden_by_what_shares_a_subclass() {
        let cases = [
            ("class B(A):\n    def f(self): ...", true),
            ("class B(A):\n    async def f(self): ...", false),
            (
                "from typing import override\nclass B(A):\n    @override\n    async def f(self): ...",
                false,
            ),
            (
                "class B(A):\n    @spawned\n    async def f(self): ...",
                true,
            ),
            (
                "class B(A):\n    @(\n        spawned\n    )\n    async def f(self): ...",
                true,
            ),
            ("class B(A):\n    f = other", true),
            ("class B(A): x = 1; f = other", true),
            ("class B(A): f = lambda self: g(0, h(1))", true),
            ("class B: f = 1", false),
            ("class B(A):\n    def g(self):\n        f = 1", false),
            (
                "class B(A):\n    def g(self):\n        self.f = other",
                true,
            ),
            ("class B:\n    def f(self): ...", false),
            (
                "class B:\n    def f(self): ...\nclass C(B, pkg.A[int]): ...",
                true,
            ),
            (
                "class B:\n    def f(self): ...\nclass C(\n    B,\n    A,\n): ...",
                true,
            ),
            (
                "class B(A): ...\nclass C(B): ...\nclass D(C):\n    def f(self): ...",
                true,
            ),
            (
                "def make(cls):\n    class B(cls):\n        def f(self): ...",
                true,
            ),
            (
                "def make():\n    cls = pick()\n    class B(cls):\n        def f(self): ...",
                true,
            ),
            ("B = pick()\nclass C(B):\n    def f(self): ...", true),
            (
                "def other():\n    B = pick()\nclass C(mod.B):\n    def f(self): ...",
                false,
            ),
            ("class B(Other, key=A):\n    def f(self): ...", false),
            ("def f(): ...\nf = 1", false),
        ];
        for (text, expected) in cases {
            assert_eq!(
                names(text).is_overridden("A", "f", true),
                expected,
                "{text}"
            );
        }
        let protocol = names("class A(Protocol):\n    async def f(self): ...\nclass B:\n    f = 1");
        assert!(protocol.is_overridden("A", "f", true));
        let plain = names("class A:\n    def f(self): ...\n");
        assert!(!plain.is_overridden("A", "f", false));
        let plain =
            names("class A:\n    def f(self): ...\nclass B(A):\n    async def f(self): ...");
        assert!(plain.is_overridden("A", "f", false));
    }

    #[test]
    fn methods_are_overridden_by_what_waits_for_others() {
        let text = "
class A:
    async def stop(self):
        await self.task
class B(A):
    async def stop(self):
        await self.job()
class C(B):
    async def stop(self):
        await asyncio.wait_for(self.task, 1)
    async def close(self, task):
        await task
";
        let found = names(text);
        assert!(found.is_overridden_to_wait("A", "stop"));
        assert!(found.is_overridden_to_wait("B", "stop"));
        assert!(!found.is_overridden_to_wait("C", "stop"));
        assert!(!found.is_overridden_to_wait("A", "close"));
    }

    #[test]
    fn methods_of_protocols_are_those_of_all_that_keep_to_them() {
        let protocol = "
class Source(Protocol):
    async def get(self) -> str: ...
class Named(Source, Protocol):
    def name(self) -> str: ...
";
        let kept = |classes: &str, class: &str| {
            names(&format!("{protocol}{classes}")).is_overridden_to_wait(class, "get")
        };
        let shared = "
class Shared:
    async def get(self):
        return await self.task
";
        assert!(kept(shared, "Source") && !kept(shared, "Named"));
        let named = format!("{shared}class B(Shared):\n    def name(self): ...\n");
        assert!(kept(&named, "Named") && !kept(&named, "Other"));
        let elsewhere = format!("{shared}class B(pick(), Shared): ...\n");
        assert!(kept(&elsewhere, "Named"));
        let other = "class A:\n    async def get(self):\n        return await fetch()\n";
        assert!(!kept(other, "Source"));
    }

    #[test]
    fn attributes_are_replaced_from_outside() {
        let found = names(
            "
a.fetch = other
first, b.second = x, y
third: int = 1
monkeypatch.setattr(a, 'fourth', fake)
mock.patch(\"app.jobs.fifth\", Mock())
call(sixth=1)
if a.seventh == 1: pass
",
        );
        for name in ["fetch", "second", "fourth", "fifth"] {
            assert!(found.is_replaced(name), "{name}");
        }
        for name in ["first", "third", "sixth", "seventh", "app"] {
            assert!(!found.is_replaced(name), "{name}");
        }
    }

    #[test]
    fn what_makes_coroutines_too_replaces_nothing() {
        let found = names(
            "
async def fake(): ...
async def given(): ...
@wrapped
async def wrapped_fake(): ...
def plain(): ...
@mock.patch('app.a1')
@mock.patch.object(App, 'a2', return_value=1)
def test(given):
    a.a3 = AsyncMock(return_value=1)
    monkeypatch.setattr(
        a,
        'a4',
        fake,
    )
    a.a5 = fake
    with patch('app.a6', side_effect=Error), patch.object(x, 'a7', new_callable=mock.AsyncMock): ...
    monkeypatch.setattr(a, 'b1', plain)
    monkeypatch.setattr(a, 'b2', wrapped_fake)
    monkeypatch.setattr(a, 'b3')
    a.b4 = given
    a.b5 = fake()
    with patch('app.b6', lambda: future), patch.object(x, 'b7', new_callable=Mock): ...
    with patch.object(x, 'b8', return_value=1, spec=y), patch.dict(x, 'b9'): ...
",
        );
        for name in ["a1", "a2", "a3", "a4", "a5", "a6", "a7"] {
            assert!(!found.is_replaced(name), "{name}");
        }
        for name in ["b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "b9"] {
            assert!(found.is_replaced(name), "{name}");
        }
    }

    #[test]
    fn hooks_that_only_look_at_a_subclass_change_nothing() {
        let hooked = |body: &str| {
            let text =
                format!("class A:\n    def __init_subclass__(cls, **kw):\n{body}\n    x = 1");
            names(&text).is_rewired("A", "A")
        };
        assert!(!hooked(
            "        super().__init_subclass__(**kw)\n        registry[cls.name] = cls\n        all.append(cls)"
        ));
        assert!(!hooked(
            "        cls.run = wrapped(cls.__dict__.get('run'))"
        ));
        assert!(hooked("        setattr(cls, name, wrapped)"));
        assert!(hooked("        instrument(cls)"));
        assert!(hooked("        instrument(first, cls)"));
        assert!(names("class A:\n    def __init_subclass__(cls): wrap(cls)").is_rewired("A", "A"));
    }

    #[test]
    fn names_in_code_that_nests_too_deep_are_not_trusted() {
        let deep = format!("x = {}a.f{}", "(-".repeat(2_000), ")".repeat(2_000));
        let found = names(&deep);
        assert!(found.is_replaced("f") && found.is_overridden("A", "f", true));
        assert!(!found.is_replaced("g"));
    }

    #[test]
    fn hooks_reach_subclasses() {
        let found = names(
            "class H:\n    def __init_subclass__(cls): wrap(cls)\nclass A(H): ...\nclass B: ...",
        );
        let is_rewired = |class| found.is_rewired(class, class);
        assert!(is_rewired("A") && is_rewired("H") && !is_rewired("B"));
    }

    #[test]
    fn classes_between_are_rewired() {
        let rewired = |text: &str, receiver: &str| {
            let classes = format!("class Root: ...\nclass A(Root): ...\n{text}");
            names(&classes).is_rewired("A", receiver)
        };
        assert!(rewired("@traced\nclass B(A): ...", "B"));
        assert!(rewired("@traced\nclass B(A): ...\nclass C(B): ...", "C"));
        assert!(rewired(
            "class B(A): ...\n@lib.traced(x=1)\nclass C(B): ...",
            "A"
        ));
        assert!(rewired("class B(A, metaclass=Tracing): ...", "B"));
        assert!(rewired(
            "class B(A):\n    def __getattribute__(self, name): ...",
            "B"
        ));
        let mixed = "@traced\nclass M: ...\nclass B(M, A): ...\nclass C(A): ...";
        assert!(rewired(mixed, "B") && rewired(mixed, "A") && !rewired(mixed, "C"));
        let hooked = "class H:\n    def __init_subclass__(cls): wrap(cls)\nclass B(H, A): ...";
        assert!(rewired(hooked, "B") && rewired(hooked, "A"));
        // What is done to one class is not done to another that derives from the same.
        assert!(!rewired("@traced\nclass B(A): ...\nclass C(A): ...", "C"));
        assert!(!rewired("@dataclass(frozen=True)\nclass B(A): ...", "B"));
        assert!(!names("@traced\nclass Root: ...\nclass A(Root): ...").is_rewired("A", "A"));
    }
}
