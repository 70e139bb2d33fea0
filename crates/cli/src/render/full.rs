//! Each site with its source line, in the look of rustc's.

use annotate_snippets::{AnnotationKind, Group, Level, Message, Renderer, Snippet};
use asyncmend_pipeline::{Caution, Decided, Decision};

use super::{Page, codes, message, word};

pub(super) fn finding(page: &Page, finding: &Decided, colour: bool) -> String {
    let (start, source) = page.lines.around(finding.at);
    let place = page.position(finding.at.start());
    let site = finding.at.start().to_usize() - start..finding.at.end().to_usize() - start;
    let snippet = Snippet::source(source)
        .path(page.part(place.cell))
        .line_start(place.line)
        .annotation(AnnotationKind::Primary.span(site));
    let group = Group::with_title(
        level(&finding.decision)
            .with_name(word(&finding.decision))
            .primary_title(message(&finding.decision))
            .id(finding.transform.id),
    )
    .element(snippet)
    .elements(reasons(finding));
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    format!("{}\n\n", renderer.render(&[group]))
}

fn level(decision: &Decision) -> Level<'static> {
    match decision {
        Decision::Rewrite(_) => Level::HELP,
        Decision::Held { .. } => Level::WARNING,
        Decision::Declined { .. } | Decision::Refused(_) => Level::NOTE,
    }
}

/// Why the site is one, why this was decided, and what to do.
fn reasons(finding: &Decided) -> Vec<Message<'static>> {
    let mut reasons = Vec::new();
    // What is left alone says why in its title; often the flaw is not there.
    if !matches!(finding.decision, Decision::Refused(_)) {
        reasons.push(Level::NOTE.with_name("why").message(finding.transform.flaw));
    }
    match &finding.decision {
        Decision::Rewrite(proposal) | Decision::Declined { proposal, .. } => {
            reasons.extend(
                proposal
                    .cautions
                    .iter()
                    .map(|caution| differs(caution, true)),
            );
        }
        Decision::Held {
            proposal,
            in_the_way,
        } => {
            reasons.extend(proposal.cautions.iter().map(|caution| {
                let accepted = !in_the_way.contains(caution);
                differs(caution, accepted)
            }));
            let help = format!("apply it with `--accept {}`", codes(in_the_way));
            reasons.push(Level::HELP.message(help));
        }
        Decision::Refused(refusal) => {
            reasons.push(Level::HELP.message(refusal.remedy));
            let topic = format!("{}/{}", finding.transform.id, refusal.code);
            let more = format!("`asyncmend explain {topic}` says more");
            reasons.push(Level::NOTE.message(more));
        }
    }
    reasons
}

/// How the fix may differ, in short: of several differences the first, and where to read the others.
fn differs(caution: &Caution, accepted: bool) -> Message<'static> {
    let Caution {
        code,
        what_differs,
        when,
        ..
    } = caution;
    let text = match what_differs.split_once(';') {
        Some((first, _)) => format!("{code}: {first}, and more: `asyncmend explain {code}`"),
        None => format!("{code}: {what_differs}; when {when}"),
    };
    let name = if accepted { "accepted" } else { "caution" };
    Level::NOTE.with_name(name).message(text)
}
