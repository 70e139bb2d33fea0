//! The engine and the program, as Python sees them. The package around this is in `python/asyncmend`: classes, types
//! and words are there, and what has to be fast here.
//!
//! No lock of the interpreter is held while a text is worked on.

#[cfg(feature = "arrow")]
mod batch;
mod mender;
mod program;

/// What `asyncmend` is made of; its package is what to import.
#[pyo3::pymodule]
mod _native {
    #[cfg(feature = "arrow")]
    #[pymodule_export]
    use crate::batch::rewrite_batch;
    #[pymodule_export]
    use crate::mender::Mender;
    #[pymodule_export]
    use crate::program::run;

    use asyncmend::parts::threads;
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        // A fault is told by what is returned, not on the standard error of whoever imports this.
        threads::silence_panics();
        module.add("VERSION", env!("CARGO_PKG_VERSION"))
    }
}
