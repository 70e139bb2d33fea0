//! What is decided about one file, as text.

mod concise;
mod diff;
mod fingerprint;
mod frame;
mod full;
mod github;
mod gitlab;
pub(crate) mod html;
mod json;
mod junit;
mod mailbox;
mod markdown;
pub(crate) mod sarif;

use asyncmend_pipeline::{
    Caution, Decided, Decision, Declined, PythonVersion, TextRange, TextSize,
};

pub(crate) use diff::{Look, diff, new_file};
pub(crate) use frame::Frame;
pub(crate) use mailbox::Mailbox;

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

/// What tells the sites of a file from each other, also after they have moved.
pub(crate) fn fingerprints(page: &Page, findings: &[Decided]) -> Vec<String> {
    fingerprint::all(page, findings, None)
}

/// How findings are to look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Report<'r> {
    pub(crate) format: Format,
    pub(crate) colour: bool,
    /// Which of them are new, where some are known: a format without a mark for them leaves the others out.
    pub(crate) news: Option<&'r [bool]>,
}

impl Report<'_> {
    /// What the findings of one file add to the result. `change` is the text of the file before and after, where it
    /// would change.
    pub(crate) fn bytes(
        self,
        page: &Page,
        findings: &[Decided],
        change: Option<(&str, &str)>,
    ) -> Vec<u8> {
        let text = match (self.format, self.news) {
            (Format::Json, _) => json::list(page, findings, self.news),
            (Format::JsonLines, _) => json::lines(page, findings, self.news),
            (Format::Sarif, _) => sarif::results(page, findings, self.news),
            (_, None) => self.for_people(page, findings, change),
            (_, Some(news)) => {
                let new = findings.iter().zip(news).filter(|(_, is_new)| **is_new);
                let new: Vec<Decided> = new.map(|(finding, _)| finding.clone()).collect();
                self.for_people(page, &new, change)
            }
        };
        text.into_bytes()
    }

    /// The same in a format that has no mark for what is new.
    fn for_people(self, page: &Page, findings: &[Decided], change: Option<(&str, &str)>) -> String {
        if findings.is_empty() {
            return String::new();
        }
        let each = |of: &dyn Fn(&Decided) -> String| findings.iter().map(of).collect();
        match self.format {
            Format::Full => each(&|finding| full::finding(page, finding, self.colour)),
            Format::Concise => each(&|finding| concise::finding(page, finding)),
            Format::Json => json::list(page, findings, None),
            Format::JsonLines => json::lines(page, findings, None),
            Format::Sarif => sarif::results(page, findings, None),
            Format::Github => each(&|finding| github::finding(page, finding)),
            Format::Gitlab => gitlab::issues(page, findings),
            Format::Junit => junit::suite(page, findings),
            Format::Markdown => markdown::section(page, findings, change),
        }
    }
}

/// `value` on a line of JSON.
pub(crate) fn json_line(value: &serde_json::Value) -> String {
    json::text(value) + "\n"
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
        Declined::TakenBack => "taken back",
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
pub(crate) fn codes(cautions: &[&Caution]) -> String {
    let codes: Vec<&str> = cautions.iter().map(|caution| caution.code).collect();
    codes.join(",")
}

/// All that there is to say about a site, where one text has to do.
fn sentence(finding: &Decided) -> String {
    let flaw = finding.transform.flaw;
    match &finding.decision {
        Decision::Rewrite(proposal) if proposal.cautions.is_empty() => {
            format!("{flaw}; `asyncmend fix`: {}", proposal.what)
        }
        Decision::Rewrite(proposal) => format!(
            "{flaw}; `asyncmend fix`: {} (accepted: {})",
            proposal.what,
            codes(&proposal.cautions)
        ),
        Decision::Held {
            proposal,
            in_the_way,
        } => format!(
            "{flaw}; `asyncmend fix --accept {}`: {}",
            codes(in_the_way),
            proposal.what
        ),
        Decision::Declined { proposal, because } => {
            format!("{flaw}; {}: {}", declined(*because), proposal.what)
        }
        Decision::Refused(refusal) => format!(
            "left alone ({}): {}; what you can do: {}",
            refusal.code, refusal.because, refusal.remedy
        ),
    }
}

/// Where the site starts and ends in the file, as readers of one text take it: no place in a notebook's JSON is
/// one in its code, so that such a site is at the top, and its sentence says where it is.
fn region(page: &Page, range: TextRange) -> Region {
    let (start, end) = (page.position(range.start()), page.position(range.end()));
    match start.cell {
        None => Region { start, end },
        Some(_) => Region::TOP,
    }
}

/// A range of a file.
struct Region {
    start: Position,
    end: Position,
}

impl Region {
    const TOP: Self = {
        let cell = None;
        let (line, column) = (1, 1);
        let top = Position { cell, line, column };
        Self {
            start: top,
            end: top,
        }
    };
}

/// The [`sentence`], which begins with the place where a [`region`] cannot tell it.
fn placed_sentence(page: &Page, finding: &Decided) -> String {
    let Position { cell, line, column } = page.position(finding.at.start());
    match cell {
        None => sentence(finding),
        Some(cell) => format!("cell {cell}:{line}:{column}: {}", sentence(finding)),
    }
}
