use core::time::Duration;
use std::error::Error;
use std::fmt;

use asyncmend_pipeline::SyntaxError;

use crate::Position;
use crate::parts::MAX_BYTES;
use crate::parts::threads::STACK_BYTES;

/// Where faults of ours are to be reported.
const ISSUES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/issues");

/// Why one text is left as it is; in words, as it displays, with what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It is larger than 16 MiB, and may hold sites.
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
        /// The encoding.
        name: String,
    },
    /// It is not in the encoding that it says it has, the name of which this is.
    NotInEncoding(String),
    /// What would be written has a character that the encoding of the file lacks.
    NoSuchCharacter,
    /// No Jupyter notebook, in these words.
    NotNotebook(String),
    /// A notebook with a cell that is no Python.
    UnparsableCell {
        /// The cell, counted from 1.
        cell: usize,
        /// The line in it, counted from 1.
        line: usize,
        /// The column in code points, counted from 1.
        column: usize,
        /// The parser's words.
        message: String,
    },
    /// It is no Python that we know.
    Unparsable {
        /// The line, counted from 1.
        line: usize,
        /// The column in code points, counted from 1.
        column: usize,
        /// The parser's words.
        message: String,
        /// Whether the line looks like Python 2.
        python_2: bool,
    },
    /// The work on it took longer than this.
    TooSlow(Duration),
    /// Whoever waited for it gave it up.
    GivenUp,
    /// The machine has no memory for the thread that was to work on it, or allows no more threads. Other texts have
    /// the same trouble.
    NoThread,
    /// Our own fault.
    Internal {
        /// The transform at work, where it is known.
        transform: Option<&'static str>,
        /// What happened.
        what: String,
    },
}

impl Fault {
    /// What was made of a notebook lacks one of its cells.
    pub(crate) fn lost_cell() -> Self {
        Fault::Internal {
            transform: None,
            what: "a cell of the notebook was lost".to_owned(),
        }
    }

    pub(crate) fn unparsable(error: SyntaxError, python_2: bool) -> Self {
        Fault::Unparsable {
            line: error.line,
            column: error.column,
            message: error.message,
            python_2,
        }
    }

    /// Where in the text it is, as far as that is known.
    pub fn place(&self) -> Option<Position> {
        let (cell, line, column) = match self {
            Fault::NotUtf8 { line } | Fault::UnknownEncoding { line, .. } => (None, *line, 1),
            Fault::Unparsable { line, column, .. } => (None, *line, *column),
            Fault::UnparsableCell {
                cell, line, column, ..
            } => (Some(*cell), *line, *column),
            _ => return None,
        };
        Some(Position { cell, line, column })
    }
}

impl Fault {
    /// How messages name its place in the file called `name`: `a.py:3:1`, `b.ipynb:cell 2:3:1`.
    pub fn place_in(&self, name: &str) -> String {
        match (self, self.place()) {
            // The bytes of a line that is no text have no columns.
            (Fault::NotUtf8 { line } | Fault::UnknownEncoding { line, .. }, _) => {
                format!("{name}:{line}")
            }
            (_, Some(Position { cell, line, column })) => {
                let cell = cell.map_or_else(String::new, |cell| format!("cell {cell}:"));
                format!("{name}:{cell}{line}:{column}")
            }
            (_, None) => name.to_owned(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::TooLarge => write!(f, "larger than {} MiB", MAX_BYTES >> 20),
            Fault::NotUtf8 { .. } => f.write_str("not UTF-8; convert it"),
            Fault::Utf16 => {
                f.write_str("UTF-16, which Python does not read; convert it to UTF-8")
            }
            Fault::UnknownEncoding { name, .. } => write!(
                f,
                "the encoding {name} is not supported; convert the file to UTF-8"
            ),
            Fault::NotInEncoding(name) => write!(f, "not {name}; convert it to UTF-8"),
            Fault::NoSuchCharacter => f.write_str(
                "its encoding lacks a character that would be written, left as it is; convert it to UTF-8",
            ),
            Fault::NotNotebook(why) => write!(f, "no notebook of format 4 ({why}); mend it"),
            Fault::UnparsableCell { message, .. } => {
                write!(f, "syntax error: {}; mend it", in_our_voice(message))
            }
            Fault::Unparsable {
                message, python_2, ..
            } => {
                let message = in_our_voice(message);
                if *python_2 {
                    write!(f, "this is Python 2 ({message}); port it to Python 3 first")
                } else {
                    write!(f, "syntax error: {message}; mend it")
                }
            }
            Fault::TooSlow(limit) => {
                let limit = limit.as_secs_f64();
                write!(f, "takes longer than {limit} s, left as it is")
            }
            Fault::GivenUp => f.write_str("given up, left as it is"),
            Fault::NoThread => write!(
                f,
                "no thread starts with its stack of {} MiB; free memory, or allow more of it, or more threads",
                STACK_BYTES >> 20
            ),
            Fault::Internal { transform, what } => {
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

impl Error for Fault {}

/// Somebody else's message as ours are: one line, lower case.
pub fn in_our_voice(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_lowercase);
    let line: String = first.chain(chars).collect();
    line.replace('\n', " ")
}
