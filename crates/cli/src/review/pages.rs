//! What is on the screen: a head, what fits of a page, and the keys.

use std::collections::HashSet;

use anyhow::Result;

use super::ink::{CARE, FAINT, GOOD, Line, PLAIN, STRONG};
use super::screen::{Key, Screen};
use super::session::{Counts, Session};
use super::view::{self, View};
use crate::wording::{counted, named};

/// The rows of head and keys.
const FRAME: usize = 4;

/// How many files a question names.
const NAMED: usize = 5;

const HELP: &[(&str, &str)] = &[
    ("y", "yes: apply this fix"),
    ("n", "no: leave the site as it is"),
    ("s, tab", "show another fix of this site, if it has one"),
    (
        "a",
        "yes to all open sites that offer this same fix, with the same cautions",
    ),
    ("d", "no to all open sites that show this same fix"),
    (
        "f",
        "yes to this fix and to all in this file that are not held back",
    ),
    (
        "i",
        "leave the site, and say so in the source: # asyncmend: ignore[..]",
    ),
    (
        "e",
        "edit the file here, in $VISUAL or $EDITOR; it is read anew then",
    ),
    ("b, left", "back to where you were"),
    ("right", "on to the next site, without a decision"),
    ("space, arrows, j, k", "more of the page"),
    ("h", "show helpers whole, or cut short"),
    (
        "q",
        "done: apply what was accepted, or keep the decisions for later",
    ),
    (
        "ctrl-c",
        "leave; the decisions are kept, nothing is written",
    ),
];

/// What becomes of the decisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    /// They are applied.
    Apply {
        /// But not to these files.
        left_out: HashSet<String>,
        /// Whether there are files whose text could not be brought back, and the user was asked about them.
        was_asked: bool,
    },
    /// They are kept.
    Later,
    Interrupted,
}

/// An item on the screen.
pub(super) struct Page<'p> {
    head: Line,
    right: Line,
    view: &'p View,
    note: String,
    top: usize,
}

impl<'p> Page<'p> {
    pub(super) fn of(session: &Session, at: (usize, usize), view: &'p View, note: String) -> Self {
        let item = session.item(at);
        let counts = session.counts();
        let mut head = Line::new()
            .with(&format!(" {}/{}  ", session.number(at), counts.all), STRONG)
            .with(&view.place, STRONG)
            .with(&format!("  {}", item.site.transform), PLAIN);
        if let Some(function) = &view.function {
            head = head.with(&format!("  in {function}"), FAINT);
        }
        Self {
            head,
            right: tally(&counts),
            view,
            note: match (view::verdict(item), note.is_empty()) {
                (None, _) => note,
                (Some(verdict), true) => format!("decided: {verdict}"),
                (Some(verdict), false) => format!("{note}; decided: {verdict}"),
            },
            top: 0,
        }
    }

    /// Shows the page, lets the user look at all of it, and gives back the first key that means something else.
    pub(super) fn key(&mut self, screen: &Screen) -> Result<Key> {
        loop {
            let (columns, rows) = Screen::size();
            let lines = self.view.lines(columns);
            let height = rows.saturating_sub(FRAME).max(1);
            let bottom = lines.len().saturating_sub(height);
            self.top = self.top.min(bottom);
            screen.show(&self.framed(&lines, columns, height))?;
            match Screen::key()? {
                Key::Up | Key::Char('k') => self.top = self.top.saturating_sub(1),
                Key::Down | Key::Char('j') => self.top += 1,
                Key::PageUp => self.top = self.top.saturating_sub(height - 1),
                Key::PageDown => self.top += height.saturating_sub(1).max(1),
                Key::Home => self.top = 0,
                Key::End => self.top = bottom,
                Key::Other => {}
                key => return Ok(key),
            }
        }
    }

    /// Shows what keys there are until one is pressed.
    pub(super) fn help(screen: &Screen) -> Result<()> {
        loop {
            let (columns, rows) = Screen::size();
            let mut lines: Vec<Line> = vec![Line::new().with(" keys", STRONG), rule(columns, "")];
            for (key, what) in HELP {
                let key = Line::prose(23).with(&format!("  {key:<21}"), GOOD);
                lines.extend(key.with(what, PLAIN).broken(columns));
            }
            lines.truncate(rows.saturating_sub(2));
            lines.push(rule(columns, ""));
            lines.push(Line::new().with(" any key: back to the review", FAINT));
            screen.show(&lines)?;
            if Screen::key()? != Key::Other {
                return Ok(());
            }
        }
    }

    fn framed(&self, lines: &[Line], columns: usize, height: usize) -> Vec<Line> {
        let right = self.right.width();
        let left = self.head.clone().cut(columns.saturating_sub(right + 2));
        let mut out = vec![
            left.padded(columns.saturating_sub(right + 1))
                .then(self.right.clone()),
        ];
        out.push(rule(columns, &self.note));
        let shown = lines.iter().skip(self.top).take(height);
        out.extend(shown.cloned().map(|line| line.cut(columns)));
        out.resize_with(height + 2, Line::new);
        let below = lines.len().saturating_sub(self.top + height);
        let more = match (self.top, below) {
            (0, 0) => String::new(),
            (_, 0) => "the end".to_owned(),
            (_, 1) => "1 more line: space".to_owned(),
            (_, below) => format!("{below} more lines: space"),
        };
        out.push(rule(columns, &more));
        out.push(keys(self.view, columns));
        out
    }
}

/// The keys for an item: in short where the line holds no more.
fn keys(view: &View, columns: usize) -> Line {
    let has_fix = view.seen.is_ok();
    let has_others = (view.seen.as_ref()).is_ok_and(|fixes| fixes.count() > 1);
    let all = [
        ("y", "yes", "yes", has_fix),
        ("n", "no", "no", true),
        ("s", "swap", "swap for another fix", has_others),
        ("a", "all", "all of this kind", has_fix),
        ("d", "none", "none of this kind", has_fix),
        ("f", "file", "all in this file", has_fix),
        ("e", "edit", "edit", true),
        ("i", "ignore", "ignore in the source", true),
        ("b", "back", "back", true),
        ("q", "quit", "quit", true),
        ("?", "", "help", true),
    ];
    let there = all.into_iter().filter(|(.., is_there)| *is_there);
    let (short, long): (Vec<_>, Vec<_>) = there
        .map(|(key, short, long, _)| ((key, short), (key, long)))
        .unzip();
    let long = listed(&long);
    if long.width() <= columns {
        long
    } else {
        listed(&short).cut(columns)
    }
}

fn listed(keys: &[(&str, &str)]) -> Line {
    let mut line = Line::new();
    for (key, what) in keys {
        line = line.with(" ", PLAIN).with(key, STRONG);
        if !what.is_empty() {
            line = line.with(&format!(" {what} "), FAINT);
        }
    }
    line
}

/// How much has been decided.
fn tally(counts: &Counts) -> Line {
    let line = Line::new()
        .with(&format!("{} yes", counts.yes), GOOD)
        .with(&format!("  {} no", counts.no + counts.ignored), PLAIN);
    line.with(&format!("  {} open", counts.open()), FAINT)
}

/// A line across, with something to say.
fn rule(columns: usize, text: &str) -> Line {
    if text.is_empty() {
        return Line::new().with(&"─".repeat(columns), FAINT);
    }
    let line = Line::new()
        .with("── ", FAINT)
        .with(text, CARE)
        .with(" ", PLAIN)
        .cut(columns);
    let rest = columns.saturating_sub(line.width());
    line.with(&"─".repeat(rest), FAINT)
}

/// Asks what is to become of the decisions; none where the user goes back to the review.
pub(super) fn ending(
    session: &mut Session,
    unprotected: &HashSet<&str>,
    store: &str,
    screen: &Screen,
) -> Result<Option<Ending>> {
    let counts = session.counts();
    if counts.files == 0 && counts.open() == counts.all {
        return Ok(Some(Ending::Later));
    }
    let names = |wanted: bool| -> Vec<&str> {
        let files = session.files.iter();
        let changed = files
            .filter(|file| file.changes() && unprotected.contains(file.name.as_str()) == wanted);
        changed.map(|file| file.name.as_str()).collect()
    };
    let (bare, safe) = (names(true), names(false));
    let keys = if counts.files == 0 {
        listed(&[("q", "quit"), ("b", "back")])
    } else if bare.is_empty() {
        listed(&[("y", "apply"), ("n", "not now"), ("b", "back")])
    } else if safe.is_empty() {
        listed(&[("y", "apply all the same"), ("n", "not now"), ("b", "back")])
    } else {
        listed(&[
            ("y", "apply to all"),
            ("p", "only to the others"),
            ("n", "not now"),
            ("b", "back"),
        ])
    };
    loop {
        let (columns, rows) = Screen::size();
        let mut lines = question(&counts, &bare, store);
        lines = lines
            .into_iter()
            .flat_map(|line| line.broken(columns))
            .collect();
        lines.truncate(rows.saturating_sub(3));
        lines.push(rule(columns, ""));
        lines.push(keys.clone());
        screen.show(&lines)?;
        let has_changes = counts.files > 0;
        return Ok(Some(match Screen::key()? {
            Key::Char('y') if has_changes => Ending::Apply {
                left_out: HashSet::new(),
                was_asked: !bare.is_empty(),
            },
            Key::Char('p') if !bare.is_empty() && !safe.is_empty() => Ending::Apply {
                left_out: bare.iter().map(|name| (*name).to_owned()).collect(),
                was_asked: false,
            },
            Key::Char('n') if has_changes => Ending::Later,
            Key::Char('q') | Key::Escape => Ending::Later,
            Key::Interrupt => Ending::Interrupted,
            Key::Char('b') | Key::Left => {
                session.back();
                return Ok(None);
            }
            _ => continue,
        }));
    }
}

fn question(counts: &Counts, bare: &[&str], store: &str) -> Vec<Line> {
    let Counts {
        all,
        yes,
        no,
        ignored,
        files,
    } = counts;
    let ignored_part = match ignored {
        0 => String::new(),
        count => format!(", {count} to be ignored"),
    };
    let open = counts.open();
    let sum = format!(" {all} sites: {yes} yes, {no} no{ignored_part}, {open} open");
    let mut lines = vec![Line::prose(1).with(&sum, STRONG), Line::new()];
    if *files == 0 {
        let text = format!(" Nothing is to be written. The decisions are in {store}.");
        lines.push(Line::prose(1).with(&text, PLAIN));
        return lines;
    }
    let what: Vec<String> = [(*yes, "fix"), (*ignored, "comment")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| counted(count, what))
        .collect();
    let place = counted(*files, "file");
    let text = format!(" Write {} to {place}?", what.join(" and "));
    lines.push(Line::prose(1).with(&text, STRONG));
    if !bare.is_empty() {
        let names = named(bare, NAMED);
        let text = format!(" Git could not bring back the text that is there now: {names}.");
        lines.push(Line::new());
        lines.push(Line::prose(1).with(&text, CARE));
    }
    lines.push(Line::new());
    let text = format!(
        " Otherwise the decisions stay in {store}: `asyncmend review` goes on from there, and \
         `asyncmend fix --decisions {store}` applies them."
    );
    lines.push(Line::prose(1).with(&text, FAINT));
    lines
}
