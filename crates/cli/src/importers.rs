//! Modules that import functions of asyncio by their names, and the code that replaces those there: tests, above all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use asyncmend_pipeline::may_replace_in_module;

/// Which module imports what.
#[derive(Debug, Default)]
pub(crate) struct Importers {
    /// The files, by the names of functions.
    files: BTreeMap<&'static str, Vec<PathBuf>>,
}

impl Importers {
    /// Adds what the file at `path` imports.
    pub(crate) fn add(&mut self, path: &Path, functions: Vec<&'static str>) {
        for function in functions {
            let files = self.files.entry(function).or_default();
            files.push(path.to_path_buf());
        }
    }

    /// Whether a text with these `bytes` may replace any of it, as far as words tell.
    pub(crate) fn may_be_replaced_in(&self, bytes: &[u8]) -> bool {
        let mut functions = self.files.keys();
        functions.any(|function| may_replace_in_module(bytes, function))
    }

    /// The file that imports `function`, if it may be that of the module which is called so.
    pub(crate) fn file_of(&self, function: &str, module: &str) -> Option<&Path> {
        let mut files = self.files.get(function)?.iter();
        let file = files.find(|it| is_file_of(it, module));
        file.map(PathBuf::as_path)
    }
}

/// Whether the file at `path` may be that of the module that is called so, from wherever it is imported.
fn is_file_of(path: &Path, module: &str) -> bool {
    let path = path.with_extension("");
    let path = match path.parent() {
        Some(package) if path.ends_with("__init__") => package,
        _ => &path,
    };
    let parts = module.trim_start_matches('.').split('.');
    path.ends_with(parts.collect::<PathBuf>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_told_by_all_parts_of_their_names() {
        let is_module = |path: &str, module: &str| is_file_of(Path::new(path), module);
        for module in ["flow", "app.flow", ".flow"] {
            assert!(is_module("/src/app/flow.py", module), "{module}");
            assert!(is_module("/src/app/flow/__init__.py", module), "{module}");
        }
        for module in ["low", "other.flow", "app", "app.flow.Flow"] {
            assert!(!is_module("/src/app/flow.py", module), "{module}");
        }
    }
}
