//! An object read at any place: by ranges, of which each next one is longer while they are read in turn, so that a header costs
//! little and a long text few requests.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use super::Shelf;
use crate::error::{Fault, FaultKind};
use crate::parse::bucket::Object;

/// Bytes of the first range.
pub(super) const FIRST: u64 = 64 * 1024;
/// Bytes of the longest.
const LONGEST: u64 = 8 * 1024 * 1024;
/// Ranges of one object that are asked for.
const MOST: usize = 2_000;

/// An object, and the part of it that is at hand.
pub(super) struct Ranged {
    shelf: Arc<Shelf>,
    object: Object,
    at: u64,
    /// Bytes from `start` on.
    held: Arc<[u8]>,
    start: u64,
    length: u64,
    asked: usize,
}

impl Ranged {
    /// An object, with its first bytes at hand.
    pub(super) fn new(shelf: Arc<Shelf>, object: Object, first: Arc<[u8]>) -> Ranged {
        Ranged { shelf, object, at: 0, held: first, start: 0, length: FIRST, asked: 0 }
    }

    /// The bytes at hand from where it stands.
    fn rest(&self) -> &[u8] {
        let skip = self.at.checked_sub(self.start).and_then(|n| usize::try_from(n).ok());
        skip.and_then(|n| self.held.get(n..)).unwrap_or_default()
    }

    fn ask(&mut self) -> io::Result<()> {
        if self.asked == MOST {
            return Err(io::Error::other(Fault::new(FaultKind::TooLong, &self.object.key)));
        }
        self.asked += 1;
        let in_turn = self.at == self.start.saturating_add(self.held.len() as u64);
        self.length = if in_turn { (self.length * 2).min(LONGEST) } else { FIRST };
        let count = self.length.min(self.object.bytes.saturating_sub(self.at));
        self.held = self.shelf.range(&self.object, self.at, count).map_err(io::Error::other)?.into();
        self.start = self.at;
        Ok(())
    }
}

impl Read for Ranged {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.object.bytes || out.is_empty() {
            return Ok(0);
        }
        if self.rest().is_empty() {
            self.ask()?;
        }
        let count = self.rest().read(out)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Ranged {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.object.bytes.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
