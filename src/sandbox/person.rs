//! Who a user is: a plausible person whom chance made up.

use jiff::{ToSpan, civil::Date};

use crate::sandbox::{
    chance::Chance,
    country::{ABROAD, COUNTRIES, Country, Nation},
    names::HOSTILE,
};

/// A person whom chance made up.
#[derive(Debug, Clone)]
pub struct Person {
    /// Where they live.
    pub country: &'static Country,
    pub nationality: &'static Nation,
    pub sex: Sex,
    pub first: &'static str,
    pub middle: Option<&'static str>,
    pub last: &'static str,
    pub second_last: Option<&'static str>,
    pub birth: Date,
    /// International form, `+52…`.
    pub phone: String,
    pub profession: &'static str,
    pub address: Address,
    /// The last three characters of a Mexican tax id.
    homoclave: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    Female,
    Male,
}

#[derive(Debug, Clone)]
pub struct Address {
    pub street: String,
    pub city: &'static str,
    pub state: &'static str,
    pub postal_code: String,
}

/// The youngest are born on this day, of age at every verification; the oldest 62 years before.
const YOUNGEST: Date = Date::constant(2006, 6, 30);

/// The one concept in both spellings of the partner's documents.
const PROFESSIONS: &[&str] = &[
    "Employee",
    "Public Servant",
    "Entrepreneur or Contractor",
    "Student",
    "Other",
    "EMPLOYEE",
    "ENTREPRENEUR",
    "MANAGER",
    "NURSE",
    "STUDENT",
];

impl Person {
    /// The person behind an id.
    #[must_use]
    pub fn of(seed: u64, id: &str) -> Self {
        let chance = &mut Chance::new(seed, "person", id);
        let country = chance.weigh(&COUNTRIES);
        let names = country.names;
        let sex = chance.pick(&[Sex::Female, Sex::Male]);
        let given = if sex == Sex::Female { names.women } else { names.men };
        let two = chance.several(given, 2);
        let person = Self {
            country,
            nationality: nationality(country, chance),
            sex,
            first: two[0],
            middle: chance.happens(450).then_some(two[1]),
            last: chance.pick(names.families),
            second_last: chance.happens(names.second_family).then(|| chance.pick(names.families)),
            birth: birth(chance),
            phone: format!("{}{}", country.phone.0, chance.digits(country.phone.1)),
            profession: chance.pick(PROFESSIONS),
            address: Address::draw(country, chance),
            homoclave: chance.text(b"ABCDEFGHJKLMNPQRSTUVWXYZ123456789", 3),
        };
        match HOSTILE.iter().find(|(beginning, _)| id.starts_with(beginning)) {
            Some(&(_, name)) => {
                Self { first: name, middle: None, last: "", second_last: None, ..person }
            }
            None => person,
        }
    }

    /// Gives them another family name.
    pub fn rename(&mut self, chance: &mut Chance) {
        let others = self.country.names.families.iter().filter(|name| **name != self.last);
        self.last = chance.pick(&others.copied().collect::<Vec<_>>());
    }

    /// Given and family names in the order of the passport.
    #[must_use]
    pub fn full_name(&self) -> String {
        let parts = [Some(self.first), self.middle, Some(self.last), self.second_last];
        let named = parts.into_iter().flatten().filter(|part| !part.is_empty());
        named.collect::<Vec<_>>().join(" ")
    }

    /// The RFC of who lives in Mexico: four letters of the names, the birth date, three characters more.
    #[must_use]
    pub fn tax_id(&self) -> Option<String> {
        (self.country.nation.alpha2 == "MX")
            .then(|| format!("{}{}", self.letters_and_birth(), self.homoclave))
    }

    /// Four letters of the names and the birth date as `YYMMDD`: how Mexican ids begin.
    #[must_use]
    pub fn letters_and_birth(&self) -> String {
        let vowel = plain_letters(self.last).skip(1).find(|c| "AEIOU".contains(*c));
        let initial = |name: &str| plain_letters(name).next().unwrap_or('X');
        let letters: String = [
            initial(self.last),
            vowel.unwrap_or('X'),
            initial(self.second_last.unwrap_or("X")),
            initial(self.first),
        ]
        .into_iter()
        .collect();
        format!("{letters}{}", self.birth.strftime("%y%m%d"))
    }
}

impl Address {
    fn draw(country: &Country, chance: &mut Chance) -> Self {
        let (city, state, postal) = chance.pick(country.cities);
        let street = chance.pick(country.streets);
        let number = chance.between(1, 1900);
        Self {
            street: if country.nation.alpha2 == "US" {
                format!("{number} {street}")
            } else {
                format!("{street} {number}")
            },
            city,
            state,
            postal_code: format!("{postal}{}", chance.digits(country.postal_digits)),
        }
    }
}

/// Their country's own people as a rule; one in twenty Spanish speakers lives abroad.
fn nationality(country: &'static Country, chance: &mut Chance) -> &'static Nation {
    let abroad = country.names.second_family > 900 && chance.happens(50);
    if abroad { &ABROAD[chance.below(6) as usize] } else { &country.nation }
}

/// The smaller of two draws, so that the young are more.
fn birth(chance: &mut Chance) -> Date {
    let days = chance.below(22_600).min(chance.below(22_600));
    YOUNGEST.saturating_sub(i64::from(days).days())
}

/// The letters A to Z of a name without its particles; Ñ counts as X, as in the rules of the RFC.
fn plain_letters(name: &str) -> impl Iterator<Item = char> {
    let word = name.rsplit(' ').next().unwrap_or(name);
    word.chars().flat_map(char::to_uppercase).filter_map(plain_letter)
}

fn plain_letter(letter: char) -> Option<char> {
    Some(match letter {
        'A'..='Z' => letter,
        'Á' => 'A',
        'É' => 'E',
        'Í' => 'I',
        'Ó' => 'O',
        'Ú' | 'Ü' => 'U',
        'Ñ' => 'X',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> impl Iterator<Item = Person> {
        (0..2_000).map(|n| Person::of(7, &format!("user-{n}")))
    }

    fn is_tax_id(text: &str) -> bool {
        let bytes = text.as_bytes();
        bytes.len() == 13
            && bytes[..4].iter().all(u8::is_ascii_uppercase)
            && bytes[4..10].iter().all(u8::is_ascii_digit)
            && bytes[10..].iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    }

    #[test]
    fn tax_ids_have_the_pattern_of_an_rfc_and_only_mexicans_have_one() {
        for person in people() {
            match person.tax_id() {
                Some(id) => assert!(is_tax_id(&id), "{id} of {}", person.full_name()),
                None => assert_ne!(person.country.nation.alpha2, "MX"),
            }
        }
    }

    #[test]
    fn phones_are_international() {
        for person in people() {
            let digits = person.phone.strip_prefix('+').unwrap_or_default();
            assert!((11..=13).contains(&digits.len()), "{}", person.phone);
            assert!(digits.bytes().all(|b| b.is_ascii_digit()));
        }
    }

    #[test]
    fn everybody_is_of_age_and_nobody_a_hundred() {
        for person in people() {
            assert!(person.birth <= YOUNGEST && person.birth.year() > 1940, "{}", person.birth);
        }
    }

    #[test]
    fn most_have_two_family_names_and_many_an_accent() {
        let two = people().filter(|person| person.second_last.is_some()).count();
        let accents = people().filter(|person| !person.full_name().is_ascii()).count();
        assert!((1_400..1_900).contains(&two) && accents > 1_000, "{two} {accents}");
    }
}
