//! What the operator reads about retention: which runs are gone, and why others of their age are not.

use std::{fmt::Write as _, path::Path, time::Duration};

use anstyle::AnsiColor;
use serde::Serialize;

use super::{
    paper::{BOLD, SOFT, plain},
    terminal::print,
};

/// What became of the runs of a reports directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pruned {
    pub reports: String,
    /// Whether nothing was deleted.
    pub dry_run: bool,
    /// For how long runs are kept.
    pub keep: String,
    pub deleted: Vec<Deleted>,
    pub stay: Vec<Stays>,
    /// How many runs are not old enough.
    pub younger: u64,
}

/// A run that is gone, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deleted {
    pub run_id: String,
    /// When its last answer came.
    pub ended_at: String,
}

/// A run that stays for another reason than its age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stays {
    pub run_id: String,
    pub why: String,
}

impl Pruned {
    /// Nothing happened yet.
    #[must_use]
    pub fn new(reports: &Path, dry_run: bool, keep: Duration) -> Self {
        Self {
            reports: reports.display().to_string(),
            dry_run,
            keep: humantime::format_duration(keep).to_string(),
            deleted: Vec::new(),
            stay: Vec::new(),
            younger: 0,
        }
    }
}

/// Shows it: as JSON for programs, or as a list for people.
pub fn show(pruned: &Pruned, json: bool) {
    if json {
        print(&(serde_json::to_string_pretty(pruned).unwrap_or_default() + "\n"));
    } else {
        print(&text(pruned));
    }
}

fn text(pruned: &Pruned) -> String {
    let Pruned { reports, dry_run, keep, deleted, stay, younger } = pruned;
    let dry = if *dry_run { "  nothing was deleted" } else { "" };
    let mut text = format!(
        "\n  {BOLD}{}{BOLD:#}  {SOFT}runs are kept for {keep}{dry}{SOFT:#}\n\n",
        plain(reports)
    );
    let (style, word) =
        (AnsiColor::Red.on_default(), if *dry_run { "would go" } else { "deleted" });
    for Deleted { run_id, ended_at } in deleted {
        let _ =
            writeln!(text, "  {style}{word:<8}{style:#}  {run_id}  {SOFT}of {ended_at}{SOFT:#}");
    }
    for Stays { run_id, why } in stay {
        let _ = writeln!(text, "  stays     {run_id}  {SOFT}{}{SOFT:#}", plain(why));
    }
    let went = deleted.len();
    let _ = writeln!(text, "  {SOFT}{went} {word}, {younger} not old enough{SOFT:#}\n");
    text
}
