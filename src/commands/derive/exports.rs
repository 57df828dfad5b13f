//! The files for others, made from the complete `users` table.

use std::{collections::BTreeSet, iter};

use polars::prelude::{DataFrame, SortMultipleOptions};

use super::{Inputs, tables};
use crate::{
    assess::{error::ConditionFlaw, selection::Selection},
    commands::batches::{ReportTables, Table},
    error::Error,
    kyc::catalogue,
    model::secret::PseudonymKey,
    report::{
        certificate::Certificate,
        derivation::Derivation,
        export::{
            bound::{BoundExport, Sorting},
            dictionary,
            profiles::{Exports, Profile},
            pseudonym::Pseudonyms,
            totals::ExportTotals,
            writer::ExportWriter,
        },
        parquet,
        publish::Staging,
    },
    settings::error::SettingsError,
    tally::{runner, statistic::Statistic},
};

/// An export, and the users it chooses; none: all of them.
pub(in crate::commands) struct Export {
    bound: BoundExport,
    rows: Option<Selection>,
}

/// Checks the exports against the columns of a run whose roster has these other ones.
pub(in crate::commands) fn bind(
    exports: &Exports,
    roster_columns: &[String],
) -> Result<Vec<Export>, Error> {
    let users = catalogue::users_table(roster_columns);
    let bind = |profile: &Profile| {
        let rows = profile.rows().map(|sql| selection(sql, &users)).transpose();
        let export = profile.name().to_owned();
        let rows = rows.map_err(|source| SettingsError::ExportRows { export, source })?;
        Ok(Export { bound: profile.bind(&users).map_err(SettingsError::Export)?, rows })
    };
    exports.iter().map(bind).collect()
}

fn selection(sql: &str, users: &catalogue::Table) -> Result<Selection, ConditionFlaw> {
    let selection = Selection::parse(sql)?;
    selection.check(&parquet::schema(users))?;
    Ok(selection)
}

/// Writes every export; gives their control totals.
pub(super) fn write(inputs: Inputs<'_>, staging: &Staging) -> Result<Vec<ExportTotals>, Error> {
    let facts = inputs.evidence.facts();
    let Derivation { exports, roster_columns, .. } = &facts.derivation;
    let unclear = || Error::Unclear { run: facts.run_id.clone(), what: "exports" };
    let exports = bind(&Exports::parse(exports).ok_or_else(unclear)?, roster_columns)?;
    let selected = count(&exports, staging)?;
    let pseudonyms = pseudonyms(&facts.derivation, inputs.pseudonym_key);
    let users = ReportTables::tables(&staging.tables()).table("users")?;
    let totals = exports.iter().zip(selected).map(|(export, selected)| {
        let profile = export.bound.profile();
        let place = staging.export(profile.name())?;
        let file = profile.file(&facts.run_id, facts.started_at, facts.environment);
        dictionary::write(&place.join(dictionary::NAME), &export.bound)?;
        let table = format!("export {}", profile.name());
        let policy_sha256 = inputs.policy.digest();
        let said = tables::file_facts(inputs, &table, &policy_sha256);
        let path = place.join(&file);
        let writer = ExportWriter::create(&path, &export.bound, pseudonyms.as_ref(), said)?;
        Ok(ExportTotals {
            name: profile.name().to_owned(),
            file: format!("exports/{}/{file}", profile.name()),
            selected,
            written: export.write(&users, writer)?,
            pseudonyms: export.bound.has_pseudonyms(),
        })
    });
    totals.collect()
}

/// The users whom each export chooses, counted by the engine that answers the statistics.
fn count(exports: &[Export], staging: &Staging) -> Result<Vec<u64>, Error> {
    let statistic = |export: &Export| {
        let name = export.bound.profile().name();
        let rows = export.bound.profile().rows().unwrap_or("TRUE");
        let sql = format!("SELECT COUNT(*) AS users FROM users WHERE ({rows}\n)");
        Statistic { name: format!("export {name}").into(), sql: sql.into() }
    };
    let statistics: Vec<_> = exports.iter().map(statistic).collect();
    let answers = runner::run(&[&staging.tables()], &statistics)?;
    let count = |answer: &runner::Answered<'_>| -> Result<u64, Error> {
        Ok(answer.frame.column("users")?.get(0)?.extract().unwrap_or_default())
    };
    answers.iter().map(count).collect()
}

/// The maker of pseudonyms, if the key is the one with which the run was derived.
fn pseudonyms(derivation: &Derivation, key: Option<&PseudonymKey>) -> Option<Pseudonyms> {
    let pseudonyms = Pseudonyms::of(key?);
    (derivation.pseudonym_key_check == Some(pseudonyms.check())).then_some(pseudonyms)
}

/// The files of a published run that cannot be made again without another key than this.
pub(in crate::commands) fn out_of_reach(
    certificate: &Certificate,
    key: Option<&PseudonymKey>,
) -> Vec<String> {
    if pseudonyms(&certificate.derivation, key).is_some() {
        return Vec::new();
    }
    let exports = certificate.exports.iter().filter(|export| export.pseudonyms);
    exports.map(|export| export.file.clone()).collect()
}

impl Export {
    /// Writes the file, or goes through what would be in it; gives the number of rows.
    fn write(&self, users: &Table, mut writer: Option<ExportWriter>) -> Result<u64, Error> {
        let mut rows = 0;
        for chosen in self.ordered(users) {
            let chosen = chosen?;
            rows += chosen.height() as u64;
            writer.as_mut().map_or(Ok(()), |writer| writer.append(&chosen))?;
        }
        Ok(writer.map_or(Ok(rows), ExportWriter::finish)?)
    }

    /// The users it chooses, in its order. Only what has to be sorted is in memory as a whole.
    fn ordered<'a>(
        &'a self,
        users: &'a Table,
    ) -> Box<dyn Iterator<Item = Result<DataFrame, Error>> + 'a> {
        let columns = self.columns();
        let chosen = users.batches().map(move |first| self.choose(users.read(first, &columns)?));
        if self.bound.order().is_empty() {
            return Box::new(chosen);
        }
        let sorted = || sorted(chosen, self.bound.order()).transpose();
        Box::new(iter::once_with(sorted).flatten())
    }

    fn choose(&self, users: DataFrame) -> Result<DataFrame, Error> {
        let chosen = match &self.rows {
            Some(rows) => rows.of(users)?,
            None => users,
        };
        Ok(chosen.select(self.shown())?)
    }

    /// What it shows and what it is ordered by, each column once.
    fn shown(&self) -> BTreeSet<String> {
        let order = self.bound.order().iter().map(|by| by.column.as_str());
        self.bound.sources().chain(order).map(str::to_owned).collect()
    }

    /// What it reads of `users`.
    fn columns(&self) -> Vec<String> {
        let read = self.rows.iter().flat_map(Selection::columns).map(str::to_owned);
        self.shown().into_iter().chain(read).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// All rows, sorted; of equals the first in the roster is the first, and what is missing comes last.
fn sorted(
    batches: impl Iterator<Item = Result<DataFrame, Error>>,
    order: &[Sorting],
) -> Result<Option<DataFrame>, Error> {
    let mut all: Option<DataFrame> = None;
    for batch in batches {
        match &mut all {
            Some(all) => drop(all.vstack_mut(&batch?)?),
            None => all = Some(batch?),
        }
    }
    let options = SortMultipleOptions::default()
        .with_order_descending_multi(order.iter().map(|by| by.descending))
        .with_nulls_last(true)
        .with_maintain_order(true);
    let columns = order.iter().map(|by| by.column.as_str());
    let sort = |all: DataFrame| all.sort(columns.collect::<Vec<_>>(), options);
    Ok(all.map(sort).transpose()?)
}
