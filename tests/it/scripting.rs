//! What scripts rely on: parts of a run that are together the whole, what is new, and what each status means.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::cli::{DROPPED, Project};
use crate::formats::{assert_valid, schema};
use crate::mailbox::{git, repository};
use crate::repository::root;

/// A call of what another file makes a task in: only a run that knows that file sees a site in it.
const MAKES: &str = "\
import asyncio


def spawn(coroutine):
    return asyncio.ensure_future(coroutine)
";
const CALLS: &str = "\
from app.makes import spawn


async def work():
    pass


async def main():
    spawn(work())
";

const GATHERS: &str = "\
import asyncio


async def both(one, two):
    return [1, await asyncio.gather(one(), two())]
";

/// A repository with sites in many files.
fn many() -> Project {
    let names: Vec<String> = (0..40).map(|it| format!("app/part_{it:02}.py")).collect();
    let files: Vec<(&str, &str)> = (names.iter())
        .map(|name| (name.as_str(), DROPPED))
        .chain([
            ("app/__init__.py", ""),
            ("app/makes.py", MAKES),
            ("app/calls.py", CALLS),
            ("b\u{e9} c.py", GATHERS),
            ("broken.py", "import asyncio\nasyncio.gather(\n"),
        ])
        .collect();
    repository(&files)
}

fn check(project: &Project, format: &str, args: &[&str]) -> (i32, String) {
    let ran = project.run(&[&["check", "--output-format", format], args].concat());
    (ran.status, ran.stdout)
}

#[test]
fn reports_of_shards_are_together_that_of_one_run() {
    let project = many();
    for format in ["json", "json-lines", "sarif"] {
        let (status, whole) = check(&project, format, &[]);
        assert_eq!(status, 2);
        for of in [1, 3, 7] {
            let mut reports = Vec::new();
            let mut statuses = Vec::new();
            for number in (1..=of).rev() {
                let name = format!("report{number}");
                let shard = format!("{number}/{of}");
                let args = ["--shard", &shard, "--output-file", &name];
                let (status, _) = check(&project, format, &args);
                statuses.push(status);
                reports.push(name);
            }
            // One of them has the file that is broken, and each of the others sites.
            statuses.sort_unstable();
            assert_eq!(statuses.pop(), Some(2));
            assert!(statuses.iter().all(|it| *it == 1), "{statuses:?}");
            let mut args = vec!["merge-reports"];
            args.extend(reports.iter().map(String::as_str));
            let merged = project.run(&args);
            assert_eq!(merged.stdout, whole, "{format}, {of} shards");
            let expected = if format == "sarif" { 2 } else { 1 };
            assert_eq!(merged.status, expected, "{}", merged.stderr);
            if format == "sarif" {
                assert_valid(&schema("tests/schemas/sarif-2.1.0.json"), &merged.stdout);
                merged.says("the run that made it met trouble, which it tells");
            } else {
                merged.says(&format!("merged {of} report"));
            }
        }
    }
}

#[test]
fn a_part_of_a_run_changes_what_the_whole_one_would() {
    let whole = many();
    let parts = many();
    assert_eq!(whole.run(&["fix"]).status, 2);
    // From any folder, a file is in the same shard.
    let files = |folder: &str, shard: &str| -> BTreeSet<String> {
        let mut command = parts.command(&["check", "--output-format", "concise", "--shard", shard]);
        let ran = command.current_dir(parts.path(folder)).output().unwrap();
        let out = String::from_utf8(ran.stdout).unwrap();
        let names = out.lines().map(|line| line.split(':').next().unwrap());
        names
            .map(|it| it.trim_start_matches("app/").to_owned())
            .collect()
    };
    let from_top = files("", "1/2");
    assert!(files("app", "1/2").is_subset(&from_top) && from_top.len() > 5);
    let patches = many();
    for shard in ["1/3", "2/3", "3/3"] {
        parts.run(&["fix", "--shard", shard, "--allow-dirty"]);
        let out = shard.replace('/', "-");
        let split = ["split", "--by", "folder", "--out", &out, "--shard", shard];
        let ran = patches.run(&split);
        assert!(!ran.stdout.is_empty(), "{}", ran.stderr);
        for patch in ran.stdout.lines() {
            git(&patches.path(""), &["apply", patch]);
        }
        git(&patches.path(""), &["commit", "-qam", shard]);
    }
    for file in [
        "app/part_07.py",
        "app/calls.py",
        "b\u{e9} c.py",
        "app/makes.py",
    ] {
        assert_eq!(parts.read(file), whole.read(file), "{file}");
        assert_eq!(patches.read(file), whole.read(file), "{file}");
    }
    assert!(
        whole.read("app/calls.py").contains("_background_tasks"),
        "{}",
        whole.read("app/calls.py")
    );
}

#[test]
fn reports_that_do_not_go_together_are_told() {
    let project = Project::new(&[("a.py", DROPPED), ("b.py", GATHERS)]);
    let report = |name: &str, format: &str, args: &[&str]| {
        check(
            &project,
            format,
            &[&["--no-types", "--output-file", name], args].concat(),
        );
    };
    report("all", "json", &[]);
    report("lines", "json-lines", &["a.py"]);
    report("strict", "json", &["--strict", "b.py"]);
    report("sarif", "sarif", &[]);
    report("none", "json-lines", &["--ignore", "ALL"]);
    fs::write(project.path("other"), "{\"path\": 1}\n").unwrap();
    let merged = project.run(&["merge-reports", "all", "lines", "none"]);
    merged.says("a.py:5:5: in more than one report, and taken once");
    assert_eq!(
        (merged.status, merged.stdout.as_str()),
        (1, &*project.read("all"))
    );
    let ran = project.run(&[
        "merge-reports",
        "lines",
        "none",
        "--output-format",
        "json",
        "--exit-zero",
    ]);
    assert_eq!(ran.status, 0);
    assert_valid(&schema("docs/check.schema.json"), &ran.stdout);
    let none = project.run(&["merge-reports", "none"]);
    assert_eq!((none.status, none.stdout.as_str()), (0, ""));
    for (reports, message) in [
        (
            &["all", "strict"][..],
            "b.py:5:22 differs between all and strict: they are not of one state",
        ),
        (
            &["all", "sarif"],
            "sarif: reports in SARIF go with those in SARIF alone",
        ),
        (
            &["none", "all"],
            "none: it is empty, as where a run was broken off",
        ),
        (&["sarif", "none"], "none: it is empty"),
        (&["other"], "other: no site of asyncmend"),
        (&["a.py"], "a.py: no report that `check` printed"),
        (&["gone"], "cannot read gone"),
        (
            &["all", "--fail-on", "new"],
            "--fail-on new: all does not tell; run check with --baseline or --since",
        ),
        (&[], "<REPORT>"),
    ] {
        let ran = project.run(&[&["merge-reports"], reports].concat());
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
        ran.says(message);
    }
}

#[test]
fn only_what_has_changed_is_looked_at() {
    let project = repository(&[
        ("same.py", DROPPED),
        ("other.py", GATHERS),
        ("committed.py", "x = 1\n"),
        ("staged.py", "x = 1\n"),
        ("gone.py", DROPPED),
        ("old.py", GATHERS),
    ]);
    let root = project.path("");
    git(&root, &["branch", "start"]);
    // What happens on the other branch meanwhile is none of ours.
    git(&root, &["checkout", "-q", "-b", "theirs"]);
    project.write("same.py", format!("{DROPPED}\n# theirs\n").as_bytes());
    git(&root, &["commit", "-qam", "theirs"]);
    git(&root, &["checkout", "-q", "main"]);
    project.write("committed.py", DROPPED.as_bytes());
    fs::remove_file(project.path("gone.py")).unwrap();
    git(&root, &["mv", "old.py", "new name.py"]);
    git(&root, &["add", "-A"]);
    git(&root, &["commit", "-qm", "ours"]);
    project.write("staged.py", DROPPED.as_bytes());
    git(&root, &["add", "staged.py"]);
    project.write("other.py", format!("{GATHERS}\n# dirty\n").as_bytes());
    project.write("untracked.py", DROPPED.as_bytes());
    let since = ["--since", "theirs"];
    let all = [
        "committed.py",
        "new name.py",
        "other.py",
        "staged.py",
        "untracked.py",
    ];
    assert_eq!(project.found(&since), all);
    assert_eq!(
        project.found(&["--since", "HEAD"]),
        ["other.py", "staged.py", "untracked.py"]
    );
    assert_eq!(
        project.found(&["--since", "theirs", "same.py", "staged.py"]),
        ["staged.py"]
    );
    let diff = project.run(&["diff", "--since", "theirs"]);
    assert_eq!(diff.stdout.matches("+++ b/").count(), all.len());
    let args = [
        "--by",
        "transform",
        "--out",
        "out",
        "--since",
        "theirs",
        "--allow-dirty",
    ];
    let split = project.run(&[&["split"][..], &args].concat());
    let patches = split.stdout.lines().map(|patch| project.read(patch));
    let patches: String = patches.collect();
    assert_eq!(patches.matches("+++ b/").count(), all.len(), "{patches}");
    assert!(patches.contains(" --since theirs "), "{patches}");
    // A site moved with its file, one stayed, three are new.
    let (status, out) = check(&project, "json", &["--since", "theirs", "--fail-on", "new"]);
    let out = assert_valid(&schema("docs/check.schema.json"), &out);
    let new = out
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["new"] == true);
    let new: Vec<&str> = new.map(|it| it["path"].as_str().unwrap()).collect();
    assert_eq!(
        (status, new),
        (1, vec!["committed.py", "staged.py", "untracked.py"])
    );
    let other = [
        "check",
        "--since",
        "theirs",
        "--fail-on",
        "new",
        "other.py",
        "new name.py",
    ];
    let ran = project.run(&other);
    assert_eq!((ran.status, ran.stdout.as_str()), (0, ""));
    ran.says("new: 0 sites");
    git(&root, &["checkout", "-q", "--orphan", "island"]);
    git(&root, &["commit", "-qm", "island"]);
    project
        .run(&["check", "--since", "main"])
        .says("--since: main and HEAD have no commit in common");
    let fixed = project.run_as_it_is(&["fix", "--since", "HEAD", "--allow-dirty"]);
    assert_eq!(fixed.status, 0, "{}", fixed.stderr);
    assert!(
        project
            .read("staged.py")
            .ends_with("main():\n    asyncio.create_task(work())\n")
    );
    assert!(project.read("untracked.py").contains("_background_tasks"));
}

#[test]
fn what_nobody_can_choose_by_is_told() {
    let project = repository(&[("a.py", DROPPED)]);
    for (args, message) in [
        (
            ["--since", "nowhere"],
            "--since: no commit is called nowhere in ",
        ),
        (
            ["--since", "HEAD..main"],
            "--since: HEAD..main is a range; name one commit, with which to compare",
        ),
        (
            ["--since=--output=x", "a.py"],
            "it is what to compare with, such as origin/main",
        ),
        (
            ["--fail-on", "new"],
            "--fail-on new: say what is known, by --baseline FILE or by --since REV",
        ),
        (
            ["--since=HEAD", "-"],
            "--since and --shard choose among files; standard input is none",
        ),
        (
            ["--shard", "3/2"],
            "it is a number and how many there are, such as 2/8",
        ),
    ] {
        let ran = project.run(&[&["check"][..], &args].concat());
        assert_eq!(ran.status, 2);
        ran.says(message);
    }
    let outside = Project::new(&[("a.py", DROPPED)]);
    outside
        .run(&["check", "--since", "HEAD"])
        .says(" is in no work tree of Git; run in one, or leave it out to look at all files");
    let found = project.run(&["check", "--since", ":/all"]);
    assert_eq!(found.status, 0, "{}", found.stderr);
    assert_eq!(found.stderr, "looked at 0 files, none would change\n");
}

#[test]
fn what_is_known_is_known_in_one_place() {
    let twice = format!("{DROPPED}    asyncio.create_task(work())\n");
    let project = Project::new(&[("a.py", &twice), ("b.py", GATHERS)]);
    let (_, report) = check(&project, "json-lines", &["--no-types"]);
    project.write("known", report.as_bytes());
    let new = |args: &[&str]| {
        let ran = project.run(&[&["check", "--no-types", "--baseline", "known"], args].concat());
        let lines = ran.stderr.lines().find(|it| it.starts_with("new: "));
        (ran.status, lines.unwrap_or_default().to_owned())
    };
    fs::rename(project.path("a.py"), project.path("c.py")).unwrap();
    assert_eq!(new(&[]), (0, "new: 0 sites".to_owned()));
    // A file may be divided as it moves.
    project.write("c.py", DROPPED.as_bytes());
    let second = twice.replacen("    asyncio.create_task(work())\n", "", 1);
    project.write("d.py", second.as_bytes());
    assert_eq!(new(&[]).0, 1);
    for name in ["d.py", "e.py", "f.py"] {
        project.write(name, DROPPED.as_bytes());
    }
    let (status, said) = new(&[]);
    assert_eq!((status, said.as_str()), (1, "new: 3 sites"));
    let parts = ["1/3", "2/3", "3/3"].map(|shard| {
        let (_, said) = new(&["--shard", shard]);
        let count = said.trim_start_matches("new: ").split(' ').next();
        count.and_then(|it| it.parse::<usize>().ok()).unwrap_or(0)
    });
    assert_eq!(parts.iter().sum::<usize>(), 3, "{parts:?}");
    // From another folder, nothing is where it was.
    let elsewhere = project.path("sub");
    fs::create_dir(&elsewhere).unwrap();
    for name in ["g.py", "h.py"] {
        fs::write(elsewhere.join(name), DROPPED).unwrap();
    }
    let mut command = project.command(&["check", "--no-types", "--baseline", "../known"]);
    let ran = command.current_dir(&elsewhere).output().unwrap();
    assert_eq!(ran.status.code(), Some(1));
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(
        said.contains("warning: --baseline: none of its files is here; run in"),
        "{said}"
    );
}

#[test]
fn a_check_can_stop_what_is_new_alone() {
    let twice = format!("{DROPPED}    asyncio.create_task(work())\n");
    let project = Project::new(&[("a.py", &twice), ("b.py", GATHERS), ("c.py", DROPPED)]);
    for format in ["json", "json-lines", "sarif"] {
        let (status, report) = check(&project, format, &[]);
        assert_eq!(status, 1);
        project.write(format, report.as_bytes());
    }
    // Code moves, files move, and one site goes.
    let moved = twice.replace(
        "async def main",
        "def first():\n    pass\n\n\nasync def main",
    );
    project.write("a.py", moved.as_bytes());
    fs::create_dir(project.path("sub")).unwrap();
    fs::rename(project.path("b.py"), project.path("sub/d.py")).unwrap();
    project.write("c.py", b"");
    for baseline in ["json", "json-lines", "sarif"] {
        for format in [
            "full", "concise", "github", "gitlab", "junit", "markdown", "json", "sarif",
        ] {
            let (status, _) = check(&project, format, &["--baseline", baseline]);
            assert_eq!(status, 0, "{baseline}, {format}");
        }
    }
    assert_eq!(check(&project, "concise", &["--baseline", "json"]).1, "");
    // What is known stays so with the next version; reports of two are not merged.
    let own = format!("\"version\":\"{}\"", env!("CARGO_PKG_VERSION"));
    let older = project.read("sarif").replace(&own, "\"version\":\"0.0.1\"");
    project.write("older", older.as_bytes());
    assert_eq!(check(&project, "concise", &["--baseline", "older"]).0, 0);
    let merged = project.run(&["merge-reports", "older", "sarif"]);
    merged.is_trouble("older: it was made by asyncmend 0.0.1, and this is ");
    assert_eq!(
        check(
            &project,
            "concise",
            &["--baseline", "json", "--fail-on", "any"]
        )
        .0,
        1
    );
    // The third of its kind in its file, another in a file that had it no more, and one more file.
    project.write(
        "a.py",
        format!("{moved}    asyncio.create_task(work())\n").as_bytes(),
    );
    project.write("c.py", GATHERS.as_bytes());
    project.write("e.py", DROPPED.as_bytes());
    let (status, concise) = check(&project, "concise", &["--baseline", "json-lines"]);
    let lines: Vec<&str> = concise
        .lines()
        .map(|it| it.split(' ').next().unwrap())
        .collect();
    assert_eq!(
        (status, lines),
        (1, vec!["a.py:11:5:", "c.py:5:22:", "e.py:5:5:"])
    );
    let (_, json) = check(&project, "json", &["--baseline", "sarif"]);
    let json = assert_valid(&schema("docs/check.schema.json"), &json);
    let marks: Vec<bool> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["new"].as_bool().unwrap())
        .collect();
    assert_eq!(marks, [false, false, true, true, true, false]);
    let (_, sarif) = check(&project, "sarif", &["--baseline", "json"]);
    let sarif = assert_valid(&schema("tests/schemas/sarif-2.1.0.json"), &sarif);
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let marks: Vec<&Value> = results.iter().map(|it| &it["baselineState"]).collect();
    assert_eq!(
        marks,
        ["unchanged", "unchanged", "new", "new", "new", "unchanged"]
    );
    let ran = project.run(&["check", "--baseline", "json", "--statistics"]);
    assert_eq!(ran.status, 1);
    ran.says("new: 3 sites");
    // Parts of such a check can be merged, too.
    for shard in ["1/2", "2/2"] {
        let name = format!("part{}", &shard[..1]);
        let args = [
            "--baseline",
            "json",
            "--shard",
            shard,
            "--output-file",
            &name,
        ];
        check(&project, "json-lines", &args);
    }
    for args in [&[][..], &["--fail-on", "new"]] {
        let merged = project.run(&[&["merge-reports", "part1", "part2"], args].concat());
        assert_eq!((merged.status, merged.stdout.lines().count()), (1, 6));
    }
    let old = project
        .read("json-lines")
        .replace("\"fingerprint\"", "\"finger\"");
    project.write("old", old.as_bytes());
    project
        .run(&["check", "--baseline", "old"])
        .says("--baseline: old does not tell sites apart; make it anew with");
    project
        .run(&["check", "--baseline", "gone"])
        .says("--baseline: cannot read gone");
}

#[test]
fn merged_reports_fail_as_the_parts_did() {
    let project = Project::new(&[("a.py", DROPPED)]);
    check(&project, "json", &["--output-file", "known"]);
    let args = ["--baseline", "known", "--output-file", "old"];
    assert_eq!(check(&project, "json", &args).0, 0);
    assert_eq!(project.run(&["merge-reports", "old"]).status, 0);
    let any = ["merge-reports", "old", "--fail-on", "any"];
    assert_eq!(project.run(&any).status, 1);
}

/// What the table of docs/scripting.md says.
#[test]
fn each_status_means_one_thing() {
    let project = repository(&[
        ("fix.py", DROPPED),
        (
            "refused.py",
            "import asyncio\nasync def f(x):\n    await asyncio.gather(*x, return_exceptions=True)\n",
        ),
        ("clean.py", ""),
        ("broken.py", "import asyncio\nasyncio.gather(\n"),
        ("known.json", ""),
    ]);
    check(
        &project,
        "json-lines",
        &["fix.py", "--output-file", "known.json"],
    );
    let rows: &[(&[&str], i32)] = &[
        (&["check", "clean.py"], 0),
        (&["check", "fix.py"], 1),
        (&["check", "refused.py"], 1),
        (&["check", "fix.py", "--exit-zero"], 0),
        (&["check", "broken.py"], 2),
        (&["check", "broken.py", "--exit-zero"], 2),
        (&["check", "fix.py", "--fail-on", "fixable"], 1),
        (&["check", "refused.py", "--fail-on", "fixable"], 0),
        (&["check", "fix.py", "--baseline", "known.json"], 0),
        (&["check", "refused.py", "--baseline", "known.json"], 1),
        (&["check", "broken.py", "--baseline", "known.json"], 2),
        (&["check", "--nonsense"], 2),
        (&["check", "--add-ignores", "--allow-dirty", "clean.py"], 0),
        (&["check", "--add-ignores", "--allow-dirty", "broken.py"], 2),
        (&["diff", "clean.py"], 0),
        (&["diff", "refused.py"], 0),
        (&["diff", "fix.py"], 1),
        (&["diff", "fix.py", "broken.py"], 2),
        (&["merge-reports", "known.json"], 1),
        (&["merge-reports", "clean.py"], 0),
        (&["merge-reports", "known.json", "--exit-zero"], 0),
        (&["merge-reports", "fix.py"], 2),
        (&["split", "--by", "owner", "--out", "one", "clean.py"], 0),
        (&["split", "--by", "owner", "--out", "two", "fix.py"], 0),
        (
            &[
                "split",
                "--by",
                "owner",
                "--out",
                "three",
                "fix.py",
                "broken.py",
            ],
            2,
        ),
        (&["fix", "--verify", "true", "clean.py"], 0),
        (
            &[
                "fix",
                "--verify",
                "grep -q import fix.py && ! grep -q _background_tasks fix.py",
                "fix.py",
            ],
            1,
        ),
        (&["fix", "--verify", "false", "fix.py"], 2),
        (&["fix", "clean.py"], 0),
        (&["fix", "fix.py"], 0),
        (&["fix", "broken.py"], 2),
    ];
    for (args, status) in rows {
        let ran = project.run(args);
        assert_eq!(ran.status, *status, "{args:?}: {}", ran.stderr);
    }
    let page = fs::read_to_string(root().join("docs/scripting.md")).unwrap();
    let table = page.lines().filter(|line| line.starts_with("| `"));
    let mut documented = BTreeSet::new();
    for line in table {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let command = cells[0].trim_matches('`').to_owned();
        for (status, when) in (0..).zip(&cells[1..]) {
            // Where no comment can stand, there is hardly any code.
            let is_rare = when.ends_with("(rare)");
            if *when != "never" && !is_rare {
                documented.insert((command.clone(), status));
            }
        }
    }
    let seen: BTreeSet<(String, i32)> = rows
        .iter()
        .map(|(args, status)| {
            let more = ["--add-ignores", "--verify"];
            let more = more.iter().find(|it| args.contains(it));
            let command = more.map_or(args[0].to_owned(), |more| format!("{} {more}", args[0]));
            (command, *status)
        })
        .collect();
    assert_eq!(
        documented, seen,
        "docs/scripting.md has the left, what was seen is the right"
    );
}

#[test]
fn a_list_may_be_long_and_have_anything_in_it() {
    let project = Project::new(&[("sub/a.py", DROPPED), ("b.py", DROPPED), ("text.txt", "x")]);
    let mut list = Vec::new();
    for index in 0..20_000 {
        list.extend_from_slice(format!("sub/missing{index}.txt\0").as_bytes());
        list.extend_from_slice(b"sub/a.py\0./sub/../sub/a.py\0text.txt\0");
    }
    list.extend_from_slice(b"b.py\0\0no\xff.py");
    project.write("list", &list);
    let ran = project.run(&[
        "check",
        "--no-types",
        "-0",
        "--files-from",
        "list",
        "--output-format",
        "concise",
    ]);
    assert_eq!(ran.status, 2);
    assert_eq!(ran.stdout.lines().count(), 2, "{}", ran.stdout);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("sub/a.py", project.path("link.py")).unwrap();
        let list = b"\xef\xbb\xbflink.py\r\nsub/a.py\r\n";
        let ran = project.run_with_stdin(
            &["check", "--files-from", "-", "--output-format", "concise"],
            list,
        );
        assert_eq!(
            (ran.status, ran.stdout.lines().count()),
            (1, 1),
            "{}",
            ran.stdout
        );
    }
}
