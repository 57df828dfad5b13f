//! The summary's figures, read off the published statistics: no number is computed a second time.

use polars::prelude::{DataFrame, PolarsResult};

use crate::{
    error::Error,
    report::{
        population::Count,
        statistics::Statistic,
        summary::{Fetch, Findings, Latency, Rate, Reason},
    },
    tally::runner::Answered,
};

/// How many reasons and warnings a summary names.
const TOP: usize = 10;

/// Reads the figures off the answers.
pub(super) fn gather(answers: &[Answered]) -> Result<Findings, Error> {
    let answer = |name: &str| answers.iter().find(|answer| answer.name == name).map(|a| &a.frame);
    Ok(Findings {
        decisions: read(answer("decisions"), |frame| counts(frame, "decision", "users"))?,
        rates: read(answer("pass_rates"), rates)?,
        reasons: read(answer("rules_fired"), reasons)?,
        warnings: read(answer("warnings_by_code"), |frame| counts(frame, "code", "warnings"))?,
        fetch: fetch(answer("http_statuses"), answer("latencies"))?,
        statistics: answers
            .iter()
            .map(|answer| Statistic::read(answer.name, &answer.frame))
            .collect::<Result<_, _>>()?,
    })
}

fn read<T>(frame: Option<&DataFrame>, of: impl Fn(&DataFrame) -> PolarsResult<Vec<T>>) -> PolarsResult<Vec<T>> {
    frame.map_or(Ok(Vec::new()), of)
}
