"""Builds the Python package, installs it where nothing else is, and runs its tests there.

usage: run.py --work DIR [--profile PROFILE] [--python INTERPRETER ...]

The wheel is built with the tools of `requirements.txt`, once, in cargo's usual folder, and has to serve each
interpreter (the one that runs this, if none is named) as it is, without an index of packages. What is installed and
built is kept in DIR, and the tools are not installed again.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[1]


def call(*command, **options):
    command = [str(part) for part in command]
    print("+", *command, flush=True)
    # What takes longer hangs.
    subprocess.run(command, check=True, timeout=1800, **options)


def environment(interpreter, folder):
    """A new environment; the path of its Python."""
    call(interpreter, "-m", "venv", "--clear", folder)
    return python_of(folder)


def python_of(folder):
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


def tools(work):
    """An environment with the tools; the path of its Python."""
    return installed(work / "tools", HERE / "requirements.txt")


def installed(folder, requirements):
    """An environment in which the packages of a file are, and stay; the path of its Python."""
    kept = folder / "requirements.txt"
    if kept.exists() and kept.read_text() == requirements.read_text():
        return python_of(folder)
    python = environment(sys.executable, folder)
    call(python, "-m", "pip", "install", "--quiet", "-r", requirements)
    shutil.copy(requirements, kept)
    return python


def wheel(python, work, profile):
    """The wheel, newly built."""
    folder = work / "wheels"
    shutil.rmtree(folder, ignore_errors=True)
    # Stripped, every dependency would be built again.
    options = ["--profile", profile, "--strip", "false", "--locked", "--out", folder]
    call(python, "-m", "maturin", "build", *options, "--interpreter", sys.executable, cwd=ROOT)
    [built] = folder.glob("*.whl")
    return built


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--profile", default="dev")
    parser.add_argument("--python", action="append")
    options = parser.parse_args()
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    built_with = tools(work)
    built = wheel(built_with, work, options.profile)
    for number, interpreter in enumerate(options.python or [sys.executable]):
        python = environment(interpreter, work / f"installed-{number}")
        # As where there is no network.
        call(python, "-m", "pip", "install", "--quiet", "--no-index", built)
        elsewhere = work / "elsewhere"
        shutil.rmtree(elsewhere, ignore_errors=True)
        elsewhere.mkdir()
        variables = {"ASYNCMEND_ROOT": ROOT, "ASYNCMEND_WHEEL": built}
        variables = {**os.environ, **{name: str(value) for name, value in variables.items()}}
        call(python, HERE / "test_package.py", cwd=elsewhere, env=variables)
        if number == 0:
            # Where the tools are Arrow is; the package is what was installed.
            variables["PYTHONPATH"] = variables["MYPYPATH"] = packages(python)
            call(built_with, HERE / "test_arrow.py", cwd=elsewhere, env=variables)
            check_types(built_with, python, elsewhere, variables)


def packages(python):
    code = "import sysconfig; print(sysconfig.get_path('platlib'))"
    found = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    return found.stdout.strip()


def check_types(tools, python, folder, variables):
    """Whether the types that the package declares are those that it has, and serve those who import it."""
    call(tools, "-m", "mypy.stubtest", "asyncmend", cwd=folder, env=variables)
    strictly = ["--strict", "--python-executable", python]
    call(tools, "-m", "mypy", *strictly, HERE / "typed.py", cwd=folder)


if __name__ == "__main__":
    main()
