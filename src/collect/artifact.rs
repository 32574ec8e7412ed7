//! Files by kind: what each is by its name, which are pointers, which are archives.

use std::collections::BTreeMap;
use std::io::Read;

use super::Release;
use crate::evidence::{ArtifactKind, FileFact, Format, GapKind, Topic};
use crate::lists::artifacts;
use crate::parse::lfs;
use crate::source::FileEntry;

/// The files that a source lists, by kind.
pub(super) fn facts(entries: Vec<FileEntry>) -> Vec<FileFact> {
    let fact = |e: FileEntry| {
        let kind = artifacts::kind_of(&e.path);
        FileFact::new(e.path, Some(e.bytes), kind)
    };
    entries.into_iter().map(fact).collect()
}

/// The manifest's `kind` outranks what a name suggests.
pub(super) fn apply_manifest(release: &mut Release<'_>) {
    let artifacts = release.declared.iter().flat_map(|doc| &doc.manifest.artifact);
    let kinds: BTreeMap<String, ArtifactKind> =
        artifacts.filter_map(|a| Some((super::inside("", a.path.get_ref())?, a.kind?))).collect();
    for file in &mut release.files {
        if let Some(kind) = kinds.get(&file.path) {
            file.kind = *kind;
        }
    }
}

/// Marks Git LFS pointers: their bytes are not the file's, so no digest is compared with them.
pub(super) fn pointers(release: &mut Release<'_>) {
    if release.hub.is_some() {
        // The hub lists the files themselves.
        return;
    }
    let source = release.source;
    for file in release.files.iter_mut().filter(|f| f.bytes.is_some_and(|b| (100..lfs::LONGEST).contains(&b))) {
        let mut head = Vec::new();
        let read = source.open(&file.path).and_then(|r| r.take(64).read_to_end(&mut head));
        if read.is_ok() && lfs::is_pointer(&head) {
            file.format = Some(Format::Pointer);
        }
    }
}

/// Names archives, which are not unpacked: one gap for those of a folder that end alike.
pub(super) fn archives(release: &mut Release<'_>) {
    const ENDINGS: [&str; 13] = [
        ".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".7z", ".rar", ".whl",
        ".jar",
    ];
    let mut groups: BTreeMap<(Topic, String, &str), Vec<String>> = BTreeMap::new();
    for file in release.files.iter().filter(|f| f.bytes.is_some()) {
        let name = file.path.to_lowercase();
        let Some(ending) = ENDINGS.into_iter().filter(|e| name.ends_with(e)).max_by_key(|e| e.len()) else { continue };
        let folder = file.path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let topic = if file.kind == ArtifactKind::Data { Topic::Data } else { Topic::Artifact };
        groups.entry((topic, folder, ending)).or_default().push(file.path.clone());
    }
    for ((topic, folder, ending), paths) in groups {
        match paths.as_slice() {
            [one] => release.gap(topic, one, GapKind::Archive, ""),
            many => release.gap(topic, &format!("{folder}*{ending}"), GapKind::Archive, &many.len().to_string()),
        }
    }
}
