//! A file that is seen whole or not at all: it is written beside its place, and put there at the end. What stood there stays until
//! then.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;

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
    pub fn begin(path: &Path) -> Result<Draft, Error> {
        let wrong = |cause| Error::Write { path: path.into(), cause };
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.into());
        let there = fs::metadata(&place).ok();
        if there.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(wrong(io::ErrorKind::IsADirectory.into()));
        }
        let (file, beside) = if there.is_some_and(|m| !m.is_file()) {
            (OpenOptions::new().write(true).open(&place).map_err(wrong)?, None)
        } else {
            let name = place.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            let beside = place.with_file_name(format!(".{name}.{}", std::process::id()));
            // What an earlier process of this number left is nobody's.
            let _ = fs::remove_file(&beside);
            (OpenOptions::new().write(true).create_new(true).open(&beside).map_err(wrong)?, Some(beside))
        };
        Ok(Draft { path: path.into(), place, beside, file: BufWriter::with_capacity(1024 * 1024, file) })
    }

    /// As it was named.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// An error about it.
    pub fn wrong(&self, cause: io::Error) -> Error {
        Error::Write { path: self.path.clone(), cause }
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// When the disk is full, or the place cannot be written to.
    pub fn finish(mut self) -> Result<(), Error> {
        self.file.flush().map_err(|e| self.wrong(e))?;
        let Some(beside) = &self.beside else { return Ok(()) };
        let put = self.file.get_ref().sync_all().and_then(|()| fs::rename(beside, &self.place));
        put.map_err(|e| self.wrong(e))?;
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
