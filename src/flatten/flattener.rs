//! The flattener: users in, frames out.

use super::{
    cell::Cell,
    census::Shared,
    columns::TableBuilder,
    derive::{self, Asked},
    drift::{Drift, Sighting, Surprise},
    media,
    plan::Plan,
    sheet::{At, Record, Sheet, USERS},
    surroundings, walk,
};
use crate::{
    kyc::{
        decision::Decision,
        envelope::{self, Document, Opened},
        face_score::FaceScoreScale,
    },
    model::{
        digest::Digest,
        ids::{RunId, UserId},
        media::Media,
        outcome::Outcome,
        verdict::Verdict,
    },
};
use jiff::Timestamp;
use polars::prelude::{DataFrame, PolarsResult};

/// Which run asked, and how old its answer was when this run began.
#[derive(Debug, Clone, Copy)]
pub struct AskedBy<'a> {
    pub run_id: &'a RunId,
    pub is_carried: bool,
    pub age_days: i64,
}

/// One user of the roster and what asking about him brought.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// Place in the roster, from 1.
    pub position: u64,
    pub roster_line: u64,
    pub user_id: &'a UserId,
    /// The values of the roster's other columns, in header order; `None` is null.
    pub extra: &'a [Option<String>],
    pub outcome: Outcome,
    /// `None`: nobody has an answer.
    pub asked_by: Option<AskedBy<'a>>,
    pub http_status: Option<u16>,
    pub fetched_at: Option<Timestamp>,
    pub attempts: u32,
    pub sha256: Option<[u8; 32]>,
    /// The body as received, of any answer that had one. Flattened only if the outcome is `answered`.
    pub body: Option<&'a [u8]>,
    /// What the baseline made of the user; nothing if it did not have him.
    pub before: Before,
}

impl<'a> Subject<'a> {
    /// The body of who is answered; others have nothing to flatten.
    #[must_use]
    pub fn answer(&self) -> Option<&'a [u8]> {
        self.body.filter(|_| self.outcome == Outcome::Answered)
    }
}

/// What an earlier run made of a user.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Before {
    pub decision: Option<Decision>,
    pub verdict: Option<Verdict>,
}

/// The rows of a batch of users, each frame with exactly the columns of the catalogue.
pub struct Frames {
    pub users: DataFrame,
    pub aml_entities: DataFrame,
    pub aml_hits: DataFrame,
    pub warnings: DataFrame,
    pub status_reasons: DataFrame,
}

/// Turns users and their documents into rows. Batches are handed over by [`Flattener::take`]; drift is counted to the end.
pub struct Flattener {
    run_id: RunId,
    scale: FaceScoreScale,
    media: Media,
    shared: Shared,
    plan: Plan,
    builders: Vec<TableBuilder>,
    drift: Drift,
}

impl Flattener {
    /// A flattener for a run whose roster has these other columns, and of whose users the census was taken.
    #[must_use]
    pub fn new(
        run_id: &RunId,
        roster_columns: &[String],
        scale: FaceScoreScale,
        shared: Shared,
    ) -> Self {
        let plan = Plan::new(roster_columns);
        let builders = plan.tables.iter().map(|table| TableBuilder::new(&table.table)).collect();
        Self {
            run_id: run_id.clone(),
            scale,
            media: Media::Keep,
            shared,
            plan,
            builders,
            drift: Drift::default(),
        }
    }

    /// Shows no more of media addresses than this; without it, all.
    #[must_use]
    pub fn showing(self, media: Media) -> Self {
        Self { media, ..self }
    }

    /// Adds the rows of one user.
    pub fn push(&mut self, subject: &Subject<'_>) {
        let opened = subject.answer().map(envelope::open);
        let document = match &opened {
            Some(Opened::Document(document)) => Some(document),
            _ => None,
        };
        let mut sheet = Sheet::new(&self.plan);
        let mut sightings = unexpected(subject, document);
        if let Some(document) = document {
            sightings.extend(surroundings::keep(&self.plan, document, &mut sheet));
        }
        if let Some(document) = document {
            sightings.extend(walk::walk(&self.plan, document.value(), &mut sheet));
            let asked = Asked {
                user: subject.user_id,
                fetched_at: subject.fetched_at,
                scale: self.scale,
                shared: &self.shared,
            };
            sightings.extend(derive::derive(&self.plan, &asked, &mut sheet));
            media::guard(self.media, &self.plan, &mut sheet);
        }
        for seen in sightings {
            self.drift.note(subject.position, subject.user_id, seen);
        }
        fill_asking(&self.plan, subject, &mut sheet);
        finish_rows(&self.plan, &self.run_id, subject, &mut sheet);
        push_rows(&mut self.builders, &sheet);
    }

    /// The rows since the last call as frames.
    ///
    /// # Errors
    /// When polars cannot make a frame of them.
    pub fn take(&mut self) -> PolarsResult<Frames> {
        let mut frame =
            |name: &str| match self.plan.number(name).and_then(|at| self.builders.get_mut(at)) {
                Some(builder) => builder.take(),
                None => Ok(DataFrame::empty()),
            };
        Ok(Frames {
            users: frame("users")?,
            aml_entities: frame("aml_entities")?,
            aml_hits: frame("aml_hits")?,
            warnings: frame("warnings")?,
            status_reasons: frame("status_reasons")?,
        })
    }

    /// The `drift` table of all users pushed, in an order that does not depend on theirs.
    ///
    /// # Errors
    /// When polars cannot make a frame of it.
    pub fn drift(self) -> PolarsResult<DataFrame> {
        self.drift.into_frame(&self.run_id)
    }
}

/// What is unexpected about the body as a whole: an answer without a document, or bytes that are no text.
fn unexpected<'p>(subject: &Subject<'_>, document: Option<&Document<'_>>) -> Vec<Sighting<'p>> {
    let surprise = match document {
        Some(document) if document.repaired => Surprise::InvalidUtf8,
        None if subject.outcome == Outcome::Answered => Surprise::TypeClash,
        _ => return Vec::new(),
    };
    vec![Sighting::new(surprise, "users", None, "", None)]
}

/// Fills what the run knows about the user.
fn fill_asking<'d>(plan: &Plan, subject: &Subject<'d>, sheet: &mut Sheet<'d>) {
    let mut user = Record { plan: &plan.tables[USERS], row: sheet.row(At::USER) };
    user.set("baseline_decision", subject.before.decision.map(|word| Cell::word(word.as_str())));
    user.set("baseline_verdict", subject.before.verdict.map(|word| Cell::word(word.as_str())));
    user.set("position", i64::try_from(subject.position).ok());
    user.set("roster_line", i64::try_from(subject.roster_line).ok());
    user.set("outcome", Cell::word(subject.outcome.as_str()));
    user.set("carried", subject.asked_by.is_some_and(|asked| asked.is_carried));
    user.set("answer_run_id", subject.asked_by.map(|asked| asked.run_id.as_str()));
    user.set("answer_age_days", subject.asked_by.map(|asked| asked.age_days));
    user.set("fetched_at", subject.fetched_at);
    user.set("http_status", subject.http_status.map(i64::from));
    user.set("attempts", i64::from(subject.attempts));
    user.set("document_sha256", subject.sha256.map(|sha256| Digest::from(sha256).to_string()));
    user.set("document_bytes", subject.body.and_then(|body| i64::try_from(body.len()).ok()));
    let first_extra = user.row.cells.len() - plan.roster_columns;
    for (cell, value) in user.row.cells[first_extra..].iter_mut().zip(subject.extra) {
        *cell = Cell::from(value.as_deref());
    }
}

/// Writes into every row whose it is, and what had no place in it.
fn finish_rows<'d>(plan: &Plan, run_id: &'d RunId, subject: &Subject<'d>, sheet: &mut Sheet<'d>) {
    for (plan, rows) in plan.tables.iter().zip(&mut sheet.tables) {
        for row in rows {
            let unmapped = row.unmapped.to_json();
            let mut record = Record { plan, row };
            record.set("run_id", run_id.as_str());
            record.set("user_id", subject.user_id.as_str());
            record.set("unmapped", unmapped);
        }
    }
}

fn push_rows(builders: &mut [TableBuilder], sheet: &Sheet<'_>) {
    for (builder, rows) in builders.iter_mut().zip(&sheet.tables) {
        for row in rows {
            builder.push(&row.cells);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::census::Census, *};
    use crate::kyc::catalogue;
    use std::error::Error;

    fn subject<'a>(position: u64, user_id: &'a UserId, body: &'a str) -> Subject<'a> {
        Subject {
            position,
            roster_line: position + 1,
            user_id,
            extra: &[],
            outcome: Outcome::Answered,
            asked_by: None,
            http_status: Some(200),
            fetched_at: None,
            attempts: 1,
            sha256: None,
            body: Some(body.as_bytes()),
            before: Before::default(),
        }
    }

    #[test]
    fn a_batch_is_handed_over_once_and_an_empty_one_has_all_columns() -> Result<(), Box<dyn Error>>
    {
        let (run, user) = (RunId::parse("night")?, UserId::parse("u")?);
        let headers = ["Country".to_owned()];
        let mut flattener =
            Flattener::new(&run, &headers, FaceScoreScale::Auto, Census::of(0).close());
        let body = r#"{"idInfo":{"warnings":[{},{}]}}"#;
        flattener.push(&subject(1, &user, body));
        flattener.push(&subject(2, &user, body));
        let full = flattener.take()?;
        assert_eq!((full.users.height(), full.warnings.height()), (2, 4));
        let empty = flattener.take()?;
        assert_eq!((empty.users.height(), empty.warnings.height()), (0, 0));
        assert_eq!(empty.users.schema(), full.users.schema());
        let declared = catalogue::users_table(&headers).columns;
        let names: Vec<_> =
            empty.users.columns().iter().map(|column| column.name().as_str()).collect();
        assert_eq!(names, declared.iter().map(|column| column.name.as_str()).collect::<Vec<_>>());
        Ok(())
    }

    #[test]
    fn drift_does_not_depend_on_the_order_of_users() -> Result<(), Box<dyn Error>> {
        let run = RunId::parse("night")?;
        let users = [UserId::parse("a")?, UserId::parse("b")?, UserId::parse("c")?];
        let bodies =
            [r#"{"media":1,"x":1}"#, r#"{"media":{"y":1},"x":"s"}"#, r#"{"media":{"y":true}}"#];
        let drift = |order: [usize; 3]| {
            let mut flattener =
                Flattener::new(&run, &[], FaceScoreScale::Auto, Census::of(0).close());
            for at in order {
                flattener.push(&subject(at as u64, &users[at], bodies[at]));
            }
            flattener.drift()
        };
        let in_order = drift([0, 1, 2])?;
        assert_eq!(in_order.height(), 3);
        assert!(in_order.equals_missing(&drift([2, 0, 1])?));
        Ok(())
    }
}
