//! The ways in which control may leave a piece of code.

/// A set of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ways(u8);

impl Ways {
    pub(super) const NONE: Self = Self(0);
    /// To what comes next.
    pub(super) const ON: Self = Self(1);
    pub(super) const BREAK: Self = Self(1 << 1);
    pub(super) const CONTINUE: Self = Self(1 << 2);
    /// By a `return`, or a `raise` of anything but the next two; not by what a call raises.
    pub(super) const LEAVE: Self = Self(1 << 3);
    /// By a `raise` of what was caught.
    pub(super) const RAISE: Self = Self(1 << 4);
    /// By a `raise` of something else, where that is told apart.
    pub(super) const FAIL: Self = Self(1 << 5);

    pub(super) fn when(self, holds: bool) -> Self {
        if holds { self } else { Self::NONE }
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// These, and where they lead on, those instead.
    pub(super) fn then(self, next: Self) -> Self {
        self.without(Self::ON).or(next)
    }

    /// These of the turns of a loop, behind it, and those of its `else`, from which `end` leads on.
    pub(super) fn repeated(self, end: Self) -> Self {
        let of_turns = Self::ON.or(Self::CONTINUE).or(Self::BREAK);
        let left = Self::ON.when(self.has(Self::BREAK));
        self.without(of_turns).or(left).or(end)
    }

    pub(super) fn has(self, one: Self) -> bool {
        self.0 & one.0 != 0
    }

    pub(super) fn are_any(self) -> bool {
        self != Self::NONE
    }
}
