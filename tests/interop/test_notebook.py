"""The notebook and the script of `examples/` run over three nights, every cell and every query of them."""

import json
import os
import subprocess
import sysconfig
from pathlib import Path

import nbclient
import nbformat
import pytest

from conftest import PROJECT, published

NOTEBOOK = PROJECT / "examples/notebooks/kyc_audit.ipynb"
SCRIPT = PROJECT / "examples/load.sql"
QUESTIONS = 10


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """The reports directory of three nights, with `latest`."""
    reports = tmp_path_factory.mktemp("nights") / "reports"
    for day in ["1", "2", "3"]:
        published(f"night-{day}", [PROJECT / "input/users.csv", "--day", day], reports)
    return reports


@pytest.fixture(scope="module")
def executed(nights):
    """The notebook with its answers; a cell that fails is an error here."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    environment = {**os.environ, "KYC_RECON_REPORTS": str(nights), "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    client = nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3")
    client.execute(env=environment)
    return notebook


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def test_every_cell_of_the_notebook_runs_and_its_questions_are_answered(executed):
    questions = [cell for cell in executed.cells if cell.source.startswith("## ")]
    answered = [cell for cell in executed.cells if cell.cell_type == "code" and cell.outputs]
    assert len(questions) == QUESTIONS and len(answered) == QUESTIONS + 1
    assert not [output for output in outputs(executed) if output.output_type == "error"]


def test_the_notebook_draws(executed):
    pictures = [output for output in outputs(executed) if "image/png" in output.get("data", {})]
    assert len(pictures) >= 6


def test_the_notebook_in_the_repository_shows_nobodys_data():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert code and all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def test_the_script_runs_in_the_shell_and_sees_three_nights(nights):
    count = "\nSELECT COUNT(DISTINCT run_id) || ' nights, ' || COUNT(*) || ' users' FROM nights_users;\n"
    script = SCRIPT.read_text(encoding="utf-8") + count
    ended = shell("-bail", "-init", os.devnull, input=script, reports=nights)
    assert ended.returncode == 0 and ended.stderr == "", ended.stderr
    assert ended.stdout.rstrip().endswith('"3 nights, 1500 users"')


def test_the_script_finds_the_reports_beside_it(nights):
    ended = shell("-init", SCRIPT, "-c", "SELECT COUNT(*) AS users FROM users", cwd=nights.parent)
    assert ended.returncode == 0 and ended.stdout.endswith("users\n500\n"), ended.stdout + ended.stderr


def shell(*arguments, reports="", **how):
    """DuckDB's own shell, which is a program and not the Python module."""
    program = Path(sysconfig.get_path("purelib")) / "duckdb_cli/duckdb"
    environment = {**os.environ, "KYC_RECON_REPORTS": str(reports)}
    command = [program, "-csv", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, **how)
