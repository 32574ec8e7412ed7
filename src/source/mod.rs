//! Places where a release lives. A source lists files and opens one; it interprets none and follows nothing out.

#[cfg(feature = "store")]
mod bucket;
pub mod cache;
pub mod code;
pub mod hub;
pub mod known;
pub mod local;
mod stores;
pub mod web;

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use serde_json::Value;
use url::Url;

pub use self::stores::{Azure, BucketId, Google, S3, Secret, Store, Stores};
#[cfg(feature = "store")]
use self::stores::{LONGEST_KEY, is_path};
use crate::digest::{Checksum, Digest};
use crate::error::{Error, Fault, FaultKind};
use crate::evidence::{Gap, GapKind, HubFact, Topic};
use crate::net::{Answer, Net};
use crate::parse::names::{hub_path, is_hub_id};
use crate::parse::zip::ReadSeek;
use crate::words::errors::Errors as Word;
use crate::words::{Text, foreign};

/// Where a release lives, parsed from the command line once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Locator {
    /// A directory; a snapshot of the hub's cache is known by its folders.
    Dir(PathBuf),
    /// A repository of the hub.
    Hub(HubId),
    /// A release in an object store.
    Bucket(BucketId),
}

/// A repository of the hub at a revision: `hf:ORG/NAME[@REV]`, `hf:datasets/ORG/NAME[@REV]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubId {
    /// The folder of its kind in the cache: `models` or `datasets`.
    pub kind: &'static str,
    /// `ORG/NAME`.
    pub repo: String,
    /// Branch, tag or commit; `main` when none is given.
    pub revision: String,
}

impl HubId {
    /// A model of the hub as a card names it: `ORG/NAME`, or the single name of the oldest.
    pub fn model(repo: &str) -> Option<HubId> {
        HubId::of("models", repo, "main")
    }

    /// A dataset of the hub as a card names it.
    pub fn dataset(repo: &str) -> Option<HubId> {
        HubId::of("datasets", repo, "main")
    }

    fn of(kind: &'static str, repo: &str, revision: &str) -> Option<HubId> {
        let named = is_hub_id(repo) || is_hub_id(&format!("-/{repo}"));
        let sound = !revision.is_empty()
            && revision.len() <= 200
            && !revision.split('/').any(|p| p.is_empty() || p.starts_with('.'))
            && !revision.chars().any(char::is_control);
        (named && sound).then(|| HubId { kind, repo: repo.to_owned(), revision: revision.to_owned() })
    }

    /// `ORG/NAME[@REV]`, without anything that says it is meant.
    fn bare(text: &str) -> Option<HubId> {
        let (repo, revision) = text.split_once('@').unwrap_or((text, "main"));
        HubId::of("models", repo, revision).filter(|_| is_hub_id(repo))
    }

    /// `hf:…`, `hf://…`, or the URL of a page of the hub.
    fn parse(text: &str) -> Option<HubId> {
        let page = hub_path(text);
        let rest = page.or_else(|| text.strip_prefix("hf:").map(|t| t.trim_start_matches('/')))?;
        let (kind, rest) = match rest.strip_prefix("datasets/") {
            Some(rest) => ("datasets", rest),
            None => ("models", rest.strip_prefix("models/").unwrap_or(rest)),
        };
        if page.is_some() {
            let mut parts = rest.splitn(5, '/');
            let repo = format!("{}/{}", parts.next()?, parts.next()?);
            let revision = match (parts.next(), parts.next()) {
                (None, _) => "main".to_owned(),
                (Some("tree" | "blob" | "resolve" | "commit"), Some(revision)) => revision.replace("%2F", "/"),
                (Some(_), _) => return None,
            };
            return HubId::of(kind, &repo, &revision).filter(|id| is_hub_id(&id.repo));
        }
        let (repo, revision) = rest.split_once('@').unwrap_or((rest, "main"));
        HubId::of(kind, repo, revision).filter(|_| is_hub_id(repo))
    }
}

impl fmt::Display for HubId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.kind == "datasets" { "datasets/" } else { "" };
        write!(f, "hf:{kind}{}", self.repo)?;
        if self.revision == "main" { Ok(()) } else { write!(f, "@{}", self.revision) }
    }
}

/// A question to the hub that many repositories may answer: `hf:ORG/*`, `hf:?search=TEXT&filter=TAG`, `hf:datasets/ORG/*`,
/// `hf:datasets?search=TEXT`; the names behind the question mark are those of the hub's API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubQuery {
    /// The folder of its kind: `models` or `datasets`.
    kind: &'static str,
    /// What is asked, in order.
    asks: Vec<(String, String)>,
}

impl HubQuery {
    /// The query that a text is; `None` for any other text.
    pub fn parse(text: &str) -> Option<HubQuery> {
        let rest = text.strip_prefix("hf:").map(|t| t.trim_start_matches('/'))?;
        let data = rest.strip_prefix("datasets").filter(|r| r.starts_with(['/', '?']));
        let (kind, rest) = match data {
            Some(rest) => ("datasets", rest.trim_start_matches('/')),
            None => ("models", rest),
        };
        let asks = match rest.strip_prefix('?') {
            Some(query) => url::form_urlencoded::parse(query.as_bytes()).into_owned().collect::<Vec<_>>(),
            None => {
                let owner = rest.strip_suffix("/*").filter(|owner| is_hub_id(&format!("{owner}/-")))?;
                vec![("author".to_owned(), owner.to_owned())]
            }
        };
        (!asks.is_empty() && asks.iter().all(|(name, _)| !name.is_empty())).then_some(HubQuery { kind, asks })
    }

    /// Whether it says how many it wants.
    fn is_limited(&self) -> bool {
        self.asks.iter().any(|(name, _)| name == "limit")
    }
}

impl fmt::Display for HubQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.asks).finish();
        write!(f, "hf:{}?{query}", if self.kind == "datasets" { "datasets" } else { "" })
    }
}

impl FromStr for Locator {
    type Err = Error;

    fn from_str(text: &str) -> Result<Locator, Error> {
        if BucketId::is_meant(text) {
            let odd = || Error::Usage(Word::NotABucket.text(&[("text", &crate::evidence::excerpt_of(text))]));
            return BucketId::parse(text).map(Locator::Bucket).ok_or_else(odd);
        }
        let is_hub = text.starts_with("hf:") || hub_path(text).is_some();
        if !is_hub {
            return Ok(Locator::Dir(PathBuf::from(text)));
        }
        HubId::parse(text).map(Locator::Hub).ok_or_else(|| Error::NotFound(PathBuf::from(text)))
    }
}

/// A file as its source lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Path in the release, forward slashes.
    pub path: String,
    /// Bytes.
    pub bytes: u64,
}

/// What the file system says of a file, by which it is known again: times are in nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The device that its file system is on.
    pub device: u64,
    /// Its number there.
    pub inode: u64,
    /// Bytes.
    pub bytes: u64,
    /// When its bytes last changed, which programs may set.
    pub modified: i64,
    /// When the file itself last changed, which they may not.
    pub changed: i64,
}

impl Stamp {
    /// What a file system says of a file; `None` where it numbers neither devices nor files.
    #[cfg(unix)]
    pub(crate) fn of(meta: &std::fs::Metadata) -> Option<Stamp> {
        use std::os::unix::fs::MetadataExt;
        let time = |seconds: i64, part: i64| seconds.checked_mul(1_000_000_000)?.checked_add(part);
        let stamp = Stamp {
            device: meta.dev(),
            inode: meta.ino(),
            bytes: meta.size(),
            modified: time(meta.mtime(), meta.mtime_nsec())?,
            changed: time(meta.ctime(), meta.ctime_nsec())?,
        };
        (stamp.device != 0 && stamp.inode != 0).then_some(stamp)
    }

    /// Nothing: this system tells no number of a file that lasts.
    #[cfg(not(unix))]
    pub(crate) fn of(_: &std::fs::Metadata) -> Option<Stamp> {
        None
    }
}

/// What a source lists.
#[derive(Debug, Default)]
pub struct Listing {
    /// Every file, sorted by path.
    pub files: Vec<FileEntry>,
    /// What could not be listed.
    pub gaps: Vec<Gap>,
    /// Digests that the source itself knows, of files that are there or should be.
    pub published: Vec<Published>,
    /// Whether `published` names every file that the release should have.
    pub complete: bool,
    /// The commit, where the source knows one.
    pub revision: Option<String>,
    /// Files that are symbolic links of the release itself, not of the store that it lies in.
    pub links: BTreeSet<String>,
    /// What the hub says of the repository; a listing with it lies behind the network.
    pub hub: Option<HubFact>,
    /// What the file system said of each file, by its path in the release, where there is one.
    pub stamps: HashMap<String, Stamp>,
}

/// A digest that a source knows of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Path in the release.
    pub path: String,
    /// The digest.
    pub checksum: Checksum,
    /// Where it stands: a blob's name, a listing.
    pub by: String,
}

/// A place where a release lives.
pub trait Source: Sync {
    /// The target as the reader knows it.
    fn subject(&self) -> String;

    /// Every file, what could not be listed, and what the source itself knows of them.
    ///
    /// # Errors
    /// When the release as a whole cannot be listed.
    fn list(&self) -> Result<Listing, Error>;

    /// Opens a file by its path in the release.
    ///
    /// # Errors
    /// Whatever the system says; a path that would leave the release is refused.
    fn open(&self, path: &str) -> std::io::Result<Box<dyn Read + Send>>;

    /// Opens a file for its every byte, even where it would have to be downloaded.
    ///
    /// # Errors
    /// As [`Source::open`].
    fn fetch(&self, path: &str) -> std::io::Result<Box<dyn Read + Send>> {
        self.open(path)
    }

    /// Opens a file to be read at any place; `None` where that would have to be downloaded.
    ///
    /// # Errors
    /// As [`Source::open`].
    fn open_anywhere(&self, _path: &str) -> std::io::Result<Option<Box<dyn ReadSeek + Send>>> {
        Ok(None)
    }

    /// The SHA-256 of files as the store recorded them when they were put there; none where it records none. No byte is read for
    /// it, so that it tells what the store says and not what it serves.
    fn recorded(&self, _paths: &[&str]) -> HashMap<String, Digest> {
        HashMap::new()
    }

    /// What the file system says of a file now; `None` where there is none.
    fn stamp(&self, _path: &str) -> Option<Stamp> {
        None
    }

    /// The folder of this machine in which the release lies.
    fn root(&self) -> Option<&Path> {
        None
    }

    /// Branches and tags, `main` left out; none where the source knows of none.
    ///
    /// # Errors
    /// A [`Fault`] when they could not be seen.
    fn revisions(&self) -> Result<Vec<String>, Fault> {
        Ok(vec![])
    }

    /// Gets files ready that will be opened soon, side by side; where opening costs nothing there is nothing to do.
    fn warm(&self, _paths: &[String]) {}
}

/// The error for a path that is not opened: one that is gone is not found, any other is refused.
fn refusal(path: &str, kind: GapKind) -> std::io::Error {
    let why = Gap::new(Topic::Integrity, path, kind, "").why;
    let gone = matches!(kind, GapKind::Dangling | GapKind::NotFound);
    std::io::Error::new(if gone { std::io::ErrorKind::NotFound } else { std::io::ErrorKind::PermissionDenied }, why)
}

/// What an error of [`Source::open`] comes to: a reason, and words that tell more.
pub fn reason(error: &std::io::Error) -> (GapKind, Text) {
    match error.get_ref().and_then(|e| e.downcast_ref::<Fault>()) {
        Some(fault) => (GapKind::of(fault.kind), fault.detail.clone()),
        None => (GapKind::Unreadable, foreign::told(&error.kind().to_string())),
    }
}

/// A URL below a base, each part encoded as one segment.
fn below<'a>(base: &Url, parts: impl IntoIterator<Item = &'a str>) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(parts);
    }
    url
}

/// The JSON of an answer.
fn json(answer: &Answer) -> Result<Value, Fault> {
    serde_json::from_slice(&answer.body).map_err(|_| Fault::new(FaultKind::BadAnswer, &answer.url))
}

/// The world beside the release: the network, the hub's cache, and where services are.
#[derive(Clone, Debug)]
pub struct World {
    /// The way to the network, which may be closed.
    pub net: Arc<Net>,
    /// The hub's cache.
    pub cache: Option<PathBuf>,
    /// The hub.
    pub hub: Url,
    /// GitHub's REST API.
    pub github: Url,
    /// GitLab's REST API, of gitlab.com or of the instance that the settings name.
    pub gitlab: Url,
    /// Zenodo's REST API.
    pub zenodo: Url,
    /// DataCite's REST API.
    pub datacite: Url,
    /// Software Heritage's API.
    pub heritage: Url,
    /// Object stores, and what opens them.
    pub stores: Stores,
}

impl World {
    /// Opens a repository of the hub: live, or offline from the cache and from kept answers.
    ///
    /// # Errors
    /// A [`Fault`] when it is not to be seen.
    pub fn open(&self, id: &HubId) -> Result<Box<dyn Source>, Fault> {
        if self.net.is_offline()
            && let Ok(snapshot) = cache::Snapshot::find(id, self.cache.as_deref())
        {
            return Ok(Box::new(snapshot));
        }
        Ok(Box::new(hub::Hub::open(&self.net, &self.hub, id)?))
    }

    /// The repositories that answer a query, in the hub's order.
    ///
    /// # Errors
    /// A [`Fault`] when the hub does not answer.
    pub fn search(&self, query: &HubQuery) -> Result<Vec<HubId>, Fault> {
        hub::search(&self.net, &self.hub, query)
    }

    /// The Croissant record that the hub writes of a dataset.
    ///
    /// # Errors
    /// A [`Fault`] when the hub serves none.
    pub fn croissant(&self, id: &HubId) -> Result<String, Fault> {
        hub::croissant(&self.net, &self.hub, id)
    }
}

/// Opens the source that a locator names. `ORG/NAME` is a repository of the hub where no such directory exists.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Network`], [`Error::NotCached`], [`Error::NotADirectory`], [`Error::Read`] or [`Error::Usage`].
pub fn open(locator: &Locator, world: &World) -> Result<Box<dyn Source>, Error> {
    match locator {
        Locator::Dir(path) => {
            if let (Some(id), false) = (HubId::bare(&path.to_string_lossy()), path.exists()) {
                return at_hub(&id, world);
            }
            match cache::Snapshot::of(path)? {
                Some(snapshot) => Ok(Box::new(snapshot)),
                None => Ok(Box::new(local::Dir::open(path)?)),
            }
        }
        Locator::Hub(id) => at_hub(id, world),
        Locator::Bucket(id) => in_store(id, world),
    }
}

#[cfg(feature = "store")]
fn in_store(id: &BucketId, world: &World) -> Result<Box<dyn Source>, Error> {
    Ok(Box::new(bucket::Bucket::open(world, id)?))
}

#[cfg(not(feature = "store"))]
fn in_store(_: &BucketId, _: &World) -> Result<Box<dyn Source>, Error> {
    Err(Error::Usage(Word::StoresLeftOut.text(&[])))
}

fn at_hub(id: &HubId, world: &World) -> Result<Box<dyn Source>, Error> {
    world.open(id).map_err(|fault| match fault.kind {
        FaultKind::Offline => Error::NotCached { id: id.to_string(), cache: world.cache.clone() },
        _ => Error::Network { what: id.to_string(), fault },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locators() {
        let hub = |text: &str| match text.parse::<Locator>() {
            Ok(Locator::Hub(id)) => Some((id.kind, id.repo, id.revision)),
            _ => None,
        };
        let main = |kind, repo: &str| Some((kind, repo.to_owned(), "main".to_owned()));
        assert_eq!(hub("hf:a/b"), main("models", "a/b"));
        assert_eq!(hub("hf:datasets/a/b"), main("datasets", "a/b"));
        assert_eq!(hub("hf:a/b@refs/pr/1").unwrap().2, "refs/pr/1");
        for bad in ["hf:a", "hf:a/b/c", "hf:../b", "hf:a/b@", "hf:a/b@../x", "hf:"] {
            assert!(bad.parse::<Locator>().is_err(), "{bad}");
        }
        assert_eq!("a/b".parse::<Locator>().unwrap(), Locator::Dir("a/b".into()));
        let query = |text: &str| HubQuery::parse(text).map(|q| q.to_string());
        assert_eq!(query("hf:acme/*").as_deref(), Some("hf:?author=acme"));
        assert_eq!(query("hf:datasets/acme/*").as_deref(), Some("hf:datasets?author=acme"));
        assert_eq!(query("hf:?search=a+b&filter=x%26y").as_deref(), Some("hf:?search=a+b&filter=x%26y"));
        assert_eq!(query("hf:datasets?search=a").as_deref(), Some("hf:datasets?search=a"));
        for other in ["hf:a/b", "hf:*", "hf:../*", "hf:a/b/*", "hf:?", "hf:?=x", "a/*", "hf:datasetsx?search=a"] {
            assert_eq!(query(other), None, "{other}");
        }
        assert_eq!(hub("hf://datasets/a/b@v1").unwrap(), ("datasets", "a/b".to_owned(), "v1".to_owned()));
        assert_eq!(hub("https://huggingface.co/a/b"), main("models", "a/b"));
        assert_eq!(hub("https://huggingface.co/datasets/a/b/tree/v1/data").unwrap().2, "v1");
        assert_eq!(hub("https://huggingface.co/a/b/blob/refs%2Fpr%2F1/x").unwrap().2, "refs/pr/1");
        for bad in
            ["https://huggingface.co/a", "https://huggingface.co/a/../b", "https://huggingface.co/a/b/discussions/1"]
        {
            assert!(bad.parse::<Locator>().is_err(), "{bad}");
        }
        let Ok(Locator::Bucket(id)) = "s3://b/models/tiny/".parse::<Locator>() else { panic!("no bucket") };
        assert_eq!(id.to_string(), "s3://b/models/tiny");
        assert!("s3://b/../a".parse::<Locator>().is_err());
    }
}
