//! A comment for a pull request: a table of counts, and each file with its sites and its diff to open.

use std::fmt::Write as _;

use asyncmend_edits::unified;
use asyncmend_pipeline::{Decided, Decision};

use super::{Page, codes, declined, message};
use crate::report::Report;
use crate::terminal::{shown, shown_lines};
use crate::trouble::Trouble;
use crate::wording::counted;

/// GitHub takes 65,536 characters. These are bytes, so that no way of counting finds more, with room for the
/// table and for what a bot adds.
const MAX_SECTIONS: usize = 56_000;
const MAX_DIFF: usize = 12_000;
const MAX_SITES: usize = 40;
const MAX_TROUBLES: usize = 20;
const MAX_TROUBLE: usize = 200;

/// By which a bot finds its own comment to replace it.
const MARK: &str = "<!-- asyncmend -->";

/// The comment, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct Comment {
    sections: String,
    /// Files with sites for which there was no room.
    left_out: usize,
    troubles: Vec<String>,
    more_troubles: usize,
}

impl Comment {
    /// Takes the section of a file, if there is room.
    pub(super) fn add(&mut self, section: &str) {
        if self.sections.len() + section.len() <= MAX_SECTIONS {
            self.sections.push_str(section);
        } else {
            self.left_out += 1;
        }
    }

    /// Takes what is wrong with the file called `name`.
    pub(super) fn add_trouble(&mut self, name: &str, trouble: &Trouble) {
        if self.troubles.len() < MAX_TROUBLES {
            let line: String = trouble.line(name).chars().take(MAX_TROUBLE).collect();
            self.troubles.push(line);
        } else {
            self.more_troubles += 1;
        }
    }

    /// All of it.
    pub(super) fn text(&self, report: &Report) -> String {
        let mut out = format!("{MARK}\n### asyncmend\n\n{}\n", table(report));
        out.push_str(&self.sections);
        if self.left_out > 0 {
            let _ = writeln!(
                out,
                "No room here for {} more; `asyncmend check` and `asyncmend diff` show them.\n",
                counted(self.left_out, "file")
            );
        }
        if !self.troubles.is_empty() {
            out.push_str("Trouble:\n\n");
            for line in &self.troubles {
                let _ = writeln!(out, "- <code>{}</code>", html(line));
            }
            if self.more_troubles > 0 {
                let _ = writeln!(out, "- and {} more", self.more_troubles);
            }
            out.push('\n');
        }
        if report.sites().next().is_some() {
            out.push_str(
                "`asyncmend fix` applies what would be rewritten; `asyncmend explain CODE` says more.\n",
            );
        }
        out
    }
}

/// The sites of each transform.
fn table(report: &Report) -> String {
    if report.sites().next().is_none() {
        return format!("No sites in {}.\n", counted(report.files, "file"));
    }
    let mut out = String::from(
        "| transform | would be rewritten | held back | left alone |\n|---|--:|--:|--:|\n",
    );
    for sites in report.sites() {
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} |",
            sites.transform.id,
            sites.rewritten,
            sites.held,
            sites.left_alone()
        );
    }
    out
}

/// One file: its sites, and the diff of what would change.
pub(super) fn section(page: &Page, findings: &[Decided], change: Option<(&str, &str)>) -> String {
    let mut out = format!(
        "<details><summary><code>{}</code>: {}</summary>\n\n",
        html(&shown(page.name)),
        tally(findings)
    );
    for finding in &findings[..findings.len().min(MAX_SITES)] {
        let _ = writeln!(out, "- {}", site(page, finding));
    }
    if findings.len() > MAX_SITES {
        let _ = writeln!(out, "- and {} more", findings.len() - MAX_SITES);
    }
    out.push('\n');
    if let Some((before, after)) = change {
        out.push_str(&block(&unified(page.name, before, after)));
    }
    out.push_str("</details>\n\n");
    out
}

/// "2 would be rewritten, 1 left alone".
fn tally(findings: &[Decided]) -> String {
    let count = |is_one: fn(&Decision) -> bool| {
        let decisions = findings.iter().map(|finding| &finding.decision);
        decisions.filter(|decision| is_one(decision)).count()
    };
    let counts = [
        (
            count(|it| matches!(it, Decision::Rewrite(_))),
            "would be rewritten",
        ),
        (count(|it| matches!(it, Decision::Held { .. })), "held back"),
        (
            count(|it| matches!(it, Decision::Declined { .. })),
            "declined",
        ),
        (count(|it| matches!(it, Decision::Refused(_))), "left alone"),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    counts.join(", ")
}

/// "line 5, `gather`, held back by `cancels-shared-task`: cancel the others with `_gather_or_cancel`".
fn site(page: &Page, finding: &Decided) -> String {
    let place = page.position(finding.at.start());
    let cell = place
        .cell
        .map_or_else(String::new, |cell| format!("cell {cell}, "));
    let decided = match &finding.decision {
        Decision::Rewrite(proposal) if proposal.cautions.is_empty() => String::new(),
        Decision::Rewrite(proposal) => format!(", accepted `{}`", codes(&proposal.cautions)),
        Decision::Held { in_the_way, .. } => format!(", held back by `{}`", codes(in_the_way)),
        Decision::Declined { because, .. } => format!(", {}", declined(*because)),
        Decision::Refused(refusal) => format!(", left alone as `{}`", refusal.code),
    };
    let message = prose(message(&finding.decision));
    let (line, id) = (place.line, finding.transform.id);
    format!("{cell}line {line}, `{id}`{decided}: {message}")
}

/// A diff between fences that it cannot close, cut where it is long.
fn block(diff: &str) -> String {
    let diff = shown_lines(diff);
    let mut kept = diff.as_str();
    if diff.len() > MAX_DIFF {
        let end = diff[..diff.floor_char_boundary(MAX_DIFF)].rfind('\n');
        kept = &diff[..end.map_or(0, |end| end + 1)];
    }
    let mut runs = kept.split(|it| it != '`').map(str::len);
    let longest = runs.by_ref().max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let cut = if kept.len() < diff.len() {
        "The diff is cut here; `asyncmend diff` shows all of it.\n\n"
    } else {
        ""
    };
    format!("{fence}diff\n{kept}{fence}\n\n{cut}")
}

/// One of our sentences, in which only what stands between backticks is markup.
fn prose(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            let _ = write!(out, "`{part}`");
            continue;
        }
        for it in part.chars() {
            if matches!(it, '\\' | '*' | '_' | '<' | '[' | ']' | '#' | '~' | '@') {
                out.push('\\');
            }
            out.push(it);
        }
    }
    out
}

fn html(text: &str) -> String {
    let text = text.replace('&', "&amp;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}
