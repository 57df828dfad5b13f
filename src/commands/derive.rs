//! Deriving.
