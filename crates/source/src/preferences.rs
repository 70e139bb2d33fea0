//! What the user decided for the code that is written, and says about the code that is there.

use std::collections::{BTreeSet, HashSet};

use globset::{Glob, GlobSet, GlobSetBuilder};
use ruff_python_ast::{self as ast, AnyNodeRef, Expr, PythonVersion};
use ruff_text_size::Ranged;

use crate::Source;

/// Which form of a fix is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Style {
    /// The idiom where it fits, else a helper.
    #[default]
    Auto,
    /// Statements of the language and its library alone.
    Idiom,
    /// A call of a helper.
    Helper,
}

/// What a task group that takes the place of a gather raises.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Errors {
    /// What gather would, unless nobody can tell.
    #[default]
    Auto,
    /// What gather would.
    First,
    /// An `ExceptionGroup`.
    Group,
}

/// How the project's tools sort imports, where its configuration says it; else the file shows it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportStyle {
    /// Each name that is imported from a module has a line of its own.
    pub own_lines: Option<bool>,
    /// Constants come before classes, and those before other names.
    pub by_type: Option<bool>,
    /// Imports of modules and of their members stand in one order.
    pub mixed: Option<bool>,
    /// Names that are imported under another one stand beside others.
    pub combines_renamed: Option<bool>,
}

/// The words of the project's configuration about its code.
#[derive(Debug, Clone, Default)]
pub struct Preferences {
    /// For `retain-task`; the idiom is the three lines of asyncio's documentation.
    pub retain_task: Style,
    /// For `gather`; the idiom is a task group.
    pub gather: Style,
    /// For the task groups of `gather`.
    pub errors: Errors,
    /// For `wait-for`; the idiom is a timeout block.
    pub wait_for: Style,
    /// Callables that give coroutines.
    pub coroutine_functions: NamePatterns,
    /// Functions that keep the task that they give back.
    pub task_holders: NamePatterns,
}

/// A module of the project from which others import.
#[derive(Debug, Clone, Default)]
pub struct Importable {
    /// Its dotted name: `app.aio`.
    pub name: String,
    /// The modules that it imports, directly or by way of others: those cannot import it in turn.
    pub reaches: HashSet<String>,
    /// The packages around it, each with what its import imports: what lies in no such package cannot
    /// import the module where that imports it.
    pub packages: Vec<(String, HashSet<String>)>,
}

/// A module of the project in which helpers are written once, for others to import.
#[derive(Debug, Clone, Default)]
pub struct HelperModule {
    /// The module.
    pub module: Importable,
    /// The oldest Python that it has to run on.
    pub target: PythonVersion,
    /// The names of the helpers that can be imported from it.
    pub offers: BTreeSet<String>,
    /// The names of the helpers that it has to get.
    pub wanted: BTreeSet<String>,
}

/// The project's own function that keeps a task and gives it back.
#[derive(Debug, Clone, Default)]
pub struct Keeper {
    /// The module that has it.
    pub module: Importable,
    /// Its name there.
    pub function: String,
}

/// Globs over dotted names: `app.rpc.*`, in which `*` stands for dots as well.
#[derive(Debug, Clone, Default)]
pub struct NamePatterns(GlobSet);

/// Braces in one another take stack for each, and nobody writes this much.
const LONGEST_GLOB: usize = 1_000;

/// Refuses a glob that is too long to be one.
///
/// # Errors
/// Where it is.
pub fn check_length(glob: &str) -> Result<(), String> {
    if glob.len() <= LONGEST_GLOB {
        return Ok(());
    }
    let start: String = glob.chars().take(20).collect();
    Err(format!(
        "`{start}..` is longer than {LONGEST_GLOB} characters; no glob of that length is taken"
    ))
}

impl NamePatterns {
    /// The patterns `globs`.
    ///
    /// # Errors
    /// Where one is no glob, or nothing that a dotted name could match.
    pub fn new<'g>(globs: impl IntoIterator<Item = &'g str>) -> Result<Self, String> {
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            let is_dotted = |c: char| c.is_alphanumeric() || "_.*?[]!-{},".contains(c);
            if glob.is_empty() || !glob.chars().all(is_dotted) {
                return Err(format!("`{glob}` is no dotted name, such as `app.rpc.*`"));
            }
            check_length(glob)?;
            set.add(Glob::new(glob).map_err(|error| error.to_string())?);
        }
        set.build().map(Self).map_err(|error| error.to_string())
    }

    /// Whether a pattern matches all of `name`.
    fn matches(&self, name: &str) -> bool {
        self.0.is_match(name)
    }
}

impl Preferences {
    /// Whether they name modules, so that it matters which one a file is.
    pub fn names_modules(&self) -> bool {
        !self.coroutine_functions.0.is_empty() || !self.task_holders.0.is_empty()
    }
}

impl Source<'_> {
    /// What the project's configuration says.
    pub fn preferences(&self) -> &Preferences {
        &self.options.preferences
    }

    /// The module of the project that holds the helpers, if there is one.
    pub fn helper_module(&self) -> Option<&HelperModule> {
        self.options.helper_module.as_deref()
    }

    /// The project's own function that keeps tasks, if there is one.
    pub fn keeper(&self) -> Option<&Keeper> {
        self.options.keeper.as_deref()
    }

    /// Whether this file can import `module`: it belongs to the same package, or imports something of that
    /// already, and no circle comes of it.
    pub fn can_import(&self, module: &Importable) -> bool {
        let top = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
        let package = top(&module.name);
        let imports_it = || (self.imported_at_import().iter()).any(|it| top(it) == package);
        let Some(own) = self.module().map(|it| it.dotted.as_str()) else {
            return imports_it();
        };
        let is_below = |package: &str| {
            let rest = own.strip_prefix(package);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let is_reached = own == module.name
            || module.reaches.contains(own)
            || (module.packages.iter())
                .any(|(package, imports)| !is_below(package) && imports.contains(own));
        let are_modules = !own.contains('.') && !module.name.contains('.');
        !is_reached && (are_modules || top(own) == package || imports_it())
    }

    /// Whether the user says that calling `callee` gives a coroutine.
    pub fn is_said_to_make_coroutines(&self, callee: &Expr) -> bool {
        self.are_all_among(callee, &self.preferences().coroutine_functions)
    }

    /// Whether the user says that `callee` keeps the task that it gives back.
    pub fn is_said_to_keep_task(&self, callee: &Expr) -> bool {
        self.are_all_among(callee, &self.preferences().task_holders)
    }

    /// As [`Source::is_said_to_keep_task`], for a function of this file.
    pub fn is_function_said_to_keep_task(&self, function: &ast::StmtFunctionDef) -> bool {
        let names = &self.preferences().task_holders;
        !names.0.is_empty() && names.matches(&self.dotted_name(function))
    }

    /// Whether a pattern matches whatever `callee` may stand for.
    fn are_all_among(&self, callee: &Expr, names: &NamePatterns) -> bool {
        if names.0.is_empty() {
            return false;
        }
        let all = self
            .meanings(callee)
            .or_else(|| {
                let functions = self.functions(callee)?;
                Some(functions.iter().map(|it| self.dotted_name(it)).collect())
            })
            .or_else(|| Some(vec![self.types()?.function_name(callee.range())?]));
        let absolute = |name: &String| match &self.options.module {
            Some(module) => module.absolute(name),
            None => Some(name.clone()),
        };
        all.is_some_and(|all| {
            all.iter()
                .all(|name| absolute(name).is_some_and(|name| names.matches(&name)))
        })
    }

    /// The name of a function of this file, with that of its module and of the classes and functions
    /// around it.
    fn dotted_name(&self, function: &ast::StmtFunctionDef) -> String {
        let path = self.path_to(function.name.range());
        let mut parts: Vec<&str> = path
            .around()
            .filter_map(|around| match around {
                AnyNodeRef::StmtClassDef(class) => Some(class.name.as_str()),
                AnyNodeRef::StmtFunctionDef(function) => Some(function.name.as_str()),
                _ => None,
            })
            .collect();
        parts.extend(self.options.module.as_ref().map(|it| it.dotted.as_str()));
        parts.reverse();
        parts.join(".")
    }
}
