//! The face score on one scale, and what is wrong with the one that was sent.

use super::{
    cell::Cell,
    drift::{Sighting, Surprise},
    sheet::Record,
};
use crate::kyc::face_score::FaceScoreScale;

const POINTER: &str = "/faceMatchInfo/faceMatchScore";
const AS_SENT: &str = "face_match_info_face_match_score";

/// Fills the score's columns, and returns a score outside its scale as a surprise.
///
/// A score that was sent and cannot be used is a fact of its own: its empty `face_score` looks like that of a score that
/// was never sent. Of two scores that were sent nobody knows which one counts.
pub(super) fn score<'p>(
    scale: FaceScoreScale,
    user: &mut Record<'p, '_, '_>,
) -> Option<Sighting<'p>> {
    let sent = user.cell(AS_SENT).float();
    let read = sent.map(|score| (scale.of(score), scale.of(score).normalise(score)));
    let is_outside = matches!(read, Some((_, None)));
    let is_unreadable = is_outside || user.row.unmapped.holds(POINTER);
    if let Some((scale, score)) = read {
        user.set("face_score", score.filter(|_| !is_unreadable));
        user.set("face_score_scale", Cell::word(scale.as_str()));
    }
    if is_unreadable || sent.is_some() {
        user.set("face_score_unreadable", is_unreadable);
    }
    let (table, column) = (user.plan.table.name, user.plan.column(AS_SENT));
    is_outside.then(|| Sighting::new(Surprise::OutOfScale, table, column, POINTER, None))
}
