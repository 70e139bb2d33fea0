//! What `[tool.asyncmend]` and `asyncmend.toml` say.

mod document;

use std::num::NonZeroU32;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use asyncmend_pipeline::{Errors, NamePatterns, Preferences, Style};

pub(crate) use document::Document;
use document::{Value, in_file_order};

use crate::disk;
use crate::here::Here;
use crate::inference;
use crate::names::{self, Choice, ERRORS, RETAIN_TASK_STYLES, STYLES};
use crate::patterns::Patterns;
use crate::target::{self, Target};

/// The name of a configuration file of its own.
pub(crate) const OWN_FILE: &str = "asyncmend.toml";

/// Every key, as messages list them.
const KEYS: [&str; 20] = [
    "accept",
    "coroutine-functions",
    "exclude",
    "extend",
    "extend-exclude",
    "gather",
    "helper-module",
    "ignore",
    "per-file-ignores",
    "per-file-target-version",
    "python",
    "reject",
    "retain-task",
    "select",
    "target-version",
    "task-holders",
    "time-limit",
    "type-budget",
    "types",
    "wait-for",
];

/// Those that hold a table of keys of ours.
const TABLES: [&str; 3] = ["gather", "retain-task", "wait-for"];

/// What a file says under a key.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    /// `select`, `gather.style`.
    pub(crate) key: String,
    pub(crate) value: serde_json::Value,
    /// `pyproject.toml:12`.
    pub(crate) place: String,
}

/// One configuration, with what it inherits.
#[derive(Debug, Clone, Default)]
pub(crate) struct Config {
    /// What counts of it, in its own words.
    pub(crate) said: Vec<Said>,
    pub(crate) target_version: Option<Target>,
    /// The first that covers a file counts.
    pub(crate) per_file_target_version: Option<Vec<(Patterns, Target)>>,
    pub(crate) select: Option<Vec<Choice>>,
    pub(crate) ignore: Option<Vec<Choice>>,
    /// All that cover a file count.
    pub(crate) per_file_ignores: Option<Vec<(Patterns, Vec<Choice>)>>,
    /// Codes of cautions.
    pub(crate) accept: Option<Vec<&'static str>>,
    /// Codes of cautions.
    pub(crate) reject: Option<Vec<&'static str>>,
    pub(crate) exclude: Option<Patterns>,
    pub(crate) extend_exclude: Vec<Patterns>,
    /// The folders with the packages of the project's environment.
    pub(crate) site_packages: Option<Arc<[String]>>,
    pub(crate) types: Option<bool>,
    pub(crate) time_limit: Option<NonZeroU32>,
    pub(crate) type_budget: Option<NonZeroU32>,
    pub(crate) coroutine_functions: Option<NamePatterns>,
    pub(crate) task_holders: Option<NamePatterns>,
    /// A dotted name.
    pub(crate) helper_module: Option<String>,
    pub(crate) retain_task: TransformConfig,
    pub(crate) gather: TransformConfig,
    pub(crate) wait_for: TransformConfig,
}

/// What the table of one transform says.
#[derive(Debug, Clone, Default)]
pub(crate) struct TransformConfig {
    pub(crate) style: Option<Style>,
    /// Of `gather`.
    pub(crate) errors: Option<Errors>,
    /// Of `retain-task`: a dotted name.
    pub(crate) helper: Option<String>,
}

impl TransformConfig {
    fn or(self, parent: Self) -> Self {
        Self {
            style: self.style.or(parent.style),
            errors: self.errors.or(parent.errors),
            helper: self.helper.or(parent.helper),
        }
    }
}

impl Config {
    /// The configuration in the file at `path`, which is absolute; none where it is a
    /// `pyproject.toml` without a word for us.
    pub(crate) fn load(path: &Path, here: &Here) -> Result<Option<Self>> {
        load(path, here, &mut Vec::new())
    }

    /// The configuration that `document` holds; none as above.
    pub(crate) fn read(document: &Document, here: &Here) -> Result<Option<Self>> {
        read(document, here, &mut Vec::new())
    }

    /// Takes over the value of one key. Relative globs are relative to `folder`.
    fn set(&mut self, key: &str, value: &Value, document: &Document, folder: &Path) -> Result<()> {
        let choices = |value| document.list(value, names::choice);
        let cautions = |value| document.list(value, |code| Ok(names::caution(code)?.code));
        let globs = |value| {
            let globs = document.list(value, |glob| Ok(glob.to_owned()))?;
            document.locate(&value.span(), Patterns::new(folder, &globs))
        };
        let names = |value| {
            let patterns = document.list(value, Ok)?;
            let patterns = NamePatterns::new(patterns).map_err(|error| anyhow!(error));
            document.locate(&value.span(), patterns)
        };
        match key {
            "target-version" => self.target_version = Some(target(value, key, document)?),
            "per-file-target-version" => {
                let read = |value: &_| target(value, key, document);
                self.per_file_target_version = Some(per_file(value, document, folder, read)?);
            }
            "select" => self.select = Some(choices(value)?),
            "ignore" => self.ignore = Some(choices(value)?),
            "per-file-ignores" => {
                self.per_file_ignores = Some(per_file(value, document, folder, choices)?);
            }
            "accept" => self.accept = Some(cautions(value)?),
            "reject" => self.reject = Some(cautions(value)?),
            "exclude" => self.exclude = Some(globs(value)?),
            "extend-exclude" => self.extend_exclude.push(globs(value)?),
            "python" => {
                let path = folder.join(document.string(value)?);
                let found = inference::site_packages(&path);
                self.site_packages = Some(document.locate(&value.span(), found)?);
            }
            "coroutine-functions" => self.coroutine_functions = Some(names(value)?),
            "task-holders" => self.task_holders = Some(names(value)?),
            "helper-module" => {
                self.helper_module = Some(dotted(value, "app.aio", document)?);
            }
            "retain-task" => self.retain_task = retain_task(value, document)?,
            "gather" => self.gather = gather(value, document)?,
            "wait-for" => self.wait_for = wait_for(value, document)?,
            "types" => self.types = Some(document.boolean(value)?),
            "time-limit" => self.time_limit = Some(document.positive(value)?),
            "type-budget" => self.type_budget = Some(document.positive(value)?),
            _ => unreachable!("every other key of KEYS is handled by the caller"),
        }
        Ok(())
    }

    /// Keeps in mind what is said under a key, or under each of the keys of a transform's table.
    fn note(&mut self, key: &str, value: &Value, document: &Document) {
        let mut note = |key: String, value: &Value| {
            self.said.push(Said {
                key,
                value: document::json(value),
                place: document.place(&value.span()),
            });
        };
        match value.get_ref().as_table() {
            Some(table) if TABLES.contains(&key) => {
                for (inner, value) in in_file_order(table) {
                    note(format!("{key}.{}", inner.get_ref()), value);
                }
            }
            _ => note(key.to_owned(), value),
        }
    }

    /// This configuration, and `parent`'s word where it is silent.
    fn or(self, parent: Self) -> Self {
        let own: Vec<String> = self.said.iter().map(|said| said.key.clone()).collect();
        let adds = |said: &Said| said.key == "extend-exclude" || !own.contains(&said.key);
        let inherited = parent.said.into_iter().filter(adds);
        Self {
            said: self.said.into_iter().chain(inherited).collect(),
            target_version: self.target_version.or(parent.target_version),
            per_file_target_version: self
                .per_file_target_version
                .or(parent.per_file_target_version),
            select: self.select.or(parent.select),
            ignore: self.ignore.or(parent.ignore),
            per_file_ignores: self.per_file_ignores.or(parent.per_file_ignores),
            accept: self.accept.or(parent.accept),
            reject: self.reject.or(parent.reject),
            exclude: self.exclude.or(parent.exclude),
            extend_exclude: [self.extend_exclude, parent.extend_exclude].concat(),
            site_packages: self.site_packages.or(parent.site_packages),
            types: self.types.or(parent.types),
            time_limit: self.time_limit.or(parent.time_limit),
            type_budget: self.type_budget.or(parent.type_budget),
            coroutine_functions: self.coroutine_functions.or(parent.coroutine_functions),
            task_holders: self.task_holders.or(parent.task_holders),
            helper_module: self.helper_module.or(parent.helper_module),
            retain_task: self.retain_task.or(parent.retain_task),
            gather: self.gather.or(parent.gather),
            wait_for: self.wait_for.or(parent.wait_for),
        }
    }

    /// What it says about code.
    pub(crate) fn preferences(&self) -> Preferences {
        Preferences {
            retain_task: self.retain_task.style.unwrap_or_default(),
            gather: self.gather.style.unwrap_or_default(),
            errors: self.gather.errors.unwrap_or_default(),
            wait_for: self.wait_for.style.unwrap_or_default(),
            coroutine_functions: self.coroutine_functions.clone().unwrap_or_default(),
            task_holders: self.task_holders.clone().unwrap_or_default(),
        }
    }
}

/// `heirs` are the files that extend this one, to notice a circle.
fn load(path: &Path, here: &Here, heirs: &mut Vec<PathBuf>) -> Result<Option<Config>> {
    let name = here.name(path);
    let text = disk::load_text(path).with_context(|| format!("cannot read {name}"))?;
    read(&Document::parse(path, name, &text)?, here, heirs)
}

fn read(document: &Document, here: &Here, heirs: &mut Vec<PathBuf>) -> Result<Option<Config>> {
    let entries = if document.path.ends_with("pyproject.toml") {
        let Some(section) = document.get(&["tool", "asyncmend"]) else {
            return Ok(None);
        };
        document.table(section)?
    } else {
        in_file_order(document.root())
    };
    let folder = document.path.parent().unwrap_or(Path::new("/"));
    let mut config = Config::default();
    let mut parent = None;
    for (key, value) in entries {
        let name = key.get_ref().as_ref();
        if name == "extend" {
            parent = Some((folder.join(document.string(value)?), value.span()));
        } else if KEYS.contains(&name) {
            config.set(name, value, document, folder)?;
            config.note(name, value, document);
        } else {
            let remedy = if name == "tool" {
                "; outside of a pyproject.toml the keys stand at the top, not under [tool.asyncmend]".to_owned()
            } else {
                names::remedy(name, &KEYS)
            };
            document.locate(&key.span(), Err(anyhow!("unknown key `{name}`{remedy}")))?;
        }
    }
    let Some((path, span)) = parent else {
        return Ok(Some(config));
    };
    heirs.push(document.path.clone());
    let path = document.locate(&span, extended(&path, here, heirs))?;
    let parent = load(&path, here, heirs)?.unwrap_or_default();
    Ok(Some(config.or(parent)))
}

/// The file that `extend` names.
fn extended(path: &Path, here: &Here, heirs: &[PathBuf]) -> Result<PathBuf> {
    let path =
        dunce::canonicalize(path).with_context(|| format!("cannot extend {}", here.name(path)))?;
    if heirs.contains(&path) {
        bail!("`extend` leads in a circle, back to {}", here.name(&path));
    }
    Ok(path)
}

/// `[tool.asyncmend.retain-task]`.
fn retain_task(value: &Value, document: &Document) -> Result<TransformConfig> {
    let mut config = TransformConfig::default();
    for (key, span, value) in entries(value, document, &["helper", "style"])? {
        if key == "style" {
            config.style = Some(one_of(value, &RETAIN_TASK_STYLES, document)?);
        } else {
            let name = document.string(value)?;
            document.locate(&span, names::member(name))?;
            config.helper = Some(name.to_owned());
        }
    }
    Ok(config)
}

/// `[tool.asyncmend.gather]`.
fn gather(value: &Value, document: &Document) -> Result<TransformConfig> {
    let mut config = TransformConfig::default();
    for (key, _, value) in entries(value, document, &["errors", "style"])? {
        if key == "style" {
            config.style = Some(one_of(value, &STYLES, document)?);
        } else {
            config.errors = Some(one_of(value, &ERRORS, document)?);
        }
    }
    Ok(config)
}

/// `[tool.asyncmend.wait-for]`.
fn wait_for(value: &Value, document: &Document) -> Result<TransformConfig> {
    let mut config = TransformConfig::default();
    for (_, _, value) in entries(value, document, &["style"])? {
        config.style = Some(one_of(value, &STYLES, document)?);
    }
    Ok(config)
}

/// The entries of a table that may have `keys`, with where their values stand.
fn entries<'v, 't>(
    value: &'v Value<'t>,
    document: &Document<'t>,
    keys: &[&str],
) -> Result<Vec<(&'v str, Range<usize>, &'v Value<'t>)>> {
    let mut entries = Vec::new();
    for (key, value) in document.table(value)? {
        let name = key.get_ref().as_ref();
        if !keys.contains(&name) {
            let unknown = anyhow!("unknown key `{name}`{}", names::remedy(name, keys));
            document.locate(&key.span(), Err(unknown))?;
        }
        entries.push((name, value.span(), value));
    }
    Ok(entries)
}

/// The one of `choices` that a string names.
fn one_of<T: Copy>(value: &Value, choices: &[(&str, T)], document: &Document) -> Result<T> {
    let chosen = names::one_of(document.string(value)?, choices);
    document.locate(&value.span(), chosen)
}

/// A dotted name, such as `example`.
fn dotted(value: &Value, example: &str, document: &Document) -> Result<String> {
    let name = names::dotted(document.string(value)?, example);
    document.locate(&value.span(), name.map(str::to_owned))
}

/// A table of globs, each with what holds for the files that it matches.
fn per_file<'v, 't, T>(
    value: &'v Value<'t>,
    document: &Document<'t>,
    folder: &Path,
    read: impl Fn(&'v Value<'t>) -> Result<T>,
) -> Result<Vec<(Patterns, T)>> {
    document
        .table(value)?
        .into_iter()
        .map(|(glob, value)| {
            let patterns = Patterns::new(folder, &[glob.get_ref()]);
            Ok((document.locate(&glob.span(), patterns)?, read(value)?))
        })
        .collect()
}

fn target<'t>(value: &Value<'t>, key: &str, document: &Document<'t>) -> Result<Target> {
    let version = target::version(document.string(value)?);
    let version = document.locate(&value.span(), version)?;
    Ok(Target::new(version, format!("{key} in {}", document.name)))
}
