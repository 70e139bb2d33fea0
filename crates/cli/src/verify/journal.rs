//! What runs came to, kept in a file for a verification that is broken off to be gone on with.
//!
//! A run is known by all that it depends on: the command, the files that `{paths}` stands for, and what every file of
//! the copy held. So it is of use when a part of the fixes has been applied meanwhile, and of none when anything else
//! has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::command::End;
use super::copy::Fingerprint;
use crate::decisions::fingerprint;
use crate::disk;
use crate::here::Here;

/// The version of the format.
const VERSION: u32 = 1;

/// Where it is, in the working directory, unless another file is named.
const USUAL: &str = ".asyncmend-verify.json";

/// What a run came to.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Verdict {
    pub(super) passed: bool,
    /// How it ended; nothing where it could not be run.
    pub(super) end: Option<End>,
    pub(super) seconds: f64,
    /// The tests that passed without any fix, and do not any more, as far as that is known.
    pub(super) lost: Vec<String>,
    /// The last lines that it wrote, where it failed.
    pub(super) output: String,
}

/// What the command does without any fix.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Baseline {
    /// How long the longest run took.
    pub(super) seconds: f64,
    /// Whether each run ended with a status of 0.
    pub(super) succeeds: bool,
    /// Whether a signal has ended one, as a crash does when all tests are done.
    #[serde(default)]
    pub(super) is_killed: bool,
    /// The tests that passed in each run, where the command writes a report.
    pub(super) passing: Option<BTreeSet<String>>,
}

pub(super) struct Journal {
    /// As the user names it.
    pub(super) name: String,
    pub(super) path: PathBuf,
    document: Document,
    /// What of the command tells its runs from those of another one.
    command: Fingerprint,
}

/// The file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    command: String,
    paths: Vec<PathBuf>,
    /// Whether `{paths}` stands for the folders of their projects.
    #[serde(default)]
    is_widened: bool,
    /// What tells the texts from others that were, or may have been, kept under `--backup`.
    #[serde(default)]
    backups: BTreeSet<String>,
    baselines: BTreeMap<String, Baseline>,
    runs: BTreeMap<String, Verdict>,
}

impl Journal {
    /// Where the journal is that the user names.
    pub(super) fn place(named: Option<&Path>, here: &Here) -> (String, PathBuf) {
        let name = named.unwrap_or(Path::new(USUAL));
        (name.display().to_string(), here.path().join(name))
    }

    /// The journal in a file, for `command`, which `paths` are the changing files of; begun anew where there is none,
    /// or one of another command.
    ///
    /// # Errors
    /// Where the file holds something else.
    pub(super) fn open(
        (name, path): (String, PathBuf),
        command: &str,
        paths: Vec<PathBuf>,
        folder: &Path,
        runs: u32,
    ) -> Result<Self> {
        let known = if path.exists() {
            let read = || -> Result<Document> {
                let document: Document = serde_json::from_str(&disk::load_text(&path)?)?;
                if document.version != VERSION {
                    bail!("it is of another version of asyncmend");
                }
                Ok(document)
            };
            let document = read().with_context(|| {
                format!("cannot go on with {name}; move it away, or name another file with --verify-journal")
            })?;
            Some(document).filter(|it| it.command == command)
        } else {
            None
        };
        // Some of the files may be changed already: the command is to be the same as then.
        let known = known.filter(|it| paths.iter().all(|path| it.paths.contains(path)));
        let document = known.unwrap_or_else(|| Document {
            version: VERSION,
            command: command.to_owned(),
            paths,
            is_widened: false,
            backups: BTreeSet::new(),
            baselines: BTreeMap::new(),
            runs: BTreeMap::new(),
        });
        let all = serde_json::to_string(&(
            env!("CARGO_PKG_VERSION"),
            command,
            &document.paths,
            folder,
            runs,
        ));
        let command = Sha256::digest(all.context("a path is not UTF-8")?).into();
        Ok(Self {
            name,
            path,
            document,
            command,
        })
    }

    /// The files that `{paths}` stands for.
    pub(super) fn paths(&self) -> &[PathBuf] {
        &self.document.paths
    }

    /// Whether `{paths}` stands for the folders of their projects.
    pub(super) fn is_widened(&self) -> bool {
        self.document.is_widened
    }

    /// Lets `{paths}` stand for the folders of their projects.
    pub(super) fn widen(&mut self) {
        self.document.is_widened = true;
    }

    /// Notes that these texts may be kept from now on, as those before an earlier part of the run.
    pub(super) fn note_backups<'t>(&mut self, texts: impl Iterator<Item = &'t [u8]>) -> Result<()> {
        self.document.backups.extend(texts.map(fingerprint));
        self.save()
    }

    /// Whether the file at `path` holds such a text.
    pub(super) fn is_backup(&self, path: &Path) -> bool {
        let text = fs::read(path);
        text.is_ok_and(|text| self.document.backups.contains(&fingerprint(&text)))
    }

    /// How many runs are known.
    pub(super) fn len(&self) -> usize {
        self.document.runs.len() + self.document.baselines.len()
    }

    /// What a run with a copy of this fingerprint is known by.
    pub(super) fn key(&self, copy: Fingerprint) -> String {
        let mut all = Sha256::new();
        all.update(self.command);
        all.update(copy);
        HEXLOWER.encode(&all.finalize())
    }

    pub(super) fn verdict(&self, key: &str) -> Option<&Verdict> {
        self.document.runs.get(key)
    }

    pub(super) fn baseline(&self, key: &str) -> Option<&Baseline> {
        self.document.baselines.get(key)
    }

    pub(super) fn put_verdict(&mut self, key: String, verdict: Verdict) -> Result<()> {
        self.document.runs.insert(key, verdict);
        self.save()
    }

    pub(super) fn put_baseline(&mut self, key: String, baseline: Baseline) -> Result<()> {
        self.document.baselines.insert(key, baseline);
        self.save()
    }

    /// At every moment the file holds what was known before or what is known now.
    fn save(&self) -> Result<()> {
        let doing = || format!("cannot write what is known of runs to {}", self.name);
        let text = serde_json::to_string_pretty(&self.document).with_context(doing)?;
        disk::replace(&self.path, &text).with_context(doing)
    }

    /// Nothing is to be gone on with.
    pub(super) fn remove(&self) -> Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {}", self.name))
            }
            _ => Ok(()),
        }
    }
}
