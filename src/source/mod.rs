//! Places where a release lives. A source lists files and opens one; it interprets none and follows nothing out.

pub mod local;

use std::io::Read;
use std::path::PathBuf;
use std::str::FromStr;

use crate::error::Error;
use crate::evidence::Gap;

/// Where a release lives, parsed from the command line once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Locator {
    /// A directory.
    Dir(PathBuf),
}

impl FromStr for Locator {
    type Err = Error;

    fn from_str(text: &str) -> Result<Locator, Error> {
        Ok(Locator::Dir(PathBuf::from(text)))
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

/// A place where a release lives.
pub trait Source: Sync {
    /// The target as the reader knows it.
    fn subject(&self) -> String;

    /// Every file, sorted by path, and what could not be listed.
    ///
    /// # Errors
    /// When the release as a whole cannot be listed.
    fn list(&self) -> Result<(Vec<FileEntry>, Vec<Gap>), Error>;

    /// Opens a file by its path in the release.
    ///
    /// # Errors
    /// Whatever the system says; a path that would leave the release is refused.
    fn open(&self, path: &str) -> std::io::Result<Box<dyn Read + Send>>;
}

/// Opens the source that a locator names.
///
/// # Errors
/// [`Error::NotFound`], [`Error::NotADirectory`] or [`Error::Read`].
pub fn open(locator: &Locator) -> Result<Box<dyn Source>, Error> {
    match locator {
        Locator::Dir(path) => Ok(Box::new(local::Dir::open(path)?)),
    }
}
