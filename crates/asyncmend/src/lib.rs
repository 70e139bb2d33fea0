//! Mends Python's asyncio code: text and options in, [`Outcome`] out.
//!
//! Reads no file, prints nothing, and looks at one text at a time. The `asyncmend` program is this, with files,
//! configuration and type inference around it.
//!
//! ```
//! use asyncmend::{Decision, Mender, Options};
//!
//! let mender = Mender::new(&Options::default().target_version("3.11"))?;
//! let text = "import asyncio
//!
//!
//! async def on_order(queue, order):
//!     asyncio.create_task(queue.put(order))
//!     return order.id
//! ";
//! let outcome = mender.rewrite(text)?;
//! assert!(outcome.changed());
//! assert!(outcome.text().contains("_keep_task(asyncio.create_task(queue.put(order)))"));
//! assert!(outcome.patch("app/orders.py").starts_with("--- a/app/orders.py\n"));
//!
//! let [finding] = outcome.findings() else { panic!() };
//! assert_eq!(finding.transform, "retain-task");
//! assert_eq!((finding.start.line, finding.start.column), (5, 5));
//! assert!(matches!(&finding.decision, Decision::Rewrite(fix) if fix.cautions.is_empty()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A [`Mender`] is immutable and is made once for all texts with the same options, from any number of threads. A
//! text that is no Python is a [`Fault`], and costs no other text anything; so is a fault of ours, as long as panics
//! unwind (`panic = "unwind"`, which is usual). The message of a panic goes to the hook that the program has for
//! them.
//!
//! What the program knows beyond one text is not known here: types, what other files define, where helpers of a
//! project lie. Such calls get the helper that takes anything, or are held back, as with `asyncmend --no-types`.
//!
//! A text is worked on in a thread beside the caller's, which has the stack for code that nests ten thousand levels
//! deep, and for as long as [`Options::time_limit`] says. Each calling thread keeps its own.

mod fault;
mod file;
mod mender;
mod options;
mod outcome;
pub mod parts;

pub use asyncmend_pipeline::{Caution, Refusal};

pub use fault::Fault;
pub use file::{Kind, PythonFile};
pub use mender::Mender;
pub use options::{Options, OptionsError};
pub use outcome::{Decision, FileOutcome, Finding, Fix, NewFile, Outcome};
pub use parts::position::Position;
