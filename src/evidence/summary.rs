//! The public summary of training content that the EU AI Act asks for, as a release holds or names it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Place;

/// A public summary of training content (EU AI Act, Art. 53(1)(d)) that a release holds or names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingSummary {
    /// The document, the heading of a section of the card, or the link to it, with its URL.
    pub place: Place,
    /// How far it was read.
    pub state: SummaryState,
    /// Whether the sections of the Commission's template are there, most of them by title.
    pub template: bool,
    /// The fields that are answered, by id of `rules/summary.toml`: where, and the words.
    pub fields: BTreeMap<String, Place>,
}

/// How far a summary was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SummaryState {
    /// It was read, and its fields are told apart.
    Read,
    /// It was read; it says something, and under none of the headings that the fields have.
    Prose,
    /// A link leads to it; it was not followed.
    Elsewhere,
    /// It is in the release, in a format that is not read here, or it could not be read.
    Unread,
}
