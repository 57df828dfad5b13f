//! The summary's figures, read off the published statistics: no number is computed a second time.

use polars::prelude::{AnyValue, DataFrame, PolarsResult};

use crate::{
    error::Error,
    model::disagreement::Kind,
    report::{
        equation::{Recount, Recounts},
        population::Count,
        statistics::Statistic,
        summary::{BreakCount, Fetch, Findings, Kept, Latency, Rate, Reason},
    },
    tally::runner::Answered,
};

/// Reads the figures off the answers.
pub(in crate::commands) fn gather(answers: &[Answered]) -> Result<Findings, Error> {
    let answer = |name: &str| find(answers, name);
    let breaks = read(answer("breaks_by_kind"), breaks)?;
    Ok(Findings {
        decisions: read(answer("decisions"), |frame| counts(frame, "decision", "users"))?,
        rates: read(answer("pass_rates"), rates)?,
        reasons: read(answer("rules_fired"), reasons)?,
        warnings: read(answer("warnings_by_code"), |frame| counts(frame, "code", "warnings"))?,
        baseline_users: kept(answers, &breaks)?,
        breaks,
        actions: read(answer("actions"), actions)?,
        fetch: fetch(answer("asking"), answer("http_statuses"), answer("latency_quantiles"))?,
        statistics: answers
            .iter()
            .map(|answer| Statistic::read(answer.name, answer.question, &answer.frame))
            .collect::<Result<_, _>>()?,
    })
}

/// The population once more, as the statistics count it.
pub(in crate::commands) fn recount(answers: &[Answered]) -> Result<Recounts, Error> {
    Ok(Recounts {
        roster: rows(find(answers, "roster_counts"))?,
        outcomes: users(answers, "outcomes", "outcome")?,
        verdicts: users(answers, "verdicts", "verdict")?,
        answers: users(answers, "answer_ages", "answer")?,
        ages: ages(answers)?,
    })
}

fn find<'a>(answers: &'a [Answered], name: &str) -> Option<&'a DataFrame> {
    answers.iter().find(|answer| answer.name == name).map(|answer| &answer.frame)
}

fn users(answers: &[Answered], statistic: &'static str, words: &str) -> PolarsResult<Recount> {
    let counts = read(find(answers, statistic), |frame| counts(frame, words, "users"))?;
    Ok(Recount { statistic, total: counts.iter().map(|count| count.count).sum(), counts })
}

/// The ages of the answers there are: `(none)` is the age of none.
fn ages(answers: &[Answered]) -> PolarsResult<Recount> {
    let mut recount = users(answers, "answer_ages", "age")?;
    recount.counts.retain(|count| count.name != "(none)");
    recount.total = recount.counts.iter().map(|count| count.count).sum();
    Ok(recount)
}

fn rows(frame: Option<&DataFrame>) -> PolarsResult<Recount> {
    let counts = read(frame, |frame| {
        let columns = frame.columns().iter();
        columns.map(|c| Ok(Count::new(c.name(), whole(&c.get(0)?)))).collect()
    })?;
    let total = counts.iter().find(|count| count.name == "input_rows").map_or(0, |c| c.count);
    Ok(Recount { statistic: "roster_counts", total, counts })
}

fn read<T>(
    frame: Option<&DataFrame>,
    of: impl Fn(&DataFrame) -> PolarsResult<Vec<T>>,
) -> PolarsResult<Vec<T>> {
    frame.map_or(Ok(Vec::new()), of)
}

/// The counts in one column, by the words in another; the same word in several rows counts together.
fn counts(frame: &DataFrame, words: &str, numbers: &str) -> PolarsResult<Vec<Count>> {
    let (words, numbers) = (frame.column(words)?, frame.column(numbers)?);
    let mut counts: Vec<Count> = Vec::new();
    for row in 0..frame.height() {
        let (word, number) = (text(&words.get(row)?), whole(&numbers.get(row)?));
        if word.is_empty() {
            continue;
        }
        match counts.iter_mut().find(|count| count.name == word) {
            Some(count) => count.count += number,
            None => counts.push(Count::new(&word, number)),
        }
    }
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    Ok(counts)
}

fn rates(frame: &DataFrame) -> PolarsResult<Vec<Rate>> {
    let cell = |column: &str| frame.column(column)?.get(0);
    let rate = |name: &str, denominator: &str| -> PolarsResult<_> {
        Ok(Rate {
            name: name.to_owned(),
            numerator: whole(&cell("passed")?),
            denominator: whole(&cell(denominator)?),
            value: cell(name)?.extract(),
        })
    };
    Ok(vec![rate("pass_of_population", "population")?, rate("pass_of_determined", "determined")?])
}

fn reasons(frame: &DataFrame) -> PolarsResult<Vec<Reason>> {
    let cell = |column: &str, row: usize| frame.column(column)?.get(row).map(|cell| text(&cell));
    let reason = |row| {
        Ok(Reason {
            rule: cell("rule", row)?,
            verdict: cell("verdict", row)?,
            says: cell("says", row)?,
            users: whole(&frame.column("users")?.get(row)?),
        })
    };
    (0..frame.height()).map(reason).collect()
}

fn breaks(frame: &DataFrame) -> PolarsResult<Vec<BreakCount>> {
    let word = |column: &str, row| frame.column(column)?.get(row).map(|cell| text(&cell));
    let number = |column: &str, row| frame.column(column)?.get(row).map(|cell| whole(&cell));
    let count = |row| {
        Ok(BreakCount {
            against: word("against", row)?,
            kind: word("kind", row)?,
            severity: word("severity", row)?,
            breaks: number("breaks", row)?,
            users: number("users", row)?,
            new_breaks: number("new_breaks", row)?,
        })
    };
    (0..frame.height()).map(count).collect()
}

/// The users of the baseline: those who are in both runs, and those who vanished; nothing where there are none.
fn kept(answers: &[Answered], breaks: &[BreakCount]) -> PolarsResult<Option<Kept>> {
    let kept = users(answers, "verdict_transitions", "verdict")?.total;
    let vanished = breaks.iter().filter(|kind| kind.kind == Kind::Vanished.as_str());
    let all = kept + vanished.map(|kind| kind.users).sum::<u64>();
    Ok((all > 0).then_some(Kept { all, kept }))
}

/// In the order of the statistic, which is that of urgency; the severities of an action count together.
fn actions(frame: &DataFrame) -> PolarsResult<Vec<Count>> {
    let (actions, users) = (frame.column("action")?, frame.column("users")?);
    let mut counts: Vec<Count> = Vec::new();
    for row in 0..frame.height() {
        let (action, users) = (text(&actions.get(row)?), whole(&users.get(row)?));
        match counts.last_mut().filter(|last| last.name == action) {
            Some(last) => last.count += users,
            None => counts.push(Count::new(&action, users)),
        }
    }
    Ok(counts)
}

fn fetch(
    asking: Option<&DataFrame>,
    statuses: Option<&DataFrame>,
    quantiles: Option<&DataFrame>,
) -> PolarsResult<Fetch> {
    let (Some(asking), Some(statuses), Some(quantiles)) = (asking, statuses, quantiles) else {
        return Ok(Fetch::default());
    };
    let number =
        |column: &str| Ok::<_, polars::error::PolarsError>(whole(&asking.column(column)?.get(0)?));
    let time = |frame: &DataFrame, column: &str| {
        frame.column(column)?.get(0).map(|cell| cell.extract::<f64>())
    };
    Ok(Fetch {
        requests: number("requests")?,
        retries: number("retries")?,
        body_bytes: number("body_bytes")?,
        asked_to_wait: number("asked_to_wait")?,
        longest_asked_wait_ms: time(asking, "longest_asked_wait_ms")?,
        http_statuses: counts(statuses, "http_status", "attempts")?,
        faults: counts(statuses, "fault", "attempts")?,
        latency_ms: Latency {
            p50: time(quantiles, "p50_ms")?,
            p95: time(quantiles, "p95_ms")?,
            p99: time(quantiles, "p99_ms")?,
            max: time(quantiles, "max_ms")?,
        },
    })
}

/// The cell's text without quotes, whichever of its kinds of text polars chose; null is the empty text.
fn text(cell: &AnyValue<'_>) -> String {
    match cell.get_str() {
        Some(text) => text.to_owned(),
        None if cell.is_null() => String::new(),
        None => cell.to_string(),
    }
}

/// A count; a statistic that is none counts as nothing.
fn whole(cell: &AnyValue<'_>) -> u64 {
    cell.extract::<u64>().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use polars::prelude::{Column, DataType, NamedFrom as _, Scalar, Series, df};

    use super::*;

    /// Polars keeps a column of one repeated value as that value, and hands its text out as another kind of text.
    #[test]
    fn a_statistic_of_one_row_is_read_without_quotes() -> Result<(), Box<dyn Error>> {
        let word = Scalar::new(DataType::String, AnyValue::StringOwned("approved".into()));
        let words = Column::new_scalar("decision".into(), word, 1);
        let users = Column::from(Series::new("users".into(), [1_i64]));
        let frame = DataFrame::new(1, vec![words, users])?;
        assert_eq!(counts(&frame, "decision", "users")?, [Count::new("approved", 1)]);
        assert_eq!(text(&AnyValue::StringOwned("approved".into())), "approved");
        Ok(())
    }

    #[test]
    fn a_status_is_read_as_its_number_and_a_null_is_not_counted() -> Result<(), Box<dyn Error>> {
        let frame = df!["http_status" => [Some(200_i64), None], "attempts" => [2_i64, 1]]?;
        assert_eq!(counts(&frame, "http_status", "attempts")?, [Count::new("200", 2)]);
        Ok(())
    }
}
