//! `certificate.json`: the statement that everybody asked about is accounted for.

use std::{collections::BTreeMap, path::Path};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    disk,
    model::{ids::RunId, provenance::Provenance, quota::Quota},
    report::{
        derivation::Derivation,
        environment::Environment,
        equation::{Equation, OpenEquation, Recounts, close},
        error::ReportError,
        export::totals::ExportTotals,
        gate::GateResult,
        id_digest::{IdDigest, METHOD},
        population::{Count, Population},
    },
};

/// Raised when a reader of older certificates would misread a newer one.
pub const VERSION: u32 = 1;

/// The policy by which the run was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyFacts {
    /// Name of the policy, as it calls itself.
    pub name: String,
    /// Version of the policy, as it calls itself.
    pub version: String,
    /// SHA-256 of the policy's text.
    pub sha256: String,
}

/// All that a certificate is made from.
#[derive(Debug, Clone)]
pub struct Statement<'a> {
    pub run_id: &'a RunId,
    pub environment: Environment,
    /// Why the run is not complete; none when it is.
    pub incomplete_because: Option<String>,
    pub population: Population,
    /// The same numbers, read back from the published tables.
    pub recounts: Recounts,
    /// The roster as read, byte order mark included.
    pub input_sha256: String,
    pub ids: &'a IdDigest,
    /// Published rows by table.
    pub tables: BTreeMap<String, u64>,
    /// The files for others.
    pub exports: Vec<ExportTotals>,
    pub policy: PolicyFacts,
    pub base_url: String,
    pub quotas: &'a [Quota],
    pub tool_version: &'a str,
    pub operator: String,
    pub host: String,
    pub started_at: Timestamp,
    pub ended_at: Timestamp,
    /// Start of the first and of the last settling attempt; none when nobody was asked.
    pub fetched_at: Option<(Timestamp, Timestamp)>,
    /// How the run stands to the gates of the settings.
    pub gates: Vec<GateResult>,
    pub derivation: Derivation,
}

/// The statement of a run whose numbers add up. There is no other way to one than `issue`, or reading a published one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Certificate {
    pub certificate_version: u32,
    pub run_id: String,
    pub environment: Environment,
    pub complete: bool,
    pub incomplete_because: Option<String>,
    pub equations: Vec<Equation>,
    pub population: Population,
    pub input_sha256: String,
    pub ids_digest: String,
    pub ids_digest_method: String,
    pub tables: BTreeMap<String, u64>,
    pub exports: Vec<ExportTotals>,
    pub policy: PolicyFacts,
    pub base_url: String,
    pub quotas: Vec<String>,
    pub tool_version: String,
    pub operator: String,
    pub host: String,
    pub started_at: String,
    pub ended_at: String,
    pub first_fetched_at: Option<String>,
    pub last_fetched_at: Option<String>,
    pub gates: Vec<GateResult>,
    pub derivation: Derivation,
}

/// The field that is the same in every version.
#[derive(Deserialize)]
struct Version {
    certificate_version: u32,
}

impl Certificate {
    /// Certifies a statement.
    ///
    /// # Errors
    /// When an equation does not close. Nothing may be published then.
    pub fn issue(statement: Statement) -> Result<Self, OpenEquation> {
        let Statement { population, ids, tables, exports, recounts, .. } = &statement;
        let equations = equations(population, ids.ids(), tables, exports, recounts)?;
        let text = |instant: Timestamp| format!("{instant:.6}");
        Ok(Self {
            certificate_version: VERSION,
            run_id: statement.run_id.to_string(),
            environment: statement.environment,
            complete: statement.incomplete_because.is_none(),
            incomplete_because: statement.incomplete_because,
            equations,
            population: statement.population,
            input_sha256: statement.input_sha256,
            ids_digest: statement.ids.digest().to_string(),
            ids_digest_method: METHOD.to_owned(),
            tables: statement.tables,
            exports: statement.exports,
            policy: statement.policy,
            base_url: statement.base_url,
            quotas: statement.quotas.iter().map(Quota::to_string).collect(),
            tool_version: statement.tool_version.to_owned(),
            operator: statement.operator,
            host: statement.host,
            started_at: text(statement.started_at),
            ended_at: text(statement.ended_at),
            first_fetched_at: statement.fetched_at.map(|(first, _)| text(first)),
            last_fetched_at: statement.fetched_at.map(|(_, last)| text(last)),
            gates: statement.gates,
            derivation: statement.derivation,
        })
    }

    /// Reads the certificate of a published run.
    ///
    /// # Errors
    /// When it is not there, not such a certificate, or one of another version.
    pub fn read(path: &Path) -> Result<Self, ReportError> {
        let json = disk::read(path)?;
        let unreadable = |source| ReportError::Unreadable { path: path.to_owned(), source };
        // First: another version may differ in any other field.
        let Version { certificate_version } = serde_json::from_slice(&json).map_err(unreadable)?;
        if certificate_version != VERSION {
            let (path, what, found) = (path.to_owned(), "certificate", certificate_version);
            return Err(ReportError::Version { path, what, found, understood: VERSION });
        }
        serde_json::from_slice(&json).map_err(unreadable)
    }

    /// Writes the certificate.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), ReportError> {
        Ok(disk::write_private(path, self.to_json(path)?.as_bytes())?)
    }

    /// The certificate as the text of its file.
    ///
    /// # Errors
    /// Never in practice; `path` names the file in the message.
    pub fn to_json(&self, path: &Path) -> Result<String, ReportError> {
        let json = serde_json::to_string_pretty(self);
        let json = json.map_err(|source| ReportError::Json { path: path.to_owned(), source })?;
        Ok(json + "\n")
    }
}

/// The equations of the population, those that tie the published tables and statistics to it, then those of the exports.
///
/// # Errors
/// The first one that does not close.
pub fn equations(
    population: &Population,
    ids: u64,
    tables: &BTreeMap<String, u64>,
    exports: &[ExportTotals],
    recounts: &Recounts,
) -> Result<Vec<Equation>, OpenEquation> {
    let Population { input_rows, unique_users, rejects, outcomes, verdicts, .. } = population;
    let Population { answers, ages, .. } = population;
    let answered = [Provenance::Fresh, Provenance::Carried];
    let answered = answered.map(|provenance| population.answers(provenance)).iter().sum();
    let users = || vec![Count::new("unique_users", *unique_users)];
    let rows = |table: &str| tables.get(table).copied().unwrap_or(0);
    let mut equations = vec![
        close("input_rows", *input_rows, population.rows())?,
        close("unique_users", *unique_users, outcomes.clone())?,
        close("unique_users", *unique_users, verdicts.clone())?,
        close("unique_users", *unique_users, answers.clone())?,
        close("fresh_and_carried", answered, ages.clone())?,
        close("ids_in_digest", ids, users())?,
        close("rows_of_users", rows("users"), users())?,
        close("rows_of_responses", rows("responses"), users())?,
        close("rows_of_rejects", rows("rejects"), vec![Count::new("rejects", *rejects)])?,
        recounts.roster.agree(population.rows())?,
        recounts.outcomes.agree(outcomes.clone())?,
        recounts.verdicts.agree(verdicts.clone())?,
        recounts.answers.agree(answers.clone())?,
        recounts.ages.agree(ages.clone())?,
    ];
    for export in exports {
        equations.push(export.equation()?);
    }
    Ok(equations)
}

#[cfg(test)]
pub(super) mod tests {
    use std::error::Error;

    use super::*;
    use crate::{
        model::{ids::UserId, media::Media, outcome::Outcome, provenance::Age, verdict::Verdict},
        report::{discretion::Discretion, equation::Recount, population::Rows},
    };

    fn recounts(population: &Population) -> Recounts {
        let recount = |statistic, total, counts| Recount { statistic, total, counts };
        let Population { input_rows, unique_users, outcomes, verdicts, .. } = population;
        let Population { answers, ages, .. } = population;
        Recounts {
            roster: recount("roster_counts", *input_rows, population.rows()),
            outcomes: recount("outcomes", *unique_users, outcomes.clone()),
            verdicts: recount("verdicts", *unique_users, verdicts.clone()),
            answers: recount("answer_ages", *unique_users, answers.clone()),
            ages: recount("answer_ages", 5, ages.clone()),
        }
    }

    /// Ten rows, six users: two answered well, one badly, one unknown, one exhausted, one not asked.
    pub(in crate::report) fn certified(
        change: impl FnOnce(&mut Statement),
    ) -> Result<Certificate, Box<dyn Error>> {
        let run_id = RunId::parse("night-1")?;
        let mut ids = IdDigest::default();
        for user in 0..6 {
            ids.add(&UserId::parse(&format!("user-{user}"))?);
        }
        let rows = Rows {
            input_rows: 10,
            unique_users: 6,
            duplicates: 1,
            blanks: 2,
            rejects: 1,
            other_shards: 0,
        };
        let outcomes = |outcome| match outcome {
            Outcome::Answered => 3,
            Outcome::NoVerification | Outcome::Exhausted | Outcome::NotAttempted => 1,
            Outcome::Denied | Outcome::Unreadable => 0,
        };
        let verdicts = |verdict| match verdict {
            Verdict::Pass => 2,
            Verdict::Unreached => 3,
            Verdict::Fail => 1,
            Verdict::Pending | Verdict::Review => 0,
        };
        let quotas = ["300/60s".parse()?];
        let answers = |provenance| match provenance {
            Provenance::Fresh => 3,
            Provenance::Carried => 2,
            Provenance::NotAttempted => 1,
        };
        let ages = |age| match age {
            Age::UnderOneDay => 3,
            Age::UnderSevenDays | Age::Older => 1,
            Age::UnderThirtyDays | Age::UnderNinetyDays => 0,
        };
        let population = Population::new(rows, outcomes, verdicts, answers, ages);
        let tables = [("users", 6), ("responses", 6), ("rejects", 1)];
        let mut statement = Statement {
            run_id: &run_id,
            environment: Environment::Sandbox,
            incomplete_because: Some("1 user was not attempted".to_owned()),
            recounts: recounts(&population),
            population,
            input_sha256: "ab".repeat(32),
            ids: &ids,
            tables: tables.map(|(table, rows)| (table.to_owned(), rows)).into(),
            exports: vec![ExportTotals {
                name: "regulator".to_owned(),
                file: "exports/regulator/x.csv".to_owned(),
                selected: 2,
                written: 2,
                pseudonyms: false,
            }],
            policy: PolicyFacts {
                name: "default".to_owned(),
                version: "1".to_owned(),
                sha256: "cd".repeat(32),
            },
            base_url: "http://127.0.0.1:1".to_owned(),
            quotas: &quotas,
            tool_version: "0.1.0",
            operator: "ops".to_owned(),
            host: "night".to_owned(),
            started_at: Timestamp::from_second(1_700_000_000)?,
            ended_at: Timestamp::from_second(1_700_000_060)?,
            fetched_at: None,
            gates: Vec::new(),
            derivation: Derivation {
                roster_columns: vec!["country".to_owned()],
                csv: true,
                csv_bom: false,
                privacy: Discretion::Ids,
                media: Media::Strip,
                by: Vec::new(),
                baseline: None,
                carried_from: Vec::new(),
                books: String::new(),
                gates: String::new(),
                shard: None,
                merged_from: Vec::new(),
                exports: String::new(),
                pseudonym_key_check: None,
            },
        };
        change(&mut statement);
        Ok(Certificate::issue(statement)?)
    }

    #[test]
    fn the_equations_are_spelled_out_with_their_numbers() -> Result<(), Box<dyn Error>> {
        let certificate = certified(|_| {})?;
        let says: Vec<_> =
            certificate.equations.iter().map(|e| (e.says.as_str(), e.total)).collect();
        assert_eq!(
            says,
            [
                ("input_rows = unique_users + duplicates + blanks + rejects", 10),
                (
                    "unique_users = answered + no_verification + denied + unreadable + exhausted + not_attempted",
                    6
                ),
                ("unique_users = pass + fail + review + pending + unreached", 6),
                ("unique_users = fresh + carried + not_attempted", 6),
                (
                    "fresh_and_carried = under_1_day + under_7_days + under_30_days + under_90_days + older",
                    5
                ),
                ("ids_in_digest = unique_users", 6),
                ("rows_of_users = unique_users", 6),
                ("rows_of_responses = unique_users", 6),
                ("rows_of_rejects = rejects", 1),
                ("statistic_roster_counts = unique_users + duplicates + blanks + rejects", 10),
                (
                    "statistic_outcomes = answered + no_verification + denied + unreadable + exhausted + not_attempted",
                    6
                ),
                ("statistic_verdicts = pass + fail + review + pending + unreached", 6),
                ("statistic_answer_ages = fresh + carried + not_attempted", 6),
                (
                    "statistic_answer_ages = under_1_day + under_7_days + under_30_days + under_90_days + older",
                    5
                ),
                ("rows_of_export_regulator = users_it_selects", 2),
            ]
        );
        assert!(certificate.equations.iter().all(|equation| equation.closes));
        assert!(!certificate.complete);
        Ok(())
    }

    #[test]
    fn one_lost_user_and_there_is_no_certificate() {
        type Change = fn(&mut Statement);
        let changes: [Change; 19] = [
            |s| s.population.other_shards += 1,
            |s| s.population.input_rows += 1,
            |s| s.population.duplicates -= 1,
            |s| s.population.outcomes[0].count -= 1,
            |s| s.population.verdicts[2].count += 1,
            |s| s.population.outcomes[1].count = u64::MAX,
            |s| s.tables.extend([("users".to_owned(), 5)]),
            |s| s.tables.extend([("rejects".to_owned(), 0)]),
            |s| s.tables.extend([("responses".to_owned(), 7)]),
            |s| s.tables.clear(),
            |s| s.recounts.roster.counts[1].count += 1,
            |s| s.recounts.roster.total -= 1,
            // Two users whose verdicts changed places between the count and the tables.
            |s| {
                s.recounts.verdicts.counts[0].count -= 1;
                s.recounts.verdicts.counts[1].count += 1;
            },
            |s| s.recounts.outcomes.counts.clear(),
            // A user whose outcome is no word of ours.
            |s| s.recounts.outcomes.total += 1,
            |s| s.population.answers[1].count -= 1,
            |s| s.population.ages[4].count += 1,
            |s| s.recounts.ages.counts[4].count = 0,
            |s| s.exports[0].written -= 1,
        ];
        for (at, change) in changes.into_iter().enumerate() {
            let said = certified(change).map(drop).map_err(|error| error.to_string());
            assert!(said.is_err_and(|error| error.contains("does not close")), "change {at}");
        }
    }

    #[test]
    fn a_published_certificate_can_be_read_again() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let path = place.path().join("certificate.json");
        let certificate = certified(|_| {})?;
        certificate.write(&path)?;
        let text = std::fs::read_to_string(&path)?;
        assert!(text.starts_with("{\n  \"certificate_version\": 1,\n"));
        assert!(text.contains("\"environment\": \"SANDBOX\""));
        assert_eq!(Certificate::read(&path)?, certificate);
        Ok(())
    }

    #[test]
    fn a_certificate_of_another_version_is_told_as_such() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let path = place.path().join("certificate.json");
        std::fs::write(&path, r#"{"certificate_version": 7, "of": "the future"}"#)?;
        let said = Certificate::read(&path).map(drop).map_err(|error| error.to_string());
        assert!(said.is_err_and(|error| error.contains("a certificate of version 7")));
        std::fs::write(&path, r#"{"certificate_version": 1, "of": "somebody else"}"#)?;
        assert!(matches!(Certificate::read(&path), Err(ReportError::Unreadable { .. })));
        Ok(())
    }
}
