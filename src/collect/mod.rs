//! Everything that looks at a release: each room finds the facts of one topic and judges none. What it cannot see is a gap.

mod artifact;
mod base;
mod bom;
mod card;
mod data;
mod declared;
mod doc;
mod expected;
mod git;
mod integrity;
mod license;
mod lone;
mod recipe;
pub mod record;
mod resolve;
mod summary;
mod usage;
mod weights;

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use regex::Regex;

use crate::digest::Digest;
use crate::error::Error;
use crate::evidence::{
    self, ArtifactKind, Card, CodeRef, CodeTarget, Dataset, Evidence, Expected, FileFact, FileStatus, FrontMatter, Gap,
    GapKind, HubFact, ManifestFact, Place, Subject, SubjectKind, Term, Topic,
};
use crate::lists::judgement;
use crate::lists::licenses::Restriction;
use crate::lists::pattern;
use crate::lists::sentences::sentences;
pub use declared::Declaration;
pub(crate) use doc::Doc;
pub(crate) use lone::Lone;
use usage::usage_terms;

use crate::parse::croissant::Record;
use crate::parse::cyclonedx::Bom;
use crate::parse::manifest::{self, Manifest, Many};
use crate::parse::markdown::{Block, Link};
use crate::parse::names::{hub_path, inside, is_code_host, is_hub_id, revision_of};
use crate::parse::{decode, markdown, yaml};
use crate::source::{self, Listing, Source, World};

/// Bytes of a text that are read; a card of a megabyte is no card.
const LONGEST_TEXT: u64 = 4 * 1024 * 1024;
/// Bytes read of a list of files: a million lines of the longest digest and short paths.
const LONGEST_LIST: u64 = 64 * 1024 * 1024;
/// Files read of a repository of the hub.
const MOST_FETCHED: usize = 120;

/// How to collect.
#[derive(Debug, Default)]
pub struct Options<'a> {
    /// Whether to hash.
    pub hashing: Hashing,
    /// Files hashed at a time; 0 for one a core.
    pub jobs: usize,
    /// Counters that another thread may show.
    pub progress: Option<&'a Progress>,
    /// Where references are looked up; without it they stay unresolved.
    pub world: Option<&'a World>,
    /// How much of the release is read.
    pub scope: Scope,
    /// The models that led here, ids in lower case.
    pub chain: &'a [String],
    /// What a reviewer declares of the release.
    pub dossiers: &'a [Declaration],
}

/// How much of a release is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// All that is asked about it.
    #[default]
    Whole,
    /// What the license, data and recipe of a base model are judged by: its card, its licenses and policies.
    Base,
    /// What a dataset says of itself: its card.
    Dataset,
}

/// Whether the bytes are hashed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hashing {
    /// Every file that is at hand; of a repository of the hub none is.
    #[default]
    AtHand,
    /// Every file, those that must be fetched for it too.
    All,
    /// None is: published digests stay declared.
    Skip,
}

/// How far hashing has come.
#[derive(Debug, Default)]
pub struct Progress {
    /// Bytes to be hashed.
    pub total: AtomicU64,
    /// Bytes hashed.
    pub done: AtomicU64,
    /// Files to be hashed.
    pub files: AtomicU64,
    /// Files hashed.
    pub hashed: AtomicU64,
}

impl Progress {
    fn add(counter: &AtomicU64, n: u64) {
        counter.fetch_add(n, Ordering::Relaxed);
    }
}

/// A release while it is being looked at.
pub(crate) struct Release<'a> {
    source: &'a dyn Source,
    /// Every file, those that a manifest lists and that are missing included.
    pub(crate) files: Vec<FileFact>,
    /// What somebody declares: the maintainers first, where they do, then reviewers.
    pub(crate) declared: Vec<&'a Declaration>,
    pub(crate) card: Option<CardDoc>,
    /// Bills of materials that tell of a model.
    pub(crate) boms: Vec<Doc<Bom>>,
    /// Croissant records.
    pub(crate) croissants: Vec<Doc<Record>>,
    pub(crate) gaps: Vec<Gap>,
    /// Commit of the revision, where one is known.
    pub(crate) revision: Option<String>,
    /// What the hub says of the repository, where the release lies there: each file read is a request.
    hub: Option<HubFact>,
    scope: Scope,
    /// Files that may still be read.
    left: usize,
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
            self.gap(topic, path, kind, &detail);
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

/// A sentence or a field that restricts use, or may.
fn term(phrase: &str, kind: Restriction, certain: bool, place: Place) -> Term {
    let kind = serde_json::to_value(kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    Term { phrase: phrase.to_owned(), kind, certain, place }
}

/// Adds a license that a place names for a set. One that another place names otherwise stays beside it: both are asked to hold.
fn with_license(set: &mut Dataset, license: &str) {
    /// Characters of all that is named for one set; what is more leaves its use unknown.
    const ALL: usize = 3_000;
    const MORE: &str = " AND other licenses";
    let license = evidence::excerpt_of(license);
    let Some(old) = set.license.as_deref().filter(|l| !l.trim().is_empty()) else {
        set.license = Some(license).filter(|l| !l.is_empty());
        return;
    };
    let one = |l: &str| judgement::expression(l).unwrap_or_else(|| l.to_lowercase());
    let bare = |l: &str| one(l.trim_matches(|c| matches!(c, '(' | ')' | ' ')));
    let known = old.split(" AND ").any(|l| bare(l) == one(&license)) || one(old) == one(&license);
    if known || license.is_empty() || old.ends_with(MORE) {
        return;
    }
    set.license = Some(match old.len() > ALL {
        true => format!("{old}{MORE}"),
        false => format!("{} AND {}", in_brackets(old), in_brackets(&license)),
    });
}

/// An expression as a part of a larger one: a choice keeps its brackets, and brackets that part nothing go.
fn in_brackets(license: &str) -> String {
    let mut depth = 0i32;
    let balanced = license.chars().all(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth >= 0
    });
    let plain = if balanced && depth == 0 { license.to_owned() } else { license.replace(['(', ')'], " ") };
    if plain.contains(" OR ") { format!("({plain})") } else { plain }
}

/// A file that something names and that is not there.
fn missing(path: String, kind: ArtifactKind, expected: Vec<Expected>) -> FileFact {
    let status = FileStatus::Missing;
    FileFact { path, bytes: None, kind, sha256: None, computed: vec![], expected, status, format: None }
}

/// Looks at a release and returns all that was found.
///
/// # Errors
/// When the release cannot be listed, is empty, or its `ouvert.toml` is malformed.
pub fn collect(source: &dyn Source, options: &Options<'_>) -> Result<Evidence, Error> {
    let Listing { files, gaps, published, complete, revision, hub } = source.list()?;
    let files = artifact::facts(files);
    let left = if hub.is_some() { MOST_FETCHED } else { usize::MAX };
    let scope = options.scope;
    let mut release = Release {
        source,
        files,
        declared: vec![],
        card: None,
        boms: vec![],
        croissants: vec![],
        gaps,
        revision: None,
        hub,
        scope,
        left,
    };
    if release.hub.is_some() {
        source.warm(&soon(&release));
    }
    let manifest = declared::manifest(&mut release)?;
    release.declared = manifest.iter().chain(options.dossiers).collect();
    artifact::apply_manifest(&mut release);
    artifact::pointers(&mut release);
    release.revision = revision.or_else(|| git::commit(source));
    release.boms = bom::read(&mut release);
    expected::expect(&mut release, published, complete);
    let indexes = weights::indexes(&mut release);
    let hashes = match options.hashing {
        Hashing::AtHand => release.hub.is_none(),
        Hashing::All => true,
        Hashing::Skip => false,
    };
    if hashes {
        integrity::hash(&mut release, options);
    }
    let shards = weights::headers(&mut release, indexes);
    artifact::archives(&mut release);
    release.card = card::read(&mut release);

    let mut out = Evidence { schema: evidence::SCHEMA, shards, ..Evidence::default() };
    out.claims = card::claims(&release);
    topics(&mut release, &mut out);
    out.hub.clone_from(&release.hub);
    for file in resolve::resolve(&mut release, &mut out, options) {
        recipe::parameters_of(&mut out.recipe, &file.path, &file.text, &file.spot);
    }
    summary::collect(&mut release, &mut out);
    out.card = card_fact(&release);
    out.manifest =
        manifest.as_ref().map(|m| ManifestFact { path: manifest::NAME.into(), artifacts: m.manifest.artifact.len() });
    out.parts = declared::parts(&release);
    out.clarifications = declared::clarifications(&release);
    out.subject = subject(&release, hashes);
    out.files = release.files;
    out.gaps = release.gaps;
    out.gaps.sort();
    out.gaps.dedup();
    Ok(out)
}

/// The facts of each topic, by what lies in the release.
fn topics(release: &mut Release<'_>, out: &mut Evidence) {
    license::collect(release, out);
    base::collect(release, out);
    data::collect(release, out);
    recipe::collect(release, out);
}

/// The gaps that references leave where nothing is looked up.
fn unresolved(release: &mut Release<'_>, out: &mut Evidence) {
    // Without a world nothing comes back.
    let _ = resolve::resolve(release, out, &Options::default());
}

impl Scope {
    /// Whether a file is read.
    fn reads(self, file: &FileFact) -> bool {
        match self {
            Scope::Whole => true,
            Scope::Base => {
                matches!(file.kind, ArtifactKind::ModelCard | ArtifactKind::License | ArtifactKind::Policy)
                    || file.path == "adapter_config.json"
                    || bom::is_bom(file)
            }
            Scope::Dataset => file.path.eq_ignore_ascii_case("readme.md"),
        }
    }
}

/// The files that will surely be read: texts that speak of use, and the headers of weights.
fn soon(release: &Release<'_>) -> Vec<String> {
    let texts = [ArtifactKind::ModelCard, ArtifactKind::License, ArtifactKind::Policy, ArtifactKind::Manifest];
    let of = |f: &&FileFact| texts.contains(&f.kind) && release.scope.reads(f);
    let mut out: Vec<String> = release.files.iter().filter(of).map(|f| f.path.clone()).collect();
    if release.scope == Scope::Whole {
        let weights = release.files.iter().filter(|f| weights::has_header(f)).take(weights::MOST_REMOTE);
        out.extend(weights.map(|f| f.path.clone()));
    }
    out
}

fn card_fact(release: &Release<'_>) -> Card {
    let Some(card) = &release.card else { return Card::default() };
    let front = match &card.front {
        None => FrontMatter::Absent,
        Some(_) if !card.closed => FrontMatter::Broken {
            place: card.place(card.front_offset),
            message: "the front matter has no end: a line `---` is missing".into(),
        },
        Some(front) => match &front.error {
            None => FrontMatter::Whole,
            Some((line, message)) => FrontMatter::Broken {
                place: card.place(line + card.front_offset),
                message: evidence::excerpt_of(message),
            },
        },
    };
    Card { path: Some(card.path.clone()), front, lines: card.text.lines().count().saturating_sub(card.body_offset) }
}

fn subject(release: &Release<'_>, hashed: bool) -> Subject {
    let said = || release.declared.iter().map(|d| &d.manifest.release);
    let locator = release.source.subject();
    let title = release.card.as_ref().and_then(|c| c.doc.title.as_deref());
    let folder = locator.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let listed = release.boms.iter().filter_map(|b| b.facts.model.as_ref().map(|m| m.component.name.as_str()));
    let listed = listed.into_iter().find(|name| !name.is_empty());
    let name = said().find_map(|m| m.name.as_deref()).or(title).or(listed).unwrap_or(folder);
    let mut list = String::new();
    for file in release.files.iter().filter(|f| f.status != FileStatus::Missing) {
        let digest = file.sha256.as_ref().map(Digest::hex).unwrap_or("-");
        list.push_str(&format!("{digest} {} {}\n", file.bytes.unwrap_or(0), file.path));
    }
    Subject {
        locator: evidence::excerpt_of(&locator),
        kind: kind(release),
        name: evidence::excerpt_of(name),
        version: said().find_map(|m| m.version.as_ref()).map(ToString::to_string),
        revision: release.revision.clone(),
        hub_id: release.hub.as_ref().map(|hub| hub.id.clone()),
        remote: git::remote(release.source),
        files_digest: hashed.then(|| Digest::of(list.as_bytes()).tagged()),
    }
}

/// A release without weights that holds data, or whose card is a dataset's, is a dataset.
fn kind(release: &Release<'_>) -> SubjectKind {
    match release.scope {
        Scope::Base => return SubjectKind::Model,
        Scope::Dataset => return SubjectKind::Dataset,
        Scope::Whole => {}
    }
    let weights = [ArtifactKind::Weights, ArtifactKind::Checkpoint].iter().any(|k| !release.of_kind(*k).is_empty());
    let keys = ["dataset_info", "task_categories", "size_categories", "configs", "annotations_creators"];
    let dataset_card = release.card.as_ref().is_some_and(|c| keys.iter().any(|k| c.key(k).is_some()));
    let data = !release.of_kind(ArtifactKind::Data).is_empty();
    let model_card = release
        .card
        .as_ref()
        .is_some_and(|c| ["pipeline_tag", "base_model", "library_name"].iter().any(|k| c.key(k).is_some()));
    if !weights && !model_card && (dataset_card || (data && release.of_kind(ArtifactKind::TrainingCode).is_empty())) {
        SubjectKind::Dataset
    } else {
        SubjectKind::Model
    }
}

/// The numbered entries of a GGUF key such as `general.base_model.`: for each its URL, else its name.
pub(crate) fn listed(metadata: &BTreeMap<String, String>, start: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for n in 0..256 {
        let found = ["repo_url", "url", "doi", "name"].iter().find_map(|part| {
            let key = format!("{start}{n}.{part}");
            metadata.get(&key).filter(|v| !v.trim().is_empty()).map(|v| (key, v.trim().to_owned()))
        });
        match found {
            Some(entry) => out.push(entry),
            None if n > 0 => break,
            None => {}
        }
    }
    out
}

/// The sentence in which a link stands.
fn around(block: &Block, link: &Link) -> String {
    let mut all = sentences(&block.text).into_iter().map(|(_, s)| s);
    all.find(|s| s.contains(link.text.trim()) || s.contains(&link.url)).unwrap_or_else(|| block.text.clone())
}

/// The ids between backticks that a block says something was trained on: "trained on `org/set`".
fn spans_trained_on(block: &Block) -> Vec<(String, usize)> {
    static BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(r"\b(pre-?|post-?|fine-?|pré-?)?(train|tun|entraîn|appri)\w*\b[^.`]*\b(on|sur)\b[^.]*$")
    });
    static BUILT: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"\b(based|built|builds?|relies|depends) (up)?on [^.]{0,20}$"));
    let says = |id: &str| {
        let before = block.text.find(id).and_then(|at| block.text.get(..at)).unwrap_or_default();
        matches(&BEFORE, before) && !matches(&BUILT, before)
    };
    block
        .spans
        .iter()
        .filter(|(id, _)| is_hub_id(id.trim()) && says(id.trim()))
        .map(|(id, l)| (id.trim().to_owned(), *l))
        .collect()
}

/// Whether a lazily built pattern matches.
fn matches(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|p| p.is_match(text))
}

/// The code that declarations name, then the files of a kind that they do not.
fn code_of(release: &mut Release<'_>, named: fn(&Manifest) -> &Many, kind: ArtifactKind) -> Vec<CodeRef> {
    let mut out: Vec<CodeRef> = Vec::new();
    for doc in release.declared.clone() {
        for value in &named(&doc.manifest).0 {
            out.push(code_ref(release, value.get_ref(), doc.spot(value)));
        }
    }
    for path in release.of_kind(kind) {
        if !out.iter().any(|c| matches!(&c.target, CodeTarget::Local { path: p, .. } if *p == path)) {
            out.push(code_ref(release, &path, Place::file(&path)));
        }
    }
    out
}

/// Code as the manifest or a kind names it: a URL with its revision, or a file of the release.
fn code_ref(release: &mut Release<'_>, target: &str, place: Place) -> CodeRef {
    if target.starts_with("https://") || target.starts_with("http://") {
        let (url, revision) = match target.rsplit_once('@') {
            Some((url, revision)) if !revision.contains('/') => (url, Some(revision.to_owned())),
            _ => (target, revision_of(target)),
        };
        return CodeRef { target: CodeTarget::Url(url.to_owned()), revision, place, said: true, repository: None };
    }
    let Some(path) = inside("", target).filter(|p| release.has(p)) else {
        return CodeRef {
            target: CodeTarget::Missing(evidence::excerpt_of(target)),
            revision: None,
            place,
            said: true,
            repository: None,
        };
    };
    let revision = release.file(&path).and_then(|f| f.sha256.as_ref()).map(Digest::tagged);
    let lines = release.text(&path, Topic::Recipe).map(|t| code_lines(&t));
    CodeRef { target: CodeTarget::Local { path, lines }, revision, place, said: true, repository: None }
}

/// Lines that are neither blank, comment nor part of a text between triple quotes.
fn code_lines(text: &str) -> usize {
    let comment = |l: &str| ["#", "//", "--", "%"].iter().any(|c| l.starts_with(c));
    let mut inside: Option<&str> = None;
    let mut count = 0;
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if let Some(quotes) = inside {
            if line.contains(quotes) {
                inside = None;
            }
            continue;
        }
        match ["\"\"\"", "'''"].into_iter().find(|q| line.trim_start_matches(['r', 'u', 'b']).starts_with(q)) {
            Some(quotes) if line.matches(quotes).count() == 1 => inside = Some(quotes),
            Some(_) => {}
            None if comment(line) => {}
            None => count += 1,
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licenses_of_one_set_are_all_kept() {
        let mut set = Dataset::default();
        for (license, wanted) in [
            ("cc0-1.0", "cc0-1.0"),
            ("https://creativecommons.org/publicdomain/zero/1.0/", "cc0-1.0"),
            ("MIT OR Apache-2.0", "cc0-1.0 AND (MIT OR Apache-2.0)"),
            ("cc-by-nc-4.0", "(cc0-1.0 AND (MIT OR Apache-2.0)) AND cc-by-nc-4.0"),
            ("CC0-1.0", "(cc0-1.0 AND (MIT OR Apache-2.0)) AND cc-by-nc-4.0"),
        ] {
            with_license(&mut set, license);
            assert_eq!(set.license.as_deref(), Some(wanted));
        }
        assert_eq!(judgement::judge(set.license.as_deref().unwrap()).use_, judgement::Use::Barred);
        let mut set = Dataset { license: Some("cc-by-nc-4.0".into()), ..Dataset::default() };
        for hostile in ["MIT) OR (MIT", "(MIT) OR (MIT)", "MIT OR ) OR (MIT"] {
            with_license(&mut set, hostile);
            assert_ne!(judgement::judge(set.license.as_deref().unwrap()).use_, judgement::Use::Free, "{hostile}");
        }
        (0..1000).for_each(|n| with_license(&mut set, &format!("house terms {n}")));
        assert!(set.license.unwrap().len() < 4_000);
    }

    #[test]
    fn lines_of_code() {
        assert_eq!(code_lines("# c\n\n\"\"\"Doc\nmore\n\"\"\"\nimport x\n'''one'''\ny = 1\n"), 2);
        assert_eq!(code_lines("\"\"\"never closed\nx = 1\n"), 0);
    }
}
