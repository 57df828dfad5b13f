//! For tests: one answer, flattened, its cells read back from the frames as text.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use super::{
    census::Census,
    flattener::{Flattener, Frames, Subject},
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
        let subject = Subject {
            position: 1,
            roster_line: 2,
            user_id: &user,
            extra: &[Some("active".to_owned())],
            outcome,
            http_status: Some(200),
            fetched_at: "2026-03-01T04:05:06Z".parse().ok(),
            attempts: 1,
            sha256: Some([0xab; 32]),
            body: Some(body),
        };
        let mut census = Census::of(TWINS);
        (0..TWINS).for_each(|_| census.note(&subject));
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

    /// A cell as text, or none if it is null.
    pub(super) fn cell(&self, table: &str, row: usize, column: &str) -> Option<String> {
        match self.frame(table).column(column).expect("a column").get(row).expect("a row") {
            AnyValue::Null => None,
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
