//! Judges every user by a written policy.
//!
//! Takes a policy file and the flattened `users` frame.
//! Gives `users` with verdict, rules and reason filled in, and `rule_hits`: one row per rule that held for a user.
//! Promises that nobody passes by silence: the worst rule that holds wins, and a pass needs its own condition.

pub mod policy;
pub mod error;
pub mod judge;
pub mod examine;
pub mod action;
pub mod condition;
pub mod selection;
mod syntax;
mod types;
mod reading;
mod place;
mod constants;
mod rendering;
mod query;
mod default_policy;
pub mod document_rules;
mod sheet;
#[cfg(test)]
mod specimen;
#[cfg(test)]
mod culprits;
#[cfg(test)]
mod messages;
