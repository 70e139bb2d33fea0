//! What `check` prints for machines: valid by the schemas of its formats, whatever files are called and hold.

use std::collections::BTreeSet;

use jsonschema::Validator;
use serde_json::{Value, json};
use uppsala::XsdValidator;

use crate::cli::{DROPPED, Project, Ran};
use crate::notebooks::notebook;
use crate::repository::root;

const FORMATS: [&str; 9] = [
    "full",
    "concise",
    "json",
    "json-lines",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "markdown",
];

/// A name with what some format or reader gives a meaning to.
#[cfg(unix)]
const HOSTILE: &str = "a,b:c%0A\n\u{1b}[31m<&>\"'{0}[x](y)``` @all ::error::\u{202e}.py";
#[cfg(not(unix))]
const HOSTILE: &str = "a,b%0A&'{0}[x](y)```  @all.py";

/// Every decision, and trouble.
fn sites() -> Project {
    let gathers = "\
import asyncio


class News:
    async def one(self):
        self.all = asyncio.gather(first(), second())

    async def two(self, first: asyncio.Task, second: asyncio.Task):
        return await asyncio.gather(first, second)

    async def three(self):
        '\u{1f389}'; await asyncio.gather(
            self.one(),
            self.one(),
        )
";
    let project = Project::new(&[
        ("app/gathers.py", gathers),
        (
            "app/twice.py",
            &(DROPPED.to_owned() + "    asyncio.create_task(work())\n"),
        ),
        (
            "book.ipynb",
            &notebook(&["import asyncio", "asyncio.create_task(f())"]),
        ),
        ("broken.py", "import asyncio\nasyncio.create_task(\n"),
        ("clean.py", "print()\n"),
        (
            "crlf.py",
            "# \u{1f389}\r\nimport asyncio\r\nasync def f(): '\u{1f389}'; asyncio.create_task(w('```'))\r\n",
        ),
        (
            HOSTILE,
            "import asyncio\nasyncio.create_task(w('\x1b[31m ``` \u{ffff} <b> ]]> \u{202e}'))\n",
        ),
        ("latin.py", ""),
    ]);
    project.write("latin.py", b"import asyncio; asyncio.create_task('\xe9')\n");
    project
}

fn check(project: &Project, format: &str, more: &[&str]) -> Ran {
    project.run(&[&["check", "--no-types", "--output-format", format], more].concat())
}

pub(crate) fn schema(path: &str) -> Validator {
    let text = std::fs::read_to_string(root().join(path)).expect("a schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}

#[track_caller]
pub(crate) fn assert_valid(schema: &Validator, text: &str) -> Value {
    let value: Value =
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}"));
    let errors: Vec<String> = (schema.iter_errors(&value))
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    value
}

#[test]
fn every_format_says_all_and_nothing_that_a_terminal_obeys() {
    let project = sites();
    for format in FORMATS {
        let ran = check(&project, format, &[]);
        assert_eq!(ran.status, 2, "{format}: {}", ran.stderr);
        let obeyed = |it: char| (it.is_control() && it != '\n') || it == '\u{202e}';
        let lines = ran.stdout.replace("\r\n", "\n");
        assert!(!lines.contains(obeyed), "{format}: {lines:?}");
        for word in ["keep", "gather", "not-awaited"] {
            assert!(lines.contains(word), "{format}: no {word} in {lines}");
        }
        let to_file = check(&project, format, &["--output-file", "out"]);
        assert_eq!((to_file.status, to_file.stdout.as_str()), (2, ""));
        assert_eq!(project.read("out"), ran.stdout, "{format}");
        std::fs::remove_file(project.path("out")).expect("it was written");
    }
}

#[test]
fn json_is_an_array_of_what_json_lines_has_and_follows_its_schema() {
    let schema = schema("docs/check.schema.json");
    for project in [sites(), Project::new(&[("a.py", "")])] {
        let array = assert_valid(&schema, &check(&project, "json", &[]).stdout);
        let lines = check(&project, "json-lines", &[]).stdout;
        let objects: Vec<Value> = (lines.lines())
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        assert_eq!(array, Value::Array(objects));
    }
    // The schema names all that there is.
    let text = std::fs::read_to_string(root().join("docs/check.schema.json")).expect("a schema");
    let page: Value = serde_json::from_str(&text).expect("JSON");
    let keys = |value: &Value| -> BTreeSet<String> {
        value
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect()
    };
    let project = sites();
    project.write("known", b"");
    let known = check(&project, "json", &["--baseline", "known"]);
    let array: Value = serde_json::from_str(&known.stdout).expect("JSON");
    assert_eq!(
        keys(&array[0]),
        keys(&page["$defs"]["finding"]["properties"])
    );
    let names: Vec<&str> = asyncmend_transforms::ALL.iter().map(|it| it.id).collect();
    assert_eq!(
        page["$defs"]["finding"]["properties"]["transform"]["enum"],
        json!(names)
    );
}

// SARIF.

fn sarif(project: &Project) -> Value {
    let text = check(project, "sarif", &[]).stdout;
    assert_valid(&schema("tests/schemas/sarif-2.1.0.json"), &text)
}

fn list<'v>(value: &'v Value, pointer: &str) -> &'v Vec<Value> {
    let found = value.pointer(pointer).and_then(Value::as_array);
    found.unwrap_or_else(|| panic!("no list at {pointer} of {value:#}"))
}

#[test]
fn sarif_is_valid_and_has_the_rules_the_results_and_the_trouble() {
    let log = sarif(&sites());
    let results = list(&log, "/runs/0/results");
    let rules = list(&log, "/runs/0/tool/driver/rules");
    let mut levels = BTreeSet::new();
    for result in results {
        let index =
            usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        levels.insert((
            result["properties"]["decision"].to_string(),
            result["level"].to_string(),
        ));
    }
    let expected = [
        ("held", "warning"),
        ("refuse", "note"),
        ("rewrite", "warning"),
    ];
    let expected = expected.map(|(one, other)| (format!("{one:?}"), format!("{other:?}")));
    assert_eq!(levels, BTreeSet::from(expected));
    let hostile = results.iter().filter_map(|it| {
        it.pointer("/locations/0/physicalLocation/artifactLocation/uri")?
            .as_str()
    });
    assert!(
        hostile
            .clone()
            .all(|uri| !uri.contains([':', ' ', '<', '\n', '[']))
    );
    assert!(
        hostile.clone().any(|uri| uri.starts_with("a%2Cb")),
        "{log:#}"
    );
    for rule in rules {
        let help = rule["help"]["markdown"].as_str().expect("help");
        assert!(help.starts_with("# "), "{help}");
    }
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notes = list(invocation, "/toolExecutionNotifications");
    let place = |note: &Value| note["locations"][0]["physicalLocation"].clone();
    let broken = notes
        .iter()
        .map(place)
        .find(|it| it["artifactLocation"]["uri"] == "broken.py");
    assert_eq!(broken.expect("a notification")["region"]["startLine"], 3);
    let clean = sarif(&Project::new(&[("a.py", "")]));
    assert_eq!(clean["runs"][0]["results"], json!([]));
    assert_eq!(
        clean["runs"][0]["invocations"][0]["executionSuccessful"],
        true
    );
}

#[test]
fn the_fixes_in_sarif_are_what_fix_does() {
    for text in [
        DROPPED.to_owned(),
        "# \u{1f389}\r\nimport asyncio\r\nasync def f(): '\u{1f389}'; asyncio.create_task(w())\r\n"
            .to_owned(),
        format!("\u{feff}{DROPPED}"),
    ] {
        let project = Project::new(&[("a.py", &text)]);
        let log = sarif(&project);
        let changes = list(
            &log,
            "/runs/0/results/0/fixes/0/artifactChanges/0/replacements",
        );
        let offset = |region: &Value, end: &str| {
            let number = |key: &str| {
                let key = format!("{end}{key}");
                usize::try_from(region[&key].as_u64().expect("a number")).expect("small")
            };
            let bom = if text.starts_with('\u{feff}') { 3 } else { 0 };
            let lines: Vec<&str> = text[bom..].split_inclusive('\n').collect();
            let before = lines[..number("Line") - 1].iter().map(|line| line.len());
            let line = lines.get(number("Line") - 1).copied().unwrap_or_default();
            let columns = line.chars().take(number("Column") - 1).map(char::len_utf8);
            bom + before.sum::<usize>() + columns.sum::<usize>()
        };
        let mut after = text.clone();
        for change in changes.iter().rev() {
            let region = &change["deletedRegion"];
            let range = offset(region, "start")..offset(region, "end");
            after.replace_range(
                range,
                change["insertedContent"]["text"].as_str().expect("a text"),
            );
        }
        project.run(&["fix", "--no-types"]);
        assert_eq!(after, project.read("a.py"));
    }
}

#[test]
fn fingerprints_stay_where_lines_move_and_tell_sites_apart() {
    let fingerprints = |text: &str| -> Vec<Value> {
        let log = sarif(&Project::new(&[("a.py", text)]));
        let results = list(&log, "/runs/0/results").iter();
        results
            .map(|it| it["partialFingerprints"]["site/v1"].clone())
            .collect()
    };
    let twice = DROPPED.to_owned() + "    asyncio.create_task(work())\n";
    let before = fingerprints(&twice);
    let moved = twice
        .replace("work()", " work( )")
        .replace("async def", "\n\n\nasync def");
    assert_eq!(before, fingerprints(&moved));
    assert_eq!(before.len(), 2);
    assert_ne!(before[0], before[1]);
    assert_ne!(before, fingerprints(&twice.replace("work", "play")));
}

// The others.

#[test]
fn a_gitlab_report_is_valid_and_has_one_fingerprint_per_issue() {
    let schema = schema("tests/schemas/gitlab-code-quality.json");
    let project = sites();
    let report = assert_valid(&schema, &check(&project, "gitlab", &[]).stdout);
    let issues = report.as_array().expect("a list");
    let fingerprints = issues.iter().map(|issue| issue["fingerprint"].to_string());
    let found = check(&project, "concise", &[]).stdout.lines().count();
    // Two files are trouble.
    assert_eq!(fingerprints.collect::<BTreeSet<_>>().len(), found + 2);
    let broken = issues
        .iter()
        .find(|it| it["location"]["path"] == "broken.py");
    assert_eq!(broken.expect("an issue")["severity"], "critical");
    let clean = check(&Project::new(&[("a.py", "")]), "gitlab", &[]);
    assert_eq!(assert_valid(&schema, &clean.stdout), json!([]));
}

#[test]
fn a_junit_report_is_valid() {
    let text =
        std::fs::read_to_string(root().join("tests/schemas/junit-10.xsd")).expect("a schema");
    let schema = uppsala::parse(&text).expect("XML");
    let schema = XsdValidator::from_schema(&schema).expect("a schema");
    for (project, tests) in [(sites(), 10), (Project::new(&[("a.py", "")]), 1)] {
        let report = check(&project, "junit", &[]).stdout;
        let document = uppsala::parse(&report).unwrap_or_else(|error| panic!("{error}:\n{report}"));
        let errors = schema.validate(&document);
        assert!(errors.is_empty(), "{errors:?}\n{report}");
        assert_eq!(report.matches("<testcase ").count(), tests, "{report}");
    }
    // The schema is one that finds something.
    let wrong = uppsala::parse("<testsuites><testsuite name='a'/></testsuites>").expect("XML");
    assert!(!schema.validate(&wrong).is_empty());
    let report = check(&sites(), "junit", &[]).stdout;
    let broken = "<testsuite name=\"broken.py\" tests=\"1\" failures=\"0\" errors=\"1\">";
    assert!(report.contains(broken), "{report}");
}

#[test]
fn workflow_commands_are_escaped() {
    let report = check(&sites(), "github", &[]).stdout;
    let mut levels = BTreeSet::new();
    for line in report.lines() {
        let (level, rest) = line
            .strip_prefix("::")
            .and_then(|it| it.split_once(' '))
            .expect(line);
        levels.insert(level);
        let (properties, text) = rest.split_once("::").expect(line);
        assert!(!text.is_empty());
        for property in properties.split(',') {
            let (key, value) = property.split_once('=').expect(line);
            let keys = ["title", "file", "line", "endLine", "col", "endColumn"];
            assert!(keys.contains(&key) && !value.contains(':'), "{line}");
        }
    }
    assert_eq!(levels, BTreeSet::from(["error", "notice", "warning"]));
    let first = report
        .lines()
        .find(|line| line.contains("file=app/twice.py"));
    let expected = "::warning title=asyncmend retain-task,file=app/twice.py,line=5,endLine=5,col=5,\
                    endColumn=31::the event loop holds tasks weakly";
    assert!(first.expect("a line").starts_with(expected), "{report}");
    assert!(report.contains("file=a%2Cb%3Ac%250A%0A"), "{report}");
    assert!(
        report.contains("::error title=asyncmend,file=broken.py,line=3,col="),
        "{report}"
    );
}

#[test]
fn a_comment_shows_what_fix_would_do() {
    let project = sites();
    let comment = check(&project, "markdown", &[]).stdout;
    assert!(
        comment.starts_with("<!-- asyncmend -->\n### asyncmend\n\n| transform |"),
        "{comment}"
    );
    assert!(
        comment.contains("\n| `retain-task` | 5 | 0 | 0 |\n"),
        "{comment}"
    );
    let diff = project.run(&["diff", "--no-types", "app/twice.py"]).stdout;
    assert!(
        comment.contains(&format!("```diff\n{diff}```\n")),
        "{comment}"
    );
    // What is in a file closes no fence, and its name opens no tag.
    assert!(comment.contains("\n````diff\n"), "{comment}");
    assert!(
        comment.contains("<code>a,b:c%0A\u{240a}\u{241b}[31m&lt;&amp;&gt;"),
        "{comment}"
    );
    assert!(comment.contains("- <code>broken.py:"), "{comment}");
    assert_eq!(
        comment.matches("<details>").count(),
        comment.matches("</details>").count()
    );
    let clean = check(&Project::new(&[("a.py", "")]), "markdown", &[]).stdout;
    assert_eq!(
        clean,
        "<!-- asyncmend -->\n### asyncmend\n\nNo sites in 1 file.\n\n"
    );
}

#[test]
fn a_comment_stays_below_the_limit_of_github() {
    let many = DROPPED.to_owned() + &"    asyncio.create_task(work())\n".repeat(2_000);
    let project = Project::new(&[("many.py", &many)]);
    for file in 0..300 {
        project.write(&format!("files/{file}.py"), DROPPED.as_bytes());
        project.write(&format!("wrong/{file}.py"), b"asyncio.create_task(\n");
    }
    let comment = check(&project, "markdown", &[]).stdout;
    assert!(
        (50_000..65_536).contains(&comment.len()),
        "{}",
        comment.len()
    );
    assert!(comment.contains("\n| `retain-task` | 2301 | 0 | 0 |\n"));
    let left_out = comment
        .lines()
        .find(|line| line.starts_with("No room here for "));
    let left_out = left_out
        .expect("a note")
        .split(' ')
        .nth(4)
        .expect("a number");
    let shown = comment.matches("<details>").count();
    assert_eq!(left_out.parse::<usize>().expect("a number") + shown, 301);
    assert!(comment.contains("\n- and 280 more\n"));
}
