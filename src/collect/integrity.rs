//! Digests: which were published for which file, and whether the bytes give them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::{Hashing, Options, Progress, Release, inside};
use crate::digest::Digest;
use crate::evidence::{ArtifactKind, Expected, FileFact, FileStatus, Format, GapKind, Place, Topic};
use crate::lists::artifacts;
use crate::parse::{checksums, manifest};

/// Finds every published digest; a listed file that is not there is added as missing.
pub(super) fn expect(release: &mut Release<'_>) {
    let mut found: BTreeMap<String, Vec<Expected>> = BTreeMap::new();
    let mut covered = false;
    let mut strays = Vec::new();
    if let Some(doc) = &release.manifest {
        for artifact in &doc.manifest.artifact {
            let place = doc.spot(&artifact.path);
            match inside("", artifact.path.get_ref()) {
                None => strays.push((artifact.path.get_ref().clone(), manifest::NAME.to_owned())),
                Some(path) => {
                    covered = true;
                    let expected = found.entry(path).or_default();
                    expected.extend(artifact.sha256.clone().map(|sha256| Expected { sha256, place }));
                }
            }
        }
    }
    for list in release.files.iter().filter(|f| is_list(&f.path)).map(|f| f.path.clone()).collect::<Vec<_>>() {
        let Some(text) = release.text(&list, Topic::Integrity) else { continue };
        let (lines, odd) = checksums::read(&text);
        let folder = list.rsplit_once('/').map_or("", |(folder, _)| folder);
        for line in lines {
            let Some(path) = inside(folder, &line.path) else {
                strays.push((line.path, list.clone()));
                continue;
            };
            covered = true;
            let excerpt = text.lines().nth(line.line - 1).unwrap_or_default();
            let place = Place::line(&list, line.line, excerpt);
            found.entry(path).or_default().push(Expected { sha256: line.sha256, place });
        }
        if let Some(first) = odd.first() {
            release.gap(Topic::Integrity, &list, GapKind::Malformed, &format!("line {first} ({})", odd.len()));
        }
    }
    for (path, list) in strays {
        release.gap(Topic::Integrity, &list, GapKind::Outside, &path);
    }
    attach(release, found, covered);
    shards(release);
}

/// Adds the shards that a weights index names and that are not there.
fn shards(release: &mut Release<'_>) {
    let indexes: Vec<String> = release
        .files
        .iter()
        .filter(|f| f.path.ends_with(".index.json") && f.bytes.is_some())
        .map(|f| f.path.clone())
        .collect();
    for index in indexes {
        let Some(text) = release.text(&index, Topic::Integrity) else { continue };
        let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let Some(map) = value.get("weight_map").and_then(|m| m.as_object()) else {
            release.gap(Topic::Integrity, &index, GapKind::Malformed, "weight_map");
            continue;
        };
        let folder = index.rsplit_once('/').map_or("", |(folder, _)| folder);
        let names: BTreeSet<String> = map.values().filter_map(|v| inside(folder, v.as_str()?)).collect();
        for path in names.into_iter().filter(|p| release.file(p).is_none()).collect::<Vec<_>>() {
            let expected = vec![];
            release.files.push(FileFact {
                path,
                bytes: None,
                kind: ArtifactKind::Weights,
                sha256: None,
                expected,
                status: FileStatus::Missing,
                format: None,
            });
        }
        release.files.sort_by(|a, b| a.path.cmp(&b.path));
    }
}

fn attach(release: &mut Release<'_>, mut found: BTreeMap<String, Vec<Expected>>, covered: bool) {
    for file in &mut release.files {
        match found.remove(&file.path) {
            Some(expected) => {
                file.status = if expected.is_empty() { FileStatus::Unpublished } else { FileStatus::Declared };
                file.expected = expected;
            }
            None if covered && !matches!(file.kind, ArtifactKind::Manifest | ArtifactKind::Housekeeping) => {
                file.status = FileStatus::Unlisted;
            }
            None => {}
        }
    }
    for (path, expected) in found {
        let kind = artifacts::kind_of(&path);
        release.files.push(FileFact {
            path,
            bytes: None,
            kind,
            sha256: None,
            expected,
            status: FileStatus::Missing,
            format: None,
        });
    }
    release.files.sort_by(|a, b| a.path.cmp(&b.path));
}

/// Whether a file is a checksum list that is read here.
fn is_list(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    matches!(name.as_str(), "sha256sums" | "sha256sums.txt" | "sha256sum.txt" | "sha256sum")
}

/// A digest with the number of bytes read, or why there is none.
type Hashed = Result<(Digest, u64), String>;

/// Hashes every file that is there, the largest first so that the last one does not run alone.
pub(super) fn hash(release: &mut Release<'_>, options: &Options<'_>) {
    if options.hashing == Hashing::Skip {
        return;
    }
    let mut queue: Vec<(usize, u64)> =
        release.files.iter().enumerate().filter_map(|(i, f)| Some((i, f.bytes?))).collect();
    queue.sort_by_key(|(i, bytes)| (Reverse(*bytes), *i));
    if let Some(progress) = options.progress {
        Progress::add(&progress.total, queue.iter().map(|(_, b)| b).sum());
        Progress::add(&progress.files, queue.len() as u64);
    }
    let results: Mutex<Vec<(usize, Hashed)>> = Mutex::new(Vec::with_capacity(queue.len()));
    let next = AtomicUsize::new(0);
    let (files, source) = (&release.files, release.source);
    let work = |_worker: usize| {
        while let Some((index, _)) = queue.get(next.fetch_add(1, Ordering::Relaxed)) {
            let Some(file) = files.get(*index) else { continue };
            let seen = |n| options.progress.iter().for_each(|p| Progress::add(&p.done, n));
            let result = source.open(&file.path).and_then(|mut r| Digest::of_reader(r.as_mut(), &seen));
            options.progress.iter().for_each(|p| Progress::add(&p.hashed, 1));
            if let Ok(mut results) = results.lock() {
                results.push((*index, result.map_err(|e| e.kind().to_string())));
            }
        }
    };
    let jobs =
        if options.jobs == 0 { std::thread::available_parallelism().map_or(1, usize::from) } else { options.jobs };
    let jobs = jobs.min(queue.len()).max(1);
    match rayon::ThreadPoolBuilder::new().num_threads(jobs).build() {
        Ok(pool) if jobs > 1 => pool.install(|| (0..jobs).into_par_iter().for_each(work)),
        _ => work(0),
    }
    for (index, result) in results.into_inner().unwrap_or_default() {
        let Some(file) = release.files.get_mut(index) else { continue };
        match result {
            Ok((digest, bytes)) => settle(file, digest, bytes),
            Err(why) => {
                let path = file.path.clone();
                release.gap(Topic::Integrity, &path, GapKind::Unreadable, &why);
            }
        }
    }
}

fn settle(file: &mut FileFact, digest: Digest, bytes: u64) {
    if !file.expected.is_empty() && file.format != Some(Format::Pointer) {
        let holds = file.expected.iter().all(|e| e.sha256 == digest);
        file.status = if holds { FileStatus::Verified } else { FileStatus::Mismatched };
    }
    file.bytes = Some(bytes);
    file.sha256 = Some(digest);
}
