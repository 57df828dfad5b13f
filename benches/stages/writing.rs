//! Writing a page of `users` as Parquet and as CSV.

use std::path::Path;

use criterion::Throughput;
use kyc_recon::{
    assess::policy::Policy,
    kyc::catalogue::{self, Table},
    report::{
        csv::{ByteOrderMark, CsvTableWriter},
        environment::Environment,
        parquet::{FileFacts, TableWriter},
    },
};
use polars::prelude::DataFrame;
use tempfile::TempDir;

use crate::{cpu::Bencher, crowd::Crowd, flatten::PAGE};

pub(crate) fn bench(criterion: &mut Bencher) {
    let policy = Policy::built_in().expect("a policy");
    let crowd = Crowd::of(PAGE);
    let users = policy.assess(crowd.flatten(&policy).users).expect("a judgement").users;
    let place = TempDir::new().expect("a directory");
    let file = place.path().join("users");
    let table = catalogue::users_table(&[]);
    let facts = FileFacts {
        run_id: &crowd.run_id,
        table: "users",
        environment: Environment::Sandbox,
        policy_sha256: "",
        tool_version: "",
    };
    let mut group = criterion.benchmark_group("writing");
    group.throughput(Throughput::Elements(PAGE as u64));
    group.bench_function("parquet", |b| b.iter(|| parquet(&file, &table, facts, &users)));
    group.bench_function("csv", |b| b.iter(|| csv(&file, &table, &users)));
    group.finish();
}

fn parquet(file: &Path, table: &Table, facts: FileFacts<'_>, users: &DataFrame) -> u64 {
    let mut writer = TableWriter::create(file, table, facts).expect("a file");
    writer.append(users).expect("a row group");
    writer.finish().expect("a footer")
}

fn csv(file: &Path, table: &Table, users: &DataFrame) -> u64 {
    let columns = table.columns.iter().map(|column| column.name.as_ref());
    let mut writer = CsvTableWriter::create(file, ByteOrderMark::Without, columns).expect("a file");
    writer.append(users).expect("rows");
    writer.finish().expect("an end")
}
