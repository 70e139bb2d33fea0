//! A Python file with its settings, what the pipeline makes of it, and what has to hold of that whatever is
//! in the file. `fuzz` has this module too.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use asyncmend_pipeline::{
    Choose, Consent, Errors, HelperModule, Importable, Keeper, ModuleName, NamePatterns, Options,
    Outcome, Patch, Pipeline, PythonVersion, Review, Settings, Style, Transform,
};
use asyncmend_transforms::{ALL, helpers};

use crate::repository::root;

/// A Python file and the options that its first line asks for.
pub(crate) struct Case {
    /// "`gather/rewrites_a_tuple`".
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    pub(crate) settings: Settings,
    pub(crate) transforms: Vec<&'static Transform>,
}

/// What the pipeline makes of a case.
pub(crate) struct Mended {
    pub(crate) review: Review,
    pub(crate) after: String,
}

/// Why nothing is made of a text.
pub(crate) struct Failed {
    pub(crate) text: String,
    /// It is our fault.
    pub(crate) is_fault: bool,
}

/// The folder of the transform `id`.
pub(crate) fn folder(id: &str) -> String {
    id.replace('-', "_")
}

fn python_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    files.sort();
    files
}

/// The cases of each transform, run with that transform alone.
pub(crate) fn transform_cases() -> Vec<Case> {
    ALL.iter()
        .flat_map(|transform| {
            let folder = folder(transform.id);
            python_files(&root().join("transforms").join(&folder).join("cases"))
                .into_iter()
                .map(move |path| Case::read(&folder, &path, vec![transform]))
        })
        .collect()
}

/// All cases.
pub(crate) fn all_cases() -> Vec<Case> {
    let mut cases = transform_cases();
    cases.extend(together_cases());
    cases
}

/// The cases where transforms meet, run with all of them.
pub(crate) fn together_cases() -> Vec<Case> {
    python_files(&root().join("tests/together"))
        .into_iter()
        .map(|path| Case::read("together", &path, ALL.to_vec()))
        .collect()
}

impl Case {
    fn read(group: &str, path: &Path, transforms: Vec<&'static Transform>) -> Self {
        let text = std::fs::read_to_string(path).expect("cases are UTF-8");
        let stem = path.file_stem().expect("a file").to_string_lossy();
        let (settings, selected) = options(&text);
        let transforms = transforms
            .into_iter()
            .filter(|transform| {
                selected.iter().any(|id| id == transform.id)
                    || transform
                        .fixed_in
                        .is_none_or(|fixed_in| settings.options.target < fixed_in)
            })
            .collect();
        Self {
            name: format!("{group}/{stem}"),
            path: path.to_path_buf(),
            text,
            settings,
            transforms,
        }
    }

    /// The same with another name and text.
    pub(crate) fn with_text(&self, name: String, text: String) -> Self {
        Self {
            name,
            path: self.path.clone(),
            text,
            settings: self.settings.clone(),
            transforms: self.transforms.clone(),
        }
    }

    pub(crate) fn run(&self, text: &str) -> Result<Mended, Failed> {
        self.mended(text, self.pipeline().run(text, None))
    }

    /// With the user's choices for single sites.
    pub(crate) fn run_chosen(&self, choose: &Choose<'_>) -> Result<Mended, Failed> {
        let outcome = self.pipeline().run_chosen(&self.text, None, Some(choose));
        self.mended(&self.text, outcome)
    }

    pub(crate) fn pipeline(&self) -> Pipeline {
        Pipeline::new(self.transforms.clone(), self.settings.clone())
    }

    fn mended(&self, text: &str, outcome: Outcome) -> Result<Mended, Failed> {
        match outcome {
            Outcome::Unchanged { review } => Ok(Mended {
                review,
                after: text.to_string(),
            }),
            Outcome::Changed { review, after } => Ok(Mended { review, after }),
            Outcome::Unparsable(error) => Err(Failed {
                text: format!("{}: {error}", self.name),
                is_fault: false,
            }),
            Outcome::Broken { transform, bug } => Err(Failed {
                text: format!("{}: {transform}: {bug}", self.name),
                is_fault: true,
            }),
        }
    }
}

/// The options of a first line `# asyncmend: --target-version 3.9 --strict`.
pub(crate) fn options(text: &str) -> (Settings, Vec<String>) {
    let mut settings = Settings {
        options: Options::new(PythonVersion::PY311, 88),
        consent: Consent::default(),
        makers: Arc::default(),
        lays_out: true,
        lists_candidates: true,
        finish: helpers::finish,
    };
    let mut selected = Vec::new();
    let first = text.trim_start_matches('\u{feff}').lines().next();
    let Some(line) = first.and_then(|line| line.strip_prefix("# asyncmend: --")) else {
        return (settings, selected);
    };
    let mut words = line.split_whitespace();
    let mut option = words.next();
    while let Some(name) = option {
        let name = name.trim_start_matches('-');
        match name {
            "strict" => settings.consent = Consent::none(),
            "unsafe-fixes" => settings.consent = Consent::all(),
            _ => {
                let value = words.next().expect("an option has a value");
                match name {
                    "target-version" => settings.options.target = value.parse().expect("a version"),
                    "accept" => settings.consent = settings.consent.accept(value),
                    "reject" => settings.consent = settings.consent.reject(value),
                    "select" => selected.push(value.to_string()),
                    "module" => {
                        settings.options.module = Some(ModuleName {
                            dotted: value.to_string(),
                            is_package: false,
                        });
                    }
                    "helper-module" => {
                        settings.options.helper_module = Some(Arc::new(HelperModule {
                            module: Importable {
                                name: value.to_string(),
                                ..Importable::default()
                            },
                            offers: helpers::names(settings.options.target)
                                .map(str::to_string)
                                .collect(),
                            ..HelperModule::default()
                        }));
                    }
                    "set" => set(&mut settings.options, value),
                    other => panic!("cases have no option --{other}"),
                }
            }
        }
        option = words.next();
    }
    (settings, selected)
}

/// `gather.style=idiom`: a key of the configuration and its value.
fn set(options: &mut Options, assignment: &str) {
    let (key, value) = assignment.split_once('=').expect("a key and a value");
    let style = || match value {
        "auto" => Style::Auto,
        "idiom" | "inline" => Style::Idiom,
        "helper" => Style::Helper,
        other => panic!("there is no style {other}"),
    };
    let names = || NamePatterns::new([value]).expect("a pattern");
    let preferences = Arc::make_mut(&mut options.preferences);
    match key {
        "retain-task.style" => preferences.retain_task = style(),
        "retain-task.helper" => {
            let (module, function) = value.rsplit_once('.').expect("a module and a name");
            let mut keeper = Keeper {
                function: function.to_string(),
                ..Keeper::default()
            };
            keeper.module.name = module.to_string();
            options.keeper = Some(Arc::new(keeper));
        }
        "gather.style" => preferences.gather = style(),
        "wait-for.style" => preferences.wait_for = style(),
        "gather.errors" => {
            preferences.errors = match value {
                "first" => Errors::First,
                "group" => Errors::Group,
                other => panic!("there is no {other}"),
            };
        }
        "types-are-checked" => options.types_are_checked = value == "true",
        "coroutine-functions" => preferences.coroutine_functions = names(),
        "task-holders" => preferences.task_holders = names(),
        other => panic!("cases have no key {other}"),
    }
}

/// A second run finds nothing to apply.
pub(crate) fn unsettled(case: &Case, result: &Mended) -> Option<String> {
    let again = match case.run(&result.after) {
        Ok(again) => again,
        Err(failed) => return Some(format!("second run: {}", failed.text)),
    };
    (again.after != result.after).then(|| {
        format!(
            "{}: a second run changes it again:\n{}",
            case.name,
            asyncmend_edits::unified("again.py", &result.after, &again.after)
        )
    })
}

/// Each fix alone makes Python of the user's text.
pub(crate) fn broken_alone(case: &Case, result: &Mended) -> Vec<String> {
    let mut troubles = Vec::new();
    for decided in &result.review.findings {
        for proposal in &decided.candidates {
            let trouble = match Patch::new(proposal.edits.iter().cloned()) {
                Ok(patch) => match case.run(&patch.apply(&case.text)) {
                    Ok(_) => continue,
                    Err(failed) => failed.text,
                },
                Err(overlap) => overlap.to_string(),
            };
            troubles.push(format!("{}: a fix alone: {trouble}", case.name));
        }
    }
    troubles
}

/// The lines that may get an insertion in their middle.
pub(crate) const EXTENDED_IMPORTS: [&str; 4] = [
    "    from collections.abc import ",
    "from asyncio import ",
    "from collections.abc import ",
    "from typing import ",
];

/// Outside of what the fixes claimed, bytes are as they were; only whole shared insertions differ, and lines
/// that `may_vary`.
pub(crate) fn touched_outside(
    case: &Case,
    result: &Mended,
    may_vary: fn(&str) -> bool,
) -> Option<String> {
    let mut rest = result.after.as_str();
    let mut at = 0;
    let mut kept: Vec<&str> = Vec::new();
    for claim in &result.review.claims {
        kept.push(&case.text[at..claim.start().to_usize()]);
        at = claim.end().to_usize();
    }
    kept.push(&case.text[at..]);
    for stretch in kept {
        for line in stretch.split_inclusive(['\n', '\r']) {
            if may_vary(line) {
                continue;
            }
            match rest.find(line) {
                Some(found) => rest = &rest[found + line.len()..],
                None if EXTENDED_IMPORTS.iter().any(|it| line.starts_with(it)) => {}
                None => {
                    return Some(format!(
                        "{}: text outside the claims is gone: {line:?}",
                        case.name
                    ));
                }
            }
        }
    }
    None
}
