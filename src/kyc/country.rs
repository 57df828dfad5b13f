//! Countries: codes and names of any kind, read into ISO 3166-1 alpha-2.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::LazyLock,
};

use keshvar::{Alpha2, Alpha3, Country, CountryIterator};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The languages whose names of countries are read.
const LANGUAGES: [&str; 4] = ["en", "es", "pt", "pt_BR"];

/// The alpha-2 code behind an alpha-2 or alpha-3 code, a name in English, Spanish or Portuguese, or an English word for
/// a nationality; none if it is not known, or if it fits several countries (`American`, `Dominican`).
///
/// Case, accents and punctuation do not matter. Two or three letters are a code first, as in `PER` and `UK`.
#[must_use]
pub fn alpha2(text: &str) -> Option<&'static str> {
    /// What is written in the usual way need not be folded to be found.
    static USUAL: LazyLock<HashMap<String, &'static str>> = LazyLock::new(usual);
    USUAL.get(text).copied().or_else(|| unfolded(text))
}

fn unfolded(text: &str) -> Option<&'static str> {
    static KNOWN: LazyLock<BTreeMap<String, String>> = LazyLock::new(known);
    KNOWN.get(&folded(text)).map(String::as_str)
}

/// The codes in upper case, and the names as countries write them themselves.
fn usual() -> HashMap<String, &'static str> {
    let of = |country: Country| {
        let codes = [country.alpha2().to_string(), country.alpha3().to_string()];
        codes.into_iter().chain([country.iso_short_name().to_owned()])
    };
    let texts = CountryIterator::new().flat_map(of);
    texts
        .filter_map(|text| Some((unfolded(&text)?, text)))
        .map(|(code, text)| (text, code))
        .collect()
}

/// Every alpha-2 code there is, in the order of the alphabet.
#[must_use]
pub fn codes() -> &'static [&'static str] {
    static CODES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let mut codes: Vec<_> =
            CountryIterator::new().filter_map(|it| alpha2(&it.alpha2().to_string())).collect();
        codes.sort_unstable();
        codes
    });
    &CODES
}

/// What several texts about one country come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// ISO alpha-2; none if no text can be read, and if two texts contradict each other: nobody knows which is right.
    pub country: Option<&'static str>,
    /// The texts, by their place, that could not be read before one could.
    pub unknown: Vec<usize>,
    /// The text, by its place, that names another country than one before it, and both countries.
    pub contradiction: Option<(usize, [&'static str; 2])>,
}

/// Reads texts about one country, the best one first. Behind one that is read, another only matters if it says otherwise.
#[must_use]
pub fn read<'t>(texts: impl IntoIterator<Item = Option<&'t str>>) -> Reading {
    let mut reading = Reading::default();
    for (place, text) in texts.into_iter().enumerate() {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { continue };
        match (reading.country, alpha2(text)) {
            (None, None) => reading.unknown.push(place),
            (None, found) => reading.country = found,
            (Some(first), Some(second)) if first != second => {
                reading.contradiction = Some((place, [first, second]));
                reading.country = None;
                return reading;
            }
            (Some(_), _) => {}
        }
    }
    reading
}

/// Every way of writing a country that means this one and no other.
fn known() -> BTreeMap<String, String> {
    let countries = || CountryIterator::new().map(|country| (country.alpha2(), country));
    let codes = countries().flat_map(|(alpha2, country)| both_codes(alpha2, country.alpha3()));
    let names = countries().flat_map(|(alpha2, country)| names(alpha2, &country));
    // A code stands before a name, a name before what may be one: where two are spelled alike the first one is meant.
    let mut known = single(nationalities(countries()));
    known.extend(single(names));
    known.extend(single(codes));
    known
}

fn both_codes(alpha2: Alpha2, alpha3: Alpha3) -> [(String, Alpha2); 2] {
    [(alpha2.to_string(), alpha2), (alpha3.to_string(), alpha2)]
}

fn names(alpha2: Alpha2, country: &Country) -> Vec<(String, Alpha2)> {
    let translated = LANGUAGES.iter().filter_map(|tongue| country.translations().get(tongue));
    let own = [country.iso_short_name(), country.iso_long_name()];
    let names = own.iter().chain(translated).chain(country.unofficial_name_list());
    names.map(|name| ((*name).to_owned(), alpha2)).collect()
}

fn nationalities(
    countries: impl Iterator<Item = (Alpha2, Country)>,
) -> impl Iterator<Item = (String, Alpha2)> {
    countries
        .filter_map(|(alpha2, country)| Some((country.maybe_nationality()?.to_owned(), alpha2)))
}

/// The spellings, folded, that stand for one country alone.
fn single(spellings: impl Iterator<Item = (String, Alpha2)>) -> BTreeMap<String, String> {
    let mut meanings: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (text, alpha2) in spellings {
        meanings.entry(folded(&text)).or_default().insert(alpha2.to_string());
    }
    let single = |(text, mut meant): (String, BTreeSet<String>)| {
        (meant.len() == 1 && !text.is_empty()).then_some((text, meant.pop_first()?))
    };
    meanings.into_iter().filter_map(single).collect()
}

/// Lower case without accents, the words apart by one space, `the` and `and` left out.
fn folded(text: &str) -> String {
    let plain = if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        text.nfd().filter(|c| !is_combining_mark(*c)).collect::<String>().to_lowercase()
    };
    let words = plain.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !matches!(*word, "" | "the" | "and"));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_read_from_any_code_or_name() {
        for (texts, code) in [
            (&["MX", " mx ", "MEX", "Mexico", "México", "MÉXICO", "Mexican"][..], "MX"),
            (&["DO", "DOM", "Dominican Republic", "REPUBLICA DOMINICANA"], "DO"),
            (
                &["US", "USA", "United States", "the United States of America", "Estados Unidos"],
                "US",
            ),
            (&["BR", "BRA", "Brazil", "Brasil", "Brazilian"], "BR"),
            (&["PE", "PER", "Peru", "Perú"], "PE"),
            (&["DE", "Germany", "Alemania", "Alemanha"], "DE"),
            (&["GB", "UK", "United Kingdom", "Reino Unido"], "GB"),
            (&["BO", "Bolivia", "Bolivia (Plurinational State of)"], "BO"),
            (&["CI", "Côte d'Ivoire", "Cote d’Ivoire"], "CI"),
            (&["SG", "SGP", "Singapore"], "SG"),
        ] {
            for text in texts {
                assert_eq!(alpha2(text), Some(code), "{text}");
            }
        }
    }

    #[test]
    fn what_names_no_country_or_several_is_not_read() {
        for text in
            ["", " ", "--", "XX", "ZZZ", "Atlantis", "American", "Dominican", "M", "484", "52"]
        {
            assert_eq!(alpha2(text), None, "{text}");
        }
    }

    #[test]
    fn of_several_texts_the_best_readable_one_counts_unless_another_says_otherwise() {
        let country = |texts: &[&'static str]| read(texts.iter().copied().map(Some));
        assert_eq!(country(&["MX", "Mexico"]).country, Some("MX"));
        assert_eq!(
            country(&["MX", "somewhere"]),
            Reading { country: Some("MX"), ..<_>::default() }
        );
        let by_name = Reading { country: Some("MX"), unknown: vec![0], ..<_>::default() };
        assert_eq!(country(&["XX", "Mexico"]), by_name);
        let contradiction = Some((1, ["MX", "ES"]));
        assert_eq!(country(&["MX", "Spain"]), Reading { contradiction, ..<_>::default() });
        assert_eq!(read([None, Some(" ")]), Reading::default());
    }

    #[test]
    fn every_country_is_read_from_all_its_names() {
        for country in CountryIterator::new() {
            let code = country.alpha2().to_string();
            for (name, _) in names(country.alpha2(), &country) {
                assert_eq!(alpha2(&name), Some(code.as_str()), "{name}");
            }
        }
        assert_eq!((CountryIterator::new().count(), codes().len()), (249, 249));
        assert_eq!(codes().first(), Some(&"AD"));
    }
}
