//! Workflow commands, which GitHub shows beside the code.

use std::fmt::Write as _;

use asyncmend_pipeline::{Decided, Decision};

use super::{Page, placed_sentence, region};
use crate::terminal::shown;
use crate::trouble::Trouble;

pub(super) fn finding(page: &Page, finding: &Decided) -> String {
    let level = match finding.decision {
        Decision::Refused(_) => "notice",
        _ => "warning",
    };
    let region = region(page, finding.at);
    let (start, end) = (region.start, region.end);
    let mut place = format!("line={},endLine={}", start.line, end.line);
    // Columns over several lines are an error there. The last one is inside of the range.
    if start.line == end.line {
        let last = (end.column - 1).max(start.column);
        let _ = write!(place, ",col={},endColumn={last}", start.column);
    }
    let title = format!("asyncmend {}", finding.transform.id);
    command(
        level,
        &title,
        page.name,
        &place,
        &placed_sentence(page, finding),
    )
}

/// What is wrong with the file called `name`.
pub(super) fn trouble(name: &str, trouble: &Trouble) -> String {
    let (line, column) = trouble.line_and_column().unwrap_or((1, 1));
    let place = format!("line={line},col={column}");
    command("error", "asyncmend", name, &place, &trouble.to_string())
}

fn command(level: &str, title: &str, name: &str, place: &str, text: &str) -> String {
    format!(
        "::{level} title={},file={},{place}::{}\n",
        property(title),
        property(name),
        data(text)
    )
}

/// As the toolkit of GitHub Actions escapes the text of a command.
fn data(text: &str) -> String {
    let text = text.replace('%', "%25");
    let text = text.replace('\r', "%0D").replace('\n', "%0A");
    shown(&text).into_owned()
}

/// As it escapes a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
