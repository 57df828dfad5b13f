//! The text of a condition, as a tree: what it reads and compares, and whether every engine decides it alike.

pub(super) mod grammar;
mod portable;
