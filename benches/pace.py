"""Whether the quota is kept and used: trials against our sandbox, which counts what arrives in every window."""

import csv
import http.client
import json
import shutil
import sys
from dataclasses import dataclass
from datetime import datetime

import results
from job import KEY, NO_LIMIT, our_run
from partner import DETAILS, sandbox, write_roster
from process import measure


@dataclass
class Trial:
    """What the server is like, what ours is told, and how many requests a second are possible."""

    name: str
    server: list
    ours: dict
    possible: int
    also_curl: bool = False


TRIALS = [
    Trial("quota 5000/1s", ["--observe", "5000/1s"], {"rate": "5000/1s", "in_flight": 256}, 5000),
    Trial("quota 500/1s, answers after 200 ms", ["--latency", "200ms"], {"rate": "500/1s", "in_flight": 256}, 500),
    Trial("64 in flight, answers after 80 ms", ["--latency", "80ms"], {"in_flight": 64}, 800, also_curl=True),
    Trial("server refuses above 200/1s", ["--rate-limit", "200/1s"], {"rate": NO_LIMIT, "in_flight": 256}, 200),
]


@dataclass
class Pace:
    trial: Trial
    per_second: float
    refused_per_user: float
    violations: int
    curl_per_second: float | None


def measure_pace(binary, place, options):
    return [attempt(trial, binary, place / "pace", options) for trial in TRIALS]


def attempt(trial, binary, place, options):
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    users = trial.possible * options.pace_seconds
    roster = place / "roster.csv"
    write_roster(roster, users, options.seed)
    print(f"pace: {trial.name}", file=sys.stderr)
    curl = None
    if trial.also_curl:
        with sandbox(binary, [options.server_core], *trial.server) as port:
            curl = users / ask_with_curl(place, roster, port, options).wall
    with sandbox(binary, [options.server_core], *trial.server) as port:
        wishes = ["--base-url", f"http://127.0.0.1:{port}", "--run-id", "pace"]
        command = our_run(binary, place / "reports", roster, *wishes, **trial.ours)
        measure(command, [options.client_core], may_end_with=(0, 3), environment=KEY)
        stats = stats_of(port)
    pace = requests_per_second(place / "reports" / "pace")
    return Pace(trial, pace, stats["refused"] / users, stats["violations"], curl)


def requests_per_second(report):
    """Those that were not refused, from the first request until the last user was asked for the first time: what comes
    then are retries, which wait."""
    with open(report / "csv" / "attempts.csv", encoding="utf-8", newline="") as attempts:
        rows = list(csv.DictReader(attempts))
    left = [datetime.fromisoformat(row["started_at"]) for row in rows]
    last = max(time for time, row in zip(left, rows) if row["attempt"] == "1")
    taken = sum(time <= last and row["http_status"] != "429" for time, row in zip(left, rows))
    return taken / (last - min(left)).total_seconds()


def ask_with_curl(place, roster, port, options):
    users = roster.read_text(encoding="ascii").split()[1:]
    asked = [f'url = "http://127.0.0.1:{port}{DETAILS}?userId={user}"\noutput = "/dev/null"\n' for user in users]
    (place / "curl.conf").write_text("".join(asked), encoding="ascii")
    command = ["curl", "--silent", "--parallel", "--parallel-max", 64, "--header", "partner-api-key: any"]
    return measure([*command, "--config", place / "curl.conf"], [options.client_core])


def stats_of(port):
    server = http.client.HTTPConnection("127.0.0.1", port)
    server.request("GET", "/stats")
    return json.loads(server.getresponse().read())


def pace_table(paces):
    rows = [
        [
            pace.trial.name,
            f"{pace.trial.possible}",
            f"{pace.per_second:.0f}",
            f"{pace.curl_per_second:.0f}" if pace.curl_per_second else "",
            f"{pace.refused_per_user:.3f}",
        ]
        for pace in paces
    ]
    return results.table(["trial", "requests/s possible", "ours", "curl --parallel", "refusals per user"], rows)


def targets(paces):
    held, far, wide, refusing = paces
    share = [pace.per_second / pace.trial.possible * 100 for pace in paces]
    return [
        results.at_least("4 5000/1s held", share[0], 97, " %"),
        results.at_most("4 5000/1s: requests above the window", held.violations, 0),
        results.at_least("4 500/1s reached at 200 ms", share[1], 97, " %"),
        results.at_least("4 80 ms, 64 in flight: share of curl's", wide.per_second / wide.curl_per_second * 100, 95, " %"),
        results.at_least("4 refused above 200/1s: share of the limit used", share[3], 85, " %"),
        results.at_most("4 refused above 200/1s: refusals per user", refusing.refused_per_user, 0.05),
    ]
