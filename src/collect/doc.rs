//! A machine-readable description in a release, read once: its text, for places, and the facts in it.

use std::cell::OnceCell;

use crate::evidence::{Place, Term, excerpt_of};
use crate::parse::line_in_json;

/// A description and its text.
#[derive(Debug)]
pub(crate) struct Doc<T> {
    /// Its path in the release, or what a lone file is called.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) facts: T,
    /// Terms that a record adds to the license of its set, found once however many sets it lies beside.
    pub(crate) terms: Vec<Term>,
    /// Models that its texts say wrote the set, and where; found when first asked for.
    pub(crate) teachers: OnceCell<Vec<(String, Place)>>,
}

impl<T> Doc<T> {
    pub(crate) fn new(path: String, text: String, facts: T) -> Doc<T> {
        Doc { path, text, facts, terms: vec![], teachers: OnceCell::new() }
    }

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
