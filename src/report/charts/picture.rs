//! From a drawing to an SVG element that stands in the page.

use plotters::{
    coord::Shift,
    drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea},
    prelude::SVGBackend,
};
use thiserror::Error;

use super::palette;

/// Width of every chart in its own units: a phone shows it whole, with text of a readable size.
pub(super) const WIDTH: u32 = 400;

/// A chart could not be drawn.
#[derive(Debug, Error)]
#[error("cannot draw the chart `{title}`: {detail}")]
pub struct ChartError {
    pub title: String,
    pub detail: String,
}

pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(super) type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

/// Draws a picture of this height. `title` is what a screen reader says of it.
pub(super) fn draw(
    title: &str,
    height: u32,
    drawing: impl FnOnce(&Area<'_>) -> Drawn,
) -> Result<String, ChartError> {
    let mut svg = String::new();
    let drawn = {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        drawing(&area).and_then(|()| area.present())
    };
    drawn.map_err(|error| ChartError { title: title.to_owned(), detail: error.to_string() })?;
    Ok(in_page(&svg, title))
}

/// Takes the drawing's fixed size away, so that it fits its place, and gives it its name.
fn in_page(svg: &str, title: &str) -> String {
    let inner = svg.split_once('>').map_or("", |(_, inner)| inner);
    let view = svg.split_once("viewBox=\"").and_then(|(_, rest)| rest.split_once('"'));
    let view = view.map_or("", |(view, _)| view);
    let title = minijinja::HtmlEscape(title);
    format!(
        "<svg viewBox=\"{view}\" role=\"img\" aria-label=\"{title}\">{}",
        palette::settle(inner.trim_end())
    )
}
