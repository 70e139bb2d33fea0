//! Whether changes of one text can be applied apart from each other, in any order.
//!
//! A hunk is found by the lines that it shows, at the line that it names or the nearest one where they stand. So it
//! has to be there once, wherever other changes have moved it, and no other may touch what it shows.

use std::ops::Range;

use asyncmend_edits::{Hunk, hunks};

/// Lines of a text before, and what comes in their place.
struct Change<'t> {
    /// Those that the hunk shows.
    shown: Range<usize>,
    /// Those that go, and the place where new ones come.
    old: Range<usize>,
    new: Vec<&'t str>,
}

impl<'t> Change<'t> {
    fn of(hunk: &Hunk, after: &[&'t str]) -> Self {
        let lines: Vec<&str> = hunk.body.split_inclusive('\n').collect();
        let is_context = |line: &&&str| line.starts_with(' ');
        let leading = lines.iter().take_while(is_context).count();
        // What says that a line has no end is none of the text.
        let trailing = lines.iter().rev().skip_while(|it| it.starts_with('\\'));
        let trailing = trailing.take_while(is_context).count();
        Self {
            shown: hunk.old.clone(),
            old: hunk.old.start + leading..hunk.old.end - trailing,
            new: after[hunk.new.start + leading..hunk.new.end - trailing].to_vec(),
        }
    }

    /// Whether this changes what `other` shows, its ends included.
    fn touches(&self, other: &Self) -> bool {
        self.old.start <= other.shown.end && other.shown.start <= self.old.end
    }
}

/// What some, but not one and not all, of the changes make of `before`, where they are independent: each leads from
/// `before` to one of `texts`, and all together lead to `after`, whatever their order. None where they are not.
pub(crate) fn independent(before: &str, texts: &[String], after: &str) -> Option<Vec<String>> {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let all: Vec<Vec<Change>> = texts
        .iter()
        .map(|text| {
            let new: Vec<&str> = text.split_inclusive('\n').collect();
            let hunks = hunks(before, text);
            hunks.iter().map(|hunk| Change::of(hunk, &new)).collect()
        })
        .collect();
    let meet = |one: &[Change], other: &[Change]| {
        (one.iter()).any(|one| {
            let mut others = other.iter();
            others.any(|other| one.touches(other) || other.touches(one))
        })
    };
    for (index, one) in all.iter().enumerate() {
        if all[index + 1..].iter().any(|other| meet(one, other)) {
            return None;
        }
    }
    let mut between = Vec::new();
    // There are as many transforms as fingers of a hand.
    for chosen in 0..1_usize << all.len() {
        let is_chosen = |index: usize| chosen & (1 << index) != 0;
        let parts = all
            .iter()
            .enumerate()
            .filter(|(index, _)| is_chosen(*index));
        let lines = applied(&old, parts.flat_map(|(_, part)| part));
        let others = all
            .iter()
            .enumerate()
            .filter(|(index, _)| !is_chosen(*index));
        let mut hunks = others.flat_map(|(_, part)| part);
        if !hunks.all(|change| occurs_once(&lines, &old[change.shown.clone()])) {
            return None;
        }
        match chosen.count_ones() as usize {
            0 | 1 => {}
            count if count == all.len() => {
                if lines.concat() != after {
                    return None;
                }
            }
            _ => between.push(lines.concat()),
        }
    }
    Some(between)
}

/// `lines` with `changes`, which touch each other nowhere.
fn applied<'t: 'c, 'c>(
    lines: &[&'t str],
    changes: impl Iterator<Item = &'c Change<'t>>,
) -> Vec<&'t str> {
    let mut changes: Vec<&Change> = changes.collect();
    changes.sort_by_key(|change| change.old.start);
    let mut out = Vec::new();
    let mut at = 0;
    for change in changes {
        out.extend_from_slice(&lines[at..change.old.start]);
        out.extend_from_slice(&change.new);
        at = change.old.end;
    }
    out.extend_from_slice(&lines[at..]);
    out
}

fn occurs_once(lines: &[&str], part: &[&str]) -> bool {
    let found = lines.windows(part.len().max(1)).filter(|it| *it == part);
    found.take(2).count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text of lines with these numbers, some replaced.
    fn text(replaced: &[(usize, &str)]) -> String {
        let line = |number| {
            let new = replaced.iter().find(|(at, _)| *at == number);
            new.map_or_else(
                || format!("line {number}\n"),
                |(_, text)| (*text).to_owned(),
            )
        };
        (0..40).map(line).collect()
    }

    #[test]
    fn what_is_far_apart_can_be_divided() {
        let texts = [
            text(&[(3, "a\nb\n"), (38, "")]),
            text(&[(12, "")]),
            text(&[(20, "c\n")]),
        ];
        let after = text(&[(3, "a\nb\n"), (12, ""), (20, "c\n"), (38, "")]);
        let between = independent(&text(&[]), &texts, &after).unwrap();
        assert_eq!(between.len(), 3);
        assert!(between.contains(&text(&[(12, ""), (20, "c\n")])));
    }

    #[test]
    fn what_touches_or_is_not_all_cannot() {
        let one = text(&[(10, "a\n")]);
        for at in [6, 7, 10, 13, 14] {
            let after = text(&[(10, "a\n"), (at, "b\n")]);
            let texts = [one.clone(), text(&[(at, "b\n")])];
            assert_eq!(independent(&text(&[]), &texts, &after), None, "{at}");
        }
        let texts = [one, text(&[(30, "b\n")])];
        let after = text(&[(10, "a\n"), (30, "c\n")]);
        assert_eq!(independent(&text(&[]), &texts, &after), None);
    }

    #[test]
    fn what_could_be_found_elsewhere_cannot() {
        // Seven equal lines stand above the place, and the other change moves that.
        let same = "x\n".repeat(20);
        let before = format!("top\n{same}y\n{same}");
        let texts = [
            format!("top\nnew\n{same}y\n{same}"),
            format!("top\n{same}z\n{same}"),
        ];
        let after = format!("top\nnew\n{same}z\n{same}");
        assert!(independent(&before, &texts, &after).is_some());
        let texts = [texts[0].clone(), format!("top\n{same}y\n{same}z\n")];
        let after = format!("top\nnew\n{same}y\n{same}z\n");
        assert_eq!(independent(&before, &texts, &after), None);
    }
}
