//! The rules of a policy that look at the identity document alone: what they hold against a user another document ends.

use std::collections::BTreeSet;

use super::policy::{Policy, Rule};

/// The columns that say whether the document is in order.
const OF_THE_DOCUMENT: [&str; 4] =
    ["document_expired", "days_to_expiry", "id_info_check", "id_info_id_expiry_date"];
/// The columns that a rule about the document may ask for besides.
const BESIDES: [&str; 2] = ["outcome", "decision"];

/// The ids of these rules.
#[derive(Debug, Clone, Default)]
pub struct DocumentRules<'a> {
    ids: BTreeSet<&'a str>,
}

impl<'a> DocumentRules<'a> {
    /// The rules of a policy that read columns of the document and no others; by their columns, so also in a policy
    /// with other ids.
    #[must_use]
    pub fn of(policy: &'a Policy) -> Self {
        let rules = policy.rules().iter().filter(|rule| is_of_the_document(rule));
        Self { ids: rules.map(|rule| rule.id.as_str()).collect() }
    }

    /// Whether rules held, given as in `verdict_rules`, and every one of them is of the document.
    #[must_use]
    pub fn are_all_of(&self, verdict_rules: &str) -> bool {
        verdict_rules.split(';').all(|rule| self.ids.contains(rule))
    }
}

fn is_of_the_document(rule: &Rule) -> bool {
    let columns = rule.when.columns();
    let is_own = |column: &&str| OF_THE_DOCUMENT.contains(column);
    columns.iter().any(is_own) && columns.iter().all(|name| is_own(name) || BESIDES.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::error::PolicyError;

    #[test]
    fn a_document_stands_alone_in_the_way_only_where_no_other_rule_held() -> Result<(), PolicyError>
    {
        let policy = Policy::built_in()?;
        let rules = DocumentRules::of(&policy);
        for alone in ["document-expired", "document-rejected;document-expired"] {
            assert!(rules.are_all_of(alone), "{alone}");
        }
        for other in [
            "",
            "not-positively-passed",
            "reference-mismatch",
            "under-age",
            "decision-rejected",
            "decision-undecided",
            "liveness-inconclusive",
            "fraud-inconclusive",
            "aml-not-screened",
            "document-shared",
            "envelope-contested",
        ] {
            assert!(!rules.are_all_of(other), "{other}");
            assert!(!rules.are_all_of(&format!("{other};document-expired")), "{other}");
        }
        Ok(())
    }
}
