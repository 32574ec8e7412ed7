//! Everything that looks at a release: each room finds the facts of one topic and judges none. What it cannot see is a gap.

mod artifact;
mod base;
mod bom;
mod card;
mod code;
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
mod release;
mod resolve;
mod signature;
mod subject;
mod substance;
mod summary;
mod usage;
mod weights;

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use regex::Regex;

use crate::error::Error;
use crate::evidence::{self, ArtifactKind, Dataset, Evidence, Expected, FileFact, Joined, ManifestFact, Place, Term};
use crate::lists::judgement;
use crate::lists::licenses::Restriction;
use crate::lists::pattern;
use crate::lists::sentences::sentences;
use code::{code_lines, code_of};
pub use declared::Declaration;
pub(crate) use doc::Doc;
pub use integrity::{Read, Task, list, read, share};
pub(crate) use lone::Lone;
use release::Signed;
pub(crate) use release::{CardDoc, Release};
use subject::{card_fact, kind, subject};
use substance::markdown_lines;
use usage::usage_terms;

use crate::parse::manifest::{self};
use crate::parse::markdown::{Block, Link};
use crate::parse::names::{hub_path, inside, is_code_host, is_hub_id, revision_of};
use crate::signature::Trust;
use crate::source::known::Known;
use crate::source::{Listing, Published, Source, Stamp, World};

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
    /// What the user trusts; without it a signature stays unverified.
    pub trust: Option<&'a Trust>,
    /// A signature given from outside, looked at in place of those in the release.
    pub signature: Option<&'a GivenSignature>,
    /// Digests known of its files from before.
    pub known: Option<&'a Known>,
    /// What other processes hashed of its files, taken in the place of reading them.
    pub joined: Option<&'a Joined>,
}

/// A signature that does not lie in the release, or not where it would be looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenSignature {
    /// What it is called.
    pub name: String,
    /// The bundle in JSON.
    pub text: String,
    /// The file of the release that it is, if any.
    pub inside: Option<String>,
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
    /// Every file that is at hand: of a repository of the hub none is, and in an object store what the store recorded is taken.
    #[default]
    AtHand,
    /// Every byte of every file, those that must be fetched for it too.
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

/// A sentence or a field that restricts use, or may.
fn term(phrase: &str, kind: Restriction, certain: bool, place: Place) -> Term {
    let kind = evidence::id_of(kind);
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
    FileFact { expected, ..FileFact::new(path, None, kind) }
}

/// Looks at a release and returns all that was found.
///
/// # Errors
/// When the release cannot be listed, is empty, or its `ouvert.toml` is malformed; and where other processes hashed its files, when
/// they hashed others.
pub fn collect(source: &dyn Source, options: &Options<'_>) -> Result<Evidence, Error> {
    let Begun { mut release, published, revision, stamps } = begin(source, options)?;
    let manifest = declared::manifest(&mut release)?;
    release.declared = manifest.iter().chain(options.dossiers).collect();
    let indexes = expect(&mut release, published, revision, options);
    let hashes = match options.hashing {
        Hashing::AtHand => release.hub.is_none(),
        Hashing::All => true,
        Hashing::Skip => false,
    };
    if hashes {
        integrity::hash(&mut release, options, &stamps)?;
    }
    weights::pickles(&mut release);
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
    out.signatures = signature::judge(&release, options.trust);
    out.clarifications = declared::clarifications(&release);
    out.subject = subject(&release, hashes, git::remote(source));
    out.files = release.files;
    out.gaps = release.gaps;
    out.gaps.sort();
    out.gaps.dedup();
    Ok(out)
}

/// A release of which nothing was read.
struct Begun<'a> {
    release: Release<'a>,
    published: (Vec<Published>, bool),
    revision: Option<String>,
    stamps: HashMap<String, Stamp>,
}

fn begin<'a>(source: &'a dyn Source, options: &Options<'_>) -> Result<Begun<'a>, Error> {
    let Listing { files, gaps, published, complete, revision, hub, links, stamps } = source.list()?;
    let unseen = gaps.iter().map(|gap| gap.what.clone()).collect();
    let files = artifact::facts(files);
    let left = if hub.is_some() { MOST_FETCHED } else { usize::MAX };
    let release = Release {
        source,
        files,
        declared: vec![],
        card: None,
        boms: vec![],
        croissants: vec![],
        signed: vec![],
        links,
        unseen,
        gaps,
        revision: None,
        hub,
        scope: options.scope,
        left,
    };
    source.warm(&soon(&release));
    Ok(Begun { release, published: (published, complete), revision, stamps })
}

/// Finds every digest that is published of the files.
fn expect(
    release: &mut Release<'_>,
    (published, complete): (Vec<Published>, bool),
    revision: Option<String>,
    options: &Options<'_>,
) -> Vec<weights::Index> {
    artifact::apply_manifest(release);
    artifact::pointers(release);
    substance::count(release);
    release.revision = revision.or_else(|| git::commit(release.source));
    release.boms = bom::read(release);
    signature::find(release, options);
    expected::expect(release, published, complete);
    weights::indexes(release)
}

/// The files of a release that are to be hashed, each with every digest that is published of it to be compared.
///
/// # Errors
/// As [`collect`]; and when nothing tells of a file whether it changes, as in an object store.
pub fn tasks(source: &dyn Source, options: &Options<'_>) -> Result<Vec<Task>, Error> {
    let Begun { mut release, published, revision, stamps } = begin(source, options)?;
    let manifest = declared::manifest(&mut release)?;
    release.declared = manifest.iter().chain(options.dossiers).collect();
    // Where weights are named by an index only, nothing is there to hash.
    let _ = expect(&mut release, published, revision, options);
    integrity::tasks(&release, &stamps)
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
}
