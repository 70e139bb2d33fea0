//! `explain FILE:LINE`: the decisions about one line, as people read them, and the pages of codes.

use asyncmend_transforms::ALL;

use crate::cli::{DROPPED, Project};

const LOADS: &str = "\
import asyncio
from jobs import load, make


async def main(loop):
    await asyncio.gather(load(1), make(2))
    loop.create_task(load(1))
    waits = asyncio.gather(load(1), load(2))
    return waits
";

const JOBS: &str = "\
async def load(key):
    return key


def make(key):
    return BUILDERS[key](key)
";

#[track_caller]
fn has_lines(page: &str, lines: &[&str]) {
    for line in lines {
        assert!(page.lines().any(|it| it == *line), "no `{line}` in\n{page}");
    }
}

#[test]
fn a_line_with_a_fix_shows_its_candidates_and_what_was_found_out() {
    let project = Project::new(&[("app.py", LOADS), ("jobs.py", JOBS)]);
    let ran = project.run(&["explain", "app.py:6"]);
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    has_lines(
        &ran.stdout,
        &[
            "# app.py:6:11: gather",
            "    asyncio.gather(load(1), make(2))",
            "The decision: `asyncmend fix`: cancel the other awaitables with `_gather_or_cancel`.",
            "From this file, and by type inference.",
            "- it calls `asyncio.gather`",
            "- `load(1)` is a coroutine",
            "- `make(2)` is not known",
            "-    await asyncio.gather(load(1), make(2))",
            "+    await _gather_or_cancel(load(1), make(2))",
            "- hold it back: `--reject unknown-awaitable`",
            "- say what `make(2)` is: annotate it, or name the function that makes it in `coroutine-functions`",
            "- silence it: `# asyncmend: ignore[gather]` on its line",
        ],
    );
    // With a column, and from the file alone.
    let alone = project
        .run(&["explain", "app.py:6:11", "--no-types"])
        .stdout;
    has_lines(
        &alone,
        &[
            "From this file alone: types are not wanted (--no-types, or `types = false`).",
            "- `load(1)` is not known",
            "- let types be inferred: leave out --no-types",
        ],
    );
}

#[test]
fn what_is_held_or_left_alone_says_what_would_have_to_change() {
    let project = Project::new(&[("app.py", LOADS), ("jobs.py", JOBS)]);
    has_lines(
        &project.run(&["explain", "app.py:7"]).stdout,
        &[
            "# app.py:7:5: retain-task",
            "The decision: held back: keep the task until it is done with `_keep_task`, which needs \
             `unknown-receiver` accepted.",
            "- `loop` is not known",
            "1. keep the task until it is done with `_keep_task`: held back by unknown-receiver",
            "- apply it: `asyncmend fix --accept unknown-receiver`",
            "- say what `loop` is, by an annotation such as `asyncio.AbstractEventLoop`",
        ],
    );
    let accepted = project.run(&["explain", "app.py:7", "--accept", "unknown-receiver"]);
    has_lines(
        &accepted.stdout,
        &["1. keep the task until it is done with `_keep_task`: taken"],
    );
    let page = project.run(&["explain", "app.py:8"]).stdout;
    has_lines(
        &page,
        &["- read more: `asyncmend explain gather/not-awaited`"],
    );
    assert!(
        page.contains("\nThe decision: left alone (not-awaited): "),
        "{page}"
    );
}

#[test]
fn a_place_without_a_site_or_a_file_is_an_error() {
    let silent = DROPPED.replace("work())", "work())  # noqa");
    let project = Project::new(&[
        ("a.py", &silent),
        ("b.py", "asyncio.gather(\n"),
        ("c/d.py", ""),
    ]);
    for (place, error) in [
        (
            "a.py:5",
            "a.py:5: no site is on this line, or a comment silences it",
        ),
        ("a.py:99", "a.py:99: no site is on this line"),
        ("absent.py:1", "absent.py: no such file or folder"),
        (
            "b.py:1",
            "b.py:2:1: syntax error: unexpected EOF while parsing",
        ),
        ("c:1", "no site is on this line"),
    ] {
        project.run(&["explain", place]).is_trouble(error);
    }
}

#[test]
fn the_page_of_each_code_tells_how_to_accept_or_silence_it() {
    let project = Project::new(&[]);
    let mut rows = 0;
    for transform in ALL {
        let cautions = transform
            .cautions
            .iter()
            .map(|caution| (caution.code, caution.accepted));
        let refusals = transform
            .refusals
            .iter()
            .map(|refusal| (refusal.code, false));
        for (code, accepted) in cautions.chain(refusals) {
            let topic = format!("{}/{code}", transform.id);
            let page = project.run(&["explain", &topic]).stdout;
            let is_caution = transform
                .cautions
                .iter()
                .any(|caution| caution.code == code);
            let option = if accepted { "--reject" } else { "--accept" };
            let says = |text: &str| assert!(page.contains(text), "{topic}: no `{text}` in\n{page}");
            if is_caution {
                says(&format!("`{option} {code}`"));
            }
            says(&format!("# asyncmend: ignore[{}]", transform.id));
            // The passage of the transform's page, with the rows that it shows.
            says(&format!("\n- `{code}`"));
            let lead_in = format!("\n`{code}`");
            if let Some((_, after)) = transform.doc.split_once(&lead_in) {
                rows += 1;
                let row = (after.lines()).find(|line| line.trim_start().starts_with(['-', '+']));
                says(row.expect("rows after the line with the code"));
            }
        }
    }
    assert_eq!(rows, 6, "cautions with rows");
}
