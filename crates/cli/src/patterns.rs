//! Globs over paths, with the meaning that they have for Ruff.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use asyncmend_pipeline::check_length;
use globset::{Glob, GlobSet, GlobSetBuilder};

/// Globs that were written in one place.
#[derive(Debug, Clone)]
pub(crate) struct Patterns {
    /// What relative globs are relative to, and how far up a path is looked at.
    root: PathBuf,
    /// Globs without a slash: they match a file or folder of that name anywhere.
    names: GlobSet,
    /// Globs with a slash: they match from `root` on.
    paths: GlobSet,
}

impl Patterns {
    /// The globs, relative to the folder `root`, which is absolute.
    pub(crate) fn new(root: &Path, globs: &[impl AsRef<str>]) -> Result<Self> {
        let mut names = GlobSetBuilder::new();
        let mut paths = GlobSetBuilder::new();
        for glob in globs {
            let glob = glob.as_ref();
            check_length(glob).map_err(|why| anyhow!(why))?;
            let parsed =
                |text: &str| Glob::new(text).with_context(|| format!("`{glob}` is no glob"));
            // `build/` means the folder, of which we ask without the slash.
            let trimmed = glob.strip_suffix('/').unwrap_or(glob);
            if trimmed.contains('/') {
                paths.add(parsed(&below(root, trimmed))?);
            } else {
                names.add(parsed(trimmed)?);
            }
        }
        Ok(Self {
            root: root.to_path_buf(),
            names: names.build()?,
            paths: paths.build()?,
        })
    }

    /// Whether a glob matches this file or folder itself.
    pub(crate) fn matches(&self, path: &Path) -> bool {
        self.paths.is_match(path)
            || path
                .file_name()
                .is_some_and(|name| self.names.is_match(Path::new(name)))
    }

    /// Whether a glob matches this file or a folder around it. Folders around `root` are left out:
    /// a project may well live in a folder called `build`.
    pub(crate) fn cover(&self, path: &Path) -> bool {
        self.matches(path)
            || path
                .ancestors()
                .skip(1)
                .take_while(|around| around.starts_with(&self.root) && *around != self.root)
                .any(|around| self.matches(around))
    }
}

/// `glob` as a glob of absolute paths.
fn below(root: &Path, glob: &str) -> String {
    if Path::new(glob).is_absolute() {
        return glob.to_owned();
    }
    let root = globset::escape(&root.to_string_lossy());
    let glob = glob.strip_prefix("./").unwrap_or(glob);
    format!("{}/{glob}", root.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(globs: &[&str]) -> Patterns {
        Patterns::new(Path::new("/build/my [app]"), globs).unwrap()
    }

    #[test]
    fn a_name_matches_anywhere_below_the_root() {
        let build = patterns(&["build"]);
        assert!(build.cover(Path::new("/build/my [app]/pkg/build/a.py")));
        assert!(!build.cover(Path::new("/build/my [app]/pkg/a.py")));
    }

    #[test]
    fn a_path_matches_from_the_root_on() {
        let vendor = patterns(&["./vendor/**", "old/"]);
        assert!(vendor.matches(Path::new("/build/my [app]/vendor/deep/a.py")));
        assert!(vendor.cover(Path::new("/build/my [app]/old/a.py")));
        assert!(!vendor.cover(Path::new("/build/my [app]/pkg/vendor/a.py")));
    }

    #[test]
    fn a_wrong_glob_is_named() {
        let error = Patterns::new(Path::new("/"), &["a["]).unwrap_err();
        assert!(error.to_string().contains("`a[` is no glob"));
    }
}
