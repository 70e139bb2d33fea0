//! What other programs may ask without a run: what is wrong with a configuration. An editor's question, and that of
//! a fuzz target.

use std::path::Path;

use anyhow::Result;

use crate::here::Here;
use crate::project::Facts;

/// Reads what the project files directly in `folder`, which is absolute, say of the files in it: our own
/// configuration, with what it extends, the Python that the code has to run on, the length of lines. Gives back
/// what is odd, in words.
///
/// # Errors
/// What is wrong with our configuration, with the file and the line.
pub fn check_configuration(folder: &Path) -> Result<Vec<String>> {
    let mut warnings = Vec::new();
    let mut warn = |warning| warnings.push(warning);
    Facts::read(folder, true, &Here::find()?, &mut warn)?;
    Ok(warnings)
}
