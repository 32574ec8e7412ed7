//! Many releases: the row that one of them comes to, the part of a list that one process takes, and what is written down so that
//! parts fit together again. It knows no disk, no network and no clock.
//!
//! A survey writes a folder: `run.json` fixes what is surveyed and how ([`Run`]); each shard appends to files of its own
//! ([`Shard::file`]), `rows` ([`Row`]), `failed` ([`Failure`]) or `evidence` ([`Saved`]), one JSON value a line, and ends with a
//! `done` file ([`Done`]).

mod row;
mod run;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::evidence::{Evidence, GapKind, excerpt_of, id_of};

pub use row::{Cell, OF_CRITERION, Row, VERDICTS};
#[cfg(test)]
pub(crate) use run::sample;
pub use run::{Done, List, MOST_SHARDS, Part, Run, Shard, Work};

/// Version of the shapes that a survey writes; fields are added, never renamed.
pub const SCHEMA: u32 = 1;
/// The file that fixes a run.
pub const RUN: &str = "run.json";

/// A release that could not be audited, as a line of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The release as the list names it.
    pub target: String,
    /// Why not, in English.
    pub failure: String,
    /// The same for a program: `list`, `not-found`, `network` and so on.
    pub kind: String,
}

impl Failure {
    /// Of an error.
    pub fn of(target: &str, error: &Error) -> Failure {
        let kind = match error {
            Error::Network { fault, .. } => id_of(GapKind::of(fault.kind)),
            Error::NotFound(_) | Error::NoFile { .. } => "not-found".into(),
            Error::NotCached { .. } => "not-cached".into(),
            Error::NotADirectory(_) | Error::NotARecord { .. } | Error::NotAReport { .. } => "no-release".into(),
            Error::Empty(_) => "empty".into(),
            Error::TooManyFiles { .. } => "too-many".into(),
            Error::Read { .. } => "unreadable".into(),
            Error::Malformed { .. } => "malformed".into(),
            _ => "other".into(),
        };
        Failure { target: target.to_owned(), failure: excerpt_of(&error.to_string()), kind }
    }
}

/// The evidence of a release, as a line of JSON; `target` stands first, so that a reader may pass over the rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// The release as the list names it.
    pub target: String,
    /// What was found.
    pub evidence: Evidence,
}
