//! How much a page says about single people.

use serde::{Deserialize, Serialize};

use super::{
    figures::grouped,
    statistics::Statistic,
    withholding::{self, Grid, WITHHELD},
};

/// Fewer people than this are a cell in which somebody could be recognised.
pub(super) const FEW: u64 = 5;

/// What a reader of page and mail may learn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Discretion {
    /// Ids of users, and every figure.
    #[default]
    Ids,
    /// No ids, and no figure of fewer than five people.
    Aggregate,
}

impl Discretion {
    /// The figures of one list that may be shown; a list is what is added up to a total that is shown too.
    ///
    /// Where only one figure is withheld the total would tell it, so the smallest of the others goes with it.
    #[must_use]
    pub fn figures(self, counts: &[u64]) -> Vec<Option<u64>> {
        let mut shown: Vec<_> = counts.iter().map(|count| Some(*count)).collect();
        if self == Self::Ids {
            return shown;
        }
        for figure in &mut shown {
            *figure = figure.filter(|count| *count == 0 || *count >= FEW);
        }
        if shown.iter().filter(|figure| figure.is_none()).count() == 1 {
            let others = shown.iter_mut().filter(|figure| figure.is_some_and(|count| count > 0));
            if let Some(smallest) = others.min_by_key(|figure| **figure) {
                *smallest = None;
            }
        }
        shown
    }

    /// A share and its numerator, as far as they may be shown; the denominator always is.
    #[must_use]
    pub fn share(
        self,
        value: Option<f64>,
        numerator: u64,
        denominator: u64,
    ) -> (Option<f64>, Option<u64>) {
        let rest = denominator.saturating_sub(numerator);
        let shown = self.figures(&[numerator, rest]).first().copied().flatten();
        (value.filter(|_| shown.is_some()), shown)
    }

    /// The statistics as the page shows them: in the place of a withheld figure stands a word.
    #[must_use]
    pub fn statistics(self, answers: &[Statistic]) -> Vec<Statistic> {
        match self {
            Self::Ids => answers.to_vec(),
            Self::Aggregate => answers.iter().map(withholding::statistic).collect(),
        }
    }

    /// The figures of a table that may be shown; its last row and its last column are totals.
    #[must_use]
    pub fn grid(self, totalled: &[Vec<u64>]) -> Grid {
        match self {
            Self::Ids => {
                totalled.iter().map(|row| row.iter().copied().map(Some).collect()).collect()
            }
            Self::Aggregate => withholding::grid(totalled),
        }
    }
}

/// A figure as the page shows it.
#[must_use]
pub fn shown(figure: Option<u64>) -> String {
    figure.map_or_else(|| WITHHELD.to_owned(), grouped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_may_see_ids_sees_every_figure() {
        assert_eq!(Discretion::Ids.figures(&[1, 0]), [Some(1), Some(0)]);
    }

    #[test]
    fn a_withheld_figure_cannot_be_had_from_the_total() {
        let figures = |counts: &[u64]| Discretion::Aggregate.figures(counts);
        assert_eq!(figures(&[10, 0, 7]), [Some(10), Some(0), Some(7)]);
        assert_eq!(figures(&[10, 3, 7]), [Some(10), None, None]);
        assert_eq!(figures(&[10, 3, 4]), [Some(10), None, None]);
        assert_eq!(figures(&[3, 0]), [None, Some(0)]);
        assert_eq!(shown(None), "withheld");
    }
}
