//! What a line of a statistic tells about numbers of people: by its figures, by its shares, and by what is left over.

use serde_json::Value;

use super::statistics::Statistic;

/// Whole numbers and scores that count nobody: what a statistic groups by, or measures.
const NO_COUNTS: [&str; 8] = [
    "http_status",
    "from_ms",
    "from_score",
    "below_score",
    "aml_hits_total",
    "aml_open_hits",
    "users_per_number",
    "first_line",
];

/// The columns that split people by verdict.
const VERDICTS: [&str; 5] = ["passed", "failed", "review", "pending", "unreached"];

/// Whether the cells of a column count something, or are shares of what is counted.
pub(super) fn tells_people(column: &str) -> bool {
    !NO_COUNTS.contains(&column) && !column.ends_with("_ms") && !column.ends_with("_days")
}

/// The numbers of people that can be read off a line: the figures that it shows, those that its shares are made of, and
/// those whose verdict has no column.
pub(super) fn figures(answer: &Statistic, row: &[Value]) -> Vec<u64> {
    let cells = answer.columns.iter().map(String::as_str).zip(row);
    let told: Vec<_> = cells.filter(|(column, _)| tells_people(column)).collect();
    let mut figures: Vec<_> = told.iter().filter_map(|(_, cell)| cell.as_u64()).collect();
    figures.extend(told.iter().filter_map(|(column, cell)| numerator(&told, column, cell)));
    figures.extend(left_over(&told));
    figures
}

/// How many people a share of a number in the same line is. Of a share of any other number nobody here can say how few it
/// may be: it counts as one.
fn numerator(line: &[(&str, &Value)], column: &str, cell: &Value) -> Option<u64> {
    let (share, (_, base)) = (cell.as_f64()?, column.split_once("_of_")?);
    let base = line.iter().find(|(column, _)| *column == base).and_then(|(_, cell)| cell.as_f64());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a number of people is one"
    )]
    let people = |base: f64| (base * share).round() as u64;
    Some(base.map_or(1, people))
}

/// The people of a line that is split by verdict who are in none of its columns.
fn left_over(line: &[(&str, &Value)]) -> Option<u64> {
    let is_part = |column: &str| VERDICTS.contains(&column);
    let parts = line.iter().filter(|(column, _)| is_part(column));
    let parts: Vec<_> = parts.filter_map(|(_, cell)| cell.as_u64()).collect();
    let all = line.iter().filter(|(column, _)| !is_part(column));
    let all = all.filter_map(|(_, cell)| cell.as_u64()).max()?;
    (parts.len() > 1).then(|| all.saturating_sub(parts.iter().sum()))
}
