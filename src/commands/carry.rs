//! Carrying: the answers of an earlier run are taken into the journal of one that begins, so that it asks only about those
//! users of whom too little, or nothing recent, is known.

pub(super) mod draw;
pub(super) mod drawn;
pub(super) mod source;
pub(super) mod terms;

use jiff::Timestamp;
use serde_json::json;

use self::{drawn::Drawn, terms::Terms};
use super::workplace::Workplace;
use crate::{console::log::Log, error::Error, journal::store::Journal, settings::RunSettings};

/// Takes the earlier answers into the journal, when the settings ask for it and it is not done. To be done before anybody
/// is asked: it fixes who is asked, and in which order.
pub(super) fn take_in(
    journal: &Journal,
    place: &Workplace,
    settings: &RunSettings,
    log: &Log,
) -> Result<(), Error> {
    check_same(journal, place, settings)?;
    let Some(terms) = Terms::of(settings, started_at(journal)?) else { return Ok(()) };
    journal.carry(|carrying| {
        let sources = source::sources(settings, Some(&settings.partner.to_string()))?;
        let drawn = draw::draw(sources, &terms, carrying)?;
        Ok::<_, Error>(serde_json::to_string(&drawn).unwrap_or_default())
    })?;
    tell(journal, log)
}

/// Refuses to go on under other terms than those by which the users to ask were chosen.
fn check_same(journal: &Journal, place: &Workplace, settings: &RunSettings) -> Result<(), Error> {
    let now = terms::describe(settings);
    let then = journal.note("carrying", &now)?;
    if then == now {
        return Ok(());
    }
    let what = "the terms of carrying:";
    Err(Error::Differs { run: place.run_id.clone(), what, then, now })
}

/// The start of the run, also when it is resumed.
fn started_at(journal: &Journal) -> Result<Timestamp, Error> {
    let text = journal.fact("started_at")?.unwrap_or_default();
    Ok(text.parse().map_err(|_| journal.corrupt("`started_at` is not a time"))?)
}

fn tell(journal: &Journal, log: &Log) -> Result<(), Error> {
    let (drawn, count) = (Drawn::noted(journal)?, journal.count()?);
    let to_ask = count.to_ask();
    let text = if drawn.is_empty() {
        "there is no earlier run to carry answers from: everybody is asked".to_owned()
    } else {
        format!(
            "{} answers are not asked for again, {to_ask} users are to be asked; carried from {}",
            count.current,
            Drawn::say(&drawn),
        )
    };
    let runs: Vec<_> = drawn.iter().map(|drawn| drawn.run_id.as_str()).collect();
    let fields =
        [("from", json!(runs)), ("current", json!(count.current)), ("to_ask", json!(to_ask))];
    log.line("carrying", &text, &fields);
    Ok(())
}
