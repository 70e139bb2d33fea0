//! Members of asyncio that the code of a project replaces while it is imported: calls of other files mean the
//! replacement.
//!
//! What a file replaces is so for its folder and all below, which are imported after it or with it; what is done in the
//! folder at the top of a package is so for its whole project, which uses the package. Tests do so for themselves.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use asyncmend_pipeline::{Source, may_patch_on_import};

use crate::disk;
use crate::mend::Engine;
use crate::roots::{Roots, is_package};

/// Who replaces what.
#[derive(Debug, Default)]
pub(crate) struct Patched {
    /// By the folder in which it is so: what the files of the run do.
    folders: HashMap<PathBuf, BTreeSet<String>>,
    /// By its folder: what the `__init__.py` of a package does, which is imported before its modules, in the run or
    /// not; none of a folder that has none.
    packages: Mutex<HashMap<PathBuf, Option<Arc<[String]>>>>,
}

impl Patched {
    /// Adds what the file at `path` replaces while it is imported.
    pub(crate) fn add(&mut self, path: &Path, members: Vec<String>, roots: &Roots) {
        let Some(folder) = path.parent().filter(|_| !members.is_empty()) else {
            return;
        };
        let reach = if is_package(folder) && !folder.parent().is_some_and(is_package) {
            roots.project_folder(folder)
        } else {
            folder
        };
        let known = self.folders.entry(reach.to_path_buf()).or_default();
        known.extend(members);
    }

    /// What is replaced for the file at `path`.
    pub(crate) fn around(&self, path: &Path, engine: &Engine) -> Arc<[String]> {
        let mut members = BTreeSet::new();
        for folder in path.ancestors().skip(1) {
            members.extend(self.folders.get(folder).into_iter().flatten().cloned());
        }
        for folder in path.ancestors().skip(1) {
            let Some(of_package) = self.of_package(folder, engine) else {
                break;
            };
            members.extend(of_package.iter().cloned());
        }
        members.into_iter().collect()
    }

    /// What the package in `folder` replaces, if it is one.
    fn of_package(&self, folder: &Path, engine: &Engine) -> Option<Arc<[String]>> {
        // Nobody panics while holding the lock.
        let known = |members| {
            let mut packages = self.packages.lock().unwrap_or_else(PoisonError::into_inner);
            packages
                .entry(folder.to_path_buf())
                .or_insert(members)
                .clone()
        };
        let packages = self.packages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = packages.get(folder) {
            return known.clone();
        }
        drop(packages);
        if !is_package(folder) {
            return known(None);
        }
        let path = folder.join("__init__.py");
        // What cannot be read is told when it is looked at.
        let bytes = disk::load(&path).unwrap_or_default();
        known(Some(on_import(&path, &bytes, engine).into()))
    }
}

/// The members of asyncio that the file at `path`, which has these `bytes`, replaces while it is imported; none of a
/// test, which does so for itself.
pub(crate) fn on_import(path: &Path, bytes: &[u8], engine: &Engine) -> Vec<String> {
    let here = engine.roots.here();
    let name = path.strip_prefix(here).unwrap_or(path);
    if !may_patch_on_import(bytes) || is_test(name) {
        return Vec::new();
    }
    let members = engine.ask_of(path, bytes, replaced);
    members.unwrap_or_default()
}

fn replaced(source: &Source<'_>) -> Vec<String> {
    source.patched_on_import()
}

/// Whether the file of this name is a test, or helps tests.
pub(crate) fn is_test(name: &Path) -> bool {
    let stem = name.file_stem().and_then(|it| it.to_str());
    let mut folders = name.iter().rev().skip(1).filter_map(|it| it.to_str());
    folders.any(|it| matches!(it, "test" | "tests" | "testing"))
        || stem.is_some_and(|stem| {
            stem == "conftest" || stem.starts_with("test_") || stem.ends_with("_test")
        })
}
