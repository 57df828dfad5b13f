//! A file that only grows, line by line, and whose last line may be torn by a kill.

use std::{
    fs,
    io::{self, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use super::{DiskError, lasting_file, sync_parent};

/// The whole lines of a file, each with its end; and how many bytes stand behind them, of a line that was being written when
/// somebody was killed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lines {
    pub whole: Vec<Vec<u8>>,
    pub torn: usize,
}

/// Reads the lines of a file; one that is not there has none.
///
/// # Errors
/// When it cannot be read.
pub fn lines(path: &Path) -> Result<Lines, DiskError> {
    let bytes = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Lines::default()),
        _ => super::read(path)?,
    };
    let mut whole: Vec<_> =
        bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let torn = whole.pop_if(|last| last.last() != Some(&b'\n')).map_or(0, |last| last.len());
    Ok(Lines { whole, torn })
}

/// Appends a line to a file (0600), behind so many bytes of whole lines; what is torn behind those goes. It is on the disk
/// when this comes back.
///
/// # Errors
/// When the disk does not do it.
pub fn append(path: &Path, whole: u64, line: &[u8]) -> Result<(), DiskError> {
    let mut file = lasting_file(path)?;
    file.set_len(whole)
        .and_then(|()| file.seek(SeekFrom::Start(whole)))
        .and_then(|_| file.write_all(line))
        .and_then(|()| file.sync_all())
        .map_err(DiskError::write(path))?;
    // Its name too: it may be new.
    sync_parent(path)
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    #[test]
    fn a_torn_line_goes_when_the_next_one_comes() -> Result<(), Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let path = place.path().join("lines");
        assert_eq!(lines(&path)?, Lines::default());
        append(&path, 0, b"one\n")?;
        fs::write(&path, "one\ntw")?;
        let found = lines(&path)?;
        assert_eq!(found, Lines { whole: vec![b"one\n".to_vec()], torn: 2 });
        append(&path, 4, b"three\n")?;
        assert_eq!(fs::read_to_string(&path)?, "one\nthree\n");
        Ok(())
    }
}
