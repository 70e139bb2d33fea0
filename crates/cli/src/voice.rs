//! What is said on standard error, beside the result.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::args::{Colour, VoiceArgs};
use crate::output;
use crate::terminal::shown_lines;

/// Shorter runs need no progress bar.
const PATIENCE: Duration = Duration::from_secs(1);

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Green.on_default().bold();

/// Speaks on standard error.
pub(crate) struct Voice {
    /// What the user said about colours, which holds for the result as well.
    pub(crate) choice: Colour,
    colour: bool,
    quiet: bool,
    /// Whether to say more than usual.
    pub(crate) verbose: bool,
    bar: ProgressBar,
    since: Instant,
}

impl Voice {
    pub(crate) fn new(args: &VoiceArgs) -> Self {
        Self {
            choice: args.color,
            colour: output::wanted(args.color, &io::stderr()),
            quiet: args.quiet,
            verbose: args.verbose,
            bar: ProgressBar::hidden(),
            since: Instant::now(),
        }
    }

    /// Something is wrong, and the status will say so.
    pub(crate) fn error(&self, text: &str) {
        self.line("error", ERROR, text);
    }

    /// Something is odd.
    pub(crate) fn warn(&self, text: &str) {
        self.line("warning", WARNING, text);
    }

    /// Something was done, for those who want to know.
    pub(crate) fn tell(&self, what: &str, text: &str) {
        if self.verbose {
            self.line(what, NOTE, text);
        }
    }

    /// How far something is that takes long.
    pub(crate) fn note(&self, what: &str, text: &str) {
        if !self.quiet {
            self.line(what, NOTE, text);
        }
    }

    /// What another program said.
    pub(crate) fn quote(&self, text: &str) {
        self.aside(|| {
            for line in shown_lines(text).lines() {
                say(&format!("  | {line}\n"));
            }
        });
    }

    /// Work is over.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }

    /// The summary.
    pub(crate) fn close(&self, summary: &str) {
        if !self.quiet {
            say(summary);
        }
    }

    /// Work begins on this many files.
    pub(crate) fn begin(&self, files: usize) {
        self.bar.set_length(files as u64);
    }

    /// One file is done. On a terminal, a run that takes long shows how far it is.
    pub(crate) fn step(&self) {
        self.bar.inc(1);
        let is_due = self.bar.is_hidden() && self.since.elapsed() > PATIENCE;
        if is_due && !self.quiet && io::stderr().is_terminal() {
            let look = "{bar:30} {pos}/{len} files";
            self.bar
                .set_style(ProgressStyle::with_template(look).expect("the template is right"));
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Does something that may write to the terminal on which the bar is.
    pub(crate) fn aside<T>(&self, act: impl FnOnce() -> T) -> T {
        self.bar.suspend(act)
    }

    fn line(&self, label: &str, style: Style, text: &str) {
        let style = if self.colour { style } else { Style::new() };
        let text = shown_lines(text);
        self.aside(|| say(&format!("{style}{label}{style:#}: {text}\n")));
    }
}

/// Whoever closes standard error does not want to hear.
fn say(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}
