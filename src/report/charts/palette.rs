//! The colours of a chart: stand-ins while it is drawn, the page's own variables and textures in the end.

use plotters::style::RGBColor;

use super::shade::Shade;

pub(super) const INK: RGBColor = RGBColor(1, 1, 1);
pub(super) const SOFT: RGBColor = RGBColor(2, 2, 2);
pub(super) const LINE: RGBColor = RGBColor(3, 3, 3);
pub(super) const WASH: RGBColor = RGBColor(4, 4, 4);

/// The stand-in for a shade.
pub(super) const fn fill(shade: Shade) -> RGBColor {
    let grey = match shade {
        Shade::Plain => 10,
        Shade::Pass => 11,
        Shade::Fail => 12,
        Shade::Review => 13,
        Shade::Pending => 14,
        Shade::Unreached => 15,
    };
    RGBColor(grey, grey, grey)
}

/// Puts the page's variables and textures into the place of the stand-ins; they follow the reader's light or dark.
pub(super) fn settle(svg: &str) -> String {
    let mut settled = svg.to_owned();
    for (stand_in, name) in
        [(INK, "var(--ink)"), (SOFT, "var(--soft)"), (LINE, "var(--line)"), (WASH, "var(--wash)")]
    {
        settled = settled.replace(&hex(stand_in), &format!("\"{name}\""));
    }
    for shade in [Shade::Plain].into_iter().chain(Shade::VERDICTS) {
        settled = settled.replace(&hex(fill(shade)), &format!("\"url(#{}-fill)\"", shade.as_str()));
    }
    settled
}

/// A colour as an attribute has it; in a text it cannot stand so, for there the quotes are escaped.
fn hex(RGBColor(r, g, b): RGBColor) -> String {
    format!("\"#{r:02X}{g:02X}{b:02X}\"")
}
