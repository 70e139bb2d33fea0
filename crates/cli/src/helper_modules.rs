//! The modules from which a project has its helpers imported: `helper-module = "app.aio"`, which gets
//! them, and `retain-task.helper = "app.aio.keep"`, which is there.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use asyncmend_pipeline::{HelperModule, Importable, Keeper, PythonVersion, Source};
use asyncmend_transforms::helpers;

use crate::mend::Engine;
use crate::settings::Resolver;
use crate::walk::Input;

/// What a new module begins with.
pub(crate) const NEW: &str = "\"\"\"Helpers for asyncio.\"\"\"\n";

/// The modules that the configurations of a run name.
#[derive(Debug, Clone, Default)]
pub(crate) struct HelperModules {
    /// The file of a module, by the folder of the project whose configuration names it, and its name.
    files: HashMap<(PathBuf, String), PathBuf>,
    by_file: HashMap<PathBuf, Known>,
    /// By the folder of the project whose configuration names it, and its name.
    keepers: HashMap<(PathBuf, String), (Arc<Keeper>, PathBuf)>,
}

/// A module, with the helpers that it has already.
#[derive(Debug, Clone)]
struct Known {
    module: Arc<HelperModule>,
    present: Vec<&'static str>,
}

/// What a file will import from the module for helpers of its project.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// The file.
    pub(crate) by: PathBuf,
    /// That of the module.
    pub(crate) module: PathBuf,
    /// By their names there.
    pub(crate) helpers: Vec<&'static str>,
}

impl HelperModules {
    /// Finds the modules that the settings of `inputs` name.
    ///
    /// # Errors
    /// Where one has no place in its project, cannot take the helpers, or lacks what it should have.
    pub(crate) fn find(inputs: &[Input], resolver: &Resolver, engine: &Engine) -> Result<Self> {
        let mut found = Self::default();
        for input in inputs {
            let settings = &input.settings;
            let Some(folder) = input.path.parent() else {
                continue;
            };
            if settings.helper_module.is_none() && settings.keeper.is_none() {
                continue;
            }
            let project = engine.roots.project_folder(folder);
            let roots = || {
                let mut roots = engine.roots.of_project(project).to_vec();
                roots.extend(engine.roots.of_all(inputs));
                roots
            };
            if let Some(name) = &settings.helper_module {
                let key = (project.to_path_buf(), name.clone());
                if let Entry::Vacant(entry) = found.files.entry(key) {
                    let search = Search::new(name, roots(), resolver, engine);
                    let (path, known) = search
                        .helper_module(input.is_stdin)
                        .with_context(|| format!("helper-module = \"{name}\""))?;
                    entry.insert(path.clone());
                    found.by_file.entry(path).or_insert(known);
                }
            }
            if let Some(name) = &settings.keeper {
                let key = (project.to_path_buf(), name.clone());
                if let Entry::Vacant(entry) = found.keepers.entry(key) {
                    let (module, function) = name.rsplit_once('.').unwrap_or(("", name));
                    let search = Search::new(module, roots(), resolver, engine);
                    let keeper = search
                        .keeper(function)
                        .with_context(|| format!("retain-task.helper = \"{name}\""))?;
                    let (keeper, path) = keeper;
                    entry.insert((Arc::new(keeper), path));
                }
            }
        }
        Ok(found)
    }

    /// Whether no module is to get helpers.
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The module that the file `input` is or imports helpers from, with where it is.
    pub(crate) fn of(&self, input: &Input, engine: &Engine) -> Option<(&Path, Arc<HelperModule>)> {
        let path = if self.by_file.contains_key(&input.path) {
            &input.path
        } else {
            let name = input.settings.helper_module.as_ref()?;
            self.files.get(&key(input, name, engine)?)?
        };
        let (path, known) = self.by_file.get_key_value(path)?;
        Some((path, Arc::clone(&known.module)))
    }

    /// The function that keeps the tasks of the file `input`.
    pub(crate) fn keeper(&self, input: &Input, engine: &Engine) -> Option<Arc<Keeper>> {
        let name = input.settings.keeper.as_ref()?;
        let (keeper, _) = self.keepers.get(&key(input, name, engine)?)?;
        Some(Arc::clone(keeper))
    }

    /// The file of that function.
    pub(crate) fn keeper_file(&self, input: &Input, engine: &Engine) -> Option<&Path> {
        let name = input.settings.keeper.as_ref()?;
        let (_, path) = self.keepers.get(&key(input, name, engine)?)?;
        Some(path)
    }

    /// Whether the file at `path` is one of the modules.
    pub(crate) fn has(&self, path: &Path) -> bool {
        self.by_file.contains_key(path)
    }

    /// The same modules, of which nothing else is wanted than `wanted`.
    #[must_use]
    pub(crate) fn wanting(&self, wanted: &[Wanted]) -> Self {
        let mut modules = self.clone();
        for known in modules.by_file.values_mut() {
            Arc::make_mut(&mut known.module).wanted.clear();
        }
        modules.want(wanted);
        modules
    }

    /// Notes which helpers have to be in which module.
    pub(crate) fn want(&mut self, wanted: &[Wanted]) {
        for wanted in wanted {
            let Some(known) = self.by_file.get_mut(&wanted.module) else {
                continue;
            };
            let missing = wanted
                .helpers
                .iter()
                .filter(|it| !known.present.contains(it));
            let missing: Vec<String> = missing.map(ToString::to_string).collect();
            Arc::make_mut(&mut known.module).wanted.extend(missing);
        }
    }

    /// Whether the module of `wanted` has to get something for it.
    pub(crate) fn lacks(&self, wanted: &Wanted) -> bool {
        let known = self.by_file.get(&wanted.module);
        known.is_some_and(|known| {
            let mut helpers = wanted.helpers.iter();
            helpers.any(|it| known.module.wanted.contains(*it))
        })
    }

    /// Where the modules are that have to get something.
    pub(crate) fn in_want(&self) -> impl Iterator<Item = &Path> {
        let in_want = (self.by_file.iter()).filter(|(_, known)| !known.module.wanted.is_empty());
        in_want.map(|(path, _)| path.as_path())
    }
}

fn key(input: &Input, name: &str, engine: &Engine) -> Option<(PathBuf, String)> {
    let project = engine.roots.project_folder(input.path.parent()?);
    Some((project.to_path_buf(), name.to_owned()))
}

/// The search for one module.
struct Search<'s> {
    name: &'s str,
    roots: Vec<PathBuf>,
    resolver: &'s Resolver,
    engine: &'s Engine,
}

impl<'s> Search<'s> {
    fn new(name: &'s str, roots: Vec<PathBuf>, resolver: &'s Resolver, engine: &'s Engine) -> Self {
        Self {
            name,
            roots,
            resolver,
            engine,
        }
    }

    /// The module that gets helpers, and its file. `as_it_is`: nothing will be added to it.
    fn helper_module(&self, as_it_is: bool) -> Result<(PathBuf, Known)> {
        let path = self.place()?;
        self.check_links(&path)?;
        let folder = path.parent().context("it lies in no folder")?;
        let settings = self.resolver.settings(folder)?;
        let target = settings.target(&path).version;
        let mut offers: BTreeSet<String> = helpers::names(target).map(str::to_owned).collect();
        let mut present = Vec::new();
        if path.is_file() {
            let name = self.resolver.here.name(&path);
            if let Some(taken) = self.read(&path, target, helpers::taken)?.first() {
                bail!("{name} uses the name `{taken}` for something else; name another module");
            }
            present = self.read(&path, target, helpers::present)?;
        }
        if as_it_is {
            offers = present.iter().map(ToString::to_string).collect();
        }
        let module = Arc::new(HelperModule {
            module: self.importable(),
            target,
            offers,
            wanted: BTreeSet::new(),
        });
        Ok((path, Known { module, present }))
    }

    /// The function `function` of the module, and its file.
    fn keeper(&self, function: &str) -> Result<(Keeper, PathBuf)> {
        let path = self.file_of(self.name).ok_or_else(|| {
            let name = self.name;
            anyhow!("no project among the files of this run has a module {name}")
        })?;
        let names = self.read(&path, PythonVersion::default(), helpers::functions)?;
        if !names.iter().any(|name| name == function) {
            let name = self.resolver.here.name(&path);
            bail!("{name} has no function `{function}`");
        }
        let keeper = Keeper {
            module: self.importable(),
            function: function.to_owned(),
        };
        Ok((keeper, path))
    }

    /// What `question` makes of the file at `path`.
    fn read<T: Send + 'static>(
        &self,
        path: &Path,
        target: PythonVersion,
        question: fn(&Source<'_>) -> T,
    ) -> Result<T> {
        let name = self.resolver.here.name(path);
        let unreadable = || anyhow!("cannot read {name} as Python; mend it first");
        let answer = self.engine.ask(path, target, question);
        answer.ok_or_else(unreadable)
    }

    /// Where the module is, or should be.
    fn place(&self) -> Result<PathBuf> {
        if let Some(path) = self.file_of(self.name) {
            return Ok(path);
        }
        let (package, last) = match self.name.rsplit_once('.') {
            Some((package, last)) => (package.replace('.', "/"), last),
            None => (String::new(), self.name),
        };
        let mut folders = self.roots.iter().map(|root| root.join(&package));
        let folder = folders.find(|folder| folder.is_dir());
        let folder = folder.ok_or_else(|| {
            anyhow!("no project among the files of this run has a folder {package}")
        })?;
        Ok(folder.join(format!("{last}.py")))
    }

    /// Fails where a link on the way to `path` leads to another module or out of the project: no configuration
    /// has anything written elsewhere.
    fn check_links(&self, path: &Path) -> Result<()> {
        let name = self.resolver.here.name(path);
        let there = path.ancestors().find(|it| it.symlink_metadata().is_ok());
        let there = there.unwrap_or(path);
        let real = dunce::canonicalize(there)
            .with_context(|| format!("cannot tell where {name} leads"))?;
        let leads_nowhere_else = self.roots.iter().any(|root| {
            let below = there.strip_prefix(root).ok();
            below
                .is_some_and(|it| dunce::canonicalize(root).is_ok_and(|root| root.join(it) == real))
        });
        if !leads_nowhere_else {
            bail!(
                "{name} is a link to {}; name another module",
                real.display()
            );
        }
        Ok(())
    }

    /// The file of the module `name`, if the projects have one.
    fn file_of(&self, name: &str) -> Option<PathBuf> {
        let path = name.replace('.', "/");
        self.roots.iter().find_map(|root| {
            let package = root.join(&path).join("__init__.py");
            let module = root.join(format!("{path}.py"));
            [package, module].into_iter().find(|it| it.is_file())
        })
    }

    /// The module with what importing it imports.
    fn importable(&self) -> Importable {
        let ends = self.name.match_indices('.').map(|(at, _)| at);
        let packages: Vec<&str> = ends.map(|end| &self.name[..end]).collect();
        Importable {
            name: self.name.to_owned(),
            // Its packages are there, as far as it needs them, before it is.
            reaches: self.imported_with(self.name, &packages),
            packages: (packages.iter())
                .map(|package| ((*package).to_owned(), self.imported_with(package, &[])))
                .collect(),
        }
    }

    /// The modules of the projects that are imported when `module` is, those `there` before left out,
    /// unless something is taken from one that is no module.
    fn imported_with(&self, module: &str, there: &[&str]) -> HashSet<String> {
        let mut reached: HashSet<String> = HashSet::new();
        let mut left = vec![module.to_owned()];
        while let Some(name) = left.pop() {
            let Some(path) = self.file_of(&name) else {
                continue;
            };
            let imported = self.read(&path, PythonVersion::default(), helpers::imports);
            for imported in imported.unwrap_or_default() {
                let is_module = self.file_of(&imported).is_some();
                let parent = imported.rsplit_once('.').map(|(parent, _)| parent);
                if let Some(parent) = parent.filter(|it| !is_module && there.contains(it)) {
                    if reached.insert(parent.to_owned()) {
                        left.push(parent.to_owned());
                    }
                    continue;
                }
                let ends = imported.match_indices('.').map(|(at, _)| at);
                for end in ends.chain([imported.len()]) {
                    let name = &imported[..end];
                    let is_new = name != module && !there.contains(&name);
                    if is_new && reached.insert(name.to_owned()) {
                        left.push(name.to_owned());
                    }
                }
            }
        }
        reached
    }
}
