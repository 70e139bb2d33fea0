//! Type inference, as users of the command line meet it: projects of several files.

use std::fmt::Write as _;
use std::fs;

use crate::cli::{Project, Ran};

/// Gathers two calls of `jobs.fetch`.
const GATHERS: &str = "\
import asyncio

from jobs import fetch


async def main():
    await asyncio.gather(fetch(1), fetch(2))
";

const COROUTINES: &str = "async def fetch(number):\n    return number\n";

const TASKS: &str = "\
import asyncio


async def work(number):
    return number


def fetch(number) -> asyncio.Task[int]:
    return asyncio.create_task(work(number))
";

/// The files of a virtual environment in `folder` with a package `jobs`.
fn environment(folder: &str) -> [(String, &'static str); 2] {
    let package = format!("{folder}/lib/python3.11/site-packages/jobs/__init__.py");
    let config = format!("{folder}/pyvenv.cfg");
    [
        (package, COROUTINES),
        (config, "home = /usr/bin\nversion = 3.11.0\n"),
    ]
}

fn with_environment(folder: &str, files: &[(&str, &str)]) -> Project {
    let project = Project::new(files);
    for (path, text) in environment(folder) {
        project.write(&path, text.as_bytes());
    }
    project
}

#[track_caller]
fn gets_a_group(ran: &Ran) {
    assert!(
        ran.stdout.contains("tg.create_task(fetch(1))"),
        "{}",
        ran.stdout
    );
}

#[track_caller]
fn gets_the_helper(ran: &Ran) {
    let rewritten = "+    await _gather_or_cancel(fetch(1), fetch(2))";
    assert!(ran.stdout.contains(rewritten), "{}", ran.stdout);
}

#[test]
fn a_call_of_another_module_is_known_for_what_it_is() {
    let project = Project::new(&[("main.py", GATHERS), ("jobs.py", COROUTINES)]);
    let ran = project.run(&["diff"]);
    gets_a_group(&ran);
    ran.says("types: inferred for 1 file");
    let ran = project.run(&["diff", "--no-types"]);
    gets_the_helper(&ran);
    ran.says("types: not inferred");
    project.write("pyproject.toml", b"[tool.asyncmend]\ntypes = false\n");
    let ran = project.run(&["diff"]);
    gets_the_helper(&ran);
    ran.says("types: not inferred");
}

#[test]
fn a_task_of_another_module_is_held_back() {
    let project = Project::new(&[("main.py", GATHERS), ("jobs.py", TASKS)]);
    project
        .run(&["diff"])
        .says("1 held back by cancels-shared-task");
    gets_the_helper(&project.run(&["diff", "--no-types"]));
}

#[test]
fn nobody_is_asked_without_need() {
    let project = Project::new(&[("main.py", "import asyncio\nprint('gather')\n")]);
    project.run(&["diff"]).says("types: not asked for");
}

#[test]
fn modules_are_found_in_every_layout() {
    let layouts: [&[(&str, &str)]; 5] = [
        // A folder of sources, with tests beside it.
        &[
            ("pyproject.toml", ""),
            ("src/jobs.py", COROUTINES),
            ("tests/test_main.py", GATHERS),
        ],
        // A script and what lies beside it.
        &[
            ("pyproject.toml", ""),
            ("tools/jobs.py", COROUTINES),
            ("tools/main.py", GATHERS),
        ],
        // A package at the root, and tests that are a package as well.
        &[
            ("setup.py", ""),
            ("jobs/__init__.py", "from .fetching import fetch\n"),
            ("jobs/fetching.py", COROUTINES),
            ("tests/__init__.py", ""),
            ("tests/test_main.py", GATHERS),
        ],
        // Two projects, one of which uses the other.
        &[
            ("one/pyproject.toml", ""),
            ("one/src/jobs/__init__.py", COROUTINES),
            ("two/pyproject.toml", ""),
            ("two/src/main.py", GATHERS),
        ],
        // No project file at all.
        &[("app/jobs.py", COROUTINES), ("app/main.py", GATHERS)],
    ];
    for files in layouts {
        let project = Project::new(files);
        gets_a_group(&project.run(&["diff"]));
    }
    let namespace = [
        ("pyproject.toml", ""),
        ("src/company/jobs/work.py", COROUTINES),
        (
            "src/company/app/main.py",
            &*GATHERS.replace("jobs", "company.jobs.work"),
        ),
    ];
    gets_a_group(&Project::new(&namespace).run(&["diff"]));
}

#[test]
fn projects_with_modules_of_one_name_do_not_mix() {
    let project = Project::new(&[
        ("one/pyproject.toml", ""),
        ("one/main.py", GATHERS),
        ("one/jobs.py", COROUTINES),
        ("two/pyproject.toml", ""),
        ("two/main.py", GATHERS),
        ("two/jobs.py", TASKS),
    ]);
    let ran = project.run(&["diff"]);
    assert!(ran.stdout.contains("+++ b/one/main.py"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("+++ b/two/main.py"), "{}", ran.stdout);
    ran.says("1 held back by cancels-shared-task");
}

#[test]
fn a_module_that_hides_the_standard_library_does_no_harm() {
    let project = Project::new(&[
        ("main.py", GATHERS),
        ("jobs.py", COROUTINES),
        ("types.py", "class CoroutineType: ...\n"),
    ]);
    gets_the_helper(&project.run(&["diff"]));
}

#[test]
fn packages_of_the_environment_are_read() {
    let project = with_environment(".venv", &[("pyproject.toml", ""), ("pkg/main.py", GATHERS)]);
    gets_a_group(&project.run(&["diff"]));

    let project = with_environment("env", &[("main.py", GATHERS)]);
    let ran = project.run(&["diff"]);
    gets_the_helper(&ran);
    ran.says("types: not found: jobs; --python PATH names an environment that has them");
    gets_a_group(&project.run(&["diff", "--python", "env"]));
    let active = project
        .command(&["diff"])
        .env("VIRTUAL_ENV", project.path("env"))
        .output()
        .unwrap();
    let diff = String::from_utf8(active.stdout).unwrap();
    assert!(diff.contains("tg.create_task(fetch(1))"), "{diff}");
    project.write("asyncmend.toml", b"python = 'env'\n");
    gets_a_group(&project.run(&["diff"]));
    project.write("pkg/main.py", GATHERS.as_bytes());
    gets_a_group(&project.run(&["diff", "pkg"]));
}

#[test]
fn an_environment_that_is_none_is_an_error() {
    let project = Project::new(&[("main.py", GATHERS)]);
    project
        .run(&["diff", "--python", "/nowhere"])
        .is_trouble("error: --python: `/nowhere`: does not point to ");
    project.write("pyproject.toml", b"[tool.asyncmend]\npython = 'nowhere'\n");
    let ran = project.run(&["diff"]);
    ran.is_trouble("error: pyproject.toml:2: `");
    ran.says("nowhere`: does not point to ");
    project.write("pyproject.toml", b"[tool.asyncmend]\ntype-budget = 0\n");
    project
        .run(&["diff"])
        .is_trouble("expected a number from 1");
    project.write("pyproject.toml", b"[tool.asyncmend]\ntypes = 1\n");
    project
        .run(&["diff"])
        .is_trouble("expected true or false, found integer");
}

/// An expression that takes inference longer than anybody waits.
fn endless() -> String {
    let mut text = String::from("import asyncio\nasync def slow(a, x):\n    x = 1\n");
    for _ in 0..400 {
        text.push_str("    while a:\n        x = x + a\n");
    }
    text.push_str("    await asyncio.gather(x, x + 1)\n");
    text
}

#[test]
fn a_file_that_takes_too_long_goes_without_types() {
    let project = Project::new(&[
        ("endless.py", &endless()),
        ("jobs.py", COROUTINES),
        ("main.py", GATHERS),
    ]);
    // Alone, and beside others, whose answers are none the worse for it.
    for jobs in ["1", "4"] {
        let ran = project.run(&["diff", "--type-budget", "5", "--jobs", jobs]);
        ran.says("endless.py: went on without its types: type inference took longer than 5 s");
        ran.says("types: inferred for 1 file, given up for 1 file");
        gets_a_group(&ran);
    }
    let without = project.run(&[
        "check",
        "--output-format",
        "concise",
        "--no-types",
        "endless.py",
    ]);
    let with = project.run(&[
        "check",
        "--output-format",
        "concise",
        "--type-budget=5",
        "endless.py",
    ]);
    assert_eq!(with.stdout, without.stdout);
}

#[test]
fn code_that_ends_the_engine_costs_its_own_types_alone() {
    // A tenth less than what is refused at sight.
    let mut deep = String::from("get = ");
    deep.push_str(&"f(".repeat(90_000));
    deep.push_str(&")".repeat(90_000));
    let guilty = GATHERS.replace("jobs", "deep").replace("fetch", "get");
    let project = Project::new(&[
        ("a.py", &guilty),
        ("b.py", GATHERS),
        ("c.py", &guilty),
        ("deep.py", &deep),
        ("jobs.py", COROUTINES),
        ("main.py", GATHERS),
    ]);
    // Beside others, nobody knows at first whose question it was.
    for jobs in ["1", "4"] {
        let ran = project.run(&["diff", "--jobs", jobs, "--type-budget", "60"]);
        for name in ["a.py", "c.py"] {
            ran.says(&format!(
                "{name}: went on without its types: type inference overflowed its stack"
            ));
        }
        ran.says("types: inferred for 2 files, given up for 2 files");
        assert_eq!(ran.status, 1, "{}", ran.stderr);
        assert!(
            ran.stdout.contains("_gather_or_cancel(get(1)"),
            "{}",
            ran.stdout
        );
        gets_a_group(&ran);
    }
}

#[test]
fn code_that_nests_deep_is_not_asked_about() {
    let deep = format!("{GATHERS}    print({}1)\n", "-".repeat(1_500));
    let project = Project::new(&[("main.py", &deep), ("jobs.py", COROUTINES)]);
    let ran = project.run(&["diff"]);
    ran.says("main.py: went on without its types: its code nests more than 1000 levels deep");
    gets_the_helper(&ran);
}

#[test]
fn answers_do_not_depend_on_order_or_threads() {
    let mut files: Vec<(String, String)> = Vec::new();
    for number in 0..12 {
        let other = (number + 5) % 12;
        let mut text = format!("import asyncio\nfrom m{other} import C{other}, f{other}\n\n\n");
        writeln!(
            text,
            "async def f{number}():\n    return await asyncio.gather(f{other}(), C{other}().run(), C{other}().start())\n\n\n\
             class C{number}(C{other}):\n    async def run(self):\n        f{other}()\n\n    \
             def start(self):\n        return asyncio.create_task(self.run())",
        )
        .unwrap();
        files.push((format!("m{number}.py"), text));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (&**a, &**b)).collect();
    let project = Project::new(&files);
    let check = |more: &[&str]| {
        let args = [&["check", "--output-format", "json-lines"], more].concat();
        let mut lines: Vec<String> = (project.run(&args).stdout.lines())
            .map(str::to_owned)
            .collect();
        assert!(!lines.is_empty());
        lines.sort_unstable();
        lines
    };
    let expected = check(&["--jobs", "1"]);
    assert_eq!(check(&["--jobs", "4"]), expected);
    let mut alone: Vec<String> = (files.iter().rev())
        .flat_map(|(name, _)| check(&[name]))
        .collect();
    alone.sort_unstable();
    assert_eq!(alone, expected);
}

const STARTS: &str = "\
import asyncio

_running = set()


async def work(app):
    await app.run()


def start(app):
    return asyncio.create_task(work(app))


def hold(app):
    task = asyncio.create_task(work(app))
    _running.add(task)
    return task
";

#[test]
fn a_caller_in_another_file_keeps_the_task() {
    let caller = "\
from app import jobs
from app.jobs import hold, start as launch


def on_boot(app):
    launch(app)
    jobs.start(app)
    hold(app)
    return jobs.start(app)
";
    let files = [
        ("app/__init__.py", ""),
        ("app/jobs.py", STARTS),
        ("app/main.py", caller),
    ];
    let project = Project::new(&files);
    let ran = project.run(&["diff"]);
    assert!(
        ran.stdout.contains("+    _keep_task(launch(app))"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("+    _keep_task(jobs.start(app))"),
        "{}",
        ran.stdout
    );
    ran.says("retain-task  2 would be rewritten");
    assert_eq!(project.run(&["diff", "--no-types"]).status, 0);
    project.run(&["fix"]);
    assert_eq!(project.run(&["diff"]).status, 0);
}

#[test]
fn a_caller_in_another_file_keeps_the_tasks_of_a_list() {
    let client = "\
import asyncio


class Client:
    def dispatch(self, handlers) -> list[asyncio.Task]:
        return [asyncio.create_task(handler()) for handler in handlers]
";
    let caller = "\
from client import Client


def change(client: Client, handlers):
    client.dispatch(handlers)
";
    let project = Project::new(&[("client.py", client), ("main.py", caller)]);
    let ran = project.run(&["diff"]);
    let kept = "+    for task in client.dispatch(handlers):\n+        _keep_task(task)\n";
    assert!(ran.stdout.contains(kept), "{}", ran.stdout);
    ran.says("retain-task  1 would be rewritten");
    project.run(&["fix"]);
    assert_eq!(project.run(&["diff"]).status, 0);
}

#[test]
fn a_function_that_each_version_defines_gives_tasks_to_other_files() {
    let spawn = "\
import asyncio
import sys

if sys.version_info[:2] >= (3, 12):

    def spawn(coro):
        return asyncio.Task(coro, eager_start=True)

    def spawn_mixed(coro):
        return asyncio.Task(coro, eager_start=True)

    def spawn_some(coro):
        return asyncio.Task(coro, eager_start=True)

else:

    def spawn(coro):
        return asyncio.Task(coro)

    spawn_mixed = asyncio.create_task

    def spawn_some(coro):
        coro.close()
";
    let caller = "\
import asyncio

import spawn as module
from spawn import spawn, spawn_mixed, spawn_some


def start():
    spawn(asyncio.sleep(1))
    spawn_mixed(asyncio.sleep(1))
    spawn_some(asyncio.sleep(1))
    module.spawn_mixed(asyncio.sleep(1))
";
    let files = [("spawn.py", spawn), ("main.py", caller)];
    for (target, found) in [("3.10", 3), ("3.12", 4)] {
        let ran = Project::new(&files).run(&["diff", "--target-version", target]);
        ran.says(&format!("retain-task  {found} would be rewritten"));
        let some = "_keep_task(spawn_some(asyncio.sleep(1)))";
        assert_eq!(ran.stdout.contains(some), found == 4, "{}", ran.stdout);
    }
    // What takes the place of one of them may be anything.
    let replaces = "import spawn\n\nspawn.spawn = print\n";
    let patched = [&files[..], &[("patches.py", replaces)]].concat();
    let ran = Project::new(&patched).run(&["diff", "--target-version", "3.10"]);
    ran.says("retain-task  2 would be rewritten");
}

#[test]
fn a_method_of_either_of_two_classes_gives_a_task() {
    let jobs = "\
import asyncio


class Mail:
    def go(self) -> asyncio.Task:
        return asyncio.create_task(asyncio.sleep(1))

    def stop(self) -> asyncio.Task:
        return asyncio.create_task(asyncio.sleep(1))


class Print:
    def go(self) -> asyncio.Task:
        return asyncio.create_task(asyncio.sleep(1))

    def stop(self) -> None:
        print()
";
    let caller = "\
from jobs import Mail, Print


def start(job: Mail | Print):
    job.go()
    job.stop()
";
    let project = Project::new(&[("jobs.py", jobs), ("main.py", caller)]);
    let ran = project.run(&["diff"]);
    ran.says("retain-task  1 would be rewritten");
    assert!(
        ran.stdout.contains("_keep_task(job.go())"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_task_that_comes_through_several_files_is_kept_by_who_drops_it() {
    let spawn = "\
import asyncio


def spawn(coro) -> asyncio.Task:
    return asyncio.get_running_loop().create_task(coro)
";
    let group = "\
import asyncio

from spawn import spawn as launch


class Group:
    def leave(self) -> asyncio.Task:
        task = launch(asyncio.sleep(1))
        return task

    def hold(self) -> asyncio.Task:
        self._task = launch(asyncio.sleep(1))
        return self._task
";
    let consumer = "\
from group import Group


class Consumer:
    def __init__(self) -> None:
        self._group = Group()

    def leave(self):
        return self._group.leave()

    def hold(self):
        return self._group.hold()
";
    let application = "\
from consumer import Consumer
from group import Group


def stop(group: Group, consumer: Consumer):
    group.leave()
    group.hold()
    consumer.leave()
    consumer.hold()


def last():
    Consumer().leave()
    Consumer().hold()
";
    let project = Project::new(&[
        ("application.py", application),
        ("consumer.py", consumer),
        ("group.py", group),
        ("spawn.py", spawn),
    ]);
    let kept = |diff: &str| -> Vec<String> {
        let lines = diff
            .lines()
            .filter(|line| line.starts_with("+    _keep_task("));
        lines.map(str::to_owned).collect()
    };
    // Nothing says what an override of `Consumer.leave` would give.
    let ran = project.run(&["diff"]);
    assert_eq!(kept(&ran.stdout), ["+    _keep_task(group.leave())"]);
    let unsafe_too = project.run(&["diff", "--unsafe-fixes"]);
    let all = [
        "+    _keep_task(group.leave())",
        "+    _keep_task(consumer.leave())",
        "+    _keep_task(Consumer().leave())",
    ];
    assert_eq!(kept(&unsafe_too.stdout), all);
    for jobs in ["1", "2", "8"] {
        assert_eq!(project.run(&["diff", "--jobs", jobs]).stdout, ran.stdout);
    }
    project.run(&["fix"]);
    assert_eq!(project.run(&["diff"]).status, 0);
}

#[test]
fn a_method_that_only_looks_at_a_task_lets_go_of_it_unless_another_file_overrides_it() {
    let model = "\
import asyncio


class Model:
    def start(self, job):
        self.track(asyncio.create_task(job.run()))

    def track(self, task):
        print(task)
";
    let keeping = "\
from model import Model


class KeepingModel(Model):
    def track(self, task):
        self.task = task
";
    let ran = Project::new(&[("model.py", model)]).run(&["diff"]);
    ran.says("retain-task  1 would be rewritten");
    let ran = Project::new(&[("keeping.py", keeping), ("model.py", model)]).run(&["diff"]);
    assert_eq!(ran.status, 0, "{}", ran.stdout);
}

#[test]
fn a_type_that_is_no_awaitable_is_not_believed() {
    let client = "\
import asyncio


class Client:
    def load(self) -> dict[str, int]: ...

    async def main(self):
        await asyncio.gather(self.load(), self.load())
        loads = [self.load(), self.load()]
        await asyncio.gather(*loads)
";
    let ran = Project::new(&[("client.py", client)]).run(&["check", "--output-format", "concise"]);
    for place in ["client.py:8:15", "client.py:10:15"] {
        let line = format!("{place}: gather [rewrite unknown-awaitable]");
        assert!(ran.stdout.contains(&line), "{}", ran.stdout);
    }
}

#[test]
fn a_receiver_that_can_be_nothing_by_its_type_is_unknown() {
    let exchange = "\
import asyncio
from typing import TypedDict


class Arguments(TypedDict, total=False):
    key: str


class Base:
    loop = None


class Exchange(Base):
    def __init__(self, config: Arguments):
        if 'loop' in config:
            self.loop = config['loop']

    def spawn(self, job):
        self.loop.create_task(job())
";
    let files = [("exchange.py", exchange)];
    let ran = Project::new(&files).run(&["check", "--output-format", "concise"]);
    let line = "exchange.py:19:9: retain-task [held unknown-receiver]";
    assert!(ran.stdout.contains(line), "{}", ran.stdout);
}

#[test]
fn an_import_that_another_file_takes_from_the_module_stays() {
    let module = "\
from asyncio import Event, gather, wait_for


async def f(event: Event) -> None:
    await wait_for(event.wait(), 3)
    await gather(f(event), f(event))
";
    for taker in [
        "from app.compat import wait_for\n",
        "from app import compat\n\n\nasync def g(it):\n    await compat.wait_for(it, 1)\n",
        "from unittest import mock\n\n\ndef test():\n    with mock.patch('app.compat.wait_for'):\n        pass\n",
        "import app.compat as c\n\n\ndef test(monkeypatch):\n    monkeypatch.setattr(c, \"wait_for\", None)\n",
    ] {
        let project = Project::new(&[
            ("app/__init__.py", "from .other import f\n"),
            ("app/compat.py", module),
            ("app/other.py", module),
            ("taker.py", taker),
        ]);
        project.run(&["fix", "--target-version", "3.10"]);
        let fixed = project.read("app/compat.py");
        assert!(
            fixed.contains("from asyncio import Event, wait_for\n"),
            "{fixed}"
        );
        let fixed = project.read("app/other.py");
        assert!(fixed.contains("from asyncio import Event\n"), "{fixed}");
        assert_eq!(project.run(&["diff", "--target-version", "3.10"]).status, 0);
    }
}

#[test]
fn imports_stay_in_a_module_of_which_another_takes_all() {
    let module =
        "from asyncio import wait_for\n\n\nasync def f(it):\n    await wait_for(it(), 3)\n";
    let project = Project::new(&[
        ("app/__init__.py", "from .compat import *\n"),
        ("app/compat.py", module),
        ("taker.py", "from app import wait_for\n"),
    ]);
    project.run(&["fix", "--target-version", "3.10"]);
    let fixed = project.read("app/compat.py");
    assert!(fixed.contains("from asyncio import wait_for\n"), "{fixed}");
    assert!(fixed.contains("await _wait_for(it(), 3)\n"), "{fixed}");
}

#[test]
fn what_is_written_is_known_as_it_was_for_the_rest_of_the_run() {
    let starts = "\
import asyncio


async def job(fut):
    await asyncio.wait_for(fut, timeout=1)


def start(fut):
    return asyncio.create_task(job(fut))
";
    let files = [
        ("pyproject.toml", "[project]\nrequires-python = '>=3.11'\n"),
        ("a.py", starts),
        (
            "z.py",
            "from a import start\n\n\nasync def main(fut):\n    start(fut)\n",
        ),
    ];
    for jobs in ["1", "2", "8"] {
        let project = Project::new(&files);
        let diff = project.run(&["diff"]).stdout;
        assert!(diff.contains("a/z.py"), "{diff}");
        project.run(&["fix", "--jobs", jobs]);
        let fixed = project.read("z.py");
        assert!(fixed.contains("_keep_task(start(fut))"), "{fixed}");
        assert_eq!(project.run(&["diff"]).status, 0);
    }
}

#[test]
fn receivers_that_come_from_elsewhere_are_known() {
    let base = "\
import asyncio


class Base:
    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
";
    let main = "\
from base import Base


class Server(Base):
    def start(self):
        self.loop.create_task(self.run())

    async def run(self):
        pass
";
    let project = Project::new(&[("base.py", base), ("main.py", main)]);
    project
        .run(&["diff"])
        .says("retain-task  1 would be rewritten");
    project
        .run(&["diff", "--no-types"])
        .says("1 held back by unknown-receiver");
}

#[test]
fn standard_input_has_the_types_of_its_project() {
    let project = Project::new(&[("pkg/jobs.py", COROUTINES)]);
    let args = ["diff", "-", "--stdin-filename", "pkg/main.py"];
    gets_a_group(&project.run_with_stdin(&args, GATHERS.as_bytes()));
    project.write("pkg/main.py", b"import asyncio\n");
    gets_a_group(&project.run_with_stdin(&args, GATHERS.as_bytes()));
}

/// Gathers two calls of a method of `base.Base`.
const CLOSES: &str = "\
import asyncio

from base import Base


async def main(one: Base, other: Base):
    await asyncio.gather(one.close(), other.close())
";

const BASE: &str = "\
class Base:
    async def close(self):
        pass
";

#[test]
fn what_something_can_take_the_place_of_is_not_sure() {
    let future =
        "    def close(self):\n        return asyncio.get_running_loop().create_future()\n";
    let overridings: &[(&str, String)] = &[
        ("subclass", format!("import asyncio\nfrom base import Base\nclass Tcp(Base):\n{future}")),
        (
            "mixin",
            format!("import asyncio\nfrom base import Base\nclass Fast:\n{future}class Tcp(Fast, Base): ...\n"),
        ),
        (
            "class body",
            "from base import Base\nfrom other import closing\nclass Tcp(Base):\n    close = closing\n".into(),
        ),
        (
            "decorated",
            "from base import Base\nfrom other import spawned\nclass Tcp(Base):\n    @spawned\n    async def close(self): ...\n".into(),
        ),
        ("assigned", "from base import Base\nfrom other import closing\nBase.close = closing\n".into()),
        ("set by name", "import base, other\nsetattr(base.Base, 'close', other.closing)\n".into()),
        ("hook", "class Hooks:\n    def __init_subclass__(cls): instrument(cls)\n".into()),
    ];
    for (what, text) in overridings {
        let base = match *what {
            "hook" => BASE.replace("class Base:", "from tcp import Hooks\nclass Base(Hooks):"),
            _ => BASE.to_owned(),
        };
        let project = Project::new(&[("main.py", CLOSES), ("base.py", &base), ("tcp.py", text)]);
        let ran = project.run(&["diff"]);
        let helper = "+    await _gather_or_cancel(one.close(), other.close())";
        assert!(ran.stdout.contains(helper), "{what}: {}", ran.stdout);
    }
    let project = Project::new(&[("main.py", CLOSES), ("base.py", BASE)]);
    let ran = project.run(&["diff"]);
    assert!(
        ran.stdout.contains("tg.create_task(one.close())"),
        "{}",
        ran.stdout
    );
}

#[test]
fn what_a_class_of_the_same_name_elsewhere_makes_unsure_under_a_shield_is_held() {
    let own = "\
import asyncio


class Worker:
    async def close_one(self, key):
        await asyncio.sleep(key)

    async def close(self):
        await asyncio.shield(self.close_one(5))
";
    let twin = "class Worker:\n    def close_one(self, key):\n        print(key)\n";
    let project = Project::new(&[("own.py", own), ("twin.py", twin)]);
    let ran = project.run(&["diff", "--target-version", "3.11"]);
    ran.says("1 held back by may-be-future");
}

#[test]
fn what_waits_for_an_object_of_asyncio_under_a_shield_is_no_site() {
    let own = "\
import asyncio

from device import Device


async def close(device: Device, process: asyncio.subprocess.Process):
    await asyncio.shield(device.closing.wait())
    await asyncio.shield(device.jobs.join())
    await asyncio.shield(process.wait())
";
    let device = "\
import asyncio


class Device:
    jobs: asyncio.Queue[str]

    def __init__(self):
        self.closing = asyncio.Event()
";
    let project = Project::new(&[("own.py", own), ("device.py", device)]);
    let ran = project.run(&["check", "--target-version", "3.12"]);
    ran.says("looked at 2 files, none would change");
    assert_eq!(ran.stdout, "");
}

#[test]
fn what_a_class_of_the_project_makes_of_waits_of_asyncio_is_a_site_under_a_shield() {
    let own = "\
import asyncio

from compat import wait_for


class Durable(asyncio.Queue):
    async def put(self, item):
        await self.write(item)
        await super().put(item)


async def send(queue: asyncio.Queue, item):
    await asyncio.shield(queue.put(item))


async def flush(journal, timeout):
    await asyncio.shield(wait_for(journal.flush(), timeout))
";
    let compat = "from asyncio import wait_for\n";
    let project = Project::new(&[("own.py", own), ("compat.py", compat)]);
    let ran = project.run(&["check", "--target-version", "3.12"]);
    for place in ["own.py:13:11", "own.py:17:11"] {
        assert!(ran.stdout.contains(place), "{}", ran.stdout);
    }
}

#[test]
fn what_an_attribute_is_declared_to_hold_counts_though_a_base_is_not_found() {
    let tracker = "\
import asyncio


class Tracker:
    def process(self, update) -> asyncio.Task[None]:
        return asyncio.create_task(self._process(update))

    async def _process(self, update):
        await asyncio.sleep(update)
";
    let base = "\
from compiled import Connector
from tracker import Tracker


class Exchange(Connector):
    def __init__(self, given):
        self.tracker: Tracker = Tracker()
        self.given = given

    def update(self):
        self.tracker.process(1)

    def update_given(self):
        self.given.process(2)
";
    let own = "\
from base import Exchange


class Own(Exchange):
    def stop(self):
        self.tracker.process(3)


class Narrow(Exchange):
    @property
    def tracker(self):
        return self.other()

    def stop(self):
        self.tracker.process(4)


class Below(Narrow):
    def stop(self):
        self.tracker.process(5)


class Handed(Exchange):
    @staticmethod
    def stop(self):
        self.tracker.process(6)


class Replaced(Exchange):
    def stop(self, other):
        self = other
        self.tracker.process(7)
";
    let project = Project::new(&[("tracker.py", tracker), ("base.py", base), ("own.py", own)]);
    let ran = project.run(&["check", "--target-version", "3.12"]);
    for place in ["base.py:11:9", "own.py:6:9"] {
        assert!(ran.stdout.contains(place), "{}", ran.stdout);
    }
    // `Narrow` is below `Exchange`, whose attribute it makes a property, and not below `Own`.
    ran.says("1 would be rewritten, 1 held back");
    project.write(
        "own.py",
        own.replace("tracker(self)", "other(self)").as_bytes(),
    );
    let ran = project.run(&["check", "--target-version", "3.12"]);
    ran.says("4 would be rewritten");
}

#[test]
fn what_a_class_declares_may_be_given_otherwise_by_another() {
    const TRACKER: &str = "\
import asyncio


class Tracker:
    def start(self) -> asyncio.Task[None]:
        return asyncio.create_task(self.go())

    async def go(self): ...
";
    const BASE: &str = "\
from tracker import Tracker


class Base:
    def __init__(self):
        self.tracker: Tracker = Tracker()


class Middle(Base):
    def update(self):
        self.tracker.start()
";
    let is_held_with = |more: &str| {
        let files = [
            ("tracker.py", TRACKER),
            ("base.py", BASE),
            ("more.py", more),
        ];
        let ran = Project::new(&files).run(&["check", "--exit-zero"]);
        let [is_held, is_rewritten] =
            ["1 held back", "1 would be rewritten"].map(|it| ran.stderr.contains(it));
        assert_ne!(is_held, is_rewritten, "{}", ran.stderr);
        is_held
    };
    assert!(!is_held_with("import base\n"));
    let property = "    @property\n    def tracker(self): ...\n";
    assert!(is_held_with(&format!(
        "from base import Middle\n\nclass Below(Middle):\n{property}"
    )));
    assert!(is_held_with(
        "from base import Middle\n\nclass Below(Middle):\n    tracker = None\n"
    ));
    // It comes before `Base` where both are bases.
    let other = format!("from base import Base, Middle\n\nclass Other(Base):\n{property}");
    assert!(!is_held_with(&other));
    assert!(is_held_with(&format!(
        "{other}\nclass Both(Middle, Other): ...\n"
    )));
    // What stands above does not.
    assert!(!is_held_with("class Tracked:\n    tracker = None\n"));
}

#[test]
fn what_may_be_a_future_by_its_type_is_held() {
    let own = "\
import asyncio
from typing import Any


def answer(result):
    if isinstance(result, asyncio.Future) or asyncio.iscoroutine(result):
        asyncio.ensure_future(result)


def declared(result: asyncio.Future[int] | Any):
    asyncio.ensure_future(result)


def unknown(result):
    asyncio.ensure_future(result)
";
    let project = Project::new(&[("own.py", own)]);
    let ran = project.run(&["diff", "--target-version", "3.12"]);
    ran.says("2 held back by may-be-future");
    ran.says("1 would be rewritten");
}

#[test]
fn a_function_that_is_not_the_only_one_of_its_name_is_not_sure() {
    let modules: &[(&str, &str)] = &[
        (
            "wrapped",
            "from other import spawned\nasync def fetch(x): ...\nfetch = spawned(fetch)\n",
        ),
        (
            "decorated",
            "from other import spawned\n@spawned\nasync def fetch(x): ...\n",
        ),
        (
            "by version",
            "import sys\nif sys.version_info >= (3, 12):\n    def fetch(x): return x.task\nelse:\n    async def fetch(x): ...\n",
        ),
        (
            "for the checker",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    async def fetch(x): ...\nelse:\n    def fetch(x): return x.task\n",
        ),
        (
            "replaced",
            "async def fetch(x): ...\ndef install(fake):\n    global fetch\n    fetch = fake\n",
        ),
        (
            "handed on",
            "from other import fetch\nfetch = print(fetch) or fetch\n",
        ),
        (
            "cached",
            "import functools\n@functools.lru_cache\ndef fetch(x): return go(x)\nasync def go(x): ...\n",
        ),
        (
            "kept",
            "async def go(x): ...\n_c = go(1)\ndef fetch(x):\n    return _c\n",
        ),
    ];
    let other = "async def fetch(x): ...\n";
    for (what, text) in modules {
        let project = Project::new(&[("main.py", GATHERS), ("jobs.py", text), ("other.py", other)]);
        let ran = project.run(&["diff"]);
        assert!(
            !ran.stdout.contains("tg.create_task(fetch(1))"),
            "{what}: {}",
            ran.stdout
        );
    }
    let stub = [
        ("main.py", GATHERS),
        ("jobs.py", TASKS),
        ("jobs.pyi", "async def fetch(number: int) -> int: ...\n"),
    ];
    gets_the_helper(&Project::new(&stub).run(&["diff"]));
    let handed_on = [
        ("main.py", &*GATHERS.replace("jobs", "pkg")),
        ("pkg/__init__.py", "from .jobs import get as fetch\n"),
        ("pkg/jobs.py", "async def get(number): ...\n"),
    ];
    gets_a_group(&Project::new(&handed_on).run(&["diff"]));
}

#[test]
fn a_finally_that_waits_for_what_is_declared_to_be_tasks_is_no_cleanup() {
    let gathers = |annotation: &str| {
        format!(
            "import asyncio\nfrom collections import deque\n\n\nasync def run(serve, tasks{annotation}):\n    try:\n        await serve()\n    finally:\n        await asyncio.gather(*tasks)\n"
        )
    };
    let project = Project::new(&[
        ("declared.py", &gathers(": deque[asyncio.Task[int]]")),
        ("other.py", &gathers(": deque")),
    ]);
    let said = project
        .run(&["check", "--output-format", "json-lines"])
        .stdout;
    let cautions = |line: &str| {
        let finding: serde_json::Value = serde_json::from_str(line).expect("JSON");
        finding["cautions"].clone()
    };
    let cautions: Vec<serde_json::Value> = said.lines().map(cautions).collect();
    assert_eq!(
        cautions,
        [
            serde_json::json!(["cancels-shared-task"]),
            serde_json::json!(["cancels-shared-task", "stops-cleanup"]),
        ]
    );
}

#[test]
fn what_coroutines_of_another_module_wait_for_is_known() {
    let jobs = "\
import asyncio


class Cache:
    async def load(self, key):
        task = self._tasks.get(key)
        if task is None:
            self._tasks[key] = task = asyncio.create_task(self.make(key))
        return await task

    async def loads(self, key):
        return await self.load(key)

    async def make(self, key): ...


async def timed(awaitable):
    return await asyncio.wait_for(awaitable, 3)


async def stop(*tasks):
    for task in tasks:
        task.cancel()


stop_all = stop
";
    let main = "\
import asyncio
from collections.abc import Coroutine

from jobs import Cache, stop, stop_all, timed


async def main(cache: Cache, coroutines: list[Coroutine[None, None, None]]):
    await asyncio.gather(cache.load(1), cache.make(2))
    await asyncio.gather(cache.loads(1), cache.make(2))
    await asyncio.gather(timed(cache.task), cache.make(2))
    await asyncio.gather(timed(cache.make(1)), cache.make(2))
    await asyncio.gather(*(timed(it) for it in coroutines))
    tasks = [asyncio.create_task(cache.make(key)) for key in (1, 2)]
    try:
        await asyncio.gather(*tasks)
    finally:
        await stop(*tasks)
    tasks = [asyncio.create_task(cache.make(key)) for key in (1, 2)]
    try:
        await asyncio.gather(*tasks)
    finally:
        await stop_all(*tasks)
";
    let project = Project::new(&[("main.py", main), ("jobs.py", jobs)]);
    let said = project
        .run(&["check", "--output-format", "json-lines"])
        .stdout;
    let decided = |line: &str| {
        let finding: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let is_main = finding["path"] == "main.py" && finding["transform"] == "gather";
        is_main.then(|| {
            format!(
                "{} {}{}",
                finding["decision"], finding["cautions"], finding["code"]
            )
        })
    };
    let decided: Vec<String> = said.lines().filter_map(decided).collect();
    let held = r#""held" ["cancels-shared-task"]null"#;
    let rewritten = r#""rewrite" ["structured"]null"#;
    let left = r#""refuse" []"siblings-are-stopped""#;
    let given = r#""rewrite" ["structured","unknown-awaitable"]null"#;
    assert_eq!(decided, [held, held, held, rewritten, given, left, left]);
}

/// What is decided about the gathers of `file`, one after the other.
fn decisions_about_gathers(project: &Project, file: &str) -> Vec<String> {
    let said = project
        .run(&["check", "--output-format", "json-lines"])
        .stdout;
    let decided = |line: &str| {
        let finding: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let is_meant = finding["path"] == file && finding["transform"] == "gather";
        is_meant.then(|| format!("{} {}", finding["decision"], finding["cautions"]))
    };
    said.lines().filter_map(decided).collect()
}

#[test]
fn what_overriding_methods_of_other_files_wait_for_is_known() {
    let base = "\
import asyncio


class Logic:
    async def stop(self): ...

    async def run(self): ...


class Detector:
    def __init__(self, one: Logic, other: Logic):
        self.one = one
        self.other = other

    async def stop(self):
        await asyncio.gather(self.one.stop(), self.other.stop())

    async def run(self):
        await asyncio.gather(self.one.run(), self.other.run())


async def both(one: Logic, other: Logic):
    await asyncio.gather(one.stop(), other.stop())
    await asyncio.gather(one.run(), other.run())


class Handler:
    def stop(self):
        futures = [it.complete for it in self.active]

        async def wait():
            await asyncio.gather(*futures)

        return wait()


async def every(handlers: list[Handler]):
    stopping = [handler.stop() for handler in handlers]
    await asyncio.gather(*stopping)
";
    let sub = "\
from base import Logic


class Blob(Logic):
    async def stop(self):
        await self.task

    async def run(self):
        await self.stop()
";
    let project = Project::new(&[("base.py", base), ("sub.py", sub)]);
    let held = r#""held" ["cancels-shared-task","stops-cleanup"]"#;
    let rewritten = r#""rewrite" ["structured"]"#;
    assert_eq!(
        decisions_about_gathers(&project, "base.py"),
        [
            held,
            rewritten,
            held,
            rewritten,
            r#""held" ["cancels-shared-task"]"#,
            r#""held" ["cancels-shared-task"]"#
        ]
    );
}

#[test]
fn what_each_class_of_a_union_waits_for_counts() {
    let parts = "\
import asyncio


class A:
    async def get(self) -> str:
        return await self.task

    async def stop(self) -> None: ...

    def load(self) -> asyncio.Future[str]:
        return self.future


class B:
    async def get(self) -> str:
        await asyncio.sleep(1)
        return ''

    async def stop(self) -> None: ...

    def load(self) -> asyncio.Future[str]:
        return self.future
";
    let main = "\
import asyncio

from parts import A, B


class C(B):
    async def stop(self) -> None:
        await self.task


class Owner:
    def __init__(self):
        self.two = [A(), B()]

    async def one_by_one(self, parts: list[B | A]):
        await asyncio.gather(*(part.get() for part in parts))

    async def alone(self, part: B | None, other: B):
        await asyncio.gather(part.get(), other.get())

    async def by_value(self):
        await asyncio.gather(*(part.get() for part in self.two))

    async def of_a_subclass(self, part: A | B, other: A):
        await asyncio.gather(part.stop(), other.stop())

    async def loaded(self, part: A | B):
        return await part.load()

    async def load(self, part: A, other: B):
        await asyncio.gather(self.loaded(part), self.loaded(other))
";
    let project = Project::new(&[("main.py", main), ("parts.py", parts)]);
    let held = r#""held" ["cancels-shared-task"]"#;
    let cleanup = r#""held" ["cancels-shared-task","stops-cleanup"]"#;
    let rewritten = r#""rewrite" ["structured"]"#;
    assert_eq!(
        decisions_about_gathers(&project, "main.py"),
        [held, rewritten, held, cleanup, held]
    );
}

#[test]
fn what_classes_that_keep_to_a_protocol_wait_for_counts() {
    let sources = "\
from typing import Protocol


class Source(Protocol):
    async def get(self) -> str: ...


class Closable(Source, Protocol):
    def close(self) -> None: ...
";
    let shared = "\
class Shared:
    async def get(self) -> str:
        return await self.task
";
    let main = "\
import asyncio

from sources import Closable, Source


async def both(sources: list[Source]):
    await asyncio.gather(*(source.get() for source in sources))


async def pair(source: Source, other: Source):
    await asyncio.gather(source.get(), other.get())


async def closable(source: Closable, other: Closable):
    await asyncio.gather(source.get(), other.get())
";
    let files = [
        ("main.py", main),
        ("sources.py", sources),
        ("shared.py", shared),
    ];
    let held = r#""held" ["cancels-shared-task"]"#;
    let rewritten = r#""rewrite" ["structured"]"#;
    assert_eq!(
        decisions_about_gathers(&Project::new(&files), "main.py"),
        [held, held, rewritten]
    );
    assert_eq!(
        decisions_about_gathers(&Project::new(&files[..2]), "main.py"),
        [rewritten, rewritten, rewritten]
    );
}

#[test]
fn what_declared_coroutines_wait_for_is_not_known() {
    let main = "\
import asyncio
from collections.abc import Coroutine
from typing import Any

Jobs = list[Coroutine[Any, Any, str]]


async def job() -> str: ...


async def all_of(jobs: Jobs):
    await asyncio.gather(*jobs)


async def one_by_one(jobs: Jobs):
    await asyncio.gather(*(job for job in jobs))


async def tasks_of(jobs: Jobs):
    await asyncio.gather(*[asyncio.create_task(job) for job in jobs])


async def with_another(jobs: Jobs):
    all_jobs = [job()]
    all_jobs.extend(jobs)
    try:
        await asyncio.gather(*all_jobs)
    finally:
        for one in all_jobs:
            one.close()
";
    let project = Project::new(&[("main.py", main)]);
    let rewritten = r#""rewrite" ["structured","unknown-awaitable"]"#;
    let with_helper = r#""rewrite" ["unknown-awaitable"]"#;
    assert_eq!(
        decisions_about_gathers(&project, "main.py"),
        [rewritten, rewritten, rewritten, with_helper]
    );
    let ran = project.run(&["check", "--target-version", "3.10"]);
    ran.says("4 would be rewritten");
    let accepted = ran.stdout.matches("accepted: unknown-awaitable").count();
    assert_eq!(accepted, 4, "{}", ran.stdout);
}

#[test]
fn attributes_of_classes_with_unknown_bases_are_known_by_what_the_class_gives_them() {
    let connection = "\
import asyncio
from typing import Awaitable


class Session:
    def __init__(self, loop: asyncio.AbstractEventLoop):
        self.loop = loop
        self.callbacks = {}

    def send(self, method: str) -> Awaitable:
        callback = self.loop.create_future()
        self.callbacks[method] = callback
        return callback

    async def job(self): ...
";
    let page = "\
import asyncio

from connection import Session
from emitter import EventEmitter


class Page(EventEmitter):
    def __init__(self, client: Session):
        super().__init__()
        self.client = client

    async def navigate(self): ...

    async def reload(self):
        await asyncio.gather(self.navigate(), self.client.send(\"reload\"))

    async def reload_all(self, sessions: list[Session]):
        await asyncio.gather(*[session.send(\"reload\") for session in sessions])

    def start(self):
        self.client.loop.create_task(self.navigate())
        loop = self.client.loop
        loop.create_task(self.navigate())
";
    let files = [("connection.py", connection), ("page.py", page)];
    let held = r#""held" ["cancels-shared-task"]"#;
    let project = Project::new(&files);
    assert_eq!(decisions_about_gathers(&project, "page.py"), [held, held]);
    let ran = project.run(&["diff"]);
    ran.says("retain-task  2 would be rewritten");
}

#[test]
fn what_else_gives_an_attribute_a_value_makes_it_unknown() {
    let client = "\
import asyncio


class Client:
    def __init__(self):
        self.loop: asyncio.AbstractEventLoop = asyncio.get_event_loop()
";
    let app = "\
from client import Client
from emitter import EventEmitter


class App(EventEmitter):
    def __init__(self):
        self.client = Client()

    async def enter(self, make):
        with make() as self.client:
            self.client.loop.create_task(self.work())

    async def work(self): ...
";
    let ran = Project::new(&[("client.py", client), ("app.py", app)]).run(&["diff"]);
    ran.says("1 held back by unknown-receiver");
}

#[test]
fn methods_that_are_mapped_are_known_as_those_that_are_called() {
    let store = "\
import asyncio
from itertools import starmap


class Store:
    async def get(self, key): ...

    async def put(self, key, value): ...

    async def delete(self, key): ...

    async def all(self, keys, values):
        await asyncio.gather(*map(self.get, keys))
        await asyncio.gather(*starmap(self.put, values))
        await asyncio.gather(*map(self.delete, keys))
";
    let memory = "\
from store import Store


class Memory(Store):
    def put(self, key, value):
        return self.loop.run_in_executor(None, self.set, key, value)

    async def delete(self, key):
        await self.deleted[key]
";
    let project = Project::new(&[("store.py", store), ("memory.py", memory)]);
    let expected = [
        r#""rewrite" ["structured"]"#,
        r#""rewrite" ["unknown-awaitable"]"#,
        r#""held" ["cancels-shared-task"]"#,
    ];
    assert_eq!(decisions_about_gathers(&project, "store.py"), expected);
}

#[test]
fn what_decorated_functions_of_other_files_wait_for_is_known() {
    let workers = "\
import asyncio
import functools

import nowhere


def logged(function):
    @functools.wraps(function)
    async def inner(*args):
        return await function(*args)

    return inner


class Worker:
    @logged
    async def wait(self):
        await self.task

    @nowhere.retry
    async def wait_again(self):
        await self.task

    @nowhere.retry
    async def work(self):
        await asyncio.sleep(1)


@nowhere.register
class Registered:
    async def wait(self):
        await self.task

    async def work(self):
        await asyncio.sleep(1)


@nowhere.retry
async def wait_for(worker):
    await worker.task


@logged
async def work():
    await asyncio.sleep(1)
";
    let main = "\
import asyncio
from collections.abc import Iterable

import workers
from workers import Registered, Worker, wait_for


async def main(worker: Worker, registered: Iterable[Registered]):
    await asyncio.gather(worker.wait(), workers.work())
    await asyncio.gather(worker.wait_again(), workers.work())
    await asyncio.gather(wait_for(worker), workers.work())
    await asyncio.gather(*[it.wait() for it in registered])
    await asyncio.gather(worker.work(), workers.work())
    await asyncio.gather(*[it.work() for it in registered])
";
    let project = Project::new(&[("workers.py", workers), ("main.py", main)]);
    let held = r#""held" ["cancels-shared-task"]"#;
    let unknown = r#""rewrite" ["unknown-awaitable"]"#;
    let expected = [held, held, held, held, unknown, unknown];
    assert_eq!(decisions_about_gathers(&project, "main.py"), expected);
}

#[test]
fn decorators_of_other_files_may_have_a_cast_of_their_own() {
    let decorators = "\
import asyncio
import typing
from functools import partial


def cast(function):
    return partial(asyncio.ensure_future, function)


def casts(function):
    async def inner(*args):
        return await function(*args)

    return typing.cast('F', inner)


def casts_itself(function):
    async def inner(*args):
        return await function(*args)

    return cast('F', inner)


def asks(function):
    if callable(function):
        return function
    return partial(asyncio.ensure_future, function)
";
    let asks_itself = format!("{decorators}\n\ndef callable(function):\n    return False\n");
    let main = "\
import asyncio

import mine
from decorators import asks, casts, casts_itself


@casts
async def first(): ...


@casts_itself
async def second(): ...


@asks
async def third(): ...


@mine.asks
async def fourth(): ...


async def main():
    await asyncio.gather(first(), first())
    await asyncio.gather(second(), second())
    await asyncio.gather(third(), third())
    await asyncio.gather(fourth(), fourth())
";
    let project = Project::new(&[
        ("decorators.py", decorators),
        ("mine.py", &asks_itself),
        ("main.py", main),
    ]);
    let known = r#""rewrite" ["structured"]"#;
    let unknown = r#""rewrite" ["unknown-awaitable"]"#;
    let expected = [known, unknown, known, unknown];
    assert_eq!(decisions_about_gathers(&project, "main.py"), expected);
}

#[test]
fn what_decorators_of_other_files_share_is_shared() {
    let caching = "\
import asyncio
import functools


def once_each(function):
    running = {}

    @functools.wraps(function)
    async def inner(key):
        if key not in running:
            running[key] = asyncio.ensure_future(function(key))
        return await running[key]

    return inner


def shared_for(seconds):
    tasks = {}

    def decorate(function):
        @functools.wraps(function)
        def inner(key):
            return tasks.setdefault(key, asyncio.ensure_future(function(key)))

        return inner

    return decorate


def registered(function):
    return function


def limited(seconds):
    def decorate(function):
        @functools.wraps(function)
        async def inner(*args):
            return await asyncio.wait_for(function(*args), seconds)

        return inner

    return decorate
";
    let loader = "\
import asyncio
import functools

import nowhere
from caching import limited, once_each, registered, shared_for


@once_each
async def load(key):
    await asyncio.sleep(1)


@shared_for(3)
async def load_again(key):
    await asyncio.sleep(1)


@functools.cache
def task(key):
    return asyncio.create_task(load(key))


@limited(3)
async def count(key):
    await asyncio.sleep(1)


@registered
def start(key):
    return asyncio.create_task(count(key))


@nowhere.retry
async def connect(key):
    await asyncio.sleep(1)


async def of_task(key):
    return await task(key)


async def of_start(key):
    return await start(key)


async def of_connection(key):
    return await connect(key)
";
    let main = "\
import asyncio

from caching import limited, once_each
from loader import connect, count, load, load_again, of_connection, of_start, of_task


@once_each
async def own(key):
    await asyncio.sleep(1)


@limited(3)
async def harmless(key):
    await asyncio.sleep(1)


async def main():
    await asyncio.gather(load(1), count(2))
    await asyncio.gather(load_again(1), count(2))
    await asyncio.gather(of_task(1), count(2))
    await asyncio.gather(own(1), count(2))
    await asyncio.gather(connect(1), count(2))
    await asyncio.gather(of_connection(1), count(2))
    await asyncio.gather(of_start(1), count(2))
    await asyncio.gather(harmless(1), count(2))
";
    let files = [
        ("caching.py", caching),
        ("loader.py", loader),
        ("main.py", main),
    ];
    let project = Project::new(&files);
    let held = r#""held" ["cancels-shared-task"]"#;
    let unknown = r#""rewrite" ["unknown-awaitable"]"#;
    let may_wait = r#""rewrite" ["structured","unknown-awaitable"]"#;
    let made = r#""rewrite" ["structured"]"#;
    let expected = [held, held, held, held, unknown, may_wait, made, made];
    assert_eq!(decisions_about_gathers(&project, "main.py"), expected);
}

#[test]
fn coroutines_that_await_what_plain_functions_elsewhere_give_them_share_it() {
    let loader = "\
import asyncio
from asyncio import Future, Task

_tasks: dict[str, Task[int]] = {}


def get_task(key: str) -> Task[int]:
    return _tasks.setdefault(key, asyncio.create_task(count(key)))


def start(key: str) -> Task[int]:
    return asyncio.create_task(count(key))


async def count(key: str) -> int:
    return len(key)


class Loader:
    def __init__(self):
        self.futures = {}

    def load(self, key: str) -> Future[int]:
        future = asyncio.get_running_loop().create_future()
        self.futures[key] = future
        return future


class Order:
    async def price(self, loader: Loader) -> int:
        return await loader.load(\"price\")

    async def number(self) -> int:
        return await start(\"number\")
";
    let orders = "\
import asyncio

from loader import Loader, Order, get_task, start


async def shared(key):
    return await get_task(key)


async def shared_for_a_while(key):
    task = get_task(key)
    return await asyncio.wait_for(task, 3)


async def loaded(loader: Loader, key):
    return await loader.load(key)


async def started(key):
    return await start(key)


async def main(order: Order, loader: Loader):
    await asyncio.gather(shared(\"a\"), shared(\"b\"))
    await asyncio.gather(shared_for_a_while(\"a\"), started(\"b\"))
    await asyncio.gather(loaded(loader, \"a\"), started(\"b\"))
    await asyncio.gather(order.price(loader), started(\"b\"))
    await asyncio.gather(order.number(), started(\"b\"))
";
    let project = Project::new(&[("loader.py", loader), ("orders.py", orders)]);
    let held = r#""held" ["cancels-shared-task"]"#;
    let made = r#""rewrite" ["structured"]"#;
    let expected = [held, held, held, held, made];
    assert_eq!(decisions_about_gathers(&project, "orders.py"), expected);
}

#[test]
fn the_users_word_counts_for_methods_of_other_modules() {
    let client = "\
from wrapt import decorator


class Client:
    def fetch(self, number):
        return self.connection.call('fetch', number)
";
    let main = "\
import asyncio

from app.jobs import Client


async def main(client: Client):
    await asyncio.gather(client.fetch(1), client.fetch(2))
";
    let project = Project::new(&[
        ("pyproject.toml", "[project]\nname = 'app'\n"),
        ("src/app/__init__.py", ""),
        ("src/app/jobs.py", client),
        ("src/app/main.py", main),
    ]);
    let helper = "+    await _gather_or_cancel(client.fetch(1), client.fetch(2))";
    let ran = project.run(&["diff"]);
    assert!(ran.stdout.contains(helper), "{}", ran.stdout);
    let config = "coroutine-functions = ['app.jobs.Client.*']\n";
    project.write("asyncmend.toml", config.as_bytes());
    let ran = project.run(&["diff"]);
    let group = "tg.create_task(client.fetch(1))";
    assert!(ran.stdout.contains(group), "{}", ran.stdout);
}

#[test]
fn a_test_gets_what_its_fixtures_give() {
    let conftest = "\
import asyncio
from collections.abc import Iterator

import pytest


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()
";
    let test = "\
async def work():
    pass


def test_work(loop):
    loop.create_task(work())
";
    let project = Project::new(&[
        ("pyproject.toml", "[project]\nname = 'app'\n"),
        ("tests/conftest.py", conftest),
        ("tests/test_work.py", test),
    ]);
    let ran = project.run(&["diff"]);
    let kept = "+    task = loop.create_task(work())\n+    _background_tasks.add(task)\n";
    assert!(ran.stdout.contains(kept), "{}", ran.stdout);
}

#[test]
fn packages_that_share_what_is_known_keep_modules_of_one_name_apart() {
    const USES: &str = "\
import asyncio

from helpers import work


async def main():
    one, two = await asyncio.gather(work(1), work(2))
    return one + two
";
    const COROUTINE: &str = "async def work(number: int) -> int:\n    return number\n";
    const FUTURE: &str = "\
import asyncio


def work(number: int) -> asyncio.Future[int]:
    return asyncio.get_running_loop().create_future()
";
    let package = |name: &str| format!("[project]\nname = '{name}'\nrequires-python = '>=3.11'\n");
    let [one, two, three] = ["one", "two", "three"].map(package);
    let project = Project::new(&[
        ("one/pyproject.toml", &one),
        ("one/helpers.py", COROUTINE),
        ("one/app.py", USES),
        ("two/pyproject.toml", &two),
        ("two/helpers.py", FUTURE),
        ("two/app.py", USES),
        // It has no such module, and gets that of the first that has one; a script's neighbours are its own.
        ("three/pyproject.toml", &three),
        ("three/third/__init__.py", ""),
        ("three/third/app.py", USES),
    ]);
    let decided = |path: &str| {
        let ran = project.run(&["check", "--output-format", "concise", path]);
        let all = project.run(&["check", "--output-format", "concise"]);
        let line = all.stdout.lines().find(|line| line.starts_with(path));
        let line = line.unwrap_or_else(|| panic!("{path}: {}", all.stdout));
        (line.contains("TaskGroup"), ran.stdout.contains("TaskGroup"))
    };
    assert_eq!(decided("one/app.py"), (true, true));
    assert_eq!(decided("two/app.py"), (false, false));
    // Alone it sees no other project.
    assert_eq!(decided("three/third/app.py"), (true, false));
}

#[test]
fn a_star_hides_the_names_that_its_module_has() {
    const JOBS: &str = "\
from asyncio import gather

from .core import *


async def main(one, two):
    await gather(one(), two())
";
    const UNCLEAR: &str = "gather/unclear-name";
    let project = Project::new(&[("app/__init__.py", ""), ("app/jobs.py", JOBS)]);
    let hides = |core: &str| {
        project.write("app/core.py", core.as_bytes());
        let ran = project.run(&["check", "--exit-zero"]);
        ran.stderr.contains(UNCLEAR)
    };
    assert!(!hides("def spread(): ...\n"));
    assert!(!hides(
        "__all__ = ['spread']\n\ndef spread(): ...\ndef gather(): ...\n"
    ));
    assert!(hides("def gather(): ...\n"));
    assert!(hides(
        "__all__ = ['spread']\n__all__ += ['gather']\n\ndef gather(): ...\n"
    ));
    // What another module lists is known as well.
    let listed = "\
from asyncio import gather

from . import more
from .more import *

__all__ = ['spread', *more.__all__]
__all__ += more.__all__
__all__.extend(more.__all__)
";
    project.write("app/more.py", b"__all__ = ['seed']\n\ndef seed(): ...\n");
    assert!(!hides(listed));
    assert!(hides(
        "__all__ = ['spread', 'gat' + 'her']\n\ndef spread(): ...\ndef gather(): ...\n"
    ));
    assert!(hides(&format!("{listed}__all__.append('gather')\n")));
    assert!(hides(&listed.replace("'spread'", "f'{spread}'")));
    project.write(
        "app/more.py",
        b"__all__ = ['gather']\n\ndef gather(): ...\n",
    );
    assert!(hides(listed));
    // What is not found may have any name, and so may modules that compute theirs, or whose functions bind some.
    assert!(hides("from elsewhere import *\n"));
    assert!(hides(
        "__all__ = ['gather']\n\ndef __getattr__(name): ...\n"
    ));
    assert!(hides(
        "def setup():\n    global gather\n    gather = print\n"
    ));
    assert!(!hides("import asyncio\n\nall = asyncio.gather\n"));
    project.write("app/core.pyi", b"");
    assert!(hides("def spread(): ...\n"));
    fs::remove_file(project.path("app/core.pyi")).unwrap();
    project.write("app/core.py", b"");
    project
        .run(&["check", "--exit-zero", "--no-types"])
        .says(UNCLEAR);
}

#[test]
fn a_new_import_is_private_where_others_that_take_all_have_its_name() {
    const CORE: &str = "\
from asyncio import gather


async def both(one, two):
    await gather(one(), two())
";
    let init = "from . import asyncio\nfrom .core import *\n";
    let project = Project::new(&[
        ("app/__init__.py", init),
        ("app/asyncio.py", ""),
        ("app/core.py", CORE),
    ]);
    let patch = project.run(&["diff"]).stdout;
    assert!(patch.contains("+import asyncio as _asyncio\n"), "{patch}");
    assert!(patch.contains("await _asyncio.gather("), "{patch}");
    project.write("app/__init__.py", b"import asyncio\nfrom .core import *\n");
    let patch = project.run(&["diff"]).stdout;
    assert!(patch.contains("+import asyncio\n"), "{patch}");
}

/// `Awaitable` is what makes a future pass for a coroutine: what the function gives back is known better.
#[test]
fn a_future_that_a_function_gives_back_as_an_awaitable_is_not_kept() {
    let requests = "\
import asyncio
from typing import Any, Awaitable


class Wrapper:
    def start(self, key) -> asyncio.Future:
        return asyncio.get_running_loop().create_future()


class Client:
    def __init__(self):
        self.wrapper = Wrapper()

    def request(self) -> Awaitable[None]:
        future = self.wrapper.start(1)
        return future

    def either(self, now: bool) -> Any:
        if now:
            return asyncio.sleep(1)
        return self.wrapper.start(2)

    def spawned(self) -> Awaitable[None]:
        task = asyncio.create_task(asyncio.sleep(1))
        return task

    def shared(self, now: bool) -> Awaitable[None]:
        if now:
            return asyncio.create_task(asyncio.sleep(1))
        return self.wrapper.start(3)

    async def on_error(self):
        asyncio.ensure_future(self.request())
        asyncio.get_running_loop().call_soon(asyncio.ensure_future, self.request())
        asyncio.ensure_future(self.either(True))
        asyncio.ensure_future(self.spawned())
        asyncio.ensure_future(self.shared(True))
";
    let project = Project::new(&[("client.py", requests)]);
    let ran = project.run(&["check", "--exit-zero"]);
    ran.says("1 would be rewritten, 2 held back, 2 left alone");
    ran.says("2 held back by may-be-future");
    ran.says("2 left alone: retain-task/nothing-spawned");
}
