//! What becomes of files where people decide fix by fix.

use std::collections::BTreeMap;

use asyncmend_pipeline::{Choice, Decision, Declined, Proposal, Source, TextRange, TextSize};
use asyncmend_source::Ranged;
use serde_json::{Value, json};

use crate::case::{self, Case, Mended};
use crate::cases::on_a_big_stack;
use crate::cli::{DROPPED, Project, Ran};
use crate::repository::root;

/// How often each case is decided about at random; `DRAWS` says another number.
const DRAWS: u64 = 3;

type Choices = BTreeMap<(&'static str, TextSize), Choice>;

fn take(proposal: &Proposal) -> Choice {
    let codes = proposal.cautions.iter().map(|it| it.code.to_owned());
    Choice::Take {
        what: proposal.what.clone(),
        cautions: codes.collect(),
    }
}

/// What becomes of the case, where nothing is done that was not chosen.
fn decided(case: &Case, choices: &Choices) -> Result<Mended, String> {
    let choose = |transform: &asyncmend_pipeline::Transform, at| {
        let choice = choices.get(&(transform.id, at)).cloned();
        choice.unwrap_or(Choice::Leave(Declined::Undecided))
    };
    case.run_chosen(&choose).map_err(|failed| failed.text)
}

/// To take what is taken anyway changes nothing.
fn lost(case: &Case, usual: &Mended) -> Result<(), String> {
    let mut choices = Choices::new();
    for finding in &usual.review.findings {
        if let Decision::Rewrite(proposal) = &finding.decision {
            choices.insert((finding.transform.id, finding.at.start()), take(proposal));
        }
    }
    let chosen = decided(case, &choices)?;
    if chosen.after == usual.after {
        return Ok(());
    }
    let diff = asyncmend_edits::unified("chosen.py", &usual.after, &chosen.after);
    Err(format!(
        "each fix was accepted, and the result differs:\n{diff}"
    ))
}

/// Whatever is accepted and whatever is not, the result is Python, and a second run changes only what was
/// declined.
fn unsettled(case: &Case, usual: &Mended, random: &mut fastrand::Rng) -> Result<(), String> {
    let mut choices = Choices::new();
    for finding in &usual.review.findings {
        let choice = match random.usize(..=finding.candidates.len()) {
            0 => Choice::Leave(Declined::ByUser),
            nth => take(&finding.candidates[nth - 1]),
        };
        choices.insert((finding.transform.id, finding.at.start()), choice);
    }
    let chosen = decided(case, &choices).map_err(|text| format!("{choices:?}: {text}"))?;
    let mut open: Vec<&str> = (chosen.review.findings.iter())
        .filter(|it| matches!(it.decision, Decision::Declined { .. }))
        .map(|it| it.transform.id)
        .collect();
    let again = case.run(&chosen.after).map_err(|failed| failed.text)?;
    for finding in &again.review.findings {
        if !matches!(finding.decision, Decision::Rewrite(_)) {
            continue;
        }
        let Some(place) = open.iter().position(|id| *id == finding.transform.id) else {
            return Err(format!(
                "a second run rewrites what was not declined, by {}, with {choices:?}:\n{}\n{}",
                finding.transform.id,
                asyncmend_edits::unified("chosen.py", &case.text, &chosen.after),
                asyncmend_edits::unified("again.py", &chosen.after, &again.after)
            ));
        };
        open.swap_remove(place);
    }
    Ok(())
}

#[test]
fn whatever_is_decided_makes_whole_files() {
    on_a_big_stack(|| {
        let draws = crate::programs::number("DRAWS", DRAWS);
        let mut random = fastrand::Rng::with_seed(crate::programs::number("SEED", 1));
        let mut troubles = Vec::new();
        let (mut sites, mut several) = (0, 0);
        for case in case::all_cases() {
            let Ok(usual) = case.run(&case.text) else {
                continue;
            };
            let candidates = usual.review.findings.iter().map(|it| it.candidates.len());
            for count in candidates {
                sites += usize::from(count > 0);
                several += usize::from(count > 1);
            }
            let mut seen = vec![lost(&case, &usual)];
            seen.extend((0..draws).map(|_| unsettled(&case, &usual, &mut random)));
            let told = seen.into_iter().filter_map(Result::err);
            troubles.extend(told.map(|text| format!("{}: {text}", case.name)));
        }
        assert!(troubles.is_empty(), "\n{}", troubles.join("\n"));
        assert!(
            sites > 500 && several > 100,
            "{sites} sites, {several} with a choice"
        );
    });
}

/// With a comment beside each site nothing is found any more, and the code is the same.
fn unsilenced(case: &Case, usual: &Mended) -> Result<(), String> {
    let findings = usual.review.findings.iter();
    let sites: Vec<(&str, TextRange)> = findings.map(|it| (it.transform.id, it.at)).collect();
    let ignoring = case.pipeline().ignoring(&case.text, &sites);
    let ignoring = ignoring.ok_or("no Python")?;
    if !ignoring.left.is_empty() {
        return Err(format!("no comment can stand beside {:?}", ignoring.left));
    }
    let text = ignoring.patch.apply(&case.text);
    let again = case.run(&text).map_err(|failed| failed.text)?;
    let without_comments = |text: &str| {
        let code = |source: &Source<'_>| {
            let tokens = source.tokens().iter();
            let code = tokens.filter(|token| !token.kind().is_trivia());
            let code = code.map(|token| source.slice(token.range()).to_owned());
            code.collect::<Vec<String>>()
        };
        case.pipeline().ask(text, code)
    };
    if without_comments(&text) != without_comments(&case.text) {
        return Err(format!("the code differs:\n{text}"));
    }
    match again.review.findings.first() {
        Some(found) => {
            let line = text[..found.at.start().to_usize()].lines().count();
            Err(format!("line {line} is not silent:\n{text}"))
        }
        None => Ok(()),
    }
}

#[test]
fn each_site_can_be_silenced() {
    on_a_big_stack(|| {
        let mut troubles = Vec::new();
        for case in case::all_cases() {
            if let Ok(usual) = case.run(&case.text)
                && let Err(text) = unsilenced(&case, &usual)
            {
                troubles.push(format!("{}: {text}", case.name));
            }
        }
        assert!(troubles.is_empty(), "\n{}", troubles.join("\n"));
    });
}

#[test]
fn comments_join_those_that_are_there() {
    let text = "\
import asyncio
a = asyncio.gather(b())  # why  # asyncmend: ignore[wait-for] because
c = (d,
    asyncio.gather(e()), asyncio.wait_for(f(), 1))  # one
g = \\
    asyncio.gather(h(\"\"\"
\"\"\"))
";
    let at = |word: &str, nth: usize| {
        let (start, _) = text.match_indices(word).nth(nth).expect("it is there");
        TextRange::at(
            TextSize::try_from(start).expect("a short text"),
            TextSize::of(word),
        )
    };
    let case = case::together_cases().swap_remove(0);
    let sites = [
        ("gather", at("asyncio.gather", 0)),
        ("gather", at("asyncio.gather", 1)),
        ("wait-for", at("asyncio.wait_for", 0)),
        ("gather", at("asyncio.gather", 2)),
    ];
    let ignoring = case.pipeline().ignoring(text, &sites).expect("Python");
    assert_eq!(
        ignoring.patch.apply(text),
        "\
import asyncio
a = asyncio.gather(b())  # why  # asyncmend: ignore[wait-for, gather] because
c = (d,
    asyncio.gather(e()), asyncio.wait_for(f(), 1))  # one  # asyncmend: ignore[gather, wait-for]
g = \\
    asyncio.gather(h(\"\"\"
\"\"\"))  # asyncmend: ignore[gather]
"
    );
}

// `--decisions`.

/// Two sites of one transform, and one of another whose fix is held back.
pub(crate) const JOBS: &str = "\
import asyncio


async def main(loop):
    asyncio.create_task(one())
    asyncio.create_task(two())
    a, b = await asyncio.gather(three(), four())
    loop.create_task(five())
    return a, b


async def three():
    return 3


async def four():
    return 4
";

/// What `check` finds in a project.
fn findings(project: &Project, args: &[&str]) -> Vec<Value> {
    let args = [&["check", "--output-format", "json-lines"], args].concat();
    let ran = project.run(&args);
    let rows = ran.stdout.lines();
    rows.map(|row| serde_json::from_str(row).expect("JSON"))
        .collect()
}

/// That the candidate with this number is accepted for `finding`, or that none is.
fn decision(finding: &Value, accepted: Option<usize>) -> Value {
    let mut decision = json!({
        "transform": finding["transform"],
        "start": finding["start"],
        "decision": if accepted.is_some() { "accept" } else { "reject" },
    });
    if let Some(nth) = accepted {
        let candidate = &finding["candidates"][nth];
        decision["fix"] = json!({"what": candidate["what"], "cautions": candidate["cautions"]});
    }
    decision
}

/// What was decided about one file.
fn file(project: &Project, path: &str, decisions: &[Value]) -> Value {
    let bytes = std::fs::read(project.path(path)).expect("a file");
    let sha256 = sha256(&bytes);
    json!({"path": path, "sha256": sha256, "decisions": decisions})
}

/// As another program has it.
fn sha256(bytes: &[u8]) -> String {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let script = "import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())";
    let mut child = Command::new("python3")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(bytes).expect("a reader");
    drop(stdin);
    let output = child.wait_with_output().expect("Python ends");
    String::from_utf8(output.stdout)
        .expect("hex")
        .trim()
        .to_owned()
}

fn write_decisions(project: &Project, files: &[Value]) {
    let document = json!({"version": 1, "files": files});
    project.write("decisions.json", document.to_string().as_bytes());
}

fn run_decided(project: &Project, command: &str, args: &[&str]) -> Ran {
    project.run(&[&[command, "--decisions", "decisions.json"], args].concat())
}

#[test]
fn what_was_accepted_is_applied_and_nothing_else() {
    let project = Project::new(&[("a.py", JOBS), ("other.py", DROPPED)]);
    let sites = findings(&project, &["a.py"]);
    assert_eq!(sites.len(), 4);
    let decisions = [
        decision(&sites[0], Some(0)),
        decision(&sites[1], None),
        // Held back as long as nobody looks at it.
        decision(&sites[3], Some(0)),
    ];
    write_decisions(&project, &[file(&project, "a.py", &decisions)]);
    let diff = run_decided(&project, "diff", &[]);
    assert_eq!(diff.status, 1, "{}", diff.stderr);
    let ran = run_decided(&project, "fix", &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let after = project.read("a.py");
    assert_eq!(diff.stdout, asyncmend_edits::unified("a.py", JOBS, &after));
    assert!(after.contains("    _keep_task(asyncio.create_task(one()))\n"));
    assert!(after.contains("\n    asyncio.create_task(two())\n"));
    assert!(after.contains("await asyncio.gather(three(), four())\n"));
    assert!(after.contains("    _keep_task(loop.create_task(five()))\n"));
    // Nobody has looked at it.
    assert_eq!(project.read("other.py"), DROPPED);
    ran.says("looked at 2 files, 1 changed");
    ran.says("retain-task  2 rewritten, 1 declined, 1 not decided");
    ran.says("gather       1 not decided");
}

#[test]
fn the_candidate_that_was_chosen_is_the_one_that_is_applied() {
    let project = Project::new(&[("a.py", JOBS)]);
    let sites = findings(&project, &["--select", "gather"]);
    let candidates = sites[0]["candidates"].as_array().expect("a list");
    let last = candidates.len() - 1;
    assert!(last > 0, "{candidates:?}");
    let decisions = [decision(&sites[0], Some(last))];
    write_decisions(&project, &[file(&project, "a.py", &decisions)]);
    let ran = run_decided(&project, "fix", &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let after = project.read("a.py");
    assert!(
        after.contains("a, b = await _gather_or_cancel(three(), four())\n"),
        "{after}"
    );
}

#[test]
fn files_that_are_not_what_was_reviewed_are_left_alone() {
    let files = [("a.py", DROPPED), ("b.py", DROPPED), ("gone.py", DROPPED)];
    let project = Project::new(&files);
    let reviewed: Vec<Value> = (findings(&project, &[]).iter())
        .zip(files)
        .map(|(site, (path, _))| file(&project, path, &[decision(site, Some(0))]))
        .collect();
    write_decisions(&project, &reviewed);
    let changed = format!("# changed\n{DROPPED}");
    project.write("a.py", changed.as_bytes());
    std::fs::remove_file(project.path("gone.py")).expect("it is there");
    let ran = run_decided(&project, "fix", &[]);
    ran.is_trouble("error: a.py: changed since it was reviewed, left as it is; review it again");
    ran.says("error: gone.py: no such file or folder");
    assert_eq!(project.read("a.py"), changed);
    assert_ne!(project.read("b.py"), DROPPED);
    // What the command line leaves out is no trouble.
    write_decisions(&project, &reviewed[1..2]);
    let ran = run_decided(&project, "fix", &["a.py"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    ran.says("warning: b.py: was reviewed, and is not among the files of this run");
}

#[test]
fn fixes_that_are_not_offered_any_more_are_named() {
    let project = Project::new(&[("a.py", JOBS)]);
    let sites = findings(&project, &[]);
    let mut gone = decision(&sites[0], Some(0));
    gone["start"]["line"] = json!(1);
    let decisions = [
        gone,
        decision(&sites[1], Some(0)),
        decision(&sites[2], Some(0)),
    ];
    write_decisions(&project, &[file(&project, "a.py", &decisions)]);
    // There are no task groups yet.
    let ran = run_decided(&project, "fix", &["--target-version", "3.9"]);
    ran.is_trouble("error: a.py:1:5: the fix of retain-task that was accepted is not offered");
    ran.says("error: a.py:7:18: the fix of gather that was accepted is not offered");
    ran.says("looked at 1 file, 1 changed, 2 accepted fixes not applied");
    let after = project.read("a.py");
    assert!(
        after.contains("_keep_task(asyncio.create_task(two()))\n"),
        "{after}"
    );
    assert!(
        after.contains("await asyncio.gather(three(), four())\n"),
        "{after}"
    );
}

#[test]
fn files_that_hold_no_decisions_end_the_run() {
    let project = Project::new(&[("a.py", DROPPED)]);
    run_decided(&project, "fix", &[]).is_trouble("cannot read the decisions in decisions.json");
    for (text, message) in [
        (
            "{}",
            "decisions.json: no decisions of a review: missing field `version`",
        ),
        (
            r#"{"version": 2, "files": []}"#,
            "version 2 of the format is not 1",
        ),
        (r#"{"version": 1, "fils": []}"#, "unknown field `fils`"),
    ] {
        project.write("decisions.json", text.as_bytes());
        run_decided(&project, "fix", &[]).is_trouble(message);
        run_decided(&project, "diff", &[]).is_trouble(message);
    }
    assert_eq!(project.read("a.py"), DROPPED);
}

#[test]
fn decisions_hold_in_the_cells_of_notebooks() {
    let cells = [
        "import asyncio",
        "asyncio.create_task(one());\nx = 1",
        "asyncio.create_task(two());",
    ];
    let cells = cells.map(|code| {
        json!({"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": [code]})
    });
    let book = json!({"cells": cells, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 4});
    let project = Project::new(&[("book.ipynb", &book.to_string())]);
    let sites = findings(&project, &[]);
    assert_eq!(sites.len(), 2);
    assert_eq!(
        sites[1]["start"],
        json!({"cell": 3, "line": 1, "column": 1})
    );
    let decisions = [decision(&sites[1], Some(0))];
    write_decisions(&project, &[file(&project, "book.ipynb", &decisions)]);
    let ran = run_decided(&project, "fix", &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let after = project.read("book.ipynb");
    assert!(after.contains("\"asyncio.create_task(one());"), "{after}");
    assert!(
        after.contains("_keep_task(asyncio.create_task(two()))"),
        "{after}"
    );
}

#[test]
fn a_module_for_helpers_gets_what_accepted_fixes_need() {
    let project = Project::new(&[
        (
            "pyproject.toml",
            "[tool.asyncmend]\nhelper-module = \"app.aio\"\n",
        ),
        ("app/__init__.py", ""),
        ("app/jobs.py", JOBS),
    ]);
    let sites = findings(&project, &[]);
    let all: Vec<Value> = sites.iter().map(|site| decision(site, None)).collect();
    write_decisions(&project, &[file(&project, "app/jobs.py", &all)]);
    assert_eq!(run_decided(&project, "fix", &[]).status, 0);
    assert!(!project.path("app/aio.py").exists());
    let one = [decision(&sites[0], Some(0))];
    write_decisions(&project, &[file(&project, "app/jobs.py", &one)]);
    let ran = run_decided(&project, "fix", &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let module = project.read("app/aio.py");
    assert!(module.contains("def keep_task"), "{module}");
    assert!(!module.contains("class TaskGroup"), "{module}");
}

#[test]
fn the_decisions_of_the_page_are_read() {
    let page = std::fs::read_to_string(root().join("docs/review.md")).expect("the page");
    let (_, rest) = page.split_once("```json\n").expect("an example");
    let (example, _) = rest.split_once("```").expect("its end");
    let text = "import asyncio\n\n\nasync def main():\n    asyncio.create_task(one())\n    asyncio.create_task(two())\n";
    let project = Project::new(&[("src/app.py", text), ("decisions.json", example)]);
    let ran = run_decided(&project, "fix", &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    ran.says("retain-task  1 rewritten, 1 declined");
}
