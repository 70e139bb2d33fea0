//! Comments, and those among them that silence findings.

use memchr::memchr3;
use ruff_python_ast::token::TokenKind;
use ruff_python_trivia::is_pragma_comment;
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::Source;

/// The codes of other linters' rules for a dropped task, which people have silenced already.
const DROPPED_TASK_RULES: &[&str] = &["ASYNC300", "RUF006", "S7502"];

/// What an `# asyncmend: ignore` comment silences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Silences {
    /// Every transform.
    All,
    /// The transforms that it names.
    Named(Vec<String>),
}

/// A comment that silences findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// The comment, in bytes of the file.
    pub comment: TextRange,
    /// What it silences.
    pub silences: Silences,
    /// Whether it speaks for the whole file, not for its line alone.
    pub whole_file: bool,
    /// Whether it is asyncmend's own, not another linter's.
    pub own: bool,
}

impl Ignore {
    /// Whether it silences the transform `id`.
    pub fn covers(&self, id: &str) -> bool {
        match &self.silences {
            Silences::All => true,
            Silences::Named(ids) => ids.iter().any(|named| named == id),
        }
    }
}

/// Where a comment that silences a site can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IgnorePlace {
    /// Into this comment of ours, which silences something else on the same line.
    Into(Ignore),
    /// Before this comment, which has to be the last of its line.
    Before(TextRange),
    /// After this comment.
    After(TextRange),
    /// In the place of these blanks at the end of a line; often there are none.
    AtEnd(TextRange),
}

impl Source<'_> {
    /// Whether a comment touches `range`.
    pub fn has_comment_in(&self, range: TextRange) -> bool {
        self.comments().intersects(range)
    }

    /// The comments in `range` that speak to tools of the code in their lines: `# type: ignore`, `# noqa`.
    pub fn pragmas_in(&self, range: TextRange) -> impl Iterator<Item = TextRange> + '_ {
        let comments = self.comments().comments_in_range(range).iter().copied();
        comments.filter(|comment| is_pragma(self.slice(*comment)))
    }

    /// The one behind the code that ends at `end`, on the same line.
    pub fn pragma_behind(&self, end: TextSize) -> Option<TextRange> {
        let rest = TextRange::new(end, self.line_end(end));
        self.pragmas_in(rest).next()
    }

    /// Whether the line above the one with `offset` holds a comment alone.
    pub fn has_comment_above(&self, offset: TextSize) -> bool {
        let above = self.line_before(self.line_start(offset));
        above.is_some_and(|start| {
            let line = TextRange::new(start, self.line_end(start));
            self.slice(line).trim_start().starts_with('#') && self.has_comment_in(line)
        })
    }

    /// The comments that silence findings, in the order of the file.
    pub fn ignores(&self) -> &[Ignore] {
        let ignore = |comment: &TextRange| {
            let text = self.slice(*comment);
            // Each of them has one of these, and most comments have none.
            memchr3(b':', b'q', b'Q', text.as_bytes())?;
            own(text, *comment)
                .or_else(|| noqa(text, *comment))
                .or_else(|| ruff_ignore(text, *comment))
        };
        self.ignores
            .get_or_init(|| self.comments().iter().filter_map(ignore).collect())
    }

    /// Where a comment can be written that speaks for a site at `at`; none where each of its lines ends in a
    /// string or with a backslash.
    pub fn ignore_place(&self, at: TextRange, statement: TextRange) -> Option<IgnorePlace> {
        let lines = self.lines_of_ignores(at, statement);
        let ends: Vec<TextSize> = lines.iter().map(|offset| self.line_end(*offset)).collect();
        let own = ends.iter().find_map(|end| {
            let comment = self.comment_ending_at(*end)?;
            own(self.slice(comment), comment).filter(|ignore| !ignore.whole_file)
        });
        own.map(IgnorePlace::Into).or_else(|| {
            ends.iter()
                .find_map(|end| self.comment_place(*end, statement.start()))
        })
    }

    fn comment_ending_at(&self, end: TextSize) -> Option<TextRange> {
        let comments = self.comments();
        let index = comments.partition_point(|comment| comment.end() < end);
        let found = comments.get(index).copied();
        found.filter(|comment| comment.end() == end)
    }

    /// Where a comment can be added to the line that ends at `end`, in a statement that starts at `start`.
    fn comment_place(&self, end: TextSize, start: TextSize) -> Option<IgnorePlace> {
        if let Some(comment) = self.comment_ending_at(end) {
            let is_last = ["fmt: skip", "yapf: disable"]
                .iter()
                .any(|it| self.slice(comment).contains(it));
            return Some(if is_last {
                IgnorePlace::Before(comment)
            } else {
                IgnorePlace::After(comment)
            });
        }
        let tokens = self.tokens();
        let from = tokens.partition_point(|token| token.start() < start.min(end));
        let before = tokens[from..]
            .iter()
            .take_while(|token| token.start() < end);
        let opened = before.map(|token| match token.kind() {
            TokenKind::FStringStart | TokenKind::TStringStart => 1,
            TokenKind::FStringEnd | TokenKind::TStringEnd => -1,
            _ => 0,
        });
        if opened.sum::<i32>() > 0 {
            return None;
        }
        // The lexer sees no end of a line in a string, and none after a backslash.
        let is_end = |token: &ruff_python_ast::token::Token| {
            matches!(
                token.kind(),
                TokenKind::Newline | TokenKind::NonLogicalNewline
            ) && token.start() <= end
                && end <= token.end()
        };
        let at = tokens.partition_point(|token| token.end() < end);
        let mut found = tokens[at..].iter().take_while(|token| token.start() <= end);
        found.any(is_end).then(|| {
            let line = TextRange::new(self.line_start(end), end);
            let text = self.slice(line).trim_end_matches([' ', '\t']);
            let code_end = line.start() + ruff_text_size::TextLen::text_len(text);
            IgnorePlace::AtEnd(TextRange::new(code_end, end))
        })
    }

    /// Whether `ignore` speaks for a site at `at`: it stands on the first line of the site, or on the last one
    /// of the site's statement or of the header of that.
    pub fn is_ignored_by(&self, at: TextRange, statement: TextRange, ignore: &Ignore) -> bool {
        let line = self.line_column(ignore.comment.start()).0;
        ignore.whole_file || {
            let lines = self.lines_of_ignores(at, statement);
            lines
                .iter()
                .any(|offset| self.line_column(*offset).0 == line)
        }
    }

    /// Offsets in the lines on which a comment speaks for a site at `at`.
    pub fn lines_of_ignores(&self, at: TextRange, statement: TextRange) -> Vec<TextSize> {
        let tokens = self.tokens();
        let after = tokens.partition_point(|token| token.start() < at.end());
        let mut rest = tokens[after..].iter();
        // The header of a compound statement ends here, which `statement` goes beyond.
        let end = rest
            .find(|token| token.kind() == TokenKind::Newline)
            .map(Ranged::start);
        let mut lines = vec![at.start()];
        lines.extend(Some(statement.end()).filter(|it| end.is_none_or(|end| *it <= end)));
        lines.extend(end);
        // Where formatters break a call that stands in another one, the comment behind it goes along.
        lines.push(at.end());
        lines
    }
}

/// What begins a pragma that Ruff's formatter does not know as one.
const OTHER_PRAGMAS: [&str; 5] = ["mypy:", "pragma:", "pyre-fixme", "pyre-ignore", "pytype:"];

/// Whether a comment, or another one behind it, speaks to a tool of the code in its line.
fn is_pragma(comment: &str) -> bool {
    let starts = comment.match_indices('#').map(|(at, _)| &comment[at..]);
    starts.into_iter().any(|comment| {
        let text = comment[1..].trim_start();
        is_pragma_comment(comment) || OTHER_PRAGMAS.iter().any(|it| text.starts_with(it))
    })
}

/// `# asyncmend: ignore`, `# asyncmend: ignore[a, b]` and `# asyncmend: ignore-file`, also after
/// other words of the same comment.
fn own(text: &str, comment: TextRange) -> Option<Ignore> {
    let mut words = text.match_indices("asyncmend:");
    words.find_map(|(at, word)| own_after(&text[at + word.len()..], comment))
}

fn own_after(after: &str, comment: TextRange) -> Option<Ignore> {
    let after = after.trim_start();
    let rest = after.strip_prefix("ignore")?;
    let (whole_file, rest) = match rest.strip_prefix("-file") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let silences = match rest.strip_prefix('[') {
        Some(list) => Silences::Named(
            list[..list.find(']')?]
                .split(',')
                .map(|id| id.trim().to_string())
                .collect(),
        ),
        None if rest.starts_with(|c: char| c.is_alphanumeric() || c == '-') => return None,
        None => Silences::All,
    };
    Some(Ignore {
        comment,
        silences,
        whole_file,
        own: true,
    })
}

/// `# ruff: ignore[RUF006]`, also by the rule's name.
fn ruff_ignore(text: &str, comment: TextRange) -> Option<Ignore> {
    let rest = &text[text.find("ruff: ignore[")? + "ruff: ignore[".len()..];
    let rules = &rest[..rest.find(']')?];
    rules
        .split(',')
        .map(str::trim)
        .any(|rule| DROPPED_TASK_RULES.contains(&rule) || rule == "asyncio-dangling-task")
        .then(|| of_another_linter(comment))
}

/// `# noqa` and `# noqa: RUF006`, which say that a dropped task is meant.
fn noqa(text: &str, comment: TextRange) -> Option<Ignore> {
    let lower = text.to_ascii_lowercase();
    let start = lower.find("noqa")?;
    let before = lower[..start].trim_end();
    // `flake8: noqa` and `ruff: noqa` speak of files; those are other tools' business.
    if !before.ends_with('#') {
        return None;
    }
    let rest = text[start + "noqa".len()..].trim_start();
    let silences = match rest.strip_prefix(':') {
        Some(codes) => codes
            .split([',', ' '])
            .map(str::trim)
            .any(|code| DROPPED_TASK_RULES.contains(&code.to_ascii_uppercase().as_str())),
        None => true,
    };
    silences.then(|| of_another_linter(comment))
}

/// A comment by which another linter was told that a dropped task is meant.
fn of_another_linter(comment: TextRange) -> Ignore {
    Ignore {
        comment,
        silences: Silences::Named(vec!["retain-task".to_string()]),
        whole_file: false,
        own: false,
    }
}
