//! One file: read, looked at, and shown or written.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Error;
use asyncmend::Fault;
use asyncmend_analysis::Asked;
use asyncmend_pipeline::{
    Choice, Choose, Decided, Decision, Declined, Elsewhere, Ignored, Pipeline, PythonVersion,
    Review, Silences, Source, TaskMaker, TaskMakers, TextRange, TextSize, Transform,
    imported_functions, may_look_at, may_name_module, names_for_others,
};
use asyncmend_transforms::helpers;

use crate::args::{DiffFormat, Format};
use crate::code::Code;
use crate::decisions::{Decisions, FixName, Reviewed, Site};
use crate::disk::{self, Bytes};
use crate::encoding::{self, Text};
use crate::helper_modules::{self, HelperModules, Wanted};
use crate::here::Here;
use crate::importers::Importers;
use crate::inference::{FileTypes, Types};
use crate::judge::{Judged, broken, judge};
use crate::kept::{Kept, KeptSites};
use crate::known::Known;
use crate::names;
use crate::owners::Owners;
use crate::patched::{self, Patched};
use crate::patience::{self, Asking, USUAL_TIME_LIMIT};
use crate::plan::{self, Surroundings, Wants};
use crate::position::Position;
use crate::render::html::{self, Sheet};
use crate::render::{self, Page};
use crate::repeated;
use crate::roots::Roots;
use crate::settings::Resolver;
use crate::split::merge;
use crate::target::Target;
use crate::terminal::shown;
use crate::trouble::Trouble;
use crate::vcs;
use crate::walk::{Input, Role};
use crate::work;

/// What to do with each file.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(crate) action: Action,
    /// What is known of all of the files.
    pub(crate) others: Others,
    /// What was decided fix by fix, where anything was: nothing else is applied then.
    pub(crate) decisions: Option<Arc<Decisions>>,
    /// Whether to colour the result.
    pub(crate) colour: bool,
    /// Whether a person reads the result as it comes.
    pub(crate) on_terminal: bool,
    /// Whether the counts are wanted in place of the result.
    pub(crate) counts_alone: bool,
    /// The work tree of Git that the run is in, by whose root a mailbox names files.
    pub(crate) tree: PathBuf,
    /// What the name of a file gets, for its old text to be kept.
    pub(crate) backup: Option<String>,
    /// Which sites were there before, where some are to be told from them.
    pub(crate) known: Option<Arc<Known>>,
    /// Whose the files are, where that is shown.
    pub(crate) owners: Arc<Owners>,
    /// Which fixes are left out, because a command fails with them.
    pub(crate) kept: Option<Arc<Kept>>,
}

impl Task {
    /// One with nothing decided and nobody to read along, for files of which the `others` have this.
    pub(crate) fn new(action: Action, others: Others) -> Self {
        Self {
            action,
            others,
            decisions: None,
            colour: false,
            on_terminal: false,
            counts_alone: false,
            tree: PathBuf::new(),
            backup: None,
            known: None,
            owners: Arc::default(),
            kept: None,
        }
    }

    /// Which fixes are left out of a file with these `bytes`; none where it is not known to have any.
    fn kept(&self, input: &Input, bytes: &[u8]) -> Result<Option<&KeptSites>, Trouble> {
        match self.kept.as_ref().and_then(|it| it.of(input.name())) {
            Some(kept) if !kept.is_of(bytes) => Err(Trouble::ChangedMeanwhile),
            kept => Ok(kept),
        }
    }

    /// What was decided about a file with these `bytes`.
    fn reviewed(&self, input: &Input, bytes: &[u8]) -> Result<Option<&Reviewed>, Trouble> {
        match self.decisions.as_ref().and_then(|it| it.of(input.name())) {
            Some(reviewed) if !reviewed.is_of(bytes) => Err(Trouble::ChangedSinceReview),
            reviewed => Ok(reviewed),
        }
    }

    /// What was decided about each site of `page`; what nobody has looked at is undecided.
    fn choose<'p>(
        &self,
        reviewed: Option<&'p Reviewed>,
        kept: Option<&'p KeptSites>,
        page: &'p Page,
    ) -> Option<Box<Choose<'p>>> {
        let is_decided = self.decisions.is_some();
        if !is_decided && kept.is_none() {
            return None;
        }
        Some(Box::new(move |transform, at| {
            if let Some(declined) = kept.and_then(|it| it.declined(transform.id, at)) {
                return Choice::Leave(declined);
            }
            match reviewed {
                Some(reviewed) => reviewed.choice(transform.id, page.position(at)),
                None if is_decided => Choice::Leave(Declined::Undecided),
                None => Choice::ByConsent,
            }
        }))
    }

    /// Fails where `new` is not what was verified to be written to the file.
    fn check_verified(&self, input: &Input, new: &[u8]) -> Result<(), Trouble> {
        match &self.kept {
            Some(kept) if !kept.is_verified(&input.path, new) => Err(Trouble::NotVerified),
            _ => Ok(()),
        }
    }

    /// How findings are to look.
    fn report<'n>(&self, format: Format, news: Option<&'n [bool]>) -> render::Report<'n> {
        render::Report {
            format,
            colour: self.colour,
            news,
        }
    }

    /// How diffs are to look.
    fn look(&self) -> render::Look {
        render::Look {
            colour: self.colour,
            on_terminal: self.on_terminal,
        }
    }
}

/// What each file has to know of the others.
#[derive(Debug, Clone, Default)]
pub(crate) struct Others {
    /// Functions that give back a task to which nothing else refers.
    pub(crate) makers: Arc<TaskMakers>,
    /// Members of asyncio that are replaced.
    pub(crate) patched: Arc<Patched>,
    /// Names of modules, of sets of tasks and of what those import of asyncio, at which they may look.
    pub(crate) read: Arc<ByModule>,
    /// Modules that import functions of asyncio by their names.
    pub(crate) importers: Arc<Importers>,
}

/// Names, by the last part of the name of the modules that have them.
pub(crate) type ByModule = HashMap<String, BTreeSet<String>>;

impl Others {
    /// What they do with asyncio and with the names of the file at `path`, as far as its name tells.
    fn around(&self, path: &Path, engine: &Engine) -> Elsewhere {
        let read = self.read.get(&stem(path)).into_iter().flatten();
        Elsewhere {
            patched: self.patched.around(path, engine),
            read: read.cloned().collect(),
        }
    }
}

/// A function that callers in other files have to know: its name, where that starts, and what is known of it.
pub(crate) type FoundMaker = (String, TextSize, TaskMaker);

/// What one file has that others have to know.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    pub(crate) makers: Vec<FoundMaker>,
    pub(crate) patched: Vec<String>,
    /// Its names at which others may look.
    pub(crate) for_others: Vec<String>,
    /// The functions that it imports of asyncio by their names.
    pub(crate) imported: Vec<&'static str>,
}

/// Names at which others may look, each with the stems of the files that have one.
pub(crate) type ForOthers = BTreeMap<String, BTreeSet<String>>;

/// At which of the names that other files have `for_others` a file may look, each with the stem of those.
pub(crate) fn read_by(input: &Input, for_others: &ForOthers) -> Vec<(String, String)> {
    let bytes = disk::load(&input.path).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let own = stem(&input.path);
    let mut read = Vec::new();
    for (name, stems) in for_others {
        if !may_look_at(&text, name) {
            continue;
        }
        for stem in stems {
            let is_own = *stem == own && names_for_others(&text).contains(&&**name);
            if !is_own && may_name_module(&text, stem) {
                read.push((stem.clone(), name.clone()));
            }
        }
    }
    read
}

/// The name of the file at `path` without what tells that it is Python.
pub(crate) fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// The commands that look at files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Diff(DiffFormat),
    Fix,
    /// As `fix`, but what files would hold is the result, for somebody else to write it.
    Rewrite,
    Check(Format),
    /// Patches for parts of the files.
    Split {
        /// Whether the fixes of each transform are to be a part, where they can.
        by_transform: bool,
    },
    /// `check --add-ignores`.
    AddIgnores {
        /// Only to see which files it would change.
        dry: bool,
    },
}

impl Action {
    /// Whether files are written.
    pub(crate) fn writes(self) -> bool {
        matches!(self, Action::Fix | Action::AddIgnores { dry: false })
    }

    /// The same without writing.
    pub(crate) fn dry(self) -> Self {
        match self {
            Action::Fix => Action::Diff(DiffFormat::Unified),
            Action::AddIgnores { .. } => Action::AddIgnores { dry: true },
            Action::Diff(_) | Action::Rewrite | Action::Check(_) | Action::Split { .. } => self,
        }
    }

    /// Whether comments that silence nothing are reported, in files without a site too.
    fn tells_of_ignores(self) -> bool {
        matches!(self, Action::Check(_))
    }

    /// What a summary says of helpers that go into files; nothing where they are not its matter.
    pub(crate) fn of_helpers(self) -> Option<&'static str> {
        match self {
            Action::Fix => Some("was written"),
            Action::Diff(_) | Action::Split { .. } => Some("would be written"),
            Action::Rewrite | Action::Check(_) | Action::AddIgnores { .. } => None,
        }
    }

    /// Whether fixes are applied, so that other files may have to get helpers.
    pub(crate) fn applies_fixes(self) -> bool {
        !matches!(self, Action::AddIgnores { .. })
    }
}

/// What became of one file.
#[derive(Debug)]
pub(crate) struct Looked {
    /// What belongs into the result.
    pub(crate) result: Vec<u8>,
    /// What each transform changes: the diffs one after the other where a mailbox is made, and each of the file as
    /// it is where it is split.
    pub(crate) stages: Vec<Stage>,
    /// What is odd about the file.
    pub(crate) warnings: Vec<String>,
    /// Where it replaces what rewritten calls no longer go through.
    pub(crate) patches: Vec<PatchSeen>,
    /// Accepted fixes that could not be applied, in words.
    pub(crate) unmet: Vec<String>,
    /// The decisions, or why there are none.
    pub(crate) verdict: Result<Seen, Trouble>,
}

/// A place that replaces what rewritten calls no longer go through.
#[derive(Debug, Clone)]
pub(crate) struct PatchSeen {
    /// The transform that rewrites the calls.
    pub(crate) transform: &'static str,
    /// The file that has them, where it is known.
    pub(crate) of: Option<PathBuf>,
    /// That it does so, and what of that.
    pub(crate) warning: String,
}

/// What was seen in a file without trouble.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) target: Target,
    pub(crate) review: Review,
    /// Whether the text was changed, or would be.
    pub(crate) changed: bool,
    /// How many sites were not there before, where that is asked.
    pub(crate) new: Option<usize>,
    /// What came of writing comments that silence sites, where that is the task.
    pub(crate) ignored: Option<Ignored>,
    /// What came of asking about types; none where that is not wanted.
    pub(crate) types: Option<Asked>,
    /// The fixes that are applied, where it was asked for them.
    pub(crate) rewrites: Vec<Rewrite>,
    /// The helpers that the file gets for itself, and the folder of its project; none where that has a module for them.
    pub(crate) helpers: Option<(PathBuf, Vec<&'static str>)>,
}

impl From<Trouble> for Looked {
    fn from(trouble: Trouble) -> Self {
        Self {
            result: Vec::new(),
            stages: Vec::new(),
            warnings: Vec::new(),
            patches: Vec::new(),
            unmet: Vec::new(),
            verdict: Err(trouble),
        }
    }
}

/// A fix that is applied.
#[derive(Debug, Clone)]
pub(crate) struct Rewrite {
    pub(crate) transform: &'static str,
    /// Where its site starts in the code.
    pub(crate) at: TextSize,
    pub(crate) start: Position,
    /// How messages name that.
    pub(crate) place: String,
    pub(crate) fix: FixName,
}

/// What knows the code of all files of a run.
pub(crate) struct Engine {
    pub(crate) roots: Roots,
    pub(crate) helper_modules: HelperModules,
    /// Files that took too long once, at which nobody looks again.
    slow: Mutex<HashSet<PathBuf>>,
}

impl Engine {
    pub(crate) fn new(here: &Here) -> Self {
        Self {
            roots: Roots::new(here),
            helper_modules: HelperModules::default(),
            slow: Mutex::default(),
        }
    }

    /// With the modules for helpers that the settings of `inputs` name. What panics in it from then on says nothing: it
    /// costs a file, of which that is told.
    ///
    /// # Errors
    /// Where there is something wrong with such a module.
    pub(crate) fn of(inputs: &[Input], resolver: &Resolver) -> Result<Self, Error> {
        let mut engine = Self::new(&resolver.here);
        engine.helper_modules = HelperModules::find(inputs, resolver, &engine)?;
        work::silence_panics();
        Ok(engine)
    }

    /// What `work` makes of the file at `path`, with the answers of `asked`.
    fn within<T: Send + 'static>(
        &self,
        limit: Duration,
        path: &Path,
        asked: Asking<'_>,
        work: impl FnOnce(Asking<'_>) -> T + Send + 'static,
    ) -> Result<T, Trouble> {
        if self.slow().contains(path) {
            return Err(Fault::TooSlow(limit).into());
        }
        match patience::within(limit, asked, work) {
            Err(Fault::TooSlow(limit)) => Err(self.too_slow(path, limit)),
            done => Ok(done?),
        }
    }

    /// The trouble with the file at `path`, which took longer than `limit`; nobody looks at it again.
    pub(crate) fn too_slow(&self, path: &Path, limit: Duration) -> Trouble {
        self.slow().insert(path.to_path_buf());
        Fault::TooSlow(limit).into()
    }

    fn slow(&self) -> MutexGuard<'_, HashSet<PathBuf>> {
        self.slow.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What `question` makes of the file at `path`, which has to run on `target`; none where it cannot be
    /// read as Python.
    pub(crate) fn ask<T: Send + 'static>(
        &self,
        path: &Path,
        target: PythonVersion,
        question: fn(&Source<'_>) -> T,
    ) -> Option<T> {
        let bytes = disk::load(path).ok()?;
        self.ask_about(path, &bytes, target, question)
    }

    /// As [`Engine::ask`], of a file with these `bytes` and whatever Python has its syntax.
    pub(crate) fn ask_of<T: Send + 'static>(
        &self,
        path: &Path,
        bytes: &[u8],
        question: fn(&Source<'_>) -> T,
    ) -> Option<T> {
        self.ask_about(path, bytes, PythonVersion::latest(), question)
    }

    fn ask_about<T: Send + 'static>(
        &self,
        path: &Path,
        bytes: &[u8],
        target: PythonVersion,
        question: fn(&Source<'_>) -> T,
    ) -> Option<T> {
        let pipeline = plan::questions(target, self.roots.module(path));
        let text = encoding::decode(bytes).ok()?.text.into_owned();
        let work = move |_: Asking<'_>| pipeline.ask(&text, question);
        self.within(USUAL_TIME_LIMIT, path, Asking::default(), work)
            .ok()?
    }
}

/// The helpers that a file will import from its project's module for them.
pub(crate) fn helpers_wanted(
    input: &Input,
    task: &Task,
    engine: &Engine,
    types: &Types,
) -> Option<Wanted> {
    let (path, module) = engine.helper_modules.of(input, engine)?;
    // What is wrong with a file is said when it is mended.
    let bytes = disk::load(&input.path).ok()?;
    let reviewed = task.reviewed(input, &bytes).ok()?;
    let kept = task.kept(input, &bytes).ok()?;
    let pipeline = Arc::new(pipeline(
        input,
        &task.others.makers,
        Wants::default(),
        engine,
    ));
    let name = &module.module.name;
    let last = name.rsplit('.').next().unwrap_or(name);
    let may_import = memchr::memmem::find(&bytes, last.as_bytes()).is_some();
    if !may_import && !pipeline.may_have_sites(&bytes) {
        return None;
    }
    let text = decode(input, &bytes).ok()?;
    let code = Code::of(input.kind(), &text.text).ok()?;
    let page = Page::new(
        input.name(),
        &code,
        input.settings.target(&input.path).version,
    );
    let choose = task.choose(reviewed, kept, &page);
    let judging = Judging {
        pipeline: &pipeline,
        text: code.text(),
        choose: choose.as_deref(),
        input,
        others: &task.others,
        engine,
    };
    let (judged, _) = judging.with_types(types).ok()?;
    let after = judged.after.unwrap_or_else(|| code.text().to_owned());
    let ask = move |_: Asking<'_>| pipeline.ask(&after, helpers::imported);
    let limit = input.settings.time_limit;
    let imported = engine.within(limit, &input.path, Asking::default(), ask);
    let imported = imported.ok()??;
    Some(Wanted {
        by: input.path.clone(),
        module: path.to_path_buf(),
        helpers: imported,
    })
}

/// Whether others get to know what is in a file: only types tell which function a call in another file means.
fn is_known_to_others(input: &Input) -> bool {
    input.settings.types.wanted && !input.is_stdin && !input.is_notebook()
}

/// What other files have to know of one.
pub(crate) fn learn(input: &Input, engine: &Engine) -> Learned {
    if !is_known_to_others(input) {
        return Learned::default();
    }
    // What is wrong with a file is said when it is mended.
    let Ok(bytes) = disk::load(&input.path) else {
        return Learned::default();
    };
    let text = String::from_utf8_lossy(&bytes);
    Learned {
        makers: makers(input, &bytes, &Arc::default(), None, engine),
        patched: patched::on_import(&input.path, &bytes, engine),
        for_others: (names_for_others(&text).into_iter())
            .map(str::to_owned)
            .collect(),
        imported: imported_functions(&text),
    }
}

/// The functions of a file that callers in other files have to know, if it may call one of those that are the
/// `newest`: now that all of `known` are, it may have more.
pub(crate) fn learn_more(
    input: &Input,
    newest: &TaskMakers,
    known: &Arc<TaskMakers>,
    engine: &Engine,
    types: &Types,
) -> Vec<FoundMaker> {
    if !is_known_to_others(input) {
        return Vec::new();
    }
    let bytes = disk::load(&input.path).unwrap_or_default();
    if !newest.may_be_called_in(&bytes) {
        return Vec::new();
    }
    makers(input, &bytes, known, Some(types), engine)
}

/// The functions of a file with these `bytes` that callers in other files have to know.
fn makers(
    input: &Input,
    bytes: &[u8],
    known: &Arc<TaskMakers>,
    types: Option<&Types>,
    engine: &Engine,
) -> Vec<FoundMaker> {
    let pipeline = pipeline(input, known, Wants::default(), engine);
    let may_return = memchr::memmem::find(bytes, b"return").is_some();
    if !may_return || !pipeline.may_have_sites(bytes) {
        return Vec::new();
    }
    let Ok(text) = encoding::decode(bytes) else {
        return Vec::new();
    };
    let types = types.and_then(|it| it.of_file(input, &text.text));
    let asked = Asking {
        types: types
            .as_ref()
            .map(|it| it as &dyn asyncmend_pipeline::Types),
        ..Asking::default()
    };
    let text = text.text.into_owned();
    let learn = move |asked: Asking<'_>| pipeline.task_makers(&text, asked.types);
    let learned = engine.within(input.settings.time_limit, &input.path, asked, learn);
    match types.as_ref().map(FileTypes::asked) {
        Some(Asked::Failed(_)) => Vec::new(),
        _ => learned.unwrap_or_default(),
    }
}

/// Does one file.
pub(crate) fn mend(input: &Input, task: &Task, engine: &Engine, types: &Types) -> Looked {
    let loaded = if input.is_new {
        Ok(Bytes::default())
    } else if input.is_stdin {
        disk::load_stdin()
    } else {
        disk::load(&input.path)
    };
    let bytes = match loaded {
        Ok(bytes) => bytes,
        Err(trouble) => return trouble.into(),
    };
    let mut looked = look(input, &bytes, task, engine, types).unwrap_or_else(Looked::from);
    // A filter hands on what it leaves as it is.
    if input.is_stdin && task.action.writes() && looked.result.is_empty() {
        looked.result = bytes.to_vec();
    }
    if task.counts_alone {
        looked.result.clear();
    }
    looked
}

/// Does one file that holds, or is taken to hold, these `bytes`.
pub(crate) fn mend_bytes(
    input: &Input,
    bytes: &[u8],
    task: &Task,
    engine: &Engine,
    types: &Types,
) -> Looked {
    look(input, bytes, task, engine, types).unwrap_or_else(Looked::from)
}

/// What tells the sites of a file from each other that has these `bytes`, or had them; none where those cannot be
/// read as Python.
pub(crate) fn fingerprints(
    input: &Input,
    bytes: &[u8],
    task: &Task,
    engine: &Engine,
    types: &Types,
) -> Vec<String> {
    let pipeline = Arc::new(pipeline(
        input,
        &task.others.makers,
        Wants::default(),
        engine,
    ));
    if !pipeline.may_have_sites(bytes) {
        return Vec::new();
    }
    let fingerprints = || -> Result<Vec<String>, Trouble> {
        let text = decode(input, bytes)?;
        let code = Code::of(input.kind(), &text.text)?;
        let page = Page::new(
            input.name(),
            &code,
            input.settings.target(&input.path).version,
        );
        let judging = Judging {
            pipeline: &pipeline,
            text: code.text(),
            choose: None,
            input,
            others: &task.others,
            engine,
        };
        let (judged, _) = judging.with_types(types)?;
        Ok(render::fingerprints(&page, &judged.review.findings))
    };
    fingerprints().unwrap_or_default()
}

/// The code of a file, or what it is to begin with.
fn judged_text<'c>(input: &Input, code: &'c Code<'_>) -> &'c str {
    if input.is_new {
        helper_modules::NEW
    } else {
        code.text()
    }
}

/// Whether anything may have to be said of a file with these `bytes`, or done with it. Most files of most projects
/// end here, without having been decoded or parsed.
fn is_of_interest(input: &Input, bytes: &[u8], task: &Task, pipeline: &Pipeline) -> bool {
    let may_have = |word: &str| memchr::memmem::find(bytes, word.as_bytes()).is_some();
    let may_have_ignores = || may_have("asyncmend:");
    pipeline.may_have_sites(bytes)
        || patched::is_test(Path::new(input.name()))
            && may_have("patch.multiple")
            && may_have("asyncio")
        || encoding::is_utf_16(bytes)
        || task.action.tells_of_ignores() && may_have_ignores()
}

fn look(
    input: &Input,
    bytes: &[u8],
    task: &Task,
    engine: &Engine,
    types: &Types,
) -> Result<Looked, Trouble> {
    let target = input.settings.target(&input.path);
    let reviewed = task.reviewed(input, bytes)?;
    let kept = task.kept(input, bytes)?;
    let makers = &task.others.makers;
    let pipeline = Arc::new(pipeline(input, makers, wants(task.action), engine));
    let gets_helpers = engine.helper_modules.in_want().any(|it| it == input.path);
    let is_of_interest = gets_helpers || is_of_interest(input, bytes, task, &pipeline);
    let text = is_of_interest.then(|| decode(input, bytes));
    let text = text.transpose()?.unwrap_or_else(Text::empty);
    // What nobody has read is no notebook.
    let kind = is_of_interest.then(|| input.kind());
    let code = Code::of(kind.unwrap_or(asyncmend::Kind::Module), &text.text)?;
    let page = Page::new(input.name(), &code, target.version);
    let choose = task.choose(reviewed, kept, &page);
    let judging = Judging {
        pipeline: &pipeline,
        text: judged_text(input, &code),
        choose: choose.as_deref(),
        input,
        others: &task.others,
        engine,
    };
    let (judged, asked) = if input.is_new {
        (judging.without_types()?, Asked::Nothing)
    } else if is_of_interest {
        judging.with_types(types)?
    } else {
        (Judged::default(), Asked::Nothing)
    };
    let is_book = task.action == Action::Diff(DiffFormat::Html);
    let python_after = judged.after.as_ref().filter(|_| is_book).cloned();
    let (after, ignored) = match task.action {
        Action::AddIgnores { .. } => with_ignores(&pipeline, &code, &judged.review)?,
        _ => (judged.after, None),
    };
    let helpers = helpers_of(input, task, engine, &code, after.as_deref());
    let after = after.map(|it| code.with(it)).transpose()?;
    let staging = Staging {
        input,
        task,
        engine,
        types,
        text: &text,
        code: &code,
        choose: choose.as_deref(),
    };
    let news = (task.known.as_ref()).map(|it| it.news(&page, &judged.review.findings));
    let stages = after
        .as_deref()
        .map(|after| staging.wanted(&judged.review, after, gets_helpers));
    Ok(Looked {
        stages: stages.transpose()?.unwrap_or_default(),
        result: match task.action {
            Action::Check(format) => {
                let change = after.as_deref().map(|after| (&*text.text, after));
                let report = task.report(format, news.as_deref());
                report.bytes(&page, &judged.review.findings, change)
            }
            Action::Diff(DiffFormat::Html) => {
                let sheet = Sheet {
                    page: &page,
                    bytes,
                    owners: &task.owners.of(&input.path),
                    target: target.to_string(),
                    review: &judged.review,
                    after: python_after.as_deref(),
                    is_new: input.is_new,
                };
                sheet_of(&sheet, &pipeline).into_bytes()
            }
            Action::Diff(DiffFormat::Mbox) | Action::Split { .. } => Vec::new(),
            Action::Diff(DiffFormat::Unified)
            | Action::Fix
            | Action::Rewrite
            | Action::AddIgnores { .. } => match &after {
                Some(after) => publish(input, task, types, bytes, &text, after)?,
                None => Vec::new(),
            },
        },
        warnings: oddities(
            task.action,
            &pipeline,
            &page,
            &judged.review,
            ignored.as_ref(),
            &asked,
        ),
        patches: patches(input, bytes, task, engine, &page, &judged.review),
        unmet: reviewed.map_or_else(Vec::new, |it| unmet(&page, it, kept, &judged.review)),
        verdict: Ok(Seen {
            target: target.clone(),
            rewrites: rewrites(task.action, &page, &judged.review),
            changed: after.is_some(),
            new: news.map(|news| news.iter().filter(|it| **it).count()),
            ignored,
            review: judged.review,
            types: input.settings.types.wanted.then_some(asked),
            helpers,
        }),
    })
}

/// The helpers that a file gets for itself as its code becomes `after`, and the folder of its project; none where that
/// has a module for them, or nobody is told.
fn helpers_of(
    input: &Input,
    task: &Task,
    engine: &Engine,
    code: &Code,
    after: Option<&str>,
) -> Option<(PathBuf, Vec<&'static str>)> {
    if task.action.of_helpers().is_none() || input.settings.helper_module.is_some() {
        return None;
    }
    let helpers = repeated::written(code.text(), after?);
    if helpers.is_empty() {
        return None;
    }
    let project = engine.roots.project_folder(input.path.parent()?);
    Some((project.to_path_buf(), helpers))
}

/// What one transform changes in a file that those before it have changed.
#[derive(Debug)]
pub(crate) struct Stage {
    /// None for what other files import from this one, and where a file is not divided.
    pub(crate) transform: Option<&'static str>,
    pub(crate) diff: Vec<u8>,
}

/// A file that is changed by one transform after the other.
struct Staging<'s> {
    input: &'s Input,
    task: &'s Task,
    engine: &'s Engine,
    types: &'s Types<'s>,
    text: &'s Text<'s>,
    code: &'s Code<'s>,
    choose: Option<&'s Choose<'s>>,
}

impl Staging<'_> {
    /// What of the way to `after` is asked for.
    fn wanted(
        &self,
        review: &Review,
        after: &str,
        gets_helpers: bool,
    ) -> Result<Vec<Stage>, Trouble> {
        match self.task.action {
            Action::Diff(DiffFormat::Mbox) => self.stages(after, gets_helpers),
            Action::Split { by_transform } => {
                self.parts(review, after, by_transform && !gets_helpers)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// The diffs that together lead to `after`. A text between is what the transforms up to there make of the file
    /// when they alone are run.
    fn stages(&self, after: &str, gets_helpers: bool) -> Result<Vec<Stage>, Trouble> {
        if self.input.is_new {
            return Ok(vec![self.part(None, after)?]);
        }
        let transforms = transforms(self.input);
        let mut stages = Vec::new();
        let mut before = self.text.text.to_string();
        for count in 0..=transforms.len() {
            let now = match count {
                _ if count == transforms.len() => after.to_owned(),
                0 if !gets_helpers => continue,
                _ => self.made_by(transforms[..count].to_vec(), self.choose)?,
            };
            if now != before {
                stages.push(Stage {
                    transform: count.checked_sub(1).map(|index| transforms[index].id),
                    diff: self.diff(&before, &now)?,
                });
            }
            before = now;
        }
        Ok(stages)
    }

    /// The diffs of the file as it is that lead to `after` together, in any order: one, or one for each transform
    /// where `by_transform` and none of them touches what another one does.
    fn parts(
        &self,
        review: &Review,
        after: &str,
        by_transform: bool,
    ) -> Result<Vec<Stage>, Trouble> {
        let rewrites = |id: &str| {
            let mut findings = review.findings.iter();
            findings.any(|it| it.transform.id == id && matches!(it.decision, Decision::Rewrite(_)))
        };
        let ids = transforms(self.input).into_iter().map(|it| it.id);
        let ids: Vec<&'static str> = ids.filter(|id| by_transform && rewrites(id)).collect();
        if let [_, _, ..] = ids[..]
            && let Some(texts) = self.divided(&ids, after)?
        {
            let parts = ids.iter().zip(&texts);
            return parts.map(|(id, text)| self.part(Some(id), text)).collect();
        }
        Ok(vec![self.part(ids.first().copied(), after)?])
    }

    fn part(&self, transform: Option<&'static str>, after: &str) -> Result<Stage, Trouble> {
        let diff = if self.input.is_new {
            asyncmend_edits::unified_new(&self.name(), after).into_bytes()
        } else {
            self.diff(&self.text.text, after)?
        };
        Ok(Stage { transform, diff })
    }

    fn diff(&self, before: &str, after: &str) -> Result<Vec<u8>, Fault> {
        let diff = asyncmend_edits::unified(&self.name(), before, after);
        let diff = self.text.encoding.encode_diff(&diff);
        diff.ok_or(Fault::NoSuchCharacter)
    }

    /// What each of the transforms `ids` alone makes of the file, where these texts are independent parts of
    /// `after`.
    fn divided(&self, ids: &[&'static str], after: &str) -> Result<Option<Vec<String>>, Trouble> {
        let before = &*self.text.text;
        let texts: Result<Vec<String>, Trouble> = ids.iter().map(|id| self.only(id)).collect();
        let texts = texts?;
        let Some(between) = merge::independent(before, &texts, after) else {
            return Ok(None);
        };
        let wants = Wants::default();
        let pipeline = pipeline(self.input, &self.task.others.makers, wants, self.engine);
        let is_python = |text: &String| {
            let code = Code::of(self.input.kind(), text).ok();
            code.is_some_and(|code| pipeline.ask(code.text(), |_| ()).is_some())
        };
        Ok(between.iter().all(is_python).then_some(texts))
    }

    /// What the transform `id` alone makes of the file.
    fn only(&self, id: &str) -> Result<String, Trouble> {
        let choose = |transform: &Transform, at: TextSize| match self.choose {
            _ if transform.id != id => Choice::Leave(Declined::Undecided),
            Some(choose) => choose(transform, at),
            None => Choice::ByConsent,
        };
        self.made_by(transforms(self.input), Some(&choose))
    }

    /// What `transforms` make of the file where this is said of its sites.
    fn made_by(
        &self,
        transforms: Vec<&'static Transform>,
        choose: Option<&Choose<'_>>,
    ) -> Result<String, Trouble> {
        let wants = wants(self.task.action);
        let (others, engine) = (&self.task.others, self.engine);
        let pipeline = pipeline_of(transforms, self.input, &others.makers, wants, engine);
        let judging = Judging {
            pipeline: &Arc::new(pipeline),
            text: self.code.text(),
            choose,
            input: self.input,
            others,
            engine,
        };
        let (judged, _) = judging.with_types(self.types)?;
        let after = judged.after.map(|it| self.code.with(it)).transpose()?;
        Ok(after.unwrap_or_else(|| self.text.text.to_string()))
    }

    /// The file as its work tree calls it.
    fn name(&self) -> String {
        let name = vcs::name_in(&self.task.tree, &self.input.path);
        name.unwrap_or_else(|| self.input.name().trim_start_matches('/').to_owned())
    }
}

/// What the review page knows of a file, with what the engine can say about its text.
fn sheet_of(sheet: &Sheet, pipeline: &Pipeline) -> String {
    if sheet.review.findings.is_empty() {
        return html::file(sheet, None);
    }
    let text = sheet.page.code.text();
    let shown = pipeline.ask(text, |source| html::file(sheet, Some(source)));
    shown.unwrap_or_else(|| html::file(sheet, None))
}

/// What `action` asks of a pipeline beside decisions.
fn wants(action: Action) -> Wants {
    match action {
        Action::AddIgnores { .. } => Wants::default(),
        Action::Diff(format) => Wants {
            layout: true,
            candidates: format == DiffFormat::Html,
        },
        Action::Fix | Action::Rewrite | Action::Split { .. } => Wants {
            layout: true,
            candidates: false,
        },
        Action::Check(format) => Wants {
            // It shows the new text, as `fix` would leave it.
            layout: format == Format::Markdown,
            candidates: matches!(format, Format::Json | Format::JsonLines | Format::Sarif),
        },
    }
}

/// What does the transforms that run on a file.
fn pipeline(input: &Input, makers: &Arc<TaskMakers>, wants: Wants, engine: &Engine) -> Pipeline {
    pipeline_of(transforms(input), input, makers, wants, engine)
}

fn pipeline_of(
    transforms: Vec<&'static Transform>,
    input: &Input,
    makers: &Arc<TaskMakers>,
    wants: Wants,
    engine: &Engine,
) -> Pipeline {
    let plan = &input.settings.plan;
    let target = input.settings.target(&input.path).version;
    let helper_module = engine.helper_modules.of(input, engine).map(|(_, it)| it);
    let keeper = engine.helper_modules.keeper(input, engine);
    let names_modules =
        plan.preferences.names_modules() || helper_module.is_some() || keeper.is_some();
    let module = names_modules
        .then(|| engine.roots.module(&input.path))
        .flatten();
    let surroundings = Surroundings {
        kind: input.kind(),
        module,
        helper_module,
        keeper,
        makers: Arc::clone(makers),
    };
    plan.pipeline(target, transforms, surroundings, wants)
}

/// The transforms that run on a file.
fn transforms(input: &Input) -> Vec<&'static Transform> {
    if matches!(input.role, Role::Added | Role::Served) {
        return Vec::new();
    }
    let target = input.settings.target(&input.path);
    input.settings.transforms(&input.path, target)
}

/// A file that is looked at more than once.
pub(crate) struct Opened<'o> {
    pub(crate) bytes: &'o [u8],
    pub(crate) page: Page<'o>,
    text: &'o Text<'o>,
    pipeline: Arc<Pipeline>,
    types: Option<FileTypes<'o>>,
    input: &'o Input,
    others: &'o Others,
    engine: &'o Engine,
}

impl Opened<'_> {
    /// What becomes of its code where this is said of its sites.
    pub(crate) fn judged(&self, choose: Option<&Choose<'_>>) -> Result<Judged, Trouble> {
        let judging = Judging {
            pipeline: &self.pipeline,
            text: self.page.code.text(),
            choose,
            input: self.input,
            others: self.others,
            engine: self.engine,
        };
        Ok(judging.by(self.types.as_ref())?.0)
    }

    /// Why its types are not known, where they should be.
    pub(crate) fn trouble_with_types(&self) -> Option<String> {
        match self.types.as_ref()?.asked() {
            Asked::Failed(reason) => Some(reason.clone()),
            _ => None,
        }
    }

    /// Writes comments that silence `sites` to the file, which is at `path`, and gives back what it holds then.
    pub(crate) fn ignore(
        &self,
        sites: &[&Site],
        path: &Path,
        backup: Option<&str>,
    ) -> Result<Vec<u8>, Trouble> {
        let findings = self.judged(None)?.review.findings;
        let ranges: Vec<(&str, TextRange)> = (findings.iter())
            .map(|it| (it.transform.id, it.at))
            .filter(|(transform, at)| {
                let start = self.page.position(at.start());
                sites.contains(&&Site { start, transform })
            })
            .collect();
        let code = self.page.code;
        let ignoring = self.pipeline.ignoring(code.text(), &ranges);
        let ignoring = ignoring.filter(|it| it.left.is_empty());
        let ignoring = ignoring.ok_or(Trouble::NoPlaceForComment)?;
        let after = code.with(ignoring.patch.apply(code.text()))?;
        let new = self.text.encoding.encode(&after);
        let new = new.ok_or(Fault::NoSuchCharacter)?.into_owned();
        disk::store(path, self.bytes, &new, backup)?;
        Ok(new)
    }

    /// What came of asking about types; none where that is not wanted.
    pub(crate) fn asked(&self) -> Option<Asked> {
        self.types.as_ref().map(FileTypes::asked)
    }

    /// What `question` makes of its code, whose types are known as far as they can be.
    pub(crate) fn ask_typed<T>(&self, question: impl Fn(&Source<'_>) -> T) -> Option<T> {
        let types = self
            .types
            .as_ref()
            .map(|it| it as &dyn asyncmend_pipeline::Types);
        self.pipeline
            .ask_typed(self.page.code.text(), types, question)
    }

    /// What `question` makes of `code`, which is its code or what was made of it.
    pub(crate) fn ask<T>(&self, code: &str, question: impl Fn(&Source<'_>) -> T) -> Option<T> {
        self.pipeline.ask(code, question)
    }
}

/// Reads a file and lets `look` look at it, with all candidates of each site; none where it can hold no site.
pub(crate) fn open<T>(
    input: &Input,
    task: &Task,
    engine: &Engine,
    types: &Types,
    look: impl FnOnce(&Opened<'_>) -> T,
) -> Result<Option<T>, Trouble> {
    let bytes = disk::load(&input.path)?;
    let wants = Wants {
        layout: true,
        candidates: true,
    };
    let pipeline = pipeline(input, &task.others.makers, wants, engine);
    if !pipeline.may_have_sites(&bytes) && !encoding::is_utf_16(&bytes) {
        return Ok(None);
    }
    let text = decode(input, &bytes)?;
    let code = Code::of(input.kind(), &text.text)?;
    let target = input.settings.target(&input.path).version;
    Ok(Some(look(&Opened {
        bytes: &bytes,
        page: Page::new(input.name(), &code, target),
        text: &text,
        types: types.of_file(input, code.text()),
        pipeline: Arc::new(pipeline),
        input,
        others: &task.others,
        engine,
    })))
}

/// A text that is judged.
struct Judging<'j> {
    pipeline: &'j Arc<Pipeline>,
    text: &'j str,
    /// What was said about single sites.
    choose: Option<&'j Choose<'j>>,
    /// The file that has the text.
    input: &'j Input,
    others: &'j Others,
    engine: &'j Engine,
}

impl Judging<'_> {
    /// With what its types are; without any where an answer failed to come, so that the same input gives
    /// the same output whenever in the file that was.
    fn with_types(&self, types: &Types) -> Result<(Judged, Asked), Trouble> {
        self.by(types.of_file(self.input, self.text).as_ref())
    }

    fn by(&self, types: Option<&FileTypes>) -> Result<(Judged, Asked), Trouble> {
        let Some(types) = types else {
            return Ok((self.without_types()?, Asked::Nothing));
        };
        let judged = self.judge(Some(types))?;
        match types.asked() {
            failed @ Asked::Failed(_) => Ok((self.without_types()?, failed)),
            asked => Ok((judged, asked)),
        }
    }

    fn without_types(&self) -> Result<Judged, Trouble> {
        self.judge(None)
    }

    fn judge(&self, types: Option<&dyn asyncmend_pipeline::Types>) -> Result<Judged, Trouble> {
        let asked = Asking {
            types,
            choose: self.choose,
            given_up: None,
        };
        let (pipeline, text) = (Arc::clone(self.pipeline), self.text.to_owned());
        let elsewhere = self.others.around(&self.input.path, self.engine);
        let pipeline = if elsewhere.is_empty() {
            pipeline
        } else {
            Arc::new(pipeline.with_elsewhere(elsewhere))
        };
        let run = move |asked: Asking<'_>| judge(&pipeline, &text, asked);
        let limit = self.input.settings.time_limit;
        let judged = self.engine.within(limit, &self.input.path, asked, run)?;
        Ok(judged?)
    }
}

/// Writes the file where that is the task; else returns what is to be shown. `after` is the new text of
/// the file, which is `text` and has these `bytes`.
fn publish(
    input: &Input,
    task: &Task,
    types: &Types,
    bytes: &[u8],
    text: &Text<'_>,
    after: &str,
) -> Result<Vec<u8>, Trouble> {
    let name = input.name();
    let encoding = text.encoding;
    let encoded = || encoding.encode(after).ok_or(Fault::NoSuchCharacter);
    if task.action == Action::Rewrite {
        return Ok(encoded()?.into_owned());
    }
    if input.is_new {
        if !task.action.writes() {
            return Ok(render::new_file(name, after, task.look()).into_bytes());
        }
        task.check_verified(input, after.as_bytes())?;
        disk::create(&input.path, after)?;
        return Ok(Vec::new());
    }
    if !task.action.writes() {
        let diff = render::diff(name, &text.text, after, task.look());
        if task.on_terminal {
            return Ok(diff.into_bytes());
        }
        return encoding
            .encode_diff(&diff)
            .ok_or(Fault::NoSuchCharacter.into());
    }
    let new = encoded()?;
    if input.is_stdin {
        return Ok(new.into_owned());
    }
    task.check_verified(input, &new)?;
    let is_backed_up =
        (task.kept.as_ref()).is_some_and(|kept| kept.backed_up.contains(&input.path));
    let backup = task.backup.as_deref().filter(|_| !is_backed_up);
    types.keep(input, bytes);
    disk::store(&input.path, bytes, &new, backup)?;
    Ok(Vec::new())
}

/// The text of a file; a notebook is JSON, which is UTF-8.
fn decode<'b>(input: &Input, bytes: &'b [u8]) -> Result<Text<'b>, Fault> {
    if input.is_notebook() {
        encoding::decode_utf_8(bytes)
    } else {
        encoding::decode(bytes)
    }
}

/// The places that replace what rewritten calls no longer go through, as warnings. What is replaced while the project
/// is imported was known when calls were looked at.
fn patches(
    input: &Input,
    bytes: &[u8],
    task: &Task,
    engine: &Engine,
    page: &Page,
    review: &Review,
) -> Vec<PatchSeen> {
    let imports = replaced_imports(input, bytes, task, engine);
    if review.patches.is_empty() {
        return imports;
    }
    let known = task.others.patched.around(&input.path, engine);
    let news = (review.patches.iter()).filter(|it| !known.iter().any(|known| known == it.member));
    let patches = news.map(|patch| {
        let (place, member, so) = (page.place(patch.at.start()), patch.member, patch.so);
        PatchSeen {
            transform: patch.transform.id,
            of: None,
            warning: format!("{place}: replaces asyncio.{member} by its name; {so}"),
        }
    });
    patches.chain(imports).collect()
}

/// The places in a file with these `bytes` that replace what another module imports of asyncio by its name: the first
/// for each function and module.
fn replaced_imports(input: &Input, bytes: &[u8], task: &Task, engine: &Engine) -> Vec<PatchSeen> {
    let importers = &task.others.importers;
    if !importers.may_be_replaced_in(bytes) || !is_known_to_others(input) {
        return Vec::new();
    }
    let found = engine.ask_of(&input.path, bytes, replaced_in_modules);
    let (Some(found), Ok(text)) = (found, decode(input, bytes)) else {
        return Vec::new();
    };
    let Ok(code) = Code::of(input.kind(), &text.text) else {
        return Vec::new();
    };
    let target = input.settings.target(&input.path).version;
    let page = Page::new(input.name(), &code, target);
    let transforms = transforms(input);
    let mut seen = HashSet::new();
    let patches = found.into_iter().filter_map(|(function, module, at)| {
        let of = importers.file_of(function, &module)?;
        let rewrites = |it: &&Transform| it.replaces.filter(|it| it.members.contains(&function));
        let (transform, replaces) =
            (transforms.iter()).find_map(|it| Some((it.id, rewrites(it)?)))?;
        let (place, so) = (page.place(at.start()), replaces.so);
        let module = shown(module.trim_start_matches('.'));
        seen.insert((function, of)).then(|| PatchSeen {
            transform,
            of: Some(of.to_path_buf()),
            warning: format!("{place}: replaces asyncio.{function} by its name in {module}; {so}"),
        })
    });
    patches.collect()
}

fn replaced_in_modules(source: &Source<'_>) -> Vec<(&'static str, String, TextRange)> {
    source.replaced_in_modules()
}

/// The accepted fixes that could not be applied, as errors.
fn unmet(
    page: &Page,
    reviewed: &Reviewed,
    kept: Option<&KeptSites>,
    review: &Review,
) -> Vec<String> {
    let is_left_out = |site: &&Site| {
        kept.is_some_and(|it| it.leaves_out(site.transform, |at| page.position(at) == site.start))
    };
    let sites = reviewed.unmet(review, |at| page.position(at));
    let sites = sites.filter(|site| !is_left_out(site));
    let line = |site: &Site| {
        let place = page.named(site.start);
        let transform = site.transform;
        format!(
            "{place}: the fix of {transform} that was accepted is not offered, the site is left as it is; run \
             with the options of the review, or review it again"
        )
    };
    sites.map(line).collect()
}

/// The fixes that are applied, where it is asked for them.
fn rewrites(action: Action, page: &Page, review: &Review) -> Vec<Rewrite> {
    if action != Action::Rewrite {
        return Vec::new();
    }
    let rewrite = |decided: &Decided| {
        let Decision::Rewrite(proposal) = &decided.decision else {
            return None;
        };
        let at = decided.at.start();
        Some(Rewrite {
            transform: decided.transform.id,
            at,
            start: page.position(at),
            place: page.place(at),
            fix: FixName::of(proposal),
        })
    };
    review.findings.iter().filter_map(rewrite).collect()
}

/// The code with comments that silence what no fix changes, and what came of that.
fn with_ignores(
    pipeline: &Pipeline,
    code: &Code,
    review: &Review,
) -> Result<(Option<String>, Option<Ignored>), Trouble> {
    let ignored = pipeline.with_ignores(code.text(), &review.findings);
    let mut ignored = ignored.map_err(|bug| broken("add-ignores", &bug))?;
    Ok((ignored.after.take(), Some(ignored)))
}

/// What is odd about a file, as warnings.
fn oddities(
    action: Action,
    pipeline: &Pipeline,
    page: &Page,
    review: &Review,
    ignored: Option<&Ignored>,
    asked: &Asked,
) -> Vec<String> {
    let mut warnings = match action {
        Action::Check(_) => {
            let mut warnings = unknown_ignores(pipeline, page);
            warnings.extend(unused_ignores(page, review));
            warnings
        }
        Action::AddIgnores { .. } => not_ignored(page, ignored),
        Action::Diff(_) | Action::Fix | Action::Rewrite | Action::Split { .. } => Vec::new(),
    };
    if let Asked::Failed(reason) = asked {
        let name = shown(page.name);
        warnings.push(format!("{name}: went on without its types: {reason}"));
    }
    warnings
}

/// The sites for which no comment was written, as warnings.
fn not_ignored(page: &Page, ignored: Option<&Ignored>) -> Vec<String> {
    let left = ignored.iter().flat_map(|it| &it.left);
    left.map(|(at, because)| format!("{}: {because}", page.place(*at)))
        .collect()
}

/// The comments that name something else than a transform, as warnings: nobody knows what they should silence.
fn unknown_ignores(pipeline: &Pipeline, page: &Page) -> Vec<String> {
    let text = page.code.text();
    if memchr::memmem::find(text.as_bytes(), b"asyncmend:").is_none() {
        return Vec::new();
    }
    let ignores = pipeline.ask(text, |source| source.ignores().to_vec());
    let own = ignores.unwrap_or_default().into_iter().filter(|it| it.own);
    own.filter_map(|ignore| {
        let Silences::Named(ids) = &ignore.silences else {
            return None;
        };
        let error = ids.iter().find_map(|id| names::one(id).err())?;
        let place = page.place(ignore.comment.start());
        Some(format!("{place}: in this ignore comment, {error}"))
    })
    .collect()
}

/// The comments that silence nothing, as warnings.
fn unused_ignores(page: &Page, review: &Review) -> Vec<String> {
    review
        .unused_ignores
        .iter()
        .map(|comment| {
            let place = page.place(comment.start());
            format!("{place}: this ignore comment silences nothing; remove it")
        })
        .collect()
}
