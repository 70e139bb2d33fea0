//! The `asyncmend` program.

use std::process::ExitCode;

/// A syntax tree is very many small allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    asyncmend_cli::main()
}
