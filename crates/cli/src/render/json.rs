//! One JSON object for each site. The keys are a promise: never renamed, only added to.

use std::io;

use asyncmend_pipeline::{self as pipeline, Caution, Decided, Decision, Proposal, TextRange};
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::{Page, cautions, fingerprint, message, word};
use crate::position::Position;
use crate::terminal::is_obeyed;

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
    fingerprint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<bool>,
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

/// The objects of a file, as items of an array.
pub(super) fn list(page: &Page, findings: &[Decided], news: Option<&[bool]>) -> String {
    items(rows(page, findings, news))
}

/// The objects of a file, each on a line.
pub(super) fn lines(page: &Page, findings: &[Decided], news: Option<&[bool]>) -> String {
    rows(page, findings, news)
        .map(|row| text(&row) + "\n")
        .collect()
}

fn rows<'a>(
    page: &'a Page,
    findings: &'a [Decided],
    news: Option<&'a [bool]>,
) -> impl Iterator<Item = Finding<'a>> {
    let fingerprints = fingerprint::all(page, findings, None);
    let findings = findings.iter().zip(fingerprints).enumerate();
    findings.map(move |(index, (finding, fingerprint))| {
        let new = news.map(|news| news[index]);
        row(page, finding, fingerprint, new)
    })
}

/// `values`, as items of an array, each on a line.
pub(super) fn items<T: Serialize>(values: impl Iterator<Item = T>) -> String {
    let items: Vec<String> = values.map(|value| text(&value)).collect();
    items.join(",\n")
}

/// `value` as JSON on one line that holds no character which a terminal would obey.
pub(super) fn text(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Harmless);
    (value.serialize(&mut serializer)).expect("strings and numbers alone");
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

/// Compact, with more characters escaped than JSON asks for.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        let mut rest = fragment;
        while let Some((at, found)) = rest.char_indices().find(|(_, it)| is_obeyed(*it)) {
            writer.write_all(&rest.as_bytes()[..at])?;
            for unit in found.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + found.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

fn row<'a>(
    page: &'a Page,
    finding: &'a Decided,
    fingerprint: String,
    new: Option<bool>,
) -> Finding<'a> {
    let code = match &finding.decision {
        Decision::Refused(refusal) => Some(refusal.code),
        _ => None,
    };
    let (start, end) = positions(page, finding.at);
    let proposal = finding.decision.proposal();
    Finding {
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
        fingerprint,
        new,
    }
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
