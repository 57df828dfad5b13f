//! The IETF's structured fields `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers), also as
//! earlier drafts wrote them. The only place that knows the parser of structured fields.
//!
//! A field that is no structured field says nothing at all, as RFC 9651 wants it; a member that lacks what we need is
//! passed over.

use std::time::Duration;

use sfv::{BareItem, Dictionary, Item, List, ListEntry, Parameters, Parser, key_ref};

use super::when;

/// What is left of one quota: a member of `RateLimit`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The name of its policy; earlier drafts had none.
    pub policy: Option<String>,
    pub remaining: u64,
    /// Only earlier drafts say it here.
    pub limit: Option<u64>,
    /// When it is reset, in seconds to go, as sent.
    pub reset: Option<u64>,
}

/// One quota: a member of `RateLimit-Policy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Earlier drafts had no names.
    pub name: Option<String>,
    pub limit: u64,
    pub window: Option<Duration>,
    pub unit: Unit,
}

/// What a quota counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Requests,
    /// Bytes, or requests at the same time: nothing that counting our requests could keep.
    Other,
}

/// Reads `RateLimit`: `"default";r=50;t=30`, several members, or the earlier `limit=100, remaining=50, reset=30`.
#[must_use]
pub fn left(field: &str) -> Vec<Left> {
    match Parser::new(field).parse::<List>() {
        Ok(members) => items(&members).filter_map(left_of_policy).collect(),
        Err(_) => left_without_policy(field).into_iter().collect(),
    }
}

/// Reads `RateLimit-Policy`: `"default";q=100;w=60`, several members, or the earlier `100;w=60`.
#[must_use]
pub fn policies(field: &str) -> Vec<Policy> {
    let members: List = Parser::new(field).parse().unwrap_or_default();
    items(&members).filter_map(policy).collect()
}

fn items(members: &List) -> impl Iterator<Item = &Item> {
    members.iter().filter_map(|member| match member {
        ListEntry::Item(item) => Some(item),
        ListEntry::InnerList(_) => None,
    })
}

fn left_of_policy(item: &Item) -> Option<Left> {
    let policy = Some(name(&item.bare_item)?);
    let remaining = number(&item.params, "r")?;
    Some(Left { policy, remaining, limit: None, reset: number(&item.params, "t") })
}

fn left_without_policy(field: &str) -> Option<Left> {
    let members: Dictionary = Parser::new(field).parse().ok()?;
    let number = |key| match members.get(key_ref(key))? {
        ListEntry::Item(item) => whole(&item.bare_item),
        ListEntry::InnerList(_) => None,
    };
    let remaining = number("remaining")?;
    Some(Left { policy: None, remaining, limit: number("limit"), reset: number("reset") })
}

fn policy(item: &Item) -> Option<Policy> {
    let window = number(&item.params, "w");
    Some(Policy {
        name: name(&item.bare_item),
        limit: number(&item.params, "q").or_else(|| whole(&item.bare_item))?,
        window: window.map(|seconds| Duration::from_secs(seconds).min(when::FOREVER)),
        unit: match item.params.get(key_ref("qu")).map(name) {
            None => Unit::Requests,
            Some(Some(unit)) if unit == "requests" => Unit::Requests,
            Some(_) => Unit::Other,
        },
    })
}

fn name(item: &BareItem) -> Option<String> {
    match item {
        BareItem::String(name) => Some(name.as_str().to_owned()),
        BareItem::Token(name) => Some(name.as_str().to_owned()),
        _ => None,
    }
}

fn number(params: &Parameters, key: &'static str) -> Option<u64> {
    whole(params.get(key_ref(key))?)
}

fn whole(item: &BareItem) -> Option<u64> {
    match item {
        BareItem::Integer(number) => u64::try_from(*number).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(policy: &str, remaining: u64, reset: Option<u64>) -> Left {
        Left { policy: Some(policy.to_owned()), remaining, limit: None, reset }
    }

    #[test]
    fn what_is_left_is_read_in_the_words_of_each_draft() {
        assert_eq!(left(r#""default";r=50;t=30"#), [named("default", 50, Some(30))]);
        assert_eq!(left("default;r=50"), [named("default", 50, None)]);
        assert_eq!(
            left(r#""minute";r=5;t=1,  "day";t=80000;r=900;pk=:QQ==:"#),
            [named("minute", 5, Some(1)), named("day", 900, Some(80_000))]
        );
        let unnamed = Left { policy: None, remaining: 50, limit: Some(100), reset: Some(30) };
        assert_eq!(left("limit=100, remaining=50, reset=30"), [unnamed]);
    }

    #[test]
    fn a_member_without_a_count_is_passed_over_and_a_broken_field_says_nothing() {
        assert_eq!(
            left(r#""a";t=30, "b";r=-1, "c";r=1.5, ("d" "e");r=1, "f";r=7;t=-1"#),
            [named("f", 7, None)]
        );
        for broken in
            ["", r#""a;r=1"#, r#""a";r=1,"#, r#""a";r=1 "b";r=2"#, "50", "remaining=x", "é"]
        {
            assert_eq!(left(broken), [], "{broken}");
        }
    }

    #[test]
    fn a_policy_is_read_in_the_words_of_each_draft() {
        let policy = |name: Option<&str>, limit, window: u64| Policy {
            name: name.map(str::to_owned),
            limit,
            window: Some(Duration::from_secs(window)),
            unit: Unit::Requests,
        };
        assert_eq!(policies(r#""day";q=100;w=60"#), [policy(Some("day"), 100, 60)]);
        assert_eq!(
            policies("10;w=1, 1000;w=3600"),
            [policy(None, 10, 1), policy(None, 1_000, 3_600)]
        );
        let bytes = policies(r#""b";q=65535;w=10;qu="content-bytes""#);
        assert_eq!(bytes.first().map(|policy| policy.unit), Some(Unit::Other));
        assert_eq!(policies(r#""day";w=60"#), []);
    }
}
