//! The Parquet files byte for byte: each is what its own rows give when they are written once more.
//!
//! Footers and page headers hold least and greatest values by which readers skip rows, and nothing else shows them.

use std::{
    fs::File,
    io::{self, BufReader, Read, Write},
    path::Path,
};

use polars::prelude::Schema;

use super::{archive::ARCHIVE, careful::careful};
use crate::{
    commands::published::Published,
    console::verified::Step,
    disk::DiskError,
    error::Error,
    model::ids::RunId,
    report::{
        archive,
        certificate::Certificate,
        parquet::{self, FileFacts, FooterStatistics, TableWriter},
        reading::PublishedTable,
    },
};

pub(super) fn check(run: &Published, certificate: Option<&Certificate>, readable: bool) -> Step {
    let mut step = Step::new("encoding");
    let run_id = certificate.and_then(|certificate| RunId::parse(&certificate.run_id).ok());
    let (Some(certificate), Some(run_id), true) = (certificate, &run_id, readable) else {
        step.skipped = Some("certificate or tables cannot be read".to_owned());
        return step;
    };
    if let Some(skipped) = super::another_version(certificate) {
        step.skipped = Some(skipped);
        return step;
    }
    let Certificate { environment, tool_version, .. } = certificate;
    let of = |table| FileFacts { run_id, table, environment: *environment, tool_version };
    let tables = careful(&mut step, "tables", |_| run.tables()).unwrap_or_default();
    for table in &tables {
        let (path, schema) = (format!("tables/{}.parquet", table.name), parquet::schema(table));
        let statistics = parquet::footer_statistics(table);
        careful(&mut step, &path, |step| {
            rewrite(run, &path, schema, statistics, of(table.name), step)
        });
    }
    careful(&mut step, ARCHIVE, |step| {
        rewrite(run, ARCHIVE, archive::schema(), FooterStatistics::Withheld, of("responses"), step)
    });
    step.checked = format!("{} Parquet files, written once more", tables.len() + 1);
    step
}

fn rewrite(
    run: &Published,
    path: &str,
    schema: Schema,
    statistics: FooterStatistics,
    facts: FileFacts,
    step: &mut Step,
) -> Result<(), Error> {
    let place = run.file(path);
    let table = PublishedTable::open(&place)?;
    let mut against = Against::open(&place)?;
    let mut writer = TableWriter::onto(&mut against, &place, schema, statistics, facts)?;
    for rows in table.row_groups() {
        writer.append(&rows?)?;
    }
    writer.finish()?;
    if against.differs().map_err(Error::Reading)? {
        step.find(path, "its bytes are not those that its own rows give");
    }
    Ok(())
}

/// A place to write to that keeps nothing, and compares what it is given with a file.
struct Against {
    file: BufReader<File>,
    differs: bool,
}

impl Against {
    fn open(path: &Path) -> Result<Self, Error> {
        let cannot = |source| DiskError::Read { path: path.to_owned(), source };
        let file = BufReader::new(File::open(path).map_err(cannot)?);
        Ok(Self { file, differs: false })
    }

    /// Whether anything was different, or is left over.
    fn differs(mut self) -> io::Result<bool> {
        Ok(self.differs || self.file.read(&mut [0])? > 0)
    }
}

impl Write for Against {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.differs {
            let mut there = vec![0; bytes.len()];
            self.differs = self.file.read_exact(&mut there).is_err() || there != bytes;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
