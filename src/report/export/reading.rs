//! A published export, read back as far as its rows can be counted.

use std::{
    io::{self, Read as _},
    path::Path,
};

use crate::{
    disk,
    report::{error::ReportError, reading::PublishedTable},
};

/// With what every Parquet file begins.
const PARQUET: &[u8; 4] = b"PAR1";

/// The rows of an export, without its header. The file says by itself whether it is Parquet or CSV.
///
/// # Errors
/// When the file cannot be read.
pub fn rows(path: &Path) -> Result<u64, ReportError> {
    let unreadable = |source| disk::DiskError::Read { path: path.to_owned(), source };
    let mut start = Vec::new();
    let begun = disk::open(path)?.take(PARQUET.len() as u64).read_to_end(&mut start);
    begun.map_err(unreadable)?;
    if start == PARQUET {
        return Ok(PublishedTable::open(path)?.rows() as u64);
    }
    Ok(lines(disk::open(path)?).map_err(unreadable)?.saturating_sub(1))
}

/// The lines of a CSV file: those that end outside of quotes, whatever the delimiter.
fn lines(file: impl io::Read) -> io::Result<u64> {
    let (mut lines, mut quoted) = (0, false);
    for byte in io::BufReader::new(file).bytes() {
        match byte? {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => lines += 1,
            _ => {}
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_in_a_cell_ends_no_line() -> io::Result<()> {
        for (text, count) in [
            ("", 0),
            ("a,b\r\n", 1),
            ("a,b\r\n\"x\r\n\"\"y\"\"\",2\r\n", 2),
            ("a|b\r\n\"\"\r\n\"\r\n\"\r\n", 3),
        ] {
            assert_eq!(lines(text.as_bytes())?, count, "{text:?}");
        }
        Ok(())
    }
}
