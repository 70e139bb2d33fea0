//! Where the imports of a project's own modules start.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use asyncmend_pipeline::ModuleName;

use crate::here::Here;
use crate::walk::Input;

/// Files that stand in the folder of a project.
pub(crate) const PROJECT_FILES: [&str; 3] = ["pyproject.toml", "setup.cfg", "setup.py"];

/// Folders of a project in which imports start as well, if they are no packages.
const SOURCE_FOLDERS: [&str; 3] = ["src", "lib", "python"];

/// Finds the folders in which imports start, and remembers them by project, and the projects by folder.
#[derive(Debug)]
pub(crate) struct Roots {
    here: PathBuf,
    projects: Mutex<HashMap<PathBuf, Arc<[PathBuf]>>>,
    /// How far above each folder that of its project is.
    above: Mutex<HashMap<PathBuf, usize>>,
}

impl Roots {
    pub(crate) fn new(here: &Here) -> Self {
        Self {
            here: here.path().to_path_buf(),
            projects: Mutex::default(),
            above: Mutex::default(),
        }
    }

    /// The working directory.
    pub(crate) fn here(&self) -> &Path {
        &self.here
    }

    /// The folder of the project that the files in `folder` belong to: the nearest with a project
    /// file, else the working directory.
    pub(crate) fn project_folder<'p>(&self, folder: &'p Path) -> &'p Path {
        // Nobody panics while holding the lock.
        let mut known = self.above.lock().unwrap_or_else(PoisonError::into_inner);
        let above = known.get(folder).copied().unwrap_or_else(|| {
            let above = self.find_project(folder);
            known.insert(folder.to_path_buf(), above);
            above
        });
        folder.ancestors().nth(above).unwrap_or(folder)
    }

    /// How far above `folder` that of its project is.
    fn find_project(&self, folder: &Path) -> usize {
        let is_project = |folder: &Path| {
            let mut files = PROJECT_FILES.iter();
            files.any(|file| folder.join(file).is_file())
        };
        let mut ancestors = folder.ancestors();
        ancestors
            .position(is_project)
            .or_else(|| folder.ancestors().position(|around| around == self.here))
            .unwrap_or_default()
    }

    /// The folders in which the imports of the project in `project` start, the first before the others.
    pub(crate) fn of_project(&self, project: &Path) -> Arc<[PathBuf]> {
        // Nobody panics while holding the lock.
        let mut projects = self.projects.lock().unwrap_or_else(PoisonError::into_inner);
        let known = projects.entry(project.to_path_buf()).or_insert_with(|| {
            let sources = SOURCE_FOLDERS.iter().map(|name| project.join(name));
            sources
                .filter(|source| source.is_dir() && !is_package(source))
                .chain([project.to_path_buf()])
                .collect()
        });
        Arc::clone(known)
    }

    /// The folders in which imports start in all projects that `inputs` belong to.
    pub(crate) fn of_all(&self, inputs: &[Input]) -> Vec<PathBuf> {
        let mut folders: Vec<&Path> = (inputs.iter())
            .filter_map(|input| input.path.parent())
            .collect();
        folders.dedup();
        let mut projects: Vec<&Path> = folders
            .into_iter()
            .map(|folder| self.project_folder(folder))
            .collect();
        projects.sort_unstable();
        projects.dedup();
        let mut roots: Vec<PathBuf> = Vec::new();
        for project in projects {
            for root in self.of_project(project).iter() {
                if !roots.contains(root) {
                    roots.push(root.clone());
                }
            }
        }
        roots
    }

    /// How the file at `path` is imported, if it can be.
    pub(crate) fn module(&self, path: &Path) -> Option<ModuleName> {
        let is_module = path.extension().is_some_and(|it| it == "py" || it == "pyw");
        if !is_module {
            return None;
        }
        let roots = self.of_project(self.project_folder(path.parent()?));
        ModuleName::of(path, roots.iter().map(PathBuf::as_path))
    }
}

/// Whether `folder` is a package that says so.
pub(crate) fn is_package(folder: &Path) -> bool {
    folder.join("__init__.py").is_file()
}
