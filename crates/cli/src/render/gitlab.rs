//! A Code Quality report of GitLab: a list of issues.

use asyncmend_pipeline::{Decided, Decision};
use serde::Serialize;

use super::{Page, fingerprint, json, placed_sentence, region};
use crate::trouble::Trouble;

/// What GitLab reads of an issue, which is a part of what Code Climate defined.
#[derive(Serialize)]
struct Issue<'a> {
    check_name: &'a str,
    description: String,
    severity: &'a str,
    fingerprint: String,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    positions: Positions,
}

#[derive(Serialize)]
struct Positions {
    begin: Place,
    end: Place,
}

#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
}

/// The findings of a file, as items of the list.
pub(super) fn issues(page: &Page, findings: &[Decided]) -> String {
    let fingerprints = fingerprint::all(page, findings, Some(page.name));
    let issues = findings.iter().zip(fingerprints);
    json::items(issues.map(|(finding, fingerprint)| {
        let region = region(page, finding.at);
        let place = |line, column| Place { line, column };
        Issue {
            check_name: finding.transform.id,
            description: placed_sentence(page, finding),
            severity: match finding.decision {
                Decision::Rewrite(_) => "major",
                Decision::Held { .. } | Decision::Declined { .. } => "minor",
                Decision::Refused(_) => "info",
            },
            fingerprint,
            location: Location {
                path: page.name,
                positions: Positions {
                    begin: place(region.start.line, region.start.column),
                    end: place(region.end.line, region.end.column),
                },
            },
        }
    }))
}

/// What is wrong with the file called `name`, as an item of the list.
pub(super) fn trouble(name: &str, trouble: &Trouble) -> String {
    let (line, column) = trouble.line_and_column().unwrap_or((1, 1));
    let place = || Place { line, column };
    json::text(&Issue {
        check_name: "trouble",
        description: trouble.to_string(),
        severity: "critical",
        fingerprint: fingerprint::of_trouble(name, &trouble.to_string()),
        location: Location {
            path: name,
            positions: Positions {
                begin: place(),
                end: place(),
            },
        },
    })
}
