"""What both programs begin with: a session, and the published runs."""

import glob
import json
import sys
from pathlib import Path

from pyspark.sql import SparkSession


def session():
    """A session in which times are UTC in microseconds, as they are published."""
    builder = SparkSession.builder.config("spark.sql.session.timeZone", "UTC")
    return builder.config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS").getOrCreate()


def published(pattern):
    """The published runs among what the pattern matches, by name; `latest` is one of them under another name."""
    found = [Path(path) for path in sorted(glob.glob(pattern))]
    runs = [path for path in found if (path / "certificate.json").is_file() and not path.is_symlink()]
    check_whole({path.name: json.loads((path / "certificate.json").read_text(encoding="utf-8"))["derivation"] for path in runs})
    return runs


def check_whole(derivations):
    """Stops where a shard is missing, or beside the run it was merged into: users would be lost, or counted twice."""
    shards = [derivation["shard"] for derivation in derivations.values() if derivation["shard"]]
    for job, of in sorted({(shard["job"], shard["of"]) for shard in shards}):
        there = {shard["index"] for shard in shards if (shard["job"], shard["of"]) == (job, of)}
        missing = sorted(set(range(1, of + 1)) - there)
        if missing:
            sys.exit(f"of the job {job} these shards of {of} are missing: {missing}; name them too, or the merged run")
    merged = {run["run_id"] for derivation in derivations.values() for run in derivation["merged_from"]}
    twice = sorted(merged & set(derivations))
    if twice:
        sys.exit(f"these shards stand beside the run they were merged into: {twice}; name either")
