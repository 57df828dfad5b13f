//! The numbers by which a person may be known to a state, as hashes: the same for everybody who shows the same number.

use crate::{
    kyc::{country, json, values},
    model::digest::Digest,
};
use serde_json::value::RawValue;

/// Hashes of a user's numbers; none where there is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) document: Option<u64>,
    pub(super) tax_id: Option<u64>,
}

/// The texts that the numbers are made of.
#[derive(Debug, Default)]
pub(super) struct Texts<'t> {
    pub(super) document: Option<&'t str>,
    /// ISO alpha-2, of the country that issued the document.
    pub(super) issued_by: Option<&'t str>,
    pub(super) tax_id: Option<&'t str>,
    /// ISO alpha-2; the only country the partner sends beside a tax id.
    pub(super) born_in: Option<&'t str>,
}

impl Texts<'_> {
    pub(super) fn identity(&self) -> Identity {
        Identity {
            document: self.document.and_then(|number| hash(number, self.issued_by)),
            tax_id: self.tax_id.and_then(|number| hash(number, self.born_in)),
        }
    }
}

/// Eight bytes of the SHA-256 of a country and a number: the same in every run and on every machine, and no two of five
/// million numbers meet by chance, not once in a million runs. Letters and digits count, in upper case; the rest of a
/// number is punctuation.
fn hash(number: &str, country: Option<&str>) -> Option<u64> {
    let letters = number.chars().filter(|c| c.is_alphanumeric());
    let number: String = letters.flat_map(char::to_uppercase).collect();
    let keyed = format!("{}:{number}", country.unwrap_or_default());
    let first =
        Digest::of(keyed.as_bytes()).as_bytes().first_chunk().copied().map(u64::from_be_bytes);
    first.filter(|_| !number.is_empty())
}

/// The numbers in the text of a document. It reads what the walk would put into the columns, and nothing else.
pub(super) fn find(document: &str) -> Identity {
    let document = json::parse(document);
    let id_info = member(document, "idInfo");
    let personal = member(member(document, "clientReferenceData"), "personalInfo");
    let [number, code, name] =
        ["idNumber", "issueCountryCode", "issueCountry"].map(|key| text(member(id_info, key)));
    let [tax_id, birth_country] = ["taxId", "birthCountry"].map(|key| text(member(personal, key)));
    Texts {
        document: number.as_deref(),
        issued_by: country::read([code.as_deref(), name.as_deref()]).country,
        tax_id: tax_id.as_deref(),
        born_in: country::read([birth_country.as_deref()]).country,
    }
    .identity()
}

/// The value that would be taken for a key: the first one, in any spelling, that is not nothing.
fn member<'a>(object: Option<&'a RawValue>, key: &str) -> Option<&'a RawValue> {
    let members = object.and_then(json::entries)?.into_iter();
    let mut named = members.filter(|(other, _)| json::is_same_key(other, key));
    named.find(|(_, value)| !json::is_empty(value)).map(|(_, value)| value)
}

fn text(value: Option<&RawValue>) -> Option<String> {
    value.and_then(|value| values::scalar(value).text().map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_its_letters_and_digits_and_its_country() {
        let of = |number, country| hash(number, country);
        assert_eq!(of("ab-12 34.c", Some("MX")), of("AB1234C", Some("MX")));
        assert_ne!(of("AB1234C", Some("MX")), of("AB1234C", Some("DO")));
        assert_ne!(of("AB1234C", Some("MX")), of("AB1234C", None));
        assert_eq!(
            of("AB1234C", Some("MX")),
            Some(0x13e0_1d16_dd2e_40e0),
            "the same in every build"
        );
        assert_eq!([of("", Some("MX")), of(" -/- ", None)], [None; 2]);
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
