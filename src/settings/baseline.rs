//! Which published run to compare with.

use std::path::{Path, PathBuf};

/// Which published run to compare with, as the operator chose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Choice {
    /// The run to which `latest` points, if there is one and it fits.
    #[default]
    Latest,
    /// A run id or a path: it has to be there, and to fit.
    Named(PathBuf),
    None,
}

impl Choice {
    pub(super) fn of(named: Option<PathBuf>) -> Self {
        match named {
            None => Self::Latest,
            Some(name) if name == Path::new("latest") => Self::Latest,
            Some(name) if name == Path::new("none") => Self::None,
            Some(name) => Self::Named(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_words_are_no_names_of_runs() {
        let of = |name: &str| Choice::of(Some(name.into()));
        assert_eq!(Choice::of(None), Choice::Latest);
        assert_eq!(of("latest"), Choice::Latest);
        assert_eq!(of("none"), Choice::None);
        assert_eq!(of("night-1"), Choice::Named("night-1".into()));
        assert_eq!(of("./latest"), Choice::Named("./latest".into()), "a path");
    }
}
