use std::path::Path;

use crate::Fault;
use crate::parts::encoding::{self, Text};

/// What a text is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A module or a script of Python.
    #[default]
    Module,
    /// The JSON of a Jupyter notebook.
    Notebook,
}

impl Kind {
    /// That of a file called so: the names of notebooks end with `.ipynb`.
    pub fn of(path: &str) -> Self {
        let ending = Path::new(path).extension();
        if ending.is_some_and(|it| it.eq_ignore_ascii_case("ipynb")) {
            Kind::Notebook
        } else {
            Kind::Module
        }
    }
}

/// The bytes of a file of Python, as text: UTF-8, or what a `coding` comment says (PEP 263).
///
/// ```
/// use asyncmend::PythonFile;
///
/// let file = PythonFile::decode(b"# coding: latin-1\nname = '\xe9'\n")?;
/// assert_eq!(file.text(), "# coding: latin-1\nname = 'é'\n");
/// assert_eq!(file.encode("'è'\n")?, b"'\xe8'\n");
/// # Ok::<(), asyncmend::Fault>(())
/// ```
#[derive(Debug)]
pub struct PythonFile<'b>(Text<'b>);

impl<'b> PythonFile<'b> {
    /// The file that has these bytes.
    ///
    /// # Errors
    /// Where Python, or asyncmend, does not read them.
    pub fn decode(bytes: &'b [u8]) -> Result<Self, Fault> {
        encoding::decode(bytes).map(Self)
    }

    /// As [`PythonFile::decode`], of a file of this kind: a notebook is JSON, which is UTF-8.
    ///
    /// # Errors
    /// The same.
    pub fn decode_as(kind: Kind, bytes: &'b [u8]) -> Result<Self, Fault> {
        match kind {
            Kind::Module => Self::decode(bytes),
            Kind::Notebook => encoding::decode_utf_8(bytes).map(Self),
        }
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The bytes of the file with another text.
    ///
    /// # Errors
    /// Where its encoding lacks a character of that.
    pub fn encode(&self, text: &str) -> Result<Vec<u8>, Fault> {
        let bytes = self.0.encoding.encode(text);
        bytes
            .map(std::borrow::Cow::into_owned)
            .ok_or(Fault::NoSuchCharacter)
    }

    /// The bytes of a unified diff of the file: its header names paths, in UTF-8, and its other lines are the
    /// file's.
    ///
    /// # Errors
    /// Where the encoding of the file lacks a character of them.
    pub fn encode_patch(&self, patch: &str) -> Result<Vec<u8>, Fault> {
        let bytes = self.0.encoding.encode_diff(patch);
        bytes.ok_or(Fault::NoSuchCharacter)
    }
}
