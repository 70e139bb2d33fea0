//! What expressions are, from ty's type inference over the whole project.
//!
//! The only crate that names ty and salsa. What it finds leaves as the kinds that `source` declares.

#[cfg(feature = "types")]
mod database;
#[cfg(feature = "types")]
pub mod inference;

/// What came of asking about one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Nothing was asked.
    Nothing,
    /// All was answered. The packages that the file imports and that were not found are named.
    Answered {
        /// By their first name, in order.
        missing: Vec<String>,
    },
    /// At some time there was no answer, for this reason; all is unknown from then on.
    Failed(String),
}
