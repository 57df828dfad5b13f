//! One record into its fields, strict about quotes.
//!
//! Why not the csv crate: it closes an open quote at the end of the file, accepts text after a closing quote and passes
//! over blank lines, all without a word. Each of these can swallow people.

/// One field of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) bytes: Vec<u8>,
    /// An unquoted field that holds a quote: legible, but not as the format intends.
    pub(super) stray_quote: bool,
}

/// What came of splitting a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Split {
    Fields(Vec<Field>),
    /// The record ends inside quotes.
    Open,
    /// Something other than white space stands between a closing quote and the next delimiter.
    AfterQuote,
}

/// Splits a record at its delimiters (RFC 4180: `""` inside quotes is a quote).
pub(super) fn split(record: &[u8], delimiter: u8) -> Split {
    let mut fields = Vec::new();
    let mut rest = record;
    loop {
        let (field, after) = match rest.strip_prefix(b"\"") {
            Some(inside) => match quoted(inside, delimiter) {
                Ok(done) => done,
                Err(trouble) => return trouble,
            },
            None => unquoted(rest, delimiter),
        };
        fields.push(field);
        match after {
            Some(next) => rest = next,
            None => return Split::Fields(fields),
        }
    }
}

/// A field, and what follows its delimiter if there is one.
type Taken<'a> = (Field, Option<&'a [u8]>);

fn unquoted(rest: &[u8], delimiter: u8) -> Taken<'_> {
    let end = rest.iter().position(|byte| *byte == delimiter);
    let bytes = rest[..end.unwrap_or(rest.len())].to_vec();
    let stray_quote = bytes.contains(&b'"');
    (Field { bytes, stray_quote }, end.map(|at| &rest[at + 1..]))
}

fn quoted(inside: &[u8], delimiter: u8) -> Result<Taken<'_>, Split> {
    let mut bytes = Vec::new();
    let mut rest = inside;
    loop {
        let close = rest.iter().position(|byte| *byte == b'"').ok_or(Split::Open)?;
        bytes.extend_from_slice(&rest[..close]);
        rest = &rest[close + 1..];
        match rest.strip_prefix(b"\"") {
            Some(more) => {
                bytes.push(b'"');
                rest = more;
            }
            None => break,
        }
    }
    let end = rest.iter().position(|byte| *byte == delimiter);
    if !rest[..end.unwrap_or(rest.len())].iter().all(u8::is_ascii_whitespace) {
        return Err(Split::AfterQuote);
    }
    Ok((Field { bytes, stray_quote: false }, end.map(|at| &rest[at + 1..])))
}

#[cfg(test)]
#[expect(clippy::panic, reason = "a test ends where it finds the wrong kind of split")]
mod tests {
    use super::*;

    #[test]
    fn a_record_splits_at_its_delimiters_and_nowhere_else() {
        let table: [(&str, &[&str]); 8] = [
            ("", &[""]),
            ("a,b", &["a", "b"]),
            (",", &["", ""]),
            ("\"a,b\",c", &["a,b", "c"]),
            ("\"a\r\nb\",\"\"", &["a\r\nb", ""]),
            ("\"he said \"\"no\"\"\",x", &["he said \"no\"", "x"]),
            ("\"a\" ,b", &["a", "b"]),
            ("5\" screen,b", &["5\" screen", "b"]),
        ];
        for (record, expected) in table {
            let fields = match split(record.as_bytes(), b',') {
                Split::Fields(fields) => fields,
                trouble => panic!("{record:?}: {trouble:?}"),
            };
            let texts: Vec<_> = fields.iter().map(|f| String::from_utf8_lossy(&f.bytes)).collect();
            assert_eq!(texts, expected, "{record:?}");
            assert_eq!(fields.iter().any(|f| f.stray_quote), record.starts_with('5'));
        }
    }

    #[test]
    fn a_quote_that_does_not_fit_is_said_and_not_repaired() {
        assert_eq!(split(b"a,\"b", b','), Split::Open);
        assert_eq!(split(b"a,\"b\"\"", b','), Split::Open);
        assert_eq!(split(b"\"a\"b,c", b','), Split::AfterQuote);
        assert_eq!(split(b"\"a\n\"b\",c", b','), Split::AfterQuote);
    }
}
