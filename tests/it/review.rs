//! `review`, on a terminal: what it shows, what its keys do, and what it leaves behind.

use std::io::Write;
use std::num::NonZero;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::cli::{DROPPED, Project, git};
use crate::decisions::JOBS;
use crate::mailbox::repository;
use crate::repository::root;

/// A terminal on which a review runs.
struct Terminal<'p> {
    project: &'p Project,
    columns: u16,
    rows: u16,
    args: Vec<&'p str>,
    variables: Value,
}

/// What happened on it.
struct Seen {
    /// What was written before each key, and after the last.
    written: Vec<String>,
    columns: u16,
    rows: u16,
    status: i64,
    /// Whether the terminal reads lines again.
    restored: bool,
}

impl<'p> Terminal<'p> {
    fn new(project: &'p Project) -> Self {
        Self {
            project,
            columns: 80,
            rows: 24,
            args: vec!["--no-vcs", "--no-types"],
            variables: json!({"TERM": "xterm-256color"}),
        }
    }

    /// Presses keys, each once the text beside it is there.
    fn press(&self, steps: &[(&str, &str)]) -> Seen {
        let command = [&[env!("CARGO_BIN_EXE_asyncmend"), "review"], &self.args[..]].concat();
        let job = json!({
            "command": command,
            "folder": self.project.path(".").to_str().expect("UTF-8"),
            "variables": self.variables,
            "columns": self.columns,
            "rows": self.rows,
            "steps": steps,
        });
        let mut child = Command::new("python3")
            .arg(root().join("tests/review/terminal.py"))
            .env("HOME", self.project.path("."))
            .env_remove("VIRTUAL_ENV")
            .env_remove("NO_COLOR")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin
            .write_all(job.to_string().as_bytes())
            .expect("it reads");
        drop(stdin);
        let output = child.wait_with_output().expect("Python ends");
        assert!(output.status.success(), "see what Python says above");
        let seen: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let written = seen["written"].as_array().expect("a list").iter();
        Seen {
            written: written
                .map(|it| it.as_str().expect("text").to_owned())
                .collect(),
            columns: self.columns,
            rows: self.rows,
            status: seen["status"].as_i64().expect("a number"),
            restored: seen["restored"] == true,
        }
    }
}

impl Seen {
    /// What was on the screen when a key was pressed.
    fn screen(&self, step: usize) -> String {
        let mut terminal = self.terminal();
        for part in &self.written[..=step] {
            terminal.process(part.as_bytes());
        }
        terminal.screen().contents()
    }

    fn terminal(&self) -> vt100::Parser {
        let count = |it| NonZero::new(it).expect("a size");
        vt100::Parser::new(count(self.rows), count(self.columns), 0)
    }

    /// That it ended well, and left the terminal as it was.
    #[track_caller]
    fn ends_with(&self, status: i64) -> &Self {
        assert_eq!(self.status, status, "{}", self.last());
        assert!(self.restored, "keys are still read one by one");
        let mut terminal = self.terminal();
        terminal.process(self.written.concat().as_bytes());
        let screen = terminal.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor());
        self
    }

    fn last(&self) -> &str {
        self.written.last().expect("it ended")
    }
}

#[test]
fn what_is_accepted_is_applied_and_a_rerun_goes_on() {
    let project = Project::new(&[("a.py", JOBS), ("b.py", DROPPED)]);
    let terminal = Terminal::new(&project);
    let seen = terminal.press(&[
        ("1/5", "y"),
        ("2/5", "n"),
        ("3/5", "y"),
        ("4/5", "q"),
        ("Write 2 fixes to 1 file?", "y"),
    ]);
    seen.ends_with(0);
    let first = seen.screen(0);
    for text in [
        "1/5  a.py:5:5  retain-task  in async def main",
        "fix  keep the task until it is done with `_keep_task`",
        "safe: nothing differs but the flaw",
        "5 -     asyncio.create_task(one())",
        "    _keep_task(asyncio.create_task(one()))",
        "elsewhere in the file",
        "more lines, shown by h",
        " y yes  n no  a all  d none  f file  e edit  i ignore  b back  q quit  ?",
    ] {
        assert!(first.contains(text), "`{text}` is not on:\n{first}");
    }
    let several = seen.screen(2);
    assert!(
        several.contains(" s swap") && several.ends_with("q quit  ?"),
        "{several}"
    );
    assert!(
        seen.screen(3).contains("held back by "),
        "{}",
        seen.screen(3)
    );
    assert!(
        seen.last().contains("looked at 2 files, 1 changed"),
        "{}",
        seen.last()
    );
    let after = project.read("a.py");
    assert!(
        after.contains("_keep_task(asyncio.create_task(one()))"),
        "{after}"
    );
    assert!(after.contains("    asyncio.create_task(two())"), "{after}");
    assert!(after.contains("async with "), "{after}");
    assert_eq!(project.read("b.py"), DROPPED);
    // What was declined is not asked again, though it stands elsewhere now.
    let again = terminal.press(&[
        ("2 open", "?"),
        ("any key", "x"),
        ("2/3", "y"),
        ("3/3", "q"),
        ("Write", "n"),
    ]);
    again.ends_with(0);
    assert!(
        again
            .last()
            .contains("nothing was written; 2 of 3 decisions are in .asyncmend-review.json")
    );
    assert_eq!(project.read("a.py"), after);
    // The decisions are those of `fix --decisions`.
    let fix = project.run(&["fix", "--no-types", "--decisions", ".asyncmend-review.json"]);
    assert_eq!(fix.status, 0, "{}", fix.stderr);
    assert!(
        project
            .read("a.py")
            .contains("_keep_task(loop.create_task(five()))")
    );
}

#[test]
fn keys_decide_about_many_sites() {
    let calls: String = (0..30)
        .map(|_| "    asyncio.create_task(job())\n")
        .collect();
    let many = format!("import asyncio\n\n\nasync def main():\n{calls}");
    let project = Project::new(&[("a.py", &many), ("b.py", JOBS), ("c.py", JOBS)]);
    let terminal = Terminal::new(&project);
    // All of this kind, in all files; then of another fix of a gather; then none; then the rest of a file.
    let seen = terminal.press(&[
        ("1/38", "a"),
        ("yes to 34 of that kind", "s"),
        ("fix 2 of 2", "a"),
        ("yes to 2 of that kind", "d"),
        ("38 sites: 36 yes, 2 no, 0 open", "b"),
        ("decided: no", "\u{1b}[D"),
        ("decided: yes", "q"),
        ("Write 36 fixes to 3 files?", "y"),
    ]);
    seen.ends_with(0);
    let after = project.read("b.py");
    assert!(
        after.contains("await _gather_or_cancel(three(), four())"),
        "{after}"
    );
    assert!(
        after.contains("\n    loop.create_task(five())\n"),
        "{after}"
    );
    assert!(
        !project
            .read("a.py")
            .contains("    asyncio.create_task(job())\n")
    );
}

#[test]
fn all_in_a_file_leaves_out_what_is_held_back() {
    let project = Project::new(&[("a.py", JOBS), ("b.py", DROPPED)]);
    let seen = Terminal::new(&project).press(&[
        ("1/5", "f"),
        ("yes to 3 in that file", "\u{1b}[C"),
        ("5/5", "q"),
        ("Write 3 fixes to 1 file?", "y"),
    ]);
    seen.ends_with(0);
    assert!(
        seen.screen(1).contains("held back by"),
        "{}",
        seen.screen(1)
    );
    let after = project.read("a.py");
    assert!(after.contains("async with ") && after.contains("\n    loop.create_task(five())"));
    assert_eq!(project.read("b.py"), DROPPED);
}

#[test]
fn sites_can_be_ignored_in_the_source() {
    let project = Project::new(&[("a.py", JOBS), ("b.py", DROPPED)]);
    let mut terminal = Terminal::new(&project);
    terminal.args.extend(["--backup", ".orig"]);
    let seen = terminal.press(&[
        ("1/5", "i"),
        ("2/5", "y"),
        ("3/5", "i"),
        ("4/5", "n"),
        ("5/5", "i"),
        ("Write 1 fix and 3 comments to 2 files?", "y"),
    ]);
    seen.ends_with(0);
    let after = project.read("a.py");
    assert!(after.contains("    asyncio.create_task(one())  # asyncmend: ignore[retain-task]\n"));
    assert!(
        after.contains("gather(three(), four())  # asyncmend: ignore[gather]\n"),
        "{after}"
    );
    assert!(
        after.contains("_keep_task(asyncio.create_task(two()))\n"),
        "{after}"
    );
    assert!(
        project
            .read("b.py")
            .ends_with("create_task(work())  # asyncmend: ignore[retain-task]\n")
    );
    assert_eq!(project.read("a.py.orig"), JOBS);
    assert_eq!(project.found(&["--no-types"]), ["a.py"]);
}

#[test]
fn a_file_is_read_anew_once_it_was_edited() {
    let project = Project::new(&[("a.py", JOBS)]);
    // Who edits is shown the place, and adds a line at the top.
    let editor = "import sys\nplace, path = sys.argv[1:]\nassert place == '+6', place\ntext = open(path).read()\nopen(path, 'w').write('# new\\n' + text)\n";
    project.write("editor.py.txt", editor.as_bytes());
    let mut terminal = Terminal::new(&project);
    terminal.variables["EDITOR"] = json!("python3 editor.py.txt");
    terminal.variables["VISUAL"] = json!("");
    let seen = terminal.press(&[
        ("1/4", "y"),
        ("a.py:6:5", "e"),
        ("a.py has changed and was read anew", "n"),
        ("3/4", "q"),
        ("Write 1 fix", "y"),
    ]);
    seen.ends_with(0);
    assert!(
        seen.screen(2).contains("2/4  a.py:7:5"),
        "{}",
        seen.screen(2)
    );
    let after = project.read("a.py");
    assert!(
        after.starts_with("# new\n") && after.contains("_keep_task(asyncio.create_task(one()))")
    );
}

#[test]
fn a_part_of_the_files_is_reviewed() {
    let names: Vec<String> = (0..8).map(|it| format!("m{it}.py")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|it| (it.as_str(), DROPPED)).collect();
    let project = repository(&files);
    let changed = || -> Vec<&String> {
        let is_changed = |it: &&String| project.read(it) != DROPPED;
        names.iter().filter(is_changed).collect()
    };
    let own = project.found(&["--no-types", "--shard", "1/2"]);
    assert!((1..8).contains(&own.len()), "{own:?}");
    let mut terminal = Terminal::new(&project);
    terminal.args = vec!["--no-types", "--shard", "1/2"];
    let first = format!("1/{}  {}", own.len(), own[0]);
    let all = format!("Write {0} fixes to {0} files?", own.len());
    let seen = terminal.press(&[(&first, "a"), (&all, "y")]);
    seen.ends_with(0);
    assert_eq!(changed(), own.iter().collect::<Vec<&String>>());
    // What has been changed since, and no other.
    git(&project, &["reset", "--quiet", "--hard"]);
    project.write("m3.py", format!("{DROPPED}# new\n").as_bytes());
    terminal.args = vec!["--no-types", "--allow-dirty", "--since", "HEAD"];
    let seen = terminal.press(&[("1/1  m3.py:5:5", "y"), ("Write 1 fix to 1 file?", "y")]);
    seen.ends_with(0);
    assert!(project.read("m3.py").contains("_background_tasks"));
    assert_eq!(changed(), ["m3.py"]);
}

#[test]
fn files_whose_text_could_not_be_brought_back_are_asked_about() {
    let project = Project::new(&[("a.py", DROPPED), ("b.py", DROPPED)]);
    git(&project, &["init", "--quiet"]);
    git(&project, &["add", "a.py"]);
    let name = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
    git(
        &project,
        &[&name[..], &["commit", "--quiet", "--message", "a"]].concat(),
    );
    let mut terminal = Terminal::new(&project);
    terminal.args = vec!["--no-types"];
    let seen = terminal.press(&[
        ("1/2", "y"),
        ("2/2", "y"),
        (
            "Git could not bring back the text that is there now: b.py.",
            "p",
        ),
    ]);
    seen.ends_with(0);
    assert_ne!(project.read("a.py"), DROPPED);
    assert_eq!(project.read("b.py"), DROPPED);
    let seen = terminal.press(&[("could not bring back", "y")]);
    seen.ends_with(0);
    assert_ne!(project.read("b.py"), DROPPED);
    // Nothing is decided any more, so that nothing is kept.
    assert!(!project.path(".asyncmend-review.json").exists());
}

#[test]
fn an_interrupt_loses_no_decision() {
    for interrupt in ["\u{3}", "SIGINT"] {
        let project = Project::new(&[("a.py", JOBS)]);
        let terminal = Terminal::new(&project);
        let seen = terminal.press(&[("1/4", "y"), ("2/4", interrupt)]);
        seen.ends_with(if interrupt == "SIGINT" { -2 } else { 130 });
        assert_eq!(project.read("a.py"), JOBS);
        let kept = project.read(".asyncmend-review.json");
        assert!(kept.contains("\"accept\""), "{kept}");
        terminal
            .press(&[("1 yes  0 no  3 open", "\u{3}")])
            .ends_with(130);
    }
}

#[test]
fn colours_are_used_where_they_are_wanted() {
    let project = Project::new(&[("a.py", JOBS)]);
    let mut terminal = Terminal::new(&project);
    let coloured = terminal.press(&[("1/4", "q")]);
    coloured.ends_with(0);
    let keyword = "\u{1b}[35masync\u{1b}[0m";
    assert!(
        coloured.written[0].contains(keyword),
        "{:?}",
        coloured.written[0]
    );
    terminal.variables["NO_COLOR"] = json!("1");
    let plain = terminal.press(&[("1/4", "q")]);
    plain.ends_with(0);
    assert_eq!(plain.screen(0), coloured.screen(0));
    let styles = plain.written[0].split("\u{1b}[").skip(1);
    assert!(
        styles
            .filter(|it| it
                .trim_start_matches(|c: char| c.is_ascii_digit() || c == ';')
                .starts_with('m'))
            .count()
            == 0
    );
}

#[test]
fn wide_screens_show_before_and_after_beside_each_other() {
    let project = Project::new(&[("a.py", JOBS)]);
    let mut terminal = Terminal::new(&project);
    (terminal.columns, terminal.rows) = (160, 50);
    let seen = terminal.press(&[("1/4", "q")]);
    seen.ends_with(0);
    let screen = seen.screen(0);
    let line = screen
        .lines()
        .find(|line| line.contains("5 -     asyncio.create_task(one())"));
    let line = line.unwrap_or_else(|| panic!("no change on\n{screen}"));
    assert!(
        line.contains(" │ ") && line.ends_with("+     _keep_task(asyncio.create_task(one()))"),
        "{line}"
    );
}

#[test]
fn small_screens_show_a_page_at_a_time() {
    let project = Project::new(&[("a.py", JOBS)]);
    let mut terminal = Terminal::new(&project);
    (terminal.columns, terminal.rows) = (40, 10);
    let seen = terminal.press(&[
        ("more lines: space", " "),
        ("more lines: space", "\u{1b}[F"),
        ("the end", "\u{1b}[H"),
        ("more lines: space", "q"),
    ]);
    seen.ends_with(0);
    assert_eq!(seen.screen(0), seen.screen(3));
    assert!(seen.screen(2).contains("garbage"), "{}", seen.screen(2));
    for step in 0..4 {
        assert_eq!(
            seen.screen(step).lines().count(),
            10,
            "{}",
            seen.screen(step)
        );
    }
}

#[test]
fn nothing_in_a_file_or_its_name_is_obeyed() {
    let text = "import asyncio\n\n\nasync def main():\n    asyncio.create_task(work('\u{1b}]0;owned\u{7}\u{9b}31m'))  # \u{202e}\n";
    let project = Project::new(&[("a\u{1b}[2J.py", text)]);
    let seen = Terminal::new(&project).press(&[("1/1", "y"), ("Write", "n")]);
    seen.ends_with(0);
    let all = seen.written.concat();
    for obeyed in ["\u{1b}]", "\u{7}", "\u{9b}", "\u{202e}", "a\u{1b}[2J"] {
        assert!(!all.contains(obeyed), "{obeyed:?} is in {all:?}");
    }
    assert!(
        seen.screen(0).contains("a\u{241b}[2J.py:5:5"),
        "{}",
        seen.screen(0)
    );
}

#[test]
fn cells_of_notebooks_are_reviewed() {
    let cells = ["import asyncio", "%time x\nasyncio.create_task(one());"].map(|code| {
        json!({"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": [code]})
    });
    let book = json!({"cells": cells, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 4});
    let project = Project::new(&[("book.ipynb", &book.to_string())]);
    let seen = Terminal::new(&project).press(&[("book.ipynb:cell 2:2:1", "y"), ("Write", "y")]);
    seen.ends_with(0);
    assert!(seen.screen(0).contains("%time x"), "{}", seen.screen(0));
    assert!(
        project
            .read("book.ipynb")
            .contains("asyncio.create_task(one())")
    );
    assert_ne!(project.read("book.ipynb"), book.to_string());
}

#[test]
fn there_has_to_be_a_terminal_and_something_to_review() {
    let project = Project::new(&[("a.py", DROPPED), ("clean.py", "x = 1\n")]);
    let ran = project.run_as_it_is(&["review"]);
    ran.is_trouble("review needs a terminal that shows pages and takes keys; without one, use `asyncmend diff`");
    let mut terminal = Terminal::new(&project);
    terminal.args = vec!["clean.py"];
    let seen = terminal.press(&[]);
    seen.ends_with(0);
    assert!(
        seen.last().contains("nothing to review: no site has a fix"),
        "{}",
        seen.last()
    );
    terminal.variables["TERM"] = json!("dumb");
    assert_eq!(terminal.press(&[]).status, 2);
    terminal.variables["TERM"] = json!("xterm");
    project.write(".asyncmend-review.json", b"{}");
    let seen = terminal.press(&[]);
    assert_eq!(seen.status, 2);
    assert!(
        seen.last()
            .contains("move it away, or name another file with --decisions"),
        "{}",
        seen.last()
    );
}

#[test]
fn keys_that_come_before_the_first_page_decide_nothing() {
    let project = Project::new(&[("a.py", JOBS)]);
    let seen = Terminal::new(&project).press(&[("", "yyy"), ("1/4", "q")]);
    seen.ends_with(0);
    assert!(
        seen.screen(1).contains("0 yes  0 no  4 open"),
        "{}",
        seen.screen(1)
    );
}

#[test]
fn helpers_go_to_the_module_for_them() {
    let settings = "[tool.asyncmend]\nhelper-module = \"app.aio\"\n";
    let project = Project::new(&[
        ("pyproject.toml", settings),
        ("app/__init__.py", ""),
        ("app/jobs.py", JOBS),
    ]);
    let seen = Terminal::new(&project).press(&[("1/4", "y"), ("2/4", "q"), ("Write 1 fix", "y")]);
    seen.ends_with(0);
    assert!(
        seen.screen(0).contains("+ from app.aio import keep_task"),
        "{}",
        seen.screen(0)
    );
    assert!(project.read("app/aio.py").contains("def keep_task"));
    assert!(
        project
            .read("app/jobs.py")
            .contains("    keep_task(asyncio.create_task(one()))\n")
    );
}
