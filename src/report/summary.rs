//! `summary.json`: the run in figures, for programs. Mail and page are made from the same value.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    disk,
    report::{
        baseline::{BaselineFacts, judged_otherwise},
        certificate::{Certificate, PolicyFacts},
        derivation::ShardFacts,
        environment::Environment,
        error::ReportError,
        gate::GateResult,
        population::{Count, Population},
        statistics::Statistic,
    },
};

/// Raised when a reader of older summaries would misread a newer one.
pub const VERSION: u32 = 1;

/// What the run found, beside what its certificate says. Every number comes from a published statistic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Findings {
    /// The partner's decisions about the users it answered for, the most frequent first.
    pub decisions: Vec<Count>,
    /// The shares of users who pass.
    pub rates: Vec<Rate>,
    /// The rules that held, the most frequent first.
    pub reasons: Vec<Reason>,
    /// The warnings by code, the most frequent first.
    pub warnings: Vec<Count>,
    /// What the asking took.
    pub fetch: Fetch,
    /// How many users of the baseline this roster still has; null without a baseline.
    pub baseline_users: Option<Kept>,
    /// The open breaks by kind, as the statistic lists them.
    pub breaks: Vec<BreakCount>,
    /// For how many users, or lines of the roster, somebody has to do what, the most urgent first.
    pub actions: Vec<Count>,
    /// Every published statistic, with its answer.
    pub statistics: Vec<Statistic>,
}

/// A share, named after its denominator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rate {
    /// `pass_of_population`: of all users; `pass_of_determined`: of those with a verdict of pass or fail.
    pub name: String,
    /// Users who pass.
    pub numerator: u64,
    /// Users they are a share of.
    pub denominator: u64,
    /// Their quotient, from 0 to 1; null when there is nothing to divide by.
    pub value: Option<f64>,
}

/// A rule of the policy, and for how many users it held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// Id of the rule in the policy.
    pub rule: String,
    /// The verdict the rule gives.
    pub verdict: String,
    /// The reason, in a sentence.
    pub says: String,
    /// For how many users the rule held.
    pub users: u64,
}

/// How many users of the baseline are in the roster of this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Kept {
    /// Users of the baseline.
    pub all: u64,
    /// Those of them who are in this roster too.
    pub kept: u64,
}

/// How many breaks there are of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BreakCount {
    /// With what the run disagrees: `baseline` or `books`.
    pub against: String,
    /// What disagrees.
    pub kind: String,
    /// How much it matters: `critical`, `high`, `medium` or `low`.
    pub severity: String,
    /// How many are open.
    pub breaks: u64,
    /// How many users have one.
    pub users: u64,
    /// How many of them this run saw first.
    pub new_breaks: u64,
}

/// What the asking took.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fetch {
    /// Requests sent, retries included.
    pub requests: u64,
    /// Requests beyond the first for a user.
    pub retries: u64,
    /// Bytes of the answers' bodies.
    pub body_bytes: u64,
    /// How often the partner asked to wait.
    pub asked_to_wait: u64,
    /// The longest wait it asked for, in milliseconds; null when it asked for none.
    pub longest_asked_wait_ms: Option<f64>,
    /// Answers by HTTP status, the most frequent first.
    pub http_statuses: Vec<Count>,
    /// Requests without an answer, by fault.
    pub faults: Vec<Count>,
    /// How long the answers took.
    pub latency_ms: Latency,
}

/// How long the answers took, in milliseconds; null without answers. An exchange that ended in a fault is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Latency {
    /// Half of the answers came within this time.
    pub p50: Option<f64>,
    /// 95 % of the answers came within this time.
    pub p95: Option<f64>,
    /// 99 % of the answers came within this time.
    pub p99: Option<f64>,
    /// The slowest answer took this time.
    pub max: Option<f64>,
}

/// The run in figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Version of this form of summary. Fields may be added to a version; none is taken away or changes its meaning.
    #[schemars(range(min = "VERSION", max = "VERSION"))]
    pub summary_version: u32,
    /// Name of the run.
    pub run_id: String,
    /// Whether the report speaks of real people.
    pub environment: Environment,
    /// Whether everybody was asked, and nobody in vain.
    pub complete: bool,
    /// Why the run is not complete; null when it is.
    pub incomplete_because: Option<String>,
    /// How the run stands to the gates that were set for it; `latest` moves only to a run that is complete and passed all.
    pub gates: Vec<GateResult>,
    /// The run that was compared with; null when there was none.
    pub baseline: Option<BaselineFacts>,
    /// Whether the users of the baseline were judged by another policy: verdicts may differ because of it alone.
    pub policy_changed: bool,
    /// Which part of the roster this is; null where it is the whole.
    pub shard: Option<ShardFacts>,
    /// When the run started: UTC, RFC 3339.
    pub started_at: String,
    /// When the last user was settled: UTC, RFC 3339.
    pub ended_at: String,
    /// Version of kyc-recon.
    pub tool_version: String,
    /// The policy by which the users were judged.
    pub policy: PolicyFacts,
    /// How many rows and users, and where each of them ended.
    pub population: Population,
    #[serde(flatten)]
    pub findings: Findings,
}

/// The field that is the same in every version.
#[derive(Deserialize)]
struct Version {
    summary_version: u32,
}

impl Summary {
    /// Sums up a certified run.
    #[must_use]
    pub fn of(certificate: &Certificate, findings: Findings) -> Self {
        Self {
            summary_version: VERSION,
            run_id: certificate.run_id.clone(),
            environment: certificate.environment,
            complete: certificate.complete,
            incomplete_because: certificate.incomplete_because.clone(),
            gates: certificate.gates.clone(),
            policy_changed: certificate
                .derivation
                .baseline
                .as_ref()
                .is_some_and(|baseline| baseline.policy.sha256 != certificate.policy.sha256),
            baseline: certificate.derivation.baseline.clone(),
            shard: certificate.derivation.shard.clone(),
            started_at: certificate.started_at.clone(),
            ended_at: certificate.ended_at.clone(),
            tool_version: certificate.tool_version.clone(),
            policy: certificate.policy.clone(),
            population: certificate.population.clone(),
            findings,
        }
    }

    /// What is to be known before verdicts are compared with those of the baseline; nothing if one policy judged both.
    #[must_use]
    pub fn policy_note(&self) -> Option<String> {
        let baseline = self.baseline.as_ref().filter(|_| self.policy_changed);
        baseline.map(|baseline| judged_otherwise(&baseline.policy))
    }

    /// What is to be known before a part is taken for the whole; nothing if it is the whole.
    #[must_use]
    pub fn shard_note(&self) -> Option<String> {
        let ShardFacts { job, index, of, .. } = self.shard.as_ref()?;
        Some(format!("shard {index} of {of} of job {job}: a part of the roster, to be merged"))
    }

    /// What is to be known before this run is taken for the next night of its baseline; nothing if it may be one.
    #[must_use]
    pub fn roster_note(&self) -> Option<String> {
        let baseline = &self.baseline.as_ref()?.run_id;
        let is_another = |users: Kept| users.kept < users.all.div_ceil(2);
        self.findings.baseline_users.is_some_and(is_another).then(|| {
            format!(
                "fewer than half of the users of run {baseline} are in this roster: the breaks of the others, and since \
                 when they are open, are lost to a run that is compared with this one (--no-latest keeps it from being so)"
            )
        })
    }

    /// Whether `latest` may move to this run from one of this environment and start: not from a newer one, which another
    /// machine may have brought, and not from real people to invented ones.
    #[must_use]
    pub fn may_follow(&self, environment: &str, started_at: &str) -> bool {
        let to_invented = self.environment == Environment::Sandbox
            && environment != Environment::Sandbox.as_str();
        !to_invented && started_at <= self.started_at.as_str()
    }

    /// The gates that the run failed.
    pub fn failed_gates(&self) -> impl Iterator<Item = &GateResult> {
        self.gates.iter().filter(|gate| !gate.passed)
    }

    /// The summary as JSON, for the file and for `--json`.
    ///
    /// # Errors
    /// Never in practice; `path` names the file in the message.
    pub fn to_json(&self, path: &Path) -> Result<String, ReportError> {
        let json = serde_json::to_string_pretty(self);
        let json = json.map_err(|source| ReportError::Json { path: path.to_owned(), source })?;
        Ok(json + "\n")
    }

    /// Reads the summary of a published run.
    ///
    /// # Errors
    /// When it is not there, not such a summary, or one of another version.
    pub fn read(path: &Path) -> Result<Self, ReportError> {
        let json = disk::read(path)?;
        let unreadable = |source| ReportError::Unreadable { path: path.to_owned(), source };
        // First: another version may differ in any other field.
        let Version { summary_version } = serde_json::from_slice(&json).map_err(unreadable)?;
        if summary_version != VERSION {
            let (path, found) = (path.to_owned(), summary_version);
            let what = "summary";
            return Err(ReportError::Version { path, what, found, understood: VERSION });
        }
        serde_json::from_slice(&json).map_err(unreadable)
    }

    /// Writes the summary.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), ReportError> {
        Ok(disk::write_private(path, self.to_json(path)?.as_bytes())?)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::error::Error;

    use serde_json::json;

    use super::*;
    use crate::report::certificate::tests::certified;

    fn rate(name: &str, (numerator, denominator): (u64, u64), value: Option<f64>) -> Rate {
        Rate { name: name.to_owned(), numerator, denominator, value }
    }

    /// A small run with a hostile warning code and a statistic.
    pub(in crate::report) fn summed_up() -> Result<(Certificate, Summary), Box<dyn Error>> {
        let certificate = certified(|_| {})?;
        let findings = Findings {
            decisions: vec![Count::new("approved", 2), Count::new("rejected", 1)],
            rates: vec![
                rate("pass_of_population", (2, 6), Some(1.0 / 3.0)),
                rate("pass_of_determined", (0, 0), None),
            ],
            reasons: vec![Reason {
                rule: "rejected".to_owned(),
                verdict: "fail".to_owned(),
                says: "the partner rejected the user".to_owned(),
                users: 1,
            }],
            warnings: vec![Count::new("<img src=x onerror=alert(1)>|", 1)],
            fetch: Fetch {
                requests: 1234,
                retries: 3,
                http_statuses: vec![Count::new("200", 3)],
                ..Fetch::default()
            },
            baseline_users: None,
            breaks: vec![BreakCount {
                against: "baseline".to_owned(),
                kind: "regression".to_owned(),
                severity: "high".to_owned(),
                breaks: 3,
                users: 3,
                new_breaks: 2,
            }],
            actions: vec![Count::new("manual_review", 4)],
            statistics: vec![Statistic {
                name: "by_country".to_owned(),
                question: "From where?".to_owned(),
                columns: vec!["country".to_owned(), "users".to_owned(), "share".to_owned()],
                rows: vec![
                    vec![json!("<b>MX"), json!(12345), json!(1.0 / 3.0)],
                    vec![json!(null), json!(1), json!(null)],
                ],
            }],
        };
        let summary = Summary::of(&certificate, findings);
        Ok((certificate, summary))
    }

    #[test]
    fn a_summary_can_be_read_again() -> Result<(), Box<dyn Error>> {
        let (_, summary) = summed_up()?;
        let json = summary.to_json(Path::new("summary.json"))?;
        assert!(json.starts_with("{\n  \"summary_version\": 1,"));
        assert_eq!(serde_json::from_str::<Summary>(&json)?, summary);
        Ok(())
    }

    #[test]
    fn a_roster_without_half_of_the_baseline_is_told() -> Result<(), Box<dyn Error>> {
        let (_, mut summary) = summed_up()?;
        assert_eq!(summary.roster_note(), None, "nothing to compare with");
        summary.baseline = Some(BaselineFacts {
            run_id: "night-1".to_owned(),
            started_at: String::new(),
            manifest_sha256: String::new(),
            policy: summary.policy.clone(),
        });
        for (all, kept, is_told) in [(5, 2, true), (5, 3, false), (4, 2, false), (4, 0, true)] {
            summary.findings.baseline_users = Some(Kept { all, kept });
            let note = summary.roster_note().unwrap_or_default();
            assert_eq!(note.contains("run night-1"), is_told, "{kept} of {all}");
        }
        Ok(())
    }

    #[test]
    fn latest_follows_no_newer_run_and_leads_from_real_people_to_no_invented_ones()
    -> Result<(), Box<dyn Error>> {
        let (_, invented) = summed_up()?;
        let real = Summary { environment: Environment::Live, ..invented.clone() };
        let (now, later) = (invented.started_at.as_str(), "9");
        for (run, environment, started_at, may) in [
            (&real, "live", now, true),
            (&real, "SANDBOX", now, true),
            (&real, "live", later, false),
            (&invented, "SANDBOX", now, true),
            (&invented, "SANDBOX", later, false),
            (&invented, "live", now, false),
            (&invented, "of another version", now, false),
        ] {
            let told = run.environment.as_str();
            assert_eq!(run.may_follow(environment, started_at), may, "{environment} to {told}");
        }
        Ok(())
    }

    #[test]
    fn a_summary_of_another_version_is_told_as_such() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let path = place.path().join("summary.json");
        std::fs::write(&path, r#"{"summary_version": 7, "of": "the future"}"#)?;
        let said = Summary::read(&path).map(drop).map_err(|error| error.to_string());
        assert!(said.is_err_and(|error| error.contains("version 7")));
        std::fs::write(&path, r#"{"summary_version": 1, "of": "somebody else"}"#)?;
        assert!(matches!(Summary::read(&path), Err(ReportError::Unreadable { .. })));
        Ok(())
    }
}
