//! The closing table.
