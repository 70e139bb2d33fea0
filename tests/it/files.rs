//! Files and folders such as a file system may hold: each costs no other its mend.

use std::fs::{self, File};
use std::io::Read;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::cli::{DROPPED, Project};

/// What a file with a site holds once it is mended.
const MENDED: &str = "_background_tasks";

#[test]
fn names_that_differ_in_case_alone_are_two_files() {
    let project = Project::new(&[("app.py", DROPPED), ("APP.py", DROPPED)]);
    if fs::read_dir(project.path(".")).unwrap().count() == 1 {
        println!("this file system has them for one");
        return;
    }
    assert_eq!(project.run(&["fix"]).status, 0);
    for name in ["app.py", "APP.py"] {
        assert!(project.read(name).contains(MENDED), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn any_name_is_mended_or_named() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let project = Project::new(&[("c.py", DROPPED), ("line\nbreak\u{1b}[31m.py", DROPPED)]);
    // As long as a name can be.
    let long = format!("{}.py", "n".repeat(252));
    project.write(&long, DROPPED.as_bytes());
    let no_text = project.path("").join(OsStr::from_bytes(b"caf\xe9.py"));
    fs::write(&no_text, DROPPED).unwrap();
    let ran = project.run(&["fix"]);
    for name in ["c.py", "line\nbreak\u{1b}[31m.py", &long] {
        assert!(project.read(name).contains(MENDED), "{name:?}");
    }
    assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
    let text = fs::read_to_string(&no_text).unwrap();
    let is_mended = text.contains(MENDED);
    assert!(
        is_mended || ran.stderr.contains("its name is not UTF-8"),
        "{}",
        ran.stderr
    );
    // A diff has no way to name it.
    fs::write(&no_text, DROPPED).unwrap();
    let ran = project.run(&["diff"]);
    ran.is_trouble("its name is not UTF-8; rename it or leave it out with --exclude");
}

#[cfg(unix)]
#[test]
fn a_backup_whose_name_would_be_too_long_is_named() {
    let project = Project::new(&[("c.py", DROPPED)]);
    let long = format!("{}.py", "n".repeat(252));
    project.write(&long, DROPPED.as_bytes());
    let ran = project.run(&["fix", "--backup", ".orig"]);
    ran.is_trouble("cannot be written, left as it is");
    assert_eq!(project.read(&long), DROPPED);
    assert!(project.read("c.py").contains(MENDED));
    assert_eq!(project.read("c.py.orig"), DROPPED);
}

/// Deeper than the system takes for a path from the root: only by steps can such a folder be made.
#[cfg(unix)]
#[test]
fn a_path_that_is_too_long_costs_no_other_file() {
    let project = Project::new(&[("c.py", DROPPED), ("site.py", DROPPED)]);
    let name = "d".repeat(200);
    let script = format!(
        "for i in $(seq 30); do mkdir {name} && cd {name} || exit 1; done; cp \"$0\" deep.py"
    );
    let made = Command::new("bash")
        .args(["-c", &script])
        .arg(project.path("site.py"))
        .current_dir(project.path(""))
        .status();
    assert!(made.unwrap().success());
    let ran = project.run(&["fix"]);
    assert!(project.read("c.py").contains(MENDED), "{}", ran.stderr);
    assert!(
        ran.status == 2 && ran.stderr.contains("error: d"),
        "{}",
        ran.stderr
    );
    let removed = Command::new("rm")
        .arg("-rf")
        .arg(project.path(&name))
        .status();
    assert!(removed.unwrap().success());
}

#[cfg(unix)]
#[test]
fn loops_of_links_end() {
    use std::os::unix::fs::symlink;
    let project = Project::new(&[("app/c.py", DROPPED)]);
    symlink(".", project.path("app/again")).unwrap();
    symlink("..", project.path("app/up")).unwrap();
    symlink("two.py", project.path("one.py")).unwrap();
    symlink("one.py", project.path("two.py")).unwrap();
    assert_eq!(project.found(&[]), ["app/c.py"]);
    let ran = project.run(&["check", "one.py", "app"]);
    ran.is_trouble("one.py: ");
    assert!(ran.stdout.contains("app/c.py"), "{}", ran.stdout);
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new(&[("c.py", DROPPED), ("closed/d.py", DROPPED)]);
    let closed = project.path("closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(&closed).is_ok() {
        println!("whoever runs this may read everything");
        return;
    }
    let ran = project.run(&["fix"]);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    ran.is_trouble("closed: cannot be read: permission denied");
    assert!(project.read("c.py").contains(MENDED));
}

#[cfg(unix)]
#[test]
fn few_descriptors_are_enough_for_many_files() {
    let project = Project::new(&[]);
    for number in 0..3_000 {
        project.write(
            &format!("p{}/m{number}.py", number % 50),
            DROPPED.as_bytes(),
        );
    }
    let limited = format!(
        "ulimit -n 40; exec '{}' fix --no-vcs --no-types",
        env!("CARGO_BIN_EXE_asyncmend")
    );
    let ran = Command::new("bash")
        .args(["-c", &limited])
        .current_dir(project.path(""))
        .env("HOME", project.path(""))
        .output()
        .unwrap();
    assert_eq!(
        ran.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    for number in [0, 1_500, 2_999] {
        let name = format!("p{}/m{number}.py", number % 50);
        assert!(project.read(&name).contains(MENDED), "{name}");
    }
}

/// Somebody deletes files while they are looked at.
#[test]
fn files_that_vanish_meanwhile_are_named_or_done() {
    let project = Project::new(&[]);
    let name = |number: usize| format!("m{number:04}.py");
    for number in 0..1_500 {
        project.write(&name(number), DROPPED.as_bytes());
    }
    let args = [
        "check",
        "--no-types",
        "--jobs",
        "1",
        "--output-format",
        "concise",
    ];
    let mut child = project.command(&args).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    // The walk is over once something is printed.
    let mut first = [0; 1];
    stdout.read_exact(&mut first).unwrap();
    for number in (700..1_500).rev() {
        fs::remove_file(project.path(&name(number))).unwrap();
    }
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let done = rest.lines().count();
    let gone = stderr
        .lines()
        .filter(|line| line.contains("no such file"))
        .count();
    assert_eq!(done + gone, 1_500, "{}", &stderr[..stderr.len().min(500)]);
    assert_eq!(output.status.code(), Some(if gone > 0 { 2 } else { 1 }));
}

#[cfg(unix)]
#[test]
fn a_file_of_any_size_is_named_soon() {
    use std::io::Write;
    let project = Project::new(&[("c.py", DROPPED)]);
    // It takes no room on the disk.
    let mut sparse = File::create(project.path("sparse.py")).unwrap();
    sparse.write_all(DROPPED.as_bytes()).unwrap();
    sparse.set_len(5 << 30).unwrap();
    let mut large = File::create(project.path("large.py")).unwrap();
    large.write_all(DROPPED.as_bytes()).unwrap();
    let mebibyte = "# 0123456789abc\n".repeat(1 << 16);
    for _ in 0..100 {
        large.write_all(mebibyte.as_bytes()).unwrap();
    }
    let begun = Instant::now();
    let ran = project.run(&["fix", "--no-types"]);
    for name in ["sparse.py", "large.py"] {
        ran.is_trouble(&format!("{name}: larger than "));
    }
    assert!(project.read("c.py").contains(MENDED));
    assert!(begun.elapsed() < Duration::from_mins(1));
}

#[cfg(unix)]
#[test]
fn a_configuration_that_has_no_end_is_refused() {
    let project = Project::new(&[("c.py", DROPPED)]);
    project.write("asyncmend.toml", b"extend = \"/dev/zero\"\n");
    project
        .run(&["check"])
        .is_trouble("cannot read /dev/zero: it is no file");
    let file = File::create(project.path("asyncmend.toml")).unwrap();
    file.set_len(3 << 30).unwrap();
    project
        .run(&["check"])
        .is_trouble("cannot read asyncmend.toml: it is larger than 16 MiB");
}

#[test]
fn globs_of_a_configuration_take_no_time() {
    let project = Project::new(&[]);
    let path = format!("{0}/{0}/{0}.py", "a".repeat(200));
    project.write(&path, DROPPED.as_bytes());
    let begun = Instant::now();
    for glob in [
        format!("**/{}b", "*a".repeat(60)),
        "**/".repeat(300) + "b",
        "{a,b}".repeat(60),
        format!("[{}]b", "a-z".repeat(300)),
    ] {
        project.write(
            "asyncmend.toml",
            format!("exclude = ['{glob}']\n").as_bytes(),
        );
        assert_eq!(project.found(&["--no-types"]), [path.as_str()], "{glob}");
    }
    for key in ["exclude", "task-holders"] {
        for glob in [
            "{a,".repeat(100_000) + &"}".repeat(100_000),
            "a.".repeat(10_000),
        ] {
            project.write("asyncmend.toml", format!("{key} = ['{glob}']\n").as_bytes());
            project
                .run(&["check", "--no-types"])
                .is_trouble("is longer than 1000 characters; no glob of that length is taken");
        }
    }
    assert!(begun.elapsed() < Duration::from_mins(1));
}

/// What somebody's machine imports is parsed by inference, which has to be as careful.
#[test]
fn an_import_of_millions_of_brackets_costs_its_types_alone() {
    let imports = "from brackets import x\n";
    let project = Project::new(&[
        (
            "a.py",
            &format!("{imports}{}", DROPPED.replace("work()", "x()")),
        ),
        ("c.py", DROPPED),
        ("brackets.py", &format!("x = {}", "[".repeat(8 << 20))),
    ]);
    let limited = format!(
        "ulimit -v 6000000; exec '{}' diff --type-budget 60",
        env!("CARGO_BIN_EXE_asyncmend")
    );
    let begun = Instant::now();
    let ran = Command::new("bash")
        .args(["-c", &limited])
        .current_dir(project.path(""))
        .env("HOME", project.path(""))
        .output()
        .unwrap();
    let (stdout, stderr) = (
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr),
    );
    for name in ["a.py", "c.py"] {
        assert!(stdout.contains(&format!("+++ b/{name}\n")), "{stderr}");
    }
    assert!(!stderr.contains("went on without its types"), "{stderr}");
    assert!(begun.elapsed() < Duration::from_mins(1));
}

#[test]
fn a_notebook_of_millions_of_brackets_is_named() {
    let notebook = |code: &str| {
        format!(
            "{{\"cells\": [{{\"cell_type\": \"code\", \"execution_count\": null, \"id\": \"a\", \
             \"metadata\": {{}}, \"outputs\": [], \"source\": [\"{code}\"]}}], \"metadata\": {{}}, \
             \"nbformat\": 4, \"nbformat_minor\": 5}}\n"
        )
    };
    let project = Project::new(&[
        ("c.py", DROPPED),
        (
            "n.ipynb",
            &notebook(&format!("asyncio.create_task({}", "[".repeat(8 << 20))),
        ),
    ]);
    let ran = project.run(&["diff", "--no-types"]);
    ran.is_trouble("n.ipynb:cell 1:1:1: syntax error: nests more than 10000 levels deep");
    assert!(ran.stdout.contains("+++ b/c.py"), "{}", ran.stderr);
}
