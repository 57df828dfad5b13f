"""The runs that Spark looks at, made once, and the examples as commands."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent.parent
BINARY = PROJECT / "target/debug/kyc-recon"
ROSTER = PROJECT / "input/users.csv"


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """A directory with two nights, the second compared with the first, and a job of three shards, merged."""
    place = tmp_path_factory.mktemp("spark")
    for night in ("1", "2"):
        run(place, "--run-id", f"night-{night}", "--day", night, "--faults", "some", "--by", "country")
    for shard in ("1/3", "2/3", "3/3"):
        run(place, "--run-id", "job", "--reports", "shards", "--shard", shard)
    shards = sorted(place.glob("shards/job-*"))
    kyc_recon(place, "merge", *shards, "--quiet", "--baseline", "none")
    return place


def run(place, *wishes):
    kyc_recon(place, "run", ROSTER, "--sandbox", "--quiet", *wishes)


def kyc_recon(place, *arguments):
    # Settings of whoever calls must not reach the run.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KYC_RECON_")}
    subprocess.run([BINARY, *arguments], cwd=place, env=environment, check=True, timeout=300)


def spark_submit(place, program, *arguments, ends_with=0):
    """Runs an example as the README does, on two cores of this machine."""
    command = [Path(sys.executable).parent / "spark-submit", "--master", "local[2]", "--driver-memory", "1g"]
    for setting in ("spark.ui.enabled=false", "spark.log.level=WARN", "spark.sql.shuffle.partitions=4"):
        command += ["--conf", setting]
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*command, PROJECT / "examples/spark" / program, *arguments],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == ends_with, done.stderr[-4000:]
    return done
