//! How to write Python back: blocks, imports, helpers, fresh names.
//!
//! Returns edits and applies none; what stays in place is never copied. Decides nothing about
//! asyncio: what to write is the transforms' business.

mod draft;
mod helpers;
mod imports;
mod names;
mod own_imports;
mod rename;
mod wrap;

pub use draft::Draft;
pub use helpers::{Helper, Helpers, Written};
pub use imports::{Spelled, asyncio_member, may_lose_import, module_name, without_unused_import};
pub use names::{
    first_fresh_in_function, first_fresh_in_function_where, fresh_in_function, fresh_in_module,
};
pub use rename::{argument_between, keep_call, renamed};
pub use wrap::wrapped;
