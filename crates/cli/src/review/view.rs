//! One fix as a page: what it changes, why, and how it may differ.

use std::ops::Range;

use asyncmend_pipeline::{
    Caution, Choice, Consent, Decided, Decision, Declined, Proposal, TextRange,
};
use asyncmend_pipeline::{TextSize, Transform};

use super::diff::{self, Change, Focus, Shaded};
use super::ink::{CARE, FAINT, GOOD, Line, PLAIN, STRONG};
use super::session::{File, Item};
use crate::decisions::{FixName, Judgement, Site};
use crate::judge::Judged;
use crate::mend::Opened;
use crate::trouble::Trouble;

/// Where text about a fix starts.
const MARGIN: usize = 2;

/// What there is to see of an item.
pub(super) struct View {
    /// `async def f`, where the site is in a function.
    pub(super) function: Option<String>,
    /// How messages name the place.
    pub(super) place: String,
    pub(super) line: usize,
    pub(super) seen: Result<Fixes, String>,
}

/// The fixes of a site, one of which is shown.
pub(super) struct Fixes {
    transform: &'static Transform,
    all: Vec<Proposal>,
    shown: usize,
    consent: Consent,
    change: Change,
}

impl Fixes {
    pub(super) fn count(&self) -> usize {
        self.all.len()
    }

    /// The fix that is shown.
    pub(super) fn name(&self) -> FixName {
        FixName::of(&self.all[self.shown])
    }

    /// The one after it, or else the first.
    pub(super) fn next(&self) -> FixName {
        FixName::of(&self.all[(self.shown + 1) % self.all.len()])
    }
}

/// Looks at the item with this index of `file`, with `fix` if it has it.
pub(super) fn view(
    opened: &Opened,
    file: &File,
    index: usize,
    fix: &FixName,
    consent: &Consent,
    unfolded: bool,
) -> Result<View, Trouble> {
    let item = &file.items[index];
    let page = &opened.page;
    let looking = Looking { opened, file, item };
    let base = looking.judged(&Choice::Leave(Declined::Undecided))?;
    let text = page.code.text();
    let before = base.after.as_deref().unwrap_or(text);
    let decided = looking.decided(&base);
    let mut view = View {
        function: None,
        place: page.named(item.site.start),
        // The lines of a notebook are those of its JSON.
        line: item.site.start.cell.map_or(item.site.start.line, |_| 1),
        seen: Err(left_alone(decided)),
    };
    let Some(decided) = decided.filter(|it| !it.candidates.is_empty()) else {
        return Ok(view);
    };
    let all = &decided.candidates;
    let named = all.iter().position(|it| FixName::of(it) == *fix);
    let usual = || {
        let proposal = decided.decision.proposal()?;
        all.iter()
            .position(|it| FixName::of(it) == FixName::of(proposal))
    };
    let shown = named.or_else(usual).unwrap_or(0);
    let FixName { what, cautions } = FixName::of(&all[shown]);
    let with = looking.judged(&Choice::Take { what, cautions })?;
    let after = with.after.as_deref().unwrap_or(text);
    let at = match &base.after {
        None => decided.at,
        Some(_) => changed_code(before, after),
    };
    let (focus, function) = focus(opened, before, at);
    view.function = function;
    view.seen = Ok(Fixes {
        transform: decided.transform,
        all: all.clone(),
        shown,
        consent: consent.clone(),
        change: Change::new(
            (before, looking.shaded(before)),
            (after, looking.shaded(after)),
            &focus,
            looking.numbers(before),
            unfolded,
        ),
    });
    Ok(view)
}

/// Why there is no fix to look at.
fn left_alone(decided: Option<&Decided>) -> String {
    let why = match decided.map(|it| &it.decision) {
        Some(Decision::Refused(refusal)) => refusal.because,
        _ => "what was accepted around it has taken it in",
    };
    format!("nothing is left to do here after what was accepted: {why}")
}

/// An item that is being looked at.
struct Looking<'l> {
    opened: &'l Opened<'l>,
    file: &'l File,
    item: &'l Item,
}

impl Looking<'_> {
    /// What becomes of the file where `choice` is said of this item, and what was accepted of all others.
    fn judged(&self, choice: &Choice) -> Result<Judged, Trouble> {
        let choose = |transform: &Transform, at: TextSize| {
            let site = Site {
                start: self.opened.page.position(at),
                transform: transform.id,
            };
            if site == self.item.site {
                return choice.clone();
            }
            let known = self.file.items.iter().find(|item| item.site == site);
            match known.and_then(|item| item.answer.as_ref()) {
                Some(Judgement::Accept(FixName { what, cautions })) => Choice::Take {
                    what: what.clone(),
                    cautions: cautions.clone(),
                },
                _ => Choice::Leave(Declined::Undecided),
            }
        };
        self.opened.judged(Some(&choose))
    }

    fn decided<'j>(&self, judged: &'j Judged) -> Option<&'j Decided> {
        let Site { start, transform } = &self.item.site;
        let mut findings = judged.review.findings.iter();
        findings.find(|it| {
            it.transform.id == *transform && self.opened.page.position(it.at.start()) == *start
        })
    }

    /// What people call the lines of `text`, of those that the file has.
    fn numbers(&self, text: &str) -> Vec<Option<usize>> {
        let page = &self.opened.page;
        let user = page.code.text();
        let mut start = TextSize::new(0);
        let number = |line: &str| {
            let number = page.position(start).line;
            start += TextSize::of(line);
            number
        };
        let numbers: Vec<usize> = user.split_inclusive('\n').map(number).collect();
        diff::numbered(user, text, &numbers)
    }

    fn shaded(&self, text: &str) -> Shaded {
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "the method alone is for one lifetime"
        )]
        let shades = self.opened.ask(text, |source| source.shades());
        let code = self.opened.page.code;
        Shaded::new(text, &shades.unwrap_or_default(), |line| {
            code.as_in_cells(line).into_owned()
        })
    }
}

/// The code of `before` that is not in `after`: of several places the last, since what fixes need elsewhere comes
/// before them.
fn changed_code(before: &str, after: &str) -> TextRange {
    let hunks = asyncmend_edits::hunks(before, after);
    let mut last = 0;
    for hunk in hunks {
        let mut line = hunk.old.start;
        for row in hunk.body.lines() {
            if row.starts_with('-') {
                last = line;
            }
            line += usize::from(row.starts_with(['-', ' ']));
        }
    }
    let start: usize = before.split_inclusive('\n').take(last).map(str::len).sum();
    let line = before[start..].split('\n').next().unwrap_or_default();
    let blank = line.len() - line.trim_start().len();
    let size = |count| TextSize::try_from(count).expect("files are smaller than 4 GiB");
    TextRange::new(
        size(start + blank),
        size(start + line.trim_end().len().max(blank)),
    )
}

/// What of `text` is shown around the code at `at`, and the name of the function there.
fn focus(opened: &Opened, text: &str, at: TextRange) -> (Focus, Option<String>) {
    let line = |offset: TextSize| text[..offset.to_usize()].matches('\n').count();
    let lines = |range: TextRange| -> Range<usize> { line(range.start())..line(range.end()) + 1 };
    let function = opened.ask(text, |source| source.function_around(at));
    let Some(function) = function.flatten() else {
        // What comes before its first line belongs to the site as well.
        let lines = lines(at);
        let whole = lines.start.saturating_sub(1)..lines.end + 1;
        let head = lines.start;
        return (Focus { whole, head }, None);
    };
    let name = TextRange::new(function.whole.start(), function.name.end());
    let words: Vec<&str> = text[name].split_whitespace().collect();
    let focus = Focus {
        whole: lines(function.whole),
        head: line(function.name.start()),
    };
    (focus, Some(words.join(" ")))
}

impl View {
    /// What is shown of an item that cannot be looked at.
    pub(super) fn broken(why: &str) -> Self {
        Self {
            function: None,
            place: String::new(),
            line: 1,
            seen: Err(why.to_owned()),
        }
    }

    /// The page where there are `columns`.
    pub(super) fn lines(&self, columns: usize) -> Vec<Line> {
        let fixes = match &self.seen {
            Ok(fixes) => fixes,
            Err(why) => {
                let line = Line::prose(MARGIN).with("  ", PLAIN).with(why, CARE);
                return line.broken(columns);
            }
        };
        let mut lines = fixes.title().broken(columns);
        lines.extend(fixes.status().broken(columns));
        lines.push(Line::new());
        lines.extend(fixes.change.lines(columns));
        lines.push(Line::new());
        // Lines of prose are not read where they are long.
        let columns = columns.min(100);
        let about = fixes.about().into_iter();
        lines.extend(about.flat_map(|line| line.broken(columns)));
        lines
    }
}

impl Fixes {
    fn title(&self) -> Line {
        let which = match self.all.len() {
            1 => "fix".to_owned(),
            count => format!("fix {} of {count}", self.shown + 1),
        };
        Line::prose(MARGIN)
            .with("  ", PLAIN)
            .with(&which, FAINT)
            .with("  ", PLAIN)
            .with(&self.all[self.shown].what, STRONG)
    }

    /// Whether the fix is safe, accepted or held back.
    fn status(&self) -> Line {
        let line = Line::prose(MARGIN).with("  ", PLAIN);
        let cautions = &self.all[self.shown].cautions;
        let held: Vec<&str> = (cautions.iter())
            .filter(|caution| !self.consent.accepts(caution))
            .map(|caution| caution.code)
            .collect();
        if cautions.is_empty() {
            line.with("safe", GOOD)
                .with(": nothing differs but the flaw", FAINT)
        } else if held.is_empty() {
            line.with(&format!("accepted: {}", codes(cautions)), FAINT)
        } else {
            line.with(&format!("held back by {}", held.join(", ")), CARE)
                .with(": see below; yes applies it all the same", FAINT)
        }
    }

    /// The flaw, the cautions in words, and what else could be done.
    fn about(&self) -> Vec<Line> {
        let entry = |name: &str, style| {
            Line::prose(MARGIN + 2)
                .with("  ", PLAIN)
                .with(name, style)
                .with("  ", PLAIN)
        };
        let mut lines = vec![entry("why", STRONG).with(self.transform.flaw, PLAIN)];
        // First those that are in the way.
        let mut cautions = self.all[self.shown].cautions.clone();
        cautions.sort_by_key(|caution| self.consent.accepts(caution));
        for caution in cautions {
            let Caution {
                code,
                what_differs,
                when,
                ..
            } = caution;
            let is_accepted = self.consent.accepts(caution);
            let style = if is_accepted { FAINT } else { CARE };
            let text = format!("{what_differs}; when {when}");
            lines.push(entry(code, style).with(&text, PLAIN));
        }
        for (index, other) in self.all.iter().enumerate() {
            if index == self.shown {
                continue;
            }
            let cautions = match &other.cautions[..] {
                [] => "safe".to_owned(),
                cautions => codes(cautions),
            };
            lines.push(
                entry(&format!("other fix, {}", index + 1), STRONG)
                    .with(&other.what, PLAIN)
                    .with(&format!(" ({cautions})"), FAINT),
            );
        }
        lines
    }
}

fn codes(cautions: &[&Caution]) -> String {
    let codes: Vec<&str> = cautions.iter().map(|it| it.code).collect();
    codes.join(", ")
}

/// The word for what was decided, if anything was.
pub(super) fn verdict(item: &Item) -> Option<&'static str> {
    Some(match item.answer.as_ref()? {
        Judgement::Accept(_) => "yes",
        Judgement::Reject => "no",
        Judgement::Ignore => "ignore",
    })
}
