//! Hashing: every file is read once, for its SHA-256 and for every kind of digest that somebody published for it.

mod queue;
mod share;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

pub use queue::{Read, Task, read};
pub use share::{list, share};

use super::{Options, Release};
use crate::digest::{Checksum, Kind, Reading};
use crate::error::Error;
use crate::evidence::{DigestBy, FileFact, FileStatus, Format, Gap, GapKind, Topic};
use crate::source::Stamp;
use crate::source::known::Known;
use crate::words::Text;

/// What a read gave and what the file system said of the file behind it, or why it gave nothing.
type Hashed = Result<(Reading, Option<Stamp>), (GapKind, Text)>;

/// The files of a release that are to be hashed, in their order.
pub(super) fn tasks(release: &Release<'_>, stamps: &HashMap<String, Stamp>) -> Vec<Task> {
    queue::tasks(&release.files, stamps)
}

/// Hashes every file that is there. One whose digests are known from before, and that did not change since, is not read; none is where
/// other processes read them all.
///
/// # Errors
/// Where other processes read them, when they read other files than those that are there.
pub(super) fn hash(
    release: &mut Release<'_>,
    options: &Options<'_>,
    stamps: &HashMap<String, Stamp>,
) -> Result<(), Error> {
    let mut tasks = tasks(release, stamps);
    if let Some(joined) = options.joined {
        share::check(&tasks, joined)?;
    }
    tasks.retain(|task| !recall(release, task, options, stamps));
    let results: Mutex<Vec<(usize, Hashed)>> = Mutex::new(Vec::with_capacity(tasks.len()));
    let source = release.source;
    let each = |task: &Task, result: Read| {
        // A file that changed while it was read has a digest of neither state.
        let differs = |k: &Known, r| stamps.get(&task.path).is_some_and(|s| k.differs(&task.path, s, r).is_some());
        let asked = |k: &&Known| k.keeps() || result.as_ref().is_ok_and(|r| differs(k, r));
        let after = options.known.filter(asked).and_then(|_| source.stamp(&task.path));
        let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
        results.push((task.at, result.map(|r| (r, after))));
        Ok(())
    };
    match options.joined {
        Some(joined) => tasks.iter().try_for_each(|task| each(task, share::hashed(task, joined)))?,
        None => read(source, tasks.iter().collect(), options, &each)?,
    }
    settle_all(release, options, stamps, results.into_inner().unwrap_or_default());
    Ok(())
}

/// Takes the digests of a file from an earlier run, where they are known and it did not change.
fn recall(release: &mut Release<'_>, task: &Task, options: &Options<'_>, stamps: &HashMap<String, Stamp>) -> bool {
    // Digests of pieces are not kept: a file that somebody published such of is read.
    let known = options.known.filter(|_| task.wanted.cuts.is_empty());
    let recalled = known.and_then(|k| k.recall(&task.path, stamps.get(&task.path)?, &task.wanted.kinds));
    let (Some((reading, age)), Some(file)) = (recalled, release.files.get_mut(task.at)) else { return false };
    settle(file, reading, DigestBy::Cached);
    file.digest_age = file.digest_by.map(|_| age);
    true
}

fn settle_all(
    release: &mut Release<'_>,
    options: &Options<'_>,
    stamps: &HashMap<String, Stamp>,
    results: Vec<(usize, Hashed)>,
) {
    let fixed = release.hub.is_some();
    for (index, result) in results {
        let Some(file) = release.files.get_mut(index) else { continue };
        match result {
            Ok((reading, _)) if file.bytes != Some(reading.bytes) => {
                let (path, listed) = (file.path.clone(), file.bytes.unwrap_or(0));
                // A commit of the hub never changes: bytes of another length are not those that it lists.
                if fixed && !file.expected.is_empty() {
                    file.status = FileStatus::Mismatched;
                }
                release.gap(Topic::Integrity, &path, GapKind::Changed, &format!("{} / {listed}", reading.bytes));
            }
            Ok((reading, after)) => {
                let before = stamps.get(&file.path).filter(|stamp| after.as_ref() == Some(stamp));
                remember(file, &reading, before, options.known);
                settle(file, reading, DigestBy::Recomputed);
            }
            Err((kind, why)) => {
                options.known.iter().for_each(|k| k.keep(&file.path));
                let path = file.path.clone();
                release.gaps.push(Gap::told(Topic::Integrity, &path, kind, &why));
            }
        }
    }
}

/// Keeps the digests of a file that was read and did not change meanwhile, and notes where its bytes did, though the file system
/// says they did not.
fn remember(file: &mut FileFact, reading: &Reading, stamp: Option<&Stamp>, known: Option<&Known>) {
    let (Some(known), Some(stamp)) = (known, stamp) else { return };
    match known.differs(&file.path, stamp, reading) {
        // The older digest is kept: the next run is to tell the same.
        Some(before) if !published_holds(file, reading) => {
            known.keep(&file.path);
            file.before = Some(before.checksum);
            file.digest_age = Some(before.age);
        }
        _ => known.note(&file.path, *stamp, reading),
    }
}

/// Whether every digest published of a file is that of its bytes, one at least: then they are right now, whatever they were.
fn published_holds(file: &FileFact, reading: &Reading) -> bool {
    let holds = |c: &Checksum| match c.kind {
        Kind::Sha256 => reading.sha256.hex() == c.hex,
        _ => reading.others.contains(c),
    };
    let mut whole = file.expected.iter().filter(|e| e.span.is_none()).peekable();
    whole.peek().is_some() && whole.all(|e| holds(&e.checksum))
}

/// A file's status by what its bytes give. A pointer's bytes are not the file's: its digest stays declared.
fn settle(file: &mut FileFact, reading: Reading, by: DigestBy) {
    if file.format == Some(Format::Pointer) {
        return;
    }
    file.bytes = Some(reading.bytes);
    file.sha256 = Some(reading.sha256);
    file.computed = reading.others;
    file.pieces = reading.pieces;
    file.pieces.sort_unstable_by_key(|p| (p.start, p.end, p.checksum.kind));
    file.digest_by = Some(by);
    if file.before.is_some() {
        file.status = FileStatus::Corrupted;
        return;
    }
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
