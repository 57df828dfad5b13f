//! Physical lines: what an editor would number.

use std::{
    collections::VecDeque,
    io::{self, BufRead, BufReader, Read},
};

/// The longest line we hold in memory, in bytes. What is longer is passed over, and said to be.
pub(super) const LONGEST_LINE: usize = 1 << 20;

/// How a physical line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Lf,
    CrLf,
    Cr,
    EndOfFile,
}

impl Ending {
    pub(super) const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Lf => b"\n",
            Self::CrLf => b"\r\n",
            Self::Cr => b"\r",
            Self::EndOfFile => b"",
        }
    }
}

/// One physical line without its ending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PhysicalLine {
    /// Position in the file, from 1.
    pub(super) number: u64,
    pub(super) text: Vec<u8>,
    pub(super) ending: Ending,
    /// The line was longer than `LONGEST_LINE`; `text` is its beginning.
    pub(super) overlong: bool,
}

/// Reads physical lines, and takes back those that were read too far.
pub(super) struct Lines<R> {
    source: BufReader<R>,
    taken_back: VecDeque<PhysicalLine>,
    read: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            source: BufReader::with_capacity(1 << 16, source),
            taken_back: VecDeque::new(),
            read: 0,
        }
    }

    pub(super) fn source(&self) -> &R {
        self.source.get_ref()
    }

    /// The number of the last line that was read from the source.
    pub(super) fn lines_read(&self) -> u64 {
        self.read
    }

    /// The next line: one taken back, else a fresh one; none at the end of the file.
    pub(super) fn next_line(&mut self) -> io::Result<Option<PhysicalLine>> {
        match self.taken_back.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.read_line(),
        }
    }

    /// Takes lines back, so that the first of them is the next to be read.
    pub(super) fn take_back(&mut self, lines: impl DoubleEndedIterator<Item = PhysicalLine>) {
        for line in lines.rev() {
            self.taken_back.push_front(line);
        }
    }

    fn read_line(&mut self) -> io::Result<Option<PhysicalLine>> {
        if fill(&mut self.source)?.is_empty() {
            return Ok(None);
        }
        self.read += 1;
        let mut line = PhysicalLine {
            number: self.read,
            text: Vec::new(),
            ending: Ending::EndOfFile,
            overlong: false,
        };
        while line.ending == Ending::EndOfFile {
            let buffer = fill(&mut self.source)?;
            if buffer.is_empty() {
                break;
            }
            let end = buffer.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            keep(&mut line, &buffer[..end.unwrap_or(buffer.len())]);
            let ended_by = end.map(|at| buffer[at]);
            let used = end.map_or(buffer.len(), |at| at + 1);
            self.source.consume(used);
            match ended_by {
                Some(b'\n') => line.ending = Ending::Lf,
                Some(_) => line.ending = self.after_cr()?,
                None => {}
            }
        }
        Ok(Some(line))
    }

    fn after_cr(&mut self) -> io::Result<Ending> {
        if fill(&mut self.source)?.first() == Some(&b'\n') {
            self.source.consume(1);
            return Ok(Ending::CrLf);
        }
        Ok(Ending::Cr)
    }
}

/// What is buffered, read again when a signal came between.
fn fill<R: Read>(source: &mut BufReader<R>) -> io::Result<&[u8]> {
    loop {
        match source.fill_buf() {
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(source.buffer())
}

fn keep(line: &mut PhysicalLine, bytes: &[u8]) {
    let room = LONGEST_LINE - line.text.len();
    line.text.extend_from_slice(&bytes[..bytes.len().min(room)]);
    line.overlong |= bytes.len() > room;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(file: &[u8]) -> io::Result<Vec<(u64, String, Ending)>> {
        let mut lines = Lines::new(file);
        let mut all = Vec::new();
        while let Some(line) = lines.next_line()? {
            all.push((line.number, String::from_utf8_lossy(&line.text).into_owned(), line.ending));
        }
        Ok(all)
    }

    #[test]
    fn any_line_ending_ends_a_line() -> io::Result<()> {
        let line = |number, text: &str, ending| (number, text.to_owned(), ending);
        assert_eq!(
            texts(b"a\nb\r\nc\rd\n\r\n\re")?,
            vec![
                line(1, "a", Ending::Lf),
                line(2, "b", Ending::CrLf),
                line(3, "c", Ending::Cr),
                line(4, "d", Ending::Lf),
                line(5, "", Ending::CrLf),
                line(6, "", Ending::Cr),
                line(7, "e", Ending::EndOfFile),
            ]
        );
        assert!(texts(b"")?.is_empty());
        Ok(())
    }

    #[test]
    fn an_endless_line_does_not_fill_the_memory() -> io::Result<()> {
        let file = [vec![b'x'; LONGEST_LINE + 5], b"\nnext".to_vec()].concat();
        let mut lines = Lines::new(file.as_slice());
        let first = lines.next_line()?.map(|line| (line.text.len(), line.overlong));
        assert_eq!(first, Some((LONGEST_LINE, true)));
        assert_eq!(lines.next_line()?.map(|line| line.text), Some(b"next".to_vec()));
        Ok(())
    }
}
