//! Words of decision in places nobody knows: a field that is new to us may say that the person was rejected.

use super::{
    check::Check,
    json::{self, Shape, Value},
    surroundings, values, words,
};

/// Names under which senders put a decision.
const NAMES: [&str; 4] = ["result", "status", "decision", "verificationResult"];

/// How deep is looked. Each level is read once more, so a body of nothing but brackets must not decide how often.
const DEEPEST: usize = 16;

/// Whether a value under this key, or any inside it, is a decision other than an approval; so is one too deep to be read
/// where a name of a decision stands.
#[must_use]
pub fn contest(key: &str, value: Value<'_>) -> bool {
    let mut level = vec![(key.to_owned(), value)];
    for _ in 0..DEEPEST {
        if level.iter().any(|(key, value)| contests(key, *value)) {
            return true;
        }
        level = level.iter().flat_map(|(key, value)| inside(key, *value)).collect();
        if level.is_empty() {
            return false;
        }
    }
    level.iter().any(|(_, value)| may_name_a_decision(value.text()))
}

/// Whether a decision may stand somewhere in this JSON text; an escape may spell any letter.
fn may_name_a_decision(text: &str) -> bool {
    let letters: String =
        text.chars().filter(|c| *c != '_').collect::<String>().to_ascii_lowercase();
    text.contains('\\')
        || ["result", "status", "decision"].iter().any(|name| letters.contains(name))
}

fn contests(key: &str, value: Value<'_>) -> bool {
    let scalar = values::scalar(value);
    let Some(word) = scalar.text().map(str::trim).filter(|word| !word.is_empty()) else {
        return false;
    };
    if !NAMES.iter().any(|name| json::is_same_key(key, name))
        || words::is_among(word, &surroundings::HEALTHY)
    {
        return false;
    }
    let is_status = json::is_same_key(key, "status");
    let read = if is_status {
        Check::of(Some("APPROVED"), Some(word))
    } else {
        Check::of(Some(word), None)
    };
    !matches!(read, Check::Approved | Check::Neutral)
}

/// The values one level down; an element of a list stands under the list's key.
fn inside<'d>(key: &str, value: Value<'d>) -> Vec<(String, Value<'d>)> {
    match json::shape(value) {
        Shape::Object => {
            let members = json::entries(value).into_iter().flatten();
            members.map(|(key, value)| (key.into_owned(), value)).collect()
        }
        Shape::Array => {
            let elements = json::elements(value).into_iter().flatten();
            elements.map(|element| (key.to_owned(), element)).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_contesting(key: &str, json: &str) -> bool {
        json::parse(json).is_some_and(|json| contest(key, json.value()))
    }

    #[test]
    fn a_decision_in_an_unknown_place_is_seen_unless_it_approves() {
        for (key, json) in [
            ("riskInfo", r#"{"result":"DECLINED"}"#),
            ("status", r#""FAILED""#),
            ("emailInsights", r#"[{"a":{"Verification_Result":["novel"]}}]"#),
            ("decision", "false"),
        ] {
            assert!(is_contesting(key, json), "{key} {json}");
        }
        for (key, json) in [
            ("riskInfo", r#"{"result":"APPROVED","status":"COMPLETED"}"#),
            ("status", r#""ok""#),
            ("result", "null"),
            ("emailInsights", r#"{"result":"NOT_FOUND","state":"DECLINED"}"#),
        ] {
            assert!(!is_contesting(key, json), "{key} {json}");
        }
    }

    #[test]
    fn what_is_too_deep_to_be_read_is_no_approval() {
        let deep = |inner| format!("{}{inner}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(is_contesting("novelty", &deep(r#"{"Re_sult":"APPROVED"}"#)));
        assert!(!is_contesting("novelty", &deep("1")));
    }
}
