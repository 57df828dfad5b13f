//! One roster in several shards: asked about at once, each within its part of the quota, then merged into the report that one
//! run would have made.

use std::{collections::HashSet, env, fs, io, path::Path, process::Command};

use kyc_recon::sandbox::options::Options;
use serde_json::{Value, json};

use crate::support::{
    job::{Ended, Job, KEY, until},
    place::{Place, Tested},
    pretend::Pretend,
    report::Report,
    sample::roster,
    scripted::{Reply, Scripted},
    twins,
};

fn shard(place: &Place, base_url: &str, shard: &str) -> Job {
    let job = place.run("night").env("KYC_RECON_API_KEY", KEY).args(["--base-url", base_url]);
    job.args(["--reports", "shards", "--shard", shard])
}

/// The runs of the shards, as `merge` takes them.
fn runs(of: u16) -> Vec<String> {
    (1..=of).map(|index| format!("shards/night-shard-{index}-of-{of}")).collect()
}

fn merge(place: &Place, runs: &[String]) -> io::Result<Ended> {
    place.command(["merge"]).args(runs).end()
}

/// Asks about a roster in so many shards, one after the other.
fn in_shards(place: &Place, base_url: &str, of: u16) -> Tested {
    for index in 1..=of {
        let ended = shard(place, base_url, &format!("{index}/{of}")).end()?;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    Ok(())
}

#[test]
fn four_at_once_keep_the_quota_and_make_the_report_of_one() -> Tested {
    let observe = Some("200/1s".parse()?);
    let partner = Pretend::start(Options { observe, ..Options::default() })?;
    let place = Place::new()?;
    fs::copy(roster(), place.path("roster.csv"))?;
    let start = |index| {
        let job = shard(&place, &partner.base_url(), &format!("{index}/4"));
        job.args(["--rate", "200/1s", "--by", "country"]).start()
    };
    let shards = (1..=4).map(start).collect::<io::Result<Vec<_>>>()?;
    for running in shards {
        let ended = running.end()?;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    let stats = partner.settled_stats()?;
    assert_eq!((stats.violations, stats.users_answered_twice), (0, 0), "{stats:?}");
    assert!(!place.path("shards/latest").exists());

    let ended = merge(&place, &runs(4))?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(place.latest().is_some_and(|latest| latest.ends_with("night")));
    let plain = place.run("night").asking(&partner.base_url());
    let ended = plain.args(["--reports", "plain", "--by", "country"]).end()?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let plain = Report::at(place.path("plain/night"));
    twins::assert_same(&place.report("night"), &plain, &twins::clock_readings())?;
    assert_rows_are_counted_once(&place, &plain)?;
    let ledger = place.command(["verify", "--ledger", "--reports", "shards"]).end()?;
    assert_eq!(ledger.code, Some(0), "{}{}", ledger.stdout, ledger.stderr);
    for (command, run) in [("verify", "night"), ("rebuild", "night"), ("verify", &runs(4)[1])] {
        let ended = place.command([command, run]).end()?;
        assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    }
    Ok(())
}

/// Each row of the roster is counted by one shard, and by all others as that of another.
fn assert_rows_are_counted_once(place: &Place, plain: &Report) -> Tested {
    let whole = plain.json("certificate.json")?["population"].clone();
    let mut populations = Vec::new();
    for run in runs(4) {
        let certificate = Report::at(place.path(run)).json("certificate.json")?;
        assert_eq!(certificate["quotas"], json!(["50/1s"]));
        let says = &certificate["equations"][0]["says"];
        assert!(says.as_str().is_some_and(|says| says.ends_with("+ other_shards")), "{says}");
        populations.push(certificate["population"].clone());
    }
    for count in ["unique_users", "duplicates", "blanks", "rejects"] {
        let sum: u64 = populations.iter().filter_map(|part| part[count].as_u64()).sum();
        assert_eq!(whole[count], sum, "{count}");
    }
    assert!(populations.iter().all(|part| part["input_rows"] == whole["input_rows"]));
    assert_eq!(place.report("night").json("certificate.json")?["population"], whole);
    Ok(())
}

#[test]
fn the_merged_run_is_compared_and_held_against_the_gates_and_no_shard_is() -> Tested {
    let partner = Pretend::start(Options::default())?;
    let place = Place::with_roster((0..40).map(|number| format!("approved-{number}")))?;
    place.write(
        "kyc-recon.toml",
        "[gates]\nmax_exhausted_share = 0.5\nmin_answered_share = 0.5\n",
    )?;
    let before = place.run("before").asking(&partner.base_url()).end()?;
    assert_eq!(before.code, Some(0), "{}", before.stderr);
    in_shards(&place, &partner.base_url(), 3)?;
    let part = Report::at(place.path(&runs(3)[0])).json("summary.json")?;
    assert_eq!((&part["baseline"], &part["gates"]), (&json!(null), &json!([])));
    assert_eq!(part["shard"]["of"], 3);

    let ended = merge(&place, &runs(3))?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let whole = place.report("night").json("summary.json")?;
    assert_eq!((&whole["shard"], &whole["baseline"]["run_id"]), (&json!(null), &json!("before")));
    assert_eq!(whole["gates"].as_array().map(Vec::len), Some(2));
    let again = merge(&place, &runs(3))?;
    assert_eq!(again.code, Some(0));
    assert!(again.stderr.contains("published already"), "{}", again.stderr);
    Ok(())
}

#[test]
fn nobody_is_told_of_a_shard_and_only_the_whole_is_brought_to_a_bucket() -> Tested {
    let (partner, watch) = (Pretend::start(Options::default())?, Scripted::start(|_| Reply::Hang)?);
    let place = Place::with_roster(["approved-1", "approved-2", "approved-3"])?;
    let bucket = place.path("bucket");
    for index in 1..=2 {
        let job = shard(&place, &partner.base_url(), &format!("{index}/2"))
            .env("KYC_RECON_PUBLISH", format!("file://{}", bucket.display()))
            .env("KYC_RECON_METRICS_FILE", "kyc.prom")
            .env("KYC_RECON_PING_URL", watch.base_url());
        assert_eq!(job.end()?.code, Some(0));
    }
    assert!(watch.calls().is_empty() && !place.path("kyc.prom").exists() && !bucket.exists());
    let job = place.command(["merge"]).args(runs(2));
    let merged = job.env("KYC_RECON_PUBLISH", format!("file://{}", bucket.display())).end()?;
    assert_eq!(merged.code, Some(0), "{}", merged.stderr);
    assert!(bucket.join("night/certificate.json").exists());
    assert_eq!(fs::read_dir(&bucket)?.count(), 2, "the run and latest.json");
    Ok(())
}

#[test]
fn what_is_no_whole_is_not_merged() -> Tested {
    let partner = Pretend::start(Options::default())?;
    let place = Place::with_roster((0..30).map(|number| format!("approved-{number}")))?;
    in_shards(&place, &partner.base_url(), 3)?;
    let all = runs(3);
    let plain = place.run("plain").asking(&partner.base_url()).end()?;
    assert_eq!(plain.code, Some(0));
    let with = |last: &str| [&all[..2], &[last.to_owned()]].concat();
    for (runs, code, said) in [
        (all[..2].to_vec(), 78, "missing: shard 3/3"),
        (with(&all[0]), 78, "shard 1 is there twice"),
        (with("plain"), 78, "run plain is no shard"),
        (with("nobody"), 66, "no published run nobody"),
    ] {
        let ended = merge(&place, &runs)?;
        assert_eq!(ended.code, Some(code), "{}", ended.stderr);
        assert!(ended.stderr.contains(said), "{said}: {}", ended.stderr);
    }
    fs::write(place.path(&all[2]).join("archive/responses.parquet"), b"altered")?;
    let ended = merge(&place, &all)?;
    assert_eq!(ended.code, Some(65), "{}", ended.stderr);
    assert_eq!(place.published()?, ["latest", "plain"]);
    Ok(())
}

#[test]
fn shards_by_different_policies_are_not_merged() -> Tested {
    let partner = Pretend::start(Options::default())?;
    let place = Place::with_roster((0..30).map(|number| format!("approved-{number}")))?;
    let policy = place.command(["schema", "--policy"]).end()?.stdout;
    place.write("other.toml", policy + "\n# another one\n")?;
    assert_eq!(shard(&place, &partner.base_url(), "1/2").end()?.code, Some(0));
    let other = shard(&place, &partner.base_url(), "2/2").args(["--policy", "other.toml"]).end()?;
    assert_eq!(other.code, Some(0), "{}", other.stderr);
    let ended = merge(&place, &runs(2))?;
    assert_eq!(ended.code, Some(78));
    assert!(
        ended.stderr.contains("the SHA-256 of the policy of night-shard-1-of-2"),
        "{}",
        ended.stderr
    );
    Ok(())
}

#[test]
fn a_pod_takes_its_number_from_the_scheduler_and_a_shard_may_be_empty() -> Tested {
    let partner = Pretend::start(Options::default())?;
    let place = Place::with_roster(["approved-1"])?;
    for index in ["0", "1"] {
        let job = shard(&place, &partner.base_url(), "auto/2").env("JOB_COMPLETION_INDEX", index);
        let ended = job.end()?;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    let ended = merge(&place, &runs(2))?;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(place.report("night").table("users")?.texts("user_id"), ["approved-1"]);
    assert_eq!(shard(&place, &partner.base_url(), "auto/2").end()?.code, Some(78));
    Ok(())
}

#[test]
fn what_cannot_be_divided_is_refused_before_anybody_is_asked() -> Tested {
    let place = Place::with_roster(["approved-1"])?;
    for (flags, said) in [
        (["--rate", "3/1s"], "3/1s cannot be divided among 4 shards"),
        (["--max-requests", "3"], "--max-requests 3 cannot be divided among 4 shards"),
    ] {
        let ended = shard(&place, "http://127.0.0.1:9", "1/4").args(flags).end()?;
        assert_eq!(ended.code, Some(78));
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
    }
    let unnamed = place.command(["run", "roster.csv", "--sandbox", "--shard", "1/4"]).end()?;
    assert_eq!(unnamed.code, Some(78), "{}", unnamed.stderr);
    let forgotten = || place.run("night-shard-1-of-4").args(["--sandbox"]);
    assert_eq!(forgotten().end()?.code, Some(78));
    let other = forgotten().args(["--shard", "2/4"]).end()?;
    assert_eq!(other.code, Some(78));
    assert!(other.stderr.contains("of shard 1/4, and --shard says 2/4"), "{}", other.stderr);
    Ok(())
}

#[test]
fn while_a_shard_asks_only_shards_of_the_same_number_may() -> Tested {
    let partner = Scripted::start(|_| Reply::Hang)?;
    let place = Place::with_roster((0..20).map(|number| format!("approved-{number}")))?;
    let first = shard(&place, &partner.base_url(), "1/2").start()?;
    until("it asks", || Ok(!partner.calls().is_empty()))?;
    let other = shard(&place, &partner.base_url(), "1/3").end()?;
    assert_eq!(other.code, Some(10), "{}", other.stderr);
    assert!(other.stderr.contains("night-shard-1-of-2"), "{}", other.stderr);
    let whole =
        place.run("whole").asking(&partner.base_url()).args(["--reports", "shards"]).end()?;
    assert_eq!(whole.code, Some(10), "{}", whole.stderr);
    let beside = shard(&place, &partner.base_url(), "2/2").start()?;
    let asked = || partner.calls().into_iter().map(|call| call.user).collect::<HashSet<_>>().len();
    until("both have asked about everybody", || Ok(asked() == 20))?;
    let listed = place.command(["runs", "--reports", "shards", "--json"]).end()?.stdout;
    assert_eq!(listed.matches("\"running\"").count(), 2, "{listed}");
    for running in [first, beside] {
        running.kill()?;
    }
    Ok(())
}

#[test]
fn a_shard_goes_on_where_it_was_stopped_and_each_may_send_its_part_of_the_requests() -> Tested {
    let partner = Pretend::start(Options::default())?;
    let place = Place::with_roster((0..40).map(|number| format!("approved-{number}")))?;
    let mut planned = 0;
    for index in ["1/2", "2/2"] {
        let wishes = ["--run-id", "night", "--shard", index, "--json"];
        let plan = place.command(["plan", "roster.csv"]).args(wishes).end()?;
        let plan: Value = serde_json::from_str(&plan.stdout)?;
        assert_eq!(plan["roster"]["input_rows"], 40);
        planned += plan["roster"]["unique_users"].as_u64().unwrap_or(0);
        let stopped = shard(&place, &partner.base_url(), index).args(["--max-requests", "11"]);
        assert_eq!(stopped.end()?.code, Some(75));
    }
    assert_eq!((planned, partner.settled_stats()?.requests), (40, 10));
    let faster = shard(&place, &partner.base_url(), "1/2").args(["--rate", "9/1s"]).end()?;
    assert_eq!(faster.code, Some(78), "no whole could be made of it: {}", faster.stderr);
    in_shards(&place, &partner.base_url(), 2)?;
    let stats = partner.settled_stats()?;
    assert_eq!((stats.requests, stats.users_answered_twice), (40, 0), "{stats:?}");
    assert_eq!(merge(&place, &runs(2))?.code, Some(0));
    assert_eq!(place.report("night").table("users")?.len(), 40);
    Ok(())
}

#[test]
fn who_shares_a_number_is_known_over_sessions_and_shards() -> Tested {
    let partner = Scripted::start(|call| match call.user.as_str() {
        "other" => Reply::approved("other 1234"),
        _ => Reply::approved("twin 1234"),
    })?;
    let alike = (0..19).map(|number| format!("twin-{number}"));
    let place = Place::with_roster(alike.chain(["other".to_owned()]))?;
    for index in ["1/2", "2/2"] {
        let stopped = shard(&place, &partner.base_url(), index).args(["--max-requests", "6"]);
        assert_eq!(stopped.end()?.code, Some(75));
    }
    assert_eq!(partner.calls().len(), 6, "three for each shard, in its first session");
    in_shards(&place, &partner.base_url(), 2)?;
    assert_eq!(merge(&place, &runs(2))?.code, Some(0));
    let of_shards = runs(2).into_iter().map(|run| Report::at(place.path(run)));
    for (report, alike) in of_shards.chain([place.report("night")]).zip([10, 9, 19]) {
        let users = report.table("users")?;
        let (ids, shared) = (users.texts("user_id"), users.texts("shared_document_users"));
        let expected = |id: &String| if id == "other" { "1".to_owned() } else { alike.to_string() };
        assert_eq!(shared, ids.iter().map(expected).collect::<Vec<_>>());
        assert_eq!(ids.iter().filter(|id| *id != "other").count(), alike);
    }
    Ok(())
}

#[test]
fn the_commands_of_the_readme_do_it() -> Tested {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"))?;
    let section = readme.split("## Cluster").nth(1).ok_or("no section")?;
    let commands = section.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next());
    let partner = Pretend::start(Options::default())?;
    let place = Place::with_roster((0..30).map(|number| format!("approved-{number}")))?;
    let binary = Path::new(env!("CARGO_BIN_EXE_kyc-recon")).parent().ok_or("no directory")?;
    let path = format!("{}:{}", binary.display(), env::var("PATH")?);
    let mut shell = Command::new("sh");
    shell.args(["-e", "-c", commands.ok_or("no commands")?]).current_dir(place.path(""));
    shell.env_clear().envs([("PATH", path), ("PARTNER", partner.base_url())]);
    let ended = shell.env("KYC_RECON_API_KEY", KEY).output()?;
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    assert!(place.latest().is_some_and(|latest| latest.ends_with("night")));
    assert_eq!(place.report("night").table("users")?.len(), 30);
    Ok(())
}
