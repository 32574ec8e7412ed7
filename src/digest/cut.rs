//! Pieces of a stream: digests of ranges that follow one another, taken in the read that gives the digest of the whole.

use blake2::Blake2b512;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::digest::DynDigest;
use sha2::{Digest as _, Sha256, Sha512};

use super::{Checksum, Kind, hex};

/// A way to cut a stream: pieces that follow one another from its first byte, each with a digest of one kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cut {
    /// How each piece is hashed.
    pub kind: Kind,
    /// Where each piece ends, in bytes from the start, ascending.
    pub ends: Vec<u64>,
}

/// A piece of a stream and its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Piece {
    /// Where it starts, in bytes.
    pub start: u64,
    /// Where it ends: the first byte that is no longer in it.
    pub end: u64,
    /// Its digest.
    pub checksum: Checksum,
}

/// The hasher of a kind that goes through the common interface; BLAKE3 has one of its own.
pub(super) fn hasher(kind: Kind) -> Option<Box<dyn DynDigest>> {
    Some(match kind {
        Kind::Sha256 => Box::new(Sha256::new()),
        Kind::Sha512 => Box::new(Sha512::new()),
        Kind::Blake2b => Box::new(Blake2b512::new()),
        Kind::Md5 => Box::new(md5::Md5::new()),
        Kind::Sha1 | Kind::GitSha1 => Box::new(sha1::Sha1::new()),
        Kind::Blake3 => return None,
    })
}

enum Hasher {
    Common(Box<dyn DynDigest>),
    Blake3(Box<blake3::Hasher>),
}

impl Hasher {
    fn new(kind: Kind) -> Hasher {
        hasher(kind).map_or_else(|| Hasher::Blake3(Box::new(blake3::Hasher::new())), Hasher::Common)
    }

    fn update(&mut self, part: &[u8]) {
        match self {
            Hasher::Common(hasher) => hasher.update(part),
            Hasher::Blake3(hasher) => {
                hasher.update(part);
            }
        }
    }

    fn finish(self) -> String {
        match self {
            Hasher::Common(hasher) => hex(&hasher.finalize()),
            Hasher::Blake3(hasher) => hex(hasher.finalize().as_bytes()),
        }
    }
}

/// A stream while it is cut.
pub(super) struct Cutter<'a> {
    cut: &'a Cut,
    /// The piece that is being hashed, where it starts, and how far the stream has come.
    next: usize,
    start: u64,
    at: u64,
    hasher: Hasher,
    done: Vec<Piece>,
}

impl<'a> Cutter<'a> {
    pub(super) fn new(cut: &'a Cut) -> Cutter<'a> {
        Cutter { cut, next: 0, start: 0, at: 0, hasher: Hasher::new(cut.kind), done: vec![] }
    }

    pub(super) fn update(&mut self, mut part: &[u8]) {
        while let Some(end) = self.cut.ends.get(self.next).copied() {
            let wanted = usize::try_from(end.saturating_sub(self.at)).unwrap_or(usize::MAX);
            let (now, later) = part.split_at(wanted.min(part.len()));
            self.hasher.update(now);
            self.at += now.len() as u64;
            part = later;
            if self.at < end {
                return;
            }
            self.close(end);
        }
        // What lies behind the last piece belongs to none.
    }

    fn close(&mut self, end: u64) {
        let hasher = std::mem::replace(&mut self.hasher, Hasher::new(self.cut.kind));
        let checksum = Checksum { kind: self.cut.kind, hex: hasher.finish() };
        self.done.push(Piece { start: self.start, end, checksum });
        self.start = end;
        self.next += 1;
    }

    /// The pieces that the stream was long enough for.
    pub(super) fn finish(self) -> Vec<Piece> {
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Wanted, read_wanted};
    use super::*;

    #[test]
    fn pieces_are_those_of_the_parts() {
        let bytes: Vec<u8> = (0..1_000_003u32).map(|i| i.to_le_bytes()[0] ^ (i >> 7).to_le_bytes()[0]).collect();
        for kind in [Kind::Sha256, Kind::Blake2b, Kind::Blake3] {
            let ends = vec![1, 131_072, 131_073, 600_000, 1_000_003];
            let wanted = Wanted { kinds: [kind].into(), cuts: vec![Cut { kind, ends: ends.clone() }] };
            let all = read_wanted(&mut &bytes[..], &wanted, bytes.len() as u64, &|_| ()).unwrap();
            let mut start = 0;
            for (piece, end) in all.pieces.iter().zip(ends) {
                let part = &bytes[usize::try_from(start).unwrap()..usize::try_from(end).unwrap()];
                let mut alone = Hasher::new(kind);
                alone.update(part);
                assert_eq!((piece.start, piece.end, &piece.checksum.hex), (start, end, &alone.finish()), "{kind:?}");
                start = end;
            }
            assert_eq!(all.pieces.len(), 5);
        }
    }

    #[test]
    fn a_stream_too_short_has_fewer_pieces() {
        let wanted = Wanted { cuts: vec![Cut { kind: Kind::Sha256, ends: vec![2, 4, 6] }], ..Wanted::default() };
        let all = read_wanted(&mut &b"abcde"[..], &wanted, 5, &|_| ()).unwrap();
        assert_eq!(all.pieces.iter().map(|p| p.end).collect::<Vec<_>>(), [2, 4]);
        let longer = read_wanted(&mut &b"abcdefgh"[..], &wanted, 8, &|_| ()).unwrap();
        assert_eq!(longer.pieces.len(), 3);
    }
}
