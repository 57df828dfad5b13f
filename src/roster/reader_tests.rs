//! Whole files through the reader: every mess that real rosters hold.

use std::error::Error;

use super::*;
use proptest::prelude::*;

type Test = Result<(), Box<dyn Error>>;

fn read(file: &[u8]) -> Result<(Vec<Line>, RosterEnd), RosterError> {
    read_as(file, &Dialect::default())
}

fn read_as(file: &[u8], dialect: &Dialect) -> Result<(Vec<Line>, RosterEnd), RosterError> {
    let mut reader = Reader::open(file, "users.csv", dialect)?;
    let lines = reader.by_ref().collect::<Result<Vec<_>, _>>()?;
    Ok((lines, reader.finish()?))
}

/// A line in short: `2:ana`, `3:-` for a blank, `4!field_count` for a reject.
fn short(line: &Line) -> String {
    match line {
        Line::Entry { line, user_id, .. } => format!("{line}:{}", user_id.as_str()),
        Line::Blank { line } => format!("{line}:-"),
        Line::Reject { line, reason, .. } => format!("{line}!{}", reason.as_str()),
    }
}

fn shorts(file: &[u8]) -> Result<String, RosterError> {
    Ok(read(file)?.0.iter().map(short).collect::<Vec<_>>().join(" "))
}

#[test]
fn every_line_of_a_messy_file_is_told() -> Test {
    let table: [(&[u8], &str); 22] = [
        (b"id\na\nb\n", "2:a 3:b"),
        (b"id\na\nb", "2:a 3:b"),
        (b"\xef\xbb\xbfid\r\na\r\nb\r\n", "2:a 3:b"),
        (b"id\ra\rb\r", "2:a 3:b"),
        (b"id\n\na\n \t\n\n", "2:- 3:a 4:- 5:-"),
        (b"id,c\na,MX\n,,,\n, \nb,DO", "2:a 3:- 4:- 5:b"),
        (b"id;c\n  a ;x,y\n", "2:a"),
        (b"id\tc\na\tx\nb\t\n", "2:a 3:b"),
        (b"id,c\na\nb,x,y\nc,z\n", "2!field_count 3!field_count 4:c"),
        (b"id,c\n,MX\na b,MX\n\"a\"\"b\",MX\n", "2!empty_id 3!bad_id 4:a\"b"),
        (b"id,c\na,M\xe9xico\nb,x\n", "2!not_utf8 3:b"),
        (b"id,c\n\"a\",\"two\nlines\"\nb,x\n", "2:a 4:b"),
        (b"id,c\na,\"two\r\n\r\nlines, quoted\"\r\nb,x\r\n", "2:a 5:b"),
        (b"id,c\na,\"open\nb,x\nc,y\n", "2!unclosed_quote 3:b 4:c"),
        (b"id,c\na,\"open\nb,\"x\"\nc,y\n", "2!unclosed_quote 3:b 4:c"),
        (b"id,c\na,\"open\nb,\",x\"\nc,y\n", "2!unclosed_quote 3:b 4:c"),
        (b"id,c\na,x\nb,\"", "2:a 3!unclosed_quote"),
        (b"id,c\n\"a\"x,y\nb,z\n", "2!bad_quote 3:b"),
        (b"id,c\na,5\" screen\nb\",z\n", "2:a 3!bad_quote"),
        (b"\"user_id\",\"a\nb\"\nu,x\n", "3:u"),
        (b"id\n", ""),
        (b"id", ""),
    ];
    for (file, expected) in table {
        assert_eq!(shorts(file)?, expected, "{}", String::from_utf8_lossy(file));
    }
    Ok(())
}

#[test]
fn a_forgotten_quote_costs_one_user_and_not_the_rest_of_the_file() -> Test {
    let others: Vec<_> = (0..5000).map(|user| format!("user-{user},note")).collect();
    let file = format!("id,note\nfirst,\"oops\n{}\n", others.join("\n"));
    let (lines, end) = read(file.as_bytes())?;
    assert_eq!(short(&lines[0]), "2!unclosed_quote");
    assert_eq!((end.entries, end.rejects, end.input_rows), (5000, 1, 5001));
    Ok(())
}

#[test]
fn the_other_columns_come_along_in_order() -> Test {
    let file = b"country,user_id,our_status,note\n MX ,a,active,\"x, y\"\n,b,,\n";
    let reader = Reader::open(file.as_slice(), "users.csv", &Dialect::default())?;
    assert_eq!(reader.columns(), ["country", "our_status", "note"]);
    let extras: Vec<_> = reader
        .map(|line| match line {
            Ok(Line::Entry { extra, .. }) => extra,
            other => panic!("{other:?}"),
        })
        .collect();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        extras,
        vec![vec![text("MX"), text("active"), text("x, y")], vec![None, None, None]]
    );
    Ok(())
}

#[test]
fn a_delimiter_and_a_column_can_be_given() -> Test {
    let dialect = Dialect { delimiter: Some(b'|'), column: Some("Person".to_owned()) };
    let (lines, _) = read_as(b"id|person\n1|ana\n", &dialect)?;
    assert_eq!(lines.iter().map(short).collect::<Vec<_>>(), ["2:ana"]);
    Ok(())
}

#[test]
fn the_digest_is_of_the_bytes_as_they_stand_in_the_file() -> Test {
    let file = b"\xef\xbb\xbfid\r\na\r\n\r\n\xff\r\n";
    let (_, end) = read(file)?;
    assert_eq!(end.sha256, Digest::of(file));

    let unread = Reader::open(file.as_slice(), "users.csv", &Dialect::default())?;
    assert_eq!(unread.finish()?, end);
    Ok(())
}

#[test]
fn a_file_that_is_no_roster_is_refused_in_words() {
    let table: [(&[u8], &str); 8] = [
        (b"", "users.csv is empty: not even a header"),
        (b"\xef\xbb\xbf", "users.csv has no header: line 1 is blank"),
        (b"\n\nid\na\n", "users.csv has no header: line 1 is blank"),
        (b"\xff\xfei\0d\0\n\0a\0", "users.csv is UTF-16 or UTF-32, and only UTF-8 is read"),
        (b"i\0d\0\n\0a\0", "users.csv is UTF-16 or UTF-32, and only UTF-8 is read"),
        (b"id,pa\xeds\na,b\n", "the header of users.csv (line 1) is not UTF-8"),
        (
            b"mail,land\na,b\n",
            "users.csv has no column `user_id` or `userId` or `id`; it has `mail`, `land`",
        ),
        (
            b"id,\"open\na,b\n",
            "the header of users.csv (line 1) cannot be read: a quote opens here and is not closed where it could be",
        ),
    ];
    for (file, message) in table {
        let said = read(file).map(drop).map_err(|error| error.to_string());
        assert_eq!(said, Err(message.to_owned()), "{}", String::from_utf8_lossy(file));
    }
}

#[test]
fn a_reject_quotes_nothing_from_its_line() -> Test {
    let file = b"id,name\ncanary x,canary\ncanary\n,canary\n\"canary\"canary,x\ncanary,\"canary\n";
    for line in read(file)?.0 {
        let Line::Reject { detail, .. } = line else { panic!("{line:?}") };
        assert!(!detail.contains("canary"), "{detail}");
    }
    Ok(())
}

#[test]
fn a_disk_that_fails_in_the_middle_is_an_error_and_not_an_end() -> Test {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("gone"))
        }
    }
    let source = b"id\na\n".as_slice().chain(Failing);
    let mut reader = Reader::open(source, "users.csv", &Dialect::default())?;
    assert!(matches!(reader.next(), Some(Ok(Line::Entry { .. }))));
    assert!(matches!(reader.next(), Some(Err(RosterError::Read { line: 2, .. }))));
    assert!(reader.next().is_none());
    Ok(())
}

/// A cell as hostile as a legal file may hold.
fn cell() -> impl Strategy<Value = String> {
    "[a-zñ0-9 ,;\"\n\r\t=]{0,12}"
}

proptest! {
    #[test]
    fn a_legal_file_reads_as_a_plain_csv_reader_reads_it(
        rows in prop::collection::vec(("[a-z0-9-]{1,12}", cell(), cell()), 0..40),
        crlf in any::<bool>(),
    ) {
        let terminator =
            if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = csv::WriterBuilder::new().terminator(terminator).from_writer(Vec::new());
        writer.write_record(["note", "user_id", "other"])?;
        for (id, note, other) in &rows {
            writer.write_record([note, id, other])?;
        }
        let file = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
        let (lines, end) = read(&file)?;
        let ids: Vec<_> = lines.iter().map(|line| match line {
            Line::Entry { user_id, .. } => user_id.as_str(),
            other => panic!("{other:?}"),
        }).collect();
        prop_assert_eq!(ids, rows.iter().map(|(id, ..)| id.as_str()).collect::<Vec<_>>());
        prop_assert_eq!(end.input_rows, rows.len() as u64);
    }

    #[test]
    fn no_line_of_any_file_vanishes(body in prop::collection::vec(
        prop::sample::select(&b"ab,;\"\n\r \xc3\xa9\xff"[..]), 0..200)
    ) {
        let file = [b"id,c\n".as_slice(), &body].concat();
        let (lines, end) = read(&file)?;
        prop_assert_eq!(end.input_rows, lines.len() as u64);
        prop_assert_eq!(end.input_rows, end.entries + end.blanks + end.rejects);
        let starts: Vec<u64> = lines.iter().map(|line| match line {
            Line::Entry { line, .. } | Line::Blank { line } | Line::Reject { line, .. } => *line,
        }).collect();
        prop_assert!(starts.is_sorted_by(|a, b| a < b));
        // Only a quoted field over several lines may leave physical lines without a start of their own.
        if !body.contains(&b'"') {
            prop_assert_eq!(starts, (2..2 + end.input_rows).collect::<Vec<_>>());
        }
    }

    #[test]
    fn one_stray_quote_loses_nobody_else(at in 0_usize..120) {
        let clean = (10..30).map(|user| format!("u{user},x")).collect::<Vec<_>>().join("\n");
        let at = at.min(clean.len());
        let file = format!("id,c\n{}\"{}", &clean[..at], &clean[at..]);
        let hit = 2 + clean[..at].matches('\n').count() as u64;
        let (lines, _) = read(file.as_bytes())?;
        for number in (2..22).filter(|number| *number != hit) {
            let expected = format!("{number}:u{}", number + 8);
            prop_assert!(lines.iter().any(|line| short(line) == expected), "{}", expected);
        }
    }
}
