//! Every case under `transforms/*/cases` and `tests/together`, against its reviewed snapshot.
//!
//! `REVIEW=1 cargo test` writes the snapshots; `git diff snapshots` is the review.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use asyncmend_pipeline::{
    Choose, Consent, Decision, Errors, HelperModule, Importable, Keeper, ModuleName, NamePatterns,
    Options, Outcome, Patch, Pipeline, PythonVersion, Review, Settings, Style, TextSize, Transform,
};
use asyncmend_source::Source;
use asyncmend_transforms::{ALL, helpers};

use crate::pythons;
use crate::repository::root;

/// Some cases nest deeply; the program's own workers have more.
const STACK_BYTES: usize = 64 << 20;

/// A Python file and the options that its first line asks for.
pub(crate) struct Case {
    /// "`gather/rewrites_a_tuple`".
    pub(crate) name: String,
    path: PathBuf,
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
fn folder(id: &str) -> String {
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
        let outcome = self.pipeline().run_chosen(&self.text, None, choose);
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

    fn snapshot_path(&self) -> PathBuf {
        root().join("snapshots").join(format!("{}.diff", self.name))
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
        "coroutine-functions" => preferences.coroutine_functions = names(),
        "task-holders" => preferences.task_holders = names(),
        other => panic!("cases have no key {other}"),
    }
}

pub(crate) fn on_a_big_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
    let done = thread.spawn(work).expect("a thread").join();
    if let Err(panic) = done {
        std::panic::resume_unwind(panic);
    }
}

/// The findings, then the diff, so that `patch` can read it.
fn snapshot(case: &Case, result: &Mended) -> String {
    let mut out = String::new();
    for decided in &result.review.findings {
        let (line, column) = place(&case.text, decided.at.start());
        let _ = write!(out, "{line}:{column}: ");
        if case.transforms.len() > 1 {
            let _ = write!(out, "{}: ", decided.transform.id);
        }
        let codes = |cautions: &[&asyncmend_pipeline::Caution]| -> String {
            cautions
                .iter()
                .map(|caution| caution.code)
                .collect::<Vec<_>>()
                .join(", ")
        };
        let _ = match &decided.decision {
            Decision::Rewrite(fix) if fix.cautions.is_empty() => writeln!(out, "rewrite"),
            Decision::Rewrite(fix) => writeln!(out, "rewrite ({})", codes(&fix.cautions)),
            Decision::Held { in_the_way, .. } => writeln!(out, "held ({})", codes(in_the_way)),
            Decision::Declined { because, .. } => writeln!(out, "{because:?}"),
            Decision::Refused(refusal) => writeln!(out, "refuse ({})", refusal.code),
        };
    }
    let file = case.path.file_name().expect("a file").to_string_lossy();
    out.push_str(&asyncmend_edits::unified(&file, &case.text, &result.after));
    out
}

fn place(text: &str, offset: TextSize) -> (usize, usize) {
    let before = &text[..offset.to_usize()];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (
        before.matches('\n').count() + 1,
        before[line_start..]
            .trim_start_matches('\u{feff}')
            .chars()
            .count()
            + 1,
    )
}

/// What the prefix of a case's name promises of its findings.
fn broken_promise(case: &Case, result: &Mended) -> Option<String> {
    let name = case.name.rsplit('/').next()?;
    let is_kept = |decision: &Decision| match name.split('_').next() {
        Some("rewrites") => matches!(decision, Decision::Rewrite(_)),
        Some("holds") => matches!(decision, Decision::Held { .. }),
        Some("refuses") => matches!(decision, Decision::Refused(_)),
        Some("ignores") => false,
        _ => true,
    };
    let findings = &result.review.findings;
    let kept = findings.iter().all(|decided| is_kept(&decided.decision))
        && (findings.is_empty() == name.starts_with("ignores_"));
    (!kept).then(|| format!("{}: its findings are not what its name says", case.name))
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
pub(crate) const EXTENDED_IMPORTS: [&str; 3] = [
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

/// A file that was formatted still is.
fn badly_laid_out(case: &Case, result: &Mended) -> Option<String> {
    let options = &case.settings.options;
    let parse = |text: &str| Source::parse(text.to_owned(), options.clone()).ok();
    let formatted = asyncmend_format::formatted_as(&parse(&case.text)?, &parse(&result.after)?)?;
    Some(format!(
        "{}: the result is not formatted any more:\n{}",
        case.name,
        asyncmend_edits::unified("formatted.py", &result.after, &formatted)
    ))
}

fn check(cases: &[Case]) {
    let review = std::env::var_os("REVIEW").is_some();
    let mut troubles = Vec::new();
    let mut compiled = Vec::new();
    for case in cases {
        let result = match case.run(&case.text) {
            Ok(result) => result,
            Err(failed) => {
                troubles.push(failed.text);
                continue;
            }
        };
        let text = snapshot(case, &result);
        let path = case.snapshot_path();
        if review {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
            std::fs::write(&path, &text).expect("a written snapshot");
        } else if std::fs::read_to_string(&path).ok().as_deref() != Some(&text) {
            let old = std::fs::read_to_string(&path).unwrap_or_default();
            troubles.push(format!(
                "{} differs; REVIEW=1 cargo test cases, then git diff snapshots\n{}",
                path.display(),
                asyncmend_edits::unified(&case.name, &old, &text)
            ));
        }
        troubles.extend(broken_promise(case, &result));
        troubles.extend(unsettled(case, &result));
        troubles.extend(broken_alone(case, &result));
        troubles.extend(touched_outside(case, &result, |_| false));
        troubles.extend(badly_laid_out(case, &result));
        compiled.push((
            case.name.clone(),
            case.settings.options.target,
            result.after,
        ));
    }
    troubles.extend(pythons::compile_errors(&compiled));
    assert!(troubles.is_empty(), "\n{}", troubles.join("\n"));
}

#[test]
fn cases_of_transforms() {
    on_a_big_stack(|| check(&transform_cases()));
}

#[test]
fn cases_where_transforms_meet() {
    on_a_big_stack(|| check(&together_cases()));
}

#[test]
fn each_transform_has_cases_of_all_kinds() {
    for transform in ALL {
        let names: Vec<String> = transform_cases()
            .iter()
            .filter_map(|case| {
                case.name
                    .strip_prefix(&folder(transform.id))
                    .map(String::from)
            })
            .collect();
        let count = |kind: &str| {
            names
                .iter()
                .filter(|name| name[1..].starts_with(kind))
                .count()
        };
        if transform.only_reports() {
            assert!(
                count("refuses_") >= 8 && count("ignores_") >= 8,
                "{}",
                transform.id
            );
            continue;
        }
        let (rewrites, others) = (count("rewrites_"), count("refuses_") + count("ignores_"));
        assert!(names.len() >= 40, "{}: {} cases", transform.id, names.len());
        assert!(rewrites >= 20 && others >= 20, "{}", transform.id);
    }
}

/// No snapshot without a case, and each refusal and caution of a transform in a snapshot.
#[test]
fn snapshots_and_codes_are_complete() {
    let cases: Vec<String> = transform_cases()
        .into_iter()
        .chain(together_cases())
        .map(|case| case.name)
        .collect();
    let mut all = String::new();
    for folder in std::fs::read_dir(root().join("snapshots")).expect("snapshots") {
        let folder = folder.expect("a readable folder").path();
        let group = folder
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .to_string();
        if ["behaviour", "matrix"].contains(&&*group) {
            continue;
        }
        for file in std::fs::read_dir(&folder).expect("a folder of snapshots") {
            let file = file.expect("a readable folder").path();
            let stem = file.file_stem().expect("a name").to_string_lossy();
            let name = format!("{group}/{stem}");
            assert!(cases.contains(&name), "{} has no case", file.display());
            let text = std::fs::read_to_string(&file).expect("snapshots are UTF-8");
            all.push_str(&text);
        }
    }
    for transform in ALL {
        for refusal in transform.refusals {
            let code = format!("refuse ({})", refusal.code);
            assert!(all.contains(&code), "{}: no case of {code}", transform.id);
        }
        for caution in transform.cautions {
            let shown = all
                .lines()
                .any(|line| line.contains('(') && line.contains(caution.code));
            assert!(shown, "{}: no case of {}", transform.id, caution.code);
        }
    }
}
