//! The transforms, in the order in which they run.
//!
//! A transform judges and proposes; it applies nothing and knows no other transform.

pub mod answers;
mod cleaning;
mod gather;
mod gather_cancelled;
pub mod helpers;
mod locals;
mod reach;
mod retain_task;
mod wait_for;

use asyncmend_pipeline::Transform;

/// Every transform, in order.
pub const ALL: &[&Transform] = &[
    // First: what it wraps stays in place, and the others then know who holds the task.
    &retain_task::TRANSFORM,
    // Before wait-for: a gathered `wait_for(..)` is a coroutine, the helper's call only looks like one.
    &gather::TRANSFORM,
    &wait_for::TRANSFORM,
    &gather_cancelled::TRANSFORM,
];
