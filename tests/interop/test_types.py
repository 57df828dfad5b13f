"""Every reader sees the types that the dictionary declares, also in columns without a value."""

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.parquet

# What a declared type is to each reader.
PYARROW = {
    "string": pyarrow.large_string(),
    "integer": pyarrow.int64(),
    "number": pyarrow.float64(),
    "boolean": pyarrow.bool_(),
    "date": pyarrow.date32(),
    "datetime": pyarrow.timestamp("us", tz="UTC"),
}
POLARS = {
    "string": polars.String(),
    "integer": polars.Int64(),
    "number": polars.Float64(),
    "boolean": polars.Boolean(),
    "date": polars.Date(),
    "datetime": polars.Datetime("us", "UTC"),
}
PANDAS = {kind: pandas.ArrowDtype(arrow) for kind, arrow in PYARROW.items()}
DUCKDB = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP WITH TIME ZONE",
}


def test_every_table_is_declared_and_every_declared_table_is_there(report):
    assert sorted(report.declared) == sorted(report.tables)


def test_the_dictionary_for_people_declares_the_same_columns(report):
    lines = (report.path / "dictionary.md").read_text(encoding="utf-8").splitlines()
    named = [line.split("`")[1] for line in lines if line.startswith("| `")]
    assert named == [column for columns in report.declared.values() for column in columns]


def test_pyarrow_sees_the_declared_types(report):
    assert_seen(report, PYARROW, lambda path: fields(pyarrow.parquet.read_schema(path)))


def test_polars_sees_the_declared_types(report):
    assert_seen(report, POLARS, polars.read_parquet_schema)


def test_pandas_sees_the_declared_types(report):
    # With its own types pandas makes floats of whole numbers, and objects of dates, where a cell is null.
    assert_seen(report, PANDAS, lambda path: dict(pandas.read_parquet(path, dtype_backend="pyarrow").dtypes))


def test_duckdb_sees_the_declared_types(report):
    assert_seen(report, DUCKDB, described)


def test_runs_of_different_rosters_are_read_together(reports):
    every_run = [str(report.tables["users"]) for report in reports.values()]
    together = duckdb.read_parquet(every_run, union_by_name=True)
    users = {column for report in reports.values() for column in report.declared["users"]}
    assert set(together.columns) == users
    assert together.shape[0] == sum(report.json("certificate.json")["tables"]["users"] for report in reports.values())


def assert_seen(report, types, read):
    """What the reader sees, in its order, is what is declared, in the reader's words."""
    for table, path in report.tables.items():
        declared = {column: types[kind] for column, kind in report.declared[table].items()}
        assert list(dict(read(path)).items()) == list(declared.items()), table


def fields(schema):
    return {field.name: field.type for field in schema}


def described(path):
    relation = duckdb.read_parquet(str(path))
    return {name: str(kind) for name, kind in zip(relation.columns, relation.types)}
