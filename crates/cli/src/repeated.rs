//! Helpers that are written into many files of one project, where a module could have them for all.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// In so many files nobody wants to read the same helper again.
const MANY: usize = 5;

/// What each helper begins with in a module that has it for itself.
const BEGINNINGS: [&str; 4] = [
    "\n_background_tasks",
    "\nasync def _gather_or_cancel(",
    "\nclass _TaskGroup(",
    "    async def _wait_for(",
];

/// The helpers that `after`, the new code of a file, has and `before` has not, by what they begin with.
pub(crate) fn written(before: &str, after: &str) -> Vec<&'static str> {
    let has = |text: &str, helper: &str| memchr::memmem::find(text.as_bytes(), helper.as_bytes());
    let is_new = |it: &&str| has(after, it).is_some() && has(before, it).is_none();
    BEGINNINGS.into_iter().filter(is_new).collect()
}

/// By the folder of a project: how many of its files each helper is written into.
#[derive(Debug, Default)]
pub(crate) struct Repeated(HashMap<PathBuf, BTreeMap<&'static str, usize>>);

impl Repeated {
    /// Counts the `helpers` that are written into a file of the project in the folder `project`.
    pub(crate) fn add(&mut self, project: &Path, helpers: &[&'static str]) {
        let counts = self.0.entry(project.to_path_buf()).or_default();
        for helper in helpers {
            *counts.entry(helper).or_default() += 1;
        }
    }

    /// How many files get what many of their project get; none where there are not as many.
    pub(crate) fn files(&self) -> Option<usize> {
        let most = self.0.values().filter_map(|it| it.values().max());
        let files = most.filter(|count| **count >= MANY).sum();
        Some(files).filter(|files| *files > 0)
    }
}
