//! The programs in `tests/behaviour`, before and after, under every CPython of this machine.
//!
//! A `same_` prints the same either way. What a `flaw_` prints differs where the flaw exists, and
//! that difference is a reviewed snapshot: `REVIEW=1 cargo test behaviour` writes it. A snapshot
//! tells versions apart, so a machine that lacks some of them checks the others.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::process::Stdio;
use std::time::{Duration, Instant};

use asyncmend_pipeline::PythonVersion;

use crate::programs::{self, Program};
use crate::pythons::{self, Python};

/// What differs between before and after, by version; nothing where it is empty.
type Differences = BTreeMap<PythonVersion, String>;

/// A program sleeps for some tenths of a second; one that takes this long hangs.
const LIMIT: Duration = Duration::from_secs(30);

impl Program {
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
        troubles.extend(programs::reviewed(
            &format!("behaviour/{}.diff", self.name),
            |old| {
                // What other machines saw stays.
                let mut all = parse_snapshot(old);
                all.extend(differences.clone());
                snapshot(&all)
            },
        ));
        troubles
    }
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

/// What `text` prints under `python`, and its exit status; a program that hangs is trouble.
fn run(python: &Python, name: &str, text: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = folder.path().join("program.py");
    let printed = folder.path().join("printed");
    std::fs::write(&program, text).expect("a written program");
    let output = File::create(&printed).expect("a new file");
    let mut child = python
        .command()
        .arg(&program)
        .current_dir(folder.path())
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

#[test]
fn behaviour() {
    let programs = programs::below("behaviour").unwrap_or_else(|trouble| panic!("{trouble}"));
    let runs: Vec<(&Program, &Python)> = programs
        .iter()
        .flat_map(|program| pythons::all().iter().map(move |python| (program, python)))
        .filter(|(program, python)| python.version >= program.target)
        .collect();
    let results = programs::some_at_a_time(&runs, |(program, python)| program.difference(python));
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

#[test]
fn behaviour_snapshots_have_programs() {
    programs::assert_snapshots_have_programs("behaviour");
}
