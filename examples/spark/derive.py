"""Derives tables and verdicts from archives of any size on Apache Spark, by the code of kyc-recon itself.

    spark-submit examples/spark/derive.py 'shards/night-shard-*' --out derived --kyc-recon /usr/local/bin/kyc-recon

Every executor feeds rows of `archive/responses.parquet` through `kyc-recon derive-stream`, which must be at that path on
each machine. Two passes: who shares a number with whom is counted over all runs first. Over one run, the tables are those
of its report, row by row; over the shards of one job, those of `kyc-recon merge`, but each under its own `run_id` and
with its own positions.
"""

import argparse
import functools
import itertools
import subprocess
import tempfile
import threading
from pathlib import Path

import pyarrow
from pyspark.sql import functions as f

from runs import published, session

TABLES = ["users", "rule_hits", "aml_entities", "aml_hits", "warnings", "status_reasons", "drift"]
# The types of the columns, as Arrow and as Spark call them.
TYPES = {
    "string": "STRING",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "date32[day]": "DATE",
    "timestamp[us, tz=UTC]": "TIMESTAMP",
}
# Documents of some kilobytes each, of which several copies are in memory at a time.
ROWS_TO_A_BATCH = "2000"


class Stream:
    """`kyc-recon derive-stream`, wherever it is run: all it reads beside the rows travels with it."""

    def __init__(self, program, run, policy, census=""):
        self.program = program
        self.files = {
            "certificate.json": (run / "certificate.json").read_bytes(),
            "policy.toml": (policy or run / "policy.toml").read_bytes(),
            "census.csv": census.encode(),
        }

    def columns(self, table):
        """The columns of the table, as the program declares them: it makes them of no rows too."""
        nothing = pyarrow.RecordBatch.from_pylist([], schema=pyarrow.schema([]))
        with tempfile.TemporaryDirectory() as place:
            made = self.reader(table, place, iter([nothing]))
            list(made)
        return ", ".join(f"`{column.name}` {TYPES[str(column.type)]}" for column in made.schema)

    def rows(self, table):
        """A function for `mapInArrow` that makes rows of this table of rows of an archive."""

        def derive(batches):
            first = next(batches, None)
            if first is None:
                return
            with tempfile.TemporaryDirectory() as place:
                yield from self.reader(table, place, itertools.chain([first], batches))

        return derive

    def reader(self, table, place, batches):
        for name, content in self.files.items():
            Path(place, name).write_bytes(content)
        command = [self.program, "derive-stream", table, "--run", place, "--census", f"{place}/census.csv"]
        command += ["--policy", f"{place}/policy.toml"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return Reader(process, batches)


class Reader:
    """The rows that a process makes of the batches it is fed. One that fails fails the task."""

    def __init__(self, process, batches):
        self.process = process
        self.feeding = threading.Thread(target=self.feed, args=[batches], daemon=True)
        self.trouble = None
        self.feeding.start()
        self.made = pyarrow.ipc.open_stream(process.stdout)
        self.schema = self.made.schema

    def feed(self, batches):
        try:
            with self.process.stdin as sink:
                first = next(batches)
                with pyarrow.ipc.new_stream(sink, first.schema) as stream:
                    stream.write_batch(first)
                    for batch in batches:
                        stream.write_batch(batch)
        except Exception as trouble:  # told by the thread that reads
            self.trouble = trouble

    def __iter__(self):
        yield from self.made
        self.feeding.join()
        status = self.process.wait()
        if status or self.trouble:
            raise RuntimeError(f"kyc-recon derive-stream ended with {status}: {self.trouble}")


def archive_of(spark, run, baseline=None):
    """The rows of a run's archive; beside them what the baseline made of each user, if there is one."""
    rows = spark.read.parquet(str(run / "archive/responses.parquet"))
    if baseline is None:
        return rows
    users = spark.read.parquet(str(baseline / "tables/users.parquet"))
    before = users.select(
        "user_id",
        f.col("decision").alias("baseline_decision"),
        f.col("verdict").alias("baseline_verdict"),
    )
    return rows.join(before, "user_id", "left")


def through(stream, table, rows):
    """The rows of a table that the program makes of these rows of an archive."""
    return rows.mapInArrow(stream.rows(table), stream.columns(table))


def union(frames):
    """All rows. A column of the roster that only some runs have is null in the others."""
    return functools.reduce(lambda one, other: one.unionByName(other, allowMissingColumns=True), frames)


def census(numbers):
    """The numbers that more than one user has, as the file that the program reads: what is above the 10 lowest bits of a
    hash is the number, whatever the country."""
    counted = numbers.groupBy("kind", "hash").agg(f.count("*").alias("users"))
    number = f.shiftrightunsigned("hash", 10).alias("number")
    shared = counted.groupBy("kind", number).agg(f.sum("users").alias("all")).where("all > 1")
    repeated = counted.withColumn("number", f.shiftrightunsigned("hash", 10)).join(shared, ["kind", "number"])
    lines = [f"{row.kind},{row.hash},{row.users}\n" for row in repeated.orderBy("kind", "hash").collect()]
    return "".join(["kind,hash,users\n", *lines])


def added_up(drift, archive):
    """The drift of a run from that of its parts: the sample is that of the first user of the roster."""
    word = f.when(f.col("kind") == "new_word", f.col("sample"))
    place = archive.select("run_id", f.col("user_id").alias("first_user_id"), "position")
    by = ["run_id", "kind", "table_name", "column_name", "pointer", word.alias("word")]
    added = drift.join(place, ["run_id", "first_user_id"]).groupBy(*by).agg(
        f.min_by("sample", "position").alias("sample"),
        f.sum("occurrences").alias("occurrences"),
        f.min_by("first_user_id", "position").alias("first_user_id"),
    )
    return added.select(*drift.columns)


def derive(spark, runs, program, policy=None, baseline=None):
    """Every table that is made of documents, by name."""
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", ROWS_TO_A_BATCH)
    archives = {run: archive_of(spark, run, baseline) for run in runs}
    numbers = (through(Stream(program, run, policy), "census", rows) for run, rows in archives.items())
    repeated = census(union(numbers))
    streams = {run: Stream(program, run, policy, repeated) for run in runs}
    tables = {
        table: union(through(streams[run], table, rows) for run, rows in archives.items()) for table in TABLES
    }
    return tables | {"drift": added_up(tables["drift"], union(archives.values()))}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("runs", help="a pattern of published runs, in quotes")
    arguments.add_argument("--out", required=True, help="directory, or address, for the tables as Parquet")
    arguments.add_argument("--kyc-recon", default="kyc-recon", help="the program, on every machine")
    arguments.add_argument("--policy", type=Path, help="judge by this policy instead of each run's own")
    arguments.add_argument("--baseline", type=Path, help="the report of the run with which they are compared")
    given = arguments.parse_args()
    runs = published(given.runs)
    if not runs:
        arguments.error(f"no published run matches {given.runs}")
    tables = derive(session(), runs, given.kyc_recon, given.policy, given.baseline)
    for name, rows in tables.items():
        rows.write.mode("errorifexists").parquet(f"{given.out}/{name}")
    print(f"{len(runs)} runs, {len(tables)} tables in {given.out}")


if __name__ == "__main__":
    main()
