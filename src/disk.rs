//! The disk: files and directories of ours.
