//! The tables about the run itself: what was asked, what was refused, what surprised us.

use super::{
    Column,
    Kind::{Bool, Int, Text, Timestamp},
    Privacy::{None, Personal, Pseudonym, Sensitive},
    Table, run, source,
};
use crate::{
    kyc::decision::Decision,
    model::{
        action::Action,
        attempt::Fault,
        disagreement::{self, Against, Severity, Side},
        outcome::Outcome,
        verdict::Verdict,
    },
};

/// The kinds of drift, in the words of the `drift` table.
const DRIFT_KINDS: [&str; 8] = [
    "contradiction",
    "duplicate_key",
    "invalid_utf8",
    "new_word",
    "out_of_scale",
    "surplus",
    "type_clash",
    "unknown_field",
];

/// What became of an attempt, beside the faults. `fetch::classify` holds its rulings against this list.
const RULINGS: [&str; 24] = [
    "answered",
    "no_verification",
    "not_ours",
    "forbidden",
    "bad_request",
    "refused",
    "throttled",
    "try_again",
    "server_error",
    "no_such_status",
    "partial",
    "error_object",
    "empty",
    "html",
    "not_json",
    "no_data",
    "not_a_document",
    "bad_key",
    "partner_flow",
    "redirect",
    "no_such_path",
    "not_the_api",
    "proxy_authentication",
    "method_not_allowed",
];

/// Why a line of the roster cannot be used. A test holds those of `roster::reject` against this list.
const REJECT_REASONS: [&str; 7] =
    ["field_count", "unclosed_quote", "bad_quote", "not_utf8", "empty_id", "bad_id", "too_long"];

pub(super) fn tables() -> [Table; 8] {
    [rule_hits(), attempts(), rereads(), roster_counts(), rejects(), drift(), breaks(), actions()]
}

fn rule_hits() -> Table {
    ledger(
        "rule_hits",
        "One row per rule of the policy that held for a user.",
        vec![
            run("user_id", Text, Pseudonym, "The user concerned.", source::POLICY),
            run("rule", Text, None, "Id of the rule.", source::POLICY),
            run("verdict", Text, None, "The verdict the rule gives.", source::POLICY)
                .of_words(Verdict::ALL.map(Verdict::as_str)),
            run("says", Text, None, "The rule's reason, in a sentence.", source::POLICY),
        ],
    )
}

fn attempts() -> Table {
    ledger(
        "attempts",
        "One row per exchange with the server.",
        vec![
            run("user_id", Text, Pseudonym, "Id of the user we asked about.", source::JOURNAL),
            run(
                "attempt",
                Int,
                None,
                "Number of the attempt among those for this user, from 1.",
                source::JOURNAL,
            ),
            run("request_id", Text, None, "The id sent as `x-request-id`.", source::JOURNAL),
            run("started_at", Timestamp, None, "When the attempt started.", source::JOURNAL),
            run(
                "elapsed_ms",
                Int,
                None,
                "How long the attempt took, in milliseconds.",
                source::JOURNAL,
            ),
            run(
                "http_status",
                Int,
                None,
                "HTTP status of the answer; null after a fault.",
                source::JOURNAL,
            ),
            run(
                "fault",
                Text,
                None,
                "Why there was no answer; null when there was one.",
                source::JOURNAL,
            )
            .of_words(Fault::ALL.map(Fault::as_str)),
            run("reason", Text, None, "How we ruled on the attempt.", source::JOURNAL)
                .of_words(RULINGS.into_iter().chain(Fault::ALL.map(Fault::as_str))),
            run("body_bytes", Int, None, "Length of the answer's body, in bytes.", source::JOURNAL),
            run(
                "asked_wait_ms",
                Int,
                None,
                "The wait that the server asked for with this answer, in milliseconds; null when it asked for none.",
                source::JOURNAL,
            ),
            run(
                "reread",
                Bool,
                None,
                "Whether it was made for the sample that is asked once more at the end.",
                source::JOURNAL,
            ),
            run(
                "repeated",
                Bool,
                None,
                "Whether an earlier attempt for this user brought the same status, fault and reason.",
                source::JOURNAL,
            ),
        ],
    )
}

fn rereads() -> Table {
    ledger(
        "rereads",
        "One row per user of the sample that was asked once more at the end. The row of `users` is of the first answer.",
        vec![
            run("user_id", Text, Pseudonym, "Id of the user we asked about.", source::JOURNAL),
            run(
                "reread_at",
                Timestamp,
                None,
                "When the attempt that settled it started; null when asking ended before.",
                source::JOURNAL,
            ),
            run("http_status", Int, None, "HTTP status of that attempt.", source::JOURNAL),
            run("outcome", Text, None, "How asking once more ended.", source::JOURNAL)
                .of_words(Outcome::ALL.map(Outcome::as_str)),
            run(
                "document_sha256",
                Text,
                Pseudonym,
                "SHA-256 of the second answer's body as received, in hex.",
                source::JOURNAL,
            ),
            run(
                "changed",
                Bool,
                None,
                "Whether the bytes are others than at first; null when there is nothing to compare.",
                source::JOURNAL,
            ),
            run("decision_before", Text, None, "The decision at first.", source::TWO_VOCABULARIES)
                .of_words(Decision::ALL.map(Decision::as_str)),
            run("decision_after", Text, None, "The decision in the end.", source::TWO_VOCABULARIES)
                .of_words(Decision::ALL.map(Decision::as_str)),
            run(
                "decision_changed",
                Bool,
                None,
                "Whether the two decisions differ; null when there is nothing to compare.",
                source::JOURNAL,
            ),
        ],
    )
}

fn roster_counts() -> Table {
    ledger(
        "roster_counts",
        "One row: where the rows of the roster went.",
        vec![
            run("input_rows", Int, None, "Rows of the roster, without the header.", source::ROSTER),
            run(
                "unique_users",
                Int,
                None,
                "Rows that named a user for the first time.",
                source::ROSTER,
            ),
            run("duplicates", Int, None, "Rows that named a user again.", source::ROSTER),
            run("blanks", Int, None, "Rows with nothing in them.", source::ROSTER),
            run(
                "rejects",
                Int,
                None,
                "Rows that could not be used; each is in `rejects`.",
                source::ROSTER,
            ),
            run(
                "other_shards",
                Int,
                None,
                "Rows that other shards of the roster ask about, or count; 0 where the whole roster is asked about.",
                source::ROSTER,
            ),
        ],
    )
}

fn rejects() -> Table {
    ledger(
        "rejects",
        "One row per line of the roster that could not be used.",
        vec![
            run("line", Int, None, "Line of the roster file, from 1.", source::ROSTER),
            run(
                "reason",
                Text,
                None,
                "Why the line could not be used, in one word.",
                source::ROSTER,
            )
            .of_words(REJECT_REASONS),
            run(
                "detail",
                Text,
                Personal,
                "Why the line could not be used, in a sentence.",
                source::ROSTER,
            ),
        ],
    )
}

fn drift() -> Table {
    ledger(
        "drift",
        "One row per thing in the documents the catalogue did not expect.",
        vec![
            run("kind", Text, None, "What was unexpected.", source::DOCUMENTS)
                .of_words(DRIFT_KINDS),
            run("table_name", Text, None, "The table concerned.", source::DOCUMENTS),
            run(
                "column_name",
                Text,
                None,
                "The column concerned; null when there is none.",
                source::DOCUMENTS,
            ),
            run(
                "pointer",
                Text,
                Personal,
                "JSON pointer of the place in the document, behind `envelope:` of a place outside it; `*` stands for an index and `?` for a key not written like a field's name.",
                source::DOCUMENTS,
            ),
            run(
                "sample",
                Text,
                Personal,
                "The word that stood there at the first user; of anything not written like one word only its length, of an unknown field only its JSON type; null when personal.",
                source::DOCUMENTS,
            ),
            run("occurrences", Int, None, "How often it was seen in this run.", source::DOCUMENTS),
            run(
                "first_user_id",
                Text,
                Pseudonym,
                "The first user of the roster at whom it was seen.",
                source::DOCUMENTS,
            ),
        ],
    )
}

fn breaks() -> Table {
    ledger(
        "breaks",
        "One row per disagreement with the baseline or with our own books.",
        vec![
            run(
                "baseline_run_id",
                Text,
                None,
                "The run that was compared with; null when there was none.",
                source::BASELINE,
            ),
            run("against", Text, None, "With what this run disagrees.", source::BASELINE)
                .of_words(Against::ALL.map(Against::as_str)),
            run("kind", Text, None, "What disagrees.", source::BASELINE)
                .of_words(disagreement::Kind::ALL.map(disagreement::Kind::as_str)),
            run("user_id", Text, Pseudonym, "The user concerned.", source::BASELINE),
            run(
                "field",
                Text,
                Sensitive,
                "The column of `users` concerned; of an AML entity `aml_entities/` and its id; null when it is the whole user.",
                source::BASELINE,
            ),
            run(
                "side",
                Text,
                None,
                "Which side knows what; null against the baseline.",
                source::BASELINE,
            )
            .of_words(Side::ALL.map(Side::as_str)),
            run(
                "before",
                Text,
                Sensitive,
                "The value before the break was first seen; null against our books.",
                source::BASELINE,
            ),
            run(
                "after",
                Text,
                Sensitive,
                "The value in this run; null against our books.",
                source::BASELINE,
            ),
            run(
                "ours",
                Text,
                Sensitive,
                "The value in our books; null against the baseline.",
                source::BASELINE,
            ),
            run(
                "theirs",
                Text,
                Sensitive,
                "The partner's value; null against the baseline.",
                source::BASELINE,
            ),
            run("severity", Text, None, "How much the disagreement matters.", source::BASELINE)
                .of_words(Severity::ALL.map(Severity::as_str)),
            run(
                "first_seen_run_id",
                Text,
                None,
                "The run in which the break was seen first.",
                source::BASELINE,
            ),
            run("first_seen_at", Timestamp, None, "When that run started.", source::BASELINE),
            run(
                "age_days",
                Int,
                None,
                "Whole days from then to the start of this run.",
                source::BASELINE,
            ),
        ],
    )
}

fn actions() -> Table {
    ledger(
        "actions",
        "One row per user, or line of the roster, for whom somebody has to do something: the most urgent thing.",
        vec![
            run(
                "user_id",
                Text,
                Pseudonym,
                "The user concerned; null for a line that names none.",
                source::OURS,
            ),
            run(
                "line",
                Int,
                None,
                "Line of the roster file on which the user stands first, or that could not be used.",
                source::ROSTER,
            ),
            run("action", Text, None, "What is to be done.", source::OURS)
                .of_words(Action::ALL.map(Action::as_str)),
            run("why", Text, None, "Why, in a clause.", source::OURS),
            run(
                "verdict",
                Text,
                None,
                "Our policy's judgement of the user; null for a line that names none.",
                source::POLICY,
            )
            .of_words(Verdict::ALL.map(Verdict::as_str)),
            run(
                "severity",
                Text,
                None,
                "How much it matters: that of the action, or of the user's worst break where that is worse.",
                source::OURS,
            )
            .of_words(Severity::ALL.map(Severity::as_str)),
        ],
    )
}

fn ledger(name: &'static str, meaning: &'static str, own: Vec<Column>) -> Table {
    let mut columns =
        vec![run("run_id", Text, None, "The run that published this row.", source::SETTINGS)];
    columns.extend(own);
    Table { name, meaning, rows: Vec::new(), columns }
}
