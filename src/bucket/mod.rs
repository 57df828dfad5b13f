//! Published reports in object storage: sent there after they are published here, and read back.
//!
//! Takes: the directory of a published report, and the address of a bucket (`s3://`, `gs://`, `az://`, `file://`).
//! Gives: the same files below that address, and `latest.json`; or a copy of them here.
//! Promises: the manifest comes last, so a report is there as a whole or is none; nothing that is whole is written over.

pub mod address;
pub mod error;
pub mod store;
pub mod send;
pub mod retrieve;
pub mod pointer;
