//! What happens when the user, or the system, wants the program to end.

use std::io::{self, Write};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use anyhow::{Context, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use crate::disk;
use crate::review;

/// Whether somebody listens already.
static LISTENS: AtomicBool = AtomicBool::new(false);

/// Lets a signal end the program only between two files: each is as it was or done, and nothing else is
/// left behind.
///
/// # Errors
/// Where the system does not let us listen.
pub(crate) fn between_files() -> Result<()> {
    if LISTENS.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    let mut signals =
        Signals::new([SIGHUP, SIGINT, SIGTERM]).context("cannot listen for signals")?;
    let listen = move || {
        let Some(signal) = signals.forever().next() else {
            return;
        };
        let (_stopped, written) = disk::stop_writing();
        review::give_back();
        let text = format!("error: interrupted when {written} files were written; run again\n");
        let _ = io::stderr().write_all(text.as_bytes());
        // As if nobody had listened, so that whoever started us sees what ended us.
        let _ = emulate_default_handler(signal);
        process::exit(128 + signal);
    };
    let started = thread::Builder::new().spawn(listen);
    started.context("cannot start a thread")?;
    Ok(())
}
