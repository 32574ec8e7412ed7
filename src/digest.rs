//! SHA-256 digests: their one spelling, and how the bytes of a stream become one. It knows no path and no manifest.

use std::fmt;
use std::io::{self, Read};
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Bytes read at a time: the buffer stays in a core's second-level cache, which measured fastest
/// (128 KiB against 64 KiB to 1 MiB, two threads, warm page cache).
const BUFFER: usize = 128 * 1024;

/// A SHA-256 digest: 64 lower-case hexadecimal digits. Written `sha256:…` in manifests, bare in reports.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Digest(#[schemars(regex(pattern = "^[0-9a-f]{64}$"))] String);

impl Digest {
    /// The digest of bytes at hand.
    pub fn of(bytes: &[u8]) -> Digest {
        Digest(hex(&Sha256::digest(bytes)))
    }

    /// The digest of a stream, read once to its end, with `seen` told the number of bytes after each read.
    ///
    /// # Errors
    /// Whatever the stream answers; an interrupted read is tried again.
    pub fn of_reader(reader: &mut dyn Read, seen: &dyn Fn(u64)) -> io::Result<(Digest, u64)> {
        let mut hasher = Sha256::new();
        let mut buffer = vec![0u8; BUFFER];
        let mut total = 0u64;
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return Ok((Digest(hex(&hasher.finalize())), total)),
                Ok(n) => {
                    hasher.update(buffer.get(..n).unwrap_or_default());
                    total += n as u64;
                    seen(n as u64);
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
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
                "a SHA-256 digest has 64 hexadecimal digits, this has {} characters",
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
        // FIPS 180-4 example "abc".
        assert_eq!(Digest::of(b"abc").hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let (digest, bytes) = Digest::of_reader(&mut &b"abc"[..], &|_| ()).unwrap();
        assert_eq!((digest, bytes), (Digest::of(b"abc"), 3));
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
