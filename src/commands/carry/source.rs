//! The published run from which answers are carried.
//!
//! It is the baseline that the operator names, else the newest published run of the same partner. That is not always the one
//! to which `latest` points: during its first nights a campaign has not asked everybody yet, so its runs are published but
//! not complete, and if each of them began again from the last complete one, it would ask the same people for ever.

use std::path::Path;

use crate::{
    commands::published::Published,
    disk,
    error::Error,
    model::ids::RunId,
    report::{
        archive_reader::ArchiveReader, certificate::Certificate, error::ReportError,
        manifest::Manifest, reading::PublishedTable,
    },
    settings::{Address, Settings, baseline::Choice},
};

const ARCHIVE: &str = "archive/responses.parquet";
const USERS: &str = "tables/users.parquet";

/// A published run whose answers may be carried. What of it is read is what was published.
pub(in crate::commands) struct Source {
    run: Published,
    run_id: RunId,
    manifest: Manifest,
    roster_columns: Vec<String>,
}

impl Source {
    /// The run whose answers a run against this partner carries, if there is one.
    pub(in crate::commands) fn choose<P>(
        settings: &Settings<P>,
        partner: Option<&str>,
    ) -> Result<Option<Self>, Error> {
        let run = match &settings.baseline {
            Choice::None => None,
            Choice::Named(run) => Some(Published::named(&settings.reports, run)?),
            Choice::Latest => newest(&settings.reports, partner)?,
        };
        run.map(|run| Self::open(run).map_err(Error::unreadable)).transpose()
    }

    fn open(run: Published) -> Result<Self, ReportError> {
        let path = run.file("certificate.json");
        let (certificate, manifest) = (Certificate::read(&path)?, Manifest::read(run.dir())?);
        manifest.check(run.dir(), "certificate.json")?;
        let run_id = RunId::parse(&certificate.run_id).map_err(|_| ReportError::Damaged {
            path,
            what: "`run_id` cannot be understood".to_owned(),
        })?;
        let roster_columns = certificate.derivation.roster_columns;
        Ok(Self { run, run_id, manifest, roster_columns })
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

/// The newest published run of this partner, or of any if none is named. One that cannot be read is passed over here: it
/// may be of another version, and whoever asks more than needed does no harm.
fn newest(reports: &Path, partner: Option<&str>) -> Result<Option<Published>, Error> {
    let mut newest = None;
    for name in disk::directories_in(reports)? {
        if RunId::parse(&name).is_err() {
            continue;
        }
        let Ok(certificate) = Certificate::read(&reports.join(&name).join("certificate.json"))
        else {
            continue;
        };
        let is_theirs = partner
            .is_none_or(|partner| Address::are_of_one_partner(partner, &certificate.base_url));
        newest = newest.max(is_theirs.then_some((certificate.started_at, name)));
    }
    newest.map(|(_, name)| Published::named(reports, Path::new(&name))).transpose()
}
