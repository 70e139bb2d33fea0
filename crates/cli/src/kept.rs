//! Which fixes of a run are kept, where a command has found some to break something.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use asyncmend_pipeline::{Declined, TextSize};

use crate::decisions;

/// A site, by its transform and where it starts in the code of its file.
pub(crate) type SiteKey = (&'static str, TextSize);

/// What files hold, by their paths; nothing where one is not there.
pub(crate) type Contents = BTreeMap<PathBuf, Option<Arc<[u8]>>>;

/// The fixes of a run that are left out.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// By the name of the file, those with fixes alone.
    pub(crate) files: HashMap<String, KeptSites>,
    /// What files are to hold at the end: nothing else is written.
    pub(crate) contents: Contents,
    /// The files whose text as it was before an earlier part of the run is kept beside them, so that no other is to be.
    pub(crate) backed_up: HashSet<PathBuf>,
}

/// The fixes of one file that are left out.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeptSites {
    /// See [`decisions::fingerprint`].
    pub(crate) sha256: String,
    /// The sites that are found where nothing is left out: others, which only show without a fix, are left alone.
    pub(crate) known: Arc<HashSet<SiteKey>>,
    /// The sites whose fixes are left out, and what is to be said of them.
    pub(crate) left_out: HashMap<SiteKey, Declined>,
}

impl Kept {
    pub(crate) fn of(&self, name: &str) -> Option<&KeptSites> {
        self.files.get(name)
    }

    /// Whether `new` is what the file at `path` is to hold.
    pub(crate) fn is_verified(&self, path: &Path, new: &[u8]) -> bool {
        let verified = self.contents.get(path).and_then(Option::as_deref);
        verified == Some(new)
    }
}

impl KeptSites {
    /// Whether this is about a file with these bytes.
    pub(crate) fn is_of(&self, bytes: &[u8]) -> bool {
        self.sha256 == decisions::fingerprint(bytes)
    }

    /// Why nothing is to be done about a site, where that is so.
    pub(crate) fn declined(&self, transform: &'static str, at: TextSize) -> Option<Declined> {
        let key = (transform, at);
        let left_out = self.left_out.get(&key).copied();
        left_out.or_else(|| (!self.known.contains(&key)).then_some(Declined::Undecided))
    }

    /// Whether a fix of the transform is left out at a place of which this holds.
    pub(crate) fn leaves_out(&self, transform: &str, is_there: impl Fn(TextSize) -> bool) -> bool {
        let mut sites = self.left_out.keys();
        sites.any(|(id, at)| *id == transform && is_there(*at))
    }
}
