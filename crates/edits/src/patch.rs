use std::cmp::Ordering;
use std::fmt;

use ruff_text_size::{TextLen, TextRange, TextSize};

/// One replaced range of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What goes, in bytes of the text before; empty for an insertion.
    pub range: TextRange,
    /// What comes in its place.
    pub content: String,
    /// An insertion that several fixes may ask for and that is made once. The number orders such
    /// insertions at one place.
    shared: Option<u8>,
    /// What comes instead of the content below a shared insertion of this rank or a higher one.
    below: Option<(u8, String)>,
    /// What of the content was taken from elsewhere in the text before, by position.
    moved: Vec<Moved>,
}

/// A part of what an edit writes that stood elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Where it begins in the edit's content.
    pub at: TextSize,
    /// Where it stood in the text before.
    pub from: TextRange,
}

impl Edit {
    /// Replaces `range` by `content`.
    pub fn replace(range: TextRange, content: impl Into<String>) -> Self {
        Self {
            range,
            content: content.into(),
            shared: None,
            below: None,
            moved: Vec::new(),
        }
    }

    /// Deletes `range`.
    pub fn delete(range: TextRange) -> Self {
        Self::replace(range, "")
    }

    /// Inserts `content` at `at`.
    pub fn insert(at: TextSize, content: impl Into<String>) -> Self {
        Self::replace(TextRange::empty(at), content)
    }

    /// Inserts `content` at `at`, once, however many patches of a round ask for it. Of several such
    /// insertions at one place the one with the lower `rank` comes first.
    pub fn insert_once(at: TextSize, rank: u8, content: impl Into<String>) -> Self {
        Self {
            shared: Some(rank),
            ..Self::insert(at, content)
        }
    }

    /// The same shared insertion, which inserts `content` instead where another one, of at least `rank`, comes
    /// before it at its place.
    #[must_use]
    pub fn below(self, rank: u8, content: impl Into<String>) -> Self {
        Self {
            below: Some((rank, content.into())),
            ..self
        }
    }

    /// The same edit, with what of its content stood elsewhere, by position: that leads back there.
    #[must_use]
    pub fn moving(self, moved: Vec<Moved>) -> Self {
        Self { moved, ..self }
    }

    /// Whether this was made by [`Edit::insert_once`].
    pub fn is_shared(&self) -> bool {
        self.shared.is_some()
    }
}

impl Edit {
    fn are_more_blanks_than(&self, other: &Self) -> bool {
        let is_blank = |edit: &Self| edit.content.trim().is_empty();
        (self.is_shared() && self.shared == other.shared && self.range == other.range)
            && (is_blank(self) && is_blank(other))
            && self.content.starts_with(&other.content)
    }

    /// Whether both are one insertion, of which one has come below another already.
    fn is_below_or_not(&self, other: &Self) -> bool {
        let is_below = |edit: &Self| {
            let content = edit.below.as_ref().map(|(_, content)| content);
            content.is_some_and(|it| *it == edit.content)
        };
        (self.shared == other.shared && self.range == other.range && self.below == other.below)
            && (is_below(self) || is_below(other))
    }

    /// Where the text before has what stands at `offset` of the content: where the edit begins, if it was not there.
    fn origin(&self, offset: TextSize) -> TextSize {
        // What ends there leads there, unless something else begins.
        let mut parts = self.moved.iter().rev();
        let part = parts.find(|it| it.at <= offset && offset <= it.at + it.from.len());
        part.map_or(self.range.start(), |it| it.from.start() + (offset - it.at))
    }

    fn come_below(&mut self, above: &Self) {
        let Some((rank, content)) = &self.below else {
            return;
        };
        if above.range == self.range && above.shared.is_some_and(|it| it >= *rank) {
            self.content.clone_from(content);
        }
    }
}

/// Two edits of one patch that want the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// The edit that begins first.
    pub first: TextRange,
    /// The edit that begins inside it.
    pub second: TextRange,
}

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "edits of {:?} and {:?} overlap", self.first, self.second)
    }
}

impl std::error::Error for Overlap {}

/// Edits that apply together or not at all: sorted by position and disjoint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Patch {
    edits: Vec<Edit>,
}

impl Patch {
    /// Orders `edits` by position; insertions at one place keep the order in which they are given,
    /// after the shared ones, which come by rank and then by the alphabet; of blanks of one rank the most are
    /// inserted. Edits that change nothing are left out.
    ///
    /// # Errors
    /// Where two edits overlap.
    pub fn new(edits: impl IntoIterator<Item = Edit>) -> Result<Self, Overlap> {
        let mut edits: Vec<Edit> = edits
            .into_iter()
            .filter(|edit| !edit.range.is_empty() || !edit.content.is_empty())
            .collect();
        let place = |edit: &Edit| {
            let rank = edit.shared.map_or(u16::MAX, u16::from);
            (edit.range.start(), edit.range.end(), rank)
        };
        edits.sort_by(|one, other| {
            place(one).cmp(&place(other)).then_with(|| {
                // Shared ones of one rank come by the alphabet, as imports do.
                let is_shared = one.is_shared() && other.is_shared();
                let by_content = is_shared.then(|| one.content.cmp(&other.content));
                by_content.unwrap_or(Ordering::Equal)
            })
        });
        edits.dedup_by(|later, earlier| {
            // By the alphabet, more blanks come after fewer.
            if later.are_more_blanks_than(earlier) {
                std::mem::swap(later, earlier);
                return true;
            }
            later.is_shared() && (later == earlier || later.is_below_or_not(earlier))
        });
        for index in 1..edits.len() {
            let (before, rest) = edits.split_at_mut(index);
            rest[0].come_below(&before[index - 1]);
        }
        for pair in edits.windows(2) {
            if pair[1].range.start() < pair[0].range.end() {
                return Err(Overlap {
                    first: pair[0].range,
                    second: pair[1].range,
                });
            }
        }
        Ok(Self { edits })
    }

    /// All edits of `patches` as one patch; what they share is made once.
    ///
    /// # Errors
    /// Where edits of two patches overlap.
    pub fn merge<'a>(patches: impl IntoIterator<Item = &'a Patch>) -> Result<Self, Overlap> {
        Self::new(
            patches
                .into_iter()
                .flat_map(|patch| patch.edits.iter().cloned()),
        )
    }

    /// The edits, by position.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// The text after the patch.
    ///
    /// # Panics
    /// If an edit does not lie within `before`, on character boundaries.
    pub fn apply(&self, before: &str) -> String {
        applied(&self.edits, before, 0)
    }

    /// Leads ranges of the text before, by position and with something between them, to the text after, each with
    /// what is inserted at its ends. No edit replaces text on both sides of an end.
    pub fn destinations(&self, before: &[TextRange]) -> Vec<TextRange> {
        let mut edits = self.edits.iter().peekable();
        let (mut gone, mut come) = (TextSize::default(), TextSize::default());
        let mut moved = |offset: TextSize, is_passed: &dyn Fn(TextRange) -> bool| {
            while let Some(edit) = edits.next_if(|edit| is_passed(edit.range)) {
                gone += edit.range.len();
                come += edit.content.text_len();
            }
            offset + come - gone
        };
        let destinations = before.iter().map(|range| {
            let start = moved(range.start(), &|edit| edit.start() < range.start());
            TextRange::new(start, moved(range.end(), &|edit| edit.end() <= range.end()))
        });
        destinations.collect()
    }

    /// Leads an offset of the text after back to the text before. Text that an edit wrote leads to
    /// where it stood before, else to the start of what the edit replaced.
    pub fn origin(&self, after: TextSize) -> TextSize {
        let after = after.to_u32();
        // Offsets of the two texts at the end of the last edit before `after`.
        let (mut old, mut new) = (0u32, 0u32);
        for edit in &self.edits {
            let start = new + (edit.range.start().to_u32() - old);
            if after < start {
                break;
            }
            let end = start + edit.content.text_len().to_u32();
            if after < end {
                return edit.origin(TextSize::new(after - start));
            }
            (old, new) = (edit.range.end().to_u32(), end);
        }
        TextSize::new(old + (after - new))
    }
}

/// What `edits`, by position and disjoint, make of `part`, which stands at `start` of their text.
pub(crate) fn applied(edits: &[Edit], part: &str, start: usize) -> String {
    let mut after = String::with_capacity(part.len() + 64 * edits.len());
    let mut done = 0;
    for edit in edits {
        after.push_str(&part[done..edit.range.start().to_usize() - start]);
        after.push_str(&edit.content);
        done = edit.range.end().to_usize() - start;
    }
    after.push_str(&part[done..]);
    after
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: u32, end: u32) -> TextRange {
        TextRange::new(start.into(), end.into())
    }

    #[test]
    fn applies_edits_by_position() {
        let patch = Patch::new([
            Edit::replace(range(4, 5), "="),
            Edit::insert(0.into(), "let "),
        ])
        .unwrap();
        assert_eq!(patch.apply("a = b"), "let a = =");
    }

    #[test]
    fn refuses_edits_that_overlap() {
        let error = Patch::new([Edit::delete(range(0, 3)), Edit::delete(range(2, 4))]).unwrap_err();
        assert_eq!((error.first, error.second), (range(0, 3), range(2, 4)));
    }

    #[test]
    fn makes_a_shared_insertion_once_and_in_the_order_of_ranks() {
        let one = Patch::new([
            Edit::insert_once(0.into(), 2, "class B\n"),
            Edit::delete(range(1, 2)),
        ])
        .unwrap();
        let two = Patch::new([
            Edit::insert_once(0.into(), 2, "class B\n"),
            Edit::insert_once(0.into(), 1, "class A\n"),
        ])
        .unwrap();
        assert_eq!(
            Patch::merge([&one, &two]).unwrap().apply("xyz"),
            "class A\nclass B\nxz"
        );
    }

    #[test]
    fn a_shared_insertion_may_look_otherwise_below_another() {
        let alone = Patch::new([
            Edit::insert_once(0.into(), 2, "\nb\n").below(1, "\n\nb\n"),
            Edit::insert_once(0.into(), 3, "\n"),
        ])
        .unwrap();
        let import = Patch::new([Edit::insert_once(0.into(), 0, "import a\n")]).unwrap();
        let other = Patch::new([
            Edit::insert_once(0.into(), 1, "a\n"),
            Edit::insert_once(0.into(), 3, "\n\n"),
        ])
        .unwrap();
        assert_eq!(alone.apply("x"), "\nb\n\nx");
        let below_import = Patch::merge([&alone, &import]).unwrap();
        assert_eq!(below_import.apply("x"), "import a\n\nb\n\nx");
        assert_eq!(Patch::merge([&below_import, &alone]).unwrap(), below_import);
        let in_place = Patch::new([
            Edit::insert_once(0.into(), 2, "b\n").below(0, "\nb\n"),
            Edit::insert_once(0.into(), 0, "import a\n"),
        ])
        .unwrap();
        let first = Patch::new([Edit::insert_once(0.into(), 2, "b\n").below(0, "\nb\n")]).unwrap();
        assert_eq!(first.apply("x"), "b\nx");
        for both in [[&in_place, &first], [&first, &in_place]] {
            assert_eq!(Patch::merge(both).unwrap().apply("x"), "import a\n\nb\nx");
        }
        let below_other = Patch::merge([&alone, &other]).unwrap();
        assert_eq!(below_other.apply("x"), "a\n\n\nb\n\n\nx");
    }

    #[test]
    fn leads_ranges_on() {
        // "abcdef" -> "XabZZfY"
        let patch = Patch::new([
            Edit::insert(0.into(), "X"),
            Edit::replace(range(2, 5), "ZZ"),
            Edit::insert(6.into(), "Y"),
        ])
        .unwrap();
        let moved = |before| patch.destinations(&[before])[0];
        assert_eq!(moved(range(0, 1)), range(0, 2));
        assert_eq!(moved(range(1, 5)), range(2, 5));
        assert_eq!(moved(range(2, 6)), range(3, 7));
        assert_eq!(moved(range(5, 6)), range(5, 7));
        let both = patch.destinations(&[range(0, 1), range(5, 6)]);
        assert_eq!(both, [range(0, 2), range(5, 7)]);
    }

    #[test]
    fn leads_offsets_back() {
        // "abcdef" -> "XabZZf"
        let patch = Patch::new([
            Edit::insert(0.into(), "X"),
            Edit::replace(range(2, 5), "ZZ"),
        ])
        .unwrap();
        assert_eq!(patch.apply("abcdef"), "XabZZf");
        let origins: Vec<u32> = (0..=6)
            .map(|at| patch.origin(TextSize::new(at)).to_u32())
            .collect();
        assert_eq!(origins, [0, 0, 1, 2, 2, 5, 6]);
    }

    #[test]
    fn leads_what_was_moved_back_to_where_it_stood() {
        // "abcdef" -> "aXefYbcd"
        let moved = Moved {
            at: 1.into(),
            from: range(4, 6),
        };
        let patch = Patch::new([
            Edit::insert(1.into(), "XefY").moving(vec![moved]),
            Edit::delete(range(4, 6)),
        ])
        .unwrap();
        assert_eq!(patch.apply("abcdef"), "aXefYbcd");
        let origins: Vec<u32> = (0..8)
            .map(|at| patch.origin(TextSize::new(at)).to_u32())
            .collect();
        assert_eq!(origins, [0, 1, 4, 5, 6, 1, 2, 3]);
    }
}
