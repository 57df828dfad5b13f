"""Tables and verdicts that executors derive through `kyc-recon derive-stream` are those that kyc-recon published."""

import pyarrow.parquet
import pytest

from conftest import BINARY, spark_submit

TABLES = ["users", "rule_hits", "aml_entities", "aml_hits", "warnings", "status_reasons", "drift"]
# What names the run: each shard's is its own.
OF_THE_RUN = {"run_id", "position", "answer_run_id", "answer_age_days"}


@pytest.fixture(scope="module")
def night(place):
    wishes = ["--kyc-recon", BINARY, "--baseline", "reports/night-1"]
    spark_submit(place, "derive.py", "reports/night-2", "--out", "derived", *wishes)
    return place


@pytest.fixture(scope="module")
def shards(place):
    spark_submit(place, "derive.py", "shards/job-*", "--out", "joined", "--kyc-recon", BINARY)
    return place


@pytest.mark.parametrize("table", TABLES)
def test_the_tables_of_a_run_are_its_own_row_by_row(night, table):
    published = rows(night / f"reports/night-2/tables/{table}.parquet")
    assert len(published) > 0
    assert rows(night / "derived" / table) == published


@pytest.mark.parametrize("table", TABLES)
def test_the_tables_of_all_shards_are_those_of_the_merged_run(shards, table):
    merged = rows(shards / f"reports/job/tables/{table}.parquet", OF_THE_RUN)
    derived = rows(shards / "joined" / table, OF_THE_RUN)
    if table == "drift":
        # Counted within each shard.
        merged, derived = ({row["pointer"] for row in table} for table in (merged, derived))
    assert derived == merged


def rows(path, without=frozenset()):
    """The rows in an order of their own, with the columns in that of the file."""
    read = pyarrow.parquet.read_table(path, partitioning=None)
    kept = read.select([name for name in read.column_names if name not in without])
    return sorted(kept.to_pylist(), key=repr)
