//! The runs of a command: what it does without any fix, and with some of them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use tempfile::TempDir;

use super::account::last_lines;
use super::command::{BrokenOff, End, Ended, Limits, Shell};
use super::copy::Copy;
use super::fixes::Fixes;
use super::journal::{Baseline, Journal, Verdict};
use super::junit;
use crate::args::Budget;
use crate::kept::Contents;
use crate::voice::Voice;

/// A run counts as failed that takes so many times as long as without any fix..
const TIMEOUT_FACTOR: u32 = 10;

/// ..and longer than this.
const LEAST_TIMEOUT: Duration = Duration::from_mins(1);

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
    /// The command succeeds whatever the files hold.
    Blind,
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
                .filter(|it| it.passed && !self.shell.reports());
            verdict.map(|verdict| Baseline {
                seconds: verdict.seconds,
                succeeds: true,
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
            passing: None,
        };
        let mut successes = 0;
        let mut failed = None;
        for _ in 0..self.repeats {
            let (ended, end, report) = self.run_once()?;
            baseline.seconds = baseline.seconds.max(ended.time.as_secs_f64());
            if self.shell.reports() {
                let passed = junit::passed(&report).map_err(|error| {
                    self.voice.quote(&last_lines(&ended.output));
                    let error = error.context(format!(
                        "nothing was written: without any fix ({end}) `{}` writes no JUnit report that can be read \
                         to {{junit}}",
                        self.shell.text
                    ));
                    Stop::Trouble(error)
                })?;
                let all = baseline.passing.get_or_insert_with(|| passed.clone());
                all.retain(|test| passed.contains(test));
            }
            let is_success = end == End::Status(0);
            baseline.succeeds &= is_success;
            successes += u32::from(is_success);
            let told = if is_success {
                "passed".to_owned()
            } else {
                format!("failed ({end})")
            };
            self.say(&format!("without any fix: {told}, {}", time(ended.time)));
            if !is_success {
                failed = Some((end, ended.output));
            }
        }
        match (&baseline.passing, failed) {
            (Some(passing), _) if passing.is_empty() => Err(anyhow!(
                "nothing was written: without any fix no test passes each time, so `{}` cannot tell what a fix breaks",
                self.shell.text
            )
            .into()),
            (None, Some((end, output))) if successes == 0 => {
                self.voice.quote(&last_lines(&output));
                Err(self.unusable(end).into())
            }
            _ => Ok(baseline),
        }
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
                "mend it, leave out the tests that fail, or let it write a JUnit report to {junit}, such as \
                 `pytest --junit-xml={junit}`, from which those are known"
            }
        };
        anyhow!(
            "nothing was written: `{text}` fails without any fix ({end}), so it cannot tell what a fix breaks; {advice}"
        )
    }

    /// Whether the command passes with these fixes and no other.
    pub(super) fn pass(&mut self, fixes: &[usize]) -> Result<bool, Stop> {
        let all = self.fixes.list.len();
        let what = match fixes.len() {
            count if count == all => format!("with {}", counted(count, "fix", "fixes")),
            count => format!("with {count} of {all} fixes"),
        };
        let verdict = match self.fixes.contents(fixes)? {
            Ok(contents) => self.verdict(&contents, &what)?,
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
        if !passed {
            self.failures.insert(fixes.to_vec(), verdict);
        } else if fixes.len() == all {
            self.check_sight()?;
        }
        Ok(passed)
    }

    /// Fails where the command does not notice what the files hold: that it passes says nothing then.
    fn check_sight(&mut self) -> Result<(), Stop> {
        let mut contents = self.fixes.before();
        for input in self.fixes.inputs() {
            contents.insert(input.path.clone(), Some(BROKEN.as_bytes().into()));
        }
        let what = format!(
            "with {} broken on purpose",
            counted(self.fixes.files(), "file", "files")
        );
        let verdict = self.verdict(&contents, &what)?;
        if verdict.passed {
            Err(Stop::Blind)
        } else {
            Ok(())
        }
    }

    fn verdict(&mut self, contents: &Contents, what: &str) -> Result<Verdict, Stop> {
        let key = self.journal.key(self.copy.fingerprint(contents));
        // A longer time may be allowed now.
        let is_valid = |known: &&Verdict| match (known.end, self.timeout) {
            (Some(End::Timeout(seconds)), Some(limit)) => seconds >= limit.as_secs(),
            _ => true,
        };
        if let Some(known) = self.journal.verdict(&key).filter(is_valid) {
            let known = known.clone();
            self.remembered += 1;
            let word = if known.passed { "pass" } else { "fail" };
            self.say(&format!("{what}: known to {word}"));
            return Ok(known);
        }
        let mut last = None;
        for _ in 0..self.repeats {
            self.copy.hold(contents)?;
            let (ended, end, report) = self.run_once()?;
            let (passed, broken) = self.judge(end, &report);
            let told = match (passed, broken.len()) {
                (true, _) => "passed".to_owned(),
                (false, 0) => format!("failed ({end})"),
                (false, count) => {
                    let tests = counted(count, "test", "tests");
                    format!("failed ({tests} that passed, {end})")
                }
            };
            self.say(&format!("{what}: {told}, {}", time(ended.time)));
            last = Some(Verdict {
                passed,
                end: Some(end),
                seconds: ended.time.as_secs_f64(),
                lost: broken,
                output: if passed {
                    String::new()
                } else {
                    last_lines(&ended.output)
                },
            });
            if passed {
                break;
            }
        }
        let verdict = last.expect("it is run at least once");
        self.journal.put_verdict(key, verdict.clone())?;
        Ok(verdict)
    }

    /// Whether a run that came to this end is as good as those without any fix, and the tests that are not.
    fn judge(&self, end: End, report: &Path) -> (bool, Vec<String>) {
        let baseline = self.baseline.as_ref().expect("runs begin with that");
        let Some(passing) = &baseline.passing else {
            return (end == End::Status(0), Vec::new());
        };
        let Ok(passed) = junit::passed(report) else {
            return (false, Vec::new());
        };
        let lost: Vec<String> = passing.difference(&passed).cloned().collect();
        // What is no test may be checked as well, such as how much is covered.
        let is_as_good = match end {
            End::Status(0) => true,
            End::Status(_) => !baseline.succeeds,
            End::Signal(_) | End::Timeout(_) => false,
        };
        (lost.is_empty() && is_as_good, lost)
    }

    /// Runs the command as the copy is, and says where its report is.
    fn run_once(&mut self) -> Result<(Ended, End, PathBuf), Stop> {
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

/// "1 fix", "2 fixes".
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    }
}

/// A time as people say it.
pub(super) fn time(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{:.1} h", time.as_secs_f64() / 3600.0),
    }
}
