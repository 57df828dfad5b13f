//! `GET /changes`: what changed between two days, for whoever wants to check a reconciliation from outside.

use std::{io, iter};

use axum::{
    body::Body,
    extract::Query,
    http::{HeaderValue, Uri, header},
    response::Response,
};
use futures::stream;
use serde::Deserialize;

use crate::sandbox::{
    answer::{Answer, JSON},
    day::Day,
    desk::Desk,
    history::{Change, changes_of},
    population, wire,
};

/// Between which days, and for whom: one user, or everybody in `/users.csv`.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    from: Day,
    /// The day of the sandbox, if none is named.
    to: Option<Day>,
    #[serde(rename = "userId")]
    user_id: Option<String>,
}

pub(super) fn changes(desk: &Desk, uri: &Uri) -> Response {
    let Ok(Query(Asked { from, to, user_id })) = Query::try_from_uri(uri) else {
        return wire::whole(Answer::no_such_day());
    };
    let (seed, users) = (desk.options().seed, desk.options().users);
    let to = to.unwrap_or(desk.options().day);
    let everybody = if user_id.is_none() { users } else { 0 };
    let users = (0..everybody).map(move |number| population::user_id(seed, number)).chain(user_id);
    let changes = users.flat_map(move |user| changes_of(seed, &user, from, to));
    let mut response = Response::new(Body::from_stream(stream::iter(array(changes))));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
    response
}

/// The changes as one array of JSON, in pieces, one to a line.
fn array(changes: impl Iterator<Item = Change>) -> impl Iterator<Item = io::Result<String>> {
    let items = changes.enumerate().map(|(number, change)| {
        let item = serde_json::to_string(&change)?;
        Ok(if number == 0 { format!("\n{item}") } else { format!(",\n{item}") })
    });
    let bracket = |bracket: &str| iter::once(Ok(bracket.to_owned()));
    bracket("[").chain(items).chain(bracket("\n]\n"))
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::sandbox::{
        history,
        options::Options,
        server::Sandbox,
        trial::{Tested, ask},
    };

    /// The changes told, read line by line: between them stand the lengths of the chunks.
    async fn told(sandbox: &Sandbox, question: &str) -> Result<Vec<Change>, Box<dyn Error>> {
        let heard = ask(sandbox, &format!("/changes{question}"), "").await?;
        let body = String::from_utf8(heard.body)?;
        let changes = body.lines().filter(|line| line.starts_with('{'));
        Ok(changes.map(serde_json::from_str).collect::<Result<_, _>>()?)
    }

    #[test]
    fn the_list_is_an_array() -> Tested {
        let users: Vec<String> = (0..100).map(|number| population::user_id(7, number)).collect();
        let changes = history::changes(7, &users, Day::FIRST, Day::LAST);
        for changes in [&changes[..], &changes[..1], &[]] {
            let text: String = array(changes.iter().cloned()).collect::<io::Result<_>>()?;
            assert_eq!(serde_json::from_str::<Vec<Change>>(&text)?, changes);
        }
        Ok(())
    }

    #[tokio::test]
    async fn the_list_is_told_of_everybody_offered_or_of_one() -> Tested {
        let (users, day) = (200, Day::try_from(2)?);
        let sandbox = Sandbox::start(Options { users, day, ..Options::default() }).await?;
        let ids: Vec<String> = (0..users).map(|number| population::user_id(7, number)).collect();
        let all = history::changes(7, &ids, Day::FIRST, day);
        assert!(all.len() > 10, "{}", all.len());
        assert_eq!(told(&sandbox, "").await?, all);
        assert_eq!(told(&sandbox, "?from=1&to=2").await?, all);
        assert_eq!(told(&sandbox, "?from=2&to=2").await?, []);
        let one = &all[0].user_id;
        let told = told(&sandbox, &format!("?from=1&to=2&userId={one}")).await?;
        assert!(!told.is_empty() && told.iter().all(|change| &change.user_id == one));
        Ok(())
    }

    #[tokio::test]
    async fn a_day_that_never_comes_is_refused() -> Tested {
        let sandbox = Sandbox::start(Options::default()).await?;
        for question in ["?from=0", "?to=367", "?to=tomorrow"] {
            let heard = ask(&sandbox, &format!("/changes{question}"), "").await?;
            assert_eq!(heard.status(), "400", "{question}");
        }
        Ok(())
    }
}
