//! From what was said to the [`Pipeline`] that does it: the only way there is.

use std::sync::Arc;

use asyncmend_pipeline::{
    Consent, Elsewhere, Errors, HelperModule, ImportStyle, Keeper, ModuleName, Options, Pipeline,
    Preferences, PythonVersion, Settings, TaskMakers, Transform,
};
use asyncmend_transforms::helpers;

use super::names::Choice;
use super::selection::Selection;
use crate::Kind;

/// What Ruff and Black take where nobody says otherwise.
const USUAL_LINE_WIDTH: usize = 88;

/// What is wanted of texts, whatever they are called.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The transforms that are chosen.
    pub selection: Selection,
    /// Which cautions are accepted.
    pub consent: Consent,
    /// How long lines may be, where that is said.
    pub line_width: Option<u16>,
    /// Whether a type checker looks at the project.
    pub types_are_checked: bool,
    /// How imports are sorted.
    pub imports: ImportStyle,
    /// What is said about code.
    pub preferences: Arc<Preferences>,
}

/// What is known of a text beside its characters.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// What its file is.
    pub kind: Kind,
    /// How it is imported, if it can be.
    pub module: Option<ModuleName>,
    /// The module of the project that holds the helpers.
    pub helper_module: Option<Arc<HelperModule>>,
    /// The project's own function that keeps tasks.
    pub keeper: Option<Arc<Keeper>>,
    /// What other files are known to have.
    pub makers: Arc<TaskMakers>,
}

/// What is asked of a pipeline beside decisions.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wants {
    /// The new text as the file's formatter would leave it.
    pub layout: bool,
    /// All candidates of each site.
    pub candidates: bool,
}

impl Plan {
    /// The transforms that run on a text that has to run on `target`, in order, but for those that are `ignored`.
    pub fn transforms(&self, target: PythonVersion, ignored: &[Choice]) -> Vec<&'static Transform> {
        let all = asyncmend_transforms::ALL.iter().copied();
        all.filter(|transform| self.selection.takes(transform, target, ignored))
            .collect()
    }

    /// What does `transforms` with a text that has to run on `target`.
    pub fn pipeline(
        &self,
        target: PythonVersion,
        transforms: Vec<&'static Transform>,
        surroundings: Surroundings,
        wants: Wants,
    ) -> Pipeline {
        Pipeline::new(
            transforms,
            Settings {
                options: Options {
                    target,
                    line_width: self.line_width.map(usize::from),
                    types_are_checked: self.types_are_checked,
                    imports: self.imports,
                    preferences: Arc::clone(&self.preferences),
                    module: surroundings.module,
                    helper_module: surroundings.helper_module,
                    keeper: surroundings.keeper,
                    elsewhere: Elsewhere::default(),
                    in_cells: surroundings.kind == Kind::Notebook,
                },
                consent: self.consent.clone(),
                makers: surroundings.makers,
                lays_out: wants.layout,
                lists_candidates: wants.candidates,
                finish: helpers::finish,
            },
        )
    }
}

/// What only answers questions about a text that has to run on `target` and is imported as `module`.
pub fn questions(target: PythonVersion, module: Option<ModuleName>) -> Pipeline {
    let settings = Settings {
        options: Options {
            module,
            ..Options::new(target, USUAL_LINE_WIDTH)
        },
        consent: Consent::default(),
        makers: Arc::default(),
        lays_out: false,
        lists_candidates: false,
        finish: helpers::finish,
    };
    Pipeline::new(Vec::new(), settings)
}

/// What was said about cautions in one place.
#[derive(Debug, Clone, Default)]
pub struct Word {
    /// All are accepted, or none: what was said elsewhere does not count then.
    pub base: Option<Consent>,
    /// Codes.
    pub accept: Vec<&'static str>,
    /// Codes.
    pub reject: Vec<&'static str>,
}

impl Word {
    /// That of `--unsafe-fixes`, `--strict`, or neither.
    pub fn on_all(unsafe_fixes: bool, strict: bool) -> Self {
        let base = match (unsafe_fixes, strict) {
            (true, _) => Some(Consent::all()),
            (_, true) => Some(Consent::none()),
            _ => None,
        };
        Self {
            base,
            ..Self::default()
        }
    }

    /// Where one code is both accepted and rejected, the careful word counts.
    fn over(&self, consent: Consent) -> Consent {
        let consent = (self.accept.iter().copied()).fold(consent, Consent::accept);
        (self.reject.iter().copied()).fold(consent, Consent::reject)
    }
}

/// Which cautions are accepted by what is `configured` and what is said `now`, where task groups are to raise
/// `errors`.
pub fn consent(configured: &Word, now: &Word, errors: Option<Errors>) -> Consent {
    let before = || {
        // Who asks for groups of exceptions accepts them.
        let groups = (errors == Some(Errors::Group)).then_some("exception-group");
        let consent = groups.into_iter().fold(Consent::default(), Consent::accept);
        configured.over(consent)
    };
    now.over(now.base.clone().unwrap_or_else(before))
}
