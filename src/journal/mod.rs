//! The journal: durable memory of one run, in one `SQLite` file.
//!
//! Takes roster lines, attempts and outcomes. Gives back who is still pending, and, when asking has ended, everything
//! that was learnt. Promises that what it acknowledged survives a kill, and that an outcome is announced only after
//! its commit.

pub mod error;
pub mod records;
mod body;
pub mod store;
pub mod load;
pub mod carry;
pub mod reread;
pub mod sessions;
pub mod writer;
pub mod reader;
pub mod look;
