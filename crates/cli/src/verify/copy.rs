//! A copy of the project, in which a command runs and the user's files stay as they are.
//!
//! Inside Git it is a work tree of its own, with the commit that is checked out and the files as they are on disk:
//! what is tracked, what is neither tracked nor ignored, and of what is ignored that which Python imports. Outside, it
//! is all there is. Folders that tools make for themselves, virtual environments among them, are not copied.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, FileType};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};
use ignore::WalkBuilder;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::command;
use crate::kept::Contents;
use crate::vcs;

/// Folders that are not copied, wherever they lie: what tools keep for themselves, and can make again.
const LEFT_OUT: [&str; 13] = [
    ".git",
    ".hg",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pytest_cache",
    ".pytype",
    ".ruff_cache",
    ".svn",
    ".tox",
    "__pycache__",
    "__pypackages__",
    "node_modules",
];

/// What a virtual environment has in its folder.
const ENVIRONMENT: &str = "pyvenv.cfg";

/// How the names of files end that Git may ignore and Python imports all the same: made by a build, or by a tool
/// that writes down a version.
const IMPORTED: [&str; 6] = ["dll", "dylib", "pth", "py", "pyd", "so"];

/// What tells the contents of a file from any other.
pub(super) type Fingerprint = [u8; 32];

/// What a file is beside what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Special {
    Program,
    Link,
}

/// The copy. It goes when this does.
pub(super) struct Copy {
    /// Around the copy, for that to have the name of the original.
    folder: Option<TempDir>,
    source: PathBuf,
    root: PathBuf,
    /// Whether Git knows it as a work tree.
    is_work_tree: bool,
    /// What Git said where it could not make one.
    complaint: Option<String>,
    /// What the files held when they were copied, by their paths from the root.
    files: BTreeMap<PathBuf, Fingerprint>,
    /// Those that are programs, and those that are links.
    special: BTreeSet<(PathBuf, Special)>,
    /// When the last file was written, as far as others are told.
    clock: SystemTime,
    bytes: u64,
}

impl Copy {
    /// Copies the folder `source`. `is_own` tells which files are ours and no part of the project; `is_over` tells
    /// when the copy is not wanted any more: it is left half done then.
    ///
    /// # Errors
    /// Where a file cannot be read or written.
    pub(super) fn make(
        source: &Path,
        is_own: &dyn Fn(&Path) -> bool,
        is_over: &dyn Fn() -> bool,
    ) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("asyncmend-verify-")
            .tempdir()
            .context("cannot make a folder for a copy of the project")?;
        let folder_path = dunce::canonicalize(folder.path())?;
        if folder_path.starts_with(source) {
            let (folder, source) = (folder_path.display(), source.display());
            bail!(
                "the folder for temporary files, {folder}, lies in {source}; set TMPDIR to another one"
            );
        }
        let root = folder_path.join(source.file_name().unwrap_or(OsStr::new("project")));
        let has_git = source.join(".git").exists();
        let complaint = has_git
            .then(|| add_work_tree(source, &root))
            .transpose()?
            .flatten();
        let mut copy = Self {
            folder: Some(folder),
            source: source.to_path_buf(),
            is_work_tree: has_git && complaint.is_none(),
            complaint,
            root,
            files: BTreeMap::new(),
            special: BTreeSet::new(),
            clock: SystemTime::now(),
            bytes: 0,
        };
        for path in copy.list()? {
            if is_over() {
                break;
            }
            if !is_own(&source.join(&path)) {
                copy.add(&path)
                    .with_context(|| format!("cannot copy {}", path.display()))?;
            }
        }
        Ok(copy)
    }

    /// How many files there are, and how many bytes.
    pub(super) fn size(&self) -> (usize, u64) {
        (self.files.len(), self.bytes)
    }

    /// Why Git does not know it, where it knows the original.
    pub(super) fn complaint(&self) -> Option<&str> {
        self.complaint.as_deref()
    }

    /// Where the file or folder is that is at `path` in the original.
    pub(super) fn place(&self, path: &Path) -> PathBuf {
        moved(path, &self.source, &self.root)
    }

    /// Lets the files hold `contents`, by their paths in the original.
    pub(super) fn hold(&mut self, contents: &Contents) -> Result<()> {
        for (path, bytes) in contents {
            let place = self.place(path);
            let doing = || format!("cannot write {}", place.display());
            match bytes {
                Some(bytes) if fs::read(&place).is_ok_and(|now| now == **bytes) => {}
                Some(bytes) => {
                    // One that Git ignores has not been copied.
                    fs::create_dir_all(place.parent().unwrap_or(&self.root)).with_context(doing)?;
                    self.check_inside(&place).with_context(doing)?;
                    if place.is_symlink() {
                        fs::remove_file(&place).with_context(doing)?;
                    }
                    fs::write(&place, bytes).with_context(doing)?;
                    // Python takes compiled code for that of a file with the same time, in seconds, and size.
                    let next = self.clock + Duration::from_secs(1);
                    self.clock = next.max(SystemTime::now());
                    let file = File::options().write(true).open(&place);
                    file.and_then(|file| file.set_modified(self.clock))
                        .with_context(doing)?;
                }
                None if place.symlink_metadata().is_ok() => {
                    self.check_inside(&place).with_context(doing)?;
                    fs::remove_file(&place).with_context(doing)?;
                }
                None => {}
            }
        }
        Ok(())
    }

    /// What tells the whole copy, where its files hold `contents`, from any other.
    pub(super) fn fingerprint(&self, contents: &Contents) -> Fingerprint {
        let mut files: BTreeMap<&Path, Option<Fingerprint>> = (self.files.iter())
            .map(|(path, fingerprint)| (path.as_path(), Some(*fingerprint)))
            .collect();
        for (path, bytes) in contents {
            let below = path.strip_prefix(&self.source).unwrap_or(path);
            files.insert(below, bytes.as_ref().map(|it| Sha256::digest(it).into()));
        }
        let mut all = Sha256::new();
        for (path, fingerprint) in files {
            let name = path.as_os_str().as_encoded_bytes();
            all.update(name.len().to_le_bytes());
            all.update(name);
            all.update(fingerprint.unwrap_or_default());
        }
        for (path, special) in &self.special {
            let name = path.as_os_str().as_encoded_bytes();
            all.update(name.len().to_le_bytes());
            all.update(name);
            all.update([*special as u8]);
        }
        all.finalize().into()
    }

    /// The files to copy, by their paths from the root, in order.
    fn list(&self) -> Result<Vec<PathBuf>> {
        if !self.is_work_tree {
            return walked(&self.source, Path::new(""));
        }
        let of_git = [
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ];
        let ignored = [
            "ls-files",
            "-z",
            "--others",
            "--ignored",
            "--exclude-standard",
        ];
        let mut all = Vec::new();
        for path in asked(&self.source, &of_git)? {
            let there = self.source.join(&path);
            match there.symlink_metadata() {
                // A repository in the repository, or a submodule.
                Ok(metadata) if metadata.is_dir() => all.extend(walked(&self.source, &path)?),
                Ok(_) => all.push(path),
                // It is deleted, and not so in any commit.
                Err(_) => {}
            }
        }
        let ignored = asked(&self.source, &ignored)?;
        all.extend(ignored.into_iter().filter(|path| self.is_imported(path)));
        all.sort();
        all.dedup();
        let mut folders = HashMap::from([(PathBuf::new(), true)]);
        all.retain(|path| {
            let folder = path.parent().unwrap_or(path);
            self.is_without_links(folder, &mut folders)
        });
        Ok(all)
    }

    /// Whether nothing on the way to `folder` is a link. What Git knows of in a folder that a link has taken the place
    /// of is somebody else's by now. `known` are the answers so far.
    fn is_without_links(&self, folder: &Path, known: &mut HashMap<PathBuf, bool>) -> bool {
        if let Some(known) = known.get(folder) {
            return *known;
        }
        let around = folder.parent().unwrap_or(Path::new(""));
        let metadata = self.source.join(folder).symlink_metadata();
        let is_folder = metadata.is_ok_and(|it| it.is_dir());
        let answer = is_folder && self.is_without_links(around, known);
        known.insert(folder.to_path_buf(), answer);
        answer
    }

    /// Fails where what is written at `place` would be written elsewhere than into the copy, to which the command may
    /// have led it.
    fn check_inside(&self, place: &Path) -> io::Result<()> {
        let folder = dunce::canonicalize(place.parent().unwrap_or(&self.root))?;
        if folder.starts_with(&self.root) {
            return Ok(());
        }
        let leads_to = folder.display();
        Err(io::Error::other(format!(
            "its folder is a link to {leads_to}"
        )))
    }

    /// Whether a file that Git ignores is a part of the project to Python.
    fn is_imported(&self, path: &Path) -> bool {
        let is_module = path
            .extension()
            .is_some_and(|it| IMPORTED.iter().any(|end| it == *end));
        let folders = || path.ancestors().skip(1);
        let is_metadata = || {
            folders().any(|folder| {
                folder
                    .extension()
                    .is_some_and(|it| it == "egg-info" || it == "dist-info")
            })
        };
        let is_left_out = |folder: &Path| {
            is_left_out(folder.file_name()) || self.source.join(folder).join(ENVIRONMENT).exists()
        };
        (is_module || is_metadata())
            && !folders()
                .filter(|it| !it.as_os_str().is_empty())
                .any(is_left_out)
    }

    /// What the link at `path` leads to in the copy: inside of it where that is in the original, by whatever name, and
    /// else where it is.
    fn link_target(&self, path: &Path, leads_to: PathBuf) -> PathBuf {
        let folder = self.source.join(path.parent().unwrap_or(path));
        if leads_to.is_relative() && self.stays_inside(&folder, &leads_to) {
            return leads_to;
        }
        self.place(&resolved(&folder.join(leads_to)))
    }

    /// Whether the way of `leads_to` from `folder` never leaves the original: it is the same in the copy then.
    fn stays_inside(&self, folder: &Path, leads_to: &Path) -> bool {
        let mut way = folder.to_path_buf();
        leads_to.components().all(|part| {
            way.push(part);
            resolved(&way).starts_with(&self.source)
        })
    }

    fn add(&mut self, path: &Path) -> io::Result<()> {
        let (from, to) = (self.source.join(path), self.root.join(path));
        let metadata = from.symlink_metadata()?;
        let folder = to.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder)?;
        if metadata.is_dir() {
            return fs::create_dir_all(&to);
        }
        let fingerprint = if metadata.is_symlink() {
            let leads_to = self.link_target(path, fs::read_link(&from)?);
            link(&leads_to, &to)?;
            self.special.insert((path.to_path_buf(), Special::Link));
            Sha256::digest(leads_to.as_os_str().as_encoded_bytes()).into()
        } else if metadata.is_file() {
            self.bytes += metadata.len();
            let fingerprint = copy_file(&from, &to)?;
            if is_program(&metadata) {
                self.special.insert((path.to_path_buf(), Special::Program));
            }
            let file = File::options().append(true).open(&to);
            if let (Ok(file), Ok(time)) = (file, metadata.modified()) {
                let _ = file.set_modified(time);
            }
            fs::set_permissions(&to, writable(&metadata))?;
            fingerprint
        } else {
            // A pipe or a socket is of who made it.
            return Ok(());
        };
        self.files.insert(path.to_path_buf(), fingerprint);
        Ok(())
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        if self.is_work_tree {
            let arguments = ["worktree", "remove", "--force"].map(OsStr::new);
            let arguments = [&arguments[..], &[self.root.as_os_str()]].concat();
            // Where that fails the folder goes all the same, and Git forgets it when it next looks.
            let _ = git(&self.source, &arguments);
        }
        let Some(folder) = self.folder.take() else {
            return;
        };
        let path = folder.path().to_path_buf();
        if folder.close().is_err() {
            open_up(&path);
            let _ = fs::remove_dir_all(&path);
        }
    }
}

/// Lets folders be emptied that the command has closed.
fn open_up(folder: &Path) {
    let Ok(metadata) = folder.symlink_metadata() else {
        return;
    };
    if metadata.is_dir() {
        let _ = fs::set_permissions(folder, writable(&metadata));
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.for_each(|entry| open_up(&entry.path()));
    }
}

/// Where the file or folder at `path` is when `from` is at `to`.
pub(super) fn moved(path: &Path, from: &Path, to: &Path) -> PathBuf {
    match path.strip_prefix(from) {
        Ok(below) if below.as_os_str().is_empty() => to.to_path_buf(),
        Ok(below) => to.join(below),
        Err(_) => path.to_path_buf(),
    }
}

/// The path without links, as far as it is there.
pub(super) fn resolved(path: &Path) -> PathBuf {
    for there in path.ancestors() {
        if let Ok(resolved) = dunce::canonicalize(there) {
            let below = path.strip_prefix(there);
            return normal(&resolved.join(below.expect("it is one of its ancestors")));
        }
    }
    normal(path)
}

/// The path without `.` and `..`.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            _ => normal.push(part),
        }
    }
    normal
}

/// Makes `root` a work tree of the repository in `source`, in which there is no file yet; what Git says where it cannot,
/// as for a repository without a commit.
fn add_work_tree(source: &Path, root: &Path) -> Result<Option<String>> {
    let arguments = ["worktree", "add", "--detach", "--no-checkout"].map(OsStr::new);
    let arguments = [&arguments[..], &[root.as_os_str(), OsStr::new("HEAD")]].concat();
    let (failed, _) = git(source, &arguments)?;
    if failed.is_some() {
        let _ = fs::remove_dir_all(root);
        return Ok(failed);
    }
    // So that Git sees what differs from the commit, and nothing else, as changed.
    let (failed, _) = git(root, &["read-tree", "HEAD"])?;
    if failed.is_some() {
        let arguments = ["worktree", "remove", "--force"].map(OsStr::new);
        git(source, &[&arguments[..], &[root.as_os_str()]].concat())?;
    }
    Ok(failed)
}

/// The paths that Git answers with.
fn asked(source: &Path, arguments: &[&str]) -> Result<Vec<PathBuf>> {
    let (failed, output) = git(source, arguments)?;
    if let Some(message) = failed {
        bail!("cannot list the files in {}: {message}", source.display());
    }
    Ok(vcs::entries(&output).collect())
}

/// Has Git do something, without anything that the repository's configuration names, hooks above all: what it said is
/// wrong, if it did, and its output. A key that interrupts us leaves it to do it to the end.
fn git(root: &Path, arguments: &[impl AsRef<OsStr>]) -> Result<(Option<String>, Vec<u8>)> {
    let settings = ["core.fsmonitor=false", "core.hooksPath=/dev/null"].map(OsString::from);
    let mut command = vcs::command(root, &settings);
    command.args(arguments).stdin(Stdio::null());
    command::in_own_group(&mut command);
    vcs::answer(&mut command)
}

/// All that lies in the folder `below` of `source`, by its path from there.
fn walked(source: &Path, below: &Path) -> Result<Vec<PathBuf>> {
    let mut walk = WalkBuilder::new(source.join(below));
    walk.standard_filters(false).filter_entry(|entry| {
        let is_folder = entry.file_type().as_ref().is_some_and(FileType::is_dir);
        let is_inner = entry.depth() > 0;
        let is_environment = || is_folder && entry.path().join(ENVIRONMENT).exists();
        !(is_inner && (is_left_out(Some(entry.file_name())) || is_environment()))
    });
    let mut paths = Vec::new();
    for entry in walk.build() {
        let entry = entry.context("cannot list the files of the project")?;
        // A folder may be wanted that holds nothing.
        if entry.depth() > 0 {
            let path = entry.path().strip_prefix(source);
            paths.push(path.expect("it was met in there").to_path_buf());
        }
    }
    paths.sort();
    Ok(paths)
}

fn is_left_out(name: Option<&OsStr>) -> bool {
    name.is_some_and(|name| LEFT_OUT.iter().any(|it| name == *it))
}

/// Copies the contents of a file, and says what they were.
fn copy_file(from: &Path, to: &Path) -> io::Result<Fingerprint> {
    // Nothing is ever written over: were it reached through a link, it might be the user's.
    let (mut from, mut to) = (File::open(from)?, File::create_new(to)?);
    let mut buffer = vec![0; 1 << 16];
    let mut all = Sha256::new();
    loop {
        let count = from.read(&mut buffer)?;
        if count == 0 {
            return Ok(all.finalize().into());
        }
        all.update(&buffer[..count]);
        to.write_all(&buffer[..count])?;
    }
}

#[cfg(unix)]
fn is_program(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_program(_: &fs::Metadata) -> bool {
    false
}

/// What lets us write to a file of the copy, and into a folder.
#[cfg(unix)]
fn writable(metadata: &fs::Metadata) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    let ours = if metadata.is_dir() { 0o700 } else { 0o200 };
    fs::Permissions::from_mode(metadata.permissions().mode() | ours)
}

#[cfg(not(unix))]
fn writable(metadata: &fs::Metadata) -> fs::Permissions {
    let mut permissions = metadata.permissions();
    #[expect(clippy::permissions_set_readonly_false)]
    permissions.set_readonly(false);
    permissions
}

#[cfg(unix)]
fn link(leads_to: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(leads_to, at)
}

/// Only some users may make links there.
#[cfg(not(unix))]
fn link(leads_to: &Path, at: &Path) -> io::Result<()> {
    let folder = at.parent().unwrap_or(at);
    fs::copy(folder.join(leads_to), at).map(|_| ())
}
