//! What a page knows of the files, as JSON that can stand in HTML.

use asyncmend_edits::{self as edits, Lines};
use asyncmend_pipeline::{Decided, Decision, Patch, Proposal, Review, Source, TextRange};
use serde::Serialize;

use crate::code::Code;
use crate::decisions::fingerprint;
use crate::position::Position;
use crate::render::{Page, message, word};

/// One file and all that is known of it.
pub(crate) struct Sheet<'p> {
    pub(crate) page: &'p Page<'p>,
    /// The file as it is.
    pub(crate) bytes: &'p [u8],
    pub(crate) owners: &'p [String],
    /// The Python that it has to run on, and who says so.
    pub(crate) target: String,
    pub(crate) review: &'p Review,
    /// The new text of its Python, where that changes.
    pub(crate) after: Option<&'p str>,
    /// Whether there is no such file yet.
    pub(crate) is_new: bool,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    sha256: String,
    owners: &'a [String],
    target: &'a str,
    is_new: bool,
    findings: Vec<Finding<'a>>,
    /// What several fixes insert once, by number.
    shared: Vec<Hunk>,
    /// All that `fix` would change.
    whole: Vec<Hunk>,
}

#[derive(Serialize)]
struct Finding<'a> {
    transform: &'a str,
    start: Position,
    end: Position,
    decision: &'a str,
    message: &'a str,
    scope: Option<String>,
    /// That of the refusal.
    code: Option<&'a str>,
    in_the_way: Vec<&'a str>,
    candidates: Vec<Candidate<'a>>,
    excerpt: Hunk,
}

#[derive(Serialize)]
struct Candidate<'a> {
    what: &'a str,
    cautions: Vec<&'a str>,
    /// The one that was decided on.
    is_chosen: bool,
    hunks: Vec<Hunk>,
    /// Which hunks of the file it has besides.
    shared: Vec<usize>,
}

#[derive(Clone, PartialEq, Eq, Serialize)]
struct Hunk {
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<usize>,
    /// The first line of each side, counted from 1.
    old: usize,
    new: usize,
    /// The quotes of the string in which the first line begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    opens: Option<String>,
    body: String,
}

/// `value` as JSON in which nothing ends or begins an element of HTML.
pub(super) fn embedded(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value).expect("strings and numbers alone");
    // Outside of a string, JSON has none.
    json.replace('<', "\\u003c")
}

/// The JSON of a file, about whose text `source` is asked if the engine has it; empty where there is nothing to
/// say of it.
pub(crate) fn file(sheet: &Sheet, source: Option<&Source>) -> String {
    let review = sheet.review;
    if review.findings.is_empty() && sheet.after.is_none() {
        return String::new();
    }
    let lines = Lines::new(sheet.page.code.text());
    let parts = sheet.page.code.parts();
    let mut shared = Vec::new();
    let view = View {
        sheet,
        source,
        lines: &lines,
        parts: &parts,
    };
    let findings = review.findings.iter();
    let findings = findings.map(|it| view.finding(it, &mut shared)).collect();
    embedded(&File {
        path: sheet.page.name,
        sha256: fingerprint(sheet.bytes),
        owners: sheet.owners,
        target: &sheet.target,
        is_new: sheet.is_new,
        findings,
        shared,
        whole: view.whole(),
    })
}

/// The text of a file as it is shown.
struct View<'p> {
    sheet: &'p Sheet<'p>,
    source: Option<&'p Source<'p>>,
    lines: &'p Lines<'p>,
    /// What is shown apart.
    parts: &'p [TextRange],
}

impl View<'_> {
    fn finding<'d>(&self, finding: &'d Decided, shared: &mut Vec<Hunk>) -> Finding<'d> {
        let page = self.sheet.page;
        let (code, in_the_way) = match &finding.decision {
            Decision::Rewrite(_) | Decision::Declined { .. } => (None, &[][..]),
            Decision::Held { in_the_way, .. } => (None, &in_the_way[..]),
            Decision::Refused(refusal) => (Some(refusal.code), &[][..]),
        };
        let chosen = finding.decision.proposal();
        let all = match &finding.candidates[..] {
            // The site shows only after another fix.
            [] => chosen.map_or(&[][..], std::slice::from_ref),
            all => all,
        };
        let candidates = all.iter().map(|fix| {
            let is_chosen =
                chosen.is_some_and(|it| it.what == fix.what && it.cautions == fix.cautions);
            self.candidate(fix, is_chosen, shared)
        });
        let candidates = candidates.collect();
        Finding {
            transform: finding.transform.id,
            start: page.position(finding.at.start()),
            end: page.position(finding.at.end()),
            decision: word(&finding.decision),
            message: message(&finding.decision),
            scope: (self.source).and_then(|source| source.scope_name(finding.at)),
            code,
            in_the_way: in_the_way.iter().map(|caution| caution.code).collect(),
            candidates,
            excerpt: self.excerpt(finding.at),
        }
    }

    fn candidate<'d>(
        &self,
        proposal: &'d Proposal,
        is_chosen: bool,
        shared: &mut Vec<Hunk>,
    ) -> Candidate<'d> {
        let patch = Patch::new(proposal.edits.iter().cloned()).expect("they come from a patch");
        let (for_all, own) = self
            .hunks(&patch)
            .into_iter()
            .partition::<Vec<_>, _>(|(is_shared, _)| *is_shared);
        Candidate {
            what: &proposal.what,
            cautions: proposal.cautions.iter().map(|it| it.code).collect(),
            is_chosen,
            hunks: own.into_iter().map(|(_, hunk)| hunk).collect(),
            shared: (for_all.into_iter())
                .map(|(_, hunk)| index_of(hunk, shared))
                .collect(),
        }
    }

    /// What `patch` changes, and whether that is inserted for all.
    fn hunks(&self, patch: &Patch) -> Vec<(bool, Hunk)> {
        let mut all: Vec<(bool, Hunk)> = Vec::new();
        // How many more lines than the user's the last cell of the new text began with.
        let mut before_cell = 0;
        for hunk in self.lines.hunks(patch, self.parts) {
            let is_shared = hunk.is_shared;
            let more = hunk.new.start.cast_signed() - hunk.old.start.cast_signed();
            let mut hunk = self.hunk(&hunk);
            if hunk.cell != all.last().and_then(|(_, last)| last.cell) {
                before_cell = more;
            }
            hunk.new = hunk.old.saturating_add_signed(more - before_cell);
            all.push((is_shared, hunk));
        }
        all
    }

    /// The lines around a site.
    fn excerpt(&self, at: TextRange) -> Hunk {
        let next = (self.parts).partition_point(|part| part.start() <= at.start());
        let part = self.parts[next.saturating_sub(1)];
        self.hunk(&self.lines.excerpt(at, part))
    }

    /// A hunk with the lines of its cell or file, both sides by those of the user's text.
    fn hunk(&self, hunk: &edits::Hunk) -> Hunk {
        let start = self.lines.start(hunk.old.start);
        let Position { cell, line, .. } = self.sheet.page.position(start);
        Hunk {
            cell,
            old: line,
            new: line,
            opens: (self.source)
                .and_then(|source| source.quotes_around(start))
                .map(str::to_owned),
            body: self.sheet.page.code.as_in_cells(&hunk.body).into_owned(),
        }
    }

    /// All that changes; nothing of a notebook, whose cells would run into each other.
    fn whole(&self) -> Vec<Hunk> {
        let Some(after) = self.sheet.after else {
            return Vec::new();
        };
        if matches!(self.sheet.page.code, Code::Notebook(_)) {
            return Vec::new();
        }
        let hunks = edits::hunks(self.sheet.page.code.text(), after);
        let shown = hunks.iter().map(|hunk| Hunk {
            new: hunk.new.start + 1,
            ..self.hunk(hunk)
        });
        shown.collect()
    }
}

/// Which of `all` the same lines are, of which there are few.
fn index_of(hunk: Hunk, all: &mut Vec<Hunk>) -> usize {
    let known = all
        .iter()
        .position(|it| (it.cell, it.old, &it.body) == (hunk.cell, hunk.old, &hunk.body));
    known.unwrap_or_else(|| {
        all.push(hunk);
        all.len() - 1
    })
}
