//! One line for each site, in the look of Ruff's.

use asyncmend_pipeline::{Decided, Decision};

use super::{Page, cautions, codes, message, word};

pub(super) fn finding(page: &Page, finding: &Decided) -> String {
    // What is in the way says more than what is accepted already.
    let codes = match &finding.decision {
        Decision::Rewrite(_) | Decision::Declined { .. } => codes(cautions(&finding.decision)),
        Decision::Held { in_the_way, .. } => codes(in_the_way),
        Decision::Refused(refusal) => refusal.code.to_owned(),
    };
    let decision = [word(&finding.decision), &codes].join(" ");
    format!(
        "{}: {} [{}] {}\n",
        page.place(finding.at.start()),
        finding.transform.id,
        decision.trim_end(),
        message(&finding.decision),
    )
}
