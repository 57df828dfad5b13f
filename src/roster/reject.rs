//! Why a roster line cannot be used.

/// Why a roster line cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RejectReason {
    /// More or fewer fields than the header has.
    FieldCount,
    /// A quote opens and is not closed where it could be.
    UnclosedQuote,
    /// A quote in a place where none belongs.
    BadQuote,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// No id, though other fields are filled.
    EmptyId,
    /// Text in the id column that cannot be an id.
    BadId,
    /// A line too long to be one.
    TooLong,
}

impl RejectReason {
    pub const ALL: [Self; 7] = [
        Self::FieldCount,
        Self::UnclosedQuote,
        Self::BadQuote,
        Self::NotUtf8,
        Self::EmptyId,
        Self::BadId,
        Self::TooLong,
    ];

    /// The word in the `rejects` table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FieldCount => "field_count",
            Self::UnclosedQuote => "unclosed_quote",
            Self::BadQuote => "bad_quote",
            Self::NotUtf8 => "not_utf8",
            Self::EmptyId => "empty_id",
            Self::BadId => "bad_id",
            Self::TooLong => "too_long",
        }
    }
}
