//! The quota, counted at the server: never more than N requests in any window, retries and earlier sessions included.

use std::time::Duration;

use kyc_recon::sandbox::options::{Faults, Options};

use crate::support::{
    job::{Job, KEY, until},
    memory::unfinished,
    place::{Place, Tested},
    pretend::Pretend,
    scripted::{Reply, Scripted},
};

fn people(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|number| format!("approved-{number}"))
}

fn limited(place: &Place, base_url: &str, rate: &str) -> Job {
    place.run("night").env("KYC_RECON_API_KEY", KEY).args(["--base-url", base_url, "--rate", rate])
}

fn observed(quota: &str, faults: Faults) -> Result<Pretend, Box<dyn std::error::Error>> {
    Ok(Pretend::start(Options { observe: Some(quota.parse()?), faults, ..Options::default() })?)
}

#[test]
fn no_window_at_the_server_holds_more_than_the_quota() -> Tested {
    for (quota, users) in [("40/1s", 100), ("5/500ms", 16)] {
        let partner = observed(quota, Faults::None)?;
        let place = Place::with_roster(people(users))?;
        let ended = limited(&place, &partner.base_url(), quota).end()?;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let stats = partner.stats();
        assert_eq!((stats.requests, stats.violations), (users as u64, 0), "{quota}");
        assert!(stats.max_in_window <= stats.limit.unwrap_or(0) as usize, "{stats:?}");
    }
    Ok(())
}

#[test]
fn retries_count_against_the_quota_too() -> Tested {
    let partner = observed("30/500ms", Faults::Hell)?;
    let place = Place::with_roster(people(60))?;
    let job = limited(&place, &partner.base_url(), "30/500ms").args(["--timeout", "1s"]);
    assert_eq!(job.end()?.code, Some(0));
    let stats = partner.stats();
    assert!(stats.requests > 60 && stats.violations == 0, "{stats:?}");
    Ok(())
}

#[test]
fn two_quotas_are_kept_together() -> Tested {
    let partner = Scripted::start(|call| Reply::about(&call.user))?;
    let place = Place::with_roster(people(45))?;
    let job = limited(&place, &partner.base_url(), "20/500ms").args(["--rate", "30/2s"]);
    assert_eq!(job.end()?.code, Some(0));
    let most = |ms| partner.most_in(Duration::from_millis(ms));
    assert!(most(500) <= 20 && most(2_000) <= 30, "{} {}", most(500), most(2_000));
    Ok(())
}

#[test]
fn one_run_after_the_other_keeps_the_same_quota() -> Tested {
    let partner = observed("20/3s", Faults::None)?;
    let place = Place::with_roster(people(20))?;
    for night in ["one", "two"] {
        let job = place.run(night).env("KYC_RECON_API_KEY", KEY);
        let ended = job.args(["--base-url", &partner.base_url(), "--rate", "20/3s"]).end()?;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    let stats = partner.stats();
    assert_eq!((stats.requests, stats.violations), (40, 0), "{stats:?}");
    Ok(())
}

#[test]
fn interrupted_again_and_again_the_window_is_not_begun_anew() -> Tested {
    // What is in flight at the signal is cut off by the grace, so no journal knows of it.
    let partner = Scripted::start(|_| Reply::Hang)?;
    let place = Place::with_roster(people(60))?;
    for session in 1..=3 {
        let job = limited(&place, &partner.base_url(), "6/60s").args(["--grace", "10ms"]);
        let running = job.args(["--max-in-flight", "4"]).start()?;
        if session == 1 {
            until("four are in flight", || Ok(partner.calls().len() >= 4))?;
        } else {
            until("a lock is signed", || Ok(unfinished(&place.reports(), "night").exists()))?;
            std::thread::sleep(Duration::from_millis(700));
        }
        running.signal("INT")?;
        assert_eq!(running.end()?.code, Some(130));
    }
    assert!(partner.calls().len() <= 6, "{}", partner.calls().len());
    Ok(())
}

#[test]
fn a_kill_and_a_resume_do_not_start_the_window_anew() -> Tested {
    let partner = observed("25/1s", Faults::None)?;
    let place = Place::with_roster(people(60))?;
    let job = || limited(&place, &partner.base_url(), "25/1s").args(["--max-in-flight", "8"]);
    for requests in [20, 45] {
        let running = job().start()?;
        until("part of the quota is used", || Ok(partner.stats().requests >= requests))?;
        running.kill()?;
        assert!(unfinished(&place.reports(), "night").exists());
    }
    assert_eq!(job().end()?.code, Some(0));
    let stats = partner.stats();
    assert!(stats.requests >= 60 && stats.violations == 0, "{stats:?}");
    assert!(stats.max_in_window <= 25, "{stats:?}");
    Ok(())
}

#[test]
fn a_server_that_enforces_its_limit_never_has_to() -> Tested {
    let limit = Some("30/1s".parse()?);
    let partner = Pretend::start(Options { rate_limit: limit, ..Options::default() })?;
    let place = Place::with_roster(people(70))?;
    assert_eq!(limited(&place, &partner.base_url(), "30/1s").end()?.code, Some(0));
    assert_eq!((partner.stats().refused, partner.stats().requests), (0, 70));
    Ok(())
}
