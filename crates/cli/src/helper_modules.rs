//! The modules in which a project has its helpers written once: `helper-module = "app.aio"`.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use asyncmend_pipeline::{HelperModule, PythonVersion, Source};
use asyncmend_transforms::helpers;

use crate::mend::Engine;
use crate::settings::Resolver;
use crate::walk::Input;

/// What a new one begins with.
pub(crate) const NEW: &str = "\"\"\"Helpers for asyncio.\"\"\"\n";

/// The modules that the configurations of a run name.
#[derive(Debug, Default)]
pub(crate) struct HelperModules {
    /// By the folder of the project whose configuration names it, and its name.
    by_name: HashMap<(PathBuf, String), Arc<HelperModule>>,
    by_path: HashMap<PathBuf, Known>,
}

/// A module, with the helpers that it has already.
#[derive(Debug)]
struct Known {
    module: Arc<HelperModule>,
    present: Vec<&'static str>,
}

impl HelperModules {
    /// Finds the modules that the settings of `inputs` name.
    ///
    /// # Errors
    /// Where one has no place in its project, or cannot take the helpers.
    pub(crate) fn find(inputs: &[Input], resolver: &Resolver, engine: &Engine) -> Result<Self> {
        let mut found = Self::default();
        for input in inputs {
            let (Some(name), Some(folder)) = (&input.settings.helper_module, input.path.parent())
            else {
                continue;
            };
            let project = engine.roots.project_folder(folder);
            let key = (project.to_path_buf(), name.clone());
            if found.by_name.contains_key(&key) {
                continue;
            }
            let mut roots = engine.roots.of_project(project).to_vec();
            roots.extend(engine.roots.of_all(inputs));
            let search = Search {
                name,
                roots: &roots,
                resolver,
                engine,
            };
            let (path, known) = search
                .module(input.is_stdin)
                .with_context(|| format!("helper-module = \"{name}\""))?;
            found.by_name.insert(key, Arc::clone(&known.module));
            found.by_path.insert(path, known);
        }
        Ok(found)
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// The one that the file `input` is or imports from.
    pub(crate) fn of(&self, input: &Input, engine: &Engine) -> Option<Arc<HelperModule>> {
        if let Some(known) = self.by_path.get(&input.path) {
            return Some(Arc::clone(&known.module));
        }
        let name = input.settings.helper_module.as_ref()?;
        let project = engine.roots.project_folder(input.path.parent()?);
        let key = (project.to_path_buf(), name.clone());
        self.by_name.get(&key).map(Arc::clone)
    }

    /// Notes which helpers have to be in which module, by its name.
    pub(crate) fn want(&mut self, wanted: &[(String, Vec<&str>)]) {
        for known in self.by_path.values_mut() {
            let name = known.module.name.clone();
            let of_it = wanted.iter().filter(|(module, _)| *module == name);
            let missing = of_it
                .flat_map(|(_, helpers)| helpers)
                .filter(|helper| !known.present.contains(helper));
            let module = Arc::make_mut(&mut known.module);
            module.wanted.extend(missing.map(ToString::to_string));
        }
    }

    /// Where the modules are that have to get something.
    pub(crate) fn in_want(&self) -> impl Iterator<Item = &Path> {
        let in_want = (self.by_path.iter()).filter(|(_, known)| !known.module.wanted.is_empty());
        in_want.map(|(path, _)| path.as_path())
    }
}

/// The search for one module.
struct Search<'s> {
    name: &'s str,
    roots: &'s [PathBuf],
    resolver: &'s Resolver,
    engine: &'s Engine,
}

impl Search<'_> {
    /// The module and its file. `as_it_is`: nothing will be added to it.
    fn module(&self, as_it_is: bool) -> Result<(PathBuf, Known)> {
        let path = self.place()?;
        let folder = path.parent().context("it lies in no folder")?;
        let settings = self.resolver.settings(folder)?;
        let target = settings.target(&path).version;
        let mut module = HelperModule {
            name: self.name.to_owned(),
            offers: helpers::names(target).map(str::to_owned).collect(),
            ..HelperModule::default()
        };
        let mut present = Vec::new();
        if path.is_file() {
            let read = |question: fn(&Source<'_>) -> Vec<&'static str>| {
                self.engine.ask(&path, target, question)
            };
            let name = self.resolver.here.name(&path);
            let unreadable = || anyhow!("cannot read {name} as Python; mend it first");
            let taken = read(helpers::taken).ok_or_else(unreadable)?;
            if let Some(taken) = taken.first() {
                bail!("{name} uses the name `{taken}` for something else; name another module");
            }
            present = read(helpers::present).ok_or_else(unreadable)?;
            module.reaches = self.reach();
        }
        if as_it_is {
            module.offers = present.iter().map(ToString::to_string).collect();
        }
        let module = Arc::new(module);
        Ok((path, Known { module, present }))
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
        let folder =
            folder.ok_or_else(|| anyhow!("no project of this run has a folder {package}"))?;
        Ok(folder.join(format!("{last}.py")))
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

    /// The modules that are imported when the module is, its own packages left out: those are there, as
    /// far as it needs them, before it is.
    fn reach(&self) -> HashSet<String> {
        let is_around = |name: &str| {
            let rest = self.name.strip_prefix(name);
            rest.is_some_and(|rest| rest.starts_with('.'))
        };
        let mut reached = HashSet::new();
        let mut left: BTreeSet<String> = BTreeSet::from([self.name.to_owned()]);
        while let Some(name) = left.pop_first() {
            let Some(path) = self.file_of(&name) else {
                continue;
            };
            let version = PythonVersion::default();
            let imported = (self.engine).ask(&path, version, helpers::imports);
            for imported in imported.unwrap_or_default() {
                let mut ends: Vec<usize> = imported.match_indices('.').map(|(at, _)| at).collect();
                ends.push(imported.len());
                let names = ends.into_iter().map(|end| &imported[..end]);
                for name in names.filter(|name| *name != self.name) {
                    if is_around(name) {
                        if name == imported {
                            reached.insert(name.to_owned());
                        }
                    } else if reached.insert(name.to_owned()) {
                        left.insert(name.to_owned());
                    }
                }
            }
        }
        reached
    }
}
