//! `review`: one fix at a time, on a terminal, with a key for each decision.
//!
//! Each decision is in a file before the next fix is shown, and nothing else is written before a last question.

mod apply;
mod diff;
mod ink;
mod pages;
mod screen;
mod session;
mod store;
mod view;

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Result, bail};

use crate::args::{DiffFormat, OutputArgs, ProtectionArgs, ReviewArgs, RunArgs};
use crate::decisions::{self, FixName, Judgement, Site};
use crate::here::Here;
use crate::inference::Types;
#[cfg(unix)]
use crate::interrupt;
use crate::mend::{self, Action, Engine, Opened, Task};
use crate::output;
use crate::report::Report;
use crate::run;
use crate::settings::Resolver;
use crate::terminal::shown;
use crate::trouble::Trouble;
use crate::vcs;
use crate::voice::Voice;
use crate::walk::{self, Input, Role};
use crate::work;
use apply::Applying;
use pages::{Ending, Page};
use screen::{Key, Screen};
use session::{File, Session};
use store::Store;
use view::View;

#[cfg(unix)]
pub(crate) use screen::give_back;

/// Reviews the files that `args` name.
///
/// # Errors
/// The user's trouble, which ends the run: no terminal among others.
pub(crate) fn run(args: &ReviewArgs, voice: &Voice) -> Result<ExitCode> {
    Screen::check()?;
    let here = Here::find()?;
    let store = Store::new(args.decisions.as_deref(), &here);
    let known = store.load()?;
    let job = RunArgs {
        files: args.files.clone(),
        choices: args.choices.clone(),
        types: args.types.clone(),
        output: OutputArgs::default(),
    };
    let resolver = Resolver::new(here, &job.files, &job.choices, &job.types)?;
    let found = walk::inputs(&job.files, &resolver)?;
    if found.inputs.iter().any(|input| input.is_stdin) {
        bail!("review reads keys from standard input; name files or folders");
    }
    let mut report = Report::new(Action::Diff(DiffFormat::Unified));
    for warning in resolver.warnings() {
        voice.warn(&warning);
    }
    run::tell_of(&found, &mut report, voice);
    let engine = Engine::of(&found.inputs, &resolver)?;
    let threads = run::threads(&job);
    let others = run::others(&found.inputs, &engine, threads)?;
    let task = Task::new(Action::Diff(DiffFormat::Unified), others);
    let types = Types::new(&engine.roots, &found.inputs);
    let files = Files {
        inputs: &found.inputs,
        task: &task,
        engine: &engine,
        types: &types,
    };
    let surveyed = files.survey(threads, &mut report, voice)?;
    let session = Session::new(surveyed, known);
    if session.files.is_empty() {
        voice.close("nothing to review: no site has a fix\n");
        return Ok(report.exit_code(true));
    }
    #[cfg(unix)]
    interrupt::between_files()?;
    let reviewing = Reviewing {
        files,
        store: &store,
        protection: &args.protection,
    };
    let colour = output::wanted(voice.choice, &std::io::stdout());
    let (session, ending) = work::on_a_big_stack(|| {
        let mut session = session;
        let screen = Screen::open(colour)?;
        let ending = reviewing.review(&mut session, &screen)?;
        Ok((session, ending))
    })?;
    store.save(&session.decisions())?;
    match ending {
        Ending::Apply {
            left_out,
            was_asked,
        } => {
            let applying = Applying {
                files: &reviewing.files,
                left_out,
                was_asked,
                job: &job,
                protection: &args.protection,
                voice,
            };
            applying.apply(session, &store)
        }
        Ending::Later => {
            voice.close(&store.note(&session));
            Ok(report.exit_code(true))
        }
        Ending::Interrupted => {
            voice.close(&store.note(&session));
            // What a shell says of who was ended by an interrupt.
            Ok(ExitCode::from(130))
        }
    }
}

/// The files of a run, and who knows about them.
struct Files<'f> {
    inputs: &'f [Input],
    task: &'f Task,
    engine: &'f Engine,
    types: &'f Types<'f>,
}

impl Files<'_> {
    /// The files in which there is something to decide; trouble with others is said.
    fn survey(&self, threads: usize, report: &mut Report, voice: &Voice) -> Result<Vec<File>> {
        let mut files = Vec::new();
        let numbers = 0..self.inputs.len();
        let numbers: Vec<usize> = numbers
            .filter(|number| self.inputs[*number].role != Role::Background)
            .collect();
        voice.begin(numbers.len());
        work::in_order(
            &numbers,
            threads.min(numbers.len()),
            |number| self.look(*number),
            |number, looked| {
                voice.step();
                match looked.unwrap_or_else(|panic| Err(Trouble::panic(&*panic))) {
                    Ok((file, warning)) => {
                        files.extend(file);
                        if let Some(reason) = warning {
                            let name = shown(self.inputs[*number].name());
                            voice.warn(&format!("{name}: went on without its types: {reason}"));
                        }
                    }
                    Err(trouble) => {
                        voice.error(&trouble.line(self.inputs[*number].name()));
                        report.add_trouble(&trouble);
                    }
                }
                Ok(())
            },
        )?;
        voice.end();
        Ok(files)
    }

    /// What there is to decide in one file, and why its types are not known, where they should be.
    fn look(&self, number: usize) -> Result<(Option<File>, Option<String>), Trouble> {
        let survey = |opened: &Opened| {
            let judged = opened.judged(None)?;
            let file = File::survey(number, opened, &judged);
            Ok::<_, Trouble>((file, opened.trouble_with_types()))
        };
        Ok(self.open(number, survey)?.transpose()?.unwrap_or_default())
    }

    /// Writes comments that silence `sites`, and gives back what the file is known by then.
    fn ignore(
        &self,
        number: usize,
        sites: &[&Site],
        backup: Option<&str>,
    ) -> Result<String, Trouble> {
        let write = |opened: &Opened| opened.ignore(sites, &self.inputs[number].path, backup);
        // A file that cannot have sites has been changed by somebody else.
        let written = self.open(number, write)?.ok_or(Trouble::ChangedMeanwhile)?;
        Ok(decisions::fingerprint(&written?))
    }

    fn open<T>(
        &self,
        number: usize,
        look: impl FnOnce(&Opened<'_>) -> T,
    ) -> Result<Option<T>, Trouble> {
        let input = &self.inputs[number];
        mend::open(input, self.task, self.engine, self.types, look)
    }
}

/// A review on a screen.
struct Reviewing<'r> {
    files: Files<'r>,
    store: &'r Store,
    protection: &'r ProtectionArgs,
}

/// Why another file, or the same one anew, has to be opened.
enum Next {
    Move,
    Changed,
    End(Ending),
}

impl Reviewing<'_> {
    fn review(&self, session: &mut Session, screen: &Screen) -> Result<Ending> {
        let mut note = String::new();
        loop {
            let Some((file, _)) = session.at else {
                match self.end(session, screen)? {
                    Some(ending) => return Ok(ending),
                    None => continue,
                }
            };
            let number = session.files[file].input;
            let look = |opened: &Opened| self.show_file(opened, file, session, screen, &mut note);
            let next = match self.files.open(number, look) {
                Ok(Some(next)) => next?,
                // It holds no site any more, or cannot be read.
                Ok(None) | Err(_) => Next::Changed,
            };
            match next {
                Next::Move => {}
                Next::Changed => {
                    let name = session.files[file].name.clone();
                    let now = self.files.look(number);
                    note = match &now {
                        Ok(_) => format!("{name} has changed and was read anew"),
                        Err(trouble) => trouble.line(&name),
                    };
                    session.replace(file, now.ok().and_then(|(file, _)| file));
                    self.store.save(&session.decisions())?;
                }
                Next::End(ending) => return Ok(ending),
            }
        }
    }

    /// Shows the items of one file as long as the user stays there.
    fn show_file(
        &self,
        opened: &Opened,
        file: usize,
        session: &mut Session,
        screen: &Screen,
        note: &mut String,
    ) -> Result<Next> {
        if !session.files[file].is_of(opened.bytes) {
            return Ok(Next::Changed);
        }
        let consent = &self.files.inputs[session.files[file].input]
            .settings
            .plan
            .consent;
        let mut unfolded = false;
        let mut wanted: Option<FixName> = None;
        while let Some(at) = session.at.filter(|at| at.0 == file) {
            let fix = wanted
                .take()
                .unwrap_or_else(|| session.item(at).fix().clone());
            let entry = &session.files[file];
            let seen = view::view(opened, entry, at.1, &fix, consent, unfolded);
            let view = seen.unwrap_or_else(|trouble| View::broken(&trouble.line(&entry.name)));
            let mut page = Page::of(session, at, &view, std::mem::take(note));
            match act(session, &view, &mut page, screen)? {
                Act::Stay => {}
                Act::Show(other) => wanted = Some(other),
                Act::Unfold => {
                    unfolded = !unfolded;
                    wanted = Some(fix);
                }
                Act::Decided(text) => {
                    *note = text;
                    self.store.save(&session.decisions())?;
                }
                Act::Edit => {
                    let path = &self.files.inputs[session.files[file].input].path;
                    *note = screen.aside(|| edit(path, view.line))?;
                    return Ok(Next::Changed);
                }
                Act::End => session.leave(),
                Act::Interrupt => return Ok(Next::End(Ending::Interrupted)),
            }
        }
        Ok(Next::Move)
    }

    /// Asks what is to become of the decisions; none where the user goes back.
    fn end(&self, session: &mut Session, screen: &Screen) -> Result<Option<Ending>> {
        let unprotected = vcs::unprotected(self.files.inputs, self.protection)?;
        let unprotected: HashSet<&str> = (unprotected.iter())
            .map(|(input, _)| input.name())
            .collect();
        pages::ending(session, &unprotected, self.store.name(), screen)
    }
}

/// Shows `page` until a key says something about the item.
fn act(session: &mut Session, view: &View, page: &mut Page, screen: &Screen) -> Result<Act> {
    let fixes = view.seen.as_ref().ok();
    loop {
        let key = page.key(screen)?;
        return Ok(match (key, fixes) {
            (Key::Char('y'), Some(fixes)) => {
                session.answer(Judgement::Accept(fixes.name()));
                Act::Decided(String::new())
            }
            (Key::Char('n'), _) => {
                session.answer(Judgement::Reject);
                Act::Decided(String::new())
            }
            (Key::Char('i'), _) => {
                session.answer(Judgement::Ignore);
                Act::Decided(String::new())
            }
            (Key::Char('a'), Some(fixes)) => {
                let count = session.answer_kind(&fixes.name(), true);
                Act::Decided(format!("yes to {count} of that kind"))
            }
            (Key::Char('d'), Some(fixes)) => {
                let count = session.answer_kind(&fixes.name(), false);
                Act::Decided(format!("no to {count} of that kind"))
            }
            (Key::Char('f'), Some(fixes)) => {
                let count = session.answer_file(&fixes.name());
                Act::Decided(format!("yes to {count} in that file"))
            }
            (Key::Char('s') | Key::Tab, Some(fixes)) if fixes.count() > 1 => {
                Act::Show(fixes.next())
            }
            (Key::Char('h'), Some(_)) => Act::Unfold,
            (Key::Char('e'), _) => Act::Edit,
            (Key::Char('b') | Key::Left, _) => {
                session.back();
                Act::Stay
            }
            (Key::Right, _) => {
                session.skip();
                Act::Stay
            }
            (Key::Char('q') | Key::Escape, _) => Act::End,
            (Key::Interrupt, _) => Act::Interrupt,
            (Key::Char('?'), _) => {
                Page::help(screen)?;
                continue;
            }
            _ => continue,
        });
    }
}

/// What a key asks for.
enum Act {
    /// The session is at the item to show.
    Stay,
    Show(FixName),
    Unfold,
    /// Something was decided, which is to be said.
    Decided(String),
    Edit,
    End,
    Interrupt,
}

/// Lets the user edit the file at `path`, and says what went wrong, if anything did.
fn edit(path: &std::path::Path, line: usize) -> String {
    let named = |variable| {
        std::env::var(variable)
            .ok()
            .filter(|it: &String| !it.trim().is_empty())
    };
    let editor = named("VISUAL").or_else(|| named("EDITOR"));
    let editor = editor.unwrap_or_else(|| if cfg!(windows) { "notepad" } else { "vi" }.to_owned());
    let mut words = editor.split_whitespace();
    let program = PathBuf::from(words.next().unwrap_or("vi"));
    let mut command = Command::new(&program);
    command.args(words);
    let name = program.file_stem().unwrap_or_default().to_string_lossy();
    match &*name {
        "code" | "codium" | "code-insiders" | "cursor" => {
            command.args(["--wait", "--goto"]);
            command.arg(format!("{}:{line}", path.display()));
        }
        "subl" | "zed" | "hx" | "helix" => {
            command.arg(format!("{}:{line}", path.display()));
        }
        "notepad" => {
            command.arg(path);
        }
        // vi, emacs, nano, kakoune, micro and most others.
        _ => {
            command.arg(format!("+{line}")).arg(path);
        }
    }
    match command.status() {
        Ok(status) if status.success() => String::new(),
        Ok(status) => format!("`{editor}` failed ({status})"),
        Err(error) => format!("cannot run `{editor}` ({error}); set VISUAL or EDITOR to an editor"),
    }
}
