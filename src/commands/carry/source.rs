//! The published runs from which answers are carried.
//!
//! It is the baseline that the operator names, and no other; else the published runs of the same partner, the newest first.
//! Not only the one to which `latest` points: during its first nights a campaign has not asked everybody yet, so its runs
//! are published but not complete. Nor only the newest: it may be an audit of a few users, or one of another roster.

use std::path::Path;

use crate::{
    commands::published::Published,
    disk,
    error::Error,
    model::{ids::RunId, shard::Shard},
    report::{
        archive_reader::ArchiveReader,
        certificate::Certificate,
        error::ReportError,
        manifest::{self, Manifest},
        reading::PublishedTable,
    },
    settings::{Settings, baseline::Choice, partner::Address},
};

const ARCHIVE: &str = "archive/responses.parquet";
const USERS: &str = "tables/users.parquet";

/// A published run whose answers may be carried. What of it is read is what was published.
pub(in crate::commands) struct Source {
    run: Published,
    run_id: RunId,
    manifest: Manifest,
    pub(super) manifest_sha256: String,
    roster_columns: Vec<String>,
}

/// The runs whose answers a run against this partner may carry, the newest first. Each is opened when it is reached.
pub(in crate::commands) fn sources<P>(
    settings: &Settings<P>,
    partner: Option<&str>,
) -> Result<impl Iterator<Item = Result<Source, Error>> + use<P>, Error> {
    let runs = match &settings.baseline {
        Choice::None => Vec::new(),
        Choice::Named(run) => vec![Published::named(&settings.reports, run)?],
        Choice::Latest => newest_first(settings, partner)?,
    };
    Ok(runs.into_iter().map(|run| Source::open(run).map_err(Error::unreadable)))
}

impl Source {
    fn open(run: Published) -> Result<Self, ReportError> {
        let path = run.file("certificate.json");
        let (certificate, manifest) = (Certificate::read(&path)?, Manifest::read(run.dir())?);
        manifest.check(run.dir(), "certificate.json")?;
        let run_id = RunId::parse(&certificate.run_id).map_err(|_| ReportError::Damaged {
            path,
            what: "`run_id` cannot be understood".to_owned(),
        })?;
        let roster_columns = certificate.derivation.roster_columns;
        let manifest_sha256 = disk::sha256_file(&run.file(manifest::NAME))?.to_string();
        Ok(Self { run, run_id, manifest, manifest_sha256, roster_columns })
    }

    pub(in crate::commands) fn run_id(&self) -> &RunId {
        &self.run_id
    }

    /// Its evidence.
    pub(super) fn archive(&self) -> Result<ArchiveReader, Error> {
        self.checked(ARCHIVE, |path| ArchiveReader::open(path, &self.run_id, &self.roster_columns))
    }

    /// Its users, as it published them.
    pub(in crate::commands) fn users(&self) -> Result<PublishedTable, Error> {
        self.checked(USERS, PublishedTable::open)
    }

    /// The error for an archive that names other users than the table.
    pub(super) fn torn(&self) -> Error {
        let path = self.run.file(ARCHIVE);
        let what = "it has not the users of `users`, in their order".to_owned();
        Error::unreadable(ReportError::Damaged { path, what })
    }

    fn checked<T>(
        &self,
        name: &str,
        open: impl FnOnce(&Path) -> Result<T, ReportError>,
    ) -> Result<T, Error> {
        let checked = self.manifest.check(self.run.dir(), name);
        checked.and_then(|()| open(&self.run.file(name))).map_err(Error::unreadable)
    }
}

/// The published runs of this partner, or of any if none is named. One that cannot be read is passed over here: it may be of
/// another version, and whoever asks more than needed does no harm. So is one whose evidence was removed, and one of a shard
/// beside this one, which has none of its users.
fn newest_first<P>(settings: &Settings<P>, partner: Option<&str>) -> Result<Vec<Published>, Error> {
    let reports = settings.reports.as_path();
    let own = settings.part.as_ref().map(|part| part.shard);
    let is_beside = |run: &RunId| {
        own.zip(Shard::named_by(run)).is_some_and(|(own, other)| own.is_beside(other))
    };
    let mut runs = Vec::new();
    for name in disk::listing::directories_in(reports)? {
        let run = reports.join(&name);
        let has_evidence = [ARCHIVE, USERS].iter().all(|file| run.join(file).is_file());
        if !has_evidence || RunId::parse(&name).map_or(true, |run| is_beside(&run)) {
            continue;
        }
        let Ok(certificate) = Certificate::read(&run.join("certificate.json")) else { continue };
        if partner.is_none_or(|own| Address::are_of_one_partner(own, &certificate.base_url)) {
            runs.push((certificate.started_at, name));
        }
    }
    runs.sort_unstable();
    let named = |(_, name): (_, String)| Published::named(reports, Path::new(&name));
    runs.into_iter().rev().map(named).collect()
}
