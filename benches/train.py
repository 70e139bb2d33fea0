"""Runs asyncmend on code of all kinds, to record the profile from which an optimised build is made.

usage: train.py --asyncmend BINARY

BINARY is an instrumented build. It is given the test cases and Python's standard library, of which the other benchmarks
take nothing but `input.txt`, so that what they time is not what was trained for.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import sysconfig
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
TARGETS = ("3.8", "3.10", "3.12")


def copy_of_code(folder):
    """Copies of the test cases and of the standard library, with its tests where they are installed."""
    library = pathlib.Path(sysconfig.get_path("stdlib"))
    shutil.copytree(library, folder / "library", ignore=leaves_out, symlinks=True)
    for cases in sorted([*ROOT.glob("transforms/*/cases"), ROOT / "tests" / "together"]):
        shutil.copytree(cases, folder / "cases" / cases.parent.name / cases.name)


def leaves_out(folder, names):
    """What is installed, and whatever is not Python."""
    paths = {name: pathlib.Path(folder, name) for name in names}
    return [
        name for name, path in paths.items()
        if name in ("site-packages", "dist-packages", "__pycache__")
        or not (path.is_dir() or name.endswith(".py"))
    ]


def run(asyncmend, *arguments, stdin=None, may_fail=False):
    done = subprocess.run(
        [str(part) for part in (asyncmend, *arguments)],
        stdin=stdin or subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    # 2: the standard library's tests have files that are not meant to be parsed.
    if done.returncode not in (0, 1, *([2] if may_fail else [])):
        sys.exit("{} ended with {}:\n{}".format(arguments[0], done.returncode, done.stderr))


def train(asyncmend, folder):
    for target in TARGETS:
        options = ["--no-types", "--isolated", "--target-version", target, folder]
        run(asyncmend, "check", *options, may_fail=True)
        run(asyncmend, "check", "--output-format", "json-lines", *options, may_fail=True)
        run(asyncmend, "diff", *options, may_fail=True)
    run(asyncmend, "check", "--isolated", folder / "cases")
    run(asyncmend, "check", "--isolated", folder / "library" / "asyncio")
    for case in sorted((folder / "cases").rglob("*.py"))[::10]:
        with open(case) as text:
            run(asyncmend, "fix", "--no-types", "--isolated", "-", stdin=text)
    run(asyncmend, "fix", "--no-types", "--isolated", "--no-vcs", folder, may_fail=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--asyncmend", type=pathlib.Path, required=True, help="an instrumented build")
    asyncmend = parser.parse_args().asyncmend.resolve()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        copy_of_code(folder)
        train(asyncmend, folder)


if __name__ == "__main__":
    main()
