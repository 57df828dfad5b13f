//! The CSV file of an export, in the form that its reader asks for.

use std::{
    borrow::Cow,
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use jiff::{Timestamp, civil};
use polars::prelude::DataFrame;

use super::form::{self, CsvForm};
use crate::{
    disk,
    report::{
        cells::Cells,
        csv::{self, ByteOrderMark},
        error::ReportError,
    },
};

/// Writes rows in a form.
pub(super) struct DelimitedWriter {
    path: PathBuf,
    form: CsvForm,
    file: BufWriter<File>,
    rows: u64,
}

impl DelimitedWriter {
    pub(super) fn create<'a>(
        path: &Path,
        form: CsvForm,
        names: impl Iterator<Item = &'a str>,
    ) -> Result<Self, ReportError> {
        let file = BufWriter::new(disk::private_file(path)?);
        let mut writer = Self { path: path.to_owned(), form, file, rows: 0 };
        let mark = ByteOrderMark::if_asked(writer.form.bom).text().to_owned();
        let header = writer.form.line(names.map(|name| Cow::Owned(name.to_owned())));
        writer.write(&(mark + &header))?;
        Ok(writer)
    }

    pub(super) fn append(&mut self, batch: &DataFrame) -> Result<(), ReportError> {
        let columns = batch.columns().iter().map(Cells::of).collect::<Result<Vec<_>, _>>()?;
        for row in 0..batch.height() {
            let line = self.form.line(columns.iter().map(|cells| self.form.cell(cells, row)));
            self.write(&line)?;
        }
        self.rows += batch.height() as u64;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<u64, ReportError> {
        let written = self.file.flush();
        written.map_err(|source| ReportError::Write { path: self.path, source })?;
        Ok(self.rows)
    }

    fn write(&mut self, line: &str) -> Result<(), ReportError> {
        let written = self.file.write_all(line.as_bytes());
        written.map_err(|source| ReportError::Write { path: self.path.clone(), source })
    }
}

impl CsvForm {
    fn line<'a>(&self, cells: impl Iterator<Item = Cow<'a, str>>) -> String {
        let mut line = String::new();
        for (at, cell) in cells.enumerate() {
            if at > 0 {
                line.push(self.delimiter);
            }
            csv::push_quoted(&mut line, &cell, self.delimiter as u8);
        }
        csv::end(&mut line, 0);
        line
    }

    /// The text of a cell; what has no place in a calendar stays as every other file shows it.
    fn cell<'a>(&self, cells: &'a Cells, row: usize) -> Cow<'a, str> {
        if let Some(text) = cells.as_text(row) {
            return if self.formula_guard { csv::guarded(text) } else { Cow::Borrowed(text) };
        }
        let formed = match cells {
            Cells::Float(_) => {
                cells.text(row).map(|text| text.replace('.', &self.decimal_mark.to_string()))
            }
            Cells::Date(_) => self.dates.as_deref().and_then(|dates| day(dates, cells, row)),
            Cells::Timestamp(_) => {
                self.times.as_deref().and_then(|times| instant(times, cells, row))
            }
            Cells::Text(_) | Cells::Int(_) | Cells::Bool(_) => None,
        };
        Cow::Owned(formed.or_else(|| cells.text(row)).unwrap_or_default())
    }
}

fn day(dates: &str, cells: &Cells, row: usize) -> Option<String> {
    let day: civil::Date = cells.text(row)?.parse().ok()?;
    form::date(dates, day).ok()
}

fn instant(times: &str, cells: &Cells, row: usize) -> Option<String> {
    let instant: Timestamp = cells.text(row)?.parse().ok()?;
    form::time(times, instant).ok()
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use polars::prelude::{DataType, TimeUnit, TimeZone, df};

    use super::*;

    fn written(form: CsvForm) -> Result<String, Box<dyn Error>> {
        let mut frame = df![
            "name" => [Some("Núñez; \"Ana\""), Some("=1+1"), None],
            "score" => [Some(0.5), Some(-1.25), None],
            "day" => [Some(1_i32), Some(i32::MAX), None],
            "at" => [Some(1_700_000_000_000_001_i64), Some(0), None],
            "n" => [Some(-1_i64), Some(0), None],
        ]?;
        let utc = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
        for (column, data_type) in [("day", &DataType::Date), ("at", &utc)] {
            let typed = frame.column(column)?.cast(data_type)?;
            frame.with_column(typed)?;
        }
        let place = tempfile::tempdir()?;
        let path = place.path().join("x.csv");
        let names = ["name", "score", "day", "at", "n"];
        let mut writer = DelimitedWriter::create(&path, form, names.into_iter())?;
        writer.append(&frame)?;
        assert_eq!(writer.finish()?, 3);
        Ok(std::fs::read_to_string(path)?)
    }

    #[test]
    fn the_usual_form_is_that_of_every_other_csv_file() -> Result<(), Box<dyn Error>> {
        assert_eq!(
            written(CsvForm::default())?,
            "name,score,day,at,n\r\n\
             \"Núñez; \"\"Ana\"\"\",0.5,1970-01-02,2023-11-14T22:13:20.000001Z,-1\r\n\
             '=1+1,-1.25,2147483647,1970-01-01T00:00:00.000000Z,0\r\n\
             ,,,,\r\n"
        );
        Ok(())
    }

    #[test]
    fn numbers_and_days_are_written_as_the_reader_wants_them() -> Result<(), Box<dyn Error>> {
        let form = CsvForm {
            delimiter: ';',
            decimal_mark: ',',
            dates: Some("%d/%m/%Y".to_owned()),
            times: Some("%Y%m%d %H:%M".to_owned()),
            bom: true,
            formula_guard: false,
        };
        assert_eq!(
            written(form)?,
            "\u{feff}name;score;day;at;n\r\n\
             \"Núñez; \"\"Ana\"\"\";0,5;02/01/1970;20231114 22:13;-1\r\n\
             =1+1;-1,25;2147483647;19700101 00:00;0\r\n\
             ;;;;\r\n"
        );
        Ok(())
    }
}
