//! `derive-stream`: rows of an archive in, rows of one table out, both as Arrow IPC streams: for an engine that does on many
//! machines what `rebuild` does on one, by the same code. Reads and writes nothing else.

mod census_file;

use std::io;

use super::{
    derive::{
        self,
        evidence::{Facts, archived},
        tables,
    },
    published::Published,
};
use crate::{
    assess::policy::Policy,
    cli::stream::{DeriveStreamArgs, StreamedTable},
    error::{Error, ExitStatus},
    flatten::{
        census::{self, Census, Shared},
        flattener::{Before, Flattener, Frames, Subject},
    },
    report::{
        certificate::Certificate,
        parquet,
        stream::{
            incoming::{Incoming, Received},
            outgoing::Outgoing,
        },
    },
    settings,
};

/// Derives the rows of a table for the rows of the archive.
pub(super) fn derive_stream(args: &DeriveStreamArgs) -> Result<ExitStatus, Error> {
    let terms = Terms::read(args)?;
    let columns = &terms.facts.derivation.roster_columns;
    let rows = Incoming::open(io::stdin().lock(), columns).map_err(Error::unreadable)?;
    let sink = io::BufWriter::new(io::stdout().lock());
    match args.table {
        StreamedTable::Census => numbers(rows, &terms, sink)?,
        table => derived(rows, terms, table, sink)?,
    }
    Ok(ExitStatus::Complete)
}

/// What the rows are derived by.
struct Terms {
    facts: Facts,
    policy: Policy,
    shared: Shared,
}

impl Terms {
    fn read(args: &DeriveStreamArgs) -> Result<Self, Error> {
        let run = Published::at(&args.run)?;
        let path = run.file("certificate.json");
        let certificate = Certificate::read(&path).map_err(Error::unreadable)?;
        let facts = archived::facts(&certificate, &path).map_err(Error::unreadable)?;
        let policy = match &args.policy {
            Some(policy) => settings::read_policy(policy)?,
            None => run.own_policy(&certificate)?,
        };
        derive::check_policy(&policy, &facts.derivation.roster_columns)?;
        let shared = args.census.as_deref().map(census_file::read).transpose()?;
        Ok(Self { facts, policy, shared: shared.unwrap_or_else(|| Census::of(0).close()) })
    }
}

/// A stream of the archive's rows.
type Rows<'a> = Incoming<io::StdinLock<'a>>;

/// The numbers by which users may be known to be one: each counts once for its user, whoever counts them together.
fn numbers(rows: Rows<'_>, terms: &Terms, sink: impl io::Write) -> Result<(), Error> {
    let mut stream = Outgoing::begin(sink, &census_file::schema())?;
    for batch in rows {
        let batch = batch.map_err(Error::unreadable)?;
        let users = batch.iter().map(|received| tables::subject(&received.user, &terms.facts));
        let numbers: Vec<_> = users.filter_map(|user| user.answer().map(census::numbers)).collect();
        stream.append(&census_file::frame(&numbers)?)?;
    }
    Ok(stream.finish()?)
}

fn derived(
    rows: Rows<'_>,
    terms: Terms,
    table: StreamedTable,
    sink: impl io::Write,
) -> Result<(), Error> {
    let Terms { facts, policy, shared } = terms;
    let columns = &facts.derivation.roster_columns;
    let published = tables::published(columns).into_iter().find(|one| one.name == table.as_str());
    let schema = published.map(|table| parquet::schema(&table)).unwrap_or_default();
    let mut stream = Outgoing::begin(sink, &schema)?;
    let mut flattener = Flattener::new(&facts.run_id, columns, policy.face_score_scale(), shared)
        .showing(facts.derivation.media);
    for batch in rows {
        for received in &batch.map_err(Error::unreadable)? {
            let subject = tables::subject(&received.user, &facts);
            flattener.push(&Subject { before: before(received), ..subject });
        }
        if let Some(frame) = pick(table, flattener.take()?, &policy)? {
            stream.append(&frame)?;
        }
    }
    if table == StreamedTable::Drift {
        stream.append(&flattener.drift()?)?;
    }
    Ok(stream.finish()?)
}

fn before(received: &Received) -> Before {
    Before { decision: received.baseline_decision, verdict: received.baseline_verdict }
}

/// The rows of the table, judged where it takes a judgement; none where they are known only at the end.
fn pick(
    table: StreamedTable,
    frames: Frames,
    policy: &Policy,
) -> Result<Option<polars::prelude::DataFrame>, Error> {
    Ok(match table {
        StreamedTable::Users => Some(policy.assess(frames.users)?.users),
        StreamedTable::RuleHits => Some(policy.assess(frames.users)?.rule_hits),
        StreamedTable::AmlEntities => Some(frames.aml_entities),
        StreamedTable::AmlHits => Some(frames.aml_hits),
        StreamedTable::Warnings => Some(frames.warnings),
        StreamedTable::StatusReasons => Some(frames.status_reasons),
        StreamedTable::Drift | StreamedTable::Census => None,
    })
}
