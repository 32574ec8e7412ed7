//! The directory of a zip archive and its members, for weights that are one: stored and deflated members, Zip64, each held
//! against its own local header. Nothing is unpacked to disk, and an archive that contradicts itself is said to.
//! Format: PKWARE's APPNOTE 6.3.10, sections 4.3 to 4.5.

use std::io::{self, Read, Seek, SeekFrom};

use flate2::read::DeflateDecoder;

/// A file that can be read at any place.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek + ?Sized> ReadSeek for T {}

/// Members and bytes of a directory that are read.
const MOST_MEMBERS: u64 = 200_000;
const LONGEST_DIRECTORY: u64 = 64 * 1024 * 1024;
/// Bytes of a member's name.
const LONGEST_NAME: usize = 4096;
/// Bytes behind which the directory's end record is not looked for: the record and the longest comment.
const TAIL: u64 = 22 + 65_535;
/// Signatures, little-endian.
const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END64: u32 = 0x0606_4b50;
const LOCATOR64: u32 = 0x0706_4b50;

/// A member of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name, as the directory writes it.
    pub name: String,
    /// Bytes in the archive.
    pub packed: u64,
    /// Bytes that it says it has unpacked.
    pub bytes: u64,
    method: u16,
    flags: u16,
    /// Where its local header starts.
    at: u64,
}

/// What the directory of an archive says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// The members, in the order of their bytes.
    pub members: Vec<Member>,
    /// Where it contradicts itself, so that two readers may see two archives.
    pub odd: Vec<String>,
}

/// Reads the directory of an archive of `bytes` bytes.
///
/// # Errors
/// A sentence that says what does not hold.
pub fn directory(file: &mut dyn ReadSeek, bytes: u64) -> Result<Directory, String> {
    let end = end_record(file, bytes)?;
    if end.members > MOST_MEMBERS || end.length > LONGEST_DIRECTORY {
        return Err(format!("its directory has {} members in {} bytes: too many to read", end.members, end.length));
    }
    let mut out = Directory::default();
    // Readers differ on bytes before an archive: some shift every offset, some do not.
    if end.start.checked_add(end.length) != Some(end.record) {
        return Err("its directory does not stand where it says".into());
    }
    let raw =
        bytes_at(file, end.start, end.length as usize).ok_or_else(|| "its directory cannot be read".to_owned())?;
    let mut rest = raw.as_slice();
    for _ in 0..end.members {
        let (member, after) = central(rest).ok_or_else(|| "its directory is malformed".to_owned())?;
        out.members.push(member);
        rest = after;
    }
    if !rest.is_empty() {
        out.odd.push("its directory holds more than it counts".into());
    }
    out.members.sort_by(|a, b| (a.at, &a.name).cmp(&(b.at, &b.name)));
    let mut names: Vec<&str> = out.members.iter().map(|m| m.name.as_str()).collect();
    names.sort_unstable();
    if let Some([twice, _]) = names.windows(2).find(|w| w.first() == w.last()) {
        out.odd.push(format!("two members are called {twice:?}"));
    }
    let least = |m: &Member| m.at.saturating_add(30 + m.name.len() as u64).saturating_add(m.packed);
    let ends = out.members.iter().skip(1).map(|m| m.at).chain([end.start]);
    if let Some((member, _)) = out.members.iter().zip(ends).find(|(m, end)| least(m) > *end) {
        out.odd.push(format!("the member {:?} overlaps what follows it", member.name));
    }
    Ok(out)
}

/// Where the bytes of a member start, by its local header; an error when that is another member's.
///
/// # Errors
/// A sentence that says what does not hold.
pub fn start(file: &mut dyn ReadSeek, member: &Member) -> Result<u64, String> {
    let odd = || "its local header is not that of the directory".to_owned();
    let head = bytes_at(file, member.at, 30).ok_or_else(odd)?;
    let mut fields = Fields(&head);
    let mut read = || -> Option<(u16, u16, u16, u16)> {
        (fields.u32()? == LOCAL).then_some(())?;
        fields.skip(2)?;
        let (flags, method) = (fields.u16()?, fields.u16()?);
        fields.skip(16)?;
        Some((flags, method, fields.u16()?, fields.u16()?))
    };
    let (flags, method, name, extra) = read().ok_or_else(odd)?;
    let written = bytes_at(file, member.at.saturating_add(30), usize::from(name)).ok_or_else(odd)?;
    // The bit 3 tells that sizes stand behind the bytes; every other bit is about how to read them.
    let same = method == member.method && flags & !8 == member.flags & !8;
    if !same || String::from_utf8_lossy(&written) != member.name {
        return Err(odd());
    }
    Ok(member.at.saturating_add(30).saturating_add(u64::from(name)).saturating_add(u64::from(extra)))
}

/// How the bytes of a member are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// As they are.
    Stored,
    /// Deflated.
    Deflated,
}

impl Member {
    /// How its bytes are kept.
    ///
    /// # Errors
    /// A sentence that says why they cannot be read.
    pub fn packing(&self) -> Result<Packing, String> {
        if self.flags & (1 | 1 << 6 | 1 << 13) != 0 {
            return Err("it is encrypted".into());
        }
        match self.method {
            0 if self.packed == self.bytes => Ok(Packing::Stored),
            0 => Err("it is stored and has two sizes".into()),
            8 => Ok(Packing::Deflated),
            other => Err(format!("its compression method {other} is not read")),
        }
    }
}

/// The unpacked bytes of a deflated stream.
pub fn inflated<'a>(packed: impl Read + 'a) -> Box<dyn Read + 'a> {
    Box::new(DeflateDecoder::new(packed))
}

/// What the record at the end of an archive says.
struct End {
    members: u64,
    start: u64,
    length: u64,
    /// Where the directory has to end: the first of the records behind it.
    record: u64,
}

fn end_record(file: &mut dyn ReadSeek, bytes: u64) -> Result<End, String> {
    let none = || "it is an archive without a directory".to_owned();
    let from = bytes.saturating_sub(TAIL);
    let tail = bytes_at(file, from, (bytes - from) as usize).ok_or_else(none)?;
    let fits = |at: &usize| -> Option<()> {
        let mut fields = Fields(tail.get(*at..)?);
        (fields.u32()? == END).then_some(())?;
        fields.skip(16)?;
        let comment = usize::from(fields.u16()?);
        (at + 22 + comment == tail.len()).then_some(())
    };
    let at = (0..tail.len().saturating_sub(21)).rev().find(|at| fits(at).is_some()).ok_or_else(none)?;
    let record = from + at as u64;
    let mut fields = Fields(tail.get(at + 4..).unwrap_or_default());
    let mut read = || Some((fields.u16()?, fields.u16()?, fields.u16()?, fields.u16()?, fields.u32()?, fields.u32()?));
    let (disk, first, here, members, length, start) = read().ok_or_else(none)?;
    let small = End { members: members.into(), start: start.into(), length: length.into(), record };
    let large = record.checked_sub(20).and_then(|at| bytes_at(file, at, 20)).and_then(|raw| {
        let mut fields = Fields(&raw);
        (fields.u32()? == LOCATOR64).then_some(())?;
        fields.skip(4)?;
        fields.u64()
    });
    let Some(at) = large else {
        let split = disk != first || here != members;
        return if split { Err("it is one part of a split archive".into()) } else { Ok(small) };
    };
    let raw = bytes_at(file, at, 56).ok_or_else(none)?;
    let mut fields = Fields(&raw);
    let mut read = || {
        (fields.u32()? == END64).then_some(())?;
        fields.skip(28)?;
        Some((fields.u64()?, fields.u64()?, fields.u64()?))
    };
    let (members, length, start) = read().ok_or_else(none)?;
    // Where the small record tells a number, it must be the same one.
    let agree = |small: u64, most: u64, large: u64| small == most || small == large;
    if !(agree(small.members, 0xffff, members)
        && agree(small.length, 0xffff_ffff, length)
        && agree(small.start, 0xffff_ffff, start))
    {
        return Err("its two directories differ".into());
    }
    Ok(End { members, start, length, record: at })
}

/// One entry of the directory, and what follows it.
fn central(raw: &[u8]) -> Option<(Member, &[u8])> {
    let mut fields = Fields(raw);
    (fields.u32()? == CENTRAL).then_some(())?;
    fields.skip(4)?;
    let (flags, method) = (fields.u16()?, fields.u16()?);
    fields.skip(8)?;
    let (packed, bytes) = (fields.u32()?, fields.u32()?);
    let (name, extra, comment) = (fields.u16()?, fields.u16()?, fields.u16()?);
    fields.skip(8)?;
    let at = fields.u32()?;
    let name = fields.take(name.into())?;
    let mut extra = Fields(fields.take(extra.into())?);
    fields.skip(comment.into())?;
    let (mut packed, mut bytes, mut at) = (u64::from(packed), u64::from(bytes), u64::from(at));
    while let (Some(id), Some(length)) = (extra.u16(), extra.u16()) {
        let mut own = Fields(extra.take(length.into())?);
        if id == 1 {
            // Zip64: each of the three stands here where its own field is full.
            for field in [&mut bytes, &mut packed, &mut at] {
                if *field == 0xffff_ffff {
                    *field = own.u64()?;
                }
            }
        }
    }
    (name.len() <= LONGEST_NAME).then_some(())?;
    let name = String::from_utf8_lossy(name).into_owned();
    Some((Member { name, packed, bytes, method, flags, at }, fields.0))
}

/// `n` bytes from a place on; `None` when they are not there.
fn bytes_at(file: &mut dyn ReadSeek, at: u64, n: usize) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(at)).ok()?;
    let mut out = Vec::new();
    let read: io::Result<usize> = file.take(n as u64).read_to_end(&mut out);
    (read.ok()? == n).then_some(out)
}

/// Numbers of a record, one after the other.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    fn skip(&mut self, n: usize) -> Option<()> {
        self.take(n).map(|_| ())
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take(8)?.try_into().ok().map(u64::from_le_bytes)
    }
}

#[cfg(test)]
mod properties {
    use std::io::Cursor;

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let length = bytes.len() as u64;
            let mut file = Cursor::new(bytes);
            if let Ok(directory) = super::directory(&mut file, length) {
                directory.members.iter().for_each(|m| { let _ = super::start(&mut file, m); });
            }
        }
    }
}
