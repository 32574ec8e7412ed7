//! A release in an object store. Its listing tells keys and sizes; small objects are fetched whole and kept for the run, of large
//! ones the parts that are read, and for its digest one is streamed. What is read is held to the listing: an object that was
//! overwritten since is a gap, never a mixture of two.

mod door;
mod keys;
mod ranged;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::io::{self, Cursor, Read};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use self::door::Door;
use self::keys::Place;
use self::ranged::{FIRST, Ranged};
use super::{BucketId, FileEntry, Listing, Source, Store, World};
use crate::digest::Digest;
use crate::error::{Error, Fault, FaultKind};
use crate::evidence::{Gap, GapKind, Topic};
use crate::net::{Net, Reply};
use crate::parse::bucket::{self, Object, Page};
use crate::parse::zip::ReadSeek;
use crate::words::errors::Errors as Word;
use crate::words::foreign;

/// Bytes of a page: a thousand of the longest keys, each character escaped.
const LONGEST_PAGE: usize = 16 * 1024 * 1024;
/// Bytes of an answer that refuses.
const LONGEST_REFUSAL: usize = 64 * 1024;
/// Keys of one release.
const MOST_KEYS: usize = 200_000;
/// Pages of a listing, and pages without a key one after the other.
const MOST_PAGES: usize = 5_000;
const MOST_BARE_PAGES: usize = 20;
/// Bytes of an object that is fetched whole.
const SMALL: u64 = 1024 * 1024;
/// Bytes that are kept for the run.
const MOST_KEPT: usize = 128 * 1024 * 1024;
/// Requests at a time.
const AT_A_TIME: usize = 16;

/// A release in a store.
pub(super) struct Bucket {
    id: BucketId,
    shelf: Arc<Shelf>,
    objects: BTreeMap<String, Object>,
    gaps: Vec<Gap>,
}

/// Where the objects are fetched from, and what was fetched of them.
struct Shelf {
    net: Arc<Net>,
    door: Door,
    kept: Mutex<Kept>,
}

/// Objects from their start on, by key.
#[derive(Default)]
struct Kept {
    bytes: usize,
    by_key: HashMap<String, Arc<[u8]>>,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What an answer's status means, where it is no success.
///
/// # Errors
/// A [`Fault`] that tells a missing bucket, another region, refused access and a change apart. No redirect is followed.
fn success(reply: Reply) -> Result<Reply, Fault> {
    let status = reply.status;
    if matches!(status, 200 | 206) {
        return Ok(reply);
    }
    let told = reply.header("x-amz-bucket-region").and_then(bucket::region);
    let named = reply.header("x-ms-error-code").and_then(bucket::word);
    // A refusal whose body breaks off is one all the same.
    let complaint = bucket::complaint(&reply.whole(LONGEST_REFUSAL).unwrap_or_default());
    let code = named.unwrap_or(complaint.code);
    let region = complaint.region.or(told);
    let kind = match (status, code.as_str()) {
        (301 | 307 | 308, _) | (400, "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException") => {
            let elsewhere = Fault::new(FaultKind::Refused, "");
            return Err(region.map_or(elsewhere, |region| Fault::new(FaultKind::OtherRegion, &region)));
        }
        (302 | 303, _) => FaultKind::Refused,
        (401 | 403, _) | (_, "PublicAccessNotPermitted") => return Err(Fault::new(FaultKind::Denied, &code)),
        (404, "NoSuchBucket" | "ContainerNotFound") => FaultKind::NoBucket,
        (404, _) => FaultKind::NotFound,
        (412 | 416, _) => FaultKind::Overwritten,
        (status, _) => FaultKind::Status(status),
    };
    // Whose answer it is, whoever asked knows.
    Err(Fault::new(kind, ""))
}

impl Shelf {
    /// A page of the keys that start with `prefix`.
    fn page(&self, id: &BucketId, prefix: &str, mark: Option<&str>) -> Result<Page, Fault> {
        let reply = self.net.run(self.door.home(), &self.door.page(prefix, mark)?)?;
        let reply = success(reply).map_err(|fault| match fault.kind {
            FaultKind::NotFound => Fault::new(FaultKind::NoBucket, ""),
            _ => fault,
        })?;
        let body = reply.whole(LONGEST_PAGE)?;
        let page = match id.store {
            Store::S3 => bucket::s3(&body),
            Store::Google => bucket::google(&body),
            Store::Azure => bucket::azure(&body),
        };
        page.map_err(|why| Fault::because(FaultKind::BadAnswer, &id.bucket, &foreign::told(&why)))
    }

    fn get(&self, object: &Object, range: Option<(u64, u64)>) -> Result<Reply, Fault> {
        success(self.net.run(self.door.home(), &self.door.object(object, range)?)?)
    }

    /// Bytes of an object, exactly so many.
    fn range(&self, object: &Object, from: u64, count: u64) -> Result<Vec<u8>, Fault> {
        let reply = self.get(object, Some((from, count)))?;
        let last = from.saturating_add(count).saturating_sub(1);
        let wanted = format!("bytes {from}-{last}/{}", object.bytes);
        let told = reply.header("content-range").map(str::to_owned);
        let body = bytes(reply, count)?;
        match told {
            Some(told) if told == wanted => Ok(body),
            // All of it is more than was asked for, or is the same.
            None if from == 0 && count == object.bytes => Ok(body),
            _ => Err(Fault::new(FaultKind::Overwritten, "")),
        }
    }

    /// An object from its start on: all of a small one, the first bytes of another.
    fn start(&self, object: &Object) -> Result<Arc<[u8]>, Fault> {
        if let Some(kept) = self.kept(&object.key) {
            return Ok(kept);
        }
        let body: Arc<[u8]> = match object.bytes <= SMALL {
            true => bytes(self.get(object, None)?, object.bytes)?.into(),
            false => self.range(object, 0, FIRST)?.into(),
        };
        if let Ok(mut kept) = self.kept.lock()
            && kept.bytes + body.len() <= MOST_KEPT
            && kept.by_key.insert(object.key.clone(), body.clone()).is_none()
        {
            kept.bytes += body.len();
        }
        Ok(body)
    }

    fn kept(&self, key: &str) -> Option<Arc<[u8]>> {
        self.kept.lock().ok().and_then(|kept| kept.by_key.get(key).cloned())
    }

    /// The SHA-256 that the store recorded of an object as it was listed, where it did.
    fn recorded(&self, object: &Object) -> Option<Digest> {
        let reply = self.net.run(self.door.home(), &self.door.record(object).ok()?).ok()?;
        let bare = |tag: &str| tag.trim_matches('"').to_owned();
        let same = |told: Option<&str>| told.map(bare) == object.tag.as_deref().map(bare) || object.tag.is_none();
        let length = reply.header("content-length").and_then(|n| n.parse().ok());
        let fits = reply.status == 200 && same(reply.header("etag")) && length == Some(object.bytes);
        bucket::recorded(|name| reply.header(name)).filter(|_| fits)
    }
}

/// The body of an answer, exactly `count` bytes of an object.
fn bytes(reply: Reply, count: u64) -> Result<Vec<u8>, Fault> {
    let changed = || Fault::new(FaultKind::Overwritten, "");
    let longest = usize::try_from(count).map_err(|_| changed())?;
    let body =
        reply.whole(longest).map_err(|fault| if fault.kind == FaultKind::TooLong { changed() } else { fault })?;
    if body.len() == longest { Ok(body) } else { Err(changed()) }
}

impl Bucket {
    /// Lists a release.
    ///
    /// # Errors
    /// [`Error::Network`] when it is not to be seen, [`Error::Usage`] where a setting is missing, [`Error::TooManyFiles`].
    pub(super) fn open(world: &World, id: &BucketId) -> Result<Bucket, Error> {
        let door = Door::new(id, &world.stores)?;
        let shelf = Arc::new(Shelf { net: world.net.clone(), door, kept: Mutex::default() });
        let mut out = Bucket { id: id.clone(), shelf, objects: BTreeMap::new(), gaps: vec![] };
        out.pages()?;
        Ok(out)
    }

    fn fault(&self, fault: Fault) -> Error {
        Error::Network { what: self.id.to_string(), fault }
    }

    /// Reads the listing, page by page.
    fn pages(&mut self) -> Result<(), Error> {
        let prefix = if self.id.prefix.is_empty() { String::new() } else { format!("{}/", self.id.prefix) };
        let (mut marks, mut mark) = (HashSet::new(), None);
        let (mut seen, mut bare) = (0, 0);
        for _ in 0..MOST_PAGES {
            let page = self.shelf.page(&self.id, &prefix, mark.as_deref()).map_err(|fault| self.fault(fault))?;
            seen += page.objects.len();
            bare = if page.objects.is_empty() { bare + 1 } else { 0 };
            if seen > MOST_KEYS {
                return Err(Error::TooManyFiles { path: self.id.to_string().into(), limit: MOST_KEYS });
            }
            page.objects.into_iter().for_each(|object| self.take(&prefix, object));
            let Some(next) = page.next else { return Ok(()) };
            if bare > MOST_BARE_PAGES || !marks.insert(next.clone()) {
                let why = Word::RoundAndRound.text(&[]);
                return Err(self.fault(Fault::because(FaultKind::BadAnswer, &self.id.bucket, &why)));
            }
            mark = Some(next);
        }
        Err(self.fault(Fault::because(FaultKind::TooLong, &self.id.bucket, &Word::Pages.text(&[("n", &MOST_PAGES)]))))
    }

    /// Takes an object in by its path, or tells why it has none.
    fn take(&mut self, prefix: &str, object: Object) {
        // By its path in the release, as every file, where it has one.
        let path = object.key.strip_prefix(prefix).filter(|path| !path.is_empty()).unwrap_or(&object.key);
        let mut gap = |kind| self.gaps.push(Gap::new(Topic::Integrity, path, kind, ""));
        match keys::place(prefix, &object.key, object.bytes) {
            Place::Nothing => {}
            Place::Odd(kind) => gap(kind),
            // A store lists no key twice; of one that does, nobody knows which is meant.
            Place::Path(path) if self.objects.contains_key(&path) => gap(GapKind::NoPath),
            Place::Path(path) => drop(self.objects.insert(path, object)),
        }
    }

    fn object(&self, path: &str) -> io::Result<&Object> {
        self.objects.get(path).ok_or_else(|| io::Error::other(Fault::new(FaultKind::NotFound, path)))
    }

    /// An object at any place, with what is at hand of it.
    fn anywhere(&self, path: &str) -> io::Result<Ranged> {
        let object = self.object(path)?;
        let start = self.shelf.start(object).map_err(io::Error::other)?;
        Ok(Ranged::new(self.shelf.clone(), object.clone(), start))
    }
}

/// Does something for each of many, side by side.
fn each<T: Sync>(all: &[T], act: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME.min(all.len()) {
            scope.spawn(|| {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    act(one);
                }
            });
        }
    });
}

impl Source for Bucket {
    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn list(&self) -> Result<Listing, Error> {
        if self.objects.is_empty() && self.gaps.is_empty() {
            return Err(Error::Empty(self.id.to_string().into()));
        }
        let entry = |(path, object): (&String, &Object)| FileEntry { path: path.clone(), bytes: object.bytes };
        Ok(Listing { files: self.objects.iter().map(entry).collect(), gaps: self.gaps.clone(), ..Listing::default() })
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(self.anywhere(path)?))
    }

    fn fetch(&self, path: &str) -> io::Result<Box<dyn Read + Send>> {
        let object = self.object(path)?;
        if object.bytes <= SMALL {
            let all = self.shelf.start(object).map_err(io::Error::other)?;
            return Ok(Box::new(Cursor::new(all)));
        }
        Ok(self.shelf.get(object, None).map_err(io::Error::other)?.stream())
    }

    fn open_anywhere(&self, path: &str) -> io::Result<Option<Box<dyn ReadSeek + Send>>> {
        Ok(Some(Box::new(self.anywhere(path)?)))
    }

    fn recorded(&self, paths: &[&str]) -> HashMap<String, Digest> {
        let out = Mutex::new(HashMap::new());
        if !self.shelf.door.records() {
            return HashMap::new();
        }
        each(paths, |path| {
            let digest = self.objects.get(*path).and_then(|object| self.shelf.recorded(object));
            if let (Some(digest), Ok(mut out)) = (digest, out.lock()) {
                out.insert((*path).to_owned(), digest);
            }
        });
        out.into_inner().unwrap_or_default()
    }

    fn warm(&self, paths: &[String]) {
        each(paths, |path| {
            if let Some(object) = self.objects.get(path) {
                // Whoever opens the file meets the fault, if there is one.
                let _ = self.shelf.start(object);
            }
        });
    }
}
