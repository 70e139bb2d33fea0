//! `fix --verify`: only those fixes are kept with which a command of the user's does not fail.
//!
//! The command runs in a copy, so that the user's files change once, at the end. What is written then is what passed,
//! to the byte.

mod account;
mod command;
mod copy;
mod fixes;
mod journal;
mod junit;
mod runs;
mod search;

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

use crate::args::{FixArgs, OutputArgs, RunArgs};
use crate::decisions::Decisions;
use crate::disk;
use crate::here::Here;
use crate::inference::Types;
#[cfg(unix)]
use crate::interrupt::Hold;
use crate::kept::Kept;
use crate::mend::{Action, Engine, Task};
use crate::output::Output;
use crate::run::{self, Job};
use crate::settings::Resolver;
use crate::terminal::shown;
use crate::trouble::Trouble;
use crate::vcs;
use crate::voice::Voice;
use crate::walk::{self, Found, Input};
use crate::wording::counted;
use account::{Account, CHANCE, brief};
use command::Shell;
use copy::Copy;
use fixes::{Files, Fixes};
use journal::Journal;
use runs::{Runs, Stop, time};
use search::Searched;

/// Verifies the fixes of the files that `args` name, and applies those that pass.
///
/// # Errors
/// The user's trouble, which ends the run: a command that cannot tell what a fix breaks among others.
pub(crate) fn run(args: &FixArgs, command: &str, voice: &Voice) -> Result<ExitCode> {
    let verification = Verification {
        args,
        command,
        decisions: (args.decided.decisions.as_deref())
            .map(Decisions::load)
            .transpose()?
            .map(Arc::new),
        voice,
        start: Instant::now(),
    };
    let job = &args.run;
    let resolver = Resolver::new(Here::find()?, &job.files, &job.choices, &job.types)?;
    let mut found = walk::inputs(&job.files, &resolver)?;
    if found.inputs.iter().any(|input| input.is_stdin) {
        bail!("--verify: a command cannot look at standard input; name files or folders");
    }
    let outputs = [
        ("--verify-report", &args.verify.verify_report),
        ("--output-file", &job.output.output_file),
    ];
    for (option, path) in outputs {
        let path = path.as_deref();
        path.map_or(Ok(()), check_writable).with_context(|| {
            format!(
                "{option}: cannot write {}",
                path.unwrap_or(Path::new("")).display()
            )
        })?;
    }
    let verified = verification.verify(&mut found, &resolver)?;
    // Files that nobody named were added for fixes that may not be kept.
    found.forget_added();
    let Some(verified) = verified else {
        voice.note("verify", "there is no fix to verify");
        verification.forget(&found.inputs, &resolver.here)?;
        return verification.apply(None, found, &resolver);
    };
    verification.end(verified, found, &resolver)
}

/// What was asked for.
struct Verification<'v> {
    args: &'v FixArgs,
    command: &'v str,
    decisions: Option<Arc<Decisions>>,
    voice: &'v Voice,
    start: Instant,
}

/// What came of it.
struct Verified {
    kept: Kept,
    account: Account,
    journal: Journal,
    /// Where the files with fixes are, by their names.
    places: HashMap<String, PathBuf>,
    /// The signal by which it was broken off.
    signal: Option<i32>,
}

impl Verification<'_> {
    /// Finds out which fixes of the files that were `found` pass; nothing where there is none. The files to which
    /// helpers are to be written are added.
    fn verify(&self, found: &mut Found, resolver: &Resolver) -> Result<Option<Verified>> {
        let here = &resolver.here;
        let mut engine = Engine::of(&found.inputs, resolver)?;
        let threads = run::threads(&self.args.run);
        let task = Task {
            decisions: self.decisions.clone(),
            ..Task::new(
                Action::Rewrite,
                run::others(&found.inputs, &engine, threads)?,
            )
        };
        let wanted = run::helpers_wanted(&found.inputs, &task, &engine, threads)?;
        engine.helper_modules.want(&wanted);
        for path in engine.helper_modules.in_want() {
            *found = std::mem::take(found).with(path, resolver)?;
        }
        let types = Types::new(&engine.roots, &found.inputs);
        let around = Files {
            here,
            inputs: &found.inputs,
            task: &task,
            engine: &engine,
            types: &types,
            threads,
        };
        let mut fixes = Fixes::survey(around, self.voice)?;
        if fixes.list.is_empty() {
            return Ok(None);
        }
        self.refuse_losses(&found.inputs, &fixes)?;
        self.search(&mut fixes, here).map(Some)
    }

    /// Removes the journal of this command where none of its files, which are all among `inputs`, has a fix any more.
    fn forget(&self, inputs: &[Input], here: &Here) -> Result<()> {
        let place = Journal::place(self.args.verify.verify_journal.as_deref(), here);
        // Another file is nobody's business where nothing is to be remembered.
        let Ok(journal) = Journal::open(place, self.command, Vec::new(), Path::new(""), 1) else {
            return Ok(());
        };
        let inputs: HashSet<&Path> = inputs.iter().map(|input| &*input.path).collect();
        let path_of = |seen: &PathBuf| copy::normal(&here.path().join(seen));
        let is_over = (journal.paths().iter()).all(|seen| inputs.contains(&*path_of(seen)));
        if is_over && journal.len() > 0 {
            journal.remove()?;
        }
        Ok(())
    }

    /// Fails before anything is run where nothing could be written afterwards.
    fn refuse_losses(&self, inputs: &[Input], fixes: &Fixes) -> Result<()> {
        let changing: Vec<&Path> = fixes.inputs().map(|input| &*input.path).collect();
        let mut unprotected = vcs::unprotected(inputs, &self.args.protection)?;
        unprotected.retain(|(input, _)| changing.contains(&&*input.path));
        vcs::refuse(&unprotected)
    }

    /// Runs the command with some of the `fixes` until it is known which make it fail.
    fn search(&self, fixes: &mut Fixes, here: &Here) -> Result<Verified> {
        let verify = &self.args.verify;
        #[cfg(unix)]
        let _hold = Hold::begin()?;
        let root = vcs::root_around(here.path());
        let outside = fixes.inputs().find(|input| !input.path.starts_with(&root));
        if let Some(input) = outside {
            let (name, root) = (shown(input.name()), root.display());
            bail!(
                "--verify: {name} is outside of {root}, which is what is copied; run in a folder around both"
            );
        }
        self.announce(fixes);
        let journal = Journal::open(
            Journal::place(verify.verify_journal.as_deref(), here),
            self.command,
            fixes.paths_for_command(),
            here.path().strip_prefix(&root).unwrap_or(here.path()),
            verify.verify_runs.get(),
        )?;
        if journal.len() > 0 {
            let text = format!(
                "going on with {}, which remembers {}",
                journal.name,
                runs_of(journal.len())
            );
            self.voice.note("verify", &text);
        }
        let backed_up = self.check_storable(fixes, &journal)?;
        let copy = Copy::make(&root, &|path| self.is_own(path, &journal, here), &|| {
            signal().is_some()
        })?;
        let mut shell = Shell {
            text: self.command.to_owned(),
            paths: journal.paths().to_vec(),
            projects: fixes.projects_for_command(journal.paths()),
            folder: copy.place(here.path()),
            tree: root,
            python_path: command::python_path(&copy),
            adds_report: false,
        };
        shell.add_report();
        if journal.is_widened() {
            shell.widen();
        }
        let (count, bytes) = copy.size();
        let size = format!("{}, {} MiB", counted(count, "file"), bytes >> 20);
        self.voice.tell("copied", &size);
        if let Some(complaint) = copy.complaint() {
            self.voice
                .warn(&format!("the copy is in no Git work tree: {complaint}"));
        }
        let mut runs = Runs {
            fixes,
            copy,
            shell,
            journal,
            voice: self.voice,
            repeats: verify.verify_runs.get(),
            budget: verify.verify_budget.unwrap_or_default(),
            timeout: verify.verify_timeout,
            start: self.start,
            count: 0,
            remembered: 0,
            baseline: None,
            failures: HashMap::new(),
            reports: tempfile::tempdir().context("cannot make a folder for reports")?,
            signal,
        };
        let begun = runs.begin().and_then(|()| {
            self.estimate(&runs);
            runs.check_sight()
        });
        let searched = match begun {
            Ok(()) => search::search(&runs.fixes.groups(), |fixes, again| runs.pass(fixes, again)),
            Err(stop) => Searched {
                kept: Vec::new(),
                failing: Vec::new(),
                unproven: (0..runs.fixes.list.len()).collect(),
                stopped: Some(stop),
                is_by_chance: false,
            },
        };
        let mut verified = self.conclude(searched, runs, here)?;
        // One that came after the last run, or while the copy was removed, is obeyed once what was found out is
        // written.
        verified.signal = verified.signal.or_else(signal);
        verified.kept.backed_up = backed_up;
        Ok(verified)
    }

    /// Fails where it shows already that a file could not be written afterwards; gives those of which an earlier part of
    /// the run has kept the text beside them.
    fn check_storable(&self, fixes: &Fixes, journal: &Journal) -> Result<HashSet<PathBuf>> {
        let suffix = self.args.protection.backup.as_deref();
        let before = fixes.before();
        let mut backed_up = HashSet::new();
        let mut troubles = 0;
        for input in fixes.inputs() {
            let Some(Some(bytes)) = before.get(&input.path) else {
                continue;
            };
            match disk::check_storable(&input.path, bytes, suffix) {
                Ok(()) => {}
                Err(Trouble::BackupExists(backup)) if journal.is_backup(&backup) => {
                    backed_up.insert(input.path.clone());
                }
                Err(trouble) => {
                    troubles += 1;
                    self.voice.error(&trouble.line(input.name()));
                }
            }
        }
        if troubles > 0 {
            let count = counted(troubles, "file");
            bail!("nothing was run: {count} could not be written afterwards");
        }
        Ok(backed_up)
    }

    /// What is known at the end of a search.
    fn conclude(&self, searched: Searched<Stop>, runs: Runs, here: &Here) -> Result<Verified> {
        let mut searched = searched;
        let (stopped, signal) = match searched.stopped.take() {
            None if searched.is_by_chance => (Some(CHANCE), None),
            None => (None, None),
            Some(Stop::Budget) => (Some("budget"), None),
            Some(Stop::Signal(signal)) => (Some("interrupted"), Some(signal)),
            Some(Stop::Blind(files)) => {
                runs.journal.remove()?;
                bail!(self.blind(&files, runs.fixes, here));
            }
            Some(Stop::Once(end)) => {
                runs.journal.remove()?;
                bail!(
                    "nothing was written: `{}` does not pass twice: without any fix it did, and now fails ({end}); all \
                     runs use the same copy, so let it put away first what it leaves behind",
                    brief(self.command)
                );
            }
            Some(Stop::Trouble(error)) => return Err(error),
        };
        let Runs {
            fixes,
            mut journal,
            failures,
            count,
            remembered,
            ..
        } = runs;
        let contents = fixes.contents(&searched.kept)?;
        let contents = contents.map_err(|trouble| anyhow!("{trouble}"))?;
        fixes.check_unchanged()?;
        if self.args.protection.backup.is_some() {
            let before = fixes.before();
            journal.note_backups(before.values().filter_map(Option::as_deref))?;
        }
        let mut account = Account::new(self.command, fixes, &searched, &failures);
        account.runs = count;
        account.remembered = remembered;
        account.seconds = self.start.elapsed().as_secs_f64();
        account.stopped = stopped;
        Ok(Verified {
            kept: fixes.kept(&searched.kept, &searched.unproven, contents),
            account,
            journal,
            places: fixes.places(),
            signal,
        })
    }

    /// Writes the fixes that passed, and says what became of the others.
    fn end(&self, verified: Verified, found: Found, resolver: &Resolver) -> Result<ExitCode> {
        let Verified {
            kept,
            mut account,
            journal,
            places,
            signal,
        } = verified;
        let kept = Arc::new(kept);
        let applied = if account.stopped == Some("interrupted") && account.keeps_nothing() {
            self.voice
                .warn("nothing was written: nothing is known to pass so far");
            Ok(ExitCode::SUCCESS)
        } else {
            self.apply(Some(Arc::clone(&kept)), found, resolver)
        };
        account.note_unwritten(|name| {
            let place = places.get(name).expect("each fix is one of these files");
            fs::read(place).is_ok_and(|now| kept.is_verified(place, &now))
        });
        if let Some(path) = &self.args.verify.verify_report {
            account.save(path)?;
        }
        // What has failed by chance is not to be remembered.
        let is_searched = account.stopped.is_none_or(|it| it == CHANCE);
        let is_over = is_searched && account.is_written() && applied.is_ok();
        if is_over {
            journal.remove()?;
        }
        let output = &self.args.run.output;
        let mut result = Output::open(output.output_file.as_deref(), self.voice.choice)?;
        result.write(account.text().as_bytes())?;
        result.finish()?;
        self.voice.close(&account.summary());
        if account.stopped == Some(CHANCE) {
            let more = self.args.verify.verify_runs.saturating_add(2);
            let command = brief(self.command);
            self.voice.warn(&format!(
                "`{command}` failed and then passed with the same fixes, so it fails by chance; run again with \
                 --verify-runs {more}, by which what fails is repeated"
            ));
        }
        if !is_over {
            self.voice.close(&self.how_to_go_on(&account, &journal));
        }
        let status = applied?;
        Ok(match signal {
            // What a shell says of who was ended by it.
            Some(signal) => ExitCode::from(u8::try_from(128 + signal).unwrap_or(2)),
            None if status != ExitCode::SUCCESS => status,
            None if account.is_clean() || output.exit_zero => ExitCode::SUCCESS,
            None => ExitCode::from(1),
        })
    }

    /// What to do for the rest to be verified, or written.
    fn how_to_go_on(&self, account: &Account, journal: &Journal) -> String {
        let mut steps = Vec::new();
        if !account.is_written() {
            steps.push("mend what kept files from being written");
        }
        // Files that are changed in part count as changed.
        if !account.keeps_nothing() {
            steps.push("commit what was written, or add --allow-dirty");
        }
        // A decision is about a file as it was reviewed.
        if !account.keeps_nothing() && self.decisions.is_some() {
            steps.push("review anew what is left of the files that were written");
        }
        steps.push("run the same again to go on");
        let steps = steps.join(", and ");
        let memory = match journal.len() {
            0 => String::new(),
            count => format!(": {} remembers {}", shown(&journal.name), runs_of(count)),
        };
        format!("{steps}{memory}\n")
    }

    /// As `fix` does, with the fixes that are `kept`.
    fn apply(
        &self,
        kept: Option<Arc<Kept>>,
        found: Found,
        resolver: &Resolver,
    ) -> Result<ExitCode> {
        let args = &self.args.run;
        let args = RunArgs {
            files: args.files.clone(),
            choices: args.choices.clone(),
            types: args.types.clone(),
            output: OutputArgs {
                // It is to hold what became of the fixes.
                output_file: None,
                ..args.output.clone()
            },
        };
        let job = Job {
            protection: Some(&self.args.protection),
            decisions: self.decisions.as_deref().cloned(),
            kept,
            ..Job::new(Action::Fix, &args)
        };
        job.run_on(found, resolver, self.voice)
    }

    /// Whether the file at `path` is ours, and no part of the project.
    fn is_own(&self, path: &Path, journal: &Journal, here: &Here) -> bool {
        let is_named = |other: &PathBuf| here.path().join(other) == path;
        let named = [
            &self.args.verify.verify_report,
            &self.args.run.output.output_file,
        ];
        let is_backup = || {
            let suffix = self.args.protection.backup.as_deref()?;
            let original = path.to_str()?.strip_suffix(suffix)?;
            Some(Path::new(original).is_file())
        };
        path == journal.path
            || named.into_iter().flatten().any(is_named)
            || is_backup().unwrap_or(false)
    }

    /// What will be done, before it is.
    fn announce(&self, fixes: &Fixes) {
        let count = fixes.list.len();
        let most = search::runs_for_one(count);
        let repeats = match self.args.verify.verify_runs.get() {
            1 => String::new(),
            repeats => format!(", each repeated up to {repeats} times where it fails"),
        };
        let of_several = if count > 1 {
            format!("; for k at fault 2·k·log2({count})+4")
        } else {
            String::new()
        };
        self.voice.note(
            "verify",
            &format!(
                "{} in {}; `{}` is run in a copy of the project: {} times if all is well, at most {most} times if \
                 one fix is at fault{of_several}{repeats}",
                counted(count, "fix"),
                counted(fixes.files(), "file"),
                shown(self.command),
                search::RUNS_FOR_NONE
            ),
        );
    }

    /// How long it will take.
    fn estimate(&self, runs: &Runs) {
        let Some(baseline) = &runs.baseline else {
            return;
        };
        let once = Duration::from_secs_f64(baseline.seconds);
        let most = search::runs_for_one(runs.fixes.list.len());
        let timeout = runs.timeout.unwrap_or_default();
        let tests = baseline.passing.as_ref().map_or_else(String::new, |tests| {
            format!("{} to watch; ", counted(tests.len(), "test"))
        });
        self.voice.note(
            "verify",
            &format!(
                "{tests}about {} if all is well, at most {} if one fix is at fault; a run of more than {} counts as \
                 failed",
                time(search::RUNS_FOR_NONE * once),
                time(most * once),
                time(timeout)
            ),
        );
    }

    /// What is to be said where the command passes whatever the files hold that were `broken`.
    fn blind(&self, broken: &[String], fixes: &Fixes, here: &Here) -> String {
        let command = self.command;
        let root = fixes.import_root();
        let root = here
            .relative(&root)
            .map_or_else(|| ".".to_owned(), |it| it.display().to_string());
        let those = match broken {
            [file] => format!("{} holds", shown(file)),
            [file, ..] => format!("{} and the other files that change hold", shown(file)),
            [] => "the files hold".to_owned(),
        };
        format!(
            "nothing was written: `{command}` passes even where {those} no Python at all, so it says nothing about \
             fixes; if it imports the project from elsewhere, as from an editable install, let the copy come first: \
             --verify 'PYTHONPATH={root} {command}'"
        )
    }
}

/// Fails where there is no writing to the file at `path`, which is left as it is.
fn check_writable(path: &Path) -> io::Result<()> {
    if path.exists() {
        return File::options().append(true).open(path).map(|_| ());
    }
    File::create_new(path)?;
    fs::remove_file(path)
}

/// "1 run", "2 runs".
fn runs_of(count: usize) -> String {
    counted(count, "run")
}

/// The signal by which all is to be broken off.
fn signal() -> Option<i32> {
    #[cfg(unix)]
    return Hold::noted();
    #[cfg(not(unix))]
    return None;
}
