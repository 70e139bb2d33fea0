"""Times asyncmend beside other tools that look through Python code, in one run, on trees of many files.

usage: compare.py --asyncmend BINARY --cache DIR [--sizes N ...] [--runs N] [--only PART ...]

Into DIR go the pinned real projects (`tests/corpus`), the other tools, at the versions of `requirements.txt`,
and the trees, which are copies of the projects' files: `mixed` has them as they come, in `few` one file in a
hundred has sites, in `all` every one. Each tool is run `--runs` times on each tree, the tools taking turns.
Printed are medians, ratios to `asyncmend check` and peak memory; what is compared are the ratios, of one run.
"""

import argparse
import itertools
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zlib

HERE = pathlib.Path(__file__).parent
CORPUS = HERE.parent / "tests" / "corpus"
NAMES = "create_task|ensure_future|gather|wait_for"
PARTS = ("trees", "fix", "stdin", "types")
# Made on demand alone: it takes a million inodes.
MILLION = "million"
# LibCST takes minutes for more.
MOST_FOR_LIBCST = 1_000


def say(text):
    print(text, flush=True)


def prepare(cache):
    """The other tools and the projects' files, with and without sites."""
    environment = cache / "tools"
    if not (environment / "done").exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        requirements = ["-r", HERE / "requirements.txt"]
        pip = [environment / "bin" / "pip", "install", "-q", *requirements]
        subprocess.run(pip, check=True)
        (environment / "done").touch()
    corpus = cache / "corpus"
    corpus.mkdir(exist_ok=True)
    fetch = [sys.executable, CORPUS / "fetch.py", "--into", corpus, "--more"]
    subprocess.run(fetch, check=True, stdout=subprocess.DEVNULL)
    return environment / "bin", corpus


def sorted_files(asyncmend, corpus):
    """The Python files of the projects: those that have sites, and the others."""
    found = subprocess.run(
        [asyncmend, "check", "--output-format", "json-lines", "--no-types", "--isolated", "."],
        cwd=corpus,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with_sites = {json.loads(line)["path"] for line in found.stdout.splitlines()}
    every = sorted(str(path.relative_to(corpus)) for path in corpus.rglob("*.py"))
    return [it for it in every if it in with_sites], [it for it in every if it not in with_sites]


def tree(cache, corpus, kind, size, with_sites, without):
    """A folder with `size` files."""
    folder = cache / "trees" / "{}-{}".format(kind, size)
    if (folder / "done").exists():
        return folder / "files"
    shutil.rmtree(folder, ignore_errors=True)
    if kind == "all":
        chosen = itertools.cycle(with_sites)
    elif kind == "few":
        every = itertools.cycle(without)
        sites = itertools.cycle(with_sites)
        chosen = (next(sites) if n % 100 == 50 else next(every) for n in itertools.count())
    else:
        # As they come, but not the one project's before the other's.
        mixed = sorted(with_sites + without, key=lambda path: hash_of(path))
        chosen = itertools.cycle(mixed)
    for number, path in enumerate(itertools.islice(chosen, size)):
        target = folder / "files" / "p{}".format(number // 100) / "m{}.py".format(number % 100)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(corpus / path, target)
    (folder / "done").touch()
    return folder / "files"


def hash_of(path):
    return zlib.crc32(path.encode())


def measured(command, stdin=None, cwd=None):
    """Seconds and peak memory in MiB of one run."""
    with open(stdin or os.devnull, "rb") as given, open(os.devnull, "wb") as nowhere:
        begun = time.perf_counter()
        child = subprocess.Popen(
            [str(part) for part in command], stdin=given, stdout=nowhere, stderr=nowhere, cwd=cwd
        )
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        raise SystemExit("{} ended with {}".format(command[0], child.returncode))
    return seconds, usage.ru_maxrss / 1024


def compared(commands, runs, stdin=None, before=None):
    """The median seconds and the peak memory of each command, which take turns."""
    names = list(commands)
    taken = {name: [] for name in names}
    for number in range(runs + 1):
        turn = names[number % len(names) :] + names[: number % len(names)]
        for name in turn:
            if before:
                before(name)
            result = measured(commands[name], stdin)
            # The first one warms the file cache.
            if number:
                taken[name].append(result)
    return {
        name: (statistics.median(it[0] for it in results), max(it[1] for it in results))
        for name, results in taken.items()
    }


def table(title, results, base):
    say("\n{}\n\n| command | s | ratio | MiB |\n|---|---|---|---|".format(title))
    first = results[base][0]
    for name, (seconds, memory) in results.items():
        say("| {} | {:.3f} | {:.2f} | {:.0f} |".format(name, seconds, seconds / first, memory))


def tools(asyncmend, bin_folder, folder, with_libcst):
    check = [asyncmend, "check", "--no-types", "--isolated", "--quiet"]
    commands = {
        "asyncmend check": [*check, folder],
        "asyncmend diff": [asyncmend, "diff", "--no-types", "--isolated", "--quiet", folder],
        "ruff check": [bin_folder / "ruff", "check", "--select", "RUF006", "--no-cache"]
        + ["--isolated", "--quiet", folder],
        "rg -l": [bin_folder / "rg", "-l", "-g", "*.py", NAMES, folder],
        "ast-grep": [bin_folder / "ast-grep", "scan", "--rule", HERE / "ast-grep.yml"]
        + ["--json=stream", folder],
    }
    if with_libcst:
        commands["LibCST"] = [bin_folder / "python", HERE / "find_calls.py", folder]
    return commands


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--asyncmend", type=pathlib.Path, required=True, help="a release build")
    parser.add_argument("--cache", type=pathlib.Path, required=True, help="a folder for everything")
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", nargs="*", choices=[*PARTS, MILLION], default=PARTS)
    arguments = parser.parse_args()
    asyncmend, cache = arguments.asyncmend.resolve(), arguments.cache.resolve()
    cache.mkdir(parents=True, exist_ok=True)
    bin_folder, corpus = prepare(cache)
    with_sites, without = sorted_files(asyncmend, corpus)
    versions = [
        subprocess.run([tool, "--version"], stdout=subprocess.PIPE, text=True).stdout.split("\n")[0]
        for tool in (asyncmend, bin_folder / "ruff", bin_folder / "rg", bin_folder / "ast-grep")
    ]
    say("{}, {} cores; {}".format(platform.machine(), os.cpu_count(), ", ".join(versions)))
    say("{} files of real projects, {} of them with sites".format(
        len(with_sites) + len(without), len(with_sites)
    ))

    def made(kind, size):
        return tree(cache, corpus, kind, size, with_sites, without)

    if "trees" in arguments.only:
        shapes = [("mixed", size) for size in arguments.sizes]
        middle = sorted(arguments.sizes)[len(arguments.sizes) // 2]
        shapes += [("few", middle), ("all", middle)]
        grown = []
        for kind, size in shapes:
            folder = made(kind, size)
            commands = tools(asyncmend, bin_folder, folder, size <= MOST_FOR_LIBCST)
            results = compared(commands, arguments.runs)
            table("{} files, {}".format(size, kind), results, "asyncmend check")
            if kind == "mixed":
                grown.append((size, results["asyncmend check"]))
        say("\nGrowth of `asyncmend check`, mixed: " + ", ".join(
            "{} files {:.1f} µs each, {:.0f} MiB".format(size, seconds / size * 1e6, memory)
            for size, (seconds, memory) in grown
        ))
    if "fix" in arguments.only:
        folder = made("all", 1_000)
        copy = cache / "copy"

        # Used copies stay until the end: a file system that has just deleted many files is slow to make new ones.
        used = pathlib.Path(tempfile.mkdtemp(dir=cache))

        def renew(name):
            if copy.exists():
                copy.rename(used / str(len(os.listdir(used))))
            shutil.copytree(folder, copy)

        options = ["--no-types", "--isolated", "--quiet", copy]
        commands = {"check": [asyncmend, "check", *options], "fix": [asyncmend, "fix", "--no-vcs", *options]}
        table("1000 files, all", compared(commands, arguments.runs, before=renew), "check")
        shutil.rmtree(used)
    if "stdin" in arguments.only:
        by_size = sorted(with_sites, key=lambda path: (corpus / path).stat().st_size)
        one = corpus / by_size[len(by_size) // 2]
        commands = {
            "asyncmend check -": [asyncmend, "check", "--no-types", "--isolated", "--quiet", "-"],
            "ruff check -": [bin_folder / "ruff", "check", "--select", "RUF006", "--no-cache"]
            + ["--isolated", "--quiet", "-"],
        }
        title = "standard input, {} bytes".format(one.stat().st_size)
        results = compared(commands, arguments.runs * 5, stdin=one)
        table(title, results, "ruff check -")
    if "types" in arguments.only:
        (project,) = corpus.glob("distributed-*")
        commands = {
            "without types": [asyncmend, "check", "--no-types", "--isolated", "--quiet", project],
            "with types": [asyncmend, "check", "--isolated", "--quiet", project],
        }
        table(project.name, compared(commands, arguments.runs), "without types")
    if MILLION in arguments.only:
        commands = tools(asyncmend, bin_folder, million(cache), with_libcst=False)
        for slow in ("asyncmend diff", "ast-grep"):
            del commands[slow]
        table("a million files of one line", compared(commands, runs=1), "asyncmend check")


def million(cache):
    """A folder with a million files in ten thousand folders."""
    folder = cache / "trees" / "million"
    if not (folder / "done").exists():
        for number in range(10_000):
            package = folder / "files" / "package_{}".format(number // 100) / "part_{}".format(number)
            package.mkdir(parents=True, exist_ok=True)
            for module in range(100):
                (package / "some_module_{}.py".format(module)).write_text("x = 1\n")
        (folder / "done").touch()
    return folder / "files"


if __name__ == "__main__":
    main()
