//! `--shard`: which part of a run this process does, as said, or as the engine tells that runs it as one task of many.

use std::path::Path;

use clap::Args;
use ouvert::error::Error;
use ouvert::ledger;
use ouvert::survey::{MOST_SHARDS, RUN, Shard};
use ouvert::words::shards::Shards as Word;

use super::usage::Mistake;

#[derive(Args, Clone, Copy, Debug, Default)]
pub(super) struct ShardArgs {
    /// Do part K of N, K from 1; `auto` takes K from the engine that runs the job (Slurm, Kubernetes, AWS Batch, GitLab, or
    /// OUVERT_SHARD_INDEX, from 0) and N from auto/N, from what the folder was begun with, or from AWS Batch and GitLab
    #[arg(long, value_name = "K/N|auto[/N]", value_parser = parse)]
    shard: Option<Asked>,
    /// With --shard auto, what to add to the engine's index, where a cluster bounds it; OUVERT_SHARD_OFFSET does the same
    #[arg(long, value_name = "N", requires = "shard")]
    shard_offset: Option<u32>,
}

/// A part as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// This one.
    Of(Shard),
    /// The one that an engine tells, of so many.
    Auto { of: Option<u32> },
}

/// Where an engine tells which task of many this is. Slurm's and Kubernetes' tell of how many nowhere: `SLURM_ARRAY_TASK_COUNT`
/// counts the tasks that were submitted together, and a retry submits fewer.
struct Engine {
    index: &'static str,
    /// The index of the first task.
    first: u32,
    /// Of how many, where that is of the whole.
    total: Option<&'static str>,
}

/// Set by hand: it goes before every engine's.
const BY_HAND: Engine = Engine { index: "OUVERT_SHARD_INDEX", first: 0, total: None };
const ENGINES: [Engine; 4] = [
    Engine { index: "SLURM_ARRAY_TASK_ID", first: 0, total: None },
    Engine { index: "JOB_COMPLETION_INDEX", first: 0, total: None },
    Engine { index: "AWS_BATCH_JOB_ARRAY_INDEX", first: 0, total: Some("AWS_BATCH_JOB_ARRAY_SIZE") },
    Engine { index: "CI_NODE_INDEX", first: 1, total: Some("CI_NODE_TOTAL") },
];
const OFFSET: &str = "OUVERT_SHARD_OFFSET";

impl ShardArgs {
    /// Whether a part is asked for, not the whole.
    pub(super) fn is_asked(self) -> bool {
        self.shard.is_some()
    }

    /// The part to do of the run that `folder` holds or is to hold.
    pub(super) fn of(self, folder: &Path) -> Result<Shard, Error> {
        let begun = matches!(self.shard, Some(Asked::Auto { of: None })) && folder.join(RUN).exists();
        let begun = begun.then(|| ledger::read_run(folder)).transpose()?;
        self.resolve(begun.map(|run| run.shards), &|name| std::env::var(name).ok())
    }

    /// As [`ShardArgs::of`], where the run was begun in so many parts, and the environment is as `get` tells.
    fn resolve(self, begun: Option<u32>, get: &dyn Fn(&str) -> Option<String>) -> Result<Shard, Error> {
        let of = match self.shard {
            None => return Ok(Shard::WHOLE),
            Some(Asked::Of(_)) if self.shard_offset.is_some() => return Err(told(Word::OffsetAlone, &[])),
            Some(Asked::Of(shard)) => return Ok(shard),
            Some(Asked::Auto { of }) => of.or(begun),
        };
        let engine = engine(get)?;
        let index = number(engine.index, get)?.unwrap_or_default();
        let offset = self.shard_offset.map_or_else(|| number(OFFSET, get), |n| Ok(Some(n)))?.unwrap_or(0);
        let total = match (of, engine.total) {
            (Some(n), _) => Some(n),
            (None, Some(name)) => number(name, get)?,
            (None, None) => None,
        };
        let Some(n) = total else { return Err(told(Word::NoTotal, &[("name", &engine.index)])) };
        let k = index.checked_sub(engine.first).and_then(|at| at.checked_add(offset)?.checked_add(1));
        k.and_then(|k| Shard::new(k, n)).ok_or_else(|| {
            told(Word::Beyond, &[("name", &engine.index), ("index", &index), ("offset", &offset), ("n", &n)])
        })
    }
}

/// The one engine that tells an index. Which of two runs the other cannot be told, and a wrong guess does one part twice.
fn engine(get: &dyn Fn(&str) -> Option<String>) -> Result<&'static Engine, Error> {
    if get(BY_HAND.index).is_some() {
        return Ok(&BY_HAND);
    }
    let found: Vec<&Engine> = ENGINES.iter().filter(|e| get(e.index).is_some()).collect();
    let names = |engines: &[&Engine]| engines.iter().map(|e| e.index).collect::<Vec<_>>().join(", ");
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(told(Word::NoEngine, &[("list", &names(&ENGINES.iter().collect::<Vec<_>>()))])),
        several => Err(told(Word::Engines, &[("list", &names(several)), ("name", &BY_HAND.index)])),
    }
}

/// The number that a variable holds.
fn number(name: &'static str, get: &dyn Fn(&str) -> Option<String>) -> Result<Option<u32>, Error> {
    let Some(text) = get(name) else { return Ok(None) };
    match text.trim().parse() {
        Ok(n) => Ok(Some(n)),
        Err(_) => {
            let value: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
            Err(told(Word::NoNumber, &[("name", &name), ("value", &value)]))
        }
    }
}

fn told(word: Word, values: &[(&str, &dyn std::fmt::Display)]) -> Error {
    Error::Usage(word.text(values))
}

/// Parses the value of `--shard`.
fn parse(text: &str) -> Result<Asked, Mistake> {
    let read = match text.strip_prefix("auto") {
        Some("") => Some(Asked::Auto { of: None }),
        Some(rest) => {
            let n = rest.strip_prefix('/').and_then(|n| n.parse().ok()).filter(|n| Shard::new(1, *n).is_some());
            n.map(|n| Asked::Auto { of: Some(n) })
        }
        None => text.parse().ok().map(Asked::Of),
    };
    read.ok_or_else(|| Mistake(Word::Form.text(&[("n", &MOST_SHARDS)])))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `--shard VALUE [--shard-offset N]` comes to in an environment.
    fn shard(
        value: &str,
        offset: Option<u32>,
        begun: Option<u32>,
        environment: &[(&str, &str)],
    ) -> Result<String, String> {
        let asked = parse(value).map_err(|e| e.to_string())?;
        let get = |name: &str| environment.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        let args = ShardArgs { shard: Some(asked), shard_offset: offset };
        args.resolve(begun, &get).map(|s| s.to_string()).map_err(|e| e.to_string())
    }

    #[test]
    fn a_part_is_said_or_taken_from_the_one_engine_that_tells_it() {
        let slurm = [("SLURM_ARRAY_TASK_ID", "2"), ("SLURM_ARRAY_TASK_COUNT", "1")];
        let aws = [("AWS_BATCH_JOB_ARRAY_INDEX", "2"), ("AWS_BATCH_JOB_ARRAY_SIZE", "16")];
        let gitlab = [("CI_NODE_INDEX", "2"), ("CI_NODE_TOTAL", "5")];
        for (value, begun, environment, wanted) in [
            ("3/16", None, &slurm[..], "3/16"),
            ("auto/16", None, &slurm, "3/16"),
            ("auto/16", Some(4), &slurm, "3/16"),
            ("auto", Some(4), &slurm, "3/4"),
            ("auto", Some(4), &[("JOB_COMPLETION_INDEX", "0")], "1/4"),
            ("auto", None, &aws, "3/16"),
            ("auto", Some(8), &aws, "3/8"),
            ("auto", None, &gitlab, "2/5"),
            ("auto/7", None, &[&slurm[..], &[("OUVERT_SHARD_INDEX", "6")]].concat(), "7/7"),
            ("auto/3000", None, &[&slurm[..], &[("OUVERT_SHARD_OFFSET", "2000")]].concat(), "2003/3000"),
        ] {
            assert_eq!(shard(value, None, begun, environment).as_deref(), Ok(wanted), "{value} {environment:?}");
        }
        assert_eq!(shard("auto/3000", Some(1000), None, &slurm).as_deref(), Ok("1003/3000"));
        assert_eq!(ShardArgs::default().resolve(Some(4), &|_| None).unwrap(), Shard::WHOLE);
    }

    #[test]
    fn nothing_is_guessed() {
        let slurm = ("SLURM_ARRAY_TASK_ID", "2");
        for (value, offset, environment, wanted) in [
            ("auto", None, &[slurm, ("SLURM_ARRAY_TASK_COUNT", "4")][..], "`--shard auto/N`"),
            ("auto", None, &[("AWS_BATCH_JOB_ARRAY_INDEX", "0")], "`--shard auto/N`"),
            ("auto/4", None, &[], "is set"),
            ("auto/4", None, &[slurm, ("CI_NODE_INDEX", "2")], "SLURM_ARRAY_TASK_ID, CI_NODE_INDEX"),
            ("auto/2", None, &[slurm], "of 2"),
            ("auto/4", Some(2), &[slurm], "of 4"),
            ("auto/4", Some(u32::MAX), &[slurm], "of 4"),
            ("auto/4", None, &[("CI_NODE_INDEX", "0")], "of 4"),
            ("auto/4", None, &[("SLURM_ARRAY_TASK_ID", "x\u{1b}")], "`x`"),
            ("auto/4", None, &[slurm, ("OUVERT_SHARD_OFFSET", "-1")], "`-1`"),
            ("1/4", Some(1), &[slurm], "--shard-offset"),
            ("auto", None, &[("CI_NODE_INDEX", "1"), ("CI_NODE_TOTAL", "0")], "of 0"),
        ] {
            let error = shard(value, offset, None, environment).unwrap_err();
            assert!(error.contains(wanted), "{value} {environment:?}: {error}");
        }
        for bad in ["", "auto/", "auto/0", "auto/100001", "automatic", "auto/3/4", "0/3", "4/3", "AUTO"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
