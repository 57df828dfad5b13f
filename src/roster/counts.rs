//! The first equation of the certificate: where the input rows went.

/// Where the input rows went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RosterCounts {
    pub input_rows: u64,
    pub unique: u64,
    pub duplicates: u64,
    pub blanks: u64,
    pub rejects: u64,
    /// Rows that other shards of the roster ask about, or count; none where the whole roster is asked about.
    pub other_shards: u64,
}

impl RosterCounts {
    /// Whether `input rows = unique users + duplicates + blanks + rejects + rows of other shards`.
    #[must_use]
    pub fn closes(&self) -> bool {
        [self.unique, self.duplicates, self.blanks, self.rejects, self.other_shards]
            .into_iter()
            .try_fold(0_u64, u64::checked_add)
            == Some(self.input_rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_went_nowhere_leaves_the_equation_open() {
        let counts = RosterCounts {
            input_rows: 15,
            unique: 6,
            duplicates: 1,
            blanks: 2,
            rejects: 1,
            other_shards: 5,
        };
        assert!(counts.closes());
        assert!(!RosterCounts { unique: 5, ..counts }.closes());
        assert!(!RosterCounts { unique: u64::MAX, ..counts }.closes());
    }
}
