//! The card a person showed: kind, number, issuer, dates.

use jiff::{ToSpan, civil::Date};

use crate::sandbox::{
    chance::Chance,
    country::{Kind, Nation},
    person::{Person, Sex},
};

/// The card a person showed.
#[derive(Debug, Clone)]
pub struct Card {
    pub kind: Kind,
    /// Right in its pattern; check digits are as chance has them.
    pub number: String,
    pub issuer: &'static Nation,
    pub issued: Date,
    /// None on cards for life.
    pub expires: Option<Date>,
}

/// How long a card is still good when it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// For years to come.
    Long,
    /// Whatever chance gives, but not over.
    Any,
    /// Over.
    Expired,
}

impl Card {
    /// Draws the card that `person` showed on the day `shown`.
    #[must_use]
    pub fn draw(person: &Person, shown: Date, validity: Validity, chance: &mut Chance) -> Self {
        let kind = kind(person, shown, chance);
        let issuer = match kind {
            Kind::Passport => person.nationality,
            _ => &person.country.nation,
        };
        let life = kind.days_of_life();
        let left = days_left(life, validity, chance);
        let expires = shown.saturating_add(left.days());
        let number = number(kind, person, issuer, chance);
        let for_life = validity == Validity::Any && chance.happens(15);
        Self {
            kind,
            number,
            issuer,
            issued: issued(person, shown, expires.saturating_sub(life.days())),
            expires: (!for_life).then_some(expires),
        }
    }

    /// Gives it another number.
    pub fn renumber(&mut self, person: &Person, chance: &mut Chance) {
        self.number = number(self.kind, person, self.issuer, chance);
    }
}

impl Kind {
    const fn days_of_life(self) -> i64 {
        match self {
            Self::VoterCard | Self::NationalId | Self::Passport => 3_652,
            Self::DriverLicense => 1_826,
            Self::ResidentCard => 1_461,
        }
    }
}

fn kind(person: &Person, shown: Date, chance: &mut Chance) -> Kind {
    // A child has no other card.
    if shown < person.birth.saturating_add(18.years()) {
        Kind::Passport
    } else if person.nationality == &person.country.nation {
        chance.weigh(person.country.cards)
    } else {
        chance.weigh(&[(70, Kind::ResidentCard), (30, Kind::Passport)])
    }
}

fn days_left(life: i64, validity: Validity, chance: &mut Chance) -> i64 {
    match validity {
        Validity::Long => life - i64::from(chance.between(10, 300)),
        Validity::Any => i64::from(chance.between(5, u32::try_from(life - 10).unwrap_or(1_000))),
        Validity::Expired => -i64::from(chance.between(3, 700)),
    }
}

/// Not before the holder came of age, where that leaves a day before the card was shown.
fn issued(person: &Person, shown: Date, wished: Date) -> Date {
    wished.max(person.birth.saturating_add(18.years())).min(shown.saturating_sub(3.days()))
}

fn number(kind: Kind, person: &Person, issuer: &Nation, chance: &mut Chance) -> String {
    let letters = b"ABCDEFGHJKLMNPRSTUVWXYZ";
    match kind {
        Kind::VoterCard => {
            let sex = if person.sex == Sex::Female { 'M' } else { 'H' };
            let names = chance.text(letters, 2);
            let place = chance.between(10, 32);
            format!("{names}{}{place}{sex}{}", person.letters_and_birth(), chance.digits(3))
        }
        // No cédula begins with 000.
        Kind::NationalId if issuer.alpha2 == "DO" => {
            format!("000-{}-{}", chance.digits(7), chance.digits(1))
        }
        Kind::NationalId => format!("{}{}", chance.digits(8), chance.text(letters, 1)),
        Kind::Passport => format!("{}{}", chance.text(letters, 1), chance.digits(8)),
        Kind::DriverLicense => format!("{}{}", chance.text(letters, 2), chance.digits(7)),
        Kind::ResidentCard => format!("RC{}", chance.digits(9)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: Date = Date::constant(2026, 3, 1);

    fn cards(validity: Validity) -> impl Iterator<Item = (Person, Card)> {
        (0..1_000).map(move |n| {
            let id = format!("user-{n}");
            let person = Person::of(7, &id);
            let card = Card::draw(&person, SHOWN, validity, &mut Chance::new(7, "card", &id));
            (person, card)
        })
    }

    #[test]
    fn a_card_is_issued_before_it_is_shown_and_good_on_that_day() {
        for (person, card) in cards(Validity::Any) {
            assert!(person.birth < card.issued && card.issued < SHOWN);
            assert!(card.expires.is_none_or(|day| day > SHOWN));
        }
    }

    #[test]
    fn an_expired_card_is_over_on_the_day_it_is_shown() {
        for (_, card) in cards(Validity::Expired) {
            assert!(card.expires.is_some_and(|day| card.issued < day && day < SHOWN), "{card:?}");
        }
    }

    #[test]
    fn mexicans_mostly_show_the_voter_card_and_nobody_else_has_one() {
        let voters = cards(Validity::Any).filter(|(_, card)| card.kind == Kind::VoterCard);
        let mut count = 0;
        for (person, card) in voters {
            assert_eq!(person.country.nation.alpha2, "MX");
            assert_eq!(card.number.len(), 18, "{}", card.number);
            count += 1;
        }
        assert!((300..500).contains(&count), "{count}");
    }
}
