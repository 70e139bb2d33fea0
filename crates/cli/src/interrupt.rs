//! What happens when the user, or the system, wants the program to end.

use std::io::{self, Write};
use std::process;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::thread;

use anyhow::{Context, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use crate::disk;
use crate::review;

/// Whether somebody listens already.
static LISTENS: AtomicBool = AtomicBool::new(false);

/// Whether a signal is only noted.
static HOLDS: AtomicBool = AtomicBool::new(false);

/// The signal that was noted; 0 where none was.
static NOTED: AtomicI32 = AtomicI32::new(0);

/// As long as this is there, a signal is only noted: whoever holds it ends what it does.
pub(crate) struct Hold(());

impl Hold {
    /// # Errors
    /// As [`between_files`].
    pub(crate) fn begin() -> Result<Self> {
        HOLDS.store(true, Ordering::SeqCst);
        between_files()?;
        Ok(Self(()))
    }

    /// The signal that came.
    pub(crate) fn noted() -> Option<i32> {
        Some(NOTED.load(Ordering::SeqCst)).filter(|signal| *signal != 0)
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        HOLDS.store(false, Ordering::SeqCst);
    }
}

/// Lets a signal end the program only between two files: each is as it was or done, and nothing else is
/// left behind.
///
/// # Errors
/// Where the system does not let us listen.
pub(crate) fn between_files() -> Result<()> {
    if LISTENS.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    let mut wanted = vec![SIGINT, SIGTERM];
    if !ignores_hangup() {
        wanted.push(SIGHUP);
    }
    let mut signals = Signals::new(wanted).context("cannot listen for signals")?;
    let listen = move || {
        let is_final = |signal: &i32| {
            if HOLDS.load(Ordering::SeqCst) {
                NOTED.store(*signal, Ordering::SeqCst);
                return false;
            }
            true
        };
        let Some(signal) = signals.forever().find(is_final) else {
            return;
        };
        let (_stopped, written) = disk::stop_writing();
        review::give_back();
        let text = format!("error: interrupted when {written} files were written; run again\n");
        let _ = io::stderr().write_all(text.as_bytes());
        end(signal);
    };
    let started = thread::Builder::new().spawn(listen);
    started.context("cannot start a thread")?;
    Ok(())
}

/// Ends the program as if nobody had listened to `signal`, so that whoever started us sees what ended us.
pub(crate) fn end(signal: i32) -> ! {
    let _ = emulate_default_handler(signal);
    process::exit(128 + signal);
}

/// Whether whoever started us wants us to go on without a terminal, as `nohup` does, as far as the system says.
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask >> (SIGHUP - 1) & 1 == 1)
}
