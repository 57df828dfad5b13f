//! From the text of a policy file to a policy, or to what is wrong with it and where.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use serde::Deserialize;
use toml::Spanned;

use super::{
    condition::Condition,
    error::{ConditionFlaw, PolicyError, RuleFlaw, ThresholdFlaw},
    policy::{NOT_POSITIVELY_PASSED, Policy, Rule},
    thresholds::Thresholds,
};
use crate::kyc::face_score::FaceScoreScale;
use crate::model::verdict::Verdict;

/// Reads the text of a policy file.
pub(super) fn read(text: &str, origin: &str) -> Result<Policy, PolicyError> {
    let file: File = toml::from_str(text).map_err(|source| PolicyError::Form {
        origin: origin.to_owned(),
        source: Box::new(source),
    })?;
    Reader { text, origin, used: BTreeSet::new() }.read(file)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    version: String,
    face_score_scale: FaceScoreScale,
    #[serde(default)]
    thresholds: BTreeMap<String, Spanned<toml::Value>>,
    #[serde(default, rename = "rule")]
    rules: Vec<RuleEntry>,
    pass: PassEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    id: Spanned<String>,
    verdict: String,
    when: String,
    says: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PassEntry {
    when: Spanned<String>,
}

/// Reads the parts of one file, and remembers which thresholds its conditions use.
struct Reader<'a> {
    text: &'a str,
    origin: &'a str,
    used: BTreeSet<String>,
}

impl Reader<'_> {
    fn read(mut self, file: File) -> Result<Policy, PolicyError> {
        let thresholds = self.thresholds(&file.thresholds)?;
        let rules = self.rules(file.rules, &thresholds)?;
        let pass_line = self.line(&file.pass.when.span());
        let pass = self.condition(file.pass.when.as_ref(), &thresholds).map_err(|source| {
            PolicyError::Pass { origin: self.origin.to_owned(), line: pass_line, source }
        })?;
        self.refuse_unused(&file.thresholds)?;
        Ok(Policy {
            origin: self.origin.to_owned(),
            text: self.text.to_owned(),
            name: file.name,
            version: file.version,
            face_score_scale: file.face_score_scale,
            rules,
            pass,
            pass_line,
        })
    }

    fn thresholds(
        &self,
        entries: &BTreeMap<String, Spanned<toml::Value>>,
    ) -> Result<Thresholds, PolicyError> {
        let mut thresholds = Thresholds::default();
        for (name, value) in entries {
            thresholds
                .add(name, value.as_ref())
                .map_err(|flaw| self.threshold_error(name, &value.span(), flaw))?;
        }
        Ok(thresholds)
    }

    /// A constant that nothing uses is one that somebody believes to be in force.
    fn refuse_unused(
        &self,
        entries: &BTreeMap<String, Spanned<toml::Value>>,
    ) -> Result<(), PolicyError> {
        match entries.iter().find(|(name, _)| !self.used.contains(*name)) {
            Some((name, value)) => {
                Err(self.threshold_error(name, &value.span(), ThresholdFlaw::Unused))
            }
            None => Ok(()),
        }
    }

    fn rules(
        &mut self,
        entries: Vec<RuleEntry>,
        thresholds: &Thresholds,
    ) -> Result<Vec<Rule>, PolicyError> {
        let mut rules: Vec<Rule> = Vec::with_capacity(entries.len());
        for entry in entries {
            let line = self.line(&entry.id.span());
            let id = entry.id.into_inner();
            let rule = check_id(&id, &rules)
                .and_then(|()| check_reason(&entry.says))
                .and_then(|()| verdict(&entry.verdict))
                .and_then(|verdict| Ok((verdict, self.condition(&entry.when, thresholds)?)));
            let (verdict, when) = rule.map_err(|source| PolicyError::Rule {
                origin: self.origin.to_owned(),
                line,
                rule: id.clone(),
                source,
            })?;
            rules.push(Rule { id, verdict, when, says: entry.says, line });
        }
        Ok(rules)
    }

    fn condition(
        &mut self,
        when: &str,
        thresholds: &Thresholds,
    ) -> Result<Condition, ConditionFlaw> {
        Condition::parse(&thresholds.render(when, &mut self.used)?)
    }

    fn threshold_error(
        &self,
        name: &str,
        span: &Range<usize>,
        source: ThresholdFlaw,
    ) -> PolicyError {
        PolicyError::Threshold {
            origin: self.origin.to_owned(),
            line: self.line(span),
            name: name.to_owned(),
            source,
        }
    }

    /// The line, from 1, on which a span of the text begins.
    fn line(&self, span: &Range<usize>) -> usize {
        1 + self.text.bytes().take(span.start).filter(|byte| *byte == b'\n').count()
    }
}

/// An id is part of the list in `verdict_rules`, so it holds no `;`.
fn check_id(id: &str, earlier: &[Rule]) -> Result<(), RuleFlaw> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.chars().all(plain) {
        return Err(RuleFlaw::Id);
    }
    if id == NOT_POSITIVELY_PASSED {
        return Err(RuleFlaw::ReservedId);
    }
    if earlier.iter().any(|rule| rule.id == id) {
        return Err(RuleFlaw::Duplicate);
    }
    Ok(())
}

fn check_reason(says: &str) -> Result<(), RuleFlaw> {
    let one_line = !says.trim().is_empty() && !says.contains(['\n', '\r']);
    one_line.then_some(()).ok_or(RuleFlaw::Reason)
}

fn verdict(word: &str) -> Result<Verdict, RuleFlaw> {
    match Verdict::parse(word) {
        Some(Verdict::Pass) => Err(RuleFlaw::PassAsVerdict),
        Some(verdict) => Ok(verdict),
        None => Err(RuleFlaw::UnknownVerdict { word: word.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::assess::specimen;

    const HEAD: &str = "name = 'n'\nversion = '1'\nface_score_scale = 'unit'\n";
    const PASS: &str = "[pass]\nwhen = \"outcome = 'answered'\"\n";

    fn rule(id: &str, verdict: &str, when: &str) -> String {
        format!("[[rule]]\nid = '{id}'\nverdict = '{verdict}'\nwhen = \"{when}\"\nsays = 's'\n")
    }

    /// The whole chain of messages of the error that this policy meets.
    fn refusal(body: &str) -> String {
        let text = format!("{HEAD}{body}{PASS}");
        let refused =
            read(&text, "p.toml").and_then(|policy| policy.check(&specimen::schema())).err();
        let mut chain = Vec::new();
        let mut next = refused.as_ref().map(|error| error as &dyn Error);
        while let Some(error) = next {
            chain.push(error.to_string());
            next = error.source();
        }
        chain.join(": ")
    }

    #[test]
    fn a_flaw_is_told_with_file_line_and_rule() {
        let twice = [rule("a", "fail", "TRUE"), rule("a", "fail", "TRUE")].concat();
        assert_eq!(refusal(&twice), "p.toml, line 10: rule `a`: another rule has the same id");
        assert_eq!(
            refusal(&rule("a", "fail", "aml_open_hit > 0")),
            "p.toml, line 5: rule `a`: `users` has no column `aml_open_hit`; \
             did you mean `aml_open_hits`?"
        );
        assert_eq!(
            refusal("[thresholds]\nunused = 1\n"),
            "p.toml, line 5: threshold `unused`: no condition uses it"
        );
    }

    #[test]
    fn a_verdict_is_one_of_four_words() {
        assert!(refusal(&rule("a", "pass", "TRUE")).contains("a rule cannot give `pass`"));
        assert!(refusal(&rule("a", "Fail", "TRUE")).contains("`Fail` is no verdict"));
    }

    #[test]
    fn an_id_that_would_confuse_the_list_of_rules_is_refused() {
        for id in ["", "a;b", "A", "a b", NOT_POSITIVELY_PASSED] {
            assert!(refusal(&rule(id, "fail", "TRUE")).contains("an id") || id.len() > 3, "{id}");
        }
        assert!(refusal(&rule(NOT_POSITIVELY_PASSED, "fail", "TRUE")).contains("stands for"));
    }

    #[test]
    fn an_unknown_key_a_missing_pass_and_a_threshold_of_text_are_refused() {
        assert!(refusal("whenn = 1\n").contains("unknown field `whenn`"));
        assert!(read(HEAD, "p.toml").is_err());
        assert!(refusal("[thresholds]\nx = 'high'\n").contains("not string"));
        assert!(refusal("[thresholds]\nX = 1\n").contains("lower-case"));
    }
}
