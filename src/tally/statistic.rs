//! The list of statistics: a name and the text of a query over the published tables.
//!
//! What keeps a query portable, and its answer the same everywhere:
//! - counts are `COUNT(CASE WHEN … THEN 1 END)`, since a SUM over no rows is NULL in some engines and 0 in others;
//! - a share is a DOUBLE over `NULLIF(…, 0)`, and is not rounded;
//! - text keys are never NULL (`'(none)'`), and the order is total, since engines order NULL and ties as they like;
//! - a key is named in a subquery before it is grouped by, where its name is also that of a column under another text.

/// One statistic: published as `statistics/<name>.sql` and its answer as `statistics/<name>.csv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statistic {
    pub name: &'static str,
    /// One SELECT over the published tables by their bare names; the first line is a comment with the question.
    pub sql: &'static str,
}

impl Statistic {
    /// The question that the query answers: its first line, without the comment mark.
    #[must_use]
    pub fn question(&self) -> &'static str {
        let first = self.sql.lines().next().unwrap_or_default();
        first.trim_start_matches('-').trim()
    }
}

macro_rules! statistics {
    ($($name:literal),+ $(,)?) => {
        &[$(Statistic { name: $name, sql: include_str!(concat!("sql/", $name, ".sql")) }),+]
    };
}

/// Every statistic, in the order in which a reader wants them.
#[must_use]
pub const fn all() -> &'static [Statistic] {
    statistics![
        "roster_counts",
        "outcomes",
        "decisions",
        "verdicts",
        "verdicts_by_decision",
        "pass_rates",
        "checks",
        "check_rates",
        "verdicts_by_country",
        "verdicts_by_document_type",
        "verdicts_by_month",
        "rules_fired",
        "reasons_top",
        "warnings_by_code",
        "status_reasons_by_code",
        "aml_screening",
        "aml_by_type_and_resolution",
        "asking",
        "http_statuses",
        "latencies",
        "latency_quantiles",
        "latency_histogram",
        "rejects_by_reason",
        "drift_by_kind",
    ]
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, error::Error, ffi::OsStr, fs, path::Path};

    use super::*;

    #[test]
    fn every_query_of_the_folder_is_in_the_list() -> Result<(), Box<dyn Error>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tally/sql");
        let mut files = BTreeSet::new();
        for entry in fs::read_dir(folder)? {
            let stem = entry?.path().file_stem().and_then(OsStr::to_str).map(str::to_owned);
            files.extend(stem);
        }
        let listed: BTreeSet<_> = all().iter().map(|statistic| statistic.name.to_owned()).collect();
        assert_eq!(files, listed);
        Ok(())
    }

    #[test]
    fn every_query_says_what_it_answers_and_uses_no_dialect() {
        const DIALECT: [&str; 9] =
            ["FILTER", "QUALIFY", "PIVOT", "ROUND", "ILIKE", "::", "STRING_AGG", "TRY_CAST", "\""];
        for statistic in all() {
            assert!(statistic.sql.starts_with("-- "), "{}", statistic.name);
            assert!(statistic.question().contains('?'), "{}", statistic.name);
            let query: String =
                statistic.sql.lines().filter(|line| !line.starts_with("--")).collect();
            for word in DIALECT {
                assert!(!query.contains(word), "{}: {word}", statistic.name);
            }
        }
    }
}
