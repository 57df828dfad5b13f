"""Deriving alone: `rebuild` of a published run, beside DuckDB over the same documents, and beside parsing only."""

import json
import shutil
import subprocess
import sys

from job import PEERS, our_run
from machine import PROJECT
from partner import write_roster
from process import clean, measure, pinned

REBUILD = "kyc-recon rebuild"
DUCKDB = "DuckDB, declared types"
SIMDJSON = "simdjson, parse and discard"
ORJSON = "orjson, parse and discard"


def measure_derive(binary, place, options):
    """The costs of every program, and how many documents and bytes each had before it."""
    here = place / "derive"
    shutil.rmtree(here, ignore_errors=True)
    here.mkdir(parents=True)
    report = publish(binary, here, options)
    documents, types = here / "documents.ndjson", here / "types.json"
    python = place / "venv/bin/python"
    lines = int(output(python, PEERS / "documents.py", report / "archive/responses.parquet", documents))
    output(python, PEERS / "duckdb_flatten.py", "declare", documents, types)
    parse, rebuilt = [python, PEERS / "parse_only.py"], here / "rebuilt"
    programs = {
        SIMDJSON: [*parse, "simdjson", documents],
        ORJSON: [*parse, "orjson", documents],
        DUCKDB: [python, PEERS / "duckdb_flatten.py", "write", documents, types, here / "flat.parquet"],
        REBUILD: [binary, "rebuild", report, "--out", rebuilt, "--log-format", "json"],
    }
    costs = {}
    for number in range(options.derive_rounds):
        for name, command in programs.items():
            shutil.rmtree(rebuilt, ignore_errors=True)
            print(f"round {number + 1} of {options.derive_rounds}: {name}", file=sys.stderr)
            costs.setdefault(name, []).append(measure(command, [options.client_core]))
    facts = {"users": options.derive_users, "documents": lines, "bytes": documents.stat().st_size}
    shutil.rmtree(here)
    return costs, facts


def publish(binary, here, options):
    """A run of our sandbox's people, with everything that there is among them."""
    roster, reports = here / "roster.csv", here / "reports"
    write_roster(roster, options.derive_users, options.seed)
    print(f"publishing a run of {options.derive_users} users", file=sys.stderr)
    # Users whose answers cannot be read make a run incomplete; it is published all the same.
    command = our_run(binary, reports, roster, "--sandbox", "--run-id", "derive")
    measure(command, [options.server_core, options.client_core], may_end_with=(0, 3))
    return reports / "derive"


def output(*command):
    done = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True, env=clean(None))
    return done.stdout


def steps(cost):
    """CPU seconds of each step that ours told, in order; what comes before the first is `opening`."""
    names = ["opening", *(mark.step for mark in cost.marks)]
    ends = [*(mark.cpu for mark in cost.marks), cost.cpu]
    begins = [0.0, *ends]
    return {name: end - begin for name, begin, end in zip(names, begins, ends, strict=False)}


def measure_flatten(place, options):
    """How many documents in memory become rows, for a second of CPU, as criterion finds in the same run."""
    print("flattening alone", file=sys.stderr)
    bench = ["cargo", "bench", "--quiet", "--bench", "stages", "--", "flatten"]
    subprocess.run(pinned(bench, [options.client_core]), check=True, capture_output=True, cwd=PROJECT)
    found = place.parent / "criterion/flatten/documents/new"
    nanoseconds = json.loads((found / "estimates.json").read_text(encoding="utf-8"))["median"]["point_estimate"]
    throughput = json.loads((found / "benchmark.json").read_text(encoding="utf-8"))["throughput"]
    return throughput["ElementsAndBytes"]["elements"] / nanoseconds * 1e9
