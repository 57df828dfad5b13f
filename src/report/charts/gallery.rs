//! Which charts the page has. Each shows one published statistic, which stands as a table on the same page.

use serde::Serialize;
use serde_json::Value;

use super::{
    bars::{self, Bar},
    columns::{self, Column},
    picture::ChartError,
    shade::Shade,
};
use crate::report::{
    discretion,
    figures::{grouped, percent},
    statistics::Statistic,
};

/// The most bars and the most months that a chart shows.
const MOST_BARS: usize = 12;
const MOST_MONTHS: usize = 24;

/// The columns of a statistic that split people by verdict.
const VERDICT_COLUMNS: [(&str, Shade); 5] = [
    ("passed", Shade::Pass),
    ("failed", Shade::Fail),
    ("review", Shade::Review),
    ("pending", Shade::Pending),
    ("unreached", Shade::Unreached),
];

/// One chart of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chart {
    pub title: &'static str,
    /// The statistic it shows.
    pub statistic: &'static str,
    /// What the shades mean where they are not verdicts.
    pub note: &'static str,
    pub svg: String,
}

/// Draws every chart whose statistic was answered. What is no number in a statistic is withheld, and draws nothing.
///
/// # Errors
/// When plotters cannot draw.
pub fn draw(statistics: &[Statistic]) -> Result<Vec<Chart>, ChartError> {
    let gallery = Gallery { statistics };
    let charts = [
        gallery.shares("Verdicts", "verdicts", "verdict"),
        gallery.shares("Decisions of the partner", "decisions", "decision"),
        gallery.by_verdict("Verdicts by issuing country", "verdicts_by_country"),
        gallery.reasons("Why users do not pass", "reasons_top"),
        gallery.months("Verdicts by month of verification", "verdicts_by_month"),
        gallery.scores("Scores of the face match", "face_scores"),
        gallery.aml("AML entities by type of hit", "aml_by_type_and_resolution"),
        gallery.by_verdict("Expiring documents, by days left", "expiring_documents"),
        gallery.breaks("Breaks by kind", "breaks_by_kind"),
        gallery.latencies("How long answers took", "latency_histogram"),
    ];
    charts.into_iter().filter_map(Result::transpose).collect()
}

type Drawn = Result<Option<Chart>, ChartError>;

struct Gallery<'a> {
    statistics: &'a [Statistic],
}

impl Gallery<'_> {
    /// Bars of people by word, as shares of all.
    fn shares(&self, title: &'static str, statistic: &'static str, word: &str) -> Drawn {
        self.chart(title, statistic, |rows| {
            let counts = by_word(rows.iter().map(|row| (row.text(word), row.figure("users"))));
            let all = counts.iter().filter_map(|(_, users)| *users).sum();
            let is_whole = counts.iter().all(|(_, users)| users.is_some());
            let bar = |(word, users): (String, _)| plain_bar(Shade::of(&word), word, users);
            let mut bars: Vec<_> = counts.into_iter().map(bar).collect();
            if is_whole {
                add_shares(&mut bars, all);
            }
            bars::draw(title, &bars, all)
        })
    }

    /// Bars of people by a key, each split by verdict.
    fn by_verdict(&self, title: &'static str, statistic: &'static str) -> Drawn {
        self.chart(title, statistic, |rows| {
            let bars: Vec<_> = rows.iter().take(MOST_BARS).map(split).collect();
            bars::draw(title, &bars, longest(&bars))
        })
    }

    fn months(&self, title: &'static str, statistic: &'static str) -> Drawn {
        self.chart(title, statistic, |rows| {
            let latest = rows.len().saturating_sub(MOST_MONTHS);
            let column = |row: &Row<'_>| Column { label: row.key(), parts: parts(row) };
            let columns: Vec<_> = rows.iter().skip(latest).map(column).collect();
            columns::draw(title, "month of verification", &columns)
        })
    }

    fn scores(&self, title: &'static str, statistic: &'static str) -> Drawn {
        self.chart(title, statistic, |rows| {
            let label = |row: &Row<'_>| format!("{:.2}", row.number("from_score"));
            let column = |row: &Row<'_>| Column { label: label(row), parts: parts(row) };
            columns::draw(title, "score from", &rows.iter().map(column).collect::<Vec<_>>())
        })
    }

    fn reasons(&self, title: &'static str, statistic: &'static str) -> Drawn {
        self.bars(title, statistic, |row| {
            let verdict = row.text("verdict");
            let label = format!("{verdict}: {}", row.text("reason"));
            plain_bar(Shade::of(&verdict), label, row.figure("users"))
        })
    }

    fn breaks(&self, title: &'static str, statistic: &'static str) -> Drawn {
        self.bars(title, statistic, |row| {
            let label = format!("{}: {}", row.text("severity"), row.text("kind"));
            plain_bar(Shade::Plain, label, row.figure("breaks"))
        })
    }

    /// Bars of entities by type of hit, each split into open and closed.
    fn aml(&self, title: &'static str, statistic: &'static str) -> Drawn {
        let drawn = self.chart(title, statistic, |rows| {
            let counts = |is_open: bool| {
                let matching = move |row: &&Row<'_>| row.is("is_open") == is_open;
                by_word(
                    rows.iter()
                        .filter(matching)
                        .map(|row| (row.text("hit_type"), row.figure("entities"))),
                )
            };
            let (open, closed) = (counts(true), counts(false));
            let types = by_word(rows.iter().map(|row| (row.text("hit_type"), Some(0))));
            let of = |counts: &[(String, Option<u64>)], kind: &str| {
                counts.iter().find(|(known, _)| known == kind).map_or(Some(0), |(_, n)| *n)
            };
            let bar = |(kind, _): (String, _)| {
                open_and_closed(of(&open, &kind), of(&closed, &kind), kind)
            };
            let bars: Vec<_> = types.into_iter().map(bar).collect();
            bars::draw(title, &bars, longest(&bars))
        })?;
        Ok(drawn.map(|chart| Chart { note: "Open as fail, closed as pass.", ..chart }))
    }

    fn latencies(&self, title: &'static str, statistic: &'static str) -> Drawn {
        self.chart(title, statistic, |rows| {
            let column = |row: &Row<'_>| Column {
                label: row.key(),
                parts: vec![(Shade::Plain, row.count("attempts"))],
            };
            columns::draw(title, "milliseconds from", &rows.iter().map(column).collect::<Vec<_>>())
        })
    }

    fn bars(
        &self,
        title: &'static str,
        statistic: &'static str,
        bar: impl Fn(&Row<'_>) -> Bar,
    ) -> Drawn {
        self.chart(title, statistic, |rows| {
            let bars: Vec<_> = rows.iter().take(MOST_BARS).map(bar).collect();
            bars::draw(title, &bars, longest(&bars))
        })
    }

    fn chart(
        &self,
        title: &'static str,
        statistic: &'static str,
        draw: impl FnOnce(&[Row<'_>]) -> Result<String, ChartError>,
    ) -> Drawn {
        let answer = self.statistics.iter().find(|answer| answer.name == statistic);
        let Some(answer) = answer.filter(|answer| !answer.rows.is_empty()) else {
            return Ok(None);
        };
        let rows: Vec<_> = answer.rows.iter().map(|cells| Row { answer, cells }).collect();
        Ok(Some(Chart { title, statistic, note: "", svg: draw(&rows)? }))
    }
}

/// The figures of each word together, in the order of their first; one that is withheld withholds the sum.
fn by_word(rows: impl Iterator<Item = (String, Option<u64>)>) -> Vec<(String, Option<u64>)> {
    let mut counts: Vec<(String, Option<u64>)> = Vec::new();
    for (word, figure) in rows {
        match counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, sum)) => *sum = sum.zip(figure).map(|(sum, figure)| sum + figure),
            None => counts.push((word, figure)),
        }
    }
    counts
}

fn plain_bar(shade: Shade, label: String, figure: Option<u64>) -> Bar {
    let parts = figure.map(|count| (shade, count)).into_iter().collect();
    Bar { label, figure: discretion::shown(figure), parts }
}

fn split(row: &Row<'_>) -> Bar {
    let figure = discretion::shown(row.figure("population"));
    Bar { label: row.key(), figure, parts: parts(row) }
}

fn open_and_closed(open: Option<u64>, closed: Option<u64>, label: String) -> Bar {
    let Some((open, closed)) = open.zip(closed) else {
        return plain_bar(Shade::Plain, label, None);
    };
    let figure = format!("{} open of {}", grouped(open), grouped(open + closed));
    Bar { label, figure, parts: vec![(Shade::Fail, open), (Shade::Pass, closed)] }
}

fn parts(row: &Row<'_>) -> Vec<(Shade, u64)> {
    VERDICT_COLUMNS.iter().map(|(column, shade)| (*shade, row.count(column))).collect()
}

fn add_shares(bars: &mut [Bar], all: u64) {
    for bar in bars.iter_mut().filter(|bar| bar.total() > 0) {
        bar.figure.push_str(" · ");
        bar.figure.push_str(&percent(Some(bar.total() as f64 / all as f64)));
    }
}

fn longest(bars: &[Bar]) -> u64 {
    bars.iter().map(Bar::total).max().unwrap_or(0)
}

/// A row of a statistic.
struct Row<'a> {
    answer: &'a Statistic,
    cells: &'a [Value],
}

impl Row<'_> {
    fn cell(&self, column: &str) -> Option<&Value> {
        self.answer.cell(self.cells, column)
    }

    fn text(&self, column: &str) -> String {
        self.cell(column).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// The first cell, by which the statistic groups.
    fn key(&self) -> String {
        match self.cells.first() {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        }
    }

    fn count(&self, column: &str) -> u64 {
        self.figure(column).unwrap_or(0)
    }

    fn figure(&self, column: &str) -> Option<u64> {
        self.cell(column).and_then(Value::as_u64)
    }

    fn number(&self, column: &str) -> f64 {
        self.cell(column).and_then(Value::as_f64).unwrap_or(0.0)
    }

    fn is(&self, column: &str) -> bool {
        self.cell(column).and_then(Value::as_bool).unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn statistic(name: &str, columns: &[&str], rows: &[Value]) -> Statistic {
        Statistic {
            name: name.to_owned(),
            question: String::new(),
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            rows: rows.iter().filter_map(|row| row.as_array().cloned()).collect(),
        }
    }

    #[test]
    fn the_same_word_in_several_rows_is_one_bar() -> Result<(), ChartError> {
        let columns = ["decision", "word_as_sent", "users"];
        let rows = [json!(["approved", "VERIFIED", 5]), json!(["approved", "APPROVED", 15])];
        let charts = draw(&[statistic("decisions", &columns, &rows)])?;
        assert_eq!(charts.len(), 1);
        assert!(charts[0].svg.contains("20 · 100.0 %"), "{}", charts[0].svg);
        Ok(())
    }

    #[test]
    fn what_is_withheld_is_no_bar_and_no_share() -> Result<(), ChartError> {
        let columns = ["decision", "word_as_sent", "users"];
        let rows = [
            json!(["approved", "VERIFIED", "withheld"]),
            json!(["approved", "APPROVED", 15]),
            json!(["rejected", "DECLINED", 20]),
        ];
        let charts = draw(&[statistic("decisions", &columns, &rows)])?;
        let svg = &charts[0].svg;
        assert!(svg.contains("withheld") && svg.contains(">\n20\n<"), "{svg}");
        assert!(!svg.contains('%') && !svg.contains("15"), "{svg}");
        Ok(())
    }

    #[test]
    fn entities_of_one_type_are_one_bar_of_open_and_closed() -> Result<(), ChartError> {
        let columns = ["hit_type", "resolution_status", "is_open", "entities"];
        let rows = [
            json!(["PEP", "OPEN", true, 4]),
            json!(["PEP", "DISMISSED", false, 2]),
            json!(["PEP", "UNRESOLVED", true, 1]),
        ];
        let charts = draw(&[statistic("aml_by_type_and_resolution", &columns, &rows)])?;
        assert!(charts[0].svg.contains("5 open of 7"), "{}", charts[0].svg);
        Ok(())
    }
}
