"""The runs that the checks look at, and the browser: made once, in directories that nobody keeps."""

import os
import subprocess
from pathlib import Path

import pytest

import browser as chromium
from report import Report

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
BINARY = PROJECT / "target/debug/kyc-recon"

# By name of the run: what is asked for. The second has headers in four scripts, and what only a flag brings; the third is
# about people with names, and of teams, that would do harm; the fourth tells nothing of single people; the fifth is judged
# by every form of condition that a policy may use; the last is the night after the first.
RUNS = {
    "input": [PROJECT / "input/users.csv"],
    "other-columns": [
        HERE / "rosters/other_columns.csv",
        *["--by", "País de origen", "--by", "Δοκιμή", "--csv-bom"],
    ],
    "hostile": [HERE / "rosters/hostile.csv", "--by", "team"],
    "discreet": [PROJECT / "input/users.csv", "--privacy", "aggregate"],
    "every-form": [PROJECT / "input/users.csv", "--policy", HERE / "policies/every_form.toml"],
    "second-night": [PROJECT / "input/users.csv", "--day", "2", "--baseline", "input"],
}


@pytest.fixture(scope="session")
def reports(tmp_path_factory):
    """A fresh report of every roster, all in one directory, as two nights would be."""
    directory = tmp_path_factory.mktemp("interop") / "reports"
    return {name: published(name, wishes, directory) for name, wishes in RUNS.items()}


@pytest.fixture(params=list(RUNS))
def report(request, reports):
    """Each report in turn."""
    return reports[request.param]


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """A browser that opens one page after the other."""
    with chromium.started(tmp_path_factory.mktemp("profile")) as started:
        yield started


def published(run_id, wishes, directory):
    # Settings of whoever calls must not reach the run.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KYC_RECON_")}
    command = [BINARY, "run", *wishes, "--sandbox", "--faults", "some", "--quiet"]
    command += ["--reports", directory, "--run-id", run_id, "--metrics-file", directory.parent / f"{run_id}.prom"]
    subprocess.run(command, cwd=directory.parent, env=environment, check=True, timeout=300)
    return Report(directory / run_id)
