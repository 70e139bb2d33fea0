"""Record which objects a project hands to asyncio while its own tests run.

An oracle for what asyncmend says of types: it shares no logic with it, it looks at
the objects. As a pytest plugin, which loads before the project does:

    TRUTH_ROOT=PROJECT TRUTH_OUT=FOLDER PYTHONPATH=tests/truth pytest -p truth_recorder

Each process appends to `FOLDER/PID.jsonl`. To make one list of these files:

    python truth_recorder.py FOLDER > truth.jsonl

README.md, beside this file, has the format. Needs Python 3.11 and nothing else; from
3.12 on it also sees `create_task` methods which are not asyncio's.
"""

import argparse
import asyncio
import atexit
import functools
import inspect
import itertools
import json
import os
import sys
from asyncio import Task, iscoroutine, isfuture
from collections import Counter
from pathlib import Path
from types import CodeType, FrameType

ROOT = "TRUTH_ROOT"
OUT = "TRUTH_OUT"
FUNCTIONS = ("gather", "create_task", "ensure_future", "wait_for", "shield")
METHOD = "create_task"

# Tests replace functions of `os`, or have them fail inside an event loop.
os_open, os_write, os_close, abspath = os.open, os.write, os.close, os.path.abspath


def name_of(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


def describe(value: object) -> tuple[str, str]:
    """What kind of awaitable `value` is, and its class."""
    if iscoroutine(value):
        kind = "coroutine"
    elif isinstance(value, Task):
        kind = "task"
    elif isfuture(value):
        kind = "future"
    elif hasattr(type(value), "__await__"):
        kind = "awaitable"
    else:
        kind = "other"
    return kind, name_of(type(value))


class Recorder:
    """Counts what is called where. It keeps names and numbers, never an argument.

    A line is written when its combination is first seen, since a process may be
    killed; the further calls are added at exit.
    """

    def __init__(self, root: str, out: str) -> None:
        self._roots = {Path(root).absolute(), Path(root).resolve()}
        self._out = abspath(out)
        os.makedirs(self._out, exist_ok=True)
        self._paths: dict[str, str | None] = {}
        self._seen: dict[tuple, itertools.count] = {}
        self._own: list[object] = []
        atexit.register(self._write_rest)
        os.register_at_fork(after_in_child=self._seen.clear)

    def install(self) -> None:
        for name in FUNCTIONS:
            wrapper = self._wrap(getattr(asyncio, name), f"asyncio.{name}")
            setattr(asyncio, name, wrapper)
            setattr(asyncio.tasks, name, wrapper)
        self._wrap_method(asyncio.BaseEventLoop, "loop.create_task")
        self._wrap_method(asyncio.TaskGroup, "TaskGroup.create_task")
        try:
            import uvloop
        except ImportError:
            pass
        else:
            self._wrap_method(uvloop.Loop, "loop.create_task")
        if sys.version_info >= (3, 12):
            self._watch_methods()

    def _wrap(self, function, callee: str):
        @functools.wraps(function)
        def wrapper(*arguments, **keywords):
            self._record(sys._getframe(1), callee, None, arguments)
            return function(*arguments, **keywords)

        if inspect.iscoroutinefunction(function):
            if sys.version_info >= (3, 12):
                inspect.markcoroutinefunction(wrapper)
            else:
                wrapper._is_coroutine = asyncio.coroutines._is_coroutine
        self._own.append(wrapper)
        return wrapper

    def _wrap_method(self, cls: type, callee: str) -> None:
        function = getattr(cls, METHOD)

        @functools.wraps(function)
        def wrapper(*arguments, **keywords):
            if arguments:
                receiver = name_of(type(arguments[0]))
                self._record(sys._getframe(1), callee, receiver, arguments[1:])
            return function(*arguments, **keywords)

        self._own.append(wrapper)
        setattr(cls, METHOD, wrapper)

    def _watch_methods(self) -> None:
        """Also see the methods of others which are named `create_task`.

        The interpreter reports the calls only of the code that has this name in it.
        """
        monitoring = sys.monitoring
        events = monitoring.events
        tool = next(n for n in (4, 3, 5) if monitoring.get_tool(n) is None)

        def on_start(code: CodeType, _offset: int) -> object:
            if METHOD in code.co_names and self._path(code.co_filename):
                monitoring.set_local_events(tool, code, events.CALL)
            return monitoring.DISABLE

        def on_call(code: CodeType, offset: int, function: object, first: object):
            receiver = receiver_of(function, first)
            function = getattr(function, "__func__", function)
            if receiver is not None and not any(function is own for own in self._own):
                self._count(code, offset, METHOD, receiver, None)

        monitoring.use_tool_id(tool, "truth_recorder")
        monitoring.register_callback(tool, events.PY_START, on_start)
        monitoring.register_callback(tool, events.CALL, on_call)
        monitoring.set_events(tool, events.PY_START)

    def _record(
        self, frame: FrameType, callee: str, receiver: str | None, values: tuple
    ) -> None:
        code = frame.f_code
        if self._path(code.co_filename):
            arguments = tuple(map(describe, values))
            self._count(code, frame.f_lasti, callee, receiver, arguments)

    def _count(self, code: CodeType, offset: int, *what) -> None:
        # Code objects may be equal although their files are not the same.
        key = (self._path(code.co_filename), code, offset, *what)
        # Not `+=`, which two threads could do at once.
        calls = self._seen.setdefault(key, itertools.count())
        if next(calls) == 0:
            self._append(line_of(*key, 1))

    def _path(self, filename: str) -> str | None:
        """The path within the project; None for files of others."""
        if filename not in self._paths:
            self._paths[filename] = self._find(filename)
        return self._paths[filename]

    def _find(self, filename: str) -> str | None:
        if filename.startswith("<"):
            return None
        # Not `resolve`: no look at the file system while a test runs.
        path = Path(abspath(filename))
        for root in self._roots:
            if path.is_relative_to(root):
                inner = path.relative_to(root)
                return None if "site-packages" in inner.parts else inner.as_posix()
        return None

    def _append(self, text: str) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        file = os_open(f"{self._out}/{os.getpid()}.jsonl", flags, 0o644)
        try:
            os_write(file, text.encode())
        finally:
            os_close(file)

    def _write_rest(self) -> None:
        for key, calls in list(self._seen.items()):
            more = next(calls) - 1
            if more > 0:
                self._append(line_of(*key, more))


def receiver_of(function: object, first: object) -> str | None:
    """The class of the object whose `create_task` method is called; None for others.

    `function` is a bound method, or else `first` may be what it is called on.
    """
    if getattr(function, "__name__", None) != METHOD:
        return None
    if hasattr(type(function), "__self__") and not inspect.ismodule(function.__self__):
        return name_of(type(function.__self__))
    for cls in type(first).__mro__:
        if vars(cls).get(METHOD) is function:
            return name_of(type(first))
    return None


def line_of(
    path: str,
    code: CodeType,
    offset: int,
    callee: str,
    receiver: str | None,
    arguments: tuple | None,
    count: int,
) -> str:
    positions = itertools.islice(code.co_positions(), offset // 2, None)
    start_line, end_line, start_column, end_column = next(positions)
    record = {
        "path": path,
        "start": [start_line, start_column],
        "end": [end_line, end_column],
        "callee": callee,
        "receiver": receiver,
        "arguments": arguments,
        "count": count,
    }
    return json.dumps(record, ensure_ascii=False) + "\n"


def merged(folder: Path) -> list[str]:
    """The lines of all processes, with the counts of equal ones added up."""
    counts: Counter[str] = Counter()
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            record = json.loads(line)
            count = record.pop("count")
            counts[json.dumps(record, ensure_ascii=False)] += count
    records = [json.loads(text) | {"count": n} for text, n in counts.items()]
    records.sort(key=lambda r: (r["path"], r["start"], json.dumps(r)))
    return [json.dumps(record, ensure_ascii=False) for record in records]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="what TRUTH_OUT was")
    for line in merged(parser.parse_args().folder):
        print(line)


if __name__ == "__main__":
    main()
else:
    if ROOT not in os.environ or OUT not in os.environ:
        raise SystemExit(f"truth_recorder: set {ROOT} and {OUT}")
    Recorder(os.environ[ROOT], os.environ[OUT]).install()
