//! The same people on two days of the sandbox: who changed is in both reports, and nobody else differs.

use std::collections::{BTreeMap, BTreeSet};

use kyc_recon::sandbox::{
    day::Day,
    history::{Change, Kind, changes},
    options::{DEFAULT_SEED, Options},
    population,
};

use crate::support::{
    place::{Place, Tested},
    pretend::Pretend,
    report::Rows,
};

const PEOPLE: usize = 300;

fn people() -> Vec<String> {
    (0..PEOPLE).map(|number| population::user_id(DEFAULT_SEED, number)).collect()
}

/// The column of `users` that shows what a change tells, word for word; none where it shows it in another form.
fn column(change: &Change) -> &'static str {
    match (change.kind, change.field.as_str()) {
        (Kind::Disappeared | Kind::Appeared, _) => "outcome",
        (Kind::IdentityChanged, "name") => "id_info_full_name",
        (Kind::IdentityChanged, "document_number") => "id_info_id_number",
        (Kind::ReferenceMismatch, _) => "client_reference_id",
        (Kind::NewSession, "verification_session_id") => "verification_session_id",
        (Kind::Regression | Kind::Recovery | Kind::DecisionChanged, _) => "decision",
        _ => "",
    }
}

fn open_hits(users: &Rows, user: &str) -> i64 {
    users.of(user, "aml_open_hits").first().and_then(|cell| cell.parse().ok()).unwrap_or(0)
}

#[test]
fn the_reports_of_two_days_differ_in_what_the_sandbox_says_it_changed() -> Tested {
    let place = Place::with_roster(people())?;
    for day in ["1", "2"] {
        let ended = place.run(day).args(["--sandbox", "--day", day]).end()?;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    let (first, second) = (place.report("1").table("users")?, place.report("2").table("users")?);
    let changes = changes(DEFAULT_SEED, &people(), Day::FIRST, Day::try_from(2)?);
    let mut hits: BTreeMap<&str, i64> = BTreeMap::new();
    for change in &changes {
        let user = change.user_id.as_str();
        match (change.kind, column(change)) {
            (Kind::NewAmlHit, _) => *hits.entry(user).or_default() += 1,
            (Kind::HitClosed, _) => *hits.entry(user).or_default() -= 1,
            (_, "") => {}
            (_, column) => {
                assert_eq!(first.of(user, column), change.before.as_slice(), "{change:?}");
                assert_eq!(second.of(user, column), change.after.as_slice(), "{change:?}");
            }
        }
    }
    for (user, difference) in hits {
        assert_eq!(open_hits(&second, user) - open_hits(&first, user), difference, "{user}");
    }
    let touched: BTreeSet<&str> = changes.iter().map(|change| change.user_id.as_str()).collect();
    let (was, is) = (place.report("1").archive()?, place.report("2").archive()?);
    for user in people() {
        let same = was.body_of(&user) == is.body_of(&user);
        assert_eq!(same, !touched.contains(user.as_str()), "{user}");
    }
    Ok(())
}

#[test]
fn a_run_begun_on_one_day_does_not_go_on_on_another() -> Tested {
    let place = Place::with_roster(people())?;
    let job = |day| place.run("night").args(["--sandbox", "--day", day]);
    let stopped = job("1").args(["--max-requests", "10"]).end()?;
    assert_eq!(stopped.code, Some(75), "{}", stopped.stderr);
    let refused = job("2").end()?;
    assert_eq!(refused.code, Some(78), "{}", refused.stderr);
    assert!(refused.stderr.contains("day 2"), "{}", refused.stderr);
    Ok(())
}

#[test]
fn a_sandbox_of_its_own_is_asked_on_its_day_too() -> Tested {
    let partner = Pretend::start(Options { day: Day::try_from(2)?, ..Options::default() })?;
    let place = Place::with_roster(people())?;
    let ended = place.run("night").asking(&partner.base_url()).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let users = place.report("night").table("users")?;
    let changes = changes(DEFAULT_SEED, &people(), Day::FIRST, Day::try_from(2)?);
    let recovered = changes.iter().find(|change| change.kind == Kind::Recovery);
    let recovered = recovered.ok_or("nobody recovered")?;
    assert_eq!(users.of(&recovered.user_id, "decision"), ["approved"]);
    Ok(())
}

#[test]
fn a_day_that_is_none_is_a_wrong_command_line() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    for day in ["0", "367", "tomorrow"] {
        let ended = place.run("night").args(["--sandbox", "--day", day]).end()?;
        assert_eq!(ended.code, Some(2), "{day}: {}", ended.stderr);
    }
    let ended =
        place.run("night").args(["--base-url", "http://127.0.0.1:9", "--day", "2"]).end()?;
    assert_eq!(ended.code, Some(78), "{}", ended.stderr);
    Ok(())
}
