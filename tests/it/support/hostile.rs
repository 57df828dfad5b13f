//! Bodies that no partner should send: good ones with bytes altered by chance, and monsters of one idea each.

use kyc_recon::sandbox::{answer::Answer, chance::Chance};

/// What JSON, text and our own vocabulary stumble over most easily.
const TOKENS: [&[u8]; 34] = [
    b"null",
    b"true",
    b"{",
    b"}",
    b"[",
    b"]",
    b"[[[[[[[[",
    b"{\"a\":",
    b"\"",
    b"\\",
    b",",
    b":",
    b"\\u0000",
    b"\\ud83d",
    b"\\udc00\\ud800",
    b"\xff",
    b"\xf0\x9f",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\0",
    b"-",
    b"-0",
    b"1e400",
    b"-1e-400",
    b"99999999999999999999999999999999999999",
    b"0.1e+",
    b"NaN",
    b"\"data\":",
    b"\"amlInfo\":",
    b"\"entityHits\":[",
    b"\"warnings\":",
    b"\"createdAt\":\"",
    b"<html>",
    b"\r\n",
];

/// Answers of the sandbox: whole documents in both envelopes, errors, pages.
pub(crate) fn good_bodies(seed: u64) -> Vec<Vec<u8>> {
    let special = ["approved-1", "rejected-1", "aml-1", "bare-1", "error200-1", "html-1"];
    let ids = special.map(str::to_owned).into_iter().chain((0..30).map(|n| format!("user-{n}")));
    ids.map(|id| Answer::about(seed, &id).body).collect()
}

/// One of the texts after up to eight changes.
pub(crate) fn altered(texts: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = one_of(texts, chance).to_vec();
    for _ in 0..chance.between(1, 8) {
        alter(&mut bytes, texts, chance);
    }
    bytes
}

fn alter(bytes: &mut Vec<u8>, texts: &[Vec<u8>], chance: &mut Chance) {
    let (from, to) = range(bytes, chance);
    match chance.below(8) {
        0 => bytes.truncate(to),
        1 => drop(bytes.drain(from..to)),
        2 => drop(
            bytes.splice(from..from, chance.pick(&TOKENS).repeat(chance.between(1, 40) as usize)),
        ),
        3 => drop(bytes.splice(from..to, chance.pick(&TOKENS).iter().copied())),
        4 => bytes.extend_from_within(from..to),
        5 => drop(bytes.splice(from..from, bytes[from..to].to_vec())),
        6 => {
            let other = one_of(texts, chance);
            let (start, end) = range(other, chance);
            drop(bytes.splice(from..to, other[start..end].iter().copied()));
        }
        _ => bytes[from..to]
            .iter_mut()
            .take(4)
            .for_each(|byte| *byte = chance.word().to_le_bytes()[0]),
    }
}

fn one_of<'t>(texts: &'t [Vec<u8>], chance: &mut Chance) -> &'t [u8] {
    &texts[index(texts.len(), chance)]
}

/// Two places in the text, in order, seldom far apart.
fn range(bytes: &[u8], chance: &mut Chance) -> (usize, usize) {
    let from = index(bytes.len() + 1, chance);
    let longest = if chance.happens(200) { bytes.len() } else { 24 };
    (from, (from + index(longest + 1, chance)).min(bytes.len()))
}

fn index(end: usize, chance: &mut Chance) -> usize {
    chance.below(u32::try_from(end).unwrap_or(u32::MAX)) as usize
}

/// How large monsters are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stature {
    pub(crate) bytes: usize,
    pub(crate) levels: usize,
}

/// A body that is too much of one thing, and what it is too much of.
pub(crate) struct Monster {
    pub(crate) of: String,
    pub(crate) body: Vec<u8>,
}

/// Bodies that are too deep, and bodies that are too long.
pub(crate) fn monsters(stature: Stature) -> impl Iterator<Item = Monster> {
    let deep = PLACES.iter().flat_map(move |place| {
        NESTINGS.iter().map(move |nesting| Monster {
            of: format!("{} levels of {nesting:?} in {place:?}", stature.levels),
            body: nested(place, nesting, stature.levels),
        })
    });
    let long = PLACES.iter().flat_map(move |place| {
        REPETITIONS.iter().map(move |repetition| Monster {
            of: format!("{} bytes of {repetition:?} in {place:?}", stature.bytes),
            body: repeated(place, repetition, stature.bytes),
        })
    });
    deep.chain(long)
}

/// Where a monster sits: what stands before it and after it.
const PLACES: [(&str, &str); 9] = [
    ("", ""),
    (r#"{"status":"ok","data":"#, "}"),
    (r#"{"error":"#, "}"),
    (r#"{"idInfo":{"fullName":"#, "}}"),
    (r#"{"idInfo":{"documentDetails":"#, "}}"),
    (r#"{"idInfo":{"novelty":"#, "}}"),
    (r#"{"idInfo":{"warnings":"#, "}}"),
    (r#"{"amlInfo":{"entityHits":"#, "}}"),
    (r#"{"amlInfo":{"entityHits":[{"amlHits":"#, "}]}}"),
];

/// What one level opens and closes.
const NESTINGS: [(&str, &str); 4] =
    [("[", "]"), (r#"{"data":"#, "}"), (r#"[{"":"#, "}]"), ("[", "")];

/// The opening, what is repeated, and the close.
const REPETITIONS: [(&str, &str, &str); 13] = [
    ("[null", ",null", "]"),
    ("[{}", ",{}", "]"),
    ("[0", ",0", "]"),
    ("[[]", ",[[]]", "]"),
    (r#"[{"code":"X"}"#, r#",{"code":"X"}"#, "]"),
    (r#"{"data":1"#, r#","data":1"#, "}"),
    (r#"{"a/b~":[1]"#, r#","a/b~":[1]"#, "}"),
    ("\"", "\\ud83d", "\""),
    ("\"", "\\\"", "\""),
    ("\"", "\u{1f999}", "\""),
    ("", "9", ""),
    ("{", " \n", "}"),
    ("", "\0", ""),
];

fn nested(place: &(&str, &str), nesting: &(&str, &str), levels: usize) -> Vec<u8> {
    let inner = format!("{}0{}", nesting.0.repeat(levels), nesting.1.repeat(levels));
    format!("{}{inner}{}", place.0, place.1).into_bytes()
}

fn repeated(place: &(&str, &str), repetition: &(&str, &str, &str), bytes: usize) -> Vec<u8> {
    let middle = repetition.1.repeat(bytes / repetition.1.len());
    format!("{}{}{middle}{}{}", place.0, repetition.0, repetition.2, place.1).into_bytes()
}
