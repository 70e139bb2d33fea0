//! Who decides, where a test leaves something open: chance, or in `fuzz`, which has this module too, the fuzzer.

/// Decides by chance, or as a fuzzer wants it.
pub(crate) trait Choices {
    /// A number less than `end`, which is not 0.
    fn below(&mut self, end: usize) -> usize;
}
