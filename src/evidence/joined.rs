//! What several processes hashed of one release: a file a line, and all of them put together.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::GapKind;
use crate::digest::{Checksum, Reading};
use crate::words::Text;

/// A file of a release as it was hashed, a line of JSON; `path` stands first, so that a reader may pass over the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashed {
    /// Its path in the release.
    pub path: String,
    /// When its bytes had last changed, in nanoseconds since 1970; absent where the file system does not tell.
    pub modified: Option<i64>,
    /// Its bytes and their digests.
    #[serde(flatten)]
    pub reading: Reading,
}

impl Hashed {
    /// Whether every digest has the digits of its kind.
    pub fn is_sound(&self) -> bool {
        let all = self.reading.others.iter().chain(self.reading.pieces.iter().map(|p| &p.checksum));
        all.into_iter().all(|c| Checksum::new(c.kind, &c.hex).as_ref() == Some(c))
    }
}

/// What several processes hashed of one release.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Joined {
    /// `sha256:…` over the files that were to be hashed: their paths, bytes and times of change.
    pub list: String,
    /// What was hashed, by path.
    pub hashed: BTreeMap<String, Hashed>,
    /// What could not be read, by path, and why.
    pub unread: BTreeMap<String, (GapKind, Text)>,
}
