//! The policy that is compiled in.

/// The text of the default policy.
pub(super) const TEXT: &str = include_str!("default_policy.toml");

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, error::Error};

    use crate::assess::{
        policy::{NOT_POSITIVELY_PASSED, Policy},
        specimen::{Person, texts, users},
    };

    const RELATED: &str = "fraud_insights_related_session_insights_check";

    /// The verdict and the rules of each person, by the default policy.
    fn judge(people: &[Person]) -> Result<Vec<(String, String)>, Box<dyn Error>> {
        let judged = Policy::built_in()?.assess(users(people)?)?.users;
        Ok(texts(&judged, "verdict")?.into_iter().zip(texts(&judged, "verdict_rules")?).collect())
    }

    fn ended(outcome: &'static str) -> Person {
        Person::unknown().with("outcome", outcome)
    }

    /// For each rule, somebody for whom it alone holds.
    fn culprits() -> Vec<(&'static str, &'static str, Person)> {
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
            ("under-age", "fail", clean().with("age_at_verification", 17_i64)),
            ("decision-review", "review", clean().with("decision", "review")),
            ("decision-unrecognized", "review", clean().with("decision", "unrecognized")),
            ("document-review", "review", clean().with("id_info_check", "review")),
            ("face-match-review", "review", clean().with("face_match_info_check", "unrecognized")),
            ("liveness-review", "review", clean().with("face_liveness_info_check", "review")),
            ("fraud-review", "review", clean().with("fraud_insights_check", "unrecognized")),
            ("related-sessions-review", "review", clean().with(RELATED, "rejected")),
            (
                "face-score-unreadable",
                "review",
                clean().without("face_score").with("face_score_unreadable", true),
            ),
            ("document-inconclusive", "review", clean().with("id_info_check", "absent")),
            (
                "face-match-inconclusive",
                "review",
                clean().with("face_match_info_check", "undecided"),
            ),
            ("liveness-inconclusive", "review", clean().with("face_liveness_info_check", "absent")),
            ("fraud-inconclusive", "review", clean().with("fraud_insights_check", "neutral")),
            ("related-sessions-inconclusive", "review", clean().with(RELATED, "undecided")),
            ("aml-not-screened", "review", unscreened()),
            ("aml-hits-not-listed", "review", clean().with("aml_info_num_hits", 2_i64)),
            ("face-score-low", "review", clean().with("face_score", 0.79)),
            ("document-expired", "review", clean().with("document_expired", true)),
            (
                "expiry-date-missing",
                "review",
                clean().without("id_info_id_expiry_date").without("document_expired"),
            ),
            ("id-number-missing", "review", clean().without("id_info_id_number")),
            ("name-missing", "review", clean().without("id_info_full_name")),
            ("age-unknown", "review", clean().without("age_at_verification")),
            ("age-implausible", "review", clean().with("age_at_verification", 126_i64)),
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

    #[test]
    fn each_rule_holds_alone_for_the_one_it_is_meant_for() -> Result<(), Box<dyn Error>> {
        let culprits = culprits();
        let people: Vec<_> = culprits.iter().map(|(_, _, person)| person.clone()).collect();
        for ((rule, verdict, _), judged) in culprits.iter().zip(judge(&people)?) {
            assert_eq!(judged, ((*verdict).to_owned(), (*rule).to_owned()));
        }
        Ok(())
    }

    #[test]
    fn no_rule_is_without_a_culprit() -> Result<(), Box<dyn Error>> {
        let policy = Policy::built_in()?;
        let rules: BTreeSet<_> = policy.rules().iter().map(|rule| rule.id.as_str()).collect();
        let tried: BTreeSet<_> = culprits().iter().map(|(rule, _, _)| *rule).collect();
        assert_eq!(rules, tried);
        Ok(())
    }

    #[test]
    fn a_clean_user_passes_and_no_rule_holds() -> Result<(), Box<dyn Error>> {
        for person in [
            Person::clean(),
            Person::clean().with("aml_info_check", "closed").with("aml_hits_total", 2_i64),
            Person::clean().without("reference_mismatch"),
            Person::clean().without("face_score").without("face_score_unreadable"),
            Person::clean().with(RELATED, "neutral"),
            Person::clean().with("face_score", 0.8).with("age_at_verification", 18_i64),
        ] {
            assert_eq!(judge(&[person])?, [("pass".to_owned(), "(null)".to_owned())]);
        }
        Ok(())
    }

    #[test]
    fn a_user_of_whom_nothing_is_known_never_passes() -> Result<(), Box<dyn Error>> {
        let silent = ("review".to_owned(), NOT_POSITIVELY_PASSED.to_owned());
        let people = [Person::unknown(), ended("answered"), ended("a new outcome")];
        assert_eq!(judge(&people)?, vec![silent; 3]);
        Ok(())
    }

    #[test]
    fn an_approval_with_any_fact_of_the_pass_missing_does_not_pass() -> Result<(), Box<dyn Error>> {
        let dispensable = ["run_id", "user_id", "attempts", "aml_info_num_hits", "aml_hits_total"];
        let optional = ["reference_mismatch", "face_score", "face_score_unreadable"];
        for column in Person::clean().known() {
            if dispensable.contains(&column.as_str()) || optional.contains(&column.as_str()) {
                continue;
            }
            let judged = judge(&[Person::clean().without(&column)])?;
            assert!(judged.iter().all(|(verdict, _)| verdict != "pass"), "{column}");
        }
        Ok(())
    }
}
