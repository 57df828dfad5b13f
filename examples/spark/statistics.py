"""Runs the published statistics on Apache Spark, over one run or over many at once.

    spark-submit examples/spark/statistics.py 'reports/2026112*' --out statistics-of-november

Every `statistics/*.sql` of the last of these runs (by name) is run unchanged over the tables of all of them together; the
answer to each is written as CSV. Over one run it is the published answer; over several, the rows of each count. The shards of
one job have to be merged first, or derived by `derive.py`: a shard does not know who shares a number with whom elsewhere.
"""

import argparse
import csv
import datetime
import sys
from pathlib import Path

from runs import published, session


def register(spark, runs):
    """Makes each table of these runs a view of its bare name, as the queries call it. Other columns of a roster that only
    some of the runs have are null in the others."""
    for table in sorted({file.stem for run in runs for file in run.glob("tables/*.parquet")}):
        files = [str(run / f"tables/{table}.parquet") for run in runs]
        spark.read.option("mergeSchema", True).parquet(*files).createOrReplaceTempView(table)


def answers(spark, runs):
    """The name, the columns and the rows of each statistic's answer. One is left out, and said to be: a query that names a
    column of the roster in letters beyond ASCII, which Spark takes between backquotes only, and no other engine does."""
    for query in sorted(runs[-1].glob("statistics/*.sql")):
        if not query.stem.isascii():
            print(f"left out: {query.stem}, a name that Spark cannot read", file=sys.stderr)
            continue
        answer = spark.sql(query.read_text(encoding="utf-8"))
        yield query.stem, answer.columns, [tuple(row) for row in answer.collect()]


def cell(value):
    """A value as the published CSV files write it."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime.datetime():
            return value.isoformat(timespec="microseconds") + "Z"
        case _:
            return str(value)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("runs", help="a pattern of published runs, in quotes")
    arguments.add_argument("--out", type=Path, required=True, help="directory for the answers")
    given = arguments.parse_args()
    runs = published(given.runs)
    if not runs:
        arguments.error(f"no published run matches {given.runs}")
    spark = session()
    register(spark, runs)
    given.out.mkdir(parents=True, exist_ok=True)
    for name, columns, rows in answers(spark, runs):
        with (given.out / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([cell(value) for value in row] for row in rows)
    print(f"{len(runs)} runs, answers in {given.out}")


if __name__ == "__main__":
    main()
