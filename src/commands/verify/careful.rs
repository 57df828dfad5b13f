//! Reading files that somebody may have altered: whatever happens there is a finding.

use std::{
    error,
    panic::{self, AssertUnwindSafe},
};

use crate::{console::verified::Step, error::Error};

/// While it lives nothing is said of a panic: what the reader of Parquet panics over may be a person's.
pub(super) struct Silence;

impl Silence {
    pub(super) fn begin() -> Self {
        panic::set_hook(Box::new(|_| {}));
        Self
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // Gives the usual hook back.
        drop(panic::take_hook());
    }
}

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
pub(super) fn reason(error: &Error) -> String {
    let mut reason: &dyn error::Error = error;
    while let Some(deeper) = reason.source() {
        reason = deeper;
    }
    reason.to_string()
}
