//! Records of catalogues, read in place of a release: what they say becomes declared evidence, and their own flaws are told.

mod mot;

use std::path::Path;

use crate::error::Error;
use crate::evidence::Evidence;
use crate::parse;

/// Bytes of a record that are read.
pub const LONGEST: u64 = 4 * 1024 * 1024;

/// The formats of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A record of the Model Openness Tool.
    Mot,
}

impl Format {
    /// Every format, with the name it goes by.
    pub const ALL: &[(&str, Format)] = &[("mot", Format::Mot)];

    /// The format of a text, by the keys that it has; `None` for another text.
    pub fn of(text: &str) -> Option<Format> {
        let document = parse::yaml::parse(text);
        parse::mot::is_one(&document.root).then_some(Format::Mot)
    }
}

/// Reads a record as evidence.
///
/// # Errors
/// [`Error::Malformed`] with the line of what is wrong.
pub fn read(format: Format, path: &Path, text: &str) -> Result<Evidence, Error> {
    match format {
        Format::Mot => mot::evidence(path, text),
    }
}
