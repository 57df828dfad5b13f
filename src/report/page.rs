//! `report.html`: one self-contained page for people, without names or ids.

use std::path::Path;

use minijinja::{
    AutoEscape, Environment as Templates, UndefinedBehavior, Value, context, value::Serde,
};

use crate::{
    disk,
    report::{certificate::Certificate, error::ReportError, figures, summary::Summary},
};

const TEMPLATE: &str = include_str!("page.html");

/// Writes the page.
///
/// # Errors
/// When the disk refuses.
pub fn write(path: &Path, certificate: &Certificate, summary: &Summary) -> Result<(), ReportError> {
    Ok(disk::write_private(path, html(certificate, summary)?.as_bytes())?)
}

/// The page as HTML. All that came from outside is escaped.
///
/// # Errors
/// When the template does not work.
pub fn html(certificate: &Certificate, summary: &Summary) -> Result<String, ReportError> {
    let mut templates = Templates::new();
    templates.set_auto_escape_callback(|_| AutoEscape::Html);
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.add_filter("grouped", figures::grouped);
    templates.add_filter("percent", figures::percent);
    templates.add_filter("shown", |cell: Value| {
        serde_json::to_value(cell).map_or_else(|_| String::new(), |cell| figures::shown(&cell))
    });
    templates.add_template("page.html", TEMPLATE)?;
    let page = templates.get_template("page.html")?;
    let certificate = Value::from(Serde(certificate));
    let summary = Value::from(Serde(summary));
    Ok(page.render(context! { certificate, summary })?)
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::report::{environment::Environment, summary::tests::summed_up};

    #[test]
    fn the_page_shows_what_it_was_given_and_runs_none_of_it() -> Result<(), Box<dyn Error>> {
        let (certificate, summary) = summed_up()?;
        let page = html(&certificate, &summary)?;
        for shown in
            ["SANDBOX", "33.3 %", "12,345", "0.3333", "night-1", "is not complete", "From where?"]
        {
            assert!(page.contains(shown), "{shown}");
        }
        for harmful in ["<img", "<b>MX", "<script", "http://", "https://", "url("] {
            // The one address on the page is the partner's, as text.
            let page = page.replace("http:&#x2f;&#x2f;127.0.0.1:1", "");
            assert!(!page.contains(harmful), "{harmful}");
        }
        Ok(())
    }

    #[test]
    fn a_page_about_real_people_has_no_watermark() -> Result<(), Box<dyn Error>> {
        let (mut certificate, mut summary) = summed_up()?;
        certificate.environment = Environment::Live;
        summary.environment = Environment::Live;
        assert!(!html(&certificate, &summary)?.contains("SANDBOX"));
        Ok(())
    }
}
