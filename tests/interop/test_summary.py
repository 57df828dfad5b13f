"""`summary.json` is what its schema says."""

from jsonschema import Draft202012Validator


def test_the_summary_obeys_the_schema_that_is_published_with_it(report):
    schema = report.json("summary.schema.json")
    Draft202012Validator.check_schema(schema)
    errors = [error.message for error in Draft202012Validator(schema).iter_errors(report.json("summary.json"))]
    assert errors == []
