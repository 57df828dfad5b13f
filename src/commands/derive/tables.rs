//! The tables, written batch by batch in roster order, so that memory does not grow with the roster.

use polars::prelude::DataFrame;

use super::ledger::Ledger;
use crate::{
    commands::{roster::RosterFacts, workplace::Workplace},
    error::Error,
    flatten::{
        cell::Cell,
        census::{Census, Shared},
        columns::TableBuilder,
        flattener::{Flattener, Frames, Subject},
    },
    journal::{
        error::JournalError,
        records::{Remembered, RememberedAttempt, RememberedReject},
        store::Journal,
    },
    kyc::catalogue::{self, Table},
    model::{digest::Digest, outcome::Outcome},
    report::{
        archive::{ArchiveWriter, Response},
        csv::ByteOrderMark,
        environment::Environment,
        error::ReportError,
        parquet::FileFacts,
        publish::Staging,
        table::TableFiles,
    },
    roster::counts::RosterCounts,
    settings::RunSettings,
};

/// Users to a batch: some 12 MB of documents.
const USERS: usize = 4_096;
/// Attempts to a batch.
const ATTEMPTS: usize = 16_384;

/// Every table of a report whose roster has these other columns.
pub(super) fn published(roster_columns: &[String]) -> Vec<Table> {
    let users = catalogue::users_table(roster_columns);
    let others = catalogue::tables().iter().filter(|table| table.name != users.name);
    std::iter::once(users.clone()).chain(others.cloned()).collect()
}

/// Writes every table and the archive; gives what was counted on the way.
pub(super) fn write(
    journal: &Journal,
    staging: &Staging,
    place: &Workplace,
    settings: &RunSettings,
    facts: &RosterFacts,
    environment: Environment,
) -> Result<Ledger, Error> {
    let mut desk = Desk::open(staging, place, settings, facts, environment)?;
    let mut flattener = Flattener::new(
        &place.run_id,
        &facts.columns,
        settings.policy.face_score_scale(),
        census(journal)?,
    );
    let mut after = 0;
    loop {
        let batch = journal.remembered(after, USERS)?;
        let Some(last) = batch.last() else { break };
        after = last.position;
        desk.note_times(&batch);
        desk.archive(&batch, &facts.columns)?;
        for user in &batch {
            flattener.push(&subject(user));
        }
        desk.judge(flattener.take()?, settings)?;
    }
    desk.append("drift", &flattener.drift()?)?;
    desk.write_attempts(journal)?;
    desk.write_roster_counts(facts.counts())?;
    desk.write_rejects(&journal.rejects()?)?;
    desk.finish()
}

/// Counts who shares a number with others: before the first user is flattened, because he may share one with the last.
fn census(journal: &Journal) -> Result<Shared, JournalError> {
    let users = usize::try_from(journal.count()?.settled).unwrap_or_default();
    let mut census = Census::of(users);
    let mut after = 0;
    loop {
        let batch = journal.remembered(after, USERS)?;
        let Some(last) = batch.last() else { return Ok(census.close()) };
        after = last.position;
        for user in &batch {
            census.note(&subject(user));
        }
    }
}

/// The open files of a report and what was counted so far.
struct Desk<'a> {
    run_id: &'a str,
    files: Vec<(Table, TableFiles)>,
    archive: ArchiveWriter,
    ledger: Ledger,
}

impl<'a> Desk<'a> {
    fn open(
        staging: &Staging,
        place: &'a Workplace,
        settings: &RunSettings,
        facts: &RosterFacts,
        environment: Environment,
    ) -> Result<Self, ReportError> {
        let tool_version = env!("CARGO_PKG_VERSION");
        let policy_sha256 = &settings.policy.digest();
        let of = |table| FileFacts {
            run_id: &place.run_id,
            table,
            environment,
            policy_sha256,
            tool_version,
        };
        let csv = settings.csv.then_some(ByteOrderMark::if_asked(settings.csv_bom));
        let create = |table: Table| {
            let files = TableFiles::create(staging, &table, of(table.name), csv)?;
            Ok((table, files))
        };
        let files = published(&facts.columns).into_iter().map(create);
        Ok(Self {
            run_id: place.run_id.as_str(),
            files: files.collect::<Result<_, ReportError>>()?,
            archive: ArchiveWriter::create(&staging.archive(), of("responses"))?,
            ledger: Ledger::default(),
        })
    }

    fn append(&mut self, table: &str, batch: &DataFrame) -> Result<(), ReportError> {
        let files = self.files.iter_mut().find(|(known, _)| known.name == table);
        files.map_or(Ok(()), |(_, files)| files.append(batch))
    }

    /// Judges a batch of users and writes its rows.
    fn judge(&mut self, frames: Frames, settings: &RunSettings) -> Result<(), Error> {
        let judged = settings.policy.assess(frames.users)?;
        self.ledger.count(&judged.users)?;
        for (table, frame) in [
            ("users", &judged.users),
            ("rule_hits", &judged.rule_hits),
            ("aml_entities", &frames.aml_entities),
            ("aml_hits", &frames.aml_hits),
            ("warnings", &frames.warnings),
            ("status_reasons", &frames.status_reasons),
        ] {
            self.append(table, frame)?;
        }
        Ok(())
    }

    fn note_times(&mut self, batch: &[Remembered]) {
        for settled in batch.iter().filter_map(|user| user.settled.as_ref()) {
            self.ledger.fetched(settled.started_at);
        }
    }

    fn archive(&mut self, batch: &[Remembered], columns: &[String]) -> Result<(), ReportError> {
        let extras: Vec<_> = batch.iter().map(|user| extra(columns, user)).collect();
        let responses = batch.iter().zip(&extras).map(|(user, extra)| response(user, extra));
        self.archive.append(&responses.collect::<Vec<_>>())
    }

    fn write_attempts(&mut self, journal: &Journal) -> Result<(), Error> {
        let mut builder = TableBuilder::new(catalogue::table("attempts"));
        let mut after = (0, 0);
        loop {
            let page = journal.attempts(after, ATTEMPTS)?;
            let Some((position, last)) = page.last() else { return Ok(()) };
            after = (*position, last.number);
            for (_, attempt) in &page {
                builder.push(&attempt_row(self.run_id, attempt));
            }
            self.append("attempts", &builder.take()?)?;
        }
    }

    fn write_roster_counts(&mut self, counts: RosterCounts) -> Result<(), Error> {
        let mut builder = TableBuilder::new(catalogue::table("roster_counts"));
        builder.push(&roster_counts_row(self.run_id, counts));
        Ok(self.append("roster_counts", &builder.take()?)?)
    }

    fn write_rejects(&mut self, rejects: &[RememberedReject]) -> Result<(), Error> {
        let mut builder = TableBuilder::new(catalogue::table("rejects"));
        for reject in rejects {
            builder.push(&reject_row(self.run_id, reject));
        }
        Ok(self.append("rejects", &builder.take()?)?)
    }

    fn finish(mut self) -> Result<Ledger, Error> {
        for (table, files) in self.files {
            self.ledger.rows.insert(table.name.to_string(), files.finish()?);
        }
        self.ledger.rows.insert("responses".to_owned(), self.archive.finish()?);
        Ok(self.ledger)
    }
}

fn outcome(user: &Remembered) -> Outcome {
    user.settled.as_ref().map_or(Outcome::NotAttempted, |settled| settled.outcome)
}

fn subject(user: &Remembered) -> Subject<'_> {
    let settled = user.settled.as_ref();
    Subject {
        position: user.position,
        roster_line: user.line,
        user_id: &user.user_id,
        extra: &user.extra,
        outcome: outcome(user),
        http_status: settled.and_then(|settled| settled.status),
        fetched_at: settled.map(|settled| settled.started_at),
        attempts: user.attempts,
        sha256: settled.and_then(|settled| settled.body_sha256),
        body: settled.and_then(|settled| settled.body.as_deref()),
    }
}

fn response<'a>(user: &'a Remembered, extra: &'a str) -> Response<'a> {
    let settled = user.settled.as_ref();
    Response {
        user_id: &user.user_id,
        position: user.position,
        roster_line: user.line,
        roster_extra: Some(extra),
        outcome: outcome(user),
        http_status: settled.and_then(|settled| settled.status),
        content_type: settled.and_then(|settled| settled.content_type.as_deref()),
        fetched_at: settled.map(|settled| settled.started_at),
        elapsed_ms: settled.map(|settled| settled.elapsed_ms),
        attempts: user.attempts.into(),
        request_id: settled.map(|settled| settled.request_id.as_str()),
        body: settled.and_then(|settled| settled.body.as_deref()),
        body_sha256: settled.and_then(|settled| settled.body_sha256).map(Digest::from),
    }
}

/// The roster's other columns as a JSON object, by header.
fn extra(columns: &[String], user: &Remembered) -> String {
    let values = user.extra.iter().map(|value| value.as_deref().into());
    columns
        .iter()
        .cloned()
        .zip(values)
        .collect::<serde_json::Map<_, _>>()
        .into_iter()
        .collect::<serde_json::Value>()
        .to_string()
}

fn attempt_row<'a>(run_id: &'a str, attempt: &'a RememberedAttempt) -> [Cell<'a>; 11] {
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
    ]
}

fn roster_counts_row(run_id: &str, counts: RosterCounts) -> [Cell<'_>; 6] {
    let RosterCounts { input_rows, unique, duplicates, blanks, rejects } = counts;
    [
        run_id.into(),
        whole(input_rows),
        whole(unique),
        whole(duplicates),
        whole(blanks),
        whole(rejects),
    ]
}

fn reject_row<'a>(run_id: &'a str, reject: &'a RememberedReject) -> [Cell<'a>; 4] {
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
