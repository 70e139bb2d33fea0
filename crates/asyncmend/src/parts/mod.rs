//! What the programs of this repository are made of, beside files and printing. For them alone: it changes with them
//! and promises nothing.

pub mod code;
pub mod encoding;
pub mod judge;
pub mod names;
pub mod patience;
pub mod plan;
pub mod position;
pub mod python_2;
pub mod selection;
pub mod terminal;
pub mod threads;
pub mod version;

pub use crate::fault::in_our_voice;

/// Larger texts are not parsed. Offsets are 32 bits wide, and the work on a text takes some hundred times its memory, of many
/// short lines four hundred times, while what people write by hand stays far below one mebibyte: this much is a data table. Where it may
/// hold sites it counts as a fault, so that without one every text was looked at.
pub const MAX_BYTES: usize = 16 << 20;

/// # Errors
/// Where a text of so many bytes is too large to be looked at.
pub fn check_length(bytes: usize) -> Result<(), crate::Fault> {
    if bytes > MAX_BYTES {
        return Err(crate::Fault::TooLarge);
    }
    Ok(())
}
