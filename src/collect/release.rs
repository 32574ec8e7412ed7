//! A release while it is being looked at: its files, what is declared of it, its card taken apart. Each text read is bounded, and
//! what cannot be read is a gap.

use std::collections::BTreeSet;
use std::io::Read;

use super::{Declaration, Doc, LONGEST_TEXT, MOST_FETCHED, Scope};
use crate::evidence::{ArtifactKind, FileFact, FileStatus, Gap, GapKind, HubFact, Place, Topic};
use crate::parse::croissant::Record;
use crate::parse::cyclonedx::Bom;
use crate::parse::oms::{Bundle, Statement};
use crate::parse::{decode, markdown, yaml};
use crate::source::{self, Source};
use crate::words::Text;

/// A release while it is being looked at.
pub(crate) struct Release<'a> {
    pub(super) source: &'a dyn Source,
    /// Every file, those that a manifest lists and that are missing included.
    pub(crate) files: Vec<FileFact>,
    /// What somebody declares: the maintainers first, where they do, then reviewers.
    pub(crate) declared: Vec<&'a Declaration>,
    pub(crate) card: Option<CardDoc>,
    /// Bills of materials that tell of a model.
    pub(crate) boms: Vec<Doc<Bom>>,
    /// Croissant records.
    pub(crate) croissants: Vec<Doc<Record>>,
    /// Signatures, as they were found.
    pub(super) signed: Vec<Signed>,
    /// Files that are symbolic links of the release itself, not of the store it lies in.
    pub(super) links: BTreeSet<String>,
    /// What is there and could not be listed: links that lead out, devices, names that are no text.
    pub(super) unseen: BTreeSet<String>,
    pub(crate) gaps: Vec<Gap>,
    /// Commit of the revision, where one is known.
    pub(crate) revision: Option<String>,
    /// What the hub says of the repository, where the release lies there: each file read is a request.
    pub(super) hub: Option<HubFact>,
    pub(super) scope: Scope,
    /// Files that may still be read.
    pub(super) left: usize,
}

/// A signature as it was found.
#[derive(Debug, Default)]
pub(super) struct Signed {
    /// Its path in the release, or the name of the file given from outside.
    pub(super) path: String,
    /// The folder that it speaks of; empty for the release.
    pub(super) folder: String,
    /// The file of the release that it is.
    pub(super) own: Option<String>,
    pub(super) text: String,
    pub(super) bundle: Option<Bundle>,
    pub(super) statement: Option<Statement>,
    /// Why it could not be read, where it should have been.
    pub(super) trouble: Option<Text>,
    /// Why it is not looked into: a signature of another kind.
    pub(super) foreign: Option<Text>,
}

/// The model card, taken apart.
pub(crate) struct CardDoc {
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) front: Option<yaml::Document>,
    pub(crate) front_offset: usize,
    pub(crate) body_offset: usize,
    pub(crate) closed: bool,
    pub(crate) doc: markdown::Doc,
}

impl CardDoc {
    /// The place of a line of the card, quoted.
    pub(crate) fn place(&self, line: usize) -> Place {
        Place::line(&self.path, line, self.text.lines().nth(line.saturating_sub(1)).unwrap_or_default())
    }

    /// A key of the front matter.
    pub(crate) fn key(&self, key: &str) -> Option<&yaml::Node> {
        self.front.as_ref().and_then(|f| f.root.get(key))
    }

    /// Every value of a key of the front matter: one that stands twice is told as a fault, and no value of it is lost.
    pub(crate) fn nodes(&self, key: &str) -> impl Iterator<Item = &yaml::Node> {
        self.front.iter().flat_map(|f| f.root.pairs()).filter(move |(k, _)| k == key).map(|(_, v)| v)
    }

    /// The scalars of a key of the front matter, each with its place.
    pub(crate) fn values(&self, key: &str) -> Vec<(String, Place)> {
        self.nodes(key)
            .flat_map(yaml::Node::texts)
            .map(|(text, line)| (text.trim().to_owned(), self.place(line + self.front_offset)))
            .collect()
    }

    /// The text below the front matter.
    pub(crate) fn body(&self) -> String {
        self.text.lines().skip(self.body_offset).collect::<Vec<_>>().join("\n")
    }
}

impl Release<'_> {
    /// The text of a small file; a gap when it cannot be read, is too big, or is not UTF-8.
    pub(crate) fn text(&mut self, path: &str, topic: Topic) -> Option<String> {
        self.text_within(path, topic, LONGEST_TEXT)
    }

    /// The text of a file of at most `limit` bytes.
    pub(crate) fn text_within(&mut self, path: &str, topic: Topic, limit: u64) -> Option<String> {
        let file = self.file(path)?;
        let bytes = file.bytes?;
        if !self.scope.reads(file) {
            return None;
        }
        if self.left == 0 {
            self.gap(topic, path, GapKind::NotFetched, &MOST_FETCHED.to_string());
            return None;
        }
        self.left -= 1;
        if bytes > limit {
            self.gap(topic, path, GapKind::TooBig, &bytes.to_string());
            return None;
        }
        let mut out = Vec::new();
        // A file that grew since it was listed is read no further than it was then.
        let read = self.source.open(path).and_then(|r| r.take(bytes).read_to_end(&mut out));
        if let Err(e) = read {
            let (kind, detail) = source::reason(&e);
            self.gaps.push(Gap::told(topic, path, kind, &detail));
            return None;
        }
        let (text, utf8) = decode(&out);
        if !utf8 {
            self.gap(topic, path, GapKind::Encoding, "");
        }
        Some(text)
    }

    /// A file of the release, or one that a manifest lists.
    pub(crate) fn file(&self, path: &str) -> Option<&FileFact> {
        self.files.binary_search_by(|f| f.path.as_str().cmp(path)).ok().and_then(|i| self.files.get(i))
    }

    /// Whether a file is there.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.file(path).is_some_and(|f| f.status != FileStatus::Missing)
    }

    /// Paths of files of a kind that are there.
    pub(crate) fn of_kind(&self, kind: ArtifactKind) -> Vec<String> {
        self.files
            .iter()
            .filter(|f| f.kind == kind && f.status != FileStatus::Missing)
            .map(|f| f.path.clone())
            .collect()
    }

    pub(crate) fn gap(&mut self, topic: Topic, what: &str, kind: GapKind, detail: &str) {
        self.gaps.push(Gap::new(topic, what, kind, detail));
    }
}
