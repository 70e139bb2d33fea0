//! The threads in which texts are worked on.

use std::any::Any;
use std::panic;
use std::thread;

/// The parser grows its stack as it needs; visiting a tree and dropping it cannot. What nests ten
/// thousand levels deep, and is looked at, takes half of this, and so does what nests a hundred thousand, and
/// is only dropped. Only what is used becomes memory.
pub(crate) const STACK_BYTES: usize = 256 << 20;

const THREAD: &str = "asyncmend-worker";

/// A thread that has the stack for any file.
pub fn thread() -> thread::Builder {
    thread::Builder::new()
        .name(THREAD.to_owned())
        .stack_size(STACK_BYTES)
}

/// Keeps panics of these threads, which are reported as trouble of one file, from printing.
pub fn silence_panics() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().name() != Some(THREAD) {
            usual(info);
        }
    }));
}

/// What a panic said.
pub fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("panicked")
        .to_owned()
}
