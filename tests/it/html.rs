//! The page for a browser, as a file; `tests/browser` opens it.

use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::cli::{DROPPED, Project};

/// A file with a site of each decision.
const MIXED: &str = "\
import asyncio


class Shop:
    async def open(self, loop, doors):
        asyncio.create_task(self.watch())
        loop.create_task(self.watch())
        return await asyncio.gather(*doors, return_exceptions=True)
";

fn page(project: &Project) -> String {
    let ran = project.run(&["diff", "--format=html", "--exit-zero"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    ran.stdout
}

/// The JSON of the element with this id.
fn data(page: &str, id: &str) -> Value {
    let start = format!("<script type=\"application/json\" id=\"{id}\">");
    let (_, rest) = page.split_once(&start).expect(id);
    let (json, _) = rest.split_once("</script>").expect("its end");
    serde_json::from_str(json).expect("JSON")
}

fn findings(page: &str) -> Vec<Value> {
    let files = data(page, "files");
    let of_each = (files.as_array().expect("a list").iter())
        .flat_map(|file| file["findings"].as_array().expect("a list").clone());
    of_each.collect()
}

#[test]
fn the_page_has_each_finding_with_its_decision() {
    let project = Project::new(&[
        ("app/shop.py", MIXED),
        ("b.py", DROPPED),
        ("c.py", "x = 1\n"),
    ]);
    let ran = project.run(&["check", "--output-format=json-lines"]);
    let keys = ["transform", "start", "end", "decision", "message", "code"];
    let pick = |value: &Value| keys.map(|key| value[key].clone());
    let expected: Vec<_> = (ran.stdout.lines())
        .map(|line| pick(&serde_json::from_str(line).expect("JSON")))
        .collect();
    assert_eq!(expected.len(), 4);
    let page = page(&project);
    let found = findings(&page);
    assert_eq!(found.iter().map(pick).collect::<Vec<_>>(), expected);
    assert_eq!(found[0]["scope"], "Shop.open");
    assert_eq!(found[1]["in_the_way"], json!(["unknown-receiver"]));
    assert_eq!(found[2]["candidates"], json!([]));

    let files = data(&page, "files");
    let paths: Vec<_> = (files.as_array().expect("a list").iter())
        .map(|file| file["path"].as_str().expect("text"))
        .collect();
    assert_eq!(paths, ["app/shop.py", "b.py"]);
    let hash = HEXLOWER.encode(&Sha256::digest(MIXED));
    assert_eq!(files[0]["sha256"], hash.as_str());
}

#[test]
fn a_fix_is_shown_apart_from_what_it_shares_with_others() {
    let project = Project::new(&[("a.py", MIXED)]);
    let page = page(&project);
    let files = data(&page, "files");
    let file = &files[0];
    let [first, second, third] = &file["findings"].as_array().expect("a list")[..] else {
        panic!("three sites");
    };
    let body = |fix: &Value| {
        fix["candidates"][0]["hunks"][0]["body"]
            .as_str()
            .map(str::to_owned)
    };
    assert_eq!(
        body(first).expect("a diff"),
        " 
 class Shop:
     async def open(self, loop, doors):
-        asyncio.create_task(self.watch())
+        _keep_task(asyncio.create_task(self.watch()))
         loop.create_task(self.watch())
         return await asyncio.gather(*doors, return_exceptions=True)
"
    );
    assert!(
        body(second)
            .expect("a diff")
            .contains("+        _keep_task(loop.create_task(")
    );
    // The helper is told once.
    assert_eq!(first["candidates"][0]["shared"], json!([0]));
    assert_eq!(second["candidates"][0]["shared"], json!([0]));
    let helper = file["shared"][0]["body"].as_str().expect("a diff");
    assert!(helper.contains("+def _keep_task(task):\n"), "{helper}");
    // What is left alone is shown as it is.
    let around = third["excerpt"]["body"].as_str().expect("lines");
    assert!(around.lines().all(|line| line.starts_with(' ')), "{around}");
    assert!(around.contains("asyncio.gather(*doors"), "{around}");
    // And the whole is what `diff` prints.
    let diff = project.run(&["diff"]).stdout;
    let bodies: String = (file["whole"].as_array().expect("a list").iter())
        .map(|hunk| hunk["body"].as_str().expect("lines"))
        .collect();
    let printed: String = (diff.split_inclusive('\n').skip(2))
        .filter(|line| !line.starts_with("@@"))
        .collect();
    assert_eq!(bodies, printed);
}

#[test]
fn nothing_of_the_user_becomes_markup() {
    const NAME: &str = "</script><script>alert(1)<!--\u{202e}&.py";
    let source = DROPPED.replace("work()", "work('</script><img src=x onerror=alert(2)>')");
    let project = Project::new(&[("<b>.py", &source)]);
    // A slash is none of a file's name.
    project.write(&NAME.replace('/', "\u{2215}"), source.as_bytes());
    project.write("broken<i>.py", b"asyncio.create_task(\n");
    let ran = project.run(&["diff", "--format=html"]);
    assert_eq!(ran.status, 2);
    let page = ran.stdout;
    for text in ["<script>alert", "<img", "<!--", "<b>", "<i>"] {
        assert!(!page.contains(text), "{text}");
    }
    assert_eq!(
        page.matches("<script").count(),
        page.matches("</script>").count()
    );
    let found = findings(&page);
    assert_eq!(found.len(), 2);
    let body = found[0]["candidates"][0]["hunks"][0]["body"].as_str();
    assert!(body.is_some_and(|it| it.contains("'</script><img src=x onerror=alert(2)>'")));
    let closing = data(&page, "closing-data");
    let trouble = closing["troubles"][0].as_str().expect("a line");
    assert!(trouble.starts_with("broken<i>.py:"), "{trouble}");
}

#[test]
fn the_page_loads_nothing_and_runs_its_own_scripts_alone() {
    let page = page(&Project::new(&[("a.py", MIXED)]));
    for text in [" src=", "@import", "url(", "<link", "<iframe"] {
        assert!(!page.contains(text), "{text}");
    }
    let (_, rest) = page
        .split_once("http-equiv=\"Content-Security-Policy\" content=\"")
        .expect("a policy");
    let (policy, _) = rest.split_once('"').expect("its end");
    assert!(
        policy.starts_with("default-src 'none'; script-src 'sha256-"),
        "{policy}"
    );
    assert!(
        !policy.contains("unsafe") && !policy.contains("http"),
        "{policy}"
    );
    let contents = |begin: &str, end: &str| -> Vec<String> {
        let parts = page.split(begin).skip(1);
        parts
            .map(|part| part.split(end).next().expect("a part").to_owned())
            .collect()
    };
    let scripts = contents("<script>", "</script>");
    assert_eq!(scripts.len(), 3);
    for text in [
        "fetch(",
        "XMLHttpRequest",
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "import(",
    ] {
        assert!(
            scripts.iter().all(|script| !script.contains(text)),
            "{text}"
        );
    }
    for text in scripts.iter().chain(&contents("<style>", "</style>")) {
        let hash = format!("'sha256-{}'", BASE64.encode(&Sha256::digest(text)));
        assert!(policy.contains(&hash), "{hash}");
    }
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"));
    assert!(page.ends_with("</body></html>"));
    assert!(page.contains("<code id=\"command\">asyncmend fix --decisions decisions.json</code>"));
    for id in [
        "page-gather",
        "page-retain-task",
        "page-wait-for",
        "page-gather-cancelled",
    ] {
        assert!(page.contains(&format!("<template id=\"{id}\">")), "{id}");
    }
}

#[test]
fn owners_are_those_of_the_last_rule_that_matches() {
    let project = Project::new(&[
        (".github/CODEOWNERS", "* @all\n/app/ @app @ops\n"),
        ("docs/CODEOWNERS", "* @nobody\n"),
        ("app/a.py", DROPPED),
        ("b.py", DROPPED),
    ]);
    let files = data(&page(&project), "files");
    assert_eq!(files[0]["owners"], json!(["@app", "@ops"]));
    assert_eq!(files[1]["owners"], json!(["@all"]));
}

#[test]
fn the_lines_of_a_notebook_are_those_of_its_cells() {
    let cell = |code: &str| json!({"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": code});
    let cells = [
        cell("import asyncio\nfiles = !ls"),
        cell("%pip install x\nasyncio.create_task(work())"),
    ];
    let book = json!({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4});
    let project = Project::new(&[("book.ipynb", &book.to_string())]);
    let page = page(&project);
    let found = findings(&page);
    assert_eq!(
        found[0]["start"],
        json!({"cell": 2, "line": 2, "column": 1})
    );
    assert_eq!(
        found[0]["candidates"][0]["hunks"],
        json!([{"cell": 2, "old": 1, "new": 1, "body": " %pip install x\n-asyncio.create_task(work())\n+_keep_task(asyncio.create_task(work()))\n"}])
    );
    let shared = &data(&page, "files")[0]["shared"][0];
    assert_eq!(shared["cell"], 1);
    let body = shared["body"].as_str().expect("lines");
    assert!(body.starts_with(" import asyncio\n"), "{body}");
    assert!(body.contains(" files = !ls\n"), "{body}");
}

#[test]
fn a_module_for_helpers_is_shown_whole() {
    let project = Project::new(&[
        (
            "pyproject.toml",
            "[tool.asyncmend]\nhelper-module = \"app.aio\"\n",
        ),
        ("app/__init__.py", ""),
        ("app/a.py", DROPPED),
    ]);
    let files = data(&page(&project), "files");
    let module = (files.as_array().expect("a list").iter()).find(|file| file["is_new"] == true);
    let module = module.expect("a new file");
    assert_eq!(module["path"], "app/aio.py");
    let body = module["whole"][0]["body"].as_str().expect("lines");
    assert!(body.lines().all(|line| line.starts_with('+')), "{body}");
    assert!(body.contains("+def keep_task(task: Any)"), "{body}");
}

#[test]
fn a_page_without_a_site_says_so_and_statistics_are_no_page() {
    let project = Project::new(&[("a.py", "x = 1\n")]);
    assert_eq!(data(&page(&project), "files"), json!([]));
    let ran = project.run(&["diff", "--format=html", "--statistics"]);
    ran.is_trouble("--statistics");
    project.write("d.json", b"{\"version\": 1, \"files\": []}");
    let ran = project.run(&["diff", "--format=html", "--decisions=d.json"]);
    ran.is_trouble("load the file there");
}
