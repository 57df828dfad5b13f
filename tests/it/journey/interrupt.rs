//! SIGINT and SIGTERM: the state is saved, the message says how to go on, and going on completes the run.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use crate::support::{
    job::until,
    memory::settled,
    place::{Place, Tested},
    scripted::{Reply, Scripted},
};

fn people() -> Vec<String> {
    (0..200).map(|number| format!("approved-{number}")).collect()
}

fn interrupted_run_goes_on(signal: &str, code: i32) -> Tested {
    let partner = Scripted::start(|call| {
        sleep(Duration::from_millis(15));
        Reply::about(&call.user)
    })?;
    let place = Place::with_roster(people())?;
    // Without a name, as an operator would: the message must say which run to go on with.
    let unnamed = place.command(["run", "roster.csv", "--max-in-flight", "4"]);
    let running = unnamed.asking(&partner.base_url()).start()?;
    until("some are answered", || Ok(partner.calls().len() > 40))?;
    running.signal(signal)?;
    let ended = running.end()?;
    assert_eq!(ended.code, Some(code), "{}", ended.stderr);
    let named = ended.stderr.split("--run-id ").nth(1).ok_or("names no run")?;
    let run_id = named.split('`').next().unwrap_or_default();

    // What was in flight is finished and kept, unlike at a kill: everybody who was asked is settled.
    let (asked, kept) = (partner.calls().len(), settled(&place.reports(), run_id)?.len());
    assert_eq!(asked, kept);
    assert!(ended.stderr.contains(&format!("stopped with {kept} of 200")), "{}", ended.stderr);
    assert_eq!(place.published()?, [""; 0]);

    assert_eq!(place.run(run_id).asking(&partner.base_url()).end()?.code, Some(0));
    assert_eq!(partner.calls().len(), 200, "everybody once");
    assert_eq!(place.report(run_id).counted("outcomes", "answered")?, 200);
    Ok(())
}

#[test]
fn ctrl_c_ends_with_130_and_names_the_run_to_go_on_with() -> Tested {
    interrupted_run_goes_on("INT", 130)
}

#[test]
fn sigterm_ends_with_143_and_names_the_run_to_go_on_with() -> Tested {
    interrupted_run_goes_on("TERM", 143)
}

#[test]
fn requests_in_flight_get_no_more_than_the_grace() -> Tested {
    let partner = Scripted::start(|_| Reply::Hang)?;
    let place = Place::with_roster(["approved-1"])?;
    let job = place.run("night").asking(&partner.base_url()).args(["--grace", "100ms"]);
    let running = job.start()?;
    until("somebody was asked", || Ok(!partner.calls().is_empty()))?;
    let start = Instant::now();
    running.signal("TERM")?;
    assert_eq!(running.end()?.code, Some(143));
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    Ok(())
}

#[test]
fn a_second_ctrl_c_does_not_wait_for_a_partner_that_hangs() -> Tested {
    let partner = Scripted::start(|_| Reply::Hang)?;
    let place = Place::with_roster(["approved-1"])?;
    let running = place.run("night").asking(&partner.base_url()).start()?;
    until("somebody was asked", || Ok(!partner.calls().is_empty()))?;
    running.signal("INT")?;
    sleep(Duration::from_millis(100)); // two signals at once are one
    running.signal("INT")?;
    assert_eq!(running.end()?.code, Some(130));
    Ok(())
}

#[test]
fn a_signal_while_deriving_ends_at_once_and_the_answers_are_kept() -> Tested {
    let partner = Scripted::start(|call| Reply::about(&call.user))?;
    let place = Place::with_roster(people())?;
    let job = || place.run("night").asking(&partner.base_url());
    let tables = place.reports().join(".work/night/report/tables/users.parquet");
    let asked_before = [("INT", 130), ("TERM", 143)].map(|(signal, code)| {
        let running = job().start()?;
        until("deriving has begun", || Ok(tables.exists()))?;
        running.signal(signal)?;
        let ended = running.end()?;
        assert_eq!(ended.code, Some(code), "{}", ended.stderr);
        assert!(ended.stderr.contains("--run-id night"), "{}", ended.stderr);
        assert_eq!(place.published()?, [""; 0]);
        std::fs::remove_file(&tables)?;
        Ok::<_, Box<dyn std::error::Error>>(partner.calls().len())
    });
    for asked in asked_before {
        assert_eq!(asked?, 200, "in the second session nobody is left to ask about");
    }
    assert_eq!(job().end()?.code, Some(0));
    Ok(())
}
