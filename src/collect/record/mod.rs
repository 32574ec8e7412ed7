//! Records of catalogues, read in place of a release: what they declare becomes evidence, with the record's own flaws.
//! Nothing that a record speaks of is looked at.

mod eu_index;

pub use eu_index::eu_index;

use crate::evidence::{Flaw, FlawKind, Place};

/// A record as a text with lines.
pub(crate) struct Sheet<'a> {
    path: String,
    lines: Vec<&'a str>,
}

impl<'a> Sheet<'a> {
    /// A record; `path` is what places in it are called.
    pub(crate) fn new(path: &std::path::Path, text: &'a str) -> Sheet<'a> {
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
