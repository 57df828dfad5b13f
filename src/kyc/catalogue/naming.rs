//! Names of columns: the JSON path, or a roster's header, in `snake_case`.

use std::collections::BTreeSet;

/// The column name of a JSON pointer: `/idInfo/fullName` is `id_info_full_name`.
#[must_use]
pub fn from_pointer(pointer: &str) -> String {
    let words: Vec<_> =
        pointer.split('/').filter(|part| !part.is_empty()).map(snake_case).collect();
    words.join("_")
}

/// A text in `snake_case`: words start at a change to upper case and at whatever is neither letter nor digit.
#[must_use]
pub fn snake_case(text: &str) -> String {
    let mut name = String::with_capacity(text.len() + 4);
    let mut previous = '_';
    let mut letters = text.trim().chars().peekable();
    while let Some(c) = letters.next() {
        let followed_by_lower = letters.peek().is_some_and(|next| next.is_lowercase());
        let opens_word = c.is_uppercase()
            && (previous.is_lowercase()
                || previous.is_ascii_digit()
                || (previous.is_uppercase() && followed_by_lower));
        if (opens_word || !c.is_alphanumeric()) && !name.ends_with('_') && !name.is_empty() {
            name.push('_');
        }
        if c.is_alphanumeric() {
            name.extend(c.to_lowercase());
        }
        previous = c;
    }
    name.truncate(name.trim_end_matches('_').len());
    name
}

/// The names of a roster's other columns in `users`: `roster_<snake_case>`, clashes numbered from 2.
#[must_use]
pub fn roster_names(headers: &[String]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    headers.iter().map(|header| distinct(roster_name(header), &mut taken)).collect()
}

/// The column of `users` that holds a roster's column, which may be called by its header as it stands there, by the
/// header in `snake_case`, or by the name of that column itself.
#[must_use]
pub fn roster_column(headers: &[String], called: &str) -> Option<String> {
    let names = roster_names(headers);
    let spelled_so = headers.iter().position(|header| header.trim() == called.trim());
    let named_so = || names.iter().position(|name| *name == called);
    let read_so = || names.iter().position(|name| *name == roster_name(called));
    let at = spelled_so.or_else(named_so).or_else(read_so)?;
    names.into_iter().nth(at)
}

fn roster_name(header: &str) -> String {
    match snake_case(header).as_str() {
        "" => "roster_column".to_owned(),
        name => format!("roster_{name}"),
    }
}

fn distinct(name: String, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|n: u32| format!("{name}_{n}"));
    let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name));
    let free = free.unwrap_or(name);
    taken.insert(free.clone());
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_becomes_a_name() {
        assert_eq!(from_pointer("/idInfo/secondLastName"), "id_info_second_last_name");
        assert_eq!(
            from_pointer("/aipriseSummary/verificationResult"),
            "aiprise_summary_verification_result"
        );
        assert_eq!(from_pointer("/faceMatchInfo/section_id"), "face_match_info_section_id");
    }

    #[test]
    fn a_header_becomes_a_name_whatever_it_holds() {
        for (header, name) in [
            ("onboarded_on", "onboarded_on"),
            ("Our Status", "our_status"),
            ("KYCStatus", "kyc_status"),
            ("  e-mail (hash) ", "e_mail_hash"),
            ("País", "país"),
            ("v2Score", "v2_score"),
            ("!!", ""),
        ] {
            assert_eq!(snake_case(header), name);
        }
    }

    #[test]
    fn a_roster_s_column_is_found_by_header_and_by_name() {
        let headers = ["Our Status", "our_status", "País", ""].map(str::to_owned);
        for (called, column) in [
            ("Our Status", Some("roster_our_status")),
            ("our_status", Some("roster_our_status_2")),
            ("OurStatus", Some("roster_our_status")),
            ("roster_our_status_2", Some("roster_our_status_2")),
            ("país", Some("roster_país")),
            ("pais", None),
            ("verdict", None),
        ] {
            assert_eq!(roster_column(&headers, called).as_deref(), column, "{called}");
        }
    }

    #[test]
    fn headers_that_read_alike_get_numbers() {
        let headers = ["a", "A", "a_2", "", "?"].map(str::to_owned);
        let names = ["roster_a", "roster_a_2", "roster_a_2_2", "roster_column", "roster_column_2"];
        assert_eq!(roster_names(&headers), names);
    }
}
