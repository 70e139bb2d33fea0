"""Counts the instructions that asyncmend takes for fixed inputs, and compares them with recorded bounds.

usage: guard.py --asyncmend BINARY [--record]

Instructions, unlike seconds, are the same on a busy machine; valgrind counts them. The bounds in
`bounds.json` are for a release build on x86-64, with a tenth of slack. Exits with 1 where one is passed.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
BOUNDS = HERE / "bounds.json"
SLACK = 1.1


def inputs(folder):
    """Folders with files: what `input.txt` lists as one file, and files of the sizes that projects have, without a site."""
    paths = (HERE / "input.txt").read_text().split()
    text = "\n\n".join((HERE.parent / path).read_text() for path in paths)
    without = re.sub(r"create_task|ensure_future|gather|wait_for|shield|Task", "other", text)
    contents = {"sites": [text], "names": [without + "print(asyncio, gather)\n"] * 10, "nothing": [without] * 100}
    for name, texts in contents.items():
        (folder / name).mkdir()
        for number, text in enumerate(texts):
            (folder / name / "m{}.py".format(number)).write_text(text)
        yield name


def instructions(asyncmend, folder):
    valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    check = [asyncmend, "check", "--no-types", "--isolated", "--quiet", "--jobs", "1", folder]
    done = subprocess.run(valgrind + check, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if found is None or done.returncode not in (0, 1):
        sys.exit("valgrind: " + done.stderr)
    return int(found.group(1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--asyncmend", type=pathlib.Path, required=True, help="a release build")
    parser.add_argument("--record", action="store_true", help="make what is counted now the bounds")
    arguments = parser.parse_args()
    if shutil.which("valgrind") is None:
        sys.exit("valgrind is needed; it counts the instructions")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        counted = {name: instructions(arguments.asyncmend.resolve(), folder / name) for name in inputs(folder)}
    if arguments.record:
        BOUNDS.write_text(json.dumps(counted, indent=4) + "\n")
    bounds = json.loads(BOUNDS.read_text())
    for name, count in counted.items():
        print("{}: {:,} instructions, {:.2f} of what is recorded".format(name, count, count / bounds[name]))
    return 1 if any(count > SLACK * bounds[name] for name, count in counted.items()) else 0


if __name__ == "__main__":
    sys.exit(main())
