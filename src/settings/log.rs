//! In which form an error is told, also one that comes before the settings are known.

use std::path::PathBuf;

use super::file::File;
use crate::cli::{Command, LogFormat};

/// What was typed of the form of the log, and where else it may stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorForm {
    typed: Option<LogFormat>,
    /// None also for a command that writes no log: its errors are for people.
    file: Option<PathBuf>,
}

impl ErrorForm {
    /// Takes what was typed. Reads nothing.
    #[must_use]
    pub fn of(command: &Command) -> Self {
        let (typed, config) = match command {
            Command::Run(args) | Command::Plan(args) => (args.log_format, &args.config),
            Command::Merge(args) => (args.log_format, &args.place.config),
            Command::Rebuild(args) => (args.log_format, &args.published.place.config),
            Command::Compare(_)
            | Command::Runs(_)
            | Command::DeriveStream(_)
            | Command::Explain(_)
            | Command::Verify(_)
            | Command::Prune(_)
            | Command::Schema(_)
            | Command::Sandbox(_)
            | Command::Completions(_)
            | Command::Man(_) => return Self { typed: None, file: None },
        };
        Self { typed, file: Some(File::place(config.as_deref()).to_owned()) }
    }

    /// The form: as typed or exported, else as in the settings file, even where the rest of it is not to be obeyed.
    #[must_use]
    pub fn find(&self) -> LogFormat {
        let written = || File::entry(self.file.as_deref()?, "log_format");
        self.typed.or_else(written).unwrap_or(LogFormat::Text)
    }
}
