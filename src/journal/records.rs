//! What is written to the journal, and what asking goes on from.

use jiff::Timestamp;

use crate::model::{
    attempt::Fault,
    evidence::Settled,
    identity::Identity,
    ids::{RunId, UserId},
    outcome::Outcome,
};

/// One exchange with the server, as remembered: everything but the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRecord {
    pub position: u64,
    pub number: u32,
    pub request_id: String,
    pub started_at: Timestamp,
    pub elapsed_ms: u64,
    pub came_of: CameOf,
    /// How the attempt was ruled, one word.
    pub reason: &'static str,
    /// The wait that the server asked for with this answer.
    pub asked_wait_ms: Option<u64>,
    /// Whether another attempt follows it.
    pub retried: bool,
}

/// What an attempt brought, without the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CameOf {
    Answer { status: u16, body_bytes: u64 },
    Fault(Fault),
}

/// How asking about a user ended, with the evidence.
#[derive(Debug, Clone)]
pub struct OutcomeRecord {
    pub outcome: Outcome,
    pub reason: &'static str,
    pub content_type: Option<String>,
    /// The body as received, after content decoding; `None` when the last attempt brought no answer.
    pub body: Option<Vec<u8>>,
    /// Hashes of the numbers in the document that the body holds.
    pub identity: Identity,
}

/// What an earlier run learnt about a user.
#[derive(Debug, Clone, Copy)]
pub struct EarlierAnswer<'a> {
    pub user_id: &'a UserId,
    /// The run that asked.
    pub asked_by: &'a RunId,
    pub settled: &'a Settled,
    pub validity: Validity,
}

/// Whether an earlier answer still stands, and how urgent it is to ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// The partner has decided, and lately: it is not asked again.
    Current,
    /// The partner has decided, but that is long ago, or the document has expired since.
    Stale,
    /// The partner has not decided, or said nothing that could be a decision.
    Open,
}

/// A user of the sample with both answers.
#[derive(Debug, Clone)]
pub struct Reread {
    pub position: u64,
    pub user_id: UserId,
    pub body_before: Option<Vec<u8>>,
    /// How asking again ended; `not_attempted` when it was not done.
    pub outcome: Outcome,
    pub reread_at: Option<Timestamp>,
    pub status: Option<u16>,
    pub body_after: Option<Vec<u8>>,
}

/// For what somebody is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To have an answer.
    Settle,
    /// To see whether the answer has changed meanwhile. It changes nothing about the user.
    Reread,
}

/// A user who is still to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Place in the order of asking; rises from one to the next.
    pub turn: u64,
    pub position: u64,
    pub user_id: UserId,
    /// Attempts made for this user by earlier sessions.
    pub attempts_before: u32,
}
