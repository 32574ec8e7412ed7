//! Digests known of a release's files from an earlier run, kept in one file a release under the user's cache folder. A digest
//! is found again by what the file system says of the file; it tells that nobody changed the file since, not that its bytes
//! are still whole: only reading them tells that.
//!
//! The file: a line of JSON about it, a line for each file, and at the end their number and the SHA-256 of all before, for a
//! file that was cut or changed is no file of ours.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Stamp;
use crate::digest::{Checksum, Digest, Kind, Reading};

/// The version of this program: digests of another one are computed anew.
const VERSION: &str = env!("CARGO_PKG_VERSION");
const FORMAT: &str = "ouvert digests";
const SCHEMA: u32 = 1;
/// Bytes of the file that are read.
const LONGEST: u64 = 256 * 1024 * 1024;
const SECOND: i64 = 1_000_000_000;
/// A file that was changed this shortly before it was hashed, or later, may have been changed again within one tick of its
/// file system's clock, in nanoseconds.
const RACY: i64 = 2 * SECOND;

/// What may be done with digests from before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Each file is read, and its digest held against the one from before.
    Compare,
    /// A file that did not change is not read, unless its digest is older than this.
    Trust(Duration),
}

/// Why digests from before are not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The file is cut, changed, or no file of ours.
    Broken,
    /// It belongs to somebody else, or others may write it.
    Foreign,
    /// This system tells nothing by which a file is known again.
    System,
}

/// What is known of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    stamp: Stamp,
    digests: Vec<Checksum>,
    /// When it was hashed, or shortly before: nanoseconds since 1970.
    at: i64,
    version: String,
}

/// A line of the file: path, device, inode, bytes, when its bytes and when it itself last changed, when it was hashed, by
/// which version, and the digests with their kinds.
#[derive(Serialize, Deserialize)]
struct Row(String, u64, u64, u64, i64, i64, i64, String, Vec<String>);

#[derive(Serialize, Deserialize)]
struct Head {
    format: String,
    schema: u32,
    root: String,
}

#[derive(Serialize, Deserialize)]
struct Foot {
    entries: usize,
    sha256: String,
}

/// A digest from before that differs from the one of the same bytes' length and time of change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// The digest from before.
    pub checksum: Checksum,
    /// Seconds since then.
    pub age: u64,
}

/// Digests known of a release's files.
#[derive(Debug)]
pub struct Known {
    file: PathBuf,
    root: String,
    used: Use,
    /// The moment of this run, in nanoseconds since 1970.
    now: i64,
    old: BTreeMap<String, Entry>,
    new: Mutex<BTreeMap<String, Entry>>,
}

impl Known {
    /// Opens what is known of the release at `root`, in a folder; `None` where nothing is to be compared or kept. Without trust
    /// nothing is kept: to look at every file again once it was read, and to write, costs a run of many files what can be measured
    /// (`benches/cache.sh`).
    /// `now` is in nanoseconds since 1970.
    pub fn open(folder: &Path, root: &Path, used: Use, now: i64) -> (Option<Known>, Option<Flaw>) {
        let trusts = used != Use::Compare;
        if cfg!(not(unix)) {
            return (None, trusts.then_some(Flaw::System));
        }
        // A root that is no text could be told apart from another by nothing.
        let Some(root) = root.to_str() else { return (None, trusts.then_some(Flaw::System)) };
        let name = Digest::of(root.as_bytes());
        let (start, rest) = name.hex().split_at(2);
        let file = folder.join(start).join(rest);
        let (old, flaw) = match read(&file, root) {
            Ok(old) => (old, None),
            Err(None) if !trusts => return (None, None),
            Err(flaw) => (BTreeMap::new(), flaw),
        };
        // What others may write is not written over either: who put it there may still hold it open.
        if flaw == Some(Flaw::Foreign) {
            return (None, flaw);
        }
        let new = Mutex::new(BTreeMap::new());
        (Some(Known { file, root: root.to_owned(), used, now, old, new }), flaw)
    }

    /// The digests of a file that did not change since they were computed, and their age in seconds; `None` when it has to be
    /// read. `kinds` are those wanted beside SHA-256.
    pub fn recall(
        &self,
        path: &str,
        stamp: &Stamp,
        kinds: &std::collections::BTreeSet<Kind>,
    ) -> Option<(Reading, u64)> {
        let Use::Trust(most) = self.used else { return None };
        let entry = self.old.get(path)?;
        let age = self.age(entry)?;
        let sure = entry.stamp == *stamp && entry.version == VERSION && !entry.is_racy() && age <= most.as_secs();
        let has = |kind: &Kind| entry.digests.iter().any(|c| c.kind == *kind);
        if !sure || !kinds.iter().all(has) {
            return None;
        }
        let sha256 = entry.digests.iter().find(|c| c.kind == Kind::Sha256)?.hex.parse().ok()?;
        let others =
            entry.digests.iter().filter(|c| kinds.contains(&c.kind) && c.kind != Kind::Sha256).cloned().collect();
        self.put(path, entry.clone());
        Some((Reading { sha256, others, pieces: vec![], bytes: stamp.bytes }, age))
    }

    /// The digest from before of a file whose length and time of change are what they were, where its bytes now give another.
    pub fn differs(&self, path: &str, stamp: &Stamp, reading: &Reading) -> Option<Before> {
        let entry = self.old.get(path).filter(|e| !e.is_racy())?;
        let (then, age) = (&entry.stamp, self.age(entry)?);
        if (then.bytes, then.modified) != (stamp.bytes, stamp.modified) || reading.bytes != stamp.bytes {
            return None;
        }
        let now = |kind: Kind| match kind {
            Kind::Sha256 => Some(reading.sha256.hex()),
            kind => reading.others.iter().find(|c| c.kind == kind).map(|c| c.hex.as_str()),
        };
        let other = entry.digests.iter().find(|c| now(c.kind).is_some_and(|hex| hex != c.hex))?;
        Some(Before { checksum: other.clone(), age })
    }

    /// Whether digests are kept in this run.
    pub fn keeps(&self) -> bool {
        self.used != Use::Compare
    }

    /// Keeps the digests of a file that was read; `stamp` is what it was before and after.
    pub fn note(&self, path: &str, stamp: Stamp, reading: &Reading) {
        let mut digests = vec![Checksum::from(reading.sha256.clone())];
        digests.extend(reading.others.iter().cloned());
        self.put(path, Entry { stamp, digests, at: self.now, version: VERSION.to_owned() });
    }

    /// Keeps what was known of a file that could not be read, or whose bytes are not trusted.
    pub fn keep(&self, path: &str) {
        if let Some(entry) = self.old.get(path) {
            self.put(path, entry.clone());
        }
    }

    fn put(&self, path: &str, entry: Entry) {
        if let Ok(mut new) = self.new.lock() {
            new.insert(path.to_owned(), entry);
        }
    }

    /// Seconds since a file was hashed; `None` for a moment that has not come yet.
    fn age(&self, entry: &Entry) -> Option<u64> {
        u64::try_from(self.now.checked_sub(entry.at)?).ok().map(|ns| ns / SECOND.unsigned_abs())
    }

    /// Writes what is known now, where it is not what was known before.
    ///
    /// # Errors
    /// Whatever the system says; what was there before stays.
    pub fn save(self) -> io::Result<()> {
        let keeps = self.keeps();
        let new = self.new.into_inner().unwrap_or_default();
        if !keeps || new == self.old {
            return Ok(());
        }
        let mut text = serde_json::to_vec(&Head { format: FORMAT.into(), schema: SCHEMA, root: self.root })?;
        text.push(b'\n');
        for (path, e) in &new {
            let Stamp { device, inode, bytes, modified, changed } = e.stamp;
            let digests = e.digests.iter().map(Checksum::to_string).collect();
            let row = Row(path.clone(), device, inode, bytes, modified, changed, e.at, e.version.clone(), digests);
            serde_json::to_writer(&mut text, &row)?;
            text.push(b'\n');
        }
        let foot = Foot { entries: new.len(), sha256: Digest::of(&text).hex().to_owned() };
        serde_json::to_writer(&mut text, &foot)?;
        text.push(b'\n');
        let folder = self.file.parent().ok_or(io::ErrorKind::NotFound)?;
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        // Paths of releases may tell what nobody else is to know, and whoever writes here decides what is taken as hashed.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        // Written whole and renamed: a reader never sees a half, and two writers do not mix.
        let temporary = folder.join(format!(".{}-{:?}", std::process::id(), std::thread::current().id()));
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&temporary).and_then(|mut f| f.write_all(&text));
        written.and_then(|()| fs::rename(&temporary, &self.file)).inspect_err(|_| {
            let _ = fs::remove_file(&temporary);
        })
    }
}

impl Entry {
    /// Whether the file changed so shortly before it was hashed, or later, that a change may have gone unseen.
    fn is_racy(&self) -> bool {
        self.stamp.modified.max(self.stamp.changed) > self.at.saturating_sub(RACY)
    }
}

/// The entries of a file; `Err(None)` when there is none.
fn read(file: &Path, root: &str) -> Result<BTreeMap<String, Entry>, Option<Flaw>> {
    let opened = File::open(file).map_err(|e| (e.kind() != io::ErrorKind::NotFound).then_some(Flaw::Broken))?;
    let meta = opened.metadata().map_err(|_| Some(Flaw::Broken))?;
    if !is_ours(&meta) {
        return Err(Some(Flaw::Foreign));
    }
    let mut text = Vec::new();
    let whole = meta.is_file() && meta.len() <= LONGEST && opened.take(LONGEST).read_to_end(&mut text).is_ok();
    let text = whole.then(|| String::from_utf8(text).ok()).flatten();
    text.and_then(|text| parse(&text, root)).ok_or(Some(Flaw::Broken))
}

#[cfg(unix)]
fn is_ours(meta: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    meta.uid() == rustix::process::geteuid().as_raw() && meta.mode() & 0o022 == 0
}

#[cfg(not(unix))]
fn is_ours(_: &fs::Metadata) -> bool {
    false
}

fn parse(text: &str, root: &str) -> Option<BTreeMap<String, Entry>> {
    let body = text.strip_suffix('\n')?;
    let (body, foot) = body.rsplit_once('\n')?;
    let foot: Foot = serde_json::from_str(foot).ok()?;
    let signed = text.get(..body.len() + 1)?;
    if foot.sha256 != Digest::of(signed.as_bytes()).hex() {
        return None;
    }
    let mut lines = body.lines();
    let head: Head = serde_json::from_str(lines.next()?).ok()?;
    if (head.format.as_str(), head.schema, head.root.as_str()) != (FORMAT, SCHEMA, root) {
        return None;
    }
    let mut out = BTreeMap::new();
    for line in lines {
        let Row(path, device, inode, bytes, modified, changed, at, version, digests) =
            serde_json::from_str(line).ok()?;
        let digests = digests.iter().map(|d| checksum(d)).collect::<Option<Vec<Checksum>>>()?;
        out.insert(path, Entry { stamp: Stamp { device, inode, bytes, modified, changed }, digests, at, version });
    }
    (out.len() == foot.entries).then_some(out)
}

/// A digest as it is written: its kind, a colon, its digits.
fn checksum(text: &str) -> Option<Checksum> {
    let (kind, hex) = text.split_once(':')?;
    let kinds = [Kind::Sha256, Kind::Sha512, Kind::Blake3, Kind::GitSha1, Kind::Sha1, Kind::Md5];
    let kind = kinds.into_iter().find(|k| k.name() == kind)?;
    Checksum::new(kind, hex)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const HOUR: i64 = 3600 * SECOND;
    const NOW: i64 = 500_000 * HOUR;
    const ALWAYS: Use = Use::Trust(Duration::from_secs(u64::MAX));

    fn stamp() -> Stamp {
        Stamp { device: 1, inode: 2, bytes: 3, modified: NOW - 9 * HOUR, changed: NOW - 8 * HOUR }
    }

    fn reading(text: &str) -> Reading {
        let others = vec![Checksum::new(Kind::Md5, &"a".repeat(32)).unwrap()];
        Reading { sha256: Digest::of(text.as_bytes()), others, pieces: vec![], bytes: 3 }
    }

    /// What is known once `abc` was noted at a moment.
    fn noted(at: i64, stamp: Stamp) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let (known, flaw) = Known::open(folder.path(), Path::new("/r"), ALWAYS, at);
        assert_eq!(flaw, None);
        let known = known.unwrap();
        known.note("a", stamp, &reading("abc"));
        known.save().unwrap();
        folder
    }

    fn open(folder: &tempfile::TempDir, used: Use, now: i64) -> Known {
        let (known, flaw) = Known::open(folder.path(), Path::new("/r"), used, now);
        assert_eq!(flaw, None);
        known.unwrap()
    }

    #[test]
    fn an_unchanged_file_is_recalled_and_no_other() {
        let folder = noted(NOW - 2 * HOUR, stamp());
        let none = BTreeSet::new();
        let known = open(&folder, ALWAYS, NOW);
        let (found, age) = known.recall("a", &stamp(), &none).unwrap();
        assert_eq!((found.sha256, found.others, found.bytes, age), (Digest::of(b"abc"), vec![], 3, 7200));
        assert_eq!(known.recall("a", &stamp(), &BTreeSet::from([Kind::Md5])).unwrap().0.others.len(), 1);
        assert_eq!(known.recall("a", &stamp(), &BTreeSet::from([Kind::Sha512])), None);
        assert_eq!(known.recall("b", &stamp(), &none), None);
        for other in [
            Stamp { device: 9, ..stamp() },
            Stamp { inode: 9, ..stamp() },
            Stamp { bytes: 9, ..stamp() },
            Stamp { modified: stamp().modified + 1, ..stamp() },
            Stamp { changed: stamp().changed + 1, ..stamp() },
        ] {
            assert_eq!(known.recall("a", &other, &none), None, "{other:?}");
        }
        let at_most = |seconds| Use::Trust(Duration::from_secs(seconds));
        assert!(open(&folder, at_most(7200), NOW).recall("a", &stamp(), &none).is_some());
        assert_eq!(open(&folder, at_most(7199), NOW).recall("a", &stamp(), &none), None);
        assert_eq!(open(&folder, Use::Compare, NOW).recall("a", &stamp(), &none), None);
    }

    #[test]
    fn what_may_have_changed_unseen_is_not_trusted() {
        let none = BTreeSet::new();
        let recalled =
            |at: i64, changed: Stamp| open(&noted(at, changed), ALWAYS, NOW).recall("a", &changed, &none).is_some();
        assert!(recalled(stamp().changed + RACY, stamp()));
        // Changed within two seconds before it was hashed, or after it, by either time.
        assert!(!recalled(stamp().changed + RACY - 1, stamp()));
        assert!(!recalled(NOW - HOUR, Stamp { modified: NOW - HOUR, ..stamp() }));
        assert!(!recalled(NOW - HOUR, Stamp { modified: NOW + HOUR, ..stamp() }));
        // Hashed in the future: the clock was wrong then or is now.
        assert!(recalled(NOW, stamp()));
        assert!(!recalled(NOW + 1, stamp()));
    }

    #[test]
    fn another_digest_of_the_same_length_and_time_is_told() {
        let folder = noted(NOW - 2 * HOUR, stamp());
        let known = open(&folder, Use::Compare, NOW);
        assert_eq!(known.differs("a", &stamp(), &reading("abc")), None);
        let before = known.differs("a", &Stamp { inode: 9, changed: NOW, ..stamp() }, &reading("abd")).unwrap();
        assert_eq!((before.checksum, before.age), (Digest::of(b"abc").into(), 7200));
        assert_eq!(known.differs("a", &Stamp { modified: NOW, ..stamp() }, &reading("abd")), None);
        assert_eq!(known.differs("a", &Stamp { bytes: 4, ..stamp() }, &reading("abd")), None);
        // It may have been changed within one tick, and hashed before.
        let racy = Stamp { modified: NOW - 2 * HOUR, ..stamp() };
        assert_eq!(open(&noted(NOW - 2 * HOUR, racy), Use::Compare, NOW).differs("a", &racy, &reading("abd")), None);
    }

    #[test]
    fn nothing_is_kept_of_a_release_unless_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let (known, flaw) = Known::open(folder.path(), Path::new("/r"), Use::Compare, NOW);
        assert!(known.is_none() && flaw.is_none());
        // A run that trusts brings it up to date and drops what is gone; one that only compares leaves it.
        let folder = noted(NOW - 2 * HOUR, stamp());
        for (used, kept) in [(Use::Compare, "a"), (ALWAYS, "b")] {
            let known = open(&folder, used, NOW - HOUR);
            known.note("b", stamp(), &reading("b"));
            known.save().unwrap();
            let known = open(&folder, ALWAYS, NOW);
            for path in ["a", "b"] {
                assert_eq!(known.recall(path, &stamp(), &BTreeSet::new()).is_some(), path == kept, "{path}");
            }
        }
    }

    #[test]
    fn what_is_broken_or_foreign_is_not_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = noted(NOW - HOUR, stamp());
        let file = open(&folder, ALWAYS, NOW).file;
        let whole = fs::read(&file).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let flaw = |bytes: &[u8]| {
            fs::write(&file, bytes).unwrap();
            Known::open(folder.path(), Path::new("/r"), ALWAYS, NOW).1
        };
        assert_eq!(flaw(&whole), None);
        for cut in 0..whole.len() {
            assert_eq!(flaw(&whole[..cut]), Some(Flaw::Broken), "{cut}");
        }
        for at in 0..whole.len() {
            let mut other = whole.clone();
            other[at] ^= 1;
            assert_eq!(flaw(&other), Some(Flaw::Broken), "{at}");
        }
        assert_eq!(flaw(&[&whole[..], b"\n"].concat()), Some(Flaw::Broken));
        // The file of another release under this one's name.
        let (other, _) = Known::open(folder.path(), Path::new("/other"), ALWAYS, NOW);
        let other = other.unwrap();
        let place = other.file.clone();
        other.note("a", stamp(), &reading("abc"));
        other.save().unwrap();
        assert_eq!(flaw(&fs::read(place).unwrap()), Some(Flaw::Broken));
        fs::write(&file, &whole).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o620)).unwrap();
        let (known, flaw) = Known::open(folder.path(), Path::new("/r"), ALWAYS, NOW);
        assert!(known.is_none() && flaw == Some(Flaw::Foreign));
    }

    #[test]
    fn what_did_not_change_is_not_written_again() {
        let folder = noted(NOW - HOUR, stamp());
        let known = open(&folder, ALWAYS, NOW);
        let file = known.file.clone();
        let inode = |file: &Path| std::os::unix::fs::MetadataExt::ino(&fs::metadata(file).unwrap());
        let before = inode(&file);
        assert!(known.recall("a", &stamp(), &BTreeSet::new()).is_some());
        known.save().unwrap();
        assert_eq!(inode(&file), before);
    }
}
