//! CPython's own tests of `wait_for` and `gather`, with the helpers in their place (`tests/own`).

use std::collections::{BTreeMap, BTreeSet};

use asyncmend_pipeline::PythonVersion;

use crate::programs::{self, Program};
use crate::pythons::{self, Python};
use crate::repository::root;

/// By the name of a test: the versions of CPython on which it fails for a reason.
fn exceptions() -> BTreeMap<String, BTreeSet<PythonVersion>> {
    std::fs::read_to_string(root().join("tests/own/exceptions.txt"))
        .expect("a list")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with(['#', ' ']))
        .map(|line| {
            let mut words = line.split_whitespace();
            let name = words.next().expect("a name").to_owned();
            let versions = words.map(|it| it.parse().expect("a version"));
            (name, versions.collect())
        })
        .collect()
}

/// The tests that fail under `python`, and the number of all.
fn run(program: &Program, python: &Python) -> (BTreeSet<String>, usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("program.py");
    std::fs::write(&path, &program.after).expect("a written program");
    let output = python
        .command()
        .arg(root().join("tests/own/own.py"))
        .arg(path)
        .output()
        .expect("the interpreter answered before");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut lines: Vec<&str> = printed.lines().collect();
    let count = lines.pop().and_then(|it| it.parse().ok());
    let errors = String::from_utf8_lossy(&output.stderr);
    let count = count.unwrap_or_else(|| panic!("CPython {}: {errors}", python.version));
    (lines.into_iter().map(str::to_owned).collect(), count)
}

#[test]
fn cpythons_own_tests() {
    let programs = programs::below("own").unwrap_or_else(|trouble| panic!("{trouble}"));
    let [program] = &programs[..] else {
        panic!("tests/own has one program");
    };
    let results = programs::some_at_a_time(pythons::all(), |python| run(program, python));
    let exceptions = exceptions();
    let mut troubles = Vec::new();
    for (python, (failing, count)) in pythons::all().iter().zip(&results) {
        let version = python.version;
        println!(
            "CPython {version}: {count} of its own tests run, {} fail",
            failing.len()
        );
        // Some distributions leave the tests out.
        if *count == 0 {
            continue;
        }
        let expected: BTreeSet<String> = exceptions
            .iter()
            .filter(|(_, versions)| versions.contains(&version))
            .map(|(name, _)| name.clone())
            .collect();
        if *failing != expected {
            let more: Vec<_> = failing.difference(&expected).collect();
            let fewer: Vec<_> = expected.difference(failing).collect();
            troubles.push(format!(
                "CPython {version}: {more:?} fail for no reason that tests/own/exceptions.txt names; \
                 {fewer:?} do not fail"
            ));
        }
    }
    assert!(troubles.is_empty(), "\n{}", troubles.join("\n"));
}
