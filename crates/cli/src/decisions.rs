//! What a person decided, fix by fix: the file that a review writes and `--decisions` reads.
//!
//! A decision holds for the bytes that were reviewed. What is not as it was then is left alone.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use asyncmend_pipeline::{Choice, Decision, Declined, Review, TextSize};
use serde::Deserialize;
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
}

/// What a fix is known by among the candidates of its site.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FixName {
    pub(crate) what: String,
    pub(crate) cautions: Vec<String>,
}

/// What tells the contents of a file from any other.
pub(crate) fn fingerprint(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        write!(out, "{byte:02x}").expect("a string takes everything");
    }
    out
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
        debug_assert_eq!(document.version, VERSION);
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
    /// Whether a file with these bytes is what was reviewed.
    pub(crate) fn is_of(&self, bytes: &[u8]) -> bool {
        self.sha256.eq_ignore_ascii_case(&fingerprint(bytes))
    }

    /// What was said about the site of the transform `id` that starts at `start`.
    pub(crate) fn choice(&self, transform: &'static str, start: Position) -> Choice {
        match self.sites.get(&Site { start, transform }) {
            Some(Judgement::Accept(FixName { what, cautions })) => Choice::Take {
                what: what.clone(),
                cautions: cautions.clone(),
            },
            Some(Judgement::Reject) => Choice::Leave(Declined::ByUser),
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
                    (Word::Reject, Some(_)) => {
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
}

/// The file. Its keys are a promise, as those of `check --output-format json-lines` are.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    files: Vec<FileDecisions>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileDecisions {
    path: String,
    sha256: String,
    decisions: Vec<SiteDecision>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SiteDecision {
    transform: String,
    start: Position,
    decision: Word,
    fix: Option<FixName>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Accept,
    Reject,
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
    fn what_was_not_decided_is_left() {
        let decisions = Decisions::parse(WHOLE).unwrap();
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
            ("}\n", "", "EOF"),
        ];
        for (old, new, message) in replaced {
            let error = Decisions::parse(&WHOLE.replace(old, new)).unwrap_err();
            let text = format!("{error:#}");
            assert!(text.contains(message), "{message}: {text}");
        }
    }
}
