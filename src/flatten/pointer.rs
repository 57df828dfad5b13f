//! The place in a document where the walk stands, written out as a JSON pointer only when somebody asks.

use std::borrow::Cow;

/// The keys from the document down to where the walk stands, and where the row being filled begins.
#[derive(Default)]
pub(super) struct Path<'d> {
    keys: Vec<Cow<'d, str>>,
    row: usize,
}

/// Where a row began before, to return to.
pub(super) struct OuterRow(usize);

impl<'d> Path<'d> {
    pub(super) fn enter(&mut self, key: Cow<'d, str>) {
        self.keys.push(key);
    }

    pub(super) fn leave(&mut self) {
        self.keys.pop();
    }

    /// Steps into an element of the array the walk stands at; from here on a row of its own.
    pub(super) fn enter_row(&mut self) -> OuterRow {
        self.keys.push(Cow::Borrowed("*"));
        OuterRow(std::mem::replace(&mut self.row, self.keys.len()))
    }

    pub(super) fn leave_row(&mut self, outer: &OuterRow) {
        self.row = outer.0;
        self.keys.pop();
    }

    /// From the document, `*` standing for every index and `?` for every key that is not written like a field's name: it
    /// may be a person's, and this text is shown where no person may be.
    pub(super) fn in_document(&self) -> String {
        shown(self.keys.iter().map(Cow::as_ref))
    }

    /// From the row being filled, with all keys as sent.
    pub(super) fn in_row(&self) -> String {
        written(self.keys.get(self.row..).unwrap_or_default().iter().map(Cow::as_ref))
    }
}

fn is_showable(key: &str) -> bool {
    key == "*" || is_field_name(key)
}

/// Whether a key is written as programs name fields: up to 40 ASCII letters, digits and `_`, no digit in front, and no
/// four digits in a row, as ids and phone numbers have.
fn is_field_name(key: &str) -> bool {
    let is_letter = |b: u8| b.is_ascii_alphabetic() || b == b'_';
    let holds_number = key.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit));
    key.len() <= 40
        && key.bytes().next().is_some_and(is_letter)
        && key.bytes().all(|b| is_letter(b) || b.is_ascii_digit())
        && !holds_number
}

/// A pointer in which `?` stands for every key that may be somebody's.
pub(super) fn shown<'k>(keys: impl Iterator<Item = &'k str>) -> String {
    written(keys.map(|key| if is_showable(key) { key } else { "?" }))
}

/// A pointer with all keys as they are.
pub(super) fn written<'k>(keys: impl Iterator<Item = &'k str>) -> String {
    keys.flat_map(|key| ["/".to_owned(), key.replace('~', "~0").replace('/', "~1")]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_from_the_document_and_from_its_row() {
        let mut path = Path::default();
        path.enter("list".into());
        let outer = path.enter_row();
        path.enter("a/b~c".into());
        assert_eq!(path.in_document(), "/list/*/?");
        assert_eq!(path.in_row(), "/a~1b~0c");
        path.leave();
        path.leave_row(&outer);
        assert_eq!(path.in_row(), "/list");
    }

    #[test]
    fn a_key_that_may_be_somebody_s_is_not_shown() {
        for key in ["faceMatchScore", "section_id", "_v2", "SANCTION"] {
            assert!(is_field_name(key), "{key}");
        }
        let long = "k".repeat(41);
        for key in
            ["Ana Lux", "Núñez", "a@b.example", "+525511223344", "AAAA900101AAA", "7", "", &long]
        {
            assert!(!is_field_name(key), "{key}");
        }
    }
}
