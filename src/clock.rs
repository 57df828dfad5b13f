//! The clock and chance: the only place that asks what time it is, sleeps, or draws a number.

use std::time::Duration;

use jiff::Timestamp;
use rand::RngExt as _;

/// The wall clock, in UTC.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// The wall clock in the time zone of this machine.
#[must_use]
pub fn local() -> jiff::Zoned {
    jiff::Zoned::now()
}

/// The monotonic clock by which waits are measured; stands still in tests that pause tokio's time.
#[must_use]
pub fn instant() -> tokio::time::Instant {
    tokio::time::Instant::now()
}

/// Waits. Under paused tokio time it waits in virtual time.
pub async fn sleep(duration: Duration) {
    tokio::time::sleep(duration).await;
}

/// Waits, holding the thread.
pub fn pause(duration: Duration) {
    std::thread::sleep(duration);
}

/// Waits until an instant of [`instant`].
pub async fn sleep_until(deadline: tokio::time::Instant) {
    tokio::time::sleep_until(deadline).await;
}

/// Draws a number from 0 (included) to 1 (excluded).
#[must_use]
pub fn draw() -> f64 {
    rand::rng().random()
}
