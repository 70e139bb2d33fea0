//! `explain FILE:LINE`: what was decided about the sites of one line, and why.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use asyncmend_analysis::Asked;
use asyncmend_pipeline::{Caution, Consent, Decided, Decision, Known, Patch, Proposal};

use crate::args::{ExplainArgs, FileArgs, Format, OutputArgs, RunArgs};
use crate::here::Here;
use crate::inference::Types;
use crate::mend::{self, Action, Engine, Opened, Task};
use crate::render;
use crate::run;
use crate::settings::Resolver;
use crate::terminal::shown_lines;
use crate::walk;
use crate::work;

/// A line of a file of the user's.
pub(crate) struct Place {
    file: PathBuf,
    line: usize,
}

impl Place {
    /// The one that `topic` names: `app.py:12`, also with a column.
    pub(crate) fn read(topic: &str) -> Option<Self> {
        let (before, last) = topic.rsplit_once(':')?;
        let last: usize = last.parse().ok()?;
        let with_column = before.rsplit_once(':');
        let with_column = with_column.and_then(|(file, line)| Some((file, line.parse().ok()?)));
        let (file, line) = with_column.unwrap_or((before, last));
        Some(Self {
            file: file.into(),
            line,
        })
    }
}

/// The page on `place`.
///
/// # Errors
/// Where the file cannot be read, or has no site there.
pub(crate) fn page(place: &Place, args: &ExplainArgs) -> Result<String> {
    let here = Here::find()?;
    let job = |paths: Vec<PathBuf>| RunArgs {
        files: FileArgs {
            paths,
            ..FileArgs::default()
        },
        choices: args.choices.clone(),
        types: args.types.clone(),
        output: OutputArgs::default(),
    };
    let this = job(vec![place.file.clone()]);
    let resolver = Resolver::new(here, &this.files, &this.choices, &this.types)?;
    let found = walk::inputs(&this.files, &resolver)?;
    if let Some((name, trouble)) = found.troubles.first() {
        bail!("{}", trouble.line(name));
    }
    let [input] = &found.inputs[..] else {
        bail!("{} is no file; name one, and a line", place.file.display());
    };
    // What the functions of other files give back is known to a run over all of them.
    let all = job(Vec::new());
    let around = walk::inputs(&all.files, &resolver)?;
    let engine = Engine::of(&found.inputs, &resolver)?;
    let others = run::others(&around.inputs, &engine, run::threads(&all))?;
    let task = Task::new(Action::Check(Format::Full), others);
    let types = Types::new(&engine.roots, &around.inputs);
    let consent = &input.settings.plan.consent;
    let text = work::on_a_big_stack(|| {
        let opened = mend::open(input, &task, &engine, &types, |opened| {
            explained(opened, place.line, consent)
        });
        let text = opened.map_err(|trouble| anyhow!("{}", trouble.line(input.name())))?;
        text.transpose()
    })?;
    let Some(text) = text.flatten() else {
        bail!(
            "{}:{}: no site is on this line, or a comment silences it; `asyncmend check` lists the sites of a \
             file",
            input.name(),
            place.line
        );
    };
    Ok(shown_lines(&text))
}

/// What there is to say of the sites on `line`; none where there is none.
fn explained(opened: &Opened, line: usize, consent: &Consent) -> Result<Option<String>> {
    let name = opened.page.name;
    let judged = opened.judged(None);
    let judged = judged.map_err(|trouble| anyhow!("{}", trouble.line(name)))?;
    let is_here = |finding: &&Decided| {
        let lines = [finding.at.start(), finding.at.end()];
        let [start, end] = lines.map(|offset| opened.page.position(offset).line);
        (start..=end).contains(&line)
    };
    let asked = opened.asked();
    let findings = judged.review.findings.iter().filter(is_here);
    let pages: Vec<String> = findings
        .map(|finding| {
            let known = opened
                .ask_typed(|source| source.known_of(finding.at))
                .flatten();
            Explained {
                opened,
                finding,
                known,
                consent,
                asked: asked.as_ref(),
            }
            .text()
        })
        .collect();
    Ok((!pages.is_empty()).then(|| pages.join("\n")))
}

/// One site.
struct Explained<'e> {
    opened: &'e Opened<'e>,
    finding: &'e Decided,
    known: Option<Known>,
    consent: &'e Consent,
    /// None where types are not wanted.
    asked: Option<&'e Asked>,
}

impl Explained<'_> {
    fn text(&self) -> String {
        let Decided {
            transform,
            decision,
            at,
            ..
        } = self.finding;
        let page = &self.opened.page;
        let place = page.place(at.start());
        let mut out = format!("# {place}: {}\n\n", transform.id);
        let code = page.code.text();
        let _ = writeln!(out, "    {}\n", code[*at].replace('\n', "\n    "));
        let _ = writeln!(out, "The flaw: {}.", transform.flaw);
        let _ = writeln!(out, "The decision: {}.\n", Self::decision(decision));
        self.write_known(&mut out);
        self.write_candidates(&mut out);
        out += "## What you can do\n\n";
        for remedy in self.remedies() {
            let _ = writeln!(out, "- {remedy}");
        }
        out
    }

    fn decision(decision: &Decision) -> String {
        match decision {
            Decision::Rewrite(proposal) => format!("`asyncmend fix`: {}", proposal.what),
            Decision::Held {
                proposal,
                in_the_way,
            } => format!(
                "held back: {}, which needs `{}` accepted",
                proposal.what,
                render::codes(in_the_way)
            ),
            Decision::Declined { because, .. } => render::declined(*because).to_owned(),
            Decision::Refused(refusal) => {
                format!("left alone ({}): {}", refusal.code, refusal.because)
            }
        }
    }

    /// Who was asked, and what came out.
    fn write_known(&self, out: &mut String) {
        *out += "## What was found out\n\n";
        *out += match self.asked {
            None => {
                "From this file alone: types are not wanted (--no-types, or `types = false`).\n"
            }
            Some(Asked::Nothing) => "From this file alone: nothing was left for type inference.\n",
            Some(Asked::Answered { .. }) => "From this file, and by type inference.\n",
            Some(Asked::Failed(_)) => "From this file alone: type inference was given up.\n",
        };
        let Some(known) = &self.known else {
            *out += "\n";
            return;
        };
        *out += "\n";
        if !known.callee.is_empty() {
            let _ = writeln!(out, "- it calls `{}`", known.callee.join("` or `"));
        }
        let what = |at| one_line(&self.opened.page.code.text()[at]);
        if let Some((at, kinds)) = &known.receiver {
            let _ = writeln!(out, "- `{}` is {kinds}", what(*at));
        }
        for (at, kinds) in &known.arguments {
            let text = what(*at);
            match text.strip_prefix('*') {
                Some(items) => {
                    let _ = writeln!(out, "- each of `{items}` is {kinds}");
                }
                None => {
                    let _ = writeln!(out, "- `{text}` is {kinds}");
                }
            }
        }
        *out += "\n";
    }

    /// Every fix, best first, with what is in its way.
    fn write_candidates(&self, out: &mut String) {
        let candidates = &self.finding.candidates;
        if candidates.is_empty() {
            return;
        }
        *out += "## The fixes, best first\n\n";
        let mut is_taken = matches!(self.finding.decision, Decision::Rewrite(_));
        for (index, candidate) in candidates.iter().enumerate() {
            let in_the_way: Vec<&Caution> = self.in_the_way(candidate);
            let fate = match in_the_way[..] {
                [] if std::mem::take(&mut is_taken) => "taken".to_owned(),
                [] => "not needed".to_owned(),
                _ => format!("held back by {}", render::codes(&in_the_way)),
            };
            let _ = writeln!(out, "{}. {}: {fate}\n", index + 1, candidate.what);
            for caution in &candidate.cautions {
                let Caution {
                    code,
                    what_differs,
                    when,
                    ..
                } = caution;
                let word = if self.consent.accepts(caution) {
                    "accepted"
                } else {
                    "not accepted"
                };
                let _ = writeln!(out, "   - {code} ({word}): {what_differs}; when {when}");
            }
            let code = self.opened.page.code.text();
            if let Ok(patch) = Patch::new(candidate.edits.iter().cloned())
                && !candidate.edits.is_empty()
            {
                let diff =
                    asyncmend_edits::unified(self.opened.page.name, code, &patch.apply(code));
                let gap = if candidate.cautions.is_empty() {
                    ""
                } else {
                    "\n"
                };
                let _ = writeln!(out, "{gap}```diff\n{diff}```");
            }
            *out += "\n";
        }
    }

    fn in_the_way(&self, candidate: &Proposal) -> Vec<&'static Caution> {
        let cautions = candidate.cautions.iter().copied();
        cautions
            .filter(|caution| !self.consent.accepts(caution))
            .collect()
    }

    /// What would change the decision, or go on from it.
    fn remedies(&self) -> Vec<String> {
        let Decided {
            transform,
            decision,
            candidates,
            ..
        } = self.finding;
        let mut remedies = Vec::new();
        match decision {
            Decision::Refused(refusal) => {
                remedies.push(refusal.remedy.to_owned());
                remedies.push(format!(
                    "read more: `asyncmend explain {}/{}`",
                    transform.id, refusal.code
                ));
            }
            Decision::Held { in_the_way, .. } => {
                let codes = render::codes(in_the_way);
                remedies.push(format!("apply it: `asyncmend fix --accept {codes}`"));
            }
            Decision::Rewrite(proposal) => {
                remedies.push("apply it: `asyncmend fix`".to_owned());
                let codes = render::codes(&proposal.cautions);
                if !codes.is_empty() {
                    remedies.push(format!("hold it back: `--reject {codes}`"));
                }
            }
            Decision::Declined { .. } => {}
        }
        for candidate in candidates {
            let codes = render::codes(&self.in_the_way(candidate));
            let is_decided = decision
                .proposal()
                .is_some_and(|it| it.what == candidate.what);
            if !codes.is_empty() && !is_decided {
                remedies.push(format!("{}: `--accept {codes}`", candidate.what));
            }
        }
        remedies.extend(self.unknown());
        remedies.push(format!(
            "silence it: `# asyncmend: ignore[{}]` on its line",
            transform.id
        ));
        remedies
    }

    /// How to say what is not known.
    fn unknown(&self) -> Vec<String> {
        let mut remedies = Vec::new();
        let is_refused = matches!(self.finding.decision, Decision::Refused(_));
        let Some(known) = self.known.as_ref().filter(|_| !is_refused) else {
            return remedies;
        };
        let what = |at| one_line(&self.opened.page.code.text()[at]);
        if let Some((at, kinds)) = &known.receiver
            && !kinds.are_known()
        {
            remedies.push(format!(
                "say what `{}` is, by an annotation such as `asyncio.AbstractEventLoop`",
                what(*at)
            ));
        }
        let unknown = known
            .arguments
            .iter()
            .filter(|(_, kinds)| !kinds.are_known());
        for (at, _) in unknown {
            let text = what(*at);
            let subject = match text.strip_prefix('*') {
                Some(items) => format!("each of `{items}`"),
                None => format!("`{text}`"),
            };
            remedies.push(format!(
                "say what {subject} is: annotate it, or name the function that makes it in `coroutine-functions`"
            ));
        }
        match self.asked {
            None if !remedies.is_empty() => {
                remedies.push("let types be inferred: leave out --no-types".to_owned());
            }
            Some(Asked::Answered { missing }) if !missing.is_empty() && !remedies.is_empty() => {
                remedies.push(format!(
                    "name an environment with what was not found ({}): --python PATH",
                    missing.join(", ")
                ));
            }
            _ => {}
        }
        remedies
    }
}

/// Code in one line, cut where it is long.
fn one_line(code: &str) -> String {
    const LONGEST: usize = 60;
    let words: Vec<&str> = code.split_whitespace().collect();
    let text = words.join(" ");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}..", &text[..end]),
        None => text,
    }
}
