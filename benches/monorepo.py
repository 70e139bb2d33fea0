"""Makes a repository of many packages with owners, and times how it is split.

usage: monorepo.py --asyncmend BINARY --into DIR [--packages N] [--teams N] [--keep]

Each package has a pyproject.toml and ten modules, three of which have sites; the packages of a team lie in a folder
that CODEOWNERS gives to it. All is committed. Each way to split is timed once and its patches are counted; that
they are together what `fix` does is checked with Git for the last one.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import time

MODULES = 10

DROPS = '''"""Part {part} of {name}."""

import asyncio
import logging

log = logging.getLogger(__name__)


class Worker{part}:
    def __init__(self, queue):
        self.queue = queue

    async def start(self):
        log.info("start %s", self.queue)
        asyncio.create_task(self.run())

    async def run(self):
        while True:
            job = await self.queue.get()
            await job()
'''

GATHERS = '''"""Part {part} of {name}."""

import asyncio


async def user(number):
    await asyncio.sleep(0)
    return {{"user": number}}


async def orders(number):
    await asyncio.sleep(0)
    return [number]


async def profile(number):
    who, what = await asyncio.gather(user(number), orders(number))
    return {{**who, "orders": what}}
'''

WAITS = '''"""Part {part} of {name}."""

import asyncio


async def state(device):
    return device


async def ask(device):
    try:
        return await asyncio.wait_for(state(device), timeout=2)
    except asyncio.TimeoutError:
        return None
'''

PLAIN = '''"""Part {part} of {name}."""

from dataclasses import dataclass


@dataclass
class Row{part}:
    name: str
    count: int = 0

    def add(self, more):
        self.count += more
        return self.count
'''

TEXTS = [DROPS, GATHERS, WAITS] + [PLAIN] * (MODULES - 3)


def git(folder, *args, **more):
    who = ["-c", "user.name=monorepo", "-c", "user.email=monorepo@example.org"]
    return subprocess.run(["git", *who, *args], cwd=folder, check=True, capture_output=True, **more).stdout


def make(folder, packages, teams):
    """The repository."""
    folder.mkdir(parents=True)
    owners = ["* @org/platform"]
    owners += ["/teams/team_{0:03}/ @org/team-{0:03}".format(team) for team in range(teams)]
    (folder / "CODEOWNERS").write_text("\n".join(owners) + "\n")
    for number in range(packages):
        name = "pkg_{:05}".format(number)
        package = folder / "teams" / "team_{:03}".format(number % teams) / name
        (package / name).mkdir(parents=True)
        target = "3.{}".format(9 + number % 4)
        project = '[project]\nname = "{}"\nversion = "1"\nrequires-python = ">={}"\n'.format(name, target)
        (package / "pyproject.toml").write_text(project)
        (package / name / "__init__.py").write_text("")
        for part, text in enumerate(TEXTS):
            (package / name / "part_{}.py".format(part)).write_text(text.format(part=part, name=name))
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "all")


def split(asyncmend, folder, out, options):
    """Splits it once: the seconds and the index."""
    shutil.rmtree(out, ignore_errors=True)
    began = time.perf_counter()
    command = [asyncmend, "split", "--quiet", *options, "--out", out]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - began
    return seconds, json.loads((out / "index.json").read_text())


def tree(folder):
    """What the files are, as a name; and then as they were."""
    git(folder, "add", "-A")
    name = git(folder, "write-tree")
    git(folder, "reset", "-q", "--hard")
    return name


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--asyncmend", type=pathlib.Path, required=True)
    parser.add_argument("--into", type=pathlib.Path, required=True)
    parser.add_argument("--packages", type=int, default=2000)
    parser.add_argument("--teams", type=int, default=40)
    parser.add_argument("--keep", action="store_true", help="take the repository that is there")
    args = parser.parse_args()
    asyncmend, folder = args.asyncmend.resolve(), args.into.resolve() / "monorepo"
    out = args.into.resolve() / "patches"
    if not (args.keep and folder.exists()):
        shutil.rmtree(folder, ignore_errors=True)
        make(folder, args.packages, args.teams)
    print("{} packages, {} modules".format(args.packages, args.packages * (MODULES + 1)))
    ways = [
        ["--by", "owner"],
        ["--by", "owner", "--no-types"],
        ["--by", "owner", "--max-files", "50"],
        ["--by", "folder", "--depth", "2"],
        ["--by", "transform"],
        ["--by", "package"],
    ]
    for options in ways:
        seconds, index = split(asyncmend, folder, out, options)
        sites = sum(sum(shard["sites"].values()) for shard in index["shards"])
        count = len(index["shards"])
        print("{:6.1f} s  {:5} patches  {:6} sites  {}".format(seconds, count, sites, " ".join(options)))
    for shard in reversed(index["shards"]):
        git(folder, "apply", str(out / shard["patch"]))
    applied = tree(folder)
    subprocess.run([asyncmend, "fix", "--quiet"], cwd=folder, check=True)
    assert applied == tree(folder), "the patches are not what fix does"
    print("applied in reverse order, they are what fix does")


if __name__ == "__main__":
    main()
