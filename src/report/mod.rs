//! Takes: frames batch by batch, the statistics, and the facts of the run.
//! Gives: the report directory of the run; and, read back from it, the evidence it was made from.
//! Promises: same input, same bytes; numbers that do not add up are not published; it appears whole, by one rename.

pub mod parquet;
pub mod csv;
pub mod archive;
pub mod archive_reader;
pub mod ledger_reader;
pub mod reading;
pub mod roster_extra;
pub mod statistics;
pub mod id_digest;
pub mod population;
pub mod equation;
pub mod baseline;
pub mod derivation;
pub mod gate;
pub mod certificate;
pub mod summary;
pub mod summary_schema;
pub mod mail;
pub mod page;
pub mod dictionary;
pub mod package;
pub mod manifest;
pub mod table;
pub mod stream;
pub mod export;
pub mod publish;
pub mod ledger;
pub mod metrics;
pub mod environment;
pub mod error;

pub mod figures;
pub mod discretion;
pub mod withholding;
mod telling;

mod grouped_file;
mod packed_group;
mod pages;
mod waiting;

mod cells;
mod row;
pub mod charts;
