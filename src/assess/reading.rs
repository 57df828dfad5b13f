//! From the text of a policy file to a policy, or to what is wrong with it and where.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use super::{
    condition::Condition,
    constants::{Constant, Constants},
    error::{ConstantFlaw, Located, PolicyError, RuleFlaw},
    place::{Place, line_at},
    policy::{NOT_POSITIVELY_PASSED, Policy, Rule},
    rendering,
};
use crate::kyc::face_score::FaceScoreScale;
use crate::model::verdict::Verdict;

/// Reads the text of a policy file.
pub(super) fn read(text: &str, origin: &str) -> Result<Policy, PolicyError> {
    let file: File = toml::from_str(text).map_err(|source| PolicyError::Form {
        origin: origin.to_owned(),
        source: Box::new(source),
    })?;
    let mut reader =
        Reader { text, origin, constants: Constants::default(), used: BTreeSet::new() };
    reader.read_constants("threshold", &file.thresholds, Constant::threshold)?;
    reader.read_constants("word list", &file.words, Constant::words)?;
    reader.read(file)
}

type Entries = BTreeMap<String, Spanned<toml::Value>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Option<String>,
    version: Option<String>,
    face_score_scale: Option<FaceScoreScale>,
    #[serde(default)]
    thresholds: Entries,
    #[serde(default)]
    words: Entries,
    #[serde(default, rename = "rule")]
    rules: Vec<RuleEntry>,
    pass: Option<PassEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    id: Spanned<String>,
    verdict: String,
    when: Spanned<String>,
    says: String,
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PassEntry {
    when: Spanned<String>,
}

/// Reads the parts of one file, and remembers which constants its conditions use.
struct Reader<'a> {
    text: &'a str,
    origin: &'a str,
    constants: Constants,
    used: BTreeSet<String>,
}

impl Reader<'_> {
    fn read(mut self, file: File) -> Result<Policy, PolicyError> {
        // Not left to the reader of TOML: it would point at the first line of the file, where nothing is wrong.
        let name = self.required("the key `name`", file.name)?;
        let version = self.required("the key `version`", file.version)?;
        let face_score_scale =
            self.required("the key `face_score_scale`", file.face_score_scale)?;
        let pass_entry = self.required("the section [pass]", file.pass)?;
        let rules = self.rules(file.rules)?;
        let pass_place = self.place(&pass_entry.when);
        let pass = self.condition(pass_entry.when.as_ref()).map_err(|Located { flaw, line }| {
            let line = pass_place.line(line);
            PolicyError::Pass { origin: self.origin.to_owned(), line, source: flaw }
        })?;
        self.refuse_unused("threshold", &file.thresholds)?;
        self.refuse_unused("word list", &file.words)?;
        Ok(Policy {
            origin: self.origin.to_owned(),
            text: self.text.to_owned(),
            name,
            version,
            face_score_scale,
            rules,
            pass,
            pass_place,
            constants: self.constants,
        })
    }

    fn required<T>(&self, key: &'static str, value: Option<T>) -> Result<T, PolicyError> {
        value.ok_or_else(|| PolicyError::Missing { origin: self.origin.to_owned(), key })
    }

    fn read_constants(
        &mut self,
        list: &'static str,
        entries: &Entries,
        read: fn(&toml::Value) -> Result<Constant, ConstantFlaw>,
    ) -> Result<(), PolicyError> {
        for (name, value) in entries {
            read(value.as_ref())
                .and_then(|constant| self.constants.add(name, constant))
                .map_err(|flaw| self.constant_error(list, name, value, flaw))?;
        }
        Ok(())
    }

    /// A constant that nothing uses is one that somebody believes to be in force.
    fn refuse_unused(&self, list: &'static str, entries: &Entries) -> Result<(), PolicyError> {
        match entries.iter().find(|(name, _)| !self.used.contains(*name)) {
            Some((name, value)) => {
                Err(self.constant_error(list, name, value, ConstantFlaw::Unused))
            }
            None => Ok(()),
        }
    }

    fn rules(&mut self, entries: Vec<RuleEntry>) -> Result<Vec<Rule>, PolicyError> {
        let mut rules: Vec<Rule> = Vec::with_capacity(entries.len());
        for entry in entries {
            let place = self.place(&entry.when);
            let id = entry.id.as_ref();
            let said = check_id(id, &rules)
                .and_then(|()| check_lines(&entry))
                .and_then(|()| verdict(&entry.verdict));
            let verdict = said
                .map_err(|flaw| self.rule_error(id, line_at(self.text, &entry.id.span()), flaw))?;
            let when = self
                .condition(entry.when.as_ref())
                .map_err(|found| self.rule_error(id, place.line(found.line), found.flaw.into()))?;
            let RuleEntry { id, says, source, .. } = entry;
            rules.push(Rule { id: id.into_inner(), verdict, when, says, source, place });
        }
        Ok(rules)
    }

    fn condition(&mut self, when: &str) -> Result<Condition, Located> {
        Condition::parse(&rendering::render(when, &self.constants, &mut self.used)?)
    }

    fn place(&self, when: &Spanned<String>) -> Place {
        Place::of(self.text, &when.span(), when.as_ref())
    }

    fn rule_error(&self, rule: &str, line: usize, source: RuleFlaw) -> PolicyError {
        PolicyError::Rule { origin: self.origin.to_owned(), line, rule: rule.to_owned(), source }
    }

    fn constant_error(
        &self,
        list: &'static str,
        name: &str,
        value: &Spanned<toml::Value>,
        source: ConstantFlaw,
    ) -> PolicyError {
        PolicyError::Constant {
            origin: self.origin.to_owned(),
            line: line_at(self.text, &value.span()),
            list,
            name: name.to_owned(),
            source,
        }
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

fn check_lines(entry: &RuleEntry) -> Result<(), RuleFlaw> {
    let is_one_line = |text: &str| !text.trim().is_empty() && !text.contains(char::is_control);
    if !is_one_line(&entry.says) {
        return Err(RuleFlaw::NotOneLine { field: "says" });
    }
    if !entry.source.as_deref().is_none_or(is_one_line) {
        return Err(RuleFlaw::NotOneLine { field: "source" });
    }
    Ok(())
}

fn verdict(word: &str) -> Result<Verdict, RuleFlaw> {
    match Verdict::parse(word) {
        Some(Verdict::Pass) => Err(RuleFlaw::PassAsVerdict),
        Some(verdict) => Ok(verdict),
        None => Err(RuleFlaw::UnknownVerdict { word: word.to_owned() }),
    }
}
