//! What Git could bring back: `fix` changes no text that only the file holds, unless it is told to.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Error, Result, anyhow, bail};

use crate::args::ProtectionArgs;
use crate::here::slashed;
use crate::terminal::shown;
use crate::trouble::sentence;
use crate::walk::Input;
use crate::wording::named;

/// How many files a message names.
const NAMED: usize = 5;

/// Why the text of a file could not be brought back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    /// Git has another text, or none: the file was changed since the last commit, or is not in it.
    Uncommitted,
    /// The file is in no work tree of Git.
    NoWorkTree,
}

/// Those of `inputs` whose text could not be brought back, where that matters to the user.
///
/// # Errors
/// Where Git does not say.
pub(crate) fn unprotected<'i>(
    inputs: impl IntoIterator<Item = &'i Input>,
    args: &ProtectionArgs,
) -> Result<Vec<(&'i Input, Loss)>> {
    let needs_work_tree = !args.no_vcs && args.backup.is_none();
    let mut trees = WorkTrees::default();
    let mut found = Vec::new();
    let on_disk = inputs
        .into_iter()
        .filter(|input| !input.is_stdin && !input.is_new);
    for input in on_disk {
        let Some(folder) = input.path.parent() else {
            continue;
        };
        let loss = match trees.around(folder) {
            Some(root) if !args.allow_dirty => {
                let tree = trees.tree(root)?;
                tree.has_changed(&input.path).then_some(Loss::Uncommitted)
            }
            Some(_) => None,
            None => needs_work_tree.then_some(Loss::NoWorkTree),
        };
        found.extend(loss.map(|loss| (input, loss)));
    }
    Ok(found)
}

/// Fails where there is one of `files` that are about to change, although its text could not be brought back.
pub(crate) fn refuse(files: &[(&Input, Loss)]) -> Result<()> {
    let mut dirty = Vec::new();
    for (input, loss) in files {
        match loss {
            Loss::NoWorkTree => bail!(refusal(*loss, &[shown(input.name())])),
            Loss::Uncommitted => dirty.push(shown(input.name())),
        }
    }
    if !dirty.is_empty() {
        bail!(refusal(Loss::Uncommitted, &dirty));
    }
    Ok(())
}

/// Says that `files`, by name, would change, although their text could not be brought back.
pub(crate) fn refusal(loss: Loss, files: &[Cow<'_, str>]) -> String {
    let names = named(files, NAMED);
    match loss {
        Loss::Uncommitted => format!(
            "nothing was written: there are uncommitted changes in what would change ({names}); commit or \
             stash them, or run with --allow-dirty"
        ),
        Loss::NoWorkTree => format!(
            "nothing was written: {names} would change, and is in no Git work tree that could bring its \
             text back; run with --no-vcs, or with --backup SUFFIX to keep it"
        ),
    }
}

/// The root of the work tree that `folder` is in; `folder` itself where there is none.
pub(crate) fn root_around(folder: &Path) -> PathBuf {
    WorkTrees::default()
        .around(folder)
        .unwrap_or_else(|| folder.to_path_buf())
}

/// The file at `path` as the work tree at `root` calls it, if it is in there: from its top, with slashes.
pub(crate) fn name_in(root: &Path, path: &Path) -> Option<String> {
    let name = path.strip_prefix(root).ok()?.to_str()?;
    Some(slashed(name.to_owned()))
}

/// Who commits in `folder`, as the header of a message has it; none where Git does not know.
pub(crate) fn author(folder: &Path) -> Option<String> {
    let (failed, output) = git(folder, &[], &["var", "GIT_AUTHOR_IDENT"]).ok()?;
    // "Name <address> seconds zone".
    let text = String::from_utf8(output)
        .ok()
        .filter(|_| failed.is_none())?;
    let (name, rest) = text.split_once('<')?;
    let (address, _) = rest.split_once('>')?;
    Some(format!("{} <{address}>", phrase(name.trim())))
}

/// A name as a header has it.
fn phrase(name: &str) -> String {
    if !name.contains(|it| "()<>@,;:\\\".[]".contains(it)) {
        return name.to_owned();
    }
    let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

/// The commit that is checked out in the work tree at `root`, if that is one and has any.
///
/// # Errors
/// Where Git does not say.
pub(crate) fn head(root: &Path) -> Result<Option<String>> {
    if !root.join(".git").exists() {
        return Ok(None);
    }
    let args = ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"];
    let output = command(root, &[]).args(args).output();
    let output = output
        .context("cannot run git")
        .map_err(|it| untold(root, &it))?;
    if !output.status.success() {
        // Of a branch without a commit it says nothing.
        if output.status.code() == Some(1) && output.stderr.is_empty() {
            return Ok(None);
        }
        return Err(untold(root, &anyhow!(complaint(&output.stderr))));
    }
    let id = String::from_utf8_lossy(&output.stdout);
    Ok(Some(id.trim().to_owned()))
}

/// That Git does not say what is committed in the work tree at `root`.
fn untold(root: &Path, because: &Error) -> Error {
    let (root, because) = (root.display(), sentence(because));
    anyhow!("cannot tell what is committed in {root}: {because}; run with --allow-dirty")
}

/// Those of `names`, from the root of the work tree at `root`, whose lines end with CR LF on disk alone: Git keeps them
/// with LF, and makes that of what is committed.
///
/// # Errors
/// Where Git does not say.
pub(crate) fn kept_with_lf(root: &Path, names: &[&str]) -> Result<HashSet<String>> {
    /// So many names fit into a command.
    const AT_ONCE: usize = 100;
    let settings = harmless(root)?;
    let mut found = HashSet::new();
    for names in names.chunks(AT_ONCE) {
        let list = ["--literal-pathspecs", "ls-files", "--eol", "-z", "--"];
        let (failed, output) = git(root, &settings, &[&list, names].concat())?;
        if let Some(message) = failed {
            bail!("cannot tell how lines end in {}: {message}", root.display());
        }
        for entry in output.split(|byte| *byte == 0) {
            let entry = String::from_utf8_lossy(entry);
            // "i/lf    w/crlf  attr/text=auto", a tab, the path.
            let Some((how, name)) = entry.split_once('\t') else {
                continue;
            };
            let mut how = how.split_whitespace();
            let (index, disk) = (how.next(), how.next());
            if index == Some("i/lf") && matches!(disk, Some("w/crlf" | "w/mixed")) {
                found.insert(name.to_owned());
            }
        }
    }
    Ok(found)
}

/// Which of `paths`, that are absolute and without links, are not as the last commit has them; what is in no work
/// tree is none.
///
/// # Errors
/// Where Git does not say.
pub(crate) fn uncommitted<'p>(paths: impl Iterator<Item = &'p Path>) -> Result<Vec<&'p Path>> {
    let mut trees = WorkTrees::default();
    let mut found = Vec::new();
    for path in paths {
        let Some(root) = path.parent().and_then(|folder| trees.around(folder)) else {
            continue;
        };
        if trees.tree(root)?.has_changed(path) {
            found.push(path);
        }
    }
    Ok(found)
}

/// What has changed in a work tree since a branch left another one.
#[derive(Debug)]
pub(crate) struct Since {
    /// Files that differ, and files that are new, by their absolute paths: what Git calls the text that they had.
    changed: HashMap<PathBuf, Option<String>>,
    texts: Mutex<Texts>,
}

impl Since {
    /// What differs in the work tree at `root` from the commit at which its branch left `revision`; what is not
    /// committed counts, and so do files that Git does not know yet.
    ///
    /// # Errors
    /// Where Git does not say.
    pub(crate) fn ask(root: &Path, revision: &str) -> Result<Self> {
        if !root.join(".git").exists() {
            bail!(
                "--since: {} is in no work tree of Git; run in one, or leave it out to look at all files",
                root.display()
            );
        }
        let settings = harmless(root).context("--since needs Git")?;
        let ask = |args: &[&str]| -> Result<Vec<u8>, String> {
            let output = command(root, &settings).args(args).output();
            let output = output.map_err(|error| format!("cannot run git: {error}"))?;
            if output.status.success() {
                return Ok(output.stdout);
            }
            Err(complaint(&output.stderr))
        };
        let name = |output: Vec<u8>| String::from_utf8_lossy(output.trim_ascii()).into_owned();
        let trouble = |message| anyhow!("--since: {message}");
        // It fails where Git does not work here at all.
        ask(&["rev-parse", "--git-dir"]).map_err(trouble)?;
        let verify =
            |name: &str| ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", name]);
        // What a text such as `:/fix` finds is a commit; what follows it would be text, too.
        let found = verify(revision).map(name);
        let found = found.and_then(|it| verify(&format!("{it}^{{commit}}")));
        let Ok(found) = found.map(name) else {
            if revision.contains("..") {
                bail!("--since: {revision} is a range; name one commit, with which to compare");
            }
            bail!(
                "--since: no commit is called {revision} in {}; fetch it, or name another",
                root.display()
            );
        };
        let Ok(base) = ask(&["merge-base", &found, "HEAD"]).map(name) else {
            bail!(
                "--since: {revision} and HEAD have no commit in common; a clone that is shallow has to fetch more"
            );
        };
        let diff = [
            "diff",
            "--raw",
            "-z",
            "--no-abbrev",
            "--find-renames",
            "--no-ext-diff",
            "--ignore-submodules=all",
            "--diff-filter=d",
            &base,
            "--",
        ];
        let others = ["ls-files", "-z", "--others", "--exclude-standard"];
        let diff = ask(&diff).map_err(trouble)?;
        let others = ask(&others).map_err(trouble)?;
        let mut changed: HashMap<PathBuf, Option<String>> = HashMap::new();
        let mut fields = diff.split(|byte| *byte == 0);
        // ":mode mode text text status", then the path, or the old one and the new one.
        while let Some(entry) = fields.next().filter(|entry| !entry.is_empty()) {
            let entry = String::from_utf8_lossy(entry);
            let words: Vec<&str> = entry.split(' ').collect();
            let (text, status) = (words.get(2), words.last());
            let has_two = status.is_some_and(|it| it.starts_with(['R', 'C']));
            let path = fields.nth(usize::from(has_two)).map(path_of);
            let (Some(text), Some(path)) = (text, path) else {
                bail!("--since: git says what nobody understands: {entry}");
            };
            let was_there = text.contains(|digit| digit != '0');
            changed.insert(root.join(path), was_there.then(|| (*text).to_owned()));
        }
        changed.extend(entries(&others).map(|path| (root.join(path), None)));
        let texts = Mutex::new(Texts {
            root: root.to_path_buf(),
            settings,
            git: None,
        });
        Ok(Self { changed, texts })
    }

    /// Whether the file at `path` differs.
    pub(crate) fn has_changed(&self, path: &Path) -> bool {
        self.changed.contains_key(path)
    }

    /// The contents that the file at `path` had; none where it is new.
    ///
    /// # Errors
    /// Where Git has them no more, as in a clone that left them out.
    pub(crate) fn before(&self, path: &Path) -> Result<Option<Vec<u8>>> {
        let Some(Some(text)) = self.changed.get(path) else {
            return Ok(None);
        };
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let contents = texts.read(text);
        let contents = contents
            .with_context(|| format!("--since: cannot read what {} was", path.display()))?;
        Ok(Some(contents))
    }
}

/// Reads what Git has stored, all by one process.
#[derive(Debug)]
struct Texts {
    root: PathBuf,
    settings: Vec<OsString>,
    git: Option<Reading>,
}

/// A Git that waits for names.
#[derive(Debug)]
struct Reading {
    child: Child,
    names: ChildStdin,
    texts: BufReader<ChildStdout>,
}

impl Texts {
    /// What is called `name`.
    fn read(&mut self, name: &str) -> Result<Vec<u8>> {
        let git = match self.git.take() {
            Some(git) => git,
            None => Reading::begin(&self.root, &self.settings).context("cannot run git")?,
        };
        let git = self.git.insert(git);
        let asked = git.ask(name).context("git says no more")?;
        asked.with_context(|| format!("git has no text {name}"))
    }
}

impl Reading {
    fn begin(root: &Path, settings: &[OsString]) -> Result<Self> {
        let mut command = command(root, settings);
        let pipes = command.args(["cat-file", "--batch"]).stdin(Stdio::piped());
        let mut child = pipes.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let names = child.stdin.take().context("it has no input")?;
        let texts = child.stdout.take().context("it has no output")?;
        Ok(Self {
            child,
            names,
            texts: BufReader::new(texts),
        })
    }

    /// None where there is no such text.
    fn ask(&mut self, name: &str) -> io::Result<Option<Vec<u8>>> {
        self.names.write_all(format!("{name}\n").as_bytes())?;
        self.names.flush()?;
        let mut head = String::new();
        self.texts.read_line(&mut head)?;
        // "name blob size", and the text on lines of its own; "name missing".
        let mut words = head.split_whitespace().skip(1);
        let (Some("blob"), Some(size)) = (words.next(), words.next()) else {
            if head.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            return Ok(None);
        };
        let size: usize = size.parse().map_err(io::Error::other)?;
        let mut text = vec![0; size];
        self.texts.read_exact(&mut text)?;
        self.texts.read_exact(&mut [0])?;
        Ok(Some(text))
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        // It ends with its input, which is dropped after this; there is nothing that it could lose.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The work trees of Git around the files of a run.
#[derive(Default)]
struct WorkTrees {
    /// By folder: the root of the work tree that it is in.
    roots: HashMap<PathBuf, Option<PathBuf>>,
    trees: HashMap<PathBuf, WorkTree>,
}

impl WorkTrees {
    /// The root of the work tree that `folder`, an absolute path without links, is in.
    fn around(&mut self, folder: &Path) -> Option<PathBuf> {
        if let Some(known) = self.roots.get(folder) {
            return known.clone();
        }
        // In a linked work tree and in a submodule it is a file.
        let root = if folder.join(".git").exists() {
            Some(folder.to_path_buf())
        } else {
            folder.parent().and_then(|parent| self.around(parent))
        };
        self.roots.insert(folder.to_path_buf(), root.clone());
        root
    }

    fn tree(&mut self, root: PathBuf) -> Result<&WorkTree> {
        Ok(match self.trees.entry(root) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let tree = WorkTree::ask(place.key())?;
                place.insert(tree)
            }
        })
    }
}

/// What has no commit in a work tree.
struct WorkTree {
    root: PathBuf,
    /// Files, and folders in which nothing is tracked, relative to the root.
    changed: HashSet<PathBuf>,
}

/// Settings with which Git runs no program that the configuration of a strange repository may name.
pub(crate) fn harmless(root: &Path) -> Result<Vec<OsString>> {
    let mut settings = vec![
        OsString::from("core.fsmonitor=false"),
        OsString::from("core.hooksPath=/dev/null"),
    ];
    let filters = [
        "config",
        "-z",
        "--name-only",
        "--get-regexp",
        r"^filter\..*\.(clean|process)$",
    ];
    // The status of 1 says that there is none.
    let (_, filters) = git(root, &[], &filters)?;
    for key in entries(&filters) {
        let mut setting = key.as_os_str().to_owned();
        // A setting ends at its first one, so that this filter could not be switched off.
        if setting.as_encoded_bytes().contains(&b'=') {
            let root = root.display();
            bail!("a filter in the configuration of {root} has to have a name without `=`");
        }
        setting.push("=");
        settings.push(setting);
    }
    Ok(settings)
}

impl WorkTree {
    fn ask(root: &Path) -> Result<Self> {
        let changed = Self::changed(root).map_err(|it| untold(root, &it))?;
        Ok(Self {
            root: root.to_path_buf(),
            changed,
        })
    }

    fn changed(root: &Path) -> Result<HashSet<PathBuf>> {
        let settings = harmless(root)?;
        let status = [
            "status",
            "--porcelain=v1",
            "-z",
            "--no-renames",
            "--ignore-submodules=all",
            "--untracked-files=normal",
            "--ignored=traditional",
        ];
        let (failed, out) = git(root, &settings, &status)?;
        if let Some(message) = failed {
            bail!(message);
        }
        // "XY path".
        Ok(entries(&out)
            .filter_map(|entry| entry.as_os_str().as_encoded_bytes().get(3..).map(path_of))
            .collect())
    }

    /// Whether the file at `path`, which is in here, is not as the last commit has it.
    fn has_changed(&self, path: &Path) -> bool {
        let Ok(path) = path.strip_prefix(&self.root) else {
            return true;
        };
        path.ancestors().any(|part| self.changed.contains(part))
    }
}

/// Asks Git, of which nothing that the configuration of a repository names is run: what it said is wrong, if it
/// did, and its output.
pub(crate) fn git(
    root: &Path,
    settings: &[OsString],
    args: &[impl AsRef<OsStr>],
) -> Result<(Option<String>, Vec<u8>)> {
    answer(command(root, settings).args(args))
}

/// What Git said is wrong, if it did, and its output.
pub(crate) fn answer(git: &mut Command) -> Result<(Option<String>, Vec<u8>)> {
    let output = git.output().context("cannot run git")?;
    let failed = !output.status.success();
    Ok((failed.then(|| complaint(&output.stderr)), output.stdout))
}

/// What Git says first of what is wrong.
pub(crate) fn complaint(stderr: &[u8]) -> String {
    let message = String::from_utf8_lossy(stderr);
    message.lines().next().unwrap_or("git failed").to_owned()
}

/// Git in `root`, with `settings`; it takes no lock that it can do without, and fetches nothing.
pub(crate) fn command(root: &Path, settings: &[OsString]) -> Command {
    let mut command = Command::new("git");
    for setting in settings {
        command.arg("-c").arg(setting);
    }
    command
        .current_dir(root)
        .env("GIT_OPTIONAL_LOCKS", "0")
        // What a clone has left out is not fetched, which would run what the repository names.
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_ALLOW_PROTOCOL", "none")
        .env("LC_ALL", "C")
        // Those of a hook that runs us are about what is being committed.
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_WORK_TREE");
    command
}

/// The paths in `output`, which ends each with a NUL.
pub(crate) fn entries(output: &[u8]) -> impl Iterator<Item = PathBuf> {
    let entries = output.split(|byte| *byte == 0);
    entries.filter(|entry| !entry.is_empty()).map(path_of)
}

/// The path with these bytes, which ends with a slash where it is a folder's.
#[cfg(unix)]
pub(crate) fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(
        bytes.strip_suffix(b"/").unwrap_or(bytes),
    ))
}

#[cfg(not(unix))]
pub(crate) fn path_of(bytes: &[u8]) -> PathBuf {
    let text = String::from_utf8_lossy(bytes);
    PathBuf::from(text.strip_suffix('/').unwrap_or(&text))
}
