"""Mends the files of a table with Apache Spark.

    spark-submit examples/spark.py --target-version 3.11 s3a://lake/files s3a://lake/mended

The first table has the columns `path` and `content`, strings or bytes, and may have `target`; docs/lake.md says what the
second has. Each Python of the cluster needs asyncmend and pyarrow.
"""

import argparse

from asyncmend.arrow import SPARK_SCHEMA, SPARK_SCHEMA_OF_BYTES, rewrite_batch
from pyspark.sql import SparkSession
from pyspark.sql.types import BinaryType


def mended(files, **options):
    """What becomes of a data frame of files."""

    def rewrite(batches):
        for batch in batches:
            yield rewrite_batch(batch, **options)

    are_bytes = isinstance(files.schema["content"].dataType, BinaryType)
    return files.mapInArrow(rewrite, SPARK_SCHEMA_OF_BYTES if are_bytes else SPARK_SCHEMA)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target-version")
    parser.add_argument("files", help="a folder of Parquet")
    parser.add_argument("mended", help="the folder to write")
    arguments = parser.parse_args()
    spark = SparkSession.builder.appName("asyncmend").getOrCreate()
    files = spark.read.parquet(arguments.files)
    result = mended(files, target_version=arguments.target_version)
    result.write.parquet(arguments.mended)
    spark.stop()


if __name__ == "__main__":
    main()
