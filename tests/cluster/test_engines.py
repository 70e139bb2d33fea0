"""The examples for Spark and Ray, each on a cluster of two workers: what they write is what the command does, and a row
that would end a run costs only itself."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import asyncmend
import pyarrow as pa
import pyarrow.parquet
from asyncmend.arrow import FINDING

ROOT = pathlib.Path(os.environ["ASYNCMEND_ROOT"])
EXAMPLES = ROOT / "examples"
SITE = b"import asyncio\nasyncio.create_task(f())\n"
TARGET = "3.11"

#: Texts that could each end a run, with what is said of them.
POISON = {
    "poison/null.py": (None, None, ": there is no content"),
    "poison/syntax.py": (b"import asyncio\nasyncio.create_task(\n", None, ":3:1: syntax error: "),
    "poison/brackets.py": (SITE + b"x = " + b"[" * 8_000_000, None, ":3:"),
    "poison/large.py": (SITE + b"#" * (16 << 20), None, ": larger than 16 MiB"),
    "poison/bytes.py": (SITE + b"'\xff'\n", None, ":3: not UTF-8"),
    "poison/target.py": (SITE, "2.7", ": target_version: Python 2.7 is too old"),
}

#: How many files the tables are in, so that each worker has some.
PARTS = 4


def run(*command, **options):
    command = [str(part) for part in command]
    ran = subprocess.run(command, capture_output=True, timeout=600, **options)
    ran.errors = ran.stderr.decode(errors="replace")
    return ran


def rows():
    """The path, the content and the target of each row."""
    paths = sorted(ROOT.glob("transforms/*/cases/*.py"))
    texts = [(path.relative_to(ROOT).as_posix(), path.read_bytes()) for path in paths]
    # Every other one is for an older Python.
    targets = [(path, text, "3.9" if at % 2 else None) for at, (path, text) in enumerate(texts)]
    poison = [(path, text, target) for path, (text, target, _) in POISON.items()]
    # Those in the midst of others are met in the midst of work.
    half = len(targets) // 2
    return targets[:half] + poison + targets[half:]


def write_table(folder):
    """The rows as strings, those that are none included."""
    columns = list(zip(*rows()))
    contents = pa.array(columns[1], pa.binary()).view(pa.string())
    table = pa.table({"path": columns[0], "content": contents, "target": columns[2]})
    folder.mkdir()
    size = table.num_rows // PARTS + 1
    for part in range(PARTS):
        slice = table.slice(part * size, size)
        pa.parquet.write_table(slice, folder / f"{part}.parquet")


def expected(folder):
    """What the command makes of the same files: by path, the content, the patch, the findings, and what is wrong."""
    made = {}
    for target in [None, "3.9"]:
        here = folder / f"files-{target}"
        ours = {path: text for path, text, given in rows() if given == target and text is not None}
        for path, text in ours.items():
            (here / path).parent.mkdir(parents=True, exist_ok=True)
            (here / path).write_bytes(text)
        options = ["--isolated", "--no-types", "--quiet", f"--target-version={target or TARGET}"]
        command = [sys.executable, "-m", "asyncmend"]
        diff = run(*command, "diff", *options, cwd=here)
        patches = {}
        for patch in re.split(r"(?m)^(?=--- a/)", diff.stdout.decode())[1:]:
            patches[patch.split("\n")[0].removeprefix("--- a/")] = patch
        check = run(*command, "check", *options, "--output-format=json", cwd=here)
        findings = {}
        for finding in json.loads(check.stdout):
            findings.setdefault(finding["path"], []).append(finding)
        troubles = dict(line.split(":", 1) for line in errors(diff))
        fix = run(*command, "fix", "--no-vcs", *options, cwd=here)
        assert fix.returncode == (2 if troubles else 0), fix.errors
        for path in ours:
            content = (here / path).read_bytes()
            made[path] = content, patches.get(path), findings.get(path, []), troubles.get(path)
    return made


def errors(ran):
    """What the command says of files, without its word for it."""
    lines = ran.errors.splitlines()
    return [line.removeprefix("error: ") for line in lines if line.startswith("error: poison/")]


class Engines(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        write_table(cls.folder / "files")
        cls.made = expected(cls.folder)

    def assert_mended(self, folder):
        table = pa.parquet.read_table(folder)
        done = {row["path"]: row for row in table.to_pylist()}
        self.assertEqual(set(done), {path for path, _, _ in rows()})
        self.assertEqual(table.num_rows, len(done))
        self.assertEqual({field.name for field in table.schema.field("findings").type.value_type}, {field.name for field in FINDING})
        changed = 0
        for path, row in done.items():
            if path in POISON:
                self.assert_poisoned(path, row)
                continue
            content, patch, findings, trouble = self.made[path]
            self.assertEqual((row["fault"], trouble), (None, None), path)
            self.assertEqual(row["content"].encode(), content, path)
            self.assertEqual(row["patch"], patch, path)
            self.assertEqual(row["changed"], patch is not None, path)
            changed += row["changed"]
            self.assertEqual(len(row["findings"]), len(findings), path)
            for ours, theirs in zip(row["findings"], findings):
                for key in ["transform", "decision", "message", "why", "code", "cautions"]:
                    self.assertEqual(ours[key], theirs[key], path)
                self.assertEqual((ours["line"], ours["column"]), (theirs["start"]["line"], theirs["start"]["column"]))
        self.assertGreater(changed, 200)

    def assert_poisoned(self, path, row):
        text, target, fault = POISON[path]
        self.assertTrue(row["fault"].startswith(path + fault), row["fault"])
        self.assertEqual((row["changed"], row["patch"], row["findings"]), (False, None, []))
        kept = None if text is None or b"\xff" in text else text.decode()
        self.assertEqual(row["content"], kept)
        if text is not None and target is None:
            # The command says the same of the file, and what to do with it there.
            said = self.made[path][3]
            self.assertTrue((path + ":" + said).startswith(row["fault"]), said)

    def test_spark(self):
        log = self.folder / "events"
        log.mkdir()
        settings = {
            "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": log.as_uri(),
            "spark.eventLog.rolling.enabled": "false",
            "spark.eventLog.compress": "false",
            "spark.ui.enabled": "false",
        }
        settings = [word for key, value in settings.items() for word in ["--conf", f"{key}={value}"]]
        submit = pathlib.Path(sys.executable).with_name("spark-submit")
        ran = run(
            *[submit, "--master", "local-cluster[2,1,1024]", *settings, EXAMPLES / "spark.py"],
            *["--target-version", TARGET, self.folder / "files", self.folder / "spark"],
            env={**os.environ, "PYSPARK_PYTHON": sys.executable},
        )
        self.assertEqual(ran.returncode, 0, ran.errors)
        self.assert_mended(self.folder / "spark")
        events = [json.loads(line) for path in log.iterdir() for line in path.read_text().splitlines()]
        ends = [event for event in events if event["Event"] == "SparkListenerTaskEnd"]
        self.assertEqual(len({event["Task Info"]["Executor ID"] for event in ends}), 2)
        self.assertFalse(any(event["Task Info"]["Failed"] for event in ends))

    def test_spark_reads_files_as_bytes(self):
        import spark
        from pyspark.sql import SparkSession

        text = b"# coding: latin-1\nE = '\xe9'\n" + SITE
        folder = self.folder / "binary"
        folder.mkdir()
        (folder / "a.py").write_bytes(text)
        os.environ["PYSPARK_PYTHON"] = sys.executable
        session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
        self.addCleanup(session.stop)
        files = session.read.format("binaryFile").load(str(folder))
        [row] = spark.mended(files, target_version=TARGET).collect()
        outcome = asyncmend.rewrite(text, path=row["path"], target_version=TARGET)
        self.assertTrue(row["path"].startswith("file:/"), row["path"])
        self.assertEqual((bytes(row["content"]), row["fault"]), (outcome.text, None))
        self.assertEqual(bytes(row["patch"]), outcome.patch)

    def test_ray(self):
        import ray
        import ray_data
        from ray.cluster_utils import Cluster

        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
        self.addCleanup(cluster.shutdown)
        cluster.add_node(num_cpus=1)
        ran = run(
            *[sys.executable, EXAMPLES / "ray_data.py"],
            *["--target-version", TARGET, self.folder / "files", self.folder / "ray"],
            env={**os.environ, "RAY_ADDRESS": cluster.address},
        )
        self.assertEqual(ran.returncode, 0, ran.errors)
        self.assert_mended(self.folder / "ray")
        ray.init(address=cluster.address)
        self.addCleanup(ray.shutdown)
        files = ray.data.read_parquet(str(self.folder / "files")).repartition(PARTS).materialize()
        # More than one worker does before another has come up.
        files = files.union(files, files, files)
        stats = ray_data.mended(files).materialize().stats()
        self.assertIn("2 nodes used", stats)


if __name__ == "__main__":
    unittest.main()
