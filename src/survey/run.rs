//! A run over many releases: its parts, and what fixes it and tells that a part ended.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::certificate::Rules;
use crate::digest::Digest;
use crate::report::Tool;

/// Shards of a run at most.
pub const MOST_SHARDS: u32 = 100_000;

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
    /// [`Row`](super::Row)s.
    Rows,
    /// [`Saved`](super::Saved) evidence.
    Evidence,
    /// Digests of the files of one release.
    Files,
    /// [`Failure`](super::Failure)s.
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
    /// Shape of this value, [`SCHEMA`](super::SCHEMA).
    pub schema: u32,
    /// By which program.
    pub tool: Tool,
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
    /// Shape of this value, [`SCHEMA`](super::SCHEMA).
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

/// A run of a test.
#[cfg(test)]
pub(crate) fn sample(shards: u32, items: u64) -> Run {
    Run {
        schema: super::SCHEMA,
        tool: Tool { name: "ouvert".into(), version: "0.1.0".into() },
        work: Work::Survey,
        list: List { digest: "sha256:0".into(), items },
        shards,
        profile: None,
        settings: BTreeMap::new(),
        started: "2026-01-31T12:00:00Z".into(),
    }
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
        Run { settings: BTreeMap::from([("offline".into(), "true".into())]), ..sample(2, 3) }
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
}
