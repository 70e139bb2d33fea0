//! `fix --verify`: which fixes a command lets pass, and that nothing else happens to anybody's files.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{DROPPED, Project, Ran, git};
use crate::repository::root;

/// Fails where a file is no Python, and where the user's own files change. Each line of `culprits` names places,
/// such as `m1.py:2`, whose fixes fail where all of them are applied. What was run is in `$LOG`.
const CHECK: &str = r#"
echo run >> "$LOG"
sum=$(cat "$ASYNCMEND_TREE"/*.py | cksum)
[ -e "$LOG-sum" ] || echo "$sum" > "$LOG-sum"
[ "$sum" = "$(cat "$LOG-sum")" ] || { echo "the user's files were changed"; exit 3; }
for file in m*.py; do grep -q '^import asyncio' "$file" || exit 4; done
while read -r line; do
    all=yes
    for place in $line; do
        file=${place%:*} number=${place#*:}
        grep -q "_keep_task(asyncio.create_task(work($number)))" "$file" || all=no
    done
    if [ $all = yes ]; then echo "broken: $line"; exit 1; fi
done < culprits
"#;

/// A module with dropped tasks of these numbers.
fn module(numbers: impl Iterator<Item = usize>) -> String {
    let functions =
        numbers.map(|it| format!("\n\nasync def f{it}():\n    asyncio.create_task(work({it}))\n"));
    format!("import asyncio\n{}", functions.collect::<String>())
}

/// A project and the folder in which copies of it are made.
struct Verified {
    project: Project,
    copies: TempDir,
}

impl Verified {
    /// `files` modules of `each` dropped tasks, in a commit.
    fn new(files: usize, each: usize, culprits: &str) -> Self {
        let it = Self::plain(files, each, culprits);
        git(&it.project, &["init", "--quiet"]);
        it.commit();
        it
    }

    /// The same outside of Git.
    fn plain(files: usize, each: usize, culprits: &str) -> Self {
        let config = "[retain-task]\nstyle = \"helper\"\n";
        let project = Project::new(&[("check.sh", CHECK), ("asyncmend.toml", config)]);
        project.write("culprits", format!("{culprits}\n").trim_start().as_bytes());
        for file in 0..files {
            project.write(&format!("m{file}.py"), module(1..=each).as_bytes());
        }
        let copies = TempDir::new().unwrap();
        Self { project, copies }
    }

    fn commit(&self) {
        let name = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
        git(&self.project, &["add", "--all"]);
        let commit = ["commit", "--quiet", "--message", "all"];
        git(&self.project, &[&name[..], &commit].concat());
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.project.plain_command(&[&["fix"], args].concat());
        command
            .env("TMPDIR", self.copies.path())
            .env("LOG", self.log());
        command
    }

    fn log(&self) -> std::path::PathBuf {
        self.copies.path().join("log")
    }

    /// `fix` with `sh check.sh` and these options.
    fn run(&self, args: &[&str]) -> Ran {
        self.run_with("sh check.sh", args)
    }

    fn run_with(&self, command: &str, args: &[&str]) -> Ran {
        let report = self.copies.path().join("report.json");
        let report = report.to_str().unwrap();
        let all = [&["--verify", command, "--verify-report", report], args].concat();
        let _ = fs::remove_file(self.copies.path().join("log-sum"));
        let output = self.command(&all).output().unwrap();
        let ran = Ran {
            status: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        self.leaves_nothing();
        ran
    }

    /// That no copy is left, neither on disk nor in what Git knows.
    #[track_caller]
    fn leaves_nothing(&self) {
        let left = fs::read_dir(self.copies.path()).unwrap();
        let left: Vec<_> = left.map(|it| it.unwrap().file_name()).collect();
        let ours = ["log", "log-go", "log-sum", "report.json", "decisions.json"];
        assert!(
            left.iter().all(|it| ours.iter().any(|name| it == *name)),
            "{left:?}"
        );
        let worktrees = self.project.path(".git/worktrees");
        assert!(!worktrees.exists(), "Git knows of a work tree");
    }

    fn runs(&self) -> usize {
        fs::read_to_string(self.log())
            .unwrap_or_default()
            .lines()
            .count()
    }

    /// Waits until the command has begun for that many times.
    #[track_caller]
    fn wait_for(&self, runs: usize) {
        let since = Instant::now();
        while self.runs() < runs {
            let waited = since.elapsed();
            assert!(waited < Duration::from_mins(2), "{} runs", self.runs());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// What the report says, which is valid by its schema.
    fn report(&self) -> Value {
        let text = fs::read_to_string(self.copies.path().join("report.json")).unwrap();
        let report: Value = serde_json::from_str(&text).unwrap();
        let schema = fs::read_to_string(root().join("docs/verify.schema.json")).unwrap();
        let schema: Value = serde_json::from_str(&schema).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|it| it.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:?}\n{text}");
        report
    }

    /// The places whose fixes are applied.
    fn kept(&self) -> Vec<String> {
        let mut kept = Vec::new();
        for file in 0.. {
            let path = format!("m{file}.py");
            if !self.project.path(&path).exists() {
                return kept;
            }
            let text = self.project.read(&path);
            let lines = text.lines().filter_map(|line| {
                let line = line
                    .trim()
                    .strip_prefix("_keep_task(asyncio.create_task(work(")?;
                line.strip_suffix(")))")
            });
            kept.extend(lines.map(|number| format!("{path}:{number}")));
        }
        kept
    }
}

/// All places but these.
fn others(files: usize, each: usize, without: &[&str]) -> Vec<String> {
    let places =
        (0..files).flat_map(|file| (1..=each).map(move |number| format!("m{file}.py:{number}")));
    places
        .filter(|place| !without.contains(&&**place))
        .collect()
}

/// The places of some sites in a report, as `m0.py:2` where the second function is.
fn places(sites: &Value) -> Vec<String> {
    let sites = sites.as_array().unwrap().iter();
    sites
        .map(|site| {
            let line = site["start"]["line"].as_u64().unwrap();
            // An import, and then two blank lines and two of a function each.
            format!("{}:{}", site["path"].as_str().unwrap(), (line - 1) / 4)
        })
        .collect()
}

#[test]
fn where_all_is_well_all_is_kept_after_three_runs() {
    let it = Verified::new(3, 2, "");
    let ran = it.run(&[]);
    assert_eq!((ran.status, &*ran.stdout), (0, ""), "{}", ran.stderr);
    ran.says(
        "6 fixes in 3 files; `sh check.sh` is run in a copy of the project: 3 times if all is well",
    );
    ran.says("with 3 files broken on purpose: failed (exit status 4)");
    ran.says("verified: 6 kept; 3 runs");
    assert_eq!(it.runs(), 3);
    assert_eq!(it.kept(), others(3, 2, &[]));
    // The same as without the command, and nothing but that.
    let plain = Verified::new(3, 2, "");
    assert_eq!(plain.command(&[]).status().unwrap().code(), Some(0));
    for file in ["m0.py", "m1.py", "m2.py"] {
        assert_eq!(it.project.read(file), plain.project.read(file));
    }
    assert!(!it.project.path(".asyncmend-verify.json").exists());
    let report = it.report();
    assert_eq!(report["kept"].as_array().unwrap().len(), 6);
    assert_eq!(report["runs"], 3);
    // Nothing is left to do.
    let again = it.run(&["--allow-dirty"]);
    assert_eq!(again.status, 0);
    again.says("there is no fix to verify");
    assert_eq!(it.runs(), 3);
}

#[test]
fn fixes_that_make_the_command_fail_are_taken_back() {
    let culprits = ["m1.py:3", "m6.py:1", "m6.py:2"];
    let it = Verified::new(8, 4, &culprits.join("\n"));
    let ran = it.run(&[]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(it.kept(), others(8, 4, &culprits));
    // 2·3·log2(32)+4.
    assert!(it.runs() <= 34, "{}", ran.stderr);
    let report = it.report();
    assert_eq!(report["runs"], it.runs());
    assert_eq!(places(&report["taken_back"]), culprits);
    assert_eq!(report["taken_back"][0]["end"]["status"], 1);
    assert_eq!(report["taken_back"][0]["output"], "broken: m1.py:3");
    assert!(
        ran.stdout.starts_with(
            "m1.py:13:5: retain-task: taken back: `sh check.sh` fails with it (exit status 1)\n"
        ),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("\n  | broken: m1.py:3\n"));
    // Its line has another number where fixes are applied.
    let line = "\n  where it said: asyncio.create_task(work(3))\n";
    assert!(ran.stdout.contains(line), "{}", ran.stdout);
    ran.says("retain-task  29 rewritten, 3 taken back");
    // An exit status of 1 is not wanted everywhere.
    let it = Verified::new(2, 1, "m0.py:1");
    assert_eq!(it.run(&["--exit-zero"]).status, 0);
    assert_eq!(it.kept(), ["m1.py:1"]);
}

#[test]
fn of_fixes_that_fail_together_the_last_goes() {
    let it = Verified::new(6, 3, "m1.py:2 m4.py:3\nm0.py:1 m3.py:1 m3.py:3");
    let ran = it.run(&[]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(it.kept(), others(6, 3, &["m3.py:3", "m4.py:3"]));
    let report = it.report();
    let taken_back = &report["taken_back"];
    assert_eq!(places(taken_back), ["m3.py:3", "m4.py:3"]);
    assert_eq!(places(&taken_back[0]["fails_with"]), ["m0.py:1", "m3.py:1"]);
    assert_eq!(places(&taken_back[1]["fails_with"]), ["m1.py:2"]);
    assert!(
        ran.stdout.contains(
            "fails with it together with these, which are kept (exit status 1)\n  with m1.py:"
        ),
        "{}",
        ran.stdout
    );
}

#[test]
fn where_the_budget_ends_before_all_partners_are_known_that_is_said() {
    let it = Verified::new(8, 1, "m2.py:1 m6.py:1");
    // After 4 and 3 runs the last of the set is known, and after another that it does not fail alone.
    let ran = it.run(&["--verify-budget", "8runs"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(it.kept(), others(6, 1, &[]));
    let report = it.report();
    assert_eq!(places(&report["taken_back"]), ["m6.py:1"]);
    assert_eq!(report["taken_back"][0]["is_whole"], false);
    assert_eq!(places(&report["not_verified"]), ["m7.py:1"]);
    assert!(
        ran.stdout
            .contains("fails with it together with fixes before it, not all of which were found")
    );
    assert_eq!(it.run(&["--allow-dirty"]).status, 1);
    assert_eq!(it.kept(), others(8, 1, &["m6.py:1"]));
}

#[test]
fn a_file_without_a_fix_that_is_kept_is_as_it_was() {
    let it = Verified::new(1, 2, "m0.py:1\nm0.py:2");
    let before = it.project.read("m0.py");
    assert_eq!(it.run(&[]).status, 1);
    assert_eq!(it.project.read("m0.py"), before);
}

#[test]
fn a_command_that_fails_without_any_fix_tells_nothing() {
    let it = Verified::new(2, 2, "");
    let before = it.project.read("m0.py");
    let ran = it.run_with("echo why; exit 7", &[]);
    ran.is_trouble("`echo why; exit 7` fails without any fix (exit status 7)");
    ran.says("  | why");
    ran.says("let it write a JUnit report to {junit}");
    let ran = it.run_with(".venv/bin/pytest", &[]);
    ran.is_trouble("call programs of theirs as `\"$ASYNCMEND_TREE\"/.venv/bin/pytest`");
    assert_eq!(it.project.read("m0.py"), before);
    assert!(!it.project.path(".asyncmend-verify.json").exists());
}

#[test]
fn a_command_that_does_not_look_at_the_files_tells_nothing() {
    let it = Verified::new(2, 2, "");
    let before = it.project.read("m0.py");
    let ran = it.run_with("true", &[]);
    ran.is_trouble(
        "`true` passes even where m0.py and the other files that change hold no Python at all",
    );
    ran.says("--verify 'PYTHONPATH=. true'");
    // As an editable install does it: what is imported are the user's own files.
    let ran = it.run_with("cd \"$ASYNCMEND_TREE\" && grep -q asyncio m0.py", &[]);
    ran.is_trouble("it says nothing about fixes");
    assert_eq!(it.project.read("m0.py"), before);
}

#[test]
fn tests_that_look_at_other_sources_than_those_of_the_copy_tell_nothing() {
    let it = Verified::new(2, 1, "");
    it.project
        .write("tests/test_m.py", module(1..=1).as_bytes());
    it.commit();
    // As with an editable install: the tests are those of the copy, and what they import is the user's own.
    let command =
        "grep -q '^import asyncio' tests/test_m.py && grep -q asyncio \"$ASYNCMEND_TREE\"/m0.py";
    let ran = it.run_with(command, &[]);
    ran.says("with 2 files broken on purpose: passed");
    ran.is_trouble("passes even where m0.py and the other files that change hold no Python");
    // Where tests alone change they are asked.
    let command = "grep -q '^import asyncio' tests/test_m.py";
    let ran = it.run_with(command, &["tests"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
}

#[test]
fn projects_stand_for_the_folders_of_those_that_change() {
    let it = Verified::plain(0, 0, "");
    for project in ["one", "two of them", "three"] {
        it.project.write(&format!("{project}/pyproject.toml"), b"");
        let text = if project == "three" {
            "import asyncio\n"
        } else {
            DROPPED
        };
        it.project
            .write(&format!("{project}/src/m.py"), text.as_bytes());
    }
    git(&it.project, &["init", "--quiet"]);
    it.commit();
    let command = "set -- {projects}; [ $# = 2 ] && for it; do grep -q '^import asyncio' \"$it\"/src/m.py || exit; done";
    let ran = it.run_with(command, &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(it.project.read("two of them/src/m.py").contains(".add"));
    // From a folder inside: the names lead up and down again, in the copy.
    git(&it.project, &["checkout", "--quiet", "."]);
    let look = "set -- {paths} {projects}; [ \"$1 $2 $3 $4\" = '../one/src/m.py src/m.py . ../one' ] && \
        grep -q '^import asyncio' \"$1\" && grep -q '^import asyncio' \"$2\"";
    let mut command = it.command(&["--verify", look, ".", "../one"]);
    let output = command
        .current_dir(it.project.path("two of them"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
}

#[test]
fn pytest_is_given_projects_where_it_finds_no_test_in_files() {
    let it = Verified::plain(0, 0, "");
    it.project.write("one/pyproject.toml", b"");
    for name in ["m0", "m1", "m2", "m3"] {
        it.project
            .write(&format!("one/{name}.py"), DROPPED.as_bytes());
    }
    // It finds tests in folders alone.
    let pytest = "echo run >> \"$LOG\"; [ -d \"$1\" ] && [ $# = 1 ] || exit 5; \
        grep -q '^import asyncio' one/m0.py && ! grep -q 'add(' one/m3.py";
    it.project.write("pytest", pytest.as_bytes());
    git(&it.project, &["init", "--quiet"]);
    it.commit();
    let all = ["sh pytest {paths}", "--verify-budget", "5runs"];
    let ran = it.run_with(all[0], &all[1..]);
    ran.says("pytest finds no test in the files that change: {paths} stands for the folders of their projects");
    assert_eq!(
        it.report()["kept"].as_array().unwrap().len(),
        2,
        "{}",
        ran.stderr
    );
    // That is remembered.
    let ran = it.run_with(all[0], &["--allow-dirty"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(!ran.stderr.contains("finds no test"), "{}", ran.stderr);
    assert_eq!(it.report()["taken_back"][0]["path"], "one/m3.py");
    assert!(it.project.read("one/m2.py").contains("add("));
    // None there either.
    it.project.write("two/m.py", DROPPED.as_bytes());
    it.commit();
    let ran = it.run_with(": pytest {paths}; exit 5", &["two"]);
    ran.is_trouble("fails without any fix (exit status 5)");
}

#[test]
fn work_trees_and_repositories_inside_are_copied_as_well() {
    let it = Verified::new(2, 1, "m0.py:1");
    git(&it.project, &["init", "--quiet", "inner"]);
    it.project.write("inner/file", b"");
    git(&it.project, &["worktree", "add", "--quiet", "linked"]);
    let linked = it.project.path("linked");
    let all = ["--verify", "cd ../linked && sh check.sh"];
    let output = it.command(&all).current_dir(&linked).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let text = fs::read_to_string(linked.join("m1.py")).unwrap();
    assert!(text.contains("_keep_task"));
    let listed = Command::new("git")
        .args(["worktree", "list"])
        .current_dir(&linked)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(listed.stdout).unwrap().lines().count(), 2);
    git(&it.project, &["worktree", "remove", "--force", "linked"]);
    let ran = it.run_with(
        "[ -e inner/file ] && [ ! -e inner/.git ] && sh check.sh",
        &[],
    );
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(it.kept(), ["m1.py:1"]);
}

/// Writes a report with a case for each place whose fix is applied: it fails for culprits.
const REPORT: &str = r#"
out=$1
{
    echo '<testsuites><testsuite name="all">'
    echo '<testcase classname="t" name="always fails"><failure/></testcase>'
    for file in m*.py; do
        if ! grep -q '^import asyncio' "$file"; then
            echo "<testcase classname='t' name='$file'><error/></testcase>"
        elif grep -q "$file" gone && grep -q '_keep_task(asyncio' "$file"; then
            :
        elif grep -q "$file" culprits && grep -q '_keep_task(asyncio' "$file"; then
            echo "<testcase classname='t' name='$file'><failure/></testcase>"
        else
            echo "<testcase classname='t' name='$file'/>"
        fi
    done
    echo '</testsuite></testsuites>'
} > "$out"
exit 1
"#;

#[test]
fn with_a_report_only_tests_count_that_passed_before() {
    let it = Verified::new(6, 1, "m2.py");
    it.project.write("report.sh", REPORT.as_bytes());
    // A test that vanishes does not pass any more.
    it.project.write("gone", b"m4.py");
    it.commit();
    let ran = it.run_with("sh report.sh {junit}", &[]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    ran.says("without any fix: 6 tests passed (exit status 1)");
    ran.says("6 tests to watch");
    assert_eq!(it.kept(), others(6, 1, &["m2.py:1", "m4.py:1"]));
    let report = it.report();
    assert_eq!(
        report["taken_back"][0]["tests"],
        serde_json::json!(["t::m2.py"])
    );
    assert!(
        ran.stdout.contains("\n  fails: t::m4.py\n"),
        "{}",
        ran.stdout
    );
    // Another test fails by chance in each run.
    let it = Verified::new(3, 1, "m1.py");
    it.project.write("gone", b"-");
    let chance = REPORT.replace(
        "for file in",
        "echo run >> \"$LOG\"; for number in 0 1; do \
            if [ $(( $(wc -l < \"$LOG\") % 2 )) = $number ] && [ $(wc -l < \"$LOG\") -gt 3 ]; \
            then echo \"<testcase name='chance $number'><failure/></testcase>\"; \
            else echo \"<testcase name='chance $number'/>\"; fi; done; for file in",
    );
    it.project.write("report.sh", chance.as_bytes());
    it.commit();
    let ran = it.run_with("sh report.sh {junit}", &["--verify-runs", "2"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    ran.says("5 tests to watch");
    assert_eq!(it.kept(), ["m0.py:1", "m2.py:1"]);
    assert_eq!(
        it.report()["taken_back"][0]["tests"],
        serde_json::json!(["t::m1.py"])
    );
    // That there is no report says of no test that it passes.
    let it = Verified::new(3, 1, "m1.py");
    it.project.write("gone", b"-");
    let none = format!(
        "echo run >> \"$LOG\"; [ $(( $(wc -l < \"$LOG\") % 2 )) = 1 ] && \
            grep -q '_keep_task(asyncio' m1.py && exit 1{REPORT}"
    );
    it.project.write("report.sh", none.as_bytes());
    it.commit();
    let ran = it.run_with("sh report.sh {junit}", &["--verify-runs", "2"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    ran.says("failed (no report, exit status 1)");
    assert_eq!(it.kept(), ["m0.py:1", "m2.py:1"]);
    // What is no report.
    let it = Verified::new(1, 1, "");
    it.run_with("echo no > {junit}", &[])
        .is_trouble("writes no JUnit report that can be read");
    it.run_with("echo '<testsuite/>' > {junit}", &[])
        .is_trouble("no test of `echo '<testsuite/>' > {junit}` passes each time");
}

/// What writes the report of [`REPORT`] where pytest is told to.
const PYTEST: &str = "out=${PYTEST_ADDOPTS##*--junit-xml=}\n[ \"$out\" ] || exit 9\n";

#[test]
fn pytest_is_asked_for_a_report_where_tests_fail_anyway() {
    let it = Verified::new(4, 1, "m2.py");
    it.project.write("gone", b"-");
    let pytest = REPORT.replace("out=$1\n", PYTEST);
    it.project.write("pytest", pytest.as_bytes());
    it.commit();
    let all = ["--verify", "sh ./pytest -q"];
    let output = it
        .command(&all)
        .env("PYTEST_ADDOPTS", "-x")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("without any fix: 4 tests passed (exit status 1)"),
        "{said}"
    );
    assert!(said.contains("4 tests to watch"), "{said}");
    assert_eq!(it.kept(), others(4, 1, &["m2.py:1"]));
    // Where nothing fails without a fix, the status tells, as it does of what is no test.
    let it = Verified::new(4, 1, "m2.py:1");
    let pytest = format!(
        "{}{CHECK}",
        REPORT
            .replace("out=$1\n", PYTEST)
            .replace("exit 1\n", "")
            .replace("<failure/>", "")
    );
    it.project.write("pytest", pytest.as_bytes());
    it.project.write("gone", b"-");
    it.commit();
    let ran = it.run_with("sh ./pytest -q", &[]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(!ran.stderr.contains("to watch"), "{}", ran.stderr);
    assert_eq!(it.kept(), others(4, 1, &["m2.py:1"]));
    // Of one that knows of no reports none is wanted.
    let it = Verified::new(2, 1, "m1.py:1");
    it.project.write(
        "pytest",
        format!("[ -z \"$PYTEST_ADDOPTS\" ] || exit 4\n{CHECK}").as_bytes(),
    );
    it.commit();
    let ran = it.run_with("sh ./pytest -q", &[]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(it.kept(), ["m0.py:1"]);
}

#[test]
fn a_failure_by_chance_is_repeated() {
    let it = Verified::new(3, 2, "m1.py:2");
    // Every other run fails.
    let flaky = "[ $(( $(wc -l < \"$LOG\" || echo 0) % 2 )) = 0 ] || { echo run >> \"$LOG\"; exit 9; }; sh check.sh";
    fs::write(it.log(), "").unwrap();
    let ran = it.run_with(flaky, &["--verify-runs", "2"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(it.kept(), others(3, 2, &["m1.py:2"]));
    ran.says("each repeated up to 2 times where it fails");
}

#[test]
fn one_failure_by_chance_blames_nobody() {
    // With all fixes.
    let it = Verified::new(8, 1, "");
    let flaky = |run: usize| format!("sh check.sh && [ $(wc -l < \"$LOG\") != {run} ]");
    let ran = it.run_with(&flaky(3), &[]);
    assert_eq!((ran.status, it.kept().len()), (0, 8), "{}", ran.stderr);
    // Three runs, halvings of eight, the last fix alone, halvings of seven, and again.
    assert_eq!(it.runs(), 3 + 3 + 1 + 3 + 1);
    ran.says("failed and then passed with the same fixes, so it fails by chance; run again with --verify-runs 3");
    assert_eq!(it.report()["stopped"], "chance");
    assert!(!it.project.path(".asyncmend-verify.json").exists());
    // With a half of them.
    let it = Verified::new(8, 1, "m7.py:1");
    let ran = it.run_with(&flaky(4), &[]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(it.kept(), others(4, 1, &[]));
    assert_eq!(it.report()["not_verified"].as_array().unwrap().len(), 4);
    assert!(
        ran.stdout
            .contains("the command fails by chance, and has not passed with it")
    );
}

#[test]
fn a_command_that_passes_only_once_blames_nobody() {
    let it = Verified::new(8, 1, "");
    let ran = it.run_with("echo run >> \"$LOG\"; mkdir out && sh check.sh", &[]);
    ran.is_trouble("does not pass twice: without any fix it did, and now fails (exit status 1)");
    assert!(it.kept().is_empty());
    assert!(it.runs() < 10, "{}", it.runs());
    assert!(!it.project.path(".asyncmend-verify.json").exists());
    // All fixes may be at fault.
    let it = Verified::new(1, 2, "m0.py:1\nm0.py:2");
    assert_eq!(it.run(&[]).status, 1);
    assert_eq!(it.report()["taken_back"].as_array().unwrap().len(), 2);
}

#[test]
fn with_a_report_a_signal_counts_only_where_there_was_none() {
    let it = Verified::new(3, 1, "m1.py");
    let crashes = REPORT.replace("exit 1\n", "kill -SEGV $$\n");
    it.project.write("report.sh", crashes.as_bytes());
    it.project.write("gone", b"-");
    it.commit();
    let ran = it.run_with("exec sh report.sh {junit}", &[]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    ran.says("without any fix: 3 tests passed (ended by signal 11)");
    assert_eq!(it.kept(), ["m0.py:1", "m2.py:1"]);
    // Who takes too long without any fix may have said too little.
    git(&it.project, &["checkout", "--quiet", "."]);
    let slow = "sh report.sh {junit}; sleep 60";
    let ran = it.run_with(slow, &["--verify-timeout", "1s"]);
    ran.is_trouble("fails without any fix (took longer than 1 s)");
    ran.says("raise --verify-timeout");
}

#[test]
fn two_runs_of_pytest_write_no_report_that_tells() {
    let it = Verified::new(4, 1, "m2.py");
    it.project.write("gone", b"-");
    let pytest = REPORT.replace("out=$1\n", &PYTEST.replace("exit 9", "out=/dev/null"));
    it.project.write("pytest", pytest.as_bytes());
    it.commit();
    for command in [
        "sh ./pytest a; first=$?; sh ./pytest b && exit $first",
        "status=0; for it in a b; do sh ./pytest $it || status=1; done; exit $status",
    ] {
        let ran = it.run_with(command, &[]);
        ran.is_trouble("fails without any fix (exit status 1)");
        ran.says("write a JUnit report to {junit}");
    }
    assert!(it.kept().is_empty());
}

#[test]
fn a_fix_with_which_the_command_hangs_is_taken_back() {
    let it = Verified::new(4, 1, "");
    let pid = it.copies.path().join("log");
    let hang = "sh check.sh || exit; if grep -q '_keep_task(asyncio' m2.py; then sleep 300 & echo $! > \"$LOG\"; wait; fi";
    let start = Instant::now();
    let ran = it.run_with(hang, &["--verify-timeout", "2s"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(it.kept(), others(4, 1, &["m2.py:1"]));
    assert_eq!(it.report()["taken_back"][0]["end"]["timeout"], 2);
    assert!(ran.stdout.contains("(took longer than 2 s)"));
    assert!(start.elapsed() < Duration::from_mins(1));
    // What it has started is ended with it.
    let pid = fs::read_to_string(pid).unwrap();
    let pid = pid.lines().find(|line| *line != "run").unwrap();
    // A zombie is nobody that could do anything.
    let status = fs::read_to_string(format!("/proc/{pid}/stat"));
    assert!(!status.is_ok_and(|it| !it.contains(") Z ")));
}

#[test]
fn what_is_not_verified_within_the_budget_is_not_applied() {
    let it = Verified::new(8, 1, "m6.py:1");
    // Without any fix, with no Python, with all fixes, and with the first half.
    let ran = it.run(&["--verify-budget", "4runs"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(it.kept(), others(4, 1, &[]));
    let report = it.report();
    assert_eq!(report["stopped"], "budget");
    assert_eq!(report["not_verified"].as_array().unwrap().len(), 4);
    assert_eq!(
        ran.stdout
            .matches("the budget was used up before it was verified")
            .count(),
        4
    );
    ran.says(
        "commit what was written, or add --allow-dirty, and run the same again to go on: .asyncmend-verify.json \
         remembers 4 runs",
    );
    ran.says("retain-task  4 rewritten, 4 not decided");
    // What was found out is known, although half of the files are changed.
    git(&it.project, &["add", "*.py"]);
    let name = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
    git(
        &it.project,
        &[&name[..], &["commit", "--quiet", "--message", "half"]].concat(),
    );
    let ran = it.run(&[]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    ran.says("going on with .asyncmend-verify.json, which remembers 4 runs");
    ran.says("without any fix: known to pass");
    ran.says("with 4 fixes: known to fail");
    assert_eq!(it.kept(), others(8, 1, &["m6.py:1"]));
    assert!(!it.project.path(".asyncmend-verify.json").exists());
    // All of it took as many runs as at once.
    let whole = Verified::new(8, 1, "m6.py:1");
    whole.run(&[]);
    assert_eq!(it.runs(), whole.runs());
    for args in [
        ["--verify-budget", "30"],
        ["--verify-budget", "0runs"],
        ["--verify-budget", "1m,2m"],
        ["--verify-timeout", "1d"],
    ] {
        assert_eq!(it.run(&args).status, 2, "{args:?}");
    }
    let start = Instant::now();
    let it = Verified::new(2, 1, "");
    let ran = it.run_with("sleep 60", &["--verify-budget", "1s"]);
    assert_eq!((ran.status, it.kept().len()), (1, 0), "{}", ran.stderr);
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn an_interrupt_leaves_what_is_known_to_pass_and_can_be_gone_on_with() {
    let it = Verified::new(8, 1, "m5.py:1");
    // The fifth run waits.
    let slow = "sh check.sh; status=$?; [ $(wc -l < \"$LOG\") = 5 ] && [ ! -e \"$LOG-go\" ] && sleep 300; exit $status";
    for (signal, number) in [("-INT", 130), ("-TERM", 143)] {
        let command = it
            .command(&["--verify", slow, "--allow-dirty"])
            .stderr(Stdio::null())
            .spawn();
        let mut child = command.unwrap();
        it.wait_for(5);
        let id = child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &id])
                .status()
                .unwrap()
                .success()
        );
        assert_eq!(child.wait().unwrap().code(), Some(number));
        it.leaves_nothing();
        // A colleague may go on with it, as with any file.
        let mode = |path: &str| {
            let metadata = fs::metadata(it.project.path(path)).unwrap();
            std::os::unix::fs::PermissionsExt::mode(&metadata.permissions())
        };
        assert_eq!(mode(".asyncmend-verify.json"), mode("check.sh"));
        assert_eq!(it.kept(), others(4, 1, &[]));
        let _ = fs::remove_file(it.copies.path().join("log-sum"));
        // The run that was broken off is not remembered, and not counted.
        let runs = fs::read_to_string(it.log()).unwrap();
        let four = runs.lines().take(4).collect::<Vec<&str>>().join("\n");
        fs::write(it.log(), four + "\n").unwrap();
    }
    fs::write(it.copies.path().join("log-go"), "").unwrap();
    let all = ["--verify", slow, "--allow-dirty"];
    let output = it.command(&all).output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(it.kept(), others(8, 1, &["m5.py:1"]));
    let whole = Verified::new(8, 1, "m5.py:1");
    whole.run(&[]);
    assert_eq!(it.runs(), whole.runs());
}

#[test]
fn a_signal_that_comes_while_the_copy_is_removed_is_obeyed_in_the_end() {
    use std::os::unix::fs::PermissionsExt;
    let it = Verified::new(2, 1, "m1.py:1");
    // Git is called to forget the copy.
    let wrapper = "#!/bin/sh\nPATH=${PATH#*:}\n\
                   case \"$*\" in *' worktree remove '*) kill -TERM $PPID; sleep 0.3;; esac\nexec git \"$@\"\n";
    let folder = TempDir::new().unwrap();
    let git = folder.path().join("git");
    fs::write(&git, wrapper).unwrap();
    fs::set_permissions(&git, fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::var("PATH").unwrap();
    let report = it.copies.path().join("report.json");
    let output = it
        .command(&["--verify", "sh check.sh", "--verify-report"])
        .arg(report)
        .env("PATH", format!("{}:{path}", folder.path().display()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(143), "{said}");
    // All was known by then, and so it is written.
    assert_eq!(it.kept(), ["m0.py:1"], "{said}");
    assert_eq!(it.report()["stopped"], Value::Null);
    assert!(!it.project.path(".asyncmend-verify.json").exists());
    it.leaves_nothing();
}

#[cfg(target_os = "linux")]
#[test]
fn a_run_under_nohup_goes_on_without_a_terminal() {
    let it = Verified::new(2, 1, "");
    let program = it.project.plain_command(&[]);
    let mut command = Command::new("nohup");
    command
        .arg(program.get_program())
        .current_dir(it.project.path("."));
    for (name, value) in it.command(&[]).get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let slow = "sh check.sh || exit; [ $(wc -l < \"$LOG\") -gt 1 ] || sleep 2";
    command
        .args(["fix", "--verify", slow])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    it.wait_for(1);
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-HUP", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(it.kept().len(), 2);
}

#[test]
fn an_interrupt_before_anything_is_known_leaves_all_as_it_is() {
    let it = Verified::new(2, 1, "");
    let mut child = it
        .command(&["--verify", "echo run >> \"$LOG\"; sleep 300"])
        .spawn()
        .unwrap();
    it.wait_for(1);
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(130));
    it.leaves_nothing();
    assert!(it.kept().is_empty());
}

#[test]
fn a_copy_holds_what_is_on_disk_and_python_imports() {
    let it = Verified::new(2, 1, "");
    let project = &it.project;
    project.write(
        ".gitignore",
        b"*.log\n_version.py\n.venv/\nbuild/\n*.so\nsecrets/\n*.egg-info\n",
    );
    project.write("deleted.txt", b"");
    project.write("sub/tracked.txt", b"old\n");
    it.commit();
    fs::remove_file(project.path("deleted.txt")).unwrap();
    project.write("sub/tracked.txt", b"new\n");
    project.write("untracked.txt", b"");
    project.write("pkg/_version.py", b"");
    project.write("pkg/fast.so", b"");
    project.write("x.egg-info/entry_points.txt", b"");
    project.write("big.log", b"");
    project.write("secrets/key", b"");
    project.write(".venv/pyvenv.cfg", b"");
    project.write(".venv/lib/site.py", b"");
    project.write("own env/pyvenv.cfg", b"");
    project.write("own env/lib/site.py", b"");
    std::os::unix::fs::symlink("tracked.txt", project.path("sub/link")).unwrap();
    std::os::unix::fs::symlink(
        dunce::canonicalize(project.path("sub")).unwrap(),
        project.path("folder"),
    )
    .unwrap();
    let looks = "sh check.sh || exit; \
        ls deleted.txt big.log secrets .venv 2>/dev/null && exit 20; \
        ls untracked.txt pkg/_version.py pkg/fast.so x.egg-info/entry_points.txt >/dev/null || exit 21; \
        grep -q new sub/tracked.txt && grep -q new sub/link && [ -L sub/link ] || exit 22; \
        case $(readlink folder) in \"$PWD\"/sub) ;; *) exit 23;; esac; \
        [ -z \"$GIT_DIR\" ] && [ \"$PWD\" != \"$ASYNCMEND_TREE\" ] || exit 24; \
        [ \"$(basename \"$PWD\")\" = \"$(basename \"$ASYNCMEND_TREE\")\" ] || exit 25; \
        git status --porcelain | grep -q '^ M sub/tracked.txt' || exit 26; \
        git log -1 --format=%s | grep -q all || exit 27";
    let ran = it.run_with(looks, &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_eq!(it.kept().len(), 2);
}

#[test]
fn links_and_module_paths_lead_into_the_copy_and_out_of_it_where_they_did() {
    use std::os::unix::fs::symlink;
    let it = Verified::new(2, 1, "");
    let outside = Project::new(&[("file", "")]);
    let tree = dunce::canonicalize(it.project.path(".")).unwrap();
    let name = |path: &std::path::Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let beside = dunce::canonicalize(outside.path(".")).unwrap();
    assert_eq!(tree.parent(), beside.parent());
    symlink(format!("../{}/file", name(&beside)), it.project.path("out")).unwrap();
    it.project.write("sub/inner", b"");
    symlink("../m0.py", it.project.path("sub/up")).unwrap();
    it.commit();
    let command = "sh check.sh || exit; [ -e out ] && [ \"$(readlink sub/up)\" = ../m0.py ] || exit 5; \
        [ \"$PYTHONPATH\" = \"$PWD/sub:elsewhere:$PWD\" ] || exit 6";
    let paths = format!("{0}/sub:elsewhere:{0}", tree.display());
    let output = it
        .command(&["--verify", command])
        .env("PYTHONPATH", paths)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    it.leaves_nothing();
}

#[test]
fn no_other_name_of_the_project_leads_to_the_users_files() {
    use std::os::unix::fs::symlink;
    let it = Verified::new(2, 1, "");
    let tree = dunce::canonicalize(it.project.path(".")).unwrap();
    let names = TempDir::new().unwrap();
    let alias = names.path().join("alias");
    symlink(&tree, &alias).unwrap();
    it.project.write("conf/data", b"precious\n");
    symlink(alias.join("conf/data"), it.project.path("absolute")).unwrap();
    let up = format!("..{}/conf/data", alias.display());
    let depth = tree.components().count() - 2;
    symlink("../".repeat(depth) + &up, it.project.path("relative")).unwrap();
    it.project.write(".venv/pyvenv.cfg", b"");
    it.project.write(".venv/lib/module.py", b"");
    it.project.write(".gitignore", b".venv\n");
    it.commit();
    let command = format!(
        "sh check.sh || exit; grep -q precious absolute || exit 7; echo new > absolute; \
        grep -q new relative || exit 8; echo precious > relative; grep -q precious conf/data || exit 9; \
        [ \"$PYTHONPATH\" = \"$PWD/conf:{}/.venv/lib\" ] || exit 10; echo over > conf/data; \
        grep -q over absolute && echo precious > absolute",
        alias.display()
    );
    let paths = format!("{0}/conf:{0}/.venv/lib", alias.display());
    let mut ran = it.command(&["--verify", &command]);
    let output = ran.env("PYTHONPATH", paths).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(it.project.read("conf/data"), "precious\n");
    // Where it fails half way, too.
    let command =
        "grep -q '^import asyncio' m1.py; echo over > absolute; echo over > relative; exit 0";
    it.run_with(command, &["--allow-dirty"]);
    assert_eq!(it.project.read("conf/data"), "precious\n");
}

#[test]
fn a_folder_that_a_link_has_taken_the_place_of_stays_as_it_is() {
    let it = Verified::new(2, 1, "");
    it.project.write("folder/inner/file", b"mine\n");
    it.commit();
    let outside = Project::new(&[("inner/file", "precious\n")]);
    fs::remove_dir_all(it.project.path("folder")).unwrap();
    let leads_to = dunce::canonicalize(outside.path(".")).unwrap();
    std::os::unix::fs::symlink(leads_to, it.project.path("folder")).unwrap();
    let ran = it.run_with(
        "sh check.sh && [ -L folder ] && [ -e folder/inner/file ]",
        &[],
    );
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_eq!(outside.read("inner/file"), "precious\n");
    assert_eq!(it.kept().len(), 2);
}

#[test]
fn what_a_command_leads_out_of_the_copy_is_not_written_to() {
    let it = Verified::new(1, 1, "");
    it.project.write("sub/n.py", module(1..=1).as_bytes());
    it.commit();
    let outside = Project::new(&[("n.py", "precious\n")]);
    let there = dunce::canonicalize(outside.path(".")).unwrap();
    let there = there.display();
    let file = format!("grep -q '^import asyncio' sub/n.py && ln -sf {there}/n.py sub/n.py");
    let ran = it.run_with(&file, &[]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_eq!(outside.read("n.py"), "precious\n");
    git(&it.project, &["checkout", "--quiet", "."]);
    let folder = format!("rm -r sub && ln -s {there} sub");
    it.run_with(&folder, &[])
        .is_trouble("its folder is a link to");
    assert_eq!(outside.read("n.py"), "precious\n");
}

#[test]
fn a_copy_is_not_made_inside_of_what_is_copied() {
    let it = Verified::new(1, 1, "");
    it.project.write("temporary/file", b"");
    let mut command = it.command(&["--verify", "sh check.sh"]);
    let output = command
        .env("TMPDIR", it.project.path("temporary"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("set TMPDIR to another one"), "{said}");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        fs::read_dir(it.project.path("temporary")).unwrap().count(),
        1
    );
}

#[test]
fn a_command_runs_where_the_user_is() {
    let it = Verified::plain(0, 0, "");
    it.project
        .write("deep/down/m0.py", module(1..=2).as_bytes());
    it.project.write("top", b"");
    git(&it.project, &["init", "--quiet"]);
    it.commit();
    let all = [
        "--verify",
        "[ -e ../../top ] && grep -q '^import asyncio' {paths}",
    ];
    let mut command = it.command(&all);
    let output = command
        .current_dir(it.project.path("deep/down"))
        .output()
        .unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(it.project.read("deep/down/m0.py").contains(".add"));
    it.leaves_nothing();
}

#[test]
fn outside_of_git_a_plain_copy_is_made() {
    let it = Verified::plain(3, 1, "m1.py:1");
    it.project.write(".hidden/file", b"");
    it.run(&[]).is_trouble("is in no Git work tree");
    assert_eq!(it.runs(), 0);
    let ran = it.run_with("sh check.sh && [ -e .hidden/file ]", &["--no-vcs"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(it.kept(), ["m0.py:1", "m2.py:1"]);
    // As is one of a repository without a commit.
    let it = Verified::plain(2, 1, "m1.py:1");
    git(&it.project, &["init", "--quiet"]);
    let ran = it.run(&["--allow-dirty"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(it.kept(), ["m0.py:1"]);
}

#[test]
fn uncommitted_changes_are_refused_before_anything_runs() {
    let it = Verified::new(2, 1, "");
    let text = it.project.read("m1.py") + "\n# mine\n";
    it.project.write("m1.py", text.as_bytes());
    it.run(&[])
        .is_trouble("uncommitted changes in what would change (m1.py)");
    assert_eq!(it.runs(), 0);
    let ran = it.run_with("sh check.sh && grep -q mine m1.py", &["--allow-dirty"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(it.project.read("m1.py").ends_with("\n# mine\n"));
    assert_eq!(it.kept().len(), 2);
}

#[test]
fn a_file_that_is_changed_meanwhile_is_not_overwritten() {
    let it = Verified::new(2, 1, "");
    let command =
        "grep -q '^import asyncio' m1.py || exit; echo '# mine' >> \"$ASYNCMEND_TREE\"/m1.py";
    let ran = it.run_with(command, &[]);
    ran.is_trouble("m1.py");
    assert!(it.kept().is_empty());
    assert!(it.project.read("m1.py").ends_with("# mine\n"));
}

#[test]
fn no_hook_and_no_filter_of_the_repository_is_run() {
    let it = Verified::new(2, 1, "");
    let ran = it.project.path("was-run");
    let touch = format!("#!/bin/sh\ntouch {}\n", ran.display());
    for hook in [
        "post-checkout",
        "post-index-change",
        "reference-transaction",
    ] {
        let hook = format!(".git/hooks/{hook}");
        it.project.write(&hook, touch.as_bytes());
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(it.project.path(&hook), executable).unwrap();
    }
    it.project
        .write(".git/info/attributes", b"*.py filter=own\n");
    let touch = format!("touch {}; cat", ran.display());
    for key in ["core.fsmonitor", "filter.own.smudge"] {
        git(&it.project, &["config", key, &touch]);
    }
    assert_eq!(it.run(&[]).status, 0);
    assert!(!ran.exists());
}

#[test]
fn paths_are_quoted_and_the_same_in_each_run() {
    let it = Verified::new(2, 1, "m1.py:1");
    it.project.write("it's a/m x.py", module(1..=1).as_bytes());
    it.project.write("clean.py", b"import asyncio\n");
    it.commit();
    let count = "sh check.sh || exit; set -- {paths}; [ $# = 3 ] && [ \"$1\" = \"it's a/m x.py\" ] && cat \"$1\" > /dev/null || exit 5";
    let ran = it.run_with(count, &[]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(it.kept(), ["m0.py:1"]);
    // More than a shell takes as one argument.
    let it = Verified::new(0, 0, "");
    let name = "long".repeat(40);
    for number in 0..900 {
        it.project
            .write(&format!("{name}/m{number}.py"), DROPPED.as_bytes());
    }
    it.commit();
    let ran = it.run_with(
        "grep -L '^import asyncio' {paths} | grep . && exit 1; exit 0",
        &["--no-types"],
    );
    assert_eq!(ran.status, 0, "{}", ran.stderr);
}

#[test]
fn a_module_for_helpers_holds_what_the_kept_fixes_need() {
    let it = Verified::plain(0, 0, "");
    let config = "[project]\nname = 'app'\nrequires-python = '>=3.11'\n[tool.asyncmend]\nhelper-module = 'app.aio'\n";
    it.project.write("pyproject.toml", config.as_bytes());
    fs::remove_file(it.project.path("asyncmend.toml")).unwrap();
    it.project.write("app/__init__.py", b"");
    it.project.write("app/a.py", DROPPED.as_bytes());
    let gathers = "import asyncio\n\n\nasync def both(one, other):\n    return [one, await asyncio.gather(one(), other())]\n";
    it.project.write("app/b.py", gathers.as_bytes());
    git(&it.project, &["init", "--quiet"]);
    it.commit();
    let check = "for file in app/a.py app/b.py; do grep -q 'import' $file || exit 2; done; \
        if grep -q aio app/b.py; then grep -q 'def gather_or_cancel' app/aio.py || exit 3; exit 1; fi; \
        if grep -q aio app/a.py; then grep -q 'def keep_task' app/aio.py || exit 4; \
        else [ ! -e app/aio.py ] || exit 5; fi";
    let ran = it.run_with(check, &[]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(
        it.report()["taken_back"][0]["end"]["status"],
        1,
        "{}",
        ran.stdout
    );
    let module = it.project.read("app/aio.py");
    assert!(
        module.contains("def keep_task") && !module.contains("gather_or_cancel"),
        "{module}"
    );
    assert_eq!(it.project.read("app/b.py"), gathers);
    assert!(it.project.read("app/a.py").contains("keep_task("));
}

#[test]
fn a_module_for_helpers_that_is_changed_meanwhile_is_not_written() {
    let it = Verified::plain(0, 0, "");
    let config = "[project]\nname = 'app'\nrequires-python = '>=3.11'\n[tool.asyncmend]\nhelper-module = 'app.aio'\n";
    it.project.write("pyproject.toml", config.as_bytes());
    fs::remove_file(it.project.path("asyncmend.toml")).unwrap();
    it.project.write("app/__init__.py", b"");
    it.project.write("app/aio.py", b"\"\"\"Helpers.\"\"\"\n");
    it.project.write("app/a.py", DROPPED.as_bytes());
    git(&it.project, &["init", "--quiet"]);
    it.commit();
    let command = "echo run >> \"$LOG\"; grep -q '^import asyncio' app/a.py || exit 1; \
        [ $(wc -l < \"$LOG\") -lt 3 ] || echo 'broken = 1' >> \"$ASYNCMEND_TREE\"/app/aio.py";
    let ran = it.run_with(command, &[]);
    ran.is_trouble("app/aio.py has changed while fixes were verified");
    assert_eq!(it.project.read("app/a.py"), DROPPED);
    assert_eq!(
        it.project.read("app/aio.py"),
        "\"\"\"Helpers.\"\"\"\nbroken = 1\n"
    );
}

#[test]
fn a_result_that_cannot_be_written_is_known_before_anything_runs() {
    let it = Verified::new(1, 1, "");
    for option in ["--verify-report", "--output-file"] {
        let all = ["--verify", "sh check.sh", option, "missing/file"];
        let output = it.command(&all).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(
            said.contains(&format!("{option}: cannot write missing/file")),
            "{said}"
        );
        assert_eq!((output.status.code(), it.runs()), (Some(2), 0));
    }
    assert!(it.kept().is_empty());
}

#[test]
fn what_could_not_be_written_is_known_before_anything_runs() {
    let it = Verified::plain(2, 2, "");
    it.project.write("m0.py.orig", b"other\n");
    let backup = ["--backup", ".orig"];
    let ran = it.run(&backup);
    ran.is_trouble("m0.py.orig");
    ran.says("nothing was run: 1 file could not be written afterwards");
    assert_eq!((it.runs(), it.kept().len()), (0, 0));
    assert_eq!(it.project.read("m0.py.orig"), "other\n");
}

#[test]
fn what_cannot_be_written_in_the_end_is_not_counted_as_kept() {
    let it = Verified::plain(2, 2, "");
    let backup = ["--backup", ".orig"];
    let command =
        "sh check.sh || exit; [ -e \"$LOG-go\" ] || echo other > \"$ASYNCMEND_TREE\"/m0.py.orig";
    let ran = it.run_with(command, &backup);
    ran.is_trouble("m0.py.orig");
    assert_eq!(it.kept(), ["m1.py:1", "m1.py:2"], "{}", ran.stderr);
    let report = it.report();
    assert_eq!(places(&report["kept"]), it.kept());
    assert_eq!(places(&report["not_written"]), ["m0.py:1", "m0.py:2"]);
    ran.says("verified: 2 kept, 2 not written; 3 runs");
    ran.says("mend what kept files from being written, and");
    assert!(ran.stdout.contains("its file could not be written"));
    // What was found out is not lost: without the fixes that are left, alone, it was not run before.
    fs::remove_file(it.project.path("m0.py.orig")).unwrap();
    fs::write(it.copies.path().join("log-go"), "").unwrap();
    let before = it.runs();
    let ran = it.run_with(command, &backup);
    assert_eq!(it.runs(), before + 1, "{}", ran.stderr);
    ran.says("with 2 fixes: known to pass");
    assert_eq!((ran.status, it.kept().len()), (0, 4), "{}", ran.stderr);
}

#[test]
fn a_backup_of_an_earlier_part_of_the_run_stays() {
    let it = Verified::plain(1, 4, "m0.py:4");
    let before = it.project.read("m0.py");
    let backup = ["--backup", ".orig"];
    let ran = it.run(&[&backup[..], &["--verify-budget", "4runs"]].concat());
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(it.kept(), ["m0.py:1", "m0.py:2"]);
    let ran = it.run(&backup);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(it.kept(), ["m0.py:1", "m0.py:2", "m0.py:3"]);
    assert_eq!(it.project.read("m0.py.orig"), before);
    assert!(!it.project.path(".asyncmend-verify.json").exists());
}

#[test]
fn accepted_fixes_alone_are_verified() {
    let it = Verified::new(2, 3, "m1.py:2");
    let listed = it.project.run(&["check", "--output-format", "json-lines"]);
    let mut files: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in listed.stdout.lines() {
        let site: Value = serde_json::from_str(line).unwrap();
        let line = site["start"]["line"].as_u64().unwrap();
        if line > 6 {
            let fix = &site["candidates"][0];
            let path = site["path"].as_str().unwrap().to_owned();
            files.entry(path).or_default().push(serde_json::json!({
                "transform": site["transform"], "start": site["start"], "decision": "accept",
                "fix": {"what": fix["what"], "cautions": fix["cautions"]},
            }));
        }
    }
    let files: Vec<Value> = (files.into_iter())
        .map(|(path, decisions)| {
            use sha2::{Digest, Sha256};
            let digest = Sha256::digest(fs::read(it.project.path(&path)).unwrap());
            let sha256 = data_encoding::HEXLOWER.encode(&digest);
            serde_json::json!({"path": path, "sha256": sha256, "decisions": decisions})
        })
        .collect();
    let decisions = serde_json::json!({"version": 1, "files": files}).to_string();
    let path = it.copies.path().join("decisions.json");
    fs::write(&path, &decisions).unwrap();
    let ran = it.run(&["--decisions", path.to_str().unwrap()]);
    assert_eq!(ran.status, 1, "{}\n{decisions}", ran.stderr);
    assert_eq!(it.kept(), ["m0.py:2", "m0.py:3", "m1.py:3"]);
    ran.says("verified: 3 kept, 1 taken back");
    // Decisions are about files as they were.
    git(&it.project, &["checkout", "--quiet", "."]);
    let decided = [
        "--decisions",
        path.to_str().unwrap(),
        "--verify-budget",
        "4runs",
    ];
    let ran = it.run(&decided);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(it.kept(), ["m0.py:2", "m0.py:3"]);
    ran.says("and review anew what is left of the files that were written, and run the same again to go on");
    it.run(&[&decided[..], &["--allow-dirty"]].concat())
        .is_trouble("m0.py: changed since it was reviewed, left as it is");
}

#[test]
fn a_file_that_has_become_a_program_is_another_one() {
    let it = Verified::new(4, 1, "m3.py:1");
    it.project.write("tool", b"");
    it.commit();
    let ran = it.run(&["--verify-budget", "4runs"]);
    assert_eq!((ran.status, it.kept().len()), (1, 2), "{}", ran.stderr);
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(it.project.path("tool"), executable).unwrap();
    let ran = it.run(&["--allow-dirty"]);
    ran.says("going on with .asyncmend-verify.json, which remembers 4 runs");
    assert!(!ran.stderr.contains("known to"), "{}", ran.stderr);
    assert_eq!(it.kept(), others(4, 1, &["m3.py:1"]));
}

#[test]
fn no_journal_stays_where_nothing_is_left_to_verify() {
    let it = Verified::new(4, 1, "m3.py:1");
    let ran = it.run(&["--verify-budget", "4runs"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(it.project.path(".asyncmend-verify.json").exists());
    // It is about other files, too.
    it.run(&["--allow-dirty", "m0.py"])
        .says("there is no fix to verify");
    assert!(it.project.path(".asyncmend-verify.json").exists());
    let plain = it.command(&["--allow-dirty", "--quiet"]).status().unwrap();
    assert_eq!(plain.code(), Some(0));
    let ran = it.run(&["--allow-dirty"]);
    ran.says("there is no fix to verify");
    assert!(!it.project.path(".asyncmend-verify.json").exists());
    it.project.write(".asyncmend-verify.json", b"mine");
    assert_eq!(it.run(&["--allow-dirty"]).status, 0);
    assert_eq!(it.project.read(".asyncmend-verify.json"), "mine");
}

#[test]
fn what_cannot_be_verified_is_wrong_usage() {
    let it = Verified::new(1, 1, "");
    assert_eq!(
        it.command(&["--verify-runs", "2"]).status().unwrap().code(),
        Some(2)
    );
    it.run(&["-"])
        .is_trouble("a command cannot look at standard input");
    it.project
        .write("../other-asyncmend-test/m.py", DROPPED.as_bytes());
    let outside = it.run(&["../other-asyncmend-test", "--no-vcs"]);
    fs::remove_dir_all(it.project.path("../other-asyncmend-test")).unwrap();
    outside.is_trouble("is outside of");
    it.project.write(".asyncmend-verify.json", b"{}");
    it.run(&["--allow-dirty"])
        .is_trouble("cannot go on with .asyncmend-verify.json; move it away");
    assert_eq!(it.runs(), 0);
}

#[test]
fn a_file_that_is_no_python_is_told_and_the_others_are_verified() {
    let it = Verified::new(2, 1, "m0.py:1");
    it.project
        .write("bad.py", b"import asyncio\nasyncio.gather(\n");
    it.commit();
    let ran = it.run(&[]);
    ran.is_trouble("bad.py:3:1: syntax error");
    assert_eq!(it.kept(), ["m1.py:1"]);
}

/// With the code that Python has compiled from another text of the same size and second, it would be taken for what
/// it is not.
#[test]
fn python_runs_what_a_file_holds_now() {
    let it = Verified::new(4, 2, "");
    let python = crate::pythons::oldest_for(asyncmend_pipeline::PythonVersion::PY311);
    let Some(python) = python else {
        return;
    };
    let program = "import m0, m1, m2, m3, inspect, dis\n\
        for module in m0, m1, m2, m3:\n    \
            names = [f for f in ('f1', 'f2') if '_keep_task' in getattr(module, f).__code__.co_names]\n    \
            source = [f for f in ('f1', 'f2') if '_keep_task' in inspect.getsource(getattr(module, f))]\n    \
            assert names == source, (module, names, source)\n\
        assert '_keep_task' not in m2.f2.__code__.co_names\n";
    it.project.write("program.py", program.as_bytes());
    it.commit();
    let command = format!("{} program.py", python.path.display());
    let ran = it.run_with(&command, &[]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(it.kept(), others(4, 2, &["m2.py:2"]), "{}", ran.stdout);
}
