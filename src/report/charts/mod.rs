//! Charts as SVG, drawn by plotters, for a page that is read in light and dark, on paper, on a phone and without colours.

mod palette;
pub mod picture;
pub mod bars;
pub mod columns;
pub mod shade;
pub mod gallery;
