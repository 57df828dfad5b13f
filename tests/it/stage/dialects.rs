//! Every dialect in which a server tells about its quota: heard by a job that believes it may go much faster.

use std::thread;

use kyc_recon::sandbox::{ledger::StatsSnapshot, options::Options, rate_headers::RateDialect};

use crate::support::{
    place::{Place, Tested},
    pretend::Pretend,
};

const LIMIT: u32 = 20;
const PEOPLE: usize = 50;

type Asked = Result<StatsSnapshot, String>;

/// Asks a partner who allows 20 requests in a second and speaks this dialect, without a quota of our own.
fn ask(dialect: RateDialect, more: &[&str]) -> Asked {
    let asked = || -> Result<StatsSnapshot, Box<dyn std::error::Error>> {
        let rate_limit = Some(format!("{LIMIT}/1s").parse()?);
        let announce = Some(dialect);
        let partner = Pretend::start(Options { rate_limit, announce, ..Options::default() })?;
        let place = Place::with_roster((0..PEOPLE).map(|number| format!("approved-{number}")))?;
        let job = place.run("night").asking(&partner.base_url());
        // Refusals of a quota that nobody can read are many: they must not exhaust a user.
        let ended = job.args(["--attempts", "20"]).args(more).end()?;
        assert_eq!(ended.code, Some(0), "{dialect}: {}", ended.stderr);
        assert_eq!(place.report("night").counted("outcomes", "answered")?, PEOPLE as u64);
        Ok(partner.settled_stats()?)
    };
    asked().map_err(|error| format!("{dialect}: {error}"))
}

fn ask_each(dialects: &[RateDialect], more: &[&str]) -> Result<Vec<StatsSnapshot>, String> {
    thread::scope(|scope| {
        let asked: Vec<_> =
            dialects.iter().map(|dialect| scope.spawn(move || ask(*dialect, more))).collect();
        let ended = asked.into_iter().map(|asked| {
            asked.join().map_err(|_| "a job did not end as it should".to_owned()).flatten()
        });
        ended.collect()
    })
}

/// Those who say with every answer how much is left.
const ANNOUNCING: [RateDialect; 5] = [
    RateDialect::Ietf,
    RateDialect::Legacy,
    RateDialect::XSeconds,
    RateDialect::XEpoch,
    RateDialect::XEpochMs,
];

#[test]
fn a_quota_that_is_announced_is_never_exceeded() -> Tested {
    for (dialect, stats) in ANNOUNCING.iter().zip(ask_each(&ANNOUNCING, &[])?) {
        assert_eq!((stats.violations, stats.refused), (0, 0), "{dialect}: {stats:?}");
        assert!(stats.max_in_window <= LIMIT as usize, "{dialect}: {stats:?}");
    }
    Ok(())
}

#[test]
fn the_reserve_stays_unused_at_the_server() -> Tested {
    let stats = ask_each(&ANNOUNCING, &["--reserve", "8"])?;
    for (dialect, stats) in ANNOUNCING.iter().zip(stats) {
        assert!(stats.max_in_window <= LIMIT as usize - 8, "{dialect}: {stats:?}");
    }
    Ok(())
}

#[test]
fn a_wait_asked_for_in_a_refusal_is_kept_in_every_dialect() -> Tested {
    let readable: Vec<_> =
        RateDialect::ALL.into_iter().filter(|dialect| dialect.asks_for_a_wait()).collect();
    for (dialect, stats) in readable.iter().zip(ask_each(&readable, &[])?) {
        assert_eq!(stats.waits_shortened, 0, "{dialect}: {stats:?}");
    }
    Ok(())
}

#[test]
fn who_is_refused_without_a_readable_word_comes_back_and_is_answered() -> Tested {
    for stats in ask_each(&[RateDialect::Malformed, RateDialect::Silent], &[])? {
        assert!(stats.users_answered == PEOPLE && stats.users_answered_twice == 0, "{stats:?}");
    }
    Ok(())
}
