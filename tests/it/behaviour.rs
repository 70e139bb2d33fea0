//! The programs in `tests/behaviour`, before and after, under every CPython of this machine.
//!
//! A `same_` prints the same either way. What a `flaw_` prints differs where the flaw exists, and
//! that difference is a reviewed snapshot: `REVIEW=1 cargo test behaviour` writes it. A snapshot
//! tells versions apart, so a machine that lacks some of them checks the others.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use asyncmend_analysis::Analysis;
use asyncmend_pipeline::{Decision, Outcome, Pipeline, PythonVersion, Review};
use asyncmend_transforms::ALL;

use crate::cases;
use crate::pythons::{self, Python};
use crate::repository::root;

/// A program sleeps for some tenths of a second; one that takes this long hangs.
const LIMIT: Duration = Duration::from_secs(30);

/// Programs that run at the same time: they wait more than they work, but some wait for the clock,
/// and a machine that is too busy would make them late.
const AT_A_TIME: usize = 3;

/// A program, mended.
struct Program {
    /// "`same_order_of_arguments`".
    name: String,
    before: String,
    after: String,
    target: PythonVersion,
    /// The first version without any of the flaws that were mended; `None` where it is in all.
    fixed_in: Option<PythonVersion>,
}

/// What differs between before and after, by version: a unified diff, or nothing.
type Differences = BTreeMap<PythonVersion, String>;

fn programs() -> Result<Vec<Program>, String> {
    let folder = root().join("tests/behaviour");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("a folder of programs")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    paths.sort();
    paths.iter().map(|path| Program::read(path)).collect()
}

impl Program {
    /// Reads a program and mends it with every transform that its target has a use for.
    fn read(path: &Path) -> Result<Self, String> {
        let name = path.file_stem().expect("a file").to_string_lossy();
        let before = std::fs::read_to_string(path).expect("programs are UTF-8");
        let (settings, selected) = cases::options(&before);
        let target = settings.options.target;
        let transforms = ALL
            .iter()
            .copied()
            .filter(|transform| {
                selected.iter().any(|id| id == transform.id)
                    || transform.fixed_in.is_none_or(|fixed_in| target < fixed_in)
            })
            .collect();
        let analysis = Analysis::new();
        match Pipeline::new(transforms, settings, &analysis).run(&before, None) {
            Outcome::Changed { review, after } => Ok(Self {
                name: name.into_owned(),
                before,
                after,
                target,
                fixed_in: fixed_in(&review),
            }),
            Outcome::Unchanged { .. } => Err(format!("{name}: nothing was rewritten")),
            Outcome::Unparsable(error) => Err(format!("{name}: {error}")),
            Outcome::Broken { transform, bug } => Err(format!("{name}: {transform}: {bug}")),
        }
    }

    fn has_flaw_on(&self, version: PythonVersion) -> bool {
        self.fixed_in.is_none_or(|fixed_in| version < fixed_in)
    }

    /// What it prints before and after under `python`, as a diff.
    fn difference(&self, python: &Python) -> Result<String, String> {
        let before = run(python, &self.name, &self.before)?;
        if !before.ends_with("status 0\n") {
            return Err(format!(
                "{} fails under CPython {} as it is:\n{before}",
                self.name, python.version
            ));
        }
        let after = run(python, &self.name, &self.after)?;
        let file = format!("{}.out", self.name);
        Ok(asyncmend_edits::unified(&file, &before, &after))
    }

    fn snapshot_path(&self) -> PathBuf {
        let folder = root().join("snapshots/behaviour");
        folder.join(format!("{}.diff", self.name))
    }

    /// What is wrong with these differences.
    fn troubles(&self, differences: &Differences) -> Vec<String> {
        if self.name.starts_with("flaw_") {
            return self.flaw_troubles(differences);
        }
        assert!(self.name.starts_with("same_"), "{}", self.name);
        differences
            .iter()
            .filter(|(_, diff)| !diff.is_empty())
            .map(|(version, diff)| {
                let name = &self.name;
                let change = asyncmend_edits::unified(name, &self.before, &self.after);
                format!("{name} is not the same on CPython {version}:\n{diff}after\n{change}")
            })
            .collect()
    }

    fn flaw_troubles(&self, differences: &Differences) -> Vec<String> {
        let mut troubles = Vec::new();
        let mut flawed = differences
            .iter()
            .filter(|(version, _)| self.has_flaw_on(**version))
            .peekable();
        if flawed.peek().is_some() && flawed.all(|(_, diff)| diff.is_empty()) {
            let name = &self.name;
            troubles.push(format!("{name}: nothing differs, so nothing was mended"));
        }
        let path = self.snapshot_path();
        let old = std::fs::read_to_string(&path).unwrap_or_default();
        // What other machines saw stays.
        let mut all = parse_snapshot(&old);
        all.extend(differences.clone());
        let new = snapshot(&all);
        if std::env::var_os("REVIEW").is_some() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
            std::fs::write(&path, &new).expect("a written snapshot");
        } else if old != new {
            troubles.push(format!(
                "{} differs; REVIEW=1 cargo test behaviour, then git diff snapshots\n{}",
                path.display(),
                asyncmend_edits::unified(&self.name, &old, &new)
            ));
        }
        troubles
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

/// What `text` prints under `python`, and its exit status; a program that hangs is trouble.
fn run(python: &Python, name: &str, text: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = folder.path().join("program.py");
    let printed = folder.path().join("printed");
    std::fs::write(&program, text).expect("a written program");
    let output = File::create(&printed).expect("a new file");
    let mut child = Command::new(&python.path)
        .args(["-W", "ignore"])
        .arg(&program)
        .current_dir(folder.path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONHASHSEED", "0")
        .env_remove("PYTHONASYNCIODEBUG")
        .env_remove("PYTHONDEVMODE")
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(Stdio::null())
        .spawn()
        .expect("the interpreter answered before");
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child of ours") {
            break status;
        }
        if begun.elapsed() > LIMIT {
            child.kill().expect("a child of ours");
            child.wait().expect("a child of ours");
            return Err(format!("{name} hangs under CPython {}", python.version));
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let mut out = std::fs::read_to_string(&printed).expect("programs print UTF-8");
    let _ = writeln!(out, "status {}", status.code().unwrap_or(-1));
    Ok(out)
}

const HEADER: &str = "CPython ";

/// Versions with the same diff under one heading, the group of the oldest first.
fn snapshot(differences: &Differences) -> String {
    let mut groups: Vec<(Vec<String>, &str)> = Vec::new();
    for (version, diff) in differences {
        match groups.iter_mut().find(|(_, other)| other == diff) {
            Some((versions, _)) => versions.push(version.to_string()),
            None => groups.push((vec![version.to_string()], diff)),
        }
    }
    let mut out = String::new();
    for (versions, diff) in groups {
        let what = if diff.is_empty() { "no difference" } else { "" };
        let heading = format!("{HEADER}{}: {what}", versions.join(", "));
        let _ = writeln!(out, "{}\n{diff}", heading.trim_end());
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn parse_snapshot(text: &str) -> Differences {
    let mut differences = Differences::new();
    for group in format!("\n{text}").split(&format!("\n{HEADER}")).skip(1) {
        let (heading, diff) = group.split_once('\n').unwrap_or((group, ""));
        let versions = heading.split(':').next().unwrap_or_default();
        let diff = diff.trim_end_matches('\n');
        let diff = if diff.is_empty() {
            String::new()
        } else {
            format!("{diff}\n")
        };
        for version in versions.split(", ") {
            let version = version.parse().expect("a snapshot names versions");
            differences.insert(version, diff.clone());
        }
    }
    differences
}

/// Does `work` with each of `inputs`, some at a time; the results are in order.
fn some_at_a_time<I: Sync, T: Send>(inputs: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
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

#[test]
fn behaviour() {
    let programs = programs().unwrap_or_else(|trouble| panic!("{trouble}"));
    let runs: Vec<(&Program, &Python)> = programs
        .iter()
        .flat_map(|program| pythons::all().iter().map(move |python| (program, python)))
        .filter(|(program, python)| python.version >= program.target)
        .collect();
    let results = some_at_a_time(&runs, |(program, python)| program.difference(python));
    let mut troubles = Vec::new();
    for program in &programs {
        let mut differences = Differences::new();
        for ((mended, python), result) in runs.iter().zip(&results) {
            match result {
                _ if mended.name != program.name => {}
                Ok(diff) => drop(differences.insert(python.version, diff.clone())),
                Err(trouble) => troubles.push(trouble.clone()),
            }
        }
        troubles.extend(program.troubles(&differences));
    }
    assert!(troubles.is_empty(), "\n{}", troubles.join("\n\n"));
}

/// The snapshot of `flaw_` programs that are no more would be read as if it still held.
#[test]
fn behaviour_snapshots_have_programs() {
    let Ok(entries) = std::fs::read_dir(root().join("snapshots/behaviour")) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        let stem = path.file_stem().expect("a file").to_string_lossy();
        let program = root().join(format!("tests/behaviour/{stem}.py"));
        assert!(program.exists(), "{} has no program", path.display());
    }
}
