"""DuckDB reads the documents as NDJSON, of declared types, and writes the one flat table as Parquet, on one thread.

`declare` finds the types once and keeps them; `write` is what is measured. Every object becomes columns, every list a text.
"""

import json
import sys
from pathlib import Path

import duckdb

READ = "read_json(?, format = 'newline_delimited', maximum_object_size = 67108864"


def declare(documents, types):
    found = duckdb.execute(
        f"DESCRIBE FROM {READ}, sample_size = 20000, maximum_depth = -1, map_inference_threshold = -1, "
        "field_appearance_threshold = 0)",
        [documents],
    ).fetchall()
    Path(types).write_text(json.dumps({name: kind for name, kind, *_ in found}), encoding="utf-8")


def write(documents, types, output):
    declared = json.loads(Path(types).read_text(encoding="utf-8"))
    engine = duckdb.connect(config={"threads": 1})
    columns = ", ".join(f"{quoted(name)}: {literal(kind)}" for name, kind in declared.items())
    source = f"read_json({literal(documents)}, format = 'newline_delimited', columns = {{{columns}}})"
    row = engine.sql(f"SELECT {', '.join(cells(engine, source))} FROM {source}")
    row.write_parquet(output, compression="zstd")


def cells(engine, source):
    """One expression for every leaf of the declared types."""
    for name, kind in zip((whole := engine.sql(f"FROM {source} LIMIT 0")).columns, whole.types, strict=True):
        yield from leaves(quoted(name), name, kind)


def leaves(expression, name, kind):
    if kind.id == "struct":
        for inner, inner_kind in kind.children:
            yield from leaves(f"{expression}.{quoted(inner)}", f"{name}_{inner}", inner_kind)
    elif kind.id == "list":
        yield f"CAST(to_json({expression}) AS VARCHAR) AS {quoted(name)}"
    else:
        yield f"{expression} AS {quoted(name)}"


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def literal(text):
    return "'" + text.replace("'", "''") + "'"


if __name__ == "__main__":
    {"declare": declare, "write": write}[sys.argv[1]](*sys.argv[2:])
