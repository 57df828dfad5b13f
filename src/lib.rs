//! kyc-recon.

pub mod model;
pub mod kyc;
pub mod roster;
pub mod fetch;
pub mod journal;
pub mod flatten;
pub mod assess;
pub mod tally;
pub mod reconcile;
pub mod report;
pub mod console;
pub mod sandbox;
pub mod commands;
pub mod disk;
pub mod clock;
