//! Which projects of a run may look for modules in one order, so that what is found out about the modules of all is
//! found out once.
//!
//! A project's own modules come before those of the others. Where no name tells the difference, it does not matter
//! who comes first: in a repository of thousands of packages that is the usual case.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use asyncmend_pipeline::is_standard_module;

/// Folders that hold no code of a project's own.
const FOREIGN: [&str; 4] = ["__pycache__", "node_modules", "site-packages", "venv"];

/// The folders in which imports start, those of all projects in one order, and what can be imported from them.
#[derive(Debug)]
pub(crate) struct Sharing {
    roots: HashSet<PathBuf>,
    /// By the name of a module: the first root that has it.
    first: HashMap<String, PathBuf>,
    imports: Mutex<HashMap<PathBuf, Arc<Imports>>>,
}

/// What the code of a project may import.
#[derive(Debug, Default)]
struct Imports {
    /// All words beside an `import`.
    words: HashSet<String>,
    /// Whether a file in a folder of this name, or in a module of it, imports its neighbours.
    relative: HashSet<String>,
}

impl Sharing {
    /// That of `roots`, the first before the others.
    pub(crate) fn new(roots: &[PathBuf]) -> Self {
        let mut first = HashMap::new();
        for root in roots {
            for name in modules(root) {
                first.entry(name).or_insert_with(|| root.clone());
            }
        }
        Self {
            roots: roots.iter().cloned().collect(),
            first,
            imports: Mutex::default(),
        }
    }

    /// Whether imports in the project in `folder`, whose `own` roots would come first otherwise, mean the same
    /// where all roots come in one order. `project_of` tells whose a root is.
    pub(crate) fn serves(
        &self,
        folder: &Path,
        own: &[PathBuf],
        project_of: impl Fn(&Path) -> PathBuf,
    ) -> bool {
        if !own.iter().all(|root| self.roots.contains(root)) {
            return false;
        }
        let mut seen = HashSet::new();
        let mut differing: HashSet<String> = HashSet::new();
        for root in own {
            for name in modules(root) {
                // Of a project's roots, the first that has it has it.
                if seen.insert(name.clone()) && self.first.get(&name) != Some(root) {
                    differing.insert(name);
                }
            }
        }
        if differing.is_empty() {
            return true;
        }
        // Stubs of the standard library import one another, but not CPython's own tests.
        let is_standard = |name: &String| name != "test" && is_standard_module(name);
        if differing.iter().any(is_standard)
            || !self.imports(folder).relative.is_disjoint(&differing)
        {
            return false;
        }
        let mut met = HashSet::from([folder.to_path_buf()]);
        let mut left = vec![folder.to_path_buf()];
        while let Some(folder) = left.pop() {
            let imports = self.imports(&folder);
            if !imports.words.is_disjoint(&differing) {
                return false;
            }
            let roots = imports.words.iter().filter_map(|name| self.first.get(name));
            for root in roots {
                let project = project_of(root);
                if met.insert(project.clone()) {
                    left.push(project);
                }
            }
        }
        true
    }

    fn imports(&self, folder: &Path) -> Arc<Imports> {
        // Nobody panics while holding the lock.
        let mut known = self.imports.lock().unwrap_or_else(PoisonError::into_inner);
        let imports = known
            .entry(folder.to_path_buf())
            .or_insert_with(|| Arc::new(Imports::below(folder)));
        Arc::clone(imports)
    }
}

impl Imports {
    /// Those of all Python files below `folder`.
    fn below(folder: &Path) -> Self {
        let mut found = Self::default();
        // What Git ignores may be imported all the same.
        let files = ignore::WalkBuilder::new(folder)
            .standard_filters(false)
            .hidden(true)
            .filter_entry(|entry| {
                let name = entry.file_name().to_str();
                !name.is_some_and(|name| FOREIGN.contains(&name))
            })
            .build()
            .filter_map(Result::ok)
            .filter(|entry| entry.path().extension().is_some_and(|it| it == "py"));
        for entry in files {
            if let Ok(text) = std::fs::read(entry.path()) {
                let below = entry.path().strip_prefix(folder).unwrap_or(entry.path());
                found.add(below, &String::from_utf8_lossy(&text));
            }
        }
        found
    }

    /// Adds what the file at `path`, from its project on, may import. More than that does no harm.
    fn add(&mut self, path: &Path, text: &str) {
        // What pytest imports is named in strings.
        let is_open = text.contains("pytest_plugins");
        let mut goes_on = false;
        for line in text.lines() {
            let is_import = line.contains("import") || is_open || goes_on;
            goes_on = is_import && line.trim_end().ends_with('\\');
            if !is_import {
                continue;
            }
            let words = line.split(|it: char| !it.is_alphanumeric() && it != '_');
            for word in words.filter(|word| !word.is_empty()) {
                if !self.words.contains(word) {
                    self.words.insert(word.to_owned());
                }
            }
            let from = line.trim_start().strip_prefix("from");
            if from.is_some_and(|rest| rest.trim_start().starts_with('.')) {
                let names = path.with_extension("");
                let names = names.iter().filter_map(|it| it.to_str());
                self.relative.extend(names.map(str::to_owned));
            }
        }
    }
}

/// The names of the modules that can be imported from `root`, more rather than less.
fn modules(root: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let (stem, extension) = name.split_once('.').unwrap_or((&name, ""));
            let is_module = match extension {
                "" => true,
                _ => {
                    extension.ends_with("py")
                        || extension.ends_with("pyi")
                        || extension.ends_with("so")
                }
            };
            (is_module && !stem.is_empty()).then(|| stem.to_owned())
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Whether each of the projects, which are the folders at the top, may share; by name.
    fn sharing(files: &[(&str, &str)]) -> Vec<bool> {
        let top = tempfile::tempdir().unwrap();
        let mut projects: Vec<PathBuf> = Vec::new();
        for (path, text) in files {
            let path = top.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            let project = path
                .strip_prefix(top.path())
                .unwrap()
                .iter()
                .next()
                .unwrap();
            projects.push(top.path().join(project));
        }
        projects.sort();
        projects.dedup();
        let sharing = Sharing::new(&projects);
        let serves = |project: &PathBuf| {
            let own = std::slice::from_ref(project);
            sharing.serves(project, own, Path::to_path_buf)
        };
        projects.iter().map(serves).collect()
    }

    #[test]
    fn projects_share_where_no_name_is_in_two() {
        let two = [
            ("a/one/x.py", "from one import y"),
            ("b/two/x.py", "import one.x"),
        ];
        assert_eq!(sharing(&two), [true, true]);
    }

    #[test]
    fn a_name_in_two_matters_to_those_who_import_it() {
        let tests = |text| {
            sharing(&[
                ("a/one/x.py", ""),
                ("a/tests/test_x.py", "import one"),
                ("b/two/x.py", ""),
                ("b/tests/helpers.py", ""),
                ("b/tests/test_x.py", text),
            ])
        };
        assert_eq!(tests("from two import x\nimport pytest\n"), [true, true]);
        // The first project has what all get.
        assert_eq!(tests("from tests.helpers import x\n"), [true, false]);
        assert_eq!(tests("from two import \\\n  x, tests\n"), [true, false]);
        assert_eq!(
            tests("pytest_plugins = [\n  'tests.helpers',\n]\n"),
            [true, false]
        );
        assert_eq!(tests("if x: import tests\n"), [true, false]);
        assert_eq!(tests("from . import helpers\n"), [true, false]);
    }

    #[test]
    fn what_is_imported_on_the_way_counts() {
        let files = [
            ("a/config.py", ""),
            ("b/two/x.py", "import config\n"),
            ("c/config.py", ""),
            ("c/three.py", "import two.x\n"),
            ("d/config.py", ""),
            ("d/four.py", "import asyncio\n"),
        ];
        assert_eq!(sharing(&files), [true, true, false, true]);
        let standard = [
            ("a/queue.py", ""),
            ("b/queue.py", ""),
            ("c/test/x.py", ""),
            ("d/test/x.py", ""),
        ];
        assert_eq!(sharing(&standard), [true, false, true, true]);
    }
}
