"""Reports brought to an S3-compatible server, whole or not at all, also over a way that is cut in the middle."""

import json
import os
import subprocess

import pytest

from conftest import BINARY, PROJECT
from s3 import BUCKET, Storage, Way, environment

PREFIX = f"s3://{BUCKET}/kyc/nightly"


@pytest.fixture
def storage():
    with Storage() as storage:
        yield storage


class Machine:
    """A directory with reports, and the way to the storage."""

    def __init__(self, place, variables):
        self.place = place
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("KYC_RECON_", "AWS_"))}
        self.environment = {**clean, **variables}

    def call(self, *arguments):
        command = [BINARY, *arguments]
        ended = subprocess.run(
            command, cwd=self.place, env=self.environment, capture_output=True, text=True, timeout=300
        )
        assert "canary-secret" not in ended.stdout + ended.stderr
        return ended

    def run(self, run_id, *arguments):
        roster = PROJECT / "input/users.csv"
        return self.call("run", roster, "--sandbox", "--run-id", run_id, "--publish", PREFIX, *arguments)

    def files(self, run_id):
        report = self.place / "reports" / run_id
        return {str(path.relative_to(report)): path for path in report.rglob("*") if path.is_file()}


def test_a_report_arrives_whole_although_the_way_was_cut_once(storage, tmp_path):
    with Way(storage, cut_after=1_500_000) as way:
        machine = Machine(tmp_path, way.environment)
        ended = machine.run("night-1")
        assert ended.returncode == 0 and way.is_cut, ended.stderr
        assert is_there(storage, machine, "night-1")
        assert json.loads(storage.read("kyc/nightly/latest.json"))["run_id"] == "night-1"
        puts = [path for path in way.puts if b"/night-1/" in path]
        assert puts[-1].endswith(b"/manifest-sha256.txt") and way.puts[-1].endswith(b"/latest.json")

        sent = len(way.puts)
        again = machine.run("night-1")
        assert again.returncode == 0 and f"{len(machine.files('night-1'))} of them were already" in again.stderr
        assert all(path.endswith(b"/latest.json") for path in way.puts[sent:])


def test_what_was_interrupted_is_nowhere_to_be_seen_and_goes_on_where_it_was(storage, tmp_path):
    with Way(storage, cut_after=1_500_000, stays_cut=True) as way:
        ended = Machine(tmp_path, way.environment).run("night-1")
        assert ended.returncode == 74 and "--run-id night-1" in ended.stderr, ended.stderr
    there = storage.objects()
    assert there and not [key for key in there if key.endswith(("manifest-sha256.txt", "latest.json"))]

    with Way(storage) as way:
        machine = Machine(tmp_path, way.environment)
        assert machine.call("verify", f"{PREFIX}/night-1").returncode == 66
        assert machine.call("verify", f"{PREFIX}/latest").returncode == 66
        assert machine.run("night-1").returncode == 0
        assert is_there(storage, machine, "night-1")
        before = {f"/{BUCKET}/{key}".encode() for key in there}
        assert not before & set(way.puts), "what was there is not sent again"


def test_runs_of_a_bucket_are_verified_and_compared_like_any_other(storage, tmp_path):
    machine = Machine(tmp_path, environment(storage.address))
    for day in ["1", "2"]:
        assert machine.run(f"night-{day}", "--day", day).returncode == 0
    verified = machine.call("verify", f"{PREFIX}/latest")
    assert verified.returncode == 0 and "skipped" not in verified.stdout, verified.stdout
    assert f"{PREFIX}/latest" in verified.stdout

    names = ["night-1", "night-2"]
    here, there = (
        json.loads(machine.call("compare", *runs, "--json").stdout)
        for runs in [names, [f"{PREFIX}/{name}" for name in names]]
    )
    assert here == there

    key = "kyc/nightly/night-2/tables/users.parquet"
    storage.overwrite(key, storage.read(key)[:-1] + b"x")
    altered = machine.call("verify", f"{PREFIX}/night-2")
    assert altered.returncode == 65 and "tables/users.parquet" in altered.stdout


def is_there(storage, machine, run_id):
    prefix = f"kyc/nightly/{run_id}/"
    files = machine.files(run_id)
    keys = storage.objects(prefix)
    return {key.removeprefix(prefix) for key in keys} == set(files) and all(
        storage.read(prefix + name) == path.read_bytes() for name, path in files.items()
    )
