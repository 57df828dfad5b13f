"""The published queries, unchanged, give the published answers on Spark."""

import csv
import math

from conftest import spark_submit


def test_over_one_run_the_answers_are_the_published_ones(place):
    spark_submit(place, "statistics.py", "reports/night-2", "--out", "one")
    published = sorted((place / "reports/night-2/statistics").glob("*.csv"))
    assert len(published) > 30
    different = [path.name for path in published if not is_same_answer(path, place / "one" / path.name)]
    assert different == []


def test_over_several_runs_the_rows_of_all_are_counted(place):
    done = spark_submit(place, "statistics.py", "reports/night-*", "--out", "both")
    assert "2 runs" in done.stdout
    nights = [users(place / f"reports/night-{night}/statistics/verdicts.csv") for night in (1, 2)]
    both = users(place / "both/verdicts.csv")
    assert both == {word: sum(night.get(word, 0) for night in nights) for word in both}
    assert sum(both.values()) == 1000


def test_a_job_without_one_of_its_shards_is_refused(place):
    done = spark_submit(place, "statistics.py", "shards/job-shard-[12]-*", "--out", "part", ends_with=1)
    assert "these shards of 3 are missing: [3]" in done.stdout + done.stderr


def users(path):
    _, rows = read(path)
    return {row[0]: int(row[1]) for row in rows}


def is_same_answer(published, answered):
    (header, rows), (names, answers) = read(published), read(answered)
    return header == names and len(rows) == len(answers) and all(map(is_same_row, rows, answers))


def is_same_row(cells, answers):
    return len(cells) == len(answers) and all(map(is_same, cells, answers))


def is_same(cell, answer):
    """The same text, but for the guard against formulas; sums of floats may be added in another order."""
    if cell.removeprefix("'") == answer:
        return True
    try:
        return math.isclose(float(cell), float(answer), rel_tol=1e-12)
    except ValueError:
        return False


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file, strict=True)
    return header, rows
