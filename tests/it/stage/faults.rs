//! Every fault of the sandbox by itself: each user's first attempt meets it, and each user ends with the truth.

use std::thread;

use kyc_recon::sandbox::{
    answer::Answer,
    faults::Fault,
    options::{DEFAULT_SEED, Faults, Options},
};

use crate::support::{
    job::Ended,
    place::{Place, Tested},
    pretend::Pretend,
};

const PEOPLE: [&str; 6] =
    ["approved-1", "approved-2", "rejected-1", "missing-1", "foreign-1", "undecided-1"];

fn meet(fault: Fault, place: &Place, more: &[&str]) -> Result<Ended, Box<dyn std::error::Error>> {
    let faults = Faults::Only(vec![fault]);
    let partner = Pretend::start(Options { faults, ..Options::default() })?;
    // The sandbox packs its bomb when it is first asked for, which takes a while on a busy machine.
    let timeout = if fault == Fault::GzipBomb { "30s" } else { "1s" };
    let job = place.run("night").asking(&partner.base_url()).args(["--timeout", timeout]);
    Ok(job.args(more).end()?)
}

/// How the first attempt must be ruled.
fn reason(fault: Fault) -> &'static str {
    match fault {
        // An error object is the server's 500 under another status.
        Fault::InternalError
        | Fault::BadGateway
        | Fault::Unavailable
        | Fault::GatewayTimeout
        | Fault::ErrorObject => "server_error",
        Fault::Throttled => "throttled",
        Fault::Slow | Fault::Trickle | Fault::Hang => "timeout",
        Fault::Refuse | Fault::Cut | Fault::Reset => "cut",
        Fault::TruncatedJson => "not_json",
        Fault::GatewayPage => "html",
        Fault::EmptyBody => "empty",
        Fault::GzipBomb => "oversized",
        Fault::WrongContentType => "answered",
        Fault::Redirect => "redirect",
        Fault::BadKey => "bad_key",
    }
}

fn is_survived(fault: Fault) -> Result<(), Box<dyn std::error::Error>> {
    let place = Place::with_roster(PEOPLE)?;
    let ended = meet(fault, &place, &["--max-body", "1000000"])?;
    assert_eq!(ended.code, Some(0), "{fault}: {}", ended.stderr);
    let report = place.report("night");
    let (users, attempts, archive) =
        (report.table("users")?, report.table("attempts")?, report.archive()?);
    for user in PEOPLE {
        let truth = Answer::about(DEFAULT_SEED, user);
        assert_eq!(users.of(user, "http_status"), [truth.status.to_string()], "{fault}, {user}");
        assert_eq!(archive.body_of(user), Some(truth.body), "{fault}, {user}");
        if fault != Fault::WrongContentType {
            assert_eq!(attempts.of(user, "reason")[0], reason(fault), "{fault}, {user}");
        }
    }
    Ok(())
}

#[test]
fn every_fault_by_itself_is_survived_with_the_truth_for_everybody() {
    // A key refused and an address that redirects, again and again, are about the job: they rightly stop it.
    let passing = |fault: &Fault| !matches!(fault, Fault::Redirect | Fault::BadKey);
    let failed: Vec<_> = thread::scope(|scope| {
        let met: Vec<_> = Fault::ALL
            .into_iter()
            .filter(passing)
            .map(|fault| scope.spawn(move || is_survived(fault).map_err(|error| error.to_string())))
            .collect();
        met.into_iter()
            .filter_map(|met| met.join().map_or_else(|_| Some("see above".to_owned()), Result::err))
            .collect()
    });
    assert!(failed.is_empty(), "{failed:?}");
}

#[test]
fn what_is_about_the_job_stops_it_when_everybody_meets_it() -> Tested {
    for (fault, code) in [(Fault::Redirect, 78), (Fault::BadKey, 77)] {
        let place = Place::with_roster((0..40).map(|number| format!("approved-{number}")))?;
        let ended = meet(fault, &place, &["--max-in-flight", "4"])?;
        assert_eq!(ended.code, Some(code), "{fault}: {}", ended.stderr);
        assert_eq!(place.published()?, [""; 0]);
    }
    Ok(())
}

#[test]
fn a_bomb_is_a_fault_and_is_written_down() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    let ended = meet(Fault::GzipBomb, &place, &[])?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let attempts = place.report("night").table("attempts")?;
    assert_eq!(attempts.texts("fault"), ["oversized", ""]);
    Ok(())
}
