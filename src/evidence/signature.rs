//! Signatures of a release: three answers of each, which are never one. The files are those that it lists; it is by the key or
//! certificate that it is verified with; and that signer is the one expected.

use serde::{Deserialize, Serialize};

use crate::words::Text;

/// A signed list of the files of a release, held against them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SignatureFact {
    /// Its path in the release, or the name of the file given from outside.
    pub path: String,
    /// How it is verified.
    pub method: SigningMethod,
    /// What the signer calls the model; empty when it was not read.
    #[serde(default)]
    pub subject: String,
    /// The digest that stands for the model as a whole, as `sha256:…`; absent where none does.
    #[serde(default)]
    pub subject_digest: Option<String>,
    /// Files that it lists.
    #[serde(default)]
    pub listed: usize,
    /// Files that are there and that it leaves out, the first [`SignatureFact::MOST`].
    #[serde(default)]
    pub ignored: Vec<String>,
    /// Weights that are there and that it does not cover, the first [`SignatureFact::MOST`].
    #[serde(default)]
    pub uncovered: Vec<String>,
    /// The names that the signer's certificate carries, or the fingerprint of the key that verified it. They are proven only where
    /// the signature holds.
    #[serde(default)]
    pub signer: Vec<String>,
    /// Whether the files are those that it lists, no more and no fewer.
    pub files: Told,
    /// Whether the signature was verified.
    pub signature: Told,
    /// Whether the signer is the one expected.
    pub expected: Told,
    /// What differs, the first [`SignatureFact::MOST`].
    #[serde(default)]
    pub faults: Vec<SignedFault>,
}

/// How a signature is verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SigningMethod {
    /// It could not be read.
    #[default]
    Unknown,
    /// By a key that the verifier has.
    Key,
    /// By certificates that lead up to a root that the verifier has.
    Certificate,
    /// By a certificate of a day and a transparency log.
    Keyless,
}

/// An answer and its reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The answer.
    pub verdict: Verdict,
    /// The reason, in both languages.
    pub says: Text,
}

/// The three answers to one question about a signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Verified: it is so.
    Holds,
    /// Verified: it is not so.
    Fails,
    /// It could not be verified.
    #[default]
    Unknown,
}

/// A file that is not as a signature says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedFault {
    /// Its path in the release; empty for the subject of the signature itself.
    pub path: String,
    /// What differs.
    pub kind: SignedFaultKind,
    /// What the signature says: a digest with its kind, or a count of bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<String>,
    /// What was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// First byte of the piece that differs, and first behind it; absent for a whole file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub piece: Option<(u64, u64)>,
}

/// What differs between a signature and a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignedFaultKind {
    /// Its bytes.
    Digest,
    /// Its length.
    Length,
    /// It is not there.
    Missing,
    /// It lies under another name, which `found` tells.
    Renamed,
    /// It is there and was not signed.
    Unsigned,
    /// It is a symbolic link, and the signature allows none.
    Link,
    /// It could not be read, so nothing is known of it.
    Unread,
    /// The digest of the whole is not what the listed digests give.
    Subject,
}

impl Told {
    /// Verified, and so.
    pub fn holds(says: Text) -> Told {
        Told { verdict: Verdict::Holds, says }
    }

    /// Verified, and not so.
    pub fn fails(says: Text) -> Told {
        Told { verdict: Verdict::Fails, says }
    }

    /// Not verified.
    pub fn unknown(says: Text) -> Told {
        Told { verdict: Verdict::Unknown, says }
    }
}

impl SignatureFact {
    /// Paths kept of each of its lists.
    pub const MOST: usize = 1_000;

    /// Whether it is known to cover a file of weights: of a list that was cut nothing more is known.
    pub fn covers(&self, path: &str) -> bool {
        self.uncovered.len() < SignatureFact::MOST && !self.uncovered.iter().any(|p| p == path)
    }

    /// Whether files, signature and signer leave nothing that is known to be wrong.
    pub fn is_broken(&self) -> bool {
        [&self.files, &self.signature, &self.expected].iter().any(|told| told.verdict == Verdict::Fails)
    }

    /// Whether the files were verified to be the signed ones and the signature to be a good one, by a signer who is not known to be
    /// another than expected.
    pub fn is_good(&self) -> bool {
        self.files.verdict == Verdict::Holds && self.signature.verdict == Verdict::Holds && !self.is_broken()
    }
}
