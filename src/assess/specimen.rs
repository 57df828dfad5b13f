//! Made-up users for the tests of this stage.

use std::collections::BTreeMap;

use polars::prelude::{
    AnyValue, Column, DataFrame, DataType, PolarsResult, Schema, Series, TimeUnit, TimeZone,
};

use crate::kyc::catalogue::{self, Kind};

/// The columns of `users`.
fn columns() -> &'static [catalogue::Column] {
    catalogue::table("users").map_or(&[], |users| &users.columns)
}

fn dtype(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::String,
        Kind::Int => DataType::Int64,
        Kind::Float => DataType::Float64,
        Kind::Bool => DataType::Boolean,
        Kind::Date => DataType::Date,
        Kind::Timestamp => DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)),
    }
}

pub(super) fn schema() -> Schema {
    columns().iter().map(|column| (column.name.as_str().into(), dtype(column.kind))).collect()
}

/// One user: the cells that are not NULL.
#[derive(Debug, Clone)]
pub(super) struct Person(BTreeMap<String, AnyValue<'static>>);

impl Person {
    /// A user of whom nothing is known but the id.
    pub(super) fn unknown() -> Self {
        Self(BTreeMap::new()).with("run_id", "run-1").with("user_id", "u-1")
    }

    /// A user about whom there is nothing to say: whom the default policy passes.
    pub(super) fn clean() -> Self {
        Self::unknown()
            .with("outcome", "answered")
            .with("decision", "approved")
            .with("attempts", 1_i64)
            .with("reference_mismatch", false)
            .with("id_info_check", "approved")
            .with("envelope_contested", false)
            .with("contested_keys", 0_i64)
            .with("unmapped_verdict_words", false)
            .with("has_id_number", true)
            .with("has_name", true)
            .with("id_info_id_expiry_date", AnyValue::Date(25_000))
            .with("face_match_info_check", "approved")
            .with("face_score", 0.97)
            .with("face_score_unreadable", false)
            .with("face_liveness_info_check", "approved")
            .with("fraud_insights_check", "approved")
            .with("fraud_insights_related_session_insights_check", "absent")
            .with("aml_info_num_hits", 0_i64)
            .with("aml_info_check", "approved")
            .with("aml_screened", true)
            .with("aml_hits_total", 0_i64)
            .with("aml_open_hits", 0_i64)
            .with("document_expired", false)
            .with("age_at_verification", 30_i64)
    }

    pub(super) fn columns() -> Vec<String> {
        columns().iter().map(|column| column.name.clone()).collect()
    }

    /// The names of the cells that are not NULL.
    pub(super) fn known(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    pub(super) fn with(mut self, column: &str, value: impl Into<AnyValue<'static>>) -> Self {
        self.0.insert(column.to_owned(), value.into());
        self
    }

    pub(super) fn without(mut self, column: &str) -> Self {
        self.0.remove(column);
        self
    }

    /// Sets a cell of whatever type: the word, or the number; NULL without a word.
    pub(super) fn with_any(self, column: &str, word: Option<&'static str>, number: i64) -> Self {
        let kind = columns().iter().find(|known| known.name == column).map(|known| known.kind);
        match (word, kind) {
            (None, _) | (_, None) => self.without(column),
            (Some(word), Some(Kind::Text)) => self.with(column, word),
            (_, Some(Kind::Bool)) => self.with(column, number > 0),
            (_, Some(Kind::Float)) => self.with(column, if number > 0 { 0.5 } else { 0.9 }),
            (_, Some(Kind::Date)) => self.with(column, AnyValue::Date(1)),
            (_, Some(Kind::Int | Kind::Timestamp)) => self.with(column, number),
        }
    }
}

/// The people as a `users` frame.
pub(super) fn users(people: &[Person]) -> PolarsResult<DataFrame> {
    let columns = columns().iter().map(|column| {
        let cell = |person: &Person| person.0.get(&column.name).cloned().unwrap_or(AnyValue::Null);
        let cells: Vec<_> = people.iter().map(cell).collect();
        let dtype = dtype(column.kind);
        Series::from_any_values_and_dtype(column.name.as_str().into(), &cells, &dtype, false)
            .map(Column::from)
    });
    DataFrame::new(people.len(), columns.collect::<PolarsResult<_>>()?)
}

/// A text column, with `(null)` for NULL.
pub(super) fn texts(frame: &DataFrame, column: &str) -> PolarsResult<Vec<String>> {
    let column = frame.column(column)?.as_materialized_series();
    Ok(column.str()?.iter().map(|text| text.unwrap_or("(null)").to_owned()).collect())
}
