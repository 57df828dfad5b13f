//! The keys under which an error explains itself.

use serde_json::{Value, json};

use crate::sandbox::chance::Chance;

/// The keys under which an error explains itself; the partner publishes none, so all that were seen are met.
#[derive(Debug, Clone, Copy)]
pub enum ErrorForm {
    /// `{"code","message"}`
    Flat,
    /// `{"success":false,"error":{"code","message"}}`
    Nested,
    /// `{"errorCode","error"}`
    Proxy,
    /// `{"statusCode","message":[…],"error"}`, without a code of its own.
    Framework,
}

impl ErrorForm {
    /// The form in which errors about this user come.
    #[must_use]
    pub fn of(seed: u64, id: &str) -> Self {
        let all = [Self::Flat, Self::Nested, Self::Proxy, Self::Framework];
        Chance::new(seed, "error", id).pick(&all)
    }

    /// The body of an error.
    #[must_use]
    pub fn body(self, status: u16, code: &str, message: &str) -> Value {
        match self {
            Self::Flat => json!({ "code": code, "message": message }),
            Self::Nested => json!({
                "success": false,
                "error": { "code": code, "message": message },
            }),
            Self::Proxy => json!({ "errorCode": code, "error": message }),
            Self::Framework => json!({
                "statusCode": status,
                "message": [message],
                "error": reason(status),
            }),
        }
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        401 => "Unauthorized",
        404 => "Not Found",
        503 => "Service Unavailable",
        _ => "Error",
    }
}
