//! Reading files that somebody may have altered: whatever happens there is a finding.

use std::{
    error,
    panic::{self, AssertUnwindSafe},
};

use crate::{console::verified::Step, error::Error};

/// Does the part of a step that reads one file; when it cannot be read, that is what was found.
pub(super) fn careful<T>(
    step: &mut Step,
    path: &str,
    read: impl FnOnce(&mut Step) -> Result<T, Error>,
) -> Option<T> {
    // The reader of Parquet trusts a file in places and panics over a flipped byte. What it holds is dropped with it.
    let done = panic::catch_unwind(AssertUnwindSafe(|| read(step)));
    match done {
        Ok(Ok(found)) => return Some(found),
        Ok(Err(error)) => step.find(path, format!("cannot be read: {}", reason(&error))),
        Err(_) => step.find(path, "cannot be read: it is malformed"),
    }
    None
}

/// The deepest reason, which is the one about the bytes.
fn reason(error: &Error) -> String {
    let mut reason: &dyn error::Error = error;
    while let Some(deeper) = reason.source() {
        reason = deeper;
    }
    reason.to_string()
}
