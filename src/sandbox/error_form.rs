//! The keys under which an error explains itself.

use crate::sandbox::{
    chance::Chance,
    json::{Json, object},
};

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
    pub fn body(self, status: u16, code: &'static str, message: String) -> Json {
        match self {
            Self::Flat => object! { "code": code, "message": message },
            Self::Nested => object! {
                "success": false,
                "error": object! { "code": code, "message": message },
            },
            Self::Proxy => object! { "errorCode": code, "error": message },
            Self::Framework => object! {
                "statusCode": u32::from(status),
                "message": vec![message],
                "error": reason(status),
            },
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
