//! Appending answers to a journal on a disk: compressing, hashing, committing in groups.

use std::sync::Arc;

use criterion::BatchSize;
use jiff::Timestamp;
use kyc_recon::{
    journal::{
        error::JournalError,
        records::{AttemptRecord, CameOf, OutcomeRecord, Purpose},
        store::Journal,
        writer::{Entry, Writer},
    },
    model::{identity::Identity, outcome::Outcome},
};
use tempfile::TempDir;
use tokio::runtime::Builder;

use crate::{cpu::Bencher, crowd::Crowd};

pub(crate) fn bench(criterion: &mut Bencher) {
    let crowd = Crowd::of(2_000);
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let mut group = criterion.benchmark_group("journal");
    group.throughput(crowd.throughput());
    group.bench_function("append", |bencher| {
        let set_up = || (loaded(&crowd), entries(&crowd));
        let append = |((place, journal), entries): ((TempDir, Journal), Vec<Entry>)| {
            let writer = Writer::start(journal, Arc::new(|_| ()));
            runtime.block_on(async {
                for entry in entries {
                    writer.append(entry).await.expect("a writer");
                }
            });
            writer.finish().expect("a journal");
            place
        };
        bencher.iter_batched(set_up, append, BatchSize::PerIteration);
    });
    group.finish();
}

/// A journal that has taken the crowd in, in a directory of its own.
fn loaded(crowd: &Crowd) -> (TempDir, Journal) {
    let place = TempDir::new().expect("a directory");
    let journal = Journal::open(&place.path().join("journal.sqlite")).expect("a journal");
    let loaded = journal.load::<JournalError>(|loading| {
        for (line, (user_id, _)) in (2..).zip(&crowd.people) {
            loading.user(line, user_id, &[])?;
        }
        Ok(Vec::new())
    });
    loaded.expect("a roster");
    (place, journal)
}

fn entries(crowd: &Crowd) -> Vec<Entry> {
    (1..).zip(&crowd.people).map(|(position, (_, body))| entry(position, body)).collect()
}

fn entry(position: u64, body: &[u8]) -> Entry {
    Entry {
        purpose: Purpose::Settle,
        attempt: AttemptRecord {
            position,
            number: 1,
            request_id: format!("bench-1-{position}-1"),
            started_at: Timestamp::UNIX_EPOCH,
            elapsed_ms: 1,
            came_of: CameOf::Answer { status: 200, body_bytes: body.len() as u64 },
            reason: "document",
            asked_wait_ms: None,
            retried: false,
        },
        outcome: Some(OutcomeRecord {
            outcome: Outcome::Answered,
            reason: "document",
            content_type: Some("application/json".to_owned()),
            body: Some(body.to_vec()),
            identity: Identity { document: Some(position), tax_id: None },
        }),
        from_sandbox: false,
    }
}
