"""What both programs begin with: a session, and the published runs."""

import glob
from pathlib import Path

from pyspark.sql import SparkSession


def session():
    """A session in which times are UTC in microseconds, as they are published."""
    builder = SparkSession.builder.config("spark.sql.session.timeZone", "UTC")
    return builder.config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS").getOrCreate()


def published(pattern):
    """The published runs among what the pattern matches, by name; `latest` is one of them under another name."""
    found = [Path(path) for path in sorted(glob.glob(pattern))]
    return [path for path in found if (path / "certificate.json").is_file() and not path.is_symlink()]
