//! Places where a release lives. A source lists files and opens one; it interprets none and follows nothing out.

pub mod cache;
pub mod local;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::digest::Checksum;
use crate::error::Error;
use crate::evidence::Gap;
use crate::parse::names::is_hub_id;

/// Where a release lives, parsed from the command line once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Locator {
    /// A directory; a snapshot of the hub's cache is known by its folders.
    Dir(PathBuf),
    /// A repository of the hub.
    Hub(HubId),
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

impl FromStr for Locator {
    type Err = Error;

    fn from_str(text: &str) -> Result<Locator, Error> {
        let Some(id) = text.strip_prefix("hf:") else { return Ok(Locator::Dir(PathBuf::from(text))) };
        let id = id.trim_start_matches('/');
        let (kind, id) = id
            .strip_prefix("datasets/")
            .map_or(("models", id.strip_prefix("models/").unwrap_or(id)), |id| ("datasets", id));
        let (repo, revision) = id.split_once('@').unwrap_or((id, "main"));
        if !is_hub_id(repo) || revision.is_empty() || revision.split('/').any(|p| p.is_empty() || p.starts_with('.')) {
            return Err(Error::NotFound(PathBuf::from(text)));
        }
        Ok(Locator::Hub(HubId { kind, repo: repo.to_owned(), revision: revision.to_owned() }))
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
}

/// Opens the source that a locator names; a repository of the hub is looked for in the hub's cache at `cache`.
///
/// # Errors
/// [`Error::NotFound`], [`Error::NotCached`], [`Error::NotADirectory`] or [`Error::Read`].
pub fn open(locator: &Locator, cache: Option<&Path>) -> Result<Box<dyn Source>, Error> {
    match locator {
        Locator::Dir(path) => match cache::Snapshot::of(path)? {
            Some(snapshot) => Ok(Box::new(snapshot)),
            None => Ok(Box::new(local::Dir::open(path)?)),
        },
        Locator::Hub(id) => Ok(Box::new(cache::Snapshot::find(id, cache)?)),
    }
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
    }
}
