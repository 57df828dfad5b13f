//! Media addresses, of which the tables show no more than they shall.

use super::{
    cell::Cell,
    plan::Plan,
    sheet::{Row, Sheet, USERS},
};
use crate::{
    kyc::{
        catalogue::{Column, Origin, Table},
        json,
    },
    model::media::Media,
};

/// The section of the document that holds them.
const SECTION: &str = "/media";

/// The columns of `users` that hold addresses of media.
pub(super) fn columns(users: &Table) -> Vec<usize> {
    let is_media_s =
        |column: &Column| matches!(&column.origin, Origin::Document(place) if is_media(place));
    (0..).zip(&users.columns).filter(|(_, column)| is_media_s(column)).map(|(at, _)| at).collect()
}

/// Takes from the user's row what shall not be shown: from the cells of the section, and from what of it has no cell.
pub(super) fn guard(media: Media, plan: &Plan, sheet: &mut Sheet<'_>) {
    if media == Media::Keep {
        return;
    }
    for row in &mut sheet.tables[USERS] {
        guard_cells(media, plan, row);
        row.unmapped.rewrite(|pointer, json| match media {
            _ if !is_media(pointer) => Some(json.to_owned()),
            Media::Drop => None,
            Media::Strip | Media::Keep => Some(without_queries(json)),
        });
    }
}

fn guard_cells(media: Media, plan: &Plan, row: &mut Row<'_>) {
    for column in &plan.media {
        let cell = &mut row.cells[*column];
        if let Some(address) = cell.text() {
            *cell = Cell::from(media.shown(address).map(str::to_owned));
        }
    }
}

fn is_media(pointer: &str) -> bool {
    let section = pointer.match_indices('/').nth(1).map_or(pointer, |(end, _)| &pointer[..end]);
    json::is_same_key(section, SECTION)
}

/// The JSON text with every string cut where an address would have its query or fragment.
fn without_queries(json: &str) -> String {
    let (mut in_string, mut is_escaped, mut is_cut) = (false, false, false);
    let is_kept = |c: &char| {
        let is_end = in_string && !is_escaped && *c == '"';
        is_escaped = in_string && !is_escaped && *c == '\\';
        is_cut = in_string && !is_end && (is_cut || matches!(c, '?' | '#'));
        in_string = if in_string { !is_end } else { *c == '"' };
        !is_cut
    };
    json.chars().filter(is_kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_lose_their_queries_and_stay_json() {
        for (json, without) in [
            (r#""https://a/b?c=\"d\\""#, r#""https://a/b""#),
            (r#"{"a":["x#y",1,"\"?"],"b":"z"}"#, r#"{"a":["x",1,"\""],"b":"z"}"#),
            (r#"{"k?":"\\?","n":null}"#, r#"{"k":"\\","n":null}"#),
        ] {
            assert_eq!(without_queries(json), without);
        }
    }

    #[test]
    fn only_the_section_of_the_document_holds_media() {
        assert!(["/media", "/MEDIA", "/media/x/y"].iter().all(|pointer| is_media(pointer)));
        assert!(!["/mediator", "/idInfo/media", ""].iter().any(|pointer| is_media(pointer)));
    }
}
