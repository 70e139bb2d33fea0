//! One text, judged.

use std::any::Any;

use asyncmend_pipeline::{Bug, Outcome, Pipeline, Review, TextSize};

use super::patience::Asking;
use super::position::{Lines, Position};
use super::{python_2, threads};
use crate::Fault;

/// What was decided about a text.
#[derive(Debug, Default)]
pub struct Judged {
    /// The decisions.
    pub review: Review,
    /// The new text, where it differs.
    pub after: Option<String>,
}

/// What `pipeline` makes of `text`, with the answers of `asked`.
///
/// # Errors
/// Where it is no Python, or a fault of ours came to light.
pub fn judge(pipeline: &Pipeline, text: &str, asked: Asking<'_>) -> Result<Judged, Fault> {
    if let Some(at) = null_byte(text) {
        let Position { line, column, .. } = Lines::new(text).position(at);
        return Err(Fault::Unparsable {
            line,
            column,
            message: NULL_BYTE.to_owned(),
            python_2: false,
        });
    }
    match pipeline.run_chosen(text, asked.types, asked.choose) {
        Outcome::Unchanged { review } => Ok(Judged {
            review,
            after: None,
        }),
        Outcome::Changed { review, after } => Ok(Judged {
            review,
            after: Some(after),
        }),
        Outcome::Unparsable(error) => {
            let python_2 = Lines::new(text)
                .nth(error.line)
                .is_some_and(python_2::has_statement);
            Err(Fault::unparsable(error, python_2))
        }
        Outcome::Broken { transform, bug } => Err(broken(transform, &bug)),
    }
}

/// What the parser lets through, and CPython does not.
pub const NULL_BYTE: &str = "a null byte, which Python does not read";

/// Where `text` has one.
pub fn null_byte(text: &str) -> Option<TextSize> {
    let at = memchr::memchr(0, text.as_bytes())?;
    TextSize::try_from(at).ok()
}

/// A fault that the pipeline found in itself.
pub fn broken(transform: &'static str, bug: &Bug) -> Fault {
    Fault::Internal {
        transform: Some(transform),
        what: bug.to_string(),
    }
}

/// A panic that nobody foresaw.
pub fn panicked(panic: &(dyn Any + Send)) -> Fault {
    Fault::Internal {
        transform: None,
        what: format!("panicked: {}", threads::message(panic)),
    }
}
