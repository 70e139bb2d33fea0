use crate::{Consent, Fix, TextSize, Transform};

/// What the user says about a site, by its transform and where it starts in the user's text.
pub type Choose<'c> = dyn Fn(&Transform, TextSize) -> Choice + 'c;

/// What the user says about one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// What is accepted counts, as where nothing is said.
    ByConsent,
    /// To take this candidate, whatever its cautions, and no other.
    Take {
        /// What it does.
        what: String,
        /// The codes of its cautions.
        cautions: Vec<String>,
    },
    /// To leave the site alone in every round.
    Leave(Declined),
}

/// Why a site that has a fix is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declined {
    /// The user does not want it.
    ByUser,
    /// A command of the user's fails with the fix.
    TakenBack,
    /// The user has not decided yet.
    Undecided,
    /// The user wants a fix that the site does not have.
    NotOffered,
}

impl Choice {
    /// The one of `candidates` to apply.
    pub(crate) fn fix<'f>(&self, candidates: &'f [Fix], consent: &Consent) -> Option<&'f Fix> {
        match self {
            Choice::ByConsent => candidates
                .iter()
                .find(|fix| consent.in_the_way(fix).is_empty()),
            Choice::Take { what, cautions } => candidates.iter().find(|fix| {
                let codes = fix.cautions.iter().map(|caution| caution.code);
                fix.what == *what && codes.eq(cautions.iter().map(String::as_str))
            }),
            Choice::Leave(_) => None,
        }
    }
}
