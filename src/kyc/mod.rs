//! The partner's words, read tolerantly: envelope, decision, values, and the catalogue of tables and columns.
//!
//! Takes: bytes and words as the partner sent them.
//! Gives: documents, decisions and typed values, and the one declaration of every table and column.
//! Promises: pure; nothing is guessed silently; a word or value that is not known is said to be so, never taken as good.

pub mod json;
pub mod error_object;
pub mod envelope;
pub mod surroundings;
pub mod words;
pub mod decision;
pub mod check;
pub mod verdict_words;
pub mod resolution;
pub mod warning;
pub mod face_score;
pub mod values;
pub mod times;
pub mod country;
pub mod identifier;
pub mod identity;
pub mod catalogue;
pub mod locate;
