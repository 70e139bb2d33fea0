//! What nobody should have to remember about this repository. Each failure says what to do.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use asyncmend_transforms::ALL;
use serde_json::Value;
use toml::Table;

use crate::pythons;
use crate::repository::root;

fn read(path: &str) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What lies in a folder, by name, as paths from the root.
fn entries(folder: &str) -> Vec<String> {
    let mut entries: Vec<String> = fs::read_dir(root().join(folder))
        .unwrap_or_else(|error| panic!("{folder}: {error}"))
        .map(|entry| entry.expect("a readable folder").file_name())
        .map(|name| format!("{folder}/{}", name.to_string_lossy()))
        .collect();
    entries.sort();
    entries
}

/// Every file below a folder, as paths from the root.
fn files_below(folder: &str) -> Vec<String> {
    entries(folder)
        .into_iter()
        .flat_map(|path| {
            if root().join(&path).is_dir() {
                files_below(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[track_caller]
fn no_troubles(troubles: &[String]) {
    assert!(troubles.is_empty(), "\n{}", troubles.join("\n"));
}

// Transforms and their pages.

#[test]
fn each_folder_of_transforms_is_in_the_list() {
    let listed: BTreeSet<String> = ALL
        .iter()
        .map(|transform| format!("transforms/{}", transform.id.replace('-', "_")))
        .collect();
    let present: BTreeSet<String> = entries("transforms")
        .into_iter()
        .filter(|path| root().join(path).is_dir())
        .collect();
    assert_eq!(
        listed, present,
        "transforms/lib.rs lists the left, the folders are the right: make them agree"
    );
}

#[test]
fn codes_are_unique_and_on_the_page_of_their_transform() {
    let mut troubles = Vec::new();
    for transform in ALL {
        let page = format!("transforms/{}/doc.md", transform.id.replace('-', "_"));
        let cautions = transform.cautions.iter().map(|caution| {
            let consent = if caution.accepted {
                "accepted"
            } else {
                "held back"
            };
            (caution.code, format!("- `{}` ({consent}): ", caution.code))
        });
        let refusals = transform
            .refusals
            .iter()
            .map(|refusal| (refusal.code, format!("- `{}`: ", refusal.code)));
        let mut codes = BTreeSet::new();
        for (code, bullet) in cautions.chain(refusals) {
            if !codes.insert(code) {
                troubles.push(format!("{}: two reasons are called {code}", transform.id));
            }
            if !transform.doc.lines().any(|line| line.starts_with(&bullet)) {
                troubles.push(format!(
                    "{page}: no line starts with `{bullet}`; add what it is"
                ));
            }
        }
        let stale = bullets_of_reasons(transform.doc).filter(|code| !codes.contains(code));
        troubles.extend(stale.map(|code| format!("{page}: there is no `{code}`; remove it")));
    }
    no_troubles(&troubles);
}

/// The codes of the two sections of a page that explain codes.
fn bullets_of_reasons(doc: &str) -> impl Iterator<Item = &str> {
    doc.split("\n## ")
        .filter(|part| part.starts_with("What can differ") || part.starts_with("What it leaves"))
        .flat_map(str::lines)
        .filter_map(|line| line.strip_prefix("- `")?.split('`').next())
}

#[test]
fn the_readme_says_which_cautions_are_accepted() {
    let readme = read("README.md");
    let row = |end: &str| {
        let row = readme.lines().find(|line| line.ends_with(end));
        let row = row.unwrap_or_else(|| panic!("README.md: no row of the table ends with `{end}`"));
        let codes = row.split('`').skip(1).step_by(2);
        codes.map(str::to_owned).collect::<BTreeSet<String>>()
    };
    let cautions = |accepted: bool| {
        ALL.iter()
            .flat_map(|transform| transform.cautions)
            .filter(|caution| caution.accepted == accepted)
            .map(|caution| caution.code.to_owned())
            .collect::<BTreeSet<String>>()
    };
    let advice = "README.md has the left, the transforms the right: correct the table";
    assert_eq!(row("| accepted |"), cautions(true), "{advice}");
    assert_eq!(row("| held back |"), cautions(false), "{advice}");
}

#[test]
fn each_quoted_diff_is_in_a_snapshot() {
    let snapshots: Vec<String> = files_below("snapshots")
        .iter()
        .map(|path| format!("\n{}\n", trimmed(&read(path))))
        .collect();
    let mut pages: Vec<String> = vec!["README.md".to_owned(), "docs/evidence.md".to_owned()];
    pages.extend(
        files_below("transforms")
            .into_iter()
            .filter(|path| path.ends_with("/doc.md")),
    );
    let mut troubles = Vec::new();
    for page in pages {
        let text = read(&page);
        let quotes = blocks(&text, "diff");
        let only_reports = ALL.iter().any(|it| it.only_reports() && it.doc == text);
        if quotes.is_empty() && !only_reports {
            troubles.push(format!("{page}: quotes no diff; show one of snapshots/"));
        }
        for quote in quotes {
            let quote = trimmed(quote);
            if !snapshots
                .iter()
                .any(|it| it.contains(&format!("\n{quote}\n")))
            {
                troubles.push(format!(
                    "{page}: no snapshot has these lines in a row; copy them from snapshots/\n{quote}"
                ));
            }
        }
    }
    no_troubles(&troubles);
}

/// Who saw what in which scenario, as the pages of `explain` quote it.
#[test]
fn each_quoted_observation_is_in_a_snapshot() {
    /// The rows of a snapshot of the matrix, each with its scenario.
    fn rows(text: &str) -> BTreeSet<String> {
        let mut scenario = "";
        let mut found = Vec::new();
        for line in text.lines() {
            if !line.starts_with(' ') {
                scenario = line;
            } else if !line.starts_with("   ") {
                found.push(format!("{scenario}\n{line}"));
            } else if let Some(last) = found.last_mut() {
                last.push('\n');
                last.push_str(line);
            }
        }
        found.into_iter().collect()
    }
    let snapshots = files_below("snapshots/matrix");
    let observed: BTreeSet<String> = snapshots.iter().flat_map(|it| rows(&read(it))).collect();
    let pages = files_below("transforms");
    let mut troubles = Vec::new();
    for page in pages.iter().filter(|path| path.ends_with("/doc.md")) {
        for quote in blocks(&read(page), "text") {
            for row in rows(quote).difference(&observed) {
                troubles.push(format!("{page}: nothing in snapshots/matrix is\n{row}"));
            }
        }
    }
    no_troubles(&troubles);
}

/// The contents of the fenced blocks in a language.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let fence = format!("\n```{language}\n");
    let after_fence = text.split(fence.as_str()).skip(1);
    after_fence
        .filter_map(|rest| rest.split("\n```").next())
        .collect()
}

/// The lines without blanks at their ends, which editors take off pages.
fn trimmed(text: &str) -> String {
    text.lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
}

// The README's commands and example.

/// The commands that a newcomer is told to run.
fn commands() -> (String, String) {
    let readme = read("README.md");
    let lines: Vec<&str> = blocks(&readme, "sh")
        .into_iter()
        .flat_map(str::lines)
        .collect();
    let [try_it, test] = lines[..] else {
        panic!("README.md: its `sh` blocks should hold two commands, the dry run and the tests");
    };
    (try_it.to_owned(), test.to_owned())
}

#[test]
fn ci_runs_the_test_command_of_the_readme() {
    let (_, test) = commands();
    let how = "grep '^cargo test' README.md";
    assert!(
        test.starts_with("cargo test"),
        "README.md: `{test}` should be `cargo test ..`"
    );
    assert!(
        read(".ci/run").contains(how),
        ".ci/run: take the test command by `{how}`"
    );
    let workflow = read(".github/workflows/ci.yml");
    assert!(
        workflow.contains("- run: .ci/run\n"),
        "ci.yml: add a step `- run: .ci/run`"
    );
}

#[test]
fn the_first_command_of_the_readme_shows_every_transform() {
    let (try_it, _) = commands();
    let arguments = try_it
        .strip_prefix("cargo run --locked -- ")
        .unwrap_or_else(|| panic!("README.md: `{try_it}` should be `cargo run --locked -- ..`"));
    let before = example();
    let ran = asyncmend(&root(), &arguments.split(' ').collect::<Vec<_>>());
    assert!(ran.status.success(), "`{try_it}` fails:\n{ran:?}");
    assert!(
        ran.stdout.starts_with(b"--- a/"),
        "`{try_it}` shows no diff:\n{ran:?}"
    );
    assert!(example() == before, "`{try_it}` should change nothing");

    let check = [
        "check",
        "--exit-zero",
        "--quiet",
        "--output-format=concise",
        "examples/shop",
    ];
    let findings = String::from_utf8(asyncmend(&root(), &check).stdout).expect("UTF-8");
    let shown = |what: &str| assert!(findings.contains(what), "add a {what} to examples/shop");
    for transform in ALL {
        let decision = if transform.only_reports() {
            "refuse"
        } else {
            "rewrite"
        };
        shown(&format!(": {} [{decision}", transform.id));
    }
    shown("[held");
    shown("[refuse");
}

#[test]
fn the_example_does_the_same_before_and_after() {
    let fixed = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in example() {
        let path = fixed.path().join(path.trim_start_matches("examples/shop/"));
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, text).expect("a written file");
    }
    let ran = asyncmend(fixed.path(), &["fix", "--no-vcs"]);
    assert!(ran.status.success(), "{ran:?}");
    let shop = root().join("examples/shop");
    for python in pythons::all() {
        if python.version < asyncmend_pipeline::PythonVersion::PY311 {
            continue;
        }
        let says = |folder: &Path| {
            let mut command = Command::new(&python.path);
            let ran = command
                .args(["-B", "-m", "shop"])
                .current_dir(folder)
                .output();
            let ran = ran.expect("the interpreter answered before");
            assert!(ran.status.success(), "CPython {}: {ran:?}", python.version);
            ran.stdout
        };
        assert!(
            says(&shop) == says(fixed.path()),
            "CPython {}: see examples/shop",
            python.version
        );
    }
}

/// The files of the example and their contents.
fn example() -> Vec<(String, String)> {
    files_below("examples/shop")
        .into_iter()
        .filter(|path| !path.contains("__pycache__"))
        .map(|path| (path.clone(), read(&path)))
        .collect()
}

fn asyncmend(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asyncmend"));
    let ran = command.args(arguments).current_dir(folder).output();
    ran.expect("the program starts")
}

#[test]
fn the_newest_changes_are_unreleased_or_of_this_version() {
    let changelog = read("CHANGELOG.md");
    let newest = changelog.lines().find_map(|line| line.strip_prefix("## "));
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        newest.is_some_and(|it| it == "Unreleased" || it.split(' ').next() == Some(version)),
        "CHANGELOG.md: its first heading is {newest:?}; make it `Unreleased` or `{version} - DATE`"
    );
}

// Crates.

/// Who may use whom: any other arrow is a change of the design.
const ARROWS: &[(&str, &[&str])] = &[
    ("crates/analysis", &["source"]),
    (
        "crates/asyncmend",
        &["edits", "notebook", "pipeline", "transforms"],
    ),
    (
        "crates/cli",
        &["asyncmend", "analysis", "edits", "pipeline", "transforms"],
    ),
    ("crates/edits", &[]),
    ("crates/python", &["asyncmend", "cli"]),
    ("crates/format", &["source"]),
    ("crates/notebook", &[]),
    ("crates/pipeline", &["edits", "format", "source"]),
    ("crates/rewrite", &["edits", "source"]),
    ("crates/source", &[]),
    ("transforms", &["edits", "pipeline", "rewrite", "source"]),
];

fn is_parser(name: &str) -> bool {
    name.starts_with("ruff_") || is_ty(name)
}

fn is_ty(name: &str) -> bool {
    name.starts_with("ty_") || name.starts_with("salsa")
}

fn manifest(path: &str) -> Table {
    read(path)
        .parse()
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn crates_use_what_they_may() {
    let mut crates: Vec<String> = entries("crates");
    crates.retain(|path| root().join(path).join("Cargo.toml").exists());
    crates.push("transforms".to_owned());
    let mut troubles = Vec::new();
    for folder in crates {
        let allowed = ARROWS.iter().find(|(name, _)| *name == folder);
        let Some((_, allowed)) = allowed else {
            troubles.push(format!(
                "{folder}: say in ARROWS of {} what it may use",
                file!()
            ));
            continue;
        };
        let manifest = manifest(&format!("{folder}/Cargo.toml"));
        // The tests of the whole program, which stand beside the command line, see all of it.
        let kinds = match folder.as_str() {
            "crates/cli" => &["dependencies", "build-dependencies"][..],
            _ => &["dependencies", "dev-dependencies", "build-dependencies"],
        };
        let tables = kinds
            .iter()
            .filter_map(|kind| manifest.get(*kind)?.as_table());
        for name in tables.flat_map(Table::keys) {
            let ours =
                (name.strip_prefix("asyncmend_")).or((name == "asyncmend").then_some("asyncmend"));
            let may = match ours {
                Some(ours) => allowed.contains(&ours),
                None if is_ty(name) => folder == "crates/analysis",
                None if name == "ruff_text_size" && folder == "crates/edits" => true,
                None if name == "ruff_formatter" || name == "ruff_python_formatter" => {
                    folder == "crates/format"
                }
                None if is_parser(name) => {
                    let may = ["crates/source", "crates/analysis", "crates/notebook"];
                    may.contains(&folder.as_str())
                }
                None => true,
            };
            if !may {
                troubles.push(format!(
                    "{folder}/Cargo.toml: {name} is not for this crate (crates/README.md says why); \
                     ask a crate that may use it"
                ));
            }
        }
    }
    no_troubles(&troubles);
}

#[test]
fn parser_crates_are_pinned_to_one_release() {
    let manifest = manifest("Cargo.toml");
    let pins = manifest["workspace"]["dependencies"]
        .as_table()
        .expect("a table");
    let pins_of = |is_one: fn(&str) -> bool| -> BTreeSet<String> {
        pins.iter()
            .filter(|(name, _)| is_one(name))
            .map(|(_, pin)| {
                pin.get("version")
                    .unwrap_or(pin)
                    .as_str()
                    .expect("a version")
                    .to_owned()
            })
            .collect()
    };
    let parser = pins_of(|name| is_parser(name) && !name.starts_with("salsa"));
    let salsa = pins_of(|name| name.starts_with("salsa"));
    for versions in [&parser, &salsa] {
        let exact = versions.iter().all(|version| version.starts_with('='));
        assert!(
            exact && versions.len() == 1,
            "Cargo.toml: pin these exactly and to the same release: {versions:?}"
        );
    }
}

#[test]
fn only_the_command_line_sees_the_world() {
    // Inference reads other modules, in a process of its own that is given a time. Patience has a clock, and so has a
    // batch, which looks for interrupts every now and then. A test reads the cases of the transforms.
    const MAY: [&str; 5] = [
        "crates/cli/",
        "crates/analysis/src/inference/",
        "crates/asyncmend/src/parts/patience.rs",
        "crates/python/src/batch.rs",
        "crates/source/src/tests.rs",
    ];
    const WORLD: &[&str] = &[
        "dbg!",
        "eprint!",
        "eprintln!",
        "print!",
        "println!",
        "std::env",
        "std::fs",
        "std::io",
        "std::net",
        "std::process",
        "std::time",
        "std::{",
    ];
    let mut troubles = Vec::new();
    let files = ["crates", "transforms"].into_iter().flat_map(files_below);
    let is_rust = |path: &str| Path::new(path).extension() == Some("rs".as_ref());
    let may = |path: &str| MAY.iter().any(|folder| path.starts_with(folder));
    for path in files.filter(|path| is_rust(path) && !may(path)) {
        for (number, line) in (1..).zip(read(&path).lines()) {
            let code = line.split("//").next().unwrap_or(line);
            let word = WORLD.iter().find(|word| contains_word(code, word));
            troubles.extend(word.map(|word| {
                format!("{path}:{number}: `{word}` belongs in crates/cli; take or return a value")
            }));
        }
    }
    no_troubles(&troubles);
}

/// Whether `word` occurs in `code` and is not the end of a longer one.
fn contains_word(code: &str, word: &str) -> bool {
    code.match_indices(word)
        .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

// Licences.

/// Licences whose terms are met by shipping their texts.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
    // It only takes terms away.
    "Apache-2.0 WITH LLVM-exception",
];

/// What cargo knows of every dependency: of all platforms where they have been fetched, else of this
/// one, so that the tests need no network.
fn packages() -> Vec<Value> {
    let cargo = |more: &[&str]| {
        Command::new(env!("CARGO"))
            .args(["metadata", "--locked", "--offline", "--format-version=1"])
            .args(more)
            .current_dir(root())
            .output()
            .expect("cargo runs these tests")
    };
    let mut ran = cargo(&[]);
    if !ran.status.success() {
        let version = Command::new("rustc")
            .arg("-vV")
            .output()
            .expect("rustc is beside cargo");
        let version = String::from_utf8(version.stdout).expect("UTF-8");
        let host = version.lines().find_map(|line| line.strip_prefix("host: "));
        ran = cargo(&["--filter-platform", host.expect("a host")]);
    }
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let metadata: Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    metadata["packages"].as_array().expect("a list").clone()
}

/// README.md says how long what a module gets can be.
#[test]
fn helpers_are_short() {
    let helpers = root().join("crates/rewrite/src/helpers");
    for entry in fs::read_dir(helpers).expect("the helpers' folder") {
        let path = entry.expect("a readable folder").path();
        let lines = fs::read_to_string(&path).expect("UTF-8").lines().count();
        assert!(lines <= 40, "{}: correct README.md", path.display());
    }
}

#[test]
fn licences_of_dependencies_are_known() {
    let troubles: Vec<String> = packages()
        .iter()
        .filter(|package| !is_allowed(package["license"].as_str().unwrap_or("none")))
        .map(|package| {
            format!(
                "{} has the licence {}: do without it, or, if its terms can be met, add it to \
                 LICENCES in {}",
                package["name"],
                package["license"],
                file!()
            )
        })
        .collect();
    no_troubles(&troubles);
}

#[test]
fn cargo_deny_allows_the_same_licences() {
    let allowed = manifest("deny.toml")["licenses"]["allow"].clone();
    let allowed: BTreeSet<String> = allowed.try_into().expect("a list of licences");
    let ours: BTreeSet<String> = LICENCES.iter().map(ToString::to_string).collect();
    assert_eq!(allowed, ours);
}

/// Whether each part of a licence leaves a choice that is in the list. Stricter than SPDX where an
/// `AND` stands inside an `OR`: such a licence wants a look.
fn is_allowed(licence: &str) -> bool {
    licence.split(" AND ").all(|part| {
        part.trim_matches(['(', ')'])
            .replace('/', " OR ")
            .split(" OR ")
            .any(|choice| LICENCES.contains(&choice))
    })
}

#[test]
fn each_dependency_has_a_reason() {
    let manifest = manifest("Cargo.toml");
    let all = manifest["workspace"]["dependencies"].as_table();
    let used: BTreeSet<&str> = (all.expect("a table").keys())
        .map(String::as_str)
        .filter(|name| !name.starts_with("asyncmend"))
        .collect();
    let page = read("crates/README.md");
    let (_, page) = page.split_once("## What it is built on").expect("the list");
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let named: BTreeSet<&str> = rows
        .filter_map(|row| row.split(" | ").next())
        .flat_map(|names| names.split('`').skip(1).step_by(2))
        .collect();
    assert_eq!(named, used, "crates/README.md, What it is built on");
    let scripts = packages_of_ours().filter(|folder| folder.join("build.rs").exists());
    assert_eq!(scripts.count(), 0, "no crate of ours has a build script");
}

/// The folders of our crates.
fn packages_of_ours() -> impl Iterator<Item = std::path::PathBuf> {
    let crates = fs::read_dir(root().join("crates")).expect("a folder");
    let folders = crates.map(|entry| entry.expect("a readable folder").path());
    folders.chain([root().join("transforms")])
}

#[test]
fn the_licence_of_typeshed_is_shipped() {
    let packages = packages();
    let vendored = packages
        .iter()
        .find(|package| package["name"] == "ty_vendored");
    let Some(manifest) = vendored.and_then(|package| package["manifest_path"].as_str()) else {
        panic!("nothing brings typeshed along any more: take it out of THIRD-PARTY");
    };
    let licence = Path::new(manifest).with_file_name("vendor/typeshed/LICENSE");
    let text = fs::read_to_string(&licence).expect("typeshed has a licence");
    assert!(
        read("THIRD-PARTY").ends_with(&text),
        "THIRD-PARTY: end it with the text of {}",
        licence.display()
    );
}
