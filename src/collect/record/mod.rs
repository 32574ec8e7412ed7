//! Records of catalogues, read in place of a release: what they say becomes declared evidence, and their own flaws are told.

pub mod croissant;
pub mod cyclonedx;
mod eu_index;
mod mot;

pub use eu_index::eu_index;

use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::error::Error;
use crate::evidence::{Evidence, Flaw, FlawKind, Gap, Place, Record, Subject};
use crate::parse;
use crate::words::errors::Errors as Word;
use crate::words::{Lang, Text};

/// Bytes of a record that are read.
pub const LONGEST: u64 = 4 * 1024 * 1024;

/// The formats of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A record of the Model Openness Tool.
    Mot,
    /// A record of the European Open Source AI Index.
    EuIndex,
    /// A CycloneDX document of a model.
    CycloneDx,
    /// A Croissant record of a dataset.
    Croissant,
}

/// The keys by which a record in JSON is known; what stands under them is not looked at.
#[derive(Deserialize)]
struct Keys {
    #[serde(rename = "bomFormat")]
    bom: Option<IgnoredAny>,
    #[serde(rename = "@context")]
    context: Option<IgnoredAny>,
    #[serde(rename = "@graph")]
    graph: Option<IgnoredAny>,
}

impl Format {
    /// Every format, with the name it goes by.
    pub const ALL: &[(&str, Format)] = &[
        ("mot", Format::Mot),
        ("eu-index", Format::EuIndex),
        ("cyclonedx", Format::CycloneDx),
        ("croissant", Format::Croissant),
    ];

    /// The format of a text, by the keys that it has; `None` for another text.
    pub fn of(text: &str) -> Option<Format> {
        if text.trim_start().starts_with('{') {
            return match serde_json::from_str::<Keys>(text).ok()? {
                Keys { bom: Some(_), .. } => Some(Format::CycloneDx),
                Keys { context: Some(_), .. } | Keys { graph: Some(_), .. } => Some(Format::Croissant),
                _ => None,
            };
        }
        let document = parse::yaml::parse(text);
        match &document.root {
            root if parse::mot::is_one(root) => Some(Format::Mot),
            root if parse::eu_index::is_one(root) => Some(Format::EuIndex),
            _ => None,
        }
    }
}

/// Why a YAML file is no record of a format known here: it breaks off, or it has other keys.
pub fn refusal(path: &Path, text: &str) -> Error {
    let document = parse::yaml::parse(text);
    if let Some((line, message)) = document.error {
        return Error::malformed(path, Some(line), &message);
    }
    let (line, message) = match text.trim() {
        "" => (None, Word::FileEmpty),
        _ => (Some(document.root.line.max(1)), Word::NoRecord),
    };
    Error::NotARecord { path: path.into(), line, message: message.text(&[]), other: None }
}

/// Reads a record as evidence.
///
/// # Errors
/// [`Error::Malformed`] with the line of what is wrong; [`Error::NotARecord`] for a text that is empty or looks to be of another
/// format.
pub fn read(format: Format, path: &Path, text: &str) -> Result<Evidence, Error> {
    if text.trim().is_empty() {
        return Err(Error::NotARecord {
            path: path.into(),
            line: None,
            message: Word::FileEmpty.text(&[]),
            other: None,
        });
    }
    let read = match format {
        Format::Mot => mot::evidence(path, text),
        Format::EuIndex => eu_index(path, text),
        Format::CycloneDx => cyclonedx::cyclonedx(path, text),
        Format::Croissant => croissant::croissant(path, text),
    };
    let name = |f: Format| Format::ALL.iter().find(|(_, known)| *known == f).map(|(name, _)| *name);
    match (read, Format::of(text).filter(|found| *found != format).and_then(name)) {
        (Err(Error::Malformed { path, line, message, .. }), Some(other)) => {
            let format = name(format).unwrap_or_default();
            let told = |lang| Word::NotOf.with(lang, &[("format", &format), ("why", &message.get(lang))]);
            let message = Text::new(told(Lang::En), told(Lang::Fr));
            Err(Error::NotARecord { path, line, message, other: Some(other) })
        }
        (read, _) => read,
    }
}

/// The evidence of a record that describes its subject as a release does, as what it is.
fn told(out: Evidence, catalogue: &str, file: &str, subject: Subject, mut gaps: Vec<Gap>) -> Evidence {
    gaps.sort();
    gaps.dedup();
    let record = Record { catalogue: catalogue.into(), place: Place::file(file), ..Record::default() };
    Evidence { subject, record: Some(record), gaps, ..out }
}

/// A record as a text with lines.
pub(crate) struct Sheet<'a> {
    path: String,
    lines: Vec<&'a str>,
}

impl<'a> Sheet<'a> {
    /// A record; `path` is what places in it are called.
    pub(crate) fn new(path: &Path, text: &'a str) -> Sheet<'a> {
        Sheet { path: path.to_string_lossy().into_owned(), lines: text.lines().collect() }
    }

    /// The record as a whole.
    pub(crate) fn whole(&self) -> Place {
        Place::file(&self.path)
    }

    /// A line of it, quoted.
    pub(crate) fn place(&self, line: usize) -> Place {
        let words = line.checked_sub(1).and_then(|i| self.lines.get(i)).copied().unwrap_or_default();
        Place::line(&self.path, line, words)
    }

    /// A flaw in a line of it.
    pub(crate) fn flaw(&self, kind: FlawKind, line: usize, en: String, fr: String) -> Flaw {
        Flaw { kind, says: en, says_fr: fr, place: self.place(line) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_keys() {
        for (text, format) in [
            ("framework: {}\nrelease: {}\n", Some(Format::Mot)),
            ("---\n# a comment\nsystem:\n  name: a\nlicenses:\n  class: open\n", Some(Format::EuIndex)),
            ("system:\n  name: a\n", None),
            ("licenses: []\n", None),
            ("name: a\n", None),
            ("{\"bomFormat\": \"CycloneDX\"}", Some(Format::CycloneDx)),
            ("{\"@context\": {}, \"@type\": \"Dataset\"}", Some(Format::Croissant)),
            ("{\"schema\": 1, \"subject\": {}}", None),
            ("{", None),
            ("", None),
        ] {
            assert_eq!(Format::of(text), format, "{text}");
        }
    }
}
