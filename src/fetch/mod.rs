//! Fetch: asks the partner about every pending user, politely, until each has an outcome or something stops the job.
//!
//! Takes pending users, quotas and limits. Gives attempts and outcomes, entry by entry, to whoever remembers them.
//! Promises that no window ever holds more requests than its quota, that a wait asked for is never shortened, and
//! that a refused key or a broken partner costs a handful of requests.

pub mod http;
pub mod proxy;
pub mod ping;
pub mod body;
pub mod classify;
pub mod when;
pub mod structured;
pub mod announced;
pub mod retry;
pub mod window;
pub mod ration;
pub mod pace;
pub mod throttle;
pub mod forecast;
pub mod places;
pub mod brake;
pub mod halt;
pub mod failures;
pub mod allowance;
pub mod settle;
pub mod schedule;
