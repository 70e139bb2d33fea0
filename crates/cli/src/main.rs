//! The `asyncmend` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    asyncmend::main()
}
