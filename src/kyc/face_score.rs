//! The face score, which comes on two scales.

/// The scale a score was read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaceScale {
    /// From 0 to 1, as in the partner's own example.
    Unit,
    /// From 0 to 100, as the provider behind it documents.
    Percent,
}

impl FaceScale {
    pub const ALL: [Self; 2] = [Self::Unit, Self::Percent];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Percent => "percent",
        }
    }

    /// The score on the scale from 0 to 1; none if it lies outside its scale.
    #[must_use]
    pub fn normalise(self, score: f64) -> Option<f64> {
        let unit = match self {
            Self::Unit => score,
            Self::Percent => hundredth(score)?,
        };
        (0.0..=1.0).contains(&unit).then_some(unit)
    }
}

/// A hundredth of the number as it is written: 12.3 is 0.123. Divided by 100 it would be 0.12300000000000001, which looks
/// odd in a report and may lie on the other side of a threshold.
fn hundredth(number: f64) -> Option<f64> {
    format!("{number}e-2").parse().ok()
}

/// The scale to read scores on: said, or judged from each score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FaceScoreScale {
    Unit,
    Percent,
    /// Above 1 is a percentage, up to 1 a unit score: a true 0.97 of 100 would be absurdly low.
    #[default]
    Auto,
}

impl FaceScoreScale {
    /// The scale on which this score is read.
    #[must_use]
    pub fn of(self, score: f64) -> FaceScale {
        match self {
            Self::Percent => FaceScale::Percent,
            Self::Auto if score > 1.0 => FaceScale::Percent,
            Self::Unit | Self::Auto => FaceScale::Unit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(scale: FaceScoreScale, score: f64) -> (Option<f64>, &'static str) {
        let scale = scale.of(score);
        (scale.normalise(score), scale.as_str())
    }

    #[test]
    fn a_score_is_judged_by_its_size_unless_the_scale_is_said() {
        assert_eq!(read(FaceScoreScale::Auto, 0.97), (Some(0.97), "unit"));
        assert_eq!(read(FaceScoreScale::Auto, 1.0), (Some(1.0), "unit"));
        assert_eq!(read(FaceScoreScale::Auto, 50.0), (Some(0.5), "percent"));
        assert_eq!(read(FaceScoreScale::Percent, 0.5), (Some(0.005), "percent"));
        assert_eq!(read(FaceScoreScale::Percent, 12.3), (Some(0.123), "percent"));
    }

    #[test]
    fn a_score_outside_its_scale_is_no_score() {
        assert_eq!(read(FaceScoreScale::Unit, 98.59), (None, "unit"));
        assert_eq!(read(FaceScoreScale::Auto, -0.1), (None, "unit"));
        assert_eq!(read(FaceScoreScale::Auto, 100.1), (None, "percent"));
    }
}
