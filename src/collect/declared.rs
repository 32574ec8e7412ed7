//! What somebody declares of a release: its maintainers in `ouvert.toml`, a reviewer in a dossier given from outside.
//! A reviewer's clarifications are bound here to the bytes of the files that they were read in.

use std::io::Read;
use std::path::Path;

use super::{LONGEST_TEXT, Release};
use crate::digest::{Digest, Kind};
use crate::error::Error;
use crate::evidence::{self, Bound, Clarification, FileStatus, PartFact, PartLicense, Place, Topic};
use crate::parse::manifest::{self, Manifest};
use crate::parse::names::inside;

/// A manifest or dossier and its text, for lines.
#[derive(Debug)]
pub struct Declaration {
    pub(crate) manifest: Manifest,
    /// What a place in it is called: `ouvert.toml`, or the dossier's path as given.
    name: String,
    /// Whether a reviewer wrote it; a dossier may be called `ouvert.toml` too.
    dossier: bool,
    text: String,
    /// Where each line starts, so that ten thousand places are not ten thousand readings.
    starts: Vec<usize>,
    /// Of a dossier: the line of each entry, and where the reviewer has it from.
    sources: Vec<(usize, String)>,
}

impl Declaration {
    fn new(manifest: Manifest, name: String, text: String, sources: Vec<(usize, String)>) -> Declaration {
        let ends = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(ends).collect();
        Declaration { manifest, name, dossier: false, text, starts, sources }
    }

    /// Reads a reviewer's dossier; `path` is only what places in it are called.
    ///
    /// # Errors
    /// [`Error::Malformed`] with the line of the mistake.
    pub fn dossier(path: &Path, text: String) -> Result<Declaration, Error> {
        let manifest = Manifest::read_dossier(path, &text)?;
        let sources = manifest::sources(&text, &manifest);
        let name = path.to_string_lossy().into_owned();
        Ok(Declaration { dossier: true, ..Declaration::new(manifest, name, text, sources) })
    }

    /// The place of a value in the file, with where a reviewer has it from when that is an address.
    pub(crate) fn place(&self, span: &std::ops::Range<usize>, words: &str) -> Place {
        let at = manifest::start_of(&self.text, span, words);
        let line = self.starts.partition_point(|start| *start <= at).max(1);
        let rest = self.starts.get(line - 1).and_then(|start| self.text.get(*start..)).unwrap_or_default();
        let url = self.source_at(line).filter(|s| s.starts_with("http")).map(str::to_owned);
        Place { url, ..Place::line(&self.name, line, rest.lines().next().unwrap_or_default()) }
    }

    /// The place of a value that carries its span.
    pub(crate) fn spot(&self, value: &toml::Spanned<String>) -> Place {
        self.place(&value.span(), value.get_ref())
    }

    /// Whether a reviewer wrote it.
    pub(crate) fn is_dossier(&self) -> bool {
        self.dossier
    }

    /// The place of the file as a whole.
    pub(crate) fn whole(&self) -> Place {
        Place::file(&self.name)
    }

    /// Where the entry that a line belongs to is from.
    fn source_at(&self, line: usize) -> Option<&str> {
        let after = self.sources.partition_point(|(at, _)| *at <= line);
        after.checked_sub(1).and_then(|at| self.sources.get(at)).map(|(_, source)| source.as_str())
    }
}

/// The maintainers' manifest, where the release has one.
pub(super) fn manifest(release: &mut Release<'_>) -> Result<Option<Declaration>, Error> {
    if !release.has(manifest::NAME) {
        return Ok(None);
    }
    let Some(text) = release.text(manifest::NAME, Topic::Integrity) else { return Ok(None) };
    let path = Path::new(&release.source.subject()).join(manifest::NAME);
    let manifest = Manifest::read(&path, &text)?;
    Ok(Some(Declaration::new(manifest, manifest::NAME.into(), text, vec![])))
}

/// The components that reviewers list.
pub(super) fn parts(release: &Release<'_>) -> Vec<PartFact> {
    let entries = release.declared.iter().flat_map(|d| d.manifest.component.iter().map(move |c| (d, c)));
    entries
        .map(|(doc, entry)| {
            let place = doc.place(&entry.kind.span(), "");
            let license = entry.license.as_ref().map(|written| PartLicense {
                written: evidence::excerpt_of(written),
                inherited: entry.inherited.as_deref().map(evidence::excerpt_of),
                place: place.clone(),
            });
            let links = entry.links.iter().map(|l| evidence::excerpt_of(l)).collect();
            PartFact { part: *entry.kind.get_ref(), license, links, place }
        })
        .collect()
}

/// The reviewer's clarifications, each with what became of the file it was read in.
pub(super) fn clarifications(release: &Release<'_>) -> Vec<Clarification> {
    let entries = release.declared.iter().flat_map(|d| d.manifest.clarification.iter().map(move |c| (d, c)));
    entries
        .map(|(doc, entry)| {
            let place = doc.spot(&entry.rule);
            let whole = &doc.manifest;
            let source = entry.source.clone().or_else(|| whole.source.clone()).unwrap_or_default();
            Clarification {
                rule: entry.rule.get_ref().clone(),
                outcome: entry.outcome,
                says: evidence::excerpt_of(&entry.says),
                source: evidence::excerpt_of(&source),
                by: evidence::excerpt_of(entry.by.as_ref().or(whole.by.as_ref()).map_or("", String::as_str)),
                on: entry.on.or(whole.on).map(|d| d.0.to_string()).unwrap_or_default(),
                file: evidence::excerpt_of(&entry.file),
                sha256: entry.sha256.clone(),
                bound: bound(release, &entry.file, &entry.sha256),
                place,
            }
        })
        .collect()
}

/// Whether a file of the release still has a digest. Bytes that were hashed decide; a text is read for it, and where bytes
/// are far away, the digest that the hub publishes.
fn bound(release: &Release<'_>, path: &str, wanted: &Digest) -> Bound {
    let there = inside("", path).and_then(|p| release.file(&p)).filter(|f| f.status != FileStatus::Missing);
    let Some(file) = there else { return Bound::Absent };
    let found = file.sha256.clone().or_else(|| digest_of(release, &file.path, file.bytes?));
    let published =
        || file.expected.iter().filter(|e| e.checksum.kind == Kind::Sha256).find_map(|e| e.checksum.hex.parse().ok());
    match found.or_else(published) {
        Some(digest) if digest == *wanted => Bound::Same,
        Some(_) => Bound::Changed,
        None => Bound::Unseen,
    }
}

/// The digest of a file small enough to be a text.
fn digest_of(release: &Release<'_>, path: &str, bytes: u64) -> Option<Digest> {
    if bytes > LONGEST_TEXT {
        return None;
    }
    let mut out = Vec::new();
    release.source.open(path).ok()?.take(bytes + 1).read_to_end(&mut out).ok()?;
    (out.len() as u64 == bytes).then(|| Digest::of(&out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dossier_is_one_whatever_its_file_is_called() {
        let text = "schema = 1\n\n[[dataset]]\nid = \"a/b\"\nsource = \"section 2\"\n";
        for name in [manifest::NAME, "review.toml"] {
            assert!(Declaration::dossier(Path::new(name), text.into()).unwrap().is_dossier(), "{name}");
        }
    }
}
