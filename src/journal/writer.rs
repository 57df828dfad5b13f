//! The one writer: a thread of its own that commits in groups and announces after the commit.

use std::{iter, thread::JoinHandle, time::Duration};

use rusqlite::{Connection, Transaction, params};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use super::{
    body::Packer,
    error::JournalError,
    records::{AttemptRecord, CameOf, OutcomeRecord, Purpose},
    store::Journal,
};
use crate::{
    clock,
    model::event::{Event, Observer},
};

/// How many entries may wait for the writer; with a body each, this bounds memory, and whoever appends waits.
const BACKLOG: usize = 64;
/// How many attempts can have been appended and not be committed yet: the backlog and the group being written.
pub(super) const UNCOMMITTED: usize = 2 * BACKLOG;

/// How long the writer waits for others to come along before it commits: a commit costs as much as many answers.
const GATHERING: Duration = Duration::from_millis(3);

/// One thing to remember: an attempt, and the outcome if it settled the user. Both are committed together.
#[derive(Debug)]
pub struct Entry {
    pub purpose: Purpose,
    pub attempt: AttemptRecord,
    pub outcome: Option<OutcomeRecord>,
    /// The server said of itself that it is our pretend partner. Noted with the attempt, so that the report says so even
    /// if we are killed next.
    pub from_sandbox: bool,
}

/// The handle of the writer's thread.
#[derive(Debug)]
pub struct Writer {
    sender: mpsc::Sender<Entry>,
    thread: JoinHandle<Result<(), JournalError>>,
}

impl Writer {
    /// Hands the journal to a thread that writes what is appended, and tells `observer` after each commit.
    #[must_use]
    pub fn start(journal: Journal, observer: Observer) -> Self {
        let (sender, receiver) = mpsc::channel(BACKLOG);
        let thread = std::thread::spawn(move || write_all(journal, receiver, &observer));
        Self { sender, thread }
    }

    /// Appends an entry; waits while the writer is behind.
    ///
    /// # Errors
    /// When the writer has ended; [`Writer::finish`] says why.
    pub async fn append(&self, entry: Entry) -> Result<(), JournalError> {
        self.sender.send(entry).await.map_err(|_| JournalError::WriterGone)
    }

    /// Waits until everything appended is committed.
    ///
    /// # Errors
    /// What stopped the writer, if something did.
    pub fn finish(self) -> Result<(), JournalError> {
        drop(self.sender);
        self.thread.join().unwrap_or(Err(JournalError::WriterGone))
    }
}

/// Commits whatever has come in since the last commit, until nobody can append any more.
fn write_all(
    mut journal: Journal,
    mut receiver: mpsc::Receiver<Entry>,
    observer: &Observer,
) -> Result<(), JournalError> {
    let mut packer = Packer::default();
    let mut group = Vec::with_capacity(BACKLOG);
    while gather(&mut receiver, &mut group) {
        let written = commit(&mut journal.connection, &group, &mut packer);
        written.map_err(|source| journal.unwritten(source))?;
        for entry in group.drain(..) {
            announce(&entry, observer);
        }
    }
    Ok(())
}

/// Takes in the next group; says whether there was one.
fn gather(receiver: &mut mpsc::Receiver<Entry>, group: &mut Vec<Entry>) -> bool {
    if receiver.blocking_recv_many(group, BACKLOG) == 0 {
        return false;
    }
    if group.len() < BACKLOG && !receiver.is_closed() {
        clock::pause(GATHERING);
        group.extend(iter::from_fn(|| receiver.try_recv().ok()).take(BACKLOG - group.len()));
    }
    true
}

fn commit(
    connection: &mut Connection,
    group: &[Entry],
    packer: &mut Packer,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    for entry in group {
        insert_attempt(&transaction, &entry.attempt)?;
        if entry.from_sandbox {
            transaction
                .prepare_cached("INSERT OR IGNORE INTO meta VALUES ('sandbox', 'true')")?
                .execute([])?;
        }
        if let Some(outcome) = &entry.outcome {
            match entry.purpose {
                Purpose::Settle => insert_outcome(&transaction, &entry.attempt, outcome, packer)?,
                Purpose::Reread => note_reread(&transaction, &entry.attempt, outcome, packer)?,
            }
        }
    }
    transaction.commit()
}

fn insert_attempt(transaction: &Transaction<'_>, attempt: &AttemptRecord) -> rusqlite::Result<()> {
    let (status, body_bytes, fault) = match attempt.came_of {
        CameOf::Answer { status, body_bytes } => (Some(status), Some(body_bytes), None),
        CameOf::Fault(fault) => (None, None, Some(fault.as_str())),
    };
    transaction
        .prepare_cached("INSERT INTO attempts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?
        .execute(params![
            attempt.position,
            attempt.number,
            attempt.request_id,
            attempt.started_at.as_microsecond(),
            attempt.elapsed_ms,
            status,
            fault,
            attempt.reason,
            body_bytes,
            attempt.asked_wait_ms,
        ])
        .map(drop)
}

fn insert_outcome(
    transaction: &Transaction<'_>,
    attempt: &AttemptRecord,
    outcome: &OutcomeRecord,
    packer: &mut Packer,
) -> rusqlite::Result<()> {
    let (lz4, sha256) = kept(outcome, packer)?;
    transaction
        .prepare_cached(
            "INSERT INTO outcomes
                 (position, outcome, reason, number, content_type, document_hash, tax_id_hash,
                  body_lz4, body_sha256)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            attempt.position,
            outcome.outcome.as_str(),
            outcome.reason,
            attempt.number,
            outcome.content_type,
            outcome.identity.document.map(u64::cast_signed),
            outcome.identity.tax_id.map(u64::cast_signed),
            lz4,
            sha256,
        ])
        .map(drop)
}

/// Keeps what asking again brought; the outcome of the user stays what it is.
fn note_reread(
    transaction: &Transaction<'_>,
    attempt: &AttemptRecord,
    outcome: &OutcomeRecord,
    packer: &mut Packer,
) -> rusqlite::Result<()> {
    const SQL: &str =
        "UPDATE rereads SET number = ?2, outcome = ?3, body_lz4 = ?4, body_sha256 = ?5
        WHERE position = ?1";
    let (lz4, sha256) = kept(outcome, packer)?;
    transaction
        .prepare_cached(SQL)?
        .execute(params![attempt.position, attempt.number, outcome.outcome.as_str(), lz4, sha256])
        .map(drop)
}

/// The body of an outcome, compressed, and its SHA-256.
type Kept<'a> = (Option<&'a [u8]>, Option<[u8; 32]>);

fn kept<'a>(outcome: &OutcomeRecord, packer: &'a mut Packer) -> rusqlite::Result<Kept<'a>> {
    let body = outcome.body.as_deref();
    let sha256 = body.map(|body| Sha256::digest(body).into());
    Ok((body.map(|body| packer.pack(body)).transpose()?, sha256))
}

fn announce(entry: &Entry, observer: &Observer) {
    let status = match entry.attempt.came_of {
        CameOf::Answer { status, .. } => Some(status),
        CameOf::Fault(_) => None,
    };
    observer(&Event::Attempted { status, retried: entry.attempt.retried });
    if let (Some(outcome), Purpose::Settle) = (&entry.outcome, entry.purpose) {
        observer(&Event::Settled { outcome: outcome.outcome });
    }
}
