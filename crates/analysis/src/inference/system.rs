//! The disk, with some files that exist in memory alone.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use ruff_db::file_revision::FileRevision;
use ruff_db::system::{
    DirectoryEntry, FileType, Metadata, OsSystem, System, SystemPath, SystemPathBuf,
    SystemVirtualPath, WhichResult, WritableSystem, walk_directory::WalkDirectoryBuilder,
};
use ruff_notebook::{Notebook, NotebookError};
use ruff_text_size::TextSize;

use super::lock;
use super::probes::{Probed, has_probes};

/// Larger modules are not read; what is imported from one is unknown.
const MAX_BYTES: u64 = 16 << 20;

/// The name of the copy of the file at `path`: a module beside it.
pub(super) fn copy_of(path: &SystemPath) -> SystemPathBuf {
    let folder = path.parent().unwrap_or(SystemPath::new("/"));
    folder.join(format!(
        "asyncmend_copy_of_{}",
        path.file_name().unwrap_or_default()
    ))
}

/// The contents of files as they were before this run wrote them, by their path.
#[derive(Debug, Clone, Default)]
pub(super) struct KeptFiles(Arc<Mutex<HashMap<SystemPathBuf, String>>>);

impl KeptFiles {
    /// From now on, the file at `path` is taken to have the contents `text`.
    pub(super) fn keep(&self, path: String, text: String) {
        lock(&self.0).insert(path.into(), text);
    }

    /// What the file at `path` had, if it was written.
    pub(super) fn of(&self, path: &SystemPath) -> Option<String> {
        lock(&self.0).get(path).cloned()
    }
}

/// Reads the disk, never writes it, and counts the bytes that it reads. What is unpacked in a file of the project
/// has its probes.
#[derive(Debug)]
pub(super) struct Overlay {
    disk: OsSystem,
    /// Where nothing has probes.
    site_packages: Arc<[String]>,
    kept: KeptFiles,
    files: Mutex<HashMap<SystemPathBuf, String>>,
    /// By the file on the disk.
    probed: Mutex<HashMap<SystemPathBuf, Arc<Probed>>>,
    bytes_read: AtomicU64,
}

impl Overlay {
    pub(super) fn new(folder: &SystemPath, site_packages: Arc<[String]>, kept: KeptFiles) -> Self {
        Self {
            disk: OsSystem::new(folder),
            site_packages,
            kept,
            files: Mutex::default(),
            probed: Mutex::default(),
            bytes_read: AtomicU64::new(0),
        }
    }

    /// Where `offset` of the text that was given out for `path` stands in the user's.
    pub(super) fn origin(&self, path: &SystemPath, offset: TextSize) -> TextSize {
        let probed = lock(&self.probed).get(path).cloned();
        probed.map_or(offset, |probed| probed.origin(offset))
    }

    /// The text of the file at `path`, as it is.
    pub(super) fn text(&self, path: &SystemPath) -> io::Result<String> {
        if let Some(text) = self.files().get(path) {
            return Ok(text.clone());
        }
        let refused = |why: String| io::Error::new(io::ErrorKind::InvalidData, why);
        // What is imported may be anything: a device has no end, and a syntax tree takes forty times its text.
        let metadata = std::fs::metadata(path.as_std_path())?;
        if !metadata.is_file() || metadata.len() > MAX_BYTES {
            return Err(refused("no file that inference reads".to_owned()));
        }
        let text = match self.kept.of(path) {
            Some(kept) => kept,
            None => self.disk.read_to_string(path)?,
        };
        if let Some(why) = asyncmend_source::too_deep_to_parse(&text) {
            return Err(refused(why));
        }
        self.count(&text);
        Ok(text)
    }

    /// Lets `path`, a name that [`copy_of`] gave, exist with the contents `text`. Says whether it
    /// does: another text may have been there before.
    pub(super) fn add(&self, path: SystemPathBuf, text: &str) -> bool {
        self.count(text);
        self.files().entry(path).or_insert_with(|| text.to_owned()) == text
    }

    /// How much source text was read so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes_read.load(Ordering::Relaxed)
    }

    fn files(&self) -> MutexGuard<'_, HashMap<SystemPathBuf, String>> {
        lock(&self.files)
    }

    fn count(&self, text: &str) {
        self.bytes_read
            .fetch_add(text.len() as u64, Ordering::Relaxed);
    }
}

impl System for Overlay {
    fn path_metadata(&self, path: &SystemPath) -> io::Result<Metadata> {
        if self.files().contains_key(path) {
            return Ok(Metadata::new(FileRevision::new(0), None, FileType::File));
        }
        self.disk.path_metadata(path)
    }

    fn canonicalize_path(&self, path: &SystemPath) -> io::Result<SystemPathBuf> {
        if self.files().contains_key(path) {
            return Ok(path.to_path_buf());
        }
        self.disk.canonicalize_path(path)
    }

    fn is_same_file(&self, first: &SystemPath, second: &SystemPath) -> io::Result<bool> {
        Ok(first == second || self.disk.is_same_file(first, second)?)
    }

    fn which(&self, binary_name: &str) -> WhichResult {
        self.disk.which(binary_name)
    }

    fn read_to_string(&self, path: &SystemPath) -> io::Result<String> {
        let text = self.text(path)?;
        let is_of_project = path.extension() == Some("py")
            && !self.files().contains_key(path)
            && !(self.site_packages.iter()).any(|packages| path.starts_with(packages));
        if !is_of_project || !has_probes(&text) {
            return Ok(text);
        }
        let probed = Arc::new(Probed::of(&text));
        lock(&self.probed).insert(path.to_path_buf(), Arc::clone(&probed));
        Ok(probed.text.clone())
    }

    fn read_to_notebook(&self, path: &SystemPath) -> Result<Notebook, NotebookError> {
        self.disk.read_to_notebook(path)
    }

    fn read_virtual_path_to_string(&self, path: &SystemVirtualPath) -> io::Result<String> {
        self.disk.read_virtual_path_to_string(path)
    }

    fn read_virtual_path_to_notebook(
        &self,
        path: &SystemVirtualPath,
    ) -> Result<Notebook, NotebookError> {
        self.disk.read_virtual_path_to_notebook(path)
    }

    fn path_exists(&self, path: &SystemPath) -> bool {
        self.files().contains_key(path) || self.disk.path_exists(path)
    }

    fn current_directory(&self) -> &SystemPath {
        self.disk.current_directory()
    }

    fn user_config_directory(&self) -> Option<SystemPathBuf> {
        None
    }

    fn cache_dir(&self) -> Option<SystemPathBuf> {
        None
    }

    fn read_directory<'a>(
        &'a self,
        path: &SystemPath,
    ) -> io::Result<Box<dyn Iterator<Item = io::Result<DirectoryEntry>> + 'a>> {
        let listed: Vec<io::Result<DirectoryEntry>> =
            System::read_directory(&self.disk, path)?.collect();
        // What a folder holds is asked once, so that it has to list the copies that may come.
        let copies: BTreeSet<SystemPathBuf> = listed
            .iter()
            .flatten()
            .map(|entry| copy_of(entry.path()))
            .chain(self.files().keys().cloned())
            .filter(|copy| copy.parent() == Some(path) && copy.extension() == Some("py"))
            .collect();
        let copies = copies
            .into_iter()
            .map(|path| Ok(DirectoryEntry::new(path, FileType::File)));
        Ok(Box::new(listed.into_iter().chain(copies)))
    }

    fn walk_directory(&self, path: &SystemPath) -> WalkDirectoryBuilder {
        self.disk.walk_directory(path)
    }

    fn as_writable(&self) -> Option<&dyn WritableSystem> {
        None
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn std::any::Any {
        self
    }

    fn dyn_clone(&self) -> Box<dyn System> {
        Box::new(Self {
            disk: self.disk.clone(),
            site_packages: Arc::clone(&self.site_packages),
            kept: self.kept.clone(),
            files: Mutex::new(self.files().clone()),
            probed: Mutex::new(lock(&self.probed).clone()),
            bytes_read: AtomicU64::new(self.bytes_read()),
        })
    }
}
