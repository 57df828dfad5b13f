"""The published queries give the published answers in an engine that shares nothing with ours."""

import pytest
from cells import is_same
from report import read_csv

# Sums of floats may be added in another order.
TOLERANCE = 1e-12


def test_every_statistic_is_what_duckdb_answers_to_its_query(report):
    engine = report.duckdb()
    different = [sql.stem for sql in report.statistics if not is_answered(engine, sql)]
    assert report.statistics and different == []


def is_answered(engine, sql):
    header, published = read_csv(sql.with_suffix(".csv"))
    answer = engine.execute(sql.read_text(encoding="utf-8"))
    names = [column[0] for column in answer.description]
    rows = answer.fetchall()
    return names == header and len(rows) == len(published) and all(map(is_same_row, rows, published))


def is_same_row(values, cells):
    return len(values) == len(cells) and all(
        is_same(value, cell, TOLERANCE) for value, cell in zip(values, cells)
    )


def test_a_column_of_the_roster_is_counted_by_whatever_its_script(reports):
    names = {sql.stem for sql in reports["other-columns"].statistics}
    assert {"verdicts_by_roster_país_de_origen", "verdicts_by_roster_δοκιμή"} <= names


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ("warnings", "section, code"),
        ("status_reasons", "section, code"),
        ("attempts", "http_status, fault, reason"),
    ],
)
def test_of_what_a_user_has_several_times_one_row_is_not_repeated(report, table, what):
    engine = report.duckdb()
    first = engine.execute(f"SELECT COUNT(*) FROM {table} WHERE NOT repeated").fetchone()
    distinct = f"SELECT COUNT(*) FROM (SELECT DISTINCT user_id, {what} FROM {table}) AS seen"
    assert first == engine.execute(distinct).fetchone()
