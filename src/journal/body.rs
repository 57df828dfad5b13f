//! Bodies as the journal keeps them: compressed one by one, and back.
//!
//! By LZ4, because a journal is short-lived: of an answer of 3 KB it saves a third where zstd saves half, and takes less than
//! half of its time, and a sixth each of the two times that the bodies are read back. The archive, which stays, is compressed
//! by zstd.

use std::io;

use lz4::block;

/// LZ4 makes nothing smaller than one part in so many.
const DENSEST: usize = 255;
/// Bytes before a compressed body that tell how long it was.
const PREFIX: usize = 4;

/// Compresses body after body.
#[derive(Default)]
pub(super) struct Packer {
    /// As long as the longest body needed.
    packed: Vec<u8>,
}

impl Packer {
    /// The body compressed; it is overwritten by the next one.
    pub(super) fn pack(&mut self, body: &[u8]) -> rusqlite::Result<&[u8]> {
        self.try_pack(body).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    }

    fn try_pack(&mut self, body: &[u8]) -> io::Result<&[u8]> {
        let bound = block::compress_bound(body.len())? + PREFIX;
        if self.packed.len() < bound {
            self.packed.resize(bound, 0);
        }
        let length = block::compress_to_buffer(body, None, true, &mut self.packed)?;
        Ok(&self.packed[..length])
    }
}

/// The body that was packed.
pub(super) fn unpack(packed: &[u8]) -> io::Result<Vec<u8>> {
    let (prefix, packed) =
        packed.split_first_chunk::<PREFIX>().ok_or(io::ErrorKind::InvalidData)?;
    let length = i32::from_le_bytes(*prefix);
    // What is not what was written must not take memory without bounds.
    let is_possible = |length: &usize| *length <= packed.len().saturating_mul(DENSEST);
    let expected = usize::try_from(length).ok().filter(is_possible);
    let expected = expected.ok_or(io::ErrorKind::InvalidData)?;
    let body = block::decompress(packed, Some(length))?;
    if body.len() != expected {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    #[test]
    fn what_is_packed_comes_back_whatever_came_before_it() -> Result<(), Box<dyn Error>> {
        let mut packer = Packer::default();
        for body in [vec![b'x'; 100_000], Vec::new(), b"{}".to_vec(), (0..=255).collect()] {
            assert_eq!(unpack(packer.pack(&body)?)?, body);
        }
        Ok(())
    }

    #[test]
    fn what_was_not_packed_does_not_come_back() {
        for packed in
            [&b""[..], b"{}", b"\xff\xff\xff\xff\x00", b"\x04\x00\x00\x00\x00", b"not packed"]
        {
            assert!(unpack(packed).is_err(), "{packed:?}");
        }
    }
}
