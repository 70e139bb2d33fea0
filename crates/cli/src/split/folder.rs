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

    /// Writes `files`, by their names, beside the place where they are to be, or inside of it where that is there: it
    /// may be a place of its own, such as where a disk is mounted.
    pub(super) fn write(&self, files: &[(&str, Vec<u8>)]) -> Result<Written<'_>> {
        let write = || -> io::Result<(TempDir, PathBuf, bool)> {
            let path = std::path::absolute(&self.given)?;
            // Where it is a link, what it leads to is the place.
            let path = dunce::canonicalize(&path).unwrap_or(path);
            let is_there = path.is_dir();
            let around = path.parent().filter(|_| !is_there).unwrap_or(&path);
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
            Ok((new, path, is_there))
        };
        let (new, path, is_there) = write().with_context(|| self.complaint())?;
        Ok(Written {
            folder: self,
            new,
            path,
            is_there,
            names: files.iter().map(|(name, _)| (*name).to_owned()).collect(),
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
    /// Whether the place was there before.
    is_there: bool,
    names: Vec<String>,
}

impl Written<'_> {
    /// Puts it where the user wants it.
    pub(super) fn keep(self) -> Result<Kept> {
        let Self {
            folder,
            new,
            path,
            is_there,
            names,
        } = self;
        let mut kept = Kept {
            files: Vec::new(),
            folder: (!is_there).then(|| path.clone()),
        };
        let put = if is_there {
            names.iter().try_for_each(|name| {
                let place = path.join(name);
                if place.symlink_metadata().is_ok() {
                    return Err(io::ErrorKind::AlreadyExists.into());
                }
                fs::rename(new.path().join(name), &place)?;
                kept.files.push(place);
                Ok(())
            })
        } else {
            fs::rename(new.path(), &path)
        };
        if let Err(error) = put {
            kept.folder = None;
            kept.take_back();
            return Err(error).with_context(|| folder.complaint());
        }
        if !is_there {
            kept.files = names.iter().map(|name| path.join(name)).collect();
            // There is nothing left of that name to remove.
            let _ = new.keep();
        }
        Ok(kept)
    }
}

/// What was put in its place.
pub(super) struct Kept {
    files: Vec<PathBuf>,
    /// The one that was made for them.
    folder: Option<PathBuf>,
}

impl Kept {
    /// Leaves it as it was before, as far as the system lets us.
    pub(super) fn take_back(self) {
        for file in self.files.iter().rev() {
            let _ = fs::remove_file(file);
        }
        if let Some(folder) = &self.folder {
            let _ = fs::remove_dir(folder);
        }
    }
}
