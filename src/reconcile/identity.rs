//! Who the person is: name, birth date, document number, and whether two of them are one.

use super::{
    breaks::Finding,
    dates,
    normal::{self, alike},
};
use crate::model::disagreement::Kind;

/// What makes a person a person, as the document has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    pub full_name: Option<String>,
    /// First, middle, last and second last name.
    pub name_parts: [Option<String>; 4],
    pub birth_date: Option<String>,
    pub id_number: Option<String>,
}

/// Columns of the parts of a name, in the order in which the whole is written.
pub(super) const NAME_PARTS: [&str; 4] =
    ["id_info_first_name", "id_info_middle_name", "id_info_last_name", "id_info_second_last_name"];
pub(super) const FULL_NAME: &str = "id_info_full_name";
pub(super) const BIRTH_DATE: &str = "id_info_birth_date";
pub(super) const ID_NUMBER: &str = "id_info_id_number";

/// Whether a column is part of an identity.
pub(super) fn is_part(column: &str) -> bool {
    [BIRTH_DATE, ID_NUMBER].contains(&column) || is_name(column)
}

/// Whether a column is a name or a part of one.
pub(super) fn is_name(column: &str) -> bool {
    column == FULL_NAME || NAME_PARTS.contains(&column)
}

impl Identity {
    /// The fields in which two identities differ.
    pub(super) fn changes(&self, after: &Self) -> Vec<Finding> {
        let mut found = self.name_changes(after);
        found.extend(birth_date(self.birth_date.as_deref(), after.birth_date.as_deref()));
        found.extend(change(
            ID_NUMBER,
            self.id_number.as_deref(),
            after.id_number.as_deref(),
            normal::number,
        ));
        found
    }

    /// A person renamed is one break; only under the same full name do the parts tell more, where both have them.
    fn name_changes(&self, after: &Self) -> Vec<Finding> {
        let parts = [self.joined_parts(), after.joined_parts()];
        let same_parts = alike(parts[0].as_deref(), parts[1].as_deref(), normal::name);
        let is_whole = self.full_name.is_some() && after.full_name.is_some();
        // A full name that is missing on one side says nothing where the parts of both agree.
        if parts[0].is_some() && same_parts && !is_whole {
            return Vec::new();
        }
        let (before, renamed) = (self.name(), after.name());
        let renamed = change(FULL_NAME, before.as_deref(), renamed.as_deref(), normal::name);
        if let Some(renamed) = renamed {
            return vec![renamed];
        }
        if same_parts {
            return Vec::new();
        }
        let parts = NAME_PARTS.iter().zip(self.name_parts.iter().zip(&after.name_parts));
        let both = parts.filter(|(_, (before, after))| before.is_some() && after.is_some());
        both.filter_map(|(column, (before, after))| {
            change(column, before.as_deref(), after.as_deref(), normal::name)
        })
        .collect()
    }

    /// The full name, or its parts in order where only they were sent.
    fn name(&self) -> Option<String> {
        self.full_name.clone().or_else(|| self.joined_parts())
    }

    fn joined_parts(&self) -> Option<String> {
        let parts: Vec<_> = self.name_parts.iter().flatten().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

/// Two texts that may mean one day make no other person: the partner changes the form of a date for everybody at once.
fn birth_date(before: Option<&str>, after: Option<&str>) -> Option<Finding> {
    let changed = change(BIRTH_DATE, before, after, normal::date);
    changed.filter(|_| !dates::may_be_one(before, after))
}

fn change(
    field: &str,
    before: Option<&str>,
    after: Option<&str>,
    spelling: impl Fn(&str) -> Option<String>,
) -> Option<Finding> {
    let known = [before, after].map(|value| value.and_then(&spelling).is_some());
    // Nobody was known before a name is shown for the first time, so nobody can have become another person by it.
    let kind = match known {
        [true, false] => Kind::IdentityLost,
        [false, true] => Kind::IdentityShown,
        _ => Kind::IdentityChanged,
    };
    let same = alike(before, after, &spelling);
    (!same).then(|| Finding::change(kind, Some(field), before, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(full: Option<&str>, first: Option<&str>, last: Option<&str>) -> Identity {
        let [first, last] = [first, last].map(|part| part.map(str::to_owned));
        Identity {
            full_name: full.map(str::to_owned),
            name_parts: [first, None, last, None],
            ..Identity::default()
        }
    }

    fn fields(before: &Identity, after: &Identity) -> Vec<String> {
        before.changes(after).into_iter().filter_map(|found| found.field).collect()
    }

    #[test]
    fn another_spelling_is_no_other_person() {
        let one = named(Some("ANA PÉREZ"), Some("ANA"), Some("PÉREZ"));
        let other = named(Some("Ana  Perez"), Some("Ana"), Some("Perez"));
        assert!(fields(&one, &other).is_empty());
        assert!(fields(&one, &named(None, Some("Ana"), Some("Perez"))).is_empty());
    }

    #[test]
    fn a_full_name_that_is_missing_or_turned_round_is_no_other_person() {
        let one = named(Some("Ana María Pérez"), Some("Ana"), Some("Pérez"));
        assert!(fields(&one, &named(None, Some("ANA"), Some("PEREZ"))).is_empty());
        let turned = named(Some("Pérez, Ana-María"), Some("Pérez"), Some("Ana"));
        assert!(fields(&one, &turned).is_empty());
    }

    #[test]
    fn a_renamed_person_is_one_break_and_a_lost_name_is_one_too() {
        let ana = named(Some("Ana Perez"), Some("Ana"), Some("Perez"));
        assert_eq!(
            fields(&ana, &named(Some("Eva Perez"), Some("Eva"), Some("Perez"))),
            [FULL_NAME]
        );
        assert_eq!(fields(&ana, &Identity::default()), [FULL_NAME]);
        let split = named(Some("Ana Perez"), Some("Ana Perez"), Some("Perez"));
        assert_eq!(fields(&ana, &split), [NAME_PARTS[0]]);
    }

    #[test]
    fn a_name_that_is_shown_for_the_first_time_makes_no_other_person() {
        let ana = named(Some("Ana Perez"), None, None);
        let kinds = |before: &Identity, after: &Identity| {
            before.changes(after).into_iter().map(|found| found.kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds(&Identity::default(), &ana), [Kind::IdentityShown]);
        assert_eq!(kinds(&named(Some(" "), None, None), &ana), [Kind::IdentityShown]);
        assert_eq!(kinds(&ana, &Identity::default()), [Kind::IdentityLost]);
        assert_eq!(kinds(&ana, &named(Some("Eva"), None, None)), [Kind::IdentityChanged]);
    }

    #[test]
    fn another_form_of_the_birth_date_is_no_other_person_and_another_day_is() {
        let born = |text: &str| Identity { birth_date: Some(text.to_owned()), ..<_>::default() };
        for other in ["31/01/1990", "01/31/1990", "31 Jan 1990", "January 31, 1990", "31.1.90"] {
            assert!(fields(&born("1990-01-31"), &born(other)).is_empty(), "{other}");
        }
        for (before, after) in [("1990-03-04", "03/04/1990"), ("03/04/1990", "1990-04-03")] {
            assert!(fields(&born(before), &born(after)).is_empty(), "may be the same day");
        }
        for (before, after) in [("1990-01-31", "01/30/1990"), ("03/04/1990", "05/04/1990")] {
            let kinds: Vec<_> = born(before).changes(&born(after)).iter().map(|f| f.kind).collect();
            assert_eq!(kinds, [Kind::IdentityChanged], "{before} {after}");
        }
    }

    #[test]
    fn birth_date_and_number_are_fields_of_their_own() {
        let before = Identity { id_number: Some("AB-1".to_owned()), ..Identity::default() };
        let after = Identity { birth_date: Some("1990-01-01".to_owned()), ..Identity::default() };
        assert_eq!(fields(&before, &after), [BIRTH_DATE, ID_NUMBER]);
        let respelled = Identity { id_number: Some("ab 1".to_owned()), ..Identity::default() };
        assert!(fields(&before, &respelled).is_empty());
    }
}
