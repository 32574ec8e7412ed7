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
    /// Nothing exists at the path that was to be audited.
    NotFound(PathBuf),
    /// A file that a person named is not there.
    NoFile {
        /// The path as given.
        path: PathBuf,
        /// What it was to be: "profile", "a record of a catalogue", "a dossier", "a report".
        what: &'static str,
    },
    /// The hub's cache does not hold a repository at a revision.
    NotCached {
        /// The repository as asked for.
        id: String,
        /// The cache that was looked into, where there is one.
        cache: Option<PathBuf>,
    },
    /// The target of an audit lies behind the network, and could not be reached or seen.
    Network {
        /// The target as asked for.
        what: String,
        /// Why.
        fault: Fault,
    },
    /// A variable of the environment does not hold what it should.
    Setting {
        /// Its name.
        name: &'static str,
        /// What is wrong.
        message: String,
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
    /// Flags and targets that do not go together.
    Usage(String),
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
    /// A file is not what a record of a catalogue, or saved evidence, looks like; it may be one of another format.
    NotARecord {
        /// The file.
        path: PathBuf,
        /// The line, from 1, where that is known.
        line: Option<usize>,
        /// What is wrong.
        message: String,
        /// The format that it looks to be of.
        other: Option<&'static str>,
    },
    /// A saved report is not one, or of a schema this version does not read.
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

/// Why nothing came back over the network that means anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What went wrong.
    pub kind: FaultKind,
    /// The URL, host or words that tell more.
    pub detail: String,
}

/// The ways in which a request comes to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The network may not be used, and no kept answer is at hand.
    Offline,
    /// A link that must not be followed: a private address, another scheme, a password in it.
    Refused,
    /// The host's name has no address.
    UnknownHost,
    /// Nobody answered at the address.
    Unreachable,
    /// The secure connection could not be made.
    Tls,
    /// No answer, or no end of one, in time.
    Timeout,
    /// The connection broke before the answer's end.
    Broken,
    /// The answer is longer than such an answer may be.
    TooLong,
    /// The answer is not what it should be: no JSON, a page, encoded.
    BadAnswer,
    /// Redirects without end.
    Redirects,
    /// The host asks to be left alone for longer than anybody waits.
    RateLimited,
    /// A status that is no success.
    Status(u16),
    /// The token was refused.
    BadToken,
    /// There is no such repository, file or page.
    NotFound,
    /// The repository is missing or private: without a token the hub does not tell which.
    Hidden,
    /// The repository is there, the revision is not.
    NoRevision,
    /// A form or an account stands before it.
    Gated,
    /// Access is refused.
    Forbidden,
    /// The hub has disabled it.
    Disabled,
    /// It was not fetched, for the hub would count that as a download of the model.
    NotFetched,
}

impl FaultKind {
    /// Whether asking again may help.
    pub fn is_passing(self) -> bool {
        matches!(self, FaultKind::Unreachable | FaultKind::Timeout | FaultKind::Broken)
    }
}

impl Fault {
    /// A fault.
    pub fn new(kind: FaultKind, detail: &str) -> Fault {
        // Details hold URLs of a release: bounded, and without what could move a cursor.
        Fault { kind, detail: detail.chars().filter(|c| !c.is_control()).take(300).collect() }
    }

    /// The next step, where there is one.
    fn hint(&self) -> Option<&'static str> {
        Some(match self.kind {
            FaultKind::Offline => "run it once without `--offline`, or download the release first",
            FaultKind::UnknownHost | FaultKind::Unreachable | FaultKind::Timeout | FaultKind::Broken => {
                "check the network, HF_ENDPOINT and HTTPS_PROXY; `--offline` reads the hub's cache instead"
            }
            FaultKind::Tls => "check the clock and the certificates of this machine, and that HF_ENDPOINT is the hub",
            FaultKind::RateLimited => "try again in five minutes, or set HF_TOKEN: a token has a larger quota",
            FaultKind::BadToken => "renew the token in HF_TOKEN or the hub client's token file, or unset it",
            FaultKind::Hidden => "check the spelling; for a private repository set HF_TOKEN",
            FaultKind::Gated | FaultKind::Forbidden => "ask for access on its page, then set HF_TOKEN",
            FaultKind::NoRevision => "give a branch, tag or commit that exists, or leave `@REV` out",
            FaultKind::NotFound => "check the spelling",
            FaultKind::BadAnswer | FaultKind::TooLong | FaultKind::Redirects => "check that HF_ENDPOINT is a hub",
            _ => return None,
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self.kind {
            FaultKind::Offline => "not at hand without the network",
            FaultKind::Refused => "a link that is not followed",
            FaultKind::UnknownHost => "no such host",
            FaultKind::Unreachable => "nobody answers",
            FaultKind::Tls => "no secure connection",
            FaultKind::Timeout => "no answer in time",
            FaultKind::Broken => "the answer broke off",
            FaultKind::TooLong => "the answer is too long",
            FaultKind::BadAnswer => "not the answer of such a service",
            FaultKind::Redirects => "redirected without end",
            FaultKind::RateLimited => "the host asks to be left alone for now (rate limit)",
            FaultKind::Status(status) => return write!(f, "answered {status}: {}", self.detail),
            FaultKind::BadToken => "the token was refused",
            FaultKind::NotFound => "not found",
            FaultKind::Hidden => "missing or private, the hub does not tell which",
            FaultKind::NoRevision => "no such revision",
            FaultKind::Gated => "behind a gate",
            FaultKind::Forbidden => "access refused",
            FaultKind::Disabled => "disabled by the hub",
            FaultKind::NotFetched => "not fetched, for that would count as a download",
        };
        if self.detail.is_empty() { f.write_str(words) } else { write!(f, "{words}: {}", self.detail) }
    }
}

impl std::error::Error for Fault {}

impl Error {
    /// The next step for the person who sees the error, where there is one.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::NotFound(path) if looks_like_hub_id(path) => {
                Some("write a repository of the hub as `hf:ORG/NAME[@REV]` or `hf:datasets/ORG/NAME`".into())
            }
            Error::NotCached { .. } => {
                Some("download the release first, leave `--offline` out, or give its folder".into())
            }
            Error::Network { fault, .. } => fault.hint().map(str::to_owned),
            Error::NotFound(_) => {
                Some("give the directory of a release, or a record; `ouvert audit --help` shows examples".into())
            }
            Error::NoFile { what: "profile", .. } => Some(PROFILES.into()),
            Error::NoFile { what, .. } => Some(format!("give the path of a file: {what}")),
            Error::NotARecord { other: Some(other), .. } => {
                Some(format!("it looks like a record of `{other}`: `ouvert import {other} FILE` reads it"))
            }
            Error::NotARecord { .. } => Some(
                "give a record that `ouvert import --help` names, evidence written with `--save-evidence`, or a directory".into(),
            ),
            Error::Setting { name, .. } => Some(format!("set {name} to the address of the service, or unset it")),
            Error::NotADirectory(_) => Some("give the directory that holds the release, not a file in it".into()),
            Error::Empty(_) => Some("a release needs at least a model card (README.md) and its weights".into()),
            Error::TooManyFiles { .. } => Some("audit the release's own folder, not a folder of many releases".into()),
            Error::Read { cause, .. } if cause.kind() == io::ErrorKind::PermissionDenied => {
                Some("check the permissions of the path, or run as a user who may read it".into())
            }
            Error::Read { cause, .. } if cause.kind() == io::ErrorKind::IsADirectory => {
                Some("give a file; of many, each: `FOLDER/*`".into())
            }
            Error::Read { cause, .. } if cause.kind() == io::ErrorKind::InvalidData => {
                Some("give a text file; this one holds other bytes".into())
            }
            Error::Read { .. } => None,
            Error::Write { .. } => Some("check that the folder exists, is writable and has room".into()),
            Error::Usage(_) => Some("`--help` after the command shows what goes together".into()),
            Error::Exists(_) => Some("edit it, or write elsewhere with `--output FILE`".into()),
            Error::Malformed { line: None, .. } => Some("mend the file, then run the same command again".into()),
            Error::Malformed { .. } => Some("mend the line, then run the same command again".into()),
            Error::NotAReport { .. } => {
                Some("write one with `ouvert audit DIR --format json --output report.json`".into())
            }
            Error::UnknownId { near, .. } if !near.is_empty() => Some(format!("did you mean `{}`?", near.join("`, `"))),
            Error::UnknownId { what: "profile", .. } => Some(PROFILES.into()),
            Error::UnknownId { what: "level", .. } => {
                Some("`ouvert frameworks ID` lists the levels of a profile; name that profile with `--profile ID`".into())
            }
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

/// The next step for who asked for a profile that is not there.
const PROFILES: &str = "`ouvert frameworks` lists the profiles; one of your own is the path of a TOML file";

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
            Error::NotFound(path) | Error::NoFile { path, .. } => write!(f, "nothing found at {}", path.display()),
            Error::NotCached { id, cache: Some(cache) } => {
                write!(f, "{id} is not in the hub's cache at {}", cache.display())
            }
            Error::NotCached { id, cache: None } => {
                write!(f, "{id} cannot be looked for: the hub's cache has no folder")
            }
            Error::Network { what, fault } => write!(f, "cannot audit {what}: {fault}"),
            Error::Setting { name, message } => write!(f, "{name}: {message}"),
            Error::NotADirectory(path) => write!(f, "{} is not a directory", path.display()),
            Error::Empty(path) => write!(f, "{} holds no file", path.display()),
            Error::TooManyFiles { path, limit } => write!(f, "{} holds more than {limit} files", path.display()),
            Error::Read { path, cause } => write!(f, "cannot read {}: {cause}", path.display()),
            Error::Write { path, cause } => write!(f, "cannot write {}: {cause}", path.display()),
            Error::Usage(message) => f.write_str(message),
            Error::Exists(path) => write!(f, "{} exists already", path.display()),
            Error::Malformed { path, line: Some(line), message } => {
                write!(f, "{}, line {line}: {message}", path.display())
            }
            Error::Malformed { path, line: None, message } => write!(f, "{}: {message}", path.display()),
            Error::NotARecord { path, line, message, .. } => {
                let line = line.map(|l| format!(", line {l}")).unwrap_or_default();
                write!(f, "{}{line}: {message}", path.display())
            }
            Error::NotAReport { path, message } => write!(f, "{} is not a report: {message}", path.display()),
            Error::UnknownId { what, id, .. } => write!(f, "no {what} is called `{id}`"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Read { cause, .. } | Error::Write { cause, .. } => Some(cause),
            Error::Network { fault, .. } => Some(fault),
            _ => None,
        }
    }
}
