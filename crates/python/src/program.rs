use std::ffi::OsString;

use asyncmend_cli::Guest;
use pyo3::prelude::*;

/// Runs the program with `arguments`, in the place of this process, and gives back its exit status. `starter` starts
/// it in another process.
#[pyfunction]
pub(crate) fn run(py: Python<'_>, arguments: Vec<OsString>, starter: Vec<OsString>) -> u8 {
    py.detach(|| asyncmend_cli::main_as_guest(Guest { arguments, starter }))
}
