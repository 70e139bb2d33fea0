//! What became of all files: the counts and the exit status.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use asyncmend::Fault;
use asyncmend_analysis::Asked;
use asyncmend_pipeline::{Decided, Decision, Declined, Transform};

use crate::args::FailOn;
use crate::mend::{Action, Looked, PatchSeen};
use crate::repeated::Repeated;
use crate::target::Target;
use crate::trouble::Trouble;

/// Counts over all files.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) action: Action,
    pub(crate) files: usize,
    pub(crate) changed: usize,
    pub(crate) unparsable: usize,
    /// Files that could not be read or written.
    pub(crate) unreachable: usize,
    /// Files that met a fault of ours.
    pub(crate) faults: usize,
    /// Fixes that were accepted and could not be applied.
    pub(crate) unmet: usize,
    /// Which sites make a check fail.
    pub(crate) fail_on: FailOn,
    /// Sites that were not there before, where that was asked.
    pub(crate) new: Option<usize>,
    /// Sites that a new comment silences.
    pub(crate) ignored: usize,
    /// Sites that no comment could silence.
    pub(crate) not_ignored: usize,
    /// For each transform, in order.
    sites: Vec<Sites>,
    /// How many files each target was for.
    pub(crate) targets: BTreeMap<Target, usize>,
    pub(crate) types: TypeTally,
    pub(crate) repeated: Repeated,
    patches: Vec<PatchSeen>,
    /// By the file: the transforms that rewrite sites in it.
    rewritten: HashMap<PathBuf, BTreeSet<&'static str>>,
}

/// What came of asking about types.
#[derive(Debug, Default)]
pub(crate) struct TypeTally {
    /// Whether types were wanted for some file.
    pub(crate) wanted: bool,
    /// How many files were asked about.
    pub(crate) files: usize,
    /// How many of them got no answer.
    pub(crate) failed: usize,
    /// The packages that were not found, and how many of the files import them.
    pub(crate) missing: BTreeMap<String, usize>,
}

impl TypeTally {
    fn add(&mut self, asked: &Asked) {
        self.wanted = true;
        match asked {
            Asked::Nothing => return,
            Asked::Answered { missing } => {
                for name in missing {
                    *self.missing.entry(name.clone()).or_default() += 1;
                }
            }
            Asked::Failed(_) => self.failed += 1,
        }
        self.files += 1;
    }
}

/// The sites of one transform.
#[derive(Debug)]
pub(crate) struct Sites {
    pub(crate) transform: &'static Transform,
    pub(crate) rewritten: usize,
    pub(crate) held: usize,
    /// By the caution that is in the way; a site may have several.
    pub(crate) held_by: BTreeMap<&'static str, usize>,
    /// Those that the user does not want mended.
    pub(crate) declined: usize,
    /// Those with whose fix the command of a verification fails.
    pub(crate) taken_back: usize,
    /// Those that the user has not decided about, and those whose fix is not there to be applied.
    pub(crate) undecided: usize,
    /// By the reason for which they are left alone.
    pub(crate) left: BTreeMap<&'static str, usize>,
}

impl Report {
    pub(crate) fn new(action: Action) -> Self {
        let sites = asyncmend_transforms::ALL.iter().map(|transform| Sites {
            transform,
            rewritten: 0,
            held: 0,
            held_by: BTreeMap::new(),
            declined: 0,
            taken_back: 0,
            undecided: 0,
            left: BTreeMap::new(),
        });
        Self {
            action,
            files: 0,
            changed: 0,
            unparsable: 0,
            unreachable: 0,
            faults: 0,
            unmet: 0,
            fail_on: FailOn::Any,
            new: None,
            ignored: 0,
            not_ignored: 0,
            sites: sites.collect(),
            targets: BTreeMap::new(),
            types: TypeTally::default(),
            repeated: Repeated::default(),
            patches: Vec::new(),
            rewritten: HashMap::new(),
        }
    }

    /// Counts the file at `path`.
    pub(crate) fn add(&mut self, path: &Path, looked: &Looked) {
        self.files += 1;
        self.patches.extend(looked.patches.iter().cloned());
        self.unmet += looked.unmet.len();
        match &looked.verdict {
            Ok(seen) => {
                self.changed += usize::from(seen.changed);
                if let Some(new) = seen.new {
                    *self.new.get_or_insert(0) += new;
                }
                if let Some(ignored) = &seen.ignored {
                    self.ignored += ignored.silenced;
                    self.not_ignored += ignored.left.len();
                }
                *self.targets.entry(seen.target.clone()).or_default() += 1;
                if let Some((project, helpers)) = &seen.helpers {
                    self.repeated.add(project, helpers);
                }
                if let Some(asked) = &seen.types {
                    self.types.add(asked);
                }
                let findings = seen.review.findings.iter();
                let rewritten = findings.filter(|it| matches!(it.decision, Decision::Rewrite(_)));
                let rewritten: BTreeSet<_> = rewritten.map(|it| it.transform.id).collect();
                if !rewritten.is_empty() {
                    self.rewritten.insert(path.to_path_buf(), rewritten);
                }
                for finding in &seen.review.findings {
                    self.add_site(finding);
                }
            }
            Err(trouble) => self.add_trouble(trouble),
        }
    }

    /// Counts something that is wrong with one file.
    pub(crate) fn add_trouble(&mut self, trouble: &Trouble) {
        match trouble {
            Trouble::Text(Fault::Unparsable { .. } | Fault::UnparsableCell { .. }) => {
                self.unparsable += 1;
            }
            Trouble::Text(Fault::Internal { .. }) => self.faults += 1,
            _ => self.unreachable += 1,
        }
    }

    fn add_site(&mut self, finding: &Decided) {
        let sites = self
            .sites
            .iter_mut()
            .find(|sites| sites.transform.id == finding.transform.id)
            .expect("only known transforms run");
        match &finding.decision {
            Decision::Rewrite(_) => sites.rewritten += 1,
            Decision::Held { in_the_way, .. } => {
                sites.held += 1;
                for caution in in_the_way {
                    *sites.held_by.entry(caution.code).or_default() += 1;
                }
            }
            Decision::Declined { because, .. } => match because {
                Declined::ByUser => sites.declined += 1,
                Declined::TakenBack => sites.taken_back += 1,
                Declined::Undecided | Declined::NotOffered => sites.undecided += 1,
            },
            Decision::Refused(refusal) => *sites.left.entry(refusal.code).or_default() += 1,
        }
    }

    /// The sites of each transform that has any, in order.
    pub(crate) fn sites(&self) -> impl Iterator<Item = &Sites> {
        self.sites.iter().filter(|sites| sites.total() > 0)
    }

    /// What is odd about the files together: they replace by its name what others were rewritten not to go
    /// through.
    pub(crate) fn warnings(&self) -> impl Iterator<Item = &str> {
        let is_of_rewritten = |patch: &&PatchSeen| match &patch.of {
            Some(of) => (self.rewritten.get(of)).is_some_and(|it| it.contains(patch.transform)),
            None => (self.rewritten.values()).any(|it| it.contains(patch.transform)),
        };
        let patches = self.patches.iter().filter(is_of_rewritten);
        patches.map(|patch| patch.warning.as_str())
    }

    /// Whether something is wrong with a file.
    pub(crate) fn has_trouble(&self) -> bool {
        self.unparsable + self.unreachable + self.faults + self.unmet > 0
    }

    /// 0: nothing to do, or done; 1: something to change or to look at; 2: trouble.
    pub(crate) fn exit_code(&self, exit_zero: bool) -> ExitCode {
        let something = match self.action {
            Action::Diff(_) => self.changed > 0,
            Action::Check(_) => match self.fail_on {
                FailOn::Any => self.sites().next().is_some(),
                FailOn::Fixable => self.sites.iter().any(|sites| sites.rewritten > 0),
                FailOn::New => self.new.is_some_and(|new| new > 0),
            },
            Action::AddIgnores { .. } => self.not_ignored > 0,
            Action::Fix | Action::Rewrite | Action::Split { .. } => false,
        };
        ExitCode::from(match (self.has_trouble(), something) {
            (true, _) => 2,
            (_, true) if !exit_zero => 1,
            _ => 0,
        })
    }
}

impl Sites {
    fn total(&self) -> usize {
        self.rewritten + self.held + self.passed_over() + self.left_alone()
    }

    /// How many have a fix, which somebody else than a caution keeps from being applied.
    pub(crate) fn passed_over(&self) -> usize {
        self.declined + self.taken_back + self.undecided
    }

    pub(crate) fn left_alone(&self) -> usize {
        self.left.values().sum()
    }
}
