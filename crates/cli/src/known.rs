//! Which sites are known already, so that a check can stop those that are new.
//!
//! A site is known by its file, its transform and its text without layout, each as often as it was there: one that
//! moves within its file, or with its file, stays known.

use std::collections::{HashMap, HashSet};
use std::mem;
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
    /// Those of files that are gone, and how many had each: who knows where they are now.
    moved: HashMap<String, usize>,
    /// Whether there were files, and none of them is there.
    pub(crate) is_of_elsewhere: bool,
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
        let had_some = !known.files.is_empty();
        known.forget_what_is_gone(|name| here.path().join(name).exists());
        known.is_of_elsewhere = had_some && known.files.is_empty();
        Ok(known)
    }

    /// Adds sites of the file called `name`.
    pub(crate) fn add(&mut self, name: String, fingerprints: impl IntoIterator<Item = String>) {
        self.files.entry(name).or_default().extend(fingerprints);
    }

    fn forget_what_is_gone(&mut self, exists: impl Fn(&str) -> bool) {
        let gone = self.files.extract_if(|name, _| !exists(name));
        for fingerprint in gone.flat_map(|(_, fingerprints)| fingerprints) {
            *self.moved.entry(fingerprint).or_default() += 1;
        }
    }

    /// Whether the file called `name` may have the sites of files that are gone.
    pub(crate) fn may_have_moved(&self, name: &str) -> bool {
        !self.moved.is_empty() && !self.files.contains_key(name)
    }

    /// Gives the file called `name`, which has the sites with these `fingerprints`, those of files that are gone: each
    /// is in one place alone.
    pub(crate) fn take_moved(&mut self, name: &str, fingerprints: Vec<String>) {
        let mut own = HashSet::new();
        for fingerprint in fingerprints {
            if let Some(left @ 1..) = self.moved.get_mut(&fingerprint) {
                *left -= 1;
                own.insert(fingerprint);
            }
        }
        self.files.insert(name.to_owned(), own);
    }

    /// Gives them all to the one file that there is.
    pub(crate) fn give_moved(&mut self, name: &str) {
        let moved = mem::take(&mut self.moved);
        self.add(name.to_owned(), moved.into_keys());
    }

    /// Which of `findings`, that are those of a whole file, are new.
    pub(crate) fn news(&self, page: &Page, findings: &[Decided]) -> Vec<bool> {
        let own = self.files.get(page.name);
        let is_new = |it: &String| own.is_none_or(|own| !own.contains(it));
        fingerprints(page, findings).iter().map(is_new).collect()
    }
}
