//! What a reviewer settled by reading a file of the release, and whether that file is still the one that was read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Place;
use crate::digest::Digest;

/// A reviewer's answer to one rule, bound to the bytes it was read in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clarification {
    /// Id of the rule.
    pub rule: String,
    /// The answer.
    pub outcome: Settled,
    /// Why, in the reviewer's words.
    pub says: String,
    /// Where the reviewer has it from.
    pub source: String,
    /// The reviewer.
    pub by: String,
    /// The day, ISO 8601.
    pub on: String,
    /// Path in the release of the file that was read.
    pub file: String,
    /// The SHA-256 that it had.
    pub sha256: Digest,
    /// Whether it has it still.
    pub bound: Bound,
    /// Where the clarification stands in the dossier.
    pub place: Place,
}

/// An answer that a reviewer may give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Settled {
    /// It is so.
    Met,
    /// It is not so.
    NotMet,
    /// The question does not arise.
    NotApplicable,
}

/// Whether the file of a clarification is the one that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// Its bytes are those that were read.
    Same,
    /// Its bytes are others: the clarification has lapsed.
    Changed,
    /// There is no such file: the clarification has lapsed.
    Absent,
    /// Its bytes were not at hand.
    Unseen,
}
