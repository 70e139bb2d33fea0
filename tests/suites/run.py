"""Runs the test suites of real projects before and after asyncmend, and compares them test by test.

usage: run.py --asyncmend BINARY --work DIR [--python INTERPRETER ...] [--table FILE] [PROJECT ...]

For each project of `projects.toml` and each interpreter: an environment, the source distribution, the
suite as it is (as often as `--repeat` says, so that tests that do not always end alike are known), the
suite after `asyncmend fix`, and after `asyncmend fix --unsafe-fixes`. What was done before is kept in DIR
and not done again. Exits with 1 where a test ends otherwise that `projects.toml` does not name, and with 0
where a project could not be fetched or installed, which is said.
"""

import argparse
import collections
import datetime
import fnmatch
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import tomllib
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "corpus"))
import fetch  # noqa: E402

HERE = pathlib.Path(__file__).parent
# A suite that takes longer hangs.
LIMIT = 1800
VARIANTS = {"default": [], "unsafe": ["--unsafe-fixes"]}


class Unavailable(Exception):
    """A project that cannot be run here."""


def call(command, **kwargs):
    kwargs.setdefault("stdout", subprocess.PIPE)
    return subprocess.run(
        [str(part) for part in command],
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        **kwargs,
    )


def tail(text, lines=3):
    return " / ".join(text.strip().splitlines()[-lines:])


def version_of(interpreter):
    code = "import platform; print(platform.python_version())"
    return call([interpreter, "-c", code]).stdout.strip()


class Run:
    """One project under one interpreter."""

    def __init__(self, project, interpreter, arguments):
        self.project = project
        self.interpreter = interpreter
        self.version = version_of(interpreter)
        self.asyncmend = arguments.asyncmend.resolve()
        self.repeat = arguments.repeat
        self.name = "{}-{}".format(project["name"], project["version"])
        self.folder = arguments.work.resolve() / "{}-py{}".format(self.name, self.version)
        self.pristine = self.folder / "pristine"
        self.tree = self.folder / "tree"
        self.environment = self.folder / "environment"

    def python(self):
        return self.environment / "bin" / "python"

    def prepare(self):
        """Fetches the sources and installs what the suite needs."""
        done = self.folder / "prepared"
        if done.exists():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        pinned = fetch.Project(**{key: self.project[key] for key in ("name", "version", "sha256")}, optional=True)
        try:
            fetch.fetch(pinned, self.folder, fetch.Index())
        except fetch.TROUBLE as trouble:
            raise Unavailable("cannot be fetched: {}".format(trouble)) from trouble
        (self.folder / pinned.folder).rename(self.pristine)
        shutil.copytree(self.pristine, self.tree, symlinks=True)
        made = call([self.interpreter, "-m", "venv", self.environment])
        if made.returncode:
            raise Unavailable("no environment: " + tail(made.stdout))
        install = [self.python(), "-m", "pip", "install", "-q", "--prefer-binary"]
        try:
            installed = call(install + self.project["install"], cwd=self.tree, timeout=LIMIT // 4)
        except subprocess.TimeoutExpired as reason:
            raise Unavailable("cannot be installed: pip finds no answer") from reason
        if installed.returncode:
            raise Unavailable("cannot be installed: " + tail(installed.stdout))
        done.touch()

    def reset(self):
        """Puts the sources back, all but what the installation left beside them."""
        for path in self.pristine.rglob("*.py"):
            target = self.tree / path.relative_to(self.pristine)
            if not target.exists() or target.read_bytes() != path.read_bytes():
                shutil.copy2(path, target)
        for path in self.tree.rglob("__pycache__"):
            shutil.rmtree(path, ignore_errors=True)

    def state(self):
        """The contents of the sources, in short."""
        digest = hashlib.sha256()
        for path in sorted(self.pristine.rglob("*.py")):
            digest.update((self.tree / path.relative_to(self.pristine)).read_bytes())
        return digest.hexdigest()

    def suite(self, label, only=()):
        """Runs the suite, or the tests of the files `only`; gives the outcome of each test, and how long it
        took in seconds."""
        report = self.folder / (label + ".xml")
        report.unlink(missing_ok=True)
        command = [self.python(), "-m", "pytest", "-q", "-o", "addopts=", "-p", "no:cacheprovider"]
        command += ["-p", "no:randomly", "--junitxml", report]
        if only:
            # The last argument is the folder of the tests.
            command += self.project["test"][:-1] + sorted(only)
        else:
            command += self.project["test"]
        variables = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", PYTHONHASHSEED="0")
        variables.pop("VIRTUAL_ENV", None)
        if "path" in self.project:
            variables["PYTHONPATH"] = str(self.tree / self.project["path"])
        begun = time.monotonic()
        with open(self.folder / (label + ".log"), "w") as log:
            try:
                call(command, cwd=self.tree, env=variables, stdout=log, timeout=LIMIT)
            except subprocess.TimeoutExpired:
                return {"the suite itself": "did not end"}, LIMIT
        seconds = time.monotonic() - begun
        if not report.exists():
            log = (self.folder / (label + ".log")).read_text()
            return {"the suite itself": "ended with: " + tail(log)}, seconds
        return outcomes(report), seconds

    def file_of(self, test):
        """The file of a test, by the name that a JUnit report gives it."""
        parts = test.partition("::")[0].split(".")
        for length in range(len(parts), 0, -1):
            path = "/".join(parts[:length]) + ".py"
            if (self.tree / path).exists():
                return path
        raise SystemExit("{}: {} is in no file".format(self.name, test))

    def fix(self, options):
        """Mends package and tests; gives the number of sites by transform and decision."""
        options = ["--python", self.environment, *options, "."]
        check = [self.asyncmend, "check", "--output-format", "json-lines", *options]
        found = subprocess.run(
            check, cwd=self.tree, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        sites = collections.Counter()
        for line in found.stdout.splitlines():
            site = json.loads(line)
            sites["{} {}".format(site["transform"], site["decision"])] += 1
        fixed = call([self.asyncmend, "fix", "--no-vcs", "--allow-dirty", *options], cwd=self.tree)
        if fixed.returncode not in (0, 1):
            raise SystemExit("asyncmend fix failed on {}:\n{}".format(self.name, fixed.stdout))
        return dict(sorted(sites.items()))

    def result(self):
        """All that there is to say, from the last run where that is done."""
        path = self.folder / "result.json"
        if path.exists():
            return json.loads(path.read_text())
        out = {"project": self.name, "python": self.version}
        try:
            self.prepare()
        except Unavailable as reason:
            return dict(out, unavailable=str(reason))
        self.reset()
        baselines = []
        for number in range(self.repeat):
            baseline, seconds = self.suite("baseline-{}".format(number))
            baselines.append(baseline)
            out["seconds"] = round(seconds)
        if "passed" not in baselines[0].values():
            return dict(out, unavailable="its suite does not run: {}".format(baselines[0]))
        out["baseline"] = dict(collections.Counter(baselines[0].values()))
        tested = {}
        for variant, options in VARIANTS.items():
            self.reset()
            sites = self.fix(options)
            state = self.state()
            if state in tested:
                out[variant] = dict(out[tested[state]], sites=sites)
                continue
            tested[state] = variant
            after, _ = self.suite(variant)
            changed = differing(baselines, after)
            flaky = set()
            if changed:
                # A change has to show again, and the baseline must not show it too.
                files = {self.file_of(test) for test in changed}
                again, _ = self.suite(variant + "-again", files)
                self.reset()
                baseline, _ = self.suite("baseline-after-" + variant, files)
                before = [{it: run[it] for it in baseline if it in run} for run in baselines]
                steady = differing([*before, baseline], again)
                flaky = set(changed) - set(steady)
                changed = {test: steady[test] for test in changed if test in steady}
            out[variant] = {
                "sites": sites,
                "changed": changed,
                "not_steady": sorted(flaky),
            }
        unsteady = {it for it in baselines[0] if len({run.get(it) for run in baselines}) > 1}
        out["flaky"] = sorted(unsteady)
        path.write_text(json.dumps(out, indent=1))
        return out


def outcomes(report):
    """The outcome of each test in a JUnit report."""
    found = {}
    for case in xml.etree.ElementTree.parse(report).iter("testcase"):
        name = "{}::{}".format(case.get("classname"), case.get("name"))
        kinds = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        # A test that passes and whose teardown fails is listed twice.
        worst = kinds[0] if kinds else "passed"
        if found.get(name, "passed") == "passed":
            found[name] = worst
    return found


def differing(baselines, after):
    """The tests of all baselines that end otherwise than in any of them: how. Some are called by the time
    of the day."""
    found = {}
    for test in sorted(set(baselines[0]).intersection(*baselines)):
        before = {baseline[test] for baseline in baselines}
        if after.get(test, "absent") not in before:
            found[test] = "{} -> {}".format("/".join(sorted(before)), after.get(test, "absent"))
    return found


def split(variant, expected):
    """Takes what `projects.toml` expects out of the tests that changed; adds the reasons."""
    variant["listed"] = {}
    for test in list(variant["changed"]):
        for entry in expected:
            if any(fnmatch.fnmatchcase(test, pattern) for pattern in entry["tests"]):
                variant["listed"][test] = entry["reason"]
                del variant["changed"][test]
                break


def table(results):
    """The results for people to read, as Markdown."""
    yield "| project | CPython | tests as they were | rewritten | changed by default | changed with `--unsafe-fixes` | s |"
    yield "|---|---|---|---|---|---|---|"
    for result in results:
        first = "| {project} | {python} | ".format(**result)
        if "unavailable" in result:
            yield first + result["unavailable"].replace("|", "/") + " | | | | |"
            continue
        counts = ", ".join("{} {}".format(n, kind) for kind, n in sorted(result["baseline"].items()))
        if result["flaky"]:
            counts += "; {} not always alike".format(len(result["flaky"]))
        rewritten = []
        for key, count in result["default"]["sites"].items():
            if key.endswith(" rewrite"):
                rewritten.append("{} {}".format(count, key.split()[0]))
        more = sum(count for key, count in result["unsafe"]["sites"].items() if key.endswith(" rewrite"))
        more -= sum(count for key, count in result["default"]["sites"].items() if key.endswith(" rewrite"))
        changes = []
        for variant in VARIANTS:
            changed, listed = len(result[variant]["changed"]), len(result[variant]["listed"])
            changes.append("{}{}".format(changed, " and {} listed".format(listed) if listed else ""))
        yield first + "{} | {} | {} | {} ({} more sites) | {} |".format(
            counts, ", ".join(rewritten) or "nothing", *changes, more, result["seconds"]
        )


def reasons(results):
    """The tests that change for a reason, by the reason."""
    found = {}
    for result in results:
        for variant in VARIANTS:
            for test, reason in result.get(variant, {}).get("listed", {}).items():
                found.setdefault((result["project"], reason), set()).add(test.rpartition(".")[2])
    for (project, reason), tests in sorted(found.items()):
        yield "- {}: {} ({})".format(project, reason, ", ".join(sorted(tests)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--asyncmend", type=pathlib.Path, required=True, help="the program")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="a folder for everything")
    parser.add_argument("--python", action="append", help="an interpreter; may be given again")
    parser.add_argument("--repeat", type=int, default=2, help="baselines of each suite")
    parser.add_argument("--table", type=pathlib.Path, help="where to write the table")
    parser.add_argument("project", nargs="*", help="all of projects.toml where none is named")
    arguments = parser.parse_args()
    projects = tomllib.loads((HERE / "projects.toml").read_text())["project"]
    unknown = set(arguments.project) - {project["name"] for project in projects}
    if unknown:
        parser.error("not in projects.toml: " + ", ".join(sorted(unknown)))
    results = []
    for project in projects:
        if arguments.project and project["name"] not in arguments.project:
            continue
        for interpreter in arguments.python or [sys.executable]:
            result = Run(project, interpreter, arguments).result()
            for variant in VARIANTS:
                if variant in result:
                    split(result[variant], project.get("expect", []))
            print(json.dumps(result), flush=True)
            results.append(result)
    if arguments.table:
        asyncmend = call([arguments.asyncmend, "--version"]).stdout.strip()
        lines = list(table(results))
        today = datetime.date.today().isoformat()
        lines += ["", *reasons(results), "", "{}, {}.".format(today, asyncmend)]
        arguments.table.write_text("\n".join(lines) + "\n")
    changed = [it for it in results for variant in VARIANTS if it.get(variant, {}).get("changed")]
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
