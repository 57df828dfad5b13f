//! What a discreet page keeps to itself: figures of few people, and those that would tell them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{discretion::FEW, statistics::Statistic, telling};

/// What stands in the place of a withheld figure.
pub const WITHHELD: &str = "withheld";

/// Statistics that count lines of the roster, not people.
const NO_PEOPLE: [&str; 2] = ["roster_counts", "rejects_by_reason"];

/// Statistics in which the lines that begin with the same word add up to all users.
const EACH_TOTALLED: [&str; 1] = ["checks"];

pub(super) fn is_few(count: u64) -> bool {
    (1..FEW).contains(&count)
}

/// Whether two figures differ by few people: if the one counts some of the other's, the difference tells of the rest.
pub(super) fn are_close(one: u64, other: u64) -> bool {
    is_few(one.abs_diff(other))
}

/// Whether figures that stand together tell of few people, by themselves or by what is between them.
fn tells_few(figures: &[u64]) -> bool {
    let is_told = |(at, one): (usize, &u64)| {
        is_few(*one) || figures[..at].iter().any(|other| are_close(*one, *other))
    };
    figures.iter().enumerate().any(is_told)
}

/// A statistic without the lines that tell of few people: of these only what they are about stays.
///
/// A line goes as a whole, for its figures add up to one another; also where no figure is small, but a difference of two. Where it would be the only one, the smallest of the
/// others goes with it, for the lines add up to a total that stands elsewhere.
#[must_use]
pub fn statistic(answer: &Statistic) -> Statistic {
    let mut discreet = answer.clone();
    if NO_PEOPLE.contains(&answer.name.as_str()) {
        return discreet;
    }
    let figures: Vec<_> = answer.rows.iter().map(|row| telling::figures(answer, row)).collect();
    for (row, withheld) in discreet.rows.iter_mut().zip(withheld(answer, &figures)) {
        let told = row.iter_mut().zip(&answer.columns);
        let told = told.filter(|(cell, name)| telling::tells_people(name) && cell.is_number());
        for (cell, _) in told.filter(|_| withheld) {
            *cell = Value::from(WITHHELD);
        }
    }
    discreet
}

/// Which lines of a statistic are withheld, each group of lines that add up to a total by itself.
fn withheld(answer: &Statistic, figures: &[Vec<u64>]) -> Vec<bool> {
    let is_grouped = EACH_TOTALLED.contains(&answer.name.as_str());
    let groups = answer.rows.chunk_by(|one, next| !is_grouped || one.first() == next.first());
    let mut left = figures;
    let withheld = groups.flat_map(|group| {
        let (own, others) = left.split_at(group.len());
        left = others;
        lines(own)
    });
    withheld.collect()
}

/// Which lines of figures are withheld.
fn lines(lines: &[Vec<u64>]) -> Vec<bool> {
    let mut withheld: Vec<_> = lines.iter().map(|line| tells_few(line)).collect();
    if withheld.iter().filter(|withheld| **withheld).count() == 1 {
        let size = |line: &[u64]| line.iter().copied().max().unwrap_or(0);
        let others = lines.iter().map(|line| size(line)).enumerate();
        let others = others.filter(|(at, size)| *size > 0 && !withheld[*at]);
        if let Some((smallest, _)) = others.min_by_key(|(_, size)| *size) {
            withheld[smallest] = true;
        }
    }
    withheld
}

/// Figures in rows and columns, the totals of the rows in a last column and those of the columns in a last row.
pub type Grid = Vec<Vec<Option<u64>>>;

/// Withholds figures of few people, and as many others as it takes that no withheld one can be had from the totals.
///
/// Rows and columns are the two sides of a graph, and each withheld figure joins its row to its column. What is withheld
/// can be computed exactly where it is the only way between the two: all else of that side is known then.
#[must_use]
pub fn grid(totalled: &[Vec<u64>]) -> Grid {
    let last =
        (totalled.len().saturating_sub(1), totalled.first().map_or(0, Vec::len).saturating_sub(1));
    let cells = || {
        let row = |(at, row): (usize, &Vec<u64>)| {
            row.iter().enumerate().map(|(column, count)| ((at, column), *count)).collect::<Vec<_>>()
        };
        // The total of all stands at the head of the page.
        totalled.iter().enumerate().flat_map(row).filter(|(cell, _)| *cell != last)
    };
    let mut withheld: BTreeSet<Cell> =
        cells().filter(|(_, count)| is_few(*count)).map(|(cell, _)| cell).collect();
    while let Some((told, side)) =
        withheld.iter().find_map(|cell| Some((*cell, computable(*cell, &withheld)?)))
    {
        let leaving =
            cells().filter(|(cell, _)| !withheld.contains(cell) && side.is_left_by(*cell));
        // One that leads to the column at once spares further ones.
        let cost = |(cell, count): &(Cell, u64)| (*count == 0, cell.1 != told.1, *count, *cell);
        let Some((cell, _)) = leaving.min_by_key(cost) else { break };
        withheld.insert(cell);
    }
    let shown = |(at, row): (usize, &Vec<u64>)| {
        let cells = row.iter().enumerate();
        cells.map(|(column, count)| (!withheld.contains(&(at, column))).then_some(*count)).collect()
    };
    totalled.iter().enumerate().map(shown).collect()
}

type Cell = (usize, usize);

/// The rows and columns that withheld figures join to one another.
#[derive(Default)]
struct Side {
    rows: BTreeSet<usize>,
    columns: BTreeSet<usize>,
}

impl Side {
    fn is_left_by(&self, (row, column): Cell) -> bool {
        self.rows.contains(&row) != self.columns.contains(&column)
    }
}

/// The side of a figure's row, if nothing else that is withheld leads from there to its column.
fn computable(cell: Cell, withheld: &BTreeSet<Cell>) -> Option<Side> {
    let mut side = Side { rows: [cell.0].into(), ..Side::default() };
    while let Some((row, column)) =
        withheld.iter().find(|other| **other != cell && side.is_left_by(**other))
    {
        side.rows.insert(*row);
        side.columns.insert(*column);
    }
    (!side.columns.contains(&cell.1)).then_some(side)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn totalled(cells: &[&[u64]]) -> Vec<Vec<u64>> {
        let with_total = |row: &[u64]| [row, &[row.iter().sum()]].concat();
        let mut rows: Vec<_> = cells.iter().map(|row| with_total(row)).collect();
        let totals = (0..rows[0].len()).map(|at| rows.iter().map(|row| row[at]).sum()).collect();
        rows.push(totals);
        rows
    }

    fn withheld(grid: &Grid) -> Vec<Cell> {
        let row = |(at, row): (usize, &Vec<Option<u64>>)| {
            let missing = row.iter().enumerate().filter(|(_, figure)| figure.is_none());
            missing.map(|(column, _)| (at, column)).collect::<Vec<_>>()
        };
        grid.iter().enumerate().flat_map(row).collect()
    }

    #[test]
    fn where_nobody_is_few_everything_is_shown() {
        let cells = totalled(&[&[10, 0], &[5, 20]]);
        assert_eq!(withheld(&grid(&cells)), []);
    }

    #[test]
    fn a_withheld_figure_takes_a_rectangle_with_it() {
        let cells = totalled(&[&[3, 40, 50], &[60, 30, 70], &[80, 90, 20]]);
        assert_eq!(withheld(&grid(&cells)), [(0, 0), (0, 1), (1, 0), (1, 1)]);
    }

    #[test]
    fn two_groups_of_withheld_figures_do_not_tell_what_joins_them() {
        // Two rectangles and one figure between them: each line holds two, and yet one could be computed.
        let mut withheld: BTreeSet<Cell> =
            [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3)].into();
        withheld.insert((1, 2));
        assert!(computable((1, 2), &withheld).is_some());
        assert!(computable((0, 0), &withheld).is_none());
    }

    #[test]
    fn nothing_withheld_can_ever_be_computed() {
        let mut seed = 7_u64;
        for _ in 0..500 {
            let mut next = || {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                [0, 0, 1, 3, 7, 90][usize::try_from(seed >> 33).unwrap_or(0) % 6]
            };
            let rows: Vec<Vec<u64>> = (0..4).map(|_| (0..5).map(|_| next()).collect()).collect();
            let rows: Vec<_> = rows.iter().map(Vec::as_slice).collect();
            let hidden: BTreeSet<_> = withheld(&grid(&totalled(&rows))).into_iter().collect();
            let told: Vec<_> =
                hidden.iter().filter(|cell| computable(**cell, &hidden).is_some()).collect();
            assert_eq!(told, Vec::<&Cell>::new(), "{rows:?}");
        }
    }

    #[test]
    fn what_few_people_are_cannot_be_had_by_subtraction_within_a_line() {
        let answer = |name: &str, columns: &[&str], rows: &[&[u64]]| Statistic {
            name: name.to_owned(),
            question: String::new(),
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            rows: rows.iter().map(|row| row.iter().map(|count| json!(count)).collect()).collect(),
        };
        let rates = ["users", "determined", "passed", "failed"];
        let shared = ["users_per_number", "users", "passed"];
        let discreet = statistic(&answer("pass_rates", &rates, &[&[60, 57, 50, 7]]));
        assert!(discreet.rows[0].iter().all(|cell| *cell == WITHHELD), "3 are undetermined");
        let discreet = statistic(&answer("shared_numbers", &shared, &[&[1, 60, 57], &[2, 40, 20]]));
        for row in &discreet.rows {
            assert_eq!(row[1..], [json!(WITHHELD), json!(WITHHELD)], "3 did not pass");
        }
        let plain = answer("pass_rates", &rates, &[&[60, 55, 45, 10]]);
        assert_eq!(statistic(&plain), plain);
    }

    #[test]
    fn each_group_of_lines_with_a_total_of_its_own_keeps_two_lines_to_itself() {
        let checks = [
            ("aml", "approved", 57),
            ("aml", "absent", 3),
            ("face", "closed", 56),
            ("face", "review", 4),
        ];
        let row =
            |(check, word, users): (&str, &str, u64)| vec![json!(check), json!(word), json!(users)];
        let mut answer = Statistic {
            name: "checks".to_owned(),
            question: String::new(),
            columns: ["check_name", "word", "users"].map(str::to_owned).into(),
            rows: checks.map(row).into(),
        };
        assert!(statistic(&answer).rows.iter().all(|row| row[2] == WITHHELD));
        answer.name = "decisions".to_owned();
        assert_eq!(statistic(&answer).rows.iter().filter(|row| row[2] == WITHHELD).count(), 2);
    }

    #[test]
    fn a_share_and_what_a_split_leaves_over_tell_as_much_as_a_figure() {
        let answer = |columns: &[&str], row: Vec<Value>| Statistic {
            name: "x".to_owned(),
            question: String::new(),
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            rows: vec![row],
        };
        let is_withheld =
            |answer: &Statistic| statistic(answer).rows[0].iter().all(|c| *c == WITHHELD);
        let share = |value: f64| {
            answer(&["population", "risky_of_population"], vec![json!(60), json!(value)])
        };
        for (share, few) in
            [(share(0.05), true), (share(0.95), true), (share(0.5), false), (share(0.0), false)]
        {
            assert_eq!(is_withheld(&share), few, "{share:?}");
        }
        let of_unknown = answer(&["risky_of_somebody"], vec![json!(0.5)]);
        assert!(is_withheld(&of_unknown));
        let split = |review: u64| {
            let columns = ["users", "passed", "failed", "review"];
            answer(&columns, vec![json!(60), json!(20), json!(20), json!(review)])
        };
        assert!(is_withheld(&split(17)), "3 are pending");
        assert!(!is_withheld(&split(10)) && !is_withheld(&split(20)));
    }

    #[test]
    fn a_line_of_few_goes_whole_and_never_alone() {
        let answer = Statistic {
            name: "by_country".to_owned(),
            question: String::new(),
            columns: ["country", "from_score", "users", "passed", "share"]
                .map(str::to_owned)
                .into(),
            rows: vec![
                vec![json!("MX"), json!(0.5), json!(90), json!(80), json!(0.9)],
                vec![json!("ES"), json!(0.5), json!(9), json!(6), json!(0.7)],
                vec![json!("GT"), json!(0.5), json!(12), json!(2), json!(0.2)],
                vec![json!("XX"), json!(0.5), json!(0), json!(0), json!(null)],
            ],
        };
        let gone = [json!(0.5), json!(WITHHELD), json!(WITHHELD), json!(WITHHELD)];
        let discreet = statistic(&answer);
        assert_eq!(discreet.rows[0], answer.rows[0]);
        assert_eq!(discreet.rows[1][1..], gone);
        assert_eq!(discreet.rows[2][1..], gone);
        assert_eq!(discreet.rows[3], answer.rows[3]);
    }
}
