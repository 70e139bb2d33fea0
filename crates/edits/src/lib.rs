//! Text changes: [`Edit`], [`Patch`] and the unified diff.
//!
//! Knows no Python, reads no file and prints nothing. All offsets are byte offsets into the text
//! that a patch applies to.

mod hunks;
mod patch;
mod unified;

pub use hunks::{Hunk, Lines, hunks};
pub use patch::{Edit, Moved, Overlap, Patch};
pub use ruff_text_size::{TextLen, TextRange, TextSize};
pub use unified::{unified, unified_new};
