//! The engine as a library: what it says is what the program says.

use std::fs;
use std::thread;
use std::time::Duration;

use asyncmend::{Decision, Fault, Kind, Mender, Options, PythonFile};

use crate::cli::{DROPPED, Project};
use crate::notebooks::notebook;
use crate::repository::root;

/// The texts of all cases, by the names that a copy of them may have.
fn texts() -> Vec<(String, String)> {
    let transforms = fs::read_dir(root().join("transforms")).expect("a folder");
    let folders = transforms.map(|entry| entry.expect("readable").path().join("cases"));
    let mut texts = Vec::new();
    for folder in folders.filter(|folder| folder.is_dir()) {
        let transform = folder.parent().and_then(|it| it.file_name());
        let transform = transform.expect("a name").to_string_lossy().into_owned();
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("readable").path();
            if path.extension() == Some("py".as_ref()) {
                let name = path.file_name().expect("a name").to_string_lossy();
                let text = fs::read_to_string(&path).expect("UTF-8");
                texts.push((format!("{transform}/{name}"), text));
            }
        }
    }
    texts.sort();
    texts
}

#[test]
fn the_library_says_what_the_program_says() {
    let texts = texts();
    assert!(texts.len() > 500);
    let files: Vec<(&str, &str)> = texts.iter().map(|(a, b)| (&**a, &**b)).collect();
    let project = Project::new(&files);
    for (words, options) in [
        (&["--target-version=3.11"][..], Options::default()),
        (
            &["--target-version=py39", "--unsafe-fixes", "--ignore=gather"],
            Options::default()
                .target_version("py39")
                .unsafe_fixes(true)
                .ignore(["gather"]),
        ),
        (
            &[
                "--strict",
                "--accept=structured",
                "--select=gather,wait-for",
            ],
            Options::default()
                .strict(true)
                .accept(["structured"])
                .select(["gather", "wait-for"]),
        ),
    ] {
        let mender = Mender::new(&options).expect("known words");
        let mut patches = String::new();
        let mut lines = String::new();
        for (path, text) in &texts {
            let outcome = mender.rewrite(text).expect("Python");
            patches += &outcome.patch(path);
            let findings = mender.check(text).expect("Python");
            assert_eq!(format!("{findings:?}"), format!("{:?}", outcome.findings()));
            for finding in findings {
                let (start, word) = (finding.start, finding.decision.word());
                let line = format!(
                    "{path}:{}:{}: {} [{word}",
                    start.line, start.column, finding.transform
                );
                lines += &(line + "\n");
            }
        }
        let same = ["--isolated", "--no-types", "--exit-zero"];
        let ran = project.run(&[&["diff"], &same[..], words].concat());
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        assert!(patches == ran.stdout, "{words:?}: the patches differ");
        let ran = project.run(&[&["check", "--output-format=concise"], &same[..], words].concat());
        let found: Vec<&str> = ran.stdout.lines().collect();
        assert_eq!(found.len(), lines.lines().count(), "{words:?}");
        for (found, line) in found.iter().zip(lines.lines()) {
            assert!(found.starts_with(line), "{found}\n{line}");
        }
    }
}

#[test]
fn a_finding_says_what_was_decided_and_why() {
    let mender = Mender::new(&Options::default()).expect("no words");
    let text = "import asyncio\n\n\nasync def f(x):\n    é = 1; x.create_task(g())\n\n\n\
                async def g():\n    await asyncio.gather(*h, return_exceptions=True)\n";
    let outcome = mender.rewrite(text).expect("Python");
    assert!(!outcome.changed() && outcome.text() == text && outcome.patch("a.py").is_empty());
    let [held, refused] = outcome.findings() else {
        panic!("{:?}", outcome.findings());
    };
    assert_eq!(
        (held.start.line, held.start.column, held.end.column),
        (5, 12, 30)
    );
    let bytes = held.bytes.clone().expect("no notebook");
    assert_eq!(&text[bytes], "x.create_task(g())");
    let Decision::Held { fix, in_the_way } = &held.decision else {
        panic!("{held:?}");
    };
    assert!(fix.cautions.iter().any(|it| it.code == "unknown-receiver"));
    assert_eq!(in_the_way.len(), 1);
    let Decision::Refused(refusal) = refused.decision else {
        panic!("{refused:?}");
    };
    assert_eq!(refused.decision.message(), refusal.because);
}

#[test]
fn a_fault_costs_one_text_alone() {
    let mender = Mender::new(&Options::default()).expect("no words");
    let fault = |text: &str| mender.rewrite(text).expect_err("a fault");
    assert_eq!(
        fault("import asyncio\nasyncio.create_task(\n").to_string(),
        "syntax error: unexpected EOF while parsing; mend it"
    );
    let python_2 = fault("import asyncio\nprint asyncio.create_task(x())\n");
    assert!(python_2.to_string().contains("Python 2"), "{python_2}");
    assert_eq!(python_2.place().map(|place| place.line), Some(2));
    let brackets = format!("{DROPPED}x = {}", "[".repeat(8_000_000));
    assert!(matches!(fault(&brackets), Fault::Unparsable { .. }));
    let large = format!("{DROPPED}#{}", " ".repeat(16 << 20));
    assert_eq!(fault(&large), Fault::TooLarge);
    assert!(mender.rewrite(DROPPED).expect("Python").changed());
    // What can hold no site is not looked at.
    assert!(mender.rewrite("print 'x'").is_ok());

    let book = notebook(&["import asyncio", "asyncio.create_task("]);
    let fault = mender.check_as(Kind::Notebook, &book).expect_err("a fault");
    assert_eq!(fault.place_in("b.ipynb"), "b.ipynb:cell 3:2:1", "{fault}");
    let fault = mender
        .check_as(Kind::Notebook, DROPPED)
        .expect_err("a fault");
    assert!(matches!(fault, Fault::NotNotebook(_)), "{fault}");
    let marked = format!("\u{feff}{book}");
    let fault = mender
        .check_as(Kind::Notebook, &marked)
        .expect_err("a fault");
    assert!(fault.to_string().contains("byte order mark"), "{fault}");
}

#[test]
fn a_null_byte_is_what_it_is_to_cpython() {
    let mender = Mender::new(&Options::default()).expect("no words");
    let fault = mender
        .check(&format!("{DROPPED}x = 'é\0'\n"))
        .expect_err("a fault");
    assert_eq!(fault.place_in("a.py"), "a.py:6:7");
    assert_eq!(
        fault.to_string(),
        "syntax error: a null byte, which Python does not read; mend it"
    );
    let book = notebook(&["import asyncio", "asyncio.create_task(f('\0'))"]);
    let fault = mender.check_as(Kind::Notebook, &book).expect_err("a fault");
    assert_eq!(fault.place_in("b.ipynb"), "b.ipynb:cell 3:1:1", "{fault}");
}

#[test]
fn what_takes_too_long_ends() {
    let limit = Duration::from_millis(1);
    let mender = Mender::new(&Options::default().time_limit(limit)).expect("no words");
    let text =
        DROPPED.to_owned() + &"async def f():\n    await asyncio.gather(a(), b())\n".repeat(3_000);
    let fault = mender.rewrite(&text).expect_err("a fault");
    assert_eq!(
        fault.to_string(),
        "takes longer than 0.001 s, left as it is"
    );
}

/// Whoever calls has less of a stack than code may need.
#[test]
fn a_small_stack_is_enough() {
    let deep = format!(
        "{DROPPED}y = {}1{}\n",
        "(".repeat(9_000),
        ",)".repeat(9_000)
    );
    let mender = Mender::new(&Options::default()).expect("no words");
    let book = notebook(&[&deep]);
    let work = move || {
        let outcome = mender.rewrite(&deep).expect("Python");
        let outcome = outcome.changed();
        outcome
            && mender
                .rewrite_as(Kind::Notebook, &book)
                .expect("a notebook")
                .changed()
    };
    let thread = thread::Builder::new().stack_size(128 << 10).spawn(work);
    assert!(thread.expect("a thread").join().expect("no panic"));
}

#[test]
fn bytes_and_notebooks_keep_what_they_are() {
    let mender = Mender::new(&Options::default()).expect("no words");
    let bytes = format!("# coding: latin-1\n{DROPPED}").replace("import", "E = 'é'\nimport");
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&bytes);
    let file = PythonFile::decode(&bytes).expect("latin-1");
    let outcome = mender.rewrite(file.text()).expect("Python");
    let after = file.encode(outcome.text()).expect("latin-1");
    assert!(after.windows(7).any(|it| it == b"E = '\xe9'"));
    let project = Project::new(&[]);
    project.write("a.py", &bytes);
    let ran = project.output(&["diff", "--isolated", "--no-types", "a.py"]);
    assert_eq!(
        file.encode_patch(&outcome.patch("a.py")).expect("latin-1"),
        ran.stdout
    );

    let book = notebook(&[
        "import asyncio",
        "async def f():\n    asyncio.create_task(f())",
    ]);
    let outcome = mender
        .rewrite_as(Kind::of("a/Book.IPYNB"), &book)
        .expect("a notebook");
    let [finding] = outcome.findings() else {
        panic!("{:?}", outcome.findings());
    };
    assert_eq!(
        (finding.start.cell, finding.start.line, &finding.bytes),
        (Some(3), 2, &None)
    );
    project.write("book.ipynb", book.as_bytes());
    assert_eq!(
        project
            .run(&["fix", "--isolated", "--no-types", "book.ipynb"])
            .status,
        0
    );
    assert_eq!(outcome.text(), project.read("book.ipynb"));
}

#[test]
fn hints_are_heeded() {
    let text = "import asyncio\nfrom app.aio import keep, spawn\n\n\nasync def f():\n    asyncio.create_task(g())\n    \
                spawn(g())\n\n\nasync def g():\n    pass\n";
    let options = Options::default().retain_task_helper("app.aio.keep");
    let mender = Mender::new(&options).expect("known words");
    let outcome = mender.rewrite(text).expect("Python");
    assert!(
        outcome
            .text()
            .contains("\n    keep(asyncio.create_task(g()))\n"),
        "{}",
        outcome.text()
    );
    let inline = Mender::new(&Options::default().retain_task_style("inline")).expect("known words");
    assert!(
        inline
            .rewrite(text)
            .expect("Python")
            .text()
            .contains("add_done_callback")
    );
}

#[test]
fn wrong_options_are_errors_that_say_what_there_is() {
    let usual = Options::default;
    for (options, message) in [
        (
            usual().target_version("2.7"),
            "target_version: Python 2.7 is too old",
        ),
        (
            usual().select(["gater"]),
            "select: no transform is called `gater`; did you mean `gather`?",
        ),
        (
            usual().ignore([""]),
            "ignore: no transform is called ``; choose from",
        ),
        (
            usual().accept(["zero"]),
            "accept: no caution is called `zero`",
        ),
        (
            usual().reject(["ALL"]),
            "reject: no caution is called `ALL`",
        ),
        (
            usual().unsafe_fixes(true).strict(true),
            "unsafe_fixes: cannot be used with `strict`",
        ),
        (usual().line_length(0), "line_length: has to be at least 1"),
        (
            usual().retain_task_style("idiom"),
            "retain_task_style: there is no `idiom` here; choose from auto, inline, helper",
        ),
        (
            usual().retain_task_helper("keep"),
            "retain_task_helper: expected a module and a name",
        ),
        (
            usual().gather_style("x"),
            "gather_style: there is no `x` here",
        ),
        (
            usual().gather_errors("frist"),
            "gather_errors: there is no `frist` here; did you mean `first`?",
        ),
        (
            usual().wait_for_style("inline"),
            "wait_for_style: there is no `inline` here",
        ),
        (
            usual().task_holders(["a b"]),
            "task_holders: `a b` is no dotted name",
        ),
        (
            usual().coroutine_functions([""]),
            "coroutine_functions: `` is no dotted name",
        ),
    ] {
        let error = Mender::new(&options).expect_err(message);
        assert!(error.to_string().starts_with(message), "{error}\n{message}");
    }
}
