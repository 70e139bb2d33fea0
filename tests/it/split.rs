//! `split`: patches that Git applies in any order, and that are together what `fix` does.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use asyncmend_pipeline::Pipeline;
use serde_json::Value;

use crate::case;
use crate::cases::on_a_big_stack;
use crate::cli::{DROPPED, Project, Ran};
use crate::formats::{assert_valid, schema};
use crate::mailbox::{git, repository};
use crate::notebooks::notebook;
use crate::programs::number;

/// In each of its functions something to mend, for which no helper is needed: with blank lines between them, so
/// that a patch of one shows nothing of the other.
const APART: &str = "\
import asyncio


async def drop(job):
    print('begin')
    print('go on')
    task = asyncio.create_task(job())
    print('end')


def one():
    return 1


def two():
    return 2


async def wait(job):
    print('begin')
    print('go on')
    await asyncio.wait_for(job(), 5)
    print('end')
    print('and more')
";

/// Two that share what they insert.
const TOGETHER: &str = "\
import asyncio


async def both(one, two):
    asyncio.create_task(one())
    return [1, await asyncio.gather(one(), two())]
";

fn split(project: &Project, args: &[&str]) -> Ran {
    project.run(&[&["split", "--no-types", "--out", "out"], args].concat())
}

#[track_caller]
fn index(project: &Project) -> Value {
    assert_valid(
        &schema("docs/split.schema.json"),
        &project.read("out/index.json"),
    )
}

/// What is called `key` in each shard.
fn each<'i>(index: &'i Value, key: &str) -> Vec<&'i Value> {
    let shards = index["shards"].as_array().expect("a list");
    shards.iter().map(|shard| &shard[key]).collect()
}

/// The same, where it is a string.
fn words<'i>(index: &'i Value, key: &str) -> Vec<&'i str> {
    let values = each(index, key).into_iter();
    values.map(|it| it.as_str().expect("a string")).collect()
}

fn strings(value: &Value) -> Vec<&str> {
    let values = value.as_array().expect("a list").iter();
    values.map(|it| it.as_str().expect("a string")).collect()
}

/// The files of the work tree, but for what Git ignores, with their contents.
fn contents(project: &Project) -> BTreeMap<String, Vec<u8>> {
    let root = project.path("");
    let list = git(
        &root,
        &[
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
    );
    let names = list.split('\0').filter(|name| !name.is_empty());
    names
        .map(|name| (name.to_owned(), fs::read(root.join(name)).expect("a file")))
        .collect()
}

fn reset(project: &Project) {
    let root = project.path("");
    git(&root, &["reset", "-q", "--hard"]);
    git(&root, &["clean", "-qfd"]);
}

/// What `fix` makes of all files.
fn fixed(project: &Project, args: &[&str]) -> BTreeMap<String, Vec<u8>> {
    project.run(&[&["fix", "--no-types", "--quiet"], args].concat());
    let fixed = contents(project);
    reset(project);
    fixed
}

fn is_python(text: &[u8]) -> bool {
    let case = case::together_cases().swap_remove(0);
    let pipeline: Pipeline = case.pipeline();
    let text = String::from_utf8(text.to_vec()).expect("UTF-8");
    pipeline.ask(&text, |_| ()).is_some()
}

/// Splits the project as `args` say, and checks that each patch applies alone, that all do in any order, and that
/// this is what `fix` does.
#[track_caller]
fn assert_splits(project: &Project, args: &[&str]) -> Value {
    let root = project.path("");
    let expected = fixed(project, &[]);
    let before = contents(project);
    let ran = split(project, args);
    assert!(ran.status != 1, "{}", ran.stderr);
    assert_eq!(contents(project), before, "the work tree is as it was");
    let index = index(project);
    let patches: Vec<String> = each(&index, "patch")
        .iter()
        .map(|it| format!("out/{}", it.as_str().expect("a name")))
        .collect();
    let listed: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(listed, patches);
    let needs: Vec<Vec<&str>> = each(&index, "needs").into_iter().map(strings).collect();
    for (place, (patch, needs)) in patches.iter().zip(&needs).enumerate() {
        // Alone, on what nobody has touched.
        git(&root, &["apply", "--whitespace=nowarn", patch]);
        let mut is_whole = true;
        for (name, text) in &contents(project) {
            if before.get(name) != Some(text)
                && Path::new(name).extension().is_none_or(|it| it != "ipynb")
            {
                assert!(is_python(text), "{patch}: {name}");
                is_whole &= expected.get(name) == Some(text);
            }
        }
        assert!(is_whole || args.contains(&"transform"), "{patch}");
        reset(project);
        git(&root, &["am", "-q", "--keep-cr", patch]);
        git(&root, &["reset", "-q", "--hard", "HEAD~1"]);
        assert!(
            needs
                .iter()
                .all(|need| patches[..place].contains(&format!("out/{need}")))
        );
    }
    let seed = number("SEED", 1);
    let mut random = fastrand::Rng::with_seed(seed);
    for turn in 0..3 {
        let mut order: Vec<usize> = (0..patches.len()).collect();
        if turn > 0 {
            random.shuffle(&mut order);
        }
        for place in &order {
            git(&root, &["apply", "--whitespace=nowarn", &patches[*place]]);
        }
        let applied = contents(project);
        for (name, text) in &expected {
            let applied = applied.get(name).map(|it| String::from_utf8_lossy(it));
            let text = String::from_utf8_lossy(text);
            assert_eq!(
                applied.as_deref(),
                Some(&*text),
                "{name}: {order:?}, seed {seed}"
            );
        }
        assert_eq!(applied.len(), expected.len());
        reset(project);
    }
    fs::remove_dir_all(project.path("out")).expect("it was written");
    index
}

/// All cases, in a folder each for their transform, and files of other kinds.
fn all_cases(more: &[(&str, &str)]) -> Project {
    let mut files: Vec<(String, String)> = Vec::new();
    for case in case::all_cases() {
        if case.run(&case.text).is_ok() {
            files.push((format!("{}.py", case.name), case.text));
        }
    }
    let count = files.len();
    assert!(count > 500, "{count} cases");
    let files: Vec<(&str, &str)> = (files.iter())
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .chain([(".gitignore", "/out/\n"), ("apart.py", APART)])
        .chain(more.iter().copied())
        .collect();
    repository(&files)
}

#[test]
fn all_patches_together_are_what_fix_does() {
    on_a_big_stack(|| {
        let owners = "gather/ @a\n*wait* @b c@example.org\n/together/rewrites* @d\n";
        let crlf = DROPPED.replace('\n', "\r\n");
        let book = notebook(&["import asyncio", "asyncio.create_task(f())"]);
        let project = all_cases(&[
            ("CODEOWNERS", owners),
            ("wait_for/pyproject.toml", "[project]\nname = 'waits'\n"),
            ("caf\u{e9} \"x\"/b\\c.py", TOGETHER),
            ("crlf.py", &crlf),
            ("book.ipynb", &book),
            ("no_end.py", DROPPED.trim_end()),
        ]);
        for args in [
            &["--by", "owner", "--max-sites", "40"][..],
            &["--by", "package"],
            &["--by", "folder", "--max-files", "60"],
            &["--by", "transform", "--max-files", "40"],
        ] {
            assert_splits(&project, args);
        }
    });
}

#[test]
fn modules_for_helpers_go_first() {
    let project = repository(&[
        (".gitignore", "/out/\n"),
        (
            "one/pyproject.toml",
            "[project]\nname = 'one'\n[tool.asyncmend]\nhelper-module = 'one.aio'\n",
        ),
        ("one/one/__init__.py", ""),
        ("one/one/a.py", DROPPED),
        ("one/one/b.py", TOGETHER),
        ("one/one/sub/__init__.py", ""),
        ("one/one/sub/c.py", TOGETHER),
        ("two/a.py", DROPPED),
    ]);
    let index = assert_splits(&project, &["--by", "folder", "--depth", "3"]);
    let patches = words(&index, "patch");
    assert_eq!(
        patches,
        [
            "0001-asyncmend-helpers-one-one-aio-py.patch",
            "0002-asyncmend-one-one.patch",
            "0003-asyncmend-one-one-sub.patch",
            "0004-asyncmend-two.patch",
        ]
    );
    let needs: Vec<usize> = each(&index, "needs")
        .iter()
        .map(|it| strings(it).len())
        .collect();
    assert_eq!(needs, [0, 1, 1, 0]);
    assert_eq!(index["shards"][0]["helpers"], true);
    assert_eq!(
        index["shards"][0]["title"],
        "Add asyncio helpers in one/one/aio.py"
    );
    assert_splits(&project, &["--by", "transform"]);
}

#[test]
fn a_module_for_helpers_may_have_sites_of_its_own() {
    let project = repository(&[
        (".gitignore", "/out/\n"),
        (
            "pyproject.toml",
            "[project]\nname = 'app'\n[tool.asyncmend]\nhelper-module = 'app.aio'\n",
        ),
        ("app/__init__.py", ""),
        ("app/aio.py", DROPPED),
        ("app/b.py", TOGETHER),
    ]);
    let index = assert_splits(&project, &["--by", "transform"]);
    let sites: Vec<u64> = each(&index, "sites")
        .iter()
        .map(|it| it["retain-task"].as_u64().unwrap_or(0))
        .collect();
    assert_eq!(sites, [1, 1]);
    assert_eq!(
        index["shards"][0]["title"],
        "Add asyncio helpers in app/aio.py (1 site)"
    );
}

#[test]
fn files_are_divided_by_transforms_where_their_fixes_do_not_meet() {
    let apart = APART.replace("    task = asyncio", "    asyncio");
    let project = repository(&[
        (".gitignore", "/out/\n"),
        ("apart.py", &apart),
        ("together.py", TOGETHER),
        (
            "pyproject.toml",
            "[tool.asyncmend.retain-task]\nhelper = 'keeping.keep'\n",
        ),
        ("keeping.py", "def keep(task): return task\n"),
    ]);
    // The import of what keeps the task stands at the top, and the wait at the end.
    let index = assert_splits(&project, &["--by", "transform"]);
    let files: Vec<Vec<&str>> = each(&index, "files").into_iter().map(strings).collect();
    assert_eq!(files, [vec!["apart.py", "together.py"], vec!["apart.py"]]);
    assert_eq!(strings(&index["undivided"]), ["together.py"]);
    let titles: Vec<&Value> = each(&index, "title");
    assert_eq!(
        titles,
        [
            "Keep references to asyncio tasks (2 sites and 1 other)",
            "Keep cancellations that wait_for loses (1 site)",
        ]
    );
    split(&project, &["--by", "transform"])
        .says("fixes of several transforms meet in together.py: such a file is whole in the patch of the first");
}

#[test]
fn messages_say_what_a_maintainer_asks() {
    let long = format!("services/{}/deep", "very-long-name".repeat(6));
    let project = repository(&[
        ("services/billing/a.py", DROPPED),
        (&format!("{long}/b.py"), TOGETHER),
        ("held.py", "def f(loop):\n    loop.create_task(g())\n"),
        (
            "docs/CODEOWNERS",
            "* @org/platform\n/services/billing/ @org/payments @ops\n",
        ),
    ]);
    let ran = split(&project, &["--by", "owner", "--reject", "late-report"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    ran.says("wrote 2 patches with 3 sites; out/index.json has the index");
    let index = index(&project);
    assert_eq!(
        each(&index, "title"),
        [
            "Keep references to asyncio tasks in code of @ops @org/payments (1 site)",
            "Mend uses of asyncio in code of @org/platform (2 sites)",
        ]
    );
    assert_eq!(index["left"]["retain-task"]["held"], 1);
    let root = project.path("");
    let mut bodies = Vec::new();
    for patch in each(&index, "patch") {
        git(
            &root,
            &["am", "-q", &format!("out/{}", patch.as_str().unwrap())],
        );
        let message = git(&root, &["log", "-1", "--format=%s%n%b"]);
        let long = |line: &&str| {
            line.chars().count() > 72
                && !line.contains("very-long-name")
                && !line.contains("https://")
        };
        assert_eq!(message.lines().find(long), None);
        bodies.push(message);
    }
    for line in [
        "See https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task",
        "Each of these fixes is safe: beside the flaw, nothing that a program can",
        "    asyncmend split --by owner --reject late-report --out PATCHES \\",
        "        --no-types",
        "It is 0001-asyncmend-ops-org-payments.patch there.",
        "Owners, as CODEOWNERS says: @org/payments @ops",
        "It stands for itself: it needs no other change of this series.",
    ] {
        assert!(
            bodies[0].lines().any(|it| it == line),
            "no `{line}` in\n{}",
            bodies[0]
        );
    }
    for part in [
        "What may differ from before, beside that:\n\n- unknown-awaitable: ",
        "- keep the task until it is done with `_keep_task` (1 site)\n",
    ] {
        assert!(bodies[1].contains(part), "no `{part}` in\n{}", bodies[1]);
    }
    fs::remove_dir_all(project.path("out")).unwrap();
    git(&root, &["reset", "-q", "--hard", "HEAD~2"]);
    split(&project, &["--by", "folder", "--depth", "3"]);
    let title = self::index(&project)["shards"][1]["title"].clone();
    assert_eq!(title, "Mend uses of asyncio in ../deep (2 sites)");
}

#[test]
fn groups_that_are_too_large_are_divided() {
    let many = "    asyncio.create_task(work())\n".repeat(4);
    let project = repository(&[
        ("a.py", DROPPED),
        ("b.py", &format!("{DROPPED}{many}")),
        ("c.py", DROPPED),
        ("d/e.py", DROPPED),
    ]);
    let files = |args: &[&str]| {
        assert_eq!(split(&project, args).status, 0);
        let index = index(&project);
        fs::remove_dir_all(project.path("out")).unwrap();
        let files = each(&index, "files")
            .into_iter()
            .map(|it| strings(it).join(" "));
        (files.collect::<Vec<_>>(), index)
    };
    let (two, index) = files(&["--by", "package", "--max-files", "2"]);
    assert_eq!(two, ["a.py b.py", "c.py d/e.py"]);
    assert_eq!(
        each(&index, "title"),
        [
            "Keep references to asyncio tasks in unpackaged code (1/2, 6 sites)",
            "Keep references to asyncio tasks in unpackaged code (2/2, 2 sites)",
        ]
    );
    assert_eq!(
        files(&["--by", "package", "--max-sites", "2"]).0,
        ["a.py", "b.py", "c.py d/e.py"]
    );
    assert_eq!(files(&["--by", "folder"]).0, ["a.py b.py c.py", "d/e.py"]);
}

#[test]
fn branches_are_made_beside_the_work_tree() {
    let project = repository(&[
        (".gitignore", "/out/\n"),
        (
            "pyproject.toml",
            "[project]\nname = 'app'\n[tool.asyncmend]\nhelper-module = 'app.aio'\n",
        ),
        ("app/__init__.py", ""),
        ("app/a.py", DROPPED),
        ("app/b_c/__init__.py", ""),
        ("app/b_c/x.py", DROPPED),
        ("app/b__c/__init__.py", ""),
        ("app/b__c/x.py", DROPPED),
        ("plain/.keep", ""),
    ]);
    let root = project.path("");
    // What a repository has run when something is committed.
    let hook = project.path(".git/hooks/reference-transaction");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(
        &hook,
        "#!/bin/sh\ntouch \"$(git rev-parse --show-toplevel)/ran\"\n",
    )
    .unwrap();
    assert!(
        Command::new("chmod")
            .arg("+x")
            .arg(&hook)
            .status()
            .unwrap()
            .success()
    );
    project.write("app/staged.txt", b"staged\n");
    git(&root, &["add", "app/staged.txt"]);
    fs::remove_file(project.path("ran")).ok();
    let state = |project: &Project| {
        let index = fs::read(project.path(".git/index")).unwrap();
        (
            git(&root, &["status", "--porcelain"]),
            git(&root, &["rev-parse", "HEAD"]),
            index,
        )
    };
    let before = state(&project);
    let by = ["--by", "folder", "--depth", "2", "--branches", "mend"];
    let ran = split(&project, &by);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    ran.says("wrote 4 patches and 4 branches with 3 sites");
    assert_eq!(state(&project), before);
    assert!(!project.path("ran").exists());
    let index = index(&project);
    let branches = words(&index, "branch");
    assert_eq!(
        branches,
        [
            "mend/helpers-app-aio-py",
            "mend/app",
            "mend/app-b-c",
            "mend/app-b-c-2"
        ]
    );
    let expected = {
        git(&root, &["reset", "-q"]);
        fixed(&project, &[])
    };
    for (branch, files) in branches.iter().zip(each(&index, "files")) {
        let count = if branch.contains("helpers") { "1" } else { "2" };
        let log = git(&root, &["rev-list", "--count", &format!("main..{branch}")]);
        assert_eq!(log.trim(), count, "{branch}");
        for file in strings(files) {
            let text = git(&root, &["show", &format!("{branch}:{file}")]);
            assert_eq!(text.as_bytes(), expected[file], "{branch}: {file}");
        }
        let log = git(&root, &["log", "-1", "--format=%an|%s", branch]);
        assert!(log.starts_with("Ada L\u{f6}v|"), "{log}");
    }
    fs::remove_dir_all(project.path("out")).unwrap();
    split(&project, &by).says("there is a branch mend/app already; name another prefix");
    split(&project, &["--by", "folder", "--branches", "a..b"])
        .says("no branch can be called a..b/..");
    split(&project, &["--by", "folder", "--branches", "main"]).says("--branches: ");
    assert!(!project.path("out").exists());
}

#[test]
fn nothing_is_written_where_the_patches_would_not_apply() {
    let project = repository(&[("a.py", DROPPED), ("b.py", DROPPED)]);
    project.write("a.py", format!("{DROPPED}# new\n").as_bytes());
    let ran = split(&project, &["--by", "folder"]);
    assert_eq!(ran.status, 2);
    ran.says("nothing was written: there are uncommitted changes in what would change (a.py)");
    let ran = split(
        &project,
        &["--by", "folder", "--branches", "x", "--allow-dirty"],
    );
    assert_eq!(ran.status, 2);
    assert!(!project.path("out").exists());
    assert_eq!(
        split(&project, &["--by", "folder", "--allow-dirty"]).status,
        0
    );
    assert_eq!(index(&project)["base"], Value::Null);
    let ran = split(&project, &["--by", "folder", "--allow-dirty"]);
    assert_eq!(ran.status, 2);
    ran.says("--out: out is not empty; name another folder, or remove it");
    // A repository inside of this one has commits of its own.
    let inside = repository(&[("c.py", DROPPED)]);
    fs::rename(inside.path(""), project.path("inside")).unwrap();
    let ran = project.run(&["split", "--by", "folder", "--out", "new", "--allow-dirty"]);
    assert_eq!(ran.status, 2);
    ran.says("nothing was written: inside/c.py would change, and is not in the work tree");
    assert!(!project.path("new").exists());
    fs::create_dir_all(inside.path("")).unwrap();
}

#[test]
fn what_cannot_be_read_is_named_and_all_else_is_split() {
    let project = Project::new(&[
        ("a.py", DROPPED),
        ("b.py", "import asyncio\nasyncio.create_task(\n"),
    ]);
    let ran = split(&project, &["--by", "owner"]);
    assert_eq!(ran.status, 2);
    let index = index(&project);
    assert_eq!(index["left_out"][0]["path"], "b.py");
    assert_eq!(index["base"], Value::Null);
    assert_eq!(
        each(&index, "title"),
        ["Keep references to asyncio tasks in unowned code (1 site)"]
    );
    // Outside of Git, `patch` takes them.
    let patch = project.path("out/0001-asyncmend-no-owner.patch");
    let patched = Command::new("patch")
        .args(["-p1", "-s", "-i"])
        .arg(&patch)
        .current_dir(project.path(""))
        .output();
    assert!(patched.expect("patch runs").status.success());
    assert!(
        project.read("a.py").contains("_background_tasks"),
        "{}",
        project.read("a.py")
    );
    fs::remove_dir_all(project.path("out")).unwrap();
    let ran = split(&project, &["--by", "owner", "a.py"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (0, ""));
    ran.says("wrote no patch: nothing would change; out/index.json has what is left");
    assert_eq!(self::index(&project)["shards"], Value::Array(Vec::new()));
}

#[test]
fn what_makes_no_sense_together_is_told() {
    let project = Project::new(&[("a.py", DROPPED)]);
    for (args, message) in [
        (
            &["--by", "owner", "--depth", "2"][..],
            "--depth: it is of folders; name `--by folder`",
        ),
        (
            &["--by", "owner", "-"],
            "split makes patches of files; standard input is none",
        ),
        (
            &["--by", "owner", "--branches", "x"],
            "--branches: there is no commit in ",
        ),
        (
            &["--by", "owner", "--max-files", "0"],
            "invalid value '0' for '--max-files <N>': it is a number from 1 on",
        ),
        (&["--by", "team"], "invalid value 'team'"),
        (&[], "--by <WHAT>"),
    ] {
        let ran = split(&project, args);
        assert_eq!(ran.status, 2);
        ran.says(message);
    }
    assert!(!project.path("out").exists());
}

/// What a shell makes of the lines in a message, at the top of the work tree.
#[cfg(unix)]
fn made_again(project: &Project, message: &str) {
    let lines = message.lines().filter(|line| line.starts_with("    "));
    let lines: Vec<&str> = lines.collect();
    let program = Path::new(env!("CARGO_BIN_EXE_asyncmend"));
    let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    let ran = Command::new("bash")
        .args(["-c", &lines.join("\n")])
        .current_dir(project.path(""))
        .env("PATH", path)
        .output()
        .expect("a shell");
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
}

#[cfg(unix)]
#[test]
fn a_message_says_how_to_make_its_patch_again() {
    let odd = "a'b\n---\nc.toml";
    let other: Vec<(String, &str)> = (0..60)
        .map(|it| (format!("sub/more/part {it}.py"), DROPPED))
        .collect();
    let mut files: Vec<(&str, &str)> = vec![
        (".gitignore", "out/\nPATCHES/\n"),
        ("sub/a.py", TOGETHER),
        ("sub/deep/b.py", DROPPED),
        ("not/this.py", DROPPED),
        (odd, "reject = ['late-report']\n"),
    ];
    files.extend(other.iter().map(|(name, text)| (name.as_str(), *text)));
    let project = repository(&files);
    let config = format!("../{odd}");
    let args = [
        "split",
        "--by",
        "transform",
        "--no-types",
        "--max-files",
        "20",
        "--config",
        &config,
        "--out",
        "out",
        "--",
        ".",
        "deep/b.py",
    ];
    let mut command = project.command(&args);
    let ran = command.current_dir(project.path("sub")).output().unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let name = String::from_utf8(ran.stdout).unwrap();
    let name = name.lines().nth(1).unwrap();
    let patch = project.read(&format!("sub/{name}"));
    assert!(
        patch
            .contains("\nTo make it again, at the top of the work tree as it was:\n\n    cd sub\n")
    );
    let (message, _) = patch.split_once("\n---\n").unwrap();
    made_again(&project, message);
    let name = Path::new(name).file_name().unwrap().to_str().unwrap();
    assert!(
        message.contains(&format!("\nIt is {name} there.\n")),
        "{message}"
    );
    assert_eq!(project.read(&format!("sub/PATCHES/{name}")), patch);
}

#[cfg(unix)]
#[test]
fn no_name_is_read_as_a_part_of_a_patch() {
    let name = "x\n---\ndiff --git a/victim.txt b/victim.txt\n--- a/victim.txt\n+++ b/victim.txt\n\
                @@ -1 +1 @@\n-good\n+evil\n.py";
    let project = repository(&[
        (".gitignore", "/out/\n"),
        (name, DROPPED),
        ("victim.txt", "good\n"),
        ("CODEOWNERS", "* @a\x0b---\n"),
    ]);
    let root = project.path("");
    for by in ["folder", "owner", "package", "transform"] {
        let ran = split(&project, &["--by", by, "--", name]);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        let patch = format!(
            "out/{}",
            index(&project)["shards"][0]["patch"].as_str().unwrap()
        );
        git(&root, &["am", "-q", "--keep-cr", &patch]);
        assert_eq!(
            git(&root, &["diff", "--name-only", "-z", "HEAD~1"]),
            format!("{name}\0")
        );
        git(&root, &["reset", "-q", "--hard", "HEAD~1"]);
        git(&root, &["apply", &patch]);
        assert_eq!(project.read("victim.txt"), "good\n");
        reset(&project);
        fs::remove_dir_all(project.path("out")).unwrap();
    }
    fs::create_dir(project.path("out")).unwrap();
    let mailbox = [
        "diff",
        "--format",
        "mbox",
        "--no-types",
        "--output-file",
        "out/mbox",
    ];
    assert_eq!(project.run(&mailbox).status, 1);
    git(&root, &["am", "-q", "--keep-cr", "out/mbox"]);
    assert_eq!(
        git(&root, &["diff", "--name-only", "-z", "HEAD~1"]),
        format!("{name}\0")
    );
}

#[test]
fn what_patches_import_has_to_be_committed() {
    let complete = {
        let project = Project::new(&[
            (
                "pyproject.toml",
                "[project]\nname = 'app'\n[tool.asyncmend]\nhelper-module = 'app.aio'\n",
            ),
            ("app/__init__.py", ""),
            ("app/a.py", DROPPED),
        ]);
        project.run(&["fix", "--no-types"]);
        project.read("app/aio.py")
    };
    for (setting, text) in [
        ("helper-module = 'app.aio'", complete.as_str()),
        (
            "retain-task.helper = 'app.aio.keep'",
            "def keep(task): return task\n",
        ),
    ] {
        let project = repository(&[
            (
                "pyproject.toml",
                &format!("[project]\nname = 'app'\n[tool.asyncmend]\n{setting}\n"),
            ),
            ("app/__init__.py", ""),
            ("app/a.py", DROPPED),
        ]);
        project.write("app/aio.py", text.as_bytes());
        let ran = split(&project, &["--by", "folder", "--branches", "m"]);
        assert_eq!(ran.status, 2, "{}", ran.stderr);
        ran.says("what would change imports from app/aio.py, which has uncommitted changes");
        assert!(!project.path("out").exists());
        let root = project.path("");
        git(&root, &["add", "-A"]);
        git(&root, &["commit", "-qm", "aio"]);
        assert_eq!(
            split(&project, &["--by", "folder", "--branches", "m"]).status,
            0
        );
    }
}

#[test]
fn where_git_does_not_answer_nothing_is_split() {
    let project = repository(&[("a.py", DROPPED)]);
    project.write("a.py", format!("{DROPPED}# new\n").as_bytes());
    let no_git = |args: &[&str]| {
        let ran = project
            .command(args)
            .env("PATH", "/nowhere")
            .output()
            .unwrap();
        (ran.status.code(), String::from_utf8(ran.stderr).unwrap())
    };
    let args = ["split", "--no-types", "--by", "folder", "--out", "out"];
    let (status, said) = no_git(&args);
    assert_eq!(status, Some(2), "{said}");
    assert!(
        said.contains("cannot tell what is committed in ")
            && said
                .contains(": cannot run git: no such file or directory; run with --allow-dirty\n"),
        "{said}"
    );
    let (status, said) = no_git(&["check", "--since", "main"]);
    assert_eq!(status, Some(2), "{said}");
    let expected = "error: --since needs Git: cannot run git: no such file or directory\n";
    assert_eq!(said, expected);
    // As where the folder is somebody else's, Git complains.
    project.write(".git/config", b"[core]\n\trepositoryformatversion = 99\n");
    let ran = split(&project, &["--by", "folder"]);
    assert_eq!(ran.status, 2);
    ran.says("Expected git repo version <= 1, found 99");
    let ran = project.run(&["check", "--since", "main"]);
    assert_eq!(ran.status, 2);
    ran.says("Expected git repo version <= 1, found 99");
    assert!(!project.path("out").exists());
}

#[test]
fn lines_end_in_patches_as_in_what_is_committed() {
    let crlf = DROPPED.replace('\n', "\r\n");
    for setting in ["auto", "attributes"] {
        let project = repository(&[
            (".gitignore", "/out/\n"),
            ("a.py", DROPPED),
            ("kept.py", DROPPED),
            ("sub/b.py", &TOGETHER.replace('\n', "\r\n")),
        ]);
        let root = project.path("");
        if setting == "auto" {
            git(&root, &["config", "core.autocrlf", "true"]);
        } else {
            project.write(".gitattributes", b"a.py text eol=crlf\n");
            git(&root, &["add", "-A"]);
            git(&root, &["commit", "-qm", "lines"]);
        }
        let mut again = vec!["a.py"];
        if setting == "auto" {
            again.push("kept.py");
        }
        for name in again {
            fs::remove_file(project.path(name)).unwrap();
            git(&root, &["checkout", "-q", name]);
        }
        assert_eq!(project.read("a.py"), crlf);
        assert_eq!(git(&root, &["status", "--porcelain"]), "");
        let ran = split(&project, &["--by", "folder", "--branches", "m"]);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        assert!(!git(&root, &["show", "m/top:a.py"]).contains('\r'));
        assert_eq!(
            git(&root, &["show", "m/sub:sub/b.py"])
                .matches('\n')
                .count(),
            git(&root, &["show", "m/sub:sub/b.py"])
                .matches("\r\n")
                .count()
        );
        fs::remove_dir_all(project.path("out")).unwrap();
        assert_splits(&project, &["--by", "folder"]);
    }
}

#[test]
fn an_empty_folder_stays_the_same_folder() {
    let project = repository(&[("repo/a.py", DROPPED)]);
    fs::create_dir(project.path("empty")).unwrap();
    let args = [
        "split",
        "--no-types",
        "--by",
        "folder",
        "--out",
        ".",
        "../repo",
    ];
    let run = |args: &[&str]| {
        let mut command = project.command(args);
        command.current_dir(project.path("empty"));
        command.output().unwrap()
    };
    #[cfg(unix)]
    let before = std::os::unix::fs::MetadataExt::ino(&fs::metadata(project.path("empty")).unwrap());
    let ran = run(&args);
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let names = || {
        let entries = fs::read_dir(project.path("empty")).unwrap();
        let mut names: Vec<_> = entries.map(|it| it.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names(), ["0001-asyncmend-repo.patch", "index.json"]);
    #[cfg(unix)]
    assert_eq!(
        before,
        std::os::unix::fs::MetadataExt::ino(&fs::metadata(project.path("empty")).unwrap())
    );
    for name in names() {
        fs::remove_file(project.path("empty").join(name)).unwrap();
    }
    // Where branches cannot be made there is nothing else.
    let heads = project.path(".git/refs/heads/m");
    fs::create_dir_all(&heads).unwrap();
    fs::write(heads.join("repo.lock"), "").unwrap();
    let ran = run(&[&args[..], &["--branches", "m"]].concat());
    assert_eq!(ran.status.code(), Some(2));
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(said.contains("--branches: no branch was made"), "{said}");
    assert!(names().is_empty(), "{:?}", names());
}

#[cfg(unix)]
#[test]
fn whoever_interrupts_a_split_finds_nothing_of_it() {
    use std::os::unix::process::ExitStatusExt;
    use std::thread;
    use std::time::Duration;
    let names: Vec<String> = (0..400).map(|it| format!("d{it}/a.py")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|it| (it.as_str(), DROPPED)).collect();
    let project = repository(&files);
    let args = [
        "split",
        "--no-types",
        "--by",
        "folder",
        "--out",
        "out",
        "--branches",
        "m",
    ];
    let child = project.command(&args).spawn().unwrap();
    let objects = || walk_count(&project.path(".git/objects"));
    let before = objects();
    // The first commits are made.
    while objects() < before + 30 {
        thread::sleep(Duration::from_millis(5));
    }
    let kill = Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.signal(), Some(15), "{said}");
    assert!(
        said.contains("interrupted before anything was written; run again"),
        "{said}"
    );
    assert!(!project.path("out").exists());
    assert_eq!(git(&project.path(""), &["branch", "--list", "m/*"]), "");
    let entries = fs::read_dir(project.path("")).unwrap();
    let left = entries.filter(|it| {
        it.as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with(".asyncmend")
    });
    assert_eq!(left.count(), 0);
}

/// How many files there are.
#[cfg(unix)]
fn walk_count(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|it| {
            if it.path().is_dir() {
                walk_count(&it.path())
            } else {
                1
            }
        })
        .sum()
}

#[test]
fn an_author_keeps_the_name() {
    let project = repository(&[("a.py", DROPPED)]);
    let root = project.path("");
    for name in ["O\"Q", "L\u{f6}v, A. \\ (x)", "<>plain"] {
        git(&root, &["config", "user.name", name]);
        assert_eq!(split(&project, &["--by", "folder"]).status, 0);
        git(&root, &["am", "-q", "out/0001-asyncmend-top.patch"]);
        let author = git(&root, &["log", "-1", "--format=%an"]);
        assert_eq!(author.trim(), name.trim_start_matches("<>"));
        git(&root, &["reset", "-q", "--hard", "HEAD~1"]);
        fs::remove_dir_all(project.path("out")).unwrap();
    }
}

#[test]
fn a_repository_without_a_commit_is_one() {
    let project = Project::new(&[("a.py", DROPPED)]);
    git(&project.path(""), &["init", "-q"]);
    split(&project, &["--by", "folder", "--branches", "m"])
        .says("--branches: there is no commit in ");
    assert_eq!(
        split(&project, &["--by", "folder", "--allow-dirty"]).status,
        0
    );
    assert_eq!(index(&project)["base"], Value::Null);
}

#[test]
fn owners_are_one_group_in_any_order() {
    let project = repository(&[
        ("CODEOWNERS", "a.py @b @a\nb.py @a @b\nc.py @a @b @a\n"),
        ("a.py", DROPPED),
        ("b.py", DROPPED),
        ("c.py", DROPPED),
    ]);
    assert_eq!(split(&project, &["--by", "owner"]).status, 0);
    let index = index(&project);
    assert_eq!(each(&index, "group"), ["@a @b"]);
    let without = repository(&[("a.py", DROPPED)]);
    split(&without, &["--by", "owner"]).says("no CODEOWNERS that can be read is in ");
}
