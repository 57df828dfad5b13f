//! How a CSV file of an export writes numbers, dates and times.

use jiff::{Timestamp, civil, fmt::strtime, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// The `csv` of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct CsvForm {
    pub(super) delimiter: char,
    pub(super) decimal_mark: char,
    /// As `strftime` takes it; none: ISO 8601.
    pub(super) dates: Option<String>,
    /// As `strftime` takes it, in UTC; none: ISO 8601.
    pub(super) times: Option<String>,
    /// Whether the file begins with a byte order mark.
    pub(super) bom: bool,
    /// Whether what a spreadsheet would take for a formula gets an apostrophe in front.
    pub(super) formula_guard: bool,
}

impl Default for CsvForm {
    fn default() -> Self {
        let (dates, times) = (None, None);
        Self { delimiter: ',', decimal_mark: '.', dates, times, bom: false, formula_guard: true }
    }
}

/// Why a CSV file cannot be written so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormFlaw {
    #[error("`delimiter` is a comma, a semicolon, a bar or a tab, and not {found:?}")]
    Delimiter { found: char },
    #[error("`decimal_mark` is a point or a comma, and not {found:?}")]
    DecimalMark { found: char },
    #[error("`delimiter` and `decimal_mark` are the same")]
    Same,
    #[error("`{key} = \"{format}\"` cannot be written: {why}")]
    Format { key: &'static str, format: String, why: String },
}

impl CsvForm {
    pub(super) fn check(&self) -> Result<(), FormFlaw> {
        if !matches!(self.delimiter, ',' | ';' | '|' | '\t') {
            return Err(FormFlaw::Delimiter { found: self.delimiter });
        }
        if !matches!(self.decimal_mark, '.' | ',') {
            return Err(FormFlaw::DecimalMark { found: self.decimal_mark });
        }
        if self.delimiter == self.decimal_mark {
            return Err(FormFlaw::Same);
        }
        let refused = |key, format: &str, error: &jiff::Error| FormFlaw::Format {
            key,
            format: format.to_owned(),
            why: error.to_string(),
        };
        if let Some(format) = &self.dates {
            date(format, civil::date(2024, 2, 29)).map_err(|e| refused("dates", format, &e))?;
        }
        if let Some(format) = &self.times {
            time(format, Timestamp::UNIX_EPOCH).map_err(|e| refused("times", format, &e))?;
        }
        Ok(())
    }
}

pub(super) fn date(format: &str, day: civil::Date) -> Result<String, jiff::Error> {
    strtime::format(format, day)
}

pub(super) fn time(format: &str, instant: Timestamp) -> Result<String, jiff::Error> {
    strtime::format(format, &instant.to_zoned(TimeZone::UTC))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_would_not_be_read_back_is_refused() {
        let flaw = |change: fn(&mut CsvForm)| {
            let mut form = CsvForm::default();
            change(&mut form);
            form.check().map_err(|flaw| flaw.to_string())
        };
        assert_eq!(flaw(|_| {}), Ok(()));
        assert_eq!(flaw(|form| form.dates = Some("%d/%m/%Y".to_owned())), Ok(()));
        assert_eq!(flaw(|form| form.times = Some("%Y%m%d %H:%M".to_owned())), Ok(()));
        for (change, says) in [
            (flaw(|form| form.delimiter = 'x'), "delimiter"),
            (flaw(|form| form.decimal_mark = '\''), "decimal_mark"),
            (flaw(|form| form.decimal_mark = ','), "the same"),
            (flaw(|form| form.dates = Some("%H".to_owned())), "dates"),
            (flaw(|form| form.times = Some("%!".to_owned())), "times"),
        ] {
            assert!(change.is_err_and(|told| told.contains(says)), "{says}");
        }
    }
}
