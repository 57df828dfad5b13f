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
    discretion::{self, Discretion},
    figures::percent,
    statistics::Statistic,
};

/// The most countries and the most months that a chart shows.
const MOST_COUNTRIES: usize = 12;
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
    pub svg: String,
}

/// Draws every chart whose statistic was answered.
///
/// # Errors
/// When plotters cannot draw.
pub fn draw(statistics: &[Statistic], discretion: Discretion) -> Result<Vec<Chart>, ChartError> {
    let gallery = Gallery { statistics, discretion };
    let charts = [
        gallery.shares("Verdicts", "verdicts", "verdict"),
        gallery.shares("Decisions of the partner", "decisions", "decision"),
        gallery.by_verdict("Verdicts by issuing country", "verdicts_by_country"),
        gallery.months("Verdicts by month of verification", "verdicts_by_month"),
        gallery.scores("Scores of the face match", "face_scores"),
        gallery.reasons("Why users do not pass", "reasons_top"),
        gallery.aml("AML entities by type of hit", "aml_by_type_and_resolution"),
        gallery.by_verdict("Expiring documents, by days left", "expiring_documents"),
        gallery.latencies("How long answers took", "latency_histogram"),
    ];
    charts.into_iter().filter_map(Result::transpose).collect()
}

type Drawn = Result<Option<Chart>, ChartError>;

struct Gallery<'a> {
    statistics: &'a [Statistic],
    discretion: Discretion,
}

impl Gallery<'_> {
    /// Bars of people by word, as shares of all.
    fn shares(&self, title: &'static str, statistic: &'static str, word: &str) -> Drawn {
        self.chart(title, statistic, |rows| {
            let mut counts: Vec<(String, u64)> = Vec::new();
            for row in rows {
                let (word, users) = (row.text(word), row.count("users"));
                match counts.iter_mut().find(|(known, _)| *known == word) {
                    Some((_, count)) => *count += users,
                    None => counts.push((word, users)),
                }
            }
            let all = counts.iter().map(|(_, count)| count).sum();
            let bars = self.bars(counts.into_iter().map(|(word, n)| (Shade::of(&word), word, n)));
            bars::draw(title, &with_shares(bars, all), all)
        })
    }

    /// Bars of people by a key, each split by verdict.
    fn by_verdict(&self, title: &'static str, statistic: &'static str) -> Drawn {
        self.chart(title, statistic, |rows| {
            let bars: Vec<_> =
                rows.iter().take(MOST_COUNTRIES).map(|row| self.split(row)).collect();
            bars::draw(title, &bars, longest(&bars))
        })
    }

    fn split(&self, row: &Row<'_>) -> Bar {
        let parts = self.parts(row);
        let total = self.discretion.figures(&[row.count("population")]);
        let figure = discretion::shown(total.first().copied().flatten());
        Bar { label: row.key(), figure, parts }
    }

    fn months(&self, title: &'static str, statistic: &'static str) -> Drawn {
        self.chart(title, statistic, |rows| {
            let latest = rows.len().saturating_sub(MOST_MONTHS);
            let column = |row: &Row<'_>| Column { label: row.key(), parts: self.parts(row) };
            let columns: Vec<_> = rows.iter().skip(latest).map(column).collect();
            columns::draw(title, "month of verification", &columns)
        })
    }

    fn scores(&self, title: &'static str, statistic: &'static str) -> Drawn {
        self.chart(title, statistic, |rows| {
            let label = |row: &Row<'_>| format!("{:.2}", row.number("from_score"));
            let column = |row: &Row<'_>| Column { label: label(row), parts: self.parts(row) };
            columns::draw(title, "score from", &rows.iter().map(column).collect::<Vec<_>>())
        })
    }

    fn reasons(&self, title: &'static str, statistic: &'static str) -> Drawn {
        self.chart(title, statistic, |rows| {
            let bars = self.bars(rows.iter().map(|row| {
                let verdict = row.text("verdict");
                let label = format!("{verdict}: {}", row.text("reason"));
                (Shade::of(&verdict), label, row.count("users"))
            }));
            bars::draw(title, &bars, longest(&bars))
        })
    }

    fn aml(&self, title: &'static str, statistic: &'static str) -> Drawn {
        self.chart(title, statistic, |rows| {
            let bars = self.bars(rows.iter().map(|row| {
                let (shade, state) =
                    if row.is("is_open") { (Shade::Fail, "open") } else { (Shade::Pass, "closed") };
                let (kind, word) = (row.text("hit_type"), row.text("resolution_status"));
                (shade, format!("{kind}: {word} ({state})"), row.count("entities"))
            }));
            bars::draw(title, &bars, longest(&bars))
        })
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
        let rows: Vec<_> =
            answer.rows.iter().map(|cells| Row { columns: &answer.columns, cells }).collect();
        Ok(Some(Chart { title, statistic, svg: draw(&rows)? }))
    }

    fn bars(&self, rows: impl Iterator<Item = (Shade, String, u64)>) -> Vec<Bar> {
        let rows: Vec<_> = rows.collect();
        let counts: Vec<_> = rows.iter().map(|(_, _, count)| *count).collect();
        let figures = self.discretion.figures(&counts);
        let bar = |((shade, label, _), figure): ((Shade, String, u64), Option<u64>)| Bar {
            label,
            figure: discretion::shown(figure),
            parts: vec![(shade, figure.unwrap_or(0))],
        };
        rows.into_iter().zip(figures).map(bar).collect()
    }

    fn parts(&self, row: &Row<'_>) -> Vec<(Shade, u64)> {
        let counts = VERDICT_COLUMNS.map(|(column, _)| row.count(column));
        let shades = VERDICT_COLUMNS.iter().map(|(_, shade)| *shade);
        let figures = self.discretion.figures(&counts);
        shades.zip(figures).map(|(shade, figure)| (shade, figure.unwrap_or(0))).collect()
    }
}

fn with_shares(mut bars: Vec<Bar>, all: u64) -> Vec<Bar> {
    for bar in bars.iter_mut().filter(|bar| bar.total() > 0) {
        bar.figure.push_str(" · ");
        bar.figure.push_str(&percent(Some(bar.total() as f64 / all as f64)));
    }
    bars
}

fn longest(bars: &[Bar]) -> u64 {
    bars.iter().map(Bar::total).max().unwrap_or(0)
}

/// A row of a statistic.
struct Row<'a> {
    columns: &'a [String],
    cells: &'a [Value],
}

impl Row<'_> {
    fn cell(&self, column: &str) -> Option<&Value> {
        let at = self.columns.iter().position(|known| known == column)?;
        self.cells.get(at)
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
        self.cell(column).and_then(Value::as_u64).unwrap_or(0)
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
        let charts = draw(&[statistic("decisions", &columns, &rows)], Discretion::Ids)?;
        assert_eq!(charts.len(), 1);
        assert!(charts[0].svg.contains("20 · 100.0 %"), "{}", charts[0].svg);
        Ok(())
    }

    #[test]
    fn few_people_are_no_bar_where_discretion_is_asked() -> Result<(), ChartError> {
        let rows = [json!(["pass", 20]), json!(["fail", 3]), json!(["review", 9])];
        let verdicts = [statistic("verdicts", &["verdict", "users"], &rows)];
        let charts = draw(&verdicts, Discretion::Aggregate)?;
        let svg = &charts[0].svg;
        assert!(svg.contains("20 · 62.5 %") && svg.matches("withheld").count() == 2, "{svg}");
        assert!(!svg.contains("fail-fill"), "{svg}");
        Ok(())
    }
}
