//! What changed since the baseline, as the page shows it.

use serde::Serialize;
use serde_json::Value;

use crate::{
    model::disagreement::{Kind, Severity},
    report::{
        discretion::{self, Discretion},
        figures,
        statistics::Statistic,
    },
};

/// A break as the page shows it: ids and words of ours, never what is known of the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownBreak {
    pub user_id: String,
    pub kind: Kind,
    /// Column of `users`, or the AML entity, of which only that it is one is shown.
    pub field: Option<String>,
    /// Shown only where it is a verdict or a decision.
    pub before: Option<String>,
    pub after: Option<String>,
    pub age_days: i64,
}

/// Transitions by the names of their statistics, each with a title and the order in which its words are read.
const MATRICES: [(&str, &str, [&str; 5]); 2] = [
    (
        "verdict_transitions",
        "Verdicts before (rows) and now (columns)",
        ["pass", "fail", "review", "pending", "unreached"],
    ),
    (
        "decision_transitions",
        "The partner's decisions before (rows) and now (columns)",
        ["approved", "rejected", "review", "undecided", "unrecognized"],
    ),
];

/// Whether the page shows this statistic as a matrix. What is withheld there would stand in its lines.
pub(super) fn is_matrix(statistic: &str) -> bool {
    MATRICES.iter().any(|(name, ..)| *name == statistic)
}

/// What changed.
#[derive(Serialize)]
pub(super) struct Changes {
    kinds: Vec<KindRow>,
    matrices: Vec<Matrix>,
    breaks: Vec<BreakRow>,
    /// How many breaks there are by severity, the gravest first; none without breaks.
    severities: Vec<(&'static str, String)>,
}

impl Changes {
    pub(super) fn of(answers: &[Statistic], breaks: &[ShownBreak], discretion: Discretion) -> Self {
        let find = |name: &str| answers.iter().find(|answer| answer.name == name);
        let matrix = |(name, title, order): &(&str, &'static str, [&str; 5])| {
            let answer = find(name).filter(|answer| !answer.rows.is_empty())?;
            Some(Matrix::of(answer, title, order, discretion))
        };
        let kinds =
            find("breaks_by_kind").map_or_else(Vec::new, |answer| kinds(answer, discretion));
        let shown = if discretion == Discretion::Ids { breaks } else { &[] };
        Self {
            severities: severities(find("breaks_by_kind"), discretion),
            kinds,
            matrices: MATRICES.iter().filter_map(matrix).collect(),
            breaks: shown.iter().map(BreakRow::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct KindRow {
    severity: &'static str,
    kind: &'static str,
    why: &'static str,
    breaks: String,
    users: String,
    new: String,
}

/// The kinds of breaks there are, the gravest and then the most frequent first.
fn kinds(answer: &Statistic, discretion: Discretion) -> Vec<KindRow> {
    let discreet = discretion.statistics(std::slice::from_ref(answer));
    let rows = answer.rows.iter().zip(discreet.iter().flat_map(|answer| &answer.rows));
    let mut rows: Vec<_> = rows
        .filter_map(|(row, shown)| {
            let kind = Kind::parse(answer.cell(row, "kind")?.as_str()?)?;
            let breaks = answer.cell(row, "breaks")?.as_u64()?;
            let figure =
                |column| answer.cell(shown, column).map_or_else(String::new, figures::shown);
            let row = KindRow {
                severity: kind.severity().as_str(),
                kind: kind.as_str(),
                why: kind.reason(),
                breaks: figure("breaks"),
                users: figure("users"),
                new: figure("new_breaks"),
            };
            Some(((kind.severity(), breaks), row))
        })
        .collect();
    rows.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Breaks by severity. Where one kind of a severity is withheld, so is their sum, which would tell it.
fn severities(answer: Option<&Statistic>, discretion: Discretion) -> Vec<(&'static str, String)> {
    let Some(answer) = answer else { return Vec::new() };
    let discreet = discretion.statistics(std::slice::from_ref(answer));
    let figures = |severity: Severity| -> Vec<Option<u64>> {
        let rows = discreet.iter().flat_map(|answer| &answer.rows);
        let is_of = |row: &&Vec<Value>| {
            answer.cell(row, "severity").and_then(Value::as_str) == Some(severity.as_str())
        };
        rows.filter(is_of).map(|row| answer.cell(row, "breaks").and_then(Value::as_u64)).collect()
    };
    let sums = Severity::ALL.map(|severity| (severity, figures(severity)));
    let there = sums.into_iter().filter(|(_, figures)| !figures.is_empty());
    there
        .map(|(severity, figures)| {
            (severity.as_str(), discretion::shown(figures.into_iter().sum::<Option<u64>>()))
        })
        .collect()
}

#[derive(Serialize)]
struct BreakRow {
    severity: &'static str,
    kind: &'static str,
    user_id: String,
    field: String,
    change: String,
    age_days: i64,
}

impl BreakRow {
    fn of(shown: &ShownBreak) -> Self {
        let ShownBreak { user_id, kind, field, before, after, age_days } = shown;
        let word = |word: &Option<String>| word.clone().unwrap_or_else(|| "none".to_owned());
        let change = match kind {
            Kind::Regression | Kind::Recovery | Kind::VerdictChanged | Kind::DecisionChanged => {
                format!("{} → {}", word(before), word(after))
            }
            _ => String::new(),
        };
        Self {
            severity: kind.severity().as_str(),
            kind: kind.as_str(),
            user_id: user_id.clone(),
            field: field.as_deref().map_or_else(String::new, shown_field),
            change,
            age_days: *age_days,
        }
    }
}

/// An AML entity without an id goes by its name, which is nobody's business here.
fn shown_field(field: &str) -> String {
    field.split('/').next().unwrap_or_default().to_owned()
}

/// From what to what, with the totals of rows and columns.
#[derive(Serialize)]
struct Matrix {
    statistic: String,
    title: &'static str,
    words: Vec<String>,
    rows: Vec<MatrixRow>,
}

#[derive(Serialize)]
struct MatrixRow {
    word: String,
    figures: Vec<String>,
}

impl Matrix {
    /// Reads a statistic whose columns are the word before, the word now, and the users.
    fn of(answer: &Statistic, title: &'static str, order: &[&str], discretion: Discretion) -> Self {
        let text = |row: &[Value], at: usize| {
            row.get(at).and_then(|cell| cell.as_str()).unwrap_or("(none)").to_owned()
        };
        let moves: Vec<_> = answer
            .rows
            .iter()
            .map(|row| {
                (text(row, 0), text(row, 1), row.get(2).and_then(Value::as_u64).unwrap_or(0))
            })
            .collect();
        let mut words: Vec<_> =
            moves.iter().flat_map(|(before, now, _)| [before.clone(), now.clone()]).collect();
        let place = |word: &String| order.iter().position(|known| known == word);
        words.sort_by_key(|word| (place(word).unwrap_or(order.len()), word.clone()));
        words.dedup();
        let users = |before: &String, now: &String| {
            moves.iter().filter(|(b, n, _)| b == before && n == now).map(|(.., users)| users).sum()
        };
        let cells: Vec<Vec<u64>> = words
            .iter()
            .map(|before| words.iter().map(|now| users(before, now)).collect())
            .collect();
        let names = words.iter().cloned().chain(["all".to_owned()]);
        let figures = discretion.grid(&with_totals(cells)).into_iter();
        let rows = names.zip(figures).map(|(word, figures)| MatrixRow {
            word,
            figures: figures.into_iter().map(discretion::shown).collect(),
        });
        Self { statistic: answer.name.clone(), title, rows: rows.collect(), words }
    }
}

fn with_totals(mut cells: Vec<Vec<u64>>) -> Vec<Vec<u64>> {
    for row in &mut cells {
        row.push(row.iter().sum());
    }
    let width = cells.first().map_or(0, Vec::len);
    cells.push((0..width).map(|at| cells.iter().map(|row| row[at]).sum()).collect());
    cells
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn statistic(name: &str, columns: &[&str], rows: Vec<Vec<Value>>) -> Statistic {
        let columns = columns.iter().map(|&column| column.to_owned()).collect();
        Statistic { name: name.to_owned(), question: String::new(), columns, rows }
    }

    fn transitions() -> Statistic {
        let rows = [("pass", "pass", 80), ("review", "pass", 7), ("pass", "fail", 3)];
        let mut rows: Vec<_> =
            rows.iter().map(|(b, n, users)| vec![json!(b), json!(n), json!(users)]).collect();
        rows.push(vec![json!(null), json!("pass"), json!(20)]);
        statistic("verdict_transitions", &["baseline_verdict", "verdict", "users"], rows)
    }

    #[test]
    fn transitions_are_a_square_with_totals() {
        let changes = Changes::of(&[transitions()], &[], Discretion::Ids);
        let matrix = &changes.matrices[0];
        assert_eq!(matrix.words, ["pass", "fail", "review", "(none)"]);
        let row = |at: usize| matrix.rows[at].figures.join(" ");
        assert_eq!(row(0), "80 3 0 0 83");
        assert_eq!(row(3), "20 0 0 0 20");
        assert_eq!(row(4), "107 3 0 0 110");
    }

    #[test]
    fn a_discreet_page_tells_no_small_transition_and_nobody_by_id() {
        let breaks = [ShownBreak {
            user_id: "somebody".to_owned(),
            kind: Kind::Regression,
            field: None,
            before: Some("pass".to_owned()),
            after: Some("fail".to_owned()),
            age_days: 1,
        }];
        let changes = Changes::of(&[transitions()], &breaks, Discretion::Aggregate);
        assert!(changes.breaks.is_empty());
        let cells: Vec<_> = changes.matrices[0].rows.iter().flat_map(|row| &row.figures).collect();
        assert!(!cells.contains(&&"3".to_owned()), "{cells:?}");
    }

    #[test]
    fn what_is_known_of_a_person_is_not_in_the_row_of_a_break() {
        let row = BreakRow::of(&ShownBreak {
            user_id: "somebody".to_owned(),
            kind: Kind::IdentityChanged,
            field: Some("id_info_first_name".to_owned()),
            before: Some("Ana".to_owned()),
            after: Some("Eva".to_owned()),
            age_days: 0,
        });
        assert_eq!((row.change.as_str(), row.severity), ("", "critical"));
        assert_eq!(shown_field("aml_entities/Ana"), "aml_entities");
    }

    #[test]
    fn the_gravest_kinds_come_first() {
        let columns = ["against", "kind", "severity", "breaks", "users", "new_breaks"];
        let row = |kind: &str, severity: &str, n: u64| {
            vec![json!("baseline"), json!(kind), json!(severity), json!(n), json!(n), json!(0)]
        };
        let rows = vec![
            row("recovery", "low", 90),
            row("regression", "high", 5),
            row("identity_changed", "critical", 2),
            row("new_aml_hit", "high", 6),
        ];
        let changes = Changes::of(
            &[statistic("breaks_by_kind", &columns, rows.clone())],
            &[],
            Discretion::Ids,
        );
        let kinds: Vec<_> = changes.kinds.iter().map(|row| row.kind).collect();
        assert_eq!(kinds, ["identity_changed", "new_aml_hit", "regression", "recovery"]);
        let severities: Vec<_> =
            changes.severities.iter().map(|(word, n)| format!("{n} {word}")).collect();
        assert_eq!(severities, ["2 critical", "11 high", "90 low"]);
        let discreet =
            Changes::of(&[statistic("breaks_by_kind", &columns, rows)], &[], Discretion::Aggregate);
        let severities: Vec<_> = discreet.severities.iter().map(|(_, n)| n.as_str()).collect();
        assert_eq!(severities, ["withheld", "withheld", "90"]);
    }
}
