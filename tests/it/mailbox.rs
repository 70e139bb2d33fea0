//! `diff --format mbox`: `git am` makes commits of it, whose last one is what `fix` does.

use std::path::Path;
use std::process::Command;

use crate::cli::{DROPPED, Project};
use crate::notebooks::notebook;

const GATHERS: &str = "\
import asyncio


async def both(one, two):
    asyncio.create_task(one())
    first, second = await asyncio.gather(one(), two())
    await asyncio.wait_for(one(), 5)
    return first, second


async def held(loop):
    loop.create_task(one())
";

/// What Git says in a folder, which it has to be content with.
pub(crate) fn git(folder: &Path, args: &[&str]) -> String {
    let mut command = Command::new("git");
    command
        .args([
            "-c",
            "user.name=Ada L\u{f6}v",
            "-c",
            "user.email=ada@example.org",
        ])
        .args(args);
    let ran = command
        .current_dir(folder)
        .env_remove("GIT_DIR")
        .output()
        .expect("git runs");
    assert!(
        ran.status.success(),
        "git {args:?}: {}",
        String::from_utf8_lossy(&ran.stderr)
    );
    String::from_utf8(ran.stdout).expect("UTF-8")
}

/// A repository with these files in a folder of it, committed.
pub(crate) fn repository(files: &[(&str, &str)]) -> Project {
    let project = Project::new(files);
    git(&project.path(""), &["init", "-q", "-b", "main"]);
    git(&project.path(""), &["config", "user.name", "Ada L\u{f6}v"]);
    git(
        &project.path(""),
        &["config", "user.email", "ada@example.org"],
    );
    git(&project.path(""), &["add", "-A"]);
    git(&project.path(""), &["commit", "-q", "-m", "all"]);
    project
}

/// Applies the mailbox, and checks that the files are then what `fix` makes of them; the commits' subjects.
#[track_caller]
fn assert_applies(project: &Project, args: &[&str], am: &[&str], files: &[&str]) -> String {
    let ran = project.run(
        &[
            &[
                "diff",
                "--no-types",
                "--format",
                "mbox",
                "--output-file",
                "box",
            ],
            args,
        ]
        .concat(),
    );
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    let root = project.path("");
    git(&root, &[&["am", "-q"], am, &["box"]].concat());
    let applied: Vec<Vec<u8>> = files
        .iter()
        .map(|it| std::fs::read(project.path(it)).expect(it))
        .collect();
    let log = git(
        &root,
        &["log", "--reverse", "--format=%s|%an <%ae>", "main~1.."],
    );
    let all = git(&root, &["log", "--reverse", "--format=%s"]);
    assert!(log.ends_with("|Ada L\u{f6}v <ada@example.org>\n"), "{log}");
    let first = git(&root, &["rev-list", "--max-parents=0", "HEAD"]);
    git(&root, &["checkout", "-q", first.trim()]);
    project.run(&[&["fix", "--no-types", "--allow-dirty"], args].concat());
    for (file, applied) in files.iter().zip(&applied) {
        let fixed = std::fs::read(project.path(file)).expect(file);
        assert_eq!(
            String::from_utf8_lossy(applied),
            String::from_utf8_lossy(&fixed),
            "{file}"
        );
    }
    all
}

#[test]
fn git_am_makes_a_commit_of_each_transform() {
    let project = repository(&[
        ("app/a b.py", GATHERS),
        ("app/dropped.py", DROPPED),
        (
            "app/book.ipynb",
            &notebook(&[
                "import asyncio",
                "async def f():\n    asyncio.create_task(g())\n    return await asyncio.gather(g(), g())",
            ]),
        ),
    ]);
    let files = ["app/a b.py", "app/dropped.py", "app/book.ipynb"];
    let log = assert_applies(&project, &[], &[], &files);
    assert_eq!(
        log,
        "all\nasyncio: keep a task whose result is dropped until it is done\n\
         asyncio: stop the other awaitables of a gather when one fails\n\
         asyncio: let no wait_for swallow a cancellation\n"
    );
    let body = git(&project.path(""), &["log", "-1", "--format=%b", "main~1"]);
    for line in [
        "When one awaitable of asyncio.gather() fails, the others run on,",
        "In 2 files:",
        "What may differ from before, beside that:",
        "- unknown-awaitable: what it is, or waits for, is cancelled when another",
    ] {
        assert!(body.lines().any(|it| it == line), "no `{line}` in\n{body}");
    }
    let body = git(&project.path(""), &["log", "-1", "--format=%b", "main~2"]);
    assert!(
        body.contains("\n1 site was held back; `asyncmend check` lists them.\n"),
        "{body}"
    );
    assert!(body.lines().all(|line| line.len() <= 72), "{body}");
}

#[test]
fn git_am_takes_it_from_a_folder_below_and_in_other_encodings() {
    let project = repository(&[
        ("app/a.py", GATHERS),
        ("b.py", &DROPPED.replace('\n', "\r\n")),
    ]);
    project.write(
        "latin.py",
        b"# coding: latin-1\nimport asyncio\nasync def f():\n    asyncio.create_task(g('\xe9'))\n",
    );
    git(&project.path(""), &["add", "-A"]);
    git(&project.path(""), &["commit", "-q", "--amend", "-m", "all"]);
    let below = project.path("app");
    let mut command = project.command(&["diff", "--no-types", "--format", "mbox"]);
    let ran = command.current_dir(&below).output().expect("it starts");
    assert!(String::from_utf8_lossy(&ran.stdout).contains("--- a/app/a.py\n"));
    assert_applies(
        &project,
        &[],
        &["--keep-cr"],
        &["app/a.py", "b.py", "latin.py"],
    );
}

#[test]
fn what_files_import_from_one_module_comes_first() {
    let project = repository(&[
        ("asyncmend.toml", "helper-module = 'app.aio'\n"),
        ("app/__init__.py", ""),
        ("app/a.py", GATHERS),
        ("app/b.py", DROPPED),
    ]);
    let log = assert_applies(&project, &[], &[], &["app/aio.py", "app/a.py", "app/b.py"]);
    assert!(
        log.starts_with("all\nasyncio: add helpers\nasyncio: keep a task"),
        "{log}"
    );
}

#[test]
fn nothing_to_change_is_an_empty_mailbox() {
    let project = repository(&[("a.py", "print()\n")]);
    let ran = project.run(&["diff", "--format", "mbox"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (0, ""));
}
