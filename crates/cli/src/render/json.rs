//! One JSON object for each site. The keys are a promise: never renamed, only added to.

use asyncmend_pipeline::{Decided, Decision, TextRange};
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
}

/// A change of the file as it is.
#[derive(Serialize)]
struct Edit {
    start: Position,
    end: Position,
    content: String,
}

pub(super) fn finding(page: &Page, finding: &Decided) -> String {
    let (code, edits) = match &finding.decision {
        Decision::Rewrite(proposal) | Decision::Held { proposal, .. } => {
            (None, &proposal.edits[..])
        }
        Decision::Refused(refusal) => (Some(refusal.code), &[][..]),
    };
    let (start, end) = positions(page, finding.at);
    let row = Finding {
        path: page.name,
        transform: finding.transform.id,
        start,
        end,
        decision: word(&finding.decision),
        cautions: cautions(&finding.decision)
            .iter()
            .map(|caution| caution.code)
            .collect(),
        code,
        message: message(&finding.decision),
        why: finding.transform.flaw,
        edits: edits
            .iter()
            .map(|edit| {
                let (start, end) = positions(page, edit.range);
                let content = page.code.as_in_file(edit.range, &edit.content);
                Edit {
                    start,
                    end,
                    content,
                }
            })
            .collect(),
        target: page.target.to_string(),
    };
    let mut line = serde_json::to_string(&row).expect("strings and numbers alone");
    line.push('\n');
    line
}

fn positions(page: &Page, range: TextRange) -> (Position, Position) {
    (page.position(range.start()), page.position(range.end()))
}
