"""The report proves itself with nothing but common tools."""

import hashlib
import subprocess

import polars


def test_sha256sum_finds_every_file_as_it_was(report):
    check = ["sha256sum", "--strict", "--check", "--quiet", "manifest-sha256.txt"]
    done = subprocess.run(check, cwd=report.path, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_manifest_names_every_file_but_itself(report):
    files = {str(path.relative_to(report.path)) for path in report.path.rglob("*") if path.is_file()}
    lines = (report.path / "manifest-sha256.txt").read_text(encoding="utf-8").splitlines()
    assert {line.split("  ", 1)[1] for line in lines} == files - {"manifest-sha256.txt"}


def test_every_body_of_the_archive_has_its_digest_and_its_length(report):
    answers = polars.read_parquet(report.archive, columns=["body", "body_sha256", "body_bytes"]).rows()
    assert any(body is not None for body, _, _ in answers)
    for body, digest, length in answers:
        expected = (None, None) if body is None else (hashlib.sha256(body).hexdigest(), len(body))
        assert (digest, length) == expected


def test_every_user_names_the_body_that_is_in_the_archive(report):
    archived = polars.read_parquet(report.archive, columns=["user_id", "body_sha256", "body_bytes"])
    columns = ["user_id", "document_sha256", "document_bytes"]
    assert polars.read_parquet(report.tables["users"], columns=columns).rows() == archived.rows()
