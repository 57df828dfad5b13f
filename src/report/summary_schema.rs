//! `summary.schema.json`: what may stand in `summary.json`, as a JSON Schema made from the types and their comments.

use std::path::Path;

use schemars::{
    r#gen::SchemaSettings,
    schema::SchemaObject,
    visit::{Visitor, visit_schema_object},
};

use crate::{
    disk,
    report::{error::ReportError, summary::Summary},
};

/// Writes the schema.
///
/// # Errors
/// When the disk refuses.
pub fn write(path: &Path) -> Result<(), ReportError> {
    let json = text().map_err(|source| ReportError::Json { path: path.to_owned(), source })?;
    Ok(disk::write_private(path, json.as_bytes())?)
}

/// The schema as JSON (draft 7). It names no place on the network where it could be found: it ships with the report.
///
/// # Errors
/// Never in practice.
pub fn text() -> Result<String, serde_json::Error> {
    let settings = SchemaSettings::draft07().with_visitor(EveryFieldIsThere);
    let schema = settings.into_generator().into_root_schema_for::<Summary>();
    Ok(serde_json::to_string_pretty(&schema)? + "\n")
}

/// A summary has all its fields in every run, with `null` where there is nothing to say. More may come without a new
/// version, so others are not forbidden.
#[derive(Debug, Clone)]
struct EveryFieldIsThere;

impl Visitor for EveryFieldIsThere {
    fn visit_schema_object(&mut self, schema: &mut SchemaObject) {
        if let Some(object) = &mut schema.object {
            object.required.extend(object.properties.keys().cloned());
        }
        visit_schema_object(self, schema);
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, error::Error};

    use serde_json::Value;

    use super::*;
    use crate::report::summary::{VERSION, tests::summed_up};

    fn schema() -> Result<Value, Box<dyn Error>> {
        Ok(serde_json::from_str(&text()?)?)
    }

    /// The properties of an object's schema.
    fn properties(schema: &Value) -> BTreeSet<&str> {
        schema["properties"].as_object().into_iter().flatten().map(|(key, _)| &**key).collect()
    }

    #[test]
    fn every_field_of_a_summary_is_in_its_schema_and_required() -> Result<(), Box<dyn Error>> {
        let schema = schema()?;
        let summary = serde_json::to_value(summed_up()?.1)?;
        let fields: BTreeSet<_> =
            summary.as_object().into_iter().flatten().map(|(key, _)| &**key).collect();
        let required: BTreeSet<_> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert_eq!((&properties(&schema), &required), (&fields, &fields));
        let version = &schema["properties"]["summary_version"];
        let version = [&version["minimum"], &version["maximum"]].map(Value::as_f64);
        assert_eq!(version, [Some(VERSION.into()); 2]);
        Ok(())
    }

    #[test]
    fn every_field_is_described() -> Result<(), Box<dyn Error>> {
        let schema = schema()?;
        let parts = schema["definitions"].as_object().ok_or("no definitions")?;
        for (name, part) in parts.iter().map(|(k, v)| (&**k, v)).chain([("Summary", &schema)]) {
            assert!(part["description"].is_string(), "{name} is not described");
            for property in properties(part) {
                let described = part["properties"][property]["description"].is_string();
                assert!(described, "{name}.{property} is not described");
            }
        }
        Ok(())
    }

    #[test]
    fn the_schema_says_of_itself_only_which_draft_it_follows() -> Result<(), Box<dyn Error>> {
        assert!(schema()?.get("$id").is_none());
        assert_eq!(text()?.matches("://").count(), 1);
        Ok(())
    }
}
