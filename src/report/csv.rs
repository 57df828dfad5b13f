//! CSV files: RFC 4180 (CRLF line ends, `"` quotes), ISO dates, null as an empty cell, and a guard against formulas.

use std::{
    borrow::Cow,
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
};

use polars::prelude::DataFrame;

use crate::{
    disk,
    report::{cells::Cells, error::ReportError},
};

/// Whether a CSV file begins with the three bytes by which Excel knows UTF-8. All other readers are better off without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteOrderMark {
    Without,
    With,
}

impl ByteOrderMark {
    /// The mark as the settings ask for it.
    #[must_use]
    pub const fn if_asked(asked: bool) -> Self {
        if asked { Self::With } else { Self::Without }
    }

    /// What stands in front of the header.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Without => "",
            Self::With => "\u{feff}",
        }
    }
}

/// Bytes that are collected before they are written.
const BUFFER: usize = 1 << 16;

/// Writes one CSV file.
pub struct CsvTableWriter {
    path: PathBuf,
    columns: Vec<String>,
    file: File,
    /// Lines that are not written yet.
    lines: String,
    rows: u64,
}

impl CsvTableWriter {
    /// Creates the file and writes its header.
    ///
    /// # Errors
    /// When the file cannot be created or written.
    pub fn create<'a>(
        path: &Path,
        mark: ByteOrderMark,
        columns: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, ReportError> {
        let columns: Vec<_> = columns.into_iter().map(str::to_owned).collect();
        let lines = mark.text().to_owned() + &header(columns.iter().map(String::as_str));
        let file = disk::private_file(path)?;
        Ok(Self { path: path.to_owned(), columns, file, lines, rows: 0 })
    }

    /// Writes the rows of a batch.
    ///
    /// # Errors
    /// When the batch has other columns than the header, a type that has no text, or the disk refuses.
    pub fn append(&mut self, batch: &DataFrame) -> Result<(), ReportError> {
        if !batch.columns().iter().map(|c| c.name().as_str()).eq(&self.columns) {
            let detail = "the batch has other columns than the header".to_owned();
            return Err(ReportError::Shape { path: self.path.clone(), detail });
        }
        let columns = cells(batch)?;
        for row in 0..batch.height() {
            push_row(&mut self.lines, &columns, row);
            if self.lines.len() >= BUFFER {
                self.flush()?;
            }
        }
        self.rows += batch.height() as u64;
        Ok(())
    }

    /// Writes what is left and gives the number of rows.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(mut self) -> Result<u64, ReportError> {
        self.flush()?;
        Ok(self.rows)
    }

    fn flush(&mut self) -> Result<(), ReportError> {
        let written = self.file.write_all(self.lines.as_bytes());
        self.lines.clear();
        written.map_err(|source| ReportError::Write { path: self.path.clone(), source })
    }
}

/// The text of a header, as [`CsvTableWriter`] writes it.
#[must_use]
pub fn header<'a>(columns: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for (at, name) in columns.into_iter().enumerate() {
        // A roster's header becomes a column's name, so a name is as little to be trusted as a cell.
        push_separator(&mut line, at);
        push_text(&mut line, name);
    }
    end(&mut line, 0);
    line
}

/// The text of these rows, as [`CsvTableWriter`] writes them.
///
/// # Errors
/// When a column has a type that has no text.
pub fn rows(batch: &DataFrame) -> Result<String, ReportError> {
    let columns = cells(batch)?;
    let mut lines = String::new();
    for row in 0..batch.height() {
        push_row(&mut lines, &columns, row);
    }
    Ok(lines)
}

fn cells(batch: &DataFrame) -> Result<Vec<Cells>, ReportError> {
    batch.columns().iter().map(Cells::of).collect()
}

fn push_row(lines: &mut String, columns: &[Cells], row: usize) {
    let start = lines.len();
    for (at, cells) in columns.iter().enumerate() {
        push_separator(lines, at);
        match cells.as_text(row) {
            // Most cells are, and it is told at once.
            Some("") => {}
            Some(text) => push_text(lines, text),
            None => cells.append_to(lines, row),
        }
    }
    end(lines, start);
}

fn push_separator(lines: &mut String, at: usize) {
    if at > 0 {
        lines.push(',');
    }
}

fn push_text(lines: &mut String, text: &str) {
    push_quoted(lines, &guarded(text), b',');
}

/// Writes a text, in quotes where it would not be read as one cell without.
pub(super) fn push_quoted(lines: &mut String, text: &str, delimiter: u8) {
    // Without a way out of the loop, which is many bytes at a time then.
    let is_special = |byte| byte == delimiter || matches!(byte, b'"' | b'\r' | b'\n');
    if text.bytes().fold(false, |found, byte| found | is_special(byte)) {
        lines.push('"');
        for piece in text.split_inclusive('"') {
            lines.push_str(piece);
            if piece.ends_with('"') {
                lines.push('"');
            }
        }
        lines.push('"');
    } else {
        lines.push_str(text);
    }
}

/// Ends the line that began here. One that consists of an empty cell is no empty line.
pub(super) fn end(lines: &mut String, start: usize) {
    if lines.len() == start {
        lines.push_str("\"\"");
    }
    lines.push_str("\r\n");
}

/// What a spreadsheet takes for the start of a formula, also where it strips white space or folds wide forms first.
const FORMULA_STARTS: [char; 11] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// A text as a spreadsheet may hold it: what it would take for a formula gets an apostrophe in front.
///
/// Applicants choose their names, and a name may be `=HYPERLINK(…)`. Phone numbers and plain numbers begin with the same
/// characters and are left whole. A text that begins with an apostrophe gets one more, so that whoever takes one away
/// from every cell that begins with it has the texts as they were.
pub(super) fn guarded(text: &str) -> Cow<'_, str> {
    if text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric) {
        return Cow::Borrowed(text);
    }
    let is_suspicious =
        text.starts_with(FORMULA_STARTS) && !is_phone_number(text) && !is_number(text);
    if is_suspicious || text.starts_with('\'') {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

fn is_phone_number(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|number| {
        number.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-'))
            && number.contains(|c: char| c.is_ascii_digit())
    })
}

fn is_number(text: &str) -> bool {
    // `parse` also takes `inf`, `nan` and the like; a spreadsheet would take `-inf` for a formula.
    text.parse::<f64>().is_ok_and(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use polars::prelude::{DataType, TimeUnit, TimeZone, df};

    use super::*;

    fn written(mark: ByteOrderMark, batches: &[DataFrame]) -> Result<String, Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let path = place.path().join("t.csv");
        let names: Vec<_> = batches[0].columns().iter().map(|c| c.name().as_str()).collect();
        let mut writer = CsvTableWriter::create(&path, mark, names)?;
        for batch in batches {
            writer.append(batch)?;
        }
        writer.finish()?;
        Ok(std::fs::read_to_string(path)?)
    }

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_is_disarmed() {
        for (text, cell) in [
            ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
            ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("\n=1", "'\n=1"),
            ("＝1+1", "'＝1+1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠SUM(A1)", "'＠SUM(A1)"),
            ("-inf", "'-inf"),
            ("+", "'+"),
            ("-", "'-"),
            ("+(-)", "'+(-)"),
            ("+52 (55) 1234-5678", "+52 (55) 1234-5678"),
            ("-12.5e3", "-12.5e3"),
            ("+7", "+7"),
            ("a=b", "a=b"),
            ("O'Higgins", "O'Higgins"),
            ("", ""),
        ] {
            assert_eq!(guarded(text), cell);
        }
    }

    #[test]
    fn a_guarded_cell_can_be_told_from_one_that_was_sent_with_an_apostrophe() {
        for (text, cell) in [("'=1", "''=1"), ("'t Hooft", "''t Hooft"), ("=1", "'=1")] {
            assert_eq!(guarded(text), cell);
            assert_eq!(guarded(text).strip_prefix('\''), Some(text));
        }
    }

    #[test]
    fn every_type_has_its_text_and_null_is_an_empty_cell() -> Result<(), Box<dyn Error>> {
        let mut frame = df![
            "text" => [Some("Núñez, \"Ana\""), Some("=1"), None],
            "int" => [Some(-1_i64), Some(0), None],
            "count" => [Some(7_u32), Some(0), None],
            "float" => [Some(0.1), Some(1e300), None],
            "bool" => [Some(true), Some(false), None],
            "date" => [Some(0_i32), Some(-1), None],
            "time" => [Some(1_i64), Some(0), None],
        ]?;
        let utc = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
        for (column, data_type) in [("date", &DataType::Date), ("time", &utc)] {
            let typed = frame.column(column)?.cast(data_type)?;
            frame.with_column(typed)?;
        }
        assert_eq!(
            written(ByteOrderMark::Without, &[frame.clone(), frame.head(Some(0))])?,
            "text,int,count,float,bool,date,time\r\n\
             \"Núñez, \"\"Ana\"\"\",-1,7,0.1,true,1970-01-01,1970-01-01T00:00:00.000001Z\r\n\
             '=1,0,0,1e300,false,1969-12-31,1970-01-01T00:00:00.000000Z\r\n\
             ,,,,,,\r\n"
        );
        Ok(())
    }

    #[test]
    fn a_batch_with_other_columns_is_refused() -> Result<(), Box<dyn Error>> {
        let (one, other) = (df!["a" => [1]]?, df!["b" => [1]]?);
        assert!(written(ByteOrderMark::Without, &[one, other]).is_err());
        Ok(())
    }

    #[test]
    fn the_byte_order_mark_stands_once_before_everything() -> Result<(), Box<dyn Error>> {
        let batch = df!["a" => ["Núñez", "=1"]]?;
        let batches = [batch.clone(), batch];
        let plain = written(ByteOrderMark::Without, &batches)?;
        assert!(plain.starts_with("a\r\n"));
        assert_eq!(written(ByteOrderMark::With, &batches)?, format!("\u{feff}{plain}"));
        Ok(())
    }
}
