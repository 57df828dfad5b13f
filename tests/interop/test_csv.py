"""The CSV files hold what the Parquet files hold, cell by cell."""

import pyarrow.parquet
import pytest

from cells import is_same
from report import read_csv


def test_every_cell_of_a_csv_file_is_the_cell_of_its_table(report):
    files = {path.stem: path for path in report.path.glob("csv/*.csv")}
    assert sorted(files) == sorted(report.tables)
    for name, path in report.tables.items():
        header, rows = read_csv(files[name])
        table = pyarrow.parquet.read_table(path)
        assert (header, len(rows)) == (table.column_names, table.num_rows), name
        for at, column in enumerate(table.columns):
            cells = [row[at] for row in rows]
            assert differing(column.to_pylist(), cells) == [], f"{name}.{header[at]}"


def differing(values, cells):
    return [(value, cell) for value, cell in zip(values, cells) if not is_same_or_blank(value, cell)]


def is_same_or_blank(value, cell):
    # An empty text and null are both an empty cell: a CSV file cannot tell them apart.
    return cell == "" if value == "" else is_same(value, cell)


@pytest.mark.parametrize(
    ("note", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("'t Hooft", "''t Hooft"),
        ("+52 55 1234 5678", "+52 55 1234 5678"),
    ],
)
def test_what_a_spreadsheet_would_run_is_guarded_and_a_phone_number_is_whole(reports, note, cell):
    report = reports["other-columns"]
    table = pyarrow.parquet.read_table(report.tables["users"])
    header, rows = read_csv(report.path / "csv/users.csv")
    at = table["roster_備考"].to_pylist().index(note)
    assert rows[at][header.index("roster_備考")] == cell
