//! What pages for people are made of: headings, wrapped text, colours of verdicts, and text that cannot command a terminal.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const SOFT: Style = Style::new().dimmed();
/// How wide a line gets where words allow it.
const WIDTH: usize = 96;

pub(super) fn heading(title: &str) -> String {
    format!("\n  {BOLD}{title}{BOLD:#}\n")
}

/// Text in lines of its own, indented, wrapped between words and inside those that are longer than a line.
pub(super) fn block(indent: usize, text: &str) -> String {
    styled_block(Style::new(), indent, text)
}

/// The same, in a style.
pub(super) fn styled_block(style: Style, indent: usize, text: &str) -> String {
    let mut block = String::new();
    for line in wrapped(text, WIDTH - indent) {
        let _ = writeln!(block, "{:indent$}{style}{line}{style:#}", "");
    }
    block
}

/// The colour of a verdict; the word stands beside it always.
pub(super) fn verdict(word: &str) -> Style {
    match word {
        "pass" => AnsiColor::Green.on_default(),
        "fail" => AnsiColor::Red.on_default(),
        "review" => AnsiColor::Yellow.on_default(),
        _ => AnsiColor::Blue.on_default(),
    }
}

/// Text that an applicant may have chosen: what would command the terminal, or turn the direction of reading, is spelled
/// out.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' => plain.push(' '),
            letter if is_a_command(letter) => {
                let _ = write!(plain, "\\u{{{:x}}}", u32::from(letter));
            }
            letter => plain.push(letter),
        }
    }
    plain
}

fn is_a_command(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            lines.push(String::new());
            used = 0;
        }
        let line = lines.len() - 1;
        if used > 0 {
            lines[line].push(' ');
            used += 1;
        }
        for letter in word.chars() {
            if used == width {
                lines.push(String::new());
                used = 0;
            }
            let line = lines.len() - 1;
            lines[line].push(letter);
            used += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_an_applicant_commands_the_terminal() {
        for (text, shown) in [
            ("Ana Núñez", "Ana Núñez"),
            ("\u{1b}[31mred\u{7}", "\\u{1b}[31mred\\u{7}"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("two\nlines", "two lines"),
        ] {
            assert_eq!(plain(text), shown);
        }
    }

    #[test]
    fn lines_break_between_words_and_in_words_longer_than_a_line() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("0123456789 a", 4), ["0123", "4567", "89 a"]);
        assert_eq!(wrapped("", 4), [""]);
    }
}
