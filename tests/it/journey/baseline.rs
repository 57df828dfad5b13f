//! Nights that are compared with one another: the breaks are what the sandbox changed, and they have an age.

use std::{
    collections::BTreeSet,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use kyc_recon::{
    disk,
    sandbox::{
        day::Day,
        history::{Change, Kind, changes},
        options::DEFAULT_SEED,
        population,
    },
};
use rusqlite::Connection;

use crate::support::{
    place::{Place, Tested},
    report::Rows,
};

const PEOPLE: usize = 300;

fn people() -> Vec<String> {
    (0..PEOPLE).map(|number| population::user_id(DEFAULT_SEED, number)).collect()
}

/// User, kind, field.
type Told = (String, String, String);

fn told(user: &str, kind: &str, field: &str) -> Told {
    (user.to_owned(), kind.to_owned(), field.to_owned())
}

/// A run on a day of the sandbox, started on the same day of a made-up month.
fn night(place: &Place, day: u16) -> Tested {
    let job = || place.run(&format!("night-{day}")).args(["--sandbox", "--day", &day.to_string()]);
    let stopped = job().args(["--max-requests", "1"]).end()?;
    assert_eq!(stopped.code, Some(75), "{}", stopped.stderr);
    let started_at = format!("2026-11-{day:02}T01:00:00Z");
    let journal = place.reports().join(format!(".work/night-{day}/journal.sqlite"));
    let changed = Connection::open(journal)?
        .execute("UPDATE meta SET value = ?1 WHERE key = 'started_at'", [&started_at])?;
    assert_eq!(changed, 1);
    let ended = job().end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    Ok(())
}

fn nights(days: u16) -> Result<Place, Box<dyn Error>> {
    let place = Place::with_roster(people())?;
    (1..=days).try_for_each(|day| night(&place, day))?;
    Ok(place)
}

/// What both nights have published of the users.
struct Nights {
    before: Rows,
    after: Rows,
    /// The AML entities of both.
    entities: [Rows; 2],
}

impl Nights {
    fn of(place: &Place, before: &str, after: &str) -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            before: place.report(before).table("users")?,
            after: place.report(after).table("users")?,
            entities: [
                place.report(before).table("aml_entities")?,
                place.report(after).table("aml_entities")?,
            ],
        })
    }

    fn cells(&self, user: &str, column: &str) -> [String; 2] {
        [&self.before, &self.after].map(|users| users.of(user, column).concat())
    }

    /// What a change of the sandbox's is called in `breaks`. Nothing for what is no break by itself: a hit that comes already
    /// closed, for somebody has looked at it; a hit that was closed where a night does not list hits, for its end was not
    /// seen or nothing had been open (and `by_ourselves` tells of the list); and when a new session began, for the session
    /// is told.
    fn expected(&self, change: &Change) -> Option<Told> {
        let user = &change.user_id;
        let tell = |kind, field: &str| Some(told(user, kind, field));
        let [was_open, is_open] = [0, 1].map(|night| self.is_open(night, user, &change.field));
        let is_listed = !self.cells(user, "aml_open_hits")[1].is_empty();
        let entity = format!("aml_entities/{}", change.field);
        match (change.kind, change.field.as_str()) {
            (Kind::Regression | Kind::Recovery | Kind::DecisionChanged, _) => {
                tell("decision_changed", "decision")
            }
            (Kind::NewAmlHit, _) if is_open => tell("new_aml_hit", &entity),
            (Kind::HitClosed, _) if was_open && is_listed => tell("hit_closed", &entity),
            (Kind::NewAmlHit | Kind::HitClosed, _) | (Kind::NewSession, "created_at") => None,
            (Kind::IdentityChanged, "name") => tell("identity_changed", "id_info_full_name"),
            (Kind::IdentityChanged, "birth_date") => tell("identity_changed", "id_info_birth_date"),
            (Kind::IdentityChanged, _) => tell("identity_changed", "id_info_id_number"),
            (Kind::ReferenceMismatch, _) => tell("reference_mismatch", "reference_mismatch"),
            (Kind::DocumentExpired, _) => tell("document_expired", "document_expired"),
            (Kind::Disappeared, _) => tell("disappeared", "outcome"),
            (Kind::Appeared, _) => tell("appeared_at_partner", "outcome"),
            (Kind::NewSession, _) => tell("new_session", "verification_session_id"),
        }
    }

    /// Whether the first (0) or the second night (1) lists this entity as open.
    fn is_open(&self, night: usize, user: &str, entity: &str) -> bool {
        let entities = &self.entities[night];
        let (ids, open) = (entities.of(user, "id"), entities.of(user, "is_open"));
        ids.iter().zip(open).any(|(id, open)| id == entity && open == "true")
    }

    /// What follows from the policy, and from sections that came or went: read off the two tables.
    fn by_ourselves(&self, user: &str) -> Vec<Told> {
        let mut found = Vec::new();
        let [was, is] = self.cells(user, "verdict");
        if was != is {
            let kind = match (was.as_str(), is.as_str()) {
                ("pass", _) => "regression",
                (_, "pass") => "recovery",
                _ => "verdict_changed",
            };
            found.push(told(user, kind, "verdict"));
        }
        let [was, is] = self.cells(user, "aml_open_hits").map(|hits| !hits.is_empty());
        let both = self.cells(user, "outcome").iter().all(|outcome| outcome == "answered");
        if both && was != is {
            let kind = if is { "screening_regained" } else { "screening_lost" };
            found.push(told(user, kind, "aml_open_hits"));
        }
        // What is open where the other night lists nothing was not seen to be closed, and is new to who did not know of it.
        let answered = self.cells(user, "outcome").map(|outcome| outcome == "answered");
        for (night, is_alone) in [(0, !is && answered[0]), (1, !was && answered[1])] {
            let ids = self.entities[night].of(user, "id");
            let open = ids.iter().filter(|id| is_alone && self.is_open(night, user, id));
            found.extend(open.map(|id| told(user, "new_aml_hit", &format!("aml_entities/{id}"))));
        }
        for column in ["id_info_full_name", "id_info_birth_date", "id_info_id_number"] {
            match self.cells(user, column).map(|cell| !cell.is_empty()) {
                [false, true] if both => found.push(told(user, "identity_shown", column)),
                [true, false] if both => found.push(told(user, "identity_lost", column)),
                _ => {}
            }
        }
        found
    }
}

fn breaks(rows: &Rows) -> Vec<Told> {
    let columns = ["user_id", "kind", "field"].map(|name| rows.texts(name));
    (0..rows.len()).map(|row| told(&columns[0][row], &columns[1][row], &columns[2][row])).collect()
}

#[test]
fn the_breaks_are_what_the_sandbox_changed_and_nothing_else() -> Tested {
    let place = nights(2)?;
    let nights = Nights::of(&place, "night-1", "night-2")?;
    let table = place.report("night-2").table("breaks")?;
    let found = breaks(&table);
    let changes = changes(DEFAULT_SEED, &people(), Day::FIRST, Day::try_from(2)?);
    let mut expected: BTreeSet<_> =
        changes.iter().filter_map(|change| nights.expected(change)).collect();
    expected.extend(people().iter().flat_map(|user| nights.by_ourselves(user)));
    assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), expected);
    assert_eq!(found.len(), expected.len(), "no break is told twice");
    let (before, after) = (table.texts("before"), table.texts("after"));
    for (row, (user, _, column)) in found.iter().enumerate() {
        if !column.starts_with("aml_entities/") {
            assert_eq!([&before[row], &after[row]], nights.cells(user, column).each_ref());
        }
    }
    assert_eq!(
        nights.after.texts("baseline_verdict"),
        nights.before.texts("verdict"),
        "in one order"
    );
    assert_eq!(nights.after.texts("baseline_decision"), nights.before.texts("decision"));
    assert!(nights.before.texts("baseline_verdict").iter().all(String::is_empty));
    Ok(())
}

#[test]
fn a_break_keeps_the_night_in_which_it_was_seen_first() -> Tested {
    let place = nights(5)?;
    let mut known: Vec<(Told, String)> = Vec::new();
    let mut oldest = 0;
    for day in 1..=5_u16 {
        let run = format!("night-{day}");
        let table = place.report(&run).table("breaks")?;
        let first = table.texts("first_seen_run_id");
        let ages = table.texts("age_days");
        for (row, one) in breaks(&table).into_iter().enumerate() {
            let first_day: u16 = first[row].trim_start_matches("night-").parse()?;
            let age: u16 = ages[row].parse()?;
            assert_eq!(age, day - first_day, "{one:?}");
            let was_known = known.contains(&(one.clone(), first[row].clone()));
            assert_eq!(was_known, first_day < day, "{run}: {one:?}");
            oldest = oldest.max(age);
        }
        known = breaks(&table).into_iter().zip(first).collect();
    }
    assert!(oldest >= 3, "some state lasts: {oldest}");
    let statistic = place.report("night-5").text("statistics/breaks_by_age.csv")?;
    assert!(statistic.contains("\r\n1 to 7,"), "{statistic}");
    Ok(())
}

#[test]
fn a_compared_run_is_derived_again_only_beside_its_baseline() -> Tested {
    let place = nights(2)?;
    let rebuild = |out: &str| place.command(["rebuild", "night-2", "--out", out]);
    let again = rebuild("again").end()?;
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    assert!(again.stdout.contains("identical"), "{}", again.stdout);
    let verified = place.command(["verify", "night-2"]).end()?;
    assert_eq!(verified.code, Some(0), "{}", verified.stdout);
    assert!(verified.stdout.contains("intact"), "{}", verified.stdout);

    let (there, elsewhere) = (place.reports().join("night-1"), place.path("moved"));
    fs::rename(&there, &elsewhere)?;
    let refused = rebuild("missing").end()?;
    assert_eq!(refused.code, Some(66), "{}", refused.stderr);
    assert!(refused.stderr.contains("night-1"), "{}", refused.stderr);
    let skipped = place.command(["verify", "night-2"]).end()?;
    assert_eq!(skipped.code, Some(0), "{}", skipped.stdout);
    assert!(skipped.stdout.contains("the baseline of the run, night-1"), "{}", skipped.stdout);
    let named = rebuild("named").args(["--baseline", "moved"]).end()?;
    assert_eq!(named.code, Some(0), "{}", named.stderr);
    assert!(named.stdout.contains("identical"), "{}", named.stdout);

    append(&elsewhere.join("tables/breaks.parquet"))?;
    let altered = rebuild("altered").args(["--baseline", "moved"]).end()?;
    assert_eq!(altered.code, Some(65), "{}", altered.stderr);
    Ok(())
}

fn append(path: &Path) -> std::io::Result<()> {
    fs::write(path, [fs::read(path)?, b"more".to_vec()].concat())
}

/// Ends with this status, publishes nothing, and says this; without a baseline it goes on.
fn refuses_latest(place: &Place, run: &str, code: i32, says: &str) -> Tested {
    let job = || place.run(run).args(["--sandbox", "--day", "2"]);
    let refused = job().end()?;
    assert_eq!(refused.code, Some(code), "{}", refused.stderr);
    assert!(refused.stderr.contains(says), "{}", refused.stderr);
    assert!(!place.published()?.iter().any(|published| published == run));
    let none = job().args(["--baseline", "none"]).end()?;
    assert_eq!(none.code, Some(0), "{}", none.stderr);
    Ok(())
}

#[test]
fn a_latest_whose_run_was_moved_away_does_not_switch_the_comparison_off() -> Tested {
    let place = nights(1)?;
    fs::rename(place.reports().join("night-1"), place.path("moved"))?;
    refuses_latest(&place, "moved-away", 66, "--baseline none")
}

#[test]
fn a_latest_that_calls_itself_newer_does_not_switch_the_comparison_off() -> Tested {
    let newer =
        |text: &str| text.replace("\"certificate_version\": 1", "\"certificate_version\": 2");
    let place = nights(1)?;
    let path = place.reports().join("night-1/certificate.json");
    let certificate = fs::read_to_string(&path)?;
    fs::write(&path, newer(&certificate))?;
    refuses_latest(&place, "altered", 65, "SHA-256")?;

    let place = nights(1)?;
    let path = place.reports().join("night-1/certificate.json");
    let manifest_path = place.reports().join("night-1/manifest-sha256.txt");
    let then = disk::sha256_file(&path)?.to_string();
    fs::write(&path, newer(&fs::read_to_string(&path)?))?;
    let now = disk::sha256_file(&path)?.to_string();
    fs::write(&manifest_path, fs::read_to_string(&manifest_path)?.replace(&then, &now))?;
    refuses_latest(&place, "newer", 78, "--baseline none")
}

#[test]
fn a_policy_that_changed_between_nights_is_told_with_every_comparison() -> Tested {
    let place = Place::with_roster(["approved-1", "approved-2"])?;
    let policy = include_str!("../../../src/assess/default_policy.toml");
    let stricter = policy.replace("version = \"", "version = \"stricter-");
    assert_ne!(policy, stricter);
    place.write("stricter.toml", &stricter)?;
    let job = |run: &str, more: &[&str]| place.run(run).args(["--sandbox"]).args(more).end();
    let [first, second, third] =
        [job("first", &[])?, job("second", &[])?, job("third", &["--policy", "stricter.toml"])?];
    let note = "judged by another policy then";
    for (run, ended, changed) in
        [("first", &first, false), ("second", &second, false), ("third", &third, true)]
    {
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let report = place.report(run);
        assert_eq!(report.json("summary.json")?["policy_changed"], changed);
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (mail, page) = (report.text("summary.md")?, report.text("report.html")?);
        for text in [mail.as_str(), page.as_str(), ended.stdout.as_str()] {
            assert_eq!(one_line(text).contains(note), changed, "{run}: {text}");
        }
        assert_eq!(ended.stderr.contains(note), changed, "{}", ended.stderr);
    }
    for (base, head, changed) in [("first", "second", false), ("second", "third", true)] {
        let compared = place.command(["compare", base, head]).end()?;
        assert_eq!(compared.stdout.contains(note), changed, "{}", compared.stdout);
    }
    Ok(())
}

#[test]
fn a_resumed_run_keeps_its_baseline_though_latest_has_moved() -> Tested {
    let place = nights(1)?;
    let job = || place.run("long").args(["--sandbox", "--day", "3"]);
    let stopped = job().args(["--max-requests", "1"]).end()?;
    assert_eq!(stopped.code, Some(75), "{}", stopped.stderr);
    night(&place, 2)?;
    assert_eq!(place.latest(), Some(PathBuf::from("night-2")));
    let other = job().args(["--baseline", "night-2"]).end()?;
    assert_eq!(other.code, Some(78), "{}", other.stderr);
    let ended = job().end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let summary = place.report("long").json("summary.json")?;
    assert_eq!(summary["baseline"]["run_id"], "night-1");
    Ok(())
}

#[test]
fn a_baseline_is_there_and_of_the_same_people_or_is_none() -> Tested {
    let place = Place::with_roster(["approved-1", "approved-2"])?;
    let job = |run: &str, seed: &str| place.run(run).args(["--sandbox", "--seed", seed]);
    let missing = job("first", "7").args(["--baseline", "nobody"]).end()?;
    assert_eq!(missing.code, Some(66), "{}", missing.stderr);
    assert!(place.published()?.is_empty());
    let first = job("first", "7").end()?;
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    let others = job("others", "8").end()?;
    assert_eq!(others.code, Some(0), "{}", others.stderr);
    assert!(others.stderr.contains("latest is run first"), "{}", others.stderr);
    let named = job("named", "8").args(["--baseline", "first"]).end()?;
    assert_eq!(named.code, Some(78), "{}", named.stderr);
    let none = job("none", "8").args(["--baseline", "none"]).end()?;
    assert_eq!(none.code, Some(0), "{}", none.stderr);
    for run in ["first", "others", "none"] {
        let summary = place.report(run).json("summary.json")?;
        assert!(summary["baseline"].is_null(), "{run}");
        assert_eq!(place.report(run).table("breaks")?.len(), 0, "{run}");
    }
    let chosen = job("chosen", "7").args(["--baseline", "first", "--day", "2"]).end()?;
    assert_eq!(chosen.code, Some(0), "{}", chosen.stderr);
    let plan = place.command(["plan", "roster.csv", "--sandbox", "--baseline", "first"]).end()?;
    assert!(plan.stdout.contains("run first"), "{}", plan.stdout);
    Ok(())
}

#[test]
fn our_books_are_held_against_the_answers_and_bound_before_anybody_is_asked() -> Tested {
    let place = Place::new()?;
    place.write("roster.csv", "user_id,our_status\napproved-1,active\nrejected-1,active\n")?;
    let job = |run: &str| place.run(run).args(["--sandbox"]);
    place.write("kyc-recon.toml", "[books]\nour_statue = { active = 'pass' }\n")?;
    let refused = job("night").end()?;
    assert_eq!(refused.code, Some(78), "{}", refused.stderr);
    assert!(refused.stderr.contains("did you mean `our_status`"), "{}", refused.stderr);
    place.write("kyc-recon.toml", "[books]\nour_status = { active = 'pass' }\n")?;
    let ended = job("night").end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let table = place.report("night").table("breaks")?;
    assert_eq!(breaks(&table), [told("rejected-1", "books_verdict", "verdict")]);
    assert_eq!(table.texts("ours"), ["active"]);
    let again = place.command(["rebuild", "night"]).end()?;
    assert!(again.stdout.contains("identical"), "{}{}", again.stdout, again.stderr);
    Ok(())
}

/// An audit of a few in between: what is open of the others would be gone with the night that is compared with it.
#[test]
fn a_run_of_few_of_the_users_says_so_and_latest_can_be_kept_from_it() -> Tested {
    let place = nights(1)?;
    place.write("audit.csv", format!("user_id\n{}\n", people()[..10].join("\n")))?;
    let job = |run: &str, more: &[&str]| {
        let audit = ["run", "audit.csv", "--sandbox", "--day", "2", "--run-id", run];
        place.command(audit).args(more).end()
    };
    let note = "fewer than half of the users of run night-1 are in this roster";
    for (run, more, latest) in [("kept", &["--no-latest"][..], "night-1"), ("moved", &[], "moved")]
    {
        let ended = job(run, more)?;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert_eq!(place.latest(), Some(PathBuf::from(latest)));
        let report = place.report(run);
        let (mail, page) = (report.text("summary.md")?, report.text("report.html")?);
        for text in [mail.as_str(), page.as_str(), ended.stdout.as_str()] {
            let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(one_line.contains(note), "{text}");
        }
        let users = &report.json("summary.json")?["baseline_users"];
        assert_eq!((&users["all"], &users["kept"]), (&PEOPLE.into(), &10.into()));
    }
    night(&place, 2)?;
    let mail = place.report("night-2").text("summary.md")?;
    assert!(!mail.contains("fewer than half"), "all of the audit are in the roster");
    Ok(())
}
