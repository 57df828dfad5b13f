//! The roster, one line at a time.

use std::io::Read;

use crate::{
    model::{
        digest::Digest,
        ids::{NotAUserId, UserId},
    },
    roster::{
        error::RosterError,
        header::{Dialect, Header, detect_delimiter},
        lines::Lines,
        records::{Record, Records},
        reject::RejectReason,
        source::Digesting,
        split::Field,
    },
};

/// One line of the roster. `line` is the physical line on which it starts; the header is line 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A user to ask about, with the other columns in the order of `Reader::columns`, trimmed; an empty cell is none.
    Entry { line: u64, user_id: UserId, extra: Vec<Option<String>> },
    /// Nothing but white space and delimiters.
    Blank { line: u64 },
    /// A line that cannot be used. `detail` says why in words, and quotes nothing from the line.
    Reject { line: u64, reason: RejectReason, detail: String },
}

/// What is known when the whole roster has been read: `input_rows = entries + blanks + rejects`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterEnd {
    /// SHA-256 of the bytes as read, byte order mark included.
    pub sha256: Digest,
    /// Rows below the header.
    pub input_rows: u64,
    /// Lines with a usable id, duplicates among them.
    pub entries: u64,
    pub blanks: u64,
    pub rejects: u64,
}

/// Reads a roster line by line, in memory that does not grow with it.
pub struct Reader<R> {
    records: Records<Digesting<R>>,
    path: String,
    header: Header,
    entries: u64,
    blanks: u64,
    rejects: u64,
    /// The end or an error was reached; nothing comes after.
    over: bool,
}

impl<R: Read> Reader<R> {
    /// Reads the header. `path` is only the name of the source in messages.
    ///
    /// # Errors
    /// When the source cannot be read, has no legible UTF-8 header, or no column that could hold the id.
    pub fn open(source: R, path: &str, dialect: &Dialect) -> Result<Self, RosterError> {
        let mut lines = Lines::new(Digesting::new(source));
        let delimiter = prepare(&mut lines, path, dialect)?;
        let mut records = Records::new(lines, delimiter);
        let header = read_header(&mut records, path, dialect.column.as_deref())?;
        let path = path.to_owned();
        Ok(Self { records, path, header, entries: 0, blanks: 0, rejects: 0, over: false })
    }

    /// The names of the columns other than the id's, in the order of the file, each different from the others.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.header.others
    }

    /// Reads what is left, and gives the digest and the counts of the whole.
    ///
    /// # Errors
    /// When the source cannot be read to its end.
    pub fn finish(mut self) -> Result<RosterEnd, RosterError> {
        for line in &mut self {
            line?;
        }
        Ok(RosterEnd {
            sha256: self.records.lines().source().sha256(),
            input_rows: self.entries + self.blanks + self.rejects,
            entries: self.entries,
            blanks: self.blanks,
            rejects: self.rejects,
        })
    }

    fn entry(&self, line: u64, fields: &[Field]) -> Line {
        match read_entry(fields, &self.header) {
            Ok((user_id, extra)) => Line::Entry { line, user_id, extra },
            Err((reason, detail)) => Line::Reject { line, reason, detail },
        }
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Line, RosterError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let line = match self.records.next_record(Some(self.header.width)) {
            Ok(Some(Record::Fields { line, fields })) => self.entry(line, &fields),
            Ok(Some(Record::Blank { line })) => Line::Blank { line },
            Ok(Some(Record::Broken { line, reason, detail })) => {
                Line::Reject { line, reason, detail }
            }
            Ok(None) => {
                self.over = true;
                return None;
            }
            Err(source) => {
                self.over = true;
                let line = self.records.lines().lines_read();
                return Some(Err(RosterError::Read { path: self.path.clone(), line, source }));
            }
        };
        match line {
            Line::Entry { .. } => self.entries += 1,
            Line::Blank { .. } => self.blanks += 1,
            Line::Reject { .. } => self.rejects += 1,
        }
        Some(Ok(line))
    }
}

/// Takes off the byte order mark and settles the delimiter, before anything is split.
fn prepare<R: Read>(
    lines: &mut Lines<R>,
    path: &str,
    dialect: &Dialect,
) -> Result<u8, RosterError> {
    let path = || path.to_owned();
    let read = lines.next_line();
    let read = read.map_err(|source| RosterError::Read { path: path(), line: 0, source })?;
    let Some(mut first) = read else { return Err(RosterError::Empty { path: path() }) };
    if first.text.starts_with(b"\xff\xfe")
        || first.text.starts_with(b"\xfe\xff")
        || first.text.contains(&0)
    {
        return Err(RosterError::Utf16 { path: path() });
    }
    if first.text.starts_with(b"\xef\xbb\xbf") {
        first.text.drain(..3);
    }
    let delimiter = dialect.delimiter.unwrap_or_else(|| detect_delimiter(&first.text));
    if delimiter.is_ascii_alphanumeric() || matches!(delimiter, b'"' | b'\r' | b'\n') {
        return Err(RosterError::Delimiter);
    }
    lines.take_back(std::iter::once(first));
    Ok(delimiter)
}

fn read_header<R: Read>(
    records: &mut Records<R>,
    path: &str,
    column: Option<&str>,
) -> Result<Header, RosterError> {
    let record = records.next_record(None);
    let path = || path.to_owned();
    match record.map_err(|source| RosterError::Read { path: path(), line: 1, source })? {
        None => Err(RosterError::Empty { path: path() }),
        Some(Record::Blank { .. }) => Err(RosterError::NoHeader { path: path() }),
        Some(Record::Broken { detail, .. }) => {
            Err(RosterError::HeaderBroken { path: path(), detail })
        }
        Some(Record::Fields { fields, .. }) => Header::read(&fields, column, &path()),
    }
}

type Entry = (UserId, Vec<Option<String>>);

fn read_entry(fields: &[Field], header: &Header) -> Result<Entry, (RejectReason, String)> {
    let (expected, found) = (header.width, fields.len());
    if expected != found {
        let detail = format!("expected {}, found {found}", counted(expected));
        return Err((RejectReason::FieldCount, detail));
    }
    let mut id = None;
    let mut extra = Vec::with_capacity(header.others.len());
    for (at, field) in fields.iter().enumerate() {
        let text = std::str::from_utf8(&field.bytes)
            .map_err(|_| (RejectReason::NotUtf8, format!("field {} is not UTF-8", at + 1)))?;
        if at == header.id_at {
            id = Some(read_id(text, field.stray_quote)?);
        } else {
            let text = text.trim();
            extra.push((!text.is_empty()).then(|| text.to_owned()));
        }
    }
    let id = id.ok_or_else(|| (RejectReason::EmptyId, NotAUserId::Empty.to_string()))?;
    Ok((id, extra))
}

fn read_id(text: &str, stray_quote: bool) -> Result<UserId, (RejectReason, String)> {
    if stray_quote {
        let detail = "a quote stands in the id, and the id is not quoted".to_owned();
        return Err((RejectReason::BadQuote, detail));
    }
    UserId::parse(text).map_err(|why| match why {
        NotAUserId::Empty => (RejectReason::EmptyId, why.to_string()),
        NotAUserId::TooLong | NotAUserId::Unprintable => (RejectReason::BadId, why.to_string()),
    })
}

fn counted(fields: usize) -> String {
    format!("{fields} {}", if fields == 1 { "field" } else { "fields" })
}

#[cfg(test)]
#[path = "reader_tests.rs"]
#[expect(clippy::panic, reason = "a test ends where it finds the wrong kind of line")]
mod tests;
