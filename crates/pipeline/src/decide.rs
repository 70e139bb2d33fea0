use std::collections::BTreeSet;

use crate::{Caution, Fix};

/// Which cautions the user accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    base: Base,
    accepted: BTreeSet<String>,
    rejected: BTreeSet<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Base {
    AsDesigned,
    All,
    None,
}

impl Default for Consent {
    /// The cautions that are accepted from the start.
    fn default() -> Self {
        Self {
            base: Base::AsDesigned,
            accepted: BTreeSet::new(),
            rejected: BTreeSet::new(),
        }
    }
}

impl Consent {
    /// Every caution is accepted (`--unsafe-fixes`).
    pub fn all() -> Self {
        Self {
            base: Base::All,
            ..Self::default()
        }
    }

    /// No caution is accepted (`--strict`).
    pub fn none() -> Self {
        Self {
            base: Base::None,
            ..Self::default()
        }
    }

    /// Accepts the caution `code` in addition; the last word on a code counts.
    #[must_use]
    pub fn accept(mut self, code: impl Into<String>) -> Self {
        let code = code.into();
        self.rejected.remove(&code);
        self.accepted.insert(code);
        self
    }

    /// Does not accept the caution `code`; the last word on a code counts.
    #[must_use]
    pub fn reject(mut self, code: impl Into<String>) -> Self {
        let code = code.into();
        self.accepted.remove(&code);
        self.rejected.insert(code);
        self
    }

    /// Whether `caution` is accepted.
    pub fn accepts(&self, caution: &Caution) -> bool {
        if self.accepted.contains(caution.code) {
            return true;
        }
        if self.rejected.contains(caution.code) {
            return false;
        }
        match self.base {
            Base::AsDesigned => caution.accepted,
            Base::All => true,
            Base::None => false,
        }
    }

    /// The cautions of `fix` that are not accepted.
    pub(crate) fn in_the_way(&self, fix: &Fix) -> Vec<&'static Caution> {
        fix.cautions
            .iter()
            .copied()
            .filter(|caution| !self.accepts(caution))
            .collect()
    }
}
