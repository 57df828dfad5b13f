//! The roster's other columns in the archive: the text of a JSON object, by the names they have in `users`.
//!
//! Not by their headers, which others chose: a name is never there twice, so no value can be lost.

use serde_json::{Map, Value};

use crate::kyc::catalogue::naming;

/// Writes and reads the other columns of a roster.
#[derive(Debug, Clone)]
pub struct RosterExtra {
    names: Vec<String>,
}

impl RosterExtra {
    /// For a roster with these headers besides the id's.
    #[must_use]
    pub fn new(headers: &[String]) -> Self {
        Self { names: naming::roster_names(headers) }
    }

    /// The values of one line, in header order, as text.
    #[must_use]
    pub fn text(&self, values: &[Option<String>]) -> String {
        let values = values.iter().map(|value| value.as_deref().into());
        Value::Object(self.names.iter().cloned().zip(values).collect()).to_string()
    }

    /// The values as they were; none when the text is not of these columns.
    #[must_use]
    pub fn values(&self, text: &str) -> Option<Vec<Option<String>>> {
        let mut object: Map<String, Value> = serde_json::from_str(text).ok()?;
        let values = self.names.iter().map(|name| match object.remove(name)? {
            Value::Null => Some(None),
            Value::String(text) => Some(Some(text)),
            _ => None,
        });
        let values = values.collect::<Option<Vec<_>>>()?;
        object.is_empty().then_some(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(headers: &[&str]) -> RosterExtra {
        RosterExtra::new(&headers.iter().map(|&header| header.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn values_come_back_in_header_order_also_under_one_header() {
        let extra = headers(&["z", "a", "a", "A ", ""]);
        let values = ["1", "\"quoted\"", "", "ñ"]
            .map(|text| Some(text.to_owned()))
            .into_iter()
            .chain([None]);
        let values: Vec<_> = values.collect();
        assert_eq!(extra.values(&extra.text(&values)), Some(values));
        assert_eq!(headers(&[]).values("{}"), Some(Vec::new()));
    }

    #[test]
    fn what_is_not_of_these_columns_is_not_read() {
        let extra = headers(&["a"]);
        for text in ["", "[]", "{}", r#"{"roster_a":1}"#, r#"{"roster_a":"1","roster_b":null}"#] {
            assert_eq!(extra.values(text), None, "{text}");
        }
        assert_eq!(extra.values(r#"{"roster_a":null}"#), Some(vec![None]));
    }
}
