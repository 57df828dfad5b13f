//! `kill -9` at any moment, and the same command again: nobody settled is asked again, and the report is the same.

use std::{
    collections::BTreeSet,
    error::Error,
    fs, io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread::sleep,
    time::Duration,
};

use kyc_recon::sandbox::{
    fate::Fate,
    options::{DEFAULT_SEED, Options},
    population::user_id,
};

use crate::support::{
    job::{Running, until},
    memory::{settled, unfinished},
    place::{Place, Tested},
    pretend::Pretend,
    scripted::{Reply, Scripted},
    twins::{assert_same, clock_readings},
};

/// People whom the partner answers about once and for all. An answer that cannot be read is asked for twice, and a kill
/// between the two makes it three: rightly, but then `attempts` would differ.
fn people(count: usize) -> Vec<String> {
    let unreadable = [Fate::HtmlPage, Fate::ErrorObject];
    let ids = (0..).map(|number| user_id(DEFAULT_SEED, number));
    ids.filter(|id| !unreadable.contains(&Fate::of(DEFAULT_SEED, id))).take(count).collect()
}

/// A partner who takes a while, so that there is something to interrupt.
fn slow_partner() -> io::Result<Scripted> {
    Scripted::start(|call| {
        sleep(Duration::from_millis(15));
        Reply::about(&call.user).marked()
    })
}

#[test]
fn killed_again_and_again_the_run_ends_as_if_nothing_had_happened() -> Tested {
    // The partner answers this many calls and leaves the later ones hanging, so that the kill meets the job half way.
    let patience = Arc::new(AtomicUsize::new(0));
    let allowed = Arc::clone(&patience);
    let partner = Scripted::start(move |call| match call.number {
        number if number <= allowed.load(Ordering::Relaxed) => Reply::about(&call.user).marked(),
        _ => Reply::Hang,
    })?;
    let people = people(300);
    let (place, undisturbed) = (Place::with_roster(&people)?, Place::with_roster(&people)?);
    let job = |place: &Place| {
        place.run("night").asking(&partner.base_url()).args(["--max-in-flight", "8"])
    };
    for answers in [1, 40, 90] {
        let before = settled_so_far(&place)?;
        let calls = partner.calls().len();
        patience.store(calls + answers, Ordering::Relaxed);
        let running = job(&place).start()?;
        until("all are hanging", || Ok(partner.calls().len() == calls + answers + 8))?;
        // On a busy machine the journal may not have taken in half of the answers yet.
        let enough = before.len() + answers / 2;
        until("some are settled", || {
            Ok(settled_so_far(&place).is_ok_and(|settled| settled.len() >= enough))
        })?;
        running.kill()?;
        let after = settled_so_far(&place)?;
        assert!(after.is_superset(&before) && after.len() <= before.len() + answers);
        assert_eq!(asked_since(&partner, calls).intersection(&before).count(), 0);
        assert_eq!(place.published()?, [""; 0], "half a report is to be seen");
    }
    patience.store(usize::MAX, Ordering::Relaxed);
    let before = settled_so_far(&place)?;
    assert!(before.len() > 40, "only {} were settled by the kills", before.len());
    let calls = partner.calls().len();
    let ended = job(&place).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let pending: BTreeSet<_> = people.iter().filter(|id| !before.contains(*id)).cloned().collect();
    assert_eq!(asked_since(&partner, calls), pending, "the rest, and nobody else");
    assert_eq!(partner.calls().len() - calls, pending.len(), "each of them once");

    assert_eq!(job(&undisturbed).end()?.code, Some(0));
    assert_same(&place.report("night"), &undisturbed.report("night"), &clock_readings())
}

fn settled_so_far(place: &Place) -> Result<BTreeSet<String>, Box<dyn Error>> {
    if unfinished(&place.reports(), "night").exists() {
        settled(&place.reports(), "night")
    } else {
        Ok(BTreeSet::new())
    }
}

fn asked_since(partner: &Scripted, calls: usize) -> BTreeSet<String> {
    partner.calls().into_iter().skip(calls).map(|call| call.user).collect()
}

#[test]
fn as_the_sandbox_counts_only_what_was_lost_in_the_kill_is_answered_twice() -> Tested {
    let latency = Duration::from_millis(15);
    let partner = Pretend::start(Options { latency, ..Options::default() })?;
    let people = people(300);
    let place = Place::with_roster(&people)?;
    let job = || place.run("night").asking(&partner.base_url()).args(["--max-in-flight", "8"]);
    let running = job().start()?;
    until("some are answered", || Ok(partner.stats().users_answered >= 80))?;
    running.kill()?;
    let at_the_kill = partner.settled_stats()?;
    let settled = settled_so_far(&place)?.len();
    assert!((1..300).contains(&settled), "{settled}");

    assert_eq!(job().end()?.code, Some(0));
    let stats = partner.settled_stats()?;
    assert_eq!(stats.users_answered_twice, at_the_kill.users_answered - settled);
    assert!(stats.users_answered_twice <= 300 - settled && stats.most_answers_to_one_user <= 2);
    assert_eq!(stats.users_answered, 300);
    Ok(())
}

#[test]
fn killed_while_deriving_the_run_is_derived_again_without_asking_anybody() -> Tested {
    let partner = slow_partner()?;
    let people = people(40);
    let (place, undisturbed) = (Place::with_roster(&people)?, Place::with_roster(&people)?);
    let job = |place: &Place| place.run("night").asking(&partner.base_url());
    let staging = unfinished(&place.reports(), "night").join("report");
    for file in ["tables/users.parquet", "statistics/checks.csv"] {
        let running: Running = job(&place).start()?;
        until("something is derived", || Ok(staging.join(file).exists()))?;
        running.kill()?;
        assert_eq!(place.published()?, [""; 0], "half a report is to be seen");
    }
    assert_eq!(partner.calls().len(), people.len());
    assert_eq!(job(&place).end()?.code, Some(0));
    assert_eq!(partner.calls().len(), people.len(), "somebody was asked again");

    assert_eq!(job(&undisturbed).end()?.code, Some(0));
    assert_same(&place.report("night"), &undisturbed.report("night"), &clock_readings())
}

#[test]
fn a_resumed_run_insists_on_its_roster_and_its_partner() -> Tested {
    let partner = slow_partner()?;
    let place = Place::with_roster(people(300))?;
    let job = |url: &str| place.run("night").asking(url).args(["--max-in-flight", "8"]);
    let running = job(&partner.base_url()).start()?;
    until("somebody was asked", || Ok(partner.calls().len() > 20))?;
    running.kill()?;

    let elsewhere = job("http://127.0.0.1:9").end()?;
    assert_eq!(elsewhere.code, Some(78));
    assert!(elsewhere.stderr.contains("was started with the partner"), "{}", elsewhere.stderr);
    let roster = fs::read_to_string(place.path("roster.csv"))?;
    place.write("roster.csv", roster.clone() + "one-more\n")?;
    let more = job(&partner.base_url()).end()?;
    assert_eq!(more.code, Some(78));
    assert!(more.stderr.contains("was started with the roster"), "{}", more.stderr);
    place.write("roster.csv", roster)?;
    assert_eq!(job(&partner.base_url()).end()?.code, Some(0));
    Ok(())
}

#[test]
fn a_kill_between_publishing_and_tidying_up_is_made_good() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    let job = || place.run("night").args(["--sandbox"]);
    assert_eq!(job().end()?.code, Some(0));
    // What is on the disk if the kill comes right after the rename.
    fs::create_dir_all(unfinished(&place.reports(), "night"))?;
    fs::remove_file(place.reports().join("latest"))?;
    assert_eq!(job().end()?.code, Some(0));
    assert!(place.latest().is_some() && !unfinished(&place.reports(), "night").exists());
    Ok(())
}

/// What is on the disk after a kill before the roster is in the journal: no journal, an empty one, one without users.
#[test]
fn killed_before_anybody_could_be_asked_a_run_is_in_nobody_s_way() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    let job = |run: &str| place.run(run).args(["--sandbox"]).end();
    for run in ["no-journal", "empty-journal"] {
        fs::create_dir_all(unfinished(&place.reports(), run))?;
    }
    fs::write(unfinished(&place.reports(), "empty-journal").join("journal.sqlite"), "")?;
    let listed = place.command(["runs"]).end()?;
    assert_eq!(listed.code, Some(0), "{}", listed.stderr);
    for run in ["no-journal", "empty-journal"] {
        assert!(listed.stdout.contains(&format!("with `--run-id {run}`")), "{}", listed.stdout);
    }
    for run in ["another", "no-journal", "empty-journal"] {
        let ended = job(run)?;
        assert_eq!(ended.code, Some(0), "{run}: {}", ended.stderr);
        assert_eq!(place.latest(), Some(run.into()));
        assert!(!unfinished(&place.reports(), run).exists());
    }
    Ok(())
}

#[test]
fn what_a_killed_rebuild_left_is_gone_after_the_next_one() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    assert_eq!(place.run("night").args(["--sandbox"]).end()?.code, Some(0));
    let left = place.path("rebuilt/.night.unfinished");
    fs::create_dir_all(left.join("report/tables"))?;
    fs::write(left.join("report/tables/of-persons.parquet"), "half")?;
    let rebuilt = place.command(["rebuild", "night"]).end()?;
    assert_eq!(rebuilt.code, Some(0), "{}", rebuilt.stderr);
    assert!(rebuilt.stdout.contains("identical"), "{}", rebuilt.stdout);
    assert!(!left.exists());
    Ok(())
}
