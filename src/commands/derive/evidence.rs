//! What a run is derived from: its journal while it is unfinished, its archive once it is published. One path leads from
//! here to the report, so that the second derivation is the first one, repeated.

pub(in crate::commands) mod archived;
mod interleave;
pub(in crate::commands) mod merged;
mod reread;
pub(in crate::commands) mod unfinished;

use jiff::Timestamp;

use crate::{
    error::Error,
    model::{
        evidence::{Remembered, RememberedAttempt, RememberedReject, RememberedReread},
        identity::Identity,
        ids::RunId,
        quota::Quota,
    },
    report::{archive, derivation::Derivation, environment::Environment},
    roster::counts::RosterCounts,
};

/// Users to a page. A page becomes a row group of the archive, so its bytes depend on it: all evidence comes in the same.
pub(super) const USERS: usize = archive::PAGE;

/// Pages in order, until the last or the first error.
pub(super) type Pages<'a, T> = Box<dyn Iterator<Item = Result<Vec<T>, Error>> + 'a>;

/// What is known of a run. Can be read any number of times, always from the start.
pub(in crate::commands) trait Evidence {
    fn facts(&self) -> &Facts;

    /// The users in roster order, in pages of [`USERS`].
    fn users(&self) -> Pages<'_, Remembered>;

    /// The numbers of the answered, in any order, or the bodies that hold them. Whether a body is what was received,
    /// [`Self::users`] says; hashes are believed, and every rebuild from the archive makes them again.
    fn numbers(&self) -> Pages<'_, Numbers>;

    /// The exchanges with the server, in the order of the roster, and of each user the first one first.
    fn attempts(&self) -> Pages<'_, RememberedAttempt>;

    /// The users who were asked once more, in roster order.
    fn rereads(&self) -> Pages<'_, RememberedReread>;

    /// The lines that could not be used, in the order of the roster.
    fn rejects(&self) -> Pages<'_, RememberedReject>;
}

/// What the census learns of a user.
pub(in crate::commands) enum Numbers {
    /// Hashes made when the answer came.
    Known(Identity),
    /// Still to be read from the body.
    In(Vec<u8>),
}

/// The facts about a run that its certificate states.
#[derive(Debug, Clone)]
pub(in crate::commands) struct Facts {
    pub(in crate::commands) run_id: RunId,
    pub(in crate::commands) environment: Environment,
    pub(in crate::commands) input_sha256: String,
    pub(in crate::commands) counts: RosterCounts,
    pub(in crate::commands) base_url: String,
    pub(in crate::commands) quotas: Vec<Quota>,
    pub(in crate::commands) operator: String,
    pub(in crate::commands) host: String,
    pub(in crate::commands) started_at: Timestamp,
    pub(in crate::commands) ended_at: Timestamp,
    pub(in crate::commands) derivation: Derivation,
}
