//! SARIF 2.1.0: one run, whose results carry their fixes.

use asyncmend_edits::TextRange;
use asyncmend_pipeline::{Caution, Decided, Decision, Proposal, Transform};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{Page, Region, cautions, fingerprint, json, placed_sentence, region, word};
use crate::trouble::Trouble;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The folder of the run, which readers know: it is not named, for a result is the same on every machine.
const HERE: &str = "%SRCROOT%";

/// What a path keeps as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// All that comes before the results.
pub(crate) fn head() -> String {
    let rules: Vec<Value> = (asyncmend_transforms::ALL.iter())
        .map(|it| rule(it))
        .collect();
    let driver = json!({
        "name": "asyncmend",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": rules,
    });
    format!(
        "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{}}},\n\
         \"columnKind\":\"unicodeCodePoints\",\"newlineSequences\":[\"\\r\\n\",\"\\n\",\"\\r\"],\n\
         \"results\":[\n",
        json::text(&driver)
    )
}

/// All that comes after them.
pub(crate) fn tail(is_done: bool, notifications: &[Value]) -> String {
    let invocation = json!({
        "executionSuccessful": is_done,
        "toolExecutionNotifications": notifications,
    });
    format!("],\n\"invocations\":[{}]}}]}}\n", json::text(&invocation))
}

/// The results of a file, as items of the list.
pub(super) fn results(page: &Page, findings: &[Decided], news: Option<&[bool]>) -> String {
    let fingerprints = fingerprint::all(page, findings, None);
    let results = findings.iter().zip(&fingerprints).enumerate();
    json::items(results.map(|(index, (finding, fingerprint))| {
        let mut result = result(page, finding, fingerprint);
        if let Some(news) = news {
            let state = if news[index] { "new" } else { "unchanged" };
            result["baselineState"] = json!(state);
        }
        result
    }))
}

/// What is wrong with the file called `name`.
pub(super) fn trouble(name: &str, trouble: &Trouble) -> Value {
    let mut place = json!({"artifactLocation": location(name)});
    if let Some((line, column)) = trouble.line_and_column() {
        place["region"] = json!({"startLine": line, "startColumn": column});
    }
    json!({
        "level": "error",
        "message": {"text": plain(&trouble.to_string())},
        "locations": [{"physicalLocation": place}],
    })
}

/// What is odd.
pub(super) fn warning(text: &str) -> Value {
    json!({"level": "warning", "message": {"text": plain(text)}})
}

fn rule(transform: &Transform) -> Value {
    json!({
        "id": transform.id,
        "shortDescription": {"text": plain(transform.summary)},
        "fullDescription": {"text": plain(transform.flaw)},
        "help": {"text": transform.doc, "markdown": transform.doc},
        "defaultConfiguration": {"level": "warning"},
        "properties": {"tags": ["asyncio", "concurrency", "python"]},
    })
}

fn result(page: &Page, finding: &Decided, fingerprint: &str) -> Value {
    let mut known = asyncmend_transforms::ALL.iter();
    let rule = known.position(|it| it.id == finding.transform.id);
    let place = json!({
        "artifactLocation": location(page.name),
        "region": region_json(&region(page, finding.at)),
    });
    let mut properties = json!({
        "decision": word(&finding.decision),
        "cautions": codes(cautions(&finding.decision)),
        "target": page.target.to_string(),
    });
    match &finding.decision {
        Decision::Rewrite(_) | Decision::Declined { .. } => {}
        Decision::Held { in_the_way, .. } => {
            properties["inTheWay"] = json!(codes(in_the_way));
        }
        Decision::Refused(refusal) => properties["code"] = json!(refusal.code),
    }
    let mut result = json!({
        "ruleId": finding.transform.id,
        "ruleIndex": rule,
        "level": match finding.decision {
            Decision::Refused(_) => "note",
            _ => "warning",
        },
        "message": {"text": plain(&placed_sentence(page, finding))},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"site/v1": fingerprint},
        "properties": properties,
    });
    let fixes = fixes(page, finding);
    if !fixes.is_empty() {
        result["fixes"] = json!(fixes);
    }
    result
}

/// What mends the site alone: what is decided, then the other candidates. None for a notebook: no place in a cell
/// is one in the file.
fn fixes(page: &Page, finding: &Decided) -> Vec<Value> {
    let Some(first) = finding.decision.proposal() else {
        return Vec::new();
    };
    let is_other = |it: &&Proposal| it.what != first.what || it.cautions != first.cautions;
    let others = finding.candidates.iter().filter(is_other);
    let in_cell = page.position(finding.at.start()).cell.is_some();
    let all = std::iter::once(first).chain(others);
    let all = all.filter(|it| !it.edits.is_empty() && !in_cell);
    all.map(|proposal| fix(page, proposal)).collect()
}

fn fix(page: &Page, proposal: &Proposal) -> Value {
    let replacement = |range: TextRange, content: &str| {
        json!({
            "deletedRegion": region_json(&region(page, range)),
            "insertedContent": {"text": content},
        })
    };
    let replacements: Vec<Value> = (proposal.edits.iter())
        .map(|edit| replacement(edit.range, &edit.content))
        .collect();
    json!({
        "description": {"text": plain(&proposal.what)},
        "artifactChanges": [{
            "artifactLocation": location(page.name),
            "replacements": replacements,
        }],
        "properties": {"cautions": codes(&proposal.cautions)},
    })
}

fn codes(cautions: &[&'static Caution]) -> Vec<&'static str> {
    cautions.iter().map(|caution| caution.code).collect()
}

fn region_json(region: &Region) -> Value {
    json!({
        "startLine": region.start.line,
        "startColumn": region.start.column,
        "endLine": region.end.line,
        "endColumn": region.end.column,
    })
}

fn location(name: &str) -> Value {
    let path = utf8_percent_encode(name, PATH);
    if name.starts_with('/') {
        json!({"uri": format!("file://{path}")})
    } else {
        json!({"uri": path.to_string(), "uriBaseId": HERE})
    }
}

/// A message in which readers find no placeholder, which braces mean, and no link.
fn plain(text: &str) -> String {
    let text = text.replace('{', "{{").replace('}', "}}");
    if text.contains("](") {
        text.replace('[', "\\[").replace(']', "\\]")
    } else {
        text
    }
}
