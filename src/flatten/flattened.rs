//! For tests: one answer, flattened, its cells read back from the frames as text.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use super::{
    census::{self, Census},
    flattener::{Before, Flattener, Frames, Subject},
};
use crate::{
    kyc::face_score::FaceScoreScale,
    model::{
        ids::{RunId, UserId},
        outcome::Outcome,
    },
};
use polars::prelude::{AnyValue, DataFrame};

pub(super) const TABLES: [&str; 5] =
    ["users", "aml_entities", "aml_hits", "warnings", "status_reasons"];

/// The id asked about in these tests.
pub(super) const ASKED: &str = "9486244c-ff7d-4c22-9984-797179d7deaa";

/// How many users of the run have the same document, of whom one is flattened.
const TWINS: usize = 3;

/// The frames of one user, and the drift.
pub(super) struct Flattened {
    frames: Frames,
    drift: DataFrame,
}

/// A user who was asked about on 2026-03-01.
fn subject<'a>(user_id: &'a UserId, outcome: Outcome, body: &'a [u8]) -> Subject<'a> {
    Subject {
        position: 1,
        roster_line: 2,
        user_id,
        extra: &[],
        outcome,
        asked_by: None,
        http_status: Some(200),
        fetched_at: "2026-03-01T04:05:06Z".parse().ok(),
        attempts: 1,
        sha256: Some([0xab; 32]),
        body: Some(body),
        before: Before::default(),
    }
}

impl<B: AsRef<[u8]>> From<B> for Flattened {
    /// Flattens the body of an answer, fetched on 2026-03-01.
    fn from(body: B) -> Self {
        Self::of(Outcome::Answered, body.as_ref())
    }
}

impl Flattened {
    pub(super) fn of(outcome: Outcome, body: &[u8]) -> Self {
        let run = RunId::parse("run").expect("a run id");
        let user = UserId::parse(ASKED).expect("a user id");
        let active = [Some("active".to_owned())];
        let subject = Subject { extra: &active, ..subject(&user, outcome, body) };
        let mut census = Census::of(TWINS);
        (0..TWINS).for_each(|_| census.note(census::numbers(body)));
        let headers = ["Our Status".to_owned()];
        let mut flattener = Flattener::new(&run, &headers, FaceScoreScale::Auto, census.close());
        flattener.push(&subject);
        let frames = flattener.take().expect("frames");
        Self { frames, drift: flattener.drift().expect("a frame") }
    }

    fn frame(&self, table: &str) -> &DataFrame {
        match table {
            "users" => &self.frames.users,
            "aml_entities" => &self.frames.aml_entities,
            "aml_hits" => &self.frames.aml_hits,
            "warnings" => &self.frames.warnings,
            "status_reasons" => &self.frames.status_reasons,
            _ => &self.drift,
        }
    }

    pub(super) fn height(&self, table: &str) -> usize {
        self.frame(table).height()
    }

    fn rows(&self, table: &str) -> Vec<Vec<(String, String)>> {
        let names = self.frame(table).get_column_names();
        let cell = |row, name: &str| self.cell(table, row, name).unwrap_or_else(|| "-".to_owned());
        (0..self.height(table))
            .map(|row| names.iter().map(|name| (name.to_string(), cell(row, name))).collect())
            .collect()
    }

    /// A cell as text, or none if it is null.
    pub(super) fn cell(&self, table: &str, row: usize, column: &str) -> Option<String> {
        match self.frame(table).column(column).expect("a column").get(row).expect("a row") {
            AnyValue::Null => None,
            // Polars would round it for the eye.
            AnyValue::Float64(number) => Some(format!("{number:?}")),
            value => Some(value.get_str().map_or_else(|| value.to_string(), str::to_owned)),
        }
    }

    /// A cell of the user's row, `-` for null.
    pub(super) fn user(&self, column: &str) -> String {
        self.cell("users", 0, column).unwrap_or_else(|| "-".to_owned())
    }

    /// The cells of a column, `-` for null.
    pub(super) fn column(&self, table: &str, column: &str) -> Vec<String> {
        let cells = (0..self.height(table)).map(|row| self.cell(table, row, column));
        cells.map(|cell| cell.unwrap_or_else(|| "-".to_owned())).collect()
    }

    /// The drift, each as `kind pointer sample`.
    pub(super) fn drift(&self) -> Vec<String> {
        let [kind, pointer, sample] =
            ["kind", "pointer", "sample"].map(|name| self.column("drift", name));
        let rows = kind.iter().zip(&pointer).zip(&sample);
        rows.map(|((kind, pointer), sample)| format!("{kind} {pointer} {sample}")).collect()
    }
}

/// Cells of the user's row of a document, `-` for null.
pub(super) fn users(document: &str, columns: &[&str]) -> Vec<String> {
    let flat = Flattened::from(document);
    columns.iter().map(|column| flat.user(column)).collect()
}

/// The rows of several users, in the order of their positions, and the drift.
#[derive(Debug, PartialEq)]
pub(super) struct Crowd {
    /// By table, each row as its cells by column.
    rows: Vec<Vec<Vec<(String, String)>>>,
    pub(super) drift: Vec<Vec<(String, String)>>,
}

impl Crowd {
    /// Flattens users with these bodies, pushed in this order.
    pub(super) fn flatten(bodies: &[String], order: &[usize]) -> Self {
        let run = RunId::parse("run").expect("a run id");
        let user = |at: &usize| UserId::parse(&format!("user-{at}")).expect("a user id");
        let users: Vec<_> = order.iter().map(user).collect();
        let subjects = || {
            order.iter().zip(&users).map(|(at, user)| Subject {
                position: *at as u64 + 1,
                ..subject(user, Outcome::Answered, bodies[*at].as_bytes())
            })
        };
        let mut census = Census::of(bodies.len());
        subjects()
            .filter_map(|subject| subject.answer())
            .for_each(|answer| census.note(census::numbers(answer)));
        let mut flattener = Flattener::new(&run, &[], FaceScoreScale::Auto, census.close());
        subjects().for_each(|subject| flattener.push(&subject));
        let frames = Flattened {
            frames: flattener.take().expect("frames"),
            drift: flattener.drift().expect("a frame"),
        };
        let rows = TABLES.map(|table| {
            let mut rows = frames.rows(table);
            // Stable, so that the rows of one user stay in their order.
            rows.sort_by_key(|row| row.iter().find(|(name, _)| name == "user_id").cloned());
            rows
        });
        Self { rows: rows.to_vec(), drift: frames.rows("drift") }
    }

    /// A column of `users`, `-` for null.
    pub(super) fn users(&self, column: &str) -> Vec<String> {
        let rows = self.rows.first().into_iter().flatten();
        let cells = rows.flat_map(|row| row.iter().filter(|(name, _)| name == column));
        cells.map(|(_, cell)| cell.clone()).collect()
    }
}
