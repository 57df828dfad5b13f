//! What asking a user once more shows: the two answers, held against each other.

use polars::prelude::PolarsResult;

use crate::{
    flatten::{
        census::Census,
        flattener::{Before, Flattener, Subject},
    },
    journal::records::Reread,
    kyc::face_score::FaceScoreScale,
    model::{digest::Digest, evidence::RememberedReread, ids::RunId, outcome::Outcome},
};

/// Compares what was answered first with what was answered in the end. Where the partner did not speak about the user the
/// second time, there is nothing to compare.
pub(super) fn compare(run_id: &RunId, reread: Reread) -> PolarsResult<RememberedReread> {
    let spoke =
        matches!(reread.outcome, Outcome::Answered | Outcome::NoVerification | Outcome::Denied);
    let before = decision(run_id, &reread, Outcome::Answered, reread.body_before.as_deref())?;
    let after = decision(run_id, &reread, reread.outcome, reread.body_after.as_deref())?;
    Ok(RememberedReread {
        changed: spoke.then_some(reread.body_before != reread.body_after),
        decision_changed: spoke.then_some(before != after),
        decision_before: before,
        decision_after: after,
        document_sha256: reread.body_after.as_deref().map(|body| Digest::of(body).to_string()),
        reread_at: reread.reread_at,
        status: reread.status,
        outcome: reread.outcome,
        user_id: reread.user_id,
    })
}

/// The decision as the `users` table would show it: read by the same rules, because it is read by the flattener.
fn decision(
    run_id: &RunId,
    reread: &Reread,
    outcome: Outcome,
    body: Option<&[u8]>,
) -> PolarsResult<Option<String>> {
    let mut flattener = Flattener::new(run_id, &[], FaceScoreScale::Auto, Census::of(1).close());
    flattener.push(&Subject {
        position: reread.position,
        roster_line: 0,
        user_id: &reread.user_id,
        extra: &[],
        outcome,
        asked_by: None,
        http_status: None,
        fetched_at: None,
        attempts: 0,
        sha256: None,
        body,
        before: Before::default(),
    });
    let users = flattener.take()?.users;
    Ok(users.column("decision")?.str()?.get(0).map(str::to_owned))
}
