//! The words a user may write: transforms, cautions, styles; and the nearest one where it is misspelt.

use std::error::Error;
use std::fmt;

use asyncmend_pipeline::{Caution, Errors, Style, Transform, is_identifier};

/// Why a word is none of those that may be written, and what may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong(String);

impl Wrong {
    /// With this to say.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Wrong {}

/// The styles of `gather` and `wait-for`.
pub const STYLES: [(&str, Style); 3] = [
    ("auto", Style::Auto),
    ("idiom", Style::Idiom),
    ("helper", Style::Helper),
];

/// The styles of `retain-task`.
pub const RETAIN_TASK_STYLES: [(&str, Style); 3] = [
    ("auto", Style::Auto),
    ("inline", Style::Idiom),
    ("helper", Style::Helper),
];

/// What the task groups of `gather` may raise.
pub const ERRORS: [(&str, Errors); 3] = [
    ("auto", Errors::Auto),
    ("first", Errors::First),
    ("group", Errors::Group),
];

/// What a list of transforms may hold.
#[derive(Debug, Clone, Copy)]
pub enum Choice {
    /// `ALL`.
    All,
    /// One of them, by its own name.
    One(&'static Transform),
}

impl Choice {
    /// Whether `transform` is named, not merely among all.
    pub fn names(self, transform: &Transform) -> bool {
        matches!(self, Choice::One(named) if named.id == transform.id)
    }

    /// Whether `transform` is named or among all.
    pub fn covers(self, transform: &Transform) -> bool {
        matches!(self, Choice::All) || self.names(transform)
    }
}

/// The transform called `name`, or all of them.
///
/// # Errors
/// Where there is none of that name.
pub fn choice(name: &str) -> Result<Choice, Wrong> {
    if name == "ALL" {
        return Ok(Choice::All);
    }
    let known: Vec<&str> = transforms().chain(["ALL"]).collect();
    match transform(name) {
        Some(transform) => Ok(Choice::One(transform)),
        None => Err(no_transform(name, &known)),
    }
}

/// The transform called `name`.
///
/// # Errors
/// Where there is none of that name.
pub fn one(name: &str) -> Result<&'static Transform, Wrong> {
    let known: Vec<&str> = transforms().collect();
    match transform(name) {
        Some(transform) => Ok(transform),
        None => Err(no_transform(name, &known)),
    }
}

fn no_transform(name: &str, known: &[&str]) -> Wrong {
    let remedy = remedy(name, known);
    Wrong::new(format!("no transform is called `{name}`{remedy}"))
}

/// The transform called `name`, if it is one.
pub fn transform(name: &str) -> Option<&'static Transform> {
    asyncmend_transforms::ALL
        .iter()
        .copied()
        .find(|transform| transform.id == name)
}

/// The names of all transforms, in order.
pub fn transforms() -> impl Iterator<Item = &'static str> {
    asyncmend_transforms::ALL
        .iter()
        .map(|transform| transform.id)
}

/// The caution with this code.
///
/// # Errors
/// Where there is none with that code.
pub fn caution(code: &str) -> Result<&'static Caution, Wrong> {
    let cautions = || {
        asyncmend_transforms::ALL
            .iter()
            .flat_map(|transform| transform.cautions.iter())
    };
    if let Some(caution) = cautions().find(|caution| caution.code == code) {
        return Ok(caution);
    }
    let mut known: Vec<&str> = cautions().map(|caution| caution.code).collect();
    known.sort_unstable();
    known.dedup();
    let remedy = remedy(code, &known);
    Err(Wrong::new(format!("no caution is called `{code}`{remedy}")))
}

/// The one of `choices` that is called `name`.
///
/// # Errors
/// Where there is none of that name.
pub fn one_of<T: Copy>(name: &str, choices: &[(&str, T)]) -> Result<T, Wrong> {
    let chosen = choices.iter().find(|(choice, _)| *choice == name);
    chosen.map(|(_, value)| *value).ok_or_else(|| {
        let known: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let remedy = remedy(name, &known);
        Wrong::new(format!("there is no `{name}` here{remedy}"))
    })
}

/// A dotted name, such as `example`.
///
/// # Errors
/// Where it is none.
pub fn dotted<'n>(name: &'n str, example: &str) -> Result<&'n str, Wrong> {
    if name.split('.').all(is_identifier) {
        return Ok(name);
    }
    let message = format!("expected a dotted name such as `{example}`, found `{name}`");
    Err(Wrong::new(message))
}

/// The module and the name in it that `app.aio.keep` is.
///
/// # Errors
/// Where it is no dotted name, or that of a module alone.
pub fn member(name: &str) -> Result<(&str, &str), Wrong> {
    const EXAMPLE: &str = "app.aio.keep";
    dotted(name, EXAMPLE)?.rsplit_once('.').ok_or_else(|| {
        let message = format!("expected a module and a name, such as `{EXAMPLE}`");
        Wrong::new(message)
    })
}

/// The end of an error line about a wrong name: the nearest right one, and all there are.
pub fn remedy(wrong: &str, known: &[&str]) -> String {
    let separator = match nearest(wrong, known) {
        Some(right) => format!("; did you mean `{right}`?"),
        None => ";".to_owned(),
    };
    format!("{separator} choose from {}", known.join(", "))
}

/// The name that was probably meant.
pub fn nearest<'n>(wrong: &str, known: &[&'n str]) -> Option<&'n str> {
    /// What clap takes for a likely slip of the finger, so that all our hints are alike.
    const LIKELY: f64 = 0.7;
    known
        .iter()
        .map(|name| {
            (
                strsim::jaro(&wrong.to_lowercase(), &name.to_lowercase()),
                *name,
            )
        })
        .filter(|(likeness, _)| *likeness > LIKELY)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, name)| name)
}
