//! Training data and base models, as the release names them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CodeRef, Evidence, FileStatus, Place, Term};
use crate::digest::Digest;

/// A training dataset as the release names it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dataset {
    /// The name a reader would use.
    pub name: String,
    /// What it points at, in one spelling: `hub:ORG/NAME`, `doi:…`, a URL, `swh:1:…`, `path:…`; absent for a bare name.
    pub target: Option<String>,
    /// The license named for it; where places name several, all of them, joined by `AND`.
    pub license: Option<String>,
    /// Terms that a record of it adds to that license.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<Term>,
    /// The training stage it was used in, where told.
    pub stage: Option<Stage>,
    /// Whether anyone can fetch it.
    pub access: Access,
    /// Commit, tag or digest that pins it.
    pub revision: Option<String>,
    /// Tokens that the release says it holds.
    pub tokens: Option<f64>,
    /// Bytes of it that are in the release.
    pub bytes: Option<u64>,
    /// Bytes that its card says it has.
    #[serde(default)]
    pub said_bytes: Option<u64>,
    /// A published digest of its bytes.
    pub digest: Option<Digest>,
    /// What comparing that digest with the bytes at hand gave.
    pub digest_status: Option<FileStatus>,
    /// What it is called now, where the hub renamed it.
    #[serde(default)]
    pub renamed: Option<String>,
    /// Words of the set's own card that a part of it is not there.
    #[serde(default)]
    pub said_partial: Vec<Place>,
    /// Words of the set's own card that text in it was made by a model: the model's name, and where.
    #[serde(default)]
    pub synthetic: Vec<(String, Place)>,
    /// Whether the set's own card was read.
    #[serde(default)]
    pub card_read: bool,
    /// Words that a published set was made from it, and that it is not what was trained on itself.
    #[serde(default)]
    pub source_of: Option<Place>,
    /// What is withheld, in the release's words.
    pub withheld: Option<String>,
    /// Whether a data card or Croissant record describes it.
    pub documented: Option<Place>,
    /// Every place that names it.
    pub places: Vec<Place>,
    /// The ways in which it is named.
    pub named: Vec<NamedIn>,
}

impl Dataset {
    /// Whether it is only said to have served evaluation: the manifest says so, and nothing names it for training.
    pub fn only_evaluates(&self) -> bool {
        let names_no_use = |n: &NamedIn| matches!(n, NamedIn::Manifest | NamedIn::Croissant);
        self.stage == Some(Stage::Evaluation) && self.named.iter().all(names_no_use)
    }

    /// Whether records alone name it, and neither the card, the manifest nor the files of the release.
    pub fn is_recorded_only(&self) -> bool {
        !self.named.is_empty() && self.named.iter().all(|n| matches!(n, NamedIn::Bom | NamedIn::Croissant))
    }

    /// What it is called by: its id on the hub, another reference, or else its name.
    pub fn id(&self) -> &str {
        self.target.as_deref().map_or(self.name.as_str(), |t| t.strip_prefix("hub:").unwrap_or(t))
    }
}

/// How a dataset is named in the release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NamedIn {
    /// `datasets:` of the front matter.
    FrontMatter,
    /// A table, list or sentence of the card.
    CardText,
    /// A data configuration file.
    DataConfig,
    /// Metadata of the weights.
    Weights,
    /// `ouvert.toml`.
    Manifest,
    /// A catalogue's record.
    Record,
    /// The release is itself the set.
    Release,
    /// A bill of materials, CycloneDX.
    Bom,
    /// A Croissant record.
    Croissant,
}

/// A stage of training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // the names are the field's own
pub enum Stage {
    Pretraining,
    FineTuning,
    Preference,
    Evaluation,
}

/// Whether anyone can fetch a dataset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// The bytes are in the release, and were read.
    Included,
    /// It is not where the release says.
    Absent,
    /// Missing, or private: the hub does not tell which, and serves nothing.
    Hidden,
    /// The repository is there and holds no data.
    Empty,
    /// The hub has closed it.
    Disabled,
    /// Only some may see it.
    Private,
    /// A page or record was reached; whether it gives the data was not seen.
    Reached,
    /// Reached just now, open to anyone.
    Public,
    /// Behind a form or an account.
    Gated,
    /// Given on request only.
    OnRequest,
    /// Said to be held back.
    Withheld,
    /// Not reached: no network, or no reference to follow.
    #[default]
    Unresolved,
}

/// What is said of the training data as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DataFacts {
    /// Words that the sets named are what the model was trained on: the manifest's `complete = true`, or a sentence.
    pub said_complete: Option<Place>,
    /// Words that a part is missing: sample, subset, extract, withheld.
    pub said_partial: Vec<Place>,
    /// Data files that the front matter of a dataset names and that are not there.
    #[serde(default)]
    pub unfound: Vec<Place>,
    /// Words about data that name no set ("a mix of data from the web").
    pub vague: Vec<Place>,
    /// A table of the sets whose rows do not add up to its total.
    #[serde(default)]
    pub counts: Option<Count>,
    /// Stages that the release says it has, with where.
    pub stages: Vec<(Stage, Place)>,
    /// Words that text was made by a model: the model's name, and where.
    pub synthetic: Vec<(String, Place)>,
    /// The code that filtered, deduplicated, mixed and tokenized, in the release or behind a link.
    pub processing: Vec<CodeRef>,
}

/// A sum that differs from the total given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Count {
    /// The rows, added.
    pub sum: f64,
    /// The total, or 100 for shares.
    pub total: f64,
    /// Where the total stands, or the first of the shares.
    pub place: Place,
}

/// What the release says of the models it was made from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Base {
    /// The models named.
    pub models: Vec<BaseModel>,
    /// Words that tell of a base without naming one ("fine-tuned", "LoRA").
    pub hints: Vec<Place>,
    /// Words that the model was trained from scratch.
    pub from_scratch: Option<Place>,
}

/// A model that the release derives from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BaseModel {
    /// Hub id or name.
    pub id: String,
    /// Revision, where pinned.
    pub revision: Option<String>,
    /// The places that name it.
    pub places: Vec<Place>,
    /// Whether the front matter or the manifest names it; else only text or a configuration does.
    pub declared: bool,
    /// What was found when it was looked at, its own bases included.
    #[serde(default)]
    pub evidence: Option<Box<Evidence>>,
    /// Whether it was met before on the way up: a chain that bites its tail.
    #[serde(default)]
    pub again: bool,
}
