//! The log on standard error: one line for each thing worth knowing, as text or as JSON. Never names a person.

use indicatif::ProgressBar;
use serde_json::{Map, Value, json};

use super::terminal::complain;
use crate::{cli::LogFormat, clock, model::ids::RunId, settings::Output};

/// The log of one run.
#[derive(Debug, Clone)]
pub struct Log {
    output: Output,
    run_id: RunId,
    /// The bar that must step aside while a line is written.
    bar: Option<ProgressBar>,
}

impl Log {
    #[must_use]
    pub fn new(output: Output, run_id: RunId, bar: Option<ProgressBar>) -> Self {
        Self { output, run_id, bar }
    }

    /// Writes one line: `text` for people, or `event` and `fields` for programs.
    pub fn line(&self, event: &str, text: &str, fields: &[(&str, Value)]) {
        if self.output.quiet {
            return;
        }
        let line = match self.output.log_format {
            LogFormat::Text => format!("{} {text}", clock::now().strftime("%H:%M:%SZ")),
            LogFormat::Json => self.json(event, text, fields),
        };
        match &self.bar {
            Some(bar) => bar.suspend(|| complain(&line)),
            None => complain(&line),
        }
    }

    fn json(&self, event: &str, text: &str, fields: &[(&str, Value)]) -> String {
        let mut line = Map::new();
        line.insert("time".to_owned(), json!(format!("{:.3}", clock::now())));
        line.insert("run.id".to_owned(), json!(self.run_id.as_str()));
        line.insert("event".to_owned(), json!(event));
        line.insert("message".to_owned(), json!(text));
        line.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        Value::Object(line).to_string()
    }
}
