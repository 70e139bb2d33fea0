//! What is decided about one file, as text.

mod concise;
mod diff;
mod full;
mod json;

use asyncmend_pipeline::{Caution, Decided, Decision, Declined, PythonVersion, TextSize};

pub(crate) use diff::{Look, diff, new_file};

use crate::args::Format;
use crate::code::Code;
use crate::position::{Lines, Position};
use crate::terminal::shown;

/// One file, as output speaks of it.
pub(crate) struct Page<'t> {
    pub(crate) name: &'t str,
    pub(crate) code: &'t Code<'t>,
    pub(crate) lines: Lines<'t>,
    pub(crate) target: PythonVersion,
}

impl<'t> Page<'t> {
    pub(crate) fn new(name: &'t str, code: &'t Code<'t>, target: PythonVersion) -> Self {
        Self {
            name,
            code,
            lines: Lines::new(code.text()),
            target,
        }
    }

    /// Where `offset` of the code is.
    pub(crate) fn position(&self, offset: TextSize) -> Position {
        self.code.position(&self.lines, offset)
    }

    /// How messages name the place of `offset`: `app.py:2:5`, `book.ipynb:cell 3:2:5`.
    pub(crate) fn place(&self, offset: TextSize) -> String {
        self.named(self.position(offset))
    }

    /// How messages name a place.
    pub(crate) fn named(&self, position: Position) -> String {
        let Position { cell, line, column } = position;
        format!("{}:{line}:{column}", self.part(cell))
    }

    /// How messages name the file, or the cell of it.
    fn part(&self, cell: Option<usize>) -> String {
        match cell {
            Some(cell) => format!("{}:cell {cell}", shown(self.name)),
            None => shown(self.name).into_owned(),
        }
    }
}

/// The findings of one file in the format that was asked for.
pub(crate) fn findings(format: Format, colour: bool, page: &Page, findings: &[Decided]) -> String {
    findings
        .iter()
        .map(|finding| match format {
            Format::Full => full::finding(page, finding, colour),
            Format::Concise => concise::finding(page, finding),
            Format::JsonLines => json::finding(page, finding),
        })
        .collect()
}

/// The word for a decision, the same in every format.
fn word(decision: &Decision) -> &'static str {
    match decision {
        Decision::Rewrite(_) => "rewrite",
        Decision::Held { .. } => "held",
        Decision::Declined { because, .. } => declined(*because),
        Decision::Refused(_) => "refuse",
    }
}

/// The word for what the user said of a fix.
pub(crate) fn declined(because: Declined) -> &'static str {
    match because {
        Declined::ByUser => "declined",
        Declined::Undecided => "undecided",
        Declined::NotOffered => "not offered",
    }
}

/// What is done, or why nothing is.
fn message(decision: &Decision) -> &str {
    match decision {
        Decision::Refused(refusal) => refusal.because,
        Decision::Rewrite(proposal)
        | Decision::Held { proposal, .. }
        | Decision::Declined { proposal, .. } => &proposal.what,
    }
}

/// The cautions of a fix.
fn cautions(decision: &Decision) -> &[&'static Caution] {
    decision.proposal().map_or(&[], |it| &it.cautions)
}

/// The codes of `cautions`, as an option takes them.
fn codes(cautions: &[&Caution]) -> String {
    let codes: Vec<&str> = cautions.iter().map(|caution| caution.code).collect();
    codes.join(",")
}
