//! Comments that silence what is left: `check --add-ignores`.

use std::process::Stdio;

use asyncmend_pipeline::{Decided, Decision, Ignored, Outcome, Pipeline};

use crate::case::{self, Case};
use crate::cases::reformatted;
use crate::cli::{DROPPED, Project};
use crate::pythons;

fn findings(pipeline: &Pipeline, text: &str) -> Vec<Decided> {
    match pipeline.run(text, None) {
        Outcome::Unchanged { review } | Outcome::Changed { review, .. } => review.findings,
        other => panic!("{other:?}"),
    }
}

fn has_a_fix(finding: &Decided) -> bool {
    matches!(finding.decision, Decision::Rewrite(_))
}

/// What is silent in no way: the transform and the text of each site, fixes first.
fn heard(findings: &[Decided], text: &str) -> (Vec<String>, Vec<String>) {
    let site = |it: &Decided| {
        let words = text[it.at].split('#').next().unwrap_or_default();
        format!(
            "{} {}",
            it.transform.id,
            words.split_whitespace().collect::<String>()
        )
    };
    let (fixes, left): (Vec<&Decided>, Vec<&Decided>) =
        findings.iter().partition(|it| has_a_fix(it));
    (
        fixes.into_iter().map(site).collect(),
        left.into_iter().map(site).collect(),
    )
}

/// That the case is silent where it can be, and in nothing else different; the new text.
fn silenced(case: &Case) -> Result<Option<String>, String> {
    let pipeline = Pipeline::new(case.transforms.clone(), case.settings.clone());
    let before = findings(&pipeline, &case.text);
    let ignored = pipeline.with_ignores(&case.text, &before);
    let Ignored {
        after,
        silenced,
        left,
    } = ignored.map_err(|bug| bug.to_string())?;
    let wanted = before.iter().filter(|it| !has_a_fix(it)).count();
    if silenced + left.len() != wanted {
        return Err(format!(
            "{silenced} silenced, {} left of {wanted}",
            left.len()
        ));
    }
    let Some(text) = after else {
        return Ok(None);
    };
    let after = findings(&pipeline, &text);
    let (fixes, _) = heard(&before, &case.text);
    let (fixes_after, left_after) = heard(&after, &text);
    // A site whose sibling is silent may get a fix, but none may lose one.
    if fixes.len() > fixes_after.len() || left_after.len() > left.len() {
        return Err(format!(
            "{fixes:?} became {fixes_after:?}, {left_after:?} are left:\n{text}"
        ));
    }
    let again = pipeline
        .with_ignores(&text, &after)
        .map_err(|bug| bug.to_string())?;
    if again.after.is_some() {
        return Err(format!("a second run writes more:\n{text}"));
    }
    if let Some(formatted) = reformatted(case, &text) {
        return Err(format!(
            "it is not formatted any more:\n{text}\n{formatted}"
        ));
    }
    Ok(Some(text))
}

#[test]
fn every_case_is_silent_where_it_can_be() {
    let cases = case::all_cases();
    let mut troubles = Vec::new();
    let mut pairs = Vec::new();
    let on_a_thread = std::thread::Builder::new().stack_size(64 << 20);
    let work = move || {
        for case in &cases {
            match silenced(case) {
                Ok(Some(after)) => pairs.push((case.name.clone(), case.text.clone(), after)),
                Ok(None) => {}
                Err(trouble) => troubles.push(format!("{}: {trouble}", case.name)),
            }
        }
        (pairs, troubles)
    };
    let (pairs, mut troubles) = on_a_thread
        .spawn(work)
        .expect("a thread")
        .join()
        .expect("no panic");
    assert!(pairs.len() > 120, "{} cases got a comment", pairs.len());
    troubles.extend(other_code(&pairs));
    assert!(troubles.is_empty(), "{}", troubles.join("\n"));
}

/// The pairs that are not the same code to CPython.
fn other_code(pairs: &[(String, String, String)]) -> Vec<String> {
    const PROGRAM: &str = "
import ast, json, sys, warnings
warnings.simplefilter('ignore')
for name, before, after in json.load(sys.stdin):
    if ast.dump(ast.parse(before)) != ast.dump(ast.parse(after)):
        print(name, 'is other code')
";
    let newest = pythons::all().last().expect("at least one");
    let mut child = newest
        .command()
        .args(["-c", PROGRAM])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the interpreter answered before");
    let input = child.stdin.take().expect("it is piped");
    serde_json::to_writer(input, pairs).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(str::to_owned).collect()
}

/// What `check --add-ignores` makes of a coroutine with these lines.
fn with_ignores(lines: &str) -> String {
    let head = "import asyncio\n\n\nasync def f(loop):\n";
    let project = Project::new(&[("a.py", &format!("{head}{lines}"))]);
    let args = ["check", "--no-types", "--add-ignores", "--no-vcs"];
    let ran = project.run(&args);
    assert!(ran.status < 2, "{}", ran.stderr);
    project
        .read("a.py")
        .strip_prefix(head)
        .expect("the head stays")
        .to_owned()
        + &warnings(&ran.stderr)
}

fn warnings(stderr: &str) -> String {
    let lines = stderr.split_inclusive('\n');
    lines.filter(|line| line.starts_with("warning: ")).collect()
}

#[test]
fn comments_stand_where_they_are_read() {
    for (before, after) in [
        // At the end of a line, without its blanks, and at the end of the file.
        (
            "    loop.create_task(w())  \n",
            "    loop.create_task(w())  # asyncmend: ignore[retain-task]\n",
        ),
        (
            "    loop.create_task(w())",
            "    loop.create_task(w())  # asyncmend: ignore[retain-task]",
        ),
        // Beside other comments.
        (
            "    loop.create_task(w())  # why\n",
            "    loop.create_task(w())  # why  # asyncmend: ignore[retain-task]\n",
        ),
        (
            "    loop.create_task(w())  # fmt: skip\n",
            "    loop.create_task(w())  # asyncmend: ignore[retain-task]  # fmt: skip\n",
        ),
        (
            "    loop.create_task(w())  # asyncmend: ignore[gather] for now\n",
            "    loop.create_task(w())  # asyncmend: ignore[gather, retain-task] for now\n",
        ),
        // Two sites on one line.
        (
            "    loop.create_task(w()); return asyncio.gather(*a)\n",
            "    loop.create_task(w()); return asyncio.gather(*a)  # asyncmend: ignore[retain-task, gather]\n",
        ),
        // The first line ends in a string, or with a backslash.
        (
            "    loop.create_task(w('''\n    '''))\n",
            "    loop.create_task(w('''\n    '''))  # asyncmend: ignore[retain-task]\n",
        ),
        (
            "    loop.create_task(w()) \\\n        .cancel\n",
            "    loop.create_task(w()) \\\n        .cancel\n",
        ),
        (
            "    return \\\n        asyncio.gather(*a)\n",
            "    return \\\n        asyncio.gather(*a)  # asyncmend: ignore[gather]\n",
        ),
        (
            "    return asyncio.gather(f'''{\n    a}''', *b)\n",
            "    return asyncio.gather(f'''{\n    a}''', *b)  # asyncmend: ignore[gather]\n",
        ),
        // The header of a compound statement.
        (
            "    if asyncio.gather(*a):\n        pass\n",
            "    if asyncio.gather(*a):  # asyncmend: ignore[gather]\n        pass\n",
        ),
        (
            "    if asyncio.gather(*a) or \\\n            f():\n        pass\n",
            "    if asyncio.gather(*a) or \\\n            f():  # asyncmend: ignore[gather]\n        pass\n",
        ),
        // A line that gets too long is broken as Ruff does, in a file that it formats.
        (
            "    loop.run_until_complete(
        asyncio.gather(*pending_tasks_of_the_loop, return_exceptions=True)
    )
",
            "    loop.run_until_complete(
        asyncio.gather(
            *pending_tasks_of_the_loop, return_exceptions=True
        )  # asyncmend: ignore[gather]
    )
",
        ),
        // What has a fix is left for `fix`, and would not be found any more.
        (
            "    loop.create_task(asyncio.create_task(w()))\n",
            "    loop.create_task(asyncio.create_task(w()))  # asyncmend: ignore[retain-task]\n",
        ),
        (
            "    loop.create_task(w()); asyncio.create_task(w())\n",
            "    loop.create_task(w()); asyncio.create_task(w())\n\
             warning: a.py:5:5: a comment here would silence a site with a fix, too; run `asyncmend fix` first, \
             then this again\n",
        ),
        (
            "    loop.create_task(w())\r\n",
            "    loop.create_task(w())  # asyncmend: ignore[retain-task]\r\n",
        ),
    ] {
        assert_eq!(with_ignores(before), after);
    }
}

#[test]
fn after_fix_and_comments_check_is_quiet() {
    let held = "async def f(loop):\n    loop.create_task(w())\n";
    let project = Project::new(&[
        ("a.py", &format!("{DROPPED}\n\n{held}")),
        ("b.py", "x = 1\n"),
        ("c.py", "import asyncio\nasyncio.gather(\n"),
    ]);
    let ignore = ["check", "--no-types", "--add-ignores", "a.py", "b.py"];
    project
        .run(&ignore)
        .is_trouble("nothing was written: a.py would change, and is in no Git work tree");
    let ran = project.run(&[&ignore[..], &["--no-vcs", "--backup", ".orig"]].concat());
    assert_eq!((ran.status, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    ran.says("looked at 2 files, 1 changed");
    ran.says("ignored: 1 site by a comment from now on");
    assert_eq!(project.read("a.py.orig"), format!("{DROPPED}\n\n{held}"));
    // `fix` has still its own.
    assert_eq!(project.found(&["--no-types", "a.py"]), ["a.py"]);
    project.run(&["fix", "--no-types", "a.py"]);
    let ran = project.run(&["check", "--no-types", "a.py", "b.py"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert_eq!(warnings(&ran.stderr), "");
    assert_eq!(
        project.run(&["check", "--add-ignores", "--no-vcs"]).status,
        2
    );
    // A filter prints the whole.
    let args = ["check", "--no-types", "--add-ignores", "-"];
    let ran = project.run_with_stdin(&args, held.as_bytes());
    assert_eq!(
        ran.stdout,
        held.replace("w())\n", "w())  # asyncmend: ignore[retain-task]\n")
    );
    for wrong in [
        &["--no-vcs"][..],
        &["--allow-dirty"],
        &["--add-ignores", "--output-format", "json"],
    ] {
        assert_eq!(
            project.run(&[&["check"], wrong].concat()).status,
            2,
            "{wrong:?}"
        );
    }
}
