//! `diff`, `fix` and `check`, from the command line to the exit status.

use std::collections::HashSet;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

use anyhow::{Result, bail};
use asyncmend::Fault;
use asyncmend_pipeline::TaskMakers;

use crate::args::{CheckArgs, DecidedArgs, DiffFormat, FailOn, ProtectionArgs, RunArgs};
use crate::decisions::Decisions;
use crate::disk;
use crate::helper_modules::{HelperModules, Wanted};
use crate::here::Here;
use crate::importers::Importers;
use crate::inference::Types;
#[cfg(unix)]
use crate::interrupt;
use crate::kept::Kept;
use crate::known::Known;
use crate::mend::{self, Action, ByModule, Engine, ForOthers, Looked, Others, Task};
use crate::output::Output;
use crate::owners::Owners;
use crate::patched::Patched;
use crate::program;
use crate::render::html::Book;
use crate::render::{Frame, Mailbox};
use crate::report::Report;
use crate::settings::Resolver;
use crate::split::Splitter;
use crate::summary;
use crate::terminal::shown;
use crate::trouble::Trouble;
use crate::vcs::{self, Loss};
use crate::voice::Voice;
use crate::walk::{self, Found, Input, Role};
use crate::work::{self, for_good};

/// Of what is known.
const OF_ELSEWHERE: &str =
    "--baseline: none of its files is here; run in the folder in which it was made";

/// As [`run`], with the decisions that `decided` names.
pub(crate) fn decided(
    action: Action,
    args: &RunArgs,
    decided: &DecidedArgs,
    protection: Option<&ProtectionArgs>,
    voice: &Voice,
) -> Result<ExitCode> {
    let path = decided.decisions.as_deref();
    if path.is_some() && action == Action::Diff(DiffFormat::Html) {
        bail!(
            "--decisions: a page shows all fixes; load the file there, or leave out `--format html`"
        );
    }
    let decisions = path.map(Decisions::load).transpose()?;
    run(action, args, protection, decisions, voice)
}

/// Does what `action` says with the files that `args` name; only such a file is written as `protection` lets,
/// if it is to be written. Where there are `decisions`, what they accept is applied and nothing else.
///
/// # Errors
/// The user's trouble, which ends the run. What is wrong with one file does not: it is said, and
/// the status tells.
pub(crate) fn run(
    action: Action,
    args: &RunArgs,
    protection: Option<&ProtectionArgs>,
    decisions: Option<Decisions>,
    voice: &Voice,
) -> Result<ExitCode> {
    let job = Job {
        protection,
        decisions,
        ..Job::new(action, args)
    };
    job.run(voice)
}

/// Lists the sites of the files that `args` name.
pub(crate) fn check(args: &CheckArgs, voice: &Voice) -> Result<ExitCode> {
    let usual = match args.baseline {
        Some(_) => FailOn::New,
        None => FailOn::Any,
    };
    let fail_on = args.fail_on.unwrap_or(usual);
    if fail_on == FailOn::New && args.baseline.is_none() && args.run.files.since.is_none() {
        bail!("--fail-on new: say what is known, by --baseline FILE or by --since REV");
    }
    let known = (args.baseline.as_deref()).map(|path| Known::load(path, &Here::find()?));
    let known = known.transpose()?;
    if known.as_ref().is_some_and(|known| known.is_of_elsewhere) {
        voice.warn(OF_ELSEWHERE);
    }
    let job = Job {
        known,
        fail_on,
        ..Job::new(Action::Check(args.output_format), &args.run)
    };
    job.run(voice)
}

/// A run over files.
pub(crate) struct Job<'j> {
    pub(crate) action: Action,
    pub(crate) args: &'j RunArgs,
    /// Whose text may be lost, where files are written.
    pub(crate) protection: Option<&'j ProtectionArgs>,
    /// What is applied, and nothing else, where anything was decided.
    pub(crate) decisions: Option<Decisions>,
    /// What takes all changes, where they are split.
    pub(crate) splitter: Option<Splitter>,
    /// Which fixes are left out, because a command fails with them.
    pub(crate) kept: Option<Arc<Kept>>,
    /// Which sites were there before, where that is known beforehand.
    pub(crate) known: Option<Known>,
    /// Which sites make a check fail.
    pub(crate) fail_on: FailOn,
}

impl<'j> Job<'j> {
    pub(crate) fn new(action: Action, args: &'j RunArgs) -> Self {
        Self {
            action,
            args,
            protection: None,
            decisions: None,
            splitter: None,
            kept: None,
            known: None,
            fail_on: FailOn::Any,
        }
    }

    /// As [`run`].
    pub(crate) fn run(self, voice: &Voice) -> Result<ExitCode> {
        let args = self.args;
        let resolver = Resolver::new(Here::find()?, &args.files, &args.choices, &args.types)?;
        let found = walk::inputs(&args.files, &resolver)?;
        self.run_on(found, &resolver, voice)
    }

    /// As [`run`], with the files that were `found`.
    pub(crate) fn run_on(
        self,
        mut found: Found,
        resolver: &Resolver,
        voice: &Voice,
    ) -> Result<ExitCode> {
        let Self {
            action,
            args,
            protection,
            decisions,
            splitter,
            kept,
            known,
            fail_on,
        } = self;
        let mut output = Output::open(args.output.output_file.as_deref(), voice.choice)?;
        let mut report = Report::new(action);
        report.fail_on = fail_on;
        for warning in resolver.warnings() {
            voice.warn(&warning);
        }
        tell_of(&found, &mut report, voice);
        if let Some(decisions) = &decisions {
            tell_of_missing(decisions, &found, &mut report, &resolver.here, voice);
        }
        let mut engine = Engine::new(&resolver.here);
        engine.helper_modules = HelperModules::find(&found.inputs, resolver, &engine)?;
        work::silence_panics();
        let mut task = Task {
            action,
            others: others(&found.inputs, &engine, threads(args))?,
            decisions: decisions.map(Arc::new),
            colour: output.colour,
            on_terminal: output.is_terminal,
            counts_alone: args.output.statistics,
            tree: vcs::root_around(resolver.here.path()),
            backup: protection.and_then(|it| it.backup.clone()),
            known: None,
            owners: Arc::new(owners_for(action, &resolver.here)),
            kept,
        };
        if let Some(known) = known {
            task.known = Some(find_moved(known, &found, &task, &engine, threads(args))?);
        } else if fail_on == FailOn::New {
            task.known = Some(known_before(&found, &task, &engine, threads(args))?);
        }
        let wanted = helpers_wanted(&found.inputs, &task, &engine, threads(args))?;
        engine.helper_modules.want(&wanted);
        for path in engine.helper_modules.in_want() {
            found = found.with(path, resolver)?;
        }
        let first = match action {
            Action::Fix => modules_first(&mut found.inputs, &engine),
            _ => 0,
        };
        let (engine, task, found) = (for_good(engine), for_good(task), for_good(found));
        let types = for_good(Types::new(&engine.roots, &found.inputs));
        let _stop = types.stops_at_last();
        let inputs: &[&Input] = asked(&found.inputs).leak();
        let (modules, others) = inputs.split_at(first);
        let engines = (engine, types);
        if let Some(protection) = protection {
            #[cfg(unix)]
            interrupt::between_files()?;
            refuse_losses(inputs, protection, task, engines, threads(args))?;
        }
        let mut frame = frame_of(action, args, &resolver.here);
        frame.splitter = splitter;
        if let Some(splitter) = &mut frame.splitter {
            splitter.note_needs(&wanted, inputs, engine);
        }
        output.write(frame.open().as_bytes())?;
        for (name, trouble) in &found.troubles {
            output.write(&frame.add_trouble(name, trouble))?;
        }
        voice.begin(inputs.len());
        let mut take = |input: &Input, mut looked: Looked| {
            report.add(&input.path, &looked);
            tell(input, &looked, action, voice);
            let part = in_frame(input, &mut looked, &mut frame);
            voice.aside(|| output.write(&part))?;
            if modules.iter().any(|module| module.path == input.path) && looked.verdict.is_err() {
                bail!("the other files are left as they are: they would import helpers from there");
            }
            Ok(())
        };
        let done = look_at_all(modules, task, engines, threads(args), &mut take)
            .and_then(|()| look_at_all(others, task, engines, threads(args), &mut take));
        voice.end();
        done?;
        for warning in report.warnings() {
            voice.warn(warning);
        }
        if args.output.statistics {
            output.write(summary::statistics(&report).as_bytes())?;
        }
        output.write(&frame.close(&report))?;
        if let Some(splitter) = frame.splitter.take() {
            output.write(&splitter.finish(&report, voice)?)?;
        }
        output.finish()?;
        voice.close(&summary::text(&report, voice.verbose));
        Ok(report.exit_code(args.output.exit_zero))
    }
}

/// Puts the modules that get helpers before the other `inputs`, and says how many there are: whoever imports from one
/// finds there what it needs, even if the run is broken off.
fn modules_first(inputs: &mut [Input], engine: &Engine) -> usize {
    let is_module = |input: &Input| engine.helper_modules.in_want().any(|it| it == input.path);
    inputs.sort_by_key(|input| !is_module(input));
    inputs.partition_point(is_module)
}

/// Whose the files are, where that is shown.
fn owners_for(action: Action, here: &Here) -> Owners {
    match action {
        Action::Diff(DiffFormat::Html) => Owners::find(here.path()),
        _ => Owners::default(),
    }
}

/// What stands around the results of all files.
fn frame_of(action: Action, args: &RunArgs, here: &Here) -> Frame {
    match action {
        Action::Check(format) if !args.output.statistics => Frame::of_findings(format),
        Action::Diff(DiffFormat::Mbox) => {
            let author = vcs::author(here.path());
            Frame::of_a_mailbox(Mailbox::from(author))
        }
        Action::Diff(DiffFormat::Html) => Frame::of_a_book(Book::new(
            here.path(),
            (program::arguments().iter()).map(|it| it.to_string_lossy().into_owned()),
        )),
        _ => Frame::default(),
    }
}

/// Says what of a search is odd.
pub(crate) fn tell_of(found: &Found, report: &mut Report, voice: &Voice) {
    for skipped in &found.skipped {
        voice.warn(skipped);
    }
    for (name, trouble) in &found.troubles {
        voice.error(&trouble.line(name));
        report.add_trouble(trouble);
    }
    if found.inputs.is_empty() && found.troubles.is_empty() {
        voice.warn("no Python file found");
    }
}

/// Says which files were reviewed and are not among those that were found.
fn tell_of_missing(
    decisions: &Decisions,
    found: &Found,
    report: &mut Report,
    here: &Here,
    voice: &Voice,
) {
    let known: HashSet<&str> = (found.troubles.iter().map(|(name, _)| name.as_str()))
        .chain(found.inputs.iter().map(Input::name))
        .collect();
    for name in decisions.names().filter(|name| !known.contains(name)) {
        if here.path().join(name).exists() {
            let name = shown(name);
            voice.warn(&format!(
                "{name}: was reviewed, and is not among the files of this run; name it, or a folder around it"
            ));
        } else {
            voice.error(&Trouble::Missing.line(name));
            report.add_trouble(&Trouble::Missing);
        }
    }
}

/// What each of `inputs` has to know of the others.
pub(crate) fn others(inputs: &[Input], engine: &Engine, threads: usize) -> Result<Others> {
    let mut makers = TaskMakers::default();
    let mut patched = Patched::default();
    let mut for_others = ForOthers::new();
    let mut importers = Importers::default();
    // Only types tell which function a call in another file means.
    if !inputs.iter().any(|input| input.settings.types.wanted) {
        return Ok(Others::default());
    }
    work::in_order(
        inputs,
        threads.min(inputs.len()),
        |input| mend::learn(input, engine),
        |input, found| {
            let found = found.unwrap_or_default();
            makers.add(&input.path, found.makers);
            patched.add(&input.path, found.patched, &engine.roots);
            importers.add(&input.path, found.imported);
            for name in found.for_others {
                for_others
                    .entry(name)
                    .or_default()
                    .insert(mend::stem(&input.path));
            }
            Ok(())
        },
    )?;
    Ok(Others {
        makers: with_those_that_hand_on(Arc::new(makers), inputs, engine, threads)?,
        patched: Arc::new(patched),
        read: Arc::new(read_elsewhere(&for_others, inputs, threads)?),
        importers: Arc::new(importers),
    })
}

/// Which of the names that files have `for_others` these may look at, by the stem of the files that have them.
fn read_elsewhere(for_others: &ForOthers, inputs: &[Input], threads: usize) -> Result<ByModule> {
    let mut read = ByModule::new();
    if for_others.is_empty() {
        return Ok(read);
    }
    work::in_order(
        inputs,
        threads.min(inputs.len()),
        |input| mend::read_by(input, for_others),
        |_, names| {
            for (stem, name) in names.unwrap_or_default() {
                read.entry(stem).or_default().insert(name);
            }
            Ok(())
        },
    )?;
    Ok(read)
}

/// `makers`, and the functions that give back what those give them, over as many files as it takes.
fn with_those_that_hand_on(
    mut makers: Arc<TaskMakers>,
    inputs: &[Input],
    engine: &Engine,
    threads: usize,
) -> Result<Arc<TaskMakers>> {
    let types = Types::new(&engine.roots, inputs);
    let mut newest = makers.to_be_given_on();
    while !newest.is_empty() {
        let mut found = TaskMakers::default();
        work::in_order(
            inputs,
            threads.min(inputs.len()),
            |input| mend::learn_more(input, &newest, &makers, engine, &types),
            |input, more| {
                found.add(&input.path, more.unwrap_or_default());
                Ok(())
            },
        )?;
        newest = (Arc::make_mut(&mut makers).add_new(found)).to_be_given_on();
    }
    Ok(makers)
}

/// Those of `inputs` that are to be looked at.
fn asked(inputs: &[Input]) -> Vec<&Input> {
    inputs
        .iter()
        .filter(|it| it.role != Role::Background)
        .collect()
}

/// The sites that the files to be looked at had before they changed.
fn known_before(found: &Found, task: &Task, engine: &Engine, threads: usize) -> Result<Arc<Known>> {
    let mut known = Known::default();
    let Some(since) = &found.since else {
        return Ok(Arc::new(known));
    };
    // Whoever has been asked about a file does not answer about another text of it.
    let types = Types::new(&engine.roots, &found.inputs);
    let inputs = asked(&found.inputs);
    work::in_order(
        &inputs,
        threads.min(inputs.len()),
        |input| {
            let before = since.before(&input.path)?;
            let bytes = before.unwrap_or_default();
            Ok(mend::fingerprints(input, &bytes, task, engine, &types))
        },
        |input, fingerprints: thread::Result<Result<Vec<String>>>| {
            // What panics has no sites that anybody knew of.
            if let Ok(fingerprints) = fingerprints {
                known.add(input.name().to_owned(), fingerprints?);
            }
            Ok(())
        },
    )?;
    Ok(Arc::new(known))
}

/// Finds the sites of files that are gone in files that are new. All files that were named have a part in it, in their
/// order, so that each shard comes to the same.
fn find_moved(
    mut known: Known,
    found: &Found,
    task: &Task,
    engine: &Engine,
    threads: usize,
) -> Result<Arc<Known>> {
    let inputs = found.inputs.iter();
    let mut inputs: Vec<&Input> = inputs
        .filter(|it| known.may_have_moved(it.name()))
        .collect();
    // In order: what comes after the last that is asked about leaves its places as they are.
    let asked = |it: &&Input| it.role != Role::Background;
    inputs.truncate(inputs.iter().rposition(asked).map_or(0, |last| last + 1));
    if let [input] = inputs[..]
        && input.is_stdin
    {
        known.give_moved(input.name());
        return Ok(Arc::new(known));
    }
    if inputs.is_empty() {
        return Ok(Arc::new(known));
    }
    let types = Types::new(&engine.roots, &found.inputs);
    work::in_order(
        &inputs,
        threads.min(inputs.len()),
        |input| match disk::load(&input.path) {
            Ok(bytes) => mend::fingerprints(input, &bytes, task, engine, &types),
            // What cannot be read is told when it is looked at.
            Err(_) => Vec::new(),
        },
        |input, fingerprints: thread::Result<Vec<String>>| {
            known.take_moved(input.name(), fingerprints.unwrap_or_default());
            Ok(())
        },
    )?;
    Ok(Arc::new(known))
}

/// The helpers that the files of a run will import from the modules for them.
pub(crate) fn helpers_wanted(
    inputs: &[Input],
    task: &Task,
    engine: &Engine,
    threads: usize,
) -> Result<Vec<Wanted>> {
    let mut all = Vec::new();
    if engine.helper_modules.is_empty() || !task.action.applies_fixes() {
        return Ok(all);
    }
    let types = Types::new(&engine.roots, inputs);
    let inputs = asked(inputs);
    work::in_order(
        &inputs,
        threads.min(inputs.len()),
        |input| mend::helpers_wanted(input, task, engine, &types),
        |_, wanted| {
            all.extend(wanted.unwrap_or_default());
            Ok(())
        },
    )?;
    Ok(all)
}

/// Fails where one of `inputs` would change whose text could not be brought back, before any is written.
fn refuse_losses(
    inputs: &[&Input],
    protection: &ProtectionArgs,
    task: &Task,
    engines: (&Engine, &Types),
    threads: usize,
) -> Result<()> {
    let unprotected = vcs::unprotected(inputs.iter().copied(), protection)?;
    let look = Task {
        action: task.action.dry(),
        counts_alone: true,
        ..task.clone()
    };
    let mut changing = Vec::new();
    let (engine, types) = engines;
    work::in_order(
        &unprotected,
        threads.min(unprotected.len()),
        |(input, _)| mend::mend(input, &look, engine, types),
        |unprotected, looked| {
            // What is wrong with a file is said when it is mended.
            let verdict = looked.map(|looked| looked.verdict);
            if verdict.is_ok_and(|verdict| verdict.is_ok_and(|seen| seen.changed)) {
                changing.push(*unprotected);
                if unprotected.1 == Loss::NoWorkTree {
                    return vcs::refuse(&changing[changing.len() - 1..]);
                }
            }
            Ok(())
        },
    )?;
    vcs::refuse(&changing)
}

/// Looks at each of `inputs`, many at a time, and hands on what was seen, in order.
fn look_at_all(
    inputs: &'static [&'static Input],
    task: &'static Task,
    (engine, types): (&'static Engine, &'static Types<'static>),
    threads: usize,
    mut take: impl FnMut(&Input, Looked) -> Result<()>,
) -> Result<()> {
    let threads = threads.min(inputs.len());
    let look = |input: &&Input| mend::mend(input, task, engine, types);
    let take = |input: &&Input, looked: thread::Result<Looked>| {
        // The pipeline catches its own panics, so this one is the command line's.
        take(
            input,
            looked.unwrap_or_else(|panic| Trouble::panic(&*panic).into()),
        )
    };
    // Whoever has read standard input has to hand it on, whatever becomes of it.
    if let [input] = inputs
        && input.is_stdin
    {
        return work::in_order(inputs, threads, look, take);
    }
    let failed = |input: &&Input, fault: Fault| {
        if let Fault::TooSlow(limit) = fault {
            return engine.too_slow(&input.path, limit).into();
        }
        Trouble::from(fault).into()
    };
    work::in_order_with_limits(inputs, threads, look, failed, take)
}

/// Says what became of one file.
fn tell(input: &Input, looked: &Looked, action: Action, voice: &Voice) {
    voice.step();
    for warning in &looked.warnings {
        voice.warn(warning);
    }
    for unmet in &looked.unmet {
        voice.error(unmet);
    }
    match &looked.verdict {
        Ok(seen) if seen.changed && action.writes() && !input.is_stdin => {
            voice.tell("wrote", &shown(input.name()));
        }
        Ok(_) => {}
        Err(trouble) => voice.error(&trouble.line(input.name())),
    }
}

/// What one file adds to the result.
fn in_frame(input: &Input, looked: &mut Looked, frame: &mut Frame) -> Vec<u8> {
    for warning in &looked.warnings {
        frame.add_warning(warning);
    }
    frame.add_stages(input, looked);
    let part = std::mem::take(&mut looked.result);
    match &looked.verdict {
        Err(trouble) => [part, frame.add_trouble(input.name(), trouble)].concat(),
        Ok(_) if part.is_empty() => part,
        Ok(_) => frame.add(part),
    }
}

/// How many threads are wanted.
pub(crate) fn threads(args: &RunArgs) -> usize {
    let jobs = args.files.jobs;
    jobs.or_else(|| thread::available_parallelism().ok())
        .map_or(1, usize::from)
}
