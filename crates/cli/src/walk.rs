//! Which files to look at, in which order.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;

use anyhow::{Context, Result, bail};
use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::args::FileArgs;
use crate::here::slashed;
use crate::portion;
use crate::settings::{Resolver, Settings};
use crate::terminal::shown;
use crate::trouble::Trouble;
use crate::vcs::{self, Since};
use crate::work;

/// One thing to look at. There may be a million of them, so each takes little memory.
#[derive(Debug)]
pub(crate) struct Input {
    name: Name,
    /// Where it is, without symbolic links.
    pub(crate) path: PathBuf,
    /// Whether it comes from standard input; `path` then says only what settings it gets.
    pub(crate) is_stdin: bool,
    pub(crate) role: Role,
    /// Whether it is to be made, as a module for helpers.
    pub(crate) is_new: bool,
    /// What holds for the files of its folder.
    pub(crate) settings: Arc<Settings>,
}

/// What is to be done with an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is looked at.
    Asked,
    /// It gets helpers: nobody asked for it.
    Added,
    /// It is only known.
    Background,
    /// It gets helpers, and is only known beside that.
    Served,
}

/// How an input is called.
#[derive(Debug)]
enum Name {
    /// As its path from this byte on is written.
    EndOfPath(usize),
    Own(Box<str>),
}

impl Name {
    /// `name`, for the file at `path`.
    fn new(name: String, path: &Path) -> Self {
        let start = path.to_str().and_then(|it| it.strip_suffix(&name));
        start.map_or_else(|| Self::Own(name.into()), |it| Self::EndOfPath(it.len()))
    }
}

impl Input {
    /// How it is called in all output.
    pub(crate) fn name(&self) -> &str {
        match &self.name {
            Name::Own(name) => name,
            Name::EndOfPath(start) => {
                let path = self.path.to_str().expect("a path with a name is UTF-8");
                &path[*start..]
            }
        }
    }

    /// Whether its name is that of a Jupyter notebook.
    pub(crate) fn is_notebook(&self) -> bool {
        kind(&self.path) == Kind::Notebook
    }

    /// What its text is.
    pub(crate) fn kind(&self) -> asyncmend::Kind {
        if self.is_notebook() {
            asyncmend::Kind::Notebook
        } else {
            asyncmend::Kind::Module
        }
    }
}

/// What a search found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// By name, each file once.
    pub(crate) inputs: Vec<Input>,
    /// What could not be looked at, by name.
    pub(crate) troubles: Vec<(String, Trouble)>,
    /// What was named but holds nothing for us.
    pub(crate) skipped: Vec<String>,
    /// What the files were before, where that was asked for.
    pub(crate) since: Option<Since>,
}

/// What a file is, going by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Python,
    Stub,
    Notebook,
    Other,
}

/// Finds what the command line asks for.
///
/// # Errors
/// Where the paths make no sense together, or a configuration cannot be read.
pub(crate) fn inputs(args: &FileArgs, resolver: &Resolver) -> Result<Found> {
    let mut found = all(args, resolver)?;
    portion::narrow(&mut found, args, &resolver.here)?;
    Ok(found)
}

fn all(args: &FileArgs, resolver: &Resolver) -> Result<Found> {
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        return stdin(args, resolver);
    }
    let mut search = Search {
        args,
        resolver,
        found: Found::default(),
        folders: HashMap::new(),
    };
    for path in &args.paths {
        search.take(path, false)?;
    }
    if let Some(list) = &args.files_from {
        for_each_listed(list, args.null, |path| search.take(path, true))?;
    } else if args.paths.is_empty() {
        search.take(Path::new("."), false)?;
    }
    Ok(search.found.in_order())
}

/// Standard input alone.
fn stdin(args: &FileArgs, resolver: &Resolver) -> Result<Found> {
    if args.paths.len() > 1 || args.files_from.is_some() {
        bail!("`-` cannot be combined with other paths");
    }
    let given = args.stdin_filename.as_deref();
    let path = resolver.here.path().join(given.unwrap_or(Path::new("-")));
    let settings = resolver.settings(folder_of(&path))?;
    Ok(Found {
        inputs: vec![Input {
            name: Name::Own(resolver.here.name(&path).into()),
            path,
            is_stdin: true,
            role: Role::Asked,
            is_new: false,
            settings,
        }],
        ..Found::default()
    })
}

/// By what some editors and shells mark a text as UTF-8; no name begins with it.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Hands on the paths in the file `list`, which may be a million.
fn for_each_listed(
    list: &Path,
    null: bool,
    mut take: impl FnMut(&Path) -> Result<()>,
) -> Result<()> {
    let complaint = || format!("--files-from: cannot read {}", list.display());
    let mut reader: Box<dyn BufRead> = if list.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(list).with_context(complaint)?))
    };
    let end = if null { b'\0' } else { b'\n' };
    let mut line = Vec::new();
    let mut is_first = true;
    while reader.read_until(end, &mut line).with_context(complaint)? > 0 {
        if line.last() == Some(&end) {
            line.pop();
        }
        while !null && line.last() == Some(&b'\r') {
            line.pop();
        }
        let name = match line.strip_prefix(MARK) {
            Some(name) if is_first => name,
            _ => &line,
        };
        if !name.is_empty() {
            take(&vcs::path_of(name))?;
        }
        is_first = false;
        line.clear();
    }
    Ok(())
}

struct Search<'a> {
    args: &'a FileArgs,
    resolver: &'a Resolver,
    found: Found,
    /// Where the folders are that files were named in, without links.
    folders: HashMap<PathBuf, Option<PathBuf>>,
}

impl Search<'_> {
    /// Takes what the user named; what is `listed` need not be Python.
    fn take(&mut self, path: &Path, listed: bool) -> Result<()> {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.walk(path),
            Ok(_) => self.take_file(path, listed),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.trouble(path, Trouble::Missing);
                Ok(())
            }
            Err(error) => {
                self.trouble(path, Trouble::Unreadable(error));
                Ok(())
            }
        }
    }

    /// Takes a file that the user named, whatever it is called.
    fn take_file(&mut self, given: &Path, listed: bool) -> Result<()> {
        let kind = kind(given);
        match kind {
            _ if listed && !is_taken(kind) => return Ok(()),
            Kind::Stub => {
                let name = given.display();
                let skipped = format!("{name}: a stub holds no code that runs; left out");
                self.found.skipped.push(skipped);
                return Ok(());
            }
            Kind::Python | Kind::Notebook | Kind::Other => {}
        }
        // What a shell makes of `<(command)` has no path without symbolic links.
        let path = self
            .without_links(given)
            .unwrap_or_else(|| self.resolver.here.path().join(given));
        let settings = self.resolver.settings(folder_of(&path))?;
        if !(self.args.force_exclude && settings.excludes_below(&path)) {
            self.add(given, path, settings);
        }
        Ok(())
    }

    /// Where the file called `given` is. Its folder is asked about once, for all files in it.
    fn without_links(&mut self, given: &Path) -> Option<PathBuf> {
        let is_link = fs::symlink_metadata(given).is_ok_and(|it| it.is_symlink());
        let (Some(folder), Some(name), false) = (given.parent(), given.file_name(), is_link) else {
            return dunce::canonicalize(given).ok();
        };
        if !self.folders.contains_key(folder) {
            let here = Path::new(".");
            let named = if folder.as_os_str().is_empty() {
                here
            } else {
                folder
            };
            let real = dunce::canonicalize(named).ok();
            self.folders.insert(folder.to_path_buf(), real);
        }
        Some(self.folders[folder].as_ref()?.join(name))
    }

    /// Takes the Python files in and below the folder that is called `given`.
    fn walk(&mut self, given: &Path) -> Result<()> {
        let root = match dunce::canonicalize(given) {
            Ok(root) => root,
            Err(error) => {
                self.trouble(given, Trouble::Unreadable(error));
                return Ok(());
            }
        };
        if self.args.force_exclude {
            let settings = self.resolver.settings(folder_of(&root))?;
            if settings.excludes_below(&root) {
                return Ok(());
            }
        }
        let mut bad: Option<(PathBuf, anyhow::Error)> = None;
        let (args, resolver) = (self.args, self.resolver);
        for_each_entry(&root, args, resolver, |seen| {
            let below = |path: &Path| given.join(path.strip_prefix(&root).unwrap_or(path));
            match seen {
                // What a tree holds decides nothing about files elsewhere.
                Seen::File {
                    at,
                    leads_to: Some(path),
                    ..
                } if !path.starts_with(&root) => {
                    let link = below(&at);
                    let link = self.name(&link, &link).to_string_lossy().into_owned();
                    self.found.skipped.push(format!(
                        "{}: leads to {}, outside of what was named; left out",
                        shown(&link),
                        shown(&path.to_string_lossy())
                    ));
                }
                Seen::File {
                    at,
                    leads_to,
                    settings,
                } => self.add(&below(&at), leads_to.unwrap_or(at), settings),
                Seen::Unreadable(path, error) => {
                    self.trouble(&below(&path), Trouble::Unreadable(error));
                }
                // Threads meet them in any order, but always the same one is to be reported.
                Seen::BadProject(path, error) => {
                    if bad.as_ref().is_none_or(|(first, _)| path < *first) {
                        bad = Some((path, error));
                    }
                }
            }
        });
        bad.map_or(Ok(()), |(_, error)| Err(error))
    }

    /// Adds one file that the user would call `given`.
    fn add(&mut self, given: &Path, path: PathBuf, settings: Arc<Settings>) {
        match self.name(given, &path).into_os_string().into_string() {
            Ok(name) => self.found.inputs.push(Input {
                name: Name::new(slashed(name), &path),
                path,
                is_stdin: false,
                role: Role::Asked,
                is_new: false,
                settings,
            }),
            Err(_) => self.trouble(given, Trouble::NameNotUtf8),
        }
    }

    fn trouble(&mut self, given: &Path, trouble: Trouble) {
        let path = self.resolver.here.path().join(given);
        let name = self.name(given, &path).display().to_string();
        self.found.troubles.push((name, trouble));
    }

    /// A path as output names it: from the working directory on, so that a diff applies there, and
    /// as it was given where it lies elsewhere.
    fn name(&self, given: &Path, path: &Path) -> PathBuf {
        match self.resolver.here.relative(path) {
            Some(relative) => relative.components().collect(),
            None => given.components().collect(),
        }
    }
}

impl Found {
    /// Adds the file at `path`, which nobody named, unless it is there already.
    pub(crate) fn with(mut self, path: &Path, resolver: &Resolver) -> Result<Self> {
        if let Some(input) = self.inputs.iter_mut().find(|input| input.path == path) {
            if input.role == Role::Background {
                input.role = Role::Served;
            }
        } else {
            self.inputs.push(Input {
                name: Name::new(resolver.here.name(path), path),
                path: path.to_path_buf(),
                is_stdin: false,
                role: Role::Added,
                is_new: !path.exists(),
                settings: resolver.settings(folder_of(path))?,
            });
        }
        Ok(self.in_order())
    }

    /// Takes back what [`Found::with`] did.
    pub(crate) fn forget_added(&mut self) {
        self.inputs.retain(|input| input.role != Role::Added);
        for input in &mut self.inputs {
            if input.role == Role::Served {
                input.role = Role::Background;
            }
        }
    }

    /// Each file once, under whichever names and links it was reached, and by name.
    fn in_order(mut self) -> Self {
        // As bytes, which is fast, and for their names nearly in order.
        self.inputs
            .sort_unstable_by(|one, other| one.path.as_os_str().cmp(other.path.as_os_str()));
        self.inputs
            .dedup_by(|one, other| one.path.as_os_str() == other.path.as_os_str());
        let by_name = |one: &str, other: &str| Path::new(one).cmp(Path::new(other));
        self.inputs
            .sort_by(|one, other| by_name(one.name(), other.name()));
        self.troubles
            .sort_by(|one, other| by_name(&one.0, &other.0));
        self
    }
}

/// What a walk meets.
enum Seen {
    /// A file with a Python name.
    File {
        /// Where the walk met it.
        at: PathBuf,
        /// Where it is, where that is a symbolic link.
        leads_to: Option<PathBuf>,
        settings: Arc<Settings>,
    },
    Unreadable(PathBuf, io::Error),
    /// A configuration that cannot be read, met on the way to this path.
    BadProject(PathBuf, anyhow::Error),
}

/// Walks the folder `root` as Git would, and hands on what it meets, in any order.
fn for_each_entry(root: &Path, args: &FileArgs, resolver: &Resolver, take: impl FnMut(Seen)) {
    let (send, receive) = mpsc::channel();
    let mut walk = WalkBuilder::new(root);
    walk.standard_filters(!args.no_ignore)
        // Hidden files are looked at; hidden folders are our own matter.
        .hidden(false)
        // An unpacked archive without `.git` still has its `.gitignore`.
        .require_git(false)
        .threads(args.jobs.map_or(0, NonZeroUsize::get));
    thread::scope(|scope| {
        let walking = scope.spawn(move || {
            walk.build_parallel().run(|| {
                let send = send.clone();
                Box::new(move |entry| {
                    let (seen, next) = match entry {
                        Ok(entry) => visit(&entry, resolver),
                        Err(error) => (unreadable(error), WalkState::Continue),
                    };
                    // The receiver outlives the walk.
                    let _ = seen.map(|seen| send.send(seen));
                    next
                })
            });
        });
        receive.into_iter().for_each(take);
        // As with the threads that work on files, it is better not detached.
        work::join(walking.join());
    });
}

/// Looks at one entry of a folder: what it is to us, and whether to go into it.
fn visit(entry: &DirEntry, resolver: &Resolver) -> (Option<Seen>, WalkState) {
    let (skip, go_on) = ((None, WalkState::Skip), (None, WalkState::Continue));
    let Some(file_type) = entry.file_type() else {
        return skip;
    };
    if entry.depth() == 0 {
        // A folder that was asked for is taken, whatever it is called.
        return go_on;
    }
    let at = entry.path();
    let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
    if file_type.is_dir() && is_hidden || !file_type.is_dir() && !is_taken(kind(at)) {
        return skip;
    }
    let settings = match resolver.settings(folder_of(at)) {
        Ok(settings) => settings,
        Err(error) => {
            let seen = Seen::BadProject(at.to_path_buf(), error);
            return (Some(seen), WalkState::Skip);
        }
    };
    if settings.excludes(at) {
        return skip;
    }
    if file_type.is_dir() {
        return go_on;
    }
    // Reading from a pipe would wait for ever. A link may lead nowhere: that is no Python file.
    let leads_to = if file_type.is_file() {
        None
    } else {
        let path = dunce::canonicalize(at).ok().filter(|path| path.is_file());
        let Some(path) = path else {
            return skip;
        };
        Some(path)
    };
    let mut at = at.to_path_buf();
    at.shrink_to_fit();
    let seen = Seen::File {
        at,
        leads_to,
        settings,
    };
    (Some(seen), WalkState::Continue)
}

fn unreadable(error: ignore::Error) -> Option<Seen> {
    fn place(error: &ignore::Error) -> Option<&Path> {
        match error {
            ignore::Error::WithPath { path, .. } => Some(path),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
                place(err)
            }
            _ => None,
        }
    }
    let path = place(&error)?.to_path_buf();
    Some(Seen::Unreadable(path, error.into_io_error()?))
}

fn kind(path: &Path) -> Kind {
    let is = |extension| {
        path.extension()
            .is_some_and(|found| found.eq_ignore_ascii_case(extension))
    };
    if is("py") || is("pyw") {
        Kind::Python
    } else if is("pyi") {
        Kind::Stub
    } else if is("ipynb") {
        Kind::Notebook
    } else {
        Kind::Other
    }
}

/// Whether files of this kind are looked at wherever they are met.
fn is_taken(kind: Kind) -> bool {
    matches!(kind, Kind::Python | Kind::Notebook)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}
