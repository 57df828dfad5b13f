//! The list of statistics: a name and the text of a query over the published tables.
//!
//! What keeps a query portable, and its answer the same everywhere:
//! - counts are `COUNT(CASE WHEN … THEN 1 END)`, since a SUM over no rows is NULL in some engines and 0 in others;
//! - a share is a DOUBLE over `NULLIF(…, 0)`, and is not rounded; nothing is divided by a number written in the query,
//!   since polars multiplies by its reciprocal, and 3 / 20 comes out as 0.15000000000000002;
//! - an expression over a count and its key stands outside of the grouping query;
//! - text keys are never NULL (`'(none)'`), and the order is total, since engines order NULL and ties as they like;
//! - a key is named in a subquery before it is grouped by, where its name is also that of a column under another text;
//! - buckets that are rows also when empty are a list of SELECTs, joined to the counts: engines write VALUES differently;
//! - names are not quoted, since one engine's quote is another one's string.

use std::borrow::Cow;

use super::grouping::Grouping;
use crate::kyc::catalogue::{Column, Table};

/// One statistic: published as `statistics/<name>.sql` and its answer as `statistics/<name>.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistic {
    pub name: Cow<'static, str>,
    /// One SELECT over the published tables by their bare names; the first line is a comment with the question.
    pub sql: Cow<'static, str>,
}

impl Statistic {
    /// The question that the query answers: its first line, without the comment mark.
    #[must_use]
    pub fn question(&self) -> &str {
        let first = self.sql.lines().next().unwrap_or_default();
        first.trim_start_matches('-').trim()
    }
}

macro_rules! statistics {
    ($($name:literal),+ $(,)?) => {
        [$((
            $name,
            include_str!(concat!("sql/", $name, ".sql")),
        )),+]
    };
}

/// The statistics that every run has, in the order in which a reader wants them: names and queries.
const ALWAYS: [(&str, &str); 39] = statistics![
    "roster_counts",
    "outcomes",
    "answer_ages",
    "decisions",
    "verdicts",
    "verdicts_by_decision",
    "pass_rates",
    "checks",
    "check_rates",
    "verdicts_by_country",
    "verdicts_by_document_type",
    "verdicts_by_month",
    "verification_ages",
    "verification_age_quantiles",
    "expiring_documents",
    "rules_fired",
    "reasons_top",
    "warnings_by_code",
    "status_reasons_by_code",
    "face_scores",
    "face_score_coverage",
    "aml_screening",
    "aml_hits_per_user",
    "aml_by_type_and_resolution",
    "shared_numbers",
    "asking",
    "rereads",
    "http_statuses",
    "latencies",
    "latency_quantiles",
    "latency_histogram",
    "rejects_by_reason",
    "drift_by_kind",
    "drift_places",
    "breaks_by_kind",
    "breaks_by_age",
    "verdict_transitions",
    "decision_transitions",
    "actions",
];

/// Every statistic of a run: those that every run has, then verdicts by each of the grouping columns.
#[must_use]
pub fn of_run(groupings: &[Grouping]) -> Vec<Statistic> {
    let always = ALWAYS.map(|(name, sql)| Statistic { name: name.into(), sql: sql.into() });
    always.into_iter().chain(groupings.iter().map(Grouping::statistic)).collect()
}

/// A table of those columns alone that its queries may read: every one whose name stands in the text of one.
#[must_use]
pub fn narrowed(statistics: &[Statistic], table: &Table) -> Table {
    let from = format!("FROM {}", table.name);
    let queries: Vec<_> = statistics.iter().filter(|one| one.sql.contains(&from)).collect();
    let is_named = |column: &Column| queries.iter().any(|one| one.sql.contains(&column.name));
    let columns = table.columns.iter().filter(|column| is_named(column)).cloned().collect();
    Table { columns, ..table.clone() }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, error::Error, ffi::OsStr, fs, path::Path};

    use super::*;
    use crate::kyc::catalogue;

    #[test]
    fn every_query_of_the_folder_is_in_the_list() -> Result<(), Box<dyn Error>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tally/sql");
        let mut files = BTreeSet::new();
        for entry in fs::read_dir(folder)? {
            let stem = entry?.path().file_stem().and_then(OsStr::to_str).map(str::to_owned);
            files.extend(stem);
        }
        let listed: BTreeSet<_> = ALWAYS.map(|(name, _)| name.to_owned()).into();
        assert_eq!(files, listed);
        Ok(())
    }

    #[test]
    fn every_query_says_what_it_answers_and_uses_no_dialect() -> Result<(), Box<dyn Error>> {
        const DIALECT: [&str; 12] = [
            "FILTER",
            "QUALIFY",
            "PIVOT",
            "ROUND",
            "ILIKE",
            "::",
            "STRING_AGG",
            "TRY_CAST",
            "EXTRACT",
            "VALUES",
            "`",
            "\"",
        ];
        for statistic in of_run(&[Grouping::by("roster_país")?]) {
            assert!(statistic.sql.starts_with("-- "), "{}", statistic.name);
            assert!(statistic.question().contains('?'), "{}", statistic.name);
            let query: String =
                statistic.sql.lines().filter(|line| !line.starts_with("--")).collect();
            for word in DIALECT {
                assert!(!query.contains(word), "{}: {word}", statistic.name);
            }
        }
        Ok(())
    }

    #[test]
    fn a_narrowed_table_has_what_queries_name_and_no_more() {
        let roster = ["país".to_owned(), "name".to_owned()];
        let users = catalogue::users_table(&roster);
        let statistics = of_run(&Grouping::by("roster_país").into_iter().collect::<Vec<_>>());
        let narrowed = narrowed(&statistics, &users);
        let has = |name: &str| narrowed.column(name).is_some();
        assert!(["verdict", "aml_info_check", "roster_país"].into_iter().all(has));
        assert!(!["user_id", "id_info_full_name", "roster_name"].into_iter().any(has));
    }
}
