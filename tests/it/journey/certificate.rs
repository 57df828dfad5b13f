//! A run whose numbers do not add up is not published. Broken on purpose, in the journal of an interrupted run.

use std::{fs, path::Path};

use rusqlite::Connection;

use crate::support::{
    memory::unfinished,
    place::{Place, Tested},
    scripted::{Reply, Scripted},
};

/// What is done to the journal, and the equation that no longer closes.
const BREAKS: [(&str, &str); 6] = [
    (
        "DELETE FROM roster WHERE position = 2",
        "unique_users = answered + no_verification + denied + unreadable + exhausted + not_attempted",
    ),
    (
        "UPDATE meta SET value = json_set(value, '$.unique', 4, '$.input_rows', 7) WHERE key = 'roster'",
        "unique_users = answered + no_verification + denied + unreadable + exhausted + not_attempted",
    ),
    (
        "UPDATE meta SET value = json_set(value, '$.duplicates', 0) WHERE key = 'roster'",
        "input_rows = unique_users + duplicates + blanks + rejects",
    ),
    (
        "UPDATE meta SET value = json_set(value, '$.input_rows', 7) WHERE key = 'roster'",
        "input_rows = unique_users + duplicates + blanks + rejects",
    ),
    ("DELETE FROM rejects", "rows_of_rejects = rejects"),
    ("INSERT INTO rejects VALUES (99, 'forged', 'forged')", "rows_of_rejects = rejects"),
];

fn alter(journal: &Path, sql: &str) -> Tested {
    let connection = Connection::open(journal)?;
    connection.pragma_update(None, "foreign_keys", false)?;
    assert_eq!(connection.execute(sql, [])?, 1, "{sql}");
    Ok(())
}

#[test]
fn an_equation_that_does_not_close_keeps_a_run_from_being_published() -> Tested {
    let partner = Scripted::start(|call| Reply::about(&call.user))?;
    let place = Place::new()?;
    let roster = "user_id,b\napproved-1,\napproved-2,\napproved-2,\nx\n\napproved-3,\n";
    place.write("roster.csv", roster)?;
    assert_eq!(place.run("earlier").asking(&partner.base_url()).end()?.code, Some(0));

    let job = || place.run("night").asking(&partner.base_url());
    assert_eq!(job().args(["--max-requests", "2"]).end()?.code, Some(75));
    let journal = unfinished(&place.reports(), "night").join("journal.sqlite");
    let intact = fs::read(&journal)?;
    for (sql, equation) in BREAKS {
        alter(&journal, sql)?;
        let ended = job().end()?;
        assert_eq!(ended.code, Some(70), "{sql}: {}", ended.stderr);
        assert!(ended.stderr.contains(&format!("`{equation}` does not close")), "{}", ended.stderr);
        assert!(ended.stderr.contains("nothing was published"), "{}", ended.stderr);
        assert_eq!(place.published()?, ["earlier", "latest"]);
        assert_eq!(place.latest().as_deref(), Some(Path::new("earlier")));
        fs::write(&journal, &intact)?;
    }
    assert_eq!(job().end()?.code, Some(0), "with the journal as it was");
    assert_eq!(place.latest().as_deref(), Some(Path::new("night")));
    Ok(())
}

#[test]
fn a_body_that_is_not_what_was_received_is_not_derived_from() -> Tested {
    let partner = Scripted::start(|call| Reply::about(&call.user))?;
    let place = Place::with_roster(["approved-1", "approved-2"])?;
    let job = || place.run("night").asking(&partner.base_url());
    assert_eq!(job().args(["--max-requests", "1"]).end()?.code, Some(75));
    let journal = unfinished(&place.reports(), "night").join("journal.sqlite");
    alter(&journal, "UPDATE outcomes SET body_sha256 = zeroblob(32)")?;
    let ended = job().end()?;
    assert_eq!(ended.code, Some(74), "{}", ended.stderr);
    assert!(ended.stderr.contains("not the SHA-256 of the body"), "{}", ended.stderr);
    assert_eq!(place.published()?, [""; 0]);
    Ok(())
}
