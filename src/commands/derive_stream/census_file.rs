//! The census as it goes through other engines: rows of numbers out, counted there, and a file of those that repeat back.
//!
//! A number is a hash of 64 bits, written as the signed integer of the same bits; above its 10 lowest bits, which tell the
//! country, it is the same in every country.

use std::path::Path;

use polars::prelude::{DataFrame, DataType, Field, PolarsResult, Schema, df};
use serde::Deserialize;

use crate::{
    disk, error::Error, flatten::census::Shared, model::identity::Identity,
    report::error::ReportError,
};

/// The words for what a number is of.
const DOCUMENT: &str = "document";
const TAX_ID: &str = "tax_id";

/// A line of the file: how many users have this number.
#[derive(Debug, Deserialize)]
struct Counted {
    kind: String,
    hash: i64,
    users: u32,
}

/// The columns of the numbers.
pub(super) fn schema() -> Schema {
    let columns = [("kind", DataType::String), ("hash", DataType::Int64)];
    columns.into_iter().map(|(name, kind)| Field::new(name.into(), kind)).collect()
}

/// One row for each number that a user has.
pub(super) fn frame(numbers: &[Identity]) -> PolarsResult<DataFrame> {
    let documents = numbers.iter().filter_map(|of| Some((DOCUMENT, of.document?)));
    let tax_ids = numbers.iter().filter_map(|of| Some((TAX_ID, of.tax_id?)));
    let (kinds, hashes): (Vec<_>, Vec<_>) =
        documents.chain(tax_ids).map(|(kind, hash)| (kind, hash.cast_signed())).unzip();
    df!("kind" => kinds, "hash" => hashes)
}

/// Reads the numbers that more than one user has: CSV with the columns `kind`, `hash` and `users`.
pub(super) fn read(path: &Path) -> Result<Shared, Error> {
    let text = disk::read(path)?;
    let damaged =
        |what: String| Error::unreadable(ReportError::Damaged { path: path.to_owned(), what });
    let (mut documents, mut tax_ids) = (Vec::new(), Vec::new());
    for line in csv::Reader::from_reader(&text[..]).deserialize() {
        let Counted { kind, hash, users } = line.map_err(|error| damaged(error.to_string()))?;
        match kind.as_str() {
            DOCUMENT => documents.push((hash.cast_unsigned(), users)),
            TAX_ID => tax_ids.push((hash.cast_unsigned(), users)),
            _ => return Err(damaged(format!("`{kind}` is no kind of number"))),
        }
    }
    Ok(Shared::of(documents, tax_ids))
}
