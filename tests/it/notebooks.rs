//! Jupyter notebooks: the Python of their cells is mended, and not a byte else.

use serde_json::{Value, json};

use crate::cli::Project;

/// A notebook with these code cells below a heading, as Jupyter writes it.
pub(crate) fn notebook(cells: &[&str]) -> String {
    let heading = json!({"cell_type": "markdown", "metadata": {}, "source": ["# Título"]});
    let code = |code: &&str| {
        let lines: Vec<&str> = code.split_inclusive('\n').collect();
        json!({"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [{"name": "stdout", "output_type": "stream", "text": ["1.0\n"]}], "source": lines})
    };
    let cells: Vec<Value> = std::iter::once(heading)
        .chain(cells.iter().map(code))
        .collect();
    let book = json!({"cells": cells, "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}, "nbformat": 4, "nbformat_minor": 4});
    serde_json::to_string_pretty(&book).expect("JSON") + "\n"
}

/// The code of the cells.
fn code(json: &str) -> Vec<String> {
    let book: Value = serde_json::from_str(json).expect("JSON");
    let cells = book["cells"].as_array().expect("cells").iter().skip(1);
    cells
        .map(|cell| {
            let lines = cell["source"].as_array().expect("lines").iter();
            lines.map(|line| line.as_str().expect("a line")).collect()
        })
        .collect()
}

const CELLS: [&str; 4] = [
    "%matplotlib inline\nimport asyncio\nimport os",
    "async def fetch(key):\n    return await asyncio.sleep(0, key)\n\nasync def both():\n    a, b = await asyncio.gather(fetch(1), fetch(2))\n    return a, b",
    "files = !ls *.csv\nasyncio.create_task(both());",
    "await asyncio.gather(fetch('é'), fetch(2))",
];

#[test]
fn a_notebook_without_a_site_is_left_as_it_is() {
    let book = notebook(&["print(1)\n", "x = 1\n"]);
    let project = Project::new(&[("book.ipynb", &book)]);
    for command in ["check", "diff", "fix"] {
        let ran = project.run(&[command]);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        assert_eq!(ran.stdout, "");
        assert_eq!(project.read("book.ipynb"), book);
    }
}

#[test]
fn cells_are_mended_and_nothing_else_is_touched() {
    let book = notebook(&CELLS);
    let project = Project::new(&[("book.ipynb", &book)]);
    let ran = project.run(&["fix"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let after = project.read("book.ipynb");
    let cells = code(&after);
    assert!(
        cells[0].starts_with(
            "%matplotlib inline\nimport asyncio\nimport contextlib\nimport os\nimport sys\n"
        ),
        "{}",
        cells[0]
    );
    assert!(cells[0].ends_with("        raise failure"), "{}", cells[0]);
    assert_eq!(
        cells[1],
        "async def fetch(key):\n    return await asyncio.sleep(0, key)\n\nasync def both():\n    async with _TaskGroup() as tg:\n        a_task = tg.create_task(fetch(1))\n        b_task = tg.create_task(fetch(2))\n    a, b = a_task.result(), b_task.result()\n    return a, b"
    );
    assert_eq!(
        cells[2],
        "files = !ls *.csv\n_keep_task(asyncio.create_task(both()));"
    );
    assert_eq!(cells[3], "await _gather_or_cancel(fetch('é'), fetch(2))");
    // Written as Jupyter would write it.
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    assert_eq!(after, notebook(&cells));
    let again = project.run(&["diff"]);
    assert_eq!((again.status, again.stdout.as_str()), (0, ""));
}

#[test]
fn places_are_those_of_cells() {
    let project = Project::new(&[("book.ipynb", &notebook(&CELLS))]);
    let ran = project.run(&["check", "--output-format", "concise"]);
    let places: Vec<&str> = ran
        .stdout
        .lines()
        .filter_map(|line| line.split(" gather").next())
        .collect();
    assert_eq!(
        places
            .iter()
            .filter_map(|place| place.split(": retain").next())
            .collect::<Vec<_>>(),
        [
            "book.ipynb:cell 3:5:18:",
            "book.ipynb:cell 4:2:1",
            "book.ipynb:cell 5:1:7:"
        ]
    );
    let ran = project.run(&["check", "--output-format", "json-lines"]);
    let second: Value =
        serde_json::from_str(ran.stdout.lines().nth(1).expect("a line")).expect("JSON");
    assert_eq!(second["start"], json!({"cell": 4, "line": 2, "column": 1}));
    let ran = project.run(&["check"]);
    assert!(
        ran.stdout.contains("book.ipynb:cell 4:2:1"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_diff_of_a_notebook_is_a_patch_of_its_file() {
    let book = notebook(&CELLS);
    let project = Project::new(&[("book.ipynb", &book)]);
    let ran = project.run(&["diff"]);
    project.write("patch", ran.stdout.as_bytes());
    let git = std::process::Command::new("git")
        .args(["apply", "patch"])
        .current_dir(project.path("."))
        .output()
        .expect("git");
    assert!(
        git.status.success(),
        "{}",
        String::from_utf8_lossy(&git.stderr)
    );
    let patched = project.read("book.ipynb");
    project.write("book.ipynb", book.as_bytes());
    project.run(&["fix"]);
    assert_eq!(project.read("book.ipynb"), patched);
}

#[test]
fn what_is_no_notebook_of_python_is_named_or_left_alone() {
    let broken = notebook(&["asyncio.create_task(f())\nx = = 1"]);
    let other = notebook(&CELLS).replace("\"language\": \"python\"", "\"language\": \"R\"");
    let project = Project::new(&[
        ("a.ipynb", "asyncio.create_task("),
        ("b.ipynb", &broken),
        ("c.ipynb", &other),
        (".ipynb_checkpoints/d.ipynb", &notebook(&CELLS)),
        ("e.ipynb", &notebook(&CELLS)),
    ]);
    let ran = project.run(&["diff"]);
    ran.is_trouble("a.ipynb: no notebook of format 4");
    ran.is_trouble("b.ipynb:cell 2:2:5: syntax error");
    assert!(ran.stdout.starts_with("--- a/e.ipynb"), "{}", ran.stdout);
}

#[test]
fn the_types_of_a_notebook_come_from_the_project() {
    let cells = [
        "import asyncio\n\nfrom jobs import fetch",
        "async def main():\n    await asyncio.gather(fetch(1), fetch(2))",
    ];
    let project = Project::new(&[
        ("book.ipynb", &notebook(&cells)),
        ("jobs.py", "async def fetch(number):\n    return number\n"),
    ]);
    let ran = project.run(&["fix"]);
    ran.says("types: inferred for 1 file");
    assert!(
        project
            .read("book.ipynb")
            .contains("tg.create_task(fetch(1))")
    );
}
