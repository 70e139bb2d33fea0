//! What is reviewed, and what has been decided so far. Nothing here reads, writes or shows.

use std::collections::HashMap;
use std::ops::Range;

use asyncmend_pipeline::Decision;

use crate::decisions::{self, Decisions, FixName, Judgement, Reviewed, Site};
use crate::judge::Judged;
use crate::mend::Opened;

/// A site that has a fix.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) site: Site,
    /// The code of the site, by which it is known again in a text that has changed.
    code: String,
    pub(super) candidates: Vec<FixName>,
    /// The candidate that is shown first.
    pub(super) usual: usize,
    /// Whether it is applied only where the user says so.
    pub(super) is_held: bool,
    pub(super) answer: Option<Judgement>,
}

impl Item {
    /// The fix that is shown unless another is asked for.
    pub(super) fn fix(&self) -> &FixName {
        match &self.answer {
            Some(Judgement::Accept(fix)) => fix,
            _ => &self.candidates[self.usual],
        }
    }
}

/// A file with sites that have fixes.
#[derive(Debug)]
pub(super) struct File {
    pub(super) name: String,
    /// Its place among the files of the run.
    pub(super) input: usize,
    sha256: String,
    pub(super) items: Vec<Item>,
}

impl File {
    /// What is to be decided about a file, of which this was found; none where that is nothing.
    pub(super) fn survey(input: usize, opened: &Opened, judged: &Judged) -> Option<Self> {
        let page = &opened.page;
        let items: Vec<Item> = (judged.review.findings.iter())
            .filter_map(|decided| {
                let proposal = FixName::of(decided.decision.proposal()?);
                let candidates: Vec<FixName> = decided.candidates.iter().map(FixName::of).collect();
                let usual = candidates.iter().position(|it| *it == proposal)?;
                Some(Item {
                    site: Site {
                        start: page.position(decided.at.start()),
                        transform: decided.transform.id,
                    },
                    code: page.code.text()[decided.at].to_owned(),
                    candidates,
                    usual,
                    is_held: !matches!(decided.decision, Decision::Rewrite(_)),
                    answer: None,
                })
            })
            .collect();
        (!items.is_empty()).then(|| Self {
            name: page.name.to_owned(),
            input,
            sha256: decisions::fingerprint(opened.bytes),
            items,
        })
    }

    /// Whether a file with these bytes is the one that is reviewed.
    pub(super) fn is_of(&self, bytes: &[u8]) -> bool {
        self.sha256 == decisions::fingerprint(bytes)
    }

    /// Whether `other` is about the same text.
    pub(super) fn is_same(&self, other: &File) -> bool {
        self.sha256 == other.sha256
    }

    /// Whether something is to be written to it.
    pub(super) fn changes(&self) -> bool {
        self.accepts() || !self.ignored().is_empty()
    }

    pub(super) fn accepts(&self) -> bool {
        let mut items = self.items.iter();
        items.any(|item| matches!(item.answer, Some(Judgement::Accept(_))))
    }

    /// The sites that are to get a comment.
    pub(super) fn ignored(&self) -> Vec<&Site> {
        let items = self.items.iter();
        let ignored = items.filter(|item| item.answer == Some(Judgement::Ignore));
        ignored.map(|item| &item.site).collect()
    }

    /// Takes note that the comments are there, in a text with this fingerprint.
    pub(super) fn has_comments(&mut self, sha256: String) {
        self.sha256 = sha256;
        self.items
            .retain(|item| item.answer != Some(Judgement::Ignore));
    }

    pub(super) fn reviewed(&self) -> Reviewed {
        let sites = self.items.iter();
        let decided = sites.filter_map(|it| Some((it.site.clone(), it.answer.clone()?)));
        Reviewed::new(self.sha256.clone(), decided)
    }

    /// Takes over the decisions of `old`, of the same file before it was changed: those about sites with the
    /// same code, where there are as many of them as there were.
    fn carry_over(&mut self, old: &[Item]) {
        let mut before: HashMap<(&str, &str), Vec<&Item>> = HashMap::new();
        for item in old {
            let alike = before.entry((item.site.transform, &item.code));
            alike.or_default().push(item);
        }
        let mut now: HashMap<(&str, String), Vec<usize>> = HashMap::new();
        for (index, item) in self.items.iter().enumerate() {
            let alike = now.entry((item.site.transform, item.code.clone()));
            alike.or_default().push(index);
        }
        for ((transform, code), places) in now {
            let Some(alike) = before.get(&(transform, code.as_str())) else {
                continue;
            };
            if alike.len() != places.len() {
                continue;
            }
            for (place, item) in places.into_iter().zip(alike) {
                let item_now = &mut self.items[place];
                item_now.answer = item.answer.clone().filter(|answer| match answer {
                    Judgement::Accept(fix) => item_now.candidates.contains(fix),
                    Judgement::Reject | Judgement::Ignore => true,
                });
            }
        }
    }

    /// Takes over what was decided about the sites that the fixes left, once those are applied.
    pub(super) fn carry_noes(&mut self, before: &File) {
        let left: Vec<Item> = (before.items.iter())
            .filter(|item| !matches!(item.answer, Some(Judgement::Accept(_) | Judgement::Ignore)))
            .cloned()
            .collect();
        self.carry_over(&left);
    }
}

/// All that is reviewed, and where the user is.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) files: Vec<File>,
    /// A file and an item of it; none at the end.
    pub(super) at: Option<(usize, usize)>,
    /// Where the user was before.
    trail: Vec<(usize, usize)>,
    /// The decisions that were there, about other files too.
    known: Decisions,
}

/// How many fixes there are, by what was decided.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) all: usize,
    pub(super) yes: usize,
    pub(super) no: usize,
    pub(super) ignored: usize,
    /// How many files something is to be written to.
    pub(super) files: usize,
}

impl Counts {
    pub(super) fn open(&self) -> usize {
        self.all - self.yes - self.no - self.ignored
    }
}

impl Session {
    /// A review of `files`, as far as `known` leaves something open.
    pub(super) fn new(mut files: Vec<File>, known: Decisions) -> Self {
        for file in &mut files {
            if let Some(reviewed) = known.of(&file.name).filter(|it| it.is_for(&file.sha256)) {
                for item in &mut file.items {
                    item.answer = reviewed.of(&item.site).cloned();
                }
            }
        }
        let mut session = Self {
            files,
            at: None,
            trail: Vec::new(),
            known,
        };
        session.at = session.next_open(None);
        session
    }

    pub(super) fn item(&self, (file, item): (usize, usize)) -> &Item {
        &self.files[file].items[item]
    }

    /// Decides about the item where the user is, and goes on to the next that is open.
    pub(super) fn answer(&mut self, answer: Judgement) {
        let Some((file, item)) = self.at else { return };
        self.files[file].items[item].answer = Some(answer);
        self.go_on();
    }

    /// Goes to the next item that is open, or to the end.
    pub(super) fn go_on(&mut self) {
        self.trail.extend(self.at);
        self.at = self.next_open(self.at);
    }

    /// Goes to the item after this one, be it open or not.
    pub(super) fn skip(&mut self) {
        let Some((file, item)) = self.at else { return };
        self.trail.extend(self.at);
        self.at = if item + 1 < self.files[file].items.len() {
            Some((file, item + 1))
        } else {
            (file + 1 < self.files.len()).then_some((file + 1, 0))
        };
    }

    /// Goes to the end, from where a step back leads here.
    pub(super) fn leave(&mut self) {
        self.trail.extend(self.at.take());
    }

    /// Goes back to where the user was; before the first step, to the item before this one.
    pub(super) fn back(&mut self) {
        self.at = self.trail.pop().or_else(|| match self.at {
            None => self
                .files
                .iter()
                .enumerate()
                .next_back()
                .map(|(file, it)| (file, it.items.len() - 1)),
            Some((0, 0)) => Some((0, 0)),
            Some((file, 0)) => Some((file - 1, self.files[file - 1].items.len() - 1)),
            Some((file, item)) => Some((file, item - 1)),
        });
    }

    /// Decides alike about all open items that have the same fix of the same transform, and says how many that
    /// were.
    pub(super) fn answer_kind(&mut self, fix: &FixName, accept: bool) -> usize {
        let Some(at) = self.at else { return 0 };
        let transform = self.item(at).site.transform;
        let is_alike = |item: &Item| {
            let offers = if accept {
                item.candidates.contains(fix)
            } else {
                item.candidates[item.usual] == *fix
            };
            item.site.transform == transform && offers
        };
        let answer = if accept {
            Judgement::Accept(fix.clone())
        } else {
            Judgement::Reject
        };
        let (file, item) = at;
        self.files[file].items[item].answer = Some(answer.clone());
        let mut count = 1;
        for item in self.files.iter_mut().flat_map(|file| &mut file.items) {
            if item.answer.is_none() && is_alike(item) {
                item.answer = Some(answer.clone());
                count += 1;
            }
        }
        self.go_on();
        count
    }

    /// Accepts `fix` here, and of every other open item of the file that is not held back what is shown, and
    /// says how many that were.
    pub(super) fn answer_file(&mut self, fix: &FixName) -> usize {
        let Some((file, item)) = self.at else {
            return 0;
        };
        let items = &mut self.files[file].items;
        items[item].answer = Some(Judgement::Accept(fix.clone()));
        let mut count = 1;
        for item in items
            .iter_mut()
            .filter(|it| it.answer.is_none() && !it.is_held)
        {
            item.answer = Some(Judgement::Accept(item.fix().clone()));
            count += 1;
        }
        self.go_on();
        count
    }

    /// Puts `now` in the place of a file that has changed; none where nothing is left to decide there.
    pub(super) fn replace(&mut self, file: usize, now: Option<File>) {
        self.trail.clear();
        match now {
            Some(mut now) => {
                let old = &mut self.files[file];
                now.carry_over(&old.items);
                *old = now;
            }
            None => {
                self.files.remove(file);
            }
        }
        let before = file
            .checked_sub(1)
            .map(|it| (it, self.files[it].items.len() - 1));
        self.at = self.next_open(before);
    }

    pub(super) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for file in &self.files {
            for item in &file.items {
                counts.all += 1;
                match item.answer {
                    Some(Judgement::Accept(_)) => counts.yes += 1,
                    Some(Judgement::Reject) => counts.no += 1,
                    Some(Judgement::Ignore) => counts.ignored += 1,
                    None => {}
                }
            }
            counts.files += usize::from(file.changes());
        }
        counts
    }

    /// The number of an item among all, counted from 1.
    pub(super) fn number(&self, (file, item): (usize, usize)) -> usize {
        let before = self.files[..file].iter().map(|it| it.items.len());
        before.sum::<usize>() + item + 1
    }

    /// All that was decided, here and before.
    pub(super) fn decisions(&self) -> Decisions {
        let mut decisions = self.known.clone();
        for file in &self.files {
            // A run with fewer transforms takes back nothing.
            let is_ours = |site: &Site| file.items.iter().any(|item| item.site == *site);
            let earlier = self.known.of(&file.name);
            let reviewed = file.reviewed().with_others(earlier, is_ours);
            decisions.put(&file.name, reviewed);
        }
        decisions
    }

    /// The next open item after `at`, or else the first one.
    fn next_open(&self, at: Option<(usize, usize)>) -> Option<(usize, usize)> {
        let places = |files: Range<usize>| {
            files.flat_map(|file| (0..self.files[file].items.len()).map(move |item| (file, item)))
        };
        let mut open = places(0..self.files.len())
            .filter(|place| self.item(*place).answer.is_none() && Some(*place) != at);
        let later = open.clone().find(|place| at.is_none_or(|at| *place > at));
        later.or_else(|| open.next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::position::Position;

    fn fix(what: &str) -> FixName {
        FixName {
            what: what.to_owned(),
            cautions: Vec::new(),
        }
    }

    fn item(line: usize, code: &str, candidates: &[&str]) -> Item {
        Item {
            site: Site {
                start: Position {
                    cell: None,
                    line,
                    column: 1,
                },
                transform: "gather",
            },
            code: code.to_owned(),
            candidates: candidates.iter().map(|it| fix(it)).collect(),
            usual: 0,
            is_held: false,
            answer: None,
        }
    }

    fn file(name: &str, items: Vec<Item>) -> File {
        File {
            name: name.to_owned(),
            input: 0,
            sha256: name.to_owned(),
            items,
        }
    }

    fn session() -> Session {
        let one = vec![
            item(1, "a", &["x", "y"]),
            item(2, "b", &["y"]),
            item(3, "c", &["x"]),
        ];
        let two = vec![item(1, "a", &["x"])];
        Session::new(
            vec![file("one.py", one), file("two.py", two)],
            Decisions::default(),
        )
    }

    #[test]
    fn answers_lead_on_and_back() {
        let mut session = session();
        assert_eq!(session.at, Some((0, 0)));
        session.answer(Judgement::Reject);
        session.answer(Judgement::Accept(fix("y")));
        assert_eq!(session.at, Some((0, 2)));
        session.back();
        assert_eq!(session.at, Some((0, 1)));
        session.skip();
        session.skip();
        assert_eq!(session.at, Some((1, 0)));
        session.answer(Judgement::Ignore);
        // What was skipped comes again.
        assert_eq!(session.at, Some((0, 2)));
        session.answer(Judgement::Reject);
        assert_eq!(session.at, None);
        session.back();
        assert_eq!(session.at, Some((0, 2)));
        let counts = session.counts();
        assert_eq!(
            (counts.yes, counts.no, counts.ignored, counts.files),
            (1, 2, 1, 2)
        );
    }

    #[test]
    fn all_of_a_kind_are_those_with_the_same_fix() {
        let mut accepted = session();
        assert_eq!(accepted.answer_kind(&fix("y"), true), 2);
        assert_eq!(accepted.at, Some((0, 2)));
        let mut declined = session();
        assert_eq!(declined.answer_kind(&fix("x"), false), 3);
        assert_eq!(declined.at, Some((0, 1)));
    }

    #[test]
    fn all_in_a_file_leaves_out_what_is_held() {
        let mut session = session();
        session.files[0].items[2].is_held = true;
        assert_eq!(session.answer_file(&fix("y")), 2);
        assert_eq!(session.at, Some((0, 2)));
        assert_eq!(
            session.item((0, 0)).answer,
            Some(Judgement::Accept(fix("y")))
        );
    }

    #[test]
    fn a_rerun_goes_on_where_it_stopped() {
        let mut first = session();
        first.answer(Judgement::Accept(fix("y")));
        first.answer(Judgement::Reject);
        let known = first.decisions();
        let mut files = session().files;
        // A run in between that knows of fewer sites.
        let fewer = Session::new(vec![file("one.py", vec![item(3, "c", &["x"])])], known);
        let known = fewer.decisions();
        files[1].sha256 = "changed".to_owned();
        let again = Session::new(files, known);
        assert_eq!(again.at, Some((0, 2)));
        assert_eq!(again.item((0, 0)).fix(), &fix("y"));
    }

    #[test]
    fn decisions_follow_the_code_of_a_site() {
        let mut before = file(
            "one.py",
            vec![
                item(1, "a", &["x"]),
                item(2, "b", &["x"]),
                item(3, "b", &["x"]),
            ],
        );
        before.items[0].answer = Some(Judgement::Accept(fix("x")));
        before.items[1].answer = Some(Judgement::Reject);
        let mut moved = file(
            "one.py",
            vec![
                item(5, "b", &["x"]),
                item(6, "b", &["x"]),
                item(9, "a", &["z"]),
            ],
        );
        moved.carry_over(&before.items);
        let answers: Vec<bool> = moved.items.iter().map(|it| it.answer.is_some()).collect();
        // The accepted fix is not there any more.
        assert_eq!(answers, [true, false, false]);
        let mut fewer = file("one.py", vec![item(5, "b", &["x"])]);
        fewer.carry_over(&before.items);
        assert_eq!(fewer.items[0].answer, None);
    }
}
