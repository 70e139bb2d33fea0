//! What inference has to know of a project.

use std::path::Path;

use asyncmend_source::PythonVersion;
use ruff_db::system::{OsSystem, SystemPath};
use serde::{Deserialize, Serialize};
use ty_site_packages::{PythonEnvironment, SysPrefixPathOrigin};

/// Where the modules of a project and of its environment are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Project {
    /// Folders in which imports of the project's own modules start, the first before the others;
    /// absolute and without symbolic links.
    pub roots: Vec<String>,
    /// The `site-packages` folders of its environment.
    pub site_packages: Vec<String>,
    /// The oldest Python that it runs on: major and minor version.
    pub target: (u8, u8),
}

impl Project {
    pub(super) fn version(&self) -> PythonVersion {
        PythonVersion::from(self.target)
    }
}

/// Modules of the standard library without which ty cannot tell what anything is. A folder with a
/// module of such a name would hide it.
const VITAL_MODULES: &[&str] = &[
    "_typeshed",
    "abc",
    "asyncio",
    "builtins",
    "collections",
    "concurrent",
    "contextlib",
    "enum",
    "functools",
    "types",
    "typing",
    "typing_extensions",
];

/// Whether imports may start in `folder`: whether it hides no module that inference needs.
pub fn may_be_root(folder: &Path) -> bool {
    VITAL_MODULES.iter().all(|name| {
        let module = folder.join(name);
        !module.is_dir() && !module.with_extension("py").exists()
    })
}

/// The `site-packages` folders of the environment at `path`: a virtual environment, an interpreter,
/// or the folder that an interpreter is installed in. The path has to be absolute.
///
/// # Errors
/// What is wrong with it, on one line.
pub fn site_packages(path: &Path) -> Result<Vec<String>, String> {
    let path = SystemPath::from_std_path(path).ok_or("its name is not UTF-8")?;
    let system = OsSystem::new(path);
    let found = PythonEnvironment::new(path, SysPrefixPathOrigin::PythonCliFlag, &system)
        .and_then(|environment| environment.site_packages_paths(&system))
        .map_err(|error| {
            let message = error.to_string();
            message.lines().next().unwrap_or_default().to_owned()
        })?;
    let paths = found.into_vec().into_iter();
    Ok(paths.map(|path| path.to_string()).collect())
}
