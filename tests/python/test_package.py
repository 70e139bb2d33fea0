"""The package `asyncmend`, as those who import it meet it."""

import _thread
import copy
import dataclasses
import inspect
import json
import os
import pathlib
import pickle
import re
import subprocess
import sys
import threading
import time
import typing
import unittest
import zipfile

import asyncmend

ROOT = pathlib.Path(os.environ["ASYNCMEND_ROOT"])
WHEEL = pathlib.Path(os.environ["ASYNCMEND_WHEEL"])

DROPPED = """\
import asyncio


async def on_order(queue, order):
    asyncio.create_task(queue.put(order))
    return order.id
"""
HELD = """\
import asyncio


async def f(é, x):
    é = 1; x.create_task(é)
    await asyncio.gather(*é, return_exceptions=True)
"""


def notebook(*cells):
    lines = [cell.splitlines(keepends=True) for cell in cells]
    code = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    return json.dumps(
        {
            "cells": [{**code, "source": source} for source in lines],
            "metadata": {"language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 4,
        },
        indent=1,
    )


def cases():
    """The texts of all cases, by their paths."""
    paths = sorted(ROOT.glob("transforms/*/cases/*.py"))
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}


def run(*arguments, command=("-m", "asyncmend"), **options):
    options = {"capture_output": True, "text": True, "encoding": "utf-8", **options}
    return subprocess.run([sys.executable, *command, *arguments], **options)


class Results(unittest.TestCase):
    def test_says_what_the_program_says(self):
        texts = cases()
        self.assertGreater(len(texts), 500)
        mender = asyncmend.Mender(target_version="3.10", unsafe_fixes=True)
        patches = [mender.rewrite(text, path=path).patch for path, text in texts.items()]
        command = ["diff", "--isolated", "--no-types", "--target-version=3.10", "--unsafe-fixes"]
        ran = run(*command, *texts, cwd=ROOT, text=False, encoding=None)
        self.assertEqual(ran.returncode, 1, ran.stderr)
        self.assertEqual(b"".join(patches), ran.stdout)
        for text in texts.values():
            findings = mender.rewrite(text.decode()).findings
            self.assertEqual(mender.check(text), list(findings))

    def test_tells_what_becomes_of_a_text(self):
        outcome = asyncmend.rewrite(DROPPED, path=pathlib.Path("app/orders.py"))
        self.assertIn("    _keep_task(asyncio.create_task(queue.put(order)))\n", outcome.text)
        self.assertTrue(outcome.changed)
        self.assertIsNone(outcome.fault)
        self.assertTrue(outcome.patch.startswith("--- a/app/orders.py\n+++ b/app/orders.py\n@@ "))
        [finding] = outcome.findings
        self.assertEqual(finding.transform, "retain-task")
        self.assertEqual(finding.decision, "rewrite")
        self.assertEqual(finding.start, asyncmend.Position(5, 5))
        self.assertEqual(finding.end, asyncmend.Position(5, 42))
        self.assertEqual(finding.cautions, ())
        self.assertEqual(asyncmend.check(DROPPED), [finding])
        again = asyncmend.rewrite(outcome.text)
        self.assertEqual((again.changed, again.patch, again.text), (False, "", outcome.text))

    def test_tells_what_is_held_or_left_alone(self):
        held, refused = asyncmend.check(HELD)
        self.assertEqual((held.decision, held.start.column), ("held", 12))
        self.assertEqual(held.in_the_way, ("unknown-receiver",))
        self.assertIn("unknown-receiver", [caution.code for caution in held.cautions])
        self.assertTrue(all(caution.when for caution in held.cautions))
        self.assertEqual((refused.decision, refused.code), ("refuse", "collects-errors"))
        self.assertTrue(refused.remedy and refused.message and refused.why)
        [accepted, _] = asyncmend.check(HELD, accept=["unknown-receiver"])
        self.assertEqual(accepted.decision, "rewrite")

    def test_options_are_heeded(self):
        text = "import asyncio\n\n\nasync def f():\n    await asyncio.wait_for(f(), 1)\n"
        self.assertIn("asyncio.timeout", asyncmend.rewrite(text, target_version="py311").text)
        self.assertIn("_wait_for", asyncmend.rewrite(text, target_version="3.9").text)
        self.assertEqual(asyncmend.check(text, target_version="3.12"), [])
        self.assertEqual(len(asyncmend.check(text, target_version="3.12", select={"wait-for"})), 1)
        self.assertEqual(asyncmend.check(text, ignore=iter(["wait-for"])), [])
        helper = asyncmend.rewrite(text, wait_for_style="helper", line_length=40, strict=None)
        self.assertIn("_wait_for", helper.text)

    def test_bytes_are_those_of_a_file(self):
        before = f"# coding: latin-1\nE = 'é'\n{DROPPED}".encode("latin-1")
        outcome = asyncmend.rewrite(before)
        self.assertTrue(outcome.text.startswith(b"# coding: latin-1\nE = '\xe9'\nimport asyncio\n"))
        self.assertIn(b"\n-    asyncio.create_task(", outcome.patch)
        marked = asyncmend.rewrite(b"\xef\xbb\xbf" + DROPPED.encode())
        self.assertTrue(marked.changed and marked.text.startswith(b"\xef\xbb\xbfimport"))
        self.assertEqual(asyncmend.rewrite(b"x = 1").text, b"x = 1")
        self.assertEqual(asyncmend.rewrite(b"x = 1").patch, b"")

    def test_notebooks_are_known_by_their_names(self):
        book = notebook("import asyncio", "asyncio.create_task(f())")
        outcome = asyncmend.rewrite(book, path="a/Book.ipynb")
        self.assertEqual(outcome.findings[0].start, asyncmend.Position(1, 1, cell=2))
        source = "".join(json.loads(outcome.text)["cells"][1]["source"])
        self.assertEqual(source, "_keep_task(asyncio.create_task(f()))")
        self.assertEqual(asyncmend.rewrite(book.encode(), path="b.ipynb").text, outcome.text.encode())
        fault = asyncmend.rewrite(notebook("import asyncio", "asyncio.gather("), path="b.ipynb").fault
        self.assertRegex(fault, r"^b\.ipynb:cell 2:2:1: syntax error: ")


class Faults(unittest.TestCase):
    def test_what_is_wrong_with_a_text_is_said_not_raised(self):
        for source, message in [
            ("import asyncio\nasyncio.create_task(\n", r"^x\.py:3:1: syntax error: .*; mend it$"),
            ("import asyncio\nprint asyncio.create_task(f())\n", r"^x\.py:2:\d+: this is Python 2 "),
            (DROPPED + "x = '\ud800'\n", r"^x\.py:7: not UTF-8; convert it$"),
            (DROPPED.encode() + b"x = '\xff'\n", r"^x\.py:7: not UTF-8; convert it$"),
            (DROPPED.encode("utf-16"), r"^x\.py: UTF-16, "),
            (b"# coding: rot13\n" + DROPPED.encode(), r"^x\.py:1: the encoding rot13 is not "),
            (DROPPED + "x = " + "[" * 8_000_000, r"^x\.py:7:\d+: "),
            (DROPPED + "#" * (16 << 20), r"^x\.py: larger than 16 MiB$"),
        ]:
            with self.subTest(message):
                outcome = asyncmend.rewrite(source, path="x.py")
                self.assertRegex(outcome.fault, message)
                self.assertIs(outcome.text, source)
                self.assertEqual((outcome.changed, outcome.findings), (False, ()))
                self.assertEqual(outcome.patch, source[:0])
                [finding] = asyncmend.check(source)
                self.assertEqual((finding.transform, finding.decision), ("", "fault"))
                self.assertTrue(outcome.fault.endswith(finding.message))

    def test_a_text_that_can_hold_no_site_is_not_read(self):
        for source in ["print 'x'", b"x = '\xff'", b"\xe9", "\ud800", ""]:
            self.assertEqual(asyncmend.check(source), [])
            self.assertIsNone(asyncmend.rewrite(source).fault)

    def test_nesting_and_time_have_limits(self):
        deep = f"{DROPPED}x = {'(' * 9_000}1{',)' * 9_000}\n"
        self.assertTrue(asyncmend.rewrite(deep).changed)
        long = DROPPED + "async def f():\n    await asyncio.gather(a(), b())\n" * 2_000
        fault = asyncmend.rewrite(long, time_limit=0.001).fault
        self.assertEqual(fault, "source.py: takes longer than 0.001 s, left as it is")

    def test_mistakes_of_the_caller_raise(self):
        for error, message, options in [
            (ValueError, "select: no transform is called `gater`; did you mean `gather`?", {"select": ["gater"]}),
            (ValueError, "target_version: Python 2.7 is too old", {"target_version": "2.7"}),
            (ValueError, "accept: no caution is called `x`", {"accept": ["x"]}),
            (ValueError, "unsafe_fixes: cannot be used with", {"unsafe_fixes": True, "strict": True}),
            (ValueError, "line_length: expected a whole number from 1 to 65535, found 70000", {"line_length": 70_000}),
            (ValueError, "line_length: expected a whole number from 1 to 65535, found 0", {"line_length": 0}),
            (ValueError, "line_length: expected a whole number from 1 ", {"line_length": 10**30}),
            (ValueError, "time_limit: expected a number of seconds from 1e-09 to 1e+09, found 0", {"time_limit": 0}),
            (ValueError, "time_limit: expected a number of seconds from ", {"time_limit": float("nan")}),
            (ValueError, "time_limit: expected a number of seconds from ", {"time_limit": float("inf")}),
            (ValueError, "time_limit: expected a number of seconds from ", {"time_limit": 10**400}),
            (ValueError, "target_version: '\\udcff' has half of a surrogate pair", {"target_version": "\udcff"}),
            (ValueError, "select: '\\ud800' has half of a surrogate pair", {"select": ["gather", "\ud800"]}),
            (ValueError, "gather_errors: there is no `x` here", {"gather_errors": "x"}),
            (TypeError, "select: expected a list of strings, found 'gather'", {"select": "gather"}),
            (TypeError, "ignore: expected a list of strings, found [1]", {"ignore": [1]}),
            (TypeError, "target_version: expected a string such as '3.11', found 3.11", {"target_version": 3.11}),
            (TypeError, "strict: expected True or False, found 1", {"strict": 1}),
            (TypeError, "line_length: expected a whole number, found True", {"line_length": True}),
            (TypeError, "there is no option 'taget_version'; choose from accept, ", {"taget_version": "3.11"}),
        ]:
            with self.subTest(message), self.assertRaisesRegex(error, "^" + re.escape(message)):
                asyncmend.check("", **options)
        for call in (asyncmend.check, asyncmend.rewrite):
            with self.assertRaisesRegex(TypeError, "^source: expected str or bytes, found int$"):
                call(1)
            with self.assertRaisesRegex(TypeError, "^path: expected str or a path of it, found bytes$"):
                call("", path=b"a.py")
            with self.assertRaisesRegex(ValueError, r"^path: 'a\\udcff\.py' is not UTF-8; rename it$"):
                call("", path=pathlib.Path("a\udcff.py"))


class Objects(unittest.TestCase):
    def test_what_is_returned_is_frozen_and_can_be_sent(self):
        outcome = asyncmend.rewrite(HELD)
        for value in [outcome, outcome.findings[0], outcome.findings[0].start, outcome.findings[0].cautions[0]]:
            with self.assertRaises(dataclasses.FrozenInstanceError):
                setattr(value, dataclasses.fields(value)[0].name, None)
            self.assertEqual(pickle.loads(pickle.dumps(value)), value)
            self.assertEqual(hash(copy.deepcopy(value)), hash(value))
        json.dumps(dataclasses.asdict(outcome))

    def test_a_mender_can_be_sent(self):
        mender = asyncmend.Mender(target_version="3.9", ignore=("gather",))
        self.assertEqual(repr(mender), "asyncmend.Mender(target_version='3.9', ignore=['gather'])")
        again = pickle.loads(pickle.dumps(mender))
        self.assertEqual(again.rewrite(DROPPED), mender.rewrite(DROPPED))

    def test_types_and_sources_are_there_at_run_time(self):
        for name in asyncmend.__all__:
            value = getattr(asyncmend, name)
            typing.get_type_hints(value)
            self.assertRegex(inspect.getsource(value), rf"(?m)^(class|def) {name}\b")
        for method in [asyncmend.Mender.__init__, asyncmend.Mender.check, asyncmend.Mender.rewrite]:
            typing.get_type_hints(method)
        self.assertEqual(typing.get_type_hints(asyncmend.Finding)["start"], asyncmend.Position)
        options = typing.get_type_hints(asyncmend.check)["options"]
        self.assertIn(asyncmend.Options, getattr(options, "__args__", [options]))

    def test_there_is_a_version(self):
        self.assertEqual(asyncmend.__version__, WHEEL.name.split("-")[1])


class Threads(unittest.TestCase):
    LONG = DROPPED + "async def f():\n    await asyncio.gather(a(), b())\n" * 300

    def test_others_run_while_a_text_is_worked_on(self):
        mender = asyncmend.Mender()
        begun, worked = time.perf_counter(), threading.Event()
        thread = threading.Thread(target=lambda: (mender.rewrite(self.LONG), worked.set()))
        thread.start()
        turns = 0
        while not worked.is_set():
            turns += 1
            time.sleep(0.001)
        thread.join()
        took = time.perf_counter() - begun
        # With the lock held there would be no more than the first turn and the last.
        self.assertGreater(turns, 5, f"in {took} s")

    def test_an_interrupt_does_not_wait_for_a_text(self):
        long = DROPPED + "async def f():\n    await asyncio.gather(a(), b())\n" * 20_000
        for call in (asyncmend.check, asyncmend.rewrite):
            threading.Timer(0.3, _thread.interrupt_main).start()
            begun = time.perf_counter()
            with self.assertRaises(KeyboardInterrupt):
                call(long)
            self.assertLess(time.perf_counter() - begun, 3)
            # Nothing is left of it.
            self.assertTrue(asyncmend.rewrite(DROPPED).changed)

    def test_one_mender_serves_many_threads(self):
        mender = asyncmend.Mender()
        expected = mender.rewrite(DROPPED)
        outcomes = []
        work = lambda: outcomes.extend(mender.rewrite(DROPPED) for _ in range(20))  # noqa: E731
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(outcomes, [expected] * 160)

    @unittest.skipUnless(hasattr(os, "fork"), "there is no fork")
    def test_forks_work_on(self):
        code = f"""
import asyncmend, os, sys
mender = asyncmend.Mender()
text = {DROPPED!r}
for number in range(40):
    expected = mender.rewrite(text)
    child = os.fork()
    if child == 0:
        sys.exit(number % 2 and mender.rewrite(text) != expected)
    if os.waitpid(child, 0)[1]:
        sys.exit("a fork failed")
"""
        # What was done in the moment of a fork must not hold up the new process, nor its end.
        ran = run("-W", "ignore", "-c", code, command=(), timeout=120)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))

    @unittest.skipUnless(sys.version_info >= (3, 13), "there are no interpreters to make")
    def test_another_interpreter_is_refused(self):
        code = "import _interpreters as it; print(it.run_string(it.create(), 'from asyncmend import rewrite'))"
        ran = run(code, command=("-c",))
        self.assertIn("ImportError", ran.stdout + ran.stderr)


class Program(unittest.TestCase):
    def setUp(self):
        import tempfile

        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run_here(self, *arguments, **options):
        return run(*arguments, cwd=self.folder, **options)

    def test_the_command_is_there(self):
        command = pathlib.Path(sys.executable).with_name("asyncmend")
        for start in [[command], [sys.executable, "-m", "asyncmend"]]:
            ran = subprocess.run([*start, "--version"], capture_output=True, text=True)
            self.assertEqual((ran.returncode, ran.stdout), (0, f"asyncmend {asyncmend.__version__}\n"))

    def test_it_starts_without_what_only_the_package_needs(self):
        code = "import asyncmend.__main__, sys; print({'dataclasses', 'typing'} & set(sys.modules))"
        self.assertEqual(run("-c", code, command=()).stdout, "set()\n")
        self.assertIn("rewrite", dir(asyncmend))
        with self.assertRaisesRegex(AttributeError, "^module 'asyncmend' has no attribute 'rewrit'"):
            asyncmend.rewrit  # noqa: B018

    def test_it_ends_as_it_should(self):
        self.write("é.py", DROPPED)
        for arguments, status in [
            (["diff"], 1),
            (["diff", "--exit-zero"], 0),
            (["diff", "--select=x"], 2),
            (["nonsense"], 2),
            (["--help"], 0),
            (["check", "absent.py"], 2),
            (["fix", "--no-vcs"], 0),
            (["diff"], 0),
        ]:
            ran = self.run_here(*arguments)
            self.assertEqual(ran.returncode, status, (arguments, ran.stderr))
        self.assertIn("_keep_task(", (self.folder / "é.py").read_text("utf-8"))
        ran = self.run_here("fix", "-", input=DROPPED)
        self.assertEqual((ran.returncode, ran.stdout), (0, asyncmend.rewrite(DROPPED).text))

    def test_types_are_inferred_whatever_else_is_called_asyncmend(self):
        self.write("loops.py", "import asyncio\n\n\ndef get() -> asyncio.AbstractEventLoop:\n    ...\n")
        self.write("app.py", "import loops\n\n\nasync def f():\n    loops.get().create_task(f())\n")
        self.write("asyncmend/__init__.py", "raise RuntimeError\n")
        # Packages of old Pythons that are named as modules of new ones.
        for name in ["typing", "dataclasses"]:
            shadow = pathlib.Path(asyncmend.__file__).parents[1] / f"{name}.py"
            shadow.write_text("raise RuntimeError\n")
            self.addCleanup(shadow.unlink)
        command = pathlib.Path(sys.executable).with_name("asyncmend")
        arguments = ["check", "--output-format=concise", "--verbose", "app.py", "loops.py"]
        ran = subprocess.run([command, *arguments], cwd=self.folder, capture_output=True, text=True)
        self.assertIn(": retain-task [rewrite", ran.stdout, ran.stderr)
        self.assertNotIn("without its types", ran.stderr)

    @unittest.skipIf(os.name == "nt", "there are no such signals")
    def test_an_interrupt_ends_it(self):
        import signal

        command = [sys.executable, "-m", "asyncmend", "diff", "-"]
        program = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=self.folder)
        time.sleep(1)
        program.send_signal(signal.SIGINT)
        self.assertEqual(program.wait(timeout=20), -signal.SIGINT)
        program.stdin.close()

    @unittest.skipIf(os.name == "nt", "there are no such signals")
    def test_an_interrupt_that_is_ignored_stays_so(self):
        import signal

        command = [sys.executable, "-m", "asyncmend", "diff", "-"]
        ignore = lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)  # noqa: E731
        program = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=self.folder, preexec_fn=ignore)
        time.sleep(1)
        program.send_signal(signal.SIGINT)
        program.communicate(b"x = 1", timeout=20)
        self.assertEqual(program.returncode, 0)

    @unittest.skipIf(os.name == "nt", "there is no such shell")
    def test_a_reader_may_go(self):
        line = f"{sys.executable} -m asyncmend explain gather | head -n 1; echo ${{PIPESTATUS[0]}}"
        ran = subprocess.run(["bash", "-c", line], capture_output=True, text=True)
        self.assertEqual(ran.stdout.splitlines()[-1:], ["0"], ran)
        self.assertEqual(ran.stderr, "")


class Wheel(unittest.TestCase):
    def test_the_wheel_is_for_all_pythons_and_has_what_it_should(self):
        self.assertIn("-cp39-abi3-", WHEEL.name)
        with zipfile.ZipFile(WHEEL) as wheel:
            names = wheel.namelist()
            metadata = next(name for name in names if name.endswith("/METADATA"))
            metadata = wheel.read(metadata).decode()
        for name in ["asyncmend/__init__.py", "asyncmend/_native.pyi", "asyncmend/py.typed"]:
            self.assertIn(name, names)
        for licence in ["LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY"]:
            self.assertTrue(any(name.endswith(f"/{licence}") for name in names), licence)
        self.assertIn("\nRequires-Python: >=3.9\n", metadata)
        # The package needs no other.
        self.assertNotRegex(metadata, r"(?m)^Requires-Dist: (?!.*extra ==)")


class Documentation(unittest.TestCase):
    def test_the_page_has_every_option_and_its_example_runs(self):
        page = (ROOT / "docs/library.md").read_text("utf-8")
        [table] = re.findall(r"(?m)^\| option .*\n((?:\|.*\n)+)", page)
        rows = [row.split(" | ")[0] for row in table.splitlines()[1:]]
        named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
        self.assertEqual(named, set(asyncmend.Options.__annotations__))
        [example] = re.findall(r"(?ms)^```python\n(.*?)^```", page)
        names = {"source": DROPPED}
        exec(example, names)
        self.assertTrue(names["outcome"].changed)

    def test_the_example_is_true(self):
        import doctest

        self.assertEqual(doctest.testmod(asyncmend).failed, 0)


if __name__ == "__main__":
    unittest.main()
