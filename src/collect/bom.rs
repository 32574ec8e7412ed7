//! Bills of materials of the release: CycloneDX documents that tell of a machine-learning model. Each is read once here; the rooms
//! of the topics take from it what is theirs, as one more place that says something.

use super::{Doc, Release};
use crate::evidence::{ArtifactKind, FileFact, GapKind, Topic};
use crate::parse::cyclonedx::{self, Bom};

/// Documents that are read.
const MOST: usize = 16;
/// Folders whose documents are about the release; those in others are about what lies beside them.
const FOLDERS: &[&str] =
    &["", "bom", "boms", "sbom", "sboms", ".sbom", "aibom", "ai-bom", "mlbom", "ml-bom", "doc", "docs", "metadata"];

/// Whether a file may be a bill of materials of the release, by its name and folder.
pub(super) fn is_bom(file: &FileFact) -> bool {
    let path = file.path.to_lowercase();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    file.kind == ArtifactKind::Manifest
        && path.ends_with(".json")
        && !path.ends_with(".sigstore.json")
        && FOLDERS.contains(&folder)
}

/// Reads every one that tells of a model; one that cannot be read is a gap.
pub(super) fn read(release: &mut Release<'_>) -> Vec<Doc<Bom>> {
    let there = release.files.iter().filter(|f| f.bytes.is_some() && is_bom(f));
    let paths: Vec<String> = there.map(|f| f.path.clone()).collect();
    if paths.len() > MOST {
        release.gap(Topic::License, "CycloneDX", GapKind::NotFetched, &format!("{MOST} / {}", paths.len()));
    }
    let mut out = Vec::new();
    for path in paths.into_iter().take(MOST) {
        let Some(text) = release.text(&path, Topic::License) else { continue };
        match cyclonedx::read(&text) {
            Ok(facts) if facts.model.is_some() => {
                for odd in facts.odd.iter().take(10) {
                    release.gap(Topic::License, &path, GapKind::Malformed, &format!("CycloneDX: {odd}"));
                }
                out.push(Doc::new(path, text, facts));
            }
            Ok(_) => {}
            // Other formats of such lists go by the same names.
            Err(_) if is_spdx(&text) => {}
            Err(why) => release.gap(Topic::License, &path, GapKind::Malformed, &why),
        }
    }
    out
}

/// Whether a text is a document of SPDX, 2 or 3.
fn is_spdx(text: &str) -> bool {
    text.contains("\"spdxVersion\"") || text.contains("spdx.org/rdf/3")
}
