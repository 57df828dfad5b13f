//! Where a text stands in the policy file.

use std::ops::Range;

/// The lines of one condition in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The line of the `when`.
    when: usize,
    /// The line of the file on which the text itself begins, if its lines are the lines of the file.
    first: Option<usize>,
}

/// The line, from 1, on which a span of the file begins.
pub(super) fn line_at(file: &str, span: &Range<usize>) -> usize {
    1 + line_breaks(file.get(..span.start).unwrap_or_default())
}

impl Place {
    /// The place of a text that was written at `span`, quotes included, and was read as `text`.
    pub(super) fn of(file: &str, span: &Range<usize>, text: &str) -> Self {
        let when = line_at(file, span);
        let written = file.get(span.clone()).unwrap_or_default();
        let begins_below = ["\"\"\"\n", "\"\"\"\r\n", "'''\n", "'''\r\n"]
            .iter()
            .any(|quotes| written.starts_with(quotes));
        let above = usize::from(begins_below);
        // An escaped line break makes lines that the file does not have, or has and the text does not.
        let is_line_by_line = line_breaks(written) == line_breaks(text) + above;
        let skipped = line_breaks(&text[..text.len() - text.trim_start().len()]);
        Self { when, first: is_line_by_line.then_some(when + above + skipped) }
    }

    /// The line of the file for a line of the trimmed text, from 1; that of the `when` if it cannot be told.
    pub(super) fn line(&self, of_text: Option<usize>) -> usize {
        match (self.first, of_text) {
            (Some(first), Some(line)) => first + line.saturating_sub(1),
            _ => self.when,
        }
    }
}

fn line_breaks(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use toml::Spanned;

    use super::*;

    #[derive(Deserialize)]
    struct File {
        when: Spanned<String>,
    }

    fn place(file: &str) -> Result<Place, toml::de::Error> {
        let read: File = toml::from_str(file)?;
        Ok(Place::of(file, &read.when.span(), read.when.as_ref()))
    }

    #[test]
    fn a_line_of_the_text_is_told_as_a_line_of_the_file() -> Result<(), toml::de::Error> {
        for (file, lines) in [
            ("when = 'a'", [1, 1]),
            ("\n\nwhen = \"\"\"\na\nb\"\"\"", [4, 5]),
            ("when = '''a\nb'''", [1, 2]),
            ("when = '''\n\n\na\nb'''", [4, 5]),
            ("when = \"\"\"\r\na\r\nb\"\"\"", [2, 3]),
        ] {
            let place = place(file)?;
            assert_eq!(place.line(Some(1)), lines[0], "{file}");
            assert_eq!(place.line(Some(2)), lines[0] + 1, "{file}");
        }
        Ok(())
    }

    #[test]
    fn where_lines_were_escaped_the_line_is_that_of_the_when() -> Result<(), toml::de::Error> {
        for file in ["\nwhen = \"a\\nb\"", "\nwhen = \"\"\"\na \\\n  AND b\nc\"\"\""] {
            assert_eq!(place(file)?.line(Some(2)), 2, "{file}");
        }
        assert_eq!(place("when = '''\na'''")?.line(None), 1);
        Ok(())
    }
}
