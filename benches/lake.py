"""How many files a second the command, `rewrite_batch`, Spark and Ray mend, on the same files and this machine.

usage: lake.py --work DIR [--runs N] FOLDER

To be run in an environment with the wheel, a release build, and what `tests/cluster/requirements.txt` names. The Python files
of FOLDER go into a table in DIR. The engines have two workers, each of one core; their clusters are up, and have worked on
the table once, before time is taken. Each is timed N times, in turns, and the best counts; Spark and Ray read and
write tables, the command reads files and drops its patches, and `rewrite_batch` has the table in memory.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import time

import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet
from asyncmend.arrow import rewrite_batch

ROOT = pathlib.Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "examples"))
import ray_data  # noqa: E402
import spark  # noqa: E402

TARGET = "3.11"
PARTS = 32


def table_of(folder, into):
    """A table of the Python files below `folder`, those alone that are UTF-8, in parts."""
    paths, contents = [], []
    for path in sorted(folder.rglob("*.py")):
        try:
            contents.append(path.read_bytes().decode())
        except (OSError, UnicodeDecodeError):
            continue
        paths.append(path.relative_to(folder).as_posix())
    table = pa.table({"path": paths, "content": contents})
    into.mkdir()
    # Neighbours are alike: each part gets some of all.
    for part in range(PARTS):
        rows = table.take(pa.array(range(part, table.num_rows, PARTS)))
        pa.parquet.write_table(rows, into / f"{part:02}.parquet")
    return table


def command(files, jobs):
    words = ["diff", "--isolated", "--no-types", "--quiet", "--exit-zero", "--no-ignore", "--exclude="]
    words += [f"--target-version={TARGET}", f"--jobs={jobs}", str(files)]

    def run():
        ran = subprocess.run([sys.executable, "-m", "asyncmend", *words], stdout=subprocess.DEVNULL)
        assert ran.returncode in (0, 2), ran

    return run


def batches(table):
    parts = table.to_batches(max_chunksize=256)
    return lambda: [rewrite_batch(part, target_version=TARGET) for part in parts]


def on_spark(table, result):
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local-cluster[2,1,2048]")
    session = builder.config("spark.ui.enabled", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")

    def run():
        files = session.read.parquet(str(table))
        mended = spark.mended(files, target_version=TARGET)
        mended.write.mode("overwrite").parquet(str(result))

    return run, session.stop


def on_ray(table, result):
    import ray
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    cluster.add_node(num_cpus=1)
    ray.init(address=cluster.address, log_to_driver=False)

    def run():
        shutil.rmtree(result, ignore_errors=True)
        files = ray.data.read_parquet(str(table))
        ray_data.mended(files, target_version=TARGET).write_parquet(str(result))

    def stop():
        ray.shutdown()
        cluster.shutdown()

    return run, stop


def best(run, runs):
    run()
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        run()
        times.append(time.perf_counter() - begun)
    return min(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    work = options.work.resolve()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    table = table_of(options.folder.resolve(), work / "table")
    size = sum(map(len, table.column("content").to_pylist())) / 2**20
    print(f"{table.num_rows:,} files, {size:.0f} MiB")
    files = work / "files"
    for path, content in zip(*(table.column(name).to_pylist() for name in ["path", "content"])):
        (files / path).parent.mkdir(parents=True, exist_ok=True)
        (files / path).write_text(content, newline="")
    measure = lambda name, run: print(  # noqa: E731
        f"{name:24} {table.num_rows / best(run, options.runs):9,.0f} files a second", flush=True
    )
    measure("command, 1 thread", command(files, 1))
    measure("command, 2 threads", command(files, 2))
    measure("rewrite_batch, 1 thread", batches(table))
    for name, start in [("Spark, 2 workers", on_spark), ("Ray, 2 workers", on_ray)]:
        run, stop = start(work / "table", work / name[:3])
        measure(name, run)
        stop()


if __name__ == "__main__":
    main()
