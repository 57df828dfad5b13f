//! Horizontal bars, one row each, with what they stand for in words above them.

use plotters::{
    element::{Rectangle, Text},
    style::{
        Color, FontFamily, FontStyle, IntoFont, RGBColor, ShapeStyle, TextStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};

use super::{
    palette,
    picture::{self, Area, ChartError, Drawn, WIDTH},
    shade::Shade,
};

const ROW: i32 = 36;
const BAR: i32 = 13;
const TEXT: i32 = 13;
/// The most letters of a label that fit beside the figure.
const LABEL: usize = 52;

/// One row: what it stands for in words, its figure in words, and what its bar is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    pub label: String,
    pub figure: String,
    pub parts: Vec<(Shade, u64)>,
}

impl Bar {
    /// How much all parts of the bar are together.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.parts.iter().map(|(_, count)| count).sum()
    }
}

/// Draws bars below one another; a bar of `full` takes the whole width.
///
/// # Errors
/// When plotters cannot draw.
pub fn draw(title: &str, bars: &[Bar], full: u64) -> Result<String, ChartError> {
    let rows = i32::try_from(bars.len()).unwrap_or(i32::MAX / ROW);
    let height = u32::try_from(rows.saturating_mul(ROW)).unwrap_or(0);
    picture::draw(title, height.max(1), |area| {
        (0..).zip(bars).try_for_each(|(row, bar)| draw_bar(area, row * ROW, bar, full))
    })
}

fn draw_bar(area: &Area<'_>, top: i32, bar: &Bar, full: u64) -> Drawn {
    let width = i32::try_from(WIDTH).unwrap_or(i32::MAX);
    area.draw(&Text::new(clipped(&bar.label), (0, top + 3), style(&palette::INK, HPos::Left)))?;
    let figure = bar.figure.as_str();
    area.draw(&Text::new(figure, (width, top + 3), style(&palette::SOFT, HPos::Right)))?;
    let (from, to) = (top + 18, top + 18 + BAR);
    area.draw(&Rectangle::new([(0, from), (width, to)], palette::WASH.filled()))?;
    let mut so_far = 0;
    for (shade, count) in &bar.parts {
        let ends = [so_far, so_far + count].map(|count| across(count, full));
        so_far += count;
        if ends[0] < ends[1] {
            let place = [(ends[0], from), (ends[1], to)];
            area.draw(&Rectangle::new(place, palette::fill(*shade).filled()))?;
            area.draw(&Rectangle::new(place, ShapeStyle::from(&palette::INK).stroke_width(1)))?;
        }
    }
    Ok(())
}

/// How far right a count reaches; the smallest one is still seen.
fn across(count: u64, full: u64) -> i32 {
    let width = u64::from(WIDTH);
    let reach = count.saturating_mul(width).checked_div(full).unwrap_or(0).min(width);
    i32::try_from(reach.max(u64::from(count > 0) * 2)).unwrap_or(0)
}

fn clipped(label: &str) -> String {
    if label.chars().count() <= LABEL {
        return label.to_owned();
    }
    label.chars().take(LABEL - 1).chain(['…']).collect()
}

fn style(colour: &RGBColor, side: HPos) -> TextStyle<'_> {
    TextStyle::from((FontFamily::SansSerif, TEXT, FontStyle::Normal).into_font())
        .color(colour)
        .pos(Pos::new(side, VPos::Top))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bar_says_its_label_and_figure_in_words() -> Result<(), ChartError> {
        let bar = |label: &str, figure: &str, parts: &[(Shade, u64)]| Bar {
            label: label.to_owned(),
            figure: figure.to_owned(),
            parts: parts.to_vec(),
        };
        let bars = [
            bar("pass", "3 · 75.0 %", &[(Shade::Pass, 3)]),
            bar("MX <b>\"#010101\"", "< 5", &[(Shade::Fail, 1), (Shade::Pass, 0)]),
        ];
        let svg = draw("Verdicts & \"more\"", &bars, 4)?;
        for shown in ["pass", "3 · 75.0 %", "&lt; 5", "url(#pass-fill)", "url(#fail-fill)"] {
            assert!(svg.contains(shown), "{shown} in {svg}");
        }
        assert!(svg.contains("MX &lt;b&gt;&quot;#010101&quot;"), "{svg}");
        assert!(svg.contains("aria-label=\"Verdicts &amp; &quot;more&quot;\""), "{svg}");
        assert!(svg.starts_with("<svg viewBox=\"0 0 400 72\""), "{svg}");
        Ok(())
    }

    #[test]
    fn nothing_and_very_little_are_told_apart() {
        assert_eq!(across(0, 1_000_000), 0);
        assert_eq!(across(1, 1_000_000), 2);
        assert_eq!(across(1_000_000, 1_000_000), 400);
        assert_eq!(across(0, 0), 0);
    }
}
