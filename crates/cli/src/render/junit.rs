//! XML as `JUnit` has it, by the schema of Jenkins: each file a test suite, each site a failure.

use std::borrow::Cow;

use asyncmend_pipeline::{Decided, Decision};
use quick_xml::Writer;
use quick_xml::events::BytesText;

use super::{Page, codes, message, sentence, word};
use crate::terminal::{shown, shown_lines};
use crate::trouble::Trouble;

pub(super) const HEAD: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"asyncmend\">\n";
pub(super) const TAIL: &str = "</testsuites>\n";

/// What is there where nothing was found: some readers take a report without any test for an error.
pub(super) fn nothing_found() -> String {
    let case = Case {
        name: "no sites",
        class: "asyncmend",
        result: None,
    };
    suite_of("asyncmend", &[case])
}

/// The findings of a file.
pub(super) fn suite(page: &Page, findings: &[Decided]) -> String {
    let names: Vec<String> = (findings.iter())
        .map(|finding| {
            let place = page.place(finding.at.start());
            format!("{} at {place}", finding.transform.id)
        })
        .collect();
    let failures: Vec<Result> = (findings.iter())
        .map(|finding| Result {
            element: "failure",
            kind: kind(finding),
            message: message(&finding.decision).to_owned(),
            text: format!("{}: {}", page.place(finding.at.start()), sentence(finding)),
        })
        .collect();
    let cases: Vec<Case> = (names.iter().zip(failures).zip(findings))
        .map(|((name, failure), finding)| Case {
            name,
            class: finding.transform.id,
            result: Some(failure),
        })
        .collect();
    suite_of(page.name, &cases)
}

/// What is wrong with the file called `name`.
pub(super) fn trouble(name: &str, trouble: &Trouble) -> String {
    let error = Result {
        element: "error",
        kind: "trouble".to_owned(),
        message: trouble.to_string(),
        text: trouble.line(name),
    };
    let case = Case {
        name,
        class: "asyncmend",
        result: Some(error),
    };
    suite_of(name, &[case])
}

/// "held zero-timeout", "refuse not-awaited".
fn kind(finding: &Decided) -> String {
    let codes = match &finding.decision {
        Decision::Rewrite(proposal) | Decision::Declined { proposal, .. } => {
            codes(&proposal.cautions)
        }
        Decision::Held { in_the_way, .. } => codes(in_the_way),
        Decision::Refused(refusal) => refusal.code.to_owned(),
    };
    let kind = format!("{} {codes}", word(&finding.decision));
    kind.trim_end().to_owned()
}

struct Case<'a> {
    name: &'a str,
    class: &'a str,
    /// None where it passes.
    result: Option<Result>,
}

struct Result {
    /// `failure` or `error`.
    element: &'static str,
    kind: String,
    message: String,
    text: String,
}

fn suite_of(name: &str, cases: &[Case]) -> String {
    let count = |element: &str| {
        let results = cases.iter().filter_map(|case| case.result.as_ref());
        let count = results.filter(|result| result.element == element).count();
        count.to_string()
    };
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let suite = writer
        .create_element("testsuite")
        .with_attribute(("name", &*attribute(name)))
        .with_attribute(("tests", &*cases.len().to_string()))
        .with_attribute(("failures", &*count("failure")))
        .with_attribute(("errors", &*count("error")))
        .write_inner_content(|writer| cases.iter().try_for_each(|case| write_case(writer, case)));
    suite.expect("a vector takes everything");
    String::from_utf8(writer.into_inner()).expect("names and texts are UTF-8") + "\n"
}

fn write_case(writer: &mut Writer<Vec<u8>>, case: &Case) -> std::io::Result<()> {
    let element = writer
        .create_element("testcase")
        .with_attribute(("name", &*attribute(case.name)))
        .with_attribute(("classname", case.class));
    let Some(result) = &case.result else {
        element.write_empty()?;
        return Ok(());
    };
    element.write_inner_content(|writer| {
        writer
            .create_element(result.element)
            .with_attribute(("type", &*result.kind))
            .with_attribute(("message", &*attribute(&result.message)))
            .write_text_content(BytesText::new(&allowed(&shown_lines(&result.text))))?;
        Ok(())
    })?;
    Ok(())
}

/// `text` as the value of an attribute, in which the end of a line would become a blank.
fn attribute(text: &str) -> String {
    allowed(&shown(text)).into_owned()
}

/// `text` without the two characters that XML 1.0 cannot hold beside control characters.
fn allowed(text: &str) -> Cow<'_, str> {
    if text.contains(['\u{fffe}', '\u{ffff}']) {
        Cow::Owned(text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}
