//! Content decoding with a cap: gzip, brotli, zstd and their chains, never more bytes than allowed.

use std::io::{self, Read};

use crate::model::attempt::Fault;

/// What we tell the server we can read, in `accept-encoding`.
pub const ACCEPTED: &str = "gzip, br, zstd";

/// Undoes the content codings named in `content-encoding`, the last first.
///
/// # Errors
/// [`Fault::Oversized`] when more than `cap` bytes come out, [`Fault::Encoding`] when the bytes do not decode.
pub fn decode(content_encoding: Option<&str>, body: Vec<u8>, cap: usize) -> Result<Vec<u8>, Fault> {
    let codings = content_encoding.unwrap_or_default().split(',').map(str::trim).rev();
    codings.filter(|coding| !coding.is_empty()).try_fold(body, |body, coding| {
        match coding.to_ascii_lowercase().as_str() {
            "identity" => Ok(body),
            "gzip" | "x-gzip" => read(flate2::read::MultiGzDecoder::new(body.as_slice()), cap),
            "br" => read(brotli::Decompressor::new(body.as_slice(), 4096), cap),
            "zstd" => zstd::Decoder::new(body.as_slice())
                .map_err(|_| Fault::Encoding)
                .and_then(|decoder| read(decoder, cap)),
            _ => Err(Fault::Encoding),
        }
    })
}

fn read(decoder: impl Read, cap: usize) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    let one_too_many = u64::try_from(cap).unwrap_or(u64::MAX).saturating_add(1);
    let read: io::Result<usize> = decoder.take(one_too_many).read_to_end(&mut body);
    read.map_err(|_| Fault::Encoding)?;
    if body.len() > cap { Err(Fault::Oversized) } else { Ok(body) }
}

#[cfg(test)]
mod tests {
    use std::{error::Error, io::Write as _};

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn gzip(plain: &[u8]) -> io::Result<Vec<u8>> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain)?;
        encoder.finish()
    }

    #[test]
    fn every_coding_we_accept_is_undone() -> Result<(), Box<dyn Error>> {
        let plain = br#"{"status":"ok"}"#.to_vec();
        let mut brotlied = Vec::new();
        brotli::CompressorWriter::new(&mut brotlied, 4096, 5, 20).write_all(&plain)?;
        let zstded = zstd::encode_all(plain.as_slice(), 3)?;
        for (coding, body) in [
            (None, plain.clone()),
            (Some("identity"), plain.clone()),
            (Some("gzip"), gzip(&plain)?),
            (Some("br"), brotlied),
            (Some("ZSTD"), zstded.clone()),
            (Some("zstd, gzip"), gzip(&zstded)?),
        ] {
            assert_eq!(decode(coding, body, 100), Ok(plain.clone()), "{coding:?}");
        }
        Ok(())
    }

    #[test]
    fn a_bomb_is_a_fault() -> Result<(), Box<dyn Error>> {
        let bomb = gzip(&vec![b' '; 10_000_000])?;
        assert!(bomb.len() < 20_000);
        assert_eq!(decode(Some("gzip"), bomb, 1 << 20), Err(Fault::Oversized));
        Ok(())
    }

    #[test]
    fn what_does_not_decode_is_a_fault() {
        assert_eq!(decode(Some("gzip"), b"plain".to_vec(), 100), Err(Fault::Encoding));
        assert_eq!(decode(Some("compress"), b"plain".to_vec(), 100), Err(Fault::Encoding));
    }
}
