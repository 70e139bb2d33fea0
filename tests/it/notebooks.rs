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

/// The code of these cells after `fix`, and what `check` says about them.
fn fixed(cells: &[&str], options: &[&str]) -> (Vec<String>, Vec<String>) {
    let project = Project::new(&[("book.ipynb", &notebook(cells))]);
    let concise = ["check", "--output-format", "concise", "--no-types"];
    let said = project.run(&[&concise, options].concat()).stdout;
    let ran = project.run(&[&["fix", "--no-types"], options].concat());
    assert!(ran.status <= 1, "{}", ran.stderr);
    let again = project.run(&[&["diff", "--no-types"], options].concat());
    assert_eq!(again.stdout, "");
    let said = said.lines().map(|line| {
        let line = line.trim_start_matches("book.ipynb:");
        line.split_inclusive(']').next().unwrap_or(line).to_owned()
    });
    (code(&project.read("book.ipynb")), said.collect())
}

#[test]
fn a_name_may_come_from_a_cell_below() {
    let cells = [
        "await asyncio.gather(f(), f())\n1",
        "asyncio.create_task(f())\n[asyncio.create_task(f()) for _ in 'ab']\nawait asyncio.wait_for(f(), 2)\n1",
        "def start():\n    return asyncio.create_task(f())\n\ndef go():\n    start()",
        "import json",
        "import asyncio\n\nasync def f():\n    await asyncio.sleep(0)",
    ];
    let (after, said) = fixed(&cells, &[]);
    assert_eq!(
        said,
        [
            "cell 2:1:7: gather [rewrite]",
            "cell 3:1:1: retain-task [rewrite]",
            "cell 3:2:2: retain-task [rewrite]",
            "cell 3:3:7: wait-for [rewrite]",
            "cell 4:5:5: retain-task [rewrite]",
        ]
    );
    assert_eq!(after[0], "await _gather_or_cancel(f(), f())\n1");
    assert_eq!(
        after[1],
        "_keep_task(asyncio.create_task(f()))\n[_keep_task(asyncio.create_task(f())) for _ in 'ab']\nawait _wait_for(f(), 2)\n1"
    );
    assert_eq!(
        after[2],
        "def start():\n    return asyncio.create_task(f())\n\ndef go():\n    _keep_task(start())"
    );
    assert_eq!(after[3], "import json");
    // Whoever uses asyncio has run this cell.
    assert!(
        after[4].starts_with(
            "import asyncio\nimport sys\n\n_background_tasks = set()\n\n\ndef _keep_task(task):"
        ),
        "{}",
        after[4]
    );
    assert!(
        after[4].ends_with("\n\n\nasync def f():\n    await asyncio.sleep(0)"),
        "{}",
        after[4]
    );
}

#[test]
fn helpers_go_to_the_cell_that_imports_asyncio() {
    let cells = [
        "import os",
        "import asyncio\n\nlimit = 1",
        "import json\nimport sys",
        "async def f(x):\n    return [await asyncio.wait_for(f(x), x)]",
    ];
    let (after, _) = fixed(&cells, &[]);
    assert_eq!((after[0].as_str(), after[2].as_str()), (cells[0], cells[2]));
    assert!(
        after[1].starts_with("import asyncio\nimport sys\n\nif sys.version_info"),
        "{}",
        after[1]
    );
    assert!(after[1].ends_with("\n\n\nlimit = 1"), "{}", after[1]);
}

#[test]
fn a_call_above_the_helper_in_its_cell_is_left() {
    let cells = [
        "async def f():\n    asyncio.create_task(f())",
        "import asyncio; asyncio.create_task(f())\nasyncio.create_task(f())",
    ];
    assert_eq!(
        fixed(&cells, &[]).1,
        [
            "cell 2:2:5: retain-task [rewrite]",
            "cell 3:1:17: retain-task [refuse helper-out-of-reach]",
            "cell 3:2:1: retain-task [rewrite]",
        ]
    );
}

#[test]
fn what_several_cells_bind_is_all_of_that_above_them() {
    let site = "await asyncio.gather(f(), f())";
    let cells = [
        site,
        "import asyncio\n\nasync def f(): ...",
        "import trio as asyncio",
    ];
    assert_eq!(
        fixed(&cells, &[]).1,
        ["cell 2:1:7: gather [refuse unclear-name]"]
    );
    let (after, said) = fixed(&[site, cells[1], cells[1]], &[]);
    assert_eq!(said, ["cell 2:1:7: gather [rewrite]"]);
    assert!(after[0].starts_with("import asyncio\n"), "{}", after[0]);
}

#[test]
fn a_helper_is_not_called_by_what_may_run_before_its_cell() {
    // The loop may come from anywhere: the helper goes to the top, as it would without the cell below.
    let cells = [
        "from jobs import f, loop\n\ndef go():\n    loop.create_task(f())",
        "import asyncio",
        "asyncio.create_task(f())",
    ];
    let (after, said) = fixed(&cells, &["--accept", "unknown-receiver"]);
    assert_eq!(
        said,
        [
            "cell 2:4:5: retain-task [rewrite unknown-receiver]",
            "cell 4:1:1: retain-task [rewrite]"
        ]
    );
    assert!(after[0].contains("def _keep_task(task):"), "{}", after[0]);
    assert_eq!(after[1], "import asyncio");
    // What another module makes a task of needs no cell of this notebook.
    let spawn = "import asyncio\n\ndef spawn(job):\n    return asyncio.create_task(job)\n";
    let book = notebook(&[
        "from jobs import f, spawn\n\ndef go():\n    spawn(f())",
        "asyncio.create_task(f())",
        "import asyncio",
    ]);
    let project = Project::new(&[
        ("book.ipynb", &book),
        ("jobs.py", &format!("{spawn}\nasync def f(): ...\n")),
    ]);
    let said = project.run(&["check", "--output-format", "concise"]).stdout;
    assert!(
        said.contains("cell 2:4:5: retain-task [refuse helper-out-of-reach]"),
        "{said}"
    );
    assert!(said.contains("cell 3:1:1: retain-task [rewrite]"), "{said}");
}

#[test]
fn what_another_magic_runs_keeps_its_imports() {
    let cells = [
        "from asyncio import gather, sleep, wait_for",
        "async def f():\n    await sleep(0)",
        "await gather(f(), f())\nawait wait_for(f(), 2)\n1",
        "%%memit\nawait gather(f(), f())",
        "%%timeit\nasyncio.wait_for(f(), 2)",
    ];
    let (after, said) = fixed(&cells, &[]);
    assert_eq!(
        said,
        [
            "cell 4:1:7: gather [rewrite]",
            "cell 4:2:7: wait-for [rewrite]"
        ]
    );
    assert!(
        after[0].starts_with("import asyncio\nimport sys\nfrom asyncio import gather, sleep\n"),
        "{}",
        after[0]
    );
    assert_eq!(after[3..], cells[3..]);
}

#[test]
fn nothing_comes_before_a_magic_or_into_its_cell() {
    let code = "async def f(x):\n    asyncio.create_task(f(x))\n    return [await asyncio.wait_for(f(x), x)]";
    let timed = format!("%%time\n{code}");
    let cells = [
        "%%bash\necho create_task",
        "%matplotlib inline",
        timed.as_str(),
        "import asyncio",
        "import asyncio",
    ];
    let (after, said) = fixed(&cells, &[]);
    assert_eq!(
        said,
        [
            "cell 4:3:5: retain-task [rewrite]",
            "cell 4:4:19: wait-for [rewrite]"
        ]
    );
    assert_eq!(after[..2], cells[..2]);
    assert!(
        after[2].starts_with("%%time\nimport asyncio\nimport sys\n\n_background_tasks = set()\n"),
        "{}",
        after[2]
    );
    let (after, _) = fixed(&[cells[0], cells[1], code, cells[3], cells[4]], &[]);
    assert_eq!(after[..2], cells[..2]);
    assert!(
        after[2].starts_with("import asyncio\nimport sys\n\n"),
        "{}",
        after[2]
    );
}

#[test]
fn cells_that_are_formatted_stay_so() {
    let packages: Vec<String> = (0..20).map(|number| format!("package{number}")).collect();
    let install = format!("%pip install {}", packages.join(" "));
    let cells = [
        install.as_str(),
        "\"Not a docstring. \"\nimport asyncio",
        "async def read(source, key): ...",
        "async def read_all(keys):\n    return {key: await asyncio.gather(read(\"a\", key), read(\"b\", key)) for key in keys}",
        "asyncio.create_task(read_all([1]));",
        "async def go(x):\n    asyncio.create_task(read_all(x))\n    return await asyncio.wait_for(read_all(x), x)",
    ];
    let (after, _) = fixed(&cells, &[]);
    assert_eq!(after[0], install);
    assert!(
        after[1].starts_with(
            "\"Not a docstring. \"\nimport asyncio\nimport sys\n\n_background_tasks = set()\n\n\n"
        ),
        "{}",
        after[1]
    );
    assert!(
        after[1].ends_with("raise TimeoutError from exc"),
        "{}",
        after[1]
    );
    assert_eq!(after[2], cells[2]);
    assert_eq!(
        after[3],
        "async def read_all(keys):\n    return {\n        key: await _gather_or_cancel(read(\"a\", key), read(\"b\", key)) for key in keys\n    }"
    );
    assert_eq!(after[4], "_keep_task(asyncio.create_task(read_all([1])));");
    // Code above the only import, and none in another cell.
    let (after, _) = fixed(&[cells[5], "import asyncio"], &[]);
    assert_eq!(
        after[0],
        "async def go(x):\n    _keep_task(asyncio.create_task(read_all(x)))\n    return await _wait_for(read_all(x), x)"
    );
    assert!(
        after[1].starts_with("import asyncio\nimport sys\n\n_background_tasks = set()\n\n\n"),
        "{}",
        after[1]
    );
    // One that is not shows that nobody formats them.
    let (after, _) = fixed(&[cells[1], "x=1", cells[2], cells[3]], &[]);
    assert!(after[3].ends_with(" for key in keys}"), "{}", after[3]);
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
