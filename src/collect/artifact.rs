//! Files by kind, and what the headers of weights say of themselves.

use std::collections::BTreeMap;
use std::io::Read;

use super::Release;
use crate::evidence::{ArtifactKind, FileFact, FileStatus, Format, GapKind, Topic};
use crate::lists::artifacts;
use crate::parse::{gguf, lfs, safetensors};
use crate::source::FileEntry;

/// The files that a source lists, by kind.
pub(super) fn facts(entries: Vec<FileEntry>) -> Vec<FileFact> {
    let fact = |e: FileEntry| FileFact {
        kind: artifacts::kind_of(&e.path),
        path: e.path,
        bytes: Some(e.bytes),
        sha256: None,
        computed: vec![],
        expected: vec![],
        status: FileStatus::Unpublished,
        format: None,
    };
    entries.into_iter().map(fact).collect()
}

/// The manifest's `kind` outranks what a name suggests.
pub(super) fn apply_manifest(release: &mut Release<'_>) {
    let Some(doc) = &release.manifest else { return };
    let kinds: BTreeMap<String, ArtifactKind> =
        doc.manifest.artifact.iter().filter_map(|a| Some((super::inside("", a.path.get_ref())?, a.kind?))).collect();
    for file in &mut release.files {
        if let Some(kind) = kinds.get(&file.path) {
            file.kind = *kind;
        }
    }
}

/// Marks Git LFS pointers: their bytes are not the file's, so no digest is compared with them.
pub(super) fn pointers(release: &mut Release<'_>) {
    let source = release.source;
    for file in release.files.iter_mut().filter(|f| f.bytes.is_some_and(|b| (100..lfs::LONGEST).contains(&b))) {
        let mut head = Vec::new();
        let read = source.open(&file.path).and_then(|r| r.take(64).read_to_end(&mut head));
        if read.is_ok() && lfs::is_pointer(&head) {
            file.format = Some(Format::Pointer);
        }
    }
}

/// Reads the headers of weights.
pub(super) fn headers(release: &mut Release<'_>) {
    let kinds = [ArtifactKind::Weights, ArtifactKind::Checkpoint, ArtifactKind::OptimizerState];
    let mut gaps = Vec::new();
    let source = release.source;
    for file in release.files.iter_mut().filter(|f| kinds.contains(&f.kind) && f.format.is_none()) {
        let Some(bytes) = file.bytes else { continue };
        let extension = file.path.rsplit('.').next().unwrap_or_default().to_lowercase();
        file.format = match extension.as_str() {
            "safetensors" | "gguf" => match source.open(&file.path) {
                Ok(mut reader) => Some(header(&extension, reader.as_mut(), bytes)),
                Err(e) => {
                    gaps.push((file.path.clone(), e.kind().to_string()));
                    None
                }
            },
            "bin" | "pt" | "pth" | "ckpt" | "pkl" | "pickle" | "joblib" => Some(Format::Pickle),
            "json" => None,
            other => Some(Format::Opaque { format: other.to_owned() }),
        };
    }
    for (path, why) in gaps {
        release.gap(Topic::Integrity, &path, GapKind::Unreadable, &why);
    }
}

/// The header of a safetensors or GGUF file.
fn header(format: &str, reader: &mut dyn Read, bytes: u64) -> Format {
    let read = if format == "gguf" {
        gguf::read(reader, bytes).map(|h| Format::Gguf { version: h.version, tensors: h.tensors, metadata: h.metadata })
    } else {
        safetensors::read(reader, bytes).map(|h| Format::Safetensors { tensors: h.tensors, metadata: h.metadata })
    };
    read.unwrap_or_else(|message| Format::Broken { format: format.to_owned(), message })
}
