//! Everything that was found in a release, as one serialisable value, with the gaps admitted.
//! It knows no rule and no verdict: who reads it may not ask where the bytes came from again.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// Version of the evidence's shape; fields are added, never renamed.
pub const SCHEMA: u32 = 1;

/// All that is known of one release at one revision.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Shape of this value, [`SCHEMA`].
    pub schema: u32,
    /// What was looked at.
    pub subject: Subject,
    /// Every file, sorted by path, those that a manifest lists and that are missing included.
    pub files: Vec<FileFact>,
    /// The model card and the state of its front matter.
    pub card: Card,
    /// The maintainers' manifest, `ouvert.toml`.
    pub manifest: Option<ManifestFact>,
    /// Every place that names or holds a license.
    pub licenses: Vec<LicenseClaim>,
    /// Sentences that add a restriction, or may.
    pub terms: Vec<Term>,
    /// Keys of the front matter that set up a gate.
    pub gate: Vec<Place>,
    /// Training datasets, one entry a set, however often it is named.
    pub datasets: Vec<Dataset>,
    /// What is said of the training data as a whole.
    pub data: DataFacts,
    /// Models that this one was made from.
    pub bases: Base,
    /// What somebody would need to train it again.
    pub recipe: Recipe,
    /// Files that the card says are in the release.
    pub claims: Vec<FileClaim>,
    /// What could not be seen, and why.
    pub gaps: Vec<Gap>,
}

/// What was audited.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// The target as given: a directory, later a hub id.
    pub locator: String,
    /// Whether the release is a model or a dataset.
    pub kind: SubjectKind,
    /// The release's own name: from the manifest, else the card's title, else the folder.
    #[serde(default)]
    pub name: String,
    /// The release's semantic version, where its manifest gives one.
    #[serde(default)]
    pub version: Option<String>,
    /// Commit of the revision, where the source knows one.
    pub revision: Option<String>,
    /// SHA-256 over the list of files (`path`, byte count and digest of each, sorted), as `sha256:…`; absent when
    /// the bytes were not hashed.
    pub files_digest: Option<String>,
}

/// The two kinds of release.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectKind {
    /// Weights, with or without what made them.
    #[default]
    Model,
    /// Data alone.
    Dataset,
}

/// Where a fact was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// Path in the release, forward slashes.
    pub path: String,
    /// Line from 1, where there is one.
    pub line: Option<usize>,
    /// The words seen, at most [`Place::EXCERPT`] characters, control characters removed.
    pub excerpt: Option<String>,
    /// The URL the words point at, where they do.
    pub url: Option<String>,
}

impl Place {
    /// Characters kept of an excerpt.
    pub const EXCERPT: usize = 200;

    /// A whole file as a place.
    pub fn file(path: &str) -> Place {
        Place { path: path.into(), ..Place::default() }
    }

    /// A line of a file, quoted.
    pub fn line(path: &str, line: usize, excerpt: &str) -> Place {
        Place { path: path.into(), line: Some(line), excerpt: Some(excerpt_of(excerpt)), url: None }
    }
}

/// Text from a release made fit to show: one line, no control or bidirectional characters, bounded.
pub fn excerpt_of(text: &str) -> String {
    let mut out = String::new();
    let mut taken = 0;
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars().filter(|c| !is_unsafe(*c)) {
            if taken >= Place::EXCERPT {
                out.push('…');
                return out;
            }
            out.push(c);
            taken += 1;
        }
        taken += 1;
    }
    out
}

/// Characters that could move a terminal's cursor, reorder a line or hide in it.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Something that could not be seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// The topic that suffers: `license`, `data`, `recipe`, `artifact`, `integrity`.
    pub topic: Topic,
    /// What was not seen, usually a path or an id.
    pub what: String,
    /// Why not, in English.
    pub why: String,
    /// Why not, in French.
    #[serde(default)]
    pub why_fr: String,
    /// Why not, for a program.
    #[serde(default)]
    pub kind: GapKind,
}

/// The reasons for which something is not seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GapKind {
    /// It lies behind a link or an id, and the network was not used.
    #[default]
    NotResolved,
    /// The system refused to read it.
    Unreadable,
    /// It is too big to be read as a text.
    TooBig,
    /// It is not UTF-8 and was read as Latin-1.
    Encoding,
    /// It does not hold what its format asks; what could be read was.
    Malformed,
    /// It would lead out of the release and was not followed.
    Outside,
    /// A link that leads nowhere.
    Dangling,
    /// Not a regular file, not opened.
    Special,
    /// Folders nested too deep.
    TooDeep,
    /// A file name that is not UTF-8.
    Name,
    /// An empty file.
    Empty,
}

impl Gap {
    /// A gap; `detail` is what the reason needs to be told in full, in no language.
    pub fn new(topic: Topic, what: &str, kind: GapKind, detail: &str) -> Gap {
        let (en, fr) = match kind {
            GapKind::NotResolved => (
                "not resolved: the audit of a directory does not use the network",
                "non résolu : l'audit d'un dossier n'utilise pas le réseau",
            ),
            GapKind::Unreadable => ("cannot be read", "illisible"),
            GapKind::TooBig => {
                ("too big to be read as a text, in bytes", "trop gros pour être lu comme un texte, en octets")
            }
            GapKind::Encoding => ("not UTF-8; read as Latin-1", "pas en UTF-8 ; lu comme du Latin-1"),
            GapKind::Malformed => ("not well formed", "mal formé"),
            GapKind::Outside => {
                ("leads out of the release; it was not followed", "mène hors de la publication ; n'a pas été suivi")
            }
            GapKind::Dangling => ("a link that leads nowhere", "un lien qui ne mène nulle part"),
            GapKind::Special => {
                ("not a regular file; it was not opened", "pas un fichier ordinaire ; n'a pas été ouvert")
            }
            GapKind::TooDeep => (
                "folders nested too deep; what is below was not read",
                "dossiers trop imbriqués ; la suite n'a pas été lue",
            ),
            GapKind::Name => (
                "the name is not UTF-8; the file was not read",
                "le nom n'est pas en UTF-8 ; le fichier n'a pas été lu",
            ),
            GapKind::Empty => ("empty", "vide"),
        };
        let told = |text: &str, colon: &str| match detail.is_empty() {
            true => text.to_owned(),
            false => format!("{text}{colon}{}", excerpt_of(detail)),
        };
        Gap { topic, what: excerpt_of(what), why: told(en, ": "), why_fr: told(fr, " : "), kind }
    }
}

/// The five topics of evidence; every check and gap belongs to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Licenses and added terms.
    License,
    /// Training data.
    Data,
    /// How it was trained.
    Recipe,
    /// Files by kind.
    Artifact,
    /// Digests and well-formedness.
    Integrity,
}

/// One file of the release, or one that a manifest lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileFact {
    /// Path in the release, forward slashes.
    pub path: String,
    /// Bytes on disk; absent for a missing file.
    pub bytes: Option<u64>,
    /// What the file is, by its name.
    pub kind: ArtifactKind,
    /// The computed digest; absent when the file was not hashed.
    pub sha256: Option<Digest>,
    /// Published digests of this file, each with where it was published.
    pub expected: Vec<Expected>,
    /// What comparing them gave.
    pub status: FileStatus,
    /// What the header of a weights file says of itself.
    pub format: Option<Format>,
}

/// A digest that somebody published for a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expected {
    /// The published digest.
    pub sha256: Digest,
    /// Where it stands.
    pub place: Place,
}

/// What is known of a file's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FileStatus {
    /// Every published digest equals the computed one.
    Verified,
    /// A published digest differs from the computed one.
    Mismatched,
    /// A manifest lists it; it is not there.
    Missing,
    /// A manifest covers the release but does not list it.
    Unlisted,
    /// Nothing was published to compare with.
    Unpublished,
    /// A digest is published; the bytes were not hashed.
    Declared,
}

/// What a file is in a release. The names are those of `ouvert.toml`'s `kind`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // each name says what it is; `rules/artifacts.toml` gives the patterns
pub enum ArtifactKind {
    Weights,
    Checkpoint,
    OptimizerState,
    Tokenizer,
    Config,
    InferenceCode,
    TrainingCode,
    TrainingConfig,
    ProcessingCode,
    EvaluationCode,
    EvaluationResults,
    Data,
    DataCard,
    ModelCard,
    License,
    Policy,
    Environment,
    Log,
    Report,
    Manifest,
    Housekeeping,
    #[default]
    Other,
}

/// What the header of a weights file says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Format {
    /// A safetensors header that parsed and whose offsets fit the file.
    Safetensors {
        /// Number of tensors.
        tensors: usize,
        /// The `__metadata__` map, bounded.
        metadata: BTreeMap<String, String>,
    },
    /// A header that does not hold what its format asks.
    Broken {
        /// The format's name.
        format: String,
        /// What is wrong.
        message: String,
    },
    /// A format that runs code when loaded.
    Pickle,
    /// A Git LFS pointer: the bytes were not fetched.
    Pointer,
    /// A format that this version does not look into.
    Opaque {
        /// The format's name.
        format: String,
    },
}

/// The model card.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Its path; absent when the release has none.
    pub path: Option<String>,
    /// The state of its front matter.
    pub front: FrontMatter,
    /// Lines of text below the front matter.
    pub lines: usize,
}

/// The state of a card's front matter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum FrontMatter {
    /// The card has none, or there is no card.
    #[default]
    Absent,
    /// All of it was read.
    Whole,
    /// It breaks off; what stands before was read.
    Broken {
        /// Where.
        place: Place,
        /// What is wrong.
        message: String,
    },
}

/// The maintainers' manifest as found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ManifestFact {
    /// Its path in the release.
    pub path: String,
    /// Files it lists.
    pub artifacts: usize,
}

/// Which part of a release a license is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Component {
    /// The weights, or the release as a whole.
    Weights,
    /// Code in the release.
    Code,
    /// Data in the release.
    Data,
    /// A third party's work that ships along.
    ThirdParty,
}

/// Where a license was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClaimSource {
    /// `license:` in the card's front matter.
    FrontMatter,
    /// A sentence of the card.
    CardText,
    /// A badge in the card.
    Badge,
    /// The whole text of a license file.
    LicenseText,
    /// A short notice that points at a license.
    Notice,
    /// `__metadata__` of a weights file.
    WeightsMetadata,
    /// `ouvert.toml`.
    Manifest,
}

/// One place that names or holds a license.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LicenseClaim {
    /// What it licenses.
    pub component: Component,
    /// How the license was named there.
    pub source: ClaimSource,
    /// The words as written, or for a text the file's name.
    pub written: String,
    /// The licenses these words were taken for, as an SPDX-like expression of known ids; absent when unknown.
    pub expression: Option<String>,
    /// For a license text: how it was identified.
    pub text: Option<TextMatch>,
    /// Where.
    pub place: Place,
}

/// How a license text was identified.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextMatch {
    /// How the words compare with the known text.
    pub form: TextForm,
    /// 0 to 1: 1 when every word is accounted for, else the similarity of the nearest known text.
    pub confidence: f32,
    /// For a changed text: words that the known text does not have, quoted.
    pub residue: Option<String>,
}

/// How a file compares with a known license text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextForm {
    /// Every word is the known text's, a title or a copyright line.
    Exact,
    /// A short notice, not the text.
    Notice,
    /// Near a known text, but some words differ.
    Changed,
    /// Near nothing known.
    Unknown,
}

/// A sentence in a release that restricts use, or may.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// Id of the phrase in `rules/terms.toml`.
    pub phrase: String,
    /// What kind of restriction it is.
    pub kind: String,
    /// Whether the phrase decides, or asks for a human eye.
    pub certain: bool,
    /// Where the sentence stands: gate prompt, policy file, card text.
    pub place: Place,
}

/// A training dataset as the release names it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dataset {
    /// The name a reader would use.
    pub name: String,
    /// What it points at, in one spelling: `hub:ORG/NAME`, `doi:…`, a URL, `swh:1:…`, `path:…`; absent for a bare name.
    pub target: Option<String>,
    /// The license named for it.
    pub license: Option<String>,
    /// The training stage it was used in, where told.
    pub stage: Option<Stage>,
    /// Whether anyone can fetch it.
    pub access: Access,
    /// Commit, tag or digest that pins it.
    pub revision: Option<String>,
    /// A published digest of its bytes.
    pub digest: Option<Digest>,
    /// What comparing that digest with the bytes at hand gave.
    pub digest_status: Option<FileStatus>,
    /// What is withheld, in the release's words.
    pub withheld: Option<String>,
    /// Whether a data card or Croissant record describes it.
    pub documented: Option<Place>,
    /// Every place that names it.
    pub places: Vec<Place>,
    /// The ways in which it is named.
    pub named: Vec<NamedIn>,
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
    /// `ouvert.toml`.
    Manifest,
    /// The release is itself the set.
    Release,
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
    /// The release says it lies inside, but it is not there.
    Absent,
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
    /// Words about data that name no set ("a mix of data from the web").
    pub vague: Vec<Place>,
    /// Stages that the release says it has, with where.
    pub stages: Vec<(Stage, Place)>,
    /// Words that text was made by a model: the model's name, and where.
    pub synthetic: Vec<(String, Place)>,
    /// The code that filtered, deduplicated, mixed and tokenized, in the release or behind a link.
    pub processing: Vec<CodeRef>,
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
}

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
    /// A URL, not followed.
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

/// A file that the card says is in the release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileClaim {
    /// The path as the card writes it.
    pub path: String,
    /// Whether it is there.
    pub present: bool,
    /// The sentence.
    pub place: Place,
}
