//! The names a user may write: transforms and cautions, and the nearest one where it is misspelt.

use anyhow::{Result, bail};
use asyncmend_pipeline::{Caution, Transform};

/// What a list of transforms may hold.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Choice {
    /// `ALL`.
    All,
    /// One of them, by its own name.
    One(&'static Transform),
}

impl Choice {
    /// Whether `transform` is named, not merely among all.
    pub(crate) fn names(self, transform: &Transform) -> bool {
        matches!(self, Choice::One(named) if named.id == transform.id)
    }

    /// Whether `transform` is named or among all.
    pub(crate) fn covers(self, transform: &Transform) -> bool {
        matches!(self, Choice::All) || self.names(transform)
    }
}

/// The transform called `name`, or all of them.
pub(crate) fn choice(name: &str) -> Result<Choice> {
    if name == "ALL" {
        return Ok(Choice::All);
    }
    let known: Vec<&str> = transforms().chain(["ALL"]).collect();
    match transform(name) {
        Some(transform) => Ok(Choice::One(transform)),
        None => bail!("no transform is called `{name}`{}", remedy(name, &known)),
    }
}

/// The transform called `name`.
pub(crate) fn one(name: &str) -> Result<&'static Transform> {
    let known: Vec<&str> = transforms().collect();
    match transform(name) {
        Some(transform) => Ok(transform),
        None => bail!("no transform is called `{name}`{}", remedy(name, &known)),
    }
}

/// The transform called `name`, if it is one.
pub(crate) fn transform(name: &str) -> Option<&'static Transform> {
    asyncmend_transforms::ALL
        .iter()
        .copied()
        .find(|transform| transform.id == name)
}

/// The names of all transforms, in order.
pub(crate) fn transforms() -> impl Iterator<Item = &'static str> {
    asyncmend_transforms::ALL
        .iter()
        .map(|transform| transform.id)
}

/// The caution with this code.
pub(crate) fn caution(code: &str) -> Result<&'static Caution> {
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
    bail!("no caution is called `{code}`{}", remedy(code, &known))
}

/// The end of an error line about a wrong name: the nearest right one, and all there are.
pub(crate) fn remedy(wrong: &str, known: &[&str]) -> String {
    let separator = match nearest(wrong, known) {
        Some(right) => format!("; did you mean `{right}`?"),
        None => ";".to_owned(),
    };
    format!("{separator} choose from {}", known.join(", "))
}

/// The name that was probably meant.
pub(crate) fn nearest<'n>(wrong: &str, known: &[&'n str]) -> Option<&'n str> {
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
