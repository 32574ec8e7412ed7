//! Hashing: every file is read once, for its SHA-256 and for every kind of digest that somebody published for it.

mod queue;
mod share;

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

pub use queue::{Read, Task, read};
pub use share::{list, share};

use super::{Hashing, Options, Release};
use crate::digest::{Checksum, Digest, Kind, Reading, Wanted};
use crate::error::Error;
use crate::evidence::{DigestBy, Expected, FileFact, FileStatus, Format, Gap, GapKind, Place, Topic};
use crate::source::Stamp;
use crate::source::known::Known;
use crate::words::Text;

/// Bytes up to which reading a file costs no more than asking the store what it recorded of it.
const LITTLE: u64 = 64 * 1024;
/// Where a digest that a store recorded stands.
const RECORD: &str = "record of the store";

/// What a read gave and what the file system said of the file behind it, or why it gave nothing.
type Hashed = Result<(Reading, Option<Stamp>), (GapKind, Text)>;

/// The files of a release that are to be hashed, in their order.
///
/// # Errors
/// When nothing tells of one whether it changes.
pub(super) fn tasks(release: &Release<'_>, stamps: &HashMap<String, Stamp>) -> Result<Vec<Task>, Error> {
    let tasks = queue::tasks(&release.files, stamps);
    share::dated(&tasks)?;
    Ok(tasks)
}

/// Hashes every file that is there. One whose digests are known from before, and that did not change since, is not read; nor is one whose
/// SHA-256 its store recorded, unless every byte is asked for. One that is read is held against what the store recorded of it. None is
/// read where other processes read them all.
///
/// # Errors
/// Where other processes read them, when they read other files than those that are there.
pub(super) fn hash(
    release: &mut Release<'_>,
    options: &Options<'_>,
    stamps: &HashMap<String, Stamp>,
) -> Result<(), Error> {
    let mut tasks = queue::tasks(&release.files, stamps);
    if let Some(joined) = options.joined {
        share::check(&tasks, joined)?;
    }
    let recorded = recorded(release, options.hashing);
    let signed: HashSet<String> = match recorded.is_empty() {
        true => HashSet::new(),
        false => release.signed.iter().flat_map(|s| s.expected().map(|(path, _)| path)).collect(),
    };
    tasks.retain(|task| {
        // A signature is held against bytes that were read.
        let by_record = recorded
            .get(&task.path)
            .filter(|_| options.hashing != Hashing::All && !signed.contains(&task.path) && suffices(&task.wanted));
        !by_record.is_some_and(|sha256| take(release, task, sha256)) && !recall(release, task, options, stamps)
    });
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
    settle_all(release, options, stamps, &recorded, results.into_inner().unwrap_or_default());
    Ok(())
}

/// Takes the digest of a file that its store recorded.
fn take(release: &mut Release<'_>, task: &Task, sha256: &Digest) -> bool {
    let Some(file) = release.files.get_mut(task.at) else { return false };
    let reading = Reading { sha256: sha256.clone(), others: vec![], pieces: vec![], bytes: task.bytes };
    settle(file, reading, DigestBy::Recorded);
    true
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
    recorded: &HashMap<String, Digest>,
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
                contradict(file, &reading, recorded.get(&file.path));
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

/// What the store recorded of the files that are there. Of little ones it is asked only where every byte is read all the same, to
/// be held against them.
fn recorded(release: &Release<'_>, hashing: Hashing) -> HashMap<String, Digest> {
    let worth = |f: &&FileFact| f.bytes.is_some_and(|n| n > LITTLE || hashing == Hashing::All);
    let paths: Vec<&str> = release.files.iter().filter(worth).map(|f| f.path.as_str()).collect();
    release.source.recorded(&paths)
}

/// Whether a SHA-256 of the whole is all that is wanted of a file.
fn suffices(wanted: &Wanted) -> bool {
    wanted.cuts.is_empty() && wanted.kinds.iter().all(|kind| *kind == Kind::Sha256)
}

/// Holds a file against what its store recorded, which is told only where it is not so.
fn contradict(file: &mut FileFact, reading: &Reading, recorded: Option<&Digest>) {
    if let Some(sha256) = recorded.filter(|sha256| **sha256 != reading.sha256) {
        let checksum = Checksum::from(sha256.clone());
        file.expected.insert(0, Expected { checksum, place: Place::file(RECORD), span: None });
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
