//! What changed between two days: the sandbox's own list, to hold a reconciliation against.
//!
//! What changed is known from the cases, not from the documents; the documents only say how it reads.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::sandbox::{
    case::{Case, Decision},
    day::Day,
    dialect::Dialect,
    document::whole,
    life::{Life, Standing},
};

/// One thing that is otherwise for one user than on an earlier day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Change {
    pub user_id: String,
    pub kind: Kind,
    /// What changed: `decision`, `outcome`, the id of an AML entity hit, or a field of the document.
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// The kinds of change. Those of the decision are told by the partner's word: what a policy makes of a new hit or of an
/// expired document is not the sandbox's to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Approved before, anything else now.
    Regression,
    /// Anything else before, approved now.
    Recovery,
    /// Another decision, approved neither before nor now.
    DecisionChanged,
    /// An AML entity hit that was not there, whatever became of it since.
    NewAmlHit,
    /// An AML entity hit was open and is closed.
    HitClosed,
    /// `name`, `birth_date` or `document_number`.
    IdentityChanged,
    /// The document names another user.
    ReferenceMismatch,
    /// The document's expiry date lay ahead and has passed.
    DocumentExpired,
    /// A verification before, 404 now. Nothing else is told of such a user.
    Disappeared,
    /// 404 before, a verification now. Nothing else is told of such a user.
    Appeared,
    /// The same person in another session.
    NewSession,
}

/// A field of the document whose change is a thing of its own.
struct Field {
    kind: Kind,
    name: &'static str,
    /// What the case holds of it.
    truth: fn(&Case) -> String,
    /// Where the document shows it.
    place: &'static str,
}

const FIELDS: [Field; 7] = [
    Field {
        kind: Kind::IdentityChanged,
        name: "name",
        truth: |case| case.person.full_name(),
        place: "/idInfo/fullName",
    },
    Field {
        kind: Kind::IdentityChanged,
        name: "birth_date",
        truth: |case| case.person.birth.to_string(),
        place: "/idInfo/birthDate",
    },
    Field {
        kind: Kind::IdentityChanged,
        name: "document_number",
        truth: |case| case.card.number.clone(),
        place: "/idInfo/idNumber",
    },
    Field {
        kind: Kind::ReferenceMismatch,
        name: "client_reference_id",
        truth: |case| case.subject.clone(),
        place: "/clientReferenceId",
    },
    Field {
        kind: Kind::DocumentExpired,
        name: "id_expiry_date",
        truth: |case| case.card.expires.map(|day| day.to_string()).unwrap_or_default(),
        place: "/idInfo/idExpiryDate",
    },
    Field {
        kind: Kind::NewSession,
        name: "verification_session_id",
        truth: |case| case.session.clone(),
        place: "/verificationSessionId",
    },
    Field {
        kind: Kind::NewSession,
        name: "created_at",
        truth: |case| case.created.to_string(),
        place: "/createdAt",
    },
];

/// What a client can see to have changed for these users, in their order, from the one day to the other. What was
/// changed and changed back is nothing, what a document leaves out nobody can see, and backwards nothing happens.
#[must_use]
pub fn changes(seed: u64, users: &[String], from: Day, to: Day) -> Vec<Change> {
    users.iter().flat_map(|user| changes_of(seed, user, from, to)).collect()
}

/// What a client can see to have changed for one user.
#[must_use]
pub fn changes_of(seed: u64, user: &str, from: Day, to: Day) -> Vec<Change> {
    if from >= to {
        return Vec::new();
    }
    let diary = Diary { user, found: Vec::new() };
    match (Standing::of(seed, user, from), Standing::of(seed, user, to)) {
        (Standing::Verified(_), Standing::Verified(after)) if after.changed.is_none() => Vec::new(),
        (Standing::Verified(before), Standing::Verified(after)) => {
            let read = |life: &Life| {
                let document = whole::write(seed, life, &Dialect::of(seed, user));
                serde_json::from_slice(&document.into_bytes()).unwrap_or_default()
            };
            diary.compare((before.case(), &read(&before)), (after.case(), &read(&after)))
        }
        (Standing::Verified(_), _) => {
            diary.outcome(Kind::Disappeared, "answered", "no_verification")
        }
        (_, Standing::Verified(_)) => diary.outcome(Kind::Appeared, "no_verification", "answered"),
        _ => Vec::new(),
    }
}

/// A case and the document about it.
type Telling<'a> = (&'a Case, &'a Value);

/// The changes found for one user.
struct Diary<'a> {
    user: &'a str,
    found: Vec<Change>,
}

impl Diary<'_> {
    fn note(&mut self, kind: Kind, field: &str, before: Option<String>, after: Option<String>) {
        if before != after {
            let (user_id, field) = (self.user.to_owned(), field.to_owned());
            self.found.push(Change { user_id, kind, field, before, after });
        }
    }

    fn outcome(mut self, kind: Kind, before: &str, after: &str) -> Vec<Change> {
        self.note(kind, "outcome", Some(before.to_owned()), Some(after.to_owned()));
        self.found
    }

    fn compare(mut self, (before, was): Telling, (after, is): Telling) -> Vec<Change> {
        self.decision(before.decision, after.decision);
        self.hits((before, was), (after, is));
        for Field { kind, name, truth, place } in FIELDS {
            let (was, is) = (text(was, place), text(is, place));
            // What a document shows for the first time has not changed.
            if truth(before) != truth(after) && was.is_some() && is.is_some() {
                self.note(kind, name, was, is);
            }
        }
        self.found
    }

    fn decision(&mut self, before: Decision, after: Decision) {
        let kind = match (before, after) {
            (Decision::Approved, _) => Kind::Regression,
            (_, Decision::Approved) => Kind::Recovery,
            _ => Kind::DecisionChanged,
        };
        let word = |decision: Decision| Some(decision.as_str().to_owned());
        self.note(kind, "decision", word(before), word(after));
    }

    /// Hits are added at the end and never go.
    fn hits(&mut self, (before, was): Telling, (after, is): Telling) {
        for (place, hit) in after.hits.iter().enumerate() {
            let shown =
                |document, field| text(document, &format!("/amlInfo/entityHits/{place}/{field}"));
            let Some(id) = shown(is, "id") else { continue };
            let (was, is) = (shown(was, "resolutionStatus"), shown(is, "resolutionStatus"));
            match before.hits.get(place) {
                None => self.note(Kind::NewAmlHit, &id, None, is),
                Some(earlier) if earlier != hit => self.note(Kind::HitClosed, &id, was, is),
                Some(_) => {}
            }
        }
    }
}

fn text(document: &Value, place: &str) -> Option<String> {
    match document.pointer(place)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
