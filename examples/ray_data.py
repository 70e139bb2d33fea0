"""Mends the files of a table with Ray Data.

    RAY_ADDRESS=auto python examples/ray_data.py --target-version 3.11 s3://lake/files s3://lake/mended

The first table has the columns `path` and `content`, and may have `target`; docs/lake.md says what the second has. Each
node of the cluster needs asyncmend and pyarrow.
"""

import argparse

import ray
from asyncmend.arrow import rewrite_table

#: A task holds that many files at a time.
BATCH = 256


def mended(files, **options):
    """What becomes of a data set of files."""
    return files.map_batches(
        rewrite_table, batch_format="pyarrow", batch_size=BATCH, fn_kwargs=options
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target-version")
    parser.add_argument("files", help="a folder of Parquet")
    parser.add_argument("mended", help="the folder to write")
    arguments = parser.parse_args()
    files = ray.data.read_parquet(arguments.files)
    mended(files, target_version=arguments.target_version).write_parquet(arguments.mended)


if __name__ == "__main__":
    main()
