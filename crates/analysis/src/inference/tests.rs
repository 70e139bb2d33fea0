//! What the engine answers about files of small projects.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use ruff_db::system::SystemPathBuf;
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{self as ast, AnyNodeRef};
use ruff_python_parser::parse_module;
use ruff_text_size::{Ranged, TextRange};
use tempfile::TempDir;

use super::engine::{Common, Engine, Opened};
use super::fixtures::Code;
use super::names::SharedNames;
use super::project::Project;
use super::system::KeptFiles;

fn engine(project: &Project) -> Engine {
    let kept = KeptFiles::default();
    let names = Arc::new(SharedNames::below(&project.roots, kept.clone()));
    Engine::new(Common::new(project, None, names, kept))
}

fn open(engine: &Engine, path: &Path, text: &str) -> Opened {
    let path = SystemPathBuf::from_path_buf(path.to_path_buf()).expect("UTF-8");
    let code = Code::new(path, text.to_owned()).expect("it is plain");
    engine.open(&code).expect("it is plain")
}

/// The arguments of every `ask(..)` in `text`; whether they are unpacked.
fn questions(text: &str) -> Vec<(TextRange, bool)> {
    struct Asked(Vec<(TextRange, bool)>);
    impl<'s> SourceOrderVisitor<'s> for Asked {
        fn enter_node(&mut self, node: AnyNodeRef<'s>) -> TraversalSignal {
            if let AnyNodeRef::ExprCall(call) = node
                && matches!(&*call.func, ast::Expr::Name(name) if name.id == "ask")
            {
                for argument in &call.arguments.args {
                    self.0.push(match argument {
                        ast::Expr::Starred(starred) => (starred.value.range(), true),
                        other => (other.range(), false),
                    });
                }
            }
            TraversalSignal::Traverse
        }
    }
    let parsed = parse_module(text).expect("valid Python");
    let mut asked = Asked(Vec::new());
    for statement in &parsed.syntax().body {
        asked.visit_stmt(statement);
    }
    asked.0
}

/// Writes a project of `files` and gives what is said of it.
fn project(folder: &Path, files: &[(&str, &str)]) -> Project {
    for (name, contents) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        fs::write(path, contents).expect("it can be written");
    }
    Project {
        roots: vec![folder.to_str().expect("UTF-8").to_owned()],
        site_packages: Vec::new(),
        target: (3, 11),
    }
}

/// Compares what is answered to the `ask(..)`s of `text`, in the file `name` of a project with
/// `files`, with the comments behind them: `ask(a(), b)  # Coroutine; Task Unknown`.
fn check_as(name: &str, text: &str, files: &[(&str, &str)]) {
    // What is unpacked only counts in a file that may gather it.
    let text = &format!("{text}# gather\n");
    check_with(name, text, text, files);
    // It was changed since, or is not written yet.
    check_with(name, text, &format!("{text}# older\n"), files);
}

/// As [`check_as`], where the file has other contents on the disk.
fn check_with(name: &str, text: &str, on_disk: &str, files: &[(&str, &str)]) {
    let folder = TempDir::new().expect("a temporary folder");
    let root = dunce::canonicalize(folder.path()).expect("it exists");
    let project = project(&root, &[files, &[(name, on_disk)]].concat());
    let engine = engine(&project);
    let path = root.join(name);
    let opened = open(&engine, &path, text);
    let found: Vec<String> = questions(text)
        .into_iter()
        .map(|(range, is_unpacked)| {
            let kinds = if is_unpacked {
                engine.kinds_of_each(&opened, range)
            } else {
                engine.kinds(&opened, range)
            };
            let kinds: Vec<String> = kinds.iter().map(|kind| format!("{kind:?}")).collect();
            format!("{} is {}", &text[range], kinds.join(" "))
        })
        .collect();
    let comments = text
        .lines()
        .filter_map(|line| line.split_once("ask(")?.1.rsplit_once("  # "))
        .flat_map(|(_, comment)| comment.split("; "));
    let expected: Vec<String> = questions(text)
        .into_iter()
        .zip(comments)
        .map(|((range, _), kinds)| format!("{} is {kinds}", &text[range]))
        .collect();
    assert_eq!(found, expected);
    assert!(!found.is_empty());
}

fn check(text: &str, files: &[(&str, &str)]) {
    check_as("main.py", text, files);
}

#[test]
fn asyncio_itself_is_known() {
    check(
        "
import asyncio

async def main(work):
    ask(asyncio.sleep(1), asyncio.to_thread(print), asyncio.Queue().get())  # Coroutine; Coroutine; Coroutine
    ask(asyncio.wait_for(main(1), 1), asyncio.create_task(main(1)))  # Coroutine; Task
    ask(asyncio.gather(main(1)), asyncio.shield(main(1)))  # Future; Future
    loop = asyncio.get_running_loop()
    ask(loop, loop.create_future(), loop.run_in_executor(None, print))  # EventLoop; Future; Future
    async with asyncio.TaskGroup() as tg:
        ask(tg, tg.create_task(main(1)))  # TaskGroup; Task
    reader, writer = await asyncio.open_connection()
    ask(reader.read(), writer.drain(), reader)  # Coroutine; Coroutine; NotAwaitable
    process = await asyncio.create_subprocess_exec('a')
    ask(process.wait(), process.stdout.read())  # Coroutine; Coroutine
    ask(work, main, None, 1)  # Unknown; NotAwaitable; NotAwaitable; NotAwaitable
    if asyncio.iscoroutine(work):
        ask(work)  # Coroutine
",
        &[],
    );
}

#[test]
fn what_is_not_sure_is_unknown() {
    check(
        "
import asyncio
from typing import Any, Awaitable, Callable, Coroutine, overload
from nowhere import Base, helper
from other import hides, works

@overload
def either(flag: int) -> asyncio.Task[int]: ...
@overload
def either(flag: str) -> Coroutine[Any, Any, int]: ...
def either(flag): ...

@hides
async def hidden(): ...

async def yields():
    yield 1

class Unfound(Base):
    def __await__(self): ...

async def main(anything: Any, wait: Callable[[], Awaitable], go: Callable[[], Coroutine], x):
    ask(anything(), anything, wait(), go())  # Unknown; Unknown; Unknown; Coroutine Unknown
    ask(either(x), either(1), either(''))  # Unknown; Task; Coroutine Unknown
    ask(hidden(), helper(), works(), yields())  # Unknown; Unknown; Coroutine; Unknown
    ask(Unfound())  # Unknown
    ask(works() if x else asyncio.create_task(works()))  # Coroutine Task
    ask(works() if x else helper())  # Coroutine Unknown
    return
    ask(works())  # Coroutine
",
        &[(
            "other.py",
            "
def hides(function):
    def inner(*args):
        return function(*args)
    return inner

async def works(): ...
",
        )],
    );
}

#[test]
fn classes_are_what_their_bases_are() {
    check(
        "
import asyncio
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar('T')

class Own(asyncio.Future): ...
class Job(Coroutine[Any, Any, T]): ...
class Waits:
    def __await__(self): ...
class Both(Waits, Generic[T]): ...
class Loop(asyncio.SelectorEventLoop): ...
class Plain: ...

ask(Own(), Job(), Waits(), Both(), Loop(), Plain())  # Future; Coroutine; OtherAwaitable; OtherAwaitable; EventLoop; NotAwaitable
",
        &[],
    );
}

#[test]
fn attributes_hold_what_the_class_puts_there() {
    check(
        "
import asyncio

class Client:
    def __init__(self):
        self.loop = asyncio.get_event_loop()
        self.declared: asyncio.AbstractEventLoop | None = None
        self.never = None
        self.task = None
        self.other = Other()

    async def start(self):
        self.task = asyncio.create_task(self.start())
        ask(self.loop, self.declared)  # EventLoop; EventLoop

    def look(self):
        ask(self.task, self.never, self.other.get())  # Task; Unknown; Coroutine

class Other:
    async def get(self): ...
",
        &[],
    );
}

#[test]
fn what_is_unpacked_is_asked_item_by_item() {
    check(
        "
import asyncio

async def fetch(x): ...

async def main(jobs: list['asyncio.Task[int]'], x):
    ask(*jobs, *map(fetch, x), *{1: fetch(1)}.values())  # Task; Coroutine; Coroutine
    ask(*[fetch(1), jobs[0]], *(fetch(1), x))  # Coroutine Task; Coroutine Unknown
    ask(*(jobs if x else []), *x)  # Task; Unknown
    ask(*dict.fromkeys(jobs))  # Task
",
        &[],
    );
}

#[test]
fn functions_without_annotation_are_looked_through() {
    check(
        "
import asyncio
from pkg import make

async def work(): ...
def plain():
    return work()
def both(x):
    if x:
        return work()
    return make()
def again():
    return plain()
def maybe(x):
    if x:
        return work()
def nothing():
    print()
def none():
    return None
def generator():
    yield 1
    return work()
@staticmethod
def decorated():
    return work()
def round_and_round():
    return round_and_round()

ask(plain(), both(1), again(), maybe(1))  # Coroutine; Coroutine Task; Coroutine; Coroutine
ask(nothing(), none(), generator())  # Unknown; NotAwaitable; Unknown
ask(decorated(), round_and_round(), make())  # Coroutine; Unknown; Task
",
        &[
            ("pkg/__init__.py", "from .jobs import make\n"),
            (
                "pkg/jobs.py",
                "import asyncio\nasync def job(): ...\ndef make():\n    task = asyncio.create_task(job())\n    return task\n",
            ),
        ],
    );
}

#[test]
fn a_method_is_what_its_overrides_let_it_be() {
    let base = "
class Base:
    async def close(self): ...
    async def open(self): ...
    async def read(self): ...
";
    let text = "
import asyncio
from pkg.base import Base

class Here(Base):
    async def open(self): ...

    async def all(self):
        ask(self.close(), self.open(), self.read())  # Coroutine Unknown; Coroutine Unknown; Coroutine

class Below(Here):
    def open(self):
        return asyncio.Future()

async def main(base: Base, here: Here):
    ask(base.close(), base.open(), base.read())  # Coroutine Unknown; Coroutine Unknown; Coroutine
    ask(here.read())  # Coroutine
";
    let files = [
        ("pkg/__init__.py", ""),
        ("pkg/base.py", base),
        (
            "pkg/tcp.py",
            "
import asyncio
from .main import Here

class Tcp(Here):
    def close(self):
        return asyncio.Future()

    async def read(self): ...

class Unrelated:
    def fetch(self): ...
",
        ),
    ];
    check_as("pkg/main.py", text, &files);
}

#[test]
fn relative_imports_and_names_of_the_file_itself_are_found() {
    let files = [
        (
            "pkg/jobs.py",
            "async def job(): ...\nclass Job:\n    async def run(self): ...\n",
        ),
        ("pkg/__init__.py", ""),
        ("pkg/sub/__init__.py", ""),
    ];
    let text = "
from .jobs import job
from . import jobs
from pkg.jobs import Job
import pkg.jobs

ask(job(), jobs.job(), Job().run(), pkg.jobs.job())  # Coroutine; Coroutine; Coroutine; Coroutine
";
    check_as("pkg/main.py", text, &files);
    check_as("pkg/__init__.py", text, &files[..1]);
    check_as(
        "pkg/sub/main.py",
        &text.replace("from .", "from .."),
        &files,
    );
}

#[test]
fn functions_are_found_where_they_are_defined() {
    let folder = TempDir::new().expect("a temporary folder");
    let root = dunce::canonicalize(folder.path()).expect("it exists");
    let text = "from other import far\nfar(*far)  # gather\ndef near(*x): ...\nask(near, far, print, near(*far))\n";
    let other = "import asyncio\nasyncio.gather(*[], *x)\ndef far(): ...\n";
    let project = project(&root, &[("main.py", text), ("other.py", other)]);
    let engine = engine(&project);
    let path = |name: &str| root.join(name).to_str().expect("UTF-8").to_owned();
    let opened = open(&engine, &root.join("main.py"), text);
    for for_sure in [false, true] {
        let found: Vec<_> = questions(text)
            .into_iter()
            .map(|(range, _)| {
                let (path, name) = engine.functions(&opened, range, for_sure).pop()?;
                Some((path, name.to_usize()))
            })
            .collect();
        let near = text.find("near(").expect("it is there");
        let far = other.find("far").expect("it is there");
        assert_eq!(
            found,
            [
                Some((path("main.py"), near)),
                Some((path("other.py"), far)),
                None,
                None
            ]
        );
    }
}

#[test]
fn what_is_unpacked_is_of_the_same_type_in_other_files() {
    let lib = "
import asyncio
from typing import overload
class Service: ...
@overload
def pick(a: int) -> asyncio.AbstractEventLoop: ...
@overload
def pick(a: int, b: int) -> Service: ...
def pick(a, b=0): ...
def pair() -> tuple[int, int]: ...
picked = pick(*pair())  # gather
";
    let text = "from lib import picked\nask(picked)  # NotAwaitable\n";
    check(text, &[("lib.py", lib)]);
}

#[test]
fn files_whose_name_is_no_module_import_what_is_beside_them() {
    let jobs = "async def work(): ...\n";
    for name in ["pkg/0001_first.py", "pkg/lambda.py", "pkg/x.py"] {
        let text = "from .jobs import work\nask(work())  # Coroutine\n";
        let files = [
            ("pkg/__init__.py", ""),
            ("pkg/jobs.py", jobs),
            ("pkg/x/__init__.py", ""),
        ];
        check_as(name, text, &files);
    }
}

#[test]
fn missing_packages_are_named() {
    let folder = TempDir::new().expect("a temporary folder");
    let root = dunce::canonicalize(folder.path()).expect("it exists");
    let project = project(&root, &[("here/__init__.py", "")]);
    let engine = engine(&project);
    let text = "import here, asyncio, there.deep\nfrom beyond import x\nfrom . import y\n";
    let opened = open(&engine, &root.join("main.py"), text);
    assert_eq!(opened.missing, ["beyond", "there"]);
}

#[test]
fn code_that_nests_too_deep_is_not_looked_at() {
    let text = format!("x = {}\n", "-".repeat(2_000) + "1");
    assert!(Code::new(SystemPathBuf::from("/main.py"), text).is_none());
}

const DECORATORS: (&str, &str) = (
    "decorators.py",
    "
import functools
from typing import Awaitable, Callable, ParamSpec, TypeVar

P = ParamSpec('P')
T = TypeVar('T')

def logged(function):
    @functools.wraps(function)
    async def wrapper(*args):
        return await function(*args)
    return wrapper

def named(name: str) -> Callable[[Callable[P, Awaitable[T]]], Callable[P, Awaitable[T]]]:
    def decorate(function: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        async def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
            return await function(*args, **kwargs)
        return wrapper
    return decorate

def cached(function):
    @functools.cache
    async def wrapper(*args):
        return await function(*args)
    return wrapper

class Registry:
    def logged(self, function):
        return lambda: None

registry = Registry()
",
);

#[test]
fn decorators_count_only_where_they_come_from() {
    let compat = (
        "compat.py",
        "
def wraps(f): return lambda w: w
def override(f): return lambda: None
def final(f): return lambda: None
",
    );
    let jobs = (
        "jobs.py",
        "
import abc, compat, functools, typing as t
from compat import final, wraps
from functools import wraps as as_is
from typing_extensions import override

def by_another(f):
    @wraps(f)
    async def wrapper(*args): ...
    return wrapper

def by_functools(f):
    @functools.wraps(f)
    async def wrapper(*args): ...
    return wrapper

def by_its_alias(f):
    @as_is(f)
    async def wrapper(*args): ...
    return wrapper

def by_a_parameter(f, functools_=compat):
    @functools_.wraps(f)
    async def wrapper(*args): ...
    return wrapper

def by_nothing(f):
    @as_is
    async def wrapper(*args): ...
    return wrapper

@by_another
async def one(): ...
@by_functools
async def two(): ...
@by_its_alias
async def three(): ...
@by_a_parameter
async def four(): ...
@by_nothing
async def five(): ...
@final
async def six(): ...
@t.final
async def seven(): ...
@override
async def eight(): ...
@compat.override
async def nine(): ...
@abc.abstractmethod
async def ten(): ...
",
    );
    check(
        "
from jobs import one, two, three, four, five, six, seven, eight, nine, ten

async def main():
    ask(one(), two(), three(), four(), five())  # Unknown; Coroutine; Coroutine; Unknown; Unknown
    ask(six(), seven(), eight(), nine(), ten())  # Unknown; Coroutine; Coroutine; Unknown; Coroutine
",
        &[compat, jobs],
    );
}

#[test]
fn what_is_put_into_a_namespace_is_not_sure() {
    let jobs = (
        "jobs.py",
        "
async def one(): ...
async def two(): ...
async def three(): ...
async def four(): ...
async def five(): ...

class Client:
    async def six(self): ...
    async def seven(self): ...
",
    );
    let other = (
        "other.py",
        "
import jobs
from unittest import mock
vars(jobs)['one'] = print
jobs.__dict__.update(two=print)
mock.patch.dict('jobs.__dict__', {'three': print})
globals().update({'four': print})
Other = type('Other', (jobs.Client,), {'six': print})
",
    );
    check(
        "
from jobs import Client, one, two, three, four, five

async def main(client: Client):
    ask(one(), two(), three())  # Coroutine Unknown; Coroutine Unknown; Coroutine Unknown
    ask(four(), five(), client.six(), client.seven())  # Coroutine Unknown; Coroutine; Coroutine Unknown; Coroutine
",
        &[jobs, other],
    );
}

#[test]
fn functions_are_known_through_what_decorates_them() {
    let jobs = (
        "jobs.py",
        "
import decorators
from decorators import cached, logged, named, registry
from elsewhere import traced

@logged
@named('fetch')
async def fetch(url): ...

@decorators.named(name='load')
async def load(url): ...

@logged
def make(url): ...

@cached
@logged
async def keep(url): ...

@registry.logged
async def ask_for(url): ...

@traced
@logged
async def trace(url): ...

@logged
async def stream(url):
    yield url

@logged
async def twice(url): ...

@logged
async def twice(url): ...
",
    );
    check(
        "
import jobs
from jobs import fetch, load as load_it
from jobs import ask_for, keep, load, make, stream, trace, twice

async def main(url):
    ask(fetch(url), load(url), jobs.load(url), jobs.fetch(url))  # Coroutine; Coroutine; Coroutine; Coroutine
    ask(make(url), keep(url), ask_for(url), trace(url))  # Unknown; Unknown; Unknown; Unknown
    ask(stream(url), twice(url), load_it(url))  # Unknown; Unknown; Coroutine
",
        &[DECORATORS, jobs],
    );
}

/// A `conftest.py` and a plugin, and what they import.
const FIXTURES: [(&str, &str); 4] = [
    ("pyproject.toml", ""),
    (
        "app.py",
        "
class Client:
    async def __aenter__(self): return self
    async def fetch(self): ...

class Server:
    async def stop(self): ...
    def client(self) -> Client: ...

def make_client(kind=None):
    return Client()
",
    ),
    (
        "conftest.py",
        "
import pytest
from asyncio import AbstractEventLoop
from collections.abc import Iterator
from app import Client, Server, make_client
pytest_plugins = ['plugin']

@pytest.fixture
async def client(settings):
    async with make_client(settings) as made:
        yield made

@pytest.fixture
def loop() -> Iterator[AbstractEventLoop]:
    yield new_loop()

@pytest.fixture(name='renamed')
def other():
    made = make_client()
    return made

@pytest.fixture
def either(settings):
    if settings:
        return make_client()
    return None

@pytest.fixture
def unclear(settings):
    if settings:
        return make_client()
    return settings.make()

@pytest.fixture
def over():
    return 1

@pytest.fixture
@wrapped
def decorated() -> Client: ...
",
    ),
    (
        "plugin.py",
        "
import pytest
from app import Server

@pytest.fixture(scope='session')
def server():
    return Server()

@pytest.fixture
def client():
    return Server()
",
    ),
];

#[test]
fn parameters_of_tests_are_what_their_fixtures_give() {
    check_as(
        "tests/test_it.py",
        "
import pytest
from app import Client, Server

@pytest.fixture
def over(server):
    return server.client()

class Own:
    async def run(self): ...

@pytest.fixture
def own():
    return Own()

async def test_module(client, loop, server, renamed, either, over, own):
    ask(client.fetch(), loop, server.stop())  # Coroutine; EventLoop; Coroutine
    ask(renamed.fetch(), either.fetch())  # Coroutine; Coroutine
    ask(over.fetch(), own.run())  # Coroutine; Coroutine

@pytest.mark.parametrize('client', [{'retries': 1}], indirect=True)
@pytest.mark.parametrize('server, port', [(1, 2)], indirect=['server'])
async def test_indirect(client, server, port):
    ask(client.fetch(), server.stop(), port.open())  # Coroutine; Coroutine; Unknown

@pytest.mark.skipif(True, reason='x')
class TestClass:
    @pytest.fixture
    def server(self, client):
        return client

    async def test_method(self, server, client):
        ask(server.fetch(), client.fetch())  # Coroutine; Coroutine
",
        &FIXTURES,
    );
}

#[test]
fn parameters_that_something_else_may_fill_in_are_unknown() {
    check_as(
        "tests/test_it.py",
        "
import pytest
from unittest import mock

pytestmark = pytest.mark.parametrize('own', [1])

@pytest.fixture
def own(client):
    return client

def pytest_generate_tests(metafunc):
    metafunc.parametrize('server', [1])

async def test_generated(server, own, client):
    ask(server.stop(), own.fetch(), client.fetch())  # Unknown; Unknown; Coroutine

@pytest.mark.parametrize('one, client', CASES)
async def test_parametrized(client):
    ask(client.fetch())  # Unknown

@pytest.mark.parametrize('client, server', CASES, indirect=False)
async def test_directly(client):
    ask(client.fetch())  # Unknown

@pytest.mark.parametrize('client, server', CASES, indirect=['server'])
async def test_one_directly(client):
    ask(client.fetch())  # Unknown

@pytest.mark.parametrize('client', CASES, indirect=CASES)
async def test_perhaps_directly(client):
    ask(client.fetch())  # Unknown

@pytest.mark.parametrize(NAMES, CASES)
async def test_computed(client):
    ask(client.fetch())  # Unknown

@mock.patch('app.make_client')
async def test_patched(client):
    ask(client.fetch())  # Unknown

async def helper(client):
    ask(client.fetch())  # Unknown

async def test_called(client):
    ask(client.fetch())  # Unknown

async def test_calls():
    await test_called(None)

async def test_default(client=None):
    ask(client.fetch())  # Unknown

async def test_doubts(unclear, decorated, missing):
    ask(unclear.fetch(), decorated.fetch(), missing.fetch())  # Unknown; Unknown; Unknown

class TestBase:
    async def test_inherited(self, client):
        ask(client.fetch())  # Unknown

class TestDerived(TestBase):
    @pytest.fixture
    def client(self): ...

    async def test_of_base(self, client):
        ask(client.fetch())  # Unknown
",
        &FIXTURES,
    );
    check_as(
        "tests/jobs.py",
        "async def test_it(client):\n    ask(client.fetch())  # Unknown\n",
        &FIXTURES,
    );
    check_as(
        "tests/test_it.py",
        "from other import *\nasync def test_it(client):\n    ask(client.fetch())  # Unknown\n",
        &FIXTURES,
    );
    let generating = (
        "tests/conftest.py",
        "def pytest_generate_tests(metafunc):\n    metafunc.parametrize('client', [1])\n",
    );
    check_as(
        "tests/test_it.py",
        "async def test_it(client, server):\n    ask(client.fetch(), server.stop())  # Unknown; Coroutine\n",
        &[&FIXTURES[..], &[generating]].concat(),
    );
    let nearer = (
        "tests/conftest.py",
        "import pytest\n@pytest.fixture\ndef client(client): ...\n",
    );
    check_as(
        "tests/test_it.py",
        "async def test_it(client, server):\n    ask(client.fetch(), server.stop())  # Unknown; Coroutine\n",
        &[&FIXTURES[..], &[nearer]].concat(),
    );
}

#[test]
fn a_class_that_is_rewired_has_no_method_for_sure() {
    let base = "
class Base:
    async def send(self): ...
";
    let lib = "
def traced(cls):
    for name in dir(cls):
        setattr(cls, name, wrapped(getattr(cls, name)))
    return cls
class Hooked:
    def __init_subclass__(cls):
        instrument(cls)
";
    check(
        "
from base import Base
from lib import Hooked, traced
from missing import watched
class Plain(Base):
    async def run(self):
        ask(self.send(), super().send())  # Coroutine; Coroutine Unknown
@traced
class Inherits(Base):
    async def run(self):
        ask(self.send())  # Coroutine Unknown
@watched
class Watched(Base): ...
class Below(Inherits):
    async def run(self):
        ask(self.send())  # Coroutine Unknown
class Mixed(Hooked, Base): ...
class Metered(Base, metaclass=Hooked): ...
class Guarded(Base):
    def __getattribute__(self, name): ...
def local():
    @traced
    class Local(Base):
        async def run(self):
            ask(self.send())  # Coroutine Unknown
async def main(a: Plain, b: Inherits, c: Mixed, d: Metered, e: Guarded):
    ask(a.send(), b.send(), c.send(), d.send())  # Coroutine; Coroutine Unknown; Coroutine Unknown; Coroutine Unknown
    ask(e.send(), Plain().send(), Inherits().send())  # Coroutine Unknown; Coroutine; Coroutine Unknown
    ask(Watched().send(), Below().send(), Base().send())  # Unknown; Coroutine Unknown; Coroutine Unknown
",
        &[("base.py", base), ("lib.py", lib)],
    );
}
