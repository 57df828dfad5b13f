//! A statistic: the question as SQL and the answer as CSV, side by side.

use std::path::Path;

use polars::prelude::DataFrame;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    disk,
    report::{
        cells::Cells,
        csv::{ByteOrderMark, CsvTableWriter},
        error::ReportError,
    },
};

/// The answer to a statistic, in a form that summary and page can show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Statistic {
    /// Name of the statistic: its query is `statistics/<name>.sql`.
    pub name: String,
    /// What it answers, in a sentence.
    #[serde(default)]
    pub question: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows, each with a cell for every column: text, a number, a truth value or null.
    pub rows: Vec<Vec<Value>>,
}

impl Statistic {
    /// Reads the answer of a query.
    ///
    /// # Errors
    /// When a column has a type that has no text.
    pub fn read(name: &str, question: &str, answer: &DataFrame) -> Result<Self, ReportError> {
        let cells = answer.columns().iter().map(Cells::of).collect::<Result<Vec<_>, _>>()?;
        let row = |row: usize| cells.iter().map(|column| column.json(row)).collect();
        Ok(Self {
            name: name.to_owned(),
            question: question.to_owned(),
            columns: answer.columns().iter().map(|c| c.name().to_string()).collect(),
            rows: (0..answer.height()).map(row).collect(),
        })
    }

    /// The cell of one of its rows in a column, if there is this column.
    #[must_use]
    pub fn cell<'a>(&self, row: &'a [Value], column: &str) -> Option<&'a Value> {
        row.get(self.columns.iter().position(|known| known == column)?)
    }
}

/// Writes `<name>.sql` and `<name>.csv` into the directory.
///
/// # Errors
/// When a file cannot be written, or a column has a type that has no text.
pub fn write(
    dir: &Path,
    name: &str,
    sql: &str,
    answer: &DataFrame,
    mark: ByteOrderMark,
) -> Result<(), ReportError> {
    disk::write_private(&dir.join(format!("{name}.sql")), sql.as_bytes())?;
    let columns = answer.columns().iter().map(|column| column.name().as_str());
    let mut csv = CsvTableWriter::create(&dir.join(format!("{name}.csv")), mark, columns)?;
    csv.append(answer)?;
    csv.finish()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use polars::prelude::df;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_statistic_is_published_with_its_question() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let answer = df!["verdict" => ["pass", "fail"], "users" => [2_u32, 1], "share" => [Some(0.5), None]]?;
        write(place.path(), "verdicts", "SELECT 1\n", &answer, ByteOrderMark::Without)?;
        assert_eq!(std::fs::read_to_string(place.path().join("verdicts.sql"))?, "SELECT 1\n");
        assert_eq!(
            std::fs::read_to_string(place.path().join("verdicts.csv"))?,
            "verdict,users,share\r\npass,2,0.5\r\nfail,1,\r\n"
        );
        let read = Statistic::read("verdicts", "Which verdicts?", &answer)?;
        assert_eq!(
            read.rows,
            [vec![json!("pass"), json!(2), json!(0.5)], vec![json!("fail"), json!(1), Value::Null]]
        );
        Ok(())
    }
}
