//! A file that is seen whole or not at all: it is written beside its place, and put there at the end. What stood there stays until
//! then.

use std::collections::hash_map::RandomState;
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Whether a file may stand where another is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It goes.
    Over,
    /// It stays, and the other is refused.
    New,
}

/// Writes a file whole: a reader, or a process killed meanwhile, never leaves or sees a half.
///
/// # Errors
/// Whatever the system says; [`io::ErrorKind::AlreadyExists`] where one stands that is to stay.
pub fn whole(path: &Path, bytes: &[u8], put: Put) -> io::Result<()> {
    let mut draft = Draft::begin(path)?;
    draft.write_all(bytes)?;
    draft.finish(put)
}

/// A file while it is written; dropped before its end, nothing of it is left.
#[derive(Debug)]
pub struct Draft {
    /// As it was named.
    path: PathBuf,
    /// Where it goes, behind links.
    place: PathBuf,
    /// Where it is written; absent for a device or a pipe, which has no beside.
    beside: Option<PathBuf>,
    file: BufWriter<File>,
}

impl Draft {
    /// Begins a file.
    ///
    /// # Errors
    /// When its folder cannot be written to, or it is a folder itself.
    pub fn begin(path: &Path) -> io::Result<Draft> {
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.into());
        let there = fs::metadata(&place).ok();
        if there.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let (file, beside) = if there.is_some_and(|m| !m.is_file()) {
            (OpenOptions::new().write(true).open(&place)?, None)
        } else {
            let name = place.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            // Two nodes may write at once, with equal process ids: the name is one of chance.
            let chance = RandomState::new().build_hasher().finish();
            let beside = place.with_file_name(format!(".{name}.{}-{chance:016x}", std::process::id()));
            (OpenOptions::new().write(true).create_new(true).open(&beside)?, Some(beside))
        };
        Ok(Draft { path: path.into(), place, beside, file: BufWriter::with_capacity(1024 * 1024, file) })
    }

    /// An error about it.
    pub fn wrong(&self, cause: io::Error) -> Error {
        Error::Write { path: self.path.clone(), cause }
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// When the disk is full, the place cannot be written to, or a file stands there that is to stay.
    pub fn finish(mut self, put: Put) -> io::Result<()> {
        self.file.flush()?;
        let Some(beside) = &self.beside else { return Ok(()) };
        self.file.get_ref().sync_all()?;
        match put {
            Put::Over => fs::rename(beside, &self.place)?,
            // A link is made or refused in one step; a rename would replace. What stands beside goes with the draft.
            Put::New => return fs::hard_link(beside, &self.place),
        }
        self.beside = None;
        Ok(())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(beside) = &self.beside {
            let _ = fs::remove_file(beside);
        }
    }
}
