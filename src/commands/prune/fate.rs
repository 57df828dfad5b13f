//! Which runs go, and why others stay.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::model::ids::RunId;

/// What is in a reports directory, as far as it decides who goes.
#[derive(Debug, Default)]
pub(super) struct Surveyed {
    pub(super) runs: Vec<Candidate>,
    pub(super) latest: Option<String>,
    /// With these, unfinished runs are compared.
    pub(super) awaited: BTreeSet<String>,
}

/// A published run.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) run_id: RunId,
    pub(super) is_held: bool,
    /// Whether its workplace is there still: it is not brought to its bucket, for one.
    pub(super) is_unended: bool,
    /// What it certifies, or why that cannot be read.
    pub(super) facts: Result<Facts, String>,
}

#[derive(Debug)]
pub(super) struct Facts {
    pub(super) ended_at: Timestamp,
    /// The run with which it was compared.
    pub(super) baseline: Option<String>,
}

/// What becomes of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    Old {
        ended_at: Timestamp,
    },
    /// It would be old enough, or nobody knows how old it is.
    Stays {
        why: String,
    },
    Young,
}

/// What becomes of each run, when all go whose last answer came before `oldest`.
///
/// The baseline of a run that stays does too, or nobody could derive that run again. But only of one that stays for a reason
/// of its own: every night is the baseline of the next, and else none would ever go.
pub(super) fn fates(surveyed: &Surveyed, oldest: Timestamp) -> Vec<Fate> {
    let alone: Vec<_> = surveyed.runs.iter().map(|run| own_fate(run, surveyed, oldest)).collect();
    let staying = surveyed.runs.iter().zip(&alone).filter(|(_, fate)| !is_old(fate));
    let baselines: Vec<_> = staying
        .filter_map(|(run, _)| Some((run.facts.as_ref().ok()?.baseline.as_deref()?, &run.run_id)))
        .collect();
    let with_others = |(run, fate): (&Candidate, Fate)| {
        let user = baselines.iter().find(|(baseline, _)| *baseline == run.run_id.as_str());
        match user.filter(|_| is_old(&fate)) {
            Some((_, user)) => Fate::Stays { why: format!("run {user} is compared with it") },
            None => fate,
        }
    };
    surveyed.runs.iter().zip(alone).map(with_others).collect()
}

fn own_fate(run: &Candidate, surveyed: &Surveyed, oldest: Timestamp) -> Fate {
    let stays = |why: &str| Fate::Stays { why: why.to_owned() };
    let facts = match &run.facts {
        _ if run.is_held => return stays("it is on hold"),
        _ if run.is_unended => {
            return stays("`run` has not ended with it; call it again with this --run-id");
        }
        Err(why) => return stays(&format!("its age is not known: {why}")),
        Ok(facts) if facts.ended_at >= oldest => return Fate::Young,
        Ok(facts) => facts,
    };
    if surveyed.latest.as_deref() == Some(run.run_id.as_str()) {
        return stays("`latest` points to it");
    }
    if surveyed.awaited.contains(run.run_id.as_str()) {
        return stays("a run that is not finished is compared with it");
    }
    Fate::Old { ended_at: facts.ended_at }
}

fn is_old(fate: &Fate) -> bool {
    matches!(fate, Fate::Old { .. })
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::model::ids::NotARunId;

    /// A night so many days after the first, compared with the night before.
    fn night(day: i64) -> Result<Candidate, NotARunId> {
        Ok(Candidate {
            run_id: RunId::parse(&format!("night-{day}"))?,
            is_held: false,
            is_unended: false,
            facts: Ok(Facts {
                ended_at: Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * day),
                baseline: Some(format!("night-{}", day - 1)),
            }),
        })
    }

    fn gone(surveyed: &Surveyed, day: i64) -> Vec<&str> {
        let oldest = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * day);
        let fates = fates(surveyed, oldest);
        let gone = surveyed.runs.iter().zip(&fates).filter(|(_, fate)| is_old(fate));
        gone.map(|(run, _)| run.run_id.as_str()).collect()
    }

    #[test]
    fn old_nights_go_but_for_the_one_with_which_the_oldest_that_stays_is_compared()
    -> Result<(), NotARunId> {
        let runs = (1..=6).map(night).collect::<Result<_, _>>()?;
        let surveyed = Surveyed { runs, ..Surveyed::default() };
        assert_eq!(gone(&surveyed, 1), [""; 0]);
        assert_eq!(gone(&surveyed, 4), ["night-1", "night-2"]);
        assert_eq!(gone(&surveyed, 99).len(), 6);
        Ok(())
    }

    #[test]
    fn what_is_wanted_stays_with_its_baseline() -> Result<(), NotARunId> {
        let mut runs: Vec<_> = (1..=9).map(night).collect::<Result<_, _>>()?;
        runs[2].is_held = true;
        runs[4].facts = Err("altered".to_owned());
        let latest = Some("night-7".to_owned());
        let awaited = BTreeSet::from(["night-9".to_owned()]);
        let surveyed = Surveyed { runs, latest, awaited };
        // Held 3 with its baseline 2; unread 5; latest 7 with 6; awaited 9 with 8.
        assert_eq!(gone(&surveyed, 99), ["night-1", "night-4"]);
        Ok(())
    }
}
