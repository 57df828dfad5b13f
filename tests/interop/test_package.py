"""`datapackage.json` is a data package by the judgement of those who made the standard."""

import frictionless


def test_the_data_package_and_all_its_files_are_valid(report):
    package = frictionless.Package(str(report.path / "datapackage.json"))
    judgement = package.validate()
    assert judgement.flatten(["rowNumber", "fieldName", "type", "message"]) == []
    assert judgement.valid
    certified = report.json("certificate.json")["tables"]
    read = {task.name: task.stats.get("rows", 0) for task in judgement.tasks}
    assert read == {name: certified[name] for name in report.tables}
