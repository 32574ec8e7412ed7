//! Digests: SHA-256, ours, in its one spelling, and the other kinds that somebody may have published; and how the bytes
//! of a stream become all of them in one read. It knows no path and no manifest.

mod cut;

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Read};
use std::str::FromStr;
use std::sync::mpsc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::digest::{DynDigest, Update};
use sha2::{Digest as _, Sha256};

use cut::Cutter;
pub use cut::{Cut, Piece};

/// Bytes read at a time: the buffer stays in a core's second-level cache, which measured fastest
/// (128 KiB against 64 KiB to 1 MiB, two threads, warm page cache).
const BUFFER: usize = 128 * 1024;
/// Bytes of a part that is read ahead, and how many parts wait at most. Measured on one file of 4 GiB, against openssl in
/// the same run: 64 KiB and 16 parts 1.02, 256 KiB and 6 parts 0.86, 1 MiB and 3 parts 0.83 of its time.
const PART: usize = 1024 * 1024;
const AHEAD: usize = 3;

/// A SHA-256 digest: 64 lower-case hexadecimal digits. Written `sha256:…` in manifests, bare in reports.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Digest(#[schemars(regex(pattern = "^[0-9a-f]{64}$"))] String);

impl Digest {
    /// The digest of bytes at hand.
    pub fn of(bytes: &[u8]) -> Digest {
        Digest(hex(&Sha256::digest(bytes)))
    }

    /// The digest of a stream, read once to its end; see [`read_all`].
    ///
    /// # Errors
    /// Whatever the stream answers; an interrupted read is tried again.
    pub fn of_reader(reader: &mut dyn Read, seen: &dyn Fn(u64)) -> io::Result<(Digest, u64)> {
        read_all(reader, &BTreeSet::new(), 0, seen).map(|all| (all.sha256, all.bytes))
    }

    /// The digest of its bytes.
    pub fn from_bytes(bytes: &[u8; 32]) -> Digest {
        Digest(hex(bytes))
    }

    /// The 64 hexadecimal digits.
    pub fn hex(&self) -> &str {
        &self.0
    }

    /// The digest with its kind, as manifests and profiles write it: `sha256:…`.
    pub fn tagged(&self) -> String {
        format!("sha256:{}", self.0)
    }

    /// The first twelve digits, enough for a person to tell two digests apart.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Digest {
    type Err = String;

    fn from_str(text: &str) -> Result<Digest, String> {
        let bare = text.strip_prefix("sha256:").unwrap_or(text);
        if let Some((kind, _)) = bare.split_once(':') {
            return Err(format!("`{kind}` is not a digest kind known here; write sha256:HEX"));
        }
        if bare.len() != 64 || !bare.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(format!(
                "a SHA-256 digest has 64 hexadecimal digits, the length of this is {}",
                bare.chars().count()
            ));
        }
        Ok(Digest(bare.to_ascii_lowercase()))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A SHA-256 of bytes that come part by part.
#[derive(Clone, Debug, Default)]
pub struct Sum(Sha256);

impl Sum {
    /// Adds a part.
    pub fn add(&mut self, part: &[u8]) {
        Update::update(&mut self.0, part);
    }

    /// The digest of all parts.
    pub fn end(self) -> Digest {
        Digest(hex(&self.0.finalize()))
    }
}

/// A stream that is summed as it is read.
#[derive(Debug)]
pub struct Summed<R> {
    reader: R,
    sum: Sum,
}

impl<R: Read> Summed<R> {
    /// Of which nothing was read.
    pub fn new(reader: R) -> Summed<R> {
        Summed { reader, sum: Sum::default() }
    }

    /// The digest of what was read.
    pub fn end(self) -> Digest {
        self.sum.end()
    }
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.sum.add(buffer.get(..n).unwrap_or_default());
        Ok(n)
    }
}

/// The kinds of digest that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
    /// BLAKE2b, 512 bits.
    Blake2b,
    /// BLAKE3, 256 bits.
    Blake3,
    /// The id of a git blob: SHA-1 of `blob <length>\0` and the content.
    GitSha1,
    /// SHA-1: detects damage, not forgery.
    Sha1,
    /// MD5: detects damage, not forgery.
    Md5,
}

impl Kind {
    /// Its name, as digests are written with it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Sha256 => "sha256",
            Kind::Sha512 => "sha512",
            Kind::Blake2b => "blake2b",
            Kind::Blake3 => "blake3",
            Kind::GitSha1 => "git-sha1",
            Kind::Sha1 => "sha1",
            Kind::Md5 => "md5",
        }
    }

    /// Whether two different files of one digest can be made: it tells damage, not forgery.
    pub fn is_weak(self) -> bool {
        matches!(self, Kind::GitSha1 | Kind::Sha1 | Kind::Md5)
    }

    /// Hexadecimal digits of a digest of this kind.
    fn digits(self) -> usize {
        match self {
            Kind::Sha256 | Kind::Blake3 => 64,
            Kind::Sha512 | Kind::Blake2b => 128,
            Kind::GitSha1 | Kind::Sha1 => 40,
            Kind::Md5 => 32,
        }
    }
}

/// A digest of any kind: what somebody published, or what the bytes give.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Checksum {
    /// How it is computed.
    pub kind: Kind,
    /// Its digits, lower case.
    pub hex: String,
}

impl Checksum {
    /// A digest of a kind; `None` when the digits are not as many as the kind has, or none.
    pub fn new(kind: Kind, hex: &str) -> Option<Checksum> {
        let fits = hex.len() == kind.digits() && hex.bytes().all(|b| b.is_ascii_hexdigit());
        fits.then(|| Checksum { kind, hex: hex.to_ascii_lowercase() })
    }

    /// The kind that the number of digits tells: MD5, SHA-1, SHA-256 or SHA-512.
    pub fn guess(hex: &str) -> Option<Checksum> {
        [Kind::Sha256, Kind::Md5, Kind::Sha1, Kind::Sha512].into_iter().find_map(|kind| Checksum::new(kind, hex))
    }

    /// The first twelve digits with the kind, enough for a person to tell two digests apart.
    pub fn short(&self) -> String {
        format!("{}:{}…", self.kind.name(), self.hex.get(..12).unwrap_or(&self.hex))
    }
}

impl From<Digest> for Checksum {
    fn from(digest: Digest) -> Checksum {
        Checksum { kind: Kind::Sha256, hex: digest.0 }
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.name(), self.hex)
    }
}

/// What one read of a stream gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Its SHA-256, always.
    pub sha256: Digest,
    /// The other kinds that were asked for.
    pub others: Vec<Checksum>,
    /// The pieces that were asked for, cut by cut.
    pub pieces: Vec<Piece>,
    /// Bytes read.
    pub bytes: u64,
}

/// What is asked of one read of a stream, beside its SHA-256.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Digests of the whole.
    pub kinds: BTreeSet<Kind>,
    /// Digests of pieces.
    pub cuts: Vec<Cut>,
}

/// How a stream is read while it is hashed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// Read a part, hash it, read the next: best while every core has a file of its own.
    #[default]
    InTurn,
    /// Another thread reads the next parts while this one hashes: best while a core is idle.
    Ahead,
}

/// The parts of a stream, one after the other.
enum Feed<'a> {
    InTurn(&'a mut dyn Read, Vec<u8>),
    Ahead { full: mpsc::Receiver<io::Result<Vec<u8>>>, empty: mpsc::SyncSender<Vec<u8>>, part: Vec<u8> },
}

impl Feed<'_> {
    /// The next part; empty at the end.
    fn next(&mut self) -> io::Result<&[u8]> {
        match self {
            Feed::InTurn(reader, buffer) => {
                let n = read_some(*reader, buffer)?;
                Ok(buffer.get(..n).unwrap_or_default())
            }
            Feed::Ahead { full, empty, part } => {
                // The reader may have ended already: then nobody wants the buffer back.
                let _ = empty.try_send(std::mem::take(part));
                *part = full.recv().unwrap_or_else(|_| Ok(Vec::new()))?;
                Ok(part)
            }
        }
    }
}

/// Reads some bytes; an interrupted read is tried again.
fn read_some(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(buffer) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

/// Reads ahead in another thread, at most [`AHEAD`] parts; ends when nobody takes them.
fn ahead(mut reader: Box<dyn Read + Send>) -> Feed<'static> {
    let (send, full) = mpsc::sync_channel(AHEAD);
    let (empty, take) = mpsc::sync_channel::<Vec<u8>>(AHEAD + 1);
    std::thread::spawn(move || {
        loop {
            let mut part = take.try_recv().unwrap_or_default();
            part.resize(PART, 0);
            let read = read_some(reader.as_mut(), &mut part).map(|n| {
                part.truncate(n);
                part
            });
            let end = read.as_ref().map_or(true, Vec::is_empty);
            if send.send(read).is_err() || end {
                return;
            }
        }
    });
    Feed::Ahead { full, empty, part: Vec::new() }
}

/// Reads a stream once to its end and gives its SHA-256 and every other kind asked for; `seen` is told the bytes of each
/// read. `length` is the stream's length in bytes as its file system tells it: a git blob id begins with it, and is left
/// out when the stream had another length.
///
/// # Errors
/// Whatever the stream answers; an interrupted read is tried again.
pub fn read_all(reader: &mut dyn Read, kinds: &BTreeSet<Kind>, length: u64, seen: &dyn Fn(u64)) -> io::Result<Reading> {
    read_wanted(reader, &Wanted { kinds: kinds.clone(), cuts: vec![] }, length, seen)
}

/// As [`read_all`], with digests of pieces too.
///
/// # Errors
/// As [`read_all`].
pub fn read_wanted(reader: &mut dyn Read, wanted: &Wanted, length: u64, seen: &dyn Fn(u64)) -> io::Result<Reading> {
    hash(Feed::InTurn(reader, vec![0; BUFFER]), wanted, length, seen)
}

/// As [`read_wanted`], at a pace.
///
/// # Errors
/// As [`read_all`].
pub fn read_at(
    pace: Pace,
    mut reader: Box<dyn Read + Send>,
    wanted: &Wanted,
    length: u64,
    seen: &dyn Fn(u64),
) -> io::Result<Reading> {
    match pace {
        Pace::InTurn => read_wanted(reader.as_mut(), wanted, length, seen),
        Pace::Ahead => hash(ahead(reader), wanted, length, seen),
    }
}

fn hash(mut feed: Feed<'_>, wanted: &Wanted, length: u64, seen: &dyn Fn(u64)) -> io::Result<Reading> {
    let kinds = &wanted.kinds;
    let mut sha256 = Sha256::new();
    let mut others: Vec<(Kind, Box<dyn DynDigest>)> = Vec::new();
    let mut blake3 = kinds.contains(&Kind::Blake3).then(blake3::Hasher::new);
    let mut cutters: Vec<Cutter<'_>> = wanted.cuts.iter().map(Cutter::new).collect();
    for kind in kinds.iter().filter(|kind| **kind != Kind::Sha256) {
        let Some(mut hasher) = cut::hasher(*kind) else { continue };
        if *kind == Kind::GitSha1 {
            DynDigest::update(hasher.as_mut(), format!("blob {length}\0").as_bytes());
        }
        others.push((*kind, hasher));
    }
    let mut bytes = 0u64;
    loop {
        let part = feed.next()?;
        if part.is_empty() {
            break;
        }
        Update::update(&mut sha256, part);
        others.iter_mut().for_each(|(_, hasher)| DynDigest::update(hasher.as_mut(), part));
        if let Some(hasher) = &mut blake3 {
            hasher.update(part);
        }
        cutters.iter_mut().for_each(|cutter| cutter.update(part));
        bytes += part.len() as u64;
        seen(part.len() as u64);
    }
    let done = others.into_iter().filter(|(kind, _)| *kind != Kind::GitSha1 || bytes == length);
    let mut others: Vec<Checksum> =
        done.map(|(kind, hasher)| Checksum { kind, hex: hex(&hasher.finalize()) }).collect();
    others.extend(blake3.map(|h| Checksum { kind: Kind::Blake3, hex: hex(h.finalize().as_bytes()) }));
    let pieces = cutters.into_iter().flat_map(Cutter::finish).collect();
    Ok(Reading { sha256: Digest(hex(&sha256.finalize())), others, pieces, bytes })
}

/// Lower-case hexadecimal digits of bytes.
fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_and_the_standard_vector() {
        let mut summed = Summed::new(&b"abc"[..]);
        io::copy(&mut summed, &mut io::sink()).unwrap();
        assert_eq!(summed.end(), Digest::of(b"abc"));
        assert_eq!(Sum::default().end(), Digest::of(b""));
        // FIPS 180-4 example "abc".
        assert_eq!(Digest::of(b"abc").hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let (digest, bytes) = Digest::of_reader(&mut &b"abc"[..], &|_| ()).unwrap();
        assert_eq!((digest, bytes), (Digest::of(b"abc"), 3));
    }

    #[test]
    fn one_read_gives_every_kind() {
        // "abc": FIPS 180-4, RFC 1321, RFC 7693, the BLAKE3 test vectors; the blob id is `printf abc | git hash-object --stdin`.
        let kinds = BTreeSet::from([Kind::Md5, Kind::Sha1, Kind::GitSha1, Kind::Sha512, Kind::Blake2b, Kind::Blake3]);
        let all = read_all(&mut &b"abc"[..], &kinds, 3, &|_| ()).unwrap();
        let starts: Vec<String> = all.others.iter().map(Checksum::short).collect();
        for wanted in [
            "md5:900150983cd2…",
            "sha1:a9993e364706…",
            "git-sha1:f2ba8f84ab5c…",
            "sha512:ddaf35a19361…",
            "blake2b:ba80a53f981c…",
            "blake3:6437b3ac3846…",
        ] {
            assert!(starts.iter().any(|s| s == wanted), "{wanted} in {starts:?}");
        }
        assert_eq!(all.others.len(), 6);
        // A file that grew while it was read has no blob id.
        let grown = read_all(&mut &b"abc"[..], &kinds, 2, &|_| ()).unwrap();
        assert!(grown.others.iter().all(|c| c.kind != Kind::GitSha1));
    }

    #[test]
    fn reading_ahead_gives_the_same() {
        let bytes: Vec<u8> = (0..3_000_001u32).map(|i| i.to_le_bytes()[0] ^ (i >> 9).to_le_bytes()[0]).collect();
        let kinds = BTreeSet::from([Kind::GitSha1]);
        let length = bytes.len() as u64;
        let plain = read_all(&mut &bytes[..], &kinds, length, &|_| ()).unwrap();
        let reader = Box::new(io::Cursor::new(bytes));
        let wanted = Wanted { kinds, cuts: vec![] };
        assert_eq!(read_at(Pace::Ahead, reader, &wanted, length, &|_| ()).unwrap(), plain);
        let none = read_at(Pace::Ahead, Box::new(io::empty()), &Wanted::default(), 0, &|_| ()).unwrap();
        assert_eq!(none.sha256, Digest::of(b""));
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::UnexpectedEof.into())
            }
        }
        assert!(read_at(Pace::Ahead, Box::new(Broken), &Wanted::default(), 0, &|_| ()).is_err());
    }

    #[test]
    fn kinds_are_told_by_length() {
        let kind = |n: usize| Checksum::guess(&"a".repeat(n)).map(|c| c.kind);
        assert_eq!(
            [kind(32), kind(40), kind(64), kind(128)],
            [Some(Kind::Md5), Some(Kind::Sha1), Some(Kind::Sha256), Some(Kind::Sha512)]
        );
        assert_eq!([kind(0), kind(63)], [None, None]);
        assert_eq!(Checksum::new(Kind::Md5, &"g".repeat(32)), None);
    }

    #[test]
    fn spelling_is_checked_and_made_one() {
        let upper = Digest::of(b"x").hex().to_uppercase();
        assert_eq!(format!("sha256:{upper}").parse::<Digest>().unwrap(), Digest::of(b"x"));
        for bad in ["", "sha256:", "md5:00", "xyz", &"g".repeat(64), &"0".repeat(63)] {
            assert!(bad.parse::<Digest>().is_err(), "{bad}");
        }
    }
}
