//! Hashing: every file is read once, for its SHA-256 and for every kind of digest that somebody published for it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::{Options, Progress, Release};
use crate::digest::{self, Cut, Kind, Pace, Reading, Wanted};
use crate::evidence::{FileFact, FileStatus, Format, Gap, GapKind, Topic};
use crate::source;
use crate::words::Text;

/// Bytes from which reading ahead is worth a thread.
const BIG: u64 = 64 * 1024 * 1024;

/// What a read gave, or why it gave nothing.
type Hashed = Result<Reading, (GapKind, Text)>;

/// Hashes every file that is there, the largest first so that the last one does not run alone.
pub(super) fn hash(release: &mut Release<'_>, options: &Options<'_>) {
    let mut queue: Vec<(usize, u64)> =
        release.files.iter().enumerate().filter_map(|(i, f)| Some((i, f.bytes?))).collect();
    queue.sort_by_key(|(i, bytes)| (Reverse(*bytes), *i));
    if let Some(progress) = options.progress {
        Progress::add(&progress.total, queue.iter().map(|(_, b)| b).sum());
        Progress::add(&progress.files, queue.len() as u64);
    }
    let results: Mutex<Vec<(usize, Hashed)>> = Mutex::new(Vec::with_capacity(queue.len()));
    let next = AtomicUsize::new(0);
    let (files, from) = (&release.files, release.source);
    let cores =
        if options.jobs == 0 { std::thread::available_parallelism().map_or(1, usize::from) } else { options.jobs };
    // With fewer big files than cores a core is idle: it reads ahead for one that hashes.
    let big = queue.iter().filter(|(_, bytes)| *bytes >= BIG).count();
    let work = |_worker: usize| {
        while let Some((index, _)) = queue.get(next.fetch_add(1, Ordering::Relaxed)) {
            let Some(file) = files.get(*index) else { continue };
            let seen = |n| options.progress.iter().for_each(|p| Progress::add(&p.done, n));
            let wanted = wanted(file);
            let length = file.bytes.unwrap_or(0);
            let pace = if length >= BIG && big < cores { Pace::Ahead } else { Pace::InTurn };
            // One byte past the end tells that a file grew; one that never stops growing is read no further.
            let result = from.fetch(&file.path).and_then(|r| {
                digest::read_at(pace, Box::new(r.take(length.saturating_add(1))), &wanted, length, &seen)
            });
            options.progress.iter().for_each(|p| Progress::add(&p.hashed, 1));
            if let Ok(mut results) = results.lock() {
                results.push((*index, result.map_err(|e| source::reason(&e))));
            }
        }
    };
    let jobs = cores.min(queue.len()).max(1);
    match rayon::ThreadPoolBuilder::new().num_threads(jobs).build() {
        Ok(pool) if jobs > 1 => pool.install(|| (0..jobs).into_par_iter().for_each(work)),
        _ => work(0),
    }
    let fixed = release.hub.is_some();
    for (index, result) in results.into_inner().unwrap_or_default() {
        let Some(file) = release.files.get_mut(index) else { continue };
        match result {
            Ok(reading) if file.bytes != Some(reading.bytes) => {
                let (path, listed) = (file.path.clone(), file.bytes.unwrap_or(0));
                // A commit of the hub never changes: bytes of another length are not those that it lists.
                if fixed && !file.expected.is_empty() {
                    file.status = FileStatus::Mismatched;
                }
                release.gap(Topic::Integrity, &path, GapKind::Changed, &format!("{} / {listed}", reading.bytes));
            }
            Ok(reading) => settle(file, reading),
            Err((kind, why)) => {
                let path = file.path.clone();
                release.gaps.push(Gap::told(Topic::Integrity, &path, kind, &why));
            }
        }
    }
}

/// What one read of a file must give, for every digest that was published of it to be compared.
fn wanted(file: &FileFact) -> Wanted {
    let mut wanted = Wanted::default();
    let mut ends: BTreeMap<(&str, Kind), Vec<u64>> = BTreeMap::new();
    for expected in &file.expected {
        match expected.span {
            // A piece that is all of the file has the digest of the file.
            Some(span) if span.start != 0 || file.bytes != Some(span.end) => {
                let at = (expected.place.path.as_str(), expected.checksum.kind);
                ends.entry(at).or_default().push(span.end);
            }
            _ => {
                wanted.kinds.insert(expected.checksum.kind);
            }
        }
    }
    for ((_, kind), mut ends) in ends {
        ends.sort_unstable();
        let cut = Cut { kind, ends };
        if !wanted.cuts.contains(&cut) {
            wanted.cuts.push(cut);
        }
    }
    wanted
}

/// A file's status by what its bytes give. A pointer's bytes are not the file's: its digest stays declared.
fn settle(file: &mut FileFact, reading: Reading) {
    if file.format == Some(Format::Pointer) {
        return;
    }
    file.bytes = Some(reading.bytes);
    file.sha256 = Some(reading.sha256);
    file.computed = reading.others;
    file.pieces = reading.pieces;
    file.pieces.sort_unstable_by_key(|p| (p.start, p.end, p.checksum.kind));
    if file.expected.is_empty() {
        return;
    }
    let answers: Vec<Option<bool>> = file.expected.iter().map(|e| file.holds(e)).collect();
    file.status = if answers.contains(&Some(false)) {
        FileStatus::Mismatched
    } else if answers.contains(&Some(true)) {
        FileStatus::Verified
    } else {
        FileStatus::Declared
    };
}
