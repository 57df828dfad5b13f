//! Events: what the work tells its observers.
