//! The tables, written batch by batch in roster order, so that memory does not grow with the roster.

use polars::prelude::DataFrame;

use super::{
    Inputs, breaks,
    evidence::{self, Evidence, Facts, Numbers, Pages},
    ledger::Ledger,
    relay::relay,
    rows::{Brought, attempt_row, reject_row, reread_row, roster_counts_row},
};
use crate::{
    assess::policy::Policy,
    error::Error,
    flatten::{
        cell::Cell,
        census::{self, Census, Shared},
        columns::TableBuilder,
        flattener::{AskedBy, Before, Flattener, Frames, Subject},
    },
    kyc::catalogue::{self, Table},
    model::{
        digest::Digest,
        evidence::{Remembered, Settled},
        outcome::Outcome,
    },
    reconcile::standing::{Standing, Standings},
    report::{
        archive::{ArchiveWriter, Response},
        error::ReportError,
        parquet::FileFacts,
        publish::Staging,
        roster_extra::RosterExtra,
        table::TableFiles,
    },
    roster::counts::RosterCounts,
};

/// Users who are judged together, two pages of them: for each batch the engine makes its plan anew.
const JUDGED: usize = 2 * evidence::USERS;

/// Rows of a ledger that are built at a time, however many come to a page.
const LEDGER_ROWS: usize = 2_048;

/// Every table of a report whose roster has these other columns.
pub(in crate::commands) fn published(roster_columns: &[String]) -> Vec<Table> {
    let users = catalogue::users_table(roster_columns);
    let others = catalogue::tables().iter().filter(|table| table.name != users.name);
    std::iter::once(users.clone()).chain(others.cloned()).collect()
}

/// The tables that are made of the other ones, once these are complete.
const LATER: [&str; 2] = ["breaks", "actions"];

/// Writes every table but [`LATER`], and the archive; gives what was counted on the way.
pub(super) fn write(inputs: Inputs<'_>, staging: &Staging) -> Result<Ledger, Error> {
    let Inputs { evidence, policy, .. } = inputs;
    let facts = evidence.facts();
    let columns = &facts.derivation.roster_columns;
    let standings = breaks::standings(inputs.baseline)?;
    let mut desk = Desk::open(inputs, staging)?;
    let mut flattener =
        Flattener::new(&facts.run_id, columns, policy.face_score_scale(), census(evidence)?)
            .showing(facts.derivation.media);
    let mut waiting = 0;
    let batches = evidence.users().map(|page| {
        let page = page?;
        for user in &page {
            let subject = subject(user, facts);
            flattener.push(&Subject { before: before(&standings, user), ..subject });
        }
        waiting += page.len();
        if waiting < JUDGED {
            return Ok((page, None));
        }
        waiting = 0;
        Ok((page, Some(flattener.take()?)))
    });
    relay(batches, |(page, frames)| {
        desk.note_times(&page);
        desk.archive(&page)?;
        // The documents are not needed any more, and judging needs memory of its own.
        drop(page);
        frames.map_or(Ok(()), |frames| desk.judge(frames, policy))
    })?;
    if waiting > 0 {
        desk.judge(flattener.take()?, policy)?;
    }
    let drift = flattener.drift()?;
    desk.ledger.note_drift(&drift)?;
    desk.append("drift", &drift)?;
    let mut brought = Brought::default();
    desk.write_ledger("attempts", evidence.attempts(), |run_id, attempt| {
        attempt_row(run_id, attempt, brought.note(attempt))
    })?;
    desk.write_ledger("rereads", evidence.rereads(), reread_row)?;
    desk.write_roster_counts(facts.counts)?;
    desk.write_ledger("rejects", evidence.rejects(), reject_row)?;
    desk.finish()
}

/// Counts who shares a number with others: before the first user is flattened, because he may share one with the last.
fn census(evidence: &dyn Evidence) -> Result<Shared, Error> {
    let users = usize::try_from(evidence.facts().counts.unique).unwrap_or_default();
    let mut census = Census::of(users);
    relay(evidence.numbers(), |page| {
        for numbers in &page {
            census.note(match numbers {
                Numbers::Known(identity) => *identity,
                Numbers::In(answer) => census::numbers(answer),
            });
        }
        Ok(())
    })?;
    Ok(census.close())
}

/// The open files of a report and what was counted so far.
struct Desk<'a> {
    run_id: &'a str,
    files: Vec<(Table, TableFiles)>,
    archive: ArchiveWriter,
    extra: RosterExtra,
    ledger: Ledger,
}

/// Creates the files of a table.
pub(super) fn create(
    inputs: Inputs<'_>,
    staging: &Staging,
    table: &Table,
) -> Result<TableFiles, ReportError> {
    let derivation = &inputs.evidence.facts().derivation;
    let csv = derivation.csv.then_some(derivation.mark());
    let policy_sha256 = inputs.policy.digest();
    TableFiles::create(staging, table, file_facts(inputs, table.name, &policy_sha256), csv)
}

/// What a file of a report says about itself.
pub(super) fn file_facts<'a>(
    inputs: Inputs<'a>,
    table: &'a str,
    policy_sha256: &'a str,
) -> FileFacts<'a> {
    let Facts { run_id, environment, .. } = inputs.evidence.facts();
    let tool_version = env!("CARGO_PKG_VERSION");
    FileFacts { run_id, table, environment: *environment, policy_sha256, tool_version }
}

impl<'a> Desk<'a> {
    fn open(inputs: Inputs<'a>, staging: &Staging) -> Result<Self, ReportError> {
        let facts = inputs.evidence.facts();
        let roster_columns = &facts.derivation.roster_columns;
        let tables = published(roster_columns).into_iter();
        let now = tables.filter(|table| !LATER.contains(&table.name));
        let files = now.map(|table| {
            let files = create(inputs, staging, &table)?;
            Ok((table, files))
        });
        let policy_sha256 = inputs.policy.digest();
        let archive = file_facts(inputs, "responses", &policy_sha256);
        Ok(Self {
            run_id: facts.run_id.as_str(),
            files: files.collect::<Result<_, ReportError>>()?,
            archive: ArchiveWriter::create(&staging.archive(), archive)?,
            extra: RosterExtra::new(roster_columns),
            ledger: Ledger::default(),
        })
    }

    fn append(&mut self, table: &str, batch: &DataFrame) -> Result<(), ReportError> {
        let files = self.files.iter_mut().find(|(known, _)| known.name == table);
        files.map_or(Ok(()), |(_, files)| files.append(batch))
    }

    /// Judges a batch of users and writes its rows.
    fn judge(&mut self, frames: Frames, policy: &Policy) -> Result<(), Error> {
        let judged = policy.assess(frames.users)?;
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

    fn archive(&mut self, batch: &[Remembered]) -> Result<(), ReportError> {
        let extras: Vec<_> = batch.iter().map(|user| self.extra.text(&user.extra)).collect();
        let responses = batch.iter().zip(&extras).map(|(user, extra)| response(user, extra));
        self.archive.append(&responses.collect::<Vec<_>>())
    }

    /// Writes the rows of a ledger, one for each thing that is remembered.
    fn write_ledger<T, const CELLS: usize>(
        &mut self,
        table: &str,
        remembered: Pages<'_, T>,
        mut row: impl for<'r> FnMut(&'r str, &'r T) -> [Cell<'r>; CELLS],
    ) -> Result<(), Error> {
        let mut builder = TableBuilder::new(catalogue::table(table));
        let mut rows = 0;
        for page in remembered {
            for one in &page? {
                builder.push(&row(self.run_id, one));
                rows += 1;
                if rows % LEDGER_ROWS == 0 {
                    self.append(table, &builder.take()?)?;
                }
            }
        }
        Ok(self.append(table, &builder.take()?)?)
    }

    fn write_roster_counts(&mut self, counts: RosterCounts) -> Result<(), Error> {
        let mut builder = TableBuilder::new(catalogue::table("roster_counts"));
        builder.push(&roster_counts_row(self.run_id, counts));
        Ok(self.append("roster_counts", &builder.take()?)?)
    }

    fn finish(mut self) -> Result<Ledger, Error> {
        for (table, files) in self.files {
            self.ledger.rows.insert(table.name.to_string(), files.finish()?);
        }
        self.ledger.rows.insert("responses".to_owned(), self.archive.finish()?);
        Ok(self.ledger)
    }
}

/// What the baseline made of the user.
fn before(standings: &Standings, user: &Remembered) -> Before {
    let Standing { decision, verdict } = standings.find(user.user_id.as_str()).unwrap_or_default();
    Before { decision, verdict }
}

fn outcome(user: &Remembered) -> Outcome {
    user.settled.as_ref().map_or(Outcome::NotAttempted, |settled| settled.outcome)
}

/// Seconds of a day by which ages are counted.
const DAY: i64 = 86_400;

fn asked_by<'a>(settled: &'a Settled, facts: &'a Facts) -> AskedBy<'a> {
    let age = facts.started_at.duration_since(settled.started_at).as_secs() / DAY;
    AskedBy {
        run_id: settled.carried_from.as_ref().unwrap_or(&facts.run_id),
        is_carried: settled.carried_from.is_some(),
        // What was fetched after the start, or by a clock that was set back since, is not of tomorrow.
        age_days: age.max(0),
    }
}

/// A user for the flattener, without what the baseline made of him.
pub(in crate::commands) fn subject<'a>(user: &'a Remembered, facts: &'a Facts) -> Subject<'a> {
    let settled = user.settled.as_ref();
    Subject {
        position: user.position,
        roster_line: user.line,
        user_id: &user.user_id,
        extra: &user.extra,
        outcome: outcome(user),
        asked_by: settled.map(|settled| asked_by(settled, facts)),
        http_status: settled.and_then(|settled| settled.status),
        fetched_at: settled.map(|settled| settled.started_at),
        attempts: user.attempts,
        sha256: settled.and_then(|settled| settled.body_sha256),
        body: settled.and_then(|settled| settled.body.as_deref()),
        before: Before::default(),
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
        carried_from: settled.and_then(|settled| settled.carried_from.as_ref()),
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
