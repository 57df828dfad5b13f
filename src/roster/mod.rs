//! Takes: the bytes of a CSV file, and how it is written where that is not to be detected.
//! Gives: one line at a time, in order: a user to ask about, a blank, or a reject with its line number and reason.
//! Promises: no line vanishes, no line's trouble costs another line, and memory does not grow with the file.
//!
//! Duplicates are found where the ids are remembered, in the journal. Here a line stands for itself.

pub mod counts;
pub mod error;
pub mod header;
pub mod reader;
pub mod reject;

mod lines;
mod records;
mod source;
mod split;
