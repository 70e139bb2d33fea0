//! How this process was started, and how another of the same program is.

use std::env;
use std::ffi::OsString;
use std::process::Command;
use std::sync::OnceLock;

/// What stands in for the process's own arguments, where somebody else's process runs the program.
static GUEST: OnceLock<Guest> = OnceLock::new();

/// The program in a process that is not its own, such as Python's.
#[derive(Debug, Clone)]
pub struct Guest {
    /// The arguments, without the name of the program.
    pub arguments: Vec<OsString>,
    /// What starts the program, before its arguments.
    pub starter: Vec<OsString>,
}

/// Says that the program is a guest. Of several words the first counts.
pub(crate) fn is_guest(guest: Guest) {
    let _ = GUEST.set(guest);
}

/// The arguments, without the name of the program.
pub(crate) fn arguments() -> Vec<OsString> {
    match GUEST.get() {
        Some(guest) => guest.arguments.clone(),
        None => env::args_os().skip(1).collect(),
    }
}

/// What starts the program once more, with arguments to come.
#[cfg_attr(not(feature = "types"), expect(dead_code))]
pub(crate) fn command() -> Command {
    let starter = GUEST.get().map(|guest| guest.starter.as_slice());
    let Some([program, arguments @ ..]) = starter else {
        return Command::new(env::current_exe().unwrap_or_else(|_| "asyncmend".into()));
    };
    let mut command = Command::new(program);
    command.args(arguments);
    command
}
