//! A published report, read by a reader that shares nothing with the writer.

use std::{
    error::Error,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use parquet::{
    file::reader::SerializedFileReader,
    record::{Field, Row},
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A report directory.
pub(crate) struct Report(PathBuf);

/// The rows of a Parquet file.
#[derive(Debug, PartialEq)]
pub(crate) struct Rows(Vec<Row>);

impl Report {
    pub(crate) fn at(dir: PathBuf) -> Self {
        Self(dir)
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn text(&self, name: &str) -> io::Result<String> {
        fs::read_to_string(self.path(name))
    }

    pub(crate) fn json(&self, name: &str) -> Result<Value, Box<dyn Error>> {
        Ok(serde_json::from_str(&self.text(name)?)?)
    }

    /// A number of the certificate's population: an outcome or a verdict.
    pub(crate) fn counted(&self, kind: &str, name: &str) -> Result<u64, Box<dyn Error>> {
        let certificate = self.json("certificate.json")?;
        let counts = certificate["population"][kind].as_array().ok_or("no counts")?;
        let count = counts.iter().find(|count| count["name"] == name);
        count.and_then(|count| count["count"].as_u64()).ok_or_else(|| format!("no {name}").into())
    }

    pub(crate) fn open(&self, name: &str) -> Result<SerializedFileReader<File>, Box<dyn Error>> {
        Ok(SerializedFileReader::new(File::open(self.path(name))?)?)
    }

    /// A table's rows.
    pub(crate) fn table(&self, name: &str) -> Result<Rows, Box<dyn Error>> {
        self.rows(&format!("tables/{name}.parquet"))
    }

    /// The archive's rows.
    pub(crate) fn archive(&self) -> Result<Rows, Box<dyn Error>> {
        self.rows("archive/responses.parquet")
    }

    /// The rows of the Parquet file at this path in the report.
    pub(crate) fn rows(&self, name: &str) -> Result<Rows, Box<dyn Error>> {
        let rows = self.open(name)?.into_iter().collect::<Result<_, _>>()?;
        Ok(Rows(rows))
    }

    /// Every file, by its path in the report, sorted.
    pub(crate) fn files(&self) -> io::Result<Vec<String>> {
        let mut files = Vec::new();
        for path in below(&self.0)? {
            if path.is_file() {
                let name = path.strip_prefix(&self.0).map_err(io::Error::other)?;
                files.push(name.to_string_lossy().into_owned());
            }
        }
        files.sort();
        Ok(files)
    }
}

impl Rows {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// One column, from the first row to the last.
    pub(crate) fn column(&self, name: &str) -> Vec<Field> {
        self.0.iter().map(|row| cell(row, name)).collect()
    }

    /// One column as text; a null is the empty text.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        self.column(name).iter().map(text).collect()
    }

    /// The cell of this column in the rows of one user.
    pub(crate) fn of(&self, user: &str, name: &str) -> Vec<String> {
        let own = self.0.iter().filter(|row| text(&cell(row, "user_id")) == user);
        own.map(|row| text(&cell(row, name))).collect()
    }

    /// The bytes kept for one user.
    pub(crate) fn body_of(&self, user: &str) -> Option<Vec<u8>> {
        let row = self.0.iter().find(|row| text(&cell(row, "user_id")) == user)?;
        match cell(row, "body") {
            Field::Bytes(bytes) => Some(bytes.data().to_vec()),
            _ => None,
        }
    }

    /// Names of the columns.
    pub(crate) fn columns(&self) -> Vec<String> {
        let first = self.0.first().into_iter();
        first.flat_map(Row::get_column_iter).map(|(name, _)| name.clone()).collect()
    }
}

/// A cell; one that is not there looks like nothing that a test expects.
fn cell(row: &Row, name: &str) -> Field {
    let found = row.get_column_iter().find(|(column, _)| *column == name);
    found.map_or_else(|| Field::Str(format!("no column {name}")), |(_, field)| field.clone())
}

fn text(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A digest as `sha256sum` writes it.
pub(crate) fn sha256(bytes: impl AsRef<[u8]>) -> String {
    let digits = |byte: u8| [byte >> 4, byte & 15];
    let digest = Sha256::digest(bytes).into_iter().flat_map(digits);
    digest.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// Everything below a directory; links are not followed.
pub(crate) fn below(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            }
            found.push(entry.path());
        }
    }
    Ok(found)
}
