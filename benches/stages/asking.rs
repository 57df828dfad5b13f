//! What asking costs beside the network: ruling an answer, and passing the gate of a quota that does not bind.

use criterion::Throughput;
use kyc_recon::{
    fetch::{classify::classify, throttle::Throttle},
    model::attempt::{Answer, PacingHeaders},
};
use tokio::runtime::Builder;

use crate::{cpu::Bencher, crowd::Crowd};

const PASSES: u64 = 1_000;

pub(crate) fn bench(criterion: &mut Bencher) {
    classification(criterion);
    limiter(criterion);
}

fn classification(criterion: &mut Bencher) {
    let crowd = Crowd::of(1_000);
    let answers: Vec<_> = crowd.people.iter().map(|(_, body)| Ok(answer(body))).collect();
    let mut group = criterion.benchmark_group("classify");
    group.throughput(crowd.throughput());
    group.bench_function("documents", |bencher| {
        bencher.iter(|| answers.iter().map(classify).collect::<Vec<_>>());
    });
    group.finish();
}

fn answer(body: &[u8]) -> Answer {
    Answer {
        status: 200,
        content_type: Some("application/json; charset=utf-8".to_owned()),
        headers: PacingHeaders::default(),
        from_sandbox: false,
        body: body.to_vec(),
    }
}

fn limiter(criterion: &mut Bencher) {
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    let quota = "1000000/1s".parse().expect("a quota");
    let throttle = {
        let _inside = runtime.enter();
        Throttle::new(&[quota], &[])
    };
    let mut group = criterion.benchmark_group("limiter");
    group.throughput(Throughput::Elements(PASSES));
    group.bench_function("pass", |bencher| {
        bencher.iter(|| {
            runtime.block_on(async {
                for _ in 0..PASSES {
                    drop(throttle.pass().await);
                }
            });
        });
    });
    group.finish();
}
