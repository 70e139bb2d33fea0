//! The JSON of a notebook, of which the code of single cells is written anew.

use std::fmt::Write as _;
use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Raw<'j> {
    #[serde(borrow)]
    cells: Vec<RawCell<'j>>,
}

#[derive(Deserialize)]
struct RawCell<'j> {
    #[serde(borrow)]
    source: &'j RawValue,
}

/// Where the `source` of each cell stands in `json`, in bytes.
pub(crate) fn sources(json: &str) -> serde_json::Result<Vec<Range<usize>>> {
    let raw: Raw = serde_json::from_str(json)?;
    let sources = raw.cells.iter().map(|cell| place(json, cell.source.get()));
    Ok(sources.collect())
}

/// Where `part`, which is borrowed from `whole`, stands in it.
fn place(whole: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - whole.as_ptr() as usize;
    start..start + part.len()
}

/// How a file writes its JSON.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    /// With escapes for what ASCII lacks.
    in_ascii: bool,
    /// Without blanks after commas.
    compact: bool,
}

impl Style {
    pub(crate) fn of(json: &str) -> Self {
        Self {
            in_ascii: json.is_ascii(),
            compact: !json.contains("\": "),
        }
    }
}

/// The `source` of a cell that is to hold `code`, in the manner of the `old` one: a string, or a list of
/// lines. Lines that stay are written as they were. None where `old` is neither.
pub(crate) fn source_with(old: &str, code: &str, style: Style) -> Option<String> {
    let quoted = |text: &str| {
        let text = serde_json::to_string(text).ok()?;
        Some(if style.in_ascii { escaped(&text) } else { text })
    };
    if old.starts_with('"') {
        return quoted(code);
    }
    let elements: Vec<&RawValue> = serde_json::from_str(old).ok()?;
    let places: Vec<Range<usize>> = elements.iter().map(|it| place(old, it.get())).collect();
    let (before, after) = match (places.first(), places.last()) {
        (Some(first), Some(last)) => (&old[1..first.start], &old[last.end..old.len() - 1]),
        _ => ("", ""),
    };
    let between = match &places[..] {
        [first, second, ..] => old[first.end..second.start].to_owned(),
        _ if before.contains('\n') => format!(",{before}"),
        _ if style.compact => ",".to_owned(),
        _ => ", ".to_owned(),
    };
    if code.is_empty() {
        return Some("[]".to_owned());
    }
    let mut left = &elements[..];
    let mut lines = Vec::new();
    for line in code.split_inclusive('\n') {
        let says =
            |it: &RawValue| serde_json::from_str::<String>(it.get()).is_ok_and(|it| it == line);
        match left.iter().position(|it| says(it)) {
            Some(index) => {
                lines.push(left[index].get().to_owned());
                left = &left[index + 1..];
            }
            None => lines.push(quoted(line)?),
        }
    }
    Some(format!("[{before}{}{after}]", lines.join(&between)))
}

/// A JSON string with escapes for what ASCII lacks.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}
