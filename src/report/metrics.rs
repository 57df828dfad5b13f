//! A call of `run` in figures, in the text format of Prometheus. Of what is not known there is no line: missing is not zero.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::{
    model::{disagreement::Severity, quota::Quota},
    report::{environment::Environment, population::Count, summary::Summary},
};

const LAST_SUCCESS: &str = "kyc_recon_last_success_timestamp_seconds";

/// How a call ended.
#[derive(Debug, Clone)]
pub struct End {
    pub at: Timestamp,
    pub exit_status: i32,
    /// The run it was about; none when it ended before that was known.
    pub run: Option<Run>,
}

/// What is known of a run, published or not.
#[derive(Debug, Clone)]
pub struct Run {
    pub run_id: String,
    pub environment: Option<Environment>,
    /// From its start to its last answer, or to the end of the call.
    pub seconds: f64,
    pub quotas: Vec<Quota>,
    pub requests: u64,
    /// How many of them were answered with 429.
    pub throttled: u64,
    /// Only of a published run.
    pub summary: Option<Summary>,
}

impl Run {
    /// What a published run says of itself.
    #[must_use]
    pub fn published(summary: Summary, quotas: Vec<Quota>) -> Self {
        let fetch = &summary.findings.fetch;
        let throttled = fetch.http_statuses.iter().find(|count| count.name == "429");
        Self {
            run_id: summary.run_id.clone(),
            environment: Some(summary.environment),
            seconds: seconds(&summary.ended_at).unwrap_or_default()
                - seconds(&summary.started_at).unwrap_or_default(),
            quotas,
            requests: fetch.requests,
            throttled: throttled.map_or(0, |count| count.count),
            summary: Some(summary),
        }
    }
}

/// The metrics of a call that ended; `earlier` is the file that the call before it left.
#[must_use]
pub fn text(end: &End, earlier: &str) -> String {
    let mut text = Exposition(String::new());
    let at = end.at.as_duration().as_secs_f64();
    text.one("last_end_timestamp_seconds", "When the last call of `run` ended.", at);
    text.one("exit_status", "Exit status of the last call of `run`.", end.exit_status.into());
    if let Some(success) = last_success(end, earlier) {
        let name = "last_success_timestamp_seconds";
        text.one(name, "When the last run that ended with 0 had its last answer.", success);
    }
    if let Some(run) = &end.run {
        text.run(run);
    }
    text.0
}

/// Of this call, if it is one; else of an earlier one. A call for an older run does not set the clock back.
fn last_success(end: &End, earlier: &str) -> Option<f64> {
    let mut values = earlier.lines().filter_map(|line| line.strip_prefix(LAST_SUCCESS));
    let earlier = values.find_map(|value| value.trim().parse().ok());
    // Invented people are no success of the real job.
    let is_real = |run: &&Run| run.environment != Some(Environment::Sandbox);
    let run = end.run.as_ref().filter(is_real).filter(|_| end.exit_status == 0);
    let now = run.and_then(|run| seconds(&run.summary.as_ref()?.ended_at));
    now.into_iter().chain(earlier).reduce(f64::max)
}

/// Seconds since 1970-01-01 UTC.
fn seconds(instant: &str) -> Option<f64> {
    instant.parse::<Timestamp>().ok().map(|instant| instant.as_duration().as_secs_f64())
}

/// The share of what a quota allows in this time: N requests in each window that is begun.
fn used(quota: Quota, requests: u64, seconds: f64) -> f64 {
    let windows = (seconds.max(0.0) / quota.per.as_secs_f64()).floor() + 1.0;
    requests as f64 / (f64::from(quota.requests.get()) * windows)
}

/// Families of metrics. Labels are words of ours, ids of runs and quotas: none of them needs escaping.
struct Exposition(String);

impl Exposition {
    fn run(&mut self, run: &Run) {
        let environment = run.environment.map_or("unknown", Environment::as_str);
        let version = env!("CARGO_PKG_VERSION");
        let run_id = &run.run_id;
        let info =
            format!("{{run_id=\"{run_id}\",environment=\"{environment}\",version=\"{version}\"}}");
        self.family("run_info", "The run that the other figures are about.", [(info, 1.0)]);
        let duration =
            "From the start of the run to its last answer, pauses between calls included.";
        self.one("run_duration_seconds", duration, run.seconds);
        self.one(
            "run_requests",
            "Requests sent by the run, retries included.",
            run.requests as f64,
        );
        let throttled = "Requests of the run that were answered with status 429.";
        self.one("run_throttled_requests", throttled, run.throttled as f64);
        let used = run.quotas.iter().map(|quota| {
            (label("quota", &quota.to_string()), used(*quota, run.requests, run.seconds))
        });
        let help = "Requests of the run, as a share of those that the quota allowed meanwhile.";
        self.family("quota_used_ratio", help, used);
        if let Some(summary) = &run.summary {
            self.findings(summary);
        }
    }

    fn findings(&mut self, summary: &Summary) {
        let population = &summary.population;
        self.counts(
            "outcome_users",
            "Users by how asking about them ended.",
            "outcome",
            &population.outcomes,
        );
        self.counts(
            "verdict_users",
            "Users by verdict of the policy.",
            "verdict",
            &population.verdicts,
        );
        let breaks = Severity::ALL.map(|severity| {
            let breaks = summary.findings.breaks.iter();
            let of = breaks.filter(|kind| kind.severity == severity.as_str());
            Count::new(severity.as_str(), of.map(|kind| kind.breaks).sum())
        });
        let help = "Open disagreements with the baseline and with our books.";
        self.counts("open_breaks", help, "severity", &breaks);
    }

    fn one(&mut self, name: &str, help: &str, value: f64) {
        self.family(name, help, [(String::new(), value)]);
    }

    fn counts(&mut self, name: &str, help: &str, of: &str, counts: &[Count]) {
        let samples = counts.iter().map(|count| (label(of, &count.name), count.count as f64));
        self.family(name, help, samples);
    }

    /// All are gauges: the next run begins at nothing.
    fn family(&mut self, name: &str, help: &str, samples: impl IntoIterator<Item = (String, f64)>) {
        let mut samples = samples.into_iter().peekable();
        if samples.peek().is_some() {
            let _ =
                writeln!(self.0, "# HELP kyc_recon_{name} {help}\n# TYPE kyc_recon_{name} gauge");
        }
        for (labels, value) in samples {
            let _ = writeln!(self.0, "kyc_recon_{name}{labels} {value}");
        }
    }
}

fn label(name: &str, value: &str) -> String {
    format!("{{{name}=\"{value}\"}}")
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::report::summary::tests::summed_up;

    fn value(text: &str, sample: &str) -> Option<f64> {
        text.lines().find_map(|line| line.strip_prefix(sample)?.trim().parse().ok())
    }

    fn end(exit_status: i32, run: Option<Run>) -> End {
        End { at: Timestamp::UNIX_EPOCH, exit_status, run }
    }

    #[test]
    fn a_published_run_has_all_its_figures() -> Result<(), Box<dyn Error>> {
        let summary = Summary { environment: Environment::Live, ..summed_up()?.1 };
        let ended_at = seconds(&summary.ended_at);
        let run = Run::published(summary, vec!["10000/1d".parse()?]);
        let text = text(&end(0, Some(run)), "");
        assert_eq!(value(&text, LAST_SUCCESS), ended_at);
        for (sample, wanted) in [
            ("kyc_recon_exit_status", 0.0),
            ("kyc_recon_run_requests", 1234.0),
            ("kyc_recon_quota_used_ratio{quota=\"10000/1day\"}", 0.1234),
            ("kyc_recon_open_breaks{severity=\"high\"}", 3.0),
            ("kyc_recon_open_breaks{severity=\"critical\"}", 0.0),
        ] {
            assert_eq!(value(&text, sample), Some(wanted), "{sample}\n{text}");
        }
        Ok(())
    }

    #[test]
    fn a_run_of_invented_people_is_no_success() -> Result<(), Box<dyn Error>> {
        let summary = Summary { environment: Environment::Sandbox, ..summed_up()?.1 };
        let told = text(&end(0, Some(Run::published(summary, Vec::new()))), "");
        assert_eq!(value(&told, LAST_SUCCESS), None);
        assert_eq!(value(&told, "kyc_recon_exit_status"), Some(0.0));
        Ok(())
    }

    #[test]
    fn a_failure_keeps_the_last_success_and_claims_no_figures() {
        let earlier = format!("# HELP {LAST_SUCCESS} x\n{LAST_SUCCESS} 1795410000.25\n");
        let failed = text(&end(77, None), &earlier);
        assert_eq!(value(&failed, LAST_SUCCESS), Some(1_795_410_000.25));
        assert_eq!(value(&failed, "kyc_recon_exit_status"), Some(77.0));
        assert!(!failed.contains("users") && !failed.contains("requests"), "{failed}");
        assert!(!text(&end(77, None), "garbled").contains(LAST_SUCCESS));
    }

    #[test]
    fn a_quota_is_never_used_more_than_whole() -> Result<(), Box<dyn Error>> {
        let quota: Quota = "300/60s".parse()?;
        for (requests, seconds, wanted) in
            [(0, 0.0, 0.0), (300, 1.0, 1.0), (600, 60.0, 1.0), (300, 61.0, 0.5)]
        {
            let used = used(quota, requests, seconds);
            assert!((used - wanted).abs() < 1e-9, "{requests} in {seconds} s: {used}");
        }
        Ok(())
    }
}
