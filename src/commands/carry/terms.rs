//! Whether an earlier answer still stands: it is young, the partner has decided, and the document has not expired since.

use std::time::Duration;

use jiff::Timestamp;
use polars::prelude::{DataFrame, PolarsResult};

use crate::{
    error::Error, journal::records::Validity, kyc::decision::Decision, model::outcome::Outcome,
    report::reading::PublishedTable, settings::Settings,
};

/// Seconds of a day.
const DAY: i64 = 86_400;
/// What decides whether an answer stands.
const COLUMNS: [&str; 5] =
    ["user_id", "outcome", "fetched_at", "decision", "id_info_id_expiry_date"];

/// When an answer need not be asked for again.
#[derive(Debug, Clone, Copy)]
pub(in crate::commands) struct Terms<'a> {
    max_age: Duration,
    final_decisions: &'a [Decision],
    /// The start of the run: a resumed one keeps its own.
    at: Timestamp,
}

/// The terms in words, for the journal.
pub(super) fn describe<P>(settings: &Settings<P>) -> String {
    let Some(max_age) = settings.max_age else { return "none".to_owned() };
    let words: Vec<_> = settings.final_decisions.iter().map(|word| word.as_str()).collect();
    format!("answers up to {}, {}", humantime::format_duration(max_age), words.join(" or "))
}

impl<'a> Terms<'a> {
    /// The terms of a run that starts at this time; none if it carries nothing.
    pub(in crate::commands) fn of<P>(settings: &'a Settings<P>, at: Timestamp) -> Option<Self> {
        let final_decisions = &settings.final_decisions[..];
        settings.max_age.map(|max_age| Self { max_age, final_decisions, at })
    }

    /// How an answer stands, by what was made of it.
    pub(in crate::commands) fn validity(&self, belief: &Belief) -> Validity {
        let decided = belief.decision.as_deref();
        if !self.final_decisions.iter().any(|word| Some(word.as_str()) == decided) {
            return Validity::Open;
        }
        let today = self.at.as_second().div_euclid(DAY);
        let then = belief.fetched_at.map(|at| at.as_second().div_euclid(DAY));
        // One that had expired already when it was fetched is what the partner has decided on: asking again shows no more.
        let has_expired = belief.expires_on.is_some_and(|day| {
            let day = i64::from(day);
            day < today && then.is_none_or(|then| then <= day)
        });
        let age = belief.fetched_at.map(|at| self.at.duration_since(at).unsigned_abs());
        let is_young = age.is_some_and(|age| age < self.max_age);
        if is_young && !has_expired { Validity::Current } else { Validity::Stale }
    }
}

/// What an earlier run made of its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::commands) struct Belief {
    pub(in crate::commands) user_id: String,
    outcome: Option<Outcome>,
    fetched_at: Option<Timestamp>,
    decision: Option<String>,
    /// In days since 1970-01-01.
    expires_on: Option<i32>,
}

impl Belief {
    /// The users of an earlier run, in roster order, batch by batch.
    pub(in crate::commands) fn batches(
        users: &PublishedTable,
    ) -> impl Iterator<Item = Result<Vec<Self>, Error>> {
        users
            .batches(Some(&COLUMNS))
            .map(|batch| Ok(Self::read(&batch.map_err(Error::unreadable)?)?))
    }

    /// Whether the run asked and got nothing.
    pub(in crate::commands) fn was_asked_in_vain(&self) -> bool {
        self.outcome == Some(Outcome::Exhausted)
    }

    /// Whether there is something to carry: whatever the partner said.
    pub(in crate::commands) fn is_of_an_answer(&self) -> bool {
        match self.outcome {
            Some(
                Outcome::Answered | Outcome::NoVerification | Outcome::Denied | Outcome::Unreadable,
            ) => true,
            Some(Outcome::Exhausted | Outcome::NotAttempted) | None => false,
        }
    }

    /// Reads them off a batch of `users`.
    fn read(users: &DataFrame) -> PolarsResult<Vec<Self>> {
        let [ids, outcomes, times, decisions, expiries] = COLUMNS.map(|name| users.column(name));
        let (ids, outcomes, times) = (ids?.str()?, outcomes?.str()?, times?.datetime()?);
        let (decisions, expiries) = (decisions?.str()?, expiries?.date()?);
        let belief = |row| Self {
            user_id: ids.get(row).unwrap_or_default().to_owned(),
            outcome: outcomes.get(row).and_then(Outcome::parse),
            fetched_at: times
                .physical()
                .get(row)
                .and_then(|us| Timestamp::from_microsecond(us).ok()),
            decision: decisions.get(row).map(str::to_owned),
            expires_on: expiries.physical().get(row),
        };
        Ok((0..users.height()).map(belief).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_stands_while_it_is_young_final_and_of_a_valid_document() -> Result<(), jiff::Error>
    {
        let at: Timestamp = "2026-11-23T01:00:00Z".parse()?;
        let today = i32::try_from(at.as_second().div_euclid(DAY)).unwrap_or_default();
        let terms = Terms {
            max_age: Duration::from_hours(48),
            final_decisions: &[Decision::Approved, Decision::Rejected],
            at,
        };
        let validity = |fetched_at: &str, decision: Option<&str>, expires_on| {
            Ok::<_, jiff::Error>(terms.validity(&Belief {
                user_id: "ana".to_owned(),
                outcome: Some(Outcome::Answered),
                fetched_at: Some(fetched_at.parse()?),
                decision: decision.map(str::to_owned),
                expires_on,
            }))
        };
        let young = "2026-11-21T01:00:01Z";
        assert_eq!(validity(young, Some("approved"), None)?, Validity::Current);
        assert_eq!(validity(young, Some("rejected"), Some(today))?, Validity::Current);
        assert_eq!(validity("2026-11-21T01:00:00Z", Some("approved"), None)?, Validity::Stale);
        assert_eq!(validity(young, Some("approved"), Some(today - 1))?, Validity::Stale, "expired");
        let before = Some(today - 3);
        assert_eq!(validity(young, Some("approved"), before)?, Validity::Current, "long expired");
        for open in [Some("review"), Some("undecided"), Some("unrecognized"), None] {
            assert_eq!(validity(young, open, None)?, Validity::Open, "{open:?}");
        }
        let tomorrow = "2026-11-24T01:00:00Z";
        assert_eq!(
            validity(tomorrow, Some("approved"), None)?,
            Validity::Current,
            "a clock went back"
        );
        assert_eq!(validity("2027-11-24T01:00:00Z", Some("approved"), None)?, Validity::Stale);
        Ok(())
    }
}
