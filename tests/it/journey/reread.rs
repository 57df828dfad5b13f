//! A sample that is asked once more at the end: what had changed is reported, and nothing else changes.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use crate::support::{
    job::until,
    memory::faults,
    place::{Place, Tested},
    scripted::{Reply, Scripted},
};

fn people() -> Vec<String> {
    (1..=30).map(|n| format!("approved-{n}")).collect()
}

/// Another document for the same user.
fn another(user: &str) -> Reply {
    let body = format!(
        r#"{{"status":"ok","data":{{"clientReferenceId":"{user}","aipriseSummary":{{"verificationResult":"DECLINED"}}}}}}"#
    );
    Reply::json(200, &body).marked()
}

#[test]
fn what_had_changed_is_reported_and_the_users_keep_their_first_answers() -> Tested {
    let partner = Scripted::start(|call| match call.number {
        // Everybody was asked; of the sample, every second one has changed since.
        number if number > 30 && number % 2 == 0 => another(&call.user),
        _ => Reply::about(&call.user).marked(),
    })?;
    let place = Place::with_roster(people())?;
    let job = |run| place.run(run).asking(&partner.base_url());
    let ended = job("night").args(["--reread", "10", "--reread-seed", "3"]).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.contains("5 had changed, 5 of them in the decision"), "{}", ended.stdout);
    assert_eq!(partner.calls().len(), 40);
    let report = place.report("night");
    let rereads = report.table("rereads")?;
    let answered_again = |user: &str| rereads.of(user, "decision_after");
    for user in rereads.texts("user_id") {
        let changed = rereads.of(&user, "changed");
        assert_eq!(rereads.of(&user, "decision_before"), ["approved"]);
        let after = if changed == ["true"] { "rejected" } else { "approved" };
        assert_eq!(answered_again(&user), [after]);
    }
    let users = report.table("users")?;
    assert!(users.texts("decision").iter().all(|decision| decision == "approved"));
    assert!(users.texts("attempts").iter().all(|attempts| attempts == "1"));
    let attempts = report.table("attempts")?;
    assert_eq!(attempts.texts("reread").iter().filter(|reread| *reread == "true").count(), 10);
    let asking = report.text("statistics/asking.csv")?;
    assert!(asking.contains("\n40,30,0,"), "no request was a retry: {asking}");
    for command in ["verify", "rebuild"] {
        assert_eq!(place.command([command, "night"]).end()?.code, Some(0), "{command}");
    }

    let ended =
        job("dawn").args(["--baseline", "none", "--reread", "10", "--reread-seed", "3"]).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let again = place.report("dawn").table("rereads")?.texts("user_id");
    assert_eq!(rereads.texts("user_id"), again, "the same seed draws the same users");
    Ok(())
}

#[test]
fn killed_among_the_rereads_nobody_is_asked_a_third_time() -> Tested {
    let patience = Arc::new(AtomicUsize::new(34));
    let allowed = Arc::clone(&patience);
    let partner = Scripted::start(move |call| match call.number {
        number if number <= allowed.load(Ordering::Relaxed) => Reply::about(&call.user).marked(),
        _ => Reply::Hang,
    })?;
    let place = Place::with_roster(people())?;
    let job = || {
        let sample = ["--reread", "10", "--max-in-flight", "1"];
        place.run("night").asking(&partner.base_url()).args(sample)
    };
    let running = job().start()?;
    until("it hangs among the rereads", || Ok(partner.calls().len() == 35))?;
    // All but the last of the answers; that one may wait for its commit when the kill comes.
    let noted = || faults(&place.reports(), "night").map_or(0, |attempts| attempts.len());
    until("the others are committed", || Ok(noted() >= 33))?;
    running.kill()?;
    patience.store(usize::MAX, Ordering::Relaxed);
    let ended = job().end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let again = partner.calls().len() - 35;
    assert!((6..=7).contains(&again), "{again}");
    let rereads = place.report("night").table("rereads")?;
    assert_eq!(rereads.len(), 10);
    assert!(rereads.texts("changed").iter().all(|changed| changed == "false"));
    Ok(())
}

#[test]
fn rereads_take_what_is_left_of_the_requests() -> Tested {
    let place = Place::with_roster(people())?;
    let limits = ["--sandbox", "--reread", "10", "--max-requests", "34", "--max-in-flight", "1"];
    let ended = place.run("night").args(limits).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let outcomes = place.report("night").table("rereads")?.texts("outcome");
    let left = outcomes.iter().filter(|outcome| *outcome == "not_attempted").count();
    assert_eq!((outcomes.len(), left), (10, 6));
    Ok(())
}
