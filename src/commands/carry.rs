//! Carrying: the answers of an earlier run are taken into the journal of one that begins, so that it asks only about those
//! users of whom too little, or nothing recent, is known.

pub(super) mod source;
pub(super) mod terms;

use jiff::Timestamp;
use serde_json::json;

use self::{
    source::Source,
    terms::{Belief, Terms},
};
use super::workplace::Workplace;
use crate::{
    console::log::Log,
    error::Error,
    journal::{carry::Carrying, records::EarlierAnswer, store::Journal},
    model::evidence::Remembered,
    settings::RunSettings,
};

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
    let source = Source::choose(settings, Some(&settings.partner.to_string()))?;
    journal.carry(|carrying| match &source {
        Some(source) => carry(source, &terms, carrying),
        None => Ok(()),
    })?;
    tell(journal, source.as_ref(), log)
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

fn carry(source: &Source, terms: &Terms<'_>, carrying: &mut Carrying<'_>) -> Result<(), Error> {
    let (archive, users) = (source.archive()?, source.users()?);
    for (answers, beliefs) in archive.users().zip(Belief::batches(&users)) {
        let answers = answers.map_err(Error::unreadable)?;
        for (user, belief) in answers.iter().zip(beliefs?) {
            if belief.user_id != user.user_id.as_str() {
                return Err(source.torn());
            }
            take(source, terms, user, &belief, carrying)?;
        }
    }
    Ok(())
}

fn take(
    source: &Source,
    terms: &Terms<'_>,
    user: &Remembered,
    belief: &Belief,
    carrying: &mut Carrying<'_>,
) -> Result<(), Error> {
    let Some(settled) = user.settled.as_ref().filter(|_| belief.is_of_an_answer()) else {
        return Ok(());
    };
    carrying.take(EarlierAnswer {
        user_id: &user.user_id,
        asked_by: settled.carried_from.as_ref().unwrap_or(source.run_id()),
        settled,
        validity: terms.validity(belief),
    })?;
    Ok(())
}

/// The start of the run, also when it is resumed.
fn started_at(journal: &Journal) -> Result<Timestamp, Error> {
    let text = journal.fact("started_at")?.unwrap_or_default();
    Ok(text.parse().map_err(|_| journal.corrupt("`started_at` is not a time"))?)
}

fn tell(journal: &Journal, source: Option<&Source>, log: &Log) -> Result<(), Error> {
    let count = journal.count()?;
    let to_ask = count.to_ask();
    let text = match source {
        None => "there is no earlier run to carry answers from: everybody is asked".to_owned(),
        Some(source) => format!(
            "{} answers are carried from run {} and not asked for again; {to_ask} users are to be asked",
            count.current,
            source.run_id(),
        ),
    };
    let fields = [
        ("from", json!(source.map(|source| source.run_id().as_str()))),
        ("current", json!(count.current)),
        ("to_ask", json!(to_ask)),
    ];
    log.line("carrying", &text, &fields);
    Ok(())
}
