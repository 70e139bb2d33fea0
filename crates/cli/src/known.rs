//! Which sites are known already, so that a check can stop those that are new.
//!
//! A site is known by its file, its transform and its text without layout, each as often as it was there: one that
//! moves within its file, or with its file, stays known.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use asyncmend_pipeline::Decided;

use crate::here::Here;
use crate::render::{Page, fingerprints};
use crate::reports::{self, Report};

/// The sites that were there before.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// By the name of the file.
    files: HashMap<String, HashSet<String>>,
    /// Those of files that are gone: who knows where they are now.
    moved: HashSet<String>,
}

impl Known {
    /// Those in the report at `path`.
    ///
    /// # Errors
    /// Where it is none, or does not tell sites apart.
    pub(crate) fn load(path: &Path, here: &Here) -> Result<Self> {
        let report = Report::load(path).context("--baseline")?;
        let mut known = Self::default();
        for site in report.sites()? {
            let reports::Site {
                path: name,
                fingerprint,
                ..
            } = site;
            let Some(fingerprint) = fingerprint else {
                let path = path.display();
                bail!(
                    "--baseline: {path} does not tell sites apart; make it anew with `asyncmend check \
                     --output-format json-lines`"
                );
            };
            known.add(name, [fingerprint]);
        }
        known.forget_what_is_gone(|name| here.path().join(name).exists());
        Ok(known)
    }

    /// Adds sites of the file called `name`.
    pub(crate) fn add(&mut self, name: String, fingerprints: impl IntoIterator<Item = String>) {
        self.files.entry(name).or_default().extend(fingerprints);
    }

    fn forget_what_is_gone(&mut self, exists: impl Fn(&str) -> bool) {
        let gone = self.files.extract_if(|name, _| !exists(name));
        self.moved = gone.flat_map(|(_, fingerprints)| fingerprints).collect();
    }

    /// Which of `findings`, that are those of a whole file, are new.
    pub(crate) fn news(&self, page: &Page, findings: &[Decided]) -> Vec<bool> {
        // A file that was there has the sites that it had.
        let own = self.files.get(page.name).unwrap_or(&self.moved);
        let fingerprints = fingerprints(page, findings);
        fingerprints.iter().map(|it| !own.contains(it)).collect()
    }
}
