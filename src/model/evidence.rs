//! What is known of a run, whoever remembers it: the journal while it is unfinished, its archive afterwards.

use jiff::Timestamp;

use super::{
    ids::{RunId, UserId},
    outcome::Outcome,
};

/// One user of the roster with all that is known of it.
#[derive(Debug, Clone)]
pub struct Remembered {
    /// Position among the users of the roster, from 1.
    pub position: u64,
    /// Where the roster names it first.
    pub line: u64,
    pub user_id: UserId,
    /// The values of the roster's other columns, in header order.
    pub extra: Vec<Option<String>>,
    pub attempts: u32,
    /// `None`: pending.
    pub settled: Option<Settled>,
}

/// The outcome of a remembered user and the attempt that settled it.
#[derive(Debug, Clone)]
pub struct Settled {
    pub outcome: Outcome,
    /// The earlier run that asked; `None`: this one did.
    pub carried_from: Option<RunId>,
    pub request_id: String,
    pub started_at: Timestamp,
    pub elapsed_ms: u64,
    pub status: Option<u16>,
    pub content_type: Option<String>,
    pub body: Option<Vec<u8>>,
    pub body_sha256: Option<[u8; 32]>,
}

/// One attempt with the id of its user, as the `attempts` table shows it.
#[derive(Debug, Clone)]
pub struct RememberedAttempt {
    pub user_id: UserId,
    pub number: u32,
    pub request_id: String,
    pub started_at: Timestamp,
    pub elapsed_ms: u64,
    pub status: Option<u16>,
    pub fault: Option<String>,
    pub reason: String,
    pub body_bytes: Option<u64>,
    pub asked_wait_ms: Option<u64>,
    /// Whether it was made for the sample that is asked once more.
    pub is_reread: bool,
}

/// A user of the sample that was asked once more, and what had changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RememberedReread {
    pub user_id: UserId,
    /// `None`: asking ended before.
    pub reread_at: Option<Timestamp>,
    pub status: Option<u16>,
    pub outcome: Outcome,
    pub document_sha256: Option<String>,
    /// Whether the bytes differ; `None`: there is nothing to compare.
    pub changed: Option<bool>,
    pub decision_before: Option<String>,
    pub decision_after: Option<String>,
    pub decision_changed: Option<bool>,
}

/// One line of the roster that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RememberedReject {
    pub line: u64,
    pub reason: String,
    pub detail: String,
}
