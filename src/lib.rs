#![doc = include_str!("README.md")]

// In the order of the flow; `.rustfmt.toml` keeps it so.

// what the user wants
pub mod cli;
pub mod settings;
pub mod error;
pub mod commands;
// our words, and the partner's
pub mod model;
pub mod kyc;
// collect
pub mod roster;
pub mod fetch;
pub mod journal;
// derive
pub mod flatten;
pub mod assess;
pub mod tally;
pub mod reconcile;
pub mod report;
pub mod bucket;
// what people see, and whom newcomers ask
pub mod console;
pub mod sandbox;
// the world
pub mod disk;
pub mod clock;
