"""Runs the examples for Spark and Ray on clusters of two workers on this machine, and compares what they write with what
the command does to the same files.

usage: run.py --work DIR [--wheel FILE] [NAME ...]

The engines of `requirements.txt` are installed in DIR, once, beside the wheel: the one that is named, or a new one. Spark
needs Java 17 or newer. The clusters are started and stopped by `test_engines.py`, of which NAME may name single tests.
"""

import argparse
import os
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[1]

sys.path.insert(0, str(HERE.with_name("python")))
import run as package  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--wheel", type=pathlib.Path)
    parser.add_argument("names", metavar="NAME", nargs="*")
    options = parser.parse_args()
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    wheel = options.wheel or package.wheel(package.tools(work), work, "dev")
    engines = work / "engines"
    python = package.installed(engines, HERE / "requirements.txt")
    package.call(python, "-m", "pip", "install", "--quiet", "--no-deps", "--force-reinstall", wheel)
    elsewhere = work / "elsewhere"
    shutil.rmtree(elsewhere, ignore_errors=True)
    elsewhere.mkdir()
    ours = {"ASYNCMEND_ROOT": str(ROOT), "PYTHONPATH": str(ROOT / "examples")}
    variables = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0", **ours}
    package.call(python, HERE / "test_engines.py", "-v", *options.names, cwd=elsewhere, env=variables)


if __name__ == "__main__":
    main()
