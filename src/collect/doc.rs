//! A machine-readable description in a release, read once: its text, for places, and the facts in it.

use crate::evidence::{Place, excerpt_of};
use crate::parse::line_in_json;

/// A description and its text.
#[derive(Debug)]
pub(crate) struct Doc<T> {
    /// Its path in the release, or what a lone file is called.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) facts: T,
}

impl<T> Doc<T> {
    /// The place of a value, behind the words of `near` where it stands there; the value is quoted where its line is not found.
    pub(crate) fn place(&self, near: &str, value: &str) -> Place {
        match line_in_json(&self.text, near, value) {
            Some((line, words)) => Place::line(&self.path, line, words),
            None => Place { excerpt: Some(excerpt_of(value)), ..Place::file(&self.path) },
        }
    }

    /// The folder that it lies in; empty for the root.
    pub(crate) fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}
