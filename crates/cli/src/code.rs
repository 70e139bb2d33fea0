//! The Python of a file: all of it, or what is in the cells of a notebook.

use std::borrow::Cow;

use asyncmend_edits::{TextRange, TextSize};
use asyncmend_notebook::{Error, Notebook};

use asyncmend_pipeline::too_deep_to_parse;

use crate::position::{Lines, Position};
use crate::trouble::Trouble;
use crate::walk::Input;

/// The Python of one file.
pub(crate) enum Code<'t> {
    Module(&'t str),
    Notebook(Notebook<'t>),
}

impl<'t> Code<'t> {
    /// That of `input` with the contents `text`; a notebook in another language has none.
    pub(crate) fn of(input: &Input, text: &'t str) -> Result<Self, Trouble> {
        if !input.is_notebook() {
            return Ok(Self::Module(text));
        }
        match Notebook::parse(text, too_deep_to_parse) {
            Ok(Some(notebook)) => Ok(Self::Notebook(notebook)),
            Ok(None) => Ok(Self::Module("")),
            Err(Error::Malformed(why)) => Err(Trouble::NotNotebook(why)),
            Err(Error::Syntax {
                cell,
                line,
                column,
                message,
            }) => Err(Trouble::UnparsableCell {
                cell,
                line,
                column,
                message,
            }),
        }
    }

    /// The Python as one text.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Module(text) => text,
            Self::Notebook(notebook) => notebook.text(),
        }
    }

    /// The contents of the file with `after` in the place of its Python.
    pub(crate) fn with(&self, after: String) -> Result<String, Trouble> {
        match self {
            Self::Module(_) => Ok(after),
            Self::Notebook(notebook) => notebook.with(&after).ok_or_else(Trouble::lost_cell),
        }
    }

    /// What is to stand at `range` of the Python, as the file has it.
    pub(crate) fn as_in_file(&self, range: TextRange, content: &str) -> String {
        match self {
            Self::Module(_) => content.to_owned(),
            Self::Notebook(notebook) if range.is_empty() => {
                notebook.inserted(range.start(), content)
            }
            Self::Notebook(notebook) => notebook.as_in_cells(content),
        }
    }

    /// Lines of the Python, or of what was made of it, as the file has them.
    pub(crate) fn as_in_cells<'l>(&self, lines: &'l str) -> Cow<'l, str> {
        match self {
            Self::Module(_) => Cow::Borrowed(lines),
            Self::Notebook(notebook) => Cow::Owned(notebook.as_in_cells(lines)),
        }
    }

    /// What of the Python is shown apart from the rest, in order; there is always something.
    pub(crate) fn parts(&self) -> Vec<TextRange> {
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
    pub(crate) fn position(&self, lines: &Lines, offset: TextSize) -> Position {
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
