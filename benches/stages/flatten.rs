//! Documents in memory to columns, nothing written; both passes, as `rebuild` makes them. `make bench` holds this
//! against parsing only.

use kyc_recon::assess::policy::Policy;

use crate::{cpu::Bencher, crowd::Crowd};

/// A page of the derivation.
pub(crate) const PAGE: usize = 4_096;

pub(crate) fn bench(criterion: &mut Bencher) {
    let crowd = Crowd::of(PAGE);
    let policy = Policy::built_in().expect("a policy");
    let mut group = criterion.benchmark_group("flatten");
    group.throughput(crowd.throughput());
    group.bench_function("documents", |bencher| bencher.iter(|| crowd.flatten(&policy)));
    group.finish();
}
