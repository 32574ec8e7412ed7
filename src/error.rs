//! Why an audit could not be done, in both languages. It knows paths, causes and next steps; it knows no rule and prints nothing.
//!
//! What could not be *seen* inside a release is a [`Gap`](crate::evidence::Gap), never one of these.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::words::errors::{Errors as Word, Unknown, Wanted};
use crate::words::survey::Survey;
use crate::words::{Lang, Text, foreign};

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
        /// What it was to be.
        what: Wanted,
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
        message: Text,
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
    Usage(Text),
    /// A folder was begun with another run than the one asked for.
    OtherRun(Text),
    /// A folder holds what a survey gave, where one of releases or evidence was asked for.
    OfSurvey(PathBuf),
    /// The shards of a run do not fit together.
    Unjoined {
        /// What does not fit.
        message: Text,
        /// The next step.
        hint: Text,
    },
    /// `init` would overwrite a manifest that people wrote.
    Exists(PathBuf),
    /// A file that people write (manifest, profile, license table) does not hold what it should.
    Malformed {
        /// The file, or the built-in table, that is wrong.
        path: PathBuf,
        /// The line, from 1, where that is known.
        line: Option<usize>,
        /// What is wrong.
        message: Text,
        /// The source line with a caret under the word, where a word is wrong.
        shown: Option<String>,
    },
    /// A file is not what a record of a catalogue, or saved evidence, looks like; it may be one of another format.
    NotARecord {
        /// The file.
        path: PathBuf,
        /// The line, from 1, where that is known.
        line: Option<usize>,
        /// What is wrong.
        message: Text,
        /// The format that it looks to be of.
        other: Option<&'static str>,
    },
    /// A saved report is not one, or of a schema this version does not read.
    NotAReport {
        /// The file that was to be a report.
        path: PathBuf,
        /// What is wrong with it.
        message: Text,
    },
    /// An id that names no rule, license, profile or level.
    UnknownId {
        /// What kind of id was asked for.
        what: Unknown,
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
    pub detail: Text,
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
    /// There is no such bucket.
    NoBucket,
    /// The bucket lies in another region.
    OtherRegion,
    /// The store refuses access.
    Denied,
    /// The object is not the one that was listed.
    Overwritten,
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
        let detail = bounded(detail);
        Fault { kind, detail: Text::new(detail.clone(), detail) }
    }

    /// A fault of something, with the reason for it.
    pub fn because(kind: FaultKind, what: &str, why: &Text) -> Fault {
        let what = bounded(what);
        let told = |lang, why: &str| Word::Because.with(lang, &[("what", &what), ("why", &bounded(why))]);
        Fault { kind, detail: Text::new(told(Lang::En, &why.en), told(Lang::Fr, &why.fr)) }
    }

    /// A fault with a detail that has its words in both languages.
    pub fn told(kind: FaultKind, detail: &Text) -> Fault {
        Fault { kind, detail: Text::new(bounded(&detail.en), bounded(&detail.fr)) }
    }

    /// What went wrong, in one language.
    pub fn text(&self, lang: Lang) -> String {
        let words = match self.kind {
            FaultKind::Status(status) => Word::Status.with(lang, &[("status", &status)]),
            kind => kind.word().say(lang).to_owned(),
        };
        match self.detail.get(lang) {
            "" => words,
            detail => Word::Quoted.with(lang, &[("what", &words), ("words", &detail)]),
        }
    }

    /// The next step, where there is one.
    fn hint(&self) -> Option<Word> {
        Some(match self.kind {
            FaultKind::Offline => Word::HintOffline,
            FaultKind::UnknownHost | FaultKind::Unreachable | FaultKind::Timeout | FaultKind::Broken => {
                Word::HintNetwork
            }
            FaultKind::Tls => Word::HintTls,
            FaultKind::RateLimited => Word::HintRateLimit,
            FaultKind::BadToken => Word::HintToken,
            FaultKind::Hidden => Word::HintHidden,
            FaultKind::Gated | FaultKind::Forbidden => Word::HintGated,
            FaultKind::NoRevision => Word::HintRevision,
            FaultKind::NotFound => Word::HintSpelling,
            FaultKind::NoBucket => Word::HintBucket,
            FaultKind::OtherRegion => Word::HintRegion,
            FaultKind::Denied => Word::HintDenied,
            FaultKind::Overwritten => Word::HintAgain,
            FaultKind::BadAnswer | FaultKind::TooLong | FaultKind::Redirects => Word::HintHub,
            FaultKind::Refused | FaultKind::Status(_) | FaultKind::Disabled | FaultKind::NotFetched => return None,
        })
    }

    /// The next step where a release in an object store could not be seen.
    fn hint_of_store(&self, what: &str) -> Option<Word> {
        Some(match self.kind {
            FaultKind::Offline => Word::HintStoreOffline,
            FaultKind::UnknownHost
            | FaultKind::Unreachable
            | FaultKind::Timeout
            | FaultKind::Broken
            | FaultKind::Tls => Word::HintStoreNetwork,
            FaultKind::BadToken | FaultKind::Denied if what.starts_with("gs:") => Word::HintDeniedGoogle,
            FaultKind::BadToken | FaultKind::Denied if what.starts_with("az:") => Word::HintDeniedAzure,
            FaultKind::BadToken | FaultKind::Denied => Word::HintDenied,
            FaultKind::NoBucket if !what.starts_with("s3:") => Word::HintSpelling,
            FaultKind::BadAnswer | FaultKind::TooLong | FaultKind::Refused | FaultKind::Status(_) => Word::HintStore,
            FaultKind::RateLimited => Word::HintAgain,
            _ => return self.hint(),
        })
    }
}

/// Whether a target lies in an object store, by how its name begins.
fn is_in_store(what: &str) -> bool {
    ["s3://", "gs://", "az://"].iter().any(|scheme| what.starts_with(scheme))
}

/// Details hold URLs of a release: bounded, and without what could move a cursor.
fn bounded(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}

impl FaultKind {
    fn word(self) -> Word {
        match self {
            FaultKind::Offline => Word::Offline,
            FaultKind::Refused => Word::Refused,
            FaultKind::UnknownHost => Word::UnknownHost,
            FaultKind::Unreachable => Word::Unreachable,
            FaultKind::Tls => Word::Tls,
            FaultKind::Timeout => Word::Timeout,
            FaultKind::Broken => Word::Broken,
            FaultKind::TooLong => Word::TooLong,
            FaultKind::BadAnswer => Word::BadAnswer,
            FaultKind::Redirects => Word::Redirects,
            FaultKind::RateLimited => Word::RateLimited,
            FaultKind::Status(_) => Word::Status,
            FaultKind::BadToken => Word::BadToken,
            FaultKind::NotFound => Word::NotFound,
            FaultKind::Hidden => Word::Hidden,
            FaultKind::NoRevision => Word::NoRevision,
            FaultKind::Gated => Word::Gated,
            FaultKind::Forbidden => Word::Forbidden,
            FaultKind::Disabled => Word::Disabled,
            FaultKind::NotFetched => Word::NotFetched,
            FaultKind::NoBucket => Word::NoBucket,
            FaultKind::OtherRegion => Word::OtherRegion,
            FaultKind::Denied => Word::Denied,
            FaultKind::Overwritten => Word::Overwritten,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for Fault {}

impl Error {
    /// A mistake in a file, at a line of it where that is known, as its reader tells it.
    pub fn malformed(path: &Path, line: Option<usize>, message: &str) -> Error {
        Error::Malformed { path: path.into(), line, message: foreign::told(message), shown: None }
    }

    /// The next step for the person who sees the error, in one language, where there is one.
    pub fn hint(&self, lang: Lang) -> Option<String> {
        let word = match self {
            Error::NotFound(path) if looks_like_hub_id(path) => Word::HintHubId,
            Error::NotFound(_) => Word::HintTarget,
            Error::NotCached { .. } => Word::HintNotCached,
            Error::Network { what, fault } if is_in_store(what) => fault.hint_of_store(what)?,
            Error::Network { fault, .. } => fault.hint()?,
            Error::NoFile { what: Wanted::Profile, .. } => Word::HintProfiles,
            Error::NoFile { what, .. } => return Some(Word::HintPath.with(lang, &[("what", &what.say(lang))])),
            Error::NotARecord { other: Some(other), .. } => {
                return Some(Word::HintOther.with(lang, &[("other", other)]));
            }
            Error::NotARecord { .. } => Word::HintRecord,
            Error::Setting { name, .. } => return Some(Word::HintSetting.with(lang, &[("name", name)])),
            Error::NotADirectory(_) => Word::HintDirectory,
            Error::Empty(path) if is_in_store(&path.to_string_lossy()) => Word::HintPrefix,
            Error::Empty(_) => Word::HintEmpty,
            Error::TooManyFiles { .. } => Word::HintTooMany,
            Error::Read { cause, .. } => match cause.kind() {
                io::ErrorKind::PermissionDenied => Word::HintPermissions,
                io::ErrorKind::IsADirectory => Word::HintIsFolder,
                io::ErrorKind::InvalidData => Word::HintText,
                _ => return None,
            },
            Error::Write { .. } => Word::HintWrite,
            Error::Usage(_) => Word::HintUsage,
            Error::OfSurvey(_) => return Some(Survey::HintOfSurvey.say(lang).to_owned()),
            Error::OtherRun(_) => return Some(Survey::HintOtherRun.say(lang).to_owned()),
            Error::Unjoined { hint, .. } => return Some(hint.get(lang).to_owned()),
            Error::Exists(_) => Word::HintExists,
            Error::Malformed { line: None, .. } => Word::HintMendFile,
            Error::Malformed { .. } => Word::HintMendLine,
            Error::NotAReport { .. } => Word::HintReport,
            Error::UnknownId { near, .. } if !near.is_empty() => {
                let ids = format!("`{}`", near.join("`, `"));
                return Some(Word::DidYouMean.with(lang, &[("ids", &ids)]));
            }
            Error::UnknownId { what: Unknown::Profile, .. } => Word::HintProfiles,
            Error::UnknownId { what: Unknown::Level, .. } => Word::HintLevels,
            Error::UnknownId { what: Unknown::RuleOrLicense, .. } => Word::HintRules,
        };
        Some(word.say(lang).to_owned())
    }

    /// What went wrong, in one language: a sentence, and below it the source line where a word in it is wrong.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Error::NotFound(path) | Error::NoFile { path, .. } => {
                Word::NothingAt.with(lang, &[("path", &path.display())])
            }
            Error::NotCached { id, cache: Some(cache) } => {
                Word::NotInCache.with(lang, &[("id", id), ("cache", &cache.display())])
            }
            Error::NotCached { id, cache: None } => Word::NoCache.with(lang, &[("id", id)]),
            Error::Network { what, fault } => {
                Word::CannotAudit.with(lang, &[("what", what), ("fault", &fault.text(lang))])
            }
            Error::Setting { name, message } => {
                Word::Quoted.with(lang, &[("what", name), ("words", &message.get(lang))])
            }
            Error::NotADirectory(path) => Word::NotADirectory.with(lang, &[("path", &path.display())]),
            Error::Empty(path) => Word::Empty.with(lang, &[("path", &path.display())]),
            Error::TooManyFiles { path, limit } => {
                Word::TooManyFiles.with(lang, &[("path", &path.display()), ("limit", limit)])
            }
            Error::Read { path, cause } => {
                Word::CannotRead.with(lang, &[("path", &path.display()), ("cause", &system(cause, lang))])
            }
            Error::Write { path, cause } => {
                Word::CannotWrite.with(lang, &[("path", &path.display()), ("cause", &system(cause, lang))])
            }
            Error::OfSurvey(path) => Survey::OfSurvey.with(lang, &[("path", &path.display())]),
            Error::Usage(message) | Error::OtherRun(message) | Error::Unjoined { message, .. } => {
                message.get(lang).to_owned()
            }
            Error::Exists(path) => Word::Exists.with(lang, &[("path", &path.display())]),
            Error::Malformed { path, line, message, shown } => {
                let told = placed(path, *line, message, lang);
                shown.as_ref().map_or(told.clone(), |shown| format!("{told}\n{shown}"))
            }
            Error::NotARecord { path, line, message, .. } => placed(path, *line, message, lang),
            Error::NotAReport { path, message } => {
                Word::NotAReport.with(lang, &[("path", &path.display()), ("message", &message.get(lang))])
            }
            Error::UnknownId { what, id, .. } => what.with(lang, &[("id", id)]),
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

/// A message about a file, with the line where that is known.
fn placed(path: &Path, line: Option<usize>, message: &Text, lang: Lang) -> String {
    let (path, message) = (path.display(), message.get(lang));
    match line {
        Some(line) => Word::AtLine.with(lang, &[("path", &path), ("line", &line), ("message", &message)]),
        None => Word::InFile.with(lang, &[("path", &path), ("message", &message)]),
    }
}

/// What the system said, in one language: its own words in English, ours for the common kinds in French.
fn system(cause: &io::Error, lang: Lang) -> String {
    let kind = cause.raw_os_error().and_then(|_| foreign::french(&cause.kind().to_string()));
    match (lang, kind) {
        (Lang::En, _) => cause.to_string(),
        (Lang::Fr, Some(kind)) => kind,
        (Lang::Fr, None) => foreign::told(&cause.to_string()).fr,
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
        f.write_str(&self.text(Lang::En))
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
