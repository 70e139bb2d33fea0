//! The command line of asyncmend: the only crate that reads, writes, prints and exits.
//!
//! Knows no Python: what a file holds and what becomes of it is the engine's matter.

mod args;
mod chosen;
mod config;
mod decisions;
mod disk;
mod effective;
mod explain;
mod helper_modules;
mod here;
mod importers;
#[cfg_attr(not(feature = "types"), path = "inference_off.rs")]
mod inference;
#[cfg(unix)]
mod interrupt;
mod kept;
mod known;
mod letter;
mod library;
mod manual;
mod mend;
mod output;
mod owners;
mod patched;
mod patterns;
mod place;
mod portion;
mod program;
mod project;
mod render;
mod repeated;
mod report;
mod reports;
mod review;
mod roots;
mod run;
mod settings;
#[cfg(feature = "types")]
mod sharing;
mod split;
mod summary;
mod target;
mod trouble;
mod vcs;
mod verify;
mod voice;
mod walk;
mod wording;
mod work;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
// What the library judges texts with.
use asyncmend::parts::{code, encoding, judge, names, patience, plan, position, terminal};

pub use library::check_configuration;
pub use program::Guest;

use args::{Args, Command};
use mend::Action;
use output::Output;
use place::Place;
use voice::Voice;

/// Runs the program in the process of somebody else, and gives back its exit status. Only the first such run of a
/// process has arguments of its own: it is to be the last thing that a process does.
pub fn main_as_guest(guest: Guest) -> u8 {
    program::is_guest(guest);
    let status = main();
    (0..u8::MAX)
        .find(|code| ExitCode::from(*code) == status)
        .unwrap_or(u8::MAX)
}

/// Runs the program.
pub fn main() -> ExitCode {
    let name = OsString::from("asyncmend");
    let words = std::iter::once(name).chain(program::arguments());
    let args = match Args::read(words) {
        Ok(args) => args,
        Err(error) => return usage(&error),
    };
    let voice = Voice::new(&args.voice);
    let done = match &args.command {
        Command::Diff(args) => {
            let action = Action::Diff(args.format);
            run::decided(action, &args.run, &args.decided, None, &voice)
        }
        Command::Fix(args) if let Some(command) = &args.verify.verify => {
            verify::run(args, command, &voice)
        }
        Command::Fix(args) => {
            let protection = Some(&args.protection);
            run::decided(Action::Fix, &args.run, &args.decided, protection, &voice)
        }
        Command::Split(args) => split::run(args, &voice),
        Command::Review(args) => review::run(args, &voice),
        Command::Check(args) if args.add_ignores => {
            let action = Action::AddIgnores { dry: false };
            run::run(action, &args.run, Some(&args.protection), None, &voice)
        }
        Command::Check(args) => run::check(args, &voice),
        Command::MergeReports(args) => reports::merge(args, &voice),
        Command::Explain(args) => {
            let place = args.topic.as_deref().and_then(Place::read);
            print(match place {
                Some(place) => place::page(&place, args),
                None => explain::page(args.topic.as_deref()),
            })
        }
        Command::Config(args) => print(effective::page(args)),
        Command::Completions { shell } => print(Ok(manual::completions(*shell))),
        Command::Man { out } => manual::write(out).map(|()| ExitCode::SUCCESS),
        Command::TypeWorker => inference::serve().map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|error| {
        if output::reader_has_gone(&error) {
            return ExitCode::SUCCESS;
        }
        voice.error(&trouble::sentence(&error));
        ExitCode::from(2)
    })
}

/// Says what is wrong with the command line, or prints the help that it asks for.
fn usage(error: &clap::Error) -> ExitCode {
    // Where nobody listens there is nothing else to do.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn print(page: Result<String>) -> Result<ExitCode> {
    Output::open(None, args::Colour::Never)?.write(page?.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
