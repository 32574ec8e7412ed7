//! Weights: what their headers say of themselves, and what the index of weights in several files says of its shards
//! (`*.index.json`: `weight_map`, `metadata.total_size`), held against the shards' own headers.

use std::collections::{BTreeMap, HashSet};
use std::io::Read;

use super::{LONGEST_LIST, Release, Scope, inside, missing};
use crate::evidence::{self, ArtifactKind, Danger, FileFact, Format, Gap, GapKind, Imports, ShardIndex, Topic};
use crate::lists::pickle::danger;
use crate::parse::pickle::{self, Budget};
use crate::parse::{gguf, safetensors, shards};
use crate::source;

/// Files whose headers are read of a repository of the hub.
pub(super) const MOST_REMOTE: usize = 8;

/// Whether a file has a header that is read here.
pub(super) fn has_header(file: &FileFact) -> bool {
    let kinds = [ArtifactKind::Weights, ArtifactKind::Checkpoint, ArtifactKind::OptimizerState];
    let low = file.path.to_lowercase();
    kinds.contains(&file.kind) && (low.ends_with(".safetensors") || low.ends_with(".gguf"))
}

/// An index, while its shards are being read.
pub(super) struct Index {
    fact: ShardIndex,
    /// The tensors it places in each shard that has not been read yet.
    map: BTreeMap<String, HashSet<String>>,
}

/// Reads every index, and adds the shards that one names and that are not there.
pub(super) fn indexes(release: &mut Release<'_>) -> Vec<Index> {
    let paths: Vec<String> = release
        .files
        .iter()
        .filter(|f| f.path.ends_with(".index.json") && f.bytes.is_some())
        .map(|f| f.path.clone())
        .collect();
    let mut out = Vec::new();
    for path in paths {
        let Some(text) = release.text_within(&path, Topic::Integrity, LONGEST_LIST) else { continue };
        let Ok(read) = shards::read(&text) else {
            release.gap(Topic::Integrity, &path, GapKind::Malformed, "weight_map");
            continue;
        };
        drop(text);
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let tensors = read.shards.values().map(HashSet::len).sum();
        let mut map: BTreeMap<String, HashSet<String>> = BTreeMap::new();
        for (shard, tensors) in read.shards {
            if let Some(shard) = inside(folder, &shard) {
                map.entry(shard).or_default().extend(tensors);
            }
        }
        for shard in map.keys().filter(|p| release.file(p).is_none()).cloned().collect::<Vec<_>>() {
            release.files.push(missing(shard, ArtifactKind::Weights, vec![]));
        }
        release.files.sort_by(|a, b| a.path.cmp(&b.path));
        let fact =
            ShardIndex { path, shards: map.len(), tensors, said_bytes: read.total_size, ..ShardIndex::default() };
        out.push(Index { fact, map });
    }
    out
}

impl Index {
    /// The tensors that this index places in a file, and no other index reads again.
    pub(super) fn take(&mut self, path: &str) -> Option<HashSet<String>> {
        self.map.remove(path)
    }

    /// Notes a shard that was read: tensors of it that the index does not place there, tensors that the index places
    /// there and that are not, and its bytes.
    pub(super) fn note(&mut self, strays: Vec<String>, absent: HashSet<String>, bytes: u64) {
        let fact = &mut self.fact;
        fact.read += 1;
        fact.found_bytes += bytes;
        fact.misplaced += strays.len() + absent.len();
        let first = strays.into_iter().chain(absent).min();
        fact.example = match (fact.example.take(), first) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }

    /// What came of it.
    pub(super) fn fact(self) -> ShardIndex {
        ShardIndex { example: self.fact.example.map(|t| evidence::excerpt_of(&t)), ..self.fact }
    }
}

/// Endings of files that Python loads by running them, whatever they hold; `.bin` only where it is of weights.
const PICKLES: [&str; 6] = ["pt", "pth", "ckpt", "pkl", "pickle", "joblib"];
/// Imports kept of a file.
const MOST_IMPORTS: usize = 200;

/// Reads pickles, none of which is run, and tells what each would import. Where a file would have to be downloaded for it, it
/// is told to be a pickle by its name.
pub(super) fn pickles(release: &mut Release<'_>) {
    let kinds = [ArtifactKind::Weights, ArtifactKind::Checkpoint, ArtifactKind::OptimizerState];
    let source = release.source;
    let mut budget = Budget::default();
    let mut gaps = Vec::new();
    for file in release.files.iter_mut().filter(|f| f.format.is_none()) {
        let Some(bytes) = file.bytes else { continue };
        let name = file.path.rsplit('/').next().unwrap_or_default().to_lowercase();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let of_weights = kinds.contains(&file.kind);
        let arrays = of_weights && matches!(ending, "npy" | "npz");
        let pickle = PICKLES.contains(&ending) || ending == "bin" && (of_weights || name == "training_args.bin");
        if !(pickle || arrays) {
            continue;
        }
        let opened = if release.scope == Scope::Whole { source.open_anywhere(&file.path) } else { Ok(None) };
        file.format = match opened {
            Ok(Some(mut reader)) => Some(match pickle::read(reader.as_mut(), bytes, &mut budget) {
                pickle::Kind::Pickle(found) => Format::Pickled(imports(&found)),
                pickle::Kind::Arrays => Format::Arrays,
                pickle::Kind::Neither => Format::Opaque { format: ending.to_owned() },
            }),
            Ok(None) if pickle && of_weights => Some(Format::Pickle),
            Ok(None) => None,
            Err(e) => {
                gaps.push((file.path.clone(), source::reason(&e)));
                None
            }
        };
    }
    for (path, (kind, detail)) in gaps {
        release.gaps.push(Gap::told(Topic::Integrity, &path, kind, &detail));
    }
}

/// What was found in a pickle, bounded, the dangerous imports first.
fn imports(found: &pickle::Found) -> Imports {
    let total = found.imports.len();
    let mut names: Vec<(Danger, String)> = found
        .imports
        .iter()
        .map(|name| {
            // A sign that hides must not make a name look like another.
            let shown = name.chars().map(|c| if evidence::is_unsafe(c) { char::REPLACEMENT_CHARACTER } else { c });
            (danger(name), shown.collect())
        })
        .collect();
    names.sort();
    let names = names.into_iter().take(MOST_IMPORTS).map(|(_, name)| name).collect();
    let unread = found.unread.iter().map(|why| evidence::excerpt_of(why)).collect();
    Imports { protocol: found.protocol, pickles: found.pickles, names, total, unnamed: found.unnamed, unread }
}

/// Reads the headers of weights, and holds the indexes against them.
pub(super) fn headers(release: &mut Release<'_>, mut indexes: Vec<Index>) -> Vec<ShardIndex> {
    let kinds = [ArtifactKind::Weights, ArtifactKind::Checkpoint, ArtifactKind::OptimizerState];
    let mut gaps = Vec::new();
    let source = release.source;
    let mut left = if release.hub.is_some() { MOST_REMOTE } else { usize::MAX };
    for file in release.files.iter_mut().filter(|f| kinds.contains(&f.kind) && f.format.is_none()) {
        let Some(bytes) = file.bytes else { continue };
        let extension = file.path.rsplit('.').next().unwrap_or_default().to_lowercase();
        file.format = match extension.as_str() {
            "safetensors" | "gguf" if release.scope != Scope::Whole || left == 0 => {
                Some(Format::Unread { format: extension })
            }
            "safetensors" | "gguf" => match source.open(&file.path) {
                Ok(mut reader) => {
                    left -= 1;
                    Some(header(&file.path, &extension, reader.as_mut(), bytes, &mut indexes))
                }
                Err(e) => {
                    gaps.push((file.path.clone(), source::reason(&e)));
                    None
                }
            },
            "json" => None,
            other => Some(Format::Opaque { format: other.to_owned() }),
        };
    }
    for (path, (kind, detail)) in gaps {
        release.gaps.push(Gap::told(Topic::Integrity, &path, kind, &detail));
    }
    indexes.into_iter().map(Index::fact).collect()
}

/// The header of a safetensors or GGUF file.
fn header(path: &str, format: &str, reader: &mut dyn Read, bytes: u64, indexes: &mut [Index]) -> Format {
    let read = if format == "gguf" {
        gguf::read(reader, bytes).map(|h| Format::Gguf { version: h.version, tensors: h.tensors, metadata: h.metadata })
    } else {
        let mut placed: Vec<_> =
            indexes.iter_mut().filter_map(|i| i.take(path).map(|names| (i, names, Vec::new()))).collect();
        let mut each = |tensor: &str| {
            for (_, names, strays) in &mut placed {
                if !names.remove(tensor) {
                    strays.push(tensor.to_owned());
                }
            }
        };
        let read = safetensors::read(reader, bytes, &mut each);
        if let Ok(header) = &read {
            placed.into_iter().for_each(|(index, absent, strays)| index.note(strays, absent, header.data_bytes));
        }
        read.map(|h| Format::Safetensors { tensors: h.tensors, metadata: h.metadata })
    };
    read.unwrap_or_else(|message| Format::Broken { format: format.to_owned(), message })
}
