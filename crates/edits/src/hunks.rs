use std::ops::Range;

use ruff_text_size::{TextRange, TextSize};
use similar::{Algorithm, ChangeTag, DiffOp, capture_diff, group_diff_ops};

use crate::patch::applied;
use crate::{Edit, Patch};

/// Unchanged lines around a change, as `git diff` shows them.
const CONTEXT: usize = 3;

/// Changed lines that stand together, with some unchanged ones around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// The lines of the text before, counted from 0.
    pub old: Range<usize>,
    /// The lines of the text after, counted from 0.
    pub new: Range<usize>,
    /// The lines as a unified diff has them, each after ` `, `-` or `+`.
    pub body: String,
    /// Whether all that changes here is inserted once for all patches that ask for it.
    pub is_shared: bool,
}

/// What differs between two texts. Only `\n` ends a line.
pub fn hunks(before: &str, after: &str) -> Vec<Hunk> {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    compared(&old, &new)
}

/// A text whose patches are to be shown, however many.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    /// Where each line starts, and where the last one ends.
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    /// The lines of `text`; only `\n` ends one.
    pub fn new(text: &'t str) -> Self {
        let ends = text.split_inclusive('\n').scan(0, |end, line| {
            *end += line.len();
            Some(*end)
        });
        let starts = std::iter::once(0).chain(ends).collect();
        Self { text, starts }
    }

    /// What `patch` changes, without a look at the rest of the text. It is shown apart for each of the `parts` of
    /// the text, which come in order and hold all that changes or what stands just before it, and apart for what is
    /// inserted once for all patches: lines around one may be around the other too.
    pub fn hunks(&self, patch: &Patch, parts: &[TextRange]) -> Vec<Hunk> {
        let mut hunks = Vec::new();
        // How many lines there are more after the patch, and how many fewer.
        let (mut more, mut fewer) = (0, 0);
        for (edits, part) in self.groups(patch, parts) {
            let window = self.window(edits, part);
            let old = self.lines(&window);
            let start = self.starts[window.start];
            let after = applied(edits, &self.text[start..self.starts[window.end]], start);
            let new: Vec<&str> = after.split_inclusive('\n').collect();
            let is_shared = edits.iter().all(Edit::is_shared);
            hunks.extend(compared(&old, &new).into_iter().map(|hunk| {
                let (old, new) = (window.start, window.start + more - fewer);
                Hunk {
                    old: hunk.old.start + old..hunk.old.end + old,
                    new: hunk.new.start + new..hunk.new.end + new,
                    is_shared,
                    ..hunk
                }
            }));
            more += new.len();
            fewer += old.len();
        }
        hunks
    }

    /// The lines that `range` touches and those around them, all unchanged; of those that `part` touches.
    pub fn excerpt(&self, range: TextRange, part: TextRange) -> Hunk {
        let window = self.around(&self.touched(range), part);
        let mut body = String::new();
        for line in self.lines(&window) {
            push(&mut body, ' ', line);
        }
        Hunk {
            old: window.clone(),
            new: window,
            body,
            is_shared: false,
        }
    }

    /// Where a line starts, counted from 0.
    pub fn start(&self, line: usize) -> TextSize {
        TextSize::try_from(self.starts[line]).expect("a text whose offsets are `TextSize`")
    }

    /// The edits of `patch`, those together whose lines, with the ones around them, meet in one of `parts`; and
    /// that part.
    fn groups<'p>(
        &self,
        patch: &'p Patch,
        parts: &[TextRange],
    ) -> impl Iterator<Item = (&'p [Edit], TextRange)> {
        let part = |edit: &Edit| {
            let next = parts.partition_point(|part| part.start() <= edit.range.start());
            parts[next.saturating_sub(1)]
        };
        let groups = patch.edits().chunk_by(move |one, next| {
            let is_close = || {
                let (one, next) = (self.touched(one.range), self.touched(next.range));
                next.start <= one.end + 2 * CONTEXT
            };
            part(one) == part(next) && one.is_shared() == next.is_shared() && is_close()
        });
        groups.map(move |edits| (edits, part(&edits[0])))
    }

    /// The lines around `edits`, which are not empty.
    fn window(&self, edits: &[Edit], part: TextRange) -> Range<usize> {
        let touched = edits.iter().map(|edit| self.touched(edit.range));
        let all = touched.reduce(|all, next| all.start..all.end.max(next.end));
        self.around(&all.expect("a group has an edit"), part)
    }

    /// `lines` with those around them that `part` touches.
    fn around(&self, lines: &Range<usize>, part: TextRange) -> Range<usize> {
        let bounds = self.touched(part);
        let first = lines.start.saturating_sub(CONTEXT);
        let last = lines.end + CONTEXT;
        first.clamp(bounds.start, bounds.end)..last.clamp(bounds.start, bounds.end)
    }

    /// The lines that `range` touches.
    fn touched(&self, range: TextRange) -> Range<usize> {
        let count = self.starts.len() - 1;
        let line = |offset: TextSize| {
            let next = self.starts.partition_point(|it| *it <= offset.to_usize());
            // Past the last line is the end of the text alone.
            next.saturating_sub(1).min(count)
        };
        let first = line(range.start());
        first..(line(range.end()) + 1).clamp(first, count.max(first))
    }

    fn lines(&self, window: &Range<usize>) -> Vec<&'t str> {
        window
            .clone()
            .map(|line| &self.text[self.starts[line]..self.starts[line + 1]])
            .collect()
    }
}

fn compared(old: &[&str], new: &[&str]) -> Vec<Hunk> {
    let mut ops = differences(old, new);
    slide(&mut ops, new);
    group_diff_ops(ops, CONTEXT)
        .iter()
        .filter_map(|group| {
            let (first, last) = (group.first()?, group.last()?);
            let mut body = String::new();
            for (tag, lines) in group.iter().flat_map(|op| op.iter_slices(old, new)) {
                let sign = match tag {
                    ChangeTag::Delete => '-',
                    ChangeTag::Insert => '+',
                    ChangeTag::Equal => ' ',
                };
                for line in lines {
                    push(&mut body, sign, line);
                }
            }
            Some(Hunk {
                old: first.old_range().start..last.old_range().end,
                new: first.new_range().start..last.new_range().end,
                body,
                is_shared: false,
            })
        })
        .collect()
}

/// How the lines of two texts differ. Most of a text is the same before the first difference and after the last one:
/// that is not compared line by line.
fn differences(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let same = old.iter().zip(new).take_while(|(one, other)| one == other);
    let above = same.count();
    let rest = old[above..].iter().rev().zip(new[above..].iter().rev());
    let below = rest.take_while(|(one, other)| one == other).count();
    let (old_end, new_end) = (old.len() - below, new.len() - below);
    let equal = |old_index: usize, new_index: usize, len: usize| DiffOp::Equal {
        old_index,
        new_index,
        len,
    };
    let mut ops = vec![equal(0, 0, above)];
    ops.extend(capture_diff(
        Algorithm::Patience,
        old,
        above..old_end,
        new,
        above..new_end,
    ));
    ops.push(equal(old_end, new_end, below));
    ops.retain(|op| !op.old_range().is_empty() || !op.new_range().is_empty());
    ops
}

/// A line of a unified diff.
fn push(body: &mut String, sign: char, line: &str) {
    body.push(sign);
    body.push_str(line);
    if !line.ends_with('\n') {
        body.push_str("\n\\ No newline at end of file\n");
    }
}

/// Joins two insertions with lines between them that stayed, where the second insertion ends with the
/// same lines: they may as well have stayed after it. Otherwise a new definition would be shown torn
/// apart by the blank lines around it.
fn slide(ops: &mut Vec<DiffOp>, new: &[&str]) {
    let mut index = 0;
    while index + 2 < ops.len() {
        let DiffOp::Insert {
            new_index,
            new_len: first,
            ..
        } = ops[index]
        else {
            index += 1;
            continue;
        };
        let (
            DiffOp::Equal { old_index, len, .. },
            DiffOp::Insert {
                new_len: second, ..
            },
        ) = (ops[index + 1], ops[index + 2])
        else {
            index += 1;
            continue;
        };
        let kept = new_index + first;
        let end = kept + len + second;
        if second < len || new[kept..kept + len] != new[end - len..end] {
            index += 1;
            continue;
        }
        let (equal_at, mut equal_len) = (end - len, len);
        let mut taken = 3;
        if let Some(DiffOp::Equal { len: next, .. }) = ops.get(index + 3) {
            equal_len += next;
            taken = 4;
        }
        ops.splice(
            index..index + taken,
            [
                DiffOp::Insert {
                    old_index,
                    new_index,
                    new_len: first + second,
                },
                DiffOp::Equal {
                    old_index,
                    new_index: equal_at,
                    len: equal_len,
                },
            ],
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{unified, unified_new};

    const TEXT: &str = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n";

    fn at(line: u32) -> TextSize {
        TextSize::new(2 * line)
    }

    fn all(text: &str) -> TextRange {
        TextRange::up_to(TextSize::of(text))
    }

    #[test]
    fn the_hunks_of_a_patch_are_those_of_its_texts() {
        let insert = |line| Edit::insert(at(line), "new\n");
        let delete = |line| Edit::delete(TextRange::new(at(line), at(line + 1)));
        let patches = [
            vec![insert(0)],
            vec![insert(12)],
            vec![delete(0), insert(11)],
            vec![insert(1), delete(4), delete(5)],
            vec![
                insert(0),
                Edit::replace(TextRange::new(at(5), at(7)), "f\nG\nx\n"),
            ],
            vec![delete(3), insert(10), insert(12)],
            vec![Edit::delete(all(TEXT))],
            vec![Edit::insert(at(12), "no line end")],
        ];
        for edits in patches {
            let patch = Patch::new(edits).unwrap();
            let expected = hunks(TEXT, &patch.apply(TEXT));
            assert_eq!(Lines::new(TEXT).hunks(&patch, &[all(TEXT)]), expected);
        }
    }

    #[test]
    fn parts_of_a_text_are_shown_apart() {
        let to = |line| at(line) - TextSize::new(1);
        let parts = [TextRange::new(at(0), to(4)), TextRange::new(at(5), to(12))];
        // At the end of one part, where its last line is over, and at the start of the next.
        let patch = Patch::new([
            Edit::insert(at(4), "new\n"),
            Edit::delete(TextRange::new(at(5), at(6))),
        ]);
        let shown = Lines::new(TEXT).hunks(&patch.unwrap(), &parts);
        let bodies: Vec<&str> = shown.iter().map(|it| it.body.as_str()).collect();
        assert_eq!(bodies, [" b\n c\n d\n+new\n", "-f\n g\n h\n i\n"]);
        assert_eq!((shown[1].old.clone(), shown[1].new.clone()), (5..9, 6..9));
        assert_eq!(
            Lines::new(TEXT)
                .excerpt(TextRange::empty(at(3)), parts[0])
                .body,
            " a\n b\n c\n d\n"
        );
    }

    #[test]
    fn what_is_inserted_for_all_is_told_from_the_rest() {
        let patch = Patch::new([
            Edit::insert_once(at(0), 1, "import asyncio\n"),
            Edit::insert(at(1), "new\n"),
        ]);
        let shared = Lines::new(TEXT).hunks(&patch.unwrap(), &[all(TEXT)]);
        let shared: Vec<bool> = shared.iter().map(|it| it.is_shared).collect();
        assert_eq!(shared, [true, false]);
    }

    #[test]
    fn an_empty_text_has_an_excerpt() {
        let lines = Lines::new("");
        assert_eq!(lines.excerpt(all(""), all("")).body, "");
        let patch = Patch::new([Edit::insert(at(0), "x\n")]).unwrap();
        assert_eq!(lines.hunks(&patch, &[all("")])[0].body, "+x\n");
        assert!(unified("a.py", "", "x\n").ends_with("@@ -0,0 +1 @@\n+x\n"));
        assert!(unified_new("a.py", "x\n").ends_with("@@ -0,0 +1 @@\n+x\n"));
    }
}
