//! Runs the statistics over directories of Parquet tables.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

use polars::{
    prelude::{
        DataFrame, DataType, Engine, LazyFrame, PlRefPath, PolarsError, PolarsResult,
        ScanArgsParquet,
    },
    sql::SQLContext,
};
use thiserror::Error;

use super::statistic::Statistic;

/// A statistic and its answer.
#[derive(Debug, Clone)]
pub struct Answered<'a> {
    pub name: &'a str,
    /// The question, as the first line of the query puts it.
    pub question: &'a str,
    pub sql: &'a str,
    /// Text, `Int64`, `Float64` and `Boolean` columns, in an order that the query fixes.
    pub frame: DataFrame,
}

/// Why the statistics of a run could not be had.
#[derive(Debug, Error)]
pub enum TallyError {
    #[error("cannot list the tables in {}", dir.display())]
    List { dir: PathBuf, source: io::Error },
    #[error("cannot open the table {}", path.display())]
    Open { path: PathBuf, source: PolarsError },
    #[error("cannot answer the statistic `{name}`")]
    Answer { name: String, source: PolarsError },
}

/// Answers statistics over the tables in directories, each a file `<table>.parquet`. One in a later directory stands for
/// that of its name in an earlier one.
///
/// # Errors
/// When a directory or a table cannot be read, or a table or column that a query names is not there.
pub fn run<'a>(
    dirs: &[&Path],
    statistics: &'a [Statistic],
) -> Result<Vec<Answered<'a>>, TallyError> {
    let mut tables = SQLContext::new();
    for dir in dirs {
        open_tables(&mut tables, dir)?;
    }
    statistics.iter().map(|statistic| answer(&mut tables, statistic)).collect()
}

fn answer<'a>(
    tables: &mut SQLContext,
    statistic: &'a Statistic,
) -> Result<Answered<'a>, TallyError> {
    let Statistic { name, sql } = statistic;
    let frame = tables
        .execute(sql)
        .and_then(streamed)
        .and_then(widen_integers)
        .map_err(|source| TallyError::Answer { name: name.to_string(), source })?;
    Ok(Answered { name, question: statistic.question(), sql, frame })
}

/// The answer of a query that reads its tables a row group at a time, so that what is grouped has not to be in memory whole.
fn streamed(query: LazyFrame) -> PolarsResult<DataFrame> {
    Ok(query.collect_with_engine(Engine::Streaming)?.unwrap_single())
}

/// Makes every whole number an `Int64`: polars counts in `UInt32`, other engines do not.
fn widen_integers(mut frame: DataFrame) -> PolarsResult<DataFrame> {
    let narrow: Vec<_> =
        frame.columns().iter().filter(|column| column.dtype().is_integer()).cloned().collect();
    for column in narrow {
        frame.with_column(column.strict_cast(&DataType::Int64)?)?;
    }
    Ok(frame)
}

fn open_tables(tables: &mut SQLContext, dir: &Path) -> Result<(), TallyError> {
    for path in
        parquet_files(dir).map_err(|source| TallyError::List { dir: dir.to_owned(), source })?
    {
        let frame =
            scan(&path).map_err(|source| TallyError::Open { path: path.clone(), source })?;
        if let Some(name) = path.file_stem().and_then(OsStr::to_str) {
            tables.register(name, frame);
        }
    }
    Ok(())
}

fn scan(path: &Path) -> PolarsResult<LazyFrame> {
    // A directory with `[` or `*` in its name is a directory, not a pattern.
    let args = ScanArgsParquet { glob: false, ..ScanArgsParquet::default() };
    LazyFrame::scan_parquet(PlRefPath::try_from_path(path)?, args)
}

fn parquet_files(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new("parquet")) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use std::{error::Error, fmt::Write as _};

    use polars::prelude::{AnyValue, ChunkAgg as _, df};

    use super::*;
    use crate::{
        kyc::catalogue,
        tally::{
            grouping::{Grouping, NotAGrouping},
            specimen, statistic,
        },
    };

    fn statistics() -> Result<Vec<Statistic>, NotAGrouping> {
        Ok(statistic::of_run(&[Grouping::by("roster_país")?]))
    }

    /// The answers as text: the name, then one line for the columns and one per row.
    fn told(answers: &[Answered<'_>]) -> Result<String, Box<dyn Error>> {
        let mut text = String::new();
        for Answered { name, frame, .. } in answers {
            let columns: Vec<_> =
                frame.columns().iter().map(|column| column.name().as_str()).collect();
            writeln!(text, "{name}\n    {}", columns.join("|"))?;
            for row in 0..frame.height() {
                let cells = frame.columns().iter().map(|column| column.get(row).map(cell));
                writeln!(text, "    {}", cells.collect::<PolarsResult<Vec<_>>>()?.join("|"))?;
            }
        }
        Ok(text)
    }

    fn cell(value: AnyValue<'_>) -> String {
        match value {
            AnyValue::String(text) => text.to_owned(),
            AnyValue::Float64(number) => format!("{number:?}"),
            other => other.to_string(),
        }
    }

    #[test]
    fn the_statistics_of_the_made_up_run_are_those_checked_by_hand() -> Result<(), Box<dyn Error>> {
        let dir = tempfile::tempdir()?;
        specimen::write(dir.path())?;
        let told = told(&run(&[dir.path()], &statistics()?)?)?;
        assert_eq!(told, specimen::ANSWERS);
        Ok(())
    }

    #[test]
    fn a_narrowed_table_answers_as_the_whole_one() -> Result<(), Box<dyn Error>> {
        let (whole, narrow) = (tempfile::tempdir()?, tempfile::tempdir()?);
        specimen::write(whole.path())?;
        let (statistics, roster) = (statistics()?, ["país".to_owned()]);
        let kept = statistic::narrowed(&statistics, &catalogue::users_table(&roster));
        specimen::write_users(narrow.path(), |column| kept.column(column).is_some())?;
        let told = told(&run(&[whole.path(), narrow.path()], &statistics)?)?;
        assert_eq!(told, specimen::ANSWERS);
        // Of two tables of one name the later one is read.
        specimen::write_users(narrow.path(), |column| column == "user_id")?;
        assert!(run(&[whole.path(), narrow.path()], &statistics).is_err());
        Ok(())
    }

    #[test]
    fn every_statistic_has_the_same_columns_over_tables_without_rows() -> Result<(), Box<dyn Error>>
    {
        let (full, empty) = (tempfile::tempdir()?, tempfile::tempdir()?);
        specimen::write(full.path())?;
        specimen::write_empty(empty.path())?;
        let statistics = statistics()?;
        let (some, none) = (run(&[full.path()], &statistics)?, run(&[empty.path()], &statistics)?);
        for (some, none) in some.iter().zip(none) {
            assert_eq!(some.frame.schema(), none.frame.schema(), "{}", none.name);
            assert_eq!(none.frame.height(), rows_of_nobody(none.name), "{}", none.name);
        }
        Ok(())
    }

    /// Totals and lists of buckets have their rows also when there is nobody to count.
    fn rows_of_nobody(statistic: &str) -> usize {
        match statistic {
            "face_scores" => 20,
            "verification_ages" => 8,
            "answer_ages" => 7,
            "expiring_documents" => 6,
            "breaks_by_age" => 5,
            "pass_rates"
            | "aml_screening"
            | "asking"
            | "rereads"
            | "latency_quantiles"
            | "face_score_coverage"
            | "verification_age_quantiles" => 1,
            _ => 0,
        }
    }

    #[test]
    fn a_rate_over_nobody_is_null() -> Result<(), Box<dyn Error>> {
        let dir = tempfile::tempdir()?;
        specimen::write_empty(dir.path())?;
        let statistics = statistics()?;
        let answers = run(&[dir.path()], &statistics)?;
        let rates = answers.iter().find(|answer| answer.name == "pass_rates").ok_or("no rates")?;
        for column in ["pass_of_population", "pass_of_determined"] {
            assert_eq!(rates.frame.column(column)?.null_count(), 1, "{column}");
        }
        Ok(())
    }

    /// So that whoever withholds small numbers sees of how many people a share is one.
    #[test]
    fn a_number_with_a_fraction_is_a_measure_or_the_share_of_a_number_beside_it()
    -> Result<(), Box<dyn Error>> {
        let dir = tempfile::tempdir()?;
        specimen::write_empty(dir.path())?;
        let statistics = statistics()?;
        for Answered { name, frame, .. } in run(&[dir.path()], &statistics)? {
            let fractions = frame.columns().iter().filter(|column| column.dtype().is_float());
            for column in fractions.map(|column| column.name().as_str()) {
                let is_measure = ["_ms", "_score"].iter().any(|unit| column.ends_with(unit));
                let base = column.split_once("_of_").map(|(_, base)| base);
                let is_share = base.is_some_and(|base| frame.column(base).is_ok());
                assert!(is_measure || is_share, "{name}: {column}");
            }
        }
        Ok(())
    }

    #[test]
    fn a_roster_column_of_many_values_gives_a_hundred_rows_and_the_others()
    -> Result<(), Box<dyn Error>> {
        let dir = tempfile::tempdir()?;
        // Nobody is value 0, one user value 1, two users value 2, and so on.
        let values: Vec<_> = (0..150).flat_map(|n| vec![format!("{n:03}"); n]).collect();
        let verdicts = vec!["pass"; values.len()];
        specimen::write_table(
            dir.path(),
            "users",
            df!("roster_x" => values, "verdict" => verdicts)?,
        )?;
        let statistics = [Grouping::by("roster_x")?.statistic()];
        let answers = run(&[dir.path()], &statistics)?;
        let frame = &answers.first().ok_or("no answer")?.frame;
        assert_eq!(frame.height(), 101);
        let (names, counts) = (frame.column("roster_x")?.str()?, frame.column("passed")?.i64()?);
        assert_eq!(names.iter().flatten().take(2).collect::<Vec<_>>(), ["(others)", "149"]);
        assert_eq!((counts.get(0), counts.sum()), (Some(49 * 50 / 2), Some(149 * 150 / 2)));
        Ok(())
    }

    #[test]
    fn a_directory_with_the_look_of_a_pattern_is_read_as_it_is_named() -> Result<(), Box<dyn Error>>
    {
        let dir = tempfile::Builder::new().prefix("run[1]*").tempdir()?;
        specimen::write(dir.path())?;
        let statistics = statistics()?;
        assert_eq!(run(&[dir.path()], &statistics)?.len(), statistics.len());
        Ok(())
    }

    #[test]
    fn a_missing_table_is_told_with_the_statistic_that_needs_it() -> Result<(), Box<dyn Error>> {
        let dir = tempfile::tempdir()?;
        specimen::write(dir.path())?;
        fs::remove_file(dir.path().join("warnings.parquet"))?;
        let told = run(&[dir.path()], &statistics()?).map(drop).map_err(|error| error.to_string());
        assert_eq!(told, Err("cannot answer the statistic `warnings_by_code`".to_owned()));
        assert!(matches!(run(&[Path::new("no such place")], &[]), Err(TallyError::List { .. })));
        Ok(())
    }
}
