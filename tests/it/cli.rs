//! The command line, as its users meet it: one scenario on one screen, files and all.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// One site that every target has.
pub(crate) const DROPPED: &str = "\
import asyncio


async def main():
    asyncio.create_task(work())
";

/// One site that only targets before 3.12 have.
const WAITED: &str = "\
import asyncio


async def main():
    await asyncio.wait_for(work(), 5)
";

/// One site whose fix has a caution.
const UNCERTAIN: &str = "\
async def main(loop):
    loop.create_task(work())
";

const CLEAN: &str = "print('nothing to mend')\n";

/// A folder of its own, in which the program runs.
pub(crate) struct Project(TempDir);

/// What the program did.
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Project {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let project = Self(TempDir::new().unwrap());
        for (path, text) in files {
            project.write(path, text.as_bytes());
        }
        project
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.plain_command(args);
        // Hardly a test has a repository.
        command.args(args.iter().filter(|arg| **arg == "fix").map(|_| "--no-vcs"));
        command
    }

    /// The program with no more arguments than these.
    pub(crate) fn plain_command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_asyncmend"));
        command
            .args(args)
            .current_dir(self.0.path())
            // No one's global excludes or colours.
            .env("HOME", self.0.path())
            .env_remove("VIRTUAL_ENV")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        finished(self.command(args).spawn().unwrap())
    }

    /// What it prints, as bytes.
    pub(crate) fn output(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// With no more arguments than these.
    pub(crate) fn run_as_it_is(&self, args: &[&str]) -> Ran {
        finished(self.plain_command(args).spawn().unwrap())
    }

    pub(crate) fn run_with_stdin(&self, args: &[&str], input: &[u8]) -> Ran {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        finished(child)
    }

    /// The paths that `check` finds something in, in the order of its output.
    pub(crate) fn found(&self, args: &[&str]) -> Vec<String> {
        let args = [&["check", "--output-format", "concise"], args].concat();
        let ran = self.run(&args);
        let path = |line: &str| line.split(':').next().unwrap().to_owned();
        ran.stdout.lines().map(path).collect()
    }

    /// What the summary says of the Python target.
    pub(crate) fn target(&self, args: &[&str]) -> String {
        let ran = self.run(&[&["check"], args].concat());
        let line = ran
            .stderr
            .lines()
            .find_map(|line| line.strip_prefix("python target: "));
        line.unwrap_or_else(|| panic!("no target in {}", ran.stderr))
            .to_owned()
    }
}

fn finished(child: Child) -> Ran {
    let output = child.wait_with_output().unwrap();
    Ran {
        status: (output.status.code()).unwrap_or_else(|| panic!("{output:?}")),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Ran {
    /// That the program met trouble, said so in one line, and printed no result.
    #[track_caller]
    pub(crate) fn is_trouble(&self, line: &str) {
        self.says(line);
        assert_eq!(self.status, 2, "{}", self.stderr);
    }

    #[track_caller]
    pub(crate) fn says(&self, line: &str) {
        let said = self.stderr.lines().any(|said| said.contains(line));
        assert!(said, "`{line}` is not in:\n{}", self.stderr);
    }
}

// Commands and exit status.

#[test]
fn diff_shows_and_fix_writes_the_same() {
    let project = Project::new(&[("app/a.py", DROPPED), ("clean.py", CLEAN)]);
    let diff = project.run(&["diff"]);
    assert_eq!(diff.status, 1, "{}", diff.stderr);
    assert!(
        diff.stdout
            .starts_with("--- a/app/a.py\n+++ b/app/a.py\n@@ "),
        "{}",
        diff.stdout
    );
    assert_eq!(project.read("app/a.py"), DROPPED);

    let fix = project.run(&["fix"]);
    assert_eq!((fix.status, fix.stdout.as_str()), (0, ""), "{}", fix.stderr);
    assert_ne!(project.read("app/a.py"), DROPPED);
    project.write("patch", diff.stdout.as_bytes());
    git(&project, &["apply", "--reverse", "patch"]);
    assert_eq!(project.read("app/a.py"), DROPPED);
}

#[test]
fn what_other_tools_call_otherwise_leads_to_what_is_meant() {
    let project = Project::new(&[("a.py", DROPPED)]);
    for (args, hint) in [
        (&["check", "--fix"][..], "tip: `asyncmend fix` changes"),
        (
            &["check", "--format", "json"],
            "tip: `--output-format` says",
        ),
        (&["diff", "--check"], "tip: `asyncmend diff` fails where"),
        (&["diff", "--output-format", "full"], "tip: `--format` says"),
        (&["fix", "--dry-run"], "tip: `asyncmend diff` shows what"),
    ] {
        let ran = project.run(args);
        ran.says(&format!("error: unexpected argument '{}' found", args[1]));
        ran.is_trouble(hint);
        // Nobody is led there.
        let help = project.run(&[args[0], "--help"]).stdout;
        assert!(!help.contains(args[1]), "{help}");
    }
    assert!(
        !project
            .run(&["completions", "bash"])
            .stdout
            .contains("--dry-run")
    );
    assert_eq!(project.read("a.py"), DROPPED);
}

#[test]
fn a_second_run_has_nothing_to_do() {
    let project = Project::new(&[("a.py", DROPPED)]);
    project.run(&["fix"]);
    let again = project.run(&["diff"]);
    assert_eq!(
        (again.status, again.stdout.as_str()),
        (0, ""),
        "{}",
        again.stderr
    );
    assert_eq!(project.run(&["check"]).status, 0);
}

#[test]
fn status_0_where_there_is_nothing_or_it_is_asked_for() {
    let project = Project::new(&[("a.py", DROPPED), ("clean/b.py", CLEAN), ("empty.py", "")]);
    for command in ["diff", "check"] {
        assert_eq!(project.run(&[command, "clean", "empty.py"]).status, 0);
        assert_eq!(project.run(&[command]).status, 1);
        assert_eq!(project.run(&[command, "--exit-zero"]).status, 0);
        assert_eq!(
            project.run(&[command, "--exit-zero", "absent.py"]).status,
            2
        );
    }
}

#[test]
fn the_summary_says_what_was_done() {
    let project = Project::new(&[("a.py", DROPPED), ("b.py", CLEAN)]);
    let diff = project.run(&["diff"]);
    diff.says("looked at 2 files, 1 would change");
    diff.says("retain-task  1 would be rewritten");
    diff.says("python target: 3.11 (default, the oldest that CPython supports)");
    assert_eq!(project.run(&["diff", "--quiet"]).stderr, "");

    let fix = project.run(&["fix", "--verbose"]);
    fix.says("wrote: a.py");
    fix.says("looked at 2 files, 1 changed");
    fix.says("retain-task  1 rewritten");
    assert!(!fix.stderr.contains("b.py"), "{}", fix.stderr);
}

#[test]
fn statistics_stand_in_for_the_result() {
    let project = Project::new(&[("a.py", DROPPED), ("b.py", DROPPED), ("c.py", WAITED)]);
    let ran = project.run(&["check", "--statistics", "--select", "retain-task"]);
    assert_eq!(ran.stdout, "2  retain-task  [rewrite]\n");
    assert_eq!(ran.status, 1);
}

#[test]
fn wrong_usage_has_status_2() {
    let project = Project::new(&[]);
    for args in [
        &["mend"][..],
        &["diff", "--nonsense"],
        &["check", "--output-format", "html"],
        &["diff", "--jobs", "0"],
        &["diff", "--strict", "--unsafe-fixes"],
        &["diff", "-0"],
        &[],
    ] {
        let ran = project.run(args);
        assert_eq!(ran.status, 2, "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn what_the_system_says_is_told_in_our_words() {
    let project = Project::new(&[("a.py", DROPPED)]);
    for (args, error) in [
        (
            &["check", "--config", "absent.toml"][..],
            "--config: cannot read absent.toml: no such file or directory",
        ),
        (&["check", "--output-file", "absent/out"], "absent/out"),
        (
            &["config", "absent.py"],
            "cannot find absent.py: no such file or directory",
        ),
    ] {
        let ran = project.run(args);
        ran.is_trouble(error);
        assert!(!ran.stderr.contains("os error"), "{}", ran.stderr);
        assert!(
            ran.stderr.contains(": no such file or directory\n"),
            "{}",
            ran.stderr
        );
    }
}

// Names and versions.

#[test]
fn a_wrong_name_leads_to_the_right_one() {
    let project = Project::new(&[("a.py", DROPPED)]);
    project
        .run(&["diff", "--select", "retain-taks"])
        .is_trouble("--select: no transform is called `retain-taks`; did you mean `retain-task`?");
    project
        .run(&["fix", "--ignore", "everything"])
        .is_trouble("choose from retain-task");
    project
        .run(&["fix", "--accept", "unknown-reciever"])
        .is_trouble(
            "--accept: no caution is called `unknown-reciever`; did you mean `unknown-receiver`?",
        );
    project
        .run(&["fix", "--reject", "x"])
        .is_trouble("--reject: no caution is called `x`");
    assert_eq!(project.read("a.py"), DROPPED);
}

#[test]
fn a_target_has_to_be_a_version_with_asyncio() {
    let project = Project::new(&[("a.py", DROPPED)]);
    for wrong in ["2.7", "py27", "3.6", "3.99", "latest", "3", "3.11.2"] {
        let ran = project.run(&["diff", "--target-version", wrong]);
        ran.is_trouble("--target-version: ");
        ran.is_trouble("choose from 3.7, 3.8, 3.9");
        assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    }
    assert_eq!(
        project.run(&["diff", "--target-version", "py312"]).status,
        1
    );
}

#[test]
fn transforms_are_selected_and_ignored() {
    let project = Project::new(&[("a.py", DROPPED), ("b.py", WAITED)]);
    assert_eq!(project.found(&["--target-version=3.9"]), ["a.py", "b.py"]);
    assert_eq!(
        project.found(&["--target-version=3.9", "--select=wait-for"]),
        ["b.py"]
    );
    assert_eq!(
        project.found(&["--target-version=3.9", "--ignore=wait-for"]),
        ["a.py"]
    );
    // CPython has mended its own `wait_for`.
    assert_eq!(project.found(&["--target-version=3.12"]), ["a.py"]);
    assert_eq!(
        project.found(&["--target-version=3.12", "--select=ALL"]),
        ["a.py"]
    );
    assert_eq!(
        project.found(&["--target-version=3.12", "--select=wait-for"]),
        ["b.py"]
    );
}

#[test]
fn explain_prints_pages_and_knows_what_is_near() {
    let project = Project::new(&[("a.py", DROPPED)]);
    let list = project.run(&["explain"]);
    assert!(list.stdout.contains("retain-task: "), "{}", list.stdout);
    let page = project.run(&["explain", "retain-task"]);
    assert!(page.stdout.starts_with("# "), "{}", page.stdout);
    let topic = "retain-task/unknown-receiver";
    let caution = project.run(&["explain", topic]);
    assert!(
        caution.stdout.starts_with(&format!("# {topic}\n")),
        "{}",
        caution.stdout
    );
    assert!(
        caution.stdout.contains("--accept unknown-receiver"),
        "{}",
        caution.stdout
    );
    let refusal = project.run(&["explain", "retain-task/nothing-spawned"]);
    assert!(
        refusal.stdout.contains("- what you can do: "),
        "{}",
        refusal.stdout
    );
    // A code alone is enough, whatever transforms have it.
    let alone = project.run(&["explain", "unknown-receiver"]);
    assert!(alone.stdout.contains(&caution.stdout), "{}", alone.stdout);
    project
        .run(&["explain", "wait_for"])
        .is_trouble("did you mean `wait-for`?");
    project
        .run(&["explain", "unknown-reciever"])
        .is_trouble("did you mean `unknown-receiver`?");
    project
        .run(&["explain", "retain-task/unknown-reciever"])
        .is_trouble("did you mean `unknown-receiver`?");
    project
        .run(&["explain", "a.py"])
        .is_trouble("name a line of a.py, such as `a.py:12`");
}

// What is looked at.

#[test]
fn walks_as_git_would() {
    let project = Project::new(&[
        (".gitignore", "generated/\n"),
        (".hidden/a.py", DROPPED),
        (".venv/lib/a.py", DROPPED),
        ("a.py", DROPPED),
        ("build/a.py", DROPPED),
        ("generated/a.py", DROPPED),
        ("lib/site-packages/a.py", DROPPED),
        ("pkg/a.pyi", DROPPED),
        ("pkg/a.pyw", DROPPED),
        ("pkg/a.txt", DROPPED),
    ]);
    assert_eq!(project.found(&[]), ["a.py", "pkg/a.pyw"]);
    assert_eq!(
        project.found(&["--no-ignore"]),
        ["a.py", "generated/a.py", "pkg/a.pyw"]
    );
    // Whoever names a folder or a file wants it.
    assert_eq!(
        project.found(&["build", "pkg/a.txt"]),
        ["build/a.py", "pkg/a.txt"]
    );
    let named = ["build/a.py", "build", "a.py", "--force-exclude"];
    assert_eq!(project.found(&named), ["a.py"]);
}

#[test]
fn excludes_files_and_folders() {
    let project = Project::new(&[
        ("a.py", DROPPED),
        ("build/a.py", DROPPED),
        ("old/deep/a.py", DROPPED),
        ("vendor/a.py", DROPPED),
    ]);
    assert_eq!(
        project.found(&["--exclude", "vendor,old/**"]),
        ["a.py", "build/a.py"]
    );
    assert_eq!(
        project.found(&["--extend-exclude", "vendor/"]),
        ["a.py", "old/deep/a.py"]
    );
    assert_eq!(project.found(&["old", "--exclude", "deep"]), [""; 0]);
    project
        .run(&["diff", "--exclude", "a["])
        .is_trouble("--exclude: `a[` is no glob");
}

#[test]
fn each_file_comes_once_and_in_the_order_of_paths() {
    let project = Project::new(&[]);
    let mut expected: Vec<String> = (0..100).map(|n| format!("pkg{n:02}/mod.py")).collect();
    expected.extend(["pkg-a.py", "pkg.py"].map(String::from));
    for path in &expected {
        project.write(path, DROPPED.as_bytes());
    }
    expected.sort_by(|one, other| Path::new(one).cmp(Path::new(other)));
    for jobs in ["1", "2", "16"] {
        let args = ["--jobs", jobs, "pkg.py", ".", "./pkg07/../pkg07", "pkg.py"];
        assert_eq!(project.found(&args), expected);
    }
}

#[test]
fn a_folder_without_python_is_worth_a_warning() {
    let project = Project::new(&[("docs/readme.md", "")]);
    let ran = project.run(&["fix", "docs"]);
    ran.says("warning: no Python file found");
    assert_eq!(ran.status, 0);
}

#[test]
fn takes_files_from_a_list() {
    let project = Project::new(&[
        ("a.py", DROPPED),
        ("b c.py", DROPPED),
        ("d.py", DROPPED),
        ("list", "b c.py\r\n\nREADME.md\na.py\n"),
        ("README.md", "# asyncio.create_task\n"),
    ]);
    assert_eq!(project.found(&["--files-from", "list"]), ["a.py", "b c.py"]);
    let args = [
        "check",
        "--output-format=concise",
        "--files-from",
        "-",
        "-0",
    ];
    let ran = project.run_with_stdin(&args, b"d.py\0b c.py\0");
    assert_eq!(ran.stdout.lines().count(), 2, "{}", ran.stdout);
    project
        .run(&["check", "--files-from", "absent"])
        .is_trouble("--files-from: cannot read absent");
}

#[test]
fn reads_standard_input() {
    let project = Project::new(&[
        (
            "asyncmend.toml",
            "per-file-ignores = { 'tests/**' = ['retain-task'] }",
        ),
        ("a.py", DROPPED),
    ]);
    let diff = project.run_with_stdin(&["diff", "-"], DROPPED.as_bytes());
    assert!(diff.stdout.starts_with("--- a/-\n"), "{}", diff.stdout);
    let named = ["diff", "-", "--stdin-filename", "app/b.py"];
    let diff = project.run_with_stdin(&named, DROPPED.as_bytes());
    assert!(
        diff.stdout.starts_with("--- a/app/b.py\n"),
        "{}",
        diff.stdout
    );
    assert_eq!(diff.status, 1);
    let named = ["diff", "-", "--stdin-filename", "tests/b.py"];
    let diff = project.run_with_stdin(&named, DROPPED.as_bytes());
    assert_eq!((diff.status, diff.stdout.as_str()), (0, ""));
    project
        .run(&["diff", "-", "a.py"])
        .is_trouble("`-` cannot be combined with other paths");
}

#[test]
fn fix_of_standard_input_prints_the_whole_result() {
    let project = Project::new(&[("a.py", DROPPED)]);
    let ran = project.run_with_stdin(&["fix", "-"], DROPPED.as_bytes());
    project.run(&["fix", "a.py"]);
    assert_eq!((ran.status, ran.stdout), (0, project.read("a.py")));
    for unchanged in [CLEAN, "", "import asyncio\nasyncio.create_task(\n"] {
        let ran = project.run_with_stdin(&["fix", "-"], unchanged.as_bytes());
        assert_eq!(ran.stdout, unchanged);
    }
}

// Bad input: one clear line, status 2, and every other file is done.

#[test]
fn a_syntax_error_costs_its_own_file_alone() {
    let bad = "import asyncio\nasyncio.create_task(work()\n\ndef f(:\n";
    let project = Project::new(&[("a.py", DROPPED), ("bad.py", bad), ("c.py", DROPPED)]);
    let ran = project.run(&["fix"]);
    ran.is_trouble("error: bad.py:");
    ran.is_trouble("; mend it, or leave the file out with --exclude");
    ran.says("looked at 3 files, 2 changed, 1 could not be parsed");
    assert_eq!(project.read("bad.py"), bad);
    assert_ne!(project.read("c.py"), DROPPED);
}

#[test]
fn python_2_is_called_by_its_name() {
    let old = "import asyncio\nprint 'asyncio.create_task'\n";
    let project = Project::new(&[("old.py", old)]);
    project.run(&["diff"]).is_trouble("error: old.py:2:");
    project.run(&["diff"]).is_trouble("this is Python 2 (");
}

/// PEP 758: a project whose target is not known may be written for Python 3.14.
#[test]
fn handlers_of_several_types_need_no_parentheses() {
    let new = "import asyncio\n\n\nasync def poll(read):\n    try:\n        await asyncio.wait_for(read(), 2)\n    \
               except OSError, asyncio.TimeoutError:\n        return None\n";
    let project = Project::new(&[("new.py", new)]);
    let ran = project.run(&["check", "--target-version", "3.11"]);
    ran.says("1 would be rewritten");
}

#[test]
fn a_comment_above_an_import_that_goes_keeps_its_line_ending() {
    let text = "import asyncio\n\n\nasync def f(job):\n    # Imported late.\n    import asyncio\n    \
                return await asyncio.gather(job(1), job(2))\n";
    let project = Project::new(&[("a.py", &text.replace('\n', "\r\n"))]);
    project.run(&["fix", "--target-version", "3.10"]);
    let after = project.read("a.py");
    assert!(after.contains("await _gather_or_cancel("), "{after}");
    assert!(!after.replace("\r\n", "").contains('\r'), "{after:?}");
}

#[test]
fn files_that_are_no_text_are_named() {
    let project = Project::new(&[("c.py", DROPPED)]);
    project.write(
        "latin.py",
        b"import asyncio\n# caf\xe9\nasyncio.create_task(work())\n",
    );
    project.write(
        "nul.py",
        b"import asyncio\nx = 1\0\nasyncio.create_task(work())\n",
    );
    let ran = project.run(&["diff"]);
    ran.is_trouble("latin.py:2: not UTF-8; convert it or leave it out with --exclude");
    ran.is_trouble("nul.py:2:");
    assert!(ran.stdout.contains("+++ b/c.py"), "{}", ran.stdout);
}

#[test]
fn paths_that_lead_nowhere_are_named() {
    let project = Project::new(&[("c.py", DROPPED)]);
    let ran = project.run(&["diff", "absent.py", "c.py"]);
    ran.is_trouble("absent.py: no such file or folder");
    assert!(ran.stdout.contains("+++ b/c.py"), "{}", ran.stdout);
}

#[test]
fn a_huge_file_is_not_parsed() {
    let project = Project::new(&[("c.py", DROPPED)]);
    let huge = fs::File::create(project.path("huge.py")).unwrap();
    huge.set_len((16 << 20) + 1).unwrap();
    // Where it cannot hold a site it does not matter.
    assert_eq!(project.run(&["diff"]).status, 1);
    let data = format!("{DROPPED}DATA = \"{}\"\n", "0".repeat(16 << 20));
    project.write("huge.py", data.as_bytes());
    let ran = project.run(&["diff"]);
    ran.is_trouble("huge.py: larger than 16 MiB; leave it out with --exclude");
    assert!(ran.stdout.contains("+++ b/c.py"), "{}", ran.stdout);
}

#[cfg(unix)]
#[test]
fn pipes_and_dangling_links_in_a_folder_are_no_files() {
    let project = Project::new(&[("c.py", DROPPED)]);
    std::os::unix::fs::symlink("nowhere.py", project.path("dangling.py")).unwrap();
    let made = Command::new("mkfifo").arg(project.path("pipe.py")).status();
    assert!(made.unwrap().success());
    assert_eq!(project.found(&[]), ["c.py"]);
}

// Writing.

#[cfg(unix)]
#[test]
fn fix_keeps_permissions_and_leaves_nothing_behind() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new(&[("a.py", DROPPED)]);
    fs::set_permissions(project.path("a.py"), fs::Permissions::from_mode(0o754)).unwrap();
    assert_eq!(project.run(&["fix"]).status, 0);
    let mode = fs::metadata(project.path("a.py"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o7777, 0o754);
    assert_eq!(fs::read_dir(project.path(".")).unwrap().count(), 1);
}

#[test]
fn fix_leaves_a_read_only_file_alone() {
    let project = Project::new(&[("a.py", DROPPED)]);
    let mut permissions = fs::metadata(project.path("a.py")).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(project.path("a.py"), permissions).unwrap();
    project
        .run(&["fix"])
        .is_trouble("a.py: read-only, left as it is");
    assert_eq!(project.read("a.py"), DROPPED);
}

#[test]
fn fix_does_not_touch_a_file_without_a_change() {
    let project = Project::new(&[("a.py", CLEAN)]);
    let modified = || {
        fs::metadata(project.path("a.py"))
            .unwrap()
            .modified()
            .unwrap()
    };
    let before = modified();
    project.run(&["fix"]);
    assert_eq!(modified(), before);
}

#[cfg(unix)]
#[test]
fn links_lead_to_the_file_that_is_written() {
    use std::os::unix::fs::symlink;
    let project = Project::new(&[("real/a.py", DROPPED), ("tree/sub/b.py", DROPPED)]);
    symlink("real/a.py", project.path("link.py")).unwrap();
    symlink("tree", project.path("linked")).unwrap();
    // A link to a file is followed, under the name that a diff can change; one to a folder is not.
    assert_eq!(project.found(&[]), ["real/a.py", "tree/sub/b.py"]);
    assert_eq!(project.found(&["link.py"]), ["real/a.py"]);
    assert_eq!(project.run(&["fix", "link.py"]).status, 0);
    assert_ne!(project.read("real/a.py"), DROPPED);
    assert!(
        fs::symlink_metadata(project.path("link.py"))
            .unwrap()
            .is_symlink()
    );
}

// Output.

#[test]
fn git_applies_diffs_of_awkward_paths() {
    let names = [
        "a b.py",
        "caf\u{e9}/na\u{ef}ve.py",
        "q\"uote.py",
        "tab\there.py",
        "-dash.py",
    ];
    let project = Project::new(&names.map(|name| (name, DROPPED)));
    let crlf = DROPPED.replace('\n', "\r\n");
    project.write("crlf.py", crlf.as_bytes());
    project.write("no newline.py", DROPPED.trim_end().as_bytes());
    let diff = project.run(&["diff"]);
    assert_eq!(diff.stdout.matches("\n+++ ").count(), 7, "{}", diff.stdout);
    project.write("patch", diff.stdout.as_bytes());
    git(&project, &["apply", "--check", "patch"]);
}

#[track_caller]
pub(crate) fn git(project: &Project, args: &[&str]) {
    let output = Command::new("git")
        .args(args)
        .current_dir(project.path("."))
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
}

#[test]
fn json_lines_have_their_keys_in_order() {
    let project = Project::new(&[(
        "a.py",
        "# \u{1f389}\nimport asyncio; asyncio.create_task(w())\n",
    )]);
    let ran = project.run(&["check", "--output-format", "json-lines"]);
    let line = ran
        .stdout
        .lines()
        .next()
        .unwrap_or_else(|| panic!("{}", ran.stderr));
    let keys = [
        "path",
        "transform",
        "start",
        "end",
        "decision",
        "cautions",
        "code",
        "message",
        "why",
        "edits",
        "target",
        "candidates",
        "fingerprint",
    ];
    let places: Vec<Option<usize>> = keys
        .iter()
        .map(|key| line.find(&format!("\"{key}\":")))
        .collect();
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{line}"
    );
    let row: Value = serde_json::from_str(line).unwrap();
    assert_eq!(row.as_object().unwrap().len(), keys.len());
    assert_eq!(row["path"], "a.py");
    assert_eq!(row["transform"], "retain-task");
    assert_eq!(row["start"], serde_json::json!({"line": 2, "column": 17}));
    assert_eq!(row["target"], "3.11");
}

#[test]
fn edits_in_json_lines_are_what_fix_does() {
    let project = Project::new(&[("a.py", DROPPED)]);
    let ran = project.run(&["check", "--output-format", "json-lines"]);
    let row: Value = serde_json::from_str(ran.stdout.trim()).unwrap();
    assert_eq!(
        (&row["decision"], &row["code"]),
        (&"rewrite".into(), &Value::Null)
    );
    let offset = |place: &Value| {
        let number = |key: &str| usize::try_from(place[key].as_u64().unwrap()).unwrap();
        let lines = DROPPED.split_inclusive('\n').take(number("line") - 1);
        lines.map(str::len).sum::<usize>() + number("column") - 1
    };
    let mut text = DROPPED.to_owned();
    for edit in row["edits"].as_array().unwrap().iter().rev() {
        let range = offset(&edit["start"])..offset(&edit["end"]);
        text.replace_range(range, edit["content"].as_str().unwrap());
    }
    project.run(&["fix"]);
    assert_eq!(text, project.read("a.py"));
}

#[test]
fn check_shows_the_line_and_the_decision() {
    let project = Project::new(&[("a.py", DROPPED)]);
    let full = project.run(&["check"]).stdout;
    assert!(full.starts_with("rewrite[retain-task]: "), "{full}");
    assert!(full.contains("--> a.py:5:5\n"), "{full}");
    assert!(
        full.contains("5 |     asyncio.create_task(work())\n"),
        "{full}"
    );
    assert!(full.contains("^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"), "{full}");
    assert!(full.contains("= why: "), "{full}");
    let concise = project.run(&["check", "--output-format", "concise"]).stdout;
    assert!(
        concise.starts_with("a.py:5:5: retain-task [rewrite] "),
        "{concise}"
    );
}

#[test]
fn what_is_held_back_names_the_flag_that_applies_it() {
    let project = Project::new(&[("a.py", UNCERTAIN)]);
    let check = project.run(&["check"]);
    assert!(
        check.stdout.starts_with("held[retain-task]: "),
        "{}",
        check.stdout
    );
    assert!(
        check.stdout.contains("= caution: unknown-receiver: "),
        "{}",
        check.stdout
    );
    assert!(
        check
            .stdout
            .contains("apply it with `--accept unknown-receiver`")
    );
    check.says("1 held back by unknown-receiver: apply with --accept unknown-receiver");
    assert_eq!(check.status, 1);

    let diff = |args: &[&str]| project.run(&[&["diff"], args].concat()).status;
    assert_eq!(diff(&[]), 0);
    assert_eq!(diff(&["--accept", "unknown-receiver"]), 1);
    assert_eq!(diff(&["--unsafe-fixes"]), 1);
    assert_eq!(diff(&["--unsafe-fixes", "--reject", "unknown-receiver"]), 0);
    assert_eq!(diff(&["--strict", "--accept", "unknown-receiver"]), 1);
    project.write("asyncmend.toml", b"accept = ['unknown-receiver']");
    assert_eq!(diff(&[]), 1);
    assert_eq!(diff(&["--strict"]), 0);
    assert_eq!(diff(&["--isolated"]), 0);
}

#[test]
fn check_reports_ignore_comments_that_silence_nothing() {
    let ignored = DROPPED.replace("work())", "work())  # asyncmend: ignore");
    let unused = format!("{DROPPED}\n\nx = 1  # asyncmend: ignore\n");
    let misspelt = DROPPED.replace("work())", "work())  # asyncmend: ignore[retain-taks]");
    let ran = Project::new(&[("c.py", &misspelt)]).run(&["check"]);
    ran.says("warning: c.py:5:34: in this ignore comment, no transform is called `retain-taks`; did you mean `retain-task`?");
    let without_sites = "x = 1  # asyncmend: ignore\n";
    let files = [
        ("a.py", &*ignored),
        ("b.py", &unused),
        ("c.py", without_sites),
    ];
    let project = Project::new(&files);
    let ran = project.run(&["check"]);
    ran.says("warning: b.py:8:8: this ignore comment silences nothing; remove it");
    ran.says("warning: c.py:1:8: this ignore comment silences nothing; remove it");
    assert!(!ran.stderr.contains("warning: a.py"), "{}", ran.stderr);
    assert!(!project.run(&["diff"]).stderr.contains("silences nothing"));
}

#[test]
fn colours_where_they_are_wanted() {
    let project = Project::new(&[("a.py", DROPPED)]);
    let is_coloured = |args: &[&str]| project.run(args).stdout.contains('\u{1b}');
    for command in ["diff", "check"] {
        assert!(!is_coloured(&[command]));
        assert!(!is_coloured(&[command, "--color", "never"]));
        assert!(is_coloured(&[command, "--color", "always"]));
    }
    let child = project
        .command(&["diff"])
        .env("NO_COLOR", "1")
        .env("CLICOLOR_FORCE", "1")
        .spawn();
    assert!(!finished(child.unwrap()).stdout.contains('\u{1b}'));
}

#[test]
fn a_diff_keeps_the_escapes_of_a_file() {
    let escape = DROPPED.replace("import asyncio", "import asyncio  # \u{1b}[31m");
    let project = Project::new(&[("a.py", &escape)]);
    project.write("patch", project.run(&["diff"]).stdout.as_bytes());
    git(&project, &["apply", "--check", "patch"]);
}

#[test]
fn the_result_goes_into_a_file() {
    let project = Project::new(&[("a.py", DROPPED)]);
    let expected = project.run(&["diff"]).stdout;
    let ran = project.run(&["diff", "--output-file", "patch"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (1, ""));
    assert_eq!(project.read("patch"), expected);
    project
        .run(&["diff", "--output-file", "no/such/patch"])
        .is_trouble("--output-file: cannot write no/such/patch");
    // What was there goes, all of it, but only for a whole result.
    project.write("patch", &[b'x'; 10_000]);
    project.run(&["diff", "--output-file", "patch"]);
    assert_eq!(project.read("patch"), expected);
    #[cfg(unix)]
    {
        let helpers = b"[tool.asyncmend]\nhelper-module = \"aio\"\n";
        project.write("pyproject.toml", helpers);
        std::os::unix::fs::symlink("a.py", project.path("aio.py")).unwrap();
        let ran = project.run(&["check", "--output-file", "patch", "a.py"]);
        ran.is_trouble("name another module");
        assert_eq!(ran.status, 2);
        assert_eq!(project.read("patch"), expected);
    }
}

#[test]
fn a_closed_pipe_is_no_trouble() {
    let project = Project::new(&[]);
    for number in 0..500 {
        project.write(&format!("mod{number}.py"), DROPPED.as_bytes());
    }
    let mut child = project.command(&["diff"]).spawn().unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let ran = finished(child);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
}

// Targets and configuration.

#[test]
fn the_target_comes_from_the_first_who_knows() {
    let project = Project::new(&[("app/a.py", DROPPED)]);
    let default = "3.11 (default, the oldest that CPython supports)";
    assert_eq!(project.target(&[]), default);
    project.write("setup.py", b"setup(name='x', python_requires='>=3.7')\n");
    assert_eq!(
        project.target(&["app"]),
        "3.7 (python_requires in setup.py)"
    );
    project.write("setup.cfg", b"[options]\npython_requires = >=3.8\n");
    assert_eq!(
        project.target(&["app"]),
        "3.8 (python_requires in setup.cfg)"
    );
    project.write(
        "pyproject.toml",
        b"[tool.poetry.dependencies]\npython = '^3.9'\n",
    );
    assert_eq!(
        project.target(&["app"]),
        "3.9 (python of Poetry in pyproject.toml)"
    );
    project.write(
        "pyproject.toml",
        b"[project]\nrequires-python = '>=3.10.2,<4'\n",
    );
    assert_eq!(
        project.target(&["app"]),
        "3.10 (requires-python in pyproject.toml)"
    );
    project.write("asyncmend.toml", b"target-version = '3.12'\n");
    assert_eq!(
        project.target(&["app"]),
        "3.12 (target-version in asyncmend.toml)"
    );
    project.write(
        "asyncmend.toml",
        b"target-version = '3.12'\nper-file-target-version = { 'app/**' = '3.13' }\n",
    );
    assert_eq!(
        project.target(&["app"]),
        "3.13 (per-file-target-version in asyncmend.toml)"
    );
    assert_eq!(
        project.target(&["--target-version=3.14", "app"]),
        "3.14 (--target-version)"
    );
    assert_eq!(project.target(&["--isolated", "app"]), default);
}

#[test]
fn each_package_of_a_monorepo_has_its_own_target() {
    let project = Project::new(&[
        ("pyproject.toml", "[project]\nrequires-python = '>=3.12'\n"),
        (
            "old/pyproject.toml",
            "[project]\nrequires-python = '>=3.9'\n",
        ),
        ("old/src/a.py", WAITED),
        ("new/pyproject.toml", "[project]\nname = 'new'\n"),
        ("new/a.py", WAITED),
        ("new/b.py", WAITED),
    ]);
    assert_eq!(project.found(&[]), ["old/src/a.py"]);
    let ran = project.run(&["check"]);
    ran.says("python target: 3.12 (requires-python in pyproject.toml) for 2 files");
    ran.says("python target: 3.9 (requires-python in old/pyproject.toml) for 1 file");
}

#[test]
fn the_set_of_tasks_is_annotated_where_a_type_checker_is_configured() {
    const ANNOTATED: &str = "+_background_tasks: set[asyncio.Task] = set()\n";
    let files: [(&str, &[u8]); 8] = [
        ("pyproject.toml", b"[tool.mypy]\n"),
        ("pyproject.toml", b"[tool.ty.rules]\n"),
        ("pyrefly.toml", b""),
        ("pyproject.toml", b"[tool.pyright]\ninclude = ['a.py']\n"),
        ("mypy.ini", b"[mypy]\n"),
        (".mypy.ini", b""),
        (
            "setup.cfg",
            b"[options]\npython_requires = >=3.9\n\n[mypy]\n",
        ),
        ("pyrightconfig.json", b"{}"),
    ];
    for (file, text) in files {
        let project = Project::new(&[("a.py", DROPPED), ("sub/a.py", DROPPED)]);
        let diff = |more: &[&str]| {
            let args = [&["diff", "--target-version", "3.9", "sub"], more].concat();
            project.run(&args).stdout
        };
        assert!(!diff(&[]).contains(ANNOTATED));
        project.write(file, text);
        assert!(diff(&[]).contains(ANNOTATED), "{file}: {}", diff(&[]));
        assert!(diff(&["--isolated"]).contains("+_background_tasks = set()\n"));
    }
    let project = Project::new(&[
        ("pyproject.toml", "[tool.mypyc]\n[tool.other.mypy]\n"),
        ("setup.cfg", "[mypy-yaml]\n"),
        ("a.py", DROPPED),
    ]);
    let diff = project.run(&["diff"]).stdout;
    assert!(diff.contains("+_background_tasks = set()\n"), "{diff}");
}

#[test]
fn a_template_string_holds_what_is_in_it() {
    let shown = |string: &str| {
        let head = "import asyncio\n\n\nasync def show(work):\n";
        format!("{head}    task = asyncio.create_task(work())\n    return {string}\n")
    };
    let project = Project::new(&[
        ("a.py", &shown("t'started {task}'")),
        ("b.py", &shown("f'started {task}'")),
    ]);
    assert_eq!(project.found(&["--target-version", "3.14"]), ["b.py"]);
}

#[test]
fn a_version_that_nobody_understands_is_worth_a_warning() {
    let project = Project::new(&[
        (
            "pyproject.toml",
            "[project]\nrequires-python = 'new enough'\n",
        ),
        ("a.py", CLEAN),
    ]);
    let ran = project.run(&["check"]);
    ran.says("warning: cannot tell the Python version of requires-python in pyproject.toml: ");
    assert_eq!(ran.status, 0);
}

#[test]
fn a_broken_file_of_another_tool_is_worth_a_warning() {
    let project = Project::new(&[("ruff.toml", "line-length =\n"), ("a.py", CLEAN)]);
    let ran = project.run(&["check"]);
    ran.says("warning: cannot tell the line length: ruff.toml:1: invalid TOML: ");
    assert_eq!(ran.status, 0);
}

#[test]
fn the_nearest_configuration_wins() {
    let project = Project::new(&[
        (
            "pyproject.toml",
            "[tool.asyncmend]\nignore = ['retain-task']\n",
        ),
        ("a.py", DROPPED),
        ("near/asyncmend.toml", "select = ['ALL']\n"),
        ("near/sub/a.py", DROPPED),
        (
            "heir/asyncmend.toml",
            "extend = '../pyproject.toml'\nselect = ['ALL']\n",
        ),
        ("heir/a.py", DROPPED),
        ("plain/pyproject.toml", "[project]\nname = 'plain'\n"),
        ("plain/a.py", DROPPED),
    ]);
    assert_eq!(project.found(&[]), ["near/sub/a.py"]);
    assert_eq!(project.found(&["--isolated"]).len(), 4);
    assert_eq!(project.found(&["--config", "near/asyncmend.toml"]).len(), 4);
    assert_eq!(project.found(&["--select", "retain-task"]).len(), 4);
}

#[test]
fn configuration_chooses_the_style_of_fixes() {
    let main = "\
import asyncio

from app import rpc


async def main(job):
    asyncio.create_task(job())
    await asyncio.gather(rpc.first(), rpc.second())
    await asyncio.wait_for(rpc.third(), 2)
";
    let project = Project::new(&[
        (
            "pyproject.toml",
            "[tool.asyncmend]\ncoroutine-functions = ['app.rpc.*']\n",
        ),
        ("main.py", main),
    ]);
    let shows = |config: &str, expected: &[&str]| {
        let config = format!("extend = 'pyproject.toml'\n{config}");
        project.write("asyncmend.toml", config.as_bytes());
        let ran = project.run(&["diff", "--no-types"]);
        for line in expected {
            assert!(ran.stdout.contains(line), "{config}\n{}", ran.stdout);
        }
    };
    shows(
        "",
        &[
            "_keep_task(asyncio.create_task(job()))",
            "async with _TaskGroup() as tg:",
            "async with asyncio.timeout(2):",
        ],
    );
    shows(
        "[gather]\nstyle = 'helper'\n[wait-for]\nstyle = 'helper'\n",
        &[
            "await _gather_or_cancel(rpc.first()",
            "await _wait_for(rpc.third(), 2)",
        ],
    );
    shows(
        "[gather]\nerrors = 'group'\n[retain-task]\nstyle = 'inline'\n",
        &[
            "async with asyncio.TaskGroup() as tg:",
            "task.add_done_callback(",
        ],
    );
    // Who rejects it all the same gets the other group.
    shows(
        "reject = ['exception-group']\n[gather]\nerrors = 'group'\n",
        &["async with _TaskGroup() as tg:"],
    );
}

#[test]
fn configuration_excludes_and_ignores_by_path() {
    let project = Project::new(&[
        (
            "pyproject.toml",
            "[tool.asyncmend]\nexclude = ['vendor/**']\n\
             per-file-ignores = { 'tests/**' = ['retain-task'], '*_gen.py' = ['ALL'] }\n",
        ),
        ("a.py", DROPPED),
        ("a_gen.py", DROPPED),
        ("build/a.py", DROPPED),
        ("sub/vendor/a.py", DROPPED),
        ("tests/a.py", DROPPED),
        ("vendor/a.py", DROPPED),
    ]);
    assert_eq!(
        project.found(&[]),
        ["a.py", "build/a.py", "sub/vendor/a.py"]
    );
    assert_eq!(
        project.found(&["--extend-exclude", "sub"]),
        ["a.py", "build/a.py"]
    );
}

#[test]
fn configuration_errors_name_file_line_and_the_right_key() {
    let errors = [
        (
            "slect = ['ALL']",
            "asyncmend.toml:1: unknown key `slect`; did you mean `select`?",
        ),
        (
            "[tool.asyncmend]\nselect = ['ALL']",
            "asyncmend.toml:1: unknown key `tool`; outside of a pyproject.toml the keys stand at the top",
        ),
        (
            "\nselect = 'ALL'",
            "asyncmend.toml:2: expected a list of strings, found string",
        ),
        (
            "select = [\n 'ALL',\n 'wait_for']",
            "asyncmend.toml:3: no transform is called `wait_for`",
        ),
        (
            "accept = [1]",
            "asyncmend.toml:1: expected a string, found integer",
        ),
        (
            "reject = ['zero']",
            "asyncmend.toml:1: no caution is called `zero`",
        ),
        (
            "target-version = '2.7'",
            "asyncmend.toml:1: Python 2.7 is too old",
        ),
        (
            "target-version = 3.11",
            "asyncmend.toml:1: expected a string, found float",
        ),
        (
            "[per-file-target-version]\nx = '1'",
            "asyncmend.toml:2: `1` is no Python version",
        ),
        ("exclude = ['a[']", "asyncmend.toml:1: `a[` is no glob"),
        (
            "extend = 'absent.toml'",
            "asyncmend.toml:1: cannot extend absent.toml",
        ),
        (
            "extend = 'asyncmend.toml'",
            "asyncmend.toml:1: `extend` leads in a circle",
        ),
        ("select = [", "asyncmend.toml:1: invalid TOML: "),
        (
            "[gather]\nstyle = 'idoim'",
            "asyncmend.toml:2: there is no `idoim` here; did you mean `idiom`?",
        ),
        (
            "[wait-for]\nstlye = 'idiom'",
            "asyncmend.toml:2: unknown key `stlye`; did you mean `style`?",
        ),
        (
            "[retain-task]\nhelper = 'keep'",
            "asyncmend.toml:2: expected a module and a name, such as `app.aio.keep`",
        ),
        (
            "helper-module = 'app.class'",
            "asyncmend.toml:1: expected a dotted name such as `app.aio`, found `app.class`",
        ),
        (
            "helper-module = 'app/aio.py'",
            "asyncmend.toml:1: expected a dotted name such as `app.aio`, found `app/aio.py`",
        ),
        (
            "task-holders = [\n  'app.aio:keep']",
            "asyncmend.toml:1: `app.aio:keep` is no dotted name",
        ),
    ];
    for (config, message) in errors {
        let project = Project::new(&[("asyncmend.toml", config), ("a.py", DROPPED)]);
        let ran = project.run(&["fix"]);
        ran.is_trouble(&format!("error: {message}"));
        assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
        assert_eq!(project.read("a.py"), DROPPED);
    }
    let project = Project::new(&[
        (
            "pyproject.toml",
            "[project]\nname = 'x'\n\n[tool.asyncmend]\nignroe = []\n",
        ),
        ("a.py", DROPPED),
    ]);
    project
        .run(&["diff"])
        .is_trouble("pyproject.toml:5: unknown key `ignroe`; did you mean `ignore`?");
    project
        .run(&["diff", "--config", "absent"])
        .is_trouble("--config: cannot read absent");
}

#[test]
fn the_readme_shows_every_key_of_the_configuration() {
    let readme = fs::read_to_string(crate::repository::root().join("README.md")).unwrap();
    let block = readme
        .split("```toml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let block = block.expect("a block of TOML");
    let project = Project::new(&[
        ("app/pyproject.toml", block),
        ("app/app/aio.py", "def keep(task):\n    return task\n"),
        ("app/app/a.py", DROPPED),
        (
            "app/.venv/pyvenv.cfg",
            "home = /usr/bin\nversion = 3.11.0\n",
        ),
        ("app/.venv/lib/python3.11/site-packages/x.py", ""),
        ("pyproject.toml", "[tool.asyncmend]\nreject = []\n"),
    ]);
    let ran = project.run(&["diff", "--no-types"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(
        ran.stdout.contains("from app.aio import keep"),
        "{}",
        ran.stdout
    );
    let unknown = project.path("x.toml");
    fs::write(&unknown, "x = 1").unwrap();
    let ran = project.run(&["diff", "--config", "x.toml"]);
    let known = ran
        .stderr
        .split("choose from ")
        .nth(1)
        .expect("a list of keys");
    for key in known.trim().split(", ") {
        assert!(block.contains(key), "README.md does not show `{key}`");
    }
}

#[test]
fn files_that_replace_what_others_no_longer_call_are_named() {
    let test = "\
from unittest.mock import patch


def test_main():
    with patch('asyncio.wait_for'):
        pass
";
    let project = Project::new(&[("app.py", WAITED), ("tests/test_app.py", test)]);
    let warning = "tests/test_app.py:5:10: replaces asyncio.wait_for by its name";
    project.run(&["diff"]).says(warning);
    project.run(&["fix"]).says(warning);
    // Nothing was rewritten now.
    let again = project.run(&["diff"]);
    assert!(!again.stderr.contains("replaces"), "{}", again.stderr);
}

#[test]
fn files_that_replace_all_of_asyncio_in_a_module_are_named() {
    let named = |patch: &str| {
        let head = "import app\nfrom unittest.mock import patch\n\n\ndef test_main(monkeypatch):\n";
        let test = format!("{head}    {patch}\n    app.stub.wait_for = None\n");
        let project = Project::new(&[("app.py", WAITED), ("tests/test_app.py", &test)]);
        let ran = project.run(&["diff"]);
        let warning = "tests/test_app.py:6:5: replaces asyncio.wait_for by its name";
        ran.stderr.contains(warning)
    };
    for patch in [
        "patch('app.asyncio').start()",
        "patch.object(app, 'asyncio').start()",
        "monkeypatch.setattr('app.asyncio', None)",
        "monkeypatch.setattr(app, 'asyncio', None)",
        "patch.multiple('app', asyncio=None).start()",
        "patch.multiple('app.asyncio', wait_for=None).start()",
        "patch.multiple(app.asyncio, wait_for=None).start()",
        "app.asyncio = None",
    ] {
        assert!(named(patch), "{patch}");
    }
    for patch in [
        "logging.getLogger('app.asyncio')",
        "self.asyncio = None",
        "call(asyncio=None, wait_for=None)",
        "patch.multiple('app', wait_for=None)",
    ] {
        assert!(!named(patch), "{patch}");
    }
}

#[test]
fn a_file_with_nothing_but_a_patch_of_several_is_named() {
    let test = "patch.multiple('asyncio', wait_for=None).start()\n";
    let project = Project::new(&[("app.py", WAITED), ("tests/test_app.py", test)]);
    let warning = "tests/test_app.py:1:1: replaces asyncio.wait_for by its name";
    project.run(&["diff"]).says(warning);
}

#[test]
fn what_a_package_replaces_while_it_is_imported_is_not_taken_from_it() {
    let init = "\
import asyncio
import sys

if sys.version_info < (3, 12):
    import wait_for2

    asyncio.wait_for = wait_for2.wait_for
";
    let project = Project::new(&[
        ("pkg/__init__.py", init),
        ("pkg/app.py", WAITED),
        ("pkg/sub/__init__.py", ""),
        ("pkg/sub/app.py", WAITED),
        ("examples/app.py", WAITED),
        ("pyproject.toml", ""),
    ]);
    let left = |options: &[&str]| {
        let ran = project.run(&[&["check", "--output-format", "concise"], options].concat());
        assert!(!ran.stderr.contains("replaces"), "{}", ran.stderr);
        let lines = ran.stdout.lines();
        let (left, others): (Vec<_>, Vec<_>) = lines.partition(|it| it.contains("patched"));
        (left.len(), others.len())
    };
    assert_eq!(left(&[]), (3, 0));
    assert_eq!(left(&["--jobs", "1"]), (3, 0));
    let [first, second] = ["1/2", "2/2"].map(|it| left(&["--shard", it]));
    assert_eq!((first.0 + second.0, first.1 + second.1), (3, 0));
    assert_eq!(left(&["pkg/sub/app.py"]), (1, 0));
    // Nobody has looked for it.
    assert_eq!(left(&["examples/app.py"]), (0, 1));
    assert_eq!(left(&["--no-types"]), (2, 1));
    project.write("pkg/__init__.py", b"");
    let replace = "import asyncio\n\nsetattr(asyncio, 'wait_for', None)\n";
    project.write("pkg/sub/compat.py", replace.as_bytes());
    assert_eq!(left(&[]), (1, 2));
}

#[test]
fn what_functions_and_tests_replace_is_for_themselves() {
    let function = "import asyncio\n\n\ndef patch():\n    asyncio.wait_for = None\n";
    let test = "import asyncio\n\nasyncio.wait_for = None\n";
    let project = Project::new(&[
        ("pkg/__init__.py", function),
        ("pkg/app.py", WAITED),
        ("conftest.py", test),
        ("pkg/tests/__init__.py", test),
    ]);
    let ran = project.run(&["diff"]);
    ran.says("1 would be rewritten");
    ran.says("conftest.py:3:1: replaces asyncio.wait_for by its name");
}

#[test]
fn files_that_replace_what_a_module_imports_of_asyncio_are_named() {
    let module = WAITED
        .replace("import asyncio", "from asyncio import wait_for")
        .replace("asyncio.wait_for", "wait_for");
    let own = "def wait_for(it):\n    return it\n";
    let left = module.replace(", 5)", ", None)");
    let warns = |patch: &str| {
        let head = "from app import flow, left, own\n\n\ndef test_main(monkeypatch, it):\n";
        let test = format!("{head}    {patch}\n");
        let project = Project::new(&[
            ("app/__init__.py", ""),
            ("app/flow.py", &module),
            ("app/left.py", &left),
            ("app/own.py", own),
            ("tests/test_app.py", &test),
        ]);
        let warning = "tests/test_app.py:5:5: replaces asyncio.wait_for by its name in app.flow; calls that are \
                       rewritten";
        let ran = project.run(&["diff"]);
        assert_eq!(
            ran.stderr.contains("replaces"),
            ran.stderr.contains(warning)
        );
        ran.stderr.contains(warning)
    };
    for patch in [
        "patch('app.flow.wait_for').start()",
        "patch.object(flow, 'wait_for').start()",
        "patch.multiple(flow, wait_for=None).start()",
        "patch.multiple('app.flow', wait_for=None).start()",
        "monkeypatch.setattr('app.flow.wait_for', None)",
        "monkeypatch.setattr(flow, 'wait_for', None)",
        "setattr(flow, 'wait_for', None)",
        "flow.wait_for = None",
    ] {
        assert!(warns(patch), "{patch}");
    }
    for patch in [
        "patch('app.flow.Flow.wait_for').start()",
        "patch('app.left.wait_for').start()",
        "patch('app.own.wait_for').start()",
        "patch.object(own, 'wait_for').start()",
        "patch.object(it, 'wait_for').start()",
        "it.flow.wait_for = None",
        "logging.getLogger('app.flow.wait_for')",
    ] {
        assert!(!warns(patch), "{patch}");
    }
}

#[test]
fn files_that_replace_what_makes_tasks_are_named() {
    let test = "\
def test_main(monkeypatch):
    monkeypatch.setattr('asyncio.create_task', lambda coro: coro.close())
";
    let project = Project::new(&[("app.py", DROPPED), ("tests/test_app.py", test)]);
    let warning = "tests/test_app.py:2:5: replaces asyncio.create_task by its name; what stands in for it has to \
                   give back a task";
    project.run(&["diff"]).says(warning);
    project.write("app.py", CLEAN.as_bytes());
    let other = project.run(&["diff"]);
    assert!(!other.stderr.contains("replaces"), "{}", other.stderr);
}

#[test]
fn lines_are_as_long_as_the_file_has_them_where_nobody_says_it() {
    let site = "
async def load(pages):
    results: list = await asyncio.gather(*(page.load_all_there_is() for page in pages))
    return results
";
    let long = format!(
        "import asyncio\n\nSOME = [{}]\n",
        "first_name, second_name, third_name, fourth_name, fifth_name, sixth_name, seventh_name, eighth"
    );
    let with_comment = format!("import asyncio\n\nSOME = 1  {}\n", "# ".repeat(50));
    let rewritten = "await _gather_or_cancel(*(page.load_all_there_is() for page in pages))";
    for (head, in_one_line) in [(long, true), (with_comment, false)] {
        let project = Project::new(&[("a.py", &format!("{head}{site}"))]);
        let diff = project.run(&["diff", "a.py"]).stdout;
        assert_eq!(diff.contains(rewritten), in_one_line, "{diff}");
    }
}

/// The imports of a file that gets an annotated `_wait_for`, in a project with `settings` in `file`.
fn imports_under(file: &str, settings: &str, member: &str) -> String {
    let name = member.split(' ').next_back().unwrap_or_default();
    let code = format!(
        "\
import asyncio
from collections.abc import Mapping
from typing import {member}

import attrs

ALL = ({name}, attrs, Mapping)


async def load(page: str) -> str:
    return await asyncio.wait_for(asyncio.sleep(1, page), 5)
"
    );
    let project = Project::new(&[(file, settings), ("a.py", &code)]);
    project.run(&["fix", "--target-version", "3.10"]);
    let after = project.read("a.py");
    after.split("\n\n").next().unwrap_or_default().to_owned()
}

#[test]
fn imports_are_sorted_as_the_project_says() {
    let usual = "\
import asyncio
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any";
    let one_each = "\
import asyncio
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING
from typing import Any";
    let mixed = "\
import asyncio
from collections.abc import Mapping
import sys
from typing import TYPE_CHECKING, Any";
    let by_name = "\
import asyncio
import sys
from collections.abc import Mapping
from typing import Any, TYPE_CHECKING";
    let mixed_by_name = "\
import asyncio
from collections.abc import Mapping
import sys
from typing import Any, TYPE_CHECKING";
    let google = "\
import asyncio
from collections.abc import Mapping
import sys
from typing import Any
from typing import TYPE_CHECKING";
    for (file, settings, expected) in [
        ("ruff.toml", "", usual),
        (
            "pyproject.toml",
            "[tool.ruff.lint.isort]\nforce-single-line = true\n",
            one_each,
        ),
        (
            "pyproject.toml",
            "[tool.isort]\nforce_single_line = true\n",
            one_each,
        ),
        (
            "pyproject.toml",
            "[tool.ruff.lint.isort]\nforce-sort-within-sections = true\n",
            mixed,
        ),
        (
            "ruff.toml",
            "[isort]\nforce-sort-within-sections = true\n",
            mixed,
        ),
        (
            ".ruff.toml",
            "[lint.isort]\norder-by-type = false\n",
            by_name,
        ),
        (
            "pyproject.toml",
            "[tool.isort]\norder_by_type = false\n",
            by_name,
        ),
        (
            "pyproject.toml",
            "[tool.isort]\nprofile = \"appnexus\"\n",
            mixed_by_name,
        ),
        (
            "pyproject.toml",
            "[tool.isort]\nprofile = \"appnexus\"\norder_by_type = true\n",
            mixed,
        ),
        (
            "pyproject.toml",
            "[tool.isort]\nprofile = \"google\"\n",
            google,
        ),
    ] {
        let imports = imports_under(file, settings, "TYPE_CHECKING");
        assert_eq!(imports, expected, "{settings}");
    }
}

#[test]
fn renamed_imports_stand_apart_unless_the_project_combines_them() {
    let apart = "\
import asyncio
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from typing import cast as to";
    let combined = "\
import asyncio
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast as to";
    for (settings, expected) in [
        ("", apart),
        (
            "[tool.ruff.lint.isort]\ncombine-as-imports = true\n",
            combined,
        ),
        ("[tool.isort]\nprofile = 'django'\n", combined),
    ] {
        let imports = imports_under("pyproject.toml", settings, "cast as to");
        assert_eq!(imports, expected, "{settings}");
    }
}
