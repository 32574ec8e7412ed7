//! A snapshot of the hub's cache: `models--ORG--NAME/snapshots/COMMIT/PATH` links to `blobs/ETAG`, and the blob's name is
//! the digest it must have. One `readlink` is followed and no more; what is no blob of the same repository is a gap.
//! Layout: huggingface_hub, 2026; plain files stand in place of links on systems without them.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use walkdir::WalkDir;

use super::{FileEntry, HubId, Listing, Published, Source, Stamp};
use crate::error::Error;
use crate::evidence::{Gap, GapKind, Topic};
use crate::parse::hub;
use crate::parse::zip::ReadSeek;

/// Files read in one audit.
const MOST_FILES: usize = 200_000;
/// Folders inside folders.
const DEEPEST: usize = 64;
/// Bytes read of a listing or a ref.
const LONGEST: u64 = 64 * 1024 * 1024;

/// One revision of a repository in the hub's cache.
#[derive(Debug)]
pub struct Snapshot {
    subject: String,
    repository: PathBuf,
    root: PathBuf,
    commit: String,
}

impl Snapshot {
    /// The snapshot that a directory is; `None` for a directory that is none.
    ///
    /// # Errors
    /// [`Error::NotFound`] or [`Error::Read`] when the directory cannot be looked at.
    pub fn of(path: &Path) -> Result<Option<Snapshot>, Error> {
        let root = fs::canonicalize(path).map_err(|e| Error::reading(path, e))?;
        let name =
            |p: Option<&Path>| p.and_then(Path::file_name).and_then(|n| n.to_str()).unwrap_or_default().to_owned();
        let repository = root.parent().and_then(Path::parent);
        let (commit, folder, repo) = (name(Some(&root)), name(root.parent()), name(repository));
        let kinds = ["models--", "datasets--", "spaces--"];
        let is_snapshot = hub::is_commit(&commit) && folder == "snapshots" && kinds.iter().any(|k| repo.starts_with(k));
        let Some(repository) = repository.filter(|_| is_snapshot) else { return Ok(None) };
        let subject = path.to_string_lossy().into_owned();
        Ok(Some(Snapshot { subject, repository: repository.into(), root: root.clone(), commit }))
    }

    /// The snapshot of a repository at a revision in the cache.
    ///
    /// # Errors
    /// [`Error::NotCached`] when the cache does not hold it.
    pub fn find(id: &HubId, cache: Option<&Path>) -> Result<Snapshot, Error> {
        let subject = id.to_string();
        let missing = || Error::NotCached { id: subject.clone(), cache: cache.map(Path::to_path_buf) };
        let cache = cache.ok_or_else(missing)?;
        let repository = cache.join(format!("{}--{}", id.kind, id.repo.replace('/', "--")));
        let by_ref = || {
            let text = bounded(&repository.join("refs").join(&id.revision)).ok()?;
            Some(text.trim().to_owned()).filter(|t| hub::is_commit(t))
        };
        let commit = if hub::is_commit(&id.revision) { Some(id.revision.clone()) } else { by_ref() };
        let root = commit.as_ref().map(|c| repository.join("snapshots").join(c)).ok_or_else(missing)?;
        let snapshot = Snapshot::of(&root).map_err(|_| missing())?.ok_or_else(missing)?;
        Ok(Snapshot { subject, ..snapshot })
    }

    /// The real file of a path of the snapshot, and the name of its blob when it is one.
    fn resolve(&self, path: &Path) -> Result<(PathBuf, Option<String>), GapKind> {
        let unreadable = |_| GapKind::Unreadable;
        let meta = fs::symlink_metadata(path).map_err(unreadable)?;
        if meta.is_file() {
            return Ok((path.into(), None));
        }
        if !meta.is_symlink() {
            return Err(GapKind::Special);
        }
        let target = fs::read_link(path).map_err(unreadable)?;
        let folder = path.parent().unwrap_or(&self.root);
        let blob = normal(&folder.join(target));
        if blob.parent() != Some(&self.repository.join("blobs")) {
            return Err(GapKind::Outside);
        }
        match fs::symlink_metadata(&blob) {
            // A blob that is a link again could lead anywhere.
            Ok(meta) if meta.is_symlink() => Err(GapKind::Outside),
            Ok(meta) if meta.is_file() => {
                let name = blob.file_name().and_then(|n| n.to_str()).map(str::to_owned);
                Ok((blob, name))
            }
            Ok(_) => Err(GapKind::Special),
            Err(_) => Err(GapKind::Dangling),
        }
    }

    fn real(&self, path: &str) -> io::Result<PathBuf> {
        let inside = Path::new(path).components().all(|c| matches!(c, Component::Normal(_)));
        let real = if inside { self.resolve(&self.root.join(path)) } else { Err(GapKind::Outside) };
        real.map(|(real, _)| real).map_err(|kind| super::refusal(path, kind))
    }

    /// The listing of the commit, where the client wrote one.
    fn tree(&self, listing: &mut Listing) {
        let name = format!("trees/{}.json", self.commit);
        let Ok(text) = bounded(&self.repository.join(&name)) else { return };
        match hub::tree(&text) {
            Ok(tree) => {
                let published = tree.into_iter().map(|(path, checksum)| Published { path, checksum, by: name.clone() });
                listing.published.extend(published);
                listing.complete = true;
            }
            Err(why) => listing.gaps.push(Gap::new(Topic::Integrity, &name, GapKind::Malformed, &why)),
        }
    }
}

impl Source for Snapshot {
    fn subject(&self) -> String {
        self.subject.clone()
    }

    fn list(&self) -> Result<Listing, Error> {
        let mut listing = Listing { revision: Some(self.commit.clone()), ..Listing::default() };
        for entry in WalkDir::new(&self.root).max_depth(DEEPEST).sort_by_file_name() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(e) => {
                    let below = e.path().and_then(|p| p.strip_prefix(&self.root).ok()).unwrap_or(Path::new("."));
                    let why = e.io_error().map_or("cannot be listed".into(), |io| io.kind().to_string());
                    let what = below.to_string_lossy();
                    listing.gaps.push(Gap::new(Topic::Integrity, &what, GapKind::Unreadable, &why));
                    continue;
                }
            };
            if entry.file_type().is_dir() {
                continue;
            }
            let shown = entry.path().strip_prefix(&self.root).unwrap_or(entry.path());
            let path = shown.to_string_lossy().replace('\\', "/");
            let gap = |kind| Gap::new(Topic::Integrity, &path, kind, "");
            if shown.to_str().is_none() {
                listing.gaps.push(gap(GapKind::Name));
                continue;
            }
            let found = self
                .resolve(entry.path())
                .and_then(|(real, blob)| fs::metadata(real).map(|meta| (meta, blob)).map_err(|_| GapKind::Unreadable));
            match found {
                Ok((meta, blob)) => {
                    if let Some((checksum, name)) = blob.and_then(|name| Some((hub::etag(&name)?, name))) {
                        let by = format!("blobs/{name}");
                        listing.published.push(Published { path: path.clone(), checksum, by });
                    }
                    listing.stamps.extend(Stamp::of(&meta).map(|stamp| (path.clone(), stamp)));
                    listing.files.push(FileEntry { path, bytes: meta.len() });
                }
                Err(kind) => listing.gaps.push(gap(kind)),
            }
            if listing.files.len() > MOST_FILES {
                return Err(Error::TooManyFiles { path: self.root.clone(), limit: MOST_FILES });
            }
        }
        if listing.files.is_empty() && listing.gaps.is_empty() {
            return Err(Error::Empty(self.root.clone()));
        }
        listing.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.tree(&mut listing);
        Ok(listing)
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(self.real(path)?)?))
    }

    fn open_anywhere(&self, path: &str) -> io::Result<Option<Box<dyn ReadSeek + Send>>> {
        Ok(Some(Box::new(File::open(self.real(path)?)?)))
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        Stamp::of(&fs::metadata(self.real(path).ok()?).ok()?)
    }

    fn root(&self) -> Option<&Path> {
        Some(&self.root)
    }
}

/// A path without `.` and `..`, taken apart as text: no link is followed.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            part => out.push(part),
        }
    }
    out
}

/// A small regular file of the cache as text.
fn bounded(path: &Path) -> io::Result<String> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut text = String::new();
    File::open(path)?.take(LONGEST).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::digest::Digest;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    #[test]
    fn one_link_is_followed_and_no_more() {
        let cache = tempfile::tempdir().unwrap();
        let repository = cache.path().join("models--a--b");
        let root = repository.join("snapshots").join(COMMIT);
        for folder in [root.join("sub"), repository.join("blobs"), repository.join("refs")] {
            fs::create_dir_all(folder).unwrap();
        }
        fs::write(repository.join("refs/main"), COMMIT).unwrap();
        let name = Digest::of(b"weights").hex().to_owned();
        fs::write(repository.join("blobs").join(&name), "weights").unwrap();
        fs::write(cache.path().join("secret"), "s").unwrap();
        symlink("../../../secret", repository.join("blobs/again")).unwrap();
        symlink(format!("../../blobs/{name}"), root.join("w.bin")).unwrap();
        symlink(format!("../../../blobs/{name}"), root.join("sub/w.bin")).unwrap();
        symlink("../../blobs/again", root.join("twice")).unwrap();
        symlink("../../blobs/none", root.join("dangling")).unwrap();
        symlink("../../../../secret", root.join("out")).unwrap();
        let id = HubId { kind: "models", repo: "a/b".into(), revision: "main".into() };
        let source = Snapshot::find(&id, Some(cache.path())).unwrap();
        let listing = source.list().unwrap();
        assert_eq!(listing.files.iter().map(|f| f.path.as_str()).collect::<Vec<_>>(), ["sub/w.bin", "w.bin"]);
        assert_eq!(listing.published.len(), 2);
        assert_eq!(listing.revision.as_deref(), Some(COMMIT));
        let kinds: Vec<_> = listing.gaps.iter().map(|g| (g.what.as_str(), g.kind)).collect();
        assert_eq!(kinds, [("dangling", GapKind::Dangling), ("out", GapKind::Outside), ("twice", GapKind::Outside)]);
        for bad in ["out", "twice", "../../refs/main", "/etc/hostname"] {
            assert!(source.open(bad).is_err(), "{bad}");
        }
        assert!(Snapshot::find(&HubId { revision: "v2".into(), ..id }, Some(cache.path())).is_err());
    }
}
