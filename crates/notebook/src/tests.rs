use ruff_text_size::TextSize;

use super::{Error, Notebook};

/// A notebook with these cells, each a kind and the JSON of its source.
fn json(cells: &[(&str, &str)]) -> String {
    let cells: Vec<String> = cells
        .iter()
        .map(|(kind, source)| {
            let rest = match *kind {
                "code" => ",\n   \"execution_count\": null, \"outputs\": []",
                _ => "",
            };
            format!("  {{\n   \"cell_type\": \"{kind}\",\n   \"metadata\": {{\"x\":  1.0}},\n   \"source\": {source}{rest}\n  }}")
        })
        .collect();
    format!(
        "{{\n \"cells\": [\n{}\n ],\n \"metadata\": {{}},\n \"nbformat\": 4,\n \"nbformat_minor\": 4\n}}\n",
        cells.join(",\n")
    )
}

const CELLS: &[(&str, &str)] = &[
    ("markdown", "[\n    \"# T\\u00edtulo\"\n   ]"),
    (
        "code",
        "[\n    \"!pip install x \\\\\\n\",\n    \"   y\\n\",\n    \"import asyncio  # \\u00e9\"\n   ]",
    ),
    ("code", "\"x = %pwd\\nx?\""),
    ("code", "[]"),
    ("code", "[\"%%bash\\n\", \"ls\"]"),
    ("code", "[\"await f()\"]"),
];

#[test]
fn the_python_of_all_cells_is_one_text() {
    let json = json(CELLS);
    let notebook = Notebook::parse(&json, |_| None).unwrap().unwrap();
    assert_eq!(
        notebook.text(),
        "asyncmend_command_0(pip, install, x, y)\nimport asyncio  # é\n# %% asyncmend_command_1\n\
         x = asyncmend_command_1(pwd)\nasyncmend_command_2(x)\n# %% asyncmend_command_2\n\n\
         # %% asyncmend_command_3\nawait f()\n"
    );
}

#[test]
fn parts_are_the_code_of_cells() {
    let json = json(CELLS);
    let notebook = Notebook::parse(&json, |_| None).unwrap().unwrap();
    let parts: Vec<&str> = (notebook.parts().into_iter())
        .map(|part| &notebook.text()[part])
        .collect();
    assert_eq!(
        parts,
        [
            "asyncmend_command_0(pip, install, x, y)\nimport asyncio  # é",
            "x = asyncmend_command_1(pwd)\nasyncmend_command_2(x)",
            "",
            "await f()"
        ]
    );
}

#[test]
fn places_are_those_of_cells() {
    let json = json(CELLS);
    let notebook = Notebook::parse(&json, |_| None).unwrap().unwrap();
    let place = |word: &str| {
        let offset = notebook.text().find(word).unwrap();
        let place = notebook.place(TextSize::try_from(offset).unwrap()).unwrap();
        (place.cell, &place.code[place.offset.to_usize()..])
    };
    assert_eq!(place("import"), (2, "import asyncio  # é"));
    assert_eq!(place("await"), (6, "await f()"));
    assert_eq!(place("x = "), (3, "x = %pwd\nx?"));
}

#[test]
fn what_stays_stays_byte_for_byte() {
    let json = json(CELLS);
    let notebook = Notebook::parse(&json, |_| None).unwrap().unwrap();
    assert_eq!(notebook.with(notebook.text()).as_deref(), Some(&*json));
    let after = notebook
        .text()
        .replace("# é\n", "# é\n\n\ndef f():\n    return 'ü'\n\n\n")
        .replace("await f()", "await g()\nx")
        .replace("x = ", "y = x = ");
    let expected = json
        .replace(
            "\"import asyncio  # \\u00e9\"",
            "\"import asyncio  # \\u00e9\\n\",\n    \"\\n\",\n    \"\\n\",\n    \"def f():\\n\",\n    \"    return '\\u00fc'\"",
        )
        .replace("[\"await f()\"]", "[\"await g()\\n\", \"x\"]")
        .replace("\"x = %pwd\\nx?\"", "\"y = x = %pwd\\nx?\"");
    assert_eq!(notebook.with(&after), Some(expected));
}

#[test]
fn lines_that_stay_in_a_cell_that_changes_are_as_they_were() {
    let with_source = |source: &str, from: &str, to: &str| {
        let json = json(&[("code", source)]);
        let notebook = Notebook::parse(&json, |_| None).unwrap().unwrap();
        let after = notebook.with(&notebook.text().replace(from, to)).unwrap();
        let (before, rest) = json.split_once(source).unwrap();
        let source = after.strip_prefix(before).unwrap().strip_suffix(rest);
        source.unwrap().to_owned()
    };
    let cases = [
        // A string may end at what ends a line to Python's `splitlines` alone.
        (
            r#"["f()\n",  "x = '\u2028", "'\n", "y"]"#,
            r#"["g()\n",  "x = '\u2028", "'\n", "y"]"#,
        ),
        (
            r#"["x = '\u000c", "\u2029'\n", "f()"]"#,
            r#"["x = '\u000c", "\u2029'\n", "g()"]"#,
        ),
        // Whoever escapes more than has to be.
        (
            r#"["x = '\u00e9\/'\n", "f()\n", ""]"#,
            r#"["x = '\u00e9\/'\n", "g()\n"]"#,
        ),
        (
            r#""x = '\u00e9\/\\n'\u000af()\ny = '\u003c'""#,
            r#""x = '\u00e9\/\\n'\u000ag()\ny = '\u003c'""#,
        ),
        // Several lines in one string.
        (r#"["x\ny = '\/'\n", "f()"]"#, r#"["x\ny = '\/'\n", "g()"]"#),
        (r#"["x\nf()\n", "y"]"#, r#"["x\n", "g()\n", "y"]"#),
        (r#""f()""#, r#""g()""#),
    ];
    for (before, after) in cases {
        assert_eq!(with_source(before, "f()", "g()"), after);
    }
    // No line is taken for one further down.
    let blank = r#"["\/\n","\n","'\/'\n","\n","f()"]"#.replacen(r"\/\n", r"1\n", 1);
    assert_eq!(
        with_source(&blank, "1\n", "1\n\n\n"),
        r#"["1\n","\n","\n","\n","'\/'\n","\n","f()"]"#
    );
}

#[test]
fn cells_that_run_elsewhere_only_use_names() {
    let cells = [
        "python3",
        "timeit -n1",
        "time",
        "capture out",
        "bash",
        "sql",
    ]
    .map(|magic| {
        let code = format!("x = {}; y.z", magic.len());
        ("code", format!("[\"%%{magic}\\n\", \"{code}\\n\"]"))
    });
    let cells: Vec<(&str, &str)> = cells
        .iter()
        .map(|(kind, source)| (*kind, &**source))
        .collect();
    let json = json(&[&cells[..], &[("code", "[\"sql\"]"), ("markdown", "\"x\"")]].concat());
    let notebook = Notebook::parse(&json, |_| None).unwrap().unwrap();
    assert_eq!(
        notebook.text(),
        "asyncmend_command_0(python3, x, y)\n\
         # %% asyncmend_command_1\nasyncmend_command_1(timeit, n1, x, y)\n\
         # %% asyncmend_command_2\nasyncmend_command_2(time)\nx = 4; y.z\n\n\
         # %% asyncmend_command_3\nasyncmend_command_3(capture, out)\nx = 11; y.z\n\n\
         # %% asyncmend_command_4\nasyncmend_command_4(x, y)\n\
         # %% asyncmend_command_5\nasyncmend_command_5(sql, x, y)\n\
         # %% asyncmend_command_6\nsql\n"
    );
    assert_eq!(notebook.with(notebook.text()).as_deref(), Some(&*json));
    let place = notebook.place(TextSize::try_from(notebook.text().find("x = 4").unwrap()).unwrap());
    assert_eq!(place.unwrap().cell, 3);
}

#[test]
fn insertions_below_a_cell_go_to_its_end() {
    let json = json(&[("code", "[\"import a\"]"), ("code", "[\"a.b()\"]")]);
    let notebook = Notebook::parse(&json, |_| None).unwrap().unwrap();
    let offset = TextSize::try_from("import a\n".len()).unwrap();
    let place = notebook.place(offset).unwrap();
    assert_eq!((place.cell, place.offset.to_usize()), (1, "import a".len()));
    assert_eq!(notebook.inserted(offset, "import b\n"), "\nimport b");
    let start = notebook.place(TextSize::new(0)).unwrap();
    assert_eq!((start.cell, start.offset.to_usize()), (1, 0));
    assert_eq!(
        notebook.inserted(TextSize::new(0), "import b\n"),
        "import b\n"
    );
}

#[test]
fn a_text_without_a_cell_is_not_taken() {
    let json = json(CELLS);
    let notebook = Notebook::parse(&json, |_| None).unwrap().unwrap();
    assert_eq!(notebook.with("x\n"), None);
}

#[test]
fn what_is_no_notebook_says_why() {
    let error = |json: &str| Notebook::parse(json, |_| None).unwrap_err();
    assert!(matches!(error("{"), Error::Malformed(_)));
    assert!(matches!(error("{\"cells\": []}"), Error::Malformed(_)));
    let broken = json(&[
        ("markdown", "\"\""),
        ("code", "[\"x = 1\\n\", \"é = = 2\"]"),
    ]);
    let Error::Syntax {
        cell, line, column, ..
    } = error(&broken)
    else {
        panic!("it parsed");
    };
    assert_eq!((cell, line, column), (2, 2, 5));
}

#[test]
fn other_languages_are_left_alone() {
    let json = json(CELLS).replace("\"metadata\": {},\n \"nb", "\"metadata\": {\"kernelspec\": {\"name\": \"ir\", \"display_name\": \"R\", \"language\": \"R\"}},\n \"nb");
    assert!(Notebook::parse(&json, |_| None).unwrap().is_none());
}
