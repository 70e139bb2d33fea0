//! What `fix` does to files whose text Git could not bring back, and what stays of them.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::cli::{DROPPED, Project, Ran, git};
use crate::programs::number;

/// How often a run is killed; `KILLS` says another number.
#[cfg(unix)]
const KILLS: u64 = 60;

/// A repository with these files in its first commit.
fn repository(files: &[(&str, &str)]) -> Project {
    let project = Project::new(files);
    git(&project, &["init", "--quiet"]);
    commit(&project);
    project
}

fn commit(project: &Project) {
    let name = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
    git(project, &["add", "--all"]);
    git(
        project,
        &[&name[..], &["commit", "--quiet", "--message", "all"]].concat(),
    );
}

/// `fix` as people type it.
fn fix(project: &Project, args: &[&str]) -> Ran {
    project.run_as_it_is(&[&["fix"], args].concat())
}

fn change(project: &Project, path: &str) -> String {
    let text = format!("{}\n# changed\n", project.read(path));
    project.write(path, text.as_bytes());
    text
}

#[test]
fn committed_files_are_changed() {
    let project = repository(&[("a.py", DROPPED), ("sub/b.py", DROPPED)]);
    assert_eq!(fix(&project, &[]).status, 0);
    assert_ne!(project.read("a.py"), DROPPED);
    assert_ne!(project.read("sub/b.py"), DROPPED);
    // Nothing is left to change, so that it does not matter that nothing is committed.
    assert_eq!(fix(&project, &[]).status, 0);
}

#[test]
fn nothing_is_written_where_a_file_that_would_change_is_not_committed() {
    let project = repository(&[
        ("a.py", DROPPED),
        ("b.py", DROPPED),
        (".gitignore", "c.py\n"),
    ]);
    let changed = change(&project, "b.py");
    for (path, what) in [
        ("c.py", "ignored"),
        ("d.py", "untracked"),
        ("e/f.py", "in a new folder"),
    ] {
        project.write(path, DROPPED.as_bytes());
        fix(&project, &[path]).is_trouble("commit or stash them, or run with --allow-dirty");
        assert_eq!(project.read(path), DROPPED, "{what}");
    }
    let ran = fix(&project, &[]);
    ran.is_trouble("uncommitted changes in what would change (b.py, d.py, e/f.py)");
    assert_eq!(project.read("a.py"), DROPPED);
    assert_eq!(project.read("b.py"), changed);
    // What is staged is not committed either.
    git(&project, &["add", "b.py"]);
    fix(&project, &["a.py", "b.py"]).is_trouble("(b.py)");
    assert_eq!(fix(&project, &["--allow-dirty"]).status, 0);
    for path in ["a.py", "b.py", "d.py", "e/f.py"] {
        assert!(project.read(path).contains("_keep_task") || project.read(path).contains(".add("));
    }
}

#[test]
fn other_uncommitted_changes_do_not_matter() {
    let project = repository(&[("a.py", DROPPED), ("clean.py", "import asyncio\n")]);
    change(&project, "clean.py");
    project.write("notes.txt", b"mine\n");
    assert_eq!(fix(&project, &[]).status, 0);
    assert_ne!(project.read("a.py"), DROPPED);
}

#[test]
fn what_git_does_not_know_is_changed_only_on_request() {
    let project = Project::new(&[("a.py", DROPPED)]);
    fix(&project, &[]).is_trouble("a.py would change, and is in no Git work tree");
    fix(&project, &["--allow-dirty"]).is_trouble("run with --no-vcs");
    assert_eq!(project.read("a.py"), DROPPED);
    let through = project.run_with_stdin(&["fix", "-"], DROPPED.as_bytes());
    assert_ne!(through.stdout, DROPPED);
    assert_eq!(fix(&project, &["--no-vcs"]).status, 0);
    assert_ne!(project.read("a.py"), DROPPED);
}

#[test]
fn a_repository_in_a_repository_is_asked_itself() {
    let project = repository(&[("a.py", DROPPED)]);
    project.write("inner/b.py", DROPPED.as_bytes());
    git(&project, &["init", "--quiet", "inner"]);
    fix(&project, &[]).is_trouble("(inner/b.py)");
    git(&project, &["-C", "inner", "add", "b.py"]);
    let name = [
        "-C",
        "inner",
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@example.org",
    ];
    git(
        &project,
        &[&name[..], &["commit", "--quiet", "--message", "all"]].concat(),
    );
    assert_eq!(fix(&project, &[]).status, 0);
}

#[cfg(unix)]
#[test]
fn no_program_that_a_repository_names_is_run() {
    let hostile = || {
        let project = repository(&[("a.py", DROPPED), (".gitattributes", "*.py filter=own\n")]);
        let touch = format!("touch {}", project.path("was-run").display());
        for key in ["core.fsmonitor", "filter.own.clean", "filter.own.process"] {
            git(&project, &["config", key, &touch]);
        }
        let hook = ".git/hooks/post-index-change";
        project.write(hook, format!("#!/bin/sh\n{touch}\n").as_bytes());
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(project.path(hook), executable).unwrap();
        (project, touch)
    };
    let (project, _) = hostile();
    change(&project, "a.py");
    fix(&project, &[]).is_trouble("(a.py)");
    assert!(!project.path("was-run").exists());
    // The same text, written later: Git has to read it to tell.
    let (project, _) = hostile();
    write_later(&project, "a.py");
    assert_eq!(fix(&project, &[]).status, 0);
    assert!(!project.path("was-run").exists());
    // A filter of such a name cannot be switched off.
    let (project, touch) = hostile();
    git(&project, &["config", "filter.a=b.clean", &touch]);
    project.write(".git/info/attributes", b"*.py filter=a=b\n");
    write_later(&project, "a.py");
    let ran = fix(&project, &[]);
    ran.says("cannot tell what is committed in ");
    ran.is_trouble(" has to have a name without `=`; run with --allow-dirty");
    assert!(!project.path("was-run").exists());
}

#[cfg(unix)]
fn write_later(project: &Project, path: &str) {
    let file = fs::File::options()
        .append(true)
        .open(project.path(path))
        .unwrap();
    let later = SystemTime::now() + Duration::from_secs(10);
    file.set_modified(later).unwrap();
}

#[cfg(unix)]
#[test]
fn what_a_clone_has_left_out_is_not_fetched() {
    let project = repository(&[("a.py", DROPPED)]);
    let tree = Command::new("git")
        .args(["rev-parse", "HEAD^{tree}"])
        .current_dir(project.path(""))
        .output()
        .unwrap();
    let tree = String::from_utf8(tree.stdout).unwrap();
    let (folder, name) = tree.trim().split_at(2);
    fs::remove_file(project.path(&format!(".git/objects/{folder}/{name}"))).unwrap();
    let touch = format!("touch {};", project.path("was-run").display());
    for (key, value) in [
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.url", "ssh://example.invalid/a.git"),
        ("remote.origin.promisor", "true"),
        ("protocol.ssh.allow", "always"),
        ("core.sshCommand", &touch),
    ] {
        git(&project, &["config", key, value]);
    }
    fix(&project, &[]).is_trouble("cannot tell what is committed in ");
    assert!(!project.path("was-run").exists());
}

#[test]
fn the_old_text_is_kept_beside_the_new() {
    let project = Project::new(&[("a.py", DROPPED), ("clean.py", "import asyncio\n")]);
    assert_eq!(fix(&project, &["--backup", ".orig"]).status, 0);
    assert_ne!(project.read("a.py"), DROPPED);
    assert_eq!(project.read("a.py.orig"), DROPPED);
    assert!(!project.path("clean.py.orig").exists());
    // A backup of something else is never written over.
    project.write("b.py", DROPPED.as_bytes());
    project.write("b.py.orig", b"precious\n");
    let ran = fix(&project, &["--backup", ".orig"]);
    ran.is_trouble("b.py: left as it is: b.py.orig is there already and holds another text");
    assert_eq!(project.read("b.py"), DROPPED);
    assert_eq!(project.read("b.py.orig"), "precious\n");
    fix(&project, &["--backup", "/x"]).is_trouble("it is what to add to the name of a file");
    fix(&project, &["--backup", ""]).is_trouble("it is what to add to the name of a file");
}

/// At whatever moment a run ends, each file is as it was or done, and the next run does the others.
#[cfg(unix)]
#[test]
fn a_run_that_is_killed_loses_nothing() {
    let names: Vec<String> = (0..40).map(|number| format!("m{number}.py")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), DROPPED)).collect();
    let done = Project::new(&files[..1]);
    let args = ["fix", "--no-types", "--no-vcs", "--jobs", "2"];
    done.run_as_it_is(&args);
    let done = done.read("m0.py");

    let mut project = Project::new(&files);
    let begun = Instant::now();
    assert_eq!(project.run_as_it_is(&args).status, 0);
    let whole = begun.elapsed();
    project = Project::new(&files);
    let mut random = fastrand::Rng::with_seed(7);
    let (mut by_signal, mut halfway) = (0, 0);
    for round in 0..number("KILLS", KILLS) {
        let mut child = project.plain_command(&args).spawn().unwrap();
        thread::sleep(whole.mul_f64(random.f64() * 1.2) + Duration::from_micros(random.u64(..500)));
        let signal = ["-KILL", "-INT", "-TERM", "-HUP"][(round % 4) as usize];
        let id = child.id().to_string();
        // It may be over already.
        let _ = Command::new("kill").args([signal, &id]).output().unwrap();
        let status = child.wait().unwrap();
        by_signal += u32::from(status.code().is_none());
        let texts: BTreeSet<String> = names.iter().map(|name| project.read(name)).collect();
        let torn = texts
            .iter()
            .find(|text| **text != DROPPED && **text != done);
        assert_eq!(torn, None, "after {signal}");
        halfway += u32::from(texts.len() == 2);
        for entry in fs::read_dir(project.path(".")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if !names.contains(&name) {
                assert_eq!(signal, "-KILL", "{name} is left behind");
                assert!(name.starts_with(".asyncmend-"), "{name}");
                fs::remove_file(project.path(&name)).unwrap();
            }
        }
        if status.success() || random.bool() {
            assert_eq!(project.run_as_it_is(&args).status, 0);
            assert!(names.iter().all(|name| project.read(name) == done));
            project = Project::new(&files);
        }
    }
    println!("{by_signal} runs were killed, {halfway} between two files");
    assert!(by_signal > 0);
}

#[test]
fn two_runs_at_once_do_each_file_once() {
    let names: Vec<String> = (0..40).map(|number| format!("m{number}.py")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), DROPPED)).collect();
    let project = Project::new(&files);
    let args = ["fix", "--no-types", "--no-vcs"];
    let runs = [0, 1].map(|_| project.plain_command(&args).spawn().unwrap());
    for run in runs {
        let output = run.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        let is_told = said.contains("changed since it was read, left as it is; run again");
        assert!(output.status.success() || is_told, "{said}");
    }
    let texts: BTreeSet<String> = names.iter().map(|name| project.read(name)).collect();
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert_eq!(fs::read_dir(project.path(".")).unwrap().count(), 40);
}

#[cfg(unix)]
#[test]
fn extended_attributes_and_links_stay() {
    let project = Project::new(&[("a.py", DROPPED)]);
    let path = project.path("a.py");
    let has_attributes = xattr::set(&path, "user.origin", b"billing").is_ok();
    fs::hard_link(&path, project.path("same.py.txt")).unwrap();
    assert_eq!(project.run(&["fix", "a.py"]).status, 0);
    assert_ne!(project.read("a.py"), DROPPED);
    if has_attributes {
        let kept = xattr::get(&path, "user.origin").unwrap();
        assert_eq!(kept.as_deref(), Some(&b"billing"[..]));
    }
    // Another name of the same file keeps the old text.
    assert_eq!(project.read("same.py.txt"), DROPPED);
}

#[cfg(unix)]
#[test]
fn a_link_in_a_tree_leads_to_nothing_outside_of_it() {
    use std::os::unix::fs::symlink;
    let project = Project::new(&[("tree/a.py", DROPPED), ("out/b.py", DROPPED)]);
    symlink("../out/b.py", project.path("tree/link.py")).unwrap();
    symlink("a.py", project.path("tree/inner.py")).unwrap();
    symlink(".", project.path("tree/loop")).unwrap();
    let ran = project.run(&["fix", "tree"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    ran.says("tree/link.py: leads to ");
    assert_eq!(project.read("out/b.py"), DROPPED);
    assert_ne!(project.read("tree/a.py"), DROPPED);
    // Whoever names the link wants what it leads to.
    assert_eq!(project.run(&["fix", "tree/link.py"]).status, 0);
    assert_ne!(project.read("out/b.py"), DROPPED);
}

#[cfg(unix)]
#[test]
fn no_name_and_no_code_speaks_to_the_terminal() {
    let bad = "import asyncio\ncreate_task(\x1b[31m 1)\n";
    let project = Project::new(&[("a\x1b[31m\nb\u{202e}.py", DROPPED), ("bad\x07.py", bad)]);
    for args in [
        &["check"][..],
        &["check", "--output-format", "concise"],
        &["diff"],
        &["fix", "--verbose"],
    ] {
        let ran = project.run(args);
        assert!(
            ran.stderr.contains("bad\u{2407}.py:2:13: syntax error"),
            "{}",
            ran.stderr
        );
        for text in [&ran.stdout, &ran.stderr] {
            assert!(
                !text.contains(['\x1b', '\x07', '\u{202e}']),
                "{args:?}: {text:?}"
            );
        }
    }
}

/// A file may get no longer than the limit, as on a disk that is full.
#[cfg(unix)]
#[test]
fn a_full_disk_costs_no_text() {
    let padding = "# what the file had before\n".repeat(200);
    let long = format!("{DROPPED}{padding}");
    let project = Project::new(&[("a.py", DROPPED), ("long.py", &long)]);
    let plain = project.command(&["fix", "."]);
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 2; exec \"$0\" \"$@\""])
        .arg(plain.get_program())
        .args(plain.get_args())
        .current_dir(project.path("."));
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    let output = limited.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("long.py: cannot be written, left as it is: "),
        "{said}"
    );
    assert_eq!(project.read("long.py"), long);
    assert_ne!(project.read("a.py"), DROPPED);
    assert_eq!(fs::read_dir(project.path(".")).unwrap().count(), 2);
}
