//! What can go wrong with one file; the others are still worked on.

use std::any::Any;
use std::fmt;
use std::io;
use std::path::PathBuf;

use asyncmend::Fault;
use asyncmend::parts::in_our_voice;
use asyncmend::parts::judge::panicked;

use crate::terminal::shown;

/// Why a file is left as it is, and what to do.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// There is nothing of that name.
    Missing,
    /// It cannot be read.
    Unreadable(io::Error),
    /// Its name is no text, so that no diff could name it.
    NameNotUtf8,
    /// Somebody else wrote it after we had read it.
    ChangedMeanwhile,
    /// It is not the one that was reviewed.
    ChangedSinceReview,
    /// What would be written is not what was verified.
    NotVerified,
    /// No comment can stand beside a site.
    NoPlaceForComment,
    /// Its permissions say that it should not be written.
    ReadOnly,
    /// It cannot be written.
    Unwritable(io::Error),
    /// Where its old text was to be kept there is another one.
    BackupExists(PathBuf),
    /// Nothing can be said about its text.
    Text(Fault),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Trouble::Text(fault)
    }
}

impl Trouble {
    /// A fault that nobody foresaw.
    pub(crate) fn panic(panic: &(dyn Any + Send)) -> Self {
        panicked(panic).into()
    }

    /// Where in the file it is, as far as that is known and no cell of a notebook is asked for.
    pub(crate) fn line_and_column(&self) -> Option<(usize, usize)> {
        match self {
            Trouble::Text(fault) => {
                let place = fault.place().filter(|place| place.cell.is_none())?;
                Some((place.line, place.column))
            }
            _ => None,
        }
    }

    /// The whole line about the file called `name`.
    pub(crate) fn line(&self, name: &str) -> String {
        let name = shown(name);
        match self {
            Trouble::Text(fault) => format!("{}: {self}", fault.place_in(&name)),
            _ => format!("{name}: {self}"),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Missing => f.write_str("no such file or folder"),
            Trouble::Unreadable(error) => write!(f, "cannot be read: {}", plain(error)),
            Trouble::NameNotUtf8 => {
                f.write_str("its name is not UTF-8; rename it or leave it out with --exclude")
            }
            Trouble::ChangedMeanwhile => {
                f.write_str("changed since it was read, left as it is; run again")
            }
            Trouble::ChangedSinceReview => {
                f.write_str("changed since it was reviewed, left as it is; review it again")
            }
            Trouble::NotVerified => f.write_str(
                "left as it is: its fixes would be written otherwise than they were verified; run again",
            ),
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
            Trouble::Text(fault) => write!(f, "{fault}{}", what_else(fault)),
        }
    }
}

/// What can be done about a fault in a file beside what it says itself.
fn what_else(fault: &Fault) -> &'static str {
    match fault {
        Fault::TooLarge => "; leave it out with --exclude",
        Fault::NotUtf8 { .. }
        | Fault::Utf16
        | Fault::UnknownEncoding { .. }
        | Fault::NotInEncoding(_)
        | Fault::NotNotebook(_) => " or leave it out with --exclude",
        Fault::Unparsable { .. } | Fault::UnparsableCell { .. } => {
            ", or leave the file out with --exclude"
        }
        Fault::TooSlow(_) => "; leave it out with --exclude, or raise --time-limit",
        // No other can be helped from here.
        _ => "",
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
    let text = text.split(" (os error").next().unwrap_or_default();
    // On Windows it is a sentence.
    in_our_voice(text.trim_end_matches('.'))
}
