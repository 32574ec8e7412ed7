//! The public result of an audit: schema 1 of the report JSON, and all that a renderer may see.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::digest::{Checksum, Digest};
use crate::evidence::{Access, DigestBy, FileStatus, Gap, Part, Place, Stage, Subject};
use crate::finding::{Finding, Lang, Need, Outcome, Strength, Text, Verdict, pick};

/// Version of the report's shape; fields are added, never renamed.
pub const SCHEMA: u32 = 1;

/// The result of one audit by one profile. Strings are English; French ones stand beside them under `fr`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Shape of this value, [`SCHEMA`].
    pub schema: u32,
    /// Who made it.
    pub tool: Tool,
    /// By which rules.
    pub profile: ProfileRef,
    /// Of what.
    pub subject: Subject,
    /// `sha256:…` of the evidence judged, as canonical JSON.
    #[serde(default)]
    pub evidence_digest: Option<String>,
    /// When, RFC 3339 in UTC, to the second.
    pub audited_at: String,
    /// Id of the level reached.
    pub level: String,
    /// The level in words.
    #[serde(default)]
    pub verdict: LevelText,
    /// Mean of the criteria's scores, 0 to 100, gates left out.
    pub score: f64,
    /// The criteria, in the profile's order.
    pub criteria: Vec<Criterion>,
    /// One finding a rule, in the profile's order.
    pub findings: Vec<Finding>,
    /// Every file, sorted by path.
    pub files: Vec<ReportFile>,
    /// Every training dataset named.
    pub datasets: Vec<ReportDataset>,
    /// The licenses that the release names for itself, each once: as SPDX-like expressions of known ids, or as written; a text
    /// that is none known goes by its file's name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub licenses: Vec<String>,
    /// Words of the release that restrict its use beside those licenses, or may.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<Place>,
    /// Models it derives from.
    #[serde(default)]
    pub bases: Vec<String>,
    /// The same models and those that they derive from in turn, each after the one it was met at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lineage: Vec<Ancestor>,
    /// What could not be seen.
    pub gaps: Vec<Gap>,
    /// Whether the run passes, and why not.
    pub gate: Gate,
    /// Waivers by what became of them.
    pub waivers: Waivers,
    /// Clarifications of a dossier by what became of them.
    #[serde(default)]
    pub clarifications: Clarifications,
    /// The components of the release, in the vocabulary of `rules/components.toml`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<ReportComponent>,
    /// The same evidence by other profiles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<View>,
}

/// The same evidence by another profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct View {
    /// By which rules.
    pub profile: ProfileRef,
    /// Id of the level reached.
    pub level: String,
    /// The level in words.
    pub verdict: LevelText,
    /// The overall score, 0 to 100.
    pub score: f64,
    /// The criteria, in the profile's order.
    pub criteria: Vec<Criterion>,
    /// One finding a rule, in the profile's order.
    pub findings: Vec<Finding>,
    /// Whether it was asked for; else its verdict stands on a line beside the report's own.
    pub asked: bool,
}

impl Report {
    /// The report as it is by another of its profiles.
    pub fn seen_by(&self, view: &View) -> Report {
        let view = view.clone();
        Report {
            profile: view.profile,
            level: view.level,
            verdict: view.verdict,
            score: view.score,
            criteria: view.criteria,
            findings: view.findings,
            gate: Gate::open(),
            others: vec![],
            clarifications: Clarifications::default(),
            ..self.clone()
        }
    }

    /// Whether a finding belongs to a gate beside the criteria.
    pub fn is_of_gate(&self, finding: &Finding) -> bool {
        self.criteria.iter().any(|c| c.id == finding.criterion && c.gate)
    }

    /// What is not met, in the order in which it should be mended: first what says that these are other bytes, since nothing else
    /// holds before that; then the essential rules of criteria that fail, since these decide the verdict, though one alone may gain
    /// little while another stands; then the rest. Each of the three goes by what mending it gains, and what gains the same by the
    /// profile's order.
    pub fn to_mend(&self) -> Vec<&Finding> {
        let fails = |id: &str| self.criteria.iter().any(|c| c.id == id && c.verdict == Verdict::Fail);
        let rank = |f: &Finding| match f.need {
            Need::Essential if self.is_of_gate(f) => 0,
            Need::Essential if fails(&f.criterion) => 1,
            _ => 2,
        };
        let gain = |f: &Finding| if f.gain.overall > 0.0 { f.gain.overall } else { f.gain.criterion / 1000.0 };
        let mut open: Vec<&Finding> = self.findings.iter().filter(|f| f.outcome == Outcome::NotMet).collect();
        open.sort_by(|a, b| rank(a).cmp(&rank(b)).then(gain(b).total_cmp(&gain(a))));
        open
    }

    /// What could not be told, in the order of what an answer may gain.
    pub fn to_ask(&self) -> Vec<&Finding> {
        let mut open: Vec<&Finding> = self.findings.iter().filter(|f| f.outcome == Outcome::Unknown).collect();
        open.sort_by(|a, b| b.gain.overall.total_cmp(&a.gain.overall));
        open
    }
}

/// A model that the release derives from, or that one of those does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ancestor {
    /// Hub id or name.
    pub id: String,
    /// The model that names it; absent for one that the release itself names.
    pub of: Option<String>,
    /// Its revision, where pinned.
    pub revision: Option<String>,
    /// Whether a declaration names it; else only text or a configuration does.
    pub declared: bool,
    /// Whether it was looked at.
    pub seen: bool,
    /// Whether it was met before on the way up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
    /// The licenses that it names for itself, as SPDX-like ids or as written.
    pub licenses: Vec<String>,
    /// The datasets that it names for its training.
    pub datasets: u32,
}

/// A component of the release as the report shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReportComponent {
    /// Its id, such as `training-code`.
    pub id: Part,
    /// Its name in the catalogue of the Model Openness Tool.
    pub name: String,
    /// What such a component is.
    pub says: String,
    /// Whether it is there.
    pub outcome: Outcome,
    /// How that is known.
    pub strength: Strength,
    /// Its license: an SPDX expression, or the words of a record.
    pub license: Option<String>,
    /// What the license is taken over from, when it is not its own.
    #[serde(default)]
    pub inherited: Option<String>,
    /// Where it is said to be: paths in the release and addresses.
    pub links: Vec<String>,
}

/// The program that made a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// `ouvert`.
    pub name: String,
    /// Its semantic version.
    pub version: String,
}

impl Tool {
    /// This one.
    pub fn this() -> Tool {
        Tool { name: env!("CARGO_PKG_NAME").into(), version: env!("CARGO_PKG_VERSION").into() }
    }
}

/// The profile that a report was judged by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProfileRef {
    /// Its id.
    pub id: String,
    /// Its semantic version.
    pub version: String,
    /// `sha256:…` of its TOML file.
    pub digest: String,
    /// Its name for a reader.
    #[serde(default)]
    pub title: String,
    /// Its name in French.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title_fr: String,
    /// Its name on a line beside another verdict.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub label: Text,
    /// Words that must stand with its verdict.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub note: Text,
    /// Whether its overall score means nothing to a reader.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub scoreless: bool,
}

/// The level in words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)] // a title and a sentence, in English and French
pub struct LevelText {
    pub title: String,
    pub says: String,
    #[serde(default)]
    pub title_fr: String,
    #[serde(default)]
    pub says_fr: String,
    /// Its place among the profile's levels, 0 for the highest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
    /// The highest level that what is unknown does not rule out, where that is a higher one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub highest: Option<String>,
    /// Its title.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub highest_title: Text,
}

impl LevelText {
    /// The level's name.
    pub fn title(&self, lang: Lang) -> &str {
        pick(lang, &self.title, &self.title_fr)
    }

    /// What the level means.
    pub fn says(&self, lang: Lang) -> &str {
        pick(lang, &self.says, &self.says_fr)
    }
}

/// One criterion, counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Criterion {
    /// Its id.
    pub id: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Points over possible points, 0 to 100.
    pub score: f64,
    /// Rules that are met.
    pub met: u32,
    /// Rules that are not met.
    pub not_met: u32,
    /// Rules that could not be told.
    pub unknown: u32,
    /// Rules that apply: the sum of the three.
    pub total: u32,
    /// Whether it is a gate beside the criteria, outside score and level.
    #[serde(default)]
    pub gate: bool,
    /// Its name.
    #[serde(default)]
    pub title: String,
    /// Its name in French.
    #[serde(default)]
    pub title_fr: String,
    /// Whether its counts are of files, not of rules.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub files: bool,
    /// The profile's own word for the verdict.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub word: Text,
}

impl Criterion {
    /// The word for its verdict: the profile's own, where it has one; a gate's is always the common one.
    pub fn verdict_word(&self, lang: Lang) -> &str {
        let own = self.word.get(lang);
        if own.is_empty() || self.gate { self.verdict.word(lang) } else { own }
    }

    /// Its name in one language.
    pub fn title(&self, lang: Lang) -> &str {
        pick(lang, &self.title, &self.title_fr)
    }
}

/// A file as the report shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReportFile {
    /// Path in the release.
    pub path: String,
    /// Bytes; absent for a missing file.
    pub bytes: Option<u64>,
    /// The computed digest; absent when the file was not hashed.
    pub sha256: Option<Digest>,
    /// How that digest was had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest_by: Option<DigestBy>,
    /// Seconds since it was computed, where that was in an earlier run; of a corrupted file, since its earlier digest was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest_age: Option<u64>,
    /// The digest of an earlier run, of a corrupted file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Checksum>,
    /// The one SHA-256 that is published of it, where the bytes were not hashed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Digest>,
    /// What comparing it with published digests gave.
    pub status: FileStatus,
    /// Where digests of it are published.
    #[serde(default)]
    pub expected_by: Vec<String>,
    /// What it would import when loaded; of a pickle that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imports: Option<ReportImports>,
}

/// What a pickle would import when it is loaded, told from its opcodes; none was run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReportImports {
    /// Dangerous imports, each `module.name`, bounded.
    pub dangerous: Vec<String>,
    /// Imports that are not known here, bounded.
    pub unknown: Vec<String>,
    /// Harmless imports, bounded.
    pub harmless: Vec<String>,
    /// Different imports in all.
    pub total: usize,
    /// Imports whose names are made up while the file loads.
    pub unnamed: usize,
    /// What was not read of the file, and why, in English.
    pub unread: Vec<String>,
}

/// A dataset as the report shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReportDataset {
    /// Hub id, DOI, URL, SWHID, path, or the bare name.
    pub id: String,
    /// What it points at, in one spelling: `hub:ORG/NAME`, `doi:…`, a URL, `swh:1:…`, `path:…`; absent for a bare name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Commit, tag or version that pins it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// The license named for it.
    pub license: Option<String>,
    /// That license as an SPDX-like expression of known ids, where it was made out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// Words of a record of it that restrict its use beside that license, or may.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<Place>,
    /// Whether anyone can fetch it.
    pub access: Access,
    /// The training stage it was used in.
    pub stage: Option<Stage>,
}

/// Whether the run passes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gate {
    /// Whether the exit code is 0.
    pub passed: bool,
    /// Why not, one sentence each.
    pub reasons: Vec<String>,
    /// The same in French.
    #[serde(default)]
    pub reasons_fr: Vec<String>,
}

impl Gate {
    /// A gate that nothing has closed.
    pub fn open() -> Gate {
        Gate { passed: true, reasons: vec![], reasons_fr: vec![] }
    }

    /// Closes the gate for a reason.
    pub fn close(&mut self, reason: Text) {
        self.passed = false;
        self.reasons.push(reason.en);
        self.reasons_fr.push(reason.fr);
    }

    /// Why it is closed.
    pub fn reasons(&self, lang: Lang) -> &[String] {
        if lang == Lang::Fr && self.reasons_fr.len() == self.reasons.len() { &self.reasons_fr } else { &self.reasons }
    }
}

/// Clarifications of a dossier by what became of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Clarifications {
    /// They settled an answer.
    pub used: Vec<Note>,
    /// The file that they were read in has changed or gone.
    pub lapsed: Vec<Note>,
    /// They settled nothing, for the reason given.
    pub unused: Vec<Note>,
}

/// A clarification as the report shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    /// Id of the rule.
    pub rule: String,
    /// The file of the release that it was read in.
    pub file: String,
    /// The reviewer.
    pub by: String,
    /// The day, ISO 8601.
    pub on: String,
    /// Where the reviewer has it from.
    pub source: String,
    /// The reviewer's words.
    pub says: String,
    /// What became of it, in a sentence.
    pub reason: String,
    /// The same in French.
    #[serde(default)]
    pub reason_fr: String,
}

/// Waivers by what became of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Waivers {
    /// They silence a finding.
    pub used: Vec<WaiverNote>,
    /// Nothing needed them.
    pub unused: Vec<WaiverNote>,
    /// They are past their day, and silence nothing.
    pub expired: Vec<WaiverNote>,
    /// They are for other releases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<WaiverNote>,
}

/// A waiver of a policy as the report shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WaiverNote {
    /// Id of the rule.
    pub rule: String,
    /// The releases it is for, as written.
    pub subject: Option<String>,
    /// The files it is for, as written.
    pub path: Option<String>,
    /// Why, in the words of who waived it.
    pub reason: String,
    /// Who answers for it.
    pub by: String,
    /// Its last day, ISO 8601.
    pub until: String,
    /// What became of it, in a sentence.
    pub says: String,
    /// The same in French.
    #[serde(default)]
    pub says_fr: String,
}
