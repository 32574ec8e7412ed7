//! A plain directory. Links are read only when they end at a file inside it; nothing is followed out, no device is opened.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::{FileEntry, Listing, Source, Stamp};
use crate::error::Error;
use crate::evidence::{Gap, GapKind, Topic};
use crate::parse::zip::ReadSeek;

/// Files read in one audit (the hub allows 100,000 a repository).
const MOST_FILES: usize = 200_000;
/// Folders inside folders.
const DEEPEST: usize = 64;
/// A folder of version control: its objects are not the release.
const VERSION_CONTROL: &str = ".git";

/// A release in a directory.
#[derive(Debug)]
pub struct Dir {
    given: PathBuf,
    root: PathBuf,
}

impl Dir {
    /// Opens a directory.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotADirectory`] or [`Error::Read`].
    pub fn open(path: &Path) -> Result<Dir, Error> {
        let root = fs::canonicalize(path).map_err(|e| Error::reading(path, e))?;
        if !root.is_dir() {
            return Err(Error::NotADirectory(path.into()));
        }
        fs::read_dir(&root).map_err(|e| Error::reading(path, e))?;
        Ok(Dir { given: path.into(), root })
    }

    /// The real path of a file of the release, or why there is none to read.
    fn resolve(&self, path: &Path) -> Result<PathBuf, GapKind> {
        let real = fs::canonicalize(path)
            .map_err(|e| if e.kind() == io::ErrorKind::NotFound { GapKind::Dangling } else { GapKind::Unreadable })?;
        if !real.starts_with(&self.root) {
            return Err(GapKind::Outside);
        }
        if !real.is_file() {
            return Err(GapKind::Special);
        }
        Ok(real)
    }

    fn file(&self, path: &str) -> io::Result<File> {
        let real = self.resolve(&self.root.join(path)).map_err(|kind| super::refusal(path, kind))?;
        File::open(real)
    }
}

impl Source for Dir {
    fn subject(&self) -> String {
        // The path as given: the same command on two machines gives the same report.
        slashed(&self.given)
    }

    fn list(&self) -> Result<Listing, Error> {
        let (mut files, mut gaps) = (Vec::new(), Vec::new());
        let (mut links, mut stamps) = (BTreeSet::new(), HashMap::new());
        let mut gap = |what: String, kind, detail: &str| gaps.push(Gap::new(Topic::Integrity, &what, kind, detail));
        let walk = WalkDir::new(&self.root).max_depth(DEEPEST).sort_by_file_name().into_iter();
        for entry in walk.filter_entry(|e| e.depth() != 1 || e.file_name() != VERSION_CONTROL) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(e) => {
                    let what = e.path().map(|p| relative(&self.root, p)).unwrap_or_default();
                    let why = e.io_error().map_or("cannot be listed".into(), |io| io.kind().to_string());
                    gap(if what.is_empty() { ".".into() } else { what }, GapKind::Unreadable, &why);
                    continue;
                }
            };
            let path = relative(&self.root, entry.path());
            let kind = entry.file_type();
            if kind.is_dir() {
                if entry.depth() == DEEPEST {
                    gap(path, GapKind::TooDeep, "");
                }
                continue;
            }
            if entry.path().strip_prefix(&self.root).ok().and_then(Path::to_str).is_none() {
                gap(path, GapKind::Name, "");
                continue;
            }
            let real =
                if kind.is_symlink() || !kind.is_file() { self.resolve(entry.path()) } else { Ok(entry.path().into()) };
            if kind.is_symlink() {
                links.insert(path.clone());
            }
            match real.and_then(|p| fs::metadata(p).map_err(|_| GapKind::Unreadable)) {
                Ok(meta) => {
                    stamps.extend(Stamp::of(&meta).map(|stamp| (path.clone(), stamp)));
                    files.push(FileEntry { path, bytes: meta.len() });
                }
                Err(kind) => gap(path, kind, ""),
            }
            if files.len() > MOST_FILES {
                return Err(Error::TooManyFiles { path: self.given.clone(), limit: MOST_FILES });
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        if files.is_empty() && gaps.is_empty() {
            return Err(Error::Empty(self.given.clone()));
        }
        Ok(Listing { files, gaps, links, stamps, ..Listing::default() })
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(self.file(path)?))
    }

    fn open_anywhere(&self, path: &str) -> io::Result<Option<Box<dyn ReadSeek + Send>>> {
        Ok(Some(Box::new(self.file(path)?)))
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        let real = self.resolve(&self.root.join(path)).ok()?;
        Stamp::of(&fs::metadata(real).ok()?)
    }

    fn root(&self) -> Option<&Path> {
        Some(&self.root)
    }
}

/// A path below the root with forward slashes.
fn relative(root: &Path, path: &Path) -> String {
    slashed(path.strip_prefix(root).unwrap_or(path))
}

/// A path as text, with forward slashes where the system writes others.
fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn nothing_is_followed_out() {
        use std::os::unix::fs::symlink;
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), "s").unwrap();
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a"), "aa").unwrap();
        symlink("a", dir.path().join("inside")).unwrap();
        symlink(outside.path().join("secret"), dir.path().join("out")).unwrap();
        symlink(outside.path(), dir.path().join("outdir")).unwrap();
        symlink("nowhere", dir.path().join("dangling")).unwrap();
        symlink(".", dir.path().join("loop")).unwrap();
        let source = Dir::open(dir.path()).unwrap();
        let Listing { files, gaps, .. } = source.list().unwrap();
        assert_eq!(files.iter().map(|f| (f.path.as_str(), f.bytes)).collect::<Vec<_>>(), [("a", 2), ("inside", 2)]);
        assert_eq!(gaps.iter().map(|g| g.what.as_str()).collect::<Vec<_>>(), ["dangling", "loop", "out", "outdir"]);
        assert!(source.open("out").is_err());
        assert!(source.open("../secret").is_err());
        assert!(source.open("/etc/hostname").is_err());
        assert!(source.open("a").is_ok());
    }
}
