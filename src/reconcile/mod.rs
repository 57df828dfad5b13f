//! Takes the users of a run, those of its baseline, what our own books say and the breaks of the night before, as frames.
//! Gives breaks with severity and age, counts, transition matrices, and the gates that hold or fail.
//! Promises that what nobody asked is no change, that nothing changes in silence, and the same breaks whatever the order of rows.

pub mod normal;
mod dates;
pub mod person;
mod identity;
mod pair;
pub mod books;
pub mod books_file;
pub mod bound;
mod belief;
pub mod breaks;
mod earlier;
mod alias;
pub mod chunk;
pub mod seen;
pub mod figures;
pub mod standing;
pub mod frame;
pub mod gates;
#[cfg(test)]
mod specimen;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod nights;
