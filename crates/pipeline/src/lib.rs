//! Ordered transforms, run in rounds: text in, [`Outcome`] out.
//!
//! Reads no file, prints nothing, and knows of no particular transform.

mod choose;
mod decide;
mod ignores;
mod run;

use std::fmt;

pub use asyncmend_edits::{Edit, Patch, TextRange, TextSize};
pub use asyncmend_source::{
    Around, Cancels, Elsewhere, Errors, FunctionId, HelperModule, ImportStyle, Importable, Keeper,
    Kinds, Known, ModuleName, NamePatterns, Options, Preferences, PythonVersion, Shade,
    SharedWaits, Silences, Source, Style, SyntaxError, TaskMaker, Types, check_length,
    imported_functions, is_identifier, is_standard_module, may_look_at, may_name_module,
    may_patch_on_import, may_replace_in_module, names_for_others, too_deep_to_parse,
};

pub use choose::{Choice, Choose, Declined};
pub use decide::Consent;
pub use ignores::{Ignored, Ignoring};
pub use run::{Pipeline, Settings, TaskMakers};

/// One kind of mend: a row of data, so that a list of these is the whole plan.
#[derive(Debug)]
pub struct Transform {
    /// The name in flags, configuration and output: `wait-for`.
    pub id: &'static str,
    /// One line, imperative, no full stop.
    pub summary: &'static str,
    /// The same as the subject of a commit, that a place may follow: "Keep references to asyncio tasks".
    pub subject: &'static str,
    /// One sentence: the flaw that a site has.
    pub flaw: &'static str,
    /// Where CPython's own pages tell of the flaw.
    pub reference: &'static str,
    /// The page that `explain` prints, Markdown.
    pub doc: &'static str,
    /// Groups of words: a file that lacks one of each group has no site.
    pub needles: &'static [&'static [Needle]],
    /// The members of asyncio whose rewritten calls mean something else to tests that patch them.
    pub replaces: Option<Replaces>,
    /// The first Python without the flaw; for targets from there on the transform runs only where
    /// it is selected by name.
    pub fixed_in: Option<PythonVersion>,
    /// Every reason for which this transform may leave a site alone.
    pub refusals: &'static [Refusal],
    /// Every caution that a fix of this transform may have.
    pub cautions: &'static [Caution],
    /// Finds and judges the sites of one file, in the order of the file. Pure.
    pub find: fn(&Source<'_>) -> Vec<Finding>,
    /// Finds the functions of one file whose calls in other files may be sites. Pure.
    pub learn: Option<Learn>,
    /// Removes what has lost its use to this transform, where something can.
    pub tidy: Option<Tidy>,
}

/// A word that a file has to have somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needle {
    /// Anywhere.
    Word(&'static str),
    /// Where it may be called, handed on, given another name or replaced: not in mere prose, and not in
    /// `asyncio.Task[None]`.
    Callee(&'static str),
}

/// Removes what has lost its use to a transform.
#[derive(Debug, Clone, Copy)]
pub struct Tidy {
    /// Whether a file before its first round has something that may lose its use. Pure.
    pub may_find: fn(&Source<'_>) -> bool,
    /// Given the file before its first round and after its last, a patch of the latter. Pure.
    pub find: fn(&Source<'_>, &Source<'_>) -> Patch,
}

impl Transform {
    /// Whether it changes nothing: no fix of it exists, and none could differ.
    pub fn only_reports(&self) -> bool {
        self.cautions.is_empty()
    }
}

/// Finds the functions of a file that give back a task to which nothing else refers, by the place of
/// their name in bytes.
pub type Learn = fn(&Source<'_>) -> Vec<(TextRange, TaskMaker)>;

/// What a transform says of one site.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The call that is the site, in bytes of the text that was searched.
    pub at: TextRange,
    /// What can be done about it.
    pub verdict: Verdict,
}

/// What can be done about a site.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// The candidates, best first; never empty.
    Fixable(Vec<Fix>),
    /// No candidate exists.
    Refused(&'static Refusal),
}

/// One way to mend a site.
#[derive(Debug, Clone)]
pub struct Fix {
    /// What it does, imperative, no full stop: "keep the task with `_keep_task`".
    pub what: String,
    /// How it may differ; none means safe.
    pub cautions: Vec<&'static Caution>,
    /// The text whose meaning was judged; no other fix of the round may claim any of it.
    pub claims: TextRange,
    /// The change.
    pub patch: Patch,
}

/// A named way in which a fix may behave differently.
#[derive(Debug, PartialEq, Eq)]
pub struct Caution {
    /// The name in flags and output: `zero-timeout`.
    pub code: &'static str,
    /// What may differ, a clause without a full stop.
    pub what_differs: &'static str,
    /// When it does, a clause without a full stop.
    pub when: &'static str,
    /// Whether it is accepted unless the user says otherwise.
    pub accepted: bool,
}

/// A named reason to leave a site alone.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The name in output and for `explain`: `collects-errors`.
    pub code: &'static str,
    /// Why, a clause without a full stop.
    pub because: &'static str,
    /// What the user can do, imperative, no full stop.
    pub remedy: &'static str,
    /// Which fixes of other code do not take the reason away.
    pub lasts: Lasts,
}

/// Where other code may be fixed without a change to why a site is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasts {
    /// Anywhere: the call itself is the reason.
    Always,
    /// In other statements, unless its own gives the value of the call a name: what its value is used for is the reason.
    InOtherStatements,
    /// In other functions alone.
    InOtherFunctions,
}

/// What was decided about one site of the user's text.
#[derive(Debug, Clone)]
pub struct Decided {
    /// The transform whose site it is.
    pub transform: &'static Transform,
    /// The site, in bytes of the user's text.
    pub at: TextRange,
    /// The decision.
    pub decision: Decision,
    /// All fixes of the site, best first; empty where there is none or they are not asked for.
    pub candidates: Vec<Proposal>,
}

/// What can become of a site.
#[derive(Debug, Clone)]
pub enum Decision {
    /// Rewritten by `fix`, whose cautions are all accepted.
    Rewrite(Proposal),
    /// There is a fix, but some of its cautions are not accepted: those are named in `in_the_way`.
    Held {
        /// The candidate that needs the fewest cautions accepted.
        proposal: Proposal,
        /// The cautions that stop it; never empty.
        in_the_way: Vec<&'static Caution>,
    },
    /// There is a fix, and the user does not want it here.
    Declined {
        /// The candidate that would be taken, or needs the fewest cautions accepted.
        proposal: Proposal,
        /// What the user said.
        because: Declined,
    },
    /// Left alone.
    Refused(&'static Refusal),
}

impl Decision {
    /// The fix that is applied, or would be.
    pub fn proposal(&self) -> Option<&Proposal> {
        match self {
            Decision::Rewrite(proposal)
            | Decision::Held { proposal, .. }
            | Decision::Declined { proposal, .. } => Some(proposal),
            Decision::Refused(_) => None,
        }
    }

    fn proposal_mut(&mut self) -> Option<&mut Proposal> {
        match self {
            Decision::Rewrite(proposal)
            | Decision::Held { proposal, .. }
            | Decision::Declined { proposal, .. } => Some(proposal),
            Decision::Refused(_) => None,
        }
    }
}

/// A fix, placed in the user's text.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// What it does.
    pub what: String,
    /// How it may differ; none means safe.
    pub cautions: Vec<&'static Caution>,
    /// What this fix alone would change in the user's text, in bytes of it; empty where the site
    /// only shows after another fix, and where candidates are not asked for.
    pub edits: Vec<Edit>,
}

impl Proposal {
    /// That of `fix`, without edits so far.
    fn of(fix: &Fix) -> Self {
        Self {
            what: fix.what.clone(),
            cautions: fix.cautions.clone(),
            edits: Vec::new(),
        }
    }
}

/// Everything there is to say about one file that could be parsed.
#[derive(Debug, Clone, Default)]
pub struct Review {
    /// A decision for each site, by position and then by transform.
    pub findings: Vec<Decided>,
    /// `# asyncmend: ignore` comments of the user's text that silence nothing.
    pub unused_ignores: Vec<TextRange>,
    /// Where the user's text gives another meaning to a member of asyncio that rewritten calls, in other
    /// files above all, no longer go through: the first such place for each.
    pub patches: Vec<AsyncioPatch>,
    /// What the applied fixes claimed, in bytes of the user's text: sorted and disjoint. Outside of
    /// these only insertions that fixes share were made.
    pub claims: Vec<TextRange>,
}

/// What a transform does to the calls of some members of asyncio, as far as those can tell who put
/// something else in their place.
#[derive(Debug, Clone, Copy)]
pub struct Replaces {
    /// The names of the members.
    pub members: &'static [&'static str],
    /// What is different for whoever replaces one, and what to do.
    pub so: &'static str,
}

/// A place that replaces a member of asyncio by its name, as tests do.
#[derive(Debug, Clone)]
pub struct AsyncioPatch {
    /// The transform that rewrites calls of the member.
    pub transform: &'static Transform,
    /// The member's name.
    pub member: &'static str,
    /// What is different for it, and what to do.
    pub so: &'static str,
    /// The place, in bytes of the user's text.
    pub at: TextRange,
}

/// What became of one file.
#[derive(Debug)]
pub enum Outcome {
    /// Not a byte differs.
    Unchanged {
        /// The decisions.
        review: Review,
    },
    /// At least one fix was applied.
    Changed {
        /// The decisions.
        review: Review,
        /// The new text. It was parsed again.
        after: String,
    },
    /// The file's trouble: nothing was tried.
    Unparsable(SyntaxError),
    /// Our trouble: nothing of it is kept.
    Broken {
        /// The transform at work.
        transform: &'static str,
        /// What went wrong.
        bug: Bug,
    },
}

/// A fault of this tool.
#[derive(Debug)]
pub enum Bug {
    /// The text that the transform wrote is no Python.
    DoesNotParse(SyntaxError),
    /// The transform panicked, with this message.
    Panicked(String),
    /// A transform found something to do in every round.
    NeverSettled,
}

impl fmt::Display for Bug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bug::DoesNotParse(error) => {
                write!(f, "the result would not parse ({})", error.message)
            }
            Bug::Panicked(message) => write!(f, "panicked: {message}"),
            Bug::NeverSettled => write!(f, "found something to do in every round"),
        }
    }
}
