//! Gates: thresholds on the whole run that decide its exit status.

use serde::{Deserialize, Serialize};

/// The `[gates]` of the settings; one that is not set is open. Shares are from 0 to 1.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Gates {
    pub max_regressions: Option<u64>,
    pub max_critical_breaks: Option<u64>,
    pub max_break_share: Option<f64>,
    pub max_exhausted_share: Option<f64>,
    pub min_answered_share: Option<f64>,
    pub min_pass_of_determined: Option<f64>,
    pub max_new_words: Option<u64>,
}

/// The figures of a run that gates look at; `None` for what could not be measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Measured {
    /// Users of the roster.
    pub users: u64,
    pub answered: u64,
    pub exhausted: u64,
    pub passed: u64,
    /// Users with the verdict pass or fail.
    pub determined: u64,
    /// Regressions seen in this run for the first time; none without a baseline.
    pub new_regressions: Option<u64>,
    /// Critical breaks seen in this run for the first time; none without baseline and books.
    pub new_critical_breaks: Option<u64>,
    /// Users of the baseline who are not in the roster.
    pub vanished: u64,
    /// Users with an open break of medium severity or worse, vanished ones included; none without baseline and books.
    pub users_in_break: Option<u64>,
    /// Rows of `drift` of the kind `new_word`.
    pub new_words: u64,
}

/// How a run stands to one gate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gate {
    pub name: &'static str,
    pub limit: f64,
    /// None: it could not be measured, as a share of nobody.
    pub actual: Option<f64>,
    pub passed: bool,
}

/// A gate that cannot be what it is set to.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("[gates] {name}: a share is from 0 to 1, and not {limit}")]
pub struct GateFlaw {
    pub name: &'static str,
    pub limit: f64,
}

impl Gates {
    /// Checks that shares are shares.
    ///
    /// # Errors
    /// The first gate that is set to what no share can be.
    pub fn check(&self) -> Result<(), GateFlaw> {
        let shares = [
            ("max_break_share", self.max_break_share),
            ("max_exhausted_share", self.max_exhausted_share),
            ("min_answered_share", self.min_answered_share),
            ("min_pass_of_determined", self.min_pass_of_determined),
        ];
        let set = shares.into_iter().filter_map(|(name, limit)| Some((name, limit?)));
        for (name, limit) in set {
            if !(0.0..=1.0).contains(&limit) {
                return Err(GateFlaw { name, limit });
            }
        }
        Ok(())
    }

    /// The gates that are set, as TOML: what a certificate states of them.
    #[must_use]
    pub fn text(&self) -> String {
        // Nothing but names and numbers: there is nothing in it that TOML could not write.
        toml::to_string(self).unwrap_or_default()
    }

    /// Reads the gates that [`Self::text`] wrote; none if the text is of somebody else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        toml::from_str(text).ok()
    }

    /// How the run stands to each gate that is set, in the order of the settings' documentation.
    ///
    /// What could not be measured exceeds no maximum, and reaches no minimum.
    #[must_use]
    pub fn evaluate(&self, run: &Measured) -> Vec<Gate> {
        let whole = |count: u64| count as f64;
        let share = |count: u64, of: u64| (of > 0).then(|| whole(count) / whole(of));
        // Those who vanished can be in break, so they are among those of whom it is the share.
        let in_break = run.users_in_break.and_then(|users| share(users, run.users + run.vanished));
        [
            most(
                "max_regressions",
                self.max_regressions.map(whole),
                run.new_regressions.map(whole),
            ),
            most(
                "max_critical_breaks",
                self.max_critical_breaks.map(whole),
                run.new_critical_breaks.map(whole),
            ),
            most("max_break_share", self.max_break_share, in_break),
            most("max_exhausted_share", self.max_exhausted_share, share(run.exhausted, run.users)),
            least("min_answered_share", self.min_answered_share, share(run.answered, run.users)),
            least(
                "min_pass_of_determined",
                self.min_pass_of_determined,
                share(run.passed, run.determined),
            ),
            most("max_new_words", self.max_new_words.map(whole), Some(whole(run.new_words))),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

fn most(name: &'static str, limit: Option<f64>, actual: Option<f64>) -> Option<Gate> {
    let limit = limit?;
    Some(Gate { name, limit, actual, passed: actual.is_none_or(|actual| actual <= limit) })
}

fn least(name: &'static str, limit: Option<f64>, actual: Option<f64>) -> Option<Gate> {
    let limit = limit?;
    Some(Gate { name, limit, actual, passed: actual.is_some_and(|actual| actual >= limit) })
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    const RUN: Measured = Measured {
        users: 1000,
        answered: 990,
        exhausted: 1,
        passed: 700,
        determined: 1000,
        new_regressions: Some(10),
        new_critical_breaks: Some(0),
        vanished: 0,
        users_in_break: Some(20),
        new_words: 0,
    };

    /// The names of the gates that fail.
    fn failed(settings: &str, run: &Measured) -> Result<Vec<&'static str>, toml::de::Error> {
        let gates: Gates = toml::from_str(settings)?;
        let failed = gates.evaluate(run).into_iter().filter(|gate| !gate.passed);
        Ok(failed.map(|gate| gate.name).collect())
    }

    #[test]
    fn the_share_in_break_stays_a_share_when_most_users_vanished() {
        let halved = Measured { users: 10, vanished: 90, users_in_break: Some(95), ..RUN };
        let gates = Gates { max_break_share: Some(0.5), ..Gates::default() };
        let shares: Vec<_> = gates.evaluate(&halved).iter().map(|gate| gate.actual).collect();
        assert_eq!(shares, [Some(0.95)]);
    }

    #[test]
    fn a_limit_itself_is_within_the_limit() -> Result<(), Box<dyn Error>> {
        let exact = "max_regressions = 10\nmax_exhausted_share = 0.001\nmax_break_share = 0.02\n\
            min_answered_share = 0.99\nmin_pass_of_determined = 0.7\nmax_new_words = 0\n\
            max_critical_breaks = 0\n";
        assert!(failed(exact, &RUN)?.is_empty());
        let worse = Measured {
            answered: 989,
            exhausted: 2,
            passed: 699,
            new_regressions: Some(11),
            new_critical_breaks: Some(1),
            users_in_break: Some(21),
            new_words: 1,
            ..RUN
        };
        assert_eq!(
            failed(exact, &worse)?,
            [
                "max_regressions",
                "max_critical_breaks",
                "max_break_share",
                "max_exhausted_share",
                "min_answered_share",
                "min_pass_of_determined",
                "max_new_words"
            ]
        );
        Ok(())
    }

    #[test]
    fn a_gate_that_is_not_set_is_open() -> Result<(), Box<dyn Error>> {
        assert!(failed("", &RUN)?.is_empty());
        Ok(())
    }

    #[test]
    fn the_first_night_passes_and_a_rate_over_nobody_does_not() -> Result<(), Box<dyn Error>> {
        let first = Measured { new_regressions: None, users_in_break: None, ..RUN };
        assert!(failed("max_regressions = 0\nmax_break_share = 0.0", &first)?.is_empty());
        let nobody = Measured { passed: 0, determined: 0, ..RUN };
        let gate = "min_pass_of_determined = 0.0";
        assert_eq!(failed(gate, &nobody)?, ["min_pass_of_determined"]);
        Ok(())
    }

    #[test]
    fn a_share_in_percent_is_refused_and_so_is_an_unknown_gate() -> Result<(), Box<dyn Error>> {
        let percent: Gates = toml::from_str("max_exhausted_share = 2")?;
        assert!(percent.check().is_err());
        assert!(toml::from_str::<Gates>("max_nonsense = 1").is_err());
        assert!(toml::from_str::<Gates>("max_regressions = -1").is_err());
        let set: Gates = toml::from_str("max_regressions = 1\nmax_break_share = 0.1")?;
        assert_eq!(Gates::parse(&set.text()), Some(set));
        Ok(())
    }
}
