//! The roster of tolerances: for each user what must come of him, written down before, and what the partner answers.
//!
//! A file of `tests/fixtures/tolerances` opens with lines of `#`: in words what is tolerated, then the cells expected,
//! as `# column = value`, where nothing behind the `=` is null. Behind a blank line come the answers as HTTP writes them,
//! one after the other; the last one is given to whoever asks again.

use std::{error::Error, fs, io, path::PathBuf};

use crate::support::scripted::Reply;

/// A user of the roster.
pub(crate) struct Tolerance {
    /// The file's name, which is the user's id.
    pub(crate) user: String,
    /// Cells by name; none where there must be null.
    pub(crate) expected: Vec<(String, Option<String>)>,
    answers: Vec<Answer>,
}

struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

/// What would make a file too large for the eye, and how the test writes it out.
const WRITTEN_OUT: [(&str, Writing); 3] = [
    ("@nested@", || format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))),
    ("@warnings@", || vec![r#"{"code":"DOCUMENT_TOO_FAR"}"#; 10_050].join(",")),
    ("@names@", || vec![r#""N. N.""#; 50_000].join(",")),
];

type Writing = fn() -> String;

/// Headers that an answer may have.
const HEADERS: [&str; 2] = ["content-type", "retry-after"];

/// The folder with the roster and the answers.
pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tolerances")
}

/// Every user, by name.
pub(crate) fn all() -> Result<Vec<Tolerance>, Box<dyn Error>> {
    let paths = fs::read_dir(folder())?.map(|entry| Ok(entry?.path()));
    let mut paths = paths.collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "http"));
    paths.sort();
    let read = |path: PathBuf| {
        let user = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Tolerance::read(&user, &fs::read(&path)?).map_err(|error| format!("{user}: {error}").into())
    };
    paths.into_iter().map(read).collect()
}

impl Tolerance {
    fn read(user: &str, file: &[u8]) -> Result<Self, Box<dyn Error>> {
        let mut lines = file.split(|byte| *byte == b'\n');
        let notes = lines.by_ref().map_while(|line| line.strip_prefix(b"#"));
        let notes: Vec<_> =
            notes.map(|line| String::from_utf8_lossy(line).trim().to_owned()).collect();
        let expected = notes.iter().filter_map(|note| cell(note)).collect();
        let mut answers: Vec<Answer> = Vec::new();
        while let Some(line) = lines.next() {
            if let Some(status) = line.strip_prefix(b"HTTP/1.1 ") {
                let status = str::from_utf8(status)?.get(..3).ok_or("no status")?.parse()?;
                let head = lines.by_ref().take_while(|line| !line.is_empty());
                let headers = head.map(header).collect::<Result<_, _>>()?;
                answers.push(Answer { status, headers, body: Vec::new() });
            } else if let Some(answer) = answers.last_mut() {
                answer.body.extend([line, b"\n"].concat());
            }
        }
        for answer in &mut answers {
            answer.write_out();
        }
        Ok(Self { user: user.to_owned(), expected, answers })
    }

    /// The answer to the how-manieth request about this user, from 1.
    pub(crate) fn answer(&self, visit: usize) -> Reply {
        match self.answers.get(visit - 1).or(self.answers.last()) {
            Some(Answer { status, headers, body }) => {
                Reply::Whole { status: *status, headers: headers.clone(), body: body.clone() }
            }
            None => Reply::Hang,
        }
    }
}

impl Answer {
    /// Puts what was too large for the file in place of its marker, and takes off the file's last line end.
    fn write_out(&mut self) {
        while self.body.last() == Some(&b'\n') {
            self.body.pop();
        }
        for (marker, text) in WRITTEN_OUT {
            let mut places = self.body.windows(marker.len());
            while let Some(at) = places.position(|window| window == marker.as_bytes()) {
                self.body.splice(at..at + marker.len(), text().into_bytes());
                places = self.body.windows(marker.len());
            }
        }
    }
}

/// `column = value` of a note; a sentence is none.
fn cell(note: &str) -> Option<(String, Option<String>)> {
    let (name, value) = note.split_once(" =")?;
    let is_name = !name.contains(|c: char| !(c.is_ascii_alphanumeric() || "_[].".contains(c)));
    let value = value.strip_prefix(' ').map(str::to_owned);
    is_name.then(|| (name.to_owned(), value))
}

fn header(line: &[u8]) -> Result<(&'static str, String), Box<dyn Error>> {
    let (name, value) = str::from_utf8(line)?.split_once(": ").ok_or("no header")?;
    let known = HEADERS.into_iter().find(|header| *header == name).ok_or("an unknown header")?;
    Ok((known, value.to_owned()))
}
