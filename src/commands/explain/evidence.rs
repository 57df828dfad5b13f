//! The evidence of one user: the archived answer, and what reading it again brings.

use jiff::Timestamp;
use polars::prelude::DataFrame;
use serde_json::Value;

use crate::{
    assess::policy::Policy,
    console::explained::{Answer, Drift, Record, Roster},
    error::Error,
    flatten::{
        census::Census,
        flattener::{Before, Flattener, Subject},
    },
    kyc::envelope::{self, Document, Opened},
    model::{
        digest::Digest,
        ids::{RunId, UserId},
        outcome::Outcome,
    },
    report::reading,
};

/// The user's row of the archive.
pub(super) struct Evidence {
    row: Record,
    body: Option<Vec<u8>>,
}

impl Evidence {
    /// Reads the row; one that is not there is evidence of nothing.
    pub(super) fn read(rows: &DataFrame) -> Result<Self, Error> {
        if rows.height() == 0 {
            return Ok(Self { row: Record::new(), body: None });
        }
        let body = rows.column("body")?.binary()?.get(0).map(<[u8]>::to_vec);
        Ok(Self { row: reading::record(&rows.drop("body")?, 0)?, body })
    }

    /// Where the user stands in the roster, with the roster's other columns.
    pub(super) fn roster(&self) -> Roster {
        let columns = self.text("roster_extra").and_then(|text| serde_json::from_str(text).ok());
        Roster {
            position: self.number("position"),
            line: self.number("roster_line"),
            columns: columns.unwrap_or_default(),
        }
    }

    /// The settling answer, its digest made anew from its bytes.
    pub(super) fn answer(&self, user: &Record) -> Answer {
        let recomputed = self.body.as_deref().map(|body| Digest::of(body).to_string());
        let stated = self.text("body_sha256").map(str::to_owned);
        let in_users = user.get("document_sha256").and_then(Value::as_str).map(str::to_owned);
        Answer {
            outcome: self.text("outcome").map(str::to_owned),
            http_status: self.number("http_status"),
            content_type: self.text("content_type").map(str::to_owned),
            fetched_at: self.text("fetched_at").map(str::to_owned),
            elapsed_ms: self.number("elapsed_ms"),
            request_id: self.text("request_id").map(str::to_owned),
            bytes: self.body.as_ref().map(|body| body.len() as u64),
            digests_agree: recomputed == stated && stated == in_users,
            sha256: stated,
            recomputed_sha256: recomputed,
            holds: self.body.as_deref().map(|body| holds(&envelope::open(body))),
        }
    }

    /// The document of an answered user.
    pub(super) fn document(&self) -> Option<Document<'_>> {
        let body = self.body.as_deref().filter(|_| self.outcome() == Some(Outcome::Answered));
        match envelope::open(body?) {
            Opened::Document(document) => Some(document),
            Opened::Error(_) | Opened::Unreadable(_) => None,
        }
    }

    /// What the catalogue did not expect in this document alone: it is read once more, as it was for the report.
    pub(super) fn drift(
        &self,
        run_id: &str,
        user: &UserId,
        policy: &Policy,
    ) -> Result<Vec<Drift>, Error> {
        let (Ok(run_id), Some(outcome)) = (RunId::parse(run_id), self.outcome()) else {
            return Ok(Vec::new());
        };
        let mut flattener =
            Flattener::new(&run_id, &[], policy.face_score_scale(), Census::of(1).close());
        flattener.push(&self.subject(user, outcome));
        let seen = flattener.drift()?;
        let rows = (0..seen.height()).map(|row| reading::record(&seen, row));
        rows.map(|row| Ok(Drift::from(&row?))).collect()
    }

    fn subject<'a>(&'a self, user: &'a UserId, outcome: Outcome) -> Subject<'a> {
        let narrow = |number: u64| u16::try_from(number).ok();
        Subject {
            position: self.number("position").unwrap_or_default(),
            roster_line: self.number("roster_line").unwrap_or_default(),
            user_id: user,
            extra: &[],
            outcome,
            asked_by: None,
            http_status: self.number("http_status").and_then(narrow),
            fetched_at: self.text("fetched_at").and_then(|text| text.parse::<Timestamp>().ok()),
            attempts: 0,
            sha256: None,
            body: self.body.as_deref(),
            before: Before::default(),
        }
    }

    fn outcome(&self) -> Option<Outcome> {
        self.text("outcome").and_then(Outcome::parse)
    }

    fn text(&self, column: &str) -> Option<&str> {
        self.row.get(column).and_then(Value::as_str)
    }

    fn number(&self, column: &str) -> Option<u64> {
        self.row.get(column).and_then(Value::as_u64)
    }
}

/// What the body is, and where in it the document stands.
fn holds(opened: &Opened<'_>) -> String {
    match opened {
        Opened::Document(document) => match document.key() {
            Some(key) => format!("a document, at /{key}; pointers below begin there"),
            None => "a document".to_owned(),
        },
        Opened::Error(error) => {
            let message = error.message.as_deref().unwrap_or("without a message");
            format!("an error object: {message}")
        }
        Opened::Unreadable(why) => format!("no document: {}", why.as_str()),
    }
}
