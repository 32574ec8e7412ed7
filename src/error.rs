//! Why an audit could not be done. It knows paths, causes and next steps; it knows no rule and prints nothing.
//!
//! What could not be *seen* inside a release is a [`Gap`](crate::evidence::Gap), never one of these.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A failure that leaves no report: wrong usage, a broken file that a person wrote, an unreadable target.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Nothing exists at the path that was to be audited or read.
    NotFound(PathBuf),
    /// The hub's cache does not hold a repository at a revision.
    NotCached {
        /// The repository as asked for.
        id: String,
        /// The cache that was looked into, where there is one.
        cache: Option<PathBuf>,
    },
    /// The target of an audit is a file of no known meaning.
    NotADirectory(PathBuf),
    /// The directory holds no file at all.
    Empty(PathBuf),
    /// The release holds more files than are read in one audit.
    TooManyFiles {
        /// The release's directory.
        path: PathBuf,
        /// How many files an audit reads at most.
        limit: usize,
    },
    /// A file or directory could not be read.
    Read {
        /// What was to be read.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A result could not be written.
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// `init` would overwrite a manifest that people wrote.
    Exists(PathBuf),
    /// A file that people write (manifest, profile, license table) does not hold what it should.
    Malformed {
        /// The file, or the built-in table, that is wrong.
        path: PathBuf,
        /// The line, from 1, where that is known.
        line: Option<usize>,
        /// What is wrong, with the source line and a caret under the word.
        message: String,
    },
    /// A saved report or saved evidence is not one, or of a schema this version does not read.
    NotAReport {
        /// The file that was to be a report.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// An id that names no rule, license, profile or level.
    UnknownId {
        /// What kind of id was asked for: "rule or license", "profile", "level".
        what: &'static str,
        /// The id as given.
        id: String,
        /// The nearest known ids, best first.
        near: Vec<String>,
    },
}

impl Error {
    /// The next step for the person who sees the error, where there is one.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::NotFound(path) if looks_like_hub_id(path) => Some(
                "this version audits directories and the hub's cache: give a folder, or `hf:ORG/NAME[@REV]`".into(),
            ),
            Error::NotCached { .. } => Some(
                "this version reads the hub's cache and no network; download the release first, or give its folder"
                    .into(),
            ),
            Error::NotFound(_) => Some("give the directory of a release; `ouvert audit --help` shows examples".into()),
            Error::NotADirectory(_) => Some("give the directory that holds the release, not a file in it".into()),
            Error::Empty(_) => Some("a release needs at least a model card (README.md) and its weights".into()),
            Error::TooManyFiles { .. } => Some("audit the release's own folder, not a folder of many releases".into()),
            Error::Read { cause, .. } if cause.kind() == io::ErrorKind::PermissionDenied => {
                Some("check the permissions of the path, or run as a user who may read it".into())
            }
            Error::Read { .. } => None,
            Error::Write { .. } => Some("check that the folder exists, is writable and has room".into()),
            Error::Exists(_) => Some("edit it, or write elsewhere with `--output FILE`".into()),
            Error::Malformed { .. } => Some("mend the line, then run the same command again".into()),
            Error::NotAReport { .. } => {
                Some("write one with `ouvert audit DIR --format json --output report.json`".into())
            }
            Error::UnknownId { near, .. } if !near.is_empty() => Some(format!("did you mean `{}`?", near.join("`, `"))),
            Error::UnknownId { .. } => Some("`ouvert explain` lists all rules of the profile".into()),
        }
    }

    /// The process's exit code: 2, "could not audit", for every error.
    pub fn exit_code(&self) -> u8 {
        2
    }

    /// A reading error at `path`, telling a missing path from an unreadable one.
    pub fn reading(path: &Path, cause: io::Error) -> Error {
        match cause.kind() {
            io::ErrorKind::NotFound => Error::NotFound(path.into()),
            _ => Error::Read { path: path.into(), cause },
        }
    }
}

/// Whether a path that does not exist may have been meant as a hub's `ORG/NAME`.
fn looks_like_hub_id(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.starts_with("hf:")
        || text.starts_with("https://")
        || (text.matches('/').count() == 1 && !text.starts_with('.'))
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotFound(path) => write!(f, "nothing found at {}", path.display()),
            Error::NotCached { id, cache: Some(cache) } => {
                write!(f, "{id} is not in the hub's cache at {}", cache.display())
            }
            Error::NotCached { id, cache: None } => {
                write!(f, "{id} cannot be looked for: the hub's cache has no folder")
            }
            Error::NotADirectory(path) => write!(f, "{} is not a directory", path.display()),
            Error::Empty(path) => write!(f, "{} holds no file", path.display()),
            Error::TooManyFiles { path, limit } => write!(f, "{} holds more than {limit} files", path.display()),
            Error::Read { path, cause } => write!(f, "cannot read {}: {cause}", path.display()),
            Error::Write { path, cause } => write!(f, "cannot write {}: {cause}", path.display()),
            Error::Exists(path) => write!(f, "{} exists already", path.display()),
            Error::Malformed { path, line: Some(line), message } => {
                write!(f, "{}, line {line}: {message}", path.display())
            }
            Error::Malformed { path, line: None, message } => write!(f, "{}: {message}", path.display()),
            Error::NotAReport { path, message } => write!(f, "{} is not a report: {message}", path.display()),
            Error::UnknownId { what, id, .. } => write!(f, "no {what} is called `{id}`"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Read { cause, .. } | Error::Write { cause, .. } => Some(cause),
            _ => None,
        }
    }
}
