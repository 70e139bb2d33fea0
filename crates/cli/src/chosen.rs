//! What the command line says, checked, and how it goes before the configuration.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use asyncmend::parts::selection::Selection;
use asyncmend_pipeline::Consent;

use crate::args::{ChoiceArgs, FileArgs, TypeArgs};
use crate::config::Config;
use crate::here::Here;
use crate::inference;
use crate::names::{self, Choice, Wrong};
use crate::patience::USUAL_TIME_LIMIT;
use crate::patterns::Patterns;
use crate::plan::{self, Plan, Word};
use crate::project::Facts;
use crate::settings::{Settings, TypeSettings};
use crate::target::{self, Target};

/// What is left out unless `exclude` says otherwise: Ruff's list, and compiled files.
pub(crate) const USUAL_EXCLUDES: [&str; 27] = [
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".git-rewrite",
    ".hg",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    ".vscode",
    "__pycache__",
    "__pypackages__",
    "_build",
    "buck-out",
    "build",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
];

/// Files of real projects take some hundredths of a second, the worst ones three. Only what would take
/// for ever should meet this, on a busy machine too: then the result does not depend on the machine.
pub(crate) const USUAL_TYPE_BUDGET: Duration = Duration::from_secs(30);

/// The choices of the command line.
pub(crate) struct Chosen {
    select: Option<Vec<Choice>>,
    ignore: Vec<Choice>,
    target: Option<Target>,
    /// `--accept`, `--reject`, and `--unsafe-fixes` or `--strict`, with which the configuration's do not count.
    cautions: Word,
    exclude: Option<Patterns>,
    extend_exclude: Patterns,
    usual_excludes: Patterns,
    no_types: bool,
    site_packages: Option<Arc<[String]>>,
    type_budget: Option<NonZeroU32>,
    time_limit: Option<NonZeroU32>,
}

impl Chosen {
    /// # Errors
    /// Where a name, a version or a glob is wrong.
    pub(crate) fn new(
        here: &Here,
        files: &FileArgs,
        choices: &ChoiceArgs,
        types: &TypeArgs,
    ) -> Result<Self> {
        let globs = |option, globs: &[String]| {
            Patterns::new(here.path(), globs).with_context(|| format!("--{option}"))
        };
        let caution = |code: &str| Ok(names::caution(code)?.code);
        let select = choices.select.as_deref();
        let exclude = files.exclude.as_deref();
        let target = choices.target_version.as_deref().map(target::version);
        Ok(Self {
            select: select
                .map(|names| list("select", names, names::choice))
                .transpose()?,
            ignore: list("ignore", &choices.ignore, names::choice)?,
            target: target
                .transpose()
                .context("--target-version")?
                .map(|version| Target::new(version, "--target-version")),
            cautions: Word {
                accept: list("accept", &choices.accept, caution)?,
                reject: list("reject", &choices.reject, caution)?,
                ..Word::on_all(choices.unsafe_fixes, choices.strict)
            },
            exclude: exclude.map(|list| globs("exclude", list)).transpose()?,
            extend_exclude: globs("extend-exclude", &files.extend_exclude)?,
            usual_excludes: Patterns::new(here.path(), &USUAL_EXCLUDES)?,
            no_types: types.no_types,
            site_packages: (types.python.as_deref())
                .map(inference::site_packages)
                .transpose()
                .context("--python")?,
            type_budget: types.type_budget,
            time_limit: files.time_limit,
        })
    }

    /// These choices, and what `facts` say where they leave something open.
    pub(crate) fn over(&self, facts: Facts) -> Settings {
        let silent = Config::default();
        let config = facts.config.as_deref().unwrap_or(&silent);
        let target = (self.target.clone())
            .or_else(|| config.target_version.clone())
            .or_else(|| facts.python.clone())
            .unwrap_or_default();
        Settings {
            exclude: self.excludes(config),
            plan: Plan {
                selection: Selection {
                    select_now: self.select.clone(),
                    ignore_now: self.ignore.clone(),
                    select: config.select.clone().unwrap_or_else(|| vec![Choice::All]),
                    ignore: config.ignore.clone().unwrap_or_default(),
                },
                consent: self.consent(config),
                line_width: facts.line_width,
                types_are_checked: facts.types_are_checked,
                imports: facts.imports,
                preferences: Arc::new(config.preferences()),
            },
            per_file_ignores: config.per_file_ignores.clone().unwrap_or_default(),
            target,
            per_file_target: match (&self.target, &config.per_file_target_version) {
                (None, Some(targets)) => targets.clone(),
                _ => Vec::new(),
            },
            helper_module: config.helper_module.clone(),
            keeper: config.retain_task.helper.clone(),
            types: TypeSettings {
                wanted: !self.no_types
                    && (self.site_packages.is_some() || config.types.unwrap_or(true)),
                site_packages: (self.site_packages.clone())
                    .or_else(|| config.site_packages.clone()),
                budget: (self.type_budget.or(config.type_budget))
                    .map_or(USUAL_TYPE_BUDGET, seconds),
            },
            time_limit: (self.time_limit.or(config.time_limit)).map_or(USUAL_TIME_LIMIT, seconds),
            facts,
        }
    }

    fn excludes(&self, config: &Config) -> Vec<Patterns> {
        let exclude = self.exclude.as_ref().or(config.exclude.as_ref());
        let base = exclude.unwrap_or(&self.usual_excludes);
        let mut excludes = vec![base.clone(), self.extend_exclude.clone()];
        excludes.extend_from_slice(&config.extend_exclude);
        excludes
    }

    fn consent(&self, config: &Config) -> Consent {
        let configured = Word {
            base: None,
            accept: config.accept.clone().unwrap_or_default(),
            reject: config.reject.clone().unwrap_or_default(),
        };
        plan::consent(&configured, &self.cautions, config.gather.errors)
    }
}

fn seconds(count: NonZeroU32) -> Duration {
    Duration::from_secs(count.get().into())
}

/// The values of an option that takes a list, each read by `read`.
fn list<T>(
    option: &str,
    values: &[String],
    read: impl Fn(&str) -> Result<T, Wrong>,
) -> Result<Vec<T>> {
    values
        .iter()
        .map(|value| value.trim())
        .filter(|value| !value.is_empty())
        .map(|value| read(value).with_context(|| format!("--{option}")))
        .collect()
}
