"""A published report, and what it declares about itself."""

import csv
import json
from functools import cached_property
from pathlib import Path

import duckdb


class Report:
    def __init__(self, path: Path):
        self.path = path

    def json(self, name):
        return json.loads((self.path / name).read_text(encoding="utf-8"))

    @cached_property
    def declared(self):
        """Of every table of `datapackage.json`, the declared types of its columns, in order."""
        resources = self.json("datapackage.json")["resources"]
        return {
            resource["name"]: {field["name"]: field["type"] for field in resource["schema"]["fields"]}
            for resource in resources
        }

    @property
    def tables(self):
        """The Parquet file of every table."""
        return {path.stem: path for path in sorted(self.path.glob("tables/*.parquet"))}

    @property
    def archive(self):
        return self.path / "archive/responses.parquet"

    @property
    def statistics(self):
        """The file of every query."""
        return sorted(self.path.glob("statistics/*.sql"))

    def duckdb(self):
        """DuckDB with every table under its bare name, and UTC as the time zone."""
        engine = duckdb.connect()
        engine.execute("SET TimeZone = 'UTC'")
        for name, path in self.tables.items():
            engine.read_parquet(str(path)).create_view(name)
        return engine


def read_csv(path):
    """The header and the rows of a published CSV file, guards against formulas taken away."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file, strict=True)
    return [unguarded(name) for name in header], rows


def unguarded(cell):
    """A text as it was before it got an apostrophe for the sake of spreadsheets."""
    return cell.removeprefix("'")
