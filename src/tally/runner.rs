//! Runs the statistics over a directory of Parquet tables.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

use polars::{
    prelude::{
        DataFrame, DataType, LazyFrame, PlRefPath, PolarsError, PolarsResult, ScanArgsParquet,
    },
    sql::SQLContext,
};
use thiserror::Error;

use super::statistic::{self, Statistic};

/// A statistic and its answer.
#[derive(Debug, Clone)]
pub struct Answered {
    pub name: &'static str,
    pub sql: &'static str,
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
    Answer { name: &'static str, source: PolarsError },
}

/// Answers every statistic over the tables in a directory, each a file `<table>.parquet`.
///
/// # Errors
/// When the directory or a table cannot be read, or a table or column that a query names is not there.
pub fn run(tables_dir: &Path) -> Result<Vec<Answered>, TallyError> {
    let mut tables = open_tables(tables_dir)?;
    statistic::all().iter().map(|statistic| answer(&mut tables, statistic)).collect()
}

fn answer(tables: &mut SQLContext, statistic: &Statistic) -> Result<Answered, TallyError> {
    let Statistic { name, sql } = *statistic;
    let frame = tables
        .execute(sql)
        .and_then(LazyFrame::collect)
        .and_then(widen_integers)
        .map_err(|source| TallyError::Answer { name, source })?;
    Ok(Answered { name, sql, frame })
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

fn open_tables(dir: &Path) -> Result<SQLContext, TallyError> {
    let tables = SQLContext::new();
    for path in
        parquet_files(dir).map_err(|source| TallyError::List { dir: dir.to_owned(), source })?
    {
        let frame =
            scan(&path).map_err(|source| TallyError::Open { path: path.clone(), source })?;
        if let Some(name) = path.file_stem().and_then(OsStr::to_str) {
            tables.register(name, frame);
        }
    }
    Ok(tables)
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
    use std::error::Error;

    use super::*;
    use crate::tally::specimen;

    /// The made-up run's answers, each as lines of cells joined by `|`, after a line of column names.
    fn told(frame: &DataFrame) -> PolarsResult<Vec<String>> {
        let names = frame.get_column_names().iter().map(ToString::to_string).collect::<Vec<_>>();
        let mut lines = vec![names.join("|")];
        for row in 0..frame.height() {
            let cells = frame.columns().iter().map(|column| {
                column
                    .get(row)
                    .map(|cell| cell.get_str().map_or_else(|| cell.to_string(), str::to_owned))
            });
            lines.push(cells.collect::<PolarsResult<Vec<_>>>()?.join("|"));
        }
        Ok(lines)
    }

    #[test]
    fn print_all() -> Result<(), Box<dyn Error>> {
        let dir = std::path::Path::new("/tmp/assess-tables");
        std::fs::create_dir_all(dir)?;
        specimen::write(dir)?;
        for answered in run(dir)? {
            println!("{}", answered.name);
            for line in told(&answered.frame)? {
                println!("    {line}");
            }
        }
        Ok(())
    }

    #[test]
    fn every_statistic_has_an_answer_over_tables_without_rows() -> Result<(), Box<dyn Error>> {
        let dir = tempfile::tempdir()?;
        specimen::write_empty(dir.path())?;
        for answered in run(dir.path())? {
            assert!(answered.frame.height() <= 1, "{}", answered.name);
            assert!(answered.frame.width() > 1, "{}", answered.name);
            println!("{}", answered.name);
            for line in told(&answered.frame)? {
                println!("    {line}");
            }
        }
        Ok(())
    }
}
