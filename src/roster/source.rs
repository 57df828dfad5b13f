//! The bytes of the roster as read, and their digest.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// A source that takes the SHA-256 of every byte that passes.
pub(super) struct Digesting<R> {
    inner: R,
    sha256: Sha256,
}

impl<R: Read> Digesting<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, sha256: Sha256::new() }
    }

    /// The digest of what has passed so far, in lower-case hex.
    pub(super) fn sha256(&self) -> String {
        use std::fmt::Write;
        self.sha256.clone().finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.sha256.update(&buffer[..read]);
        Ok(read)
    }
}
