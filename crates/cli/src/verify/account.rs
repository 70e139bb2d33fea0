//! What a verification came to: for people on standard output, for programs in a file.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::Serialize;

use super::command::End;
use super::fixes::Fixes;
use super::journal::Verdict;
use super::runs::time;
use super::search::Searched;
use crate::decisions::FixName;
use crate::position::Position;
use crate::terminal::{shown, shown_lines};
use crate::wording::counted;

/// How much of what a command said is shown: so many lines..
const LINES: usize = 40;

/// ..and bytes.
const BYTES: usize = 8 << 10;

/// How many of the tests that fail are named; a report has all.
const TESTS: usize = 20;

/// How many characters of a command name it.
const NAMED: usize = 60;

/// Why a search ends where a command fails by chance.
pub(super) const CHANCE: &str = "chance";

/// The version of the format.
const VERSION: u32 = 1;

/// What became of all fixes. Its keys are a promise, as those of `check --output-format json` are.
#[derive(Debug, Serialize)]
pub(super) struct Account {
    version: u32,
    command: String,
    /// How often the command was run, and how often what an earlier run came to was known.
    pub(super) runs: u32,
    pub(super) remembered: u32,
    pub(super) seconds: f64,
    /// Why not all was found out, where that is so.
    pub(super) stopped: Option<&'static str>,
    kept: Vec<Site>,
    pub(super) taken_back: Vec<TakenBack>,
    pub(super) not_verified: Vec<Site>,
    /// They need a fix that is not applied.
    pub(super) not_offered: Vec<Site>,
    /// They passed, and their files could not be written.
    not_written: Vec<Site>,
}

/// A fix.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Site {
    path: String,
    transform: &'static str,
    start: Position,
    fix: FixName,
    #[serde(skip)]
    place: String,
    /// The line of the file as it was; none of a notebook's.
    #[serde(skip)]
    line: String,
}

/// A fix that makes the command fail.
#[derive(Debug, Serialize)]
pub(super) struct TakenBack {
    #[serde(flatten)]
    site: Site,
    /// The others without which it does not.
    fails_with: Vec<Site>,
    /// Whether those are all; else the search was stopped before they were found.
    is_whole: bool,
    end: Option<End>,
    /// The tests that fail.
    tests: Vec<String>,
    /// What the command said last.
    output: String,
}

impl Account {
    pub(super) fn new<S>(
        command: &str,
        fixes: &Fixes,
        searched: &Searched<S>,
        failures: &HashMap<Vec<usize>, Verdict>,
    ) -> Self {
        let site = |fix: &usize| Site::of(fixes, *fix);
        let sites = |list: &[usize]| list.iter().map(site).collect::<Vec<Site>>();
        let applied = fixes.applied(&searched.kept);
        let (kept, missing): (Vec<usize>, Vec<usize>) =
            (searched.kept.iter()).partition(|fix| applied.contains_key(fix));
        let kept = kept.iter().map(|fix| Site {
            fix: applied[fix].clone(),
            ..site(fix)
        });
        let taken_back = searched.failing.iter().map(|set| {
            let others = set.members.iter().filter(|fix| **fix != set.taken_back);
            let verdict = failures.get(&set.members);
            // Of a set that is not whole some larger one is known to fail.
            let verdict = verdict.or_else(|| {
                let larger = failures
                    .iter()
                    .filter(|(fixes, _)| fixes.contains(&set.taken_back));
                larger
                    .min_by_key(|(fixes, _)| (fixes.len(), *fixes))
                    .map(|(_, verdict)| verdict)
            });
            TakenBack {
                site: site(&set.taken_back),
                fails_with: others.map(site).collect(),
                is_whole: set.is_whole,
                end: verdict.and_then(|it| it.end),
                tests: verdict.map_or_else(Vec::new, |it| it.lost.clone()),
                output: verdict.map_or_else(String::new, |it| it.output.clone()),
            }
        });
        Self {
            version: VERSION,
            command: command.to_owned(),
            runs: 0,
            remembered: 0,
            seconds: 0.0,
            stopped: None,
            kept: kept.collect(),
            taken_back: taken_back.collect(),
            not_verified: sites(&searched.unproven),
            not_offered: sites(&missing),
            not_written: Vec::new(),
        }
    }

    /// Notes that those of the fixes that passed are not applied whose files, by their names, are not `written`.
    pub(super) fn note_unwritten(&mut self, written: impl Fn(&str) -> bool) {
        let kept = std::mem::take(&mut self.kept);
        let mut known: HashMap<String, bool> = HashMap::new();
        (self.kept, self.not_written) = kept.into_iter().partition(|it| {
            let asked = known.entry(it.path.clone());
            *asked.or_insert_with(|| written(&it.path))
        });
    }

    /// Whether everything that passed is written.
    pub(super) fn is_written(&self) -> bool {
        self.not_written.is_empty()
    }

    /// Whether every fix is applied.
    pub(super) fn is_clean(&self) -> bool {
        let left = [&self.not_verified, &self.not_offered, &self.not_written];
        self.taken_back.is_empty() && left.iter().all(|it| it.is_empty())
    }

    /// Whether no fix is applied.
    pub(super) fn keeps_nothing(&self) -> bool {
        self.kept.is_empty()
    }

    /// What standard error ends with.
    pub(super) fn summary(&self) -> String {
        let counts = [
            (self.kept.len(), "kept"),
            (self.taken_back.len(), "taken back"),
            (self.not_offered.len(), "not applied without those"),
            (self.not_verified.len(), "not verified"),
            (self.not_written.len(), "not written"),
        ];
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts: Vec<String> = counts
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        let known = match self.remembered {
            0 => String::new(),
            known => format!(", {known} more known from before"),
        };
        format!(
            "verified: {}; {}{known}, {}\n",
            counts.join(", "),
            counted(self.runs as usize, "run"),
            time(Duration::from_secs_f64(self.seconds))
        )
    }

    /// What is left out, and why.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        for taken_back in &self.taken_back {
            taken_back.write(&mut out, &self.command);
        }
        for site in &self.not_offered {
            out += &site.says("not applied: it needs a fix that was taken back");
        }
        let why = match self.stopped {
            Some(CHANCE) => "not applied: the command fails by chance, and has not passed with it",
            Some("interrupted") => "not applied: interrupted before it was verified",
            _ => "not applied: the budget was used up before it was verified",
        };
        for site in &self.not_verified {
            out += &site.says(why);
        }
        for site in &self.not_written {
            out += &site.says("not applied: it passed, and its file could not be written");
        }
        out
    }

    /// Writes all to the file at `path`.
    pub(super) fn save(&self, path: &Path) -> Result<()> {
        let mut text = serde_json::to_string_pretty(self).expect("strings and numbers alone");
        text.push('\n');
        let doing = || format!("--verify-report: cannot write {}", path.display());
        fs::write(path, text).with_context(doing)
    }
}

impl Site {
    fn of(fixes: &Fixes, fix: usize) -> Self {
        let rewrite = &fixes.list[fix];
        Self {
            path: fixes.name_of(fix).to_owned(),
            transform: rewrite.transform,
            start: rewrite.start,
            fix: rewrite.fix.clone(),
            place: rewrite.place.clone(),
            line: fixes.line_of(fix),
        }
    }

    fn says(&self, text: &str) -> String {
        format!("{}: {}: {text}\n", self.place, self.transform)
    }
}

impl TakenBack {
    fn write(&self, out: &mut String, command: &str) {
        let command = brief(command);
        let end = self
            .end
            .map_or_else(|| "it cannot be applied".to_owned(), |it| it.to_string());
        let how = match (&self.fails_with[..], self.is_whole) {
            ([], true) => "fails with it",
            ([], false) => {
                "fails with it together with fixes before it, not all of which were found"
            }
            (_, true) => "fails with it together with these, which are kept",
            (_, false) => "fails with it together with these and others that were not found",
        };
        *out += &self
            .site
            .says(&format!("taken back: `{command}` {how} ({end})"));
        for site in &self.fails_with {
            out.push_str("  with ");
            out.push_str(&site.says(&site.fix.what));
        }
        if !self.site.line.is_empty() {
            let line = shown(&self.site.line);
            writeln!(out, "  where it said: {line}").expect("a string takes everything");
        }
        for test in self.tests.iter().take(TESTS) {
            writeln!(out, "  fails: {}", shown(test)).expect("a string takes everything");
        }
        if let Some(more @ 1..) = self.tests.len().checked_sub(TESTS) {
            let more = counted(more, "more test");
            writeln!(out, "  fails: {more}").expect("a string takes everything");
        }
        let transform = self.site.transform;
        writeln!(
            out,
            "  to leave it out from now on, end its line with `# asyncmend: ignore[{transform}]`"
        )
        .expect("a string takes everything");
        for line in shown_lines(&self.output).lines() {
            writeln!(out, "  | {line}").expect("a string takes everything");
        }
    }
}

/// A command as a message names it.
pub(super) fn brief(command: &str) -> String {
    let command = shown(command);
    match command.char_indices().nth(NAMED) {
        Some((end, _)) => format!("{} ..", command[..end].trim_end()),
        None => command.into_owned(),
    }
}

/// The end of an output.
pub(super) fn last_lines(output: &str) -> String {
    let lines: Vec<&str> = output.trim_end().split('\n').collect();
    let text = lines[lines.len().saturating_sub(LINES)..].join("\n");
    let start = text.len().saturating_sub(BYTES);
    let start = (start..text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    text[start..].to_owned()
}
