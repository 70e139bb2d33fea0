//! The programs in `tests/matrix`, before and after, in every scenario of a table: which job ends how and
//! when, and when the caller is cancelled (`tests/matrix/world.py`), under every CPython of this machine.
//!
//! What differs is a reviewed snapshot: `REVIEW=1 cargo test matrix` writes it. A fix without a caution may
//! differ in what becomes of the jobs that the flaw is about, and in nothing that the caller can see but for
//! the flaw itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::Stdio;

use asyncmend_pipeline::PythonVersion;
use serde_json::Value;

use crate::programs::{self, Program};
use crate::pythons::{self, Python};
use crate::repository::root;

/// Who differs in a scenario.
struct Row {
    scenario: String,
    /// The caller, what it does then, a job, the loop, or its reports.
    who: String,
    before: String,
    after: String,
    /// What the flaw does in the scenario.
    flaw: Option<String>,
    /// The loops that it is seen on; none where it is on all.
    loops: Vec<String>,
}

/// Whether `python` has uvloop.
fn has_uvloop(python: &Python) -> bool {
    let mut asked = python.command();
    let asked = asked.args(["-c", "import uvloop"]).stderr(Stdio::null());
    asked.status().is_ok_and(|status| status.success())
}

/// The rows that differ under `python`, and the number of scenarios.
fn rows(program: &Program, python: &Python, on: Option<&str>) -> (Vec<Row>, usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("before.py"), &program.before).expect("a written program");
    std::fs::write(path("after.py"), &program.after).expect("a written program");
    let output = python
        .command()
        .arg(root().join("tests/matrix/world.py"))
        .args([path("before.py"), path("after.py")])
        .args(on)
        .output()
        .expect("the interpreter answered before");
    let (name, version) = (&program.name, python.version);
    assert!(
        output.status.success(),
        "{name} on CPython {version}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let printed = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let mut lines: Vec<&str> = printed.lines().collect();
    let count = lines
        .pop()
        .and_then(|it| it.split(' ').next()?.parse().ok());
    (
        lines.into_iter().map(Row::read).collect(),
        count.expect("the number of scenarios"),
    )
}

impl Row {
    fn read(line: &str) -> Self {
        let row: Value = serde_json::from_str(line).expect("a row");
        let text = |index: usize| row[index].as_str().map(str::to_owned);
        let loops = row[5].as_array().expect("a list").iter();
        Self {
            scenario: text(0).expect("a scenario"),
            who: text(1).expect("somebody"),
            before: text(2).expect("what was seen"),
            after: text(3).expect("what was seen"),
            flaw: text(4),
            loops: loops
                .filter_map(|it| it.as_str().map(str::to_owned))
                .collect(),
        }
    }

    /// Whether it is what a fix without a caution may change in a program of this `kind`, in a scenario
    /// that shows the flaw. A gather: what becomes of the jobs, and what is reported of them. A task: what
    /// comes of it, not what the caller sees. A wait: what the caller sees.
    fn is_the_flaw(&self, kind: &str) -> bool {
        let flaw = self.flaw.as_deref();
        match kind {
            "gather" => flaw.is_some() && matches!(&*self.who, "a" | "b" | "c" | "reports"),
            "spawn" => flaw == Some("lost") && !matches!(&*self.who, "caller" | "then"),
            _ => flaw == Some("forgotten") && matches!(&*self.who, "caller" | "then"),
        }
    }
}

/// Which table of scenarios `program` is run in.
fn kind(program: &Program) -> &str {
    let lines = program.before.lines();
    let mut kinds = lines.filter_map(|line| line.strip_prefix("# scenarios: "));
    kinds.next().expect("a table of scenarios")
}

/// Whether a fix with the caution `code` may differ on `version`.
fn may_differ(code: &str, version: PythonVersion) -> bool {
    match code {
        "as-3.9" => version < PythonVersion::PY39,
        "as-3.12" => version < PythonVersion::PY312,
        _ => true,
    }
}

/// Rows for people to read, by what they say: the versions of CPython that show them.
type Snapshot = Vec<(String, BTreeSet<PythonVersion>)>;

/// `scenario`, then who differs, then what was seen before and after; without the versions.
fn key(row: &Row) -> String {
    let loops = match row.loops.join(" and ") {
        loops if loops.is_empty() => loops,
        loops => format!(" ({loops} loop)"),
    };
    let or_nothing = |text: &str| match text {
        "" => "nothing".to_owned(),
        text => text.to_owned(),
    };
    let (before, after) = (or_nothing(&row.before), or_nothing(&row.after));
    let (scenario, who) = (&row.scenario, &row.who);
    format!("{scenario}\n  {who}{loops}\n    - {before}\n    + {after}\n")
}

/// How often each version was seen to differ stands at the end.
fn counted(rows: &[Row], count: usize) -> String {
    let scenarios: BTreeSet<&str> = rows.iter().map(|row| &*row.scenario).collect();
    format!("{} of {count} scenarios differ\n", scenarios.len())
}

fn written(snapshot: &Snapshot) -> String {
    let mut out = String::new();
    let mut last = "";
    for (key, versions) in snapshot {
        let versions: Vec<String> = versions.iter().map(ToString::to_string).collect();
        let versions = versions.join(" ");
        match key.split_once("\n  ") {
            Some((scenario, rest)) => {
                if scenario != last {
                    let _ = writeln!(out, "{scenario}");
                    last = scenario;
                }
                let (who, seen) = rest.split_once('\n').expect("what was seen");
                let _ = write!(out, "  {who} on {versions}\n{seen}");
            }
            None => {
                let _ = write!(out, "on {versions}: {key}");
            }
        }
    }
    out
}

fn read(text: &str) -> Snapshot {
    let versions = |text: &str| -> BTreeSet<PythonVersion> {
        let versions = text.split(' ').map(|it| it.parse().expect("a version"));
        versions.collect()
    };
    let mut found = Snapshot::new();
    let mut scenario = "";
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(who) = line.strip_prefix("  ") {
            let (who, on) = who.rsplit_once(" on ").expect("the versions");
            let mut seen = || lines.next().expect("what was seen");
            let key = format!("{scenario}\n  {who}\n{}\n{}\n", seen(), seen());
            found.push((key, versions(on)));
        } else if let Some((on, counted)) =
            line.strip_prefix("on ").and_then(|it| it.split_once(": "))
        {
            found.push((format!("{counted}\n"), versions(on)));
        } else {
            scenario = line;
        }
    }
    found
}

/// What is wrong with what was seen of `program`, by version, against the reviewed snapshot.
fn reviewed(
    program: &Program,
    seen: &BTreeMap<PythonVersion, (Vec<Row>, usize)>,
) -> Option<String> {
    programs::reviewed(&format!("matrix/{}.txt", program.name), |old| {
        updated(old, seen)
    })
}

/// The snapshot `old` with what was `seen` in the place of what it says of the same versions.
fn updated(old: &str, seen: &BTreeMap<PythonVersion, (Vec<Row>, usize)>) -> String {
    // What other machines saw stays.
    let mut snapshot = read(old);
    for (_, versions) in &mut snapshot {
        versions.retain(|version| !seen.contains_key(version));
    }
    let mut order: Vec<String> = Vec::new();
    for (version, (rows, count)) in seen {
        for key in rows.iter().map(key).chain([counted(rows, *count)]) {
            match snapshot.iter_mut().find(|(it, _)| *it == key) {
                Some((_, versions)) => drop(versions.insert(*version)),
                None => snapshot.push((key, BTreeSet::from([*version]))),
            }
        }
        order.extend(rows.iter().map(|row| row.scenario.clone()));
    }
    snapshot.retain(|(_, versions)| !versions.is_empty());
    snapshot.sort_by_cached_key(|(key, versions)| {
        let scenario = key.split_once("\n  ").map(|(scenario, _)| scenario);
        let place = scenario.map(|it| order.iter().position(|other| other == it));
        (
            place.is_none(),
            place.flatten(),
            key.clone(),
            versions.clone(),
        )
    });
    written(&snapshot)
}

/// A row that none of the cautions explains.
fn unexplained(program: &Program, version: PythonVersion, rows: &[Row]) -> Option<String> {
    if program.cautions.iter().any(|it| may_differ(it, version)) {
        return None;
    }
    let row = rows.iter().find(|row| !row.is_the_flaw(kind(program)))?;
    let (name, row) = (&program.name, key(row));
    Some(format!(
        "{name} has no caution, and differs on CPython {version}: {row}"
    ))
}

/// On uvloop time passes as it likes, so that only what fixes without cautions may not change is looked at.
#[test]
fn matrix_on_uvloop() {
    let pythons: Vec<&Python> = pythons::all().iter().filter(|it| has_uvloop(it)).collect();
    if pythons.is_empty() {
        println!("no CPython has uvloop: ASYNCMEND_PYTHONS names one that does");
    }
    let programs = programs::below("matrix").unwrap_or_else(|trouble| panic!("{trouble}"));
    let mut troubles = Vec::new();
    for program in programs.iter().filter(|it| kind(it) == "gather") {
        for python in pythons.iter().filter(|it| it.version >= program.target) {
            let (rows, count) = rows(program, python, Some("uvloop"));
            println!("{}: {count} scenarios on uvloop", program.name);
            troubles.extend(unexplained(program, python.version, &rows));
        }
    }
    assert!(troubles.is_empty(), "\n{}", troubles.join("\n\n"));
}

#[test]
fn matrix() {
    let programs = programs::below("matrix").unwrap_or_else(|trouble| panic!("{trouble}"));
    let runs: Vec<(&Program, &Python)> = programs
        .iter()
        .flat_map(|program| pythons::all().iter().map(move |python| (program, python)))
        .filter(|(program, python)| python.version >= program.target)
        .collect();
    let results = programs::some_at_a_time(&runs, |(program, python)| rows(program, python, None));
    let mut results = results.into_iter();
    let mut troubles = Vec::new();
    for program in &programs {
        let mut seen = BTreeMap::new();
        for (_, python) in runs
            .iter()
            .filter(|(mended, _)| mended.name == program.name)
        {
            seen.insert(python.version, results.next().expect("one for each run"));
        }
        let all = seen
            .iter()
            .map(|(version, (rows, _))| (*version, &rows[..]));
        troubles.extend(all.filter_map(|(version, rows)| unexplained(program, version, rows)));
        troubles.extend(reviewed(program, &seen));
    }
    assert!(troubles.is_empty(), "\n{}", troubles.join("\n\n"));
}

#[test]
fn matrix_snapshots_have_programs() {
    programs::assert_snapshots_have_programs("matrix");
}
