//! Bodies as the journal keeps them: compressed one by one, and back.

use std::io;

use zstd::{
    bulk::{Compressor, Decompressor},
    zstd_safe,
};

/// Level of zstd: on answers of a few kilobytes the higher ones save a hundredth and cost half as much again, and of the
/// lower ones the disk takes back what they save.
const LEVEL: i32 = 1;
/// The largest body the journal could hold; bodies are capped far below it when they are received.
const LARGEST: usize = 1 << 30;

/// Compresses body after body. Making the state anew for each would cost as much as the compression.
pub(super) struct Packer {
    zstd: Compressor<'static>,
    packed: Vec<u8>,
}

impl Packer {
    pub(super) fn new() -> rusqlite::Result<Self> {
        let zstd = Compressor::new(LEVEL).map_err(failed)?;
        Ok(Self { zstd, packed: Vec::new() })
    }

    /// The body compressed; it is overwritten by the next one.
    pub(super) fn pack(&mut self, body: &[u8]) -> rusqlite::Result<&[u8]> {
        self.packed.clear();
        self.packed.reserve(zstd_safe::compress_bound(body.len()));
        self.zstd.compress_to_buffer(body, &mut self.packed).map_err(failed)?;
        Ok(&self.packed)
    }
}

/// Gives back body after body.
pub(super) struct Unpacker(Decompressor<'static>);

impl Unpacker {
    pub(super) fn new() -> rusqlite::Result<Self> {
        Decompressor::new().map(Self).map_err(failed)
    }

    pub(super) fn unpack(&mut self, packed: &[u8]) -> io::Result<Vec<u8>> {
        let size = zstd_safe::get_frame_content_size(packed).ok().flatten().unwrap_or(0);
        let size = usize::try_from(size).unwrap_or(LARGEST).min(LARGEST);
        self.0.decompress(packed, size)
    }
}

fn failed(error: io::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(error.into())
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    #[test]
    fn what_is_packed_comes_back_whatever_came_before_it() -> Result<(), Box<dyn Error>> {
        let (mut packer, mut unpacker) = (Packer::new()?, Unpacker::new()?);
        for body in [vec![b'x'; 100_000], Vec::new(), b"{}".to_vec(), (0..=255).collect()] {
            let zstd = packer.pack(&body)?.to_vec();
            assert_eq!(unpacker.unpack(&zstd)?, body);
        }
        assert!(unpacker.unpack(b"not a frame").is_err());
        Ok(())
    }
}
