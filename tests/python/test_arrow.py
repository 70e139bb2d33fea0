"""`asyncmend.arrow`: many texts at once."""

import _thread
import sys
import threading
import time
import typing
import unittest

import asyncmend
import asyncmend.arrow
import pyarrow as pa
from test_package import DROPPED, HELD, cases, notebook, run

BROKEN = b"import asyncio\nasyncio.create_task('\xff')\n"
WAITS = "import asyncio\n\n\nasync def f():\n    await asyncio.wait_for(f(), 1)\n"

#: Texts that could each end a whole run, with what is said of them.
POISON = [
    (None, "p.py: there is no content"),
    ("import asyncio\nasyncio.create_task(\n", "p.py:3:1: syntax error: "),
    (DROPPED + "x = " + "[" * 8_000_000, "p.py:7:"),
    (DROPPED + "#" * (16 << 20), "p.py: larger than 16 MiB"),
]


def batch(kind, contents, **columns):
    rows = len(contents)
    columns = {"path": [f"{number}.py" for number in range(rows)], **columns}
    return pa.record_batch({**columns, "content": pa.array(contents, kind)})


class Batches(unittest.TestCase):
    def test_rows_become_what_single_texts_do(self):
        texts = cases()
        contents = [text.decode() for text in texts.values()]
        given = batch(pa.string(), contents, path=list(texts))
        done = asyncmend.arrow.rewrite_batch(given, strict=True)
        done.validate(full=True)
        self.assertEqual(done.schema, asyncmend.arrow.schema(given.schema))
        self.assertEqual(done.num_rows, len(texts))
        mender = asyncmend.Mender(strict=True)
        for (path, text), row in zip(zip(texts, contents), done.to_pylist()):
            outcome = mender.rewrite(text, path=path)
            self.assertEqual(row["path"], path)
            self.assertEqual(row["content"], outcome.text)
            self.assertEqual(row["changed"], outcome.changed)
            self.assertEqual(row["patch"], outcome.patch or None)
            self.assertEqual(row["fault"], None)
            self.assertEqual(len(row["findings"]), len(outcome.findings))
            for found, finding in zip(row["findings"], outcome.findings):
                self.assertEqual(found, as_row(finding))

    def test_a_poisoned_row_costs_itself_alone(self):
        for kind in [pa.string(), pa.large_string(), pa.string_view()]:
            contents = [text for text, _ in POISON]
            given = batch(kind, [*contents, DROPPED], path=["p.py"] * 5)
            done = asyncmend.arrow.rewrite_batch(given).to_pylist()
            for (text, fault), row in zip(POISON, done):
                self.assertTrue(row["fault"].startswith(fault), (row["fault"], fault))
                self.assertEqual(row["content"], text)
                self.assertEqual((row["changed"], row["patch"], row["findings"]), (False, None, []))
            self.assertEqual((done[-1]["changed"], done[-1]["fault"]), (True, None))

    def test_strings_that_are_none_are_poison_too(self):
        for stored, kind in [
            (pa.binary(), pa.string()),
            (pa.large_binary(), pa.large_string()),
            (pa.binary_view(), pa.string_view()),
        ]:
            contents = pa.array([BROKEN, DROPPED.encode(), b"\xff"], stored).view(kind)
            paths = pa.array([b"\xff.py", b"b.py", b"c.py"], stored).view(kind)
            targets = pa.array([None, b"\xff", b"3.11"], stored).view(kind)
            names = ["path", "content", "target"]
            done = asyncmend.arrow.rewrite_batch(pa.record_batch([paths, contents, targets], names))
            done.column("content").validate(full=True)
            faults = done.column("fault").to_pylist()
            self.assertEqual(faults[0], "\ufffd.py:2: not UTF-8; convert it")
            self.assertTrue(faults[1].startswith("b.py: target_version: `\ufffd` is no Python version"))
            self.assertEqual(faults[2], "c.py:1: not UTF-8; convert it")
            self.assertEqual(done.column("content").to_pylist(), [None, DROPPED, None])

    def test_bytes_are_those_of_files(self):
        latin = f"# coding: latin-1\nE = 'é'\n{DROPPED}".encode("latin-1")
        for kind in [pa.binary(), pa.large_binary(), pa.binary_view()]:
            done = asyncmend.arrow.rewrite_batch(batch(kind, [latin, BROKEN, b"\xff", None]))
            self.assertEqual(done.schema.field("content").type, kind)
            self.assertEqual(done.schema.field("patch").type, kind)
            outcome = asyncmend.rewrite(latin, path="0.py")
            self.assertEqual(done.column("content").to_pylist(), [outcome.text, BROKEN, b"\xff", None])
            self.assertEqual(done.column("patch")[0].as_py(), outcome.patch)
            faults = [None, "1.py:2: not UTF-8; convert it", None, "3.py: there is no content"]
            self.assertEqual(done.column("fault").to_pylist(), faults)

    def test_each_row_may_have_a_target(self):
        targets = ["3.9", None, "py311", "2.7", "3.12"]
        done = asyncmend.arrow.rewrite_batch(
            batch(pa.string(), [WAITS] * 5, target=targets), target_version="3.9"
        )
        helper, _, idiom, fault, none = done.to_pylist()
        self.assertIn("_wait_for", helper["content"])
        self.assertEqual(done.column("content")[1], done.column("content")[0])
        self.assertIn("asyncio.timeout", idiom["content"])
        self.assertTrue(fault["fault"].startswith("3.py: target_version: Python 2.7 is too old"))
        self.assertEqual((none["changed"], none["findings"]), (False, []))

    def test_dictionaries_notebooks_and_other_columns(self):
        book = notebook("import asyncio", "asyncio.create_task(f())")
        given = pa.record_batch(
            {
                "id": [1, 2, 3],
                "content": pa.array([book, DROPPED, None]).dictionary_encode(),
                "target": pa.array(["3.9", "3.9", "3.9"]).dictionary_encode(),
                "path": pa.array(["a/b.ipynb", "/c.py", None]).dictionary_encode(),
            }
        )
        done = asyncmend.arrow.rewrite_batch(given)
        self.assertEqual(done.column("path"), given.column("path"))
        self.assertEqual(done.schema.names, ["path", "changed", "content", "patch", "findings", "fault"])
        self.assertEqual(done.schema.field("content").type, pa.string())
        self.assertEqual(done.column("changed").to_pylist(), [True, True, False])
        self.assertEqual(done.column("findings")[0][0]["cell"].as_py(), 2)
        self.assertTrue(done.column("patch")[1].as_py().startswith("--- a/c.py\n"))
        self.assertEqual(done.column("fault")[2].as_py(), "source.py: there is no content")

    def test_slices_and_empty_batches(self):
        given = batch(pa.string(), ["x = 1", DROPPED, HELD, "y"]).slice(1, 2)
        done = asyncmend.arrow.rewrite_batch(given)
        self.assertEqual(done.column("path").to_pylist(), ["1.py", "2.py"])
        self.assertEqual(done.column("changed").to_pylist(), [True, False])
        self.assertEqual(asyncmend.arrow.rewrite_batch(given.slice(0, 0)).num_rows, 0)
        empty = pa.record_batch({"path": pa.nulls(2), "content": pa.nulls(2), "target": pa.nulls(2)})
        self.assertEqual(asyncmend.arrow.rewrite_batch(empty).column("fault").null_count, 0)

    def test_tables_stay_tables(self):
        given = pa.Table.from_batches([batch(pa.string(), [DROPPED]), batch(pa.string(), [HELD])])
        done = asyncmend.arrow.rewrite_table(given)
        self.assertEqual(done.column("changed").to_pylist(), [True, False])
        self.assertEqual(asyncmend.arrow.rewrite_table(given.slice(0, 0)).schema, done.schema)

    def test_any_who_speaks_arrow_is_heard(self):
        class Foreign:
            def __arrow_c_array__(self, requested_schema=None):
                return batch(pa.string(), [DROPPED]).__arrow_c_array__(requested_schema)

        done = asyncmend.arrow.rewrite_batch(Foreign())
        self.assertEqual(done.column("changed").to_pylist(), [True])

    def test_what_takes_too_long_is_the_fault_of_its_row(self):
        long = DROPPED + "async def f():\n    await asyncio.gather(a(), b())\n" * 10_000
        done = asyncmend.arrow.rewrite_batch(batch(pa.string(), [DROPPED, long, DROPPED]), time_limit=0.5)
        self.assertEqual(done.column("changed").to_pylist(), [True, False, True])
        faults = [None, "1.py: takes longer than 0.5 s, left as it is", None]
        self.assertEqual(done.column("fault").to_pylist(), faults)

    def test_an_interrupt_waits_for_no_row(self):
        long = DROPPED + "async def f():\n    await asyncio.gather(a(), b())\n" * 20_000
        for columns in [{}, {"target": ["3.9"]}]:
            threading.Timer(0.3, _thread.interrupt_main).start()
            begun = time.perf_counter()
            with self.assertRaises(KeyboardInterrupt):
                asyncmend.arrow.rewrite_batch(batch(pa.string(), [long], **columns))
            self.assertLess(time.perf_counter() - begun, 3)

    def test_an_interrupt_waits_for_no_other_row(self):
        text = DROPPED + "async def f():\n    await asyncio.gather(a(), b())\n" * 20

        def work(rows):
            begun = time.perf_counter()
            try:
                asyncmend.arrow.rewrite_batch(batch(pa.string(), [text] * rows))
            finally:
                took.append(time.perf_counter() - begun)

        took = []
        work(20)
        threading.Timer(0.2, _thread.interrupt_main).start()
        rows = max(int(20 * 10 / took[0]), 20)
        with self.assertRaises(KeyboardInterrupt):
            # Ten seconds of it.
            work(rows)
        self.assertLess(took[1], 5)

    @unittest.skipUnless(sys.platform == "linux", "memory is limited otherwise")
    def test_a_machine_without_memory_raises(self):
        code = f"""
import asyncmend, asyncmend.arrow, pyarrow, resource
batch = pyarrow.record_batch({{"path": ["a.py"], "content": [{DROPPED!r}]}})
held = next(line for line in open("/proc/self/status") if line.startswith("VmSize")).split()[1]
limit = int(held) * 1024 + (150 << 20)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
print(asyncmend.rewrite({DROPPED!r}).fault)
try:
    asyncmend.arrow.rewrite_batch(batch)
except MemoryError as error:
    print(error)
"""
        ran = run("-c", code, command=())
        message = "no thread starts with its stack of 256 MiB; free memory, or allow more of it, or more threads"
        self.assertEqual(ran.stdout, f"source.py: {message}\n{message}\n", ran.stderr)

    def test_types_are_there_at_run_time(self):
        for name in ["rewrite_batch", "rewrite_table", "schema"]:
            typing.get_type_hints(getattr(asyncmend.arrow, name))

    def test_paths_are_shown_on_one_line_that_no_terminal_obeys(self):
        paths = ["a\n\u202eb.py", "a\nb.py"]
        done = asyncmend.arrow.rewrite_batch(batch(pa.string(), [None, BROKEN.decode("latin-1")[:-2]], path=paths))
        self.assertEqual(done.column("fault")[0].as_py(), "a\u240a\ufffdb.py: there is no content")
        self.assertTrue(done.column("fault")[1].as_py().startswith("a\u240ab.py:2:"))

    def test_the_schema_of_spark_is_that_of_arrow(self):
        self.assertEqual(
            asyncmend.arrow.SPARK_SCHEMA,
            "path string, changed boolean, content string, patch string, findings array<struct<transform: string, "
            "decision: string, message: string, why: string, code: string, remedy: string, cautions: array<string>, "
            "in_the_way: array<string>, line: int, column: int, end_line: int, end_column: int, cell: int>>, fault string",
        )

    def test_mistakes_of_the_caller_raise(self):
        good = batch(pa.string(), [DROPPED])
        columns = [*good.columns, pa.array(["3.9"]), pa.array(["3.9"])]
        twice = pa.record_batch(columns, names=[*good.schema.names, "target", "target"])
        for error, message, given, options in [
            (TypeError, "batch: expected a record batch of Arrow, found dict", {}, {}),
            (ValueError, "batch: it needs one column `path`; it has content", good.select(["content"]), {}),
            (ValueError, "batch: it needs one column `path`; it has none", pa.record_batch([], []), {}),
            (TypeError, "batch: expected strings or bytes in the column `content`, found int64", batch(pa.int64(), [1]), {}),
            (TypeError, "batch: expected strings or bytes in the column `target`", batch(pa.string(), [""], target=[3.11]), {}),
            (ValueError, "batch: it needs one column `target`; it has path, content, target, target", twice, {}),
            (ValueError, "select: no transform is called `x`", good, {"select": ["x"]}),
            (TypeError, "there is no option 'x'", good, {"x": 1}),
        ]:
            with self.subTest(message), self.assertRaises(error) as raised:
                asyncmend.arrow.rewrite_batch(given, **options)
            self.assertTrue(str(raised.exception).startswith(message), raised.exception)


def as_row(finding):
    """A finding as its column has it."""
    codes = [caution.code for caution in finding.cautions]
    start, end = finding.start, finding.end
    return {
        "transform": finding.transform,
        "decision": finding.decision,
        "message": finding.message,
        "why": finding.why,
        "code": finding.code,
        "remedy": finding.remedy,
        "cautions": codes,
        "in_the_way": list(finding.in_the_way),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "cell": start.cell,
    }


if __name__ == "__main__":
    unittest.main()
