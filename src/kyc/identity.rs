//! The numbers by which a person may be known to a state, as hashes: the same for everybody who shows the same number.

use super::{
    country, identifier,
    json::{self, Value},
    values::{self, Scalar},
};
use crate::model::{digest::Digest, identity::Identity};

/// The texts that the numbers are made of.
#[derive(Debug, Default)]
pub struct Texts<'t> {
    pub document: Option<&'t str>,
    /// ISO alpha-2, of the country that issued the document.
    pub issued_by: Option<&'t str>,
    pub tax_id: Option<&'t str>,
    /// ISO alpha-2; the only country the partner sends beside a tax id.
    pub born_in: Option<&'t str>,
}

impl Texts<'_> {
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity {
            document: self.document.and_then(|number| hash(number, self.issued_by)),
            tax_id: self.tax_id.and_then(|number| hash(number, self.born_in)),
        }
    }
}

/// How many bits of a hash tell the country; the others are the number's.
const COUNTRY_BITS: u32 = 10;

/// The number behind a hash, whatever the country.
#[must_use]
pub const fn number_of(hash: u64) -> u64 {
    hash >> COUNTRY_BITS
}

/// Whether the hash knows of no country.
#[must_use]
pub const fn is_stateless(hash: u64) -> bool {
    hash.trailing_zeros() >= COUNTRY_BITS
}

/// The first 54 bits of the SHA-256 of a number, and the country: the same in every run and on every machine. Of five
/// million numbers two meet by chance in one run of a thousand, and then are still told apart by their countries.
fn hash(number: &str, country: Option<&str>) -> Option<u64> {
    let number = identifier::number(number)?;
    let digest = Digest::of(number.as_bytes());
    let hash = digest.as_bytes().first_chunk().copied().map(u64::from_be_bytes)?;
    Some((number_of(hash) << COUNTRY_BITS) | country.map_or(0, code))
}

/// Two letters as a number of ten bits; zero for anything else.
fn code(alpha2: &str) -> u64 {
    let letter = |b: u8| b.is_ascii_uppercase().then(|| u64::from(b - b'A') + 1);
    match alpha2.as_bytes() {
        [a, b] => letter(*a).zip(letter(*b)).map_or(0, |(a, b)| a * 27 + b),
        _ => 0,
    }
}

/// The numbers in a document. It reads what flattening would put into the columns, and nothing else.
#[must_use]
pub fn find(document: Value<'_>) -> Identity {
    let document = Found::Value(document);
    let id_info = document.member("idInfo");
    let personal = document.member("clientReferenceData").member("personalInfo");
    let [number, code, name] =
        ["idNumber", "issueCountryCode", "issueCountry"].map(|key| id_info.member(key));
    let [tax_id, birth_country] = ["taxId", "birthCountry"].map(|key| personal.member(key));
    Texts {
        document: number.text().as_deref(),
        issued_by: country_of(&[code, name]),
        tax_id: tax_id.text().as_deref(),
        born_in: country_of(&[birth_country]),
    }
    .identity()
}

/// What stands under a key, as flattening takes it.
#[derive(Clone, Copy)]
enum Found<'d> {
    Nothing,
    Value(Value<'d>),
    /// There are two that differ, and nobody knows which one counts.
    Contested,
}

impl Found<'_> {
    /// What stands under this key, in any spelling, that is not nothing.
    fn member(self, key: &str) -> Self {
        let Self::Value(object) = self else { return self };
        let members = json::entries(object).into_iter().flatten();
        let mut named = members
            .filter(|(other, value)| json::is_same_key(other, key) && !json::is_empty(*value));
        let Some((_, first)) = named.next() else { return Self::Nothing };
        let is_contested = named.any(|(_, other)| !json::is_same_text(first, other));
        if is_contested { Self::Contested } else { Self::Value(first) }
    }

    /// Whether something was sent of which nobody knows what it says.
    fn is_unusable(self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Value(value) => values::scalar(value) == Scalar::Nested,
            Self::Contested => true,
        }
    }

    fn text(self) -> Option<String> {
        let Self::Value(value) = self else { return None };
        values::scalar(value).text().map(str::to_owned)
    }
}

/// The country of several values, the best one first; none if one of them is contested.
fn country_of(found: &[Found<'_>]) -> Option<&'static str> {
    if found.iter().any(|found| found.is_unusable()) {
        return None;
    }
    let texts: Vec<_> = found.iter().map(|found| found.text()).collect();
    country::read(texts.iter().map(Option::as_deref)).country
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the number AB1234C hashes to: of Mexico, and of no country.
    const PINNED_MX: u64 = 0x6308_2733_358f_1977;
    const PINNED: u64 = 0x6308_2733_358f_1800;

    #[test]
    fn a_number_is_its_letters_and_digits_and_its_country() {
        let of = |number, country| hash(number, country);
        assert_eq!(of("ab-12 34.c", Some("MX")), of("AB1234C", Some("MX")));
        assert_ne!(of("AB1234C", Some("MX")), of("AB1234C", Some("DO")));
        assert_ne!(of("AB1234C", Some("MX")), of("AB1234C", None));
        assert_eq!(of("AB1234C", Some("MX")), Some(PINNED_MX), "the same in every build");
        assert_eq!(of("AB1234C", Some("MX")).map(number_of), of("AB1234C", None).map(number_of));
        assert!(of("AB1234C", None).is_some_and(is_stateless));
        assert_eq!([of("", Some("MX")), of(" -/- ", None)], [None; 2]);
    }

    fn find(document: &str) -> Identity {
        let json = json::parse(document);
        json.map_or(Texts::default().identity(), |json| super::find(json.value()))
    }

    /// Journals hold these hashes. Where one of them changes, whatever has changed it, the journal needs another FORMAT: a run
    /// that goes on would count by two rules.
    #[test]
    fn what_a_document_hashes_to_is_the_same_in_every_build() {
        for (id_info, hash) in [
            (r#"{"idNumber":"ab-12 34.c","issueCountryCode":"MX"}"#, PINNED_MX),
            (r#"{"id_number":"AB1234C","issue_country":"México"}"#, PINNED_MX),
            (
                r#"{"IDNUMBER":"ＡＢ１２３４Ｃ","issueCountryCode":"MEX","issueCountry":"Mexican"}"#,
                PINNED_MX,
            ),
            (r#"{"idNumber":"AB1234C","issueCountryCode":"MX","issueCountry":"Spain"}"#, PINNED),
            (r#"{"idNumber":"AB1234C","issueCountry":"Atlantis"}"#, PINNED),
            (r#"{"idNumber":"AB1234C"}"#, PINNED),
        ] {
            let found = find(&format!(r#"{{"idInfo":{id_info}}}"#));
            assert_eq!(found.document, Some(hash), "{id_info}");
        }
        for id_info in
            [r#"{"idNumber":"N/A"}"#, r#"{"idNumber":"0000"}"#, r#"{"idNumber":["1"]}"#, "{}"]
        {
            assert_eq!(find(&format!(r#"{{"idInfo":{id_info}}}"#)).document, None, "{id_info}");
        }
        let personal = r#"{"taxId":12345.0,"birthCountry":"Brazilian"}"#;
        let found = find(&format!(r#"{{"clientReferenceData":{{"personalInfo":{personal}}}}}"#));
        let expected = Texts { tax_id: Some("12345"), born_in: Some("BR"), ..Texts::default() };
        assert_eq!(found, expected.identity());
    }

    #[test]
    fn of_two_numbers_nobody_knows_which_one_counts() {
        for document in [
            r#"{"idInfo":{"idNumber":"AB1","id_number":"AB2"}}"#,
            r#"{"idInfo":{"idNumber":"AB1"},"id_info":{"result":"DECLINED"}}"#,
        ] {
            assert_eq!(find(document).document, None, "{document}");
        }
        let contested =
            find(r#"{"idInfo":{"idNumber":"AB1","issueCountry":"MX","issueCountry":"KP"}}"#);
        assert!(contested.document.is_some_and(is_stateless));
        let twice = find(r#"{"idInfo":{"idNumber":"AB1"},"idInfo":{ "idNumber": "AB1" }}"#);
        assert_eq!(twice, find(r#"{"idInfo":{"idNumber":"AB1"}}"#));
    }

    #[test]
    fn numbers_are_found_in_either_spelling_and_may_be_numbers() {
        let found = find(
            r#"{"id_info":{},"idInfo":{"idNumber":null,"id_number":1234,"issueCountry":"Mexico"},
                "clientReferenceData":{"personalInfo":{"TaxId":"aaaa-900101","birthCountry":"MEX"}}}"#,
        );
        let expected = Texts {
            document: Some("1234"),
            issued_by: Some("MX"),
            tax_id: Some("AAAA900101"),
            born_in: Some("MX"),
        };
        assert_eq!(found, expected.identity());
        assert_eq!(find("[]"), Texts::default().identity());
    }
}
