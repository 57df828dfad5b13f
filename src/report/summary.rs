//! `summary.json`: the run in figures, for programs. Mail and page are made from the same value.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{
    disk,
    report::{
        certificate::{Certificate, PolicyFacts},
        environment::Environment,
        error::ReportError,
        population::{Count, Population},
        statistics::Statistic,
    },
};

/// Raised when a reader of older summaries would misread a newer one.
pub const VERSION: u32 = 1;

/// What the run found, beside what its certificate says. Every number comes from a published statistic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    pub decisions: Vec<Count>,
    pub rates: Vec<Rate>,
    /// The rules that held, the most frequent first.
    pub reasons: Vec<Reason>,
    /// The warnings by code, the most frequent first.
    pub warnings: Vec<Count>,
    pub fetch: Fetch,
    pub statistics: Vec<Statistic>,
}

/// A share, named after its denominator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    pub name: String,
    pub numerator: u64,
    pub denominator: u64,
    /// From 0 to 1; none when there is nothing to divide by.
    pub value: Option<f64>,
}

/// A rule of the policy and the users for whom it held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub rule: String,
    pub verdict: String,
    pub says: String,
    pub users: u64,
}

/// What the asking took.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Fetch {
    pub requests: u64,
    /// Requests beyond the first for a user.
    pub retries: u64,
    pub body_bytes: u64,
    /// How often the partner asked to wait, and the longest wait it asked for.
    pub asked_to_wait: u64,
    pub longest_asked_wait_ms: Option<f64>,
    pub http_statuses: Vec<Count>,
    pub faults: Vec<Count>,
    pub latency_ms: Latency,
}

/// How long the answers took, in milliseconds; none without answers. An exchange that ended in a fault is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    pub p50: Option<f64>,
    pub p95: Option<f64>,
    pub p99: Option<f64>,
    pub max: Option<f64>,
}

/// The run in figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub summary_version: u32,
    pub run_id: String,
    pub environment: Environment,
    pub complete: bool,
    pub incomplete_because: Option<String>,
    pub started_at: String,
    pub ended_at: String,
    pub tool_version: String,
    pub policy: PolicyFacts,
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
            started_at: certificate.started_at.clone(),
            ended_at: certificate.ended_at.clone(),
            tool_version: certificate.tool_version.clone(),
            policy: certificate.policy.clone(),
            population: certificate.population.clone(),
            findings,
        }
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
