//! Documents into tables: walk one document, build typed columns, hand over frames.
//!
//! Takes: a census of all users' numbers; then users of the roster, each with the outcome of asking and the answer's body.
//! Gives: the frames of `users` and its child tables, batch by batch, and at the end that of `drift`.
//! Promises: every leaf of every document ends in a cell, in a child row or in `unmapped`; a missing value is null.
//! Only media addresses may be shown shorter, or not at all, if that is asked for.

mod pointer;
mod plan;
pub mod cell;
mod unmapped;
mod section;
mod sheet;
mod walk;
mod surroundings;
mod suspicion;
mod sample;
mod drift;
pub mod census;
mod aml_summary;
mod derive_aml;
mod derive_score;
mod derive_country;
mod derive_days;
mod derive;
mod media;
pub mod columns;
pub mod flattener;
#[cfg(test)]
mod flattened;
#[cfg(test)]
mod mutation;
#[cfg(test)]
mod conservation;
#[cfg(test)]
mod order;
#[cfg(test)]
mod tolerances;
#[cfg(test)]
mod tolerances_person;
#[cfg(test)]
mod tolerances_form;
