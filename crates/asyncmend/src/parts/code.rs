//! The Python of a file: all of it, or what is in the cells of a notebook.

use std::borrow::Cow;

use asyncmend_edits::{TextRange, TextSize};
use asyncmend_notebook::{Error, Notebook};
use asyncmend_pipeline::too_deep_to_parse;

use super::judge::{NULL_BYTE, null_byte};
use super::position::{Lines, Position};
use crate::{Fault, Kind};

/// The Python of one file.
pub enum Code<'t> {
    /// All of a module.
    Module(&'t str),
    /// What is in the cells of a notebook.
    Notebook(Notebook<'t>),
}

impl<'t> Code<'t> {
    /// That of a file with the contents `text`; a notebook in another language has none.
    ///
    /// # Errors
    /// Where a notebook is none, or a cell of it is no Python.
    pub fn of(kind: Kind, text: &'t str) -> Result<Self, Fault> {
        if kind == Kind::Module {
            return Ok(Self::Module(text));
        }
        if text.starts_with('\u{feff}') {
            return Err(Fault::NotNotebook(
                "it starts with a byte order mark".to_owned(),
            ));
        }
        match Notebook::parse(text, no_python) {
            Ok(Some(notebook)) => Ok(Self::Notebook(notebook)),
            Ok(None) => Ok(Self::Module("")),
            Err(Error::Malformed(why)) => Err(Fault::NotNotebook(why)),
            Err(Error::Syntax {
                cell,
                line,
                column,
                message,
            }) => Err(Fault::UnparsableCell {
                cell,
                line,
                column,
                message,
            }),
        }
    }

    /// The Python as one text.
    pub fn text(&self) -> &str {
        match self {
            Self::Module(text) => text,
            Self::Notebook(notebook) => notebook.text(),
        }
    }

    /// The contents of the file with `after` in the place of its Python.
    ///
    /// # Errors
    /// Where that lacks a cell.
    pub fn with(&self, after: String) -> Result<String, Fault> {
        match self {
            Self::Module(_) => Ok(after),
            Self::Notebook(notebook) => notebook.with(&after).ok_or_else(Fault::lost_cell),
        }
    }

    /// What is to stand at `range` of the Python, as the file has it.
    pub fn as_in_file(&self, range: TextRange, content: &str) -> String {
        match self {
            Self::Module(_) => content.to_owned(),
            Self::Notebook(notebook) if range.is_empty() => {
                notebook.inserted(range.start(), content)
            }
            Self::Notebook(notebook) => notebook.as_in_cells(content),
        }
    }

    /// Lines of the Python, or of what was made of it, as the file has them.
    pub fn as_in_cells<'l>(&self, lines: &'l str) -> Cow<'l, str> {
        match self {
            Self::Module(_) => Cow::Borrowed(lines),
            Self::Notebook(notebook) => Cow::Owned(notebook.as_in_cells(lines)),
        }
    }

    /// What of the Python is shown apart from the rest, in order; there is always something.
    pub fn parts(&self) -> Vec<TextRange> {
        let cells = match self {
            Self::Module(_) => Vec::new(),
            Self::Notebook(notebook) => notebook.parts(),
        };
        if cells.is_empty() {
            return vec![TextRange::up_to(TextSize::of(self.text()))];
        }
        cells
    }

    /// Where `offset` of the Python, whose lines are `lines`, is to people.
    pub fn position(&self, lines: &Lines, offset: TextSize) -> Position {
        if let Self::Notebook(notebook) = self
            && let Some(place) = notebook.place(offset)
        {
            return Position {
                cell: Some(place.cell),
                ..Lines::new(place.code).position(place.offset)
            };
        }
        lines.position(offset)
    }
}

/// Why a cell is no Python, though the parser may take it for some.
fn no_python(cell: &str) -> Option<String> {
    let null_byte = null_byte(cell).map(|_| NULL_BYTE.to_owned());
    null_byte.or_else(|| too_deep_to_parse(cell))
}
