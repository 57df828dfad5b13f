//! The KYC details of one person, as the partner writes them down.
//!
//! Takes a life and a dialect. Gives the JSON document without its envelope. Promises the shape of the partner's
//! schema, every field optional, no two documents of exactly the same cut, and that from day to day nothing differs but
//! what changed.

mod aml;
mod checks;
mod identity;
mod media;
mod oddity;
mod pen;
mod section;
pub mod whole;
