use std::collections::BTreeMap;

use asyncmend_source::{Ignore, Silences, Source};

use crate::{Edit, Patch, Pipeline, TextRange, TextSize};

/// Comments that silence sites.
#[derive(Debug, Clone, Default)]
pub struct Ignoring {
    /// What adds them.
    pub patch: Patch,
    /// The sites beside which no comment can stand, by their place among those that were given.
    pub left: Vec<usize>,
}

impl Pipeline {
    /// The `# asyncmend: ignore[..]` comments that silence `sites` of `text`, each the name of a transform and
    /// the place of a call; what a line has already is extended. None where the text is no Python.
    pub fn ignoring(&self, text: &str, sites: &[(&str, TextRange)]) -> Option<Ignoring> {
        self.ask(text, |source| ignoring(source, sites))
    }
}

fn ignoring(source: &Source<'_>, sites: &[(&str, TextRange)]) -> Ignoring {
    let ignores = source.ignores();
    // What is to be named where: at the end of a line, or in a list that is there.
    let mut names: BTreeMap<TextSize, (bool, Vec<&str>)> = BTreeMap::new();
    let mut left = Vec::new();
    for (index, (id, at)) in sites.iter().enumerate() {
        match place(source, &ignores, id, *at) {
            Place::Silent => {}
            Place::End(offset) => add(&mut names, offset, false, id),
            Place::List(offset) => add(&mut names, offset, true, id),
            Place::Nowhere => left.push(index),
        }
    }
    let edits = names.into_iter().map(|(offset, (is_list, ids))| {
        let ids = ids.join(", ");
        let text = if is_list {
            format!(", {ids}")
        } else {
            format!("  # asyncmend: ignore[{ids}]")
        };
        Edit::insert(offset, text)
    });
    Ignoring {
        patch: Patch::new(edits).expect("insertions do not overlap"),
        left,
    }
}

fn add<'i>(
    names: &mut BTreeMap<TextSize, (bool, Vec<&'i str>)>,
    offset: TextSize,
    is_list: bool,
    id: &'i str,
) {
    let (_, ids) = names.entry(offset).or_insert((is_list, Vec::new()));
    if !ids.contains(&id) {
        ids.push(id);
    }
}

/// Where the name of a transform is to be written.
enum Place {
    /// It is silenced already.
    Silent,
    /// At the end of a line.
    End(TextSize),
    /// Behind the names of a comment that is there.
    List(TextSize),
    /// On no line of the site a comment can stand.
    Nowhere,
}

fn place(source: &Source<'_>, ignores: &[Ignore], id: &str, at: TextRange) -> Place {
    let statement = source.path_to(at).statement_range();
    let lines = [at.start(), statement.end()].map(|offset| source.line_end(offset));
    for end in lines {
        let own = ignores.iter().find(|ignore| {
            ignore.own && !ignore.whole_file && source.line_end(ignore.comment.start()) == end
        });
        match own {
            Some(ignore) if ignore.covers(id) => return Place::Silent,
            Some(Ignore {
                comment,
                silences: Silences::Named(_),
                ..
            }) => {
                if let Some(offset) = end_of_list(source, *comment) {
                    return Place::List(offset);
                }
            }
            _ => {}
        }
    }
    let free = lines
        .into_iter()
        .find(|end| may_end_with_comment(source, *end));
    free.map_or(Place::Nowhere, Place::End)
}

/// Where the list of names in `comment` ends.
fn end_of_list(source: &Source<'_>, comment: TextRange) -> Option<TextSize> {
    let text = source.slice(comment);
    let start = text.find("asyncmend:")?;
    let end = start + text[start..].find(']')?;
    Some(comment.start() + TextSize::try_from(end).ok()?)
}

/// Whether a comment, or more of one, can stand where the line ends at `end`.
fn may_end_with_comment(source: &Source<'_>, end: TextSize) -> bool {
    let line = TextRange::new(source.line_start(end), end);
    // A backslash at the end takes in the next line, unless it is a comment's.
    let goes_on = source.slice(line).ends_with('\\') && !source.has_comment_in(line);
    !source.in_literal(end) && !goes_on
}
