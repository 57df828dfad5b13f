//! The plan line by line, for people.

use std::{fmt::Write as _, time::Duration};

use anstyle::{AnsiColor, Style};
use indicatif::DecimalBytes;

use super::{Campaign, Disk, Plan, Pledge, Requests, Roster, State, Undone, Users};
use crate::report::figures::grouped;

const BOLD: Style = Style::new().bold();
const SOFT: Style = Style::new().dimmed();

/// The plan as a table of names and lines.
pub(super) fn page(plan: &Plan) -> String {
    let mut text = format!(
        "\n  {BOLD}{}{BOLD:#}  {SOFT}nothing was sent or written{SOFT:#}\n\n",
        headline(plan)
    );
    for (name, lines) in [
        ("roster", roster(&plan.roster)),
        ("users", vec![users(plan.users)]),
        ("campaign", plan.campaign.iter().flat_map(campaign).collect()),
        ("partner", partner(plan)),
        ("baseline", vec![baseline(plan)]),
        ("requests", vec![requests(plan.requests)]),
        ("quotas", quotas(plan)),
        ("finish", vec![finish(plan)]),
        ("left over", plan.undone.iter().map(left_over).collect()),
        ("disk", disk(plan.disk)),
        ("lock", plan.lock.iter().map(|owner| locked(owner)).collect()),
    ] {
        let names = std::iter::once(name).chain(std::iter::repeat(""));
        for (name, line) in names.zip(lines) {
            let _ = writeln!(text, "  {BOLD}{name:<10}{BOLD:#} {line}");
        }
    }
    text.push('\n');
    text
}

fn headline(plan: &Plan) -> String {
    let run_id = plan.run_id.as_deref().unwrap_or_default();
    match plan.state {
        State::New if run_id.is_empty() => "Plan of a new run".to_owned(),
        State::New => format!("Plan of the new run {run_id}"),
        State::Unfinished => format!("Plan of going on with run {run_id}"),
        State::Published => format!("Run {run_id} is published already"),
    }
}

fn roster(roster: &Roster) -> Vec<String> {
    let mut lines = vec![format!(
        "{}: {} rows read: {} users, {} duplicates, {} blank, {} rejected",
        roster.source,
        grouped(roster.input_rows),
        grouped(roster.unique_users),
        grouped(roster.duplicates),
        grouped(roster.blanks),
        grouped(roster.rejects),
    )];
    if roster.other_shards > 0 {
        lines.push(format!("{SOFT}{} rows of other shards{SOFT:#}", grouped(roster.other_shards)));
    }
    lines.extend(roster.first_rejects.iter().map(|reject| {
        format!("{SOFT}line {}: {}: {}{SOFT:#}", reject.line, reject.reason, reject.detail)
    }));
    let unnamed = roster.rejects.saturating_sub(roster.first_rejects.len() as u64);
    if unnamed > 0 {
        lines.push(format!("{SOFT}and {} more rejected{SOFT:#}", grouped(unnamed)));
    }
    lines
}

fn users(users: Users) -> String {
    format!("{} settled, {} pending", grouped(users.settled), grouped(users.pending))
}

fn campaign(campaign: &Campaign) -> [String; 2] {
    let from = if campaign.from.is_empty() {
        "nothing to carry from yet".to_owned()
    } else {
        format!("{} carried from run {}", grouped(campaign.carried), campaign.from.join(", "))
    };
    let whom = format!(
        "{from}; to ask: {} never asked, {} not decided, {} too old",
        grouped(campaign.never_asked),
        grouped(campaign.not_decided),
        grouped(campaign.too_old),
    );
    let tonight = format!("{} fit into this night", grouped(campaign.asked_tonight));
    let pass = match (campaign.nights_of_a_full_pass, campaign.oldest_answer_days) {
        (Some(nights), Some(days)) => format!(
            "a full pass over everybody takes about {}, and answers get about {} days old",
            counted(nights),
            grouped(days),
        ),
        _ => "a full pass never ends: those who are not decided take every night".to_owned(),
    };
    let attempted = match campaign.nights_until_attempted {
        Some(0) => "everybody was asked once".to_owned(),
        Some(nights) => format!("{} until nobody is not_attempted", counted(nights)),
        None => "somebody stays not_attempted".to_owned(),
    };
    [whom, format!("{tonight}; {attempted}; {pass}")]
}

fn partner(plan: &Plan) -> Vec<String> {
    match &plan.partner {
        None => vec!["not set: --base-url, or --sandbox to try".to_owned()],
        Some(partner) => std::iter::once(partner).chain(&plan.route).cloned().collect(),
    }
}

fn baseline(plan: &Plan) -> String {
    match (&plan.baseline, &plan.no_baseline_because) {
        (Some(run), _) => format!("run {run}"),
        (None, Some(why)) => format!("none: {why}"),
        (None, None) => "none".to_owned(),
    }
}

fn requests(requests: Requests) -> String {
    format!(
        "{} at least, one for each pending user; {} at most, with up to {} attempts for each",
        grouped(requests.at_least),
        grouped(requests.at_most),
        requests.attempts,
    )
}

fn quotas(plan: &Plan) -> Vec<String> {
    if plan.quotas.is_empty() {
        return vec!["none".to_owned()];
    }
    let line = |pledge: &Pledge| {
        let binds = if pledge.binds { ", binds" } else { "" };
        format!("{}: {}{binds}", pledge.quota, duration(pledge.seconds))
    };
    plan.quotas.iter().map(line).collect()
}

fn finish(plan: &Plan) -> String {
    match &plan.finish {
        _ if plan.users.pending == 0 => "nobody is left to ask".to_owned(),
        Some(time) if time.seconds > 0 => {
            format!("at the earliest in {}: {}", duration(time.seconds), time.at)
        }
        _ => "as soon as the partner has answered: no quota slows it down".to_owned(),
    }
}

fn left_over(undone: &Undone) -> String {
    format!("{} users by {}", grouped(undone.users), undone.limit)
}

fn disk(disk: Disk) -> Vec<String> {
    let free = match disk.free_bytes {
        Some(free) => format!("{} free", DecimalBytes(free)),
        None => "free space unknown".to_owned(),
    };
    let mut lines = vec![
        format!(
            "about {} for the journal, {} for the report; {free}",
            DecimalBytes(disk.journal_bytes),
            DecimalBytes(disk.report_bytes),
        ),
        format!(
            "{SOFT}assuming {} and {} for each user; long histories of warnings or AML hits take more{SOFT:#}",
            DecimalBytes(disk.journal_bytes_a_user),
            DecimalBytes(disk.report_bytes_a_user),
        ),
    ];
    // Both are there at once until the report is published.
    if disk.free_bytes.is_some_and(|free| free < disk.journal_bytes + disk.report_bytes) {
        let red = AnsiColor::Red.on_default().bold();
        lines.push(format!("{red}the disk is too small{red:#}"));
    }
    lines
}

fn locked(owner: &str) -> String {
    let yellow = AnsiColor::Yellow.on_default();
    format!("{yellow}held by {owner}{yellow:#}: `run` would end with 10 now")
}

fn duration(seconds: u64) -> String {
    if seconds == 0 {
        "at once".to_owned()
    } else {
        humantime::format_duration(Duration::from_secs(seconds)).to_string()
    }
}

fn counted(nights: u64) -> String {
    if nights == 1 { "1 night".to_owned() } else { format!("{} nights", grouped(nights)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::planned::{Reject, Time};

    fn plan() -> Plan {
        let roster = Roster {
            source: "roster.csv".to_owned(),
            sha256: "0".repeat(64),
            input_rows: 12_345,
            unique_users: 12_000,
            duplicates: 300,
            blanks: 38,
            rejects: 7,
            other_shards: 0,
            first_rejects: vec![Reject {
                line: 80,
                reason: "empty_id",
                detail: "the id is empty".to_owned(),
            }],
        };
        Plan {
            run_id: None,
            state: State::New,
            partner: None,
            route: None,
            baseline: Some("night-0".to_owned()),
            no_baseline_because: None,
            roster,
            users: Users { settled: 0, pending: 12_000 },
            requests: Requests { at_least: 12_000, at_most: 60_000, attempts: 5 },
            quotas: vec![
                Pledge { quota: "300/1m".to_owned(), seconds: 2_400, binds: false },
                Pledge { quota: "10000/1day".to_owned(), seconds: 95_000, binds: true },
            ],
            finish: Some(Time { seconds: 95_000, at: "2026-11-24 08:00:00 UTC".to_owned() }),
            campaign: Some(Campaign {
                from: vec!["monday".to_owned()],
                carried: 0,
                never_asked: 11_000,
                not_decided: 900,
                too_old: 100,
                asked_tonight: 9_000,
                nights_until_attempted: Some(2),
                nights_of_a_full_pass: Some(2),
                oldest_answer_days: Some(30),
            }),
            undone: vec![Undone { limit: "--max-requests 9000".to_owned(), users: 3_000 }],
            disk: Disk {
                journal_bytes: 36_000_000,
                report_bytes: 60_000_000,
                journal_bytes_a_user: 3_000,
                report_bytes_a_user: 5_000,
                free_bytes: Some(90_000_000),
            },
            lock: None,
        }
    }

    fn plain(plan: &Plan) -> String {
        anstream::adapter::strip_str(&page(plan)).to_string()
    }

    #[test]
    fn a_plan_says_all_that_an_operator_asks_before_a_big_run() {
        let page = plain(&plan());
        for line in [
            "12,345 rows read: 12,000 users, 300 duplicates, 38 blank, 7 rejected",
            "line 80: empty_id: the id is empty",
            "and 6 more rejected",
            "partner    not set",
            "baseline   run night-0\n",
            "12,000 at least, one for each pending user; 60,000 at most",
            "300/1m: 40m\n",
            "10000/1day: 1day 2h 23m 20s, binds",
            "in 1day 2h 23m 20s: 2026-11-24 08:00:00 UTC",
            "3,000 users by --max-requests 9000",
            "0 carried from run monday; to ask: 11,000 never asked, 900 not decided, 100 too old",
            "9,000 fit into this night; 2 nights until nobody is not_attempted; a full pass over everybody takes about 2 nights, and answers get about 30 days old",
            "36.00 MB for the journal, 60.00 MB for the report; 90.00 MB free",
            "the disk is too small",
        ] {
            assert!(page.contains(line), "{line:?} is not in {page}");
        }
    }

    #[test]
    fn a_plan_of_nothing_left_says_so() {
        let users = Users { settled: 12_000, pending: 0 };
        let done =
            Plan { state: State::Published, run_id: Some("night".to_owned()), users, ..plan() };
        let page = plain(&done);
        assert!(page.contains("Run night is published already"), "{page}");
        assert!(page.contains("nobody is left to ask"), "{page}");
    }
}
