//! The clock and chance: the only place that asks what time it is, sleeps, or draws.
