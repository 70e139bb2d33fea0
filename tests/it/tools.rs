//! asyncmend in people's tools: what the repository offers to pre-commit, GitHub, GitLab, shells and `man`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::cli::{DROPPED, Project};
use crate::repository::root;

fn yaml(path: &str) -> Value {
    let text = fs::read_to_string(root().join(path)).expect("a file of the repository");
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Runs a script as the tools do, with the program in a folder `bin` of `home`.
#[cfg(unix)]
fn bash(script: &str, project: &Project, home: &Path, variables: &[(&str, &str)]) -> Output {
    let bin = home.join("bin");
    fs::create_dir_all(&bin).expect("a new folder");
    let program = bin.join("asyncmend");
    if !program.exists() {
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_asyncmend"), program).expect("a new link");
    }
    let mut command = Command::new("bash");
    command
        .args(["-e", "-o", "pipefail", "-c", script])
        .current_dir(project.path(""));
    command
        .envs(variables.iter().copied())
        .output()
        .expect("bash runs")
}

#[test]
fn hooks_of_pre_commit_do_what_they_say() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let mut seen = Vec::new();
    for hook in hooks.as_array().expect("a list") {
        for key in ["id", "name", "description", "entry", "language"] {
            assert!(hook[key].is_string(), "{key} of {hook:#}");
        }
        assert_eq!(hook["types_or"], json!(["python", "jupyter"]));
        let entry = hook["entry"].as_str().expect("a string");
        let mut words = entry.split(' ');
        assert_eq!(words.next(), Some("asyncmend"));
        let words: Vec<&str> = words.collect();
        let project = Project::new(&[("a.py", DROPPED), ("build/b.py", DROPPED)]);
        let git = |args: &[&str]| {
            let ran = Command::new("git")
                .args(args)
                .current_dir(project.path(""))
                .output();
            assert!(ran.expect("git runs").status.success(), "git {args:?}");
        };
        git(&["init", "-q"]);
        git(&["add", "a.py", "build/b.py"]);
        let ran = project.run_as_it_is(&[&words[..], &["a.py", "build/b.py"]].concat());
        let changed = project.read("a.py") != DROPPED;
        seen.push((
            hook["id"].as_str().expect("a string").to_owned(),
            ran.status,
            changed,
        ));
        assert_eq!(project.read("build/b.py"), DROPPED, "{}", ran.stderr);
    }
    let expected = [
        ("asyncmend-check".to_owned(), 1, false),
        ("asyncmend-fix".to_owned(), 0, true),
    ];
    assert_eq!(seen, expected);
    // What `language: python` builds the program from.
    let text = fs::read_to_string(root().join("pyproject.toml")).expect("a file of the repository");
    let package: toml::Table = text.parse().expect("TOML");
    let manifest = package["tool"]["maturin"]["manifest-path"]
        .as_str()
        .expect("a path");
    assert!(root().join(manifest).exists());
}

#[cfg(unix)]
#[test]
fn the_action_of_github_runs_check() {
    let action = yaml("action.yml");
    let text =
        fs::read_to_string(root().join("tests/schemas/github-action.json")).expect("a schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = schema
        .iter_errors(&action)
        .map(|it| it.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");

    let steps = action["runs"]["steps"].as_array().expect("steps");
    let check = steps
        .iter()
        .find(|step| step["name"] == "check")
        .expect("a step");
    let script = check["run"].as_str().expect("a script");
    assert!(!script.contains("${{"), "an input could run what it likes");
    let project = Project::new(&[("a b.py", DROPPED), ("c.py", DROPPED)]);
    let temp = project.path("temp");
    let run = |given: &[(&str, &str)]| {
        let mut variables: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in check["env"].as_object().expect("variables") {
            let input = value
                .as_str()
                .expect("a string")
                .trim_start_matches("${{ inputs.");
            let input = input.trim_end_matches(" }}");
            let usual = action["inputs"][input]["default"].as_str().expect(input);
            let value = given
                .iter()
                .find(|(key, _)| *key == input)
                .map_or(usual, |(_, it)| *it);
            variables.insert(name.clone(), value.to_owned());
        }
        variables.insert("RUNNER_TEMP".to_owned(), temp.display().to_string());
        let variables: Vec<(&str, &str)> = variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        bash(script, &project, &temp.join("asyncmend"), &variables)
    };
    let ran = run(&[]);
    let out = String::from_utf8(ran.stdout).expect("UTF-8");
    assert_eq!(
        (ran.status.code(), out.matches("::warning ").count()),
        (Some(1), 2),
        "{out}"
    );
    let ran = run(&[
        ("paths", "a b.py\n"),
        ("output-format", "sarif"),
        ("output-file", "out.sarif"),
        ("args", "--exit-zero\n--select=retain-task,$(touch oops)"),
    ]);
    // What an input says is data.
    assert_eq!(ran.status.code(), Some(2));
    assert!(!project.path("oops").exists());
    let ran = run(&[
        ("paths", "a b.py\n"),
        ("output-format", "sarif"),
        ("output-file", "out.sarif"),
        ("args", "--exit-zero"),
    ]);
    assert_eq!(
        ran.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let log: Value = serde_json::from_str(&project.read("out.sarif")).expect("JSON");
    assert_eq!(
        log["runs"][0]["results"].as_array().expect("results").len(),
        1
    );
}

#[cfg(unix)]
#[test]
fn the_job_of_gitlab_writes_a_report() {
    let template = yaml("integrations/gitlab-ci.yml");
    let job = &template["asyncmend"];
    let report = job["artifacts"]["reports"]["codequality"]
        .as_str()
        .expect("a path");
    let project = Project::new(&[("a.py", DROPPED)]);
    let home = project.path("cargo");
    let given = |name: &str| job["variables"][name].as_str().expect("a string");
    let variables = [
        ("CARGO_HOME", home.to_str().expect("UTF-8")),
        ("ASYNCMEND_VERSION", given("ASYNCMEND_VERSION")),
        ("ASYNCMEND_OPTIONS", given("ASYNCMEND_OPTIONS")),
        ("ASYNCMEND_PATHS", given("ASYNCMEND_PATHS")),
    ];
    let lines = ["before_script", "script"]
        .into_iter()
        .flat_map(|key| job[key].as_array().expect(key));
    let script: Vec<&str> = lines
        .map(|line| line.as_str().expect("a command"))
        .collect();
    let ran = bash(&script.join("\n"), &project, &home, &variables);
    assert_eq!(
        ran.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let issues: Value = serde_json::from_str(&project.read(report)).expect("JSON");
    assert_eq!(issues.as_array().expect("a list").len(), 1);
}

#[test]
fn shells_complete_and_man_shows_every_command() {
    let project = Project::new(&[]);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = project.run(&["completions", shell]);
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
        for word in ["check", "add-ignores", "output-format", "completions"] {
            assert!(ran.stdout.contains(word), "{shell}: no {word}");
        }
    }
    #[cfg(unix)]
    {
        let script = format!(
            "{}\nCOMP_WORDS=(asyncmend check --output-f); COMP_CWORD=2; _asyncmend asyncmend --output-f check; \
             echo \"${{COMPREPLY[@]}}\"",
            project.run(&["completions", "bash"]).stdout
        );
        let ran = bash(&script, &project, &project.path("home"), &[]);
        assert_eq!(
            String::from_utf8_lossy(&ran.stdout).trim(),
            "--output-file --output-format"
        );
    }
    assert_eq!(project.run(&["man", "--out", "pages/man1"]).status, 0);
    let page = project.read("pages/man1/asyncmend-check.1");
    assert!(
        page.contains("\\-\\-add\\-ignores") && page.contains(".TH "),
        "{page}"
    );
    for command in ["diff", "fix", "review", "explain", "config", "completions"] {
        assert!(
            project
                .path(&format!("pages/man1/asyncmend-{command}.1"))
                .exists(),
            "{command}"
        );
    }
    project.write("file", b"");
    project
        .run(&["man", "--out", "file"])
        .is_trouble("--out: cannot write to file");
}

// `config`.

#[test]
fn config_says_what_holds_and_who_says_so() {
    let project = Project::new(&[
        (
            "pyproject.toml",
            "[project]\nrequires-python = '>=3.9'\n\n[tool.asyncmend]\naccept = ['zero-timeout']\nignore = [\n  'gather',\n]\n\
             extend-exclude = ['old']\n\n[tool.asyncmend.gather]\nstyle = 'helper'\n\n\
             [tool.asyncmend.per-file-ignores]\n'tests/**' = ['ALL']\n",
        ),
        (
            "web/asyncmend.toml",
            "extend = '../pyproject.toml'\nignore = []\nextend-exclude = ['gen']\n",
        ),
        ("web/app.py", ""),
        ("web/gen/a.py", ""),
        ("tests/a.py", ""),
    ]);
    let rows = |args: &[&str]| -> (Value, BTreeMap<String, Vec<(Value, String)>>) {
        let ran = project.run(&[&["config", "--output-format=json"], args].concat());
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        let page: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let mut rows: BTreeMap<String, Vec<(Value, String)>> = BTreeMap::new();
        for row in page["settings"].as_array().expect("a list") {
            let origin = row["origin"].as_str().expect("a string").to_owned();
            let key = row["key"].as_str().expect("a string").to_owned();
            rows.entry(key)
                .or_default()
                .push((row["value"].clone(), origin));
        }
        (page, rows)
    };
    let row = |value: Value, origin: &str| vec![(value, origin.to_owned())];
    let (page, found) = rows(&["tests/a.py"]);
    assert_eq!(page["path"], "tests/a.py");
    assert_eq!(page["transforms"], json!([]));
    assert_eq!(
        found["target-version"],
        row(json!("3.9"), "requires-python in pyproject.toml")
    );
    assert_eq!(found["ignore"], row(json!(["gather"]), "pyproject.toml:6"));
    assert_eq!(
        found["gather.style"],
        row(json!("helper"), "pyproject.toml:12")
    );
    assert_eq!(found["gather.errors"], row(json!("auto"), "default"));
    assert_eq!(found["select"], row(json!(["ALL"]), "default"));
    let (page, found) = rows(&[
        "web/app.py",
        "--accept=unknown-receiver",
        "--target-version=3.12",
        "--no-types",
    ]);
    assert_eq!(page["excluded"], false);
    assert!(
        page["accepted"]
            .as_array()
            .expect("a list")
            .contains(&json!("unknown-receiver"))
    );
    assert_eq!(
        found["target-version"],
        row(json!("3.12"), "--target-version")
    );
    assert_eq!(found["ignore"], row(json!([]), "web/asyncmend.toml:2"));
    assert_eq!(found["types"], row(json!(false), "--no-types"));
    let both = [
        ("--accept", json!(["unknown-receiver"])),
        ("pyproject.toml:5", json!(["zero-timeout"])),
    ];
    assert_eq!(
        found["accept"],
        both.map(|(origin, value)| (value, origin.to_owned()))
    );
    let globs = [
        ("web/asyncmend.toml:3", json!(["gen"])),
        ("pyproject.toml:9", json!(["old"])),
    ];
    assert_eq!(
        found["extend-exclude"],
        globs.map(|(origin, value)| (value, origin.to_owned()))
    );
    let (page, found) = rows(&["web/gen/a.py", "--strict"]);
    assert_eq!(
        (&page["excluded"], &page["accepted"]),
        (&json!(true), &json!([]))
    );
    assert_eq!(found["accept"], row(json!([]), "--strict"));

    let text = project.run(&["config", "web/app.py"]).stdout;
    let line = |key: &str| text.lines().find(|line| line.trim_start().starts_with(key));
    let line = line("gather.style").expect("a line");
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(words, ["gather.style", "\"helper\"", "(pyproject.toml:12)"]);
    assert!(
        text.contains(
            "\ntransforms that run here: retain-task, gather, wait-for, gather-cancelled\n"
        ),
        "{text}"
    );
    project
        .run(&["config", "absent.py"])
        .is_trouble("cannot find absent.py");
}

/// The page names every key that a configuration may have.
#[test]
fn config_leaves_no_key_out() {
    let project = Project::new(&[("asyncmend.toml", "nonsense = 1\n")]);
    let error = project.run(&["config"]).stderr;
    let (_, keys) = error.split_once("choose from ").expect(&error);
    let project = Project::new(&[]);
    let text = project.run(&["config"]).stdout;
    for key in keys.trim().split(", ").filter(|key| *key != "extend") {
        let is_named = text.lines().any(|line| {
            let first = line.split_whitespace().next().unwrap_or_default();
            first == key || first.starts_with(&format!("{key}."))
        });
        assert!(is_named, "{key} is not in\n{text}");
    }
}
