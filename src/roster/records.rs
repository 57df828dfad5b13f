//! Records: physical lines joined where a quoted field goes on, and told apart where it only seems to.

use std::io::{self, Read};

use crate::roster::{
    lines::{LONGEST_LINE, Lines, PhysicalLine},
    reject::RejectReason,
    split::{Field, Split, split},
};

/// The most physical lines one record may span.
const LONGEST_SPAN: usize = 100;

/// What stands at a place of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Record {
    Fields {
        line: u64,
        fields: Vec<Field>,
    },
    /// Nothing but white space and delimiters (spreadsheets write `,,,` for an empty row).
    Blank {
        line: u64,
    },
    Broken {
        line: u64,
        reason: RejectReason,
        detail: String,
    },
}

/// Reads records.
pub(super) struct Records<R> {
    lines: Lines<R>,
    delimiter: u8,
}

impl<R: Read> Records<R> {
    pub(super) fn new(lines: Lines<R>, delimiter: u8) -> Self {
        Self { lines, delimiter }
    }

    pub(super) fn lines(&self) -> &Lines<R> {
        &self.lines
    }

    /// The next record; `width` is the number of fields that a record over several lines must have to be believed.
    pub(super) fn next_record(&mut self, width: Option<usize>) -> io::Result<Option<Record>> {
        let Some(first) = self.lines.next_line()? else { return Ok(None) };
        let line = first.number;
        if first.text.iter().all(|b| b.is_ascii_whitespace() || *b == self.delimiter) {
            return Ok(Some(Record::Blank { line }));
        }
        if first.overlong {
            let detail = format!("the line is longer than {LONGEST_LINE} bytes");
            return Ok(Some(Record::Broken { line, reason: RejectReason::TooLong, detail }));
        }
        match split(&first.text, self.delimiter) {
            Split::Fields(fields) => Ok(Some(Record::Fields { line, fields })),
            Split::AfterQuote => {
                let detail = "text follows a closing quote".to_owned();
                Ok(Some(Record::Broken { line, reason: RejectReason::BadQuote, detail }))
            }
            Split::Open => self.join(first, width).map(Some),
        }
    }

    /// Joins the lines of a quoted field that goes on, or gives up and takes them back.
    ///
    /// One forgotten quote would swallow every user up to the next quote in the file. So a record over several lines is
    /// believed only when it closes soon and has the right shape; else its first line alone is the reject, and reading
    /// resumes on the line after.
    fn join(&mut self, first: PhysicalLine, width: Option<usize>) -> io::Result<Record> {
        let (line, mut text, mut ending) = (first.number, first.text, first.ending);
        let mut more: Vec<PhysicalLine> = Vec::new();
        while more.len() + 1 < LONGEST_SPAN && text.len() <= LONGEST_LINE {
            let Some(next) = self.lines.next_line()? else { break };
            text.extend_from_slice(ending.bytes());
            text.extend_from_slice(&next.text);
            ending = next.ending;
            let (may_close, overlong) = (next.text.contains(&b'"'), next.overlong);
            more.push(next);
            if overlong {
                break;
            }
            if !may_close {
                continue;
            }
            match split(&text, self.delimiter) {
                Split::Open => {}
                Split::Fields(fields) if sound(&fields, width) => {
                    return Ok(Record::Fields { line, fields });
                }
                Split::Fields(_) | Split::AfterQuote => break,
            }
        }
        self.lines.take_back(more.into_iter());
        let detail = "a quote opens here and is not closed where it could be".to_owned();
        Ok(Record::Broken { line, reason: RejectReason::UnclosedQuote, detail })
    }
}

fn sound(fields: &[Field], width: Option<usize>) -> bool {
    width.is_none_or(|width| width == fields.len()) && !fields.iter().any(|f| f.stray_quote)
}
