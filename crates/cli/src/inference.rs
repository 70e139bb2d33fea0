//! Type inference for the files of a run: which project each belongs to, and who answers.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::io::{BufReader, stdin, stdout};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use anyhow::{Context, Result, anyhow};
use asyncmend::parts::in_our_voice;
pub(crate) use asyncmend_analysis::inference::FileTypes;
use asyncmend_analysis::inference::{self, Inference, Place, Project};

use crate::program;
use crate::roots::{Roots, is_package};
use crate::settings::TypeSettings;
use crate::sharing::{Search, Sharing};
use crate::walk::Input;

/// Answers another process's questions about types.
pub(crate) fn serve() -> Result<()> {
    Ok(inference::serve(BufReader::new(stdin()), stdout())?)
}

/// The folders with the packages of the environment at `path`.
///
/// # Errors
/// Where there is none.
pub(crate) fn site_packages(path: &Path) -> Result<Arc<[String]>> {
    let path = std::path::absolute(path).context("cannot find the working directory")?;
    inference::site_packages(&path)
        .map(Arc::from)
        .map_err(|error| {
            // The setting may be one in a file, which is named.
            let because = error.strip_prefix("Invalid `--python` argument ");
            anyhow!(in_our_voice(because.unwrap_or(&error)))
        })
}

/// Who knows about the types in the files of one run.
pub(crate) struct Types<'r> {
    inference: Inference,
    roots: &'r Roots,
    inputs: &'r [Input],
    /// Where imports start in all projects of the run.
    all: OnceLock<All>,
    /// What `VIRTUAL_ENV` names.
    active: OnceLock<Option<Arc<[String]>>>,
    /// By the folder.
    folders: Mutex<HashMap<PathBuf, Arc<Folders>>>,
    projects: Mutex<HashMap<ProjectKey, Arc<Project>>>,
}

/// The folder of a project whose own modules come first, its packages, and its Python.
type ProjectKey = (Option<PathBuf>, Vec<String>, (u8, u8));

/// All projects together.
struct All {
    /// Those further down first: a file belongs to the nearest.
    roots: Vec<String>,
    sharing: Sharing,
}

/// Where the modules of a project are.
#[derive(Debug, Default)]
struct Folders {
    roots: Vec<String>,
    /// Of `.venv` beside it.
    site_packages: Option<Arc<[String]>>,
    /// The roots of others that its imports can lead to; none where all projects can be searched in one order.
    others: Option<Vec<String>>,
}

impl<'r> Types<'r> {
    /// Nothing is read or started before the first question about a file.
    pub(crate) fn new(roots: &'r Roots, inputs: &'r [Input]) -> Self {
        Self {
            inference: Inference::new(|| {
                let mut command = program::command();
                command.arg("type-worker");
                command
            }),
            roots,
            inputs,
            all: OnceLock::new(),
            active: OnceLock::new(),
            folders: Mutex::default(),
            projects: Mutex::default(),
        }
    }

    /// Nobody answers any more when what this gives is dropped: these stay where a thread may look at them for ever.
    pub(crate) fn stops_at_last(&self) -> impl Drop + '_ {
        Stop(&self.inference)
    }

    /// Who answers about the types in the file `input` with the contents `text`; nobody where that
    /// is not wanted, or where a name is not UTF-8.
    pub(crate) fn of_file(&self, input: &Input, text: &str) -> Option<FileTypes<'_>> {
        let settings = &input.settings.types;
        if !settings.wanted {
            return None;
        }
        let place = self.place(input, settings)?;
        Some(self.inference.file(place, text, settings.budget))
    }

    /// Says that the file `input`, with these `bytes`, is about to be written: other files go on to import what it was.
    pub(crate) fn keep(&self, input: &Input, bytes: &[u8]) {
        if input.settings.types.wanted
            && !input.is_notebook()
            && let (Some(path), Ok(text)) = (text(&input.path), str::from_utf8(bytes))
        {
            self.inference.keep(path, text.to_owned());
        }
    }

    fn place(&self, input: &Input, settings: &TypeSettings) -> Option<Place> {
        let folder = input.path.parent()?;
        let project = self.roots.project_folder(folder);
        let own = self.folders(project);
        let site_packages = (settings.site_packages.as_ref())
            .or_else(|| self.active.get_or_init(active_site_packages).as_ref())
            .or(own.site_packages.as_ref());
        let target = input.settings.target(&input.path).version;
        let key = (
            own.others.as_ref().map(|_| project.to_path_buf()),
            site_packages.map_or_else(Vec::new, |paths| paths.to_vec()),
            (target.major, target.minor),
        );
        Some(Place {
            project: self.project(key, &own),
            home: Some(home(folder))
                .filter(|home| inference::may_be_root(home))
                .and_then(text),
            path: text(&python_path(input))?,
        })
    }

    fn project(&self, key: ProjectKey, own: &Folders) -> Arc<Project> {
        let mut projects = self.projects.lock().unwrap_or_else(PoisonError::into_inner);
        let known = projects.entry(key).or_insert_with_key(|key| {
            let (_, site_packages, target) = key;
            // A monorepo's projects import one another.
            let roots = match &own.others {
                None => self.all().roots.clone(),
                Some(others) => own.roots.iter().chain(others).cloned().collect(),
            };
            Arc::new(Project {
                roots,
                site_packages: site_packages.clone(),
                target: *target,
            })
        });
        Arc::clone(known)
    }

    fn all(&self) -> &All {
        self.all.get_or_init(|| {
            let mut roots = self.roots.of_all(self.inputs);
            roots.retain(|root| inference::may_be_root(root));
            roots.sort_by_cached_key(|root| (Reverse(root.components().count()), root.clone()));
            let all = All {
                sharing: Sharing::new(&roots),
                roots: roots.iter().filter_map(|root| text(root)).collect(),
            };
            self.inference.has_code_in(all.roots.clone());
            all
        })
    }

    fn folders(&self, project: &Path) -> Arc<Folders> {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let known = folders
            .entry(project.to_path_buf())
            .or_insert_with(|| Arc::new(self.find_folders(project)));
        Arc::clone(known)
    }

    fn find_folders(&self, project: &Path) -> Folders {
        let mut around = project
            .ancestors()
            .take_while(|folder| folder.starts_with(self.roots.here()) || *folder == project);
        let own = self.roots.of_project(project);
        let own: Vec<PathBuf> = (own.iter())
            .filter(|root| inference::may_be_root(root))
            .cloned()
            .collect();
        let project_of = |root: &Path| self.roots.project_folder(root).to_path_buf();
        let search = self.all().sharing.search(project, &own, project_of);
        Folders {
            others: match search {
                Search::Shared => None,
                Search::Own(others) => Some(others.iter().filter_map(|it| text(it)).collect()),
            },
            roots: own.iter().filter_map(|root| text(root)).collect(),
            site_packages: around.find_map(|folder| site_packages(&folder.join(".venv")).ok()),
        }
    }
}

struct Stop<'i>(&'i Inference);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// The path of a file as inference is to see it: the Python of a notebook is no notebook.
fn python_path(input: &Input) -> Cow<'_, Path> {
    if input.is_notebook() {
        Cow::Owned(input.path.with_extension("ipynb.py"))
    } else {
        Cow::Borrowed(&input.path)
    }
}

/// The packages of the virtual environment that is active.
fn active_site_packages() -> Option<Arc<[String]>> {
    let folder = std::env::var_os("VIRTUAL_ENV")?;
    site_packages(Path::new(&folder)).ok()
}

/// The nearest folder around that is no package: there a script or test of `folder` looks for modules.
fn home(folder: &Path) -> &Path {
    folder
        .ancestors()
        .find(|folder| !is_package(folder))
        .unwrap_or(folder)
}

fn text(path: &Path) -> Option<String> {
    path.to_str().map(str::to_owned)
}
