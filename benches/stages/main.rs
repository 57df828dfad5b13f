//! What each stage costs by itself, in CPU time, on generated people of a fixed seed: `cargo bench`, or
//! `cargo bench -- flatten` for one of them. What the whole job costs is measured by `make bench`.
#![expect(clippy::expect_used, reason = "a bench that cannot be set up has no figure to show")]

mod cpu;
mod crowd;
mod roster;
mod asking;
mod journal;
mod flatten;
mod assess;
mod tally;
mod writing;

use std::time::Duration;

use criterion::Criterion;

use crate::cpu::CpuTime;

fn main() {
    let mut criterion = Criterion::default()
        .with_measurement(CpuTime)
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    roster::bench(&mut criterion);
    asking::bench(&mut criterion);
    journal::bench(&mut criterion);
    flatten::bench(&mut criterion);
    assess::bench(&mut criterion);
    tally::bench(&mut criterion);
    writing::bench(&mut criterion);
    criterion.final_summary();
}
