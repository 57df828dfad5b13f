//! All statistics over the tables of a published run.

use std::process::{Command, Stdio};

use criterion::Throughput;
use kyc_recon::{
    sandbox::population,
    tally::{runner, statistic},
};
use tempfile::TempDir;

use crate::cpu::Bencher;

const USERS: usize = 5_000;

pub(crate) fn bench(criterion: &mut Bencher) {
    let place = TempDir::new().expect("a directory");
    let tables = place.path().join("reports/bench/tables");
    let statistics = statistic::of_run(&[]);
    let mut group = criterion.benchmark_group("tally");
    group.throughput(Throughput::Elements(USERS as u64));
    group.bench_function("statistics", |bencher| {
        if !tables.exists() {
            publish(&place);
        }
        bencher.iter(|| runner::run(&[&tables], &statistics).expect("statistics").len());
    });
    group.finish();
}

/// Publishes a run of the sandbox's people. It is incomplete where an answer cannot be read, which is no matter here.
fn publish(place: &TempDir) {
    let roster: String = population::roster(7, USERS).collect();
    std::fs::write(place.path().join("roster.csv"), roster).expect("a roster");
    Command::new(env!("CARGO_BIN_EXE_kyc-recon"))
        .args(["run", "roster.csv", "--sandbox", "--run-id", "bench", "--quiet"])
        .current_dir(place.path())
        .stdout(Stdio::null())
        .status()
        .expect("a run");
}
