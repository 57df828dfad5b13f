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

    /// From the document, `*` standing for every index.
    pub(super) fn in_document(&self) -> String {
        written(&self.keys)
    }

    /// From the row being filled.
    pub(super) fn in_row(&self) -> String {
        written(self.keys.get(self.row..).unwrap_or_default())
    }
}

fn written(keys: &[Cow<'_, str>]) -> String {
    keys.iter()
        .flat_map(|key| ["/".to_owned(), key.replace('~', "~0").replace('/', "~1")])
        .collect()
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
        assert_eq!(path.in_document(), "/list/*/a~1b~0c");
        assert_eq!(path.in_row(), "/a~1b~0c");
        path.leave();
        path.leave_row(&outer);
        assert_eq!(path.in_row(), "/list");
    }
}
