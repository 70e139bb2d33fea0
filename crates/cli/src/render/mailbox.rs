//! A mailbox that `git am` takes: a message for each transform, with what a maintainer wants to know.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use asyncmend_pipeline::{Caution, Decision, Transform};

use crate::mend::{Looked, Stage};
use crate::report::Report;

/// The columns of a commit message.
const WIDTH: usize = 72;

/// Whose patches they are where Git knows no author.
const NOBODY: &str = "asyncmend <asyncmend@localhost>";

/// The messages, as far as they are known.
#[derive(Debug)]
pub(crate) struct Mailbox {
    author: String,
    /// What other files import from the modules for helpers: it comes first.
    helpers: Vec<u8>,
    /// By transform.
    letters: BTreeMap<&'static str, Letter>,
}

/// What one transform changes.
#[derive(Debug, Default)]
struct Letter {
    diffs: Vec<u8>,
    files: usize,
    /// What is done, and how often.
    fixes: BTreeMap<String, usize>,
    /// That those who apply it accept.
    cautions: Vec<&'static Caution>,
}

impl Mailbox {
    /// That of `author`, as a header names people.
    pub(crate) fn from(author: Option<String>) -> Self {
        Self {
            author: author.unwrap_or_else(|| NOBODY.to_owned()),
            helpers: Vec::new(),
            letters: BTreeMap::new(),
        }
    }

    /// Takes what becomes of one file.
    pub(super) fn add(&mut self, looked: &mut Looked) {
        for Stage { transform, diff } in std::mem::take(&mut looked.stages) {
            let Some(id) = transform else {
                self.helpers.extend(diff);
                continue;
            };
            let letter = self.letters.entry(id).or_default();
            letter.diffs.extend(diff);
            letter.files += 1;
        }
        let Ok(seen) = &looked.verdict else {
            return;
        };
        for finding in &seen.review.findings {
            let Decision::Rewrite(proposal) = &finding.decision else {
                continue;
            };
            let letter = self.letters.entry(finding.transform.id).or_default();
            *letter.fixes.entry(proposal.what.clone()).or_default() += 1;
            for caution in &proposal.cautions {
                if !letter.cautions.contains(caution) {
                    letter.cautions.push(caution);
                }
            }
        }
    }

    /// All messages, in the order in which they apply.
    pub(super) fn text(&self, report: &Report) -> Vec<u8> {
        let mut messages: Vec<(String, String, &[u8])> = Vec::new();
        if !self.helpers.is_empty() {
            let body = wrapped("What the next commits import from one module.") + "\n";
            messages.push(("asyncio: add helpers".to_owned(), body, &self.helpers));
        }
        for transform in asyncmend_transforms::ALL {
            let letter = self.letters.get(transform.id);
            if let Some(letter) = letter.filter(|letter| !letter.diffs.is_empty()) {
                let subject = format!("asyncio: {}", transform.summary);
                messages.push((subject, body(transform, letter, report), &letter.diffs));
            }
        }
        let count = messages.len();
        let mut out = Vec::new();
        for (index, (subject, body, diffs)) in messages.iter().enumerate() {
            let head = format!(
                "From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\n\
                 From: {}\n\
                 Subject: [PATCH {}/{count}] {subject}\n\
                 MIME-Version: 1.0\n\
                 Content-Type: text/plain; charset=UTF-8\n\
                 Content-Transfer-Encoding: 8bit\n\n\
                 {body}---\n",
                self.author,
                index + 1,
            );
            out.extend_from_slice(head.as_bytes());
            out.extend_from_slice(diffs);
            let version = env!("CARGO_PKG_VERSION");
            out.extend_from_slice(format!("-- \nasyncmend {version}\n\n").as_bytes());
        }
        out
    }
}

/// What is changed and why, what may differ, what stays, and where the evidence is.
fn body(transform: &Transform, letter: &Letter, report: &Report) -> String {
    let mut out = wrapped(&sentence(transform.flaw));
    let _ = writeln!(out, "\nIn {}:\n", counted(letter.files, "file"));
    for (what, count) in &letter.fixes {
        out += &item(&format!("{what} ({})", counted(*count, "site")));
    }
    if !letter.cautions.is_empty() {
        out += "\nWhat may differ from before, beside that:\n\n";
        for caution in &letter.cautions {
            let Caution {
                code,
                what_differs,
                when,
                ..
            } = caution;
            out += &item(&format!("{code}: {what_differs}; when {when}"));
        }
    }
    let sites = report
        .sites()
        .find(|sites| sites.transform.id == transform.id);
    if let Some(sites) = sites.filter(|it| it.held + it.left_alone() > 0) {
        out.push('\n');
        out += &wrapped(&format!(
            "Held back: {}; left alone for other reasons: {}. `asyncmend check` lists them.",
            counted(sites.held, "site"),
            sites.left_alone()
        ));
    }
    out.push('\n');
    out += &wrapped(&format!(
        "Made by asyncmend {}. `asyncmend explain {}` shows what was observed before and after such a \
         change, on which versions of CPython.",
        env!("CARGO_PKG_VERSION"),
        transform.id
    ));
    out.push('\n');
    out
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// A clause as a sentence.
fn sentence(clause: &str) -> String {
    let mut chars = clause.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).chain(['.']).collect()
}

/// An entry of a list.
fn item(text: &str) -> String {
    let mut lines = String::from("- ");
    for (index, line) in lines_of(text, WIDTH - 2).iter().enumerate() {
        let indent = if index == 0 { "" } else { "  " };
        let _ = writeln!(lines, "{indent}{line}");
    }
    lines
}

fn wrapped(text: &str) -> String {
    lines_of(text, WIDTH).join("\n") + "\n"
}

/// `text` in lines of at most `width` columns, unless a word is longer.
fn lines_of(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
