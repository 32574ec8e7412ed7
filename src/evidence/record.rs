//! What a record of a catalogue says of a release: the components it lists, the letters it gives, and the record's own flaws.
//! All of it is declared: the record is what was read, not the release.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Place;

/// A component of a release, in the vocabulary of the CNCF draft profile for model artifacts (cncf/toc PR 2299).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // `rules/components.toml` says what each is
pub enum Part {
    ModelArchitecture,
    FinalModelParameters,
    EvaluationResults,
    ModelCard,
    DataCard,
    TechnicalReport,
    SampleModelOutputs,
    TrainingCode,
    InferenceCode,
    EvaluationCode,
    EvaluationData,
    SupportingLibrariesAndTools,
    Datasets,
    DataPreprocessingCode,
    IntermediateModelParameters,
    ResearchPaper,
    ModelMetadata,
}

/// A component that a record or a dossier lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartFact {
    /// Which.
    pub part: Part,
    /// Its license by the record's own rules; absent when none reaches it.
    pub license: Option<PartLicense>,
    /// Where it is said to be: paths and addresses.
    pub links: Vec<String>,
    /// Where it is listed.
    pub place: Place,
}

/// The license of a component.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PartLicense {
    /// The words as written; the literal `unlicensed` says that there is none.
    pub written: String,
    /// The key of the record or the place of the release that it is taken over from; absent when it is the component's own.
    pub inherited: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// A record of a catalogue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The catalogue, by the name of its format: `mot`, `eu-index`, `cyclonedx`.
    pub catalogue: String,
    /// The record as a file.
    pub place: Place,
    /// Whether its list of components is the whole: what it does not list is not there.
    pub lists_components: bool,
    /// Whether it is judged by other rules than its catalogue's: what it does not list may then be there, and is unknown.
    #[serde(skip)]
    pub foreign: bool,
    /// The letters it gives, by parameter.
    pub letters: BTreeMap<String, Letter>,
    /// What is wrong with it.
    pub flaws: Vec<Flaw>,
}

/// A letter that a catalogue gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Letter {
    /// The grade as written, such as `open`, `partial`, `closed`.
    pub grade: String,
    /// Where the catalogue has it from.
    pub links: Vec<String>,
    /// The catalogue's words on it.
    pub notes: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// Something that is wrong with a record, or that contradicts itself in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flaw {
    /// Its kind.
    pub kind: FlawKind,
    /// What is wrong, in an English sentence.
    pub says: String,
    /// The same in French.
    pub says_fr: String,
    /// Where.
    pub place: Place,
}

/// The kinds of flaw that records of catalogues are known for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FlawKind {
    /// A sentence, a list or a remark where the id of a license belongs.
    LicenseProse,
    /// A license spelt otherwise than its SPDX id.
    LicenseSpelling,
    /// A name that is no license known here.
    LicenseUnknown,
    /// A component listed twice, or two records of one name.
    DuplicateName,
    /// A link in a field that is for something else, or something else in a field that is for a link.
    MisplacedLink,
    /// A favourable letter with nothing behind it that anybody could open.
    MissingLink,
    /// A license that bars some uses, counted as open.
    RestrictedAsOpen,
    /// A license that nobody knows, counted as open.
    UnknownAsOpen,
    /// Licenses counted as open for weights alone, with neither code nor data to license.
    WeightsAlone,
    /// Data that is there, and whose license the record does not tell.
    DataLicenseUntold,
    /// A link that shows something else than what it stands for.
    LinkElsewhere,
    /// A parent whose terms follow its weights, and that the license leaves out.
    ParentLicense,
    /// A description of data counted as the data.
    DescriptionAsData,
    /// Two places of one record that give the same thing different licenses.
    LicenseConflict,
    /// The license of another version of the same family.
    StaleLicense,
    /// A key that is spelt otherwise than the catalogue's form.
    OddKey,
}
