//! What a person decided, fix by fix: the file that a review writes and `--decisions` reads.
//!
//! A decision holds for the bytes that were reviewed. What is not as it was then is left alone.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use asyncmend_pipeline::{Choice, Decision, Declined, Proposal, Review, TextSize};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::names;
use crate::position::Position;

/// The version of the format.
const VERSION: u32 = 1;

/// The decisions about all files, by their names in output.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Decisions {
    files: BTreeMap<String, Reviewed>,
}

/// A file as it was when it was reviewed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reviewed {
    /// See [`fingerprint`].
    sha256: String,
    sites: BTreeMap<Site, Judgement>,
}

/// A site as people name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Site {
    pub(crate) start: Position,
    pub(crate) transform: &'static str,
}

/// What was decided about a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Judgement {
    Accept(FixName),
    Reject,
    /// As `Reject`; a comment in the source is to say so.
    Ignore,
}

/// What a fix is known by among the candidates of its site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FixName {
    pub(crate) what: String,
    pub(crate) cautions: Vec<String>,
}

impl FixName {
    pub(crate) fn of(proposal: &Proposal) -> Self {
        let codes = proposal.cautions.iter().map(|it| it.code.to_owned());
        Self {
            what: proposal.what.clone(),
            cautions: codes.collect(),
        }
    }
}

/// What tells the contents of a file from any other.
pub(crate) fn fingerprint(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

impl Decisions {
    /// Those in the file at `path`.
    ///
    /// # Errors
    /// Where it cannot be read, or does not hold decisions that we understand.
    pub(crate) fn load(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read the decisions in {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("{}: no decisions of a review", path.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        /// What every version has.
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let Versioned { version } = serde_json::from_str(text)?;
        if version != VERSION {
            bail!("version {version} of the format is not {VERSION}, which this asyncmend reads");
        }
        let document: Document = serde_json::from_str(text)?;
        let mut files = BTreeMap::new();
        for file in document.files {
            let path = file.path.clone();
            let reviewed = Reviewed::read(file).with_context(|| path.clone())?;
            if files.insert(path.clone(), reviewed).is_some() {
                bail!("{path} is there twice");
            }
        }
        Ok(Self { files })
    }

    /// The contents of a file that [`Decisions::load`] reads.
    pub(crate) fn to_json(&self) -> String {
        let files = self.files.iter().filter(|(_, it)| !it.sites.is_empty());
        let document = Document {
            version: VERSION,
            files: files.map(|(path, it)| it.written(path)).collect(),
        };
        let mut text = serde_json::to_string_pretty(&document).expect("strings and numbers alone");
        text.push('\n');
        text
    }

    /// Whether nothing is decided.
    pub(crate) fn is_empty(&self) -> bool {
        self.files.values().all(|file| file.sites.is_empty())
    }

    /// Takes back what was decided about the file called `name`.
    pub(crate) fn forget(&mut self, name: &str) {
        self.files.remove(name);
    }

    /// What is decided about the file called `name`, in the place of what was.
    pub(crate) fn put(&mut self, name: &str, reviewed: Reviewed) {
        self.files.insert(name.to_owned(), reviewed);
    }

    /// What was decided about the file called `name`.
    pub(crate) fn of(&self, name: &str) -> Option<&Reviewed> {
        self.files.get(name)
    }

    /// The names of the files that were reviewed.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

impl Reviewed {
    pub(crate) fn new(sha256: String, sites: impl IntoIterator<Item = (Site, Judgement)>) -> Self {
        let sites = sites.into_iter().collect();
        Self { sha256, sites }
    }

    /// What was decided about `site`.
    pub(crate) fn of(&self, site: &Site) -> Option<&Judgement> {
        self.sites.get(site)
    }

    /// The same with what `earlier` says about other sites of the same text.
    #[must_use]
    pub(crate) fn with_others(
        mut self,
        earlier: Option<&Reviewed>,
        is_ours: impl Fn(&Site) -> bool,
    ) -> Self {
        if let Some(earlier) = earlier.filter(|it| it.is_for(&self.sha256)) {
            let others = earlier.sites.iter().filter(|(site, _)| !is_ours(site));
            let others = others.map(|(site, judgement)| (site.clone(), judgement.clone()));
            self.sites.extend(others);
        }
        self
    }

    /// Whether this is about what has that fingerprint.
    pub(crate) fn is_for(&self, sha256: &str) -> bool {
        self.sha256.eq_ignore_ascii_case(sha256)
    }

    /// Whether a file with these bytes is what was reviewed.
    pub(crate) fn is_of(&self, bytes: &[u8]) -> bool {
        self.is_for(&fingerprint(bytes))
    }

    /// What was said about the site of the transform `id` that starts at `start`.
    pub(crate) fn choice(&self, transform: &'static str, start: Position) -> Choice {
        match self.sites.get(&Site { start, transform }) {
            Some(Judgement::Accept(FixName { what, cautions })) => Choice::Take {
                what: what.clone(),
                cautions: cautions.clone(),
            },
            Some(Judgement::Reject | Judgement::Ignore) => Choice::Leave(Declined::ByUser),
            None => Choice::Leave(Declined::Undecided),
        }
    }

    /// The sites with an accepted fix that did not come to be applied, as `review` says.
    pub(crate) fn unmet(
        &self,
        review: &Review,
        position: impl Fn(TextSize) -> Position,
    ) -> impl Iterator<Item = &Site> {
        let rewritten: HashSet<(&str, Position)> = (review.findings.iter())
            .filter(|decided| matches!(decided.decision, Decision::Rewrite(_)))
            .map(|decided| (decided.transform.id, position(decided.at.start())))
            .collect();
        let sites = self.sites.iter().filter(move |(site, judgement)| {
            let is_accepted = matches!(judgement, Judgement::Accept(_));
            is_accepted && !rewritten.contains(&(site.transform, site.start))
        });
        sites.map(|(site, _)| site)
    }

    fn read(file: FileDecisions) -> Result<Self> {
        let mut sites = BTreeMap::new();
        for decision in file.decisions {
            let Position { line, column, .. } = decision.start;
            let read = || {
                let transform = names::one(&decision.transform)?.id;
                let judgement = match (decision.decision, decision.fix) {
                    (Word::Accept, Some(fix)) => Judgement::Accept(fix),
                    (Word::Accept, None) => {
                        bail!("`accept` needs `fix`, which says what is accepted")
                    }
                    (Word::Reject, None) => Judgement::Reject,
                    (Word::Ignore, None) => Judgement::Ignore,
                    (Word::Reject | Word::Ignore, Some(_)) => {
                        bail!("`reject` leaves every fix out and takes no `fix`")
                    }
                };
                let start = decision.start;
                if sites.insert(Site { start, transform }, judgement).is_some() {
                    bail!("decided twice");
                }
                Ok(())
            };
            read().with_context(|| format!("{line}:{column}"))?;
        }
        Ok(Self {
            sha256: file.sha256,
            sites,
        })
    }

    fn written(&self, path: &str) -> FileDecisions {
        let decisions = self.sites.iter().map(|(site, judgement)| {
            let (decision, fix) = match judgement {
                Judgement::Accept(fix) => (Word::Accept, Some(fix.clone())),
                Judgement::Reject => (Word::Reject, None),
                Judgement::Ignore => (Word::Ignore, None),
            };
            SiteDecision {
                transform: site.transform.to_owned(),
                start: site.start,
                decision,
                fix,
            }
        });
        FileDecisions {
            path: path.to_owned(),
            sha256: self.sha256.clone(),
            decisions: decisions.collect(),
        }
    }
}

/// The file. Its keys are a promise, as those of `check --output-format json-lines` are.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    files: Vec<FileDecisions>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileDecisions {
    path: String,
    sha256: String,
    decisions: Vec<SiteDecision>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SiteDecision {
    transform: String,
    start: Position,
    decision: Word,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fix: Option<FixName>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Accept,
    Reject,
    Ignore,
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"{
  "version": 1,
  "files": [
    {
      "path": "a.py",
      "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "decisions": [
        {
          "transform": "gather",
          "start": {
            "cell": 2,
            "line": 3,
            "column": 5
          },
          "decision": "accept",
          "fix": {
            "what": "mend",
            "cautions": [
              "structured"
            ]
          }
        },
        {
          "transform": "wait-for",
          "start": {
            "line": 1,
            "column": 1
          },
          "decision": "reject"
        }
      ]
    }
  ]
}
"#;

    #[test]
    fn what_is_written_is_read_again() {
        let decisions = Decisions::parse(WHOLE).unwrap();
        assert_eq!(Decisions::parse(&decisions.to_json()).unwrap(), decisions);
        let file = decisions.of("a.py").unwrap();
        assert!(file.is_of(b"abc") && !file.is_of(b"abd"));
        let start = |cell, line, column| Position { cell, line, column };
        assert_eq!(
            file.choice("gather", start(Some(2), 3, 5)),
            Choice::Take {
                what: "mend".to_owned(),
                cautions: vec!["structured".to_owned()],
            }
        );
        assert_eq!(
            file.choice("wait-for", start(None, 1, 1)),
            Choice::Leave(Declined::ByUser)
        );
        assert_eq!(
            file.choice("gather", start(None, 3, 5)),
            Choice::Leave(Declined::Undecided)
        );
    }

    #[test]
    fn what_is_no_decision_is_an_error_that_says_so() {
        let replaced = [
            (
                "\"version\": 1",
                "\"version\": 2",
                "version 2 of the format",
            ),
            ("\"version\": 1,", "", "missing field `version`"),
            ("\"wait-for\"", "\"wait-fro\"", "did you mean `wait-for`?"),
            ("\"reject\"", "\"maybe\"", "unknown variant `maybe`"),
            ("\"reject\"", "\"accept\"", "`accept` needs `fix`"),
            ("\"accept\"", "\"reject\"", "takes no `fix`"),
            ("\"path\"", "\"name\"", "unknown field `name`"),
            ("\"cell\"", "\"row\"", "unknown field `row`"),
        ];
        let cut_off = WHOLE.trim_end().trim_end_matches('}').to_owned();
        let texts = replaced.map(|(old, new, message)| (WHOLE.replace(old, new), message));
        for (text, message) in texts.into_iter().chain([(cut_off, "EOF")]) {
            let error = Decisions::parse(&text).unwrap_err();
            let text = format!("{error:#}");
            assert!(text.contains(message), "{message}: {text}");
        }
    }
}
