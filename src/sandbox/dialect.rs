//! In which words one answer speaks: vocabularies, scales, forms of time, envelopes.

use jiff::Timestamp;

use crate::sandbox::{
    case::{Decision, Progress},
    chance::Chance,
    fate::BARE,
    json::Json,
};

/// In which words one answer speaks. Every user has a dialect of their own, which never changes.
#[derive(Debug)]
pub struct Dialect {
    pub vocabulary: Vocabulary,
    pub scale: Scale,
    pub time: TimeForm,
    pub envelope: Envelope,
    pub keys: Keys,
    pub nulls: Nulls,
}

/// Whose words the results are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vocabulary {
    /// APPROVED, DECLINED; `result` decides, `status` says how far it ran.
    AiPrise,
    /// VERIFIED, REJECTED; a word of decision in `status` too.
    Capa,
}

/// Of face scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// 0 to 1.
    Unit,
    /// 0 to 100.
    Percent,
}

/// Of `createdAt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeForm {
    /// `2026-05-14T10:00:00Z`
    Iso,
    /// `2026-05-14 10:00:00.000`
    Sql,
    /// Unix milliseconds, as a number.
    Millis,
    /// Unix milliseconds, as text.
    MillisText,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Envelope {
    /// `{"status":"ok","data":{…}}`
    StatusOk,
    /// `{"success":true,"data":{…}}`
    SuccessTrue,
    Bare,
}

/// Of the keys inside free objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    Snake,
    Camel,
}

/// What becomes of fields without a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    Sent,
    Omitted,
}

/// What a section says about its part of the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Clear,
    Refused,
    Doubtful,
    Waiting(Progress),
}

impl Dialect {
    /// The dialect of the answers about this user.
    #[must_use]
    pub fn of(seed: u64, id: &str) -> Self {
        let chance = &mut Chance::new(seed, "dialect", id);
        let vocabulary = chance.pick(&[Vocabulary::AiPrise, Vocabulary::Capa]);
        let usual = if vocabulary == Vocabulary::AiPrise { Scale::Percent } else { Scale::Unit };
        let envelope = chance.weigh(&[
            (70, Envelope::StatusOk),
            (18, Envelope::SuccessTrue),
            (12, Envelope::Bare),
        ]);
        Self {
            vocabulary,
            scale: chance.weigh(&[(8, usual), (1, Scale::Percent), (1, Scale::Unit)]),
            time: chance.weigh(&[
                (50, TimeForm::Iso),
                (25, TimeForm::Sql),
                (13, TimeForm::Millis),
                (12, TimeForm::MillisText),
            ]),
            envelope: if id.starts_with(BARE) { Envelope::Bare } else { envelope },
            keys: chance.weigh(&[(3, Keys::Snake), (1, Keys::Camel)]),
            nulls: chance.pick(&[Nulls::Sent, Nulls::Omitted]),
        }
    }

    /// The partner's word for a decision; null where there is none yet.
    pub fn decision(&self, decision: Decision, chance: &mut Chance) -> Json {
        let (aiprise, capa): (&[&str], &[&str]) = match decision {
            Decision::Approved => (&["APPROVED"], &["VERIFIED"]),
            Decision::Rejected => (&["DECLINED"], &["REJECTED"]),
            Decision::Review => (
                &["REVIEW", "REVIEW", "REVIEW", "MANUAL_REVIEW", "UPDATE_REQUIRED"],
                &["REVIEW_NEEDED"],
            ),
            Decision::Undecided => (&["UNKNOWN", ""], &["IN_PROGRESS", "NOT_STARTED", "PENDING"]),
            Decision::Unheard => (
                &["APPROVED_WITH_CONDITIONS", "ESCALATED"],
                &["VERIFICADO", "ON_HOLD", "PARTIALLY_VERIFIED"],
            ),
        };
        let words = if self.vocabulary == Vocabulary::AiPrise { aiprise } else { capa };
        match chance.pick(words) {
            "" => Json::Null,
            word => word.into(),
        }
    }

    /// The words in `result` and `status` of a section.
    #[must_use]
    pub fn section(&self, mark: Mark) -> (&'static str, &'static str) {
        match (self.vocabulary, mark) {
            (Vocabulary::AiPrise, Mark::Clear) => ("APPROVED", "COMPLETED"),
            (Vocabulary::AiPrise, Mark::Refused) => ("DECLINED", "COMPLETED"),
            (Vocabulary::AiPrise, Mark::Doubtful) => ("REVIEW", "COMPLETED"),
            (Vocabulary::Capa, Mark::Clear) => ("PASSED", "APPROVED"),
            (Vocabulary::Capa, Mark::Refused) => ("FAILED", "REJECTED"),
            (Vocabulary::Capa, Mark::Doubtful) => ("REVIEW", "REVIEW_NEEDED"),
            (_, Mark::Waiting(Progress::NotStarted)) => ("UNKNOWN", "NOT_STARTED"),
            (Vocabulary::AiPrise, Mark::Waiting(_)) => ("UNKNOWN", "RUNNING"),
            (Vocabulary::Capa, Mark::Waiting(_)) => ("UNKNOWN", "PENDING"),
        }
    }

    /// A likeness in thousandths, on this dialect's scale.
    #[must_use]
    pub fn score(&self, likeness: u32) -> Json {
        match self.scale {
            Scale::Unit => (f64::from(likeness) / 1000.0).into(),
            Scale::Percent => (f64::from(likeness) / 10.0).into(),
        }
    }

    /// A moment, in this dialect's form.
    #[must_use]
    pub fn time(&self, moment: Timestamp) -> Json {
        match self.time {
            TimeForm::Iso => moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into(),
            TimeForm::Sql => moment.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string().into(),
            TimeForm::Millis => moment.as_millisecond().into(),
            TimeForm::MillisText => moment.as_millisecond().to_string().into(),
        }
    }

    /// A key of a free object, as this dialect writes it.
    #[must_use]
    pub const fn key(&self, snake: &'static str, camel: &'static str) -> &'static str {
        match self.keys {
            Keys::Snake => snake,
            Keys::Camel => camel,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(scale: Scale, time: TimeForm, keys: Keys) -> Dialect {
        Dialect { scale, time, keys, ..Dialect::of(7, "anybody") }
    }

    #[test]
    fn the_forms_of_one_value() {
        let moment = Timestamp::constant(1_747_216_800, 27_000_000);
        let iso = dialect(Scale::Unit, TimeForm::Iso, Keys::Snake);
        assert_eq!(iso.time(moment), "2025-05-14T10:00:00Z".into());
        assert_eq!(iso.score(971), 0.971.into());
        assert_eq!(iso.key("hit_type", "hitType"), "hit_type");
        let sql = dialect(Scale::Percent, TimeForm::Sql, Keys::Camel);
        assert_eq!(sql.time(moment), "2025-05-14 10:00:00.027".into());
        assert_eq!(sql.score(971), 97.1.into());
        assert_eq!(sql.key("hit_type", "hitType"), "hitType");
        let millis = dialect(Scale::Percent, TimeForm::MillisText, Keys::Camel);
        assert_eq!(millis.time(moment), "1747216800027".into());
    }

    #[test]
    fn every_form_is_met_among_a_thousand() {
        let all: Vec<Dialect> = (0..1_000).map(|n| Dialect::of(7, &format!("user-{n}"))).collect();
        let share = |is: fn(&Dialect) -> bool| all.iter().filter(|dialect| is(dialect)).count();
        assert!((400..600).contains(&share(|d| d.vocabulary == Vocabulary::Capa)));
        assert!((400..600).contains(&share(|d| d.scale == Scale::Unit)));
        assert!((80..180).contains(&share(|d| d.envelope == Envelope::Bare)));
        assert!(share(|d| d.time == TimeForm::Millis) > 80);
    }
}
