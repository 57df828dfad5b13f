//! Rows of several runs in one order: that of the roster, of which each run has a part.

use std::iter::{self, Peekable};

use super::{Pages, USERS};
use crate::{error::Error, model::ids::UserId};

/// Rows until the last or the first error.
pub(super) type Rows<'a, T> = Box<dyn Iterator<Item = Result<T, Error>> + 'a>;

/// The rows of these pages one by one.
pub(super) fn rows<'a, T: 'a>(pages: Pages<'a, T>) -> Rows<'a, T> {
    Box::new(pages.flat_map(|page| match page {
        Ok(rows) => rows.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    }))
}

/// These rows in pages of [`USERS`].
pub(super) fn pages<'a, T: 'a>(
    mut rows: impl Iterator<Item = Result<T, Error>> + 'a,
) -> Pages<'a, T> {
    Box::new(iter::from_fn(move || {
        match rows.by_ref().take(USERS).collect::<Result<Vec<_>, _>>() {
            Ok(page) if page.is_empty() => None,
            page => Some(page),
        }
    }))
}

/// The rows of all parts, each of which is in the order of its lines, in the order of the lines.
pub(super) fn by_line<'a, T: 'a>(
    parts: impl Iterator<Item = Rows<'a, T>>,
    line: fn(&T) -> u64,
) -> impl Iterator<Item = Result<T, Error>> + 'a {
    let mut parts: Vec<_> = parts.map(Iterator::peekable).collect();
    iter::from_fn(move || {
        // An error comes before every line.
        let first = |part: &mut Peekable<Rows<'a, T>>| Some(part.peek()?.as_ref().map_or(0, line));
        let next = parts.iter_mut().filter_map(|part| Some((first(part)?, part)));
        next.min_by_key(|(line, _)| *line)?.1.next()
    })
}

/// A user's place among the parts.
pub(super) struct Turn {
    pub(super) line: u64,
    pub(super) part: usize,
    pub(super) user_id: UserId,
}

/// The rows of all parts, in which a user has any number of rows or none, in the order of these turns. A row whose turn never
/// comes is an error.
pub(super) fn by_turn<'a, T: 'a>(
    mut turns: impl Iterator<Item = Result<Turn, Error>> + 'a,
    parts: impl Iterator<Item = Rows<'a, T>>,
    user_of: fn(&T) -> &UserId,
    left_over: impl Fn() -> Error + 'a,
) -> impl Iterator<Item = Result<T, Error>> + 'a {
    let mut parts: Vec<_> = parts.map(Iterator::peekable).collect();
    let mut turn: Option<Turn> = None;
    iter::from_fn(move || {
        loop {
            if let Some(Turn { part, user_id, .. }) = &turn {
                let is_theirs = |row: &Result<T, Error>| {
                    row.as_ref().map_or(true, |row| user_of(row) == user_id)
                };
                if let Some(row) = parts[*part].next_if(is_theirs) {
                    return Some(row);
                }
            }
            match turns.next() {
                Some(Ok(next)) => turn = Some(next),
                Some(Err(error)) => return Some(Err(error)),
                None => {
                    let row = parts.iter_mut().find_map(Iterator::next)?;
                    return Some(row.and_then(|_| Err(left_over())));
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part<'a, T: 'a, const ROWS: usize>(rows: [T; ROWS]) -> Rows<'a, T> {
        Box::new(rows.into_iter().map(Ok))
    }

    #[test]
    fn rows_come_in_the_order_of_the_roster() -> Result<(), Error> {
        let parts = [part([2_u64, 5, 9]), part([]), part([3, 4]), part([1, 8])];
        let joined: Vec<_> = by_line(parts.into_iter(), |line| *line).collect::<Result<_, _>>()?;
        assert_eq!(joined, [1, 2, 3, 4, 5, 8, 9]);
        let sizes = pages(joined.into_iter().cycle().take(2 * USERS + 9).map(Ok))
            .map(|page| Ok(page?.len()));
        assert_eq!(sizes.collect::<Result<Vec<_>, Error>>()?, [USERS, USERS, 9]);
        Ok(())
    }

    #[test]
    fn an_error_ends_everything() {
        let broken: Rows<'_, u64> =
            Box::new([Ok(7), Err(Error::RunMissing { run: "x".into() })].into_iter());
        let joined: Vec<_> =
            by_line([part([8]), broken].into_iter(), |line| *line).map(Result::ok).collect();
        assert_eq!(joined, [Some(7), None, Some(8)]);
    }

    #[test]
    fn each_user_s_rows_stay_together() -> Result<(), Box<dyn std::error::Error>> {
        let id = |name: &str| UserId::parse(name);
        let turn = |(part, name)| {
            Ok::<_, Box<dyn std::error::Error>>(Turn { line: 0, part, user_id: id(name)? })
        };
        let turns: Vec<_> = [(0, "a"), (1, "b"), (1, "never"), (0, "c")]
            .into_iter()
            .map(turn)
            .collect::<Result<_, _>>()?;
        let parts = [part([id("a")?, id("a")?, id("c")?]), part([id("b")?, id("b")?])];
        let missing = || Error::RunMissing { run: "x".into() };
        let rows: Vec<_> =
            by_turn(turns.into_iter().map(Ok), parts.into_iter(), |user| user, missing)
                .collect::<Result<_, _>>()?;
        let names: Vec<_> = rows.iter().map(UserId::as_str).collect();
        assert_eq!(names, ["a", "a", "b", "b", "c"]);
        Ok(())
    }

    #[test]
    fn a_row_of_nobody_is_an_error() -> Result<(), Box<dyn std::error::Error>> {
        let (ana, eva) = (UserId::parse("ana")?, UserId::parse("eva")?);
        let turn = Turn { line: 0, part: 0, user_id: ana.clone() };
        let missing = || Error::RunMissing { run: "x".into() };
        let parts = [part([ana, eva])].into_iter();
        let rows: Vec<_> =
            by_turn([Ok(turn)].into_iter(), parts, |user| user, missing).take(9).collect();
        assert!(matches!(rows.as_slice(), [Ok(_), Err(_)]));
        Ok(())
    }
}
