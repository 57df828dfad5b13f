//! `report.html`: one self-contained page for people, without names and without scripts.
//!
//! The templates are in the folder `page`; here is what they are given.

pub mod changes;
mod actions;
mod tables;

use std::path::Path;

use minijinja::{
    AutoEscape, Environment as Templates, UndefinedBehavior, Value, context, value::Serde,
};
use serde::Serialize;

use self::{
    actions::ActionRow,
    changes::{Changes, ShownBreak},
    tables::{Answer, Certified, Listed, ShownGate, ShownRate},
};
use crate::{
    disk,
    report::{
        certificate::Certificate,
        charts::gallery,
        discretion::{self, Discretion},
        error::ReportError,
        figures,
        summary::Summary,
    },
};

/// The templates by the names under which they include one another.
const TEMPLATES: [(&str, &str); 16] = [
    ("page.html", include_str!("page/page.html")),
    ("macros.html", include_str!("page/macros.html")),
    ("textures.html", include_str!("page/textures.html")),
    ("header.html", include_str!("page/header.html")),
    ("verdicts.html", include_str!("page/verdicts.html")),
    ("gates.html", include_str!("page/gates.html")),
    ("people.html", include_str!("page/people.html")),
    ("changes.html", include_str!("page/changes.html")),
    ("charts.html", include_str!("page/charts.html")),
    ("rules.html", include_str!("page/rules.html")),
    ("partner.html", include_str!("page/partner.html")),
    ("watch.html", include_str!("page/watch.html")),
    ("words.html", include_str!("page/words.html")),
    ("certificate.html", include_str!("page/certificate.html")),
    ("statistics.html", include_str!("page/statistics.html")),
    ("style.css", include_str!("page/style.css")),
];

/// A rule of the policy as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleText {
    pub id: String,
    pub verdict: String,
    pub says: String,
    /// Where the facts behind it are written down.
    pub source: Option<String>,
    pub sql: String,
}

/// All that the page is made from.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    pub certificate: &'a Certificate,
    pub summary: &'a Summary,
    /// The rules of the policy in its order, the condition of a pass last.
    pub rules: &'a [RuleText],
    /// The gravest breaks, the gravest and oldest first; the page lists no others.
    pub breaks: &'a [ShownBreak],
    pub discretion: Discretion,
}

impl Page<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), ReportError> {
        Ok(disk::write_private(path, self.html()?.as_bytes())?)
    }

    /// The page as HTML. All that came from outside is escaped.
    ///
    /// # Errors
    /// When a template or a chart does not work.
    pub fn html(&self) -> Result<String, ReportError> {
        let templates = templates()?;
        let page = templates.get_template("page.html")?;
        let Summary { population, findings, .. } = self.summary;
        let statistics = self.discretion.statistics(&findings.statistics);
        let listed = |counts| Value::from(Serde(Listed::all(counts, self.discretion)));
        Ok(page.render(context! {
            style => include_str!("page/style.css"),
            summary => Value::from(Serde(self.summary)),
            population => Value::from(Serde(population)),
            rates => Value::from(Serde(ShownRate::all(&findings.rates, self.discretion))),
            verdicts => listed(&population.verdicts),
            outcomes => listed(&population.outcomes),
            decisions => listed(&findings.decisions),
            warnings => listed(&findings.warnings),
            statuses => listed(&findings.fetch.http_statuses),
            faults => listed(&findings.fetch.faults),
            charts => Value::from(Serde(gallery::draw(&statistics)?)),
            rules => Value::from(Serde(self.rules())),
            changes => Value::from(Serde(Changes::of(&findings.statistics, self.breaks, self.discretion))),
            baseline => Value::from(Serde(&self.summary.baseline)),
            roster_note => self.summary.roster_note(),
            policy_note => self.summary.policy_note(),
            shard_note => self.summary.shard_note(),
            gates => Value::from(Serde(ShownGate::all(&self.summary.gates, self.discretion))),
            actions => Value::from(Serde(ActionRow::all(&findings.statistics, self.discretion))),
            is_discreet => self.discretion == Discretion::Aggregate,
            certificate => Value::from(Serde(Certified::of(self.certificate, self.discretion))),
            statistics => Value::from(Serde(Answer::all(&statistics, self.discretion))),
        })?)
    }

    fn rules(&self) -> Vec<ShownRule<'_>> {
        let users = |rule: &RuleText| {
            let reasons = self.summary.findings.reasons.iter();
            reasons.filter(|reason| reason.rule == rule.id).map(|reason| reason.users).sum()
        };
        let counts: Vec<u64> = self.rules.iter().map(users).collect();
        let rows = self.rules.iter().zip(&counts).zip(self.discretion.figures(&counts));
        let mut shown: Vec<_> = rows
            .map(|((rule, users), figure)| ShownRule {
                rule,
                users: *users,
                figure: discretion::shown(figure),
            })
            .collect();
        shown.sort_by_key(|rule| std::cmp::Reverse(rule.users));
        shown
    }
}

#[derive(Serialize)]
struct ShownRule<'a> {
    #[serde(flatten)]
    rule: &'a RuleText,
    /// Only whether there are any is shown; how many says `figure`.
    users: u64,
    figure: String,
}

fn templates() -> Result<Templates<'static>, ReportError> {
    let mut templates = Templates::new();
    templates.set_auto_escape_callback(|_| AutoEscape::Html);
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.add_filter("grouped", figures::grouped);
    templates.add_filter("moment", |time: &str| figures::moment(time));
    for (name, text) in TEMPLATES {
        templates.add_template(name, text)?;
    }
    Ok(templates)
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::report::{environment::Environment, gate::GateResult, summary::tests::summed_up};

    fn html(
        certificate: &Certificate,
        summary: &Summary,
        discretion: Discretion,
    ) -> Result<String, ReportError> {
        let rules = [RuleText {
            id: "rejected".to_owned(),
            verdict: "fail".to_owned(),
            says: "the partner rejected the user".to_owned(),
            source: Some("API notes F.1".to_owned()),
            sql: "decision = 'rejected' AND 1 < 2".to_owned(),
        }];
        Page { certificate, summary, rules: &rules, breaks: &[], discretion }.html()
    }

    #[test]
    fn the_page_shows_what_it_was_given_and_runs_none_of_it() -> Result<(), Box<dyn Error>> {
        let (certificate, summary) = summed_up()?;
        let page = html(&certificate, &summary, Discretion::Ids)?;
        for shown in [
            "SANDBOX",
            "33.3 %",
            "12,345",
            "0.3333",
            "night-1",
            "is not complete",
            "From where?",
            "AND 1 &lt; 2",
            "API notes F.1",
        ] {
            assert!(page.contains(shown), "{shown}");
        }
        // The one address on the page is the partner's, as text.
        let page = page.replace("http:&#x2f;&#x2f;127.0.0.1:1", "");
        for harmful in ["<img", "<b>MX", "<script", "http://", "https://", "url(http", "@import"] {
            assert!(!page.contains(harmful), "{harmful}");
        }
        Ok(())
    }

    #[test]
    fn a_page_about_real_people_has_no_watermark() -> Result<(), Box<dyn Error>> {
        let (mut certificate, mut summary) = summed_up()?;
        certificate.environment = Environment::Live;
        summary.environment = Environment::Live;
        assert!(!html(&certificate, &summary, Discretion::Ids)?.contains("SANDBOX"));
        Ok(())
    }

    #[test]
    fn all_gates_that_failed_stand_in_one_notice() -> Result<(), Box<dyn Error>> {
        let (certificate, mut summary) = summed_up()?;
        summary.gates = ["max_regressions", "max_new_words"]
            .map(|name| GateResult {
                name: name.to_owned(),
                limit: 1.0,
                actual: Some(2.0),
                passed: false,
            })
            .into();
        let page = html(&certificate, &summary, Discretion::Ids)?;
        assert_eq!(page.matches("This is not the newest accepted report").count(), 1);
        let told = "for 2 gates failed: <code>max_regressions</code> is 1, and the run has 2; \
            <code>max_new_words</code> is 1, and the run has 2.</p>";
        assert!(page.contains(told), "{page}");
        Ok(())
    }

    #[test]
    fn a_discreet_page_withholds_small_figures() -> Result<(), Box<dyn Error>> {
        let (certificate, summary) = summed_up()?;
        let page = html(&certificate, &summary, Discretion::Aggregate)?;
        assert!(page.contains("withheld of 6"), "{page}");
        assert!(!page.contains("12,345") && !page.contains("33.3 %"), "{page}");
        Ok(())
    }
}
