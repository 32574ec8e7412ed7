//! Files of a release: what each is, which digests were published for it, what its header says; and the card and manifest
//! as files.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Place;
use crate::digest::{Checksum, Digest, Kind, Piece};

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
    /// The other kinds of digest that were computed, because somebody published one of that kind.
    #[serde(default)]
    pub computed: Vec<Checksum>,
    /// Digests of pieces that were computed, because somebody published such; by first byte, last byte and kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<Piece>,
    /// How its digests were had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest_by: Option<DigestBy>,
    /// Seconds since its digests were computed, where that was in an earlier run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest_age: Option<u64>,
    /// The digest of an earlier run, of a corrupted file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Checksum>,
    /// Published digests of this file, each with where it was published.
    pub expected: Vec<Expected>,
    /// What comparing them gave.
    pub status: FileStatus,
    /// What the header of a weights file says of itself.
    pub format: Option<Format>,
    /// Lines that say something, of a small file that stands for a component by its name; absent where they were not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<usize>,
}

/// A digest that somebody published for a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expected {
    /// The published digest.
    pub checksum: Checksum,
    /// Where it stands.
    pub place: Place,
    /// The piece of the file that it is of; absent for the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// A piece of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Its first byte.
    pub start: u64,
    /// The first byte behind it.
    pub end: u64,
    /// Bytes of the whole file, as the pieces tell.
    pub of: u64,
}

/// How the digests of a file were had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DigestBy {
    /// Its bytes were read now.
    Recomputed,
    /// Its bytes were read in an earlier run, and it did not change since as its file system tells.
    Cached,
    /// The store that it lies in recorded them; no byte was read.
    Recorded,
}

/// What is known of a file's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FileStatus {
    /// Every published digest equals the computed one.
    Verified,
    /// A published digest differs from the computed one.
    Mismatched,
    /// Its bytes changed since an earlier run, though its length and its time of change did not: no program wrote it so.
    Corrupted,
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
    /// A GGUF header that parsed and whose offsets fit the file.
    Gguf {
        /// Version of the format, 1 to 3.
        version: u32,
        /// Number of tensors.
        tensors: u64,
        /// The `general.*` keys, bounded.
        metadata: BTreeMap<String, String>,
    },
    /// A header that does not hold what its format asks.
    Broken {
        /// The format's name.
        format: String,
        /// What is wrong.
        message: String,
    },
    /// A header that was not read: one of many in a repository of the hub.
    Unread {
        /// The format that the name tells.
        format: String,
    },
    /// A format that runs code when loaded; nothing was read of it.
    Pickle,
    /// A pickle, and what it would import when loaded.
    Pickled(Imports),
    /// Arrays of NumPy without an object in them.
    Arrays,
    /// A Git LFS pointer: the bytes were not fetched.
    Pointer,
    /// A format that this version does not look into.
    Opaque {
        /// The format's name.
        format: String,
    },
}

/// What a pickle would import when it is loaded, told from its opcodes; none was run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Imports {
    /// The highest protocol that it names; 0 where it names none.
    pub protocol: u8,
    /// Pickles in the file that were read to their end.
    pub pickles: usize,
    /// Different imports, each `module.name`: the dangerous first, then those that are not known, bounded.
    pub names: Vec<String>,
    /// How many different ones there are.
    pub total: usize,
    /// Imports whose names are made up while the file loads, so that nobody can tell them before.
    pub unnamed: usize,
    /// What was not read of the file, and why, bounded.
    pub unread: Vec<String>,
}

/// What comes of an import when a pickle is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Danger {
    /// It runs programs or code, reaches files or the network, or leads to what does.
    Dangerous,
    /// It is not known here, and runs code when loaded.
    Unknown,
    /// It makes tensors, arrays or containers, and nothing else.
    Harmless,
}

/// An index of weights in several files, held against the headers of its shards.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ShardIndex {
    /// Its path in the release.
    pub path: String,
    /// Files that it names.
    pub shards: usize,
    /// Tensors that it places.
    pub tensors: usize,
    /// Shards whose headers were read and hold.
    pub read: usize,
    /// Tensors that are not in the shard it says, or in a shard and not in the index.
    pub misplaced: usize,
    /// One of them.
    pub example: Option<String>,
    /// `metadata.total_size`, in bytes.
    pub said_bytes: Option<u64>,
    /// Bytes of tensors in the shards that were read.
    pub found_bytes: u64,
}

impl ShardIndex {
    /// Whether the bytes it tells are not those of its shards; false while a shard was not read.
    pub fn differs(&self) -> bool {
        self.read == self.shards && self.said_bytes.is_some_and(|said| said != self.found_bytes)
    }
}

/// The model card.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Its path; absent when the release has none.
    pub path: Option<String>,
    /// The state of its front matter.
    pub front: FrontMatter,
    /// Lines of text below the front matter: neither heading nor comment.
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

impl FileFact {
    /// A file of which nothing is known but where it is, what it is and its bytes; `None` of one that is not there.
    pub fn new(path: String, bytes: Option<u64>, kind: ArtifactKind) -> FileFact {
        FileFact {
            path,
            bytes,
            kind,
            sha256: None,
            computed: vec![],
            pieces: vec![],
            digest_by: None,
            digest_age: None,
            before: None,
            expected: vec![],
            status: if bytes.is_some() { FileStatus::Unpublished } else { FileStatus::Missing },
            format: None,
            lines: None,
        }
    }

    /// Whether nothing is in it: no byte, or no line that says something.
    pub fn is_hollow(&self) -> bool {
        self.bytes == Some(0) || self.lines == Some(0)
    }

    /// Whether the bytes give a digest that is expected of them, or of a piece; `None` when it was not computed. No piece of a file
    /// holds when the file has not the bytes that all pieces have.
    pub fn holds(&self, expected: &Expected) -> Option<bool> {
        match expected.span {
            None => self.gives(&expected.checksum),
            Some(_) if self.sha256.is_none() => None,
            Some(span) if self.bytes != Some(span.of) => Some(false),
            Some(_) => self.found(expected).map(|found| found == expected.checksum),
        }
    }

    /// What the bytes give where a digest is expected.
    pub fn found(&self, expected: &Expected) -> Option<Checksum> {
        match expected.span {
            Some(span) if self.bytes != Some(span.of) => None,
            Some(span) if span.start != 0 || self.bytes != Some(span.end) => {
                let wanted = (span.start, span.end, expected.checksum.kind);
                let at = self.pieces.binary_search_by_key(&wanted, |p| (p.start, p.end, p.checksum.kind)).ok()?;
                self.pieces.get(at).map(|p| p.checksum.clone())
            }
            _ => self.computed_as(&expected.checksum),
        }
    }

    /// Whether the bytes give a published digest; `None` when that kind was not computed.
    pub fn gives(&self, published: &Checksum) -> Option<bool> {
        if published.kind == Kind::Sha256 {
            return self.sha256.as_ref().map(|d| d.hex() == published.hex);
        }
        self.computed.iter().find(|c| c.kind == published.kind).map(|c| c.hex == published.hex)
    }

    /// What the bytes give, of the kind of a published digest.
    pub fn computed_as(&self, published: &Checksum) -> Option<Checksum> {
        if published.kind == Kind::Sha256 {
            return self.sha256.clone().map(Checksum::from);
        }
        self.computed.iter().find(|c| c.kind == published.kind).cloned()
    }
}

impl Format {
    /// What the header says of the model; nothing for a format without such keys.
    pub fn metadata(&self) -> Option<&BTreeMap<String, String>> {
        match self {
            Format::Safetensors { metadata, .. } | Format::Gguf { metadata, .. } => Some(metadata),
            _ => None,
        }
    }
}
