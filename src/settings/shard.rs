//! The settings of one shard, made from those of the whole job.

use std::num::NonZeroU16;

use super::{Settings, error::SettingsError, watch::Watch};
use crate::model::{
    quota::Quota,
    shard::{Part, Shard, ShardChoice},
};

/// The variable in which Kubernetes tells a pod of an indexed job its number, from 0.
const INDEX_VARIABLE: &str = "JOB_COMPLETION_INDEX";

impl<P> Settings<P> {
    /// What one shard obeys: a run of its own name, its part of every quota, and neither `latest` nor anybody else hears of it.
    pub(super) fn divided(self, choice: Option<ShardChoice>) -> Result<Self, SettingsError> {
        let Some(choice) = choice else {
            return match self.run_id.as_ref().and_then(Shard::named_by) {
                Some(shard) => Err(SettingsError::ShardMissing { shard }),
                None => Ok(self),
            };
        };
        let shard = resolve(choice, std::env::var(INDEX_VARIABLE).ok().as_deref())?;
        let named = self.run_id.as_ref().ok_or(SettingsError::ShardUnnamed)?;
        if let Some(other) = Shard::named_by(named).filter(|other| *other != shard) {
            return Err(SettingsError::ShardOther { named: other, shard });
        }
        let quotas = self.quotas.iter().map(|quota| share(*quota, shard.of()));
        Ok(Self {
            quotas: quotas.collect::<Result<_, _>>()?,
            max_requests: self.max_requests.map(|most| requests(most, shard.of())).transpose()?,
            run_id: Some(shard.run_of(named).map_err(SettingsError::ShardName)?),
            part: Some(Part {
                shard,
                job: shard.job_of(named).map_err(SettingsError::ShardName)?,
                quotas: self.quotas,
            }),
            keeps_latest: true,
            // The whole is what is brought to others, and what they are told of.
            publish: None,
            watch: Watch::nobody(),
            ..self
        })
    }
}

/// The shard that is meant; the scheduler's index counts from 0.
fn resolve(choice: ShardChoice, index: Option<&str>) -> Result<Shard, SettingsError> {
    match choice {
        ShardChoice::Named(shard) => Ok(shard),
        ShardChoice::Numbered { of } => index
            .and_then(|index| index.parse::<u16>().ok()?.checked_add(1))
            .and_then(|index| Shard::new(index, of))
            .ok_or(SettingsError::ShardIndex { variable: INDEX_VARIABLE, of }),
    }
}

fn share(quota: Quota, of: NonZeroU16) -> Result<Quota, SettingsError> {
    quota.share(of).ok_or_else(|| SettingsError::Indivisible { whole: quota.to_string(), of })
}

fn requests(most: u64, of: NonZeroU16) -> Result<u64, SettingsError> {
    let share = most / u64::from(of.get());
    let whole = || format!("--max-requests {most}");
    if share == 0 { Err(SettingsError::Indivisible { whole: whole(), of }) } else { Ok(share) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_of_the_scheduler_counts_from_zero() -> Result<(), Box<dyn std::error::Error>> {
        let resolved = |choice: &str, index| {
            Ok::<_, Box<dyn std::error::Error>>(resolve(choice.parse()?, index).ok())
        };
        assert_eq!(resolved("auto/4", Some("0"))?, Some("1/4".parse()?));
        assert_eq!(resolved("auto/4", Some("3"))?, Some("4/4".parse()?));
        for none in [Some("4"), Some("-1"), Some("65535"), Some(""), None] {
            assert_eq!(resolved("auto/4", none)?, None, "{none:?}");
        }
        assert_eq!(resolved("2/4", Some("0"))?, Some("2/4".parse()?));
        Ok(())
    }
}
