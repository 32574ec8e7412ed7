//! The files that are to be hashed, and reading them: several at a time, each once, for every digest that is asked of it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::io::Read as _;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::super::{Options, Progress};
use crate::digest::{self, Cut, Kind, Pace, Reading, Wanted};
use crate::error::Error;
use crate::evidence::{FileFact, GapKind};
use crate::source::{self, Source, Stamp};
use crate::words::Text;

/// Bytes from which reading ahead is worth a thread.
const BIG: u64 = 64 * 1024 * 1024;

/// A file that is to be hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Its path in the release.
    pub path: String,
    /// Its bytes when it was listed.
    pub bytes: u64,
    /// When its bytes had last changed then, in nanoseconds since 1970; absent where the file system does not tell.
    pub modified: Option<i64>,
    /// Its place among the files of the release.
    pub(super) at: usize,
    /// What its read must give.
    pub(super) wanted: Wanted,
}

/// What reading a file gave, or why it could not be read.
pub type Read = Result<Reading, (GapKind, Text)>;

/// The files that are there, in their order.
pub(super) fn tasks(files: &[FileFact], stamps: &HashMap<String, Stamp>) -> Vec<Task> {
    let task = |(at, file): (usize, &FileFact)| {
        let modified = stamps.get(&file.path).map(|stamp| stamp.modified);
        Some(Task { path: file.path.clone(), bytes: file.bytes?, modified, at, wanted: wanted(file) })
    };
    files.iter().enumerate().filter_map(task).collect()
}

/// Reads files, the largest first so that the last one does not run alone. `each` is told what came of one by the thread that read it;
/// its first error ends the reading.
///
/// # Errors
/// That of `each`.
pub fn read(
    source: &dyn Source,
    mut tasks: Vec<&Task>,
    options: &Options<'_>,
    each: &(dyn Fn(&Task, Read) -> Result<(), Error> + Sync),
) -> Result<(), Error> {
    tasks.sort_by_key(|task| (Reverse(task.bytes), task.at));
    if let Some(progress) = options.progress {
        Progress::add(&progress.total, tasks.iter().fold(0, |all, task| all.saturating_add(task.bytes)));
        Progress::add(&progress.files, tasks.len() as u64);
    }
    let cores =
        if options.jobs == 0 { std::thread::available_parallelism().map_or(1, usize::from) } else { options.jobs };
    // With fewer big files than cores a core is idle: it reads ahead for one that hashes.
    let big = tasks.iter().filter(|task| task.bytes >= BIG).count();
    let (next, stop, first) = (AtomicUsize::new(0), AtomicBool::new(false), Mutex::new(None));
    let work = |_worker: usize| {
        while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let pace = if task.bytes >= BIG && big < cores { Pace::Ahead } else { Pace::InTurn };
            let result = one(source, task, pace, options.progress);
            options.progress.iter().for_each(|p| Progress::add(&p.hashed, 1));
            if let Err(error) = each(task, result) {
                stop.store(true, Ordering::Relaxed);
                first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            }
        }
    };
    let jobs = cores.min(tasks.len()).max(1);
    match rayon::ThreadPoolBuilder::new().num_threads(jobs).build() {
        Ok(pool) if jobs > 1 => pool.install(|| (0..jobs).into_par_iter().for_each(work)),
        _ => work(0),
    }
    first.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
}

fn one(source: &dyn Source, task: &Task, pace: Pace, progress: Option<&Progress>) -> Read {
    let seen = |n| progress.iter().for_each(|p| Progress::add(&p.done, n));
    // One byte past the end tells that a file grew; one that never stops growing is read no further.
    let read = source.fetch(&task.path).and_then(|r| {
        digest::read_at(pace, Box::new(r.take(task.bytes.saturating_add(1))), &task.wanted, task.bytes, &seen)
    });
    read.map_err(|e| source::reason(&e))
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
