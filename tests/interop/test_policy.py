"""Another engine judges as we did."""

import polars


def test_the_policy_s_query_gives_the_rules_that_held(report):
    engine = report.duckdb()
    judged = engine.execute((report.path / "policy.sql").read_text(encoding="utf-8"))
    assert [column[0] for column in judged.description] == ["user_id", "rule", "verdict"]
    hits = polars.read_parquet(report.tables["rule_hits"]).select("user_id", "rule", "verdict")
    assert hits.height > 0
    assert sorted(judged.fetchall()) == sorted(hits.rows())
