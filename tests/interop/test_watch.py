"""What watches over the nights: Prometheus takes the metrics, and systemd the units of the examples."""

import subprocess
from pathlib import Path

import pytest

UNITS = sorted((Path(__file__).parents[2] / "examples/systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]


def test_promtool_finds_nothing_wrong_with_the_metrics(report):
    metrics = (report.path.parents[1] / f"{report.path.name}.prom").read_text(encoding="utf-8")
    assert f"\nkyc_recon_run_requests {report.json('summary.json')['fetch']['requests']}\n" in metrics
    done = subprocess.run(["promtool", "check", "metrics"], input=metrics, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_nothing_wrong_with_a_unit(unit):
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_may_do_little_but_talk_to_the_network(unit):
    threshold = ["--offline=true", "--threshold=12"]
    done = subprocess.run(["systemd-analyze", "security", *threshold, unit], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
