//! The working directory, from which every path is named.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The working directory, without symbolic links.
#[derive(Debug, Clone)]
pub(crate) struct Here(PathBuf);

impl Here {
    pub(crate) fn find() -> Result<Self> {
        let path = std::env::current_dir()
            .and_then(dunce::canonicalize)
            .context("cannot find the working directory")?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// A path relative to the working directory where it lies inside of it.
    pub(crate) fn relative<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        path.strip_prefix(&self.0)
            .ok()
            .filter(|rest| !rest.as_os_str().is_empty())
    }

    /// How messages name an absolute path.
    pub(crate) fn name(&self, path: &Path) -> String {
        slashed(self.relative(path).unwrap_or(path).display().to_string())
    }
}

/// The path `name` with slashes, which it has on every system: diffs have to have them, Git has them too.
pub(crate) fn slashed(name: String) -> String {
    if cfg!(windows) {
        name.replace('\\', "/")
    } else {
        name
    }
}
