//! Which sets of tasks are read by other files of the project than those that have them: whoever cancels or awaits
//! what is in a set is not to meet more tasks in it.
//!
//! All files of the project count, not those of the run alone, so that a file becomes the same whatever else is in the
//! run.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use asyncmend_pipeline::{may_read_of_module, names_of_holders};
use ignore::WalkBuilder;

use crate::roots::Roots;

/// Folders that hold no code of the project's own.
const FOREIGN: [&str; 4] = ["__pycache__", "node_modules", "site-packages", "venv"];

/// What is known so far.
#[derive(Debug, Default)]
pub(crate) struct Readers {
    /// By the folder of a project.
    projects: Mutex<HashMap<PathBuf, Arc<ReadSets>>>,
}

/// By the file that has them: the names of the sets that other files may read.
type ReadSets = HashMap<PathBuf, Arc<[String]>>;

impl Readers {
    /// The names of those sets of the file at `path`, which has this `text`, that other files may read.
    pub(crate) fn of(&self, path: &Path, text: &str, roots: &Roots) -> Arc<[String]> {
        let Some(folder) = path.parent() else {
            return Arc::default();
        };
        // Most files have no set of tasks, and most projects are never searched.
        if names_of_holders(text).is_empty() {
            return Arc::default();
        }
        let project = roots.project_folder(folder);
        // Nobody panics while holding the lock.
        let mut projects = self.projects.lock().unwrap_or_else(PoisonError::into_inner);
        let known = projects
            .entry(project.to_path_buf())
            .or_insert_with(|| Arc::new(read_sets(project)));
        known.get(path).cloned().unwrap_or_default()
    }
}

/// The sets below `project` that other files there may read.
fn read_sets(project: &Path) -> ReadSets {
    let mut holders: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for (path, text) in code_below(project) {
        for name in names_of_holders(&text) {
            holders
                .entry(name.to_owned())
                .or_default()
                .push(path.clone());
        }
    }
    let mut read: HashMap<PathBuf, Vec<String>> = HashMap::new();
    for (path, text) in code_below(project) {
        for (name, owners) in &holders {
            // Most texts lack the name.
            if memchr::memmem::find(text.as_bytes(), name.as_bytes()).is_none() {
                continue;
            }
            let others = owners.iter().filter(|owner| **owner != path);
            for owner in others.filter(|owner| may_read(&text, name, owner)) {
                let names = read.entry(owner.clone()).or_default();
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
    }
    let read = read.into_iter().map(|(path, names)| (path, names.into()));
    read.collect()
}

/// Whether a file with this `text` may read the set `name` of the file `owner`.
fn may_read(text: &str, name: &str, owner: &Path) -> bool {
    let stem = owner.file_stem().and_then(|it| it.to_str());
    let stem = stem.unwrap_or_default();
    may_read_of_module(text, name, stem, stem == "__init__")
}

/// The files of Python code below `folder`, each with its text. What cannot be read is left out.
fn code_below(folder: &Path) -> impl Iterator<Item = (PathBuf, String)> {
    let walk = WalkBuilder::new(folder)
        .standard_filters(false)
        .hidden(true)
        .filter_entry(|entry| {
            let name = entry.file_name().to_str();
            !name.is_some_and(|name| FOREIGN.contains(&name))
        })
        .build();
    walk.filter_map(|entry| {
        let path = entry.ok()?.into_path();
        let is_code = matches!(path.extension()?.to_str()?, "py" | "pyw" | "ipynb");
        let bytes = is_code.then(|| std::fs::read(&path).ok()).flatten()?;
        let text = String::from_utf8(bytes);
        let text = text.unwrap_or_else(|it| String::from_utf8_lossy(it.as_bytes()).into_owned());
        Some((path, text))
    })
}
