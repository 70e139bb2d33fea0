//! Where the patches go: a folder that is theirs alone, whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

/// The folder that the user named.
pub(super) struct Folder {
    given: PathBuf,
}

impl Folder {
    /// # Errors
    /// Where something is in it already: nobody's files are replaced.
    pub(super) fn check(given: &Path) -> Result<Self> {
        let name = given.display();
        match fs::read_dir(given).map(Iterator::count) {
            Ok(1..) => {
                bail!("--out: {name} is not empty; name another folder, or remove it")
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error).with_context(|| format!("--out: cannot use {name}"));
            }
        }
        Ok(Self {
            given: given.to_path_buf(),
        })
    }

    /// As the user named it.
    pub(super) fn given(&self) -> &Path {
        &self.given
    }

    /// Writes `files`, by their names, beside the place where they are to be.
    pub(super) fn write(&self, files: &[(&str, Vec<u8>)]) -> Result<Written<'_>> {
        let write = || -> io::Result<(TempDir, PathBuf)> {
            let path = std::path::absolute(&self.given)?;
            // Where it is a link, what it leads to is the place.
            let path = path.canonicalize().unwrap_or(path);
            let around = path.parent().unwrap_or(&path);
            fs::create_dir_all(around)?;
            let mut builder = tempfile::Builder::new();
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                // What the user's mask leaves of it is what new folders have.
                builder.permissions(fs::Permissions::from_mode(0o777));
            }
            let new = builder.prefix(".asyncmend-").tempdir_in(around)?;
            for (name, bytes) in files {
                fs::write(new.path().join(name), bytes)?;
            }
            Ok((new, path))
        };
        let (new, path) = write().with_context(|| self.complaint())?;
        Ok(Written {
            folder: self,
            new,
            path,
        })
    }

    fn complaint(&self) -> String {
        format!("--out: cannot write {}", self.given.display())
    }
}

/// What is written, and gone again unless it is kept.
pub(super) struct Written<'f> {
    folder: &'f Folder,
    new: TempDir,
    path: PathBuf,
}

impl Written<'_> {
    /// Gives it the name that the user wants.
    pub(super) fn keep(self) -> Result<()> {
        let put = || {
            match fs::remove_dir(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            fs::rename(self.new.path(), &self.path)
        };
        put().with_context(|| self.folder.complaint())?;
        // There is nothing left of that name to remove.
        let _ = self.new.keep();
        Ok(())
    }
}
