//! `diff`, `fix` and `check`, from the command line to the exit status.

use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

use anyhow::Result;
use asyncmend_analysis::Analysis;
use asyncmend_pipeline::TaskMakers;

use crate::args::RunArgs;
use crate::here::Here;
use crate::inference::Types;
use crate::mend::{self, Action, Engine, Looked, Task};
use crate::output::Output;
use crate::report::Report;
use crate::roots::Roots;
use crate::settings::Resolver;
use crate::summary;
use crate::trouble::Trouble;
use crate::voice::Voice;
use crate::walk::{self, Found, Input};
use crate::work;

/// Does what `action` says with the files that `args` name.
///
/// # Errors
/// The user's trouble, which ends the run. What is wrong with one file does not: it is said, and
/// the status tells.
pub(crate) fn run(action: Action, args: &RunArgs, voice: &Voice) -> Result<ExitCode> {
    let resolver = Resolver::new(Here::find()?, &args.files, &args.choices, &args.types)?;
    let found = walk::inputs(&args.files, &resolver)?;
    let mut output = Output::open(args.output.output_file.as_deref(), voice.choice)?;
    let mut report = Report::new(action);
    for warning in resolver.warnings() {
        voice.warn(&warning);
    }
    tell_of(&found, &mut report, voice);
    let engine = Engine {
        analysis: Analysis::new(),
        roots: Roots::new(&resolver.here),
    };
    work::silence_panics();
    let task = Task {
        action,
        makers: Arc::new(task_makers(&found.inputs, &engine, threads(args))?),
        colour: output.colour,
        counts_alone: args.output.statistics,
    };
    let types = Types::new(&engine.roots, &found.inputs);
    voice.begin(found.inputs.len());
    let done = look_at_all(
        &found.inputs,
        &task,
        (&engine, &types),
        threads(args),
        |input, looked| {
            report.add(&looked);
            show(input, &looked, &task, &mut output, voice)
        },
    );
    voice.end();
    done?;
    if args.output.statistics {
        output.write(summary::statistics(&report).as_bytes())?;
    }
    voice.close(&summary::text(&report, voice.verbose));
    Ok(report.exit_code(args.output.exit_zero))
}

/// Says what of a search is odd.
fn tell_of(found: &Found, report: &mut Report, voice: &Voice) {
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

/// The functions in all of `inputs` that give back a task to which nothing else refers.
fn task_makers(inputs: &[Input], engine: &Engine, threads: usize) -> Result<TaskMakers> {
    let mut makers = TaskMakers::default();
    work::in_order(
        inputs,
        threads.min(inputs.len()),
        |input| mend::learn(input, engine),
        |input, found| {
            makers.add(&input.path, found.unwrap_or_default());
            Ok(())
        },
    )?;
    Ok(makers)
}

/// Looks at each of `inputs`, many at a time, and hands on what was seen, in order.
fn look_at_all(
    inputs: &[Input],
    task: &Task,
    (engine, types): (&Engine, &Types),
    threads: usize,
    mut take: impl FnMut(&Input, Looked) -> Result<()>,
) -> Result<()> {
    work::in_order(
        inputs,
        threads.min(inputs.len()),
        |input| mend::mend(input, task, engine, types),
        |input, looked| {
            // The pipeline catches its own panics, so this one is the command line's.
            take(
                input,
                looked.unwrap_or_else(|panic| Trouble::panic(&*panic).into()),
            )
        },
    )
}

/// Prints what became of one file.
fn show(
    input: &Input,
    looked: &Looked,
    task: &Task,
    output: &mut Output,
    voice: &Voice,
) -> Result<()> {
    voice.step();
    for warning in &looked.warnings {
        voice.warn(warning);
    }
    match &looked.verdict {
        Ok(seen) if seen.changed && task.action == Action::Fix && !input.is_stdin => {
            voice.tell("wrote", &input.name);
        }
        Ok(_) => {}
        Err(trouble) => voice.error(&trouble.line(&input.name)),
    }
    if looked.result.is_empty() {
        return Ok(());
    }
    voice.aside(|| output.write(&looked.result))
}

/// How many threads are wanted.
fn threads(args: &RunArgs) -> usize {
    let jobs = args.files.jobs;
    jobs.or_else(|| thread::available_parallelism().ok())
        .map_or(1, usize::from)
}
