"""Lets `fix --verify` find fixes that were made to fail, in a copy of a project, and counts its runs.

usage: doctored.py --asyncmend BINARY [--culprits K] [--pairs P] [--seed N] [--options=".."] PROJECT [COMMAND]

Some statements that `fix` would change are chosen at random, and a check refuses that they change: K of them at all, and of
each of P pairs both. The check runs before COMMAND, which is that all changed files compile unless it is given. Fails
where something else is taken back, where the check does not pass on what is written, or where there are more than
2·k·log2(n)+4 runs for the k fixes at fault among n.
"""

import argparse
import json
import math
import pathlib
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

CHECK = '''"""Fails where one of these statements was changed, or all of one of these sets."""
import pathlib
import sys

SETS = %r

for path in sys.argv[1:]:
    compile(pathlib.Path(path).read_bytes(), path, "exec")
for statements in SETS:
    if all(text not in pathlib.Path(path).read_text() for path, text in statements):
        sys.exit(f"changed: {statements}")
'''


def sites(asyncmend, options, folder):
    """The sites that are rewritten, each with lines of it that its file has once."""
    command = [asyncmend, "check", *options, "--output-format", "json-lines", "."]
    listed = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found = []
    for line in listed.stdout.splitlines():
        site = json.loads(line)
        if site["decision"] != "rewrite" or not site["path"].endswith(".py"):
            continue
        text = (folder / site["path"]).read_text(errors="replace")
        at = site["start"]["line"]
        lines = "\n".join(text.splitlines()[max(0, at - 2) : at])
        found.append((site["path"], at, lines if text.count(lines) == 1 else None))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--asyncmend", required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--culprits", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--options", type=shlex.split, default=[])
    parser.add_argument("project", type=pathlib.Path)
    parser.add_argument("command", nargs="?", default="true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary) / args.project.resolve().name
        shutil.copytree(args.project, folder, symlinks=True)
        found = sites(args.asyncmend, args.options, folder)
        # One of a file, so that no other fix of it changes the lines.
        usable = list({path: (path, at, lines) for path, at, lines in found if lines}.values())
        count = args.culprits + 2 * args.pairs
        chosen = random.Random(args.seed).sample(sorted(usable), count)
        sets = [[site] for site in chosen[: args.culprits]]
        sets += [chosen[at : at + 2] for at in range(args.culprits, count, 2)]
        check = CHECK % [[(path, lines) for path, _, lines in statements] for statements in sets]
        (folder / "doctored_check.py").write_text(check)
        name = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        for command in ["init", "--quiet"], ["add", "--all"], [*name, "commit", "--quiet", "--message", "all"]:
            subprocess.run(["git", *command], cwd=folder, check=True)
        report = pathlib.Path(temporary) / "report.json"
        python = shlex.quote(sys.executable)
        verify = f"{python} doctored_check.py {{paths}} && {args.command}"
        start = time.monotonic()
        command = [args.asyncmend, "fix", *args.options, "--verify", verify, "--verify-report", report]
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        seconds = time.monotonic() - start
        if ran.returncode != 1:
            sys.exit(f"status {ran.returncode}:\n{ran.stdout}{ran.stderr}")
        report = json.loads(report.read_text())
        taken = [
            sorted((it["path"], it["start"]["line"]) for it in [fix, *fix["fails_with"]])
            for fix in report["taken_back"]
        ]
        expected = sorted(sorted((path, at) for path, at, _ in statements) for statements in sets)
        if sorted(taken) != expected:
            sys.exit(f"taken back: {sorted(taken)}\nat fault: {expected}")
        subprocess.run([sys.executable, "doctored_check.py"], cwd=folder, check=True)
        fixes = len(report["kept"]) + len(taken)
        bound = 2 * count * math.log2(fixes) + 4
        print(f"{fixes} fixes, {count} at fault, {report['runs']} runs of at most {bound:.0f}, {seconds:.0f} s")
        if report["runs"] > bound:
            sys.exit("too many runs")


main()
