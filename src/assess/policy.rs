//! The policy: rules and the condition of a pass, checked once against the columns they read.

use crate::kyc::face_score::FaceScoreScale;
use polars::prelude::Schema;

use super::{
    condition::Condition,
    constants::Constants,
    default_policy,
    error::{Located, PolicyError},
    place::Place,
    reading,
};
use crate::model::{digest::Digest, verdict::Verdict};

/// The pseudo-rule of a user for whom no rule holds, nor the condition of a pass.
pub const NOT_POSITIVELY_PASSED: &str = "not-positively-passed";
/// The verdict of that pseudo-rule.
pub(super) const SILENT_VERDICT: Verdict = Verdict::Review;

/// A written policy, whose conditions are known to be SQL. `check` it against the columns before the run asks anybody.
#[derive(Debug, Clone)]
pub struct Policy {
    pub(super) origin: String,
    pub(super) text: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) face_score_scale: FaceScoreScale,
    pub(super) rules: Vec<Rule>,
    pub(super) pass: Condition,
    pub(super) pass_place: Place,
    pub(super) constants: Constants,
}

/// One rule: a verdict for every user for whom its condition is true.
#[derive(Debug, Clone)]
pub struct Rule {
    pub id: String,
    /// Never `pass`.
    pub verdict: Verdict,
    pub when: Condition,
    /// The reason, for people, in one line.
    pub says: String,
    /// Where the facts behind the rule are written down, in one line; the text of a policy need not say it.
    pub source: Option<String>,
    pub(super) place: Place,
}

impl Policy {
    /// Reads a policy; `origin` names the file in messages.
    ///
    /// # Errors
    /// When the text is not TOML of the right keys, a rule's id or verdict is no good, or a condition is not SQL.
    pub fn parse(text: &str, origin: &str) -> Result<Self, PolicyError> {
        reading::read(text, origin)
    }

    /// The policy that is compiled in.
    ///
    /// # Errors
    /// Never in a build whose tests passed.
    pub fn built_in() -> Result<Self, PolicyError> {
        Self::parse(default_policy::TEXT, "the built-in policy")
    }

    /// Checks that every condition can be decided over `users` of this schema.
    ///
    /// # Errors
    /// On the first condition that reads a column that is not there, compares what cannot be compared, asks for a word
    /// that its column never holds, is not boolean, or looks at more than one user.
    pub fn check(&self, users: &Schema) -> Result<(), PolicyError> {
        for rule in &self.rules {
            rule.when.check(users).map_err(|Located { flaw, line }| PolicyError::Rule {
                origin: self.origin.clone(),
                line: rule.place.line(line),
                rule: rule.id.clone(),
                source: flaw.into(),
            })?;
        }
        self.pass.check(users).map_err(|Located { flaw, line }| PolicyError::Pass {
            origin: self.origin.clone(),
            line: self.pass_place.line(line),
            source: flaw,
        })
    }

    /// SHA-256 of the text, in hex: what the certificate calls the policy.
    #[must_use]
    pub fn digest(&self) -> String {
        Digest::of(self.text.as_bytes()).to_string()
    }

    /// The text of the policy as it was read; published with the report, so that anybody can judge again.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    #[must_use]
    pub const fn face_score_scale(&self) -> FaceScoreScale {
        self.face_score_scale
    }

    /// The rules, in the order of the file.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Every threshold and word list: its name, and the SQL that stands for it in the conditions; in order of the names.
    pub fn constants(&self) -> impl Iterator<Item = (&str, &str)> {
        self.constants.iter()
    }

    /// The condition without which nobody passes.
    #[must_use]
    pub const fn pass(&self) -> &Condition {
        &self.pass
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::specimen;

    #[test]
    fn the_built_in_policy_fits_the_columns_of_users() -> Result<(), PolicyError> {
        let policy = Policy::built_in()?;
        policy.check(&specimen::schema())?;
        assert_eq!(policy.face_score_scale(), FaceScoreScale::Auto);
        assert_eq!((policy.name(), policy.version()), ("conservative", "3"));
        assert_eq!(policy.digest().len(), 64);
        let first: Vec<_> = policy.constants().take(2).collect();
        assert_eq!(first, [("max_age", "120"), ("max_document_users", "1")]);
        Ok(())
    }

    #[test]
    fn the_digest_is_of_the_text_as_read() -> Result<(), PolicyError> {
        let text = "name='n'\nversion='1'\nface_score_scale='unit'\n[pass]\nwhen='TRUE'\n";
        let commented = format!("{text}# why\n");
        let digest = |text: &str| Policy::parse(text, "p").map(|policy| policy.digest());
        assert_eq!(digest(text)?, digest(text)?);
        assert_ne!(digest(text)?, digest(&commented)?);
        Ok(())
    }
}
