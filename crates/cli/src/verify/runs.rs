//! The runs of a command: what it does without any fix, and with some of them.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use tempfile::TempDir;

use super::account::{brief, last_lines};
use super::command::{BrokenOff, End, Ended, Limits, Shell};
use super::copy::Copy;
use super::fixes::Fixes;
use super::journal::{Baseline, Journal, Verdict};
use super::junit;
use crate::args::Budget;
use crate::kept::Contents;
use crate::patched::is_test;
use crate::voice::Voice;
use crate::walk::Input;
use crate::wording::counted;

/// A run counts as failed that takes so many times as long as without any fix..
const TIMEOUT_FACTOR: u32 = 10;

/// ..and longer than this.
const LEAST_TIMEOUT: Duration = Duration::from_mins(1);

/// What pytest's status is where it does not know an option.
const PYTEST_USAGE: i32 = 4;

/// What it is where it finds no test.
const PYTEST_NO_TEST: i32 = 5;

/// What stands in the place of files to see whether the command notices: neither Python nor JSON.
const BROKEN: &str =
    "asyncmend broke this copy on purpose, to see whether the command notices it\n";

/// Why no more is found out.
#[derive(Debug)]
pub(super) enum Stop {
    /// The budget is used up.
    Budget,
    /// The user, or the system, wants it: the signal.
    Signal(i32),
    /// The command succeeds whatever these files hold.
    Blind(Vec<String>),
    /// It has passed without any fix, and does not do so again.
    Once(End),
    Trouble(anyhow::Error),
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Stop::Trouble(error)
    }
}

pub(super) struct Runs<'r, 'f> {
    pub(super) fixes: &'r mut Fixes<'f>,
    pub(super) copy: Copy,
    pub(super) shell: Shell,
    pub(super) journal: Journal,
    pub(super) voice: &'r Voice,
    /// How often a failure is repeated.
    pub(super) repeats: u32,
    pub(super) budget: Budget,
    pub(super) timeout: Option<Duration>,
    pub(super) start: Instant,
    /// How many there were.
    pub(super) count: u32,
    /// How many more were remembered.
    pub(super) remembered: u32,
    pub(super) baseline: Option<Baseline>,
    /// By the fixes with which the command failed.
    pub(super) failures: HashMap<Vec<usize>, Verdict>,
    /// Where reports go.
    pub(super) reports: TempDir,
    /// What tells whether all is to be broken off.
    pub(super) signal: fn() -> Option<i32>,
}

impl Runs<'_, '_> {
    /// Finds out what the command does without any fix.
    ///
    /// # Errors
    /// Where that is nothing from which failures could be told.
    pub(super) fn begin(&mut self) -> Result<(), Stop> {
        let contents = self.fixes.before();
        let key = self.journal.key(self.copy.fingerprint(&contents));
        let known = self.journal.baseline(&key).cloned().or_else(|| {
            // It was one of the runs, and has been applied since.
            let verdict = self
                .journal
                .verdict(&key)
                .filter(|it| it.passed && it.end == Some(End::Status(0)))
                .filter(|_| !self.shell.reports());
            verdict.map(|verdict| Baseline {
                seconds: verdict.seconds,
                succeeds: true,
                is_killed: false,
                passing: None,
            })
        });
        let baseline = if let Some(known) = known {
            self.remembered += 1;
            self.say("without any fix: known to pass");
            known
        } else {
            self.copy.hold(&contents)?;
            let baseline = self.find_baseline()?;
            self.journal.put_baseline(key, baseline.clone())?;
            baseline
        };
        let usual = Duration::from_secs_f64(baseline.seconds) * TIMEOUT_FACTOR;
        self.timeout.get_or_insert(usual.max(LEAST_TIMEOUT));
        self.baseline = Some(baseline);
        Ok(())
    }

    fn find_baseline(&mut self) -> Result<Baseline, Stop> {
        let mut baseline = Baseline {
            seconds: 0.0,
            succeeds: true,
            is_killed: false,
            passing: None,
        };
        let mut successes = 0;
        let mut failed = None;
        let mut is_reported = true;
        let mut left = self.repeats;
        while left > 0 {
            let (ended, end, report) = self.run_once()?;
            if self.shell.adds_report && end == End::Status(PYTEST_USAGE) {
                // It may have been told not to know of reports.
                self.shell.adds_report = false;
                continue;
            }
            if end == End::Status(PYTEST_NO_TEST) && self.shell.can_widen() {
                self.shell.widen();
                self.journal.widen();
                self.say(
                    "pytest finds no test in the files that change: {paths} stands for the folders of their projects",
                );
                continue;
            }
            left -= 1;
            if self.shell.reports() && matches!(end, End::Timeout(_)) {
                // It says less than it might have.
                self.voice.quote(&last_lines(&ended.output));
                return Err(self.unusable(end).into());
            }
            baseline.is_killed |= matches!(end, End::Signal(_));
            baseline.seconds = baseline.seconds.max(ended.time.as_secs_f64());
            let passed = self.passed(&report, end, &ended.output)?;
            if let Some(passed) = &passed {
                let all = baseline.passing.get_or_insert_with(|| passed.clone());
                all.retain(|test| passed.contains(test));
            }
            is_reported &= passed.is_some();
            let is_success = end == End::Status(0);
            baseline.succeeds &= is_success;
            successes += u32::from(is_success);
            let told = match (is_success, passed) {
                (_, Some(passed)) if !passed.is_empty() => {
                    let tests = counted(passed.len(), "test");
                    format!("{tests} passed ({end})")
                }
                (true, _) => "passed".to_owned(),
                (false, _) => format!("failed ({end})"),
            };
            self.say(&format!("without any fix: {told}, {}", time(ended.time)));
            if !is_success {
                failed = Some((end, ended.output));
            }
        }
        if self.shell.reports() {
            if baseline.passing.as_ref().is_some_and(BTreeSet::is_empty) {
                let command = brief(&self.shell.text);
                let error = anyhow!(
                    "nothing was written: without any fix no test of `{command}` passes each time, so it cannot tell \
                     what a fix breaks"
                );
                return Err(error.into());
            }
            return Ok(baseline);
        }
        // Where all is well the status says enough.
        let is_of_use = is_reported && failed.is_some();
        baseline.passing = baseline.passing.filter(|it| is_of_use && !it.is_empty());
        match (&baseline.passing, failed) {
            (None, Some((end, output))) if successes == 0 => {
                self.voice.quote(&last_lines(&output));
                Err(self.unusable(end).into())
            }
            _ => Ok(baseline),
        }
    }

    /// The tests that passed, where a report says so.
    fn passed(
        &self,
        report: &Path,
        end: End,
        output: &str,
    ) -> Result<Option<BTreeSet<String>>, Stop> {
        if !self.shell.reports() {
            return Ok(junit::passed(report)
                .ok()
                .filter(|_| self.shell.adds_report));
        }
        junit::passed(report).map(Some).map_err(|error| {
            self.voice.quote(&last_lines(output));
            let error = error.context(format!(
                "nothing was written: without any fix ({end}) `{}` writes no JUnit report that can be read to {{junit}}",
                brief(&self.shell.text)
            ));
            Stop::Trouble(error)
        })
    }

    /// That the command fails without any fix.
    fn unusable(&self, end: End) -> anyhow::Error {
        let text = &self.shell.text;
        let advice = match end {
            End::Status(126 | 127) => {
                "virtual environments and what else Git ignores are not in the copy in which it runs: call programs \
                 of theirs as `\"$ASYNCMEND_TREE\"/.venv/bin/pytest`, where ASYNCMEND_TREE is your own tree"
            }
            End::Timeout(_) => "raise --verify-timeout",
            End::Status(_) | End::Signal(_) => {
                "mend it, leave out the tests that fail, or let it write a JUnit report to {junit}, from which those \
                 are known"
            }
        };
        anyhow!(
            "nothing was written: `{}` fails without any fix ({end}), so it cannot tell what a fix breaks; {advice}",
            brief(text)
        )
    }

    /// Whether the command passes with these fixes and no other; it is run `again` where what is known is doubted.
    pub(super) fn pass(&mut self, fixes: &[usize], again: bool) -> Result<bool, Stop> {
        let all = self.fixes.list.len();
        let what = match fixes.len() {
            0 => "without any fix, once more".to_owned(),
            count if count == all => format!("with {}", counted(count, "fix")),
            count => format!("with {count} of {all} fixes"),
        };
        let verdict = match self.fixes.contents(fixes)? {
            Ok(contents) => {
                let key = self.journal.key(self.copy.fingerprint(&contents));
                self.verdict_of(key, &contents, &what, again)?
            }
            Err(trouble) => {
                self.say(&format!("{what}: cannot be applied: {trouble}"));
                Verdict {
                    passed: false,
                    end: None,
                    seconds: 0.0,
                    lost: Vec::new(),
                    output: trouble,
                }
            }
        };
        let passed = verdict.passed;
        if !passed && fixes.is_empty() {
            self.voice.quote(&verdict.output);
            return Err(Stop::Once(verdict.end.unwrap_or(End::Status(1))));
        }
        if !passed {
            self.failures.insert(fixes.to_vec(), verdict);
        }
        Ok(passed)
    }

    /// Fails where the command does not notice what the files hold: that it passes says nothing then. Tests are not
    /// asked for where others change: they may be seen when what they test is not, as with an editable install.
    pub(super) fn check_sight(&mut self) -> Result<(), Stop> {
        let mut contents = self.fixes.before();
        let all: Vec<&Input> = self.fixes.inputs().collect();
        let sources = all.iter().filter(|input| !is_test(Path::new(input.name())));
        let mut broken: Vec<&Input> = sources.copied().collect();
        if broken.is_empty() {
            broken = all;
        }
        for input in &broken {
            contents.insert(input.path.clone(), Some(BROKEN.as_bytes().into()));
        }
        // Whichever of the files are changed by now, the question is the same.
        let mut others = self.fixes.before();
        let paths = self.journal.paths().iter();
        others.extend(paths.map(|path| (self.fixes.path(path), None)));
        let key = self.journal.key(self.copy.fingerprint(&others));
        let files = counted(broken.len(), "file");
        let what = format!("with {files} broken on purpose");
        let verdict = self.verdict_of(key, &contents, &what, false)?;
        if verdict.passed {
            return Err(Stop::Blind(
                broken.iter().map(|it| it.name().to_owned()).collect(),
            ));
        }
        Ok(())
    }

    /// What the command comes to where the files hold `contents`, which is known by `key`, if it is not to be run
    /// `again`.
    fn verdict_of(
        &mut self,
        key: String,
        contents: &Contents,
        what: &str,
        again: bool,
    ) -> Result<Verdict, Stop> {
        // A longer time may be allowed now.
        let is_valid = |known: &&Verdict| match (known.end, self.timeout) {
            (Some(End::Timeout(seconds)), Some(limit)) => seconds >= limit.as_secs(),
            _ => true,
        };
        let known = self.journal.verdict(&key).filter(is_valid);
        if let Some(known) = known.filter(|_| !again) {
            let known = known.clone();
            self.remembered += 1;
            let word = if known.passed { "pass" } else { "fail" };
            self.say(&format!("{what}: known to {word}"));
            return Ok(known);
        }
        let mut so_far = Verdict {
            passed: false,
            end: None,
            seconds: 0.0,
            lost: Vec::new(),
            output: String::new(),
        };
        let mut is_good = false;
        let mut broken: Option<BTreeSet<String>> = None;
        for _ in 0..self.repeats {
            self.copy.hold(contents)?;
            let (ended, end, report) = self.run_once()?;
            let (ends_well, lost) = self.judge(end, &report);
            let told = match (ends_well, &lost) {
                (_, None) => format!("failed (no report, {end})"),
                (_, Some(lost)) if !lost.is_empty() => {
                    let tests = counted(lost.len(), "test");
                    format!("failed ({tests} that passed, {end})")
                }
                (true, _) => "passed".to_owned(),
                (false, _) => format!("failed ({end})"),
            };
            self.say(&format!("{what}: {told}, {}", time(ended.time)));
            // What fails by chance does not do so each time.
            is_good |= ends_well;
            broken = match (broken, lost) {
                (Some(before), Some(lost)) => Some(before.intersection(&lost).cloned().collect()),
                (before, lost) => before.or(lost),
            };
            so_far.end = Some(end);
            so_far.seconds = ended.time.as_secs_f64();
            so_far.output = last_lines(&ended.output);
            if is_good && broken.as_ref().is_some_and(BTreeSet::is_empty) {
                so_far.passed = true;
                so_far.output.clear();
                break;
            }
        }
        so_far.lost = broken.unwrap_or_default().into_iter().collect();
        self.journal.put_verdict(key, so_far.clone())?;
        Ok(so_far)
    }

    /// Whether a run ended as those without any fix did, and the tests that do not pass any more, where that is known.
    fn judge(&self, end: End, report: &Path) -> (bool, Option<BTreeSet<String>>) {
        let baseline = self.baseline.as_ref().expect("runs begin with that");
        let Some(passing) = &baseline.passing else {
            return (end == End::Status(0), Some(BTreeSet::new()));
        };
        let Ok(passed) = junit::passed(report) else {
            return (false, None);
        };
        // What is no test may be checked as well, such as how much is covered.
        let ends_well = match end {
            End::Status(0) => true,
            End::Status(_) => !baseline.succeeds,
            End::Signal(_) => baseline.is_killed,
            End::Timeout(_) => false,
        };
        let lost: BTreeSet<String> = passing.difference(&passed).cloned().collect();
        let is_explained = !lost.is_empty() && !matches!(end, End::Timeout(_));
        (ends_well || is_explained, Some(lost))
    }

    /// Runs the command as the copy is, and says where its report is.
    fn run_once(&mut self) -> Result<(Ended, End, PathBuf), Stop> {
        if let Some(signal) = (self.signal)() {
            return Err(Stop::Signal(signal));
        }
        let deadline = self.budget.time.map(|time| self.start + time);
        let is_late = deadline.is_some_and(|it| Instant::now() >= it);
        if is_late || self.budget.runs.is_some_and(|most| self.count >= most) {
            return Err(Stop::Budget);
        }
        self.count += 1;
        let report = self.reports.path().join(format!("run-{}.xml", self.count));
        let limits = Limits {
            timeout: self.timeout,
            deadline,
        };
        let ended = self.shell.run(&report, limits, &self.signal)?;
        match ended.end {
            Ok(end) => Ok((ended, end, report)),
            Err(BrokenOff::Late) => Err(Stop::Budget),
            Err(BrokenOff::Signal(signal)) => Err(Stop::Signal(signal)),
        }
    }

    fn say(&self, text: &str) {
        self.voice.note("verify", text);
    }
}

/// A time as people say it.
pub(super) fn time(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", (seconds + 30) / 60),
        _ => format!("{:.1} h", time.as_secs_f64() / 3600.0),
    }
}
