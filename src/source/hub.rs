//! A repository of the hub, looked at without downloading it: its listing tells names, sizes and digests, small files are
//! fetched one by one, and of large ones the first bytes. The model's `config.json` is never asked for, since the hub counts
//! that as a download. Endpoints and errors: the hub's API, 2026.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, Read};
use std::sync::Arc;

use serde_json::Value;
use url::Url;

use super::{FileEntry, HubId, HubQuery, Listing, Published, Source, below};
use crate::digest::{self, Checksum, Kind};
use crate::error::{Error, Fault, FaultKind};
use crate::evidence::{Gap, GapKind, HubFact, Topic};
use crate::net::{Answer, Ask, Net};
use crate::parse::hub::{self, Entry, Info};
use crate::parse::names::inside;
use crate::words::errors::Errors as Word;
use crate::words::foreign;

/// Bytes of an answer about a repository: a listing of 100,000 files with their digests.
const LONGEST_INFO: usize = 96 * 1024 * 1024;
/// Bytes of a Croissant record.
const LONGEST_RECORD: usize = 8 * 1024 * 1024;
/// Bytes of the list of branches and tags.
const LONGEST_REFS: usize = 4 * 1024 * 1024;
/// Pages of a listing; a page holds a thousand files.
const MOST_PAGES: usize = 200;
/// Bytes of a file that is fetched whole.
const SMALL: u64 = 4 * 1024 * 1024;
/// Bytes fetched of a larger file at first: headers of most weights fit.
const FIRST: u64 = 64 * 1024;
/// Files fetched of one repository.
const MOST_WARMED: usize = 24;

/// A repository at a revision.
#[derive(Debug)]
pub struct Hub {
    net: Arc<Net>,
    base: Url,
    id: HubId,
    info: Info,
    files: BTreeMap<String, Entry>,
    odd: Vec<String>,
}

/// What an answer's status means, where it is no success.
///
/// # Errors
/// A [`Fault`] that tells missing, private, gated and disabled apart as far as the hub does.
fn success(answer: Answer, what: &str) -> Result<Answer, Fault> {
    let code = answer.header("x-error-code").unwrap_or_default();
    let message = answer.header("x-error-message").unwrap_or_default().to_lowercase();
    let message = if message.is_empty() { String::from_utf8_lossy(&answer.body).to_lowercase() } else { message };
    let kind = match answer.status {
        200 | 206 => return Ok(answer),
        401 | 403 if code == "GatedRepo" => FaultKind::Gated,
        401 if message.contains("invalid credentials") => FaultKind::BadToken,
        401 => FaultKind::Hidden,
        403 if message.contains("disabled") => FaultKind::Disabled,
        403 => FaultKind::Forbidden,
        404 if code == "RevisionNotFound" => FaultKind::NoRevision,
        404 | 410 => FaultKind::NotFound,
        status => FaultKind::Status(status),
    };
    Err(Fault::new(kind, what))
}

/// Where the hub at `base` answers about a repository.
fn api(base: &Url, id: &HubId) -> Url {
    below(base, ["api", id.kind].into_iter().chain(id.repo.split('/')))
}

/// The Croissant record that the hub at `base` writes of a dataset.
///
/// # Errors
/// A [`Fault`] when it serves none.
pub(super) fn croissant(net: &Net, base: &Url, id: &HubId) -> Result<String, Fault> {
    let url = below(&api(base, id), ["croissant"]);
    let answer = success(net.ask(&Ask::get(url, LONGEST_RECORD))?, &id.to_string())?;
    Ok(crate::parse::decode(&answer.body).0)
}

/// Pages of a search that are read, of a thousand repositories each.
const MOST_FOUND: usize = 10_000;

/// The repositories that the hub at `base` names in answer to a query, in its order.
///
/// # Errors
/// A [`Fault`] when the hub cannot be reached, or an answer is none.
pub(super) fn search(net: &Net, base: &Url, query: &HubQuery) -> Result<Vec<HubId>, Fault> {
    let mut url = below(base, ["api", query.kind]);
    url.query_pairs_mut().extend_pairs(&query.asks);
    if !query.asks.iter().any(|(name, _)| name == "limit") {
        url.query_pairs_mut().append_pair("limit", "1000");
    }
    let what = query.to_string();
    let mut out = Vec::new();
    for _ in 0..MOST_FOUND {
        let answer = success(net.ask(&Ask::get(url.clone(), LONGEST_INFO))?, &what)?;
        let bad = |why: String| Fault::because(FaultKind::BadAnswer, &what, &foreign::told(&why));
        out.extend(hub::found(&answer.body).map_err(bad)?.iter().filter_map(|id| HubId::of(query.kind, id, "main")));
        let next = answer.header("link").and_then(hub::next_page).and_then(|next| url.join(next).ok());
        match next {
            // A page elsewhere is none of this hub's. Whoever asks for so many gets one page.
            Some(next) if next.origin() == base.origin() && !query.is_limited() => url = next,
            _ => return Ok(out),
        }
    }
    Err(Fault::because(FaultKind::TooLong, &what, &Word::Pages.text(&[("n", &MOST_FOUND)])))
}

impl Hub {
    /// Asks the hub at `base` about a repository, and lists it.
    ///
    /// # Errors
    /// A [`Fault`] when the hub cannot be reached, or does not show the repository or its revision.
    pub fn open(net: &Arc<Net>, base: &Url, id: &HubId) -> Result<Hub, Fault> {
        let mut url = api(base, id);
        if id.revision != "main" {
            url = below(&url, ["revision", id.revision.as_str()]);
        }
        url.set_query(Some("blobs=true"));
        let answer = success(net.ask(&Ask::get(url.clone(), LONGEST_INFO))?, &id.to_string())?;
        let bad = |why: String| Fault::because(FaultKind::BadAnswer, url.as_str(), &foreign::told(&why));
        let mut info = hub::info(&answer.body).map_err(bad)?;
        if info.disabled {
            return Err(Fault::new(FaultKind::Disabled, &id.to_string()));
        }
        let mut out = Hub {
            net: net.clone(),
            base: base.clone(),
            id: id.clone(),
            info: Info::default(),
            files: BTreeMap::new(),
            odd: vec![],
        };
        let entries = match info.files.take() {
            Some(entries) => entries,
            None => out.pages(info.commit.as_deref().unwrap_or(&id.revision))?,
        };
        out.info = info;
        for entry in entries {
            // A path that would lead elsewhere names no file of a release.
            match inside("", &entry.path).filter(|path| *path == entry.path) {
                Some(path) => drop(out.files.insert(path, entry)),
                None => out.odd.push(entry.path),
            }
        }
        Ok(out)
    }

    /// The listing, page by page.
    fn pages(&self, revision: &str) -> Result<Vec<Entry>, Fault> {
        let mut url = below(&api(&self.base, &self.id), ["tree", revision]);
        url.set_query(Some("recursive=true&expand=false"));
        let mut out = Vec::new();
        for _ in 0..MOST_PAGES {
            let answer = success(self.net.ask(&Ask::get(url.clone(), LONGEST_INFO))?, &self.id.to_string())?;
            let bad = |why: String| Fault::because(FaultKind::BadAnswer, url.as_str(), &foreign::told(&why));
            out.extend(hub::page(&answer.body).map_err(bad)?);
            let next = answer.header("link").and_then(hub::next_page).and_then(|next| url.join(next).ok());
            match next {
                // A page elsewhere is none of this repository's.
                Some(next) if next.origin() == self.base.origin() => url = next,
                _ => return Ok(out),
            }
        }
        Err(Fault::because(FaultKind::TooLong, &self.id.to_string(), &Word::Pages.text(&[("n", &MOST_PAGES)])))
    }

    /// The commit, or the revision as asked for where the hub tells none.
    fn revision(&self) -> &str {
        self.info.commit.as_deref().unwrap_or(&self.id.revision)
    }

    /// Where a file is fetched.
    fn url(&self, path: &str) -> Url {
        let kind = (self.id.kind != "models").then_some(self.id.kind);
        let parts = kind.into_iter().chain(self.id.repo.split('/')).chain(["resolve", self.revision()]);
        below(&self.base, parts.chain(path.split('/')))
    }

    /// The question for a file, or for the first bytes of a large one.
    fn ask(&self, path: &str, bytes: u64) -> Ask {
        let whole = bytes <= SMALL && !is_weights(path);
        let range = (!whole && bytes > 0).then_some((0, FIRST.min(bytes)));
        let longest = if range.is_some() { FIRST } else { bytes.max(FIRST) };
        let longest = usize::try_from(longest).unwrap_or(usize::MAX);
        let immutable = self.info.commit.is_some();
        Ask { range, immutable, ..Ask::get(self.url(path), longest) }
    }

    fn look(&self, path: &str) -> Result<Box<dyn Read + Send>, Fault> {
        if path == "config.json" && self.id.kind == "models" {
            // Readers take as many bytes as are listed: a longer text would be cut.
            let listed = self.files.get(path).map_or(0, |entry| entry.bytes);
            let config = self.info.config.as_ref().map(own).filter(|text| text.len() as u64 <= listed);
            let config = config.ok_or_else(|| Fault::new(FaultKind::NotFetched, path))?;
            return Ok(Box::new(Cursor::new(config.into_bytes())));
        }
        let entry = self.files.get(path).ok_or_else(|| Fault::new(FaultKind::NotFound, path))?;
        let ask = self.ask(path, entry.bytes);
        let answer = success(self.net.ask(&ask)?, path)?;
        if ask.range.is_none() || answer.status == 200 {
            if !entry.checksum.as_ref().is_none_or(|sum| gives(&answer.body, sum)) {
                return Err(Fault::because(FaultKind::BadAnswer, path, &Word::OtherBytes.text(&[])));
            }
            return Ok(Box::new(Cursor::new(answer.body)));
        }
        if entry.bytes <= FIRST {
            return Ok(Box::new(Cursor::new(answer.body)));
        }
        let rest = Rest { net: self.net.clone(), url: ask.url, from: FIRST, stream: None };
        Ok(Box::new(Cursor::new(answer.body).chain(rest)))
    }
}

/// Whether a body has the digest that the listing tells.
fn gives(body: &[u8], sum: &Checksum) -> bool {
    let kinds = BTreeSet::from([sum.kind]);
    let read = digest::read_all(&mut &*body, &kinds, body.len() as u64, &|_| {});
    read.is_ok_and(|reading| match sum.kind {
        Kind::Sha256 => reading.sha256.hex() == sum.hex,
        _ => reading.others.contains(sum),
    })
}

/// The model's own configuration: the hub adds the tokenizer's, which may be longer than all of the file.
fn own(config: &Value) -> String {
    let mut config = config.clone();
    if let Some(keys) = config.as_object_mut() {
        keys.retain(|key, _| !["tokenizer_config", "processor_config", "chat_template_jinja"].contains(&key.as_str()));
    }
    config.to_string()
}

/// Weights are read by their headers, however small they are.
fn is_weights(path: &str) -> bool {
    [".safetensors", ".gguf", ".bin", ".pt", ".pth", ".ckpt", ".parquet"].iter().any(|e| path.ends_with(e))
}

/// The bytes of a file from one on, or why they are not to be had.
fn stream(net: &Net, url: &Url, from: u64, what: &str) -> io::Result<Box<dyn Read + Send>> {
    let refused = |answer: Answer| {
        let status = answer.status;
        success(answer, what).err().unwrap_or_else(|| Fault::new(FaultKind::Status(status), what))
    };
    net.stream(url, from).and_then(|body| body.map_err(refused)).map_err(io::Error::other)
}

/// The bytes after the first ones, fetched when somebody reads on.
struct Rest {
    net: Arc<Net>,
    url: Url,
    from: u64,
    stream: Option<Box<dyn Read + Send>>,
}

impl Read for Rest {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.stream.is_none() {
            self.stream = Some(stream(&self.net, &self.url, self.from, self.url.path())?);
        }
        self.stream.as_mut().map_or(Ok(0), |stream| stream.read(out))
    }
}

impl Source for Hub {
    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn list(&self) -> Result<Listing, Error> {
        let files: Vec<FileEntry> =
            self.files.values().map(|e| FileEntry { path: e.path.clone(), bytes: e.bytes }).collect();
        let published = self.files.values().filter_map(|e| {
            let checksum = e.checksum.clone()?;
            Some(Published { path: e.path.clone(), checksum, by: "hub listing".into() })
        });
        let gaps: Vec<Gap> =
            self.odd.iter().map(|path| Gap::new(Topic::Integrity, path, GapKind::Outside, "")).collect();
        let hub = HubFact {
            id: self.info.id.clone(),
            gated: self.info.gated.clone(),
            private: self.info.private,
            refs: vec![],
            card: self.info.card.clone(),
            tags: self.info.tags.clone(),
            created: self.info.created.clone(),
        };
        Ok(Listing {
            files,
            gaps,
            published: published.collect(),
            complete: true,
            revision: self.info.commit.clone(),
            hub: Some(hub),
            ..Listing::default()
        })
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send>> {
        self.look(path).map_err(io::Error::other)
    }

    fn fetch(&self, path: &str) -> io::Result<Box<dyn Read + Send>> {
        stream(&self.net, &self.url(path), 0, path)
    }

    fn revisions(&self) -> Result<Vec<String>, Fault> {
        let refs = below(&api(&self.base, &self.id), ["refs"]);
        let answer = success(self.net.ask(&Ask::get(refs, LONGEST_REFS))?, "refs")?;
        Ok(hub::refs(&answer.body))
    }

    fn warm(&self, paths: &[String]) {
        std::thread::scope(|scope| {
            for path in paths.iter().take(MOST_WARMED) {
                if let Some(entry) = self.files.get(path).filter(|_| path != "config.json") {
                    let ask = self.ask(path, entry.bytes);
                    // The answer is kept by the net; whoever opens the file meets the fault, if there is one.
                    scope.spawn(move || drop(self.net.ask(&ask)));
                }
            }
        });
    }
}
