//! Reading and writing the user's files.

use std::cell::Cell;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::mem;
use std::ops::Deref;
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::sync::RwLockWriteGuard;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use asyncmend::Fault;
use asyncmend::parts::MAX_BYTES;
use tempfile::NamedTempFile;

use crate::trouble::Trouble;

/// Larger files are not read: each thread may have one in memory.
const MAX_READ: u64 = 256 << 20;

/// Most files are smaller; the memory of a larger one is not kept for the next.
const MOST_KEPT: usize = 1 << 20;

/// Held for reading while files are written.
static WRITING: RwLock<()> = RwLock::new(());

/// How many files were written.
static WRITTEN: AtomicUsize = AtomicUsize::new(0);

/// Waits until nothing is half written, and keeps it so; how many files were written is given as well.
#[cfg(unix)]
pub(crate) fn stop_writing() -> (RwLockWriteGuard<'static, ()>, usize) {
    let guard = WRITING.write().unwrap_or_else(PoisonError::into_inner);
    (guard, WRITTEN.load(Ordering::SeqCst))
}

/// As long as the guard is there, a signal does not end the program.
pub(crate) fn begin_writing() -> RwLockReadGuard<'static, ()> {
    WRITING.read().unwrap_or_else(PoisonError::into_inner)
}

/// The bytes of a file. Their memory is used again for the next one that the thread reads.
#[derive(Debug, Default)]
pub(crate) struct Bytes {
    /// They come first in it; what comes after them is of another file.
    memory: Vec<u8>,
    length: usize,
}

thread_local! {
    /// The memory of the file that was read last.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.memory[..self.length]
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        if self.memory.capacity() <= MOST_KEPT {
            BUFFER.set(mem::take(&mut self.memory));
        }
    }
}

/// The bytes of a file.
pub(crate) fn load(path: &Path) -> Result<Bytes, Trouble> {
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    // Before a byte of it takes memory.
    if metadata.len() > MAX_READ {
        return Err(Fault::TooLarge.into());
    }
    if !metadata.is_file() {
        return read(file);
    }
    let size = usize::try_from(metadata.len()).unwrap_or_default();
    read_file(file, size).map_err(unreadable)
}

/// All of `file`, an ordinary one, which has some `size` bytes: what is known of it is not asked once more.
fn read_file(mut file: File, size: usize) -> io::Result<Bytes> {
    let mut memory = BUFFER.take();
    // With a byte more, the end is met before it is full.
    if memory.len() <= size {
        memory.resize(size + 1, 0);
    }
    let mut length = 0;
    while length < memory.len() {
        match file.read(&mut memory[length..]) {
            Ok(0) => return Ok(Bytes { memory, length }),
            Ok(read) => {
                length += read;
                // Less than was asked for, and all that there should be: this was the end.
                if length == size {
                    return Ok(Bytes { memory, length });
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    // It has grown.
    file.read_to_end(&mut memory)?;
    Ok(Bytes::from(memory))
}

impl From<Vec<u8>> for Bytes {
    fn from(memory: Vec<u8>) -> Self {
        let length = memory.len();
        Self { memory, length }
    }
}

/// The text of a file about a project, such as a configuration: a link may lead to a device, which has no end.
pub(crate) fn load_text(path: &Path) -> io::Result<String> {
    String::from_utf8(load_small(path)?).map_err(|_| io::Error::other("it is not UTF-8"))
}

/// The same, whatever its encoding.
pub(crate) fn load_small(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    if metadata.len() > MAX_BYTES as u64 {
        let limit = MAX_BYTES >> 20;
        return Err(io::Error::other(format!("it is larger than {limit} MiB")));
    }
    fs::read(path)
}

/// The bytes of standard input.
pub(crate) fn load_stdin() -> Result<Bytes, Trouble> {
    read(io::stdin().lock())
}

/// All of `source`, which may have no end.
fn read(source: impl Read) -> Result<Bytes, Trouble> {
    let mut bytes = Vec::new();
    let mut source = source.take(MAX_READ + 1);
    source.read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_READ {
        return Err(Fault::TooLarge.into());
    }
    Ok(bytes.into())
}

/// Replaces the contents of the file at `path`, which is no symbolic link, by `after`, if it still
/// holds `before`: at every moment the name leads to the whole old or the whole new text.
///
/// Permissions and, where we may, the owner and extended attributes stay. Another hard link keeps the old
/// text, which is the price of never leaving half a file behind. With a `backup`, the old text stays beside
/// it, under its name with that at the end.
pub(crate) fn store(
    path: &Path,
    before: &[u8],
    after: &[u8],
    backup: Option<&str>,
) -> Result<(), Trouble> {
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if metadata.permissions().readonly() {
        return Err(Trouble::ReadOnly);
    }
    let _writing = begin_writing();
    let mut new = like(path, after, &metadata).map_err(Trouble::Unwritable)?;
    keep_attributes(new.as_file(), path);
    // As late as possible: an editor may save while we work.
    if fs::read(path).map_err(unreadable)? != before {
        return Err(Trouble::ChangedMeanwhile);
    }
    if let Some(suffix) = backup {
        keep(&backup_of(path, suffix), before, &metadata)?;
    }
    new.flush().map_err(Trouble::Unwritable)?;
    new.persist(path)
        .map_err(|error| Trouble::Unwritable(error.error))?;
    WRITTEN.fetch_add(1, Ordering::SeqCst);
    Ok(())
}

/// Says beforehand what would keep [`store`] from replacing the contents `before`, as far as that can be seen.
pub(crate) fn check_storable(
    path: &Path,
    before: &[u8],
    backup: Option<&str>,
) -> Result<(), Trouble> {
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if metadata.permissions().readonly() {
        return Err(Trouble::ReadOnly);
    }
    like(path, &[], &metadata).map_err(Trouble::Unwritable)?;
    let backup = backup.map(|suffix| backup_of(path, suffix));
    let is_taken = |it: &PathBuf| it.exists() && !fs::read(it).is_ok_and(|kept| kept == before);
    match backup.filter(is_taken) {
        Some(taken) => Err(Trouble::BackupExists(taken)),
        None => Ok(()),
    }
}

/// Where the old text of the file at `path` stays.
fn backup_of(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Makes the file at `path` with the contents `bytes`, unless it is there.
fn keep(path: &Path, bytes: &[u8], original: &Metadata) -> Result<(), Trouble> {
    let file = like(path, bytes, original).map_err(Trouble::Unwritable)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            // A run that was broken off has left the same.
            match fs::read(path) {
                Ok(kept) if kept == bytes => Ok(()),
                _ => Err(Trouble::BackupExists(path.to_path_buf())),
            }
        }
        Err(error) => Err(Trouble::Unwritable(error.error)),
    }
}

/// Makes the file at `path` with the contents `after`, if there is none yet.
pub(crate) fn create(path: &Path, after: &str) -> Result<(), Trouble> {
    let _writing = begin_writing();
    let file = usual(path, after).map_err(Trouble::Unwritable)?;
    match file.persist_noclobber(path) {
        Ok(_) => {
            WRITTEN.fetch_add(1, Ordering::SeqCst);
            Ok(())
        }
        Err(error) => Err(match error.error.kind() {
            io::ErrorKind::AlreadyExists => Trouble::ChangedMeanwhile,
            _ => Trouble::Unwritable(error.error),
        }),
    }
}

/// Lets the file at `path`, which is ours, hold `text`: at every moment it holds what it did, or that.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    usual(path, text)?.persist(path)?;
    Ok(())
}

/// A temporary file beside `path` that holds `text`, as accessible as the user's new files are.
fn usual(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What the user's mask leaves of it.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    beside(path, text.as_bytes(), &mut builder)
}

/// A temporary file beside `path` that holds `bytes`, as accessible as the file `original`.
fn like(path: &Path, bytes: &[u8], original: &Metadata) -> io::Result<NamedTempFile> {
    let file = beside(path, bytes, &mut tempfile::Builder::new())?;
    keep_owner(file.as_file(), original);
    file.as_file().set_permissions(original.permissions())?;
    Ok(file)
}

/// A temporary file beside `path` that holds `bytes`.
fn beside(
    path: &Path,
    bytes: &[u8],
    builder: &mut tempfile::Builder<'_, '_>,
) -> io::Result<NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    let mut file = builder.prefix(".asyncmend-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    Ok(file)
}

/// Where root mends a user's files, they stay the user's. Others may not give files away, and what
/// they write is theirs anyway.
#[cfg(unix)]
fn keep_owner(file: &File, original: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let _ = fchown(file, Some(original.uid()), Some(original.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

/// Access control lists are among them. Those of the system, which others may not set, the new file has of
/// its own.
#[cfg(unix)]
fn keep_attributes(file: &File, replaces: &Path) {
    use xattr::FileExt;
    for name in xattr::list(replaces).into_iter().flatten() {
        if let Ok(Some(value)) = xattr::get(replaces, &name) {
            let _ = file.set_xattr(&name, &value);
        }
    }
}

#[cfg(not(unix))]
fn keep_attributes(_: &File, _: &Path) {}

fn unreadable(error: io::Error) -> Trouble {
    match error.kind() {
        io::ErrorKind::NotFound => Trouble::Missing,
        _ => Trouble::Unreadable(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_a_file_alone_that_changed_since_it_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.py");
        fs::write(&path, "somebody else's\n").unwrap();
        let trouble = store(&path, b"ours\n", b"mended\n", None).unwrap_err();
        assert!(matches!(trouble, Trouble::ChangedMeanwhile));
        assert_eq!(fs::read_to_string(&path).unwrap(), "somebody else's\n");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
