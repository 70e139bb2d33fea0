//! The Python of a Jupyter notebook as one text, and a changed text back in its cells.
//!
//! What is no Python in a cell, `!pip install x` or `%time`, stands in that text as a call that is given the names
//! in it, and so does a cell that is not run as Python beside the others, such as one that begins with `%%timeit`. Of
//! the notebook's JSON only the `source` of changed cells is written anew, line by line.

mod commands;
mod json;

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use ruff_text_size::{TextRange, TextSize};

use commands::Command;

/// A notebook whose cells are Python.
#[derive(Debug)]
pub struct Notebook<'j> {
    json: &'j str,
    text: String,
    cells: Vec<Cell>,
    /// What stands for a command, followed by its number.
    word: String,
    commands: Vec<Command>,
}

/// A cell with Python in it.
#[derive(Debug)]
struct Cell {
    /// Its number among all cells of the notebook, counted from 1.
    number: usize,
    /// The value of `source` in the JSON, in bytes.
    source: Range<usize>,
    /// What is in it.
    code: String,
    /// Where that is in the text for all cells.
    start: TextSize,
}

/// Why a file is no notebook that can be worked on.
#[derive(Debug, PartialEq, Eq)]
pub enum Error {
    /// The file is not what it should be, in these words.
    Malformed(String),
    /// The code of a cell is no Python.
    Syntax {
        /// The cell, counted from 1.
        cell: usize,
        /// The line in it, counted from 1.
        line: usize,
        /// The column in code points, counted from 1.
        column: usize,
        /// The parser's words.
        message: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Malformed(message) | Error::Syntax { message, .. } => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {}

/// A place in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'n> {
    /// The cell, counted from 1.
    pub cell: usize,
    /// All that is in it.
    pub code: &'n str,
    /// The place, in bytes of `code`.
    pub offset: TextSize,
}

impl<'j> Notebook<'j> {
    /// The notebook that the text `json` is; none where its language is not Python.
    ///
    /// A cell for which `refused` has a reason is not parsed.
    ///
    /// # Errors
    /// Where it is no notebook of format 4, or a cell is refused or no Python.
    pub fn parse(
        json: &'j str,
        refused: fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, Error> {
        let malformed = |error: &dyn fmt::Display| Error::Malformed(error.to_string());
        let parsed =
            ruff_notebook::Notebook::from_source_code(json).map_err(|it| malformed(&it))?;
        if !parsed.is_python_notebook() {
            return Ok(None);
        }
        let sources = json::sources(json).map_err(|it| malformed(&it))?;
        let all = parsed.source_code();
        let numbers = parsed.index().iter().map(|start| start.cell_index().get());
        let cells: Vec<(usize, TextRange)> = numbers
            .zip(parsed.cell_offsets().content_ranges())
            .collect();
        for (number, range) in &cells {
            if let Some(message) = refused(&all[*range]) {
                return Err(Error::Syntax {
                    cell: *number,
                    line: 1,
                    column: 1,
                    message,
                });
            }
        }
        let commands = commands::find(all).map_err(|error| syntax_error(&error, &cells, all))?;
        let mut notebook = Self {
            json,
            text: String::new(),
            cells: Vec::with_capacity(cells.len()),
            word: commands::unused_word(json),
            commands: Vec::with_capacity(commands.len()),
        };
        let mut commands = commands.into_iter().peekable();
        let mut cells = cells.into_iter().peekable();
        let words: HashSet<&str> = commands::words(all).collect();
        for (cell, number) in parsed.cells().iter().zip(1..) {
            let range = cells.next_if(|(python, _)| *python == number);
            let range = range.map(|(_, range)| range);
            let code = match range {
                Some(range) => all[range].to_owned(),
                None if cell.is_code_cell() => code_of(cell),
                None => continue,
            };
            let range = range.filter(|_| !commands::run_elsewhere(&code));
            let mut names = commands::names(&code);
            names.retain(|name| words.contains(name));
            if range.is_none() && names.is_empty() {
                continue;
            }
            if !notebook.cells.is_empty() {
                let marker = notebook.marker(notebook.cells.len());
                notebook.text.push_str(&marker);
                notebook.text.push('\n');
            }
            notebook.cells.push(Cell {
                number,
                source: sources[number - 1].clone(),
                code: code.clone(),
                start: TextSize::of(&notebook.text),
            });
            let Some(range) = range else {
                // What it names is used there.
                notebook.add_command(&code, &names);
                notebook.text.push('\n');
                continue;
            };
            while commands.next_if(|it| it.end() <= range.start()).is_some() {}
            let mut done = range.start();
            while let Some(command) = commands.next_if(|it| it.end() <= range.end()) {
                notebook
                    .text
                    .push_str(&all[TextRange::new(done, command.start())]);
                let command_text = &all[command];
                notebook.add_command(command_text, &commands::names(command_text));
                done = command.end();
            }
            notebook
                .text
                .push_str(&all[TextRange::new(done, range.end())]);
            notebook.text.push('\n');
        }
        Ok(Some(notebook))
    }

    /// Writes a call in place of `command`, of a function that is given all these `names`.
    fn add_command(&mut self, command: &str, names: &[&str]) {
        let names = names.join(", ");
        let call = format!("{}{}({names})", self.word, self.commands.len());
        let at = TextRange::at(TextSize::of(&self.text), TextSize::of(&call));
        self.text.push_str(&call);
        self.commands.push(Command {
            at,
            text: command.to_owned(),
        });
    }

    /// The comment between the cell with this index among those of Python and the one before.
    fn marker(&self, index: usize) -> String {
        format!("# %% {}{index}", self.word)
    }

    /// The Python of all cells, each below the one before: what is no Python is a name there.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where `offset` of [`Notebook::text`] is; between cells, the end of the one before.
    pub fn place(&self, offset: TextSize) -> Option<Place<'_>> {
        let (cell, own) = self.within(offset)?;
        Some(Place {
            cell: cell.number,
            code: &cell.code,
            offset: own.min(TextSize::of(&cell.code)),
        })
    }

    /// What of [`Notebook::text`] each cell's code is, in order.
    pub fn parts(&self) -> Vec<TextRange> {
        let starts = self.cells.iter().map(|cell| cell.start).skip(1);
        let ends = starts.zip(1..).map(|(start, index)| {
            let marker = TextSize::of(&self.marker(index));
            start - marker - TextSize::of("\n\n")
        });
        // The code of each is followed by an end of a line.
        let end = TextSize::of(&self.text).checked_sub(TextSize::of('\n'));
        let cells = self.cells.iter().zip(ends.chain(end));
        cells
            .map(|(cell, end)| TextRange::new(cell.start, end))
            .collect()
    }

    /// What is inserted at `offset` of [`Notebook::text`], as it is inserted in the cell: the end of a cell's
    /// code is no end of a line.
    pub fn inserted(&self, offset: TextSize, content: &str) -> String {
        let content = self.as_in_cells(content);
        let is_below = self
            .within(offset)
            .is_some_and(|(cell, own)| own > TextSize::of(&cell.code) && !cell.code.is_empty());
        if is_below {
            format!("\n{}", content.trim_end_matches('\n'))
        } else {
            content
        }
    }

    /// The cell that `offset` of [`Notebook::text`] is in or behind, and how far from its start.
    fn within(&self, offset: TextSize) -> Option<(&Cell, TextSize)> {
        let cell = self.cells.iter().rfind(|cell| cell.start <= offset)?;
        let mut own = offset - cell.start;
        for command in &self.commands {
            if command.at.start() >= cell.start && command.at.end() <= offset {
                own = own + TextSize::of(&command.text) - command.at.len();
            }
        }
        Some((cell, own))
    }

    /// A part of [`Notebook::text`], or of what was made of it, as cells have it.
    pub fn as_in_cells(&self, part: &str) -> String {
        let mut out = String::with_capacity(part.len());
        let mut rest = part;
        while let Some((before, after)) = rest.split_once(&self.word) {
            out.push_str(before);
            let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let number = after[..digits].parse().ok();
            let command = number.and_then(|number: usize| self.commands.get(number));
            // The arguments are names alone, however they were laid out.
            rest = if let (Some(command), Some((_, after))) = (command, after.split_once(')')) {
                out.push_str(&command.text);
                after
            } else {
                out.push_str(&self.word);
                after
            };
        }
        out + rest
    }

    /// The notebook with `after` in the place of [`Notebook::text`]: cells whose code is the same stay
    /// as they are, byte for byte, and so does all that is not code. None where a cell was lost.
    pub fn with(&self, after: &str) -> Option<String> {
        let mut rest = after;
        let mut out = String::with_capacity(self.json.len() + after.len());
        let mut done = 0;
        for (index, cell) in self.cells.iter().enumerate() {
            let code = if index + 1 < self.cells.len() {
                let marker = format!("\n{}\n", self.marker(index + 1));
                // A cell with nothing in it begins with the marker.
                let (code, next) = match rest.strip_prefix(&marker[1..]) {
                    Some(next) => ("", next),
                    None => rest.split_once(&marker)?,
                };
                rest = next;
                code
            } else {
                rest.strip_suffix('\n').unwrap_or(rest)
            };
            let code = as_close(&self.as_in_cells(code), &cell.code);
            if code != cell.code {
                out.push_str(&self.json[done..cell.source.start]);
                out.push_str(&json::source_with(
                    &self.json[cell.source.clone()],
                    &code,
                    json::Style::of(self.json),
                )?);
                done = cell.source.end;
            }
        }
        out.push_str(&self.json[done..]);
        Some(out)
    }
}

/// The code of a cell that is no Python.
fn code_of(cell: &ruff_notebook::Cell) -> String {
    match cell.source() {
        ruff_notebook::SourceValue::String(code) => code.clone(),
        ruff_notebook::SourceValue::StringArray(lines) => lines.concat(),
    }
}

/// `code` with no more blank lines at its ends than `before` has there: what is inserted at an end of a
/// cell keeps clear of code that is in another.
fn as_close(code: &str, before: &str) -> String {
    let blank = |text: &str| text.len() - text.trim_start_matches('\n').len();
    let code = &code[blank(code) - blank(code).min(blank(before))..];
    let blank = |text: &str| text.len() - text.trim_end_matches('\n').len();
    code[..code.len() - (blank(code) - blank(code).min(blank(before)))].to_owned()
}

/// Where among `cells`, whose code stands in `all`, an error is.
fn syntax_error(error: &commands::Error, cells: &[(usize, TextRange)], all: &str) -> Error {
    let cell = cells.iter().rfind(|(_, range)| range.start() <= error.at);
    let (number, start) = cell.map_or((1, TextSize::new(0)), |(number, it)| (*number, it.start()));
    let before = &all[TextRange::new(start, error.at)];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Error::Syntax {
        cell: number,
        line: 1 + before.matches('\n').count(),
        column: 1 + before[line_start..].chars().count(),
        message: error.message.clone(),
    }
}

#[cfg(test)]
mod tests;
