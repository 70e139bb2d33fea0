//! The file in which decisions are kept from one review to the next.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::session::Session;
use crate::decisions::Decisions;
use crate::disk;
use crate::here::Here;

/// Where decisions are kept, in the working directory, unless another file is named.
const USUAL: &str = ".asyncmend-review.json";

pub(super) struct Store {
    /// As the user names it.
    name: String,
    path: PathBuf,
}

impl Store {
    pub(super) fn new(named: Option<&Path>, here: &Here) -> Self {
        let name = named.unwrap_or(Path::new(USUAL));
        Self {
            name: name.display().to_string(),
            path: here.path().join(name),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The decisions of an earlier review; none where there was none.
    pub(super) fn load(&self) -> Result<Decisions> {
        if !self.path.exists() {
            return Ok(Decisions::default());
        }
        Decisions::load(&self.path)
            .context("move it away, or name another file with --decisions, to begin anew")
    }

    /// Keeps `decisions`: at every moment the file holds the old ones or the new ones. Where nothing is decided
    /// there is no file.
    pub(super) fn save(&self, decisions: &Decisions) -> Result<()> {
        let doing = || format!("cannot write the decisions to {}", self.name);
        if decisions.is_empty() {
            if self.path.exists() {
                fs::remove_file(&self.path).with_context(doing)?;
            }
            return Ok(());
        }
        disk::replace(&self.path, &decisions.to_json()).with_context(doing)
    }

    /// What a review that applied nothing ends with.
    pub(super) fn note(&self, session: &Session) -> String {
        let counts = session.counts();
        let name = &self.name;
        if counts.open() == counts.all {
            return "nothing was decided and nothing was written\n".to_owned();
        }
        format!(
            "nothing was written; {} of {} decisions are in {name}: `asyncmend review` goes on from there, \
             `asyncmend fix --decisions {name}` applies them\n",
            counts.all - counts.open(),
            counts.all,
        )
    }
}
