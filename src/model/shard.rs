//! A shard: one of several parts of a roster, each asked about by a process of its own that knows nothing of the others.

use std::{fmt, num::NonZeroU16, str::FromStr};

use super::{
    digest::Digest,
    ids::{NotARunId, RunId, UserId},
    quota::Quota,
};

/// One of the parts of a roster, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Shard {
    index: u16,
    of: NonZeroU16,
}

/// Which shard, as the operator says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShardChoice {
    /// `2/4`
    Named(Shard),
    /// `auto/4`: the scheduler of the processes numbers them.
    Numbered { of: NonZeroU16 },
}

/// Why a text names no shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a shard is written I/N with I from 1 to N, such as 2/4; or auto/N")]
pub struct NotAShard;

/// A shard as part of its job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub shard: Shard,
    /// The name that all shards of the job share.
    pub job: RunId,
    /// The quotas of the whole job.
    pub quotas: Vec<Quota>,
}

impl Shard {
    #[must_use]
    pub fn new(index: u16, of: NonZeroU16) -> Option<Self> {
        (1..=of.get()).contains(&index).then_some(Self { index, of })
    }

    #[must_use]
    pub const fn index(self) -> u16 {
        self.index
    }

    #[must_use]
    pub const fn of(self) -> NonZeroU16 {
        self.of
    }

    /// Whether this shard asks about the user: the first eight bytes of the SHA-256 of the id, as a big-endian number,
    /// modulo the number of shards, is the index less one. Stable: anybody can tell where a user is, in any language.
    #[must_use]
    pub fn owns(self, user_id: &UserId) -> bool {
        let digest = Digest::of(user_id.as_str().as_bytes());
        let first = digest.as_bytes().first_chunk().copied().unwrap_or_default();
        u64::from_be_bytes(first) % u64::from(self.of.get()) == u64::from(self.index) - 1
    }

    /// Whether the lines that name no user, blanks and rejects, are counted by this shard: all are by the first one.
    #[must_use]
    pub const fn owns_nameless_lines(self) -> bool {
        self.index == 1
    }

    /// Whether both are parts of the same division, and different ones: then no request of one is a request of the other.
    #[must_use]
    pub fn is_beside(self, other: Self) -> bool {
        self.of == other.of && self.index != other.index
    }

    /// The name of this shard's run, of a job with this name; a name that says the shard already stays.
    ///
    /// # Errors
    /// When the name would be too long.
    pub fn run_of(self, job: &RunId) -> Result<RunId, NotARunId> {
        RunId::parse(&format!("{}{}", self.job_of(job)?, self.suffix()))
    }

    /// The name of the job to which a run of this shard belongs.
    ///
    /// # Errors
    /// When nothing is left of the name.
    pub fn job_of(self, run: &RunId) -> Result<RunId, NotARunId> {
        RunId::parse(run.as_str().strip_suffix(&self.suffix()).unwrap_or(run.as_str()))
    }

    /// The shard that the name of a run says, if it says one.
    #[must_use]
    pub fn named_by(run: &RunId) -> Option<Self> {
        let (_, shard) = run.as_str().rsplit_once("-shard-")?;
        shard.replacen("-of-", "/", 1).parse().ok()
    }

    fn suffix(self) -> String {
        format!("-shard-{}-of-{}", self.index, self.of)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    type Err = NotAShard;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (index, of) = text.split_once('/').ok_or(NotAShard)?;
        let index = index.parse().map_err(|_| NotAShard)?;
        Self::new(index, of.parse().map_err(|_| NotAShard)?).ok_or(NotAShard)
    }
}

impl FromStr for ShardChoice {
    type Err = NotAShard;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.strip_prefix("auto/") {
            Some(of) => Ok(Self::Numbered { of: of.parse().map_err(|_| NotAShard)? }),
            None => text.parse().map(Self::Named),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    #[test]
    fn every_user_belongs_to_exactly_one_shard() -> Result<(), Box<dyn Error>> {
        let of = NonZeroU16::new(7).ok_or("zero")?;
        let shards: Vec<_> = (1..=7).filter_map(|index| Shard::new(index, of)).collect();
        let mut sizes = [0; 7];
        for user in 0..700 {
            let user_id = UserId::parse(&format!("user-{user}"))?;
            let owners: Vec<_> = shards.iter().filter(|shard| shard.owns(&user_id)).collect();
            assert_eq!(owners.len(), 1);
            sizes[usize::from(owners[0].index()) - 1] += 1;
        }
        assert!(sizes.iter().all(|size| (60..140).contains(size)), "{sizes:?}");
        Ok(())
    }

    /// `int(sha256(b"ana").hexdigest()[:16], 16) % 4 + 1`, by another implementation.
    #[test]
    fn the_place_of_a_user_is_the_documented_one() -> Result<(), Box<dyn Error>> {
        for (id, shard) in [("ana", "3/4"), ("bob", "3/4"), ("user-1", "3/4")] {
            assert!(shard.parse::<Shard>()?.owns(&UserId::parse(id)?), "{id}");
        }
        Ok(())
    }

    #[test]
    fn a_shard_is_written_with_its_number_first() {
        for good in ["1/1", "2/4", "64/64"] {
            assert_eq!(good.parse::<Shard>().map(|shard| shard.to_string()), Ok(good.to_owned()));
        }
        for bad in ["0/4", "5/4", "1/0", "1", "a/b", "1/4/4", "-1/4", "auto/4"] {
            assert_eq!(bad.parse::<Shard>(), Err(NotAShard), "{bad}");
        }
        assert!("auto/4".parse::<ShardChoice>().is_ok() && "2/4".parse::<ShardChoice>().is_ok());
        assert_eq!("auto/0".parse::<ShardChoice>(), Err(NotAShard));
    }

    #[test]
    fn the_run_of_a_shard_is_named_after_the_job_once() -> Result<(), Box<dyn Error>> {
        let (shard, night) = ("2/4".parse::<Shard>()?, RunId::parse("night")?);
        let run = shard.run_of(&night)?;
        assert_eq!(run.as_str(), "night-shard-2-of-4");
        assert_eq!((shard.run_of(&run)?, shard.job_of(&run)?), (run.clone(), night.clone()));
        assert_eq!(Shard::named_by(&run), Some(shard));
        assert_eq!(Shard::named_by(&night), None);
        assert!(shard.run_of(&RunId::parse(&"x".repeat(100))?).is_err());
        Ok(())
    }
}
