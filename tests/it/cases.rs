//! Every case under `transforms/*/cases` and `tests/together`, against its reviewed snapshot.
//!
//! `REVIEW=1 cargo test` writes the snapshots; `git diff snapshots` is the review.

use std::fmt::Write as _;
use std::path::PathBuf;

use asyncmend_format::{Changed, formatted_as};
use asyncmend_pipeline::{Decision, TextSize};
use asyncmend_source::Source;
use asyncmend_transforms::ALL;

use crate::case::{
    Case, Mended, all_cases, broken_alone, folder, together_cases, touched_outside,
    transform_cases, unsettled,
};
use crate::pythons;
use crate::repository::root;

/// Some cases nest deeply; the program's own workers have more.
const STACK_BYTES: usize = 64 << 20;

impl Case {
    fn snapshot_path(&self) -> PathBuf {
        root().join("snapshots").join(format!("{}.diff", self.name))
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

/// A file that was formatted still is.
fn badly_laid_out(case: &Case, result: &Mended) -> Option<String> {
    let formatted = reformatted(case, &result.after)?;
    Some(format!(
        "{}: the result is not formatted any more:\n{}",
        case.name,
        asyncmend_edits::unified("formatted.py", &result.after, &formatted)
    ))
}

/// `after` laid out as the case is; none where that is in no style, or `after` in the same.
pub(crate) fn reformatted(case: &Case, after: &str) -> Option<String> {
    let before = Source::parse(case.text.clone(), case.settings.options.clone()).ok()?;
    formatted_as(&before, after, &[Changed::all(&case.text, after)])
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
    let cases: Vec<String> = all_cases().into_iter().map(|case| case.name).collect();
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
