//! What can go wrong with the journal; all of it stops the job.

use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("the journal {} cannot be opened", path.display())]
    Open { path: PathBuf, source: rusqlite::Error },
    #[error("the journal {} has format {found}; this version reads format {known}", path.display())]
    Format { path: PathBuf, found: i64, known: i64 },
    #[error("the journal {} cannot be read", path.display())]
    Read { path: PathBuf, source: rusqlite::Error },
    #[error("the journal {} cannot be written", path.display())]
    Write { path: PathBuf, source: rusqlite::Error },
    #[error("the journal {} holds something this version did not write: {what}", path.display())]
    Corrupt { path: PathBuf, what: String },
    #[error("the journal's writer ended early")]
    WriterGone,
}
