//! Figures as people read them. Programs get the plain ones, in JSON and CSV.

use serde_json::Value;

/// What stands for a figure that there is not.
const NONE: &str = "–";

/// `1234567` as `1,234,567`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share of 0 to 1 in per cent, with one decimal.
///
/// Not all is never shown as `100.0 %`, nor something as `0.0 %`: these two are what a reader acts on.
#[must_use]
pub fn percent(share: Option<f64>) -> String {
    match share {
        None => NONE.to_owned(),
        Some(share) if share < 1.0 && share > 0.9995 => "> 99.9 %".to_owned(),
        Some(share) if share > 0.0 && share < 0.0005 => "< 0.1 %".to_owned(),
        Some(share) => format!("{:.1} %", share * 100.0),
    }
}

/// A time as the files have it, to the minute.
#[must_use]
pub fn moment(rfc3339: &str) -> String {
    match (rfc3339.get(..10), rfc3339.get(11..16), rfc3339.ends_with('Z')) {
        (Some(day), Some(time), true) => format!("{day} {time} UTC"),
        _ => rfc3339.to_owned(),
    }
}

/// A cell of a statistic.
pub(super) fn shown(cell: &Value) -> String {
    match cell {
        Value::Null => NONE.to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => match (number.as_u64(), number.as_f64()) {
            (Some(whole), _) => grouped(whole),
            (None, Some(real)) if number.is_f64() => rounded(real),
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// At most four decimals, and no zeros at the end.
fn rounded(real: f64) -> String {
    to_decimals(real, 4)
}

/// At most six decimals, and no zeros at the end: a limit may be one in a hundred thousand.
pub(super) fn plain(real: f64) -> String {
    to_decimals(real, 6)
}

fn to_decimals(real: f64, decimals: usize) -> String {
    let text = format!("{real:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn figures_are_shown_for_people() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
        for (share, text) in [
            (None, "–"),
            (Some(0.0), "0.0 %"),
            (Some(0.000_1), "< 0.1 %"),
            (Some(0.5), "50.0 %"),
            (Some(0.999_9), "> 99.9 %"),
            (Some(1.0), "100.0 %"),
        ] {
            assert_eq!(percent(share), text);
        }
        for (cell, text) in [
            (json!(null), "–"),
            (json!("x"), "x"),
            (json!(-12345), "-12345"),
            (json!(12345), "12,345"),
            (json!(1.0 / 3.0), "0.3333"),
            (json!(12.0), "12"),
            (json!(true), "true"),
        ] {
            assert_eq!(shown(&cell), text);
        }
        for (time, text) in
            [("2026-11-23T08:23:21.923260Z", "2026-11-23 08:23 UTC"), ("never", "never")]
        {
            assert_eq!(moment(time), text);
        }
    }
}
