//! The evidence of a published run: its archive, its ledgers, its certificate. Read only as long as it is what was
//! published.

use std::path::Path;

use super::{Evidence, Facts, Numbers, Pages};
use crate::{
    error::Error,
    model::{
        evidence::{Remembered, RememberedAttempt, RememberedReject, RememberedReread},
        ids::{RunId, UserId},
    },
    report::{
        archive_reader::ArchiveReader, certificate::Certificate, error::ReportError,
        ledger_reader::LedgerReader, manifest::Manifest, population::Population,
    },
    roster::counts::RosterCounts,
};

/// The files from which everything else in it can be derived again.
const EVIDENCE: [&str; 6] = [
    "archive/responses.parquet",
    "tables/attempts.parquet",
    "tables/rejects.parquet",
    "tables/rereads.parquet",
    "certificate.json",
    "policy.toml",
];

/// The files of a published report that hold its evidence.
pub(in crate::commands) struct Archived {
    facts: Facts,
    archive: ArchiveReader,
    attempts: LedgerReader,
    rejects: LedgerReader,
    rereads: LedgerReader,
}

impl Archived {
    /// Opens the report in a directory, whose certificate and manifest these are. What was altered is refused.
    pub(in crate::commands) fn open(
        report: &Path,
        certificate: &Certificate,
        manifest: &Manifest,
    ) -> Result<Self, ReportError> {
        for name in EVIDENCE {
            manifest.check(report, name)?;
        }
        let path = |name: &str| report.join(name);
        let facts = facts(certificate, &path("certificate.json"))?;
        Ok(Self {
            archive: ArchiveReader::open(
                &path("archive/responses.parquet"),
                &facts.run_id,
                &facts.derivation.roster_columns,
            )?,
            attempts: LedgerReader::open(&path("tables/attempts.parquet"))?,
            rejects: LedgerReader::open(&path("tables/rejects.parquet"))?,
            rereads: LedgerReader::open(&path("tables/rereads.parquet"))?,
            facts,
        })
    }

    /// The users' lines in the roster and their ids, without what is known of them.
    pub(super) fn lines(&self) -> Pages<'_, (u64, UserId)> {
        Box::new(self.archive.lines().map(read))
    }

    /// The same evidence, to be published as CSV too or not.
    pub(in crate::commands) fn with_csv(mut self, csv: bool) -> Self {
        self.facts.derivation.csv = csv;
        self
    }
}

impl Evidence for Archived {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn users(&self) -> Pages<'_, Remembered> {
        Box::new(self.archive.users().map(read))
    }

    fn numbers(&self) -> Pages<'_, Numbers> {
        let in_answers = |page: Vec<_>| page.into_iter().map(Numbers::In).collect();
        Box::new(self.archive.answers().map(move |page| read(page).map(in_answers)))
    }

    fn attempts(&self) -> Pages<'_, RememberedAttempt> {
        Box::new(self.attempts.attempts().map(read))
    }

    fn rereads(&self) -> Pages<'_, RememberedReread> {
        Box::new(self.rereads.rereads().map(read))
    }

    fn rejects(&self) -> Pages<'_, RememberedReject> {
        Box::new(self.rejects.rejects().map(read))
    }
}

/// A page; what it lacks is the published report's fault, not the new one's.
fn read<T>(page: Result<Vec<T>, ReportError>) -> Result<Vec<T>, Error> {
    page.map_err(Error::unreadable)
}

/// The facts as the certificate at `path` states them.
pub(in crate::commands) fn facts(
    certificate: &Certificate,
    path: &Path,
) -> Result<Facts, ReportError> {
    let damaged = |field: &str| {
        let what = format!("`{field}` cannot be understood");
        ReportError::Damaged { path: path.to_owned(), what }
    };
    let instant = |field: &str, text: &str| text.parse().map_err(|_| damaged(field));
    let quotas = certificate.quotas.iter().map(|quota| quota.parse());
    Ok(Facts {
        run_id: RunId::parse(&certificate.run_id).map_err(|_| damaged("run_id"))?,
        environment: certificate.environment,
        input_sha256: certificate.input_sha256.clone(),
        counts: counts(&certificate.population),
        base_url: certificate.base_url.clone(),
        quotas: quotas.collect::<Result<_, _>>().map_err(|_| damaged("quotas"))?,
        operator: certificate.operator.clone(),
        host: certificate.host.clone(),
        started_at: instant("started_at", &certificate.started_at)?,
        ended_at: instant("ended_at", &certificate.ended_at)?,
        derivation: certificate.derivation.clone(),
    })
}

fn counts(population: &Population) -> RosterCounts {
    RosterCounts {
        input_rows: population.input_rows,
        unique: population.unique_users,
        duplicates: population.duplicates,
        blanks: population.blanks,
        rejects: population.rejects,
        other_shards: population.other_shards,
    }
}
