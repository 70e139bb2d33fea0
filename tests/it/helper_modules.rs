//! `helper-module`: helpers that are written once for a whole project.

use std::process::Command;

use asyncmend_pipeline::PythonVersion;

use crate::cli::{Project, Ran};
use crate::pythons;

const CONFIG: (&str, &str) = (
    "pyproject.toml",
    "[project]\nname = 'app'\nrequires-python = '>=3.11'\n[tool.asyncmend]\nhelper-module = 'app.aio'\n",
);

/// Needs `keep_task`.
const DROPS: &str = "\
import asyncio


async def main(job):
    asyncio.create_task(job())
";

/// Needs `gather_or_cancel`.
const GATHERS: &str = "\
import asyncio


async def both(one, other):
    return [one, await asyncio.gather(one(), other())]
";

/// Imports `modules` in a Python that has the project's `src` on its path.
#[track_caller]
fn import(project: &Project, modules: &str) {
    let python = pythons::oldest_for(PythonVersion::PY311).expect("a Python from 3.11 on");
    let ran = Command::new(&python.path)
        .args(["-c", &format!("import {modules}")])
        .env("PYTHONPATH", project.path("src"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("a Python that runs");
    let stderr = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "import {modules}: {stderr}");
}

#[track_caller]
fn has(ran: &Ran, lines: &[&str]) {
    for line in lines {
        let found = ran.stdout.lines().any(|it| it == *line);
        assert!(found, "`{line}` is not in:\n{}", ran.stdout);
    }
}

#[test]
fn where_a_helper_is_written_into_many_files_the_setting_is_named() {
    const ONE: &str = "[project]\nname = 'one'\nrequires-python = '>=3.11'\n";
    const OTHER: &str = "[project]\nname = 'other'\nrequires-python = '>=3.9'\n";
    const GROUPS: &str = "\
import asyncio


async def both(one, other):
    await asyncio.gather(one(), other())
";
    const WAITS: &str = "\
import asyncio


async def wait(one):
    return [await asyncio.wait_for(one(), 5)]
";
    // Each of the helpers, of which the third needs a newer Python.
    for (text, project) in [(DROPS, ONE), (GATHERS, ONE), (GROUPS, ONE), (WAITS, OTHER)] {
        let names: Vec<String> = (0..5).map(|it| format!("app/m{it}.py")).collect();
        let mut files: Vec<(&str, &str)> = names.iter().map(|it| (it.as_str(), text)).collect();
        files.push(("pyproject.toml", project));
        // Another project has less than many of its own.
        files.extend([("sub/pyproject.toml", OTHER), ("sub/a.py", text)]);
        let project = Project::new(&files);
        let hint = "into 5 files; set helper-module in the configuration to have it in one";
        let hint = |verb: &str| format!("helpers: the same one {verb} {hint}");
        let diff = project.run(&["diff", "--no-types"]);
        diff.says(&hint("would be written"));
        let says_nothing = |args: &[&str]| {
            let ran = project.run(&[args, &["--no-types"]].concat());
            assert!(!ran.stderr.contains("helper-module"), "{}", ran.stderr);
        };
        says_nothing(&["diff", "--quiet"]);
        says_nothing(&["check"]);
        says_nothing(&[
            "diff",
            "app/m0.py",
            "app/m1.py",
            "app/m2.py",
            "app/m3.py",
            "sub",
        ]);
        project
            .run(&["fix", "--no-types"])
            .says(&hint("was written"));
        says_nothing(&["fix"]);
    }
    let project = Project::new(&[CONFIG, ("src/app/__init__.py", "")]);
    for name in ["a", "b", "c", "d", "e"] {
        project.write(&format!("src/app/{name}.py"), DROPS.as_bytes());
    }
    let diff = project.run(&["diff", "--no-types"]);
    assert!(!diff.stderr.contains("helpers:"), "{}", diff.stderr);
}

#[test]
fn helpers_are_written_into_one_module_and_imported() {
    let project = Project::new(&[
        CONFIG,
        ("src/app/__init__.py", "from . import a\n"),
        ("src/app/a.py", DROPS),
        (
            "src/app/b.py",
            &format!("{DROPS}\n\n{}", &GATHERS["import asyncio\n\n\n".len()..]),
        ),
        ("tests/test_a.py", DROPS),
    ]);
    project
        .run(&["check"])
        .says("looked at 5 files, 4 would change");
    let ran = project.run(&["diff"]);
    has(
        &ran,
        &[
            "--- /dev/null",
            "+++ b/src/app/aio.py",
            "+def keep_task(task: Any) -> Any:",
            "+from app.aio import gather_or_cancel, keep_task",
            "+from app.aio import keep_task",
            "+    keep_task(asyncio.create_task(job()))",
            "+    return [one, await gather_or_cancel(one(), other())]",
        ],
    );
    assert_eq!(ran.stdout.matches("def keep_task").count(), 1);
    // Git makes the new file too.
    let git = |args: &[&str]| {
        let ran = Command::new("git")
            .args(args)
            .current_dir(project.path("."))
            .output();
        assert!(ran.expect("git").status.success(), "git {args:?}");
    };
    git(&["init", "-q", "."]);
    project.write("patch", ran.stdout.as_bytes());
    git(&["apply", "patch"]);
    let applied = project.read("src/app/aio.py");
    std::fs::remove_file(project.path("src/app/aio.py")).expect("it is there");
    git(&["apply", "-R", "--exclude", "src/app/aio.py", "patch"]);
    let ran = project.run(&["fix", "--allow-dirty"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert_eq!(project.read("src/app/aio.py"), applied);
    import(&project, "app.b, app.aio");
    let again = project.run(&["diff"]);
    assert_eq!((again.status, again.stdout.as_str()), (0, ""));
    assert_eq!(project.found(&[]), [""; 0]);
}

#[test]
fn a_module_that_is_there_gets_what_it_lacks() {
    let aio = "\"\"\"Ours.\"\"\"\n\nimport asyncio\n\nTIMEOUT = 3\n\n\nasync def pause():\n    await asyncio.sleep(TIMEOUT)\n";
    let project = Project::new(&[CONFIG, ("src/app/aio.py", aio), ("src/app/a.py", DROPS)]);
    // The module need not be among the files of the run; then it gets what it lacks alone.
    let aio = format!("{aio}\n\ndef start(job):\n    asyncio.create_task(job())\n");
    project.write("src/app/aio.py", aio.as_bytes());
    let ran = project.run(&["fix", "src/app/a.py"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let aio = project.read("src/app/aio.py");
    assert!(aio.contains("def keep_task(task):"), "{aio}");
    assert!(aio.contains("async def pause():"), "{aio}");
    assert!(!aio.contains("gather"), "{aio}");
    assert!(aio.contains("\n    asyncio.create_task(job())"), "{aio}");
    project.write("src/app/b.py", GATHERS.as_bytes());
    project.run(&["fix"]);
    let aio = project.read("src/app/aio.py");
    assert_eq!(aio.matches("def keep_task").count(), 1, "{aio}");
    assert!(aio.contains("async def gather_or_cancel(*aws):"), "{aio}");
    import(&project, "app.a, app.b");
}

#[test]
fn imports_follow_the_habit_of_the_file() {
    let relative = DROPS.replace(
        "asyncio\n\n",
        "asyncio\n\nfrom ..settings import A\nfrom .forms import B\n\n",
    );
    let absolute = DROPS.replace("asyncio\n\n", "asyncio\n\nfrom app.settings import A\n\n");
    let taken = DROPS.replace("main(job)", "main(job, keep_task)");
    let project = Project::new(&[
        CONFIG,
        ("src/app/web/relative.py", &relative),
        ("src/app/web/absolute.py", &absolute),
        ("src/app/taken.py", &taken),
    ]);
    let ran = project.run(&["diff"]);
    has(
        &ran,
        &[
            " import asyncio",
            "+from ..aio import keep_task",
            "+from app.aio import keep_task",
            "+from app.aio import keep_task as _keep_task",
            "+    _keep_task(asyncio.create_task(job()))",
        ],
    );
    assert!(
        ran.stdout
            .contains("+from ..aio import keep_task\n from ..settings import A\n"),
        "{}",
        ran.stdout
    );
}

#[test]
fn what_the_module_imports_itself_gets_its_own_helpers() {
    let project = Project::new(&[
        CONFIG,
        ("src/app/__init__.py", "from app.settings import NAME\n"),
        ("src/app/aio.py", "from app import settings\n"),
        (
            "src/app/settings.py",
            &format!("from .core import X\n{DROPS}\n\nNAME = X\n"),
        ),
        ("src/app/core.py", &format!("{DROPS}\n\nX = 3\n")),
        ("src/app/main.py", DROPS),
    ]);
    let ran = project.run(&["fix"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(
        project
            .read("src/app/core.py")
            .contains("_background_tasks = set()")
    );
    assert!(
        project
            .read("src/app/settings.py")
            .contains("_background_tasks = set()")
    );
    assert!(
        project
            .read("src/app/main.py")
            .contains("from app.aio import keep_task")
    );
    for first in ["app", "app.core", "app.aio", "app.settings", "app.main"] {
        import(&project, first);
    }
}

#[test]
fn a_module_that_cannot_take_the_helpers_ends_the_run() {
    let troubles = [
        (
            "src/app/aio.py",
            "def keep_task():\n    pass\n",
            "src/app/aio.py uses the name `keep_task` for something else",
        ),
        (
            "src/app/aio.py",
            "def broken(:\n",
            "cannot read src/app/aio.py as Python",
        ),
        (
            "src/other/__init__.py",
            "",
            "no project among the files of this run has a folder app",
        ),
    ];
    for (path, text, message) in troubles {
        let project = Project::new(&[CONFIG, (path, text), ("a.py", DROPS)]);
        let ran = project.run(&["fix"]);
        ran.is_trouble(message);
        ran.says("helper-module = \"app.aio\"");
        assert_eq!(project.read("a.py"), DROPS);
    }
}

#[test]
fn an_older_module_offers_what_it_can_run() {
    let group = GATHERS
        .replace("return [one, await", "return (await")
        .replace("other())]", "other()))")
        .replace("one()", "asyncio.sleep(1)")
        .replace("other()", "asyncio.sleep(2)");
    let project = Project::new(&[
        (
            "pyproject.toml",
            "[project]\nrequires-python = '>=3.8'\n[tool.asyncmend]\nhelper-module = 'aio'\nper-file-target-version = { 'new/**' = '3.11' }\n",
        ),
        ("new/a.py", &group),
    ]);
    let ran = project.run(&["diff"]);
    // A class that 3.8 does not know would break the module's import there.
    has(&ran, &["+class _TaskGroup(asyncio.TaskGroup):"]);
    assert!(!ran.stdout.contains("aio.py"), "{}", ran.stdout);
}

#[test]
fn standard_input_gets_its_own_helpers_until_the_module_has_them() {
    let project = Project::new(&[CONFIG, ("src/app/a.py", DROPS)]);
    let args = ["fix", "-", "--stdin-filename", "src/app/a.py"];
    let ran = project.run_with_stdin(&args, DROPS.as_bytes());
    assert!(
        ran.stdout.contains("_background_tasks = set()"),
        "{}",
        ran.stdout
    );
    assert!(!project.path("src/app/aio.py").exists());
    project.run(&["fix"]);
    let ran = project.run_with_stdin(&args, DROPS.as_bytes());
    assert!(
        ran.stdout.contains("from app.aio import keep_task"),
        "{}",
        ran.stdout
    );
}

/// What is configured, the files, and the modules to import, each first in a process of its own.
type Layout<'l> = (&'l str, Vec<(&'l str, &'l str)>, &'l [&'l str]);

#[test]
fn no_import_leads_in_a_circle() {
    let late = format!("{DROPS}\n\nm = 1\n");
    let layouts: [Layout; 3] = [
        // The package of the module imports the file.
        (
            "helper-module = 'app.core.aio'",
            vec![
                ("src/app/__init__.py", ""),
                ("src/app/core/__init__.py", "from app.models import m\n"),
                ("src/app/models.py", &late),
                ("src/app/core/near.py", DROPS),
            ],
            &["app.models", "app.core", "app.core.near"],
        ),
        // The module takes from its package what that binds after it imported the file.
        (
            "helper-module = 'app.aio'",
            vec![
                ("src/app/__init__.py", "from . import models\n\nX = 1\n"),
                ("src/app/aio.py", "from app import X\n"),
                ("src/app/models.py", &late),
            ],
            &["app", "app.models", "app.aio"],
        ),
        // So it is with the project's own function.
        (
            "[tool.asyncmend.retain-task]\nhelper = 'app.bg.keep'",
            vec![
                ("src/app/__init__.py", ""),
                (
                    "src/app/bg.py",
                    "from app.models import m\n\n\ndef keep(task):\n    return task\n",
                ),
                ("src/app/models.py", &late),
                ("src/app/views.py", DROPS),
            ],
            &["app.models", "app.bg", "app.views"],
        ),
    ];
    for (config, files, modules) in layouts {
        let project = Project::new(&files);
        let config = format!("[project]\nrequires-python = '>=3.11'\n[tool.asyncmend]\n{config}\n");
        project.write("pyproject.toml", config.as_bytes());
        let ran = project.run(&["fix"]);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        let models = project.read("src/app/models.py");
        assert!(models.contains("_background_tasks = set()"), "{models}");
        for module in modules {
            import(&project, module);
        }
    }
}

#[test]
fn files_that_cannot_reach_the_module_get_their_own_helpers() {
    let project = Project::new(&[
        (
            "pyproject.toml",
            "[project]\nrequires-python = '>=3.11'\n[tool.asyncmend]\nhelper-module = 'app.aio'\nper-file-target-version = { 'src/app/old/**' = '3.8' }\n",
        ),
        ("src/app/__init__.py", ""),
        ("src/app/main.py", DROPS),
        // Runs on a Python that the module need not run on.
        ("src/app/old/legacy.py", DROPS),
        // May run where the package is not installed.
        ("noxfile.py", DROPS),
        ("scripts/run.py", DROPS),
        // Imports the package anyway.
        (
            "scripts/serve.py",
            &DROPS.replace("asyncio\n\n", "asyncio\n\nimport app.main\n\n"),
        ),
    ]);
    project.run(&["fix"]);
    for (path, imports) in [
        ("src/app/main.py", true),
        ("src/app/old/legacy.py", false),
        ("noxfile.py", false),
        ("scripts/run.py", false),
        ("scripts/serve.py", true),
    ] {
        let text = project.read(path);
        assert_eq!(
            text.contains("from app.aio import keep_task"),
            imports,
            "{path}\n{text}"
        );
    }
}

#[test]
fn the_projects_own_function_is_not_called_by_itself_or_by_a_hidden_name() {
    let own = "\
import asyncio

TASKS = set()


def keep(task):
    TASKS.add(task)
    task.add_done_callback(TASKS.discard)
    asyncio.create_task(watch(task))
    return task


async def watch(task):
    await asyncio.wait([task])
";
    let hidden = "\
import asyncio

from app.bg import keep


async def main(job, keep=True):
    asyncio.create_task(job())
    return keep


async def other(job):
    asyncio.create_task(job())
    return keep
";
    let project = Project::new(&[
        (
            "pyproject.toml",
            "[project]\nrequires-python = '>=3.11'\n[tool.asyncmend.retain-task]\nhelper = 'app.bg.keep'\n",
        ),
        ("app/bg.py", own),
        ("app/hidden.py", hidden),
    ]);
    let ran = project.run(&["fix"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let own = project.read("app/bg.py");
    assert!(
        own.contains("    _keep_task(asyncio.create_task(watch(task)))"),
        "{own}"
    );
    let hidden = project.read("app/hidden.py");
    assert!(
        hidden.contains("from app.bg import keep\nfrom app.bg import keep as _keep\n"),
        "{hidden}"
    );
    assert!(
        hidden.contains("    _keep(asyncio.create_task(job()))\n    return keep"),
        "{hidden}"
    );
    // A function that is not there is no function.
    for (helper, message) in [
        ("app.bg.hold", "app/bg.py has no function `hold`"),
        (
            "app.nope.keep",
            "no project among the files of this run has a module app.nope",
        ),
    ] {
        let config = format!("[retain-task]\nhelper = '{helper}'\n");
        project.write("asyncmend.toml", config.as_bytes());
        project.run(&["fix"]).is_trouble(message);
    }
}

#[test]
fn each_project_of_a_monorepo_has_its_own_module() {
    let config =
        "[project]\nrequires-python = '>=3.11'\n[tool.asyncmend]\nhelper-module = 'app.aio'\n";
    let project = Project::new(&[
        ("one/pyproject.toml", config),
        ("one/src/app/clean.py", "x = 1\n"),
        ("two/pyproject.toml", config),
        ("two/src/app/main.py", DROPS),
    ]);
    project.run(&["fix"]);
    assert!(project.path("two/src/app/aio.py").exists());
    assert!(!project.path("one/src/app/aio.py").exists());
}

#[test]
fn helpers_stand_clear_of_what_is_there() {
    let aio = "from app.settings import LIMIT\n\n\ndef mine() -> int:\n    return LIMIT\n";
    let project = Project::new(&[
        CONFIG,
        ("src/app/settings.py", "LIMIT = 1\n"),
        ("src/app/aio.py", aio),
        (
            "src/app/a.py",
            &format!("{DROPS}\n\n{}", &GATHERS["import asyncio\n\n\n".len()..]),
        ),
    ]);
    project.run(&["fix"]);
    let aio = project.read("src/app/aio.py");
    let top = "import asyncio\nfrom typing import TYPE_CHECKING, Any\n\nfrom app.settings import LIMIT\n\n_background_tasks: set[";
    assert!(aio.starts_with(top), "{aio}");
    import(&project, "app.a");
}

#[cfg(unix)]
#[test]
fn a_module_that_a_link_leads_elsewhere_is_none() {
    use std::os::unix::fs::symlink;
    let outside = Project::new(&[("aio.py", "x = 1\n")]);
    let project = Project::new(&[
        CONFIG,
        ("src/app/a.py", DROPS),
        ("src/app/within.py", "x = 1\n"),
    ]);
    let link = project.path("src/app/aio.py");
    for target in [outside.path("aio.py"), "within.py".into()] {
        symlink(&target, &link).unwrap();
        let ran = project.run(&["fix"]);
        ran.is_trouble("helper-module = \"app.aio\": src/app/aio.py is a link to ");
        ran.is_trouble("; name another module");
        std::fs::remove_file(&link).unwrap();
    }
    assert_eq!(outside.read("aio.py"), "x = 1\n");
    assert_eq!(project.read("src/app/within.py"), "x = 1\n");
    assert_eq!(project.read("src/app/a.py"), DROPS);
    // Nor is a package that is one.
    std::fs::remove_dir_all(project.path("src/app")).unwrap();
    symlink(outside.path("."), project.path("src/app")).unwrap();
    project.write("src/main.py", DROPS.as_bytes());
    let ran = project.run(&["fix"]);
    ran.is_trouble("helper-module = \"app.aio\": src/app/aio.py is a link to ");
    assert_eq!(outside.read("aio.py"), "x = 1\n");
    assert_eq!(project.read("src/main.py"), DROPS);
}
