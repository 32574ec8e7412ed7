//! One huge release whose files several processes hash: which process hashes which, and what they hashed put in the place of a read.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::{Read, Task};
use crate::digest::{Cut, Kind, Reading, Sum, Wanted};
use crate::error::Error;
use crate::evidence::Joined;
use crate::survey::{List, Shard};
use crate::words::shards::Shards as Word;

/// What opening a file counts, in bytes: the empty ones of a release are not all one shard's either.
const OPENING: u64 = 64 * 1024;

/// The files of a release by their paths, bytes and times of change, as a run fixes them.
pub fn list(tasks: &[Task]) -> List {
    let mut sum = Sum::default();
    for task in tasks {
        // A path may hold a line's end; in JSON none does.
        let line = serde_json::to_string(&(&task.path, task.bytes, task.modified)).unwrap_or_default();
        sum.add(line.as_bytes());
        sum.add(b"\n");
    }
    List { digest: sum.end().tagged(), items: tasks.len() as u64 }
}

/// The files that a shard hashes: the largest go first, each to the shard that has the least so far, of several such to the first.
pub fn share(tasks: &[Task], shard: Shard) -> Vec<&Task> {
    let sizes: Vec<u64> = tasks.iter().map(|task| task.bytes).collect();
    let mine = |(task, k): (_, u32)| (k == shard.k()).then_some(task);
    tasks.iter().zip(shares(&sizes, shard.n())).filter_map(mine).collect()
}

/// The shard, from 1, of each file by its bytes.
fn shares(sizes: &[u64], n: u32) -> Vec<u32> {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    let bytes = |at: usize| sizes.get(at).copied().unwrap_or_default();
    order.sort_by_key(|at| (Reverse(bytes(*at)), *at));
    let mut least: BinaryHeap<Reverse<(u64, u32)>> = (1..=n).map(|k| Reverse((0, k))).collect();
    let mut out = vec![0; sizes.len()];
    for at in order {
        let (Some(mut first), Some(place)) = (least.peek_mut(), out.get_mut(at)) else { continue };
        let Reverse((load, k)) = *first;
        *place = k;
        *first = Reverse((load.saturating_add(bytes(at)).saturating_add(OPENING), k));
    }
    out
}

/// Refuses files of which nothing tells whether they change between two processes.
///
/// # Errors
/// [`Error::Usage`] that names one.
pub(super) fn dated(tasks: &[Task]) -> Result<(), Error> {
    match tasks.iter().find(|task| task.modified.is_none()) {
        Some(task) => Err(Error::Usage(Word::Undated.text(&[("path", &task.path)]))),
        None => Ok(()),
    }
}

/// Refuses what was hashed of other files than those that are there now.
///
/// # Errors
/// [`Error::OtherRun`] that names a file.
pub(super) fn check(tasks: &[Task], joined: &Joined) -> Result<(), Error> {
    dated(tasks)?;
    for task in tasks {
        match joined.hashed.get(&task.path) {
            Some(hashed) if (hashed.reading.bytes, hashed.modified) != (task.bytes, task.modified) => {
                return Err(other(Word::Changed, &task.path));
            }
            Some(hashed) if !fits(&hashed.reading, &task.wanted) => return Err(other(Word::OtherDigests, &task.path)),
            None if !joined.unread.contains_key(&task.path) => return Err(other(Word::NotHashed, &task.path)),
            _ => {}
        }
    }
    let here: BTreeSet<&str> = tasks.iter().map(|task| task.path.as_str()).collect();
    let gone = joined.hashed.keys().chain(joined.unread.keys()).find(|path| !here.contains(path.as_str()));
    if let Some(path) = gone {
        return Err(other(Word::Gone, path));
    }
    // What could not be read has no time of its own to compare.
    match list(tasks).digest == joined.list {
        true => Ok(()),
        false => Err(Error::OtherRun(Word::ListChanged.text(&[]))),
    }
}

/// What was hashed of a file; of one that passed [`check`] there always is something.
pub(super) fn hashed(task: &Task, joined: &Joined) -> Read {
    match (joined.hashed.get(&task.path), joined.unread.get(&task.path)) {
        (Some(hashed), _) => Ok(hashed.reading.clone()),
        (None, unread) => Err(unread.cloned().unwrap_or_default()),
    }
}

/// Whether a read gave what is wanted, no more and no less.
fn fits(reading: &Reading, wanted: &Wanted) -> bool {
    let kinds: BTreeSet<Kind> = reading.others.iter().map(|c| c.kind).collect();
    let asked: BTreeSet<Kind> = wanted.kinds.iter().copied().filter(|kind| *kind != Kind::Sha256).collect();
    let pieces: BTreeSet<(u64, u64, Kind)> = reading.pieces.iter().map(|p| (p.start, p.end, p.checksum.kind)).collect();
    let of = |cut: &Cut| {
        let starts = std::iter::once(0).chain(cut.ends.iter().copied());
        let kind = cut.kind;
        let all: Vec<_> = starts.zip(cut.ends.iter().copied()).map(|(start, end)| (start, end, kind)).collect();
        all.into_iter().filter(|(_, end, _)| *end <= reading.bytes)
    };
    kinds == asked && pieces == wanted.cuts.iter().flat_map(of).collect()
}

fn other(word: Word, path: &str) -> Error {
    Error::OtherRun(word.text(&[("path", &path)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loads(sizes: &[u64], shares: &[u32], n: usize) -> Vec<u64> {
        let mut out = vec![0; n];
        sizes.iter().zip(shares).for_each(|(size, k)| out[*k as usize - 1] += size + OPENING);
        out
    }

    #[test]
    fn the_largest_goes_to_the_shard_that_has_least() {
        let mega = |n: u64| n * 1024 * 1024;
        let sizes = [mega(1), mega(9), mega(5), mega(5), mega(4), mega(1)];
        assert_eq!(shares(&sizes, 1), [1; 6]);
        assert_eq!(shares(&sizes, 2), [2, 1, 2, 2, 1, 2]);
        assert_eq!(shares(&sizes, 3), [3, 1, 2, 3, 2, 3]);
        // More shards than files, no bytes at all, no file, and many bytes.
        assert_eq!(shares(&sizes[..2], 4), [2, 1]);
        assert_eq!(shares(&[0; 6], 3), [1, 2, 3, 1, 2, 3]);
        assert!(shares(&[], 3).is_empty());
        assert_eq!(shares(&[u64::MAX / 4; 4], 2), [1, 2, 1, 2]);
    }

    #[test]
    fn no_shard_has_more_than_another_by_more_than_one_file() {
        let sizes: Vec<u64> =
            (0..100_000_u64).map(|i| i.wrapping_mul(2_654_435_761) % 5_000_000_000 / (1 + i % 97)).collect();
        for n in [2_usize, 7, 1000] {
            let shares = shares(&sizes, u32::try_from(n).unwrap());
            let loads = loads(&sizes, &shares, n);
            let (least, most) = (loads.iter().min().unwrap(), loads.iter().max().unwrap());
            assert!(most - least <= sizes.iter().max().unwrap() + OPENING, "{n}: {least} {most}");
            // A bound on what greed costs: R. L. Graham, "Bounds on multiprocessing timing anomalies", 1969.
            let mean = loads.iter().sum::<u64>() / n as u64;
            assert!(*most as f64 <= 4.0 / 3.0 * (mean.max(sizes.iter().max().unwrap() + OPENING)) as f64, "{n}");
        }
    }

    #[test]
    fn what_may_change_unseen_is_not_shared_out() {
        let task = |modified| Task { path: "a".into(), bytes: 1, modified, at: 0, wanted: Wanted::default() };
        assert!(dated(&[task(Some(0))]).is_ok());
        let undated = [task(Some(0)), task(None)];
        assert!(dated(&undated).unwrap_err().to_string().starts_with("a: nothing tells when"));
        assert!(check(&undated, &Joined { list: list(&undated).digest, ..Joined::default() }).is_err());
    }

    #[test]
    fn a_list_is_that_of_paths_bytes_and_times() {
        let task =
            |path: &str, bytes, modified| Task { path: path.into(), bytes, modified, at: 0, wanted: Wanted::default() };
        let digest = |tasks: &[Task]| list(tasks).digest;
        let one = [task("a", 1, Some(2)), task("b", 3, None)];
        assert_eq!((list(&one).items, digest(&one)), (2, digest(&one.clone())));
        for other in [
            vec![task("a", 1, Some(2))],
            vec![task("a", 1, Some(3)), task("b", 3, None)],
            vec![task("a", 2, Some(2)), task("b", 3, None)],
            vec![task("a", 1, Some(2)), task("b", 3, Some(0))],
            vec![task("b", 3, None), task("a", 1, Some(2))],
        ] {
            assert_ne!(digest(&one), digest(&other));
        }
        assert_ne!(digest(&[task("a\n", 1, None)]), digest(&[task("a", 1, None)]));
    }
}
