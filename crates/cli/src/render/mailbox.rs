//! A mailbox that `git am` takes: a message for each transform, with what a maintainer wants to know.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use asyncmend_pipeline::{Caution, Decision, Transform};

use crate::letter::{self, item, sentence, wrapped};
use crate::mend::{Looked, Stage};
use crate::report::Report;
use crate::wording::counted;

/// The messages, as far as they are known.
#[derive(Debug)]
pub(crate) struct Mailbox {
    author: Option<String>,
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
            author,
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
        let letters = messages.iter().enumerate();
        let letters = letters.map(|(index, (subject, body, diffs))| {
            let letter = letter::Letter {
                author: self.author.as_deref(),
                tag: &format!("PATCH {}/{count}", index + 1),
                subject,
                body,
                diffs,
            };
            letter.bytes()
        });
        letters.collect::<Vec<_>>().concat()
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
        out += &letter::cautions(&letter.cautions);
    }
    let sites = report
        .sites()
        .find(|sites| sites.transform.id == transform.id);
    if let Some(left) = sites.and_then(|it| letter::left(it.held, it.left_alone())) {
        out.push('\n');
        out += &wrapped(&format!("{left}; `asyncmend check` lists them."));
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
