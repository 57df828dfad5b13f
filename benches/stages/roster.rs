//! Roster parsing: bytes of a CSV file to users.

use criterion::Throughput;
use kyc_recon::{
    roster::{header::Dialect, reader::Reader},
    sandbox::population,
};

use crate::cpu::Bencher;

const USERS: usize = 20_000;

pub(crate) fn bench(criterion: &mut Bencher) {
    let csv: String = population::roster(7, USERS).collect();
    let dialect = Dialect { delimiter: None, column: None };
    let mut group = criterion.benchmark_group("roster");
    group.throughput(Throughput::Elements(USERS as u64));
    group.bench_function("lines", |bencher| {
        bencher.iter(|| {
            let reader = Reader::open(csv.as_bytes(), "bench", &dialect).expect("a header");
            reader.inspect(|line| assert!(line.is_ok())).count()
        });
    });
    group.finish();
}
