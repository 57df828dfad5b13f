//! A small made-up run, as the Parquet tables that the statistics read.

use std::{error::Error, fs::File, path::Path};

use polars::prelude::{DataFrame, ParquetWriter, PolarsResult, df};

/// The answers to every statistic over the made-up run, checked by hand.
pub(super) const ANSWERS: &str = include_str!("specimen_answers.txt");

/// Writes the tables of a made-up run of six users into a directory.
pub(super) fn write(dir: &Path) -> Result<(), Box<dyn Error>> {
    write_tables(dir, tables()?)
}

/// Writes the same tables without any row.
pub(super) fn write_empty(dir: &Path) -> Result<(), Box<dyn Error>> {
    write_tables(dir, tables()?.map(|(name, table)| (name, table.clear())))
}

/// Writes the users with such columns only.
pub(super) fn write_users(dir: &Path, keep: impl Fn(&str) -> bool) -> Result<(), Box<dyn Error>> {
    let users = users()?;
    let names = users.columns().iter().map(|column| column.name().clone());
    write_table(dir, "users", users.select(names.filter(|name| keep(name)))?)
}

fn write_tables<const N: usize>(
    dir: &Path,
    tables: [(&str, DataFrame); N],
) -> Result<(), Box<dyn Error>> {
    tables.into_iter().try_for_each(|(name, table)| write_table(dir, name, table))
}

/// Writes one table.
pub(super) fn write_table(
    dir: &Path,
    name: &str,
    mut table: DataFrame,
) -> Result<(), Box<dyn Error>> {
    let file = File::create(dir.join(name).with_extension("parquet"))?;
    ParquetWriter::new(file).finish(&mut table)?;
    Ok(())
}

fn tables() -> PolarsResult<[(&'static str, DataFrame); 13]> {
    Ok([
        ("users", users()?),
        ("rule_hits", rule_hits()?),
        ("aml_entities", aml_entities()?),
        ("aml_hits", aml_hits()?),
        ("warnings", warnings()?),
        ("status_reasons", status_reasons()?),
        ("attempts", attempts()?),
        ("rereads", rereads()?),
        ("roster_counts", roster_counts()?),
        ("rejects", rejects()?),
        ("drift", drift()?),
        ("breaks", breaks()?),
        ("actions", actions()?),
    ])
}

/// Two who pass, one who fails, one to review, one pending without a document, one out of reach.
fn users() -> PolarsResult<DataFrame> {
    df!(
        "run_id" => ["r"; 6],
        "user_id" => ["a", "b", "c", "d", "e", "f"],
        "outcome" => ["answered", "answered", "answered", "answered", "no_verification", "exhausted"],
        // A fresh one, the last day of one bucket and the first of the next one, and a long carried one.
        "carried" => [false, true, true, true, true, false],
        "answer_age_days" => [0_i64, 6, 7, 90, 0, 0],
        "decision" => [Some("approved"), Some("approved"), Some("approved"), Some("review"), None, None],
        "verdict" => ["pass", "pass", "fail", "review", "pending", "unreached"],
        // `a` is as before, `b` passes since today, `c` no longer does, `e` was unknown then too, `f` is new.
        "baseline_decision" => [Some("approved"), Some("rejected"), Some("approved"), Some("review"), None, None],
        "baseline_verdict" => [Some("pass"), Some("fail"), Some("pass"), Some("review"), Some("pending"), None],
        "verdict_rules" => [None, None, Some("aml-open-hit"), Some("decision-review;aml-not-screened"), Some("no-verification"), Some("exhausted")],
        "verdict_reason" => [None, None, Some("an AML hit is not resolved"), Some("the partner asks for a review"), Some("the user has no verification"), Some("every attempt failed")],
        "aiprise_summary_verification_result" => [Some("APPROVED"), Some("VERIFIED"), Some("APPROVED"), Some("REVIEW"), None, None],
        "created_month" => [Some("2026-01"), Some("2025-12"), Some("2026-01"), None, None, None],
        // The last day of one bucket, the first of the next one, and a verification of tomorrow.
        "days_since_verification" => [Some(30_i64), Some(31), Some(-1), None, None, None],
        // The same of the windows, and one that expired yesterday.
        "days_to_expiry" => [Some(30_i64), Some(31), Some(-1), Some(91), None, None],
        "id_info_issue_country_alpha2" => [Some("MX"), Some("DO"), Some("MX"), None, None, None],
        "id_info_id_type" => [Some("INE"), Some("PASSPORT"), Some("INE"), Some("INE"), None, None],
        "id_info_check" => [Some("approved"), Some("approved"), Some("approved"), Some("review"), None, None],
        "face_match_info_check" => [Some("approved"), Some("approved"), Some("rejected"), Some("approved"), None, None],
        "face_liveness_info_check" => [Some("approved"), Some("absent"), Some("approved"), Some("approved"), None, None],
        "fraud_insights_check" => [Some("approved"), Some("neutral"), Some("approved"), Some("approved"), None, None],
        "aml_info_check" => [Some("approved"), Some("closed"), Some("review"), Some("absent"), None, None],
        "aml_screened" => [Some(true), Some(true), Some(true), Some(false), None, None],
        // The least and the greatest score, one on the border of two buckets, one that is no number, and none.
        "face_score" => [Some(1.0), Some(0.15), Some(0.0), None, None, None],
        "face_score_unreadable" => [Some(false), Some(false), Some(false), Some(true), None, None],
        // `a` and `c` show one document; `d` shares nothing, `b` has no number.
        "shared_document_users" => [Some(2_i64), None, Some(2), Some(1), None, None],
        "shared_tax_id_users" => [Some(1_i64), None, None, None, None, None],
        "roster_país" => [Some("MX"), Some("Perú"), Some("MX"), None, Some("Perú"), Some("Perú")],
        "aml_hits_total" => [Some(0_i64), Some(1), Some(2), None, None, None],
        "aml_hits_disagree" => [Some(false), Some(false), Some(true), None, None, None],
        "aml_open_hits" => [Some(0_i64), Some(0), Some(1), None, None, None],
    )
}

fn rule_hits() -> PolarsResult<DataFrame> {
    df!(
        "run_id" => ["r"; 5],
        "user_id" => ["c", "d", "d", "e", "f"],
        "rule" => ["aml-open-hit", "decision-review", "aml-not-screened", "no-verification", "exhausted"],
        "verdict" => ["fail", "review", "review", "pending", "unreached"],
        "says" => ["an AML hit is not resolved", "the partner asks for a review", "not screened", "the user has no verification", "every attempt failed"],
    )
}

/// The second entity of `c` lists no hit.
fn aml_entities() -> PolarsResult<DataFrame> {
    df!(
        "run_id" => ["r"; 3],
        "user_id" => ["b", "c", "c"],
        "entity_index" => [1_i64, 1, 2],
        "resolution_status" => [Some("FALSE_POSITIVE"), None, Some("FALSE_POSITIVE")],
        "is_open" => [false, true, false],
    )
}

fn aml_hits() -> PolarsResult<DataFrame> {
    df!(
        "run_id" => ["r"; 4],
        "user_id" => ["b", "c", "c", "c"],
        "entity_index" => [1_i64, 1, 1, 1],
        "hit_index" => [1_i64, 1, 2, 3],
        "hit_type" => [Some("PEP"), Some("PEP"), Some("PEP"), Some("SANCTION")],
    )
}

/// One code twice, no code beside one that reads like none, and two free texts about one user.
fn warnings() -> PolarsResult<DataFrame> {
    df!(
        "run_id" => ["r"; 7],
        "user_id" => ["a", "a", "b", "c", "c", "d", "d"],
        "section" => ["id_info", "id_info", "id_info", "face_match_info", "face_match_info", "id_info", "id_info"],
        "code" => [Some("IMAGE_IN_FOCUS"), Some("IMAGE_IN_FOCUS"), Some("IMAGE_IN_FOCUS"), None, Some("(none)"), Some("ask Ana Roe again"), Some("so said Ana Roe")],
        "nature" => ["good", "good", "good", "unlisted", "unlisted", "unlisted", "unlisted"],
        "repeated" => [false, true, false, false, false, false, false],
    )
}

fn status_reasons() -> PolarsResult<DataFrame> {
    df!(
        "run_id" => ["r"],
        "user_id" => ["d"],
        "section" => ["id_info"],
        "code" => ["API_DATA_REQUIREMENTS_NOT_MET"],
        "repeated" => [false],
    )
}

fn attempts() -> PolarsResult<DataFrame> {
    df!(
        "run_id" => ["r"; 8],
        "user_id" => ["a", "b", "c", "d", "e", "f", "f", "f"],
        "attempt" => [1_i64, 1, 1, 1, 1, 1, 2, 3],
        "elapsed_ms" => [40_i64, 41, 50, 90, 20, 30_000, 12, 14],
        "http_status" => [Some(200_i64), Some(200), Some(200), Some(200), Some(404), None, Some(503), Some(503)],
        "fault" => [None, None, None, None, None, Some("timeout"), None, None],
        "reason" => [Some("answered"), Some("answered"), Some("answered"), Some("answered"), Some("no_verification"), None, Some("server_error"), Some("server_error")],
        "body_bytes" => [Some(3_000_i64), Some(2_000), Some(1_000), Some(1_500), Some(80), None, Some(40), Some(40)],
        "asked_wait_ms" => [None::<i64>, None, None, None, None, None, Some(1_500), None],
        "reread" => [false; 8],
        "repeated" => [false, false, false, false, false, false, false, true],
    )
}

/// One unchanged, one with other bytes, one who could not be compared, one who was not asked.
fn rereads() -> PolarsResult<DataFrame> {
    df!(
        "run_id" => ["r"; 4],
        "user_id" => ["a", "b", "c", "d"],
        "reread_at" => [Some(1_i64), Some(2), Some(3), None],
        "changed" => [Some(false), Some(true), None, None],
        "decision_changed" => [Some(false), Some(false), None, None],
    )
}

fn roster_counts() -> PolarsResult<DataFrame> {
    df!(
        "run_id" => ["r"],
        "input_rows" => [12_i64],
        "unique_users" => [6_i64],
        "duplicates" => [1_i64],
        "blanks" => [2_i64],
        "rejects" => [3_i64],
        "other_shards" => [0_i64],
    )
}

fn rejects() -> PolarsResult<DataFrame> {
    df!(
        "run_id" => ["r"; 3],
        "line" => [9_i64, 4, 7],
        "reason" => ["blank", "too_long", "blank"],
    )
}

fn drift() -> PolarsResult<DataFrame> {
    df!(
        "run_id" => ["r"; 3],
        "kind" => ["unknown_field", "new_word", "unknown_field"],
        "table_name" => [None, Some("users"), None],
        "column_name" => [None, Some("decision"), None],
        "pointer" => [Some("/data/x"), None, Some("/data/x")],
        "occurrences" => [2_i64, 4, 3],
    )
}

/// Two kinds of one severity, one of them on two nights; a user who left; our books.
fn breaks() -> PolarsResult<DataFrame> {
    df!(
        "run_id" => ["r"; 6],
        "against" => ["baseline", "baseline", "baseline", "baseline", "baseline", "books"],
        "kind" => ["regression", "new_aml_hit", "new_aml_hit", "recovery", "vanished", "books_verdict"],
        "user_id" => ["c", "c", "c", "b", "z", "a"],
        "severity" => ["high", "high", "high", "low", "medium", "high"],
        "first_seen_run_id" => ["r", "q", "r", "r", "r", "p"],
        // The last day of one bucket and the first of the next one.
        "age_days" => [0_i64, 7, 0, 0, 0, 8],
    )
}

/// The least urgent first, so that the order of the answer is the query's own; one line without a user.
fn actions() -> PolarsResult<DataFrame> {
    df!(
        "run_id" => ["r"; 5],
        "user_id" => [Some("f"), Some("d"), Some("e"), Some("c"), None],
        "action" => ["ask_again", "manual_review", "send_new_kyc_link", "aml_investigation", "manual_review"],
        "severity" => ["low", "medium", "medium", "high", "critical"],
    )
}
