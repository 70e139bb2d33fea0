//! The user's command, run once: how it ended and what it said last.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, PipeReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::copy::{Copy, resolved};

/// What stands for the files that would change.
const PATHS: &str = "{paths}";

/// What stands for the folders of their projects.
const PROJECTS: &str = "{projects}";

/// What stands for the file with a report.
const JUNIT: &str = "{junit}";

/// Says where Python looks for modules.
const PYTHONPATH: &str = "PYTHONPATH";

/// Has options for pytest.
const PYTEST_OPTIONS: &str = "PYTEST_ADDOPTS";

/// What may run a program more than once that is named once, or start another one that does.
const REPEATING: [&str; 9] = [
    "find", "for", "make", "nox", "parallel", "tox", "until", "while", "xargs",
];

/// A shell takes no longer text as an argument; a longer one comes from a file.
const MOST_BYTES: usize = 100_000;

/// How much of the output is kept.
const TAIL_BYTES: usize = 1 << 16;

/// How often to look whether the command has ended.
const PAUSE: Duration = Duration::from_millis(10);

/// How long a command that is ended may take to put away its things.
const GRACE: Duration = Duration::from_secs(3);

/// A command and where it runs.
pub(super) struct Shell {
    /// As the user wrote it.
    pub(super) text: String,
    /// The files that would change, as they are called in `folder`.
    pub(super) paths: Vec<PathBuf>,
    /// The folders of their projects, likewise.
    pub(super) projects: Vec<PathBuf>,
    /// In the copy.
    pub(super) folder: PathBuf,
    /// That of the user's own files.
    pub(super) tree: PathBuf,
    /// Where Python is to look for modules, where that is said.
    pub(super) python_path: Option<OsString>,
    /// Whether pytest is told to write a report, as nobody else says where to.
    pub(super) adds_report: bool,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum End {
    /// With this status.
    Status(i32),
    /// By this signal.
    Signal(i32),
    /// It took longer than so many seconds.
    Timeout(u64),
}

/// Why a run came to no end of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BrokenOff {
    /// The time for all runs is over.
    Late,
    /// The user, or the system, wants it: the signal.
    Signal(i32),
}

/// What a run came to.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) end: Result<End, BrokenOff>,
    pub(super) time: Duration,
    /// The end of what it wrote.
    pub(super) output: String,
}

/// How long a run may take.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Limits {
    /// Until it counts as failed.
    pub(super) timeout: Option<Duration>,
    /// Until all is over.
    pub(super) deadline: Option<Instant>,
}

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            End::Status(status) => write!(f, "exit status {status}"),
            End::Signal(signal) => write!(f, "ended by signal {signal}"),
            End::Timeout(seconds) => write!(f, "took longer than {seconds} s"),
        }
    }
}

impl Shell {
    /// Has pytest write a report where nobody else says where to.
    pub(super) fn add_report(&mut self) {
        self.adds_report = self.runs_pytest_once() && !self.reports();
    }

    /// Whether the command says that it writes a report.
    pub(super) fn reports(&self) -> bool {
        self.text.contains(JUNIT)
    }

    /// Whether `{paths}` may stand for the folders of projects, as it does not yet.
    pub(super) fn can_widen(&self) -> bool {
        self.runs_pytest() && self.text.contains(PATHS) && self.paths != self.projects
    }

    /// Lets `{paths}` stand for the folders of the projects.
    pub(super) fn widen(&mut self) {
        self.paths.clone_from(&self.projects);
    }

    /// Whether the command seems to run pytest.
    fn runs_pytest(&self) -> bool {
        self.words().any(is_pytest)
    }

    /// Whether it seems to do so once: of several runs each would write its report over that of the one before.
    fn runs_pytest_once(&self) -> bool {
        let may_repeat = self.words().any(|word| REPEATING.contains(&word));
        self.words().filter(|word| is_pytest(word)).count() == 1 && !may_repeat
    }

    /// The words of the command.
    fn words(&self) -> impl Iterator<Item = &str> {
        let is_in_word = |it: char| it.is_alphanumeric() || "_.".contains(it);
        self.text.split(move |it: char| !is_in_word(it))
    }

    /// Runs the command, which writes its report, if any, to `junit`. `signal` tells whether it is to be broken off.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub(super) fn run(
        &self,
        junit: &Path,
        limits: Limits,
        signal: &dyn Fn() -> Option<i32>,
    ) -> Result<Ended> {
        let text = self.expanded(junit)?;
        let script = (text.len() > MOST_BYTES)
            .then(|| script(&text))
            .transpose()?;
        let mut command = Command::new("sh");
        match &script {
            Some(file) => command.arg(file.path()),
            None => command.args(["-c", &text]),
        };
        fs::create_dir_all(&self.folder).context("cannot make a folder of the copy")?;
        let (reader, writer) = io::pipe().context("cannot make a pipe for the output")?;
        command
            .current_dir(&self.folder)
            .env("ASYNCMEND_TREE", &self.tree)
            // Those of a hook that runs us are about the user's own work tree.
            .env_remove("GIT_DIR")
            .env_remove("GIT_INDEX_FILE")
            .env_remove("GIT_WORK_TREE")
            .stdin(Stdio::null())
            .stdout(
                writer
                    .try_clone()
                    .context("cannot make a pipe for the output")?,
            )
            .stderr(writer);
        if let Some(path) = &self.python_path {
            command.env(PYTHONPATH, path);
        }
        if self.adds_report {
            command.env(PYTEST_OPTIONS, pytest_options(junit)?);
        }
        in_own_group(&mut command);
        let start = Instant::now();
        let child = command.spawn().context("cannot run a shell for --verify")?;
        // It holds the ends of the pipe that we write to, which would never be at its end.
        drop(command);
        let tail = Tail::of(reader)?;
        let end = wait(child, start, limits, signal).context("cannot wait for the command")?;
        Ok(Ended {
            end,
            time: start.elapsed(),
            output: tail.text(),
        })
    }

    /// The command with what stands for something replaced.
    fn expanded(&self, junit: &Path) -> Result<String> {
        let quoted = |path: &Path| {
            let path = path.to_str().context("a path is not UTF-8")?;
            // No option of the command's.
            let path = if path.starts_with('-') {
                format!("./{path}")
            } else {
                path.to_owned()
            };
            anyhow::Ok(shlex::try_quote(&path)?.into_owned())
        };
        let all = |paths: &[PathBuf]| {
            let paths: Result<Vec<String>> = paths.iter().map(|path| quoted(path)).collect();
            anyhow::Ok(paths?.join(" "))
        };
        let mut text = String::new();
        let mut rest = &*self.text;
        // In one go: what a path is called is replaced by nothing.
        while let Some(brace) = rest.find('{') {
            text.push_str(&rest[..brace]);
            rest = &rest[brace..];
            let (what, by) = if rest.starts_with(PATHS) {
                (PATHS, all(&self.paths)?)
            } else if rest.starts_with(PROJECTS) {
                (PROJECTS, all(&self.projects)?)
            } else if rest.starts_with(JUNIT) {
                (JUNIT, quoted(junit)?)
            } else {
                ("{", "{".to_owned())
            };
            text.push_str(&by);
            rest = &rest[what.len()..];
        }
        text.push_str(rest);
        Ok(text)
    }
}

fn is_pytest(word: &str) -> bool {
    matches!(word, "pytest" | "py.test")
}

/// Where Python is to look for modules, where that is said: in the `copy` in place of the user's own tree, unless that
/// is not copied, as an environment is not.
pub(super) fn python_path(copy: &Copy) -> Option<OsString> {
    let said = env::var_os(PYTHONPATH)?;
    let moved = |path: PathBuf| {
        if path.is_relative() {
            return path;
        }
        let there = resolved(&path);
        let place = copy.place(&there);
        if place != there && place.exists() {
            place
        } else {
            path
        }
    };
    env::join_paths(env::split_paths(&said).map(moved)).ok()
}

/// The options that pytest is given beside those of the command: those that it is given anyway, and the report.
fn pytest_options(junit: &Path) -> Result<OsString> {
    let junit = junit.to_str().context("a path is not UTF-8")?;
    let mut options = env::var_os(PYTEST_OPTIONS).unwrap_or_default();
    options.push(" --junit-xml=");
    options.push(&*shlex::try_quote(junit)?);
    Ok(options)
}

fn script(text: &str) -> Result<tempfile::NamedTempFile> {
    let file = tempfile::Builder::new().suffix(".sh").tempfile();
    let file = file.context("cannot make a file for the command")?;
    fs::write(file.path(), text).context("cannot write the command to a file")?;
    Ok(file)
}

/// Waits for the command, or ends it; whatever it has left running is ended as well.
fn wait(
    mut child: Child,
    start: Instant,
    limits: Limits,
    signal: &dyn Fn() -> Option<i32>,
) -> io::Result<Result<End, BrokenOff>> {
    let mut pause = Duration::from_millis(1);
    loop {
        if group::has_ended(&mut child)? {
            group::kill(&mut child);
            return Ok(Ok(end_of(child.wait()?)));
        }
        if let Some(signal) = group::waits_for_terminal(&mut child)? {
            group::kill(&mut child);
            child.wait()?;
            return Ok(Ok(End::Signal(signal)));
        }
        let timeout = limits.timeout.filter(|limit| start.elapsed() > *limit);
        let end = if let Some(signal) = signal() {
            Err(BrokenOff::Signal(signal))
        } else if limits
            .deadline
            .is_some_and(|deadline| Instant::now() > deadline)
        {
            Err(BrokenOff::Late)
        } else if let Some(timeout) = timeout {
            Ok(End::Timeout(timeout.as_secs()))
        } else {
            thread::sleep(pause);
            pause = (2 * pause).min(PAUSE);
            continue;
        };
        group::ask_to_end(&mut child);
        let asked = Instant::now();
        while !group::has_ended(&mut child)? && asked.elapsed() < GRACE {
            thread::sleep(PAUSE);
        }
        group::kill(&mut child);
        child.wait()?;
        return Ok(end);
    }
}

#[cfg(unix)]
fn end_of(status: ExitStatus) -> End {
    use std::os::unix::process::ExitStatusExt;
    let signal = status.signal().map(End::Signal);
    signal.unwrap_or_else(|| End::Status(status.code().unwrap_or(-1)))
}

#[cfg(not(unix))]
fn end_of(status: ExitStatus) -> End {
    End::Status(status.code().unwrap_or(-1))
}

/// Keeps from `command` what a key on the terminal says to us: that it be ended is ours to decide.
pub(super) fn in_own_group(command: &mut Command) {
    group::make(command);
}

/// The command with all that it starts.
#[cfg(unix)]
mod group {
    use std::io;
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command};

    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

    pub(super) fn make(command: &mut Command) {
        command.process_group(0);
    }

    /// Whether the command itself has ended; its number stays its own until it is waited for.
    pub(super) fn has_ended(child: &mut Child) -> io::Result<bool> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let status = waitid(WaitId::Pid(Pid::from_child(child)), options)?;
        Ok(status.is_some())
    }

    /// The signal that has stopped the command where it reads from the terminal, or sets it, which is not its own: it
    /// would wait for ever.
    pub(super) fn waits_for_terminal(child: &mut Child) -> io::Result<Option<i32>> {
        // Where it has ended by now, and nobody asks for that, there would be no such child.
        let events = WaitIdOptions::STOPPED | WaitIdOptions::EXITED;
        let options = events | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let status = waitid(WaitId::Pid(Pid::from_child(child)), options)?;
        let signal = status.and_then(|it| it.stopping_signal());
        let terminal = [Signal::TTIN, Signal::TTOU].map(Signal::as_raw);
        Ok(signal.filter(|it| terminal.contains(it)))
    }

    pub(super) fn ask_to_end(child: &mut Child) {
        let _ = kill_process_group(Pid::from_child(child), Signal::TERM);
    }

    pub(super) fn kill(child: &mut Child) {
        // That there is nobody left is no trouble.
        let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    }
}

/// The command alone.
#[cfg(not(unix))]
mod group {
    use std::io;
    use std::process::{Child, Command};

    pub(super) fn make(_: &mut Command) {}

    pub(super) fn has_ended(child: &mut Child) -> io::Result<bool> {
        Ok(child.try_wait()?.is_some())
    }

    #[expect(clippy::unnecessary_wraps)]
    pub(super) fn waits_for_terminal(_: &mut Child) -> io::Result<Option<i32>> {
        Ok(None)
    }

    pub(super) fn ask_to_end(child: &mut Child) {
        let _ = child.kill();
    }

    pub(super) fn kill(child: &mut Child) {
        let _ = child.kill();
    }
}

/// The end of an output.
struct Tail {
    bytes: Arc<Mutex<Vec<u8>>>,
    reading: JoinHandle<()>,
}

impl Tail {
    fn of(mut reader: PipeReader) -> Result<Self> {
        let bytes: Arc<Mutex<Vec<u8>>> = Arc::default();
        let tail = Arc::clone(&bytes);
        let read = move || {
            let mut buffer = [0; 8192];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
                tail.extend_from_slice(&buffer[..count]);
                if tail.len() > 2 * TAIL_BYTES {
                    let start = tail.len() - TAIL_BYTES;
                    tail.drain(..start);
                }
            }
        };
        let reading = thread::Builder::new().spawn(read);
        Ok(Self {
            bytes,
            reading: reading.context("cannot start a thread")?,
        })
    }

    /// What was written last.
    fn text(self) -> String {
        // Who has left the command's group may hold the pipe as long as it likes.
        let since = Instant::now();
        while !self.reading.is_finished() && since.elapsed() < Duration::from_secs(1) {
            thread::sleep(Duration::from_millis(1));
        }
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn who_has_ended_waits_for_no_terminal() {
        let mut child = Command::new("true").spawn().unwrap();
        while !group::has_ended(&mut child).unwrap() {
            thread::sleep(PAUSE);
        }
        assert_eq!(group::waits_for_terminal(&mut child).unwrap(), None);
        assert!(child.wait().unwrap().success());
    }
}
