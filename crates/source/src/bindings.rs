//! What names mean in one file: the scopes, where names get values, and which value a use may see.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use ruff_python_ast::name::Name;
use ruff_text_size::{TextRange, TextSize};
use rustc_hash::FxHashMap;

use crate::Source;
use crate::flow::{Flow, Graph, NameId, Part, UseId, Values};

/// A scope of a file; the module's is 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeId(pub u32);

impl ScopeId {
    /// The scope of the module's top level.
    pub const MODULE: ScopeId = ScopeId(0);
}

/// A place of a file where a name gets a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BindingId(pub u32);

/// The scopes, bindings and uses of one file. What is in a function, and which bindings a use may see, is found out
/// when it is asked.
#[derive(Clone, Copy)]
pub struct Bindings<'s> {
    source: &'s Source<'s>,
    all: &'s All,
}

/// What is known of the names of a file.
#[derive(Debug)]
pub(crate) struct All {
    /// All but the functions that wait.
    module: Tables,
    /// Those, as [`Tables::waiting`] has them.
    functions: Vec<OnceCell<Tables>>,
}

/// A function of the module, or of a class of it, that nobody has looked into. What it binds, nothing outside of
/// it sees.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// The scope of its body, which belongs to the module's.
    pub(crate) scope: ScopeId,
    /// The whole `def` with its decorators.
    pub(crate) range: TextRange,
}

/// The scopes, bindings and uses of the code of a module, or of a function that waited with all that is in it.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    /// The numbers of its first scope and of its first binding.
    pub(crate) first: u32,
    /// The scope of the function, which belongs to the module's; the module's own, which is the first.
    pub(crate) root: ScopeId,
    /// The code of that.
    pub(crate) code: Graph,
    /// By [`ScopeId`]; a scope comes before the scopes inside it.
    pub(crate) scopes: Vec<Scope>,
    /// By [`BindingId`]; in no particular order.
    pub(crate) bindings: Vec<Binding>,
    /// The functions in it that wait, in the order of the file.
    pub(crate) waiting: Vec<Waiting>,
    pub(crate) ids: FxHashMap<Name, NameId>,
    /// By [`NameId`].
    pub(crate) names: Vec<Named>,
    /// The bindings of each name in all scopes, in the order of the file.
    pub(crate) bound_as: ByName<BindingId>,
    /// The uses of each name in all scopes, in order.
    pub(crate) used_as: ByName<UseId>,
    /// By [`UseId`].
    pub(crate) uses: Vec<Site>,
    /// The uses by the offset at which the name starts, in order.
    pub(crate) by_offset: Vec<(TextSize, UseId)>,
    /// By [`ScopeId`]: the code of functions and lambdas, and none of other scopes.
    pub(crate) graphs: Vec<Option<Graph>>,
    /// Whether all of another module than asyncio is imported.
    pub(crate) has_foreign_star: bool,
    /// The scopes of the functions by their `def`; found out when first asked.
    by_range: OnceCell<FxHashMap<TextRange, ScopeId>>,
}

/// All about one name.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// The scopes that mention it, in order, with what they do with it.
    pub(crate) scopes: Vec<(ScopeId, NameInScope)>,
    /// There once somebody has asked what a use of it may see.
    known: OnceCell<Box<Known>>,
}

/// What was found out about a name.
#[derive(Debug)]
struct Known {
    /// The bindings of each scope, in the order of the file.
    by_scope: FxHashMap<ScopeId, Vec<BindingId>>,
    /// The bindings by which inner scopes change the variable of an outer one, with the outer one.
    from_inside: Vec<(BindingId, ScopeId)>,
    /// Of the scopes that were asked about.
    variables: RefCell<FxHashMap<ScopeId, Rc<Variable>>>,
    /// What uses see: of a name with many values, many see the same.
    lists: RefCell<FxHashMap<Seen, Rc<[BindingId]>>>,
    /// Its uses, with what they may see.
    uses: OnceCell<Vec<Use>>,
}

impl Named {
    /// What `scope` does with it; none where it does not mention it.
    fn in_scope(&self, scope: ScopeId) -> Option<NameInScope> {
        let found = self.scopes.binary_search_by_key(&scope, |(id, _)| *id);
        found.ok().map(|index| self.scopes[index].1)
    }

    /// The same, to be changed, of a scope that mentions it.
    pub(crate) fn in_scope_mut(&mut self, scope: ScopeId) -> &mut NameInScope {
        let index = match self.scopes.last() {
            // Most of a scope's code comes in one piece.
            Some((last, _)) if *last == scope => self.scopes.len() - 1,
            _ => {
                let index = self.scopes.partition_point(|(id, _)| *id < scope);
                if self.scopes.get(index).is_none_or(|(id, _)| *id != scope) {
                    self.scopes.insert(index, (scope, NameInScope::default()));
                }
                index
            }
        };
        &mut self.scopes[index].1
    }
}

/// What belongs to each name: all of it in one piece, the names one after the other.
#[derive(Debug, Default)]
pub(crate) struct ByName<T> {
    all: Vec<T>,
    /// By [`NameId`].
    ends: Vec<usize>,
}

impl<T: Copy + Default> ByName<T> {
    /// Each of `items` for its name, of which there are `names`, in their order.
    pub(crate) fn of(names: usize, items: impl Iterator<Item = (NameId, T)> + Clone) -> Self {
        let mut ends = vec![0; names];
        for (name, _) in items.clone() {
            ends[name.0 as usize] += 1;
        }
        let mut total = 0;
        for end in &mut ends {
            // So far where those of the name start.
            let count = std::mem::replace(end, total);
            total += count;
        }
        let mut all = vec![T::default(); total];
        for (name, item) in items {
            let end = &mut ends[name.0 as usize];
            all[*end] = item;
            *end += 1;
        }
        Self { all, ends }
    }

    fn range(&self, name: NameId) -> Range<usize> {
        let index = name.0 as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        start..self.ends[index]
    }

    /// Those of `name`.
    pub(crate) fn get(&self, name: NameId) -> &[T] {
        &self.all[self.range(name)]
    }

    /// The same, to be changed.
    pub(crate) fn get_mut(&mut self, name: NameId) -> &mut [T] {
        let range = self.range(name);
        &mut self.all[range]
    }
}

/// Where a name is used.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) at: TextSize,
    pub(crate) name: NameId,
    pub(crate) scope: ScopeId,
}

/// One scope.
#[derive(Debug)]
pub struct Scope {
    /// The scope around it; none for the module's.
    pub parent: Option<ScopeId>,
    /// What makes it.
    pub kind: ScopeKind,
    /// The statement or expression that makes it, in bytes of the file; for a function the whole
    /// `def` with its decorators.
    pub range: TextRange,
    /// The scope whose code runs it: itself but for a class body and the like.
    pub(crate) run_by: ScopeId,
    /// Its code waits until somebody asks about it, or has waited.
    pub(crate) waits: bool,
    /// The part of the code of `run_by` that is the scope's; none where it is all.
    pub(crate) part: Option<Part>,
}

/// What makes a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeKind {
    /// The file.
    Module,
    /// A class body.
    Class,
    /// A `def` or `async def`.
    Function,
    /// A lambda expression.
    Lambda,
    /// A comprehension or generator expression.
    Comprehension,
    /// The type parameters of a function or class, a `type` statement, or an annotation that is evaluated
    /// later.
    TypeParameters,
}

/// What a scope does with a name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NameInScope {
    /// It is given a value or declared here, and is neither global nor nonlocal.
    pub local: bool,
    /// A `global` statement of this scope names it.
    pub global: bool,
    /// A `nonlocal` statement of this scope names it.
    pub nonlocal: bool,
}

/// One place where a name gets a value.
#[derive(Debug)]
pub struct Binding {
    /// The name.
    pub name: Name,
    pub(crate) id: NameId,
    /// The scope whose code binds it.
    pub scope: ScopeId,
    /// How.
    pub kind: BindingKind,
    /// The name itself (for an import the alias clause), in bytes of the file.
    pub target: TextRange,
}

/// How a name gets its value. Ranges are in bytes of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BindingKind {
    /// `import a.b` binds `a`, `import a.b as c` binds `a.b`: the module that the name stands for.
    Import {
        /// Its dotted name.
        module: String,
    },
    /// `from .a import b`: the member that the name stands for.
    ImportFrom {
        /// The module as it is written, dots of a relative import included.
        module: String,
        /// The member's own name.
        member: String,
    },
    /// A `def` or `async def` statement, decorators included.
    Function(TextRange),
    /// A class statement, decorators included.
    Class(TextRange),
    /// `name = value`, `name: T = value` or `(name := value)`, where the name takes the whole value.
    Assignment {
        /// The value.
        value: TextRange,
        /// The annotation, where there is one.
        annotation: Option<TextRange>,
    },
    /// `name: T` without a value.
    Declaration {
        /// The annotation.
        annotation: TextRange,
    },
    /// A parameter of a function or lambda.
    Parameter {
        /// The annotation, where there is one.
        annotation: Option<TextRange>,
        /// Whether it is `*args` or `**kwargs`.
        variadic: bool,
        /// What it is where nobody gives it, if that is a name or an attribute.
        default: Option<TextRange>,
    },
    /// `with context as name`, where the name takes the whole value.
    With {
        /// The context manager.
        context: TextRange,
        /// Whether it is `async with`.
        is_async: bool,
    },
    /// `for name in iterable`, in a statement or comprehension, where the name takes each whole item.
    For {
        /// The iterable.
        iterable: TextRange,
    },
    /// `from other import *`, of a module that may have the name.
    Star,
    /// Anything else: unpacked, augmented, caught, matched, a type parameter.
    Other,
}

/// One use of a name.
#[derive(Debug)]
pub struct Use {
    /// The scope in which it stands.
    pub scope: ScopeId,
    /// The bindings whose value it may be, in the order of the file; of a scope around it every one
    /// that may have run by then. Empty for builtins and for names that come from elsewhere.
    pub bindings: Rc<[BindingId]>,
    /// Whether the name may be unbound there, or be something that `bindings` does not list.
    pub maybe_unbound: bool,
}

impl All {
    /// Those of a file whose functions wait as `module` says.
    pub(crate) fn new(module: Tables) -> Self {
        let functions = module.waiting.iter().map(|_| OnceCell::new()).collect();
        Self { module, functions }
    }

    /// How many functions wait, or have waited.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        self.functions.len()
    }

    /// The number of the function that waits, or has waited, with `offset` in it.
    fn function_with(&self, offset: TextSize) -> Option<usize> {
        let waiting = &self.module.waiting;
        let next = waiting.partition_point(|it| it.range.end() <= offset);
        let found = waiting.get(next)?;
        (found.range.start() <= offset).then_some(next)
    }

    /// The same, where the number of a scope or a binding is `id`: those of a function count from the first after all
    /// of the module's on, and from where its text starts, which has more bytes than it has scopes or bindings.
    fn function_of(&self, id: u32) -> Option<usize> {
        let offset = id.checked_sub(self.module.end())?;
        self.function_with(offset.into())
    }
}

impl Tables {
    /// Those of the code of `root`; its scopes and bindings are numbered from `first` on.
    pub(crate) fn new(root: ScopeId, first: u32) -> Self {
        Self {
            first,
            root,
            ..Self::default()
        }
    }

    fn are_of_the_module(&self) -> bool {
        self.root == ScopeId::MODULE
    }

    /// The number that comes after those of all its scopes and bindings.
    fn end(&self) -> u32 {
        let most = self.scopes.len().max(self.bindings.len());
        self.first + u32::try_from(most).expect("a file has less of everything than bytes")
    }

    /// A scope whose record is here.
    pub(crate) fn scope(&self, id: ScopeId) -> Option<&Scope> {
        self.scopes.get(id.0.checked_sub(self.first)? as usize)
    }

    fn binding(&self, id: BindingId) -> &Binding {
        &self.bindings[(id.0 - self.first) as usize]
    }

    /// The code of `scope`, which is run by itself and is here.
    fn graph(&self, scope: ScopeId) -> &Graph {
        if scope == self.root {
            return &self.code;
        }
        let graph = self.graphs[(scope.0 - self.first) as usize].as_ref();
        graph.expect("what is run has code")
    }

    fn id_of(&self, name: &str) -> Option<NameId> {
        self.ids.get(name).copied()
    }

    fn named(&self, name: NameId) -> &Named {
        &self.names[name.0 as usize]
    }

    fn name_in(&self, scope: ScopeId, name: &str) -> Option<NameInScope> {
        self.named(self.id_of(name)?).in_scope(scope)
    }

    fn scopes_with(&self, name: &str) -> &[(ScopeId, NameInScope)] {
        self.id_of(name).map_or(&[], |id| &self.named(id).scopes)
    }

    fn binding_at(&self, target: TextRange) -> Option<BindingId> {
        let found = self.bindings.iter().position(|it| it.target == target)?;
        u32::try_from(found)
            .ok()
            .map(|found| BindingId(self.first + found))
    }

    fn function_at(&self, range: TextRange) -> Option<ScopeId> {
        let functions = self.by_range.get_or_init(|| {
            let scopes = (self.first..).map(ScopeId).zip(&self.scopes);
            let functions = scopes.filter(|(_, scope)| scope.kind == ScopeKind::Function);
            functions.map(|(id, scope)| (scope.range, id)).collect()
        });
        functions.get(&range).copied()
    }

    fn site_at(&self, offset: TextSize) -> Option<(UseId, &Site)> {
        let found = self.by_offset.binary_search_by_key(&offset, |(at, _)| *at);
        let (_, id) = self.by_offset[found.ok()?];
        Some((id, &self.uses[id.0 as usize]))
    }
}

impl<'s> Bindings<'s> {
    pub(crate) fn new(source: &'s Source<'s>, all: &'s All) -> Self {
        Self { source, all }
    }

    /// What is in a function that waits.
    fn function(self, number: usize) -> &'s Tables {
        self.all.functions[number].get_or_init(|| {
            let waiting = &self.all.module.waiting[number];
            let first = self.all.module.end() + waiting.range.start().to_u32();
            self.source.bind_function(waiting, first)
        })
    }

    /// The functions that wait, or have waited, and in which `name` stands.
    fn functions_with(self, name: &str) -> impl Iterator<Item = &'s Tables> + use<'s> {
        let mut last = None;
        let numbers = self.source.words(name).filter_map(move |word| {
            let number = self.all.function_with(word.start())?;
            (last.replace(number) != Some(number)).then_some(number)
        });
        numbers.map(move |number| self.function(number))
    }

    /// The tables with the names of the code of `scope`.
    fn tables(self, scope: ScopeId) -> &'s Tables {
        self.module_or(match self.all.module.scope(scope) {
            Some(it) if it.waits => self.all.function_with(it.range.start()),
            Some(_) => None,
            None => self.all.function_of(scope.0),
        })
    }

    /// The tables of that function, or of the module.
    fn module_or(self, number: Option<usize>) -> &'s Tables {
        number.map_or(&self.all.module, |number| self.function(number))
    }

    /// Every binding of `name` in `scope`, in the order of the file.
    pub fn of_name(self, scope: ScopeId, name: &str) -> Vec<BindingId> {
        let tables = self.tables(scope);
        let Some(name) = tables.id_of(name) else {
            return Vec::new();
        };
        let all = tables.bound_as.get(name).iter().copied();
        all.filter(|id| tables.binding(*id).scope == scope)
            .collect()
    }

    /// What `scope` does with `name`; none where it does not mention it.
    pub fn name_in(self, scope: ScopeId, name: &str) -> Option<NameInScope> {
        self.tables(scope).name_in(scope, name)
    }

    /// Whether `name` is one of the scope's own.
    pub fn is_local(self, scope: ScopeId, name: &str) -> bool {
        self.name_in(scope, name).is_some_and(|found| found.local)
    }

    /// Whether any scope mentions `name`.
    pub fn mention(self, name: &str) -> bool {
        let is_mentioned = |tables: &Tables| !tables.scopes_with(name).is_empty();
        is_mentioned(&self.all.module) || self.functions_with(name).any(is_mentioned)
    }

    /// Whether the module imports all of another one than asyncio.
    pub(crate) fn has_foreign_star(self) -> bool {
        self.all.module.has_foreign_star
    }

    /// Whether a `global` statement names `name`.
    pub fn declare_global(self, name: &str) -> bool {
        // A function with such a statement does not wait.
        let mut scopes = self.all.module.scopes_with(name).iter();
        scopes.any(|(_, found)| found.global)
    }

    /// Those of `scope` and the scopes inside it that mention `name`, with what they do with it.
    pub fn mentions_within(
        self,
        scope: ScopeId,
        name: &str,
    ) -> impl Iterator<Item = (ScopeId, NameInScope)> + use<'s> {
        let tables = self.tables(scope);
        let functions = (tables.are_of_the_module()).then(|| self.functions_with(name));
        let others = functions.into_iter().flatten().map({
            let name = name.to_owned();
            move |tables| tables.scopes_with(&name)
        });
        let all = std::iter::once(tables.scopes_with(name)).chain(others);
        let is_inside = move |inner| self.scopes_around(inner).any(|(id, _)| id == scope);
        all.flatten()
            .copied()
            .filter(move |(inner, _)| is_inside(*inner))
    }

    /// The scope of the function whose `def` is at `range`, decorators included.
    pub fn function_at(self, range: TextRange) -> Option<ScopeId> {
        self.all.module.function_at(range).or_else(|| {
            let number = self.all.function_with(range.start())?;
            self.function(number).function_at(range)
        })
    }

    /// All bindings whose statements may have `word`, in no particular order.
    pub fn with_word(self, word: &str) -> impl Iterator<Item = (BindingId, &'s Binding)> + use<'s> {
        let tables = std::iter::once(&self.all.module).chain(self.functions_with(word));
        tables.flat_map(|tables| (tables.first..).map(BindingId).zip(&tables.bindings))
    }

    /// The binding with this id.
    pub fn binding(self, id: BindingId) -> &'s Binding {
        self.tables_of_binding(id).binding(id)
    }

    fn tables_of_binding(self, id: BindingId) -> &'s Tables {
        self.module_or(self.all.function_of(id.0))
    }

    /// The binding of the name that stands at `target`.
    pub fn binding_at(self, target: TextRange) -> Option<BindingId> {
        let inside = self
            .all
            .function_with(target.start())
            .and_then(|number| self.function(number).binding_at(target));
        // It may stand in a decorator, or a default.
        inside.or_else(|| self.all.module.binding_at(target))
    }

    /// The scope with this id.
    pub fn scope(self, id: ScopeId) -> &'s Scope {
        let here = self.all.module.scope(id);
        let found = here.or_else(|| self.function(self.all.function_of(id.0)?).scope(id));
        found.expect("it is the id of a scope")
    }

    /// `scope` and the scopes around it, innermost first.
    pub fn scopes_around(
        self,
        scope: ScopeId,
    ) -> impl Iterator<Item = (ScopeId, &'s Scope)> + use<'s> {
        std::iter::successors(Some(scope), move |id| self.scope(*id).parent)
            .map(move |id| (id, self.scope(id)))
    }

    /// The use of the name that starts at `offset`: read, called on, changed in place or deleted.
    pub fn use_at(self, offset: TextSize) -> Option<&'s Use> {
        let (tables, id, site) = self.site_at(offset)?;
        let index = tables.used_as.get(site.name).binary_search(&id).ok()?;
        self.resolved(tables, site.name).get(index)
    }

    /// The scope in which the use at `offset` stands.
    pub fn scope_of_use(self, offset: TextSize) -> Option<ScopeId> {
        Some(self.site_at(offset)?.2.scope)
    }

    fn site_at(self, offset: TextSize) -> Option<(&'s Tables, UseId, &'s Site)> {
        let mut tables = &self.all.module;
        let found = tables.site_at(offset).or_else(|| {
            tables = self.function(self.all.function_with(offset)?);
            tables.site_at(offset)
        });
        found.map(|(id, site)| (tables, id, site))
    }

    /// Whether code that has used a name at `from` may get to its use at `to`, in the same scope, before the name
    /// gets another value. Where they stand in different scopes, it may.
    pub fn may_get(self, from: TextSize, to: TextSize) -> bool {
        let (Some((tables, from, site)), Some((_, to, other))) =
            (self.site_at(from), self.site_at(to))
        else {
            return true;
        };
        if site.scope != other.scope || site.name != other.name {
            return true;
        }
        let runner = self.scope(site.scope).run_by;
        let is_here = runner == tables.root || tables.scope(runner).is_some();
        !is_here || (tables.graph(runner)).may_get(site.name, site.scope, from, to)
    }

    /// Every use of `name`, by position, in no particular order.
    pub fn uses_named(self, name: &str) -> impl Iterator<Item = (TextSize, &'s Use)> + use<'s> {
        let name = name.to_owned();
        let functions = self.functions_with(&name);
        std::iter::once(&self.all.module)
            .chain(functions)
            .flat_map(move |tables| self.uses_in(tables, &name))
    }

    /// The same, of those uses alone that stand in `function`.
    pub fn uses_within(
        self,
        function: ScopeId,
        name: &str,
    ) -> impl Iterator<Item = (TextSize, &'s Use)> + use<'s> {
        let inside = move |seen: &Use| self.scopes_around(seen.scope).any(|(id, _)| id == function);
        self.uses_in(self.tables(function), name)
            .filter(move |(_, seen)| inside(seen))
    }

    fn uses_in(
        self,
        tables: &'s Tables,
        name: &str,
    ) -> impl Iterator<Item = (TextSize, &'s Use)> + use<'s> {
        tables.id_of(name).into_iter().flat_map(move |id| {
            let places = tables.used_as.get(id).iter();
            let places = places.map(|id| tables.uses[id.0 as usize].at);
            places.zip(self.resolved(tables, id))
        })
    }

    /// The uses that may see the value of `binding`, by position.
    pub fn uses_of(self, binding: BindingId) -> Vec<TextSize> {
        let tables = self.tables_of_binding(binding);
        let name = &tables.binding(binding).name;
        let mut offsets = Vec::new();
        // Many uses of a name that has many values share a list.
        let mut last: Option<(&Rc<[BindingId]>, bool)> = None;
        let mut add = |(offset, seen): (TextSize, &'s Use)| {
            let sees = match last {
                Some((before, sees)) if Rc::ptr_eq(before, &seen.bindings) => sees,
                _ => {
                    let sees = seen.bindings.contains(&binding);
                    last = Some((&seen.bindings, sees));
                    sees
                }
            };
            if sees {
                offsets.push(offset);
            }
        };
        if tables.are_of_the_module() {
            self.uses_named(name).for_each(&mut add);
        } else {
            self.uses_in(tables, name).for_each(&mut add);
        }
        offsets.sort_unstable();
        offsets
    }

    fn resolved(self, tables: &'s Tables, name: NameId) -> &'s [Use] {
        let resolver = Resolver::new(self, tables, name);
        resolver.known(tables, name).uses.get_or_init(|| {
            let uses = tables.used_as.get(name).iter();
            uses.map(|id| resolver.resolve(*id)).collect()
        })
    }
}

/// Finds out what the uses of one name may see.
#[derive(Clone, Copy)]
struct Resolver<'b> {
    bindings: Bindings<'b>,
    /// Where the uses are.
    own: &'b Tables,
    name: NameId,
    /// The name in the module's tables, where those are others.
    outer: Option<NameId>,
}

/// What a use sees: values of a variable in its own scope, of one in a scope around, and whatever inner scopes
/// put into the variable of a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Seen {
    held: [Option<(ScopeId, Values)>; 2],
    from_inside: ScopeId,
}

/// A name in the scope that holds its value.
#[derive(Debug)]
struct Variable {
    bindings: Vec<BindingId>,
    flow: Flow,
}

impl Variable {
    /// The bindings whose value is among `values`.
    fn held(&self, values: Values) -> impl Iterator<Item = BindingId> {
        let numbered = self.bindings.iter().enumerate();
        let held = numbered.filter(move |(number, _)| values.has(*number));
        held.map(|(_, binding)| *binding)
    }
}

impl<'b> Resolver<'b> {
    fn new(bindings: Bindings<'b>, own: &'b Tables, name: NameId) -> Self {
        // Names in a function that waited are as they stand in the text.
        let in_module = || {
            let first = own.used_as.get(name).first()?;
            let word = bindings.source.word_at(own.uses[first.0 as usize].at);
            bindings.all.module.id_of(word)
        };
        Self {
            bindings,
            own,
            name,
            outer: (!own.are_of_the_module()).then(in_module).flatten(),
        }
    }

    /// What is known of the name, which is `name` in `tables`.
    fn known(&self, tables: &'b Tables, name: NameId) -> &'b Known {
        tables.named(name).known.get_or_init(|| {
            let mut by_scope: FxHashMap<ScopeId, Vec<BindingId>> = FxHashMap::default();
            let mut from_inside = Vec::new();
            for id in tables.bound_as.get(name) {
                let scope = tables.binding(*id).scope;
                by_scope.entry(scope).or_default().push(*id);
                let here = self.in_scope(scope);
                if here.global || here.nonlocal {
                    from_inside.push((*id, self.owner_around(scope)));
                }
            }
            Box::new(Known {
                by_scope,
                from_inside,
                variables: RefCell::default(),
                lists: RefCell::default(),
                uses: OnceCell::new(),
            })
        })
    }

    fn resolve(&self, id: UseId) -> Use {
        let scope = self.own.uses[id.0 as usize].scope;
        let mut held = [None; 2];
        let mut maybe_unbound = false;
        let (here, kind) = (self.in_scope(scope), self.kind(scope));
        let mut owner = scope;
        let mut looks_around = true;
        if here != NameInScope::default() {
            let values = self.variable(scope).flow.at_use(id);
            let values = self.in_any_order(scope, values);
            held[0] = Some((scope, values));
            // A class body that has not bound a name yet looks for it in the module.
            let is_searched = !here.local || kind == ScopeKind::Class;
            looks_around = is_searched && values.may_be_unbound();
            maybe_unbound = !is_searched && values.may_be_unbound();
            if !here.local {
                owner = self.owner_around(scope);
            }
        }
        if looks_around {
            // CPython passes over the functions around a class whose body binds the name itself.
            owner = if here.local {
                ScopeId::MODULE
            } else {
                self.owner_around(scope)
            };
            let (values, is_unbound) = self.look_into(owner, id, scope);
            held[1] = Some((owner, values));
            maybe_unbound |= is_unbound;
        }
        let seen = Seen {
            held,
            from_inside: owner,
        };
        Use {
            scope,
            bindings: self.list(seen),
            maybe_unbound,
        }
    }

    fn list(&self, seen: Seen) -> Rc<[BindingId]> {
        // What a function that waited binds, nothing else sees.
        let is_own = |held: &(ScopeId, Values)| std::ptr::eq(self.tables(held.0).0, self.own);
        let known = match self.outer {
            Some(outer) if !seen.held.iter().flatten().any(is_own) => {
                self.known(&self.bindings.all.module, outer)
            }
            _ => self.known(self.own, self.name),
        };
        if let Some(list) = known.lists.borrow().get(&seen) {
            return Rc::clone(list);
        }
        let mut list = Vec::new();
        for (scope, values) in seen.held.into_iter().flatten() {
            let variable = self.variable(scope);
            list.extend(variable.held(values));
        }
        // When code of inner scopes runs, nobody knows.
        let outer = self
            .outer
            .map(|it| self.known(&self.bindings.all.module, it));
        let from_inside = outer.unwrap_or(known).from_inside.iter();
        let from_inside = from_inside.filter(|(_, owner)| *owner == seen.from_inside);
        list.extend(from_inside.map(|(binding, _)| *binding));
        let place = |id: &BindingId| (self.bindings.binding(*id).target.start(), *id);
        list.sort_by_key(place);
        list.dedup();
        let list: Rc<[BindingId]> = list.into();
        known.lists.borrow_mut().insert(seen, Rc::clone(&list));
        list
    }

    /// The tables with the code of `scope`, and the name there.
    fn tables(&self, scope: ScopeId) -> (&'b Tables, Option<NameId>) {
        if scope == self.own.root || self.own.scope(scope).is_some() {
            (self.own, Some(self.name))
        } else {
            (&self.bindings.all.module, self.outer)
        }
    }

    fn in_scope(&self, scope: ScopeId) -> NameInScope {
        let (tables, name) = self.tables(scope);
        let found = name.and_then(|name| tables.named(name).in_scope(scope));
        found.unwrap_or_default()
    }

    fn kind(&self, scope: ScopeId) -> ScopeKind {
        self.bindings.scope(scope).kind
    }

    /// The scope that holds the value of the name for code of `scope`, which does not itself.
    fn owner_around(&self, scope: ScopeId) -> ScopeId {
        if self.in_scope(scope).global {
            return ScopeId::MODULE;
        }
        let mut inner = scope;
        for (around, it) in self.bindings.scopes_around(scope).skip(1) {
            // What a class body binds is seen by itself and by the type parameters of its methods.
            let is_seen =
                it.kind != ScopeKind::Class || self.kind(inner) == ScopeKind::TypeParameters;
            let here = self.in_scope(around);
            inner = around;
            if is_seen && here.global {
                break;
            }
            if is_seen && here.local {
                return around;
            }
        }
        ScopeId::MODULE
    }

    /// What the variable of the scope `owner` may hold at the use `id` in the scope `inside`, and whether it
    /// may be unbound.
    fn look_into(&self, owner: ScopeId, id: UseId, inside: ScopeId) -> (Values, bool) {
        let bindings = self.bindings;
        let runner = bindings.scope(owner).run_by;
        let own_runner = bindings.scope(inside).run_by;
        let variable = self.variable(owner);
        if runner == own_runner {
            let values = variable.flow.at_use(id);
            let values = self.in_any_order(owner, values);
            return (values, values.may_be_unbound());
        }
        // The function runs at some time after it was made.
        let mut made = own_runner;
        while let Some(parent) = bindings.scope(made).parent {
            let around = bindings.scope(parent).run_by;
            if around == runner {
                break;
            }
            made = around;
        }
        let is_never_bound = variable.bindings.is_empty();
        let values = variable.flow.since_definition(made);
        (self.in_any_order(owner, values), is_never_bound)
    }

    /// What a variable of the scope `owner` may hold where `values` are those of code above: the cells of a notebook
    /// are run in any order, and what none above gives a value has it from one below.
    fn in_any_order(&self, owner: ScopeId, values: Values) -> Values {
        let in_cells = self.bindings.source.options().in_cells;
        if in_cells && owner == ScopeId::MODULE && !values.are_of_bindings() {
            Values::ALL
        } else {
            values
        }
    }

    fn variable(&self, scope: ScopeId) -> Rc<Variable> {
        let (tables, name) = self.tables(scope);
        let Some(name) = name else {
            return Rc::default();
        };
        let known = self.known(tables, name);
        if let Some(variable) = known.variables.borrow().get(&scope) {
            return Rc::clone(variable);
        }
        let bindings = known.by_scope.get(&scope).cloned().unwrap_or_default();
        let numbers: FxHashMap<BindingId, usize> = (bindings.iter().copied()).zip(0..).collect();
        let flow = if bindings.is_empty() {
            Flow::of_nothing()
        } else {
            let it = self.bindings.scope(scope);
            let graph = tables.graph(it.run_by);
            let part = it.part.clone().unwrap_or_else(|| graph.whole());
            graph.flow(name, scope, &part, |id| numbers[&id])
        };
        let variable = Rc::new(Variable { bindings, flow });
        let mut variables = known.variables.borrow_mut();
        Rc::clone(variables.entry(scope).or_insert(variable))
    }
}

impl Default for Variable {
    /// One to which nothing is ever bound.
    fn default() -> Self {
        Self {
            bindings: Vec::new(),
            flow: Flow::of_nothing(),
        }
    }
}
