//! A report becomes bytes. A renderer sees the report alone, and never the release.

pub mod files;
pub mod json;
pub mod mot;
pub mod table;

use crate::evidence::is_unsafe;
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

/// Text without characters that could move a cursor or hide; ends of lines become spaces.
pub fn clean(text: &str) -> String {
    text.chars().map(|c| if c == '\n' || c == '\t' { ' ' } else { c }).filter(|c| !is_unsafe(*c)).collect()
}

/// A paragraph in lines of at most `width` columns, its first after `first` and the others after `rest`, harmless on a terminal.
/// Dates and ids are not broken at their hyphens, and a line starts with none of the signs that French sets after a space.
pub fn wrapped(text: &str, width: usize, first: &str, rest: &str) -> Vec<String> {
    /// A letter for private use: it stands for a space at which no line ends.
    const GLUE: &str = "\u{e000}";
    let bound = [" :", " ;", " !", " ?", " »", "« "]
        .iter()
        .fold(clean(text), |text, joint| text.replace(joint, &joint.replace(' ', GLUE)));
    let options = textwrap::Options::new(width)
        .initial_indent(first)
        .subsequent_indent(rest)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    let lines = textwrap::wrap(&bound, options);
    lines.into_iter().map(|line| line.replace(GLUE, " ").trim_end().to_owned()).collect()
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

/// JSON in which no character moves a cursor or hides: beyond ASCII such characters stand in strings alone, where an escape says
/// the same.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_unsafe(c) && !c.is_ascii_control() || c == '\u{7f}' {
            // All of them lie in the basic plane.
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}
