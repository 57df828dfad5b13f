//! The statistics of a run, each one a small SQL query.
//!
//! Takes the directories of Parquet tables.
//! Gives the answer of every query in `sql/`, and of one for each grouping column, as a frame beside the query's text.
//! Promises that the text is portable: other SQL engines give the same answer over the same tables.

pub mod statistic;
pub mod grouping;
pub mod runner;
#[cfg(test)]
mod specimen;
