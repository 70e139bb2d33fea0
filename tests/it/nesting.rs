//! Code that nests deeper than anybody writes: it ends no run, and costs no other file.

use std::collections::BTreeMap;

use crate::cli::{DROPPED, Project};

/// A line for each way to nest, `depth` levels deep, by name.
fn ways(depth: usize) -> BTreeMap<&'static str, String> {
    let around = |open: &str, inner: &str, close: &str| {
        format!("y = {}{inner}{}", open.repeat(depth), close.repeat(depth))
    };
    let before = |what: &str| format!("y = {}x", what.repeat(depth));
    let after = |what: &str| format!("y = x{}", what.repeat(depth));
    let joined = |operator: &str| format!("y = {}", vec!["x"; depth].join(operator));
    BTreeMap::from([
        ("and", joined(" and ")),
        ("attribute", after(".a")),
        ("call", around("x(", "", ")")),
        ("calls", after("()")),
        ("comparison", joined(" < ")),
        ("comprehension", around("[", "x", " for a in b]")),
        ("conditional", before("1 if x else ")),
        ("dictionary", around("{1:", "x", "}")),
        (
            "elif",
            format!("if x:\n    pass\n{}", "elif x:\n    pass\n".repeat(depth)),
        ),
        ("f-string", around("f\"{", "x", "}\"")),
        ("generator", around("(", "x", " for a in b)")),
        ("item", after("[0]")),
        ("lambda", before("lambda: ")),
        ("list", around("[", "", "]")),
        ("not", before("not ")),
        ("parenthesis", around("(", "x", ")")),
        (
            "pattern",
            format!(
                "match x:\n    case {}{}:\n        pass",
                "[".repeat(depth),
                "]".repeat(depth)
            ),
        ),
        ("power", joined("**")),
        ("sum", joined(" + ")),
        ("tuple", around("(", "x", ",)")),
        ("walrus", around("(x := ", "x", ")")),
        (
            "with",
            format!("with {}:\n    pass", vec!["x"; depth].join(", ")),
        ),
    ])
}

#[test]
fn deep_code_is_mended_or_named() {
    for depth in [100, 3_000, 100_000] {
        let project = Project::new(&[("last.py", DROPPED)]);
        let ways = ways(depth);
        for (name, line) in &ways {
            project.write(
                &format!("{name}.py"),
                format!("{DROPPED}{line}\n").as_bytes(),
            );
        }
        let ran = project.run(&["diff", "--type-budget", "1"]);
        for name in ways.keys().copied().chain(["last"]) {
            let is_mended = ran.stdout.contains(&format!("+++ b/{name}.py\n"));
            let is_named = ran.stderr.contains(&format!(
                "error: {name}.py:6:1: syntax error: nests more than"
            ));
            assert!(is_mended != is_named, "{name} {depth}: {}", ran.stderr);
            assert!(is_mended || depth > 10_000, "{name} {depth}");
        }
    }
}

#[test]
fn a_file_that_takes_too_long_is_named_and_the_others_are_done() {
    let slow = format!(
        "import asyncio\n\n\nasync def f(a, b):\n{}",
        "    await asyncio.gather(a(), b())\n".repeat(20_000)
    );
    let project = Project::new(&[
        ("a.py", DROPPED),
        ("b.py", &slow),
        ("c.py", &slow),
        ("d.py", DROPPED),
    ]);
    let ran = project.run(&["fix", "--time-limit", "1", "--jobs", "1", "--no-types"]);
    assert_eq!(ran.status, 2, "{}", ran.stderr);
    for name in ["b.py", "c.py"] {
        ran.says(&format!(
            "error: {name}: takes longer than 1 s, left as it is; leave it out with --exclude, or raise \
             --time-limit"
        ));
        assert_eq!(project.read(name), slow);
    }
    for name in ["a.py", "d.py"] {
        assert!(project.read(name).contains("_background_tasks"), "{name}");
    }
}
