//! What can go wrong with one file; the others are still worked on.

use std::any::Any;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use asyncmend_pipeline::{Bug, SyntaxError};

use crate::disk::MAX_BYTES;
use crate::terminal::shown;
use crate::work;

/// Where faults of ours are to be reported.
const ISSUES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/issues");

/// Why a file is left as it is, and what to do.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// There is nothing of that name.
    Missing,
    /// It cannot be read.
    Unreadable(io::Error),
    /// It is larger than [`MAX_BYTES`].
    TooLarge,
    /// It is no text that Python reads without being told an encoding.
    NotUtf8 {
        /// The line of the first wrong byte, counted from 1.
        line: usize,
    },
    /// It is UTF-16, which Python does not read.
    Utf16,
    /// It says that it has an encoding that we do not read.
    UnknownEncoding {
        /// The line that says so, counted from 1.
        line: usize,
        name: String,
    },
    /// It is not in the encoding that it says it has, the name of which this is.
    NotInEncoding(String),
    /// What would be written has a character that the encoding of the file lacks.
    NoSuchCharacter,
    /// Its name is no text, so that no diff could name it.
    NameNotUtf8,
    /// No Jupyter notebook, in these words.
    NotNotebook(String),
    /// A notebook with a cell that is no Python.
    UnparsableCell {
        cell: usize,
        line: usize,
        column: usize,
        message: String,
    },
    /// It is no Python that we know.
    Unparsable {
        /// What the parser says.
        error: SyntaxError,
        /// Whether the line looks like Python 2.
        python_2: bool,
    },
    /// The work on it took longer than this.
    TooSlow(Duration),
    /// Somebody else wrote it after we had read it.
    ChangedMeanwhile,
    /// It is not the one that was reviewed.
    ChangedSinceReview,
    /// No comment can stand beside a site.
    NoPlaceForComment,
    /// Its permissions say that it should not be written.
    ReadOnly,
    /// It cannot be written.
    Unwritable(io::Error),
    /// Where its old text was to be kept there is another one.
    BackupExists(PathBuf),
    /// Our own fault.
    Fault {
        /// The transform at work, where it is known.
        transform: Option<&'static str>,
        /// What happened.
        what: String,
    },
}

impl Trouble {
    /// A fault that the pipeline found in itself.
    pub(crate) fn fault(transform: &'static str, bug: &Bug) -> Self {
        Trouble::Fault {
            transform: Some(transform),
            what: bug.to_string(),
        }
    }

    /// A fault: what was made of a notebook lacks one of its cells.
    pub(crate) fn lost_cell() -> Self {
        Trouble::Fault {
            transform: None,
            what: "a cell of the notebook was lost".to_owned(),
        }
    }

    /// A fault that nobody foresaw.
    pub(crate) fn panic(panic: &(dyn Any + Send)) -> Self {
        Trouble::Fault {
            transform: None,
            what: format!("panicked: {}", work::message(panic)),
        }
    }

    /// Where in the file it is, as far as that is known and no cell of a notebook is asked for.
    pub(crate) fn line_and_column(&self) -> Option<(usize, usize)> {
        match self {
            Trouble::NotUtf8 { line } | Trouble::UnknownEncoding { line, .. } => Some((*line, 1)),
            Trouble::Unparsable { error, .. } => Some((error.line, error.column)),
            _ => None,
        }
    }

    /// The whole line about the file called `name`.
    pub(crate) fn line(&self, name: &str) -> String {
        let name = shown(name);
        match self {
            Trouble::NotUtf8 { line } | Trouble::UnknownEncoding { line, .. } => {
                format!("{name}:{line}: {self}")
            }
            Trouble::Unparsable { error, .. } => {
                format!("{name}:{}:{}: {self}", error.line, error.column)
            }
            Trouble::UnparsableCell {
                cell, line, column, ..
            } => format!("{name}:cell {cell}:{line}:{column}: {self}"),
            _ => format!("{name}: {self}"),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Missing => f.write_str("no such file or folder"),
            Trouble::Unreadable(error) => write!(f, "cannot be read: {}", plain(error)),
            Trouble::TooLarge => {
                let limit = MAX_BYTES >> 20;
                write!(f, "larger than {limit} MiB; leave it out with --exclude")
            }
            Trouble::NotUtf8 { .. } => {
                f.write_str("not UTF-8; convert it or leave it out with --exclude")
            }
            Trouble::Utf16 => f.write_str(
                "UTF-16, which Python does not read; convert it to UTF-8 or leave it out with --exclude",
            ),
            Trouble::UnknownEncoding { name, .. } => write!(
                f,
                "the encoding {name} is not supported; convert the file to UTF-8 or leave it out with \
                 --exclude"
            ),
            Trouble::NotInEncoding(name) => write!(
                f,
                "not {name}; convert it to UTF-8 or leave it out with --exclude"
            ),
            Trouble::NoSuchCharacter => f.write_str(
                "its encoding lacks a character that would be written, left as it is; convert it to UTF-8",
            ),
            Trouble::NameNotUtf8 => {
                f.write_str("its name is not UTF-8; rename it or leave it out with --exclude")
            }
            Trouble::NotNotebook(why) => {
                write!(
                    f,
                    "no notebook of format 4 ({why}); mend it or leave it out with --exclude"
                )
            }
            Trouble::UnparsableCell { message, .. } => {
                let message = in_our_voice(message);
                write!(
                    f,
                    "syntax error: {message}; mend it, or leave the file out with --exclude"
                )
            }
            Trouble::Unparsable { error, python_2 } => {
                let message = in_our_voice(&error.message);
                if *python_2 {
                    write!(f, "this is Python 2 ({message}); port it to Python 3 first")
                } else {
                    write!(f, "syntax error: {message}; mend it")
                }?;
                f.write_str(", or leave the file out with --exclude")
            }
            Trouble::TooSlow(limit) => write!(
                f,
                "takes longer than {} s, left as it is; leave it out with --exclude, or raise --time-limit",
                limit.as_secs()
            ),
            Trouble::ChangedMeanwhile => {
                f.write_str("changed since it was read, left as it is; run again")
            }
            Trouble::ChangedSinceReview => {
                f.write_str("changed since it was reviewed, left as it is; review it again")
            }
            Trouble::NoPlaceForComment => f.write_str(
                "left as it is: no comment can stand beside one of its sites, which strings surround; answer no \
                 in place of ignore",
            ),
            Trouble::ReadOnly => {
                f.write_str("read-only, left as it is; make it writable and run again")
            }
            Trouble::Unwritable(error) => {
                write!(f, "cannot be written, left as it is: {}", plain(error))
            }
            Trouble::BackupExists(path) => {
                let name = path.file_name().unwrap_or_default().display();
                write!(
                    f,
                    "left as it is: {name} is there already and holds another text; move it away, or choose \
                     another suffix"
                )
            }
            Trouble::Fault { transform, what } => {
                let whose = transform.map_or_else(String::new, |name| format!(" of {name}"));
                let what = in_our_voice(what);
                write!(
                    f,
                    "internal fault{whose}, the file is left as it is: {what}; \
                     please report this at {ISSUES}"
                )
            }
        }
    }
}

/// An error that ends a run, with its causes, in our voice.
pub(crate) fn sentence(error: &anyhow::Error) -> String {
    let causes = error.chain().map(|cause| match cause.downcast_ref() {
        Some(error) => plain(error),
        None => cause.to_string(),
    });
    causes.collect::<Vec<String>>().join(": ")
}

/// An operating system's error in our voice: "permission denied".
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    in_our_voice(text.split(" (os error").next().unwrap_or_default())
}

/// Somebody else's message as ours are: one line, lower case.
fn in_our_voice(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_lowercase);
    let line: String = first.chain(chars).collect();
    line.replace('\n', " ")
}
