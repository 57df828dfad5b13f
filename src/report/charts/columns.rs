//! Upright columns over a row of classes, as of a histogram.

use plotters::{
    chart::ChartBuilder,
    coord::ranged1d::SegmentValue,
    element::Rectangle,
    prelude::IntoSegmentedCoord,
    style::{Color, FontFamily, FontStyle, IntoFont, ShapeStyle, TextStyle},
};

use super::{
    palette,
    picture::{self, Area, ChartError, Drawn},
    shade::Shade,
};
use crate::report::figures::grouped;

const HEIGHT: u32 = 220;
const TEXT: i32 = 12;

/// One class: its name, and what stands on it, from the bottom up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub label: String,
    pub parts: Vec<(Shade, u64)>,
}

impl Column {
    fn total(&self) -> u64 {
        self.parts.iter().map(|(_, count)| count).sum()
    }
}

/// Draws columns beside one another; `below` names what the classes are.
///
/// # Errors
/// When plotters cannot draw.
pub fn draw(title: &str, below: &str, columns: &[Column]) -> Result<String, ChartError> {
    picture::draw(title, HEIGHT, |area| draw_columns(area, below, columns))
}

fn draw_columns(area: &Area<'_>, below: &str, columns: &[Column]) -> Drawn {
    let tallest = columns.iter().map(Column::total).max().unwrap_or(0).max(1);
    // Never a single place: plotters gives it no width, and a column in it a negative one.
    let last = i32::try_from(columns.len().saturating_sub(1).max(1)).unwrap_or(1);
    let mut chart = ChartBuilder::on(area)
        .margin(4)
        .x_label_area_size(44)
        .y_label_area_size(52)
        .build_cartesian_2d((0..last).into_segmented(), 0..tallest + tallest / 16)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(palette::LINE)
        .max_light_lines(1)
        .axis_style(palette::SOFT)
        .label_style(text())
        .axis_desc_style(text())
        .x_desc(below)
        .x_labels(columns.len().clamp(1, 12))
        .x_label_formatter(&|at| label(at, columns))
        .y_labels(5)
        .y_label_formatter(&|count| grouped(*count))
        .draw()?;
    for (at, column) in (0..).zip(columns) {
        let mut so_far = 0;
        for (shade, count) in column.parts.iter().filter(|(_, count)| *count > 0) {
            let corners =
                [(SegmentValue::Exact(at), so_far), (SegmentValue::Exact(at + 1), so_far + count)];
            so_far += count;
            for style in
                [palette::fill(*shade).filled(), ShapeStyle::from(&palette::INK).stroke_width(1)]
            {
                let mut block = Rectangle::new(corners.clone(), style);
                block.set_margin(0, 0, 2, 2);
                chart.draw_series([block])?;
            }
        }
    }
    Ok(())
}

fn label(at: &SegmentValue<i32>, columns: &[Column]) -> String {
    let (SegmentValue::Exact(at) | SegmentValue::CenterOf(at)) = at else { return String::new() };
    let column = usize::try_from(*at).ok().and_then(|at| columns.get(at));
    column.map_or_else(String::new, |column| column.label.clone())
}

fn text() -> TextStyle<'static> {
    TextStyle::from((FontFamily::SansSerif, TEXT, FontStyle::Normal).into_font())
        .color(&palette::SOFT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_with_somebody_in_it_has_its_column() -> Result<(), ChartError> {
        let columns = [("0.90", 3), ("0.95", 0), ("1.00", 7)]
            .map(|(label, n)| Column { label: label.to_owned(), parts: vec![(Shade::Plain, n)] });
        let svg = draw("Scores", "score", &columns)?;
        assert_eq!(svg.matches("\"url(#plain-fill)\"").count(), 2, "{svg}");
        for shown in ["0.90", "1.00", "score", "var(--soft)"] {
            assert!(svg.contains(shown), "{shown} in {svg}");
        }
        for many in [0, 1, 2, 7, 5_000_000] {
            let alone = Column { label: "0.90".to_owned(), parts: vec![(Shade::Plain, many)] };
            for classes in [0, 1, 2, 24] {
                let columns = vec![alone.clone(); classes];
                assert!(draw("All in one", "score", &columns)?.contains("</svg>"));
            }
        }
        Ok(())
    }

    #[test]
    fn a_single_class_has_a_column_of_some_width() -> Result<(), ChartError> {
        let column = Column { label: "2026-11".to_owned(), parts: vec![(Shade::Pass, 3)] };
        let svg = draw("Months", "month", &[column])?;
        assert!(svg.contains("\"url(#pass-fill)\"") && !svg.contains("width=\"-"), "{svg}");
        Ok(())
    }
}
