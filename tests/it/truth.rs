//! What asyncmend takes arguments and receivers for, against what they were when the projects' own
//! tests ran: `tests/truth` records that.
//!
//! `TRUTH` names the folder with the records, `CORPUS` the one with the projects, and `ENVIRONMENTS`
//! one with a virtual environment for each project. The counts are printed for people to read;
//! asserted is that nothing that was taken for a coroutine or for an event loop was anything else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use asyncmend_analysis::Asked;
use asyncmend_analysis::inference::{Inference, Place, Project, may_be_root, site_packages};
use asyncmend_source::{Kind, Kinds, Options, PythonVersion, Source, TextRange};
use asyncmend_transforms::answers::{self, Form, Origin, Share};
use serde_json::Value;

fn options() -> Options {
    Options::new(PythonVersion::PY311, 88)
}

/// Long enough for any file.
const BUDGET: Duration = Duration::from_mins(1);

/// How the answers come about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mode {
    Syntax,
    Types,
    TypesAndPackages,
}

const MODES: [Mode; 3] = [Mode::Syntax, Mode::Types, Mode::TypesAndPackages];

/// By the file, and by the first and last byte of the call.
type Answers<T> = BTreeMap<(String, u32, u32), T>;

#[derive(Default)]
struct Answered {
    gathered: Answers<answers::Gathered>,
    receivers: Answers<answers::Receiver>,
    /// The text of what stayed unknown.
    unknown: Vec<String>,
    seconds: f64,
    failed: Vec<String>,
}

#[test]
fn answers_are_true_at_run_time() {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let (Some(corpus), Some(truth), Some(environments)) =
        (folder("CORPUS"), folder("TRUTH"), folder("ENVIRONMENTS"))
    else {
        println!("CORPUS, TRUTH and ENVIRONMENTS name no folders: nothing is compared");
        return;
    };
    let only = std::env::var("PROJECT").ok();
    let mut names: Vec<String> = fs::read_dir(&corpus)
        .expect("CORPUS is a folder")
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| only.as_ref().is_none_or(|only| name.starts_with(only)))
        .collect();
    names.sort_unstable();
    let mut table = String::from(
        "| project | how | s | arguments | coroutine | task or future | other awaitable \
         | unknown | likely coroutine | receivers | loop | group | other | unknown |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    let mut wrong = Vec::new();
    let mut compared = String::new();
    for name in &names {
        let root = dunce::canonicalize(corpus.join(name)).unwrap();
        let files = python_files(&root);
        for mode in MODES {
            let packages = site_packages(&environments.join(name)).unwrap_or_default();
            let answered = answer(&root, &files, mode, &packages);
            write_row(&mut table, name, mode, &answered, |_| true);
            // The fixtures of tests seldom have annotations.
            let label = format!("{name} without tests");
            write_row(&mut table, &label, mode, &answered, |path| {
                !path.contains("test")
            });
            if mode == Mode::TypesAndPackages {
                let records = truth.join(format!("{name}.jsonl"));
                compare(name, &root, &records, &answered, &mut wrong, &mut compared);
                for unknown in &answered.unknown {
                    println!("unknown: {name}: {unknown}");
                }
            }
            for failed in &answered.failed {
                println!("failed: {name} {mode:?}: {failed}");
            }
        }
    }
    println!("{table}\n{compared}");
    assert!(wrong.is_empty(), "wrong answers:\n{}", wrong.join("\n"));
}

fn python_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = ignore::WalkBuilder::new(folder)
        .standard_filters(false)
        .build()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|it| it == "py"))
        .collect();
    files.sort_unstable();
    files
}

fn answer(root: &Path, files: &[PathBuf], mode: Mode, packages: &[String]) -> Answered {
    let inference = Inference::new(|| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_asyncmend"));
        command.arg("type-worker");
        command
    });
    let src = root.join("src");
    let roots = [src, root.to_path_buf()];
    let roots: Vec<String> = roots
        .iter()
        .filter(|root| root.is_dir() && may_be_root(root))
        .map(|root| root.to_str().unwrap().to_owned())
        .collect();
    let mut out = Answered::default();
    let begun = Instant::now();
    for path in files {
        let Ok(text) = fs::read_to_string(path) else {
            continue;
        };
        if !text.contains("gather") && !text.contains("create_task") {
            continue;
        }
        let Ok(source) = Source::parse(text.clone(), options()) else {
            continue;
        };
        let home = path
            .ancestors()
            .skip(1)
            .find(|folder| !folder.join("__init__.py").exists())
            .filter(|home| may_be_root(home));
        let place = Place {
            project: Project {
                roots: roots.clone(),
                site_packages: if mode == Mode::TypesAndPackages {
                    packages.to_vec()
                } else {
                    Vec::new()
                },
                target: (3, 11),
            }
            .into(),
            home: home.map(|home| home.to_str().unwrap().to_owned()),
            path: path.to_str().unwrap().to_owned(),
        };
        let types = inference.file(place, &text, BUDGET);
        let name = path.strip_prefix(root).unwrap().to_str().unwrap();
        let source = match mode {
            Mode::Syntax => source,
            _ => source.with_types(Box::new(&types)),
        };
        let key = |at: TextRange| (name.to_owned(), at.start().to_u32(), at.end().to_u32());
        for gathered in answers::gathered(&source) {
            if gathered.is_awaited {
                for argument in &gathered.arguments {
                    if is_unknown(argument.origin) {
                        let (kinds, shown) = (argument.kinds, &text[argument.at]);
                        out.unknown.push(format!("{name}: {kinds:?} {shown}"));
                    }
                }
            }
            out.gathered.insert(key(gathered.call), gathered);
        }
        for receiver in answers::receivers(&source) {
            if receiver.kinds == Kinds::UNKNOWN {
                out.unknown
                    .push(format!("{name}: {}.create_task", &text[receiver.at]));
            }
            out.receivers.insert(key(receiver.call), receiver);
        }
        drop(source);
        if let Asked::Failed(reason) = types.asked() {
            out.failed.push(format!("{name}: {reason}"));
        }
    }
    out.seconds = begun.elapsed().as_secs_f64();
    out
}

fn write_row(
    table: &mut String,
    project: &str,
    mode: Mode,
    answered: &Answered,
    counts: impl Fn(&str) -> bool,
) {
    let arguments: Vec<&answers::Argument> = (answered.gathered.iter())
        .filter(|((path, ..), gathered)| gathered.is_awaited && counts(path))
        .flat_map(|(_, gathered)| &gathered.arguments)
        .collect();
    let count =
        |is_one: fn(Origin) -> bool| arguments.iter().filter(|it| is_one(it.origin)).count();
    // By its type a coroutine, which something may take the place of.
    let coroutine = Kinds::of(Kind::Coroutine);
    let likely = (arguments.iter())
        .filter(|it| is_unknown(it.origin) && it.kinds.without(coroutine) != it.kinds)
        .count();
    let receivers: Vec<Kinds> = (answered.receivers.iter())
        .filter(|((path, ..), _)| counts(path))
        .map(|(_, receiver)| receiver.kinds)
        .collect();
    let are = |kind: Kind| receivers.iter().filter(|it| it.only() == kind).count();
    let (loops, groups, unknown) = (
        are(Kind::EventLoop),
        are(Kind::TaskGroup),
        are(Kind::Unknown),
    );
    writeln!(
        table,
        "| {project} | {mode:?} | {:.1} | {} | {} | {} | {} | {} | {likely} | {} | {loops} | {groups} | {} | {unknown} |",
        answered.seconds,
        arguments.len(),
        count(is_coroutine),
        count(|it| is_other(it) && it.share != Share::Unknown),
        count(|it| is_other(it) && it.share == Share::Unknown),
        count(is_unknown) - likely,
        receivers.len(),
        receivers.len() - loops - groups - unknown,
    )
    .unwrap();
}

fn is_unknown(origin: Origin) -> bool {
    origin.form == Form::Unknown
}

fn is_coroutine(origin: Origin) -> bool {
    origin.form == Form::Coroutine
}

fn is_other(origin: Origin) -> bool {
    matches!(origin.form, Form::Spawned | Form::Other)
}

/// Compares the answers with what was recorded.
fn compare(
    project: &str,
    root: &Path,
    records: &Path,
    answered: &Answered,
    wrong: &mut Vec<String>,
    compared: &mut String,
) {
    let records = fs::read_to_string(records).unwrap_or_default();
    let (mut gathers, mut receivers) = (BTreeSet::new(), BTreeSet::new());
    for line in records.lines() {
        let record: Value = serde_json::from_str(line).expect("a JSON object");
        let path = record["path"].as_str().unwrap().to_owned();
        let Ok(text) = fs::read_to_string(root.join(&path)) else {
            continue;
        };
        let (start, end) = (
            offset(&text, &record["start"]),
            offset(&text, &record["end"]),
        );
        let seen: Vec<&str> = (record["arguments"].as_array().into_iter().flatten())
            .map(|argument| argument[0].as_str().unwrap())
            .collect();
        let key = (path.clone(), start, end);
        match record["callee"].as_str().unwrap() {
            "asyncio.gather" => {
                // What a loop written in C calls seems to be called by its caller.
                let Some(gathered) = answered.gathered.get(&key) else {
                    continue;
                };
                gathers.insert(key);
                for argument in false_coroutines(gathered, &seen) {
                    wrong.push(format!(
                        "{project}: {path}: {} was {seen:?}",
                        &text[argument]
                    ));
                }
            }
            callee @ ("loop.create_task" | "TaskGroup.create_task" | "create_task") => {
                let class = record["receiver"].as_str().unwrap_or_default();
                let Some(receiver) = answered.receivers.get(&key) else {
                    continue;
                };
                // A mock stands in for whatever was declared.
                if class.starts_with("unittest.mock.") {
                    continue;
                }
                receivers.insert(key);
                let right = match callee {
                    "loop.create_task" => Kind::EventLoop,
                    "TaskGroup.create_task" => Kind::TaskGroup,
                    _ => Kind::NotAwaitable,
                };
                if ![right, Kind::Unknown].contains(&receiver.kinds.only()) {
                    wrong.push(format!(
                        "{project}: {path}: {} is {:?}, was {class}",
                        &text[receiver.at], receiver.kinds
                    ));
                }
            }
            _ => {}
        }
    }
    let proven = |key: &&(String, u32, u32)| {
        let gathered = &answered.gathered[*key];
        (gathered.arguments.iter()).any(|argument| is_coroutine(argument.origin))
    };
    writeln!(
        compared,
        "{project}: {} gathers seen at run time, {} of them with an argument that is answered \
         Coroutine; {} receivers",
        gathers.len(),
        gathers.iter().filter(proven).count(),
        receivers.len()
    )
    .unwrap();
}

/// The arguments that were taken for coroutines and were something else, given what a call got.
fn false_coroutines(gathered: &answers::Gathered, seen: &[&str]) -> Vec<TextRange> {
    let is_starred = |argument: &&answers::Argument| argument.is_starred;
    let arguments = &gathered.arguments;
    let before = arguments.iter().take_while(|it| !it.is_starred).count();
    let after = arguments
        .iter()
        .rev()
        .take_while(|it| !it.is_starred)
        .count();
    let mut wrong = Vec::new();
    let mut check = |argument: &answers::Argument, seen: &[&str]| {
        if is_coroutine(argument.origin) && seen.iter().any(|kind| *kind != "coroutine") {
            wrong.push(argument.at);
        }
    };
    if before == arguments.len() {
        for (argument, kind) in arguments.iter().zip(seen) {
            check(argument, &[kind]);
        }
        return wrong;
    }
    for (argument, kind) in arguments[..before].iter().zip(seen) {
        check(argument, &[kind]);
    }
    for (argument, kind) in arguments.iter().rev().take(after).zip(seen.iter().rev()) {
        check(argument, &[kind]);
    }
    // With one star it is clear what it gave; with several only that all of them are coroutines.
    let middle = &seen[before.min(seen.len())..seen.len().saturating_sub(after).max(before)];
    let inner = &arguments[before..arguments.len() - after];
    let all_coroutines = inner.iter().all(|it| is_coroutine(it.origin));
    if inner.iter().filter(is_starred).count() == 1 || all_coroutines {
        for argument in inner {
            check(argument, middle);
        }
    }
    wrong
}

/// The offset of a line, counted from 1, and a column, counted from 0 in bytes.
fn offset(text: &str, place: &Value) -> u32 {
    let line = usize::try_from(place[0].as_u64().unwrap()).unwrap();
    let column = place[1].as_u64().unwrap();
    let before: usize = text
        .split_inclusive('\n')
        .take(line - 1)
        .map(str::len)
        .sum();
    u32::try_from(before as u64 + column).unwrap()
}
