//! A report becomes bytes. A renderer sees the report alone, and never the release.

pub mod files;
pub mod json;
pub mod mot;
pub mod table;

use crate::finding::Lang;

/// How to show.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// In which language.
    pub lang: Lang,
    /// Columns of the terminal; at least 40 are used.
    pub width: usize,
    /// How much.
    pub detail: Detail,
    /// Whether to colour.
    pub color: Color,
}

/// How much is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// The verdict alone.
    Verdict,
    /// What to mend and what to ask.
    #[default]
    Normal,
    /// All that is met, every file and every dataset too.
    All,
}

/// Whether to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// Plain text.
    #[default]
    Never,
    /// ANSI colours.
    Always,
}
