"""Every reader counts the rows that the certificate counts."""

import duckdb
import pandas
import polars
import pyarrow.parquet


def test_every_reader_counts_the_certified_rows(report):
    certified = report.json("certificate.json")["tables"]
    files = report.tables | {"responses": report.archive}
    assert sorted(files) == sorted(certified)
    for name, path in files.items():
        assert counts(path) == {reader: certified[name] for reader in counts(path)}, name


def counts(path):
    return {
        "duckdb": duckdb.read_parquet(str(path)).shape[0],
        "pandas": len(pandas.read_parquet(path)),
        "polars": polars.read_parquet(path).height,
        "pyarrow": pyarrow.parquet.read_table(path).num_rows,
    }
