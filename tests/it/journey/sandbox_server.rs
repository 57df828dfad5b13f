//! The sandbox as a server of its own: whoever asks it gets a report that says SANDBOX on every page.

use std::io;

use kyc_recon::sandbox::options::Options;
use rusqlite::Connection;

use crate::support::{
    job::until,
    memory::unfinished,
    place::{Place, Tested},
    pretend::Pretend,
    report::Report,
    sample::sample,
    scripted::{Reply, Scripted},
};

fn assert_marked(report: &Report) -> Tested {
    assert_eq!(report.json("certificate.json")?["environment"], "SANDBOX");
    assert_eq!(report.json("summary.json")?["environment"], "SANDBOX");
    for page in ["report.html", "summary.md"] {
        assert!(report.text(page)?.contains("SANDBOX"), "{page}");
    }
    Ok(())
}

#[test]
fn a_report_of_the_built_in_sandbox_says_so() -> Tested {
    assert!(sample()?.ended.stdout.contains("SANDBOX"));
    assert_marked(&sample()?.report)
}

#[test]
fn a_report_of_a_sandbox_reached_by_its_address_says_so_too() -> Tested {
    let partner = Pretend::start(Options::default())?;
    let place = Place::with_roster(["approved-1", "missing-1"])?;
    let ended = place.run("night").asking(&partner.base_url()).end()?;
    assert!(ended.code == Some(0) && ended.stdout.contains("SANDBOX"), "{}", ended.stderr);
    assert_marked(&place.report("night"))
}

#[test]
fn one_answer_of_a_sandbox_is_enough_even_if_the_run_is_killed_after_it() -> Tested {
    let partner = Scripted::start(|call| match (call.number, call.user.as_str()) {
        (1, _) => Reply::about(&call.user).marked(),
        (2, _) => Reply::Hang,
        _ => Reply::about(&call.user),
    })?;
    let place = Place::with_roster(["approved-1", "approved-2"])?;
    let job = || place.run("night").asking(&partner.base_url()).args(["--max-in-flight", "1"]);
    let running = job().start()?;
    until("the second one hangs", || Ok(partner.calls().len() == 2))?;
    let journal = Connection::open(unfinished(&place.reports(), "night").join("journal.sqlite"))?;
    until("the first one is kept", || {
        let kept = journal.query_row("SELECT count(*) FROM outcomes", [], |row| row.get(0));
        kept.map(|kept: i64| kept == 1).map_err(io::Error::other)
    })?;
    running.kill()?;
    assert_eq!(job().end()?.code, Some(0));
    assert_marked(&place.report("night"))
}

#[test]
fn a_report_of_anybody_else_does_not_say_sandbox() -> Tested {
    let partner = Scripted::start(|call| Reply::about(&call.user))?;
    let place = Place::with_roster(["approved-1"])?;
    let ended = place.run("night").asking(&partner.base_url()).end()?;
    assert!(ended.code == Some(0) && !ended.stdout.contains("SANDBOX"), "{}", ended.stdout);
    let report = place.report("night");
    assert_ne!(report.json("certificate.json")?["environment"], "SANDBOX");
    for page in ["report.html", "summary.md"] {
        assert!(!report.text(page)?.contains("SANDBOX"), "{page}");
    }
    Ok(())
}

#[test]
fn the_sandbox_command_serves_until_it_is_interrupted() -> Tested {
    let place = Place::with_roster(["approved-1", "rejected-1"])?;
    let server = place.command(["sandbox", "--port", "0", "--require-key", "open-sesame"]);
    let mut server = server.start()?;
    let address = |said: &str| {
        let from = said.find("http://")?;
        said[from..].split_once(' ').map(|(url, _)| url.to_owned())
    };
    until("it says where it listens", || Ok(address(&server.complaints()?).is_some()))?;
    let url = address(&server.complaints()?).ok_or("no address")?;

    assert_eq!(place.run("refused").asking(&url).end()?.code, Some(77));
    let job = place.run("night").asking(&url).env("KYC_RECON_API_KEY", "open-sesame");
    assert_eq!(job.end()?.code, Some(0));
    server.signal("INT")?;
    assert_eq!(server.end()?.code, Some(0));
    Ok(())
}
