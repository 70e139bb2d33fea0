//! Files with other bytes than those of plain UTF-8: encodings, marks, line ends.

use std::fs;

use crate::cli::{Project, git};

/// A file with a site, in which `letter` stands in a string, a comment and a name.
fn text(first: &str, letter: &str) -> String {
    format!(
        "{first}\nimport asyncio\n\nGREETING = \"{letter}\"  # {letter}\n\n\nasync def post(na{letter}me):\n    \
         asyncio.create_task(na{letter}me.send(GREETING))\n    return GREETING\n"
    )
}

fn encoded(text: &str, name: &str) -> Vec<u8> {
    let encoding = encoding_rs::Encoding::for_label(name.as_bytes()).unwrap();
    encoding.encode(text).0.into_owned()
}

#[test]
fn a_file_keeps_its_encoding() {
    for (name, label, letter) in [
        ("latin-1", "latin1", "\u{e9}"),
        ("iso-8859-15", "iso-8859-15", "\u{20ac}"),
        ("cp1251", "windows-1251", "\u{436}"),
        ("koi8_r", "koi8-r", "\u{436}"),
        ("shift_jis", "shift_jis", "\u{8868}"),
        ("euc_jp", "euc-jp", "\u{8868}"),
        ("gb18030", "gb18030", "\u{8868}"),
        ("big5", "big5", "\u{8868}"),
        ("euc_kr", "euc-kr", "\u{ac00}"),
    ] {
        // A sign is no part of a name.
        let text =
            text(&format!("# -*- coding: {name} -*-"), letter).replace("na\u{20ac}me", "name");
        let before = encoded(&text, label);
        let project = Project::new(&[]);
        project.write("a.py", &before);
        let diff = project.output(&["diff", "a.py"]);
        assert_eq!(diff.status.code(), Some(1), "{name}: {diff:?}");
        fs::write(project.path("patch"), &diff.stdout).unwrap();
        let original = fs::read(project.path("a.py")).unwrap();
        git(&project, &["apply", "patch"]);
        let applied = fs::read(project.path("a.py")).unwrap();
        fs::write(project.path("a.py"), original).unwrap();
        assert_eq!(project.run(&["fix", "a.py"]).status, 0, "{name}");
        let after = fs::read(project.path("a.py")).unwrap();
        assert!(after == applied, "{name}: the diff is not what is written");
        assert!(
            after.windows(10).any(|part| part == b"_keep_task"),
            "{name}"
        );
        // What was not to be changed has the bytes that it had.
        let kept = |bytes: &[u8]| -> Vec<Vec<u8>> {
            let lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec);
            lines.filter(|line| !line.is_ascii()).collect()
        };
        let called = |lines: &[Vec<u8>]| lines.iter().filter(|it| it.starts_with(b"    ")).count();
        let (old, new) = (kept(&before), kept(&after));
        assert_eq!(old.len(), new.len(), "{name}");
        assert_eq!(called(&old), called(&new), "{name}");
        assert_eq!(old[0], new[0], "{name}");
        assert_eq!(
            project.run(&["diff", "a.py"]).status,
            0,
            "{name}: a second run"
        );
    }
}

#[test]
fn what_cannot_be_read_says_so() {
    let site = "asyncio.create_task(f())\n";
    for (bytes, line) in [
        (
            format!("# coding: cp437\nimport asyncio\n{site}").into_bytes(),
            "a.py:1: the encoding cp437 is not supported; convert the file to UTF-8",
        ),
        (
            format!("#!/usr/bin/python\n# coding=rot13\n{site}").into_bytes(),
            "a.py:2: the encoding rot13 is not supported",
        ),
        (
            [b"\xef\xbb\xbf# coding: latin-1\n", site.as_bytes()].concat(),
            "a.py:1: the encoding latin-1, after the mark of UTF-8 is not supported",
        ),
        (
            [b"# coding: ascii\nx = '\xe9'\n", site.as_bytes()].concat(),
            "a.py: not ascii; convert it to UTF-8",
        ),
        (
            [b"# coding: utf-8\nx = '\xe9'\n", site.as_bytes()].concat(),
            "a.py:2: not UTF-8; convert it",
        ),
        (
            format!("\u{feff}{site}")
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect(),
            "a.py: UTF-16, which Python does not read; convert it to UTF-8 or leave it out with --exclude",
        ),
        (
            [b"import asyncio\n\0\n", site.as_bytes()].concat(),
            "a.py:2:1: syntax error",
        ),
    ] {
        let project = Project::new(&[("b.py", "import asyncio\n")]);
        project.write("a.py", &bytes);
        for command in ["check", "diff", "fix"] {
            project.run(&[command]).is_trouble(line);
        }
        assert_eq!(fs::read(project.path("a.py")).unwrap(), bytes);
    }
}

#[test]
fn marks_and_line_ends_stay() {
    for (first, end) in [
        ("\u{feff}# a", "\n"),
        ("# a", "\r\n"),
        ("# a\x0c", "\r"),
        ("\u{feff}# b", "\r\n"),
    ] {
        let project = Project::new(&[]);
        let before = text(first, "\u{e9}").replace('\n', end);
        project.write("a.py", before.as_bytes());
        assert_eq!(project.run(&["fix"]).status, 0);
        let after = project.read("a.py");
        assert!(
            after.contains("_keep_task") && after.starts_with(first),
            "{first:?} {end:?}"
        );
        let others = after.replace(end, "");
        assert!(!others.contains(['\n', '\r']), "{after:?}");
    }
}
