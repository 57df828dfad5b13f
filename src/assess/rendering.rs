//! From a condition as it is written to one that any SQL engine takes: the constants put in the place of their names.

use std::collections::BTreeSet;

use super::{
    constants::{Constant, Constants},
    error::ConditionFlaw,
};

/// Puts the constants in the place of their `:name`, without changing the number of lines.
///
/// Quoted text, comments and `::` are left alone. The names used are added to `used`.
pub(super) fn render(
    text: &str,
    constants: &Constants,
    used: &mut BTreeSet<String>,
) -> Result<String, ConditionFlaw> {
    let mut rendered = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find([':', '\'', '"', '-', '/']) {
        let (before, from) = rest.split_at(at);
        rendered.push_str(before);
        let length = verbatim_length(from);
        rest = &from[length..];
        if length > 0 {
            rendered.push_str(&from[..length]);
            continue;
        }
        let name = name_after_colon(from);
        rest = &from[1 + name.len()..];
        let constant = constants.named(name)?;
        if matches!(constant, Constant::Words(_)) && !is_whole_list(&rendered, rest) {
            return Err(ConditionFlaw::WordsOutsideIn { name: name.to_owned() });
        }
        rendered.push_str(constant.sql());
        used.insert(name.to_owned());
    }
    rendered.push_str(rest);
    Ok(rendered)
}

/// How much at the start of the text is copied as it is: a quoted text, a comment, a `::`, a lone sign; 0 for a `:name`.
fn verbatim_length(text: &str) -> usize {
    let through = |end: &str| text[1..].find(end).map_or(text.len(), |at| 1 + at + end.len());
    match text.as_bytes() {
        [b'\'', ..] => through("'"),
        [b'"', ..] => through("\""),
        [b'-', b'-', ..] => through("\n"),
        [b'/', b'*', ..] => text[2..].find("*/").map_or(text.len(), |at| 2 + at + 2),
        [b':', b':', ..] => 2,
        [b':', ..] if !name_after_colon(text).is_empty() => 0,
        _ => 1,
    }
}

/// The name of a `:name` at the start of the text; empty when it is no such thing.
fn name_after_colon(text: &str) -> &str {
    let name = text.strip_prefix(':').unwrap_or_default();
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(name.len());
    &name[..end]
}

/// Whether what stands between the two texts is the whole list of an `IN (…)`.
fn is_whole_list(before: &str, after: &str) -> bool {
    let Some(before) = before.trim_end().strip_suffix('(') else { return false };
    let is_part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let keyword = before.trim_end().rsplit(|c| !is_part_of_word(c)).next();
    keyword.is_some_and(|word| word.eq_ignore_ascii_case("in"))
        && after.trim_start().starts_with(')')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str) -> Result<String, String> {
        let mut constants = Constants::default();
        let number = |sql: &str| Constant::Threshold(sql.to_owned());
        let given = [
            ("min_score", number("0.8")),
            ("floor", number("(-1)")),
            ("risky", Constant::Words("'IR', 'KP'".to_owned())),
        ];
        for (name, constant) in given {
            constants.add(name, constant).map_err(|flaw| flaw.to_string())?;
        }
        render(text, &constants, &mut BTreeSet::new()).map_err(|flaw| flaw.to_string())
    }

    #[test]
    fn a_name_after_a_colon_becomes_what_it_stands_for() {
        for (text, sql) in [
            ("a<:min_score AND b>=:floor", "a<0.8 AND b>=(-1)"),
            ("a - :floor / 2", "a - (-1) / 2"),
            ("c IN (:risky)", "c IN ('IR', 'KP')"),
            ("c NOT in\n( :risky )", "c NOT in\n( 'IR', 'KP' )"),
            ("no name at all", "no name at all"),
        ] {
            assert_eq!(rendered(text).as_deref(), Ok(sql));
        }
    }

    #[test]
    fn quoted_text_comments_and_casts_are_left_alone() {
        for text in [
            "a = ':min_score'",
            "a = 'it''s :floor'",
            "\":floor\" > 1",
            "a::int > 1",
            "a : b",
            "a > 1 -- don't put :floor here",
            "a > 1 /* nor :floor, don't */",
            "a = 'open",
            "a /* open",
        ] {
            assert_eq!(rendered(text).as_deref(), Ok(text));
        }
        assert_eq!(rendered("a -- don't\n> :floor").as_deref(), Ok("a -- don't\n> (-1)"));
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_nearest_one() {
        assert_eq!(
            rendered("a < :min_scor"),
            Err("there is no threshold or word list `:min_scor`; did you mean `min_score`?"
                .to_owned())
        );
    }

    #[test]
    fn a_word_list_stands_alone_in_the_parentheses_of_an_in() {
        for text in ["c = :risky", "c IN ('US', :risky)", "COALESCE(:risky)", "begin (:risky)"] {
            let refused = rendered(text).err().unwrap_or_default();
            assert!(refused.contains("`IN (:risky)`"), "{text}: {refused}");
        }
    }
}
