//! Which tests passed, as a report of `JUnit`'s kind says.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use encoding_rs::{Encoding, UTF_8};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::disk;

/// A declaration of XML is no longer.
const DECLARATION: usize = 200;

/// The names of the tests that passed: of several of one name, each has to.
///
/// # Errors
/// Where there is no report, or it is none.
pub(super) fn passed(path: &Path) -> Result<BTreeSet<String>> {
    let bytes = disk::load(path).map_err(|trouble| anyhow::anyhow!("{trouble}"))?;
    let passed = cases(&text(&bytes)?)?
        .into_iter()
        .filter(|(_, passed)| *passed);
    Ok(passed.map(|(name, _)| name).collect())
}

/// The text of a report, by the encoding that it begins with or names.
fn text(bytes: &[u8]) -> Result<Cow<'_, str>> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARATION)]).into_owned();
    let declaration = head
        .split_once("?>")
        .map_or("", |(declaration, _)| declaration);
    let label = declaration.split_once("encoding=").map(|(_, label)| label);
    let label = label.and_then(|label| label.split(['"', '\'']).nth(1));
    let named = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    let (text, encoding, has_errors) = named.unwrap_or(UTF_8).decode(bytes);
    if has_errors {
        bail!("it is not {}", encoding.name());
    }
    Ok(text)
}

/// Whether each test passed, by its name.
fn cases(text: &str) -> Result<BTreeMap<String, bool>> {
    let mut cases: BTreeMap<String, bool> = BTreeMap::new();
    let mut reader = Reader::from_str(text);
    // The name of the test around, and whether it has passed so far.
    let mut around: Option<(String, bool)> = None;
    let mut is_report = false;
    let mut depth = 0_usize;
    let mut done = |(name, passed): (String, bool)| {
        let all = cases.entry(name).or_insert(true);
        *all = *all && passed;
    };
    loop {
        let event = reader.read_event().context("it is no XML")?;
        match &event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        match &event {
            Event::Start(element) | Event::Empty(element) => {
                let is_empty = matches!(event, Event::Empty(_));
                match element.local_name().as_ref() {
                    "testsuites" | "testsuite" => is_report = true,
                    "testcase" if is_empty => done((name(element)?, true)),
                    "testcase" => around = Some((name(element)?, true)),
                    "failure" | "error" | "skipped" | "rerunFailure" => {
                        if let Some((_, passed)) = &mut around {
                            *passed = false;
                        }
                    }
                    _ => {}
                }
            }
            Event::End(element) if element.local_name().as_ref() == "testcase" => {
                around.take().into_iter().for_each(&mut done);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if depth > 0 {
        bail!("it has no end");
    }
    if !is_report {
        bail!("it has no test suite");
    }
    Ok(cases)
}

/// What a test is called: by its file, where that is said, its class and its name.
fn name(element: &BytesStart) -> Result<String> {
    let mut parts = Vec::new();
    for attribute in ["file", "classname", "name"] {
        let value = element
            .try_get_attribute(attribute)
            .context("it is no XML")?;
        if let Some(value) = value {
            let value = value.normalized_value(quick_xml::XmlVersion::Implicit1_0);
            parts.push(value.context("it is no XML")?.into_owned());
        }
    }
    Ok(parts.join("::"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_passes_that_does_so_each_time() {
        let text = r#"<?xml version="1.0"?><testsuites><testsuite name="s" tests="6">
            <testcase classname="a.T" name="one"/>
            <testcase classname="a.T" name="two"><system-out>&lt;failure</system-out></testcase>
            <testcase classname="a.T" name="three"><failure message="x">y</failure></testcase>
            <testcase classname="a" name="four"><error/></testcase>
            <testcase classname="a" name="five"><skipped message="m"/></testcase>
            <testcase file="b&amp;c.py" name="six"/><testcase file="b&amp;c.py" name="six"><error/></testcase>
            </testsuite></testsuites>"#;
        let expected = [
            ("a.T::one", true),
            ("a.T::two", true),
            ("a.T::three", false),
            ("a::four", false),
            ("a::five", false),
            ("b&c.py::six", false),
        ];
        let expected = expected.map(|(name, passed)| (name.to_owned(), passed));
        assert_eq!(cases(text).unwrap(), BTreeMap::from(expected));
    }

    #[test]
    fn what_is_no_report_is_an_error() {
        for text in [
            "",
            "<html></html>",
            "<testsuite><testcase",
            "<testsuite><testcase name='a'/>",
            "passed",
        ] {
            assert!(cases(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_report_may_be_in_another_encoding() {
        let report = "<?xml version='1.0' encoding='iso-8859-1'?><testsuite><testcase name='\u{e9}'/></testsuite>";
        let latin: Vec<u8> = report
            .chars()
            .map(|it| u8::try_from(u32::from(it)).unwrap())
            .collect();
        assert_eq!(text(&latin).unwrap(), report);
        let wide = report.replace("iso-8859-1", "utf-16");
        let bytes = format!("\u{feff}{wide}");
        let bytes: Vec<u8> = bytes.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&bytes).unwrap(), wide);
        assert!(text(b"<testsuite name='\xff'/>").is_err());
    }
}
