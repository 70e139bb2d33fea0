//! What other programs may ask without a run: what text bytes are, and what is wrong with a configuration. An
//! editor's questions, and those of the fuzz targets.

use std::path::Path;

use anyhow::Result;

use crate::encoding::{self, Text};
use crate::here::Here;
use crate::project::Facts;

/// A file of Python, as text.
#[derive(Debug)]
pub struct PythonFile<'b>(Text<'b>);

impl<'b> PythonFile<'b> {
    /// The file that has these bytes.
    ///
    /// # Errors
    /// Where Python, or asyncmend, does not read them: why, in words.
    pub fn decode(bytes: &'b [u8]) -> Result<Self, String> {
        encoding::decode(bytes)
            .map(Self)
            .map_err(|trouble| trouble.to_string())
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The bytes of the file with another text; none where its encoding lacks a character of that.
    pub fn encode(&self, text: &str) -> Option<Vec<u8>> {
        let bytes = self.0.encoding.encode(text)?;
        Some(bytes.into_owned())
    }
}

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
