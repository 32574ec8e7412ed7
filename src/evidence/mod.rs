//! Everything that was found in a release, as one serialisable value, with the gaps admitted.
//! It knows no rule and no verdict: who reads it may not ask where the bytes came from again.

mod clarification;
mod data;
mod file;
mod joined;
mod license;
mod recipe;
mod record;
mod signature;
mod summary;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Fault, FaultKind};
use crate::words::{Text, foreign};

pub use self::clarification::*;
pub use self::data::*;
pub use self::file::*;
pub use self::joined::*;
pub use self::license::*;
pub use self::recipe::*;
pub use self::record::*;
pub use self::signature::*;
pub use self::summary::*;

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
    /// Indexes of weights in several files.
    #[serde(default)]
    pub shards: Vec<ShardIndex>,
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
    /// What the hub says of the repository, where the release was looked at there.
    #[serde(default)]
    pub hub: Option<HubFact>,
    /// What a reviewer settled, given from outside the release.
    #[serde(default)]
    pub clarifications: Vec<Clarification>,
    /// Components that a record or a dossier lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartFact>,
    /// The record of a catalogue that was read in place of a release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
    /// Public summaries of training content, as the EU AI Act asks for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub summaries: Vec<TrainingSummary>,
    /// Signatures of the release, each held against its files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<SignatureFact>,
    /// What could not be seen, and why.
    pub gaps: Vec<Gap>,
}

impl Evidence {
    /// The sets that must be there: what a published set was made from need not be, where that set is named too, and what a
    /// model was only evaluated on taught it nothing.
    pub fn trained_on(&self) -> Vec<&Dataset> {
        let all = || self.datasets.iter().filter(|d| !d.only_evaluates());
        let own: Vec<&Dataset> = all().filter(|d| d.source_of.is_none()).collect();
        if own.iter().any(|d| d.target.is_some()) { own } else { all().collect() }
    }
}

/// What the hub says of a repository, beside its files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HubFact {
    /// Its name now: another than the one asked for when it was renamed.
    pub id: String,
    /// How access is given: `auto` (a form) or `manual` (somebody decides); absent when anyone may fetch the files.
    pub gated: Option<String>,
    /// Whether only some may see it.
    pub private: bool,
    /// Branches and tags, `main` left out.
    pub refs: Vec<String>,
    /// The front matter of its card, as the hub read it.
    pub card: Option<serde_json::Value>,
    /// Tags, the author's and the hub's own.
    pub tags: Vec<String>,
    /// When the repository was made, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
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
    /// What the hub calls the repository now, where the release was looked at there.
    #[serde(default)]
    pub hub_id: Option<String>,
    /// The repository that a git checkout was cloned from, without credentials.
    #[serde(default)]
    pub remote: Option<String>,
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

/// The word that a value of a closed set is written as, such as `training-code`; nothing for a value that is no word.
pub fn id_of(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
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
    /// It did not have as many bytes as it was listed with.
    Changed,
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
    /// More of a thing than is kept.
    TooMany,
    /// An archive: it is named and was not unpacked.
    Archive,
    /// The network may not be used.
    Offline,
    /// There is nothing where it should be.
    NotFound,
    /// It is missing or private: the hub does not tell which.
    Hidden,
    /// A form or an account stands before it.
    Gated,
    /// Access is refused.
    Forbidden,
    /// The hub has closed it.
    Disabled,
    /// The host asks to be left alone for now.
    RateLimited,
    /// Nobody answered, or the answer broke off.
    Unreachable,
    /// A link that is not followed: a private address, another scheme.
    Refused,
    /// What came back is not the answer of such a service.
    BadAnswer,
    /// It was not fetched.
    NotFetched,
    /// More bases up the chain than are followed, or a chain that bites its tail.
    Endless,
    /// A key of a store that is no path of a file.
    NoPath,
}

impl Gap {
    /// A gap; `detail` is what the reason needs to be told in full, in no language or as a reader of files tells it.
    pub fn new(topic: Topic, what: &str, kind: GapKind, detail: &str) -> Gap {
        Gap::told(topic, what, kind, &Text::new(detail, foreign::french(detail).unwrap_or_else(|| detail.to_owned())))
    }

    /// A gap whose detail has its words in both languages.
    pub fn told(topic: Topic, what: &str, kind: GapKind, detail: &Text) -> Gap {
        let (en, fr) = match kind {
            GapKind::NotResolved => ("not resolved: nothing tells where it is", "non résolu : rien ne dit où c'est"),
            GapKind::Unreadable => ("cannot be read", "illisible"),
            GapKind::Changed => ("changed while it was read", "a changé pendant la lecture"),
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
            GapKind::TooMany => {
                ("names more missing files than are shown", "nomme plus de fichiers absents qu'on n'en montre")
            }
            GapKind::Offline => ("not looked up: offline", "non consulté : hors ligne"),
            GapKind::NotFound => ("nothing is there", "il n'y a rien là"),
            GapKind::Hidden => (
                "missing or private: without a token the hub does not tell which",
                "absent ou privé : sans jeton le hub ne dit pas lequel",
            ),
            GapKind::Gated => ("behind a form or an account", "derrière un formulaire ou un compte"),
            GapKind::Forbidden => ("access is refused", "l'accès est refusé"),
            GapKind::Disabled => ("the hub has closed it", "le hub l'a fermé"),
            GapKind::RateLimited => (
                "the host asks to be left alone for now (rate limit)",
                "l'hôte demande qu'on le laisse pour l'instant (limite de débit)",
            ),
            GapKind::Unreachable => ("no answer, or one that broke off", "pas de réponse, ou une réponse interrompue"),
            GapKind::Refused => ("a link that is not followed", "un lien qui n'est pas suivi"),
            GapKind::BadAnswer => (
                "what came back is not the answer of such a service",
                "ce qui est revenu n'est pas la réponse d'un tel service",
            ),
            GapKind::NotFetched => ("not fetched", "non récupéré"),
            GapKind::Endless => (
                "a chain of base models that bites its tail, or is too long to be followed",
                "une chaîne de modèles de base qui se mord la queue, ou trop longue pour être suivie",
            ),
            GapKind::NoPath => (
                "not a path that a file can have; the object was not read",
                "pas un chemin qu'un fichier puisse avoir ; l'objet n'a pas été lu",
            ),
            GapKind::Archive => ("an archive; it was not unpacked", "une archive ; elle n'a pas été ouverte"),
        };
        // A detail that only repeats what is spoken of tells nothing.
        let told = |text: &str, colon: &str, detail: &str| match detail.is_empty() || detail == what {
            true => text.to_owned(),
            false => format!("{text}{colon}{}", excerpt_of(detail)),
        };
        let (why, why_fr) = (told(en, ": ", &detail.en), told(fr, " : ", &detail.fr));
        Gap { topic, what: excerpt_of(what), why, why_fr, kind }
    }
}

impl GapKind {
    /// The reason for a fault of the network.
    pub fn of(fault: FaultKind) -> GapKind {
        match fault {
            FaultKind::Offline => GapKind::Offline,
            FaultKind::Refused => GapKind::Refused,
            FaultKind::UnknownHost
            | FaultKind::Unreachable
            | FaultKind::Tls
            | FaultKind::Timeout
            | FaultKind::Broken => GapKind::Unreachable,
            FaultKind::TooLong => GapKind::TooBig,
            FaultKind::BadAnswer | FaultKind::Redirects | FaultKind::Status(_) => GapKind::BadAnswer,
            FaultKind::RateLimited => GapKind::RateLimited,
            FaultKind::BadToken | FaultKind::Forbidden | FaultKind::Denied => GapKind::Forbidden,
            FaultKind::NotFound | FaultKind::NoRevision | FaultKind::NoBucket => GapKind::NotFound,
            FaultKind::OtherRegion => GapKind::Refused,
            FaultKind::Overwritten => GapKind::Changed,
            FaultKind::Hidden => GapKind::Hidden,
            FaultKind::Gated => GapKind::Gated,
            FaultKind::Disabled => GapKind::Disabled,
            FaultKind::NotFetched => GapKind::NotFetched,
        }
    }

    /// Whether a text with such a gap was not read: whatever it says, nobody here knows.
    pub fn hides(self) -> bool {
        !matches!(self, GapKind::Encoding | GapKind::Malformed | GapKind::Empty | GapKind::TooMany | GapKind::Archive)
    }
}

impl Gap {
    /// The gap that a fault of the network leaves.
    pub fn of_fault(topic: Topic, what: &str, fault: &Fault) -> Gap {
        // Which request was not sent offline is nobody's business.
        let detail = if fault.kind == FaultKind::Offline { &Text::default() } else { &fault.detail };
        Gap::told(topic, what, GapKind::of(fault.kind), detail)
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
