//! Hashing: every file is read once, for its SHA-256 and for every kind of digest that somebody published for it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Read;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::{Hashing, Options, Progress, Release};
use crate::digest::{self, Checksum, Cut, Digest, Kind, Pace, Reading, Wanted};
use crate::evidence::{DigestBy, Expected, FileFact, FileStatus, Format, Gap, GapKind, Place, Topic};
use crate::source::known::Known;
use crate::source::{self, Stamp};
use crate::words::Text;

/// Bytes from which reading ahead is worth a thread.
const BIG: u64 = 64 * 1024 * 1024;

/// Bytes up to which reading a file costs no more than asking the store what it recorded of it.
const LITTLE: u64 = 64 * 1024;
/// Where a digest that a store recorded stands.
const RECORD: &str = "record of the store";

/// What a read gave and what the file system said of the file behind it, or why it gave nothing.
type Hashed = Result<(Reading, Option<Stamp>), (GapKind, Text)>;

/// Hashes every file that is there, the largest first so that the last one does not run alone.
/// A file whose digests are known from before, and that did not change since, is not read; nor is one whose SHA-256 its store
/// recorded, unless every byte is asked for. One that is read is held against what the store recorded of it.
pub(super) fn hash(release: &mut Release<'_>, options: &Options<'_>, stamps: &HashMap<String, Stamp>) {
    let mut queue: Vec<(usize, u64)> = Vec::new();
    let recorded = recorded(release, options.hashing);
    let signed: HashSet<String> = match recorded.is_empty() {
        true => HashSet::new(),
        false => release.signed.iter().flat_map(|s| s.expected().map(|(path, _)| path)).collect(),
    };
    for (index, file) in release.files.iter_mut().enumerate() {
        let Some(bytes) = file.bytes else { continue };
        let wanted = wanted(file);
        // A signature is held against bytes that were read.
        let by_record = recorded
            .get(&file.path)
            .filter(|_| options.hashing != Hashing::All && !signed.contains(&file.path) && suffices(&wanted));
        if let Some(sha256) = by_record {
            let reading = Reading { sha256: sha256.clone(), others: vec![], pieces: vec![], bytes };
            settle(file, reading, DigestBy::Recorded);
            continue;
        }
        // Digests of pieces are not kept: a file that somebody published such of is read.
        let known = options.known.filter(|_| wanted.cuts.is_empty());
        let recalled = known.and_then(|k| k.recall(&file.path, stamps.get(&file.path)?, &wanted.kinds));
        match recalled {
            Some((reading, age)) => {
                settle(file, reading, DigestBy::Cached);
                file.digest_age = file.digest_by.map(|_| age);
            }
            None => queue.push((index, bytes)),
        }
    }
    queue.sort_by_key(|(i, bytes)| (Reverse(*bytes), *i));
    if let Some(progress) = options.progress {
        Progress::add(&progress.total, queue.iter().fold(0, |all, (_, bytes)| all.saturating_add(*bytes)));
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
            // A file that changed while it was read has a digest of neither state.
            let differs = |k: &Known, r| stamps.get(&file.path).is_some_and(|s| k.differs(&file.path, s, r).is_some());
            let asked = |k: &&Known| k.keeps() || result.as_ref().is_ok_and(|r| differs(k, r));
            let after = options.known.filter(asked).and_then(|_| from.stamp(&file.path));
            options.progress.iter().for_each(|p| Progress::add(&p.hashed, 1));
            if let Ok(mut results) = results.lock() {
                results.push((*index, result.map(|r| (r, after)).map_err(|e| source::reason(&e))));
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
