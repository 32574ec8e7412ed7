//! What one release comes to: a line that opens as a row of a table.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Failure, SCHEMA};
use crate::evidence::{Access, FileStatus, SubjectKind, excerpt_of, id_of};
use crate::finding::{Need, Outcome};
use crate::report::Report;

/// One release as a line of JSON: flat, so that a table of them opens anywhere. Of a release that could not be audited only
/// `target`, `failure` and `failure_kind` tell something.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Shape of this value, [`SCHEMA`].
    pub schema: u32,
    /// The release as the list names it.
    pub target: String,
    /// What it calls itself.
    pub name: Option<String>,
    /// Whose it is: the first part of its hub id.
    pub organisation: Option<String>,
    /// `model` or `dataset`.
    pub kind: Option<SubjectKind>,
    /// The commit that was audited.
    pub revision: Option<String>,
    /// Its semantic version.
    pub version: Option<String>,
    /// When its repository was made, RFC 3339, where the hub tells.
    pub created: Option<String>,
    /// Id of the level reached.
    pub level: Option<String>,
    /// The level's place among the profile's, 0 for the highest.
    pub level_rank: Option<u32>,
    /// The overall score, 0 to 100; absent for a profile that gives none.
    pub score: Option<f64>,
    /// Of each criterion, by its id, with `-` as `_`: `license_verdict`, `license_score` and so on.
    #[serde(flatten)]
    pub criteria: BTreeMap<String, Cell>,
    /// Essential and required rules that are not met, by id.
    pub not_met: Vec<String>,
    /// Essential and required rules that could not be told, by id.
    pub unknown: Vec<String>,
    /// The licenses that it names for itself.
    pub licenses: Vec<String>,
    /// The models that it derives from.
    pub bases: Vec<String>,
    /// Training datasets that it names.
    pub datasets: Option<u64>,
    /// Those that anyone can fetch, or that lie in the release.
    pub datasets_public: Option<u64>,
    /// Its files.
    pub files: Option<u64>,
    /// Bytes of all that are there.
    pub bytes: Option<u64>,
    /// Files whose bytes differ from a digest published of them, or that are missing.
    pub files_broken: Option<u64>,
    /// What could not be seen.
    pub gaps: Option<u64>,
    /// `sha256:…` over the list of files, where they were hashed.
    pub files_digest: Option<String>,
    /// `sha256:…` of the evidence judged.
    pub evidence_digest: Option<String>,
    /// The profile: `ID@VERSION`.
    pub profile: Option<String>,
    /// When the run began, RFC 3339 in UTC.
    pub audited_at: Option<String>,
    /// Why it could not be audited, in English.
    pub failure: Option<String>,
    /// The same for a program.
    pub failure_kind: Option<String>,
}

/// A value of a column that depends on the profile.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// A count.
    Count(u64),
    /// A score.
    Score(f64),
    /// A verdict.
    Word(String),
}

impl<'de> Deserialize<'de> for Cell {
    // What serde derives tries one kind after the other, and makes an error of each that is not it: half the time of a large merge.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Cell, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl serde::de::Visitor<'_> for CellVisitor {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a count, a score or a verdict")
    }

    fn visit_u64<E>(self, n: u64) -> Result<Cell, E> {
        Ok(Cell::Count(n))
    }

    fn visit_f64<E>(self, n: f64) -> Result<Cell, E> {
        Ok(Cell::Score(n))
    }

    fn visit_str<E>(self, word: &str) -> Result<Cell, E> {
        Ok(Cell::Word(word.to_owned()))
    }

    fn visit_string<E>(self, word: String) -> Result<Cell, E> {
        Ok(Cell::Word(word))
    }
}

/// The five columns of a criterion, behind its id.
pub const OF_CRITERION: [&str; 5] = ["verdict", "score", "met", "not_met", "unknown"];
/// The words of a verdict, in the order in which they are counted.
pub const VERDICTS: [&str; 4] = ["pass", "partial", "fail", "unknown"];

impl Row {
    /// The row of a report; `created` is the hub's word.
    pub fn of(target: &str, report: &Report, created: Option<&str>) -> Row {
        let subject = &report.subject;
        let mut criteria = BTreeMap::new();
        for c in &report.criteria {
            let id = c.id.replace('-', "_");
            let values = [
                Cell::Word(id_of(c.verdict)),
                Cell::Score(c.score),
                Cell::Count(c.met.into()),
                Cell::Count(c.not_met.into()),
                Cell::Count(c.unknown.into()),
            ];
            criteria.extend(OF_CRITERION.iter().zip(values).map(|(part, value)| (format!("{id}_{part}"), value)));
        }
        let of = |wanted: Outcome| -> Vec<String> {
            let weighs = |need| need != Need::Recommended;
            let all = report.findings.iter().filter(|f| f.outcome == wanted && weighs(f.need));
            all.map(|f| f.rule.clone()).collect()
        };
        let broken = |status| matches!(status, FileStatus::Mismatched | FileStatus::Missing | FileStatus::Corrupted);
        let public = report.datasets.iter().filter(|d| matches!(d.access, Access::Public | Access::Included)).count();
        let organisation = subject.hub_id.as_deref().or_else(|| target.strip_prefix("hf:"));
        let organisation = organisation.map(|id| id.trim_start_matches("datasets/"));
        Row {
            schema: SCHEMA,
            target: target.to_owned(),
            name: Some(excerpt_of(&subject.name)),
            organisation: organisation.and_then(|id| id.split_once('/')).map(|(owner, _)| excerpt_of(owner)),
            kind: Some(subject.kind),
            revision: subject.revision.clone(),
            version: subject.version.clone(),
            created: created.map(excerpt_of),
            level: Some(report.level.clone()),
            level_rank: report.verdict.rank,
            score: (!report.profile.scoreless).then_some(report.score),
            criteria,
            not_met: of(Outcome::NotMet),
            unknown: of(Outcome::Unknown),
            licenses: report.licenses.iter().map(|l| excerpt_of(l)).collect(),
            bases: report.bases.iter().map(|b| excerpt_of(b)).collect(),
            datasets: Some(report.datasets.len() as u64),
            datasets_public: Some(public as u64),
            files: Some(report.files.iter().filter(|f| f.bytes.is_some()).count() as u64),
            bytes: Some(report.files.iter().filter_map(|f| f.bytes).fold(0, u64::saturating_add)),
            files_broken: Some(report.files.iter().filter(|f| broken(f.status)).count() as u64),
            gaps: Some(report.gaps.len() as u64),
            files_digest: subject.files_digest.clone(),
            evidence_digest: report.evidence_digest.clone(),
            profile: Some(format!("{}@{}", report.profile.id, report.profile.version)),
            audited_at: Some(report.audited_at.clone()),
            failure: None,
            failure_kind: None,
        }
    }
}

impl From<Failure> for Row {
    fn from(failed: Failure) -> Row {
        let Failure { target, failure, kind } = failed;
        Row { schema: SCHEMA, target, failure: Some(failure), failure_kind: Some(kind), ..Row::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_reads_back_and_is_flat() {
        let criteria = BTreeMap::from([
            ("license_verdict".to_owned(), Cell::Word("pass".into())),
            ("license_score".to_owned(), Cell::Score(99.5)),
            ("license_met".to_owned(), Cell::Count(7)),
        ]);
        let row = Row { schema: SCHEMA, target: "hf:a/b".into(), criteria, ..Row::default() };
        let text = serde_json::to_string(&row).unwrap();
        assert!(
            text.contains(r#""license_score":99.5"#) && text.starts_with(r#"{"schema":1,"target":"hf:a/b""#),
            "{text}"
        );
        assert_eq!(serde_json::from_str::<Row>(&text).unwrap(), row);
        let failure = Failure { target: "x".into(), failure: "gone".into(), kind: "not-found".into() };
        assert_eq!(Row::from(failure).failure.as_deref(), Some("gone"));
    }
}
