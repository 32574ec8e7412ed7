//! What a run writes down as it goes, so that it can be killed at any moment and go on: the file that fixes the run, the result of a
//! shard line by line, what failed, and the mark that it came to its end. It knows no release.
//!
//! A line counts once it ends; what a killed process left of a line is cut off by the next. A shard belongs to one process at a time.

mod draft;
mod files;
mod lines;

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::digest::Sum;
use crate::error::Error;
use crate::survey::{Done, Failure, Part, RUN, Run, SCHEMA, Shard};
use crate::words::survey::Survey as Word;

pub use draft::{Draft, Put, whole};
pub use files::joined;
pub use lines::{LONGEST, Lines, target_of};

/// Bytes of a run file that are read.
const LONGEST_RUN: u64 = 1024 * 1024;

/// A shard that is being written.
#[derive(Debug)]
pub struct Ledger {
    folder: PathBuf,
    run: Run,
    shard: Shard,
    result: Appender,
    failed: Appender,
    failures: Mutex<u64>,
    before: HashSet<[u8; 16]>,
    locked: bool,
}

/// A file that whole lines are added to.
#[derive(Debug)]
struct Appender {
    path: PathBuf,
    file: Mutex<File>,
}

impl Ledger {
    /// Opens a shard of a run in a folder: begins it, or goes on where an earlier process ended. The run that the folder was begun
    /// with decides what [`Ledger::run`] gives.
    ///
    /// # Errors
    /// When the folder holds another run, another process writes this shard, a line of it is no line of a run, or the disk says so.
    pub fn open(folder: &Path, run: &Run, shard: Shard) -> Result<Ledger, Error> {
        fs::create_dir_all(folder).map_err(|cause| Error::Write { path: folder.into(), cause })?;
        let run = begin(folder, run)?;
        let path = folder.join(shard.file(run.work.part()));
        let result = Appender::open(&path)?;
        let locked = result.lock()?;
        let before = result.resume()?;
        let failed = Appender::open(&folder.join(shard.file(Part::Failed)))?;
        // What failed before is tried again, and told again where it fails again.
        failed.clear()?;
        let done = folder.join(shard.file(Part::Done));
        match fs::remove_file(&done) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(Error::Write { path: done, cause }),
            _ => {}
        }
        let (folder, failures) = (folder.to_owned(), Mutex::new(0));
        Ok(Ledger { folder, run, shard, result, failed, failures, before, locked })
    }

    /// The run as it was begun.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// Whether no other process can write this shard; some file systems have no locks.
    pub fn is_locked(&self) -> bool {
        self.locked
    }

    /// How many items an earlier process did.
    pub fn before(&self) -> usize {
        self.before.len()
    }

    /// Whether an earlier process did an item.
    pub fn has(&self, target: &str) -> bool {
        self.before.contains(&key(target))
    }

    /// Where the result is written.
    pub fn path(&self) -> &Path {
        &self.result.path
    }

    /// Where failures are written.
    pub fn failed_path(&self) -> &Path {
        &self.failed.path
    }

    /// Adds what an item gave, as one line.
    ///
    /// # Errors
    /// When it cannot be written whole; nothing of it is left then.
    pub fn add(&self, line: &impl Serialize) -> Result<(), Error> {
        self.result.add(line)
    }

    /// Adds an item that failed, as one line.
    ///
    /// # Errors
    /// As [`Ledger::add`].
    pub fn fail(&self, failure: &Failure) -> Result<(), Error> {
        self.failed.add(failure)?;
        *self.failures.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        Ok(())
    }

    /// How many failed.
    pub fn failures(&self) -> u64 {
        *self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Marks the shard as ended, once every item is done or told as failed. Returns the mark.
    ///
    /// # Errors
    /// When the disk says so.
    pub fn finish(self) -> Result<Done, Error> {
        let failed = self.failures();
        self.failed.sync()?;
        let (lines, bytes, digest) = self.result.sum()?;
        let done = Done { schema: SCHEMA, shard: self.shard, run: self.run.id(), lines, bytes, digest, failed };
        let path = self.folder.join(self.shard.file(Part::Done));
        let wrong = |cause| Error::Write { path: path.clone(), cause };
        let text = serde_json::to_string_pretty(&done).map_err(|e| wrong(e.into()))? + "\n";
        whole(&path, text.as_bytes(), Put::Over).map_err(wrong)?;
        Ok(done)
    }
}

impl Appender {
    fn open(path: &Path) -> Result<Appender, Error> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let wrong = |cause| Error::Write { path: path.into(), cause };
        let file = file.map_err(wrong)?;
        if !file.metadata().map_err(wrong)?.is_file() {
            return Err(wrong(io::Error::other("not a regular file")));
        }
        Ok(Appender { path: path.into(), file: Mutex::new(file) })
    }

    fn file(&self) -> std::sync::MutexGuard<'_, File> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wrong(&self, cause: io::Error) -> Error {
        Error::Write { path: self.path.clone(), cause }
    }

    /// Keeps other processes out; `false` where the file system has no locks.
    fn lock(&self) -> Result<bool, Error> {
        match self.file().try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Err(Error::Usage(Word::Busy.text(&[("path", &self.path.display())]))),
            Err(TryLockError::Error(_)) => Ok(false),
        }
    }

    /// Cuts off what was left of a line, and gives the items of the others.
    fn resume(&self) -> Result<HashSet<[u8; 16]>, Error> {
        let mut out = HashSet::new();
        let mut file = self.file();
        file.seek(SeekFrom::Start(0)).map_err(|e| self.wrong(e))?;
        let mut lines = Lines::new(&self.path, &*file);
        while let Some(line) = lines.next_whole()? {
            out.insert(key(&target_of(line).ok_or_else(|| lines.wrong(Word::NoLine.text(&[])))?));
        }
        let whole = lines.whole();
        drop(lines);
        file.set_len(whole).and_then(|()| file.seek(SeekFrom::Start(whole))).map_err(|e| self.wrong(e))?;
        Ok(out)
    }

    fn clear(&self) -> Result<(), Error> {
        let mut file = self.file();
        file.set_len(0).and_then(|()| file.seek(SeekFrom::Start(0))).map(drop).map_err(|e| self.wrong(e))
    }

    fn add(&self, line: &impl Serialize) -> Result<(), Error> {
        let mut text = serde_json::to_vec(line).map_err(|e| self.wrong(e.into()))?;
        text.push(b'\n');
        let mut file = self.file();
        let start = file.stream_position().map_err(|e| self.wrong(e))?;
        file.write_all(&text).map_err(|cause| {
            // A full disk: the line is taken back, so that the file ends with a whole one. The next process would do the same.
            let _ = file.set_len(start).and_then(|()| file.seek(SeekFrom::Start(start)));
            self.wrong(cause)
        })
    }

    fn sync(&self) -> Result<(), Error> {
        self.file().sync_all().map_err(|e| self.wrong(e))
    }

    /// Lines, bytes and digest of the whole.
    fn sum(&self) -> Result<(u64, u64, String), Error> {
        self.sync()?;
        let mut file = self.file();
        file.seek(SeekFrom::Start(0)).map_err(|e| self.wrong(e))?;
        let (mut sum, mut lines, mut bytes) = (Sum::default(), 0u64, 0u64);
        let mut buffer = vec![0; 128 * 1024];
        loop {
            let n = match file.read(&mut buffer) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                read => read.map_err(|cause| Error::Read { path: self.path.clone(), cause })?,
            };
            let part = buffer.get(..n).unwrap_or_default();
            if part.is_empty() {
                break;
            }
            sum.add(part);
            lines += part.iter().filter(|b| **b == b'\n').count() as u64;
            bytes += n as u64;
        }
        Ok((lines, bytes, sum.end().tagged()))
    }
}

/// The name of an item, short: half of its SHA-256, of which no two are equal.
pub fn key(target: &str) -> [u8; 16] {
    let mut out = [0; 16];
    out.iter_mut().zip(Sha256::digest(target.as_bytes())).for_each(|(to, from)| *to = from);
    out
}

/// The run of a folder: the one that was begun there, else this one, which begins it.
fn begin(folder: &Path, run: &Run) -> Result<Run, Error> {
    let path = folder.join(RUN);
    let wrong = |cause| Error::Write { path: path.clone(), cause };
    if !path.exists() {
        let text = serde_json::to_string_pretty(run).map_err(|e| wrong(e.into()))? + "\n";
        match whole(&path, text.as_bytes(), Put::New) {
            Ok(()) => return Ok(run.clone()),
            // Another shard was first.
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(wrong(e)),
        }
    }
    let begun = read_run(folder)?;
    match begun.differs(run) {
        None => Ok(begun),
        Some((what, old, new)) => {
            let values: [(&str, &dyn std::fmt::Display); 4] =
                [("path", &folder.display()), ("what", &what), ("old", &old), ("new", &new)];
            Err(Error::OtherRun(Word::OtherRun.text(&values)))
        }
    }
}

/// The run that a folder was begun with.
///
/// # Errors
/// When there is none, or it is of another schema.
pub fn read_run(folder: &Path) -> Result<Run, Error> {
    let path = folder.join(RUN);
    let run: Run = small(&path)?;
    match run.schema {
        SCHEMA => Ok(run),
        n => Err(told(&path, Word::RunSchema.text(&[("n", &n), ("known", &SCHEMA)]))),
    }
}

/// The mark of a shard that came to its end; `None` where there is none.
///
/// # Errors
/// When it is not of this run, or its result has not the length that it tells.
pub fn read_done(folder: &Path, shard: Shard, run: &Run) -> Result<Option<Done>, Error> {
    let path = folder.join(shard.file(Part::Done));
    let done: Done = match small(&path) {
        Err(Error::NotFound(_)) => return Ok(None),
        read => read?,
    };
    let result = folder.join(shard.file(run.work.part()));
    let bytes = fs::metadata(&result).map_err(|cause| Error::reading(&result, cause))?.len();
    if done.run != run.id() || done.shard != shard || done.schema != SCHEMA {
        return Err(told(&path, Word::OtherDone.text(&[])));
    }
    match bytes == done.bytes {
        true => Ok(Some(done)),
        false => Err(told(&result, Word::OtherLength.text(&[("n", &bytes), ("told", &done.bytes)]))),
    }
}

/// The marks of the shards of a run that came to their end, and the shards that did not, from 1.
///
/// # Errors
/// As [`read_done`].
pub fn ended(folder: &Path, run: &Run) -> Result<(Vec<Done>, Vec<u32>), Error> {
    let (mut ended, mut open) = (Vec::new(), Vec::new());
    for shard in run.all_shards() {
        match read_done(folder, shard, run)? {
            Some(done) => ended.push(done),
            None => open.push(shard.k()),
        }
    }
    Ok((ended, open))
}

/// A small file of JSON.
fn small<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let mut text = Vec::new();
    let file = File::open(path).map_err(|cause| Error::reading(path, cause))?;
    file.take(LONGEST_RUN).read_to_end(&mut text).map_err(|cause| Error::Read { path: path.into(), cause })?;
    serde_json::from_slice(&text).map_err(|e| told(path, Word::NoRun.text(&[("why", &e)])))
}

fn told(path: &Path, message: crate::words::Text) -> Error {
    Error::Malformed { path: path.into(), line: None, message, shown: None }
}

#[cfg(test)]
mod tests;
