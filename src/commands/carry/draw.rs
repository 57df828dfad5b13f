//! Drawing answers from published runs: for each user of the roster the newest there is, whichever run has it.

use super::{
    drawn::Drawn,
    source::Source,
    terms::{Belief, Terms},
};
use crate::{
    error::Error,
    journal::{carry::Carrying, records::EarlierAnswer},
    model::evidence::Remembered,
    report::reading::BATCH,
};

/// How many users of earlier runs are looked at for each user of the roster, and at least: without an
/// end a newcomer, about whom no run says anything, would have every report read every night.
const REACH: u64 = 8;
const REACH_AT_LEAST: u64 = 1_000_000;

/// How far back runs are read, counted in their users.
pub(in crate::commands) struct Reach(u64);

impl Reach {
    /// The reach for a roster of so many users.
    pub(in crate::commands) fn of(users: u64) -> Self {
        Self(users.saturating_mul(REACH).max(REACH_AT_LEAST))
    }

    /// Whether another run is read.
    pub(in crate::commands) const fn is_left(&self) -> bool {
        self.0 > 0
    }

    /// Goes past a run of so many users.
    pub(in crate::commands) fn pass(&mut self, users: usize) {
        self.0 = self.0.saturating_sub(users as u64);
    }
}

/// Draws from the runs, the newest first, until every user has an answer or the reach is used up.
pub(super) fn draw(
    sources: impl Iterator<Item = Result<Source, Error>>,
    terms: &Terms<'_>,
    carrying: &mut Carrying<'_>,
) -> Result<Vec<Drawn>, Error> {
    let mut drawn = Vec::new();
    let mut missing = carrying.missing()?;
    let mut reach = Reach::of(missing);
    for source in sources {
        if missing == 0 || !reach.is_left() {
            break;
        }
        let source = source?;
        draw_from(&source, terms, carrying, &mut reach)?;
        let before = missing;
        missing = carrying.missing()?;
        if missing < before {
            drawn.push(Drawn {
                run_id: source.run_id().to_string(),
                manifest_sha256: source.manifest_sha256.clone(),
                answers: before - missing,
            });
        }
    }
    Ok(drawn)
}

/// Takes what one run knows better than the newer ones. Its documents are read only where somebody is wanted.
fn draw_from(
    source: &Source,
    terms: &Terms<'_>,
    carrying: &mut Carrying<'_>,
    reach: &mut Reach,
) -> Result<(), Error> {
    let users = source.users()?;
    reach.pass(users.rows());
    let mut archive = None;
    for (before, beliefs) in (0..).step_by(BATCH).zip(Belief::batches(&users)) {
        let beliefs = beliefs?;
        let wanted = wanted(&beliefs, carrying)?;
        if wanted.is_empty() {
            continue;
        }
        let open = archive.take().map_or_else(|| source.archive(), Ok)?;
        let answers = archive.insert(open).users_behind(before).map_err(Error::unreadable)?;
        for row in wanted {
            let (belief, user) = (&beliefs[row], answers.get(row));
            let same = |user: &&Remembered| user.user_id.as_str() == belief.user_id;
            let user = user.filter(same).ok_or_else(|| source.torn())?;
            take(source, terms, user, belief, carrying)?;
        }
    }
    Ok(())
}

/// The rows of those whose answers are to be taken. Of those asked in vain it is noted.
fn wanted(beliefs: &[Belief], carrying: &mut Carrying<'_>) -> Result<Vec<usize>, Error> {
    let mut wanted = Vec::new();
    for (row, belief) in beliefs.iter().enumerate() {
        if belief.was_asked_in_vain() {
            carrying.asked_in_vain(&belief.user_id)?;
        } else if belief.is_of_an_answer() && carrying.wants(&belief.user_id)? {
            wanted.push(row);
        }
    }
    Ok(wanted)
}

fn take(
    source: &Source,
    terms: &Terms<'_>,
    user: &Remembered,
    belief: &Belief,
    carrying: &mut Carrying<'_>,
) -> Result<(), Error> {
    let Some(settled) = user.settled.as_ref() else { return Ok(()) };
    carrying.take(EarlierAnswer {
        user_id: &user.user_id,
        asked_by: settled.carried_from.as_ref().unwrap_or(source.run_id()),
        settled,
        validity: terms.validity(belief),
    })?;
    Ok(())
}
