"""The manifests are what Kubernetes takes: every field is in its schema, and none is misspelt."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

MANIFESTS = sorted((Path(__file__).parent.parent.parent / "examples/kubernetes").glob("*.yaml"))


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.stem)
def test_a_manifest_fits_the_schema(manifest):
    validate = Path(sys.executable).parent / "kubernetes-validate"
    done = subprocess.run([validate, "--strict", manifest], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_documented_exit_status_of_a_shard_has_one_rule():
    job = yaml.safe_load(next(path for path in MANIFESTS if path.stem == "indexed-job").read_text())
    rules = job["spec"]["podFailurePolicy"]["rules"]
    actions = {
        status: rule["action"] for rule in rules if "onExitCodes" in rule for status in rule["onExitCodes"]["values"]
    }
    ruled = [status for rule in rules if "onExitCodes" in rule for status in rule["onExitCodes"]["values"]]
    # A shard is held against no gate, so it never ends with 4.
    assert sorted(ruled) == [2, 3, 10, 65, 66, 69, 70, 73, 74, 75, 77, 78, 130, 143]
    assert actions[75] == "Count" and actions[77] == actions[78] == "FailJob"
