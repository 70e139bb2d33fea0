//! What holds for each file, found folder by folder.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use asyncmend_pipeline::Transform;

use crate::args::{ChoiceArgs, FileArgs, TypeArgs};
use crate::chosen::Chosen;
use crate::config::Config;
use crate::here::Here;
use crate::names::Choice;
use crate::patterns::Patterns;
use crate::plan::Plan;
use crate::project::{Facts, Warning};
use crate::target::Target;

/// What holds for the files of one folder.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) facts: Facts,
    pub(crate) exclude: Vec<Patterns>,
    /// What is wanted of them.
    pub(crate) plan: Plan,
    /// All that cover a file count.
    pub(crate) per_file_ignores: Vec<(Patterns, Vec<Choice>)>,
    pub(crate) target: Target,
    pub(crate) per_file_target: Vec<(Patterns, Target)>,
    /// The module that gets the helpers of all others, by its dotted name.
    pub(crate) helper_module: Option<String>,
    /// The project's own function that keeps tasks, by its dotted name.
    pub(crate) keeper: Option<String>,
    /// Whether and how types are inferred.
    pub(crate) types: TypeSettings,
    /// How long the work on one file may take, types aside.
    pub(crate) time_limit: Duration,
}

/// Whether and how the types in a file are inferred.
#[derive(Debug, Clone)]
#[cfg_attr(not(feature = "types"), expect(dead_code))]
pub(crate) struct TypeSettings {
    pub(crate) wanted: bool,
    /// The folders with the packages of the environment that the user named.
    pub(crate) site_packages: Option<Arc<[String]>>,
    /// How long it may take for one file.
    pub(crate) budget: Duration,
}

impl Settings {
    /// Whether this file or folder itself is to be left out of a walk.
    pub(crate) fn excludes(&self, path: &Path) -> bool {
        self.exclude.iter().any(|patterns| patterns.matches(path))
    }

    /// Whether this file or a folder around it is to be left out.
    pub(crate) fn excludes_below(&self, path: &Path) -> bool {
        self.exclude.iter().any(|patterns| patterns.cover(path))
    }

    /// The Python that a file has to run on.
    pub(crate) fn target(&self, path: &Path) -> &Target {
        self.per_file_target
            .iter()
            .find(|(patterns, _)| patterns.cover(path))
            .map_or(&self.target, |(_, target)| target)
    }

    /// The transforms to run on a file that has to run on `target`, in order.
    pub(crate) fn transforms(&self, path: &Path, target: &Target) -> Vec<&'static Transform> {
        let all = self.per_file_ignores.iter();
        let ignored = all.filter(|(patterns, _)| patterns.cover(path));
        let ignored: Vec<Choice> = ignored.flat_map(|(_, it)| it).copied().collect();
        self.plan.transforms(target.version, &ignored)
    }
}

/// Finds what holds for each file, and remembers it by folder.
pub(crate) struct Resolver {
    pub(crate) here: Here,
    chosen: Chosen,
    source: Source,
    folders: Mutex<HashMap<PathBuf, Arc<Settings>>>,
    warnings: Mutex<Vec<Warning>>,
}

/// Where configuration is taken from.
enum Source {
    /// The nearest file upwards.
    Nearest,
    /// `--config`.
    This(Arc<Config>),
    /// `--isolated`: no file about the project is read at all, as for Ruff.
    Nowhere,
}

impl Resolver {
    /// # Errors
    /// Where the command line names something that does not exist.
    pub(crate) fn new(
        here: Here,
        files: &FileArgs,
        choices: &ChoiceArgs,
        types: &TypeArgs,
    ) -> Result<Self> {
        let chosen = Chosen::new(&here, files, choices, types)?;
        let source = match &choices.config {
            _ if choices.isolated => Source::Nowhere,
            Some(path) => Source::This(Arc::new(named_config(path, &here)?)),
            None => Source::Nearest,
        };
        Ok(Self {
            here,
            chosen,
            source,
            folders: Mutex::default(),
            warnings: Mutex::default(),
        })
    }

    /// What holds for the files directly in `folder`, which is absolute.
    pub(crate) fn settings(&self, folder: &Path) -> Result<Arc<Settings>> {
        if let Some(known) = locked(&self.folders).get(folder) {
            return Ok(Arc::clone(known));
        }
        let settings = match folder.parent() {
            Some(parent) => {
                let around = self.settings(parent)?;
                match self.facts(folder)? {
                    Some(own) => Arc::new(self.chosen.over(own.or(&around.facts))),
                    None => around,
                }
            }
            None => Arc::new(self.chosen.over(self.outermost_facts())),
        };
        locked(&self.folders).insert(folder.to_path_buf(), Arc::clone(&settings));
        Ok(settings)
    }

    /// What was strange in project files, each said once.
    pub(crate) fn warnings(&self) -> Vec<Warning> {
        let mut warnings = std::mem::take(&mut *locked(&self.warnings));
        warnings.sort();
        warnings.dedup();
        warnings
    }

    fn facts(&self, folder: &Path) -> Result<Option<Facts>> {
        let mut warn = |warning| locked(&self.warnings).push(warning);
        match self.source {
            Source::Nearest => Facts::read(folder, true, &self.here, &mut warn),
            Source::This(_) => Facts::read(folder, false, &self.here, &mut warn),
            Source::Nowhere => Ok(None),
        }
    }

    fn outermost_facts(&self) -> Facts {
        Facts {
            config: match &self.source {
                Source::This(config) => Some(Arc::clone(config)),
                Source::Nearest | Source::Nowhere => None,
            },
            ..Facts::default()
        }
    }
}

/// Nobody panics while holding one of our locks, and what they guard is whole at every step.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The configuration that `--config` names.
fn named_config(path: &Path, here: &Here) -> Result<Config> {
    let absolute = dunce::canonicalize(path)
        .with_context(|| format!("--config: cannot read {}", path.display()))?;
    match Config::load(&absolute, here)? {
        Some(config) => Ok(config),
        None => bail!("--config: no [tool.asyncmend] in {}", path.display()),
    }
}
