use asyncmend_edits::{Edit, Moved, TextRange, TextSize};
use asyncmend_source::{Shift, Source};

/// New text for one stretch of a file, made of pieces that are written and pieces of the old text
/// that stay where they are.
///
/// Pieces that stay are given in the order of the file; whatever lies between two of them goes.
pub struct Draft<'s, 'a> {
    source: &'s Source<'a>,
    line_ending: &'s str,
    end: TextSize,
    /// Up to here the old text has been dealt with.
    done: TextSize,
    /// What is written there before the next piece that stays.
    pending: String,
    /// What of that stood elsewhere.
    moved: Vec<Moved>,
    edits: Vec<Edit>,
}

impl<'s, 'a> Draft<'s, 'a> {
    /// A draft for `range` of `source`.
    pub fn new(source: &'s Source<'a>, range: TextRange) -> Self {
        Self {
            source,
            line_ending: source.line_ending(range.start()),
            end: range.end(),
            done: range.start(),
            pending: String::new(),
            moved: Vec::new(),
            edits: Vec::new(),
        }
    }

    /// Writes `text`, in which `\n` stands for the file's line ending.
    pub fn write(&mut self, text: &str) -> &mut Self {
        if self.line_ending == "\n" {
            self.pending.push_str(text);
        } else {
            self.pending.push_str(&text.replace('\n', self.line_ending));
        }
        self
    }

    /// As [`Draft::write`], of a text that stands at the start or the end of `from`, but for blanks.
    pub fn write_moved(&mut self, text: &str, from: TextRange) -> &mut Self {
        let start = self.pending.len();
        self.write(text);
        let old = self.source.slice(from);
        let written = marks(&self.pending[start..]);
        let stood = marks(old);
        let chars = |marks: &[(usize, char)]| marks.iter().map(|it| it.1).collect::<String>();
        let (chars_written, chars_stood) = (chars(&written), chars(&stood));
        let skipped = if chars_stood.starts_with(&chars_written) {
            0
        } else if chars_stood.ends_with(&chars_written) {
            stood.len() - written.len()
        } else {
            return self;
        };
        for ((new, char), (old, _)) in written.iter().zip(&stood[skipped..]) {
            let at = size(start + new);
            let range = TextRange::at(from.start() + size(*old), size(char.len_utf8()));
            match self.moved.last_mut() {
                Some(last)
                    if last.at + last.from.len() == at && last.from.end() == range.start() =>
                {
                    last.from = last.from.cover(range);
                }
                _ => self.moved.push(Moved { at, from: range }),
            }
        }
        self
    }

    /// Leaves `range` as it is.
    ///
    /// # Panics
    /// If the range begins before the end of one that was kept already.
    pub fn keep(&mut self, range: TextRange) -> &mut Self {
        self.replace_up_to(range.start());
        self.done = range.end();
        self
    }

    /// Leaves `range` as it is but for the indentation of the lines that begin in it, strings left
    /// alone.
    ///
    /// # Panics
    /// If the range begins before the end of one that was kept already.
    pub fn keep_shifted(&mut self, range: TextRange, shift: &Shift) -> &mut Self {
        self.keep(range);
        for line in self.source.layout_lines(range) {
            self.edits.extend(shifted(self.source, line, shift));
        }
        self
    }

    /// Leaves `range`, which begins at `column` now, as it is but for the indentation of the lines that begin in it:
    /// where they are aligned with something in its first line they move along with that, and else as `shift` says.
    ///
    /// # Panics
    /// If the range begins before the end of one that was kept already.
    pub fn keep_aligned(&mut self, range: TextRange, column: usize, shift: &Shift) -> &mut Self {
        let along = self.shift_along(range, column, shift);
        self.keep_shifted(range, along.as_ref().unwrap_or(shift))
    }

    /// How the lines that begin in `range`, which begins at `column` now, move along with its first line where they are
    /// aligned with something in that; none where they move as `shift` says.
    pub fn shift_along(&self, range: TextRange, column: usize, shift: &Shift) -> Option<Shift> {
        let blanks = |columns: usize| " ".repeat(columns);
        let old = self.source.column(range.start());
        let moves = is_aligned(self.source, range, old) && shift.to.chars().all(|c| c == ' ');
        moves.then(|| Shift {
            from: blanks(old),
            to: blanks(column),
        })
    }

    /// The edits that make the draft of the old text.
    pub fn into_edits(mut self) -> Vec<Edit> {
        self.replace_up_to(self.end);
        self.edits
    }

    fn replace_up_to(&mut self, end: TextSize) {
        let gap = TextRange::new(self.done, end);
        let new = std::mem::take(&mut self.pending);
        let moved = std::mem::take(&mut self.moved);
        let edit = minimal(self.source.slice(gap), gap, &new);
        self.edits.extend(edit.map(|edit| {
            // Both begin with so much of the old text.
            let kept = edit.range.start() - gap.start();
            let written = TextRange::at(kept, size(edit.content.len()));
            let moved = moved.into_iter().filter_map(|it| {
                let part = TextRange::at(it.at, it.from.len()).intersect(written)?;
                let start = it.from.start() + (part.start() - it.at);
                (!part.is_empty()).then(|| Moved {
                    at: part.start() - kept,
                    from: TextRange::at(start, part.len()),
                })
            });
            let moved = moved.collect();
            edit.moving(moved)
        }));
    }
}

/// The characters of `text` that are no blanks, each with where it begins.
fn marks(text: &str) -> Vec<(usize, char)> {
    let all = text.char_indices();
    all.filter(|(_, char)| !char.is_whitespace()).collect()
}

fn size(length: usize) -> TextSize {
    TextSize::try_from(length).expect("within a parsed file")
}

/// The edit that turns `old`, which stands at `range`, into `new`, without what both begin or end
/// with; none where they are equal.
fn minimal(old: &str, range: TextRange, new: &str) -> Option<Edit> {
    if old == new {
        return None;
    }
    let common = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs
            .take_while(|(one, other)| one == other)
            .map(|(one, _)| one.len_utf8())
            .sum()
    };
    let prefix = common(&mut old.chars().zip(new.chars()));
    let (old, new) = (&old[prefix..], &new[prefix..]);
    let suffix = common(&mut old.chars().rev().zip(new.chars().rev()));
    let range = TextRange::new(range.start() + size(prefix), range.end() - size(suffix));
    Some(Edit::replace(range, &new[..new.len() - suffix]))
}

/// Whether the other lines of `range`, which starts in `column`, are aligned with something in its first one, and not
/// indented below it.
fn is_aligned(source: &Source<'_>, range: TextRange, column: usize) -> bool {
    let end = source.line_end(range.start()).min(range.end());
    let first = source.slice(TextRange::new(range.start(), end)).trim_end();
    let indent = source.indentation(range.start()).chars().count();
    // Lines below the start of a line are not in that line's midst.
    let least = column + usize::from(column == indent);
    let is_behind = |line: &TextSize| {
        let indent = source.indentation(*line);
        indent.chars().all(|c| c == ' ') && indent.len() >= least
    };
    !first.ends_with(['(', '[', '{']) && source.layout_lines(range).iter().all(is_behind)
}

/// The edit that changes the indentation of the line that starts at `line`. A line that does not
/// begin with the indentation in question keeps its own, further in by as much as the rest.
fn shifted(source: &Source<'_>, line: TextSize, shift: &Shift) -> Option<Edit> {
    let indent = source.indentation(line);
    // Blanks before a form feed do not count, so the indentation may begin later than the line.
    let blanks = source.slice(TextRange::new(line, source.line_end(line)));
    let skipped = blanks
        .rfind('\x0c')
        .filter(|at| {
            blanks[..*at]
                .chars()
                .all(|c| matches!(c, ' ' | '\t' | '\x0c'))
        })
        .map_or(0, |at| at + 1);
    let start = line + TextSize::try_from(skipped).expect("within a line");
    if indent.starts_with(&shift.from) {
        let old = TextRange::at(start, TextSize::of(shift.from.as_str()));
        return minimal(&shift.from, old, &shift.to);
    }
    let more = shift.to.strip_prefix(shift.from.as_str())?;
    (!more.is_empty()).then(|| Edit::insert(start, more))
}
