//! Console: what people see while the job runs, when it has ended, and when it cannot go on.
//!
//! Takes events, the summary, errors. Gives lines on the terminal. Promises that nothing here can fail the job, and
//! that no person is named.

pub mod terminal;
pub mod log;
pub mod progress;
pub mod closing;
pub mod compared;
pub mod planned;
pub mod listed;
pub mod rebuilt;
pub mod explained;
pub mod verified;
pub mod audited;
pub mod pruned;
pub mod diagnostic;
mod paper;
