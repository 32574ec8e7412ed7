//! What somebody would need to train the model again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ArtifactKind, Place};

/// What somebody would need to train the model again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// Training code.
    pub code: Vec<CodeRef>,
    /// Licenses of the training code, as expressions of known ids, with where.
    pub code_licenses: Vec<(String, Place)>,
    /// Hyper-parameters found, by kind.
    pub parameters: BTreeMap<Parameter, Place>,
    /// Lock files, pinned requirements, images.
    pub environment: Vec<EnvironmentFile>,
    /// Where seeds are stated.
    pub seeds: Option<Place>,
    /// Where the order of the data is stated.
    pub data_order: Option<Place>,
    /// Ordered commands from raw data to weights: number of commands, and where.
    pub steps: Option<(usize, Place)>,
    /// Hardware, duration and energy: what is stated, and where.
    pub hardware: BTreeMap<HardwareFact, Place>,
    /// Training logs or metrics.
    pub logs: Vec<Place>,
    /// Intermediate checkpoints or optimizer states.
    pub checkpoints: Vec<Place>,
    /// Code that evaluates.
    pub evaluation_code: Vec<Place>,
    /// Results of evaluation.
    pub evaluation_results: Vec<Place>,
    /// Papers and technical reports.
    pub reports: Vec<Place>,
}

/// Code that a release holds or points at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodeRef {
    /// Path in the release, or URL.
    pub target: CodeTarget,
    /// Commit or tag that pins it; a file whose bytes the release holds is pinned by them.
    pub revision: Option<String>,
    /// Where it is named.
    pub place: Place,
    /// Whether the words around it say that it is what trains the model, or makes the data.
    #[serde(default)]
    pub said: bool,
    /// What stands at the URL, where it was looked at.
    #[serde(default)]
    pub repository: Option<Repository>,
}

/// A repository of a code host, as it was seen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Repository {
    /// Host, owner and name, as `github.com/OWNER/NAME`; what it is called now, where it was renamed.
    pub name: String,
    /// Whether it is not there.
    pub absent: bool,
    /// Whether its owner has closed it to changes.
    pub archived: bool,
    /// Whether its files were listed; a host may tell no more than that it exists.
    pub listed: bool,
    /// Whether the listing was cut.
    pub cut: bool,
    /// The license that the host made out: an SPDX id, or `NOASSERTION` for a text it does not know.
    pub license: Option<String>,
    /// Whether the revision that pins it exists; absent where none was named or it could not be told.
    pub revision_exists: Option<bool>,
    /// Files of program code, of whatever kind.
    pub code_files: usize,
    /// Those of them that are no mere launch scripts.
    #[serde(default)]
    pub programs: usize,
    /// Its files by kind: how many, and the first of them.
    pub kinds: BTreeMap<ArtifactKind, (usize, Vec<String>)>,
}

impl Repository {
    /// The first files of a kind.
    pub fn of_kind(&self, kind: ArtifactKind) -> &[String] {
        self.kinds.get(&kind).map_or(&[], |(_, paths)| paths.as_slice())
    }
}

/// Where code lies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CodeTarget {
    /// A file of the release, with its number of lines that are neither blank nor comment.
    Local {
        /// Path in the release.
        path: String,
        /// Lines of code; absent when the file could not be read.
        lines: Option<usize>,
    },
    /// A URL.
    Url(String),
    /// A file that should be in the release and is not.
    Missing(String),
}

/// The hyper-parameters that a recipe needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // the names are the field's own
pub enum Parameter {
    Optimizer,
    LearningRate,
    Schedule,
    Batch,
    SequenceLength,
    Duration,
    Precision,
    Parallelism,
}

impl Parameter {
    /// Those without which nobody can train it again, parallelism left out: one process needs none.
    pub const NEEDED: [Parameter; 7] = [
        Parameter::Optimizer,
        Parameter::LearningRate,
        Parameter::Schedule,
        Parameter::Batch,
        Parameter::SequenceLength,
        Parameter::Duration,
        Parameter::Precision,
    ];
}

/// What is said of the training's hardware and cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // the names are the field's own
pub enum HardwareFact {
    Hardware,
    Duration,
    Energy,
}

/// A file that fixes the software environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnvironmentFile {
    /// Where.
    pub place: Place,
    /// Whether every line of it is pinned.
    pub pinned: bool,
}
