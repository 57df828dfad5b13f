//! The rows of the ledgers: attempts, rereads, counts of the roster, rejects.

use std::collections::HashSet;

use crate::{
    flatten::cell::Cell,
    model::{
        evidence::{RememberedAttempt, RememberedReject, RememberedReread},
        ids::UserId,
    },
    roster::counts::RosterCounts,
};

/// What the attempts for one user brought so far. Those of a user stand together.
#[derive(Default)]
pub(super) struct Brought {
    user: Option<UserId>,
    seen: HashSet<(Option<u16>, Option<String>, String)>,
}

impl Brought {
    /// Notes what an attempt brought, and says whether an earlier one for this user brought the same.
    pub(super) fn note(&mut self, attempt: &RememberedAttempt) -> bool {
        if self.user.as_ref() != Some(&attempt.user_id) {
            self.user = Some(attempt.user_id.clone());
            self.seen.clear();
        }
        !self.seen.insert((attempt.status, attempt.fault.clone(), attempt.reason.clone()))
    }
}

pub(super) fn attempt_row<'a>(
    run_id: &'a str,
    attempt: &'a RememberedAttempt,
    is_repeated: bool,
) -> [Cell<'a>; 13] {
    [
        run_id.into(),
        attempt.user_id.as_str().into(),
        i64::from(attempt.number).into(),
        attempt.request_id.as_str().into(),
        attempt.started_at.into(),
        whole(attempt.elapsed_ms),
        attempt.status.map(i64::from).into(),
        attempt.fault.as_deref().into(),
        attempt.reason.as_str().into(),
        attempt.body_bytes.map_or(Cell::Null, whole),
        attempt.asked_wait_ms.map_or(Cell::Null, whole),
        attempt.is_reread.into(),
        is_repeated.into(),
    ]
}

pub(super) fn reread_row<'a>(run_id: &'a str, reread: &'a RememberedReread) -> [Cell<'a>; 10] {
    [
        run_id.into(),
        reread.user_id.as_str().into(),
        reread.reread_at.into(),
        reread.status.map(i64::from).into(),
        reread.outcome.as_str().into(),
        reread.document_sha256.as_deref().into(),
        reread.changed.into(),
        reread.decision_before.as_deref().into(),
        reread.decision_after.as_deref().into(),
        reread.decision_changed.into(),
    ]
}

pub(super) fn roster_counts_row(run_id: &str, counts: RosterCounts) -> [Cell<'_>; 7] {
    let RosterCounts { input_rows, unique, duplicates, blanks, rejects, other_shards } = counts;
    [
        run_id.into(),
        whole(input_rows),
        whole(unique),
        whole(duplicates),
        whole(blanks),
        whole(rejects),
        whole(other_shards),
    ]
}

pub(super) fn reject_row<'a>(run_id: &'a str, reject: &'a RememberedReject) -> [Cell<'a>; 4] {
    [
        run_id.into(),
        whole(reject.line),
        reject.reason.as_str().into(),
        reject.detail.as_str().into(),
    ]
}

fn whole(number: u64) -> Cell<'static> {
    i64::try_from(number).ok().into()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::model::ids::NotAUserId;

    fn attempt(user: &str, status: Option<u16>) -> Result<RememberedAttempt, NotAUserId> {
        Ok(RememberedAttempt {
            user_id: UserId::parse(user)?,
            number: 1,
            request_id: String::new(),
            started_at: Timestamp::UNIX_EPOCH,
            elapsed_ms: 0,
            status,
            fault: status.is_none().then(|| "timeout".to_owned()),
            reason: "r".to_owned(),
            body_bytes: None,
            asked_wait_ms: None,
            is_reread: false,
        })
    }

    #[test]
    fn an_attempt_is_repeated_that_brought_what_an_earlier_one_for_the_user_did()
    -> Result<(), NotAUserId> {
        let mut brought = Brought::default();
        for (user, status, is_repeated) in [
            ("a", Some(503), false),
            ("a", None, false),
            ("a", Some(503), true),
            ("b", Some(503), false),
            ("b", None, false),
            ("b", None, true),
        ] {
            assert_eq!(brought.note(&attempt(user, status)?), is_repeated, "{user} {status:?}");
        }
        Ok(())
    }
}
