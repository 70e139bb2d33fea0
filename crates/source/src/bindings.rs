//! What names mean in one file, in our own words.
//!
//! [`Bindings`] is plain data that an [`Analyzer`] fills in; nothing here knows how.

use std::cell::OnceCell;
use std::collections::HashMap;

use ruff_python_ast::PythonVersion;
use ruff_text_size::{TextRange, TextSize};

/// Answers what the syntax of a file alone does not show.
pub trait Analyzer: Sync {
    /// Binds every name of `text`, which parses without an error as Python of any version.
    fn bind(&self, text: &str, target: PythonVersion) -> Bindings;
}

/// A scope of a file; the module's is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeId(pub u32);

impl ScopeId {
    /// The scope of the module's top level.
    pub const MODULE: ScopeId = ScopeId(0);
}

/// A place of a file where a name gets a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BindingId(pub u32);

/// The scopes, bindings and uses of one file.
#[derive(Debug, Default)]
pub struct Bindings {
    /// By [`ScopeId`]; a scope comes before the scopes inside it.
    pub scopes: Vec<Scope>,
    /// By [`BindingId`]; in no particular order.
    pub bindings: Vec<Binding>,
    /// Each use of a name, by the offset at which the name starts.
    pub uses: HashMap<TextSize, Use>,
    /// Found out when first asked.
    index: OnceCell<Index>,
}

/// Where to find what.
#[derive(Debug)]
struct Index {
    /// The bindings of a name, in the order of the file.
    by_name: HashMap<String, Vec<BindingId>>,
    /// The scopes of functions, by the `def`.
    functions: HashMap<TextRange, ScopeId>,
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
    /// The names that this scope binds, declares or uses.
    pub names: HashMap<String, NameInScope>,
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
    /// The type parameters of a function or class, or a `type` statement.
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
    pub name: String,
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
    pub bindings: Vec<BindingId>,
    /// Whether the name may be unbound there, or be something that `bindings` does not list.
    pub maybe_unbound: bool,
}

impl Bindings {
    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let mut by_name: HashMap<String, Vec<BindingId>> = HashMap::new();
            for (id, binding) in (0..).map(BindingId).zip(&self.bindings) {
                by_name.entry(binding.name.clone()).or_default().push(id);
            }
            for ids in by_name.values_mut() {
                ids.sort_by_key(|id| self.binding(*id).target.start());
            }
            let scopes = (0..).map(ScopeId).zip(&self.scopes);
            let functions = scopes.filter(|(_, scope)| scope.kind == ScopeKind::Function);
            Index {
                by_name,
                functions: functions.map(|(id, scope)| (scope.range, id)).collect(),
            }
        })
    }

    /// Every binding of `name` in `scope`, in the order of the file.
    pub fn of_name(&self, scope: ScopeId, name: &str) -> Vec<BindingId> {
        let all = self.index().by_name.get(name).into_iter().flatten();
        all.copied()
            .filter(|id| self.binding(*id).scope == scope)
            .collect()
    }

    /// The scope of the function whose `def` is at `range`, decorators included.
    pub fn function_at(&self, range: TextRange) -> Option<ScopeId> {
        self.index().functions.get(&range).copied()
    }

    /// The binding with this id.
    pub fn binding(&self, id: BindingId) -> &Binding {
        &self.bindings[id.0 as usize]
    }

    /// The binding of the name that stands at `target`.
    pub fn binding_at(&self, target: TextRange) -> Option<BindingId> {
        let found = self.bindings.iter().position(|it| it.target == target)?;
        u32::try_from(found).ok().map(BindingId)
    }

    /// The scope with this id.
    pub fn scope(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.0 as usize]
    }

    /// `scope` and the scopes around it, innermost first.
    pub fn scopes_around(&self, scope: ScopeId) -> impl Iterator<Item = (ScopeId, &Scope)> {
        std::iter::successors(Some(scope), |id| self.scope(*id).parent)
            .map(|id| (id, self.scope(id)))
    }

    /// `scope` and every scope inside it.
    pub fn scopes_within(&self, scope: ScopeId) -> impl Iterator<Item = (ScopeId, &Scope)> {
        self.scopes
            .iter()
            .enumerate()
            .map(|(index, inner)| {
                let index = u32::try_from(index).expect("fewer scopes than bytes");
                (ScopeId(index), inner)
            })
            .filter(move |(id, _)| {
                std::iter::successors(Some(*id), |id| self.scope(*id).parent)
                    .any(|around| around == scope)
            })
    }

    /// The uses that may see the value of `binding`, by position.
    pub fn uses_of(&self, binding: BindingId) -> Vec<TextSize> {
        let mut offsets: Vec<TextSize> = self
            .uses
            .iter()
            .filter(|(_, name)| name.bindings.contains(&binding))
            .map(|(offset, _)| *offset)
            .collect();
        offsets.sort_unstable();
        offsets
    }
}
