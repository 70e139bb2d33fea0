use std::ops::Range;

use asyncmend_pipeline::{self as pipeline, Caution, Decided, Proposal, Refusal};

use crate::Position;
use crate::parts::code::Code;
use crate::parts::position::Lines;

/// What became of a text.
#[derive(Debug, Clone)]
pub struct Outcome<'t> {
    before: &'t str,
    /// Where it differs.
    after: Option<String>,
    findings: Vec<Finding>,
}

impl<'t> Outcome<'t> {
    pub(crate) fn new(before: &'t str, after: Option<String>, findings: Vec<Finding>) -> Self {
        Self {
            before,
            after,
            findings,
        }
    }

    /// The new text, which is the old one where nothing was to be done.
    pub fn text(&self) -> &str {
        self.after.as_deref().unwrap_or(self.before)
    }

    /// The new text, where there is one, and the findings.
    pub fn into_parts(self) -> (Option<String>, Vec<Finding>) {
        (self.after, self.findings)
    }

    /// Whether a byte differs.
    pub fn changed(&self) -> bool {
        self.after.is_some()
    }

    /// A finding for each site, by position.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The same for the file at `path`, in UTF-8.
    pub fn into_file(self, path: &str) -> FileOutcome {
        let diff = self.patch(path);
        let new = self.after.map(|text| NewFile {
            bytes: text.into_bytes(),
            patch: diff.into_bytes(),
        });
        FileOutcome {
            new,
            findings: self.findings,
        }
    }

    /// A unified diff of the file at `path`, which is relative, with `/`: `git apply` and `patch -p1` take it as it
    /// is. Empty where nothing differs.
    pub fn patch(&self, path: &str) -> String {
        asyncmend_edits::unified(path, self.before, self.text())
    }
}

/// What became of the bytes of a file.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct FileOutcome {
    /// What it is to be, where it differs.
    pub new: Option<NewFile>,
    /// A finding for each site, by position.
    pub findings: Vec<Finding>,
}

/// A file that differs.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct NewFile {
    /// All of it.
    pub bytes: Vec<u8>,
    /// A unified diff, which `git apply` and `patch -p1` take as it is.
    pub patch: Vec<u8>,
}

/// What was decided about one site.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Finding {
    /// The name of the transform whose site it is: `wait-for`.
    pub transform: &'static str,
    /// The flaw that the site has, a sentence.
    pub why: &'static str,
    /// The site, in bytes of the text; none in a notebook, whose text is JSON.
    pub bytes: Option<Range<usize>>,
    /// Where the site starts.
    pub start: Position,
    /// Where it ends: behind its last character.
    pub end: Position,
    /// What is done with it.
    pub decision: Decision,
}

/// What can become of a site.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Decision {
    /// It is rewritten, by a fix whose cautions are all accepted.
    Rewrite(Fix),
    /// There is a fix, but not all of its cautions are accepted.
    Held {
        /// The one that needs the fewest cautions accepted.
        fix: Fix,
        /// Those that are not; never empty.
        in_the_way: Vec<&'static Caution>,
    },
    /// It is left alone.
    Refused(&'static Refusal),
}

impl Decision {
    /// The word for it in all output: `rewrite`, `held`, `refuse`.
    pub fn word(&self) -> &'static str {
        match self {
            Decision::Rewrite(_) => "rewrite",
            Decision::Held { .. } => "held",
            Decision::Refused(_) => "refuse",
        }
    }

    /// The fix that is applied, or would be.
    pub fn fix(&self) -> Option<&Fix> {
        match self {
            Decision::Rewrite(fix) | Decision::Held { fix, .. } => Some(fix),
            Decision::Refused(_) => None,
        }
    }

    /// The cautions that would have to be accepted; empty unless it is held.
    pub fn in_the_way(&self) -> &[&'static Caution] {
        match self {
            Decision::Held { in_the_way, .. } => in_the_way,
            Decision::Rewrite(_) | Decision::Refused(_) => &[],
        }
    }

    /// What is done, or why nothing is.
    pub fn message(&self) -> &str {
        match self {
            Decision::Rewrite(fix) | Decision::Held { fix, .. } => &fix.what,
            Decision::Refused(refusal) => refusal.because,
        }
    }
}

/// One way to mend a site.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Fix {
    /// What it does, imperative, no full stop: "keep the task with `_keep_task`".
    pub what: String,
    /// How it may differ; none means that nothing but the flaw does.
    pub cautions: Vec<&'static Caution>,
}

impl From<Proposal> for Fix {
    fn from(proposal: Proposal) -> Self {
        Self {
            what: proposal.what,
            cautions: proposal.cautions,
        }
    }
}

/// What was `decided` about the sites of `code`.
pub(crate) fn findings(code: &Code<'_>, decided: Vec<Decided>) -> Vec<Finding> {
    if decided.is_empty() {
        return Vec::new();
    }
    let lines = Lines::new(code.text());
    let finding = |decided: Decided| Finding {
        transform: decided.transform.id,
        why: decided.transform.flaw,
        bytes: matches!(code, Code::Module(_)).then(|| decided.at.to_std_range()),
        start: code.position(&lines, decided.at.start()),
        end: code.position(&lines, decided.at.end()),
        decision: decision(decided.decision),
    };
    decided.into_iter().map(finding).collect()
}

fn decision(decision: pipeline::Decision) -> Decision {
    match decision {
        pipeline::Decision::Rewrite(proposal) => Decision::Rewrite(proposal.into()),
        pipeline::Decision::Held {
            proposal,
            in_the_way,
        } => Decision::Held {
            fix: proposal.into(),
            in_the_way,
        },
        pipeline::Decision::Refused(refusal) => Decision::Refused(refusal),
        pipeline::Decision::Declined { .. } => {
            unreachable!("nobody was asked about single sites")
        }
    }
}
