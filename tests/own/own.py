"""CPython's own tests of wait_for and gather, with asyncmend's helpers in their place.

Usage: own.py PROGRAM. PROGRAM is a mended program that has the helpers. Prints a line for each test that
fails with the helper and passes without, then how many were run: none where CPython is installed without its
tests.
"""
import asyncio
import asyncio.tasks
import contextlib
import importlib
import io
import sys
import types
import unittest

MODULES = ("test_waitfor", "test_tasks")
PATTERNS = ["*wait_for*", "*WaitFor*", "*gather*", "*Gather*"]

helpers = {"__name__": "program"}
with open(sys.argv[1], encoding="utf-8") as file:
    exec(file.read(), helpers)
# The helpers go on to use what the tests do not reach any more.
helpers["asyncio"] = types.ModuleType("asyncio")
helpers["asyncio"].__dict__.update(asyncio.__dict__)
original_gather = asyncio.gather


def gather(*aws, **keywords):
    """What stands in the place of a gather that is awaited; the tests look at the future before."""
    if keywords:
        return original_gather(*aws, **keywords)
    loop = None
    for aw in aws:
        if asyncio.isfuture(aw):
            loop = aw.get_loop()
    return asyncio.ensure_future(helpers["_gather_or_cancel"](*aws), loop=loop)


def run(names, patterns=None):
    """Runs the tests called so; gives those that fail, and the number of all."""
    loader = unittest.TestLoader()
    loader.testNamePatterns = patterns
    suite = unittest.TestSuite()
    for name in names:
        try:
            importlib.import_module("test.test_asyncio." + name.partition(".")[0])
        except ImportError:
            continue
        suite.addTests(loader.loadTestsFromName("test.test_asyncio." + name))
    quiet = io.StringIO()
    with contextlib.redirect_stderr(quiet):
        result = unittest.TextTestRunner(verbosity=0, stream=quiet).run(suite)
    bad = {test.id() for test, _ in result.failures + result.errors}
    return bad, result.testsRun


def main():
    originals = asyncio.wait_for, asyncio.gather
    asyncio.wait_for = asyncio.tasks.wait_for = helpers["_wait_for"]
    asyncio.gather = asyncio.tasks.gather = gather
    bad, count = run(MODULES, PATTERNS)
    asyncio.wait_for, asyncio.gather = asyncio.tasks.wait_for, asyncio.tasks.gather = originals
    # What fails anyway says nothing.
    anyway, _ = run([name.replace("test.test_asyncio.", "") for name in bad])
    for name in sorted({name.rpartition(".")[2] for name in bad - anyway}):
        print(name)
    print(count)


main()
