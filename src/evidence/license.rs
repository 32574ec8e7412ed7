//! Licenses of a release: every place that names or holds one, and sentences that add a restriction.

use serde::{Deserialize, Serialize};

use super::Place;

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
    /// A field of a catalogue's record.
    Record,
    /// A bill of materials, CycloneDX.
    Bom,
    /// A Croissant record.
    Croissant,
}

impl ClaimSource {
    /// Whether it is a field of a record, which holds no text that could add a term.
    pub fn is_record(self) -> bool {
        matches!(self, ClaimSource::Bom | ClaimSource::Croissant)
    }
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
