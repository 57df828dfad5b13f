//! How much a page says about single people.

use serde::{Deserialize, Serialize};

use super::{
    figures::grouped,
    statistics::Statistic,
    summary::Rate,
    withholding::{self, Grid, WITHHELD, are_close},
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

    /// Rates as far as they may be shown: value, numerator and denominator.
    ///
    /// Rates of one list are shares of nearly the same people, so that no two shown figures of the list may differ by few.
    #[must_use]
    pub fn rates(self, rates: &[Rate]) -> Vec<ShownShare> {
        let mut told = Vec::new();
        rates.iter().map(|rate| self.share(rate, &mut told)).collect()
    }

    fn share(self, rate: &Rate, told: &mut Vec<u64>) -> ShownShare {
        let Rate { value, numerator, denominator, .. } = *rate;
        let mut tell = |figure: u64| {
            let is_told = self == Self::Ids || !told.iter().any(|other| are_close(figure, *other));
            is_told.then(|| told.push(figure)).map(|()| figure)
        };
        let denominator = self.figures(&[denominator])[0].and_then(&mut tell);
        let rest = rate.denominator.saturating_sub(numerator);
        let numerator = self.figures(&[numerator, rest])[0].filter(|_| denominator.is_some());
        let numerator = numerator.and_then(&mut tell);
        ShownShare { value: value.filter(|_| numerator.is_some()), numerator, denominator }
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

/// A rate as far as it may be shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShownShare {
    pub value: Option<f64>,
    pub numerator: Option<u64>,
    pub denominator: Option<u64>,
}

impl ShownShare {
    /// Of how many users how many.
    #[must_use]
    pub fn users(self) -> String {
        format!("{} of {}", shown(self.numerator), shown(self.denominator))
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
    fn two_rates_do_not_tell_by_subtraction_who_is_undetermined() {
        let rate = |numerator, denominator| Rate {
            name: String::new(),
            numerator,
            denominator,
            value: Some(0.5),
        };
        let users = |discretion: Discretion, rates: &[Rate]| -> Vec<_> {
            discretion.rates(rates).into_iter().map(ShownShare::users).collect()
        };
        let leaking = [rate(50, 60), rate(50, 57)];
        let shown = users(Discretion::Aggregate, &leaking);
        assert_eq!(shown, ["50 of 60", "withheld of withheld"]);
        assert_eq!(Discretion::Aggregate.rates(&leaking)[1].value, None);
        assert_eq!(users(Discretion::Ids, &leaking), ["50 of 60", "50 of 57"]);
        let wide = users(Discretion::Aggregate, &[rate(40, 60), rate(40, 50)]);
        assert_eq!(wide, ["40 of 60", "40 of 50"]);
        assert_eq!(users(Discretion::Aggregate, &[rate(58, 60)]), ["withheld of 60"]);
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
