//! Judging a page of users by the built-in policy.

use criterion::{BatchSize, Throughput};
use kyc_recon::assess::policy::Policy;

use crate::{cpu::Bencher, crowd::Crowd, flatten::PAGE};

pub(crate) fn bench(criterion: &mut Bencher) {
    let policy = Policy::built_in().expect("a policy");
    let users = Crowd::of(PAGE).flatten(&policy).users;
    let mut group = criterion.benchmark_group("assess");
    group.throughput(Throughput::Elements(PAGE as u64));
    group.bench_function("users", |bencher| {
        let judge = |users| policy.assess(users).expect("a judgement");
        bencher.iter_batched(|| users.clone(), judge, BatchSize::LargeInput);
    });
    group.finish();
}
