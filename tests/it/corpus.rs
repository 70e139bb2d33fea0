//! Real projects, pinned in `tests/corpus/projects.txt`, in the folder that `CORPUS` names.
//!
//! Everything is done in copies. What is asserted holds for any project; the counts are printed as
//! a table for people to read, not asserted.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use asyncmend_pipeline::{Consent, Options, Outcome, Pipeline, PythonVersion, Settings, TextRange};
use asyncmend_transforms::ALL;
use serde_json::Value;

use crate::case::EXTENDED_IMPORTS;
use crate::pythons;

/// Generated code nests deeply; the program's own workers have as much.
const STACK_BYTES: usize = 64 << 20;

/// How many troubles of one kind and project are told in full.
const TOLD: usize = 40;

/// The line length where a project's files name none.
const USUAL_LINE_WIDTH: usize = 88;

/// Every project is run with each of these: what is held back otherwise has to work, too, and so
/// has what the project is too old for. The table is about the first.
const MODES: [&[&str]; 4] = [
    &[WITHOUT_TYPES],
    &[WITHOUT_TYPES, "--unsafe-fixes"],
    &[WITHOUT_TYPES, "--unsafe-fixes", "--target-version=3.11"],
    &["--target-version=3.11"],
];

/// What a fix may touch is found out again file by file, which knows no types.
const WITHOUT_TYPES: &str = "--no-types";

/// Of the table that people read.
const HEADER: &str = "\
| project | files | changed | seconds | transform | sites | rewritten | held | refused |
|---|---|---|---|---|---|---|---|---|
";

/// Sites of `tests/corpus/sites.py` for which no verdict is right: the end of the path, the text of
/// the line, and why.
const NO_SITES: [(&str, &str, &str); 0] = [];

/// An unpacked project in a folder of its own.
struct Project {
    name: String,
    /// Nothing in here is changed.
    original: PathBuf,
    /// Where copies go.
    scratch: PathBuf,
    /// A copy of the program, so that a build meanwhile does not matter.
    program: PathBuf,
    /// The lengths that the project's files give to lines, in any of its folders.
    line_widths: BTreeSet<Option<usize>>,
}

/// A line of `check --output-format json-lines`, or of `sites.py`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    path: String,
    line: u64,
    column: u64,
    transform: String,
}

/// A project after a run in one mode.
struct Ran {
    findings: Vec<Value>,
    /// The changed files, with the new text.
    changed: BTreeMap<String, String>,
    summary: String,
    seconds: Duration,
}

#[test]
fn corpus() {
    let Some(folder) = std::env::var_os("CORPUS") else {
        println!(
            "skipped: python tests/corpus/fetch.py --into DIR gets the projects, then \
             CORPUS=DIR cargo test -p asyncmend_cli --test it corpus -- --nocapture"
        );
        return;
    };
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
    let work = move || check_all(Path::new(&folder));
    let done = thread.spawn(work).expect("a thread").join();
    if let Err(panic) = done {
        std::panic::resume_unwind(panic);
    }
}

fn check_all(folder: &Path) {
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let program = scratch.path().join("asyncmend");
    fs::copy(env!("CARGO_BIN_EXE_asyncmend"), &program).expect("a copy of the program");
    let mut projects: Vec<PathBuf> = entries(folder).into_iter().filter(|p| p.is_dir()).collect();
    projects.retain(|path| !name(path).starts_with('.'));
    assert!(!projects.is_empty(), "no project in {}", folder.display());
    let mut table = String::from(HEADER);
    let mut notes = String::new();
    let mut troubles = Vec::new();
    for original in projects {
        let project = Project {
            name: name(&original),
            line_widths: line_widths(&original),
            original,
            scratch: scratch.path().to_path_buf(),
            program: program.clone(),
        };
        let known = troubles.len();
        let ran = project.check(MODES[0], &mut troubles);
        table.push_str(&rows(&project, &ran));
        notes.push_str(&project.count_independently(&ran, &mut troubles));
        for mode in &MODES[1..] {
            project.check(mode, &mut troubles);
        }
        // Such a run takes minutes.
        println!("{}: {} troubles", project.name, troubles.len() - known);
    }
    println!("\n{table}\n{notes}");
    assert!(troubles.is_empty(), "\n{}", troubles.join("\n"));
}

impl Project {
    /// All that holds for any project, in one mode; what does not is added to `troubles`.
    fn check(&self, mode: &[&str], troubles: &mut Vec<String>) -> Ran {
        let original = self.copy("original");
        let fixed = self.copy("fixed");
        let checked = self.run(&original, &["check", "--output-format", "json-lines"], mode);
        let begun = Instant::now();
        let diff = self.run(&original, &["diff"], mode);
        let seconds = begun.elapsed();
        let fix = self.run(&fixed, &["fix", "--no-vcs"], mode);
        let again = self.run(&fixed, &["diff"], mode);
        let ran = Ran {
            findings: json_lines(&checked.stdout),
            changed: changed(&original, &fixed),
            summary: text(&checked.stderr),
            seconds,
        };
        let mut found = faults(&[&checked, &diff, &fix, &again]);
        found.extend(again_proposed(&again));
        found.extend(self.patch_troubles(&original, &fixed, &diff));
        found.extend(compile_troubles(&original, &ran));
        if mode.contains(&WITHOUT_TYPES) {
            found.extend(self.claim_troubles(&original, mode, &ran));
        }
        let name = format!("{} {}", self.name, mode.join(" "));
        troubles.extend(found.into_iter().map(|what| format!("{name}: {what}")));
        ran
    }

    /// A fresh copy called `role`.
    fn copy(&self, role: &str) -> PathBuf {
        let copy = self.scratch.join(role).join(&self.name);
        if copy.exists() {
            fs::remove_dir_all(&copy).expect("a copy of ours");
        }
        copy_tree(&self.original, &copy);
        copy
    }

    fn run(&self, folder: &Path, command: &[&str], mode: &[&str]) -> Output {
        Command::new(&self.program)
            .args(command)
            .args(mode)
            .current_dir(folder)
            // No one's global excludes or colours.
            .env("HOME", &self.scratch)
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("CLICOLOR_FORCE")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .output()
            .expect("the program starts")
    }

    /// `git apply` takes the diff and gives what `fix` wrote.
    fn patch_troubles(&self, original: &Path, fixed: &Path, diff: &Output) -> Vec<String> {
        if diff.stdout.is_empty() {
            let changed = changed(original, fixed);
            let all = changed.keys().cloned().collect::<Vec<_>>().join(", ");
            return (!all.is_empty())
                .then(|| format!("fix changed what diff did not: {all}"))
                .into_iter()
                .collect();
        }
        let patch = self.scratch.join("patch");
        fs::write(&patch, &diff.stdout).expect("a written patch");
        let applied = self.copy("applied");
        for check in [true, false] {
            let mut git = Command::new("git");
            git.arg("apply").args(check.then_some("--check"));
            let output = git
                .arg(&patch)
                .current_dir(&applied)
                .env("GIT_CONFIG_GLOBAL", "/dev/null")
                .env("GIT_CONFIG_NOSYSTEM", "1")
                // The copy stands in nobody's repository.
                .env("GIT_CEILING_DIRECTORIES", self.scratch.join("applied"))
                .output()
                .expect("git");
            if !output.status.success() {
                return vec![format!("git apply: {}", text(&output.stderr))];
            }
        }
        changed(&applied, fixed)
            .keys()
            .map(|path| format!("{path}: git apply of the diff gives another text than fix"))
            .collect()
    }

    /// Outside of the claims every byte is as it was.
    fn claim_troubles(&self, original: &Path, mode: &[&str], ran: &Ran) -> Vec<String> {
        let targets = targets(&ran.findings);
        let look = |(path, after): (&String, &String)| {
            let before = fs::read_to_string(original.join(path)).expect("it was UTF-8 before");
            let Some(target) = targets.get(path) else {
                return Some(format!("{path}: changed, but check finds no site there"));
            };
            let claims = self.line_widths.iter().find_map(|width| {
                let settings = Settings {
                    options: Options {
                        line_width: *width,
                        ..Options::new(*target, USUAL_LINE_WIDTH)
                    },
                    consent: consent(mode),
                    makers: Arc::default(),
                    lays_out: true,
                    lists_candidates: false,
                    finish: asyncmend_transforms::helpers::finish,
                };
                claims_of(settings, &before, after)
            });
            match claims {
                Some(claims) => touched_outside(&before, after, &claims)
                    .map(|line| format!("{path}: outside the claims, this is not kept: {line:?}")),
                None => Some(format!("{path}: Pipeline::run gives another text than fix")),
            }
        };
        ran.changed.iter().filter_map(look).collect()
    }

    /// Every site that `sites.py` finds has a verdict; returns a note of what was counted.
    fn count_independently(&self, ran: &Ran, troubles: &mut Vec<String>) -> String {
        let original = self.copy("original");
        let (sites, unread) = sites(&original);
        let verdicts: BTreeSet<Place> = ran.findings.iter().map(place_of_finding).collect();
        let too_new = self.too_new_for_wait_for(&original);
        let (excused, missing): (Vec<&Place>, Vec<&Place>) = sites
            .iter()
            .filter(|site| !verdicts.contains(site))
            .filter(|site| !(site.transform == "wait-for" && too_new.contains(&site.path)))
            .partition(|site| is_excused(&original, site));
        let alone: Vec<&Place> = verdicts.difference(&sites).collect();
        let mut note = format!(
            "{}: sites.py finds {} sites, {} without verdict, {} excused; {} verdicts are the \
             program's alone\n",
            self.name,
            sites.len(),
            missing.len(),
            excused.len(),
            alone.len()
        );
        for line in unread {
            let _ = writeln!(note, "    {line}");
        }
        for site in alone.iter().take(TOLD) {
            let _ = writeln!(note, "    alone: {}", shown(&original, site));
        }
        for site in missing {
            let site = shown(&original, site);
            troubles.push(format!("{}: no verdict: {site}", self.name));
        }
        note
    }

    /// The files whose target has a `wait_for` without the flaw.
    fn too_new_for_wait_for(&self, original: &Path) -> BTreeSet<String> {
        // What is selected by name runs for any target, so every file with a site is told of.
        let ids: Vec<&str> = ALL.iter().map(|transform| transform.id).collect();
        let ids = ids.join(",");
        let check = ["check", "--output-format", "json-lines", "--select", &ids];
        let findings = json_lines(&self.run(original, &check, &[]).stdout);
        targets(&findings)
            .into_iter()
            .filter(|(_, target)| *target >= PythonVersion::PY312)
            .map(|(path, _)| path)
            .collect()
    }
}

fn consent(mode: &[&str]) -> Consent {
    if mode.contains(&"--unsafe-fixes") {
        Consent::all()
    } else {
        Consent::default()
    }
}

/// The sites by Python's own `ast`, for any target, and what could not be read.
fn sites(folder: &Path) -> (BTreeSet<Place>, Vec<String>) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/sites.py");
    // The newest one reads the newest syntax, and has the columns inside of f-strings right.
    let python = pythons::all().last().expect("one of 3.11 or newer");
    let output = Command::new(&python.path)
        .arg("-B")
        .arg(script)
        .arg(".")
        .current_dir(folder)
        .output()
        .expect("the interpreter answered before");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let places = json_lines(&output.stdout);
    let places = places.iter().map(|site| Place {
        path: string(site, "path"),
        line: number(&site["line"]),
        column: number(&site["column"]),
        transform: string(site, "transform"),
    });
    let unread = text(&output.stderr).lines().map(String::from).collect();
    (places.collect(), unread)
}

fn place_of_finding(finding: &Value) -> Place {
    Place {
        path: string(finding, "path"),
        line: number(&finding["start"]["line"]),
        column: number(&finding["start"]["column"]),
        transform: string(finding, "transform"),
    }
}

/// Whether `sites.py` is known to be wrong here.
fn is_excused(folder: &Path, site: &Place) -> bool {
    NO_SITES
        .iter()
        .any(|(path, line, _)| site.path.ends_with(path) && line_of(folder, site).contains(line))
}

/// A place with its line.
fn shown(folder: &Path, place: &Place) -> String {
    let source = line_of(folder, place);
    let Place {
        path,
        line,
        column,
        transform,
    } = place;
    format!("{path}:{line}:{column}: {transform}: {source}")
}

fn line_of(folder: &Path, place: &Place) -> String {
    let text = fs::read_to_string(folder.join(&place.path)).unwrap_or_default();
    let index = usize::try_from(place.line).expect("a line") - 1;
    let line = text.lines().nth(index).unwrap_or_default();
    line.trim().to_string()
}

/// The target of each file that has a finding.
fn targets(findings: &[Value]) -> BTreeMap<String, PythonVersion> {
    let target = |finding: &Value| string(finding, "target").parse().expect("a version");
    findings
        .iter()
        .map(|finding| (string(finding, "path"), target(finding)))
        .collect()
}

fn faults(outputs: &[&Output]) -> Vec<String> {
    let stderr: Vec<String> = outputs.iter().map(|output| text(&output.stderr)).collect();
    let lines: BTreeSet<&str> = stderr
        .iter()
        .flat_map(|stderr| stderr.lines())
        .filter(|line| line.contains("internal fault"))
        .collect();
    let died = outputs
        .iter()
        .filter(|output| output.status.code().is_none());
    died.map(|output| format!("killed: {}", output.status))
        .chain(lines.into_iter().map(String::from))
        .collect()
}

fn again_proposed(again: &Output) -> Option<String> {
    (!again.stdout.is_empty()).then(|| {
        let diff = text(&again.stdout);
        let shown: Vec<&str> = diff.lines().take(TOLD).collect();
        format!("a second run changes more:\n{}", shown.join("\n"))
    })
}

/// What compiled before compiles after, under the oldest interpreter of its target.
fn compile_troubles(original: &Path, ran: &Ran) -> Vec<String> {
    let targets = targets(&ran.findings);
    let target = |path: &String| targets.get(path).copied().unwrap_or(PythonVersion::PY311);
    let after: Vec<_> = ran
        .changed
        .iter()
        .map(|(path, text)| (path.clone(), target(path), text.clone()))
        .collect();
    let errors = pythons::compile_errors(&after);
    if errors.is_empty() {
        return errors;
    }
    let before: Vec<_> = after
        .iter()
        .map(|(path, target, _)| {
            let text = fs::read_to_string(original.join(path)).expect("it was UTF-8 before");
            (path.clone(), *target, text)
        })
        .collect();
    let old_errors = pythons::compile_errors(&before);
    let file = |error: &str| error.split(' ').nth(2).map(String::from);
    let old_files: Vec<_> = old_errors.iter().map(|error| file(error)).collect();
    errors
        .into_iter()
        .filter(|error| !old_files.contains(&file(error)))
        .map(|error| format!("does not compile: {error}"))
        .collect()
}

/// What the fixes claimed that turn `before` into `after`; none where others do.
fn claims_of(settings: Settings, before: &str, after: &str) -> Option<Vec<TextRange>> {
    let target = settings.options.target;
    let transforms = ALL
        .iter()
        .copied()
        .filter(|transform| transform.fixed_in.is_none_or(|fixed_in| target < fixed_in))
        .collect();
    match Pipeline::new(transforms, settings).run(before, None) {
        Outcome::Changed {
            review,
            after: text,
        } if text == after => Some(review.claims),
        _ => None,
    }
}

/// What is gone outside of the claims, or what is new there and no shared insertion.
///
/// Each stretch of `before` between two claims has to be in `after`, in order: in one piece, or with
/// whole lines of imports and helpers between its lines.
fn touched_outside(before: &str, after: &str, claims: &[TextRange]) -> Option<String> {
    let mut rest = after;
    let mut at = 0;
    for claim in claims {
        let stretch = &before[at..claim.start().to_usize()];
        rest = match kept(stretch, rest, at > 0) {
            Ok(rest) => rest,
            Err(touched) => return Some(touched),
        };
        at = claim.end().to_usize();
    }
    let stretch = &before[at..];
    match kept(stretch, rest, at > 0) {
        Err(touched) => Some(touched),
        Ok(rest) if stretch.is_empty() || rest.lines().all(is_shared) => None,
        Ok(rest) => Some(rest.to_string()),
    }
}

/// What is left of `after` behind `stretch`, before which there may be what replaces a claim.
fn kept<'t>(stretch: &str, after: &'t str, claim_before: bool) -> Result<&'t str, String> {
    if let Some(found) = after.find(stretch)
        && (claim_before || found == 0)
    {
        return Ok(&after[found + stretch.len()..]);
    }
    let mut rest = after;
    for (index, line) in stretch.split_inclusive('\n').enumerate() {
        let after_claim = claim_before && index == 0;
        let found = if after_claim {
            rest.find(line)
        } else {
            find_at_line_start(rest, line)
        };
        let Some(found) = found else {
            // The one line that gets an insertion in its middle.
            if EXTENDED_IMPORTS.iter().any(|start| line.starts_with(start)) {
                continue;
            }
            return Err(line.to_string());
        };
        let inserted = &rest[..found];
        if !(after_claim || inserted.lines().all(is_shared)) {
            return Err(format!("{inserted}{line}"));
        }
        rest = &rest[found + line.len()..];
    }
    Ok(rest)
}

fn find_at_line_start(text: &str, line: &str) -> Option<usize> {
    if text.starts_with(line) {
        return Some(0);
    }
    text.find(&format!("\n{line}")).map(|before| before + 1)
}

/// Whether a line may be of an import or of a helper: both stand at the outermost level, so that
/// what they hold is indented.
fn is_shared(line: &str) -> bool {
    const BEGINNINGS: [&str; 12] = [
        " ",
        "\t",
        "import ",
        "from ",
        "def _",
        "async def _",
        "class _",
        "_",
        "if ",
        "else:",
        ")",
        "#",
    ];
    line.trim().is_empty()
        || BEGINNINGS
            .iter()
            .any(|beginning| line.starts_with(beginning))
}

/// The rows of a project in the table.
fn rows(project: &Project, ran: &Ran) -> String {
    let mut out = String::new();
    let looked = ran.summary.split("looked at ").nth(1).unwrap_or_default();
    let files = looked.split(' ').next().unwrap_or_default();
    let changed = ran.changed.len();
    let seconds = ran.seconds.as_secs_f64();
    let mut first = format!("{} | {files} | {changed} | {seconds:.1}", project.name);
    for transform in ALL {
        let mine: Vec<&Value> = ran
            .findings
            .iter()
            .filter(|finding| finding["transform"] == transform.id)
            .collect();
        if mine.is_empty() {
            continue;
        }
        let decided = |word: &str| mine.iter().filter(|one| one["decision"] == word).count();
        let mut held: BTreeMap<String, usize> = BTreeMap::new();
        let mut refused: BTreeMap<String, usize> = BTreeMap::new();
        for finding in &mine {
            if finding["decision"] == "held" {
                let codes = finding["cautions"].as_array().expect("a list");
                let codes: Vec<&str> = codes.iter().filter_map(Value::as_str).collect();
                *held.entry(codes.join(" + ")).or_default() += 1;
            } else if let Some(code) = finding["code"].as_str() {
                *refused.entry(code.to_string()).or_default() += 1;
            }
        }
        let _ = writeln!(
            out,
            "| {first} | {} | {} | {} | {} | {} |",
            transform.id,
            mine.len(),
            decided("rewrite"),
            counts(&held),
            counts(&refused)
        );
        first = " | | | ".to_string();
    }
    if out.is_empty() {
        let _ = writeln!(out, "| {first} | | 0 | | | |");
    }
    out
}

fn counts(counts: &BTreeMap<String, usize>) -> String {
    counts
        .iter()
        .map(|(code, count)| format!("{count} {code}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The lengths that the files of a project may give to lines.
fn line_widths(project: &Path) -> BTreeSet<Option<usize>> {
    // Where nobody says it, the file shows it.
    let mut widths = BTreeSet::from([None, Some(USUAL_LINE_WIDTH)]);
    let is_toml = |path: &PathBuf| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    };
    for path in files(project).into_iter().filter(is_toml) {
        let text = fs::read_to_string(&path).unwrap_or_default();
        widths.extend(text.lines().filter_map(line_width).map(Some));
    }
    widths
}

/// The number of `line-length = 100`.
fn line_width(line: &str) -> Option<usize> {
    let (key, value) = line.split_once('=')?;
    let digits = value.split_whitespace().next()?;
    key.trim()
        .ends_with("line-length")
        .then_some(digits)?
        .parse()
        .ok()
}

/// The files that `new` has otherwise than `old`, with the text in `new`.
fn changed(old: &Path, new: &Path) -> BTreeMap<String, String> {
    let mut changed = BTreeMap::new();
    for path in files(new) {
        let inside = path.strip_prefix(new).expect("a file in it");
        let bytes = fs::read(&path).expect("a copy of ours");
        if fs::read(old.join(inside)).ok().as_ref() != Some(&bytes) {
            let name = inside.to_str().expect("UTF-8, or it stays as it is");
            changed.insert(name.to_string(), text(&bytes));
        }
    }
    changed
}

/// All files in and below a folder; symbolic links are left out.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(folder) {
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn copy_tree(from: &Path, to: &Path) {
    for path in files(from) {
        let copy = to.join(path.strip_prefix(from).expect("a file in it"));
        fs::create_dir_all(copy.parent().expect("a folder")).expect("a new folder");
        fs::copy(&path, &copy).expect("a copied file");
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn json_lines(bytes: &[u8]) -> Vec<Value> {
    text(bytes)
        .lines()
        .map(|line| serde_json::from_str(line).expect("a JSON object"))
        .collect()
}

fn string(value: &Value, key: &str) -> String {
    value[key].as_str().expect("a string").to_string()
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a number")
}

#[test]
fn corpus_notices_what_is_touched_outside_of_the_claims() {
    let before = "import asyncio\n\nclaimed()\nkept()\nlast()\n";
    let start = before.find("claimed()").expect("it is there");
    let claim = TextRange::at(
        u32::try_from(start).expect("small").into(),
        u32::try_from("claimed()".len()).expect("small").into(),
    );
    let touched = |after: &str| touched_outside(before, after, &[claim]);
    let helped =
        "import asyncio\nimport sys\n\n\ndef _help():\n    pass\n\n\n_help()\nkept()\nlast()\n";
    assert_eq!(touched(helped), None);
    assert!(touched("import asyncio\n\n_help()\nlast()\n").is_some());
    assert!(touched("import asyncio\n\n_help()\nkept()\nnew()\nlast()\n").is_some());
    assert!(touched("import asyncio\n\n_help()\nkept()\nlast()\nnew()\n").is_some());
}
