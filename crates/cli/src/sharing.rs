//! Which projects of a run may look for modules in one order, so that what is found out about the modules of all is
//! found out once.
//!
//! A project's own modules come before those of the others. Where no name tells the difference, it does not matter
//! who comes first: in a repository of thousands of packages that is the usual case.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use asyncmend_analysis::inference::own_code;
use asyncmend_pipeline::is_standard_module;

/// The folders in which imports start, those of all projects in one order, and what can be imported from them.
#[derive(Debug)]
pub(crate) struct Sharing {
    /// With their places in the order.
    roots: HashMap<PathBuf, usize>,
    /// By the name of a module: the roots that have it, in order.
    having: HashMap<String, Vec<Having>>,
    imports: Mutex<HashMap<PathBuf, Arc<Imports>>>,
}

/// A root that has a module of some name.
#[derive(Debug, Clone)]
struct Having {
    root: PathBuf,
    /// Whether the search ends here: it goes on behind a folder that is no package, and may be a part of one.
    is_whole: bool,
}

/// Where the imports in a project are looked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Search {
    /// In all roots, in the order of all.
    Shared,
    /// In its own roots, then in these, which are all that its imports can lead to.
    Own(Vec<PathBuf>),
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
        let mut having: HashMap<String, Vec<Having>> = HashMap::new();
        for root in roots {
            for (name, is_whole) in modules(root) {
                let root = root.clone();
                having
                    .entry(name)
                    .or_default()
                    .push(Having { root, is_whole });
            }
        }
        let places = roots.iter().cloned().zip(0..);
        Self {
            roots: places.collect(),
            having,
            imports: Mutex::default(),
        }
    }

    /// Where to look for what is imported in the project in `folder`, whose `own` roots come first unless it makes
    /// no difference. `project_of` tells whose a root is.
    pub(crate) fn search(
        &self,
        folder: &Path,
        own: &[PathBuf],
        project_of: impl Fn(&Path) -> PathBuf,
    ) -> Search {
        let differing = self.differing(own);
        if differing.is_empty() {
            return Search::Shared;
        }
        // Stubs of the standard library import one another, but not CPython's own tests.
        let is_standard = |name: &str| name != "test" && is_standard_module(name);
        let mut is_shared = !differing.iter().any(|name| is_standard(name))
            && self.imports(folder).relative.is_disjoint(&differing);
        let names = self.having.keys().filter(|name| is_standard(name));
        let mut names: Vec<String> = names.cloned().collect();
        let mut met = HashSet::from([folder.to_path_buf()]);
        let mut left = vec![folder.to_path_buf()];
        let mut needed: HashSet<&Path> = HashSet::new();
        loop {
            for root in names.drain(..).flat_map(|name| self.found(&name, own)) {
                needed.insert(root);
                let project = project_of(root);
                if met.insert(project.clone()) {
                    left.push(project);
                }
            }
            let Some(folder) = left.pop() else {
                break;
            };
            let imports = self.imports(&folder);
            is_shared &= imports.words.is_disjoint(&differing);
            names.extend(imports.words.iter().cloned());
        }
        if is_shared {
            return Search::Shared;
        }
        let mut others: Vec<PathBuf> = needed
            .into_iter()
            .filter(|root| !own.iter().any(|it| it == root))
            .map(Path::to_path_buf)
            .collect();
        others.sort_by_key(|root| self.roots.get(root));
        Search::Own(others)
    }

    /// The names of modules that are elsewhere if the `own` roots of a project do not come first.
    fn differing(&self, own: &[PathBuf]) -> HashSet<String> {
        let names = own.iter().flat_map(|root| modules(root));
        let names: HashSet<String> = names.map(|(name, _)| name).collect();
        let is_elsewhere = |name: &String| {
            let all = self.having.get(name);
            let shared = whole(all.into_iter().flatten().map(|it| (&*it.root, it.is_whole)));
            self.found(name, own) != shared
        };
        names.into_iter().filter(is_elsewhere).collect()
    }

    /// The roots in which the module `name` is looked for until it is found, where `own` come first.
    fn found(&self, name: &str, own: &[PathBuf]) -> Vec<&Path> {
        let all: Vec<&Having> = self.having.get(name).into_iter().flatten().collect();
        let is_own = |having: &&&Having| own.contains(&having.root);
        let own_place = |having: &&Having| own.iter().position(|it| *it == having.root);
        let mut first: Vec<&Having> = all.iter().filter(is_own).copied().collect();
        first.sort_by_key(own_place);
        let others = all.iter().filter(|it| !is_own(it)).copied();
        let order = first.into_iter().chain(others);
        whole(order.map(|it| (&*it.root, it.is_whole)))
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
        for (path, text) in own_code([folder], &["py", "pyi"], |_| None) {
            found.add(path.strip_prefix(folder).unwrap_or(&path), &text);
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

/// Those of `roots` that a search looks in, each with whether it ends the search.
fn whole<'r>(roots: impl Iterator<Item = (&'r Path, bool)>) -> Vec<&'r Path> {
    let mut found = Vec::new();
    for (root, is_whole) in roots {
        found.push(root);
        if is_whole {
            break;
        }
    }
    found
}

/// The names of the modules that can be imported from `root`, more rather than less, and whether each is whole there.
fn modules(root: &Path) -> HashMap<String, bool> {
    let mut modules: HashMap<String, bool> = HashMap::new();
    for entry in std::fs::read_dir(root).into_iter().flatten().flatten() {
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let (stem, extension) = name.split_once('.').unwrap_or((&name, ""));
        let is_file = extension.ends_with("py") || extension.ends_with("so");
        let is_stub = extension.ends_with("pyi");
        if stem.is_empty() || !extension.is_empty() && !is_file && !is_stub {
            continue;
        }
        let path = entry.path();
        let is_whole = match extension {
            "" => path.join("__init__.py").exists() || path.join("__init__.pyi").exists(),
            _ => true,
        };
        *modules.entry(stem.to_owned()).or_default() |= is_whole;
    }
    modules
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
        let shares = |project: &PathBuf| {
            let own = std::slice::from_ref(project);
            sharing.search(project, own, Path::to_path_buf) == Search::Shared
        };
        projects.iter().map(shares).collect()
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
    fn stubs_import_too() {
        let files = [
            ("a/config.py", ""),
            ("b/config.py", ""),
            ("b/two/x.py", ""),
            ("b/two/x.pyi", "from config import Config\n"),
        ];
        assert_eq!(sharing(&files), [true, false]);
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
    #[test]
    fn who_does_not_share_looks_only_where_imports_lead() {
        let top = tempfile::tempdir().unwrap();
        let names = ["a", "b", "c", "d", "e"];
        let roots: Vec<PathBuf> = names.iter().map(|it| top.path().join(it)).collect();
        for (path, text) in [
            ("a/app/__init__.py", ""),
            (
                "b/app/__init__.py",
                "import app\nfrom queues import x\nfrom parts import three\n",
            ),
            ("c/queues/__init__.py", "import far\n"),
            ("c/parts/two.py", ""),
            ("d/far.py", ""),
            ("d/parts/three.py", ""),
            ("e/unrelated.py", ""),
        ] {
            let path = top.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
        }
        let sharing = Sharing::new(&roots);
        let own = |place: usize| {
            let own = std::slice::from_ref(&roots[place]);
            sharing.search(&roots[place], own, Path::to_path_buf)
        };
        assert_eq!(own(0), Search::Shared);
        assert_eq!(own(1), Search::Own(roots[2..4].to_vec()));
        assert_eq!(own(4), Search::Shared);
    }
}
