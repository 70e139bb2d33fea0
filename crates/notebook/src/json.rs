//! The JSON of a notebook, of which the code of single cells is written anew.

use std::fmt::Write as _;
use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;
use similar::{Algorithm, DiffOp, capture_diff_slices};

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
/// strings, of a line each as a rule. Lines that stay are written as they were. None where `old` is neither.
pub(crate) fn source_with(old: &str, code: &str, style: Style) -> Option<String> {
    let quoted = |text: &str| {
        let text = serde_json::to_string(text).ok()?;
        Some(if style.in_ascii { escaped(&text) } else { text })
    };
    if old.starts_with('"') {
        let body = |text: &str| text[1..text.len() - 1].to_owned();
        let before = lines_of(old, 1..old.len() - 1);
        let lines = with_lines(old, &before, code, "", |line| {
            quoted(line).map(|it| body(&it))
        })?;
        return Some(format!("\"{lines}\""));
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
    let lines = with_lines(old, &whole_lines(old, &places)?, code, &between, quoted)?;
    Some(format!("[{before}{lines}{after}]"))
}

/// Whole lines as they are written in JSON.
struct Written {
    /// Where that is, in bytes.
    place: Range<usize>,
    /// What it says.
    text: String,
}

impl Written {
    fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.split_inclusive('\n')
    }
}

/// The lines of the string whose body is at `body` of `old`.
fn lines_of(old: &str, body: Range<usize>) -> Vec<Written> {
    let bytes = &old.as_bytes()[..body.end];
    let mut lines = Vec::new();
    let mut start = body.start;
    let mut at = body.start;
    while at < body.end {
        let length = match &bytes[at..] {
            [b'\\', b'u', ..] => 6,
            [b'\\', ..] => 2,
            _ => 1,
        };
        let ends_line = matches!(
            old.get(at..at + length),
            Some("\\n" | "\\u000a" | "\\u000A")
        );
        at += length;
        if ends_line || at >= body.end {
            let place = start..at.min(body.end);
            let text = serde_json::from_str(&format!("\"{}\"", &old[place.clone()]));
            lines.extend(text.map(|text| Written { place, text }));
            start = at;
        }
    }
    lines
}

/// What the strings at `places` of `old` say: several together where a line goes on in the next one, as after a
/// character that ends a line to Python's `splitlines` alone.
fn whole_lines(old: &str, places: &[Range<usize>]) -> Option<Vec<Written>> {
    let mut lines: Vec<Written> = Vec::with_capacity(places.len());
    for place in places {
        let text: String = serde_json::from_str(&old[place.clone()]).ok()?;
        match lines.last_mut() {
            Some(last) if !last.text.ends_with('\n') || text.is_empty() => {
                last.place.end = place.end;
                last.text.push_str(&text);
            }
            _ => lines.push(Written {
                place: place.clone(),
                text,
            }),
        }
    }
    Some(lines)
}

/// What says `code`, `between` its lines: what stays of `before`, which stands in `old`, and other lines `written`.
fn with_lines(
    old: &str,
    before: &[Written],
    code: &str,
    between: &str,
    written: impl Fn(&str) -> Option<String>,
) -> Option<String> {
    let lines: Vec<&str> = code.split_inclusive('\n').collect();
    let kept = kept(before, &lines);
    let mut out = String::new();
    let mut last: Option<usize> = None;
    let mut next = 0;
    while next < lines.len() {
        let index = kept[next];
        let neighbours = last.zip(index).filter(|(last, index)| last + 1 == *index);
        if next > 0 {
            out.push_str(neighbours.map_or(between, |(last, index)| {
                &old[before[last].place.end..before[index].place.start]
            }));
        }
        if let Some(index) = index {
            out.push_str(&old[before[index].place.clone()]);
            next += before[index].lines().count();
        } else {
            out.push_str(&written(lines[next])?);
            next += 1;
        }
        last = index;
    }
    Some(out)
}

/// Which of `before` is all there at each of `lines`, where it begins there.
fn kept(before: &[Written], lines: &[&str]) -> Vec<Option<usize>> {
    let old: Vec<&str> = before.iter().flat_map(Written::lines).collect();
    let mut places = vec![None; old.len()];
    for operation in capture_diff_slices(Algorithm::Myers, &old, lines) {
        if let DiffOp::Equal {
            old_index,
            new_index,
            len,
        } = operation
        {
            for index in 0..len {
                places[old_index + index] = Some(new_index + index);
            }
        }
    }
    let mut kept = vec![None; lines.len()];
    let mut rest = &places[..];
    for (index, written) in before.iter().enumerate() {
        let (places, below) = rest.split_at(written.lines().count());
        rest = below;
        if let Some(Some(first)) = places.first()
            && (*first..).zip(places).all(|(at, place)| *place == Some(at))
        {
            kept[*first] = Some(index);
        }
    }
    kept
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
