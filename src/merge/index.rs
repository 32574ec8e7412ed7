//! Where the line of each release stands: names in one block, so that a million take some seventy megabytes.

use std::cmp::Ordering;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use rayon::slice::ParallelSliceMut;

use super::marks::{Ended, altered};
use super::{LONGEST, number, unjoined};
use crate::digest::Summed;
use crate::error::Error;
use crate::ledger::{Lines, target_of};
use crate::survey::Part;
use crate::words::merge::Merge as Word;
use crate::words::survey::Survey;

/// The lines of some shards in the order of their releases, each release once.
#[derive(Debug, Default)]
pub(super) struct Index {
    names: Vec<u8>,
    /// Sorted by name.
    pub(super) entries: Vec<Entry>,
    /// Two of each shard: what was audited, and what failed.
    pub(super) files: Vec<PathBuf>,
}

/// A line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    name: u64,
    /// Where it starts, in bytes.
    pub(super) offset: u64,
    name_bytes: u32,
    /// Its bytes without its end.
    pub(super) bytes: u32,
    /// The place of its file among them.
    pub(super) file: u32,
}

impl Entry {
    /// Whether it tells a failure.
    pub(super) fn failed(self) -> bool {
        self.file % 2 == 1
    }
}

impl Index {
    /// Reads the shards, which must be what they ended with.
    pub(super) fn of(shards: &[Ended]) -> Result<Index, Error> {
        let mut index = Index::default();
        for shard in shards {
            index.rows(shard)?;
            index.failures(shard)?;
        }
        index.sort();
        index.once()?;
        Ok(index)
    }

    /// Releases.
    pub(super) fn len(&self) -> u64 {
        self.entries.len() as u64
    }

    /// The release of a line.
    pub(super) fn name(&self, entry: Entry) -> &[u8] {
        let start = usize::try_from(entry.name).unwrap_or(usize::MAX);
        self.names.get(start..start.saturating_add(entry.name_bytes as usize)).unwrap_or_default()
    }

    /// The path of a line's file.
    pub(super) fn path(&self, entry: Entry) -> &Path {
        self.files.get(entry.file as usize).map_or(Path::new(""), PathBuf::as_path)
    }

    fn rows(&mut self, shard: &Ended) -> Result<(), Error> {
        let (path, done) = (shard.path(Part::Rows), &shard.done);
        let file = File::open(&path).map_err(|cause| Error::reading(&path, cause))?;
        let mut summed = Summed::new(file);
        let (lines, whole) = self.add(&path, &mut summed)?;
        // What stands behind the last whole line counts too.
        io::copy(&mut summed, &mut io::sink()).map_err(|cause| Error::Read { path: path.clone(), cause })?;
        let digest = summed.end().tagged();
        if whole != done.bytes {
            Err(altered(&path, Word::WhatBytes, &whole, &done.bytes))
        } else if lines != done.lines {
            Err(altered(&path, Word::WhatLines, &lines, &done.lines))
        } else if digest != done.digest {
            Err(altered(&path, Word::WhatDigest, &digest, &done.digest))
        } else {
            Ok(())
        }
    }

    fn failures(&mut self, shard: &Ended) -> Result<(), Error> {
        let (path, wanted) = (shard.path(Part::Failed), shard.done.failed);
        let lines = match File::open(&path) {
            Ok(file) => self.add(&path, file)?.0,
            Err(e) if e.kind() == ErrorKind::NotFound && wanted == 0 => self.add(&path, io::empty())?.0,
            Err(cause) => return Err(Error::reading(&path, cause)),
        };
        // One that was tried again is told again, so more lines than failures are no harm.
        if lines < wanted { Err(altered(&path, Word::WhatFailed, &lines, &wanted)) } else { Ok(()) }
    }

    /// Adds the lines of a file; returns how many whole ones, and their bytes.
    fn add(&mut self, path: &Path, file: impl Read) -> Result<(u64, u64), Error> {
        let number = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        self.files.push(path.into());
        let mut lines = Lines::bounded(path, file, LONGEST);
        let (mut count, mut offset) = (0, 0);
        while let Some(line) = lines.next_whole()? {
            let bytes = u32::try_from(line.len()).unwrap_or(u32::MAX);
            let target = target_of(line).filter(|t| !t.is_empty());
            let target = target.ok_or_else(|| lines.wrong(Survey::NoLine.text(&[])))?;
            let name_bytes = u32::try_from(target.len()).unwrap_or(u32::MAX);
            self.entries.push(Entry { name: self.names.len() as u64, offset, name_bytes, bytes, file: number });
            self.names.extend_from_slice(target.as_bytes());
            offset = lines.whole();
            count += 1;
        }
        Ok((count, lines.whole()))
    }

    /// By name; of one name a row before a failure, and the last failure first.
    fn sort(&mut self) {
        let mut entries = std::mem::take(&mut self.entries);
        let order = |a: &Entry, b: &Entry| -> Ordering {
            let names = self.name(*a).cmp(self.name(*b));
            names.then(a.file.cmp(&b.file)).then(b.offset.cmp(&a.offset))
        };
        entries.par_sort_unstable_by(order);
        self.entries = entries;
    }

    /// Drops failures that a row or a later failure of the same shard stands for; refuses every other second line.
    fn once(&mut self) -> Result<(), Error> {
        let mut kept: Vec<Entry> = Vec::with_capacity(self.entries.len());
        for entry in std::mem::take(&mut self.entries) {
            match kept.last() {
                Some(first) if self.name(*first) == self.name(entry) => {
                    if !(entry.failed() && first.file / 2 == entry.file / 2) {
                        return Err(self.twice(*first, entry));
                    }
                }
                _ => kept.push(entry),
            }
        }
        self.entries = kept;
        Ok(())
    }

    fn twice(&self, a: Entry, b: Entry) -> Error {
        let name = String::from_utf8_lossy(self.name(a));
        let (line, last) = (number(self.path(a), a.offset), number(self.path(b), b.offset));
        let values: [(&str, &dyn std::fmt::Display); 5] = [
            ("target", &crate::evidence::excerpt_of(&name)),
            ("path", &self.path(a).display()),
            ("line", &line),
            ("other", &self.path(b).display()),
            ("last", &last),
        ];
        unjoined(Word::Twice, Word::HintTwice, &values)
    }
}
