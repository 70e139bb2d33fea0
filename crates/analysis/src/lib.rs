//! Scopes, bindings and flow of one file, from `ty_python_core`'s semantic index.
//!
//! The only crate that names ty and salsa. What it finds leaves as plain
//! [`asyncmend_source::Bindings`]; no database outlives a question, and no file is read.

mod database;
mod extract;

use asyncmend_source::{Analyzer, Bindings, PythonVersion};

/// The [`Analyzer`] that sees one file at a time.
///
/// Of other modules it knows the standard library alone (for `from asyncio import *`).
#[derive(Debug, Default)]
pub struct Analysis;

impl Analysis {
    /// An analyzer; making one costs nothing.
    pub fn new() -> Self {
        Self
    }
}

impl Analyzer for Analysis {
    fn bind(&self, text: &str, target: PythonVersion) -> Bindings {
        let (db, file) = database::Database::with_file(text, target);
        extract::bindings(&db, db.program_file(file))
    }
}
