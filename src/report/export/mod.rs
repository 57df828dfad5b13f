//! Export profiles: files for others, each with the users, the columns and the form that its reader asks for.
//!
//! Takes: the `[export.NAME]` of the settings, and `users` batch by batch.
//! Gives: `exports/NAME/` with one file and its dictionary.
//! Promises: a column is shown as it was said, and a personal one never without a word about it.

pub mod entry;
pub mod profiles;
pub mod flaw;
pub mod bound;
pub mod pseudonym;
pub mod totals;
pub mod writer;
pub mod dictionary;
pub mod reading;
mod form;
mod shown;
mod delimited;
