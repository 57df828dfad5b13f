//! The trail: what other runs of the same reports directory sent to the same partner counts against the same quotas.
//!
//! An unfinished run is read from its journal. A published run has none any more, so it leaves its recent requests in a
//! small file under `.work/`.

use std::{path::Path, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::workplace::{self, Workplace};
use crate::{
    clock, disk,
    error::Error,
    journal::{sessions::Past, store::Journal},
    model::ids::RunId,
    settings::{Partner, RunSettings},
};

/// How long requests are remembered: the longest window that quotas usually have.
const REMEMBERED: Duration = Duration::from_hours(24);
/// How many, at most; the newest.
const MOST: usize = 200_000;

/// What published runs sent lately.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Trail {
    /// Whom it was sent to, as settings say it.
    partner: String,
    /// When each request was over, in microseconds since 1970-01-01 UTC.
    sent_us: Vec<i64>,
    /// Until when the partner wants nobody to come.
    wait_until_us: i64,
}

/// What other runs than `own` leave to a session that begins now.
pub(super) fn others(
    reports: &Path,
    own: Option<&RunId>,
    partner: &str,
    longest: Duration,
) -> Result<Past, Error> {
    let now = clock::now();
    let mut past = read(reports)?
        .filter(|trail| trail.partner == partner)
        .map_or_else(Past::default, |trail| trail.past(now, longest));
    for run in disk::directories_in(&reports.join(".work"))? {
        let Ok(run) = RunId::parse(&run) else { continue };
        let journal = workplace::journal(reports, &run);
        if own == Some(&run) || !journal.exists() {
            continue;
        }
        let Some(journal) = Journal::look(&journal)? else { continue };
        if journal.fact("partner")?.as_deref() == Some(partner) {
            past.join(journal.past(now, longest)?);
        }
    }
    Ok(past)
}

/// Leaves the requests of a published run to later ones, before its journal goes.
pub(super) fn leave(place: &Workplace, settings: &RunSettings) -> Result<(), Error> {
    // The built-in sandbox is a new partner every time.
    if matches!(settings.partner, Partner::Sandbox(_)) || !place.journal().exists() {
        return Ok(());
    }
    let partner = settings.partner.to_string();
    let now = clock::now();
    let mut past = Journal::open_for_reading(&place.journal())?.past(now, REMEMBERED)?;
    past.join(others(place.reports(), Some(&place.run_id), &partner, REMEMBERED)?);
    let skip = past.ages.len().saturating_sub(MOST);
    let trail = Trail {
        partner,
        sent_us: past.ages[skip..].iter().map(|age| now.as_microsecond() - micros(*age)).collect(),
        wait_until_us: now.as_microsecond() + micros(past.wait),
    };
    let text = serde_json::to_string(&trail).unwrap_or_default();
    Ok(disk::replace_private(&file(place.reports()), text.as_bytes())?)
}

impl Trail {
    fn past(&self, now: Timestamp, longest: Duration) -> Past {
        let since =
            |us: i64| Duration::from_micros((now.as_microsecond() - us).max(0).unsigned_abs());
        let mut ages: Vec<_> = self.sent_us.iter().map(|us| since(*us)).collect();
        ages.retain(|age| *age < longest);
        let wait = self.wait_until_us - now.as_microsecond();
        Past { ages, wait: Duration::from_micros(wait.max(0).unsigned_abs()) }
    }
}

/// Reads the trail; one that cannot be understood was left by another version, and is as good as none.
fn read(reports: &Path) -> Result<Option<Trail>, Error> {
    let file = file(reports);
    if !file.exists() {
        return Ok(None);
    }
    Ok(serde_json::from_slice(&disk::read(&file)?).ok())
}

fn file(reports: &Path) -> std::path::PathBuf {
    reports.join(".work").join("trail.json")
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
