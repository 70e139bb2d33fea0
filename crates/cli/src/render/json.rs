//! One JSON object for each site. The keys are a promise: never renamed, only added to.

use asyncmend_pipeline::{self as pipeline, Caution, Decided, Decision, Proposal, TextRange};
use serde::Serialize;

use super::{Page, cautions, message, word};
use crate::position::Position;

#[derive(Serialize)]
struct Finding<'a> {
    path: &'a str,
    transform: &'a str,
    start: Position,
    end: Position,
    decision: &'a str,
    cautions: Vec<&'a str>,
    code: Option<&'a str>,
    message: &'a str,
    why: &'a str,
    edits: Vec<Edit>,
    target: String,
    candidates: Vec<Candidate<'a>>,
}

/// A fix of the site, and what it would change alone.
#[derive(Serialize)]
struct Candidate<'a> {
    what: &'a str,
    cautions: Vec<&'a str>,
    edits: Vec<Edit>,
}

/// A change of the file as it is.
#[derive(Serialize)]
struct Edit {
    start: Position,
    end: Position,
    content: String,
}

pub(super) fn finding(page: &Page, finding: &Decided) -> String {
    let code = match &finding.decision {
        Decision::Refused(refusal) => Some(refusal.code),
        _ => None,
    };
    let (start, end) = positions(page, finding.at);
    let proposal = finding.decision.proposal();
    let row = Finding {
        path: page.name,
        transform: finding.transform.id,
        start,
        end,
        decision: word(&finding.decision),
        cautions: codes(cautions(&finding.decision)),
        code,
        message: message(&finding.decision),
        why: finding.transform.flaw,
        edits: proposal.map_or_else(Vec::new, |it| edits(page, &it.edits)),
        target: page.target.to_string(),
        candidates: (finding.candidates.iter())
            .map(|it| candidate(page, it))
            .collect(),
    };
    let mut line = serde_json::to_string(&row).expect("strings and numbers alone");
    line.push('\n');
    line
}

fn candidate<'a>(page: &Page, proposal: &'a Proposal) -> Candidate<'a> {
    Candidate {
        what: &proposal.what,
        cautions: codes(&proposal.cautions),
        edits: edits(page, &proposal.edits),
    }
}

fn codes<'a>(cautions: &[&'a Caution]) -> Vec<&'a str> {
    cautions.iter().map(|caution| caution.code).collect()
}

fn edits(page: &Page, edits: &[pipeline::Edit]) -> Vec<Edit> {
    let in_file = |edit: &pipeline::Edit| {
        let (start, end) = positions(page, edit.range);
        Edit {
            start,
            end,
            content: page.code.as_in_file(edit.range, &edit.content),
        }
    };
    edits.iter().map(in_file).collect()
}

fn positions(page: &Page, range: TextRange) -> (Position, Position) {
    (page.position(range.start()), page.position(range.end()))
}
