//! Our words: identifiers, attempts, outcomes, verdicts, events. No I/O, no async, no clock.

pub mod attempt;
pub mod digest;
pub mod deadline;
pub mod event;
pub mod evidence;
pub mod provenance;
pub mod ids;
pub mod identity;
pub mod likeness;
pub mod media;
pub mod outcome;
pub mod quota;
pub mod shard;
pub mod secret;
pub mod verdict;
pub mod action;
pub mod disagreement;
