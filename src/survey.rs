//! Many releases: the row that one of them comes to, the part of a list that one process takes, and what is written down so that
//! parts fit together again. It knows no disk, no network and no clock.
//!
//! A survey writes a folder: `run.json` fixes what is surveyed and how ([`Run`]); each shard appends to files of its own
//! ([`Shard::file`]), `rows` ([`Row`]), `failed` ([`Failure`]) or `evidence` ([`Saved`]), one JSON value a line, and ends with a
//! `done` file ([`Done`]).

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::certificate::Rules;
use crate::digest::Digest;
use crate::error::Error;
use crate::evidence::{Access, Evidence, FileStatus, GapKind, SubjectKind, excerpt_of, id_of};
use crate::finding::Outcome;
use crate::report::{Report, Tool};

/// Version of the shapes that a survey writes; fields are added, never renamed.
pub const SCHEMA: u32 = 1;
/// The file that fixes a run.
pub const RUN: &str = "run.json";
/// Shards of a run at most.
pub const MOST_SHARDS: u32 = 100_000;

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
            let weighs = |need| need != crate::finding::Need::Recommended;
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

/// A release that could not be audited, as a line of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The release as the list names it.
    pub target: String,
    /// Why not, in English.
    pub failure: String,
    /// The same for a program: `list`, `not-found`, `network` and so on.
    pub kind: String,
}

impl Failure {
    /// Of an error.
    pub fn of(target: &str, error: &Error) -> Failure {
        let kind = match error {
            Error::Network { fault, .. } => id_of(GapKind::of(fault.kind)),
            Error::NotFound(_) | Error::NoFile { .. } => "not-found".into(),
            Error::NotCached { .. } => "not-cached".into(),
            Error::NotADirectory(_) | Error::NotARecord { .. } | Error::NotAReport { .. } => "no-release".into(),
            Error::Empty(_) => "empty".into(),
            Error::TooManyFiles { .. } => "too-many".into(),
            Error::Read { .. } => "unreadable".into(),
            Error::Malformed { .. } => "malformed".into(),
            _ => "other".into(),
        };
        Failure { target: target.to_owned(), failure: excerpt_of(&error.to_string()), kind }
    }
}

/// The evidence of a release, as a line of JSON; `target` stands first, so that a reader may pass over the rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// The release as the list names it.
    pub target: String,
    /// What was found.
    pub evidence: Evidence,
}

/// A part of a run: shard `k` of `n`, from 1. Written `K/N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    k: u32,
    n: u32,
}

impl Shard {
    /// All of a run.
    pub const WHOLE: Shard = Shard { k: 1, n: 1 };

    /// Shard `k` of `n`; `None` unless `1 ≤ k ≤ n ≤` [`MOST_SHARDS`].
    pub fn new(k: u32, n: u32) -> Option<Shard> {
        (1 <= k && k <= n && n <= MOST_SHARDS).then_some(Shard { k, n })
    }

    /// Which one, from 1.
    pub fn k(self) -> u32 {
        self.k
    }

    /// Of how many.
    pub fn n(self) -> u32 {
        self.n
    }

    /// Whether a release belongs to it: by the first 64 bits of the SHA-256 of its name, modulo `n`, so that none moves when others
    /// come or go.
    pub fn holds(self, target: &str) -> bool {
        let digest = Digest::of(target.as_bytes());
        let first = digest.hex().get(..16).and_then(|hex| u64::from_str_radix(hex, 16).ok());
        first.is_some_and(|first| first % u64::from(self.n) == u64::from(self.k - 1))
    }

    /// The name of a file of it: `rows-03-of-16.jsonl`, digits as many as `n` has.
    pub fn file(self, what: Part) -> String {
        let digits = self.n.to_string().len();
        format!("{}-{:0digits$}-of-{}.{}", what.name(), self.k, self.n, what.extension())
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.k, self.n)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let parts = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        parts.and_then(|(k, n)| Shard::new(k, n)).ok_or_else(|| text.to_owned())
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> Result<Shard, String> {
        text.parse()
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> String {
        shard.to_string()
    }
}

/// The files of a shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// [`Row`]s.
    Rows,
    /// [`Saved`] evidence.
    Evidence,
    /// Digests of the files of one release.
    Files,
    /// [`Failure`]s.
    Failed,
    /// [`Done`].
    Done,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Part::Rows => "rows",
            Part::Evidence => "evidence",
            Part::Files => "files",
            Part::Failed => "failed",
            Part::Done => "done",
        }
    }

    fn extension(self) -> &'static str {
        if self == Part::Done { "json" } else { "jsonl" }
    }
}

/// What a run does with each item of its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// Audits a release, or judges its evidence: a row each.
    Survey,
    /// Collects the evidence of a release and judges nothing.
    Collect,
    /// Hashes a file of one release.
    Verify,
}

impl Work {
    /// The file that holds what it gives.
    pub fn part(self) -> Part {
        match self {
            Work::Survey => Part::Rows,
            Work::Collect => Part::Evidence,
            Work::Verify => Part::Files,
        }
    }
}

/// What is surveyed and how, fixed when the first shard starts; a later one that differs is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Shape of this value, [`SCHEMA`].
    pub schema: u32,
    /// By which program.
    pub tool: RunTool,
    /// What is done.
    pub work: Work,
    /// With what.
    pub list: List,
    /// In how many parts.
    pub shards: u32,
    /// By which rules; absent where nothing is judged.
    pub profile: Option<Rules>,
    /// Everything else that changes what is found, by the name of its flag.
    pub settings: BTreeMap<String, String>,
    /// When the first shard started, RFC 3339 in UTC: the date of every row.
    pub started: String,
}

/// The program of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunTool {
    /// `ouvert`.
    pub name: String,
    /// Its semantic version.
    pub version: String,
}

impl From<Tool> for RunTool {
    fn from(tool: Tool) -> RunTool {
        RunTool { name: tool.name, version: tool.version }
    }
}

/// A list by its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// `sha256:…` over its items, a line each, in their order.
    pub digest: String,
    /// Items, each once.
    pub items: u64,
}

impl Run {
    /// The first thing in which another run differs, by its name here, with both values; the moment of its start aside.
    pub fn differs(&self, other: &Run) -> Option<(&'static str, String, String)> {
        let text = |run: &Run, key: &str| serde_json::to_value(run).ok().and_then(|v| v.get(key).cloned());
        ["schema", "tool", "work", "list", "shards", "profile", "settings"].into_iter().find_map(|key| {
            let (a, b) = (text(self, key)?, text(other, key)?);
            (a != b).then(|| (key, a.to_string(), b.to_string()))
        })
    }

    /// Its shards, in order.
    pub fn all_shards(&self) -> impl Iterator<Item = Shard> {
        let n = self.shards;
        (1..=n).map_while(move |k| Shard::new(k, n))
    }

    /// `sha256:…` of all that [`Run::differs`] compares: equal for parts of one run.
    pub fn id(&self) -> String {
        let same = Run { started: String::new(), ..self.clone() };
        Digest::of(&serde_json::to_vec(&same).unwrap_or_default()).tagged()
    }
}

/// A shard that came to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Shape of this value, [`SCHEMA`].
    pub schema: u32,
    /// Which one.
    pub shard: Shard,
    /// [`Run::id`] of its run.
    pub run: String,
    /// Lines of its result.
    pub lines: u64,
    /// Bytes of its result.
    pub bytes: u64,
    /// `sha256:…` of its result.
    pub digest: String,
    /// Items that failed, each told in the `failed` file.
    pub failed: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_written_from_one_and_hold_every_name_once() {
        for bad in ["", "1", "0/3", "4/3", "1/0", "-1/3", "1/3/5", "a/b", "1/100001", "99999999999/99999999999"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
        let shard: Shard = "3/16".parse().unwrap();
        assert_eq!((shard.k(), shard.n(), shard.to_string().as_str()), (3, 16, "3/16"));
        assert_eq!(shard.file(Part::Rows), "rows-03-of-16.jsonl");
        assert_eq!(Shard::WHOLE.file(Part::Done), "done-1-of-1.json");
        let mut counts = [0; 7];
        for i in 0..7_000 {
            let name = format!("hf:org/model-{i}");
            let of: Vec<u32> = (1..=7).filter(|k| Shard::new(*k, 7).unwrap().holds(&name)).collect();
            assert_eq!(of.len(), 1, "{name}");
            counts[of[0] as usize - 1] += 1;
        }
        assert!(counts.iter().all(|n| (850..1150).contains(n)), "{counts:?}");
        // The first 64 bits of `printf %s hf:a/b | sha256sum`.
        let first = 0x5c4b_addb_7f92_a156_u64;
        assert!(Shard::new(u32::try_from(first % 1000).unwrap() + 1, 1000).unwrap().holds("hf:a/b"));
    }

    fn run() -> Run {
        Run {
            schema: SCHEMA,
            tool: RunTool { name: "ouvert".into(), version: "0.1.0".into() },
            work: Work::Survey,
            list: List { digest: "sha256:0".into(), items: 3 },
            shards: 2,
            profile: None,
            settings: BTreeMap::from([("offline".into(), "true".into())]),
            started: "2026-01-31T12:00:00Z".into(),
        }
    }

    #[test]
    fn what_differs_between_two_runs_is_named_and_their_start_is_not() {
        let later = Run { started: "2026-02-01T00:00:00Z".into(), ..run() };
        assert_eq!((run().differs(&later), run().id()), (None, later.id()));
        let other = Run { shards: 3, ..run() };
        assert_eq!(run().differs(&other), Some(("shards", "2".into(), "3".into())));
        assert_ne!(run().id(), other.id());
        let judged = Rules { id: "mof".into(), version: "1.0.0".into(), digest: "sha256:1".into() };
        assert_eq!(run().differs(&Run { profile: Some(judged), ..run() }).unwrap().0, "profile");
    }

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
