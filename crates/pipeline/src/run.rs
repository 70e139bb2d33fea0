use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use asyncmend_format::{Changed, formatted_as};
use asyncmend_source::{
    AnyNodeRef, Cancels, Elsewhere, FunctionId, Ignore, Kinds, Options, Ranged, Role, SharedWaits,
    Source, SyntaxError, TaskMaker, Types, Written, may_be_called, word_starts,
};

use crate::{
    AsyncioPatch, Bug, Caution, Choice, Choose, Consent, Decided, Decision, Declined, Edit,
    Finding, Fix, Lasts, Needle, Outcome, Patch, Proposal, Review, TextRange, TextSize, Transform,
    Verdict,
};

/// A rewritten call may hold another one; each round gets one level further. Real code nests two or
/// three deep; generated code that nests deeper is left to a second run.
const MAX_ROUNDS: usize = 64;

/// What the user decided for a set of files.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What the project says about the files.
    pub options: Options,
    /// Which cautions are accepted.
    pub consent: Consent,
    /// What other files are known to have.
    pub makers: Arc<TaskMakers>,
    /// Whether the new text is wanted as the file's formatter would leave it; the decisions are the
    /// same.
    pub lays_out: bool,
    /// Whether findings are wanted with all their candidates, and each of those with its edits.
    pub lists_candidates: bool,
    /// What is left to do when all transforms have run: called until it is nothing. Pure.
    pub finish: fn(&Source<'_>) -> Patch,
}

/// The functions of a project that give back a task to which nothing else refers.
#[derive(Debug, Clone, Default)]
pub struct TaskMakers {
    known: HashMap<FunctionId, (String, TaskMaker)>,
    names: HashSet<String>,
}

impl TaskMakers {
    /// Adds what [`Pipeline::task_makers`] found in the file at `path`, which is absolute and without
    /// symbolic links.
    pub fn add(&mut self, path: &Path, found: Vec<(String, TextSize, TaskMaker)>) {
        for (name, at, maker) in found {
            let path = path.to_path_buf();
            self.names.insert(name.clone());
            (self.known).insert(FunctionId { path, name: at }, (name, maker));
        }
    }

    /// Adds those of `found` that are new, and gives these.
    #[must_use]
    pub fn add_new(&mut self, mut found: Self) -> Self {
        (found.known).retain(|function, _| !self.known.contains_key(function));
        let known = found.known.iter();
        (self.known).extend(known.map(|(function, maker)| (function.clone(), maker.clone())));
        found.names = found.known.values().map(|(name, _)| name.clone()).collect();
        self.names.extend(found.names.iter().cloned());
        found
    }

    /// Those whose callers may be such functions themselves, as nobody overrides them.
    #[must_use]
    pub fn to_be_given_on(&self) -> Self {
        let known = self.known.iter();
        let known: HashMap<_, _> = (known.filter(|(_, (_, maker))| !maker.may_be_overridden))
            .map(|(function, maker)| (function.clone(), maker.clone()))
            .collect();
        let names = known.values().map(|(name, _)| name.clone()).collect();
        Self { known, names }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Whether a text with these bytes may call one of the functions.
    pub fn may_be_called_in(&self, bytes: &[u8]) -> bool {
        let mut names = self.names.iter();
        names.any(|name| word_starts(bytes, name).next().is_some())
    }
}

/// Transforms in their order, with the settings of a set of files. Immutable: each file is worked on
/// alone, from any thread.
#[derive(Clone)]
pub struct Pipeline {
    transforms: Vec<&'static Transform>,
    consent: Consent,
    makers: Arc<TaskMakers>,
    lays_out: bool,
    lists_candidates: bool,
    finish: fn(&Source<'_>) -> Patch,
    options: Options,
}

/// The text as it stands after some rounds, and the way back to the user's.
struct Progress<'t> {
    /// The user's text, and who knows the types in it.
    user_text: &'t str,
    types: Option<&'t dyn Types>,
    /// What the user says about single sites.
    choose: Option<&'t Choose<'t>>,
    text: Cow<'t, str>,
    /// The user's text, parsed.
    written: Rc<Source<'t>>,
    /// The text, parsed once and where somebody asks: what is found out about it serves all transforms.
    source: Option<Rc<Source<'t>>>,
    rounds: Vec<Patch>,
    /// The transforms that changed the text, in the order in which they did.
    changed_by: Vec<&'static Transform>,
    /// What was found in the user's text, where all candidates are wanted.
    first: Vec<Found>,
    review: Review,
    used_ignores: HashSet<TextSize>,
}

impl Pipeline {
    /// A pipeline of `transforms`, in their order.
    pub fn new(transforms: Vec<&'static Transform>, settings: Settings) -> Self {
        Self {
            transforms,
            consent: settings.consent,
            makers: settings.makers,
            lays_out: settings.lays_out,
            lists_candidates: settings.lists_candidates,
            finish: settings.finish,
            options: settings.options,
        }
    }

    /// The same for a file with whose names, and with asyncio, code of other files does this.
    #[must_use]
    pub fn with_elsewhere(&self, elsewhere: Elsewhere) -> Self {
        let mut pipeline = self.clone();
        pipeline.options.elsewhere = elsewhere;
        pipeline
    }

    /// Whether a file with these bytes can hold a site; cheap, and never wrong where it says no.
    pub fn may_have_sites(&self, bytes: &[u8]) -> bool {
        let mut words = Words::of(Text::Bytes(bytes));
        let mut transforms = self.transforms.iter();
        transforms.any(|transform| self.may_have_sites_of(transform, &mut words))
    }

    fn may_have_sites_of(&self, transform: &Transform, words: &mut Words<'_>) -> bool {
        words.have_needles(transform)
            || transform.learn.is_some() && self.makers.may_be_called_in(words.bytes())
    }

    /// The functions of `text`, which is a whole file, that give back a task to which nothing else
    /// refers: the name, where it starts in bytes, and what is known of it. Those that give on what
    /// functions of other files give them are found where `types` tell which those are. None where the
    /// text is no Python; a fault is told by [`Pipeline::run`].
    pub fn task_makers(
        &self,
        text: &str,
        types: Option<&dyn Types>,
    ) -> Vec<(String, TextSize, TaskMaker)> {
        let types = types.map(FunctionsAlone);
        let types = types.as_ref().map(|it| it as &dyn Types);
        let mut words = Words::of(Text::Bytes(text.as_bytes()));
        let learned = self.transforms.iter().filter_map(|transform| {
            let learn =
                (transform.learn).filter(|_| self.may_have_sites_of(transform, &mut words))?;
            let source = self
                .with_types(text.into(), types, text, &Rc::default())
                .ok()?;
            quietly(|| learn(&source)).ok()
        });
        learned
            .flatten()
            .map(|(name, maker)| (text[name].to_owned(), name.start(), maker))
            .collect()
    }

    /// What becomes of `text`, which is a whole file; `types` are those of its expressions.
    pub fn run(&self, text: &str, types: Option<&dyn Types>) -> Outcome {
        self.run_chosen(text, types, None)
    }

    /// As [`Pipeline::run`], with the user's choices for single sites, where there are any.
    pub fn run_chosen(
        &self,
        text: &str,
        types: Option<&dyn Types>,
        choose: Option<&Choose<'_>>,
    ) -> Outcome {
        let source = match self.with_types(text.into(), types, text, &Rc::default()) {
            Ok(source) => Rc::new(source),
            Err(error) => return Outcome::Unparsable(error),
        };
        let mut progress = Progress {
            user_text: text,
            types,
            choose,
            text: Cow::Borrowed(text),
            written: Rc::clone(&source),
            source: Some(Rc::clone(&source)),
            rounds: Vec::new(),
            changed_by: Vec::new(),
            first: Vec::new(),
            review: Review::default(),
            used_ignores: HashSet::new(),
        };
        if let Err(Fault { transform, bug }) = self.mend(&source, &mut progress) {
            return Outcome::Broken { transform, bug };
        }
        self.reviewed(&source, progress)
    }

    /// What `question` makes of `text`, which is a whole file; none where that is no Python.
    pub fn ask<T>(&self, text: &str, question: impl Fn(&Source<'_>) -> T) -> Option<T> {
        self.ask_typed(text, None, question)
    }

    /// The same, with what is known of the types in `text`.
    pub fn ask_typed<T>(
        &self,
        text: &str,
        types: Option<&dyn Types>,
        question: impl Fn(&Source<'_>) -> T,
    ) -> Option<T> {
        let source = self
            .with_types(text.into(), types, text, &Rc::default())
            .ok()?;
        quietly(|| question(&source)).ok()
    }

    pub(crate) fn parse<'t>(
        &self,
        text: impl Into<Cow<'t, str>>,
    ) -> Result<Source<'t>, SyntaxError> {
        Source::parse(text, self.options.clone())
    }

    /// `text`, which `rounds` made of `user_text`, with what is known of the types in that.
    fn with_types<'t>(
        &self,
        text: Cow<'t, str>,
        types: Option<&'t dyn Types>,
        user_text: &'t str,
        rounds: &Rc<[Patch]>,
    ) -> Result<Source<'t>, SyntaxError> {
        let source = self.parse(text.clone())?;
        Ok(match types {
            Some(types) => source.with_types(Box::new(Carried {
                types,
                makers: Arc::clone(&self.makers),
                user_text,
                text,
                rounds: Rc::clone(rounds),
            })),
            None => source,
        })
    }

    /// All rounds, and what is left to do after them, for the user's text, which is `source`.
    fn mend(&self, source: &Source<'_>, progress: &mut Progress<'_>) -> Result<(), Fault> {
        self.settle(progress)?;
        for transform in progress.changed_by.clone() {
            if let Some(tidy) = &transform.tidy
                && (tidy.may_find)(source)
            {
                let tidied = self.tidy(progress, |after| (tidy.find)(source, after));
                tidied.map_err(|bug| Fault::of(transform, bug))?;
            }
        }
        let finished = self.finish(progress);
        finished.map_err(|bug| Fault {
            transform: "helper-module",
            bug,
        })
    }

    /// Rounds until no transform has anything left to apply.
    fn settle(&self, progress: &mut Progress<'_>) -> Result<(), Fault> {
        for _ in 0..MAX_ROUNDS {
            if self.round(progress)? == Round::Last {
                debug_assert!(self.has_settled(progress), "a round was missing");
                return Ok(());
            }
        }
        let restless = progress.changed_by.last();
        let restless = restless.expect("what went on and on has changed something");
        Err(Fault::of(restless, Bug::NeverSettled))
    }

    /// Whether another round would apply nothing.
    fn has_settled(&self, progress: &mut Progress<'_>) -> bool {
        let used_ignores = progress.used_ignores.clone();
        let selection = self.select(progress);
        progress.used_ignores = used_ignores;
        selection.is_ok_and(|(_, selection)| selection.applied.is_empty())
    }

    /// What is left to do when all transforms have run, in the project's module for helpers alone.
    fn finish(&self, progress: &mut Progress<'_>) -> Result<(), Bug> {
        let (module, helpers) = (&self.options.module, &self.options.helper_module);
        let names = module.as_ref().zip(helpers.as_ref());
        if names.is_none_or(|(own, helpers)| own.dotted != helpers.module.name) {
            return Ok(());
        }
        for _ in 0..MAX_ROUNDS {
            let rounds = progress.rounds.len();
            self.tidy(progress, self.finish)?;
            if progress.rounds.len() == rounds {
                return Ok(());
            }
        }
        Err(Bug::NeverSettled)
    }

    /// Applies what `tidy` makes of the file as it is now.
    fn tidy(
        &self,
        progress: &mut Progress<'_>,
        tidy: impl Fn(&Source<'_>) -> Patch,
    ) -> Result<(), Bug> {
        let source = self.source(progress)?;
        let patch = quietly(|| tidy(&source)).map_err(Bug::Panicked)?;
        if patch.edits().is_empty() {
            return Ok(());
        }
        for edit in patch.edits() {
            let claims = progress.origin(edit.range);
            progress.review.claims.push(claims);
        }
        self.go_on(progress, &source, patch)
    }

    /// One round of all transforms, and whether another one is to follow. Where none is, what is left has been
    /// reported.
    fn round(&self, progress: &mut Progress<'_>) -> Result<Round, Fault> {
        let (source, mut selection) = self.select(progress)?;
        let patch = selection.patch()?;
        let next = if selection.applied.is_empty() || selection.is_last(&source, &patch) {
            for found in &selection.left {
                self.report_left(found, progress);
            }
            Round::Last
        } else {
            Round::Again
        };
        if selection.applied.is_empty() {
            return Ok(next);
        }
        let mut applied: Vec<(&'static Transform, Patch)> = Vec::new();
        for (found, fix) in selection.applied {
            let claims = progress.origin(fix.claims);
            progress.review.claims.push(claims);
            applied.push((found.transform, fix.patch.clone()));
            self.report(&found, Judged::Rewrite(fix), progress);
        }
        for (transform, _) in &applied {
            if progress.changed_by.iter().all(|it| it.id != transform.id) {
                progress.changed_by.push(transform);
            }
        }
        let gone_on = self.go_on(progress, &source, patch);
        gone_on.map_err(|bug| self.fault(&source, &applied, bug))?;
        Ok(next)
    }

    /// What the transforms find in the text as it stands, and what of that can be applied at once.
    fn select<'t>(
        &self,
        progress: &mut Progress<'t>,
    ) -> Result<(Rc<Source<'t>>, Selection), Fault> {
        let source = self.source(progress).map_err(|bug| {
            let last = progress.changed_by.last();
            Fault::of(last.expect("the user's text has been parsed"), bug)
        })?;
        let mut words = Words::of(Text::Parsed(&source));
        let mut selection = Selection::default();
        for transform in &self.transforms {
            if !self.may_have_sites_of(transform, &mut words) {
                continue;
            }
            let findings = quietly(|| (transform.find)(&source))
                .map_err(|panic| Fault::of(transform, Bug::Panicked(panic)))?;
            for finding in silence(transform, &source, findings, progress) {
                let found = Found { transform, finding };
                if self.lists_candidates && progress.rounds.is_empty() {
                    progress.first.push(found.clone());
                }
                self.choose(found, progress, &mut selection);
            }
        }
        Ok((source, selection))
    }

    /// Adds `found` to `selection`: with the candidate that was chosen, or else the first whose cautions are all
    /// accepted, as long as no other claims the same text. Earlier transforms go first.
    fn choose(&self, found: Found, progress: &Progress<'_>, selection: &mut Selection) {
        let fix = match &found.finding.verdict {
            Verdict::Fixable(candidates) => progress
                .choice(&found)
                .fix(candidates, &self.consent)
                .cloned(),
            Verdict::Refused(_) => None,
        };
        let Some(fix) = fix else {
            return selection.left.push(found);
        };
        let is_free = selection.claimed.add(fix.claims);
        if is_free && selection.takes_imports(&fix.patch) {
            selection.applied.push((found, fix));
        } else {
            // Another fix has this text, or waits for it, or brings an import that this one joins; the finding
            // comes again in the next round.
            selection.waits = true;
        }
    }

    /// Reports what no round could apply.
    fn report_left(&self, found: &Found, progress: &mut Progress<'_>) {
        let choice = progress.choice(found);
        let judged = self.judge(found.finding.verdict.clone(), &choice);
        self.report(found, judged, progress);
    }

    fn report(&self, found: &Found, judged: Judged, progress: &mut Progress<'_>) {
        let candidates = self.candidates(&found.finding.verdict);
        let decided = progress.place(found.transform, found.finding.at, judged, candidates);
        progress.review.findings.push(decided);
    }

    /// Which of the patches that were `applied` to `source` makes no Python of it; the last where all together
    /// do.
    fn fault(
        &self,
        source: &Source<'_>,
        applied: &[(&'static Transform, Patch)],
        bug: Bug,
    ) -> Fault {
        let is_at_fault = |patch: &Patch| self.parse(patch.apply(source.text())).is_err();
        let mut alone = applied.iter();
        let transform = alone
            .find(|(_, patch)| is_at_fault(patch))
            .or(applied.last())
            .map(|(transform, _)| *transform);
        Fault::of(transform.expect("something was applied"), bug)
    }

    /// The text as it stands, parsed.
    fn source<'t>(&self, progress: &mut Progress<'t>) -> Result<Rc<Source<'t>>, Bug> {
        if let Some(source) = &progress.source {
            return Ok(Rc::clone(source));
        }
        let (types, user_text) = (progress.types, progress.user_text);
        let text = progress.text.clone();
        let rounds: Rc<[Patch]> = progress.rounds.as_slice().into();
        let source = self.with_types(text, types, user_text, &rounds);
        let source = source.map_err(Bug::DoesNotParse)?;
        let source = Rc::new(source.with_written(Written {
            source: Rc::clone(&progress.written),
            origin: Box::new(move |range| origin(range, &rounds)),
        }));
        progress.source = Some(Rc::clone(&source));
        Ok(source)
    }

    /// Goes on with what `patch` makes of the text, which is `source`.
    fn go_on(
        &self,
        progress: &mut Progress<'_>,
        source: &Source<'_>,
        patch: Patch,
    ) -> Result<(), Bug> {
        let text = patch.apply(source.text());
        let is_sound = self.changed_statements_parse(source, &patch, &text);
        progress.text = Cow::Owned(text);
        progress.rounds.push(patch);
        progress.source = None;
        if !is_sound || cfg!(debug_assertions) {
            self.source(progress)?;
        }
        Ok(())
    }

    /// Whether `text`, which `patch` makes of `source`, is Python because the statements are that it changes:
    /// most rounds change little of a file, and none follows. Where this does not tell, the whole text has to be
    /// parsed.
    fn changed_statements_parse(&self, source: &Source<'_>, patch: &Patch, text: &str) -> bool {
        let edits = patch.edits().iter();
        let changed = edits.map(|it| source.statements_around(it.range));
        let changed = joined_statements(source, changed.collect());
        let destinations = patch.destinations(&changed);
        changed
            .into_iter()
            .zip(destinations)
            .all(|(before, after)| {
                Source::are_statements(source.slice(before), &text[after], &self.options)
            })
    }

    /// The decision for what no round could apply, of which this was said.
    fn judge(&self, verdict: Verdict, choice: &Choice) -> Judged {
        let candidates = match verdict {
            Verdict::Refused(refusal) => return Judged::Refused(refusal),
            Verdict::Fixable(candidates) => candidates,
        };
        let (in_the_way, fix) = candidates
            .into_iter()
            .map(|fix| (self.consent.in_the_way(&fix), fix))
            .min_by_key(|(in_the_way, _)| in_the_way.len())
            .expect("a fixable finding has a candidate");
        match choice {
            Choice::ByConsent => Judged::Held(fix, in_the_way),
            Choice::Take { .. } => Judged::Declined(fix, Declined::NotOffered),
            Choice::Leave(because) => Judged::Declined(fix, *because),
        }
    }

    /// All candidates, where they are wanted; without edits so far.
    fn candidates(&self, verdict: &Verdict) -> Vec<Proposal> {
        match verdict {
            Verdict::Fixable(candidates) if self.lists_candidates => {
                candidates.iter().map(Proposal::of).collect()
            }
            _ => Vec::new(),
        }
    }

    fn reviewed(&self, source: &Source<'_>, mut progress: Progress<'_>) -> Outcome {
        let order = |decided: &Decided| {
            let index = self
                .transforms
                .iter()
                .position(|transform| transform.id == decided.transform.id);
            (decided.at.start(), index)
        };
        progress.review.findings.sort_by_key(order);
        progress.review.claims = joined(std::mem::take(&mut progress.review.claims));
        fill_in_edits(&progress.first, &mut progress.review.findings);
        progress.review.unused_ignores = source
            .ignores()
            .iter()
            .filter(|ignore| ignore.own && self.is_judged(ignore))
            .map(|ignore| ignore.comment)
            .filter(|comment| !progress.used_ignores.contains(&comment.start()))
            .collect();
        progress.review.patches = self.patches(source);
        if progress.text == source.text() {
            return Outcome::Unchanged {
                review: progress.review,
            };
        }
        let after = (self.lays_out)
            .then(|| laid_out(source, &progress.text, &progress.rounds))
            .flatten();
        Outcome::Changed {
            review: progress.review,
            after: after.unwrap_or_else(|| progress.text.into_owned()),
        }
    }

    /// Where `source` gives another meaning to what rewritten calls no longer go through.
    fn patches(&self, source: &Source<'_>) -> Vec<AsyncioPatch> {
        let members = self.transforms.iter().flat_map(|transform| {
            let replaced = transform.replaces.iter();
            replaced.flat_map(|it| it.members.iter().map(|member| (*transform, *member, it.so)))
        });
        members
            .filter_map(|(transform, member, so)| {
                Some(AsyncioPatch {
                    transform,
                    member,
                    so,
                    at: source.patch_of_asyncio_anywhere(member)?,
                })
            })
            .collect()
    }

    /// Whether this run could tell if `ignore` silences something: every transform that it names
    /// was run.
    fn is_judged(&self, ignore: &Ignore) -> bool {
        match &ignore.silences {
            asyncmend_source::Silences::All => true,
            asyncmend_source::Silences::Named(ids) => ids.iter().all(|id| {
                self.transforms
                    .iter()
                    .any(|transform| transform.id == id.as_str())
            }),
        }
    }
}

/// A text, and which needles were found in it.
struct Words<'t> {
    text: Text<'t>,
    known: Vec<(Needle, bool)>,
}

enum Text<'t> {
    /// That nobody has parsed.
    Bytes(&'t [u8]),
    /// That of a file, which knows where words are that transforms look for too.
    Parsed(&'t Source<'t>),
}

impl<'t> Words<'t> {
    fn of(text: Text<'t>) -> Self {
        let known = Vec::new();
        Self { text, known }
    }

    fn bytes(&self) -> &'t [u8] {
        match self.text {
            Text::Bytes(bytes) => bytes,
            Text::Parsed(source) => source.text().as_bytes(),
        }
    }

    /// Whether the file can hold a site of `transform`, as far as it shows.
    fn have_needles(&mut self, transform: &Transform) -> bool {
        let mut groups = transform.needles.iter();
        groups.any(|group| group.iter().all(|needle| self.have(*needle)))
    }

    /// Whether `needle` is in it, not as a part of a longer identifier.
    fn have(&mut self, needle: Needle) -> bool {
        if let Some((_, found)) = self.known.iter().find(|(known, _)| *known == needle) {
            return *found;
        }
        let found = match (&self.text, needle) {
            (Text::Bytes(bytes), Needle::Word(word)) => word_starts(bytes, word).next().is_some(),
            (Text::Bytes(bytes), Needle::Callee(word)) => may_be_called(bytes, word),
            (Text::Parsed(source), Needle::Word(word)) => source.words(word).next().is_some(),
            (Text::Parsed(source), Needle::Callee(word)) => source.may_be_called(word),
        };
        self.known.push((needle, found));
        found
    }
}

/// What a transform found.
#[derive(Debug, Clone)]
struct Found {
    transform: &'static Transform,
    finding: Finding,
}

/// A fault of ours, and who made it.
struct Fault {
    transform: &'static str,
    bug: Bug,
}

impl Fault {
    fn of(transform: &Transform, bug: Bug) -> Self {
        Self {
            transform: transform.id,
            bug,
        }
    }
}

/// What follows a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Round {
    /// Another one: there may be something left to apply.
    Again,
    /// None.
    Last,
}

/// What becomes of the findings of a round: those of one transform after those of another.
#[derive(Default)]
struct Selection {
    applied: Vec<(Found, Fix)>,
    left: Vec<Found>,
    /// What the fixes claim, those that have to wait included.
    claimed: Claims,
    /// The imports of members that fixes insert.
    imports: Vec<Edit>,
    /// Whether a fix has to wait for the next round.
    waits: bool,
}

impl Selection {
    /// Takes the imports that `patch` inserts, unless one from the same module, with other members, was taken
    /// at the same place.
    fn takes_imports(&mut self, patch: &Patch) -> bool {
        let mut new: Vec<&Edit> = Vec::new();
        for edit in patch.edits() {
            let Some(module) = imported_from(edit) else {
                continue;
            };
            let mut taken = self.imports.iter();
            match taken.find(|it| it.range == edit.range && imported_from(it) == Some(module)) {
                Some(taken) if taken == edit => {}
                Some(_) => return false,
                None => new.push(edit),
            }
        }
        self.imports.extend(new.into_iter().cloned());
        true
    }

    /// What is applied, as one patch. What a transform writes where an earlier one does waits for the next
    /// round.
    fn patch(&mut self) -> Result<Patch, Fault> {
        let mut all = Patch::default();
        let mut rest = std::mem::take(&mut self.applied);
        while let Some((first, _)) = rest.first() {
            let transform = first.transform;
            let own = rest.partition_point(|(found, _)| found.transform.id == transform.id);
            let others = rest.split_off(own);
            let taken = self.applied.len();
            self.applied.append(&mut rest);
            match Patch::merge(self.applied.iter().map(|(_, fix)| &fix.patch)) {
                Ok(patch) => all = patch,
                Err(overlap) if taken == 0 => {
                    return Err(Fault::of(transform, Bug::Panicked(overlap.to_string())));
                }
                Err(_) => {
                    self.applied.truncate(taken);
                    self.waits = true;
                }
            }
            rest = others;
        }
        Ok(all)
    }

    /// Whether nothing can be left to apply after `patch`, which is all that is applied to `source`: what was
    /// rewritten is no site any more, and what is left stands in functions that stay as they are, or is left
    /// for a reason that lasts.
    fn is_last(&self, source: &Source<'_>, patch: &Patch) -> bool {
        let is_left_alone = |part: TextRange| {
            let mut own = patch.edits().iter().filter(|edit| !edit.is_shared());
            own.all(|edit| part.intersect(edit.range).is_none())
        };
        let stays = |found: &Found| {
            let site = source.path_to(found.finding.at);
            let is_named = || matches!(site.role(), Role::Assigned(_) | Role::Annotated(_));
            match found.finding.verdict {
                Verdict::Refused(refusal) if refusal.lasts == Lasts::Always => true,
                Verdict::Refused(refusal)
                    if refusal.lasts == Lasts::InOtherStatements && !is_named() =>
                {
                    is_left_alone(site.statement_range())
                }
                _ => site.outermost_function().is_some_and(is_left_alone),
            }
        };
        let mut edits = patch.edits().iter();
        !self.waits
            && !edits.any(|edit| may_import_asyncio(source, edit))
            && self.left.iter().all(stays)
    }
}

/// Claimed ranges, those that meet made one: where each starts, and where it ends.
#[derive(Debug, Default)]
struct Claims(BTreeMap<TextSize, TextSize>);

impl Claims {
    /// Adds `range`; whether it shares no byte with those before.
    fn add(&mut self, mut range: TextRange) -> bool {
        let mut is_free = true;
        while let Some(met) = self.meeting(range) {
            is_free = false;
            self.0.remove(&met.start());
            range = range.cover(met);
        }
        let end = self.0.entry(range.start()).or_insert(range.end());
        *end = range.end().max(*end);
        is_free
    }

    /// The last one that shares a byte with `range`.
    fn meeting(&self, range: TextRange) -> Option<TextRange> {
        let (start, end) = self.0.range(..range.end()).next_back()?;
        let last = TextRange::new(*start, *end);
        meet(last, range).then_some(last)
    }
}

/// The import of members of a module that `edit` inserts, if it is one: the module, as the import names it.
fn imported_from(edit: &Edit) -> Option<&str> {
    let line = edit.content.trim_start().strip_prefix("from ")?;
    let (module, _) = line.split_once(" import ")?;
    (!module.contains('\n')).then_some(module)
}

/// Whether `edit` may import asyncio or a member of it: what was no site for want of that may be one then.
fn may_import_asyncio(source: &Source<'_>, edit: &Edit) -> bool {
    let is_import = |line: &str| line.contains("import ") && line.contains("asyncio");
    let is_in_import = || {
        // Imports are extended at the top of a module alone, and most edits are those of functions.
        let next = (source.body()).partition_point(|it| it.end() < edit.range.end());
        let statement = source.body().get(next);
        let is_definition = statement.is_some_and(|it| {
            it.start() <= edit.range.start()
                && (it.is_function_def_stmt() || it.is_class_def_stmt())
        });
        let path = (!is_definition).then(|| source.path_to(edit.range));
        let nodes = path.iter().flat_map(|it| it.around().chain([it.node()]));
        let mut imports = nodes.filter(AnyNodeRef::is_stmt_import_from);
        imports.any(|it| {
            [source.slice(it.range()), &edit.content]
                .concat()
                .contains("asyncio")
        })
    };
    edit.content.lines().any(is_import) || is_in_import()
}

/// A decision whose places are in the text of its round.
enum Judged {
    Rewrite(Fix),
    Held(Fix, Vec<&'static Caution>),
    Declined(Fix, Declined),
    Refused(&'static crate::Refusal),
}

/// Leads a range of a text back through the patches that made it.
fn origin(range: TextRange, rounds: &[Patch]) -> TextRange {
    let back = |offset: TextSize| {
        rounds
            .iter()
            .rev()
            .fold(offset, |offset, patch| patch.origin(offset))
    };
    let start = back(range.start());
    TextRange::new(start, back(range.end()).max(start))
}

/// Which functions are called, and no more of what types tell: as much as is known of all files before the first is
/// looked at.
struct FunctionsAlone<'t>(&'t dyn Types);

impl Types for FunctionsAlone<'_> {
    fn kinds(&self, _: TextRange) -> Kinds {
        Kinds::UNKNOWN
    }

    fn kinds_of_each(&self, _: TextRange) -> Kinds {
        Kinds::UNKNOWN
    }

    fn function(&self, _: TextRange) -> Option<FunctionId> {
        None
    }

    fn sole_functions(&self, callee: TextRange) -> Vec<FunctionId> {
        self.0.sole_functions(callee)
    }

    fn is_coroutine_function(&self, _: TextRange) -> bool {
        false
    }

    fn may_hold_another(&self, callee: TextRange) -> bool {
        self.0.may_hold_another(callee)
    }

    fn may_come_by_star(&self, name: TextRange) -> bool {
        self.0.may_come_by_star(name)
    }
}

/// The types in a later round's text: those of the same expressions in the user's.
struct Carried<'t> {
    types: &'t dyn Types,
    makers: Arc<TaskMakers>,
    user_text: &'t str,
    text: Cow<'t, str>,
    rounds: Rc<[Patch]>,
}

impl Carried<'_> {
    /// Where the expression at `range` stands in the user's text, if it does.
    fn origin(&self, range: TextRange) -> Option<TextRange> {
        let origin = origin(range, &self.rounds);
        (self.user_text[origin] == self.text[range]).then_some(origin)
    }
}

impl Types for Carried<'_> {
    fn kinds(&self, expr: TextRange) -> Kinds {
        self.origin(expr)
            .map_or(Kinds::UNKNOWN, |expr| self.types.kinds(expr))
    }

    fn kinds_of_each(&self, iterable: TextRange) -> Kinds {
        self.origin(iterable).map_or(Kinds::UNKNOWN, |iterable| {
            self.types.kinds_of_each(iterable)
        })
    }

    fn function(&self, callee: TextRange) -> Option<FunctionId> {
        self.origin(callee)
            .and_then(|callee| self.types.function(callee))
    }

    fn sole_functions(&self, callee: TextRange) -> Vec<FunctionId> {
        self.origin(callee)
            .map_or_else(Vec::new, |callee| self.types.sole_functions(callee))
    }

    fn function_name(&self, callee: TextRange) -> Option<String> {
        self.origin(callee)
            .and_then(|callee| self.types.function_name(callee))
    }

    fn cancels(&self, callee: TextRange) -> Option<Cancels> {
        let callee = self.origin(callee)?;
        self.types.cancels(callee)
    }

    fn shared_waits(&self, callee: TextRange) -> SharedWaits {
        self.origin(callee)
            .map_or_else(SharedWaits::default, |callee| {
                self.types.shared_waits(callee)
            })
    }

    fn is_coroutine_function(&self, callee: TextRange) -> bool {
        self.origin(callee)
            .is_some_and(|callee| self.types.is_coroutine_function(callee))
    }

    fn may_hold_another(&self, callee: TextRange) -> bool {
        self.origin(callee)
            .is_none_or(|callee| self.types.may_hold_another(callee))
    }

    fn may_come_by_star(&self, name: TextRange) -> bool {
        self.origin(name)
            .is_none_or(|name| self.types.may_come_by_star(name))
    }

    fn task_maker_names(&self) -> Vec<&str> {
        self.makers.names.iter().map(String::as_str).collect()
    }

    fn task_maker(&self, callee: TextRange) -> Option<TaskMaker> {
        let functions = self.sole_functions(callee);
        let known = functions.iter().map(|function| {
            let (_, maker) = self.makers.known.get(function)?;
            Some(maker.clone())
        });
        let known = known.reduce(|one, other| one?.or(other?))??;
        Some(TaskMaker {
            may_be_overridden: known.may_be_overridden || self.may_hold_another(callee),
            ..known
        })
    }
}

impl Progress<'_> {
    /// Leads a range of the current text back to the user's.
    fn origin(&self, range: TextRange) -> TextRange {
        origin(range, &self.rounds)
    }

    /// What the user says about a site of the current text.
    fn choice(&self, found: &Found) -> Choice {
        // The way back is long where much was rewritten.
        let origin = || self.origin(found.finding.at).start();
        let choose = self.choose.map(|it| it(found.transform, origin()));
        choose.unwrap_or(Choice::ByConsent)
    }

    fn place(
        &self,
        transform: &'static Transform,
        at: TextRange,
        judged: Judged,
        candidates: Vec<Proposal>,
    ) -> Decided {
        let decision = match judged {
            Judged::Rewrite(fix) => Decision::Rewrite(Proposal::of(&fix)),
            Judged::Held(fix, in_the_way) => Decision::Held {
                proposal: Proposal::of(&fix),
                in_the_way,
            },
            Judged::Declined(fix, because) => Decision::Declined {
                proposal: Proposal::of(&fix),
                because,
            },
            Judged::Refused(refusal) => Decision::Refused(refusal),
        };
        Decided {
            transform,
            at: self.origin(at),
            decision,
            candidates,
        }
    }
}

/// Gives each proposal the edits that it would make alone, in the user's text, in which transforms found what is
/// `first`.
fn fill_in_edits(first: &[Found], findings: &mut [Decided]) {
    for decided in findings {
        let found = first.iter().find(|found| {
            let is_same = found.finding.at.start() == decided.at.start();
            is_same && found.transform.id == decided.transform.id
        });
        let Some(Verdict::Fixable(fixes)) = found.map(|found| &found.finding.verdict) else {
            continue;
        };
        let chosen = decided.decision.proposal_mut();
        for proposal in decided.candidates.iter_mut().chain(chosen) {
            let same = |fix: &&Fix| fix.what == proposal.what && fix.cautions == proposal.cautions;
            if let Some(fix) = fixes.iter().find(same) {
                proposal.edits = fix.patch.edits().to_vec();
            }
        }
    }
}

/// Leaves out the findings that a comment silences, and notes which comments did.
fn silence(
    transform: &'static Transform,
    source: &Source<'_>,
    findings: Vec<Finding>,
    progress: &mut Progress<'_>,
) -> Vec<Finding> {
    let ignores: Vec<&Ignore> = source
        .ignores()
        .iter()
        .filter(|ignore| ignore.covers(transform.id))
        .collect();
    if ignores.is_empty() {
        return findings;
    }
    let (silent, loud): (Vec<Finding>, Vec<Finding>) = findings.into_iter().partition(|finding| {
        let statement = source.path_to(finding.at).statement_range();
        let mut silenced = false;
        for ignore in &ignores {
            if source.is_ignored_by(finding.at, statement, ignore) {
                silenced = true;
                let comment = progress.origin(ignore.comment);
                progress.used_ignores.insert(comment.start());
            }
        }
        silenced
    });
    drop(silent);
    loud
}

/// Runs `work`, a panic of which becomes its message.
pub(crate) fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        panic
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_string())
    })
}

/// Whether two ranges share a byte.
fn meet(one: TextRange, other: TextRange) -> bool {
    one.start() < other.end() && other.start() < one.end()
}

/// `after`, which `rounds` made of `source`, laid out by the formatter that left that as it is; none where there was
/// none.
pub(crate) fn laid_out(source: &Source<'_>, after: &str, rounds: &[Patch]) -> Option<String> {
    let changed = changed_statements(source, rounds);
    let laid_out = quietly(|| formatted_as(source, after, &changed));
    debug_assert!(laid_out.is_ok(), "{laid_out:?}");
    laid_out.ok()?
}

/// The statements that `rounds` changed, by position.
fn changed_statements(source: &Source<'_>, rounds: &[Patch]) -> Vec<Changed> {
    let mut before = Vec::new();
    for (index, patch) in rounds.iter().enumerate() {
        let edited = (patch.edits().iter()).map(|edit| origin(edit.range, &rounds[..index]));
        before.extend(edited.map(|range| source.statements_around(range)));
    }
    let before = joined_statements(source, before);
    let after = (rounds.iter()).fold(before.clone(), |ranges, it| it.destinations(&ranges));
    let changed = before.into_iter().zip(after);
    changed
        .map(|(before, after)| Changed { before, after })
        .collect()
}

/// The same ranges, by position, those that touch or overlap made one.
fn joined(ranges: Vec<TextRange>) -> Vec<TextRange> {
    joined_where(ranges, |_, _| true)
}

/// The same lines, statements of `source`, by position, those that follow on each other in a block made one.
fn joined_statements(source: &Source<'_>, lines: Vec<TextRange>) -> Vec<TextRange> {
    let indentation = |lines: TextRange| {
        let mut lines = source.slice(lines).lines();
        let first = lines
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        &first[..first.len() - first.trim_start().len()]
    };
    joined_where(lines, |one, next| indentation(one) == indentation(next))
}

/// The same ranges, by position, those made one that overlap, or touch and are `alike`.
fn joined_where(
    mut ranges: Vec<TextRange>,
    alike: impl Fn(TextRange, TextRange) -> bool,
) -> Vec<TextRange> {
    ranges.sort_by_key(Ranged::start);
    let mut out: Vec<TextRange> = Vec::new();
    for range in ranges {
        match out.last_mut() {
            Some(last)
                if range.start() < last.end()
                    || range.start() == last.end() && alike(*last, range) =>
            {
                *last = last.cover(range);
            }
            _ => out.push(range),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use asyncmend_source::{PythonVersion, TextLen};

    use super::*;
    use crate::{Edit, Refusal};

    const RISKY: Caution = Caution {
        code: "risky",
        what_differs: "something",
        when: "sometimes",
        accepted: false,
    };

    const fn transform(find: fn(&Source<'_>) -> Vec<Finding>) -> Transform {
        Transform {
            id: "test",
            summary: "",
            subject: "",
            flaw: "",
            reference: "",
            doc: "",
            needles: &[&[Needle::Word("call")]],
            replaces: None,
            fixed_in: None,
            refusals: &[],
            cautions: &[],
            find,
            learn: None,
            tidy: None,
        }
    }

    #[test]
    fn claims_are_free_where_they_share_no_byte() {
        let range = |start: u32, end: u32| TextRange::new(start.into(), end.into());
        let all: Vec<TextRange> = (0..6)
            .flat_map(|start| (start..6).map(move |end| range(start, end)))
            .collect();
        for seed in 0..500_usize {
            let mut claims = Claims::default();
            let mut before: Vec<TextRange> = Vec::new();
            for step in 0..6 {
                let next = all[(seed * 31 + step * step * 7 + seed * step) % all.len()];
                let is_free = !before.iter().any(|it| meet(*it, next));
                assert_eq!(claims.add(next), is_free, "{before:?}, {next:?}");
                before.push(next);
            }
        }
    }

    /// A finding at each `word`, which becomes `new`.
    fn replacing(source: &Source<'_>, word: &str, new: &str) -> Vec<Finding> {
        let found = source.text().match_indices(word);
        found
            .map(|(start, _)| {
                let size = |length: usize| TextSize::try_from(length).expect("a short text");
                let at = TextRange::at(size(start), size(word.len()));
                Finding {
                    at,
                    verdict: Verdict::Fixable(vec![Fix {
                        what: "replace".to_string(),
                        cautions: Vec::new(),
                        claims: at,
                        patch: Patch::new([Edit::replace(at, new)]).expect("one edit"),
                    }]),
                }
            })
            .collect()
    }

    fn run(transform: &'static Transform, text: &str) -> Outcome {
        let settings = Settings {
            options: Options::new(PythonVersion::PY311, 88),
            consent: Consent::default(),
            makers: Arc::default(),
            lays_out: true,
            lists_candidates: true,
            finish: |_| Patch::default(),
        };
        Pipeline::new(vec![transform], settings).run(text, None)
    }

    /// The fault of the transform "test".
    fn bug(outcome: Outcome) -> Bug {
        match outcome {
            Outcome::Broken {
                transform: "test",
                bug,
            } => bug,
            other => panic!("no fault was reported: {other:?}"),
        }
    }

    #[test]
    fn a_panic_costs_the_file_alone() {
        static PANICS: Transform = transform(|_| panic!("no such node"));
        let bug = bug(run(&PANICS, "call()\n"));
        assert_eq!(bug.to_string(), "panicked: no such node");
    }

    #[test]
    fn a_result_that_is_no_python_is_not_kept() {
        static WRITES_NONSENSE: Transform = transform(|source| replacing(source, "call", "call("));
        let bug = bug(run(&WRITES_NONSENSE, "call()\n"));
        assert!(matches!(bug, Bug::DoesNotParse(_)), "{bug:?}");
    }

    #[test]
    fn a_transform_that_never_ends_is_stopped() {
        static GROWS: Transform = transform(|source| {
            let mut findings = replacing(source, "call", "call()");
            // The second one waits for the first.
            findings.extend(findings.clone());
            findings
        });
        let bug = bug(run(&GROWS, "call()\n"));
        assert!(matches!(bug, Bug::NeverSettled), "{bug:?}");
    }

    #[test]
    fn later_rounds_are_placed_in_the_users_text() {
        static RENAMES: Transform = transform(|source| {
            let mut findings = replacing(source, "call", "longer");
            let all = TextRange::up_to(source.text().text_len());
            for finding in &mut findings {
                if let Verdict::Fixable(candidates) = &mut finding.verdict {
                    candidates[0].claims = all;
                }
            }
            findings
        });
        let Outcome::Changed { review, after } = run(&RENAMES, "call()\ncall()\n") else {
            panic!("nothing was changed");
        };
        assert_eq!(after, "longer()\nlonger()\n");
        let places: Vec<u32> = review
            .findings
            .iter()
            .map(|decided| decided.at.start().to_u32())
            .collect();
        assert_eq!(places, [0, 7]);
    }

    #[test]
    fn the_first_candidate_whose_cautions_are_accepted_is_taken() {
        static CHOOSES: Transform = transform(|source| {
            let mut findings = replacing(source, "call", "risky");
            for finding in &mut findings {
                if let Verdict::Fixable(candidates) = &mut finding.verdict {
                    let mut safe = candidates[0].clone();
                    safe.patch =
                        Patch::new([Edit::replace(safe.claims, "safe")]).expect("one edit");
                    candidates[0].cautions.push(&RISKY);
                    candidates.push(safe);
                }
            }
            findings
        });
        let Outcome::Changed { after, .. } = run(&CHOOSES, "call()\n") else {
            panic!("nothing was changed");
        };
        assert_eq!(after, "safe()\n");
    }

    #[test]
    fn what_is_not_accepted_is_held_and_names_what_is_in_the_way() {
        static HOLDS: Transform = transform(|source| {
            let mut findings = replacing(source, "call", "risky");
            for finding in &mut findings {
                if let Verdict::Fixable(candidates) = &mut finding.verdict {
                    candidates[0].cautions.push(&RISKY);
                }
            }
            findings
        });
        let Outcome::Unchanged { review } = run(&HOLDS, "call()\n") else {
            panic!("it was changed");
        };
        let Decision::Held {
            proposal,
            in_the_way,
        } = &review.findings[0].decision
        else {
            panic!("it was not held");
        };
        assert_eq!(in_the_way[0].code, "risky");
        assert_eq!(proposal.edits.len(), 1);
    }

    #[test]
    fn a_comment_silences_its_line_and_one_that_silences_nothing_is_told() {
        const LEAVE: Refusal = Refusal {
            code: "leave",
            because: "",
            remedy: "",
            lasts: Lasts::InOtherFunctions,
        };
        static REFUSES: Transform = transform(|source| {
            let mut findings = replacing(source, "call", "");
            for finding in &mut findings {
                finding.verdict = Verdict::Refused(&LEAVE);
            }
            findings
        });
        let text = "call()  # asyncmend: ignore[test]\nx = 1  # asyncmend: ignore\n";
        let Outcome::Unchanged { review } = run(&REFUSES, text) else {
            panic!("it was changed");
        };
        assert!(review.findings.is_empty());
        assert_eq!(review.unused_ignores.len(), 1);
        assert!(review.unused_ignores[0].start().to_usize() > text.find('\n').unwrap());
    }
}
