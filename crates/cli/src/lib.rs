//! The command line of asyncmend: the only crate that reads, writes, prints and exits.
//!
//! Knows no Python: what a file holds and what becomes of it is the engine's matter.

mod args;
mod chosen;
mod config;
mod disk;
mod explain;
mod here;
mod mend;
mod names;
mod output;
mod patterns;
mod position;
mod project;
mod python_2;
mod render;
mod report;
mod selection;
mod settings;
mod summary;
mod target;
mod trouble;
mod voice;
mod walk;
mod work;

use std::process::ExitCode;
use std::thread;

use anyhow::Result;
use asyncmend_analysis::Analysis;
use clap::Parser;

use args::{Args, Command, RunArgs};
use here::Here;
use mend::{Action, Looked, Task};
use output::Output;
use report::Report;
use settings::Resolver;
use trouble::Trouble;
use voice::Voice;
use walk::Input;

/// Runs the program.
pub fn main() -> ExitCode {
    let args = Args::parse();
    let voice = Voice::new(&args.voice);
    let done = match &args.command {
        Command::Diff(run_args) => run(Action::Diff, run_args, &args, &voice),
        Command::Fix(run_args) => run(Action::Fix, run_args, &args, &voice),
        Command::Check(check) => run(
            Action::Check(check.output_format),
            &check.run,
            &args,
            &voice,
        ),
        Command::Explain { topic } => explain(topic.as_deref(), &args),
    };
    done.unwrap_or_else(|error| {
        if output::reader_has_gone(&error) {
            return ExitCode::SUCCESS;
        }
        voice.error(&format!("{error:#}"));
        ExitCode::from(2)
    })
}

fn explain(topic: Option<&str>, args: &Args) -> Result<ExitCode> {
    let page = explain::page(topic)?;
    Output::open(None, args.voice.color)?.write(page.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// `diff`, `fix` and `check`.
fn run(action: Action, run_args: &RunArgs, args: &Args, voice: &Voice) -> Result<ExitCode> {
    let resolver = Resolver::new(Here::find()?, &run_args.files, &run_args.choices)?;
    let found = walk::inputs(&run_args.files, &resolver)?;
    let mut output = Output::open(run_args.output.output_file.as_deref(), args.voice.color)?;
    let mut report = Report::new(action);
    for warning in resolver.warnings().iter().chain(&found.skipped) {
        voice.warn(warning);
    }
    for (name, trouble) in &found.troubles {
        voice.error(&trouble.line(name));
        report.add_trouble(trouble);
    }
    if found.inputs.is_empty() && found.troubles.is_empty() {
        voice.warn("no Python file found");
    }
    let task = Task {
        action,
        colour: output.colour,
        counts_alone: run_args.output.statistics,
    };
    let analysis = Analysis::new();
    work::silence_panics();
    voice.begin(found.inputs.len());
    let done = work::in_order(
        &found.inputs,
        threads(run_args, found.inputs.len()),
        |input| mend::mend(input, task, &analysis),
        |input, looked| {
            let looked = looked.unwrap_or_else(|panic| Looked::from(Trouble::panic(&*panic)));
            report.add(&looked);
            show(input, &looked, task, &mut output, voice)
        },
    );
    voice.end();
    done?;
    if run_args.output.statistics {
        output.write(summary::statistics(&report).as_bytes())?;
    }
    voice.close(&summary::text(&report, args.voice.verbose));
    Ok(report.exit_code(run_args.output.exit_zero))
}

/// Prints what became of one file.
fn show(
    input: &Input,
    looked: &Looked,
    task: Task,
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

/// How many threads to use: no more than there are files.
fn threads(args: &RunArgs, files: usize) -> usize {
    let jobs = args
        .files
        .jobs
        .or_else(|| thread::available_parallelism().ok());
    jobs.map_or(1, usize::from).min(files)
}
