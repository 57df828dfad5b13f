//! The grammar of a condition: what it compares, and on which line.
//!
//! The engine that decides conditions does not say where a text stops being SQL, nor where a column stands in it; the
//! parser behind it does.

use std::ops::ControlFlow;

use sqlparser::{
    ast::{BinaryOperator, Expr, Ident, Spanned, UnaryOperator, Value, visit_expressions},
    dialect::GenericDialect,
    parser::{Parser, ParserError},
    tokenizer::{Span, Token},
};

use super::portable;
use crate::assess::error::{ConditionFlaw, Located};

/// What a condition reads and compares, each with its line in the text, from 1.
#[derive(Debug, Clone, Default)]
pub(in crate::assess) struct Syntax {
    pub(in crate::assess) columns: Vec<(String, usize)>,
    pub(in crate::assess) comparisons: Vec<Comparison>,
    /// What is added, subtracted or multiplied.
    pub(in crate::assess) addends: Vec<(Operand, usize)>,
}

/// Two things that are compared with each other.
#[derive(Debug, Clone)]
pub(in crate::assess) struct Comparison {
    pub(in crate::assess) left: Operand,
    pub(in crate::assess) right: Operand,
    /// Whether they are asked to be the same, or not the same; otherwise which of them is greater.
    pub(in crate::assess) is_equality: bool,
    pub(in crate::assess) line: usize,
}

/// A side of a comparison that is a column or a literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::assess) enum Operand {
    Column(String),
    Text(String),
    Number(String),
    Boolean,
}

impl Syntax {
    /// Reads one condition.
    pub(in crate::assess) fn parse(sql: &str) -> Result<Self, Located> {
        let mut syntax = Self::default();
        let found = visit_expressions(&expression(sql)?, |expr| match syntax.note(expr) {
            Ok(()) => ControlFlow::Continue(()),
            Err(flaw) => ControlFlow::Break(flaw),
        });
        match found {
            ControlFlow::Break(flaw) => Err(flaw),
            ControlFlow::Continue(()) => Ok(syntax),
        }
    }

    fn note(&mut self, expr: &Expr) -> Result<(), Located> {
        portable::check(expr)?;
        match expr {
            Expr::Identifier(name) => self.note_column(name)?,
            Expr::BinaryOp { left, op, right } => match op {
                BinaryOperator::Eq | BinaryOperator::NotEq => self.note_pair(left, right, true),
                BinaryOperator::Lt
                | BinaryOperator::LtEq
                | BinaryOperator::Gt
                | BinaryOperator::GtEq => self.note_pair(left, right, false),
                BinaryOperator::Plus | BinaryOperator::Minus | BinaryOperator::Multiply => {
                    self.note_addends([left, right]);
                }
                _ => {}
            },
            Expr::InList { expr, list, .. } => {
                for item in list {
                    self.note_pair(expr, item, true);
                }
            }
            Expr::Between { expr, low, high, .. } => {
                self.note_pair(expr, low, false);
                self.note_pair(expr, high, false);
            }
            Expr::Case { operand: Some(operand), conditions, .. } => {
                for when in conditions {
                    self.note_pair(operand, &when.condition, true);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Engines differ on double quotes: a name to one is a text to the next, and the condition another one.
    fn note_column(&mut self, name: &Ident) -> Result<(), Located> {
        let line = line_of(name.span);
        if name.quote_style.is_some() {
            return Err(ConditionFlaw::QuotedName { name: name.value.clone() }.on(line));
        }
        self.columns.push((name.value.clone(), line));
        Ok(())
    }

    fn note_addends(&mut self, sides: [&Expr; 2]) {
        let addend = |side: &Expr| Some((operand(side)?, line_of(side.span())));
        self.addends.extend(sides.into_iter().filter_map(addend));
    }

    fn note_pair(&mut self, left: &Expr, right: &Expr, is_equality: bool) {
        if let (Some(one), Some(other)) = (operand(left), operand(right)) {
            let line = line_of(right.span());
            self.comparisons.push(Comparison { left: one, right: other, is_equality, line });
        }
    }
}

/// One expression and nothing after it.
fn expression(sql: &str) -> Result<Expr, Located> {
    let mut parser = Parser::new(&GenericDialect).try_with_sql(sql).map_err(located)?;
    let expr = parser.parse_expr().map_err(located)?;
    let next = parser.peek_token();
    match next.token {
        Token::EOF => Ok(expr),
        token => {
            let reason = format!("Expected: the end of the condition, found: {token}");
            Err(ConditionFlaw::Syntax { reason }.on(line_of(next.span)))
        }
    }
}

/// The parser says where at the end of its message; a line of a condition is told as a line of the file instead.
fn located(error: ParserError) -> Located {
    let message = match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => message,
        ParserError::RecursionLimitExceeded => "nested too deeply".to_owned(),
    };
    let (reason, place) = message.split_once(" at Line: ").unwrap_or((&message, ""));
    let line = place.split(',').next().and_then(|line| line.parse().ok());
    Located { flaw: ConditionFlaw::Syntax { reason: reason.to_owned() }, line }
}

fn operand(expr: &Expr) -> Option<Operand> {
    match expr {
        Expr::Nested(inner) => operand(inner),
        Expr::Identifier(name) => Some(Operand::Column(name.value.clone())),
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => match operand(expr)? {
            Operand::Number(digits) => Some(Operand::Number(format!("-{digits}"))),
            _ => None,
        },
        Expr::Value(literal) => match &literal.value {
            Value::SingleQuotedString(text) => Some(Operand::Text(text.clone())),
            Value::Number(digits, _) => Some(Operand::Number(digits.clone())),
            Value::Boolean(_) => Some(Operand::Boolean),
            _ => None,
        },
        _ => None,
    }
}

fn line_of(span: Span) -> usize {
    usize::try_from(span.start.line).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_comparisons_are_told_with_their_lines() -> Result<(), Located> {
        let syntax = Syntax::parse(
            "decision = 'approved'\nAND (attempts) BETWEEN -1 AND 3\nAND UPPER(name) <> 'X'",
        )?;
        let columns: Vec<_> =
            syntax.columns.iter().map(|(name, line)| (name.as_str(), *line)).collect();
        assert_eq!(columns, [("decision", 1), ("attempts", 2), ("name", 3)]);
        let right: Vec<_> =
            syntax.comparisons.iter().map(|pair| (pair.right.clone(), pair.line)).collect();
        assert_eq!(
            right,
            [
                (Operand::Text("approved".to_owned()), 1),
                (Operand::Number("-1".to_owned()), 2),
                (Operand::Number("3".to_owned()), 2)
            ]
        );
        Ok(())
    }

    #[test]
    fn a_list_and_a_case_compare_with_each_of_their_items() -> Result<(), Located> {
        for sql in [
            "decision NOT IN ('a', 'b')",
            "CASE decision WHEN 'a' THEN TRUE WHEN 'b' THEN FALSE END",
            "decision = 'a' OR 'b' <> decision",
        ] {
            let pairs = Syntax::parse(sql)?.comparisons;
            assert_eq!(pairs.iter().filter(|pair| pair.is_equality).count(), 2, "{sql}");
        }
        Ok(())
    }

    #[test]
    fn what_is_no_expression_is_refused_on_its_line() {
        for (sql, line) in [
            ("attempts > 1\nAND > 3\nAND TRUE", 2),
            ("attempts > 1\nLIMIT 3", 2),
            ("attempts > 1;\nDROP TABLE users", 1),
            ("TRUE\nAND outcome = 'open", 2),
            ("1) OR (1", 1),
            ("attempts > 1,", 1),
            ("decision = \"approved\"", 1),
        ] {
            let refused = Syntax::parse(sql).err().map(|located| located.line);
            assert_eq!(refused, Some(Some(line)), "{sql}");
        }
        assert!(Syntax::parse("").is_err() && Syntax::parse("attempts > 1\nAND").is_err());
    }
}
