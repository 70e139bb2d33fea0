//! Programs, before and after they are mended, and what differs between the two by version of CPython.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use asyncmend_pipeline::{Decision, Outcome, Pipeline, PythonVersion, Review};
use asyncmend_transforms::ALL;

use crate::case;
use crate::repository::root;

/// Programs that run at the same time: they wait more than they work, but some wait for the clock,
/// and a machine that is too busy would make them late.
const AT_A_TIME: usize = 3;

/// What lies beside programs.
const NO_PROGRAMS: [&str; 3] = ["world.py", "own.py", SHARED];

/// What stands at the end of each program beside it.
const SHARED: &str = "jobs.py";

/// A program, mended.
pub(crate) struct Program {
    /// "`same_order_of_arguments`".
    pub(crate) name: String,
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) target: PythonVersion,
    /// The first version without any of the flaws that were mended; `None` where it is in all.
    pub(crate) fixed_in: Option<PythonVersion>,
    /// The cautions of what was rewritten.
    pub(crate) cautions: BTreeSet<&'static str>,
}

/// The programs in `folder` of the tests, mended.
///
/// # Errors
/// What is wrong with one: that nothing was rewritten, or that it could not be.
pub(crate) fn below(folder: &str) -> Result<Vec<Program>, String> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(root().join("tests").join(folder))
        .expect("a folder of programs")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .filter(|path| !NO_PROGRAMS.iter().any(|name| path.ends_with(name)))
        .collect();
    paths.sort();
    paths.iter().map(|path| Program::read(path)).collect()
}

impl Program {
    /// Reads a program and mends it with every transform that its target has a use for.
    fn read(path: &Path) -> Result<Self, String> {
        let name = path.file_stem().expect("a file").to_string_lossy();
        let mut before = std::fs::read_to_string(path).expect("programs are UTF-8");
        if let Ok(shared) = std::fs::read_to_string(path.with_file_name(SHARED)) {
            before = format!("{before}\n\n{shared}");
        }
        let (settings, selected) = case::options(&before);
        let target = settings.options.target;
        let transforms = ALL
            .iter()
            .copied()
            .filter(|transform| {
                selected.iter().any(|id| id == transform.id)
                    || transform.fixed_in.is_none_or(|fixed_in| target < fixed_in)
            })
            .collect();
        match Pipeline::new(transforms, settings).run(&before, None) {
            Outcome::Changed { review, after } => Ok(Self {
                name: name.into_owned(),
                before,
                after,
                target,
                fixed_in: fixed_in(&review),
                cautions: cautions(&review),
            }),
            Outcome::Unchanged { .. } => Err(format!("{name}: nothing was rewritten")),
            Outcome::Unparsable(error) => Err(format!("{name}: {error}")),
            Outcome::Broken { transform, bug } => Err(format!("{name}: {transform}: {bug}")),
        }
    }
}

/// The latest version in which one of the rewritten flaws was still there, plus one.
fn fixed_in(review: &Review) -> Option<PythonVersion> {
    let rewritten = review
        .findings
        .iter()
        .filter(|decided| matches!(decided.decision, Decision::Rewrite(_)));
    rewritten
        .map(|decided| decided.transform.fixed_in)
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .max()
}

fn cautions(review: &Review) -> BTreeSet<&'static str> {
    let rewritten = review.findings.iter();
    let fixes = rewritten.filter_map(|decided| match &decided.decision {
        Decision::Rewrite(fix) => Some(fix),
        _ => None,
    });
    fixes
        .flat_map(|fix| fix.cautions.iter().map(|caution| caution.code))
        .collect()
}

/// Compares what was seen with a reviewed snapshot: `update` makes the new text of the old. What is wrong,
/// if anything is; `REVIEW=1` writes the snapshot.
pub(crate) fn reviewed(snapshot: &str, update: impl FnOnce(&str) -> String) -> Option<String> {
    let path = root().join("snapshots").join(snapshot);
    let old = std::fs::read_to_string(&path).unwrap_or_default();
    let new = update(&old);
    if std::env::var_os("REVIEW").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        std::fs::write(&path, &new).expect("a written snapshot");
        return None;
    }
    let (folder, _) = snapshot.split_once('/').expect("a snapshot in a folder");
    (old != new).then(|| {
        let diff = asyncmend_edits::unified(snapshot, &old, &new);
        format!(
            "{} differs; REVIEW=1 cargo test {folder}, then git diff snapshots\n{diff}",
            path.display(),
        )
    })
}

/// That each snapshot in `folder` has a program: one of a program that is no more would be read as if it
/// still held.
pub(crate) fn assert_snapshots_have_programs(folder: &str) {
    let Ok(entries) = std::fs::read_dir(root().join("snapshots").join(folder)) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        let stem = path.file_stem().expect("a file").to_string_lossy();
        let program = root().join(format!("tests/{folder}/{stem}.py"));
        assert!(program.exists(), "{} has no program", path.display());
    }
}

/// Does `work` with each of `inputs`, some at a time; the results are in order.
pub(crate) fn some_at_a_time<I: Sync, T: Send>(
    inputs: &[I],
    work: impl Fn(&I) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::SeqCst);
                    let Some(input) = inputs.get(index) else {
                        break;
                    };
                    let result = work(input);
                    results.lock().expect("no panic").insert(index, result);
                }
            });
        }
    });
    let results = results.into_inner().expect("no panic");
    results.into_values().collect()
}

/// The number that the environment gives for `variable`, else the `usual` one.
pub(crate) fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).map_or(usual, |text| text.parse().expect("a number"))
}
