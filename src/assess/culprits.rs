//! For the tests of this stage: somebody for whom each rule of the default policy holds, and no other.

use super::specimen::Person;

pub(super) const RELATED: &str = "fraud_insights_related_session_insights_check";

/// For each rule, somebody for whom it alone holds.
pub(super) fn culprits() -> Vec<(&'static str, &'static str, Person)> {
    let clean = Person::clean;
    vec![
        ("reference-mismatch", "fail", clean().with("reference_mismatch", true)),
        ("decision-rejected", "fail", clean().with("decision", "rejected")),
        (
            "aml-open-hit",
            "fail",
            clean().with("aml_open_hits", 1_i64).with("aml_info_check", "review"),
        ),
        ("document-rejected", "fail", clean().with("id_info_check", "rejected")),
        ("face-match-rejected", "fail", clean().with("face_match_info_check", "rejected")),
        ("liveness-rejected", "fail", clean().with("face_liveness_info_check", "rejected")),
        ("fraud-rejected", "fail", clean().with("fraud_insights_check", "rejected")),
        ("aml-rejected", "fail", clean().with("aml_info_check", "rejected")),
        ("under-age", "fail", clean().with("age_at_verification", 17_i64)),
        ("decision-review", "review", clean().with("decision", "review")),
        ("decision-unrecognized", "review", clean().with("decision", "unrecognized")),
        ("envelope-contested", "review", clean().with("envelope_contested", true)),
        ("keys-contested", "review", clean().with("contested_keys", 1_i64)),
        ("unmapped-verdict", "review", clean().with("unmapped_verdict_words", true)),
        ("document-review", "review", clean().with("id_info_check", "review")),
        ("face-match-review", "review", clean().with("face_match_info_check", "unrecognized")),
        ("liveness-review", "review", clean().with("face_liveness_info_check", "review")),
        ("fraud-review", "review", clean().with("fraud_insights_check", "unrecognized")),
        ("related-sessions-review", "review", clean().with(RELATED, "rejected")),
        ("document-shared", "review", clean().with("shared_document_users", 2_i64)),
        ("tax-id-shared", "review", clean().with("shared_tax_id_users", 3_i64)),
        (
            "face-score-unreadable",
            "review",
            clean().without("face_score").with("face_score_unreadable", true),
        ),
        ("document-inconclusive", "review", clean().with("id_info_check", "absent")),
        ("face-match-inconclusive", "review", clean().with("face_match_info_check", "undecided")),
        ("liveness-inconclusive", "review", clean().with("face_liveness_info_check", "absent")),
        ("fraud-inconclusive", "review", clean().with("fraud_insights_check", "neutral")),
        ("related-sessions-inconclusive", "review", clean().with(RELATED, "undecided")),
        ("aml-not-screened", "review", unscreened()),
        ("aml-hits-not-listed", "review", clean().with("aml_info_num_hits", 2_i64)),
        ("aml-hits-disagree", "review", clean().with("aml_hits_disagree", true)),
        (
            "aml-inconclusive",
            "review",
            clean().with("aml_info_check", "undecided").without("aml_open_hits"),
        ),
        ("face-score-low", "review", clean().with("face_score", 0.79)),
        ("document-expired", "review", clean().with("document_expired", true)),
        (
            "expiry-date-missing",
            "review",
            clean().without("id_info_id_expiry_date").without("document_expired"),
        ),
        ("id-number-missing", "review", clean().with("has_id_number", false)),
        ("name-missing", "review", clean().with("has_name", false)),
        ("age-unknown", "review", clean().without("age_at_verification")),
        ("age-implausible", "review", clean().with("age_at_verification", 126_i64)),
        ("created-ahead", "review", clean().with("days_since_verification", -1_i64)),
        ("issued-ahead", "review", clean().with("days_since_issue", -1_i64)),
        ("decision-undecided", "pending", unfinished()),
        ("no-verification", "pending", ended("no_verification")),
        ("denied", "unreached", ended("denied")),
        ("unreadable", "unreached", ended("unreadable")),
        ("exhausted", "unreached", ended("exhausted")),
        ("not-attempted", "unreached", ended("not_attempted")),
    ]
}

fn unscreened() -> Person {
    let columns = ["aml_info_num_hits", "aml_hits_total", "aml_open_hits"];
    columns
        .into_iter()
        .fold(Person::clean(), Person::without)
        .with("aml_info_check", "absent")
        .with("aml_screened", false)
}

/// A session that is still running: no section has a word yet.
fn unfinished() -> Person {
    ended("answered")
        .with("decision", "undecided")
        .with("id_info_check", "absent")
        .with("face_match_info_check", "undecided")
        .with("face_liveness_info_check", "absent")
        .with("fraud_insights_check", "absent")
        .with(RELATED, "absent")
        .with("aml_info_check", "absent")
        .with("aml_screened", false)
}

pub(super) fn ended(outcome: &'static str) -> Person {
    Person::unknown().with("outcome", outcome)
}
