//! The pretend partner: a server on loopback that answers like Capa about people who do not exist.
//!
//! Takes [`options::Options`] and a user id. Gives the KYC details of that user over real HTTP, with faults on demand.
//! Promises that the answer depends on nothing but seed, day and id, that faults pass, and that it counts what it served.
//!
//! From an id to bytes: [`fate`] says how it ends, [`person`] and [`card`] who it is, [`case`] why, [`dialect`] in which
//! words; [`turn`] is what a new [`day`] brings, [`life`] how the days add up, [`document`] writes it down as [`json`], [`answer`]
//! wraps it. Then [`misfortune`] picks one of the [`faults`], [`wire`] does the damage and [`rate_headers`] names the
//! quota; [`desk`] counts and hands it out, [`server`] listens on [`connection`]s. [`history`] lists what changed between
//! two days, [`chronicle`] tells it.

pub mod options;
pub mod chance;
pub mod day;
pub mod fate;
pub mod country;
pub mod names;
pub mod person;
pub mod card;
pub mod grounds;
pub mod case;
pub mod turn;
pub mod life;
pub mod json;
pub mod dialect;
pub mod document;
pub mod error_form;
pub mod answer;
pub mod history;
pub mod faults;
pub mod misfortune;
pub mod rate_headers;
pub mod connection;
pub mod wire;
pub mod population;
pub mod window;
pub mod ledger;
pub mod chronicle;
pub mod desk;
pub mod server;

#[cfg(test)]
mod nights;
#[cfg(test)]
mod trial;
