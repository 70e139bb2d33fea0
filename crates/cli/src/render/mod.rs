//! What is decided about one file, as text.

mod concise;
mod diff;
mod full;
mod json;

use asyncmend_pipeline::{Caution, Decided, Decision, PythonVersion};

pub(crate) use diff::{diff, new_file};

use crate::args::Format;
use crate::position::Lines;

/// One file, as output speaks of it.
pub(crate) struct Page<'t> {
    pub(crate) name: &'t str,
    pub(crate) lines: Lines<'t>,
    pub(crate) target: PythonVersion,
}

impl<'t> Page<'t> {
    pub(crate) fn new(name: &'t str, text: &'t str, target: PythonVersion) -> Self {
        Self {
            name,
            lines: Lines::new(text),
            target,
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
        Decision::Refused(_) => "refuse",
    }
}

/// What is done, or why nothing is.
fn message(decision: &Decision) -> &str {
    match decision {
        Decision::Rewrite(proposal) | Decision::Held { proposal, .. } => &proposal.what,
        Decision::Refused(refusal) => refusal.because,
    }
}

/// The cautions of a fix.
fn cautions(decision: &Decision) -> &[&'static Caution] {
    match decision {
        Decision::Rewrite(proposal) | Decision::Held { proposal, .. } => &proposal.cautions,
        Decision::Refused(_) => &[],
    }
}

/// The codes of `cautions`, as an option takes them.
fn codes(cautions: &[&Caution]) -> String {
    let codes: Vec<&str> = cautions.iter().map(|caution| caution.code).collect();
    codes.join(",")
}
