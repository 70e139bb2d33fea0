//! What expressions are, from ty's type inference over the whole project.

use std::sync::{Mutex, MutexGuard, PoisonError};

mod client;
mod engine;
mod fixtures;
mod held;
mod instances;
mod kinds;
mod names;
mod own;
mod probes;
mod project;
mod proof;
mod system;
mod worker;

pub use client::{FileTypes, Inference, Place};
pub use own::own_code;
pub use project::{Project, may_be_root, site_packages};
pub use worker::serve;

/// What `mutex` guards. What panics meanwhile leaves nothing of it half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
