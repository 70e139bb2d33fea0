//! What shells and `man` show of the command line, made from its own definitions.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Args;

/// The completions for `shell`.
pub(crate) fn completions(shell: Shell) -> String {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "asyncmend", &mut out);
    String::from_utf8(out).expect("help is UTF-8")
}

/// Writes a page for the program and one for each of its commands to `folder`.
pub(crate) fn write(folder: &Path) -> Result<()> {
    let pages =
        fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(Args::command(), folder));
    pages.with_context(|| format!("--out: cannot write to {}", folder.display()))
}
