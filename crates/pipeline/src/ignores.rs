//! Comments that silence what is left of a file's sites.

use std::collections::{BTreeMap, HashMap, HashSet};

use asyncmend_edits::Overlap;
use asyncmend_source::{Ignore, IgnorePlace, Source, is_same_code};

use crate::run::{laid_out, quietly};
use crate::{Bug, Decided, Decision, Edit, Patch, Pipeline, TextRange, TextSize};

/// What came of writing comments.
#[derive(Debug, Default)]
pub struct Ignored {
    /// The new text, where a comment was written.
    pub after: Option<String>,
    /// How many sites are silent now.
    pub silenced: usize,
    /// Sites that are left, by where they start in the text before, and why no comment silences them: a clause
    /// with what to do.
    pub left: Vec<(TextSize, &'static str)>,
}

const HAS_A_FIX: &str = "a comment here would silence a site with a fix, too; run `asyncmend fix` first, then \
                         this again";
const NO_PLACE: &str = "no comment can stand on its lines, which end in a string or with a backslash; silence \
                        it by per-file-ignores, or lay the statement out in another way";

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
        self.ask(text, |source| {
            let mut comments = Comments::default();
            let mut left = Vec::new();
            for (index, (id, at)) in sites.iter().enumerate() {
                match Place::of(source, *at).comment(source) {
                    Some(place) => comments.add(place, id),
                    None => left.push(index),
                }
            }
            let patch = comments.patch(source).expect("each has a place of its own");
            Ignoring { patch, left }
        })
    }

    /// `text` with a comment for each site among `findings`, which are those of `text`, that no fix changes. The
    /// code is the same.
    ///
    /// # Errors
    /// Where it would not be, by our fault.
    pub fn with_ignores(&self, text: &str, findings: &[Decided]) -> Result<Ignored, Bug> {
        let before = self.parse(text).map_err(Bug::DoesNotParse)?;
        let plan = quietly(|| Plan::of(&before, findings)).map_err(Bug::Panicked)?;
        let mut ignored = Ignored {
            after: None,
            silenced: plan.silenced.len(),
            left: plan.left,
        };
        let patch = plan.comments.patch(&before);
        let patch = patch.map_err(|overlap| Bug::Panicked(overlap.to_string()))?;
        if patch.edits().is_empty() {
            return Ok(ignored);
        }
        let written = patch.apply(text);
        let after = self.parse(&written).map_err(Bug::DoesNotParse)?;
        let holds = |after: &Source<'_>| {
            is_same_code(&before, after) && are_silent(&before, after, findings, &plan.silenced)
        };
        if !quietly(|| holds(&after)).map_err(Bug::Panicked)? {
            return Err(Bug::Panicked(
                "a comment does not do what it is for".to_owned(),
            ));
        }
        // A comment makes its line longer, so that a formatter may break it; the comment has to stay where it
        // is read.
        let laid_out = laid_out(&before, &written, &[patch]).filter(|text| {
            let laid_out = self.parse(text);
            laid_out.is_ok_and(|source| quietly(|| holds(&source)).unwrap_or(false))
        });
        drop(after);
        ignored.after = Some(laid_out.unwrap_or(written));
        Ok(ignored)
    }
}

/// What to write where, and for which findings.
struct Plan<'f> {
    comments: Comments<'f>,
    silenced: Vec<&'f Decided>,
    left: Vec<(TextSize, &'static str)>,
}

/// Comments that are to be written, by where they go, each with the transforms that it is to silence.
#[derive(Default)]
struct Comments<'i>(BTreeMap<TextSize, (IgnorePlace, Vec<&'i str>)>);

impl<'f> Plan<'f> {
    fn of(source: &Source<'_>, findings: &'f [Decided]) -> Self {
        let mut plan = Self {
            comments: Comments::default(),
            silenced: Vec::new(),
            left: Vec::new(),
        };
        let (with_a_fix, left_alone): (Vec<&Decided>, Vec<&Decided>) = findings
            .iter()
            .partition(|finding| matches!(finding.decision, Decision::Rewrite(_)));
        let lines = |finding: &Decided| Place::of(source, finding.at).lines(source);
        let with_a_fix: HashSet<(&str, usize)> = (with_a_fix.iter())
            .flat_map(|it| lines(it).into_iter().map(|line| (it.transform.id, line)))
            .collect();
        let calls: HashSet<TextRange> = source.calls().into_iter().collect();
        for finding in left_alone {
            let place = Place::of(source, finding.at);
            let Some(comment) = place.comment(source) else {
                plan.left.push((finding.at.start(), NO_PLACE));
                continue;
            };
            // A site that only shows after a fix is no call so far.
            let line = line(source, position(&comment));
            let hides_one = with_a_fix.contains(&(finding.transform.id, line));
            if hides_one || !calls.contains(&finding.at) {
                plan.left.push((finding.at.start(), HAS_A_FIX));
                continue;
            }
            plan.comments.add(comment, finding.transform.id);
            plan.silenced.push(finding);
        }
        plan
    }
}

/// A site and its statement.
struct Place {
    at: TextRange,
    statement: TextRange,
}

impl Place {
    fn of(source: &Source<'_>, at: TextRange) -> Self {
        let statement = source.path_to(at).statement_range();
        Self { at, statement }
    }

    fn comment(&self, source: &Source<'_>) -> Option<IgnorePlace> {
        source.ignore_place(self.at, self.statement)
    }

    /// The lines on which a comment speaks for it.
    fn lines(&self, source: &Source<'_>) -> HashSet<usize> {
        let lines = source.lines_of_ignores(self.at, self.statement);
        lines
            .into_iter()
            .map(|offset| line(source, offset))
            .collect()
    }
}

impl<'i> Comments<'i> {
    fn add(&mut self, place: IgnorePlace, id: &'i str) {
        if matches!(&place, IgnorePlace::Into(ignore) if ignore.covers(id)) {
            return;
        }
        let (_, ids) = self
            .0
            .entry(position(&place))
            .or_insert((place, Vec::new()));
        if !ids.contains(&id) {
            ids.push(id);
        }
    }

    fn patch(self, source: &Source<'_>) -> Result<Patch, Overlap> {
        let comments = self.0.into_values();
        Patch::new(comments.map(|(place, ids)| edit(source, &place, &ids.join(", "))))
    }
}

/// What writes a comment for `ids`.
fn edit(source: &Source<'_>, place: &IgnorePlace, ids: &str) -> Edit {
    let comment = format!("# asyncmend: ignore[{ids}]");
    match place {
        IgnorePlace::Into(ignore) => {
            let end = end_of_list(source.slice(ignore.comment));
            let end = end.map_or(ignore.comment.end(), |end| ignore.comment.start() + end);
            Edit::insert(end, format!(", {ids}"))
        }
        IgnorePlace::Before(other) => Edit::insert(other.start(), comment + "  "),
        IgnorePlace::After(other) => Edit::insert(other.end(), format!("  {comment}")),
        IgnorePlace::AtEnd(blanks) => Edit::replace(*blanks, format!("  {comment}")),
    }
}

/// Where in `comment`, which is one of ours, the list of names ends.
fn end_of_list(comment: &str) -> Option<TextSize> {
    let start = comment.find("ignore[")?;
    let end = start + comment[start..].find(']')?;
    TextSize::try_from(end).ok()
}

fn position(place: &IgnorePlace) -> TextSize {
    match place {
        IgnorePlace::Into(ignore) => ignore.comment.start(),
        IgnorePlace::Before(range) | IgnorePlace::After(range) | IgnorePlace::AtEnd(range) => {
            range.start()
        }
    }
}

fn line(source: &Source<'_>, offset: TextSize) -> usize {
    source.line_column(offset).0
}

/// Whether in `after`, the same code with comments, each of `silenced` is silent, and nothing else of `findings`.
fn are_silent(
    before: &Source<'_>,
    after: &Source<'_>,
    findings: &[Decided],
    silenced: &[&Decided],
) -> bool {
    let calls: HashMap<TextRange, TextRange> =
        before.calls().into_iter().zip(after.calls()).collect();
    let mut ignores: HashMap<usize, Vec<&Ignore>> = HashMap::new();
    for ignore in after.ignores() {
        let line = line(after, ignore.comment.start());
        ignores.entry(line).or_default().push(ignore);
    }
    let meant: HashSet<*const Decided> =
        silenced.iter().map(|it| std::ptr::from_ref(*it)).collect();
    findings.iter().all(|finding| {
        let is_meant = meant.contains(&std::ptr::from_ref(finding));
        // What is no call yet has no place that could be compared.
        let Some(at) = calls.get(&finding.at) else {
            return !is_meant;
        };
        let place = Place::of(after, *at);
        let on_its_lines = (place.lines(after).into_iter()).filter_map(|line| ignores.get(&line));
        let is_silent = on_its_lines.flatten().any(|ignore| {
            ignore.covers(finding.transform.id)
                && after.is_ignored_by(place.at, place.statement, ignore)
        });
        is_silent == is_meant
    })
}
