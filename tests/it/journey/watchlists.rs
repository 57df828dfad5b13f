//! AML hits from night to night, entity by entity and list by list, and which breaks tell of them.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};

use crate::support::{
    place::{Place, Tested},
    scripted::{Reply, Scripted},
};

/// A kind of list, and the source of the entry.
const PEP: (&str, &str) = ("PEP", "s1");
const SANCTION: (&str, &str) = ("SANCTION", "s2");

/// An entity with this resolution that stands on these lists.
fn entity(id: &str, resolution: &str, lists: &[(&str, &str)]) -> Value {
    let hit = |(kind, source): &(&str, &str)| json!({ "hitType": kind, "sourceDetails": { "sourceId": source } });
    let hits: Vec<_> = lists.iter().map(hit).collect();
    json!({ "id": id, "name": "A Name", "resolutionStatus": resolution, "amlHits": hits })
}

fn document(user: &str, entities: &[Value]) -> Reply {
    let document = json!({
        "clientReferenceId": user,
        "aipriseSummary": { "verificationResult": "REVIEW" },
        "amlInfo": { "numHits": entities.len(), "entityHits": entities },
    });
    Reply::json(200, &document.to_string())
}

/// What the partner says on a night: a dismissed PEP is sanctioned for one night, a suspicion comes and is dismissed, and one
/// user is no user of ours on the first night.
fn told(user: &str, night: usize) -> Reply {
    match (user, night) {
        ("listed", 2) => document(user, &[entity("e1", "FALSE_POSITIVE", &[PEP, SANCTION])]),
        ("listed", _) => document(user, &[entity("e1", "FALSE_POSITIVE", &[PEP])]),
        ("suspected", 2) => document(user, &[entity("e2", "OPEN", &[PEP])]),
        ("suspected", 3) => document(user, &[entity("e2", "DISMISSED", &[PEP])]),
        ("lost", 1) => {
            let said = json!({ "code": "UNAUTHORIZED", "message": "User is not associated with the partner" });
            Reply::json(401, &said.to_string())
        }
        ("lost" | "late", _) => document(user, &[entity("e3", "OPEN", &[PEP])]),
        _ => document(user, &[]),
    }
}

/// The AML breaks that a run published: user, kind, field, before, after, and the run that saw it first.
fn breaks(place: &Place, run: &str) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let table = place.report(run).table("breaks")?;
    let columns = ["user_id", "kind", "field", "before", "after", "first_seen_run_id"];
    let columns = columns.map(|name| table.texts(name));
    let line = |row: usize| columns.each_ref().map(|column| column[row].clone()).join(" ");
    Ok((0..table.len()).map(line).filter(|line| line.contains(" aml_entities/")).collect())
}

#[test]
fn a_listing_a_resolution_and_a_hit_of_a_newcomer_are_breaks_of_their_own() -> Tested {
    let place = Place::new()?;
    let night = Arc::new(AtomicUsize::new(0));
    let tonight = Arc::clone(&night);
    let partner = Scripted::start(move |call| told(&call.user, tonight.load(Ordering::Relaxed)))?;
    let users = "user_id\nlisted\nsuspected\nlost\n";
    for (number, roster) in
        [(1, users.to_owned()), (2, format!("{users}late\n")), (3, format!("{users}late\n"))]
    {
        night.store(number, Ordering::Relaxed);
        place.write("roster.csv", roster)?;
        let ended = place.run(&format!("night-{number}")).asking(&partner.base_url()).end()?;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    assert!(breaks(&place, "night-1")?.is_empty());
    let newcomers = [
        "lost new_aml_hit aml_entities/e3  open night-2",
        "late new_aml_hit aml_entities/e3  open night-2",
    ];
    let second = [
        "listed new_aml_hit aml_entities/e1/SANCTION/s2  closed night-2",
        "suspected new_aml_hit aml_entities/e2  open night-2",
    ];
    assert_eq!(breaks(&place, "night-2")?, [second, newcomers].concat());
    let third = [
        "listed hit_closed aml_entities/e1/SANCTION/s2 closed  night-3",
        "suspected hit_closed aml_entities/e2 open closed night-3",
    ];
    assert_eq!(breaks(&place, "night-3")?, [third, newcomers].concat());
    Ok(())
}
