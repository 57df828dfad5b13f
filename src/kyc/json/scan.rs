//! The scan of a JSON text: once from its first byte to its last, checked against the grammar, with no recursion.

/// Where one value or one key of an object stands in the text.
///
/// Nodes are in the order of the text: behind an array its elements, behind an object each key and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) start: u32,
    pub(super) end: u32,
    /// How many nodes it takes, with all that is in it.
    pub(super) size: u32,
    /// Whether it is a string with an escape in it.
    pub(super) is_escaped: bool,
}

/// How many bytes of a string are looked at together.
const WORD: usize = 8;

/// The first byte in a word that may not stand in a string as itself, or ends it: `"`, `\` and control characters.
fn end_of_run(word: [u8; WORD]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = ONES << 7;
    let word = u64::from_le_bytes(word);
    // Borrows run upwards only: the lowest byte that is told is right, and no other one is looked at.
    let zero = |bytes: u64| bytes.wrapping_sub(ONES) & !bytes;
    let quote = zero(word ^ (ONES * u64::from(b'"')));
    let backslash = zero(word ^ (ONES * u64::from(b'\\')));
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    let ends = (quote | backslash | control) & TOPS;
    (ends != 0).then(|| ends.trailing_zeros() as usize / 8)
}

/// The nodes of a text that is one JSON value (RFC 8259); none if it is not, or has 4 GiB or more.
pub(super) fn scan(text: &str) -> Option<Vec<Node>> {
    u32::try_from(text.len()).ok()?;
    // An answer of the partner has a value or a key in every ten bytes or so; more room costs less than to move.
    let nodes = Vec::with_capacity(text.len() / 8 + 1);
    Scanner { bytes: text.as_bytes(), at: 0, nodes, open: None }.scan()
}

struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
    nodes: Vec<Node>,
    /// The innermost array or object that has not ended.
    open: Option<u32>,
}

/// Whether the value that the scan stands in has ended; if not, the next one inside it follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stand {
    Inside,
    Ended,
}

impl Scanner<'_> {
    fn scan(mut self) -> Option<Vec<Node>> {
        loop {
            let mut stand = self.begin()?;
            while stand == Stand::Ended {
                let Some(open) = self.open else {
                    self.skip_space();
                    return (self.at == self.bytes.len()).then_some(self.nodes);
                };
                stand = self.go_on(open)?;
            }
        }
    }

    /// Begins a value, and ends it unless there is something inside.
    fn begin(&mut self) -> Option<Stand> {
        self.skip_space();
        let node = self.node();
        match self.peek()? {
            b'{' | b'[' => return self.enter(node),
            b'"' => self.string(node)?,
            b't' => self.literal(b"true")?,
            b'f' => self.literal(b"false")?,
            b'n' => self.literal(b"null")?,
            _ => self.number()?,
        }
        self.end(node);
        Some(Stand::Ended)
    }

    /// Enters an array or an object. Until it ends, its size is the number of the one around it.
    fn enter(&mut self, node: u32) -> Option<Stand> {
        let around = self.open.replace(node);
        self.nodes[node as usize].size = around.unwrap_or(node);
        let closing = self.closing(node);
        self.at += 1;
        self.skip_space();
        if self.peek()? == closing {
            return Some(self.leave(node));
        }
        self.name(closing)?;
        Some(Stand::Inside)
    }

    /// Goes on behind a value inside an array or an object.
    fn go_on(&mut self, open: u32) -> Option<Stand> {
        self.skip_space();
        let closing = self.closing(open);
        match self.peek()? {
            b',' => {
                self.at += 1;
                self.name(closing)?;
                Some(Stand::Inside)
            }
            byte if byte == closing => Some(self.leave(open)),
            _ => None,
        }
    }

    fn leave(&mut self, node: u32) -> Stand {
        self.at += 1;
        let around = self.nodes[node as usize].size;
        self.open = (around != node).then_some(around);
        self.end(node);
        Stand::Ended
    }

    /// Reads the key that stands before a value, if it is in an object.
    fn name(&mut self, closing: u8) -> Option<()> {
        if closing == b'}' {
            self.skip_space();
            let key = self.node();
            self.string(key)?;
            self.end(key);
            self.skip_space();
            self.byte(b':')?;
        }
        Some(())
    }

    fn string(&mut self, node: u32) -> Option<()> {
        self.byte(b'"')?;
        loop {
            self.skip_run();
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' => {
                    self.escape()?;
                    self.nodes[node as usize].is_escaped = true;
                }
                ..0x20 => return None,
                _ => self.at += 1,
            }
        }
    }

    /// Goes on to the next byte that ends a run of a string, or to one near the end of the text that does not.
    fn skip_run(&mut self) {
        while let Some(word) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk) {
            match end_of_run(*word) {
                None => self.at += WORD,
                Some(length) => {
                    self.at += length;
                    return;
                }
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        let length = match self.bytes.get(self.at + 1)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
            b'u' => 6,
            _ => return None,
        };
        let digits = self.bytes.get(self.at..self.at + length)?.get(2..)?;
        self.at += length;
        digits.iter().all(u8::is_ascii_hexdigit).then_some(())
    }

    fn number(&mut self) -> Option<()> {
        let _ = self.byte(b'-');
        if self.byte(b'0').is_none() {
            self.digits()?;
        }
        if self.byte(b'.').is_some() {
            self.digits()?;
        }
        if self.byte(b'e').or_else(|| self.byte(b'E')).is_some() {
            let _ = self.byte(b'+').or_else(|| self.byte(b'-'));
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let rest = self.bytes.get(self.at..)?;
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        self.at += digits;
        (digits > 0).then_some(())
    }

    fn literal(&mut self, word: &[u8]) -> Option<()> {
        let is_it = self.bytes.get(self.at..)?.starts_with(word);
        self.at += word.len();
        is_it.then_some(())
    }

    fn byte(&mut self, byte: u8) -> Option<()> {
        let is_it = self.peek() == Some(byte);
        self.at += usize::from(is_it);
        is_it.then_some(())
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// What ends the array or object that begins at a node.
    fn closing(&self, node: u32) -> u8 {
        if self.bytes[self.nodes[node as usize].start as usize] == b'{' { b'}' } else { b']' }
    }

    /// A new node that starts here, and its number.
    fn node(&mut self) -> u32 {
        let number = length(self.nodes.len());
        self.nodes.push(Node { start: length(self.at), end: 0, size: 0, is_escaped: false });
        number
    }

    /// Ends a node here: whatever came behind it is in it.
    fn end(&mut self, number: u32) {
        let (end, size) = (length(self.at), length(self.nodes.len()) - number);
        let node = &mut self.nodes[number as usize];
        (node.end, node.size) = (end, size);
    }
}

/// A length that is no greater than the text's.
fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::value::RawValue;

    /// Nodes as the text of each, and how many are in it.
    fn nodes(text: &str) -> Option<Vec<(&str, u32)>> {
        let slice = |node: Node| text.get(node.start as usize..node.end as usize);
        scan(text)?.into_iter().map(|node| Some((slice(node)?, node.size - 1))).collect()
    }

    #[test]
    fn values_and_keys_come_in_the_order_of_the_text() {
        let expected = [
            (r#"{"a": [1, {}], "b":"\"]"}"#, 6),
            ("\"a\"", 0),
            ("[1, {}]", 2),
            ("1", 0),
            ("{}", 0),
            ("\"b\"", 0),
            (r#""\"]""#, 0),
        ];
        assert_eq!(nodes(" {\"a\": [1, {}], \"b\":\"\\\"]\"}\n"), Some(expected.to_vec()));
    }

    #[test]
    fn what_is_no_json_has_no_nodes() {
        for text in [
            "",
            " ",
            "{",
            "[",
            "]",
            "}",
            "{]",
            "[}",
            "[1}",
            "{\"a\":1]",
            "[1",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "[,]",
            "[1,]",
            "{,}",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "{1:1}",
            "{a:1}",
            "[1 2]",
            "1 2",
            "tru",
            "True",
            "nulll",
            "+1",
            "-",
            "01",
            "-01",
            "1.",
            ".5",
            "1.e1",
            "1e",
            "1e+",
            "0x1",
            "NaN",
            "\"",
            "\"\\",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u12g4\"",
            "\"a\nb\"",
            "'a'",
            "\u{feff}1",
            "[1],",
            "//\n1",
        ] {
            assert_eq!(scan(text), None, "{text}");
            assert!(serde_json::from_str::<&RawValue>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_control_character_ends_a_string_of_any_length() {
        for before in 0..20 {
            let text = format!("\"{}\u{1}{}\"", "a".repeat(before), "é".repeat(10));
            assert_eq!(scan(&text), None, "{before}");
            assert!(scan(&text.replace('\u{1}', " ")).is_some());
        }
    }

    #[test]
    fn no_depth_of_nesting_is_too_deep() {
        let deep = format!("{}1{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
        assert_eq!(scan(&deep).map(|nodes| nodes.len()), Some(1_000_001));
        assert_eq!(scan(deep.get(1..).unwrap_or_default()), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_run_ends_where_a_byte_by_byte_look_finds_its_end(word: [u8; WORD]) {
            let ends = |byte: &u8| matches!(byte, ..0x20 | b'"' | b'\\');
            prop_assert_eq!(end_of_run(word), word.iter().position(ends));
        }

        #[test]
        fn it_takes_exactly_what_another_reader_takes(text in r#"[\[\]{}",:0-3.eE+\-\\ truefalsn\n]{0,12}"#) {
            prop_assert_eq!(scan(&text).is_some(), serde_json::from_str::<&RawValue>(&text).is_ok());
        }

        #[test]
        fn every_node_is_what_another_reader_finds_there(text in json()) {
            let nodes = scan(&text).unwrap_or_default();
            prop_assert!(!nodes.is_empty());
            for node in nodes {
                let slice = &text[node.start as usize..node.end as usize];
                let read = serde_json::from_str::<&RawValue>(slice);
                prop_assert_eq!(read.ok().map(RawValue::get), Some(slice));
            }
        }
    }

    fn json() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            "-?(0|[1-9][0-9]{0,3})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?",
            r#""([ -!#-\[\]-~é]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}){0,8}""#,
            Just("true".to_owned()),
            Just("false".to_owned()),
            Just("null".to_owned()),
        ];
        leaf.prop_recursive(4, 64, 6, |inner| {
            let member = ("[a-c_]{0,3}", inner.clone());
            prop_oneof![
                proptest::collection::vec(inner, 0..6)
                    .prop_map(|items| format!("[{}]", items.join(" ,\n"))),
                proptest::collection::vec(member, 0..6).prop_map(|members| {
                    let members: Vec<_> = members
                        .into_iter()
                        .map(|(key, value)| format!("\"{key}\" : {value}"))
                        .collect();
                    format!("{{{}}}", members.join(",\t"))
                }),
            ]
        })
    }
}
