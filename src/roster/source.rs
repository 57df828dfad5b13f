//! The bytes of the roster as read, and their digest.

use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

use crate::model::digest::Digest;

/// A source that takes the SHA-256 of every byte that passes.
pub(super) struct Digesting<R> {
    inner: R,
    sha256: Sha256,
}

impl<R: Read> Digesting<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, sha256: Sha256::new() }
    }

    /// The digest of what has passed so far.
    pub(super) fn sha256(&self) -> Digest {
        Digest::finish(self.sha256.clone())
    }
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.sha256.update(&buffer[..read]);
        Ok(read)
    }
}
