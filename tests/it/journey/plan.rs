//! `plan`: what a run would do, said without asking anybody and without writing anything.

use serde_json::Value;

use crate::support::{
    job::Job,
    place::{Place, Tested},
    report::below,
    scripted::{Reply, Scripted},
};

/// Six rows: two users, a duplicate, a blank, two that cannot be used.
const ROSTER: &str =
    "user_id,country\napproved-1,MX\nsecret-2,MX\napproved-1,CO\n,\nse cret,MX\nx\n";

fn planned(job: Job) -> Result<Value, Box<dyn std::error::Error>> {
    let ended = job.args(["--json"]).end()?;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    Ok(serde_json::from_str(&ended.stdout)?)
}

fn plan(place: &Place) -> Job {
    place.command(["plan", "roster.csv"])
}

#[test]
fn planning_asks_nobody_writes_nothing_and_needs_no_key() -> Tested {
    let partner = Scripted::start(|call| Reply::about(&call.user))?;
    let place = Place::new()?;
    place.write("roster.csv", ROSTER)?;
    let ended = plan(&place).args(["--base-url", &partner.base_url()]).end()?;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let page = ended.stdout;
    for said in [
        "6 rows read: 2 users, 1 duplicates, 1 blank, 2 rejected",
        "line 6: bad_id",
        "line 7: field_count",
        "0 settled, 2 pending",
        "2 at least",
        "10 at most",
        &partner.base_url(),
        "this machine is never asked through a proxy",
    ] {
        assert!(page.contains(said), "{said:?} is not in {page}");
    }
    assert!(!page.contains("cret"), "an id is in {page}");
    assert_eq!(partner.calls().len(), 0);
    assert_eq!(below(&place.path("."))?.len(), 1, "only the roster is there");
    Ok(())
}

#[test]
fn a_partner_may_be_chosen_later() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    let ended = plan(&place).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.contains("partner    not set"), "{}", ended.stdout);
    assert_eq!(planned(plan(&place))?["partner"], Value::Null);
    let quiet = plan(&place).args(["--quiet"]).end()?;
    assert_eq!((quiet.code, quiet.stdout.as_str()), (Some(0), ""));
    Ok(())
}

#[test]
fn the_plan_counts_what_the_certificate_will_say() -> Tested {
    let place = Place::new()?;
    place.write("roster.csv", ROSTER)?;
    let roster = planned(plan(&place))?["roster"].clone();
    assert_eq!(place.run("night").args(["--sandbox", "--quiet"]).end()?.code, Some(0));
    let certificate = place.report("night").json("certificate.json")?;
    for count in ["input_rows", "unique_users", "duplicates", "blanks", "rejects"] {
        assert_eq!(roster[count], certificate["population"][count], "{count}");
    }
    Ok(())
}

#[test]
fn the_quota_that_binds_is_named_and_the_limits_say_who_is_left_over() -> Tested {
    let place = Place::with_roster((0..500).map(|number| format!("user-{number}")))?;
    let both = plan(&place).args(["--rate", "300/60s,10000/1d"]);
    let plan = planned(both.args(["--deadline", "1m", "--max-requests", "450"]))?;
    let quotas = &plan["quotas"];
    assert_eq!((&quotas[0]["binds"], &quotas[1]["binds"]), (&true.into(), &false.into()));
    let seconds = plan["finish"]["seconds"].as_u64().ok_or("no finish")?;
    assert!((90..=100).contains(&seconds), "{seconds}");
    let undone: Vec<_> = [0, 1].map(|limit| plan["undone"][limit]["users"].as_u64()).into();
    assert_eq!(undone, [Some(200), Some(50)], "300 fit into a minute, and 450 were allowed");
    let long_run = planned(self::plan(&place).args(["--rate", "300/60s,100/1d"]))?;
    assert_eq!(long_run["quotas"][1]["binds"], true, "the day's quota");
    Ok(())
}

#[test]
fn an_unfinished_run_is_planned_from_where_it_was_stopped() -> Tested {
    let place = Place::with_roster((0..20).map(|number| format!("approved-{number}")))?;
    let run = place.run("night").args(["--sandbox", "--max-requests", "8"]).end()?;
    assert_eq!(run.code, Some(75), "{}", run.stderr);
    let before = below(&place.reports())?;
    let going_on = || plan(&place).args(["--sandbox", "--run-id", "night"]);
    let plan = planned(going_on().args(["--rate", "15/1h"]))?;
    assert_eq!((&plan["state"], &plan["users"]["settled"]), (&"unfinished".into(), &8.into()));
    assert_eq!(plan["users"]["pending"], 12);
    let seconds = plan["finish"]["seconds"].as_u64().ok_or("no finish")?;
    assert!(seconds > 3_500, "the eight count against the quota: {seconds}");
    assert_eq!(below(&place.reports())?, before, "nothing was written");

    let elsewhere = place.command(["plan", "roster.csv", "--run-id", "night"]);
    assert_eq!(elsewhere.args(["--base-url", "https://capa.fi"]).end()?.code, Some(78));
    place.write("other.csv", "user_id\nsomebody\n")?;
    let other = place.command(["plan", "other.csv", "--sandbox", "--run-id", "night"]).end()?;
    assert_eq!(other.code, Some(78), "{}", other.stdout);

    assert_eq!(place.run("night").args(["--sandbox"]).end()?.code, Some(0));
    let plan = planned(going_on())?;
    assert_eq!((&plan["state"], &plan["users"]["pending"]), (&"published".into(), &0.into()));
    Ok(())
}

#[test]
fn a_proxy_is_named_without_its_password() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    let route = |no_proxy: &str| {
        let job = plan(&place).args(["--base-url", "https://capa.fi"]).env("NO_PROXY", no_proxy);
        planned(job.env("https_proxy", "http://me:secret@proxy.example:3128"))
    };
    assert_eq!(route("")?["route"], "through the proxy http://proxy.example:3128");
    assert_eq!(route("example.org,.capa.fi")?["route"], "direct, excepted by NO_PROXY");
    Ok(())
}

#[test]
fn what_a_run_would_refuse_the_plan_refuses_alike() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    place.write("empty", "")?;
    place.write("header-only.csv", "user_id\n")?;
    let policy = "name = \"p\"\nversion = \"1\"\nface_score_scale = \"auto\"\n\
                  [pass]\nwhen = \"no_such_column > 1\"\n";
    place.write("unknown-column.toml", policy)?;
    for (arguments, code) in [
        (&["nowhere.csv"][..], 66),
        (&["empty"], 65),
        (&["header-only.csv"], 65),
        (&["roster.csv", "--column", "uid"], 65),
        (&["roster.csv", "--rate", "many"], 2),
        (&["roster.csv", "--attempts", "0"], 78),
        (&["roster.csv", "--base-url", "http://capa.fi"], 78),
        (&["roster.csv", "--config", "nowhere.toml"], 78),
        (&["roster.csv", "--policy", "unknown-column.toml"], 78),
    ] {
        let ended = place.command(["plan"]).args(arguments).end()?;
        assert_eq!(ended.code, Some(code), "{arguments:?}: {}", ended.stderr);
        assert!(ended.stdout.is_empty(), "{arguments:?}");
    }
    assert!(!place.reports().exists());
    Ok(())
}
