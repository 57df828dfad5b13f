//! The trail: what other runs of the same reports directory sent to the same partner counts against the same quotas.
//!
//! An unfinished run is read from its journal. A published run has none any more, so it leaves its recent requests in a
//! small file under `.work/`; shards have one each.

use std::{
    iter,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::workplace::{self, Workplace};
use crate::{
    clock, disk,
    error::Error,
    journal::{sessions::Past, store::Journal},
    model::{ids::RunId, shard::Shard},
    settings::{RunSettings, partner::Partner},
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

/// What other runs leave to a session of this one that begins now. Not what shards beside it send: each has a part of the
/// quotas of its own.
pub(super) fn others(place: &Workplace, partner: &str, longest: Duration) -> Result<Past, Error> {
    let (now, reports) = (clock::now(), place.reports());
    let own = Shard::named_by(&place.run_id);
    let counts = |other: Option<Shard>| !own.zip(other).is_some_and(|(own, it)| own.is_beside(it));
    let mut past = Past::default();
    for (shard, file) in trails(reports)? {
        if counts(shard) {
            past.join(read(&file)?.past(partner, now, longest));
        }
    }
    for run in disk::listing::directories_in(&reports.join(".work"))? {
        let Ok(run) = RunId::parse(&run) else { continue };
        let journal = workplace::journal(reports, &run);
        if place.run_id == run || !counts(Shard::named_by(&run)) || !journal.exists() {
            continue;
        }
        let Some(journal) = Journal::look(&journal)? else { continue };
        if journal.fact("partner")?.as_deref() == Some(partner) {
            past.join(journal.past(now, longest)?);
        }
    }
    Ok(past)
}

/// Leaves the requests of a published run to later ones, before its journal goes. Each shard has a file of its own.
pub(super) fn leave(place: &Workplace, settings: &RunSettings) -> Result<(), Error> {
    // The built-in sandbox is a new partner every time.
    if matches!(settings.partner, Partner::Sandbox(_)) || !place.journal().exists() {
        return Ok(());
    }
    let partner = settings.partner.to_string();
    let now = clock::now();
    let file = file(place.reports(), Shard::named_by(&place.run_id));
    let mut past = Journal::open_for_reading(&place.journal())?.past(now, REMEMBERED)?;
    past.join(read(&file)?.past(&partner, now, REMEMBERED));
    let skip = past.ages.len().saturating_sub(MOST);
    let trail = Trail {
        partner,
        sent_us: past.ages[skip..].iter().map(|age| now.as_microsecond() - micros(*age)).collect(),
        wait_until_us: now.as_microsecond() + micros(past.wait),
    };
    let text = serde_json::to_string(&trail).unwrap_or_default();
    Ok(disk::replace_private(&file, text.as_bytes())?)
}

impl Trail {
    /// What of it counts against this partner.
    fn past(&self, partner: &str, now: Timestamp, longest: Duration) -> Past {
        if self.partner != partner {
            return Past::default();
        }
        let since =
            |us: i64| Duration::from_micros((now.as_microsecond() - us).max(0).unsigned_abs());
        let mut ages: Vec<_> = self.sent_us.iter().map(|us| since(*us)).collect();
        ages.retain(|age| *age < longest);
        let wait = self.wait_until_us - now.as_microsecond();
        Past { ages, wait: Duration::from_micros(wait.max(0).unsigned_abs()) }
    }
}

/// Reads a trail; one that cannot be understood was left by another version, and is as good as none.
fn read(file: &Path) -> Result<Trail, Error> {
    if !file.exists() {
        return Ok(Trail::default());
    }
    Ok(serde_json::from_slice(&disk::read(file)?).unwrap_or_default())
}

/// Where published runs, or those of one shard, leave their trail.
fn file(reports: &Path, shard: Option<Shard>) -> PathBuf {
    let name = shard.map_or_else(
        || "trail.json".to_owned(),
        |shard| format!("trail-shard-{}-of-{}.json", shard.index(), shard.of()),
    );
    reports.join(".work").join(name)
}

/// The trails that were left, and by which shard each.
fn trails(reports: &Path) -> Result<Vec<(Option<Shard>, PathBuf)>, Error> {
    let names = disk::listing::files_in(&reports.join(".work"))?;
    let stems = names.iter().filter_map(|name| RunId::parse(name.strip_suffix(".json")?).ok());
    let shards = stems.filter_map(|stem| Shard::named_by(&stem)).map(Some);
    Ok(iter::once(None).chain(shards).map(|shard| (shard, file(reports, shard))).collect())
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
