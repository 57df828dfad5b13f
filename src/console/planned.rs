//! What the operator reads before a run: who would be asked, how long that takes, and what it needs.

mod page;

use serde::Serialize;

use super::terminal::print;
use crate::settings::Output;

/// What `run` with the same flags would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// None: the run will be named after its start.
    pub run_id: Option<String>,
    pub state: State,
    /// None: neither a base URL nor the sandbox is chosen yet.
    pub partner: Option<String>,
    /// The way to the partner, with a proxy or without.
    pub route: Option<String>,
    pub roster: Roster,
    /// The run that the report will be compared with, if any.
    pub baseline: Option<String>,
    /// Why it is not the one to which `latest` points.
    pub no_baseline_because: Option<String>,
    pub users: Users,
    pub requests: Requests,
    pub quotas: Vec<Pledge>,
    /// The earliest end of the asking; none without a quota, as it depends on the partner then.
    pub finish: Option<Time>,
    /// For each limit of the session, who stays pending because of it.
    pub undone: Vec<Undone>,
    /// None: the run carries no answers, or has taken them already.
    pub campaign: Option<Campaign>,
    pub disk: Disk,
    /// Who holds the lock of the reports directory now.
    pub lock: Option<String>,
}

/// Whether the run exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    New,
    Unfinished,
    Published,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Roster {
    pub source: String,
    pub sha256: String,
    pub input_rows: u64,
    pub unique_users: u64,
    pub duplicates: u64,
    pub blanks: u64,
    pub rejects: u64,
    /// Rows that other shards of the roster ask about, or count.
    pub other_shards: u64,
    pub first_rejects: Vec<Reject>,
}

/// A roster line that cannot be used. Quotes nothing from the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reject {
    pub line: u64,
    pub reason: &'static str,
    pub detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Users {
    pub settled: u64,
    pub pending: u64,
}

/// Whom a run that carries answers asks, and how long it takes until everybody was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Campaign {
    /// The runs whose answers are carried, the newest first; none: there is none yet.
    pub from: Vec<String>,
    /// Users who are not asked, because their answers are young and final.
    pub carried: u64,
    pub never_asked: u64,
    pub not_decided: u64,
    pub too_old: u64,
    /// How many of them fit into this night.
    pub asked_tonight: u64,
    /// Until nobody is `not_attempted`; 0 when nobody is now, none when it never ends.
    pub nights_until_attempted: Option<u64>,
    /// Everybody asked once more, at one run a night like this one; none: those who are not decided take every night.
    pub nights_of_a_full_pass: Option<u64>,
    /// About how old the oldest answer becomes in the long run, in days.
    pub oldest_answer_days: Option<u64>,
}

/// One request for each pending user at least, all attempts for each at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Requests {
    pub at_least: u64,
    pub at_most: u64,
    pub attempts: u32,
}

/// A quota, and the time that the requests take under it alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pledge {
    pub quota: String,
    pub seconds: u64,
    pub binds: bool,
}

/// A time from now, and on the local clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Time {
    pub seconds: u64,
    pub at: String,
}

/// The users who stay pending because of a limit of the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undone {
    pub limit: String,
    pub users: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Disk {
    pub journal_bytes: u64,
    pub report_bytes: u64,
    pub journal_bytes_a_user: u64,
    pub report_bytes_a_user: u64,
    /// None: the system does not say.
    pub free_bytes: Option<u64>,
}

/// Shows the plan: as JSON for programs, or line by line for people.
pub fn show(plan: &Plan, output: Output) {
    if output.json {
        print(&(serde_json::to_string_pretty(plan).unwrap_or_default() + "\n"));
    } else if !output.quiet {
        print(&page::page(plan));
    }
}
