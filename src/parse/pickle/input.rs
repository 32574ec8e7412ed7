//! The bytes of a pickle, one after the other: of a file, in which what is passed over is not read, or of a packed stream.

use std::io::{ErrorKind, Read, SeekFrom};

use super::ReadSeek;

/// Bytes taken from the file at a time.
const BUFFER: usize = 16 * 1024;
/// Bytes of a line that is looked for its end.
const LONGEST_LINE: u64 = 16 * 1024 * 1024;

/// Why a pickle is read no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The bytes end inside it.
    End,
    /// A byte is no opcode.
    Opcode(u8),
    /// The bytes of arrays follow, as joblib lays them among the opcodes.
    Arrays,
    /// More of it than is read; what there is too much of.
    Much(Much),
    /// The bytes cannot be read.
    Unread(ErrorKind),
}

/// What there is too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Much {
    Opcodes,
    Imports,
    Stack,
    Line,
    Inflated,
}

enum Place<'a> {
    File(&'a mut dyn ReadSeek),
    Packed(Box<dyn Read + 'a>),
}

/// A stream of bytes with an end.
pub(super) struct Input<'a> {
    place: Place<'a>,
    /// Bytes that may still be taken into the buffer.
    left: u64,
    /// Whether more would follow that is not read.
    cut: bool,
    buffer: Vec<u8>,
    next: usize,
    /// Where the next byte stands, in bytes of the stream.
    pub(super) at: u64,
}

impl<'a> Input<'a> {
    /// Bytes of a file from where it stands on, `left` of them.
    pub(super) fn of_file(file: &'a mut dyn ReadSeek, left: u64) -> Input<'a> {
        Input { place: Place::File(file), left, cut: false, buffer: vec![], next: 0, at: 0 }
    }

    /// The bytes of a packed stream, at most `most` of them.
    pub(super) fn of_packed(stream: Box<dyn Read + 'a>, most: u64) -> Input<'a> {
        Input { place: Place::Packed(stream), left: most, cut: true, buffer: vec![], next: 0, at: 0 }
    }

    /// Fills the buffer; whether there is a next byte.
    pub(super) fn more(&mut self) -> Result<bool, Stop> {
        if self.next < self.buffer.len() {
            return Ok(true);
        }
        self.next = 0;
        self.buffer.clear();
        if self.left == 0 {
            return if self.cut { Err(Stop::Much(Much::Inflated)) } else { Ok(false) };
        }
        let most = self.left.min(BUFFER as u64);
        let read = match &mut self.place {
            Place::File(file) => file.take(most).read_to_end(&mut self.buffer),
            Place::Packed(stream) => stream.take(most).read_to_end(&mut self.buffer),
        };
        let n = read.map_err(|e| Stop::Unread(e.kind()))?;
        self.left -= n as u64;
        Ok(n > 0)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Stop> {
        if !self.more()? {
            return Err(Stop::End);
        }
        let byte = self.buffer.get(self.next).copied().ok_or(Stop::End)?;
        self.next += 1;
        self.at += 1;
        Ok(byte)
    }

    /// The next byte, left where it is.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, Stop> {
        Ok(if self.more()? { self.buffer.get(self.next).copied() } else { None })
    }

    pub(super) fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Stop> {
        let mut out = [0; N];
        for slot in &mut out {
            *slot = self.byte()?;
        }
        Ok(out)
    }

    /// `n` bytes, kept when they are at most `most`, else passed over.
    pub(super) fn bytes(&mut self, n: u64, most: usize) -> Result<Option<Vec<u8>>, Stop> {
        if n > most as u64 {
            self.skip(n)?;
            return Ok(None);
        }
        (0..n).map(|_| self.byte()).collect::<Result<Vec<u8>, Stop>>().map(Some)
    }

    /// Passes over `n` bytes, which must be there.
    pub(super) fn skip(&mut self, mut n: u64) -> Result<(), Stop> {
        while n > 0 {
            let held = (self.buffer.len() - self.next) as u64;
            let step = held.min(n);
            self.next += step as usize;
            self.at += step;
            n -= step;
            if n == 0 {
                return Ok(());
            }
            if let Place::File(file) = &mut self.place {
                if n > self.left {
                    return Err(Stop::End);
                }
                let step = i64::try_from(n).map_err(|_| Stop::End)?;
                file.seek(SeekFrom::Current(step)).map_err(|e| Stop::Unread(e.kind()))?;
                self.left -= n;
                self.at += n;
                return Ok(());
            }
            if !self.more()? {
                return Err(Stop::End);
            }
        }
        Ok(())
    }

    /// A line without its end, kept when it is at most `most` bytes long. Of a line that the bytes end in, Python's loader takes
    /// the last byte for the end, and goes on.
    pub(super) fn line(&mut self, most: usize) -> Result<Option<Vec<u8>>, Stop> {
        let (mut out, mut n) = (Vec::new(), 0u64);
        loop {
            let byte = match self.byte() {
                Err(Stop::End) if n <= most as u64 => {
                    out.pop();
                    return Ok(Some(out));
                }
                byte => byte?,
            };
            if byte == b'\n' {
                return Ok((n <= most as u64).then_some(out));
            }
            n += 1;
            if n <= most as u64 {
                out.push(byte);
            } else if n > LONGEST_LINE {
                return Err(Stop::Much(Much::Line));
            }
        }
    }

    /// Bytes of a file that follow; `None` where that is not known.
    pub(super) fn rest(&self) -> Option<u64> {
        matches!(self.place, Place::File(_)).then_some(self.left + (self.buffer.len() - self.next) as u64)
    }
}
