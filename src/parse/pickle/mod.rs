//! Pickles, and what weights kept as pickles are: a plain stream of several, a zip archive of PyTorch, arrays of NumPy with
//! objects in them, a compressed stream of joblib. It tells what a file would import when it is loaded, from its opcodes; it
//! runs none of them, and judges no import.

mod input;
mod machine;

use std::collections::BTreeSet;
use std::io::{Read, SeekFrom};

use flate2::read::{GzDecoder, ZlibDecoder};

use self::input::{Input, Much, Stop};
use self::machine::Machine;
pub use super::zip::ReadSeek;
use super::zip::{self, Directory, Member, Packing};

/// Sentences kept of what was not read.
const MOST_UNREAD: usize = 20;
/// Pickles read one after another.
const MOST_PICKLES: usize = 100_000;
/// Pickles of an old torch file, before the bytes of its tensors.
const TORCH_PICKLES: usize = 5;
/// Opcodes and unpacked bytes read of one file.
const MOST_OPCODES: u64 = 50_000_000;
const MOST_INFLATED: u64 = 256 * 1024 * 1024;
/// Bytes of a header of NumPy.
const LONGEST_HEADER: u32 = 1024 * 1024;

/// What may still be read, of a release and of each file.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Opcodes.
    pub opcodes: u64,
    /// Bytes unpacked from archives and compressed streams.
    pub inflated: u64,
}

impl Default for Budget {
    /// What is read of one release.
    fn default() -> Budget {
        Budget { opcodes: 10 * MOST_OPCODES, inflated: 10 * MOST_INFLATED }
    }
}

/// What was found in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The highest protocol that a pickle of it names; 0 where none does.
    pub protocol: u8,
    /// Pickles read to their end.
    pub pickles: usize,
    /// What they import, each as `module.name`.
    pub imports: BTreeSet<String>,
    /// Imports whose names are made up while it loads, so that nobody can tell them before.
    pub unnamed: usize,
    /// What was not read of it, and why.
    pub unread: Vec<String>,
}

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One that runs what it imports when it is loaded.
    Pickle(Found),
    /// Arrays of NumPy without an object in them: nothing runs.
    Arrays,
    /// None of both.
    Neither,
}

/// Reads a file of `bytes` bytes.
pub fn read(file: &mut dyn ReadSeek, bytes: u64, budget: &mut Budget) -> Kind {
    let mut own = Budget { opcodes: budget.opcodes.min(MOST_OPCODES), inflated: budget.inflated.min(MOST_INFLATED) };
    let before = own;
    let kind = kind_of(file, bytes, &mut own);
    budget.opcodes = budget.opcodes.saturating_sub(before.opcodes - own.opcodes);
    budget.inflated = budget.inflated.saturating_sub(before.inflated - own.inflated);
    kind
}

fn kind_of(file: &mut dyn ReadSeek, bytes: u64, budget: &mut Budget) -> Kind {
    let mut found = Found::default();
    let mut head = Vec::new();
    if Read::take(&mut *file, 512).read_to_end(&mut head).is_err() || file.seek(SeekFrom::Start(0)).is_err() {
        found.note("it cannot be read".into());
        return Kind::Pickle(found);
    }
    if head.starts_with(b"PK\x03\x04") {
        return archive(file, bytes, budget, found);
    }
    if head.starts_with(b"\x93NUMPY") {
        let mut input = Input::of_file(file, bytes);
        return match array(&mut input, budget, &mut found) {
            true => Kind::Arrays,
            false => Kind::Pickle(found),
        };
    }
    if let Some(what) = closed(&head) {
        found.note(format!("it is {what}, which is not read"));
        return Kind::Pickle(found);
    }
    if let [0x1f, 0x8b, ..] | [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] = head.as_slice() {
        let packed: Box<dyn Read + '_> = match head.first() {
            Some(0x1f) => Box::new(GzDecoder::new(file.take(bytes))),
            _ => Box::new(ZlibDecoder::new(file.take(bytes))),
        };
        found.packed(packed, budget, "");
        return Kind::Pickle(found);
    }
    let named = matches!(head.as_slice(), [0x80, 0..=5, ..]);
    let stop = stream(&mut Input::of_file(file, bytes), budget, &mut found);
    // A loader fails where this reader does: what imports nothing before that runs nothing.
    if stop.is_some() && !named && found.is_empty() && !matches!(stop, Some(Stop::Much(_) | Stop::Unread(_))) {
        return Kind::Neither;
    }
    Kind::Pickle(found)
}

/// A form that is not read, by the first bytes of a file.
fn closed(head: &[u8]) -> Option<&'static str> {
    const STARTS: [(&[u8], &str); 4] = [
        (b"BZh", "a bzip2 stream"),
        (b"\xfd7zXZ\0", "an xz stream"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"\x04\x22\x4d\x18", "an lz4 stream"),
    ];
    let tar = head.get(257..262) == Some(b"ustar");
    STARTS.iter().find(|(start, _)| head.starts_with(start)).map(|(_, what)| *what).or(tar.then_some("a tar archive"))
}

/// The pickles of a stream, one after another. Why the last one was read no further, if so, which is noted too.
fn stream(input: &mut Input<'_>, budget: &mut Budget, found: &mut Found) -> Option<Stop> {
    let mut torch = false;
    for n in 0..MOST_PICKLES {
        if torch && n == TORCH_PICKLES {
            // The bytes of tensors follow.
            return None;
        }
        let (from, rest, seen) = (input.at, input.rest(), (found.imports.len(), found.unnamed));
        let first = match input.peek() {
            Ok(None) if n > 0 && !torch => return None,
            Ok(first) => first,
            Err(stop) => {
                found.stopped(stop, input);
                return Some(stop);
            }
        };
        let mut machine = Machine::new(found);
        let ran = machine.run(input, budget);
        torch |= n == 0 && machine.torch;
        let Err(stop) = ran else {
            found.pickles += 1;
            continue;
        };
        let silent = seen == (found.imports.len(), found.unnamed);
        match (stop, rest) {
            // What stands behind a pickle, does not start as one does and imports nothing is data of another kind.
            (Stop::End | Stop::Opcode(_), Some(rest)) if n > 0 && !torch && silent && first != Some(0x80) => {
                found.note(format!("{rest} bytes follow its last pickle at byte {from}"));
            }
            _ => found.stopped(stop, input),
        }
        return Some(stop);
    }
    found.note(format!("more than {MOST_PICKLES} pickles"));
    None
}

/// An array of NumPy: whether it holds numbers alone. Format: `numpy.lib.format`, versions 1 to 3.
fn array(input: &mut Input<'_>, budget: &mut Budget, found: &mut Found) -> bool {
    let mut header = || -> Result<Option<Vec<u8>>, Stop> {
        input.skip(6)?;
        let [major, _] = input.fixed()?;
        let length = match major {
            1 => u32::from(u16::from_le_bytes(input.fixed()?)),
            2 | 3 => u32::from_le_bytes(input.fixed()?),
            _ => return Ok(None),
        };
        if length > LONGEST_HEADER {
            return Ok(None);
        }
        input.bytes(length.into(), LONGEST_HEADER as usize)
    };
    let Ok(Some(header)) = header() else {
        found.note("its header of an array cannot be read".into());
        return false;
    };
    // An object's type is written `|O`, in a record too; a name that holds these letters is only read once more.
    if !header.contains(&b'O') {
        return true;
    }
    stream(input, budget, found);
    false
}

/// The pickles of a zip archive, which PyTorch and NumPy write.
fn archive(file: &mut dyn ReadSeek, bytes: u64, budget: &mut Budget, mut found: Found) -> Kind {
    let Directory { members, odd } = match zip::directory(file, bytes) {
        Ok(directory) => directory,
        Err(why) => {
            found.note(why);
            return Kind::Pickle(found);
        }
    };
    odd.into_iter().for_each(|why| found.note(why));
    let ends = |m: &&Member, endings: &[&str]| {
        let name = m.name.to_lowercase();
        endings.iter().any(|e| name.ends_with(e))
    };
    let (mut pickles, mut arrays) = (0, 0);
    for member in &members {
        if ends(&member, &[".pkl", ".pickle", ".joblib", ".ckpt", ".pth", ".pt", ".bin", ".npy"]) {
            let numbers = found.member(file, member, budget);
            arrays += usize::from(numbers);
            pickles += usize::from(!numbers);
        } else if ends(&member, &[".zip", ".npz", ".tar", ".gz", ".7z", ".whl", ".jar", ".xz", ".bz2", ".zst"]) {
            found.note(format!("in {}: an archive in the archive is not entered", shown(&member.name)));
        }
    }
    match (pickles, arrays) {
        (0, 0) if found.unread.is_empty() => Kind::Neither,
        (0, _) if found.unread.is_empty() => Kind::Arrays,
        _ => Kind::Pickle(found),
    }
}

impl Found {
    fn is_empty(&self) -> bool {
        self.pickles == 0 && self.imports.is_empty() && self.unnamed == 0
    }

    fn note(&mut self, why: String) {
        if self.unread.len() < MOST_UNREAD && !self.unread.contains(&why) {
            self.unread.push(why);
        }
    }

    fn stopped(&mut self, stop: Stop, input: &Input<'_>) {
        let at = input.at;
        self.note(match stop {
            Stop::End => format!("it ends at byte {at}, inside a pickle"),
            Stop::Opcode(byte) => format!("byte {} is no opcode: 0x{byte:02x}", at.saturating_sub(1)),
            Stop::Arrays => format!("arrays lie among the opcodes from byte {at} on; what follows is not read"),
            Stop::Much(Much::Opcodes) => format!("too many opcodes: no more are read from byte {at} on"),
            Stop::Much(Much::Imports) => format!("too many imports: no more are read from byte {at} on"),
            Stop::Much(Much::Stack) => format!("too much on its stack: no more is read from byte {at} on"),
            Stop::Much(Much::Line) => format!("too long a line: no more is read from byte {at} on"),
            Stop::Much(Much::Inflated) => format!("too much is packed in it: {at} bytes are read"),
            Stop::Unread(kind) => format!("it cannot be read from byte {at} on: {kind}"),
        });
    }

    /// Reads the pickles of a compressed stream; what is noted is told of the member `name`.
    fn packed(&mut self, packed: Box<dyn Read + '_>, budget: &mut Budget, name: &str) -> bool {
        let mut own = Found::default();
        let mut input = Input::of_packed(packed, budget.inflated);
        let numbers = own.either(&mut input, budget);
        budget.inflated = budget.inflated.saturating_sub(input.at);
        self.join(own, name);
        numbers
    }

    /// Reads an array or pickles; whether it is an array of numbers.
    fn either(&mut self, input: &mut Input<'_>, budget: &mut Budget) -> bool {
        if let Ok(Some(0x93)) = input.peek() {
            return array(input, budget, self);
        }
        stream(input, budget, self);
        false
    }

    /// Reads a member of an archive; whether it is an array of numbers.
    fn member(&mut self, file: &mut dyn ReadSeek, member: &Member, budget: &mut Budget) -> bool {
        let name = shown(&member.name);
        let placed = member.packing().and_then(|packing| Ok((packing, zip::start(file, member)?)));
        let placed = placed.and_then(|(packing, at)| match file.seek(SeekFrom::Start(at)) {
            Ok(_) => Ok(packing),
            Err(e) => Err(format!("it cannot be read from byte {at} on: {}", e.kind())),
        });
        match placed {
            Err(why) => {
                self.note(format!("in {name}: {why}"));
                false
            }
            Ok(Packing::Stored) => {
                let mut own = Found::default();
                let numbers = own.either(&mut Input::of_file(file, member.packed), budget);
                self.join(own, &name);
                numbers
            }
            Ok(Packing::Deflated) => self.packed(zip::inflated(file.take(member.packed)), budget, &name),
        }
    }

    fn join(&mut self, other: Found, name: &str) {
        self.protocol = self.protocol.max(other.protocol);
        self.pickles += other.pickles;
        self.unnamed += other.unnamed;
        self.imports.extend(other.imports);
        for why in other.unread {
            self.note(if name.is_empty() { why } else { format!("in {name}: {why}") });
        }
    }
}

/// A member's name in a sentence.
fn shown(name: &str) -> String {
    crate::evidence::excerpt_of(name)
}

#[cfg(test)]
mod tests;
