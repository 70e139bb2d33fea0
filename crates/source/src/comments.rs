//! Comments, and those among them that silence findings.

use ruff_text_size::TextRange;

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

impl Source<'_> {
    /// Whether a comment touches `range`.
    pub fn has_comment_in(&self, range: TextRange) -> bool {
        self.comments.intersects(range)
    }

    /// The comments that silence findings, in the order of the file.
    pub fn ignores(&self) -> Vec<Ignore> {
        self.comments
            .iter()
            .filter_map(|comment| {
                let text = self.slice(*comment);
                own(text, *comment)
                    .or_else(|| noqa(text, *comment))
                    .or_else(|| ruff_ignore(text, *comment))
            })
            .collect()
    }

    /// Whether `ignore` speaks for a site at `at`: it stands on a line of the site, or on the last
    /// one of the site's statement.
    pub fn is_ignored_by(&self, at: TextRange, statement: TextRange, ignore: &Ignore) -> bool {
        if ignore.whole_file {
            return true;
        }
        let line = self.line_column(ignore.comment.start()).0;
        let first = self.line_column(at.start()).0;
        let last = self.line_column(statement.end()).0;
        line == first || line == last
    }
}

/// `# asyncmend: ignore`, `# asyncmend: ignore[a, b]` and `# asyncmend: ignore-file`, also after
/// other words of the same comment.
fn own(text: &str, comment: TextRange) -> Option<Ignore> {
    let after = &text[text.find("asyncmend:")? + "asyncmend:".len()..];
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
