//! Messages of a mailbox, as `git am` takes them, and the prose in them.

use std::fmt::Write as _;

use asyncmend_pipeline::Caution;
use unicode_width::UnicodeWidthStr;

use crate::wording::counted;

/// The columns of a commit message.
pub(crate) const WIDTH: usize = 72;

/// Whose patches they are where Git knows no author.
const NOBODY: &str = "asyncmend <asyncmend@localhost>";

/// One message: what becomes a commit.
pub(crate) struct Letter<'l> {
    /// As a header names people.
    pub(crate) author: Option<&'l str>,
    /// What stands before the subject and is no part of it: `PATCH 1/2`.
    pub(crate) tag: &'l str,
    pub(crate) subject: &'l str,
    /// It ends with a line.
    pub(crate) body: &'l str,
    pub(crate) diffs: &'l [u8],
}

impl Letter<'_> {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let Self {
            author,
            tag,
            subject,
            body,
            diffs,
        } = self;
        let head = format!(
            "From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\n\
             From: {}\n\
             Subject: [{tag}] {subject}\n\
             MIME-Version: 1.0\n\
             Content-Type: text/plain; charset=UTF-8\n\
             Content-Transfer-Encoding: 8bit\n\n\
             {body}---\n",
            author.unwrap_or(NOBODY),
        );
        let version = env!("CARGO_PKG_VERSION");
        let end = format!("-- \nasyncmend {version}\n\n");
        [head.as_bytes(), diffs, end.as_bytes()].concat()
    }
}

/// A clause as a sentence.
pub(crate) fn sentence(clause: &str) -> String {
    let mut chars = clause.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).chain(['.']).collect()
}

/// What may differ, as entries of a list.
pub(crate) fn cautions(cautions: &[&Caution]) -> String {
    let entries = cautions.iter().map(|caution| {
        let Caution {
            code,
            what_differs,
            when,
            ..
        } = caution;
        item(&format!("{code}: {what_differs}; when {when}"))
    });
    entries.collect()
}

/// What became of sites that are not changed; none where there is none.
pub(crate) fn left(held: usize, left: usize) -> Option<String> {
    let kinds = [(held, "held back"), (left, "left alone for other reasons")];
    let kinds = kinds.into_iter().filter(|(count, _)| *count > 0);
    let kinds: Vec<String> = kinds
        .map(|(count, fate)| {
            let verb = if count == 1 { "was" } else { "were" };
            format!("{} {verb} {fate}", counted(count, "site"))
        })
        .collect();
    (!kinds.is_empty()).then(|| kinds.join(" and "))
}

/// An entry of a list.
pub(crate) fn item(text: &str) -> String {
    let mut lines = String::from("- ");
    for (index, line) in lines_of(text, WIDTH - 2).iter().enumerate() {
        let indent = if index == 0 { "" } else { "  " };
        let _ = writeln!(lines, "{indent}{line}");
    }
    lines
}

/// A paragraph.
pub(crate) fn wrapped(text: &str) -> String {
    lines_of(text, WIDTH).join("\n") + "\n"
}

/// `text` in lines of at most `width` columns, unless a word is longer.
fn lines_of(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
