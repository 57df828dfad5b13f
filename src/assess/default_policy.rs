//! The policy that is compiled in.

/// The text of the default policy.
pub(super) const TEXT: &str = include_str!("default_policy.toml");

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, error::Error};

    use super::TEXT;
    use crate::assess::{
        culprits::{RELATED, culprits, ended},
        policy::{NOT_POSITIVELY_PASSED, Policy},
        specimen::{Person, schema, texts, users},
    };

    /// The verdict and the rules of each person, by the default policy.
    fn judge(people: &[Person]) -> Result<Vec<(String, String)>, Box<dyn Error>> {
        let judged = Policy::built_in()?.assess(users(people)?)?.users;
        Ok(texts(&judged, "verdict")?.into_iter().zip(texts(&judged, "verdict_rules")?).collect())
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
    fn the_word_list_that_is_shown_as_an_example_works() -> Result<(), Box<dyn Error>> {
        let text = TEXT.replace("\n#:", "\n");
        let policy = Policy::parse(&text, "the example")?;
        policy.check(&schema())?;
        let person = Person::clean().with("id_info_issue_country_alpha2", "KP");
        let judged = policy.assess(users(&[person, Person::clean()])?)?.users;
        assert_eq!(texts(&judged, "verdict_rules")?, ["high-risk-country", "(null)"]);
        Ok(())
    }

    #[test]
    fn every_rule_cites_the_notes_on_the_partner_s_api() -> Result<(), Box<dyn Error>> {
        for rule in Policy::built_in()?.rules() {
            let source = rule.source.as_deref().unwrap_or_default();
            let sections = source.strip_prefix("API notes ").unwrap_or_default();
            let is_section = |name: &str| name.starts_with(|c: char| ('A'..='F').contains(&c));
            assert!(sections.split(", ").all(is_section), "{}: {source:?}", rule.id);
        }
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
            Person::clean().with("shared_document_users", 1_i64).with("shared_tax_id_users", 1_i64),
            Person::clean().with("aml_hits_disagree", false),
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
